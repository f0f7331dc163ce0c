"""`pielang build`: the compiler for people who do not run the program now."""

from __future__ import annotations

import os
from pathlib import Path
from time import perf_counter

from .errors import CliError, Exit
from .interrupts import Interrupts
from .options import Options, add_errors_option
from .program import is_module, load_program, readable_file
from .terminal import Terminal, readable_size


def build(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Compiles one program to a file beside it, or where -o says."""
    options = Options("build", "Compile a program to WebAssembly.")
    options.add_argument("file", metavar="FILE.pie")
    options.add_argument("-o", "--output", metavar="OUT.wasm", help="where to (default: beside the source)")
    options.add_argument("-O", type=int, choices=(0, 2), default=2, dest="optimize", help="0: as written (default: 2)")
    add_errors_option(options)
    chosen = options.read(words, terminal)
    begin = perf_counter()
    if is_module(readable_file(chosen.file)):
        raise CliError(Exit.FILE, f"{chosen.file} is compiled already: `pielang run` takes it as it is")
    program = load_program(chosen.file, terminal, chosen.optimize, chosen.errors == "raise")
    target = Path(chosen.output) if chosen.output else program.path.with_suffix(".wasm")
    _write(target, program.wasm)
    took = perf_counter() - begin
    if terminal.json:
        size = len(program.wasm)
        terminal.object(
            {"artefact": str(target), "bytes": size, "seconds": round(took, 3), "manifest": program.manifest}
        )
    else:
        terminal.say(f"{target}  {readable_size(len(program.wasm))}  in {took * 1000:.0f} ms")
    return Exit.OK


def _write(target: Path, content: bytes) -> None:
    partial = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        partial.write_bytes(content)
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise CliError(Exit.FILE, f"cannot write {target}: {error.strerror}") from error
