# %% deco_diff
import functools
def log(f):
    @functools.wraps(f)
    def wrapper(*args, **kwargs):
        print("call", f.__name__, args, kwargs)
        r = f(*args, **kwargs)
        print("->", r)
        return r
    return wrapper
@log
def add(a, b):
    return a + b
@log
def greet(name, greeting="hi"):
    return greeting + " " + name
@log
def nothing():
    pass
add(1, 2)
greet("bob")
greet("bob", greeting="yo")
greet(greeting="q", name="z")
nothing()
print(add.__name__, greet.__name__)
# %% deco_factory
def repeat(n):
    def deco(f):
        def inner(*args):
            out = []
            for _ in range(n):
                out.append(f(*args))
            return out
        return inner
    return deco
@repeat(3)
def sq(x):
    return x * x
@repeat(n=2)
def cat(a, b):
    return a + b
print(sq(4), cat("a", "b"))
# %% stacked
def bold(f):
    def w(*a, **k):
        return "<b>" + f(*a, **k) + "</b>"
    return w
def ital(f):
    def w(*a, **k):
        return "<i>" + f(*a, **k) + "</i>"
    return w
@bold
@ital
def hello(name, punct="!"):
    return "hello " + name + punct
print(hello("x"), hello("y", punct="?"))
# %% lru
from functools import lru_cache, cache
@lru_cache(maxsize=None)
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)
print(fib(50))
print(fib.cache_info())
fib.cache_clear()
print(fib.cache_info().hits)
@lru_cache(maxsize=2)
def sq(x):
    print("computing", x)
    return x * x
sq(1); sq(2); sq(1); sq(3); sq(2)
print(sq.cache_info())
@cache
def grid(a, b):
    return 1 if a == 0 or b == 0 else grid(a - 1, b) + grid(a, b - 1)
print(grid(8, 8))
@lru_cache
def plain(x):
    return x + 1
print(plain(1), plain(1), plain.cache_info())
# %% lru_method
from functools import lru_cache, cache
class A:
    def __init__(self, k):
        self.k = k
    @lru_cache(maxsize=None)
    def f(self, n):
        print("f", n)
        return n * self.k
a = A(3)
print(a.f(2), a.f(2))
b = A(4)
print(b.f(2))
# %% timing
import functools
import time
def timed(f):
    @functools.wraps(f)
    def w(*args, **kwargs):
        t = time.perf_counter()
        r = f(*args, **kwargs)
        e = time.perf_counter() - t
        print(f"{f.__name__} took {'ok' if e >= 0 else 'bad'}")
        return r
    return w
@timed
def work(n):
    return sum(range(n))
print(work(10))
# %% class_deco_method
def memo(f):
    cache = {}
    def w(*args):
        if args not in cache:
            cache[args] = f(*args)
        return cache[args]
    return w
@memo
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(40))
@memo
def add(a, b):
    print("adding")
    return a + b
print(add(1, 2), add(1, 2))
# %% registry
REG = {}
def register(name):
    def deco(f):
        REG[name] = f
        return f
    return deco
@register("a")
def fa(x):
    return x + 1
@register("b")
def fb(x):
    return x * 2
for k in REG:
    print(k, REG[k](10))
# %% retry
def retry(times):
    def deco(f):
        def w(*args, **kwargs):
            for i in range(times):
                try:
                    return f(*args, **kwargs)
                except ValueError as e:
                    print("retry", i, e)
            return None
        return w
    return deco
state = {"n": 0}
@retry(3)
def flaky(x):
    state["n"] += 1
    if state["n"] < 3:
        raise ValueError("bad " + str(state["n"]))
    return x
print(flaky(7))
# %% dispatch
def add(a, b): return a + b
def neg(a): return -a
ops = {"add": add, "neg": neg}
print(ops["add"](1, 2), ops["neg"](5))
table = {"+": lambda a, b: a + b, "abs": lambda a: abs(a), "hi": lambda: "hello"}
print(table["+"](1, 2), table["abs"](-3), table["hi"]())
for name, fn in ops.items():
    print(name, fn.__name__, callable(fn))
print(callable(add), callable(3), callable(len), callable(lambda: 0))
cmds = {"push": (1, add), "pop": (2, neg)}
print(cmds["push"][1](3, 4))
# %% validated
import time
from functools import wraps, lru_cache
from contextlib import contextmanager
class Stack:
    def __init__(self):
        self.items = []
    def push(self, x):
        self.items.append(x)
        return self
    def pop(self):
        if not self.items:
            raise IndexError("empty")
        return self.items.pop()
def validate(*types):
    def deco(f):
        @wraps(f)
        def w(*args, **kwargs):
            if len(args) != len(types):
                raise ValueError("expected %d args" % len(types))
            return f(*args, **kwargs)
        return w
    return deco
@validate("int", "int")
def mul(a, b):
    return a * b
print(mul(3, 4), mul.__name__)
try:
    mul(1)
except ValueError as e:
    print(e)
# %% pipelines
def pipeline(*funcs):
    def run(x):
        for f in funcs:
            x = f(x)
        return x
    return run
inc = lambda x: x + 1
dbl = lambda x: x * 2
print(pipeline(inc, dbl)(3))
def make_adder(n):
    def add(x):
        return x + n
    return add
adders = [make_adder(i) for i in range(3)]
print([a(10) for a in adders])
def apply_n(f, n, x):
    for _ in range(n):
        x = f(x)
    return x
print(apply_n(inc, 3, 0), apply_n(dbl, 3, 1))
# %% signatures
def debug(prefix=""):
    def decorator(func):
        def wrapper(*args, **kwargs):
            sig = ", ".join([repr(a) for a in args] + [f"{k}={v!r}" for k, v in kwargs.items()])
            print(f"{prefix}{func.__name__}({sig})")
            return func(*args, **kwargs)
        return wrapper
    return decorator
@debug("> ")
def area(w, h=2, *, unit="m"):
    return f"{w * h}{unit}"
print(area(3), area(3, 4), area(3, unit="cm"), area(w=1, h=1))
