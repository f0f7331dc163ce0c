"""HTTP requests of programs, to places that the program asked for and the server allows, and to nothing inside.

In: method, address, headers, body. Out: status, headers, body, or a `CallError`. A name is resolved first and every
address it stands for is looked at: loopback, link-local, private and other special ones are refused unless the server
allows them, and the connection goes to just these addresses. Redirects are followed here, each checked as the first
request was. The size of a body counts after decompression.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from pielang.api.errors import CallError, Status
from pielang.server.control.limits import Usage

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
MAX_REDIRECTS = 10
TIMEOUT_SECONDS = 60
CHUNK_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Response:
    status: int
    headers: list[str]  # "Name: value"
    body: bytes


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
            raise _Refused(f"{host} stands for {address}, which is not a public address")

    async def close(self) -> None:
        pass


class Http:
    """One per node. `allowed` are patterns of host names that the server lets programs reach (`*` for all)."""

    def __init__(self, allowed: Sequence[str], allow_private: bool) -> None:
        self._allowed = allowed
        self._resolver = _CheckedResolver(allow_private)
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self, method: str, url: str, headers: Sequence[str], body: bytes, asked: Sequence[str], usage: Usage
    ) -> Response:
        """Make a request. `asked` are the host patterns of the program's manifest. Raises CallError."""
        if method not in METHODS:
            raise CallError(Status.VALUE_ERROR, f"HTTP has no method '{method}' here; there are: {', '.join(METHODS)}")
        fields = [_field(header) for header in headers]
        usage.charge("http_requests")
        usage.charge("http_bytes", len(body))
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                return await self._follow(method, url, fields, body, asked, usage)
        except TimeoutError:
            raise CallError(Status.PIE_ERROR, f"{url} did not answer within {TIMEOUT_SECONDS} s") from None
        except (aiohttp.ClientError, OSError) as error:
            cause: BaseException | None = error
            while cause is not None:
                if isinstance(cause, _Refused):
                    raise CallError(Status.PERMISSION_DENIED, str(cause)) from None
                cause = cause.__cause__ or cause.__context__
            raise CallError(Status.PIE_ERROR, f"{url} cannot be reached: {error}") from error

    async def _follow(
        self, method: str, url: str, fields: list[tuple[str, str]], body: bytes, asked: Sequence[str], usage: Usage
    ) -> Response:
        for _ in range(MAX_REDIRECTS):
            self._check(url, asked)
            async with self._client().request(
                method, url, headers=fields, data=body or None, allow_redirects=False
            ) as answer:
                target = answer.headers.get("Location")
                if answer.status not in (301, 302, 303, 307, 308) or target is None:
                    names = [f"{name}: {value}" for name, value in answer.headers.items()]
                    return Response(answer.status, names, await _read(answer, usage))
                previous, url = url, urljoin(url, target)
                if answer.status == 303 or (answer.status in (301, 302) and method == "POST"):
                    method, body = "GET", b""
                if urlsplit(previous).netloc != urlsplit(url).netloc:  # what was meant for one host is no other's
                    fields = [field for field in fields if field[0].lower() not in ("authorization", "cookie")]
        raise CallError(Status.PIE_ERROR, f"{url}: more than {MAX_REDIRECTS} redirects")

    def _check(self, url: str, asked: Sequence[str]) -> None:
        try:
            parts = urlsplit(url)
            host, _ = (parts.hostname or "").lower(), parts.port
        except ValueError as error:
            raise CallError(Status.VALUE_ERROR, f"not an address: {url!r}: {error}") from error
        if parts.scheme not in ("http", "https") or not host:
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
            return  # a name: looked at when it is resolved
        self._resolver.check(numeric, host)

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            connector = aiohttp.TCPConnector(resolver=self._resolver, use_dns_cache=False)
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), trust_env=False, auto_decompress=True
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()


async def _read(answer: aiohttp.ClientResponse, usage: Usage) -> bytes:
    body = bytearray()
    async for chunk in answer.content.iter_chunked(CHUNK_BYTES):
        usage.charge("http_bytes", len(chunk))
        body += chunk
    return bytes(body)


def _field(header: str) -> tuple[str, str]:
    name, colon, value = header.partition(":")
    if not colon or not name.strip() or any(character in header for character in "\r\n\0"):
        raise CallError(Status.VALUE_ERROR, f"a header is written 'Name: value', got {header!r}")
    return name.strip(), value.strip()


def record(response: Response) -> tuple[Any, ...]:
    """The values that the call answers with."""
    return response.status, response.headers, response.body
