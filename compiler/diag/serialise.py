"""Diagnostics as JSON values, for `--json` and for editors. Lines and columns count from 1; ends are exclusive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..syntax.source import Source, Span
from .diagnostic import Diagnostic, Help, Label


def to_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """One object per diagnostic: code, severity, message, file, range, label, related places, notes and helps."""
    return [_diagnostic(item) for item in diagnostics]


def _diagnostic(item: Diagnostic) -> dict[str, Any]:
    return {
        "code": item.code,
        "severity": str(item.severity),
        "message": item.message,
        **_label(item.primary),
        "related": [_label(label) for label in item.labels],
        "notes": list(item.all_notes),
        "helps": [_help(help) for help in item.all_helps],
    }


def _label(label: Label) -> dict[str, Any]:
    return {"file": label.source.name, "range": _range(label.source, label.span), "label": label.text}


def _range(source: Source, span: Span) -> dict[str, dict[str, int]]:
    start, end = source.position(span.start), source.position(span.end)
    return {
        "start": {"line": start.line, "column": start.column},
        "end": {"line": end.line, "column": end.column},
    }


def _help(help: Help) -> dict[str, Any]:
    if help.fix is None:
        return {"text": help.text}
    fix = help.fix
    edit = {"file": fix.source.name, "range": _range(fix.source, fix.span), "replacement": fix.replacement}
    return {"text": help.text, "fix": edit}
