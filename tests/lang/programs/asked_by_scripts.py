# %% async_contexts
import asyncio
import contextlib
from contextlib import asynccontextmanager
log = []
@asynccontextmanager
async def resource(name):
    log.append("open " + name)
    try:
        yield name.upper()
    except ValueError as e:
        log.append(f"caught {e}")
    finally:
        log.append("close " + name)
class Pool:
    def __init__(self, size):
        self.free = list(range(size))
    @contextlib.asynccontextmanager
    async def take(self):
        item = self.free.pop()
        await asyncio.sleep(0)
        try:
            yield item
        finally:
            self.free.append(item)
@asynccontextmanager
async def bad(n):
    for i in range(n):
        yield i
async def main():
    async with resource("db") as r:
        log.append(f"use {r}")
    async with resource("x"):
        raise ValueError("oops")
    pool = Pool(2)
    async with pool.take() as a, pool.take() as b:
        print(a, b, pool.free)
    print(pool.free)
    try:
        async with pool.take() as a:
            raise KeyError("k")
    except KeyError as e:
        print("key", e, pool.free)
    for n in (0, 2):
        try:
            async with bad(n) as x:
                print("in", x)
        except RuntimeError as e:
            print(e)
    print(log, await asyncio.sleep(0, "late"), await asyncio.sleep(0.001))
asyncio.run(main())
# %% property_calls
class Temp:
    def __init__(self, c):
        self._c = c
    def get_f(self):
        return self._c * 9 / 5 + 32
    def set_f(self, value):
        self._c = (value - 32) * 5 / 9
    f = property(get_f, set_f)
    kelvin = property(lambda self: self._c + 273.15)
class Sub(Temp):
    def get_f(self):
        return -1.0
t = Temp(100)
print(t.f, t.kelvin)
t.f = 32
print(t._c, t.kelvin, Sub(100).f)
try:
    t.kelvin = 3
except AttributeError as e:
    print(type(e).__name__, e)
# %% contained
def pick(words):
    return words[-1] if words else None
room = {"items": ["lamp", "coin"], "n": 3}
item = pick([])
print(item in room["items"], item not in room["items"], item in ["a"], item in {"a"}, item in {"a": 1}, item in ("a", 1))
item = pick(["coin"])
print(item in room["items"], 3 in room["items"])
xs = ["a", "b"]
print(1 in xs, None in xs, 1.5 in {"a": 1}, xs.count(None))
# %% bare_containers
def f(n: int) -> list:
    items: list = [n]
    items.append("a")
    items.append(None)
    d: dict = {"a": 1}
    d["b"] = "x"
    d[3] = [1]
    return items + [d]
class Box:
    def __init__(self, n: int) -> None:
        self.items: list = []
        self.items.append(n)
    def put(self, what: str) -> None:
        self.items.append(what)
b = Box(3)
b.put("z")
print(f(2), b.items)
import asyncio
async def worker(name: str, queue: asyncio.Queue, results: list) -> None:
    while True:
        item = await queue.get()
        if item is None:
            break
        results.append((name, item * 2))
        queue.task_done()
async def main() -> None:
    queue: asyncio.Queue = asyncio.Queue()
    results: list = []
    for i in range(4):
        queue.put_nowait(i)
    await queue.put(None)
    await worker("w", queue, results)
    print(sorted(r[1] for r in results), len(results))
asyncio.run(main())
# %% contained_in_mixed
rooms = {"hall": {"items": ["lamp"], "north": "attic", "locked": True}, "attic": {"items": [], "size": 3}}
for words in (["take", "lamp"], ["take"], []):
    item = words[-1] if len(words) > 1 else None
    for name, room in rooms.items():
        print(words, name, item in room["items"], item not in room["items"])
        try:
            print(item in room.get("size", "x"))
        except TypeError as error:
            print(type(error).__name__)
# %% may_be_none_walked
def make(n):
    if n == 0:
        return None
    return [n, n + 1]


for n in (3, 0):
    x = make(n)
    for act in range(13):
        try:
            if act == 0:
                print(sum(x))
            elif act == 1:
                print(sorted(x, reverse=True))
            elif act == 2:
                print(max(x), min(x))
            elif act == 3:
                print(list(enumerate(x)))
            elif act == 4:
                print(list(zip(x, x)))
            elif act == 5:
                print(list(map(str, x)))
            elif act == 6:
                print(",".join(map(str, x)))
            elif act == 7:
                print(dict.fromkeys(x))
            elif act == 8:
                print(list(filter(None, x)))
            elif act == 9:
                print([a for a, b in zip(x, x)])
            elif act == 10:
                print(next(iter(x)))
            elif act == 11:
                print(list(zip([1], x)))
            else:
                print(list(map(lambda a, b: a + b, x, x)))
        except TypeError as error:
            print(error)
# %% own_iterator_in_sum
class Tree:
    def __init__(self, key, left=None, right=None):
        self.key, self.left, self.right = key, left, right
    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.key
        if self.right:
            yield from self.right
def balanced(keys):
    keys = list(keys)
    if not keys:
        return None
    mid = len(keys) // 2
    return Tree(keys[mid], balanced(keys[:mid]), balanced(keys[mid + 1:]))
print(list(balanced(range(10))))
print(sum(balanced(range(10))))
# %% beside_dataclasses
import itertools, collections, json
from dataclasses import dataclass, field, asdict, replace
from enum import Enum, auto
from typing import Optional, Union, Any
class Color(Enum):
    RED = auto(); GREEN = auto()
    def next(self):
        ms = list(Color)
        return ms[(ms.index(self) + 1) % len(ms)]
print(Color.RED.next(), Color["GREEN"], Color(1), [c.name for c in Color], Color.RED in Color)
@dataclass(order=True)
class Item:
    price: float
    name: str = field(compare=False)
    tags: list = field(default_factory=list, compare=False)
items = [Item(3, "c"), Item(1.5, "a", ["x"]), Item(2, "b")]
print(sorted(items), min(items), asdict(items[1]), replace(items[0], price=9))
def stats(*xs, **opts):
    scale = opts.get("scale", 1)
    fmt = opts.get("fmt")
    m = sum(xs) / len(xs) * scale if xs else None
    return (fmt, m)
print(stats(1, 2, 3), stats(), stats(1, 2, scale=10), stats(1, 2, fmt="{:.3f}"))
def find(xs, pred):
    for i, x in enumerate(xs):
        if pred(x):
            return i, x
    return None
r = find([1, 5, 9], lambda x: x > 3)
print(r, r[0], find("abc", str.isupper))
class Account:
    total = 0
    def __init__(self, owner, balance=0):
        self.owner, self.balance = owner, balance
        Account.total += 1
        self.history = []
    def deposit(self, amt):
        if amt <= 0:
            raise ValueError(f"bad amount: {amt!r}")
        self.balance += amt
        self.history.append(("deposit", amt))
        return self
    def __iadd__(self, amt):
        return self.deposit(amt)
    def __repr__(self):
        return f"{self.__class__.__name__}({self.owner!r}, {self.balance})"
class Savings(Account):
    rate = 0.1
    def add_interest(self):
        self.deposit(self.balance * self.rate)
s = Savings("ann", 100)
s += 50
s.add_interest()
print(s, s.history, Account.total, Savings.total)
try:
    s.deposit(-5).deposit(3)
except ValueError as e:
    print("err", e, e.args)
print(json.dumps({"a": s.history, "b": None, "c": [1.0, True]}), json.loads('{"x": [1, {"y": null}]}')["x"][1])
c = collections.Counter("abracadabra")
print(c.most_common(2), c["z"], sum(c.values()), c - collections.Counter("aab"))
for k, g in itertools.groupby(sorted(["apple", "bob", "avocado"]), key=lambda w: w[0]):
    print(k, list(g))
x: Optional[int] = None
print(x or "none", (x is None) and 1, [*range(3), *"ab"], {**{"a": 1}, "b": 2})
print(f"{3.14159:.2f} {1234567:,} {'x':^5}| {42:#x} {0.5:%} {-3:+d} {1e10:g} {'q'!r:>5}")
a, (b, *c2), d = 1, (2, 3, 4), 5
print(a, b, c2, d, divmod(-7, 3), -7 // 2, -7 % 3, 2 ** -1, round(2.5), round(2.675, 2), int("ff", 16), bin(10))
# %% library_tour
import re, string, textwrap, math, random, functools, operator, heapq, bisect, datetime, copy
from collections import deque, OrderedDict, defaultdict, namedtuple
Point = namedtuple("Point", "x y")
p = Point(1, 2)
print(p, p._replace(x=5), p._asdict(), Point._make([3, 4]), p == (1, 2), Point._fields)
dq = deque([1, 2, 3], maxlen=3)
dq.append(4); dq.appendleft(0); dq.rotate(1)
print(dq, dq[0], list(reversed(dq)))
dd = defaultdict(lambda: [0, 0])
for w, n in [("a", 1), ("b", 2), ("a", 3)]:
    dd[w][0] += n; dd[w][1] += 1
print(dict(dd), {k: t / n for k, (t, n) in dd.items()})
od = OrderedDict(a=1, b=2); od.move_to_end("a"); print(od, od.popitem(last=False))
print(re.sub(r"(?P<y>\d{4})-(?P<m>\d\d)", r"\g<m>/\g<y>", "on 2024-05 and 2023-11"), re.split(r"[,;]\s*", "a, b;c"), re.findall(r"(\w+)=(\d+)", "a=1 b=22"))
m = re.search(r"(\d+)(px)?", "w 12")
print(m.group(2), m.groups(), m.span(1), bool(m), m.groupdict())
h = []
for t in [(3, "c"), (1, "a"), (2, "b")]:
    heapq.heappush(h, t)
print([heapq.heappop(h) for _ in range(3)], heapq.nlargest(2, [1, 5, 3]), bisect.bisect([1, 3, 5], 3))
@functools.lru_cache(maxsize=None)
def fib(n): return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(50), fib.cache_info())
print(functools.reduce(operator.mul, range(1, 6)), list(map(operator.itemgetter(1), [(1, 2), (3, 4)])))
random.seed(42)
print(random.randint(1, 100), random.choice("abc"), random.sample(range(10), 3), round(random.random(), 6), random.shuffle([1]))
d = datetime.date(2024, 2, 28) + datetime.timedelta(days=2)
print(d, d.strftime("%a %d %b %Y"), (d - datetime.date(2024, 1, 1)).days, datetime.datetime(2024, 1, 1, 12).isoformat())
print(textwrap.fill("the quick brown fox jumps over", 12), string.ascii_lowercase[:5], string.digits)
print(math.gcd(12, 18), math.isclose(0.1 + 0.2, 0.3), math.comb(5, 2), math.prod([1, 2, 3]), math.hypot(3, 4), math.inf > 1, math.floor(-1.5))
def gen():
    got = yield "start"
    while got:
        got = yield got * 2
    return "done"
g = gen()
print(next(g), g.send(3), g.send("ab"))
try:
    g.send(None)
except StopIteration as e:
    print(e.value)
def outer():
    n = 0
    def inc(by=1):
        nonlocal n
        n += by
        return n
    return inc
i = outer(); i(); print(i(5))
deep = {"a": [1, {"b": 2}]}; cp = copy.deepcopy(deep); cp["a"][1]["b"] = 9; print(deep, cp)
matrix = [[1, 2, 3], [4, 5, 6]]
print([list(r) for r in zip(*matrix)], [[sum(a * b for a, b in zip(r, c)) for c in zip(*[[1, 0], [0, 1], [1, 1]])] for r in matrix])
class Err(Exception):
    def __init__(self, code, msg="bad"):
        super().__init__(msg); self.code = code
try:
    try:
        {}["k"]
    except KeyError as e:
        raise Err(7) from e
except Err as e:
    print(e, e.code, repr(e.__cause__), type(e).__mro__[1].__name__)
match {"type": "circle", "r": 2}:
    case {"type": "circle", "r": r}: print("circle", r)
    case _: print("other")
print(*sorted({"b": 1, "a": 2}.items(), key=lambda kv: kv[1]), sep="; ", end="!\n")
print("%s is %d and %.2f %5s|%-5s|" % ("x", 3, 2.5, "r", "l"), "{0}-{1[0]}-{name}".format(1, [2], name="n"), "abc".center(9, "*"), "a,b".partition(","), "Hi".swapcase(), "x".zfill(3), "a b".title())
# %% missing_arguments_named
def outer():
    def inner(a, b):
        return a + b

    for args in ((1,), (1, 2, 3)):
        try:
            print(inner(*args))
        except TypeError as error:
            print(error)
    return inner


made = outer()
for args in ((1,), (1, 2, 3)):
    try:
        print(made(*args))
    except TypeError as error:
        print(error)
# %% bare_inside
from typing import Optional, Dict, List, Callable
def names(rows: list[dict]) -> list[str]:
    return [r["name"] for r in rows]
def group(rows: List[Dict], key: str) -> Dict[str, list]:
    out: Dict[str, list] = {}
    for r in rows:
        out.setdefault(r[key], []).append(r["name"])
    return out
def first(rows: list[dict], default: Optional[dict] = None) -> Optional[dict]:
    return rows[0] if rows else default
def pairs(xs: list[tuple]) -> dict:
    return {a: b for a, b in xs}
rows = [{"name": "a", "age": 3, "k": "x"}, {"name": "b", "age": 4.5, "k": "y"}]
print(names(rows), group(rows, "k"), first(rows), first([]), pairs([(1, "x"), (2, "y")]))
class Bus:
    def __init__(self) -> None:
        self.subs: dict[str, list[Callable[[dict], None]]] = {}
        self.cache: dict[str, dict] = {}
        self.rows: list[list] = []
    def on(self, ev: str, f: Callable[[dict], None]) -> None:
        self.subs.setdefault(ev, []).append(f)
    def emit(self, ev: str, **data) -> None:
        self.cache[ev] = data
        self.rows.append([ev, len(data)])
        for f in self.subs.get(ev, []):
            f(data)
bus = Bus()
bus.on("x", lambda d: print("got", d, d["a"]))
bus.emit("x", a=1, b="z")
print(bus.cache, bus.rows)
# %% annotated_tour
import asyncio, time
from typing import Protocol, TypeVar, Generic, Callable, Iterable, NamedTuple, TypedDict
from abc import ABC, abstractmethod
T = TypeVar("T")
class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...
    def describe(self) -> str:
        return f"{type(self).__name__} with area {self.area():.2f}"
class Sq(Shape):
    def __init__(self, s: float) -> None:
        self.s = s
    def area(self) -> float:
        return self.s ** 2
class Circ(Shape):
    def __init__(self, r: float) -> None:
        self.r = r
    def area(self) -> float:
        return 3.14159 * self.r * self.r
shapes: list[Shape] = [Sq(2), Circ(1.5)]
for s in sorted(shapes, key=lambda s: s.area()):
    print(s.describe())
try:
    Shape()
except TypeError as e:
    print(e)
class Repo(Generic[T]):
    def __init__(self) -> None:
        self._items: dict[int, T] = {}
        self._next = 1
    def add(self, item: T) -> int:
        key = self._next
        self._items[key] = item
        self._next += 1
        return key
    def get(self, key: int) -> T | None:
        return self._items.get(key)
    def all(self) -> Iterable[T]:
        return self._items.values()
repo: Repo[str] = Repo()
k = repo.add("one"); repo.add("two")
print(repo.get(k), repo.get(99), list(repo.all()))
class Emp(NamedTuple):
    name: str
    pay: float = 10.0
    def raised(self, pct: float) -> "Emp":
        return self._replace(pay=self.pay * (1 + pct))
e = Emp("bob"); print(e, e.raised(0.5), e.name, e[1], tuple(e))
class Movie(TypedDict, total=False):
    title: str
    year: int
m: Movie = {"title": "Up"}
m["year"] = 2009
print(m, m.get("x", "none"), sorted(m))
def retry(times: int) -> Callable:
    def deco(fn):
        def wrapper(*args, **kwargs):
            for attempt in range(1, times + 1):
                try:
                    return fn(*args, **kwargs)
                except ValueError as err:
                    print(f"attempt {attempt} failed: {err}")
            raise RuntimeError("all failed")
        return wrapper
    return deco
calls = {"n": 0}
@retry(3)
def flaky(x: int) -> int:
    calls["n"] += 1
    if calls["n"] < 3:
        raise ValueError("no")
    return x * 2
print(flaky(21), calls)
class Bus:
    def __init__(self):
        self.subs: dict[str, list[Callable[[dict], None]]] = {}
    def on(self, ev):
        def reg(f):
            self.subs.setdefault(ev, []).append(f)
            return f
        return reg
    def emit(self, ev, **data):
        for f in self.subs.get(ev, []):
            f(data)
bus = Bus()
@bus.on("x")
def h1(data): print("h1", data)
@bus.on("x")
def h2(data): print("h2", data["a"], len(data))
bus.emit("x", a=1, b="z"); bus.emit("none")
async def work(n, delay):
    await asyncio.sleep(delay)
    if n == 2: raise ValueError("two")
    return n * n
async def main():
    rs = await asyncio.gather(*(work(i, 0.01 * (3 - i)) for i in range(4)), return_exceptions=True)
    print([r if not isinstance(r, Exception) else repr(r) for r in rs])
    q = asyncio.Queue()
    async def prod():
        for i in range(3):
            await q.put(i); await asyncio.sleep(0)
        await q.put(None)
    async def cons():
        out = []
        while (x := await q.get()) is not None:
            out.append(x)
        return out
    _, got = await asyncio.gather(prod(), cons())
    print(got)
    try:
        await asyncio.wait_for(asyncio.sleep(1), 0.01)
    except asyncio.TimeoutError:
        print("timeout")
    sem = asyncio.Semaphore(2)
    async def lim(i):
        async with sem:
            return i
    print(await asyncio.gather(*map(lim, range(3))))
asyncio.run(main())
# %% calculator
class Token:
    def __init__(self, kind, value):
        self.kind = kind; self.value = value
    def __repr__(self): return f"Token({self.kind}, {self.value!r})"
def tokenize(s):
    out, i = [], 0
    while i < len(s):
        ch = s[i]
        if ch.isspace(): i += 1
        elif ch.isdigit() or ch == ".":
            j = i
            while j < len(s) and (s[j].isdigit() or s[j] == "."): j += 1
            out.append(Token("NUM", float(s[i:j]) if "." in s[i:j] else int(s[i:j]))); i = j
        elif ch.isalpha():
            j = i
            while j < len(s) and s[j].isalnum(): j += 1
            out.append(Token("ID", s[i:j])); i = j
        elif ch in "+-*/()^=,": out.append(Token("OP", ch)); i += 1
        else: raise SyntaxError(f"bad char {ch!r} at {i}")
    out.append(Token("EOF", None))
    return out
class Parser:
    def __init__(self, toks): self.toks, self.pos = toks, 0
    def peek(self): return self.toks[self.pos]
    def eat(self, v=None):
        t = self.peek()
        if v is not None and t.value != v: raise SyntaxError(f"expected {v!r}, got {t.value!r}")
        self.pos += 1
        return t
    def stmt(self):
        if self.peek().kind == "ID" and self.toks[self.pos + 1].value == "=":
            n = self.eat().value; self.eat("=")
            return ("set", n, self.expr())
        return self.expr()
    def expr(self):
        l = self.term()
        while self.peek().value in ("+", "-"):
            op = self.eat().value
            l = (op, l, self.term())
        return l
    def term(self):
        l = self.power()
        while self.peek().value in ("*", "/"):
            op = self.eat().value
            l = (op, l, self.power())
        return l
    def power(self):
        b = self.unary()
        if self.peek().value == "^":
            self.eat(); return ("^", b, self.power())
        return b
    def unary(self):
        if self.peek().value == "-":
            self.eat(); return ("neg", self.unary())
        return self.atom()
    def atom(self):
        t = self.eat()
        if t.kind == "NUM": return t.value
        if t.kind == "ID":
            if self.peek().value == "(":
                self.eat("("); args = []
                while self.peek().value != ")":
                    args.append(self.expr())
                    if self.peek().value == ",": self.eat(",")
                self.eat(")")
                return ("call", t.value, args)
            return ("var", t.value)
        if t.value == "(":
            e = self.expr(); self.eat(")"); return e
        raise SyntaxError(f"unexpected {t.value!r}")
FUNCS = {"max": max, "min": min, "abs": abs, "sq": lambda x: x * x}
def ev(n, env):
    if isinstance(n, (int, float)): return n
    op = n[0]
    if op == "var":
        if n[1] not in env: raise NameError(f"undefined: {n[1]}")
        return env[n[1]]
    if op == "set":
        env[n[1]] = ev(n[2], env); return env[n[1]]
    if op == "neg": return -ev(n[1], env)
    if op == "call": return FUNCS[n[1]](*[ev(a, env) for a in n[2]])
    a, b = ev(n[1], env), ev(n[2], env)
    if op == "+": return a + b
    if op == "-": return a - b
    if op == "*": return a * b
    if op == "/": return a / b
    if op == "^": return a ** b
env = {"pi": 3.5}
for src in ["1 + 2 * 3", "x = 2 ^ 3 ^ 1", "x * pi - -1", "max(1, x, 3) + sq(2.5)", "10 / 4", "10 / 0", "y + 1", "2 $ 3", "(1 + 2", "abs(-3)"]:
    try:
        ast = Parser(tokenize(src)).stmt()
        print(f"{src:<24} => {ev(ast, env)}   {ast}")
    except (SyntaxError, NameError, ZeroDivisionError) as e:
        print(f"{src:<24} !! {type(e).__name__}: {e}")
print(env, tokenize("a1+2"))
# %% odd_corners
def odd_corners():
    d = {"a": 1, "b": 2}
    print(d, next(reversed(d)))
    print(list(reversed(d.items())), list(reversed(d.keys())), list(reversed(d.values())))
    print("-".join(()), "abc".startswith(()), sum(()), list(map(str, ())), sorted(()), list(zip((), ())))
    print(set.union(*[{1}, {2}]), sorted(set.intersection(*map(set, ["abc", "bcd"]))), pow(2.0, 3, None))
    some = tuple([1, 2])
    print((1.5, 2) == some, some != (1.0, 2), some == ("x", None), (1, 2.0) == some)


marker = object()


def given(x=marker):
    return "nothing" if x is marker else x


number, truth = 3, True
print(given(), given(3), given("a"), number is marker, truth is not marker)
odd_corners()


class Vector:
    def __init__(self, *xs):
        self.xs = tuple(xs)

    def rolled(self, n):
        return Vector(*self.xs[n:], *self.xs[:n])

    def __pow__(self, n, mod=None):
        return Vector(*(pow(x, n, mod) for x in self.xs))

    def total(self, *others, **named):
        return sum(self.xs), others, named


vectors = [Vector(1, 2), Vector(1.5, 2.5)]
print(vectors[0].rolled(1).xs, vectors[1].rolled(1).xs, (vectors[0] ** 2).xs, pow(Vector(2, 3), 2, 5).xs)
for call in (lambda: Vector.total(), lambda: Vector.total(a=1), lambda: vectors[0].total(self=2), lambda: Vector.total(*[])):
    try:
        print(call())
    except TypeError as problem:
        print(problem)
print(Vector.rolled(*(vectors[0], 1)).xs, Vector.rolled(*vectors[:1], 1).xs)
try:
    print(pow(2.0, 3, 5))
except TypeError as problem:
    print(problem)
