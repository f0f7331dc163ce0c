"""How much attention the entries of a sequence receive, for programs that decide which of them to keep.

Comes in: the rows of a batch and which of them are asked about; then each layer's queries, or from native code the sums
over all layers. Goes out: for each of those rows one number an entry: its share of attention, the mean over layers,
heads and the row's tokens.
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
        self.members = members  # [S] rows
        self.start = np.concatenate(([0], np.cumsum(rows.length[members])))  # [S+1] where the entries of each begin
        self.sums = torch.zeros(int(self.start[-1]), device=cache.device)  # of shares, over all that they are means of
        self._unseen: dict[tuple[int, int], Tensor] = {}

    def add(self, layer: int, queries: Tensor) -> None:
        """Take a layer's queries [N, heads, D] into account; its new keys are in the cache."""
        dim, shared, window = self._config.head_dim, self._config.kv_heads, self._config.windows[layer]
        stored = self._cache.pages(layer)[0].view(-1, PAGE_SIZE, shared, dim)
        for row, total in zip(self.members.tolist(), self._each(), strict=True):
            pages = self._rows.pages[self._rows.page_start[row] :][: -(-len(total) // PAGE_SIZE)]
            keys = stored[torch.from_numpy(pages).to(self._cache.device)].flatten(0, 1)[: len(total)].float()
            if (row, window) not in self._unseen:
                self._unseen[row, window] = torch.from_numpy(~self._rows.seen(row, window)).to(self._cache.device)
            tokens, unseen = queries[slice(*self._rows.start[row : row + 2])], self._unseen[row, window]
            for first in range(0, len(tokens), _TOKENS):
                part = slice(first, first + _TOKENS)
                q = tokens[part].float()
                q = q.view(len(q), shared, -1, dim)
                scores = torch.einsum("qsgd,ksd->sgqk", q, keys) / math.sqrt(dim)
                total += scores.masked_fill(unseen[part], -math.inf).softmax(-1).sum((0, 1, 2))

    def result(self) -> list[Tensor]:
        """For each of the rows `length` numbers, float32."""
        tokens = np.diff(self._rows.start)[self.members].tolist()
        parts = self._config.heads * self._config.layers
        return [total / (count * parts) for total, count in zip(self._each(), tokens, strict=True)]

    def _each(self) -> list[Tensor]:
        return [self.sums[slice(*self.start[index : index + 2])] for index in range(len(self.members))]
