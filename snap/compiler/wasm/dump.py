"""A module as text: for `pielang dump --stage wasm` and for debugging the emitter.

In: the bytes of a module that this emitter wrote. Out: lines; per function its name and type, per instruction its
offset in the module, the mnemonic and its operands, with names for functions.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import encode
from .decode import Reader, custom_sections, sections

_TYPES = {encode.I32: "i32", encode.I64: "i64", encode.F64: "f64", 0x7D: "f32", encode.VOID: ""}
_PLAIN = {code: name for name, code in encode.PLAIN.items()}
_MEMORY = {code: name for name, (code, _) in encode.MEMORY.items()}
_INDEXED = {code: name for name, code in encode.INDEXED.items()}
_OPENING = {encode.BLOCK: "block", encode.LOOP: "loop", encode.IF: "if", encode.TRY_TABLE: "try_table"}


def dump(module: bytes, only: str | None = None) -> Iterator[str]:
    """The lines of a listing; `only`: just the functions whose name holds this text."""
    names = function_names(module)
    types, members = _signatures(module)
    for number, (start, end) in enumerate(bodies(module)):
        name = names.get(number, str(number))
        if only is not None and only not in name:
            continue
        yield f"{number} {name} {types[members[number]]}  ; {end - start} bytes"
        yield from _function(module, start, end, names, types)
        yield ""


def function_names(module: bytes) -> dict[int, str]:
    """Function index to name, from the name section."""
    content = custom_sections(module).get("name", b"")
    reader = Reader(content)
    found: dict[int, str] = {}
    while reader.position < reader.end:
        part, size = reader.byte(), reader.unsigned()
        if part != 1:
            reader.take(size)
            continue
        for _ in range(reader.unsigned()):
            index = reader.unsigned()
            found[index] = reader.name()
    return found


def bodies(module: bytes) -> list[tuple[int, int]]:
    """(start, end) of each function's body, its locals included."""
    found: list[tuple[int, int]] = []
    for number, start, end in sections(module):
        if number == encode.CODE:
            reader = Reader(module, start, end)
            for _ in range(reader.unsigned()):
                size = reader.unsigned()
                found.append((reader.position, reader.position + size))
                reader.take(size)
    return found


def _signatures(module: bytes) -> tuple[list[str], list[int]]:
    types: list[str] = []
    members: list[int] = []
    for number, start, end in sections(module):
        reader = Reader(module, start, end)
        if number == encode.TYPE:
            for _ in range(reader.unsigned()):
                reader.byte()
                params = [_TYPES[reader.byte()] for _ in range(reader.unsigned())]
                results = [_TYPES[reader.byte()] for _ in range(reader.unsigned())]
                types.append(f"({', '.join(params)}) -> {', '.join(results) or 'none'}")
        elif number == encode.FUNCTION:
            members = [reader.unsigned() for _ in range(reader.unsigned())]
    return types, members


def _function(module: bytes, start: int, end: int, names: dict[int, str], types: list[str]) -> Iterator[str]:
    reader = Reader(module, start, end)
    groups = [(reader.unsigned(), _TYPES[reader.byte()]) for _ in range(reader.unsigned())]
    if groups:
        yield "          local " + ", ".join(f"{count} {kind}" for count, kind in groups)
    depth = 1
    while reader.position < end:
        at = reader.position
        text, change = _instruction(reader, names, types)
        shown = depth - 1 if text in ("end", "else") else depth
        depth += change
        yield f"  {at:6x}  {'  ' * (shown - 1)}{text}"


def _instruction(reader: Reader, names: dict[int, str], types: list[str]) -> tuple[str, int]:
    """The text of the next instruction and how it changes the nesting."""
    opcode = reader.byte()
    if opcode in _OPENING:
        text = f"{_OPENING[opcode]} {_TYPES[reader.byte()]}".rstrip()
        if opcode == encode.TRY_TABLE:
            catches = [(reader.byte(), reader.unsigned(), reader.unsigned()) for _ in range(reader.unsigned())]
            text += "".join(f" (catch {tag} {label})" for _, tag, label in catches)
        return text, 1
    if opcode == encode.END:
        return "end", -1
    if opcode in _INDEXED:
        return f"{_INDEXED[opcode]} {reader.unsigned()}", 0
    if opcode == encode.CALL:
        index = reader.unsigned()
        return f"call {names.get(index, index)}", 0
    if opcode == encode.CALL_INDIRECT:
        kind, table = reader.unsigned(), reader.unsigned()
        return f"call_indirect {types[kind]}" + (f" table {table}" if table else ""), 0
    if opcode == encode.BR_TABLE:
        labels = [reader.unsigned() for _ in range(reader.unsigned() + 1)]
        return "br_table " + " ".join(map(str, labels)), 0
    if opcode in (encode.I32_CONST, encode.I64_CONST):
        return f"{'i32' if opcode == encode.I32_CONST else 'i64'}.const {reader.signed()}", 0
    if opcode == encode.F64_CONST:
        return f"f64.const {encode.read_f64(reader.take(8))!r}", 0
    if opcode in _MEMORY:
        align, offset = reader.unsigned(), reader.unsigned()
        del align  # always the natural one
        return _MEMORY[opcode] + (f" offset={offset}" if offset else ""), 0
    if opcode == 0xFC:
        code = bytes((opcode, reader.byte()))
        found = next(((name, full) for full, name in _PLAIN.items() if full[:2] == code), None)
    else:
        code = bytes((opcode,))
        found = next(((name, full) for full, name in _PLAIN.items() if full[:1] == code and opcode != 0xFC), None)
    if found is None:
        raise ValueError(f"no instruction is written as {code.hex()} (at offset {reader.position:#x})")
    name, full = found
    reader.take(len(full) - len(code))
    return name, 0
