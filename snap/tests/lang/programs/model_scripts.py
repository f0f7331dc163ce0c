# %% function_values_equal
from typing import Callable, List
def f(x: str) -> None: print("f", x)
def g(x: str) -> None: print("g", x)
hs: List[Callable[[str], None]] = [f]
hs.append(g)
hs.append(f)
hs.remove(f)
for h in hs: h("x")
print(f in hs, g == g, f == g, f is f, hs.index(g))
# %% functions_removed_from_lists
def f(x): print("f", x)
def g(x): print("g", x)
hs = [f]
hs.append(g)
print(f in hs)
hs.remove(f)
for h in hs: h("x")
# %% bound_methods_equal
from typing import Callable, List
class L:
    def __init__(self): self.n = 0
    def go(self, e: str) -> None: print("go", e)
class M(L):
    def go(self, e: str) -> None: print("M", e)
a, b, c = L(), L(), M()
hs: List[Callable[[str], None]] = [a.go]
print(a.go == a.go, a.go == b.go, hs[0] == a.go, hs[0] == b.go)
hs.append(b.go)
hs.append(c.go)
hs.remove(a.go)
for h in hs: h("x")
print(c.go in hs, hs.index(c.go), a.go in hs)
def f(h: Callable[[str], None]) -> None:
    hs.remove(h)
f(b.go)
print(len(hs))
# %% nested_functions_equal
class Bus:
    def __init__(self): self.hs = []
    def on(self, h): self.hs.append(h)
    def off(self, h):
        if h in self.hs:
            self.hs.remove(h)
            return True
        return False
    def fire(self, e):
        for h in self.hs: h(e)
def main():
    b = Bus()
    seen = []
    def one(e): print("one", e)
    def two(e): seen.append(e)
    b.on(one)
    b.on(two)
    b.fire(1)
    print(b.off(one), b.off(one), b.off(two))
    b.fire(2)
    print(seen, len(b.hs))
main()
def make(n):
    def add(x): return x + n
    return add
a, b = make(1), make(1)
print(a == a, a == b, a is a, a is b)
l = lambda x: x
l(1)
print(l == l, l is l)
# %% emitter
from typing import Callable, Dict, List, Optional
Handler = Callable[[str], None]
class Emitter:
    def __init__(self) -> None:
        self._l: Dict[str, List[Handler]] = {}
    def on(self, n: str, h: Handler) -> None:
        self._l.setdefault(n, []).append(h)
    def off(self, n: str, h: Handler) -> None:
        if n in self._l and h in self._l[n]:
            self._l[n].remove(h)
    def emit(self, n: str, d: str) -> None:
        for h in self._l.get(n, []): h(d)
class Obj:
    def __init__(self, name: str) -> None: self.name = name
    def handle(self, d: str) -> None: print(self.name, d)
    def other(self, d: str, n: int = 3) -> None: print(self.name, d, n)
def show(d: str, times: int = 2) -> None: print("show", d * times)
e = Emitter()
x, y = Obj("x"), Obj("y")
e.on("a", x.handle); e.on("a", y.handle); e.on("a", x.other); e.on("a", show); e.on("a", print)
e.emit("a", "1")
e.off("a", x.handle); e.off("a", show); e.off("a", print)
e.emit("a", "2")
e.off("a", x.other)
e.emit("a", "3")
cb: Optional[Handler] = None
print(cb == show, cb is None)
cb = show
print(cb == show, cb is show, x.handle is x.handle, x.handle == x.handle, x.handle == y.handle)
print(len({x.handle, x.handle, y.handle, show}))
# %% methods_in_a_set
class A:
    def go(self, x): print("go", x)
a = A()
hs = {a.go, a.go}
print(len(hs))
# %% sentinel_object
E = object()
def f(flag):
    v = E
    if flag:
        v = "text"
    return v
print(f(1), f(1) is E, f(0) is E)
# %% sentinel_default
E = object()
def get(d, k, default=E):
    if k in d: return d[k]
    if default is E: raise KeyError(k)
    return default
print(get({"a": "b"}, "a"), get({"a": "b"}, "z", "q"), get({"a": "b"}, "z", None), get({"a": [1]}, "a"))
try:
    get({}, "x")
except KeyError as e: print(e)
d = {"a": E}
print(d["a"] is E)
# %% protocol_of_str
from typing import Protocol, Sized
class HasLen(Protocol):
    def __len__(self) -> int: ...
class B:
    def __len__(self) -> int: return 7
def show(x: HasLen) -> int:
    return len(x)
def all_of(xs: list[HasLen]) -> int:
    return sum(len(x) for x in xs)
print(show("abc"), show([1]), show(B()), show({}), show(b"xy"))
xs: list[HasLen] = ["abc", b"xy", B(), [1]]
print(all_of(xs))
# %% slice_objects
class L:
    def __init__(self, xs):
        self.xs = list(xs)
    def __getitem__(self, i):
        if isinstance(i, slice):
            return L(self.xs[i])
        return self.xs[i]
    def __len__(self): return len(self.xs)
    def __repr__(self): return f"L({self.xs})"
a = L(range(10))
print(a[1], a[2:5], a[::2], a[-3:], a[::-1])
# %% abstract_caught
from abc import ABC, abstractmethod
class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...
    @abstractmethod
    def perimeter(self): pass
class P(Shape):
    def area(self): return 1
try:
    Shape()
except TypeError as e:
    print("TypeError:", e)
try:
    s = P()
    print(s)
except TypeError as e:
    print("TypeError:", e)
# %% frozen_caught
from dataclasses import dataclass, FrozenInstanceError
@dataclass(frozen=True)
class P:
    x: int
p = P(1)
try:
    p.x = 2
except FrozenInstanceError as e:
    print(type(e).__name__, e)
try:
    p.x = 2
except AttributeError as e:
    print(type(e).__name__, e)
try:
    p.x = 2
except Exception as e:
    print(type(e).__name__, e)
# %% docstrings
class T:
    """Doc of T."""
    def m(self):
        """Doc of m."""
def f():
    """Doc of f."""
def g(): pass
print(T.__doc__, f.__doc__, g.__doc__, T.m.__doc__, T().__doc__)
# %% docstrings_handed_on
"""Module doc."""
from functools import lru_cache
import sys
@lru_cache(maxsize=None)
def fib(n):
    """Fib."""
    return n if n < 2 else fib(n-1) + fib(n-2)
class A: pass
class B(A):
    """B doc"""
for x in [A(), B()]:
    print(x.__doc__)
print(fib.__doc__, fib(10))
def plain(f):
    """p"""
    def inner(*a):
        """inner doc"""
        return f(*a)
    return inner
# %% docstring_wraps
from functools import wraps
def deco(fn):
    @wraps(fn)
    def wrapper(*args):
        return fn(*args)
    return wrapper
@deco
def f(a):
    """Docs."""
    return a
print(f(1), f.__name__, f.__doc__)
# %% bare_collections
from collections import OrderedDict, deque, defaultdict, Counter
class S:
    def __init__(self):
        self.q: deque = deque()
        self.d: defaultdict = defaultdict(list)
        self.c: Counter = Counter()
s = S()
s.q.append(1)
s.d["a"].append(2)
s.c["x"] += 1
print(s.q, s.d, s.c)
# %% slices_by_hand
class Row:
    def __init__(self, *items): self.items = list(items)
    def __getitem__(self, place):
        if isinstance(place, slice):
            print(place, place.indices(len(self.items)))
        return self.items[place]
    def __setitem__(self, place, value): self.items[place] = value
row = Row(1, 2, 3, 4, 5)
print(row[1:3], row[::-1], row[-2:], row[0], row[:-9:-2])
NAME, REST = slice(0, 3), slice(4, None)
print("Ada Lovelace"[NAME], "Ada Lovelace"[REST], (1, 2, 3, 4, 5)[REST], range(10)[slice(None, None, 3)], NAME.stop)
print(slice(3), slice(1, 2) == slice(1, 2), slice(None, -1).start)
# %% json_into_any
import json
from typing import Any, Dict, List
data: Dict[str, Any] = json.loads('{"a": 1, "b": [1.5, null, {"c": true}]}')
rows: List[Dict[str, Any]] = json.loads('[{"x": 1}, {"x": "y"}]')
print(data, data["b"][2]["c"], [row["x"] for row in rows])
def load(text: str) -> Dict[str, Any]:
    return json.loads(text)
print(load('{}'), sorted(load('{"k": "v"}').items()))
# %% typing_collections
from typing import Counter, DefaultDict, Deque
counts: DefaultDict[str, int] = DefaultDict(int)
counts["a"] += 1
last: Deque[int] = Deque([1, 2], maxlen=2)
last.append(3)
print(counts["a"], counts["b"], list(last), Counter("aab").most_common(1))
# %% copies_of_objects
import copy
from enum import Enum
class Color(Enum):
    RED = 1
    BLUE = 2
class Base:
    def __init__(self): self.log = []
class Node(Base):
    def __init__(self, value, children=None):
        super().__init__()
        self.value = value
        self.children = children or []
        self.meta = {"visits": 0, "tags": {"a", "b"}}
        self.color = Color.RED
        self.next = None
r = Node(1, [Node(2), Node("x")])
r.next = r
d = copy.deepcopy(r)
c = copy.copy(r)
r.children[0].value = 9
r.meta["visits"] = 4
r.log.append("later")
print(d.children[0].value, d.meta["visits"], sorted(d.meta["tags"]), d is r, d.next is d, d.color is Color.RED, d.log)
print(c.children[0].value, c.meta["visits"], c.next is r, c.log, isinstance(c, Node))
# %% copies_of_lists
import copy
k = {"k": (1, [2])}
a = [1, [2, 3], "x", k, None, 2.5]
e = copy.deepcopy(a)
a[1].append(4)
k["k"][1].append(5)
print(e, copy.copy(a) == a)
m = [[0] * 2] * 2
n = copy.deepcopy(m)
n[0][0] = 1
print(m, n)
loop = []
loop.append([1])
t = (1, [2], "a")
u = copy.deepcopy(t)
t[1].append(3)
print(u, t, copy.copy(t) is t, copy.deepcopy(5), copy.deepcopy("s"), copy.deepcopy(None))
big = [[i] for i in range(3000)]
other = copy.deepcopy(big)
big[2999][0] = -1
print(len(other), other[2999], sum(x[0] for x in other))
# %% copies_of_dataclasses
import copy
from collections import deque, Counter
from dataclasses import dataclass, field
from typing import Any, Dict, List, Optional
@dataclass
class Item:
    name: str
    tags: List[str] = field(default_factory=list)
@dataclass
class State:
    items: List[Item]
    scores: Dict[str, float]
    queue: deque = field(default_factory=deque)
    best: Optional[Item] = None
    extra: Any = None
i = Item("a", ["t"])
s = State([i, i], {"x": 1.5}, deque([1, 2]), i, [1, {"z": [2]}])
d = copy.deepcopy(s)
i.tags.append("new")
s.scores["y"] = 2.0
s.queue.append(3)
s.extra[1]["z"].append(9)
print(d)
print(d.items[0] is d.items[1], d.best is d.items[0], d == s, copy.copy(i), copy.copy(i).tags is i.tags)
print(copy.deepcopy(Counter("aab")), copy.copy(deque([1])), copy.deepcopy({(1, "a"): {3}}))
# %% copies_of_own
import copy
class Special:
    def __init__(self, n): self.n = n
    def __deepcopy__(self, memo): return Special(self.n + 1)
    def __copy__(self): return Special(self.n * 10)
s = Special(1)
print(copy.deepcopy(s).n, copy.copy(s).n)
# %% declined_operator
class F:
    def __init__(self, n): self.n = n
    def _c(self, o):
        if isinstance(o, F): return o
        if isinstance(o, int): return F(o)
        return None
    def __add__(self, o):
        o = self._c(o)
        if o is None: return NotImplemented
        return F(self.n + o.n)
    __radd__ = __add__
a = F(1)
print((a + 1).n, (1 + a).n)
try:
    print(a + "x")
except TypeError as e:
    print("TypeError:", e)
# %% async_iterator_annotations
import asyncio
from typing import AsyncIterator, AsyncGenerator
async def ticker(n: int) -> AsyncIterator[int]:
    for i in range(n):
        yield i
        await asyncio.sleep(0)
async def t2(n: int) -> AsyncGenerator[int, None]:
    for i in range(n):
        yield i
async def main() -> None:
    async for t in ticker(3): print(t)
    print([x async for x in t2(3)])
asyncio.run(main())
# %% bytearray_slices
f = bytearray([1]) * 10
f[0:2] = b"\0\0"
f[2::2] = bytearray(4)
f[0:1] = bytearray(2)
print(f, bytes(f))
# %% quantiles
import statistics as st
print(st.quantiles([1, 2, 3, 4, 5], n=4), st.quantiles([1.5, 2, 7]), st.quantiles([1, 3, 9, 27], n=10, method="inclusive"), st.quantiles([2.5, 1.0], n=2))
try:
    st.quantiles([1])
except st.StatisticsError as e: print("too few")
# %% protocol_of_numbers
from typing import Iterable, Protocol, List
class HasArea(Protocol):
    def area(self) -> float: ...
class Blob:
    def area(self) -> float:
        return 1.5
class Rect:
    def __init__(self, w: float, h: float) -> None:
        self.w, self.h = w, h
    def area(self) -> float:
        return self.w * self.h
def total_area(items: Iterable[HasArea]) -> float:
    return sum(i.area() for i in items)
def total2(items: List[HasArea]) -> float:
    return sum(i.area() for i in items)
print(total_area([Blob(), Rect(1, 1)]))
print(total_area([Rect(1, 1)]))
print(total2([Blob(), Rect(1, 1)]))
# %% any_dicts_merged
from typing import Any, Dict
D = {"debug": False, "server": {"host": "localhost", "port": 8080}}
def merge(base: Dict[str, Any]) -> Dict[str, Any]:
    result = dict(base)
    for k, v in base.items():
        if isinstance(v, dict):
            result[k] = merge(v)
    return result
print(merge(D))
# %% dict_of_keywords
print(dict(a=1, **{"b": 2}))
k = {"b": 2}
print(dict(a=1, **k), dict({"z": 0}, **k), dict(**k), dict([("q", 1)], w=2))
def f(**kw): return dict(kw, x=1)
print(f(a=2), dict(f(b=3), c=4))
print(() is (), () is not ())
# %% fields_that_say_no_default
from dataclasses import dataclass, field
@dataclass(order=True)
class E:
    time: int
    name: str = field(compare=False)
    tag: str = field(repr=False, default="t")
print(E(1, "b") == E(1, "c"), E(1, "z"), E(1, "z") < E(2, "a"))
# %% enum_by_name_in_a_classmethod
from enum import Enum, IntEnum
class P(IntEnum):
    LOW = 1
    @classmethod
    def parse(cls, s): return cls[s.upper()]
    @classmethod
    def all(cls): return [m.name for m in cls]
class C(Enum):
    A = "a"
    @classmethod
    def of(cls, v): return cls(v)
print(P.parse("low"), P.all(), C.of("a"))
# %% observers_of_numbers
from typing import Callable, Dict, List, Optional, Protocol
class Observer(Protocol):
    def notify(self, value: float) -> None: ...
class Display:
    def __init__(self, name: str) -> None:
        self.name = name
        self.last: Optional[float] = None
    def notify(self, value: float) -> None:
        self.last = value
        print(f"{self.name}: {value}")
class Sensor:
    def __init__(self) -> None:
        self._observers: List[Observer] = []
        self._value: float = 0.0
    def attach(self, o: Observer) -> None:
        if o not in self._observers:
            self._observers.append(o)
    def detach(self, o: Observer) -> None:
        try:
            self._observers.remove(o)
        except ValueError:
            print("not attached")
    @property
    def value(self) -> float: return self._value
    @value.setter
    def value(self, v: float) -> None:
        if v != self._value:
            self._value = v
            for o in self._observers: o.notify(v)
s = Sensor()
d1, d2 = Display("A"), Display("B")
s.attach(d1); s.attach(d1); s.attach(d2)
s.value = 20
s.value = 20
s.detach(d2); s.detach(d2)
s.value = 21.5
print(d1.last, d2.last)
# %% emitters_of_methods
class EventEmitter:
    def __init__(self):
        self._listeners = {}
    def on(self, event, callback):
        self._listeners.setdefault(event, []).append(callback)
        return lambda: self.off(event, callback)
    def off(self, event, callback):
        if callback in self._listeners.get(event, []):
            self._listeners[event].remove(callback)
    def once(self, event, callback):
        def wrapper(*args):
            self.off(event, wrapper)
            callback(*args)
        self.on(event, wrapper)
    def emit(self, event, *args):
        for cb in list(self._listeners.get(event, [])):
            cb(*args)
        return len(self._listeners.get(event, []))
class View:
    def __init__(self, n): self.n = n; self.seen = []
    def update(self, x): self.seen.append(x); print(self.n, "got", x)
e = EventEmitter()
v, w = View("v"), View("w")
e.on("change", v.update)
undo = e.on("change", w.update)
e.once("change", lambda x: print("once", x))
print(e.emit("change", 1))
undo()
e.off("change", v.update)
print(e.emit("change", 2), v.seen, w.seen)
# %% never_evaluated
class Num:
    def __init__(self, v): self.v = v
    def __eq__(self, o): return isinstance(o, Num) and self.v == o.v
    def __hash__(self): return hash(self.v)
    def same(self, o):
        if isinstance(o, Num) and o.v == self.v: return "same"
        if not isinstance(o, Num) or o.v < 0: return "odd"
        return "other"
    def pick(self, o): return o.v if isinstance(o, Num) else o
    def either(self, o): return isinstance(o, str) or (isinstance(o, Num) and o.v > 1) or o == 0
print(Num(1) == Num(1), Num(1) == 7, Num(1) != "x", Num(1) in [2, Num(1)])
print([Num(1).same(o) for o in (Num(1), Num(2))], Num(1).same(3), Num(1).same("x"), Num(1).same(Num(-1)))
print(Num(1).pick(Num(4)), Num(1).pick("s"), Num(0).either("a"), Num(0).either(Num(2)), Num(0).either(0), Num(0).either(5))
def size(x):
    return x is not None and hasattr(x, "__len__") and len(x)
print(size([1]), size(None))
# %% methods_compared
class A:
    def m(self): return 1
    @staticmethod
    def s(): return 2
a = A()
print(a.m == a.m, A.s == A.s, a.s == A.s, A.m == A.m, a.m == A().m)
# %% producer_and_consumer
import asyncio
async def producer(queue, n):
    for i in range(n):
        await queue.put(f"i{i}")
async def consumer(queue, results):
    while True:
        item = await queue.get()
        if item is None:
            break
        results.append(item.upper())
async def main():
    queue = asyncio.Queue()
    results = []
    task = asyncio.create_task(consumer(queue, results))
    await producer(queue, 3)
    await queue.put(None)
    await task
    print(results)
asyncio.run(main())
