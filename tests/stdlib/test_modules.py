"""Programs over every name of the library's modules print what CPython prints."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lang.harness import run_pie, run_python

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_module(path: Path) -> None:
    assert run_pie(path.read_text(encoding="utf-8"), path.name) == run_python(path)
