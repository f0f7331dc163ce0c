"""Puts one batch together from rows, copies and heads, and knows what may not be in one batch.

In: physical pages and slots in the order of the calls. Out: a `Batch`. Within a batch all copies come first, then all
rows at once (a row sees what other rows of the batch write), then all heads; so a call that must come after another
one of the same batch in any other way conflicts with it and waits for the next batch.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from pielang.server.wire.batch import F32, I32, Batch


class BatchBuilder:
    """Fills one batch; `room` is how many more tokens it takes. Slots of embeddings must be fresh in each batch."""

    def __init__(self, page_size: int, max_tokens: int, max_rows: int) -> None:
        self._page_size = page_size
        self.room = max_tokens
        self.rows_left = max_rows
        self.rows = 0
        self.token_count = 0
        self._copies: list[tuple[int, int, int]] = []
        self._tokens: list[I32] = []
        self._positions: list[I32] = []
        self._row_lengths: list[int] = []
        self._pages: list[I32] = []
        self._kv_lens: list[int] = []
        self._out_tokens: list[int] = []
        self._out_slots: list[int] = []
        self._dists: list[tuple[int, int]] = []
        self._samples: list[tuple[int, int, float, int, float, float, int, int]] = []
        self._copied_from: set[int] = set()
        self._copied_to: set[int] = set()
        self._extent: dict[int, int] = {}  # page -> end of what rows of this batch read or write in it

    @property
    def empty(self) -> bool:
        return not (self._copies or self._row_lengths or self._dists or self._samples)

    def add_copy(self, source: int, target: int, tokens: int) -> bool:
        """False when a row or copy of the batch touches the target, or writes the source."""
        taken = self._extent.keys() | self._copied_to
        if source in taken or target in taken or target in self._copied_from:
            return False
        self._copies.append((source, target, tokens))
        self._copied_from.add(source)
        self._copied_to.add(target)
        return True

    def fits(self, pages: I32, start: int, count: int) -> bool:
        """Whether a row that writes places `start` to `start + count` may be in the batch with the rows in it."""
        if not self._extent:
            return True
        size = self._page_size
        first, last = start // size, (start + count - 1) // size
        for index in range(first, last + 1):
            if self._extent.get(int(pages[index]), 0) > (start % size if index == first else 0):
                return False
        return True

    def add_row(self, pages: I32, start: int, tokens: I32, outputs: Sequence[int], alone: bool = False) -> None:
        """A row that `fits`: KV at places `start`.. of the page table, the last tokens' states to the slots `outputs`.

        `alone`: nobody writes to what it reads, so that need not be remembered.
        """
        count = len(tokens)
        size = self._page_size
        end = start + count
        used = pages[: (end + size - 1) // size]
        for index in range(start // size if alone else 0, len(used)):
            page = int(used[index])
            self._extent[page] = max(self._extent.get(page, 0), min(end - index * size, size))
        self._tokens.append(tokens)
        self._positions.append(np.arange(start, end, dtype=np.int32))
        self._row_lengths.append(count)
        self._pages.append(used)
        self._kv_lens.append(end)
        first = self.token_count + count - len(outputs)
        self._out_tokens.extend(range(first, first + len(outputs)))
        self._out_slots.extend(outputs)
        self.token_count += count
        self.room -= count
        self.rows += 1
        self.rows_left -= 1

    def add_dists(self, slots: Sequence[int], top_k: int) -> int:
        """The place of the first of these distributions in the result."""
        at = len(self._dists)
        self._dists.extend((slot, top_k) for slot in slots)
        return at

    def add_sample(
        self,
        slot: int,
        token_slot: int,
        temperature: float,
        top_k: int,
        top_p: float,
        min_p: float,
        seed: int,
        step: int,
    ) -> int:
        """The place of this sample in the result."""
        self._samples.append((slot, token_slot, temperature, top_k, top_p, min_p, seed, step))
        return len(self._samples) - 1

    def build(self, number: int) -> Batch:
        copies = np.array(self._copies, np.int32).reshape(-1, 3)
        dists = np.array(self._dists, np.int32).reshape(-1, 2)
        samples = list(zip(*self._samples)) or [()] * 8
        return Batch(
            id=number,
            copy_from=copies[:, 0].copy(),
            copy_to=copies[:, 1].copy(),
            copy_tokens=copies[:, 2].copy(),
            tokens=_joined(self._tokens),
            positions=_joined(self._positions),
            row_start=_starts(self._row_lengths),
            pages=_joined(self._pages),
            page_start=_starts([len(pages) for pages in self._pages]),
            kv_len=np.array(self._kv_lens, np.int32),
            out_token=np.array(self._out_tokens, np.int32),
            out_embed=np.array(self._out_slots, np.int32),
            dist_embed=dists[:, 0].copy(),
            dist_top_k=dists[:, 1].copy(),
            sample_embed=np.array(samples[0], np.int32),
            sample_slot=np.array(samples[1], np.int32),
            temperature=_floats(samples[2]),
            top_k=np.array(samples[3], np.int32),
            top_p=_floats(samples[4]),
            min_p=_floats(samples[5]),
            seed=np.array(samples[6], np.int64),
            step=np.array(samples[7], np.int64),
        )


def _joined(columns: list[I32]) -> I32:
    return np.concatenate(columns) if columns else np.zeros(0, np.int32)


def _starts(lengths: list[int]) -> I32:
    starts = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    return starts


def _floats(values: Sequence[float]) -> F32:
    return np.array(values, np.float32)
