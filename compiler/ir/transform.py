"""Copying IR with changes: the base of passes that replace locals, labels or whole nodes.

A `Rewriter` returns new nodes and leaves the old ones alone, so that one body can be put in several places. What a pass
changes it says by overriding the hooks; everything else is copied.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from . import nodes as ir


class Rewriter:
    """Hooks: `local` (what stands for a local where it is set), `get` (reading it), `set`, `label`, and any of
    `expr`, `stmt` for more."""

    def local(self, local: ir.Local) -> ir.Local:
        return local

    def label(self, label: str) -> str:
        return label

    def get(self, node: ir.Get) -> ir.Expr:
        return ir.Get(node.type, self.local(node.local))

    def set(self, node: ir.Set) -> list[ir.Stmt]:
        return [ir.Set(self.local(node.local), self.expr(node.value))]

    def expr(self, node: ir.Expr) -> ir.Expr:
        return _EXPRESSIONS[type(node)](self, node)

    def exprs(self, nodes: list[ir.Expr]) -> list[ir.Expr]:
        return [self.expr(node) for node in nodes]

    def body(self, nodes: list[ir.Stmt]) -> list[ir.Stmt]:
        result: list[ir.Stmt] = []
        for node in nodes:
            result.extend(self.stmt(node))
        return result

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        """The statements that take the place of one."""
        return _STATEMENTS[type(node)](self, node)

    def sequence(self, node: ir.Sequence) -> ir.Expr:
        return ir.Sequence(node.type, self.body(node.body), self.expr(node.value) if node.value else None)


def _same(rewriter: Rewriter, node: Any) -> Any:
    return node


_EXPRESSIONS: dict[type[ir.Expr], Callable[[Rewriter, Any], ir.Expr]] = {
    ir.Const: _same,
    ir.Get: lambda r, n: r.get(n),
    ir.GlobalGet: _same,
    ir.Load: lambda r, n: ir.Load(n.type, n.op, r.expr(n.address), n.offset),
    ir.Op: lambda r, n: ir.Op(n.type, n.op, r.exprs(n.args)),
    ir.Call: lambda r, n: ir.Call(n.type, n.symbol, r.exprs(n.args), n.span),
    ir.CallIndirect: lambda r, n: ir.CallIndirect(n.type, n.params, r.expr(n.index), r.exprs(n.args), n.span),
    ir.Literal: _same,
    ir.FunctionIndex: _same,
    ir.TypeId: _same,
    ir.LinkValue: _same,
    ir.IsSubtype: lambda r, n: ir.IsSubtype(n.type, r.expr(n.value), n.heap_type),
    ir.New: _same,
    ir.IfElse: lambda r, n: ir.IfElse(n.type, r.expr(n.test), r.expr(n.then), r.expr(n.orelse)),
    ir.Sequence: lambda r, n: r.sequence(n),
    ir.SelfFrame: _same,
}

_STATEMENTS: dict[type[ir.Stmt], Callable[[Rewriter, Any], list[ir.Stmt]]] = {
    ir.Line: lambda r, n: [n],
    ir.Set: lambda r, n: r.set(n),
    ir.GlobalSet: lambda r, n: [ir.GlobalSet(n.symbol, r.expr(n.value))],
    ir.Store: lambda r, n: [ir.Store(n.op, r.expr(n.address), r.expr(n.value), n.offset)],
    ir.Do: lambda r, n: [ir.Do(r.expr(n.value))],
    ir.If: lambda r, n: [ir.If(r.expr(n.test), r.body(n.then), r.body(n.orelse))],
    ir.Block: lambda r, n: [ir.Block(r.label(n.label), r.body(n.body))],
    ir.Loop: lambda r, n: [ir.Loop(r.label(n.label), r.body(n.body))],
    ir.Break: lambda r, n: [ir.Break(r.label(n.label))],
    ir.Continue: lambda r, n: [ir.Continue(r.label(n.label))],
    ir.Switch: lambda r, n: [ir.Switch(r.expr(n.index), [r.label(x) for x in n.labels], r.label(n.default))],
    ir.Return: lambda r, n: [ir.Return(r.expr(n.value) if n.value else None)],
    ir.Throw: lambda r, n: [ir.Throw(r.expr(n.value), n.again)],
    ir.Try: lambda r, n: [ir.Try(r.body(n.body), r.local(n.caught), r.body(n.handler))],
    ir.Suspend: lambda r, n: [ir.Suspend(n.status, r.expr(n.unless) if n.unless else None)],
    ir.Trap: lambda r, n: [n],
}


def operands(node: ir.Expr) -> list[ir.Expr]:
    """The expressions directly inside one, in the order in which they are evaluated (of a `Sequence` only its value, of
    an `IfElse` only the test: the rest may not be evaluated, or not as part of the expression)."""
    match node:
        case ir.Op() | ir.Call():
            return node.args
        case ir.Load():
            return [node.address]
        case ir.CallIndirect():
            return [*node.args, node.index]
        case ir.IsSubtype():
            return [node.value]
        case ir.IfElse():
            return [node.test]
        case ir.Sequence():
            return [node.value] if node.value else []
        case _:
            return []


def expressions_of(node: ir.Stmt) -> list[ir.Expr]:
    """The expressions directly inside a statement, in the order in which they are evaluated."""
    match node:
        case ir.Set() | ir.GlobalSet() | ir.Do() | ir.Throw():
            return [node.value]
        case ir.Store():
            return [node.address, node.value]
        case ir.If():
            return [node.test]
        case ir.Switch():
            return [node.index]
        case ir.Return():
            return [node.value] if node.value else []
        case ir.Suspend():
            return [node.unless] if node.unless else []
        case _:
            return []


def lists_of(node: ir.Stmt) -> list[list[ir.Stmt]]:
    """The statement lists directly inside a statement."""
    match node:
        case ir.If():
            return [node.then, node.orelse]
        case ir.Block() | ir.Loop():
            return [node.body]
        case ir.Try():
            return [node.body, node.handler]
        case _:
            return []


def walk_statements(body: list[ir.Stmt]) -> Iterator[ir.Stmt]:
    """Every statement of a body, those inside expressions included, each before what it holds."""
    for node in body:
        yield node
        for inner in lists_of(node):
            yield from walk_statements(inner)
        for expr in expressions_of(node):
            for part in walk(expr):
                if isinstance(part, ir.Sequence):
                    yield from walk_statements(part.body)


def walk(node: ir.Expr) -> Iterator[ir.Expr]:
    """An expression and all below it, except what stands in the statements of a `Sequence`."""
    yield node
    for inner in operands(node):
        yield from walk(inner)
    if isinstance(node, ir.IfElse):
        yield from walk(node.then)
        yield from walk(node.orelse)
