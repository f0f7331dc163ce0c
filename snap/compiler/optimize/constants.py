"""Arithmetic of core whose second operand is a constant, in instructions.

In: the symbol of a core function and its arguments. Out: an expression for the same value, or None. Python's `//` and
`%` round down, so a power of two is a shift or a mask, and any other positive divisor needs one correction by the sign
of the remainder, or a dividend whose bits are turned round when it is negative, and no test for zero or overflow.
"""

from __future__ import annotations

from ..ir import nodes as ir
from ..ir.build import i64

_FLOOR_DIVIDE, _MODULO = "pielang.core.numbers.int.__floordiv__", "pielang.core.numbers.int.__mod__"


def with_constants(symbol: str, args: list[ir.Expr]) -> ir.Expr | None:
    """`args` have been rewritten already and may be used."""
    if symbol not in (_FLOOR_DIVIDE, _MODULO) or len(args) != 2:
        return None
    value, divisor = args
    if not isinstance(divisor, ir.Const) or divisor.value <= 0:
        return None
    number = int(divisor.value)
    if number & (number - 1) == 0:
        if symbol == _MODULO:
            return ir.Op(ir.I64, "i64.and", [value, i64(number - 1)])
        return ir.Op(ir.I64, "i64.shr_s", [value, i64(number.bit_length() - 1)])
    if symbol == _MODULO:
        rest = ir.Local("rest", ir.I64)
        correction = ir.Op(ir.I64, "i64.and", [ir.Op(ir.I64, "i64.shr_s", [ir.Get(ir.I64, rest), i64(63)]), divisor])
        body: list[ir.Stmt] = [ir.Set(rest, ir.Op(ir.I64, "i64.rem_s", [value, divisor]))]
        return ir.Sequence(ir.I64, body, ir.Op(ir.I64, "i64.add", [ir.Get(ir.I64, rest), correction]))
    dividend, sign = ir.Local("dividend", ir.I64), ir.Local("sign", ir.I64)
    body = [
        ir.Set(dividend, value),
        ir.Set(sign, ir.Op(ir.I64, "i64.shr_s", [ir.Get(ir.I64, dividend), i64(63)])),
    ]
    positive = ir.Op(ir.I64, "i64.xor", [ir.Get(ir.I64, dividend), ir.Get(ir.I64, sign)])
    quotient = ir.Op(ir.I64, "i64.div_u", [positive, divisor])
    return ir.Sequence(ir.I64, body, ir.Op(ir.I64, "i64.xor", [quotient, ir.Get(ir.I64, sign)]))
