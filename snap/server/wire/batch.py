"""What the control layer and the inference process say to each other about work.

A `Batch` is one visit to the device: move and copy pages, run one ragged forward over all rows, then read distributions
or sample from the output embeddings. Everything is a numpy column, so that a batch of 256 calls costs as much to send
as one of 2. Batches run in the order in which they are sent; a batch may use what an earlier one, still running,
will have written.

Every index is physical (a page of the pool, a slot of the embedding pool): virtual handles end in the control layer.
"""

# ruff: noqa: RUF009 - the calls among the defaults make fields
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F32 = NDArray[np.float32]


U8 = NDArray[np.uint8]


def _none(dtype: type[np.generic], dimensions: int = 1) -> Callable[[], Any]:
    """Makes fields for columns that are empty by default: the same empty one each time, which does not travel."""
    nothing: NDArray[Any] = np.zeros((0,) * dimensions, dtype)
    return lambda: field(default_factory=lambda: nothing)


_u8, _i32, _i64, _f32, _table_i32, _table_f32 = (
    _none(np.uint8), _none(np.int32), _none(np.int64), _none(np.float32), _none(np.int32, 2), _none(np.float32, 2)
)  # fmt: skip


@dataclass(slots=True)
class Batch:
    """One unit of device work, in this order. N tokens in R rows, P page entries, M outputs, D distributions, S
    samples.

    "[] or [R]": an empty column means that no row has it. A column `x_start` has the bounds of ragged `x`: entry i
    lies from `x_start[i]` to `x_start[i + 1]`.
    """

    id: int  # larger than that of any batch before
    # 1. what is kept beside the model: adapters by path, grammars by llguidance's JSON (none: forget it), as UTF-8
    load_adapter: I32 = _i32()  # [L] adapter slots
    adapter_path: U8 = _u8()
    adapter_start: I32 = _i32()  # [] or [L+1]
    grammar_slot: I32 = _i32()  # [G] token slots whose samples follow a grammar, from its beginning
    grammar: U8 = _u8()
    grammar_start: I32 = _i32()  # [] or [G+1]
    # 2. pages: all saves to host memory, then all loads from it, then copies of the first `copy_tokens` entries
    save_page: I32 = _i32()
    save_host: I32 = _i32()
    load_host: I32 = _i32()
    load_page: I32 = _i32()
    copy_from: I32 = _i32()  # [C]
    copy_to: I32 = _i32()  # [C]
    copy_tokens: I32 = _i32()  # [C]
    # 3. images, as files: the slots of the embedding pool that each fills
    image: U8 = _u8()
    image_start: I32 = _i32()  # [] or [I+1]
    image_embed: I32 = _i32()
    image_embed_start: I32 = _i32()  # [] or [I+1]
    # 4. forward: row r holds tokens[row_start[r]:row_start[r+1]]; token i of its `count` has the place
    # kv_len[r] - count + i in its pages; (page, offset) = divmod by page size
    tokens: I32 = _i32()  # [N] token id, or -(slot + 1): the token last sampled into that slot
    positions: I32 = _i32()  # [N] for the rotation of queries and keys
    in_token: I32 = _i32()  # [K] index into `tokens` of what has, in place of a token,
    in_embed: I32 = _i32()  # [K] what an image left in this slot of the embedding pool
    row_start: I32 = _i32()  # [R+1]
    pages: I32 = _i32()  # [P] page table of all rows
    hidden: I32 = _i32()  # [] or [P] bit i: entry i of the page is seen by nobody
    page_start: I32 = _i32()  # [R+1]
    kv_len: I32 = _i32()  # [R] places in use after this step; causal in them, but for rows with a mask
    mask: U8 = _u8()  # for each token of a row what it sees: kv_len bits in whole bytes, lowest first
    mask_start: I32 = _i32()  # [] or [R+1]; nothing: the row is causal
    adapter: I32 = _i32()  # [] or [R] adapter slot, -1: none
    score_row: I32 = _i32()  # [A] rows whose attention is wanted
    out_token: I32 = _i32()  # [M] index into `tokens` whose final hidden state is kept
    out_embed: I32 = _i32()  # [M] slot of the embedding pool that it goes to
    # 5. heads, over slots of the embedding pool
    read_embed: I32 = _i32()  # [H] hidden states to return
    dist_embed: I32 = _i32()  # [D]
    dist_top_k: I32 = _i32()  # [D] how many of the likeliest tokens to return
    sample_embed: I32 = _i32()  # [S]
    sample_slot: I32 = _i32()  # [S] token slot to keep the sampled token in, or -1
    temperature: F32 = _f32()  # [S] 0: greedy
    top_k: I32 = _i32()  # [S] 0: all
    top_p: F32 = _f32()  # [S] 1: all
    min_p: F32 = _f32()  # [S] 0: all
    seed: I64 = _i64()  # [S]
    step: I64 = _i64()  # [S] the same (seed, step) draws the same number in any batch
    repetition: F32 = _f32()  # [] or [S] divides logits of tokens in `seen`, multiplies those below 0
    presence: F32 = _f32()  # [] or [S] taken off the logit of each token made before
    frequency: F32 = _f32()  # [] or [S] taken off for each time it was made
    seen: I32 = _i32()  # what stands before the sample: tokens, or -(slot + 1) as in `tokens`
    seen_made: U8 = _u8()  # 1: made by the model, 0: of the prompt
    seen_start: I32 = _i32()  # [] or [S+1]
    bias_token: I32 = _i32()
    bias: F32 = _f32()  # added to the logit of its token
    bias_start: I32 = _i32()  # [] or [S+1]
    allowed: U8 = _u8()  # tokens that may be drawn: a bit for each there is, lowest first
    allowed_start: I32 = _i32()  # [] or [S+1]; nothing: all
    matcher: I32 = _i32()  # [] or [S] slot whose grammar decides, and takes the token drawn; -1
    forced: I32 = _i32()  # tokens that its grammar takes before the sample: the row held them
    forced_start: I32 = _i32()  # [] or [S+1]


@dataclass(slots=True)
class BatchResult:
    """The outcome of one batch. K is its largest `dist_top_k`; shorter rows are filled with id -1, probability 0.

    Where the model's logits are no numbers, `sampled` and the first of `dist_ids` are -1.
    """

    id: int
    dist_ids: I32 = _table_i32()  # [D, K] likeliest first
    dist_probs: F32 = _table_f32()  # [D, K] softmax over the whole vocabulary
    sampled: I32 = _i32()  # [S]
    logprob: F32 = _f32()  # [S] of the sampled token, by the model alone
    device_ms: float = 0.0
    error: str | None = None  # the batch failed as a whole; the process goes on
    trouble: str = ""  # why some heads have no answer (-1), when it is not their logits
    forced: I32 = _i32()  # what the grammar forces after the sampled token
    forced_start: I32 = _i32()  # [] or [S+1]
    hidden: F32 = _table_f32()  # [H, hidden size]
    scores: F32 = _f32()  # each `score_row`: what its kv_len places got, mean over its tokens and heads


Done = Callable[[BatchResult | Exception], None]
"""Takes the outcome of a batch that was sent, or why there will be none."""


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
    host_pages: int = 0  # places in host memory for pages that make room for others
    adapter_slots: int = 0
    image_embeds: int = 0  # that one image fills
