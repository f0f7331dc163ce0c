"""Decode steps as CUDA graphs: a whole forward pass of one token a row is launched at once.

Comes in: the columns of such a batch. Goes out: its hidden states, in the embedding pool. There is a graph for each of
a few batch sizes; a batch takes the next larger one, and the rows that are too many work on the cache's spare page.
The first batch of a size runs kernel by kernel, which loads all it needs, and is captured after that.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pielang.server.inference.attention import I64, Rows
from pielang.server.inference.config import PAGE_SIZE
from pielang.server.inference.gpu.flashinfer_attention import FlashInferAttention, FlashInferDecode
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import LlamaModel

SIZES = (1, 2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 160, 192, 224, 256)  # rows

Capture = Callable[[Callable[[], None]], Callable[[], None]]


@dataclass(frozen=True, slots=True)
class DecodeRows:
    """R rows of one token each. Checked already."""

    tokens: NDArray[np.int32]  # [R] token id, or -(slot + 1)
    rows: Rows
    embeds: I64  # [R] where each row's output embedding goes; the pool's spare slot: nowhere


@dataclass(slots=True)
class _Step:
    """The graph of one batch size: it reads `inputs` and what `attention` planned."""

    size: int
    inputs: Tensor  # [4, size] tokens, positions, cells, embeds
    attention: FlashInferDecode
    replay: Callable[[], None] | None = None


class DecodeGraphs:
    """Runs decode batches by graphs, captured as they are needed.

    `embeds` [E + 1, H] is the embedding pool with a spare slot at its end, `slots` the sampled tokens. `capture` makes
    something that can be replayed of a piece of work on the device; it may run the work or not.
    """

    def __init__(
        self,
        model: LlamaModel,
        cache: KVCache,
        attention: FlashInferAttention,
        embeds: Tensor,
        slots: Tensor,
        capture: Capture | None = None,
    ) -> None:
        self._model = model
        self._cache = cache
        self._attention = attention
        self._embeds = embeds
        self._slots = slots
        self._capture: Capture | None = capture or CudaCapture()  # None: found not to work
        self._steps: dict[int, _Step] = {}
        # rows share pages (forks), so a batch may name more pages than there are
        room = min(SIZES[-1] * -(-model.config.context_length // PAGE_SIZE), 2 * cache.page_count + SIZES[-1])
        self._pages = torch.zeros(room, dtype=torch.int32, device=cache.device)

    def run(self, batch: DecodeRows) -> bool:
        """Begin the forward pass; False if the batch is too large for any graph, or gains more by sharing pages."""
        count = len(batch.tokens)
        size = next((size for size in SIZES if size >= count), None)
        pages = int((-(-batch.rows.length // PAGE_SIZE)).sum())
        if size is None or pages + size - count > len(self._pages) or self._attention.sharing(batch.rows) is not None:
            return False
        step = self._steps.get(size) or self._make(size)
        inputs, rows = self._padded(batch, size)
        step.inputs.copy_(torch.from_numpy(inputs), non_blocking=True)
        step.attention.plan(rows)
        if step.replay is not None:
            step.replay()
        else:
            self._compute(step)
            step.replay = self._captured(step)
        return True

    def replay(self, count: int) -> None:
        """Run the graph of `count` rows once more, with all it was last given. For measuring."""
        step = self._steps[next(size for size in SIZES if size >= count)]
        if step.replay is None:
            raise RuntimeError(f"there is no graph of {count} rows")
        step.replay()

    def _captured(self, step: _Step) -> Callable[[], None] | None:
        if self._capture is None:
            return None
        try:
            return self._capture(lambda: self._compute(step))
        except RuntimeError as error:  # what torch raises; the step itself has run already
            print(f"warning: decode steps run kernel by kernel: CUDA graphs fail here: {error}", file=sys.stderr)
            self._capture = None
            return None

    def _make(self, size: int) -> _Step:
        step = _Step(
            size=size,
            inputs=torch.zeros(4, size, dtype=torch.int64, device=self._cache.device),
            attention=FlashInferDecode(self._attention, size, self._pages),
        )
        self._steps[size] = step
        return step

    def _padded(self, batch: DecodeRows, size: int) -> tuple[NDArray[np.int64], Rows]:
        rows, count = batch.rows, len(batch.tokens)
        more = size - count
        spare = self._cache.spare_page
        inputs = np.zeros((4, size), np.int64)
        inputs[2], inputs[3] = spare * PAGE_SIZE, len(self._embeds) - 1
        inputs[:, :count] = batch.tokens, rows.positions, rows.cells(), batch.embeds
        padded = Rows(
            start=np.arange(size + 1),
            positions=inputs[1],
            pages=np.concatenate((rows.pages, np.full(more, spare))),
            page_start=np.concatenate((rows.page_start, rows.page_start[-1] + 1 + np.arange(more))),
            length=np.concatenate((rows.length, np.ones(more, np.int64))),
        )
        return inputs, padded

    def _compute(self, step: _Step) -> None:
        tokens, positions, cells, embeds = step.inputs
        tokens = torch.where(tokens < 0, self._slots[(-tokens - 1).clamp(min=0)], tokens)
        hidden = self._model.forward(tokens, positions, cells, self._cache, step.attention)
        self._embeds.index_copy_(0, embeds, self._model.finish(hidden))


class CudaCapture:
    """Captures work as CUDA graphs. They share one pool of memory, since no two run at a time."""

    def __init__(self) -> None:
        self._pool: Any = None

    def __call__(self, work: Callable[[], None]) -> Callable[[], None]:
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool):
            work()
        self._pool = graph.pool()
        return graph.replay
