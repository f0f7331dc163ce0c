"""The two ends of a client's connection: frames in, frames out.

`ServerSocket` (ROUTER) lives in an event loop and hands frames to a callback; `ClientSocket` (DEALER) is for a plain
thread. No frame is dropped or reordered: where a peer's queue is full the sender is told, and where the peer is gone
both sides learn it.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from time import monotonic

import zmq

from .client import MAX_MESSAGE

Context = zmq.Context[zmq.Socket[bytes]]

QUEUED_FRAMES = 1000
"""Frames that may wait in a socket before its sender has to."""
HEARTBEAT_MS = 2000
"""A TCP peer that is silent for three of these is taken to be gone; ZeroMQ answers heartbeats by itself."""
DRAIN_AT_ONCE = 64


class EndpointError(Exception):
    """An endpoint can't be served or reached; the message says which, why and what to do."""


class ConnectionLost(Exception):
    """The server's end of the connection is gone."""


class Delivery(Enum):
    """What became of a frame."""

    SENT = 1
    FULL = 2  # the peer reads too slowly: try again later
    GONE = 3  # the peer has left


class ServerSocket:
    """Serves one endpoint: `tcp://127.0.0.1:PORT`, `ipc://PATH` or, for a client of the same process, `inproc://NAME`."""

    def __init__(self, endpoint: str, on_frame: Callable[[bytes, bytes], None], context: Context) -> None:
        """Binds, and begins to call `on_frame(peer, frame)` in the running event loop. Raises EndpointError."""
        self._loop = asyncio.get_running_loop()
        self._on_frame = on_frame
        self._lock: int | None = None
        self._closed = False
        check_endpoint(endpoint)
        self._path = Path(endpoint[len("ipc://") :]) if endpoint.startswith("ipc://") else None
        if self._path is not None:
            self._lock = _lock(self._path)
        self._socket = context.socket(zmq.ROUTER)
        try:
            self._socket.setsockopt(zmq.LINGER, 200)
            self._socket.setsockopt(zmq.ROUTER_MANDATORY, 1)
            self._socket.setsockopt(zmq.SNDHWM, QUEUED_FRAMES)
            self._socket.setsockopt(zmq.MAXMSGSIZE, MAX_MESSAGE)
            self._socket.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
            self._socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 3 * HEARTBEAT_MS)
            self._socket.bind(endpoint)
            bound = self._socket.getsockopt_string(zmq.LAST_ENDPOINT)
            self.endpoint = bound if endpoint.startswith("tcp:") else endpoint
        except zmq.ZMQError as error:
            self._socket.close(0)
            self._unlock()
            if error.errno == zmq.EADDRINUSE:
                raise EndpointError(
                    f"{endpoint} is in use by another program; choose another with --endpoint"
                ) from error
            raise EndpointError(f"cannot serve {endpoint}: {error.strerror or error}") from error
        self._descriptor = int(self._socket.getsockopt(zmq.FD))
        self._loop.add_reader(self._descriptor, self._drain)
        self._loop.call_soon(self._drain)

    def send(self, peer: bytes, frame: bytes) -> Delivery:
        """Hands a frame to a peer's queue; never waits."""
        if self._closed:
            return Delivery.GONE
        try:
            self._socket.send_multipart((peer, frame), zmq.DONTWAIT)
        except zmq.Again:
            return Delivery.FULL
        except zmq.ZMQError as error:
            if error.errno == zmq.EHOSTUNREACH:
                return Delivery.GONE
            raise
        finally:
            # The descriptor only tells of changes, and a send may swallow one: look for frames after each.
            self._loop.call_soon(self._drain)
        return Delivery.SENT

    def _drain(self) -> None:
        for _ in range(DRAIN_AT_ONCE):
            if self._closed:
                return
            try:
                parts = self._socket.recv_multipart(zmq.DONTWAIT)
            except zmq.Again:
                return
            self._on_frame(parts[0], parts[1] if len(parts) == 2 else b"")
        self._loop.call_soon(self._drain)

    def close(self) -> None:
        """Stops serving; frames handed over are still sent for a moment. Twice is fine."""
        if self._closed:
            return
        self._closed = True
        self._loop.remove_reader(self._descriptor)
        self._socket.close()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None and self._path is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._lock)
            self._lock = None


class ClientSocket:
    """One connection to a server."""

    def __init__(self, endpoint: str, context: Context) -> None:
        """Begins to connect; whether a server is there shows in `receive`. Raises EndpointError."""
        check_endpoint(endpoint)
        self.endpoint = endpoint
        self._socket = context.socket(zmq.DEALER)
        self._monitor: zmq.Socket[bytes] | None = None
        self._poller = zmq.Poller()
        self._closed = False
        try:
            self._socket.setsockopt(zmq.LINGER, 200)
            self._socket.setsockopt(zmq.RCVHWM, QUEUED_FRAMES)
            # A connection is never made again; forbidding it (-1) would throw away frames that wait here, so: not
            # this day.
            self._socket.setsockopt(zmq.RECONNECT_IVL, 86_400_000)
            self._socket.setsockopt(zmq.HEARTBEAT_IVL, HEARTBEAT_MS)
            self._socket.setsockopt(zmq.HEARTBEAT_TIMEOUT, 3 * HEARTBEAT_MS)
            if not endpoint.startswith("inproc:"):
                ends = zmq.EVENT_DISCONNECTED | zmq.EVENT_CLOSED | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL
                self._monitor = self._socket.get_monitor_socket(ends)
                self._poller.register(self._monitor, zmq.POLLIN)
            self._socket.connect(endpoint)
        except zmq.ZMQError as error:
            self.close()
            raise EndpointError(f"cannot connect to {endpoint}: {error.strerror or error}") from error
        self._poller.register(self._socket, zmq.POLLIN)

    def send(self, frame: bytes, timeout: float) -> bool:
        """Hands a frame over; False when there is no room for it within `timeout` seconds."""
        if not self._socket.poll(int(timeout * 1000), zmq.POLLOUT):
            return False
        self._socket.send(frame, zmq.DONTWAIT)
        return True

    def receive(self, timeout: float) -> bytes | None:
        """The next frame, or None after `timeout` seconds. Raises ConnectionLost when the server is gone."""
        deadline = monotonic() + timeout
        while True:
            try:
                return self._socket.recv(zmq.DONTWAIT)
            except zmq.Again:
                ready = dict(self._poller.poll(max(0, int((deadline - monotonic()) * 1000 + 0.5))))
            if self._monitor is not None and self._monitor in ready and self._socket not in ready:
                raise ConnectionLost(f"no server at {self.endpoint}, or it is gone")
            if not ready and monotonic() >= deadline:
                return None

    def close(self) -> None:
        """Ends the connection; frames handed over are still sent for a moment. Twice is fine."""
        if self._closed:
            return
        self._closed = True
        if self._monitor is not None:
            self._socket.disable_monitor()
            self._monitor.close(0)
        self._socket.close()


def check_endpoint(endpoint: str) -> None:
    """Raises EndpointError for what is no endpoint, and for one that other machines reach: clients name no user."""
    scheme, separator, rest = endpoint.partition("://")
    if not separator or scheme not in ("tcp", "ipc", "inproc") or not rest:
        raise EndpointError(f"`{endpoint}` is no endpoint; write tcp://127.0.0.1:PORT or ipc:///PATH")
    if scheme == "ipc" and len(os.fsencode(rest)) > 100:
        raise EndpointError(f"`{endpoint}` is too long: the system allows about 100 bytes for the path of a socket")
    if scheme == "tcp":
        host, colon, port = rest.rpartition(":")
        if not colon or not (port == "*" or (port.isascii() and port.isdigit() and int(port) < 65536)):
            raise EndpointError(f"`{endpoint}` has no port; write tcp://127.0.0.1:PORT")
        if host not in ("127.0.0.1", "localhost", "[::1]"):
            raise EndpointError(
                f"`{endpoint}`: clients are not authenticated, so only this machine may connect: 127.0.0.1"
            )


def _lock(path: Path) -> int:
    """A lock beside a socket's path: ZeroMQ would take the path over from a living server without a word."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise EndpointError(f"cannot serve ipc://{path}: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise EndpointError(f"ipc://{path} is in use by another server; choose another with --endpoint") from error
    return descriptor
