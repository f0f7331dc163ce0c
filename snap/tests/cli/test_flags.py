"""Flags made from parameters, without a program."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pielang.cli.errors import CliError
from pielang.cli.flags import Flags, parameters_of

TEXT = {"type": "string"}
INT = {"type": "integer"}
NUMBER = {"type": "number"}
BOOL = {"type": "boolean"}
NONE = {"type": "null"}


def flags(**types: Any) -> Flags:
    """Flags of parameters; a type alone is required, (type, default) is not."""
    entries = []
    for name, given_type in types.items():
        schema, *default = given_type if isinstance(given_type, tuple) else (given_type,)
        entry = {"name": name, "type": schema, "doc": f"The {name}.", "required": not default}
        entries.append({**entry, "default": default[0]} if default else entry)
    return Flags("x.pie", "", parameters_of({"parameters": entries}))


def read(made: Flags, *words: str) -> dict[str, Any]:
    return made.read(words, {})[0]


def test_flags_and_order_fill_the_same_parameters() -> None:
    made = flags(question=TEXT, max_tokens=(INT, 5), heat=(NUMBER, 0.5))
    everything = {"question": "q", "max_tokens": 7, "heat": 1.0}
    assert read(made, "q", "7", "1") == everything
    assert read(made, "--heat", "1", "--max-tokens=7", "--question", "q") == everything
    assert read(made, "--max_tokens", "7", "q", "1") == everything
    assert read(made, "q") == {"question": "q"}
    assert read(made, "--", "--q") == {"question": "--q"}


def test_types_without_a_value_of_their_own() -> None:
    made = flags(deep=(BOOL, True), tags=({"type": "array", "items": INT}, [1]), limit=({"anyOf": [NUMBER, NONE]}, 1.0))
    assert read(made, "--no-deep", "--no-tags", "--no-limit") == {"deep": False, "tags": [], "limit": None}
    assert read(made, "--deep=false", "--tags", "1", "--tags", "-2") == {"deep": False, "tags": [1, -2]}
    assert read(made, "true", "1", "2", "3") == {"deep": True, "tags": [1, 2, 3]}


def test_choices_and_unions() -> None:
    made = flags(mode={"enum": ["fast", "slow"]}, key=({"anyOf": [INT, TEXT]}, 0))
    assert read(made, "fast", "12") == {"mode": "fast", "key": 12}
    assert read(made, "slow", "twelve") == {"mode": "slow", "key": "twelve"}
    with pytest.raises(CliError, match="--mode takes one of fast, slow, not `quick`"):
        read(made, "quick")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "`n` is missing"),
        (("9223372036854775808",), "--n takes a whole number of 64 bits"),
        (("1_000",), "not `1_000`"),
        (("1.5",), "not `1.5`"),
        (("1", "2"), "one argument too many: `2`"),
        (("--n", "1", "--n", "2"), "--n is given twice"),
        (("--no-n",), "no parameter `--no-n`"),
        (("1", "--m"), "no parameter `--m`"),
        (("1", "-v"), "no parameter `-v`"),
    ],
)
def test_what_does_not_fit_is_refused(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(CliError) as error:
        read(flags(n=INT), *words)
    assert message in error.value.message
    assert error.value.code == 2
    assert error.value.usage == "usage: pielang run x.pie N"


def test_flags_of_run_stand_among_those_of_main_unless_main_has_them() -> None:
    others = {"--model": True, "--local": False}
    assert flags(q=TEXT).read(["--model", "m", "x", "--local"], others) == ({"q": "x"}, ["--model", "m", "--local"])
    assert flags(model=TEXT).read(["--model", "m"], others) == ({"model": "m"}, [])


@given(st.text(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.booleans())
def test_every_value_can_be_given(text: str, number: int, heat: float, deep: bool) -> None:
    words = ["--text", text, "--number", str(number), "--heat", repr(heat), f"--deep={str(deep).lower()}"]
    made = flags(text=TEXT, number=INT, heat=NUMBER, deep=BOOL)
    try:
        text.encode()
    except UnicodeEncodeError:
        with pytest.raises(CliError):
            read(made, *words)
    else:
        assert read(made, *words) == {"text": text, "number": number, "heat": heat, "deep": deep}
