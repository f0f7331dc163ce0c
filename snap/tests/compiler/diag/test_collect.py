"""Collecting diagnostics, and guessing what name was meant."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pielang.compiler.diag import CompileError, Diagnostic, Diagnostics, Severity, closest
from pielang.compiler.diag.suggest import slips
from pielang.compiler.syntax import Source, Span


class Wrong(Diagnostic):
    code = "PIE0299"
    title = "wrong {{braces}} {what}"
    what: str = "thing {x}"


class Odd(Diagnostic):
    code = "PIE0999"
    severity = Severity.WARNING
    title = "odd"


FIRST, SECOND = Source("first.pie", "abc\n" * 30), Source("second.pie", "abc\n")


def test_order_and_repeats() -> None:
    found = Diagnostics()
    for item in (Odd(FIRST, Span(0, 1)), Wrong(SECOND, Span(0, 1)), Wrong(FIRST, Span(8, 9)), Wrong(FIRST, Span(4, 5))):
        found.report(item)
        found.report(item)
    assert [(item.source.name, item.span.start) for item in found.errors()] == [
        ("first.pie", 4),
        ("first.pie", 8),
        ("second.pie", 0),
    ]
    assert len(found.warnings()) == 1
    with pytest.raises(CompileError, match=r"PIE0299: wrong \{braces\} thing \{x\}") as caught:
        found.raise_errors()
    assert len(caught.value.diagnostics) == 4


def test_at_most_twenty_errors() -> None:
    found = Diagnostics()
    found.raise_errors()
    for place in range(60):
        found.report(Wrong(FIRST, Span(place, place + 1)))
    assert len(found.errors()) == 20


@pytest.mark.parametrize(
    ("name", "candidates", "meant"),
    [
        ("lenght", ["length", "len", "light"], "length"),
        ("prnit", ["print", "sprint"], "print"),
        ("retrun", ["return", "raise"], "return"),
        ("Context", ["context"], "context"),
        ("cat", ["bat", "rat"], None),  # as near to the one as to the other
        ("x", ["y", "z"], None),
        ("x", ["X"], "X"),
        ("__int__", ["int", "__init__"], "__init__"),
        ("whatever", ["nothing", "near"], None),
        ("same", ["same"], None),
    ],
)
def test_closest(name: str, candidates: list[str], meant: str | None) -> None:
    assert closest(name, candidates) == meant


@given(st.text("abc", max_size=6), st.text("abc", max_size=6))
def test_slips_is_a_distance(left: str, right: str) -> None:
    distance = slips(left, right, 10)
    assert distance == slips(right, left, 10)
    assert (distance == 0) == (left == right)
    assert distance <= max(len(left), len(right))
    assert slips(left, right, 1) == min(distance, 2)
