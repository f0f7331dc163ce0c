"""How nodes are made, of the syntax tree and of the IR: slotted like dataclasses, compared by identity, and cheap.

A class of this type is written like a dataclass: its annotated names are its fields, those of its base first. There are
a hundred and thirty classes and tens of thousands of nodes, and both the classes and the nodes are made several times
faster than `dataclasses` does it: one generated method per class, slots set directly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Never, TypeVar, dataclass_transform

Made = TypeVar("Made", bound="Frozen")


class Later:
    """Stands in a field until it is first read, when `make` gives the value."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], object]) -> None:
        self.make = make


@dataclass_transform(eq_default=False)
class NodeType(type):
    """`later`: the fields that may hold a `Later`."""

    def __new__(
        mcs, name: str, bases: tuple[type, ...], namespace: dict[str, Any], later: tuple[str, ...] = ()
    ) -> NodeType:
        own = tuple(namespace.get("__annotations__", ()))
        names: tuple[str, ...] = (*getattr(bases[0], "__match_args__", ()), *own) if bases else own
        given = {field: namespace.pop(field) for field in own if field in namespace}  # what a field is if not said
        slots = tuple(f"_{field}" if field in later else field for field in own)
        cls = super().__new__(mcs, name, bases, {**namespace, "__slots__": slots, "__match_args__": names})
        if names:
            slot_of = {field: getattr(cls, f"_{field}" if field in later else field) for field in names}
            for field in later:
                type.__setattr__(cls, field, _late_property(slot_of[field]))
            scope: dict[str, Any] = {f"_set_{field}": slot.__set__ for field, slot in slot_of.items()}
            scope |= {f"_given_{field}": value for field, value in given.items()}
            params = ", ".join(f"{field}=_given_{field}" if field in given else field for field in names)
            body = "; ".join(
                f"_set_{field}(self, {field})" if mcs is FrozenType else f"self.{field} = {field}" for field in names
            )
            exec(f"def __init__(self, {params}): {body}", scope)
            type.__setattr__(cls, "__init__", scope["__init__"])
        return cls


@dataclass_transform(frozen_default=True, eq_default=False)
class FrozenType(NodeType):
    pass


def _late_property(slot: Any) -> property:
    def read(node: object) -> object:
        value = slot.__get__(node)
        if type(value) is Later:
            value = value.make()
            slot.__set__(node, value)
        return value

    return property(read)


class Node(metaclass=NodeType):
    """Base of all nodes."""

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={getattr(self, name)!r}' for name in field_names(self))})"

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), tuple(getattr(self, name) for name in field_names(self))


class Frozen(Node, metaclass=FrozenType):
    """Base of the nodes whose fields are fixed when they are made."""

    def __setattr__(self, name: str, value: object) -> Never:
        raise AttributeError(f"{type(self).__name__} cannot be changed")

    def __delattr__(self, name: str) -> Never:
        raise AttributeError(f"{type(self).__name__} cannot be changed")


def walk(node: Frozen, beyond: tuple[type[Frozen], ...] = ()) -> Iterator[Frozen]:
    """The node and all below it, as they stand in the text; nodes of the types `beyond` and what is in them are left
    out, but for the first."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        yield node
        below: list[Frozen] = []
        for name in field_names(node):
            value = getattr(node, name)
            for item in value if type(value) is tuple else (value,):
                if isinstance(item, Frozen) and not isinstance(item, beyond):
                    below.append(item)
        waiting += reversed(below)


def field_names(node: Node | type[Node]) -> tuple[str, ...]:
    """The names of a node's fields, in the order in which it is constructed from them."""
    names: tuple[str, ...] = getattr(node, "__match_args__", ())
    return names


def changed(node: Made, **parts: object) -> Made:
    """The node with other parts; itself when they are what it has (nodes are compared by identity)."""
    if all(getattr(node, name) == value for name, value in parts.items()):
        return node
    make: Callable[..., Made] = type(node)
    return make(*(parts.get(name, getattr(node, name)) for name in field_names(node)))


def with_below(node: Made, change: Callable[[Frozen], Frozen]) -> Made:
    """The node with `change` made to each of the nodes directly below it; itself when that changes none."""

    def part(value: object) -> object:
        if type(value) is tuple:
            return tuple(map(part, value))
        return change(value) if isinstance(value, Frozen) else value

    return changed(node, **{name: part(getattr(node, name)) for name in field_names(node)})
