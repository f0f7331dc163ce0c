"""Programs over every name of the library's modules print what CPython 3.12 prints; so do the blocks of their page.

What it printed is recorded beside each program: `python -m tests.stdlib.test_modules`, run by CPython 3.12, does so.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lang.harness import run_pie, run_python

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
PAGE = Path(__file__).parents[2] / "docs" / "language" / "modules.md"
BLOCKS = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_module(path: Path) -> None:
    outcome = run_pie(path.read_text(encoding="utf-8"), path.name)
    assert outcome.output == path.with_suffix(".expected").read_text(encoding="utf-8")
    assert outcome.error == ""


@pytest.mark.skipif(sys.version_info[:2] != (3, 12), reason="the library follows CPython 3.12")
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_recorded(path: Path) -> None:
    assert run_python(path).output == path.with_suffix(".expected").read_text(encoding="utf-8")


@pytest.mark.parametrize("number", range(len(BLOCKS)))
def test_block_of_the_page(number: int, tmp_path: Path) -> None:
    path = tmp_path / "block.py"
    path.write_text(BLOCKS[number], encoding="utf-8")
    assert run_pie(BLOCKS[number], path.name) == run_python(path)


if __name__ == "__main__":
    assert sys.version_info[:2] == (3, 12), "the library follows CPython 3.12"
    for program in PROGRAMS:
        done = subprocess.run([sys.executable, program], capture_output=True, text=True, encoding="utf-8", check=True)
        program.with_suffix(".expected").write_text(done.stdout, encoding="utf-8")
