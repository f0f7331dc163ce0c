"""HTTP requests of programs, to places that the program asked for and the server allows, and to nothing inside.

In: method, address, headers, body. Out: an `Exchange`: status, headers, the body in pieces, or a `CallError`. A name is
resolved first and every address it stands for is looked at: loopback, link-local, private and other special ones are
refused unless the server allows them, and the connection goes to just these addresses. Redirects are followed here,
each checked as the first request was. The size of a body counts after decompression. Of a body that nobody reads no
more than some 200 KB are taken from the network.
"""

from __future__ import annotations

import asyncio
import ipaddress
import re
import socket
import zlib
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from fnmatch import fnmatchcase
from urllib.parse import urljoin

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from pielang.api.errors import CallError, Status
from pielang.server.control.limits import Usage

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MAX_REDIRECTS = 10
TIMEOUT_SECONDS = 60  # for the answer to begin, and for each piece of a body
CHUNK_BYTES = 65536
OURS = frozenset(("host", "connection", "keep-alive", "content-length", "transfer-encoding", "te", "trailer", "upgrade",
                  "expect"))  # fmt: skip
"""Headers that say where a request ends and whom it is for: a program that could write them would speak in the name of
others, as connections are used again."""
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_ZLIB_HEADERS = 32 + zlib.MAX_WBITS  # gzip's and zlib's own, told apart


class _Refused(OSError):
    """An address that may not be connected to."""


class _CheckedResolver(AbstractResolver):
    """Resolves as the system does, and lets only public addresses through."""

    def __init__(self, allow_private: bool) -> None:
        self._allow_private = allow_private

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(host, port, family=family, type=socket.SOCK_STREAM)
        results: list[ResolveResult] = []
        for kind, _, protocol, _, address in found:
            self.check(str(address[0]), host)
            results.append(
                ResolveResult(
                    hostname=host, host=str(address[0]), port=port, family=kind, proto=protocol,
                    flags=socket.AI_NUMERICHOST,
                )
            )  # fmt: skip
        return results

    def check(self, address: str, host: str) -> None:
        """Raises _Refused."""
        numeric = ipaddress.ip_address(address.partition("%")[0])
        mapped = getattr(numeric, "ipv4_mapped", None)
        if not self._allow_private and not (mapped or numeric).is_global:
            name = address if host == address else f"{host} stands for {address}, which"
            raise _Refused(f"{name} is not a public address (--allow-private lets programs reach it)")

    async def close(self) -> None:
        pass


class Http:
    """One per node. `allowed` are patterns of host names that the server lets programs reach (`*` for all)."""

    def __init__(self, allowed: Sequence[str], allow_private: bool) -> None:
        self._allowed = allowed
        self._resolver = _CheckedResolver(allow_private)
        connector = aiohttp.TCPConnector(resolver=self._resolver, use_dns_cache=False, limit=0)
        self.session = aiohttp.ClientSession(
            connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=False,
            timeout=aiohttp.ClientTimeout(total=None),
        )  # fmt: skip

    def check(self, url: str, asked: Sequence[str]) -> URL:
        """An address as it is requested, once a program whose manifest asks for these hosts may reach it. Raises
        CallError, _Refused."""
        try:
            parsed = URL(url)
        except ValueError as error:
            raise CallError(Status.VALUE_ERROR, f"not an address: {url!r}: {error}") from error
        host = (parsed.host or "").lower()
        if parsed.scheme not in ("http", "https") or not host:
            raise CallError(Status.VALUE_ERROR, f"not an address of HTTP: {url!r}")
        if not any(fnmatchcase(host, pattern.lower()) for pattern in asked):
            problem = f"the program does not say that it uses {host}: write `# pielang: net={host}` at its beginning"
            raise CallError(Status.PERMISSION_DENIED, problem)
        if not any(fnmatchcase(host, pattern.lower()) for pattern in self._allowed):
            problem = f"this server does not let programs reach {host} (--allow-net {host} does)"
            raise CallError(Status.PERMISSION_DENIED, problem)
        try:
            numeric = str(ipaddress.ip_address(host))
        except ValueError:
            return parsed  # a name: looked at when it is resolved
        self._resolver.check(numeric, host)
        return parsed

    async def close(self) -> None:
        await self.session.close()


class Exchange:
    """One request, which begins at once, and its answer.

    `more` says that pieces of the body follow, `asked` are the host patterns of the program's manifest, `start` is what
    runs the request beside its reader. Raises CallError for what cannot be right, or is over a limit.
    """

    def __init__(
        self, http: Http, method: str, url: str, headers: Sequence[str], body: bytes, more: bool,
        asked: Sequence[str], usage: Usage, start: Callable[[Coroutine[None, None, None]], asyncio.Task[None]],
    ) -> None:  # fmt: skip
        if method not in METHODS:
            raise CallError(Status.VALUE_ERROR, f"HTTP has no method '{method}' here; there are: {', '.join(METHODS)}")
        fields = [_field(header) for header in headers]
        if not any(name.lower() == "accept-encoding" for name, _ in fields):
            fields.append(("Accept-Encoding", "gzip"))
        usage.charge("http_requests")
        usage.charge("http_bytes", len(body))
        usage.charge("connections")
        self._http, self._url, self._asked, self._usage = http, url, asked, usage
        self._more = more
        self._written: asyncio.Queue[bytes] = asyncio.Queue(1)
        if body and more:
            self._written.put_nowait(body)
        loop = asyncio.get_running_loop()
        self._sent: asyncio.Future[None] = loop.create_future()  # nobody takes pieces of the body any more
        self._response: asyncio.Future[aiohttp.ClientResponse] = loop.create_future()
        self._response.add_done_callback(lambda future: future.exception())  # if nobody asks
        self._reading = asyncio.Lock()
        self._inflated: AsyncIterator[bytes] | None = None
        self._failed: CallError | None = None
        self._closed = False
        self._task = start(self._run(method, fields, self._pieces() if more else body))

    async def _run(self, method: str, fields: list[tuple[str, str]], body: bytes | AsyncIterator[bytes]) -> None:
        try:
            with _translated(self._url):
                response = await self._follow(method, fields, body)
        except CallError as error:
            self._fail(error)
        else:
            if response.headers.get("Content-Encoding", "").lower() in ("gzip", "x-gzip", "deflate"):
                self._inflated = _inflated(response.content)
            self._response.set_result(response)

    async def _follow(
        self, method: str, fields: list[tuple[str, str]], body: bytes | AsyncIterator[bytes]
    ) -> aiohttp.ClientResponse:
        url = self._http.check(self._url, self._asked)
        for _ in range(MAX_REDIRECTS):
            answer = await self._http.session.request(
                method, url, headers=fields, data=body or None, allow_redirects=False
            )
            target = answer.headers.get("Location")
            if answer.status not in (301, 302, 303, 307, 308) or target is None:
                return answer
            answer.close()
            previous, url = url, self._http.check(urljoin(str(url), target), self._asked)
            if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                method, body = "GET", b""
            elif not isinstance(body, bytes):
                problem = f"{previous} redirects to {url}: a body that is sent in pieces cannot be sent again"
                raise CallError(Status.PIE_ERROR, problem)
            if previous.origin() != url.origin():  # what was meant for one host is no other's
                fields = [field for field in fields if field[0].lower() not in ("authorization", "cookie")]
        raise CallError(Status.PIE_ERROR, f"{url}: more than {MAX_REDIRECTS} redirects")

    async def _pieces(self) -> AsyncIterator[bytes]:
        try:
            while piece := await self._written.get():
                yield piece
        finally:
            self._end_body()

    def _end_body(self) -> None:
        if not self._sent.done():
            self._sent.set_result(None)

    def _fail(self, error: CallError) -> None:
        self._failed = self._failed or error
        self._end_body()
        if not self._response.done():
            self._response.set_exception(error)

    async def write(self, piece: bytes) -> None:
        """The next piece of the body, an empty one its end. Waits while the one before has not been taken; what the
        other side does not want any more is dropped. Raises CallError."""
        if not self._more:
            raise CallError(Status.VALUE_ERROR, "http_write(): the body of the request is complete already")
        self._usage.charge("http_bytes", len(piece))
        self._more = bool(piece)
        putting = asyncio.ensure_future(self._written.put(piece))
        try:
            async with _patience(self._url):
                await asyncio.wait([putting, self._sent], return_when=asyncio.FIRST_COMPLETED)
        finally:
            putting.cancel()
        if self._failed is not None:
            raise self._failed

    async def answer(self) -> tuple[int, list[str]]:
        """Status and headers, each "Name: value". Raises CallError."""
        async with _patience(self._url):
            response = await asyncio.shield(self._response)
        return response.status, [f"{name}: {value}" for name, value in response.headers.items()]

    async def read(self) -> bytes:
        """The next piece of the body, without its compression; empty at the end. Raises CallError, also again."""
        await self.answer()
        content = self._response.result().content
        try:
            async with _patience(self._url), self._reading:
                if self._failed is not None:
                    raise self._failed
                if self._inflated is None:
                    piece = await content.read(CHUNK_BYTES)
                else:
                    piece = await anext(self._inflated, b"")
            self._usage.charge("http_bytes", len(piece))
            return piece
        except CallError as error:
            self._failed = self._failed or error
            raise self._failed from error

    async def whole(self) -> tuple[int, list[str], bytes]:
        """Status, headers and the whole body. Raises CallError."""
        async with _patience(self._url):
            status, headers = await self.answer()
            body = bytearray()
            while piece := await self.read():
                body += piece
            return status, headers, bytes(body)

    def close(self) -> None:
        """Let go of the connection; who waits for something of it gets CallError (CANCELLED). Twice is fine."""
        if self._closed:
            return
        self._closed = True
        self._usage.give("connections")
        self._task.cancel()
        self._fail(CallError(Status.CANCELLED, "the HTTP request was closed"))
        if self._response.exception() is None:
            self._response.result().close()


async def _inflated(content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
    """What a compressed body stands for, in pieces that are never longer than CHUNK_BYTES, however well it packs.

    Raises zlib.error, and EOFError for a body that ends too early.
    """
    stream, begun = zlib.decompressobj(_ZLIB_HEADERS), False
    while packed := await content.read(CHUNK_BYTES):
        begun = True
        while packed:
            piece = stream.decompress(packed, CHUNK_BYTES)
            while piece:
                yield piece
                piece = stream.decompress(stream.unconsumed_tail, CHUNK_BYTES)
            packed = stream.unused_data
            if packed:  # another member; anything else behind the first is padding
                if packed[:1] != b"\x1f":
                    return
                stream = zlib.decompressobj(_ZLIB_HEADERS)
    if begun and not stream.eof:
        raise EOFError("the compressed body was cut short")


@asynccontextmanager
async def _patience(url: str) -> AsyncIterator[None]:
    """Waiting for the other side, for so long; what goes wrong, as a CallError."""
    with _translated(url):
        async with asyncio.timeout(TIMEOUT_SECONDS):
            yield


@contextmanager
def _translated(url: str) -> Iterator[None]:
    try:
        yield
    except TimeoutError:
        raise CallError(Status.PIE_ERROR, f"{url} did not answer within {TIMEOUT_SECONDS} s") from None
    except (aiohttp.ClientError, OSError, zlib.error, EOFError, ValueError) as error:
        cause: BaseException | None = error
        while cause is not None:
            if isinstance(cause, _Refused):
                raise CallError(Status.PERMISSION_DENIED, str(cause)) from None
            cause = cause.__cause__ or cause.__context__
        raise CallError(Status.PIE_ERROR, f"{url} cannot be fetched: {error}") from error


def _field(header: str) -> tuple[str, str]:
    name, colon, value = header.partition(":")
    if not colon or not _NAME.fullmatch(name) or not value.replace("\t", " ").isprintable():
        raise CallError(Status.VALUE_ERROR, f"a header is written 'Name: value', got {header!r}")
    if name.lower() in OURS:
        raise CallError(Status.VALUE_ERROR, f"the header '{name}' is not a program's to set: the server writes it")
    return name, value.strip()
