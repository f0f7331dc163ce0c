"""Names with several definitions, and classes defined inside functions: which definition a place means.

In: the statements of a user's module while it is declared. Out: `ModuleDecl.versions`, which `pick` reads. Module-level
code runs from top to bottom, so a place in it means the last definition above it. The body of a function runs later: it
is taken to mean the definitions that hold at the first statement below it that could call it. Where that is wrong, the
function says so when it is called (`Checker.check_versions`): a version has a number, stored when its statement runs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..syntax import tree
from ..syntax.source import Span
from .declarations import ClassDecl, ModuleDecl, Symbol, Version


def add_version(module: ModuleDecl, name: str, start: int, symbol: Symbol, scope: Span | None = None) -> None:
    """`name` means `symbol` from `start` on, in the function at `scope` or (None) at module level."""
    found = module.versions.setdefault(name, [])
    found.append(Version(symbol, scope, start, len(found) + 1))


def pick(module: ModuleDecl, name: str, at: int) -> Version | None:
    """What `name` means at a place of the module; None when it is no name with versions there."""
    known = module.versions.get(name, ())
    inner = [item for item in known if item.scope is not None and item.scope.start <= at < item.scope.end]
    if inner:
        nearest = max(item.scope.start for item in inner if item.scope is not None)
        own = [item for item in inner if item.scope is not None and item.scope.start == nearest]
        return ([item for item in own if item.start <= at] or own)[-1]
    top = [item for item in known if item.scope is None]
    if not top:
        return None
    point = _runs_at(module, at)
    return ([item for item in top if item.start <= point] or top)[-1 if top[0].start <= point else 0]


def _runs_at(module: ModuleDecl, at: int) -> int:
    """The place in module-level code at which the code at `at` runs first."""
    body = module.tree.body
    number = next((number for number, node in enumerate(body) if node.span.start <= at < node.span.end), None)
    if number is None or not _in_function(body[number], at):
        return at
    for node in body[number + 1 :]:
        if not isinstance(node, tree.FunctionDef | tree.ClassDef | tree.Import | tree.ImportFrom | tree.TypeAlias):
            return node.span.start
    return body[-1].span.end


def _in_function(node: tree.Stmt, at: int) -> bool:
    """Is a place inside the body of a function of this statement?"""
    match node:
        case tree.FunctionDef():
            return at >= node.body[0].span.start
        case tree.ClassDef():
            return any(_in_function(item, at) for item in node.body if item.span.start <= at < item.span.end)
        case _:
            return False


def local_classes(
    body: Iterable[tree.Stmt], inside: tuple[str, Span] | None = None
) -> Iterator[tuple[tree.ClassDef, str, Span]]:
    """Class statements inside functions: each with its qualified name and the place of the function around it."""
    for node in body:
        match node:
            case tree.FunctionDef():
                prefix = f"{inside[0]}." if inside is not None else ""
                yield from local_classes(node.body, (f"{prefix}{node.name}.<locals>", node.span))
            case tree.ClassDef():
                prefix = f"{inside[0]}." if inside is not None else ""
                if inside is not None:
                    yield node, prefix + node.name, inside[1]
                for item in node.body:
                    if isinstance(item, tree.FunctionDef):
                        yield from local_classes((item,), (prefix + node.name, node.span))
            case tree.With() | tree.Try():
                yield from local_classes(node.body, inside)


def declared(module: ModuleDecl) -> Iterator[Symbol]:
    """All that a module declares, the earlier versions of its names and classes inside others included."""
    found = dict.fromkeys([*module.names.values(), *(item.symbol for own in module.versions.values() for item in own)])
    waiting: list[Symbol] = list(found)
    while waiting:
        symbol = waiting.pop(0)
        yield symbol
        if isinstance(symbol, ClassDecl) and symbol.module is module:
            waiting.extend(item for item in symbol.members.values() if isinstance(item, ClassDecl))
