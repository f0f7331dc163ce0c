"""Hand-made modules for tests of the VM: `module(start=..., resume=...)` with helpers to fill the ring."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass

import wasmtime

from pielang.vm.engine import Engine
from pielang.vm.guest import Completion, Guest, Submission
from pielang.vm.pump import Pump, PumpedGuest
from pielang.vm.traps import GuestTrap

RINGS = 1024

PRELUDE = """
  (memory (export "memory") {pages})
  (global (export "rings") i32 (i32.const 1024))
  (func $submit (param $index i32) (param $opcode i32) (param $ticket i32) (param $address i32) (param $size i32)
                (param $buffer i32) (param $capacity i32) (param $scalar i64)
    (local $at i32)
    (local.set $at (i32.add (i32.const 1024) (i32.mul (local.get $index) (i32.const 32))))
    (i32.store (local.get $at) (local.get $opcode))
    (i32.store offset=4 (local.get $at) (local.get $ticket))
    (i32.store offset=8 (local.get $at) (local.get $address))
    (i32.store offset=12 (local.get $at) (local.get $size))
    (i32.store offset=16 (local.get $at) (local.get $buffer))
    (i32.store offset=20 (local.get $at) (local.get $capacity))
    (i64.store offset=24 (local.get $at) (local.get $scalar)))
"""


def module(start: str = "(i32.const 0)", resume: str = "(i32.const 0)", more: str = "", pages: str = "1") -> bytes:
    """The bytes of a module; `start` and `resume` are bodies, `more` holds other functions and data."""
    text = f"""(module {PRELUDE.format(pages=pages)} {more}
      (func (export "start") (result i32) {start})
      (func (export "resume") (param $completions i32) (result i32) {resume}))"""
    return bytes(wasmtime.wat2wasm(text))


@dataclass
class Step:
    guest: PumpedGuest
    submissions: list[Submission]
    trap: GuestTrap | None


class Steps:
    """A pump in an event loop, and what it hands over."""

    def __init__(self, engine: Engine) -> None:
        self._steps: deque[Step] = deque()
        self._came = asyncio.Event()
        self.pump = Pump(engine, self._on_step, lambda: None)

    def _on_step(self, guest: PumpedGuest, submissions: list[Submission], trap: GuestTrap | None) -> None:
        self._steps.append(Step(guest, submissions, trap))
        self._came.set()

    def add(self, guest: Guest) -> PumpedGuest:
        pumped = PumpedGuest(guest)
        self.pump.wake(pumped)
        return pumped

    def complete(self, pumped: PumpedGuest, *completions: Completion) -> None:
        pumped.inbox.extend(completions)
        self.pump.wake(pumped)

    async def next(self, guest: PumpedGuest) -> Step:
        """The next step of a guest."""
        while True:
            for step in self._steps:
                if step.guest is guest:
                    self._steps.remove(step)
                    return step
            self._came.clear()
            await asyncio.wait_for(self._came.wait(), 30)


def calls(submissions: list[Submission]) -> list[tuple[int, int, int, bytes]]:
    return [(item.opcode, item.ticket, item.scalar, item.data) for item in submissions]


def inbox(*completions: Completion) -> deque[Completion]:
    return deque(completions)
