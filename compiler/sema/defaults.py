"""What the default of a parameter or field says: a literal, `field(default=...)`, `field(default_factory=...)`."""

from __future__ import annotations

from ..syntax import tree
from ..syntax.parts import CONTAINERS, OF_TYPING, holds_any_callable

BARE = CONTAINERS | {"OrderedDict"}
ABSTRACT = frozenset(("Iterable", "Iterator", "Sequence", "Collection", "Container", "Reversible"))
BARE_TYPING = OF_TYPING | {"Callable", "callable", "Iterable", "Iterator", "Sequence"}


def written(annotation: tree.Expr | None) -> tree.Expr | None:
    """An annotation that says a type; a bare `list` or `dict` says no more than the value does."""
    match annotation:
        case tree.Name() if is_bare(annotation):
            return None
        case tree.Name(id="Final") | tree.Attribute(attr="Final"):
            return None
        case _:
            return None if is_abstract(annotation) or holds_any_callable(annotation) else annotation


def is_bare(annotation: tree.Expr) -> bool:
    """A container without the types of what is in it."""
    return isinstance(annotation, tree.Name) and (annotation.id in BARE or annotation.id in BARE_TYPING)


def is_abstract(annotation: tree.Expr | None) -> bool:
    """Does it say what can be done with the value, and not of which class it is?"""
    return isinstance(annotation, tree.Subscript) and (
        getattr(annotation.value, "id", getattr(annotation.value, "attr", "")) in ABSTRACT
    )


def field_argument(node: tree.Expr, name: str) -> tree.Expr | None:
    match node:
        case tree.Call(func=tree.Name(id="field") | tree.Attribute(attr="field")):
            return next((item.value for item in node.keywords if item.arg == name), None)
        case _:
            return None


def default_factory(node: tree.Expr) -> tree.Expr | None:
    """`F` of `field(default_factory=F)`."""
    return field_argument(node, "default_factory")


def plain_default(node: tree.Expr) -> tree.Expr | None:
    """`V` of `field(default=V)`."""
    return field_argument(node, "default")


def has_default(node: tree.Expr | None) -> bool:
    """Whether a field with `node` on its right has a default; `field(repr=False)` gives none."""
    match node:
        case tree.Call(func=tree.Name(id="field") | tree.Attribute(attr="field")):
            return default_factory(node) is not None or plain_default(node) is not None
        case _:
            return node is not None
