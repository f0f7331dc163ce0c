import sys
import math
from abc import ABC, abstractmethod
from typing import Optional, Union, List

class Shape(ABC):
    @abstractmethod
    def area(self) -> float: ...
    def __str__(self) -> str:
        return f"{self.__class__.__name__}({self.area():.1f})"

class Circle(Shape):
    def __init__(self, r: float) -> None:
        self.r = r
    def area(self) -> float:
        return math.pi * self.r ** 2

shapes: List[Shape] = [Circle(1.0), Circle(2.5)]
for s in shapes:
    print(s)
print(sum(s.area() for s in shapes) > 10)

def parse(tokens: List[str], pos: int = 0) -> tuple[int, int]:
    val = int(tokens[pos])
    pos += 1
    while pos < len(tokens) and tokens[pos] in ("+", "-"):
        op = tokens[pos]
        rhs = int(tokens[pos + 1])
        val = val + rhs if op == "+" else val - rhs
        pos += 2
    return val, pos
print(parse("1 + 2 - 5".split()))

class Node:
    def __init__(self, v: int, left: Optional["Node"] = None, right: Optional["Node"] = None) -> None:
        self.v, self.left, self.right = v, left, right
def depth(n: Optional[Node]) -> int:
    return 0 if n is None else 1 + max(depth(n.left), depth(n.right))
print(depth(Node(1, Node(2, Node(3)), Node(4))))

class LRU:
    def __init__(self, cap: int):
        self.cap = cap
        self.d: dict[int, int] = {}
    def get(self, k: int) -> int:
        if k not in self.d:
            return -1
        v = self.d.pop(k)
        self.d[k] = v
        return v
    def put(self, k: int, v: int) -> None:
        if k in self.d:
            self.d.pop(k)
        elif len(self.d) >= self.cap:
            oldest = next(iter(self.d))
            del self.d[oldest]
        self.d[k] = v
c = LRU(2)
c.put(1, 1); c.put(2, 2); c.get(1); c.put(3, 3)
print(c.get(2), c.get(1), c.d)

def sieve(n):
    flags = [True] * (n + 1)
    flags[0:2] = [False, False]
    for i in range(2, int(math.sqrt(n)) + 1):
        if flags[i]:
            flags[i * i::i] = [False] * len(flags[i * i::i])
    return [i for i, f in enumerate(flags) if f]
print(sieve(30))

def word_freq(text):
    out = {}
    for w in text.lower().replace(",", "").split():
        out[w] = out.get(w, 0) + 1
    return {k: v for k, v in sorted(out.items(), key=lambda kv: (-kv[1], kv[0]))}
print(word_freq("The cat, the dog"))
table = [["a", 1], ["b", 22]]
for row in table:
    print(" | ".join(str(c).ljust(4) for c in row))
board = [["." for _ in range(3)] for _ in range(3)]
board[1][1] = "X"
print("\n".join("".join(r) for r in board))
def check(b):
    lines = b + [list(x) for x in zip(*b)]
    return any(len(set(l)) == 1 and l[0] != "." for l in lines)
print(check(board))
stack = []
for ch in "([]{})":
    if ch in "([{":
        stack.append(ch)
    elif not stack or {"(": ")", "[": "]", "{": "}"}[stack.pop()] != ch:
        print("bad")
        break
else:
    print("ok" if not stack else "bad")
