"""Native code on disk, by the content it was made from.

In: the digest of a `.wasm`. Out: bytes for `Module.deserialize`. Native code is run as it is, so the folder is for
its owner only and every entry carries its own checksum; an entry that does not match is as good as none.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from pathlib import Path

_CHECKSUM_BYTES = 32


class CodeCache:
    """Several processes may share a folder. Code of another wasmtime is refused when it is loaded, and replaced."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / f"native-{platform.machine()}"

    def read(self, digest: str) -> bytes | None:
        """The native code, or None when there is none that is whole."""
        try:
            data = (self._folder / digest).read_bytes()
        except OSError:
            return None
        code = data[_CHECKSUM_BYTES:]
        return code if hashlib.sha256(code).digest() == data[:_CHECKSUM_BYTES] else None

    def write(self, digest: str, code: bytes) -> None:
        """Keep the code. A disk that takes nothing is no reason to fail: the next run compiles again."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self._folder)
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(code).digest() + code)
            os.replace(name, self._folder / digest)
        except OSError:
            Path(name).unlink(missing_ok=True)
