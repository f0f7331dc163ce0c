"""Source text to syntax tree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .source import Position, Source, Span

if TYPE_CHECKING:
    from . import tree

__all__ = ["Position", "Source", "Span", "parse"]


def parse(source: Source) -> tree.Module:
    """The syntax tree of a file; raises CompileError with all its syntax errors. See `parser`."""
    from .parser import parse  # not above: diagnostics need sources, the parser needs diagnostics

    return parse(source)
