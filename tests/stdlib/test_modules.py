"""Programs over every name of the library's modules print what CPython prints."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.lang.harness import run_pie, run_python

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_module(path: Path) -> None:
    assert run_pie(path.read_text(encoding="utf-8"), path.name) == run_python(path)


PAGE = Path(__file__).parents[2] / "docs" / "language" / "modules.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_block_of_the_page(number: int, tmp_path: Path) -> None:
    path = tmp_path / "block.py"
    path.write_text(BLOCKS[number], encoding="utf-8")
    assert run_pie(BLOCKS[number], path.name) == run_python(path)
