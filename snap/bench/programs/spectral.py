from math import sqrt


def a(i: int, j: int) -> float:
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(u: list[float]) -> list[float]:
    n = len(u)
    result: list[float] = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += a(i, j) * u[j]
        result.append(total)
    return result


def transposed(u: list[float]) -> list[float]:
    n = len(u)
    result: list[float] = []
    for i in range(n):
        total = 0.0
        for j in range(n):
            total += a(j, i) * u[j]
        result.append(total)
    return result


u = [1.0] * 160
v = u
for _ in range(6):
    v = transposed(times(u))
    u = transposed(times(v))
print(f"{sqrt(sum([x * y for x, y in zip(u, v)]) / sum([y * y for y in v])):.9f}")
