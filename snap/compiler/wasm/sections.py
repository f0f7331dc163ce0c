"""The custom sections: function names, locations for tracebacks, code lines for traps, the manifest (docs/abi.md).

In: the linked functions in order. Out: section contents.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from . import encode
from .objects import FunctionObject


@dataclass(slots=True)
class Locations:
    """The table behind `pielang.locations`; rows are numbered in the order in which functions are added."""

    files: dict[str, int] = field(default_factory=dict)
    functions: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, int, int, int]] = field(default_factory=list)

    def add(self, item: FunctionObject) -> int:
        """Take in a function's rows; returns the number of its first one."""
        first = len(self.rows)
        if item.rows:
            file = self.files.setdefault(item.file, len(self.files))
            function = self.functions.setdefault(item.name, len(self.functions))
            self.rows += [(file, function, line, column) for line, column in item.rows]
        return first

    def encode(self) -> bytes:
        out = bytearray(encode.vector(encode.name(name) for name in self.files))
        out += encode.vector(encode.name(name) for name in self.functions)
        out += encode.unsigned(len(self.rows))
        before = 0
        for file, function, line, column in self.rows:
            out += encode.unsigned(file) + encode.unsigned(function)
            out += encode.signed(line - before) + encode.unsigned(column)
            before = line
        return bytes(out)


def encode_lines(lines: Iterable[tuple[int, int]]) -> bytes:
    """(offset in the module, location row) pairs, by offset."""
    rows = list(lines)
    out = bytearray(encode.unsigned(len(rows)))
    before = 0
    for offset, row in rows:
        out += encode.unsigned(offset - before) + encode.unsigned(row)
        before = offset
    return bytes(out)


def encode_names(names: Iterable[tuple[int, str]]) -> bytes:
    """The `name` section from (function index, name) pairs by index: function names only."""
    entries = encode.vector(encode.unsigned(index) + encode.name(name) for index, name in names)
    return encode.section(1, entries)


def encode_manifest(manifest: dict[str, Any]) -> bytes:
    return json.dumps(manifest, ensure_ascii=False, separators=(",", ":")).encode()
