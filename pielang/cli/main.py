"""The command `pielang`: picks the subcommand, and makes one message and one exit code of whatever ends it.

In: the command line. Out: the exit status. Nothing heavy is imported before the command that needs it is known.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pielang

from .errors import EXIT_CODES, CliError, Exit
from .interrupts import Interrupts
from .terminal import Terminal

HELP = f"""\
usage: pielang COMMAND [options]

Programmable LLM serving: inference programs in .pie files, compiled to WebAssembly.

commands:
  run FILE [flags of main]     compile and run a program; `pielang run FILE --help` shows its flags
  replay RECORD                have a run again that `pielang run --record RECORD` kept; no model is needed
  build FILE [-o OUT]          compile a program to a .wasm file
  check FILE...                report what is wrong with programs (--fix: put right what can be)
  explain [CODE]               what a message means, with a wrong and a right program
  serve                        serve a model to programs, until stopped
  model pull|list|path|remove  models on this machine
  stats                        what a running server counts
  dump FILE [--stage STAGE]    what the compiler makes of a program
  doctor                       what this machine has that is needed, and what it lacks

options:
  --json      results and errors as JSON (also after each command)
  --version   print the version
  --help      print this, or after a command, what it takes

{EXIT_CODES}"""

COMMANDS = ("run", "replay", "build", "check", "explain", "serve", "model", "stats", "dump", "doctor")


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    terminal = Terminal()
    interrupts = Interrupts()
    interrupts.install()
    try:
        try:
            return _dispatch(words, terminal, interrupts)
        except CliError as error:
            terminal.end_line()
            if terminal.json:
                import json

                terminal.note(json.dumps(error.as_json(), ensure_ascii=False))
            else:
                terminal.note(error.usage)
                terminal.note(f"pielang: {error.message}" if error.message else "")
            return error.code
        except BrokenPipeError:
            raise
        except KeyboardInterrupt:
            terminal.end_line()
            code = interrupts.code or Exit.INTERRUPTED
            terminal.note('{"error": {"kind": "interrupted"}}' if terminal.json else f"pielang: {code.name.lower()}")
            return code
        except Exception as error:  # noqa: BLE001 - recorded in a file, and named to the user
            terminal.end_line()
            terminal.note(f"pielang: internal error, a fault of pielang itself: {type(error).__name__}: {error}")
            terminal.note(f"please report it with {_keep_traceback(error)}")
            return Exit.INTERNAL
    except BrokenPipeError:
        # Whatever is still buffered has no reader: keep the interpreter from trying once more as it ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return Exit.PIPE


def _keep_traceback(error: Exception) -> Path:
    """Writes what a person who looks into the fault needs to a file."""
    import tempfile
    import traceback

    with tempfile.NamedTemporaryFile("w", prefix="pielang-fault-", suffix=".txt", delete=False) as file:
        file.write(f"pielang {pielang.__version__}, Python {sys.version}, {sys.platform}\n{sys.argv}\n")
        traceback.print_exception(error, file=file)
    return Path(file.name)


def _dispatch(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    while words and words[0] == "--json":
        terminal.json = True
        words.pop(0)
    if not words:
        terminal.note(HELP)
        return Exit.USAGE
    command, *rest = words
    if command in ("--help", "-h", "help"):
        terminal.say(HELP)
        return Exit.OK
    if command in ("--version", "-V", "version"):
        if terminal.json:
            terminal.object({"version": pielang.__version__})
        else:
            terminal.say(f"pielang {pielang.__version__}")
        return Exit.OK
    return _command(command)(rest, terminal, interrupts)


def _command(name: str) -> Callable[[list[str], Terminal, Interrupts], int]:
    match name:
        case "run":
            from .run import run as command
        case "replay":
            from .replay import replay as command
        case "build":
            from .build import build as command
        case "check":
            from .check import check as command
        case "explain":
            from .check import explain as command
        case "doctor":
            from .doctor import doctor as command
        case "serve":
            from .serve import serve as command
        case "model":
            from .model import model as command
        case "stats":
            from .stats import stats as command
        case "dump":
            from .dump import dump as command
        case _:
            known = ", ".join(COMMANDS)
            hint = f"; to run a file: pielang run {name}" if name.endswith((".pie", ".wasm")) else ""
            raise CliError(Exit.USAGE, f"no command `{name}`; there are {known} (see pielang --help){hint}")
    return command
