"""What a class has: members by name, in it and above it; what its objects are found to have beyond that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..rewrite.quoted import quoted_function
from ..syntax import tree
from ..syntax.node import Frozen, changed, with_below
from ..syntax.parts import bindings
from ..syntax.source import Span
from . import relations
from .annotations import NumberPlace
from .completion import Completion
from .declarations import ClassDecl, FieldDecl, FunctionDecl, GlobalDecl, Member, PropertyDecl, own_name
from .mixins import WALK
from .types import ClassType, Type

if TYPE_CHECKING:
    from .program import Program


class Members:
    def __init__(self, program: Program) -> None:
        self.program, self.report = program, program.annotations.diagnostics.report

    def complete(self, decl: ClassDecl) -> None:
        """Find the base and the members of a class."""
        if not decl.completed:
            decl.completed = True
            Completion(self, decl).run()

    def lookup(self, kind: ClassType, name: str) -> tuple[ClassType, Member] | None:
        """A member by name, and the instantiated class that declares it."""
        current: ClassType | None = kind
        while current is not None:
            if not current.decl.completed:
                self.complete(current.decl)
            member = current.decl.members.get(name)
            if member is not None:
                return current, member
            current = relations.base_of(current)
        return None

    def find_member(self, decl: ClassDecl, name: str) -> Member | None:
        """A member of the class or of one above it."""
        found = self.lookup(ClassType(decl, decl.type_params), name)
        return None if found is None else found[1]

    def all_below(self, decl: ClassDecl) -> Iterator[ClassDecl]:
        for below in decl.subclasses:
            yield below
            yield from self.all_below(below)

    def fixed_attributes(self, decl: ClassDecl, name: str) -> tuple[str, str] | None:
        """What CPython raises where an object of the class is given an attribute that its class does not name."""
        above = [item.decl for item in relations.ancestors(ClassType(decl, decl.type_params))]
        if any(item.dataclass is not None and item.dataclass.frozen and not item.is_named_tuple for item in above):
            return "FrozenInstanceError", f"cannot assign to field '{name}'"
        slotted = (item.is_named_tuple or item.slotted for item in above if not item.module.core)
        ending = "and no __dict__ for setting new attributes"
        return ("AttributeError", f"'{decl.name}' object has no attribute '{name}' {ending}") if all(slotted) else None

    def getter_of(self, decl: ClassDecl, name: str) -> FunctionDecl | None:
        """The `__getattr__` of a class, made for one name that is known: what it does with it tells its type."""
        found = self.lookup(ClassType(decl, decl.type_params), "__getattr__")
        if (
            found is None
            or not isinstance(form := found[1], FunctionDecl)
            or not isinstance(form.node, tree.FunctionDef)
        ):
            return None
        arguments, owner = form.node.args.args, found[0].decl
        if len(arguments) != 2 or sum(item == arguments[1].arg for item in bindings(form.node)) > 1:
            return form
        own = f"__getattr__ ({name})"

        def told(node: Frozen) -> Frozen:
            if isinstance(node, tree.Name) and node.id == arguments[1].arg:
                return tree.StringLiteral(node.span, name)
            return with_below(node, told)

        if own not in owner.members:
            body = told(changed(form.node, name=own, args=changed(form.node.args, args=arguments[:1])))
            assert isinstance(body, tree.FunctionDef)
            owner.members[own] = FunctionDecl(own, form.qualified, form.module, body, owner)
        made = owner.members[own]
        assert isinstance(made, FunctionDecl)
        return made

    def reader_of(self, decl: ClassDecl, item: FieldDecl) -> FunctionDecl:
        """What gives a field of a class, where a Protocol asks for it."""
        own = f"{item.name} (read)"
        if own not in decl.members:
            node = quoted_function("def own(self): return self.name", item.span, own=own, name=item.name)
            node = changed(node, returns=item.annotation)
            decl.members[own] = FunctionDecl(own, f"{decl.name}.{item.name}", decl.module, node, decl)
        made = decl.members[own]
        assert isinstance(made, FunctionDecl)
        return made

    def walk_of(self, decl: ClassDecl) -> str:
        """The method that walks over what only has `__getitem__`, and needs no `__iter__` for it."""
        owner = next(item.decl for item in relations.ancestors(ClassType(decl)) if "__getitem__" in item.decl.members)
        if "(items)" not in owner.members:
            Completion(self, owner).member(quoted_function(WALK, owner.span, __iter__="(items)"))
        return "(items)"

    def make_unsure(self, decl: ClassDecl, member: FieldDecl) -> None:
        """An object may be without the field: it keeps whether it has it."""
        member.unsure = True
        flag = own_name(member.name, "set")
        decl.members[flag] = FieldDecl(flag, member.span, tree.Name(member.span, "bool"), None, False)

    def extend(self, decl: ClassDecl, name: str, span: Span) -> None:
        """Objects of the class are given the attribute `name` from outside: a field that they may be without."""
        for below in self.all_below(decl):
            if isinstance(below.members.get(name), FieldDecl):
                del below.members[name]
        decl.members[name] = member = FieldDecl(name, span, None, None, False, True)
        self.make_unsure(decl, member)

    def shadows(self, decl: ClassDecl, name: str) -> bool:
        """May an object of the class have a value for itself where its classes have a variable?"""
        owner = self._declares_first(decl, name).members.get(name)
        return isinstance(owner, GlobalDecl) and owner.shadowed

    def _declares_first(self, decl: ClassDecl, name: str) -> ClassDecl:
        above = [item.decl for item in relations.ancestors(ClassType(decl, decl.type_params))]
        return next((item for item in reversed(above) if name in item.members), decl)

    def shadow(self, decl: ClassDecl, name: str) -> None:
        """A class variable that an object of the class is given for itself: the object's goes first."""
        decl = self._declares_first(decl, name)
        known = decl.members[name]
        if isinstance(known, FieldDecl):  # until now a field whose default is the class's value
            known = GlobalDecl(name, decl.module, known.span, known.annotation, known.default, decl)
        assert isinstance(known, GlobalDecl)
        known.shadowed, span = True, known.span
        decl.members[name] = known
        decl.members[own_name(name)] = FieldDecl(own_name(name), span, known.annotation, None, False)
        boolean = tree.Name(span, "bool")
        decl.members[own_name(name, "set")] = FieldDecl(own_name(name, "set"), span, boolean, None, False)

    def conforms(self, source: ClassType, target: ClassType) -> bool:
        """Has the class `source` all that the Protocol `target` asks for, with the same types?"""
        if source.decl.is_protocol:
            return any(above == target for above in relations.ancestors(source))
        for above in relations.ancestors(target):
            for name, wanted in above.decl.members.items():
                if not isinstance(wanted, FunctionDecl | PropertyDecl) or not above.decl.is_protocol:
                    continue
                found = self.lookup(source, name)
                if isinstance(wanted, PropertyDecl):
                    if found is None or not self._gives(*found, wanted, above):
                        return False
                    continue
                if found is None or not isinstance(found[1], FunctionDecl) or found[1].is_async != wanted.is_async:
                    return False
                if not self._same_signature(found[1], found[0], wanted, above):
                    return False
        return True

    def _gives(self, owner: ClassType, member: Member, wanted: PropertyDecl, above: ClassType) -> bool:
        """Is it a property, or a field, of the type that is asked for?"""
        if isinstance(member, PropertyDecl):
            return self._same_signature(member.getter, owner, wanted.getter, above)
        taken = self.program.annotations.signature(wanted.getter).result
        if not isinstance(member, FieldDecl) or member.annotation is None or taken is None:
            return isinstance(member, FieldDecl)
        names = {item.name: item for item in owner.decl.type_params}
        said = self.program.annotations.resolve(member.annotation, owner.decl.module, names)
        return self._fits(said, taken, relations.environment_of(owner), relations.environment_of(above))

    def _same_signature(self, own: FunctionDecl, owner: ClassType, wanted: FunctionDecl, above: ClassType) -> bool:
        first, second = self.program.annotations.signature(own), self.program.annotations.signature(wanted)
        inside, outside = relations.environment_of(owner), relations.environment_of(above)
        if len(first.params) != len(second.params):
            return False
        pairs = [(b.type, a.type) for a, b in zip(first.params, second.params, strict=True)]
        pairs.append((first.result, second.result))
        for at, (source, target) in enumerate(pairs):
            if source is None or target is None:
                continue
            environments = (inside, outside) if at == len(pairs) - 1 else (outside, inside)
            if not self._fits(source, target, *environments):
                return False
        return True

    def _fits(self, source: Type, target: Type, inside: Mapping[Type, Type], outside: Mapping[Type, Type]) -> bool:
        """Does a value of the one type do for the other? A `float` takes ints as well."""
        given, taken = relations.substitute(source, inside), relations.substitute(target, outside)
        if given == taken or relations.conversion(given, taken) in ("", "upcast", "box"):
            return True
        if not (relations.is_number(given) and relations.is_number(taken)):
            return False
        place, wider = relations.origin_of(taken), relations.union((given, taken))
        if wider != taken and isinstance(place, NumberPlace):
            self.program.hints[place] = wider
            self.program.widened = True
        return True
