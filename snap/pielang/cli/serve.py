"""`pielang serve`: a server until it is stopped.

In: options. Out: a line when it is ready, then service; it ends in order on Ctrl-C or SIGTERM (exit 0).
"""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import zmq

from pielang.compiler.cache import cache_dir
from pielang.config import RunningServer, ServerOptions, announce_server, default_endpoint, find_server
from pielang.server.wire.client import PROTOCOL
from pielang.server.wire.client_socket import EndpointError, check_endpoint

from .errors import CliError, Exit
from .interrupts import Interrupts
from .models import resolve_model
from .options import Options, add_server_options, server_options
from .terminal import Terminal

if TYPE_CHECKING:
    from pielang.models import ModelFolder

    from .system import System


def serve(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Serves a model to the programs of this machine."""
    options = Options("serve", "Serve a model to programs, until stopped (Ctrl-C or SIGTERM).")
    add_server_options(options)
    options.add_argument(
        "--endpoint", metavar="ENDPOINT", help="tcp://127.0.0.1:PORT or ipc:///PATH (default: a socket of this user's)"
    )
    chosen = options.read(words, terminal)
    begin = perf_counter()
    settings = server_options(chosen)
    endpoint = chosen.endpoint or default_endpoint(os.environ)
    try:
        check_endpoint(endpoint)
        running = find_server(os.environ)
        if chosen.endpoint is None and running is not None:
            raise EndpointError(
                f"a server runs already (process {running.pid}, {running.endpoint}); stop it, or use --endpoint"
            )
        model = resolve_model(settings.model)
        asyncio.run(_serve(settings, model, endpoint, terminal, interrupts, begin))
    except EndpointError as error:
        raise CliError(Exit.SERVER, str(error)) from error
    return Exit.OK


async def _serve(
    settings: ServerOptions, model: ModelFolder, endpoint: str, terminal: Terminal, interrupts: Interrupts, begin: float
) -> None:
    from .system import System, write_log

    write_log()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def interrupt() -> None:
        if stop.is_set():
            os._exit(Exit.INTERRUPTED)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupt)
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    system = await System.open(settings, model, cache_dir(), endpoint, context, shared=True)
    announced: Path | None = None
    try:
        await system.load_model()
        if find_server(os.environ) is None:
            server = RunningServer(system.gateway.endpoint, os.getpid(), PROTOCOL, model.name, settings.dtype)
            announced = announce_server(server, os.environ)
        _say_ready(system, model, settings, perf_counter() - begin, terminal)
        await stop.wait()
    finally:
        if announced is not None:
            announced.unlink(missing_ok=True)
        await system.close("the server was stopped")
        context.term()


def _say_ready(system: System, model: ModelFolder, settings: ServerOptions, seconds: float, terminal: Terminal) -> None:
    endpoint = system.gateway.endpoint
    if terminal.json:
        terminal.object(
            {
                "event": "ready",
                "endpoint": endpoint,
                "pid": os.getpid(),
                "model": model.name,
                "seconds": round(seconds, 3),
            }
        )
    else:
        terminal.say(
            f"serving {model.name} ({settings.dtype}) at {endpoint}, ready in {seconds:.1f} s; Ctrl-C stops it"
        )
