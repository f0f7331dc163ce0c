"""Runs guests, in the event loop's own thread for as long as they only take a moment.

In: guests and completions, from the event loop's thread. Out: `on_step` with what a guest asks for, in that thread too,
as soon as it waits; what is answered at once is delivered in the same sweep. So a call costs no change of threads and
no turn of the event loop.

A guest that computes beyond its first slice is left where it stands, and one of a few worker threads goes on with it,
slice by slice, in turn with all others that compute: it holds up neither the event loop nor anybody else.
"""

from __future__ import annotations

import asyncio
import os
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from pielang.vm.engine import Engine
from pielang.vm.guest import Completion, Guest, Submission
from pielang.vm.traps import GuestTrap, TrapKind

SWEEP_SECONDS = 0.005
"""After which the event loop has its turn, guests or not."""
PATIENCE_SECONDS = 0.002
"""A guest that computes for longer goes on with the workers, from the next tick on."""
STEPS_IN_A_ROW = 16
REMEMBERED = 64
"""Runs of guests over which their time is averaged."""
SHORT_SECONDS = 0.0005
"""A step of a worker that took no longer is one that the event loop could have made."""
NICE_OF_WORKERS = 15


@dataclass(slots=True, eq=False)
class PumpedGuest:
    """A guest in the pump's care; its fields belong to the pump, but who has completions for it adds to `inbox`."""

    guest: Guest
    inbox: deque[Completion] = field(default_factory=deque)
    submissions: list[Submission] = field(default_factory=list)  # of the step under way
    queued: bool = False  # is to be run in the next sweep
    working: bool = False  # is with the workers
    computes: bool = False  # its last step was long: the next one begins with the workers
    dropped: bool = False
    began: float = 0.0  # by time.perf_counter: its last step
    trap: GuestTrap | None = None

    @property
    def pending(self) -> bool:
        """Whether there is something to run it for."""
        return bool(self.inbox or self.guest.has_more) and not self.dropped


Guests = list[PumpedGuest]


class Pump:
    """`on_step` gets a guest and what it asks for, or with what it was ended; it is closed then. `on_swept` is called
    when no guest is left to be run, or others must have their turn."""

    def __init__(
        self,
        engine: Engine,
        on_step: Callable[[PumpedGuest, list[Submission], GuestTrap | None], None],
        on_swept: Callable[[], None],
        workers: int | None = None,
    ) -> None:
        self._engine = engine
        self._loop = asyncio.get_running_loop()
        self._on_step = on_step
        self._on_swept = on_swept
        self._ready: deque[PumpedGuest] = deque()
        self.guest_seconds = 0.0  # that running one, and doing what it asks for, took of late
        self._called = False  # a sweep will come
        self._sweeping = False
        self._closed = False
        self._most_workers = workers or os.cpu_count() or 1
        self._workers: list[threading.Thread] = []
        self._work: queue.SimpleQueue[PumpedGuest | None] = queue.SimpleQueue()
        self._worked: deque[PumpedGuest] = deque()  # by workers, for the event loop

    @property
    def waiting(self) -> int:
        """Guests that are about to run and will probably ask for something."""
        return len(self._ready)

    def wake(self, pumped: PumpedGuest) -> None:
        """There are completions for the guest, or it is to be started: it is run soon."""
        if not (pumped.queued or pumped.working or pumped.dropped):
            pumped.queued = True
            self._ready.append(pumped)
            self._call_sweep()

    def collect(self, pumped: PumpedGuest) -> bool:
        """Make a guest that waits collect its garbage, soon; False when it cannot have any, or computes."""
        pumped.guest.collect = pumped.guest.ran and not (pumped.working or pumped.dropped)
        if pumped.guest.collect:
            self.wake(pumped)
        return pumped.guest.collect

    def drop(self, pumped: PumpedGuest, reason: str) -> None:
        """End a guest: at once, or when a worker's slice is over. No step of it comes any more."""
        if not pumped.dropped:
            pumped.dropped = True
            pumped.guest.stop(reason)
            if not pumped.working:
                pumped.guest.close()

    def close(self) -> None:
        """End the workers, when all guests were dropped. May be called in any thread."""
        self._closed = True
        for _ in self._workers:
            self._work.put(None)
        for worker in self._workers:
            worker.join()
        left = list(self._worked)
        while not self._work.empty():
            pumped = self._work.get()
            left += [pumped] if pumped is not None else []
        for pumped in left:
            pumped.guest.close()

    def start(self, pumped: PumpedGuest) -> None:
        """Run a new guest for its first slice, now."""
        if self._sweeping:
            self.wake(pumped)
        else:
            self._engine.running()
            self._run(pumped, time.perf_counter())
            self._call_sweep()

    def _call_sweep(self) -> None:
        if not self._called and not self._sweeping:
            self._called = True
            self._loop.call_soon(self.sweep)

    def sweep(self) -> None:
        """Run all guests that have something to do, and those to which that gives something to do."""
        if self._sweeping:
            return
        self._called, self._sweeping = False, True
        try:
            self._engine.running()
            now = began = time.perf_counter()
            end, count = now + SWEEP_SECONDS, 0
            ready = self._ready
            while ready and now < end:
                pumped = ready.popleft()
                if not pumped.dropped:
                    self._run(pumped, now)
                    now = time.perf_counter()
                    count += 1
            if count:
                self.guest_seconds += (now - began - count * self.guest_seconds) / (count + REMEMBERED)
        finally:
            self._sweeping = False
        if self._ready:
            self._call_sweep()
        self._on_swept()

    def _run(self, pumped: PumpedGuest, now: float) -> None:
        """A step, and more while all that the guest asks for is answered at once: it will never be nearer at hand."""
        pumped.queued = True  # so that answers do not wake it
        for _ in range(STEPS_IN_A_ROW):
            pumped.began = now
            if pumped.computes or not self._short_step(pumped):
                self._give_to_workers(pumped)
                break
            self._hand_over(pumped)
            if not pumped.pending:
                break
            now = time.perf_counter()
        pumped.queued = False
        if pumped.pending:
            self.wake(pumped)

    def _short_step(self, pumped: PumpedGuest) -> bool:
        """Whether the guest waits, or was ended, after what time the event loop has for it."""
        while not self._step(pumped, time.perf_counter):
            if pumped.guest.step_seconds > PATIENCE_SECONDS:
                return False
        return True

    def _step(self, pumped: PumpedGuest, clock: Callable[[], float]) -> bool:
        """Whether the guest waits now, or was ended."""
        try:
            return pumped.guest.step(pumped.inbox, pumped.submissions, clock)
        except GuestTrap as trap:
            pumped.trap = trap
        except Exception as error:  # noqa: BLE001  recorded: the guest that met the host's fault ends with it
            pumped.trap = GuestTrap(TrapKind.FAULT, f"the host failed while running the program: {error!r}")
            pumped.trap.__cause__ = error
        return True

    def _hand_over(self, pumped: PumpedGuest) -> None:
        submissions, pumped.submissions = pumped.submissions, []
        if pumped.trap is not None:
            pumped.dropped = True
            pumped.guest.close()
        self._on_step(pumped, submissions, pumped.trap)

    def _give_to_workers(self, pumped: PumpedGuest) -> None:
        pumped.working = True
        if len(self._workers) < self._most_workers and not self._closed:
            worker = threading.Thread(target=self._run_worker, name="pie-worker", daemon=True)
            self._workers.append(worker)
            worker.start()
        self._work.put(pumped)

    def _run_worker(self) -> None:
        if sys.platform == "linux":  # where threads have priorities of their own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE_OF_WORKERS)
        while (pumped := self._work.get()) is not None:
            self._engine.running()
            if not self._step(pumped, time.thread_time):
                self._work.put(pumped)  # behind all others
                continue
            self._worked.append(pumped)
            try:
                self._loop.call_soon_threadsafe(self._collect)
            except RuntimeError:
                if not self._closed:  # the event loop is closed: only right while the node closes
                    raise

    def _collect(self) -> None:
        """Steps that workers have made."""
        while self._worked:
            pumped = self._worked.popleft()
            pumped.working = False
            pumped.computes = pumped.guest.step_seconds > SHORT_SECONDS
            if pumped.dropped:
                pumped.guest.close()
                continue
            self._hand_over(pumped)
            if pumped.pending:
                self.wake(pumped)
        self.sweep()
