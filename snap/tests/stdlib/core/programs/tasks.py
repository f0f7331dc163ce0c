import asyncio

order: list[str] = []


async def step(name: str, rounds: int) -> str:
    for i in range(rounds):
        order.append(f"{name}{i}")
        await asyncio.sleep(0)
    return name


async def bad(rounds: int) -> int:
    for _ in range(rounds):
        await asyncio.sleep(0)
    raise ValueError(f"after {rounds}")


async def number(n: int) -> int:
    await asyncio.sleep(0)
    return n


async def patient(log: list[str]) -> str:
    try:
        for _ in range(1000):
            await asyncio.sleep(0)
    except asyncio.CancelledError:
        log.append("cancelled")
        raise
    finally:
        log.append("finally")
    return "done"


async def nested(depth: int) -> int:
    if depth == 0:
        await asyncio.sleep(0)
        return 1
    left, right = await asyncio.gather(nested(depth - 1), nested(depth - 1))
    return left + right


async def grouped() -> int:
    total = 0
    async with asyncio.TaskGroup() as group:
        first = group.create_task(number(20))
        second = group.create_task(number(22))
    total = await first + await second
    return total


async def main() -> None:
    print(await asyncio.gather(step("a", 3), step("b", 2), step("c", 1)))
    print(order)
    print(await asyncio.gather(*[number(i) for i in range(200)]) == list(range(200)))
    try:
        await asyncio.gather(number(1), bad(2), bad(1))
    except ValueError as error:
        print(error)
    task = asyncio.create_task(number(5))
    print(task.done(), await task, task.done(), await task, task.result())
    log: list[str] = []
    waiting = asyncio.create_task(patient(log))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    print(waiting.cancel())
    try:
        await waiting
    except asyncio.CancelledError:
        print("seen", waiting.cancelled(), waiting.cancel())
    print(log)
    early = asyncio.create_task(patient(log))
    early.cancel()
    try:
        await early
    except asyncio.CancelledError:
        print("never began", log)
    print(await nested(6))
    print(await grouped())
    failing = asyncio.create_task(bad(0))
    try:
        await failing
    except ValueError as error:
        print("task:", error)
    coroutine = number(3)
    print(await coroutine)
    try:
        print(await coroutine)
    except RuntimeError as error:
        print(error)


asyncio.run(main())
