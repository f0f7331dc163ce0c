"""The tree of our parser as CPython's `ast` would describe it: nested tuples that can be compared.

`ours(module, source)` and `theirs(ast_module, text)` give the same value for the same program. Compared are all
nodes, names, values and, for expressions and statements, the places; not compared are places inside f-strings, which
CPython reports differently from version to version.
"""

from __future__ import annotations

import ast
from typing import Any

from pielang.compiler.syntax import Source, tree
from pielang.compiler.syntax.node import field_names

_OPERATORS = {
    ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/", ast.FloorDiv: "//", ast.Mod: "%", ast.Pow: "**",
    ast.MatMult: "@", ast.LShift: "<<", ast.RShift: ">>", ast.BitAnd: "&", ast.BitOr: "|", ast.BitXor: "^",
    ast.USub: "-", ast.UAdd: "+", ast.Invert: "~", ast.Not: "not", ast.And: "and", ast.Or: "or", ast.Eq: "==",
    ast.NotEq: "!=", ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Is: "is", ast.IsNot: "is not",
    ast.In: "in", ast.NotIn: "not in",
}  # fmt: skip
_PLACELESS = (tree.Comprehension, tree.WithItem, tree.MatchCase, tree.Arguments, tree.Module)


def ours(node: Any, source: Source, places: bool = True) -> Any:
    """Our tree as nested tuples (class, place, fields...)."""

    def go(node: Any, places: bool) -> Any:
        if node is None or isinstance(node, str | int | float | bytes):
            return node
        if isinstance(node, tuple):
            return [go(item, places) for item in node]
        place = None
        if places and not isinstance(node, _PLACELESS):
            place = (*source.position(node.span.start), *source.position(node.span.end))
        name = type(node).__name__
        values: dict[str, Any] = {}
        match node:
            case (
                tree.IntLiteral()
                | tree.FloatLiteral()
                | tree.StringLiteral()
                | tree.BytesLiteral()
                | tree.BoolLiteral()
            ):
                return ("Constant", place, repr(node.value))
            case tree.NoneLiteral():
                return ("Constant", place, "None")
            case tree.EllipsisLiteral():
                return ("Constant", place, "Ellipsis")
            case tree.JoinedStr(values=pieces):
                return ("JoinedStr", place, _pieces(pieces, go))
            case tree.ExprStmt(value=value):
                return ("Expr", place, go(value, places))
            case tree.MatchSingleton(value=value):
                return ("MatchSingleton", place, go(value, places)[2])
            case tree.FunctionDef(is_async=True):
                name = "AsyncFunctionDef"
            case tree.For(is_async=True):
                name = "AsyncFor"
            case tree.With(is_async=True):
                name = "AsyncWith"
            case tree.Global(names=names) | tree.Nonlocal(names=names):
                return (name, place, list(names))
        for field in field_names(node):
            if field in ("span", "attr_span", "name_span", "pragma"):
                continue
            if field == "is_async" and not isinstance(node, tree.Comprehension):
                continue
            values[field] = go(getattr(node, field), places)
        return (name, place, *values.values())

    return go(node, places)


def _pieces(pieces: tuple[Any, ...], go: Any) -> list[Any]:
    out: list[Any] = []
    for piece in pieces:
        if isinstance(piece, tree.StringLiteral):
            _text(out, piece.value)
            continue
        if piece.debug_text is not None:
            _text(out, piece.debug_text)
        spec = None if piece.format_spec is None else _pieces(piece.format_spec.values, go)
        out.append(("FormattedValue", go(piece.value, False), piece.conversion, spec))
    return out


def _text(out: list[Any], text: str) -> None:
    if out and isinstance(out[-1], str):
        out[-1] += text
    elif text:
        out.append(text)


def theirs(node: Any, text: str) -> Any:
    """CPython's tree in the same form. Its columns count UTF-8 bytes; ours count characters."""
    lines = text.split("\n")

    def column(line: int, offset: int) -> int:
        content = lines[line - 1]
        return offset + 1 if content.isascii() else len(content.encode()[:offset].decode()) + 1

    def go(node: Any, places: bool = True) -> Any:
        if isinstance(node, list):
            return [go(item, places) for item in node]
        if type(node) in _OPERATORS:
            return _OPERATORS[type(node)]
        if not isinstance(node, ast.AST):
            return node
        place = None
        if places and hasattr(node, "lineno"):
            place = (
                node.lineno,
                column(node.lineno, node.col_offset),
                node.end_lineno,
                column(node.end_lineno, node.end_col_offset),
            )
        name = type(node).__name__

        def sub(value: Any) -> Any:
            return go(value, places)

        match node:
            case ast.Constant(value=value):
                return ("Constant", place, repr(value))
            case ast.JoinedStr(values=values):
                return ("JoinedStr", place, their_pieces(values))
            case ast.MatchSingleton(value=value):
                return (name, place, repr(value))
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                params = sub(getattr(node, "type_params", []))
                return (
                    name, place, node.name, params, sub(node.args), sub(node.returns), sub(node.body),
                    sub(node.decorator_list),
                )  # fmt: skip
            case ast.ClassDef():
                params = sub(getattr(node, "type_params", []))
                return (
                    name, place, node.name, params, sub(node.bases), sub(node.keywords), sub(node.body),
                    sub(node.decorator_list),
                )  # fmt: skip
            case ast.arguments():
                return arguments(node, places)
            case _ if name == "TypeVar":
                return ("TypeParam", place, node.name, sub(node.bound))
            case _ if name == "TypeAlias":
                return (name, place, node.name.id, sub(getattr(node, "type_params", [])), sub(node.value))
            case ast.comprehension():
                return ("Comprehension", None, sub(node.target), sub(node.iter), sub(node.ifs), bool(node.is_async))
            case ast.withitem():
                return ("WithItem", None, sub(node.context_expr), sub(node.optional_vars))
            case ast.match_case():
                return ("MatchCase", None, sub(node.pattern), sub(node.guard), sub(node.body))
            case ast.keyword():
                return ("Keyword", place, node.arg, sub(node.value))
            case ast.alias():
                return ("Alias", place, node.name, node.asname)
            case ast.ImportFrom():
                return (name, place, node.module, sub(node.names), node.level)
            case ast.Module():
                return ("Module", None, sub(node.body))
            case ast.AnnAssign():
                return (name, place, sub(node.target), sub(node.annotation), sub(node.value))
            case ast.YieldFrom() | ast.Expr() | ast.Starred():
                return (name, place, sub(node.value))
        skipped = ("ctx", "type_comment", "type_ignores", "kind")
        return (name, place, *(sub(getattr(node, item)) for item in node._fields if item not in skipped))

    def arguments(node: ast.arguments, places: bool) -> Any:
        positional = [*node.posonlyargs, *node.args]
        defaults = [None] * (len(positional) - len(node.defaults)) + list(node.defaults)

        def arg(item: ast.arg | None, default: Any) -> Any:
            if item is None:
                return None
            place = None
            if places:
                last = default if default is not None else item
                # ours covers the default, too
                place = (item.lineno, column(item.lineno, item.col_offset), last.end_lineno, None)
            return ("Arg", place, item.arg, go(item.annotation, places), go(default, places))

        made = [arg(item, default) for item, default in zip(positional, defaults, strict=True)]
        cut = len(node.posonlyargs)
        keyword_only = [arg(item, default) for item, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)]
        return ("Arguments", None, made[:cut], made[cut:], arg(node.vararg, None), keyword_only, arg(node.kwarg, None))

    def their_pieces(values: list[Any]) -> list[Any]:
        out: list[Any] = []
        for value in values:
            match value:
                case ast.Constant(value=text):
                    _text(out, text)
                case ast.FormattedValue(value=inner, conversion=conversion, format_spec=spec):
                    how = "" if conversion == -1 else chr(conversion)
                    out.append(
                        ("FormattedValue", go(inner, False), how, None if spec is None else their_pieces(spec.values))
                    )
        return out

    return go(node)


def first_difference(left: Any, right: Any, path: str = "") -> str | None:
    """Where two such values differ, or None. A place's end column of None matches any (parenthesised defaults)."""
    if isinstance(left, tuple | list) and isinstance(right, tuple | list):
        if len(left) != len(right):
            return f"{path}: {str(left)[:300]} != {str(right)[:300]}"
        head = left[0] if left and isinstance(left[0], str) else ""
        for index, (a, b) in enumerate(zip(left, right, strict=True)):
            if head == "Arg" and index == 1 and a and b:
                a, b = a[:2], b[:2]
            found = first_difference(a, b, f"{path}/{head}{index}")
            if found:
                return found
        return None
    return None if left == right else f"{path}: {left!r} != {right!r}"
