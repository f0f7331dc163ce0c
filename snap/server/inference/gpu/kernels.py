"""The steps between matrix products as fused Triton kernels: each reads and writes its tensors once.

Only imported where Triton is. Sums are taken in float32 and rounded once. Matrix products stay torch's (cuBLAS).
"""

from __future__ import annotations

import torch
import triton
import triton.language as tl
from torch import Tensor
from torch.nn.functional import linear

from pielang.server.inference.config import ModelConfig
from pielang.server.inference.kv import KVCache

_GATED_BLOCK = 1024


class TritonOperations:
    """The steps of a layer, one kernel each."""

    def __init__(self, config: ModelConfig) -> None:
        self._heads = config.heads
        self._kv_heads = config.kv_heads
        self._dim = config.head_dim
        self._epsilon = config.norm_epsilon

    def matmul(self, x: Tensor, weight: Tensor) -> Tensor:
        return linear(x, weight)

    def norm(self, x: Tensor, weight: Tensor) -> Tensor:
        normed = torch.empty_like(x)
        self._norm(x, x, weight, x, normed, add=False)
        return normed

    def add_norm(self, x: Tensor, change: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
        total, normed = torch.empty_like(x), torch.empty_like(x)
        self._norm(x, change, weight, total, normed, add=True)
        return total, normed

    def rotate_and_store(self, layer: int, qkv: Tensor, turn: Tensor, cells: Tensor, cache: KVCache) -> Tensor:
        count, heads = len(qkv), self._heads + 2 * self._kv_heads
        keys, values = cache.pages(layer)
        queries = torch.empty(count, self._heads, self._dim, dtype=qkv.dtype, device=qkv.device)
        half = self._dim // 2
        rotate_and_store_kernel[(count, heads)](
            qkv,
            torch.view_as_real(turn),
            cells,
            queries,
            keys,
            values,
            heads=self._heads,
            kv_heads=self._kv_heads,
            half=half,
            block=triton.next_power_of_2(half),
            num_warps=1,
        )
        return queries

    def gated(self, gate_up: Tensor) -> Tensor:
        count, width = gate_up.shape[0], gate_up.shape[1] // 2
        out = torch.empty(count, width, dtype=gate_up.dtype, device=gate_up.device)
        gated_kernel[(count, triton.cdiv(width, _GATED_BLOCK))](gate_up, out, width=width, block=_GATED_BLOCK)
        return out

    def _norm(self, x: Tensor, change: Tensor, weight: Tensor, total: Tensor, normed: Tensor, *, add: bool) -> None:
        width = x.shape[1]
        add_norm_kernel[(len(x),)](
            x.contiguous(),
            change,
            weight,
            total,
            normed,
            self._epsilon,
            width=width,
            block=triton.next_power_of_2(width),
            add=add,
            num_warps=4 if width <= 2048 else 8,
        )


@triton.jit
def add_norm_kernel(
    x, change, weight, total, normed, epsilon, width: tl.constexpr, block: tl.constexpr, add: tl.constexpr
):
    """One row: total = x + change (if add), rounded as it is stored; normed = its RMS norm times weight."""
    row = tl.program_id(0).to(tl.int64) * width
    column = tl.arange(0, block)
    inside = column < width
    value = tl.load(x + row + column, mask=inside, other=0.0).to(tl.float32)
    if add:
        value += tl.load(change + row + column, mask=inside, other=0.0).to(tl.float32)
        rounded = value.to(total.dtype.element_ty)
        tl.store(total + row + column, rounded, mask=inside)
        value = rounded.to(tl.float32)
    scale = tl.rsqrt(tl.sum(value * value, axis=0) / width + epsilon)
    factor = tl.load(weight + column, mask=inside, other=0.0).to(tl.float32)
    tl.store(normed + row + column, (value * scale * factor).to(normed.dtype.element_ty), mask=inside)


@triton.jit
def rotate_and_store_kernel(
    qkv,
    turn,
    cells,
    queries,
    keys,
    values,
    heads: tl.constexpr,
    kv_heads: tl.constexpr,
    half: tl.constexpr,
    block: tl.constexpr,
):
    """One head of one token: neighbouring pairs are turned (queries, keys) or left (values) and put in their place.

    `turn` [N, half, 2] holds cosine and sine of each pair.
    """
    token = tl.program_id(0).to(tl.int64)
    head = tl.program_id(1)
    pair = tl.arange(0, block)
    inside = pair < half
    source = qkv + (token * (heads + 2 * kv_heads) + head) * (2 * half) + 2 * pair
    first = tl.load(source, mask=inside, other=0.0).to(tl.float32)
    second = tl.load(source + 1, mask=inside, other=0.0).to(tl.float32)
    if head < heads + kv_heads:
        angle = turn + (token * half + pair) * 2
        cosine = tl.load(angle, mask=inside, other=1.0)
        sine = tl.load(angle + 1, mask=inside, other=0.0)
        turned = first * cosine - second * sine
        second = first * sine + second * cosine
        first = turned
    if head < heads:
        target = queries + (token * heads + head) * (2 * half) + 2 * pair
        tl.store(target, first.to(queries.dtype.element_ty), mask=inside)
        tl.store(target + 1, second.to(queries.dtype.element_ty), mask=inside)
    else:
        cell = tl.load(cells + token)
        if head < heads + kv_heads:
            target = keys + (cell * kv_heads + head - heads) * (2 * half) + 2 * pair
            tl.store(target, first.to(keys.dtype.element_ty), mask=inside)
            tl.store(target + 1, second.to(keys.dtype.element_ty), mask=inside)
        else:
            target = values + (cell * kv_heads + head - heads - kv_heads) * (2 * half) + 2 * pair
            tl.store(target, first.to(values.dtype.element_ty), mask=inside)
            tl.store(target + 1, second.to(values.dtype.element_ty), mask=inside)


@triton.jit
def gated_kernel(gate_up, out, width: tl.constexpr, block: tl.constexpr):
    """One block of one row: silu(gate) * up."""
    row = tl.program_id(0).to(tl.int64)
    column = tl.program_id(1) * block + tl.arange(0, block)
    inside = column < width
    gate = tl.load(gate_up + row * 2 * width + column, mask=inside, other=0.0).to(tl.float32)
    up = tl.load(gate_up + row * 2 * width + width + column, mask=inside, other=0.0).to(tl.float32)
    tl.store(out + row * width + column, (gate * tl.sigmoid(gate) * up).to(out.dtype.element_ty), mask=inside)
