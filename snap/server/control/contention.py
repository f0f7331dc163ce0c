"""What happens when KV pages run out.

In: programs that take and give pages. Out: pages, or who has to go without. In this order:

1. Exports that nobody else holds are dropped, oldest first.
2. Programs collect their garbage, which may hold pages: once for each call that waits.
3. Programs of lower rank make room: they are suspended, the lowest first, and the pages that nobody else holds are
   moved to host memory. Rank is the priority of a program's queues, and among equals who was launched earlier. They go
   on, the highest first, when there is room for all of their pages again and nobody above them waits for more.
4. The call waits, in its queue, for others to give pages back.
5. When all programs that hold pages wait for more, none of them will: the newest of them gets `PoolExhausted`. Which
   one that is depends on the order of launches alone, so the oldest program always comes through.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from pielang.api.errors import CallError
from pielang.server.control.resources import Exports, Kind, PageRow, Pool

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
        self.collections = 0  # that programs were made to do
        self.suspended: dict[Owner, None] = {}
        self.saved_pages = 0  # moved to host memory so far
        self.loaded_pages = 0
        self.saves: list[tuple[int, int]] = []  # of the next batch: (page, host page)
        self._loads: dict[int, tuple[int, Owner]] = {}  # and after them, by page: host page, whose it was
        self.on_moved: Callable[[Mapping[int, int]], None] = lambda moved: None

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

    @property
    def holders(self) -> Sequence[Owner]:
        """The programs that hold pages."""
        return list(self._held)

    @property
    def loads(self) -> list[tuple[int, int]]:
        """Of the next batch, after the saves: (host page, page)."""
        return [(host, page) for page, (host, _) in self._loads.items()]

    def sent(self) -> None:
        """A batch has the saves and loads there were."""
        self.saves, self._loads = [], {}

    def give(self, owner: Owner, page: int) -> None:
        self._pages.give([page])
        owner.usage.give("pages")
        self._held[owner] -= 1
        if not self._held[owner]:
            del self._held[owner]

    def who_gives_up(self, waiting: Sequence[Owner]) -> Owner | None:
        """Of the programs that wait for pages, the newest, if everybody who holds any is among them."""
        if not waiting or not all(holder in waiting or holder in self.suspended for holder in self._held):
            return None
        self.gave_up += 1
        return max(waiting, key=lambda owner: owner.number)

    # Making room

    def collect(self) -> bool:
        """Have all who hold pages collect their garbage, soon; False when nobody has any."""
        asked = sum([owner.collect() for owner in self._held])
        self.collections += asked
        return asked > 0

    def preempt(self, owner: Owner, count: int, rows: Rows) -> bool:
        """Suspend programs below `owner` until so many pages are free. Nobody is, when that would not be enough."""
        chosen: list[tuple[Owner, list[int]]] = []
        wanted, room = count - self._pages.free, self._pages.movable(to_host=True)
        for holder in sorted(self._held, key=rank):
            if wanted <= 0 or rank(holder) >= rank(owner):
                break
            if holder not in self.suspended:
                pages = self._own(holder, rows(holder))[:room]
                room -= len(pages)
                wanted -= len(pages)
                chosen.append((holder, pages))
        if wanted > 0:
            return False
        for holder, pages in chosen:
            self.suspended[holder] = None
            self._move(holder, pages, rows(holder))
        return True

    def resume(self, above: tuple[int, int], rows: Rows) -> list[Owner]:
        """Let suspended programs go on whose pages have room, down to those that rank below `above`, who waits."""
        resumed = []
        for owner in sorted(self.suspended, key=rank, reverse=True):
            away = [page for page in self._numbers(owner, rows(owner)) if page >= self._pages.size]
            if rank(owner) < above or not self.room_for(len(away)) or self._pages.movable(to_host=False) < len(away):
                break
            self._move(owner, away, rows(owner))
            del self.suspended[owner]
            resumed.append(owner)
        return resumed

    @staticmethod
    def _numbers(owner: Owner, rows: Sequence[PageRow]) -> dict[int, int]:
        """The pages that a program has, and how many references to each are its own."""
        counts = Counter(owner.handles.things(Kind.PAGE))
        for row in rows:
            counts.update(row.numbers)
        return dict(sorted(counts.items()))

    def _own(self, owner: Owner, rows: Sequence[PageRow]) -> list[int]:
        """Those on the device that nobody else has."""
        numbers = self._numbers(owner, rows).items()
        return [
            page for page, count in numbers if page < self._pages.size and count == self._pages.references(page)
        ]  # fmt: skip

    def _move(self, owner: Owner, pages: Sequence[int], rows: Sequence[PageRow]) -> None:
        size = self._pages.size
        moved = {}
        for page in pages:
            if page in self._loads and self._loads[page][1] is owner:  # not loaded yet: it stays on the host
                host, _ = self._loads.pop(page)
                self.loaded_pages -= 1
                moved[page] = self._pages.move(page, back=size + host)
                continue
            target = moved[page] = self._pages.move(page)
            if page < size:
                self.saves.append((page, target - size))
                self.saved_pages += 1
            else:
                self._loads[target] = page - size, owner
                self.loaded_pages += 1
        owner.handles.rename(Kind.PAGE, moved)
        for row in rows:
            row.rename(moved)
        self.on_moved(moved)


Rows = Callable[["Owner"], list[PageRow]]
"""The rows of pages that a program, its calls and its loops use, each once."""


def rank(owner: Owner) -> tuple[int, int]:
    """The higher, the more important."""
    return max((queue.priority for queue in owner.queues), default=0), -owner.number
