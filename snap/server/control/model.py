"""A loaded model in the control layer: its process, its tokenizer, its pools and its scheduler.

In: an inference link. Out: what the calls of programs need of a model. Imported only when a model is used: numpy and
the tokenizer come with it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from pielang.api.errors import CallError, Status
from pielang.api.table import with_supertraits
from pielang.server.control.adapters import Adapter, Adapters
from pielang.server.control.batching import RowOptions
from pielang.server.control.loops import Loop, stop_bytes
from pielang.server.control.model_calls import ModelCalls
from pielang.server.control.queues import CommandQueue, Cuts, Enrol, Owner, hold, row_pages
from pielang.server.control.resources import Kind, PageRow
from pielang.server.control.scheduler import BatchSettings, Scheduler
from pielang.server.control.tokenizer import Tokenizer
from pielang.server.wire.batch import Batch, Done, ModelInfo

if TYPE_CHECKING:
    from pielang.server.control.grammars import Grammars


class Link(Protocol):
    """The way to an inference process (`server.wire.link.InferenceLink`, or a double in a test of faults)."""

    info: ModelInfo

    def send(self, batch: Batch, done: Done) -> None: ...
    async def close(self) -> None: ...


Lost = Callable[[Exception], None]
InferenceFactory = Callable[[Lost], Awaitable[Any]]
"""Starts an inference process and answers a `Link`; calls back once if it is lost later."""


class Model:
    """One per loaded model."""

    def __init__(
        self,
        link: Link,
        tokenizer: Tokenizer,
        settings: BatchSettings,
        guests: Callable[[], tuple[int, float]],
        adapters: Path | None = None,
    ) -> None:
        self.link = link
        self.info = link.info
        self.traits = with_supertraits(self.info.traits)
        self.tokenizer = tokenizer
        self.scheduler = Scheduler(self.info, link.send, settings, guests)
        self.adapters = Adapters(adapters, self.info.adapter_slots)
        self.calls = ModelCalls(self)
        self._vocabulary: tuple[bytes, list[int]] | None = None
        self._end_tokens = frozenset(self.info.end_tokens)

    @cached_property
    def grammars(self) -> Grammars:
        """Made when a program first has one: llguidance comes with it."""
        from pielang.server.control.grammars import Grammars

        return Grammars(self.info)

    def record(self) -> tuple[Any, ...]:
        """The values of `table.MODEL_INFO`."""
        info = self.info
        roles = [(role, form.prefix, form.suffix) for role, form in info.roles.items()]
        return (
            info.name, info.architecture, info.vocab_size, info.context_length, info.page_size, info.bos_token,
            info.end_tokens, list(self.traits), roles, info.default_system, info.opening, info.answer_prefix,
        )  # fmt: skip

    def token_bytes(self, token: int) -> bytes:
        """Bytes of a token; of a place in the vocabulary that no token has, none."""
        return self.tokenizer.token_bytes(token) if token < self.tokenizer.vocab_size else b""

    def enrol(self, ticket: int, queue: CommandQueue, cuts: Cuts, values: dict[str, Any]) -> Enrol:
        """The command that starts a loop by the arguments of `generate`. Raises CallError."""
        command = Enrol(ticket, lambda pages: self._make_loop(queue, pages, cuts, values))
        queue.owner.usage.charge("forwards")
        queue.owner.usage.charge("tokens", len(values["tokens"]) + max(values["max_tokens"], 0))
        handles = queue.owner.handles
        if values["grammar"]:
            values["grammar"] = handles.get(values["grammar"], Kind.GRAMMAR).text
        if values["adapter"]:
            values["adapter"] = RowOptions(adapter=handles.get(values["adapter"], Kind.ADAPTER).slot)
        end = self._begin(queue, values)
        hold(command, queue.owner, values["pages"], self.scheduler)
        if (slot := self.scheduler.prefixes.state(end)) >= 0:
            command.held_slots = values["end"] = [slot]
        return command

    def _begin(self, queue: CommandQueue, values: dict[str, Any]) -> bytes:
        """What of a prompt from place 0 on is in known pages already need not be run; what is run gets its own pages.

        Returns the key by which the state after the prompt may be known. Raises CallError.
        """
        scheduler, tokens, end = self.scheduler, values["tokens"], b""
        scheduler.check_tokens(tokens)
        values["known"], values["end"] = None, []
        if not values["kv_len"] and not values["adapter"]:
            values["known"] = list(tokens)
            values["kv_len"], end = scheduler.prefixes.adopt(queue.owner, values["pages"], tokens)
            values["tokens"] = tokens[values["kv_len"] :]
        count = len(values["tokens"]) + values["max_tokens"]
        scheduler.own(queue, values["pages"], values["kv_len"], count)
        return end

    def _make_loop(self, queue: CommandQueue, held: list[int], cuts: Cuts, values: dict[str, Any]) -> Loop:
        """A loop with references of its own to its pages. Raises CallError."""
        scheduler = self.scheduler
        prompt, kv_len, max_tokens = values["tokens"], values["kv_len"], values["max_tokens"]
        if not len(prompt) or max_tokens < 1:
            problem = "generate(): needs at least one token to go on from, and max_tokens of at least 1"
            raise CallError(Status.VALUE_ERROR, problem)
        cuts.check(self.info.vocab_size)
        scheduler.check_tokens(prompt)
        scheduler.check_tokens(values["before"])
        total = len(prompt) + max_tokens
        scheduler.check_row("generate()", len(held), kv_len, total)
        scheduler.check_writable("generate()", held, kv_len, total)
        scheduler.pages.check_written("generate()", PageRow(held, b""), kv_len, self.info.page_size)
        (token_slot,) = scheduler.token_slots.take(1)
        try:
            (embed_slot,) = scheduler.embeds.take(1)
        except CallError:
            scheduler.token_slots.give([token_slot])
            raise
        pages = scheduler.pages.row(held[: row_pages(kv_len + total, self.info.page_size)])
        known = values["known"]
        before = sorted({*values["before"], *(known or prompt)}) if cuts.penalised else ()
        if known is not None and not scheduler.claim(queue, pages.numbers):
            known = None
        end = values["end"]
        scheduler.embeds.share(end)
        if end:  # the rest of the prompt is run after the first token: till then nobody reads what is in its places
            scheduler.pages.unwrite(held[kv_len // self.info.page_size], 0)
            scheduler.look_again(queue.owner)
        if known is not None and not end and scheduler.embeds.free > scheduler.embeds.size // 2:
            end = scheduler.embeds.take(1)
        return Loop(
            queue=queue, pages=pages, kv_len=kv_len, prompt=list(prompt), max_tokens=max_tokens, cuts=cuts,
            stop_tokens=frozenset(values["stop_tokens"]), end_tokens=self._end_tokens,
            stop_strings=stop_bytes(values["stop_strings"]), token_bytes=self.token_bytes,
            token_slot=token_slot, embed_slot=embed_slot, end_slot=(end or [-1])[0], end_known=bool(values["end"]),
            grammar=values["grammar"] or b"",
            options=values["adapter"] or None,
            before=before, known=known,
        )  # fmt: skip

    def give_back(self, owner: Owner, kind: Kind, thing: Any) -> None:
        """Something of a program that has no handle any more."""
        match thing:
            case Loop():
                thing.stop()
                self.scheduler.retire(thing)
            case CommandQueue():
                self.scheduler.forget(thing)
            case Adapter():
                self.adapters.give_back(thing)
            case _ if kind is Kind.GRAMMAR:
                owner.usage.give("grammars")
            case _:
                self.scheduler.give_back(owner, kind, thing)

    def vocabulary(self) -> tuple[bytes, list[int]]:
        """The bytes of all tokens in a row, and how many each has."""
        if self._vocabulary is None:
            pieces = [self.token_bytes(token) for token in range(self.info.vocab_size)]
            self._vocabulary = b"".join(pieces), [len(piece) for piece in pieces]
        return self._vocabulary

    def status(self) -> dict[str, Any]:
        """Counts for people and tests."""
        scheduler, counters = self.scheduler, self.scheduler.counters
        return {
            "model": self.info.name,
            "pages_total": scheduler.pages.size,
            "pages_free": scheduler.pages.free,
            "pages_cached": len(scheduler.pages.kept),
            "tokens_reused": scheduler.prefixes.reused,
            "embeds_free": scheduler.embeds.free,
            "embeds_total": scheduler.embeds.size,
            "loops_free": scheduler.token_slots.free,
            "loops_total": scheduler.token_slots.size,
            "exports": len(scheduler.exports),
            "dropped_exports": scheduler.contention.dropped_exports,
            "gave_up": scheduler.contention.gave_up,
            "collections": scheduler.contention.collections,
            "host_pages_total": scheduler.pages.host,
            "host_pages_free": scheduler.pages.host_free,
            "saved_pages": scheduler.contention.saved_pages,
            "loaded_pages": scheduler.contention.loaded_pages,
            "suspended": len(scheduler.contention.suspended),
            "batches": counters.batches,
            "forward_batches": counters.forward_batches,
            "rows": counters.rows,
            "tokens": counters.tokens,
            "largest_rows": counters.largest_rows,
            "batch_rows": counters.batch_rows.counts(),
            "wait_ms": counters.wait_ms.counts(),
            "device_ms": round(counters.device_ms, 3),
        }
