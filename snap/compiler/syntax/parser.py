"""Source text to syntax tree.

In: a `Source`. Out: a `tree.Module` in which everything holds that Python's grammar says and that can be known
without names and types. Raises CompileError with all syntax errors that could be told apart: after an error, reading
goes on at the next statement at the left margin.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from functools import cache
from keyword import iskeyword
from typing import Any

from ..diag import CompileError, Diagnostics
from . import tree
from .engine import Engine, Stuck
from .node import field_names
from .source import Source
from .statements import StatementBuilder
from .tables import load_tables
from .tokens import Tokens, tokenize


def parse(source: Source) -> tree.Module:
    engine = _engine()
    tokens = tokenize(source, engine.tables)
    if tokens.failure is None:
        try:
            module: tree.Module = engine.run(tokens.items, _actions(engine, StatementBuilder(source)))
            return module
        except (Stuck, CompileError):
            pass  # read again, part by part, to find this error and any others
    found = _errors(engine, source, tokens)
    found.raise_errors()
    raise AssertionError("the text was refused once and accepted later")


@cache
def _engine() -> Engine:
    return Engine(load_tables())


def _errors(engine: Engine, source: Source, tokens: Tokens) -> Diagnostics:
    """Reads from each statement at the left margin that follows an error."""
    from .explain import explain  # programs without errors do without it

    found = Diagnostics()
    items, failure = tokens.items, tokens.failure
    margins = _margins(engine, tokens)
    starts = [token.start for token in items]
    begin = 0
    while begin < len(items):
        try:
            engine.run(items[begin:], _actions(engine, StatementBuilder(source)))
            break
        except Stuck as stuck:
            reached = begin + stuck.index
            if failure is None or reached < tokens.real:
                found.report(explain(engine, source, items, reached, stuck.states, failure))
        except CompileError as error:
            reached = max(begin, bisect_left(starts, error.diagnostics[0].span.start))
            if failure is None or reached < tokens.real:
                found.report(error.diagnostics[0])
        begin = next((index for index in margins if index > reached), len(items))
    if failure is not None and not any(failure.span.start == item.span.start for item in found.errors()):
        found.report(failure)
    return found


def _margins(engine: Engine, tokens: Tokens) -> list[int]:
    """The indices of tokens that begin a statement outside all blocks (and don't continue the one before)."""
    depth = 0
    margins: list[int] = []
    fresh = True
    for index, token in enumerate(tokens.items):
        match engine.tables.symbols[token.kind]:
            case "_INDENT":
                depth += 1
            case "_DEDENT":
                depth -= 1
                fresh = True
            case "_NEWLINE":
                fresh = True
            case _:
                if fresh and depth == 0 and token.text not in ("else", "elif", "except", "finally"):
                    margins.append(index)
                fresh = False
    return margins


def _actions(engine: Engine, builder: StatementBuilder) -> dict[str, Callable[..., Any]]:
    """The builder's methods by the names that the grammar calls them (Python's keywords carry an underscore there), and
    for names without one the tree's own classes."""
    names = {rule.action for rule in engine.tables.rules} - {"", "_"}
    methods = {name: getattr(builder, name + "_" if iskeyword(name) else name, None) for name in names}
    return {name: method or _node(name) for name, method in methods.items()}


@cache
def _node(name: str) -> Callable[..., tree.Node]:
    """Makes a node of its span and the children of its rule, of which a tuple as last field takes all that are left."""
    kind: Any = getattr(tree, "".join(part.capitalize() for part in name.split("_")))
    *_, last = field_names(kind)
    if not kind.__annotations__.get(last, "").startswith("tuple["):
        return kind  # type: ignore[no-any-return]
    first = len(field_names(kind)) - 2
    return lambda span, *parts: kind(span, *parts[:first], parts[first:])
