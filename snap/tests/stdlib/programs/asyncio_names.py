import asyncio


async def producer(queue: asyncio.Queue[int], count: int) -> None:
    for i in range(count):
        await queue.put(i)
        print("put", i, queue.qsize())


async def consumer(queue: asyncio.Queue[int], name: str) -> None:
    while True:
        item = await queue.get()
        print(name, "got", item)
        await asyncio.sleep(0)
        queue.task_done()


async def guarded(lock: asyncio.Lock, name: str) -> None:
    async with lock:
        print(name, "in")
        await asyncio.sleep(0.01)
        print(name, "out")


async def limited(places: asyncio.Semaphore, name: int) -> int:
    async with places:
        print("start", name)
        await asyncio.sleep(0.01 * name)
        return name * name


async def waiter(event: asyncio.Event, name: str) -> None:
    print(name, "waits")
    await event.wait()
    print(name, "goes")


async def slow(seconds: float) -> str:
    try:
        await asyncio.sleep(seconds)
    except asyncio.CancelledError:
        print("cancelled")
        raise
    return "done"


async def main() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue(maxsize=2)
    worker = asyncio.create_task(consumer(queue, "a"))
    await producer(queue, 5)
    await queue.join()
    worker.cancel()
    print(queue.empty(), queue.full(), queue.maxsize)
    try:
        queue.get_nowait()
    except asyncio.QueueEmpty:
        print("empty")
    lock = asyncio.Lock()
    await asyncio.gather(guarded(lock, "x"), guarded(lock, "y"), guarded(lock, "z"))
    print(lock.locked())
    places = asyncio.Semaphore(2)
    print(await asyncio.gather(*[limited(places, n) for n in range(1, 5)]))
    event = asyncio.Event()
    one = asyncio.create_task(waiter(event, "one"))
    two = asyncio.create_task(waiter(event, "two"))
    await asyncio.sleep(0)
    event.set()
    await one
    await two
    print(event.is_set(), await event.wait())
    print(await asyncio.wait_for(slow(0.001), 10))
    try:
        await asyncio.wait_for(slow(50), 0.01)
    except TimeoutError:
        print("too slow")
    try:
        async with asyncio.timeout(0.01):
            await slow(50)
    except TimeoutError as error:
        print("timeout", type(error).__name__)
    async with asyncio.timeout(5):
        print(await slow(0.001))
    try:
        lock.release()
    except RuntimeError as error:
        print(error)


asyncio.run(main())
