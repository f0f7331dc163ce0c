"""Making IR expressions: constructors that fold constants and drop what has no effect.

Constants are kept signed (an I32 in -2**31 .. 2**31-1, an I64 in -2**63 .. 2**63-1), so equal bits are equal values.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from . import nodes as ir
from .parts import parts

_BITS = {ir.I32: 32, ir.I64: 64}

_FOLDED: dict[str, Callable[[int, int], int]] = {
    "add": operator.add,
    "sub": operator.sub,
    "mul": operator.mul,
    "and": operator.and_,
    "or": operator.or_,
    "xor": operator.xor,
    "eq": operator.eq,
    "ne": operator.ne,
    "lt_s": operator.lt,
    "le_s": operator.le,
    "gt_s": operator.gt,
    "ge_s": operator.ge,
}

_OPPOSITE = {
    "eq": "ne", "ne": "eq", "lt_s": "ge_s", "ge_s": "lt_s", "gt_s": "le_s", "le_s": "gt_s",
    "lt_u": "ge_u", "ge_u": "lt_u", "gt_u": "le_u", "le_u": "gt_u",
}  # fmt: skip

_TRAPS = frozenset({"div_s", "div_u", "rem_s", "rem_u"})  # every other instruction on numbers is harmless


def signed(value: int, bits: int) -> int:
    """The signed number with the low `bits` bits of `value`."""
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


def i32(value: int) -> ir.Const:
    return ir.Const(ir.I32, signed(value, 32))


def i64(value: int) -> ir.Const:
    return ir.Const(ir.I64, signed(value, 64))


def null() -> ir.Const:
    return ir.Const(ir.REF, 0)


def zero(type: ir.ValType) -> ir.Const:
    return ir.Const(type, 0.0 if type is ir.F64 else 0)


def unreachable(type: ir.ValType | None) -> ir.Expr:
    """Stands for a value that is never made."""
    return ir.Op(type, "unreachable", [])


def nothing() -> ir.Sequence:
    """An expression without value and effect."""
    return ir.Sequence(None, [], None)


def op(type: ir.ValType | None, name: str, *args: ir.Expr) -> ir.Expr:
    """The instruction, or its value where the arguments are constants."""
    match args:
        case (ir.Const(type=kind, value=int(left)), ir.Const(value=int(right))) if kind in _BITS and type in _BITS:
            fold = _FOLDED.get(name[4:])
            if fold is not None:
                return ir.Const(type, signed(int(fold(left, right)), _BITS[type]))
        case (ir.Const(value=int(value)),):
            match name:
                case "i32.eqz" | "i64.eqz":
                    return i32(value == 0)
                case "i32.wrap_i64" | "as_i32":
                    return i32(value)
                case "i64.extend_i32_s":
                    return i64(value)
                case "i64.extend_i32_u":
                    return i64(value & 0xFFFFFFFF)
                case "f64.convert_i64_s":
                    return ir.Const(ir.F64, float(value))
        case (ir.Op(op="as_ref", args=[inner]),) if name == "as_i32":
            return inner
        case (ir.Op(op="as_i32", args=[ir.Literal()]),) if name == "i32.eqz":
            return i32(0)
    return ir.Op(type, name, list(args))


def negate(test: ir.Expr) -> ir.Expr:
    """`not test`, for an I32 that is 0 or 1."""
    match test:
        case ir.Op(op="i32.eqz", args=[ir.Op(op=name)]) if name[4:] in _OPPOSITE or name.endswith("eqz"):
            return test.args[0]
        case ir.Op(op=name, args=args) if name[4:] in _OPPOSITE and name[0] == "i":
            return ir.Op(ir.I32, name[:4] + _OPPOSITE[name[4:]], args)
        case _:
            return op(ir.I32, "i32.eqz", test)


def condition(test: ir.Expr) -> ir.Expr:
    """What is not 0 whenever `test` is not: all that an `if` asks for."""
    match test:
        case ir.Op(op="i32.eqz", args=[ir.Op(op="i32.eqz", args=[inner])]):
            return inner
        case _:
            return test


def sequence(body: list[ir.Stmt], value: ir.Expr) -> ir.Expr:
    """`body`, then `value`; no node where there is nothing to run."""
    if not body:
        return value
    if isinstance(value, ir.Sequence):
        return ir.Sequence(value.type, body + value.body, value.value)
    if value.type is None and not isinstance(value, ir.Op):
        return ir.Sequence(None, [*body, ir.Do(value)], None)
    return ir.Sequence(value.type, body, value)


def do(value: ir.Expr) -> list[ir.Stmt]:
    """Evaluate for effect only."""
    if isinstance(value, ir.Sequence):
        return value.body + (do(value.value) if value.value else [])
    if is_pure(value):
        return []
    return [ir.Do(value)]


def branch(test: ir.Expr, then: ir.Expr, orelse: ir.Expr, boolean: bool = False) -> ir.Expr:
    """`then if test else orelse`; both of one type, or both without value. `boolean`: both are 0 or 1."""
    if isinstance(test, ir.Const):
        return then if test.value else orelse
    if then.type is None:
        return ir.Sequence(None, if_(test, do(then), do(orelse)), None)
    match then, orelse:
        case ir.Const(type=ir.ValType.I32, value=1), ir.Const(value=0):
            return test
        case ir.Const(type=ir.ValType.I32, value=0), ir.Const(value=1):
            return negate(test)
        case _, ir.Const(value=0) if boolean and is_cheap(then):
            return ir.Op(ir.I32, "i32.and", [test, then])
        case ir.Const(value=1), _ if boolean and is_cheap(orelse):
            return ir.Op(ir.I32, "i32.or", [test, orelse])
    return ir.IfElse(then.type, condition(test), then, orelse)


def if_(test: ir.Expr, then: list[ir.Stmt], orelse: list[ir.Stmt]) -> list[ir.Stmt]:
    """The statement `if`; only the branch that is taken when the test is a constant."""
    if isinstance(test, ir.Const):
        return then if test.value else orelse
    if not any(not isinstance(node, ir.Line) for node in orelse):
        orelse = []
    if not any(not isinstance(node, ir.Line) for node in then):
        if not orelse:
            return do(test)
        return [ir.If(condition(negate(test)), orelse, [])]
    return [ir.If(condition(test), then, orelse)]


def is_pure(node: ir.Expr | ir.Stmt) -> bool:
    """No effect and no trap, whatever it reads: it may be dropped."""
    match node:
        case ir.Const() | ir.Get() | ir.Literal() | ir.TypeId() | ir.GlobalGet() | ir.LinkValue() | ir.SelfFrame():
            return True
        case ir.FunctionIndex():
            return True
        case ir.Op(op=name):
            if name[4:] in _TRAPS or name == "unreachable" or name.startswith("memory."):
                return False
            return all(map(is_pure, node.args))
        case ir.Load() | ir.IsSubtype() | ir.IfElse():
            return all(map(is_pure, parts(node)))
        case ir.Sequence():
            return not node.body and (node.value is None or is_pure(node.value))
        case _:
            return False


def is_fixed(node: ir.Expr) -> bool:
    """Pure, and the same wherever it is evaluated as long as no local is set: reads neither memory nor variables."""
    match node:
        case ir.Const() | ir.Get() | ir.Literal() | ir.TypeId() | ir.SelfFrame():
            return True
        case ir.LinkValue():
            return node.name != "stack_pointer"
        case ir.Op():
            return is_pure(node) and all(map(is_fixed, node.args))
        case _:
            return False


def is_cheap(node: ir.Expr) -> bool:
    """So small that evaluating it is no dearer than jumping around it: at most one operation on fixed values."""
    match node:
        case ir.Const() | ir.Get():
            return True
        case ir.Op(args=args):
            return is_pure(node) and all(isinstance(arg, ir.Const | ir.Get) for arg in args)
        case _:
            return False
