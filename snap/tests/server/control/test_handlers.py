"""Masks, hidden entries, adapters, scores and hidden states, from a program to the device and back.

The model is small and random; what it should say is computed beside, densely, in float64.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control.node import Node, NodeConfig
from pielang.server.inference.config import load_config
from pielang.server.inference.vision import Vision
from pielang.server.wire.client import Finished
from pielang.server.wire.link import InferenceLink, InferenceOptions
from tests.server.inference import families
from tests.server.inference.batches import Row, forward, with_dist
from tests.server.inference.test_handlers import ALL, TOKENS, lora, merged
from tests.server.inference.tiny_model import CONTEXT, VOCAB, TinyModel, make_tiny_model

PROGRAM = """
from pielang.raw import (
    alloc_emb, alloc_kvpage, create_queue, embed_txt, forward_with_adapter, forward_with_attention, forward_with_mask,
    forward, get_next_dist, load_adapter, mask_kvpage, read_emb,
)

async def likely(queue: int, embed: int, size: int) -> list[float]:
    ids, probs = await get_next_dist(queue, [embed], size)
    found = [0.0] * size
    for i in range(size):
        found[ids[i]] = probs[i]
    return found

async def main(tokens: list[int], size: int) -> list[list[float]]:
    queue = await create_queue()
    pages = await alloc_kvpage(queue, 3)
    embeds = await alloc_emb(queue, len(tokens))
    positions = list(range(len(tokens)))
    embed_txt(queue, tokens, positions, embeds)
    scores = await forward_with_attention(queue, pages, 0, embeds[:20], embeds[:1])
    first = await likely(queue, embeds[0], size)
    hidden = await read_emb(queue, embeds[:1])

    # two branches of two tokens after the first 20, in one row: each sees what is common and itself
    embed_txt(queue, tokens[20:24], [20, 21, 20, 21], embeds[20:24])
    mask: list[int] = []
    for branch in [[20], [20, 21], [22], [22, 23]]:
        bits = (1 << 20) - 1
        for place in branch:
            bits |= 1 << place
        mask.extend([bits & 255, bits >> 8 & 255, bits >> 16])
    forward_with_mask(queue, pages, 20, embeds[20:24], embeds[:2], [1, 3], bytes(mask))
    one = await likely(queue, embeds[0], size)
    two = await likely(queue, embeds[1], size)

    mask_kvpage(queue, pages[0], [3, 7])
    embed_txt(queue, tokens[20:21], [20], embeds[20:21])
    forward(queue, pages, 20, embeds[20:21], embeds[:1])
    without = await likely(queue, embeds[0], size)

    adapter = await load_adapter(queue, "small")
    others = await alloc_kvpage(queue, 1)
    embed_txt(queue, tokens[:9], positions[:9], embeds[:9])
    forward_with_adapter(queue, adapter, others, 0, embeds[:9], embeds[:1])
    adapted = await likely(queue, embeds[0], size)
    missing = ""
    try:
        await load_adapter(queue, "broken")
    except Exception as error:
        missing = str(error)
    print(missing)
    return [scores, first, hidden, one, two, without, adapted]
"""


LOOK = """
from pielang.raw import (
    Sampler, alloc_emb, alloc_kvpage, create_queue, embed_img, embed_txt, forward, generate, generate_next,
    generate_stop, get_next_dist, num_embs_needed,
)

async def main(image: list[int], broken: list[int]) -> tuple[list[int], list[float]]:
    queue = await create_queue()
    count = await num_embs_needed(20, 30)
    embeds = await alloc_emb(queue, count + 2)
    pages = await alloc_kvpage(queue, 1)
    other = await create_queue()  # a loop that always has a next step: batches are sent early for its sake
    loop = await generate(other, await alloc_kvpage(other, 8), 0, [7], 100, Sampler(), [], [], [], 0, 0)
    await generate_next(loop, 2)
    embed_img(queue, bytes(broken), list(range(count)), embeds[:count])
    try:
        await get_next_dist(queue, embeds[:1], 1)
    except Exception as error:
        print(error)
    _, _, _, reason = await generate_next(loop, 1)
    print("the loop", "goes on" if not reason else reason)
    generate_stop(loop)
    embed_txt(queue, [7, 9], [0, count + 1], [embeds[0], embeds[count + 1]])
    embed_img(queue, bytes(image), list(range(1, count + 1)), embeds[1 : count + 1])
    forward(queue, pages, 0, embeds, embeds[:1])
    return await get_next_dist(queue, embeds[:1], 20)
"""


MISTAKES = """
from pielang.raw import (
    alloc_emb, alloc_kvpage, create_queue, embed_txt, forward, forward_with_mask, get_next_dist,
    mask_kvpage, synchronize,
)

async def said(queue: int) -> str:
    try:
        await synchronize(queue)
    except Exception as error:
        return str(error)
    return "nothing"

async def main(vocabulary: int, context: int) -> list[str]:
    queue = await create_queue()
    pages = await alloc_kvpage(queue, 2)
    embeds = await alloc_emb(queue, 3)
    found: list[str] = []
    embed_txt(queue, [1, vocabulary], [0, 1], embeds[:2])
    found.append(await said(queue))
    embed_txt(queue, [1, 2, 3], [context, 1, 2], embeds)
    forward_with_mask(queue, pages, 0, embeds, embeds[:1], [2], bytes([7, 7, 7]))
    found.append(await said(queue))
    embed_txt(queue, [1, 2, 3], [0, 1, 2], embeds)
    forward_with_mask(queue, pages, 0, embeds, embeds[:1], [2], bytes([7, 7]))
    found.append(await said(queue))
    forward_with_mask(queue, pages, 0, embeds, embeds[:1], [3], bytes([7, 7, 7]))
    found.append(await said(queue))
    forward(queue, pages, 30, embeds, embeds[:1])
    found.append(await said(queue))
    mask_kvpage(queue, pages[0], [16])
    found.append(await said(queue))
    forward(queue, pages, 0, embeds, embeds[:1])
    ids, probs = await get_next_dist(queue, embeds[:1], 1)
    found.append(str(len(ids)))
    return found
"""


async def run(folder: Path, text: str, adapters: Path | None = None, **arguments: Any) -> Any:
    async def start(lost: Any) -> InferenceLink:
        return await InferenceLink.start(InferenceOptions(folder, page_count=16), lost)

    node = Node(NodeConfig(adapters=adapters), start)
    try:
        program = build(Source("t.pie", text), Library())
        handle = await node.launch(await node.upload(program.wasm), arguments)
        printed = b""
        async for event in handle.events():
            if isinstance(event, Finished):
                return event.result, printed.decode()
            printed += getattr(event, "data", repr(event).encode())
        raise AssertionError(printed.decode())
    finally:
        await node.close()


def test_a_program_has_every_handle(tmp_path: Path) -> None:
    tiny = make_tiny_model(tmp_path / "tiny")
    (tmp_path / "adapters").mkdir()
    added = lora(tmp_path / "adapters" / "small", 1, ALL)
    lora(tmp_path / "adapters" / "broken", 1, ALL, use_dora=True)
    (scores, first, hidden, one, two, without, adapted), printed = asyncio.run(
        run(tmp_path / "tiny", PROGRAM, tmp_path / "adapters", tokens=TOKENS[:24], size=VOCAB)
    )
    assert "use_dora" in printed
    common = tiny.compute(TOKENS[:20])
    np.testing.assert_allclose(scores, common.shares.mean(0), atol=1e-5)
    np.testing.assert_allclose(hidden, common.hidden[-1], atol=1e-4)
    check(first, tiny, TOKENS[:20])
    check(one, tiny, TOKENS[:22])
    check(two, tiny, TOKENS[:20] + TOKENS[22:24])
    seen = np.tri(21, dtype=bool)
    seen[20, [3, 7]] = False
    check(without, tiny, TOKENS[:21], seen)
    check(adapted, merged(tiny, added), TOKENS[:9])


def test_mistakes_are_errors_of_their_call(tmp_path: Path) -> None:
    make_tiny_model(tmp_path)
    found, _ = asyncio.run(run(tmp_path, MISTAKES, vocabulary=VOCAB, context=CONTEXT))
    words = [
        "300 is no token",
        "beyond the model's context of 512 tokens",
        "the mask has 2 bytes",
        "an index `at` is beyond the 3 inputs",
        "for place 30 was embedded for position 0",
        "a page has places 0 to 15, got 16",
        "1",
    ]
    assert [word for word, text in zip(words, found, strict=True) if word not in text] == []


def test_a_program_looks_at_an_image(tmp_path: Path) -> None:
    pytest.importorskip("PIL.Image")
    from tests.server.inference import test_vision as vision

    make_tiny_model(tmp_path)  # for the tokenizer
    families.write_vision_model("smolvlm", tmp_path)
    file = vision.png(20, 30)
    (ids, probabilities), printed = asyncio.run(run(tmp_path, LOOK, image=list(file), broken=list(file[:40])))
    assert "the image can't be read" in printed and "the loop goes on" in printed
    with torch.inference_mode():
        tower = Vision(tmp_path, load_config(tmp_path), torch.float32, torch.device("cpu"))
    executor = vision.make_executor(tmp_path, tower)
    executor.launch(vision.image_batch(file, [1, 2, 3, 4])).collect()
    batch = with_dist(forward(1, [Row([7, 0, 0, 0, 0, 9], 0, [0])]), [0], 20)
    batch.in_token = batch.in_embed = np.arange(1, 5, dtype=np.int32)
    result = executor.launch(batch).collect()
    assert ids == result.dist_ids[0].tolist()
    np.testing.assert_allclose(probabilities, result.dist_probs[0], rtol=1e-3)


def check(found: list[float], model: TinyModel, tokens: list[int], seen: Any = None) -> None:
    wanted = model.compute(tokens, seen=seen).logits[-1].softmax(-1)
    np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=1e-6)
