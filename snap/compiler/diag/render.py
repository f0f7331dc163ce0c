"""Diagnostics as text for a terminal: the code as the user wrote it, the places underlined, notes and helps below.

In: diagnostics. Out: text that ends in a newline, plain or with ANSI colours. One drawing per file involved; the
lines that carry a label are shown, an underline of `^` marks the main place and `-` the others. Columns are counted
in terminal cells, so tabs and wide characters don't shift the underline.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ..syntax.source import Source
from .diagnostic import Diagnostic, Label, Severity

_TAB = 4
_RESET = "\x1b[0m"
_COLOURS = {
    "error": "\x1b[1;31m",
    "warning": "\x1b[1;33m",
    "place": "\x1b[1;34m",
    "title": "\x1b[1m",
    "help": "\x1b[1;36m",
}


def render(diagnostics: Iterable[Diagnostic], color: bool = False, concise: bool = False) -> str:
    """All diagnostics, a blank line between two; `concise`: each on one line that begins with its place."""
    if concise:
        return "".join(f"{_place(item.primary)}: {item.severity}[{item.code}] {item.message}\n" for item in diagnostics)
    return "\n".join(_Drawing(item, color).text() for item in diagnostics)


def _place(label: Label) -> str:
    line, column = label.source.position(label.span.start)
    return f"{label.source.name}:{line}:{column}"


@dataclass(frozen=True, slots=True)
class _Mark:
    """One underline on one line, in terminal cells."""

    start: int
    end: int
    text: str
    main: bool


class _Drawing:
    def __init__(self, diagnostic: Diagnostic, color: bool) -> None:
        self.diagnostic = diagnostic
        self.color = color
        labels = [diagnostic.primary, *diagnostic.labels]
        last_lines = [label.source.position(label.span.end).line for label in labels]
        self.margin = len(str(max(last_lines)))
        self.lines: list[str] = []

    def paint(self, style: str, text: str) -> str:
        return f"{_COLOURS[style]}{text}{_RESET}" if self.color and text else text

    def text(self) -> str:
        item = self.diagnostic
        style = "error" if item.severity is Severity.ERROR else "warning"
        self.lines = [self.paint(style, f"{item.severity}[{item.code}]") + self.paint("title", f": {item.message}")]
        by_source: dict[str, list[Label]] = {}
        for label in (item.primary, *item.labels):
            by_source.setdefault(label.source.name, []).append(label)
        for labels in by_source.values():
            self.file(labels)
        for note in item.all_notes:
            self.remark("note", note)
        for help in item.all_helps:
            if help.text:  # an edit may go without saying
                self.remark("help", help.text)
        return "\n".join(line.rstrip() for line in self.lines) + "\n"

    def remark(self, kind: str, text: str) -> None:
        first, *rest = text.split("\n")
        self.lines.append(f"{' ' * self.margin} {self.paint('place', '=')} {self.paint('help', kind)}: {first}")
        self.lines += [f"{' ' * self.margin}   {' ' * len(kind)}  {line}" for line in rest]

    def row(self, number: int | None, text: str) -> None:
        head = f"{'' if number is None else number:>{self.margin}} |"
        self.lines.append(f"{self.paint('place', head)} {text}")

    def file(self, labels: list[Label]) -> None:
        source = labels[0].source
        arrow = "-->" if source.name == self.diagnostic.source.name else ":::"
        self.lines.append(f"{' ' * self.margin}{self.paint('place', arrow)} {_place(labels[0])}")
        if not source.text:
            return
        self.row(None, "")
        marks: dict[int, list[_Mark]] = {}
        for label in labels:
            self.place(source, label, label is labels[0] and arrow == "-->", marks)
        for number in sorted(marks):
            self.row(number, _shown(source.line(number)))
            self.underline(marks[number])

    def place(self, source: Source, label: Label, main: bool, marks: dict[int, list[_Mark]]) -> None:
        """Notes the underlines of a label: one, or for several lines one at the first and one at the last of them."""
        start, end = label.span
        first = source.position(start).line
        last = source.position(max(start, end - 1)).line
        text = source.line(first)
        offset = start - source.line_starts[first - 1]
        if first == last:
            stop = offset + max(1, end - start)
            mark = _Mark(_cells(text[:offset]), max(_cells(text[:stop]), _cells(text[:offset]) + 1), label.text, main)
            marks.setdefault(first, []).append(mark)
            return
        opening = _Mark(_cells(text[:offset]), max(_cells(text.rstrip()), _cells(text[:offset]) + 1), "from here", main)
        marks.setdefault(first, []).append(opening)
        text = source.line(last)
        stop = end - source.line_starts[last - 1]
        indent = len(text) - len(text.lstrip())
        closing = _Mark(
            _cells(text[: min(indent, stop - 1)]), max(1, _cells(text[:stop])), label.text or "to here", main
        )
        marks.setdefault(last, []).append(closing)

    def underline(self, marks: list[_Mark]) -> None:
        """One row of underlines with the rightmost text beside it; the other texts hang below, rightmost first."""
        marks = sorted(marks, key=lambda mark: (mark.start, mark.end))
        row = [" "] * max(mark.end for mark in marks)
        for mark in sorted(marks, key=lambda mark: mark.main):
            row[mark.start : mark.end] = ("^" if mark.main else "-") * (mark.end - mark.start)
        last = marks[-1]
        beside = last.end == len(row) and (len(marks) == 1 or marks[-2].start != last.start)
        text = self.paint_row(row, marks)
        self.row(None, f"{text} {self.say(last)}" if beside and last.text else text)
        hanging = [mark for mark in (marks[:-1] if beside else marks) if mark.text]
        while hanging:
            mark = hanging.pop()
            stems = sorted({other.start for other in hanging} - {mark.start})
            lead = "".join("|" if cell in stems else " " for cell in range(mark.start))
            self.row(None, lead + self.say(mark))

    def say(self, mark: _Mark) -> str:
        return self.paint(str(self.diagnostic.severity) if mark.main else "place", mark.text)

    def paint_row(self, row: list[str], marks: list[_Mark]) -> str:
        if not self.color:
            return "".join(row)
        main = str(self.diagnostic.severity)
        runs = ((cell, "".join(group)) for cell, group in groupby(row))
        return "".join(run if cell == " " else self.paint(main if cell == "^" else "place", run) for cell, run in runs)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _cells(text: str) -> int:
    """How many terminal cells the beginning of a line takes."""
    if text.isascii() and "\t" not in text:
        return len(text)
    cells = 0
    for character in text:
        cells += _TAB - cells % _TAB if character == "\t" else _width(character)
    return cells


def _shown(line: str) -> str:
    """A line as it can be printed: tabs expanded, control characters made visible."""
    out: list[str] = []
    cells = 0
    for character in line:
        if character == "\t":
            width = _TAB - cells % _TAB
            out.append(" " * width)
        else:
            width = _width(character)
            out.append(character if character.isprintable() or width == 0 else "\N{REPLACEMENT CHARACTER}")
        cells += width
    return "".join(out).rstrip()
