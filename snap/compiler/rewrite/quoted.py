"""Syntax trees written as text: what the compiler adds to a program stands in it as the source that it is like.

In: a text, the place at which all of it is said to stand, and what some of its names stand for. Out: its statements.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ..syntax import parse, tree
from ..syntax.node import field_names
from ..syntax.source import Source, Span


def quoted(text: str, span: Span, /, **parts: tree.Expr | str) -> tuple[tree.Stmt, ...]:
    """The statements of `text`. A name that is one of `parts` stands for that expression, or for the name given."""
    return tuple(_filled(node, span, parts) for node in _parsed(text))


def quoted_function(text: str, span: Span, /, **parts: tree.Expr | str) -> tree.FunctionDef:
    """The one function that `text` defines."""
    (node,) = quoted(text, span, **parts)
    assert isinstance(node, tree.FunctionDef)
    return node


def quoted_lambda(text: str, span: Span) -> tree.Lambda:
    (node,) = quoted(text, span)
    assert isinstance(node, tree.ExprStmt) and isinstance(node.value, tree.Lambda)
    return node.value


def plain_arguments(span: Span, *names: str) -> tree.Arguments:
    """Parameters that say nothing but their names."""
    return tree.Arguments(span, (), tuple(tree.Arg(span, name, None, None) for name in names), None, (), None)


@lru_cache(1_024)
def _parsed(text: str) -> tuple[tree.Stmt, ...]:
    return parse(Source("<quoted>", text, "quoted")).body


def _filled(value: Any, span: Span, parts: dict[str, tree.Expr | str]) -> Any:
    match value:
        case Span():
            return span
        case tuple():
            return tuple([_filled(item, span, parts) for item in value])
        case tree.Name(id=name) if isinstance(part := parts.get(name), tree.Expr):
            return part
        case tree.Node():
            return type(value)(*[_filled(getattr(value, name), span, parts) for name in field_names(value)])
        case str() if isinstance(part := parts.get(value), str):
            return part
        case _:
            return value
