"""Writes what follows from the API table: `stdlib/core/_generated_*.pie` and the reference page `docs/api.md`.

In: `table.CALLS`. Out: one function per call on `ring.call` and `ring.post`, one class per record; one section per
call. `--check` writes nothing and exits with 1 when a file is not what the table says.
"""

from __future__ import annotations

import sys
import textwrap
from pathlib import Path
from typing import assert_never

from pielang.api.errors import EXCEPTIONS, Status
from pielang.api.table import CALLS, SUPERTRAITS, Call, Field, Kind, ListOf, Record

TARGET = Path("stdlib/core/_generated_calls.pie")
ERRORS = Path("stdlib/core/_generated_errors.pie")
REFERENCE = Path("docs/api.md")
HEADER = '''"""The calls of the API table as functions: what `Context` and `pielang.raw` are written on.

Written by `python -m pielang.api.generate`: change pielang/api/table.py instead.
"""

from pielang.core.msgpack import Packer, Unpacker
from pielang.core.ring import call, post
'''
RAISING = '''"""What the status of a failed call means.

Written by `python -m pielang.api.generate`: change pielang/api/errors.py instead.
"""

from typing import Never


def raise_status(status: int, message: str) -> Never:
'''
READERS = {
    Kind.INT: "read_int", Kind.FLOAT: "read_float", Kind.BOOL: "read_bool", Kind.STR: "read_str",
    Kind.BYTES: "read_bytes", Kind.U32S: "read_u32s", Kind.F32S: "read_f32s",
}  # fmt: skip


def source() -> str:
    """The whole file."""
    blocks = [HEADER]
    blocks += [_record(record) for record in _records()]
    if any(field.kind is Kind.STRS for call in CALLS for field in _results(call)):
        blocks.append(_READ_STRS)
    if any(field.kind is Kind.STRS for call in CALLS for field in call.arguments):
        blocks.append(_WRITE_STRS)
    blocks += [_function(call) for call in CALLS if not call.raw]
    return "\n\n".join(block.strip("\n") + "\n" for block in blocks)


_READ_STRS = """
def _read_strs(reader: Unpacker) -> list[str]:
    values: list[str] = []
    for _ in range(reader.read_array()):
        values.append(reader.read_str())
    return values
"""
_WRITE_STRS = """
def _write_strs(arguments: Packer, values: list[str]) -> None:
    arguments.write_array(len(values))
    for value in values:
        arguments.write_str(value)
"""


def raising() -> str:
    """The file of `raise_status`."""
    known = [(status.value, name) for status, (name, _) in EXCEPTIONS.items() if status is not Status.PIE_ERROR]
    tests = [f"    if status == {number}:\n        raise {name}(message)\n" for number, name in known]
    return RAISING + "".join(tests) + "    raise PieError(message)\n"


def _results(call: Call) -> tuple[Field, ...]:
    return call.result.fields if isinstance(call.result, Record) else call.result


def _records() -> list[Record]:
    found: list[Record] = []

    def add(record: Record) -> None:
        for field in record.fields:
            if isinstance(field.kind, ListOf):
                add(field.kind.record)
        if record not in found:
            found.append(record)

    for call in CALLS:
        for kind in (call.result, *(field.kind for field in call.arguments)):
            if isinstance(kind, Record):
                add(kind)
    return found


def _type(kind: Kind | ListOf | Record) -> str:
    match kind:
        case Record(name):
            return name
        case ListOf(record):
            return f"list[{record.name}]"
        case Kind.HANDLE:
            return "int"
        case Kind():
            return str(kind.value)
        case _:
            assert_never(kind)


def _read(field: Field, indent: str) -> str:
    """Statements that read one value from `reader` into a variable of the field's name."""
    name = field.name
    match field.kind:
        case ListOf(record):
            lines = [
                f"{name}: list[{record.name}] = []",
                "for _ in range(reader.read_array()):",
                f"    {name}.append({record.name}.read(reader))",
            ]
        case Kind.STRS:
            lines = [f"{name} = _read_strs(reader)"]
        case Kind.OPTIONAL_INT | Kind.OPTIONAL_STR:
            reader = "read_int" if field.kind is Kind.OPTIONAL_INT else "read_str"
            lines = [
                f"{name}: {field.kind.value} = None",
                "if reader.is_none():",
                "    reader.read_none()",
                "else:",
                f"    {name} = reader.{reader}()",
            ]
        case Record() as record:
            lines = [f"{name} = {record.name}.read(reader)"]
        case kind:
            lines = [f"{name} = reader.{READERS[kind]}()"]
    return "".join(f"{indent}{line}\n" for line in lines)


def _record(record: Record) -> str:
    parameters = ", ".join(
        f"{field.name}: {_type(field.kind)}" + (f" = {field.default}" if field.default else "")
        for field in record.fields
    )
    text = f'class {record.name}:\n    """{record.doc}"""\n\n'
    for field in record.fields:
        text += f"    {field.name}: {_type(field.kind)}" + (f"  # {field.doc}\n" if field.doc else "\n")
    text += f"\n    def __init__(self, {parameters}) -> None:\n"
    text += "".join(f"        self.{field.name} = {field.name}\n" for field in record.fields)
    text += f"\n    @staticmethod\n    def read(reader: Unpacker) -> {record.name}:\n        reader.read_array()\n"
    text += "".join(_read(field, "        ") for field in record.fields)
    return text + f"        return {record.name}({', '.join(field.name for field in record.fields)})\n"


def signature(call: Call) -> str:
    """The call as a function of the language, without its colon."""
    match call.result:
        case Record() as record:
            returns = record.name
        case ():
            returns = "None"
        case (field,):
            returns = _type(field.kind)
        case fields:
            returns = f"tuple[{', '.join(_type(field.kind) for field in fields)}]"
    parameters = ", ".join(f"{field.name}: {_type(field.kind)}" for field in call.arguments)
    return f"{'' if call.posted else 'async '}def {call.name}({parameters}) -> {returns}"


def _function(call: Call) -> str:
    results = _results(call)
    doc = "\n    ".join(textwrap.wrap(call.doc, 112))
    text = f'{signature(call)}:\n    """{doc}"""\n'
    scalar = next((field.name for field in call.arguments if field.kind is Kind.HANDLE), "0")
    arguments = "arguments" if call.packed else "None"
    if call.packed:
        text += f"    arguments = Packer()\n    arguments.write_array({len(call.packed)})\n"
        for argument in call.arguments:
            fields = argument.kind.fields if isinstance(argument.kind, Record) else (argument,)
            prefix = f"{argument.name}." if isinstance(argument.kind, Record) else ""
            text += "".join(f"    {_write(field, prefix)}\n" for field in fields if field.kind is not Kind.HANDLE)
    if call.posted:
        return text + f"    post({call.opcode}, {scalar}, {arguments})\n"
    invocation = f"await call({call.opcode}, {scalar}, {arguments})"
    match call.result:
        case ():
            return text + f"    {invocation}\n"
        case (Field(kind=Kind.HANDLE),):
            return text + f"    reply = {invocation}\n    return reply.scalar\n"
        case Record() as record:
            return text + f"    reply = {invocation}\n    return {record.name}.read(reply.reader())\n"
        case (Field(kind=kind),) if kind in READERS:
            return text + f"    reply = {invocation}\n    return reply.reader().{READERS[kind]}()\n"
        case _:
            text += f"    reply = {invocation}\n    reader = reply.reader()\n"
            if len(results) > 1:
                text += "    reader.read_array()\n"
            renamed = [Field(f"result_{field.name}", field.kind) for field in results]
            text += "".join(_read(field, "    ") for field in renamed)
            return text + f"    return {', '.join(field.name for field in renamed)}\n"


def _write(field: Field, prefix: str) -> str:
    match field.kind:
        case Kind.STRS:
            return f"_write_strs(arguments, {prefix}{field.name})"
        case Kind.U32S | Kind.F32S | Kind.INT | Kind.FLOAT | Kind.BOOL | Kind.STR | Kind.BYTES:
            return f"arguments.{READERS[field.kind].replace('read', 'write')}({prefix}{field.name})"
        case other:
            raise TypeError(f"an argument cannot be a {_type(other)} yet: add it to pielang.api.generate and codec")


REFERENCE_HEADER = """# The calls

Written by `python -m pielang.api.generate` from `pielang/api/table.py`: change that instead.

Everything a program can ask of the system, for authors of techniques: `from pielang.raw import ...`. `Context` and the
rest of the standard library are written on these calls and on nothing else. A call that is not `async` has no result
and is not waited for; when it fails, the next awaited call on its queue raises its error. A queue runs its calls in the
order in which they came; a call takes what it names (pages, tokens) when it is made. Handles are numbers that mean
something in the program that got them only, until they are given back.
"""


def reference() -> str:
    """The page that documents every call, trait after trait."""
    text = REFERENCE_HEADER
    text += "\n| trait | builds on | calls |\n| --- | --- | --- |\n"
    for trait, below in SUPERTRAITS.items():
        names = ", ".join(f"`{call.name}`" for call in CALLS if call.trait == trait and not call.raw)
        text += f"| {trait} | {', '.join(below) or '-'} | {names} |\n"
    text += "\nA program whose manifest names a trait that the model lacks is refused at launch.\n"
    for trait in SUPERTRAITS:
        text += f"\n## {trait}\n"
        for call in CALLS:
            if call.trait == trait and not call.raw:
                text += f"\n### {call.name}\n\n```python\n{signature(call)}\n```\n\n{call.doc}\n"
                notes = [field for field in (*call.arguments, *_results(call)) if field.doc]
                text += "".join(f"- `{field.name}`: {field.doc}\n" for field in notes)
    for record in _records():
        text += f"\n## {record.name}\n\n{record.doc}\n\n"
        text += "".join(
            f"- `{field.name}: {_type(field.kind)}{' = ' + field.default if field.default else ''}`"
            + (f": {field.doc}\n" if field.doc else "\n")
            for field in record.fields
        )
    text += "\n## Errors\n\n| status | exception | when |\n| --- | --- | --- |\n"
    for status, (name, meaning) in EXCEPTIONS.items():
        text += f"| {status.value} | `{name}` | {meaning} |\n"
    text += "\n## Between program and host\n\nThe core library makes these by itself (docs/abi.md).\n\n"
    text += "| opcode | call | what |\n| --- | --- | --- |\n"
    return text + "".join(f"| {call.opcode} | `{call.name}` | {call.doc} |\n" for call in CALLS if call.raw)


def main(arguments: list[str]) -> int:
    current = True
    for path, text in ((TARGET, source()), (ERRORS, raising()), (REFERENCE, reference())):
        if "--check" not in arguments:
            path.write_text(text, encoding="utf-8")
        elif not path.is_file() or path.read_text(encoding="utf-8") != text:
            print(f"{path} is not what the API table says: run python -m pielang.api.generate", file=sys.stderr)
            current = False
    return 0 if current else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
