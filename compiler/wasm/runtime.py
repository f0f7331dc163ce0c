"""The few helper functions that are not written in pie, because they deal with what only the emitter knows.

`$enter` and its two short forms push a shadow frame, `$overflow` turns a full shadow stack into a RecursionError,
`$note` and `$trace` add a place to an exception on its way. Wasm global 0 is the shadow stack pointer; global 1 is not
0 while `$overflow` or `$note` runs, which may use the reserve above the limit.
"""

from __future__ import annotations

from collections.abc import Iterable

from . import encode
from .emit import ENTER, ENTER_WITH, NOTE, OVERFLOW, TRACE
from .objects import FunctionObject, Hole, Target

RESERVE = 4096  # bytes of the shadow stack that only the making of a RecursionError may use

_I32 = bytes((encode.I32,))
_PLAIN = encode.PLAIN

Part = bytes | tuple[Hole, Target]


def _get(register: int) -> bytes:
    return bytes((encode.LOCAL_GET, register))


def _set(register: int) -> bytes:
    return bytes((encode.LOCAL_SET, register))


def _tee(register: int) -> bytes:
    return bytes((encode.LOCAL_TEE, register))


def _global_get(number: int) -> bytes:
    return bytes((encode.GLOBAL_GET, number))


def _global_set(number: int) -> bytes:
    return bytes((encode.GLOBAL_SET, number))


def _open(opcode: int, result: int = encode.VOID) -> bytes:
    return bytes((opcode, result))


_CALL, _CONST = bytes((encode.CALL,)), bytes((encode.I32_CONST,))
_TRY = bytes((encode.TRY_TABLE, encode.VOID, 1, encode.CATCH, 0, 0))
_THROW = bytes((encode.THROW, 0))


def _assemble(symbol: str, params: int, result: bytes, locals_: int, parts: Iterable[Part]) -> FunctionObject:
    code = bytearray(encode.vector([encode.unsigned(locals_) + _I32] if locals_ else []))
    holes: list[tuple[int, Hole, Target]] = []
    for part in parts:
        if isinstance(part, bytes):
            code += part
        else:
            holes.append((len(code), *part))
    code.append(encode.END)
    return FunctionObject(symbol, symbol, _I32 * params, result, bytes(code), holes)


def enter() -> FunctionObject:
    """(size) -> address of a zeroed frame of `size` bytes, a multiple of 8 and not 0."""
    size, frame = 0, 1
    return _assemble(
        ENTER,
        1,
        _I32,
        1,
        [
            _global_get(0) + _tee(frame) + _get(size) + _PLAIN["i32.add"] + _tee(size) + _global_set(0),
            _get(size) + _CONST,
            (Hole.LINK_VALUE, "stack_limit"),
            _PLAIN["i32.gt_u"] + _open(encode.IF) + _get(frame) + _CALL,
            (Hole.CALL, OVERFLOW),
            _PLAIN["end"] + _open(encode.LOOP),
            _get(size) + encode.i32_const(8) + _PLAIN["i32.sub"] + _tee(size),
            encode.i64_const(0) + bytes((*encode.MEMORY["i64.store"], 0)),
            _get(size) + _get(frame) + _PLAIN["i32.gt_u"] + bytes((encode.BR_IF, 0)) + _PLAIN["end"] + _get(frame),
        ],
    )


def enter_with(count: int) -> FunctionObject:
    """(reference, ...) -> address of a frame of 8 bytes with one or two references already in it."""
    frame, end = count, count + 1
    stores = [_get(frame) + _get(0) + bytes((*encode.MEMORY["i32.store"], 0)), _get(frame) + _get(1)]
    stores[1] += bytes((*encode.MEMORY["i32.store"], 4))
    if count == 1:
        stores = [_get(frame) + _get(0) + _PLAIN["i64.extend_i32_u"] + bytes((*encode.MEMORY["i64.store"], 0))]
    return _assemble(
        ENTER_WITH[count],
        count,
        _I32,
        2,
        [
            _global_get(0) + _tee(frame) + encode.i32_const(8) + _PLAIN["i32.add"] + _tee(end) + _global_set(0),
            _get(end) + _CONST,
            (Hole.LINK_VALUE, "stack_limit"),
            _PLAIN["i32.gt_u"] + _open(encode.IF) + _get(frame) + _CALL,
            (Hole.CALL, OVERFLOW),
            _PLAIN["end"] + b"".join(stores) + _get(frame),
        ],
    )


def overflow(recursion: str | None) -> FunctionObject:
    """(frame): the frame pushed from there on passes the limit. Gives it up and throws what `recursion` throws; lets
    it be, as far as the reserve goes, while that is being made."""
    frame = 0
    throwing: list[Part] = [_PLAIN["unreachable"]]
    if recursion is not None:
        throwing = [
            _get(frame) + _global_set(0) + encode.i32_const(1) + _global_set(1),
            _open(encode.BLOCK, encode.I32) + _TRY + _CALL,
            (Hole.CALL, recursion),
            _PLAIN["end"] + _PLAIN["unreachable"] + _PLAIN["end"],
            encode.i32_const(0) + _global_set(1) + _THROW,
        ]
    return _assemble(
        OVERFLOW,
        1,
        b"",
        0,
        [
            _global_get(1) + _open(encode.IF) + _global_get(0) + _CONST,
            (Hole.LINK_VALUE, "stack_end"),
            _PLAIN["i32.gt_u"] + _open(encode.IF) + _PLAIN["unreachable"] + _PLAIN["end"],
            _PLAIN["return"] + _PLAIN["end"],
            *throwing,
        ],
    )


def note(told: str) -> FunctionObject:
    """(error, row) -> error: call `told` (core's rt_trace) with both, unless the row is "nowhere". When there is no
    memory to note the place, the error goes on without it."""
    error, row, frame, handling = 0, 1, 2, 3
    return _assemble(
        NOTE,
        2,
        _I32,
        2,
        [
            _get(row) + _CONST,
            (Hole.LINK_VALUE, "nowhere"),
            _PLAIN["i32.eq"] + _open(encode.IF) + _get(error) + _PLAIN["return"] + _PLAIN["end"],
            _global_get(1) + _set(handling) + encode.i32_const(1) + _global_set(1),
            _get(error) + _CALL,
            (Hole.CALL, ENTER_WITH[1]),
            _set(frame)
            + _open(encode.BLOCK)
            + _open(encode.BLOCK, encode.I32)
            + _TRY
            + _get(error)
            + _get(row)
            + _CALL,
            (Hole.CALL, told),
            _PLAIN["end"] + bytes((encode.BR, 1)) + _PLAIN["end"] + _PLAIN["drop"] + _PLAIN["end"],
            _get(frame) + _global_set(0) + _get(handling) + _global_set(1) + _get(error),
        ],
    )


def trace() -> FunctionObject:
    """(error, row): note the place, then throw the error again."""
    return _assemble(TRACE, 2, b"", 0, [_get(0) + _get(1) + _CALL, (Hole.CALL, NOTE), _THROW])
