"""Diagnostics as JSON values: our own, for `--json` and for editors, and SARIF 2.1.0, for what gathers reports of many
tools (OASIS, Static Analysis Results Interchange Format). Lines and columns count from 1; ends are exclusive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from ... import __version__
from ..syntax.source import Source, Span
from .diagnostic import Diagnostic, Fix, Help, Label


def to_json(diagnostics: Iterable[Diagnostic]) -> list[dict[str, Any]]:
    """One object per diagnostic: code, severity, message, file, range, label, related places, notes and helps."""
    return [_diagnostic(item) for item in diagnostics]


def to_sarif(diagnostics: Iterable[Diagnostic]) -> dict[str, Any]:
    """A SARIF log with one run; every kind of message that occurs is one of its rules."""
    items = list(diagnostics)
    kinds = {item.code: type(item) for item in items}
    rules = [
        {"id": code, "name": kind.__name__, "shortDescription": {"text": kind.title}} for code, kind in kinds.items()
    ]
    driver = {"name": "pielang", "version": __version__, "rules": rules}
    results = [
        {
            "ruleId": item.code,
            "level": str(item.severity),
            "message": {"text": item.message},
            "locations": [_location(item.primary)],
            "relatedLocations": [_location(label) for label in item.labels],
            "fixes": [_sarif_fix(help.text, help.fix) for help in item.all_helps if help.fix is not None],
        }
        for item in items
    ]
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return {"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]}


def _region(source: Source, span: Span) -> dict[str, int]:
    start, end = source.position(span.start), source.position(span.end)
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}


def _uri(source: Source) -> str:
    return ("file://" if source.name.startswith("/") else "") + quote(source.name)


def _location(label: Label) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": _uri(label.source)}, "region": _region(label.source, label.span)}
    return {"physicalLocation": place, **({"message": {"text": label.text}} if label.text else {})}


def _sarif_fix(text: str, fix: Fix) -> dict[str, Any]:
    edit = {"deletedRegion": _region(fix.source, fix.span), "insertedContent": {"text": fix.replacement}}
    change = {"artifactLocation": {"uri": _uri(fix.source)}, "replacements": [edit]}
    return {"artifactChanges": [change], **({"description": {"text": text}} if text else {})}


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
