# %% ga1
class Settings:
    def __init__(self, **kw):
        self._data = dict(kw)
    def __getattr__(self, name):
        try:
            return self._data[name]
        except KeyError:
            raise AttributeError(f"no setting {name!r}") from None
s = Settings(host="h", port=80)
print(s.host, s.port)
try:
    s.nope
except AttributeError as e:
    print(e)
# %% ga3
class Lazy:
    def __init__(self):
        self.hits = 0
    def __getattr__(self, name):
        if name.startswith("get_"):
            self.hits += 1
            return lambda: f"value of {name[4:]}"
        raise AttributeError(name)
z = Lazy()
print(z.get_x(), z.get_yy(), z.hits)
# %% new1
class Singleton:
    _instance = None
    def __new__(cls):
        if cls._instance is None:
            print("creating")
            cls._instance = super().__new__(cls)
        return cls._instance
a = Singleton(); b = Singleton()
print(a is b)
# %% new2
class Config:
    _instance = None
    def __new__(cls, *args, **kwargs):
        if not cls._instance:
            cls._instance = super(Config, cls).__new__(cls)
            cls._instance.values = {}
        return cls._instance
    def set(self, k, v):
        self.values[k] = v
Config().set("a", 1)
print(Config().values)
class Once:
    _instance = None
    def __new__(cls, v):
        if cls._instance is None:
            cls._instance = object.__new__(cls)
        return cls._instance
    def __init__(self, v):
        print("init", v)
        self.v = v
x = Once(1); y = Once(2)
print(x.v, y.v, x is y)
# %% sf
class Celsius(float):
    def to_f(self):
        return self * 9 / 5 + 32
    def __repr__(self):
        return f"Celsius({float(self)})"
c = Celsius(100.0)
print(c, repr(c), c.to_f(), c + 1, type(c).__name__, isinstance(c, float), f"{c:.1f}", f"{c}", [c])
print(c == 100, c < Celsius(200), hash(c) == hash(100.0), max([c, Celsius(3)]), round(c), int(c), abs(c), bool(c), -c)
print(sum([c, c]), sorted([Celsius(3), Celsius(1)]))
# %% ss
class Name(str):
    def shout(self):
        return self.upper() + "!"
    @property
    def initial(self): return self[0]
n = Name("bob")
print(n, n.shout(), len(n), n == "bob", n + "x", n.initial, repr(n), [n], {n: 1}, "b" in n, f"{n:>5}", n.title(), type(n.title()).__name__)
for ch in n: print(ch, end=" ")
print(isinstance(n, str), {"bob": 1}[n], sorted([Name("b"), Name("a")]), "-".join([Name("p"), Name("q")]), n.split("o"))
d = {}
d[n] = 5
print(d["bob"], n * 2, n[1:], n.replace("b", "r"), hash(n) == hash("bob"))
# %% si
class Age(int):
    def __new__(cls, v):
        if v < 0:
            raise ValueError("neg")
        return super().__new__(cls, v)
    def __repr__(self):
        return f"Age({int(self)})"
    def birthday(self):
        return Age(self + 1)
a = Age(5)
print(a, repr(a), a + 1, a > 3, a.birthday(), [a], a == 5, range(a), list(range(a)), a % 2)
try:
    Age(-1)
except ValueError as e:
    print(e)
class Money(float):
    def __new__(cls, amount, currency="USD"):
        obj = super().__new__(cls, amount)
        obj.currency = currency
        return obj
    def __str__(self):
        return f"{float(self):.2f} {self.currency}"
m = Money(3.5, "EUR")
print(m, m.currency, m * 2, f"{m}", f"{m:.1f}")
class Tag(str):
    def __init__(self, text):
        self.kind = "tag"
t = Tag("a")
print(t, t.kind, t.upper())
# %% fr
from dataclasses import dataclass, field
@dataclass(frozen=True)
class P:
    x: float
    y: float
    r: float = field(init=False)
    def __post_init__(self):
        object.__setattr__(self, "r", (self.x ** 2 + self.y ** 2) ** 0.5)
print(P(3, 4).r, P(3.0, 4.0))
try:
    P(1.0, 2.0).x = 3
except Exception as e:
    print(type(e).__name__, e)
# %% tup
class G:
    ROWS, COLS = 6, 7
    def area(self): return self.ROWS * self.COLS
print(G().area(), G.ROWS)
# %% pl1
class Name(str):
    def __repr__(self): return f"<{self}>"
xs = [Name("a"), "b"]
print(xs, [x.upper() for x in xs])
ys = ["q"]
ys.append(Name("z"))
print(ys)
def f(x):
    return [x, x + "!"]
print(f(Name("k")))
print(isinstance(Name("a"), (int, str)), type(Name("a")) is str, type(Name("a")) == Name)
d = {Name("k"): 1, "j": 2}
print(d, d["k"], Name("j") in d)
x = Name("p") if len(xs) > 1 else "n"
print(x, repr(x), x == "p", "p" == x, x != "p")
print("%s %r" % (x, x), str(x), "{}".format(x), f"{x!r}")
print(Name("a") + Name("b"), type(Name("a") + Name("b")).__name__)
print(Name("abc")[0], Name("abc").find("c"), Name("a b").split(), len(Name("abc")))
match Name("go"):
    case "go": print("matched")
    case _: print("no")
import json
print(json.dumps({"a": Name("x")}))
s = {Name("a"), "a"}
print(len(s))
# %% pl2
def total(xs: list[float]) -> float:
    return sum(xs)
class M(float):
    pass
class I(int):
    def __add__(self, o): return I(int(self) + int(o))
    def __str__(self): return f"I<{int(self)}>"
print(total([M(1.5), M(2)]), M(2) + M(3), M("2.5"), I(3) + 4, I(3) * 2, str(I(3)), I(3) - 1, 4 + I(3), repr(I(9)), f"{I(4)}", f"{I(4):03d}")
n = I(2)
n += 5
print(n, type(n).__name__, [10, 20, 30][I(1)], "ab" * I(2), I("12"), I(3.7))
print(I(3) == 3, 3 == I(3), I(3) == I(3), I(3) in [1, 2, 3], min([I(3), I(2)]), sorted([I(3), I(1)]))
print(I(5) // 2, I(5) / 2, 2 ** I(3), divmod(I(7), 2), -I(3), I(6) & 3, bool(I(0)), not I(0), hash(I(3)))
print(isinstance(I(3), int), isinstance(I(3), float), isinstance(True, I))
class Pos(I):
    pass
print(Pos(3), Pos(3) + 1, isinstance(Pos(1), I))
# %% new3
class Shape:
    def __new__(cls, kind):
        if kind == "c":
            return super().__new__(Circle)
        return super().__new__(cls)
    def __init__(self, kind):
        self.kind = kind
class Circle(Shape):
    pass
print(type(Shape("c")).__name__, type(Shape("x")).__name__)
# %% new4
class A:
    count = 0
    def __new__(cls, *a, **k):
        cls.count += 1
        return super().__new__(cls)
    def __init__(self, x, y=2):
        self.x, self.y = x, y
class B(A):
    pass
print(A(1).y, A(1, y=5).y, B(7).x, A.count, B.count)
class Pool:
    _all = {}
    def __new__(cls, name):
        if name in cls._all:
            return cls._all[name]
        obj = super().__new__(cls)
        obj.name = name
        cls._all[name] = obj
        return obj
print(Pool("a") is Pool("a"), Pool("b").name, len(Pool._all))
class Sing:
    def __new__(cls):
        if not hasattr(cls, "instance"):
            cls.instance = super(Sing, cls).__new__(cls)
        return cls.instance
print(Sing() is Sing())
# %% ga4
class D(dict):
    pass
class Rec:
    def __init__(self, d): self.__dict__["d"] = d
class Attr:
    def __init__(self, d):
        self.d = d
    def __getattr__(self, k):
        v = self.d.get(k)
        if v is None:
            raise AttributeError(f"{type(self).__name__} has no {k}")
        return v
a = Attr({"x": 1, "y": 2})
print(a.x + a.y, hasattr(a, "x"), hasattr(a, "zz"), getattr(a, "q", "dflt"), getattr(a, "x", 0))
# %% mro
class A: pass
class B(A): pass
class C(B): pass
print([c.__name__ for c in C.__mro__], C.__bases__[0].__name__, C.__base__.__name__)
print(C.__mro__)
# %% ll
class LL:
    def __init__(self, items=()):
        self.items = [*items]
    def __iter__(self):
        for i in self.items: yield i
a = LL(["x", "y"])
b = LL([1, 2])
print(", ".join(a), sum(b), list(b))
# %% below_missing
class Memo(dict):
    def __missing__(self, key):
        self[key] = key * 2
        return self[key]
m = Memo()
print(m[3], m[4], m, len(m), m.get(9), 9 in m)
class Fib(dict):
    def __missing__(self, n):
        r = n if n < 2 else self[n - 1] + self[n - 2]
        self[n] = r
        return r
print(Fib()[30])
# %% below_case
class CaseDict(dict):
    def __setitem__(self, k, v):
        super().__setitem__(k.lower(), v)
    def __getitem__(self, k):
        return super().__getitem__(k.lower())
    def __contains__(self, k):
        return super().__contains__(k.lower())
    def get(self, k, default=None):
        return super().get(k.lower(), default)
c = CaseDict()
c["A"] = 1
c["Bb"] = 2
print(c["a"], c, "BB" in c, c.get("BB"), c.get("zz", 0), list(c.items()))
c.update({"QQ": 3})
print(c, len(c))
# %% below_stack
class Typed(list):
    def __init__(self, kind):
        super().__init__()
        self.kind = kind
    def append(self, item):
        if not isinstance(item, self.kind):
            raise TypeError(f"expected {self.kind.__name__}")
        super().append(item)
t = Typed(int)
t.append(1)
t.extend([2, 3])
try:
    t.append("x")
except TypeError as e:
    print(e)
print(t, len(t), t.kind.__name__, sum(t))
class Hist(list):
    def __init__(self, *items):
        super().__init__(items)
        self.log = []
    def pop(self, i=-1):
        v = super().pop(i)
        self.log.append(v)
        return v
h = Hist(1, 2, 3)
print(h.pop(), h.pop(0), h, h.log)
# %% below_prop
class Stack(list):
    @property
    def size(self): return len(self)
    @property
    def top(self): return self[-1]
s = Stack([3, 4])
s.append(5)
print(s.top, s.size)
# %% below_meth
class Stack(list):
    def size(self): return len(self)
    def items(self): return list(self)
    def push(self, x): self.append(x)
s = Stack()
s.push(1); s.push(2)
print(s.size(), s, len(s), s.items(), s + [3], s[0])
s.extend([4, 5]); s.insert(0, 9); s.sort()
print(s, s.size(), s[1:3], s.count(4), s.index(9))
class D(dict):
    def count(self): return sum(self.values())
    def used(self): return "u"
d = D()
d["a"] = 2
d["b"] = 3
print(d.count(), d, len(d), d.used())
del d["a"]
print(d, d.count(), list(d))
for i in range(50): d[i] = i
print(len(d), d.count())
# %% below_ior
d = {"a": [1]}
d |= {"b": [2]}
print(d, d | {"c": [3]})
e = {1: 2}
e |= e
print(e)
class U(dict):
    def update(self, other):
        print("up")
        super().update(other)
u = U()
u |= {"x": 1}
u.update({"y": 2})
print(u)
class L(list):
    def append(self, x):
        print("ap", x)
        super().append(x)
    def extend(self, xs):
        for x in xs: self.append(x)
l = L([1])
l += [2]
l.append(3)
l.extend([4])
l += (x for x in [5])
print(l)
# %% abc1
from collections.abc import Sequence, Mapping, MutableMapping, Iterator, Iterable
class Range2(Sequence):
    def __init__(self, n): self.n = n
    def __len__(self): return self.n
    def __getitem__(self, i):
        if not 0 <= i < self.n: raise IndexError(i)
        return i * 2
r = Range2(4)
print(list(r), 4 in r, 5 in r, r.index(4), r.count(2), list(reversed(r)), len(r), sum(r), isinstance(r, Sequence), isinstance([1], Sequence))
try:
    r.index(99)
except ValueError:
    print("no")
class Squares(Mapping):
    def __init__(self, n): self.n = n
    def __getitem__(self, k):
        if k not in range(self.n): raise KeyError(k)
        return k * k
    def __iter__(self): return iter(range(self.n))
    def __len__(self): return self.n
s = Squares(4)
print(dict(s), s.get(2), s.get(9), s.get(9, -1), 3 in s, 7 in s, list(s.keys()), list(s.values()), list(s.items()), len(s))
print(isinstance(s, Mapping), isinstance({}, Mapping), isinstance(r, Mapping))
class Lower(MutableMapping):
    def __init__(self, data=(), **kw):
        self.store = {}
        self.update(data, **kw)
    def __getitem__(self, k): return self.store[k.lower()]
    def __setitem__(self, k, v): self.store[k.lower()] = v
    def __delitem__(self, k): del self.store[k.lower()]
    def __iter__(self): return iter(self.store)
    def __len__(self): return len(self.store)
l = Lower({"A": 1}, B=2)
l["Cc"] = 3
print(l["a"], "CC" in l, l.pop("b"), l.pop("zz", None), sorted(l), l.setdefault("d", 4), dict(l), isinstance(l, Mapping), isinstance(l, MutableMapping))
l.clear()
print(len(l), dict(l))
class Count(Iterator):
    def __init__(self, n): self.n = n
    def __next__(self):
        if self.n <= 0: raise StopIteration
        self.n -= 1
        return self.n
print(list(Count(3)), [x for x in Count(2)])
# %% abc2
from collections.abc import Mapping, Sequence, Callable, Hashable, Sized, Container
class M(Mapping):
    def __init__(self, d): self.d = d
    def __getitem__(self, k): return self.d[k]
    def __iter__(self): return iter(self.d)
    def __len__(self): return len(self.d)
a, b = M({"x": 1}), M({"x": 1})
print(a == b, a == {"x": 1}, a == {"x": 2}, a != b, a == 5, {"x": 1} == a, a == {1: 2})
for k, v in a.items(): print(k, v)
print({**a, "y": 2}, sorted(a), max(a.values()), "x" in a.keys())
class S(Sequence):
    def __init__(self, *xs): self.xs = list(xs)
    def __len__(self): return len(self.xs)
    def __getitem__(self, i):
        r = self.xs[i]
        return S(*r) if isinstance(i, slice) else r
    def __repr__(self): return f"S{self.xs}"
s = S(1, 2, 3, 4)
print(s[1:3], s[-1], list(s[::2]), bool(S()), [x for x in reversed(s)])
class Box(Container):
    def __contains__(self, x): return x == 5
class Sz(Sized):
    def __len__(self): return 3
print(5 in Box(), len(Sz()), isinstance(Sz(), Sized))


# %% a list of arguments for a class that takes none
class Plugin:
    def name(self) -> str:
        return type(self).__name__


class Upper(Plugin):
    pass


class Censor(Plugin):
    def __init__(self, *words: str) -> None:
        self.words = words

    def name(self) -> str:
        return f"Censor{self.words}"


PLUGINS: dict[str, type[Plugin]] = {"upper": Upper, "censor": Censor}


def made(name: str, args: list[str]) -> str:
    return PLUGINS[name](*args).name()


print(made("upper", []), made("censor", ["a", "b"]), made("censor", []))  # Upper Censor('a', 'b') Censor()
try:
    print(made("upper", ["x"]))
except TypeError as error:
    print(error)  # Upper() takes no arguments
