from typing import Any
def show(x: Any) -> str:
    return str(x)
print(show(1), show("a"), show([1, 2]), show(None), show(True), show(2.5), show((1, "b")))
xs: list[Any] = [1, "a", 2.5]
for x in xs:
    print(x, isinstance(x, int), isinstance(x, str))
d: dict[str, Any] = {"a": 1, "b": [1, 2], "c": {"k": "v"}}
print(d, d["a"] + 1, d["b"][0], len(d["b"]), d["c"]["k"].upper())
n: int = d["a"]
print(n)
for y in d["b"]:
    print(y * 2)
try:
    print(d["a"] + "x")
except TypeError as e:
    print(e)
try:
    print(len(d["a"]))
except TypeError as e:
    print(e)
print(d["a"] == 1, d["a"] == "1", d["a"] < 5, bool(d["b"]), d["b"] == [1, 2])
if isinstance(d["b"], list):
    print("list")
class P:
    def __init__(self, v: int) -> None:
        self.v = v
    def m(self, k: int) -> int:
        return self.v + k
p: Any = P(3)
print(p.v, p.m(4))
try:
    p.zz
except AttributeError as e:
    print(e)
print(sorted([str(z) for z in xs]), f"{d['a']}", repr(d["c"]))
# %% views_of_dicts_beside_anything
from typing import Any
def act(op: str, a: Any, b: Any) -> Any:
    try:
        return a - b if op == "-" else a & b if op == "&" else a ^ b if op == "^" else a | b
    except TypeError as e:
        return f"TypeError {e}"
xs: list[Any] = [{"a": 1, "b": 2}, {"a": "x"}, {"a": 1.5}, {"a": None}, {"a": [1]}]
views: list[Any] = [view for x in xs[:4] for view in (x.items(), x.keys())]
values: list[Any] = [5, {"a"}, frozenset({"b"}), ["a"], "ab", [("a", 1)], {("a", 1)}, None, views[0]]
for view in views:
    for value in values:
        for op in "-&^|":
            for r in (act(op, view, value), act(op, value, view)):
                print(type(r).__name__, op, sorted(map(repr, r)) if isinstance(r, set) else r)
