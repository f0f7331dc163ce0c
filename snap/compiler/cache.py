"""The compiler's cache on disk: files named by the hash of what they were made from.

Entries are written whole (a temporary file, then a rename), so a reader never sees half of one, and several processes
may write the same entry. Nothing depends on the cache being there: where it can't be read or written, work is done
again.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from functools import cache
from pathlib import Path

from .. import __version__


def cache_dir() -> Path:
    """The folder for everything pielang may lose: $PIELANG_CACHE, else the platform's cache folder for "pielang"."""
    chosen = os.environ.get("PIELANG_CACHE")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "pielang"


def content_key(*parts: str | bytes) -> str:
    """A name for what is made from `parts`, in order; where one part ends and the next begins counts."""
    digest = hashlib.blake2b(digest_size=16)
    for part in parts:
        data = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


@cache
def compiler_key() -> str:
    """Changes whenever the compiler does: its version and Python's, the size and the time of each of its files."""
    folder = Path(__file__).parent
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".py", ".lark"))
    states = [(path.relative_to(folder).as_posix(), path.stat()) for path in files]
    parts = (f"{name} {state.st_size} {state.st_mtime_ns}" for name, state in states)
    return content_key(__version__, str(sys.implementation.cache_tag), *parts)


class Cache:
    """One folder of entries of a kind ("grammar", "trees", "programs"). When it is full, the oldest entries go."""

    limit = 1_000

    def __init__(self, kind: str, root: Path | None = None) -> None:
        self.folder = (root or cache_dir()) / kind

    def load(self, key: str) -> bytes | None:
        """The entry's bytes, or None when there is none that can be read."""
        try:
            return (self.folder / key).read_bytes()
        except OSError:
            return None

    def store(self, key: str, data: bytes) -> None:
        """Keeps an entry. A full disk or a read-only folder only means that it is made again next time."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, temporary = tempfile.mkstemp(dir=self.folder, prefix=".new-")
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.replace(temporary, self.folder / key)
            self._trim()
        except OSError:
            Path(temporary).unlink(missing_ok=True)

    def _trim(self) -> None:
        entries = [Path(entry.path) for entry in os.scandir(self.folder)]
        if len(entries) > self.limit:
            entries.sort(key=lambda path: path.stat().st_mtime_ns)
            for path in entries[: len(entries) - self.limit * 3 // 4]:
                path.unlink(missing_ok=True)
