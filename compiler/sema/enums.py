"""Enum classes: one object per member, made when the class statement runs."""

from __future__ import annotations

from ..syntax import tree
from ..syntax.source import Span
from . import relations
from .body import Arg
from .classes import Classes
from .declarations import ClassDecl, GlobalDecl, SpecialForm
from .typed import Conditional, Do, SetField, TExpr, TRaise
from .types import ERROR, NEVER, ClassType, Type


class Enums(Classes):
    def initialise_enum(self, decl: ClassDecl) -> None:
        """Make the members and put them into the class's variables."""
        kind = ClassType(decl)
        values: list[tuple[GlobalDecl, TExpr]] = []
        joined: Type = NEVER
        for number, name in enumerate(decl.enum_members, 1):
            member = decl.members[name]
            assert isinstance(member, GlobalDecl) and member.value is not None
            value = (
                self.int_const(number, member.span)
                if self._is_auto(member.value)
                else self.kept(self.expression(member.value))
            )
            joined = relations.join(joined, value.type) or ERROR
            values.append((member, value))
        if not values:
            return
        for member, value in values:
            span = member.span
            made = self.kept(self.new_object(kind, span))
            field = self.program.field(kind, "value") or self.learn_field(kind, "value", joined)
            title = self.program.field(kind, "name")
            assert title is not None
            self.emit(SetField(span, made, title[0], title[1], self.str_const(member.name, span)))
            self.emit(SetField(span, made, field[0], field[1], self.coerce(value, field[1].type)))
            if self.lookup(kind, "__init__") is not None:
                self.emit(Do(span, self.need_method(made, "__init__", [value], span)))
            self.write_global(member, made, span)

    def _is_auto(self, node: tree.Expr) -> bool:
        if not isinstance(node, tree.Call):
            return False
        entity = self.static(node.func)
        return isinstance(entity, SpecialForm) and entity.name == "auto"

    def enum_members(self, decl: ClassDecl, span: Span) -> list[TExpr]:
        found = []
        for name in decl.enum_members:
            member = decl.members[name]
            assert isinstance(member, GlobalDecl)
            found.append(self.read_global(member, span))
        return found

    def enum_list(self, decl: ClassDecl, span: Span) -> TExpr:
        """All members, where the class is iterated over."""
        return self.list_of([(item, False) for item in self.enum_members(decl, span)], ClassType(decl), span)

    def enum_of(self, decl: ClassDecl, args: list[Arg], span: Span) -> TExpr:
        """`Color(1)`: the member with this value."""
        kind = ClassType(decl)
        value = self.kept(self.argument(args[0], None))
        message = self.concatenated(
            [self.need_method(value, "__repr__", [], span), self.str_const(f" is not a valid {decl.name}", span)], span
        )
        result = self.temporary(kind)
        with self.block() as failing:
            self.emit(TRaise(span, self.builtin_error("ValueError", message, span)))
        chosen: TExpr = self.wrapped(failing, self.get(result, span))
        for item in reversed(self.enum_members(decl, span)):
            with self.block() as made:
                test = self.equal(self.attribute(item, "value", span, span), value, span)
            chosen = Conditional(kind, span, self.wrapped(made, test), item, chosen)
        return chosen


__all__ = ["Enums"]
