"""Options of commands, read by argparse, whose complaints become `CliError`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from pielang.config import DTYPES, POLICIES

from .errors import CliError, Exit
from .terminal import Terminal

ERRORS = ("refuse", "raise")
ERRORS_HELP = "raise: wrong types, names and arguments only warn, and raise when run (default: refuse)"


class Options(argparse.ArgumentParser):
    """An argument parser that raises instead of exiting, and takes no abbreviations."""

    def __init__(self, command: str = "", description: str = "", **settings: Any) -> None:
        settings.setdefault("prog", f"pielang {command}")
        super().__init__(description=description, allow_abbrev=False, **settings)
        self.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="results and errors as JSON")

    def error(self, message: str) -> NoReturn:
        raise CliError(Exit.USAGE, message, usage=self.format_usage().strip())

    def read(self, words: Sequence[str], terminal: Terminal) -> argparse.Namespace:
        """The options in `words`; --help prints and leaves with `SystemExit(0)`, as argparse does."""
        terminal.json = terminal.json or "--json" in words  # before anything can be wrong with the rest
        return self.parse_args(words)


def add_errors_option(options: argparse.ArgumentParser) -> None:
    """Whether what is wrong with types refuses the program or raises when it is run."""
    options.add_argument("--errors", choices=ERRORS, default=ERRORS[0], help=ERRORS_HELP)


def add_server_options(options: argparse.ArgumentParser) -> None:
    """Those that say what a server, or the system brought up for one run, is made of."""
    options.add_argument(
        "--model",
        metavar="NAME|PATH",
        help="a known model, a Hugging Face folder, a GGUF file, or sim:llama-1b (simulated)",
    )
    options.add_argument("--dtype", choices=DTYPES, help="what the model computes in (default: float32)")
    options.add_argument("--pages", type=positive, metavar="N", help="KV pages of 16 tokens (default: by free memory)")
    options.add_argument("--memory", type=positive, metavar="MB", help="most memory a program may have (default: 256)")
    options.add_argument(
        "--time-limit", type=seconds, metavar="SECONDS", help="longest it may compute without a pause (default: 10)"
    )
    options.add_argument(
        "--limit", action="append", metavar="NAME=NUMBER", help="another limit of each program, e.g. pages=200"
    )
    options.add_argument(
        "--user-limit", action="append", metavar="NAME=NUMBER", help="the same for all programs of one client together"
    )
    options.add_argument("--adapters", metavar="FOLDER", help="LoRA adapters that programs may load by name")
    options.add_argument("--host-pages", type=count, metavar="N", help="KV pages kept in host memory when they run out")
    options.add_argument("--policy", choices=POLICIES, help="how batches are formed (default: adaptive)")
    options.add_argument(
        "--allow-net",
        action="append",
        metavar="HOST",
        help="a host that programs may reach by HTTP, if they ask for it",
    )
    options.add_argument("--allow-private", action="store_true", help="also hosts at loopback and private addresses")


def limits(words: Sequence[str]) -> tuple[tuple[str, float], ...]:
    """The limits that `--limit NAME=NUMBER` sets; raises CliError for a name that is none and for what is no number."""
    from pielang.server.control.limits import effective

    chosen: dict[str, float] = {}
    for word in words:
        name, _, text = word.partition("=")
        try:
            chosen[name] = float(text)
        except ValueError as error:
            raise CliError(Exit.USAGE, f"--limit takes NAME=NUMBER, not `{word}`") from error
    try:
        effective(chosen)
    except ValueError as error:
        raise CliError(Exit.USAGE, f"--limit: {error}") from error
    return tuple(chosen.items())


def count(text: str) -> int:
    """A number of things, 0 among them; for argparse."""
    return 0 if text == "0" else positive(text)


def positive(text: str) -> int:
    """A count; for argparse."""
    value = int(text) if text.isascii() and text.isdigit() else 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"`{text}` is not a whole number above 0")
    return value


def seconds(text: str) -> float:
    """A length of time; for argparse."""
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e9:
        raise argparse.ArgumentTypeError(f"`{text}` is not a number of seconds above 0")
    return value
