# %% alias
from typing import List, Dict, Optional, Tuple, Union, Callable
Matrix = list[list[float]]
Vector = List[int]
Graph = Dict[str, List[str]]
Number = Union[int, float]
Handler = Callable[[int], int]
Pair = tuple[int, int]
Name = str
def total(m: Matrix) -> float:
    return sum(sum(row) for row in m)
def edges(g: Graph) -> int:
    return sum(len(v) for v in g.values())
def apply(h: Handler, p: Pair, n: Name) -> str:
    return n + str(h(p[0]))
v: Vector = [1, 2]
print(total([[1.0, 2.0]]), edges({"a": ["b"]}), apply(lambda x: x + 1, (1, 2), "n"), v)
def add(a: Number, b: Number) -> Number:
    return a + b
print(add(1, 2), add(1.5, 2))
# %% typevar
from typing import TypeVar, Generic, List, Optional
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")
class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: List[T] = []
    def push(self, item: T) -> None:
        self.items.append(item)
    def pop(self) -> T:
        return self.items.pop()
    def peek(self) -> Optional[T]:
        return self.items[-1] if self.items else None
s: Stack[int] = Stack()
s.push(1); s.push(2)
print(s.pop(), s.peek())
t = Stack[str]()
t.push("a")
print(t.pop(), t.peek())
def first(items: List[T]) -> T:
    return items[0]
print(first([1, 2]), first(["a"]))
class Cache(Generic[K, V]):
    def __init__(self) -> None:
        self.data: dict[K, V] = {}
    def put(self, k: K, v: V) -> None:
        self.data[k] = v
    def get(self, k: K) -> Optional[V]:
        return self.data.get(k)
c: Cache[str, int] = Cache()
c.put("a", 1)
print(c.get("a"), c.get("b"))
class Node(Generic[T]):
    def __init__(self, value: T, next: "Optional[Node[T]]" = None) -> None:
        self.value = value
        self.next = next
n = Node(1, Node(2))
print(n.value, n.next.value if n.next else None)
def pair_up(a: K, b: V) -> tuple[K, V]:
    return (a, b)
print(pair_up(1, "x"))
# %% newtype
from typing import NewType, Literal, Final, ClassVar, TypeAlias, cast, overload
UserId = NewType("UserId", int)
Mode: TypeAlias = Literal["r", "w"]
MAX: Final = 3
LIMIT: Final[int] = 4
def who(u: UserId) -> str:
    return f"user {u}"
def op(mode: Mode) -> str:
    return mode * 2
class C:
    count: ClassVar[int] = 0
print(who(UserId(5)), op("r"), MAX + LIMIT, C.count, cast(int, 3))
# %% overload
from typing import overload, Union
@overload
def double(x: int) -> int: ...
@overload
def double(x: str) -> str: ...
def double(x: Union[int, str]) -> Union[int, str]:
    return x * 2
print(double(2), double("a"))
# %% typeddict
from typing import TypedDict
class Movie(TypedDict):
    title: str
    year: int
m: Movie = {"title": "Alien", "year": 1979}
print(m["title"], m["year"] + 1, m)
n = Movie(title="X", year=2)
print(n["title"])
def show(movies: list[Movie]) -> str:
    return ", ".join(x["title"] for x in movies)
print(show([m, n]))
m["year"] = 1980
print(m, len(m), list(m), "title" in m, m.get("title"))
for k, v in m.items():
    print(k, v)
# %% namedtuple
from typing import NamedTuple
class P(NamedTuple):
    x: int
    y: int = 5
    def norm(self) -> int:
        return self.x * self.x + self.y * self.y
p = P(1)
print(p, p._replace(x=9), p._asdict(), p._fields, P._fields, p.norm(), p[0], p == (1, 5))
a, b = p
print(a, b, len(p))
# %% namedtuple2
from collections import namedtuple
Point = namedtuple("Point", ["x", "y"], defaults=[0])
Q = namedtuple("Q", "a b c")
p = Point(1)
print(p, Point(1, 2), p._replace(y=3), p._asdict(), Point._fields)
q = Q(1, "b", 2.5)
print(q, q.b, q._replace(c=3))
for item in q: print(item)
print([Q(1, 2, 3), Q(4, 5, 6)], sorted([Point(3, 1), Point(1, 2)]))
# %% abc
from abc import ABC, abstractmethod, ABCMeta
class Shape(ABC):
    @abstractmethod
    def area(self): ...
    @property
    @abstractmethod
    def name(self): ...
    def describe(self):
        return f"{self.name} {self.area()}"
class Sq(Shape):
    def __init__(self, s): self.s = s
    def area(self): return self.s * self.s
    @property
    def name(self): return "sq"
print(Sq(2).describe())
try:
    Shape()
except TypeError as e:
    print("TypeError")
class M(metaclass=ABCMeta):
    @abstractmethod
    def go(self): pass
class N(M):
    def go(self): return 1
print(N().go())
# %% protocol
from typing import Protocol, runtime_checkable
@runtime_checkable
class Sized2(Protocol):
    def size(self) -> int: ...
class Box:
    def size(self) -> int: return 3
def f(s: Sized2) -> int: return s.size()
print(f(Box()))
# %% self
from typing import Self
class B:
    def __init__(self) -> None:
        self.parts: list[str] = []
    def add(self, p: str) -> Self:
        self.parts.append(p)
        return self
class C(B):
    def extra(self) -> str: return "-".join(self.parts)
print(C().add("a").add("b").extra())
# %% constrained
from typing import TypeVar
N = TypeVar("N", int, float)
B = TypeVar("B", bound="Base")
class Base:
    def __init__(self, v: int) -> None: self.v = v
    def me(self: B) -> B: return self
class D(Base):
    def only(self) -> int: return self.v
def mx(a: N, b: N) -> N:
    return a if a > b else b
print(mx(1, 2), mx(1.5, 0.5), D(3).me().only())
# %% abc2
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self):
        pass
class Mid(Shape):
    def double(self):
        return self.area() * 2
class Sq(Mid):
    def __init__(self, s): self.s = s
    def area(self): return self.s * self.s
class Ci(Mid):
    def __init__(self, s): self.s = s
    def area(self): return self.s * 3.5
shapes = [Sq(2), Ci(2)]
print(sum(s.area() for s in shapes), [s.double() for s in shapes])
def total(shapes):
    t = 0
    for s in shapes:
        t += s.area()
    return t
print(total(shapes))
# %% parameters_of_functions_as_type_parameters
import functools
from collections.abc import Callable

def traced[**P, R](f: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(f)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        print("call", f.__name__)
        return f(*args, **kwargs)
    return inner

@traced
def add(a: int, b: int = 2) -> int:
    return a + b
print(add(1), add(1, b=5))

class Registry:
    def __init__(self) -> None:
        self.names: list[str] = []
    def command[**Q, S](self, name: str | None = None) -> Callable[[Callable[Q, S]], Callable[Q, S]]:
        def deco(f: Callable[Q, S]) -> Callable[Q, S]:
            self.names.append(name or f.__name__)
            return f
        return deco
r = Registry()
@r.command()
def hi(x: str) -> str:
    return x.upper()
@r.command("named")
def ho() -> int:
    return 3
print(r.names, hi("a"), ho())
# %% names_that_say_little
from typing import Any, Concatenate, Literal, LiteralString, NotRequired, Required, SupportsIndex, TypedDict, TypeGuard, Unpack
class Options(TypedDict, total=False):
    limit: int
    mode: NotRequired[Literal["a", "b"]]
    name: Required[str]
def texts(x: list[object]) -> TypeGuard[list[str]]:
    return all(isinstance(i, str) for i in x)
def is_int(x: object) -> TypeGuard[int]:
    return isinstance(x, int)
def at(xs: list[str], i: SupportsIndex, mark: LiteralString = "!") -> str:
    return xs[i] + mark
def run(**options: Unpack[Options]) -> Any:
    return options.get("limit", 10), sorted(options)
raw: Options = {"name": "n", "limit": 3}
print(texts(["a"]), texts(["a", 1]), is_int(3), is_int("x"), at(["p", "q"], 1), run(limit=5, name="x"), raw.get("mode", "a"), run())
# %% a_decorator_of_decorators_called_in_two_ways
import functools
from typing import Callable, ParamSpec, TypeVar
P = ParamSpec("P")
R = TypeVar("R")
def retry(times: int, *kinds: type[Exception]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def deco(func: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(func)
        def inner(*args: P.args, **kwargs: P.kwargs) -> R:
            for n in range(times):
                try:
                    return func(*args, **kwargs)
                except kinds as e:
                    print("failed", n, e)
            raise RuntimeError("gave up")
        return inner
    return deco
@retry(2, OSError)
def flaky() -> str:
    return "fine"
@retry(2, ZeroDivisionError)
def hopeless(n: int = 0) -> float:
    return 1 / n
print(flaky())
try:
    hopeless()
except RuntimeError as e:
    print(e)
