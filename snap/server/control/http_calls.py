"""The calls for HTTP. aiohttp is not imported before the first of them.

In: submissions of programs. Out: answers, handles of requests, each of which ends with its program.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pielang.api.errors import CallError
from pielang.server.control.dynamic import Errand
from pielang.server.control.resources import Kind
from pielang.vm.guest import Submission

if TYPE_CHECKING:
    from pielang.server.control.http import Exchange, Http
    from pielang.server.control.lifecycle import Instance


class HttpCalls:
    """One per node. `allowed` and `allow_private` as `Http` has them, `errand` as `Interpreters`."""

    def __init__(self, allowed: Sequence[str], allow_private: bool, errand: Errand) -> None:
        self._settings = allowed, allow_private
        self._errand = errand
        self._http: Http | None = None

    async def close(self) -> None:
        if self._http is not None:
            await self._http.close()

    def http_get(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._whole(instance, submission, "GET", *arguments, b"")

    def http_post(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._whole(instance, submission, "POST", *arguments)

    def http_open(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        handle = instance.handles.add(Kind.EXCHANGE, self._begin(instance, *arguments))
        instance.complete(submission.ticket, scalar=handle)

    def http_write(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._answer(instance, submission, partial(_exchange(instance, submission).write, *arguments))

    def http_answer(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._answer(instance, submission, _exchange(instance, submission).answer)

    def http_read(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._answer(instance, submission, _exchange(instance, submission).read)

    def http_close(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.remove(submission.scalar, Kind.EXCHANGE).close()
        instance.complete(submission.ticket)

    def _begin(
        self, instance: Instance, method: str, url: str, headers: list[str], body: bytes, more: bool = False
    ) -> Exchange:
        from pielang.server.control.http import Exchange, Http

        if self._http is None:
            self._http = Http(*self._settings)
        start = partial(self._errand, instance)
        return Exchange(self._http, method, url, headers, body, more, instance.net, instance.usage, start)

    def _whole(self, instance: Instance, submission: Submission, *request: Any) -> None:
        async def fetch() -> Any:
            exchange = self._begin(instance, *request)
            try:
                return await exchange.whole()
            finally:
                exchange.close()

        self._answer(instance, submission, fetch)

    def _answer(self, instance: Instance, submission: Submission, work: Callable[[], Awaitable[Any]]) -> None:
        async def run() -> None:
            try:
                value = await work()
            except CallError as error:
                instance.fail(submission.ticket, error)
            else:
                instance.complete(submission.ticket, value)

        self._errand(instance, run())


def _exchange(instance: Instance, submission: Submission) -> Exchange:
    exchange: Exchange = instance.handles.get(submission.scalar, Kind.EXCHANGE)
    return exchange
