"""Drawing a token from what top-p and min-p leave of a whole vocabulary, without sorting it and without the host.

For rows whose cut lies below the candidates that `heads` looks at. Cut and draw are each found by bisecting over the
order of the logits, summing what lies above; a row costs some 70 passes, and rows that are not asked for cost nothing.
Only imported where Triton is.
"""

from __future__ import annotations

import triton
import triton.language as tl
from torch import Tensor

_BLOCK = 2048


def redraw(scaled: Tensor, short: Tensor, top_p: Tensor, min_p: Tensor, uniform: Tensor, tokens: Tensor) -> None:
    """Draw `tokens` [S] anew where `short` [S]: from `scaled` logits [S, V], cut by `top_p` and `min_p` [S].

    `uniform` [S], in [0, 1), chooses among the kept tokens, likeliest first; equal ones are in order of their ids.
    """
    rows, size = scaled.shape
    redraw_kernel[(rows,)](
        scaled.contiguous(), short.byte(), top_p, min_p, uniform, tokens, size=size, block=_BLOCK, num_warps=8
    )


@triton.jit
def redraw_kernel(scaled, short, top_p, min_p, uniform, tokens, size: tl.constexpr, block: tl.constexpr):
    """One row, if it is short."""
    index = tl.program_id(0)
    if tl.load(short + index) != 0:
        row = scaled + index.to(tl.int64) * size
        top = tl.full([block], float("-inf"), tl.float32)
        for start in range(0, size, block):
            column = start + tl.arange(0, block)
            top = tl.maximum(top, tl.load(row + column, mask=column < size, other=float("-inf")))
        peak = tl.max(top, axis=0)
        whole = mass_above(row, size, peak, -(1 << 31), block)
        # the cut by top-p: the tokens above `cut`, and so many of those at it as are needed
        wanted = tl.load(top_p + index).to(tl.float64) * whole
        cut = find(row, size, peak, wanted, False, block)
        above = mass_above(row, size, peak, cut, block)
        missing = (wanted - above) / tl.exp(value_at(cut) - peak).to(tl.float64)
        there = count_at(row, size, cut, block)
        needed = tl.minimum(tl.maximum(tl.ceil(missing), 1.0), there.to(tl.float64))
        kept = above + needed * tl.exp(value_at(cut) - peak).to(tl.float64)
        # the cut by min-p, where that keeps less
        least = order_of(peak + tl.log(tl.load(min_p + index)))
        if least > cut:
            kept = mass_above(row, size, peak, least - 1, block)
        point = tl.load(uniform + index).to(tl.float64) * kept
        drawn = find(row, size, peak, point, True, block)
        rank = (point - mass_above(row, size, peak, drawn, block)) / tl.exp(value_at(drawn) - peak).to(tl.float64)
        same = count_at(row, size, drawn, block)
        place = tl.minimum(tl.maximum(tl.floor(rank), 0.0), (same - 1).to(tl.float64)).to(tl.int32)
        tl.store(tokens + index, token_at(row, size, drawn, place, block))


@triton.jit
def find(row, size: tl.constexpr, peak, target, strict: tl.constexpr, block: tl.constexpr):
    """The highest order such that the tokens from it up have a mass of `target` (`strict`: of more)."""
    low = tl.full([], -(1 << 31), tl.int64)
    high = tl.full([], (1 << 31) - 1, tl.int64)
    for _ in range(32):
        middle = low + (high - low + 1) // 2
        mass = mass_above(row, size, peak, middle - 1, block)
        if strict:
            enough = mass > target
        else:
            enough = mass >= target
        low = tl.where(enough, middle, low)
        high = tl.where(enough, high, middle - 1)
    return low


@triton.jit
def mass_above(row, size: tl.constexpr, peak, order, block: tl.constexpr):
    """The sum of exp(logit - peak) over the tokens above an order."""
    total = tl.zeros([block], tl.float64)
    for start in range(0, size, block):
        column = start + tl.arange(0, block)
        value = tl.load(row + column, mask=column < size, other=float("-inf"))
        total += tl.where(order_of(value) > order, tl.exp(value - peak), 0.0).to(tl.float64)
    return tl.sum(total, axis=0)


@triton.jit
def count_at(row, size: tl.constexpr, order, block: tl.constexpr):
    """How many tokens have exactly this order."""
    total = tl.zeros([block], tl.int32)
    for start in range(0, size, block):
        column = start + tl.arange(0, block)
        value = tl.load(row + column, mask=column < size, other=0.0)
        total += ((order_of(value) == order) & (column < size)).to(tl.int32)
    return tl.sum(total, axis=0)


@triton.jit
def token_at(row, size: tl.constexpr, order, place, block: tl.constexpr):
    """The id of the token number `place`, from 0, of those with this order."""
    found = tl.full([], 0, tl.int32)
    before = tl.full([], 0, tl.int32)
    for start in range(0, size, block):
        column = start + tl.arange(0, block)
        value = tl.load(row + column, mask=column < size, other=0.0)
        same = ((order_of(value) == order) & (column < size)).to(tl.int32)
        number = before + tl.cumsum(same, axis=0) - 1
        found += tl.sum(tl.where((same == 1) & (number == place), column, 0), axis=0)
        before += tl.sum(same, axis=0)
    return found.to(tl.int64)


@triton.jit
def order_of(value):
    """A whole number for a float32, greater for greater ones: its bits, those of negative ones turned round."""
    bits = tl.where(value == 0.0, 0.0, value).to(tl.int32, bitcast=True)  # both zeros are one
    return tl.where(bits >= 0, bits, bits ^ 0x7FFFFFFF).to(tl.int64)


@triton.jit
def value_at(order):
    """The float32 of an order."""
    bits = tl.where(order >= 0, order, order ^ 0x7FFFFFFF).to(tl.int32)
    return bits.to(tl.float32, bitcast=True)
