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

_LINE = 64  # bytes


class KVCache:
    """Keys and values of all layers: [L layers * 2, P + 1 pages, PAGE_SIZE, K kv heads * D head dim].

    On a CPU what a page holds in all layers lies in one piece: a system gives memory when it is first written to, some
    megabytes at a time, and so a page costs one such wait instead of one a layer. The last page is nobody's: rows that
    only fill up a batch may write to it.
    """

    def __init__(
        self, config: ModelConfig, page_count: int, dtype: torch.dtype, device: torch.device, host_pages: int = 0
    ) -> None:
        """`host_pages`: places in host memory, page-locked beside a GPU, that pages can be moved to."""
        self.page_count = page_count
        self.host_pages = host_pages
        self.spare_page = page_count
        self.device = device
        sides, page = 2 * config.layers, (PAGE_SIZE, config.kv_heads * config.head_dim)
        if device.type == "cpu":
            self._data = _zeros((page_count + 1, sides, *page), dtype).transpose(0, 1)
        else:
            self._data = torch.zeros((sides, page_count + 1, *page), dtype=dtype, device=device)
        self._pages = list(zip(self._data[0::2].flatten(2), self._data[1::2].flatten(2), strict=True))
        self._host = _zeros((host_pages, sides, *page), dtype)
        if device.type == "cuda" and host_pages:
            self._host = self._host.pin_memory()

    @staticmethod
    def page_bytes(config: ModelConfig, dtype: torch.dtype) -> int:
        """Bytes that a page takes over all layers."""
        return config.layers * 2 * PAGE_SIZE * config.kv_heads * config.head_dim * dtype.itemsize

    def write(self, layer: int, cells: Tensor, keys: Tensor, values: Tensor) -> None:
        """Store `keys` and `values` [N, K, D] in `cells` [N] of a layer."""
        page, offset = cells // PAGE_SIZE, cells % PAGE_SIZE
        self._data[2 * layer][page, offset] = keys.flatten(1)
        self._data[2 * layer + 1][page, offset] = values.flatten(1)

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
        offset = torch.from_numpy(np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)).to(self.device)
        taken, put = (
            torch.from_numpy(np.repeat(pages.astype(np.int64), count)).to(self.device) for pages in (source, target)
        )
        self._data[:, put, offset] = self._data[:, taken, offset]


def _zeros(shape: tuple[int, ...], dtype: torch.dtype) -> Tensor:
    """Zeros that cost no memory until they are written to: a large pool must not slow down the start.

    They begin a line of the processor's caches, so that no key lies in more lines than it has to.
    """
    memory = np.zeros(int(np.prod(shape)) * dtype.itemsize + _LINE, np.uint8)
    start = -memory.ctypes.data % _LINE
    return torch.from_numpy(memory[start : memory.size - _LINE + start]).view(dtype).view(shape)
