"""Classes as values.

A class is held as a machine number, the type id that its objects have. Its static type `type[C]` says that it is C or a
class below; for several it is `type[C | D]`. What depends on which it is (calling it, its attributes) is done for
each and chosen by the number (`by_class`); what a class is called stands in the type table.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import partial

from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .callsite import CallSite
from .declarations import ClassDecl, FunctionDecl
from .functions import Functions
from .typed import Conditional, Do, Prim, TBlock, TExpr
from .types import ANY, AnyType, ClassType, ErrorType, NeverType, NoneType, TupleType, Type, UnionType

ForClass = Callable[[ClassType], TExpr]


class Classes(Functions):
    # --- which class ---------------------------------------------------------------------------------------------

    def class_value(self, kind: ClassType, span: Span) -> TExpr:
        """The class of an instantiated type: whatever its type arguments are."""
        own = ClassType(kind.decl, (ANY,) * len(kind.decl.type_params))
        self.program.members.complete(own.decl)
        if not relations.is_value(own):
            self.program.layout(own)
        return self.prim("type_id_of", self.core("type", own), span, types=(own,))

    def type_of(self, value: TExpr, span: Span) -> TExpr:
        """`type(value)`."""
        kind = value.type
        match kind:
            case ErrorType() | NeverType():
                return value
            case UnionType():
                return self.by_member(value, lambda item: self.type_of(item, span), span)
            case AnyType():
                return self.any_type(value, span)
            case ClassType() if not relations.is_class(kind):
                below = self.classes_below(kind)
                if len(below) > 1 and not relations.is_value(kind):
                    if any(item.args for item in below):
                        what = f"`type(...)` of `{kind}`, below which is a generic class,"
                        return self.unsupported(span, what, "ask for what you need by a method")
                    return self.prim("type_id", self.core("type", kind), span, value)
                own = kind if kind.decl.original is None else below[0]
            case _:
                name = {NoneType: "NoneType", TupleType: "tuple_of", ClassType: "type"}.get(type(kind), "function")
                own = ClassType(self.program.core_class(name))
        return self.settled_class(self.class_value(own, span), value)

    def settled_class(self, known: TExpr, value: TExpr) -> TExpr:
        """A class that is known; `value`, of which it was asked, is evaluated all the same."""
        return known if self.is_plain(value) else TBlock(known.type, value.span, [Do(value.span, value)], known)

    def exact_class(self, value: TExpr) -> ClassType | None:
        """The class that an expression is known to be."""
        inner = value.value if isinstance(value, TBlock) else value
        kind = inner.type_args[0] if isinstance(inner, Prim) and inner.op == "type_id_of" else None
        return kind if isinstance(kind, ClassType) else None

    def classes_below(self, bound: Type) -> list[ClassType]:
        """Every class that a value of type `type[bound]` can be, one above others before them."""
        found: dict[ClassDecl, None] = {}

        def visit(decl: ClassDecl) -> None:
            self.program.members.complete(decl)
            self.program.consult(decl, "")
            if decl.original is None:
                found[decl] = None
            for below in decl.subclasses:
                visit(below)

        every = [self.core(name) for name in ("object", "int", "bool", "float")] if isinstance(bound, AnyType) else []
        for member in (*every, *relations.members_of(bound)):
            if isinstance(member, ClassType):
                visit(member.decl)
        return [ClassType(decl, (ANY,) * len(decl.type_params)) for decl in found]

    def classes_of(self, value: TExpr) -> list[ClassType]:
        """The classes that an expression of type `type[C]` can be."""
        exact = self.exact_class(value)
        assert isinstance(value.type, ClassType)
        return self.classes_below(value.type.args[0]) if exact is None else [exact]

    def same_class(self, left: TExpr, right: TExpr, span: Span) -> TExpr:
        first, second = ({item.decl for item in self.classes_of(side)} for side in (left, right))
        if not first & second or (len(first) == 1 and first == second):
            return self.settled_as(bool(first & second), [left, right], span)
        return self.prim("u32_eq", self.core("bool"), span, left, right)

    def by_class(self, value: TExpr, act: ForClass, span: Span, key: Callable[[ClassType], Hashable] = id) -> TExpr:
        """`act` for each class that `value` can be, chosen by what it is. Classes of one `key` need no tests between
        them."""
        kinds = self.classes_of(value)
        with self.block() as made:
            whole = self.kept(value)
            groups: dict[Hashable, list[ClassType]] = {}
            for kind in kinds:
                groups.setdefault(key(kind), []).append(kind)
            branches: list[tuple[list[ClassType], TExpr]] = []
            for group in groups.values():
                branches.append((group, self.apart(partial(act, group[0]))))
            joined = self.joined([done.type for _, done in branches], span)
            branches.reverse()  # the first, that of the class above, is what is left in the end
            result = self.by_tests(branches, lambda group: self.is_one(whole, group), joined, span)
        return self.bad(span) if result is None else self.wrapped(made, result)

    def is_one(self, value: TExpr, kinds: list[ClassType]) -> TExpr:
        """Is the class one of these?"""
        span = value.span
        tests = [self.prim("u32_eq", self.core("bool"), span, value, self.class_value(kind, span)) for kind in kinds]
        test = tests.pop()
        while tests:
            test = Conditional(test.type, span, tests.pop(), self.bool_const(True, span), test)
        return test

    # --- what is done with it ------------------------------------------------------------------------------------

    def call_class(self, value: TExpr, site: CallSite) -> TExpr:
        """`value(...)`: an object of the class that it is."""
        kinds, span = self.classes_of(value), site.span
        site = self.given(value, site)

        def make(kind: ClassType) -> TExpr:
            decl = kind.decl
            if self.abstract_methods(decl) and not decl.is_protocol:
                return self.refuse_abstract(decl, [], span)
            own = ClassType(decl, decl.type_params)
            made, complaints = self.tried(lambda: self.construct(own, site))
            raised = complaints[0].raising if complaints and len(kinds) > 1 else ()
            if raised:  # the others can be made
                return self.thrown(*raised, span)
            self.task.diagnostics.extend(complaints)
            return self.bad(span) if made is None else made

        if isinstance(value.type, ClassType) and isinstance(value.type.args[0], AnyType):
            return self.unsupported(span, "calling a class that may be any", "annotate it: `type[C]`")
        return self.by_class(value, make, span)

    def given(self, value: TExpr, site: CallSite) -> CallSite:
        """Arguments that stand in several places, evaluated once."""
        return site if len(self.classes_of(value)) == 1 else self.evaluated_once(site)

    def class_member(self, value: TExpr, name: str, span: Span, name_span: Span) -> TExpr:
        """`value.name` of a class."""
        exact = self.exact_class(value)
        if name == "__name__" and exact is None:
            assert isinstance(value.type, ClassType)
            return self.runtime_call("class_name", [value], span)

        def key(kind: ClassType) -> Hashable:
            found = self.program.members.find_member(kind.decl, name)
            return kind.decl if found is None or getattr(found, "kind", "") == "class" else found

        return self.by_class(
            value, lambda kind: self.class_attribute(kind.decl, name, span, name_span, None), span, key
        )

    def class_method(self, value: TExpr, name: str, site: CallSite) -> TExpr | None:
        """`value.name(...)` of a class; None for what all classes have."""
        span = site.span
        if name == "__call__":
            return self.call_class(value, site)
        if name in ("__str__", "__repr__"):
            where = self.by_class(value, lambda kind: self.str_const(place_of(kind), span), span, place_of)
            parts = [where, self.class_member(value, "__name__", span, span)]
            return self.concatenated([*parts, self.str_const("'>", span)], span)
        kinds = self.classes_of(value)
        if len(kinds) == 1 and kinds[0].decl.is_enum and name in ("__iter__", "__len__", "__contains__"):
            return self.method(self.enum_list(kinds[0].decl, span), name, site)
        if name in self.program.core_class("type").members or (name.startswith("__") and name != "__init__"):
            return None  # what operators look for in the class of a class
        site = self.given(value, site)

        def key(kind: ClassType) -> Hashable:
            found = self.program.members.find_member(kind.decl, name)
            same = found is not None and not (isinstance(found, FunctionDecl) and found.kind == "class")
            return found if same else kind.decl

        def call(kind: ClassType) -> TExpr:
            return self.call_on_class(ClassType(kind.decl, kind.decl.type_params), name, span, site)

        return self.by_class(value, call, span, key)

    def is_below(self, value: TExpr, wanted: list[Type], span: Span) -> TExpr:
        """`issubclass(value, wanted)`."""
        if not relations.is_class(value.type):
            return self.error(errors.NotAType(self.source, span, text="the first argument of issubclass()"))
        kinds = self.classes_of(value)
        inside = [kind for kind in kinds if any(relations.is_below(kind, item) for item in wanted)]
        if len(inside) in (0, len(kinds)):
            return self.settled_as(bool(inside), [value], span)
        with self.block() as made:
            test = self.is_one(self.kept(value), inside)
        return self.wrapped(made, test)

    def checked_class(self, value: TExpr) -> TExpr:
        """`value`, a class that came out of `Any`, if it is one that its type allows."""
        assert isinstance(value.type, ClassType)
        with self.block() as made:
            whole, span = self.kept(value), value.span
            wanted = relations.members_of(value.type.args[0])
            fits = self.is_one(whole, [kind for item in wanted for kind in self.classes_below(item)])
            self.throw_if(fits, "TypeError", f"expected `{value.type}`", span, unless=True)
        return self.wrapped(made, whole)

    def decorate_class(self, decl: ClassDecl) -> None:
        """`@a` above a class: `a(C)` is called when the class statement runs, and must give the class back."""
        made: tree.Expr = tree.Name(Span(decl.span.end, decl.span.end), decl.name)
        for decorator in reversed(decl.decorators):
            made = tree.Call(decorator.span, decorator, (made,), ())
        if not isinstance(made, tree.Call):
            return
        result = self.expression(made)
        if self.fits(self.core("type", ClassType(decl)), result.type) == "" and relations.is_class(result.type):
            given = self.is_one(self.kept(result), [ClassType(decl)])
            text = f"the decorators of `{decl.name}` do not give the class back"
            self.throw_if(given, "TypeError", text, made.span, unless=True)
        elif not isinstance(result.type, ErrorType):
            what = f"a class decorator that gives `{result.type}` for the class `{decl.name}`"
            self.unsupported(made.span, what, "let it return the class that it was given")


def place_of(kind: ClassType) -> str:
    """What stands before the name of a class where it is shown."""
    decl = kind.decl
    if decl.is_enum:
        return "<enum '"
    module = "" if decl.module.core else f"{decl.module.name.removeprefix('pielang.')}."
    return f"<class '{module}" + (decl.qualified or decl.name).removesuffix(decl.name)


__all__ = ["Classes"]
