"""Random programs agree with CPython; broken ones are refused with a diagnostic, whatever was broken.

`PIELANG_FUZZ=N` runs N of each instead of the few that a test run takes.
"""

from __future__ import annotations

import os
from collections import Counter

import pytest

from tests.fuzz.compare import Comparison, compare
from tests.fuzz.mutations import failures

COUNT = int(os.environ.get("PIELANG_FUZZ", "300"))


@pytest.mark.timeout(60 + 2 * COUNT)
def test_random_programs_agree_with_cpython() -> None:
    found = list(compare(range(COUNT), Comparison()))
    wrong = [item for item in found if item.kind in ("differs", "failed")]
    assert not wrong, "\n\n".join(f"seed {item.seed}: {item.details}" for item in wrong)
    assert sum(item.kind == "same" for item in found) > len(found) * 0.7


@pytest.mark.timeout(60 + 2 * COUNT)
@pytest.mark.parametrize("comparison", [Comparison(optimize=0), Comparison(stress=True)], ids=["O0", "stress"])
def test_random_programs_in_the_other_modes(comparison: Comparison) -> None:
    wrong = [item for item in compare(range(COUNT // 8), comparison) if item.kind in ("differs", "failed")]
    assert not wrong, "\n\n".join(f"seed {item.seed}: {item.details}" for item in wrong)


@pytest.mark.timeout(60 + 2 * COUNT)
def test_broken_programs_are_refused_in_words_of_the_user() -> None:
    counts: Counter[str] = Counter()
    wrong = [f"seed {seed}: {details}\n{text}" for seed, _, details, text in failures(range(COUNT), counts)]
    assert not wrong, "\n\n".join(wrong)
    assert counts["refused"] > COUNT // 2
