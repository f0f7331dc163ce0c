"""The calls for authors of techniques, from programs, on the real model: each against another way to the same."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save_file

from pielang.server.control.errors import LaunchRefused
from pielang.server.control.node import Node, NodeConfig
from pielang.server.wire.link import InferenceLink, InferenceOptions
from tests.server.control.harness import default_model
from tests.server.control.test_calls import events, launch, upload
from tests.server.control.test_programs import finish
from tests.server.inference import families

pytestmark = pytest.mark.model


def run(
    scenario: Callable[[Node], Awaitable[None]],
    pages: int = 64,
    model: Path | None = None,
    simulate: str = "",
    **config: Any,
) -> None:
    async def real(lost: Any) -> InferenceLink:
        options = InferenceOptions(model or default_model(), page_count=pages, host_pages=64, simulate=simulate)
        return await InferenceLink.start(options, lost)

    async def whole() -> None:
        node = Node(NodeConfig(**config), real)
        try:
            await scenario(node)
        finally:
            await node.close()

    asyncio.run(asyncio.wait_for(whole(), 120))


FORWARDS = """
import pielang.raw as raw

def gap(one: list[float], other: list[float]) -> float:
    return max([abs(one[i] - other[i]) for i in range(len(one))])

async def main() -> None:
    print(await raw.available_traits(""))
    tokens = await raw.tokenize("The capital of France is Paris, and the capital of Italy is")
    count = len(tokens)
    queue = await raw.create_queue()
    embeds = await raw.alloc_emb(queue, count)
    out = await raw.alloc_emb(queue, 2)
    info = await raw.model_info("")
    places = [place for place in range(count)]

    pages = await raw.alloc_kvpage(queue, 1)
    raw.embed_txt(queue, tokens, places, embeds)
    raw.forward(queue, pages, 0, embeds, out[:1])
    ids, probs = await raw.get_next_dist(queue, out[:1], 50)
    state = await raw.read_emb(queue, out[:1])
    print(len(state), await raw.detokenize(ids[:1]))
    # a causal mask by hand, and positions moved by five
    causal = raw.mask_of([[seen <= place for seen in places] for place in places])
    raw.forward_with_mask(queue, pages, 0, embeds, out, [count - 1, 0], causal)
    same = await raw.read_emb(queue, out)
    print(len(same), gap(state, same[: len(state)]) < 0.001)
    raw.embed_txt(queue, tokens, [place + 5 for place in places], embeds)
    raw.forward_with_mask(queue, pages, 0, embeds, out[:1], [count - 1], b"")
    print(gap(state, await raw.read_emb(queue, out[:1])) < 0.01)
    # hiding a place is as a mask without it
    raw.embed_txt(queue, tokens, places, embeds)
    raw.forward(queue, pages, 0, embeds, [])
    raw.mask_kvpage(queue, pages[0], [1, 3])
    last = embeds[count - 1 :]
    raw.forward(queue, pages, count - 1, last, out[:1])
    hidden = await raw.read_emb(queue, out[:1])
    raw.mask_kvpage(queue, pages[0], [])
    rest = raw.mask_of([[place != 1 and place != 3 for place in places]])
    raw.forward_with_mask(queue, pages, count - 1, last, out[:1], [0], rest)
    masked = await raw.read_emb(queue, out[:1])
    print(gap(hidden, masked) < 0.001, gap(hidden, state) > 0.01)
    scores = await raw.forward_with_attention(queue, pages, count - 1, last, out[:1])
    seen = await raw.read_emb(queue, out[:1])
    print(len(scores) == count, abs(sum(scores) - 1.0) < 0.001, gap(state, seen) < 0.001)
    status = await raw.kvpage_status()
    print(status.resident, status.swapped, status.total - status.free)
    for wrong in range(5):
        try:
            match wrong:
                case 0:
                    raw.mask_kvpage(queue, pages[0], [16])
                case 1:
                    raw.forward_with_mask(queue, pages, 0, embeds, out, [0], b"")
                case 2:
                    raw.forward_with_mask(queue, pages, 0, embeds, out[:1], [0], b"123")
                case 3:
                    raw.forward_with_mask(queue, pages, 0, embeds, out[:1], [count], b"")
                case _:
                    raw.embed_txt(queue, tokens, [place + 9000 for place in places], embeds)
                    raw.forward_with_mask(queue, pages, 0, embeds, out[:1], [0], b"")
            await raw.synchronize(queue)
        except ValueError as error:
            print(error)
"""
ADAPTED = """
import pielang.raw as raw

async def states(queue: int, adapter: int, outputs: list[int]) -> list[float]:
    tokens = await raw.tokenize("The cat sat")
    pages = await raw.alloc_kvpage(queue, 1)
    embeds = await raw.alloc_emb(queue, len(tokens))
    raw.embed_txt(queue, tokens, [place for place in range(len(tokens))], embeds)
    if adapter == 0:
        raw.forward(queue, pages, 0, embeds, outputs)
    else:
        raw.forward_with_adapter(queue, adapter, pages, 0, embeds, outputs)
    found = await raw.read_emb(queue, outputs)
    raw.dealloc_kvpage(queue, pages)
    raw.dealloc_emb(queue, embeds)
    return found

async def main() -> None:
    queue = await raw.create_queue()
    outputs = await raw.alloc_emb(queue, 1)
    plain = await states(queue, 0, outputs)
    for name in ["nothing", "much", "nothing", "missing", "../much", "broken"]:
        try:
            adapter = await raw.load_adapter(queue, name)
        except ValueError as error:
            print(error)
            continue
        except ModelError as error:
            print("ModelError")
            continue
        found = await states(queue, adapter, outputs)
        gap = max([abs(found[i] - plain[i]) for i in range(len(plain))])
        pages = await raw.alloc_kvpage(queue, 2)
        loop = await raw.generate(queue, pages, 0, [504, 3585], 8, raw.Sampler(), [], [], [], 0, adapter)
        made, *_ = await raw.generate_next(loop, 8)
        raw.dealloc_kvpage(queue, pages)
        print(name, gap < 0.0001, made)
"""


def test_masks_positions_states_and_scores() -> None:
    async def scenario(node: Node) -> None:
        _, printed = await finish(node, FORWARDS)
        traits, *lines = printed.splitlines()
        assert {"'Forward'", "'Adapter'", "'Introspect'", "'Grammar'"} <= set(traits.strip("[]").split(", "))
        assert lines[:5] == ["576 b' Rome'", "1152 True", "True", "True True", "True True True"], lines
        assert lines[5] == "1 0 1"
        for line, problem in zip(
            lines[6:],
            ("places 0 to 15, got 16", "1 indexes `at` for 2 outputs", "the mask has 3 bytes; 13 inputs",
             "beyond the 13 inputs", "beyond the model's context of 8192 tokens"),
            strict=True,
        ):  # fmt: skip
            assert problem in line
        with pytest.raises(LaunchRefused, match="needs the trait InputImage, which the model smollm2 does not have"):
            await launch(node, "from pielang.raw import num_embs_needed\nasync def main() -> int:\n"
                         "    return await num_embs_needed(2, 2)\n")  # fmt: skip

    run(scenario)


def write_adapter(folder: Path, size: float) -> None:
    """LoRA for the queries of the first layer, as PEFT saves it."""
    folder.mkdir()
    config = {"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["q_proj"]}
    (folder / "adapter_config.json").write_text(json.dumps(config))
    random = np.random.default_rng(1)
    name = "base_model.model.model.layers.0.self_attn.q_proj.lora_{}.weight"
    factors = {name.format("A"): random.normal(size=(2, 576)), name.format("B"): size * random.normal(size=(576, 2))}
    save_file({key: value.astype(np.float32) for key, value in factors.items()}, folder / "adapter_model.safetensors")


def test_adapters(tmp_path: Path) -> None:
    for name, size in (("nothing", 0.0), ("much", 3.0), ("broken", 1.0)):
        write_adapter(tmp_path / name, size)
    (tmp_path / "broken" / "adapter_model.safetensors").write_bytes(b"no")

    async def scenario(node: Node) -> None:
        _, printed = await finish(node, ADAPTED)
        first, much, again, missing, outside, broken = printed.splitlines()
        assert first == again and first.startswith("nothing True [")
        assert much.startswith("much False [") and much.split("[")[1] != first.split("[")[1]
        assert "no adapter 'missing'" in missing and "no adapter '../much'" in outside and broken == "ModelError"

    run(scenario, adapters=tmp_path)


GROWING = """
import pielang.raw as raw
from pielang import Context, Sampling, receive

async def main(topic: str, count: int) -> list[int]:
    story = Context().user("Tell a story about " + topic)
    await story.generate(count, Sampling(temperature=0.0))
    print("ready")
    await receive()
    where = await raw.kvpage_status()
    print(where.swapped)
    await story.generate(40, Sampling(temperature=0.0))
    return story.tokens
"""


def test_a_program_that_made_room_for_others_goes_on_as_if_nothing_was() -> None:
    """Of 7 pages the older program wants 6 in the end, and 2 of the 4 of the newer one are its own."""

    async def scenario(node: Node) -> None:
        program = await upload(node, "t", GROWING)
        stories = [{"topic": "a cat", "count": 4}, {"topic": "the sea", "count": 16}]
        alone = []
        for story in stories:
            handle = await node.launch(program, story)
            handle.send("go")
            alone.append((await events(handle))[-1].result)
        older, newer = [await node.launch(program, story) for story in stories]
        first, second = older.events(), newer.events()
        await anext(first)
        await anext(second)
        older.send("go")
        assert [event async for event in first][-1].result == alone[0]
        newer.send("go")
        assert [event async for event in second][-1].result == alone[1]
        status = node.status()
        assert status["saved_pages"] == status["loaded_pages"] > 0
        assert status["pages_free"] == 7 and status["host_pages_free"] == 64 and status["suspended"] == 0

    run(scenario, pages=7)


LOOKING = """
import pielang.raw as raw

async def main(image: list[int]) -> None:
    queue = await raw.create_queue()
    count = await raw.num_embs_needed(8, 8)
    pages = await raw.alloc_kvpage(queue, 1)
    embeds = await raw.alloc_emb(queue, count)
    out = await raw.alloc_emb(queue, 1)
    places = [place for place in range(count)]
    raw.embed_img(queue, bytes(image), places, embeds)
    raw.forward(queue, pages, 0, embeds, out)
    seen = await raw.read_emb(queue, out)
    raw.embed_txt(queue, [1] * count, places, embeds)
    raw.forward(queue, pages, 0, embeds, out)
    print(count, len(seen), seen != await raw.read_emb(queue, out))
    raw.embed_img(queue, b"no image", places, embeds)
    try:
        await raw.synchronize(queue)
    except ModelError as error:
        print(error)
    raw.embed_img(queue, bytes(image), places[1:], embeds)
    try:
        await raw.synchronize(queue)
    except ValueError as error:
        print(error)
"""


def test_images(tmp_path: Path) -> None:
    families.write_vision_model(next(iter(families.VISION_CASES)), tmp_path)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        (tmp_path / name).write_bytes((default_model() / name).read_bytes())
    file = io.BytesIO()
    image_of = pytest.importorskip("PIL.Image")
    image_of.new("RGB", (20, 12), (200, 30, 40)).save(file, "PNG")

    async def scenario(node: Node) -> None:
        _, printed = await finish(node, LOOKING, image=list(file.getvalue()))
        looked, broken, wrong = printed.splitlines()
        count, size, differs = looked.split()
        assert int(count) > 0 and int(size) > 0 and differs == "True"
        assert "image" in broken and f"an image fills {count} embeddings, got {count} and {int(count) - 1}" in wrong

    run(scenario, model=tmp_path)


FORGETFUL = """
import pielang.raw as raw
from pielang import Context, receive

async def forget() -> None:
    await Context().user("A page holds sixteen tokens, so that this takes a few of them, however it is cut.").prefill()

async def main(wanted: int) -> int:
    await forget()
    if wanted > 0:
        queue = await raw.create_queue()
        return len(await raw.alloc_kvpage(queue, wanted))
    while True:
        print((await raw.kvpage_status()).resident)
        await receive()
"""


def test_who_is_short_of_pages_gets_those_that_others_have_forgotten() -> None:
    """Of 12 pages a program whose collector had no reason to run holds some; nothing is moved for them."""

    async def scenario(node: Node) -> None:
        forgetful = await launch(node, FORGETFUL, wanted=0)
        said = forgetful.events()
        assert int((await anext(said)).data) > 1
        assert await finish(node, FORGETFUL, wanted=12) == (12, "")
        forgetful.send("look")
        assert (await anext(said)).data == b"0\n"
        status = node.status()
        assert (status["collections"], status["saved_pages"], status["gave_up"]) == (2, 0, 0)

    run(scenario, pages=12, simulate="instant")
