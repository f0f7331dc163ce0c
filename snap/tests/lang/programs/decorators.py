import functools
def deco(f):
    def w(x):
        print("call")
        return f(x) + 1
    return w
@deco
def g(x):
    return x * 2
print(g(3))
def logged(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        print("args", args, kwargs)
        return func(*args, **kwargs)
    return wrapper
@logged
def add(a, b=2):
    return a + b
print(add(1, 5))
def repeat(n):
    def decorator(f):
        def inner(x):
            r = x
            for _ in range(n):
                r = f(r)
            return r
        return inner
    return decorator
@repeat(3)
def dbl(x: int) -> int:
    return x * 2
print(dbl(1))
def memo(f):
    cache = {}
    def inner(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]
    return inner
@memo
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
print(fib(30))
def total(*nums):
    s = 0
    for n in nums:
        s += n
    return s, len(nums)
print(total(1, 2, 3), total())
