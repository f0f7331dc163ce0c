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
    guests_running=st.booleans(),
)


@given(STATES)
def test_adaptive_keeps_the_device_at_work(waiting: Waiting) -> None:
    delay = make_policy("adaptive", 0.002, 1, 1.0).delay(waiting)
    if waiting.in_flight:  # only a loop can go on without the result that is not there
        assert delay == (0 if waiting.loops else None)
    elif not waiting.guests_running:
        assert delay == 0
    else:
        assert delay is not None and delay <= max(0.002, waiting.step_seconds / 2)
        assert (delay == 0) == (waiting.idle_seconds >= max(0.002, waiting.step_seconds / 2))


def test_those_that_waited_while_a_batch_ran_wait_for_its_programs() -> None:
    """Else two groups of programs would take turns for ever, each in steps of half the size."""
    waited = Waiting(32, 0, 0.01, 0.0, 0.009, 0, True)
    delay = make_policy("adaptive", 0.002, 1, 1.0).delay(waited)
    assert delay is not None and delay > 0


@given(STATES, st.sampled_from(["eager", "k-only", "t-only"]))
def test_nothing_waits_for_ever(waiting: Waiting, name: str) -> None:
    delay = make_policy(name, 0.002, 32, 0.02).delay(waiting)
    assert delay is not None and 0 <= delay <= 0.2


def test_an_unknown_policy() -> None:
    with pytest.raises(ValueError, match="there is no scheduling policy 'lazy'") as caught:
        make_policy("lazy", 0, 0, 0)
    assert all(name in str(caught.value) for name in NAMES)
