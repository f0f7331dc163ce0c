"""Source text to syntax tree."""

from .parser import parse
from .source import Position, Source, Span

__all__ = ["Position", "Source", "Span", "parse"]
