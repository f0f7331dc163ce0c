"""All benchmarks of the engine, one after the other.

    python -m bench [NAME ...] [--runs=N] [--json]      # NAME: launch, calls, batching, overhead, counts, language

Each is run five times, or as often as --runs says; its table shows medians and, where there is one, the aim. With
--json each benchmark prints one object as its last line. Exits 1 if one of them failed.
"""

from __future__ import annotations

import subprocess
import sys

ALL = ("launch", "calls", "batching", "overhead", "counts", "language")


def main(words: list[str]) -> int:
    names = [word for word in words if not word.startswith("-")] or list(ALL)
    options = [word for word in words if word.startswith("-")]
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"no benchmark {', '.join(unknown)}; there are {', '.join(ALL)}", file=sys.stderr)
        return 2
    failed = []
    for name in names:
        print(f"== {name}", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}", *options]).returncode:
            failed.append(name)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
