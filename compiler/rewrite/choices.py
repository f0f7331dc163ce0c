"""What is decided before a program runs: `TYPE_CHECKING`, `sys.version_info`, imports that may fail.

In: the statements of a block, and a way to ask whether a module has a name. Out: the statements, with those that a
decided condition chooses in its place.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeGuard

from ..syntax import tree
from ..syntax.node import changed
from ..syntax.parts import bound, last_name
from .oldstyle import ANYTHING
from .quoted import quoted

VERSION = (3, 12)
"""What `sys.version_info` says."""
IMPORT_ERRORS = frozenset(("ImportError", "ModuleNotFoundError", "Exception", ""))
COMPARE = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip

Has = Callable[[str, str | None, int], bool]
Body = tuple[tree.Stmt, ...]


def decided(body: Iterable[tree.Stmt], has: Has) -> Iterator[tree.Stmt]:
    for node in body:
        chosen = _choice(node, has)
        yield from (node,) if chosen is None else decided(chosen, has)


def _choice(node: tree.Stmt, has: Has) -> Body | None:
    match node:
        case tree.If(test=tree.UnaryOp(op="not", operand=test)) if last_name(test) == "TYPE_CHECKING":
            return _for_types(node.orelse, node.body, has)
        case tree.If(test=test) if last_name(test) == "TYPE_CHECKING":
            return _for_types(node.body, node.orelse, has)
        case tree.If(test=tree.Compare(left=left, ops=(op,), comparators=(right,))) if op in COMPARE:
            known, wanted = _version(left), _number(right)
            if known is None or type(known) is not type(wanted):
                return None
            return node.body if COMPARE[op](known, wanted) else node.orelse
        case tree.Try() if any(isinstance(item, tree.Import | tree.ImportFrom) for item in node.body):
            return _attempt(node, has)
        case _:
            return None


def _for_types(body: Body, otherwise: Body, has: Has) -> Body:
    """Only the imports are of use: for annotations. What cannot be imported may be anything."""
    taken = {name for name, _ in bound(otherwise)}
    made: list[tree.Stmt] = []
    for node in body:
        for item in node.names if isinstance(node, tree.Import | tree.ImportFrom) else ():
            if item.bound not in taken:
                anything = tree.TypeAlias(item.span, item.bound, (), tree.Name(item.span, ANYTHING))
                made.append(changed(node, names=(item,)) if _succeeds(node, item, has) else anything)
    return (*made, *otherwise)


def _succeeds(node: tree.Stmt, item: tree.Alias, has: Has) -> bool:
    return (
        has(node.module or "", item.name, node.level) if isinstance(node, tree.ImportFrom) else has(item.name, None, 0)
    )


def _attempt(node: tree.Try, has: Has) -> Body | None:
    """`try: import a` with what is done when there is no `a`."""
    catching = next((item for item in node.handlers if _catches_import(item.type)), None)
    if catching is None:
        return None
    for at, part in enumerate(node.body):
        if not isinstance(part, tree.Import | tree.ImportFrom) or all(_succeeds(part, i, has) for i in part.names):
            continue
        lacking = next(item.name for item in part.names if not _succeeds(part, item, has))
        lacking = (part.module or "" if isinstance(part, tree.ImportFrom) else lacking).partition(".")[0]
        if catching.name is not None and has(lacking, None, 0):
            return None
        known = {name for name, _ in bound((*catching.body, *node.orelse))}
        missing = [item.bound for item in part.names]
        unset = [_anything(tree.Name(part.span, name)) for name in missing if name not in known]
        caught = tuple(_anything(item) if _gives_none(item, missing) else item for item in catching.body)
        if catching.name is not None:
            problem = f"No module named {lacking!r}"
            attempt = (*node.body[:at], *quoted(f"raise ModuleNotFoundError({problem!r})", part.span))
            handlers = tuple(changed(item, body=caught) if item is catching else item for item in node.handlers)
            return (*unset, changed(node, body=attempt, handlers=handlers, orelse=()))
        return (*node.body[:at], *unset, *caught, *node.finalbody)
    simple: tuple[type[tree.Stmt], ...] = (tree.Import, tree.ImportFrom, tree.Pass)
    if catching.type is not None and last_name(catching.type) in ("ImportError", "ModuleNotFoundError"):
        simple = (*simple, tree.Assign, tree.AnnAssign)  # what they may raise is not caught here
    return (*node.body, *node.orelse, *node.finalbody) if all(isinstance(i, simple) for i in node.body) else None


def _catches_import(node: tree.Expr | None) -> bool:
    items = node.elts if isinstance(node, tree.Tuple) else (node,)
    return any(item is None or last_name(item) in IMPORT_ERRORS for item in items)


def _gives_none(node: tree.Stmt, names: list[str]) -> TypeGuard[tree.Assign]:
    """`np = None`, for one of the names."""
    match node:
        case tree.Assign(targets=(tree.Name(id=name),), value=tree.NoneLiteral()):
            return name in names
        case _:
            return False


def _anything(node: tree.Assign | tree.Name) -> tree.Stmt:
    """The variable may hold anything: what would have been imported is asked for what only it has."""
    target, value = (node, None) if isinstance(node, tree.Name) else (node.targets[0], node.value)
    return tree.AnnAssign(node.span, target, tree.Name(node.span, ANYTHING), value)


def _version(node: tree.Expr) -> Any:
    """`sys.version_info`, and its first two numbers; None for anything else."""
    match node:
        case tree.Attribute(attr="version_info"):
            return VERSION
        case tree.Attribute(value=whole, attr="major" | "minor" as name) if _version(whole) == VERSION:
            return VERSION[name == "minor"]
        case tree.Subscript(value=whole, slice=tree.IntLiteral(value=0 | 1 as at)) if _version(whole) == VERSION:
            return VERSION[at]
        case tree.Subscript(value=whole, slice=tree.Slice(lower=None, upper=tree.IntLiteral(value=2), step=None)):
            return _version(whole)
        case _:
            return None


def _number(node: tree.Expr) -> Any:
    """A number or a tuple of numbers; None for anything else."""
    match node:
        case tree.IntLiteral(value=number):
            return number
        case tree.Tuple(elts=items):
            found = tuple(map(_number, items))
            return None if None in found else found
        case _:
            return None
