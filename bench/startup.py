"""How long commands take as whole processes, against the limits that we hold ourselves to.

    python -m bench.startup [--repeat N]

Prints one row a command: the median and the best of N runs after one that fills the caches (Python keeps our modules
as bytecode, as after an installation, whatever this shell says); the last row is a check in a process that lives, as
an editor keeps one. Exit 1 if a median is over its limit.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from pielang.compiler.driver import check_source, read_source
from pielang.compiler.library import Library

WARM_LIMIT = 0.06
LIMITS = (
    ("--help", ("--help",), 0.15),
    ("build, changed source", ("build", "{folder}/changed.pie"), 0.6),
    ("build, same source", ("build", "{folder}/same.pie"), 0.6),
    ("check, 100 typed lines", ("check", "bench/ledger.pie"), 0.4),
    ("run hello", ("run", "--local", "examples/hello.pie"), 0.5),
)
"""Name, words after `pielang`, seconds. The program that is built is examples/text_completion.pie."""


def seconds(words: tuple[str, ...], root: Path, folder: str) -> float:
    """The wall time of one run of the command, from start to exit."""
    source = (root / "examples/text_completion.pie").read_text()
    (Path(folder) / "same.pie").write_text(source)
    (Path(folder) / "changed.pie").write_text(f"{source}# {time.time_ns()}\n")
    command = [sys.executable, "-m", "pielang", *(word.format(folder=folder) for word in words)]
    begin = time.perf_counter()
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run(command, cwd=root, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - begin


def warm_check(path: Path, library: Library) -> float:
    """The wall time in seconds of one check of the file in this process."""
    begin = time.perf_counter()
    check_source(read_source(path), library)
    return time.perf_counter() - begin


def row(name: str, times: list[float], limit: float) -> bool:
    """Prints a line of the table; whether the median is over the limit."""
    median = statistics.median(times)
    print(f"{name:<24}{median:>8.3f}s{min(times):>8.3f}s{limit:>8.3f}s{'  OVER' if median > limit else ''}")
    return median > limit


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--repeat", type=int, default=7)
    repeat = parser.parse_args().repeat
    root = Path(__file__).resolve().parent.parent
    over = 0
    print(f"{'command':<24}{'median':>9}{'best':>9}{'limit':>9}")
    with tempfile.TemporaryDirectory() as folder:
        for name, words, limit in LIMITS:
            seconds(words, root, folder)
            over += row(name, [seconds(words, root, folder) for _ in range(repeat)], limit)
    path, library = root / "bench/ledger.pie", Library()
    warm_check(path, library)
    over += row("the same check, warm", [warm_check(path, library) for _ in range(repeat)], WARM_LIMIT)
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
