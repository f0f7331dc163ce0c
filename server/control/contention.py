"""What happens when KV pages run out.

In: programs that take and give pages. Out: pages, or who has to go without. In this order:

1. Exports that nobody else holds are dropped, oldest first.
2. The call waits, in its queue, for others to give pages back.
3. When all programs that hold pages wait for more, none of them will: the newest of them gets `PoolExhausted`. Which
   one that is depends on the order of launches alone, so the oldest program always comes through.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from pielang.api.errors import CallError
from pielang.server.control.resources import Exports, Pool

if TYPE_CHECKING:
    from pielang.server.control.queues import Owner


class Contention:
    """Pages by who holds them."""

    def __init__(self, pages: Pool, exports: Exports) -> None:
        self._pages = pages
        self._exports = exports
        self._held: dict[Owner, int] = {}
        self.dropped_exports = 0
        self.gave_up = 0

    def room_for(self, count: int) -> bool:
        """Whether so many pages are free, or can be made so by dropping exports."""
        while count > self._pages.free:
            unused = next((name for name in self._exports.names if self._exports.unused(name)), None)
            if unused is None:
                return False
            self._exports.release(unused)
            self.dropped_exports += 1
        return True

    def take(self, owner: Owner, count: int) -> list[int]:
        """Raises CallError (LIMIT_REACHED, POOL_EXHAUSTED)."""
        owner.usage.charge("pages", count)
        try:
            pages = self._pages.take(count)
        except CallError as error:
            owner.usage.give("pages", count)
            held = sorted(self._held.items(), key=lambda item: -item[1])[:3]
            holders = ", ".join(f"{holder.id} {number}" for holder, number in held)
            raise CallError(error.status, f"{error.message}; held: {holders or 'none'}") from error
        self._held[owner] = self._held.get(owner, 0) + count
        return pages

    def share(self, owner: Owner, pages: Sequence[int]) -> None:
        """Somebody else's pages, to be held by this program as well. Raises CallError (LIMIT_REACHED)."""
        owner.usage.charge("pages", len(pages))
        self._pages.share(pages)
        self._held[owner] = self._held.get(owner, 0) + len(pages)

    def give(self, owner: Owner, page: int) -> None:
        self._pages.give([page])
        owner.usage.give("pages")
        self._held[owner] -= 1
        if not self._held[owner]:
            del self._held[owner]

    def who_gives_up(self, waiting: Sequence[Owner]) -> Owner | None:
        """Of the programs that wait for pages, the newest, if everybody who holds any is among them."""
        if not waiting or not all(holder in waiting for holder in self._held):
            return None
        self.gave_up += 1
        return max(waiting, key=lambda owner: owner.number)
