def add(a: int, b: int = 10, *, scale: int = 1) -> int:
    """Add."""
    return (a + b) * scale


def fact(n: int) -> int:
    return 1 if n <= 1 else n * fact(n - 1)


def total(*values: int) -> int:
    result = 0
    for value in values:
        result += value
    return result


def outer(n: int):
    count = 0

    def step(by: int) -> int:
        nonlocal count
        count += by * n
        return count

    return step


def untyped(a, b):
    return a + b


def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def apply(f, x):
    return f(f(x))


def swap(a: int, b: str) -> tuple[str, int]:
    return b, a


print(add(1), add(1, 2), add(1, b=3), add(1, scale=5), add(b=1, a=2))
print(fact(10), total(), total(1, 2, 3), total(*[4, 5]))
counter = outer(3)
print(counter(1), counter(2), outer(1)(5))
print(untyped(1, 2), untyped("a", "b"), untyped([1], [2]), untyped(1.5, 2))
print(fib(15), apply(lambda v: v * 3, 2), apply(lambda v: v + "!", "hi"))
print(swap(1, "x"), (lambda a, b=2: a * b)(4))
adders = [lambda x, i=i: x + i for i in range(3)]
print([f(10) for f in adders])
word, number = swap(7, "seven")
print(word, number)
calls = 0


def tick() -> int:
    global calls
    calls += 1
    return calls


tick()
tick()
print(calls, tick())
compose = lambda f, g: lambda x: f(g(x))
print(compose(lambda x: x + 1, lambda x: x * 2)(5))
print(sorted([3, 1, 2], key=lambda x: -x), list(map(lambda x: x * x, [1, 2, 3])), list(filter(lambda x: x > 1, [1, 2, 3])))
if (n := len("walrus")) > 3:
    print(n)
print([y for x in range(5) if (y := x * x) > 3])


def gen_sum(xs: list[int]) -> int:
    return sum(x * 2 for x in xs if x > 1)


print(gen_sum([1, 2, 3]), any(x > 2 for x in [1, 2, 3]), max((len(w) for w in ["a", "bcd"])))

try:
    filter
    reversed
    print("there")
except NameError:
    print("not there")
