"""`"...".format(...)` and `"..." % (...)` with a literal template: read here, so that they become
what an f-string becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass

FIELD = re.compile(r"([^\[\].!:{}]*)(!([rsa]))?(:([^{}]*))?\Z")
PERCENT = re.compile(
    r"%(\((?P<name>[^()]*)\))?(?P<flags>[-+ 0#]*)(?P<width>\d*)(\.(?P<precision>\d+))?(?P<kind>[a-zA-Z%])"
)


@dataclass(frozen=True, slots=True)
class Part:
    """Literal text, or (when `value` is a position or name) a value, shown with a conversion and a format spec."""

    text: str = ""
    value: int | str | None = None
    conversion: str = ""
    spec: str = ""


def format_parts(template: str) -> list[Part] | None:
    """The parts of a `str.format` template; None when it has nested fields, attributes or items."""
    parts: list[Part] = []
    at, automatic = 0, 0
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
        end = template.find("}", place)
        found = FIELD.match(template[place + 1 : end]) if template[place] == "{" and end > 0 else None
        if found is None:
            return None
        name: int | str = found[1]
        if name == "":
            name, automatic = automatic, automatic + 1
        elif str(name).isdigit():
            name = int(name)
        parts.append(Part("", name, found[3] or "", found[5] or ""))
        at = end + 1
    return parts


def percent_parts(template: str) -> list[Part] | None:
    """The parts of a `%` template; None when it has something that a format spec cannot say."""
    parts: list[Part] = []
    at, count = 0, 0
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
        part = _percent(found, count if found["name"] is None else found["name"])
        if part is None:
            return None
        parts.append(part)
        count += 1
    if at < len(template):
        parts.append(Part(template[at:]))
    return parts


def _percent(found: re.Match[str], position: int | str) -> Part | None:
    flags, width, precision, kind = found["flags"], found["width"], found["precision"], found["kind"]
    align = "<" if "-" in flags else ">"
    sign = "+" if "+" in flags else " " if " " in flags else ""
    zero = "0" if "0" in flags and "-" not in flags else ""
    if kind in "sr":
        cut = f".{precision}" if precision is not None else ""
        spec = f"{align if width else ''}{width}{cut}"
        return Part("", position, kind, spec)
    if kind == "c" and precision is None and not sign and not zero:
        return Part("", position, "", f"{align if width else ''}{width}c")
    if kind in "di" and precision is None:
        return Part("", position, "", f"{'' if zero or not width else align}{sign}{zero}{width}d")
    if kind in "feEgG":
        return Part("", position, "", f"{'' if zero or not width else align}{sign}{zero}{width}.{precision or 6}{kind}")
    if kind in "xXo" and precision is None:
        mark = "#" if "#" in flags else ""
        return Part("", position, "", f"{'' if zero or not width else align}{sign}{mark}{zero}{width}{kind}")
    return None
