"""Pools and handles as state machines: exact counts, and no handle that is anybody else's."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from pielang.api.errors import CallError, Status
from pielang.server.control.resources import GENERATIONS, INDEX_BITS, HandleTable, Kind, Pool

SIZE = 12


class PoolMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.pool = Pool("pages", SIZE)
        self.references: dict[int, int] = {}
        self.held: set[int] = set()
        self.holding = False

    taken = Bundle("taken")

    @rule(target=taken, count=st.integers(0, SIZE + 2))
    def take(self, count: int) -> list[int]:
        available = SIZE - len(self.references) - len(self.held)
        if count > available:
            with pytest.raises(CallError) as caught:
                self.pool.take(count)
            assert caught.value.status is Status.POOL_EXHAUSTED and f"{available} of {SIZE}" in caught.value.message
            return []
        got = self.pool.take(count)
        assert len(set(got)) == count and not set(got) & (self.references.keys() | self.held)
        self.references.update(dict.fromkeys(got, 1))
        return got

    @rule(target=taken, indexes=taken)
    def share(self, indexes: list[int]) -> list[int]:
        alive = [index for index in indexes if index in self.references]
        self.pool.share(alive)
        for index in alive:
            self.references[index] += 1
        return alive

    @rule(indexes=consumes(taken))
    def give(self, indexes: list[int]) -> None:
        for index in indexes:
            if index in self.references:
                self.pool.give([index])
                self.references[index] -= 1
                if not self.references[index]:
                    del self.references[index]
                    if self.holding:
                        self.held.add(index)

    @rule()
    def hold_or_let_go(self) -> None:
        if self.holding:
            self.pool.let_go()
            self.held.clear()
        else:
            self.pool.hold_back()
        self.holding = not self.holding

    @invariant()
    def counts_are_exact(self) -> None:
        assert self.pool.free == SIZE - len(self.references)


class HandleMachine(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.table = HandleTable()
        self.alive: dict[int, tuple[Kind, object]] = {}
        self.dead: set[int] = set()

    handles = Bundle("handles")

    @rule(target=handles, kind=st.sampled_from(Kind))
    def add(self, kind: Kind) -> int:
        thing = object()
        handle = self.table.add(kind, thing)
        assert 0 < handle < 1 << 32 and handle not in self.alive and handle not in self.dead
        self.alive[handle] = (kind, thing)
        return handle

    @rule(handle=handles | st.integers(0, (1 << 32) - 1) | st.integers(0, 1 << 64), kind=st.sampled_from(Kind))
    def look(self, handle: int, kind: Kind) -> None:
        wanted = self.alive.get(handle)
        if wanted is not None and wanted[0] is kind:
            assert self.table.get(handle, kind) is wanted[1]
        else:
            with pytest.raises(CallError) as caught:
                self.table.get(handle, kind)
            assert caught.value.status is Status.RELEASED

    @rule(handle=handles)
    def remove(self, handle: int) -> None:
        if handle in self.alive:
            kind, thing = self.alive.pop(handle)
            assert self.table.remove(handle, kind) is thing
            self.dead.add(handle)
        assert self.table.kind(handle) is None

    @rule()
    def clear(self) -> None:
        assert {id(thing) for _, thing in self.table.clear()} == {id(thing) for _, thing in self.alive.values()}
        self.alive.clear()
        self.table, self.dead = HandleTable(), set()

    @invariant()
    def counted(self) -> None:
        assert len(self.table) == len(self.alive)


TestPool = PoolMachine.TestCase
TestPool.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestHandles = HandleMachine.TestCase
TestHandles.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def test_generations_go_round() -> None:
    table = HandleTable()
    seen = set()
    for _ in range(GENERATIONS):
        handle = table.add(Kind.PAGE, 1)
        seen.add(handle)
        table.remove(handle, Kind.PAGE)
    assert len(seen) == GENERATIONS and 0 not in {handle >> INDEX_BITS for handle in seen}
    assert table.add(Kind.PAGE, 1) in seen
