"""Random programs agree with CPython; broken ones are refused with a diagnostic, whatever was broken.

`PIELANG_FUZZ=N` runs N of each instead of the few that a test run takes.
"""

from __future__ import annotations

import os
import random
import re
from pathlib import Path

from pielang.compiler.diag import CompileError, render
from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from tests.fuzz.compare import compare
from tests.fuzz.generator import program

COUNT = int(os.environ.get("PIELANG_FUZZ", "40"))
PROGRAMS = Path(__file__).parent.parent / "lang" / "programs"
INSIDES = re.compile(r"wasm|Wasm|Lark|lark|__getslice__|__setslice__|__pack__|Item\[|InferType|pielang\.core|i64")
PIECES = (
    "(", ")", "[", "]", "{", "}", ":", ",", ".", "=", "==", "+", "*", "**", "->", "@", "def ", "class ", "return ",
    "lambda ", "await ", "async ", "yield ", "for ", "in ", "if ", "else ", "None", "0", "1.5", '"', "'", "f'{", "\n",
    "    ", "\t", "\\", "é", "\x00", "not ", "is ", "self", "int", "str", "list[", "x",
    "try:", "match ", "case _:", ":=",
)  # fmt: skip


def mutated(text: str, chance: random.Random) -> str:
    """Cut short, or with pieces deleted, doubled, swapped or put in."""
    if chance.random() < 0.2:
        return text[: chance.randrange(len(text) + 1)]
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randint(1, 12))
        match chance.randrange(4):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + text[at:end] + text[at:]
            case 2:
                text = text[:at] + chance.choice(PIECES) + text[at:]
            case _:
                words = re.findall(r"\w+", text)
                if len(words) > 1:
                    old, new = chance.sample(words, 2)
                    text = re.sub(rf"\b{re.escape(old)}\b", new, text, count=chance.randint(1, 3))
    return text


def test_random_programs_agree_with_cpython() -> None:
    wrong = [item for item in compare(range(COUNT)) if item[1] in ("differs", "failed")]
    assert not wrong, "\n\n".join(f"seed {seed}: {details}\n{text}" for seed, _, details, text in wrong[:3])


def test_broken_programs_are_refused_in_words_of_the_user() -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(PROGRAMS.glob("*.py"))]
    texts += [program(seed) for seed in range(10)]
    texts = [part for text in texts for part in pieces(text)]
    for seed in range(COUNT * 2):
        chance = random.Random(seed)
        text = mutated(chance.choice(texts), chance)
        try:
            build(Source("broken.pie", text), Library())
        except CompileError as error:
            shown = render(error.diagnostics)
            own = [line for line in shown.splitlines() if not re.match(r" *\d* *\|", line)]
            found = INSIDES.search("\n".join(own))
            assert found is None or found[0] in text, f"seed {seed}:\n{text}\n{shown}"


def pieces(text: str) -> list[str]:
    """Programs of a size that is quick to check: the statements of the whole, some at a time."""
    blocks = re.split(r"\n(?=\S)", text)
    return ["\n".join(blocks[at : at + 30]) for at in range(0, len(blocks), 30)]
