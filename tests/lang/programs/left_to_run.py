# %% type_ignore
from __future__ import annotations
from typing import Optional

class Node:
    def __init__(self, value: int, next: Optional[Node] = None) -> None:
        self.value = value
        self.next = next

def find(x: int) -> Optional[tuple[int, int]]:
    return (x, 2) if x > 0 else None

n = Node(1, Node(2))
print(n.next.value)  # type: ignore[union-attr]
print(find(3)[1])  # type: ignore
n.next.value = 7  # type: ignore
print(n.next.value + 1)  # type: ignore
n.next.next = Node(4) # type: ignore
for i in (3, 0):
    try:
        print(find(i)[0])  # type: ignore[index]
    except TypeError as e:
        print(e)
try:
    n.next.next.next.value = 3  # type: ignore
except AttributeError as e:
    print(e)
try:
    print(n.next.next.next.value)  # type: ignore
except AttributeError as e:
    print(e)
def plus(a: Optional[int]) -> int:
    return a + 1  # type: ignore[operator]
print(plus(3))
try:
    plus(None)
except TypeError as e:
    print(e)
def total(a: Optional[list[int]]) -> int:
    t = 0
    for x in a:  # type: ignore
        t += x
    return t + len(a)  # type: ignore
print(total([1, 2]))
try:
    total(None)
except TypeError as e:
    print(e)
for f in (lambda: n.foo, lambda: "a" + 1):  # type: ignore
    try:
        f()
    except Exception as e:
        print(type(e).__name__, e)
# %% right_for_other_arguments
class Insert:
    def __init__(self, text): self.text = text
    def merge(self, other):
        adjacent = isinstance(other, Insert)
        if adjacent and len(other.text) == 1:
            self.text += other.text
            return True
class Delete:
    pass
a = Insert("x")
print(a.merge(Delete()), a.merge(Insert("y")), a.text)
def show(op, value):
    if op == "in":
        return ", ".join("?" * len(value))
    return f"{value}"
print(show("in", [1, 2]), show("eq", 3), show("eq", "a"))
try:
    show("in", 3)
except TypeError as e:
    print(e)
# %% right_for_other_arguments_in_parts
def f(x, n):
    if n > 0:
        return x.upper() + "!"
    return x
print(f("a", 1), f(3, 0), f(2.5, 0))
def area(s):
    return s.w * s.h
class A:
    def __init__(self): self.w = 1; self.h = 2
class B:
    def __init__(self): self.w = 1; self.hh = 2
print(area(A()))
try:
    print(area(B()))
except AttributeError as e:
    print(e)
def g(xs):
    return [x + 1 for x in xs], sum(xs), xs[0] < 3
print(g([1, 2]))
try:
    g(["a"])
except TypeError as e:
    print(e)
# %% tests_kept_in_variables
from __future__ import annotations
from dataclasses import dataclass
from typing import Optional, Union

@dataclass
class TVar:
    id: int
@dataclass
class TCon:
    name: str
    args: tuple["TVar | TCon", ...] = ()
Type = Union[TVar, TCon]
def both(a: Type, b: Type) -> str:
    match a, b:
        case TVar(), _:
            return f"{a.id} {b}"
        case _, TVar():
            return f"{b.id} {a}"
        case TCon("x"), TCon():
            return a.name + b.name
        case _:
            return "no"
print(both(TVar(1), TVar(2)), both(TCon("a"), TVar(2)), both(TCon("x"), TCon("y")), both(TCon("y"), TCon("y")))
def alias(a: Type, n: Optional[int], flag: bool) -> str:
    is_var = isinstance(a, TVar)
    has_n = n is not None and n > 2
    if is_var:
        return str(a.id)
    out = a.name if not is_var else "?"
    if has_n:
        out += str(n + 1)
    if has_n and flag:
        a = TVar(9)
    if is_var:
        out += "never"
    if not has_n:
        out += "!"
    return out
print(alias(TVar(3), None, True), alias(TCon("c"), 4, True), alias(TCon("d"), 1, False), alias(TCon("d"), 5, False))
def join(words: list[str]) -> str:
    match words:
        case [] | [_]:
            return words[0] if words else "nothing"
        case [*init, last]:
            return f"{', '.join(init)} and {last}"
print(join([]), join(["a"]), join(["a", "b", "c"]))
def three(words: list[int]) -> int:
    match words:
        case [a, b, *_]: return a + b
        case [a]: return a
        case []: return 0
print(three([]), three([1]), three([1, 2, 3]))
# %% first_of_a_length
from __future__ import annotations
def f(words: list[int]) -> int:
    match words:
        case [1]: return 2
        case [a, *_]: return a
        case []: return 0
print(f([]), f([1]), f([3]))
# %% tests_kept_in_variables_without_annotations
class A:
    def __init__(self, nxt=None):
        self.nxt = nxt
        self.v = 1
def g(node):
    has = node.nxt is not None
    if has:
        return node.nxt.v
    return 0
print(g(A()), g(A(A())))
def h(x):
    number = isinstance(x, (int, float))
    text = isinstance(x, str)
    if number:
        return x + 1
    if text and x.upper() == "A":
        return x.lower()
    for i in range(2):
        number = x is None
        if number:
            x = 5
    return x if not number else 0
print(h(1), h(2.5), h("a"), h("b"), h(None))
