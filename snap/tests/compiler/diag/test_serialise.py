"""What `--format sarif` prints is a log as SARIF 2.1.0 wants it.

`SCHEMA` holds the rules of the standard's schema for the objects that we make: for each its properties (no others are
allowed), those that it must have, and what they may be. The official schema is 3,300 lines, most of them about objects
that no log of ours has.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from pielang.compiler.diag import CompileError, Diagnostic, to_sarif
from pielang.compiler.driver import check_source
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source

URI = re.compile(r"([a-z][a-z0-9+.-]*:)?([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-F]{2})*")
LEVELS = ("none", "note", "warning", "error")
POSITION = 1  # lines and columns: whole numbers from here on
SCHEMA: dict[str, tuple[dict[str, object], set[str]]] = {
    "log": ({"$schema": URI, "version": ("2.1.0",), "runs": ["run"]}, {"version", "runs"}),
    "run": (
        {"tool": "tool", "columnKind": ("utf16CodeUnits", "unicodeCodePoints"), "results": ["result"]}, {"tool"}
    ),
    "tool": ({"driver": "driver"}, {"driver"}),
    "driver": ({"name": str, "version": str, "rules": ["rule"]}, {"name"}),
    "rule": ({"id": str, "name": str, "shortDescription": "message"}, {"id"}),
    "message": ({"text": str}, {"text"}),
    "result": (
        {"ruleId": str, "level": LEVELS, "message": "message", "locations": ["location"],
         "relatedLocations": ["location"], "fixes": ["fix"]},
        {"message"},
    ),
    "location": ({"physicalLocation": "place", "message": "message"}, set()),
    "place": ({"artifactLocation": "artifact", "region": "region"}, {"artifactLocation"}),
    "artifact": ({"uri": URI}, set()),
    "region": (dict.fromkeys(("startLine", "startColumn", "endLine", "endColumn"), POSITION), {"startLine"}),
    "fix": ({"description": "message", "artifactChanges": ["change"]}, {"artifactChanges"}),
    "change": ({"artifactLocation": "artifact", "replacements": ["replacement"]}, {"artifactLocation", "replacements"}),
    "replacement": ({"deletedRegion": "region", "insertedContent": "content"}, {"deletedRegion"}),
    "content": ({"text": str}, set()),
}  # fmt: skip
UNIQUE = ("rules", "relatedLocations", "fixes")
NOT_EMPTY = ("artifactChanges", "replacements")


def problems(value: Any, wanted: object, path: str = "log") -> list[str]:
    """What a value has that its kind does not allow, each with the way to it."""
    match wanted:
        case str() as kind:
            if not isinstance(value, dict):
                return [f"{path}: no object"]
            known, needed = SCHEMA[kind]
            found = [f"{path}: no {name}" for name in needed - value.keys()]
            found += [f"{path}: {name} is unknown" for name in value.keys() - known.keys()]
            for name in value.keys() & known.keys():
                found += problems(value[name], known[name], f"{path}.{name}")
                items = [json.dumps(item, sort_keys=True) for item in value[name]] if name in UNIQUE else []
                found += [f"{path}.{name}: one twice"] * (len(set(items)) < len(items))
                found += [f"{path}.{name}: empty"] * (name in NOT_EMPTY and not value[name])
            if kind == "region":
                start, end = (value.get("startLine"), value.get("startColumn")), (value["endLine"], value["endColumn"])
                found += [f"{path}: ends before it begins"] * (end < start)
            return found
        case list():
            if not isinstance(value, list):
                return [f"{path}: no array"]
            return [text for at, item in enumerate(value) for text in problems(item, wanted[0], f"{path}[{at}]")]
        case re.Pattern():
            return [] if isinstance(value, str) and wanted.fullmatch(value) else [f"{path}: {value!r} is no URI"]
        case tuple():
            return [] if value in wanted else [f"{path}: {value!r}"]
        case int():
            return [] if type(value) is int and value >= wanted else [f"{path}: {value!r}"]
        case _:
            return [] if isinstance(value, str) else [f"{path}: {value!r}"]


def diagnostics_of(program: str, name: str = "t.pie") -> list[Diagnostic]:
    try:
        return list(check_source(Source(name, program), Library()))
    except CompileError as error:
        return list(error.diagnostics)


def some_programs() -> list[str]:
    """A few of the wrong programs whose messages are recorded, from each file of them."""
    folder = Path(__file__).parents[2] / "errors"
    files = [path.read_text(encoding="utf-8").split("=====\n") for path in sorted(folder.glob("*.txt"))]
    return [case.partition("~~~\n")[0] for cases in files for case in cases[:: max(len(cases) // 3, 1)]]


def test_logs_follow_the_standard() -> None:
    found = [item for program in some_programs() for item in diagnostics_of(program)]
    assert len(found) > 20
    log = json.loads(json.dumps(to_sarif(found)))
    assert problems(log, "log") == []
    (run,) = log["runs"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert {result["ruleId"] for result in run["results"]} == set(rules)
    assert len(set(rules)) == len(rules)


@pytest.mark.parametrize(
    ("name", "uri"),
    [("a b#1.pie", "a%20b%231.pie"), ("/tmp/ä.pie", "file:///tmp/%C3%A4.pie"), ("sub/x.pie", "sub/x.pie")],
)
def test_names_of_files_are_uris(name: str, uri: str) -> None:
    log = to_sarif(diagnostics_of("print(x)\n", name))
    assert problems(log, "log") == []
    (location,) = log["runs"][0]["results"][0]["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": uri}


def test_the_rules_are_asked() -> None:
    log = to_sarif(diagnostics_of("print(x)\n"))
    (result,) = log["runs"][0]["results"]
    result["level"] = "fatal"
    result["extra"] = 1
    del result["message"]
    result["locations"][0]["physicalLocation"]["region"]["endLine"] = 0
    assert len(problems(log, "log")) == 5
