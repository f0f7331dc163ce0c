"""Every program in `programs/snippets` agrees with CPython; those in `refused.txt` may be refused, never differ.

A file there holds many programs, each below a line `# %% name`.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from pielang.compiler.diag import CompileError
from tests.lang.harness import Outcome, oracle_knows, run_pie, run_python_on

FOLDER = Path(__file__).parent / "programs" / "snippets"
REFUSED = frozenset((Path(__file__).parent / "refused.txt").read_text(encoding="utf-8").split())


def snippets() -> dict[str, str]:
    found = {}
    for path in sorted(FOLDER.glob("*.py")):
        for part in path.read_text(encoding="utf-8").split("# %% ")[1:]:
            name, _, text = part.partition("\n")
            found[f"{path.stem}.{name.strip()}"] = text
    return found


SNIPPETS = snippets()


@cache
def expected() -> dict[str, Outcome]:
    """What CPython makes of them: all in one process, once."""
    known = {name: text for name, text in SNIPPETS.items() if oracle_knows(text)}
    return dict(zip(known, run_python_on([(f"{name}.py", text) for name, text in known.items()])))


@pytest.mark.parametrize("name", SNIPPETS)
def test_snippet(name: str) -> None:
    wanted = expected().get(name)
    if wanted is None:
        pytest.skip("needs a Python 3.12 to compare with")
    try:
        found = run_pie(SNIPPETS[name], f"{name}.pie")
    except CompileError:
        assert name in REFUSED
        return
    assert found == wanted
