"""Annotations that name a generic class without its types, or an alias that says nothing of the parameters."""
import asyncio
from typing import Callable, Generic, Iterator, Optional, TypeVar

T = TypeVar("T")
Listener = Callable[..., None]


class Node(Generic[T]):
    def __init__(self, value: T, next: Optional["Node"] = None) -> None:
        self.value = value
        self.next = next


class Stack(Generic[T]):
    def __init__(self) -> None:
        self.head: Optional[Node] = None
        self.size = 0

    def push(self, value: T) -> None:
        self.head = Node(value, self.head)
        self.size += 1

    def __iter__(self) -> Iterator[T]:
        node = self.head
        while node is not None:
            yield node.value
            node = node.next


def show(stack: Stack) -> None:
    print(list(stack), stack.size)


class Emitter:
    def __init__(self) -> None:
        self.listeners: dict[str, list[Listener]] = {}

    def on(self, event: str, listener: Listener) -> None:
        self.listeners.setdefault(event, []).append(listener)

    def emit(self, event: str, *args) -> int:
        found = self.listeners.get(event, [])
        for listener in found:
            listener(*args)
        return len(found)


async def double(queue: asyncio.Queue, results: list) -> None:
    while not queue.empty():
        results.append(await queue.get() * 2)
        queue.task_done()


async def main() -> None:
    queue: asyncio.Queue = asyncio.Queue()
    results: list = []
    for number in range(4):
        queue.put_nowait(number)
    await asyncio.gather(double(queue, results), queue.join())
    print(results)


stack: Stack = Stack()
stack.push(1)
stack.push(2)
show(stack)
words: Stack[str] = Stack()
words.push("x")
show(words)
emitter = Emitter()
emitter.on("hi", lambda name: print("hello", name))
print(emitter.emit("hi", "ann"), emitter.emit("no", "one"))
asyncio.run(main())
print(dict.fromkeys("ab", 0))
prev: dict[str, str | None] = dict.fromkeys(["a", "b"])
prev["b"] = "a"
print(prev)
counts = dict.fromkeys(["x"], 1)
counts["x"] += 0.5
print(counts)

# %% unions_of_containers
def made(n):
    return [None, {"a": 1}, [1, 2], "abc", (1, "b"), {2.5}][n]
def looked(v):
    try:
        print("a" in v)
        print(None in v)
        print(1 in v)
    except TypeError as e:
        print(e)
def asked(v):
    try:
        print(v.find("b"))
    except AttributeError as e:
        print(e)
    try:
        print(v.count("a"))
    except AttributeError as e:
        print(e)
def formatted(v):
    try:
        print(format(v, ""), f"{v}", "{}".format(v), format(v))
        print(format(v, ">6"))
    except TypeError as e:
        print(e)
for i in range(6):
    looked(made(i))
    asked(made(i))
    formatted(made(i))
print((1, "a", 2.5, 1).index("a"), (1, "a", 2.5, 1).index(1, 1), (4, 5).index(5.0), tuple(range(5)).index(3, -3))
def shown(v: list[str] | list[float] | dict[str, int] | dict[int, str]) -> None:
    print(v)
shown(["b", "a"])
shown([1.5])
shown([x for x in "ab"])
shown({1: "a"})
shown({k: 1 for k in "ab"})

# %% numbers_put_where_others_are
def f(n):
    v = [1.5]
    v.extend([5])
    a = [2.5]
    a += [1]
    b = {"a": 1.5}
    b.update({"b": 5})
    c = {"a": 1.5}
    c.update(b=5)
    d = {"a": 1.5}
    d |= {"b": 5}
    e = {1.5}
    e.update([5])
    g = {1.5}
    g |= {5}
    h = [1]
    h.extend([True])
    i = [1.5]
    i.extend(range(2))
    j = [1.5]
    j.extend(x for x in (1, 2))
    k = [0.5]
    k.extend((3, 4))
    return v, a, b, c, d, e, g, h, i, j, k
print(f(1))
print([1.5] + [2], {"a": 1.5} | {"b": 2}, {1.5} | {2}, [1.5] + [True], [*[1.5], *[2]], {**{"a": 1.5}, **{"b": 1}})
s = [1.5, 2.5]
s[0:1] = [8]
print(s)
totals = []
totals.extend([0.5])
totals.extend([1, 2])
print(totals, sum(totals))
from collections import deque, defaultdict
q = deque([1.5])
q.extend([1])
q.extendleft([2])
print(q)
w = defaultdict(float)
w["a"] += 1
w.update({"b": 2})
print(w["a"], w["b"])
m = {"a": 1.5}
m.update([("z", 3)])
print(m)
m.update(zip("xy", [1, 2]))
print(m)
s = [1.5, 2.5]
s[::2] = [8]
print(s)
s[5:] = (4, 5)
print(s)
u = {1.5}
print(u ^ {7})
class A:
    def __init__(self):
        self.xs = []
    def add(self, xs):
        self.xs.extend(xs)
        return self
print(A().add([1.5]).add([2]).add((3,)).xs)
x: list[float] = [1.5]
x.extend([5])
x += [6]
x.append(7)
print(x)
x[0:1] = [8, 9]
print(x)
def more(v: list[float]) -> list[float]:
    v.extend([5])
    return v
print(more([1.5]))
# %% sets_beside_other_numbers
print({1.5}.union([2]), {1.5}.symmetric_difference([2]), {1.5} | {2}, {1.5} ^ {3})
s = {1.5}
s.update([2])
print(s)
def f(xs, ys):
    return set(xs).union(ys), set(xs).symmetric_difference(ys), frozenset(xs).union(ys, [7])
print(f([1.5], [2]), f([1], [2.5]), f([1], [2]))
a = {1.5, 2.5}
b = a.union([3, 4])
print(b, a.union(range(3)), a.intersection([1, 2]), a.difference([2.5, 1]))
