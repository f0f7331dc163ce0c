"""FlashInfer's two wrappers as its documentation describes them, computed the plain way on any device.

A stand-in where the library can't run: it reads the buffers and host tensors it was planned with, and insists on
what the library insists on. `make_flashinfer()` gives a module that can be passed in the library's place.
"""

from __future__ import annotations

import math
from types import ModuleType
from typing import Any

import torch
from torch import Tensor

Paged = tuple[Tensor, Tensor]


class BatchDecodeWithPagedKVCacheWrapper:
    def __init__(
        self,
        float_workspace_buffer: Tensor,
        kv_layout: str = "NHD",
        use_cuda_graph: bool = False,
        use_tensor_cores: bool = False,
        paged_kv_indptr_buffer: Tensor | None = None,
        paged_kv_indices_buffer: Tensor | None = None,
        paged_kv_last_page_len_buffer: Tensor | None = None,
        backend: str = "auto",
        jit_args: Any = None,
    ) -> None:
        assert kv_layout == "NHD" and backend == "fa2" and float_workspace_buffer.numel() >= 128 << 20
        self.buffers = (paged_kv_indptr_buffer, paged_kv_indices_buffer, paged_kv_last_page_len_buffer)
        self.fixed = use_cuda_graph
        assert self.fixed == all(buffer is not None for buffer in self.buffers)

    def plan(
        self,
        indptr: Tensor,
        indices: Tensor,
        last_page_len: Tensor,
        num_qo_heads: int,
        num_kv_heads: int,
        head_dim: int,
        page_size: int,
        *,
        window_left: int = -1,
        q_data_type: torch.dtype,
        kv_data_type: torch.dtype,
    ) -> None:
        given = (indptr, indices, last_page_len)
        check_tables(*given, page_size)
        self.planned = (num_qo_heads, num_kv_heads, head_dim, page_size, window_left, q_data_type, kv_data_type)
        if self.fixed:
            assert len(last_page_len) == len(self.buffers[2]), "the batch size is fixed"
            for buffer, value in zip(self.buffers, given, strict=True):
                buffer[: len(value)].copy_(value)
        else:
            self.buffers = given

    def run(self, q: Tensor, paged_kv_cache: Paged, *, return_lse: bool = False) -> Any:
        rows = len(self.buffers[2])
        assert q.shape[0] == rows, "one query a row"
        found = attend(q, paged_kv_cache, torch.arange(rows + 1), self.buffers, self.planned, True, None)
        return found if return_lse else found[0]


class BatchPrefillWithPagedKVCacheWrapper:
    def __init__(self, float_workspace_buffer: Tensor, kv_layout: str = "NHD", *, backend: str = "auto") -> None:
        assert kv_layout == "NHD" and backend == "fa2" and float_workspace_buffer.numel() >= 128 << 20

    def plan(
        self,
        qo_indptr: Tensor,
        paged_kv_indptr: Tensor,
        paged_kv_indices: Tensor,
        paged_kv_last_page_len: Tensor,
        num_qo_heads: int,
        num_kv_heads: int,
        head_dim_qk: int,
        page_size: int,
        *,
        custom_mask: Tensor | None = None,
        causal: bool = False,
        window_left: int = -1,
        q_data_type: torch.dtype,
        kv_data_type: torch.dtype,
    ) -> None:
        check_tables(paged_kv_indptr, paged_kv_indices, paged_kv_last_page_len, page_size)
        assert qo_indptr.dtype == torch.int32 and len(qo_indptr) == len(paged_kv_indptr)
        assert not causal or custom_mask is None
        self.causal = causal
        self.start = qo_indptr
        self.tables = (paged_kv_indptr, paged_kv_indices, paged_kv_last_page_len)
        self.planned = (num_qo_heads, num_kv_heads, head_dim_qk, page_size, window_left, q_data_type, kv_data_type)
        self.mask = custom_mask

    def run(self, q: Tensor, paged_kv_cache: Paged, *, return_lse: bool = False) -> Any:
        found = attend(q, paged_kv_cache, self.start, self.tables, self.planned, self.causal, self.mask)
        return found if return_lse else found[0]


def merge_state(v_a: Tensor, s_a: Tensor, v_b: Tensor, s_b: Tensor) -> tuple[Tensor, Tensor]:
    """Attention over two sets of keys, of that over each; `s` are logarithms to base 2."""
    assert (
        v_a.shape == v_b.shape and s_a.shape == s_b.shape == v_a.shape[:2] and s_a.dtype == s_b.dtype == torch.float32
    )
    both = torch.stack((s_a, s_b)).double()
    share = (both * math.log(2)).softmax(0)[..., None]
    merged = share[0] * v_a.double() + share[1] * v_b.double()
    return merged.to(v_a.dtype), (torch.logsumexp(both * math.log(2), 0) / math.log(2)).float()


def make_flashinfer() -> ModuleType:
    module = ModuleType("flashinfer")
    for wrapper in (BatchDecodeWithPagedKVCacheWrapper, BatchPrefillWithPagedKVCacheWrapper):
        setattr(module, wrapper.__name__, wrapper)
    setattr(module, "merge_state", merge_state)
    return module


def check_tables(indptr: Tensor, indices: Tensor, last: Tensor, page_size: int) -> None:
    assert indptr.dtype == indices.dtype == last.dtype == torch.int32
    assert indptr.device.type == last.device.type == "cpu"  # else the plan waits for the device
    assert len(indptr) == len(last) + 1 and indptr[0] == 0 and indptr[-1] == len(indices)
    assert bool((last >= 1).all()) and bool((last <= page_size).all()) and bool((indptr.diff() >= 1).all())


def attend(
    q: Tensor,
    cache: Paged,
    start: Tensor,
    tables: tuple[Any, ...],
    planned: tuple[int, int, int, int, int, torch.dtype, torch.dtype],
    causal: bool,
    mask: Tensor | None,
) -> tuple[Tensor, Tensor]:
    """Query i of a row of n queries over m keys sees the keys up to m - n + i, or what `mask` says, or all."""
    heads, kv_heads, dim, page_size, window_left, q_dtype, kv_dtype = planned
    keys, values = cache
    assert q.is_contiguous() and q.shape[1:] == (heads, dim) and q.dtype == q_dtype and keys.dtype == kv_dtype
    assert keys.shape[1:] == values.shape[1:] == (page_size, kv_heads, dim)
    indptr, indices, last = tables
    out, sums = torch.empty_like(q), torch.empty(q.shape[:2], device=q.device)
    used = 0
    for row in range(len(last)):
        pages = indices[int(indptr[row]) : int(indptr[row + 1])].long()
        length = (len(pages) - 1) * page_size + int(last[row])
        k, v = (side[pages].flatten(0, 1)[:length].double() for side in (keys, values))
        first, end = int(start[row]), int(start[row + 1])
        place = (length - (end - first) + torch.arange(end - first))[:, None]
        seen = (torch.arange(length) <= place) | (not causal)
        if mask is not None:
            seen = mask[used : used + (end - first) * length].view(end - first, length)
            used += seen.numel()
        if window_left >= 0:
            seen = seen & (torch.arange(length) >= place - window_left)
        for head in range(heads):
            shared = head * kv_heads // heads
            scores = q[first:end, head].double() @ k[:, shared].T / math.sqrt(dim)
            scores.masked_fill_(~seen.to(scores.device), -math.inf)
            out[first:end, head] = (scores.softmax(-1) @ v[:, shared]).to(q.dtype)
            sums[first:end, head] = scores.logsumexp(-1) / math.log(2)
    assert mask is None or used == mask.numel()
    return out, sums
