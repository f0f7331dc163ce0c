"""What a check leaves out because another one found it right, and what it never leaves out."""

from __future__ import annotations

from pathlib import Path

import pytest

from pielang.compiler.diag import CompileError
from pielang.compiler.driver import check_source
from pielang.compiler.library import PROOFS, Library
from pielang.compiler.syntax import Source

RIGHT = "print(sorted([3, 1, 2]), max([1.5, 2.5]))\n"
OWN = "class Box:\n    def __init__(self, size):\n        self.size = size\n\nprint(sorted([Box(2), Box(1)]))\n"


@pytest.fixture(autouse=True)
def empty_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIELANG_CACHE", str(tmp_path))


def test_what_was_right_is_kept_and_grows() -> None:
    check_source(Source("a.pie", RIGHT), Library())
    first = Library().proven()
    assert any(name.endswith(".int") for name in first)
    check_source(Source("a.pie", RIGHT), Library())
    assert Library().proven() == first
    check_source(Source("b.pie", "print({'a': [1]})\n"), Library())
    assert Library().proven() > first


def test_types_of_a_program_are_never_kept() -> None:
    check_source(
        Source("a.pie", OWN.replace("size\n\n", "size\n\n    def __lt__(self, other):\n        return True\n\n")),
        Library(),
    )
    assert not any("Box" in name for name in Library().proven())
    with pytest.raises(CompileError, match="PIE03"):
        check_source(Source("b.pie", OWN), Library())


def test_a_class_is_as_good_as_another_where_nothing_is_asked_of_it() -> None:
    key = "class Key:\n    def __init__(self, name):\n        self.name = name\n\n"
    used = "print(Key(1) in [Key(2)], {Key(1): 2}, len([Key(3)]))\n"
    check_source(Source("a.pie", key + used), Library())
    assert any("lists.list[$]" in name for name in Library().proven())
    with pytest.raises(CompileError, match="cannot be hashed"):
        check_source(Source("b.pie", key + "    def __eq__(self, other):\n        return True\n\n" + used), Library())


def test_what_may_be_copied_is_asked_of_each_class() -> None:
    used = "import copy\nclass Held:\n    pass\n\nprint(len(copy.deepcopy([Held()])))\n"
    check_source(Source("a.pie", used), Library())
    own = used.replace("    pass", "    def __deepcopy__(self, memo):\n        return self")
    with pytest.raises(CompileError, match="deepcopy"):
        check_source(Source("b.pie", own), Library())


def test_what_is_wrong_stays_wrong() -> None:
    for _ in range(2):
        check_source(Source("a.pie", RIGHT), Library())
        with pytest.raises(CompileError, match="PIE03"):
            check_source(Source("b.pie", "def f(x: list[None]) -> None:\n    print(sorted(x))\nf([None])\n"), Library())


def test_unions_functions_and_programs_that_are_refused_tell_as_well() -> None:
    text = "def f(x: list[int | str]) -> int:\n    return len(sorted(x, key=lambda one: len(str(one))))\nf(3)\n"
    with pytest.raises(CompileError, match="PIE03"):
        check_source(Source("a.pie", text), Library())
    assert any("UnionType[" in name for name in Library().proven())


def test_there_is_an_end_to_it() -> None:
    Library().prove({str(number) for number in range(PROOFS + 5)})
    assert len(Library().proven()) == PROOFS
