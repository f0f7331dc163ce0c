"""What happened when, for a viewer of Chrome traces (Perfetto): programs, their calls, and batches.

In: times by `time.perf_counter` from the node and the scheduler. Out: a JSON object in the Chrome trace format. One
track for each program (when it ran), one for its calls and one for each of its command queues (each call from when it
was made to its answer), and one for batches (from sending to result). Each event tells the lines of the programs that
it comes from, where these were compiled to say so.
"""

from __future__ import annotations

import time
from typing import Any

PROGRAMS, CALLS, QUEUES, BATCHES = 1, 2, 3, 4
MAX_EVENTS = 1_000_000


class Histogram:
    """How often values came that are below 1, 2, 4, 8 and so on."""

    def __init__(self) -> None:
        self._counts: list[int] = []

    def add(self, value: float) -> None:
        place = int(value).bit_length()
        if place >= len(self._counts):
            self._counts += [0] * (place + 1 - len(self._counts))
        self._counts[place] += 1

    def counts(self) -> dict[str, int]:
        """By what the values are below."""
        return {f"<{1 << place}": count for place, count in enumerate(self._counts) if count}


class Trace:
    """Collects events of one node; those over MAX_EVENTS are counted and dropped."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._events: list[dict[str, Any]] = []
        self._tracks: dict[tuple[int, str], int] = {}
        self._spans = 0
        self._dropped = 0

    def slice(self, process: int, track: str, name: str, began: float, ended: float, **details: Any) -> None:
        """Something that took from `began` to `ended`, alone on its track."""
        self._add(
            {
                "ph": "X", "pid": process, "tid": self._track(process, track), "name": name,
                "ts": self._microseconds(began), "dur": round((ended - began) * 1e6, 3), "args": details,
            }
        )  # fmt: skip

    def span(self, process: int, track: str, name: str, began: float, ended: float, **details: Any) -> None:
        """Something beside which others of its track may be under way."""
        self._spans += 1
        common = {"pid": process, "tid": self._track(process, track), "name": name, "cat": "call", "id": self._spans}
        self._add(common | {"ph": "b", "ts": self._microseconds(began), "args": details})
        self._add(common | {"ph": "e", "ts": self._microseconds(ended)})

    def document(self) -> dict[str, Any]:
        """All of it, as it is written to a file."""
        names = {PROGRAMS: "programs", CALLS: "calls", QUEUES: "command queues", BATCHES: "batches"}
        meta: list[dict[str, Any]] = [
            {"ph": "M", "pid": process, "tid": 0, "name": "process_name", "args": {"name": name}}
            for process, name in names.items()
        ]
        meta += [
            {"ph": "M", "pid": process, "tid": number, "name": "thread_name", "args": {"name": track}}
            for (process, track), number in self._tracks.items()
        ]
        return {"traceEvents": meta + self._events, "otherData": {"dropped_events": self._dropped}}

    def _track(self, process: int, name: str) -> int:
        return self._tracks.setdefault((process, name), len(self._tracks) + 1)

    def _microseconds(self, moment: float) -> float:
        return round((moment - self._began) * 1e6, 3)

    def _add(self, event: dict[str, Any]) -> None:
        if len(self._events) < MAX_EVENTS:
            self._events.append(event)
        else:
            self._dropped += 1
