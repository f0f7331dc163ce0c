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
