"""Function objects to a module.

In: the reachable program, its function objects and dispatch targets. Out: the bytes of the module: everything gets its
number, holes are filled, sections put together. Functions are numbered by how often they are called, literals placed by
how often they are named, so that most numbers take one byte.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..ir import nodes as ir
from ..optimize.effects import Program
from . import encode
from .emit import VALUE_TYPE
from .fold import dispatch_object, fold
from .layout import RINGS, DataLayout, TypeNumbers
from .objects import FunctionObject, Hole, Target, link_code
from .runtime import RESERVE
from .sections import Locations, encode_lines, encode_manifest, encode_names

_PAGE = 65536
_MOST_PLACES = 65535


class Linker:
    """One link; `link` is the door."""

    def __init__(self, program: Program, objects: dict[str, FunctionObject]) -> None:
        module = program.module
        self.exports = module.exports
        self.types = TypeNumbers(program)
        dispatches = {
            symbol: [(self.types.number(heap_type), target) for heap_type, target in targets]
            for symbol, targets in program.dispatches.items()
        }
        self.aliases = fold(objects, dispatches, self.types.representative)
        self.objects = {symbol: item for symbol, item in objects.items() if symbol not in self.aliases}
        for symbol, targets in dispatches.items():
            if symbol not in self.aliases:
                params, result = program.signature(symbol)
                resolved = [(number, self.aliases.get(target, target)) for number, target in targets]
                kinds = bytes(VALUE_TYPE[kind] for kind in params)
                self.objects[symbol] = dispatch_object(symbol, kinds, _result(result), resolved)
        uses = Counter(
            (hole, self.aliases.get(target, target) if hole is Hole.CALL and isinstance(target, str) else target)
            for item in self.objects.values()
            for _, hole, target in item.holes
        )
        ordered = sorted(self.objects, key=lambda symbol: -uses[Hole.CALL, symbol])
        self.functions = {symbol: index for index, symbol in enumerate(ordered)}
        self.calls_table = any(hole is Hole.SIGNATURE for hole, _ in uses)
        literals = [target for hole, target in uses if hole is Hole.LITERAL and isinstance(target, (str, bytes))]
        literals.sort(key=lambda literal: -uses[Hole.LITERAL, literal])
        variables = {symbol: module.globals[symbol] for symbol in program.globals}
        self.layout = DataLayout(self.types, module.runtime, variables, literals)
        self.layout.values["stack_limit"] = self.layout.values["stack_end"] - RESERVE
        self.layout.values["nowhere"] = sum(len(item.rows) for item in self.objects.values())
        self.table: dict[str, int] = {}  # function -> index in the table; 0 stays empty
        self.signatures: dict[tuple[bytes, bytes], int] = {}
        self.filled: dict[tuple[Hole, Target], bytes] = {}

    def function(self, symbol: str) -> int:
        return self.functions[self.aliases.get(symbol, symbol)]

    def signature(self, params: bytes, result: bytes) -> int:
        return self.signatures.setdefault((params, result), len(self.signatures))

    def fill(self, hole: Hole, target: Target) -> bytes:
        known = self.filled.get((hole, target))
        if known is None:
            known = self.filled[hole, target] = self._fill(hole, target)
        return known

    def _fill(self, hole: Hole, target: Target) -> bytes:
        match hole, target:
            case Hole.CALL, str():
                return encode.unsigned(self.function(target))
            case Hole.TABLE_INDEX, str():
                symbol = self.aliases.get(target, target)
                return encode.signed(self.table.setdefault(symbol, len(self.table) + 1))
            case Hole.TYPE_ID, str():
                return encode.signed(self.types.number(target))
            case Hole.SUBTYPE_TEST, str():
                first, count = self.types.ranges.get(target, (0, 0))
                if count == 0:
                    return encode.PLAIN["drop"] + encode.i32_const(0)
                if count == 1:
                    return encode.i32_const(first) + encode.PLAIN["i32.eq"]
                test = encode.i32_const(count) + encode.PLAIN["i32.lt_u"]
                return encode.i32_const(first) + encode.PLAIN["i32.sub"] + test
            case Hole.LITERAL, str() | bytes():
                return encode.signed(self.layout.literals[target])
            case Hole.GLOBAL, str():
                return encode.unsigned(self.layout.globals[target])
            case Hole.LINK_VALUE, str():
                return encode.signed(self.layout.values[target])
            case Hole.SIGNATURE, (bytes(params), bytes(result)):
                return encode.unsigned(self.signature(params, result))
        raise ValueError(f"nothing fits the hole {hole!r} for {target!r}")

    def link(self, manifest: dict[str, Any], all_names: bool = False) -> bytes:
        locations = Locations()
        firsts = {symbol: locations.add(self.objects[symbol]) for symbol in self.functions}
        nowhere = self.layout.values["nowhere"]
        bodies = bytearray(encode.unsigned(len(self.functions)))
        lines: list[tuple[int, int]] = []
        placed = False
        for symbol in self.functions:
            item, first, marks = self.objects[symbol], firsts[symbol], list[tuple[int, int]]()

            def fill(hole: Hole, target: Target, first: int = first) -> bytes:
                if isinstance(target, int):
                    row = first + target
                    return encode.signed(row if hole is Hole.ROW else row + 1 if row < _MOST_PLACES else 0)
                return self.fill(hole, target)

            code = link_code(item, fill, lambda offset, row, marks=marks: marks.append((offset, row)))  # type: ignore[misc]
            bodies += encode.unsigned(len(code))
            start = len(bodies)
            if item.rows:
                lines += [(start + offset, first + row) for offset, row in marks]
            elif placed:
                lines.append((start, nowhere))
            placed = bool(item.rows)
            bodies += code
        signatures = [
            self.signature(self.objects[symbol].params, self.objects[symbol].result) for symbol in self.functions
        ]
        before = self._before_code(signatures)
        items = [(index, self.objects[symbol]) for symbol, index in self.functions.items()]
        names = [(index, item.name) for index, item in items if item.named or all_names]
        content = len(before) + 1 + len(encode.unsigned(len(bodies)))
        layout = self.layout
        data = encode.vector([b"\x00" + encode.i32_const(layout.data_base) + b"\x0b" + _sized(layout.data)])
        return b"".join(
            (
                before,
                encode.section(encode.CODE, bytes(bodies)),
                encode.section(encode.DATA, data) if layout.data else b"",
                encode.custom_section("pielang.manifest", encode_manifest(manifest)),
                encode.custom_section("pielang.locations", locations.encode()),
                encode.custom_section("pielang.lines", encode_lines((content + offset, row) for offset, row in lines)),
                encode.custom_section("name", encode_names(names)),
            )
        )

    def _before_code(self, signatures: list[int]) -> bytes:
        """Header and all sections ahead of the code."""
        throwable = self.signature(bytes((encode.I32,)), b"")
        pages = -(-self.layout.values["heap_base"] // _PAGE)
        variables = [(1, self.layout.values["stack_base"]), (1, 0), (0, RINGS)]
        exports = [
            encode.name(name) + b"\x00" + encode.unsigned(self.function(symbol))
            for name, symbol in self.exports.items()
        ]
        exports += [encode.name("memory") + b"\x02\x00", encode.name("rings") + b"\x03\x02"]
        sections = [
            (
                encode.TYPE,
                encode.vector(b"\x60" + _sized(params) + _sized(result) for params, result in self.signatures),
            ),
            (encode.FUNCTION, encode.vector(encode.unsigned(signature) for signature in signatures)),
        ]
        if self.table or self.calls_table:
            limit = encode.unsigned(len(self.table) + 1)
            sections.append((encode.TABLE, encode.vector([bytes((encode.FUNCREF, 1)) + limit + limit])))
        sections += [
            (encode.MEMORIES, encode.vector([b"\x00" + encode.unsigned(pages)])),
            (encode.TAG, encode.vector([b"\x00" + encode.unsigned(throwable)])),
            (
                encode.GLOBAL,
                encode.vector(
                    bytes((encode.I32, mutable)) + encode.i32_const(value) + b"\x0b" for mutable, value in variables
                ),
            ),
            (encode.EXPORT, encode.vector(exports)),
        ]
        if self.table:
            members = encode.vector(encode.unsigned(self.function(symbol)) for symbol in self.table)
            sections.append((encode.ELEMENT, encode.vector([b"\x00" + encode.i32_const(1) + b"\x0b" + members])))
        return encode.HEADER + b"".join(encode.section(number, content) for number, content in sections)


def _result(kind: ir.ValType | None) -> bytes:
    return b"" if kind is None else bytes((VALUE_TYPE[kind],))


def _sized(data: bytes | bytearray) -> bytes:
    return encode.unsigned(len(data)) + bytes(data)
