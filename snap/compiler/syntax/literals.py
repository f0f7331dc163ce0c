"""The values of number and string literals.

In: a literal's text as written and where it stands. Out: its value. Raises CompileError at the exact place inside the
literal.
"""

from __future__ import annotations

import re
import unicodedata

from ..diag import CompileError
from .errors import ComplexNumber, InvalidEscape, InvalidNumber, LoneSurrogate, NonAsciiBytes
from .source import Source, Span

_ESCAPE = re.compile(
    r"\\(?:(?P<newline>\r\n|\n|\r)|(?P<octal>[0-7]{1,3})|x(?P<hex>[0-9a-fA-F]{2})|u(?P<short>[0-9a-fA-F]{4})"
    r"|U(?P<long>[0-9a-fA-F]{8})|N\{(?P<named>[^}]+)\}|(?P<other>.))",
    re.DOTALL,
)
_SIMPLE = {
    "\\": "\\", "'": "'", '"': '"', "a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip
_SHAPES = {"x": r"\xhh", "u": r"\uhhhh", "U": r"\Uhhhhhhhh", "N": r"\N{name}"}


def number_value(source: Source, text: str, start: int) -> int | float:
    """The value of a number as the tokenizer lets it through."""
    span = Span(start, start + len(text))
    if text[-1] in "jJ":
        raise CompileError.of(ComplexNumber(source, span, what="complex numbers are"))
    plain = text.replace("_", "")
    prefix = plain[:2].lower()
    if prefix in ("0x", "0o", "0b"):
        return int(plain, 0)
    if plain.isdigit():
        if plain[0] == "0" and plain.strip("0"):
            error = InvalidNumber(source, span, reason="it begins with 0")
            raise CompileError.of(
                error.helped(f"write `{plain.lstrip('0')}`, or `0o{plain.lstrip('0')}` if it is octal")
            )
        if len(plain) > 4000:
            raise CompileError.of(InvalidNumber(source, span, reason="it has more than 4000 digits"))
        return int(plain)
    return float(plain)


def string_value(source: Source, text: str, start: int) -> str:
    """The text of a (not raw) string body; `start` is where the body begins in the source."""
    text_out = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if "\\" not in text:
        return text_out

    def replace(match: re.Match[str]) -> str:
        kind = match.lastgroup
        value = match.group(match.lastindex or 0)
        if kind == "newline":
            return ""
        if kind == "named":
            try:
                return unicodedata.lookup(value)
            except KeyError:
                return _refuse(source, start, match, f"no character is called `{value}`")
        if kind == "other":
            if value in _SHAPES:
                return _refuse(source, start, match, f"it is written `{_SHAPES[value]}`")
            return _SIMPLE.get(value) or "\\" + value
        point = int(value, 8 if kind == "octal" else 16)
        if point > 0x10FFFF:
            return _refuse(source, start, match, "there is no such code point")
        if 0xD800 <= point <= 0xDFFF:
            span = Span(start + match.start(), start + match.end())
            raise CompileError.of(LoneSurrogate(source, span, what="half code points (surrogates) in text are"))
        return chr(point)

    return (
        _ESCAPE.sub(replace, text).replace("\r\n", "\n").replace("\r", "\n")
        if "\r" in text
        else _ESCAPE.sub(replace, text)
    )


def bytes_value(source: Source, text: str, start: int, raw: bool) -> bytes:
    """The bytes of a bytes literal's body."""
    if not text.isascii():
        offset = next(index for index, character in enumerate(text) if ord(character) > 127)
        raise CompileError.of(NonAsciiBytes(source, Span(start + offset, start + offset + 1)))
    text = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if raw or "\\" not in text:
        return text.encode("ascii")

    def replace(match: re.Match[str]) -> str:
        kind = match.lastgroup
        value = match.group(match.lastindex or 0)
        if kind == "newline":
            return ""
        if kind in ("octal", "hex"):
            return chr(int(value, 8 if kind == "octal" else 16) & 255)
        if kind == "other" and value != "x":
            return _SIMPLE.get(value) or "\\" + value
        if kind == "other":
            return _refuse(source, start, match, f"it is written `{_SHAPES['x']}`")
        return match.group()  # \N, \u and \U mean nothing in bytes

    return _ESCAPE.sub(replace, text).encode("latin-1")


def _refuse(source: Source, start: int, match: re.Match[str], reason: str) -> str:
    span = Span(start + match.start(), start + match.end())
    raise CompileError.of(InvalidEscape(source, span, reason=reason).helped("a backslash itself is written `\\\\`"))
