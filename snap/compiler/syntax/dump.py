"""The syntax tree as text: a node a line, indented by depth, each with its line and column.

In: a `tree.Module` and its source. Out: lines, for `pielang dump --stage syntax` and for looking at the parser.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .source import Source
from .tree import Module, Node


def dump(module: Module, source: Source) -> Iterator[str]:
    """The lines of the whole tree."""
    yield from _node(module, source, "", "")


def _node(node: Node, source: Source, indent: str, label: str) -> Iterator[str]:
    plain: list[str] = []
    below: list[tuple[str, Any]] = []
    fields: tuple[str, ...] = type(node).__match_args__
    for name in fields:
        value = getattr(node, name)
        if isinstance(value, Node) or (isinstance(value, tuple) and any(isinstance(item, Node) for item in value)):
            below.append((name, value))
        elif not name.endswith("span") and value is not None and value != ():
            plain.append(f"{name}={value!r}")
    line, column = source.position(node.span.start)
    yield f"{indent}{label}{type(node).__name__}({', '.join(plain)})  {line}:{column}"
    for name, value in below:
        items = (value,) if isinstance(value, Node) else value
        for index, item in enumerate(items):
            place = f"{name}: " if isinstance(value, Node) else f"{name}[{index}]: "
            if item is None:
                yield f"{indent}  {place}None"
            else:
                yield from _node(item, source, indent + "  ", place)
