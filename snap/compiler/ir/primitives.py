"""The primitive operations: what the core library is written on.

Core modules import these names from `pielang.machine` (no other module may), and the checker turns each use into a
`typed.Prim`. The table is the one place that knows an operation's signature; `lower` maps each name to IR. Types are
written as in the language; `T` is the one type parameter, given explicitly (`size_of[T]()`) or found from arguments.

`int` here is the 64-bit integer, `u32` and `i32` are the machine types that only core knows (an integer literal takes
the machine type its context asks for). Nothing here checks anything unless its line says so.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Primitive:
    params: tuple[str, ...]
    result: str
    wasm: str | None = None  # the one Wasm instruction it is, when it is one
    pure: bool = True


def _same(operand: str, result: str, prefix: str, table: dict[str, str]) -> dict[str, Primitive]:
    return {name: Primitive((operand, operand), result, f"{prefix}.{op}") for name, op in table.items()}


def _one(operand: str, result: str, table: dict[str, str]) -> dict[str, Primitive]:
    return {name: Primitive((operand,), result, op) for name, op in table.items()}


# fmt: off
PRIMITIVES: dict[str, Primitive] = {
    # int: 64-bit. `checked_*` call rt_overflow() on overflow; division needs a divisor that is not 0 and not -1.
    "checked_add": Primitive(("int", "int"), "int"),
    "checked_sub": Primitive(("int", "int"), "int"),
    "checked_mul": Primitive(("int", "int"), "int"),
    **_same("int", "int", "i64", {
        "wrap_add": "add", "wrap_sub": "sub", "wrap_mul": "mul", "int_div": "div_s", "int_rem": "rem_s",
        "int_div_u": "div_u", "int_rem_u": "rem_u", "int_and": "and", "int_or": "or", "int_xor": "xor",
        "int_shl": "shl", "int_shr": "shr_s", "int_shr_u": "shr_u", "int_rotl": "rotl",
    }),
    **_same("int", "bool", "i64", {
        "int_eq": "eq", "int_ne": "ne", "int_lt": "lt_s", "int_le": "le_s", "int_gt": "gt_s", "int_ge": "ge_s",
        "int_lt_u": "lt_u", "int_gt_u": "gt_u",
    }),
    **_one("int", "int", {"int_clz": "i64.clz", "int_ctz": "i64.ctz", "int_popcount": "i64.popcnt"}),
    # u32 and i32 share instructions where sign does not matter; `u` in the name marks an unsigned one
    **_same("u32", "u32", "i32", {
        "u32_add": "add", "u32_sub": "sub", "u32_mul": "mul", "u32_div": "div_u", "u32_rem": "rem_u", "u32_and": "and",
        "u32_or": "or", "u32_xor": "xor", "u32_shl": "shl", "u32_shr": "shr_u",
    }),
    **_same("u32", "bool", "i32", {
        "u32_eq": "eq", "u32_ne": "ne", "u32_lt": "lt_u", "u32_le": "le_u", "u32_gt": "gt_u", "u32_ge": "ge_u",
    }),
    **_one("u32", "u32", {"u32_clz": "i32.clz", "u32_ctz": "i32.ctz", "u32_popcount": "i32.popcnt"}),
    **_same("i32", "i32", "i32", {
        "i32_add": "add", "i32_sub": "sub", "i32_mul": "mul", "i32_and": "and", "i32_or": "or", "i32_xor": "xor",
        "i32_shl": "shl", "i32_shr": "shr_s",
    }),
    **_same("i32", "bool", "i32", {
        "i32_eq": "eq", "i32_ne": "ne", "i32_lt": "lt_s", "i32_le": "le_s", "i32_gt": "gt_s", "i32_ge": "ge_s",
    }),
    # float
    **_same("float", "float", "f64", {
        "float_add": "add", "float_sub": "sub", "float_mul": "mul", "float_div": "div", "float_min": "min",
        "float_max": "max", "float_copysign": "copysign",
    }),
    **_same("float", "bool", "f64", {
        "float_eq": "eq", "float_ne": "ne", "float_lt": "lt", "float_le": "le", "float_gt": "gt", "float_ge": "ge",
    }),
    **_one("float", "float", {
        "float_neg": "f64.neg", "float_abs": "f64.abs", "float_sqrt": "f64.sqrt", "float_floor": "f64.floor",
        "float_ceil": "f64.ceil", "float_trunc": "f64.trunc", "float_nearest": "f64.nearest",
    }),
    # bool
    "bool_not": Primitive(("bool",), "bool", "i32.eqz"),
    "bool_eq": Primitive(("bool", "bool"), "bool", "i32.eq"),
    "bool_ne": Primitive(("bool", "bool"), "bool", "i32.ne"),
    "bool_and": Primitive(("bool", "bool"), "bool", "i32.and"),  # both sides evaluated
    "bool_or": Primitive(("bool", "bool"), "bool", "i32.or"),
    "bool_xor": Primitive(("bool", "bool"), "bool", "i32.xor"),
    # conversions
    "int_to_float": Primitive(("int",), "float", "f64.convert_i64_s"),
    "int_to_float_u": Primitive(("int",), "float", "f64.convert_i64_u"),
    "float_to_int": Primitive(("float",), "int", "i64.trunc_sat_f64_s"),  # the caller has checked the range
    "float_bits": Primitive(("float",), "int", "i64.reinterpret_f64"),
    "float_from_bits": Primitive(("int",), "float", "f64.reinterpret_i64"),
    "float_to_f32_bits": Primitive(("float",), "u32"),
    "float_from_f32_bits": Primitive(("u32",), "float"),
    "int_from_u32": Primitive(("u32",), "int", "i64.extend_i32_u"),
    "int_from_i32": Primitive(("i32",), "int", "i64.extend_i32_s"),
    "u32_from_int": Primitive(("int",), "u32", "i32.wrap_i64"),
    "i32_from_int": Primitive(("int",), "i32", "i32.wrap_i64"),
    "u32_from_i32": Primitive(("i32",), "u32"),
    "i32_from_u32": Primitive(("u32",), "i32"),
    "int_from_bool": Primitive(("bool",), "int", "i64.extend_i32_u"),
    "u32_from_bool": Primitive(("bool",), "u32"),
    "bool_from_u32": Primitive(("u32",), "bool"),  # the caller knows it is 0 or 1
    # memory: `p` is a byte address; the offset is a literal
    "load_u8": Primitive(("u32", "u32"), "u32", "i32.load8_u", False),
    "load_u16": Primitive(("u32", "u32"), "u32", "i32.load16_u", False),
    "load_u32": Primitive(("u32", "u32"), "u32", "i32.load", False),
    "load_int": Primitive(("u32", "u32"), "int", "i64.load", False),
    "load_float": Primitive(("u32", "u32"), "float", "f64.load", False),
    "store_u8": Primitive(("u32", "u32", "u32"), "None", "i32.store8", False),  # address, offset literal, value
    "store_u16": Primitive(("u32", "u32", "u32"), "None", "i32.store16", False),
    "store_u32": Primitive(("u32", "u32", "u32"), "None", "i32.store", False),
    "store_int": Primitive(("u32", "u32", "int"), "None", "i64.store", False),
    "store_float": Primitive(("u32", "u32", "float"), "None", "f64.store", False),
    "memory_copy": Primitive(("u32", "u32", "u32"), "None", "memory.copy", False),  # to, from, size
    "memory_fill": Primitive(("u32", "u32", "u32"), "None", "memory.fill", False),  # to, byte, size
    "memory_size": Primitive((), "u32", "memory.size", False),  # in 64 KiB pages
    "memory_grow": Primitive(("u32",), "u32", "memory.grow", False),  # 0xFFFFFFFF when refused
    # objects
    "address_of": Primitive(("T",), "u32"),  # of a reference; 0 for None
    "object_at": Primitive(("u32",), "T"),  # object_at[T](address): the reverse, unchecked
    "cast": Primitive(("Any",), "T"),  # cast[T](reference): trust me, no check
    "same_object": Primitive(("T", "T"), "bool"),  # `is` for references
    "type_id": Primitive(("T",), "u32", None, False),  # of the object's dynamic type
    "type_id_of": Primitive((), "u32"),  # type_id_of[T](): of a static class type or Array[T]
    "size_of": Primitive((), "u32"),  # size_of[T](): bytes one T takes in an array: 8, 4 or 1
    "tracing": Primitive((), "bool"),  # whether calls of the host tell their line: a compile-time constant
    "is_reference": Primitive((), "bool"),  # is_reference[T](): a compile-time constant; dead branches are dropped
    # Array[T]: the growable things' storage; header, length at 4, elements from 8
    "array_new": Primitive(("u32",), "Array[T]", None, False),  # array_new[T](n): zeroed; may collect
    "array_length": Primitive(("Array[T]",), "u32", None, False),
    "array_get": Primitive(("Array[T]", "u32"), "T", None, False),  # no bounds check
    "array_set": Primitive(("Array[T]", "u32", "T"), "None", None, False),
    "raw_new": Primitive(("u32", "u32"), "u32", None, False),  # raw_new(type_id, n): address of a new raw object
    # the running program, for the collector and the task loop
    "heap_base": Primitive((), "u32"),  # first address behind static data and the shadow stack
    "stack_base": Primitive((), "u32"),  # shadow stack: references live in [stack_base, stack_pointer)
    "stack_pointer": Primitive((), "u32", None, False),
    "globals_base": Primitive((), "u32"),  # module-level references, 4 bytes each
    "globals_count": Primitive((), "u32"),
    "type_table": Primitive((), "u32"),  # address of the type table (docs/abi.md)
    "rings_base": Primitive((), "u32"),  # address of the ring block (docs/abi.md)
    "resume_frame": Primitive(("T",), "u32", None, False),  # call the frame's resume function; may throw
    "current_frame": Primitive((), "Frame", None, False),  # in an async function: its own frame
    "suspend": Primitive((), "None", None, False),  # in an async function: return to the task loop, go on when resumed
    "throw": Primitive(("BaseException",), "Never", None, False),
    "trap": Primitive((), "Never", "unreachable", False),
}
# fmt: on
