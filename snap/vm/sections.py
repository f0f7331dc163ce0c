"""Reads the custom sections that the compiler leaves in a `.wasm` (docs/abi.md).

In: the bytes of a module. Out: the manifest, the table of source places, and the table from code offset to place.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

_MAGIC = b"\0asm\x01\0\0\0"


class BadSection(Exception):
    """A section is cut short, or missing where it must be there."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place in a source file. `line` and `column` count from 1."""

    file: str
    function: str
    line: int
    column: int


class _Reader:
    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    def unsigned(self) -> int:
        value = shift = 0
        while True:
            if self.at >= len(self.data):
                raise BadSection("a number runs past the end")
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        start = self.at
        value = self.unsigned()
        bits = 7 * (self.at - start)
        return value - (1 << bits) if value >> (bits - 1) else value

    def take(self, size: int) -> bytes:
        if size > len(self.data) - self.at:
            raise BadSection("a section runs past the end")
        self.at += size
        return self.data[self.at - size : self.at]

    def text(self) -> str:
        return self.take(self.unsigned()).decode("utf-8", "replace")


def custom_section(wasm: bytes, name: str) -> bytes:
    """The content of the first custom section of that name. Raises BadSection when there is none."""
    if wasm[:8] != _MAGIC:
        raise BadSection("not a WebAssembly module")
    reader = _Reader(wasm, 8)
    while reader.at < len(wasm):
        identifier = reader.take(1)[0]
        size = reader.unsigned()
        if identifier != 0:
            reader.take(size)
            continue
        section = _Reader(reader.take(size))
        if section.text() == name:
            return section.data[section.at :]
    raise BadSection(f"the module has no section '{name}': it was not made by pielang")


def manifest(wasm: bytes) -> dict[str, Any]:
    """What the program is and asks for. Raises BadSection."""
    try:
        found = json.loads(custom_section(wasm, "pielang.manifest"))
    except ValueError as error:
        raise BadSection(f"the manifest is not JSON: {error}") from error
    if not isinstance(found, dict):
        raise BadSection("the manifest is not a JSON object")
    return found


class SourceMap:
    """The places of one module: by row number (what the guest says) and by code offset (what a trap says)."""

    def __init__(self, wasm: bytes) -> None:
        reader = _Reader(custom_section(wasm, "pielang.locations"))
        files = [reader.text() for _ in range(reader.unsigned())]
        functions = [reader.text() for _ in range(reader.unsigned())]
        self.rows: list[Location] = []
        line = 0
        for _ in range(reader.unsigned()):
            file, function = reader.unsigned(), reader.unsigned()
            line += reader.signed()
            if file >= len(files) or function >= len(functions):
                raise BadSection("a place names a file or function that is not there")
            self.rows.append(Location(files[file], functions[function], line, reader.unsigned()))
        reader = _Reader(custom_section(wasm, "pielang.lines"))
        self._offsets: list[int] = []
        self._places: list[int] = []
        offset = 0
        for _ in range(reader.unsigned()):
            offset += reader.unsigned()
            self._offsets.append(offset)
            self._places.append(reader.unsigned())

    def row(self, number: int) -> Location | None:
        return self.rows[number] if 0 <= number < len(self.rows) else None

    def at_offset(self, offset: int) -> Location | None:
        """The place of the instruction at this offset from the start of the module."""
        index = bisect_right(self._offsets, offset) - 1
        return self.row(self._places[index]) if index >= 0 else None
