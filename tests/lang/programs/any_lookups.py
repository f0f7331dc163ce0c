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
