import asyncio
async def f(x: int) -> int:
    await asyncio.sleep(0)
    if x < 0:
        raise ValueError("neg")
    return x
async def g() -> str:
    return "g"
async def main() -> None:
    t = [asyncio.create_task(f(i)) for i in range(3)]
    print(await asyncio.gather(*t))
    a, b = await asyncio.gather(f(1), g())
    print(a, b)
    print(await asyncio.gather(f(1), f(-1), return_exceptions=True))
asyncio.run(main())
