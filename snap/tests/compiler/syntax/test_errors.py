"""Errors of the text as a whole; what is said about each kind is in tests/errors."""

from __future__ import annotations

import pytest

from pielang.compiler.diag import CompileError, to_json
from pielang.compiler.syntax import Source, parse


def test_errors_of_several_statements_are_all_reported() -> None:
    with pytest.raises(CompileError) as caught:
        parse(
            Source(
                "t.pie", "".join(f"def f{i}(:\n    return )\n" if i % 2 else f"x{i} = = 1\n" for i in range(0, 60, 2))
            )
        )
    assert len(caught.value.diagnostics) == 20
    assert [item["range"]["start"]["line"] for item in to_json(caught.value.diagnostics)] == list(range(1, 21))


def test_library_modules_may_do_more() -> None:
    text = "from pielang.machine import *\nclass int:\n    def __new__() -> bool:\n        return False\n"
    assert len(parse(Source("numbers.pie", text, library=True)).body) == 2


def test_deep_brackets_and_blocks_are_refused() -> None:
    for text in ("(" * 1000 + ")" * 1000, "".join(" " * i + "if x:\n" for i in range(200)) + " " * 200 + "pass\n"):
        with pytest.raises(CompileError) as caught:
            parse(Source("t.pie", text))
        assert caught.value.diagnostics[0].code == "PIE0011"
