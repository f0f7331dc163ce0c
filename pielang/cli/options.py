"""Options of commands, read by argparse, whose complaints become `CliError`."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Sequence
from dataclasses import fields
from typing import Any, NoReturn

from pielang.config import DTYPES, POLICIES, ServerOptions

from .errors import CliError, Exit
from .terminal import Terminal


class Options(argparse.ArgumentParser):
    """An argument parser that raises instead of exiting, and takes no abbreviations. `takes`: its options, and whether
    each takes a value."""

    def __init__(self, command: str = "", description: str = "", **settings: Any) -> None:
        settings.setdefault("prog", f"pielang {command}")
        self.takes: dict[str, bool] = {}
        self.flags: dict[str, str] = {}  # by name of what is read: as it is written
        super().__init__(description=description, allow_abbrev=False, **settings)
        self.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="results and errors as JSON")

    def add_argument(self, *names: str, **settings: Any) -> argparse.Action:
        action = super().add_argument(*names, **settings)
        self.takes |= dict.fromkeys(action.option_strings, action.nargs != 0)
        self.flags[action.dest] = names[0]
        return action

    def error(self, message: str) -> NoReturn:
        about = re.sub(r"^argument (-[\w-]+): ", r"\1 ", message)
        raise CliError(Exit.USAGE, about, usage=self.format_usage().strip())

    def read(self, words: Sequence[str], terminal: Terminal) -> argparse.Namespace:
        """The options in `words`; --help prints and leaves with `SystemExit(0)`, as argparse does."""
        terminal.json = terminal.json or "--json" in words  # before anything can be wrong with the rest
        return self.parse_args(words)


def add_errors_option(options: Options) -> None:
    """Whether what is wrong with types refuses the program or raises when it is run."""
    about = "raise: wrong types, names and arguments only warn, and raise when run (default: refuse)"
    options.add_argument("--errors", metavar="HOW", type=one_of(("refuse", "raise")), default="refuse", help=about)


def add_server_options(options: Options) -> None:
    """Those that say what a server, or the system brought up for one run, is made of; see `server_options`."""

    def add(name: str, metavar: str, help: str, **settings: Any) -> None:
        options.add_argument(name, metavar=metavar, help=help, default=argparse.SUPPRESS, **settings)

    add("--model", "NAME|PATH", "a known model, a Hugging Face folder, a GGUF file, or sim:llama-1b (simulated)")
    add("--dtype", "TYPE", "what the model computes in (default: float32)", type=one_of(DTYPES))
    add("--pages", "N", "KV pages of 16 tokens (default: by free memory)", type=positive)
    add("--memory", "MB", "most memory a program may have (default: 256)", type=positive, dest="memory_mb")
    add("--time-limit", "SECONDS", "longest it may compute without a pause (default: 10)", type=seconds)
    add("--limit", "NAME=N", "another limit of each program: pages=200", type=limit, action="append", dest="limits")
    about = "the same for all programs of one client together"
    add("--user-limit", "NAME=N", about, type=limit, action="append", dest="user_limits")
    add("--adapters", "FOLDER", "LoRA adapters that programs may load by name")
    add("--host-pages", "N", "KV pages kept in host memory when they run out", type=count)
    add("--trace", "FILE", "write what happened, to be opened in Perfetto (ui.perfetto.dev)")
    add("--policy", "NAME", f"how batches are formed: {', '.join(POLICIES)}", type=one_of(POLICIES))
    add("--allow-net", "HOST", "a host that programs may reach by HTTP, if they ask for it", action="append")
    about = "also hosts at loopback and private addresses"
    options.add_argument("--allow-private", action="store_true", default=argparse.SUPPRESS, help=about)


def server_options(chosen: argparse.Namespace, **standard: Any) -> ServerOptions:
    """What was chosen of `add_server_options`, else `standard`, else the usual. CliError for an unknown limit."""
    from pielang.server.control.limits import effective

    names = {field.name for field in fields(ServerOptions)}
    given = {name: value for name, value in vars(chosen).items() if name in names}
    for name in ("limits", "user_limits", "allow_net"):
        given[name] = tuple(given.get(name, ()))
    try:
        effective(dict(given["limits"]))
        effective(dict(given["user_limits"]))
    except ValueError as error:
        raise CliError(Exit.USAGE, f"--limit: {error}") from error
    return ServerOptions(**{**standard, **given})


# Types for argparse, which puts the option's name before what they say.


def one_of(names: Sequence[str]) -> Callable[[str], str]:
    def chosen(text: str) -> str:
        if text not in names:
            raise argparse.ArgumentTypeError(f"is {' or '.join(names)}, not `{text}`")
        return text

    return chosen


def limit(text: str) -> tuple[str, float]:
    name, _, number = text.partition("=")
    try:
        return name, float(number)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"takes NAME=NUMBER, not `{text}`") from error


def count(text: str) -> int:
    """A number of things, 0 among them."""
    return 0 if text == "0" else positive(text)


def positive(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 1e9):
        raise argparse.ArgumentTypeError(f"takes a number above 0, not `{text}`")
    return int(text)


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"takes a number of seconds above 0, not `{text}`")
    return value
