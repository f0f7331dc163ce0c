"""What each call of the API table does; those that need a model are in `model_calls`.

In: submissions of running programs. Out: completions, commands in queues, events for clients. A call that cannot be
done is answered with its error; a posted one leaves it to its queue; what our compiler would never send ends the
program.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pielang.api import codec
from pielang.api.errors import CallError, Status, no_more_messages
from pielang.api.table import Call, by_opcode
from pielang.server.control.lifecycle import Instance
from pielang.server.control.messaging import Child, Topics
from pielang.server.control.resources import Kind
from pielang.server.wire.client import Failed, Finished, Message, Output
from pielang.vm.guest import Submission

if TYPE_CHECKING:
    from pielang.server.control.model import Model

Spawn = Callable[[Child, str, dict[str, Any], int, int], None]
"""Starts a child by program name with arguments; answers the ticket with the handle, or with why not."""
Handler = Callable[[Instance, Submission, list[Any]], None]


@dataclass(slots=True)
class Known:
    """A call of the table, with all that is looked up for it."""

    call: Call
    decode: Callable[[bytes], list[Any]]
    encode: Callable[[Any], bytes]
    handler: Handler | None  # None: of the model's
    count: int = 0


class Calls:
    """One per node. `others` have calls that are not here, each as a method of its name."""

    def __init__(self, log: logging.Logger, topics: Topics, spawn: Spawn, others: Sequence[object]) -> None:
        self._logger = log
        self._topics = topics
        self._start_child = spawn
        self._table: dict[int, Known] = {
            opcode: Known(call, codec.decoder(call), codec.encoder(call),
                          None if call.model else self._handler(call, others))
            for opcode, call in by_opcode().items() if call.name != "fetch"
        }  # fmt: skip

    def _handler(self, call: Call, others: Sequence[object]) -> Handler:
        there = [getattr(other, call.name) for other in others if hasattr(other, call.name)]
        handler: Handler = there[0] if there else getattr(self, f"_{call.name}")
        return handler

    def run(self, instance: Instance, submission: Submission) -> None:
        """Do one call. Nothing is raised: errors go to the program, or end it."""
        known = self._table.get(submission.opcode)
        if known is None:
            problem = f"call {submission.opcode} is not known: the program was compiled for another version"
            instance.end(Failed(instance.id, "internal", problem, ()))
            return
        known.count += 1
        if submission.ticket:
            instance.calls[submission.ticket] = known
            if instance.trace is not None:
                handle = submission.scalar if known.call.queue else 0
                instance.called[submission.ticket] = time.perf_counter(), handle, instance.line(submission)
        try:
            handler = known.handler or _loaded(instance).calls.handlers[submission.opcode]
            handler(instance, submission, known.decode(submission.data))
        except CallError as error:
            self._refuse(instance, known.call, submission, error)

    def named(self, instance: Instance, submissions: Sequence[Submission]) -> list[str]:
        """What calls these are, and from which lines of the program."""
        names = {opcode: known.call.name for opcode, known in self._table.items()}
        return [f"{names.get(item.opcode, '?')} {instance.line(item)}".rstrip() for item in submissions]

    def counts(self) -> dict[str, int]:
        """Calls by name since the start."""
        return {known.call.name: known.count for known in self._table.values() if known.count}

    def _refuse(self, instance: Instance, call: Call, submission: Submission, error: CallError) -> None:
        if error.status is Status.RELEASED:
            error = CallError(error.status, f"{call.name}(): {error.message}")
        if submission.ticket:
            instance.fail(submission.ticket, error)
            return
        model = instance.model
        if model is not None and call.queue and instance.handles.kind(submission.scalar) is Kind.QUEUE:
            model.calls.refuse(instance, submission, error)
        elif error.status not in (Status.RELEASED, Status.MODEL_ERROR):  # of what is gone, nothing need be given back
            kind = "limit" if error.status is Status.LIMIT_REACHED else "internal"
            instance.end(Failed(instance.id, kind, f"{call.name}(): {error.message}", ()))

    # The guest itself

    def _exit(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        result = codec.unpack(submission.data, "the result") if submission.data else None
        instance.end(Finished(instance.id, result, submission.scalar & 0xFF))

    def _fail(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.raised(submission.data)

    def _write(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        data, room = submission.data, instance.usage.left("output_bytes")
        instance.emit(Output(instance.id, 2 if submission.scalar == 2 else 1, data[: int(min(room, len(data)))]))
        try:
            instance.usage.charge("output_bytes", len(data))
        except CallError as error:
            instance.end(Failed(instance.id, "limit", error.message, ()))
            return
        instance.complete(submission.ticket)

    def _get_arg(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, instance.arguments)

    def _release(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.release(submission.scalar)

    # Runtime

    def _send(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.usage.charge("messages")
        instance.emit(Message(instance.id, arguments[0]))

    def _receive(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        if instance.messages:
            instance.complete(submission.ticket, instance.messages.popleft())
        elif instance.no_more_messages:
            raise no_more_messages()
        else:
            instance.receiving.append(submission.ticket)

    def _log(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._logger.info("%s: %s", instance.id, arguments[0])

    def _sleep(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        def wake() -> None:
            instance.timers.discard(timer)
            instance.complete(submission.ticket)

        seconds = arguments[0]
        if not 0 <= seconds < float("inf"):
            raise CallError(Status.VALUE_ERROR, f"sleep(): seconds must be 0 or more, got {seconds}")
        timer = asyncio.get_running_loop().call_later(seconds, wake)
        instance.timers.add(timer)

    def _now(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, time.time())

    def _random_seed(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, secrets.randbits(63))

    def _instance_id(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, instance.id)

    # Between programs

    def _broadcast(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.usage.charge("messages")
        self._topics.broadcast(*arguments)

    def _subscribe(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.usage.charge("subscriptions")
        subscription = self._topics.join(instance, arguments[0])
        instance.complete(submission.ticket, scalar=instance.handles.add(Kind.SUBSCRIPTION, subscription))

    def _unsubscribe(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.remove(submission.scalar, Kind.SUBSCRIPTION).close()

    def _next_broadcast(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.get(submission.scalar, Kind.SUBSCRIPTION).read(submission.ticket)

    def _spawn(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        name, packed = arguments
        values = codec.unpack(packed, "spawn(): the arguments") if packed else {}
        if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
            raise CallError(Status.VALUE_ERROR, "spawn(): the arguments must be a packed map by parameter name")
        instance.usage.check("depth", instance.depth + 1)
        instance.usage.charge("children")
        try:
            instance.root.usage.charge("descendants")
        except CallError:
            instance.usage.give("children")
            raise
        child = Child(instance)
        handle = instance.handles.add(Kind.CHILD, child)
        self._start_child(child, name, values, submission.ticket, handle)

    def _wait_child(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.get(submission.scalar, Kind.CHILD).wait(submission.ticket)


def _loaded(instance: Instance) -> Model:
    if instance.model is None:
        problem = "the program was launched without a model: its manifest does not say that it needs one"
        raise CallError(Status.MODEL_ERROR, problem)
    if instance.model.scheduler.dead is not None:
        raise instance.model.scheduler.dead
    return instance.model
