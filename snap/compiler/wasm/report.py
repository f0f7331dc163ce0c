"""Where the bytes of a module go: `python -m pielang.compiler.wasm.report FILE [COUNT]`.

In: a `.wasm` file, or a `.pie` file, which is compiled. Out: the size of every section and the biggest functions.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from . import encode
from .decode import Reader, sections
from .dump import bodies, function_names

_NAMES = (
    "custom", "type", "import", "function", "table", "memory", "global", "export", "start", "element", "code", "data",
    "data count", "tag",
)  # fmt: skip


def report(module: bytes, count: int = 40) -> Iterator[str]:
    """Lines of text: total, sections, the `count` biggest functions."""
    yield f"{len(module):7}  total"
    for number, start, end in sections(module):
        title = Reader(module, start, end).name() if number == encode.CUSTOM else _NAMES[number]
        yield f"{end - start:7}  {title}"
    names = function_names(module)
    sizes = sorted(
        ((end - start, names.get(index, "?")) for index, (start, end) in enumerate(bodies(module))), reverse=True
    )
    yield f"{len(sizes)} functions, the biggest:"
    for size, name in sizes[:count]:
        yield f"{size:7}  {name}"


def _compile(path: Path) -> bytes:
    """The module with all function names."""
    from ..driver import build
    from ..library import Library, read_source

    return build(read_source(path), Library(path.parent), all_names=True).wasm


def main(arguments: list[str]) -> int:
    path = Path(arguments[0])
    module = _compile(path) if path.suffix == ".pie" else path.read_bytes()
    for line in report(module, int(arguments[1]) if len(arguments) > 1 else 40):
        print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
