# %% floats_given_ints_2
from dataclasses import dataclass

@dataclass
class Item:
    name: str
    price: float
    qty: int = 1

    def total(self) -> float:
        return self.price * self.qty

class Account:
    def __init__(self, owner: str, balance: float = 0) -> None:
        self.owner = owner
        self.balance = balance

    def deposit(self, amount: float) -> None:
        self.balance += amount

def mean(xs: list[float]) -> float:
    return sum(xs) / len(xs)

def scale(xs: list[float], k: float) -> list[float]:
    return [x * k for x in xs]

i = Item("a", 10, 3)
print(i, i.total())
a = Account("ann")
a.deposit(50)
print(a.balance)
a.deposit(0.5)
print(a.balance)
print(mean([1, 2, 3]))
print(scale([1, 2], 3))
prices: dict[str, float] = {"a": 1, "b": 2.5}
print(prices)
total: float = 0
for p in prices.values():
    total += p
print(total)
def area(r: float) -> float:
    if r < 0:
        return 0
    return 3.14 * r * r
print(area(-1), area(2))
# %% floats_given_ints_3
from typing import NamedTuple, Callable
import math

class Vec(NamedTuple):
    x: float
    y: float

    def norm(self) -> float:
        return math.sqrt(self.x ** 2 + self.y ** 2)

    def __add__(self, other: "Vec") -> "Vec":
        return Vec(self.x + other.x, self.y + other.y)

v = Vec(3, 4)
print(v, v.norm(), v + Vec(0.5, 1))

type Matrix = list[list[float]]

def identity(n: int) -> Matrix:
    return [[1 if i == j else 0 for j in range(n)] for i in range(n)]

def matmul(a: Matrix, b: Matrix) -> Matrix:
    n = len(a)
    out = [[0] * n for _ in range(n)]
    for i in range(n):
        for j in range(n):
            for k in range(n):
                out[i][j] += a[i][k] * b[k][j]
    return out

print(matmul(identity(2), [[1.5, 2], [3, 4]]))

def apply(f: Callable[[float], float], xs: list[float]) -> list[float]:
    return [f(x) for x in xs]

print(apply(lambda x: x * 2, [1, 2.5]))
print(apply(math.sqrt, [4, 9]))

class Shape:
    def area(self) -> float:
        raise NotImplementedError

class Sq(Shape):
    def __init__(self, side: float) -> None:
        self.side = side
    def area(self) -> float:
        return self.side ** 2

class Circle(Shape):
    def __init__(self, r: float):
        self.r = r
    def area(self) -> float:
        return math.pi * self.r ** 2

shapes: list[Shape] = [Sq(2), Circle(1), Sq(1.5)]
for s in shapes:
    print(s.area())
print(sum(s.area() for s in shapes))
print(max(shapes, key=lambda s: s.area()).area())

def dijkstra(graph: dict[str, dict[str, float]], start: str) -> dict[str, float]:
    dist = {v: float("inf") for v in graph}
    dist[start] = 0
    todo = [start]
    while todo:
        u = todo.pop(0)
        for v, w in graph[u].items():
            if dist[u] + w < dist[v]:
                dist[v] = dist[u] + w
                todo.append(v)
    return dist

print(dijkstra({"a": {"b": 1, "c": 4}, "b": {"c": 2}, "c": {}}, "a"))

def check(a: int, b: int) -> int:
    return a == b
print(check(1, 1))
def opt(x: float | None = None) -> float:
    return 1 if x is None else x
print(opt(), opt(2), opt(2.5))
def pts(ps: list[tuple[float, float]]) -> float:
    return sum(x * y for x, y in ps)
print(pts([(1, 2), (3, 4.5)]))
grades: dict[str, list[float]] = {}
grades.setdefault("a", []).append(90)
grades.setdefault("a", []).append(85.5)
for k, g in grades.items():
    print(k, sum(g) / len(g), g)
w: float = 3
w = w / 2
print(w, round(w), f"{w:.2f}")
# %% wider_displays
from typing import Any

def process(data: dict[str, Any]) -> int:
    n = 0
    for k, v in data.items():
        print(k, v)
        n += 1
    return n

d = {"a": 1, "b": 2}
print(process(d))
rows = [{"a": 1}, {"b": "x"}]
def show(rows: list[dict[str, Any]]) -> None:
    for r in rows:
        print(r)
show(rows)
x: Any = (1, 2)
t: tuple[int, int] = x
print(t[0] + t[1])
def f() -> tuple[float, ...]:
    best: list[Any] = [None, 3]
    p: tuple[float, ...] = (1.0, 2.0)
    best[0] = p
    return best[0]
print(f())
def g() -> tuple[float, float]:
    best: list[Any] = [None, 3]
    best[0] = (1.5, 2.5)
    return best[0]
print(g())

# %% numbers_everywhere
from __future__ import annotations
from dataclasses import dataclass, field
from typing import Any, Optional, Protocol, NamedTuple, Union
from abc import ABC, abstractmethod

class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...
    def describe(self) -> str:
        return f"{type(self).__name__} with area {self.area():.2f}"

@dataclass
class Rect(Shape):
    w: float
    h: float = 1
    def area(self) -> float:
        return self.w * self.h

@dataclass
class Square(Rect):
    name: str = "sq"

class Circle(Shape):
    def __init__(self, r: float) -> None:
        self.r: float = r
    def area(self) -> float:
        return 3 * self.r * self.r
    def scale(self, k: float) -> Circle:
        return Circle(self.r * k)

shapes = [Rect(2, 3), Square(2), Circle(1), Circle(1.5).scale(2)]
for s in shapes:
    print(s.describe(), s.area())
print(sum(s.area() for s in shapes), max(s.area() for s in shapes))
print(Rect(1), Square(3, 4.5))

class Emp(NamedTuple):
    name: str
    pay: float = 0

es = [Emp("a", 10), Emp("b", 2.5), Emp("c")]
print(es, sum(e.pay for e in es), sorted(es, key=lambda e: e.pay)[0])
by: dict[str, list[Emp]] = {}
for e in es:
    by.setdefault("hi" if e.pay > 5 else "lo", []).append(e)
print(by)

@dataclass
class Stats:
    values: list[float] = field(default_factory=list)
    total: float = 0
    best: Optional[float] = None
    def add(self, v: float) -> None:
        self.values.append(v)
        self.total += v
        if self.best is None or v > self.best:
            self.best = v
    @property
    def mean(self) -> float:
        return self.total / len(self.values) if self.values else 0
st = Stats()
print(st.mean)
for v in (1, 2.5, 3):
    st.add(v)
print(st, st.mean)

def config(overrides: dict[str, Any] | None = None) -> dict[str, Any]:
    base: dict[str, Any] = {"lr": 1, "name": "x", "layers": [1, 2], "nested": {"a": 1}}
    if overrides:
        base.update(overrides)
    return base
c = config({"lr": 0.5})
print(c, config()["lr"] + 1)
for k, v in c.items():
    print(k, type(v).__name__)

def lerp(a: float, b: float, t: float = 0.5) -> float:
    return a + (b - a) * t
print(lerp(0, 10), lerp(0, 10, 1), lerp(1.5, 2))

def running(xs: list[float]) -> list[float]:
    out: list[float] = []
    acc: float = 0
    for x in xs:
        acc += x
        out.append(acc)
    return out
print(running([1, 2, 3]), running([0.5, 1]), running([]))
grid: list[list[float]] = [[0] * 3 for _ in range(2)]
grid[0][1] = 2.5
print(grid, [sum(r) for r in grid])
def norm(v: tuple[float, float]) -> float:
    x, y = v
    return (x * x + y * y) ** 0.5
print(norm((3, 4)), norm((1.0, 2)))
def parse(s: str) -> Union[int, float]:
    return float(s) if "." in s else int(s)
print(parse("3"), parse("3.5"), [parse(x) for x in "1 2.5 3".split()])
inventory = {"apple": {"price": 1, "qty": 3}, "pear": {"price": 0.5, "qty": 2}}
def worth(inv: dict[str, dict[str, float]]) -> float:
    return sum(i["price"] * i["qty"] for i in inv.values())
print(worth(inventory))
class Matrix:
    def __init__(self, rows: list[list[float]]) -> None:
        self.rows = rows
    def __mul__(self, k: float) -> Matrix:
        return Matrix([[x * k for x in r] for r in self.rows])
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Matrix) and self.rows == other.rows
    def __repr__(self) -> str:
        return f"Matrix({self.rows})"
m = Matrix([[1, 2], [3, 4]])
print(m * 2, m * 0.5, m == Matrix([[1.0, 2.0], [3.0, 4.0]]), m * 2 == m)
b: bool = 1 > 0
n: int = True
print(b, n, n + 1)
def tally(xs: list[int]) -> dict[int, float]:
    counts: dict[int, float] = {}
    for x in xs:
        counts[x] = counts.get(x, 0) + 1
    return {k: v / len(xs) for k, v in counts.items()}
print(tally([1, 1, 2]))
lo, hi = float("inf"), float("-inf")
for q in [3, 1, 2]:
    lo = min(lo, q)
    hi = max(hi, q)
print(lo, hi, round(lo), abs(lo - hi))
# %% holds_any_for_a_call
from __future__ import annotations
from typing import Any, Mapping, Iterable, Sequence, Callable
def show(d: Mapping[str, Any], depth: int = 0) -> None:
    for k, v in d.items():
        if isinstance(v, dict):
            print(" " * depth + k)
            show(v, depth + 1)
        else:
            print(" " * depth + k, v)
x: dict[str, int] = {"a": 1}
y: dict[str, dict[str, list[int]]] = {"q": {"r": [1]}}
show(x); show(y); show({"a": 1, "b": {"c": None}})
def total(rows: list[dict[str, Any]], key: str = "n") -> float:
    return sum(r[key] for r in rows)
rows: list[dict[str, int]] = [{"n": 1}, {"n": 4}]
print(total(rows), total([{"n": 2.5, "s": "x"}]))
def merge(a: dict[str, Any], b: dict[str, Any] | None = None) -> dict[str, Any]:
    out = dict(a)
    out.update(b or {})
    return out
print(merge(x), merge(x, {"z": "q"}))
class Base:
    def run(self, d: dict[str, Any]) -> str:
        return f"base {d}"
class Sub(Base):
    def run(self, d: dict[str, Any]) -> str:
        return f"sub {sorted(d)}"
items: list[Base] = [Base(), Sub()]
for b in items:
    print(b.run(x))
    print(b.run({"k": "v", "l": 2}))
class Box:
    def __init__(self, d: dict[str, Any]) -> None:
        self.d = d
    def put(self, k: str, v: Any) -> None:
        self.d[k] = v
h = Box({"a": 1})
h.put("b", "x")
print(h.d)
def add(xs: list[Any]) -> None:
    xs.append("x")
xs = [1]
add(xs)
print(xs)
def first(xs: list[Any] | None) -> Any:
    return xs[0] if xs else None
ns: list[int] = [3, 4]
print(first(ns), first(None), first(["a"]))
def walk(n: Any, seen: set[Any]) -> int:
    seen.add(n)
    return len(seen)
s: set[int] = set()
print(walk(3, s), walk(3, s), s)
# %% generic_class_of_any
from __future__ import annotations
from typing import Any
class P[T]:
    def __init__(self, run: T) -> None:
        self.run = run
    def both(self, other: P[Any]) -> P[T]:
        print(other.run)
        return self
def f(p: P[Any]) -> None:
    print(p.run)
f(P(3)); f(P("x"))
P(2).both(P("y"))
def g(d: dict[str, Any]) -> None:
    d["q"] = None
x = {"a": 1}
g(x)
print(x)
# %% operator_of_any
from __future__ import annotations
from typing import Any, Callable
class P[T]:
    def __init__(self, run: Callable[[str], T]) -> None:
        self.run = run
    def map[U](self, f: Callable[[T], U]) -> P[U]:
        return P(lambda s: f(self.run(s)))
    def __and__[U](self, other: P[U]) -> P[tuple[T, U]]:
        return P(lambda s: (self.run(s), other.run(s)))
    def __lshift__(self, other: P[Any]) -> P[T]:
        return (self & other).map(lambda p: p[0])
    def __rshift__[U](self, other: P[U]) -> P[U]:
        return (self & other).map(lambda p: p[1])
a = P(lambda s: s + "a")
b = P(lambda s: len(s))
print((a << b).run("q"), (a >> b).run("qq"), (b << a).map(lambda n: n + 1).run("xyz"))
# %% copied_into_wider
from typing import Any
def merge(a: dict[str, int], v: Any) -> dict[str, Any]:
    out = dict(a)
    out["q"] = v
    return out
def both(a: list[int], v: Any) -> list[Any]:
    out = list(a)
    out.append(v)
    return out
def some(a: set[int], v: Any) -> set[Any]:
    out = set(a)
    out.add(v)
    return out
print(merge({"a": 1}, "x"), both([1], "x"), sorted(map(str, some({1}, "x"))))
# %% copied_for_any
from typing import Any
x: dict[str, int] = {"a": 1}
o: dict[str, Any] = {**x}
print(o)
l: list[int] = [1]
m: list[Any] = list(l)
m.append("x")
s: set[Any] = set(l)
print(m, s)
# %% copied_dict_for_any
from typing import Any
x: dict[str, int] = {"a": 1}
q: dict[str, Any] = dict(x)
q["b"] = "s"
print(q, x)
# %% any_into_floats
from typing import Any
def put(xs: list[Any], v: Any) -> None:
    xs.append(v)
xs: list[float] = [1.5]
put(xs, 3)
print(xs)
def scale(xs: list[Any]) -> list[Any]:
    return [x * 2 for x in xs]
print(scale(xs), scale([1, "a"]))
# %% one_of_several_functions
from __future__ import annotations
from typing import Callable, NamedTuple
class P(NamedTuple):
    r: int
    c: int
    def dist(self, o: P) -> int:
        return abs(self.r - o.r) + abs(self.c - o.c)
H = Callable[[P, P], float]
def go(a: P, b: P, h: H = P.dist) -> float:
    return h(a, b) * 2
for name, h in (("m", P.dist), ("z", lambda a, b: 0)):
    print(name, go(P(1, 2), P(4, 4), h))
# %% functions_in_a_dict
from __future__ import annotations
from typing import Callable, ClassVar
from enum import Enum
class Op(Enum):
    A = 1
    B = 2
    C = 3
def g(m: M, n: int | None) -> None:
    m.s.append(7)
class M:
    h: ClassVar[dict[Op, Callable[[M, int | None], None]]] = {}
    def __init__(self) -> None:
        self.s: list[int] = []
M.h |= {Op.A: lambda m, n: m.s.append(n if n is not None else 0),
  Op.B: lambda m, _: m.s.append(1),
  Op.C: g}
m = M()
for op in Op:
    M.h[op](m, 5)
print(m.s)
# %% holds_any_in_methods
from __future__ import annotations
from typing import Any, Mapping
from dataclasses import dataclass, field
@dataclass
class Node:
    attrs: dict[str, Any]
    kids: list[Any] = field(default_factory=list)
    def add(self, d: dict[str, Any]) -> Node:
        self.attrs.update(d)
        self.kids.append(d)
        return self
base: dict[str, int] = {"a": 1}
n = Node({"z": None})
n.add(base).add({"q": "s"})
print(n)
class Cfg:
    def __init__(self, d: Mapping[str, Any]) -> None:
        self.d = d
    def get(self, k: str, default: Any = None) -> Any:
        return self.d.get(k, default)
def keep(d: dict[str, Any], log: list[dict[str, Any]]) -> None:
    log.append(d)
log: list[dict[str, Any]] = []
keep({"a": 1}, log)
print(log)
def opt(d: dict[str, Any] | None = None) -> int:
    d = d or {}
    d["n"] = 1
    return len(d)
print(opt(), opt({"k": 2}), opt(base), base)
m = Node({"p": 1}, [])
print(m.add({"x": [1]}))
