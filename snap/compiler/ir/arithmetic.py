"""Integer arithmetic that finds overflow: the shared functions that lowering calls, and the code that replaces a call.

`int` is 64 bits wide; what does not fit calls core's `rt_overflow`, which does not come back.
"""

from __future__ import annotations

from . import build
from . import nodes as ir
from .parts import assigned

MAX_INT, MIN_INT = (1 << 63) - 1, -(1 << 63)
CHECKED = {"checked_add": "add", "checked_sub": "sub", "checked_mul": "mul"}
"""The symbols of the shared functions, and the instruction that each is where nothing overflows."""


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
    least = ir.Op(ir.I32, "i64.eq", [right, build.i64(MIN_INT)])
    inexact = ir.Op(ir.I32, "i64.ne", [ir.Op(ir.I64, "i64.div_s", [read, left]), right])
    by_minus_one = ir.Op(ir.I32, "i64.eq", [left, build.i64(-1)])
    overflow = ir.IfElse(ir.I32, by_minus_one, least, inexact)  # MIN / -1 would trap
    return [
        ir.Set(result, ir.Op(ir.I64, "i64.mul", [left, right])),
        ir.If(_short(left, right), [ir.Return(read)], []),
        ir.If(ir.Op(ir.I32, "i64.eqz", [left]), [ir.Return(read)], []),
        ir.If(overflow, [ir.Do(fail)], []),
        ir.Return(read),
    ]


def checked_code(node: ir.Call, args: list[ir.Expr], safe: bool, hot: bool, fail: ir.Expr) -> ir.Expr:
    """What takes the place of a call of a shared function with these arguments: the instruction alone if it is `safe`;
    a product that may be too great stays a call unless it is `hot`, and then where both factors are short."""
    name = CHECKED[node.symbol]
    if safe:
        return ir.Op(ir.I64, f"i64.{name}", args)
    if name == "mul" and not hot:
        return ir.Call(node.type, node.symbol, args, node.span)
    left, right = args
    if name != "sub" and isinstance(left, ir.Const):
        left, right = right, left
    before: list[ir.Stmt] = []
    kept: list[ir.Expr] = []
    for value in (left, right):
        if not isinstance(value, ir.Const) and not (isinstance(value, ir.Get) and value.local not in assigned([right])):
            local = ir.Local("", ir.I64)
            before.append(ir.Set(local, value))
            value = ir.Get(ir.I64, local)
        kept.append(value)
    left, right = kept
    result = ir.Local("", ir.I64)
    if name != "mul":
        body, value = checked_steps(name, left, right, result, fail)
        return ir.Sequence(ir.I64, before + body, value)
    product = ir.Op(ir.I64, "i64.mul", [left, right])
    value = ir.IfElse(ir.I64, _short(left, right), product, ir.Call(ir.I64, node.symbol, [left, right], node.span))
    return build.sequence(before, value)


def _short(left: ir.Expr, right: ir.Expr) -> ir.Expr:
    """Are two factors so near to 0 that their product needs no more than 64 bits?"""
    if isinstance(right, ir.Const) and right.value:
        most = MAX_INT // abs(int(right.value))
        moved = ir.Op(ir.I64, "i64.add", [left, build.i64(most)])
        return ir.Op(ir.I32, "i64.le_u", [moved, build.i64(2 * most)])
    return ir.Op(ir.I32, "i32.and", [_is_half(left), _is_half(right)])


def _is_half(value: ir.Expr) -> ir.Expr:
    return ir.Op(ir.I32, "i64.eq", [value, ir.Op(ir.I64, "i64.extend32_s", [value])])
