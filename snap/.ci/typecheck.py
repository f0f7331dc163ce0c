"""Runs mypy over the packages under their import names.

The folders at the top are parts of the package `pielang`, which mypy can't be told. So a folder of links that shows the
package as it is installed is made, and mypy is run on that; places are printed as they are in the checkout.

    python .ci/typecheck.py [module ...]        # default: all; a module is `server.wire` or `server/wire/batch.py`
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

PARTS = ("compiler", "vm", "server", "stdlib")


def main(arguments: list[str]) -> int:
    """Returns mypy's exit status."""
    root = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory(prefix="pielang-types-") as folder:
        package = Path(folder) / "pielang"
        package.mkdir()
        for entry in (root / "pielang").iterdir():
            (package / entry.name).symlink_to(entry)
        for part in PARTS:
            (package / part).symlink_to(root / part)
        names = [re.sub(r"\.py$", "", name).strip("/").replace("/", ".") for name in arguments]
        wanted = [f"pielang.{re.sub(r'^pielang[.]?', '', name)}".rstrip(".") for name in names] or ["pielang"]
        command = [sys.executable, "-m", "mypy", "--config-file", str(root / "pyproject.toml"), "--cache-dir"]
        command += [str(root / ".mypy_cache"), *(word for name in wanted for word in ("-p", name))]
        result = subprocess.run(
            command, cwd=folder, env={**os.environ, "MYPYPATH": folder}, capture_output=True, text=True
        )
    text = re.sub(rf"^pielang/(?=({'|'.join(PARTS)})/)", "", result.stdout, flags=re.MULTILINE)
    print(text, end="")
    print(result.stderr, end="", file=sys.stderr)
    return result.returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
