"""What a batch that failed leaves behind, so that nobody goes on with what it should have made.

In: the batch that did not happen, and those sent after it, which did. Out: the places of pages that hold something else
than the books say, and errors for the calls that built on them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pielang.api.errors import CallError
from pielang.server.control.batching import BatchBuilder
from pielang.server.control.queues import Assembly, Owner


def sound_places(failed: BatchBuilder, later: Sequence[BatchBuilder], first_host: int) -> dict[int, int]:
    """Of pages that the failed batch touched, and those that others filled from them: how many places, from the start
    of the page, hold what they should. What the failed batch did of its work is not known, so it counts as nothing.

    `first_host`: the number of the first page in host memory.
    """
    size = failed.page_size
    sound = {first_host + host: 0 for _, host in failed.saves}
    sound |= {page: 0 for _, page in failed.loads}
    sound |= {target: 0 for _, target, _ in failed.copies}
    for pages, start, end in failed.row_places():
        for page, first, _ in _written(pages, start, end, size):
            sound[page] = min(sound.get(page, first), first)
    for batch in later:
        moves = [(page, first_host + host) for page, host in batch.saves]
        moves += [(first_host + host, page) for host, page in batch.loads]
        for source, target in moves:
            sound.pop(target, None)
            if source in sound:
                sound[target] = sound.pop(source)
        for source, target, tokens in batch.copies:
            good = min(tokens, sound.get(source, tokens))
            if target in sound:
                sound[target] = max(sound[target], good) if good == tokens else min(sound[target], good)
            elif good < tokens:
                sound[target] = good
        for pages, start, end in batch.row_places():
            read = [size] * (start // size) + [start % size]
            good = all(sound.get(page, size) >= reach for page, reach in zip(pages, read))
            for page, first, reach in _written(pages, start, end, size):
                if good and page in sound:
                    sound[page] = max(sound[page], reach)
                elif not good:
                    sound[page] = min(sound.get(page, first), first)
    return sound


def _written(pages: Sequence[int], start: int, end: int, size: int) -> Iterator[tuple[int, int, int]]:
    """By page what a row writes: (page, first place, end)."""
    for at in range(start // size, (end - 1) // size + 1):
        yield pages[at], max(0, start - at * size), min(size, end - at * size)


def tell(assembly: Assembly, error: CallError, programs: Collection[Owner] | None = None) -> None:
    """Fail the calls in a batch, of these programs or of all. Posted ones fail their queue's next awaited call."""
    told = set()
    for queue, ticket in assembly.waiting:
        if programs is None or queue.owner in programs:
            queue.owner.fail(ticket, error)
            told.add(queue)
    for queue in assembly.queues - told:
        if programs is None or queue.owner in programs:
            queue.error = queue.error or error
