"""Hand-made modules for tests of the VM: `module(start=..., resume=...)` with helpers to fill the ring."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

import wasmtime

from pielang.vm.guest import Completion, Submission
from pielang.vm.pump import PumpedGuest, Step

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


class Steps:
    """Collects what a pump hands over; stands for the event loop."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._steps: deque[Step] = deque()

    def call_soon(self, callback: Any) -> None:
        callback()

    def on_steps(self, steps: list[Step]) -> None:
        with self._changed:
            self._steps.extend(steps)
            self._changed.notify_all()

    def next(self, guest: PumpedGuest | None = None, seconds: float = 30.0) -> Step:
        """The next step, of one guest if named."""
        with self._changed:
            while True:
                for step in self._steps:
                    if guest is None or step.guest is guest:
                        self._steps.remove(step)
                        return step
                assert self._changed.wait(seconds), "no step came"


def calls(submissions: list[Submission]) -> list[tuple[int, int, int, bytes]]:
    return [(item.opcode, item.ticket, item.scalar, item.data) for item in submissions]


def inbox(*completions: Completion) -> deque[Completion]:
    return deque(completions)
