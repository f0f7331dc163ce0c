def run(n: int) -> int:
    table: dict[int, int] = {}
    for i in range(n):
        key = (i * 7919) % 100003
        table[key] = table.get(key, 0) + i
    total = 0
    for key, value in table.items():
        if key % 3 == 0:
            total += value
    for i in range(0, n, 2):
        table.pop((i * 7919) % 100003, 0)
    names = {f"name{i % 5000}": i for i in range(n)}
    return total + len(table) + sum(names.values())


print(run(300_000))
