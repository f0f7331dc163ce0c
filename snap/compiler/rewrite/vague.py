"""Annotations that say no more than the value does: an alias of `Callable[..., R]`, a generic class without its types.

In: a module's tree, aliases and generic classes in today's syntax. Out: the same tree without those annotations; where
the syntax wants one, a bare `list`, which says as little. CPython reads none of them, and what they leave open is
found out as it is for a name without annotation.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..syntax import tree
from ..syntax.node import Frozen, changed, walk, with_below
from ..syntax.parts import holds_any_callable

QUEUES = frozenset(("Queue", "PriorityQueue", "LifoQueue"))


def without_vague(module: tree.Module) -> tree.Module:
    vague = frozenset(_vague(module))
    if not vague:
        return module

    def rewrite(node: Frozen) -> Frozen:
        node = with_below(node, rewrite)
        match node:
            case tree.Arg(annotation=tree.Expr() as said) if is_vague(said, vague):
                return changed(node, annotation=None)
            case tree.FunctionDef(returns=tree.Expr() as said) if is_vague(said, vague):
                return changed(node, returns=None)
            case tree.AnnAssign(annotation=said) if is_vague(said, vague):
                return changed(node, annotation=tree.Name(said.span, "list"))
            case _:
                return node

    return with_below(module, rewrite)


def _vague(module: tree.Module) -> Iterator[str]:
    """The names, dotted ones included, that say nothing where they stand alone in an annotation."""
    for node in walk(module):
        match node:
            case tree.TypeAlias(name=name, type_params=()) if holds_any_callable(node.value):
                yield name
            case tree.ClassDef(name=name, type_params=(_, *_)):
                yield name
            case tree.ImportFrom(module="asyncio"):
                yield from (item.bound for item in node.names if item.name in QUEUES)
            case tree.Import():
                yield from (f"{item.bound}.{name}" for item in node.names if item.name == "asyncio" for name in QUEUES)


def is_vague(annotation: tree.Expr, vague: frozenset[str]) -> bool:
    match annotation:
        case tree.Name(id=name) | tree.StringLiteral(value=name):
            return name in vague
        case tree.Attribute(value=tree.Name(id=owner), attr=name):
            return f"{owner}.{name}" in vague
        case tree.Subscript(slice=inner):
            return is_vague(inner, vague)
        case tree.BinOp(left=left, right=right):
            return is_vague(left, vague) or is_vague(right, vague)
        case tree.Tuple(elts=inner) | tree.List(elts=inner):
            return any(is_vague(item, vague) for item in inner)
        case _:
            return False
