"""Runs batches: checks their columns, then copies pages, computes the forward pass and the heads.

Comes in: a `Batch` off the wire. Goes out: a `Pending` whose `collect` waits for the device and gives the
`BatchResult`. On a GPU `launch` returns while the device still works, so that the next batch can be prepared
meanwhile.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pielang.server.inference.adapters import AdapterRefused
from pielang.server.inference.adjust import adjusted, changes_logits
from pielang.server.inference.checks import BatchRefused, Bounds, check
from pielang.server.inference.forward import BackEnd, ForwardPass
from pielang.server.inference.grammar import NOTHING_FORCED, Forced, Masks, Matchers
from pielang.server.inference.heads import Sampling, uniform
from pielang.server.inference.kv import KVCache
from pielang.server.inference.vision import ImageRefused, Vision
from pielang.server.wire.batch import Batch, BatchResult

_HEAD_ROWS = 256  # rows of logits computed at a time: they are large


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
    hidden: Tensor  # [H, hidden size]
    scores: Tensor
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
        beyond |= ~np.isfinite(probabilities[:, :1])  # no numbers: no tokens
        ids[beyond], probabilities[beyond] = -1, 0.0
        logprob = self.logprob.numpy().astype(np.float32)
        return BatchResult(
            id=self.id,
            dist_ids=ids,
            dist_probs=probabilities,
            sampled=np.where(np.isfinite(logprob), self.sampled.numpy(), -1).astype(np.int32),
            logprob=logprob,
            device_ms=device_ms,
            trouble=self.trouble,
            forced=self.forced.columns[0],
            forced_start=self.forced.columns[1],
            hidden=self.hidden.numpy(),
            scores=self.scores.numpy(),
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


class Executor:
    """The device's state (KV cache, output embeddings, sampled tokens) and what batches do to it."""

    def __init__(
        self,
        back_end: BackEnd,
        cache: KVCache,
        dtype: torch.dtype,
        embed_count: int,
        token_slots: int,
        matchers: Matchers | None = None,
        adapter_slots: int = 0,
        vision: Vision | None = None,
    ) -> None:
        self._model = model = back_end.model
        self._vision = vision
        self._matchers = matchers
        self._cache = cache
        self.device = cache.device
        # the last one is nobody's: rows that only fill up a batch write to it
        self._embeds = torch.zeros(embed_count + 1, model.config.hidden_size, dtype=dtype, device=cache.device)
        self._slots = torch.zeros(token_slots, dtype=torch.int64, device=cache.device)
        self._redraw = back_end.redraw
        self._forward = ForwardPass(back_end, cache, self._embeds, self._slots, adapter_slots)
        self._bounds = Bounds(
            pages=cache.page_count,
            host_pages=cache.host_pages,
            embeds=embed_count,
            slots=token_slots,
            vocabulary=model.config.vocab_size,
            context=model.config.context_length,
            image_embeds=0 if vision is None else vision.config.embeds,
            adapters=self._forward.adapters,
        )

    @torch.inference_mode()
    def launch(self, batch: Batch) -> Pending:
        """Run a batch, or on a GPU begin to. Raises `BatchRefused` before anything was changed."""
        check(batch, self._bounds)
        masks = self._matchers.prepare(batch) if self._matchers is not None else None
        span = Span(self.device)
        for index, slot in enumerate(batch.load_adapter):
            folder = batch.adapter_path[slice(*batch.adapter_start[index : index + 2])].tobytes().decode()
            try:
                self._forward.load_adapter(int(slot), folder)
            except AdapterRefused as error:
                raise BatchRefused(str(error)) from error
        if self._vision is not None:
            self._look(batch, self._vision)
        if len(batch.save_page):
            self._cache.save(batch.save_page, batch.save_host)
        if len(batch.load_page):
            self._cache.load(batch.load_host, batch.load_page)
        if len(batch.copy_from):
            self._cache.copy(batch.copy_from, batch.copy_to, batch.copy_tokens)
        scores, trouble = self._forward.run(batch) if len(batch.tokens) else (torch.empty(0), "")
        ids, probabilities = map(_to_host, self._distributions(batch))
        chosen = masks.result() if masks is not None else None
        sampled, logprob = map(_to_host, self._samples(batch, chosen))
        hidden = self._embeds.index_select(0, self._to_device(batch.read_embed)).float()
        hidden, scores = _to_host(hidden), _to_host(scores)
        span.end()

        def drawn() -> NDArray[np.int32]:
            span.wait()
            return sampled.numpy().astype(np.int32)

        forced = self._matchers.drawn(batch, drawn) if self._matchers is not None else NOTHING_FORCED
        if chosen is not None:
            trouble = trouble or next(iter(chosen.failed.values()), "")
        widths = batch.dist_top_k
        return Pending(batch.id, span, ids, probabilities, sampled, logprob, widths, hidden, scores, forced, trouble)

    def _look(self, batch: Batch, vision: Vision) -> None:
        """Embed the images of a batch."""
        for index in range(len(batch.image_start) - 1):
            file = batch.image[slice(*batch.image_start[index : index + 2])].tobytes()
            slots = batch.image_embed[slice(*batch.image_embed_start[index : index + 2])]
            try:
                self._embeds.index_copy_(0, self._to_device(slots), vision.embed(file))
            except ImageRefused as error:
                raise BatchRefused(str(error)) from error

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


def _to_host(result: Tensor) -> Tensor:
    """The result in host memory: at once on a CPU, from a GPU when the device gets there."""
    if result.device.type == "cpu":
        return result
    return torch.empty(result.shape, dtype=result.dtype, pin_memory=True).copy_(result, non_blocking=True)


def _parts(count: int) -> list[slice]:
    return [slice(start, start + _HEAD_ROWS) for start in range(0, count, _HEAD_ROWS)]
