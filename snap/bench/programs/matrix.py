def multiply(a: list[list[float]], b: list[list[float]]) -> list[list[float]]:
    columns = len(b[0])
    result: list[list[float]] = []
    for row in a:
        line = [0.0] * columns
        for k in range(len(row)):
            value = row[k]
            other = b[k]
            for j in range(columns):
                line[j] += value * other[j]
        result.append(line)
    return result


size = 110
a = [[(i * j % 7) / 3.0 for j in range(size)] for i in range(size)]
b = [[(i + j) % 5 - 1.5 for j in range(size)] for i in range(size)]
c = multiply(multiply(a, b), a)
print(f"{sum([sum(row) for row in c]):.6f}")
