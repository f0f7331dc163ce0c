# %% stack
class Stack(list):
    """A stack."""
    def push(self, x):
        self.append(x)
    def peek(self):
        return self[-1]
    def is_empty(self):
        return len(self) == 0
s = Stack()
s.push(1)
s.push(2)
print(s.peek(), len(s), s, s.is_empty(), s.pop(), s)
t = Stack("abc")
print(t)
class Bag(dict):
    def more(self, k):
        self[k] = self.get(k, 0) + 1
b = Bag()
b.more("x"); b.more("x"); b.more("y")
print(b, dict(b), len(b))
# %% g1
class Stack[T](list[T]):
    def push(self, x: T) -> None:
        self.append(x)
    def peek(self) -> T:
        return self[-1]
s = Stack[int]()
s.push(1)
s.push(2)
print(s.peek(), len(s), s, s[0], [x for x in s], sum(s), s == [1, 2], isinstance(s, list))
s.extend([5, 6])
print(s, s + [1], s[1:], sorted(s, reverse=True))
# %% g2
class Stack[T](list[T]):
    def push(self, x):
        self.append(x)
s = Stack()
s.push("a")
print(s, len(s))
t = Stack([1, 2, 3])
print(t, t.pop())
# %% obs2
class Bus:
    def __init__(self):
        self.handlers = {}
    def on(self, kind, fn):
        self.handlers.setdefault(kind, []).append(fn)
    def emit(self, kind, event):
        for fn in self.handlers.get(kind, []):
            fn(event)
bus = Bus()
bus.on("a", lambda e: print("click", e))
bus.on("b", lambda e: print("key", e))
bus.emit("a", 3)
bus.emit("b", 4)
# %% d1
class D[K, V](dict[K, V]):
    def total(self):
        return sum(self.values())
d = D()
d["a"] = 1
d["b"] = 2
print(d.total(), d, "a" in d, d.get("z", 0), sorted(d.items()))
# %% stacklist
class Stack(list):
    def push(self, x):
        self.append(x)
    def peek(self):
        return self[-1]
s = Stack()
s.push(1)
s.push(2)
print(s.peek(), len(s), s)
# %% exccls
class AppError(Exception):
    code = 1
    def __init__(self, msg, code=5):
        super().__init__(msg)
        self.code = code
class NotFound(AppError): pass
class Denied(AppError):
    code = 9
def go(kind):
    raise kind("bad")
for kind in (NotFound, Denied, AppError):
    try:
        go(kind)
    except AppError as e:
        print(type(e).__name__, e, e.code, kind.code, isinstance(e, NotFound))
HANDLERS = {NotFound: "nf", Denied: "d"}
for e in [NotFound("x"), Denied("y"), AppError("z")]:
    print(HANDLERS.get(type(e), "?"))
def classify(e):
    for kind, name in HANDLERS.items():
        if isinstance(e, kind):
            return name
    return "none"
print(classify(NotFound("a")), classify(AppError("b")))
# %% ifacedefault
class A:
    def __init__(self, kind=int):
        self.kind = kind
    def conv(self, t):
        return self.kind(t)
print(A().conv("3"), A(float).conv("2.5"))
class Field:
    def __init__(self, name, kind, default=None):
        self.name = name
        self.kind = kind
        self.default = default
fields = [Field("a", int, 1), Field("b", str), Field("c", float)]
for f in fields:
    v = f.kind("3")
    print(f.name, f.kind.__name__, repr(v))
# %% singleton
class Config:
    _instance = None
    @classmethod
    def get(cls):
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance
    def __init__(self):
        self.v = 1
print(Config.get() is Config.get(), Config.get().v)
# %% typestr
def describe(x):
    return f"{type(x)} {type(x).__name__}"
for v in [1, "a", 2.0, None, [1], (1,), {"a": 1}, {1}, True, b"x", describe, ValueError("x"), range(3)]:
    print(describe(v))
# %% any_call
def make(cls, *args):
    return cls(*args)
class A:
    def __init__(self, x): self.x = x
class B(A):
    def __init__(self, x, y):
        super().__init__(x)
        self.y = y
print(make(A, 1).x, make(B, 1, 2).y)
# %% mixeddict
things = {"f": len, "c": str, "k": int}
print(things["c"](5), things["k"]("7"))
# %% cls_any
import json
def load(cls, text):
    data = json.loads(text)
    return cls(data["a"], data["b"])
class P:
    def __init__(self, a, b):
        self.a = a
        self.b = b
    def __repr__(self): return f"P({self.a!r}, {self.b!r})"
print(load(P, '{"a": 1, "b": "x"}'))
# %% from_dict
from dataclasses import dataclass
@dataclass
class User:
    name: str
    age: int
    @classmethod
    def from_dict(cls, d: dict[str, str]) -> "User":
        return cls(d["name"], int(d["age"]))
    @classmethod
    def parse(cls, s: str):
        name, age = s.split(",")
        return cls(name=name, age=int(age))
@dataclass
class Admin(User):
    level: int = 1
print(User.from_dict({"name": "a", "age": "3"}), Admin.parse("b,4"), type(Admin.parse("b,4")).__name__)
# %% eqhash
class A: pass
class B: pass
s = {A, B, A}
print(len(s), A in s, hash(A) == hash(A), A == A, A != B, [A, B].index(B), (A, 1) == (A, 1))
d = {}
for k in (A, B, A):
    d[k] = d.get(k, 0) + 1
print(sorted((k.__name__, v) for k, v in d.items()))
# %% optional_cls
from typing import Optional, Type
class Base:
    def run(self) -> str: return "base"
class Sub(Base):
    def run(self) -> str: return "sub"
def go(kind: Optional[Type[Base]] = None) -> str:
    kind = kind or Sub
    return kind().run()
print(go(), go(Base), go(None))
# %% clsattr
class Plugin:
    name = "base"
    priority = 0
class A(Plugin):
    name = "a"
    priority = 5
class B(Plugin):
    name = "b"
plugins = [A, B, Plugin]
plugins.sort(key=lambda p: (-p.priority, p.name))
print([p.name for p in plugins], max(plugins, key=lambda p: p.priority).__name__)
# %% typename_chain
class A:
    def __eq__(self, other):
        return self.__class__ == other.__class__
    def __hash__(self): return hash(type(self).__name__)
class B(A): pass
print(A() == A(), A() == B(), B() == B(), len({A(), A(), B()}))
# %% super_cls
class Base:
    registry = []
    @classmethod
    def create(cls, v):
        obj = cls()
        obj.v = v
        return obj
    def __init__(self): self.v = 0
class Sub(Base):
    @classmethod
    def create(cls, v):
        obj = super().create(v * 2)
        return obj
print(Sub.create(4).v, type(Sub.create(1)).__name__, Base.create(3).v)
# %% matchcls
class Op: pass
class Inc(Op): pass
class Dec(Op): pass
def step(op, n):
    match op:
        case Inc(): return n + 1
        case Dec(): return n - 1
n = 0
for op in [Inc(), Inc(), Dec()]:
    n = step(op, n)
print(n)
# %% matchorder
log = []
class Box:
    @property
    def a(self):
        log.append("a")
        return 1
    @property
    def b(self):
        log.append("b")
        return 2
match Box():
    case Box(a=2, b=2): print("no")
    case Box(a=1, b=3): print("no")
    case Box(a=1, b=2): print("yes")
print(log)
# %% matchseq
def f(x):
    match x:
        case []: return "empty"
        case [[a, b], *rest]: return f"pair {a} {b} {rest}"
        case [a, [b, [c]]]: return f"nest {a} {b} {c}"
        case [str() as a, int() as b]: return f"si {a} {b}"
        case (1 | 2 | 3) as n: return f"small {n}"
        case "a" | "b" as s: return f"ab {s}"
        case float(): return "float"
        case _: return "other"
for x in [[], [[1, 2], 3], [1, [2, [3]]], ["a", 1], 2, "b", 2.5, {}, "abc", (1, 2)]:
    print(f(x))
# %% below_containers
from collections import Counter, deque, OrderedDict, defaultdict
class S(set): pass
class F(frozenset): pass
class L(list): pass
class D(dict): pass
class C(Counter): pass
class Q(deque): pass
class O(OrderedDict): pass
class DD(defaultdict): pass
class BA(bytearray): pass
class St(str): pass
class I(int): pass
print(S([1]), S(), F([1]), F(), L([1]), D({1: 2}))
print(C("aab"))
print(Q([1, 2]))
print(O({1: 2}))
print(C())
print(set(), frozenset(), frozenset([3]), Counter(), deque([1], maxlen=3), OrderedDict())
x = S([1, 2]); y = x | {3}; x |= {4}; print(type(x).__name__, type(y).__name__, x, y, [x], {1: x}, f"{x}", str(x), repr(x))
print(x == {1, 2, 4}, x.copy(), x & {1}, isinstance(x.copy(), S))
print(sorted(x), len(x), St("a") + "b", [St("q")], I(3) + 1)
# %% below_collections
class Counter:
    def __init__(self): self.n = 0
    def hit(self): self.n += 1; return self
class Sub(Counter):
    def two(self): return self.hit().hit().n
print(Sub().two())
from collections import deque, defaultdict as dd
class Ring(deque):
    def last(self): return self[-1]
r = Ring(maxlen=3)
for i in range(5): r.append(i)
print(r, r.last(), list(r))
class Groups(dd):
    def total(self): return sum(len(v) for v in self.values())
g = Groups(list); g["a"].append(1); g["b"].append(2); g["a"].append(3); print(g.total(), dict(g))
