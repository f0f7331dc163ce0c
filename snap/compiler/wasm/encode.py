"""The WebAssembly binary format: numbers, instructions, sections.

In: Python numbers and mnemonics. Out: bytes. Only what the emitter uses is here; the names are those of the
WebAssembly specification's text format.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
from itertools import product

I32, I64, F64, VOID, FUNCREF = 0x7F, 0x7E, 0x7C, 0x40, 0x70

# Instructions without immediates.
PLAIN: dict[str, bytes] = {
    "unreachable": b"\x00",
    "nop": b"\x01",
    "else": b"\x05",
    "end": b"\x0b",
    "return": b"\x0f",
    "drop": b"\x1a",
    "select": b"\x1b",
    "memory.size": b"\x3f\x00",
    "memory.grow": b"\x40\x00",
    "memory.copy": b"\xfc\x0a\x00\x00",
    "memory.fill": b"\xfc\x0b\x00",
    **{
        name: bytes((code,))
        for first, names in (
            (0x45, "i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s i32.ge_u"),
            (0x50, "i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s i64.ge_u"),
            (0x5B, "f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge"),
            (0x67, "i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u"),
            (0x71, "i32.and i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr"),
            (0x79, "i64.clz i64.ctz i64.popcnt i64.add i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u"),
            (0x83, "i64.and i64.or i64.xor i64.shl i64.shr_s i64.shr_u i64.rotl i64.rotr"),
            (0x8B, "f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt f32.add f32.sub f32.mul"),
            (0x95, "f32.div f32.min f32.max f32.copysign"),
            (0x99, "f64.abs f64.neg f64.ceil f64.floor f64.trunc f64.nearest f64.sqrt f64.add f64.sub f64.mul"),
            (0xA3, "f64.div f64.min f64.max f64.copysign"),
            (0xA7, "i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u"),
            (0xAC, "i64.extend_i32_s i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s"),
            (0xB1, "i64.trunc_f64_u f32.convert_i32_s f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u"),
            (0xB6, "f32.demote_f64 f64.convert_i32_s f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u"),
            (0xBB, "f64.promote_f32 i32.reinterpret_f32 i64.reinterpret_f64 f32.reinterpret_i32"),
            (0xBF, "f64.reinterpret_i64 i32.extend8_s i32.extend16_s i64.extend8_s i64.extend16_s i64.extend32_s"),
        )
        for code, name in enumerate(names.split(), first)
    },
    **{
        f"{integer}.trunc_sat_{real}_{sign}": bytes((0xFC, code))
        for code, (integer, real, sign) in enumerate(product(("i32", "i64"), ("f32", "f64"), "su"))
    },
}

# Loads and stores: opcode and the exponent of their width, which is the alignment they promise.
MEMORY: dict[str, tuple[int, int]] = {
    name: (code, {"8": 0, "16": 1, "32": 2, "64": 3}[re.findall(r"\d+", name)[-1]])
    for first, names in (
        (0x28, "i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u"),
        (0x30, "i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u"),
        (0x36, "i32.store i64.store f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32"),
    )
    for code, name in enumerate(names.split(), first)
}

UNREACHABLE, BLOCK, LOOP, IF, ELSE, THROW, END = 0x00, 0x02, 0x03, 0x04, 0x05, 0x08, 0x0B
BR, BR_IF, BR_TABLE, RETURN, CALL, CALL_INDIRECT = 0x0C, 0x0D, 0x0E, 0x0F, 0x10, 0x11
DROP, TRY_TABLE, LOCAL_GET, LOCAL_SET, LOCAL_TEE = 0x1A, 0x1F, 0x20, 0x21, 0x22
GLOBAL_GET, GLOBAL_SET, I32_CONST, I64_CONST, F64_CONST = 0x23, 0x24, 0x41, 0x42, 0x44
CATCH = 0x00

# Instructions with one number: of a local, a global, a label or a tag.
INDEXED: dict[str, int] = {
    "throw": THROW, "br": BR, "br_if": BR_IF, "local.get": LOCAL_GET, "local.set": LOCAL_SET, "local.tee": LOCAL_TEE,
    "global.get": GLOBAL_GET, "global.set": GLOBAL_SET,
}  # fmt: skip

# Section numbers, in the order in which sections must come.
CUSTOM, TYPE, FUNCTION, TABLE, MEMORIES, TAG, GLOBAL, EXPORT, ELEMENT, CODE, DATA = 0, 1, 3, 4, 5, 13, 6, 7, 9, 10, 11

HEADER = b"\0asm\x01\0\0\0"


def unsigned(value: int) -> bytes:
    """LEB128 of a number from 0."""
    if value < 0x80:
        return bytes((value,))
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def signed(value: int) -> bytes:
    """Signed LEB128."""
    if -64 <= value < 64:
        return bytes((value & 0x7F,))
    out = bytearray()
    while not -64 <= value < 64:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value & 0x7F)
    return bytes(out)


def i32_const(value: int) -> bytes:
    """`i32.const`; numbers from 2**31 to 2**32 - 1 mean their two's complement."""
    return b"\x41" + signed((value & 0xFFFFFFFF ^ 0x80000000) - 0x80000000)


def i64_const(value: int) -> bytes:
    """`i64.const`; numbers from 2**63 to 2**64 - 1 mean their two's complement."""
    return b"\x42" + signed((value & 0xFFFFFFFFFFFFFFFF ^ 0x8000000000000000) - 0x8000000000000000)


def f64_const(value: float) -> bytes:
    return b"\x44" + struct.pack("<d", value)


def read_f64(data: bytes) -> float:
    value: float = struct.unpack("<d", data)[0]
    return value


def name(text: str) -> bytes:
    data = text.encode()
    return unsigned(len(data)) + data


def vector(items: Iterable[bytes]) -> bytes:
    parts = list(items)
    return unsigned(len(parts)) + b"".join(parts)


def section(number: int, content: bytes) -> bytes:
    return bytes((number,)) + unsigned(len(content)) + content


def custom_section(title: str, content: bytes) -> bytes:
    return section(CUSTOM, name(title) + content)
