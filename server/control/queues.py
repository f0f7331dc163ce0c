"""Command queues and what stands in them.

In: calls of one program on one queue, in order. Out: work placed in batches, completions, or errors. A command that
needs no device is done as soon as all before it have been sent; one that does waits for a batch that has room and no
conflict.

An error of a posted call stays with the queue: the posted calls behind it are passed over (but for giving back), and
the next awaited call gets it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, Protocol

import numpy as np

from pielang.api.errors import CallError, Status
from pielang.server.control.batching import BatchBuilder
from pielang.server.control.resources import Embed, HandleTable, Kind
from pielang.server.wire.batch import I32, BatchResult

if TYPE_CHECKING:
    from pielang.server.control.loops import Loop
    from pielang.server.control.scheduler import Scheduler

LEAST_CHUNK = 16
"""Tokens of a prompt that are worth a row of their own when the rest of it must wait."""


class Owner(Protocol):
    """The program that a queue belongs to."""

    handles: HandleTable

    def complete(self, ticket: int, value: object = None, scalar: int = 0) -> None: ...
    def fail(self, ticket: int, error: CallError) -> None: ...


@dataclass(slots=True)
class Assembly:
    """A batch in the making, and who waits for what of its result."""

    builder: BatchBuilder
    readers: list[Callable[[BatchResult], None]] = field(default_factory=list)
    waiting: list[tuple[Owner, int]] = field(default_factory=list)  # (program, ticket) answered by `readers`
    queues: set[CommandQueue] = field(default_factory=set)
    loops: list[tuple[Loop, int]] = field(default_factory=list)  # (loop, place of its sample)


@dataclass(slots=True, eq=False)
class CommandQueue:
    owner: Owner
    priority: int = 0
    commands: deque[Command] = field(default_factory=deque)
    error: CallError | None = None
    since: int = 0  # when its first command came there; lower is longer ago
    last_batch: int = -1  # the last batch that holds something of it


@dataclass(slots=True, eq=False)
class Command:
    """One call in a queue. `run` answers whether it is done with; if not, it is run again with the next batch."""

    ticket: int
    device: ClassVar[bool] = False  # needs a batch to be run
    always: ClassVar[bool] = False  # is run even behind an error

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        raise TypeError("a command defines run()")


@dataclass(slots=True, eq=False)
class Allocate(Command):
    kind: Kind
    count: int

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        owner = queue.owner
        things: Sequence[object]
        if self.kind is Kind.PAGE:
            things = scheduler.pages.take(self.count)
        else:
            things = [Embed() for _ in range(self.count)]
        owner.complete(self.ticket, [owner.handles.add(self.kind, thing) for thing in things])
        return True


@dataclass(slots=True, eq=False)
class Deallocate(Command):
    kind: Kind
    handles: Sequence[int]
    always: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        error: CallError | None = None
        for handle in self.handles:
            try:
                scheduler.give_back(self.kind, queue.owner.handles.remove(handle, self.kind))
            except CallError as problem:
                error = problem
        if error is not None:
            raise error
        return True


@dataclass(slots=True, eq=False)
class SetPriority(Command):
    priority: int

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        queue.priority = self.priority
        return True


@dataclass(slots=True, eq=False)
class Synchronize(Command):
    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        if queue.last_batch > scheduler.last_done:
            scheduler.when_done(queue.last_batch, queue.owner, self.ticket)
        else:
            queue.owner.complete(self.ticket)
        return True


@dataclass(slots=True, eq=False)
class Enrol(Command):
    """Starts a loop: `make` checks everything and makes it."""

    make: Callable[[], Loop]

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        loop = self.make()
        try:
            loop.handle = queue.owner.handles.add(Kind.LOOP, loop)
        except CallError:
            scheduler.retire(loop)
            raise
        scheduler.enrol(loop)
        queue.owner.complete(self.ticket, scalar=loop.handle)
        return True


@dataclass(slots=True, eq=False)
class EmbedText(Command):
    tokens: Sequence[int]
    positions: Sequence[int]
    embeds: Sequence[int]

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        if not len(self.tokens) == len(self.positions) == len(self.embeds):
            raise CallError(Status.VALUE_ERROR, "embed_txt(): tokens, positions and embeds must be of one length")
        scheduler.check_tokens(self.tokens)
        for token, position, handle in zip(self.tokens, self.positions, self.embeds):
            embed: Embed = queue.owner.handles.get(handle, Kind.EMBED)
            scheduler.give_back(Kind.EMBED, embed)
            embed.token, embed.position = token, position
        return True


@dataclass(slots=True, eq=False)
class Copy(Command):
    source: int
    target: int
    tokens: int
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None
        size = scheduler.info.page_size
        if not 0 <= self.tokens <= size:
            raise CallError(Status.VALUE_ERROR, f"copy_kvpage(): tokens must be from 0 to {size}, got {self.tokens}")
        source, target = (queue.owner.handles.get(handle, Kind.PAGE) for handle in (self.source, self.target))
        return self.tokens == 0 or source == target or assembly.builder.add_copy(source, target, self.tokens)


@dataclass(slots=True, eq=False)
class Forward(Command):
    pages: Sequence[int]
    kv_len: int
    inputs: Sequence[int]
    outputs: Sequence[int]
    placed: int = 0  # inputs that are in batches already: a long row is cut
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None
        handles, builder = queue.owner.handles, assembly.builder
        total = len(self.inputs)
        if not total or len(self.outputs) > total:
            problem = (
                f"forward(): {len(self.outputs)} outputs of {total} inputs; there must be an input for each output"
            )
            raise CallError(Status.VALUE_ERROR, problem)
        pages = np.array([handles.get(handle, Kind.PAGE) for handle in self.pages], np.int32)
        scheduler.check_row("forward()", pages, self.kv_len, total)
        inputs: list[Embed] = [handles.get(handle, Kind.EMBED) for handle in self.inputs]
        outputs: list[Embed] = [handles.get(handle, Kind.EMBED) for handle in self.outputs]
        for place, embed in enumerate(inputs[self.placed :], self.kv_len + self.placed):
            if embed.token < 0:
                raise CallError(Status.VALUE_ERROR, "forward(): an input holds no token: embed_txt() it before")
            if embed.position != place:
                problem = f"forward(): an input for place {place} was embedded for position {embed.position}"
                raise CallError(Status.VALUE_ERROR, problem)
        start = self.kv_len + self.placed
        count = chunk(builder, total - self.placed)
        if not count or not builder.fits(pages, start, count):
            return False
        # of the outputs, those whose input is in this chunk
        before = total - len(outputs)
        mine = outputs[max(0, self.placed - before) : max(0, self.placed + count - before)]
        slots = scheduler.embeds.take(len(mine))
        row = np.array([embed.token for embed in inputs[self.placed : self.placed + count]], np.int32)
        builder.add_row(pages, start, row, slots)
        for embed, slot in zip(mine, slots):
            scheduler.give_back(Kind.EMBED, embed)
            embed.slot = slot
        self.placed += count
        return self.placed == total


def chunk(builder: BatchBuilder, wanted: int) -> int:
    """How many of a row's tokens the batch takes: all, a part worth having, or none."""
    if not builder.rows_left:
        return 0
    count = min(wanted, builder.room)
    return count if count == wanted or count >= LEAST_CHUNK else 0


def _states(queue: CommandQueue, embeds: Sequence[int], what: str) -> list[int]:
    found: list[Embed] = [queue.owner.handles.get(handle, Kind.EMBED) for handle in embeds]
    if not found or any(embed.slot < 0 for embed in found):
        problem = f"{what}: needs embeddings that hold what forward() left in them"
        raise CallError(Status.VALUE_ERROR, problem)
    return [embed.slot for embed in found]


@dataclass(slots=True, eq=False)
class NextDist(Command):
    embeds: Sequence[int]
    top_k: int
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None
        slots = _states(queue, self.embeds, "get_next_dist()")
        if self.top_k < 1:
            raise CallError(Status.VALUE_ERROR, f"get_next_dist(): top_k must be 1 or more, got {self.top_k}")
        top_k = min(self.top_k, scheduler.info.vocab_size)
        first = assembly.builder.add_dists(slots, top_k)
        rows = slice(first, first + len(slots))

        def read(result: BatchResult) -> None:
            ids = np.ascontiguousarray(result.dist_ids[rows, :top_k], np.int32)
            probabilities = np.ascontiguousarray(result.dist_probs[rows, :top_k], np.float32)
            queue.owner.complete(self.ticket, (ids, probabilities))

        assembly.readers.append(read)
        assembly.waiting.append((queue.owner, self.ticket))
        return True


@dataclass(frozen=True, slots=True)
class Cuts:
    """How a token is drawn from a distribution."""

    temperature: float
    top_k: int
    top_p: float
    min_p: float
    seed: int

    def check(self, vocab_size: int) -> None:
        """Raises CallError (VALUE_ERROR) for what cannot be drawn by."""
        for good, problem in (
            (0 <= self.temperature < float("inf"), f"temperature must be 0 or more, got {self.temperature}"),
            (0 <= self.top_k <= vocab_size, f"top_k must be from 0 (all) to {vocab_size}, got {self.top_k}"),
            (0 < self.top_p <= 1, f"top_p must be above 0 and at most 1, got {self.top_p}"),
            (0 <= self.min_p <= 1, f"min_p must be from 0 to 1, got {self.min_p}"),
        ):
            if not good:
                raise CallError(Status.VALUE_ERROR, problem)


@dataclass(slots=True, eq=False)
class SampleTokens(Command):
    embeds: Sequence[int]
    cuts: Cuts
    step: int
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None
        slots = _states(queue, self.embeds, "sample()")
        self.cuts.check(scheduler.info.vocab_size)
        c = self.cuts
        first = 0
        for index, slot in enumerate(slots):
            at = assembly.builder.add_sample(
                slot, -1, c.temperature, c.top_k, c.top_p, c.min_p, c.seed, self.step + index
            )
            first = at - index
        rows = slice(first, first + len(slots))

        def read(result: BatchResult) -> None:
            queue.owner.complete(self.ticket, (result.sampled[rows], result.logprob[rows]))

        assembly.readers.append(read)
        assembly.waiting.append((queue.owner, self.ticket))
        return True


def run_queue(queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> None:
    """Run commands from the front: all that can be, or without a batch those before the first that needs one."""
    while queue.commands:
        command = queue.commands[0]
        if queue.error is not None and not command.always:
            queue.commands.popleft()
            if command.ticket:
                error, queue.error = queue.error, None
                queue.owner.fail(command.ticket, error)
            continue
        if command.device and assembly is None:
            return
        try:
            done = command.run(queue, scheduler, assembly)
        except CallError as error:
            done = True
            if command.ticket:
                queue.owner.fail(command.ticket, error)
            else:
                queue.error = queue.error or error
        if assembly is not None and command.device:
            assembly.queues.add(queue)
        if not done:
            return
        queue.commands.popleft()


def row_pages(length: int, page_size: int) -> int:
    """Pages that hold so many tokens."""
    return (length + page_size - 1) // page_size


def as_row(tokens: Sequence[int]) -> I32:
    return np.array(tokens, np.int32)
