"""Thousands of programs, runaways and bombs: nothing is left behind and the others do not notice."""

from __future__ import annotations

import asyncio
import gc
import os
import resource
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control.node import Node, NodeConfig
from pielang.server.wire.client import Failed, Finished, Output
from tests.server.control.test_node import ECHO_RESULT, WAITS, no_model, program, submit

QUICK = program(submit(0, 16, 1) + "(i32.const 1)", ECHO_RESULT)  # asks for its name and answers it
ENDLESS = program("(loop $l (br $l)) (i32.const 0)")
FLOOD = program("(i32.const 64)", "(i32.const 64)")  # always has more to say: 64 times `write` of nothing


def held() -> tuple[int, int, int]:
    """Open files, threads but for the pump's few, tasks."""
    threads = [thread for thread in threading.enumerate() if thread.name != "pie-worker"]
    assert threading.active_count() - len(threads) <= (os.cpu_count() or 1)
    return len(os.listdir("/proc/self/fd")), len(threads), len(asyncio.all_tasks())


def memory_mb() -> float:
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * resource.getpagesize() / (1 << 20)


async def run_one(node: Node, digest: str) -> Any:
    handle = await node.launch(digest, {})
    return [event async for event in handle.events()][-1]


def scenario(work: Any, **config: Any) -> None:
    async def whole() -> None:
        node = Node(NodeConfig(**config), no_model)
        try:
            await work(node)
            assert node.status()["instances"] == 0
        finally:
            await node.close()

    asyncio.run(asyncio.wait_for(whole(), 110))


@pytest.mark.skipif(not os.path.exists("/proc/self/statm"), reason="reads /proc")
def test_ten_thousand_programs_one_after_another() -> None:
    """In a process of its own: files, threads and memory are counted of the whole process."""
    code = "from tests.server.control.test_survival import ten_thousand; ten_thousand()"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=110, cwd=Path(__file__).parents[3])


def ten_thousand() -> None:
    async def work(node: Node) -> None:
        digest = await node.upload(QUICK)
        before, size = (0, 0, 0), 0.0
        for number in range(10_000):
            assert isinstance(await run_one(node, digest), Finished)
            if number == 2_000:
                gc.collect()
                before, size = held(), memory_mb()
        gc.collect()
        assert held() == before
        assert memory_mb() < size + 8, "memory grows with the number of programs"

    scenario(work)


def test_a_thousand_programs_at_once() -> None:
    async def work(node: Node) -> None:
        digest = await node.upload(WAITS)
        handles = [await node.launch(digest, {}) for _ in range(1_000)]
        assert node.status()["instances"] == 1_000
        for handle in handles:
            handle.send(handle.id)
        for handle in handles:
            assert [event async for event in handle.events()] == [Finished(handle.id, handle.id)]

    scenario(work)


def test_twenty_runaways_and_others_go_on() -> None:
    async def work(node: Node) -> None:
        endless, quick = await node.upload(ENDLESS), await node.upload(QUICK)
        runaways = [await node.launch(endless, {}) for _ in range(20)]
        answered = 0
        while node.status()["instances"] > 0 and answered < 50:
            assert isinstance(await run_one(node, quick), Finished)
            answered += 1
        assert answered == 50, "the others waited for the runaways"
        for runaway in runaways[:10]:
            runaway.terminate()
        for runaway in runaways:
            last = [event async for event in runaway.events()][-1]
            assert isinstance(last, Failed) and last.kind in ("limit", "cancelled")

    scenario(work, time_limit=0.5)


def test_a_program_that_always_has_more_to_say() -> None:
    async def work(node: Node) -> None:
        flood, quick = await node.upload(FLOOD), await node.upload(QUICK)
        loud = await node.launch(flood, {})
        assert isinstance(await run_one(node, quick), Finished)
        loud.terminate()
        events = [event async for event in loud.events()]
        assert isinstance(events[-1], Failed)

    scenario(work)


def test_output_without_end_is_ended() -> None:
    loud = program(submit(0, 3, 0, (20000, 4096), 1) + submit(1, 13, 1, (30000, 10)) + "(i32.const 2)",
                   submit(0, 3, 0, (20000, 4096), 1) + submit(1, 13, 1, (30000, 10)) + "(i32.const 2)",
                   '(data (i32.const 30000) "\\91\\cb\\00\\00\\00\\00\\00\\00\\00\\00")')  # fmt: skip

    async def work(node: Node) -> None:
        handle = await node.launch(await node.upload(loud), {})
        events = [event async for event in handle.events()]
        assert isinstance(events[-1], Failed) and "'output_bytes' of 100000" in events[-1].message
        assert sum(len(event.data) for event in events if isinstance(event, Output)) <= 100_000

    scenario(work, limits={"output_bytes": 100_000})


def test_closing_a_node_full_of_programs_is_quick() -> None:
    async def work(node: Node) -> None:
        waits, endless = await node.upload(WAITS), await node.upload(ENDLESS)
        handles = [await node.launch(digest, {}) for digest in [waits] * 200 + [endless] * 5]
        began = time.monotonic()
        await node.close()
        assert time.monotonic() - began < 30
        for handle in handles:
            assert [event async for event in handle.events()] == [
                Failed(handle.id, "cancelled", "the server is ending", ())
            ]

    scenario(work)


BOMB = """
from pielang.raw import receive, spawn

async def main() -> None:
    while True:
        try:
            await spawn("bomb", b"\\x80")
        except LimitReached:
            break
    await receive()
"""


def test_a_fork_bomb_stays_small_and_others_go_on() -> None:
    async def work(node: Node) -> None:
        bomb = await node.upload(build(Source("bomb.pie", BOMB), Library()).wasm)
        quick = await node.upload(QUICK)
        root = await node.launch(bomb, {})
        while node.status()["instances"] < 41:
            assert isinstance(await run_one(node, quick), Finished)
            await asyncio.sleep(0)  # a program that ends within its launch never waits: the bomb must get its turn
        for _ in range(20):
            assert isinstance(await run_one(node, quick), Finished)
            assert node.status()["instances"] == 41
        assert node.status()["limits_reached"]["descendants"] >= 1
        root.terminate()
        assert node.status()["instances"] == 0

    scenario(work, limits={"descendants": 40, "children": 3})
