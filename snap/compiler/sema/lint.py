"""What is right and perhaps not meant: the warnings of `pielang check`.

In: the tree of one of the user's files that has no errors, and the built-in names. Out: warnings. Nothing here looks at
types: a warning is given only where the text alone shows that it holds, so that nobody learns to skip them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from ..diag import Diagnostic, Fix
from ..syntax import tree
from ..syntax.node import Frozen, walk
from ..syntax.parts import blocks
from ..syntax.source import Source, Span
from . import errors

_OTHERS = (tree.FunctionDef, tree.ClassDef, tree.Lambda)
"""Code that runs at another time than the code around it."""
_MAKES_CONTEXT = frozenset(("system", "user", "assistant", "fill", "append", "prefill"))


def lint(source: Source, module: tree.Module, builtins: Collection[str]) -> Iterator[Diagnostic]:
    """All warnings about one file. `builtins`: the names that are there without a definition."""
    nodes = list(walk(module))
    names = [node for node in nodes if isinstance(node, tree.Name)]
    used = {name.id for name in names} | set(_quoted(nodes))
    functions = [node for node in nodes if isinstance(node, tree.FunctionDef)]
    if not source.name.endswith("__init__.pie"):  # a package's names are there for others
        for block in _blocks(module.body):
            yield from _unused_imports(source, block, used)
    yield from _shadowed(source, module, builtins)
    for block in _blocks(module.body):
        yield from _unreachable(source, block)
    for function in functions:
        yield from _unused_variables(source, function)
    if "Context" in used:
        owners: list[tree.FunctionDef | tree.Module] = [*functions, module]
        for owner in owners:
            yield from _contexts(source, owner)


def _blocks(body: tuple[tree.Stmt, ...]) -> Iterator[tuple[tree.Stmt, ...]]:
    """A block and all blocks inside of it, those of functions and classes as well."""
    yield body
    for node in body:
        for block in (node.body,) if isinstance(node, tree.FunctionDef | tree.ClassDef) else blocks(node):
            yield from _blocks(block)


def _quoted(nodes: Iterable[Frozen]) -> Iterator[str]:
    """Names in texts that stand for types, or in `__all__`."""
    for node in nodes:
        held: tree.Expr | None = None
        match node:
            case tree.Arg() | tree.AnnAssign():
                held = node.annotation
            case tree.FunctionDef():
                held = node.returns
            case tree.Assign(targets=(tree.Name(id="__all__"),)):
                held = node.value
        for part in walk(held) if held is not None else ():
            if isinstance(part, tree.StringLiteral):
                yield from re.findall(r"\w+", part.value)


# --- names ------------------------------------------------------------------------------------------------------


def _unused_imports(source: Source, block: tuple[tree.Stmt, ...], used: set[str]) -> Iterator[Diagnostic]:
    for node in block:
        if not isinstance(node, tree.Import | tree.ImportFrom) or getattr(node, "module", None) == "__future__":
            continue
        for index, alias in enumerate(node.names):
            name = alias.bound
            if name in used or alias.asname == alias.name or alias.name == "*":
                continue
            warning = errors.UnusedImport(source, alias.span, name=name)
            if len(node.names) > 1:
                after = node.names[index + 1 :]
                begin = alias.span.start if after else node.names[index - 1].span.end
                cut = Span(begin, after[0].span.start if after else alias.span.end)
            else:
                cut = _whole_lines(source, node.span)
            alone = len(block) == 1 and len(node.names) == 1
            yield warning if alone else warning.helped("take it out", Fix(source, cut, ""))


def _whole_lines(source: Source, span: Span) -> Span:
    """The lines of a statement with their end, if nothing else stands on them."""
    begin = source.text.rfind("\n", 0, span.start) + 1
    end = source.text.find("\n", span.end) + 1 or len(source.text)
    alone = not (source.text[begin : span.start] + source.text[span.end : end]).strip()
    return Span(begin, end) if alone else span


def _unused_variables(source: Source, function: tree.FunctionDef) -> Iterator[Diagnostic]:
    set_here: dict[str, tree.Name] = {}
    caught: dict[str, Span] = {}
    for node in (part for item in function.body for part in walk(item, _OTHERS)):
        match node:
            case tree.Assign():
                set_here.update({item.id: item for item in reversed(node.targets) if isinstance(item, tree.Name)})
            case tree.AnnAssign(target=tree.Name() as name) if node.value is not None:
                set_here.setdefault(name.id, name)
            case tree.WithItem(optional_vars=tree.Name() as name):
                set_here.setdefault(name.id, name)
            case tree.ExceptHandler(name=str() as bound) if node.type is not None:
                begin = source.text.index(bound, node.type.span.end)
                caught.setdefault(bound, Span(begin, begin + len(bound)))
    targets = {id(item) for node in walk(function) for item in _plain_targets(node)}
    used = {node.id for node in walk(function) if isinstance(node, tree.Name) and id(node) not in targets}
    for node in walk(function):
        if isinstance(node, tree.Global | tree.Nonlocal):
            used.update(node.names)
    places = {**caught, **{name: node.span for name, node in set_here.items()}}
    for variable, span in places.items():
        if variable not in used and not variable.startswith("_"):
            yield errors.UnusedVariable(source, span, name=variable)


def _plain_targets(node: Frozen) -> Iterable[tree.Expr]:
    match node:
        case tree.Assign():
            return [item for item in node.targets if isinstance(item, tree.Name)]
        case tree.AnnAssign():
            return [node.target]
        case tree.WithItem(optional_vars=tree.Name() as name):
            return [name]
        case _:
            return ()


def _shadowed(source: Source, module: tree.Module, builtins: Collection[str]) -> Iterator[Diagnostic]:
    seen: set[str] = set()

    def check(name: str, span: Span) -> Iterator[Diagnostic]:
        if name in builtins and name not in seen:
            seen.add(name)
            yield errors.ShadowedBuiltin(source, span, name=name)

    members = {id(item) for node in walk(module) if isinstance(node, tree.ClassDef) for item in node.body}
    for node in (item for block in _blocks(module.body) for item in block if id(item) not in members):
        match node:
            case tree.FunctionDef() | tree.ClassDef():
                yield from check(node.name, node.name_span)
            case tree.Assign() | tree.AnnAssign() | tree.For():
                targets = node.targets if isinstance(node, tree.Assign) else (node.target,)
                for name in (part for target in targets for part in walk(target)):
                    if isinstance(name, tree.Name):
                        yield from check(name.id, name.span)


# --- flow -------------------------------------------------------------------------------------------------------


def _unreachable(source: Source, block: tuple[tree.Stmt, ...]) -> Iterator[Diagnostic]:
    for index, node in enumerate(block[:-1]):
        if not _ends(node):
            continue
        rest = block[index + 1 :]
        if not any(isinstance(part, tree.Yield | tree.YieldFrom) for item in rest for part in walk(item)):
            begin = rest[0].span.start
            end = min(rest[0].span.end, source.text.find("\n", begin) % (len(source.text) + 1))
            warning = errors.Unreachable(source, Span(begin, end))
            yield warning.labelled(source, _first_word(source, node), "this never goes on")
        return


def _first_word(source: Source, node: tree.Stmt) -> Span:
    word = re.compile(r"\w+").match(source.text, node.span.start)
    return Span(*word.span()) if word else node.span


def _ends(node: tree.Stmt) -> bool:
    """Whether what follows the statement in its block can never run."""
    match node:
        case tree.Return() | tree.Raise() | tree.Break() | tree.Continue():
            return True
        case tree.If():
            return all(block and any(map(_ends, block)) for block in (node.body, node.orelse))
        case tree.While(test=tree.BoolLiteral(value=True)):
            return not any(isinstance(part, tree.Break) for part in walk(node, _OTHERS))
        case _:
            return False


# --- contexts ---------------------------------------------------------------------------------------------------


def _is_context(node: tree.Expr | None) -> bool:
    """Whether the expression is seen to make a Context."""
    match node:
        case tree.Await():
            return _is_context(node.value)
        case tree.Call(func=tree.Name(id="Context")):
            return True
        case tree.Call(func=tree.Attribute(attr="fork"), args=()):
            return True
        case tree.Call(func=tree.Attribute(attr=name) as method):
            return name in _MAKES_CONTEXT and _is_context(method.value)
        case _:
            return False


def _contexts(source: Source, owner: tree.FunctionDef | tree.Module) -> Iterator[Diagnostic]:
    nodes = [part for item in owner.body for part in walk(item, _OTHERS)]
    made = [node for node in nodes if isinstance(node, tree.Assign) and _is_context(node.value)]
    names = {target.id for node in made for target in node.targets if isinstance(target, tree.Name)}
    bare = _bare_uses(owner)
    released = {
        part.value.id
        for part in walk(owner)
        if isinstance(part, tree.Attribute) and part.attr == "release" and isinstance(part.value, tree.Name)
    }
    looped = {id(part) for loop in nodes if isinstance(loop, tree.For | tree.While) for part in walk(loop)}
    for node in made:
        match node.targets:
            case (tree.Name(id=name) as target,) if id(node) in looped and name not in bare | released:
                text = source.text[node.value.span.start : node.value.span.end]
                if "\n" not in text and not text.startswith("await"):
                    yield errors.UnreleasedContext(source, target.span, name=name).helped(
                        f"write `with {text} as {name}:`"
                    )
    for block in _blocks(owner.body):
        yield from _used_after_release(source, block, names)


def _bare_uses(owner: tree.FunctionDef | tree.Module) -> set[str]:
    """Names that stand for more than what is called on them: what they mean may live on elsewhere."""
    called = {id(node.value) for node in walk(owner) if isinstance(node, tree.Attribute)}
    targets = {id(item) for node in walk(owner) for item in _plain_targets(node)}
    return {
        node.id
        for node in walk(owner)
        if isinstance(node, tree.Name) and id(node) not in called and id(node) not in targets
    }


def _used_after_release(source: Source, block: tuple[tree.Stmt, ...], names: set[str]) -> Iterator[Diagnostic]:
    for index, node in enumerate(block):
        match node:
            case tree.ExprStmt(value=tree.Call(func=tree.Attribute(value=tree.Name(id=name), attr="release"))):
                pass
            case _:
                continue
        for later in block[index + 1 :] if name in names else ():
            if any(
                isinstance(item, tree.Name) and item.id == name for part in walk(later) for item in _plain_targets(part)
            ):
                break
            uses = [part for part in walk(later) if isinstance(part, tree.Name) and part.id == name]
            if uses:
                warning = errors.UsedAfterRelease(source, uses[0].span, name=name)
                yield warning.labelled(source, node.span, "released here")
                break
