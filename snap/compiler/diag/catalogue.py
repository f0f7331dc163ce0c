"""Every kind of message there is: what `pielang explain` and the documents say about it.

In: the modules that declare messages. Out: classes by code; a kind's files (its `wrong` or `right` program, whose
further files follow lines `# file: NAME`); its explanation as text.
"""

from __future__ import annotations

import re
from inspect import getdoc

from .diagnostic import Diagnostic

FIRST_FILE = "program.pie"


def kinds() -> dict[str, type[Diagnostic]]:
    """All kinds of messages by code, in the order of their codes."""
    from ..sema import errors as checker
    from ..syntax import errors as text

    found = [
        kind
        for module in (text, checker)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Diagnostic) and "code" in vars(kind)
    ]
    return {kind.code: kind for kind in sorted(found, key=lambda kind: kind.code)}


def about(kind: type[Diagnostic]) -> str:
    """What it is about, on one line."""
    return " ".join((getdoc(kind) or "").split())


def title(kind: type[Diagnostic]) -> str:
    """The title with `...` for what differs from case to case; where all of it does, what the class is called."""
    text = re.sub(r"\{\w+\}", "...", kind.title)
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", kind.__name__).lower() if text == "..." else text


def files(example: str) -> dict[str, str]:
    """The files of an example by name, the main program first."""
    names = [FIRST_FILE, *re.findall(r"^# file: (\S+)\n", example, re.MULTILINE)]
    texts = re.split(r"^# file: \S+\n", example, flags=re.MULTILINE)
    return {name: text.rstrip("\n") + "\n" for name, text in zip(names, texts, strict=True)}


def explanation(kind: type[Diagnostic]) -> str:
    """What `pielang explain` prints."""
    parts = [f"{kind.severity}[{kind.code}]: {title(kind)}", about(kind)]
    for head, example in (("Wrong:", kind.wrong), ("Right:", kind.right)):
        if example:
            parts.append(f"{head}\n\n" + "\n".join(f"    {line}".rstrip() for line in example.split("\n")))
    if kind.severity == "warning":
        parts.append(f"To silence it on one line: `# pie: ignore[{kind.code}]`.")
    return "\n\n".join(parts)
