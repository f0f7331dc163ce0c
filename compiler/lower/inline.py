"""Putting the body of a small function where it is called.

Only functions that core marks `@inline` are: their IR is copied with fresh locals and labels. Arguments take the place
of parameters where neither their order of evaluation nor the number of times they are evaluated changes by it; the rest
is kept in locals.
"""

from __future__ import annotations

from ..ir import build
from ..ir import nodes as ir
from ..ir.parts import assigned, everything, operands
from ..ir.transform import Rewriter
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


class _Copy(Rewriter):
    def __init__(self, f: FunctionLowering, substitutes: dict[ir.Local, ir.Expr], result: ir.ValType | None) -> None:
        self.returns = False
        self._f = f
        self._substitutes = substitutes
        self._locals: dict[ir.Local, ir.Local] = {}
        self._labels: dict[str, str] = {}
        self.result = ir.Local("result", result) if result else None
        self.end = f.label("end")

    def local(self, local: ir.Local) -> ir.Local:
        copy = self._locals.get(local)
        if copy is None:
            copy = self._locals[local] = ir.Local(local.name, local.type)
        return copy

    def label(self, label: str) -> str:
        return self._labels.setdefault(label, self._f.label("in"))

    def get(self, node: ir.Get) -> ir.Expr:
        return self._substitutes.get(node.local) or ir.Get(node.type, self.local(node.local))

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        match node:
            case ir.Line():
                return []
            case ir.Return():
                self.returns = True
                leave: list[ir.Stmt] = [ir.Break(self.end)]
                if node.value is None or self.result is None:
                    return leave
                return [ir.Set(self.result, self.expr(node.value)), *leave]
            case _:
                return super().stmt(node)


def inlined(f: FunctionLowering, inline: InlineBody, args: list[ir.Expr]) -> ir.Expr:
    """What a call with these arguments computes."""
    params, function = inline.function.params, inline.function
    before: list[ir.Stmt] = []
    substitutes: dict[ir.Local, ir.Expr] = {}
    direct = inline.in_order
    sets = any(isinstance(part, ir.Sequence) for part in everything(args))
    copy = _Copy(f, substitutes, function.result)
    for param, argument in zip(params, args, strict=True):
        if param in inline.assigned:
            before.append(ir.Set(copy.local(param), argument))
        elif direct or isinstance(argument, ir.Const | ir.Literal):
            substitutes[param] = argument
        elif build.is_fixed(argument) and not sets and (inline.uses[param] <= 1 or isinstance(argument, ir.Get)):
            substitutes[param] = argument
        else:
            before.append(ir.Set(copy.local(param), argument))
    body = inline.body
    match body:
        case [*head, ir.Return(value=value)]:
            statements = copy.body(head)
            last = copy.expr(value) if value else None
        case _:
            statements, last = copy.body(body), None
            if function.result and not copy.returns:
                last = build.unreachable(function.result)
    if not copy.returns:
        return build.sequence(before + statements, last if last else build.nothing())
    if copy.result is None:
        statements += build.do(last) if last else []
        return build.sequence(before, ir.Sequence(None, [ir.Block(copy.end, statements)], None))
    if last:
        statements.append(ir.Set(copy.result, last))
    block: list[ir.Stmt] = [*before, ir.Block(copy.end, statements)]
    return ir.Sequence(function.result, block, ir.Get(copy.result.type, copy.result))
