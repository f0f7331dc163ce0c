"""Where modules come from, and that a kept tree is the parsed one."""

from __future__ import annotations

from pathlib import Path

import pytest

from pielang.compiler.diag import CompileError
from pielang.compiler.library import Library, read_source
from pielang.compiler.syntax import Source, parse, stored, tree

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setenv("PIELANG_CACHE", str(tmp_path_factory.mktemp("cache")))


def test_standard_modules() -> None:
    library = Library()
    for name, shown in (
        ("pielang", "pielang/__init__.pie"),
        ("pielang.math", "pielang/math.pie"),
        ("pielang.core.lists", "pielang/core/lists.pie"),
    ):
        source = library.source(name)
        assert source is not None
        assert (source.name, source.module, source.library) == (shown, name, True)
    assert library.load("pielang.nothing") is None
    assert library.load("helper") is None
    assert library.source("pielang.core.../lists") is None


def test_local_modules(tmp_path: Path) -> None:
    (tmp_path / "helper.pie").write_text("x = 1\n")
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.pie").write_text("y = 2\n")
    (tmp_path / "package" / "part.pie").write_text("z = 3\n")
    library = Library(tmp_path)
    for name in ("helper", "package", "package.part"):
        loaded = library.load(name)
        assert loaded is not None
        source, module = loaded
        assert source.module == name and not source.library and len(module.body) == 1
    assert library.load("other") is None
    asked = library.asked
    assert Library(tmp_path).unchanged(asked)
    (tmp_path / "other.pie").write_text("")
    assert not Library(tmp_path).unchanged(asked)
    (tmp_path / "other.pie").unlink()
    (tmp_path / "helper.pie").write_text("x = 2\n")
    assert not Library(tmp_path).unchanged(asked)


def test_files_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "bad.pie"
    path.write_bytes(b"x = '\xff'\n")
    with pytest.raises(CompileError, match="not UTF-8"):
        read_source(path)
    with pytest.raises(FileNotFoundError):
        read_source(tmp_path / "missing.pie")
    path.write_bytes(b"x = 1\r\ny = 2\r\n")
    assert read_source(path).text == "x = 1\ny = 2\n"


@pytest.mark.parametrize("path", sorted((ROOT / "stdlib").rglob("*.pie")), ids=lambda path: path.stem)
def test_kept_trees_are_the_parsed_ones(path: Path) -> None:
    module = parse(read_source(path, library=True))
    assert repr(stored.load(stored.dump(module))) == repr(module)


def test_second_load_does_not_parse(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Library().load("pielang.core.lists")
    monkeypatch.setattr("pielang.compiler.library.parse", None)
    second = Library().load("pielang.core.lists")
    assert first is not None and second is not None
    assert repr(first[1]) == repr(second[1])


def test_bodies_are_read_once_and_only_when_asked_for() -> None:
    module = stored.load(stored.dump(parse(Source("t.pie", "def f(x: int) -> int:\n    return x + 1\n"))))
    function = module.body[0]
    assert isinstance(function, tree.FunctionDef)
    assert function.body is function.body
    assert isinstance(function.body[0], tree.Return)
    with pytest.raises(AttributeError):
        function.name = "g"  # type: ignore[misc]
