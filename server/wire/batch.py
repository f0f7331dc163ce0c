"""What the control layer and the inference process say to each other about work.

A `Batch` is one visit to the device: copy pages, run one ragged forward over all rows, then read distributions or
sample from the output embeddings. Everything is a numpy column, so that a batch of 256 calls costs as much to send
as one of 2. Batches run in the order in which they are sent; a batch may use what an earlier one, still running,
will have written.

Every index is physical (a page of the pool, a slot of the embedding pool): virtual handles end in the control layer.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]


def _i32() -> I32:
    return np.zeros(0, np.int32)


def _i64() -> I64:
    return np.zeros(0, np.int64)


def _f32() -> F32:
    return np.zeros(0, np.float32)


@dataclass(slots=True)
class Batch:
    """One unit of device work. N tokens in R rows, P page entries, M outputs, C copies, D distributions, S samples."""

    id: int
    # 1. copies: the first `copy_tokens` KV entries of page `copy_from` to page `copy_to`
    copy_from: I32 = field(default_factory=_i32)  # [C]
    copy_to: I32 = field(default_factory=_i32)  # [C]
    copy_tokens: I32 = field(default_factory=_i32)  # [C]
    # 2. forward: row r holds tokens[row_start[r]:row_start[r+1]]; its KV entries are written to its pages at
    # `positions`
    tokens: I32 = field(default_factory=_i32)  # [N] token id, or -(slot + 1): the token last sampled into that slot
    positions: I32 = field(default_factory=_i32)  # [N] place in the sequence; (page, offset) = divmod by page size
    row_start: I32 = field(default_factory=_i32)  # [R+1]
    pages: I32 = field(default_factory=_i32)  # [P] page table of all rows
    page_start: I32 = field(default_factory=_i32)  # [R+1]
    kv_len: I32 = field(default_factory=_i32)  # [R] length of the sequence after this step; causal within it
    out_token: I32 = field(default_factory=_i32)  # [M] index into `tokens` whose final hidden state is kept
    out_embed: I32 = field(default_factory=_i32)  # [M] slot of the embedding pool that it goes to
    # 3. heads, over slots of the embedding pool
    dist_embed: I32 = field(default_factory=_i32)  # [D]
    dist_top_k: I32 = field(default_factory=_i32)  # [D] how many of the likeliest tokens to return
    sample_embed: I32 = field(default_factory=_i32)  # [S]
    sample_slot: I32 = field(default_factory=_i32)  # [S] token slot to keep the sampled token in, or -1
    temperature: F32 = field(default_factory=_f32)  # [S] 0: greedy
    top_k: I32 = field(default_factory=_i32)  # [S] 0: all
    top_p: F32 = field(default_factory=_f32)  # [S] 1: all
    min_p: F32 = field(default_factory=_f32)  # [S] 0: all
    seed: I64 = field(default_factory=_i64)  # [S]
    step: I64 = field(default_factory=_i64)  # [S] the same (seed, step) draws the same number in any batch


@dataclass(slots=True)
class BatchResult:
    """The outcome of one batch. K is its largest `dist_top_k`; shorter rows are filled with id -1, probability 0."""

    id: int
    dist_ids: I32 = field(default_factory=_i32)  # [D, K] likeliest first
    dist_probs: F32 = field(default_factory=_f32)  # [D, K] softmax over the whole vocabulary
    sampled: I32 = field(default_factory=_i32)  # [S]
    logprob: F32 = field(default_factory=_f32)  # [S] of the sampled token under the model (before temperature and cuts)
    device_ms: float = 0.0
    error: str | None = None  # the batch failed as a whole; the process goes on


@dataclass(frozen=True, slots=True)
class RoleFormat:
    """Text before and after a message of one role, as the model's chat template writes it."""

    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What the control layer and programs know of a loaded model."""

    name: str
    path: str  # folder with tokenizer.json
    architecture: str
    dtype: str  # "float32" or "bfloat16"
    vocab_size: int
    hidden_size: int
    layers: int
    context_length: int
    page_size: int  # tokens a KV page holds
    page_count: int
    embed_count: int  # slots of the embedding pool
    token_slots: int  # slots for tokens sampled on the device
    bos_token: int | None
    end_tokens: tuple[int, ...]
    traits: tuple[str, ...]
    roles: dict[str, RoleFormat]  # "system", "user", "assistant", "tool" where the template has them
    default_system: str | None  # the system text that the template adds when the first message is not a system one
    opening: str  # text before the first message, if any (a BOS token, say)
    answer_prefix: str  # the generation prompt: what makes the model speak as assistant
    kernels: str = ""  # what computes: "amx_bf16", "avx512", "torch", ...
