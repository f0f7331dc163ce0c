from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pielang.server.control.policies import NAMES, Waiting, make_policy

STATES = st.builds(
    Waiting,
    calls=st.integers(1, 1000),
    loops=st.integers(0, 10),
    seconds=st.floats(0, 10),
    idle_seconds=st.floats(0, 10),
    step_seconds=st.floats(0, 0.1),
    in_flight=st.integers(0, 2),
    rows_in_flight=st.integers(0, 200),
    guests=st.integers(0, 200),
    row_seconds=st.floats(0, 0.001),
)


@given(STATES)
def test_adaptive_keeps_the_device_at_work(waiting: Waiting) -> None:
    delay = make_policy("adaptive", 0.002, 1, 1.0).delay(waiting)
    patience = max(0.002, waiting.step_seconds)
    if waiting.in_flight:
        assert delay in (0, None) and (delay == 0 or not waiting.loops)
    elif not waiting.guests:
        assert delay == 0
    else:
        assert delay is not None and delay <= max(0, patience - waiting.idle_seconds)


def delay(calls: int, guests: int, rows_in_flight: int) -> float | None:
    """Where a step takes 9 ms and the host 50 us for a row."""
    waiting = Waiting(calls, 0, 0.01, 0.0, 0.009, int(rows_in_flight > 0), rows_in_flight, guests, 0.00005)
    return make_policy("adaptive", 0.002, 1, 1.0).delay(waiting)


def test_all_are_in_one_batch_while_a_step_is_longer_than_the_host() -> None:
    """Else two groups of programs would take turns for ever, each in steps of half the size."""
    for calls in (1, 64, 127):
        assert delay(calls, 128 - calls, 0) == pytest.approx(0.009)
    assert delay(128, 0, 0) == 0
    assert delay(64, 0, 64) is None


def test_halves_take_turns_where_the_host_takes_longer_than_a_step() -> None:
    assert delay(1, 255, 0) == pytest.approx(0.009)  # the first is no half
    assert delay(128, 128, 0) == 0
    assert delay(100, 28, 128) is None
    assert delay(128, 0, 128) == 0
    assert delay(3, 0, 253) is None  # not for a few


@given(STATES, st.sampled_from(["eager", "k-only", "t-only"]))
def test_nothing_waits_for_ever(waiting: Waiting, name: str) -> None:
    delay = make_policy(name, 0.002, 32, 0.02).delay(waiting)
    assert delay is not None and 0 <= delay <= 0.2


def test_an_unknown_policy() -> None:
    with pytest.raises(ValueError, match="there is no scheduling policy 'lazy'") as caught:
        make_policy("lazy", 0, 0, 0)
    assert all(name in str(caught.value) for name in NAMES)
