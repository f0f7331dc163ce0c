# %% class_in_function
def make(n: int):
    class Point:
        def __init__(self, x, y):
            self.x = x
            self.y = y
        def total(self):
            return self.x + self.y
    p = Point(n, 2)
    print(p.total())
    return p
q = make(3)
print(q.x)

# %% class_in_function_dataclass
from dataclasses import dataclass
def main():
    @dataclass
    class P:
        x: int
        y: int = 2
    print(P(1), P(1) == P(1, 2))
    class E(Exception):
        pass
    try:
        raise E("boo")
    except E as error:
        print(repr(error))
main()

# %% redef_func
def f(x): return x + 1
print(f(1))
def f(x): return x * 10
print(f(2))

# %% redef_class
class A:
    def f(self): return 1
a = A()
class A:
    def f(self): return 2
print(a.f(), A().f())

# %% redef_method
class A:
    def f(self): return 1
    def f(self): return 2
print(A().f())

# %% nested_class
class Outer:
    class Inner:
        def __init__(self, v): self.v = v
    def __init__(self):
        self.inner = Outer.Inner(4)
        self.other = self.Inner(5)
o = Outer()
print(o.inner.v, o.other.v, Outer.Inner(3).v)

# %% deco_method
import functools
def loud(fn):
    def inner(self, x):
        print("calling")
        return fn(self, x)
    return inner
class A:
    @loud
    def f(self, x):
        return x * 2
print(A().f(4))

# %% deco_more
def twice(fn):
    def inner(self, x):
        return fn(self, fn(self, x))
    return inner
def log(prefix):
    def deco(fn):
        def inner(self, x):
            print(prefix, x)
            return fn(self, x)
        return inner
    return deco
class Base:
    def __init__(self, k): self.k = k
    @twice
    def scale(self, x): return x * self.k
    @log("p")
    @twice
    def shift(self, x):
        return x + self.k
    @staticmethod
    def helper(a): return a + 1
class Sub(Base):
    @twice
    def scale(self, x): return super().scale(x) + 1
b = Base(3)
print(b.scale(2), b.shift(1))
s = Sub(2)
print(s.scale(2), s.shift(5))
for o in [b, s]:
    print(o.scale(1))
m = b.scale
print(m(7))
print(Base.scale(b, 4))

# %% deco_property
import functools
def deco(fn):
    @functools.wraps(fn)
    def inner(self):
        return fn(self) + 1
    return inner
class A:
    @property
    @deco
    def v(self): return 3
print(A().v)

# %% method_value
class A:
    def __init__(self): self.h = {"a": self.fa, "b": self.fb}
    def fa(self, x): return x + 1
    def fb(self, x): return x * 2
    def run(self, n, x): return self.h[n](x)
print(A().run("a", 4), A().run("b", 4))
m = A().fa
print(m(3))
print(A.fb(A(), 4))
print(list(map(str.upper, ["a", "b"])), sorted(["B", "a"], key=str.lower))

# %% redef_mixed
def f(x): return x + 1
def g(x): return f(x) * 2
print(g(1))
def f(x): return x * 100
def h(x): return f(x) + 1
print(h(1), f(2))
class Node:
    def __init__(self, v): self.v = v
    def copy(self): return Node(self.v)
    def __repr__(self): return f"Node1({self.v})"
def make(): return Node(3)
print(make(), Node(1).copy())
class Node:
    def __init__(self, a, b): self.a = a; self.b = b
    def swap(self): return Node(self.b, self.a)
    def __repr__(self): return f"Node2({self.a},{self.b})"
def make(): return Node(1, 7)
print(make().swap())
if __name__ == "__main__":
    print(make())

# %% local_class_nest
from dataclasses import dataclass
from enum import Enum
def outer(k):
    class Base:
        n = 2
        def hi(self): return "base"
    class Child(Base):
        def hi(self): return super().hi() + "child"
    @dataclass
    class Rec:
        x: int
        y: "Base | None" = None
        def up(self) -> "Rec": return Rec(self.x + 1, self.y)
    class Color(Enum):
        RED = 1
    def use(b: Base) -> str:
        return b.hi()
    c = Child()
    r = Rec(k, c).up()
    print(use(c), Base.n, Color.RED, r.x, isinstance(c, Base), type(c).__name__)
    return [Base(), Child()]
print([b.hi() for b in outer(3)])
class Acc:
    def run(self):
        class Tmp:
            def __init__(self, v): self.v = v
        return Tmp(4).v
print(Acc().run())
def test_a():
    class P:
        def f(self): return 1
    print(P().f())
def test_b():
    class P:
        def f(self): return "two"
    print(P().f())
test_a(); test_b()

# %% qual_repr
from dataclasses import dataclass
class Outer:
    @dataclass
    class In:
        v: int
def f():
    @dataclass
    class P:
        a: int
    return P(2)
print(f(), Outer.In(3))

# %% deco_twice
def deco(fn):
    def inner(x):
        return fn(x) + 1
    return inner
@deco
def f(x): return x
print(f(1))
@deco
def f(x): return x * 10
print(f(2))

# %% stack_module
def twice(fn):
    def inner(x):
        return fn(fn(x))
    return inner
def log(prefix):
    def deco(fn):
        def inner(x):
            print(prefix, x)
            return fn(x)
        return inner
    return deco
@log("p")
@twice
def shift(x):
    return x + 3
print(shift(1))

# %% stack_method
def twice(fn):
    def inner(self, x):
        return fn(self, fn(self, x))
    return inner
def log(prefix):
    def deco(fn):
        def inner(self, x):
            print(prefix, x)
            return fn(self, x)
        return inner
    return deco
class Base:
    def __init__(self, k): self.k = k
    @log("p")
    @twice
    def shift(self, x):
        return x + self.k
b = Base(3)
print(b.shift(1))

# %% override_method
def twice(fn):
    def inner(self, x):
        return fn(self, fn(self, x))
    return inner
class Base:
    def __init__(self, k): self.k = k
    @twice
    def scale(self, x): return x * self.k
class Sub(Base):
    @twice
    def scale(self, x): return super().scale(x) + 1
b = Base(3)
s = Sub(2)
print(b.scale(2), s.scale(2))
for o in [b, s]:
    print(o.scale(1))
m = b.scale
print(m(7))
print(Base.scale(b, 4))

# %% kw1
def deco(fn):
    def inner(*args, **kwargs):
        print("call")
        return fn(*args, **kwargs)
    return inner
@deco
def f(x, y=2): return x + y
print(f(2))
print(f(2, 3))
print(f(2, y=5), f(y=1, x=9))
class A:
    @deco
    def m(self, a, b="x"): return f"{a}{b}"
print(A().m(1), A().m(1, b="z"), A().m(b="q", a=3))

# %% shadow1
class Config:
    debug = False
    level = 1
    names = []
    def bump(self):
        self.level += 1
        return self.level
class Sub(Config):
    level = 10
a, b = Config(), Config()
a.debug = True
print(a.debug, b.debug, Config.debug)
Config.debug = "maybe"
print(a.debug, b.debug, Config.debug)
print(a.bump(), a.bump(), b.level, Config.level)
Config.level = 7
print(a.level, b.level, Config.level, Sub().level, Sub().bump())
a.names.append(1)
print(b.names, Config.names)
s = Sub()
s.level = 3
print(s.level, Sub.level, [c.level for c in (a, b, s, Sub())])

# %% shadow_init
class Animal:
    sound = "..."
    count = 0
    def __init__(self, sound=None):
        Animal.count += 1
        if sound:
            self.sound = sound
class Dog(Animal):
    sound = "Woof"
for x in [Animal(), Dog(), Dog("Arf")]:
    print(x.sound)
print(Animal.count, Dog.count, Dog.sound, Animal.sound)

# %% ss1
def show(*args, **kwargs):
    print(args, kwargs)
def f(a, b=2, *, c=3):
    return (a, b, c)
opts = {"b": 5, "c": 6}
print(f(1, **opts), f(**{"a": 9}, **opts) if False else "", f(**{"a": 1, "b": 2}))
more = {"a": 7}
print(f(**more))
for bad in ({"z": 1, "a": 2}, {"b": 1}):
    try:
        print(f(**bad))
    except TypeError as e:
        print(e)
try:
    print(f(1, **{"a": 2} if len(opts) > 5 else more))
except TypeError as e:
    print(e)
show(**opts)
show(1, x=2, **opts)
def wrapper(**kw):
    return f(**kw)
print(wrapper(a=1, c=4))
d = {"a": 10}
print(wrapper(**d))
def tagged(name, **attrs):
    return name + "".join(f" {k}={v}" for k, v in attrs.items())
print(tagged("p", **{"id": "x", "cls": "y"}))
at = {"id": "q"}
print(tagged("a", **at), tagged("b", href="z", **at))
from dataclasses import dataclass
@dataclass
class P:
    x: int
    y: int = 0
row = {"x": 3, "y": 4}
print(P(**row))

# %% starstar_call
def f(**kwargs):
    for k, v in kwargs.items():
        print(k, v)
d = {"a": 1, "b": 2}
f(**d)
f(c=4, **d)

# %% starstar_known
def f(a, b, c=3):
    print(a, b, c)
d = {"a": 1, "b": 2}
f(**d)
f(1, **{"b": 5, "c": 6})

# %% starstar_class
class C:
    def __init__(self, x=0, y=0):
        self.x = x
        self.y = y
opts = {"x": 4, "y": 5}
c = C(**opts)
print(c.x, c.y)

# %% dict_kwargs
d = {"a": 1}
e = dict(**d, b=2)
print(e)
e = dict(d, c=4)
print(e)

# %% instance_over_class_attr
class A:
    count = 0
    name = "base"
    def __init__(self):
        self.name = "inst"
a = A()
print(a.count, A.count)
a.count += 1
print(a.count, A.count)
A.count = 10
print(a.count, A.count, A().count)
print(a.name, A.name)

# %% attr_unset
class A:
    z: int
    def __init__(self, n):
        self.always = n
        if n > 1:
            self.some = n
        if n > 2:
            self.both = 1
        else:
            self.both = 2
        self.reset()
    def reset(self): self.r = []
    def set(self): self.v = 1
    def bump(self): self.c += 1
a = A(1)
for f in (lambda: a.v, lambda: a.some, lambda: a.both, lambda: a.r, lambda: a.z):
    try:
        print(f())
    except AttributeError as e:
        print(e)
try:
    a.bump()
except AttributeError as e:
    print(e)
a.set(); a.c = 4; a.bump(); a.z = 3
print(a.v, a.c, a.z, A(2).some)
class N:
    def __init__(self, v): self.v = v; self.reset()
    def reset(self): self.next = None
n = N(1); n.next = N(2)
if n.next is not None:
    print(n.next.v)

