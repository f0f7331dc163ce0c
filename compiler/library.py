"""Where the modules of a program come from: the standard library and the files beside the main one.

In: a dotted name. Out: the module's source and tree, or None when there is no such module. `pielang` and what lies
below it are the standard library's `.pie` files; any other name is a file beside the main program, else one in the
library's `plain/`, which is checked as a user's own is. What was asked for is remembered, so that a compiled program
can be kept for as long as its modules stay the same.
"""

from __future__ import annotations

import sys
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from .. import stdlib
from .cache import Cache, compiler_key, content_key
from .diag import CompileError
from .syntax import Source, Span, parse
from .syntax.errors import NotText

if TYPE_CHECKING:
    from .syntax import tree


def read_source(path: Path, module: str = "__main__", name: str | None = None, library: bool = False) -> Source:
    """Raises OSError when the file can't be read, CompileError when it holds no text. Line ends become `\\n`."""
    shown = name or str(path)
    try:
        return Source(shown, path.read_text(encoding="utf-8"), module, library)
    except UnicodeDecodeError as error:
        offset = f"byte {error.start} is not valid"
        raise CompileError.of(NotText(Source(shown, "", module), Span(0, 0)).noted(offset)) from error


PROOFS = 2_000


def _tree(source: Source) -> tree.Module:
    """The module's tree, from the cache if this compiler has parsed this text before."""
    from .syntax import stored

    trees = Cache("trees")
    key = content_key(compiler_key(), "library" if source.library else "user", source.text)
    kept = trees.load(key)
    if kept is not None:
        return stored.load(kept)
    made = parse(source)
    trees.store(key, stored.dump(made))
    return made


_library_tree = cache(_tree)
"""Those of the library serve all programs of a process."""


class Library:
    """The modules that one program sees. `folder` is where its main file lies; None: it has no files of its own."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.standard = Path(next(iter(stdlib.__path__)))
        self.proofs = Cache("proofs")
        self.asked: dict[str, str | None] = {}  # module -> key of its text, None when there is no such module

    def load(self, module: str) -> tuple[Source, tree.Module] | None:
        source = self.source(module)
        self.asked[module] = None if source is None else content_key(source.text)
        return None if source is None else (source, (_library_tree if source.library else _tree)(source))

    def proven(self) -> set[str]:
        """What is known of functions of the library to be right in every program (`sema.proven`)."""
        kept = self.proofs.load(self._state())
        return set() if kept is None else set(kept.decode().splitlines())

    def prove(self, names: set[str]) -> None:
        """Keep what is known. As there is no end of types, only so much is."""
        self.proofs.store(self._state(), "\n".join(islice(names, PROOFS)).encode())

    def _state(self) -> str:
        """Changes whenever the compiler or the library does."""
        states = [(path, path.stat()) for path in sorted(self.standard.rglob("*.pie"))]
        return content_key(compiler_key(), *(f"{path} {state.st_size} {state.st_mtime_ns}" for path, state in states))

    def source(self, module: str) -> Source | None:
        """The text of a module. Of two files that could be meant, `name.pie` comes before `name/__init__.pie`."""
        first, *rest = module.split(".")
        library = first == "pielang"
        base = self.standard if library else self.folder
        parts = rest if library else [first, *rest]
        if not all(part.isidentifier() for part in parts):
            return None
        if base is not None:
            stem = base.joinpath(*parts)
            for path in (stem / "__init__.pie",) if not parts else (stem.with_suffix(".pie"), stem / "__init__.pie"):
                if path.is_file():
                    shown = f"pielang/{path.relative_to(base).as_posix()}" if library else str(path)
                    return read_source(path, module, shown, library)
        plain = self.standard / "plain" / f"{module}.pie"
        return read_source(plain, module, f"pielang/plain/{module}.pie") if plain.is_file() else None

    def modules(self) -> dict[str, str]:
        """The texts of the library's modules by the names that programs import them under; `pielang` itself first."""
        found = {"pielang": (self.standard / "__init__.pie").read_text(encoding="utf-8")}
        for path in sorted([*self.standard.glob("[!_]*.pie"), *self.standard.glob("plain/*.pie")]):
            name = path.stem if path.stem in sys.stdlib_module_names else f"pielang.{path.stem}"
            found[name] = path.read_text(encoding="utf-8")
        return found

    def unchanged(self, asked: dict[str, str | None]) -> bool:
        """Would the same questions get the same answers as when `asked` was written down?"""
        for module, key in asked.items():
            source = self.source(module)
            if (None if source is None else content_key(source.text)) != key:
                return False
        return True
