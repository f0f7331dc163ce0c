"""The blocks of docs/language: each is run here and by CPython, and prints what the page shows below it.

A block that imports `pielang` is compiled only. Below a block of the page of differences stands what is printed here
and, after `CPython:`, what CPython prints.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from pielang.compiler.driver import check_source
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from tests.lang.harness import Outcome, oracle_knows, run_pie, run_python_on

FOLDER = Path(__file__).parents[2] / "docs" / "language"
OUTPUT = r"```text\n(.*?)^```\n)?"
BLOCK = re.compile(rf"^```python\n(.*?)^```\n(?:\n(?:Here:\n\n)?{OUTPUT}(?:\nCPython:\n\n{OUTPUT}", re.M | re.S)
BLOCKS = {
    f"{path.stem}-{number}": (match[1], match[2], match[3])
    for path in sorted(FOLDER.glob("*.md"))
    if path.stem != "diagnostics"  # which CI writes anew and compares
    for number, match in enumerate(BLOCK.finditer(path.read_text(encoding="utf-8")), 1)
}


@cache
def expected() -> dict[str, Outcome]:
    """What CPython makes of them: all in one process, once."""
    texts = {name: block[0] for name, block in BLOCKS.items() if "from pielang" not in block[0]}
    known = {name: text for name, text in texts.items() if oracle_knows(text)}
    return dict(zip(known, run_python_on([(f"{name}.py", text) for name, text in known.items()])))


def shown(outcome: Outcome) -> str:
    return outcome.output + (f"{outcome.error}\n" if outcome.error else "")


@pytest.mark.parametrize("name", BLOCKS)
def test_block(name: str) -> None:
    text, here, there = BLOCKS[name]
    if "from pielang" in text:
        assert check_source(Source(f"{name}.pie", text), Library()) == ()
        return
    found = run_pie(text, f"{name}.pie")
    if here is not None:
        assert shown(found) == here
    wanted = expected().get(name)
    if wanted is None:
        pytest.skip("needs a Python 3.12 to compare with")
    assert shown(wanted) == (shown(found) if there is None else there)
    assert there is None or here != there


def test_every_page_is_in_the_list() -> None:
    listed = set(re.findall(r"\]\((\w+)\.md\)", (FOLDER / "README.md").read_text(encoding="utf-8")))
    assert listed == {path.stem for path in FOLDER.glob("*.md")} - {"README"}
