"""The gateway with a real socket and a service that does as the test says: faults of clients, order, back-pressure."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import zmq

from pielang.client import Client, ConnectionFailed, InferletFailed, RequestRefused
from pielang.server.control.errors import LaunchRefused
from pielang.server.gateway.gateway import Gateway
from pielang.server.wire.client import (
    MAX_MESSAGE,
    PROTOCOL,
    AskStatus,
    Failed,
    Finished,
    Hello,
    Launch,
    Message,
    Output,
    Refused,
    Terminate,
    Upload,
    decode_server,
    encode,
)
from pielang.server.wire.client_socket import ClientSocket, ConnectionLost, EndpointError


class Instance:
    """Echoes what is sent to it; ends when told, or when it is sent "end"."""

    def __init__(self, identity: str, count: int) -> None:
        self.id = identity
        self.count = count
        self.taken = 0
        self.inbox: asyncio.Queue[str | None] = asyncio.Queue()

    async def events(self) -> AsyncIterator[Output | Message | Finished | Failed]:
        for number in range(self.count):
            self.taken = number + 1
            yield Output(self.id, 1, b"%d " % number + b"x" * 1000)
        while (text := await self.inbox.get()) is not None:
            if text == "end":
                yield Finished(self.id, {"count": self.count})
                return
            yield Message(self.id, text)
        yield Failed(self.id, "cancelled", "it was ended", ())

    def send(self, message: str) -> None:
        self.inbox.put_nowait(message)

    def terminate(self) -> None:
        self.inbox.put_nowait(None)


class Service:
    def __init__(self) -> None:
        self.instances: list[Instance] = []
        self.users: set[str] = set()
        self.launched = threading.Semaphore(0)

    async def upload(self, wasm: bytes) -> str:
        if wasm == b"bug":
            raise ZeroDivisionError("a fault of ours")
        return wasm.decode()

    async def launch(
        self, program: str, arguments: dict[str, Any], *, name: str | None = None, user: str = ""
    ) -> Instance:
        self.users.add(user)
        if program == "slow":
            await asyncio.get_running_loop().create_future()
        if program == "unknown":
            raise LaunchRefused("program", "no such program")
        self.instances.append(Instance(f"{program}-{len(self.instances)}", arguments.get("count", 0)))
        self.launched.release()
        return self.instances[-1]

    def forget_user(self, user: str) -> None:
        self.users.discard(user)

    def status(self) -> dict[str, Any]:
        return {"instances": len(self.instances)}


class Server:
    """A gateway in a thread of its own."""

    def __init__(self, endpoint: str, context: zmq.Context[zmq.Socket[bytes]]) -> None:
        self.service = Service()
        self.ready = threading.Event()
        self.context = context
        self.faults: list[Any] = []
        self.thread = threading.Thread(target=lambda: asyncio.run(self.serve(endpoint)))
        self.thread.start()
        assert self.ready.wait(10)

    async def serve(self, endpoint: str) -> None:
        self.loop = asyncio.get_running_loop()
        self.loop.set_exception_handler(lambda loop, details: self.faults.append(details["exception"]))
        self.stopping = asyncio.Event()
        self.gateway = Gateway(self.service, endpoint, self.context, "test")
        self.endpoint = self.gateway.endpoint
        self.ready.set()
        await self.stopping.wait()
        await self.gateway.close("the test is over")

    def stop(self) -> None:
        if self.thread.is_alive():
            self.loop.call_soon_threadsafe(self.stopping.set)
            self.thread.join(10)
            assert not self.thread.is_alive()


@pytest.fixture(params=["tcp", "ipc", "inproc"])
def server(request: pytest.FixtureRequest, tmp_path: Any) -> Iterator[Server]:
    endpoints = {"tcp": "tcp://127.0.0.1:*", "ipc": f"ipc://{tmp_path}/s", "inproc": f"inproc://{tmp_path}"}
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    started = Server(endpoints[request.param], context)
    yield started
    started.stop()
    context.destroy(0)


def test_programs_run_and_their_events_come_in_order(server: Server) -> None:
    with Client.connect(server.endpoint, context=server.context) as client:
        instance = client.launch(client.upload(b"echo"), {"count": 5000})
        other = client.launch("echo", {"count": 3})
        for number in range(3):
            instance.send(f"message {number}")
        instance.send("end")
        other.send("end")
        assert other.result() == {"count": 3}
        *events, end = list(instance.events())
        assert [event.data.split()[0] for event in events if isinstance(event, Output)] == [
            b"%d" % n for n in range(5000)
        ]
        assert [event.message for event in events if isinstance(event, Message)] == [f"message {n}" for n in range(3)]
        assert end == Finished(instance.id, {"count": 5000})
        assert instance.next_event() is None
        assert client.status()["clients"] == 1


def test_refusals_reach_the_one_who_asked(server: Server) -> None:
    with Client.connect(server.endpoint, context=server.context) as client:
        with pytest.raises(RequestRefused, match="no such program") as refused:
            client.launch("unknown")
        assert refused.value.kind == "program"
        with pytest.raises(RequestRefused, match="a fault of ours") as fault:
            client.upload(b"bug")
        assert fault.value.kind == "internal"
        assert client.upload(b"echo") == "echo"
    assert [type(error) for error in server.faults] == [ZeroDivisionError]


def test_an_instance_belongs_to_its_client(server: Server) -> None:
    with Client.connect(server.endpoint, context=server.context) as owner:
        instance = owner.launch("echo")
        with Client.connect(server.endpoint, context=server.context) as other:
            other._send(Terminate(instance.id))
            other.status()
        instance.send("still here")
        assert instance.next_event(5) == Message(instance.id, "still here")
        instance.terminate()
        with pytest.raises(InferletFailed) as failed:
            instance.result()
        assert failed.value.failure.kind == "cancelled"


def test_what_a_vanished_client_launched_is_ended(server: Server) -> None:
    with Client.connect(server.endpoint, context=server.context) as client:
        client.launch("echo")
    with Client.connect(server.endpoint, context=server.context) as second:
        instance = server.service.instances[0]

        async def ended() -> None:
            async with asyncio.timeout(10):
                while server.gateway._tasks:
                    await asyncio.wait(set(server.gateway._tasks))

        asyncio.run_coroutine_threadsafe(ended(), server.loop).result(15)
        assert instance.inbox.empty()
        assert second.status()["clients"] == 1


def test_a_slow_client_holds_its_instances_up_and_loses_nothing(server: Server) -> None:
    with Client.connect(server.endpoint, context=server.context) as client:
        instance = client.launch("echo", {"count": 50_000})
        served = server.service.instances[0]
        with Client.connect(server.endpoint, context=server.context) as other:
            for _ in range(50):  # the first client reads nothing meanwhile
                other.status()
        held_up_at = served.taken
        instance.send("end")
        numbers = [int(event.data.split()[0]) for event in instance.events() if isinstance(event, Output)]
        assert numbers == list(range(50_000))
        assert held_up_at < 50_000


def test_a_server_that_ends_says_so(server: Server) -> None:
    client = Client.connect(server.endpoint, context=server.context)
    instance = client.launch("echo", {"count": 2})
    server.stop()
    kinds = [type(event) for event in instance.events()]
    assert kinds == [Output, Output, Failed]
    with pytest.raises(ConnectionFailed, match="the test is over"):
        client.status()
    client.close()


def test_a_launch_that_still_waits_does_not_hold_the_end_up(server: Server) -> None:
    client = Client.connect(server.endpoint, context=server.context)
    client._send(Launch(1, "slow", {}, None))
    client._requests = 1
    client.status()
    server.stop()
    with pytest.raises(ConnectionFailed, match="the test is over"):
        client.status()
    assert not server.faults
    client.close()


def test_messages_that_are_none_are_refused(server: Server) -> None:
    socket = ClientSocket(server.endpoint, server.context)
    bad = [b"", b"\xc1", b"\x91\x01", b"\x92\x07\x01", encode(Terminate("x"))]
    for frame in bad:
        assert socket.send(frame, 5)
        answer = socket.receive(5)
        assert answer is not None
        message = decode_server(answer)
        assert isinstance(message, Refused) and (message.request, message.kind) == (0, "protocol")
        assert "understand" in message.message
    assert PROTOCOL == 1
    socket.close()


def test_a_replayed_request_is_not_done_again(server: Server) -> None:
    socket = ClientSocket(server.endpoint, server.context)
    launch, ask = encode(Launch(2, "echo", {}, None)), encode(AskStatus(3))
    for frame in (encode(Hello("test")), launch, launch, encode(Upload(2, b"x")), encode(Upload(1, b"x")), ask, ask):
        assert socket.send(frame, 5)
    answers = []
    while len(answers) < 7:
        frame = socket.receive(5)
        assert frame is not None
        answers.append(decode_server(frame))
    assert sorted(type(answer).__name__ for answer in answers) == ["Launched", *["Refused"] * 4, "Status", "Welcome"]
    refusals = [answer for answer in answers if isinstance(answer, Refused)]
    assert all((answer.request, answer.kind) == (0, "protocol") for answer in refusals)
    assert "request 2 was made before" in refusals[0].message
    assert len(server.service.instances) == 1
    socket.close()


def test_a_frame_beyond_the_limit_costs_its_sender_the_connection_alone(server: Server) -> None:
    if server.endpoint.startswith("inproc:"):
        pytest.skip("nothing is framed within a process")
    with Client.connect(server.endpoint, context=server.context) as other:
        socket = ClientSocket(server.endpoint, server.context)
        assert socket.send(bytes(MAX_MESSAGE + 1), 5)
        with pytest.raises(ConnectionLost):
            socket.receive(20)
        socket.close()
        assert other.status()["clients"] == 1


def test_endpoints_that_cannot_be_served(tmp_path: Any) -> None:
    context: zmq.Context[zmq.Socket[bytes]] = zmq.Context()
    first = Server(f"ipc://{tmp_path}/s", context)
    second = Server("tcp://127.0.0.1:*", context)

    async def bind(endpoint: str) -> None:
        Gateway(Service(), endpoint, context, "test")

    refusals = {
        first.endpoint: "in use",
        second.endpoint: "in use",
        "tcp://0.0.0.0:5555": "only this machine",
        "tcp://127.0.0.1": "no port",
        "http://x": "no endpoint",
        "ipc://" + "x" * 200: "too long",
        "ipc:///proc/nowhere/s": "cannot serve",
    }
    for endpoint, reason in refusals.items():
        with pytest.raises(EndpointError, match=reason):
            asyncio.run(bind(endpoint))
    with Client.connect(first.endpoint) as client:  # untouched by the attempt
        assert client.upload(b"echo") == "echo"
    first.stop()
    second.stop()
    context.destroy(0)


def test_no_server_is_known_at_once() -> None:
    with pytest.raises(ConnectionFailed, match="no server at"):
        Client.connect("tcp://127.0.0.1:1")
