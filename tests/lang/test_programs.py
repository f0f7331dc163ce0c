"""Every program in `programs/` prints what CPython prints and ends as it ends there."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lang.harness import oracle_knows, run_pie, run_python

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    mine = run_pie(text, path.name, path.parent)
    expected = path.with_suffix(".expected")
    if expected.exists():
        output, _, error = expected.read_text(encoding="utf-8").partition("--- raised\n")
        assert (mine.output, mine.error) == (output, error.strip())
    if not oracle_knows(text):
        return  # compared with the recorded outcome alone
    assert mine == run_python(path)
