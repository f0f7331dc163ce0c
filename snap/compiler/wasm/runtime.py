"""The few helper functions that are not written in pie, because they deal with what only the emitter knows.

`$enter` and its two short forms push a shadow frame, `$overflow` turns a full shadow stack into a RecursionError,
`$note` and `$trace` add a place to an exception on its way. Wasm global 0 is the shadow stack pointer; global 1 is not
0 while `$overflow` or `$note` runs, which may use the reserve above the limit.
"""

from __future__ import annotations

from . import encode
from .emit import ENTER, ENTER_WITH, NOTE, OVERFLOW, TRACE
from .objects import FunctionObject, Hole, Target

RESERVE = 4096  # bytes of the shadow stack that only the making of a RecursionError may use

_I32 = bytes((encode.I32,))
_OPENING = {
    "if": (encode.IF, encode.VOID),
    "loop": (encode.LOOP, encode.VOID),
    "block": (encode.BLOCK, encode.VOID),
    "block-i32": (encode.BLOCK, encode.I32),
    "try": (encode.TRY_TABLE, encode.VOID, 1, encode.CATCH, 0, 0),
}


def _assemble(symbol: str, params: int, result: bytes, locals_: int, text: str) -> FunctionObject:
    """A function from its instructions; a constant that is a name is for the linker. `try` goes, with what is thrown
    in it, behind the block around it."""
    code = bytearray(encode.vector([encode.unsigned(locals_) + _I32] if locals_ else []))
    holes: list[tuple[int, Hole, Target]] = []
    words = iter(text.split())
    for word in words:
        if word in _OPENING:
            code += bytes(_OPENING[word])
        elif word in encode.INDEXED:
            code += bytes((encode.INDEXED[word], int(next(words))))
        elif word in encode.MEMORY:
            code += bytes((*encode.MEMORY[word], int(next(words))))
        elif word == "call":
            code.append(encode.CALL)
            holes.append((len(code), Hole.CALL, next(words)))
        elif word == "i32.const" and (value := next(words)).isdigit():
            code += encode.i32_const(int(value))
        elif word == "i32.const":
            code.append(encode.I32_CONST)
            holes.append((len(code), Hole.LINK_VALUE, value))
        elif word == "i64.zero":
            code += encode.i64_const(0)
        else:
            code += encode.PLAIN[word]
    code.append(encode.END)
    return FunctionObject(symbol, symbol, _I32 * params, result, bytes(code), holes)


def enter() -> FunctionObject:
    """(size) -> address of a zeroed frame of `size` bytes, a multiple of 8 and not 0. Local 0 becomes its end, 1 is its
    address."""
    return _assemble(ENTER, 1, _I32, 1, f"""
        global.get 0  local.tee 1  local.get 0  i32.add  local.tee 0  global.set 0
        local.get 0  i32.const stack_limit  i32.gt_u  if  local.get 1  call {OVERFLOW}  end
        loop
            local.get 0  i32.const 8  i32.sub  local.tee 0  i64.zero  i64.store 0
            local.get 0  local.get 1  i32.gt_u  br_if 0
        end
        local.get 1
    """)  # fmt: skip


def enter_with(count: int) -> FunctionObject:
    """(reference, ...) -> address of a frame of 8 bytes with one or two references already in it."""
    frame, end = count, count + 1
    if count == 1:
        stores = f"local.get {frame}  local.get 0  i64.extend_i32_u  i64.store 0"
    else:
        stores = f"local.get {frame}  local.get 0  i32.store 0  local.get {frame}  local.get 1  i32.store 4"
    return _assemble(ENTER_WITH[count], count, _I32, 2, f"""
        global.get 0  local.tee {frame}  i32.const 8  i32.add  local.tee {end}  global.set 0
        local.get {end}  i32.const stack_limit  i32.gt_u  if  local.get {frame}  call {OVERFLOW}  end
        {stores}  local.get {frame}
    """)  # fmt: skip


def overflow(recursion: str | None) -> FunctionObject:
    """(frame): the frame pushed from there on passes the limit. Gives it up and throws what `recursion` throws; lets
    it be, as far as the reserve goes, while that is being made."""
    throwing = f"""
        local.get 0  global.set 0  i32.const 1  global.set 1
        block-i32  try  call {recursion}  end  unreachable  end
        i32.const 0  global.set 1  throw 0
    """
    return _assemble(OVERFLOW, 1, b"", 0, f"""
        global.get 1  if
            global.get 0  i32.const stack_end  i32.gt_u  if  unreachable  end  return
        end
        {"unreachable" if recursion is None else throwing}
    """)  # fmt: skip


def note(told: str) -> FunctionObject:
    """(error, row) -> error: call `told` (core's rt_trace) with both, unless the row is "nowhere". When there is no
    memory to note the place, the error goes on without it. Local 2 is a frame, 3 what global 1 was."""
    return _assemble(NOTE, 2, _I32, 2, f"""
        local.get 1  i32.const nowhere  i32.eq  if  local.get 0  return  end
        global.get 1  local.set 3  i32.const 1  global.set 1
        local.get 0  call {ENTER_WITH[1]}  local.set 2
        block  block-i32  try  local.get 0  local.get 1  call {told}  end  br 1  end  drop  end
        local.get 2  global.set 0  local.get 3  global.set 1  local.get 0
    """)  # fmt: skip


def trace() -> FunctionObject:
    """(error, row): note the place, then throw the error again."""
    return _assemble(TRACE, 2, b"", 0, f"local.get 0  local.get 1  call {NOTE}  throw 0")
