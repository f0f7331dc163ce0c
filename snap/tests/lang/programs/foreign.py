# %% checkable_protocols
from typing import Protocol, runtime_checkable

@runtime_checkable
class Drawable(Protocol):
    def draw(self) -> str: ...

class Box:
    def draw(self) -> str:
        return "[ ]"

class Text:
    def render(self) -> str:
        return "text"

for thing in (Box(), Text()):
    print(type(thing).__name__, isinstance(thing, Drawable))
any_things: list = [Box(), Text(), 3, None]
b = Box()
print(isinstance(b, Drawable), isinstance(Text(), Drawable), isinstance(3, Drawable))
things = [Box(), Text(), 3, None]
for t in things:
    if isinstance(t, Drawable):
        print(t.draw())
    else:
        print("no", t if not isinstance(t, Text) else t.render())
class Shape:
    def area(self):
        return 0
class Sq(Shape):
    def __init__(self, s):
        self.s = s
    def area(self):
        return self.s ** 2
class Unit(Sq):
    def __init__(self):
        super().__init__(1)
    def draw(self):
        return "unit"
shapes = [Sq(2), Shape(), Unit()]
print(list(map(Shape.area, shapes)), [Shape.area(s) for s in shapes], [isinstance(s, Drawable) for s in shapes])
for s in [Sq(3), Shape()]:
    print(Shape.area(s), s.area())
    f = Shape.area
    print(f(s))
print(list(map(str.upper, ["a"])))
def kind(d: Drawable) -> str:
    if isinstance(d, Box):
        return "box"
    if isinstance(d, Unit):
        return "unit " + str(d.s)
    return "other"
class Other:
    def draw(self) -> str:
        return "o"
print(kind(Box()), kind(Unit()), kind(Other()))
import typing
def anyone(x: typing.Any) -> bool:
    return isinstance(x, Drawable)
print(anyone(3), anyone(Box()), anyone("s"), anyone(Unit()), anyone(Shape()))
class Sized(Protocol):
    def __len__(self) -> int: ...
try:
    print(isinstance([1], Sized))
except TypeError as e:
    print(e)

# %% mixed_records
students = [
    {"name": "Alice", "grades": [90, 85, 77], "year": 2},
    {"name": "Bob", "grades": [60, 75.5, 88], "year": 1},
    {"name": "Carla", "grades": [], "year": 2},
]


def average(grades):
    return sum(grades) / len(grades) if grades else None


for s in students:
    avg = average(s["grades"])
    s["average"] = avg
    print(f"{s['name']:<8}|{avg if avg is not None else 'n/a':>8}")
ranked = sorted((s for s in students if s["average"] is not None), key=lambda s: (-s["average"], s["name"]))
for rank, s in enumerate(ranked, start=1):
    print(f"{rank}. {s['name']} {s['average']:.2f}")
by_year = {}
for s in students:
    by_year.setdefault(s["year"], []).append(s["name"])
print(by_year)
mixed = {"a": [1, 2.5], "b": (1, 2), "c": "xy", "d": 3, "e": {4: 5}}
for k in mixed:
    try:
        for x in mixed[k]:
            print(x, end=" ")
        print(len(mixed[k]), sorted(mixed[k]), any(mixed[k]))
    except TypeError as err:
        print(err)


def first(n):
    if n == 0:
        return 0, None
    return second(n)


def second(n):
    best = None
    for m in range(n):
        if best is None or m > 1:
            best = (m, m)
    return best


def third(n):
    if n == 0:
        return 0, None
    return None if n > 1 else (1, n)


print(first(0), first(1), first(3), third(0), third(1), third(2))

# %% nothing_given
class R:
    def __enter__(self):
        return self
    def __exit__(self, exc_type, exc, tb):
        print(f"close ({exc_type.__name__ if exc_type else 'ok'})", exc.args if exc else None, exc_type and exc_type.__name__)
        if exc_type:
            print(exc_type.__name__)
        return exc_type is ValueError
with R() as r:
    print("x")
with R():
    raise ValueError("suppressed")
def f(x):
    return x.upper() if x else "none"
print(f(None))

# %% raising_the_last
def retry(n):
    last = None
    for i in range(n):
        try:
            return 1 // (i - i)
        except ZeroDivisionError as e:
            last = e
    raise last
try:
    retry(2)
except ZeroDivisionError as e:
    print(e)
try:
    retry(0)
except TypeError as e:
    print(e)

# %% yielded_kinds
def convert(pairs):
    for name, value in pairs:
        if value.isdigit():
            yield name, int(value)
        elif value in ("true", "false"):
            yield name, value == "true"
        else:
            yield name, value
print(list(convert([("a", "1"), ("b", "true"), ("c", "x")])))

# %% optional_iterable
from __future__ import annotations
from typing import Generic, TypeVar, Optional, Iterator, Iterable

T = TypeVar("T")

class Stack(Generic[T]):
    def __init__(self, items: Optional[Iterable[T]] = None) -> None:
        self._items: list[T] = list(items) if items is not None else []
    def __len__(self) -> int:
        return len(self._items)
s: Stack[int] = Stack([1, 2])
t = Stack("ab")
u: Stack[str] = Stack()
print(len(s), len(t), len(u))
def total(xs: Iterable[int] | None = None) -> int:
    return sum(xs) if xs is not None else 0
print(total([1, 2]), total(), total({3, 4}), total(range(3)))

# %% getters_as_keys
import itertools as it
from operator import itemgetter
people = [("Ann", "NY", 30), ("Bob", "LA", 25), ("Cy", "NY", 35)]
people.sort(key=itemgetter(1))
for city, group in it.groupby(people, key=itemgetter(1)):
    print(city, [p[0] for p in group])
for city, group in it.groupby(people, lambda p: p[1]):
    print(city, [p[0] for p in group])

# %% iterable_parameters
from typing import Iterable
def total(xs: Iterable[int]) -> int:
    return sum(xs) + sum(xs)
print(total([1, 2]), total({3, 4}), total(range(3)))
from typing import Sequence, TypeVar, Optional
T = TypeVar("T")
def first(xs: Sequence[T]) -> T:
    return xs[0]
print(first([1]), first((2, 3)), first("abc"), first(range(4, 6)))
def mean(xs: Sequence[float]) -> float:
    return sum(xs) / len(xs)
print(mean([1, 2]), mean((1.5, 2)), mean([0.5]))
def flat(xss: Iterable[Iterable[int]]) -> list[int]:
    return [x for xs in xss for x in xs]
print(flat([[1, 2], [3]]))
def uniq(xs: Iterable[T]) -> list[T]:
    seen: list[T] = []
    for x in xs:
        if x not in seen:
            seen.append(x)
    return seen
print(uniq([1, 1, 2]), uniq("abca"), uniq({"k": 1}), uniq(x * x for x in [1, -1]), uniq([]))
class Bag:
    def __init__(self, items: Iterable[str] = ()) -> None:
        self.items = list(items)
    def extend(self, more: Iterable[str], times: int = 1) -> "Bag":
        for _ in range(times):
            self.items.extend(more)
        return self
print(Bag().items, Bag(["a"]).extend(("b", "c"), times=2).items, Bag("xy").items)
def show(xs: Optional[Sequence[str]] = None) -> None:
    print(xs)
show()
show(["a"])
show(None)
show(("t",))
def gen(n: int) -> Iterable[int]:
    for i in range(n):
        yield i
print(uniq(gen(3)), total([]), sum(gen(4)))
print(list(map(mean, [[1.0], [2.0, 3.0]])))

# %% dataclass_functions
import json
import dataclasses
from dataclasses import dataclass, field, asdict, astuple, replace, is_dataclass
from enum import Enum
class Unit(Enum):
    G = "g"
@dataclass(frozen=True)
class Ingredient:
    name: str
    amount: float
    unit: Unit = Unit.G
@dataclass
class Recipe:
    title: str
    servings: int
    ingredients: list[Ingredient] = field(default_factory=list)
    notes: str | None = None
    main: Ingredient | None = None
    size: tuple[int, int] = (1, 2)
    tags: list[str] = field(default_factory=list)
    def scale(self, servings: int) -> "Recipe":
        factor = servings / self.servings
        return replace(self, servings=servings, ingredients=[replace(i, amount=i.amount * factor) for i in self.ingredients])
r = Recipe("Pancakes", 4, [Ingredient("flour", 200), Ingredient("milk", 300.5)], tags=["a"])
big = r.scale(6)
print(big)
print(asdict(r.ingredients[0]), astuple(r.ingredients[1]))
print(asdict(big))
print(astuple(big))
d = asdict(r)
d["tags"].append("z")
d["title"] = "x"
print(r.tags, r.title, d["servings"] + 1, d["ingredients"][1]["name"])
@dataclass
class P:
    x: int
    y: int = 0
    ps: list[int] = field(default_factory=list)
print(json.dumps(asdict(P(1)), indent=1), dataclasses.asdict(P(2, 3, [4])), is_dataclass(P), is_dataclass(P(1)), is_dataclass(3))
print(P(**asdict(P(5))) if False else replace(P(5), y=9))
@dataclass
class U:
    a: int = 1
def un(o):
    return asdict(o)
print(un(U()), un(P(1, 2)))
try:
    asdict(3)
except TypeError as e:
    print(e)
print(asdict(Recipe("t", 1, main=Ingredient("m", 1.5))))

# %% asked_attributes
class A:
    kind = "a"
    def __init__(self, x):
        self.x = x
        if x > 1:
            self.y = x * 2
    def run(self):
        return "run"
    @property
    def double(self):
        return self.x * 2
    def cached(self):
        if not hasattr(self, "_cache"):
            print("computing")
            self._cache = self.x * 10
        return self._cache
class B(A):
    def extra(self):
        return "extra"
a, b = A(1), B(2)
print(a.cached(), a.cached(), b.cached())
for o in (a, b):
    print(hasattr(o, "x"), hasattr(o, "y"), hasattr(o, "extra"), hasattr(o, "run"), hasattr(o, "kind"), hasattr(o, "double"), hasattr(o, "nope"))
    print(getattr(o, "x"), getattr(o, "y", None), getattr(o, "nope", "none"), getattr(o, "run")())
    if hasattr(o, "extra"):
        print(o.extra())
setattr(a, "x", 7)
print(a.x)
for v in (3, "s", [1], None, (1,), a, {"k": 1}):
    print(type(v).__name__, hasattr(v, "__iter__"), hasattr(v, "append"), hasattr(v, "upper"), hasattr(v, "keys"))
def describe(o):
    return o.name if hasattr(o, "name") else str(type(o).__name__)
class N:
    def __init__(self):
        self.name = "n"
print(describe(N()), describe(a))

# %% wide_on_the_way
INT_MAX = 2**63 - 1
INT_MIN = -2**63
print(INT_MAX, INT_MIN, -(2**63), (1 << 63) - 1, ~(2**63 - 1), 10**20 // 10**10, 2**64 % 1000, 2**100 // 2**99)
best = 2**63 - 1
for x in [5, 3, 9]:
    best = min(best, x)
print(best, 2**62, 10**18)
try:
    print(2**63, "wide"[9])
except (OverflowError, IndexError):
    print("wide")

# %% truth_of_classes_below
class Base:
    pass
class Empty(Base):
    def __len__(self):
        return 0
class No(Base):
    def __bool__(self):
        return False
class Sized(Base):
    def __init__(self, n):
        self.n = n
    def __len__(self):
        return self.n
class Sub(Sized):
    def __bool__(self):
        return self.n > 5
def check(b):
    return "t" if b else "f"
for x in [Base(), Empty(), No(), Sized(0), Sized(1), Sub(3), Sub(7)]:
    print(type(x).__name__, bool(x), "yes" if x else "no", not x, x and 1 or 2, check(x))
for y in [Sized(2), Sub(3), Sub(9)]:
    print(bool(y), len(y), check(y))
maybe = [None, Base(), No()]
for z in maybe:
    if z:
        print("true", z is not None)
    else:
        print("false", z is None)
print(bool([]), bool({}), bool(""), bool(0.0), bool(range(0)), check([]), check({1: 2}))
def f(b: Base) -> bool: return bool(b)
print(f(No()), f(Base()), f(Sub(9)))
def g(b: Base | None) -> str:
    if b:
        return "some"
    return "none" if b is None else "false"
print(g(None), g(No()), g(Base()))
from enum import IntEnum, Enum
from typing import NamedTuple
class L(IntEnum):
    Z = 0
    O = 1
class C(Enum):
    Z = 0
class NT(NamedTuple):
    a: int
print(bool(L.Z), bool(L.O), bool(C.Z), bool(NT(0)), "y" if L.Z else "n", "y" if NT(1) else "n")
# %% defaults_of_overrides
class Shape:
    def scaled(self, by=2, *, unit="m"):
        return f"{by}{unit}"

    def twice(self):
        return self.scaled() + self.scaled(unit="km")

class Square(Shape):
    def scaled(self, by=3, *, unit="cm", shown=True):
        return f"square {by}{unit}"

class Small(Square):
    def scaled(self, by=2, *, unit="cm", shown=False):
        return f"small {by}{unit} {shown}"

class Renamed(Shape):
    def scaled(self, factor=5, by=6, unit="mm"):
        return f"renamed {factor} {by} {unit}"

shapes = [Shape(), Square(), Small(), Renamed()]
for shape in shapes:
    print(shape.scaled(), shape.scaled(4), shape.twice(), shape.scaled(by=9))

class Node:
    def show(self, indent: int = 0) -> None:
        print(" " * indent + "node")

class Leaf(Node):
    def show(self, indent: int | None = None) -> None:
        print("leaf", indent)

def shown(node: Node) -> None:
    node.show()
    node.show(1)

shown(Node())
shown(Leaf())
# %% any_in_place
from typing import Any

def grow(x: Any, more: Any) -> Any:
    x += more
    return x

def both(x, y):
    x += y
    return x

for make in (grow, both):
    for left in ([1], "ab", 3, (1, 2), {1: 2}):
        for right in ([1], "ab", 3):
            kept = left
            try:
                print(make(left, right), kept)
            except TypeError as error:
                print(error)
names: Any = {1}
also = names
names |= {2}
print(also, names is also)
# %% any_extended
from typing import Any

def extended(x: Any, y: Any) -> Any:
    x.extend(y)
    return x

for more in ([1], "ab"):
    print(extended([1], more))
# %% object_inside_tuple
def thing() -> object:
    return "foo"

x = thing()
print((x, 1) == ("foo", 1), ("foo", 1) != (x, 1), (x, 2) < ("goo", 1), x in ("foo", 3), (1, (x,)) == (1, ("foo",)))
# %% names_in_class_bodies
A = 1234

class First:
    B = A
    A = 5
    C = A

print(First.A, First.B, First.C)

def made(A, other):
    class Inner:
        B = other
        C = B
    return Inner

print(made(1, 2).B, made(1, 3).C)
# %% functions_without_result_in_a_list
def chosen():
    def keep(value):
        inside = value

    def one():
        return 1

    both = [one, keep]
    print(both[1](3))
    both[1](4)
    return both[0]()

print(chosen())
# %% nothing_starred
def none():
    return 5

def one(x=1):
    return x

t = ()
d = {}
print(none(*t), none(**d), none(*t, **d), one(*[]), one(**{}), one(*[], **{}))
# %% characters_padded
for template in ("{:2c}|", "{:<4c}|", "{:^4c}|", "{:>4c}|", "{:c}|"):
    print(template.format(66), f"{66:3c}|")
kept = b"abc"
print(kept.strip() is kept, kept[:] is kept, "é".encode("Utf-8"), b"abc".decode("LATIN-1"), b"a".decode("U8"))
# %% set_by_a_function_inside
def plain():
    found = None

    def find():
        nonlocal found
        found = 5

    find()
    if found is None:
        print("none")
    else:
        print("some", found)
    return found

def walrus():
    last = None

    def keep():
        nonlocal last
        [(last := v) for v in (1, 2)]

    keep()
    return last

def annotated() -> int | None:
    found: int | None = None

    def find() -> None:
        nonlocal found
        found = 3

    find()
    print(found is None)
    return found

class Box:
    def __init__(self) -> None:
        self.x: int | None = None

    def fill(self) -> None:
        self.x = 4

def filled(box: Box) -> None:
    box.x = None
    box.fill()
    if box.x is None:
        print("none")
    else:
        print(box.x + 1)

print(plain(), walrus(), annotated())
filled(Box())
# %% walrus_in_comprehensions
def differences(values):
    before = 0
    return [[v - before, before := v] for v in values], before

def fibonacci():
    a, b = 1, 2
    found = {(c := a): (a := b) + (b := (a + c)) - b for _ in range(6)}
    return found, a, b, c

print(differences([1, 5, 9]), fibonacci())
# %% in_place_declined
class Money:
    def __init__(self, amount):
        self.amount = amount

    def __iadd__(self, other):
        if isinstance(other, int):
            self.amount += other
            return self
        return NotImplemented

    def __add__(self, other):
        return Money(self.amount + other.amount)

class Never:
    def __iadd__(self, other):
        return NotImplemented

    def __add__(self, other):
        return "added"

money = Money(1)
same = money
money += 2
print(money.amount, money is same)
money += Money(10)
print(money.amount, money is same)
never = Never()
never += 1
print(never)
# %% powers_by_roots
import math

inf = float("inf")
for base in (4.0, 2.25, 1e40, 1e-40, 6.25e88, 0.0, inf, 1.0, 4e300, 1e-320):
    shown = []
    for exponent in (1.5, -1.5, 0.5, -0.5, 2.0, -2.0, 3.0, -3.0):
        try:
            shown.append(f"{base**exponent:.14g}")
        except (OverflowError, ZeroDivisionError) as error:
            shown.append(type(error).__name__)
    print(base, *shown)
print((-8.0) ** 3.0, (-2.0) ** -3, (-2.0) ** 2.0)
# %% sines
import math

for turn in range(-9, 10):
    for part in (0.0, 0.1, 0.25, 0.5, 0.785, 1e-9, 1e-5):
        x = turn * math.pi / 2 + part
        print(f"{math.sin(x):.15f} {math.cos(x):.15f}", end=" ")
    print(f"{math.sin(turn * 1e7):.12f} {math.cos(turn * 3e15):.12f}")


# %% items_of_mixed_records
people = [
    {"name": "Ann", "tags": ["a"], "address": {"city": "Oslo", "zip": "0150"}},
    {"name": "Cid", "tags": [], "address": None},
    {"name": "Dan", "tags": ["x"], "address": "Main street"},
]
for p in people:
    try:
        print(p["address"]["city"] if p["address"] else "unknown")
    except TypeError as e:
        print("TypeError:", e)
people[0]["address"]["city"] = "Bergen"
people[0]["address"]["street"] = "Main"
print(people[0])
for key in ("tags", "address"):
    try:
        print(people[0][key]["city"])
    except TypeError as e:
        print("TypeError:", e)
    try:
        people[2][key]["city"] = "X"
    except TypeError as e:
        print("TypeError:", e)
print(people[0]["tags"][0], people[2]["address"][0])
del people[0]["address"]["zip"]
print(people)
# %% rest_of_a_mapping
from collections import defaultdict

found = defaultdict(int)
found["a"] += 1
match found:
    case {"a": one, **rest}:
        print(one, rest, type(rest).__name__)
# %% names_of_classes_inside
def numbers():
    yield 1

print(type(numbers()).__name__, type({}.keys()).__name__, type({}.items()).__name__, type((1,)).__name__)
try:
    numbers()[0]
except TypeError as error:
    print(error)
print("%#.3g" % 1500.0, "%#g" % 3.0, f"{1.5:#g}")
# %% isinstance_of_classes_below_dict
from collections import Counter, defaultdict

def kind(found: dict[str, int]) -> str:
    if isinstance(found, defaultdict):
        return f"defaultdict {found['missing']}"
    return "Counter" if isinstance(found, Counter) else "dict"

made: dict[str, int] = defaultdict(int)
print(kind(made), kind(Counter("a")), kind({}), isinstance(made.copy(), defaultdict))
print([isinstance(item, defaultdict) for item in [defaultdict(int), {}]])

class Box[T]:
    def __init__(self, x: T) -> None:
        self.x = x

class Big[T](Box[T]):
    pass

class Ints(Box[int]):
    pass

def boxed(box: Box[int]) -> str:
    return "big" if isinstance(box, Big) else "ints" if isinstance(box, Ints) else "box"

print(boxed(Box(1)), boxed(Big(2)), boxed(Ints(3)))
# %% nothing_returned_by_a_generator
def numbers(result):
    yield 1
    return result

for result in (None, 1, (2,)):
    it = numbers(result)
    next(it)
    try:
        next(it)
    except StopIteration as error:
        print(repr(error), error.value)



# %% named_tuples_of_what_they_are_given
from collections import namedtuple
import heapq
Token = namedtuple("Token", ["type", "value"])
Item = namedtuple("Item", "priority name data", defaults=[None])
def lex(text):
    for i, ch in enumerate(text):
        if ch.isdigit():
            yield Token("NUM", float(ch) if i % 2 else int(ch))
        else:
            yield Token("ID", ch)
    yield Token("EOF", None)
print(list(lex("1a27")))
def make(a):
    return Token("A", a) if a > 1 else Token("B", "b") if a else Token("C", None)
made = []
for i in range(3):
    made.append(make(i))
print(made, made[0] == ("C", None), made[2]._replace(value="new"))
heap = [Item(2, "b"), Item(1, "a", [1])]
heapq.heapify(heap)
heapq.heappush(heap, Item(1, "A", {"k": 1}))
while heap:
    item = heapq.heappop(heap)
    print(item.priority, item.name, item.data, item)

# %% setter_of_a_float
class Account:
    def __init__(self, balance: float = 0) -> None:
        self._balance = balance
    @property
    def balance(self) -> float:
        return self._balance
    @balance.setter
    def balance(self, v: float) -> None:
        if v < 0:
            raise ValueError("negative balance")
        self._balance = v
account = Account(3)
account.balance += 5
print(account.balance)
account.balance = 2.5
print(account.balance)

# %% field_without_default
from dataclasses import dataclass, field
@dataclass(order=True)
class Task:
    priority: int
    name: str = field(compare=False)
    tags: set[str] = field(default_factory=set, compare=False, repr=False)
print(Task(1, "b") < Task(2, "a"), sorted([Task(2, "x"), Task(1, "y", {"t"})]), Task(1, "a") == Task(1, "b"))
# %% set_by_a_function_in_a_loop
def best_of(values):
    best = None

    def check(value):
        nonlocal best
        if best is None or value > best:
            best = value

    for value in values:
        check(value)
    return best

def last_of(values: list[int]) -> int | None:
    last: int | None = None

    def keep(value: int) -> None:
        nonlocal last
        last = value

    at = 0
    while at < len(values):
        keep(values[at])
        at += 1
    return last

print(best_of([3, 9, 2]), best_of([]), last_of([1, 2]), last_of([]))
# %% set_by_a_function_handed_on
def last_key(values):
    last = None

    def key(value):
        nonlocal last
        last = value
        return -value

    ordered = sorted(values, key=key)
    return ordered, last

def last_mapped(values):
    last = None

    def double(value):
        nonlocal last
        last = value
        return value * 2

    return list(map(double, values)), last

state = None

def put(value):
    global state
    state = value
    return value

def ordered():
    global state
    state = None
    values = sorted([2, 1], key=lambda value: put(value))
    return values, state

print(last_key([1, 2]), last_key([]), last_mapped([1]), last_mapped([]), ordered())

# %% imports_of_what_is_not_asked_for
import os, sys, math
import logging
from pathlib import Path
import argparse as ap
print(math.pi, len(sys.argv))
