# Small programs that once printed something wrong.
# %% tuples_alike_in_unions
def g(p):
    return p if isinstance(p, int) else p[1]
for v in (5, (1, "ab"), (2, [7, 8]), (3, {4})):
    print(g(v), repr(v))
# %% tuples_alike_compared
for v in (5, (1, "ab"), (2, [7, 8]), (3, {4}), [1]):
    print(v)
    if not isinstance(v, int):
        print(v[0], v == (1, "ab"), len(v))
# %% tuples_alike_annotated
from typing import Callable
def f(x: int | tuple[int, str] | tuple[int, list[int]]) -> None:
    print(x)
    if isinstance(x, tuple):
        a, b = x
        print(a, b, len(b))
f(5); f((1, "a")); f((1, [])); f((1, [2]))
# %% tuples_with_none
for v in (5, (1,), (1, None), (None, 1), (None, None), None, ()):
    print(v, repr(v), v == (1, None))
# %% tuples_of_everything
def f(n):
    if n == 0: return 5
    if n == 1: return ("a", None, 2)
    if n == 2: return ("a", [3], 2)
    if n == 3: return ("a", {3: (1, None)}, 2)
    if n == 4: return ("a", (1, "z"), 2)
    if n == 5: return ("a", (1, [1]), 2)
    if n == 6: return ("a", 1.5, 2)
    return None
for n in range(8):
    v = f(n)
    print(v)
    match v:
        case (a, (1, c), d): print("inner", a, c, d)
        case (a, b, 2): print("b", b)
        case None: print("none")
        case _: print("else")
d = {1: ("x", 2), "k": ("x", "y"), None: [1], (1, 2): {1: ("a",), 2: (["b"],)}}
for k, v in d.items(): print(k, v)
# %% class_comprehensions
x = 5
n = 2
class K:
    x = 6
    n = 3
    ys = [x for _ in range(n)]
    zs = {i: x for i in range(n)}
    ws = list(x + i for i in range(n))
    vs = [[x for _ in range(n)] for _ in range(n)]
    anyx = any(x == 5 for _ in range(n))

    def m(self, a=x): return a, x
print(K.ys, K.zs, K.ws, K.vs, K.anyx, K().m())
# %% class_comprehension_hidden
try:
    class K:
        q = 6
        ys = [q for _ in range(3)]
except NameError as e:
    print(e)
# %% sequence_patterns
from collections import deque, namedtuple, OrderedDict
P = namedtuple("P", "a b")
def g(p):
    match p:
        case [c, *_]: return c
        case []: return "empty"
    return None
for v in ["ab", [7, 8], b"abc", bytearray(b"x"), (1, 2), range(5), {1: 2}, {3}, P(1, 2), deque([4]), range(0), frozenset({1}), iter([1]), {1: 2}.keys()]:
    print(g(v))
def h(x):
    match x:
        case [a, b, *c]: return a, b, c
        case [a]: return a
    return "no"
print(h(range(3)), h(range(1)), h(range(0)), h(deque([1, 2, 3])), h(P(3, 4)), h("ab"))
# %% sequence_patterns_of_classes
from collections.abc import Sequence
class S(Sequence):
    def __init__(self, *a): self.a = a
    def __getitem__(self, i): return self.a[i]
    def __len__(self): return len(self.a)
class L(list): pass
class NotSeq:
    def __getitem__(self, i): return 1
    def __len__(self): return 2
def h(x):
    match x:
        case [a, b]: return a, b
        case [a, *c]: return a, c
    return "no"
print(h(S(1, 2)), h(L([1, 2, 3])), h(NotSeq()), h(S(1)))
# %% sequence_patterns_of_any
from typing import Any, NamedTuple
from collections import deque
class P(NamedTuple):
    a: int
    b: str
class L(list): pass
def g(p: Any) -> Any:
    match p:
        case [c, *_]: return c
        case []: return "empty"
    return None
for v in ["ab", [7, 8], b"abc", bytearray(b"x"), (1, 2), range(5), {1: 2}, {3}, P(1, "x"), deque([4]), range(0), frozenset({1}), {1: 2}.keys(), L([3]), None, 5]:
    print(g(v))
# %% open_classes_match_any
from typing import Any
def g(p: Any) -> Any:
    match p:
        case list(): return "list"
        case dict(): return "dict"
    return "?"
for v in ["ab", (1, 2), {1: 2}, [2]]:
    print(g(v))
# %% tuple_hashes
print(hash(tuple([1, 2])) == hash((1, 2)), hash(tuple("ab")) == hash(("a", "b")), hash(()) == hash(tuple([])))
d = {(1, 2): "x"}
print(d[tuple([1, 2])], tuple([1, 2]) in {(1, 2)})
# %% tuple_hashes_in_any
from typing import Any
def h(p: Any) -> None:
    d = {(1, 2): "x"}
    print(hash(p) == hash((1, 2)), p in d, p in {(1, 2), 5}, {p: 1, (1, 2): 2}, {p, (1, 2)}, d.get(p))
h((1, 2))
# %% tuples_in_any
from typing import Any, NamedTuple
class P(NamedTuple):
    a: int
    b: str
def g(p: Any) -> Any:
    return isinstance(p, tuple), isinstance(p, list)
for v in ["ab", (1, 2), {1: 2}, P(1, "a")]:
    print(g(v))
# %% items_equal_to_themselves
class Never:
    def __eq__(self, other):
        print("asked")
        return False


one = Never()
print((one,) == (one,), one in (one, 1), [one] == [one], (one, 1) < (one, 2), (one,) == (Never(),))
# %% class_methods_as_values
class Base:
    @classmethod
    def c(cls): return cls.__name__
class Sub(Base): pass
f = Sub.c
print(f(), [g() for g in (Base.c, Sub.c)], list(map(lambda h: h(), [Sub.c])))
k = Sub().c
print(k())
def call(f): return f()
print(call(Sub.c), call(Base.c), call(Sub().c))
# %% class_methods_as_values_annotated
class Base:
    @classmethod
    def c(cls, x: int) -> str:
        return cls.__name__ + str(x)
class Sub(Base): pass
def run() -> None:
    print(list(map(Sub.c, [1, 2])), list(map(Base.c, [1])))
    d = {"a": Sub.c, "b": Base.c}
    print(d["a"](1), d["b"](2))
run()
# %% class_methods_that_make
class Base:
    made = 0
    def __init__(self, x=0): self.x = x
    @classmethod
    def make(cls, x): return cls(x)
    def __repr__(self): return type(self).__name__ + str(self.x)
class Sub(Base): pass
print([m(3) for m in (Base.make, Sub.make)], list(map(Sub.make, range(2))))
reg = {}
for c in (Base, Sub):
    reg[c.__name__] = c.make
print({k: v(1) for k, v in reg.items()})
# %% class_methods_compared
class Base:
    @classmethod
    def c(cls): return cls.__name__
    @staticmethod
    def s(): return 1
    def m(self): return 1
class Sub(Base): pass
print(Base.c == Base.c, Sub.c == Sub.c, Sub.c == Base.c, Base.s == Sub.s, Sub.m == Base.m)
print(Base().c == Base.c, Sub().c == Base.c, Sub().c == Sub.c)
# %% lengths_below_zero
class L:
    def __init__(self, n: int) -> None:
        self.n = n
    def __len__(self) -> int:
        return self.n
def f(x: L) -> None:
    try:
        print(len(x))
    except ValueError as e:
        print(e)
    try:
        if x:
            print("true")
        else:
            print("false")
    except ValueError as e:
        print(e)
    try:
        print(bool(x and 1))
    except ValueError as e:
        print(e)
f(L(-1)); f(L(0)) ; f(L(2))
class M:
    def __init__(self, items): self.items = items
    def __len__(self): return len(self.items)
print(len(M([1])), bool(M([])))
# %% tuples_times
n = len("abc")
t = (1, 2)
print(t * n, n * t, t * 0, 2 * t)
# %% tuples_times_untyped
def f(t, n): return t * n, n * t
print(f((1, "a"), 2))
print(f((1, 2), 2))
print(f([1], 2))
# %% tuples_times_annotated
def f(t: tuple[int, str], n: int) -> None:
    print(t * n, n * t)
f((1, "a"), 2)
# %% empty_tuples
t = ()
n = 3
print(t * n, t.count(1), t[:], t[1:2], t + (1,), n * t)
try:
    t.index(4)
except ValueError as e:
    print(e)
try:
    t[n]
except IndexError as e:
    print(e)
# %% tuples_of_any_sliced
from typing import Any
def h(p: Any) -> None:
    print(p * 2, p[::-1], p[1:], p.index(2), p.count(9))
for v in ["ab", (1, 2), ("a", 2), (2, 2, 2)]:
    if isinstance(v, tuple): h(v)
# %% visitor_with_a_mistake_caught
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
# %% functions_held_in_two_ways
def inc(x): return x + 1
def up(x): return x.upper()
for v in (inc, up):
    print(v is inc)
    print(v(3) if v is inc else v("a"))
# %% functions_beside_numbers
def inc(x): return x + 1
def up(x): return x.upper()
for v in (5, inc, up, len):
    print(v if isinstance(v, int) else v(3) if v is inc else v("abc"))
# %% members_of_intersections
print({1, 2} & {2.0}, {1, 2} | {2.0, 3.0}, {1, 2} - {2.0}, {1, 2} ^ {2.0, 5.0})
print({True} & {1}, {1} & {True}, {1, 2}.intersection({2.0}), {2.0} & {1, 2, 3})
# %% items_popped_from_both
from collections import OrderedDict
d = {"a": 1, "b": 2}
print(d.popitem())
od = OrderedDict(a=1, b=2)
od.move_to_end("a")
print(od.popitem(last=False), od)
