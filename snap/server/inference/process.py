"""What a process behind the wire does besides its work: it says what it has loaded, and ends with its parent.

Comes in: the address that the serve process has bound, how to load, how to serve. Goes out: `ModelInfo` or `Failed`.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pielang.server.inference.config import ModelRefused
from pielang.server.wire.batch import ModelInfo
from pielang.server.wire.codec import Failed, WireError
from pielang.server.wire.endpoint import InferenceEndpoint

Device = TypeVar("Device")


def run(
    address: str, load: Callable[[], tuple[Device, ModelInfo]], serve: Callable[[InferenceEndpoint, Device], None]
) -> int:
    """The process's exit code. `load` may raise `ModelRefused`; `serve` ends with `WireError` only."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(address,), name="parent", daemon=True).start()
    endpoint = InferenceEndpoint(address)
    try:
        device, info = load()
        endpoint.send(info)
        serve(endpoint, device)
    except ModelRefused as error:
        endpoint.send(Failed(str(error)))
    except WireError as error:
        print(f"error: {error}", file=sys.stderr)
    endpoint.close()
    return 1


def _end_with_parent(address: str) -> None:
    """The serve process holds the other end of our standard input: when that closes, nobody needs us any more."""
    while os.read(0, 4096):
        pass
    # it had no chance to clear away the socket and its folder; if it is doing so now, they are gone already
    socket = Path(address.removeprefix("ipc://"))
    with contextlib.suppress(OSError):
        socket.unlink()
        socket.parent.rmdir()
    os._exit(0)
