"""`pielang stats`: what a running server counts."""

from __future__ import annotations

import os

from .errors import CliError, Exit
from .interrupts import Interrupts
from .options import Options
from .terminal import Terminal


def stats(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Shows the counters of the running server: programs, batches, pages by state, tokens."""
    options = Options("stats", "Show what a running server counts.")
    options.add_argument("--server", metavar="ENDPOINT", help="which (default: the one `pielang serve` started)")
    chosen = options.read(words, terminal)
    from pielang.client import Client, ConnectionFailed
    from pielang.config import find_server

    running = find_server(os.environ)
    endpoint = chosen.server or (running.endpoint if running is not None else None)
    if endpoint is None:
        raise CliError(Exit.SERVER, "no server runs; `pielang serve` starts one")
    try:
        with Client.connect(endpoint) as client:
            counts = client.status()
    except ConnectionFailed as error:
        raise CliError(Exit.SERVER, str(error)) from error
    if terminal.json:
        terminal.object(counts)
    else:
        width = max(map(len, counts))
        for name, value in counts.items():
            terminal.say(
                f"{name:<{width}}  {value:,}" if isinstance(value, int | float) else f"{name:<{width}}  {value}"
            )
    return Exit.OK
