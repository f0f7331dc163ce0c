"""Text that grows in place is never text that somebody else holds."""

from __future__ import annotations

from pathlib import Path

from tests.lang.harness import Outcome, run_pie


def test_text_of_another_module_does_not_grow(tmp_path: Path) -> None:
    (tmp_path / "other.pie").write_text("text = ''\nfor i in range(3):\n    text += str(i)\n", encoding="utf-8")
    program = "import other\ns = other.text\nfor i in range(3):\n    s += 'x'\nprint(other.text, s)\n"
    assert run_pie(program, "main.pie", tmp_path) == Outcome("012 012xxx\n", "")
