"""Emitted functions before linking: code with holes.

In: what the emitter wrote. Out: `FunctionObject`, plain data that can be pickled, so that the object of a library
function may be kept from one build to the next; and `link_code`, which fills the holes.

A hole has no width of its own: the linker puts the LEB128 number there, as short as it comes out.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum


class Hole(IntEnum):
    """What belongs in a hole, and what the relocation's `target` is."""

    CALL = 0  # function index; symbol
    TABLE_INDEX = 1  # i32.const operand; symbol of a function in the table
    TYPE_ID = 2  # i32.const operand; heap type
    SUBTYPE_TEST = 3  # instructions that turn a type id into 0 or 1; heap type
    LITERAL = 4  # i32.const operand; str or bytes
    GLOBAL = 5  # offset operand; symbol of a module-level variable
    LINK_VALUE = 6  # i32.const operand; name as in ir.LinkValue
    SIGNATURE = 7  # type index; (parameters, result) as value type bytes
    ROW = 8  # i32.const operand: location row; number in the object's own `rows`
    PLACE = 9  # i32.const operand: one more than the location row, 0 if that takes more than 16 bits
    MARK = 10  # nothing: code from here on belongs to the row; number in `rows`, or -1 for none


Target = str | bytes | int | tuple[bytes, bytes]


@dataclass(slots=True)
class FunctionObject:
    """`code` holds the local declarations and the body up to its final `end`; `holes` are in order of position.

    `params` and `result` are value type bytes; `rows` the (line, column) pairs of the function's own source.
    """

    symbol: str
    name: str
    params: bytes
    result: bytes
    code: bytes = b""
    holes: list[tuple[int, Hole, Target]] = field(default_factory=list)
    rows: list[tuple[int, int]] = field(default_factory=list)
    file: str = ""
    named: bool = False  # of the user's: stays in the name section when library functions do not


def link_code(
    item: FunctionObject, fill: Callable[[Hole, Target], bytes], mark: Callable[[int, int], None] | None = None
) -> bytes:
    """The code with every hole filled. `mark(offset, row)` is told where each row begins in the result."""
    if not item.holes:
        return item.code
    parts: list[bytes] = []
    code = item.code
    start = size = 0
    for position, hole, target in item.holes:
        if position > start:
            parts.append(code[start:position])
            size += position - start
            start = position
        if hole is Hole.MARK:
            if mark is not None and isinstance(target, int):
                mark(size, target)
            continue
        part = fill(hole, target)
        size += len(part)
        parts.append(part)
    parts.append(code[start:])
    return b"".join(parts)
