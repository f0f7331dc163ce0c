"""Arguments of a launch against the parameters in the program's manifest.

In: the manifest and the values that a client gave by name. Out: the values as the program unpacks them, or a
LaunchRefused that names the parameter. The types are the JSON schemas that the compiler writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pielang.server.control.errors import LaunchRefused

_NAMES = {"string": "text", "integer": "an int", "number": "a number", "boolean": "a bool", "null": "None"}


def check_arguments(manifest: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values for `main`; parameters that were left out take their defaults in the program. Raises LaunchRefused."""
    parameters = {parameter["name"]: parameter for parameter in manifest.get("parameters", ())}
    unknown = [name for name in given if name not in parameters]
    if unknown:
        takes = ", ".join(parameters) or "none"
        raise _refused(f"there is no parameter '{unknown[0]}'; the program's parameters: {takes}")
    checked = {}
    for name, parameter in parameters.items():
        if name in given:
            checked[name] = _value(given[name], parameter["type"], f"'{name}'")
        elif parameter.get("required", True):
            raise _refused(f"the parameter '{name}' is missing")
    return checked


def _value(value: Any, schema: Mapping[str, Any], where: str) -> Any:
    if "anyOf" in schema:
        for option in schema["anyOf"]:
            try:
                return _value(value, option, where)
            except LaunchRefused:
                continue
        raise _refused(f"{where} must be {_describe(schema)}, got {value!r}")
    match schema.get("type"):
        case "string" if isinstance(value, str):
            return value
        case "integer" if type(value) is int:
            if not -(1 << 63) <= value < 1 << 63:
                raise _refused(f"{where} must fit 64 bits, got {value}")
            return value
        case "number" if type(value) in (int, float):
            return float(value)
        case "boolean" if isinstance(value, bool):
            return value
        case "null" if value is None:
            return value
        case "array" if isinstance(value, list | tuple):
            return _items(value, schema, where)
        case "object" if isinstance(value, dict):
            return _members(value, schema, where)
        case None:
            return value
    raise _refused(f"{where} must be {_describe(schema)}, got {value!r}")


def _items(values: list[Any] | tuple[Any, ...], schema: Mapping[str, Any], where: str) -> list[Any]:
    exact = schema.get("prefixItems")
    if exact is not None:
        if len(values) != len(exact):
            raise _refused(f"{where} must have {len(exact)} items, got {len(values)}")
        return [_value(value, item, f"{where}[{place}]") for place, (value, item) in enumerate(zip(values, exact))]
    return [_value(value, schema.get("items", {}), f"{where}[{place}]") for place, value in enumerate(values)]


def _members(values: dict[str, Any], schema: Mapping[str, Any], where: str) -> dict[str, Any]:
    fields = schema.get("properties")
    if fields is None:
        rest = schema.get("additionalProperties", {})
        return {name: _value(value, rest, f"{where}[{name!r}]") for name, value in values.items()}
    for name in values:
        if name not in fields:
            raise _refused(f"{where} has no field '{name}'")
    for name in schema.get("required", ()):
        if name not in values:
            raise _refused(f"{where} lacks the field '{name}'")
    return {name: _value(value, fields[name], f"{where}.{name}") for name, value in values.items()}


def _describe(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " or ".join(_describe(option) for option in schema["anyOf"])
    match schema.get("type"):
        case "array":
            return "a list"
        case "object":
            return "an object"
        case kind:
            return _NAMES.get(str(kind), "a value")


def _refused(message: str) -> LaunchRefused:
    return LaunchRefused("arguments", message)
