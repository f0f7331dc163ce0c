"""Source text and places in it.

A `Source` is one file as the compiler sees it; a `Span` is a half-open range of character offsets in it. Spans are
plain pairs so that trees stay small when they are cached; the file a span belongs to is known by the tree's owner
(the module, the function), and a diagnostic label always names both.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

IGNORED = re.compile(r"#\s*type:\s*ignore\b")


class Span(NamedTuple):
    """Half-open range [start, end) of character offsets in one `Source`."""

    start: int
    end: int

    def to(self, other: Span) -> Span:
        """The smallest span that covers both."""
        return Span(min(self.start, other.start), max(self.end, other.end))


class Position(NamedTuple):
    """A place for people: both numbers count from 1; the column counts characters."""

    line: int
    column: int


@dataclass(frozen=True)
class Source:
    """One source file. `name` is the path to show (as the user gave it), `module` the dotted import name."""

    name: str
    text: str
    module: str = "__main__"
    library: bool = False  # part of the standard library: its frames are left out of tracebacks

    @cached_property
    def line_starts(self) -> tuple[int, ...]:
        starts = [0]
        for offset, character in enumerate(self.text):
            if character == "\n":
                starts.append(offset + 1)
        return tuple(starts)

    @cached_property
    def ignored_lines(self) -> frozenset[int]:
        """The lines, from 1, behind which `# type: ignore` stands."""
        return frozenset(self.position(found.start()).line for found in IGNORED.finditer(self.text))

    def position(self, offset: int) -> Position:
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line(self, number: int) -> str:
        """The text of line `number` (from 1), without its line end."""
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]
