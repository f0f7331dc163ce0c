# %% bool_ops
print(True and False, True or False, not True, 1 and 2, 0 or 3, "" or "x", [] and 1, None or 0)
x = 5
print(1 < x < 10, 1 < x > 3, x == 5 != 4, not x == 5, x if x > 3 else -x)
print(bool(0), bool("0"), bool([]), bool([0]), bool(None), bool(0.0), int(True), True + 1, sum([True, False, True]))
print(True == 1, False == 0, True is True, isinstance(True, int), isinstance(1, bool), str(True), repr(False))
# %% int_basic
print(10 // 3, -10 // 3, 10 % 3, -10 % 3, 10 % -3, 2 ** 10, (-2) ** 3, 7 / 2, 6 / 2)
print(0b101, 0o17, 0xff, 1_000_000, -0, +5, ~7, 1 << 10, 1000 >> 3, 6 & 3, 6 | 3, 6 ^ 3)
print(int("12"), int("-7"), int(" 42 "), int("1010", 2), int("ff", 16), int(3.99), int(-3.99), int("1_000"))
for bad in ("", "abc", "1.5", "--1"):
    try:
        print(int(bad))
    except ValueError as e:
        print(e)
try:
    print(1 // 0)
except ZeroDivisionError as e:
    print(e)
try:
    print(1 % 0)
except ZeroDivisionError as e:
    print(e)
print(divmod(7, 2), divmod(-7, 2), abs(-3), pow(2, 5), pow(2, 5, 7), max(3, 7), min(3, 7), round(5), (5).bit_length())
print(str(123), repr(-5), f"{5:3}|{5:<3}|{5:^3}|{5:03}|{-5:04}|{5:+}", hex(255), oct(8), bin(5), chr(65), ord("A"))
# %% float_basic
print(1.0, 1.5, -0.0, 1e10, 1e16, 1e17, 1.5e-7, 123456789.123, 0.1 + 0.2, 1 / 3, 2 / 3, 100.0, 1e100)
print(float("1.5"), float("inf"), float("-inf"), float("nan"), float(" 2 "), float(3), 3.7 // 1, -3.7 // 1, 3.7 % 1, 5.5 % 2)
print(round(2.5), round(3.5), round(2.567, 2), round(-2.5), round(1e20) if False else "", int(2.9), 2.0 == 2, 0.1 + 0.2 == 0.3)
print(1.5.is_integer(), 2.0.is_integer(), (0.5).as_integer_ratio(), abs(-2.5), max(1.5, 2), min(1, 0.5), sum([0.5, 0.25]), 2 ** 0.5, 4 ** 0.5)
print(f"{3.14159:.2f} {3.14159:8.3f}| {1e6:,.2f} {0.00001:g} {1234567.0:g} {0.5:%} {1.0:e} {3.0:.0f} {2.5:.0f}")
try:
    print(1.0 / 0)
except ZeroDivisionError as e:
    print(e)
try:
    print(float("x"))
except ValueError as e:
    print(e)
nan = float("nan")
print(nan == nan, nan != nan, nan < 1, float("inf") > 1e308, -float("inf") < 0)
# %% string_index
s = "hello"
print(s[0], s[-1], s[1:3], s[:2], s[2:], s[::2], s[::-1], s[-3:-1], s[10:], len(s))
try:
    s[10]
except IndexError as e:
    print(e)
print("h" in s, "z" not in s, s + "!", s * 2, s == "hello", s < "help", s.find("l"), s.index("l"), s.count("l"))
for i, c in enumerate(s):
    print(i, c, end=";")
print()
print(list(s), tuple(s), sorted(s), "".join(reversed(s)), set(s) == set("ehlo"), min(s), max(s))
print("a" "b", """multi
line""", 'single', "tab\tend", r"raw\n", "\u00e9", "\x41", "a\\b", len("\n"))
# %% string_compare_unicode
words = ["straße", "Äpfel", "naïve", "日本", "😀x"]
for w in words:
    print(w, len(w), w.upper(), w.lower(), w[0], w[::-1], w.encode("utf-8"))
print(sorted(words), "é" > "z", ord("😀"), chr(128512), "😀x".find("x"), "日本語"[1:], "ß".casefold())
print("abc".encode(), b"abc"[0], b"abc"[1:], bytes([65, 66]), b"a" + b"b", list(b"hi"), bytes(3), b"x" * 3, b"abc".decode(), b"\xff\x00")
ba = bytearray(b"abc")
ba[0] = 90
ba.append(33)
print(ba, len(ba), bytes(ba), ba.decode())
# %% list_basic
a = [3, 1, 2]
a.append(4); a.extend([5, 6]); a.insert(0, 0); a.remove(3)
print(a, a.pop(), a.pop(0), a.index(2), a.count(1), len(a))
a.sort(); print(a); a.sort(reverse=True); print(a); a.reverse(); print(a)
b = a.copy(); b.clear(); print(a, b, a == [1, 2, 4, 5], a != b, [1, 2] + [3], [0] * 3, 2 in a)
for bad in (lambda: [].pop(), lambda: [1][3], lambda: [1].remove(2), lambda: [1].index(5)):
    try:
        bad()
    except (IndexError, ValueError) as e:
        print(type(e).__name__, e)
a[1:3] = [9, 9, 9]; print(a); a[:0] = [7]; print(a); del a[0]; del a[1:3]; print(a); a[::2] = [0, 0]; print(a)
print(sorted([3, 1, 2]), sorted("cab"), sorted([1, -2, 3], key=abs), list(reversed([1, 2])), sum([1, 2]), max([1, 5]), any([0, 1]), all([1, 0]))
n = [[1, 2], [3, 4]]
m = [row[:] for row in n]
m[0][0] = 99
print(n, m, [x for r in n for x in r], [[r[i] for r in n] for i in range(2)], list(zip(*n)))
x, *y = [1, 2, 3]; print(x, y); *x, y = "abc"; print(x, y); (a1, b1), c1 = [1, 2], 3; print(a1, b1, c1)
# %% tuple_basic
t = (1, "a", 2.5)
print(t, t[0], t[-1], t[1:], len(t), 1 in t, t + (4,), t * 2, (1,), (), tuple([1, 2]), tuple("ab"))
a, b, c = t
print(a, b, c, (1, 2) < (1, 3), (1, 2) == (1, 2), max((1, 5), (2, 0)), sorted([(2, "b"), (1, "z"), (2, "a")]))
def minmax(xs): return min(xs), max(xs)
lo, hi = minmax([3, 1, 2])
print(lo, hi, minmax([5]), hash((1, 2)) == hash((1, 2)), {(1, 2): "x"}[(1, 2)], (1, 2, 1).count(1), (1, 2).index(2))
a, b = b, a
print(a, b, [*t, 4], (*t, 5), isinstance(t, tuple))
for i, (x, y) in enumerate([(1, 2), (3, 4)]):
    print(i, x + y)
# %% dict_basic
d = {"one": 1, "two": 2}
d["three"] = 3
print(d, len(d), d["one"], d.get("four"), d.get("four", 4), "two" in d, "x" not in d, list(d), list(d.values()), list(d.items()))
del d["one"]
print(d.pop("two"), d, d.pop("zz", None), d.setdefault("k", []), d)
d2 = {i: i * i for i in range(4)}
print(d2, sum(d2.values()), max(d2), {k: v for k, v in d2.items() if v % 2}, dict(a=1), dict([(1, 2)]), dict(zip("ab", [1, 2])))
for k, v in sorted(d2.items(), reverse=True):
    print(k, v, end=" ")
print()
try:
    d2[99]
except KeyError as e:
    print("KeyError", e, repr(e))
d2.update({1: 100}); print(d2); d2.clear(); print(d2, not d2)
nested = {"a": {"b": [1, 2]}}
nested["a"]["b"].append(3); nested["a"]["c"] = [4]
print(nested, {1: "a"} == {1: "a"}, {"x": 1, "y": 2} == {"y": 2, "x": 1}, {**{"a": 1}, "b": 2}, {"a": 1} | {"a": 2})
print(list(reversed({"x": 1, "y": 2})), next(iter({"q": 1})), dict.fromkeys([1, 2]), {}.get("a", "none"))
# %% set_basic
s = {3, 1, 2}
s.add(4); s.add(1); s.discard(9); s.remove(3)
print(sorted(s), len(s), 1 in s, sorted(s | {9}), sorted(s & {1, 9}), sorted(s - {1}), sorted(s ^ {1, 5}), s == {1, 2, 4})
try:
    s.remove(100)
except KeyError as e:
    print("KeyError", e)
print(set(), {1} <= {1, 2}, {1, 2}.issuperset({1}), {1}.isdisjoint({2}), sorted(set("hello")), frozenset([1, 2]) == {1, 2}, len({1, 1.0, True}))
s.update([7, 8]); s.intersection_update({7, 8, 1}); s.difference_update({1})
print(sorted(s), sorted({x * x for x in range(-3, 4)}), bool(set()), s.copy() == s)
# %% loops_ranges
for i in range(3): print(i, end=" ")
for i in range(5, 0, -2): print(i, end=" ")
print(list(range(0)), list(range(2, 5)), range(3), len(range(0, 10, 3)), 4 in range(5), range(10)[3], range(10)[2:5], list(range(10))[::-1] == list(reversed(range(10))))
n = 0
while True:
    n += 1
    if n == 3: continue
    if n > 5: break
    print(n, end=" ")
else:
    print("never")
print(n)
for i in range(3):
    for j in range(3):
        if j == 2: break
        print((i, j), end="")
    else:
        print("inner done")
else:
    print("outer done")
for a, b in zip([1, 2, 3], "ab"): print(a, b)
for i, ch in enumerate("xy", 1): print(i, ch)
i = 10
for i in range(2): pass
print(i, sum(range(101)), [i for i in range(3)], i)
for x in reversed([1, 2]): print(x, end=" ")
for k in {"a": 1}: print(k)
# %% func_defaults
def f(a, b=2, *args, c=3, **kw):
    return a, b, args, c, sorted(kw.items())
print(f(1), f(1, 5), f(1, 2, 3, 4), f(1, c=9), f(1, x=1, y=2), f(b=1, a=0))
def g(xs=[]):
    xs.append(len(xs))
    return xs
print(g(), g(), g([9]))
def h(a, /, b, *, c): return a + b + c
print(h(1, 2, c=3), h(1, b=5, c=0))
def outer():
    x = 1
    def inner():
        nonlocal x
        x += 1
        return x
    return inner(), inner(), x
print(outer())
count = 0
def inc():
    global count
    count += 1
inc(); inc()
print(count, (lambda x, y=2: x * y)(4), (lambda *a: sum(a))(1, 2, 3))
def fact(n): return 1 if n <= 1 else n * fact(n - 1)
print(fact(10), [fact(i) for i in range(6)], fact.__name__)
def multi(): return 1, "two", [3]
a, b, c = multi()
print(a, b, c, f.__name__)
def apply(fn, *args): return fn(*args)
print(apply(max, 3, 7), apply(lambda a, b: a - b, 5, 2), list(map(str, [1, 2])), list(filter(None, [0, 1, 2])))
# %% class_basic
class Point:
    """A point."""
    dims = 2
    def __init__(self, x, y=0):
        self.x, self.y = x, y
    def move(self, dx, dy=0):
        self.x += dx
        self.y += dy
        return self
    def __eq__(self, other):
        if not isinstance(other, Point):
            return NotImplemented
        return (self.x, self.y) == (other.x, other.y)
    def __repr__(self): return f"Point({self.x!r}, {self.y!r})"
    def __lt__(self, o): return (self.x, self.y) < (o.x, o.y)
    @staticmethod
    def origin(): return Point(0, 0)
    @classmethod
    def of(cls, pair): return cls(*pair)
    @property
    def norm2(self): return self.x ** 2 + self.y ** 2
p = Point(1, 2)
print(p, p.move(2).move(0, 1), p.norm2, Point.origin(), Point.of((5, 6)), p == Point(3, 3), p != Point(3, 3), p == 3, Point.dims, p.dims)
print(sorted([Point(2, 1), Point(1, 5)]), min(Point(2), Point(1)), [Point(i) for i in range(2)], isinstance(p, Point))
# %% class_dunder_container
class Deck:
    def __init__(self, cards): self.cards = list(cards)
    def __len__(self): return len(self.cards)
    def __getitem__(self, i): return self.cards[i]
    def __setitem__(self, i, v): self.cards[i] = v
    def __delitem__(self, i): del self.cards[i]
    def __contains__(self, c): return c in self.cards
    def __iter__(self): return iter(self.cards)
    def __reversed__(self): return reversed(self.cards)
    def __add__(self, o): return Deck(self.cards + o.cards)
    def __iadd__(self, o):
        self.cards += o.cards
        return self
    def __bool__(self): return bool(self.cards)
    def __call__(self, n): return self.cards[:n]
    def __str__(self): return f"<Deck {len(self)}>"
d = Deck("abc")
print(d, len(d), d[0], d[-1], "b" in d, list(d), list(reversed(d)), d(2), bool(d), bool(Deck("")))
d[0] = "z"
del d[1]
d += Deck("qq")
print(list(d + Deck("x")), [c for c in d], max(d), sorted(d), "-".join(d))
# %% class_property_setter
class Temp:
    def __init__(self, c): self.celsius = c
    @property
    def celsius(self): return self._c
    @celsius.setter
    def celsius(self, v):
        if v < -273.15:
            raise ValueError("below absolute zero")
        self._c = v
    @property
    def fahrenheit(self): return self._c * 9 / 5 + 32
    @fahrenheit.setter
    def fahrenheit(self, f): self._c = (f - 32) * 5 / 9
t = Temp(100)
print(t.celsius, t.fahrenheit)
t.fahrenheit = 32
print(t.celsius)
try:
    t.celsius = -300
except ValueError as e:
    print("Error:", e)
try:
    Temp(-1000)
except ValueError as e:
    print("Error:", e)
# %% inherit_super_mro
class A:
    def __init__(self, name): self.name = name
    def hi(self): return f"A:{self.name}"
    def call(self): return self.hi()
class B(A):
    def __init__(self, name, extra):
        super().__init__(name)
        self.extra = extra
    def hi(self): return f"B:{self.name}:{self.extra}|" + super().hi()
class C(B):
    def hi(self): return "C>" + super().hi()
for o in (A("a"), B("b", 1), C("c", 2)):
    print(o.hi(), o.call(), isinstance(o, A), isinstance(o, B), type(o).__name__, o.__class__.__name__)
class Stack(list):
    pass
# %% generator_basic2
def countdown(n):
    while n > 0:
        yield n
        n -= 1
print(list(countdown(3)), sum(countdown(4)), max(countdown(2)), 2 in countdown(3), [x * 2 for x in countdown(2)])
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
g = fib()
print([next(g) for _ in range(10)], next(g))
def evens(it):
    for x in it:
        if x % 2 == 0:
            yield x
def take(n, it):
    for _, x in zip(range(n), it):
        yield x
print(list(take(3, evens(fib()))), sum(x * x for x in range(5)), list(x for x in "ab"), dict((c, 1) for c in "xy"))
def tree(d):
    if d:
        yield from tree(d - 1)
        yield d
        yield from tree(d - 1)
print(list(tree(3)))
e = (i for i in range(2))
print(next(e), next(e), next(e, "done"))
try:
    next(e)
except StopIteration:
    print("exhausted")
def pairs(d):
    for k in d:
        for v in d[k]:
            yield k, v
print(list(pairs({"a": [1, 2], "b": [3]})), next((x for x in range(10) if x > 5), None), next((x for x in range(3) if x > 5), -1))
# %% exceptions_custom2
class ValidationError(ValueError):
    def __init__(self, field, message, code=400):
        super().__init__(message)
        self.field, self.code = field, code
    def __str__(self): return f"[{self.code}] {self.field}: {super().__str__()}"
def check(d):
    for k in ("name", "age"):
        if k not in d:
            raise ValidationError(k, "missing")
    if not isinstance(d["age"], int):
        raise ValidationError("age", "must be an integer", code=422)
    return "ok"
for d in ({"name": "x", "age": 3}, {"name": "y"}, {"name": "z", "age": "old"}):
    try:
        print(check(d))
    except ValidationError as e:
        print(e, e.field, e.code, e.args, isinstance(e, ValueError))
def risky(n):
    if n == 0: raise ValueError("zero")
    if n == 1: raise KeyError("one")
    if n == 2: raise IndexError("two")
    return n
for i in range(4):
    try:
        r = risky(i)
    except (ValueError, KeyError) as e:
        print("VK", repr(e))
    except Exception as e:
        print("E", type(e).__name__, str(e))
    else:
        print("ok", r)
try:
    raise Exception("a", 1)
except Exception as e:
    print(e, e.args, repr(e))
try:
    assert 1 == 2, "math broke"
except AssertionError as e:
    print("assert", e)
# %% fstrings
name, n, x, items = "Ann", 7, 3.14159, [1, "two"]
print(f"{name} {n} {x} {items} {n + 1} {name.upper()} {items[1]} {'lit'} {{braces}} {n!r} {name!r:>8}")
print(f"{n:5}|{n:<5}|{n:>5}|{n:^5}|{n:05}|{n:+}|{n:x}|{n:b}|{n:,}|{1234567:,}|{1234567:_}")
print(f"{x:.2f}|{x:8.3f}|{x:<8.1f}|{x:e}|{x:g}|{x:.0%}|{0.1234:.1%}|{x:+.1f}|{-x:08.2f}")
print(f"{name:10}|{name:>10}|{name:^10}|{name:*^10}|{name:.2}|{name!s}|{True}|{None}|{[n]}|{(n,)}|{ {1: 2} }")
w, p = 10, 2
print(f"{x:{w}.{p}f}|{name:{w}}|{name:>{w}}|{n=}|{x = :.1f}|{n*2=}")
print(f"{'yes' if n > 5 else 'no'} {sum(range(4))} {', '.join(str(i) for i in range(3))} {max([1, 2], key=lambda v: -v)}")
print("{:>5} {:<5}|{:^5}|{:05.1f} {!r}".format(1, 2, 3, 4.5, "q"), "{0}{1}{0}".format("a", "b"), "{k}={v}".format(k="x", v=1))
print("%d %5d %-5d| %05d %s %r %.2f %x %5.1f%% %c" % (1, 2, 3, 4, "s", "r", 5.678, 255, 99.5, "z"))
# %% sorting
people = [{"n": "Bob", "a": 25}, {"n": "alice", "a": 30}, {"n": "Carl", "a": 25}]
print([p["n"] for p in sorted(people, key=lambda p: (p["a"], p["n"]))], [p["n"] for p in sorted(people, key=lambda p: p["n"].lower(), reverse=True)])
words = "the quick brown fox jumps".split()
words.sort(key=len); print(words)
print(sorted(words, key=lambda w: w[-1]), sorted([True, False, 2, 0.5]), sorted(["b", "A", "c"], key=str.upper), sorted([[2], [1, 5], [1]]), sorted({"z": 1, "y": 2}))
print(max(people, key=lambda p: p["a"])["n"], min(words, key=lambda w: (len(w), w)), sorted(range(5), key=lambda i: -i), sorted([(1, "b"), (1, "a")]))
from functools import cmp_to_key
print(sorted([3, 1, 2], key=cmp_to_key(lambda a, b: b - a)))
# %% globals_const
DEBUG = False
LIMITS = {"max": 10, "min": 0}
NAMES = ("a", "b")
counter = 0
cache = {}
history = []
def process(x):
    global counter
    counter += 1
    history.append(x)
    if x in cache:
        return cache[x]
    r = min(max(x, LIMITS["min"]), LIMITS["max"])
    cache[x] = r
    return r
print([process(v) for v in (5, 50, -3, 5)], counter, cache, history, NAMES[0], DEBUG)
if __name__ == "__main__":
    print("main")
# %% type_checks
values = [1, 2.5, "s", [1], (1,), {"a": 1}, {1}, None, True, b"x"]
for v in values:
    print(type(v).__name__, isinstance(v, (int, float)), isinstance(v, str), v is None, bool(v))
def describe(v):
    if isinstance(v, bool): return "bool"
    if isinstance(v, int): return f"int {v + 1}"
    if isinstance(v, str): return "str " + v.upper()
    if isinstance(v, (list, tuple)): return f"seq of {len(v)}"
    if isinstance(v, dict): return f"dict {list(v)}"
    if v is None: return "none"
    return "?"
for v in values:
    print(describe(v))
# %% uncaught
def a(): b()
def b(): raise RuntimeError("deep")
print("before")
a()
# %% uncaught_index
xs = [1, 2]
print(xs[0])
print(xs[5])
# %% none_handling
def find(xs, t):
    for i, x in enumerate(xs):
        if x == t:
            return i
print(find([1, 2], 2), find([1], 9), find([], 0) is None, find([5], 5) == 0)
r = find([1, 2, 3], 3)
if r is not None:
    print(r + 1)
try:
    print(find([1], 2) + 1)
except TypeError as e:
    print("TypeError", e)
cfg = {"a": None, "b": 2}
print(cfg["a"], cfg.get("zz"), cfg["a"] is None, cfg["b"] or 5, cfg["a"] or "default", [x for x in [1, None, 2] if x is not None])
x = None
print(x, str(x), repr(x), [x], x == None, not x)
class N:
    def __init__(self): self.next = None
n = N(); n.next = N()
print(n.next.next is None, n.next is not None)
try:
    n.next.next.next
except AttributeError as e:
    print("AttributeError", e)
# %% mixed_numbers
xs = [1, 2.5, 3]
print(sum(xs), max(xs), min(xs), sorted(xs, reverse=True), [x * 2 for x in xs], sum(xs) / len(xs), xs)
total = 0
for x in xs:
    total += x
print(total, total == 6.5, int(total), round(total), total // 1)
def avg(ns): return sum(ns) / len(ns) if ns else 0
print(avg([]), avg([1, 2]), avg([1.5]))
acc = 0
acc += 1
acc /= 2
print(acc, acc * 2, 3 * 1.0, 7 // 2.0, 2 ** 3.0, 10 ** 2, 1e2 == 100)
best = None
for v in [3, 1.5, 2]:
    if best is None or v < best:
        best = v
print(best)
d = {}
for k, v in [("a", 1), ("b", 2.5), ("a", 0.5)]:
    d[k] = d.get(k, 0) + v
print(d)
# %% zip_enumerate_more
names, ages = ["a", "b", "c"], [1, 2, 3]
print(list(zip(names, ages)), dict(zip(names, ages)), [f"{i}:{n}" for i, n in enumerate(names)], list(zip(range(3), "ab")))
pairs = list(zip(names, ages))
ns, ags = zip(*pairs)
print(ns, ags, list(map(lambda p: p[0] * p[1], pairs)), list(map(lambda a, b: a + str(b), names, ages)))
for i, (n, a) in enumerate(zip(names, ages), start=1):
    print(i, n, a)
m = [[1, 2, 3], [4, 5, 6]]
print([list(c) for c in zip(*m)], [sum(c) for c in zip(*m)], list(map(sum, m)), list(map(max, zip(*m))), all(len(r) == 3 for r in m))
# %% string_build
out = ""
for i in range(3):
    out += str(i) + ","
print(out.rstrip(","), ",".join(map(str, range(3))), "".join([chr(97 + i) for i in range(5)]))
lines = []
for i in range(1, 4):
    lines.append("*" * i)
print("\n".join(lines))
print(" " * 3 + "x", "-" * 10, "=" * 5 + ">" , "ab" * 2)
for row in range(3):
    print(" " * (2 - row) + "*" * (2 * row + 1))
text = "the rain in spain"
print(text.title(), text.replace("ain", "AIN"), text.split("in"), [w[0].upper() + w[1:] for w in text.split()], sum(c in "aeiou" for c in text))
print("{}-{}".format(*"ab"), "%s" % [1], str([1, "a", None, 2.0, (1,), {"k": "v"}]), repr({"a": [1]}))
