"""The simulated device: deterministic, right about its columns, and on time by its own model."""

from __future__ import annotations

import asyncio
from pathlib import Path

import numpy as np
import pytest

from pielang.server.control.tokenizer import Tokenizer
from pielang.server.inference.grammar import Tokens
from pielang.server.simulation.device import FOLLOWERS, HARDWARE, Simulated
from pielang.server.wire.batch import Batch
from pielang.server.wire.link import InferenceLink, InferenceOptions, InferenceStartFailed
from tests.server.control.harness import Cuts, Program, default_model, everything_is_back


def device(name: str = "instant") -> Simulated:
    return Simulated(HARDWARE[name], np.arange(100, 1100), 2, 8, 8, 4, 8, Tokens(Path(), 2000, [2]))


def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    return np.array(values, np.int32)


def prompt(*tokens: int) -> Batch:
    count = len(tokens)
    return Batch(
        id=1, tokens=column(*tokens), positions=np.arange(count, dtype=np.int32), row_start=column(0, count),
        pages=column(3), page_start=column(0, 1), kv_len=column(count), out_token=column(count - 1),
        out_embed=column(5), dist_embed=column(5, 5), dist_top_k=column(3, FOLLOWERS + 4),
    )  # fmt: skip


def test_distributions() -> None:
    result, _ = device().run(prompt(7, 8, 9))
    again, _ = device().run(prompt(1, 9))
    assert result.dist_ids.shape == (2, FOLLOWERS + 4)
    assert (result.dist_ids == again.dist_ids).all(), "the last token alone decides"
    assert (result.dist_ids[0, 3:] == -1).all() and (result.dist_probs[0, 3:] == 0).all()
    whole = result.dist_probs[1]
    assert (np.diff(whole) <= 0).all() and whole.sum() == pytest.approx(1, abs=1e-5)
    assert len(set(result.dist_ids[1, :FOLLOWERS])) == FOLLOWERS
    other, _ = device().run(prompt(7, 8, 10))
    assert (other.dist_ids != result.dist_ids).any()


def test_time_is_memory_or_arithmetic() -> None:
    one, many = HARDWARE["llama-1b"].seconds(1, 100), HARDWARE["llama-1b"].seconds(32, 3200)
    assert 0.008 < one < many < 2 * one
    assert HARDWARE["llama-1b"].seconds(4096, 4096) > 10 * one


def test_the_whole_engine_on_a_simulated_device() -> None:
    async def scenario() -> None:
        from pielang.server.control.model import Model
        from pielang.server.control.scheduler import BatchSettings

        folder = default_model()
        link = await InferenceLink.start(InferenceOptions(folder, simulate="instant", page_count=500))
        model = Model(link, Tokenizer(folder), BatchSettings(), lambda: (0, 0.0))
        assert link.info.name == folder.name or link.info.name.startswith("sim")
        tokens = model.tokenizer.encode("Once upon a time")
        cuts = Cuts(1.0, 0, 1.0, 0.0, 3)
        alone = (await Program(model).generate(tokens, 30, cuts=cuts))[0]
        together = await asyncio.gather(*[Program(model).generate(tokens, 30, cuts=cuts) for _ in range(20)])
        assert all(made == alone for made, *_ in together)
        assert len(set(alone)) > 5 and all(0 <= token < link.info.vocab_size for token in alone)
        everything_is_back(model)
        await link.close()
        with pytest.raises(InferenceStartFailed, match="no simulated device 'toaster'; there are: llama-1b"):
            await InferenceLink.start(InferenceOptions(folder, simulate="toaster"))

    asyncio.run(asyncio.wait_for(scenario(), 60))


def test_moved_pages_come_back_as_they_were_and_masks_are_kept_to() -> None:
    made = device("llama-1b")
    made.run(prompt(5, 6))
    before = made._pages[3].copy()
    _, seconds = made.run(Batch(2, save_page=column(3), save_host=column(1)))
    assert seconds == 16 * made.hardware.kv_bytes / made.hardware.host_bandwidth
    made.run(prompt(9))
    made.run(Batch(3, load_host=column(1), load_page=column(4)))
    assert (made._pages[4] == before).all() and made._pages[3][0] == 9
    allowed = np.zeros(250, np.uint8)
    allowed[1] = 3
    one = np.zeros(1, np.float32)
    drawn = Batch(
        4, sample_embed=column(5), sample_slot=column(-1), temperature=one + 1, top_k=column(0), top_p=one + 1,
        min_p=one, seed=np.zeros(1, np.int64), step=np.zeros(1, np.int64), allowed=allowed,
        allowed_start=column(0, 250), bias_token=column(9), bias=one - 50, bias_start=column(0, 1),
    )  # fmt: skip
    assert made.run(drawn)[0].sampled.tolist() == [8]
