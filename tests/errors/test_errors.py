"""Every wrong program is answered as recorded in the .txt files here (record.py writes them anew)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.errors.record import cases, message

FOLDER = Path(__file__).parent
CASES = [
    pytest.param(program, expected, id=f"{path.stem}-{number}")
    for path in sorted(FOLDER.glob("*.txt"))
    for number, (program, expected) in enumerate(cases(path))
]


@pytest.mark.parametrize(("program", "expected"), CASES)
def test_message(program: str, expected: str) -> None:
    assert message(program) == expected
