"""How long commands take as whole processes, against the limits that we hold ourselves to.

    python bench/startup.py [--repeat N]

Prints one row a command: the median and the best of N runs after one that fills the caches. Exit 1 if a median is
over its limit.
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

LIMITS = (
    ("--help", ("--help",), 0.15),
    ("build, changed source", ("build", "{folder}/changed.pie"), 0.6),
    ("build, same source", ("build", "{folder}/same.pie"), 0.6),
    ("check", ("check", "{folder}/same.pie"), 0.6),
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
    subprocess.run(
        command, cwd=root, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(root)}
    )
    return time.perf_counter() - begin


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
            times = [seconds(words, root, folder) for _ in range(repeat)]
            median = statistics.median(times)
            over += median > limit
            print(f"{name:<24}{median:>8.3f}s{min(times):>8.3f}s{limit:>8.3f}s{'  OVER' if median > limit else ''}")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
