"""Reading the WebAssembly binary format back: for the disassembler and for tests.

In: the bytes of a module. Out: sections, numbers, names. A truncated module raises IndexError.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import encode


class Reader:
    """A place in some bytes, moved by each read."""

    def __init__(self, data: bytes, position: int = 0, end: int | None = None) -> None:
        self.data = data
        self.position = position
        self.end = len(data) if end is None else end

    def byte(self) -> int:
        value = self.data[self.position]
        self.position += 1
        return value

    def unsigned(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def signed(self) -> int:
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value - (1 << shift) if byte & 0x40 else value

    def take(self, size: int) -> bytes:
        value = self.data[self.position : self.position + size]
        self.position += size
        return value

    def name(self) -> str:
        return self.take(self.unsigned()).decode()


def sections(module: bytes) -> Iterator[tuple[int, int, int]]:
    """(section number, start of its content, end) of each section."""
    reader = Reader(module, len(encode.HEADER))
    while reader.position < len(module):
        number, size = reader.byte(), reader.unsigned()
        yield number, reader.position, reader.position + size
        reader.position += size


def custom_sections(module: bytes) -> dict[str, bytes]:
    """Title to content."""
    found: dict[str, bytes] = {}
    for number, start, end in sections(module):
        if number == encode.CUSTOM:
            reader = Reader(module, start, end)
            title = reader.name()
            found[title] = module[reader.position : end]
    return found
