"""How the end of a failed inferlet is shown: as Python shows a traceback, in the program's own lines.

In: a `Failed` event and where the program lies. Out: text, or an object for --json.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from typing import Any

from pielang.server.wire.client import Failed, Raised

RELATIONS = {
    "cause": "The above exception was the direct cause of the following exception:",
    "context": "During handling of the above exception, another exception occurred:",
}

REPEATS = 3
"""How often a frame that repeats itself, as in a runaway recursion, is shown."""


def render_failure(failure: Failed, program: Path) -> str:
    """The traceback, or what ended the program and where it was."""
    parts = []
    for raised in failure.chain:
        if raised.relation in RELATIONS:
            parts.append(f"\n{RELATIONS[raised.relation]}\n")
        parts += _raised(raised, program)
    if failure.kind != "exception":
        parts.append(f"pielang: {failure.message}")
    elif not failure.chain:
        parts.append(failure.message)
    return "\n".join(parts)


def failure_as_json(failure: Failed) -> dict[str, Any]:
    """The failure as an object; columns count from 1."""
    return {"kind": failure.kind, "message": failure.message, "chain": [asdict(raised) for raised in failure.chain]}


def _raised(raised: Raised, program: Path) -> list[str]:
    lines = ["Traceback (most recent call last):"] if raised.frames else []
    sources: dict[str, Sequence[str]] = {}
    for frame, same in groupby(raised.frames):
        count = len(list(same))
        shown = [f'  File "{frame.file}", line {frame.line}, in {frame.function}']
        if frame.file not in sources:
            sources[frame.file] = _source(frame.file, program)
        source = sources[frame.file]
        if 0 < frame.line <= len(source):
            text = source[frame.line - 1]
            body = text.lstrip()
            shown.append(f"    {body}")
            indent = len(text) - len(body)
            if indent < frame.column <= len(text) and frame.column - 1 > indent:
                shown.append("    " + " " * (frame.column - 1 - indent) + "^")
        lines += shown * min(count, REPEATS)
        if count > REPEATS:
            more = count - REPEATS
            lines.append(f"  [Previous line repeated {more} more time{'s' if more > 1 else ''}]")
    if raised.type:
        lines.append(f"{raised.type}: {raised.message}" if raised.message else raised.type)
    return lines


def _source(name: str, program: Path) -> Sequence[str]:
    """The lines of a source that a traceback names; empty when it is not here (a `.wasm` may come from elsewhere)."""
    for path in (Path(name), program.parent / name, program.parent / Path(name).name):
        if path.suffix == ".pie" and path.is_file():
            return path.read_text(encoding="utf-8", errors="replace").splitlines()
    return ()
