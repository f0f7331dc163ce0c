"""Copying IR with changes: the base of passes that replace locals, labels or whole nodes.

A `Rewriter` returns new nodes and leaves the old ones alone, so that one body can be put in several places. What a pass
changes it says by overriding the hooks; everything else is copied.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from . import build
from . import nodes as ir
from .parts import KINDS, written

Node = TypeVar("Node", bound=ir.Expr | ir.Stmt)


class Rewriter:
    """Hooks: `local` (what stands for a local where it is set), `get` (reading it), `set`, `label`, and any of
    `expr`, `body`, `stmt` for more."""

    def local(self, local: ir.Local) -> ir.Local:
        return local

    def label(self, label: ir.Label) -> ir.Label:
        return label

    def get(self, node: ir.Get) -> ir.Expr:
        return ir.Get(node.type, self.local(node.local))

    def set(self, node: ir.Set) -> list[ir.Stmt]:
        return [ir.Set(self.local(node.local), self.expr(node.value))]

    def expr(self, node: ir.Expr) -> ir.Expr:
        return self.get(node) if type(node) is ir.Get else _COPIES[type(node)](self, node)

    def exprs(self, nodes: list[ir.Expr]) -> list[ir.Expr]:
        return [self.expr(node) for node in nodes]

    def body(self, nodes: list[ir.Stmt]) -> list[ir.Stmt]:
        result: list[ir.Stmt] = []
        for node in nodes:
            result.extend(self.stmt(node))
        return result

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        """The statements that take the place of one."""
        return self.set(node) if type(node) is ir.Set else [_COPIES[type(node)](self, node)]

    def copy(self, node: Node) -> Node:
        """The node with everything inside rewritten."""
        copied: Node = _COPIES[type(node)](self, node)
        return copied


_REWRITTEN = {
    "Expr": "r.expr(n.{0})",
    "Expr | None": "n.{0} and r.expr(n.{0})",
    "list[Expr]": "r.exprs(n.{0})",
    "list[Stmt]": "r.body(n.{0})",
    "Local": "r.local(n.{0})",
    "Label": "r.label(n.{0})",
    "list[Label]": "[r.label(x) for x in n.{0}]",
}


def _copier(kind: type[ir.Expr | ir.Stmt]) -> Callable[[Rewriter, Any], Any]:
    """A node that holds nothing to rewrite stays as it is."""
    if not written(kind, _REWRITTEN):
        return lambda rewriter, node: node
    fields = ", ".join(written(kind, _REWRITTEN, "n.{0}"))
    copy: Callable[[Rewriter, Any], Any] = eval(f"lambda r, n: kind({fields})", {"kind": kind})
    return copy


_COPIES: dict[type, Callable[[Rewriter, Any], Any]] = {kind: _copier(kind) for kind in KINDS}


class _Exchange(Rewriter):
    """Other expressions directly inside, in order."""

    def __init__(self, values: list[ir.Expr]) -> None:
        self.values = iter(values)

    def expr(self, node: ir.Expr) -> ir.Expr:
        return next(self.values)

    def body(self, nodes: list[ir.Stmt]) -> list[ir.Stmt]:
        return nodes


def with_operands(node: Node, values: list[ir.Expr]) -> Node:
    """The node with `values` for what `operands` gives of it."""
    return _Exchange(values).copy(node)


class BodyCopy(Rewriter):
    """Copies a function's body to where it is called. Its locals are new ones, or what is in `substitutes`; a `Return`
    that is not at the end sets `result` and goes to `end`. `label` is left to the pass."""

    def __init__(self, result: ir.ValType | None) -> None:
        self.substitutes: dict[ir.Local, ir.Expr] = {}
        self.locals: dict[ir.Local, ir.Local] = {}
        self.result = None if result is None else ir.Local("result", result)
        self.end = self.label("end")
        self.returns = False

    def call(self, before: list[ir.Stmt], body: list[ir.Stmt]) -> tuple[list[ir.Stmt], ir.Expr | None]:
        """What the call runs, `before` included, and its value."""
        match body:
            case [*head, ir.Return(value=value)]:
                copied = self.body(head)
                last = None if value is None else self.expr(value)
            case _:
                copied, last = self.body(body), None
                if self.result is not None and not self.returns:
                    last = build.unreachable(self.result.type)
        if not self.returns:
            return before + copied, last
        if self.result is None:
            return [*before, ir.Block(self.end, copied + (build.do(last) if last else []))], None
        if last is not None:
            copied.append(ir.Set(self.result, last))
        return [*before, ir.Block(self.end, copied)], ir.Get(self.result.type, self.result)

    def local(self, local: ir.Local) -> ir.Local:
        copy = self.locals.get(local)
        if copy is None:
            copy = self.locals[local] = ir.Local(local.name, local.type)
        return copy

    def get(self, node: ir.Get) -> ir.Expr:
        return self.substitutes.get(node.local) or ir.Get(node.type, self.local(node.local))

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
        return super().stmt(node)
