"""A call of `operator.itemgetter`, `attrgetter` or `methodcaller` → the lambda that it means."""

from __future__ import annotations

from ..syntax import tree
from ..syntax.parts import is_literal
from .quoted import plain_arguments


def getter_lambda(name: str, node: tree.Call) -> tree.Lambda | None:
    """`itemgetter(1)` as `lambda x: x[1]`, `attrgetter("a.b")` as `lambda x: x.a.b`; None where an argument is no
    literal."""
    span, parts = node.span, list[tree.Expr]()
    subject: tree.Expr = tree.Name(span, "x")
    if name == "methodcaller":
        given = [*node.args[1:], *(item.value for item in node.keywords)]
        if not node.args or not isinstance(node.args[0], tree.StringLiteral) or not all(map(is_literal, given)):
            return None
        method = tree.Attribute(span, subject, node.args[0].value, node.args[0].span)
        return tree.Lambda(span, plain_arguments(span, "x"), tree.Call(span, method, node.args[1:], node.keywords))
    for arg in node.args:
        part = subject
        if name == "itemgetter" and is_literal(arg):
            part = tree.Subscript(span, part, arg)
        elif name == "attrgetter" and isinstance(arg, tree.StringLiteral):
            for word in arg.value.split("."):
                part = tree.Attribute(span, part, word, arg.span)
        else:
            return None
        parts.append(part)
    if not parts or node.keywords:
        return None
    value = parts[0] if len(parts) == 1 else tree.Tuple(span, tuple(parts))
    return tree.Lambda(span, plain_arguments(span, "x"), value)
