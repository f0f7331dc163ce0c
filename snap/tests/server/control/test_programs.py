"""Programs written in pie, compiled and run in a node on the real model: the whole way from source to tokens."""

from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control.node import InstanceHandle, Node
from pielang.server.wire.client import Failed, Finished, Message, Output
from tests.server.control.harness import Background, new_node

pytestmark = pytest.mark.model


async def launch(node: Node, text: str, **arguments: Any) -> InstanceHandle:
    program = build(Source("t.pie", text), Library())
    return await node.launch(await node.upload(program.wasm), arguments)


async def finish(node: Node, text: str, **arguments: Any) -> tuple[Any, str]:
    """The result and what was printed; everything is given back afterwards."""
    handle = await launch(node, text, **arguments)
    printed = b""
    async for event in handle.events():
        match event:
            case Output(data=data):
                printed += data
            case Finished(result=result):
                status = node.status()
                assert status["pages_free"] == status["pages_total"]
                assert status["embeds_free"] == status["embeds_total"]
                assert status["loops_free"] == status["loops_total"]
                return result, printed.decode()
            case _:
                raise AssertionError(event)
    raise AssertionError("no last event")


def prompts() -> list[dict[str, Any]]:
    path = Path(__file__).parents[2] / "reference" / "greedy-smollm2.json"
    return list(json.loads(path.read_text())["prompts"])


FORKS = """
from pielang import Context, Sampling, gather

async def main(question: str, width: int) -> list[str]:
    root = Context().user(question)
    drafts = await gather(*[b.generate(max_tokens=10, sampling=Sampling(temperature=0.0)) for b in root.fork(width)])
    return [draft.text for draft in drafts]
"""

BY_HAND = """
from pielang import Context

async def main(prompt: str, count: int) -> list[int]:
    context = Context().user(prompt)
    made: list[int] = []
    while len(made) < count:
        dist = await context.next_dist(top_k=8)
        token = dist.argmax()
        made.append(token)
        if token in context.model.end_tokens:
            break
        context.append([token])
    return made
"""


def test_forks_take_as_many_forward_batches_as_one(background: Background, node: Node) -> None:
    async def scenario() -> None:
        used = []
        for width in (1, 8):
            before = node.status()["forward_batches"]
            drafts, _ = await finish(node, FORKS, question="What is the capital of France?", width=width)
            assert drafts == ["The capital of France is Paris."] * width
            used.append(node.status()["forward_batches"] - before)
        assert used[0] == used[1]

    background.run(node.load_model())
    background.run(scenario())


def test_a_hand_written_loop_gives_the_reference(background: Background, node: Node) -> None:
    chats = [item for item in prompts() if item["kind"] == "chat"][:2]

    async def scenario() -> None:
        answers = await asyncio.gather(
            *[finish_alone(node, BY_HAND, prompt=item["prompt"], count=len(item["fp32"])) for item in chats]
        )
        assert answers == [item["fp32"] for item in chats]

    background.run(scenario())


async def finish_alone(node: Node, text: str, **arguments: Any) -> Any:
    """As `finish`, where others still hold pages."""
    handle = await launch(node, text, **arguments)
    events = [event async for event in handle.events()]
    assert isinstance(events[-1], Finished), events[-1]
    return events[-1].result


def test_termination_in_the_middle_of_generating(background: Background, node: Node) -> None:
    text = """
from pielang import Context
from pielang.raw import send

async def main() -> None:
    stream = Context().user("Tell me a long story.").stream(max_tokens=500)
    while (piece := await stream.next()) is not None:
        send(piece)
"""

    async def scenario() -> None:
        handle = await launch(node, text)
        seen = 0
        async for event in handle.events():
            seen += isinstance(event, Message)
            if seen == 3:
                handle.terminate()
            last = event
        assert isinstance(last, Failed) and last.kind == "cancelled"
        status = node.status()
        assert status["pages_free"] == status["pages_total"] and status["instances"] == 0

    background.run(scenario())


def test_errors_of_the_control_layer_are_exceptions_with_places(background: Background, node: Node) -> None:
    text = """
import pielang.raw as raw

async def main() -> str:
    queue = await raw.create_queue()
    try:
        await raw.alloc_kvpage(queue, 100000)
    except ValueError as error:
        print(error)
    pages = await raw.alloc_kvpage(queue, 2)
    raw.dealloc_kvpage(queue, pages)
    raw.dealloc_kvpage(queue, pages)
    await raw.synchronize(queue)
    return "not reached"
"""

    async def scenario() -> None:
        events = [event async for event in (await launch(node, text)).events()]
        assert isinstance(events[0], Output) and b"100000 KV pages" in events[0].data
        failed = events[-1]
        assert isinstance(failed, Failed) and failed.kind == "exception"
        assert failed.chain[-1].type == "Released" and "KV page was given back already" in failed.message
        assert failed.chain[-1].frames[0].line == 13

    background.run(scenario())


def test_a_killed_inference_process_and_the_next_launch(background: Background) -> None:
    async def scenario() -> None:
        node = await new_node()
        try:
            model = await node.load_model()
            handle = await launch(node, FORKS, question="Why is the sky blue?", width=2)
            while node.status()["batches"] < 4:  # its loops are under way
                await asyncio.sleep(0.001)
            os.kill(model.link.process_id, 9)  # type: ignore[attr-defined]
            events = [event async for event in handle.events()]
            failed = events[-1]
            assert isinstance(failed, Failed) and failed.kind == "inference" and "signal 9" in failed.message
            drafts, _ = await finish(node, FORKS, question="What is the capital of France?", width=1)
            assert drafts == ["The capital of France is Paris."]
        finally:
            await node.close()

    background.run(scenario())


def test_exported_pages_outlive_their_program_and_are_only_read(background: Background, node: Node) -> None:
    exporter = """
import pielang.raw as raw

async def main(phrase: str) -> None:
    queue = await raw.create_queue()
    tokens = await raw.tokenize(phrase)
    pages = await raw.alloc_kvpage(queue, 2)
    inputs = await raw.alloc_emb(queue, len(tokens))
    raw.embed_txt(queue, tokens, [i for i in range(len(tokens))], inputs)
    raw.forward(queue, pages, 0, inputs, [])
    await raw.export_kvpage(queue, pages, "prefix", phrase.encode())
    try:
        await raw.export_kvpage(queue, pages, "prefix", b"")
    except ValueError as error:
        print(error)
"""
    importer = """
import pielang.raw as raw

async def main() -> list[int]:
    print(await raw.list_exports())
    queue = await raw.create_queue()
    pages, note = await raw.import_kvpage(queue, "prefix")
    tokens = await raw.tokenize(note.decode())
    print(len(pages), len(tokens))
    try:
        await raw.generate(queue, pages, len(tokens) - 1, tokens[-1:], 4, raw.Sampler(), [], [], [], 0, 0)
    except PermissionDenied as error:
        print("denied")
    full = len(tokens) // 16
    own = await raw.alloc_kvpage(queue, 2)
    raw.copy_kvpage(queue, pages[full], own[0], len(tokens) % 16)
    rest = pages[:full] + own
    loop = await raw.generate(queue, rest, len(tokens) - 1, tokens[-1:], 4, raw.Sampler(), [], [], [], 0, 0)
    made, logprobs, text, reason = await raw.generate_next(loop, 4)
    await raw.release_export("prefix")
    try:
        await raw.import_kvpage(queue, "prefix")
    except Released as error:
        print(error)
    return made
"""
    whole = """
import pielang.raw as raw

async def main(phrase: str) -> list[int]:
    queue = await raw.create_queue()
    tokens = await raw.tokenize(phrase)
    pages = await raw.try_alloc_kvpage(queue, 4)
    print(len(await raw.try_alloc_kvpage(queue, 60000)))
    loop = await raw.generate(queue, pages, 0, tokens, 4, raw.Sampler(), [], [], [], 0, 0)
    made, logprobs, answer, reason = await raw.generate_next(loop, 4)
    return made
"""
    text = "The quick brown fox jumps over the lazy dog and then it runs away from the big"

    async def scenario() -> None:
        handle = await launch(node, exporter, phrase=text)
        seen = [event async for event in handle.events()]
        assert isinstance(seen[-1], Finished), seen
        assert isinstance(seen[0], Output) and b"'prefix' is exported already, by t-" in seen[0].data
        assert node.status()["pages_free"] == node.status()["pages_total"] - 2
        made, printed = await finish(node, importer)
        assert printed.splitlines()[0] == "['prefix']" and "denied" in printed
        assert "nothing is exported under the name 'prefix'" in printed
        assert (made, "0\n") == await finish(node, whole, phrase=text)

    background.run(scenario())


def test_the_vocabulary_and_the_model_as_programs_see_them(background: Background, node: Node) -> None:
    text = """
import pielang.raw as raw

async def main() -> list[str]:
    data, sizes = await raw.get_vocabs()
    info = await raw.model_info("")
    tokens = await raw.tokenize("hello world")
    start = 0
    for token in range(tokens[0]):
        start += sizes[token]
    print(len(sizes) == info.vocab_size, data[start : start + sizes[tokens[0]]], await raw.detokenize(tokens))
    return await raw.available_traits(info.name)
"""

    async def scenario() -> None:
        traits, printed = await finish(node, text)
        more = ["Adapter", "Introspect", "Grammar"]
        assert traits == ["Runtime", "Allocate", "Forward", "InputText", "Tokenize", "OutputText", *more]
        assert printed == "True b'hello' b'hello world'\n"

    background.run(scenario())


LEFTOVERS = """
from pielang import Sampling
from pielang.raw import (
    alloc_emb, alloc_kvpage, copy_kvpage, create_queue, embed_txt, forward, generate, get_next_dist, synchronize,
)

async def attempt(queue: int, pages: list[int], kv_len: int) -> str:
    inputs = await alloc_emb(queue, 1)
    try:
        embed_txt(queue, [5], [kv_len], inputs)
        forward(queue, pages, kv_len, inputs, [])
        await synchronize(queue)
    except ValueError as error:
        return str(error)
    return "read"

async def main() -> list[str]:
    queue = await create_queue()
    fresh, other = await alloc_kvpage(queue, 2), await alloc_kvpage(queue, 1)
    said = [await attempt(queue, fresh, 3), await attempt(queue, fresh, 0), await attempt(queue, fresh, 1)]
    said.append(await attempt(queue, fresh, 20))
    copy_kvpage(queue, fresh[0], other[0], 16)
    said += [await attempt(queue, other, 2), await attempt(queue, other, 4)]
    try:
        await generate(queue, fresh, 9, [1], 2, Sampling().sampler(0), [], [], [], 0, 0)
    except ValueError as error:
        said.append(str(error)[:44])
    return said
"""


def test_nobody_reads_what_was_left_in_a_page(background: Background, node: Node) -> None:
    result, _ = background.run(finish(node, LEFTOVERS))

    def refused(what: str, place: int, length: int) -> str:
        problem = f"{what}(): place {place} of the pages was never written, so {length} places before"
        return f"{problem} the new ones cannot be read: begin there"

    assert result == [
        refused("forward", 0, 3), "read", "read", refused("forward", 2, 20), "read", refused("forward", 3, 4),
        "generate(): place 2 of the pages was never w",
    ]  # fmt: skip
