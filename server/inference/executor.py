"""Runs batches: checks their columns, then copies pages, computes the forward pass and the heads.

Comes in: a `Batch` off the wire. Goes out: a `Pending` whose `collect` waits for the device and gives the
`BatchResult`. On a GPU `launch` returns while the device still works, so that the next batch can be prepared
meanwhile.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pielang.server.inference.adjust import adjusted, changes_logits
from pielang.server.inference.attention import AttentionBackend, Rows
from pielang.server.inference.gpu.decode_graphs import DecodeGraphs, DecodeRows
from pielang.server.inference.grammar import NOTHING_FORCED, Forced, Masks, Matchers
from pielang.server.inference.heads import Redraw, Sampling, uniform
from pielang.server.inference.kv import PAGE_SIZE, KVCache
from pielang.server.inference.model import LlamaModel
from pielang.server.wire.batch import Batch, BatchResult

_HEAD_ROWS = 256  # rows of logits computed at a time: they are large


class BatchRefused(Exception):
    """A batch whose columns make no sense; nothing of it was run."""


@dataclass(frozen=True, slots=True)
class Pending:
    """A batch on the device. Its results are on their way to the host, or there."""

    id: int
    span: Span
    ids: Tensor  # [D, K]
    probabilities: Tensor  # [D, K]
    sampled: Tensor  # [S]
    logprob: Tensor  # [S]
    widths: NDArray[np.int32]  # [D] how many of the K are asked for
    forced: Forced
    trouble: str

    def finished(self) -> bool:
        """Whether `collect` would not wait."""
        return self.span.finished()

    def collect(self) -> BatchResult:
        """Wait for the device, if it is not done yet."""
        device_ms = self.span.wait()
        ids = self.ids.numpy().astype(np.int32)
        probabilities = self.probabilities.numpy().astype(np.float32)
        beyond = np.arange(ids.shape[1]) >= self.widths[:, None]
        ids[beyond], probabilities[beyond] = -1, 0.0
        return BatchResult(
            id=self.id,
            dist_ids=ids,
            dist_probs=probabilities,
            sampled=self.sampled.numpy().astype(np.int32),
            logprob=self.logprob.numpy().astype(np.float32),
            device_ms=device_ms,
            forced=self.forced.columns[0],
            forced_start=self.forced.columns[1],
            trouble=self.trouble,
        )


class Span:
    """The time from now to `end`: on a CPU by its clock, on a GPU by marks in its stream of work."""

    def __init__(self, device: torch.device) -> None:
        self._clock = time.perf_counter()
        self._marks: list[torch.cuda.Event] = []
        if device.type == "cuda":
            self._marks = [torch.cuda.Event(enable_timing=True) for _ in range(2)]  # type: ignore[no-untyped-call]
            self._marks[0].record()

    def end(self) -> None:
        """All work of the span has been given to the device."""
        if self._marks:
            self._marks[1].record()
        self._clock = time.perf_counter() - self._clock

    def finished(self) -> bool:
        """Whether the device is done."""
        return not self._marks or bool(self._marks[1].query())  # type: ignore[no-untyped-call]

    def wait(self) -> float:
        """Wait for the device; milliseconds of the span."""
        if not self._marks:
            return self._clock * 1000
        self._marks[1].synchronize()
        return float(self._marks[0].elapsed_time(self._marks[1]))


@dataclass(frozen=True, slots=True)
class BackEnd:
    """What computes, chosen for a model and a device. The last two are for GPUs: see `Executor`."""

    model: LlamaModel
    attention: AttentionBackend
    name: str
    graphs: Callable[[Tensor, Tensor], DecodeGraphs] | None = None
    redraw: Redraw | None = None


class Executor:
    """The device's state (KV cache, output embeddings, sampled tokens) and what batches do to it.

    `graphs` makes, of the pool of embeddings and that of sampled tokens, what runs decode batches as CUDA graphs;
    `redraw` samples where candidates do not do, on the device.
    """

    def __init__(
        self,
        model: LlamaModel,
        cache: KVCache,
        attention: AttentionBackend,
        dtype: torch.dtype,
        embed_count: int,
        token_slots: int,
        graphs: Callable[[Tensor, Tensor], DecodeGraphs] | None = None,
        redraw: Redraw | None = None,
        matchers: Matchers | None = None,
    ) -> None:
        self._model = model
        self._matchers = matchers
        self._cache = cache
        self._attention = attention
        self.device = cache.device
        self._embed_count = embed_count
        # the last one is nobody's: rows that only fill up a batch write to it
        self._embeds = torch.zeros(embed_count + 1, model.config.hidden_size, dtype=dtype, device=cache.device)
        self._slots = torch.zeros(token_slots, dtype=torch.int64, device=cache.device)
        self._redraw = redraw
        self._graphs = None if graphs is None else graphs(self._embeds, self._slots)

    @torch.inference_mode()
    def launch(self, batch: Batch) -> Pending:
        """Run a batch, or on a GPU begin to. Raises `BatchRefused` before anything was changed."""
        self._check(batch)
        masks = self._matchers.prepare(batch) if self._matchers is not None else None
        span = Span(self.device)
        if len(batch.copy_from):
            self._cache.copy(batch.copy_from, batch.copy_to, batch.copy_tokens)
        if len(batch.tokens):
            self._forward(batch)
        ids, probabilities = map(_to_host, self._distributions(batch))
        chosen = masks.result() if masks is not None else None
        sampled, logprob = map(_to_host, self._samples(batch, chosen))
        span.end()

        def drawn() -> NDArray[np.int32]:
            span.wait()
            return sampled.numpy().astype(np.int32)

        forced = self._matchers.drawn(batch, drawn) if self._matchers is not None else NOTHING_FORCED
        trouble = next(iter(chosen.failed.values()), "") if chosen is not None else ""
        return Pending(batch.id, span, ids, probabilities, sampled, logprob, batch.dist_top_k, forced, trouble)

    def _forward(self, batch: Batch) -> None:
        rows = _rows(batch)
        if self._graphs is not None and (decode := self._decode_rows(batch, rows)) and self._graphs.run(decode):
            return
        self._attention.plan(rows)
        tokens = self._to_device(batch.tokens)
        if (batch.tokens < 0).any():
            tokens = torch.where(tokens < 0, self._slots[(-tokens - 1).clamp(min=0)], tokens)
        hidden = self._model.forward(
            tokens, self._to_device(batch.positions), self._to_device(rows.cells()), self._cache, self._attention
        )
        if len(batch.out_token):
            kept = hidden.index_select(0, self._to_device(batch.out_token))
            self._embeds.index_copy_(0, self._to_device(batch.out_embed), self._model.finish(kept))

    def _decode_rows(self, batch: Batch, rows: Rows) -> DecodeRows | None:
        """The batch as rows of one token each, if it is that and no token has two output embeddings."""
        if (
            len(batch.tokens) != len(batch.kv_len)
            or rows.irregular().any()
            or len(np.unique(batch.out_token)) != len(batch.out_token)
        ):
            return None
        embeds = np.full(len(batch.tokens), self._embed_count)
        embeds[batch.out_token] = batch.out_embed
        return DecodeRows(batch.tokens, rows, embeds)

    def _distributions(self, batch: Batch) -> tuple[Tensor, Tensor]:
        count, width = len(batch.dist_embed), int(batch.dist_top_k.max(initial=0))
        ids = torch.empty(count, width, dtype=torch.int64, device=self.device)
        probabilities = torch.empty(count, width, device=self.device)
        for part in _parts(count):
            ids[part], probabilities[part] = self._model.top(self._logits(batch.dist_embed[part]), width)
        return ids, probabilities

    def _samples(self, batch: Batch, masks: Masks | None) -> tuple[Tensor, Tensor]:
        count = len(batch.sample_embed)
        sampled = torch.empty(count, dtype=torch.int64, device=self.device)
        logprob = torch.empty(count, device=self.device)
        numbers = uniform(batch.seed, batch.step)
        for part in _parts(count):
            how = Sampling(
                batch.temperature[part], batch.top_k[part], batch.top_p[part], batch.min_p[part], numbers[part]
            )
            logits = self._logits(batch.sample_embed[part])
            if not changes_logits(batch):
                sampled[part], logprob[part] = self._model.sample(logits, how, self._redraw)
                continue
            allowed = masks.bits[part] if masks is not None else None
            changed = adjusted(logits, batch, part, self._slots, allowed)
            sampled[part], _ = self._model.sample(changed, how, self._redraw)
            picked = logits.gather(1, sampled[part].clamp(min=0)[:, None])[:, 0]
            logprob[part] = picked - logits.logsumexp(-1)
        kept = np.flatnonzero(batch.sample_slot >= 0)
        if len(kept):
            slots = self._to_device(batch.sample_slot[kept])
            drawn = sampled.clamp(min=0)  # what is no token must not be the next step's input
            self._slots.index_copy_(0, slots, drawn if len(kept) == count else drawn[self._to_device(kept)])
        if masks is not None and masks.failed:
            sampled[self._to_device(np.array(list(masks.failed)))] = -1
        return sampled, logprob

    def _logits(self, embeds: NDArray[np.int32]) -> Tensor:
        return self._model.logits(self._embeds.index_select(0, self._to_device(embeds)))

    def _to_device(self, column: NDArray[np.integer]) -> Tensor:
        return torch.from_numpy(column.astype(np.int64)).to(self.device, non_blocking=True)

    # ---- checks

    def _check(self, batch: Batch) -> None:
        """Refuse a batch that would read or write outside its own, or ask for what is not there."""
        config = self._model.config
        pages, embeds, slots = self._cache.page_count, self._embed_count, len(self._slots)
        _same_length(batch, "copy_from", "copy_to", "copy_tokens")
        _within(batch, "copy_from", 0, pages)
        _within(batch, "copy_to", 0, pages)
        _within(batch, "copy_tokens", 1, PAGE_SIZE + 1)
        _same_length(batch, "tokens", "positions")
        _within(batch, "tokens", -slots, config.vocab_size)
        _within(batch, "pages", 0, pages)
        if len(batch.tokens):
            self._check_rows(batch)
        _same_length(batch, "out_token", "out_embed")
        _within(batch, "out_token", 0, len(batch.tokens))
        _within(batch, "out_embed", 0, embeds)
        _same_length(batch, "dist_embed", "dist_top_k")
        _within(batch, "dist_embed", 0, embeds)
        _within(batch, "dist_top_k", 1, config.vocab_size + 1)
        _same_length(batch, "sample_embed", "sample_slot", "temperature", "top_k", "top_p", "min_p", "seed", "step")
        _within(batch, "sample_embed", 0, embeds)
        _within(batch, "sample_slot", -1, slots)
        _within(batch, "top_k", 0, config.vocab_size + 1)
        self._check_samples(batch)
        # written so that NaN fails
        if not (batch.temperature >= 0).all() or not np.isfinite(batch.temperature).all():
            raise BatchRefused("temperature must be 0 or more")
        if not ((batch.top_p > 0) & (batch.top_p <= 1)).all():
            raise BatchRefused("top_p must be above 0 and at most 1")
        if not ((batch.min_p >= 0) & (batch.min_p <= 1)).all():
            raise BatchRefused("min_p must be from 0 to 1")

    def _check_samples(self, batch: Batch) -> None:
        """What only few samples have."""
        count, slots, size = len(batch.sample_embed), len(self._slots), self._model.config.vocab_size
        if len(batch.seen_start):
            _same_length(batch, "sample_embed", "repetition", "presence", "frequency")
            _offsets(batch, "seen_start", count, len(batch.seen), least=0)
            _same_length(batch, "seen", "seen_made")
            _within(batch, "seen", -slots, size)
            columns = (batch.repetition, batch.presence, batch.frequency)
            if not all(np.isfinite(column).all() for column in columns) or not (batch.repetition > 0).all():
                raise BatchRefused("penalties must be finite, and repetition above 0")
        if len(batch.bias_start):
            _offsets(batch, "bias_start", count, len(batch.bias_token), least=0)
            _same_length(batch, "bias_token", "bias")
            _within(batch, "bias_token", 0, size)
            if not (batch.bias < np.inf).all():
                raise BatchRefused("bias must be numbers, or -inf")
        if len(batch.allowed_start):
            _offsets(batch, "allowed_start", count, len(batch.allowed), least=0)
            if not set(np.diff(batch.allowed_start).tolist()) <= {0, (size + 7) // 8}:
                raise BatchRefused("allowed must have a bit for each token of the vocabulary")
        if len(batch.matcher):
            _same_length(batch, "sample_embed", "matcher")
            _within(batch, "matcher", -1, slots)
            _offsets(batch, "forced_start", count, len(batch.forced), least=0)
            _within(batch, "forced", 0, size)
        if len(batch.grammar_slot):
            _within(batch, "grammar_slot", 0, slots)
            _offsets(batch, "grammar_start", len(batch.grammar_slot), len(batch.grammar), least=0)

    def _check_rows(self, batch: Batch) -> None:
        count = len(batch.kv_len)
        _offsets(batch, "row_start", count, len(batch.tokens), least=1)
        _offsets(batch, "page_start", count, len(batch.pages), least=1)
        _within(batch, "kv_len", 1, self._model.config.context_length + 1)
        if (batch.kv_len > np.diff(batch.page_start) * PAGE_SIZE).any():
            raise BatchRefused("kv_len of a row is beyond the pages of the row")
        if (batch.kv_len < np.diff(batch.row_start)).any():
            raise BatchRefused("kv_len of a row is less than its tokens")
        _within(batch, "positions", 0, self._model.config.context_length)


def _to_host(result: Tensor) -> Tensor:
    """The result in host memory: at once on a CPU, from a GPU when the device gets there."""
    if result.device.type == "cpu":
        return result
    return torch.empty(result.shape, dtype=result.dtype, pin_memory=True).copy_(result, non_blocking=True)


def _rows(batch: Batch) -> Rows:
    return Rows(
        start=batch.row_start.astype(np.int64),
        positions=batch.positions.astype(np.int64),
        pages=batch.pages.astype(np.int64),
        page_start=batch.page_start.astype(np.int64),
        length=batch.kv_len.astype(np.int64),
    )


def _parts(count: int) -> list[slice]:
    return [slice(start, start + _HEAD_ROWS) for start in range(0, count, _HEAD_ROWS)]


def _same_length(batch: Batch, *names: str) -> None:
    lengths = {name: len(getattr(batch, name)) for name in names}
    if len(set(lengths.values())) > 1:
        raise BatchRefused(f"columns differ in length: {lengths}")


def _within(batch: Batch, name: str, low: int, high: int) -> None:
    column = getattr(batch, name)
    if len(column) and (column.min() < low or column.max() >= high):
        raise BatchRefused(f"{name} must be from {low} to {high - 1}; found {column.min()} to {column.max()}")


def _offsets(batch: Batch, name: str, rows: int, total: int, least: int) -> None:
    column = getattr(batch, name)
    if len(column) != rows + 1 or column[0] != 0 or column[-1] != total or (np.diff(column) < least).any():
        raise BatchRefused(f"{name} must rise from 0 to {total} in {rows} rows, each at least {least} long")
