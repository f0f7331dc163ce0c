"""Attention of a ragged batch over the paged KV cache.

Comes in: for each batch its rows (query positions, page tables, lengths), once; then for each layer the queries.
Goes out: the attended values. `AttentionBackend` is what a kernel has to offer; `TorchAttention` does it with torch
alone, on any device.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.inference.kv import KVCache

I64 = NDArray[np.int64]
Seen = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a batch: N tokens in R rows. Checked already.

    A row's tokens stand at the last places of its sequence; their `positions` say only how far they are turned. A token
    sees what its mask says, or without one every place before the row and what stands in the row at positions up to
    its own; then nothing that is hidden or, in a layer with a window, further back than that. A token that is left with
    nothing to see sees itself.
    """

    start: I64  # [R+1] row r holds the tokens start[r] to start[r+1]
    positions: I64  # [N]
    pages: I64  # [P]
    page_start: I64  # [R+1]
    length: I64  # [R] of the whole sequence
    hidden: NDArray[np.int32] | None = None  # [P] bit i: nobody sees entry i of the page
    mask: NDArray[np.uint8] | None = None  # bits, each token's from a new byte, lowest first
    mask_start: NDArray[np.int32] | None = None  # [R+1] where a row's bits begin; two alike: it has none

    def part(self, first: int, last: int) -> Rows:
        """The rows from `first` to `last`."""
        start, page_start = self.start[first : last + 1], self.page_start[first : last + 1]
        pages, bits = slice(page_start[0], page_start[-1]), None if self.mask_start is None else self.mask_start[first:]
        return Rows(
            start=start - start[0],
            positions=self.positions[start[0] : start[-1]],
            pages=self.pages[pages],
            page_start=page_start - page_start[0],
            length=self.length[first:last],
            hidden=None if self.hidden is None else self.hidden[pages],
            mask=self.mask,
            mask_start=None if bits is None else bits[: last - first + 1],
        )

    def places(self) -> I64:
        """Where in its row's sequence each token stands, [N]."""
        count = np.diff(self.start)
        places: I64 = np.arange(self.start[-1]) + np.repeat(self.length - self.start[1:], count)
        return places

    def cells(self) -> I64:
        """Where each token's KV entry goes, [N]."""
        row = np.repeat(np.arange(len(self.length)), np.diff(self.start))
        page, offset = np.divmod(self.places(), PAGE_SIZE)
        cells: I64 = self.pages[self.page_start[row] + page] * PAGE_SIZE + offset
        return cells

    def irregular(self) -> Seen:
        """Which rows see something else than all that comes before (and is within a window), [R]."""
        falls = np.concatenate(([False], np.diff(self.positions) <= 0))
        falls[self.start[:-1]] = False
        irregular: Seen = np.logical_or.reduceat(falls, self.start[:-1])
        if self.mask_start is not None:
            irregular |= np.diff(self.mask_start) > 0
        if self.hidden is not None:
            irregular |= np.logical_or.reduceat(self.hidden != 0, self.page_start[:-1])
        return irregular

    def seen(self, row: int, window: int) -> Seen:
        """What each token of a row sees in a layer with such a window, [tokens, length]."""
        length, positions = int(self.length[row]), self.positions[self.start[row] : self.start[row + 1]]
        count = len(positions)
        bits = slice(0) if self.mask_start is None else slice(*self.mask_start[row : row + 2])
        if self.mask is not None and len(mask := self.mask[bits]):
            seen = np.unpackbits(mask.reshape(count, -1), axis=1, count=length, bitorder="little").astype(bool)
        else:
            seen = np.ones((count, length), bool)
            seen[:, length - count :] = positions <= positions[:, None]
        if self.hidden is not None:
            words = self.hidden[self.page_start[row] : self.page_start[row + 1]].astype("<u2")
            seen &= np.unpackbits(words.view(np.uint8), bitorder="little")[:length] == 0
        place = np.arange(length - count, length)
        if window:
            seen &= np.arange(length) > place[:, None] - window
        seen[np.arange(count), place] |= ~seen.any(axis=1)
        return seen


class AttentionBackend(Protocol):
    """A way to compute attention. One batch at a time: `plan`, then `run` for each layer in turn."""

    def plan(self, rows: Rows) -> None:
        """Prepare for a batch."""

    def run(self, layer: int, queries: Tensor) -> Tensor:
        """Attend: `queries` [N, heads, D] to [N, heads * D]. The layer's new keys and values are in the cache."""


@dataclass(frozen=True, slots=True)
class _Group:
    """B rows that are computed together, with Q queries each over P pages each (padded)."""

    rows: int
    queries: int
    tokens: Tensor | slice  # [B * Q] the token of each query
    table: Tensor  # [B * P] page ids
    masks: dict[int, Tensor]  # by window: [B, 1, Q, P * PAGE_SIZE] 0 or -inf; none: causal from place 0
    length: int  # keys to read where there is no mask


class TorchAttention:
    """Attention by gathering pages into buffers that are kept, and torch's fused kernel over them.

    Rows are grouped by how many queries they have, and pages to a factor of two, so that short rows do not pay for long
    ones and all decode rows of about one length are one call.
    """

    def __init__(self, config: ModelConfig, cache: KVCache, dtype: torch.dtype) -> None:
        self._cache = cache
        self._dtype = dtype
        self._kv_heads = config.kv_heads
        self._dim = config.head_dim
        self._width = config.heads * config.head_dim
        self._windows = config.windows
        self._groups: list[_Group] = []
        self._buffers = [torch.empty(0, dtype=dtype, device=cache.device) for _ in range(2)]

    def plan(self, rows: Rows) -> None:
        count = np.diff(rows.start)
        pages = -(-rows.length // PAGE_SIZE)
        # rows of many queries fill the machine alone: padding their pages would cost more than a call
        alone = np.where(count > 64, np.arange(len(count)) + 1, 0)
        irregular = rows.irregular()
        key = np.stack((alone, count, np.ceil(np.log2(pages)).astype(np.int64)), axis=1)
        _, group, size = np.unique(key, axis=0, return_inverse=True, return_counts=True)
        order = np.argsort(group.reshape(-1), kind="stable")
        members = np.split(order, np.cumsum(size)[:-1])
        self._groups = [self._group(rows, member, irregular[member], pages[member]) for member in members]
        largest = max((len(g.table) for g in self._groups), default=0) * PAGE_SIZE * self._kv_heads * self._dim
        if self._buffers[0].numel() < largest:
            self._buffers = [torch.empty(largest, dtype=self._dtype, device=self._cache.device) for _ in range(2)]

    def run(self, layer: int, queries: Tensor) -> Tensor:
        out = queries.new_empty(queries.shape[0], self._width)
        for group in self._groups:
            mask = group.masks.get(self._windows[layer])
            keys, values = self._gather(layer, group, whole=mask is not None)
            q = queries[group.tokens]
            if group.queries == 1:
                # the heads that share a KV head become that head's queries: nothing is repeated
                attended = scaled_dot_product_attention(
                    q.view(group.rows, self._kv_heads, -1, self._dim), keys, values, attn_mask=mask
                ).reshape(group.rows, self._width)
            else:
                q = q.view(group.rows, group.queries, -1, self._dim).transpose(1, 2)
                attended = scaled_dot_product_attention(
                    q, keys, values, attn_mask=mask, is_causal=mask is None, enable_gqa=True
                )
                attended = attended.transpose(1, 2).reshape(group.rows * group.queries, self._width)
            out[group.tokens] = attended
        return out

    def _gather(self, layer: int, group: _Group, whole: bool) -> tuple[Tensor, Tensor]:
        """The group's keys and values, each [B, kv heads, P * PAGE_SIZE, D]."""
        page = PAGE_SIZE * self._kv_heads * self._dim
        gathered = []
        for buffer, pages in zip(self._buffers, self._cache.pages(layer), strict=True):
            flat = buffer[: len(group.table) * page].view(-1, page)
            torch.index_select(pages, 0, group.table, out=flat)
            heads = flat.view(group.rows, -1, self._kv_heads, self._dim)
            gathered.append((heads if whole else heads[:, : group.length]).transpose(1, 2))
        return gathered[0], gathered[1]

    def _group(self, rows: Rows, member: I64, irregular: Seen, pages: I64) -> _Group:
        device = self._cache.device
        most = int(pages.max())
        # page tables, short ones filled up with page 0, which the mask hides
        column = np.arange(most)
        there = column < pages[:, None]
        table = np.where(there, rows.pages[np.where(there, rows.page_start[member][:, None] + column, 0)], 0)
        queries = int(rows.start[member[0] + 1] - rows.start[member[0]])
        tokens = rows.start[member][:, None] + np.arange(queries)  # [B, Q]
        place = rows.places()[tokens]
        fresh = len(member) == 1 and queries > 1 and rows.length[member[0]] == queries
        masks: dict[int, Tensor] = {}
        for window in set(self._windows):
            if fresh and not window and not irregular[0]:
                continue
            key = np.arange(most * PAGE_SIZE)
            seen = key <= place[:, :, None]
            if window:
                seen &= key > place[:, :, None] - window
            for at in np.flatnonzero(irregular):
                row = int(member[at])
                seen[at, :, : rows.length[row]] = rows.seen(row, window)
            mask = torch.zeros(seen.shape, dtype=self._dtype).masked_fill_(torch.from_numpy(~seen), float("-inf"))
            masks[window] = mask[:, None].to(device)
        return _Group(
            rows=len(member),
            queries=queries,
            tokens=self._index(tokens.reshape(-1)),
            table=torch.from_numpy(table.reshape(-1)).to(device),
            masks=masks,
            length=queries,
        )

    def _index(self, tokens: I64) -> Tensor | slice:
        """The tokens as an index, which for adjacent ones is a slice, and that a view instead of a copy."""
        if bool((np.diff(tokens) == 1).all()):
            return slice(int(tokens[0]), int(tokens[-1]) + 1)
        return torch.from_numpy(tokens).to(self._cache.device)
