"""HTTP from programs: what they get, whole and in pieces, what they must not reach, and that nothing is left behind."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web

from pielang.api.errors import CallError, Status
from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control import http as http_module
from pielang.server.control.http import CHUNK_BYTES, Exchange, Http
from pielang.server.control.limits import Usage, effective
from pielang.server.control.node import InstanceHandle, Node, NodeConfig
from pielang.server.wire.client import Failed, Finished
from tests.server.control.test_node import no_model

ENDLESS = 64 << 20  # bytes after which the server gives up
STALL_SECONDS = 0.5


class Server:
    """A web server, and what it sees of its clients."""

    def __init__(self) -> None:
        self.base = ""
        self.go = asyncio.Event()  # lets /turns go on
        self.ended: list[str] = []  # what became of endless answers
        self.open = 0  # requests at work

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.open += 1
        try:
            return await self._answer(request)
        finally:
            self.open -= 1

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        match request.path:
            case "/endless" | "/turns":
                return await self._stream(request)
            case "/hang":
                await asyncio.Event().wait()
            case "/early":
                return web.Response(status=413, text="too much")
        body = await request.read()
        match request.path:
            case "/echo":
                text = f"{request.method} {request.headers.get('X-Word', '')} {body.decode()}"
                return web.Response(text=text, headers={"X-Answer": "yes"})
            case "/mirror":
                return web.Response(body=body, headers={"Content-Type": request.headers["Content-Type"]})
            case "/gzip":
                return web.Response(body=gzip.compress(b"x" * 100_000), headers={"Content-Encoding": "gzip"})
            case "/members":
                packed = gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 9
                return web.Response(body=packed, headers={"Content-Encoding": "gzip"})
            case "/bomb":
                return web.Response(body=gzip.compress(bytes(20 << 20)), headers={"Content-Encoding": "gzip"})
            case "/cut":
                return web.Response(body=gzip.compress(b"x" * 100)[:-9], headers={"Content-Encoding": "gzip"})
            case "/garbled":
                return web.Response(body=b"no gzip", headers={"Content-Encoding": "gzip"})
            case "/loop":
                raise web.HTTPFound("/loop")
            case "/away":
                raise web.HTTPFound("http://elsewhere.example/echo")
            case "/inside":
                raise web.HTTPFound("http://10.0.0.1/")
            case "/see":
                raise web.HTTPSeeOther("/echo")
            case "/keep":
                raise web.HTTPTemporaryRedirect("/echo")
        return web.Response(status=404, text="nothing here")

    async def _stream(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        if request.path == "/turns":
            await response.write(b"first\nsec")
            await self.go.wait()
            await response.write(b"ond\r\nlast")
            return response
        sent = 0
        try:
            while sent < ENDLESS:
                await asyncio.wait_for(response.write(bytes(1 << 16)), STALL_SECONDS)
                sent += 1 << 16
            self.ended.append("read to the end")
        except TimeoutError:
            self.ended.append("stalled")
        except (ConnectionError, asyncio.CancelledError):
            self.ended.append("left")
        return response


def served(scenario: Callable[[Server], Awaitable[None]]) -> None:
    async def whole() -> None:
        server = Server()
        runner = web.AppRunner(app := web.Application(), handler_cancellation=True, shutdown_timeout=0.1)
        app.router.add_route("*", "/{path:.*}", server.answer)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            await scenario(server)
        finally:
            await runner.cleanup()

    asyncio.run(asyncio.wait_for(whole(), 60))


def usage(**limits: float) -> Usage:
    return Usage(effective(limits))


def begin(http: Http, method: str, url: str, taken: Usage | None = None, **given: Any) -> Exchange:
    request = {"headers": ["X-Word: hi"], "body": b"", "more": False, "asked": ["*"], **given}
    start = asyncio.get_running_loop().create_task
    return Exchange(http, method, url, usage=taken or usage(), start=start, **request)


async def refused(awaitable: Awaitable[Any], status: Status, words: str) -> None:
    with pytest.raises(CallError) as caught:
        await awaitable
    assert caught.value.status is status and words in caught.value.message, caught.value.message


def test_requests_redirects_and_limits() -> None:
    async def scenario(server: Server) -> None:
        http = Http(["127.0.0.1", "*.example"], allow_private=True)
        asked = ["127.0.0.1", "elsewhere.*"]

        async def get(path: str, method: str = "GET", body: bytes = b"", **limits: float) -> Any:
            exchange = begin(http, method, server.base + path, usage(**limits), body=body, asked=asked)
            try:
                return await exchange.whole()
            finally:
                exchange.close()
                exchange.close()

        status, headers, body = await get("/echo", "PUT", b"there")
        assert (status, body) == (200, b"PUT hi there") and "X-Answer: yes" in headers
        assert (await get("/nowhere"))[0] == 404
        assert (await get("/echo", "HEAD"))[2] == b""
        assert (await get("/see", "POST", b"a"))[2] == b"GET hi "
        assert (await get("/keep", "POST", b"a"))[2] == b"POST hi a"
        assert len((await get("/gzip"))[2]) == 100_000
        assert (await get("/members"))[2] == b"one two"
        await refused(get("/gzip", http_bytes=50_000), Status.LIMIT_REACHED, "'http_bytes' of 50000")
        await refused(get("/echo", http_requests=0), Status.LIMIT_REACHED, "'http_requests' of 0")
        await refused(get("/echo", connections=0), Status.LIMIT_REACHED, "'connections' of 0")
        await refused(get("/cut"), Status.PIE_ERROR, "cut short")
        await refused(get("/garbled"), Status.PIE_ERROR, "incorrect header check")
        await refused(get("/loop"), Status.PIE_ERROR, "more than 10 redirects")
        await refused(get("/away"), Status.PIE_ERROR, "cannot be fetched")
        await refused(get("/echo", "BREW"), Status.VALUE_ERROR, "no method 'BREW'")
        for url in (
            "ftp://127.0.0.1/",
            "http://",
            "http://[::1",
            "http://127.0.0.1:x/",
            "file:///etc/passwd",
            "http://127.0.0.1\\@a.test",
        ):
            await refused(begin(http, "GET", url).answer(), Status.VALUE_ERROR, "not an address")
        for header in ("no colon", "A: b\r\nC: d", ": x", "A : b", "A B: c", "Ä: b", "A: b\0"):
            with pytest.raises(CallError, match="a header is written"):
                begin(http, "GET", server.base, headers=[header])
        for name in ("Host", "content-length", "Transfer-Encoding", "Connection"):  # what follows would be another's
            with pytest.raises(CallError, match=f"the header '{name}' is not a program's"):
                begin(http, "POST", server.base, headers=[f"{name}: 5"], body=b"hello")
        for url in ("http://a..example/", f"http://{'a' * 70}.example/"):
            await refused(begin(http, "GET", url).answer(), Status.PIE_ERROR, "cannot be fetched")
        for url in ("http://127.0.0.1@a.test/", "http://a.test#@127.0.0.1/", "http://a.test?@127.0.0.1/"):
            await refused(begin(http, "GET", url).answer(), Status.PERMISSION_DENIED, "a.test")
        await http.close()

    served(scenario)


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "192.168.1.1", "169.254.169.254", "[::ffff:127.0.0.1]", "0.0.0.0",
     "100.64.0.1", "[fe80::1]", "2130706433", "0x7f.1"],
)  # fmt: skip
def test_what_lies_inside_is_refused(host: str) -> None:
    async def scenario() -> None:
        http = Http(["*"], allow_private=False)
        with pytest.raises(CallError) as caught:
            await begin(http, "GET", f"http://{host}:1/").whole()
        if host != "2130706433":  # one more way to write 127.0.0.1: no address at all here
            assert "not a public address" in caught.value.message
            assert caught.value.status is Status.PERMISSION_DENIED
        await http.close()

    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_a_redirect_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolver, check = http_module._CheckedResolver, http_module._CheckedResolver.check
    public = lambda self, address, host: address == "127.0.0.1" or check(self, address, host)  # noqa: E731
    monkeypatch.setattr(resolver, "check", public)

    async def scenario(server: Server) -> None:
        http = Http(["*"], allow_private=False)
        await refused(begin(http, "GET", server.base + "/inside").answer(), Status.PERMISSION_DENIED, "10.0.0.1")
        await http.close()

    served(scenario)


def test_pieces_come_as_they_are_sent_and_no_faster_than_they_are_read() -> None:
    async def scenario(server: Server) -> None:
        http = Http(["*"], allow_private=True)
        turns, endless = (begin(http, "GET", server.base + path) for path in ("/turns", "/endless"))
        assert (await turns.answer())[0] == 200
        assert await turns.read() == b"first\nsec"  # the server waits for us now
        while not server.ended:
            await asyncio.sleep(0.01)
        assert server.ended == ["stalled"]
        server.go.set()
        assert await turns.read() + await turns.read() == b"ond\r\nlast" and await turns.read() == b""
        endless.close()
        await refused(endless.read(), Status.CANCELLED, "was closed")

        taken = usage(http_bytes=1 << 20)
        bomb = begin(http, "GET", server.base + "/bomb", taken)
        for _ in range((1 << 20) // CHUNK_BYTES):
            assert 0 < len(await bomb.read()) <= CHUNK_BYTES
        for _ in range(2):  # what went wrong once stays wrong
            await refused(bomb.read(), Status.LIMIT_REACHED, "'http_bytes' of 1.04858e+06")
        bomb.close()
        assert taken.taken["connections"] == 0
        await http.close()

    served(scenario)


def test_an_answer_that_breaks_off() -> None:
    async def broken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nten bytes.")
        writer.close()
        await writer.wait_closed()

    async def scenario() -> None:
        server = await asyncio.start_server(broken, "127.0.0.1", 0)
        http = Http(["*"], allow_private=True)
        exchange = begin(http, "GET", f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
        await exchange.answer()
        with pytest.raises(CallError, match="cannot be fetched"):
            while await exchange.read():
                pass
        await refused(exchange.read(), Status.PIE_ERROR, "cannot be fetched")
        exchange.close()
        await http.close()
        server.close()

    asyncio.run(asyncio.wait_for(scenario(), 30))


def test_a_body_in_pieces() -> None:
    async def scenario(server: Server) -> None:
        http = Http(["*"], allow_private=True)

        def post(path: str, **given: Any) -> Exchange:
            return begin(http, "POST", server.base + path, more=True, **given)

        echo = post("/echo", body=b"a")
        for piece in (b"b", b"c" * 100_000, b""):
            await echo.write(piece)
        assert (await echo.whole())[2] == b"POST hi ab" + b"c" * 100_000
        await refused(echo.write(b"d"), Status.VALUE_ERROR, "complete already")
        unasked = begin(http, "POST", server.base + "/echo")
        await refused(unasked.write(b"d"), Status.VALUE_ERROR, "complete already")
        poor = post("/echo", taken=usage(http_bytes=10))
        await refused(poor.write(bytes(11)), Status.LIMIT_REACHED, "'http_bytes' of 10")

        moved = post("/keep")
        await moved.write(b"")
        await refused(moved.answer(), Status.PIE_ERROR, "cannot be sent again")
        seen = post("/see")
        await seen.write(b"")
        assert (await seen.whole())[2] == b"GET hi "

        early = post("/early", body=b"x")
        assert (await early.whole())[0] == 413
        for _ in range(10):  # nobody wants them
            await early.write(bytes(100_000))
        lost = begin(http, "POST", "http://127.0.0.1:1/", more=True)
        with pytest.raises(CallError, match="cannot be fetched"):
            for _ in range(10):
                await lost.write(b"x")
        hung = post("/hang")
        writing = asyncio.gather(*(hung.write(bytes(1 << 20)) for _ in range(9)))
        asyncio.get_running_loop().call_later(0.1, hung.close)
        await refused(writing, Status.CANCELLED, "was closed")
        for exchange in (echo, unasked, poor, moved, seen, early, lost):
            exchange.close()
        await http.close()

    served(scenario)


HEAD = "# pielang: net=127.0.0.1\n"
WHOLE = """import asyncio

from pielang import http, receive, send
from pielang.raw import http_answer, http_close, http_get, http_open, http_post, http_read, http_write, subscribe

async def pieces():
    for number in range(3):
        yield f"{number} ".encode()

async def failing[C](call: C) -> str:
    try:
        await call
    except (Exception, asyncio.CancelledError) as error:
        return str(error)
    return "nothing"

async def main(base: str) -> list[str]:
    status, headers, body = await http_get(base + "/echo", ["X-Word: a"])
    said = [body.decode()]
    status, headers, body = await http_post(base + "/echo", [], b"b")
    said.append(body.decode())
    answer = await http.get(base + "/echo", headers={"X-Word": "c"})
    said.append(f"{answer.status} {answer.headers['x-answer']} {answer.text}")
    mirrored = await http.post(base + "/mirror", json={"d": [1, None]})
    data: dict[str, list[int | None]] = mirrored.json()
    said.append(f"{mirrored.headers['content-type']} {mirrored.text} {data}")
    missing = await http.request("DELETE", base + "/nowhere")
    try:
        missing.raise_for_status()
    except PieError as error:
        said.append(str(error).removeprefix(base))
    for url in ["http://example.org/", base + "/away"]:
        said.append(await failing(http.get(url)))
    async with http.stream("POST", base + "/echo", content=pieces()) as answer:
        said.append((await answer.read()).decode())

    async def lines() -> list[str]:
        async with http.stream("GET", base + "/turns") as answer:
            await receive()
            return [line async for line in answer.lines()]

    async def beginning() -> int:
        read = 0
        async with http.stream("GET", base + "/endless") as answer:
            async for piece in answer:
                read += len(piece)
                if read > 300_000:
                    send("go on")
                    break
        said.append(await failing(answer.read()))
        return read // 300_000

    one, two = await asyncio.gather(lines(), beginning())
    said.append(f"{one} {two}")

    exchange = await http_open("GET", base + "/hang", [], b"", False)
    reading = asyncio.create_task(failing(http_read(exchange)))
    said.append(await failing(http_write(exchange, b"")))
    await http_close(exchange)
    said.append(await reading)
    ear = await subscribe("topic")
    for wrong in [exchange, exchange + (1 << 20), 77, ear, 0, -1]:
        said.append(await failing(http_close(wrong)))
    said.append(await failing(http_answer(ear)))
    said.append(await failing(http_write(ear, b"")))

    async with http.stream("GET", base + "/turns") as answer:
        try:
            async with asyncio.timeout(0.01):
                await http.get(base + "/hang")
        except TimeoutError:
            said.append("given up")
    return said
"""
RELEASED = "the HTTP request was given back already, or was never there"
WANTED = [
    "GET a ",
    "POST  b",
    "200 yes GET c ",
    """application/json {"d": [1, null]} {'d': [1, None]}""",
    "/nowhere answered 404: nothing here",
    "the program does not say that it uses example.org: write `# pielang: net=example.org` at its beginning",
    "the program does not say that it uses elsewhere.example: "
    "write `# pielang: net=elsewhere.example` at its beginning",
    "POST  0 1 2 ",
    "the answer was closed, or a read of it was given up",
    "['first', 'second', 'last'] 1",
    "http_write(): the body of the request is complete already",
    "the HTTP request was closed",
    *[f"http_close(): {RELEASED}"] * 6,
    f"http_answer(): {RELEASED}",
    f"http_write(): {RELEASED}",
    "given up",
]


def program(text: str) -> bytes:
    return build(Source("t.pie", HEAD + text), Library()).wasm


def test_from_a_program() -> None:
    wasm = program(WHOLE)

    async def scenario(server: Server) -> None:
        for config, allowed in (
            (NodeConfig(allow_net=["127.*"], allow_private=True), True),
            (NodeConfig(allow_net=["127.*"]), False),
            (NodeConfig(), False),
        ):
            node = Node(config, no_model)
            handle = await node.launch(await node.upload(wasm), {"base": server.base})
            last: Any = None
            async for last in handle.events():
                server.go.set()
                handle.send("")
            if allowed:
                assert isinstance(last, Finished) and last.result == WANTED, last
            else:
                assert last.kind == "exception" and last.chain[0].type == "PermissionDenied"
            await left_nothing(node, server)
            await node.close()

    served(scenario)


async def left_nothing(node: Node, server: Server) -> None:
    """Nothing is under way any more: no errand, no request at the server, no connection that counts."""
    while node._errands or server.open:
        await asyncio.sleep(0.01)
    for user in node._users.values():
        assert user.taken.get("connections", 0) == 0


HOLDS = """from pielang import http, receive, send
from pielang.raw import http_get, http_open

async def main(base: str, end: str) -> None:
    held = http.stream("GET", base + "/endless")
    await held.__aenter__()
    hung = await http_open("POST", base + "/hang", [], b"x", True)
    send("holding")
    match end:
        case "raise":
            raise ValueError("no more")
        case "compute":
            while True:
                pass
        case "whole":
            await http_get(base + "/hang", [])
        case "many":
            for _ in range(9):
                await http_open("GET", base + "/hang", [], b"", False)
        case "return":
            pass
        case _:
            await receive()
"""


def test_requests_end_with_their_program() -> None:
    wasm = program(HOLDS)
    limits = {"step_seconds": 0.2, "connections": 4}
    config = NodeConfig(allow_net=["*"], allow_private=True, user_limits={"connections": 9}, limits=limits)

    async def ended(handle: InstanceHandle, server: Server, how: str) -> Finished | Failed:
        async for event in handle.events():
            if isinstance(event, Finished | Failed):
                return event
            if how in ("terminate", "whole"):
                while server.open < (3 if how == "whole" else 2):
                    await asyncio.sleep(0.01)
                handle.terminate()
        raise AssertionError("no end")

    async def scenario(server: Server) -> None:
        node = Node(config, no_model)
        uploaded = await node.upload(wasm)
        for how, words in (
            ("return", ""), ("raise", "no more"), ("compute", "0.2 s"), ("whole", "terminated"),
            ("terminate", "terminated"), ("many", "'connections' of 4"),
        ):  # fmt: skip
            handle = await node.launch(uploaded, {"base": server.base, "end": how})
            last = await ended(handle, server, how)
            assert words in (last.message if isinstance(last, Failed) else ""), last
            await left_nothing(node, server)
        assert set(server.ended) <= {"left", "stalled"}
        await node.close()

    served(scenario)
