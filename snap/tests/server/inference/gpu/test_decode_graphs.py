"""Decode batches by graphs give what the same batches give kernel by kernel.

On a CPU, "capturing" keeps the work and replaying does it again in the same buffers; with `-m gpu` both are real.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from types import ModuleType

import numpy as np
import pytest
import torch

from bench.gpu import random_weights
from pielang.server.inference.attention import TorchAttention
from pielang.server.inference.config import load_config
from pielang.server.inference.executor import Executor
from pielang.server.inference.forward import BackEnd
from pielang.server.inference.gpu.decode_graphs import Capture, DecodeGraphs
from pielang.server.inference.gpu.flashinfer_attention import WORTH_SHARING, FlashInferAttention
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import LlamaModel
from pielang.server.wire.batch import Batch
from tests.server.inference.batches import Row, forward, with_dist, with_samples
from tests.server.inference.gpu.flashinfer_double import make_flashinfer
from tests.server.inference.gpu.test_flashinfer_attention import make_config
from tests.server.inference.tiny_model import TinyModel, make_tiny_model

PAGES = 60


class Recorder:
    """Stands in for CUDA's capturing; counts what it captures and what is replayed."""

    def __init__(self) -> None:
        self.captured = self.replayed = 0

    def __call__(self, work: Callable[[], None]) -> Callable[[], None]:
        self.captured += 1

        def replay() -> None:
            self.replayed += 1
            work()

        return replay


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


def make_pair(tiny: TinyModel, capture: Capture, worth_sharing: int = WORTH_SHARING) -> tuple[Executor, Executor]:
    """An executor with graphs and one without, of the same weights."""
    config = load_config(tiny.folder)
    return make_executors(config, torch.float32, "cpu", make_flashinfer(), capture, worth_sharing)


def make_executors(
    config, dtype, device, library: ModuleType, capture: Capture | None, worth_sharing: int = WORTH_SHARING
) -> tuple[Executor, Executor]:
    weights = random_weights(config, dtype, torch.device(device))
    model = LlamaModel(config, weights)
    caches = [KVCache(config, PAGES, dtype, torch.device(device)) for _ in range(2)]
    attention = FlashInferAttention(config, caches[0], dtype, library, worth_sharing)

    def graphs(embeds: torch.Tensor, slots: torch.Tensor) -> DecodeGraphs:
        return DecodeGraphs(model, caches[0], attention, embeds, slots, capture)

    plain = TorchAttention(config, caches[1], dtype)
    return (
        Executor(BackEnd(model, attention, graphs=graphs), caches[0], dtype, 16, 16),
        Executor(BackEnd(model, plain), caches[1], dtype, 16, 16),
    )


def story() -> Iterator[Batch]:
    """Five prompts, then steps of changing sets of rows; tokens pass from step to step in slots."""
    lengths = [3, 16, 20, 1, 30]
    tables = [list(range(row * 4, row * 4 + 4)) for row in range(5)]
    prompts = [Row([(7 * row + place) % 300 for place in range(n)], 0, tables[row]) for row, n in enumerate(lengths)]
    yield with_samples(forward(1, prompts), range(5), range(5))
    for step, rows in enumerate(
        ([0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [2], [4, 1], [1, 4], [2], [0, 1, 2, 3, 4], [0, 4, 2])
    ):
        batch = forward(2 + step, [Row([-(row + 1)], lengths[row], tables[row]) for row in rows], embeds=rows)
        for row in rows:
            lengths[row] += 1
        yield with_dist(with_samples(batch, rows, rows), rows, 5)


def same(ours: Executor, plain: Executor, batch: Batch, tolerance: float) -> None:
    our, their = ours.launch(batch).collect(), plain.launch(batch).collect()
    assert our.sampled.tolist() == their.sampled.tolist()
    np.testing.assert_allclose(our.dist_probs, their.dist_probs, rtol=tolerance, atol=tolerance)


def test_steps_by_graphs(tiny: TinyModel) -> None:
    recorder = Recorder()
    ours, plain = make_pair(tiny, recorder)
    for batch in story():
        same(ours, plain, batch, 1e-4)
    assert (recorder.captured, recorder.replayed) == (4, 4)  # 8, 1, 2 and 4 rows; the first of each is not a replay


def test_rows_without_an_output(tiny: TinyModel) -> None:
    ours, plain = make_pair(tiny, Recorder())
    prompts = [Row([5, 6, 7], 0, [0]), Row([9], 0, [1])]
    for executor in (ours, plain):
        executor.launch(forward(1, prompts)).collect()
    batch = forward(2, [Row([1], 3, [0]), Row([2], 1, [1])], embeds=[3, 4])
    batch.out_token, batch.out_embed = batch.out_token[1:], batch.out_embed[1:]
    same(ours, plain, with_dist(batch, [3, 4], 5), 1e-4)


def test_a_token_with_two_outputs_runs_without_a_graph(tiny: TinyModel) -> None:
    recorder = Recorder()
    ours, plain = make_pair(tiny, recorder)
    batch = forward(1, [Row([1], 0, [0])])
    batch.out_token, batch.out_embed = np.array([0, 0], np.int32), np.array([1, 2], np.int32)
    same(ours, plain, with_dist(batch, [1, 2], 5), 1e-4)
    assert recorder.captured == 0


def test_more_rows_than_any_graph(tiny: TinyModel) -> None:
    recorder = Recorder()
    ours, plain = make_pair(tiny, recorder)
    same(ours, plain, with_dist(forward(1, [Row([1], 0, [0])] * 257, embeds=[0] * 257), [0], 5), 1e-4)
    assert recorder.captured == 0


def test_rows_that_share_enough_run_without_a_graph(tiny: TinyModel) -> None:
    recorder = Recorder()
    ours, plain = make_pair(tiny, recorder, worth_sharing=1)
    for executor in (ours, plain):
        executor.launch(forward(1, [Row(list(range(20)), 0, [0, 1])])).collect()
    fork = Row(list(range(3)), 16, [0, 2])
    same(ours, plain, with_dist(forward(2, [fork, Row([7], 20, [0, 1])], embeds=[1, 2]), [1, 2], 5), 1e-4)
    same(
        ours, plain, with_dist(forward(3, [Row([1], 19, [0, 2]), Row([7], 21, [0, 1])], embeds=[1, 2]), [1, 2], 5), 1e-4
    )
    assert recorder.captured == 0


def test_capturing_that_fails_is_said_once(tiny: TinyModel, capsys: pytest.CaptureFixture[str]) -> None:
    def fails(work: Callable[[], None]) -> Callable[[], None]:
        raise RuntimeError("no graphs today")

    ours, plain = make_pair(tiny, fails)
    for batch in story():
        same(ours, plain, batch, 1e-4)
    assert capsys.readouterr().err.count("no graphs today") == 1


@pytest.mark.gpu
def test_steps_by_graphs_on_device() -> None:
    library = importlib.import_module("flashinfer")
    ours, plain = make_executors(make_config(), torch.bfloat16, "cuda", library, None)
    for batch in story():
        our, their = ours.launch(batch).collect(), plain.launch(batch).collect()
        np.testing.assert_allclose(our.dist_probs, their.dist_probs, rtol=0.1, atol=0.02)
