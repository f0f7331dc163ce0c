"""Breaks programs at random and looks at what the compiler says: `python -m tests.fuzz.mutations FIRST COUNT [FOLDER]`.

Each seed is one broken source, made of a piece of the corpus. Every outcome is fine but an internal error, more than
`SECONDS` of thinking, or a message about the compiler's insides. Those are printed (sources in FOLDER); the last line
counts outcomes.
"""

from __future__ import annotations

import random
import re
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import wasmtime

from pielang.compiler.diag import CompileError, render
from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from tests.fuzz.generator import program

ROOT = Path(__file__).resolve().parent.parent.parent
SECONDS = 20
INSIDES = re.compile(
    r"wasm|Wasm|Lark|lark|Traceback|Token\(|Tree\(|__getslice__|__setslice__|__pack__|Item\[|InferType|T[A-Z]\w+\(|pielang\.core|\bi64\b"
)
PIECES = (
    "(", ")", "[", "]", "{", "}", ":", ",", ".", "=", "==", "+", "*", "**", "->", "@", "def ", "class ", "return ",
    "lambda ", "await ", "async ", "yield ", "for ", "in ", "if ", "else ", "None", "0", "1.5", '"', "'", "f'{", "\n",
    "    ", "\t", "\\", "é", "\x00", "not ", "is ", "self", "int", "str", "list[", "x", "try:", "match ", "case _:",
    ":=", "del ", "global ", "nonlocal ", "*a", "**k", "...", "1e999", "0x", "import ", "from . import x\n",
    "type X = ", "finally:", "except* ", "super()", "\ufeff", "\r", "9" * 20, "'''", "#", ";", "~", "@property\n",
    "lambda: (yield)",
)  # fmt: skip


@cache
def corpus() -> list[str]:
    """The test programs, examples, documents' blocks and some random programs; of long ones, statements at a time."""
    paths = [*ROOT.glob("tests/lang/programs/**/*.py"), *ROOT.glob("examples/*.pie"), *ROOT.glob("bench/programs/*.py")]
    texts = [part for path in sorted(paths) for part in path.read_text(encoding="utf-8").split("# %% ")]
    pages = [path.read_text(encoding="utf-8") for path in sorted(ROOT.glob("docs/language/*.md"))]
    texts += [block for page in pages for block in re.findall(r"```python\n(.*?)```", page, re.DOTALL)]
    found = [program([seed]) for seed in range(20)]
    for text in texts:
        blocks = re.split(r"\n(?=\S)", text)
        size = len(blocks) if text.count("\n") < 150 else 30
        found += ["\n".join(blocks[at : at + size]) for at in range(0, len(blocks), size)]
    return found


def mutated(seed: int) -> str:
    """A piece of the corpus, cut short, or with parts deleted, doubled, swapped or put in."""
    chance = random.Random(seed)
    text = chance.choice(corpus())
    if chance.random() < 0.2:
        return text[: chance.randrange(len(text) + 1)]
    for _ in range(chance.choice((1, 1, 2, 4))):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.randint(1, 12))
        match chance.randrange(5):
            case 0:
                text = text[:at] + text[end:]
            case 1:
                text = text[:at] + text[at:end] + text[at:]
            case 2:
                text = text[:at] + chance.choice(PIECES) + text[at:]
            case 3:
                lines = text.split("\n")
                lines.insert(chance.randrange(len(lines)), chance.choice(lines))
                text = "\n".join(lines)
            case _:
                words = re.findall(r"\w+", text)
                if len(words) > 1:
                    old, new = chance.sample(words, 2)
                    text = re.sub(rf"\b{re.escape(old)}\b", new, text, count=chance.randint(1, 3))
    return text


@cache
def validator() -> wasmtime.Engine:
    config = wasmtime.Config()
    config.wasm_exceptions = True
    return wasmtime.Engine(config)


class Hang(Exception):
    pass


def late(*_: object) -> None:
    raise Hang(f"still compiling after {SECONDS} seconds")


def judge(text: str) -> tuple[str, str]:
    """("accepted" | "refused" | "failed" | "insides", details)."""
    signal.signal(signal.SIGVTALRM, late)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)  # of computing: the machine may be busy
    try:
        wasmtime.Module.validate(validator(), build(Source("broken.pie", text), Library()).wasm)
    except CompileError as error:
        shown = render(error.diagnostics)
        own = [line for line in shown.splitlines() if not re.match(r" *\d* *\|", line)]
        found = INSIDES.search("\n".join(own))
        return ("insides", shown) if found and found[0] not in text else ("refused", "")
    except Exception:  # noqa: BLE001 - an internal error is what is looked for
        return "failed", traceback.format_exc(limit=-6)
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return "accepted", ""


def failures(seeds: range, counts: Counter[str]) -> Iterator[tuple[int, str, str, str]]:
    """(seed, verdict, details, source) of what must not happen; counts all."""
    for seed in seeds:
        text = mutated(seed)
        verdict, details = judge(text)
        counts[verdict] += 1
        if counts.total() % 1000 == 0:
            print(f"so far {dict(counts)}", flush=True)
        if verdict in ("failed", "insides"):
            yield seed, verdict, details, text


def main() -> int:
    first, count = int(sys.argv[1]), int(sys.argv[2])
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    counts: Counter[str] = Counter()
    for seed, verdict, details, text in failures(range(first, first + count), counts):
        print(f"{seed} {verdict}: {details}", flush=True)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / f"{seed}.{verdict}.py").write_text(text, encoding="utf-8")
    print(dict(counts))
    return 1 if counts["failed"] or counts["insides"] else 0


if __name__ == "__main__":
    sys.exit(main())
