"""Source text to syntax tree."""

from . import tree
from .source import Position, Source, Span

__all__ = ["Position", "Source", "Span", "parse"]


def parse(source: Source) -> tree.Module:
    """The syntax tree of a file; raises CompileError with all its syntax errors. See `parser`."""
    from .parser import parse  # not above: diagnostics, which the parser needs, are about sources themselves

    return parse(source)
