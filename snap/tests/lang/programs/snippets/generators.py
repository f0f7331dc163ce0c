# %% gen_send_more
def acc():
    total = 0
    while True:
        x = yield total
        if x is None:
            return total
        total += x
g = acc()
next(g)
for v in (1, 2, 3):
    print(g.send(v))
try:
    g.send(None)
except StopIteration as e:
    print("ret", e.value)
try:
    next(g)
except StopIteration as e:
    print("again", e.value)
h = acc()
try:
    h.send(3)
except TypeError as e:
    print(e)

# %% gen_delegate
def inner():
    try:
        x = yield "i1"
        print("inner got", x)
        y = yield "i2"
        print("inner got", y)
    except ValueError as e:
        print("inner caught", e)
        yield "recovered"
    finally:
        print("inner fin")
    return 42
def outer():
    r = yield from inner()
    print("r", r)
    r2 = yield from ["1", "2"]
    print("r2", r2)
    return "done"
g = outer()
print(next(g)); print(g.send("A")); print(g.throw(ValueError("bad"))); print(next(g)); print(next(g))
try:
    next(g)
except StopIteration as e:
    print(e.value)
g = outer()
next(g)
g.close()

# %% gen_errors
def bad():
    yield 1
    raise StopIteration
g = bad()
next(g)
try:
    next(g)
except RuntimeError as e:
    print(e)
def stubborn():
    while True:
        try:
            yield 1
        except GeneratorExit:
            print("no")
            yield 2
s = stubborn()
next(s)
try:
    s.close()
except RuntimeError as e:
    print(e)
def f():
    yield 1
g = f()
g.close()
print(list(g))
g = f()
try:
    g.throw(KeyError("k"))
except KeyError as e:
    print("KeyError", e)
print(list(g))

# %% gen_abandon
def lines():
    print("open")
    try:
        for i in range(5):
            yield i
    finally:
        print("close")
def wrap():
    for x in lines():
        yield x * 2
def first(limit):
    for x in wrap():
        if x >= limit:
            return x
print(first(4))
class Box:
    def __init__(self, xs): self.xs = xs
    def __iter__(self):
        try:
            yield from self.xs
        finally:
            print("iter closed")
for x in Box([1, 2, 3]):
    if x == 2: break
try:
    for x in lines():
        if x == 1: raise ValueError("stop")
except ValueError as e:
    print("caught", e)
print("end")

# %% agen_more
import asyncio
async def ticker(n):
    try:
        for i in range(n):
            await asyncio.sleep(0.001)
            got = yield i
            if got: print("got", got)
    finally:
        await asyncio.sleep(0.001)
        print("cleaned")
async def use(name):
    async for i in ticker(2):
        print(name, i)
async def main():
    await asyncio.gather(use("a"), use("b"))
    g = ticker(3)
    print(await g.asend(None))
    print(await g.asend("hello"))
    await g.aclose()
    try:
        await g.__anext__()
    except StopAsyncIteration:
        print("over")
    g = ticker(3)
    await g.__anext__()
    try:
        await g.athrow(ValueError("v"))
    except ValueError as e:
        print("out", e)
    xs = [i * 2 async for i in ticker(3) if i != 1]
    print(xs)
    print(await anext(ticker(1)) if False else "no")
asyncio.run(main())

# %% gen_pipeline
def coroutine(fn):
    def start(*args):
        g = fn(*args)
        next(g)
        return g
    return start
@coroutine
def printer(prefix):
    while True:
        item = yield
        print(prefix, item)
p = printer("->")
p.send(1); p.send("two"); p.send([3])
p.close()
def avg():
    total, n = 0, 0
    a = None
    while True:
        x = yield a
        total += x
        n += 1
        a = total / n
g = avg(); next(g)
print([g.send(v) for v in (10, 20, 60)])

# %% send
def avg():
    total = 0.0
    n = 0
    value = None
    while True:
        value = yield (total / n if n else 0.0)
        if value is None:
            break
        total += value
        n += 1
g = avg()
print(next(g))
print(g.send(10))
print(g.send(20))

# %% send2
from typing import Generator
def echo() -> Generator[str, int, None]:
    n = yield "start"
    while n > 0:
        n = yield f"got {n}"
g = echo()
print(next(g)); print(g.send(3)); print(g.send(4))
try:
    g.send(0)
except StopIteration:
    print("stop")

# %% throw
def gen():
    try:
        yield 1
        yield 2
    except ValueError as e:
        print("caught", e)
        yield 99
    finally:
        print("finally")
g = gen()
print(next(g))
print(g.throw(ValueError("x")))
print(list(g))

# %% close
def gen():
    try:
        while True:
            yield 1
    except GeneratorExit:
        print("exit")
        raise
    finally:
        print("fin")
g = gen()
print(next(g))
g.close()
print("after")
print(list(g))

# %% finally_abandoned
def gen():
    try:
        yield 1
        yield 2
    finally:
        print("fin")
for x in gen():
    print(x)
    break
print("end")

# %% with_in_gen
class M:
    def __enter__(self): print("in"); return self
    def __exit__(self, *a): print("out")
def gen():
    with M():
        yield 1
        yield 2
print(list(gen()))

# %% yield_from_result
def inner():
    yield 1
    yield 2
    return "done"
def outer():
    r = yield from inner()
    print("result", r)
    yield 3
print(list(outer()))

# %% return_value
def g():
    yield 1
    return 5
it = g()
next(it)
try:
    next(it)
except StopIteration as e:
    print(e.value)

# %% async_gen
import asyncio
async def agen(n):
    for i in range(n):
        await asyncio.sleep(0)
        yield i
async def main():
    async for x in agen(3):
        print(x)
    print([x async for x in agen(4) if x % 2])
    print({x: x * 2 async for x in agen(2)})
    print({x async for x in agen(2)})
asyncio.run(main())

# %% async_gen_finally
import asyncio
async def agen():
    try:
        yield 1
        yield 2
    finally:
        print("fin")
async def main():
    g = agen()
    print(await g.__anext__())
    await g.aclose()
    print("closed")
    async for x in agen():
        print(x)
asyncio.run(main())

# %% async_with_own
import asyncio
class M:
    async def __aenter__(self):
        print("in"); await asyncio.sleep(0)
        return self
    async def __aexit__(self, t, v, tb):
        print("out", t is None); await asyncio.sleep(0)
        return True
async def main():
    async with M() as m:
        raise ValueError("x")
    print("after")
asyncio.run(main())

# %% async_iter_own
import asyncio
class C:
    def __init__(self, n): self.n = n; self.i = 0
    def __aiter__(self): return self
    async def __anext__(self):
        if self.i >= self.n: raise StopAsyncIteration
        self.i += 1
        await asyncio.sleep(0)
        return self.i
async def main():
    async for x in C(3): print(x)
    print([x async for x in C(2)])
asyncio.run(main())

