# %% async_contexts
import asyncio
import contextlib
from contextlib import asynccontextmanager
log = []
@asynccontextmanager
async def resource(name):
    log.append("open " + name)
    try:
        yield name.upper()
    except ValueError as e:
        log.append(f"caught {e}")
    finally:
        log.append("close " + name)
class Pool:
    def __init__(self, size):
        self.free = list(range(size))
    @contextlib.asynccontextmanager
    async def take(self):
        item = self.free.pop()
        await asyncio.sleep(0)
        try:
            yield item
        finally:
            self.free.append(item)
@asynccontextmanager
async def bad(n):
    for i in range(n):
        yield i
async def main():
    async with resource("db") as r:
        log.append(f"use {r}")
    async with resource("x"):
        raise ValueError("oops")
    pool = Pool(2)
    async with pool.take() as a, pool.take() as b:
        print(a, b, pool.free)
    print(pool.free)
    try:
        async with pool.take() as a:
            raise KeyError("k")
    except KeyError as e:
        print("key", e, pool.free)
    for n in (0, 2):
        try:
            async with bad(n) as x:
                print("in", x)
        except RuntimeError as e:
            print(e)
    print(log, await asyncio.sleep(0, "late"), await asyncio.sleep(0.001))
asyncio.run(main())
# %% property_calls
class Temp:
    def __init__(self, c):
        self._c = c
    def get_f(self):
        return self._c * 9 / 5 + 32
    def set_f(self, value):
        self._c = (value - 32) * 5 / 9
    f = property(get_f, set_f)
    kelvin = property(lambda self: self._c + 273.15)
class Sub(Temp):
    def get_f(self):
        return -1.0
t = Temp(100)
print(t.f, t.kelvin)
t.f = 32
print(t._c, t.kelvin, Sub(100).f)
try:
    t.kelvin = 3
except AttributeError as e:
    print(type(e).__name__, e)
# %% contained
def pick(words):
    return words[-1] if words else None
room = {"items": ["lamp", "coin"], "n": 3}
item = pick([])
print(item in room["items"], item not in room["items"], item in ["a"], item in {"a"}, item in {"a": 1}, item in ("a", 1))
item = pick(["coin"])
print(item in room["items"], 3 in room["items"])
xs = ["a", "b"]
print(1 in xs, None in xs, 1.5 in {"a": 1}, xs.count(None))
# %% bare_containers
def f(n: int) -> list:
    items: list = [n]
    items.append("a")
    items.append(None)
    d: dict = {"a": 1}
    d["b"] = "x"
    d[3] = [1]
    return items + [d]
class Box:
    def __init__(self, n: int) -> None:
        self.items: list = []
        self.items.append(n)
    def put(self, what: str) -> None:
        self.items.append(what)
b = Box(3)
b.put("z")
print(f(2), b.items)
import asyncio
async def worker(name: str, queue: asyncio.Queue, results: list) -> None:
    while True:
        item = await queue.get()
        if item is None:
            break
        results.append((name, item * 2))
        queue.task_done()
async def main() -> None:
    queue: asyncio.Queue = asyncio.Queue()
    results: list = []
    for i in range(4):
        queue.put_nowait(i)
    await queue.put(None)
    await worker("w", queue, results)
    print(sorted(r[1] for r in results), len(results))
asyncio.run(main())
# %% contained_in_mixed
rooms = {"hall": {"items": ["lamp"], "north": "attic", "locked": True}, "attic": {"items": [], "size": 3}}
for words in (["take", "lamp"], ["take"], []):
    item = words[-1] if len(words) > 1 else None
    for name, room in rooms.items():
        print(words, name, item in room["items"], item not in room["items"])
        try:
            print(item in room.get("size", "x"))
        except TypeError as error:
            print(type(error).__name__)
# %% may_be_none_walked
def make(n):
    if n == 0:
        return None
    return [n, n + 1]


for n in (3, 0):
    x = make(n)
    for act in range(13):
        try:
            if act == 0:
                print(sum(x))
            elif act == 1:
                print(sorted(x, reverse=True))
            elif act == 2:
                print(max(x), min(x))
            elif act == 3:
                print(list(enumerate(x)))
            elif act == 4:
                print(list(zip(x, x)))
            elif act == 5:
                print(list(map(str, x)))
            elif act == 6:
                print(",".join(map(str, x)))
            elif act == 7:
                print(dict.fromkeys(x))
            elif act == 8:
                print(list(filter(None, x)))
            elif act == 9:
                print([a for a, b in zip(x, x)])
            elif act == 10:
                print(next(iter(x)))
            elif act == 11:
                print(list(zip([1], x)))
            else:
                print(list(map(lambda a, b: a + b, x, x)))
        except TypeError as error:
            print(error)
# %% own_iterator_in_sum
class Tree:
    def __init__(self, key, left=None, right=None):
        self.key, self.left, self.right = key, left, right
    def __iter__(self):
        if self.left:
            yield from self.left
        yield self.key
        if self.right:
            yield from self.right
def balanced(keys):
    keys = list(keys)
    if not keys:
        return None
    mid = len(keys) // 2
    return Tree(keys[mid], balanced(keys[:mid]), balanced(keys[mid + 1:]))
print(list(balanced(range(10))))
print(sum(balanced(range(10))))
