"""Does a batch make sense? Nothing of it is run before that is known.

Comes in: a `Batch` off the wire, and how much there is of everything. Goes out: nothing, or `BatchRefused`, which names
the column. The control layer checks what programs ask for, call by call; this is what stands behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pielang.server.inference.config import PAGE_SIZE
from pielang.server.wire.batch import Batch


class BatchRefused(Exception):
    """A batch whose columns make no sense; nothing of it was run."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much there is of what batches name."""

    pages: int
    host_pages: int
    embeds: int
    slots: int  # for sampled tokens
    vocabulary: int
    context: int
    image_embeds: int  # that one image fills; 0: no images
    adapters: Sequence[object | None]  # by slot


def check(batch: Batch, bounds: Bounds) -> None:
    """Refuse a batch that would read or write outside its own, or ask for what is not there. Raises `BatchRefused`."""
    pages, embeds, adapters = (0, bounds.pages), (0, bounds.embeds), (0, len(bounds.adapters))
    place, token = (0, bounds.host_pages), (0, len(batch.tokens))
    for name, (low, high) in {
        "load_adapter": adapters,
        "copy_from": pages,
        "copy_to": pages,
        "copy_tokens": (1, PAGE_SIZE + 1),
        "save_page": pages,
        "save_host": place,
        "load_host": place,
        "load_page": pages,
        "image_embed": embeds,
        "tokens": (-bounds.slots, bounds.vocabulary),
        "positions": (0, bounds.context),
        "pages": pages,
        "kv_len": (1, bounds.context + 1),
        "in_token": token,
        "in_embed": embeds,
        "adapter": (-1, len(bounds.adapters)),
        "score_row": (0, len(batch.kv_len)),
        "out_token": token,
        "out_embed": embeds,
        "read_embed": embeds,
        "dist_embed": embeds,
        "dist_top_k": (1, bounds.vocabulary + 1),
        "sample_embed": embeds,
        "sample_slot": (-1, bounds.slots),
        "top_k": (0, bounds.vocabulary + 1),
        "seen": (-bounds.slots, bounds.vocabulary),
        "bias_token": (0, bounds.vocabulary),
        "matcher": (-1, bounds.slots),
        "forced": (0, bounds.vocabulary),
        "grammar_slot": (0, bounds.slots),
    }.items():
        column = getattr(batch, name)
        if len(column) and (column.min() < low or column.max() >= high):
            raise BatchRefused(f"{name} must be from {low} to {high - 1}; found {column.min()} to {column.max()}")
    for names in (
        ("copy_from", "copy_to", "copy_tokens"),
        ("save_page", "save_host"),
        ("load_page", "load_host"),
        ("tokens", "positions"),
        ("in_token", "in_embed"),
        ("out_token", "out_embed"),
        ("dist_embed", "dist_top_k"),
        ("sample_embed", "sample_slot", "temperature", "top_k", "top_p", "min_p", "seed", "step"),
        ("seen", "seen_made"),
        ("bias_token", "bias"),
    ):
        _same_length(batch, *names)
    for name, column in (("hidden", "pages"), ("adapter", "kv_len"), ("matcher", "sample_embed")):
        if len(getattr(batch, name)):
            _same_length(batch, name, column)
    rows, samples, images = len(batch.kv_len), len(batch.sample_embed), max(len(batch.image_start) - 1, 0)
    for name, inside, count, least, needed in (
        ("adapter_start", "adapter_path", len(batch.load_adapter), 0, len(batch.load_adapter)),
        ("row_start", "tokens", rows, 1, len(batch.tokens)),
        ("page_start", "pages", rows, 1, len(batch.tokens)),
        ("mask_start", "mask", rows, 0, 0),
        ("image_start", "image", images, 0, 0),
        ("image_embed_start", "image_embed", images, 0, images),
        ("seen_start", "seen", samples, 0, 0),
        ("bias_start", "bias_token", samples, 0, 0),
        ("allowed_start", "allowed", samples, 0, 0),
        ("forced_start", "forced", samples, 0, len(batch.matcher)),
        ("grammar_start", "grammar", len(batch.grammar_slot), 0, len(batch.grammar_slot)),
    ):
        if needed or len(getattr(batch, name)):
            _offsets(batch, name, count, len(getattr(batch, inside)), least)
    for good, problem in _conditions(batch, bounds):
        if not good:
            raise BatchRefused(problem)


def _conditions(batch: Batch, bounds: Bounds) -> Iterator[tuple[bool, str]]:
    """What else must hold, written so that NaN fails, and what is said where it does not."""
    if len(batch.tokens):
        count = np.diff(batch.row_start)
        yield _all(batch.kv_len <= np.diff(batch.page_start) * PAGE_SIZE), "kv_len of a row is beyond its pages"
        yield _all(batch.kv_len >= count), "kv_len of a row is less than its tokens"
        held = all(bounds.adapters[slot] is not None for slot in batch.adapter[batch.adapter >= 0])
        yield held, "adapter names a slot that holds none"
        if len(batch.mask_start):
            size = np.diff(batch.mask_start)
            fits = _all((size == 0) | (size == count * ((batch.kv_len + 7) // 8)))
            yield fits, "mask_start must leave kv_len bits, in whole bytes, for each token of its row"
    if len(batch.image_start):
        yield bounds.image_embeds > 0, "image: this model does not look at images"
        fills = _all(np.diff(batch.image_embed_start) == bounds.image_embeds)
        yield fills, f"image_embed: an image fills {bounds.image_embeds} embeddings"
    yield _all((batch.temperature >= 0) & np.isfinite(batch.temperature)), "temperature must be 0 or more"
    yield _all((batch.top_p > 0) & (batch.top_p <= 1)), "top_p must be above 0 and at most 1"
    yield _all((batch.min_p >= 0) & (batch.min_p <= 1)), "min_p must be from 0 to 1"
    if len(batch.seen_start):
        _same_length(batch, "sample_embed", "repetition", "presence", "frequency")
        finite = [_all(np.isfinite(column)) for column in (batch.repetition, batch.presence, batch.frequency)]
        yield all(finite) and _all(batch.repetition > 0), "penalties must be finite, and repetition above 0"
    yield _all(batch.bias < np.inf), "bias must be numbers, or -inf"
    if len(batch.allowed_start):
        sizes = {0, (bounds.vocabulary + 7) // 8}
        yield set(np.diff(batch.allowed_start).tolist()) <= sizes, "allowed must have a bit for each token there is"


def _all(holds: NDArray[np.bool_]) -> bool:
    return bool(holds.all())


def _same_length(batch: Batch, *names: str) -> None:
    lengths = {name: len(getattr(batch, name)) for name in names}
    if len(set(lengths.values())) > 1:
        raise BatchRefused(f"columns differ in length: {lengths}")


def _offsets(batch: Batch, name: str, rows: int, total: int, least: int = 0) -> None:
    column = getattr(batch, name)
    if len(column) != rows + 1 or column[0] != 0 or column[-1] != total or (np.diff(column) < least).any():
        raise BatchRefused(f"{name} must rise from 0 to {total} in {rows} rows, each at least {least} long")
