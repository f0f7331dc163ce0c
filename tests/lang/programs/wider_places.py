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
