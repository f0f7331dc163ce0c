a = [3, 1, 2]
a.append(5)
a.insert(0, 9)
a.insert(-1, 7)
a.insert(100, 8)
a.insert(-100, 0)
a.extend([4, 6])
a.extend((1, 1))
a.extend(range(2))
a += [10]
a += (11, 12)
print(a, len(a), a[0], a[-1], a.count(1), a.index(1), a.index(1, 4), 7 in a, 70 in a, sum(a), min(a), max(a))
print(a.pop(), a.pop(0), a.pop(-2), a)
a.remove(7)
a.reverse()
print(a, a[2:5], a[:3], a[-3:], a[::2], a[::-1], a[10:2], a[5:1:-2], a[-1:-4:-1], a[:], a[100:], a[:-100:-1])
a.sort()
print(a, sorted(a, reverse=True), a == sorted(a), a != [1], a < [0, 2], [1, 2] < [1, 2, 3], [2] > [1, 5], [1] <= [1], [] >= [])
b = a.copy()
b[1:3] = [100, 200, 300]
print(b)
b[2:2] = [1]
b[:1] = []
b[-1:] = [5, 6, 7]
b[::2] = [0] * len(b[::2])
print(b)
b[5:1] = [42]
b[3:5] = (x for x in range(3))
del b[0]
del b[-1]
del b[1:3]
print(b, a)
del b[::2]
print(b)
c = list(range(10))
del c[8:2:-2]
print(c, c * 2, 2 * [0], [1] * 0, [[0] * 2 for _ in range(2)], c + [1])
c *= 2
c.clear()
print(c, list("abc"), list((1, 2)), list({5: 1}), [*range(3), *"ab"] if False else [*range(3)], list(x * x for x in range(4)))
words = ["banana", "apple", "Cherry", "fig", "date"]
print(sorted(words), sorted(words, key=len), sorted(words, key=lambda w: (len(w), w)), sorted(words, key=str.lower, reverse=True), max(words, key=len), min(words, key=lambda w: w[-1]))
words.sort(key=lambda w: w[1])
print(words)
words.sort(reverse=True)
print(words, words.index("fig"))
pairs = [(i % 5, i) for i in range(60)]
print(sorted(pairs, key=lambda p: p[0]), sorted(pairs, key=lambda p: p[0], reverse=True)[:15])
seed = 12345
numbers: list[int] = []
for i in range(1000):
    seed = (seed * 1103515245 + 12345) % 2147483648
    numbers.append(seed % 500)
ordered = sorted(numbers)
print(all(ordered[i] <= ordered[i + 1] for i in range(999)), sum(ordered) == sum(numbers), ordered[:5], ordered[-5:], sorted(ordered) == ordered, sorted(ordered, reverse=True)[:3])
print([1.5, 2.5] + [3.5], [True, False], ["a", None], [None], [[1], []], [(1, "a")], [1.5, -0.0], ["it's"])


def attempt(kind: int) -> None:
    empty: list[int] = []
    one = [1]
    table = {1: "a"}
    try:
        if kind == 0:
            print(one[5])
        elif kind == 1:
            one[5] = 3
        elif kind == 2:
            del one[5]
        elif kind == 3:
            empty.pop()
        elif kind == 4:
            one.pop(4)
        elif kind == 5:
            one.remove(9)
        elif kind == 6:
            print(one.index(9))
        elif kind == 7:
            print(one[::0])
        elif kind == 8:
            one[::2] = [1, 2, 3]
        elif kind == 11:
            print(table[5])
        elif kind == 12:
            del table[5]
        elif kind == 13:
            table.pop(5)
        elif kind == 14:
            table.clear()
            table.popitem()
        elif kind == 15:
            for k in table:
                table[k + 10] = "b"
        elif kind == 16:
            {1}.remove(4)
        elif kind == 17:
            s: set[int] = set()
            s.pop()
        elif kind == 18:
            q = {1, 2}
            for x in q:
                q.add(x + 10)
        elif kind == 19:
            print((1, 2)[one[0] + 4] if False else one[-2])
        elif kind == 20:
            print(range(3)[5])
        elif kind == 21:
            print(list(range(1, 5, one[0] - 1)))
        elif kind == 22:
            print({"k": 1}["missing"])
        elif kind == 23:
            print(next(iter(empty)))
        elif kind == 24:
            print(list(zip([1, 2], [1], strict=True)))
        elif kind == 25:
            print(list(zip([1], [1, 2], strict=True)))
        elif kind == 26:
            x, y = empty
    except (IndexError, ValueError, KeyError, RuntimeError, StopIteration) as error:
        print(kind, type(error).__name__, error)


for k in range(27):
    attempt(k)

d = {"one": 1, "two": 2}
d["three"] = 3
d["one"] = 11
print(d, len(d), d["two"], "one" in d, "four" in d, d.get("one"), d.get("x"), d.get("x", 7), list(d), d.keys(), d.values(), d.items())
print(d.pop("two"), d.pop("zzz", -1), d.setdefault("four", 4), d.setdefault("one", 5), d, d.popitem(), d)
d.update({"a": 1, "b": 2})
d.update([("c", 3)])
print(d, d | {"z": 26}, d == {"b": 2, "a": 1, "c": 3, "three": 3, "one": 11}, d != {}, {k: v for k, v in d.items() if v > 1}, dict([(1, 2), (3, 4)]), dict(d) == d, dict.fromkeys([1, 2], 0))
d |= {"q": 9}
del d["a"]
print(d, list(reversed(d)), sorted(d), [k + str(v) for k, v in d.items()], sum(d.values()), max(d, key=lambda k: d[k]), 9 in d.values(), ("q", 9) in d.items(), "q" in d.keys(), d.keys() & {"q"}, len(d.items()))
table: dict[int, int] = {}
for i in range(2000):
    table[i * 7919 % 10007] = i
for i in range(0, 2000, 2):
    del table[i * 7919 % 10007]
for i in range(500):
    table[-i] = i
print(len(table), sum(table), sum(table.values()), list(table)[:5], list(table.items())[-3:])
while len(table) > 10:
    table.popitem()
print(table)
copied = table.copy()
copied.clear()
print(copied, len(table))
nested = {"a": {"b": [1, 2]}, "c": {}}
print(nested, {(1, "x"): 1.5, (2, "y"): -0.0}, {1.5: True}, {True: 1}, {None: 2}, {"k": None})
s = {3, 1, 2}
s.add(5)
s.add(3)
s.discard(9)
s.discard(1)
print(sorted(s), len(s), 3 in s, 1 in s, sorted(s | {9}), sorted(s & {3, 5, 7}), sorted(s - {3}), sorted(s ^ {3, 100}), s == {2, 3, 5}, s < {2, 3, 5, 6}, s <= s, s > {2}, s >= {9}, s != set())
s.update([7, 8])
s |= {10}
s &= {2, 3, 7, 10}
s -= {2}
s ^= {3, 4}
print(sorted(s), sorted(s.union([1])), sorted(s.intersection([7, 4])), sorted(s.difference([7])), sorted(s.symmetric_difference([7, 1])), s.issubset([4, 7, 10, 11]), s.issuperset([4]), s.isdisjoint([1]), set(), {1}, frozenset([1]), frozenset(), sorted(frozenset("hello")), frozenset([1, 2]) == frozenset([2, 1]), hash(frozenset([1, 2])) == hash(frozenset([2, 1])))
t = {"x"}
t.intersection_update(["x", "y"])
t.difference_update(["y"])
t.symmetric_difference_update(["z"])
u = t.copy()
u.remove("x")
u.pop()
print(sorted(t), u, len(set("mississippi")), sorted({w[0] for w in words}))
fs = frozenset([1, 2, 3])
print(sorted(fs | {4}), sorted(fs & {1}), sorted(fs - {1}), sorted(fs ^ {1, 9}), sorted(fs.union([5])), fs.copy() == fs, {fs: 1}[frozenset([3, 2, 1])], sorted(fs.intersection([2])), sorted(fs.difference([2])), sorted(fs.symmetric_difference([2])))
tup = (1, "a", 2.5)
print(tup, tup[0], tup[-1], len(tup), tup == (1, "a", 2.5), tup < (1, "b", 0.0), hash((1, 2)) == hash((1, 2)), (1,), (), ((1, 2), [3]), "a" in ("a", "b"))
r = range(10, 0, -3)
print(r, len(r), list(r), r[1], r[-1], 7 in r, 8 in r, r.index(4), r.count(4), range(5) == range(0, 5), range(0) == range(2, 1), list(range(5)[1:3]), list(reversed(range(4))), range(3), range(1, 9, 2)[1:], bool(range(0)), hash(range(3)) == hash(range(0, 3, 1)))
print(list(enumerate("ab")), list(enumerate([5, 6], 10)), list(zip([1, 2, 3], "ab")), list(zip([1], [2], [3])), list(map(lambda x: x * 2, [1, 2])), list(filter(lambda x: x > 1, [1, 2, 3])), list(filter(None, [0, 1, 2])), list(reversed([1, 2, 3])), any([0, 1]), all([1, 0]), any([]), all([]), any(x > 2 for x in [1, 2, 3]), all(x > 0 for x in (1, 2)), sum(x for x in range(5)), sum([1, 2], 10), sum([True, False, True]), list(map(lambda p, q: p + q, [1, 2], [10, 20])), list(zip([1, 2])))
print(max(3, 1, 2), min(4, 2), max("b", "a"), max([1, 5], default=0), max([0][1:], default=-1), min([x for x in [3, 2]], default=9), max(1.5, 2.5), min((5, 3)), max({1: 2, 5: 0}), max(x % 7 for x in range(20)), min("b", "abc", key=len), max(-5, 3, key=abs))
it = iter([1, 2])
print(next(it), next(it), next(it, 99), next(iter({7: 1})), list(iter("ab")), next(iter((4,))), next(iter(range(5, 9))))
grid = [[1, 2], [3, 4]]
grid[0][1] += 5
print(grid, [row[:] for row in grid], [x for row in grid for x in row], list(map(str, [1, 2])), list(zip(*grid)) if False else "")
same = [1]
same.append(2)
print(same is same, same == [1, 2], [1, 2] is same, id(same) == id(same))
inner: list[list[int]] = []
inner.append([1])
print(inner, [float("nan")] == [float("nan")])
print(max([1][1:], default=None), min("", default="none"), next(iter([1][1:]), None), next(iter("a"), 5), min({"b": 1, "a": 2}), max((x for x in [1, 5, 2]), key=lambda v: -v), max([3, 4], key=lambda v: v % 3, default=None), sorted({"b", "a"}), sorted((3, 1, 2), reverse=True), sorted("hello", key=lambda c: -ord(c)))
print([True] * 3, [1, 2] * 3, "ab" * 5, b"xyz" * 4, ["x", "y"] * 2, [[]] * 2, "é" * 3)
queue: dict[int, str] = {}
members: set[int] = set()
for i in range(3000):
    queue[i] = str(i)
    members.add(i * 3)
    if i >= 2:
        del queue[i - 2]
        members.discard(i * 3 - 6)
    if i % 500 == 499:
        print(queue, sorted(members), [i for i in range(3000) if i in queue])
