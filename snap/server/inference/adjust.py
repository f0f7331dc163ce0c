"""What changes logits before a token is drawn: penalties, bias, and the tokens that are allowed at all.

In: logits of a batch's samples and its columns. Out: other logits. Repetition divides what is above 0 and multiplies
what is below, for every token that came before (Keskar et al. 2019, as in transformers); presence and frequency are
taken off for tokens that the model made (as in OpenAI's API).
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from pielang.server.wire.batch import U8, Batch


def changes_logits(batch: Batch) -> bool:
    """Whether any sample of the batch has penalties, a bias or a mask."""
    return any(len(column) for column in (batch.seen_start, batch.bias_start, batch.allowed_start, batch.matcher))


def adjusted(logits: Tensor, batch: Batch, part: slice, slots: Tensor, allowed: U8 | None) -> Tensor:
    """Logits [S, V] of the samples `part` of the batch, changed. `slots`: tokens last sampled, for `seen` below 0;
    `allowed` [S, V / 8]: bits of the tokens that may be drawn."""
    logits, device = logits.clone(), logits.device
    if len(batch.seen_start):
        rows, inside = _ragged(batch.seen_start, part)
        tokens = _tensor(batch.seen[inside].astype(np.int64), device)
        tokens = torch.where(tokens < 0, slots[(-tokens - 1).clamp(min=0)], tokens)
        places = (_tensor(rows, device), tokens)
        made = _tensor(batch.seen_made[inside].astype(np.float32), device)
        counts = torch.zeros_like(logits).index_put_(places, made.to(logits.dtype), accumulate=True)
        seen = torch.zeros_like(logits, dtype=torch.bool)
        seen[places] = True
        repetition, presence, frequency = (
            _tensor(column[part], device)[:, None] for column in (batch.repetition, batch.presence, batch.frequency)
        )
        logits = torch.where(seen, torch.where(logits > 0, logits / repetition, logits * repetition), logits)
        logits -= frequency * counts + presence * (counts > 0)
    if len(batch.bias_start):
        rows, inside = _ragged(batch.bias_start, part)
        places = (_tensor(rows, device), _tensor(batch.bias_token[inside].astype(np.int64), device))
        logits.index_put_(places, _tensor(batch.bias[inside], device).to(logits.dtype), accumulate=True)
    if allowed is not None:
        bits = _tensor(allowed, device)[:, :, None] >> torch.arange(8, dtype=torch.uint8, device=device)
        logits.masked_fill_((bits & 1).flatten(1)[:, : logits.shape[1]] == 0, float("-inf"))
    return logits


def _ragged(starts: np.ndarray[tuple[int], np.dtype[np.int32]], part: slice) -> tuple[np.ndarray, slice]:
    """Of the entries of the samples `part`: the row that each belongs to, counted within it, and where they lie."""
    bounds = starts[part.start : part.stop + 1]
    return np.repeat(np.arange(len(bounds) - 1), np.diff(bounds)), slice(int(bounds[0]), int(bounds[-1]))


def _tensor(column: np.ndarray, device: torch.device) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(column)).to(device, non_blocking=True)
