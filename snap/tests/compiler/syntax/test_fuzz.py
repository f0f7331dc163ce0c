"""Whatever the text, the parser gives a tree or diagnostics that can be shown."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from pielang.compiler.diag import CompileError, render, to_json
from pielang.compiler.syntax import Source, parse

HERE = Path(__file__)
ERRORS = HERE.parents[2] / "errors" / "syntax.txt"
TEXT = "".join(
    path.read_text(encoding="utf-8")
    for path in (
        HERE.with_name("forms.txt"),
        ERRORS,
        HERE,
        HERE.with_name("as_ast.py"),
    )
)
JUNK = [*"()[]{}:;=,.\"'\\\n\t #!$@&|<>+-*/%0a_é“\0\f\ud800", 'f"', '"""', "f'{x!r:{y}}'", "\n    ", "\r\n", ":=", "**"]
JUNK += [
    " if ",
    " else ",
    " match ",
    " case ",
    " with (",
    " as ",
    " lambda ",
    " async ",
    " await ",
    " yield ",
    "def ",
    "type ",
]


def try_parse(text: str) -> None:
    try:
        parse(Source("t.pie", text))
    except CompileError as error:
        assert render(error.diagnostics, color=True)
        assert to_json(error.diagnostics)


@settings(max_examples=250, deadline=None)
@given(st.data())
def test_cut_and_mutated_programs(data: st.DataObject) -> None:
    begin = data.draw(st.integers(0, len(TEXT) - 1))
    text = TEXT[begin : begin + data.draw(st.integers(1, 600))]
    for _ in range(data.draw(st.integers(0, 4))):
        place = data.draw(st.integers(0, len(text)))
        dropped = data.draw(st.integers(0, 5))
        text = text[:place] + data.draw(st.sampled_from(["", *JUNK])) + text[place + dropped :]
    try_parse(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(JUNK), max_size=40).map("".join))
def test_junk(text: str) -> None:
    try_parse(text)


def test_long_runs_take_linear_time() -> None:
    """Each of these would take minutes if some part of the text were gone over again and again."""
    for text in (" " * 20_000 + "$", "x = " + "a + " * 20_000 + "b", "'" + "\\a" * 20_000, "f'" + "{x}" * 5_000 + "'"):
        try_parse(text)
