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
