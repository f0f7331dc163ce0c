"""The nodes directly inside a node, expressions and statements alike, for walks over everything in a function.

Hot walks look into `PARTS` themselves; a type of node that is not in it has nothing inside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..syntax.node import field_names
from . import nodes as ir

KINDS: list[type[ir.Expr | ir.Stmt]] = [*ir.Expr.__subclasses__(), *ir.Stmt.__subclasses__()]
_INSIDE = {
    "Expr": "n.{0}",
    "Expr | None": "*(() if n.{0} is None else (n.{0},))",
    "list[Expr]": "*n.{0}",
    "list[Stmt]": "*n.{0}",
}


def written(kind: type[ir.Expr | ir.Stmt], templates: dict[str, str], other: str = "") -> list[str]:
    """For each field of a class of node the template for its annotation, else `other`; those that say something."""
    found = [(name, templates.get(kind.__annotations__.get(name, ""), other)) for name in field_names(kind)]
    return [template.format(name) for name, template in found if template]


def _parts() -> Iterator[tuple[type, Callable[[Any], Iterable[ir.Expr | ir.Stmt]]]]:
    for kind in KINDS:
        match written(kind, _INSIDE):
            case []:
                pass
            case [one] if one.startswith("*n."):
                yield kind, eval(f"lambda n: {one[1:]}")
            case inside:
                yield kind, eval(f"lambda n: ({', '.join(inside)},)")


PARTS = dict(_parts())
SINGLE = {kind: tuple(written(kind, {"Expr": "{0}", "Expr | None": "{0}"})) for kind in KINDS}
"""The fields of a node that are one expression, or may be none, in the order in which they are evaluated."""


def parts(node: ir.Expr | ir.Stmt) -> Iterable[ir.Expr | ir.Stmt]:
    """The nodes directly inside, statements included."""
    found = PARTS.get(type(node))
    return () if found is None else found(node)


def operands(node: ir.Expr | ir.Stmt) -> list[ir.Expr]:
    """The expressions directly inside a node, in the order in which they are evaluated (of a `Sequence` only its value,
    of an `IfElse` only the test: the rest may not be evaluated, or not as part of the expression)."""
    if isinstance(node, ir.IfElse):
        return [node.test]
    return [part for part in parts(node) if isinstance(part, ir.Expr)]


def everything(nodes: Iterable[ir.Expr | ir.Stmt]) -> Iterator[ir.Expr | ir.Stmt]:
    """These nodes and all below them, in no order."""
    stack = list(nodes)
    while stack:
        node = stack.pop()
        yield node
        stack += parts(node)


def assigned(nodes: Iterable[ir.Expr | ir.Stmt]) -> Iterator[ir.Local]:
    """The locals that are set somewhere in these nodes."""
    for node in everything(nodes):
        match node:
            case ir.Set(local=local) | ir.Try(caught=local):
                yield local


def by_kind(owner: type) -> dict[type, Callable[..., Any]]:
    """The methods of a class that are named like a kind of node: `_if_else` for `IfElse`."""
    names = {kind: re.sub(r"(?<=[a-z])([A-Z])", r"_\1", f"_{kind.__name__}").lower() for kind in KINDS}
    return {kind: getattr(owner, name) for kind, name in names.items() if hasattr(owner, name)}
