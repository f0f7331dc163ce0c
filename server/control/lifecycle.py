"""One running inferlet as the control layer sees it: its handles, its client, its end.

In: completions from the calls it made, messages from its client. Out: completions for the pump and events for the
client, the last of which is `Finished` or `Failed`.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pielang.api import codec
from pielang.api.errors import CallError, Status, no_more_messages
from pielang.server.control import endings
from pielang.server.control.limits import Usage
from pielang.server.control.resources import INDEX_BITS, HandleTable, Kind, PageRow
from pielang.server.control.trace import CALLS, QUEUES, Trace
from pielang.server.wire.client import Failed, Finished, Message, Output
from pielang.vm.guest import RELEASE, WRITE, Completion, Submission
from pielang.vm.pump import Pump, PumpedGuest
from pielang.vm.sections import SourceMap
from pielang.vm.traps import GuestTrap

if TYPE_CHECKING:
    from pielang.server.control.calls import Known
    from pielang.server.control.model import Model
    from pielang.server.control.queues import CommandQueue

Event = Output | Message | Finished | Failed
_QUEUE_BITS = (1 << INDEX_BITS) - 1
_CLOSED = (Kind.SUBSCRIPTION, Kind.CHILD, Kind.INTERPRETER, Kind.EXCHANGE)


class Instance:
    """All methods are for the event loop's thread. After its end it takes completions and messages and drops them."""

    def __init__(
        self,
        id: str,
        wasm: bytes,
        arguments: dict[str, Any],
        model: Model | None,
        usage: Usage,
        guest: PumpedGuest,
        pump: Pump,
        ended: Callable[[Instance, str], None],
    ) -> None:
        self.id = id
        self.arguments = arguments
        self.model = model
        self.usage = usage
        self.number = 0  # in the order of launches
        self.trace: Trace | None = None
        self.called: dict[int, tuple[float, int, str]] = {}  # by ticket: when, the queue and the line, for the trace
        self.user = ""  # whose limits count for it, too
        self.spawned_by: Instance | None = None
        self.depth = 0  # programs that spawned one another above this one
        self.net: tuple[str, ...] = ()  # hosts that its manifest asks for
        self.relay: Callable[[Event], None] | None = None  # takes the events instead of a client
        self.handles = HandleTable()
        self.queues: list[CommandQueue] = []
        self.rows: dict[tuple[int, ...], PageRow] = {}
        self.guest = guest
        self.calls: dict[int, Known] = {}  # by ticket: calls that are not answered yet
        self.timers: set[asyncio.TimerHandle] = set()
        self.errands: set[asyncio.Task[None]] = set()  # given up when it ends
        self.messages: deque[str] = deque()
        self.receiving: deque[int] = deque()  # tickets of `receive`
        self.no_more_messages = False
        self.over = False
        self._wasm = wasm
        self._pump = pump
        self._ended = ended
        self._events: deque[Event] = deque()
        self._reader: asyncio.Future[None] | None = None  # waits for an event

    @cached_property
    def _source(self) -> SourceMap:
        return SourceMap(self._wasm)

    def line(self, submission: Submission | None = None) -> str:
        """Where in its source the program made a call, as "file:line"; empty when it was not compiled to tell, and for
        what it gathers from several lines."""
        if submission is None or not submission.place or submission.opcode in (WRITE, RELEASE):
            return ""
        place = self._source.row(submission.place - 1)
        return f"{place.file}:{place.line}" if place is not None else ""

    @property
    def root(self) -> Instance:
        """The program that this began with: its client's."""
        return self if self.spawned_by is None else self.spawned_by.root

    # For the client

    async def events(self) -> AsyncIterator[Event]:
        """What happens, in order; ends after `Finished` or `Failed`. For one reader."""
        while True:
            while not self._events:
                self._reader = asyncio.get_running_loop().create_future()
                await self._reader
            event = self._events.popleft()
            yield event
            if isinstance(event, Finished | Failed):
                return

    def send(self, message: str) -> None:
        """A message for the program; nothing happens when it has ended."""
        if self.over:
            return
        if self.receiving:
            self.complete(self.receiving.popleft(), message)
        elif len(self.messages) < self.usage.limit("unread_messages"):
            self.messages.append(message)
        else:
            self.end(Failed(self.id, "limit", self.usage.message("unread_messages"), ()))

    def end_messages(self) -> None:
        """There will be no more messages: once those sent are taken, `receive` raises EOFError in the program."""
        self.no_more_messages = True
        while not self.over and self.receiving:
            self.fail(self.receiving.popleft(), no_more_messages())

    def terminate(self, reason: str = "terminated by the client") -> None:
        """End the program; its last event is `Failed` of kind "cancelled". Nothing happens when it has ended."""
        self.end(Failed(self.id, "cancelled", reason, ()))

    # For the calls

    def complete(self, ticket: int, value: object = None, scalar: int = 0) -> None:
        """Answer a call with a value as its declaration says."""
        known = self.calls.pop(ticket, None)
        if known is not None and not self.over:
            self._answer(known, Completion(ticket, Status.OK, known.encode(value), scalar))

    def fail(self, ticket: int, error: CallError) -> None:
        """Answer a call with an error."""
        known = self.calls.pop(ticket, None)
        if known is not None and not self.over:
            self._answer(known, Completion(ticket, error.status, codec.encode_error(error)))

    def _answer(self, known: Known, completion: Completion) -> None:
        if self.trace is not None:
            now = time.perf_counter()
            since, queue, line = self.called.pop(completion.ticket, (now, 0, ""))
            track = f"{self.id} queue {queue & _QUEUE_BITS}" if queue else self.id
            self.trace.span(QUEUES if queue else CALLS, track, known.call.name, since, now, line=line)
        self.guest.inbox.append(completion)
        self._pump.wake(self.guest)

    def collect(self) -> bool:
        """Have the program give back soon what only its garbage holds; False when that is nothing."""
        return self._pump.collect(self.guest)

    def emit(self, event: Event) -> None:
        if self.over:
            return
        if self.relay is not None:
            self.relay(event)
        else:
            self._events.append(event)
            if self._reader is not None and not self._reader.done():
                self._reader.set_result(None)

    # The end

    def end(self, event: Finished | Failed, reason: str = "") -> None:
        """The last event; what the program holds is given back. A second end changes nothing."""
        if self.over:
            return
        self.emit(event)
        self.over = True
        for timer in self.timers:
            timer.cancel()
        self.timers.clear()
        self.calls.clear()
        if self.model is not None:
            for queue in self.queues:
                self.model.scheduler.forget(queue)
        for kind, thing in self.handles.clear():
            self._give_up(kind, thing)
        self._ended(self, reason or getattr(event, "message", "finished"))

    def release(self, handle: int) -> None:
        """One thing whose object was collected. A handle of nothing is no error: it was given back before."""
        kind = self.handles.kind(handle)
        if kind is not None:
            thing = self.handles.remove(handle, kind)
            if kind is Kind.QUEUE:
                self.queues.remove(thing)
            self._give_up(kind, thing)

    def _give_up(self, kind: Kind, thing: Any) -> None:
        if kind in _CLOSED:
            thing.close()
        elif self.model is not None:
            self.model.give_back(self, kind, thing)

    def trapped(self, trap: GuestTrap) -> None:
        """The guest was ended by the VM."""
        self.end(endings.trapped(self.id, trap))

    def raised(self, data: bytes) -> None:
        """The program reported an exception that nobody caught."""
        failure = endings.raised(self.id, data, self._source)
        lost = self.model is not None and self.model.scheduler.dead is not None
        if lost and failure.chain and failure.chain[-1].type == "ModelError":
            failure = replace(failure, kind="inference")
        self.end(failure)
