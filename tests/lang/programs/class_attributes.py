# %% out1
class Node:
    def __init__(self, value):
        self.value = value
        self.next = None
a = Node(1)
a.visited = True
a.label = "x"
print(a.visited, a.label)
b = Node(2)
try:
    print(b.visited)
except AttributeError as e:
    print("AE", e)
class Graph:
    def __init__(self):
        self.nodes = [a, b]
    def mark(self):
        for i, n in enumerate(self.nodes):
            n.index = i
g = Graph()
g.mark()
print([n.index for n in g.nodes])
print(hasattr(a, "index"), hasattr(b, "visited"))
# %% out2
class Empty:
    pass
e = Empty()
e.name = "x"
e.age = 3
print(e.name, e.age)
f = Empty()
f.name = "y"
print(f.name)
# %% vars1
class P:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def __repr__(self):
        items = ", ".join(f"{k}={v!r}" for k, v in self.__dict__.items())
        return f"{type(self).__name__}({items})"
p = P(1, "a")
print(p, vars(p), p.__dict__)
for k, v in vars(p).items():
    print(k, v)
print(list(vars(p)), sorted(p.__dict__.keys()))
# %% getattr1
class P:
    def __init__(self, x, y):
        self.x = x
        self.y = y
    def total(self):
        return self.x + self.y
p = P(1, 2)
for n in ["x", "y", "z"]:
    print(n, getattr(p, n, None), hasattr(p, n))
m = getattr(p, "total")
print(m())
for n in ("total",):
    print(getattr(p, n)())
for k, v in {"x": 10, "y": 20}.items():
    setattr(p, k, v)
print(p.x, p.y)
try:
    getattr(p, "q" + "r")
except AttributeError as e:
    print(e)
# %% visitor
class Num:
    def __init__(self, v): self.v = v
class Add:
    def __init__(self, l, r): self.l, self.r = l, r
class Mul:
    def __init__(self, l, r): self.l, self.r = l, r
class Visitor:
    def visit(self, node):
        method = "visit_" + type(node).__name__
        visitor = getattr(self, method, self.generic_visit)
        return visitor(node)
    def generic_visit(self, node):
        raise TypeError(f"no visit_{type(node).__name__}")
class Eval(Visitor):
    def visit_Num(self, n): return n.v
    def visit_Add(self, n): return self.visit(n.l) + self.visit(n.r)
    def visit_Mul(self, n): return self.visit(n.l) * self.visit(n.r)
class Show(Visitor):
    def visit_Num(self, n): return str(n.v)
    def visit_Add(self, n): return f"({self.visit(n.l)} + {self.visit(n.r)})"
e = Add(Num(1), Mul(Num(2), Num(3)))
print(Eval().visit(e))
try:
    print(Show().visit(e))
except TypeError as x:
    print(x)
# %% o1
class Node:
    def __init__(self, v):
        self.v = v
class Leaf(Node):
    pass
class Sub(Leaf):
    def deco(self):
        self.extra = 5
def tag(n, x):
    n.extra = x
n = Node(1); l = Leaf(2); s = Sub(3)
tag(n, "a")
tag(l, "b")
s.deco()
print(n.extra, l.extra, s.extra)
tag(s, "zz")
print(s.extra)
m = Node(4)
print(hasattr(m, "extra"), getattr(m, "extra", None))
try:
    print(m.extra)
except AttributeError as e:
    print(e)
# %% o2
from dataclasses import dataclass
@dataclass(frozen=True)
class F:
    x: int
@dataclass(slots=True)
class S:
    x: int
@dataclass
class P:
    x: int
f = F(1)
try:
    f.y = 2
except AttributeError as e:
    print(type(e).__name__, e)
s = S(1)
try:
    s.y = 2
except AttributeError as e:
    print(type(e).__name__)
p = P(1)
p.y = 3
print(p, p.y, p == P(1))
# %% v1
from dataclasses import dataclass
from typing import Any
class Node: pass
@dataclass
class Num(Node):
    value: float
@dataclass
class BinOp(Node):
    op: str
    left: Node
    right: Node
class NodeVisitor:
    def visit(self, node: Node) -> Any:
        method_name = f"visit_{type(node).__name__}"
        visitor = getattr(self, method_name, self.generic_visit)
        return visitor(node)
    def generic_visit(self, node: Node) -> Any:
        raise NotImplementedError(f"No visit_{type(node).__name__} method")
class Evaluator(NodeVisitor):
    def visit_Num(self, node: Num) -> float:
        return node.value
    def visit_BinOp(self, node: BinOp) -> float:
        left = self.visit(node.left)
        right = self.visit(node.right)
        if node.op == "+":
            return left + right
        return left * right
class Printer(NodeVisitor):
    def visit_Num(self, node: Num) -> str:
        return str(node.value)
    def visit_BinOp(self, node: BinOp) -> str:
        return f"({self.visit(node.left)} {node.op} {self.visit(node.right)})"
e = BinOp("+", Num(1.0), BinOp("*", Num(2.0), Num(3.5)))
print(Evaluator().visit(e))
print(Printer().visit(e))
class Other(Node): pass
try:
    Printer().visit(Other())
except NotImplementedError as x:
    print(x)
# %% h1
class Bot:
    def __init__(self):
        self.log = []
    def on_start(self, who):
        self.log.append(("start", who))
    def on_stop(self, who):
        self.log.append(("stop", who))
    def handle(self, event, who):
        handler = getattr(self, "on_" + event, None)
        if handler is None:
            print("no handler for", event)
            return False
        handler(who)
        return True
    def dispatch(self, event, who):
        h = getattr(self, f"on_{event}", None)
        if h:
            h(who)
        if callable(h):
            print("callable")
b = Bot()
print(b.handle("start", "ann"), b.handle("fly", "bob"), b.handle("stop", "x"))
b.dispatch("start", "q"); b.dispatch("nope", "q")
print(b.log)
# %% shell
class Shell:
    def do_add(self, a, b):
        return int(a) + int(b)
    def do_echo(self, *words):
        return " ".join(words)
    def do_quit(self):
        return "bye"
    def run(self, line):
        cmd, *args = line.split()
        method = getattr(self, "do_" + cmd, None)
        if method is None:
            return f"unknown {cmd}"
        return method(*args)
s = Shell()
for line in ["add 1 2", "echo a b c", "quit", "zap"]:
    print(s.run(line))
# %% dd1
from dataclasses import dataclass, fields
@dataclass
class Config:
    host: str = "localhost"
    port: int = 80
    debug: bool = False
    def update(self, **kw):
        for k, v in kw.items():
            if not hasattr(self, k):
                raise AttributeError(f"bad {k}")
            setattr(self, k, v)
c = Config()
c.update(port=8080, debug=True)
print(c, vars(c))
try:
    c.update(nope=1)
except AttributeError as e:
    print(e)
for name in ("host", "port"):
    print(name, getattr(c, name))
# %% vd
class A:
    def __init__(self, x):
        self.x = x
        self.__secret = 1
    def later(self):
        self.y = 2
class B(A):
    def __init__(self, x, z):
        super().__init__(x)
        self.z = z
a = A(1)
print(a.__dict__)
a.later()
print(a.__dict__)
b = B(1, "q")
print(vars(b))
for o in (a, b):
    print({k: v for k, v in vars(o).items() if not k.startswith("_")})
class Eq:
    def __init__(self, p, q): self.p, self.q = p, q
    def __eq__(self, o): return self.__dict__ == o.__dict__
print(Eq(1, 2) == Eq(1, 2), Eq(1, 2) == Eq(1, 3))
# %% cls
class Color:
    RED = 1
    GREEN = 2
    @staticmethod
    def mix(): return "mixed"
for n in ("RED", "GREEN"):
    print(n, getattr(Color, n))
print(hasattr(Color, "BLUE"), getattr(Color, "BLUE", 0))
# %% prop
class T:
    def __init__(self): self._v = 3
    @property
    def v(self): return self._v
    @v.setter
    def v(self, x): self._v = x * 2
t = T()
for n in ["v", "_v"]:
    setattr(t, n, 5)
    print(n, getattr(t, n), t._v)
def show(obj, attrs):
    return ", ".join(f"{a}={getattr(obj, a)}" for a in attrs)
print(show(t, ["v", "_v"]))
def sort_by(items, key):
    return sorted(items, key=lambda o: getattr(o, key))
class P:
    def __init__(self, n, a): self.n, self.a = n, a
    def __repr__(self): return self.n
ps = [P("b", 3), P("a", 9), P("c", 1)]
print(sort_by(ps, "a"), sort_by(ps, "n"))
# %% kw1_more
class Bunch:
    def __init__(self, **kw):
        for k, v in kw.items():
            setattr(self, k, v)
    def __repr__(self):
        return f"Bunch({', '.join(f'{k}={v!r}' for k, v in self.__dict__.items())})"
b = Bunch(x=1, name="n", tags=[1, 2])
print(b, b.x + 1, b.name.upper(), b.tags)
print(hasattr(b, "x"), hasattr(b, "zz"), getattr(b, "q", 7))
try:
    print(b.nope)
except AttributeError as e:
    print(e)
b.y = 5
print(b.y, b.x)
# %% kw2_more
class Rec:
    def __init__(self, **kw):
        self.__dict__.update(kw)
    def get(self, k):
        return self.__dict__.get(k)
r = Rec(a=1, b="two")
print(r.a, r.b, r.get("a"), vars(r), r.get("zz"))
r.__dict__["c"] = 3
print(r.c, sorted(vars(r)))
# %% d1_more
class Positive:
    def __set_name__(self, owner, name):
        self.name = "_" + name
    def __get__(self, obj, objtype=None):
        if obj is None: return self
        return getattr(obj, self.name)
    def __set__(self, obj, value):
        if value <= 0: raise ValueError(f"{self.name[1:]} must be positive")
        setattr(obj, self.name, value)
class Item:
    price = Positive()
    qty = Positive()
    def __init__(self, price, qty):
        self.price = price
        self.qty = qty
    @property
    def total(self): return self.price * self.qty
i = Item(2, 3)
print(i.price * i.qty, i.total)
try:
    i.price = -1
except ValueError as e:
    print(e)
i.qty = 10
print(i.total, type(Item.price).__name__)
# %% d2_more
class Typed:
    def __init__(self, kind, default=None):
        self.kind = kind
        self.default = default
    def __set_name__(self, owner, name):
        self.name = name
    def __get__(self, instance, owner):
        if instance is None:
            return self
        return instance.__dict__.get(self.name, self.default)
    def __set__(self, instance, value):
        if not isinstance(value, self.kind):
            raise TypeError(f"{self.name} must be {self.kind.__name__}, got {type(value).__name__}")
        instance.__dict__[self.name] = value
class Person:
    name = Typed(str)
    age = Typed(int, 0)
    def __init__(self, name, age=None):
        self.name = name
        if age is not None:
            self.age = age
p = Person("Ann", 5)
print(p.name, p.age, p.__dict__)
q = Person("Bob")
print(q.name, q.age)
try:
    p.age = "x"
except TypeError as e:
    print(e)
# %% d4_more
class Verbose:
    def __get__(self, obj, t=None):
        return 42
    def __set__(self, obj, v):
        print("setting", v)
class A:
    x = Verbose()
a = A()
a.x = 5
print(a.x)
# %% a6_more
class Base:
    def __init__(self, **kwargs):
        for key, value in kwargs.items():
            setattr(self, key, value)
class User(Base):
    role = "user"
    def describe(self):
        return f"{self.name} ({self.role}) {self.age + 1}"
print(User(name="x", age=3).describe())
print(User(name="y", age=4, role="admin").describe())
# %% a7_more
class Obj:
    pass
o = Obj()
for i, name in enumerate(["a", "b", "c"]):
    setattr(o, name, i * 1.5)
print(o.a, o.b, o.c, vars(o))
setattr(o, "d", [1])
print(o.d, o.__dict__)
o.e = "z"
print(vars(o))
# %% a8_more
class T:
    x = 1
    def __init__(self): self.y = 2
t = T()
for n in ["x", "y", "z"]:
    print(n, hasattr(t, n), getattr(t, n, "none"))
setattr(t, "x", 10)
print(t.x, T.x, vars(t))
# %% getitemiter_more
class V:
    def __init__(self, *xs):
        self.xs = list(xs)
    def __getitem__(self, i):
        return self.xs[i]
v = V(1, 2, 3)
print(list(v), sum(v), 2 in v, 9 in v)
for x in v:
    print(x)
a, b, c = v
print(a, b, c, [y for y in v], max(v), sorted(v, reverse=True), list(zip(v, "abc")), list(enumerate(v)))
# %% order_more
from dataclasses import dataclass
@dataclass(order=True)
class A:
    x: int
@dataclass(order=True)
class B(A):
    y: int
print(B(1, 2) < B(1, 3), sorted([B(2, 1), B(1, 5)]))
print(A(1) < A(2))
try:
    print(A(1) < B(1, 2))
except TypeError as e:
    print(e)
# %% asdict_more
from dataclasses import dataclass, asdict, astuple, fields, replace, field
from typing import Optional, List
@dataclass
class Tree:
    v: int
    left: Optional["Tree"] = None
    kids: List["Tree"] = field(default_factory=list)
t = Tree(1, Tree(2), [Tree(3)])
print(asdict(t))
print(astuple(t))
print([f.name for f in fields(t)])
print(replace(t, v=9).v)
for f in fields(Tree):
    print(f.name)
# %% nt_more
from collections import namedtuple
from typing import NamedTuple
P = namedtuple("P", ["x", "y"])
p = P._make([1, 2])
print(p, p._asdict(), p._replace(x=5), P._fields)
class E(NamedTuple):
    name: str
    age: int = 3
    def hi(self) -> str:
        return f"hi {self.name}"
    @property
    def old(self): return self.age > 2
print(E("a"), E("b", 4).hi(), E("a").old, E("a")._asdict(), E._fields, E("q")._replace(age=9))
x, y = p
print(x, y, p[0], len(p), p == (1, 2), P(*[3, 4]), P(**{"x": 1, "y": 2}))
# %% any_store
from typing import Any
import json
class Job:
    def __init__(self, name: str, left: int) -> None:
        self.name = name
        self.left = left
def work(job: Any) -> None:
    job.left -= 1
    job.name = job.name + "!"
j = Job("a", 3)
work(j); work(j)
print(j.left, j.name)
def show(o: Any) -> None:
    print(hasattr(o, "left"), getattr(o, "left", "none"), hasattr(o, "zz"))
show(j); show(5); show("x"); show([1])
def bad(o: Any) -> None:
    try:
        o.left = 5
    except AttributeError as e:
        print(type(e).__name__)
bad(3)
bad(j)
print(j.left)
# %% adv1
class A:
    def __init__(self): self.x = 1
    def go(self): return "go"
a = A()
for n in ["x", "go"]:
    v = getattr(a, n)
    print(n, callable(v))
# %% adv2
class A:
    def __init__(self): self.x = 1
    def go(self): return "go"
a = A()
for n in ["x", "go", "zz"]:
    print(n, getattr(a, n, None) is None)
# %% adv3
class Base:
    def run(self, name):
        f = getattr(self, name)
        return f(2)
class D(Base):
    def dbl(self, n): return n * 2
class E(Base):
    def dbl(self, n): return n * 20
    def tri(self, n): return n * 3
print(D().run("dbl"), E().run("dbl"), E().run("tri"))
try:
    print(D().run("tri"))
except AttributeError as e:
    print(e)
# %% adv5
class Node:
    def __init__(self, v): self.v = v
def mk(v):
    n = Node(v)
    n.seen = False
    return n
ns = [mk(i) for i in range(3)]
ns[1].seen = True
print([n.seen for n in ns], [n.v for n in ns if n.seen])
n = Node(9)
print(getattr(n, "seen", "unset"), hasattr(n, "seen"), vars(n), vars(ns[0]))
import copy
m = copy.copy(ns[1])
print(m.seen, m.v)
del m.seen
print(hasattr(m, "seen"), hasattr(ns[1], "seen"))
# %% adv6
class C:
    def __getattr__(self, name):
        return name.upper()
c = C()
c.x = 5
print(c.x, c.y)
del c.x
print(c.x)
# %% adv7
class S:
    _inst = None
    def __new__(cls, *a):
        if cls._inst is None:
            cls._inst = super().__new__(cls)
            cls._inst.n = 0
        return cls._inst
    def __init__(self, k=1):
        self.n += k
a = S(); b = S(5)
print(a.n, b.n, a is b)
class T(S): pass
t = T()
print(t is a, type(t).__name__, t.n)
# %% fm
class Safe(dict):
    def __missing__(self, k):
        return "{" + k + "}"
print("{a} {b}".format_map(Safe({"a": 1 and "x"})))
# %% fm2
class Up(dict):
    def __getitem__(self, k): return super().__getitem__(k) * 10
t = "{z}"
print("{z}".format_map(Up({"z": 5})), t.format_map(Up({"z": 5})), "%(z)s" % Up({"z": 4}))
# %% r1
import json
class Pt:
    def __init__(self, x, y=7): self.x, self.y = x, y
    @classmethod
    def from_json(cls, t): return cls(**json.loads(t))
    @classmethod
    def from_dict(cls, d): return cls(**d)
    def __repr__(self): return f"Pt({self.x}, {self.y})"
print(Pt.from_json('{"x": 5, "y": 6}'), Pt.from_json('{"x": "q"}'), Pt.from_dict({"x": 1}))
try:
    Pt.from_json('{"z": 5}')
except TypeError as e:
    print("TE")
from dataclasses import dataclass, asdict
@dataclass
class User:
    name: str
    age: int = 3
    @classmethod
    def load(cls, text: str) -> "User":
        return cls(**json.loads(text))
u = User.load('{"name": "bo", "age": 9}')
print(u, User.load(json.dumps(asdict(u))) == u)
def f(a, b=2, **k): return a, b, k
print(f(**json.loads('{"a": 1, "c": 3}')))
# %% r2
class Model:
    fields = []
    @classmethod
    def make(cls, n):
        return [cls.build(i) for i in range(n)]
    @classmethod
    def build(cls, i):
        def inner():
            o = cls()
            o.i = i
            return o
        return inner()
    @classmethod
    def lazy(cls):
        return (cls.__name__ for _ in range(2))
    @classmethod
    def key(cls):
        return sorted([3, 1], key=lambda v: v if cls.fields else -v)
class Sub(Model): pass
print([type(o).__name__ for o in Sub.make(2)], list(Sub.lazy()), Model.key(), [o.i for o in Model.make(2)])
# %% t1
class A:
    count = 0
    def __init__(self):
        type(self).count += 1
class B(A): pass
A(); B(); B()
print(A.count, B.count)
class P:
    total = 0
    names = []
    def __init__(self, n):
        self.__class__.total += n
        self.names.append(n)
P(2); P(3)
print(P.total, P.names)
for k in (A, P):
    k.label = k.__name__.lower()
print(A.label, P.label)
k = P
k.total = 100
print(P.total)
# %% q4
class Reg:
    handlers = {}
    @classmethod
    def on(cls, name):
        def deco(fn):
            cls.handlers[name] = fn
            return fn
        return deco
@Reg.on("hi")
def hi(x): return f"hi {x}"
print(Reg.handlers["hi"]("a"))
# %% u1
from typing import Protocol
class Discount(Protocol):
    def __call__(self, total: float) -> float: ...
def percent(rate: float) -> Discount:
    return lambda total: total * rate / 100
class Flat:
    def __init__(self, off: float) -> None: self.off = off
    def __call__(self, total: float) -> float: return self.off
def apply(d: Discount, total: float) -> float:
    return total - d(total)
def half(total: float) -> float: return total / 2
print(apply(percent(10.0), 50.0), apply(Flat(5.0), 50.0), apply(half, 8.0))
ds: list[Discount] = [half, Flat(1.0), percent(50.0)]
print([d(10.0) for d in ds])
# %% u2
import re
def find(p: re.Pattern[str], t: str) -> "re.Match[str] | None":
    return p.search(t)
rules: list[tuple[re.Pattern[str], str]] = [(re.compile(r"\d+"), "num"), (re.compile(r"\w+"), "word")]
for pat, name in rules:
    m = find(pat, "abc 12")
    if m is not None:
        print(name, m.group())
# %% y1
class V:
    def __init__(self, x): self.x = x
    def __getattr__(self, n):
        if n == "double": return self.x * 2
        raise AttributeError(n)
v = V(3)
print(v.double, getattr(v, "triple", "no"))
names = ["double", "triple"]
for n in names:
    try:
        print(n, getattr(v, n))
    except AttributeError as e:
        print("missing", e)
# %% y3
class A:
    def __init__(self, **kw):
        self.__dict__.update(kw)
    def __eq__(self, o): return self.__dict__ == o.__dict__
    def __repr__(self): return "A(" + ", ".join(f"{k}={v}" for k, v in sorted(self.__dict__.items())) + ")"
print(A(b=1, a=2), A(x=1) == A(x=1), A(x=1) == A(x=2))
import copy
p = A(l=[1])
q = copy.copy(p); r = copy.deepcopy(p)
q.l.append(2); r.l.append(3)
q.z = 5
print(p, q, r, hasattr(p, "z"))
# %% y4
class F(float): pass
class I(int): pass
class S(str): pass
print([F(1), I(2), S("x")], (F(1), S("y")), {S("k"): I(1)}, f"{F(2.5)} {I(3)} {S('q')}", repr(S("a'b")))
print(F(1) + F(2), I(5) // I(2), S("a") * 3, isinstance(I(1), bool), I(True), float(F(3)), int(I(4)), str(S("z")))
xs = sorted([I(3), I(1), I(2)])
print(xs, sum(xs), max(xs), I(3) in xs, xs.index(2))
d = {}
for w in [S("a"), "b", S("a")]:
    d[w] = d.get(w, 0) + 1
print(d)
def g(n):
    return n + 1 if n > 1 else n
print(g(I(1)), g(I(5)), type(g(I(1))).__name__, type(g(I(5))).__name__)
# %% z1
class Stack:
    def __init__(self): self._items = []
    def __len__(self): return len(self._items)
    def __getitem__(self, i): return self._items[i]
    def push(self, x): self._items.append(x); return self
s = Stack().push(1).push("a")
for x in s: print(x)
print(list(s), "a" in s, len(s))
# %% z9
class Logger:
    _instances = {}
    def __new__(cls, name="root"):
        if name not in cls._instances:
            inst = super().__new__(cls)
            inst.name = name
            inst.lines = []
            cls._instances[name] = inst
        return cls._instances[name]
    def log(self, m): self.lines.append(f"[{self.name}] {m}")
Logger("a").log("x"); Logger("a").log("y"); Logger().log("z")
print(Logger("a").lines, Logger().lines, Logger("a") is Logger("a"))
# %% k3
class A:
    def __init__(self, f):
        self.b = 2
        if f:
            self.a = 1
print(vars(A(True)), vars(A(False)))
# %% named_of_builtins
for name in ["upper", "nope"]:
    try:
        print(getattr("x", name)())
    except AttributeError as e:
        print("AttributeError", e)
xs = [3, 1, 2]
getattr(xs, "append")(7)
for name in ("sort", "reverse"):
    getattr(xs, name)()
    print(xs)
xs = [3, 1, 2, 3]
for name in ["count", "index"]:
    print(name, getattr(xs, name)(3))
a, b = {1, 2}, {2, 3}
for op in ("union", "intersection", "difference", "symmetric_difference"):
    print(op, sorted(getattr(a, op)(b)))
for op in ("__add__", "__mul__", "__sub__"):
    print(getattr(6, op)(3))
for x in ["hello", [1, 1]]:
    c = x.index
    print(c(x[0]))
class A:
    def go(self, n): return n
class B:
    def go(self, n): return n * 2
for o in [A(), B()]:
    g = o.go
    print(g(4))
hs = [o.go for o in (A(), B())]
print([h(3) for h in hs])
# %% named_and_dealt
steps = [("strip", ()), ("replace", ("a", "b")), ("upper", ())]
text = "  banana "
for name, args in steps:
    text = getattr(text, name)(*args)
print(text)
# %% named_kept
class Greeter:
    greeting = "hi"
    def hello(self): return "hello"
    def bye(self): return "bye"
g = Greeter()
vs = [getattr(g, n) for n in ["hello", "bye", "greeting"]]
for v in vs:
    print(v() if callable(v) else v)
class H:
    limit = 3
    def do_a(self, x): return x + 1
    def do_b(self, x): return x * 2
    def find(self, n): return getattr(self, "do_" + n, None)
g = H()
f = g.find("a")
print(f(3)); print(g.find("zz") is None, g.find("b")(4))
class G:
    limit = 3
    def __init__(self): self.fn = lambda x: x * 10
    def do_a(self, x): return x + 1
g = G()
for n in ["do_a", "limit", "fn"]:
    v = getattr(g, n)
    if callable(v):
        print(n, v(2))
for n in ["do_a", "fn"]:
    print(getattr(g, n)(4))
for n in ["do_a", "nope"]:
    f = getattr(g, n, None)
    if f: print(f(3))
# %% named_of_any
from typing import Any
class A:
    def __init__(self) -> None: self.x = 5
    def go(self, n: int) -> int: return n * 2
    def bad(self) -> int: raise AttributeError("inner")
    @property
    def double(self) -> int: return self.x * 2
def look(o: Any, name: str) -> Any:
    return getattr(o, name, "none")
def call(o: Any, name: str, *args: Any, **kw: Any) -> Any:
    return getattr(o, name)(*args, **kw)
a = A()
print(look(a, "x"), look(a, "double"), look(a, "zz"), look("s", "x"), look(None, "x"))
print(call(a, "go", 3), call(a, "go", n=4), call("a b", "split"), call([3, 1], "sort", reverse=True), call({"a": 1}, "get", "b", 7))
for name in ["go", "x", "nope"]:
    f = getattr(a, name, None)
    print(name, callable(f))
for o, name in [(a, "bad"), (a, "gone"), ("s", "gone"), (3, "gone"), (None, "gone"), ([], "gone")]:
    try:
        call(o, name)
    except AttributeError as e:
        print(e)
try:
    call("x", "replace")
except TypeError:
    print("TypeError")
# %% has_by_name
from typing import Any
class A:
    def __init__(self) -> None: self.x = 5
    def go(self) -> int: return 2
def has(o: Any, *names: str) -> list[bool]:
    return [hasattr(o, n) for n in names]
print(has(A(), "x", "go", "zz"), has("s", "upper", "append", "__len__"), has([], "append", "upper"), has({}, "keys", "items", "add"), has(None, "x"), has(3, "bit_length"))
def has2(o, n): return hasattr(o, n)
print(has2("s", "upper"), has2([], "append"), has2([], "upper"), has2(A(), "go"), has2(A(), "no"), has2((1, 2), "count"), has2({1}, "add"), has2(1.5, "is_integer"), has2(b"", "decode"), has2(None, "x"))
class B:
    def __init__(self) -> None: self.x = 5
def put(o: Any, n: str, v: Any) -> None: setattr(o, n, v)
a = B(); put(a, "x", 6); print(a.x)
t = (1, 2, 1)
c = t.count
print(c(1), t.index(2), [getattr(t, n)(1) for n in ("count", "index")], list(map(t.count, [1, 2, 3])))
# %% stand_in
class Proxy:
    def __init__(self, target):
        self._target = target
    def __getattr__(self, name):
        print("access", name)
        return getattr(self._target, name)
p = Proxy("hello")
print(p.upper(), p.count("l"))
q = Proxy([1, 2])
q.append(3)
print(q._target)
class Lazy:
    def __init__(self, make): self._make = make; self._obj = None
    def __getattr__(self, name):
        if self._obj is None:
            print("making"); self._obj = self._make()
        return getattr(self._obj, name)
l = Lazy(lambda: [1, 2, 3])
print(l.count(2)); l.append(4); print(l.index(4))
# %% has_narrows
values = ["s", [1], {"a": 1}, None]
def show(v):
    if hasattr(v, "items"):
        print("items", v)
    else:
        print(v)
    print(hasattr(v, "append"), v)
for v in values:
    show(v)
from typing import Any
def size(x: Any) -> int:
    if hasattr(x, "__len__"):
        return len(x)
    if hasattr(x, "__iter__"):
        return sum(1 for _ in x)
    return -1
print(size("abc"), size([1]), size(5), size(None), size({1: 2}), size(iter([1, 2])), size(x for x in "ab"))
print((3).real, (3).imag, (2.5).real, (2.5).imag, (3).numerator, (3).denominator, True.real, (3).conjugate(), (2.5).conjugate(), (3).as_integer_ratio(), True.numerator, type(True.real).__name__)
def f(x): return x.real + x.imag
print(f(3), f(2.5), f(True))
