"""HTTP from programs: what they get, and what they must not reach."""

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
from pielang.server.control.http import Http
from pielang.server.control.limits import Usage, effective
from pielang.server.control.node import Node, NodeConfig
from pielang.server.wire.client import Finished
from tests.server.control.test_node import no_model


async def answer(request: web.Request) -> web.Response:
    body = await request.read()
    match request.path:
        case "/echo":
            text = f"{request.method} {request.headers.get('X-Word', '')} {body.decode()}"
            return web.Response(text=text, headers={"X-Answer": "yes"})
        case "/gzip":
            return web.Response(body=gzip.compress(b"x" * 100_000), headers={"Content-Encoding": "gzip"})
        case "/loop":
            raise web.HTTPFound("/loop")
        case "/away":
            raise web.HTTPFound("http://elsewhere.example/echo")
        case "/see":
            raise web.HTTPSeeOther("/echo")
        case "/keep":
            raise web.HTTPTemporaryRedirect("/echo")
    return web.Response(status=404, text="nothing here")


def served(scenario: Callable[[str], Awaitable[None]]) -> None:
    async def whole() -> None:
        server = web.AppRunner(app := web.Application())
        app.router.add_route("*", "/{path:.*}", answer)
        await server.setup()
        site = web.TCPSite(server, "127.0.0.1", 0)
        await site.start()
        port = server.addresses[0][1]
        try:
            await scenario(f"http://127.0.0.1:{port}")
        finally:
            await server.cleanup()

    asyncio.run(asyncio.wait_for(whole(), 60))


def usage(**limits: float) -> Usage:
    return Usage(effective(limits))


async def refused(awaitable: Awaitable[Any], status: Status, words: str) -> None:
    with pytest.raises(CallError) as caught:
        await awaitable
    assert caught.value.status is status and words in caught.value.message, caught.value.message


def test_requests_redirects_and_limits() -> None:
    async def scenario(base: str) -> None:
        http = Http(["127.0.0.1", "*.example"], allow_private=True)
        asked = ["127.0.0.1", "elsewhere.*"]

        async def get(path: str, method: str = "GET", body: bytes = b"", **limits: float) -> Any:
            return await http.request(method, base + path, ["X-Word: hi"], body, asked, usage(**limits))

        response = await get("/echo", "PUT", b"there")
        assert (response.status, response.body) == (200, b"PUT hi there") and "X-Answer: yes" in response.headers
        assert (await get("/nowhere")).status == 404
        assert (await get("/see", "POST", b"a")).body == b"GET hi "
        assert (await get("/keep", "POST", b"a")).body == b"POST hi a"
        assert len((await get("/gzip")).body) == 100_000
        await refused(get("/gzip", http_bytes=50_000), Status.LIMIT_REACHED, "'http_bytes' of 50000")
        await refused(get("/echo", http_requests=0), Status.LIMIT_REACHED, "'http_requests' of 0")
        await refused(get("/loop"), Status.PIE_ERROR, "more than 10 redirects")
        await refused(get("/away"), Status.PIE_ERROR, "cannot be reached")
        await refused(get("/echo", "BREW"), Status.VALUE_ERROR, "no method 'BREW'")
        for url in ("ftp://127.0.0.1/", "http://", "http://[::1", "http://127.0.0.1:x/", "file:///etc/passwd"):
            await refused(http.request("GET", url, [], b"", asked, usage()), Status.VALUE_ERROR, "not an address")
        for header in ("no colon", "A: b\r\nC: d", ": x"):
            request = http.request("GET", base, [header], b"", asked, usage())
            await refused(request, Status.VALUE_ERROR, "a header is written")
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
            await http.request("GET", f"http://{host}:1/", [], b"", ["*"], usage())
        if host != "2130706433":  # one more way to write 127.0.0.1: no address at all here
            assert "not a public address" in caught.value.message
            assert caught.value.status is Status.PERMISSION_DENIED
        await http.close()

    asyncio.run(asyncio.wait_for(scenario(), 30))


PROGRAM = """# pielang: net=127.0.0.1
from pielang.raw import http_get, http_post, http_request

async def main(base: str) -> list[str]:
    status, headers, body = await http_get(base + "/echo", ["X-Word: a"])
    said = [body.decode()]
    status, headers, body = await http_post(base + "/echo", [], b"b")
    said.append(body.decode())
    status, headers, body = await http_request("DELETE", base + "/nowhere", [], b"")
    said.append(str(status))
    for url in ["http://example.org/", base + "/away"]:
        try:
            await http_get(url, [])
        except PermissionDenied as error:
            said.append(str(error))
    return said
"""


def test_from_a_program() -> None:
    async def scenario(base: str) -> None:
        for config, wanted in (
            (NodeConfig(allow_net=["127.*"], allow_private=True), ["GET a ", "POST  b", "404"]),
            (NodeConfig(allow_net=["127.*"]), None),
            (NodeConfig(), None),
        ):
            node = Node(config, no_model)
            handle = await node.launch(
                await node.upload(build(Source("t.pie", PROGRAM), Library()).wasm), {"base": base}
            )
            last = [event async for event in handle.events()][-1]
            if wanted is None:
                assert last.kind == "exception" and last.chain[0].type == "PermissionDenied"
            else:
                assert isinstance(last, Finished) and last.result[:3] == wanted
                assert last.result[3].startswith(
                    "the program does not say that it uses example.org: write `# pielang: net="
                )
                assert "does not say that it uses elsewhere.example" in last.result[4]
            await node.close()

    served(scenario)
