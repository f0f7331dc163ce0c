"""Which rows are found to begin alike."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pielang.server.inference.attention import Rows
from pielang.server.inference.config import PAGE_SIZE
from pielang.server.inference.sharing import shared_beginnings

TABLES = st.lists(st.lists(st.integers(0, 1), min_size=1, max_size=5), min_size=1, max_size=7)


def rows_of(tables: list[list[int]]) -> Rows:
    """Rows that decode in a page of their own, after these: page ids are beginnings, so that no page follows two."""
    ids: dict[tuple[int, ...], int] = {}
    full = [
        [*(ids.setdefault(tuple(table[:end]), len(ids)) for end in range(1, len(table) + 1)), 1000 + row]
        for row, table in enumerate(tables)
    ]
    lengths = np.array([len(table) * PAGE_SIZE + 1 for table in tables])
    return Rows(
        start=np.arange(len(tables) + 1),
        positions=lengths - 1,
        pages=np.concatenate(full),
        page_start=np.cumsum([0, *map(len, full)]),
        length=lengths,
    )


def saved_at_once(tables: list[list[int]]) -> int:
    """Pages that the best single group saves."""
    beginnings = {tuple(table[:end]) for table in tables for end in range(1, len(table) + 1)}
    alike = [(len(one), sum(tuple(table[: len(one)]) == one for table in tables)) for one in beginnings]
    return max(pages * (count - 1) for pages, count in alike)


@settings(max_examples=60, deadline=None)
@given(TABLES)
def test_groups_begin_alike_and_save_what_can_be_saved(tables: list[list[int]]) -> None:
    rows = rows_of(tables)
    sharing = shared_beginnings(rows, np.zeros(len(tables), bool))
    if sharing is None:
        assert saved_at_once(tables) == 0
        return
    assert sharing.saved() >= saved_at_once(tables)
    assert len(set(sharing.member.tolist())) == len(sharing.member)
    for group, pages in enumerate(sharing.pages):
        members = sharing.member[sharing.start[group] : sharing.start[group + 1]]
        assert len(members) > 1 and pages > 0
        assert len({tuple(rows.pages[rows.page_start[row] :][:pages]) for row in members}) == 1
        assert (sharing.keys(len(tables))[members] == pages * PAGE_SIZE).all()


def test_pages_that_not_all_tokens_see_whole_are_not_shared() -> None:
    rows = rows_of([[0, 1], [0, 1], [0, 1]])
    own = Rows(rows.start, rows.positions, rows.pages, rows.page_start, np.array([33, 32, 33]))
    sharing = shared_beginnings(own, np.array([False, False, False]))
    assert sharing is not None and sharing.pages.tolist() == [2] and sorted(sharing.member) == [0, 2]
    assert shared_beginnings(own, np.array([True, False, False])).saved() == 1
    assert shared_beginnings(own, np.array([True, False, True])) is None
