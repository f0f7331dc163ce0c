"""The inference process's end of the wire.

Comes in: the endpoint that the serve process has bound. Goes out: its batches, and what is to be told to it. The
other end is `link.InferenceLink`.
"""

from __future__ import annotations

import zmq

from pielang.server.wire.batch import Batch, BatchResult, ModelInfo
from pielang.server.wire.codec import Failed, WireError, decode, encode


class InferenceEndpoint:
    """A socket to the serve process; close it so that what was sent last is still delivered."""

    def __init__(self, endpoint: str) -> None:
        self._context = zmq.Context()
        self._socket = self._context.socket(zmq.PAIR)
        self._socket.set_hwm(0)
        self._socket.linger = 2000  # milliseconds
        self._socket.connect(endpoint)
        self._latest = -1  # number of a batch

    def send(self, message: ModelInfo | Failed | BatchResult) -> None:
        """Send a message; never waits."""
        self._socket.send_multipart(encode(message))

    def receive(self, wait: bool) -> Batch | None:
        """The next batch; None if there is none and `wait` is false. One that was there before is passed over: its
        pages may belong to others by now. Raises `WireError`."""
        while True:
            try:
                frames = self._socket.recv_multipart(0 if wait else zmq.NOBLOCK)
            except zmq.Again:
                return None
            message = decode(frames)
            if not isinstance(message, Batch):
                raise WireError(f"the serve process sends batches, not {type(message).__name__}")
            if message.id > self._latest:
                self._latest = message.id
                return message

    def close(self) -> None:
        """Deliver what was sent, and free the socket."""
        self._socket.close()
        self._context.term()
