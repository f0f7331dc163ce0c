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
