"""Writes the messages of tests/errors/*.txt as they are now: `python tests/errors/record.py [FILE...]`.

A file holds cases divided by lines of `=====`; each is a program, a line `~~~`, and all that is said about it. A case
without `~~~` is new. Read what changed (`git diff`) as the user who made the mistake would.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pielang.compiler.diag import CompileError, render
from pielang.compiler.driver import check_source
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source

DIVIDER = "=====\n"


def cases(path: Path) -> list[tuple[str, str]]:
    """(program, message) of each case; the message is "" when none is recorded."""
    found = []
    for case in path.read_text(encoding="utf-8").split(DIVIDER):
        program, _, message = case.partition("~~~\n")
        found.append((program, message))
    return found


def message(program: str) -> str:
    """What `pielang check` says about a program: errors, or "accepted" and warnings."""
    try:
        warnings = check_source(Source("t.pie", program), Library())
    except CompileError as error:
        return render(error.diagnostics)
    return "accepted\n" + (render(warnings) if warnings else "")


def main() -> None:
    paths = [Path(item) for item in sys.argv[1:]] or sorted(Path(__file__).parent.glob("*.txt"))
    for path in paths:
        texts = [f"{program}~~~\n{message(program)}" for program, _ in cases(path)]
        path.write_text(DIVIDER.join(texts), encoding="utf-8")


if __name__ == "__main__":
    main()
