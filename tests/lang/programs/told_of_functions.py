# %% doc_told
def area(w, h=2):
    """Area of it."""
    return w * h
def half(x):
    """Half."""
    return x / 2
def plain(x): return x
ops = {"area": area, "half": half, "plain": plain}
for name, f in ops.items():
    print(name, f.__doc__, f.__name__, f.__defaults__)
print(area.__doc__, area.__defaults__, half.__defaults__, area.__module__, area.__qualname__)
# %% doc2_told
class A:
    """A thing."""
    def m(self):
        """Does m."""
        return 1
    def n(self): return 2
    @property
    def p(self):
        """prop"""
        return 1
a = A()
print(A.__doc__, a.__doc__, A.m.__doc__, a.m.__doc__, a.n.__doc__, A.m.__name__, A.m.__qualname__)
f = a.m
print(f.__doc__, f(), f.__name__)
# %% ann_told
def f(a: int, b: str = "x", *c: float, d: bool = True, **e: dict) -> None:
    pass
print(f.__annotations__)
print(f.__annotations__["b"].__name__, list(f.__annotations__))
class P:
    x: int
    y: float = 2.0
print(P.__annotations__)
from dataclasses import dataclass
@dataclass
class Q:
    name: str
    n: int = 3
print(Q.__annotations__, {k: v.__name__ for k, v in Q.__annotations__.items()})
def g(x, y): pass
print(g.__annotations__)
# %% typed_told
import functools
def typed(func):
    hints = {k: v for k, v in func.__annotations__.items() if k != "return"}
    @functools.wraps(func)
    def wrapper(*args):
        for (name, kind), value in zip(hints.items(), args):
            if not isinstance(value, kind):
                raise TypeError(f"{name} must be {kind.__name__}, not {type(value).__name__}")
        return func(*args)
    return wrapper
@typed
def add(a: int, b: int) -> int:
    """Adds."""
    return a + b
@typed
def rep(s: str, n: int) -> str:
    return s * n
print(add(1, 2), rep("a", 3), add.__doc__, add.__name__)
try:
    add(1, "2")
except TypeError as e:
    print(e)
try:
    rep(1, 2)
except TypeError as e:
    print(e)
# %% code_told
def f(a, b=2, /, c=3, *args, d, e=5, **kw): return a
print(f.__code__.co_argcount, f.__code__.co_varnames[:4], f.__kwdefaults__, f.__defaults__, f.__code__.co_kwonlyargcount, f.__code__.co_posonlyargcount, f.__code__.co_name)
table = {"+": lambda a, b: a + b, "neg": lambda a: -a, "one": lambda: 1}
stack = [3, 4]
for op in ("+", "neg", "one"):
    fn = table[op]
    n = fn.__code__.co_argcount
    args = [stack.pop() for _ in range(n)]
    stack.append(fn(*args))
    print(op, n, stack)
# %% wrapped_told
import functools
def deco(f):
    @functools.wraps(f)
    def wrapper(*a, **k):
        return f(*a, **k) * 2
    return wrapper
@deco
def five(x=5):
    """five doc"""
    return x
print(five(), five.__wrapped__(), five.__name__, five.__doc__, five.__wrapped__.__name__)
fs = [five, deco(lambda: 3)]
print([f.__doc__ for f in fs], [f.__wrapped__() for f in fs])
# %% registry_told
commands = {}
def command(name):
    def register(f):
        commands[name] = f
        return f
    return register
@command("hi")
def hi(who):
    """Say hi."""
    return "hi " + who
@command("bye")
def bye(who):
    """Say bye."""
    return "bye " + who
for name in sorted(commands):
    print(f"{name:5} {commands[name].__doc__}")
print(commands["hi"]("bob"))
# %% callable_asked
from typing import Any
def f(): return 3
class C:
    def __call__(self): return 4
class B:
    pass
class D(B):
    def __call__(self): return 5
def test(v: Any) -> str:
    if callable(v):
        return "yes " + str(v())
    return "no"
print(test(f), test(C()), test(B()), test(D()), test(3), test("x"), test(lambda: 7), test(None), test((1, 2)))
for b in [B(), D()]:
    print(callable(b))
for v in [1, f, "a", C()]:
    print(v() if callable(v) else v)
ctx = {"a": 1, "b": f, "c": [1, 2]}
for k, v in ctx.items():
    if callable(v):
        v = v()
    print(k, v)
# %% nt_asked
from typing import NamedTuple
from collections import namedtuple
class Q(NamedTuple):
    text: str
    points: int = 1
    tag: str = "x"
print(Q._fields, Q._field_defaults, Q("a")._field_defaults)
P = namedtuple("P", "x y", defaults=(0,))
print(P._field_defaults, P(1))
class E(NamedTuple):
    a: int
print(E._field_defaults)
# %% noinit_asked
class B:
    def hi(self): return "hi"
def make(cls, *args, **kw):
    return cls(*args, **kw)
def any_of(x):
    things = {"b": x, "n": 3}
    return things["b"]()
print(make(B).hi(), any_of(B).hi())
# %% uw0_asked
class Count:
    def __init__(self, func):
        self.__name__ = func.__name__
        self.__doc__ = func.__doc__
        self.__wrapped__ = func
        self.func = func
        self.n = 0
    def __call__(self, *args, **kwargs):
        self.n += 1
        return self.func(*args, **kwargs)
@Count
def greet(name):
    """Greets."""
    return "hi " + name
print(greet("a"), greet.n, greet.__name__, greet.__doc__, greet.__wrapped__("b"))
# %% uw1_asked
import functools
class Count:
    def __init__(self, func):
        functools.update_wrapper(self, func)
        self.func = func
        self.n = 0
    def __call__(self, *args, **kwargs):
        self.n += 1
        return self.func(*args, **kwargs)
@Count
def greet(name):
    """Greets."""
    return "hi " + name
print(greet("a"), greet.n, greet.__name__, greet.__doc__)
# %% uw2_asked
from functools import update_wrapper
def deco(f):
    def wrapper(*a):
        return f(*a) + 1
    update_wrapper(wrapper, f)
    return wrapper
def deco2(f):
    def wrapper(*a):
        return f(*a) + 1
    return update_wrapper(wrapper, f)
@deco
def one():
    """one doc"""
    return 1
@deco2
def two(x):
    return x
print(one(), two(2), one.__name__, two.__name__, one.__doc__)
# %% globals_walked
import math
TABLE = {"a": 1}
def grade_a(x): return x + 1
def grade_b(x): return x * 2
def other(): pass
GRADERS = {name.removeprefix("grade_"): f for name, f in list(globals().items()) if name.startswith("grade_")}
def grade_c(x): return x
print(sorted(GRADERS), GRADERS["a"](2), GRADERS["b"](4))
def test_one():
    assert 1 + 1 == 2
def test_two():
    raise AssertionError("no")
def run():
    for name, fn in list(globals().items()):
        if name.startswith("test_") and callable(fn):
            try:
                fn()
                print(name, "ok")
            except AssertionError as e:
                print(name, "failed", e)
run()
# %% dir_walked
class Shell:
    prompt = "$"
    def __init__(self): self.n = 0
    def do_add(self, x):
        """add X"""
        self.n += int(x)
        return self.n
    def do_show(self):
        """show"""
        return self.n
    @classmethod
    def commands(cls):
        return [name[3:] for name in dir(cls) if name.startswith("do_")]
    def run(self, line):
        verb, *args = line.split()
        method = getattr(self, f"do_{verb}", None)
        if method is None:
            return f"? {verb} {', '.join(self.commands())}"
        return method(*args)
class More(Shell):
    def do_quit(self): return "bye"
print(Shell.commands(), More.commands())
s = More()
print([s.run(x) for x in ("add 3", "show", "quit", "zap")])
print([m for m in dir(s) if not m.startswith("_")], [m for m in dir(Shell) if m.startswith("do")])
# %% partial_told
import functools
int2 = functools.partial(int, base=2)
print([int2(s) for s in ("101", "1111", "0")])
print(int2.keywords, int2.args, int2.func is int)
def add(a, b, c=3): return a + b + c
p = functools.partial(add, 1, c=5)
print(p(2), p.args, p.keywords, p.func(1, 2), p.func.__name__)
# %% startswith_of_any
from typing import Any
def f(x: Any) -> Any:
    return x.startswith("not ")
print(f("not a"), f("b"))
def g(x: Any, p: Any) -> Any:
    return x.startswith(p), x.endswith(p), "note".startswith(p)
print(g("not a", "not"), g("b", ("a", "b")), "abc".startswith(("x", "a")), "abc".endswith("c"))
# %% names_of_adapted
import functools
def work(n): return n
def pair(n, m=2): return (n, m)
def deco(f):
    @functools.wraps(f)
    def inner(*args, **kwargs):
        return f(*args, **kwargs)
    return inner
@deco
def third(n): return str(n)
class A:
    def run(self, x): return x
    def __call__(self, y): return y
handlers = {"a": work, "b": pair, "c": third, "d": A().run, "e": lambda x: x}
for key, h in handlers.items():
    print(key, h.__name__, h(3))


def timed(fn, *args):
    r = fn(*args)
    return f"{fn.__name__}{args} -> {r}"
print(timed(work, 1), timed(pair, 1, 5), timed(third, 3), timed(sum, [1, 2]), timed(max, 4, 9))
for f, n in ((lambda x: 2 * x, 1), (pair, 2), (A().run, 3), (third, 4)):
    print(f.__name__, f(n))
# %% lambdas_in_containers_told_by_where_they_go
from collections.abc import Callable
def run(n: int, f: Callable[[int, int], int]) -> int:
    return f(n, 2)
def plain(a: int, b: int) -> int:
    return a - b
for name, h in (("sum", lambda a, b: a + b), ("zero", lambda a, b: 0), ("plain", plain)):
    print(name, run(5, h))
table: dict[str, Callable[[int], int]] = {}
table |= {"a": lambda n: n + 1, "b": lambda n: n * 2}
table.update({"c": lambda n: -n})
print({k: f(4) for k, f in table.items()})
