# %% table
class Dog:
    def __init__(self, name):
        self.name = name
    def speak(self):
        return self.name + " woof"
class Cat:
    def __init__(self, name):
        self.name = name
    def speak(self):
        return self.name + " meow"
table = {"d": Dog, "c": Cat}
print(table["d"]("Rex").speak(), table["c"]("Tom").speak())
for kind in [Dog, Cat]:
    print(kind.__name__, kind("x").speak(), kind is Dog, kind == Cat)
print(Dog, [int, str, Dog])
# %% annotated
class Shape:
    def __init__(self, size: float) -> None:
        self.size = size
    def area(self) -> float:
        return 0.0
class Square(Shape):
    def area(self) -> float:
        return self.size * self.size
class Circle(Shape):
    def area(self) -> float:
        return 3.0 * self.size * self.size
def make(kind: type[Shape], size: float) -> Shape:
    return kind(size)
def names(kinds: list[type[Shape]]) -> list[str]:
    return [kind.__name__ for kind in kinds]
print(make(Square, 2.0).area(), make(Circle, 2.0).area(), make(Shape, 1.0).area())
print(names([Square, Circle]))
s = make(Circle, 1.0)
print(type(s).__name__, type(s) is Circle, type(s) is Shape, type(s) == Shape, type(s)(3.0).area())
# %% types
def show(x):
    if type(x) is int:
        return "int " + str(x + 1)
    elif type(x) == str:
        return "str " + x.upper()
    elif type(x) in (list, tuple):
        return "seq " + str(len(x))
    return type(x).__name__
print(show(1), show("a"), show([1, 2]), show((1, 2, 3)), show(None), show(2.5), show(True))
print(type(1), type("a"), type(None), type([1]), type((1,)), type({}), type(1.5), type(show), type(int))
# %% convert
conv = {"int": int, "str": str, "float": float}
print(conv["int"]("12"), conv["float"]("1.5"), conv["str"](5))
print(list(map(int, ["1", "2"])), sorted(["b", "A"], key=str.lower), list(map(str.upper, ["a"])))
def parse(text, kind=int):
    return kind(text)
print(parse("3"), parse("3.5", float), parse(4, str))
fields = [("a", int), ("b", float), ("c", str)]
row = ["1", "2.5", "x"]
for (name, kind), text in zip(fields, row):
    print(name, kind(text))
# %% exit
class Guard:
    def __enter__(self):
        return self
    def __exit__(self, exc_type, exc, tb):
        if exc_type is None:
            print("clean")
        else:
            print("caught", exc_type.__name__, exc, exc_type is ValueError, issubclass(exc_type, LookupError))
        return exc_type is ValueError or exc_type is KeyError
with Guard():
    pass
with Guard():
    raise ValueError("x")
with Guard():
    raise KeyError("k")
# %% exit2
from types import TracebackType
class Guard2:
    def __enter__(self) -> "Guard2":
        return self
    def __exit__(self, exc_type: type[BaseException] | None, exc: BaseException | None, tb: TracebackType | None) -> bool:
        if exc_type is not None and issubclass(exc_type, ValueError):
            print("swallow", exc_type.__name__, exc)
            return True
        return False
with Guard2():
    raise ValueError("x")
# %% register
registry = {}
def register(cls):
    registry[cls.__name__] = cls
    return cls
@register
class A:
    def run(self):
        return "A runs"
@register
class B:
    def run(self):
        return "B runs"
for name, cls in registry.items():
    print(name, cls().run())
# %% register2
plugins = {}
def plugin(name):
    def wrap(cls):
        plugins[name] = cls
        return cls
    return wrap
@plugin("x")
class X:
    def go(self): return 1
@plugin("y")
class Y:
    def go(self): return 2
print(sorted(plugins), plugins["x"]().go() + plugins["y"]().go())
# %% classmethods
class Base:
    count = 0
    def __init__(self, v):
        self.v = v
    @classmethod
    def make(cls, v):
        return cls(v)
    @classmethod
    def title(cls):
        return cls.__name__
    def go(self):
        return self.title()
    def copy(self):
        return type(self)(self.v + 1)
    def clone(self):
        return self.__class__(self.v)
    def __repr__(self):
        return f"{type(self).__name__}({self.v})"
class Sub(Base):
    count = 5
class Sub2(Sub):
    @classmethod
    def title(cls):
        return "own " + cls.__name__
print(Base.make(1), Sub.make(2), Sub(3).copy(), Sub2(4).clone(), Sub(1).go(), Sub2(1).go(), Base(1).go())
print(Sub(1).make(7), [c.count for c in (Base, Sub, Sub2)], [c.title() for c in (Base, Sub, Sub2)])
print(issubclass(Sub, Base), issubclass(Base, Sub), issubclass(bool, int), isinstance(Sub(1), (int, Base)))
# %% tuples
NUMBERS = (int, float)
def check(x):
    if isinstance(x, NUMBERS):
        return x + 1
    return 0
print(check(1), check(2.5), check("a"))
ERRORS = (ValueError, KeyError)
def risky(n):
    try:
        if n == 0: raise ValueError("v")
        if n == 1: raise KeyError("k")
        raise IndexError("i")
    except ERRORS as e:
        return "caught " + type(e).__name__
    except IndexError:
        return "index"
print(risky(0), risky(1), risky(2))
# %% retry
def retry(f, times, exceptions=(ValueError,)):
    for i in range(times):
        try:
            return f(i)
        except exceptions as e:
            print("again", type(e).__name__, e)
    return None
def flaky(i):
    if i < 2:
        raise ValueError("bad " + str(i))
    return i
print(retry(flaky, 5))
print(retry(flaky, 5, ValueError))
try:
    print(retry(flaky, 5, KeyError))
except ValueError as e:
    print("out", e)
# %% raising
def fail(kind, message):
    raise kind(message)
for kind in (ValueError, TypeError, KeyError):
    try:
        fail(kind, "m")
    except Exception as e:
        print(type(e).__name__, e, type(e) is kind)
# %% generic
from typing import Type
class P:
    def __init__(self) -> None:
        self.x = 1
class Q(P):
    def __init__(self) -> None:
        self.x = 2
def build[T](kind: type[T]) -> T:
    return kind()
print(build(P).x, build(Q).x)
# %% unbound
class D:
    def __init__(self, n): self.n = n
    def speak(self, times=1): return "w" * times * self.n
print(D.speak(D(2)), list(map(D.speak, [D(1), D(3)])))
# %% arity
class One:
    def __init__(self, a): self.a = a
class Two:
    def __init__(self, a, b=1, *, c=2): self.a = a
class Zero:
    pass
class Three:
    def __init__(self, a, b, c, d): pass
for kind in (One, Two, Zero, Three):
    for n in (1, 2):
        try:
            if n == 1:
                kind(1)
            else:
                kind(1, 2)
            print(kind.__name__, "ok")
        except TypeError as e:
            print(kind.__name__, e)
# %% dictkey
names = {int: "an int", str: "a text", float: "a float"}
for value in [1, "a", 2.5]:
    print(names[type(value)])
print(names.get(type(None), "other"))
# %% anyclass
import json
data = json.loads('[1, "a", 2.5, null, [1], {"a": 1}, true]')
for item in data:
    print(type(item).__name__, type(item) is int, type(item) == str, type(item) in (list, dict))
    print(type(item))
# %% sametype
class V:
    def __init__(self, x): self.x = x
    def __eq__(self, other):
        if type(self) is not type(other):
            return False
        return self.x == other.x
class W(V): pass
print(V(1) == V(1), V(1) == W(1), W(2) == W(2), V(1) == 3)
class T:
    def __init__(self, x: int) -> None: self.x = x
    def __eq__(self, other: object) -> bool:
        if type(other) is not T:
            return NotImplemented
        return self.x == other.x
print(T(1) == T(1), T(1) == 1)
# %% initsub
class Plugin:
    registry = []
    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        cls.registry.append(cls.__name__)
class P1(Plugin): pass
class P2(Plugin): pass
print(Plugin.registry)
# %% factory
class Animal:
    @staticmethod
    def create(kind):
        classes = {"dog": Dog2, "cat": Cat2}
        cls = classes.get(kind)
        if cls is None:
            raise ValueError("unknown " + kind)
        return cls()
    def sound(self): return "?"
class Dog2(Animal):
    def sound(self): return "woof"
class Cat2(Animal):
    def sound(self): return "meow"
print(Animal.create("dog").sound(), Animal.create("cat").sound())
try:
    Animal.create("cow")
except ValueError as e:
    print(e)
# %% ni1
class Money:
    def __init__(self, n: int) -> None:
        self.n = n
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.n == other.n
    def __add__(self, other: object) -> "Money":
        if isinstance(other, Money):
            return Money(self.n + other.n)
        if isinstance(other, int):
            return Money(self.n + other)
        return NotImplemented
    def __lt__(self, other: "Money") -> bool:
        if not isinstance(other, Money):
            return NotImplemented
        return self.n < other.n
    def __repr__(self) -> str:
        return f"Money({self.n})"
print(Money(1) == Money(1), Money(1) == 1, Money(1) != "a", Money(2) + Money(3), Money(1) + 4, Money(1) < Money(2))
try:
    print(Money(1) + "a")
except TypeError as e:
    print(e)
print(sorted([Money(3), Money(1)]), Money(3) in [Money(1), Money(3)])
# %% ni2
class A:
    def __init__(self, x): self.x = x
    def __eq__(self, other):
        if isinstance(other, A):
            return self.x == other.x
        return NotImplemented
    def __lt__(self, other):
        if not isinstance(other, A):
            return NotImplemented
        return self.x < other.x
    def __add__(self, other):
        if isinstance(other, A): return A(self.x + other.x)
        if isinstance(other, (int, float)): return A(self.x + other)
        return NotImplemented
    __radd__ = __add__
    def __mul__(self, other):
        if type(other) is int: return A(self.x * other)
        return NotImplemented
    def __repr__(self): return f"A({self.x})"
things = [A(1), 2, "x", None, 2.5]
for t in things:
    print(A(1) == t, t == A(1), A(1) != t)
    try:
        print(A(1) + t)
    except TypeError as e:
        print("TypeError", e)
print(sum([A(1), A(2)]), A(2) * 3)
