"""Progress of long steps, as a bar on a terminal and as a few plain lines elsewhere.

Comes in: (step, done, total) as often as the work likes. Goes out: text on standard error.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TextIO

Progress = Callable[[str, int, int], None]
"""Called with the step's name, units done, and units in all (0: not known)."""

_WIDTH = 30


def silent(step: str, done: int, total: int) -> None:
    """A `Progress` that says nothing."""


def terminal_progress(stream: TextIO | None = None) -> Progress:
    """A `Progress` that draws on `stream` (standard error): a bar on a terminal, else one line a step."""
    out = stream if stream is not None else sys.stderr
    drawn = ("", -1)

    def bar(step: str, done: int, total: int) -> None:
        nonlocal drawn
        percent = 100 * done // total if total else 0
        if drawn == (step, percent):
            return
        if drawn[0] and drawn[0] != step:
            out.write("\n")
        drawn = (step, percent)
        filled = _WIDTH * percent // 100
        out.write(f"\r{step:<28} [{'#' * filled}{'.' * (_WIDTH - filled)}] {percent:3d} %")
        if total and done >= total:
            out.write("\n")
            drawn = ("", -1)
        out.flush()

    def lines(step: str, done: int, total: int) -> None:
        nonlocal drawn
        if drawn[0] != step:
            drawn = (step, 0)
            out.write(f"{step} ...\n")
            out.flush()

    return bar if out.isatty() else lines
