"""Sequences that begin alike share the pages of their beginnings, whoever runs them.

In: the prompts and answers of declared loops, token by token from place 0 on, and what calls are about to write. Out:
for a new prompt, pages that hold its beginning already. A page is known by a hash over all tokens from the start of the
sequence to its own end, so two pages of one key hold the same entries. Only whole pages are shared.

Known pages stay known when nobody holds them any more: they count as free, and the pool takes the one that has been
idle for longest, of a sequence its end first, when nothing else is free. Nobody writes to them: who is about to is
given a copy first. Nor does anybody to the pages of a running loop, before it is known what they hold (`_CLAIMED`).
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import islice
from typing import TYPE_CHECKING

from pielang.server.control.queues import Command, CommandQueue, Copy, Owner, forget_rows, row_pages
from pielang.server.control.resources import Kind, Pool

if TYPE_CHECKING:
    from pielang.server.control.loops import Loop

_CLAIMED = b""


class Prefixes:
    """One per pool of pages."""

    def __init__(self, pages: Pool, page_size: int) -> None:
        self._pages = pages
        self._size = page_size
        self._page: dict[bytes, int] = {}
        self._key: dict[int, bytes] = {}  # of known pages, and `_CLAIMED` of claimed ones
        self.reused = 0  # tokens that were not run again
        pages.lost = self._lost

    @property
    def any(self) -> bool:
        """Whether there is a page that not everybody may write to."""
        return bool(self._key)

    def _lost(self, page: int) -> None:
        """Somebody is about to fill the page with something else."""
        key = self._key.pop(page)
        if key != _CLAIMED:
            del self._page[key]

    def _keys(self, tokens: Sequence[int]) -> Iterator[bytes]:
        """The keys of the whole pages of a sequence."""
        key = b""
        for end in range(self._size, len(tokens) + 1, self._size):
            key = blake2b(key + array("i", tokens[end - self._size : end]).tobytes(), digest_size=16).digest()
            yield key

    def adopt(self, owner: Owner, handles: Sequence[int], tokens: Sequence[int]) -> int:
        """Let handles of pages that `tokens` are to fill from place 0 on stand for known pages instead.

        Returns how many tokens these hold; one at least is left to be run. Raises CallError (RELEASED).
        """
        found: list[int] = []
        for key in islice(self._keys(tokens[:-1]), len(handles)):
            page = self._page.get(key, -1)
            if page < 0:
                break
            found.append(page)
        mine: list[int] = owner.handles.get_all(handles[: len(found)], Kind.PAGE)
        if not found or len(set(mine)) < len(mine) or any(map(self._pages.frozen, mine)):
            return 0
        self._pages.revive(found)
        for handle, page in zip(handles, found):
            owner.handles.replace(handle, page)
        forget_rows(owner, self._pages)
        self._pages.give(mine)
        self.reused += len(found) * self._size
        return len(found) * self._size

    def own(
        self, queue: CommandQueue, handles: Sequence[int], start: int, count: int, push: Callable[[Command], None]
    ) -> None:
        """Before a call writes places `start` to `start + count`: a page that others may read is copied, in its queue.

        Raises CallError (RELEASED, POOL_EXHAUSTED).
        """
        if count < 1:
            return
        owner, pages = queue.owner, self._pages
        for handle in handles[max(start, 0) // self._size : row_pages(start + count, self._size)]:
            page: int = owner.handles.get(handle, Kind.PAGE)
            if page not in self._key:
                continue
            forget_rows(owner, pages)
            if pages.references(page) == 1:
                self._lost(page)
                pages.kept.pop(page, None)
                continue
            (fresh,) = pages.take(1)
            copy = Copy(0, self._size)
            copy.held = pages.row([page, fresh])
            owner.handles.replace(handle, fresh)
            pages.give([page])
            push(copy)

    def claim(self, queue: CommandQueue, numbers: Sequence[int], loops: Iterable[Loop]) -> bool:
        """Keep others from writing to the pages of a loop that is about to start from the front of its queue.

        False when that is too late: another call or loop of the program is there that may.
        """
        mine = set(numbers)
        others = [command.held for other in queue.owner.queues for command in other.commands]
        del others[others.index(queue.commands[0].held)]
        others += [loop.pages for loop in loops if loop.queue.owner is queue.owner]
        if any(row is not None and not mine.isdisjoint(row.numbers) for row in others):
            return False
        for page in numbers:
            self._key.setdefault(page, _CLAIMED)
        return True

    def fill(self, loop: Loop) -> None:
        """The pages of a claimed loop hold the tokens known of it, but for the last one's entry."""
        assert loop.known is not None
        for depth, (key, page) in enumerate(zip(self._keys(loop.known[:-1]), loop.pages.numbers)):
            if page in self._pages.hidden or page >= self._pages.size:
                return
            if self._key[page] == _CLAIMED and key not in self._page:
                self._key[page], self._page[key] = key, page
                self._pages.kept[page] = depth

    def moved(self, moved: Mapping[int, int], loops: Iterable[Loop]) -> None:
        """Pages have other numbers; what is known of them is so again when the loops that run on them tell."""
        claimed = {page for loop in loops if loop.known is not None for page in loop.pages.numbers}
        for page, target in moved.items():
            if page in self._key:
                self._lost(page)
                self._pages.kept.pop(page, None)
            if target in claimed:
                self._key[target] = _CLAIMED

    def end(self, loop: Loop) -> None:
        """A claimed loop is over: whoever holds its other pages may write to them."""
        for page in loop.pages.numbers:
            if self._key.get(page) == _CLAIMED:
                del self._key[page]
