"""Native code on disk, by the content it was made from.

In: a `.wasm` and its digest. Out: its module. Native code is run as it is, so the folder is for its owner only and
every entry carries its own checksum; an entry that does not match is as good as none.
"""

from __future__ import annotations

import hashlib
import os
import platform
import tempfile
from collections.abc import Callable
from pathlib import Path

import wasmtime

_CHECKSUM_BYTES = 32


class CodeCache:
    """Several processes may share a folder. Without a folder nothing is kept."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = None if folder is None else folder / f"native-{platform.machine()}"

    def module(
        self, engine: wasmtime.Engine, wasm: bytes, digest: str, check: Callable[[wasmtime.Module], None]
    ) -> wasmtime.Module:
        """The module of these bytes, from the folder or compiled and kept there. Safe from any thread.

        `check` raises for a module that is not to be used, which is not kept either. Raises wasmtime.WasmtimeError
        for bytes that are no module.
        """
        native = self._read(digest)
        if native is not None:
            try:
                module = wasmtime.Module.deserialize(engine, native)
            except wasmtime.WasmtimeError:
                pass  # made by another build of wasmtime: compiled again and replaced below
            else:
                check(module)
                return module
        module = wasmtime.Module(engine, wasm)
        check(module)
        if self._folder is not None:
            self._write(self._folder / digest, bytes(module.serialize()))
        return module

    def _read(self, digest: str) -> bytes | None:
        """The native code, or None when there is none that is whole."""
        if self._folder is None:
            return None
        try:
            data = (self._folder / digest).read_bytes()
        except OSError:
            return None
        code = data[_CHECKSUM_BYTES:]
        return code if hashlib.sha256(code).digest() == data[:_CHECKSUM_BYTES] else None

    def _write(self, target: Path, code: bytes) -> None:
        """Keep the code. A disk that takes nothing is no reason to fail: the next run compiles again."""
        try:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=target.parent)
        except OSError:
            return
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(code).digest() + code)
            os.replace(name, target)
        except OSError:
            Path(name).unlink(missing_ok=True)
