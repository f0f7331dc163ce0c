"""Compares random programs with CPython: `python -m tests.fuzz.compare FIRST COUNT [--folder F] [-O0] [--stress]`.

Seeds FIRST to FIRST + COUNT - 1, twenty to a program. Units that differ are written to the folder, each as a
program; the last line counts outcomes. `--stress`: the collector runs at every allocation.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from pielang.compiler.diag import CompileError
from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from tests.fuzz.generator import program, unit
from tests.lang.harness import oracle_knows, run_python_on, run_wasm

BATCH = 20
BOUNDED = Path(__file__).with_name("bounded.py").read_text(encoding="utf-8")
STRESS = "from pielang.core.memory import stress_collector\nstress_collector(True)\n"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`kind`: same, refused, differs, failed (no outcome, or none that compares), skipped (CPython did not end)."""

    seed: int
    kind: str
    details: str = ""


def sections(output: str) -> dict[int, str]:
    parts = re.split(r"^=== (-?\d+)\n", output, flags=re.MULTILINE)
    return {int(seed): text for seed, text in zip(parts[1::2], parts[2::2])}


@dataclass(frozen=True, slots=True)
class Comparison:
    optimize: int = 2
    stress: bool = False

    def program(self, seeds: Sequence[int]) -> str:
        return (STRESS if self.stress else "") + program(seeds)

    def batch(self, seeds: Sequence[int]) -> Iterator[Verdict]:
        seeds = [seed for seed in seeds if oracle_knows(unit(seed))]
        text = f"{BOUNDED}\nrun_bounded({program(seeds)!r}, globals())\n"
        expected = run_python_on([("fuzz.py", text)])[0]
        if not expected.error:
            yield from self.judged(seeds, sections(expected.output))
        elif len(seeds) > 1:  # each by itself, to see which one it is
            for seed in seeds:
                yield from self.batch([seed])
        else:
            yield Verdict(seeds[0], "skipped", expected.error)

    def judged(self, seeds: Sequence[int], expected: dict[int, str]) -> Iterator[Verdict]:
        text = self.program(seeds)
        try:
            found = run_wasm(build(Source("fuzz.pie", text), Library(), self.optimize).wasm)
        except CompileError as error:
            starts = [item.span.start for item in error.diagnostics if item.source.name == "fuzz.pie"]
            guilty = self.places(seeds, text, starts) if len(seeds) > 1 else list(seeds)
            for seed in guilty:
                yield Verdict(seed, "refused", str(error) if len(guilty) == 1 else "")
            rest = [seed for seed in seeds if seed not in guilty]
            for part in [rest] if guilty else [[seed] for seed in rest]:
                yield from self.judged(part, expected) if part else ()
            return
        except Exception as error:  # noqa: BLE001 - an internal error is one of the things that are looked for
            if len(seeds) > 1:
                for seed in seeds:
                    yield from self.judged([seed], expected)
            else:
                yield Verdict(seeds[0], "failed", repr(error))
            return
        mine = sections(found.output)
        for seed in seeds:
            if mine.get(seed) == expected[seed]:
                yield Verdict(seed, "same")
            elif len(seeds) > 1 and found.error:  # the program has ended early
                yield from self.judged([seed], expected)
            else:
                yield Verdict(seed, "differs", difference(expected[seed], mine.get(seed, "") + found.error))

    def places(self, seeds: Sequence[int], text: str, starts: list[int]) -> list[int]:
        """The seeds of the units that these places are in."""
        found, end = set(), len(text)
        for seed in reversed(seeds):
            begin = text.rindex(unit(seed), 0, end)
            if any(begin <= start < end for start in starts):
                found.add(seed)
            end = begin
        return sorted(found)


def difference(theirs: str, mine: str) -> str:
    for number, (own, other) in enumerate(zip(mine.splitlines(), theirs.splitlines())):
        if own != other:
            return f"line {number + 1}\n  CPython: {other}\n  pielang: {own}"
    ends = f"{mine.splitlines()[-1:]} for {theirs.splitlines()[-1:]}"
    return f"{mine.count(chr(10))} lines for {theirs.count(chr(10))}: {ends}"


def compare(seeds: range, comparison: Comparison) -> Iterator[Verdict]:
    for start in range(seeds.start, seeds.stop, BATCH):
        yield from comparison.batch(range(start, min(start + BATCH, seeds.stop)))


def main() -> int:
    parser = argparse.ArgumentParser(description="Compares random programs with CPython.")
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("-O", dest="optimize", type=int, choices=(0, 2), default=2)
    parser.add_argument("--stress", action="store_true")
    options = parser.parse_args()
    comparison = Comparison(options.optimize, options.stress)
    counts: Counter[str] = Counter()
    for found in compare(range(options.first, options.first + options.count), comparison):
        counts[found.kind] += 1
        if counts.total() % 400 == 0:
            print(f"so far {dict(counts)}", flush=True)
        if found.kind == "same":
            continue
        print(f"{found.seed} {found.kind}: {found.details}", flush=True)
        if options.folder is not None:
            options.folder.mkdir(parents=True, exist_ok=True)
            path = options.folder / f"{found.seed}.{found.kind}.py"
            path.write_text(comparison.program([found.seed]), encoding="utf-8")
    print(dict(counts))
    return 1 if counts["differs"] or counts["failed"] else 0


if __name__ == "__main__":
    sys.exit(main())
