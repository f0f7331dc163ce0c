"""Grammars: which tokens may come next in a text that follows one. Built on llguidance; no torch here.

In: grammars in their written forms, and the tokens of a text. Out: bit masks over the vocabulary and tokens that must
come next. The control layer compiles (`Tokens.compile`) and answers the calls of hand-written loops; the process that
draws tokens keeps one matcher for each declared loop (`Matchers`), so that its masks are made while the model runs.

Every step is bounded: LIMITS makes llguidance give up on a grammar, or a place in a text, that would take too long.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from llguidance import LLMatcher, LLParserLimits, LLTokenizer
from llguidance.gbnf_to_lark import any_to_lark
from numpy.typing import NDArray

from pielang.server.wire.batch import I32, U8, Batch

KEPT = 64
"""Compiled grammars that are kept for the next loop that wants one of them."""
KINDS = ("json", "regex", "lark", "ebnf")
LIMITS = LLParserLimits(
    initial_lexer_fuel=1_000_000,  # some 20 ms
    step_lexer_fuel=200_000,  # 15 ms
    step_max_items=50_000,  # 3 ms
    max_lexer_states=50_000,  # 100 MB
    max_grammar_size=100_000,
    verbose_errors=False,
)


class GrammarRefused(Exception):
    """A grammar that cannot be followed: it is wrong, or takes too much time or memory. The message says which."""


class Tokens:
    """What grammars need of a model: made when first used, which takes most of a second."""

    def __init__(
        self, folder: Path, vocab_size: int, end_tokens: Sequence[int], limits: LLParserLimits = LIMITS
    ) -> None:
        self._limits = limits
        self.vocab_size = vocab_size
        self.mask_bytes = (vocab_size + 7) // 8
        self._folder, self._end_tokens = folder, list(end_tokens)

    @cached_property
    def _tokenizer(self) -> LLTokenizer:
        return LLTokenizer(str(self._folder / "tokenizer.json"), self.vocab_size, self._end_tokens)

    def compile(self, kind: str, source: str) -> tuple[str, LLMatcher]:
        """The grammar's exchange form, and a matcher at its beginning. Raises GrammarRefused."""
        try:
            match kind:
                case "json":
                    text = LLMatcher.grammar_from_json_schema(source, overrides={"whitespace_flexible": False})
                case "regex":
                    text = LLMatcher.grammar_from_regex(source)
                case "lark":
                    text = LLMatcher.grammar_from_lark(source)
                case "ebnf":
                    text = LLMatcher.grammar_from_lark(_lark_of(source))
                case _:
                    raise GrammarRefused(f"there is no kind of grammar '{kind}'; there are: {', '.join(KINDS)}")
        except ValueError as error:  # not JSON; not EBNF
            raise GrammarRefused(f"the {kind} grammar cannot be read: {error}") from error
        return text, self.matcher(text)

    def matcher(self, text: str) -> LLMatcher:
        """At the beginning of a grammar in its exchange form. Raises GrammarRefused."""
        matcher = LLMatcher(self._tokenizer, text, log_level=0, limits=self._limits)
        check(matcher)
        return matcher

    def mask(self, matcher: LLMatcher) -> bytes:
        """The tokens that may come next, a bit each; at the text's end the end tokens. Raises GrammarRefused."""
        bits = matcher.compute_bitmask()
        check(matcher)
        return bits[: self.mask_bytes]


def _lark_of(source: str) -> str:
    """GBNF as Lark. Raises ValueError."""
    try:
        return any_to_lark(source)
    except Exception as error:  # the translator raises plain Exception
        raise ValueError(str(error)) from error


def check(matcher: LLMatcher) -> None:
    """Raises GrammarRefused when it is of no use any more."""
    if matcher.is_error():
        raise GrammarRefused(matcher.get_error().strip() or "the grammar is too complex here")


@dataclass(frozen=True, slots=True)
class Masks:
    """What the samples of one batch may be: S rows of bits, and why some of them have none."""

    bits: U8  # [S, mask bytes]
    failed: dict[int, str]


class Forced:
    """What must follow the tokens that a batch draws. Asked for twice, it goes on in the texts once."""

    def __init__(self, take: Callable[[], tuple[I32, I32]]) -> None:
        self._take = take

    @cached_property
    def columns(self) -> tuple[I32, I32]:
        """The tokens in a row, and the bounds of each sample's. Waits for the tokens drawn."""
        return self._take()


NOTHING_FORCED = Forced(lambda: (np.zeros(0, np.int32), np.zeros(0, np.int32)))


class Matchers:
    """The grammars of the loops whose tokens a device draws, by token slot. The work is done in a thread of its own."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens
        self._compiled: dict[bytes, LLMatcher] = {}  # at their beginnings; the last ones used
        self._following: dict[int, LLMatcher | str] = {}  # or why there is none
        self._before: Forced | None = None  # of the batch before
        self._worker = ThreadPoolExecutor(1, "grammar")

    def prepare(self, batch: Batch) -> Future[Masks] | None:
        """Begin to work out the masks of a batch's samples; None when nothing restricts them."""
        if not (len(batch.matcher) or len(batch.allowed_start) or len(batch.grammar_slot)):
            return None
        return self._worker.submit(self._masks, batch, self._before)

    def drawn(self, batch: Batch, sampled: Callable[[], I32]) -> Forced:
        """What follows from the batch's tokens, which `sampled` waits for."""
        if not len(batch.matcher):
            return NOTHING_FORCED
        self._before = Forced(lambda: self._go_on(batch, sampled()))
        return self._before

    def _masks(self, batch: Batch, before: Forced | None) -> Masks:
        if before is not None:
            _ = before.columns
        self._begin(batch)
        bits = np.full((len(batch.sample_embed), self._tokens.mask_bytes), 0xFF, np.uint8)
        failed: dict[int, str] = {}
        for place in range(len(bits)):
            if len(given := _part(batch.allowed, batch.allowed_start, place)):
                bits[place] = given
            if not len(batch.matcher) or batch.matcher[place] < 0:
                continue
            matcher = self._following.get(int(batch.matcher[place]), "it has no grammar")
            try:
                if isinstance(matcher, str):
                    raise GrammarRefused(matcher)
                matcher.consume_tokens(_part(batch.forced, batch.forced_start, place).tolist())
                bits[place] &= np.frombuffer(self._tokens.mask(matcher), np.uint8)
            except GrammarRefused as error:
                failed[place] = str(error)
        return Masks(bits, failed)

    def _begin(self, batch: Batch) -> None:
        """Take the batch's new grammars, and forget those whose loops are over."""
        for place, slot in enumerate(batch.grammar_slot.tolist()):
            self._following.pop(slot, None)
            text = _part(batch.grammar, batch.grammar_start, place).tobytes()
            if not text:
                continue
            try:
                compiled = self._compiled.pop(text, None) or self._tokens.matcher(text.decode())
                self._following[slot] = compiled.deep_copy()
            except GrammarRefused as error:
                self._following[slot] = str(error)
                continue
            self._compiled[text] = compiled
            if len(self._compiled) > KEPT:
                del self._compiled[next(iter(self._compiled))]

    def _go_on(self, batch: Batch, sampled: I32) -> tuple[I32, I32]:
        forced: list[int] = []
        starts = [0]
        for token, slot in zip(sampled.tolist(), batch.matcher.tolist(), strict=True):
            matcher = self._following.get(slot)
            if slot >= 0 and token >= 0 and isinstance(matcher, LLMatcher) and not matcher.is_stopped():
                matcher.consume_token(token)
                forced += [] if matcher.is_stopped() else matcher.compute_ff_tokens()
            starts.append(len(forced))
        return np.array(forced, np.int32), np.array(starts, np.int32)


def _part(column: NDArray[Any], starts: I32, place: int) -> NDArray[Any]:
    return column[starts[place] : starts[place + 1]] if len(starts) else column[:0]
