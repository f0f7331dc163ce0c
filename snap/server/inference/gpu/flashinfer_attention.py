"""Attention by FlashInfer's kernels, which read the paged KV cache in place.

Comes in: the rows of a batch. Goes out: attended values. Batches of one token a row go to the decode kernel, all
others to the prefill kernel, with a mask where a row sees something else than all that comes before it. Pages that
several rows begin with are read once for all of them, where that is worth it, and what comes of them is merged with
what comes of each row's own pages. The FlashInfer module is passed in, so that nothing here imports it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pielang.server.inference.attention import Rows
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.inference.kv import KVCache
from pielang.server.inference.sharing import Sharing, shared_beginnings

_WORKSPACE_BYTES = 256 << 20  # for partial results of rows that are split; FlashInfer asks for 128 MiB at least
_TENSOR_CORE_GROUP = 4  # queries that share a KV head from which matrix units are faster than plain arithmetic
_PLAIN_GROUPS = (1, 2, 3)  # the group sizes below that the plain decode kernel is made for
_HEAD_DIMENSIONS = (64, 128, 256)
WORTH_SHARING = 2 << 30  # bytes over all layers that a batch need not read again: about a millisecond on an H100.
# Below that, the two more kernels a layer, and a step that is no CUDA graph, cost more. Computed, not measured.
_DTYPES = (torch.bfloat16, torch.float16)


def unsupported(config: ModelConfig, dtype: torch.dtype) -> str | None:
    """Why FlashInfer can't compute this model's attention; None if it can."""
    if dtype not in _DTYPES:
        return f"its kernels compute in bfloat16 and float16, not {str(dtype).removeprefix('torch.')}"
    if config.head_dim not in _HEAD_DIMENSIONS:
        return f"its kernels are made for heads of {_HEAD_DIMENSIONS} dimensions, not {config.head_dim}"
    if len(set(config.windows)) > 1:
        return "its plans are for one window in all layers"
    return None


@dataclass(frozen=True, slots=True)
class PageTables:
    """What the R rows read, as FlashInfer wants it: int32, no page beyond a row's last key."""

    start: NDArray[np.int32]  # [R+1] row r reads the pages start[r] to start[r+1]
    pages: NDArray[np.int32]
    last: NDArray[np.int32]  # [R] keys in a row's last page, 1 to PAGE_SIZE

    @staticmethod
    def of(rows: Rows) -> PageTables:
        used = -(-rows.length // PAGE_SIZE)
        start = np.concatenate(([0], np.cumsum(used)))
        entry = np.arange(start[-1]) - np.repeat(start[:-1], used)
        pages = rows.pages[np.repeat(rows.page_start[:-1], used) + entry]
        last = rows.length - (used - 1) * PAGE_SIZE
        return PageTables(start.astype(np.int32), pages.astype(np.int32), last.astype(np.int32))


class FlashInferAttention:
    """Attention of any batch. One batch at a time: `plan`, then `run` for each layer in turn."""

    def __init__(
        self,
        config: ModelConfig,
        cache: KVCache,
        dtype: torch.dtype,
        library: ModuleType,
        worth_sharing: int = WORTH_SHARING,
    ) -> None:
        self.cache = cache
        self._page_bytes = KVCache.page_bytes(config, dtype)
        self.worth_sharing = worth_sharing
        self.library = library
        self.shape = _Shape(config.heads, config.kv_heads, config.head_dim, config.windows[0], dtype)
        self.workspace = torch.empty(_WORKSPACE_BYTES, dtype=torch.uint8, device=cache.device)
        self._copied, self._beginnings_copied = _event(cache.device), _event(cache.device)
        self._decode = library.BatchDecodeWithPagedKVCacheWrapper(
            self.workspace, "NHD", use_tensor_cores=self.shape.tensor_cores, backend="fa2"
        )
        self._prefill = library.BatchPrefillWithPagedKVCacheWrapper(self.workspace, "NHD", backend="fa2")
        self._beginnings = library.BatchPrefillWithPagedKVCacheWrapper(self.workspace, "NHD", backend="fa2")
        self._planned = self._decode
        self._sharers: Tensor | None = None  # tokens whose rows share pages, group after group

    def sharing(self, rows: Rows) -> Sharing | None:
        """The groups of rows whose beginnings are worth reading once."""
        if self.shape.window:
            return None
        found = shared_beginnings(rows, rows.irregular())
        return found if found is not None and found.saved() * self._page_bytes >= self.worth_sharing else None

    def plan(self, rows: Rows) -> None:
        irregular = bool(rows.irregular().any())
        self._sharers = None
        if (sharing := self.sharing(rows)) is not None:
            self._plan_beginnings(rows, sharing)
            rows = sharing.rest(rows)
        tables = PageTables.of(rows)
        pages = _upload(tables.pages, self.cache.device)
        with _staged(self._copied):
            if len(rows.positions) == len(rows.length) and not irregular:
                self._planned = self._decode
                plan(self._decode, tables, pages, self.shape, window_left=self.shape.window_left)
                return
            self._planned, start = self._prefill, _int32(rows.start)
            if not irregular:
                plan(self._prefill, tables, pages, self.shape, start, causal=True, window_left=self.shape.window_left)
                return
            # the mask says all, also of the rows that see what comes before
            seen = [rows.seen(row, self.shape.window).reshape(-1) for row in range(len(rows.length))]
            plan(
                self._prefill, tables, pages, self.shape, start, custom_mask=_upload(np.concatenate(seen), pages.device)
            )

    def _plan_beginnings(self, rows: Rows, sharing: Sharing) -> None:
        """A group is one row of all its members' tokens, over whole pages that all of them see."""
        count = np.diff(rows.start)
        tokens = np.concatenate([np.arange(*rows.start[row : row + 2]) for row in sharing.member])
        self._sharers = _upload(tokens, self.cache.device)
        first = rows.page_start[sharing.member[sharing.start[:-1]]]
        pages = np.concatenate([rows.pages[at : at + used] for at, used in zip(first, sharing.pages, strict=True)])
        tables = PageTables(_offsets(sharing.pages), pages.astype(np.int32), np.full(len(first), PAGE_SIZE, np.int32))
        start, on_device = _offsets(count[sharing.member])[sharing.start], _upload(tables.pages, self.cache.device)
        with _staged(self._beginnings_copied):
            plan(self._beginnings, tables, on_device, self.shape, _int32(start))

    def run(self, layer: int, queries: Tensor) -> Tensor:
        attended: Tensor
        if self._sharers is None:
            attended = run(self._planned, self.cache, layer, queries)
            return attended.flatten(1)
        attended, sums = run(self._planned, self.cache, layer, queries, return_lse=True)
        theirs = run(self._beginnings, self.cache, layer, queries[self._sharers], return_lse=True)
        merged, _ = self.library.merge_state(attended[self._sharers], sums[self._sharers], *theirs)
        return attended.index_copy_(0, self._sharers, merged).flatten(1)


class FlashInferDecode:
    """Attention of exactly `size` rows of one token each, in buffers that stay where they are.

    That makes `run` fit for a CUDA graph; `plan` stays outside of it. `pages` is room for the page tables of all
    rows, int32, which several sizes may share as long as one batch runs at a time.
    """

    def __init__(self, attention: FlashInferAttention, size: int, pages: Tensor) -> None:
        self._attention = attention
        self._copied, device = _event(pages.device), pages.device
        self._wrapper = attention.library.BatchDecodeWithPagedKVCacheWrapper(
            attention.workspace,
            "NHD",
            use_cuda_graph=True,
            use_tensor_cores=attention.shape.tensor_cores,
            paged_kv_indptr_buffer=torch.zeros(size + 1, dtype=torch.int32, device=device),
            paged_kv_indices_buffer=pages,
            paged_kv_last_page_len_buffer=torch.ones(size, dtype=torch.int32, device=device),
            backend="fa2",
        )

    def plan(self, rows: Rows) -> None:
        tables = PageTables.of(rows)
        pages, shape = _upload(tables.pages, self._attention.cache.device), self._attention.shape
        with _staged(self._copied):
            plan(self._wrapper, tables, pages, shape, window_left=shape.window_left)

    def run(self, layer: int, queries: Tensor) -> Tensor:
        attended: Tensor = run(self._wrapper, self._attention.cache, layer, queries)
        return attended.flatten(1)


@dataclass(frozen=True, slots=True)
class _Shape:
    heads: int
    kv_heads: int
    dim: int
    window: int
    dtype: torch.dtype

    @property
    def window_left(self) -> int:
        return self.window - 1  # without the query itself; -1: all

    @property
    def tensor_cores(self) -> bool:
        group = self.heads // self.kv_heads
        return group >= _TENSOR_CORE_GROUP or group not in _PLAIN_GROUPS


def plan(wrapper: Any, tables: PageTables, pages: Tensor, shape: _Shape, *start: Tensor, **options: Any) -> None:
    """Plan a batch: for decode without `start`, else with where each row's tokens begin.

    All offsets stay on the host, where the plan is made; `pages`, those of the tables, are on the device.
    """
    columns = (torch.from_numpy(tables.start), pages, torch.from_numpy(tables.last))
    sizes = (shape.heads, shape.kv_heads, shape.dim, PAGE_SIZE)
    wrapper.plan(*start, *columns, *sizes, q_data_type=shape.dtype, kv_data_type=shape.dtype, **options)


def run(wrapper: Any, cache: KVCache, layer: int, queries: Tensor, return_lse: bool = False) -> Any:
    """The planned attention of a layer, [N, heads, D] of `queries` alike.

    With `return_lse` also the logarithms to base 2 of the sums that it was divided by, float32 [N, heads].
    """
    shape = (-1, PAGE_SIZE, cache.pages(layer)[0].shape[1] // PAGE_SIZE // queries.shape[2], queries.shape[2])
    keys, values = (side.view(shape) for side in cache.pages(layer))
    return wrapper.run(queries.contiguous(), (keys, values), return_lse=return_lse)


def _offsets(counts: NDArray[Any]) -> NDArray[np.int32]:
    return np.concatenate(([0], np.cumsum(counts))).astype(np.int32)


def _int32(column: NDArray[Any]) -> Tensor:
    return torch.from_numpy(column.astype(np.int32))


def _event(device: torch.device) -> Any:
    """For `_staged`; None where there is nothing to wait for."""
    return torch.cuda.Event() if device.type == "cuda" else None  # type: ignore[no-untyped-call]


@contextmanager
def _staged(copied: Any) -> Iterator[None]:
    """Around each plan: waits until the last plan's copy to the device has left the page-locked memory it is in.

    A plan is written there and copied from there without waiting, so the next one could overwrite it too early.
    """
    if copied is not None:
        copied.synchronize()
    yield
    if copied is not None:
        copied.record()


def _upload(column: NDArray[Any], device: torch.device) -> Tensor:
    """The column on the device. From page-locked memory: else the host waits where it is more than some 64 KB."""
    host = torch.from_numpy(column)
    return (host.pin_memory() if device.type == "cuda" else host).to(device, non_blocking=True)
