"""`"...".format(...)` and `"..." % (...)` with a literal template: read here, so that they become
what an f-string becomes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

FIELD = re.compile(
    r"(?P<name>[^\[\].!:{}]*)(?P<path>(?:\.\w+|\[[^\[\]{}]+\])*)(!(?P<conversion>[rsa]))?"
    r"(:(?P<spec>(?:[^{}]|\{[^{}]*\})*))?\}"
)
PERCENT = re.compile(
    r"%(\((?P<name>[^()]*)\))?(?P<flags>[-+ 0#]*)(?P<width>\d*)(\.(?P<precision>\d+))?(?P<kind>[a-zA-Z%])"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Literal text, or (when `value` is a position or name) a value, shown with a conversion and a format spec.

    `path`: attributes (`.name`) and keys (`[key]`) below the value. `inner`: the spec, where it holds values itself.
    """

    text: str = ""
    value: int | str | None = None
    conversion: str = ""
    spec: str = ""
    path: tuple[str, ...] = ()
    inner: tuple[Part, ...] = ()


def format_parts(template: str, counter: Iterator[int] | None = None) -> list[Part] | None:
    """The parts of a `str.format` template; None when it is none. `counter` numbers the fields that say no name."""
    parts: list[Part] = []
    at, counter = 0, count() if counter is None else counter
    while at < len(template):
        opening = re.compile(r"[{}]").search(template, at)
        if opening is None:
            parts.append(Part(template[at:]))
            break
        place = opening.start()
        if place > at:
            parts.append(Part(template[at:place]))
        if template[place : place + 2] in ("{{", "}}"):
            parts.append(Part(template[place]))
            at = place + 2
            continue
        found = FIELD.match(template, place + 1) if template[place] == "{" else None
        if found is None:
            return None
        at, name, spec = found.end(), found["name"], found["spec"] or ""
        number = int(name) if name.isdigit() else next(counter) if name == "" else name
        path = tuple(re.findall(r"\.\w+|\[[^\[\]]+", found["path"]))
        inner = format_parts(spec, counter) if "{" in spec else []
        if inner is None:
            return None
        parts.append(Part("", number, found["conversion"] or "", "" if inner else spec, path, tuple(inner)))
    return parts


def percent_parts(template: str) -> list[Part] | None:
    """The parts of a `%` template; None when it has something that a format spec cannot say."""
    parts: list[Part] = []
    at, counter = 0, count()
    while (place := template.find("%", at)) >= 0:
        if place > at:
            parts.append(Part(template[at:place]))
        found = PERCENT.match(template, place)
        if found is None:
            return None
        at = found.end()
        if found["kind"] == "%":
            parts.append(Part("%"))
            continue
        part = _percent(found, counter)
        if part is None:
            return None
        parts.append(part)
    if at < len(template):
        parts.append(Part(template[at:]))
    return parts


def _percent(found: re.Match[str], counter: Iterator[int]) -> Part | None:
    flags, width, precision, kind = found["flags"], found["width"], found["precision"], found["kind"]
    position: int | str = next(counter) if found["name"] is None else found["name"]
    align = "<" if "-" in flags else ">"
    sign = "+" if "+" in flags else " " if " " in flags else ""
    zero = "0" if "0" in flags and "-" not in flags else ""
    if kind in "sr":
        start, zero = (align if width else ""), ""
        ending, precision = "", precision and f".{precision}"
    elif kind == "c" and precision is None and not sign and not zero:
        start, ending = (align if width else ""), "c"
    elif kind in "di" and precision is None:
        start, ending = ("" if zero or not width else align) + sign, "d"
    elif kind in "feEgG":
        start, ending = ("" if zero or not width else align) + sign + ("#" if "#" in flags else ""), kind
        precision = f".{precision or 6}"
    elif kind in "xXo" and precision is None:
        start, ending = ("" if zero or not width else align) + sign + ("#" if "#" in flags else ""), kind
    else:
        return None
    conversion = kind if kind in "sr" else ""
    return Part("", position, conversion, f"{start}{zero}{width}{precision or ''}{ending}")
