"""One running program: its store, its rings, its limits.

In: a `Program` and completions of its calls. Out: its submissions, copied out and checked. Every address that the guest
names is checked against its memory before use; what breaks docs/abi.md ends the guest with a `GuestTrap`.
"""

from __future__ import annotations

import ctypes
import struct
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from pielang.api.codec import encode_error
from pielang.api.errors import CallError, Status
from pielang.vm.engine import Engine, Program
from pielang.vm.fastcall import RawInstance, RawTrap
from pielang.vm.traps import GuestTrap, TrapKind, explain

RING_ENTRIES = 64
ENTRY_BYTES = 32
CLOCK_OFFSET = 24  # in the first completion
WRITE = 3
FETCH = 4
RELEASE = 6
ROUNDS = 16
COLLECT = -2  # `resume` with this collects garbage and does nothing else
_SUBMISSION = struct.Struct("<HHIIIIIQ")
_COMPLETION = struct.Struct("<IiIIqq")
_CLOCK = struct.Struct("<q")
_WRITTEN, _WAITING = 1, 2


@dataclass(frozen=True, slots=True)
class Limits:
    memory_bytes: int = 256 << 20
    resume_seconds: float = 10.0
    """CPU seconds between two awaits."""
    outstanding_calls: int = 65536


@dataclass(slots=True)
class Submission:
    """A call the guest makes. Ticket 0: it wants no completion. `place`: 1 + the row of its line, 0 when not told."""

    opcode: int
    ticket: int
    scalar: int
    data: bytes
    place: int = 0


@dataclass(slots=True)
class Completion:
    ticket: int
    status: int = Status.OK
    data: bytes = b""
    scalar: int = 0


class Round(NamedTuple):
    """What a guest is handed as it is called: the clock in nanoseconds since 1970, and up to a ring's worth of
    completions, or that it is to collect garbage."""

    clock: int
    collects: bool
    completions: deque[Completion]


class Journal(Protocol):
    """Knows the rounds of a guest: keeps them, or gives those of another run."""

    def round(self, waiting: deque[Completion], collects: bool) -> Round:
        """The round that begins; its completions are taken out of `waiting`."""

    def over(self, submissions: Sequence[Submission]) -> None:
        """It is over, and these were asked for in it."""


class Guest:
    """For one thread at a time, but no thread is special. `stop` may be called from any."""

    def __init__(self, engine: Engine, program: Program, limits: Limits, journal: Journal | None = None) -> None:
        self._journal = journal
        self._program = program
        self._limits = limits
        self._started = False
        self._rounds = 0  # of the step that is under way; 0: the guest waits
        self._called = False  # a call was left in the middle
        self.has_more = False
        """The last step ended by its number of rounds: step again, completions or not."""
        self.ran = False
        """It may hold garbage: it has run since it was last made to collect."""
        self.collect = False
        """The next step begins with that."""
        self.cpu_seconds = 0.0
        """Computing so far."""
        self.step_seconds = 0.0
        """Computing in the step under way, or the last one."""
        self._buffers: dict[int, tuple[int, int]] = {}  # ticket of an open call -> (address, capacity)
        self._waiting: dict[int, bytes] = {}  # ticket -> result that did not fit
        self._ended_by: GuestTrap | None = None
        try:
            self._raw = RawInstance(engine.native, program.module, limits.memory_bytes)
        except RawTrap as trap:
            if "memory" in trap.message:
                limit = f"the limit is {limits.memory_bytes >> 20} MB (--memory sets it)"
                raise GuestTrap(TrapKind.MEMORY_LIMIT, f"the program does not fit its memory: {limit}") from trap
            raise explain(trap, program.wasm, None) from trap
        self._size = self._raw.memory_size()  # when it was last asked for
        self._completions = self._raw.rings + RING_ENTRIES * ENTRY_BYTES
        if self._completions + RING_ENTRIES * ENTRY_BYTES > self._size:
            self._raw.close()
            raise GuestTrap(TrapKind.PROTOCOL, "the module's rings lie outside its memory")
        # all that the memory may ever be: nothing beyond what it is now may be touched
        self._memory = memoryview((ctypes.c_ubyte * limits.memory_bytes).from_address(self._raw.base)).cast("B")

    @property
    def memory_bytes(self) -> int:
        return self._raw.memory_size()

    def stop(self, reason: str) -> None:
        """End a call that is running now, within some milliseconds, and refuse every later one."""
        self._ended_by = GuestTrap(TrapKind.STOPPED, reason)
        self._raw.stop()

    def run(self, completions: deque[Completion]) -> list[Submission]:
        """A whole step, however long it takes. Raises GuestTrap."""
        submissions: list[Submission] = []
        while not self.step(completions, submissions, time.thread_time):
            pass
        return submissions

    def step(self, completions: deque[Completion], submissions: list[Submission], clock: Callable[[], float]) -> bool:
        """Start the program, or deliver completions (taken from the left) and run until it waits; what it asks for is
        added to `submissions`.

        False: it still computes after a slice of time, and this is to be called again, by whatever thread. `clock`
        tells the seconds that count as computing. A guest that always has more to say is let go after some rounds.
        Raises GuestTrap.
        """
        if not self._rounds:
            self.step_seconds = 0.0
            if self._ended_by is not None:
                raise self._ended_by
        began = clock()
        try:
            over = self._run(completions, submissions)
        except RawTrap as trap:
            submissions += self._last_words()
            raise explain(trap, self._program.wasm, self._ended_by) from trap
        finally:
            took = clock() - began
            self.cpu_seconds += took
            self.step_seconds += took
        if over:
            if self._ended_by is not None:
                raise self._ended_by
            return True
        if self.step_seconds > self._limits.resume_seconds and self._ended_by is None:
            limit = f"{self._limits.resume_seconds:g} s of computing without an await"
            problem = f"the program reached its time limit of {limit} (--time-limit sets it)"
            self._ended_by = GuestTrap(TrapKind.TIME_LIMIT, problem)
            self._raw.stop()
        return False

    def _run(self, completions: deque[Completion], submissions: list[Submission]) -> bool:
        """Whether the guest waits now."""
        raw, memory, journal = self._raw, self._memory, self._journal
        clock = self._completions + CLOCK_OFFSET
        while True:
            if self._called:
                if journal is None:
                    _CLOCK.pack_into(memory, clock, time.time_ns())
                count = raw.go_on()
            else:
                self._rounds += 1
                now, collects, handed = time.time_ns(), self.collect and self._started, completions
                if journal is not None:
                    now, collects, handed = journal.round(completions, collects)
                self.ran, self.collect = not collects, False
                delivered = COLLECT if collects else self._deliver(handed) if handed else 0
                _CLOCK.pack_into(memory, clock, now)
                if self._started:
                    count = raw.resume(delivered)
                else:
                    self._started = True
                    count = raw.start()
            self._called = count is None
            if count is None:
                return False
            asked = len(submissions)
            if count:
                self._drain(count, submissions, completions)
            if journal is not None:
                journal.over(submissions[asked:])
            if count < RING_ENTRIES and not completions:
                self.has_more, self._rounds = False, 0
                return True
            if self._rounds == ROUNDS:
                self.has_more, self._rounds = True, 0
                return True

    def _last_words(self) -> list[Submission]:
        """What a guest that was ended in mid-call had written and not yet handed out, if it can still say so."""
        said: list[Submission] = []
        try:
            count = self._raw.say_last()
            if count is not None:
                self._drain(count, said, deque())
        except (RawTrap, GuestTrap):
            return []  # it is broken: why it was ended is told anyway
        return [submission for submission in said if submission.opcode == WRITE]

    def _deliver(self, completions: deque[Completion]) -> int:
        """Write up to a ring's worth of completions; how many."""
        memory, at, count = self._memory, self._completions, 0
        while completions and count < RING_ENTRIES:
            done = completions.popleft()
            address, capacity = self._buffers.pop(done.ticket, (0, 0))
            data = done.data
            size, flags = len(data), 0
            if size:
                if size <= capacity:
                    memory[address : address + size] = data
                    flags = _WRITTEN
                else:
                    self._waiting[done.ticket] = data
                    flags = _WAITING
            _COMPLETION.pack_into(memory, at, done.ticket, done.status, size, flags, done.scalar, 0)
            at += ENTRY_BYTES
            count += 1
        return count

    def _drain(self, count: int, submissions: list[Submission], completions: deque[Completion]) -> None:
        """Copy the entries out, then check them. `fetch` is answered here."""
        if not 0 <= count <= RING_ENTRIES:
            raise GuestTrap(TrapKind.PROTOCOL, f"the guest reported {count} submissions; a ring holds {RING_ENTRIES}")
        memory, rings, buffers = self._memory, self._raw.rings, self._buffers
        entries = memory[rings : rings + count * ENTRY_BYTES].tobytes()
        for opcode, place, ticket, address, length, buffer, capacity, scalar in _SUBMISSION.iter_unpack(entries):
            if address + length > self._size or buffer + capacity > self._size:
                self._size = self._raw.memory_size()
                if address + length > self._size or buffer + capacity > self._size:
                    problem = f"call {opcode} names memory that the guest does not have"
                    raise GuestTrap(TrapKind.PROTOCOL, problem)
            data = memory[address : address + length].tobytes() if length else b""
            if ticket:
                if ticket in buffers or len(buffers) >= self._limits.outstanding_calls:
                    problem = f"call {opcode}: ticket {ticket} is in use, or too many calls are open"
                    raise GuestTrap(TrapKind.PROTOCOL, problem)
                buffers[ticket] = (buffer, capacity if buffer else 0)
            if opcode == FETCH:
                completions.append(self._fetched(ticket, scalar))
            else:
                submissions.append(Submission(opcode, ticket, scalar, data, place))

    def _fetched(self, ticket: int, wanted: int) -> Completion:
        result = self._waiting.pop(wanted, None)
        if result is None:
            error = CallError(Status.RELEASED, f"no result is waiting under ticket {wanted}")
            return Completion(ticket, error.status, encode_error(error))
        return Completion(ticket, Status.OK, result)

    def close(self) -> None:
        """Give the memory back. Twice is fine; no thread may be in a step."""
        self._memory.release()
        self._raw.close()
        self._buffers.clear()
        self._waiting.clear()
