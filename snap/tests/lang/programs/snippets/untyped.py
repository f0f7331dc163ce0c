# %% names
def bubble(x): return x
def quick(x): return x * 2
for f in (bubble, quick):
    print(f.__name__, f(3))
print(bubble.__name__)
fs = [bubble, lambda x: x + 1]
print([f.__name__ for f in fs], [f(1) for f in fs])
def outer(k):
    def inner(x):
        return x + k
    return inner
g = outer(2)
print(g.__name__, g(1))
# %% results
ops = {"add": lambda a, b: a + b, "div": lambda a, b: a / b if b != 0 else None, "s": lambda a, b: str(a)}
for name, fn in ops.items():
    print(name, fn(6, 3), fn(1, 0))
# %% params
ops = {"add": lambda a, b: a + b, "mul": lambda a, b: a * b}
print(ops["add"](1, 2), ops["add"](1.5, 2), ops["mul"]("ab", 2))
# %% arity
def one(x): return [x]
def two(x, y): return x + y
table = {"one": one, "two": two}
print(table["one"](1), table["two"](2, 3))
# %% observer
class E:
    def __init__(self):
        self.h = {}
    def on(self, e, f):
        self.h.setdefault(e, []).append(f)
    def emit(self, e, *args):
        for f in self.h.get(e, []):
            f(*args)
log = []
em = E()
em.on("a", lambda n: log.append(n))
em.on("a", lambda n: print("got", n))
em.emit("a", "x")
print(log)
# %% mutual
def is_even(n):
    return True if n == 0 else is_odd(n - 1)
def is_odd(n):
    return False if n == 0 else is_even(n - 1)
print(is_even(10), is_odd(7))
# %% mutual2
def a(n):
    if n > 3:
        return "done"
    return b(n + 1)
def b(n):
    if n == 2:
        return 2.5
    x = a(n)
    return x
print(a(0), a(1), b(3), b(2))
# %% hanoi
def f(n):
    if n <= 0:
        return None
    r = g(n - 1)
    return r if r is not None else n
def g(n):
    r = f(n - 1)
    if r is None:
        return "g"
    return r
print([f(i) for i in range(5)], [g(i) for i in range(5)])
# %% trans
t = str.maketrans("abc", "xyz")
print(t, "aabbcc-d".translate(t))
print("hello".translate(str.maketrans({"h": "J", "o": None, "l": 76})))
print("hello world".translate(str.maketrans("", "", "lo")))
print("a-b_c".translate({ord("-"): "+", ord("_"): None}), "a_b".isidentifier(), "1a".isidentifier(), "".isidentifier())
# %% upd
d = {"a": 1}
d.update(b=2, c=3)
d.update([("e", 4)])
d.update({"f": 5})
print(d)
# %% abs
class V:
    def __init__(self, x): self.x = x
    def __abs__(self): return self.x * 1.0 if self.x > 0 else -self.x * 1.0
    def __repr__(self): return f"V({self.x})"
print(abs(V(-3)), abs(-3), abs(-2.5), sorted([V(-3), V(1)], key=abs), list(map(abs, [-1, 2])))
# %% cls
class Config:
    _i = None
    n = 0
    def __init__(self):
        self.s = {}
        Config.n += 1
    @classmethod
    def instance(cls):
        if cls._i is None:
            cls._i = cls()
        return cls._i
    def set(self, k, v): self.s[k] = v
a, b = Config.instance(), Config.instance()
a.set("x", 1)
a.set("y", "z")
print(a is b, b.s, Config.n)
# %% abst
from abc import ABC, abstractmethod
class S(ABC):
    @abstractmethod
    def area(self): ...
class T(S):
    def area(self): return 2
class U(S):
    @abstractmethod
    def b(self): pass
for c in (1, 2):
    try:
        if c == 1:
            S()
        U()
    except TypeError as e:
        print(e)
print(T().area())
# %% tup
def combos(xs, k):
    if k == 0:
        return [()]
    if not xs:
        return []
    return [(xs[0],) + c for c in combos(xs[1:], k - 1)] + combos(xs[1:], k)
print(combos([1, 2, 3, 4], 2))
cmds = [("push", 1), ("add",), ("jump", "x", 2)]
for c in cmds:
    print(c, len(c), c[0], c[1:])
# %% tuples_of_any_length
t = tuple([1, 2])
print((1, 2) == t, t == (1, 2), t == (1, 3), (0, 5) < t, t + (3,), (3,) + t, t != (1, 2), () == t, t == ())
print(t == (1, 2, 3))
# %% notimpl
class P:
    def __init__(self, x): self.x = x
    def __eq__(self, o):
        if not isinstance(o, P):
            return NotImplemented
        return self.x == o.x
    def __add__(self, o):
        if isinstance(o, P): return P(self.x + o.x)
        if isinstance(o, (int, float)): return P(self.x + o)
        return NotImplemented
    def __lt__(self, o):
        if not isinstance(o, P): return NotImplemented
        return self.x < o.x
    __radd__ = __add__
    def __repr__(self): return f"P({self.x})"
a, b = P(1), P(2)
print(a == b, a == P(1), a == 1, 1 == a, a != 1, a == None, a + b, a + 5, 2 + a, a < b, sum([a, b], P(0)), sum([a, b]))
print([P(1), "x", 3] == [P(1), "x", 3], P(1) in [3, P(1)])
# %% fk
print(dict.fromkeys([1, 2]), dict.fromkeys("ab", 0), list(dict.fromkeys([3, 1, 3])), "%c%c|%3c" % (65, "b", "z"))
# %% nonefuncs
for bad in (lambda: [].pop(), lambda: [1][3], lambda: [1].remove(2), lambda: [1].index(5)):
    try:
        bad()
    except (IndexError, ValueError) as e:
        print(type(e).__name__, e)
# %% eq
import json
data = {"name": "W", "price": 9.99, "tags": ["a", "b"], "dims": {"w": 1}, "active": True, "parent": None}
print(json.loads(json.dumps(data)) == data, [1] == [1.0], [1, 2] == [1, "2"], {"a": 1} == {"a": 1.0}, [(1, 2)] == [(1.0, 2.0)], [[1]] == [[1.0]], [None] == [0])
x = json.loads("[1, 2, 3]")
print(x == [1, 2, 3], [1, 2, 3] == x, x == [1, 2], x != [1, 2, 3], (1, 2) == [1, 2], [] == [], [] == (), {} == [])
print(tuple([1]) == tuple([1.0]), [1, 2] < [1, 3], [1] != [1.0], [float("nan")] == [1.0])
# %% getters
from operator import itemgetter, attrgetter
people = [("Alice", 30), ("Bob", 25), ("Carol", 35), ("Dave", 25)]
print(sorted(people, key=itemgetter(1)), sorted(people, key=itemgetter(1, 0)), max(people, key=itemgetter(1)))
class P:
    def __init__(self, n, a): self.n, self.a = n, a
    def __repr__(self): return f"P({self.n},{self.a})"
ps = [P(*p) for p in people]
print(sorted(ps, key=attrgetter("a")), sorted(ps, key=attrgetter("a", "n")))
rows = [{"k": 2, "v": "x"}, {"k": 1, "v": "y"}]
print(sorted(rows, key=itemgetter("k")), list(map(itemgetter("v"), rows)))
first = itemgetter(0)
print(first([5, 6]))
# %% builtin_errors
try:
    raise SyntaxError("bad")
except SyntaxError as e:
    print(type(e).__name__, e, repr(e))
try:
    raise IOError("disk")
except OSError as e:
    print(type(e).__name__, e)
try:
    raise ModuleNotFoundError("m")
except ImportError as e:
    print(repr(e))
# %% dicts_that_grow
inventory = [
    {"name": "apple", "price": 0.5, "qty": 100},
    {"name": "cherry", "price": 3, "qty": 20},
]
for item in inventory:
    item["on_sale"] = item["price"] > 1
print(inventory)
# %% results_in_circles
def f(n):
    if n <= 0:
        return None
    r = g(n - 1)
    return r if r is not None else n
def g(n):
    r = f(n - 1)
    if r is None:
        return "g"
    return r
print([f(i) for i in range(3)])
# %% optional_callbacks
class Button:
    def __init__(self, label, on_click=None):
        self.label = label
        self.on_click = on_click
    def click(self):
        if self.on_click:
            return self.on_click(self.label)
        return None
print(Button("a").click(), Button("b", lambda s: s.upper()).click(), Button("c", len).click())
# %% fields_of_two_kinds
class Cell:
    def __init__(self):
        self.value = None
    def set(self, v):
        self.value = v
        return self
cells = [Cell(), Cell().set(1), Cell().set("x"), Cell().set([1])]
print([c.value for c in cells], [c.value is None for c in cells])
for c in cells:
    try:
        print(c.value + 1)
    except TypeError as e:
        print(e)
# %% attribute_of_none
class Node:
    def __init__(self, v, nxt=None):
        self.v, self.next = v, nxt
n = Node(1, Node(2))
print(n.next.v)
try:
    print(n.next.next.v)
except AttributeError as e:
    print(e)
try:
    n.next.next.v = 3
except AttributeError as e:
    print(e)
