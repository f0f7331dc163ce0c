"""Sequences that begin alike share the pages of their beginnings, whoever runs them.

In: the prompts and answers of declared loops, token by token from place 0 on, and what calls are about to write. Out:
for a new prompt, pages that hold its beginning already. A page is known by a hash over all tokens from the start of the
sequence to its own end, so two pages of one key hold the same entries. Only whole pages are shared.

Known pages stay known when nobody holds them any more: they count as free, and the pool takes the one that has been
idle for longest, of a sequence its end first, when nothing else is free. Nobody writes to them: who is about to is
given a copy first. Nor does anybody to the pages of a running loop, before it is known what they hold (`_CLAIMED`).

The state after a whole prompt is known as well, in a slot of the pool of embeddings that likewise counts as free: the
first token of the same prompt is drawn from it, and what the pages lack is run with the next one.
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

    def __init__(self, pages: Pool, embeds: Pool, page_size: int) -> None:
        self._pages = pages
        self._embeds = embeds
        self._size = page_size
        self._page: dict[bytes, int] = {}
        self._key: dict[int, bytes] = {}  # of known pages, and `_CLAIMED` of claimed ones
        self._state: dict[bytes, int] = {}  # slots of states after prompts
        self._state_key: dict[int, bytes] = {}
        self.reused = 0  # tokens that were not run again
        pages.lost, embeds.lost = self._lost, self._lost_state

    @property
    def any(self) -> bool:
        """Whether there is a page that not everybody may write to."""
        return bool(self._key)

    def _lost(self, page: int) -> None:
        """Somebody is about to fill the page with something else."""
        key = self._key.pop(page)
        if key != _CLAIMED:
            del self._page[key]

    def _lost_state(self, slot: int) -> None:
        """A slot is about to be used for something else."""
        del self._state[self._state_key.pop(slot)]

    def _keys(self, tokens: Sequence[int]) -> Iterator[bytes]:
        """The keys of the whole pages of a sequence."""
        key = b""
        for end in range(self._size, len(tokens) + 1, self._size):
            key = _key(key, tokens[end - self._size : end])
            yield key

    def adopt(self, owner: Owner, handles: Sequence[int], tokens: Sequence[int]) -> tuple[int, bytes]:
        """Let handles of pages that `tokens` are to fill from place 0 on stand for known pages instead.

        Returns how many tokens these hold, all but one at most, and the key of the state after `tokens` if they hold
        all but what does not fill a page. Raises CallError (RELEASED).
        """
        found: list[int] = []
        last = b""
        for key in islice(self._keys(tokens[:-1]), len(handles)):
            page = self._page.get(key, -1)
            if page < 0:
                break
            found.append(page)
            last = key
        mine: list[int] = owner.handles.get_all(handles[: len(found)], Kind.PAGE)
        if len(set(mine)) < len(mine) or any(map(self._pages.frozen, mine)):
            return 0, b""
        rest = tokens[len(found) * self._size :]
        whole = _key(last, rest) if 0 < len(rest) <= self._size else b""
        if not found:
            return 0, whole
        self._pages.revive(found)
        for handle, page in zip(handles, found):
            owner.handles.replace(handle, page)
        forget_rows(owner, self._pages)
        self._pages.give(mine)
        self.reused += len(found) * self._size
        return len(found) * self._size, whole

    def state(self, key: bytes) -> int:
        """The slot that holds the state after a prompt, with a reference for the caller; -1: not known."""
        slot = self._state.get(key, -1)
        if slot >= 0:
            self._embeds.revive([slot])
        return slot

    def keep(self, loop: Loop) -> None:
        """The state after a claimed loop's prompt is in its slot: it may be wanted again."""
        assert loop.known is not None
        tokens = loop.known[: loop.kv_len + len(loop.prompt)]
        *_, last = b"", *self._keys(tokens[:-1])
        key = _key(last, tokens[(len(tokens) - 1) // self._size * self._size :])
        if key not in self._state and self._pages.hidden.keys().isdisjoint(loop.pages.numbers):
            self._state[key], self._state_key[loop.end_slot] = loop.end_slot, key
            self._embeds.kept[loop.end_slot] = 0

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
        if loop.received < 1 + loop.end_known:
            return  # it was stopped before its prompt was run, the rest of which may come with the second token
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


def _key(before: bytes, tokens: Sequence[int]) -> bytes:
    """Of a sequence that goes on with `tokens` after what has the key `before`."""
    return blake2b(before + array("i", tokens).tobytes(), digest_size=16).digest()
