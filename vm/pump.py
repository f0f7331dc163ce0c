"""Runs guests away from the event loop.

In: guests with completions for them, from the event loop. Out: `Step`s, handed to the event loop in bulk.

Worker threads take guests that have something to do from one queue. One worker is enough while guests behave; when the
clock sees that none came back for a while and others wait, it adds some, so a guest that computes for seconds holds up
neither the event loop nor the other guests. Its worker also steps back in the system's order of threads, and ends with
the run. A guest is with at most one worker at a time.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pielang.vm.engine import Engine, TickListener
from pielang.vm.guest import Completion, Guest, Submission
from pielang.vm.traps import GuestTrap, TrapKind

MAX_WORKERS = 64
PATIENCE_TICKS = 10
HAND_OVER_STEPS = 64
NICE_OF_LONG_RUNS = 15
STACK_BYTES = 8 << 20
"""Room for the guest's stack (engine.WASM_STACK_BYTES) and the host's."""


@dataclass(slots=True)
class Step:
    """What a guest did between two waits. After a trap it is closed and never runs again."""

    guest: PumpedGuest
    submissions: list[Submission]
    trap: GuestTrap | None = None
    began: float = 0.0  # by time.perf_counter
    ended: float = 0.0


@dataclass(slots=True, eq=False)
class PumpedGuest:
    """A guest in the pump's care. All fields but `guest` belong to the pump."""

    guest: Guest
    inbox: deque[Completion] = field(default_factory=deque)
    busy: bool = False  # waits for a worker or is with one
    dropped: bool = False


class Pump(TickListener):
    """`on_steps` gets all steps made since the last time, by way of the event loop's thread-safe `call_soon`."""

    def __init__(
        self, engine: Engine, on_steps: Callable[[list[Step]], None], call_soon: Callable[[Callable[[], None]], object]
    ) -> None:
        self._engine = engine
        self._on_steps = on_steps
        self._call_soon = call_soon
        self._changed = threading.Condition()
        self._ready: deque[PumpedGuest] = deque()
        self._steps: deque[Step] = deque()
        self._handing_over = False
        self._closing = False
        self._workers: set[threading.Thread] = set()
        self._idle = 0
        self._taken = 0  # guests taken from the queue so far
        self._seen = (0, 0)  # (taken, ticks since it last changed): the clock's own
        with self._changed:
            self._add_worker()
        engine.on_tick(self)

    def add(self, guest: Guest) -> PumpedGuest:
        """Start the guest."""
        pumped = PumpedGuest(guest)
        self.complete([(pumped, ())])
        return pumped

    def complete(self, work: Iterable[tuple[PumpedGuest, Iterable[Completion]]]) -> None:
        """Hand completions to guests, none to one that is to be started; they are run soon."""
        with self._changed:
            for pumped, completions in work:
                pumped.inbox.extend(completions)
                self._schedule(pumped)

    def drop(self, pumped: PumpedGuest, reason: str) -> None:
        """End a guest: now if it is not running, else within some milliseconds. Steps may still come; ignore them."""
        with self._changed:
            if pumped.dropped:
                return
            pumped.dropped = True
            pumped.guest.stop(reason)
            if not pumped.busy:
                pumped.guest.close()

    def tick(self) -> bool:
        with self._changed:
            taken, ticks = self._seen
            ticks = ticks + 1 if taken == self._taken and self._ready else 0
            if ticks >= PATIENCE_TICKS and not self._idle and not self._closing:
                # twice as many each time: where one guest runs away, many may
                for _ in range(min(len(self._workers), len(self._ready), MAX_WORKERS - len(self._workers))):
                    self._add_worker()
                ticks = 0
            self._seen = (self._taken, ticks)
            wake = bool(self._steps) and not self._handing_over
            self._handing_over = self._handing_over or wake
            busy = bool(self._ready) or self._idle < len(self._workers)
        if wake:
            self._wake()
        return busy

    def close(self) -> None:
        """End the workers; guests that run are stopped by `drop` before."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
            workers = list(self._workers)
        for worker in workers:
            worker.join()

    def _add_worker(self) -> None:
        worker = threading.Thread(target=self._work, name="pie-pump", daemon=True)
        self._workers.add(worker)
        before = threading.stack_size(STACK_BYTES)
        try:
            worker.start()
        finally:
            threading.stack_size(before)

    def _schedule(self, pumped: PumpedGuest) -> None:
        if not pumped.busy and not pumped.dropped and not self._closing:
            pumped.busy = True
            self._ready.append(pumped)
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._ready:
                    if self._closing or self._idle:  # one idle worker is enough
                        self._workers.discard(threading.current_thread())
                        return
                    self._idle += 1
                    self._changed.wait()
                    self._idle -= 1
                pumped = self._ready.popleft()
                self._taken += 1
                inbox, pumped.inbox = pumped.inbox, deque()
            self._engine.running()
            stepped_back = threading.Event()
            began = time.perf_counter()
            step = _step(pumped, inbox, stepped_back.set)
            step.began, step.ended = began, time.perf_counter()
            with self._changed:
                pumped.inbox.extendleft(reversed(inbox))
                pumped.busy = False
                if step.trap is not None:
                    pumped.dropped = True
                if pumped.dropped:
                    pumped.guest.close()
                elif pumped.inbox or pumped.guest.has_more:
                    self._schedule(pumped)
                self._steps.append(step)
                # many steps for one wake of the event loop; the clock sees to it that none lies here for long
                wake = not self._handing_over and (not self._ready or len(self._steps) >= HAND_OVER_STEPS)
                self._handing_over = self._handing_over or wake
                if stepped_back.is_set():
                    self._retire()
            if wake:
                self._wake()
            if stepped_back.is_set():
                return

    def _retire(self) -> None:
        """The current worker ends; another takes its place when nobody else would."""
        self._workers.discard(threading.current_thread())
        if not self._workers and not self._closing:
            self._add_worker()

    def _wake(self) -> None:
        try:
            self._call_soon(self._hand_over)
        except RuntimeError:
            if not self._closing:  # the event loop is closed: only right while the node closes
                raise

    def _hand_over(self) -> None:
        with self._changed:
            steps, self._steps = list(self._steps), deque()
            self._handing_over = False
        self._on_steps(steps)


def _step(pumped: PumpedGuest, inbox: deque[Completion], stepped_back: Callable[[], None]) -> Step:
    def step_back() -> None:
        stepped_back()
        if sys.platform == "linux":  # where threads have priorities of their own; it cannot be taken back
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE_OF_LONG_RUNS)

    pumped.guest.on_long_run = step_back
    try:
        return Step(pumped, pumped.guest.step(inbox))
    except GuestTrap as trap:
        return Step(pumped, [], trap)
    except Exception as error:  # noqa: BLE001  recorded: the guest that met the host's fault ends with it
        fault = GuestTrap(TrapKind.FAULT, f"the host failed while running the program: {error!r}")
        fault.__cause__ = error
        return Step(pumped, [], fault)
