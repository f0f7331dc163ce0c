"""A program as the commands take it: source text, whatever its file is called, or a module that was compiled before.

In: a file's name. Out: the module's bytes and its manifest, or a `CliError` with the compiler's diagnostics.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from .errors import CliError, Exit
from .terminal import Terminal

if TYPE_CHECKING:
    from pielang.compiler.diag import Diagnostic

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Program:
    """What runs. `path` is the file it came from."""

    path: Path
    wasm: bytes
    manifest: dict[str, Any]


def load_program(
    name: str, terminal: Terminal, optimize: int = 2, raising: bool = False, tracing: bool = False
) -> Program:
    """Compiles, or reads, the program of a file; warnings are shown."""
    path = readable_file(name)
    if is_module(path):
        return _read_module(path)
    from pielang.compiler.driver import compile_file

    compiled = reporting(terminal, lambda: compile_file(path, optimize, raising, tracing))
    show_diagnostics(terminal, compiled.warnings)
    return Program(path, compiled.wasm, compiled.manifest)


def is_module(path: Path) -> bool:
    """Whether the file holds a compiled program (by its first bytes, or by its name if it is broken)."""
    with path.open("rb") as file:
        return file.read(4) == b"\0asm" or path.suffix == ".wasm"


def reading(work: Callable[[], T]) -> T:
    """Does something that reads files of programs; that it cannot becomes a `CliError`."""
    try:
        return work()
    except OSError as error:
        raise CliError(Exit.FILE, f"cannot read {error.filename or 'the source'}: {error.strerror}") from error


def reporting(terminal: Terminal, work: Callable[[], T]) -> T:
    """Does a piece of the compiler's work; what that finds wrong is shown and becomes a `CliError`."""
    from pielang.compiler.diag import CompileError, to_json

    try:
        return reading(work)
    except CompileError as error:
        found = [diagnostic for diagnostic in error.diagnostics if diagnostic.severity.value == "error"]
        summary = f"{len(found)} error{'s' if len(found) != 1 else ''}: does not compile"
        if all(diagnostic.may_raise or diagnostic.code == "PIE0305" for diagnostic in found):
            summary += " (`--errors=raise` leaves such mistakes to the run)"
        if not terminal.json:
            show_diagnostics(terminal, error.diagnostics)
        raise CliError(Exit.COMPILE, summary, details={"diagnostics": to_json(error.diagnostics)}) from error


def show_diagnostics(terminal: Terminal, diagnostics: Sequence[Diagnostic]) -> None:
    """Writes diagnostics for a person; with --json they are part of the command's object instead."""
    if diagnostics and not terminal.json:
        from pielang.compiler.diag import render

        terminal.note(render(diagnostics, color=terminal.color))


def _read_module(path: Path) -> Program:
    from pielang.vm.sections import BadSection, manifest

    wasm = path.read_bytes()
    try:
        return Program(path, wasm, manifest(wasm))
    except BadSection as error:
        raise CliError(Exit.FILE, f"{path} is no compiled inferlet: {error}") from error


def readable_file(name: str) -> Path:
    """The path of a file that can be read, or an error that says why not."""
    path = Path(name)
    try:
        if path.is_dir():
            raise CliError(Exit.FILE, f"{name} is a folder, not a program")
        with path.open("rb"):
            return path
    except FileNotFoundError as error:
        raise CliError(Exit.FILE, f"there is no file {name}") from error
    except OSError as error:
        raise CliError(Exit.FILE, f"cannot read {name}: {error.strerror}") from error
