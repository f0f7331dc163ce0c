# %% sets
"""Sets after many operations at random: what they hold, in CPython's order, and their hashes."""

import random


def number(kind, span):
    if kind == 0:
        return random.randrange(span)
    if kind == 1:
        return random.randrange(-span, span)
    return random.randrange(-span, span) * random.randrange(1, 2000003)


def ints(seed):
    random.seed(seed)
    kind, span = random.randrange(3), random.choice([8, 20, 100, 1000])
    sets = [set(), set(), set()]
    for _ in range(60):
        a = random.randrange(3)
        b = random.randrange(3)
        s, o = sets[a], sets[b]
        what = random.randrange(26)
        few = [number(kind, span) for _ in range(random.randrange(random.choice([3, 12, 40])))]
        if what < 4:
            for x in few:
                s.add(x)
        elif what == 4:
            s.update(few)
        elif what == 5:
            for x in few:
                s.discard(x)
        elif what == 6:
            s |= o
        elif what == 7:
            s &= o
        elif what == 8:
            s -= o
        elif what == 9:
            s ^= o
        elif what == 10:
            sets[a] = s | o
        elif what == 11:
            sets[a] = s & o
        elif what == 12:
            sets[a] = s - o
        elif what == 13:
            sets[a] = s ^ o
        elif what == 14:
            sets[a] = s.union(few, o)
        elif what == 15:
            sets[a] = s.intersection(few) | set(few)
        elif what == 16:
            sets[a] = s.difference(few, o)
        elif what == 17:
            sets[a] = s.symmetric_difference(few)
        elif what == 18:
            s.difference_update(few)
        elif what == 19:
            s.symmetric_difference_update(few)
        elif what == 20:
            for _ in range(min(len(s), 5)):
                print(s.pop(), end=" ")
        elif what == 21:
            sets[a] = s.copy()
        elif what == 22:
            sets[a] = set(frozenset(s))
        elif what == 23:
            sets[a] = {x for x in s if x % 3}
        elif what == 24:
            sets[a] = set(dict.fromkeys(few)) | {*o, *few}
        else:
            sets[a] = set(few)
            if random.randrange(9) == 0:
                s.clear()
    for s in sets:
        print(seed, list(s), hash(frozenset(s)))


def others(seed):
    random.seed(seed)
    pairs = set()
    floats = set()
    deep = set()
    mixed = set()
    for _ in range(random.randrange(60)):
        x, y = random.randrange(-9, 9), random.randrange(40)
        pairs.add((x, y))
        floats.add(x * y / 8)
        deep.add(((x, y), frozenset([x, y, 3])))
        mixed.add(x if y % 2 else (y / 4, None, y == 3))
        if y % 3 == 0:
            pairs.discard((y, x))
            floats.discard(float(x))
    print(pairs, floats, mixed)
    print([(a, sorted(b)) for a, b in deep])
    print({(a + 1, b) for a, b in pairs} & pairs, {a for a, _ in pairs} ^ {b for _, b in pairs})


for seed in range(30):
    ints(seed)
for seed in range(12):
    others(seed)
print({5, 3, 8, 1, 9, 33}, [x for x in {5, 3, 8, 1, 9, 33}], {10, 2.5, -1, True, None, (1, 2)} - {2.5})
print(hash(5), hash(-1), hash(2**61 - 1), hash(-(2**62)), hash(1.5), hash(-0.25), hash(1e300), hash(5e-324), hash(-1.0))
print(hash((1, 2, 3)), hash(()), hash(((1, 2.5), (None,))), hash(True), hash(None), hash(float("-inf")))
print(hash(range(0)), hash(range(3, 4)), hash(range(2, 9)), hash(frozenset()), hash(tuple([1, 2, 3])))
# %% views
import random
for seed in range(12):
    random.seed(seed)
    span = random.choice([10, 40, 400])
    d = {random.randrange(-span, span): i for i in range(random.randrange(30))}
    e = {random.randrange(-span, span): i for i in range(random.randrange(30))}
    s = {random.randrange(-span, span) for i in range(random.randrange(30))}
    xs = list(e)
    print(d.keys() & s, d.keys() | s, d.keys() - s, d.keys() ^ s)
    print(d.keys() & e.keys(), d.keys() | e.keys(), d.keys() - e.keys(), d.keys() ^ e.keys())
    print(d.keys() & xs, d.keys() | xs, d.keys() - xs)
    print(d.items() & e.items(), d.items() - e.items(), s & d.keys(), s - d.keys(), set(d), set(d.keys()), frozenset(d))
    print(s | d.keys(), s ^ d.keys())
# %% in_use
from dataclasses import dataclass
from typing import Any, NamedTuple
import copy, random
from enum import IntEnum
class Tags(set):
    def has_all(self, *xs): return all(x in self for x in xs)
t = Tags([30, 7, 21, 14, 3]); t.add(99); print(t, t.has_all(7, 3), len(t), sorted(t), t | {1}, t - {7})
@dataclass(frozen=True, order=True)
class P:
    x: int
    y: int
class Q(NamedTuple):
    a: int
    b: float
class C(IntEnum):
    R = 5
    G = 1
    B = 12
ps = {P(i * 7 % 5, i) for i in range(12)}
print(ps)
print({Q(i, i / 2) for i in range(9)})
print({C.B, C.R, C.G}, {c for c in C})
a: set[Any] = {1, 2.5, (3, 4), None, True, 40, -7}
a.add(17); a.discard(2.5); print(a, 1.0 in a, (3, 4) in a)
def f(x):
    return {x, 1, 99, 7}
print(f(3), f(2.5), f((1, 2)))
g = {frozenset([i, i + 1]): i for i in range(4)}
print(g, frozenset([2, 1]) in g, max(g, key=lambda s: sum(s)))
d = copy.deepcopy(ps); print(d == ps); e = copy.copy(a); print(e)
s = set()
for i in range(20): s.add(i * i % 23)
while s: print(s.pop(), end=" ")
print()
nums = [random.Random(5).randint(-50, 50) for _ in range(3)] + [8, 3, 19, -4, 60, 33, 33, 8]
print(list(set(nums)), set(map(abs, nums)), {n % 5 for n in nums}, sum({0.1, 0.7, 0.2, 0.3}))
seen, dup = set(), set()
for n in nums:
    (dup if n in seen else seen).add(n)
print(seen, dup, seen ^ {3, 4}, seen.isdisjoint({1}), seen >= dup, set("a"), set(range(10, 0, -1)), set([True, False]), {None}, set())
neighbors = {(x, y) for x in range(-1, 2) for y in range(-1, 2)} - {(0, 0)}
print(neighbors)
for (x, y) in {(5, 5), (1, 2), (9, 0), (3, 3), (4, 4), (8, 8)}: print(x, y, end=";")
print(*{3, 1, 2}, *sorted({"b", "a"}), [*{9, 4, 1}], {**dict.fromkeys({5, 2, 8})}, tuple({6, 5, 12}), dict(enumerate({10, 30, 20})))
a1, *rest = {40, 10, 30}; print(a1, rest, min({3, 9}), next(iter({77, 12})), list(zip({3, 1, 2}, "abc")))
life = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
from collections import Counter
for _ in range(4):
    c = Counter((x + dx, y + dy) for x, y in life for dx in (-1, 0, 1) for dy in (-1, 0, 1) if (dx, dy) != (0, 0))
    life = {p for p, n in c.items() if n == 3 or (n == 2 and p in life)}
    print(life)
try:
    for q in life: life.add((q[0] + 100, 0))
except RuntimeError as err: print(err)
try:
    {1, 2}.remove(9)
except KeyError as err: print(repr(err))
print({1: "a"}.keys() | {5, 3}, {2, 9, 4} - {1: 1, 9: 2}.keys(), hash(P(1, 2)) == hash((1, 2)), hash(Q(1, 2.0)), {(1, 2): 3}.items() & {((1, 2), 3)})
# %% sets_changed_by_eq
class Evil:
    def __init__(self, n, act=None):
        self.n, self.act = n, act
    def __hash__(self):
        return 7
    def __eq__(self, other):
        act = self.act or other.act
        if act:
            self.act = other.act = None
            act()
        return isinstance(other, Evil) and self.n == other.n
s: set = set()
a = Evil(1)
def grow():
    for i in range(100, 140):
        s.add(Evil(i))
for act in (lambda: s.clear(), grow, lambda: s.discard(a), lambda: s.update([Evil(50), Evil(51)]), lambda: s.pop()):
    for wanted in (3, 9):
        s = set()
        a = Evil(1)
        s.add(a)
        s.add(Evil(2))
        s.add(Evil(3))
        probe = Evil(wanted, act)
        s.add(probe)
        after = sorted(e.n for e in s)
        print(wanted, len(s), after[:6], probe in s)
        s.discard(Evil(2, act))
        print(len(s), Evil(9, act) in s, len(s), sorted(e.n for e in s)[:6])
# %% views_beside_other_types
d = {"a": 1, 2: 3}
s = {"a"}
print(d.keys() == {"a", 2}, d.keys() == {"a"}, {"a": 1}.keys() == d.keys(), d.items() == {("a", 1), (2, 3)}, {"x": 1}.items() == {("x", 1)})
print({1: 2}.keys() == {"a"}, {1: 2}.keys() == {1.0}, {1: 2} == {1: 2.0}, {1: 0}.keys() == {1: 2}.keys())
