"""`x[...]`: items and slices, as calls of methods; of tuples, whose items have types of their own, at compile time."""

from __future__ import annotations

from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .callsite import CallSite
from .construction import Construction
from .declarations import ClassDecl
from .typed import Conditional, GetItem, TExpr
from .types import NONE, TupleType, Type

INT_LIMIT = 1 << 63
MAY_BE_SLICE = (tree.Name, tree.Attribute, tree.Call, tree.Subscript)
"""Indices that may be a `slice`."""


def literal_int(node: tree.Expr) -> int | None:
    if isinstance(node, tree.IntLiteral):
        return node.value
    if isinstance(node, tree.UnaryOp) and node.op == "-" and isinstance(node.operand, tree.IntLiteral):
        return -node.operand.value
    return None


class Subscripts(Construction):
    def _subscript(self, node: tree.Subscript, expected: Type | None) -> TExpr:
        owner = self.static(node.value)
        if isinstance(owner, ClassDecl) and owner.is_enum:
            return self.enum_named(owner, self.coerce(self.expression(node.slice), self.core("str")), node.span)
        entity = self.static(node)
        if entity is not None:
            return self.error(errors.NotAValue(self.source, node.span, what="a type"))
        value = self.as_tuple(self.expression(node.value))
        kinds = self.classes_of(value) if relations.is_class(value.type) else []
        if len(kinds) == 1 and kinds[0].decl.is_enum:
            return self.enum_named(kinds[0].decl, self.coerce(self.expression(node.slice), self.core("str")), node.span)
        if isinstance(node.slice, tree.Slice):
            part, members = node.slice, relations.members_of(value.type)
            if len(members) > 1 and any(type(kind) is TupleType for kind in members):
                return self.by_member(value, lambda item: self.sliced(item, part, node.span), node.span)
            return self.sliced(value, part, node.span)
        if isinstance(value.type, TupleType):
            return self.tuple_item(value, node)
        return self.item(value, node.slice, node.span)

    def sliced(self, value: TExpr, node: tree.Slice, span: Span) -> TExpr:
        part = self.tuple_part(value, node, span) if isinstance(value.type, TupleType) else None
        if part is not None:
            return part
        name, bounds = self.slice_method(value, "get", node)
        return self.need_method(value, name, bounds, span)

    def slice(self, node: tree.Slice, expected: Type | None = None) -> TExpr:
        """A slice as a value."""
        given = [item or tree.NoneLiteral(node.span) for item in (node.lower, node.upper, node.step)]
        return self.construct(self.core("slice"), CallSite(node.span, given))

    def item(self, value: TExpr, index: tree.Expr, span: Span) -> TExpr:
        """`value[index]`; the index may turn out to be a `slice` where one is taken."""
        if not isinstance(index, MAY_BE_SLICE) or not self.has(value.type, "__getslice__"):
            return self.need_method(value, "__getitem__", [index], span)
        place = self.expression(index)
        if not any(map(self.is_slice, relations.members_of(place.type))):
            return self.need_method(value, "__getitem__", [place], span)

        def part(chosen: TExpr) -> TExpr:
            if not self.is_slice(chosen.type):
                return self.need_method(whole, "__getitem__", [chosen], span)
            with self.block() as inside:
                chosen = self.kept(chosen)
                bounds = [self.need_method(chosen, name, [], span) for name in ("lower", "upper", "stride")]
                found = self.need_method(whole, "__getslice__", bounds, span)
            return self.wrapped(inside, found)

        with self.block() as made:
            whole = self.kept(value)
            result = self.by_member(place, part, span)
        return self.wrapped(made, result)

    def is_slice(self, kind: Type) -> bool:
        return kind == self.core("slice")

    def slice_method(self, value: TExpr, verb: str, node: tree.Slice) -> tuple[str, list[TExpr]]:
        """The method for a slice, "get", "set" or "del", and what it is given before a value: the bounds (a class may
        have a shorter one for step 1), or a `slice` where the class has no method of its own for them."""
        name = f"__{verb}slice__"
        if not self.has(value.type, name) and self.has(value.type, f"__{verb}item__"):
            return f"__{verb}item__", [self.slice(node)]
        bounds = self.slice_bounds(node)
        short = f"__{verb}range__"
        if node.step is None and self.has(value.type, short):
            return short, bounds[:2]
        return name, bounds

    def slice_bounds(self, node: tree.Slice) -> list[TExpr]:
        """lower, upper, step as ints: what is left out is the least int, the greatest int, 1.

        A bound that is there is neither of the two where the step may be negative, for which they mean the far ends.
        """
        found: list[TExpr] = []
        far = node.step is not None and (literal_int(node.step) or 0) <= 0

        def bound(value: TExpr, part: tree.Expr, *, becomes: bool = False) -> TExpr:
            value = self.coerce(value, self.core("int"), "a slice bound", becomes=becomes)
            return self.runtime_call("rt_bound", [value], part.span) if far and part is not node.step else value

        for part, absent in ((node.lower, -INT_LIMIT), (node.upper, INT_LIMIT - 1), (node.step, 1)):
            if part is None:
                found.append(self.int_const(absent, node.span))
                continue
            value = self.expression(part)
            if relations.has_none(value.type) or value.type == NONE:
                if value.type == NONE:
                    found.append(self.int_const(absent, part.span))
                    continue
                with self.block() as made:
                    kept = self.kept(value)
                    inner = bound(self.narrowed(kept, relations.without_none(kept.type)), part)
                    chosen = Conditional(
                        self.core("int"),
                        part.span,
                        self.is_none(kept, part.span),
                        self.int_const(absent, part.span),
                        inner,
                    )
                found.append(self.wrapped(made, chosen))
            else:
                found.append(bound(value, part, becomes=True))
        return found

    def tuple_part(self, value: TExpr, node: tree.Slice, span: Span) -> TExpr | None:
        """A slice of a tuple, whose bounds must be literals; None when they are not."""
        assert isinstance(value.type, TupleType)
        bounds = [None if item is None else literal_int(item) for item in (node.lower, node.upper, node.step)]
        written = [item is not None for item in (node.lower, node.upper, node.step)]
        if any(bound is None and is_written for bound, is_written in zip(bounds, written, strict=True)):
            return None
        if bounds[2] == 0:
            return None
        with self.block() as made:
            items = self.tuple_items(value, span)[slice(*bounds)]
        return self.wrapped(made, self.tuple_made(items, span))

    def tuple_item(self, value: TExpr, node: tree.Subscript) -> TExpr:
        assert isinstance(value.type, TupleType)
        items = value.type.items
        number = literal_int(node.slice)
        if number is None:
            return self.tuple_at(value, node)
        if not -len(items) <= number < len(items):
            problem = f"this tuple has {len(items)} items, there is no [{number}]"
            report = errors.WrongArguments(self.source, node.slice.span, problem=problem)
            return self.error(report.raised("IndexError", "tuple index out of range"))
        number %= len(items)
        return GetItem(items[number], node.span, value, number)

    def tuple_at(self, value: TExpr, node: tree.Subscript) -> TExpr:
        """An item of a tuple by an index that is known only at run time: the items must be of one type."""
        assert isinstance(value.type, TupleType)
        kind = self.joined(value.type.items, node.span)
        listed = self.list_from(self.tuple_items(value, node.span), kind, node.span)
        return self.item(self.as_tuple_of(listed, node.span), node.slice, node.span)
