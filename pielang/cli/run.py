"""`pielang run`: a program from its source to its last word.

In: a file and the flags of its `main`. Out: what it writes, as it comes, then its result. The program runs on the
server of this user if there is one, else in a system brought up for this run; the same client protocol drives both.
"""

from __future__ import annotations

import argparse
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING

from pielang.config import RunningServer, find_server

from .errors import EXIT_CODES, CliError, Exit
from .flags import Flags, parameters_of
from .interrupts import Interrupts
from .options import Options, add_errors_option, add_server_options, server_options
from .program import Program, load_program
from .terminal import Terminal

if TYPE_CHECKING:
    from pielang.client import Client, Instance
    from pielang.server.wire.client import Failed


GRACE_SECONDS = 0.9
"""How long an interrupted inferlet may take to end."""

REFUSED = {"arguments": Exit.USAGE, "program": Exit.FILE, "record": Exit.FILE, "model": Exit.MODEL}
"""By kind of a refused request."""

SHARED = frozenset(["model", "dtype", "server", "local", "json", "errors"])
"""Options with which a server that runs already may do."""


def run_options() -> Options:
    """The options of `run` itself."""
    options = Options(
        "run",
        "Compile a program, run it, and show what it writes as it comes. One that receives messages gets the lines of\n"
        "standard input. Options stand before FILE or, where main has no parameter of that name, after it.",
        usage="pielang run [options] FILE [flags of main]",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawTextHelpFormatter,
        add_help=False,
    )
    add_errors_option(options)
    add_server_options(options)
    about = "run on this server (default: the one `pielang serve` started, if it runs)"
    options.add_argument("--server", metavar="ENDPOINT", help=about)
    about = "keep the run, for `pielang replay`; its clock goes on only while it waits"
    options.add_argument("--record", metavar="FILE", help=about, default=argparse.SUPPRESS)
    options.add_argument("--local", action="store_true", help="run in this process, even if a server runs")
    return options


def run(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Runs one program; returns 0, or 1 if it failed."""
    terminal.json = terminal.json or "--json" in words
    options = run_options()
    before, file, after = _split(words, options)
    if file is None:
        if "--help" in before or "-h" in before:
            terminal.say(options.format_help().rstrip())
            return Exit.OK
        raise CliError(Exit.USAGE, "which program? name a .pie or .wasm file", usage=options.format_usage().strip())
    tracing = any(word.partition("=")[0] == "--trace" for word in words)
    raising = options.parse_args(before).errors == "raise"
    program = load_program(file, terminal, raising=raising, tracing=tracing)
    parameters = parameters_of(program.manifest)
    flags = Flags(file, program.manifest["doc"], parameters)
    asked = set(after[: after.index("--") if "--" in after else None]) & {"--help", "-h"}
    if asked - {parameter.flag for parameter in parameters}:
        terminal.say(flags.help("\n" + options.format_help().rstrip().partition("\n\n")[2]))
        return Exit.OK
    arguments, aside = flags.read(after, options.takes)
    terminal.json = "--json" in before or "--json" in aside
    if any(word.startswith("--errors") for word in aside):
        options.error("--errors stands before FILE: it says how FILE is compiled")
    chosen = options.parse_args(before + aside)
    if chosen.server and (made := vars(chosen).keys() - SHARED):
        options.error(f"{options.flags[min(made)]} says how a server is made, and --server names one that runs")
    with _connect(chosen, program, terminal) as client:
        instance = client.launch(client.upload(program.wasm), arguments, name=program.path.stem)
        interrupts.deferred = True  # from here on an interrupt ends the inferlet first
        return _follow(instance, program, terminal, interrupts)


def _split(words: list[str], options: Options) -> tuple[list[str], str | None, list[str]]:
    """The options before the file, the file, and all that follows it."""
    index = 0
    while index < len(words):
        word = words[index]
        if not word.startswith("-"):
            return words[:index], word, words[index + 1 :]
        name, equals, _ = word.partition("=")
        if name not in options.takes and word not in ("--help", "-h"):
            options.error(f"run has no option `{word}`; flags of main stand after the file")
        index += 2 if options.takes.get(name) and not equals else 1
    return words, None, []


@contextmanager
def _connect(chosen: argparse.Namespace, program: Program, terminal: Terminal) -> Iterator[Client]:
    """A client of the right server; what goes wrong with the connection or a request becomes a `CliError`."""
    from pielang.client import Client, ConnectionFailed, RequestRefused

    try:
        server = None if chosen.local or chosen.server else _suitable(find_server(os.environ), chosen, program)
        endpoint = chosen.server or (server.endpoint if server else None)
        if endpoint is not None:
            with Client.connect(endpoint) as client:
                yield client
            return
        from pielang.compiler.cache import cache_dir

        from .local import LocalServer

        wanted = program.manifest.get("model")
        settings = server_options(chosen, **({"model": wanted} if wanted else {}))
        model = None
        if program.manifest["needs_model"]:
            from .models import resolve_model

            model = resolve_model(settings.model)
        with LocalServer(settings, model, cache_dir()) as local, local.connect() as client:
            yield client
    except RequestRefused as error:
        code = {"arguments": Exit.USAGE, "program": Exit.FILE, "record": Exit.FILE, "model": Exit.MODEL}.get(
            error.kind, Exit.SERVER
        )
        raise CliError(code, str(error)) from error
    except ConnectionFailed as error:
        raise CliError(Exit.SERVER, str(error)) from error


def _suitable(server: RunningServer | None, chosen: argparse.Namespace, program: Program) -> RunningServer | None:
    """The running server, unless it speaks another protocol or the program wants another model than it has."""
    from pielang.server.wire.client import PROTOCOL

    given = vars(chosen)
    if server is None or server.protocol != PROTOCOL or given.keys() - SHARED:
        return None
    if program.manifest["needs_model"]:
        model = given.get("model") or program.manifest.get("model")
        if model not in (None, server.model) or given.get("dtype") not in (None, server.dtype):
            return None
    return server


def _follow(instance: Instance, program: Program, terminal: Terminal, interrupts: Interrupts) -> int:
    """Shows the events of an instance until its end, or until it is interrupted."""
    from pielang.server.wire.client import Failed, Finished, Message, Output

    typed = _typed_lines() if "receive" in program.manifest.get("calls", ()) else None
    deadline: float | None = None
    while True:
        while typed is not None and not typed.empty():
            line = typed.get()
            if line is None:
                instance.end_messages()
            else:
                instance.send(line)
        if interrupts.code is not None and deadline is None:
            instance.terminate()
            deadline = monotonic() + GRACE_SECONDS
        if deadline is not None and monotonic() >= deadline:
            raise KeyboardInterrupt
        match instance.next_event(timeout=0.05):
            case Output(stream=stream, data=data):
                terminal.output(stream, data)
            case Message(message=text) if terminal.json:
                terminal.object({"event": "message", "text": text})
            case Message(message=text):
                terminal.say(text)
            case Finished(result=result, status=status) if deadline is None:
                terminal.result(result)
                return status
            case Failed() as failure if deadline is None:
                return fail(failure, program.path, terminal)
            case Finished() | Failed():
                raise KeyboardInterrupt
            case None:
                pass


def _typed_lines() -> SimpleQueue[str | None]:
    """Lines of standard input, as they come: messages for a program that receives. None is the end of the input."""
    lines: SimpleQueue[str | None] = SimpleQueue()

    def read() -> None:
        # Past Python's own buffer: a thread that holds its lock would keep the interpreter from ending.
        rest = b""
        while data := os.read(0, 1 << 16):
            *whole, rest = (rest + data).split(b"\n")
            for line in whole:
                lines.put(line.decode("utf-8", "replace"))
        if rest:
            lines.put(rest.decode("utf-8", "replace"))
        lines.put(None)

    threading.Thread(target=read, name="pie-stdin", daemon=True).start()
    return lines


def fail(failure: Failed, source: Path, terminal: Terminal) -> int:
    """Shows how a program of this source file failed; the exit status that says so."""
    import json

    from .failures import failure_as_json, render_failure

    terminal.end_line()
    code = {"inference": Exit.SERVER, "internal": Exit.SERVER, "model": Exit.MODEL}.get(failure.kind, Exit.FAILED)
    if terminal.json:
        terminal.note(json.dumps({"error": failure_as_json(failure), "exit": int(code)}, ensure_ascii=False))
    else:
        terminal.note(render_failure(failure, source))
    return code
