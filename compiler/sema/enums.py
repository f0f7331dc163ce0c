"""Enum classes: one object per member, made when the class statement runs."""

from __future__ import annotations

from ..syntax import tree
from ..syntax.source import Span
from . import relations
from .callsite import Arg, CallSite
from .declarations import PLAIN_VALUE, ClassDecl, GlobalDecl, SpecialForm
from .reflection import Reflection
from .typed import Conditional, Const, Do, SetField, TExpr, TIf, TRaise
from .types import ERROR, NEVER, NONE, ClassType, TupleType, Type


class Enums(Reflection):
    def initialise_enum(self, decl: ClassDecl) -> None:
        """Make the members and put them into the class's variables."""
        kind = ClassType(decl)
        values: list[tuple[GlobalDecl, TExpr]] = []
        joined: Type = NEVER
        last: int | None = 0
        for name in decl.enum_members:
            member = decl.members[name]
            if not isinstance(member, GlobalDecl) or member.value is None:
                self.unsupported(decl.span, f"a second meaning of the member `{name}`", "give each a name of its own")
                continue
            if not self._is_auto(member.value):
                value = self.kept(self.expression(member.value))
            elif decl.plain == self.core("str"):
                value = self.str_const(name.lower(), member.span)
            elif last is None:
                value = self.unsupported(member.value, "`auto()` after a value that is no number", "write the value")
            else:
                value = self.int_const(last + 1, member.span)
            last = value.value if isinstance(value, Const) and type(value.value) is int else None
            joined = relations.join(joined, value.type) or ERROR
            values.append((member, value))
        if not values:
            return
        for member, value in values:
            span = member.span
            made = self.kept(self.new_object(kind, span))
            declared = self.lookup(kind, "value")
            owner = kind if declared is None else declared[0]
            field = self.program.field(owner, "value")
            if field is None:
                field = self.learn_field(owner, "value", joined)
                if not relations.is_open(joined):
                    self.learned_fields.pop()  # it stays as it is, for methods that were checked meanwhile
            title = self.program.field(kind, "name")
            if title is None:
                return  # a member is called so, which has been refused
            self.emit(SetField(span, made, title[0], title[1], self.str_const(member.name, span)))
            self.emit(SetField(span, made, field[0], field[1], self.coerce(value, field[1].type)))
            if self.lookup(kind, "__init__") is not None:
                given = self.tuple_items(value) if isinstance(value.type, TupleType) else [value]
                self.emit(Do(span, self.need_method(made, "__init__", given, span)))
            if self.program.deep_copies is not None:
                self.emit(Do(span, self.runtime_call("single", [made], span)))
            self.write_global(member, made, span)

    def _is_auto(self, node: tree.Expr) -> bool:
        if not isinstance(node, tree.Call):
            return False
        entity = self.static(node.func)
        return isinstance(entity, SpecialForm) and entity.name == "auto"

    def enum_members(self, decl: ClassDecl, span: Span, *, bits_only: bool = False) -> list[TExpr]:
        found = []
        for name in decl.enum_members:
            member = decl.members[name]
            assert isinstance(member, GlobalDecl)
            if bits_only and isinstance(member.value, tree.IntLiteral) and member.value.value.bit_count() != 1:
                continue
            found.append(self.read_global(member, span))
        return found

    def enum_list(self, decl: ClassDecl, span: Span) -> TExpr:
        """All members, where the class is iterated over; of a Flag those of one bit."""
        return self.list_from(self.enum_members(decl, span, bits_only=decl.is_flag), ClassType(decl), span)

    def enum_mapping(self, decl: ClassDecl, span: Span) -> TExpr:
        """`Color.__members__`: other names of a member are in it as well."""
        own = decl.enum_members
        found = {
            name: self.read_global(item, span)
            for name, item in decl.members.items()
            if isinstance(item, GlobalDecl)
            and (name in own or (isinstance(item.value, tree.Name) and item.value.id in own))
        }
        members = self.dict_of_values(list(found), list(found.values()), span)
        return self.construct(self.core("mappingproxy", *relations.parts(members.type)), CallSite(span, [members]))

    def as_plain(self, value: TExpr) -> TExpr:
        """The value of a member of an IntEnum or StrEnum; any other value as it is."""
        kind = value.type
        if not isinstance(kind, ClassType) or kind.decl.plain is None:
            return value
        name = "value" if kind.decl.is_enum else PLAIN_VALUE
        return self.coerce(self.attribute(value, name, value.span, value.span), kind.decl.plain)

    def enum_named(self, decl: ClassDecl, name: TExpr, span: Span) -> TExpr:
        """`Color["RED"]`: the member of this name."""
        return self._enum_with(decl, "name", name, ("KeyError", name), span)

    def enum_of(self, decl: ClassDecl, given: Arg, span: Span) -> TExpr:
        """`Color(1)`: the member with this value."""
        value = self.kept(self.argument(given, None))
        if value.type == ClassType(decl):
            return value
        parts = [self.need_method(value, "__repr__", [], span), self.str_const(f" is not a valid {decl.name}", span)]
        problem = ("ValueError", self.concatenated(parts, span))
        if self.program.members.find_member(decl, "_missing_") is None:
            return self._enum_with(decl, "value", value, problem, span)
        kind = ClassType(decl)
        with self.block() as failing:
            asked = self.call_on_class(kind, "_missing_", span, CallSite(span, [value]))
            found = self.kept(self.coerce(asked, relations.union([kind, NONE])))
            with self.block() as unknown:
                self.emit(TRaise(span, self.builtin_error(*problem, span)))
            is_none = self.compare(found, "is", self.none(span), span)
            self.emit(TIf(span, is_none, unknown, []))
        otherwise = self.wrapped(failing, self.narrowed(found, kind))
        return self._enum_with(decl, "value", value, problem, span, otherwise)

    def _enum_with(
        self, decl: ClassDecl, field: str, value: TExpr, problem: tuple[str, TExpr], span: Span,
        otherwise: TExpr | None = None,
    ) -> TExpr:  # fmt: skip
        """The member whose `field` is this; raises where there is none and nothing is said `otherwise`."""
        kind, value = ClassType(decl), self.kept(value)
        result = self.temporary(kind)
        with self.block() as failing:
            self.emit(TRaise(span, self.builtin_error(*problem, span)))
        chosen: TExpr = otherwise or self.wrapped(failing, self.get(result, span))
        for item in reversed(self.enum_members(decl, span)):
            with self.block() as made:
                test = self.equal(self.attribute(item, field, span, span), value, span)
            chosen = Conditional(kind, span, self.wrapped(made, test), item, chosen)
        return chosen


__all__ = ["Enums"]
