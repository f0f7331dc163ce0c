"""Declared generate loops: enrolled once, stepped without the guest.

In: a prompt, its pages and how to draw and stop. Out: tokens, as the program asks for them. The row of the next step is
sent before the last token is known (it names the slot the token will be in), so the device never waits for a loop; a
token that turns out not to be wanted is dropped, and what it left in the pages lies behind the sequence's end.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pielang.api.errors import CallError
from pielang.server.control.batching import RowOptions, SampleOptions
from pielang.server.control.queues import Assembly, CommandQueue, Cuts, Owner, chunk
from pielang.server.control.resources import PageRow

AHEAD = 2
"""Steps of a loop that may be on their way at once."""


@dataclass(slots=True, eq=False)
class Loop:
    queue: CommandQueue
    pages: PageRow
    kv_len: int  # tokens in the pages before the prompt
    prompt: Sequence[int]
    max_tokens: int
    cuts: Cuts
    stop_tokens: frozenset[int]
    end_tokens: frozenset[int]
    stop_strings: tuple[bytes, ...]
    token_bytes: Callable[[int], bytes]
    token_slot: int
    embed_slot: int
    end_slot: int = -1  # for the state after the prompt, which is kept (`prefixes`); below 0: there is none
    end_known: bool = False  # that state is there already
    handle: int = 0
    line: str = ""  # call and line that it comes from, for the trace
    placed: int = 0  # tokens of the prompt that are in batches
    grammar: bytes = b""  # what the device is told of it, once
    options: RowOptions | None = None
    known: list[int] | None = None  # all tokens from place 0 on, where its pages are claimed (`prefixes`)
    before: Sequence[int] = ()  # tokens for the penalties, the prompt among them
    issued: int = 0  # tokens drawn by steps sent, or forced in their rows
    received: int = 0
    last_batch: int = -1
    finish_reason: str = ""
    error: CallError | None = None
    retired: bool = False
    _tokens: list[int] = field(default_factory=list)  # not asked for yet
    _logprobs: list[float] = field(default_factory=list)
    _steps: deque[Sequence[int]] = field(default_factory=deque)  # on their way: forced tokens of their rows
    _tail: Sequence[int] = ()  # of the prompt: the first token was drawn without these, and the next row begins so
    _forced: Sequence[int] = ()  # tokens that the grammar wants after those issued
    _certain: bool = False  # the next outcome is what the grammar wants, whatever the model thinks
    _made: list[int] = field(default_factory=list)  # for the penalties
    _text: bytearray = field(default_factory=bytearray)
    _waiter: tuple[Owner, int, int] | None = None  # program, ticket, tokens wanted

    @property
    def over(self) -> bool:
        """Whether nothing comes any more, and the pages hold all tokens but the last."""
        return self.error is not None or (bool(self.finish_reason) and not self._tail)

    @property
    def ready(self) -> bool:
        """Whether a step could be sent now."""
        wanted = not self.over and self.issued < self.max_tokens and len(self._steps) < AHEAD
        return wanted or (bool(self._tail) and self.error is None)

    @property
    def decoding(self) -> bool:
        return self.placed == len(self.prompt)

    def place(self, assembly: Assembly, hidden: Callable[[PageRow, int, int], Mapping[int, int]]) -> bool:
        """Put the next step, or as much of the prompt as there is room for, in the batch; False if it has no room."""
        builder = assembly.builder
        if self.end_known and not self.placed:
            self._draw(assembly, self.end_slot, ())
            self.placed, self._tail = len(self.prompt), self.prompt
            return True
        draws = self.issued < self.max_tokens and not self.finish_reason
        forced: Sequence[int] = ()
        if self.decoding:
            start = self.kv_len + len(self.prompt) + self.issued - 1 - len(self._tail)
            if self._forced:
                forced = self._forced[: min(self.max_tokens - self.issued, builder.room - len(self._tail)) - 1]
            row: Sequence[int] = [*self._tail, *([-(self.token_slot + 1), *forced] if draws else ())]
        else:
            start = self.kv_len + self.placed
            row = self.prompt[self.placed : self.placed + chunk(builder, len(self.prompt) - self.placed)]
        if not 0 < len(row) <= builder.room or not builder.rows_left or not builder.fits(self.pages, start, len(row)):
            return False
        first = not self.decoding
        if first or self._tail:
            assembly.prompts.append(self)
        self.placed, self._tail = min(self.placed + len(row), len(self.prompt)), ()
        draws = draws and self.decoding
        if not draws and not first:  # nobody waits for this row: if it fails the queue's next call is told
            assembly.queues.add(self.queue)
        slot = self.end_slot if first and self.end_slot >= 0 else self.embed_slot
        outputs = [slot] if draws else []
        builder.add_row(self.pages, start, row, outputs, True, hidden(self.pages, start, len(row)), self.options)
        if draws:
            self._draw(assembly, slot, forced)
        return True

    def _draw(self, assembly: Assembly, slot: int, forced: Sequence[int]) -> None:
        """Add a token drawn from the state in `slot`."""
        c = self.cuts
        if self.grammar and not self.issued:
            assembly.builder.add_grammar(self.token_slot, self.grammar)
        self.issued += len(forced)
        at = assembly.builder.add_sample(
            slot, self.token_slot, c.temperature, c.top_k, c.top_p, c.min_p, c.seed, self.issued,
            self._sample_options(forced),
        )  # fmt: skip
        self.issued += 1
        self._steps.append(forced)
        self._forced = ()
        assembly.loops.append((self, at))

    def _sample_options(self, forced: Sequence[int]) -> SampleOptions | None:
        made: list[int] = []
        if self.cuts.penalised:  # of the step before nobody but the device may know the token yet
            made = self._made + [token for step in self._steps for token in (*step, -(self.token_slot + 1))]
            made += forced
        options = self.cuts.options(self.before, made)
        if self.grammar:
            options = replace(options or SampleOptions(), matcher=self.token_slot, forced=forced)
        return options

    def receive(self, token: int, logprob: float, forced: Sequence[int] = ()) -> None:
        """The outcome of the next step in order, and what must follow it. What comes after the end is not wanted."""
        row = self._steps.popleft()
        for given in row:
            self._take(given, 0.0)
        self._take(token, 0.0 if self._certain else logprob)
        beyond = sum(len(step) + 1 for step in self._steps)  # of these, what is on its way
        self._certain = bool(self._steps) and len(forced) >= beyond > 0
        self._forced = forced[beyond:]

    def _take(self, token: int, logprob: float) -> None:
        if self.finish_reason or self.error is not None:
            return
        self.received += 1
        if self.known is not None:
            self.known.append(token)
        if self.cuts.penalised:
            self._made.append(token)
        self._tokens.append(token)
        self._logprobs.append(logprob)
        if token in self.stop_tokens:
            self.finish_reason = "end" if token in self.end_tokens else "stop"
            return
        before = len(self._text) - max((len(stop) for stop in self.stop_strings), default=0)
        self._text += self.token_bytes(token)
        cut = self._stop_at(before)
        if cut is not None:
            del self._text[cut:]
            self.finish_reason = "stop"
        elif self.received == self.max_tokens:
            self.finish_reason = "length"

    def _stop_at(self, start: int) -> int | None:
        """Where the first stop string begins in the text that is still here."""
        places = [self._text.find(stop, max(0, start)) for stop in self.stop_strings]
        return min((place for place in places if place >= 0), default=None)

    def _held(self) -> int:
        """Bytes at the end of the text that may yet turn out to be the beginning of a stop string."""
        longest = 0
        for stop in self.stop_strings:
            for length in range(min(len(stop) - 1, len(self._text)), longest, -1):
                if self._text.endswith(stop[:length]):
                    longest = length
                    break
        return longest

    def ask(self, owner: Owner, ticket: int, minimum: int) -> bool:
        """Answer `generate_next` now or when there is enough; False when another one waits already."""
        if self._waiter is not None:
            return False
        self._waiter = (owner, ticket, minimum)
        return True

    def answer(self) -> bool:
        """Answer who waits, if there is enough for it; True when the loop's end has been told."""
        if self._waiter is None:
            return False
        owner, ticket, minimum = self._waiter
        if not self.over and len(self._tokens) < minimum:
            return False
        self._waiter = None
        if self.error is not None:
            owner.fail(ticket, self.error)
            return True
        ready = len(self._text) - (0 if self.finish_reason else self._held())
        text = bytes(self._text[:ready])
        del self._text[:ready]
        owner.complete(ticket, (self._tokens, self._logprobs, text, self.finish_reason if self.over else ""))
        self._tokens, self._logprobs = [], []
        return self.over

    def stop(self, error: CallError | None = None) -> None:
        """End the loop: for the program's own sake, or with an error. A second end changes nothing."""
        if not self.over:
            self.error = error
            self.finish_reason = (self.finish_reason or "stop") if error is None else ""


def stop_bytes(stops: Sequence[str]) -> tuple[bytes, ...]:
    """Stop strings as bytes; empty ones stop nothing."""
    return tuple(stop.encode() for stop in stops if stop)
