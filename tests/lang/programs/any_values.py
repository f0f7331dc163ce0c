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


# %% methods with several forms
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
