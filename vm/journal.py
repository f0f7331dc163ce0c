"""A run kept in a file, and had again from it.

A module imports nothing, so what a guest does follows from its bytes, its limits, and what it is handed each time it
is called: the clock and the completions. Where in its code a slice of time ends is chance; with a journal the clock
therefore stands still until the guest waits.

In: the rounds of a guest, each a call of `start` or `resume`. Out: a file, and from the file the same rounds.

The file is a sequence of msgpack values: a map (`record`: the version of this format, `wasm`, `memory_bytes`,
`resume_seconds`); for each round [clock, collects, [[ticket, status, result, scalar], ...]] and, once it is over, the
checksum of what the guest asked for in it; at the end a text: why it ended.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any, BinaryIO
from zlib import crc32

import msgpack

from pielang.vm.guest import RING_ENTRIES, Completion, Limits, Round, Submission
from pielang.vm.traps import GuestTrap, TrapKind

VERSION = 1
_FIELDS = {"record": int, "wasm": bytes, "memory_bytes": int, "resume_seconds": float}


class BadRecord(Exception):
    """A file that is no record, or one of another version, or one that the program in it does not follow."""


class RecordOver(Exception):
    """There are no more rounds. The message: why the guest ended there."""


class Recorder:
    """Writes a journal, a round at a time, so that what a crash leaves can be had again. OSError if it cannot begin."""

    def __init__(self, path: Path, wasm: bytes, limits: Limits) -> None:
        self._path = path
        self._file = path.open("wb")
        self._writing = threading.Lock()  # a guest may be ended while a worker runs it
        self._put(
            {
                "record": VERSION,
                "wasm": wasm,
                "memory_bytes": limits.memory_bytes,
                "resume_seconds": float(limits.resume_seconds),
            }
        )

    def round(self, waiting: deque[Completion], collects: bool) -> Round:
        count = 0 if collects else min(RING_ENTRIES, len(waiting))
        handed = deque(waiting.popleft() for _ in range(count))
        now = time.time_ns()
        self._put([now, collects, [[done.ticket, done.status, done.data, done.scalar] for done in handed]])
        return Round(now, collects, handed)

    def over(self, submissions: Sequence[Submission]) -> None:
        self._put(_checksum(submissions))

    def close(self, reason: str) -> None:
        """The guest has ended, and why; nothing is kept any more. Raises GuestTrap when that cannot be written."""
        self._put(reason)
        with self._writing:
            self._file.close()

    def _put(self, value: object) -> None:
        try:
            with self._writing:
                if not self._file.closed:
                    self._file.write(msgpack.packb(value))
                    self._file.flush()
        except OSError as error:
            problem = f"the record {self._path} cannot be written on: {error.strerror}"
            raise GuestTrap(TrapKind.STOPPED, problem) from error


class Player:
    """Gives a guest the rounds of a record. Raises BadRecord when the file is none."""

    def __init__(self, file: BinaryIO) -> None:
        self._values = msgpack.Unpacker(file, strict_map_key=False, max_buffer_size=0)
        self._count = 0
        head = self._next()
        if not isinstance(head, dict) or any(type(head.get(name)) is not kind for name, kind in _FIELDS.items()):
            raise BadRecord("it is no record of a run")
        if head["record"] != VERSION:
            raise BadRecord(f"it is a record of version {head['record']}; this pielang reads {VERSION}: record again")
        self.wasm: bytes = head["wasm"]
        self.limits = Limits(head["memory_bytes"], head["resume_seconds"])

    def round(self, waiting: deque[Completion], collects: bool) -> Round:
        """The next round, whatever waits. Raises RecordOver."""
        waiting.clear()  # what the guest was answered at once is in the record, too
        match self._next():
            case [int(clock), bool(collected), list(completions)]:
                self._count += 1
                return Round(clock, collected, deque(Completion(*fields) for fields in completions))
            case str(reason):
                raise RecordOver(reason)
            case None:
                raise RecordOver("its record breaks off")
            case _:
                raise BadRecord(f"it is broken after round {self._count}")

    def over(self, submissions: Sequence[Submission]) -> None:
        expected = self._next()
        if isinstance(expected, str):  # it was ended before it came so far
            raise RecordOver(expected)
        if expected is not None and expected != _checksum(submissions):
            raise BadRecord(f"in round {self._count} the program asks for something else than it did then")

    def _next(self) -> Any:
        """None at the end, and where a value was cut short."""
        try:
            return next(self._values, None)
        except (ValueError, msgpack.UnpackException) as error:
            raise BadRecord(f"it is no record of a run, or broken after round {self._count}") from error


def _checksum(submissions: Sequence[Submission]) -> int:
    asked = [[item.opcode, item.ticket, item.scalar, item.data] for item in submissions]
    return crc32(msgpack.packb(asked))
