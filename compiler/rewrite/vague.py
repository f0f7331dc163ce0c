"""Annotations that say no more than the value does: an alias of `Callable[..., R]`, a generic class without its types,
containers of bare ones (`list[dict]`).

In: a module's tree, aliases and generic classes in today's syntax. Out: the same tree with a bare `list` in place of
those annotations, which says as little. CPython reads none of them, and what they leave open is found out as it is for
a name without annotation.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..syntax import tree
from ..syntax.node import Frozen, changed, walk, with_below
from ..syntax.parts import CONTAINERS, OF_TYPING, holds_any_callable

QUEUES = frozenset(("Queue", "PriorityQueue", "LifoQueue"))
BARE = CONTAINERS | OF_TYPING
INSIDE = re.compile(rf"[\[,|]\s*(?:{'|'.join(sorted(BARE))})\s*[\],|]")
"""A text without a match has no bare container in another type; one with it may have."""
NAMED = re.compile(r"Callable|Queue|TypeVar|\bclass\s+\w+\s*\[|\((?:list|set|dict)\):")
"""A text without a match has no alias of a function type, generic class or queue; one with it may have."""


def without_vague(module: tree.Module, text: str) -> tree.Module:
    vague = frozenset(_vague(module) if NAMED.search(text) else ())
    if not vague and INSIDE.search(text) is None:
        return module

    def rewrite(node: Frozen) -> Frozen:
        node = with_below(node, rewrite)
        match node:
            case (tree.Arg() | tree.AnnAssign()) as place if place.annotation and is_vague(place.annotation, vague):
                return changed(place, annotation=tree.Name(place.annotation.span, "list"))
            case tree.FunctionDef(returns=tree.Expr() as said) if is_vague(said, vague):
                return changed(node, returns=tree.Name(said.span, "list"))
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
    """`vague`: the names that say nothing at this place."""
    match annotation:
        case tree.Name(id=name) | tree.StringLiteral(value=name):
            return name in vague
        case tree.Attribute(value=tree.Name(id=owner), attr=name):
            return f"{owner}.{name}" in vague
        case tree.Subscript(value=tree.Name(id="type" | "Type")):
            return False
        case tree.Subscript(slice=inner):
            return is_vague(inner, vague | BARE)
        case tree.BinOp(left=left, right=right):
            return is_vague(left, vague | BARE) or is_vague(right, vague | BARE)
        case tree.Tuple(elts=inner) | tree.List(elts=inner):
            return any(is_vague(item, vague) for item in inner)
        case _:
            return False
