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
