"""Functions marked `@dynamic`: their bodies run in the embedded MicroPython.

In: the tree of a user's module. Out: the same tree with the body of each such function replaced by a call that has its
source run (`run_dynamic` of `pielang.dynamic`). All of a module's dynamic functions go along, each on its own lines, so
that they can call one another and tracebacks name the lines of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from ..syntax import tree
from ..syntax.node import changed
from ..syntax.source import Source, Span
from .quoted import quoted_function

Refuse = Callable[[Span, str, str], None]

MODULE = "pielang.dynamic"
RUN, ANYTHING = "run_dynamic (built in)", "Any (built in)"  # no program can say these names


def with_dynamic(module: tree.Module, source: Source, refuse: Refuse) -> tree.Module:
    if MODULE not in source.text:
        return module
    marks = set(_marks(module))
    found: list[tree.FunctionDef] = []
    for node in module.body:
        if isinstance(node, tree.FunctionDef) and (mark := _mark(node, marks)) is not None:
            found.append(node)
            if problem := _problem(node):
                refuse(mark.span, *problem)
    if not found:
        return module
    text = _text(found, source)
    nowhere = Span(0, 0)
    bring = tree.ImportFrom(nowhere, MODULE, (tree.Alias(nowhere, "run_dynamic", RUN),), 0)
    anything = tree.ImportFrom(nowhere, "typing", (tree.Alias(nowhere, "Any", ANYTHING),), 0)
    body = [_replaced(node, text) if node in found else node for node in module.body]
    return changed(module, body=(bring, anything, *body))


def _marks(module: tree.Module) -> list[str]:
    """What the module calls `pielang.dynamic.dynamic`."""
    names = []
    for node in module.body:
        match node:
            case tree.ImportFrom(module="pielang.dynamic", level=0, names=aliases):
                names += [alias.asname or alias.name for alias in aliases if alias.name == "dynamic"]
            case tree.ImportFrom(module="pielang", level=0, names=aliases):
                names += [f"{alias.asname or alias.name}.dynamic" for alias in aliases if alias.name == "dynamic"]
            case tree.Import(names=aliases):
                names += [f"{alias.asname or alias.name}.dynamic" for alias in aliases if alias.name == MODULE]
    return names


def _mark(node: tree.FunctionDef, marks: set[str]) -> tree.Expr | None:
    return next((item for item in node.decorators if _dotted(item) in marks), None)


def _dotted(node: tree.Expr) -> str:
    match node:
        case tree.Name(id=name):
            return name
        case tree.Attribute(value=value, attr=name):
            return f"{_dotted(value)}.{name}"
    return ""


def _problem(node: tree.FunctionDef) -> tuple[str, str] | None:
    """Why the function cannot be dynamic, and what to do about it."""
    arguments = node.args
    if not node.is_async:
        return "`@dynamic` on a plain function", f"it runs elsewhere, so it is waited for: `async def {node.name}`"
    if len(node.decorators) > 1:
        return "`@dynamic` beside other decorators", "decorate a function that calls the dynamic one"
    if node.type_params:
        return "`@dynamic` on a generic function", "values cross as JSON: name the types"
    if arguments.vararg or arguments.kwonlyargs or arguments.kwarg:
        return "`@dynamic` with parameters that are not plain", "pass a list or a dict"
    return None


def _text(found: list[tree.FunctionDef], source: Source) -> str:
    """The functions without `@dynamic` and `async`, everything else left blank."""
    lines = [""] * (source.text.count("\n") + 1)
    for node in found:
        begin = source.text.rindex("def", 0, node.name_span.start)
        first = source.text.count("\n", 0, begin)
        for index, line in enumerate(source.text[begin : node.span.end].split("\n")):
            lines[first + index] = line
    return re.sub(r"\n+\Z", "\n", "\n".join(lines))


def _replaced(node: tree.FunctionDef, text: str) -> tree.FunctionDef:
    """The function with another body; what has no annotation is `Any`."""
    span = node.name_span
    anything = tree.Name(span, ANYTHING)
    values = tree.List(span, tuple(tree.Name(span, item.arg) for item in node.args.plain))
    made = quoted_function("async def f(): return await run('text', 'name', values)", span, run=RUN, values=values,
                           text=text, name=node.name)  # fmt: skip
    taken = node.args.with_each(lambda item: changed(item, annotation=item.annotation or anything))
    return changed(node, name_span=span, args=taken, returns=node.returns or anything, body=made.body, decorators=())
