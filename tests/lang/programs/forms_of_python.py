# %% manager_as_decorator
from contextlib import contextmanager
@contextmanager
def tag(name):
    print("<" + name + ">")
    yield
    print("</" + name + ">")
@tag("p")
def hello(who):
    print("hello", who)
    return 3
print(hello("bob"))
print(hello(who="amy"))
# %% manager_class_as_decorator
from contextlib import ContextDecorator
class timed(ContextDecorator):
    def __init__(self, label):
        self.label = label
    def __enter__(self):
        print("enter", self.label)
        return self
    def __exit__(self, *exc):
        print("exit", self.label)
        return False
@timed("x")
def f(a, b=2):
    return a + b
print(f(1), f(1, b=5))
# %% managers_as_decorators
from contextlib import contextmanager, ContextDecorator
@contextmanager
def section(name, mark="-"):
    print(mark, name)
    try:
        yield name
    finally:
        print("end", name)
def label():
    print("asked")
    return "late"
class guard(ContextDecorator):
    def __init__(self):
        self.n = 0
    def __enter__(self):
        self.n += 1
        print("in", self.n)
        return self
    def __exit__(self, kind, error, trace):
        print("out", kind is None)
        return kind is ValueError
class Box:
    @section("method")
    def run(self, x):
        return x + 1
@section(label(), mark="*")
def one(x):
    if x < 0:
        raise ValueError("neg")
    return x
@guard()
def two(x=1):
    "doc"
    if x > 1:
        raise ValueError(x)
    return "two"
def outer(n):
    @section(n)
    def inner(a, *rest):
        return a, rest
    return inner(1, 2, 3)
print(one(1), one(2))
try:
    one(-1)
except ValueError as e:
    print(e)
print(two(), two(5), two(1))
print(Box().run(2), outer("nested"))
with section("plain") as s:
    print(s)
with guard():
    print("x")
# %% deleter
class Temp:
    def __init__(self):
        self._v = 3
    @property
    def v(self):
        return self._v
    @v.setter
    def v(self, x):
        self._v = x
    @v.deleter
    def v(self):
        print("deleting")
        self._v = None
t = Temp()
t.v = 5
print(t.v)
del t.v
print(t.v)
# %% deleted_attributes
class A:
    def __init__(self):
        self.x = 1
        self.y = 2
a = A()
del a.x
try:
    print(a.x)
except AttributeError as e:
    print("AttributeError", e)
print(hasattr(a, "x"), hasattr(a, "y"))
a.x = 5
print(a.x)
# %% star_import
from math import *
print(sqrt(16), pi, floor(2.5))
# %% star_import_of_classes
from collections import *
print(Counter("aab"), deque([1]))
# %% function_attributes
def f(x):
    f.calls += 1
    return x * 2
f.calls = 0
f(1); f(2)
print(f.calls)
def counter(func):
    def wrapper(*args):
        wrapper.count += 1
        return func(*args)
    wrapper.count = 0
    return wrapper
@counter
def g(x): return x
g(1); g(2); g(3)
print(g.count)
# %% function_attributes_as_memo
def memo(n):
    if n in memo.cache:
        return memo.cache[n]
    r = n if n < 2 else memo(n-1) + memo(n-2)
    memo.cache[n] = r
    return r
memo.cache = {}
print(memo(50), len(memo.cache))
def once():
    if not hasattr(once, "done"):
        once.done = True
        return "first"
    return "again"
print(once(), once())
# %% function_attributes_by_decorators
from functools import wraps
def count_calls(func):
    @wraps(func)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return func(*args, **kwargs)
    wrapper.calls = 0
    return wrapper
@count_calls
def say(x): return x + 1
@count_calls
def other(a, b=2): return [a, b]
say(1); say(2); other(1)
print(say.calls, other.calls, say.__name__)
def tagged(name):
    def deco(f):
        f.tag = name
        return f
    return deco
def limited(n):
    def deco(f):
        def inner(*a):
            inner.left -= 1
            if inner.left < 0:
                return None
            return f(*a)
        inner.left = n
        return inner
    return deco
@limited(2)
def hey(x): return x * 2
print(hey(1), hey(2), hey(3), hey.left)
def fib(n):
    fib.calls += 1
    return n if n < 2 else fib(n - 1) + fib(n - 2)
fib.calls = 0
fib(10)
print(fib.calls)
def state():
    state.n = getattr(state, "n", 0) + 1
    return state.n
print(state(), state(), hasattr(state, "n"))
def late(): return late.value
try:
    late()
except AttributeError as e:
    print(e)
late.value = "x"
print(late(), late.__name__)
def outer():
    def inner():
        inner.n += 1
        return inner.n
    inner.n = 10
    inner()
    return inner()
print(outer(), outer())
# %% update_with_other_types
def unflatten(flat):
    out = {}
    for key, value in flat.items():
        parts = key.split(".")
        d = out
        for p in parts[:-1]:
            d = d.setdefault(p, {})
        d[parts[-1]] = value
    return out
print(unflatten({"a.b": 1, "a.c.d": "x", "e": [1]}))
def flatd(d, prefix=""):
    out = {}
    for k, v in d.items():
        key = f"{prefix}.{k}" if prefix else k
        if isinstance(v, dict):
            out.update(flatd(v, key))
        else:
            out[key] = v
    return out
print(flatd({"a": {"b": 1, "c": {"d": "x"}}, "e": [1]}))
