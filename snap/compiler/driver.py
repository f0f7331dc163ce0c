"""From a `.pie` file to a compiled program: runs the passes in order and keeps what they made.

In: a path or a `Source`. Out: `CompiledProgram`. Raises CompileError with all diagnostics when the program is
refused, OSError when the main file can't be read. A program that was compiled before, and of which nothing has
changed (its text, the modules it asked for, the compiler), comes from the cache; one that gave warnings does not, so
that they are seen again.
"""

from __future__ import annotations

import gc
import json
import marshal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .. import __version__
from .cache import Cache, compiler_key, content_key
from .diag import CompileError, Diagnostic
from .library import Library, read_source
from .syntax import Source, Span
from .syntax.errors import TooComplex

ABI = 1
RECURSION = 20_000  # Python calls; what the passes need for a program some thousand levels deep


@dataclass(frozen=True, slots=True)
class CompiledProgram:
    """`wasm`: the module, manifest included. `manifest`: the same as plain JSON values. `cached`: not made anew."""

    wasm: bytes
    manifest: dict[str, Any]
    warnings: tuple[Diagnostic, ...] = ()
    cached: bool = False


def compile_file(path: Path, optimize: int = 2, raising: bool = False, tracing: bool = False) -> CompiledProgram:
    """The program in `path`, for running: checked, lowered, emitted; or as it was made before. `optimize`: 0 or 2.
    `raising`: mistakes that CPython finds when it runs the program raise there, and are warnings here. `tracing`: calls
    of the host tell their line."""
    return compile_source(read_source(path), Library(path.parent), optimize, raising, tracing)


def check_file(path: Path, raising: bool = False) -> tuple[Diagnostic, ...]:
    """The warnings about the program in `path`; raises CompileError when it is refused."""
    return check_source(read_source(path), Library(path.parent), raising)


def check_source(source: Source, library: Library, raising: bool = False) -> tuple[Diagnostic, ...]:
    """As `check_file`: all warnings, also those that a compilation does not give."""
    from .sema import advise

    with compiling(source):
        return advise(source, library, raising)


def compile_source(
    source: Source, library: Library, optimize: int = 2, raising: bool = False, tracing: bool = False
) -> CompiledProgram:
    cache = Cache("programs")
    chosen = str((optimize, raising, tracing))
    key = content_key(compiler_key(), str(library.folder), chosen, source.name, source.text)
    kept = cache.load(key)
    if kept is not None:
        asked, wasm, manifest = marshal.loads(kept)
        if library.unchanged(asked):
            return CompiledProgram(wasm, json.loads(manifest), cached=True)
    program = build(source, library, optimize, raising=raising, tracing=tracing)
    if not program.warnings:
        cache.store(key, marshal.dumps((library.asked, program.wasm, json.dumps(program.manifest))))
    return program


def build(
    source: Source,
    library: Library,
    optimize: int = 2,
    all_names: bool = False,
    raising: bool = False,
    tracing: bool = False,
) -> CompiledProgram:
    """All passes, nothing from the cache of programs. `all_names`: the library's functions are named in it as well."""
    from .lower import lower
    from .sema import check
    from .wasm import emit

    with compiling(source):
        checked = check(source, library, raising)
        path = Path(source.name)
        manifest = {
            "abi": ABI,
            "name": path.stem,
            **checked.interface.manifest(),
            "source": path.name,
            "compiler": __version__,
        }
        wasm = emit(lower(checked.program, tracing), manifest, all_names, optimize)
    return CompiledProgram(wasm, manifest, tuple(checked.warnings))


def stage_of(path: Path, stage: str, raising: bool = False) -> list[str]:
    """What the passes make of the program in `path`, as text; `stage` is "syntax", "typed", "ir" or "wasm"."""
    source = read_source(path)
    library = Library(path.parent)
    if stage == "wasm":
        from .wasm.dump import dump as dump_module

        return list(dump_module(build(source, library, all_names=True, raising=raising).wasm))
    with compiling(source):
        if stage == "syntax":
            from .syntax import parse
            from .syntax.dump import dump as dump_tree

            return list(dump_tree(parse(source), source))
        from .sema import check

        checked = check(source, library, raising).program
        if stage == "typed":
            from .sema.dump import dump as dump_typed

            return list(dump_typed(checked))
        from .ir.dump import dump as dump_ir
        from .lower import lower

        return dump_ir(lower(checked)).splitlines()


@contextmanager
def compiling(source: Source) -> Iterator[None]:
    """What the passes need of Python: room for recursion, which follows the program's nesting, and no garbage
    collector.

    Nearly all they make lives until the end, so looking for garbage in between costs a fifth of the time and finds
    none.
    """
    limit, collecting = sys.getrecursionlimit(), gc.isenabled()
    sys.setrecursionlimit(max(limit, RECURSION))
    gc.disable()
    try:
        yield
    except RecursionError as error:
        raise CompileError.of(TooComplex(source, Span(0, 0))) from error
    finally:
        sys.setrecursionlimit(limit)
        if collecting:
            gc.enable()
