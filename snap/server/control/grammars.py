"""The calls about grammars: compiled once, and followed for loops that programs write by hand.

In: sources, and the tokens of texts. Out: masks, and what must come next, as answers to calls. All of it is done in one
thread beside the event loop, as a grammar may take milliseconds; declared loops have their masks made where the tokens
are drawn (`server/inference/grammar.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pielang.api.errors import CallError, Status
from pielang.server.control.resources import Kind
from pielang.server.inference.grammar import GrammarRefused, Tokens, check

if TYPE_CHECKING:
    from llguidance import LLMatcher

    from pielang.server.control.queues import Owner
    from pielang.server.wire.batch import ModelInfo

KEPT = 256
"""Compiled grammars that are kept for whoever wants one of them again."""


class Grammar:
    """What a handle stands for: a grammar and a place in a text that follows it."""

    def __init__(self, text: str, matcher: LLMatcher) -> None:
        self.text = text.encode()
        self.matcher = matcher


class Grammars:
    """One per model."""

    def __init__(self, info: ModelInfo) -> None:
        self._tokens = Tokens(Path(info.path), info.vocab_size, info.end_tokens)
        self._worker = ThreadPoolExecutor(1, "pie-grammar")
        self._compiled: dict[tuple[str, str], tuple[str, LLMatcher]] = {}  # the last ones used last

    def compile(self, owner: Owner, ticket: int, kind: str, source: str) -> None:
        """Answer with a handle. Raises CallError (LIMIT_REACHED)."""
        owner.usage.check("grammar_bytes", len(source.encode()))

        def done(found: tuple[str, LLMatcher]) -> None:
            owner.usage.charge("grammars")
            owner.complete(ticket, scalar=owner.handles.add(Kind.GRAMMAR, Grammar(*found)))

        self._do(owner, ticket, "compile_grammar()", lambda: self._compile(kind, source), done)

    def _compile(self, kind: str, source: str) -> tuple[str, LLMatcher]:
        found = self._compiled.pop((kind, source), None) or self._tokens.compile(kind, source)
        self._compiled[kind, source] = found
        if len(self._compiled) > KEPT:
            del self._compiled[next(iter(self._compiled))]
        return found[0], found[1].deep_copy()

    def mask(self, owner: Owner, ticket: int, grammar: Grammar) -> None:
        """Answer with the tokens that may come next."""
        self._do(
            owner, ticket, "next_mask()", lambda: self._tokens.mask(grammar.matcher),
            lambda mask: owner.complete(ticket, mask),
        )  # fmt: skip

    def accept(self, owner: Owner, ticket: int, grammar: Grammar, tokens: Sequence[int]) -> None:
        """Answer with how many tokens were taken, whether the text may end, and what must come next."""

        def work() -> tuple[int, bool, list[int]]:
            matcher = grammar.matcher
            taken = matcher.try_consume_tokens(list(tokens))
            check(matcher)
            return taken, matcher.is_accepting(), [] if matcher.is_stopped() else matcher.compute_ff_tokens()

        self._do(owner, ticket, "accept()", work, lambda answer: owner.complete(ticket, answer))

    def _do(self, owner: Owner, ticket: int, what: str, work: Callable[[], Any], done: Callable[[Any], None]) -> None:
        """Work in the thread, then `done` here; what goes wrong is the call's error."""

        def arrived(future: asyncio.Future[Any]) -> None:
            error = None if future.cancelled() else future.exception()
            try:
                if error is not None:
                    status = Status.GRAMMAR_ERROR if isinstance(error, GrammarRefused) else Status.PIE_ERROR
                    raise CallError(status, f"{what}: {error}")
                if not future.cancelled():
                    done(future.result())
            except CallError as problem:
                owner.fail(ticket, problem)

        asyncio.get_running_loop().run_in_executor(self._worker, work).add_done_callback(arrived)

    def close(self) -> None:
        """Nothing more is answered."""
        self._worker.shutdown(wait=False, cancel_futures=True)
