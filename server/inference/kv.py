"""The paged KV cache.

Page p of a layer holds keys and values of `PAGE_SIZE` positions; a "cell" is one position of one page: p *
PAGE_SIZE + offset. Who owns which page is the control layer's business.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pielang.server.inference.config import PAGE_SIZE, ModelConfig


class KVCache:
    """Keys and values of all layers: [L layers * 2, P + 1 pages, PAGE_SIZE * K kv heads * D head dim].

    The last page is nobody's: rows that only fill up a batch may write to it.
    """

    def __init__(
        self, config: ModelConfig, page_count: int, dtype: torch.dtype, device: torch.device, host_pages: int = 0
    ) -> None:
        """`host_pages`: places in host memory, page-locked beside a GPU, that pages can be moved to."""
        self.page_count = page_count
        self.host_pages = host_pages
        self.spare_page = page_count
        self.device = device
        entry = config.kv_heads * config.head_dim
        self._data = _zeros((2 * config.layers, page_count + 1, PAGE_SIZE * entry), dtype, device)
        self._cells = self._data.view(2 * config.layers, -1, entry)
        self._layers = list(zip(self._cells[0::2], self._cells[1::2], strict=True))
        self._pages = list(zip(self._data[0::2], self._data[1::2], strict=True))
        self._host = _zeros((host_pages, *self._data[:, 0].shape), dtype, torch.device("cpu"))
        if device.type == "cuda" and host_pages:
            self._host = self._host.pin_memory()

    @staticmethod
    def page_bytes(config: ModelConfig, dtype: torch.dtype) -> int:
        """Bytes that a page takes over all layers."""
        return config.layers * 2 * PAGE_SIZE * config.kv_heads * config.head_dim * dtype.itemsize

    def write(self, layer: int, cells: Tensor, keys: Tensor, values: Tensor) -> None:
        """Store `keys` and `values` [N, K, D] in `cells` [N] of a layer."""
        key_cells, value_cells = self._layers[layer]
        key_cells.index_copy_(0, cells, keys.flatten(1))
        value_cells.index_copy_(0, cells, values.flatten(1))

    def pages(self, layer: int) -> tuple[Tensor, Tensor]:
        """The keys and the values of a layer, each [P + 1, PAGE_SIZE * K * D]."""
        return self._pages[layer]

    def save(self, pages: NDArray[np.int32], places: NDArray[np.int32]) -> None:
        """Copy `pages` to `places` in host memory; on a GPU in the order of its other work, without waiting."""
        for page, place in zip(pages.tolist(), places.tolist(), strict=True):
            self._host[place].copy_(self._data[:, page], non_blocking=True)

    def load(self, places: NDArray[np.int32], pages: NDArray[np.int32]) -> None:
        """Copy `places` in host memory back to `pages`, likewise."""
        for page, place in zip(pages.tolist(), places.tolist(), strict=True):
            self._data[:, page].copy_(self._host[place], non_blocking=True)

    def copy(self, source: NDArray[np.int32], target: NDArray[np.int32], tokens: NDArray[np.int32]) -> None:
        """Copy the first `tokens[i]` entries of page `source[i]` to page `target[i]`, all at once."""
        count = tokens.astype(np.int64)
        offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        taken = torch.from_numpy(np.repeat(source.astype(np.int64) * PAGE_SIZE, count) + offset).to(self.device)
        put = torch.from_numpy(np.repeat(target.astype(np.int64) * PAGE_SIZE, count) + offset).to(self.device)
        self._cells.index_copy_(1, put, self._cells.index_select(1, taken))


def _zeros(shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
    """Zeros that cost no memory on a CPU until they are written to: a large pool must not slow down the start."""
    if device.type != "cpu":
        return torch.zeros(shape, dtype=dtype, device=device)
    size = int(np.prod(shape))
    return torch.from_numpy(np.zeros(size * dtype.itemsize + 8, np.uint8)).view(dtype)[:size].view(shape)
