"""Masks, hidden entries, adapters, scores and hidden states, from a program to the device and back.

The model is small and random; what it should say is computed beside, densely, in float64.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import numpy as np

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control.node import Node, NodeConfig
from pielang.server.wire.client import Finished
from pielang.server.wire.link import InferenceLink, InferenceOptions
from tests.server.inference.test_handlers import ALL, TOKENS, lora, merged
from tests.server.inference.tiny_model import VOCAB, TinyModel, make_tiny_model

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


async def run(folder: Path, adapters: Path) -> Any:
    async def start(lost: Any) -> InferenceLink:
        return await InferenceLink.start(InferenceOptions(folder, page_count=16), lost)

    node = Node(NodeConfig(adapters=adapters), start)
    try:
        program = build(Source("t.pie", PROGRAM), Library())
        handle = await node.launch(await node.upload(program.wasm), {"tokens": TOKENS[:24], "size": VOCAB})
        printed = b""
        async for event in handle.events():
            if isinstance(event, Finished):
                return event.result, printed.decode()
            printed += getattr(event, "data", repr(event).encode())
        raise AssertionError("no last event")
    finally:
        await node.close()


def test_a_program_has_every_handle(tmp_path: Path) -> None:
    tiny = make_tiny_model(tmp_path / "tiny")
    (tmp_path / "adapters").mkdir()
    added = lora(tmp_path / "adapters" / "small", 1, ALL)
    lora(tmp_path / "adapters" / "broken", 1, ALL, use_dora=True)
    (scores, first, hidden, one, two, without, adapted), printed = asyncio.run(
        run(tmp_path / "tiny", tmp_path / "adapters")
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


def check(found: list[float], model: TinyModel, tokens: list[int], seen: Any = None) -> None:
    wanted = model.compute(tokens, seen=seen).logits[-1].softmax(-1)
    np.testing.assert_allclose(found, wanted, rtol=2e-4, atol=1e-6)
