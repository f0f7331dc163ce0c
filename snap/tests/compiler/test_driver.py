"""The way from a file to a program: passes in order, kept programs, what makes them stale."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest

from pielang.compiler.diag import CompileError
from pielang.compiler.driver import build, check_file, compile_file, compile_source
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source

PROGRAM = '''"""Adds."""
from helper import double

def main(count: int, name: str = "x") -> int:
    """Add up.

    count: how many
    """
    return double(count)
'''


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("PIELANG_CACHE", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def program(tmp_path: Path) -> Path:
    (tmp_path / "helper.pie").write_text("def double(x: int) -> int:\n    return x + x\n")
    path = tmp_path / "adds.pie"
    path.write_text(PROGRAM)
    return path


def test_compile_and_keep(program: Path) -> None:
    first = compile_file(program)
    assert first.wasm[:8] == b"\0asm\1\0\0\0" and not first.cached
    assert first.manifest["name"] == "adds" and first.manifest["source"] == "adds.pie"
    assert [item["name"] for item in first.manifest["parameters"]] == ["count", "name"]
    second = compile_file(program)
    assert second.cached
    assert (second.wasm, second.manifest) == (first.wasm, first.manifest)


def test_builds_are_the_same_every_time(program: Path) -> None:
    source = Source("adds.pie", PROGRAM)
    assert build(source, Library(program.parent)).wasm == build(source, Library(program.parent)).wasm


def test_a_changed_module_makes_it_stale(program: Path) -> None:
    first = compile_file(program)
    (program.parent / "helper.pie").write_text("def double(x: int) -> int:\n    return x * 2 + 1\n")
    second = compile_file(program)
    assert not second.cached and second.wasm != first.wasm
    (program.parent / "helper.pie").write_text("def double(x: int) -> str:\n    return ''\n")
    with pytest.raises(CompileError):
        compile_file(program)


def test_refused_programs(tmp_path: Path) -> None:
    path = tmp_path / "bad.pie"
    for text, code in (("def main(:\n    pass\n", "PIE00"), ("def main() -> int:\n    return lenght\n", "PIE02")):
        path.write_text(text)
        for run in (compile_file, check_file):
            with pytest.raises(CompileError) as caught:
                run(path)
            assert caught.value.diagnostics[0].code.startswith(code)
    with pytest.raises(FileNotFoundError):
        compile_file(tmp_path / "missing.pie")


def test_python_is_left_as_it_was(program: Path) -> None:
    limit = sys.getrecursionlimit()
    compile_file(program)
    assert sys.getrecursionlimit() == limit and gc.isenabled()


def test_very_deep_programs_are_refused_with_words() -> None:
    """Deeper than any pass can follow; it must end in a diagnostic, not in a fault of Python's."""
    text = "x = 1" + " + 1" * 30_000 + "\n"
    try:
        assert compile_source(Source("deep.pie", text), Library()).wasm
    except CompileError as error:
        assert error.diagnostics[0].code == "PIE0016"
