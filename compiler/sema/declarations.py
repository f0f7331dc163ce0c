"""What a program declares: modules, classes, functions, variables, before any of it has concrete types.

Declarations are made from the syntax tree without looking at bodies, and are compared by identity. What needs names to
be resolved (signatures, bases, annotations) is found on first use by `annotations` and kept here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from ..syntax import tree
from ..syntax.source import Source, Span
from .relations import Environment, substitute
from .types import ClassType, Type, TypeVarType

if TYPE_CHECKING:
    from .body import Body
    from .scopes import Scope
    from .typed import GlobalVar, TExpr


@dataclass(eq=False, slots=True)
class ModuleDecl:
    """A module: its names in order of declaration. `complete` once its imports have been followed."""

    name: str
    source: Source
    tree: tree.Module
    names: dict[str, Symbol] = field(default_factory=dict)
    imports: list[tuple[str, Span]] = field(default_factory=list)
    walrus: bool = False
    """Has a `:=` somewhere."""
    versions: dict[str, list[Version]] = field(default_factory=dict)
    """Names with several definitions and names of classes in functions: see `versions`."""

    @property
    def library(self) -> bool:
        return self.source.library

    @property
    def core(self) -> bool:
        return self.name.startswith("pielang.core.") or self.name == "pielang.machine"


@dataclass(frozen=True, slots=True)
class Version:
    """One definition of a name, counted from 1. `scope`: the function it is in, None at module level."""

    symbol: Symbol
    scope: Span | None
    start: int
    number: int


@dataclass(eq=False, slots=True)
class ImportDecl:
    """`from module import name`, or `import module` when `name` is None; replaced by what it means on first use."""

    module: str
    name: str | None
    importer: ModuleDecl
    span: Span
    resolving: bool = False


@dataclass(eq=False, slots=True)
class GlobalDecl:
    """A module-level variable, or a class variable. `annotation` is that of its first binding, `value` what a module
    gives it in one place only."""

    name: str
    module: ModuleDecl
    span: Span
    annotation: tree.Expr | None
    value: tree.Expr | None
    owner: ClassDecl | None = None
    variable: GlobalVar | None = None
    shadowed: bool = False
    """A class variable that objects may have as well, in the field `own_name`."""
    original: FunctionDecl | None = None
    """The function whose decorators made the value; in a class, a method."""
    sure: bool = True
    """It has a value before anything can read it; else a flag beside it says whether it has."""
    flag: GlobalVar | None = None


DISPLAYED = {
    "tuple_of": "tuple", "Generator": "generator", "AsyncGenerator": "async_generator", "Coroutine": "coroutine",
    "DictKeys": "dict_keys", "DictValues": "dict_values", "DictItems": "dict_items",
    "Cancelled": "CancelledError",
}  # fmt: skip
"""Classes of the core library that CPython calls otherwise."""


@dataclass(eq=False, slots=True)
class AliasDecl:
    """`type Name[T] = ...`."""

    name: str
    module: ModuleDecl
    node: tree.TypeAlias
    type_params: tuple[TypeVarType, ...] = ()
    value: Type | None = None
    resolving: bool = False


@dataclass(frozen=True, slots=True)
class PrimitiveDecl:
    """A name of `pielang.machine` that is an operation."""

    name: str


@dataclass(frozen=True, slots=True)
class SpecialForm:
    """A name the checker knows by heart: `Any`, `Callable`, `isinstance`, `dataclass`, ..."""

    name: str


@dataclass(eq=False, slots=True)
class Parameter:
    """`kind`: "positional", "normal", "keyword", "varargs" (type is that of one element) or "kwargs"."""

    name: str
    type: Type | None
    default: tree.Expr | None
    kind: str
    span: Span

    @property
    def collects(self) -> bool:
        return self.kind in ("varargs", "kwargs")

    @property
    def needed(self) -> bool:
        return self.default is None and not self.collects


@dataclass(eq=False)
class Signature:
    """What is asked of it at every call is kept."""

    params: tuple[Parameter, ...]
    result: Type | None

    @cached_property
    def annotated(self) -> bool:
        return all(item.type is not None for item in self.params)

    @cached_property
    def slots(self) -> list[Parameter]:
        """What arguments by position go to."""
        return [item for item in self.params if item.kind in ("positional", "normal")]

    @cached_property
    def named(self) -> dict[str, Parameter]:
        """What arguments by name go to."""
        return {item.name: item for item in self.params if item.kind in ("normal", "keyword")}

    @cached_property
    def needed(self) -> set[str]:
        """What no default stands for."""
        return {item.name for item in self.params if item.needed}

    @cached_property
    def rest(self) -> Parameter | None:
        """`*args`."""
        return next((item for item in self.params if item.kind == "varargs"), None)

    @cached_property
    def extra(self) -> Parameter | None:
        """`**kwargs`."""
        return next((item for item in self.params if item.kind == "kwargs"), None)

    @cached_property
    def counts(self) -> tuple[int, int]:
        """The fewest and most arguments by position."""
        return sum(item.default is None for item in self.slots), 99 if self.rest else len(self.slots)

    def kinds(self, environment: Environment | None = None) -> tuple[Type, ...]:
        """The types that are declared."""
        return tuple(substitute(item.type, environment or {}) for item in self.params if item.type is not None)


@dataclass(eq=False, slots=True)
class FunctionDecl:
    """A function or method. `kind`: "plain", "static", "class", "getter", "setter" or "deleter".

    `synthetic`: the checker's own making (a dataclass method, a tuple's `__eq__`); its signature is given.
    """

    name: str
    qualified: str
    module: ModuleDecl
    node: tree.FunctionDef | tree.Lambda
    owner: ClassDecl | None = None
    type_params: tuple[TypeVarType, ...] = ()
    kind: str = "plain"
    inline: bool = False
    overload: bool = False
    stringify: bool = False
    abstract: bool = False
    is_async: bool = False
    is_generator: bool = False
    signature: Signature | None = None
    scope: Scope | None = None
    held: dict[str, Callable[[Body, Span], TExpr]] = field(default_factory=dict)
    """Of a nested function: how its computed defaults are read."""
    decorated: tuple[tree.Expr, ...] = ()
    manages: str = ""
    """The core class of what a call gives, for a generator function below `@contextmanager`."""

    @property
    def span(self) -> Span:
        return self.node.name_span if isinstance(self.node, tree.FunctionDef) else self.node.span

    @property
    def qualname(self) -> str:
        """The name that CPython says in a TypeError: of a function in a function with `<locals>`."""
        outer, dot, name = self.qualified.rpartition(".")
        if self.owner is not None and self.owner.is_named_tuple and self.is_given:
            return f"{outer}.__new__"
        if self.owner is not None or not dot or outer == "<module>":
            return self.qualified.removeprefix("<module>.")
        in_class = isinstance(self.module.names.get(outer.partition(".")[0]), ClassDecl)
        return f"{outer if in_class else outer.replace('.', '.<locals>.')}.<locals>.{name}"

    @property
    def is_given(self) -> bool:
        """Is it a method that is not written, which its class has because it is a dataclass?"""
        return self.owner is not None and self.owner.dataclass is not None and self.span == self.owner.span

    @property
    def forms(self) -> list[FunctionDecl]:
        return [self]


@dataclass(eq=False, slots=True)
class OverloadDecl:
    """Several functions of one name, in order."""

    name: str
    forms: list[FunctionDecl]


@dataclass(eq=False, slots=True)
class PropertyDecl:
    name: str
    getter: FunctionDecl
    setter: FunctionDecl | None = None
    deleter: FunctionDecl | None = None

    @property
    def forms(self) -> list[FunctionDecl]:
        return [form for form in (self.getter, self.setter, self.deleter) if form is not None]


@dataclass(eq=False, slots=True)
class FieldDecl:
    """A field: annotated in the class body, or found as `self.name = value` in a method."""

    name: str
    span: Span
    annotation: tree.Expr | None
    default: tree.Expr | None
    in_header: bool = True
    """Annotated in the class body (the fields of a dataclass are)."""
    outside: bool = False
    """Given to objects by code outside the class."""
    by_name: bool = False
    """Of a dataclass: `__init__` takes it by keyword only."""
    unsure: bool = False
    """`__init__` may leave it without a value: the field `own_name(name, "set")` says whether it has one."""


@dataclass(eq=False, slots=True)
class Dataclass:
    """The arguments of `@dataclass`."""

    frozen: bool = False
    order: bool = False
    eq: bool = True
    init: bool = True
    repr: bool = True
    kw_only: bool = False


@dataclass(eq=False, slots=True)
class ClassDecl:
    """A class. `representation` is "" for plain objects, else the machine type, "raw" or "array"
    (docs/internals.md)."""

    name: str
    module: ModuleDecl
    node: tree.ClassDef | None
    type_params: tuple[TypeVarType, ...] = ()
    representation: str = ""
    members: dict[str, Member] = field(default_factory=dict)
    base: ClassType | None = None
    named: tuple[ClassType, ...] = ()
    """The classes that its header names."""
    original: ClassDecl | None = None
    """Of a class made again for one with several bases: what it stands for."""
    views: list[ClassDecl] = field(default_factory=list)
    """The classes that stand for this one in others."""
    idle: bool = False
    """Of a class with views: it has no objects of its own."""

    @property
    def seen_as(self) -> list[ClassType]:
        """The classes that its name means."""
        return [ClassType(item, item.type_params) for item in (self.views if self.idle else (self, *self.views))]

    subclasses: list[ClassDecl] = field(default_factory=list)
    dataclass: Dataclass | None = None
    is_enum: bool = False
    plain: ClassType | None = None
    """Of an Enum whose members are numbers or texts as well (`IntEnum`): what their values are."""
    shows_name: bool = True
    """`str()` of an Enum's member is its name (not of `IntEnum` and `StrEnum`)."""
    is_protocol: bool = False
    checkable: bool = False
    """A protocol that `isinstance` takes."""

    is_named_tuple: bool = False
    mixes: tuple[str, ...] = ()
    """The classes of `collections.abc` that it is below."""
    slotted: bool = False
    """Says what attributes its objects have (`__slots__`)."""
    finalizer: bool = False
    completed: bool = False
    is_flag: bool = False
    enum_members: list[str] = field(default_factory=list)
    decorators: tuple[tree.Expr, ...] = ()
    qualified: str = ""
    conforms: Callable[[ClassType, ClassType], bool] | None = None
    """Of a Protocol: does a class have all that it asks for?"""
    item_of: Callable[[Type], Type] | None = None
    """Of the machine type `Item[S]`: finds what iterating over an S gives."""

    @property
    def span(self) -> Span:
        return self.node.name_span if self.node is not None else Span(0, 0)

    @property
    def is_closed(self) -> bool:
        """Is it an Enum that has no objects but its members?"""
        return self.is_enum and not self.is_flag

    @property
    def display(self) -> str:
        """What the program sees as its name."""
        name = self.name.partition(" (")[0]
        return DISPLAYED.get(name, name) if self.module.core else name

    def __str__(self) -> str:
        return self.name


EXTRA = "(extra)"
"""The field for a dict of the attributes that an object is given by names which nothing tells before it runs."""
PLAIN_VALUE = "(value)"
"""The field of an object of a class below `int`, `float` or `str` for its value."""


def own_name(name: str, what: str = "own") -> str:
    """The field for the value (or, "set", for whether there is one) that an object has itself."""
    return f"{name} ({what})"


Member = FunctionDecl | OverloadDecl | PropertyDecl | FieldDecl | GlobalDecl | ClassDecl
Symbol = (
    ModuleDecl | ImportDecl | GlobalDecl | AliasDecl | PrimitiveDecl | SpecialForm | FunctionDecl | OverloadDecl
    | ClassDecl | TypeVarType
)  # fmt: skip
