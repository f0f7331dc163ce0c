# %% sums
print(sum([1, 0.1, 0.1, 0.1, 1, 0.1]), sum([0.1] * 10, 0.0), sum([0.1]*10), sum([1, 2.5, 3]), sum([0.1, 0.2, 0.3, 1]))
print(sum([True, 0.1, 0.1, 0.1]), sum([x / 10 for x in range(10)]), sum(x / 10 for x in range(10)), sum([0.1]*3, 1))
def f(xs): return sum(xs)
print(f([1, 0.1, 0.1, 0.1]), f([]), f([0.1]*10))
xs = []
if len(xs) > 5:
    xs.append(1.5)
print(sum(xs), sum([x for x in xs]))
def g(ys: list[float]):
    return sum(ys)
print(g([]), g([1.5]), g([0.25] * 4), sum(g([]) for i in range(2)))
print(sum([1.5, 2]), sum([1, 2.5]), sum([0.1] * 10), sum((x * 0.5 for x in range(3))))
# %% sums_annotated
def mean(xs: list[float]) -> float:
    return sum(xs) / len(xs)
def dot(a: list[float], b: list[float]) -> float:
    return sum(x * y for x, y in zip(a, b))
def norm(a: list[float]) -> float:
    return dot(a, a) ** 0.5
print(mean([1.0, 2.0]), dot([], []), dot([1.0], [2.0]), norm([3.0, 4.0]), norm([]))
import math
print(math.sqrt(sum([1.0, 3.0])), round(sum([1.25, 3.0]), 1), f"{sum([1.5]):.2f}", max(sum([1.5]), sum([2.5])))
total: float = sum([1.0])
total += 1.5
print(total, sum([1.0]) < sum([2.0]), -sum([1.0]), abs(sum([-1.0])))
class Acc:
    def __init__(self) -> None:
        self.xs: list[float] = []
        self.total: float = 0.0
    def done(self) -> float:
        self.total = sum(self.xs)
        return self.total
print(Acc().done(), Acc().total)
weights = [0.5, 0.25]
s = sum(weights)
norm2 = [w / s for w in weights]
print(norm2, s)
# %% equal_to_none
class A:
    def __eq__(self, o):
        print("asked", o)
        return o is None
a = A()
print(a == None, a != None, None == a, None != a)
b = None
print(a == b, b == a)
class Base: pass
class Sub(Base):
    def __eq__(self, o):
        return True
class Sub2(Sub):
    def __eq__(self, o):
        return o == 1
for x in [Base(), Sub(), Sub2()]:
    print(x == None, x != None, x == 1, x == Base(), 1 == x, "a" == x, x == "a")
from dataclasses import dataclass
@dataclass
class P:
    x: int
p = P(1)
q = None
print(p == None, p != None, None == p)
def is_there(x: P | None) -> bool:
    if x == None:
        return False
    return True
print(is_there(p), is_there(None))
# %% equal_to_none_in_loops
class Node:
    def __init__(self, v):
        self.v = v
        self.next = None
    def __eq__(self, o):
        if o is None:
            return False
        return self.v == o.v
n = Node(1)
n.next = Node(2)
while n != None:
    print(n.v)
    n = n.next
# %% sums_of_objects
print(sum([1, 2], 10), sum([0.5], 10), sum([], 10), sum([[1], [2]], []), sum([1,2], 0.5), sum([0.1]*10, 1))
class V:
    def __init__(self, x): self.x = x
    def __add__(self, o): return V(self.x + o.x)
    def __radd__(self, o): return self if o == 0 else V(self.x + o)
print(sum([V(1), V(2)]).x, sum([V(1), V(2)], V(5)).x)
# %% stop_in_map
def f(x):
    if x == 2:
        raise StopIteration
    return x
print(list(map(f, [1, 2, 3])))
def g():
    for x in map(f, [1, 2, 3]):
        yield x
try:
    print(list(g()))
except RuntimeError as e:
    print(e)
print(list(filter(f, [1, 2, 3])))
print([f(x) for x in [1]])
try:
    print([f(x) for x in [1, 2]])
except StopIteration:
    print("stop")
# %% several_results
import asyncio
async def a(): return 1
async def b(): return "x"
async def c():
    raise ValueError("c")
async def d(): return 2.5
async def main():
    print(await asyncio.gather(a(), b()))
    print(await asyncio.gather(a(), b(), d()))
    r = await asyncio.gather(a(), c(), return_exceptions=True)
    print(r)
    t = asyncio.create_task(a())
    u = asyncio.create_task(b())
    print(await asyncio.gather(t, u))
    print(await asyncio.gather(a(), a(), a(), a()))
    x, y = await asyncio.gather(a(), b())
    print(x, y)
    rs = await asyncio.gather(*[a() for _ in range(3)], return_exceptions=True)
    for r in rs:
        print(isinstance(r, Exception), r)
    try:
        await asyncio.gather(a(), c(), return_exceptions=False)
    except ValueError as e:
        print("raised", e)
asyncio.run(main())
import asyncio
async def fail():
    raise ValueError("no")
async def ok(n):
    await asyncio.sleep(0.01)
    return n
async def second_main():
    results = await asyncio.gather(fail(), ok(1), ok(2), return_exceptions=True)
    for r in results:
        if isinstance(r, Exception):
            print("error", type(r).__name__, r)
        else:
            print("ok", r)
    print(await asyncio.gather(*[ok(i) for i in range(3)], return_exceptions=True))
    print(await asyncio.gather(ok(1), ok(2)))
asyncio.run(second_main())
# %% exit_stack
from contextlib import ExitStack
class M:
    def __init__(self, n, swallow=False): self.n = n; self.swallow = swallow
    def __enter__(self):
        print("enter", self.n)
        return self.n
    def __exit__(self, t, v, tb):
        print("exit", self.n, t is None, v)
        return self.swallow
with ExitStack() as s:
    s.enter_context(M(1))
    s.enter_context(M(2, True))
    s.enter_context(M(3))
    raise ValueError("x")
print("after")
def boom(): raise KeyError("k")
try:
    with ExitStack() as s:
        s.enter_context(M(1))
        s.callback(boom)
except KeyError as e:
    print("got", e)
s = ExitStack()
s.enter_context(M(9))
t = s.pop_all()
s.close()
print("closing")
t.close()
with ExitStack() as s:
    for n in range(3):
        s.enter_context(M(n))
    def f(a, b): print("cb", a, b)
    s.callback(f, 1, "b")
    s.callback(print, "one")
# %% templates_written_out
class P:
    def __init__(self): self.x = 1.5; self.name = "p"
p = P()
print("{0.name} {0.x:.2f} {a[k]} {b[1]} {c[0]}".format(p, a={"k": 3}, b=[1, 2], c=(5, "x")))
print("{:>{}}|{:{}{}{}}".format("x", 5, "y", "*", "^", 7), "{:.{prec}f}".format(3.14159, prec=2), "{0:<{w}}|".format("ab", w=6))
print("{a} {b}".format(**{"a": 1, "b": 2}))
d = {"a": 1, "b": "x"}
print("{a} {b}".format(**d), "{a}-{b}".format_map(d))
t = [1, 2]
print("{} {}".format(*t), "{0}{1}{0}".format(*"ab"), "{}{}".format(*(1, "z")))
print("{!r:>8} {!s}".format("a", 1), "{{}} {}".format(1))
print("%*d|%-*d|%.*f|%0*d" % (5, 3, 4, 2, 2, 3.14159, 6, 42))
w = 6
print("%*s|" % (w, "ab"), "%-*s|" % (w, "ab"), "%*s|" % (-w, "ab"), "%*.*f|" % (8, 3, 2.5))
print("%s %r %d %5.1f%% %x %c %05d %+d" % ("a", "b", 3.9, 2.25, 255, "c", 42, 5))
print("%(a)s %(b)05.1f" % {"a": 1, "b": 2.5})
t = (1, 2)
print("%d %d" % t, "%s" % (t,), "%s" % 5)
# %% templates_of_the_run
ts = ["{0:>4}|{1}", "{1}{0}", "{}{}", "{{}}{} {:>5}", "{!r} {!s:>5}"]
for t in ts:
    print(t.format(1, "b"))
def fmt(t, *args, **kw):
    return t.format(*args, **kw)
print(fmt("{}-{}", 1, 2), fmt("{:.2f}", 1.5), fmt("{a}", a=3), fmt("{0}{a}{b}", 1, a="x", b=2.5), fmt("{:{}}", "x", 5))
for bad in ["{", "}", "{2}", "{x}", "{} {0}", "{0} {}", "{0"]:
    try:
        print(bad.format(1, 2))
    except (ValueError, IndexError, KeyError) as e:
        print(type(e).__name__, e)
messages = {"hi": "Hello {name}, you are {age:d}", "bye": "Bye {name!r}"}
for k in messages:
    print(messages[k].format(name="Ann", age=30))
vals = {"name": "Bob", "age": 3}
print(messages["hi"].format(**vals), messages["hi"].format_map(vals))
row = [1, 2.5, "x"]
print(ts[2].format(*row[:2]))
line = "{:<10}" + "{:>6}" * 2
print(line.format("a", 1, 2.5))
print(("{} " * 3).format(1, 2, 3))
# %% whole_numbers_as_bytes
print((1000).to_bytes(2, "big"), (1000).to_bytes(4, byteorder="little"), (-2).to_bytes(2, "big", signed=True))
print(int.from_bytes(b"\x03\xe8", "big"), int.from_bytes(b"\xff\xfe", "big", signed=True), int.from_bytes([1, 2], "little"))
print((5).to_bytes(), int.from_bytes(b"\x05"))
try:
    (1000).to_bytes(1, "big")
except OverflowError as e:
    print(e)
try:
    (-1).to_bytes(1, "big")
except OverflowError as e:
    print(e)
print((0.1).hex(), (1.0).hex(), (-2.5).hex(), float("inf").hex(), float("nan").hex(), 5e-324.hex(), (0.0).hex(), (-0.0).hex())
print((0.1).as_integer_ratio(), (2.5).as_integer_ratio(), (-3.0).as_integer_ratio())
# %% exception_arguments
e = ValueError(1, 2, 3, 4)
print(e.args, e, repr(e))
class MyErr(Exception): pass
try:
    raise MyErr("a", 1, 2.5, None, [1])
except MyErr as x:
    print(x.args, str(x), repr(x))
try:
    raise ValueError("x")
except ValueError as e:
    e.add_note("hello")
    e.add_note("there")
    print(e.__notes__)
from collections import Counter
print(Counter(a=1, b=2) + Counter(a=3))
print(Counter({"a": 2}) + Counter({"a": 3}), Counter(dict(a=5)))
c = Counter(a=1)
c["b"] += 1
c.update({"a": 2})
print(c)
print(Counter())
# %% partial
from functools import partial
def power(base, exponent):
    return base ** exponent
square = partial(power, exponent=2)
cube = partial(power, exponent=3)
print(square(3), cube(2))
basetwo = partial(int, base=2)
print(basetwo("101"))
p = partial(print, sep="-")
p(1, 2)
add = partial(lambda a, b: a + b, 1)
print(add(2))
print(list(map(partial(power, 2), [1, 2, 3])))
def g(a, b=1, *, c=2):
    return (a, b, c)
h = partial(g, c=5)
print(h(1), h(1, 2), h(1, c=7))
from functools import partial
class A:
    def m(self, x, y):
        return x - y
a = A()
first = partial(a.m, 5)
print(first(3))
k = partial(max, 3)
print(k(4), k(1))
s = sorted([3, 1, 2], key=partial(lambda m, x: m * x, -1))
print(s)
fs = [partial(lambda i, x: i * x, i) for i in range(3)]
print([f(2) for f in fs])
# %% lambdas_of_all_kinds
f = lambda *a: sum(a)
print(f(1, 2, 3))
g = lambda *a, **k: (a, k)
print(g(1, x=2))
h = lambda x, *rest: (x, rest)
print(h(1, 2, 3))
k = lambda **kw: sorted(kw)
print(k(a=1, b=2))
def apply(fn, *args):
    return fn(*args)
print(apply(lambda *xs: len(xs), 1, 2, 3))
# %% nested_decorators
import functools
def main():
    def deco(f):
        @functools.wraps(f)
        def inner(*args):
            print("call", args)
            return f(*args)
        return inner
    @deco
    def add(a, b):
        return a + b
    print(add(1, 2))
    @functools.lru_cache(maxsize=None)
    def fib(n):
        return n if n < 2 else fib(n - 1) + fib(n - 2)
    print(fib(50))
    @functools.cache
    def fact(n):
        return n * fact(n - 1) if n else 1
    print(fact(10))
main()
from functools import lru_cache
class S:
    def climb(self, n):
        @lru_cache(None)
        def go(i):
            if i <= 1:
                return 1
            return go(i - 1) + go(i - 2)
        return go(n)
    def lcs(self, a: str, b: str) -> int:
        @lru_cache(maxsize=None)
        def dp(i: int, j: int) -> int:
            if i == len(a) or j == len(b):
                return 0
            if a[i] == b[j]:
                return 1 + dp(i + 1, j + 1)
            return max(dp(i + 1, j), dp(i, j + 1))
        return dp(0, 0)
    def grid(self, g):
        @lru_cache(None)
        def dfs(r, c):
            best = 1
            for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
                x, y = r + dr, c + dc
                if 0 <= x < len(g) and 0 <= y < len(g[0]) and g[x][y] > g[r][c]:
                    best = max(best, 1 + dfs(x, y))
            return best
        return max(dfs(i, j) for i in range(len(g)) for j in range(len(g[0])))
print(S().climb(30), S().lcs("abcde", "ace"), S().grid([[9, 9, 4], [6, 6, 8], [2, 1, 1]]))
# %% assigned_later
def main():
    def even(n):
        return True if n == 0 else odd(n - 1)
    def odd(n):
        return False if n == 0 else even(n - 1)
    print(even(10), odd(3))
    def show():
        print(x)
    x = 5
    show()
main()
def wrapping(f):
    def inner(*a):
        return f(*a)
    return inner
def other():
    def f(n):
        return 1 if n < 2 else n * g(n - 1)
    g = wrapping(f)
    print(g(3), g(3))
other()
# %% conditional_functions
import sys
def pick(n):
    if n == 0:
        def op(a, b): return a + b
    elif n == 1:
        def op(a, b): return a * b
    else:
        op = lambda a, b: a - b
    return op(5, 3)
print(pick(0), pick(1), pick(2))
def later():
    def h(): return 1
    a = h()
    def h(): return 2
    return a, h()
print(later())
import sys
if len(sys.argv) > 100:
    def only(): return 1
try:
    only()
except NameError as e:
    print(e)
# %% reassigned_functions
def deco(f):
    def inner(*args):
        print("call")
        return f(*args)
    return inner
def add(a, b):
    return a + b
add = deco(add)
print(add(1, 2))
# %% imports_that_fail
try:
    import ujson as json
except ImportError:
    import json
try:
    from yaml import load
except ImportError:
    load = None
if load is None:
    print("no yaml", json.dumps({"a": 1}))
try:
    import numpy as np
except ImportError:
    np = None
def mean(xs):
    if np is not None:
        return float(np.mean(xs))
    return sum(xs) / len(xs)
print(mean([1, 2]))
import sys
if sys.version_info >= (3, 8):
    from functools import cached_property
else:
    cached_property = property
if sys.version_info[0] == 2:
    range = xrange
    input = raw_input
try:
    unicode
except NameError:
    unicode = str
print(unicode(3))
# %% names_for_annotations
from __future__ import annotations
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal
def f(x: Iterable[int]) -> int:
    return sum(x)
print(f([1, 2]))
import typing
if typing.TYPE_CHECKING:
    from foo import Bar
def g(x: "Bar") -> int:
    return 1
print("ok")
# %% abstract_annotations
from typing import Iterable, Sequence, Mapping, Iterator, Optional, Collection, TypeVar
from collections import Counter, defaultdict
T = TypeVar("T")
def g(x: Sequence[int]) -> int:
    return len(x) + x[0]
print(g([1, 2]), g((1, 2)), g(range(3)))
def first(xs: Iterable[T], default: Optional[T] = None) -> Optional[T]:
    for x in xs:
        return x
    return default
print(first([1, 2]), first("abc"), first((2.5,)), first({3}), first([]), first(iter([4])), first({"a": 1}))
def total(m: Mapping[str, int]) -> int:
    return sum(m.values())
print(total({"a": 1}), total(Counter("aab")), total(defaultdict(int)))
def pairs(m: Mapping[str, Sequence[int]]) -> list[tuple[str, int]]:
    return [(k, len(v)) for k, v in m.items()]
print(pairs({"a": [1, 2]}))
def words(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield from line.split()
print(list(words(["a b", "c"])), list(words(("x y",))), list(words(w for w in ["q r"])))
def evens(xs: Iterable[int]) -> Iterable[int]:
    return [x for x in xs if x % 2 == 0]
print(evens(range(5)), list(evens([2, 3])))
def both(xs: Sequence[float]) -> Sequence[float]:
    return tuple(x * 2 for x in xs)
print(both([1, 2.5]), both((1, 2)))
class Bag:
    def __init__(self, items: Iterable[str], sizes: Sequence[int]) -> None:
        self.items = list(items)
        self.sizes: Sequence[int] = sizes
    def add_all(self, more: Iterable[str]) -> None:
        self.items.extend(more)
    def has(self, names: Collection[str]) -> bool:
        return any(item in names for item in self.items)
b = Bag("abc", [1, 2])
b.add_all({"d": 1})
b.add_all(("e", "f"))
print(b.items, b.sizes, Bag([], [3]).sizes, b.has({"a"}), b.has(["z"]))
def none(x: Optional[Iterable[int]] = None) -> int:
    return 0 if x is None else sum(x)
print(none(), none([1]), none((1, 2)))
def deep(rows: Sequence[Sequence[int]]) -> int:
    return sum(sum(row) for row in rows)
print(deep([[1, 2], [3]]))
# %% cached_properties
from functools import cached_property
import functools
class Shape:
    def __init__(self, w: float, h: float) -> None:
        self.w = w
        self.h = h
    @cached_property
    def area(self) -> float:
        print("area")
        return self.w * self.h
    @functools.cached_property
    def name(self):
        print("name")
        return f"{self.w}x{self.h}"
class Sq(Shape):
    @cached_property
    def area(self) -> float:
        print("sq")
        return self.w ** 2
s = Shape(2.0, 3.0)
print(s.area, s.area, s.name, s.name)
q = Sq(2.0, 2.0)
print(q.area, q.area, q.name)
for x in [Shape(1.0, 1.0), Sq(3.0, 3.0)]:
    print(x.area, x.area)
class C:
    def __init__(self, n): self.n = n
    @property
    def big(self):
        try:
            return self.kept
        except AttributeError:
            self.kept = self.n * 1000
            return self.kept
c = C(2)
print(c.big, c.big)
# %% singledispatch_and_ordering
from functools import singledispatch, total_ordering
@singledispatch
def describe(value, prefix="-"):
    return prefix + "other " + repr(value)
@describe.register(int)
@describe.register(float)
def _(value, prefix="-"):
    return prefix + "number " + str(value)
@describe.register(bool)
def _(value, prefix="-"):
    return prefix + "bool"
@describe.register
def _(value: list, prefix="-"):
    return prefix + "list:" + ",".join(describe(v, "") for v in value)
class Animal: pass
class Dog(Animal): pass
@describe.register
def _(value: Animal, prefix="-"):
    return prefix + "animal"
@describe.register
def _(value: Dog, prefix="-"):
    return prefix + "dog"
for v in [1, 2.5, True, [1, True, "x"], None, "s", Dog(), Animal()]:
    print(describe(v), describe(v, prefix="+"))
@total_ordering
class Version:
    def __init__(self, text: str) -> None:
        self.parts = tuple(int(p) for p in text.split("."))
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self.parts == other.parts
    def __lt__(self, other: "Version") -> bool:
        if not isinstance(other, Version):
            return NotImplemented
        return self.parts < other.parts
    def __repr__(self): return ".".join(map(str, self.parts))
vs = [Version("1.10"), Version("1.2"), Version("1.2.1")]
print(sorted(vs), max(vs), vs[0] >= vs[1], vs[0] <= vs[1], vs[1] > vs[2], Version("1") >= Version("1"))
@total_ordering
class G:
    def __init__(self, n): self.n = n
    def __ge__(self, o): return self.n >= o.n
    def __eq__(self, o): return self.n == o.n
print(G(1) < G(2), G(1) <= G(1), G(1) > G(2), G(3) >= G(2))
# %% numbers_out_of_any
import json
from dataclasses import dataclass
@dataclass
class Item:
    name: str
    price: float
    weight: float | None = None
def load(text: str) -> list[Item]:
    return [Item(d["name"], d["price"], d.get("weight")) for d in json.loads(text)]
items = load('[{"name": "a", "price": 1}, {"name": "b", "price": 2.5, "weight": 3}]')
print(items, sum(i.price for i in items))
def total(xs: list[float]) -> float:
    return sum(xs)
data = json.loads('{"xs": [1, 2.5]}')
print(total([x for x in data["xs"]]))
rate: float = data["xs"][0]
print(rate, rate * 2)
scores: dict[str, float] = {}
for k in ["a"]:
    scores[k] = data["xs"][0]
print(scores)
found = json.loads('{"a": 1, "b": 2.5, "c": "x"}')
y: float | int = found["a"]
z: float | int = found["b"]
print(y, z)
def f() -> None:
    w: int | str = found["c"]
    v: str | int = found["a"]
    print(w, v)
f()
# %% dicts_of_dicts
root = {}
for w in ["ab", "ac"]:
    node = root
    for c in w:
        if c not in node:
            node[c] = {}
        node = node[c]
    node["end"] = True
print(root)
class Trie:
    def __init__(self):
        self.root = {}
    def insert(self, word):
        node = self.root
        for ch in word:
            if ch not in node:
                node[ch] = {}
            node = node[ch]
        node["#"] = word
    def search(self, word):
        node = self.root
        for ch in word:
            if ch not in node:
                return False
            node = node[ch]
        return "#" in node
t = Trie()
t.insert("hello")
print(t.search("hello"), t.search("hell"))
# %% put_in_through_any
import json
d = json.loads('{"a": [1, 2]}')
xs = [1, 2]
d["b"] = xs
d["b"].append("x")
print(d, xs, len(xs))
def show(v: object): print(v)
show(xs)
# %% tree_of_paths
root = {}
for path in ["a/b", "a/c/d", "e"]:
    node = root
    for part in path.split("/"):
        node = node.setdefault(part, {})
print(root)
def walk(n, depth=0):
    for k in sorted(n):
        print("  " * depth + k)
        walk(n[k], depth + 1)
walk(root)


# %% templates_of_what_may_be_none
def say(template, *values):
    try:
        print(template.format(*values))
    except TypeError as error:
        print(error)
for name in ["a", None]:
    say("{} {!r} {!s:>6}", name, name, name)
    say("{:>4}", name)
    say("{}", 3 if name else 2.5)
say("{}", None)
# %% functions_rebound_by_loops_and_tuples
def f():
    return 1
print(f())
for f in [1, 2]:
    print(f)
def g():
    return 1
print(g())
a, g = 3, lambda: 5
print(a, g())
def outer():
    def h():
        return 1
    print(h())
    b, h = 2, lambda: 7
    return b + h()
print(outer())
class C:
    def __enter__(self):
        return 4
    def __exit__(self, *exc):
        return False
def k():
    return 1
print(k())
with C() as k:
    print(k)
# %% percent_at_run
import itertools
cases = [("%08.3d",5),("%05f",float("inf")),("%05f",float("nan")),("%+05d",-3),("% d",3),("%-6d|",3),("%-06d|",3),("%#x",255),("%#o",8),("%#X",255),("%#010x",255),("%+x",-255),("%.3x",10),("%08.3x",10),("%#8.4x",10),("%c",65),("%c","a"),("%3c","a"),("%-3c|","a"),("%%",()),("%s %%",1),("%.2s","abc"),("%5.1s|","abc"),("%05s","a"),("%e",12345.678),("%G",1e-10),("%g",100000.0),("%g",1e6),("%#g",1.0),("%.0f",2.5),("%#.0f",2.0),("%+.1f",0.0),("%f",-0.0),("%d",3.99),("%d",-3.99),("%d",True),("%i",7),("%u",7),("%ld",7),("%x",True),("%r","a"),("%a","é"),("%10r|","a"),("%-10r|","a"),("%*d",(5,3)),("%-*d|",(5,3)),("%*d|",(-5,3)),("%.*f",(2,3.14159)),("%0*d",(5,-3)),("%s",None),("%s",[1,2]),("%s",(1,)),("%s",((1,2),)),("%(a)s %(b)d",{"a":1,"b":2}),("%(a)5.1f",{"a":2}),("abc",{}),("abc",[1]),("abc",()),
("%+05d",3),("% 05d",3),("%05d",-3),("%+.3e",1.5),("%010.3f",-1.5),("%-10.3f|",-1.5),("%F",float("inf")),("%E",1.5),("%X",-255),("%o",-8),("%.5d",-3),("%+.5d",3),("%8.5d|",-3),("%-8.5d|",-3),("%5s|%-5s|",("a","b")),("%(x)s%%",{"x":1}),("%(a b)s",{"a b":1}),("%((a))s",{"(a)":1})]
for f,v in cases:
    print(repr(f), f % v)
bad = [("%5%",(1,)),("%d","a"),("%x",1.5),("%f","a"),("%s",()),("%s",(1,2)),("abc",5),("abc",(1,)),("abc","x"),("%y",1),("%",1),("%(a)s",5),("%(a)s",(1,)),("%(b)s",{"a":1}),("%c","ab"),("%c",1.5),("%*d",("a",3)),("%d",None),("%s %s","a"),("%5",1),("%(a",{"a":1}),("%c",-1),("%s %",(1,))]
for f,v in bad:
    try: print(repr(f), f % v)
    except Exception as e: print(repr(f), type(e).__name__, e)
# %% templates_at_run
def f(t, *a, **k): return t.format(*a, **k)
print(f("{} {:>5} {x!r}", 1, 2.5, x="a"), f("{0[1]} {d[k]} {d[0]}", [1, 2], d={"k": 5, 0: 6}), f("{{}} {:{w}.{p}f}", 3.14159, w=8, p=2))
for bad in ["{", "}", "{} {}", "{0} {}", "{x}", "{!z}", "{:d}"]:
    try:
        print(f(bad, "a"))
    except (ValueError, IndexError, KeyError) as e:
        print(type(e).__name__, e if "conversion" not in str(e) else "")
class P:
    def __init__(self, x): self.x = x
    def __format__(self, spec): return f"<{self.x}:{spec}>"
    def __str__(self): return "P!"
print(f("{} {:abc} {!s}", P(1), P(2), P(3)), "%s %r" % (P(1), [1]) if False else "", f("{}", None), "%s" % P(4))
t = "%s and %s"
print(t % ("a", P(2)), t % (1, None))
print("a: %(a)s" % {"a": 1}, "%s" % {"a": 1}, "%-5s|%5s|" % ("x", "y"))
def log(msg, *args): print(msg % args if args else msg)
log("hello"); log("%s=%d", "x", 3); log("%05.1f%%", 99.5)
row = ("a", 1, 2.5)
print("%s %d %.2f" % row, "{} {} {}".format(*row), "%s,%s" % tuple(["a", "b"]))
xs = [1, 2]
print("%s" % xs, "%s" % (xs,), "%d items" % len(xs), "%5.1f" % 3, "%x" % 255)
