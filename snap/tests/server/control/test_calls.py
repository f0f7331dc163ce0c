"""Each call from a program written in pie that uses it; those that need a model are in test_programs."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control.limits import LIMITS, Usage, effective
from pielang.server.control.node import InstanceHandle, Node, NodeConfig
from pielang.server.wire.client import Failed, Finished, Message, Output
from tests.server.control.test_node import no_model


def run(scenario: Callable[[Node], Awaitable[None]], limits: Mapping[str, float] | None = None) -> None:
    async def whole() -> None:
        node = Node(NodeConfig(memory_mb=64, limits=limits or {}), no_model)
        try:
            await scenario(node)
            assert node.status()["subscriptions"] == 0
        finally:
            await node.close()

    asyncio.run(asyncio.wait_for(whole(), 60))


async def upload(node: Node, name: str, text: str) -> str:
    return await node.upload(build(Source(f"{name}.pie", text), Library()).wasm)


async def launch(node: Node, text: str, name: str = "t", **arguments: Any) -> InstanceHandle:
    return await node.launch(await upload(node, name, text), arguments)


async def events(handle: InstanceHandle) -> list[Any]:
    return [event async for event in handle.events()]


LISTENER = """
from pielang.raw import subscribe, next_broadcast, send, unsubscribe

async def main() -> list[str]:
    news = await subscribe("news")
    send("ready")
    heard = [await next_broadcast(news), await next_broadcast(news)]
    unsubscribe(news)
    return heard
"""
SPEAKER = """
from pielang.raw import broadcast, receive

async def main() -> None:
    broadcast("other", "not this")
    broadcast("news", "one")
    broadcast("news", "two")
    await receive()
    broadcast("news", "nobody is left")
"""


def test_broadcasts_reach_all_that_listen() -> None:
    async def scenario(node: Node) -> None:
        listeners = [await launch(node, LISTENER) for _ in range(3)]
        streams = [listener.events() for listener in listeners]
        for stream in streams:
            assert isinstance(await anext(stream), Message)
        speaker = await launch(node, SPEAKER)
        for listener, stream in zip(listeners, streams):
            assert await anext(stream) == Finished(listener.id, ["one", "two"])
        speaker.send("go on")
        assert await events(speaker) == [Finished(speaker.id, None)]

    run(scenario)


def test_a_listener_that_ends_or_does_not_read() -> None:
    idle = """
from pielang.raw import subscribe, next_broadcast, receive, send
async def main() -> str:
    news = await subscribe("news")
    send("ready")
    await receive()
    heard = [await next_broadcast(news), await next_broadcast(news)]
    return await next_broadcast(news)
"""
    loud = """
from pielang.raw import broadcast
async def main() -> None:
    for number in range(5):
        broadcast("news", str(number))
"""

    async def scenario(node: Node) -> None:
        gone, slow = await launch(node, idle), await launch(node, idle)
        streams = [gone.events(), slow.events()]
        for stream in streams:
            await anext(stream)
        gone.terminate()
        assert isinstance((await events(await launch(node, loud)))[-1], Finished)
        slow.send("now")
        failed = await anext(streams[1])
        assert isinstance(failed, Failed) and "3 messages of the topic 'news' were lost" in failed.message
        assert failed.chain[0].type == "LimitReached"

    run(scenario, {"unread_messages": 2})


PARENT = """
from pielang.core.msgpack import Packer, Unpacker
from pielang.raw import spawn, wait_child

async def main(who: str, n: int) -> int:
    out = Packer()
    out.write_map(1)
    out.write_str("n")
    out.write_int(n)
    child = await spawn(who, out.finish())
    print("waiting")
    return Unpacker(await wait_child(child)).read_int() + 1
"""
CHILD = """
from pielang.raw import send

async def main(n: int) -> int:
    print("child", n)
    send("hi")
    if n < 0:
        raise ValueError("negative")
    return n * 10
"""


def test_a_spawned_program_answers_its_parent() -> None:
    async def scenario(node: Node) -> None:
        await upload(node, "child", CHILD)
        parent = await launch(node, PARENT, "parent", who="child", n=4)
        seen = await events(parent)
        assert seen[-1] == Finished(parent.id, 41)
        assert Message(parent.id, "hi") in seen and Output(parent.id, 1, b"child 4\n") in seen
        for name, n, problem in (
            ("child", -1, "failed: ValueError: negative"),
            ("nobody", 1, "no program named 'nobody'"),
        ):
            failed = (await events(await launch(node, PARENT, "parent", who=name, n=n)))[-1]
            assert isinstance(failed, Failed) and problem in failed.message
        assert node.status()["instances"] == 0

    run(scenario)


def test_children_end_with_their_parent_and_cannot_become_too_many() -> None:
    bomb = """
from pielang.raw import spawn, wait_child
async def main() -> None:
    children = [await spawn("bomb", b"\\x80") for _ in range(3)]
    for child in children:
        await wait_child(child)
"""
    waits = """
from pielang.raw import receive, send, spawn
async def main(leaf: bool = False) -> None:
    if leaf:
        send("leaf")
    else:
        await spawn("waits", b"\\x81\\xa4leaf\\xc3")
    await receive()
"""

    async def scenario(node: Node) -> None:
        failed = (await events(await launch(node, bomb, "bomb")))[-1]
        assert isinstance(failed, Failed) and "the limit 'depth' of 2" in failed.message
        while node.status()["instances"]:
            await asyncio.sleep(0)
        parent = await launch(node, waits, "waits")
        stream = parent.events()
        assert await anext(stream) == Message(parent.id, "leaf")
        assert node.status()["instances"] == 2
        parent.terminate()
        assert node.status()["instances"] == 0

    run(scenario, {"depth": 2})


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("wall_seconds", 0.05, "from pielang.raw import sleep\nasync def main() -> None:\n    await sleep(100.0)\n"),
        ("output_bytes", 10, "def main() -> None:\n    print('much more than that')\n"),
        ("messages", 1, "from pielang.raw import send\ndef main() -> None:\n    send('a')\n    send('b')\n"),
        (
            "cpu_seconds",
            0.05,
            "from pielang.raw import sleep\nasync def main() -> None:\n    while True:\n        n = 0\n"
            "        while n < 300000:\n            n += 1\n        await sleep(0.0)\n",
        ),
        ("unread_messages", 0, "from pielang.raw import sleep\nasync def main() -> None:\n    await sleep(100.0)\n"),
    ],
)
def test_limits_end_the_program(name: str, value: float, text: str) -> None:
    async def scenario(node: Node) -> None:
        handle = await launch(node, text)
        handle.send("a message")
        failed = (await events(handle))[-1]
        assert isinstance(failed, Failed) and failed.kind == "limit", failed
        assert f"the limit '{name}' of {value:g}" in failed.message and f"--limit {name}=" in failed.message

    run(scenario, {"unread_messages": 10} | {name: value})


def test_limits_within_the_program() -> None:
    text = """
from pielang.raw import subscribe
async def main() -> str:
    await subscribe("a")
    try:
        await subscribe("b")
    except LimitReached as error:
        return str(error)
    return ""
"""

    async def scenario(node: Node) -> None:
        last = (await events(await launch(node, text)))[-1]
        assert isinstance(last, Finished) and last.result.startswith("the limit 'subscriptions' of 1 topics")

    run(scenario, {"subscriptions": 1})


def test_the_table_of_limits() -> None:
    assert effective({}) == {limit.name: limit.default for limit in LIMITS}
    assert effective({"pages": 3})["pages"] == 3
    for wrong in ({"pagse": 3}, {"pages": -1}, {"pages": float("nan")}):
        with pytest.raises(ValueError, match="limit"):
            effective(wrong)
    page = (Path(__file__).parents[3] / "docs" / "limits.md").read_text()
    for limit in LIMITS:
        assert f"| `{limit.name}` | {limit.default:,.0f} | {limit.doc} |" in page
    usage = Usage(effective({"pages": 3}))
    usage.charge("pages", 2)
    usage.give("pages", 1)
    usage.charge("pages", 2)
    assert usage.taken == {"pages": 3}
