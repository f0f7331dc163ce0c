"""Where data lies in the module's memory, and the numbers of heap types (docs/abi.md).

In: the reachable heap types, globals and literals. Out: `TypeNumbers`; `DataLayout` with every address and the bytes of
the data segment.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable

from ..ir import nodes as ir
from ..optimize.effects import Program

RINGS = 1024  # address of the ring block
GLOBALS = RINGS + 4096
STACK_SIZE = 64 * 1024
TYPE_ROW = 8
_ALL = 0xFFFFFFFF  # instead of a set of reference places: an array of references
_FINALIZER, _LISTED = 1, 2
_MAX_TYPES = 1 << 16  # subtype tests read 16 bits of the header


class TypeNumbers:
    """Numbers from 1, a type before its subtypes and nothing else between them. Types that nothing tells apart (lists
    of different references, say) share a number; `representative` names the one that stands for a type."""

    def __init__(self, program: Program) -> None:
        self.heap_types = program.module.heap_types
        self.order: list[str] = []
        self.ranges: dict[str, tuple[int, int]] = {}  # first number of the type and those below it, and how many
        self.shown = self._shown(program.shown)
        self.representative = self._merge(program)
        self.used = set(self.representative.values())
        children: dict[str | None, list[str]] = {}
        seen: set[str] = set()
        for symbol in sorted(self.used):
            name: str | None = symbol
            while name is not None and name not in seen:
                seen.add(name)
                parent = self.heap_types[name].parent
                children.setdefault(parent, []).append(name)
                name = parent
        for root in children.get(None, ()):
            self._number(root, children)
        if len(self.order) >= _MAX_TYPES:
            raise ValueError(
                f"the program has {len(self.order)} heap types; at most {_MAX_TYPES - 1} can be told apart"
            )

    def _shown(self, asked: set[str]) -> set[str]:
        """The heap types whose names may be read: those at or below the classes in `asked`, or all of them if it names
        something that is no class."""
        below: dict[str, set[str]] = {name: set() for name in asked}
        for symbol in self.heap_types:
            base: str | None = symbol
            while base is not None:
                name = self.heap_types[base].display or base.rpartition(".")[2]
                if name in below:
                    below[name].add(symbol)
                base = self.heap_types[base].parent
        if not all(below.values()):
            return set(self.heap_types)
        return {symbol for found in below.values() for symbol in found}

    def _merge(self, program: Program) -> dict[str, str]:
        """Instances of one generic class (or frames, whose class nobody sees) that lie in memory alike and that no
        test, no number used as a value and no method call distinguishes."""
        told_apart = {symbol for summary in program.functions.values() for symbol in summary.told_apart}
        fixed = told_apart | {
            program.module.runtime[name] for name in ("str", "bytes") if name in program.module.runtime
        }
        methods: dict[str, list[tuple[str, str]]] = {}
        for dispatch, targets in program.dispatches.items():
            for heap_type, target in targets:
                methods.setdefault(heap_type, []).append((dispatch, target))
        groups: dict[object, str] = {}
        found: dict[str, str] = {}
        for symbol in sorted(program.types):
            kind = self.heap_types[symbol]
            anchor = kind.parent
            while anchor is not None and anchor not in told_apart:
                anchor = self.heap_types[anchor].parent
            family = "$frame" if symbol.endswith("$frame") else symbol.partition("[")[0]
            alike = (kind.kind, kind.size, kind.ref_offsets, kind.display, kind.finalizer)
            key = symbol if symbol in fixed else (family, alike, anchor, tuple(methods.get(symbol, ())))
            found[symbol] = groups.setdefault(key, symbol)
        return found

    def _number(self, symbol: str, children: dict[str | None, list[str]]) -> None:
        first = len(self.order) + 1
        if symbol in self.used:
            self.order.append(symbol)
        for child in children.get(symbol, ()):
            self._number(child, children)
        self.ranges[symbol] = first, len(self.order) + 1 - first

    def number(self, symbol: str) -> int:
        return self.ranges[self.representative[symbol]][0]


class DataLayout:
    """Addresses of module-level variables, literals and tables; `data` begins at `data_base`."""

    def __init__(
        self,
        types: TypeNumbers,
        runtime: dict[str, str],
        variables: dict[str, ir.ValType],
        literals: Iterable[str | bytes],
    ) -> None:
        self.types = types
        self.runtime = runtime
        self.globals: dict[str, int] = {}
        references = [symbol for symbol, kind in variables.items() if kind is ir.REF]
        scalars = [symbol for symbol, kind in variables.items() if kind is not ir.REF]
        address = GLOBALS
        for symbol in references:
            self.globals[symbol] = address
            address += 4
        address += -address % 8
        for symbol in sorted(scalars, key=lambda symbol: variables[symbol] is ir.I32):
            self.globals[symbol] = address
            address += 4 if variables[symbol] is ir.I32 else 8
        self.data_base = address + -address % 4
        self.data = bytearray()
        self.literals: dict[str | bytes, int] = {}
        for literal in literals:
            self.literal(literal)
        table = self._type_table()
        stack = self.data_base + len(self.data)
        stack += -stack % 8
        heap = stack + STACK_SIZE
        self.values = {
            "rings_base": RINGS,
            "globals_base": GLOBALS,
            "globals_count": len(references),
            "type_table": table,
            "stack_base": stack,
            "stack_end": heap,
            "heap_base": heap + -heap % 16,
        }

    def literal(self, value: str | bytes) -> int:
        """The address of a str or bytes object in static data."""
        address = self.literals.get(value)
        if address is None:
            address = self.literals[value] = self.data_base + len(self.data)
            if isinstance(value, str):
                body = value.encode("utf-8", "surrogatepass")
                header = struct.pack("<IIII", self.types.number(self.runtime["str"]), 8 + len(body), len(value), 0)
            else:
                body = value
                header = struct.pack("<II", self.types.number(self.runtime["bytes"]), len(body))
            self.data += header + body
            self.data += bytes(-len(self.data) % 4)
        return address

    def _type_table(self) -> int:
        """The address of what would be row 0, which does not exist."""
        kinds = [self.types.heap_types[symbol] for symbol in self.types.order]
        rows = bytearray()
        for kind in kinds:
            references, flags = self._references(kind)
            name = self.literal(kind.display) if kind.display and kind.symbol in self.types.shown else 0
            rows += struct.pack("<II", references, name | flags | (_FINALIZER if kind.finalizer else 0))
        address = self.data_base + len(self.data) - TYPE_ROW
        self.data += rows
        return address

    def _references(self, kind: ir.HeapType) -> tuple[int, int]:
        """The first word of a type's row, and the flag that says how to read it."""
        if kind.kind != "object":
            return (_ALL if kind.kind == "refs" else 0), 0
        places = sum(1 << (offset - 4) // 4 for offset in kind.ref_offsets)
        if places < _ALL:
            return places, 0
        address = self.data_base + len(self.data)
        self.data += struct.pack(f"<{1 + len(kind.ref_offsets)}H", len(kind.ref_offsets), *kind.ref_offsets)
        self.data += bytes(-len(self.data) % 4)
        return address, _LISTED
