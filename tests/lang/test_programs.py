"""Every program in `programs/` prints what CPython prints and ends as it ends there."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.lang.harness import oracle, run_pie, run_python

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))


def needs_newer_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return True
    return False


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    mine = run_pie(text, path.name, path.parent)
    expected = path.with_suffix(".expected")
    if expected.exists():
        output, _, error = expected.read_text(encoding="utf-8").partition("--- raised\n")
        assert (mine.output, mine.error) == (output, error.strip())
    if oracle() == sys.executable and needs_newer_python(text):
        return  # compared with the recorded outcome alone
    assert mine == run_python(path)
