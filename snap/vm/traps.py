"""Why a guest ended against its will, in terms of its source.

In: a `RawTrap` (code, frames with offsets) and the module's tables. Out: `GuestTrap`: kind, a message that says what
to do, and the places that were on the stack.
"""

from __future__ import annotations

from enum import Enum

from wasmtime import TrapCode

from pielang.vm.fastcall import RawTrap
from pielang.vm.sections import BadSection, Location, SourceMap


class TrapKind(Enum):
    TIME_LIMIT = "time limit"
    MEMORY_LIMIT = "memory limit"
    STACK_OVERFLOW = "stack overflow"
    STOPPED = "stopped"
    PROTOCOL = "protocol"  # the guest broke the rules of docs/abi.md
    FAULT = "fault"  # anything else: a fault of the compiler or of a module it did not make


class GuestTrap(Exception):
    """The guest was ended. `stack` holds the places it was at, outermost first."""

    def __init__(self, kind: TrapKind, message: str, stack: tuple[Location, ...] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
        self.stack = stack


def explain(trap: RawTrap, wasm: bytes, ended_by: GuestTrap | None) -> GuestTrap:
    """The trap with its places. `ended_by` is set when the host itself ended the guest (time, termination)."""
    stack = _stack(trap, wasm)
    if ended_by is not None:
        return GuestTrap(ended_by.kind, ended_by.message, stack)
    match trap.code:
        case TrapCode.STACK_OVERFLOW:
            return GuestTrap(TrapKind.STACK_OVERFLOW, "calls are nested too deeply for the stack", stack)
        case TrapCode.UNREACHABLE:
            reason = "reached code that cannot be reached"
        case TrapCode.MEMORY_OUT_OF_BOUNDS:
            reason = "used memory that it does not have"
        case TrapCode.UNCAUGHT_EXCEPTION:
            reason = "an exception left the program without being reported"
        case None:
            reason = trap.message.strip()
        case code:
            reason = code.name.lower().replace("_", " ")
    return GuestTrap(TrapKind.FAULT, f"the program was ended: {reason}", stack)


def _stack(trap: RawTrap, wasm: bytes) -> tuple[Location, ...]:
    if not trap.frames:
        return ()
    try:
        source = SourceMap(wasm)
    except BadSection:
        return ()  # a module without tables still ends with its reason
    found = (source.at_offset(frame.module_offset) for frame in reversed(trap.frames))
    return tuple(place for place in found if place is not None)
