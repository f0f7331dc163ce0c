"""The Python client: programs go to a server, instances of them run there, their events come back.

```python
with Client.connect() as client:
    instance = client.launch(client.upload(wasm), {"question": "Why?"})
    for event in instance.events():
        ...
    print(instance.result())
```

A client is for one thread. Everything it raises is below `ClientError`.

ClientError
├── ConnectionFailed     no server there, or it went away
├── RequestRefused       the server could not do what was asked; `.kind` and the message say why
└── InferletFailed       the program ended otherwise than by returning; `.failure` is the `Failed` event
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from time import monotonic
from types import TracebackType
from typing import Any, TypeVar

import zmq

from pielang.config import find_server
from pielang.server.wire import client as wire
from pielang.server.wire.client_socket import ClientSocket, ConnectionLost, EndpointError

Event = wire.Output | wire.Message | wire.Finished | wire.Failed
Reply = wire.Uploaded | wire.Launched | wire.Refused | wire.Status
Answer = TypeVar("Answer", wire.Uploaded, wire.Launched, wire.Status)

SEND_SECONDS = 10.0
SLICE = 0.1
"""Seconds between two looks at what else could end a wait."""


class ClientError(Exception):
    """Something that a client asked for did not happen."""


class ConnectionFailed(ClientError):
    """There is no server at the endpoint, it does not speak this protocol, or it went away."""


class RequestRefused(ClientError):
    """The server could not do what was asked. `kind` as in `server.wire.client.Refused`."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind


class InferletFailed(ClientError):
    """An instance ended otherwise than by returning."""

    def __init__(self, failure: wire.Failed) -> None:
        super().__init__(failure.message)
        self.failure = failure


class Instance:
    """A running program."""

    def __init__(self, client: Client, identity: str) -> None:
        self.id = identity
        self._client = client
        self._waiting: deque[Event] = deque()
        self._end: wire.Finished | wire.Failed | None = None

    def next_event(self, timeout: float | None = None) -> Event | None:
        """The next event in order; None after `timeout` seconds and after the last event. Raises ConnectionFailed."""
        deadline = None if timeout is None else monotonic() + timeout
        while not self._waiting:
            if self._end is not None or not self._client._advance(deadline):
                return None
        return self._waiting.popleft()

    def events(self) -> Iterator[Event]:
        """All events; the last one is a Finished or a Failed."""
        while (event := self.next_event()) is not None:
            yield event

    def result(self) -> Any:
        """Waits for the end and returns what `main` returned; raises InferletFailed. Takes no events away."""
        while self._end is None:
            self._client._advance(None)
        if isinstance(self._end, wire.Failed):
            raise InferletFailed(self._end)
        return self._end.result

    def send(self, message: str) -> None:
        """Gives the program a message, for its `receive`."""
        self._client._send(wire.Send(self.id, message))

    def end_messages(self) -> None:
        """Tells the program that no more messages come: its `receive` raises EOFError once it has taken them all."""
        self._client._send(wire.EndMessages(self.id))

    def terminate(self) -> None:
        """Ends the program; its last event is then a Failed of kind "cancelled", if it did not end by itself before."""
        self._client._send(wire.Terminate(self.id))

    def _take(self, event: Event) -> None:
        self._waiting.append(event)
        if isinstance(event, wire.Finished | wire.Failed):
            self._end = event


class Client:
    """A connection to a server; see the module for an example."""

    def __init__(self, socket: ClientSocket, check: Callable[[], None] | None = None) -> None:
        """For `connect`. `check` is called while waiting and may raise to end the wait."""
        self._socket = socket
        self._check = check
        self._requests = 0
        self._replies: dict[int, Reply] = {}
        self._instances: dict[str, Instance] = {}
        self._welcome: wire.Welcome | None = None
        self._gone = ""

    @classmethod
    def connect(
        cls,
        endpoint: str | None = None,
        *,
        timeout: float = 5.0,
        environment: Mapping[str, str] = os.environ,
        context: zmq.Context[zmq.Socket[bytes]] | None = None,
        check: Callable[[], None] | None = None,
    ) -> Client:
        """Connects to the server at `endpoint`, by default the one that runs for this user. Raises ConnectionFailed."""
        if endpoint is None:
            server = find_server(environment)
            if server is None:
                raise ConnectionFailed("no server is running; start one with `pielang serve`")
            endpoint = server.endpoint
        try:
            client = cls(ClientSocket(endpoint, context or zmq.Context.instance()), check)
        except EndpointError as error:
            raise ConnectionFailed(str(error)) from error
        try:
            client._send(wire.Hello(f"python {os.getpid()}"))
            deadline = monotonic() + timeout
            while client._welcome is None:
                if not client._advance(deadline):
                    raise ConnectionFailed(f"the server at {endpoint} does not answer within {timeout:g} seconds")
        except BaseException:
            client.close()
            raise
        return client

    def upload(self, wasm: bytes) -> str:
        """Gives the server a compiled program and returns the name to launch it by. Twice costs nothing."""
        return self._ask(lambda request: wire.Upload(request, wasm), wire.Uploaded).program

    def launch(self, program: str, arguments: Mapping[str, Any] | None = None, *, name: str | None = None) -> Instance:
        """Starts a program with arguments by parameter name. Raises RequestRefused, if they do not fit, say."""
        launched = self._ask(lambda request: wire.Launch(request, program, dict(arguments or {}), name), wire.Launched)
        return self._instances[launched.instance]

    def status(self) -> dict[str, Any]:
        """The server's counters: instances, pages, batches and so on."""
        return self._ask(wire.AskStatus, wire.Status).values

    def close(self) -> None:
        """Ends the connection; the server ends what this client launched. Twice is fine."""
        self._gone = self._gone or "the client is closed"
        self._socket.close()

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _ask(self, request: Callable[[int], Any], wanted: type[Answer]) -> Answer:
        self._requests += 1
        number = self._requests
        self._send(request(number))
        while (reply := self._replies.pop(number, None)) is None:
            self._advance(None)
        if isinstance(reply, wire.Refused):
            raise RequestRefused(reply.kind, reply.message)
        if not isinstance(reply, wanted):
            raise ConnectionFailed(f"the server answered {type(reply).__name__} where {wanted.__name__} was asked for")
        return reply

    def _send(self, message: Any) -> None:
        frame = wire.encode(message)
        deadline = monotonic() + SEND_SECONDS
        while True:
            if self._gone:
                raise ConnectionFailed(self._gone)
            if self._socket.send(frame, SLICE):
                return
            # No room: the server is gone, which the messages that wait here may tell, or waits for us to take them.
            while self._advance(monotonic()):
                pass
            if monotonic() >= deadline:
                raise ConnectionFailed(f"the server at {self._socket.endpoint} takes no more messages")

    def _advance(self, deadline: float | None) -> bool:
        """Takes in one message of the server; False when none came until `deadline`."""
        while True:
            if self._gone:
                raise ConnectionFailed(self._gone)
            left = SLICE if deadline is None else min(SLICE, deadline - monotonic())
            try:
                frame = self._socket.receive(max(0.0, left))
            except ConnectionLost as error:
                self._gone = str(error)
                continue
            if frame is not None:
                break
            if self._check is not None:
                self._check()
            if deadline is not None and monotonic() >= deadline:
                return False
        try:
            self._take(wire.decode_server(frame))
        except wire.ProtocolError as error:
            raise ConnectionFailed(f"the server at {self._socket.endpoint} sent what is no message: {error}") from error
        return True

    def _take(self, message: Any) -> None:
        match message:
            case wire.Output() | wire.Message() | wire.Finished() | wire.Failed():
                if (instance := self._instances.get(message.instance)) is not None:
                    instance._take(message)
                    if isinstance(message, wire.Finished | wire.Failed):
                        del self._instances[message.instance]
            case wire.Launched():
                self._instances[message.instance] = Instance(self, message.instance)
                self._replies[message.request] = message
            case wire.Refused() if message.request == 0:
                self._gone = message.message
            case wire.Uploaded() | wire.Refused() | wire.Status():
                self._replies[message.request] = message
            case wire.Welcome():
                self._welcome = message
            case wire.Goodbye():
                self._gone = message.reason
            case wire.Ping():
                pass
