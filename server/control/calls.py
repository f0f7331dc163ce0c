"""What each call of the API table does.

In: submissions of running programs. Out: completions, commands in queues, events for clients. A call that cannot be
done is answered with its error; a posted one leaves it to its queue; what our compiler would never send ends the
program.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pielang.api import codec
from pielang.api.errors import CallError, Status, no_more_messages
from pielang.api.table import Call, by_opcode
from pielang.server.control.lifecycle import Instance
from pielang.server.control.messaging import Child, Topics
from pielang.server.control.resources import Embed, Kind
from pielang.server.wire.client import Failed, Finished, Message, Output
from pielang.vm.guest import Submission

if TYPE_CHECKING:
    from pielang.server.control.loops import Loop
    from pielang.server.control.model import Model
    from pielang.server.control.queues import Command, CommandQueue

MAX_ALLOCATION = 65536
Spawn = Callable[[Child, str, dict[str, Any], int, int], None]
"""Starts a child by program name with arguments; answers the ticket with the handle, or with why not."""
Fetch = Callable[[Instance, int, str, str, list[str], bytes], None]
"""Makes an HTTP request for a program and answers its ticket: method, address, headers, body."""
Handler = Callable[[Instance, Submission, list[Any]], None]


class Calls:
    """One per node."""

    def __init__(self, log: logging.Logger, topics: Topics, spawn: Spawn, fetch: Fetch) -> None:
        self._logger = log
        self._counts: Counter[int] = Counter()
        self._topics = topics
        self._start_child = spawn
        self._fetch = fetch
        self._table: dict[int, tuple[Call, Handler]] = {
            opcode: (call, getattr(self, f"_{call.name}"))
            for opcode, call in by_opcode().items()
            if call.name != "fetch"
        }

    def run(self, instance: Instance, submission: Submission) -> None:
        """Do one call. Nothing is raised: errors go to the program, or end it."""
        call, handler = self._table.get(submission.opcode, (None, None))
        if call is None or handler is None:
            problem = f"call {submission.opcode} is not known: the program was compiled for another version"
            instance.end(Failed(instance.id, "internal", problem, ()))
            return
        self._counts[submission.opcode] += 1
        if submission.ticket:
            instance.calls[submission.ticket] = call
            if instance.trace is not None:
                instance.called[submission.ticket] = time.perf_counter()
        try:
            arguments = [] if call.raw else codec.decode_arguments(call, submission.data)
            if call.model:
                _model(instance)
            handler(instance, submission, arguments)
        except CallError as error:
            self._refuse(instance, call, submission, error)

    def names(self, submissions: Sequence[Submission]) -> list[str]:
        """What calls these are."""
        return [self._table[item.opcode][0].name if item.opcode in self._table else "?" for item in submissions]

    def counts(self) -> dict[str, int]:
        """Calls by name since the start."""
        return {self._table[opcode][0].name: count for opcode, count in self._counts.items()}

    def _refuse(self, instance: Instance, call: Call, submission: Submission, error: CallError) -> None:
        if submission.ticket:
            instance.fail(submission.ticket, error)
            return
        model = instance.model
        if model is not None and call.queue and instance.handles.kind(submission.scalar) is Kind.QUEUE:
            from pielang.server.control.queues import Refuse

            model.scheduler.push(_queue(instance, submission), Refuse(0, error))
        elif error.status is not Status.RELEASED:  # what is gone already needs no giving back
            kind = "limit" if error.status is Status.LIMIT_REACHED else "internal"
            instance.end(Failed(instance.id, kind, f"{call.name}(): {error.message}", ()))

    # The guest itself

    def _exit(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        result = codec.unpack(submission.data, "the result") if submission.data else None
        instance.end(Finished(instance.id, result, submission.scalar & 0xFF))

    def _fail(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.raised(submission.data)

    def _write(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        try:
            instance.usage.charge("output_bytes", len(submission.data))
        except CallError as error:
            instance.end(Failed(instance.id, "limit", error.message, ()))
            return
        instance.emit(Output(instance.id, 2 if submission.scalar == 2 else 1, submission.data))
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

    def _available_models(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, [_model(instance).info.name])

    def _available_traits(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, list(_named(instance, arguments[0]).traits))

    def _model_info(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, _named(instance, arguments[0]).record())

    def _create_queue(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import CommandQueue

        queue = CommandQueue(instance)
        handle = instance.handles.add(Kind.QUEUE, queue)
        instance.queues.append(queue)
        instance.complete(submission.ticket, scalar=handle)

    def _synchronize(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import Synchronize

        _push(instance, submission, Synchronize(submission.ticket))

    def _set_queue_priority(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import SetPriority

        _push(instance, submission, SetPriority(submission.ticket, arguments[0]))

    # Allocate

    def _alloc_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._allocate(instance, submission, Kind.PAGE, arguments[0])

    def _try_alloc_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._allocate(instance, submission, Kind.PAGE, arguments[0], tentative=True)

    def _alloc_emb(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        self._allocate(instance, submission, Kind.EMBED, arguments[0])

    def _allocate(
        self, instance: Instance, submission: Submission, kind: Kind, count: int, tentative: bool = False
    ) -> None:
        from pielang.server.control.queues import Allocate

        if not 0 <= count <= MAX_ALLOCATION:
            problem = f"{count} {kind.value}s cannot be had at once: from 0 to {MAX_ALLOCATION} can"
            raise CallError(Status.VALUE_ERROR, problem)
        _push(instance, submission, Allocate(submission.ticket, kind, count, tentative))

    def _dealloc_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import deallocate

        deallocate(instance, Kind.PAGE, arguments[0], _model(instance).scheduler)

    def _dealloc_emb(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import DeallocateEmbeds

        _push(instance, submission, DeallocateEmbeds(submission.ticket, arguments[0]))

    def _copy_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import copy_page

        queue, scheduler = _queue(instance, submission), _model(instance).scheduler
        scheduler.push(queue, copy_page(scheduler, submission.ticket, instance, *arguments))

    def _export_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import Export, hold

        pages, name, note = arguments
        command = Export(submission.ticket, name, note)
        hold(command, instance, pages, _model(instance).scheduler)
        _push(instance, submission, command)

    def _import_kvpage(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import Import

        _push(instance, submission, Import(submission.ticket, arguments[0]))

    def _release_export(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        _model(instance).scheduler.exports.release(arguments[0])
        instance.complete(submission.ticket)

    def _list_exports(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, _model(instance).scheduler.exports.names)

    # Forward, InputText, Tokenize, OutputText

    def _embed_txt(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import embed_text

        embed_text(_model(instance).scheduler, instance, *arguments)

    def _forward(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import forward

        queue, scheduler = _queue(instance, submission), _model(instance).scheduler
        scheduler.push(queue, forward(scheduler, submission.ticket, instance, *arguments))

    def _tokenize(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, _model(instance).tokenizer.encode(arguments[0]))

    def _detokenize(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        model = _model(instance)
        model.scheduler.check_tokens(arguments[0])
        instance.complete(submission.ticket, b"".join([model.token_bytes(token) for token in arguments[0]]))

    def _get_vocabs(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.complete(submission.ticket, _model(instance).vocabulary())

    def _get_next_dist(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import NextDist

        _push(instance, submission, NextDist(submission.ticket, _embeds(instance, arguments[0]), arguments[1]))

    def _sample(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import Cuts, SampleTokens

        embeds, *cuts, step = arguments
        _push(instance, submission, SampleTokens(submission.ticket, _embeds(instance, embeds), Cuts(*cuts), step))

    def _generate(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        from pielang.server.control.queues import Cuts

        model, queue = _model(instance), _queue(instance, submission)
        names = [field.name for field in self._table[submission.opcode][0].arguments[1:]]
        values = dict(zip(names, arguments, strict=True))
        cuts = Cuts(*(values[name] for name in ("temperature", "top_k", "top_p", "min_p", "seed")))
        model.scheduler.push(queue, model.enrol(submission.ticket, queue, cuts, values))

    def _generate_next(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        loop: Loop = instance.handles.get(submission.scalar, Kind.LOOP)
        if not loop.ask(instance, submission.ticket, arguments[0]):
            raise CallError(Status.VALUE_ERROR, "generate_next(): another one waits for this loop already")
        _model(instance).scheduler.settle(loop)

    def _generate_stop(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        loop: Loop = instance.handles.get(submission.scalar, Kind.LOOP)
        loop.stop()
        _model(instance).scheduler.settle(loop)
        if instance.handles.kind(submission.scalar) is Kind.LOOP:
            instance.handles.remove(submission.scalar, Kind.LOOP)

    # Between programs

    def _broadcast(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.usage.charge("messages")
        self._topics.broadcast(*arguments)

    def _subscribe(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.usage.charge("subscriptions")
        subscription = self._topics.join(instance, arguments[0])
        instance.complete(submission.ticket, scalar=instance.handles.add(Kind.SUBSCRIPTION, subscription))

    def _unsubscribe(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.remove(submission.scalar, Kind.SUBSCRIPTION).leave()

    def _next_broadcast(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.get(submission.scalar, Kind.SUBSCRIPTION).read(submission.ticket)

    def _spawn(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        name, packed = arguments
        values = codec.unpack(packed, "spawn(): the arguments") if packed else {}
        if not isinstance(values, dict) or not all(isinstance(key, str) for key in values):
            raise CallError(Status.VALUE_ERROR, "spawn(): the arguments must be a packed map by parameter name")
        instance.usage.check("depth", instance.depth + 1)
        instance.usage.charge("children")
        child = Child(instance)
        handle = instance.handles.add(Kind.CHILD, child)
        self._start_child(child, name, values, submission.ticket, handle)

    def _wait_child(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.get(submission.scalar, Kind.CHILD).wait(submission.ticket)

    # HTTP

    def _http_get(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        url, headers = arguments
        self._fetch(instance, submission.ticket, "GET", url, headers, b"")

    def _http_post(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        url, headers, body = arguments
        self._fetch(instance, submission.ticket, "POST", url, headers, body)

    def _http_request(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        method, url, headers, body = arguments
        self._fetch(instance, submission.ticket, method, url, headers, body)


def _model(instance: Instance) -> Model:
    if instance.model is None:
        problem = "the program was launched without a model: its manifest does not say that it needs one"
        raise CallError(Status.MODEL_ERROR, problem)
    if instance.model.scheduler.dead is not None:
        raise instance.model.scheduler.dead
    return instance.model


def _named(instance: Instance, name: str) -> Model:
    model = _model(instance)
    if name not in ("", model.info.name):
        problem = f"the model '{name}' is not served here; served: {model.info.name}"
        raise CallError(Status.MODEL_ERROR, problem)
    return model


def _queue(instance: Instance, submission: Submission) -> CommandQueue:
    queue: CommandQueue = instance.handles.get(submission.scalar, Kind.QUEUE)
    return queue


def _push(instance: Instance, submission: Submission, command: Command) -> None:
    _model(instance).scheduler.push(_queue(instance, submission), command)


def _embeds(instance: Instance, handles: Sequence[int]) -> list[Embed]:
    return [instance.handles.get(handle, Kind.EMBED) for handle in handles]
