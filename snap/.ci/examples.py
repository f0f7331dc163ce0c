"""Keeps the README's table of examples true: a row for each program with its doc, its lines and its size.

    python .ci/examples.py [--check]

With --check it writes nothing and exits 1 when the table says something else (a size may be 10 % off).
"""

from __future__ import annotations

import ast
import re
import sys
from pathlib import Path

ROW = re.compile(r"^\| \[(?P<name>\S+\.pie)\]\(.*\) \| (?P<about>.*) \| (?P<lines>\d+) \| (?P<size>[\d.]+) KB \|$")
HEAD = "| program | what it shows | lines | size |\n| --- | --- | --- | --- |\n"
SLACK = 0.1


def main(arguments: list[str]) -> int:
    """Returns the exit status."""
    root = Path(__file__).resolve().parent.parent
    sys.path.insert(0, str(root))
    readme = root / "README.md"
    before, head, after = readme.read_text().partition(HEAD)
    if not head:
        print("README.md has no table of examples", file=sys.stderr)
        return 1
    old = after.split("\n\n")[0].splitlines()
    new = [row(path) for path in sorted((root / "examples").glob("*.pie"))]
    if "--check" in arguments:
        if len(old) == len(new) and all(same(left, right) for left, right in zip(old, new)):
            return 0
        print("the README's table of examples is not current: run python .ci/examples.py", file=sys.stderr)
        return 1
    readme.write_text(before + head + after.replace("\n".join(old), "\n".join(new), 1))
    return 0


def row(path: Path) -> str:
    """The table's row for a program, which is compiled for it."""
    from pielang.compiler.driver import compile_file

    size = len(compile_file(path).wasm) / 1024
    text = path.read_text()
    about = (ast.get_docstring(ast.parse(text)) or "").partition("\n")[0].rstrip(".")
    return f"| [{path.name}](examples/{path.name}) | {about} | {len(text.splitlines())} | {size:.1f} KB |"


def same(left: str, right: str) -> bool:
    """Whether two rows say the same, sizes being near."""
    old, new = ROW.match(left), ROW.match(right)
    if old is None or new is None or any(old[part] != new[part] for part in ("name", "about", "lines")):
        return False
    return abs(float(old["size"]) - float(new["size"])) <= SLACK * float(new["size"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
