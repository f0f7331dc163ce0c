"""A system brought up for one run, inside this process: its event loop runs in a thread beside the client's.

In: `ServerOptions` and the model's folder. Out: clients, connected by ZeroMQ as to any server, but within the process.
"""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import zmq

from pielang.client import Client
from pielang.config import ServerOptions

from .errors import CliError, Exit
from .system import System, write_log

if TYPE_CHECKING:
    from pielang.models import ModelFolder

ENDPOINT = "inproc://pielang"
START_SECONDS = 30.0
STOP_SECONDS = 5.0


class LocalServer:
    """A server for this process alone, from `with` to its end."""

    def __init__(self, options: ServerOptions, model: ModelFolder | None, cache: Path) -> None:
        self._options = options
        self._model = model
        self._cache = cache
        self._context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
        self._ready = threading.Event()
        self._fault: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._thread = threading.Thread(target=self._run, name="pie-server", daemon=True)

    def __enter__(self) -> LocalServer:
        write_log()
        self._thread.start()
        try:
            if not self._ready.wait(START_SECONDS):
                raise CliError(Exit.SERVER, f"the system did not come up within {START_SECONDS:g} seconds")
            self._check()
        except BaseException:
            self._end()
            raise
        return self

    def connect(self) -> Client:
        """A client of this server."""
        return Client.connect(ENDPOINT, context=self._context, check=self._check)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        if error is None:
            self._check()

    def _end(self) -> None:
        if self._loop is not None and self._stop is not None and self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(STOP_SECONDS)
        self._context.destroy(0)

    def _check(self) -> None:
        if self._fault is not None:
            raise CliError(
                Exit.SERVER, f"the system failed: {type(self._fault).__name__}: {self._fault}"
            ) from self._fault

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as fault:  # noqa: BLE001 - handed to the thread that waits, by `_check`
            self._fault = fault
        finally:
            self._ready.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        system = await System.open(self._options, self._model, self._cache, ENDPOINT, self._context, shared=False)
        try:
            self._ready.set()
            await self._stop.wait()
        finally:
            await system.close("the run is over")
