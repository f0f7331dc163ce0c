"""Putting the body of a small function where it is called.

Only functions that core marks `@inline` are: their IR is copied with fresh locals and labels. Arguments take the place
of parameters where neither their order of evaluation nor the number of times they are evaluated changes by it; the rest
is kept in locals.
"""

from __future__ import annotations

from ..ir import build
from ..ir import nodes as ir
from ..ir.parts import assigned, everything, operands
from ..ir.transform import BodyCopy
from .function import FunctionLowering


class InlineBody:
    """A function ready to be put into others, with what has to be known of its parameters."""

    def __init__(self, function: ir.Function) -> None:
        self.function = function
        self.body = [node for node in function.body if not isinstance(node, ir.Line)]
        self.uses = dict.fromkeys(function.params, 0)
        self.assigned = set(assigned(self.body))
        for node in everything(self.body):
            if isinstance(node, ir.Get) and node.local in self.uses:
                self.uses[node.local] += 1
        self.straight = len(self.body) == 1 and not any(isinstance(node, ir.Loop) for node in everything(self.body))
        self.in_order = self.straight and _uses_in_order(self.body[0], function.params)


def _uses_in_order(node: ir.Stmt, params: list[ir.Local]) -> bool:
    """Is every parameter read once, in order, before anything else that could have or see an effect?"""
    waiting = list(params)

    def visit(expr: ir.Expr) -> bool:
        if isinstance(expr, ir.Sequence | ir.IfElse):
            return not waiting
        for inner in operands(expr):
            if not visit(inner):
                return False
        if isinstance(expr, ir.Get) and expr.local in params:
            if not waiting or waiting[0] is not expr.local:
                return False
            waiting.pop(0)
            return True
        return not waiting or build.is_fixed(expr) or isinstance(expr, ir.Op)

    return all(visit(expr) for expr in operands(node)) and not waiting


class _Copy(BodyCopy):
    def __init__(self, f: FunctionLowering, result: ir.ValType | None) -> None:
        self._f = f
        self._labels: dict[str, str] = {}
        super().__init__(result)

    def label(self, label: str) -> str:
        return self._labels.setdefault(label, self._f.label("in"))


def inlined(f: FunctionLowering, inline: InlineBody, args: list[ir.Expr]) -> ir.Expr:
    """What a call with these arguments computes."""
    params, function = inline.function.params, inline.function
    before: list[ir.Stmt] = []
    direct = inline.in_order
    sets = any(isinstance(part, ir.Sequence) for part in everything(args))
    copy = _Copy(f, function.result)
    substitutes = copy.substitutes
    for param, argument in zip(params, args, strict=True):
        if param in inline.assigned:
            before.append(ir.Set(copy.local(param), argument))
        elif direct or isinstance(argument, ir.Const | ir.Literal):
            substitutes[param] = argument
        elif build.is_fixed(argument) and not sets and (inline.uses[param] <= 1 or isinstance(argument, ir.Get)):
            substitutes[param] = argument
        else:
            before.append(ir.Set(copy.local(param), argument))
    statements, last = copy.call(before, inline.body)
    return build.sequence(statements, last if last else build.nothing())
