"""The flags of a program: made from the signature of its `main`, as the manifest tells it.

In: the manifest's parameters and the words after the file's name. Out: arguments by name, in the types of the
signature, or a `CliError` that shows the usage and the parameter's own doc. Every parameter is a flag; what stands
without a flag fills the parameters in order, as in a call.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .errors import CliError, Exit

INT_RANGE = range(-(1 << 63), 1 << 63)


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of `main`. `schema` is the JSON schema of its type."""

    name: str
    schema: Mapping[str, Any]
    doc: str
    required: bool
    default: Any

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")

    @property
    def options(self) -> tuple[Mapping[str, Any], ...]:
        """The types it may have, None left out."""
        return tuple(option for option in self.schema.get("anyOf", (self.schema,)) if option.get("type") != "null")

    @property
    def nullable(self) -> bool:
        return any(option.get("type") == "null" for option in self.schema.get("anyOf", ()))

    @property
    def is_bool(self) -> bool:
        return [option.get("type") for option in self.options] == ["boolean"]

    @property
    def is_list(self) -> bool:
        return [option.get("type") for option in self.options] == ["array"]

    @property
    def word(self) -> str:
        """What stands for its value in the usage."""
        schemas = [option.get("items", option) for option in self.options]
        words = {"string": "TEXT", "integer": "INT", "number": "NUMBER", "boolean": "true|false"}
        return "|".join(
            "|".join(str(choice) for choice in schema["enum"])
            if "enum" in schema
            else words.get(schema.get("type", ""), "VALUE")
            for schema in schemas
        )


def parameters_of(manifest: Mapping[str, Any]) -> tuple[Parameter, ...]:
    """The parameters that a manifest lists, in order."""
    return tuple(
        Parameter(entry["name"], entry["type"], entry.get("doc", ""), entry["required"], entry.get("default"))
        for entry in manifest["parameters"]
    )


class Flags:
    """The command line of one program."""

    def __init__(self, file: str, doc: str, parameters: Sequence[Parameter]) -> None:
        self._file = file
        self._doc = doc
        self._parameters = tuple(parameters)
        self._by_flag = {parameter.flag: parameter for parameter in parameters}

    def usage(self) -> str:
        """One line."""
        words = [f"usage: pielang run {self._file}"]
        for parameter in self._parameters:
            if parameter.required and not parameter.is_bool:
                words.append(f"{parameter.name.upper()} ..." if parameter.is_list else parameter.name.upper())
            else:
                value = "" if parameter.is_bool else f" {parameter.word}"
                words.append(f"{parameter.flag}{value}" if parameter.required else f"[{parameter.flag}{value}]")
        return " ".join(words)

    def help(self, run_options: str) -> str:
        """All there is to know of how to call the program; `run_options` says what `run` itself takes."""
        lines = [self.usage(), ""]
        if self._doc:
            lines += [self._doc.strip(), ""]
        if self._parameters:
            lines.append("arguments, by flag or in this order:")
            heads = [self._head(parameter) for parameter in self._parameters]
            width = max(len(head) for head in heads) + 2
            for head, parameter in zip(heads, self._parameters):
                facts = "required" if parameter.required else f"default: {_shown(parameter.default)}"
                lines.append(f"  {head:<{width}}{parameter.doc + ' ' if parameter.doc else ''}({facts})")
            lines.append("")
        return "\n".join(lines) + run_options

    def read(self, words: Sequence[str], others: Mapping[str, bool]) -> tuple[dict[str, Any], list[str]]:
        """The arguments by name (those not given are left to their defaults), and the words that belong to `others`.

        `others`: flags that are not the program's, and whether each takes a value; a parameter of that name goes first.
        """
        values: dict[str, Any] = {}
        aside: list[str] = []
        loose: list[str] = []
        rest = iter(words)
        for word in rest:
            if word == "--":
                loose += rest
            elif word.startswith("--") or (word.startswith("-") and len(word) > 1 and not _is_number(word)):
                name, equals, _ = word.partition("=")
                if name in others and name not in self._by_flag:
                    aside += [word, *itertools.islice(rest, 1 if others[name] and not equals else 0)]
                else:
                    self._take_flag(word, rest, values)
            else:
                loose.append(word)
        self._take_loose(loose, values)
        for parameter in self._parameters:
            if parameter.required and parameter.name not in values:
                raise self._error(f"`{parameter.name}` is missing", parameter)
        return values, aside

    def _take_flag(self, word: str, rest: Iterator[str], values: dict[str, Any]) -> None:
        name, equals, text = word.partition("=")
        flag = name.replace("_", "-")
        parameter = self._by_flag.get(flag)
        if parameter is None and flag.startswith("--no-"):
            parameter = self._by_flag.get("--" + flag[len("--no-") :])
            if parameter is not None and (parameter.is_bool or parameter.is_list or parameter.nullable) and not equals:
                self._store(parameter, False if parameter.is_bool else [] if parameter.is_list else None, values)
                return
            parameter = None
        if parameter is None:
            raise self._error(f"no parameter `{name}`" + self._nearest(flag), None)
        if parameter.is_bool and not equals:
            self._store(parameter, True, values)
            return
        if not equals:
            following = next(rest, None)
            if following is None:
                raise self._error(f"{parameter.flag} needs a value: {parameter.word}", parameter)
            text = following
        if parameter.is_list:
            values.setdefault(parameter.name, []).append(self._value(parameter, text))
        else:
            self._store(parameter, self._value(parameter, text), values)

    def _take_loose(self, words: list[str], values: dict[str, Any]) -> None:
        rest = iter(words)
        for parameter in self._parameters:
            if parameter.name in values:
                continue
            if parameter.is_list:
                if given := [self._value(parameter, word) for word in rest]:
                    values[parameter.name] = given
            elif (word := next(rest, None)) is not None:
                values[parameter.name] = self._value(parameter, word)
            else:
                return
        if (word := next(rest, None)) is not None:
            taken = f"takes {len(self._parameters)}" if self._parameters else "takes no arguments"
            raise self._error(f"one argument too many: `{word}`; the program {taken}", None)

    def _store(self, parameter: Parameter, value: Any, values: dict[str, Any]) -> None:
        if parameter.name in values:
            raise self._error(f"{parameter.flag} is given twice", parameter)
        values[parameter.name] = value

    def _value(self, parameter: Parameter, text: str) -> Any:
        for option in parameter.options:
            try:
                return _parse(option.get("items", option), text)
            except ValueError:
                continue
        raise self._error(f"{parameter.flag} takes {_kind(parameter)}, not `{text}`", parameter)

    def _head(self, parameter: Parameter) -> str:
        if parameter.is_bool:
            return f"{parameter.flag}, --no-{parameter.flag[2:]}"
        return f"{parameter.flag} {parameter.word}" + (" (may be repeated)" if parameter.is_list else "")

    def _nearest(self, flag: str) -> str:
        from pielang.compiler.diag import closest

        found = closest(flag, list(self._by_flag))
        return f"; did you mean {found}?" if found else ""

    def _error(self, message: str, parameter: Parameter | None) -> CliError:
        details = {"parameter": parameter.name} if parameter else {}
        if parameter is not None and parameter.doc:
            message += f"\n  {self._head(parameter)}  {parameter.doc}"
        return CliError(Exit.USAGE, message, usage=self.usage(), details=details)


def _parse(schema: Mapping[str, Any], text: str) -> Any:
    if "enum" in schema:
        for choice in schema["enum"]:
            if str(choice) == text:
                return choice
        raise ValueError(text)
    match schema.get("type"):
        case "string":
            text.encode()  # what is no UTF-8 on the command line has no characters: UnicodeEncodeError is a ValueError
            return text
        case "integer":
            number = int(text, 10)
            if number not in INT_RANGE or "_" in text:
                raise ValueError(text)
            return number
        case "number":
            if "_" in text:
                raise ValueError(text)
            return float(text)
        case "boolean":
            if text not in ("true", "false"):
                raise ValueError(text)
            return text == "true"
        case _:
            raise ValueError(text)


def _kind(parameter: Parameter) -> str:
    kinds = {"string": "a text in UTF-8", "integer": "a whole number of 64 bits", "number": "a number"}
    names = []
    for option in parameter.options:
        schema = option.get("items", option)
        names.append(
            "one of " + ", ".join(map(str, schema["enum"]))
            if "enum" in schema
            else kinds.get(schema["type"], parameter.word)
        )
    return " or ".join(names)


def _is_number(word: str) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return True


def _shown(value: Any) -> str:
    match value:
        case None:
            return "none"
        case bool():
            return "true" if value else "false"
        case str():
            return f'"{value}"'
        case list():
            return ", ".join(_shown(item) for item in value) or "empty"
        case _:
            return str(value)
