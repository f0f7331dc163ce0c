"""Batches written the short way, for tests of what runs them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from pielang.server.wire.batch import Batch, BatchResult
from pielang.server.wire.link import InferenceLink

PAGE = 16


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens appended at position `start` of a sequence that lies in `pages`."""

    tokens: Sequence[int]
    start: int
    pages: Sequence[int]


def forward(id: int, rows: Sequence[Row], embeds: Sequence[int] | None = None) -> Batch:
    """A forward pass over the rows that keeps the last token's hidden state of row r in slot r (or `embeds[r]`)."""
    counts = [len(row.tokens) for row in rows]
    ends = np.cumsum([0, *counts])
    return Batch(
        id,
        tokens=np.concatenate([np.array(row.tokens, np.int32) for row in rows]),
        positions=np.concatenate([np.arange(row.start, row.start + len(row.tokens), dtype=np.int32) for row in rows]),
        row_start=ends.astype(np.int32),
        pages=np.concatenate([np.array(row.pages, np.int32) for row in rows]),
        page_start=np.cumsum([0, *(len(row.pages) for row in rows)]).astype(np.int32),
        kv_len=np.array([row.start + len(row.tokens) for row in rows], np.int32),
        out_token=(ends[1:] - 1).astype(np.int32),
        out_embed=np.array(range(len(rows)) if embeds is None else embeds, np.int32),
    )


def with_dist(batch: Batch, embeds: Sequence[int], top_k: int | Sequence[int]) -> Batch:
    """The batch, returning distributions too."""
    batch.dist_embed = np.array(embeds, np.int32)
    batch.dist_top_k = np.broadcast_to(np.array(top_k, np.int32), len(embeds)).copy()
    return batch


def with_samples(batch: Batch, embeds: Sequence[int], slots: Sequence[int] | None = None, **how: Any) -> Batch:
    """The batch, sampling too; `how` are columns of `Batch`, one value for all rows or one each."""
    count = len(embeds)

    def column(name: str, default: float, dtype: type[np.generic]) -> np.ndarray[Any, Any]:
        return np.broadcast_to(np.array(how.get(name, default), dtype), count).copy()

    batch.sample_embed = np.array(embeds, np.int32)
    batch.sample_slot = np.full(count, -1, np.int32) if slots is None else np.array(slots, np.int32)
    batch.temperature = column("temperature", 0, np.float32)
    batch.top_k = column("top_k", 0, np.int32)
    batch.top_p = column("top_p", 1, np.float32)
    batch.min_p = column("min_p", 0, np.float32)
    batch.seed = column("seed", 0, np.int64)
    batch.step = column("step", 0, np.int64)
    return batch


def submit(link: InferenceLink, batch: Batch) -> asyncio.Future[BatchResult]:
    """Send a batch and wait for its result."""
    future: asyncio.Future[BatchResult] = asyncio.get_running_loop().create_future()

    def done(result: BatchResult | Exception) -> None:
        if isinstance(result, BatchResult):
            future.set_result(result)
        else:
            future.set_exception(result)

    link.send(batch, done)
    return future
