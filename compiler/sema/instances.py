"""Tests of what a value is, `isinstance`, `type(x) is C` and `hasattr`, and what they tell of a variable."""

from __future__ import annotations

import re
from collections.abc import Callable

from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .body import CHANGED, Facts, Path
from .declarations import ClassDecl, SpecialForm
from .formats import Formats
from .modules import PROTOCOLS
from .typed import Coerce, Conditional, Const, Do, IsInstance, SetVar, TBlock, TExpr, TIf, TStmt
from .types import ERROR, NONE, AnyType, ClassType, ErrorType, NeverType, NoneType, TupleType, Type, UnionType
from .versions import declared

ClassList = list[Type]
KINDS = {
    "Sequence": "list tuple_of str bytes bytearray range deque", "MutableSequence": "list bytearray deque",
    "Mapping": "dict", "MutableMapping": "dict", "Set": "AbstractSet DictKeys DictItems",
    "MutableSet": "set", "ABC": "",
    "Number": "int float", "Complex": "int float", "Real": "int float", "Rational": "int", "Integral": "int",
}  # fmt: skip
"""The library's classes below those of `collections.abc` and `numbers` that a class is below of by saying so."""
CLASS_VALUES = (tree.Name, tree.Attribute, tree.Subscript, tree.Call)
"""Expressions that may give a class, or a tuple of them, when the program runs."""


class Instances(Formats):
    def as_stored(self, value: TExpr) -> TExpr:
        """A field or shared variable as it is, without what an earlier test said: it may have changed since."""
        while isinstance(value, Coerce) and value.kind == "checked" and value.message == CHANGED:
            value = value.value
        if isinstance(value, TBlock):
            inner = self.as_stored(value.value)
            return TBlock(inner.type, value.span, value.body, inner)
        return value

    def path_named(self, value: TExpr, node: tree.Expr) -> Path | None:
        """The variable that `value` reads, or that `node`, of which it is the value, names or sets."""
        name = node.target if isinstance(node, tree.NamedExpr) else node
        web = self.scope.defs.get(id(name)) or self.scope.uses.get(id(name))
        var = None if web is None else self.web_vars.get(web)
        return self.path_of(value) or (None if var is None else (var,))

    def settled_as(self, result: bool, values: list[TExpr], span: Span) -> TExpr:
        """A test whose answer the types give; what has effects is still evaluated."""
        todo: list[TStmt] = [Do(span, value) for value in values if not self.is_plain(value)]
        known = self.bool_const(result, span)
        return TBlock(known.type, span, todo, known) if todo else known

    def _test_type(
        self, subject: tree.Expr, op: str, classes: tree.Expr, node: tree.Compare
    ) -> tuple[TExpr, Facts, Facts]:
        """`type(x) is C`, `type(x) in (C, D)`: x is an object of the class itself."""
        value = self.as_stored(self.expression(subject))
        path = self.path_of(value)
        value = value if path is not None else self.kept(value)
        test = self.compare(self.type_of(value, node.span), op, self.expression(classes), node.span)
        wanted = self.constant_classes(classes)
        match classes:
            case tree.Call(func=tree.Name(id="type"), args=(other,)):  # `type(self) is type(other)`: of other
                wanted, value = [value.type], self.as_stored(self.expression(other))
                path = self.path_of(value)
        if path is None or wanted is None or isinstance(value.type, ErrorType | NeverType):
            return test, {}, {}
        inside: list[Type] = []
        left: list[Type] = []
        for member in relations.members_of(value.type):
            found = [kind for kind in (self.matching(member, item) for item in wanted) if kind is not None]
            found = [kind for kind in found if not (self.is_bool(kind) and not any(map(self.is_bool, wanted)))]
            inside += found
            if not found or not (relations.is_value(member) or isinstance(member, TupleType | NoneType)):
                left.append(member)
        if any(isinstance(kind, ClassType) and relations.is_open(kind) for kind in inside):
            return test, {}, {}
        if not inside:
            test = self.bool_const(op in ("is not", "!=", "not in"), node.span)  # a variable was asked: nothing is lost
        facts: Facts = {path: relations.union(inside)} if inside else {}
        others: Facts = {path: relations.union(left)} if left else {}
        return (test, others, facts) if op in ("is not", "!=", "not in") else (test, facts, others)

    def _test_isinstance(self, node: tree.Call) -> tuple[TExpr, Facts, Facts]:
        value = self.as_stored(self.expression(node.args[0]))
        added = isinstance(node.args[1], tree.BinOp) and node.args[1].op == "+"
        may_be_value = added or isinstance(node.args[1], CLASS_VALUES)
        wanted = self.constant_classes(node.args[1]) if may_be_value else self.class_list(node.args[1])
        if wanted is None and may_be_value and not isinstance(value.type, ErrorType):
            return self.dynamic_isinstance(self.kept(value), self.expression(node.args[1]), node.span), {}, {}
        if wanted is None or isinstance(value.type, ErrorType):
            return Const(self.core("bool"), node.span, None), {}, {}
        return self.instance_test(value, wanted, node)

    def _test_attribute(
        self, subject: tree.Expr, name: str, test: TExpr, ask: Callable[[TExpr], TExpr]
    ) -> tuple[TExpr, Facts, Facts]:
        """What `hasattr(subject, name)` or `callable(subject)` tells of the variable that `subject` names; `ask` asks
        that of one of the types that it may have."""
        value = self.as_stored(self.expression(subject))
        path, inside, outside = self.path_of(value), list[Type](), list[Type]()
        for member in relations.members_of(value.type) if path is not None else ():
            with self.trial():
                told = ask(self.narrowed(value, member))
            known = told.value if isinstance(told, Const) else None
            below = self.classes_with(member.decl, name) if isinstance(member, ClassType) else []
            inside += [] if known is False else [member] if known or not below else below
            outside += [] if known is True else [member]
        if path is None or not inside or not outside:
            return test, {}, {}
        return test, {path: relations.union(inside)}, {path: relations.union(outside)}

    def dynamic_isinstance(self, value: TExpr, classes: TExpr, span: Span) -> TExpr:
        """`isinstance(value, classes)` of classes known only when it runs."""
        kind = classes.type
        if relations.is_class(kind):
            nothing = self.program.core_class("NoneType")

            def named(item: ClassType) -> TExpr:
                meant: ClassList = [NONE] if item.decl is nothing else [*item.decl.seen_as]
                return self.instance_test(value, meant, None, span)[0]

            return self.by_class(classes, named, span)
        if isinstance(kind, TupleType):
            tests = [self.dynamic_isinstance(value, item, span) for item in self.tuple_items(classes, span)]
            joined = self.bool_const(False, span)
            for test in reversed(tests):
                joined = Conditional(self.core("bool"), span, test, self.bool_const(True, span), joined)
            return joined
        if isinstance(kind, UnionType):
            return self.by_member(classes, lambda item: self.dynamic_isinstance(value, item, span), span)
        if relations.is_tuple_of(kind):
            found = self.temporary(self.core("bool"))
            self.emit(SetVar(span, found, self.bool_const(False, span)))

            def each(item: TExpr) -> None:
                test = self.dynamic_isinstance(value, item, span)
                self.emit(TIf(span, test, [SetVar(span, found, self.bool_const(True, span))], []))

            self.iterate(classes, span, each)
            return self.get(found, span)
        if isinstance(kind, NoneType):
            text = "isinstance() arg 2 must be a type, a tuple of types, or a union"
            return self.thrown("TypeError", text, span)
        if isinstance(kind, AnyType):
            return self.any_isinstance_of(value, classes, span)
        if not isinstance(kind, ErrorType):
            self.report(
                errors.NotAType(self.source, span, text=self.source.text[classes.span.start : classes.span.end])
            )
        return Const(self.core("bool"), span, None)

    def instance_test(
        self, value: TExpr, wanted: ClassList, node: tree.Call | None, at: Span | None = None
    ) -> tuple[TExpr, Facts, Facts]:
        """The test of `isinstance(value, wanted)` and what it tells of the variable that `node` names."""
        span = node.span if node is not None else at or value.span
        protocols = [item.decl for item in wanted if isinstance(item, ClassType) and item.decl.is_protocol]
        for decl in protocols:
            if not decl.checkable:
                problem = errors.NotAType(self.source, span, text=decl.name)
                problem = problem.helped(f"write `@runtime_checkable` above the class `{decl.name}`")
                says = "Instance and class checks can only be used with @runtime_checkable protocols"
                return self.error(problem.raised("TypeError", says), self.core("bool")), {}, {}
        if isinstance(value.type, AnyType) and (
            protocols or any(isinstance(item, ClassType) and item.args for item in wanted)
        ):
            decls = [item.decl for item in wanted if isinstance(item, ClassType)]
            is_one = self.any_isinstance(value, decls, span)
            if NONE in wanted:
                is_one = self.chosen(self.is_none(value, span), self.bool_const(True, span), is_one, span)
            return is_one, {}, {}
        members = relations.members_of(value.type)
        inside: list[Type] = []
        outside: list[Type] = []
        for member in members:
            matched = [kind for kind in (self.matching(member, item) for item in wanted) if kind is not None]
            if isinstance(member, AnyType) and any(map(self.is_int, matched)):
                matched.append(self.core("bool"))
            if any(relations.is_subclass(member, item) for item in matched) or member in matched:
                inside.append(member)
            else:
                inside.extend(matched)
                outside.append(member)
        path = self.path_of(value) if node is None else self.path_named(value, node.args[0])
        kinds = relations.union(inside) if inside else None
        if not inside or not outside:
            return self.settled_as(bool(inside), [value], span), {}, {}
        test = IsInstance(self.core("bool"), span, value, relations.members_of(kinds) if kinds is not None else ())
        if path is None or kinds is None:
            return test, {}, {}
        return test, {path: kinds}, {path: relations.union(outside)}

    def matching(self, member: Type, wanted: Type) -> Type | None:
        """The type that a value of static type `member` has when it is an instance of `wanted`; None when it
        cannot be one."""
        if isinstance(wanted, NoneType):
            return wanted if member == NONE or isinstance(member, AnyType) else None
        if not isinstance(wanted, ClassType):
            return member if type(member) is type(wanted) else None
        if isinstance(member, AnyType):
            return wanted
        if wanted.decl.is_protocol:
            return self.having_all(member, wanted.decl)
        if isinstance(member, ClassType) and member.decl.is_protocol and member.decl.conforms is not None:
            return wanted if member.decl.conforms(wanted, member) else None
        if isinstance(member, ClassType) and member.decl.is_named_tuple and wanted.decl.name == "tuple_of":
            return member
        if isinstance(member, ClassType) and member.decl.plain == wanted:
            return member
        if isinstance(member, TupleType):
            return member if wanted.decl.name == "tuple_of" else None
        if not isinstance(member, ClassType):
            return None
        if self.is_bool(member) and self.is_int(wanted):
            return member
        if relations.as_base(member, wanted.decl) is not None:
            return member
        params = wanted.decl.type_params
        above = relations.as_base(ClassType(wanted.decl, params), member.decl)
        if above is None or not params:
            return None if above is None else wanted
        known: dict[Type, Type] = {}
        relations.unify(above, member, known, frozenset(params))  # `defaultdict` of what a `dict[str, int]` holds
        below = ClassType(wanted.decl, tuple(known.get(item, item) for item in params))
        if relations.as_base(below, member.decl) != member or relations.is_open(below):
            return None
        self.program.layout(below)
        return below

    def having_all(self, member: Type, protocol: ClassDecl) -> Type | None:
        """The values of type `member` that have every attribute of a Protocol: no more is asked when it is run."""
        names = [
            name for above in relations.ancestors(ClassType(protocol)) if above.decl.is_protocol
            for name in above.decl.members
        ]  # fmt: skip

        def has_all(kind: Type) -> bool:
            if isinstance(kind, ClassType) and relations.is_class(kind):
                return set(names) <= {"__call__", "__hash__"}
            if isinstance(kind, ClassType) and not kind.decl.module.library:
                return all(self.lookup(kind, name) is not None and self.able(kind, name) for name in names)
            return all(self.able(kind, name) for name in names)

        if has_all(member):
            return member
        if not isinstance(member, ClassType) or member.decl.module.library:
            return None
        below = [kind for kind in self.classes_below(member) if has_all(kind)]
        return relations.union(below) if below else None

    def class_list(self, node: tree.Expr) -> ClassList | None:
        """The classes that are named, as `isinstance` takes them; complains where one is no class."""
        found = self.constant_classes(node)
        for item in parts_of(node) if found is None else ():
            if self.constant_classes(item) is None:
                text = self.source.text[item.span.start : item.span.end]
                self.report(errors.NotAType(self.source, item.span, text=text))
                break
        return found

    def mixes(self, decl: ClassDecl, name: str) -> bool:
        self.program.members.complete(decl)
        return name in decl.mixes

    def classes_like(self, name: str) -> list[ClassType]:
        """The classes of values that are a `Sequence`, a `Mapping` and so on."""
        collections = self.program.modules.loaded.get("pielang.collections")
        deque = None if collections is None else collections.names.get("deque")
        kinds = [self.program.core_class(item) for item in KINDS[name].split() if item != "deque"]
        kinds += [deque] if isinstance(deque, ClassDecl) and "deque" in KINDS[name] else []
        own = (item for module in self.program.modules.order if not module.library for item in declared(module))
        kinds += [item for item in own if isinstance(item, ClassDecl) and self.mixes(item, name)]
        return [one for item in kinds for one in item.seen_as]

    def constant_classes(self, node: tree.Expr) -> ClassList | None:
        """The same, or None where they are known only when the program runs."""
        match node:
            case tree.Tuple() | tree.BinOp(op="|"):
                parts = [self.constant_classes(item) for item in parts_of(node)]
                return None if None in parts else [kind for part in parts for kind in part or ()]
            case tree.NoneLiteral() | tree.Call(func=tree.Name(id="type"), args=(tree.NoneLiteral(),)):
                return [NONE]
        match self.static(node):
            case ClassDecl() as entity:
                self.program.members.complete(entity)
                return [*entity.seen_as]
            case SpecialForm(name="tuple"):
                return [self.core("tuple_of", ERROR)]
            case SpecialForm(name="type"):
                return [self.core("type", ERROR)]
            case SpecialForm(name=name) if name in KINDS:
                return [*self.classes_like(name)]
            case SpecialForm(name=name) if name in PROTOCOLS:
                return [self.core(name)]
            case ClassType() | NoneType() | TupleType() as kind:
                return [kind]
        held = self.global_of(node) if isinstance(node, tree.Name) else None
        if held is None or held.value is None or held.owner is not None:
            return None
        if re.search(rf"^\s+global\s.*\b{held.name}\b", held.module.source.text, re.MULTILINE):
            return None
        with self.elsewhere(held.module):
            return self.constant_classes(held.value)


def parts_of(classes: tree.Expr) -> tuple[tree.Expr, ...]:
    """The parts of `(A, B)` and `A | B`, each of which names classes."""
    match classes:
        case tree.Tuple(elts=items):
            return items
        case tree.BinOp(op="|", left=left, right=right):
            return *parts_of(left), *parts_of(right)
        case _:
            return (classes,)
