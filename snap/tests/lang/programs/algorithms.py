def sieve(n: int) -> list[int]:
    flags = [True] * (n + 1)
    flags[0] = flags[1] = False
    for i in range(2, int(n**0.5) + 1):
        if flags[i]:
            for j in range(i * i, n + 1, i):
                flags[j] = False
    return [i for i, f in enumerate(flags) if f]


def quicksort(xs: list[int]) -> list[int]:
    if len(xs) <= 1:
        return xs
    pivot = xs[len(xs) // 2]
    return quicksort([x for x in xs if x < pivot]) + [x for x in xs if x == pivot] + quicksort([x for x in xs if x > pivot])


def matmul(a: list[list[float]], b: list[list[float]]) -> list[list[float]]:
    return [[sum(a[i][k] * b[k][j] for k in range(len(b))) for j in range(len(b[0]))] for i in range(len(a))]


def bfs(graph: dict[str, list[str]], start: str) -> list[str]:
    seen = {start}
    queue = [start]
    order = []
    while queue:
        node = queue.pop(0)
        order.append(node)
        for other in graph[node]:
            if other not in seen:
                seen.add(other)
                queue.append(other)
    return order


def levenshtein(a: str, b: str) -> int:
    row = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        last, row[0] = row[0], i
        for j, cb in enumerate(b, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (ca != cb))
    return row[-1]


def collatz(n: int) -> int:
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


def queens(n: int) -> int:
    def place(row: int, columns: list[int]) -> int:
        if row == n:
            return 1
        found = 0
        for c in range(n):
            if all(c != k and abs(c - k) != row - r for r, k in enumerate(columns)):
                found += place(row + 1, columns + [c])
        return found

    return place(0, [])


print(sieve(50), quicksort([3, 6, 1, 8, 2, 9, 2]))
print(matmul([[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]]))
print(bfs({"a": ["b", "c"], "b": ["d"], "c": ["d"], "d": []}, "a"))
print(levenshtein("kitten", "sitting"), collatz(27), queens(6))
memo: dict[int, int] = {}


def fib(n: int) -> int:
    if n in memo:
        return memo[n]
    memo[n] = n if n < 2 else fib(n - 1) + fib(n - 2)
    return memo[n]


print(fib(80))
text = "the quick brown fox jumps over the lazy dog the end"
freq: dict[str, int] = {}
for word in text.split():
    freq[word] = freq.get(word, 0) + 1
for word, count in sorted(freq.items(), key=lambda item: (-item[1], item[0]))[:3]:
    print(f"{word:<6}{count:>3}")
garbage = 0
for i in range(20000):
    parts = [str(i), "x" * (i % 10)]
    garbage += len("-".join(parts))
print(garbage)
