"""What is told of a program that ended against its will.

In: the trap that the VM reports, or what the program says of an exception that nobody caught. Out: `Failed`.
"""

from __future__ import annotations

from pielang.api import codec
from pielang.api.errors import CallError
from pielang.server.wire.client import Failed, Raised, TraceFrame
from pielang.vm.sections import Location, SourceMap
from pielang.vm.traps import GuestTrap, TrapKind

_RELATIONS = ("", "cause", "context")
_TRAP_KINDS = {
    TrapKind.TIME_LIMIT: "limit",
    TrapKind.MEMORY_LIMIT: "limit",
    TrapKind.STOPPED: "cancelled",
    TrapKind.STACK_OVERFLOW: "trap",
    TrapKind.FAULT: "trap",
    TrapKind.PROTOCOL: "internal",
}


def trapped(id: str, trap: GuestTrap) -> Failed:
    """The guest was ended by the VM."""
    if trap.__cause__ is not None and trap.kind is TrapKind.FAULT and not trap.stack:
        kind = "internal"
    else:
        kind = _TRAP_KINDS[trap.kind]
    frames = tuple(_frame(place) for place in trap.stack)
    name = "RecursionError" if trap.kind is TrapKind.STACK_OVERFLOW else ""
    return Failed(id, kind, trap.message, (Raised(name, trap.message, frames, ""),) if frames else ())


def raised(id: str, data: bytes, source: SourceMap) -> Failed:
    """The payload of `fail`: [[type, message, relation, [row...]], ...], rows innermost first."""
    try:
        chain = tuple(
            Raised(
                str(name),
                str(message),
                tuple(_frame(place) for row in reversed(rows) if (place := source.row(row)) is not None),
                _RELATIONS[relation],
            )
            for name, message, relation, rows in codec.unpack(data, "fail")
        )
        last = chain[-1]
    except (CallError, TypeError, ValueError, IndexError) as error:
        return Failed(id, "internal", f"the program reported an exception that cannot be read: {error}", ())
    return Failed(id, "exception", f"{last.type}: {last.message}" if last.message else last.type, chain)


def _frame(place: Location) -> TraceFrame:
    return TraceFrame(place.file, place.function, place.line, place.column)
