"""Puts one batch together from rows, copies and heads, and knows what may not be in one batch.

In: physical pages and slots in the order of the calls. Out: a `Batch`. Within a batch all copies come first, then all
rows at once (a row sees what other rows of the batch write), then all heads; so a call that must come after another
one of the same batch in any other way conflicts with it and waits for the next batch.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pielang.server.control.resources import PageRow
from pielang.server.wire.batch import F32, I32, Batch


@dataclass(frozen=True, slots=True)
class RowOptions:
    """What few rows have."""

    positions: Sequence[int] | None = None  # None: the places
    at: Sequence[int] | None = None  # whose states the outputs take; None: those of the last tokens
    mask: bytes = b""
    adapter: int = -1
    scores: bool = False
    images: Sequence[tuple[int, int]] = ()  # (token of the row, slot that an image has filled)


@dataclass(frozen=True, slots=True)
class SampleOptions:
    """What few samples have."""

    repetition: float = 1.0
    presence: float = 0.0
    frequency: float = 0.0
    bias_tokens: Sequence[int] = ()
    bias: Sequence[float] = ()
    before: Sequence[int] = ()  # tokens, for the penalties
    made: Sequence[int] = ()  # those made by the model, or -(slot + 1)
    allowed: bytes = b""
    matcher: int = -1
    forced: Sequence[int] = ()


_SAMPLE_COLUMNS = (
    ("sample_embed", np.int32), ("sample_slot", np.int32), ("temperature", np.float32), ("top_k", np.int32),
    ("top_p", np.float32), ("min_p", np.float32), ("seed", np.int64), ("step", np.int64),
)  # fmt: skip


class BatchBuilder:
    """Fills one batch; `room` is how many more tokens it takes. Slots of embeddings must be fresh in each batch."""

    def __init__(self, page_size: int, max_tokens: int, max_rows: int) -> None:
        self.page_size = page_size
        self.room = max_tokens
        self.rows_left = max_rows
        self.rows = 0
        self.token_count = 0
        self.copies: list[tuple[int, int, int]] = []  # (source, target, tokens)
        # columns grow as arrays of machine numbers, so that a batch is built without a look at its rows
        self._tokens = array("i")
        self._positions = array("i")
        self._row_start = array("i", [0])
        self._pages = array("i")
        self._page_start = array("i", [0])
        self._kv_lens = array("i")
        self._out_tokens = array("i")
        self._out_slots = array("i")
        self._dist_slots = array("i")
        self._dist_top_k = array("i")
        self._samples: list[tuple[int, int, float, int, float, float, int, int]] = []
        self._row_options: dict[int, RowOptions] = {}
        self._hidden: dict[int, list[int]] = {}  # row -> for each page the bits of entries that are not seen
        self._sample_options: dict[int, SampleOptions] = {}
        self._reads: list[int] = []
        self.saves: Sequence[tuple[int, int]] = ()
        self.loads: Sequence[tuple[int, int]] = ()
        self._grammars: list[tuple[int, bytes]] = []
        self._alone: dict[str, NDArray[Any]] = {}
        self._copied_from: set[int] = set()
        self._copied_to: set[int] = set()
        self._whole: set[int] = set()  # pages that rows of this batch read or write to the end
        self._extent: dict[int, int] = {}  # other pages, and the end of what rows read or write in them

    @property
    def empty(self) -> bool:
        busy = self.copies or self.rows or self._dist_slots or self._samples or self._reads or self._alone
        return not (busy or self.saves or self.loads)

    @property
    def sealed(self) -> bool:
        """Nothing more may be added."""
        return bool(self._alone)

    def add_alone(self, **columns: NDArray[Any]) -> bool:
        """Work that gets a batch to itself, because it may fail in ways of its own. False when there is other work."""
        if not self.empty:
            return False
        self._alone = columns
        return True

    def add_copy(self, source: int, target: int, tokens: int) -> bool:
        """False when a row or copy of the batch touches the target, or writes the source."""
        taken = self._extent.keys() | self._whole | self._copied_to
        if source in taken or target in taken or target in self._copied_from:
            return False
        self.copies.append((source, target, tokens))
        self._copied_from.add(source)
        self._copied_to.add(target)
        return True

    def fits(self, pages: PageRow, start: int, count: int) -> bool:
        """Whether a row that writes places `start` to `start + count` may be in the batch with the rows in it."""
        first, within = divmod(start, self.page_size)
        for page in pages.numbers[first : (start + count - 1) // self.page_size + 1]:
            if page in self._whole or self._extent.get(page, 0) > within:
                return False
            within = 0
        return True

    def add_row(
        self,
        pages: PageRow,
        start: int,
        tokens: Sequence[int],
        outputs: Sequence[int],
        alone: bool = False,
        hidden: Mapping[int, int] | None = None,
        options: RowOptions | None = None,
    ) -> None:
        """A row that `fits`: KV at places `start`.. of the page table, the last tokens' states to the slots `outputs`.

        `alone`: nobody writes to what it reads, so that need not be remembered. `hidden`: of pages, what is not seen.
        """
        count = len(tokens)
        end = start + count
        whole, rest = divmod(end, self.page_size)
        used = whole + (rest > 0)
        self._whole.update(pages.numbers[start // self.page_size if alone else 0 : whole])
        if rest:
            page = pages.numbers[whole]
            self._extent[page] = max(self._extent.get(page, 0), rest)
        if hidden:
            bits = [hidden.get(page, 0) for page in pages.numbers[:used]]
            if any(bits):
                self._hidden[self.rows] = bits
        self._tokens.extend(tokens)
        positions: Sequence[int] = range(start, end)
        at: Sequence[int] = range(count - len(outputs), count)
        if options is not None:
            self._row_options[self.rows] = options
            positions = positions if options.positions is None else options.positions
            at = at if options.at is None else options.at
        self._positions.extend(positions)
        self._pages.frombytes(pages.packed[: 4 * used])
        self._page_start.append(len(self._pages))
        self._kv_lens.append(end)
        for index in at:
            self._out_tokens.append(self.token_count + index)
        self._out_slots.extend(outputs)
        self.token_count += count
        self._row_start.append(self.token_count)
        self.room -= count
        self.rows += 1
        self.rows_left -= 1

    def add_dists(self, slots: Sequence[int], top_k: int) -> int:
        """The place of the first of these distributions in the result."""
        at = len(self._dist_slots)
        self._dist_slots.extend(slots)
        self._dist_top_k.extend([top_k] * len(slots))
        return at

    def add_reads(self, slots: Sequence[int]) -> int:
        """The place of the first of these hidden states in the result."""
        self._reads.extend(slots)
        return len(self._reads) - len(slots)

    def add_moves(self, saves: Sequence[tuple[int, int]], loads: Sequence[tuple[int, int]]) -> None:
        """Pages to host memory, as (page, host page), and after that back, as (host page, page)."""
        self.saves, self.loads = saves, loads

    def add_grammar(self, slot: int, grammar: bytes) -> None:
        """Samples of the token slot follow this from now on, or nothing when it is empty."""
        self._grammars.append((slot, grammar))

    def row_places(self) -> Iterator[tuple[list[int], int, int]]:
        """Of all rows in order: the pages, and from which place to which end it writes them."""
        for row in range(self.rows):
            end, pages = self._kv_lens[row], self._pages[self._page_start[row] : self._page_start[row + 1]]
            yield pages.tolist(), end - (self._row_start[row + 1] - self._row_start[row]), end

    @property
    def filled(self) -> list[int]:
        """Slots of embeddings that the batch fills."""
        return [*self._out_slots, *self._alone.get("image_embed", ())]

    def scores_before(self) -> int:
        """Attention scores in the result that belong to the rows so far."""
        return sum(self._kv_lens[row] for row, options in self._row_options.items() if options.scores)

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
        options: SampleOptions | None = None,
    ) -> int:
        """The place of this sample in the result."""
        if options is not None:
            self._sample_options[len(self._samples)] = options
        self._samples.append((slot, token_slot, temperature, top_k, top_p, min_p, seed, step))
        return len(self._samples) - 1

    def build(self, number: int) -> Batch:
        columns: dict[str, NDArray[Any]] = dict(self._alone)
        if self.copies:
            columns["copy_from"], columns["copy_to"], columns["copy_tokens"] = np.array(self.copies, np.int32).T
        if self.rows:
            columns |= {
                "tokens": np.frombuffer(self._tokens, np.int32),
                "positions": np.frombuffer(self._positions, np.int32),
                "row_start": np.frombuffer(self._row_start, np.int32),
                "pages": np.frombuffer(self._pages, np.int32),
                "page_start": np.frombuffer(self._page_start, np.int32),
                "kv_len": np.frombuffer(self._kv_lens, np.int32),
                "out_token": np.frombuffer(self._out_tokens, np.int32),
                "out_embed": np.frombuffer(self._out_slots, np.int32),
            }
        if self._dist_slots:
            columns["dist_embed"] = np.frombuffer(self._dist_slots, np.int32)
            columns["dist_top_k"] = np.frombuffer(self._dist_top_k, np.int32)
        if self._samples:
            columns |= {name: np.array(c, t) for (name, t), c in zip(_SAMPLE_COLUMNS, zip(*self._samples))}
        if self._reads:
            columns["read_embed"] = np.array(self._reads, np.int32)
        if self.saves:
            columns["save_page"], columns["save_host"] = np.array(self.saves, np.int32).T
        if self.loads:
            columns["load_host"], columns["load_page"] = np.array(self.loads, np.int32).T
        if self._grammars:
            columns |= self._grammar_columns()
        if self._row_options or self._hidden:
            columns |= self._row_columns()
        if self._sample_options:
            columns |= self._sample_columns()
        return Batch(number, **columns)

    def _row_columns(self) -> dict[str, Any]:
        plain = RowOptions()
        rows = [self._row_options.get(row, plain) for row in range(self.rows)]
        images = [(start + token, slot) for start, row in zip(self._row_start, rows) for token, slot in row.images]
        columns: dict[str, Any] = {
            "in_token": np.array([token for token, _ in images], np.int32),
            "in_embed": np.array([slot for _, slot in images], np.int32),
            "score_row": np.array([number for number, row in enumerate(rows) if row.scores], np.int32),
        }
        if self._hidden:
            lengths = np.diff(self._page_start).tolist()
            bits = [self._hidden.get(row, [0] * length) for row, length in enumerate(lengths)]
            columns["hidden"] = np.concatenate(bits).astype(np.int32)
        if any(row.mask for row in rows):
            columns["mask"], columns["mask_start"] = ragged([row.mask for row in rows], np.uint8)
        if any(row.adapter >= 0 for row in rows):
            columns["adapter"] = np.array([row.adapter for row in rows], np.int32)
        return columns

    def _grammar_columns(self) -> dict[str, Any]:
        texts, starts = ragged([grammar for _, grammar in self._grammars], np.uint8)
        slots = np.array([slot for slot, _ in self._grammars], np.int32)
        return {"grammar_slot": slots, "grammar": texts, "grammar_start": starts}

    def _sample_columns(self) -> dict[str, Any]:
        plain = SampleOptions()
        samples = [self._sample_options.get(place, plain) for place in range(len(self._samples))]
        columns: dict[str, Any] = {}
        if any(sample.repetition != 1 or sample.presence or sample.frequency for sample in samples):
            columns["repetition"] = _floats([sample.repetition for sample in samples])
            columns["presence"] = _floats([sample.presence for sample in samples])
            columns["frequency"] = _floats([sample.frequency for sample in samples])
            columns["seen"], columns["seen_start"] = ragged([[*s.before, *s.made] for s in samples], np.int32)
            columns["seen_made"], _ = ragged([[0] * len(s.before) + [1] * len(s.made) for s in samples], np.uint8)
        if any(len(sample.bias_tokens) for sample in samples):
            columns["bias_token"], columns["bias_start"] = ragged([sample.bias_tokens for sample in samples], np.int32)
            columns["bias"], _ = ragged([sample.bias for sample in samples], np.float32)
        if any(sample.allowed for sample in samples):
            columns["allowed"], columns["allowed_start"] = ragged([sample.allowed for sample in samples], np.uint8)
        if any(sample.matcher >= 0 for sample in samples):
            columns["matcher"] = np.array([sample.matcher for sample in samples], np.int32)
            columns["forced"], columns["forced_start"] = ragged([sample.forced for sample in samples], np.int32)
        return columns


def ragged(parts: Sequence[Sequence[int] | Sequence[float] | bytes], dtype: type[np.generic]) -> tuple[Any, I32]:
    """The parts in a row, and the bounds of each."""
    columns = [np.frombuffer(p, dtype) if isinstance(p, bytes) else np.asarray(p).astype(dtype) for p in parts]
    return np.concatenate(columns), _starts([len(column) for column in columns])


def _starts(lengths: list[int]) -> I32:
    starts = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=starts[1:])
    return starts


def _floats(values: Sequence[float]) -> F32:
    return np.array(values, np.float32)
