"""Expressions: one method per kind of node, found through a table. Calls, operators and displays have files of
their own."""

from __future__ import annotations

import builtins
import re
from collections.abc import Sequence
from functools import partial

from ..ir.primitives import PRIMITIVES
from ..rewrite.getters import getter_lambda
from ..syntax import tree
from ..syntax.parts import is_literal
from ..syntax.source import Span
from . import errors, relations
from .bases import order_of, view_of
from .body import FACTS, UseVariable
from .callsite import MAPPING, Arg, CallSite, Keywords, Ready
from .declarations import (
    EXTRA,
    AliasDecl,
    ClassDecl,
    FieldDecl,
    FunctionDecl,
    GlobalDecl,
    ModuleDecl,
    OverloadDecl,
    PrimitiveDecl,
    PropertyDecl,
    SpecialForm,
    own_name,
)
from .modules import MISSING
from .records import record_fields
from .subscripts import INT_LIMIT, Subscripts
from .typed import (
    Await,
    Coerce,
    Conditional,
    Const,
    Do,
    GetField,
    GetGlobal,
    GetItem,
    GetVar,
    SetVar,
    TBlock,
    TExpr,
    TLoop,
    TStmt,
    Yield,
)
from .types import (
    ANY,
    NEVER,
    NONE,
    AnyType,
    BundleType,
    ClassType,
    ErrorType,
    FunctionType,
    NeverType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
)
from .wording import python_name


def by_item(source: Arg, key: Arg) -> Arg:
    """`d.get` in `max(d, key=d.get)` never gives None: it is `d[...]`."""
    if isinstance(source, tree.Name) and isinstance(key, tree.Attribute) and key.attr == "get":
        if isinstance(key.value, tree.Name) and key.value.id == source.id:
            return tree.Attribute(key.span, key.value, "__getitem__", key.attr_span)
    return key


MISPLACED: dict[type[tree.Expr], tuple[str, str]] = {
    tree.EllipsisLiteral: ("`...` as a value", "use `pass` for an empty body"),
    tree.Starred: ("a starred expression here", "use it in a display or as an argument"),
}


class Expressions(Subscripts):
    def expression(self, node: tree.Expr, expected: Type | None = None) -> TExpr:
        """The typed form of an expression; statements it needs run first, inside it. `expected` guides literals
        and lambdas."""
        if self.raising:
            return self.framed(node, lambda: getattr(self, _METHODS[type(node)])(node, expected))
        before, made = self.out, list[TStmt]()
        self.out = made
        value: TExpr = getattr(self, _METHODS[type(node)])(node, expected)
        self.out = before
        return self.wrapped(made, value) if made else value

    def _ready(self, node: Ready, expected: Type | None) -> TExpr:
        return node.made

    # --- literals ------------------------------------------------------------------------------------------------

    def _literal(self, node: tree.Expr, expected: Type | None) -> TExpr:
        match node:
            case tree.IntLiteral():
                return self.number(node.value, node.span, expected)
            case tree.FloatLiteral() | tree.StringLiteral() | tree.BytesLiteral() | tree.BoolLiteral():
                return Const(self.core(node.kind), node.span, node.value)
            case _:
                return self.none(node.span)

    def number(self, value: int, span: Span, expected: Type | None) -> TExpr:
        becomes = ("u32", "i32", "f64") if self.source.library else ("u32", "i32")
        if isinstance(expected, ClassType) and expected.decl.representation in becomes:
            return Const(expected, span, float(value) if expected.decl.representation == "f64" else value)
        if not -INT_LIMIT <= value < INT_LIMIT:
            return self.error(errors.NumberTooLarge(self.source, span, text=str(value)), self.core("int"))
        return self.int_const(value, span)

    # --- names and attributes ------------------------------------------------------------------------------------

    def _name(self, node: tree.Name, expected: Type | None) -> TExpr:
        return self.name(node, expected)

    def _attribute(self, node: tree.Attribute, expected: Type | None) -> TExpr:
        if node.attr == "__name__" and isinstance(node.value, tree.Call) and len(node.value.args) == 1:
            asked = self.static(node.value.func)
            if isinstance(asked, SpecialForm) and asked.name == "type":
                return self.type_name(self.expression(node.value.args[0]), node.span)
        if node.attr == "__name__" and isinstance(node.value, tree.Attribute) and node.value.attr == "__class__":
            return self.type_name(self.expression(node.value.value), node.span)
        told = self.told_of(node) if node.attr.startswith("__") and not self.source.library else None
        if told is not None:
            return told
        if isinstance(node.value, tree.Call) and self.static(node.value.func) == SpecialForm("super"):
            return self.super_attribute(node, node.value)
        owner = self.static(node.value)
        if isinstance(owner, ModuleDecl):
            symbol = self.program.modules.member(owner, node.attr)
            if symbol is None:
                return self.no_member(owner, node.attr, node.attr_span)
            return self.symbol_value(symbol, node, expected)
        if isinstance(owner, ClassDecl | ClassType):
            decl = owner.decl if isinstance(owner, ClassType) else owner
            return self.class_attribute(decl, node.attr, node.span, node.attr_span, expected)
        if isinstance(owner, FunctionDecl) and node.attr == "__name__":
            return self.str_const(owner.name, node.span)
        if isinstance(owner, FunctionDecl) and not owner.module.library and self.gives(node.attr):
            value = self.function_value(node.value.span, owner, None)
            return self.attribute(value, node.attr, node.span, node.attr_span, expected)
        if owner is MISSING:
            return self.bad(node.span)  # it was said where it is imported
        if owner is not None and not isinstance(owner, Type):
            written = self.source.text[node.value.span.start : node.value.span.end]
            return self.error(errors.NoAttribute(self.source, node.attr_span, type_name=written, attribute=node.attr))
        value = self.expression(node.value)
        if all(self.hides(kind, node.attr) for kind in relations.members_of(value.type)):
            return self.no_method(value.type, node.attr, node.attr_span)
        return self.attribute(value, node.attr, node.span, node.attr_span, expected)

    def class_attribute(self, decl: ClassDecl, name: str, span: Span, name_span: Span, expected: Type | None) -> TExpr:
        member = self.program.members.find_member(decl, name)
        self.need_shadow(decl, name)
        match member:
            case GlobalDecl():
                return self.read_described(member, self.none(span), span)
            case None if name == "__annotations__" and decl.node is not None:
                body = [item for item in decl.node.body if isinstance(item, tree.AnnAssign)]
                said = [(item.target.id, item.annotation) for item in body if isinstance(item.target, tree.Name)]
                return self.annotations_of(said, decl.module, span)
            case None if name in ("__mro__", "__bases__", "__base__"):
                return self.bases_of(decl, name, span)
            case _ if name in ("__name__", "__qualname__"):
                return self.str_const(python_name(ClassType(decl)) if name == "__name__" else decl.qualified, span)
            case FunctionDecl(kind="class") if not self.source.library:
                return self.bound_method(self.class_value(ClassType(decl), span), name, span, expected)
            case FunctionDecl() | OverloadDecl():
                return self.function_value(span, member, expected)
            case ClassDecl():
                return self.class_value(ClassType(member), span)
            case None if name == "__members__" and decl.is_enum:
                return self.enum_mapping(decl, span)
            case None if name == "_fields" and decl.is_named_tuple:
                names = [tree.StringLiteral(span, item.name) for item in record_fields(decl)]
                return self.expression(tree.Tuple(span, tuple(names)))
            case None if name == "_field_defaults" and decl.is_named_tuple:
                given = [(item.name, item.default) for item in record_fields(decl) if item.default is not None]
                if all(is_literal(default) for _, default in given):
                    values = [self.expression(default) for _, default in given]
                    return self.dict_of_values([word for word, _ in given], values, span)
        problem = errors.NoAttribute(self.source, name_span, type_name=decl.name, attribute=name)
        if not decl.module.library:
            problem = problem.raised("AttributeError", f"type object '{decl.name}' has no attribute '{name}'")
        return self.error(problem.suggesting(name, [name for name in decl.members if not name.startswith("_")]))

    def bases_of(self, decl: ClassDecl, name: str, span: Span) -> TExpr:
        """`C.__mro__`, `C.__bases__`, `C.__base__`."""
        whole = [item.decl for item in order_of(ClassType(decl, decl.type_params)) or ()]
        for item in whole:
            generic = not item.module.library and any(" " not in param.name for param in item.type_params)
            if generic or item.is_enum or item.is_named_tuple or item.is_protocol or set(item.mixes) - {"ABC"}:
                return self.unsupported(span, f"`{name}` of a class below what is no class here", "name its classes")
        order = [item for item in whole if not item.module.core or hasattr(builtins, item.display)]
        named = order if name == "__mro__" else [item.decl for item in decl.named]
        if name == "__mro__" or not named:
            named = [*named, self.program.core_class("object")]
        if name == "__base__" and len(named) > 1 and any(item.module.library for item in order):
            return self.unsupported(span, "`__base__` of a class with several bases", "name the class")
        values = [self.class_value(ClassType(item, item.type_params), span) for item in named]
        return values[0] if name == "__base__" else self.tuple_made(values, span)

    def is_core(self, entity: FunctionDecl | OverloadDecl) -> bool:
        return entity.forms[0].module.core

    def need_shadow(self, decl: ClassDecl, name: str) -> None:
        """A class variable that was taken for a field, as only objects seemed to have it, is used through the class."""
        for above in relations.ancestors(ClassType(decl, decl.type_params)):
            member = above.decl.members.get(name)
            if isinstance(member, FieldDecl) and member.default is not None and above.decl.dataclass is None:
                self.program.members.shadow(above.decl, name)
                self.program.widened = True

    def no_member(self, module: ModuleDecl, name: str, span: Span) -> TExpr:
        shown = module.name.removeprefix("pielang.")
        problem = errors.ImportNotFound(self.source, span, module=shown, name=name)
        if not module.library:
            problem = problem.raised("AttributeError", f"module '{shown}' has no attribute '{name}'")
        return self.error(problem.suggesting(name, module.names))

    def attribute(self, value: TExpr, name: str, span: Span, name_span: Span, expected: Type | None = None) -> TExpr:
        """`value.name`, read."""
        if name == "__class__":
            return self.type_of(value, span)
        value = self.having(value, name, span)
        kind = value.type
        match kind:
            case NeverType():
                return value
            case ErrorType():
                return self.bad(span)
            case ClassType() if relations.is_class(kind):
                return self.class_member(value, name, span, name_span)
            case ClassType():
                found = self.lookup(kind, name)
                if found is None and name in ("_fields", "_field_defaults") and kind.decl.is_named_tuple:
                    return self.class_attribute(kind.decl, name, span, name_span, expected)
                if found is None and relations.is_loose(kind) and (name in FACTS or not name.startswith("__")):
                    return self.need_method(value, "_find", [self.str_const(name, span)], span)
                extra = found is None and self.lookup(kind, EXTRA) is not None
                if found is None and not extra and (made := self.made_attribute(value, name, span)) is not None:
                    return made
                if found is None and self.able(kind, name):
                    return self.missing(self.kept(value), self.str_const(name, span), span)
                if found is None:
                    return self.no_method(kind, name, name_span)
                owner, member = found
                match member:
                    case FieldDecl():
                        return self.read_field(value, owner, member, span)
                    case ClassDecl():
                        self.emit(Do(span, value))
                        return self.class_value(ClassType(member), span)
                    case PropertyDecl():
                        return self.call_form(value, owner, member.getter, CallSite(span))
                    case GlobalDecl() if member.original is None or member.original.kind == "static":
                        value = self.kept(value) if self.describes(member, "__get__") else value
                        read = partial(self.read_described, owner=value, span=span)
                        return self.class_variable(value, member, span, read)
                    case _:
                        return self.bound_method(value, name, span, expected)
            case AnyType():
                return self.any_attribute(value, name, span)
            case TupleType() if not relations.is_function(kind) and self.able(kind, name):
                items = self.joined(kind.items, span)
                return self.attribute(self.tuple_of(value, self.core("tuple_of", items)), name, span, name_span)
            case FunctionType() if name == "__name__":
                return self.function_name(value, span)
            case BundleType() if name == "__name__":
                return self.attribute(GetItem(kind.items[0], span, value, 0), name, span, name_span)
            case _ if relations.is_function(kind) and self.may_hold(name) and self.loosen(kind):
                return Const(ANY, span, None)
            case UnionType() if all(self.is_method_of(item, name) for item in kind.members):
                return self.bound_method(value, name, span, expected)
            case UnionType() if not relations.has_none(kind):
                known = self.seen(name, lambda item: self.attribute(item, name, span, name_span))
                return self.by_member(value, known, span)
            case _:
                return self.no_method(kind, name, name_span)

    def is_method_of(self, kind: Type, name: str) -> bool:
        found = self.lookup(kind, name) if isinstance(kind, ClassType) and not relations.is_class(kind) else None
        return found is not None and isinstance(found[1], FunctionDecl | OverloadDecl)

    def describes(self, member: GlobalDecl, name: str) -> bool:
        """Is a class variable an object with such a method, which objects of the class are read or set by?"""
        found = self.global_variable(member)
        return found is not None and isinstance(found.type, ClassType) and self.lookup(found.type, name) is not None

    def read_described(self, member: GlobalDecl, owner: TExpr, span: Span) -> TExpr:
        """A class variable, or what it gives by its `__get__` for the object `owner`, or None where there is none."""
        held = self.read_global(member, span)
        if (
            isinstance(held.type, ClassType)
            and self.lookup(held.type, "__get__") is not None
            and member.owner is not None
        ):
            return self.need_method(held, "__get__", [owner, self.class_value(ClassType(member.owner), span)], span)
        return held

    def made_attribute(self, value: TExpr, name: str, span: Span) -> TExpr | None:
        """What the `__getattr__` of the object's class gives for an attribute that it does not have."""
        decl = value.type.decl if isinstance(value.type, ClassType) else None
        if decl is None or decl.module.library or name.startswith("__"):
            return None
        made = self.program.members.getter_of(decl, name)
        if made is None:
            return None
        self.program.consult(decl, made.name)
        args = [self.str_const(name, span)] if made.name == "__getattr__" else []
        return self.need_method(value, made.name, args, span)

    def may_hold(self, name: str) -> bool:
        """Is it what a function tells of itself, or what the program may have given it?"""
        of_partial = name in ("func", "args", "keywords") and "partial(" in self.source.text
        return of_partial or name in FACTS or (not name.startswith("__") and self.gives(name))

    def gives(self, name: str) -> bool:
        """Does the program give the attribute to something?"""
        return re.search(rf"\.{name}\b[^=\n]{{0,4}}=(?!=)|\bsetattr\(", self.source.text) is not None

    def class_variable(self, value: TExpr, member: GlobalDecl, span: Span, use: UseVariable) -> TExpr:
        """A class variable used through an object: that of its dynamic class."""
        assert isinstance(value.type, ClassType)
        if self.program.members.shadows(value.type.decl, member.name):
            whole = self.kept(value)
            own, is_set = (
                self.attribute(whole, own_name(member.name, what), span, span) for what in ("own", "set")
            )  # fmt: skip
            shared = self.apart(lambda: self.variable_of_class(whole, member, span, use))
            return self.chosen(is_set, own, shared, span)
        return self.variable_of_class(value, member, span, use)

    def variable_of_class(self, value: TExpr, member: GlobalDecl, span: Span, use: UseVariable) -> TExpr:
        assert isinstance(value.type, ClassType)
        below = self.overriding(value.type.decl, member.name)
        if not below:
            self.emit(Do(span, value))
            return use(member)
        whole = self.kept(value)
        made = self.apart(partial(use, member))
        for decl, other in below:  # nearest first, so that the farthest is tested first in the end
            if decl.type_params:
                return self.unsupported(
                    span, f"`{member.name}`, which the generic class `{decl.name}` sets anew,", "use a method"
                )
            self.program.layout(ClassType(decl))
            test = self.is_a(whole, (ClassType(decl),), span)
            made = self.chosen(test, self.apart(partial(use, other)), made, span)
        return made

    def overriding(self, decl: ClassDecl, name: str) -> list[tuple[ClassDecl, GlobalDecl]]:
        self.program.consult(decl, name)
        found: list[tuple[ClassDecl, GlobalDecl]] = []
        for below in decl.subclasses:
            other = below.members.get(name)
            if isinstance(other, GlobalDecl):
                found.append((below, other))
            elif isinstance(other, FunctionDecl | OverloadDecl):
                what = f"the method `{name}`, which has a decorator in one class and none in another,"
                self.unsupported(other.span if isinstance(other, FunctionDecl) else below.span, what, "decorate both")
            found.extend(self.overriding(below, name))
        return found

    def read_field(self, value: TExpr, owner: ClassType, member: FieldDecl, span: Span) -> TExpr:
        found = self.program.field(owner, member.name)
        if found is None:
            found = self.find_field(owner, member, span)
            if found is None:
                return self.bad(span)
        layout, info = found
        if member.unsure:
            value = self.kept(value) if self.path_of(value) is None else value
            problem = f"'{{0}}' object has no attribute '{member.name}'".split("{0}")
            there = self.attribute(value, own_name(member.name, "set"), span, span)
            with self.block() as absent:
                other = self.made_attribute(value, member.name, span)
            if other is not None:
                own = GetField(info.type, span, self.coerce(value, layout.type), layout, info)
                return self.chosen(there, own, self.wrapped(absent, other), span)
            start, ending = (self.str_const(text, span) for text in problem)
            self.throw_if(
                self.negated(there), "AttributeError",
                lambda: self.concatenated([start, self.type_name(value, span), ending], span), span,
            )  # fmt: skip
        path = self.path_of(value)
        made = GetField(info.type, span, self.coerce(value, layout.type), layout, info)
        return made if path is None else self.with_fact(made, (*path, member.name), checked=True)

    def path_of(self, value: TExpr) -> tuple[object, ...] | None:
        """The variable (and fields of it) that an expression reads, for which facts can be kept."""
        if isinstance(value, GetVar):
            return (value.var,)
        if isinstance(value, TBlock):
            return self.path_of(value.value)
        if isinstance(value, Coerce) and value.kind in ("unbox", "checked", "upcast"):
            return self.path_of(value.value)
        if isinstance(value, GetField):
            inner = self.path_of(value.obj)
            return None if inner is None else (*inner, value.field.name)
        return (value.glob,) if isinstance(value, GetGlobal) else None

    # --- calls ---------------------------------------------------------------------------------------------------

    def _call(self, node: tree.Call, expected: Type | None) -> TExpr:
        func = node.func
        args: list[Arg] = [self.getter(arg) or arg for arg in node.args]
        keywords: list[tuple[str, Arg]] = []
        for item in node.keywords:
            if item.arg is None:
                handed = self.handed_on(item.value)
                keywords.extend([(MAPPING, item.value)] if handed is None else handed)
            else:
                keywords.append((item.arg, self.getter(item.value) or item.value))
        site = CallSite(node.span, args, keywords, expected)
        if isinstance(func, tree.Name):
            local = self.local_function(func)
            if local is not None:
                return self.call_local(*local, site)
        if func_name(func) in ("max", "min") and self.is_core_call(tree.Call(node.span, func, (), ()), func_name(func)):
            if len(args) > 1 and any(isinstance(arg, tree.Starred) for arg in node.args):
                site = site.with_args([tree.List(node.span, node.args)])
        explicit: tuple[Type, ...] = ()
        target = func
        if isinstance(func, tree.Subscript):
            base = self.static(func.value)
            if isinstance(base, FunctionDecl | PrimitiveDecl | OverloadDecl) or (
                isinstance(base, SpecialForm) and base.name != "tuple"
            ):
                inner = func.slice.elts if isinstance(func.slice, tree.Tuple) else (func.slice,)
                explicit = tuple(self.annotation(item) for item in inner)
                target = func.value
        entity = self.static(target)
        match entity:
            case None:
                pass
            case FunctionDecl(name="itemgetter" | "attrgetter" | "methodcaller") if (
                entity.module.name == "pielang.operator"
            ):
                getter = self.getter(node)
                if getter is None:
                    return self.unsupported(node, "this getter", "use a lambda")
                return self.expression(getter, expected)
            case FunctionDecl(name="partial") if entity.module.name == "pielang.functools":
                return self.partial(node, expected)
            case FunctionDecl(name="divmod") | OverloadDecl(name="pow") if len(args) == 2 and self.is_core_call(
                node, entity.name
            ):
                op = "divmod()" if entity.name == "divmod" else "**"
                return self.binary(self.argument(args[0], None), op, args[1], node.span)
            case FunctionDecl(name="any" | "all") | OverloadDecl(name="any" | "all") if (
                self.is_core(entity) and node.args and isinstance(node.args[0], tree.GeneratorExp)
            ):
                return self.any_or_all(node.args[0], entity.name, node.span)
            case OverloadDecl(name="max" | "min") if entity.forms[0].module.core and len(site.args) == 1:
                first = site.args[0]
                keywords = [(word, by_item(first, arg) if word == "key" else arg) for word, arg in keywords]
                return self.call_overload(entity, site.given(site.args, keywords), explicit)
            case OverloadDecl(name="zip") if entity.forms[0].module.core and not keywords and len(args) == 1:
                if isinstance(args[0], tree.Starred):
                    return self.runtime_call("zip_star", [args[0].value], node.span)
                return self.call_overload(entity, site, explicit)
            case ClassDecl(name="dict") | ClassType(decl=ClassDecl(name="dict")) if (
                (entity.decl if isinstance(entity, ClassType) else entity).module.core and keywords and len(args) < 2
            ):
                expected = entity if isinstance(entity, ClassType) else expected
                words = [
                    None if item.arg is None else tree.StringLiteral(node.span, item.arg) for item in node.keywords
                ]
                keys = (*[None for _ in node.args], *words)
                values = (*node.args, *[item.value for item in node.keywords])
                return self.expression(tree.Dict(node.span, keys, values), expected)
            case FunctionDecl() if not entity.module.library and self.has_listed(site):
                hides = f"a generator expression for `{entity.name}`, which hides a built-in function,"
                return self.unsupported(node, hides, "use another name for the function")
            case FunctionDecl():
                if entity.qualified == "findall" and entity.module.name == "pielang.re":
                    entity = self.grouped_form(entity.module, "findall_groups", node.args) or entity
                return self.call_declaration(entity, site, explicit=explicit)
            case OverloadDecl():
                module, grouped = entity.forms[0].module, None
                if entity.name == "compile" and module.name == "pielang.re":
                    grouped = self.grouped_form(module, "compile_grouped", node.args)
                if grouped is not None:
                    return self.call_declaration(grouped, site)
                return self.call_overload(entity, site, explicit)
            case ClassDecl():
                return self.construct(ClassType(entity, entity.type_params), site)
            case PrimitiveDecl():
                return self.primitive(entity.name, site.args, explicit, node.span)
            case SpecialForm():
                return self.special_call(entity.name, node, site, explicit)
            case ModuleDecl():
                return self.error(errors.NotCallable(self.source, func.span, found=entity.name))
            case AliasDecl() if isinstance(entity.node.value, tree.Call) and len(args) == 1:
                kind = self.program.annotations.alias(entity)  # a `NewType` gives its argument back
                return self.coerce(self.argument(args[0], kind), kind, f"the argument of `{entity.name}`")
            case Type():
                return self.construct(entity, site)
            case _:
                return self.error(errors.NotCallable(self.source, func.span, found="this name"))
        if isinstance(func, tree.Attribute):
            return self.call_attribute(func, site)
        if isinstance(func, tree.Name):
            held = self.global_of(func)
            if held is not None and held.original is not None:
                site = self.by_position(held.original, site)
        return self.call_value(self.expression(func), site)

    def getter(self, node: tree.Expr) -> tree.Lambda | None:
        """`itemgetter(...)` and `attrgetter(...)` as the lambdas that they are."""
        match node:
            case tree.Call(func=tree.Name(id="itemgetter" | "attrgetter" | "methodcaller") as func):
                entity = self.static(func)
            case tree.Call(func=tree.Attribute(attr="itemgetter" | "attrgetter" | "methodcaller") as func):
                entity = self.static(func)
            case _:
                return None
        known = isinstance(entity, FunctionDecl) and entity.module.name == "pielang.operator"
        return getter_lambda(entity.name, node) if known and isinstance(entity, FunctionDecl) else None

    def grouped_form(self, module: ModuleDecl, name: str, args: Sequence[tree.Expr]) -> FunctionDecl | None:
        """`findall` gives texts, or tuples of them when the pattern has several groups: the function of `re` for such a
        pattern, where it is written out (or in a variable of the module that is set once)."""
        pattern = self.written_text(args[0]) if args else None
        if pattern is None:
            return None
        flags = self.source.text[args[1].span.start : args[1].span.end] if len(args) > 1 else ""
        try:
            groups = re.compile(pattern.value, re.VERBOSE if re.search(r"\b(X|VERBOSE)\b", flags) else 0).groups
        except re.error:
            return None  # the program will say so where it is run
        several = module.names.get(name)
        return several if groups > 1 and isinstance(several, FunctionDecl) else None

    def written_text(self, node: tree.Expr) -> tree.StringLiteral | None:
        """A text that is written out in its place, or in a variable of the module that is set once."""
        if isinstance(node, tree.Name):
            held = self.module.names.get(node.id) if self.decl.name == "<module>" else self.global_of(node)
            if isinstance(held, GlobalDecl) and isinstance(held.value, tree.StringLiteral):
                self.emit(Do(node.span, self.expression(node)))  # it has a value by now, or this says so
                return tree.StringLiteral(node.span, held.value.value)
        return node if isinstance(node, tree.StringLiteral) else None

    def has_listed(self, site: CallSite) -> bool:
        """Is there a generator expression that was taken for the argument of a built-in function?"""
        return any(isinstance(arg, tree.GeneratorExp) and id(arg) not in self.scope.generators for arg in site.args)

    def handed_on(self, node: tree.Expr) -> Keywords | None:
        """What `**` gives where the names are known: a display of them, or the `**kwargs` of this function."""
        if isinstance(node, tree.Dict) and all(isinstance(key, tree.StringLiteral) for key in node.keys):
            words = [key.value for key in node.keys if isinstance(key, tree.StringLiteral)]
            return list(zip(words, node.values, strict=True))
        arguments = self.decl.node.args
        if not isinstance(node, tree.Name) or arguments.kwarg is None or node.id != arguments.kwarg.arg:
            return None
        signature = self.program.annotations.signature(self.decl, self.names_of_types())
        if MAPPING in self.task.extras:
            return None
        if signature.params[-1].type is not None or self.scope.uses.get(id(node)) is not self.scope.defs.get(
            id(arguments.kwarg)
        ):
            return None
        span = node.span
        return [(name, tree.Subscript(span, node, tree.StringLiteral(span, name))) for name in self.task.extras]

    def call_attribute(self, func: tree.Attribute, site: CallSite) -> TExpr:
        match func.value:
            case tree.Call(func=tree.Name(id="super")) as node:
                return self.call_super(node, func, site)
        owner = self.static(func.value)
        if isinstance(owner, ClassDecl):
            if func.attr == "mro" and not site.values:
                order = tree.Attribute(func.span, func.value, "__mro__", func.attr_span)
                return self.expression(tree.List(func.span, (tree.Starred(func.span, order),)))
            owner = ClassType(owner, owner.type_params)
        if isinstance(owner, ModuleDecl):
            return self.no_member(owner, func.attr, func.attr_span)
        if isinstance(owner, Type):
            return self.call_on_class(owner, func.attr, func.attr_span, site)
        receiver, name = self.expression(func.value), func.attr
        if name in ("format", "format_map") and self.is_str(receiver.type) and (made := self.formatted(func, site)):
            return made
        if name == "findall" and isinstance(receiver.type, ClassType) and receiver.type.decl.name == "GroupedPattern":
            name = "findall_groups"
        if name == "throw" and python_name(receiver.type) == "generator" and len(site.args) == 1:
            site = site.with_args([self.exception(arg) for arg in site.args if isinstance(arg, tree.Expr)])
        hidden = self.hides(receiver.type, name)
        found = None if hidden else self.method(receiver, name, site)
        if found is None:
            return self.no_method(receiver.type, func.attr, func.attr_span)
        return found

    def call_on_class(self, owner: Type, name: str, name_span: Span, site: CallSite) -> TExpr:
        """`C.method(...)`: static and class methods, and plain methods with the object as first argument."""
        span, args = site.span, site.args
        if not isinstance(owner, ClassType):
            made = self.structural_static(owner, name, args, span)
            return self.no_method(owner, name, name_span) if made is None else made
        looked = self.lookup(owner, name)
        of_object = looked is None and owner in (self.core("object"),)
        match args:
            case [_, *_] if of_object and name == "__new__":
                return self.blank(args, span)
            case [me, tree.StringLiteral(value=word), value] if of_object and name == "__setattr__":
                whole, stored = self.kept(self.argument(me, None)), self.kept(self.argument(value, None))
                held = self.lookup(whole.type, word) if isinstance(whole.type, ClassType) else None
                if held is not None and isinstance(held[1], FieldDecl):  # whatever its class says of assignments
                    self.write_field(whole, held[0], held[1], stored, span)
                else:
                    self.set_attribute(whole, word, stored, span, span)
                return self.none(span)
        if looked is None and name == "_make" and owner.decl.is_named_tuple and isinstance(args[0], tree.Expr):
            return self.construct(owner, CallSite(span, [tree.Starred(span, args[0])]))
        if looked is None:
            return self.no_method(owner, name, name_span)
        declaring, found = looked
        if not isinstance(found, FunctionDecl | OverloadDecl):
            return self.call_value(self.class_attribute(owner.decl, name, span, name_span, None), site)
        if found.forms[0].kind == "plain":
            site, method = self.spread(site), found.forms[0]
            lacking = self.lacking(owner, method, site)
            if not site.args:
                problem = f"`{method.qualified}` needs the object as its first argument"
                wrong = errors.WrongArguments(self.source, span, problem=problem)
                return self.error(self.argument_problem(method, span, problem, lacking) if lacking else wrong)
            receiver, rest = self.first_of(site, lacking)
            base = relations.as_base(receiver.type, declaring.decl) or view_of(receiver.type, declaring.decl)
            own = None if base is None else base.decl.members.get(name)
            if base is None and not isinstance(receiver.type, ErrorType):
                receiver = self.coerce(receiver, declaring, f"`self` of `{found.forms[0].qualified}`")
            called = own if isinstance(own, FunctionDecl | OverloadDecl) else found
            return self.call_member(receiver, base or declaring, called, rest, direct=True)
        member, site = self.choose(found, declaring, site)
        if member is None:
            return self.bad(span)
        target = owner if member.kind == "class" else declaring
        if relations.holds(target, TypeVarType):
            target = declaring = self.opened(target, site)
        return self.call_declaration(member, site, owner=target)

    def opened(self, kind: Type, site: CallSite) -> ClassType:
        """A generic class named without its arguments: they are found by use."""
        assert isinstance(kind, ClassType)
        environment: dict[Type, Type] = {}
        self.settle_class(kind, environment, frozenset(kind.decl.type_params), site)
        return self.filled(kind, environment)

    def super_base(self, node: tree.Call) -> tuple[TExpr | None, ClassType] | None:
        """The object of `super()` or `super(C, self)` (none in a class method), and the class where the search begins;
        complains where there are none."""
        me = None if self.self_var is None else self.get(self.self_var, node.span)
        own = me.type if me is not None else None
        if me is None and self.class_web is not None:
            own = relations.as_base(self.task.self_type, self.decl.owner)
        match node.args:
            case (said, tree.Name(id=name)) if name in [item.arg for item in self.decl.node.args.plain[:1]]:
                named = self.static(said)
                decl = named if isinstance(named, ClassDecl) else None
                own = relations.as_base(own, decl) or (view_of(own, decl) if own and decl else None)
            case (_, *_):
                own = None
        base = relations.base_of(own) if isinstance(own, ClassType) else None
        if base is None:
            self.unsupported(node, "`super()` outside a method", "call the method on the object")
        return None if base is None else (me, base)

    def call_super(self, node: tree.Call, func: tree.Attribute, site: CallSite) -> TExpr:
        known = self.super_base(node)
        if known is None:
            return self.bad(site.span)
        (me, base), name, own = known, func.attr, self.task.self_type
        found = self.lookup(base, name)
        if found is None:
            if (name == "__init_subclass__" and me is None) or (name == "__init__" and not site.values):
                return self.none(site.span)
            if name == "__new__" and me is None and site.args:
                return self.blank(site.args, site.span)
        elif me is not None and not isinstance(found[1], FieldDecl):
            return self.call_member(self.coerce(me, base), *found, site, direct=True)
        elif isinstance(found[1], FunctionDecl) and found[1].kind != "plain":
            return self.call_declaration(found[1], site, owner=own if found[1].kind == "class" else found[0])
        return self.error(errors.NoAttribute(self.source, func.attr_span, type_name=str(base), attribute=name))

    def super_has(self, node: tree.Call, name: str) -> TExpr:
        """`hasattr(super(), name)`."""
        known = self.super_base(node)
        found = None if known is None else self.lookup(known[1], name)
        there = hasattr(object, name) if found is None else not isinstance(found[1], FieldDecl)
        return self.bool_const(there, node.span)

    def super_attribute(self, node: tree.Attribute, of: tree.Call) -> TExpr:
        """`super().name`: a property or class variable of a class above."""
        known = self.super_base(of)
        if known is None:
            return self.bad(node.span)
        found = self.lookup(known[1], node.attr)
        match found:
            case (owner, PropertyDecl(getter=getter)) if known[0] is not None:
                return self.call_form(self.coerce(known[0], known[1]), owner, getter, CallSite(node.span), direct=True)
            case (_, GlobalDecl(original=None) as member):
                return self.read_described(member, known[0] or self.none(node.span), node.span)
            case (_, FunctionDecl() | OverloadDecl()):
                return self.unsupported(of, "`super()` here", "call the method: `super().name(...)`")
        return self.error(errors.NoAttribute(self.source, node.attr_span, type_name=str(known[1]), attribute=node.attr))

    # --- primitives ----------------------------------------------------------------------------------------------

    def primitive(self, name: str, args: Sequence[Arg], explicit: tuple[Type, ...], span: Span) -> TExpr:
        """An operation of `pielang.machine`: types from its signature, `T` given or found from the arguments."""
        entry = PRIMITIVES[name]
        variable = TypeVarType("T", None)
        environment: dict[Type, Type] = {variable: explicit[0]} if explicit else {}
        if name == "is_reference":
            return self.bool_const(relations.is_reference(explicit[0]), span)
        if len(args) != len(entry.params):
            problem = f"`{name}` takes {len(entry.params)} arguments, not {len(args)}"
            return self.error(errors.WrongArguments(self.source, span, problem=problem))
        values = []
        for arg, text in zip(args, entry.params, strict=True):
            pattern = self.machine_type(text, variable)
            known = relations.substitute(pattern, environment)
            value = self.argument(arg, None if relations.holds(known, TypeVarType) else known)
            relations.unify(known, value.type, environment, frozenset((variable,)))
            kind = relations.substitute(pattern, environment)
            if pattern is not ANY and not (
                text == "T" and name in ("same_object", "address_of", "type_id", "resume_frame")
            ):
                value = self.coerce(value, kind, f"the argument of `{name}`")
            values.append(value)
        result = relations.substitute(self.machine_type(entry.result, variable), environment)
        used = environment.get(variable)
        if isinstance(used, ClassType) and used.decl.representation in ("", "raw") and not relations.is_open(used):
            self.program.layout(used)
        return self.prim(name, result, span, *values, types=(used,) if used is not None else ())

    def machine_type(self, text: str, variable: TypeVarType) -> Type:
        match text:
            case "T":
                return variable
            case "Array[T]":
                return ClassType(self.program.modules.array, (variable,))
            case "None":
                return NONE
            case "Never":
                return NEVER
            case "Any":
                return ANY
            case _:
                return self.core(text)

    # --- the rest ------------------------------------------------------------------------------------------------

    def _conditional(self, node: tree.IfExp, expected: Type | None) -> TExpr:
        test, if_true, if_false = self.test(node.test)
        before = self.facts
        if isinstance(test, Const) and isinstance(test.value, bool):
            self.facts = {**before, **(if_true if test.value else if_false)}
            value = self.expression(node.body if test.value else node.orelse, expected)
            self.facts = before
            return value
        self.facts = {**before, **if_true}
        body = self.expression(node.body, expected)
        self.facts = {**before, **if_false}
        orelse = self.expression(node.orelse, expected)
        self.facts = before
        return self.chosen(test, body, orelse, node.span, expected)

    def chosen(self, test: TExpr, body: TExpr, orelse: TExpr, span: Span, expected: Type | None = None) -> TExpr:
        kind = self.joined((body.type, orelse.type), span)
        if expected is not None and not relations.is_open(expected) and isinstance(kind, UnionType):
            fits = all(relations.conversion(item.type, expected) in ("", "upcast", "box") for item in (body, orelse))
            kind = expected if fits else kind
        return Conditional(kind, span, test, self.coerce(body, kind), self.coerce(orelse, kind))

    def _walrus(self, node: tree.NamedExpr, expected: Type | None) -> TExpr:
        value = self.expression(node.value, expected)
        self.define(node.target, node.target.id, value, node.span)
        web = self.scope.defs.get(id(node.target))
        if web is not None and web in self.web_vars:
            var = self.web_vars[web]
            return self.with_fact(GetVar(var.type, node.span, var), (var,), checked=False)
        return value

    def _await(self, node: tree.Await, expected: Type | None) -> TExpr:
        if not self.decl.is_async:
            problem = errors.AwaitOutside(self.source, node.span, what="await")
            return self.error(problem.helped("make the function around it an `async def`"))
        wanted = None if expected is None else self.core("Coroutine", expected)
        return self.awaited(self.expression(node.value, wanted), node.span)

    def awaited(self, value: TExpr, span: Span) -> TExpr:
        kind = value.type
        if isinstance(kind, ErrorType | NeverType):
            return value
        if isinstance(kind, AnyType):
            return self.awaited(self.coerce(value, self.core("Coroutine", ANY)), span)
        above = relations.as_base(kind, self.program.core_class("Coroutine"))
        if above is not None:
            return Await(above.args[0], span, self.coerce(value, above))
        if isinstance(kind, ClassType):
            found = self.method(value, "__await__", CallSite(span))
            if found is not None:
                return self.awaited(found, span)
        problem = errors.NotAwaitable(self.source, span, found=str(kind))
        return self.error(problem.helped("only the call of an `async def` is awaited"))

    def _yield(self, node: tree.Yield, expected: Type | None) -> TExpr:
        span = node.span
        guide = None if self.gradual and isinstance(node.value, tree.Tuple) else self.yield_type
        value = self.none(span) if node.value is None else self.expression(node.value, guide)
        self.emit(Do(span, Yield(NONE, span, self.yielded(value, span))))
        return self.runtime_call("resume_yield" if expected is NONE else "sent_value", [self.own_frame(span)], span)

    def own_frame(self, span: Span) -> TExpr:
        """The frame of the generator that this is the body of."""
        return self.prim("current_frame", self.core("Frame"), span)

    def yielded(self, value: TExpr, span: Span) -> TExpr:
        if isinstance(value.type, ErrorType):
            return value  # as in `yield from` of itself: what else it yields says the type
        key = (self.task.instance.symbol, "yield")
        if self.yield_type is None:
            self.yield_type = self.program.resolved(self.program.hints.get(key, value.type))
        if self.gradual and not self.keeps_value(value.type, self.yield_type):
            self.widen(value.type, self.yield_type, span)
            wider = relations.join(self.yield_type, value.type)
            if wider is not None and wider != self.yield_type:
                self.yield_type = wider
                self.hint(key, wider, self.task, "what is yielded", span)
        return self.coerce(value, self.yield_type, "what is yielded")

    def _yield_from(self, node: tree.YieldFrom, expected: Type | None) -> TExpr:
        span = node.span
        value = self.expression(node.value)
        if not isinstance(value.type, ClassType) or value.type.decl is not self.program.core_class("Generator"):
            if self.has(value.type, "__next__") and any(
                self.has(value.type, name) for name in ("send", "throw", "close")
            ):
                what = "`yield from` an object with `send`, `throw` or `close`"
                return self.unsupported(node, what, "go through it: `for item in it: yield item`")
            name = self.str_const(f"{python_name(value.type)}_iterator", span)

            def each(item: TExpr) -> None:
                self.emit(Do(span, Yield(NONE, span, self.yielded(item, span))))
                self.emit(Do(span, self.runtime_call("resume_walk", [self.own_frame(span), name], span)))

            self.iterate(value, span, each)
            return self.none(span)
        inner = self.kept(value)
        more = self.temporary(self.core("bool"))
        self.emit(SetVar(span, more, self.need_method(inner, "__step__", [], span)))
        with self.block() as body:
            item = self.need_method(inner, "__current__", [], span)
            self.emit(Do(span, Yield(NONE, span, self.yielded(item, span))))
            self.emit(SetVar(span, more, self.need_method(inner, "forward", [self.own_frame(span)], span)))
        self.emit(TLoop(span, self.get(more, span), body, [], []))
        return self.none(span) if expected is NONE else self.need_method(inner, "result", [], span)

    def _misplaced(self, node: tree.Starred | tree.EllipsisLiteral, expected: Type | None) -> TExpr:
        return self.unsupported(node, *MISPLACED[type(node)])


def func_name(node: tree.Expr) -> str:
    return node.id if isinstance(node, tree.Name) else ""


_METHODS: dict[type[tree.Expr], str] = {
    **dict.fromkeys(tree.Literal.__subclasses__(), "_literal"),
    tree.EllipsisLiteral: "_misplaced", tree.JoinedStr: "_joined", tree.FormattedValue: "_formatted",
    tree.Name: "_name", tree.Attribute: "_attribute", tree.Subscript: "_subscript", tree.Call: "_call",
    tree.IfExp: "_conditional", tree.NamedExpr: "_walrus", tree.Await: "_await", tree.Yield: "_yield",
    tree.YieldFrom: "_yield_from", tree.Starred: "_misplaced", tree.Slice: "slice", tree.UnaryOp: "_unary",
    tree.BinOp: "_binary", tree.BoolOp: "_bool_op", tree.Compare: "_compare", tree.Tuple: "_tuple",
    tree.List: "_list_or_set", tree.Set: "_list_or_set", tree.Dict: "_dict", tree.ListComp: "_comprehension",
    tree.SetComp: "_comprehension", tree.DictComp: "_dict_comp", tree.GeneratorExp: "_generator",
    tree.Lambda: "_lambda", Ready: "_ready",
}  # fmt: skip

__all__ = ["Expressions", "FunctionType", "SetVar"]
