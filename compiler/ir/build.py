"""Making IR expressions: constructors that fold constants and drop what has no effect.

Constants are kept signed (an I32 in -2**31 .. 2**31-1, an I64 in -2**63 .. 2**63-1), so equal bits are equal values.
"""

from __future__ import annotations

import operator
from collections.abc import Callable

from .nodes import (
    F64,
    I32,
    I64,
    REF,
    Const,
    Do,
    Expr,
    Get,
    GlobalGet,
    If,
    IfElse,
    IsSubtype,
    Line,
    LinkValue,
    Literal,
    Load,
    Op,
    SelfFrame,
    Sequence,
    Stmt,
    TypeId,
    ValType,
)
from .parts import operands

_BITS = {I32: 32, I64: 64}

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


def i32(value: int) -> Const:
    return Const(I32, signed(value, 32))


def i64(value: int) -> Const:
    return Const(I64, signed(value, 64))


def null() -> Const:
    return Const(REF, 0)


def zero(type: ValType) -> Const:
    return Const(type, 0.0 if type is F64 else 0)


def unreachable(type: ValType | None) -> Expr:
    """Stands for a value that is never made."""
    return Op(type, "unreachable", [])


def nothing() -> Sequence:
    """An expression without value and effect."""
    return Sequence(None, [], None)


def op(type: ValType | None, name: str, *args: Expr) -> Expr:
    """The instruction, or its value where the arguments are constants."""
    match args:
        case (Const(type=kind, value=int(left)), Const(value=int(right))) if kind in _BITS and type in _BITS:
            fold = _FOLDED.get(name[4:])
            if fold is not None:
                return Const(type, signed(int(fold(left, right)), _BITS[type]))
        case (Const(value=int(value)),):
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
                    return Const(F64, float(value))
        case (Op(op="as_ref", args=[inner]),) if name == "as_i32":
            return inner
        case (Op(op="as_i32", args=[Literal()]),) if name == "i32.eqz":
            return i32(0)
    return Op(type, name, list(args))


def negate(test: Expr) -> Expr:
    """`not test`, for an I32 that is 0 or 1."""
    match test:
        case Op(op="i32.eqz", args=[Op(op=name)]) if name[4:] in _OPPOSITE or name.endswith("eqz"):
            return test.args[0]
        case Op(op=name, args=args) if name[4:] in _OPPOSITE and name[0] == "i":
            return Op(I32, name[:4] + _OPPOSITE[name[4:]], args)
        case _:
            return op(I32, "i32.eqz", test)


def condition(test: Expr) -> Expr:
    """What is not 0 whenever `test` is not: all that an `if` asks for."""
    match test:
        case Op(op="i32.eqz", args=[Op(op="i32.eqz", args=[inner])]):
            return inner
        case _:
            return test


def sequence(body: list[Stmt], value: Expr) -> Expr:
    """`body`, then `value`; no node where there is nothing to run."""
    if not body:
        return value
    if isinstance(value, Sequence):
        return Sequence(value.type, body + value.body, value.value)
    if value.type is None and not isinstance(value, Op):
        return Sequence(None, [*body, Do(value)], None)
    return Sequence(value.type, body, value)


def do(value: Expr) -> list[Stmt]:
    """Evaluate for effect only."""
    if isinstance(value, Sequence):
        return value.body + (do(value.value) if value.value else [])
    if is_pure(value):
        return []
    return [Do(value)]


def branch(test: Expr, then: Expr, orelse: Expr, boolean: bool = False) -> Expr:
    """`then if test else orelse`; both of one type, or both without value. `boolean`: both are 0 or 1."""
    if isinstance(test, Const):
        return then if test.value else orelse
    if then.type is None:
        return Sequence(None, if_(test, do(then), do(orelse)), None)
    match then, orelse:
        case Const(type=ValType.I32, value=1), Const(value=0):
            return test
        case Const(type=ValType.I32, value=0), Const(value=1):
            return negate(test)
        case _, Const(value=0) if boolean and is_cheap(then):
            return Op(I32, "i32.and", [test, then])
        case Const(value=1), _ if boolean and is_cheap(orelse):
            return Op(I32, "i32.or", [test, orelse])
    return IfElse(then.type, condition(test), then, orelse)


def if_(test: Expr, then: list[Stmt], orelse: list[Stmt]) -> list[Stmt]:
    """The statement `if`; only the branch that is taken when the test is a constant."""
    if isinstance(test, Const):
        return then if test.value else orelse
    if not any(not isinstance(node, Line) for node in orelse):
        orelse = []
    if not any(not isinstance(node, Line) for node in then):
        if not orelse:
            return do(test)
        return [If(condition(negate(test)), orelse, [])]
    return [If(condition(test), then, orelse)]


def is_pure(node: Expr) -> bool:
    """No effect and no trap, whatever it reads: it may be dropped."""
    match node:
        case Const() | Get() | Literal() | TypeId() | GlobalGet() | LinkValue() | SelfFrame():
            return True
        case Op(op=name):
            if name[4:] in _TRAPS or name == "unreachable" or name.startswith("memory."):
                return False
            return all(map(is_pure, node.args))
        case Load() | IsSubtype():
            return all(map(is_pure, operands(node)))
        case IfElse():
            return is_pure(node.test) and is_pure(node.then) and is_pure(node.orelse)
        case Sequence():
            return not node.body and (node.value is None or is_pure(node.value))
        case _:
            return False


def is_fixed(node: Expr) -> bool:
    """Pure, and the same wherever it is evaluated as long as no local is set: reads neither memory nor variables."""
    match node:
        case Const() | Get() | Literal() | TypeId() | SelfFrame():
            return True
        case LinkValue():
            return node.name != "stack_pointer"
        case Op():
            return is_pure(node) and all(map(is_fixed, node.args))
        case _:
            return False


def is_cheap(node: Expr) -> bool:
    """So small that evaluating it is no dearer than jumping around it: at most one operation on fixed values."""
    match node:
        case Const() | Get():
            return True
        case Op(args=args):
            return is_pure(node) and all(isinstance(arg, Const | Get) for arg in args)
        case _:
            return False
