"""`pielang run`: a program from its source to its last word.

In: a file and the flags of its `main`. Out: what it writes, as it comes, then its result. The program runs on the
server of this user if there is one, else in a system brought up for this run; the same client protocol drives both.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from queue import SimpleQueue
from time import monotonic
from typing import TYPE_CHECKING, Any

from pielang.config import DTYPES, POLICIES, RunningServer, ServerOptions, find_server

from .errors import EXIT_CODES, CliError, Exit
from .flags import Flags, parameters_of
from .options import ERRORS, ERRORS_HELP, limits
from .program import Program, load_program
from .terminal import Terminal

if TYPE_CHECKING:
    from pielang.client import Client, Instance

    from .interrupts import Interrupts

OPTIONS = {
    "--model": True,
    "--dtype": True,
    "--pages": True,
    "--memory": True,
    "--time-limit": True,
    "--limit": True,
    "--user-limit": True,
    "--adapters": True,
    "--host-pages": True,
    "--trace": True,
    "--policy": True,
    "--allow-net": True,
    "--allow-private": False,
    "--server": True,
    "--local": False,
    "--errors": True,
    "--json": False,
}
"""The options of `run` itself, and whether each takes a value."""

COUNTS = ("--pages", "--memory", "--host-pages")
SECONDS = ("--time-limit",)
REPEATED = ("--limit", "--user-limit", "--allow-net")

USAGE = "usage: pielang run [options] FILE [flags of main]"

RUN_OPTIONS = f"""\
A program that receives messages gets the lines of standard input.

options of run, before FILE or (where main has no parameter of that name) after it:
  --model NAME|PATH     a known model, a Hugging Face folder, a GGUF file, or sim:llama-1b (default: smollm2)
  --dtype TYPE          {" or ".join(DTYPES)} (default: float32)
  --pages N             KV pages of 16 tokens (default: by free memory)
  --memory MB           the most memory the program may have (default: 256)
  --time-limit SECONDS  the longest it may compute without a pause (default: 10)
  --limit NAME=NUMBER   another limit of the program, e.g. pages=200 (may be repeated)
  --user-limit NAME=N   the same for the program and all that it spawns together
  --adapters FOLDER     LoRA adapters that it may load by name
  --host-pages N        KV pages kept in host memory when they run out
  --trace FILE          write what happened, to be opened in Perfetto (ui.perfetto.dev)
  --policy NAME         how batches are formed: {", ".join(POLICIES)}
  --allow-net HOST      a host that the program may reach by HTTP, if it asks for it (may be repeated)
  --allow-private       also hosts at loopback and private addresses
  --server ENDPOINT     run on this server (default: the one `pielang serve` started, if it runs)
  --local               run in this process, even if a server runs
  --errors raise        {ERRORS_HELP.removeprefix("raise: ").removesuffix(" (default: refuse)")} (before FILE)
  --json                one JSON object per event, and errors as JSON

{EXIT_CODES}"""

GRACE_SECONDS = 0.9
"""How long an interrupted inferlet may take to end."""


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What `run` was told beside the program's flags."""

    model: str | None = None
    dtype: str | None = None
    pages: int | None = None
    memory: int | None = None
    time_limit: float | None = None
    limit: tuple[str, ...] = ()
    user_limit: tuple[str, ...] = ()
    adapters: str | None = None
    host_pages: int | None = None
    trace: str | None = None
    policy: str | None = None
    allow_net: tuple[str, ...] = ()
    allow_private: bool = False
    server: str | None = None
    local: bool = False
    errors: str = ERRORS[0]

    @property
    def shapes_system(self) -> bool:
        """Whether something was asked for that a server which runs already cannot be told."""
        chosen = (self.pages, self.memory, self.time_limit, self.policy, self.adapters, self.host_pages, self.trace)
        lists = self.limit or self.user_limit or self.allow_net or self.allow_private
        return any(value is not None for value in chosen) or bool(lists)


def run(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Runs one program; returns 0, or 1 if it failed."""
    terminal.json = terminal.json or "--json" in words
    before, file, after = _split(words)
    if file is None:
        if "--help" in before or "-h" in before:
            terminal.say(f"{USAGE}\n\nCompile a program, run it, and show what it writes as it comes.\n\n{RUN_OPTIONS}")
            return Exit.OK
        raise CliError(Exit.USAGE, "which program? name a .pie or .wasm file", usage=USAGE)
    tracing = any(word.partition("=")[0] == "--trace" for word in words)
    program = load_program(file, terminal, raising=_read_options(before).errors == "raise", tracing=tracing)
    parameters = parameters_of(program.manifest)
    flags = Flags(file, program.manifest["doc"], parameters)
    names = {parameter.flag for parameter in parameters}
    if any(
        word in ("--help", "-h") and word not in names for word in after[: after.index("--") if "--" in after else None]
    ):
        terminal.say(flags.help(RUN_OPTIONS))
        return Exit.OK
    arguments, aside = flags.read(after, OPTIONS)
    if any(word.startswith("--errors") for word in aside):
        raise CliError(Exit.USAGE, "--errors stands before FILE: it says how FILE is compiled", usage=USAGE)
    terminal.json = "--json" in before or "--json" in aside
    with _connect(_read_options(before + aside), program, terminal) as client:
        instance = client.launch(client.upload(program.wasm), arguments, name=program.path.stem)
        interrupts.deferred = True  # from here on an interrupt ends the inferlet first
        return _follow(instance, program, terminal, interrupts)


def _split(words: list[str]) -> tuple[list[str], str | None, list[str]]:
    """The options before the file, the file, and all that follows it."""
    index = 0
    while index < len(words):
        word = words[index]
        if not word.startswith("-"):
            return words[:index], word, words[index + 1 :]
        name, equals, _ = word.partition("=")
        if name not in OPTIONS and word not in ("--help", "-h"):
            raise CliError(Exit.USAGE, f"run has no option `{word}`; flags of main stand after the file", usage=USAGE)
        index += 2 if OPTIONS.get(name) and not equals else 1
    return words, None, []


def _read_options(words: list[str]) -> RunOptions:
    values: dict[str, Any] = {}
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if OPTIONS.get(name):
            given = value if equals else next(rest, None)
            if not given:
                raise CliError(Exit.USAGE, f"{name} needs a value", usage=USAGE)
            key = name[2:].replace("-", "_")
            if name in REPEATED:
                values[key] = (*values.get(key, ()), given)
            else:
                values[key] = _number(name, given) if name in COUNTS or name in SECONDS else given
        elif name in ("--local", "--allow-private"):
            values[name[2:].replace("-", "_")] = True
    if values.get("dtype", DTYPES[0]) not in DTYPES:
        raise CliError(Exit.USAGE, f"--dtype is {' or '.join(DTYPES)}, not `{values['dtype']}`", usage=USAGE)
    if values.get("errors", ERRORS[0]) not in ERRORS:
        raise CliError(Exit.USAGE, f"--errors is {' or '.join(ERRORS)}, not `{values['errors']}`", usage=USAGE)
    if values.get("policy", POLICIES[0]) not in POLICIES:
        raise CliError(Exit.USAGE, f"--policy is one of {', '.join(POLICIES)}, not `{values['policy']}`", usage=USAGE)
    return RunOptions(**values)


def _number(option: str, text: str) -> float:
    try:
        value = int(text) if option in COUNTS else float(text)
    except ValueError:
        value = 0
    if not 0 < value < 1e9:
        raise CliError(Exit.USAGE, f"{option} takes a number above 0, not `{text}`", usage=USAGE)
    return value


@contextmanager
def _connect(options: RunOptions, program: Program, terminal: Terminal) -> Iterator[Client]:
    """A client of the right server; what goes wrong with the connection or a request becomes a `CliError`."""
    from pielang.client import Client, ConnectionFailed, RequestRefused

    try:
        server = None if options.local or options.server else _suitable(find_server(os.environ), options, program)
        if options.server is not None or server is not None:
            endpoint = options.server or (server.endpoint if server else "")
            with Client.connect(endpoint) as client:
                yield client
            return
        from pielang.compiler.cache import cache_dir

        from .local import LocalServer

        chosen = ServerOptions()
        settings = ServerOptions(
            model=options.model or program.manifest.get("model") or chosen.model,
            dtype=options.dtype or chosen.dtype,
            pages=options.pages,
            memory_mb=options.memory or chosen.memory_mb,
            time_limit=options.time_limit or chosen.time_limit,
            limits=limits(options.limit),
            user_limits=limits(options.user_limit),
            adapters=options.adapters,
            host_pages=options.host_pages,
            trace=options.trace,
            policy=options.policy or chosen.policy,
            allow_net=options.allow_net,
            allow_private=options.allow_private,
        )
        model = None
        if program.manifest["needs_model"]:
            from .models import resolve_model

            model = resolve_model(settings.model)
        with LocalServer(settings, model, cache_dir()) as local, local.connect() as client:
            yield client
    except RequestRefused as error:
        code = {"arguments": Exit.USAGE, "program": Exit.FILE, "model": Exit.MODEL}.get(error.kind, Exit.SERVER)
        raise CliError(code, str(error)) from error
    except ConnectionFailed as error:
        raise CliError(Exit.SERVER, str(error)) from error


def _suitable(server: RunningServer | None, options: RunOptions, program: Program) -> RunningServer | None:
    """The running server, unless it speaks another protocol or the program wants another model than it has."""
    from pielang.server.wire.client import PROTOCOL

    if server is None or server.protocol != PROTOCOL or options.shapes_system:
        return None
    if program.manifest["needs_model"]:
        model = options.model or program.manifest.get("model")
        if model not in (None, server.model) or options.dtype not in (None, server.dtype):
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
                return _fail(failure, program, terminal)
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


def _fail(failure: Any, program: Program, terminal: Terminal) -> int:
    import json

    from .failures import failure_as_json, render_failure

    terminal.end_line()
    code = {"inference": Exit.SERVER, "internal": Exit.SERVER, "model": Exit.MODEL}.get(failure.kind, Exit.FAILED)
    if terminal.json:
        terminal.note(json.dumps({"error": failure_as_json(failure), "exit": int(code)}, ensure_ascii=False))
    else:
        terminal.note(render_failure(failure, program.path))
    return code
