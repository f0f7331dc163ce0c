"""The nodes directly inside a node, expressions and statements alike, for walks over everything in a function.

Hot walks look into `PARTS` themselves; a type of node that is not in it has nothing inside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from . import nodes as ir

_Parts = Callable[[Any], Iterable[ir.Expr | ir.Stmt]]
PARTS: dict[type, _Parts] = {
    ir.Op: lambda node: node.args,
    ir.Call: lambda node: node.args,
    ir.CallIndirect: lambda node: [*node.args, node.index],
    ir.Load: lambda node: (node.address,),
    ir.IsSubtype: lambda node: (node.value,),
    ir.IfElse: lambda node: (node.test, node.then, node.orelse),
    ir.Sequence: lambda node: node.body if node.value is None else [*node.body, node.value],
    ir.Set: lambda node: (node.value,),
    ir.Do: lambda node: (node.value,),
    ir.GlobalSet: lambda node: (node.value,),
    ir.Throw: lambda node: (node.value,),
    ir.Store: lambda node: (node.address, node.value),
    ir.If: lambda node: [node.test, *node.then, *node.orelse],
    ir.Block: lambda node: node.body,
    ir.Loop: lambda node: node.body,
    ir.Return: lambda node: () if node.value is None else (node.value,),
    ir.Switch: lambda node: (node.index,),
    ir.Try: lambda node: node.body + node.handler,
}


def parts(node: ir.Expr | ir.Stmt) -> Iterable[ir.Expr | ir.Stmt]:
    """The nodes directly inside, statements included."""
    found = PARTS.get(type(node))
    return () if found is None else found(node)
