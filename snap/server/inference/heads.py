"""From logits to what programs ask for: the likeliest tokens with their probabilities, or one sampled token.

Everything works on a batch of rows at once and stays on the device. Random numbers are a function of (seed, step)
alone, so a loop draws the same tokens whatever shares its batches.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_CANDIDATES = 1024  # how many of the likeliest tokens are looked at before all are sorted

Redraw = Callable[[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor], None]
"""Draws anew where the candidates were too few: scaled logits [S, V], which rows [S], top_p, min_p and uniform [S], and
the tokens [S] to change. On a device, so that the host need not wait to know whether there are such rows."""


@dataclass(frozen=True, slots=True)
class Sampling:
    """How S rows sample. `top_k` 0, `top_p` 1 and `min_p` 0 cut nothing; `temperature` 0 takes the likeliest."""

    temperature: NDArray[np.float32]
    top_k: NDArray[np.int32]
    top_p: NDArray[np.float32]
    min_p: NDArray[np.float32]
    uniform: NDArray[np.float64]  # [S] in [0, 1)


def top_distribution(logits: Tensor, width: int) -> tuple[Tensor, Tensor]:
    """The `width` likeliest tokens of each row of logits [D, V]: ids and probabilities [D, width], likeliest first."""
    values, ids = logits.topk(width, dim=-1)
    return ids, (values - logits.logsumexp(-1, keepdim=True)).exp()


def sample(logits: Tensor, how: Sampling, redraw: Redraw | None = None) -> tuple[Tensor, Tensor]:
    """One token for each row of logits [S, V]: ids [S] and their log-probabilities [S] before temperature and cuts."""

    greedy = how.temperature == 0
    cut = ~greedy & ((how.top_k > 0) | (how.top_p < 1) | (how.min_p > 0))
    plain = ~greedy & ~cut
    tokens = torch.empty(logits.shape[0], dtype=torch.int64, device=logits.device)
    for chosen, draw in ((greedy, _greedy), (plain, _draw_from_all), (cut, partial(_draw_from_cut, redraw=redraw))):
        if chosen.all():
            tokens = draw(logits, how)
        elif chosen.any():
            rows = np.flatnonzero(chosen)
            at = torch.from_numpy(rows).to(logits.device, non_blocking=True)
            tokens[at] = draw(logits[at], _take(how, rows))
    picked = logits.gather(1, tokens[:, None])[:, 0]
    return tokens, picked - logits.logsumexp(-1)


def uniform(seed: NDArray[np.int64], step: NDArray[np.int64]) -> NDArray[np.float64]:
    """Numbers in [0, 1) that (seed, step) alone decide: the finaliser of SplitMix64 over both (Steele et al. 2014)."""
    mixed = _mix(_mix(seed.astype(np.uint64) + np.uint64(0x9E3779B97F4A7C15)) ^ step.astype(np.uint64))
    return (mixed >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mix(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = z + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def _take(how: Sampling, rows: NDArray[np.int64]) -> Sampling:
    return Sampling(how.temperature[rows], how.top_k[rows], how.top_p[rows], how.min_p[rows], how.uniform[rows])


def _greedy(logits: Tensor, how: Sampling) -> Tensor:
    return logits.argmax(-1)


def _draw_from_all(logits: Tensor, how: Sampling) -> Tensor:
    return _draw(_scaled(logits, how).softmax(-1), how)


def _draw_from_cut(logits: Tensor, how: Sampling, redraw: Redraw | None) -> Tensor:
    """Cuts in the order top-k, top-p (of what top-k left), min-p (against the likeliest)."""
    scaled = _scaled(logits, how)
    size = logits.shape[1]
    width = min(size, max(_CANDIDATES, int(how.top_k.max())))
    tokens, short = _draw_from_top(scaled, how, width)
    if width < size and redraw is not None:
        top_p, min_p, uniform = (_column(column, scaled.device)[:, 0] for column in (how.top_p, how.min_p, how.uniform))
        redraw(scaled, short, top_p, min_p, uniform, tokens)
    elif width < size and short.any():
        # a flat distribution: the cut lies below the candidates, so these rows are sorted whole
        rows = short.nonzero()[:, 0]
        tokens[rows], _ = _draw_from_top(scaled[rows], _take(how, rows.cpu().numpy()), size)
    return tokens


def _draw_from_top(scaled: Tensor, how: Sampling, width: int) -> tuple[Tensor, Tensor]:
    """Tokens drawn from the `width` likeliest of each row, and for which rows those did not reach to the cut."""
    device = scaled.device
    top_k, top_p, min_p = (_column(column, device) for column in (how.top_k, how.top_p, how.min_p))
    values, ids = scaled.topk(width, dim=-1)
    probabilities = (values - scaled.logsumexp(-1, keepdim=True)).exp()  # of the whole distribution
    if_k = top_k > 0
    within_k = torch.arange(width, device=device) < torch.where(if_k, top_k, width)
    probabilities = probabilities * within_k
    mass = probabilities.sum(-1, keepdim=True)
    probabilities = torch.where(if_k, probabilities / mass, probabilities)
    before = probabilities.cumsum(-1) - probabilities
    likeliest = probabilities[:, :1]
    kept = within_k & ((before < top_p) | (top_p >= 1)) & (probabilities >= min_p * likeliest)
    kept[:, 0] = True  # also where rounding says otherwise
    short = ~if_k & kept[:, -1:]
    drawn = _draw(probabilities * kept, how)
    return ids.gather(1, drawn[:, None])[:, 0], short[:, 0]


def _scaled(logits: Tensor, how: Sampling) -> Tensor:
    return logits / _column(how.temperature, logits.device)


def _column(values: NDArray[np.float32 | np.int32 | np.float64], device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).to(device, non_blocking=True)[:, None]


def _draw(weights: Tensor, how: Sampling) -> Tensor:
    """An index of each row of weights [S, n], by the inverse of their running sum; they need not add up to 1."""
    running = weights.cumsum(-1, dtype=torch.float64)
    point = torch.from_numpy(how.uniform).to(weights.device, non_blocking=True)[:, None] * running[:, -1:]
    index = torch.searchsorted(running, point, right=True)[:, 0]
    # rounding may carry a point beyond the last weight that is not zero
    last = (weights > 0).long().mul(torch.arange(weights.shape[1], device=weights.device)).argmax(-1)
    return torch.minimum(index, last)
