"""Every message is explained by two programs. The wrong ones are on the page of messages, which CI keeps current."""

from __future__ import annotations

from pathlib import Path

import pytest

from pielang.compiler.diag.catalogue import FIRST_FILE, about, explanation, files, kinds
from pielang.compiler.driver import check_file

WITHOUT_PROGRAM = {"PIE0015", "PIE0016"}  # a file that is no text, and one that is too large to show


@pytest.mark.parametrize("code", kinds().keys() - WITHOUT_PROGRAM)
def test_the_right_program_is_right(code: str, tmp_path: Path) -> None:
    kind = kinds()[code]
    for name, text in files(kind.right).items():
        (tmp_path / name).write_text(text)
    assert check_file(tmp_path / FIRST_FILE) == ()


def test_files_of_an_example() -> None:
    for number, (name, text) in enumerate(files("import a\n# file: a.pie\nx = 1\ny = 2").items()):
        assert (name, text) == [(FIRST_FILE, "import a\n"), ("a.pie", "x = 1\ny = 2\n")][number]


@pytest.mark.parametrize("code", kinds())
def test_every_message_is_explained(code: str) -> None:
    kind = kinds()[code]
    assert about(kind).endswith(".")
    assert bool(kind.wrong and kind.right) == (code not in WITHOUT_PROGRAM)
    assert "{" not in explanation(kind).split("Wrong:")[0]
