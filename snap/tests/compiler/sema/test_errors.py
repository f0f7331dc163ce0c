"""Errors of several functions, and of the library's; what is said about each kind is in tests/errors."""

from __future__ import annotations

import textwrap

import pytest

from pielang.compiler.diag import CompileError, Diagnostic
from pielang.compiler.library import Library
from pielang.compiler.sema import check
from pielang.compiler.syntax import Source


def refused(text: str) -> list[tuple[str, str, str]]:
    """Code, message and marked text of every error."""
    source = Source("program.pie", textwrap.dedent(text).strip() + "\n")
    with pytest.raises(CompileError) as caught:
        check(source, Library())

    def marked(item: Diagnostic) -> str:
        return item.source.text[item.span.start : item.span.end]

    return [(item.code, item.message, marked(item)) for item in caught.value.diagnostics if item.severity == "error"]


def test_errors_of_several_functions_are_all_reported() -> None:
    found = refused(
        """
        def f() -> int:
            return missing
        def g(x: str) -> int:
            return x
        class A:
            def m(self) -> int:
                return self.nothing
        """
    )
    assert [code for code, _, _ in found] == ["PIE0201", "PIE0301", "PIE0304"]


def test_a_generic_function_of_the_library_is_blamed_at_the_users_call() -> None:
    found = refused("class Foo:\n    pass\nprint(sorted([Foo(), Foo()]))")
    assert all("core" not in message for _, message, _ in found)
    assert found[0][2].startswith("sorted(")
