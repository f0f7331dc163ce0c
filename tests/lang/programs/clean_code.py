# %% inherited_equality
from dataclasses import dataclass
@dataclass
class N:
    k: int
class M(N):
    pass
a = N(1)
b = M(1)
print(a == b, b == b, M(1) == M(1), b == a)
xs: list[N] = [a, b]
print(xs[0] == xs[1], xs.index(b), xs.count(a), b in [a])
print(a == 3, a != b, a == None)
# %% equality_and_others
from dataclasses import dataclass
class Odd:
    def __eq__(self, other: object) -> bool:
        return True
class Base:
    pass
@dataclass
class N(Base):
    k: int
print(N(1) == Odd(), Odd() == N(1), N(1) == 3, N(1) == N(1), N(1) != "x", N(1) in [N(2), N(1)])
# %% equality_below_a_class
from dataclasses import dataclass
from enum import IntEnum, Enum
class Base:
    pass
@dataclass
class N(Base):
    k: int
@dataclass
class M(Base):
    k: int
@dataclass
class L(M):
    j: int = 0
class Color(Enum):
    RED = 1
class Num(IntEnum):
    ONE = 1
xs: list[Base] = [N(1), M(1), L(1), L(1, 2), Base()]
print([[a == b for a in xs] for b in xs])
ys: list[M] = [M(1), L(1), L(1)]
print([[a == b for a in ys] for b in ys])
x: Base = N(1)
print(x == N(1), N(1) == x, M(1) == x, x == M(1), L(1) == M(1), M(1) == L(1))
print(Color.RED == Color.RED, Num.ONE == 1, xs.index(L(1)), N(1) in xs, N(5) in xs)
o: object = N(1)
print(o == N(1), N(1) == o)
# %% expressions_as_dataclasses
from abc import ABC
from dataclasses import dataclass
class E(ABC):
    pass
@dataclass
class N(E):
    v: int
@dataclass
class B(E):
    l: E
    r: E
print(B(N(1), N(2)) == B(N(1), N(2)), B(N(1), N(2)) == B(N(1), B(N(2), N(3))))
# %% setter_of_a_number
class Stock:
    def __init__(self, price: float) -> None:
        self._price = price
    @property
    def price(self) -> float:
        return self._price
    @price.setter
    def price(self, value: float) -> None:
        if value != self._price:
            self._price = value
            self._notify()
    def _notify(self) -> None:
        print("x")
s = Stock(100)
s.price = 5
s.price = 5.0
print(s.price)
# %% hash_never_asked
from dataclasses import dataclass, field
from typing import List
@dataclass(frozen=True)
class Order:
    n: int
    items: List[str] = field(default_factory=list)
o = Order(1, ["a"])
print(o, o == Order(1, ["a"]))
print({1: o})
# %% sorted_lists_of_dicts
d = {"b": [{"x": 1}], "a": [{"y": 2}]}
for k, v in sorted(d.items()):
    print(k, v)
class P:
    pass
xs = [("a", [P()]), ("a", [P()])]
try:
    xs.sort()
except TypeError as e:
    print(e)
print([P()] < [P(), P()] if False else "skip")
p = P()
print([p] < [p, p], [p, p] <= [p])
ys = [[{"a": 1}], []]
print(sorted(ys))
# %% sorted_lists_of_objects
class P:
    def __init__(self, n):
        self.n = n
d = {"b": [P(1)], "a": [P(2), P(3)]}
for k, v in sorted(d.items()):
    print(k, len(v))
# %% bare_tuples
def f(xs: list) -> tuple[str, tuple]:
    return "a", tuple(xs)
print(f([1, "b"]))
def g(t: tuple) -> int:
    return len(t)
print(g((1, "b")), g(()))
d: dict[tuple, int] = {}
d[(1, 2)] = 3
d[("a",)] = 4
print(d)
# %% callables_of_callables
from typing import Callable, Any
def deco(n: int = 1) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def inner(fn: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(a: int, b: str) -> Any:
            print("call", n, a)
            return fn(a, b)
        return wrapper
    return inner
@deco(3)
def f(a: int, b: str) -> str:
    return b * a
print(f(2, "x"))
# %% functions_of_anything
from typing import Any, Callable
def f(g: Callable[[int], Any]) -> Any:
    return g(3)
def double(n: int) -> int:
    return n * 2
def narrow() -> Callable[[int], int]:
    return double
h: Callable[[int], int] = narrow()
print(f(h), f(narrow()), f(double), f(lambda x: str(x)))
k: Callable[[int], object] = h
t: Callable[[int], Any] = (lambda n: (n, "a")) if k(1) else double
print(k(4), t(5))
from typing import Any, Callable
def swap(g: Callable[[Any], int]) -> int:
    return g("x")
h: Callable[[int], int] = lambda n: n
fs: list[Callable[[int], Any]] = [h, lambda x: str(x)]
print([f(1) for f in fs], fs[0] == h, h in fs)
# %% key_or_lambda
from typing import Callable, Any, Optional, List, TypeVar, Generic
T = TypeVar("T")
class H(Generic[T]):
    def __init__(self, items: List[T], key: Optional[Callable[[T], Any]] = None) -> None:
        self._key = key or (lambda x: x)
        self.items = items
    def best(self) -> T:
        b = self.items[0]
        for i in self.items:
            if self._key(i) < self._key(b):
                b = i
        return b
print(H([3, 1, 2]).best(), H(["aaa", "b"], key=len).best(), H([3, 1, 2], lambda x: -x).best())

# %% decorators_of_any_callable
from typing import Any, Callable, TypeVar, ParamSpec
import functools, time
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")
def log(fn: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        result = fn(*args, **kwargs)
        print(f"{fn.__name__}({args}, {kwargs}) = {result!r}", time.perf_counter() - start < 5)
        return result
    return wrapper
def retry(times: int = 3, delay: float = 0.0) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def decorator(fn: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(fn)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            last: Exception | None = None
            for i in range(times):
                try:
                    return fn(*args, **kwargs)
                except ValueError as e:
                    last = e
                    print("retry", i, e)
            raise RuntimeError(f"{fn.__name__} failed after {times}") from last
        return wrapper
    return decorator
@log
def add(a: int, b: int = 5) -> int:
    return a + b
@log
@retry(times=2)
def parse(s: str) -> int:
    return int(s)
class Svc:
    def __repr__(self) -> str:
        return "Svc"
    @log
    def ping(self, host: str, port: int = 80) -> str:
        return f"{host}:{port}"
print(add(1, 2), add(3, b=4), add(1))
print(parse("12"))
try:
    parse("x")
except RuntimeError as e:
    print(e, "|", e.__cause__)
print(Svc().ping("h"), Svc().ping("h", port=8080), add.__name__)

# %% decorators_by_a_result_variable
from typing import Any, Callable, TypeVar, ParamSpec
import functools, time
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")
def log(fn: Callable[..., R]) -> Callable[..., R]:
    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> R:
        start = time.perf_counter()
        result = fn(*args, **kwargs)
        print(f"{fn.__name__}({args}, {kwargs}) = {result!r}", time.perf_counter() - start < 5)
        return result
    return wrapper
def retry(times: int = 3, delay: float = 0.0) -> Callable[[Callable[..., R]], Callable[..., R]]:
    def decorator(fn: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(fn)
        def wrapper(*args: Any, **kwargs: Any) -> R:
            last: Exception | None = None
            for i in range(times):
                try:
                    return fn(*args, **kwargs)
                except ValueError as e:
                    last = e
                    print("retry", i, e)
            raise RuntimeError(f"{fn.__name__} failed after {times}") from last
        return wrapper
    return decorator
@log
def add(a: int, b: int = 5) -> int:
    return a + b
@log
@retry(times=2)
def parse(s: str) -> int:
    return int(s)
class Svc:
    def __repr__(self) -> str:
        return "Svc"
    @log
    def ping(self, host: str, port: int = 80) -> str:
        return f"{host}:{port}"
print(add(1, 2), add(3, b=4), add(1))
print(parse("12"))
try:
    parse("x")
except RuntimeError as e:
    print(e, "|", e.__cause__)
print(Svc().ping("h"), Svc().ping("h", port=8080), add.__name__)

# %% decorators_by_a_function_variable
from typing import Any, Callable, TypeVar, ParamSpec
import functools, time
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")
def log(fn: F) -> F:
    @functools.wraps(fn)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        start = time.perf_counter()
        result = fn(*args, **kwargs)
        print(f"{fn.__name__}({args}, {kwargs}) = {result!r}", time.perf_counter() - start < 5)
        return result
    return wrapper
def retry(times: int = 3, delay: float = 0.0) -> Callable[[F], F]:
    def decorator(fn: F) -> F:
        @functools.wraps(fn)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            last: Exception | None = None
            for i in range(times):
                try:
                    return fn(*args, **kwargs)
                except ValueError as e:
                    last = e
                    print("retry", i, e)
            raise RuntimeError(f"{fn.__name__} failed after {times}") from last
        return wrapper
    return decorator
@log
def add(a: int, b: int = 5) -> int:
    return a + b
@log
@retry(times=2)
def parse(s: str) -> int:
    return int(s)
class Svc:
    def __repr__(self) -> str:
        return "Svc"
    @log
    def ping(self, host: str, port: int = 80) -> str:
        return f"{host}:{port}"
print(add(1, 2), add(3, b=4), add(1))
print(parse("12"))
try:
    parse("x")
except RuntimeError as e:
    print(e, "|", e.__cause__)
print(Svc().ping("h"), Svc().ping("h", port=8080), add.__name__)

# %% decorators_by_parameters
from typing import Any, Callable, TypeVar, ParamSpec
import functools, time
T = TypeVar("T")
F = TypeVar("F", bound=Callable[..., Any])
P = ParamSpec("P")
R = TypeVar("R")
def log(fn: Callable[P, R]) -> Callable[P, R]:
    @functools.wraps(fn)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        start = time.perf_counter()
        result = fn(*args, **kwargs)
        print(f"{fn.__name__}({args}, {kwargs}) = {result!r}", time.perf_counter() - start < 5)
        return result
    return wrapper
def retry(times: int = 3, delay: float = 0.0) -> Callable[[Callable[P, R]], Callable[P, R]]:
    def decorator(fn: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(fn)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            last: Exception | None = None
            for i in range(times):
                try:
                    return fn(*args, **kwargs)
                except ValueError as e:
                    last = e
                    print("retry", i, e)
            raise RuntimeError(f"{fn.__name__} failed after {times}") from last
        return wrapper
    return decorator
@log
def add(a: int, b: int = 5) -> int:
    return a + b
@log
@retry(times=2)
def parse(s: str) -> int:
    return int(s)
class Svc:
    def __repr__(self) -> str:
        return "Svc"
    @log
    def ping(self, host: str, port: int = 80) -> str:
        return f"{host}:{port}"
print(add(1, 2), add(3, b=4), add(1))
print(parse("12"))
try:
    parse("x")
except RuntimeError as e:
    print(e, "|", e.__cause__)
print(Svc().ping("h"), Svc().ping("h", port=8080), add.__name__)

# %% any_of_a_class_below
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Type
@dataclass
class Event:
    name: str
@dataclass
class Order(Event):
    order_id: int
    def describe(self) -> str:
        return f"order {self.order_id}"
class Rush(Order):
    def describe(self) -> str:
        return "rush " + super().describe()
Handler = Callable[[Any], None]
class Bus:
    def __init__(self) -> None:
        self.handlers: List[Handler] = []
    def subscribe(self, handler: Handler) -> None:
        self.handlers.append(handler)
    def publish(self, event: Event) -> None:
        for h in self.handlers:
            h(event)
def show(e: Any) -> None:
    print(type(e).__name__, isinstance(e, Order), isinstance(e, Rush), isinstance(e, Event), isinstance(e, str), e)
    try:
        print(e.order_id, e.describe())
    except AttributeError as error:
        print("AttributeError:", error)
    match e:
        case Rush():
            print("rush")
        case Order(name, order_id=n):
            print("order", name, n)
        case Event(name):
            print("event", name)
    print(e == Order("x", 9), hasattr(e, "order_id") if False else "-")
bus = Bus()
bus.subscribe(show)
bus.subscribe(lambda e: print(e.name))
for event in (Order("x", 9), Event("plain"), Rush("r", 1)):
    bus.publish(event)
def problem(e: Exception) -> Any:
    return e
for made in (ValueError("v"), KeyError("k"), ZeroDivisionError("z")):
    p = problem(made)
    print(isinstance(p, ValueError), isinstance(p, LookupError), isinstance(p, ArithmeticError), isinstance(p, Exception), str(p))

# %% records_below_a_record
from dataclasses import dataclass
@dataclass
class A:
    x: int
class B(A):
    pass
@dataclass
class C(A):
    y: int = 2
class Outer:
    @dataclass
    class Inner:
        z: int
def f():
    @dataclass
    class Local:
        q: int
    return Local(1)
print(A(1), B(2), C(3), Outer.Inner(4), f())
# %% fields_by_keyword_only
from __future__ import annotations
from dataclasses import dataclass, field, KW_ONLY, replace, fields
from itertools import count
_ids = count(1)

@dataclass(frozen=True, kw_only=True)
class Event:
    id: int = field(default_factory=lambda: next(_ids), compare=False)
    account: str

@dataclass(frozen=True)
class Opened(Event):
    _: KW_ONLY
    currency: str = "EUR"

@dataclass(frozen=True)
class Deposited(Event):
    amount: int
    memo: str = field(default="", kw_only=True)

@dataclass
class Part:
    x: int
    y: int = field(default=3, init=False)
    z: int = 5
    def __post_init__(self) -> None:
        self.y = self.x + 1

e = Opened(account="a")
print(e, Deposited(5, account="b"), Deposited(account="c", amount=7, memo="m"))
print(replace(e, currency="USD"), [f.name for f in fields(Deposited)])
def show(e: Event) -> str:
    match e:
        case Deposited(amount, account=a):
            return f"{amount} {a}"
        case Opened(account=a, currency=c):
            return f"{a} {c}"
        case _:
            return "?"
print(show(e), show(Deposited(5, account="b")), Deposited(1, account="x") == Deposited(1, account="x"))
p = Part(1, 9)
match p:
    case Part(a, b):
        print(a, b, p)
print(replace(p, x=7), Part(2) == Part(2, 5))
try:
    Deposited(1, "x")
except TypeError as err:
    print(err)
try:
    Opened()
except TypeError as err:
    print(err)
# %% dicts_inside_as_dicts
from __future__ import annotations
from dataclasses import dataclass, asdict, astuple, field
import json
@dataclass
class Item:
    name: str
    weight: float = 1.0
@dataclass
class Room:
    name: str
    exits: dict[str, str] = field(default_factory=dict)
    items: list[Item] = field(default_factory=list)
    by: dict[str, Item] = field(default_factory=dict)
    deep: dict[str, list[Item]] = field(default_factory=dict)
@dataclass
class World:
    rooms: dict[str, Room]
    n: dict[int, bool] = field(default_factory=dict)
a = Room("a", {"n": "b"}, [Item("x")], {"k": Item("y", 2)}, {"q": [Item("z")]})
w = World({"a": a, "b": Room("b")}, {1: True})
d = asdict(w)
print(d)
print(astuple(w))
print(json.dumps(d))
a.exits["s"] = "c"
print(d["rooms"]["a"]["exits"], w == World({"a": a, "b": Room("b")}, {1: True}))
