# %% counter_methods
from collections import Counter
c = Counter("abracadabra")
print(c, c["a"], c["z"], c.most_common(2), sum(c.values()), len(c), sorted(c.elements())[:4])
c.update("aaa"); c.subtract({"b": 1}); c["q"] = 2
print(c["a"], c["b"], c["q"], sorted(c.items()))
print(Counter(a=1, b=2) + Counter(a=3), Counter("aab") - Counter("ab"), Counter([1, 1, 2]) & Counter([1, 3]), dict(Counter("xy")))
# %% defaultdict_kinds
from collections import defaultdict
groups = defaultdict(list)
for w in ["apple", "bob", "cat", "avocado"]:
    groups[w[0]].append(w)
print(dict(groups), groups["zzz"], len(groups))
counts = defaultdict(int)
for ch in "hello":
    counts[ch] += 1
print(dict(counts), "q" in counts, counts.get("q"))
seen = defaultdict(set)
seen["a"].add(1); seen["a"].add(1)
print(seen["a"], sorted(counts, key=lambda k: (-counts[k], k)))
# %% deque_ops
from collections import deque
d = deque([1, 2, 3])
d.append(4); d.appendleft(0); d.extend([5]); d.extendleft([-1])
print(d, len(d), d[0], d[-1], d.pop(), d.popleft(), 3 in d, list(d))
d.rotate(1); print(d); d.rotate(-2); print(d); d.reverse(); print(d)
w = deque(maxlen=3)
for i in range(5):
    w.append(i)
print(w, w.maxlen, sum(w) / len(w))
try:
    deque().pop()
except IndexError as e:
    print(e)
# %% ordered_dict
from collections import OrderedDict
od = OrderedDict()
od["a"] = 1; od["b"] = 2; od["c"] = 3
od.move_to_end("a")
print(list(od), od.popitem(), od.popitem(last=False), list(od.items()))
# %% namedtuple_use
from collections import namedtuple
Point = namedtuple("Point", ["x", "y"])
p = Point(1, 2)
print(p, p.x, p[1], p._replace(x=5), p == (1, 2), sorted([Point(2, 1), Point(1, 9)]))
x, y = p
print(x + y, len(p), list(p))
# %% itertools_tour
from itertools import accumulate, chain, combinations, count, cycle, dropwhile, groupby, islice, permutations, product, repeat, takewhile
print(list(accumulate([1, 2, 3], lambda a, b: a * b)), list(chain([1], "ab")), list(combinations("abc", 2)))
print(["".join(p) for p in permutations("ab")], list(product("ab", [1, 2])), list(repeat("x", 2)), list(islice(cycle([1, 2]), 5)))
print([(k, list(g)) for k, g in groupby([1, 1, 2, 1])], list(takewhile(lambda v: v < 3, count(1))), list(dropwhile(str.isdigit, "12ab")))
print(sum(1 for _ in permutations(range(4))), max(accumulate([3, -1, 4])), list(chain.from_iterable([[1], [2, 3]])))
# %% bisect_heap
import bisect, heapq
xs = [1, 3, 3, 5]
print(bisect.bisect_left(xs, 3), bisect.bisect_right(xs, 3), bisect.bisect(xs, 4))
bisect.insort(xs, 4); print(xs)
def grade(s): return "FDCBA"[bisect.bisect([60, 70, 80, 90], s)]
print([grade(s) for s in (33, 60, 77, 89, 95)])
h = [5, 2, 8]
heapq.heapify(h); heapq.heappush(h, 1)
print(heapq.heappop(h), h[0], heapq.nlargest(2, h), heapq.nsmallest(2, h), heapq.heappushpop(h, 0), heapq.heapreplace(h, 9), sorted(h), list(heapq.merge([1, 4], [2, 3])))
# %% priority_queue
import heapq
class PriorityQueue:
    def __init__(self):
        self._heap = []
        self._count = 0
    def push(self, item, priority):
        heapq.heappush(self._heap, (-priority, self._count, item))
        self._count += 1
    def pop(self):
        return heapq.heappop(self._heap)[-1]
    def __len__(self):
        return len(self._heap)
q = PriorityQueue()
for name, p in [("low", 1), ("high", 5), ("mid", 3), ("high2", 5)]:
    q.push(name, p)
while q:
    print(q.pop(), len(q))
# %% dataclass_more
from dataclasses import dataclass, field
@dataclass(order=True)
class Version:
    major: int
    minor: int = 0
    tags: list[str] = field(default_factory=list, compare=False)
    def bump(self) -> "Version":
        return Version(self.major, self.minor + 1)
@dataclass(frozen=True)
class Point:
    x: int
    y: int
    def __add__(self, o: "Point") -> "Point":
        return Point(self.x + o.x, self.y + o.y)
a, b = Version(1, 2), Version(1, 10)
a.tags.append("x")
print(a, b, a < b, max(a, b), sorted([b, a]), a.bump(), a == Version(1, 2))
print(Point(1, 2) + Point(3, 4), Point(1, 2) == Point(1, 2), {Point(0, 0): "o"}[Point(0, 0)], hash(Point(1, 2)) == hash(Point(1, 2)))
# %% dataclass_inherit
from dataclasses import dataclass
@dataclass
class Base:
    id: int
    name: str = "?"
    def label(self): return f"{self.id}:{self.name}"
@dataclass
class Child(Base):
    extra: float = 0.5
    def __post_init__(self):
        self.total = self.id * self.extra
for o in (Base(1), Child(2, "c"), Child(3, extra=2.0)):
    print(o, o.label(), isinstance(o, Base))
print(Child(4).total)
# %% enum_match
from enum import Enum, auto
class State(Enum):
    IDLE = auto()
    RUNNING = auto()
    DONE = auto()
    def next(self) -> "State":
        match self:
            case State.IDLE: return State.RUNNING
            case State.RUNNING: return State.DONE
            case State.DONE: return State.DONE
s = State.IDLE
trace = [s]
while s is not State.DONE:
    s = s.next()
    trace.append(s)
print([t.name for t in trace], trace[0].value, State.DONE, [m.name for m in State], State(2), s == State.DONE)
# %% typed_generic
from typing import Callable, Iterable, TypeVar, Generic, Optional
T = TypeVar("T")
class Stack(Generic[T]):
    def __init__(self) -> None:
        self.items: list[T] = []
    def push(self, x: T) -> None:
        self.items.append(x)
    def pop(self) -> Optional[T]:
        return self.items.pop() if self.items else None
s: Stack[int] = Stack()
s.push(1); s.push(2)
print(s.pop(), s.pop(), s.pop())
# %% typed_functions
def clamp(x: float, lo: float, hi: float) -> float:
    return max(lo, min(x, hi))
def parse(s: str) -> dict[str, int]:
    out: dict[str, int] = {}
    for part in s.split(";"):
        k, _, v = part.partition("=")
        if v:
            out[k.strip()] = int(v)
    return out
def first(xs: list[str], default: str = "none") -> str:
    return xs[0] if xs else default
def stats(xs: list[float]) -> tuple[float, float]:
    m = sum(xs) / len(xs)
    return m, sum((x - m) ** 2 for x in xs) / len(xs)
print(clamp(5.0, 0.0, 1.0), parse("a=1; b=22;c"), first([]), first(["q"]), stats([1.0, 2.0, 3.0]))
# %% typed_optional
from typing import Optional, Union
def find(d: dict[str, int], k: str) -> Optional[int]:
    return d.get(k)
def show(x: Union[int, str, None]) -> str:
    if x is None:
        return "nothing"
    if isinstance(x, int):
        return f"int {x + 1}"
    return x.upper()
d = {"a": 1}
r = find(d, "a")
print(r if r is not None else -1, find(d, "b"), show(3), show("q"), show(None))
# %% protocol_duck
from typing import Protocol
class Speaker(Protocol):
    def speak(self) -> str: ...
class Dog:
    def speak(self) -> str: return "woof"
class Robot:
    def __init__(self, n: int) -> None: self.n = n
    def speak(self) -> str: return "beep" * self.n
def chorus(xs: list[Speaker]) -> str:
    return " ".join(x.speak() for x in xs)
print(chorus([Dog(), Robot(2)]))
# %% duck_untyped
class Duck:
    def speak(self): return "Quack"
    def legs(self): return 2
class Table:
    def legs(self): return 4
class Radio:
    def speak(self): return 99.5
def total_legs(things): return sum(t.legs() for t in things)
print(total_legs([Duck(), Table()]))
for t in (Duck(), Radio()):
    print(t.speak())
# %% async_basic
import asyncio
async def work(name, delay):
    await asyncio.sleep(delay)
    return f"{name} done"
async def main():
    print(await work("a", 0.01))
    results = await asyncio.gather(work("b", 0.02), work("c", 0.01))
    print(results)
    t = asyncio.create_task(work("d", 0))
    print(await t)
asyncio.run(main())
# %% async_queue
import asyncio
async def producer(q):
    for i in range(3):
        await q.put(i)
        await asyncio.sleep(0)
    await q.put(None)
async def consumer(q):
    total = 0
    while True:
        item = await q.get()
        if item is None:
            break
        print("got", item)
        total += item
    return total
async def main():
    q = asyncio.Queue()
    _, total = await asyncio.gather(producer(q), consumer(q))
    print("total", total)
asyncio.run(main())
# %% memo_manual
memo = {}
def ways(n):
    if n in memo:
        return memo[n]
    if n <= 1:
        return 1
    memo[n] = ways(n - 1) + ways(n - 2)
    return memo[n]
print(ways(40), len(memo))
def make_memo(f):
    cache = {}
    def g(n):
        if n not in cache:
            cache[n] = f(n)
        return cache[n]
    return g
sq = make_memo(lambda x: x * x)
print(sq(4), sq(4))
# %% json_more
import json
text = '{"users": [{"name": "A", "langs": ["py", "c"], "age": 30}, {"name": "B", "langs": [], "age": null}], "ok": true, "pi": 3.5}'
data = json.loads(text)
for u in data["users"]:
    print(u["name"], len(u["langs"]), u["age"], ", ".join(u["langs"]))
print(data["ok"], data["pi"] * 2, data.get("none"), "users" in data, len(data), sorted(data.keys()), type(data).__name__)
data["new"] = [1, 2]
data["users"][0]["age"] += 1
print(json.dumps(data["users"][0]), json.dumps({"b": 1, "a": [True, None]}, sort_keys=True), json.dumps("é\n"), json.dumps({"k": (1, 2)}, indent=1))
for bad in ("", "[1,", '{"a" 1}', "nope"):
    try:
        json.loads(bad)
    except json.JSONDecodeError as e:
        print(e)
# %% recursion_tree_dict
tree = {"v": 1, "kids": [{"v": 2, "kids": []}, {"v": 3, "kids": [{"v": 4, "kids": []}]}]}
def total(n): return n["v"] + sum(total(k) for k in n["kids"])
def depth(n): return 1 + max((depth(k) for k in n["kids"]), default=0)
print(total(tree), depth(tree))
# %% nested_list_flatten
def flatten(x):
    out = []
    for item in x:
        if isinstance(item, list):
            out.extend(flatten(item))
        else:
            out.append(item)
    return out
print(flatten([1, [2, [3, [4, []]], 5]]), flatten([]), sum(flatten([[1, 2], [3]])))
def deep_sum(x): return sum(deep_sum(i) if isinstance(i, list) else i for i in x)
print(deep_sum([1, [2, [3]]]))
# %% lisp_eval
def parse(tokens):
    tok = tokens.pop(0)
    if tok == "(":
        lst = []
        while tokens[0] != ")":
            lst.append(parse(tokens))
        tokens.pop(0)
        return lst
    return int(tok) if tok.lstrip("-").isdigit() else tok
def ev(x, env):
    if isinstance(x, str):
        return env[x]
    if isinstance(x, int):
        return x
    op, *args = x
    if op == "if":
        return ev(args[1], env) if ev(args[0], env) else ev(args[2], env)
    vals = [ev(a, env) for a in args]
    if op == "+": return sum(vals)
    if op == "*":
        r = 1
        for v in vals: r *= v
        return r
    if op == "<": return vals[0] < vals[1]
    raise NameError(f"unknown {op}")
for src in ["(+ 1 (* 2 3))", "(if (< x 5) (+ x 100) 0)", "(foo 1)"]:
    try:
        print(src, "=>", ev(parse(src.replace("(", " ( ").replace(")", " ) ").split()), {"x": 3}))
    except NameError as e:
        print("error:", e)
# %% matrix_spiral_rotate
def spiral(m):
    out = []
    while m:
        out += m[0]
        m = [list(r) for r in zip(*m[1:])][::-1]
    return out
print(spiral([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
def rotate(m): return [list(r)[::-1] for r in zip(*m)]
print(rotate([[1, 2], [3, 4]]))
def pascal(n):
    rows = [[1]]
    for _ in range(n - 1):
        prev = rows[-1]
        rows.append([1] + [a + b for a, b in zip(prev, prev[1:])] + [1])
    return rows
for r in pascal(5):
    print(" ".join(map(str, r)).center(15).rstrip())
# %% two_sum_etc
def two_sum(nums, target):
    seen = {}
    for i, n in enumerate(nums):
        if target - n in seen:
            return [seen[target - n], i]
        seen[n] = i
    return None
print(two_sum([2, 7, 11, 15], 9), two_sum([1], 5))
def max_sub(xs):
    best = cur = xs[0]
    for x in xs[1:]:
        cur = max(x, cur + x)
        best = max(best, cur)
    return best
print(max_sub([-2, 1, -3, 4, -1, 2, 1, -5, 4]))
def anagrams(words):
    d = {}
    for w in words:
        d.setdefault("".join(sorted(w)), []).append(w)
    return [g for g in d.values() if len(g) > 1]
print(anagrams(["eat", "tea", "tan", "ate", "nat", "bat"]))
def longest_unique(s):
    start = best = 0
    last = {}
    for i, c in enumerate(s):
        if c in last and last[c] >= start:
            start = last[c] + 1
        last[c] = i
        best = max(best, i - start + 1)
    return best
print(longest_unique("abcabcbb"), longest_unique(""), longest_unique("pwwkew"))
def merge(iv):
    iv = sorted(iv)
    out = [iv[0]]
    for s, e in iv[1:]:
        if s <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], e))
        else:
            out.append((s, e))
    return out
print(merge([(1, 3), (8, 10), (2, 6)]))
# %% text_wrap_report
import textwrap
text = "The quick brown fox jumps over the lazy dog and runs away from the big bad wolf."
for line in textwrap.wrap(text, 30):
    print("|" + line.ljust(30) + "|")
print(textwrap.fill(text, 40))
print(textwrap.dedent("""\
    a
      b
    c"""))
print(textwrap.indent("x\ny", "> "), textwrap.shorten(text, 25, placeholder="..."))
# %% string_module
import string
print(string.ascii_lowercase, string.digits, string.punctuation[:5], string.capwords("hello big world"), len(string.ascii_letters), string.hexdigits)
def pangram(s): return set(string.ascii_lowercase) <= set(s.lower())
print(pangram("The quick brown fox jumps over the lazy dog"), pangram("nope"))
# %% copy_module
import copy
a = [[1, 2], [3]]
b, c, d = a, copy.copy(a), copy.deepcopy(a)
a[0].append(9); a.append([4])
print(a, b is a, c, d)
class N:
    def __init__(self, v, kids): self.v, self.kids = v, kids
x = N(1, [N(2, [])])
y = copy.deepcopy(x)
y.kids[0].v = 99
print(x.kids[0].v, y.kids[0].v)
# %% chained_methods
class Query:
    def __init__(self, rows): self.rows = rows
    def where(self, f): return Query([r for r in self.rows if f(r)])
    def select(self, *names): return Query([{n: r[n] for n in names} for r in self.rows])
    def order(self, key): return Query(sorted(self.rows, key=lambda r: r[key]))
    def all(self): return self.rows
rows = [{"n": "b", "a": 3}, {"n": "a", "a": 5}, {"n": "c", "a": 1}]
print(Query(rows).where(lambda r: r["a"] > 2).order("n").select("n").all())
class Builder:
    def __init__(self): self.parts = []
    def add(self, p):
        self.parts.append(str(p))
        return self
    def build(self): return "-".join(self.parts)
print(Builder().add(1).add("x").add(2.5).build())
# %% iterator_class_next
class Repeat:
    def __init__(self, v, n): self.v, self.n = v, n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0: raise StopIteration
        self.n -= 1
        return self.v
print(list(Repeat("x", 3)), [v for v in Repeat(1, 2)], dict(zip("ab", Repeat(0, 5))), sum(Repeat(2, 4)))
class Grid:
    def __init__(self, w, h): self.cells = {(x, y): 0 for x in range(w) for y in range(h)}
    def __getitem__(self, p): return self.cells[p]
    def __setitem__(self, p, v): self.cells[p] = v
    def __iter__(self):
        for p in sorted(self.cells):
            yield p, self.cells[p]
g = Grid(2, 2)
g[0, 1] = 5
g[1, 1] += 2
print(list(g), g[0, 1])
# %% money_change
def change(amount, coins=(25, 10, 5, 1)):
    out = {}
    for c in coins:
        n, amount = divmod(amount, c)
        if n:
            out[c] = n
    return out
print(change(68), change(0), sum(c * n for c, n in change(99).items()))
def dp(amount, coins):
    best = [0] + [None] * amount
    for a in range(1, amount + 1):
        options = [best[a - c] for c in coins if c <= a and best[a - c] is not None]
        best[a] = min(options) + 1 if options else None
    return best[amount]
print(dp(11, [1, 2, 5]), dp(3, [2]), dp(0, [1]))
# %% island_count
grid = ["11000", "11000", "00100", "00011"]
def islands(g):
    rows, cols = len(g), len(g[0])
    seen = set()
    def visit(r, c):
        stack = [(r, c)]
        while stack:
            r, c = stack.pop()
            if (r, c) in seen or not (0 <= r < rows and 0 <= c < cols) or g[r][c] == "0":
                continue
            seen.add((r, c))
            stack += [(r + 1, c), (r - 1, c), (r, c + 1), (r, c - 1)]
    n = 0
    for r in range(rows):
        for c in range(cols):
            if g[r][c] == "1" and (r, c) not in seen:
                n += 1
                visit(r, c)
    return n
print(islands(grid))
# %% number_words
ONES = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
TENS = "_ _ twenty thirty forty fifty sixty seventy eighty ninety".split()
def words(n):
    if n < 20: return ONES[n]
    if n < 100: return TENS[n // 10] + ("-" + ONES[n % 10] if n % 10 else "")
    if n < 1000: return ONES[n // 100] + " hundred" + (" and " + words(n % 100) if n % 100 else "")
    return words(n // 1000) + " thousand" + (" " + words(n % 1000) if n % 1000 else "")
for n in (0, 13, 42, 100, 342, 1001, 54321):
    print(n, words(n))
# %% histogram
data = [3, 7, 2, 9, 4]
for i, v in enumerate(data):
    print(f"{i}: {'#' * v:<10} {v:>2} {v / sum(data):6.1%}")
for level in range(max(data), 0, -3):
    print(" ".join("*" if v >= level else " " for v in data).rstrip())
# %% bank_menu
class Account:
    def __init__(self, name):
        self.name, self.balance, self.log = name, 0, []
    def apply(self, cmd, amount=None):
        if cmd == "deposit":
            self.balance += amount
        elif cmd == "withdraw":
            if amount > self.balance:
                raise ValueError("insufficient funds")
            self.balance -= amount
        elif cmd == "show":
            print(f"{self.name}: {self.balance:.2f}")
            return
        else:
            raise KeyError(cmd)
        self.log.append((cmd, amount))
acc = Account("Zed")
for line in ["deposit 100", "withdraw 30.5", "show", "withdraw 1000", "dance 1", "deposit x"]:
    cmd, *rest = line.split()
    try:
        acc.apply(cmd, *map(float, rest))
    except ValueError as e:
        print("value error:", e)
    except KeyError as e:
        print("unknown:", e)
print(acc.log)
# %% chat_bot
import re
rules = [(r"hello|hi", "Hello there!"), (r"my name is (\w+)", "Nice to meet you, {}."), (r"bye", "Goodbye!")]
def reply(msg):
    for pattern, answer in rules:
        m = re.search(pattern, msg.lower())
        if m:
            return answer.format(*m.groups()) if m.groups() else answer
    return "I don't understand."
for msg in ["Hi!", "What?", "bye now"]:
    print(reply(msg))
# %% time_conversions
def parse_time(s):
    h, m = map(int, s.split(":"))
    return h * 60 + m
def fmt(mins):
    return f"{mins // 60 % 24:02d}:{mins % 60:02d}"
slots = [("09:00", "10:30"), ("10:15", "11:00"), ("13:00", "14:00")]
busy = sorted((parse_time(a), parse_time(b)) for a, b in slots)
for (a1, b1), (a2, b2) in zip(busy, busy[1:]):
    print(fmt(a2), "overlaps" if a2 < b1 else "free", max(0, a2 - b1))
print(fmt(parse_time("23:50") + 20), sum(b - a for a, b in busy))
# %% polynomials2
class Poly:
    def __init__(self, *c): self.c = list(c)
    def __call__(self, x): return sum(k * x ** i for i, k in enumerate(self.c))
    def __add__(self, o):
        n = max(len(self.c), len(o.c))
        a, b = self.c + [0] * (n - len(self.c)), o.c + [0] * (n - len(o.c))
        return Poly(*[x + y for x, y in zip(a, b)])
    def __mul__(self, o):
        r = [0] * (len(self.c) + len(o.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(o.c):
                r[i + j] += a * b
        return Poly(*r)
    def derive(self): return Poly(*[i * k for i, k in enumerate(self.c)][1:])
    def __str__(self): return " + ".join(f"{k}x^{i}" if i else str(k) for i, k in enumerate(self.c) if k)
p, q = Poly(1, 2, 3), Poly(0, 1)
print(p, "|", p + q, "|", p * q, "|", p.derive(), p(2), (p * p)(1))
