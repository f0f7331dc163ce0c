import asyncio


async def work(n: int) -> int:
    await asyncio.sleep(0)
    return n * n


async def chain(n: int) -> int:
    if n == 0:
        return 0
    return n + await chain(n - 1)


async def fail(n: int) -> int:
    await asyncio.sleep(0)
    raise ValueError(f"failed {n}")


async def loop(n: int) -> list[int]:
    out = []
    for i in range(n):
        if i % 2 == 0:
            out.append(await work(i))
        else:
            try:
                out.append(await fail(i))
            except ValueError as error:
                out.append(-i)
                print(error)
            finally:
                out.append(0)
    while len(out) < 10:
        out.append(await work(len(out)))
    return out


async def main() -> None:
    print(await work(3), await chain(50))
    print(await asyncio.gather(*[work(i) for i in range(5)]))
    print(await loop(4))
    results = await asyncio.gather(work(1), work(2))
    print(results, sum([await work(i) for i in range(4)]), (await work(2)) + (await work(3)))
    x = await work(2) if results[0] == 1 else await work(9)
    print(x, f"{await work(4)} and {await work(5)}")
    try:
        await asyncio.gather(work(1), fail(2))
    except ValueError as error:
        print("gather:", error)


asyncio.run(main())
