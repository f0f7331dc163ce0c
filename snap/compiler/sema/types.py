"""The types of the language, after all type parameters have been replaced.

Types are immutable and compared by structure, so they can be dictionary keys; `str(type)` is how a user would write it.
Every nominal type is a `ClassType`, the built-in ones included: `int`, `str`, `list[T]` are classes declared in
`stdlib/core`, and what is special about `int` is only that its declaration names a machine representation.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .declarations import ClassDecl


class Type:
    """Base of all types.

    Types of values have an `origin`: the key of the hint that says what a display or an empty container holds, when
    the type came from there. A value that does not fit may then widen it (see `gradual`). Types that differ in nothing
    else are equal.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class ClassType(Type):
    """An instance of a class, its type arguments all known: `int`, `str`, `list[int]`, `Context`."""

    decl: ClassDecl  # compared and hashed by identity
    args: tuple[Type, ...] = ()
    origin: Hashable = field(default=None, compare=False)

    def __str__(self) -> str:
        if self.decl.name == "tuple_of":
            return f"tuple[{', '.join(map(str, self.args))}, ...]"
        return f"{self.decl.name}[{', '.join(map(str, self.args))}]" if self.args else self.decl.name


@dataclass(frozen=True, slots=True)
class TupleType(Type):
    """A tuple of known length; `tuple[T, ...]` is the core class `tuple_of[T]`."""

    items: tuple[Type, ...]
    origin: Hashable = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"tuple[{', '.join(map(str, self.items)) or '()'}]"


Shape = tuple[int, tuple[str, ...], tuple[Hashable, ...]]
"""How a function is called: with how many arguments by position, the names of the others, and where those of them that
are functions come from (None for other values)."""


@dataclass(frozen=True, slots=True)
class BundleType(TupleType):
    """A function of the program that is called in several ways: a function value for each of its `shapes`."""

    shapes: tuple[Shape, ...] = ()
    place: Hashable = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"function[{', '.join(map(str, self.items))}]"


@dataclass(frozen=True, slots=True)
class FunctionType(Type):
    """A function value: what a closure or a `Callable[[...], R]` annotation is. Positional parameters only.
    `place`: where a function of the program became this value, if it is known which."""

    params: tuple[Type, ...]
    result: Type
    origin: Hashable = field(default=None, compare=False)
    place: Hashable = field(default=None, compare=False)

    def __str__(self) -> str:
        return f"Callable[[{', '.join(map(str, self.params))}], {self.result}]"


@dataclass(frozen=True, slots=True)
class UnionType(Type):
    """A closed union of two or more types in a canonical order, `None` last. Never nested, never holds `Any`."""

    members: tuple[Type, ...]
    origin: Hashable = field(default=None, compare=False)

    def __str__(self) -> str:
        return " | ".join(map(str, self.members))


@dataclass(frozen=True, slots=True)
class NoneType(Type):
    origin: Hashable = field(default=None, compare=False)

    def __str__(self) -> str:
        return "None"


@dataclass(frozen=True, slots=True)
class NeverType(Type):
    """The type of an expression that does not come back (a call of a function that only raises)."""

    def __str__(self) -> str:
        return "Never"


@dataclass(frozen=True, slots=True)
class AnyType(Type):
    def __str__(self) -> str:
        return "Any"


@dataclass(frozen=True, slots=True)
class TypeVarType(Type):
    """A type parameter; stands only in declared signatures, never in a checked body."""

    name: str
    owner: object  # the declaration that introduces it, compared by identity

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class InferType(Type):
    """Not known yet: the element type of a bare `[]`. Lives only while a body is being checked; the first use tells."""

    key: object  # the place it stands for: what is learned about it is kept under this key
    place: str = field(compare=False, default="")

    def __str__(self) -> str:
        return "?"


@dataclass(frozen=True, slots=True)
class LambdaType(Type):
    """A lambda whose parameter types are not known yet: the first call tells. Lives only while bodies are being
    checked."""

    key: tuple[object, ...]
    counts: tuple[int, int] = field(default=(0, 99), compare=False)
    """The fewest and most arguments it takes."""

    def takes(self, count: int) -> bool:
        return self.counts[0] <= count <= self.counts[1]

    def __str__(self) -> str:
        return "function"


@dataclass(frozen=True, slots=True)
class ErrorType(Type):
    """The type of an expression that was complained about, or that is not known yet: silences what follows."""

    def __str__(self) -> str:
        return "?"


NONE = NoneType()
NEVER = NeverType()
ANY = AnyType()
ERROR = ErrorType()
