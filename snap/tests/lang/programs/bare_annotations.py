from dataclasses import dataclass, field
from typing import Callable, List, Dict
def total(xs: list) -> int:
    return sum(xs)
def keys(d: dict) -> list:
    return sorted(d)
print(total([1, 2]), keys({"b": 1, "a": 2}))
@dataclass
class T:
    name: str
    tags: list = field(default_factory=list)
    meta: Dict = field(default_factory=dict)
t = T("a")
t.tags.append(1)
t.meta["k"] = "v"
print(t)
items: list = []
items.append("x")
def swap(pair: tuple) -> tuple:
    a, b = pair
    return b, a
print(items, swap((1, "z")))
class N:
    def __init__(self, xs: List, f: Callable = None):
        self.xs: list = xs
        self.cache: dict = {}
    def get(self, k: str):
        if k not in self.cache:
            self.cache[k] = len(self.cache)
        return self.cache[k]
n = N([1])
print(n.xs, n.get("a"), n.get("b"), n.get("a"))
