d = {"a": 1, "b": 2}
d["c"] = 3
print(d, len(d), d["a"], d.get("z"), d.get("z", 0), "a" in d, "z" in d)
for key in d:
    print(key, d[key])
for key, value in d.items():
    print(key, value)
print(list(d.keys()), list(d.values()), list(d.items()), sorted(d, reverse=True))
del d["b"]
print(d, d.pop("a"), d, d.pop("zz", -1))
d.update({"x": 10, "c": 30})
print(d, d.setdefault("n", 5), d.setdefault("x", 6), d)
counts: dict[str, int] = {}
for ch in "mississippi":
    counts[ch] = counts.get(ch, 0) + 1
print(counts, max(counts, key=lambda k: counts[k]))
print({i: i * i for i in range(4)}, {v: k for k, v in counts.items()})
groups: dict[int, list[str]] = {}
for word in ["a", "bb", "cc", "d"]:
    groups.setdefault(len(word), []).append(word)
print(groups, groups[1])
s = {3, 1, 2, 3}
s.add(5)
s.discard(1)
print(len(s), 3 in s, sorted(s), sorted({1, 2} | {2, 3}), sorted({1, 2} & {2, 3}), {1, 2} - {2}, sorted({1, 2} ^ {2, 3}))
print({1, 2} <= {1, 2, 3}, {1} == {1}, set(), {x % 3 for x in range(3)} == {0, 1, 2}, len(set("hello")))
nested = {"k": {"inner": [1, 2]}}
nested["k"]["inner"].append(3)
print(nested, {(1, 2): "t"}[(1, 2)], {} == {}, {"a": 1} == {"a": 1}, {1: 2} != {1: 3})
try:
    print(d["missing"])
except KeyError as error:
    print("KeyError", error)
try:
    for key in d:
        d[key + "!"] = 1
except RuntimeError as error:
    print(error)
big = {i: str(i) for i in range(1000)}
for i in range(0, 1000, 2):
    del big[i]
print(len(big), list(big)[:3], big[999], sum(big), dict([("p", 1), ("q", 2)]), list(big.items())[-1])
# %% dict_from_dicts
from collections import Counter, defaultdict, OrderedDict
def f(d):
    out = dict(d)
    out["z"] = "q"
    return out
print(f({"a": 1}), f({}), f([("k", 2)]))
g: dict[str, str] = {"b": "x"}
n = {"b": 1, **g}
n["c"] = 1
print(n)
c = Counter("aab"); c.subtract({"a": 1}); c.update({"q": 4}); c.update("qq"); print(c)
d = defaultdict(list, {"a": [1]}); d["b"].append(2); print(d)
def h(x):
    out = OrderedDict(x)
    out["n"] = None
    return list(out.items())
print(h({"a": 1}))
total = Counter()
total[3] += 1
total.update(Counter("ab"))
total.update({"a": 5})
print(total)

# %% changed_while_walked
from collections import deque
def test_destroying_during_iteration():
    for make in (lambda d: d.keys(), lambda d: d.values(), lambda d: d.items(), lambda d: d):
        d = {i: i for i in range(5)}
        try:
            for k in make(d):
                del d[0]
                d[0] = 0
        except (RuntimeError, KeyError) as e:
            print(type(e).__name__, e)
        d = {0: 0}
        n = 0
        try:
            for k in make(d):
                n += 1
                if n > 20: break
                del d[0]
                d[0] = 0
        except (RuntimeError, KeyError) as e:
            print(type(e).__name__, e)
        print(n, d)
test_destroying_during_iteration()
d = {1: 1}
try:
    for k in d:
        d[k + 1] = 1
        del d[k]
except RuntimeError as e:
    print(e)
d = {1: 1, 2: 2}
try:
    for k in d:
        d.clear()
except RuntimeError as e:
    print(e)
d = dict.fromkeys(range(3))
it = iter(d)
next(it)
del d[1]
try:
    next(it)
except RuntimeError as e:
    print(e)
try:
    next(it)
except RuntimeError as e:
    print(e)
except StopIteration:
    print("stop")
d[5] = 5
try:
    print(next(it))
except RuntimeError as e:
    print(e)
except StopIteration:
    print("stop")
s = {1, 2, 3}
try:
    for x in s:
        s.add(x + 10)
except RuntimeError as e:
    print(e)
d = {0: 1}
it = iter(d.items())
d.pop(0)
try:
    print(next(it))
except RuntimeError as e:
    print(e)
class MutateCmp:
    def __init__(self, deque, result):
        self.deque = deque
        self.result = result
    def __eq__(self, other):
        self.deque.clear()
        return self.result
d = deque()
d.extend([MutateCmp(d, False), 1, 2])
try:
    d.remove(5)
except (IndexError, RuntimeError) as e:
    print(type(e).__name__, e)
d = deque()
d.extend([MutateCmp(d, False), 1, 2])
try:
    print(5 in d)
except (IndexError, RuntimeError) as e:
    print(type(e).__name__, e)
d = deque()
d.extend([MutateCmp(d, True), 1, 2])
try:
    d.remove(5)
except (IndexError, RuntimeError) as e:
    print(type(e).__name__, e)
d = deque()
d.extend([MutateCmp(d, False), 1, 2])
try:
    print(d.index(5))
except (IndexError, RuntimeError) as e:
    print(type(e).__name__, e)
d = deque()
d.extend([MutateCmp(d, False), 1, 2])
try:
    print(d.count(5))
except (IndexError, RuntimeError) as e:
    print(type(e).__name__, e)

# %% sets_in_sets
print({1} in {frozenset({1})}, {2} in {frozenset({1})})
s = {frozenset({1}), frozenset({2, 3})}
print({3, 2} in s)
s.discard({1})
print(s)
s.remove({2, 3})
print(s)
try:
    s.add({1})
except TypeError as e:
    print(e)
try:
    print({1} in {frozenset({1}): 1})
except TypeError as e:
    print(e)
try:
    print([1] in {1})
except TypeError as e:
    print(e)
try:
    print({1} in {1})
except TypeError as e:
    print(e)

# %% below_dict_by_keywords
class Registry(dict):
    def __missing__(self, key):
        raise KeyError(f"no plugin {key!r}; have {sorted(self)}")
r = Registry(a=1, b=2)
print(r["a"], r.get("z"), "z" in r)
try:
    r["z"]
except KeyError as e:
    print(e, e.args[0])
class Frozen(dict):
    def __setitem__(self, k, v):
        raise TypeError("frozen")
f = Frozen(x=1)
try:
    f["y"] = 2
except TypeError as e:
    print(e, f)
class Bounded(list):
    def append(self, x):
        if len(self) >= 2: raise OverflowError("full")
        super().append(x)
b = Bounded()
try:
    for i in range(5): b.append(i)
except OverflowError as e:
    print(e, b)
class Attr(dict):
    def __getattr__(self, k):
        try:
            return self[k]
        except KeyError:
            raise AttributeError(k) from None
a = Attr(x=1, y=2)
print(a.x, a, type(a).__name__, Attr([("q", 1)]), Attr({"z": 3}), Attr())
try:
    a.nope
except AttributeError as e:
    print(e, e.__suppress_context__)

# %% below_typed_dict_by_keywords
from typing import Any
class Config(dict[str, Any]):
    def need(self, key: str) -> Any:
        if key not in self:
            raise KeyError(key)
        return self[key]
c = Config(a=1, b="x")
print(c.need("a"), c.need("b"), c)
try:
    c.need("q")
except KeyError as e:
    print(repr(e))
d: dict[str, int] = dict(a=1)
print(d)
class P(dict):
    pass
def f(p: P) -> None:
    print(p)
f(P(a=1))
