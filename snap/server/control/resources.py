"""What inferlets hold: pools of physical things, and the virtual handles that stand for them.

In: requests to take, share and give back. Out: indexes and handles, or a `CallError`. A pool counts exactly: every
index is either free or has as many references as were taken, so once everybody has given back what they had it is
full again.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from heapq import heappop, heappush
from typing import Any

from pielang.api.errors import CallError, Status

INDEX_BITS = 20
GENERATIONS = (1 << (32 - INDEX_BITS)) - 1
MAX_HANDLES = 1 << INDEX_BITS
_INDEX = MAX_HANDLES - 1


@dataclass(slots=True, eq=False)
class PageRow:
    """Pages in the order of a sequence, with one reference to each for all who use the row."""

    numbers: list[int]
    packed: bytes  # the same as i32
    users: int = 1
    written: int = 0  # places from the start that are known to hold entries of the row's owners

    def rename(self, moved: Mapping[int, int]) -> None:
        """Pages have other numbers now."""
        self.numbers[:] = [moved.get(number, number) for number in self.numbers]
        self.packed = array("i", self.numbers).tobytes()


class Pool:
    """Indexes 0 to size - 1, each free or counted. The lowest ones that were given back last are taken first.

    What an index in `kept` holds may be wanted again: it is taken when no other is free, the longest unused first.
    From `size` on there are `host` more, for what has to make room: nothing is taken from them, things are moved there.
    """

    def __init__(self, name: str, size: int, host: int = 0) -> None:
        self.name = name
        self.size = size
        self.host = host
        self._host_free = list(range(size + host - 1, size - 1, -1))
        self._host_later: list[int] = []  # free once the next batch is formed: what it loads must not be saved over
        self._free = list(range(size - 1, -1, -1))
        self._references = [0] * (size + host)
        self._frozen: set[int] = set()
        self._written = array("i", bytes(4 * (size + host)))  # places of each, from its start, since it was taken
        self.hidden: dict[int, int] = {}  # of KV pages: bits of the entries that nobody sees
        self._held_back: list[int] | None = None
        self.kept: dict[int, int] = {}  # by index: of those that came free together the highest is taken first
        self.lost: Callable[[int], None] = lambda index: None  # called when a kept one is taken
        self._unused: dict[int, tuple[int, int, int]] = {}  # kept and free: its place in `_order`
        self._order: list[tuple[int, int, int]] = []  # a heap: when it came free, minus what `kept` says, index
        self._clock = 0

    @property
    def free(self) -> int:
        """How many can be taken, or could be but for `hold_back`."""
        return len(self._free) + len(self._unused) + len(self._held_back or ())

    def take(self, count: int) -> list[int]:
        """`count` indexes with one reference each. Raises CallError (POOL_EXHAUSTED) if there are fewer."""
        self._clock += 1
        there = len(self._free) + len(self._unused)
        if count > there:
            raise CallError(
                Status.POOL_EXHAUSTED,
                f"{count} {self.name} were asked for, {there} of {self.size} are free: give some back "
                f"(release()), do less at once, or serve with more of them",
            )
        if count > len(self._free):
            self._take_kept(count - len(self._free))
        if count == 1:
            index = self._free.pop()
            self._references[index] = 1
            self._written[index] = 0
            return [index]
        if not count:
            return []
        taken = self._free[-count:]
        del self._free[-count:]
        taken.reverse()
        for index in taken:
            self._references[index] = 1
            self._written[index] = 0
        return taken

    def _take_kept(self, count: int) -> None:
        """Make so many of the kept ones free."""
        while count:
            place = heappop(self._order)
            index = place[2]
            if self._unused.get(index) == place:
                del self._unused[index], self.kept[index]
                self.lost(index)
                self._free.append(index)
                count -= 1

    def _put(self, index: int) -> None:
        """Nobody holds this one."""
        if index >= self.size:
            self._host_later.append(index)
        elif index in self.kept:
            place = self._unused[index] = (self._clock, -self.kept[index], index)
            heappush(self._order, place)
            if len(self._order) > 2 * len(self._unused) + 64:  # most of it are places of what was wanted again
                self._order = sorted(self._unused.values())
        else:
            self._free.append(index)

    @property
    def host_free(self) -> int:
        """Places in host memory that nothing is in."""
        return len(self._host_free) + len(self._host_later)

    def movable(self, to_host: bool) -> int:
        """How many can be moved now."""
        return len(self._host_free) if to_host else len(self._free) + len(self._unused)

    def move(self, index: int, back: int | None = None) -> int:
        """Give it another place, on the other side, with all references to it; whoever has the number must know.

        `back`: the place in host memory that its content has not left yet, as no batch has been formed since.
        """
        count, self._references[index] = self._references[index], 0
        if back is not None:
            target = back
            self._host_later.remove(back)
            self._free.append(index)
        elif index < self.size:
            target = self._host_free.pop()
            self._free.append(index)
        else:
            (target,) = self.take(1)
            self._host_later.append(index)
        self._references[target] = count
        self._written[target] = self._written[index]
        if index in self.hidden:
            self.hidden[target] = self.hidden.pop(index)
        return target

    def revive(self, indexes: Iterable[int]) -> None:
        """As `share`, also of kept ones that nobody holds."""
        for index in indexes:
            self._references[index] += 1
            self._unused.pop(index, None)

    def share(self, indexes: Iterable[int]) -> None:
        """One more reference to each."""
        for index in indexes:
            assert self._references[index] > 0, f"{self.name} {index} is free and cannot be shared"
            self._references[index] += 1

    def give(self, indexes: Iterable[int]) -> None:
        """One reference less to each; those that had but one are free."""
        put = self._put if self._held_back is None else self._held_back.append
        references = self._references
        for index in indexes:
            left = references[index] = references[index] - 1
            assert left >= 0, f"{self.name} {index} is given back twice"
            if not left:
                self._frozen.discard(index)
                self.hidden.pop(index, None)
                put(index)

    def write(self, row: PageRow, start: int, end: int, size: int) -> None:
        """Places `start` to `end` of a row of pages that hold `size` each are about to be written."""
        for at in range(start // size, (end - 1) // size + 1):
            index, reach = row.numbers[at], min(size, end - at * size)
            if self._written[index] < reach:
                self._written[index] = reach
        if end > row.written >= start:
            row.written = end

    def write_copy(self, source: int, target: int, count: int) -> None:
        """The first `count` places of one are about to be copied to another."""
        self._written[target] = max(self._written[target], min(count, self._written[source]))

    def unwrite(self, index: int, reach: int) -> bool:
        """Places from `reach` on hold nothing after all; whether that is news. Rows remember: see `PageRow.written`."""
        news = self._written[index] > reach
        if news:
            self._written[index] = reach
        return news

    def check_written(self, what: str, row: PageRow, length: int, size: int) -> None:
        """Nobody reads what an earlier holder left: raises CallError when not all `length` places were written."""
        if length <= row.written:
            return
        for at in range((length + size - 1) // size):
            reach = self._written[row.numbers[at]]
            if reach < min(size, length - at * size):
                problem = f"{what}: place {at * size + reach} of the pages was never written, so {length} places before"
                raise CallError(Status.VALUE_ERROR, f"{problem} the new ones cannot be read: begin there")
        row.written = length

    def row(self, numbers: list[int]) -> PageRow:
        """These pages, with a reference to each until `release`."""
        self.share(numbers)
        return PageRow(numbers, array("i", numbers).tobytes())

    def release(self, row: PageRow) -> None:
        """One user of a row less."""
        row.users -= 1
        if not row.users:
            self.give(row.numbers)

    def references(self, index: int) -> int:
        return self._references[index]

    def freeze(self, indexes: Iterable[int]) -> None:
        """Nobody may write to these any more, for as long as anybody holds them."""
        self._frozen.update(indexes)

    @property
    def any_frozen(self) -> bool:
        return bool(self._frozen)

    def frozen(self, index: int) -> bool:
        return index in self._frozen

    def hold_back(self) -> None:
        """What is given back from now on is not taken again before `let_go`: a batch in the making may still use it."""
        assert self._held_back is None
        self._held_back = []

    def let_go(self) -> None:
        held, self._held_back = self._held_back or [], None
        for index in held:
            self._put(index)
        self._host_free += self._host_later
        self._host_later = []


class Kind(Enum):
    """What a handle stands for."""

    QUEUE = "queue"
    PAGE = "KV page"
    EMBED = "embedding"
    LOOP = "generate loop"
    SUBSCRIPTION = "subscription"
    CHILD = "spawned program"
    ADAPTER = "adapter"
    GRAMMAR = "grammar"
    INTERPRETER = "interpreter"
    EXCHANGE = "HTTP request"


@dataclass(slots=True)
class _Slot:
    generation: int = 0
    kind: Kind | None = None
    thing: Any = None


class HandleTable:
    """One inferlet's handles. A handle is 32 bits: index, and above it a generation that differs for the next holder.

    A number that was never handed out, or whose thing was given back, is `Released`, never somebody else's thing.
    """

    def __init__(self) -> None:
        self._slots: list[_Slot] = []
        self._vacant: list[int] = []

    def __len__(self) -> int:
        return len(self._slots) - len(self._vacant)

    def add(self, kind: Kind, thing: Any) -> int:
        """A new handle. Raises CallError (LIMIT_REACHED) when there are too many."""
        if self._vacant:
            index = self._vacant.pop()
        elif len(self._slots) < MAX_HANDLES:
            index = len(self._slots)
            self._slots.append(_Slot())
        else:
            raise CallError(Status.LIMIT_REACHED, f"the program holds {MAX_HANDLES} handles, the most there can be")
        slot = self._slots[index]
        slot.generation = slot.generation % GENERATIONS + 1
        slot.kind, slot.thing = kind, thing
        return slot.generation << INDEX_BITS | index

    def get(self, handle: int, kind: Kind) -> Any:
        """The thing. Raises CallError (RELEASED) when the handle is no (longer a) handle of that kind."""
        index = handle & _INDEX
        if index < len(self._slots):
            slot = self._slots[index]
            if slot.kind is kind and slot.generation == handle >> INDEX_BITS:
                return slot.thing
        raise _released(kind)

    def get_all(self, handles: Iterable[int], kind: Kind) -> list[Any]:
        """The things of several handles. Raises CallError as `get`."""
        slots, things = self._slots, []
        try:
            for handle in handles:
                slot = slots[handle & _INDEX]
                if slot.kind is not kind or slot.generation != handle >> INDEX_BITS:
                    break
                things.append(slot.thing)
            else:
                return things
        except IndexError:
            pass  # a number beyond all that were handed out
        raise _released(kind)

    def replace(self, handle: int, thing: Any) -> None:
        """Let a handle that is there stand for another thing of its kind."""
        self._slots[handle & _INDEX].thing = thing

    def remove(self, handle: int, kind: Kind) -> Any:
        """The thing, which has no handle from now on. Raises CallError as `get`."""
        thing = self.get(handle, kind)
        index = handle & (MAX_HANDLES - 1)
        slot = self._slots[index]
        slot.kind = slot.thing = None
        self._vacant.append(index)
        return thing

    def kind(self, handle: int) -> Kind | None:
        """What the handle stands for; None when for nothing."""
        index, generation = handle & (MAX_HANDLES - 1), handle >> INDEX_BITS
        if index < len(self._slots) and self._slots[index].generation == generation:
            return self._slots[index].kind
        return None

    def things(self, kind: Kind) -> list[Any]:
        """All that is of a kind, each as often as there are handles of it."""
        return [slot.thing for slot in self._slots if slot.kind is kind]

    def rename(self, kind: Kind, moved: Mapping[Any, Any]) -> None:
        """Other things stand behind the handles now."""
        for slot in self._slots:
            if slot.kind is kind:
                slot.thing = moved.get(slot.thing, slot.thing)

    def clear(self) -> Iterator[tuple[Kind, Any]]:
        """Everything that still has a handle; the table is empty afterwards."""
        slots, self._slots, self._vacant = self._slots, [], []
        for slot in slots:
            if slot.kind is not None:
                yield slot.kind, slot.thing


def _released(kind: Kind) -> CallError:
    return CallError(Status.RELEASED, f"the {kind.value} was given back already, or was never there")


@dataclass(slots=True, eq=False)
class Embed:
    """A place for an embedding: a token and its position, for `forward` to read, and what a `forward` left there.

    The token is not on the device; the hidden state, or what an image left, is in a slot of the device's pool.
    """

    token: int = -1
    position: int = -1
    slot: int = -1
    image: bool = False  # the slot holds an input
    gone: bool = False  # no handle stands for it any more


@dataclass(frozen=True, slots=True)
class Export:
    """Pages kept under a name, with a reference each."""

    name: str
    owner: str  # the program that made it
    pages: tuple[int, ...]
    note: bytes


class Exports:
    """What programs have put under names for others, and for after their end."""

    def __init__(self, pages: Pool) -> None:
        self._pages = pages
        self._names: dict[str, Export] = {}

    def __len__(self) -> int:
        return len(self._names)

    @property
    def names(self) -> list[str]:
        """Oldest first."""
        return list(self._names)

    def owned(self, owner: str) -> int:
        """How many names a program has taken."""
        return sum(export.owner == owner for export in self._names.values())

    def add(self, owner: str, name: str, pages: Iterable[int], note: bytes) -> None:
        """Raises CallError (VALUE_ERROR) when the name is taken."""
        if name in self._names:
            problem = f"'{name}' is exported already, by {self._names[name].owner}: release_export() it or take another"
            raise CallError(Status.VALUE_ERROR, problem)
        export = Export(name, owner, tuple(pages), note)
        self._pages.share(export.pages)
        self._pages.freeze(export.pages)
        self._names[name] = export

    def find(self, name: str) -> Export:
        """Raises CallError (RELEASED)."""
        export = self._names.get(name)
        if export is None:
            raise CallError(Status.RELEASED, f"nothing is exported under the name '{name}'")
        return export

    def unused(self, name: str) -> bool:
        """Whether nobody but the export holds its pages."""
        return all(self._pages.references(page) == 1 for page in self._names[name].pages)

    def release(self, name: str) -> None:
        """Raises CallError (RELEASED)."""
        self._pages.give(self.find(name).pages)
        del self._names[name]
