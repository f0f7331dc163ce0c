"""When the next batch is sent: the one decision about time that the scheduler leaves to a policy.

In: what waits and since when, and what the device is doing. Out: now, not before some event, or in a while.

adaptive    work-conserving: as soon as the device has nothing to do, but for programs that are about to run; and early,
            behind a batch that runs, where the device would have to wait for the host
eager       one call a batch, at once: no batching, the bad end of the scale
k-only      when so many calls wait
t-only      when the oldest call has waited for so long
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

NAMES = ("adaptive", "eager", "k-only", "t-only")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a policy looks at."""

    calls: int  # rows and other device work that could be sent
    loops: int  # of these, steps of loops
    seconds: float  # how long some of them have waited
    idle_seconds: float  # how long they have waited for nothing but this decision: the device is free
    step_seconds: float  # what the last batch took on the device
    in_flight: int  # batches on the device or on their way
    rows_in_flight: int  # in these
    guests: int  # programs that are about to run this very moment and will probably call
    row_seconds: float  # what the host does for a row from its result to its next batch


class Policy(Protocol):
    @property
    def single(self) -> bool:
        """Whether a batch holds one call only."""

    def delay(self, waiting: Waiting) -> float | None:
        """Seconds to wait before a batch is sent if nothing happens till then (0: send); None: until something does."""


@dataclass(frozen=True, slots=True)
class Adaptive:
    gather_seconds: float
    single: bool = False

    def delay(self, waiting: Waiting) -> float | None:
        # A step takes hardly longer for more rows. Where the host's work for all rows is less than a step, the device
        # waits for it, and all are in one batch. Else halves take turns: one is on the device while the host works for
        # the other, whose batch stands behind it by the time it ends.
        patience = max(self.gather_seconds, waiting.step_seconds)
        rows = waiting.calls + waiting.guests + waiting.rows_in_flight
        halves = rows * waiting.row_seconds > patience
        if waiting.in_flight:
            other_half = waiting.rows_in_flight and not waiting.guests and 3 * waiting.calls >= rows
            return 0 if waiting.loops or (halves and other_half) else None
        if not waiting.guests or (halves and 2 * waiting.calls >= rows):
            return 0
        return max(0, patience - waiting.idle_seconds)


@dataclass(frozen=True, slots=True)
class Eager:
    single: bool = True

    def delay(self, waiting: Waiting) -> float | None:
        return 0


@dataclass(frozen=True, slots=True)
class CountOnly:
    calls: int
    patience_seconds: float = 0.2  # the last few would wait for ever
    single: bool = False

    def delay(self, waiting: Waiting) -> float | None:
        return 0 if waiting.calls >= self.calls else max(0, self.patience_seconds - waiting.seconds)


@dataclass(frozen=True, slots=True)
class TimeOnly:
    seconds: float
    single: bool = False

    def delay(self, waiting: Waiting) -> float | None:
        return max(0, self.seconds - waiting.seconds)


def make_policy(name: str, gather_seconds: float, calls: int, seconds: float) -> Policy:
    """Raises ValueError for a name that is none of NAMES."""
    match name:
        case "adaptive":
            return Adaptive(gather_seconds)
        case "eager":
            return Eager()
        case "k-only":
            return CountOnly(calls)
        case "t-only":
            return TimeOnly(seconds)
    raise ValueError(f"there is no scheduling policy '{name}'; there are: {', '.join(NAMES)}")
