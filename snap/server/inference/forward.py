"""The forward pass of a batch: from its columns to hidden states in the pool of embeddings.

Comes in: a checked `Batch`. Goes out: keys and values in the cache, hidden states in the slots that the batch names,
and the attention that was asked for. A pass that memory does not suffice for is done in parts, row by row in the end;
a row that does not fit even alone leaves hidden states that are not numbers, and the others go on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pielang.server.inference.adapters import Adapter, load_adapter
from pielang.server.inference.attention import AttentionBackend, Rows
from pielang.server.inference.gpu.decode_graphs import DecodeGraphs, DecodeRows
from pielang.server.inference.heads import Redraw
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import Extras, LlamaModel
from pielang.server.inference.scores import Scores
from pielang.server.wire.batch import Batch


@dataclass(frozen=True, slots=True)
class BackEnd:
    """What computes, chosen for a model and a device."""

    model: LlamaModel
    attention: AttentionBackend
    name: str = "torch"
    # on a GPU, what makes of the pools of embeddings and of sampled tokens something that runs decode batches as graphs
    graphs: Callable[[Tensor, Tensor], DecodeGraphs] | None = None
    redraw: Redraw | None = None


class ForwardPass:
    """The model with what forward passes read and write: the cache, the pool of embeddings, sampled tokens, adapters.

    `embeds` [E + 1, H] has a spare slot at its end; `slots` are the sampled tokens.
    """

    def __init__(self, back_end: BackEnd, cache: KVCache, embeds: Tensor, slots: Tensor, adapter_slots: int) -> None:
        self._model = back_end.model
        self._cache = cache
        self._attention = back_end.attention
        self._embeds = embeds
        self._slots = slots
        self.adapters: list[Adapter | None] = [None] * adapter_slots
        self._graphs = None if back_end.graphs is None else back_end.graphs(embeds, slots)

    def load_adapter(self, slot: int, folder: str) -> None:
        """Put the adapter of a folder in a slot; an empty name clears it. Raises `AdapterRefused`."""
        self.adapters[slot] = None
        if folder:
            config, device = self._model.config, self._cache.device
            self.adapters[slot] = load_adapter(Path(folder), config, self._embeds.dtype, device)

    def run(self, batch: Batch) -> tuple[Tensor, str]:
        """Returns what `BatchResult.scores` holds, and why rows have no result, if memory was short."""
        rows = rows_of(batch)
        if self._graphs is not None and (decode := self._decode_rows(batch, rows)) and self._graphs.run(decode):
            return torch.empty(0), ""
        scores: list[Tensor] = []
        trouble = self._part(batch, rows, 0, len(batch.kv_len), scores)
        # parts were done in the order of rows; a program may have asked in another
        asked = np.argsort(np.argsort(batch.score_row, kind="stable"), kind="stable")
        return torch.cat([scores[index] for index in asked]) if scores else torch.empty(0), trouble

    def _part(self, batch: Batch, rows: Rows, first: int, last: int, scores: list[Tensor]) -> str:
        """The rows from `first` to `last`; those that come later may read what earlier ones write."""
        try:
            scores += self._compute(batch, rows.part(first, last), first, last)
            return ""
        except (MemoryError, RuntimeError) as error:
            if not _memory_is_short(error):
                raise
        if last - first > 1:
            half = (first + last) // 2
            reasons = [self._part(batch, rows, *bounds, scores) for bounds in ((first, half), (half, last))]
            return reasons[0] or reasons[1]
        count = int(rows.start[last] - rows.start[first])
        outputs = _inside(batch.out_token, int(rows.start[first]), int(rows.start[last]))
        self._embeds[self._to_device(batch.out_embed[outputs])] = torch.nan
        unknown = torch.full((int(rows.length[first]),), torch.nan, device=self._cache.device)
        scores += [unknown] * int((batch.score_row == first).sum())
        return f"there is no memory to run {count} tokens at once"

    def _compute(self, batch: Batch, rows: Rows, first: int, last: int) -> list[Tensor]:
        start, end = int(batch.row_start[first]), int(batch.row_start[last])
        self._attention.plan(rows)
        column = batch.tokens[start:end]
        tokens = self._to_device(column)
        if (column < 0).any():
            tokens = torch.where(tokens < 0, self._slots[(-tokens - 1).clamp(min=0)], tokens)
        extras = self._extras(batch, rows, first, last)
        positions, cells = self._to_device(rows.positions), self._to_device(rows.cells())
        hidden = self._model.forward(tokens, positions, cells, self._cache, self._attention, extras)
        outputs = _inside(batch.out_token, start, end)
        if len(outputs):
            kept = hidden.index_select(0, self._to_device(batch.out_token[outputs] - start))
            self._embeds.index_copy_(0, self._to_device(batch.out_embed[outputs]), self._model.finish(kept))
        return [] if extras is None or extras.scores is None else extras.scores.result()

    def _extras(self, batch: Batch, rows: Rows, first: int, last: int) -> Extras | None:
        start, end = int(batch.row_start[first]), int(batch.row_start[last])
        given = _inside(batch.in_token, start, end)
        wanted = np.sort(batch.score_row[_inside(batch.score_row, first, last)]) - first
        using = batch.adapter[first:last]
        if not len(given) and not len(wanted) and not (using >= 0).any():
            return None
        vectors = None
        if len(given):
            places, slots = (self._to_device(column[given]) for column in (batch.in_token - start, batch.in_embed))
            vectors = (places, self._embeds.index_select(0, slots))
        adapters = [
            (adapter, self._to_device(np.flatnonzero(np.repeat(using == slot, np.diff(rows.start)))))
            for slot in np.unique(using[using >= 0])
            if (adapter := self.adapters[slot]) is not None
        ]
        scores = Scores(self._model.config, self._cache, rows, wanted.astype(np.int64)) if len(wanted) else None
        return Extras(vectors, adapters, scores)

    def _decode_rows(self, batch: Batch, rows: Rows) -> DecodeRows | None:
        """The batch as rows of one token each, if it is that and no token has two output embeddings."""
        if len(batch.tokens) != len(batch.kv_len) or len(batch.in_token) or len(batch.score_row):
            return None
        twice = len(np.unique(batch.out_token)) != len(batch.out_token)
        if twice or (batch.adapter >= 0).any() or rows.irregular().any():
            return None
        embeds = np.full(len(batch.tokens), len(self._embeds) - 1)
        embeds[batch.out_token] = batch.out_embed
        return DecodeRows(batch.tokens, rows, embeds)

    def _to_device(self, column: NDArray[np.integer]) -> Tensor:
        return torch.from_numpy(column.astype(np.int64)).to(self._cache.device, non_blocking=True)


def rows_of(batch: Batch) -> Rows:
    """The rows of a batch, as attention wants them."""
    return Rows(
        start=batch.row_start.astype(np.int64),
        positions=batch.positions.astype(np.int64),
        pages=batch.pages.astype(np.int64),
        page_start=batch.page_start.astype(np.int64),
        length=batch.kv_len.astype(np.int64),
        hidden=batch.hidden if len(batch.hidden) else None,
        mask=batch.mask if len(batch.mask_start) else None,
        mask_start=batch.mask_start if len(batch.mask_start) else None,
    )


def _inside(column: NDArray[np.int32], low: int, high: int) -> NDArray[np.int64]:
    """Which entries lie from `low` to `high`."""
    return np.flatnonzero((column >= low) & (column < high))


def _memory_is_short(error: Exception) -> bool:
    """What torch raises has no class of its own on a CPU."""
    return isinstance(error, MemoryError | torch.OutOfMemoryError) or "can't allocate memory" in str(error)
