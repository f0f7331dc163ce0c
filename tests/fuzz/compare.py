"""Compares random programs with CPython: `python tests/fuzz/compare.py FIRST COUNT [FOLDER]`.

Seeds FIRST to FIRST + COUNT - 1. Programs that differ are written to FOLDER; the last line counts outcomes.
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

from pielang.compiler.diag import CompileError
from pielang.vm.engine import BadModule
from pielang.vm.traps import GuestTrap
from tests.fuzz.generator import program
from tests.lang.harness import Outcome, run_pie, run_python_on

BATCH = 50


def judge(text: str, expected: Outcome) -> tuple[str, str]:
    """("same" | "refused" | "differs" | "failed", details)."""
    if expected.error.startswith("exit "):
        return "same", "CPython did not get to its end"
    try:
        found = run_pie(text, "fuzz.pie")
    except CompileError as error:
        return "refused", str(error)
    except GuestTrap as error:
        return ("same", "") if "time limit" in str(error) else ("failed", str(error))
    except (AssertionError, BadModule) as error:
        return "failed", str(error)
    if found == expected or "overflow" in (found.output + found.error).lower():
        return "same", ""  # an int beyond 64 bits raises here: a difference that is documented
    mine, theirs = ([*item.output.splitlines(), item.error] for item in (found, expected))
    for number, (own, other) in enumerate(zip(mine, theirs)):
        if own != other:
            return "differs", f"line {number + 1}\n  CPython: {other}\n  pielang: {own}"
    return "differs", f"{len(mine)} lines for {len(theirs)}"


def compare(seeds: range) -> list[tuple[int, str, str, str]]:
    """(seed, verdict, details, program) of each that is not the same."""
    texts = [program(seed) for seed in seeds]
    outcomes = run_python_on([("fuzz.py", text) for text in texts])
    judged = [(seed, *judge(text, expected), text) for seed, text, expected in zip(seeds, texts, outcomes)]
    return [item for item in judged if item[1] != "same"]


def main() -> int:
    first, count = int(sys.argv[1]), int(sys.argv[2])
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else None
    counts: Counter[str] = Counter()
    for start in range(first, first + count, BATCH):
        seeds = range(start, min(start + BATCH, first + count))
        found = compare(seeds)
        counts["same"] += len(seeds) - len(found)
        for seed, verdict, details, text in found:
            counts[verdict] += 1
            print(f"{seed} {verdict}: {details}", flush=True)
            if folder is not None:
                folder.mkdir(parents=True, exist_ok=True)
                (folder / f"{seed}.{verdict}.py").write_text(text, encoding="utf-8")
    print(dict(counts))
    return 1 if counts["differs"] or counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
