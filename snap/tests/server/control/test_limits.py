"""What a program may take: each limit ends in an error of its own, and nothing that was printed before is lost."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from pielang.server.control.errors import LaunchRefused
from pielang.server.control.node import Node, NodeConfig
from pielang.server.wire.client import Failed, Finished, Output
from pielang.server.wire.link import InferenceLink, InferenceOptions
from tests.server.control.harness import default_model
from tests.server.control.test_calls import events, launch, upload


def run(scenario: Callable[[Node], Awaitable[None]], **config: Any) -> None:
    async def simulated(lost: Any) -> InferenceLink:
        return await InferenceLink.start(InferenceOptions(default_model(), simulate="instant", page_count=64), lost)

    async def whole() -> None:
        node = Node(NodeConfig(**config), simulated)
        try:
            await scenario(node)
        finally:
            await node.close()

    asyncio.run(asyncio.wait_for(whole(), 60))


def printed(seen: list[Any]) -> str:
    return b"".join(event.data for event in seen if isinstance(event, Output)).decode()


@pytest.mark.parametrize(
    ("body", "config", "kept", "why"),
    [
        ("while True:\n        n += 1", {"time_limit": 0.2}, "before\n", "time limit of 0.2 s"),
        ("for i in range(100):\n        print('line', i)", {"limits": {"output_bytes": 20}}, "before\nline 0\nline 1",
         "the limit 'output_bytes' of 20 bytes"),
    ],
)  # fmt: skip
def test_what_was_printed_is_kept(body: str, config: Mapping[str, Any], kept: str, why: str) -> None:
    async def scenario(node: Node) -> None:
        seen = await events(await launch(node, f"def main() -> None:\n    n = 0\n    print('before')\n    {body}\n"))
        assert isinstance(seen[-1], Failed) and seen[-1].kind == "limit" and why in seen[-1].message
        assert printed(seen)[: len(kept)] == kept and len(printed(seen)) <= 20

    run(scenario, **config)


def test_memory_ends_in_a_memory_error() -> None:
    text = """
def main() -> str:
    kept: list[list[int]] = []
    try:
        while True:
            kept.append([0] * 10000)
    except MemoryError:
        kept = []
        return "full"
"""

    async def scenario(node: Node) -> None:
        last = (await events(await launch(node, text)))[-1]
        assert isinstance(last, Finished) and last.result == "full"

    run(scenario, limits={"memory_mb": 4})


def test_a_program_asks_for_limits_of_its_own() -> None:
    asks = "# pielang: limits={}\nfrom pielang.raw import subscribe\n\nasync def main() -> None:\n"
    asks += "    await subscribe('a')\n    await subscribe('b')\n"

    async def scenario(node: Node) -> None:
        last = (await events(await launch(node, asks.format("subscriptions:1,messages:5"))))[-1]
        assert isinstance(last, Failed) and "the limit 'subscriptions' of 1" in last.message
        for wrong, problem in (
            ("subscriptions:9", "asks for 9 subscriptions, this server allows 8"),
            ("subscriptions:many", "no number"),
            ("speed:3", "there is no limit 'speed'"),
        ):
            with pytest.raises(LaunchRefused, match=problem):
                await launch(node, asks.format(wrong))

    run(scenario, limits={"subscriptions": 8})


def test_a_user_has_limits_for_all_programs_together() -> None:
    text = """
from pielang.raw import receive, send, subscribe

async def main() -> str:
    try:
        await subscribe("a")
    except LimitReached as error:
        return str(error)
    send("there")
    await receive()
    return "had it"
"""

    async def scenario(node: Node) -> None:
        program = await upload(node, "t", text)
        first = await node.launch(program, {}, user="Ada")
        stream = first.events()
        await anext(stream)
        refused = (await events(await node.launch(program, {}, user="Ada")))[-1]
        assert "the limit 'subscriptions' of 1 topics listened to at once, all programs of the user" in refused.result
        assert "--user-limit subscriptions=NUMBER" in refused.result
        other = await node.launch(program, {}, user="Bob")
        other.send("go")
        assert (await events(other))[-1].result == "had it"
        first.send("go")
        assert [event async for event in stream][-1].result == "had it"
        again = await node.launch(program, {}, user="Ada")  # what it held was given back
        again.send("go")
        assert (await events(again))[-1].result == "had it"
        assert node.status()["limits_reached"] == {"subscriptions": 1}

    run(scenario, user_limits={"subscriptions": 1})


MODEL = """
import pielang.raw as raw

async def refused(work: str) -> None:
    queue = await raw.create_queue()
    try:
        match work:
            case "pages":
                await raw.alloc_kvpage(queue, 5)
            case "exports":
                pages = await raw.alloc_kvpage(queue, 2)
                await raw.export_kvpage(queue, pages[:1], "one", b"")
                await raw.export_kvpage(queue, pages[1:], "two", b"")
            case "tokens":
                pages = await raw.alloc_kvpage(queue, 2)
                await raw.generate(queue, pages, 0, [5, 6], 20, raw.Sampler(), [], [], [], 0, 0)
            case "forwards" | "top_k":
                pages = await raw.alloc_kvpage(queue, 1)
                embeds = await raw.alloc_emb(queue, 1)
                for place in range(4 if work == "forwards" else 1):
                    raw.embed_txt(queue, [7], [place], embeds)
                    raw.forward(queue, pages, place, embeds, embeds)
                await raw.get_next_dist(queue, embeds, 9 if work == "top_k" else 8)
            case "grammars":
                await raw.compile_grammar("regex", "a")
                await raw.compile_grammar("regex", "b")
            case _:
                await raw.compile_grammar("regex", "a long text")
        print("had it")
    except LimitReached as error:
        print(error)

async def main(work: str) -> None:
    await refused(work)
"""


def test_limits_of_what_the_model_does() -> None:
    limits = {"pages": 4, "exports": 1, "tokens": 20, "forwards": 3, "top_k": 8, "grammars": 1, "grammar_bytes": 8}

    async def scenario(node: Node) -> None:
        program = await upload(node, "t", MODEL)
        for name, value in limits.items():
            seen = await events(await node.launch(program, {"work": name}))
            assert isinstance(seen[-1], Finished), seen
            assert f"the limit '{name}' of {value} " in printed(seen) and f"--limit {name}=NUMBER" in printed(seen)
        assert node.status()["limits_reached"] == dict.fromkeys(limits, 1)
        assert node.status()["pages_free"] == node.status()["pages_total"] - node.status()["exports"]

    run(scenario, limits=limits)
