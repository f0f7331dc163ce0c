"""A real model behind a scheduler, used without a guest: `Program` stands for an inferlet and speaks Python."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any

import numpy as np

from pielang.api.errors import CallError
from pielang.server.control.batching import BatchBuilder
from pielang.server.control.limits import LIMITS, Usage
from pielang.server.control.model import Model
from pielang.server.control.node import Node, NodeConfig
from pielang.server.control.queues import (
    Allocate,
    Command,
    CommandQueue,
    Cuts,
    DeallocateEmbeds,
    NextDist,
    Refuse,
    SampleTokens,
    Synchronize,
    copy_page,
    deallocate,
    embed_text,
    forward,
)
from pielang.server.control.resources import HandleTable, Kind, PageRow
from pielang.server.wire.link import InferenceLink, InferenceOptions

GREEDY = Cuts(0.0, 0, 1.0, 0.0, 0)


_numbers = itertools.count()


class Program:
    """What `Instance` is to the scheduler; calls answer with futures."""

    def __init__(self, model: Model) -> None:
        self.id = "test"
        self.number = next(_numbers)
        self.model = model
        self.usage = Usage({limit.name: float("inf") for limit in LIMITS})
        self.handles = HandleTable()
        self.queues: list[CommandQueue] = []
        self.rows: dict[tuple[int, ...], PageRow] = {}
        self.queue = self.new_queue()
        self._tickets = 0
        self._open: dict[int, asyncio.Future[Any]] = {}

    def new_queue(self) -> CommandQueue:
        queue = CommandQueue(self)
        self.queues.append(queue)
        return queue

    def collect(self) -> bool:
        return False

    def complete(self, ticket: int, value: object = None, scalar: int = 0) -> None:
        future = self._open.pop(ticket, None)
        if future is not None and not future.done():
            future.set_result(scalar if value is None else value)

    def fail(self, ticket: int, error: CallError) -> None:
        future = self._open.pop(ticket, None)
        if future is not None and not future.done():
            future.set_exception(error)

    def _ticket(self) -> tuple[int, asyncio.Future[Any]]:
        self._tickets += 1
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._open[self._tickets] = future
        return self._tickets, future

    def post(self, command: Command) -> None:
        self.model.scheduler.push(self.queue, command)
        asyncio.get_running_loop().call_soon(self.model.scheduler.poke)

    def call(self, kind: type[Command], *arguments: Any) -> asyncio.Future[Any]:
        ticket, future = self._ticket()
        self.post(kind(ticket, *arguments))
        return future

    async def pages(self, count: int) -> list[int]:
        return list(await self.call(Allocate, Kind.PAGE, count))

    async def embeds(self, count: int) -> list[int]:
        return list(await self.call(Allocate, Kind.EMBED, count))

    def free(self, kind: Kind, handles: list[int]) -> None:
        if kind is Kind.PAGE:
            deallocate(self, kind, handles, self.model.scheduler)
        else:
            self.post(DeallocateEmbeds(0, handles))

    def forward(self, pages: list[int], kv_len: int, tokens: list[int], embeds: list[int], outputs: list[int]) -> None:
        scheduler = self.model.scheduler
        try:
            embed_text(scheduler, self, tokens, range(kv_len, kv_len + len(tokens)), embeds)
            scheduler.own(self.queue, pages, kv_len, len(tokens))
            self.post(forward(scheduler, 0, self, pages, kv_len, embeds, outputs))
        except CallError as error:
            self.post(Refuse(0, error))

    def copy(self, source: int, target: int, tokens: int) -> None:
        self.model.scheduler.own(self.queue, [target], 0, tokens)
        self.post(copy_page(self.model.scheduler, 0, self, source, target, tokens))

    def next_dist(self, embeds: list[int], top_k: int) -> asyncio.Future[Any]:
        call = self.call(NextDist, [self.handles.get(handle, Kind.EMBED) for handle in embeds], top_k)

        async def table() -> Any:
            ids, probabilities = await call
            rows = (len(embeds), -1)
            return np.frombuffer(ids, np.int32).reshape(rows), np.frombuffer(probabilities, np.float32).reshape(rows)

        return asyncio.ensure_future(table())

    def sample(self, embeds: list[int], cuts: Cuts = GREEDY, step: int = 0) -> asyncio.Future[Any]:
        return self.call(SampleTokens, [self.handles.get(handle, Kind.EMBED) for handle in embeds], cuts, step)

    def synchronize(self) -> asyncio.Future[Any]:
        return self.call(Synchronize)

    async def loop(
        self,
        pages: list[int],
        kv_len: int,
        tokens: list[int],
        max_tokens: int,
        cuts: Cuts = GREEDY,
        stop_tokens: tuple[int, ...] = (),
        stop_strings: tuple[str, ...] = (),
    ) -> int:
        values = {
            "pages": pages,
            "kv_len": kv_len,
            "tokens": tokens,
            "max_tokens": max_tokens,
            "stop_tokens": stop_tokens,
            "stop_strings": stop_strings,
            "before": (),
            "grammar": 0,
            "adapter": 0,
        }
        ticket, future = self._ticket()
        self.post(self.model.enrol(ticket, self.queue, cuts, values))
        return int(await future)

    async def next(self, loop: int, minimum: int = 1 << 30) -> Any:
        ticket, future = self._ticket()
        found = self.handles.get(loop, Kind.LOOP)
        assert found.ask(self, ticket, minimum)
        self.model.scheduler.settle(found)
        return await future

    async def generate(self, tokens: list[int], max_tokens: int, **options: Any) -> Any:
        """Tokens, log-probabilities, text and finish reason of a whole loop on pages of its own."""
        pages = await self.pages((len(tokens) + max_tokens + 15) // 16)
        result = await self.next(await self.loop(pages, 0, tokens, max_tokens, **options))
        self.free(Kind.PAGE, pages)
        return result

    def end(self) -> None:
        for queue in self.queues:
            self.model.scheduler.forget(queue)
        for kind, thing in self.handles.clear():
            self.model.give_back(self, kind, thing)


class Background:
    """An event loop in a thread, so that a process and what speaks with it serve many tests."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self._thread.start()

    def run(self, coroutine: Coroutine[Any, Any, Any], seconds: float = 90.0) -> Any:
        return asyncio.run_coroutine_threadsafe(asyncio.wait_for(coroutine, seconds), self.loop).result(seconds + 5)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(10)
        self.loop.close()


async def played(scenario: Callable[[Model], Awaitable[Any]], model: Model) -> Any:
    """What a scenario gives; everything was given back when it is over."""
    try:
        return await scenario(model)
    finally:
        while model.scheduler.in_flight:
            await asyncio.sleep(0.001)
        everything_is_back(model)


def everything_is_back(model: Model) -> None:
    status = model.status()
    assert status["pages_free"] == status["pages_total"]
    assert status["embeds_free"] == status["embeds_total"]
    assert status["loops_free"] == status["loops_total"]


def default_model() -> Path:
    """The folder of the model that ships as default; pulled once into the cache."""
    from pielang.models import ModelStore

    return ModelStore().resolve("smollm2").path


__all__ = ["GREEDY", "Background", "BatchBuilder", "Program", "default_model", "everything_is_back"]


async def new_node() -> Node:
    """A node on the default model, with 256 pages."""

    async def start_inference(lost: Any) -> InferenceLink:
        return await InferenceLink.start(InferenceOptions(default_model(), page_count=256), lost)

    return Node(NodeConfig(memory_mb=64, time_limit=5.0), start_inference)
