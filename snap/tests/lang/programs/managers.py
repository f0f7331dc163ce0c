# %% star_list
def add(a, b, c):
    return a + b + c
xs = [1, 2, 3]
print(add(*xs))
print(add(1, *[2, 3]))
t = (4, 5)
print(add(1, *t))
try:
    add(*[1, 2])
except TypeError as e:
    print(e)
try:
    add(*[1, 2, 3, 4])
except TypeError as e:
    print(e)
def opt(a, b=10):
    return a * b
print(opt(*[1]), opt(*[1, 2]))
for args in [[1, 2], [3]]:
    print(opt(*args))
pairs = [(1, 2), (3, 4)]
for p in pairs:
    print(opt(*p))
d = {"a": 1, "b": 2}
print(opt(**d))
print(add(*[1], **{"b": 2, "c": 3}))
print(add(*range(3)))
print(add(*"abc"))
# %% forward
def target(a, b=2, *args, c=3, **kw):
    return (a, b, args, c, sorted(kw.items()))
def fwd(*args, **kwargs):
    return target(*args, **kwargs)
print(fwd(1))
print(fwd(1, 2, 3, c=9, z=1))
class Base:
    def __init__(self, *args, **kwargs):
        self.a = args
        self.k = kwargs
class D(Base):
    def __init__(self, x, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.x = x
d = D(1, 2, 3, q=4)
print(d.x, d.a, d.k)
# %% ctxmgr
from contextlib import contextmanager
@contextmanager
def tag(name):
    print("<" + name + ">")
    yield name.upper()
    print("</" + name + ">")
with tag("a") as t:
    print(t)
@contextmanager
def safe():
    try:
        yield
    except ValueError as e:
        print("swallowed", e)
    finally:
        print("cleanup")
with safe():
    raise ValueError("x")
try:
    with safe():
        raise KeyError("y")
except KeyError as e:
    print("outer", e)
class R:
    @contextmanager
    def open(self, n):
        print("open", n)
        try:
            yield self
        finally:
            print("close", n)
with R().open(3) as r:
    print(isinstance(r, R))
def use():
    with tag("b"):
        return 5
print(use())
with tag("x"), tag("y") as z:
    print(z)
# %% ctx_annot
from contextlib import contextmanager
from typing import Iterator
@contextmanager
def timer(name: str) -> Iterator[int]:
    print("start", name)
    yield 42
    print("end", name)
with timer("t") as v:
    print(v)
# %% suppress
from contextlib import suppress, closing, nullcontext
with suppress(ValueError, KeyError):
    raise KeyError("a")
print("after")
with suppress(ZeroDivisionError):
    1 / 0
with nullcontext(5) as n:
    print(n)
with nullcontext():
    print("null")
class C:
    def close(self):
        print("closed")
with closing(C()) as c:
    print("in")
# %% managers
import contextlib
from contextlib import contextmanager


def make(words):
    @contextlib.contextmanager
    def spelled(sep):
        print("begin", sep.join(words))
        try:
            yield len(words)
        except KeyError:
            print("caught KeyError")
        print("end")

    return spelled("-")


with make(["a", "b"]) as count:
    print(count)
with make(["x"]):
    raise KeyError("k")


@contextmanager
def twice():
    yield 1
    yield 2


try:
    with twice() as n:
        print(n)
except RuntimeError as error:
    print(error)


@contextmanager
def stays():
    try:
        yield
    except ValueError:
        yield


try:
    with stays():
        raise ValueError("v")
except RuntimeError as error:
    print(error)


@contextmanager
def none():
    if len([]):
        yield


try:
    with none():
        print("not here")
except RuntimeError as error:
    print(error)


@contextmanager
def replaced():
    try:
        yield
    except ValueError as error:
        raise KeyError("other") from error


try:
    with replaced():
        raise ValueError("v")
except KeyError as error:
    print(repr(error), repr(error.__cause__))


class Base:
    @contextmanager
    def part(self):
        print("base in")
        yield self.name()
        print("base out")

    def name(self):
        return "base"


class Below(Base):
    @contextmanager
    def part(self):
        print("below in")
        yield self.name()
        print("below out")

    def name(self):
        return "below"


for thing in [Base(), Below()]:
    with thing.part() as name:
        print(name)
