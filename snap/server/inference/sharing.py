"""Rows of a batch that share the beginning of their sequences, so that attention need read it only once.

Comes in: the rows' page tables. Goes out: groups of rows with the pages that all of a group begin with.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from pielang.server.inference.attention import I64, Rows, Seen
from pielang.server.inference.config import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class Sharing:
    """G groups of two rows or more. Every token of a group sees all that is in its pages; no row is in two groups."""

    member: I64  # [M] rows, group after group
    start: I64  # [G+1] where a group's begin
    pages: I64  # [G] how many pages its rows share

    def keys(self, rows: int) -> I64:
        """How many keys each of the rows has in common with its group, [rows]."""
        keys = np.zeros(rows, np.int64)
        keys[self.member] = np.repeat(self.pages * PAGE_SIZE, np.diff(self.start))
        return keys

    def rest(self, rows: Rows) -> Rows:
        """The same rows, without the pages that they share with others."""
        cut = self.keys(len(rows.length)) // PAGE_SIZE
        place = np.arange(len(rows.pages)) - np.repeat(rows.page_start[:-1], np.diff(rows.page_start))
        kept = place >= np.repeat(cut, np.diff(rows.page_start))
        return replace(
            rows,
            pages=rows.pages[kept],
            page_start=rows.page_start - np.concatenate(([0], np.cumsum(cut))),
            length=rows.length - cut * PAGE_SIZE,
            hidden=None if rows.hidden is None else rows.hidden[kept],
        )

    def saved(self) -> int:
        """Pages that need not be read again."""
        return int((self.pages * (np.diff(self.start) - 1)).sum())


def shared_beginnings(rows: Rows, irregular: Seen) -> Sharing | None:
    """The groups that save the most reading, if there are any; `irregular` rows [R] are in none.

    Rows in the order of their page tables are the leaves of a tree, whose inner nodes are beginnings that several have
    in common. All below a node are a group where that saves more than groups further down.
    """
    # what is before a row's own tokens, in whole pages: all of these see it
    whole = np.where(irregular, 0, (rows.length - np.diff(rows.start)) // PAGE_SIZE)
    able = np.flatnonzero(whole > 0)
    _, which, count = np.unique(rows.pages[rows.page_start[able]], return_inverse=True, return_counts=True)
    able = able[count[which] > 1]
    if not len(able):
        return None
    tables = [rows.pages[rows.page_start[row] : rows.page_start[row] + whole[row]] for row in able]
    order = sorted(range(len(able)), key=lambda index: tables[index].astype(">u4").tobytes())
    common = [_common(tables[one], tables[other]) for one, other in pairwise(order)]

    def best(first: int, last: int) -> tuple[int, list[tuple[int, int, int]]]:
        """Pages saved by groups of rows in `order` from `first` to `last`, and these groups with their pages."""
        if last == first:
            return 0, []
        pages = min(common[first:last])
        cuts = [index for index in range(first, last) if common[index] == pages]
        parts = [best(low, high) for low, high in zip([first, *(cut + 1 for cut in cuts)], [*cuts, last])]
        saved = sum(part for part, _ in parts)
        if (last - first) * pages > saved:
            return (last - first) * pages, [(first, last + 1, pages)]
        return saved, [group for _, groups in parts for group in groups]

    _, groups = best(0, len(order) - 1)
    return Sharing(
        member=np.concatenate([able[order[first:last]] for first, last, _ in groups]),
        start=np.cumsum([0, *(last - first for first, last, _ in groups)]),
        pages=np.array([pages for _, _, pages in groups]),
    )


def _common(one: I64, other: I64) -> int:
    """How many pages two tables begin with alike."""
    length = min(len(one), len(other))
    differ = np.flatnonzero(one[:length] != other[:length])
    return int(differ[0]) if len(differ) else length
