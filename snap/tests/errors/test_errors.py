"""Every wrong program is answered as recorded in the .txt files here (record.py writes them anew); every edit helps."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pielang.compiler.diag import CompileError, Diagnostic, render
from pielang.compiler.driver import build, check_source
from pielang.compiler.fix import edited, wrong
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from tests.errors.record import cases, message

FOLDER = Path(__file__).parent
SUGGESTS = re.compile(
    r"did you mean|is called|import it first|write `|expected `:`|compares|joins|one word|counts to|take it out"
)
CASES = [
    pytest.param(program, expected, id=f"{path.stem}-{number}")
    for path in sorted(FOLDER.glob("*.txt"))
    for number, (program, expected) in enumerate(cases(path))
]


@pytest.mark.parametrize(("program", "expected"), CASES)
def test_message(program: str, expected: str) -> None:
    assert message(program) == expected


def found_in(source: Source) -> tuple[Diagnostic, ...]:
    try:
        return check_source(source, Library())
    except CompileError as error:
        return error.diagnostics


def test_every_edit_helps() -> None:
    tried = 0
    for path in sorted(FOLDER.glob("*.txt")):
        for program, recorded in cases(path):
            if not SUGGESTS.search(recorded):
                continue
            source = Source("t.pie", program)
            found = found_in(source)
            for fix in [help.fix for item in found for help in item.all_helps if help.fix is not None]:
                changed = Source("t.pie", edited(program, [fix]))
                assert wrong(changed, found_in(changed)) < wrong(source, found), (program, fix)
                tried += 1
    assert tried > 50


@pytest.mark.parametrize(("program", "expected"), CASES[::15])
def test_a_compilation_says_the_same(program: str, expected: str) -> None:
    """`pielang check` leaves bodies of the library out; that changes no error."""
    source = Source("t.pie", program)
    errors = [item for item in found_in(source) if item.severity == "error"]
    if not errors:
        return
    with pytest.raises(CompileError) as caught:
        build(source, Library())
    assert render(item for item in caught.value.diagnostics if item.severity == "error") == render(errors)
