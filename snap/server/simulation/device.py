"""A simulated device: deterministic tokens, and the time a batch would take on named hardware.

In: a `Batch`. Out: its `BatchResult`, and how long the device would have been busy.

Text: a Markov chain over words of a real tokenizer. Which tokens may follow depends on the last token alone, so that
the same prompt goes on in the same way whatever else is in a batch. Time: the larger of what memory and arithmetic
need, and a fixed cost a step. Of the KV cache only the tokens are kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pielang.server.inference.config import PAGE_SIZE
from pielang.server.inference.grammar import Masks, Matchers, Tokens
from pielang.server.wire.batch import Batch, BatchResult

FOLLOWERS = 32
"""Tokens that may follow one."""

U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Hardware:
    """A model on a device. Time of a step with N tokens of which rows see K tokens in all:

    step_seconds + max((weight_bytes + K * kv_bytes) / bandwidth, 2 * parameters * N / flops)
    """

    parameters: float
    weight_bytes: float
    kv_bytes: float  # a token
    bandwidth: float  # bytes a second
    flops: float  # a second, as reached by large matrix products
    step_seconds: float
    page_count: int
    context_length: int = 8192
    host_bandwidth: float = 20e9  # bytes a second between the device and host memory

    def seconds(self, tokens: int, seen: int) -> float:
        """Time of a step."""
        memory = (self.weight_bytes + seen * self.kv_bytes) / self.bandwidth
        return self.step_seconds + max(memory, 2 * self.parameters * tokens / self.flops)


HARDWARE = {
    # bf16 Llama 3.2 1B and Llama 3 8B on a card with 300 GB/s and 60 Tflop/s reached, 22 GB for weights and cache
    "llama-1b": Hardware(1.24e9, 2.48e9, 32_768, 300e9, 60e12, 0.0005, 36_000),
    "llama-8b": Hardware(8.03e9, 16.1e9, 131_072, 300e9, 60e12, 0.0008, 2_400),
    # nothing costs anything: what remains is our own time
    "instant": Hardware(1, 1, 1, 1e12, 1e12, 0.0, 36_000),
}


class Simulated:
    """The state of the device: tokens in pages, last tokens in embedding slots, sampled tokens in token slots."""

    def __init__(
        self,
        hardware: Hardware,
        words: I64,
        end_token: int,
        page_count: int,
        embed_count: int,
        token_slots: int,
        host_pages: int,
        tokens: Tokens,
    ) -> None:
        self.hardware = hardware
        self._matchers = Matchers(tokens)
        self._vocab_size = tokens.vocab_size
        self._host = np.full((host_pages, PAGE_SIZE), -1, np.int64)
        self._words = words
        self._end_token = end_token
        self._pages = np.full((page_count, PAGE_SIZE), -1, np.int64)
        self._embeds = np.full(embed_count, -1, np.int64)
        self._slots = np.full(token_slots, -1, np.int64)

    def run(self, batch: Batch) -> tuple[BatchResult, float]:
        """The outcome of a batch and the seconds that the device is busy with it."""
        self._host[batch.save_host] = self._pages[batch.save_page]
        self._pages[batch.load_page] = self._host[batch.load_host]
        moved = (len(batch.save_page) + len(batch.load_page)) * PAGE_SIZE * self.hardware.kv_bytes
        copies = [self._pages[source, :count].copy() for source, count in zip(batch.copy_from, batch.copy_tokens)]
        for target, content in zip(batch.copy_to, copies):
            self._pages[target, : len(content)] = content
        seconds = moved / self.hardware.host_bandwidth
        if len(batch.tokens):
            tokens = batch.tokens.astype(np.int64)
            known = tokens >= 0
            tokens[~known] = self._slots[-tokens[~known] - 1]
            lengths = np.diff(batch.row_start)
            places = np.arange(len(tokens)) + np.repeat(batch.kv_len - batch.row_start[1:], lengths)
            table = np.repeat(batch.page_start[:-1], lengths) + places // PAGE_SIZE
            self._pages[batch.pages[table], places % PAGE_SIZE] = tokens
            self._embeds[batch.out_embed] = tokens[batch.out_token]
            seconds += self.hardware.seconds(len(tokens), int(batch.kv_len.sum()))
        width = int(batch.dist_top_k.max(initial=0))
        ids = np.full((len(batch.dist_embed), width), -1, np.int32)
        probabilities = np.zeros((len(batch.dist_embed), width), np.float32)
        count = min(width, FOLLOWERS)
        followers, chances = self._next(self._embeds[batch.dist_embed])
        inside = np.arange(count) < batch.dist_top_k[:, None]
        ids[:, :count] = np.where(inside, followers[:, :count], -1)
        probabilities[:, :count] = np.where(inside, chances[:, :count], 0)
        preparing = self._matchers.prepare(batch)
        masks = preparing.result() if preparing is not None else None
        sampled, logprob = self._sample(batch, masks) if len(batch.sample_embed) else (batch.top_k, batch.top_p)
        sampled[list(masks.failed) if masks is not None else []] = -1
        forced = self._matchers.drawn(batch, lambda: sampled).columns
        kept = batch.sample_slot >= 0
        self._slots[batch.sample_slot[kept]] = sampled[kept]
        trouble = next(iter(masks.failed.values()), "") if masks is not None else ""
        result = BatchResult(
            batch.id, ids, probabilities, sampled, logprob, seconds * 1000, None, trouble, *forced,
            scores=np.concatenate([np.full(length, 1 / length, np.float32) for length in batch.kv_len[batch.score_row]])
            if len(batch.score_row) else batch.bias,
            hidden=self._embeds[batch.read_embed].astype(np.float32)[:, None],
        )  # fmt: skip
        return result, seconds

    def _next(self, last: I64) -> tuple[I64, NDArray[np.float32]]:
        """For each of [R] tokens what may follow it, likeliest first: [R, FOLLOWERS] ids and probabilities."""
        places = np.arange(FOLLOWERS, dtype=np.uint64)
        mixed = _mix(last.astype(np.uint64)[:, None] * np.uint64(FOLLOWERS) + places)
        # one stretch of the words for each place, so that no token stands in a row twice
        stretch = np.uint64(len(self._words) // FOLLOWERS)
        followers = self._words[(mixed % stretch + places * stretch).astype(np.int64)]
        order = np.argsort(_mix(mixed), axis=1, kind="stable")
        followers = np.take_along_axis(followers, order, axis=1)
        # after one token in sixteen the text may well be over
        ends = _mix(last.astype(np.uint64)) % np.uint64(16) == 0
        followers[ends, 1] = self._end_token
        chances = 1 / np.arange(1, FOLLOWERS + 1, dtype=np.float32)
        chances /= chances.sum()
        return followers, np.broadcast_to(chances, followers.shape)

    def _sample(self, batch: Batch, masks: Masks | None) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        followers, chances = self._next(self._embeds[batch.sample_embed])
        if masks is not None or len(batch.seen_start) or len(batch.bias_start):
            followers, chances = self._changed(batch, masks, followers, chances)
        heat = batch.temperature[:, None]
        weights = np.where(heat > 0, chances ** (1 / np.maximum(heat, 1e-3)), chances)
        weights = weights / weights.sum(1, keepdims=True)
        top_k = np.where(batch.top_k > 0, batch.top_k, FOLLOWERS)[:, None]
        before = np.cumsum(weights, 1) - weights
        kept = (np.arange(FOLLOWERS) < top_k) & (before < batch.top_p[:, None])
        kept &= weights >= batch.min_p[:, None] * weights[:, :1]
        kept[:, 0] = True
        kept[:, 1:] &= heat > 0
        weights = np.where(kept, weights, 0)
        weights = np.cumsum(weights / weights.sum(1, keepdims=True), 1)
        draws = _mix(_mix(batch.seed.astype(np.uint64)) + batch.step.astype(np.uint64)) / np.float64(1 << 64)
        chosen = np.minimum((weights <= draws[:, None]).sum(1), kept.sum(1) - 1)
        rows = np.arange(len(chosen))
        return followers[rows, chosen].astype(np.int32), np.log(chances[rows, chosen]).astype(np.float32)

    def _changed(
        self, batch: Batch, masks: Masks | None, followers: I64, chances: NDArray[np.float32]
    ) -> tuple[I64, NDArray[np.float32]]:
        """The same with penalties, bias and masks; any other token of the vocabulary is very unlikely to begin with."""
        rows = np.arange(len(followers))
        logits = np.full((len(followers), self._vocab_size), -20, np.float32)
        np.put_along_axis(logits, followers, np.log(chances), axis=1)
        if len(batch.seen_start):
            row = np.repeat(rows, np.diff(batch.seen_start))
            tokens = np.where(batch.seen < 0, self._slots[-batch.seen - 1], batch.seen)
            counts = np.zeros_like(logits)
            np.add.at(counts, (row, tokens), batch.seen_made)
            logits[row, tokens] *= batch.repetition[row]  # they are all below 0
            logits -= batch.frequency[:, None] * counts + batch.presence[:, None] * (counts > 0)
        if len(batch.bias_start):
            np.add.at(logits, (np.repeat(rows, np.diff(batch.bias_start)), batch.bias_token), batch.bias)
        if masks is not None:
            allowed = np.unpackbits(masks.bits, axis=1, count=self._vocab_size, bitorder="little")
            logits[allowed == 0] = -np.inf
        best = np.argsort(-logits, axis=1, kind="stable")[:, :FOLLOWERS]
        chosen = np.exp(np.take_along_axis(logits, best, axis=1))
        return best, chosen / chosen.sum(1, keepdims=True)


def _mix(values: U64) -> U64:
    """A good hash of 64-bit numbers (the finaliser of splitmix64)."""
    with np.errstate(over="ignore"):
        values = values + np.uint64(0x9E3779B97F4A7C15)
        values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return values ^ (values >> np.uint64(31))
