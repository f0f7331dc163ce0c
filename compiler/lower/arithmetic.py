"""Integer arithmetic that finds overflow, and the functions that share it.

`int` is 64 bits wide; what does not fit calls core's `rt_overflow`, which does not come back.
"""

from __future__ import annotations

from ..ir import build
from ..ir import nodes as ir

MAX_INT, MIN_INT = (1 << 63) - 1, -(1 << 63)


def checked_steps(
    name: str, left: ir.Expr, right: ir.Expr, result: ir.Local, fail: ir.Expr
) -> tuple[list[ir.Stmt], ir.Expr]:
    """`left + right` or `left - right` (each readable several times) into `result`, with the shortest test there is."""
    read = ir.Get(ir.I64, result)
    body: list[ir.Stmt] = [ir.Set(result, ir.Op(ir.I64, f"i64.{name}", [left, right]))]
    if isinstance(right, ir.Const):
        grows = (right.value >= 0) == (name == "add")
        overflow = ir.Op(ir.I32, "i64.lt_s" if grows else "i64.gt_s", [read, left])
    else:
        # a sum overflows when its sign is neither operand's, a difference when the operands' signs differ and its sign
        # is not that of the left one
        other = left if name == "sub" else read
        signs = [ir.Op(ir.I64, "i64.xor", [left, read]), ir.Op(ir.I64, "i64.xor", [right, other])]
        overflow = ir.Op(ir.I32, "i64.lt_s", [ir.Op(ir.I64, "i64.and", list(signs)), build.i64(0)])
    return [*body, ir.If(overflow, [ir.Do(fail)], [])], read


def checked_body(name: str, params: list[ir.Local], fail: ir.Expr) -> list[ir.Stmt]:
    """The body of the shared function for `add`, `sub` or `mul`, with the parameters `left` and `right`."""
    left, right = (ir.Get(ir.I64, param) for param in params)
    result = ir.Local("result", ir.I64)
    if name != "mul":
        body, value = checked_steps(name, left, right, result, fail)
        return [*body, ir.Return(value)]
    read = ir.Get(ir.I64, result)
    narrow = [ir.Op(ir.I32, "i64.eq", [side, ir.Op(ir.I64, "i64.extend32_s", [side])]) for side in (left, right)]
    least = ir.Op(ir.I32, "i64.eq", [right, build.i64(MIN_INT)])
    inexact = ir.Op(ir.I32, "i64.ne", [ir.Op(ir.I64, "i64.div_s", [read, left]), right])
    by_minus_one = ir.Op(ir.I32, "i64.eq", [left, build.i64(-1)])
    overflow = ir.IfElse(ir.I32, by_minus_one, least, inexact)  # MIN / -1 would trap
    return [
        ir.Set(result, ir.Op(ir.I64, "i64.mul", [left, right])),
        ir.If(ir.Op(ir.I32, "i32.and", list(narrow)), [ir.Return(read)], []),
        ir.If(ir.Op(ir.I32, "i64.eqz", [left]), [ir.Return(read)], []),
        ir.If(overflow, [ir.Do(fail)], []),
        ir.Return(read),
    ]
