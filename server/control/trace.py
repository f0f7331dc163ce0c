"""What happened when, for a viewer of Chrome traces (Perfetto): programs, their calls, and batches.

In: times by `time.perf_counter` from the node and the scheduler. Out: a JSON object in the Chrome trace format. One
track for each program (when it ran), its calls beside it (from the call to its answer), and one for batches (from
sending to result).
"""

from __future__ import annotations

import time
from typing import Any

PROGRAMS, CALLS, BATCHES = 1, 2, 3
MAX_EVENTS = 1_000_000


class Trace:
    """Collects events of one node; those over MAX_EVENTS are counted and dropped."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._events: list[dict[str, Any]] = []
        self._tracks: dict[tuple[int, str], int] = {}
        self._dropped = 0

    def slice(self, process: int, track: str, name: str, began: float, ended: float, **details: Any) -> None:
        """Something that took from `began` to `ended`, alone on its track."""
        self._add(
            {
                "ph": "X", "pid": process, "tid": self._track(process, track), "name": name,
                "ts": self._microseconds(began), "dur": round((ended - began) * 1e6, 3), "args": details,
            }
        )  # fmt: skip

    def span(self, process: int, track: str, name: str, number: int, began: float, ended: float) -> None:
        """Something beside which others of its track may be under way."""
        common = {"pid": process, "tid": self._track(process, track), "name": name, "cat": "call", "id": number}
        self._add(common | {"ph": "b", "ts": self._microseconds(began)})
        self._add(common | {"ph": "e", "ts": self._microseconds(ended)})

    def document(self) -> dict[str, Any]:
        """All of it, as it is written to a file."""
        names = {PROGRAMS: "programs", CALLS: "calls", BATCHES: "batches"}
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
