from __future__ import annotations
from typing import Union, TypeAlias, Dict, List
JSON: TypeAlias = "dict[str, JSON] | list[JSON] | str | int | float | bool | None"
Nested = Union[int, List["Nested"]]

def depth(value: JSON) -> int:
    if isinstance(value, dict):
        return 1 + max((depth(v) for v in value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(depth, value), default=0)
    return 0
def flatten(x: Nested) -> list[int]:
    if isinstance(x, int):
        return [x]
    out: list[int] = []
    for item in x:
        out.extend(flatten(item))
    return out
def show(value: JSON, indent: int = 0) -> str:
    pad = "  " * indent
    match value:
        case dict():
            return "".join(f"{pad}{k}:\n{show(v, indent + 1)}" for k, v in value.items())
        case list():
            return "".join(show(v, indent + 1) for v in value)
        case None:
            return f"{pad}null\n"
        case bool():
            return f"{pad}{str(value).lower()}\n"
        case _:
            return f"{pad}{value!r}\n"
data: JSON = {"a": [1, 2.5, None, True], "b": {"c": "x"}}
print(depth(data), flatten([1, [2, [3, [4]], 5]]))
print(show(data))
rows: list[str] = ["p", "q"]
print(depth(rows), show(rows))
def merge(a: JSON, b: JSON) -> JSON:
    if isinstance(a, dict) and isinstance(b, dict):
        out = dict(a)
        for k, v in b.items():
            out[k] = merge(out[k], v) if k in out else v
        return out
    return b
print(merge({"a": {"x": 1}, "b": 2}, {"a": {"y": 2}, "c": [3]}))
def get(d: JSON, path: str) -> JSON:
    for part in path.split("."):
        if isinstance(d, list):
            d = d[int(part)]
        elif isinstance(d, dict):
            d = d[part]
        else:
            raise KeyError(part)
    return d
print(get(data, "a.1"), get(data, "b.c"))
Tree = Union[str, tuple["Tree", "Tree"]]
def leaves(t: Tree) -> list[str]:
    if isinstance(t, str):
        return [t]
    left, right = t
    return leaves(left) + leaves(right)
print(leaves((("a", "b"), "c")))
