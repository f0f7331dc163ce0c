"""Every program in `programs/` prints what CPython prints and ends as it ends there: optimised, not optimised, and
(those that are quick) with a collection at every allocation. Those in `refused.txt`, and only those, are refused.

A file below `programs/` is a program, or holds many, each below a line `# %% name`.
"""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path

import pytest

from pielang.compiler.diag import CompileError
from pielang.compiler.driver import compiling
from pielang.compiler.library import Library
from pielang.compiler.lower import lower
from pielang.compiler.sema import check
from pielang.compiler.syntax.source import Source
from pielang.compiler.wasm import emit
from pielang.vm.guest import Limits
from tests.lang.harness import Outcome, oracle_knows, run_python_on, run_wasm

FOLDER = Path(__file__).parent / "programs"
REFUSED = frozenset((Path(__file__).parent / "refused.txt").read_text(encoding="utf-8").split())
STRESS = "from pielang.core.memory import stress_collector\nstress_collector(True)\n"  # one statement, checked
QUICK = 0.05  # seconds; a collection at every allocation takes some hundred times as long


def programs() -> dict[str, str]:
    """Text by name: "file", or "file.part"."""
    found = {}
    for path in sorted(FOLDER.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "\n# %% " not in "\n" + text:
            found[path.stem] = text
            continue
        for part in text.split("# %% ")[1:]:
            name, _, body = part.partition("\n")
            assert f"{path.stem}.{name.strip()}" not in found
            found[f"{path.stem}.{name.strip()}"] = body
    return found


PROGRAMS = programs()


@cache
def expected() -> dict[str, Outcome]:
    """What CPython makes of them: all in one process, once."""
    known = {name: text for name, text in PROGRAMS.items() if oracle_knows(text)}
    found = run_python_on([(str(FOLDER / f"{name}.py"), text) for name, text in known.items()])
    return dict(zip(known, found, strict=True))


def recorded(name: str) -> Outcome | None:
    """What a program is known to do, where that is written beside it."""
    path = FOLDER / f"{name}.expected"
    if not path.exists():
        return None
    output, _, error = path.read_text(encoding="utf-8").partition("--- raised\n")
    return Outcome(output, error.strip())


def test_there_are_programs() -> None:
    assert len(PROGRAMS) >= 400


@pytest.mark.parametrize("name", PROGRAMS)
def test_program(name: str) -> None:
    wanted = [item for item in (expected().get(name), recorded(name)) if item is not None]
    if not wanted:
        pytest.skip("needs a Python 3.12 to compare with")
    text = PROGRAMS[name]
    header = text.index("\n") + 1 if text.startswith("# pielang:") else 0
    source = Source(f"{name}.pie", text[:header] + STRESS + text[header:])
    with compiling(source):
        try:
            program = check(source, Library(FOLDER)).program
        except CompileError:
            assert name in REFUSED
            return
        assert name not in REFUSED, "it compiles now: take it out of refused.txt"
        body = program.functions["__main__.<module>"].body
        stress = body.pop(0)
        wasm = emit(lower(program), {})
        began = time.thread_time()
        assert [run_wasm(wasm)] * len(wanted) == wanted
        if time.thread_time() - began < QUICK:
            body.insert(0, stress)
        plain = emit(lower(program), {}, optimize=0)
    assert [run_wasm(plain, Limits(resume_seconds=100))] * len(wanted) == wanted
