"""Trees as bytes, for the cache: much faster to read than the text is to parse.

`dump(module)` gives bytes, `load(bytes)` the same tree. A node is a tuple of its class's number, its span and its
fields. What is inside a function is packed by itself and unpacked when it is first looked at, so of a library
module a program pays for little more than the functions it calls. The format belongs to one version of `tree` and
of Python, which the cache's keys name.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable
from functools import cache
from typing import Any

from . import tree
from .node import Later, field_names
from .source import Span

_PLAIN = frozenset(["str", "str | None", "int", "float", "bytes", "bool", "tuple[str, ...]"])


@cache
def _classes() -> tuple[type[tree.Node], ...]:
    found = {name: item for name, item in vars(tree).items() if isinstance(item, type) and issubclass(item, tree.Node)}
    return tuple(found[name] for name in sorted(found))


@cache
def _shapes() -> dict[type[tree.Node], tuple[int, list[tuple[str, str]]]]:
    """For each class its number and its fields with how they are kept: "span", "plain", "node", "many" or "late"."""
    shapes: dict[type[tree.Node], tuple[int, list[tuple[str, str]]]] = {}
    for number, cls in enumerate(_classes()):
        annotations = {
            name: text for base in cls.__mro__ for name, text in vars(base).get("__annotations__", {}).items()
        }
        kinds: list[tuple[str, str]] = []
        for name in field_names(cls):
            text = annotations[name]
            kind = "span" if text == "Span" else "plain" if text in _PLAIN else "many" if "tuple[" in text else "node"
            if cls is tree.FunctionDef and name in ("args", "returns", "body"):
                kind = "late"
            kinds.append((name, kind))
        shapes[cls] = number, kinds
    return shapes


def dump(module: tree.Module) -> bytes:
    return marshal.dumps(_packed(module))


def load(data: bytes) -> tree.Module:
    packed = marshal.loads(data)
    module = _readers()[packed[0]](packed)
    assert isinstance(module, tree.Module)
    return module


def _packed(value: Any) -> Any:
    if value is None:
        return None
    if isinstance(value, tuple):
        return [_packed(item) for item in value]
    number, kinds = _shapes()[type(value)]
    parts: list[Any] = [number]
    for name, kind in kinds:
        item = getattr(value, name)
        match kind:
            case "span":
                parts += item
            case "plain":
                parts.append(item)
            case "late":
                parts.append(marshal.dumps(_packed(item)))
            case _:
                parts.append(_packed(item))
    return tuple(parts)


@cache
def _readers() -> list[Callable[[tuple[Any, ...]], Any]]:
    """One function per class that makes its node from a packed tuple, written out field by field."""
    readers: list[Callable[[tuple[Any, ...]], Any]] = []
    scope: dict[str, Any] = {"Span": Span, "readers": readers, "later": _later}
    for cls, (number, kinds) in _shapes().items():
        arguments: list[str] = []
        place = 1
        for _, kind in kinds:
            item = f"v[{place}]"
            match kind:
                case "span":
                    arguments.append(f"Span({item}, v[{place + 1}])")
                    place += 1
                case "plain":
                    arguments.append(item)
                case "many":
                    arguments.append(f"tuple([x and readers[x[0]](x) for x in {item}])")
                case "late":
                    arguments.append(f"later({item})")
                case _:
                    arguments.append(f"{item} and readers[{item}[0]]({item})")
            place += 1
        made: dict[str, Any] = {}
        exec(f"def read(v): return cls_{number}({', '.join(arguments)})", {**scope, f"cls_{number}": cls}, made)
        readers.append(made["read"])
    return readers


def _later(data: bytes) -> Later:
    def make() -> object:
        value = marshal.loads(data)
        readers = _readers()
        if isinstance(value, list):
            return tuple(readers[item[0]](item) for item in value)
        return value and readers[value[0]](value)

    return Later(make)
