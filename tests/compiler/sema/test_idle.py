"""What nothing calls is checked, and tells nothing of the types of what is called."""

from __future__ import annotations

from pathlib import Path

from pielang.compiler.driver import stage_of

PROGRAM = """class Matrix:
    def __init__(self, rows):
        self.rows = rows

    def added(self, other):
        return Matrix([[a + b for a, b in zip(*pair)] for pair in zip(self.rows, other.rows)])


print(Matrix([[1, 2]]).rows)
"""


def test_methods_that_nothing_calls_leave_fields_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "matrix.py"
    path.write_text(PROGRAM, encoding="utf-8")
    assert "    rows: list[list[int]]" in stage_of(path, "typed")
