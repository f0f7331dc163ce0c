"""Interpreters for source known only at run time, as programs hold them.

In: the calls `open_interpreter`, `step_interpreter` and `close_interpreter`. Out: handles, and what the interpreters
say. An interpreter takes one command at a time; while it waits for an answer from its program, it takes nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pielang.api.errors import CallError, Status
from pielang.server.control.resources import Kind
from pielang.vm.dynamic import Interpreter, MicroPython, NoInterpreter, Reply, checked
from pielang.vm.guest import Submission

if TYPE_CHECKING:
    from pielang.server.control.lifecycle import Instance

MOST_MEGABYTES = 256
MOST_SECONDS = 3600.0
_COMMANDS = {"exec": (str,), "eval": (str,), "set": (str, object), "define": (str,)}
_ANSWERS = {"answer": (object,), "error": (str, str)}

Errand = Callable[["Instance", Coroutine[None, None, None]], asyncio.Task[None]]


class Interpreters:
    """One per node. `errand` runs what takes a while for a program, and gives it up when the program ends."""

    def __init__(self, cache: Path | None, errand: Errand) -> None:
        self._code = MicroPython(cache)
        self._errand = errand

    def open_interpreter(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        megabytes, seconds = arguments
        if not 1 <= megabytes <= MOST_MEGABYTES:
            raise CallError(Status.VALUE_ERROR, f"memory_mb must be 1 to {MOST_MEGABYTES}, got {megabytes}")
        if not 0 < seconds <= MOST_SECONDS:
            raise CallError(Status.VALUE_ERROR, f"time_limit must be above 0 and at most {MOST_SECONDS:g} s")
        instance.usage.charge("interpreters")

        async def start() -> None:
            try:
                await asyncio.to_thread(self._code.load)
            except NoInterpreter as error:
                instance.usage.give("interpreters")
                instance.fail(submission.ticket, CallError(Status.PIE_ERROR, str(error)))
                return
            held = HeldInterpreter(instance, self._code, megabytes << 20, seconds)
            instance.complete(submission.ticket, scalar=instance.handles.add(Kind.INTERPRETER, held))

        self._errand(instance, start())

    def step_interpreter(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.get(submission.scalar, Kind.INTERPRETER).step(submission.ticket, arguments[0])

    def close_interpreter(self, instance: Instance, submission: Submission, arguments: list[Any]) -> None:
        instance.handles.remove(submission.scalar, Kind.INTERPRETER).close()


class HeldInterpreter:
    """One interpreter and the program that holds it. For the event loop's thread, but for the replies."""

    def __init__(self, owner: Instance, code: MicroPython, memory_bytes: int, seconds: float) -> None:
        self._owner = owner
        self._loop = asyncio.get_running_loop()
        self._interpreter = Interpreter(code, memory_bytes, seconds, self._replied)
        self._ticket = 0  # of the step that waits for a reply
        self._asked = False  # it waits for an answer
        self._ended = ""
        self._closed = False

    def step(self, ticket: int, text: str) -> None:
        """Pass a command on; its reply answers the ticket. Raises CallError."""
        if self._ticket:
            raise CallError(Status.VALUE_ERROR, "the interpreter is at work: wait for its reply first")
        if self._ended:
            raise CallError(Status.RELEASED, f"the interpreter has ended: {self._ended}")
        try:
            command = checked(json.loads(text), _ANSWERS if self._asked else _COMMANDS)
        except (ValueError, RecursionError):
            wanted = "an answer to the interpreter's call" if self._asked else "a command"
            raise CallError(Status.VALUE_ERROR, f"step_interpreter(): not {wanted}: {text[:80]}") from None
        self._ticket = ticket
        self._interpreter.send(command)

    def close(self) -> None:
        """End it and give it back. Twice is fine."""
        if not self._closed:
            self._closed = True
            self._interpreter.close()
            self._owner.usage.give("interpreters")
            ticket, self._ticket = self._ticket, 0
            self._owner.fail(ticket, CallError(Status.CANCELLED, "the interpreter was closed"))

    def _replied(self, reply: Reply) -> None:
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._reply, reply)

    def _reply(self, reply: Reply) -> None:
        if self._closed:
            return
        self._asked = reply.said[0] == "call"
        if reply.said[0] == "ended":
            self._ended = str(reply.said[1])
        ticket, self._ticket = self._ticket, 0
        self._owner.complete(ticket, (json.dumps(reply.said), reply.output))
