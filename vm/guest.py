"""One running program: its store, its rings, its limits.

In: a `Program` and completions of its calls. Out: its submissions, copied out and checked. Every address that the guest
names is checked against its memory before use; what breaks docs/abi.md ends the guest with a `GuestTrap`.
"""

from __future__ import annotations

import ctypes
import struct
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from pielang.api.codec import encode_error
from pielang.api.errors import CallError, Status
from pielang.vm.engine import TICK_SECONDS, Engine, Program
from pielang.vm.fastcall import RawInstance, RawTrap
from pielang.vm.traps import GuestTrap, TrapKind, explain

RING_ENTRIES = 64
ENTRY_BYTES = 32
CLOCK_OFFSET = 24  # in the first completion
FETCH = 4
ROUNDS = 16
SLICE_TICKS = 10
LONG_RUN_SECONDS = 0.1
_SUBMISSION = struct.Struct("<HHIIIIIQ")
_COMPLETION = struct.Struct("<IiIIqq")
_WRITTEN, _WAITING = 1, 2


@dataclass(frozen=True, slots=True)
class Limits:
    memory_bytes: int = 256 << 20
    resume_seconds: float = 10.0
    """CPU seconds between two awaits."""
    outstanding_calls: int = 65536


@dataclass(slots=True)
class Submission:
    """A call the guest makes. Ticket 0: it wants no completion."""

    opcode: int
    ticket: int
    scalar: int
    data: bytes


@dataclass(slots=True)
class Completion:
    ticket: int
    status: int = Status.OK
    data: bytes = b""
    scalar: int = 0


class Guest:
    """Not safe from several threads at once, but no thread is special. `stop` may be called from any."""

    def __init__(self, engine: Engine, program: Program, limits: Limits) -> None:
        self._engine = engine
        self._program = program
        self._limits = limits
        self._started = False
        self._more = False
        self.on_long_run: Callable[[], None] | None = None
        """Called once, in the thread that runs the guest, when it has computed for LONG_RUN_SECONDS at a stretch."""
        self.cpu_seconds = 0.0
        """Computing so far."""
        self._buffers: dict[int, tuple[int, int]] = {}  # ticket of an open call -> (address, capacity)
        self._waiting: dict[int, bytes] = {}  # ticket -> result that did not fit
        self._resumed_at: float | None = None  # CPU time of the running thread, taken in the first slice's end
        self._ended_by: GuestTrap | None = None
        try:
            self._raw = RawInstance(engine.raw, program.module, limits.memory_bytes, SLICE_TICKS, self._on_epoch)
        except RawTrap as trap:
            if "memory" in trap.message:
                limit = f"the limit is {limits.memory_bytes >> 20} MB (--memory sets it)"
                raise GuestTrap(TrapKind.MEMORY_LIMIT, f"the program does not fit its memory: {limit}") from trap
            raise explain(trap, program.wasm, None) from trap
        size = self._raw.memory_size()
        if self._raw.rings + 2 * RING_ENTRIES * ENTRY_BYTES > size:
            self._raw.close()
            raise GuestTrap(TrapKind.PROTOCOL, "the module's rings lie outside its memory")
        place = self._raw.base + self._raw.rings + RING_ENTRIES * ENTRY_BYTES + CLOCK_OFFSET
        self._clock = ctypes.c_int64.from_address(place)
        """The guest's view of the time, in nanoseconds since 1970: as of its last start, resume or slice."""

    @property
    def memory_bytes(self) -> int:
        return self._raw.memory_size()

    def stop(self, reason: str) -> None:
        """End a call that is running now, within some milliseconds, and refuse every later one."""
        self._ended_by = GuestTrap(TrapKind.STOPPED, reason)

    def step(self, completions: deque[Completion]) -> list[Submission]:
        """Start the program, or deliver completions (taken from the left) and run until it waits. Raises GuestTrap.

        A guest that always has more to say is let go after some rounds: `has_more` says to call again.
        """
        if self._ended_by is not None:
            raise self._ended_by
        submissions: list[Submission] = []
        self._more = False
        began = time.thread_time()
        try:
            return self._rounds(completions, submissions)
        finally:
            self.cpu_seconds += time.thread_time() - began

    def _rounds(self, completions: deque[Completion], submissions: list[Submission]) -> list[Submission]:
        for _ in range(ROUNDS):
            self._resumed_at = None
            try:
                if self._started:
                    delivered = self._deliver(completions)
                    self._clock.value = time.time_ns()
                    count = self._raw.resume(delivered)
                else:
                    self._started = True
                    self._clock.value = time.time_ns()
                    count = self._raw.start()
            except RawTrap as trap:
                raise explain(trap, self._program.wasm, self._ended_by) from trap
            self._drain(count, submissions, completions)
            if count < RING_ENTRIES and not completions:
                return submissions
        self._more = True
        return submissions

    @property
    def has_more(self) -> bool:
        return self._more

    def _deliver(self, completions: deque[Completion]) -> int:
        """Write up to a ring's worth of completions; how many."""
        raw = self._raw
        entries = bytearray()
        while completions and len(entries) < RING_ENTRIES * ENTRY_BYTES:
            done = completions.popleft()
            address, capacity = self._buffers.pop(done.ticket, (0, 0))
            size, flags = len(done.data), 0
            if size and size <= capacity:
                ctypes.memmove(raw.base + address, done.data, size)
                flags = _WRITTEN
            elif size:
                self._waiting[done.ticket] = done.data
                flags = _WAITING
            entries += _COMPLETION.pack(done.ticket, done.status, size, flags, done.scalar, 0)
        if entries:
            target = raw.base + raw.rings + RING_ENTRIES * ENTRY_BYTES
            ctypes.memmove(target, bytes(entries), len(entries))
        return len(entries) // ENTRY_BYTES

    def _drain(self, count: int, submissions: list[Submission], completions: deque[Completion]) -> None:
        """Copy the entries out, then check them. `fetch` is answered here."""
        raw = self._raw
        if not 0 <= count <= RING_ENTRIES:
            raise GuestTrap(TrapKind.PROTOCOL, f"the guest reported {count} submissions; a ring holds {RING_ENTRIES}")
        if not count:
            return
        size = raw.memory_size()
        entries = ctypes.string_at(raw.base + raw.rings, count * ENTRY_BYTES)
        for opcode, _, ticket, address, length, buffer, capacity, scalar in _SUBMISSION.iter_unpack(entries):
            if address + length > size or buffer + capacity > size:
                raise GuestTrap(TrapKind.PROTOCOL, f"call {opcode} names memory that the guest does not have")
            data = ctypes.string_at(raw.base + address, length) if length else b""
            if ticket:
                if ticket in self._buffers or len(self._buffers) >= self._limits.outstanding_calls:
                    problem = f"call {opcode}: ticket {ticket} is in use, or too many calls are open"
                    raise GuestTrap(TrapKind.PROTOCOL, problem)
                self._buffers[ticket] = (buffer, capacity if buffer else 0)
            if opcode == FETCH:
                completions.append(self._fetched(ticket, scalar))
            else:
                submissions.append(Submission(opcode, ticket, scalar, data))

    def _fetched(self, ticket: int, wanted: int) -> Completion:
        result = self._waiting.pop(wanted, None)
        if result is None:
            error = CallError(Status.RELEASED, f"no result is waiting under ticket {wanted}")
            return Completion(ticket, error.status, encode_error(error))
        return Completion(ticket, Status.OK, result)

    def _on_epoch(self) -> bool:
        """Called within a guest call every SLICE_TICKS: whether the guest may go on."""
        if self._ended_by is not None:
            return False
        self._clock.value = time.time_ns()
        now = time.thread_time()
        if self._resumed_at is None:
            self._resumed_at = now - min(SLICE_TICKS * TICK_SECONDS, self._limits.resume_seconds)
        if self.on_long_run is not None and now - self._resumed_at > LONG_RUN_SECONDS:
            self.on_long_run()
            self.on_long_run = None
        if now - self._resumed_at < self._limits.resume_seconds:
            return True
        limit = f"{self._limits.resume_seconds:g} s of computing without an await"
        problem = f"the program reached its time limit of {limit} (--time-limit sets it)"
        self._ended_by = GuestTrap(TrapKind.TIME_LIMIT, problem)
        return False

    def close(self) -> None:
        """Give the memory back. Twice is fine; the guest must not be running."""
        self._raw.close()
        self._buffers.clear()
        self._waiting.clear()
