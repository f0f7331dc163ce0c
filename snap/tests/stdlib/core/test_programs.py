"""Programs over every function of core print what CPython prints; again with a collection at every allocation."""

from __future__ import annotations

from pathlib import Path

import pytest

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.vm.guest import Limits
from tests.lang.harness import run_pie, run_python, run_wasm

PROGRAMS = sorted((Path(__file__).parent / "programs").glob("*.py"))
STRESS = "from pielang.core.memory import stress_collector\nstress_collector(True)\n"


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program(path: Path) -> None:
    assert run_pie(path.read_text(encoding="utf-8"), path.name) == run_python(path)


@pytest.mark.parametrize("path", PROGRAMS, ids=lambda path: path.stem)
def test_program_with_a_collection_at_every_allocation(path: Path) -> None:
    text = STRESS + path.read_text(encoding="utf-8")
    wasm = build(Source(path.name, text), Library()).wasm
    assert run_wasm(wasm, Limits(resume_seconds=100)) == run_python(path)
