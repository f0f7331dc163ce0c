"""Decides what the device does next.

In: command queues and generate loops of all programs that use a model. Out: batches, and their results handed to
whoever waits. Work-conserving: an idle device gets what is there, at once but for guests that are running this very
moment (they are about to ask for something, and one batch of two is cheaper than two of one). While a batch runs a
second one is sent if a loop can go on without its last result; all else waits and joins the next batch.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from pielang.api.errors import CallError, Status
from pielang.server.control import queues
from pielang.server.control.batching import BatchBuilder
from pielang.server.control.contention import Contention, rank
from pielang.server.control.failure import sound_places, tell
from pielang.server.control.loops import Loop
from pielang.server.control.policies import Waiting, make_policy
from pielang.server.control.prefixes import Prefixes
from pielang.server.control.queues import Assembly, Command, CommandQueue, Owner
from pielang.server.control.resources import Embed, Exports, Kind, PageRow, Pool
from pielang.server.control.trace import BATCHES, Histogram, Trace
from pielang.server.wire.batch import Batch, BatchResult, Done, ModelInfo


@dataclass(frozen=True, slots=True)
class BatchSettings:
    """How batches are formed."""

    policy: str = "adaptive"  # one of policies.NAMES
    max_tokens: int = 1024  # in a batch; longer prompts are cut
    prefill_tokens: int = 256  # of prompts in a batch in which loops decode, so that they do not wait for long
    max_rows: int = 256
    in_flight: int = 2
    gather_seconds: float = 0.002  # adaptive: how long an idle device waits for guests that are running
    k_calls: int = 32  # k-only
    t_seconds: float = 0.02  # t-only

    def __post_init__(self) -> None:
        if min(self.max_tokens, self.prefill_tokens) < 64 or self.max_rows < 1 or self.in_flight < 1:
            raise ValueError(f"a batch needs at least 64 tokens and a row, and one must be in flight: {self}")


@dataclass(slots=True)
class Counters:
    batches: int = 0
    forward_batches: int = 0  # those that run the model
    rows: int = 0
    tokens: int = 0
    largest_rows: int = 0
    device_ms: float = 0.0
    batch_rows: Histogram = field(default_factory=Histogram)
    wait_ms: Histogram = field(default_factory=Histogram)  # how long the oldest work of a batch had waited for it


class Scheduler:
    """One per model. All methods are for the event loop's thread."""

    def __init__(
        self,
        info: ModelInfo,
        send: Callable[[Batch, Done], None],
        settings: BatchSettings,
        guests: Callable[[], tuple[int, float]],
    ) -> None:
        self.info = info
        self.settings = settings
        self.counters = Counters()
        self.pages = Pool("KV pages", info.page_count, info.host_pages)
        self.short_of_pages = False  # an allocation waits that is not looked at yet
        self.embeds = Pool("embeddings", info.embed_count)
        self.token_slots = Pool("generate loops", info.token_slots)
        self.prefixes = Prefixes(self.pages, self.embeds, info.page_size)
        self.exports = Exports(self.pages)
        self.contention = Contention(self.pages, self.exports)
        self.last_done = -1
        self.dead: CallError | None = None
        self._submit = send
        self._guests = guests  # how many are about to run, and the seconds that one takes
        self.run_guests: Callable[[], None] | None = None
        """Runs the guests that can go on, and pokes; without it they are somebody else's care."""
        self.trace: Trace | None = None
        self._queues: dict[CommandQueue, None] = {}  # those with commands that wait for a batch
        self._loops: dict[Loop, None] = {}
        self.contention.on_moved = self._on_moved
        self._grammars_over: list[int] = []  # token slots of loops that have ended
        self._in_flight: dict[int, Assembly] = {}
        self.next_batch = 0
        self._arrivals = 0
        self._synchronizing: list[tuple[int, CommandQueue, int]] = []  # (batch, queue, ticket)
        self._policy = make_policy(settings.policy, settings.gather_seconds, settings.k_calls, settings.t_seconds)
        self._timer: asyncio.TimerHandle | None = None
        self._waiting_since: float | None = None  # since when something waits that no batch holds
        self._free_since = 0.0  # when the last batch in flight came back
        self._step_seconds = 0.0
        self._alone = False  # the last batch was work that gets one to itself
        self._row_seconds = 0.0  # of late, that handing over a row's result and placing it in a batch took
        self._spent = 0.0  # on that, since the last batch

    # What programs do

    def push(self, queue: CommandQueue, command: Command) -> None:
        """Put a call in its queue; what needs no device is done now if it is at the front."""
        if self.dead is not None:
            queues.drop(command, self)
            if command.ticket:
                queue.owner.fail(command.ticket, self.dead)
            return
        if not queue.commands:
            self._arrivals += 1
            queue.since = self._arrivals
        queue.commands.append(command)
        if queue not in self._queues:
            if command.device and queue.error is None:
                self._queues[queue] = None
            else:
                self._advance(queue, None)

    def enrol(self, loop: Loop) -> None:
        self._loops[loop] = None

    def retire(self, loop: Loop) -> None:
        """Take a loop that has ended out, and what it holds back. Twice is fine."""
        if not loop.retired:
            loop.retired = True
            self._loops.pop(loop, None)
            if loop.known is not None:
                if loop.error is None:
                    self.prefixes.fill(loop)
                self.prefixes.end(loop)
            self.pages.release(loop.pages)
            self._let_go_of_end(loop)
            self.embeds.give([loop.embed_slot])
            self.token_slots.give([loop.token_slot])
            if loop.grammar:
                self._grammars_over.append(loop.token_slot)

    def _let_go_of_end(self, loop: Loop) -> None:
        """A loop has drawn its first token, or never will."""
        if loop.end_slot >= 0:
            if loop.known is not None and loop.received and not loop.end_known:
                self.prefixes.keep(loop)
            self.embeds.give([loop.end_slot])
            loop.end_slot = -1

    def forget(self, queue: CommandQueue) -> None:
        """Drop what a queue still holds: its program has ended."""
        while queue.commands:
            queues.drop_first(queue, self)
        self._queues.pop(queue, None)

    def fill(self, embed: Embed, slot: int) -> None:
        """A forward of the batch in the making leaves a state in `slot`."""
        unused = slot
        if not embed.gone:
            unused, embed.slot = embed.slot, slot
            embed.image = False
        if unused >= 0:
            self.embeds.give((unused,))

    def seen_again(self, pages: PageRow, start: int, count: int) -> Mapping[int, int]:
        """What is hidden of pages, now that places from `start` on are written anew."""
        hidden, size = self.pages.hidden, self.info.page_size
        if hidden:
            for index in range(start // size, queues.row_pages(start + count, size)):
                page, first = pages.numbers[index], max(0, start - index * size)
                if page in hidden:
                    last = min(size, start + count - index * size)
                    hidden[page] &= ~((1 << last) - (1 << first))
        return hidden

    def give_back(self, owner: Owner, kind: Kind, thing: object) -> None:
        """A page or embedding that no handle stands for any more."""
        if isinstance(thing, Embed):
            if thing.slot >= 0:
                self.embeds.give([thing.slot])
            thing.slot, thing.gone = -1, True
        elif isinstance(thing, int) and kind is Kind.PAGE:
            queues.forget_rows(owner, self.pages)
            self.contention.give(owner, thing)
        else:
            raise TypeError(f"a {kind.value} is not given back here")

    def when_done(self, batch: int, queue: CommandQueue, ticket: int) -> None:
        """Answer when this batch is done, with what went wrong in the queue, if anything."""
        self._synchronizing.append((batch, queue, ticket))
        self._synchronize()

    def _synchronize(self) -> None:
        waiting = self._synchronizing
        self._synchronizing = [item for item in waiting if item[0] > self.last_done]
        for batch, queue, ticket in waiting:
            if batch <= self.last_done and queue.error is not None:
                failed, queue.error = queue.error, None
                queue.owner.fail(ticket, failed)
            elif batch <= self.last_done:
                queue.owner.complete(ticket)

    def check_tokens(self, tokens: Sequence[int]) -> None:
        """Raises CallError (VALUE_ERROR) when one is no token of the model."""
        if len(tokens) and max(tokens) >= self.info.vocab_size:
            problem = f"{max(tokens)} is no token of {self.info.name}: ids go to {self.info.vocab_size - 1}"
            raise CallError(Status.VALUE_ERROR, problem)

    def check_row(self, what: str, pages: int, kv_len: int, count: int) -> None:
        """Raises CallError when `count` tokens from place `kv_len` on exceed the pages or the model's context."""
        end = kv_len + count
        if end > self.info.context_length:
            limit = f"{self.info.name} has a context of {self.info.context_length} tokens"
            raise CallError(Status.LIMIT_REACHED, f"{what}: {end} tokens are too many, {limit}: truncate or use less")
        if kv_len < 0 or queues.row_pages(end, self.info.page_size) > pages:
            room = pages * self.info.page_size
            problem = f"{what}: {count} tokens from place {kv_len} on do not fit {pages} pages ({room} tokens)"
            raise CallError(Status.VALUE_ERROR, problem)

    def check_writable(self, what: str, pages: Sequence[int], start: int, count: int) -> None:
        """Raises CallError (PERMISSION_DENIED) when a page that would be written to is exported."""
        size = self.info.page_size
        if not self.pages.any_frozen:
            return
        for page in pages[start // size : queues.row_pages(start + count, size)]:
            if self.pages.frozen(page):
                problem = f"{what}: a page it would write to is exported and only to be read: copy_kvpage() it before"
                raise CallError(Status.PERMISSION_DENIED, problem)

    def own(self, queue: CommandQueue, pages: Sequence[int], start: int, count: int) -> None:
        """As `Prefixes.own`."""
        self.prefixes.own(queue, pages, start, count, lambda command: self.push(queue, command))

    def claim(self, queue: CommandQueue, pages: Sequence[int]) -> bool:
        """As `Prefixes.claim`."""
        return self.prefixes.claim(queue, pages, self._loops)

    # Batches

    @property
    def in_flight(self) -> int:
        return len(self._in_flight)

    def poke(self) -> None:
        """Send what should be sent now. To be called after anything that may have made work."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if self.short_of_pages or self.contention.suspended:
            self._make_room()
        while self.dead is None and len(self._in_flight) < self.settings.in_flight:
            loops = sum(loop.ready for loop in self._loops)
            if not loops and not self._queues:
                self._waiting_since = None
                return
            now = time.monotonic()
            guests, guest_seconds = self._guests()
            since = self._waiting_since = self._waiting_since or now
            waiting = Waiting(
                loops + len(self._queues), loops, now - since, now - max(since, self._free_since), self._step_seconds,
                len(self._in_flight), sum(assembly.builder.rows for assembly in self._in_flight.values()),
                guests, guest_seconds + self._row_seconds,
            )  # fmt: skip
            delay = self._policy.delay(waiting)
            if delay is None:
                return
            if delay > 0:
                self._timer = asyncio.get_running_loop().call_later(delay, self.poke)
                return
            try:
                if not self._form():
                    self._unblock()
                    return
            except Exception as error:
                self._broken(error)
                raise

    def _make_room(self) -> None:
        """Between batches: who waits for pages gets those of programs below it, and these go on when they can."""
        self.short_of_pages = False
        above = (-(1 << 63), 0)
        for queue, command in sorted(self._waiting_for_pages(), key=lambda item: rank(item[0].owner), reverse=True):
            has_room = self.contention.room_for(command.count)
            if not has_room and not command.collected and self._collect():
                command.collected = True
                above = max(above, rank(queue.owner))
            elif has_room or self.contention.preempt(queue.owner, command.count, self._rows_of):
                self._advance(queue, None)
            else:
                above = max(above, rank(queue.owner))
        for owner in self.contention.resume(above, self._rows_of):
            for queue in owner.queues:
                self._advance(queue, None)

    def _collect(self) -> bool:
        """Whether programs are about to collect their garbage; who waits for pages is looked at again after that."""
        collecting = self.contention.collect()
        self.short_of_pages |= collecting
        return collecting

    def _on_moved(self, moved: Mapping[int, int]) -> None:
        self.prefixes.moved(moved, self._loops)

    def _waiting_for_pages(self) -> list[tuple[CommandQueue, queues.Allocate]]:
        """Queues that have come to an allocation which cannot be done; those of suspended programs wait for more."""
        front = [(queue, queue.commands[0]) for queue in self._queues if queue.owner not in self.contention.suspended]
        return [(queue, first) for queue, first in front if isinstance(first, queues.Allocate)]

    def look_again(self, owner: Owner) -> None:
        """What a program's rows remember of places that are written may no longer hold."""
        for row in self._rows_of(owner):
            row.written = 0

    def _rows_of(self, owner: Owner) -> list[PageRow]:
        """The rows of pages that a program's calls and loops name."""
        rows = [*owner.rows.values()]
        rows += [command.held for queue in owner.queues for command in queue.commands if command.held is not None]
        rows += [loop.pages for loop in self._loops if loop.queue.owner is owner]
        return list({id(row): row for row in rows}.values())

    def _unblock(self) -> None:
        """Nothing can be sent. If that is because all who hold pages wait for more, one of them must give up."""
        suspended = self.contention.suspended
        if self.short_of_pages:
            self._make_room()  # with what the batch that was not formed gave back
        if self._in_flight or any(loop.queue.owner not in suspended for loop in self._loops) or self._guests()[0]:
            return
        blocked = self._waiting_for_pages()
        if blocked and self._collect():
            return
        found = self.contention.who_gives_up([queue.owner for queue, _ in blocked])
        if found is None:
            return
        for queue, command in blocked:
            if queue.owner is found:
                command.given_up = True
                self._advance(queue, None)
                return

    def _form(self) -> bool:
        """Make a batch of what there is and send it. False when nothing could be placed."""
        began = time.perf_counter()
        since, self._waiting_since = self._waiting_since, None
        settings = self.settings
        builder = BatchBuilder(self.info.page_size, settings.max_tokens, settings.max_rows)
        assembly = Assembly(builder)
        contention = self.contention
        builder.add_moves(contention.saves, contention.loads)
        for slot in self._grammars_over:
            builder.add_grammar(slot, b"")
        pools = (self.pages, self.embeds, self.token_slots)
        for pool in pools:
            pool.hold_back()
        number = self.next_batch
        loops = [loop for loop in self._loops if loop.ready]
        if contention.suspended:
            loops = [loop for loop in loops if loop.queue.owner not in contention.suspended]
        # decoding first, as its rows are short and someone reads along; then by priority, longest waiting first
        loops.sort(key=lambda loop: (not loop.decoding, -loop.queue.priority, loop.last_batch))
        # what stands alone in a batch may fail: its queue's next calls are not sent before that is known
        held = [sent for sent, other in self._in_flight.items() if other.builder.sealed]
        waiting = [queue for queue in self._queues if queue.last_batch not in held]
        if not self._alone:  # every other batch may be such work: loops always have a next step, and must go on as well
            for queue in [queue for queue in waiting if isinstance(queue.commands[0], queues.Alone)][:1]:
                self._advance(queue, assembly)
        self._alone = builder.sealed
        tried = set()
        for loop in loops:
            if loop.decoding and self._open(builder):
                self._place(loop, assembly, number)
                tried.add(loop)
        if builder.rows:
            builder.room = min(builder.room, settings.prefill_tokens)
        for queue in sorted(waiting, key=lambda queue: (-queue.priority, queue.since)):
            if self._open(builder):
                self._advance(queue, assembly)
        for loop in loops if contention.suspended else list(self._loops):
            if loop.ready and loop not in tried and self._open(builder):
                self._place(loop, assembly, number)
        for pool in pools:
            pool.let_go()
        if builder.empty:  # no such batch, then: who was to wait for it waits for the one before
            self._synchronizing = [(min(item[0], number - 1), item[1], item[2]) for item in self._synchronizing]
            self._synchronize()
            return False
        self.next_batch += 1
        contention.sent()
        self._grammars_over.clear()
        for queue in assembly.queues:
            queue.last_batch = number
        self.counters.batch_rows.add(builder.rows)
        if since is not None:
            self.counters.wait_ms.add((time.monotonic() - since) * 1000)
        self._send(number, assembly)
        self._spent += time.perf_counter() - began
        if builder.rows:
            self._row_seconds += (self._spent / builder.rows - self._row_seconds) / 8
            self._spent = 0.0
        return True

    def _open(self, builder: BatchBuilder) -> bool:
        """Whether the policy lets more calls into the batch."""
        return builder.empty or not (self._policy.single or builder.sealed)

    def _place(self, loop: Loop, assembly: Assembly, number: int) -> None:
        if loop.place(assembly, self._rewritten):
            loop.last_batch = number
            if loop.line:
                assembly.lines[loop.line] += 1
            if loop.over:
                self.settle(loop)

    def _rewritten(self, pages: PageRow, start: int, count: int) -> Mapping[int, int]:
        """As `seen_again`, of places that a loop writes."""
        self.pages.write(pages, start, start + count, self.info.page_size)
        return self.seen_again(pages, start, count)

    def _advance(self, queue: CommandQueue, assembly: Assembly | None) -> None:
        if queue.owner not in self.contention.suspended:
            queues.run_queue(queue, self, assembly)
        if queue.commands:
            self._queues[queue] = None
        else:
            self._queues.pop(queue, None)

    def _send(self, number: int, assembly: Assembly) -> None:
        builder, counters = assembly.builder, self.counters
        counters.batches += 1
        counters.forward_batches += bool(builder.rows)
        counters.rows += builder.rows
        counters.tokens += builder.token_count
        counters.largest_rows = max(counters.largest_rows, builder.rows)
        self._in_flight[number] = assembly
        assembly.sent = time.perf_counter()
        batch = builder.build(number)
        try:
            self._submit(batch, lambda result: self._arrived(number, result))
        except Exception as error:  # noqa: BLE001  the way to the device is gone: told to all who wait
            self.give_up(CallError(Status.MODEL_ERROR, str(error)))

    def _arrived(self, number: int, result: BatchResult | Exception) -> None:
        assembly = self._in_flight.pop(number, None)
        if assembly is None:
            return  # the model was given up in the meantime
        if isinstance(result, Exception):
            self._in_flight[number] = assembly
            self.give_up(CallError(Status.MODEL_ERROR, str(result)))
            return
        began = time.perf_counter()
        try:
            self._deliver(number, assembly, result)
        except Exception as fault:
            self._broken(fault)
            raise
        self._spent += time.perf_counter() - began
        if not self._in_flight:
            self._free_since = time.monotonic()
        self.poke()
        if self.run_guests is not None and self._guests()[0]:
            self.run_guests()

    def _broken(self, error: Exception) -> None:
        """A fault of ours: nobody may wait for what will not come."""
        self.give_up(CallError(Status.MODEL_ERROR, f"the scheduler failed, which is a fault of pielang: {error!r}"))

    def _deliver(self, number: int, assembly: Assembly, result: BatchResult) -> None:
        self.last_done = number
        self._step_seconds = result.device_ms / 1000
        if self.trace is not None:
            builder = assembly.builder
            self.trace.slice(
                BATCHES, f"in flight {number % self.settings.in_flight}", f"batch {number}", assembly.sent,
                time.perf_counter(), rows=builder.rows, tokens=builder.token_count, device_ms=result.device_ms,
                lines=assembly.lines,
            )  # fmt: skip
        self.counters.device_ms += result.device_ms
        if result.error is not None:
            self._failed(assembly, CallError(Status.MODEL_ERROR, f"the model refused a batch: {result.error}"))
        else:
            queues.answer_dists(assembly.dists, result)
            for read in assembly.readers:
                read(result)
            bounds = result.forced_start
            for loop, place in assembly.loops:
                forced = result.forced[bounds[place] : bounds[place + 1]].tolist() if len(bounds) else ()
                if result.sampled[place] < 0:
                    loop.stop(queues.no_numbers("generate()", result))
                else:
                    loop.receive(int(result.sampled[place]), float(result.logprob[place]), forced)
                self.settle(loop)
        self._synchronize()

    def settle(self, loop: Loop) -> None:
        """After something happened to a loop: answer who waits for it, and retire it when it has ended."""
        handles = loop.queue.owner.handles
        if loop.known is not None and loop.received == 1 + loop.end_known and not loop.retired:
            self.prefixes.fill(loop)
        if loop.answer() and handles.kind(loop.handle) is Kind.LOOP:
            handles.remove(loop.handle, Kind.LOOP)  # its end is told: there is nothing more to ask it
        if loop.received:
            self._let_go_of_end(loop)
        if loop.over:
            self.retire(loop)

    def _failed(self, assembly: Assembly, error: CallError) -> None:
        """A batch did not happen: all in it are told, and programs with work behind it that went on from its own."""
        for undo in assembly.undo:
            undo()
        tell(assembly, error)
        for loop in (*assembly.prompts, *(loop for loop, _ in assembly.loops)):
            loop.stop(error)
            self.settle(loop)
        later = [self._in_flight[number] for number in sorted(self._in_flight)]
        sound = sound_places(assembly.builder, [other.builder for other in later], self.pages.size)
        lost = {page for page, reach in sound.items() if self.pages.unwrite(page, reach)}
        programs = {queue.owner for queue in assembly.queues}
        programs |= {holder for holder in self.contention.holders if lost & {*holder.handles.things(Kind.PAGE)}}
        for other in later:
            tell(other, error, programs)
        filled = set(assembly.builder.filled).union(*(other.builder.filled for other in later))
        for program in programs:
            for embed in program.handles.things(Kind.EMBED):
                if embed.slot in filled:
                    self.embeds.give([embed.slot])
                    embed.slot, embed.image = -1, False
            self.look_again(program)
        for loop in [loop for loop in self._loops if loop.queue.owner in programs]:
            try:
                self.pages.check_written("generate()", loop.pages, loop.kv_len, self.info.page_size)
            except CallError:
                loop.stop(error)
                self.settle(loop)

    def give_up(self, error: CallError) -> None:
        """The inference process is gone: every call that waits fails, and every later one."""
        if self.dead is not None:
            return
        self.dead = error
        in_flight, self._in_flight = self._in_flight, {}
        for assembly in in_flight.values():
            self._failed(assembly, error)
        for loop in list(self._loops):
            loop.stop(error)
            self.settle(loop)
        for queue in list(self._queues):
            for command in queue.commands:
                if command.ticket:
                    queue.owner.fail(command.ticket, error)
            self.forget(queue)
        for _, queue, ticket in self._synchronizing:
            queue.owner.fail(ticket, error)
        self._synchronizing = []
        if self._timer is not None:
            self._timer.cancel()
