"""`pielang dump`: each stage of a small program, readable."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Command

PROGRAM = "def twice(x: int) -> int:\n    return 2 * x\n\n\ndef main() -> None:\n    print(twice(21))\n"


@pytest.mark.parametrize(
    ("stage", "wanted"),
    [
        ("syntax", ["FunctionDef(name='twice', is_async=False)  1:1", "BinOp(op='*')  2:12"]),
        ("typed", ["def twice(x: int) -> int:\n    return (2 * x)\n", "def main() -> None:"]),
        ("ir", ["__main__.twice"]),
        ("wasm", ["i64."]),
    ],
)
def test_stages(pielang: Command, stage: str, wanted: list[str]) -> None:
    pielang.write("twice.pie", PROGRAM)
    ran = pielang("dump", "twice.pie", "--stage", stage)
    assert (ran.code, ran.err) == (0, "")
    for text in wanted:
        assert text in ran.out


def test_a_program_that_does_not_compile(pielang: Command) -> None:
    pielang.write("wrong.pie", "print(x)\n")
    ran = pielang("dump", "wrong.pie")
    assert ran.code == 3
    assert "error[PIE0201]" in ran.err


def test_stats_without_a_server(pielang: Command) -> None:
    ran = pielang("stats")
    assert ran.code == 6
    assert ran.err == "pielang: no server runs; `pielang serve` starts one\n"


def test_limits_are_checked_before_anything_runs(pielang: Command) -> None:
    pielang.write("twice.pie", PROGRAM)
    for option, message in (("pages=many", "takes NAME=NUMBER"), ("speed=1", "there is no limit 'speed'")):
        ran = pielang("run", "twice.pie", "--limit", option)
        assert ran.code == 2
        assert message in ran.err


def test_a_simulated_model(pielang: Command) -> None:
    pielang.write(
        "ask.pie",
        "from pielang import Context\n\n\nasync def main() -> int:\n"
        '    return len((await Context().user("Hi").generate(max_tokens=5)).tokens)\n',
    )
    ran = pielang("run", "ask.pie", "--model", "sim:instant")
    assert (ran.code, ran.out, ran.err) == (0, "5\n", "")
    assert pielang("run", "ask.pie", "--model", "sim:nope").code == 5
