"""How much attention the entries of a sequence receive, for programs that decide which of them to keep.

Comes in: the rows of a batch and which of them are asked about; then each layer's queries. Goes out: for each of those
rows one number an entry: its share of attention, the mean over layers, heads and the row's tokens.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from pielang.server.inference.attention import I64, Rows
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.inference.kv import KVCache

_TOKENS = 128  # of a row that are looked at in one go: their scores take memory


class Scores:
    """Adds up over the layers of one forward pass, beside whatever computes the attention itself."""

    def __init__(self, config: ModelConfig, cache: KVCache, rows: Rows, members: I64) -> None:
        self._config = config
        self._cache = cache
        self._rows = rows
        self._members = [int(member) for member in members]
        self._sums = [torch.zeros(int(rows.length[row]), device=cache.device) for row in self._members]
        self._unseen = [
            {window: torch.from_numpy(~rows.seen(row, window)).to(cache.device) for window in set(config.windows)}
            for row in self._members
        ]
        self._cells = [self._entries(row) for row in self._members]

    def add(self, layer: int, queries: Tensor) -> None:
        """Take a layer's queries [N, heads, D] into account; its new keys are in the cache."""
        dim, shared = self._config.head_dim, self._config.kv_heads
        stored = self._cache.pages(layer)[0].view(-1, PAGE_SIZE, shared, dim)
        for row, total, unseen, cells in zip(self._members, self._sums, self._unseen, self._cells):
            keys = stored[cells].float()  # [length, kv heads, D]
            start, end = (int(bound) for bound in self._rows.start[row : row + 2])
            for first in range(start, end, _TOKENS):
                last = min(first + _TOKENS, end)
                q = queries[first:last].float().view(last - first, shared, -1, dim)
                scores = torch.einsum("qsgd,ksd->sgqk", q, keys) / math.sqrt(dim)
                hidden = unseen[self._config.windows[layer]][first - start : last - start]
                shares = scores.masked_fill(hidden, -math.inf).softmax(-1)
                total += shares.sum((0, 1, 2)) / ((end - start) * self._config.heads * self._config.layers)

    def result(self) -> list[Tensor]:
        """For each of the rows `length` numbers, float32."""
        return self._sums

    def _entries(self, row: int) -> tuple[Tensor, Tensor]:
        """Page and place in it of each entry."""
        page, offset = np.divmod(np.arange(self._rows.length[row]), PAGE_SIZE)
        pages, device = self._rows.pages[self._rows.page_start[row] + page], self._cache.device
        return torch.from_numpy(pages).to(device), torch.from_numpy(offset).to(device)
