"""Serves clients: their requests go to the node, the events of what they launched go back to them.

In: frames of the client protocol (`server/wire/client.py`). Out: the same, on one socket. An instance belongs to the
client that launched it: nobody else can write to it or end it, and when that client is gone, so is the instance.
Events go out in order and none is lost: where a client reads too slowly its instances' events wait, and in the end
the instances do.
"""

from __future__ import annotations

import asyncio
import os
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from typing import Any, Protocol

from ..control.errors import LaunchRefused
from ..wire import client as wire
from ..wire.client_socket import Context, Delivery, ServerSocket

PING_SECONDS = 1.0
RETRY_SECONDS = 0.005
"""How soon a frame is offered again to a client whose queue was full."""


class Instance(Protocol):
    """A running program, as the node hands it out."""

    @property
    def id(self) -> str: ...
    def events(self) -> AsyncIterator[wire.Output | wire.Message | wire.Finished | wire.Failed]: ...
    def send(self, message: str) -> None: ...
    def end_messages(self) -> None: ...
    def terminate(self) -> None: ...


class Service(Protocol):
    """What the gateway needs of a node."""

    async def upload(self, wasm: bytes) -> str: ...
    async def launch(
        self, program: str, arguments: dict[str, Any], *, name: str | None = None, user: str = ""
    ) -> Instance: ...
    def forget_user(self, user: str) -> None: ...
    def status(self) -> dict[str, Any]: ...


class Peer:
    """A client: its address, what waits to be sent to it, and what it launched."""

    def __init__(self, address: bytes) -> None:
        self.address = address
        self.outbox: deque[bytes] = deque()
        self.room = asyncio.Event()
        self.room.set()
        self.offering = False  # a full queue is being tried again
        self.gone = False
        self.request = 0  # the latest that was made
        self.instances: dict[str, Instance] = {}


class Gateway:
    """Serves one endpoint for one node, from construction to `close`."""

    def __init__(self, service: Service, endpoint: str, context: Context, version: str) -> None:
        """Binds the endpoint in the running event loop. Raises EndpointError."""
        self._service = service
        self._version = version
        self._peers: dict[bytes, Peer] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._starting: set[asyncio.Task[None]] = set()  # those of them that wait for their program to start
        self._closing = False
        self._socket = ServerSocket(endpoint, self._on_frame, context)
        self.endpoint = self._socket.endpoint
        self._watch = asyncio.create_task(self._ping())

    async def close(self, reason: str) -> None:
        """Ends what clients launched, tells them so, says goodbye and stops serving. Twice is fine."""
        if self._closing:
            return
        self._closing = True
        self._watch.cancel()
        for task in self._starting:
            task.cancel()
        for peer in self._peers.values():
            for instance in peer.instances.values():
                instance.terminate()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        for task in self._tasks:
            task.cancel()
        for peer in list(self._peers.values()):
            self._send(peer, wire.Goodbye(reason))
        self._socket.close()

    def _on_frame(self, address: bytes, frame: bytes) -> None:
        peer = self._peers.get(address)
        try:
            message = wire.decode_client(frame)
            if peer is None and not isinstance(message, wire.Hello):
                raise wire.ProtocolError("the first message is not Hello")
        except wire.ProtocolError as error:
            self._send(
                peer or Peer(address), wire.Refused(0, "protocol", f"the server did not understand a message: {error}")
            )
            return
        if peer is None:
            peer = self._peers[address] = Peer(address)
        if isinstance(message, wire.Upload | wire.Launch | wire.AskStatus):
            if message.request <= peer.request:
                problem = f"request {message.request} was made before; numbers of requests grow"
                self._send(peer, wire.Refused(0, "protocol", problem))
                return
            peer.request = message.request
        match message:
            case wire.Hello():
                self._send(peer, wire.Welcome(self._version, os.getpid()))
            case wire.Upload():
                self._spawn(peer, message.request, self._upload(peer, message))
            case wire.Launch():
                self._spawn(peer, message.request, self._launch(peer, message))
            case wire.Send():
                # What ended a moment ago is not there any more, which its client will learn from the event under way.
                if (instance := peer.instances.get(message.instance)) is not None:
                    instance.send(message.message)
            case wire.EndMessages():
                if (instance := peer.instances.get(message.instance)) is not None:
                    instance.end_messages()
            case wire.Terminate():
                if (instance := peer.instances.get(message.instance)) is not None:
                    instance.terminate()
            case wire.AskStatus():
                self._send(peer, wire.Status(message.request, {**self._service.status(), "clients": len(self._peers)}))

    async def _upload(self, peer: Peer, message: wire.Upload) -> None:
        try:
            program = await self._service.upload(message.wasm)
        except LaunchRefused as error:
            self._send(peer, wire.Refused(message.request, error.kind, str(error)))
        else:
            self._send(peer, wire.Uploaded(message.request, program))

    async def _launch(self, peer: Peer, message: wire.Launch) -> None:
        if self._closing:
            self._send(peer, wire.Refused(message.request, "closing", "the server is ending"))
            return
        task = asyncio.current_task()
        assert task is not None
        self._starting.add(task)
        try:
            user = peer.address.hex()
            instance = await self._service.launch(message.program, message.arguments, name=message.name, user=user)
        except LaunchRefused as error:
            self._send(peer, wire.Refused(message.request, error.kind, str(error)))
            return
        finally:
            self._starting.discard(task)
        peer.instances[instance.id] = instance
        self._send(peer, wire.Launched(message.request, instance.id))
        if peer.gone or self._closing:
            instance.terminate()
        try:
            async for event in instance.events():
                await peer.room.wait()
                self._send(peer, event)
        finally:
            del peer.instances[instance.id]

    def _send(self, peer: Peer, message: wire.ServerMessage) -> None:
        if peer.gone:
            return
        try:
            frame = wire.encode(message)
        except wire.ProtocolError as error:
            if not isinstance(message, wire.Finished):
                raise
            frame = wire.encode(wire.Failed(message.instance, "internal", f"the result cannot be sent: {error}", ()))
        peer.outbox.append(frame)
        self._flush(peer)

    def _flush(self, peer: Peer) -> None:
        while peer.outbox:
            match self._socket.send(peer.address, peer.outbox[0]):
                case Delivery.SENT:
                    peer.outbox.popleft()
                case Delivery.FULL:
                    peer.room.clear()
                    if not peer.offering:
                        peer.offering = True
                        asyncio.get_running_loop().call_later(RETRY_SECONDS, self._offer_again, peer)
                    return
                case Delivery.GONE:
                    self._drop(peer)
                    return
        peer.room.set()

    def _offer_again(self, peer: Peer) -> None:
        peer.offering = False
        self._flush(peer)

    def _drop(self, peer: Peer) -> None:
        peer.gone = True
        peer.outbox.clear()
        peer.room.set()
        self._peers.pop(peer.address, None)
        self._service.forget_user(peer.address.hex())
        for instance in list(peer.instances.values()):
            instance.terminate()

    async def _ping(self) -> None:
        while True:
            await asyncio.sleep(PING_SECONDS)
            for peer in list(self._peers.values()):
                if not peer.outbox:
                    self._send(peer, wire.Ping())

    def _spawn(self, peer: Peer, request: int, work: Coroutine[Any, Any, None]) -> None:
        def done(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            if not task.cancelled() and (error := task.exception()) is not None:
                # A fault of ours: the client is told, and the event loop's handler records where it was.
                self._send(peer, wire.Refused(request, "internal", f"{type(error).__name__}: {error}"))
                asyncio.get_running_loop().call_exception_handler({"message": "a request failed", "exception": error})

        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(done)
