from functools import cache, cmp_to_key, partial, reduce


def power(base: int, exponent: int) -> int:
    return base**exponent


def add3(a: int, b: int, c: int) -> int:
    return a * 100 + b * 10 + c


def by_last(a: str, b: str) -> int:
    return int(a[-1] > b[-1]) - int(a[-1] < b[-1])


print(reduce(lambda a, b: a + b, [1, 2, 3]), reduce(lambda a, b: a * b, range(1, 6)), reduce(lambda a, b: a + b, ["x", "y"], ""))
print(reduce(lambda text, n: text + str(n), [1, 2, 3], ">"), reduce(max, [3, 9, 2]), reduce(power, [2, 3, 2]))
try:
    print(reduce(power, []))
except TypeError as error:
    print(error)
print(partial(power, 2)(10), partial(add3, 1)(2, 3), partial(add3, 1, 2)(3), partial(power, 3, 3)(), list(map(partial(power, 3), [1, 2])))
print(sorted(["ab", "ca", "bz"], key=cmp_to_key(by_last)))
print(sorted([5, 3, 9, 1], key=cmp_to_key(lambda a, b: b - a)))


def slow(n: int) -> int:
    print("computing", n)
    return n * n


fast = cache(slow)
print(fast(3), fast(3), fast(4), fast.cache_info())
fast.cache_clear()
print(fast(3), fast.cache_info())
both = cache(power)
print(both(2, 3), both(2, 3), both.cache_info())
from functools import lru_cache, wraps
from typing import Callable


@cache
def fib(n: int) -> int:
    return n if n < 2 else fib(n - 1) + fib(n - 2)


@lru_cache(maxsize=None)
def paths(rows: int, columns: int) -> int:
    return 1 if rows == 0 or columns == 0 else paths(rows - 1, columns) + paths(rows, columns - 1)


@lru_cache(maxsize=2)
def noisy(n: int) -> int:
    print("noisy", n)
    return -n


@lru_cache
def plain(n: int) -> str:
    return str(n)


def twice(function: Callable[[int], int]) -> Callable[[int], int]:
    @wraps(function)
    def inner(n: int) -> int:
        return function(function(n))

    return inner


@twice
def add_one(n: int) -> int:
    return n + 1


print(fib(80), fib.cache_info(), paths(10, 10), plain(5), add_one(3))
print([noisy(n) for n in [1, 2, 1, 3, 2, 1]], noisy.cache_info())
