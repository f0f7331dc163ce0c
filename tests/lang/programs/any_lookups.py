# %% methods_with_several_forms
from typing import Any

held: Any = {"name": "Al", "b": "c"}
print(held.get("name", ""), held.get("x", ""), held.get("x", 5), held.get("x"))  # Al  5 None
print(held.pop("b"), held.pop("b", None), held.setdefault("z", "y"), held)  # c None y {'name': 'Al', 'z': 'y'}
numbers: Any = {1: [1, 2]}
print(numbers.get(1, []), numbers.get(2, []))  # [1, 2] []
raw: Any = b"abcabc"
print(raw.find(b"c"), raw.find(97), raw.count(b"a"))  # 2 0 2
try:
    raw.find("c")
except TypeError as error:
    print(error)  # argument should be integer or bytes-like object, not 'str'


def resolve(path: str, values: dict[str, dict[str, str] | list[Any]]) -> Any:
    value: Any = values[path]
    return value.get("name", "") if isinstance(value, dict) else value


print(resolve("user", {"user": {"name": "Al"}, "items": []}), resolve("items", {"items": [1]}))  # Al [1]


# %% what_is_not_there_may_be_of_any_type
from typing import Any
a: Any = ["a"]; b: Any = {"a"}; c: Any = {1: 2}; d: Any = {"a": 2}; k: Any = 1; e: Any = [1, 2, 1]
print(5 in a, "a" in a, 5 in b, "a" in b, a.count(5), a.count("a"))
print(True in c, "a" in c, c.get("a"), c.get(1), c.get("a", 7), c.get(1, 7), None in c)
print(k in d, d.get(k, 3), d.get("a", 3), d.pop(k, 9), d.pop("a", 9), d)
print("x" in e, e.count("x"), e.count(1), True in e)
b.discard(4); b.discard("a"); print(b)
def look(seen, x):
    return x in seen
print(look({"a": 1}, 2), look([1, 2], "a"), look({1, 2}, 2))
try:
    print(d["zz"])
except KeyError as error:
    print(error)
try:
    print(d[5])
except KeyError as error:
    print(repr(error))
from collections import Counter, deque, defaultdict
q: Any = deque(["x"]); n: Any = Counter("aab"); z: Any = defaultdict(int, {"a": 1}); w: Any = frozenset([1, 2])
print(3 in q, q.count(3), 3 in n, n.get(3, 0), n["a"], "x" in w, z.get(9, "no"), 5 in z, 5 in d.keys(), 2 in c.values(), 'q' in c.values())


# %% numbers_out_of_any
import math, time
from typing import Any
v: Any = 4
print(math.sqrt(v), math.floor(v), round(2.567, v - 3), "x" * v, math.pow(v, v), math.hypot(v, 3), float(v) / 2, max(2.5, v))
f: Any = 2.5
print(f + v, f * v, divmod(f, 2.0), f // v, pow(f, v), math.isclose(f, v), f.is_integer())
def half(x: float) -> float:
    return x / 2
print(half(v))
print(divmod(7, v), divmod(v, 3))


# %% reversed_formatted_and_compared
from typing import Any
a: Any = "abc"; b: Any = [1, 2.5, 4]; c: Any = {"k": 1, "l": 2}; d: Any = (3, 4); e: Any = range(3)
print(hasattr(a, "__next__"), hasattr(b, "__len__"), hasattr(a, "upper"), hasattr(d, "nope"), hasattr(5, "__len__"))
print(list(reversed(a)), [x for x in reversed(b)], list(reversed(c)), tuple(reversed(d)), next(reversed(d)), "".join(reversed(a)))
print(max(2.5, b[0]), max(b[0], 2.5), min(b[1], 3), max(1, 2, b[1]), max(b[0], "a" if False else 7))
for i, x in enumerate(reversed(e)): print(i, x)
class P:
    def __init__(self, v): self.v = v
    def __reversed__(self): return iter(["r", self.v])
    def __format__(self, spec): return "P<" + spec + ">"
p: Any = P(1)
print(list(reversed(p)), format(p, "z"), f"{p:q}", format(c), format(b, ""))
try:
    reversed({1, 2} if a else b)
except TypeError as x:
    print(x)
try:
    print(format(b, ">3"))
except TypeError as x:
    print(x)
c.setdefault("m"); print(c, c.setdefault("k"))
def biggest(rows): return max(rows, key=lambda r: r["n"])["n"], max((r["n"] for r in rows), default=0.5)
print(biggest([{"n": 1, "s": "x"}, {"n": 2.5, "s": "y"}]))
it: Any = iter(b)
print(next(it), next(iter(a)), list(it))

# %% walked_one_by_one
from typing import Any
def gen():
    print("a")
    yield 1
    print("b")
    yield 2
def f(g: Any) -> None:
    for x in g:
        print(x)
f(gen())
def h(g: Any) -> None:
    for i, x in enumerate(g):
        print(i, x)
h(gen())
def k(g: Any) -> None:
    for x, y in zip(g, [5, 6]):
        print(x, y)
    for x in map(str, gen()): print(x)
k(gen())
def m(g: Any) -> None:
    for x in map(str, g): print(x)
    a, b = gen()
    print([print("got", x) for x in gen()])
m(gen())
def n(g: Any) -> None:
    print([print("got", x) for x in g])
n(gen())
def o(g: Any) -> None:
    for x in g:
        print(x)
        g.append(x + 1)
        if x > 5: break
o([1])
def p(g: Any) -> None:
    print(any(x == 1 for x in g), next(g))
p(gen())
def q(g: Any) -> None:
    it = iter(g)
    print("it")
    print(next(it))
q(gen())
def r(d: Any) -> None:
    try:
        for k in d: d[k + "x"] = 1
    except RuntimeError as e:
        print(e)
r({"a": 1})

# %% not_iterable_at_once
from typing import Any
def g(x: Any) -> None:
    for name in ("enumerate", "zip", "map", "filter", "reversed", "iter", "sorted", "list", "sum", "any"):
        try:
            if name == "enumerate": y = enumerate(x)
            elif name == "zip": y = zip([1], x)
            elif name == "map": y = map(str, x)
            elif name == "filter": y = filter(None, x)
            elif name == "reversed": y = reversed(x)
            elif name == "iter": y = iter(x)
            elif name == "sorted": y = sorted(x)
            elif name == "list": y = list(x)
            elif name == "sum": y = sum(x)
            else: y = any(x)
            print(name, "made")
        except TypeError as e:
            print(name, type(e).__name__, e)
g([1]); g(5); g(None)

# %% part_of_text
from typing import Any
def f(x: Any, y: Any) -> None:
    try:
        print(x in y)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
f(97, b"abc"); f(1, b"abc"); f(b"a", b"abc"); f("a", b"abc"); f(300, b"abc"); f(b"bc", bytearray(b"abc")); f(1.5, b"abc"); f(True, b"\x01"); f(b"a", "abc"); f(1, "abc")
f(None, b"a"); f("a", "abc"); f(3, range(5)); f("a", range(5)); f(1, 5); f(None, None)

# %% part_of_known_text
from typing import Any
def f(x: Any, y: bytes) -> None:
    try:
        print(x in y)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
f(97, b"abc"); f(1, b"abc"); f(b"a", b"abc"); f("a", b"abc"); f(300, b"abc"); f(b"bc", b"abc"); f(1.5, b"abc"); f(True, b"\x01"); f(None, b"a")
def g(x: Any, y: str) -> None:
    try:
        print(x in y)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
g("a", "abc"); g(1, "abc"); g(None, "abc"); g(b"a", "abc")
def h(x: int, y: Any) -> None:
    try:
        print(x in y)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
h(1, "abc"); h(1, [1]); h(97, b"a"); h(1, {1: 2}); h(1, 5); h(5, (1, 2)); h(5, {5})

# %% divided_and_raised
from typing import Any
xs: list[Any] = [1, "a", None, 2.5]
for x in xs:
    for y in xs:
        try:
            print(divmod(x, y))
        except TypeError as e:
            print(type(e).__name__, e)
def show(a: Any, b: Any) -> None:
    try:
        print(divmod(a, b))
    except (TypeError, ZeroDivisionError) as e:
        print(type(e).__name__, e)
show(7, 2); show(7, 0); show(7.0, 0); show(True, 2); show("a", 3)
def g(a: int, b: int) -> int:
    q, r = divmod(a, b)
    return q * 10 + r
print(g(17, 5))
from datetime import timedelta
print(divmod(timedelta(hours=5), timedelta(hours=2)))
def p(a: Any, b: Any) -> Any:
    return a ** b
print(p(2, 3), p(2, -1), p(2.0, -1), p(True, -2))
try:
    print(p(0, -1))
except ZeroDivisionError as e:
    print(e)

# %% least_of_lists
def g(a: list[int | None], b: list[int | None]) -> bool:
    return a < b
print(g([1, 2], [1, 3]), g([1, None], [2, None]), g([1], [1, None]))
try:
    print(g([1, None], [1, 3]))
except TypeError as e:
    print(e)
print(g([None, 1], [None, 3]))
from typing import Any
def f(xs: Any) -> Any:
    return min(xs)
print(f([[1, 2], [1, None, 3]]))

# %% endless_in_any
from typing import Any
def count():
    n = 0
    while True:
        yield n
        n += 1
def f(g: Any) -> None:
    for x in g:
        print(x)
        if x > 2: break
    it = iter(g)
    print(next(it))
    for a, b in zip(g, "ab"):
        print(a, b)
f(count())

# %% taken_one_by_one
from typing import Any
def gen(n=3):
    for i in range(n):
        print("make", i)
        yield i
    print("done")
def f(g: Any) -> None:
    print(1 in g)
f(gen())
def f2(g: Any) -> None:
    def inner():
        yield from g
    for x in inner(): print("y", x)
f2(gen())
def f3(g: Any) -> None:
    for a in zip(g, gen(2)): print(a)
f3(gen())
def f4(g: Any) -> None:
    xs: list[Any] = [9]
    xs.extend(g)
    print(xs)
    xs += gen(1)
    print(xs, [*gen(1), 5], {*gen(2)}, (*gen(1),))
f4(gen())
def f5(g: Any) -> None:
    print(any(g), next(g, "none"))
f5(gen())
def f6(g: Any) -> None:
    x, y = g
f7 = 0
try:
    f6(gen(5))
except ValueError as e:
    print(e)
def f8(g: Any) -> None:
    print(max(g), sum(gen()), sorted(gen(), reverse=True), list(map(lambda v: v * 2, gen())))
f8(gen())
def f9(g: Any) -> None:
    import itertools
    for x in itertools.islice(g, 2): print("s", x)
    print(list(itertools.takewhile(lambda v: v < 1, gen())))
    print(next(itertools.chain(gen(), g)))
f9(gen())
def f10(g: Any) -> None:
    try:
        for x in g:
            print(x)
            raise ValueError("stop")
    except ValueError as e:
        print(e)
    print(next(g))
f10(gen())
def f11(g: Any) -> None:
    print({x: x for x in g}, ",".join(str(v) for v in gen()))
    print(dict(zip("ab", gen())))
f11(gen())
def f12(*a: Any) -> None: print(a)
def f13(g: Any) -> None:
    f12(*g)
f13(gen())
def f14(g: Any) -> None:
    while True:
        try:
            v = next(g)
        except StopIteration:
            print("si")
            break
        print("v", v)
f14(gen())
def f15(g: Any) -> None:
    for i, x in enumerate(g, 5):
        if i == 6: break
        print(i, x)
    else:
        print("else")
f15(gen())
class It:
    def __init__(self): self.n = 0
    def __iter__(self):
        print("iter")
        return self
    def __next__(self):
        self.n += 1
        print("next", self.n)
        if self.n > 2: raise StopIteration
        return self.n
def f16(g: Any) -> None:
    for x in g: print(x)
    print(list(It()), 2 in It())
f16(It())
def f17(g: Any) -> None:
    m = map(str, g)
    print("made")
    print(next(m))
    fl = filter(None, gen())
    print("f made")
    print(next(fl))
    z = zip(g, gen())
    print(next(z))
f17(gen())

# %% changed_while_walked
from typing import Any
def f(xs: Any, d: Any) -> None:
    for x in xs:
        if x < 4: xs.append(x + 2)
        print(x, len(xs))
    for x in xs[:]:
        if x % 2: xs.remove(x)
    print(xs)
    for k in list(d):
        del d[k]
    print(d)
    try:
        d["a"] = 1
        for k in d:
            d["b"] = 2
    except RuntimeError as e:
        print(e)
    try:
        for k, v in d.items():
            d.pop("a")
    except RuntimeError as e:
        print(e)
f([1, 2], {"x": 1})
# %% groups_by_any
from itertools import groupby
class F:
    def __init__(self, g, r): self.__dict__.update(genre=g, rating=r)
FILMS = [F("a", 2), F("a", 1.5), F("b", 3)]
for genre, group in groupby(FILMS, key=lambda f: f.genre):
    ratings = [f.rating for f in group]
    print(genre, ratings)
    print(len(ratings))
# %% classes_and_none
from typing import Any
def nn(x: Any, t: Any) -> bool: return isinstance(x, t)
print(nn(None, type(None)), nn(1, type(None)), nn(None, (int, type(None))), nn(1, (int, type(None))))
NT = type(None)
def f(x): return isinstance(x, NT), isinstance(x, (str, NT)), isinstance(x, type(None)), type(x) is NT, x is None
print(f(None), f(1), f("a"))
for v in (None, 1): print(isinstance(v, NT), isinstance(v, (int, type(None))))
def q(x: Any) -> list[bool]:
    return [isinstance(x, (list, type(None))), isinstance(x, list | None), isinstance(x, int | None), isinstance(x, (dict, str, type(None))), isinstance(x, type(None)) and x is None, not isinstance(x, (int, type(None)))]
print(q(None), q([1]), q(1), q("a"), q({}), q(2.5))
def q2(x):
    if isinstance(x, (list, type(None))): return ("l", x)
    if isinstance(x, int | None): return ("i", x)
    return ("o", x)
print(q2(None), q2([1]), q2(1), q2("a"))
for v in [None, [1], 1, "a"]: print(q2(v), q(v))
class Lazy:
    def __init__(self, f, *a): self.__dict__.update(_f=f, _a=a, _real=None)
    def __getattr__(self, name):
        if self._real is None:
            print("make"); self.__dict__["_real"] = self._f(*self._a)
        return getattr(self._real, name)
l = Lazy(str, 12345)
print(l.zfill(8), l.startswith("12"))
# %% what_it_is
from typing import Any
def f(x: Any) -> None:
    print(isinstance(x, (list, tuple)), isinstance(x, dict), type(x) is int, x.__class__.__name__, callable(x), x is None, isinstance(x, (int, float)) and not isinstance(x, bool), type(x) in (int, float), type(x) == bool, issubclass(type(x), (int, str)), isinstance(x, type(None)), isinstance(x, str) or isinstance(x, bytes))
class P: pass
class Q(P): pass
for v in [1, True, 2.5, "s", b"b", None, [1], (1,), {1}, {1: 2}, P(), Q(), P, f, range(3), frozenset([1]), ValueError("x"), (i for i in "a")]:
    f(v)
def g(x):
    print(isinstance(x, (list, tuple)), isinstance(x, dict), type(x) is int, x.__class__.__name__, callable(x), x is None, isinstance(x, (int, float)) and not isinstance(x, bool), type(x) in (int, float), type(x) == bool, issubclass(type(x), (int, str)), isinstance(x, type(None)), isinstance(x, str) or isinstance(x, bytes))
for v in [1, True, 2.5, "s", b"b", None, [1], (1,), {1}, {1: 2}, P(), Q()]:
    g(v)
g(1); g("a"); g(None); g(P()); g((1, "a")); g([])

# %% inner_names_and_numbers_looked_for
from typing import Any
def names(v: Any) -> None:
    for what in (lambda: v.find("b"), lambda: v.count(1), lambda: v.size, lambda: v.used, lambda: v.has(2)):
        try:
            print(what())
        except AttributeError as e:
            print(e)
        except TypeError:
            print("TypeError")
for x in [{1: 2}, [1], "ab", {3}]:
    names(x)
def looked(v: Any, x: Any) -> None:
    try:
        print(x in v, v.count(x))
        print(v.index(x), v.index(x, 1))
    except ValueError as e:
        print(e if x != 1 else "ValueError")
    w = list(v)
    try:
        w.remove(x)
        print(w)
    except ValueError as e:
        print(e)
for x in (1, 1.0, 2.5, True, "a", None, 1e300):
    for v in ([1, 2, 1], [1.0, 2.5], (1, 2.5, "a")):
        looked(v, x)
def got(v: Any, x: Any) -> None:
    print(x in v, v.get(x), v.get(x, "no"), v.pop(x, "none"))
for x in (1, 1.0, 2.5, True, "a", None, 1e300):
    got({1: 2, 3: 4}, x)
    got({"a": 2}, x)
    got({1.0: 2, 2.5: 3}, x)
def dropped(v: Any, x: Any) -> None:
    try:
        v.remove(x)
        print(v)
    except (ValueError, KeyError) as e:
        print(type(e).__name__, e)
for x in (1, "a", 2.5, None):
    dropped([1, 2], x)
    dropped(["a"], x)
    dropped({1, 2}, x)

# %% indices_and_templates
from typing import Any
def f(x: Any, i: Any) -> None:
    try:
        print(x[i])
    except (TypeError, IndexError, KeyError) as e:
        print(type(e).__name__, e)
for c in ([1, 2], "ab", b"ab", {"a": 1}):
    for i in (0, 1, True, "a", None, 1.5, 7):
        f(c, i)
def g(a: Any, b: Any) -> None:
    for op in (lambda: a & b, lambda: a | b, lambda: a ^ b, lambda: a + b, lambda: a << b):
        try:
            print(op(), end=" ")
        except TypeError as e:
            print(e, end=" ")
    print()
for a in (True, 1, False, 6):
    for b in (True, 3): g(a, b)
print(True & 1, 1 & True, True | 2, False ^ 1, True & True, 6 & True)
def k(i: Any) -> None:
    xs = [1, 2, 3]
    xs.insert(i, 9)
    print(xs)
k(1)

# %% values_of_a_template_once
def once():
    print("called")
    return tuple([1, 2])
print("%d %d" % once())
def several(*a):
    print("%s-%s" % a)
several(1, 2)
