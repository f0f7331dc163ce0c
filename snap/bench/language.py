"""Speed of compiled programs against CPython: `python bench/language.py [--runs N] [--json] [NAME...]`.

Each program of bench/programs runs in both, in turn, in the same minute: medians of N runs (5 unless told). CPython's
time is the program alone, `exec` in a fresh process; ours is the first resume to the end, in a fresh instance of native
code. Compile time is from the text to the module (without wasmtime's), size the module's. Outputs must be equal.
`--json` prints one object last.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from pielang.compiler.driver import build  # noqa: E402
from pielang.compiler.library import Library  # noqa: E402
from pielang.compiler.syntax import Source  # noqa: E402
from pielang.vm.engine import Program  # noqa: E402
from tests.lang.harness import Outcome, engine, oracle, run_program  # noqa: E402

TIMED = """
import sys, time
text = open(sys.argv[1], encoding="utf-8").read()
code = compile(text, sys.argv[1], "exec")
names = {"__name__": "__main__"}
start = time.perf_counter()
exec(code, names)
sys.stdout.flush()
print(time.perf_counter() - start, file=sys.stderr)
"""


@dataclass(frozen=True)
class Row:
    """Seconds (medians), bytes; `ratio` says how many times as fast as CPython."""

    program: str
    cpython: float
    pielang: float
    ratio: float
    compile: float
    size: int


def python_run(path: Path) -> tuple[float, str]:
    done = subprocess.run(
        [oracle(), "-c", TIMED, str(path)], capture_output=True, text=True, timeout=300, check=True, encoding="utf-8"
    )
    return float(done.stderr.split()[-1]), done.stdout


def own_run(program: Program) -> tuple[float, Outcome]:
    start = time.perf_counter()
    found = run_program(program)
    return time.perf_counter() - start, found


def measure(path: Path, runs: int) -> Row:
    source = Source(path.name, path.read_text(encoding="utf-8"))
    start = time.perf_counter()
    wasm = build(source, Library()).wasm
    compiled = time.perf_counter() - start
    program = engine().load(wasm)
    theirs: list[float] = []
    mine: list[float] = []
    for _ in range(runs):
        seconds, text = python_run(path)
        theirs.append(seconds)
        seconds, found = own_run(program)
        mine.append(seconds)
        if found != Outcome(text, ""):
            raise SystemExit(
                f"{path.name}: outputs differ\n--- CPython\n{text}\n--- pielang\n{found.output}{found.error}"
            )
    cpython, pielang = statistics.median(theirs), statistics.median(mine)
    return Row(path.stem, cpython, pielang, cpython / pielang, compiled, len(wasm))


def main() -> int:
    parser = argparse.ArgumentParser(description="Speed of compiled programs against CPython.")
    parser.add_argument("names", nargs="*", help="programs of bench/programs; all when none is named")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="print one JSON object last")
    options = parser.parse_args()
    paths = [
        path
        for path in sorted((ROOT / "bench" / "programs").glob("*.py"))
        if not options.names or path.stem in options.names
    ]
    print(f"{'program':14} {'CPython ms':>11} {'pielang ms':>11} {'ratio':>7} {'compile ms':>11} {'KB':>6}")
    rows = []
    for path in paths:
        row = measure(path, options.runs)
        rows.append(row)
        print(
            f"{row.program:14} {row.cpython * 1000:11.1f} {row.pielang * 1000:11.1f} {row.ratio:7.1f}"
            f" {row.compile * 1000:11.0f} {row.size / 1024:6.1f}",
            flush=True,
        )
    mean = math.exp(statistics.fmean(math.log(row.ratio) for row in rows))
    slowest = min(rows, key=lambda row: row.ratio)
    print(f"geometric mean {mean:.2f}x, least {slowest.ratio:.2f}x ({slowest.program})")
    if options.json:
        version = subprocess.run([oracle(), "--version"], capture_output=True, text=True, timeout=60).stdout.split()[-1]
        print(json.dumps({"cpython": version, "geometric_mean": mean, "programs": [asdict(row) for row in rows]}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
