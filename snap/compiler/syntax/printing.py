"""Trees as text by forms, for `pielang dump`.

In: for each type of node a text with the names of its fields in braces, and for each statement which fields are blocks.
Out: lines. The IR and the typed program are shown so; what a form cannot say is said where they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .node import Node


class Printer:
    indent = "    "
    nothing: tuple[str, ...] = ()
    """The lines of an empty block."""
    forms: Mapping[type, str] = {}
    blocks: Mapping[type, tuple[tuple[str | None, str], ...]] = {}
    """What stands above a block ("" where the form does), and its field. An empty block is left out with its head,
    unless that has fields. None: what is in the field stands as far left as the statement."""

    def block(self, body: Iterable[Node]) -> list[str]:
        return [self.indent + line for line in [line for node in body for line in self.lines(node)] or self.nothing]

    def lines(self, node: Node) -> Iterator[str]:
        """A statement."""
        yield from self.text(node).split("\n")
        for head, name in self.blocks.get(type(node), ()):
            body = getattr(node, name)
            if head is None:
                yield from (line for item in body for line in self.lines(item))
            elif body or not head or "{" in head:
                yield from (head.format_map(_Fields(self, node)),) if head else ()
                yield from self.block(body)

    def text(self, node: Node) -> str:
        """An expression, or the first lines of a statement; None is nothing."""
        return self.forms[type(node)].format_map(_Fields(self, node)).rstrip()

    def shown(self, value: object) -> object:
        """What stands for a field in a form."""
        if isinstance(value, list | tuple) and type(value) in (list, tuple):  # a span is a tuple of another type
            return ", ".join(str(self.shown(item)) for item in value)
        return "" if value is None else value


class _Fields(dict[str, object]):
    """The fields of a node that a form names."""

    def __init__(self, printer: Printer, node: Node) -> None:
        super().__init__()
        self.printer, self.node = printer, node

    def __missing__(self, name: str) -> object:
        return self.printer.shown(getattr(self.node, name))
