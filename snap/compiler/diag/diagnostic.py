"""What the compiler has to say: one object per message, for the terminal, JSON and editors alike.

A kind of message is a class. Its words are class-level text with `{placeholders}`, its data are fields:

    class UndefinedName(Diagnostic):
        code = "PIE0201"
        title = "the name `{name}` is not defined"
        label = "not found in this scope"
        name: str

    raise CompileError.of(UndefinedName(source, span, name="lenght").helped("did you mean `length`?"))

The first two fields are always the source and the span of the main place. Further places, notes and helps are added
to a copy by `labelled`, `noted` and `helped`. Rendering is elsewhere (`render`, `serialise`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import ClassVar, Self, dataclass_transform

from ..syntax.source import Source, Span
from .suggest import closest


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Label:
    """A place and what is to be said about it (may be empty for the main place)."""

    source: Source
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Fix:
    """An edit that makes the program right: the text of `span` is replaced."""

    source: Source
    span: Span
    replacement: str


@dataclass(frozen=True, slots=True)
class Help:
    text: str
    fix: Fix | None = None


_ADDED = ("labels", "notes", "helps", "raising")  # fields that every diagnostic has and that are only given by name


@dataclass_transform(frozen_default=True, eq_default=False, field_specifiers=(field,))
class Message:
    """What makes a class with annotated names a frozen record. Its fields are these names, its bases' first.

    There are many kinds of messages and few messages, so one constructor serves them all.
    """

    field_names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        own = vars(cls).get("__annotations__", {}).items()
        cls.field_names += tuple(name for name, kind in own if not kind.startswith("ClassVar") and name not in _ADDED)

    def __init__(self, *values: object, **named: object) -> None:
        names = self.field_names
        given = {**dict.fromkeys(_ADDED, ()), **dict(zip(names, values, strict=False)), **named}
        missing = [name for name in names if name not in given and not hasattr(type(self), name)]
        if missing or len(values) > len(names) or given.keys() - {*names, *_ADDED}:
            raise TypeError(f"{type(self).__name__} takes {', '.join(names)}, not {values} and {sorted(named)}")
        self.__dict__.update(given)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__name__} cannot be changed")


class Diagnostic(Message):
    """Base of all messages. `code` is stable: "PIE" and four digits, the first two of which name the area.

    00 text and grammar, 01 Python that is not in the language, 02 names, 03 types, 04 calls, 05 classes, 06 async,
    07 modules, 08 limits, 09 warnings. A kind's docstring says what it is about; `wrong` is a program that it is said
    of and `right` one that does what was meant. Both are tested, and `pielang explain` shows them (`catalogue`).
    `raises` is the exception for which it can be left to the run (`--errors=raise`); `raising` the one that CPython
    raises there, with its text, where that is known.
    """

    code: ClassVar[str]
    severity: ClassVar[Severity] = Severity.ERROR
    title: ClassVar[str]
    label: ClassVar[str] = ""
    note: ClassVar[str] = ""
    help: ClassVar[str] = ""
    wrong: ClassVar[str] = ""
    right: ClassVar[str] = ""
    raises: ClassVar[str] = ""
    source: Source
    span: Span
    labels: tuple[Label, ...] = field(default=(), kw_only=True)
    notes: tuple[str, ...] = field(default=(), kw_only=True)
    helps: tuple[Help, ...] = field(default=(), kw_only=True)
    raising: tuple[str, str] | tuple[()] = field(default=(), kw_only=True)

    def changed(self, **changes: object) -> Self:
        """A copy with some fields changed."""
        return type(self)(**{**self.__dict__, **changes})

    def _filled(self, template: str) -> str:
        if "{" not in template:
            return template
        return template.format_map({name: getattr(self, name) for name in self.field_names})

    @property
    def message(self) -> str:
        """The title with its placeholders filled: one line, no final period."""
        return self._filled(self.title)

    @property
    def primary(self) -> Label:
        return Label(self.source, self.span, self._filled(self.label))

    @property
    def all_notes(self) -> tuple[str, ...]:
        return (self._filled(self.note), *self.notes) if self.note else self.notes

    @property
    def all_helps(self) -> tuple[Help, ...]:
        return (Help(self._filled(self.help)), *self.helps) if self.help else self.helps

    def labelled(self, source: Source, span: Span, text: str) -> Self:
        """With another place that has to do with it."""
        return self.changed(labels=(*self.labels, Label(source, span, text)))

    def noted(self, text: str) -> Self:
        return self.changed(notes=(*self.notes, text))

    def helped(self, text: str, fix: Fix | None = None) -> Self:
        """With advice. Only say what works when it is followed; `fix` is the same advice as an edit."""
        return self.changed(helps=(*self.helps, Help(text, fix)))

    def raised(self, error: str, text: str) -> Self:
        """With the exception, and its text, that CPython raises there."""
        return self.changed(raising=(error, text))

    @property
    def may_raise(self) -> bool:
        """Is it something that raises when it is run?"""
        return bool(self.raising or self.raises)

    def replacing(self, help: str, replacement: str, span: Span | None = None) -> Self:
        """With advice to write `replacement` instead of what stands at `span` (the main place, if none is given)."""
        return self.helped(help, Fix(self.source, span or self.span, replacement))

    def suggesting(self, written: str, candidates: Iterable[str]) -> Self:
        """Asks whether the name that is nearest to `written` was meant, if one is near."""
        near = closest(written, candidates)
        if near is None:
            return self
        is_whole = self.source.text[self.span.start : self.span.end] == written
        question = f"did you mean `{near}`?"
        return self.replacing(question, near) if is_whole else self.helped(question)


class CompileError(Exception):
    """The program is refused. `diagnostics`: one error or more, first cause first, and the warnings found so far."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("; ".join(f"{item.code}: {item.message}" for item in self.diagnostics))

    @classmethod
    def of(cls, diagnostic: Diagnostic) -> CompileError:
        return cls((diagnostic,))


class Diagnostics:
    """Collects messages while a stage goes on after an error.

    Of the errors at one place the first counts, however many instances of a function it is found in. A warning
    does not count where the program silences it: by `# pie: ignore` or `# pie: ignore[CODE, ...]` on its line, or for
    the whole file by `ignore=CODE,...` in the header comment (`# pielang: ...`).
    """

    limit = 20

    def __init__(self) -> None:
        self._seen: set[tuple[str, str, Span]] = set()
        self._found: list[Diagnostic] = []

    def report(self, diagnostic: Diagnostic) -> None:
        is_error = diagnostic.severity is Severity.ERROR
        key = ("" if is_error else diagnostic.code, diagnostic.source.name, diagnostic.span)
        if key not in self._seen and (is_error or not _silenced(diagnostic)):
            self._seen.add(key)
            self._found.append(diagnostic)

    @property
    def has_errors(self) -> bool:
        return any(item.severity is Severity.ERROR for item in self._found)

    def errors(self) -> list[Diagnostic]:
        """At most `limit`: by file (in the order in which files were first complained about), then by place."""
        return self._sorted(Severity.ERROR)[: self.limit]

    def warnings(self) -> list[Diagnostic]:
        return self._sorted(Severity.WARNING)

    def raise_errors(self) -> None:
        """Raises CompileError if an error was reported; does nothing otherwise."""
        if self.has_errors:
            raise CompileError([*self.errors(), *self.warnings()])

    def _sorted(self, severity: Severity) -> list[Diagnostic]:
        files = {name: index for index, name in reversed(list(enumerate(item.source.name for item in self._found)))}
        chosen = [item for item in self._found if item.severity is severity]
        return sorted(chosen, key=lambda item: (files[item.source.name], item.span))


_ON_LINE = re.compile(r"#\s*pie:\s*ignore(?:\[([\w\s,]*)\])?")
_IN_HEADER = re.compile(r"^#\s*pielang:.*\bignore=([\w,]+)", re.MULTILINE)


def _silenced(diagnostic: Diagnostic) -> bool:
    source = diagnostic.source
    here = _ON_LINE.search(source.line(source.position(diagnostic.span.start).line))
    if here is not None and (here[1] is None or diagnostic.code in here[1]):
        return True
    header = _IN_HEADER.search(source.text)
    return header is not None and diagnostic.code in header[1]
