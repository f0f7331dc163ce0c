"""`pielang check` and `pielang explain`: what is wrong with programs, without running them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import CliError, Exit
from .interrupts import Interrupts
from .options import Options, add_errors_option
from .program import readable_file, reading, show_diagnostics
from .terminal import Terminal

if TYPE_CHECKING:
    from pielang.compiler.diag import Diagnostic


FORMATS = ("full", "concise", "json", "sarif")


def check(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Reports the errors and warnings of each program; with --fix, after what can be put right has been."""
    options = Options("check", "Report what is wrong with programs, without running them.")
    options.add_argument("files", metavar="FILE.pie", nargs="+")
    options.add_argument("--format", choices=FORMATS, help="how (default: full; one line each; JSON; SARIF 2.1.0)")
    options.add_argument("--fix", action="store_true", help="make the edits that are suggested and that compile")
    options.add_argument(
        "--ignore", metavar="CODE", action="append", default=[], help="a warning not to give, e.g. PIE0902; or PIE09"
    )
    add_errors_option(options)
    chosen = options.read(words, terminal)
    raising = chosen.errors == "raise"
    form = chosen.format or ("json" if terminal.json else "full")
    terminal.json = form in ("json", "sarif")
    ignored = tuple(word.upper() for item in chosen.ignore for word in item.split(","))
    from pielang.compiler.diag import render, to_json, to_sarif

    found: dict[str, list[Diagnostic]] = {}
    fixed: dict[str, int] = {}
    for name in chosen.files:
        path = readable_file(name)
        if chosen.fix and (count := _fix(path, raising)):
            fixed[name] = count
        said = _check(path, raising)
        found[name] = [item for item in said if item.severity == "error" or not item.code.startswith(ignored)]
        if form == "full":
            _report(name, found[name], terminal)
        elif form == "concise":
            for item in found[name]:
                terminal.say(render([item], concise=True).rstrip("\n"))
        if name in fixed:
            terminal.note("" if terminal.json else f"{name}: {_counted(fixed[name], 'problem')} fixed")
    if form == "json":
        reports = [
            {"file": name, "ok": _errors(items) == 0, "diagnostics": to_json(items), "fixed": fixed.get(name, 0)}
            for name, items in found.items()
        ]
        terminal.object({"files": reports})
    elif form == "sarif":
        terminal.object(to_sarif(item for items in found.values() for item in items))
    return Exit.COMPILE if any(map(_errors, found.values())) else Exit.OK


def explain(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Says what a code means; without one, which there are."""
    options = Options("explain", "Say what a code such as PIE0201 means, with a wrong and a right program.")
    options.add_argument("code", metavar="CODE", nargs="?", help="default: a list of all codes")
    chosen = options.read(words, terminal)
    from pielang.compiler.diag.catalogue import about, explanation, kinds, title

    known = kinds()
    if chosen.code is None:
        rows = {code: title(kind) for code, kind in known.items()}
        terminal.object(rows) if terminal.json else terminal.say("\n".join(f"{code}  {rows[code]}" for code in rows))
        return Exit.OK
    code = chosen.code.upper()
    kind = known.get(code if code.startswith("PIE") else f"PIE{code:0>4}")
    if kind is None:
        raise CliError(Exit.USAGE, f"there is no message {chosen.code}; `pielang explain` lists them all")
    if terminal.json:
        names = ("wrong", "right")
        texts = {"code": kind.code, "severity": str(kind.severity), "title": title(kind), "about": about(kind)}
        terminal.object({**texts, **{name: getattr(kind, name) for name in names}})
    else:
        terminal.say(explanation(kind))
    return Exit.OK


def _check(path: Path, raising: bool) -> tuple[Diagnostic, ...]:
    """All that is said about a program."""
    from pielang.compiler.diag import CompileError
    from pielang.compiler.driver import check_file

    try:
        return reading(lambda: check_file(path, raising))
    except CompileError as error:
        return error.diagnostics


def _fix(path: Path, raising: bool) -> int:
    """Makes the edits that help, and writes the file if there are any; returns how many."""
    from pielang.compiler.diag import CompileError
    from pielang.compiler.driver import check_source
    from pielang.compiler.fix import repaired
    from pielang.compiler.library import Library, read_source
    from pielang.compiler.syntax import Source

    def problems(source: Source) -> tuple[Diagnostic, ...]:
        try:
            return check_source(source, Library(path.parent), raising)
        except CompileError as error:
            return error.diagnostics

    try:
        source = reading(lambda: read_source(path))
    except CompileError:
        return 0  # no text: reported by the check that follows
    text, count = repaired(source, problems)
    if count:
        line_end = "\r\n" if b"\r\n" in path.read_bytes() else "\n"
        try:
            path.write_text(text, encoding="utf-8", newline=line_end)
        except OSError as error:
            raise CliError(Exit.FILE, f"cannot write {path}: {error.strerror}") from error
    return count


def _report(name: str, found: list[Diagnostic], terminal: Terminal) -> None:
    show_diagnostics(terminal, found)
    errors = _errors(found)
    if errors:
        terminal.note(f"{name}: {_counted(errors, 'error')}: does not compile")
    else:
        warnings = f", {_counted(len(found), 'warning')}" if found else ""
        terminal.say(f"{name}: fine{warnings}")


def _errors(found: Iterable[Diagnostic]) -> int:
    return sum(item.severity == "error" for item in found)


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'s' * (count != 1)}"
