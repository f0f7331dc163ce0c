"""Does a batch make sense? Nothing of it is run before that is known.

Comes in: a `Batch` off the wire, and how much there is of everything. Goes out: nothing, or `BatchRefused`, which names
the column. The control layer checks what programs ask for, call by call; this is what stands behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

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
    ):
        _same_length(batch, *names)
    if len(batch.load_adapter):
        _offsets(batch, "adapter_start", len(batch.load_adapter), len(batch.adapter_path))
    if len(batch.tokens):
        _check_rows(batch, bounds)
    _check_images(batch, bounds)
    _check_samples(batch, bounds)


def _check_rows(batch: Batch, bounds: Bounds) -> None:
    count = len(batch.kv_len)
    _offsets(batch, "row_start", count, len(batch.tokens), least=1)
    _offsets(batch, "page_start", count, len(batch.pages), least=1)
    if (batch.kv_len > np.diff(batch.page_start) * PAGE_SIZE).any():
        raise BatchRefused("kv_len of a row is beyond the pages of the row")
    if (batch.kv_len < np.diff(batch.row_start)).any():
        raise BatchRefused("kv_len of a row is less than its tokens")
    if len(batch.hidden):
        _same_length(batch, "hidden", "pages")
    if len(batch.adapter):
        _same_length(batch, "adapter", "kv_len")
        if any(bounds.adapters[slot] is None for slot in batch.adapter[batch.adapter >= 0]):
            raise BatchRefused("adapter names a slot that holds none")
    if len(batch.mask_start):
        _offsets(batch, "mask_start", count, len(batch.mask))
        size = np.diff(batch.mask_start)
        if ((size > 0) & (size != np.diff(batch.row_start) * ((batch.kv_len + 7) // 8))).any():
            raise BatchRefused("mask_start must leave kv_len bits, in whole bytes, for each token of its row")


def _check_images(batch: Batch, bounds: Bounds) -> None:
    if not len(batch.image_start):
        return
    count = len(batch.image_start) - 1
    if not bounds.image_embeds:
        raise BatchRefused("image: this model does not look at images")
    _offsets(batch, "image_start", count, len(batch.image))
    _offsets(batch, "image_embed_start", count, len(batch.image_embed))
    if (np.diff(batch.image_embed_start) != bounds.image_embeds).any():
        raise BatchRefused(f"image_embed: an image fills {bounds.image_embeds} embeddings")


def _check_samples(batch: Batch, bounds: Bounds) -> None:
    # written so that NaN fails
    if not (batch.temperature >= 0).all() or not np.isfinite(batch.temperature).all():
        raise BatchRefused("temperature must be 0 or more")
    if not ((batch.top_p > 0) & (batch.top_p <= 1)).all():
        raise BatchRefused("top_p must be above 0 and at most 1")
    if not ((batch.min_p >= 0) & (batch.min_p <= 1)).all():
        raise BatchRefused("min_p must be from 0 to 1")
    count = len(batch.sample_embed)
    if len(batch.seen_start):
        _same_length(batch, "sample_embed", "repetition", "presence", "frequency")
        _offsets(batch, "seen_start", count, len(batch.seen))
        _same_length(batch, "seen", "seen_made")
        columns = (batch.repetition, batch.presence, batch.frequency)
        if not all(np.isfinite(column).all() for column in columns) or not (batch.repetition > 0).all():
            raise BatchRefused("penalties must be finite, and repetition above 0")
    if len(batch.bias_start):
        _offsets(batch, "bias_start", count, len(batch.bias_token))
        _same_length(batch, "bias_token", "bias")
        if not (batch.bias < np.inf).all():
            raise BatchRefused("bias must be numbers, or -inf")
    if len(batch.allowed_start):
        _offsets(batch, "allowed_start", count, len(batch.allowed))
        if not set(np.diff(batch.allowed_start).tolist()) <= {0, (bounds.vocabulary + 7) // 8}:
            raise BatchRefused("allowed must have a bit for each token of the vocabulary")
    if len(batch.matcher):
        _same_length(batch, "sample_embed", "matcher")
        _offsets(batch, "forced_start", count, len(batch.forced))
    if len(batch.grammar_slot):
        _offsets(batch, "grammar_start", len(batch.grammar_slot), len(batch.grammar))


def _same_length(batch: Batch, *names: str) -> None:
    lengths = {name: len(getattr(batch, name)) for name in names}
    if len(set(lengths.values())) > 1:
        raise BatchRefused(f"columns differ in length: {lengths}")


def _offsets(batch: Batch, name: str, rows: int, total: int, least: int = 0) -> None:
    column = getattr(batch, name)
    if len(column) != rows + 1 or column[0] != 0 or column[-1] != total or (np.diff(column) < least).any():
        raise BatchRefused(f"{name} must rise from 0 to {total} in {rows} rows, each at least {least} long")
