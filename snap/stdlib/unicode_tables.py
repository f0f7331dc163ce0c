"""Write `core/_generated_unicode.pie`, the character tables of `str`, from Python's own Unicode data.

In: `str` methods of the Python that runs this (3.12: Unicode 15.0). Out: one module of `bytes` and `str` literals.
`python -m pielang.stdlib.unicode_tables` writes it, with `--check` it only says whether it is current.

Tables start at code point 128. A run table is a sequence of LEB128 numbers `length * kinds + kind`. A mapping table has
three numbers for each stretch of code points that are mapped by one distance: the gap since the stretch before,
`(count - 1) * 2 + (step - 1)`, and the distance, zigzag. What maps to several characters stands in a text: character,
result, NUL.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path

LAST = 0x110000
PATH = Path(__file__).parent / "core" / "_generated_unicode.pie"


def leb128(number: int) -> bytes:
    out = bytearray()
    while number >= 128:
        out.append(number & 127 | 128)
        number >>= 7
    out.append(number)
    return bytes(out)


def run_table(kind_of: Callable[[str], int], kinds: int) -> bytes:
    """Lengths and kinds of the runs of code points of one kind."""
    out = bytearray()
    start = 128
    for point in range(129, LAST + 1):
        kind = kind_of(chr(start))
        if point == LAST or kind_of(chr(point)) != kind:
            out += leb128((point - start) * kinds + kind)
            start = point
    return bytes(out)


def mapping_table(mapped: Callable[[str], str]) -> tuple[bytes, str]:
    """The stretches of one-to-one mappings, and the text of the others."""
    stretches: list[list[int]] = []  # first, last, step, distance
    special = ""
    for point in range(128, LAST):
        result = mapped(chr(point))
        if result == chr(point):
            continue
        if len(result) > 1:
            special += chr(point) + result + "\0"
            continue
        distance = ord(result) - point
        last = stretches[-1] if stretches else [0, 0, 0, 0]
        if last[3] == distance and (point - last[1] == last[2] or (last[0] == last[1] and point - last[1] <= 2)):
            last[1:3] = [point, point - last[1]]
        else:
            stretches.append([point, point, 1, distance])
    out = bytearray()
    behind = 128
    for first, last_point, step, distance in stretches:
        count = (last_point - first) // step + 1
        zigzag = distance * 2 if distance >= 0 else -distance * 2 - 1
        out += leb128(first - behind) + leb128((count - 1) * 2 + step - 1) + leb128(zigzag)
        behind = last_point + 1
    return bytes(out), special


def letter_kind(char: str) -> int:
    """0 none, 1 alphabetic, 2 alphabetic and numeric, 3 numeric, 4 digit, 5 decimal."""
    if char.isalpha():
        return 2 if char.isnumeric() else 1
    return 5 if char.isdecimal() else 4 if char.isdigit() else 3 if char.isnumeric() else 0


def case_kind(char: str) -> int:
    """0 not cased, 1 lower, 2 upper, 3 title."""
    if unicodedata.category(char) == "Lt":
        return 3
    return 2 if char.isupper() else 1 if char.islower() else 0


def literal(value: bytes | str) -> str:
    return repr(value) if isinstance(value, bytes) else ascii(value)


def generate() -> str:
    upper, upper_special = mapping_table(str.upper)
    lower, lower_special = mapping_table(str.lower)
    title, title_special = mapping_table(lambda char: char.title() if char.title() != char.upper() else char)
    fold, fold_special = mapping_table(str.casefold)
    tables: dict[str, tuple[str, bytes | str]] = {
        "printable_runs": ("bytes", run_table(lambda char: int(char.isprintable()), 2)),
        "letter_runs": ("bytes", run_table(letter_kind, 6)),
        "case_runs": ("bytes", run_table(case_kind, 4)),
        "upper_stretches": ("bytes", upper),
        "upper_special": ("str", upper_special),
        "lower_stretches": ("bytes", lower),
        "lower_special": ("str", lower_special),
        "title_stretches": ("bytes", title),
        "title_special": ("str", title_special),
        "fold_stretches": ("bytes", fold),
        "fold_special": ("str", fold_special),
    }
    text = f'"""Unicode {unicodedata.unidata_version} character tables.\n\n'
    text += 'Written by `python -m pielang.stdlib.unicode_tables`, which says how to read them.\n"""\n'
    for name, (kind, value) in tables.items():
        text += f"\n\ndef {name}() -> {kind}:\n    return {literal(value)}\n"
    return text


def main(arguments: list[str]) -> int:
    text = generate()
    if arguments == ["--check"]:
        current = PATH.exists() and PATH.read_text(encoding="utf-8") == text
        print(f"{PATH.name} is {'current' if current else 'not current: run python -m pielang.stdlib.unicode_tables'}")
        return 0 if current else 1
    PATH.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
