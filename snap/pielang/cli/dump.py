"""`pielang dump`: what the compiler makes of a program on its way, for people who work on the compiler."""

from __future__ import annotations

from .interrupts import Interrupts
from .options import Options, add_errors_option
from .program import readable_file, reporting
from .terminal import Terminal

STAGES = ("syntax", "typed", "ir", "wasm")


def dump(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Prints one stage of one program."""
    options = Options("dump", "Show what the compiler makes of a program.")
    options.add_argument("file", metavar="FILE.pie")
    options.add_argument("--stage", choices=STAGES, default="ir", help="which (default: ir)")
    add_errors_option(options)
    chosen = options.read(words, terminal)
    path = readable_file(chosen.file)
    from pielang.compiler.driver import stage_of

    lines = reporting(terminal, lambda: stage_of(path, chosen.stage, chosen.errors == "raise"))
    if terminal.json:
        terminal.object({"file": chosen.file, "stage": chosen.stage, "text": "\n".join(lines)})
    else:
        for line in lines:
            terminal.say(line)
    return 0
