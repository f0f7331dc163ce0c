class Res:
    def __init__(self, n: str) -> None:
        self.n = n
    def __enter__(self):
        print("enter", self.n)
        return self
    def __exit__(self, t, v, tb):
        print("exit", self.n, v)
        return False

def use():
    with Res("a") as r:
        print(r.n)
        return 5
print(use())
try:
    with Res("b"):
        raise ValueError("bad")
except ValueError as e:
    print("caught", e)

class MyError(Exception):
    def __init__(self, code: int) -> None:
        super().__init__(f"code {code}")
        self.code = code
try:
    try:
        raise MyError(3)
    except MyError as e:
        print(e.code, e)
        raise RuntimeError("wrapped") from e
except RuntimeError as e:
    print(e, e.__cause__)

def gen(n):
    i = 0
    while i < n:
        yield i
        i += 1
for v in gen(3):
    print(v)
def flat(xs: list[list[int]]):
    for x in xs:
        yield from x
print(list(flat([[1], [2, 3]])))

def f(x: int | str | None) -> str:
    if x is None:
        return "none"
    if isinstance(x, int):
        return f"int {x + 1}"
    return "str " + x.upper()
print(f(1), f("a"), f(None))

class Account:
    count = 0
    def __init__(self, owner: str, balance: float = 0.0):
        self.owner = owner
        self._balance = balance
        Account.count += 1
    @property
    def balance(self) -> float:
        return self._balance
    @balance.setter
    def balance(self, v: float) -> None:
        if v < 0:
            raise ValueError("negative")
        self._balance = v
    @classmethod
    def empty(cls) -> "Account":
        return cls("nobody")
    @staticmethod
    def helper(x: int) -> int:
        return x * 2
a = Account("x", 5.0)
a.balance = 7.5
a.balance += 1
print(a.balance, Account.count, Account.empty().owner, Account.helper(4), Account.count)
try:
    a.balance = -1.0
except ValueError as e:
    print(e)
from enum import Enum, auto
class C(Enum):
    A = auto()
    B = auto()
def name(c: C) -> str:
    match c:
        case C.A:
            return "is a"
        case C.B:
            return "is b"
print(name(C.A), name(C.B), C(2), [c.name for c in C], C.A in [C.B], {C.A: 1}[C.A], repr(C.A))
def walrus(xs: list[int]) -> int:
    if (n := len(xs)) > 2:
        return n
    return 0
print(walrus([1, 2, 3]))
grid = [[0] * 3 for _ in range(2)]
grid[1][2] = 5
grid[0][0] += 2
print(grid)
def kw(*args, sep="-", **opts):
    return sep.join(str(a) for a in args) + str(len(opts))
print(kw(1, "a", sep="+"), kw(1, z=2))
import asyncio
async def work(i: int) -> int:
    await asyncio.sleep(0)
    return i * 2
async def run() -> None:
    print(await asyncio.gather(*[work(i) for i in range(3)]))
    t = asyncio.create_task(work(10))
    print(await t)
    async with Lock() as l:
        print("in", l)
class Lock:
    async def __aenter__(self) -> int:
        return 1
    async def __aexit__(self, a, b, c) -> None:
        print("out")
asyncio.run(run())
