from collections.abc import Iterator


def numbers(n: int) -> Iterator[int]:
    for i in range(n):
        yield i


def squares(source: Iterator[int]) -> Iterator[int]:
    for x in source:
        yield x * x


def odd(source: Iterator[int]) -> Iterator[int]:
    for x in source:
        if x % 2:
            yield x


total = 0
for _ in range(5):
    for value in odd(squares(numbers(60_000))):
        total += value & 1023
print(total, sum(x * 3 for x in range(200_000)))
