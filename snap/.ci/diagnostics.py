"""Writes docs/language/diagnostics.md, the page of every message, from the classes of the messages.

    python .ci/diagnostics.py [--check]

With --check it writes nothing and exits 1 when the page says something else.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs/language/diagnostics.md"
AREAS = {
    "00": "Text and grammar", "01": "Python that is not in the language", "02": "Names", "03": "Types",
    "04": "Calls", "05": "Classes", "06": "Waiting", "07": "Modules and the program's interface", "08": "Limits",
    "09": "Warnings",
}  # fmt: skip
HEAD = """\
# Messages

Written by `python .ci/diagnostics.py` from the classes of the messages. `pielang explain CODE` shows one of them. Each
wrong program below gives the message below it, each right one gives none.

A warning is silenced on a line by `# pie: ignore[CODE]`, in a file by `# pielang: ignore=CODE,...` in its first lines,
and for a command by `pielang check --ignore CODE`. What is said about many more programs is in `tests/errors/`.
"""


def main(arguments: list[str]) -> int:
    """Returns the exit status."""
    text = page()
    if "--check" in arguments:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == text:
            return 0
        print(f"{PAGE.name} is not current: run python .ci/diagnostics.py", file=sys.stderr)
        return 1
    PAGE.write_text(text, encoding="utf-8")
    return 0


def page() -> str:
    """The whole page. Raises ValueError for a wrong program that is not answered by its own message alone."""
    from pielang.compiler.diag.catalogue import about, kinds, title

    parts = [HEAD]
    area = ""
    for code, kind in kinds().items():
        if code[3:5] != area:
            area = code[3:5]
            parts.append(f"## {AREAS[area]}\n")
        parts.append(f"### {code}: {title(kind)}\n\n{about(kind)}\n")
        if kind.wrong and len(kind.wrong) < 400:
            parts += [block("python", kind.wrong), block("text", answer(code, kind.wrong)), block("python", kind.right)]
    return "\n".join(parts)


def block(language: str, text: str) -> str:
    return f"```{language}\n{text.rstrip()}\n```\n"


def answer(code: str, example: str) -> str:
    """What the compiler says about a program."""
    from pielang.compiler.diag import CompileError, render
    from pielang.compiler.diag.catalogue import FIRST_FILE, files
    from pielang.compiler.driver import check_file

    with tempfile.TemporaryDirectory() as folder:
        for name, text in files(example).items():
            Path(folder, name).write_text(text, encoding="utf-8")
        try:
            found = check_file(Path(folder, FIRST_FILE))
        except CompileError as error:
            found = error.diagnostics
        if {item.code for item in found} != {code}:
            raise ValueError(f"the wrong program of {code} gives {[item.code for item in found]}")
        return render(found).replace(f"{folder}/", "")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
