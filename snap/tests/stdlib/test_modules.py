"""Programs over every name of the library's modules print what CPython 3.12 prints.

What it printed is recorded beside each program: `python -m tests.stdlib.test_modules`, run by CPython 3.12, does so.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lang.harness import run_pie, run_python

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_module(path: Path) -> None:
    outcome = run_pie(path.read_text(encoding="utf-8"), path.name)
    assert outcome.output == path.with_suffix(".expected").read_text(encoding="utf-8")
    assert outcome.error == ""


@pytest.mark.skipif(sys.version_info[:2] != (3, 12), reason="the library follows CPython 3.12")
@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_recorded(path: Path) -> None:
    assert run_python(path).output == path.with_suffix(".expected").read_text(encoding="utf-8")


if __name__ == "__main__":
    assert sys.version_info[:2] == (3, 12), "the library follows CPython 3.12"
    for program in PROGRAMS:
        done = subprocess.run([sys.executable, program], capture_output=True, text=True, encoding="utf-8", check=True)
        program.with_suffix(".expected").write_text(done.stdout, encoding="utf-8")
