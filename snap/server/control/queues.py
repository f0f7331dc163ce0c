"""Command queues and what stands in them.

In: calls of one program on one queue, in order. Out: work placed in batches, completions, or errors. A call takes
what it names when it is made: handles become pages (with a reference of the call's own) and inputs become tokens,
so that the program may give back or fill anew whatever it likes right after. A command that needs no device is done
as soon as all before it have been sent; one that does waits for a batch that has room and no conflict.

An error of a posted call stays with the queue: the posted calls behind it are passed over (but for giving back),
and the next awaited call gets it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import isfinite
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from pielang.api.errors import CallError, Status
from pielang.server.control.batching import BatchBuilder, RowOptions, SampleOptions, ragged
from pielang.server.control.limits import Usage
from pielang.server.control.resources import Embed, HandleTable, Kind, PageRow, Pool
from pielang.server.wire.batch import BatchResult

if TYPE_CHECKING:
    from pielang.server.control.loops import Loop
    from pielang.server.control.scheduler import Scheduler

ROWS_KEPT = 8
LEAST_CHUNK = 16
"""Tokens of a prompt that are worth a row of their own when the rest of it must wait."""


class Owner(Protocol):
    """The program that a queue belongs to."""

    id: str
    number: int  # in the order of launches
    handles: HandleTable
    usage: Usage
    rows: dict[tuple[int, ...], PageRow]  # by handles: those it used last
    queues: list[CommandQueue]

    def collect(self) -> bool: ...
    def complete(self, ticket: int, value: object = None, scalar: int = 0) -> None: ...
    def fail(self, ticket: int, error: CallError) -> None: ...


@dataclass(slots=True)
class Assembly:
    """A batch in the making, and who waits for what of its result."""

    builder: BatchBuilder
    sent: float = 0.0  # by time.perf_counter
    dists: list[tuple[Owner, int, int, int, int]] = field(default_factory=list)  # for `answer_dists`
    readers: list[Callable[[BatchResult], None]] = field(default_factory=list)
    waiting: list[tuple[CommandQueue, int]] = field(default_factory=list)  # whose ticket is answered by these
    undo: list[Callable[[], None]] = field(default_factory=list)  # called if it fails
    queues: set[CommandQueue] = field(default_factory=set)
    loops: list[tuple[Loop, int]] = field(default_factory=list)  # (loop, place of its sample)
    prompts: list[Loop] = field(default_factory=list)  # loops of whose prompts it holds a part
    lines: Counter[str] = field(default_factory=Counter)  # calls in it and their lines, for the trace


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
    held: PageRow | None = field(default=None, init=False)  # used until the command is gone
    held_slots: Sequence[int] = field(default=(), init=False)  # of embeddings, with a reference till then
    line: str = field(default="", init=False)  # call and line that it comes from, for the trace

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        raise TypeError("a command defines run()")


def hold(command: Command, owner: Owner, pages: Sequence[int], scheduler: Scheduler) -> list[int]:
    """The pages that handles stand for, kept until the command is gone. Raises CallError.

    A program names the same pages step after step: its last rows of them are kept until it gives a page back.
    """
    key, rows = tuple(pages), owner.rows
    row = rows.get(key)
    if row is None:
        row = scheduler.pages.row(owner.handles.get_all(key, Kind.PAGE))
        if len(rows) == ROWS_KEPT:
            scheduler.pages.release(rows.pop(next(iter(rows))))
        rows[key] = row
    row.users += 1
    command.held = row
    return row.numbers


def forget_rows(owner: Owner, pages: Pool) -> None:
    """A handle of the program is about to stand for another page, or none."""
    for row in owner.rows.values():
        pages.release(row)
    owner.rows.clear()


@dataclass(slots=True, eq=False)
class Refuse(Command):
    """A posted call that cannot be done, in its place in the queue."""

    error: CallError

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        raise self.error


@dataclass(slots=True, eq=False)
class Allocate(Command):
    kind: Kind
    count: int
    tentative: bool = False  # none rather than an error when there are too few
    given_up: bool = False  # it has waited for pages long enough
    collected: bool = False  # since it waits, programs were made to collect their garbage

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        owner = queue.owner
        things: Sequence[object]
        if self.kind is Kind.EMBED:
            things = [Embed() for _ in range(self.count)]
        elif not scheduler.contention.room_for(self.count) and self.tentative:
            things = []
        elif (
            self.count > scheduler.pages.movable(to_host=False)
            and self.count <= scheduler.pages.size
            and not self.given_up
        ):
            scheduler.short_of_pages = True
            return False  # others will give some back or make room; if nobody can, `contention` says who gives up
        else:
            things = scheduler.contention.take(owner, self.count)
        owner.complete(self.ticket, [owner.handles.add(self.kind, thing) for thing in things])
        return True


@dataclass(slots=True, eq=False)
class Export(Command):
    name: str
    note: bytes

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        queue.owner.usage.check("exports", scheduler.exports.owned(queue.owner.id) + 1)
        assert self.held is not None
        scheduler.exports.add(queue.owner.id, self.name, self.held.numbers, self.note)
        queue.owner.complete(self.ticket)
        return True


@dataclass(slots=True, eq=False)
class Import(Command):
    name: str

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        owner, export = queue.owner, scheduler.exports.find(self.name)
        scheduler.contention.share(owner, export.pages)
        handles = [owner.handles.add(Kind.PAGE, page) for page in export.pages]
        owner.complete(self.ticket, (handles, export.note))
        return True


@dataclass(slots=True, eq=False)
class DeallocateEmbeds(Command):
    handles: Sequence[int]
    always: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        deallocate(queue.owner, Kind.EMBED, self.handles, scheduler)
        return True


def deallocate(owner: Owner, kind: Kind, handles: Sequence[int], scheduler: Scheduler) -> None:
    """Give back all that are there; raises CallError (RELEASED) afterwards if one was not."""
    error: CallError | None = None
    for handle in handles:
        try:
            scheduler.give_back(owner, kind, owner.handles.remove(handle, kind))
        except CallError as problem:
            error = problem
    if error is not None:
        raise error


@dataclass(slots=True, eq=False)
class SetPriority(Command):
    priority: int

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        queue.priority = self.priority
        return True


@dataclass(slots=True, eq=False)
class Synchronize(Command):
    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        forming = assembly is not None and queue in assembly.queues
        scheduler.when_done(scheduler.next_batch if forming else queue.last_batch, queue, self.ticket)
        return True


@dataclass(slots=True, eq=False)
class Enrol(Command):
    """Starts a loop: `make` checks everything and makes it, given the command with its pages."""

    make: Callable[[list[int]], Loop]

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert self.held is not None
        loop = self.make(self.held.numbers)
        loop.line = self.line
        try:
            loop.handle = queue.owner.handles.add(Kind.LOOP, loop)
        except CallError:
            scheduler.retire(loop)
            raise
        scheduler.enrol(loop)
        queue.owner.complete(self.ticket, scalar=loop.handle)
        return True


def embed_text(
    scheduler: Scheduler, owner: Owner, tokens: Sequence[int], positions: Sequence[int], embeds: Sequence[int]
) -> None:
    """Remember tokens in embeddings, at once: nothing of it is on the device before `forward`. Raises CallError."""
    if not len(tokens) == len(positions) == len(embeds):
        raise CallError(Status.VALUE_ERROR, "embed_txt(): tokens, positions and embeds must be of one length")
    scheduler.check_tokens(tokens)
    embed: Embed
    for token, position, embed in zip(tokens, positions, owner.handles.get_all(embeds, Kind.EMBED)):
        embed.token, embed.position, embed.image = token, position, False


@dataclass(slots=True, eq=False)
class Copy(Command):
    tokens: int
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None and self.held is not None
        source, target = self.held.numbers
        if self.tokens == 0 or source == target:
            return True
        if not assembly.builder.add_copy(source, target, self.tokens):
            return False
        scheduler.pages.write_copy(source, target, self.tokens)
        if scheduler.pages.hidden:
            hidden, low = scheduler.pages.hidden, (1 << self.tokens) - 1
            hidden[target] = hidden.get(target, 0) & ~low | hidden.get(source, 0) & low
        return True


def copy_page(scheduler: Scheduler, ticket: int, owner: Owner, source: int, target: int, tokens: int) -> Copy:
    """A copy between pages by handle. Raises CallError."""
    size = scheduler.info.page_size
    if not 0 <= tokens <= size:
        raise CallError(Status.VALUE_ERROR, f"copy_kvpage(): tokens must be from 0 to {size}, got {tokens}")
    command = Copy(ticket, tokens)
    written: int = owner.handles.get(target, Kind.PAGE)
    scheduler.check_writable("copy_kvpage()", [written], 0, tokens)
    hold(command, owner, (source, target), scheduler)
    return command


@dataclass(slots=True, eq=False)
class Forward(Command):
    kv_len: int
    tokens: list[int]
    outputs: list[Embed]
    options: RowOptions | None = None  # a row with options is not cut
    placed: int = 0  # tokens that are in batches already: a long row is cut
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        pages = self.held
        assert assembly is not None and pages is not None
        builder, total, start = assembly.builder, len(self.tokens), self.kv_len + self.placed
        pool, size = scheduler.pages, scheduler.info.page_size
        if not self.placed:
            pool.check_written("forward()", pages, start, size)
        count = chunk(builder, total - self.placed, self.options is not None)
        if not count or not builder.fits(pages, start, count):
            return False
        hidden = scheduler.seen_again(pages, start, count) if pool.hidden else None
        # of the outputs, those whose input is in this chunk
        before = total - len(self.outputs)
        mine, tokens = self.outputs, self.tokens
        if count < total:
            tokens = tokens[self.placed : self.placed + count]
            mine = mine[max(0, self.placed - before) : max(0, self.placed + count - before)]
        slots = scheduler.embeds.take(len(mine))
        if self.options is not None and self.options.scores:
            self._answer(queue, assembly, start + count)
        builder.add_row(pages, start, tokens, slots, False, hidden, self.options)
        pool.write(pages, start, start + count, size)
        for embed, slot in zip(mine, slots):
            scheduler.fill(embed, slot)
        self.placed += count
        return self.placed == total

    def _answer(self, queue: CommandQueue, assembly: Assembly, length: int) -> None:
        first = assembly.builder.scores_before()

        def read(result: BatchResult) -> None:
            queue.owner.complete(self.ticket, result.scores[first : first + length])

        assembly.readers.append(read)
        assembly.waiting.append((queue, self.ticket))


def forward(
    scheduler: Scheduler,
    ticket: int,
    owner: Owner,
    pages: Sequence[int],
    kv_len: int,
    inputs: Sequence[int],
    outputs: Sequence[int],
    options: RowOptions | None = None,
) -> Forward:
    """A forward by handles; one with `at` takes inputs for any positions. Raises CallError."""
    count, handles = len(inputs), owner.handles
    if not count or len(outputs) > count:
        problem = f"forward(): {len(outputs)} outputs of {count} inputs; there must be an input for each output"
        raise CallError(Status.VALUE_ERROR, problem)
    embeds: list[Embed] = handles.get_all(inputs, Kind.EMBED)
    anywhere = options is not None and options.at is not None
    images: list[tuple[int, int]] = []
    tokens: list[int] = []
    for place, embed in enumerate(embeds, kv_len):
        token = embed.token
        if embed.image:
            images.append((place - kv_len, embed.slot))
            token = 0
        elif token < 0:
            raise CallError(Status.VALUE_ERROR, "forward(): an input holds no token: embed_txt() it before")
        if embed.position != place and not anywhere:
            problem = f"forward(): an input for place {place} was embedded for position {embed.position}"
            raise CallError(Status.VALUE_ERROR, problem)
        tokens.append(token)
    scheduler.check_row("forward()", len(pages), kv_len, count)
    if anywhere or images:
        options = replace(options or RowOptions(), images=images)
        if anywhere:
            options = replace(options, positions=[embed.position for embed in embeds])
            _check_masked(options, kv_len, count, len(outputs), scheduler.info.context_length)
    if options is not None and count > scheduler.settings.max_tokens:
        most = scheduler.settings.max_tokens
        problem = (
            f"forward(): {count} inputs with a mask, an adapter, scores or images are too many at once; {most} can"
        )
        raise CallError(Status.LIMIT_REACHED, problem)
    command = Forward(ticket, kv_len, tokens, handles.get_all(outputs, Kind.EMBED), options)
    found = hold(command, owner, pages, scheduler)
    try:
        scheduler.check_writable("forward()", found, kv_len, count)
        owner.usage.charge("forwards")
        owner.usage.charge("tokens", count)
    except CallError:
        drop(command, scheduler)
        raise
    if images:
        command.held_slots = [slot for _, slot in images]
        scheduler.embeds.share(command.held_slots)
    return command


def _check_masked(options: RowOptions, kv_len: int, count: int, outputs: int, context: int) -> None:
    """Raises CallError (VALUE_ERROR) when outputs, mask or positions do not fit `count` inputs from `kv_len` on."""
    assert options.at is not None and options.positions is not None
    wanted = count * ((kv_len + count + 7) // 8)
    for good, problem in (
        (len(options.at) == outputs, f"{len(options.at)} indexes `at` for {outputs} outputs"),
        (all(index < count for index in options.at), f"an index `at` is beyond the {count} inputs"),
        (len(options.mask) in (0, wanted), f"the mask has {len(options.mask)} bytes; {count} inputs that see {kv_len} "
         f"places and themselves take {wanted}"),
        (max(options.positions) < context, f"a position is beyond the model's context of {context} tokens"),
    ):  # fmt: skip
        if not good:
            raise CallError(Status.VALUE_ERROR, f"forward_with_mask(): {problem}")


def chunk(builder: BatchBuilder, wanted: int, whole: bool = False) -> int:
    """How many of a row's tokens the batch takes: all, a part worth having, or none."""
    if not builder.rows_left:
        return 0
    count = min(wanted, builder.room)
    return count if count == wanted or (count >= LEAST_CHUNK and not whole) else 0


@dataclass(slots=True, eq=False)
class MaskPage(Command):
    """From here on entries of a page are hidden."""

    bits: int

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert self.held is not None
        scheduler.pages.hidden[self.held.numbers[0]] = self.bits
        return True


def mask_page(scheduler: Scheduler, ticket: int, owner: Owner, page: int, hidden: Sequence[int]) -> MaskPage:
    """By handle. Raises CallError."""
    size = scheduler.info.page_size
    if any(place >= size for place in hidden):
        raise CallError(Status.VALUE_ERROR, f"mask_kvpage(): a page has places 0 to {size - 1}, got {max(hidden)}")
    command = MaskPage(ticket, sum(1 << place for place in set(hidden)))
    scheduler.check_writable("mask_kvpage()", [owner.handles.get(page, Kind.PAGE)], 0, 1)
    hold(command, owner, [page], scheduler)
    return command


@dataclass(slots=True, eq=False)
class Alone(Command):
    """Work with a batch of its own: an adapter to load, an image. Without columns there is nothing left to do."""

    columns: dict[str, NDArray[Any]]
    done: Callable[[], None] | None = None
    failed: Callable[[], None] | None = None
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None
        done = self.done
        if not self.columns and done is not None:
            done()
            return True
        if not assembly.builder.add_alone(**self.columns):
            return False
        if done is not None:
            assembly.readers.append(lambda _: done())
            assembly.waiting.append((queue, self.ticket))
        if self.failed is not None:
            assembly.undo.append(self.failed)
        return True


def embed_image(
    scheduler: Scheduler, ticket: int, owner: Owner, image: bytes, positions: Sequence[int], embeds: Sequence[int]
) -> Alone:
    """Its embeddings get their slots at once. Raises CallError."""
    wanted = scheduler.info.image_embeds
    if not len(positions) == len(embeds) == wanted:
        problem = f"embed_img(): an image fills {wanted} embeddings, got {len(embeds)} and {len(positions)} positions"
        raise CallError(Status.VALUE_ERROR, problem)
    places: list[Embed] = [owner.handles.get(handle, Kind.EMBED) for handle in embeds]
    slots = scheduler.embeds.take(wanted)
    for embed, slot, position in zip(places, slots, positions):
        scheduler.fill(embed, slot)
        embed.image, embed.position, embed.token = True, position, -1
    one_image, all_slots = ragged([image], np.uint8), ragged([slots], np.int32)
    command = Alone(ticket, {
        "image": one_image[0], "image_start": one_image[1],
        "image_embed": all_slots[0], "image_embed_start": all_slots[1],
    })  # fmt: skip
    command.held_slots = slots
    scheduler.embeds.share(slots)
    return command


@dataclass(slots=True, eq=False)
class ReadEmbeds(Command):
    embeds: list[Embed]
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None
        slots = _slots(self.embeds, "read_emb()")
        first = assembly.builder.add_reads(slots)

        def read(result: BatchResult) -> None:
            states = np.ascontiguousarray(result.hidden[first : first + len(slots)], np.float32)
            queue.owner.complete(self.ticket, states.reshape(-1))

        assembly.readers.append(read)
        assembly.waiting.append((queue, self.ticket))
        return True


def _slots(embeds: list[Embed], what: str) -> list[int]:
    slots = [embed.slot for embed in embeds]
    if not slots or min(slots) < 0:
        problem = f"{what}: needs embeddings that hold what forward() left in them"
        raise CallError(Status.VALUE_ERROR, problem)
    return slots


@dataclass(slots=True, eq=False)
class NextDist(Command):
    embeds: list[Embed]
    top_k: int
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None
        slots = _slots(self.embeds, "get_next_dist()")
        if self.top_k < 1:
            raise CallError(Status.VALUE_ERROR, f"get_next_dist(): top_k must be 1 or more, got {self.top_k}")
        top_k = min(self.top_k, scheduler.info.vocab_size)
        queue.owner.usage.check("top_k", top_k)
        first = assembly.builder.add_dists(slots, top_k)
        assembly.dists.append((queue.owner, self.ticket, first, len(slots), top_k))
        assembly.waiting.append((queue, self.ticket))
        return True


def answer_dists(dists: Sequence[tuple[Owner, int, int, int, int]], result: BatchResult) -> None:
    """Answer all calls for distributions: (program, ticket, first row, rows, top_k)."""
    if not dists:
        return
    width = 4 * result.dist_ids.shape[1]
    sound = result.dist_ids[:, 0] >= 0
    every = bool(sound.all())
    ids, probabilities = result.dist_ids.tobytes(), result.dist_probs.tobytes()
    for owner, ticket, first, count, top_k in dists:
        if not every and not sound[first : first + count].all():
            owner.fail(ticket, no_numbers("get_next_dist()", result))
        elif count == 1 or 4 * top_k == width:
            rows = slice(first * width, (first + count - 1) * width + 4 * top_k)
            owner.complete(ticket, (ids[rows], probabilities[rows]))
        else:
            cut = np.s_[first : first + count, :top_k]
            owner.complete(ticket, (result.dist_ids[cut].tobytes(), result.dist_probs[cut].tobytes()))


@dataclass(frozen=True, slots=True)
class Cuts:
    """How a token is drawn from a distribution."""

    temperature: float
    top_k: int
    top_p: float
    min_p: float
    seed: int
    repetition: float = 1.0
    presence: float = 0.0
    frequency: float = 0.0
    bias_tokens: Sequence[int] = ()
    bias: Sequence[float] = ()

    @property
    def penalised(self) -> bool:
        """Whether it matters which tokens came before."""
        return self.repetition != 1 or self.presence != 0 or self.frequency != 0

    def options(self, before: Sequence[int], made: Sequence[int], allowed: bytes = b"") -> SampleOptions | None:
        """What a sample needs beside the cuts, if anything."""
        if not (self.penalised or len(self.bias_tokens) or allowed):
            return None
        return SampleOptions(
            self.repetition, self.presence, self.frequency, self.bias_tokens, self.bias, before, made, allowed
        )

    def check(self, vocab_size: int) -> None:
        """Raises CallError (VALUE_ERROR) for what cannot be drawn by."""
        for good, problem in (
            (0 <= self.temperature < float("inf"), f"temperature must be 0 or more, got {self.temperature}"),
            (0 <= self.top_k <= vocab_size, f"top_k must be from 0 (all) to {vocab_size}, got {self.top_k}"),
            (0 < self.top_p <= 1, f"top_p must be above 0 and at most 1, got {self.top_p}"),
            (0 <= self.min_p <= 1, f"min_p must be from 0 to 1, got {self.min_p}"),
            (0 < self.repetition < float("inf"), f"repetition must be above 0, got {self.repetition}"),
            (isfinite(self.presence), f"presence must be a finite number, got {self.presence}"),
            (isfinite(self.frequency), f"frequency must be a finite number, got {self.frequency}"),
            (len(self.bias_tokens) == len(self.bias), "bias_tokens and bias must be of one length"),
            (all(token < vocab_size for token in self.bias_tokens), f"bias_tokens must be below {vocab_size}"),
            (all(value < float("inf") for value in self.bias), "a bias must be a number, or -inf"),
        ):
            if not good:
                raise CallError(Status.VALUE_ERROR, problem)


@dataclass(slots=True, eq=False)
class SampleTokens(Command):
    embeds: list[Embed]
    cuts: Cuts
    step: int
    before: Sequence[int] = ()
    made: Sequence[int] = ()
    allowed: bytes = b""
    device: ClassVar[bool] = True

    def run(self, queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> bool:
        assert assembly is not None
        slots = _slots(self.embeds, "sample()")
        self.cuts.check(scheduler.info.vocab_size)
        c = self.cuts
        scheduler.check_tokens(self.before)
        scheduler.check_tokens(self.made)
        wanted = (scheduler.info.vocab_size + 7) // 8
        if len(self.allowed) not in (0, wanted):
            problem = f"sample(): allowed must have a bit for each token, {wanted} bytes; got {len(self.allowed)}"
            raise CallError(Status.VALUE_ERROR, problem)
        options = c.options(self.before, self.made, self.allowed)
        first = 0
        for index, slot in enumerate(slots):
            at = assembly.builder.add_sample(
                slot, -1, c.temperature, c.top_k, c.top_p, c.min_p, c.seed, self.step + index, options
            )
            first = at - index
        rows = slice(first, first + len(slots))

        def read(result: BatchResult) -> None:
            if (result.sampled[rows] < 0).any():
                queue.owner.fail(self.ticket, no_numbers("sample()", result))
            else:
                queue.owner.complete(self.ticket, (result.sampled[rows], result.logprob[rows]))

        assembly.readers.append(read)
        assembly.waiting.append((queue, self.ticket))
        return True


def no_numbers(what: str, result: BatchResult) -> CallError:
    """Why there is no token."""
    return CallError(Status.MODEL_ERROR, f"{what}: {result.trouble or 'the model computed what is not a number (NaN)'}")


def run_queue(queue: CommandQueue, scheduler: Scheduler, assembly: Assembly | None) -> None:
    """Run commands from the front: all that can be, or without a batch those before the first that needs one."""
    while queue.commands:
        command = queue.commands[0]
        if queue.error is not None and not command.always:
            drop_first(queue, scheduler)
            if command.ticket:
                error, queue.error = queue.error, None
                queue.owner.fail(command.ticket, error)
            continue
        if command.device and (assembly is None or assembly.builder.sealed):
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
            if command.line:
                assembly.lines[command.line] += 1
        if not done:
            return
        drop_first(queue, scheduler)


def drop_first(queue: CommandQueue, scheduler: Scheduler) -> None:
    """The command at the front is over with."""
    drop(queue.commands.popleft(), scheduler)


def drop(command: Command, scheduler: Scheduler) -> None:
    """What a command holds is its no more."""
    if command.held is not None:
        scheduler.pages.release(command.held)
    if command.held_slots:
        scheduler.embeds.give(command.held_slots)


def row_pages(length: int, page_size: int) -> int:
    """Pages that hold so many tokens."""
    return (length + page_size - 1) // page_size
