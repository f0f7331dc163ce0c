"""What each primitive of `pielang.machine` becomes.

Most are one Wasm instruction, which the table of primitives names. The others have a rule here. Arithmetic that finds
overflow is a call of one shared function, which `optimize.ranges` replaces in the user's functions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..ir import build
from ..ir import nodes as ir
from ..ir.arithmetic import MAX_INT, MIN_INT
from ..ir.primitives import PRIMITIVES
from ..sema.types import ClassType, Type
from .function import FunctionLowering
from .layout import ARRAY_DATA, ARRAY_LENGTH, FRAME_RESUME, WORD, storage_of

TYPE_ID_MASK = 0xFFFFFF

Rule = Callable[[FunctionLowering, list[ir.Expr], Sequence[Type], Type], ir.Expr]
"""(function, arguments, type arguments, result type)"""


def primitive(f: FunctionLowering, name: str, type_args: Sequence[Type], args: list[ir.Expr], result: Type) -> ir.Expr:
    rule = RULES.get(name)
    if rule is not None:
        return rule(f, args, type_args, result)
    wasm = PRIMITIVES[name].wasm
    if wasm is None:
        raise ValueError(f"lowering has no rule for the primitive {name!r}")
    if ".load" in wasm:
        return ir.Load(storage_of(result).value, wasm, args[0], _literal(name, args[1]))
    if ".store" in wasm:
        store = ir.Store(wasm, args[0], args[2], _literal(name, args[1]))
        return ir.Sequence(None, [store], None)
    return build.op(storage_of(result).value, wasm, *args)


def _literal(name: str, offset: ir.Expr) -> int:
    if not isinstance(offset, ir.Const) or not isinstance(offset.value, int):
        raise ValueError(f"the offset of {name} has to be a literal")
    return offset.value


# Checked arithmetic


def _checked(f: FunctionLowering, name: str, args: list[ir.Expr]) -> ir.Expr:
    left, right = args
    if isinstance(left, ir.Const) and isinstance(right, ir.Const):
        a, b = int(left.value), int(right.value)
        exact = {"add": a + b, "sub": a - b, "mul": a * b}[name]
        if MIN_INT <= exact <= MAX_INT:
            return build.i64(exact)
    return ir.Call(ir.I64, f.program.checked_function(name), args)


# Objects


def _type_id(f: FunctionLowering, args: list[ir.Expr], _: Sequence[Type], __: Type) -> ir.Expr:
    return build.op(ir.I32, "i32.and", ir.Load(ir.I32, "i32.load", args[0]), build.i32(TYPE_ID_MASK))


def _type_id_of(f: FunctionLowering, _: list[ir.Expr], type_args: Sequence[Type], __: Type) -> ir.Expr:
    heap_type = f.layouts.test_type(type_args[0])
    if heap_type is None:
        raise ValueError(f"type_id_of[{type_args[0]}]: the checker has made no layout for this class")
    return ir.TypeId(ir.I32, heap_type)


def _cast(f: FunctionLowering, args: list[ir.Expr], _: Sequence[Type], result: Type) -> ir.Expr:
    return args[0]


def _same_object(f: FunctionLowering, args: list[ir.Expr], _: Sequence[Type], __: Type) -> ir.Expr:
    left, right = args
    for one, other in ((left, right), (right, left)):
        if isinstance(one, ir.Const) and one.value == 0:
            return build.op(ir.I32, "i32.eqz", _address(other))
    return build.op(ir.I32, "i32.eq", _address(left), _address(right))


def _address(value: ir.Expr) -> ir.Expr:
    return build.op(ir.I32, "as_i32", value)


# Array[T]


def _element(address: ir.Expr, index: ir.Expr, size: int) -> tuple[ir.Expr, int]:
    """Address and offset of element `index`."""
    if isinstance(index, ir.Const):
        return _address(address), ARRAY_DATA + size * int(index.value)
    if size > 1:
        index = ir.Op(ir.I32, "i32.shl", [index, build.i32(size.bit_length() - 1)])
    return ir.Op(ir.I32, "i32.add", [_address(address), index]), ARRAY_DATA


def array_body(params: list[ir.Local], allocator: str) -> list[ir.Stmt]:
    """The body of the shared function (type id, count, log2 of the element size) -> a new array. Sizes beyond 32 bits
    are handed on as the greatest one, which the allocator refuses."""
    type_id, count, shift = (ir.Get(ir.I32, param) for param in params)
    total, address = ir.Local("size", ir.I64), ir.Local("array", ir.I32)
    wide = [ir.Op(ir.I64, "i64.extend_i32_u", [value]) for value in (count, shift)]
    size = ir.Op(ir.I64, "i64.add", [ir.Op(ir.I64, "i64.shl", list(wide)), build.i64(ARRAY_DATA)])
    fits = ir.Op(ir.I32, "i64.lt_u", [ir.Get(ir.I64, total), build.i64(0xFFFFFFFF)])
    narrow = ir.Op(ir.I32, "i32.wrap_i64", [ir.Get(ir.I64, total)])
    bounded = ir.Op(ir.I32, "select", [narrow, build.i32(-1), fits])
    read = ir.Get(ir.I32, address)
    return [
        ir.Set(total, size),
        ir.Set(address, ir.Call(ir.I32, allocator, [type_id, bounded])),
        WORD.write(read, ARRAY_LENGTH, count),
        ir.Return(ir.Op(ir.REF, "as_ref", [read])),
    ]


def _array_new(f: FunctionLowering, args: list[ir.Expr], type_args: Sequence[Type], result: Type) -> ir.Expr:
    assert isinstance(result, ClassType)
    (element,) = result.args
    size = storage_of(element).size
    heap_type = ir.TypeId(ir.I32, f.layouts.array(element))
    return ir.Call(ir.REF, f.program.array_function(), [heap_type, args[0], build.i32(max(size, 1).bit_length() - 1)])


def _raw_new(f: FunctionLowering, args: list[ir.Expr], _: Sequence[Type], __: Type) -> ir.Expr:
    """Bytes behind a header; their number is one that the allocator refuses where eight more would be too many."""
    before, size = f.saved([], args[1])
    total = ir.Op(ir.I32, "i32.add", [size, build.i32(ARRAY_DATA)])
    fits = ir.Op(ir.I32, "i32.lt_u", [size, build.i32(-ARRAY_DATA)])
    bounded = ir.Op(ir.I32, "select", [total, build.i32(-1), fits])
    before, address = f.saved(before, ir.Call(ir.I32, f.program.runtime("rt_alloc"), [args[0], bounded]))
    return build.sequence([*before, WORD.write(address, ARRAY_LENGTH, size)], address)


def _array_length(f: FunctionLowering, args: list[ir.Expr], _: Sequence[Type], __: Type) -> ir.Expr:
    return WORD.read(args[0], ARRAY_LENGTH)


def _array_get(f: FunctionLowering, args: list[ir.Expr], _: Sequence[Type], result: Type) -> ir.Expr:
    storage = storage_of(result)
    if storage.value is None:
        return build.sequence(build.do(args[0]) + build.do(args[1]), build.nothing())
    return storage.read(*_element(args[0], args[1], storage.size))


def _array_set(f: FunctionLowering, args: list[ir.Expr], type_args: Sequence[Type], __: Type) -> ir.Expr:
    if len(args) < 3:  # an array of None
        return build.sequence(build.do(args[0]) + build.do(args[1]), build.nothing())
    assert args[2].type is not None
    (element,) = type_args
    storage = storage_of(element)
    address, offset = _element(args[0], args[1], storage.size)
    return ir.Sequence(None, [storage.write(address, offset, args[2])], None)


# The running program


def _resume_frame(f: FunctionLowering, args: list[ir.Expr], _: Sequence[Type], __: Type) -> ir.Expr:
    def make(frame: ir.Expr) -> ir.Expr:
        return ir.CallIndirect(ir.I32, (ir.REF,), [frame], WORD.read(frame, FRAME_RESUME))

    return f.reusable(args[0], make)


def _suspend(f: FunctionLowering, _: list[ir.Expr], __: Sequence[Type], ___: Type) -> ir.Expr:
    return ir.Sequence(None, [ir.Suspend(0), ir.Do(f.runtime("rt_resumed", None))], None)


def _throw(f: FunctionLowering, args: list[ir.Expr], _: Sequence[Type], __: Type) -> ir.Expr:
    return ir.Sequence(None, [ir.Throw(args[0])], None)


def _trap(f: FunctionLowering, _: list[ir.Expr], __: Sequence[Type], ___: Type) -> ir.Expr:
    return ir.Sequence(None, [ir.Trap()], None)


def _link_value(name: str) -> Rule:
    return lambda f, args, type_args, result: ir.LinkValue(ir.I32, name)


LINK_VALUES = (
    "stack_pointer", "heap_base", "stack_base", "globals_base", "globals_count", "type_table", "rings_base",
)  # fmt: skip
RULES: dict[str, Rule] = {
    "checked_add": lambda f, args, type_args, result: _checked(f, "add", args),
    "checked_sub": lambda f, args, type_args, result: _checked(f, "sub", args),
    "checked_mul": lambda f, args, type_args, result: _checked(f, "mul", args),
    "float_to_f32_bits": lambda f, args, type_args, result: build.op(
        ir.I32, "i32.reinterpret_f32", ir.Op(ir.I32, "f32.demote_f64", args)
    ),
    "float_from_f32_bits": lambda f, args, type_args, result: build.op(
        ir.F64, "f64.promote_f32", ir.Op(ir.I32, "f32.reinterpret_i32", args)
    ),
    "bool_not": lambda f, args, type_args, result: build.negate(args[0]),
    "address_of": lambda f, args, type_args, result: _address(args[0]),
    "object_at": lambda f, args, type_args, result: build.op(ir.REF, "as_ref", args[0]),
    **dict.fromkeys(("cast", "u32_from_i32", "i32_from_u32", "u32_from_bool", "bool_from_u32"), _cast),
    "same_object": _same_object,
    "type_id": _type_id,
    "type_id_of": _type_id_of,
    "size_of": lambda f, args, type_args, result: build.i32(storage_of(type_args[0]).size),
    "tracing": lambda f, args, type_args, result: build.i32(bool(f.program.module.place)),
    "is_reference": lambda f, args, type_args, result: build.i32(storage_of(type_args[0]).value is ir.REF),
    "array_new": _array_new,
    "array_length": _array_length,
    "array_get": _array_get,
    "array_set": _array_set,
    "raw_new": _raw_new,
    **{name: _link_value(name) for name in LINK_VALUES},
    "resume_frame": _resume_frame,
    "current_frame": lambda f, args, type_args, result: ir.SelfFrame(ir.REF),
    "suspend": _suspend,
    "throw": _throw,
    "trap": _trap,
}
