"""How much one inferlet may take, and what it has taken.

In: a table of limits, with the server's own values for some. Out: a `CallError` (LIMIT_REACHED) that says which limit
it was, its value and how it is raised; wall and CPU time and output end the program instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from pielang.api.errors import CallError, Status


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    default: float
    doc: str


LIMITS: tuple[Limit, ...] = (
    Limit("memory_mb", 256, "MB of linear memory (also --memory)"),
    Limit("step_seconds", 10, "seconds of computing between two awaits (also --time-limit)"),
    Limit("wall_seconds", 86_400, "seconds from launch to end"),
    Limit("cpu_seconds", 3_600, "seconds of computing, all in all"),
    Limit("output_bytes", 64 << 20, "bytes written to standard output and error"),
    Limit("messages", 100_000, "messages sent to the client or to a topic"),
    Limit("unread_messages", 10_000, "messages that wait for the program to receive them"),
    Limit("pages", 1 << 20, "KV pages held at once"),
    Limit("exports", 1_024, "names under which pages are exported at once"),
    Limit("forwards", 1_000_000, "calls of forward and generate"),
    Limit("tokens", 10_000_000, "tokens run through the model"),
    Limit("top_k", 65_536, "tokens of one distribution"),
    Limit("grammars", 64, "grammars held at once"),
    Limit("grammar_bytes", 1 << 18, "bytes of the text of one grammar"),
    Limit("subscriptions", 64, "topics listened to at once"),
    Limit("children", 64, "programs spawned that still run"),
    Limit("descendants", 256, "programs running that it, or those it spawned, have spawned"),
    Limit("depth", 8, "generations of programs spawned by one another"),
    Limit("interpreters", 8, "interpreters of source known at run time, held at once"),
    Limit("http_requests", 1_000, "HTTP requests"),
    Limit("connections", 32, "HTTP requests under way at once"),
    Limit("http_bytes", 64 << 20, "bytes of HTTP bodies, sent and received"),
)


def effective(chosen: Mapping[str, float]) -> dict[str, float]:
    """All limits, with the chosen values in place of defaults. Raises ValueError for a name that is none."""
    known = {limit.name: limit.default for limit in LIMITS}
    for name, value in chosen.items():
        if name not in known:
            raise ValueError(f"there is no limit '{name}'; there are: {', '.join(known)}")
        if not value >= 0:
            raise ValueError(f"the limit '{name}' must be 0 or more, got {value}")
    return known | dict(chosen)


class Usage:
    """What one program has taken so far, or holds; `shared` is what all programs of its user have, or do.

    `reached` counts the limits that were met, by name.
    """

    def __init__(
        self,
        limits: Mapping[str, float],
        shared: Usage | None = None,
        option: str = "--limit",
        reached: Counter[str] | None = None,
    ) -> None:
        self._limits = limits
        self._shared = shared
        self._option = option
        self._reached: Counter[str] = Counter() if reached is None else reached
        self.taken: dict[str, float] = {}

    def limit(self, name: str) -> float:
        return self._limits[name]

    def left(self, name: str) -> float:
        """How much more can be taken."""
        left = self._limits[name] - self.taken.get(name, 0)
        return left if self._shared is None else min(left, self._shared.left(name))

    def charge(self, name: str, amount: float = 1) -> None:
        """Take so much more; nothing is taken when that would be over the limit. Raises CallError (LIMIT_REACHED)."""
        total = self.taken.get(name, 0) + amount
        if total > self._limits[name]:
            raise CallError(Status.LIMIT_REACHED, self.message(name))
        if self._shared is not None:
            self._shared.charge(name, amount)
        self.taken[name] = total

    def check(self, name: str, total: float) -> None:
        if total > self._limits[name]:
            raise CallError(Status.LIMIT_REACHED, self.message(name))

    def give(self, name: str, amount: float = 1) -> None:
        """So much less is held."""
        if self._shared is not None:
            self._shared.give(name, amount)
        self.taken[name] = self.taken.get(name, 0) - amount

    def message(self, name: str) -> str:
        """That the limit is reached."""
        self._reached[name] += 1
        (doc,) = [limit.doc for limit in LIMITS if limit.name == name]
        whose = "" if self._option == "--limit" else ", all programs of the user together,"
        value = f"{self._limits[name]:g}"
        return f"the limit '{name}' of {value} {doc}{whose} is reached ({self._option} {name}=NUMBER sets it)"


def requested(limits: Mapping[str, float], asked: Mapping[str, str]) -> Mapping[str, float]:
    """The limits of one program, which has asked for some of its own. Raises ValueError for more than there may be."""
    if not asked:
        return limits
    chosen = {}
    for name, text in asked.items():
        try:
            chosen[name] = float(text)
        except ValueError:
            raise ValueError(f"the program asks for a limit '{name}' of '{text}', which is no number") from None
    effective(chosen)
    for name, value in chosen.items():
        if value > limits[name]:
            raise ValueError(
                f"the program asks for {value:g} {name}, this server allows {limits[name]:g} (--limit {name}=NUMBER)"
            )
    return {**limits, **chosen}
