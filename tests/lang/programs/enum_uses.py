# %% e1
from enum import Enum, IntEnum
class P(IntEnum):
    LOW = 1
    HIGH = 3
items = [P.HIGH, P.LOW]
print(sorted(items), items, max(items), sum(items), {p: p.value for p in P})
print(P.LOW + 1 == 2, P(3) is P.HIGH, P.LOW != 1, 1 == P.LOW, P.LOW == 1.0, P.LOW < 2.5)
print("%s %d" % (P.LOW, P.LOW), "{} {:>3}".format(P.LOW, P.HIGH), str(P.LOW) + "x")
x = {1: "one", 3: "three"}
print(x[P.HIGH], x.get(P.LOW), P.LOW in x, P.LOW in [1, 2], [5, 6, 7][P.LOW])
def f(n):
    return n + 1
print(f(P.LOW), f(2), isinstance(P.LOW, int), isinstance(P.LOW, P), type(P.LOW).__name__)
for n in range(P.HIGH): print(n, end=" ")
print()
# %% e2
from enum import Enum
class Color(Enum):
    RED = "r"
    BLUE = "b"
    @property
    def pretty(self):
        return self.name.title()
    @staticmethod
    def default():
        return Color.RED
    @classmethod
    def from_code(cls, code):
        for c in cls:
            if c.value == code:
                return c
        raise ValueError(code)
print(Color.RED.pretty, Color.default(), Color.from_code("b"), {c.value: c for c in Color})
print(Color.RED.value + "x", [c for c in Color if c is not Color.RED], Color.RED in (Color.BLUE,), Color("b").name)
try:
    Color.from_code("z")
except ValueError as e:
    print("bad", e)
print(sorted(Color, key=lambda c: c.value), dict.fromkeys(Color, 0))
# %% t1
from typing import TypeVar, Generic, Callable, Optional, Iterable
T = TypeVar("T")
U = TypeVar("U")
def compose(f: Callable[[T], U], items: list[T]) -> list[U]:
    return [f(i) for i in items]
class Maybe(Generic[T]):
    def __init__(self, value: Optional[T]) -> None:
        self.value = value
    def map(self, f: Callable[[T], U]) -> "Maybe[U]":
        if self.value is None:
            return Maybe(None)
        return Maybe(f(self.value))
    def get(self, default: T) -> T:
        return default if self.value is None else self.value
print(compose(lambda x: x * 2, [1, 2]), compose(str, [1, 2]), Maybe(3).map(lambda x: x + 1).get(0))
# %% t2
from typing import NamedTuple, Optional
class Emp(NamedTuple):
    name: str
    boss: Optional[str] = None
e = Emp("a")
e2 = e._replace(boss="b")
print(e, e2, e == e2, e._asdict(), e2._asdict()["boss"], Emp._fields, hash(e) == hash(Emp("a")))
# %% t3
Coord = tuple[int, int]
Grid = dict[Coord, str]
IntList = list[int]
def at(g: Grid, c: Coord) -> str:
    return g.get(c, ".")
g: Grid = {(0, 0): "#"}
print(at(g, (0, 0)), at(g, (1, 1)), IntList((1, 2)))
Dog = None
class Animal:
    kind = "animal"
Alias = Animal
print(Alias.kind, Alias().kind, isinstance(Alias(), Animal), Alias is Animal, Alias.__name__)
# %% t4
from typing import TypedDict, List
class Item(TypedDict):
    name: str
    price: float
    qty: int
def total(items: List[Item]) -> float:
    return sum(i["price"] * i["qty"] for i in items)
cart: List[Item] = [{"name": "a", "price": 2.5, "qty": 2}, {"name": "b", "price": 1.0, "qty": 3}]
print(total(cart), cart[0], sorted(cart, key=lambda i: i["price"])[0]["name"])
# %% members_by_name
from enum import Enum
class Dir(Enum):
    N = (0, 1)
    E = (1, 0)
    X = (1, 0)
print("N" in Dir.__members__, "Q" in Dir.__members__, list(Dir.__members__), len(Dir.__members__))
for k, v in Dir.__members__.items():
    print(k, v)
print(Dir.__members__["X"], Dir.__members__.get("Q"))
print(Dir.__members__)
print(type(Dir.__members__).__name__, {**Dir.__members__})
