"""What a call is given where it stands: from the tree of a call, or made by the checker, to whatever is called."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ..syntax import tree
from ..syntax.source import Span
from .typed import TExpr
from .types import Type

Arg = tree.Expr | TExpr
Keywords = Sequence[tuple[str, Arg]]
MAPPING = "**"
"""Stands in place of the name where `**` gives a mapping whose keys are not known."""


class Ready(tree.Expr):
    """A typed expression where the tree of one stands."""

    made: TExpr


def words_of(keywords: Iterable[tree.Keyword]) -> Keywords:
    return [(item.arg or MAPPING, item.value) for item in keywords]


@dataclass(frozen=True, slots=True)
class CallSite:
    """The arguments of a call, checked already or not; `expected`: the type that is wanted of what it gives."""

    span: Span
    args: Sequence[Arg] = ()
    keywords: Keywords = ()
    expected: Type | None = None

    @property
    def values(self) -> list[Arg]:
        return [*self.args, *(value for _, value in self.keywords)]

    @property
    def first_starred(self) -> int:
        """Where among the arguments by position the first starred one is; their number where none is."""
        return next((at for at, arg in enumerate(self.args) if isinstance(arg, tree.Starred)), len(self.args))

    @property
    def is_starred(self) -> bool:
        return self.first_starred < len(self.args)

    @property
    def is_mapped(self) -> bool:
        return any(word == MAPPING for word, _ in self.keywords)

    def given(self, args: Sequence[Arg], keywords: Keywords) -> CallSite:
        """The call with other arguments."""
        return replace(self, args=args, keywords=keywords)

    def with_args(self, args: Sequence[Arg]) -> CallSite:
        """The call with others by position."""
        return replace(self, args=args)
