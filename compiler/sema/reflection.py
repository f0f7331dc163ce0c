"""Attributes by names that are found when the program runs: `getattr`, `setattr`, `hasattr`, `vars`, `__dict__`.

In: the calls. Out: the attribute itself where its name is written out; else a choice, by the name, between those that
the classes in question have. What is known of how the name is put together (`"visit_" + kind`) narrows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise

from ..rewrite.oldstyle import ANYTHING
from ..rewrite.quoted import quoted
from ..syntax import tree
from ..syntax.node import walk
from ..syntax.parts import bindings, blocks, targets
from ..syntax.source import Span
from . import relations
from .callsite import CallSite, words_of
from .declarations import (
    EXTRA,
    ClassDecl,
    FieldDecl,
    FunctionDecl,
    GlobalDecl,
    Member,
    ModuleDecl,
    OverloadDecl,
    PropertyDecl,
    SpecialForm,
    own_name,
)
from .dynamic import Dynamic
from .functions import Functions
from .members import Members
from .program import Program, Restart, Task
from .scopes import Scope
from .told import Told
from .typed import Const, Do, GetVar, TExpr, TIf
from .types import ANY, NEVER, NONE, AnyType, ClassType, ErrorType, FunctionType, TupleType, Type, UnionType
from .versions import declared
from .wording import is_ours, problem_of, python_name

DATA = (FieldDecl, GlobalDecl, PropertyDecl)
KEPT = "write `dict(vars(x))`, a copy of them"
READ = frozenset(("items", "keys", "values", "get", "copy"))
OPEN = ".*"
PUBLIC = r"(?!__\w+__$).*"
"""What a name that nothing is known of may be; those like `__add__` are written out somewhere."""


@dataclass(frozen=True, slots=True)
class Named:
    """The attribute of `whole` whose name is `word`, which fits `said`, among `names`; `default`: what there is
    without one."""

    whole: TExpr
    word: TExpr
    said: str
    names: dict[str, Member]
    default: tree.Expr | None = None

    @property
    def is_open(self) -> bool:
        """Is nothing known of the name, and are there methods of the library among them?"""
        return self.said.endswith(PUBLIC) and any(map(is_library, self.names.values()))

    @property
    def told(self) -> tuple[str, ...]:
        """The name, where it is known."""
        return (str(self.word.value),) if isinstance(self.word, Const) else ()


class Reflection(Told):
    def __init__(self, program: Program, task: Task, scope: Scope) -> None:
        super().__init__(program, task, scope)
        self.named_calls: dict[int, Named] = {}
        """By call: the method that is found by its name, which is called there."""

    def special_call(self, name: str, node: tree.Call, site: CallSite, explicit: tuple[Type, ...]) -> TExpr:
        span = site.span
        match name, node.args:
            case "getattr", (source, tree.StringLiteral(value=word, span=place)):
                return self.expression(tree.Attribute(span, source, word, place), site.expected)
            case "hasattr", (tree.Call(func=func) as source, tree.StringLiteral(value=word)) if self.static(
                func
            ) == SpecialForm("super"):
                return self.super_has(source, word)
            case "hasattr", (source, tree.StringLiteral(value=word)):
                value = self.expression(source)
                if not isinstance(value.type, UnionType):
                    return self.has_attribute(value, word, span)
                return self.by_member(value, lambda item: self.has_attribute(item, word, span), span)
            case "setattr", (source, tree.StringLiteral(value=word, span=place), value_node):
                self.assign(tree.Attribute(span, source, word, place), self.expression(value_node))
                return self.none(span)
            case "getattr", (source, said) if isinstance(module := self.static(source), ModuleDecl):
                return self.get_from_module(module, source, said, span)
            case (("hasattr" | "getattr" | "setattr"), (source, said, *rest)) if len(rest) < 2:
                with self.block() as made:
                    whole, name_of = self.kept(self.expression(source)), self.expression(said)
                    known = isinstance(name_of, Const)
                    if relations.conversion(name_of.type, self.core("str")) is None:
                        text = f"attribute name must be string, not '{python_name(name_of.type)}'"
                        return self.wrapped(made, self.thrown("TypeError", text, span))
                    name_of = name_of if known else self.kept(self.coerce(name_of, self.core("str")))
                    if (fits := self.pattern(said)) == OPEN:
                        fits = "|".join([*re.findall(r"""["'](__\w+__)["']""", self.source.text), PUBLIC])
                    names = self.names_of(whole.type, fits)
                    found = Named(whole, name_of, fits, names, rest[0] if rest else None)
                    if name == "hasattr":
                        result = self.has_named(found, span)
                    elif name == "setattr" and rest:
                        result = self.set_named(found, self.kept(self.expression(rest[0])), span)
                    else:
                        result = self.get_named(found, node)
                return self.wrapped(made, result)
            case "vars", (source,):
                return self.fields_of(source, node)
            case "globals", ():
                return self.defined_names(node)
            case "dir", (source,):
                return self.attribute_names(self.expression(source), node)
        return super().special_call(name, node, site, explicit)

    def _attribute(self, node: tree.Attribute, expected: Type | None) -> TExpr:
        if node.attr == "__dict__":
            return self.fields_of(node.value, node)
        return super()._attribute(node, expected)

    # --- which names ---------------------------------------------------------------------------------------------

    def pattern(self, node: tree.Expr) -> str:
        """A regular expression for what the text may be."""
        match node:
            case tree.StringLiteral(value=text):
                return re.escape(text)
            case tree.BinOp(op="+", left=left, right=right):
                return self.pattern(left) + self.pattern(right)
            case tree.JoinedStr(values=parts):
                return "".join(map(self.pattern, parts))
            case tree.IfExp(body=first, orelse=second):
                return f"(?:{self.pattern(first)}|{self.pattern(second)})"
            case tree.Name(id=name):
                given: list[str] = []
                for item in walk(self.decl.node):
                    match item:
                        case tree.Assign(targets=(tree.Name(id=found),), value=value) if found == name:
                            given.append(self.pattern(value))
                        case (
                            tree.For(target=tree.Name(id=found), iter=tree.Tuple(elts=values) | tree.List(elts=values))
                            | tree.Comprehension(
                                target=tree.Name(id=found), iter=tree.Tuple(elts=values) | tree.List(elts=values)
                            )
                        ) if found == name:
                            given.append("|".join(map(self.pattern, values)))
                times = sum(found == name for found in bindings(self.decl.node))
                return f"(?:{'|'.join(given)})" if given and len(given) == times else OPEN
            case tree.Call(func=tree.Attribute(value=value, attr="lower" | "upper"), args=()):
                return f"(?i:{self.pattern(value)})"
            case (
                tree.Attribute(value=tree.Call(func=tree.Name(id="type"), args=(value,)), attr="__name__")
                | tree.Attribute(value=tree.Attribute(value=value, attr="__class__"), attr="__name__")
            ):
                with self.block():
                    whole, complaints = self.tried(lambda: self.type_of(self.expression(value), value.span))
                if complaints or whole is None or not isinstance(whole.type, ClassType) or whole.type.args == (ANY,):
                    return OPEN
                return f"(?:{'|'.join(python_name(kind) for kind in self.classes_of(whole))})"
            case _:
                return OPEN

    def names_of(self, kind: Type, said: str) -> dict[str, Member]:
        """The attributes that a value may have, of its class, those above and those below, whose names fit."""
        found: dict[str, Member] = {}
        patterns = re.compile(said), re.compile(said.replace(PUBLIC, "(?!_).*"))
        for item in relations.members_of(kind):
            whole = self.core("tuple_of", ANY) if type(item) is TupleType else item
            of_class = relations.is_class(whole)
            below: Iterable[ClassType] = ()
            if isinstance(whole, AnyType):
                below = [ClassType(symbol) for symbol in declared(self.module) if isinstance(symbol, ClassDecl)]
            elif isinstance(whole, ClassType):
                self.program.consult(whole.decl, "")
                below = self.classes_below(whole.args[0] if of_class else whole)
            for one in (above for whole in below for above in relations.ancestors(whole)):
                library = one.decl.module.library
                self.program.members.complete(one.decl)
                for name, member in one.decl.members.items():
                    inner = library and (of_class or is_ours(one, name))
                    if name.isidentifier() and patterns[library].fullmatch(name) and not inner:
                        found.setdefault(name, member)
        return found

    def uses(self, node: tree.Call) -> tuple[list[tree.Node], bool]:
        """The calls of what `getattr` gives, there or by the only name that it is given; and whether it has other
        uses than these and tests."""
        calls, names, tests = list[tree.Node](), list[str](), list[tree.Expr]()
        inside = list(walk(self.decl.node))
        for item in inside:
            match item:
                case tree.Call(func=func) if func is node:
                    return [item], False
                case tree.Assign(targets=(tree.Name(id=name),), value=value) if value is node:
                    names.append(name)
                case tree.NamedExpr(target=tree.Name(id=name), value=value) if value is node:
                    names.append(name)
        for item in inside:
            match item:
                case tree.Call(func=tree.Name(id=name)) if name in names:
                    calls.append(item)
                    tests.append(item.func)
                case tree.Call(func=tree.Name(id="callable"), args=(one,)):
                    tests.append(one)
                case tree.If(test=one) | tree.IfExp(test=one) | tree.UnaryOp(op="not", operand=one):
                    tests.append(one)
                case tree.Compare(left=one, ops=("is" | "is not",)):
                    tests.append(one)
                case tree.BoolOp(values=several):
                    tests += several
                case tree.Assign(targets=(target,), value=value) if value is node:
                    tests.append(target)
                case tree.NamedExpr(target=target, value=value) if value is node:
                    tests.append(target)
        known = set(map(id, tests))
        if not names:
            return [], id(node) not in known
        if len(names) != 1 or sum(name == names[0] for name in bindings(self.decl.node)) != 1:
            return [], True
        others = (item for item in inside if isinstance(item, tree.Name) and item.id == names[0])
        return calls, any(id(item) not in known for item in others)

    # --- what is done with one of them ---------------------------------------------------------------------------

    def has_named(self, found: Named, span: Span) -> TExpr:
        if isinstance(found.whole.type, AnyType):
            return self.any_named("hasattr", found, Reflection.has_named, self.core("bool"), span)
        spelled = re.findall(r"\b[^\W\d]\w+", found.said.replace(PUBLIC, ""))
        names = found.told or dict.fromkeys((*found.names, *dir(object), *spelled))
        branches = [
            (name, self.apart(partial(self.by_member, found.whole, partial(self.has_one, name), span)))
            for name in names
        ]
        return by_name(self, found.word, [*branches, ("", self.bool_const(False, span))], span)

    def has_one(self, name: str, item: TExpr) -> TExpr:
        return self.has_attribute(item, name, item.span)

    def any_named(
        self, what: str, found: Named, act: Callable[[Reflection, Named, Span], TExpr], result: Type, span: Span
    ) -> TExpr:
        """`what` of the attribute of an `Any`: among those of whatever is in it."""

        def of(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr:
            assert isinstance(checker, Reflection)
            names = checker.names_of(item.type, found.said)
            return act(checker, Named(item, others[0], found.said, names), span)

        problem = partial(problem_of, "...")
        return self.any_call(f"{what} {found.said}", [found.whole, found.word], result, of, problem, span)

    def get_named(self, found: Named, node: tree.Call) -> TExpr:
        """`getattr(x, name, other)`. Methods that are called are called where that stands (`call_named`): what is
        given here only tells that there is one. Others are one function value, which calls the one of that name."""
        span, word, default = node.span, found.word, found.default
        if isinstance(found.whole.type, AnyType) and not found.told:
            get = partial(self.any_named, "getattr", found, Reflection.held_named, ANY, span)
            return get() if default is None else self.rescued(
                get, lambda: self.as_any(self.expression(default)), "AttributeError", span
            )  # fmt: skip
        methods = {name for name, member in found.names.items() if not isinstance(member, DATA)}
        calls, escapes = self.uses(node) if methods and not found.told else ([], True)
        named: TExpr | None = None
        if methods and not found.told and not escapes:
            held = [self.stored(value) for value in (found.whole, word)]
            whole, word = (GetVar(var.type, span, var) for var in held)
            found = replace(found, whole=whole, word=word)
            self.named_calls.update((id(call), found) for call in calls)
            named = self.adapted(span, FunctionType((), NONE), lambda body, args: body.none(span), "getattr")
        elif (calls or len(methods) == len(found.names)) and not found.is_open:
            named = self.method_named(found, sorted(methods), span) if methods else None
        named = None if named is None else self.kept(named)
        other = None
        if default is not None and named is not None and not escapes:
            with self.block():
                is_none = self.expression(default).type == NONE
            other = self.none(span) if is_none else named
        elif default is not None:
            other = self.kept(self.expression(default))
        return self.held_named(found, span, named, methods, other)

    def held_named(
        self, found: Named, span: Span, named: TExpr | None = None, stands: Collection[str] = (),
        other: TExpr | None = None,
    ) -> TExpr:  # fmt: skip
        """The attribute, or `named` where that stands for it; methods take whatever they are given."""
        self.program.loose.add((self.task.instance.symbol, span.start, "method"))
        branches: list[tuple[str, TExpr]] = []
        for name in found.told or found.names:
            read = partial(self.read_one, found.whole, name, named if name in stands else None, other, span)
            branches.append((name, self.as_far_as_known(found, name, read, span)))
        missing = self.apart(lambda: self.missing(found.whole, found.word, span, other))
        return by_name(self, found.word, [*branches, ("", missing)], span)

    def as_far_as_known(self, found: Named, name: str, make: Callable[[], TExpr], span: Span) -> TExpr:
        """What `make` makes of one of many attributes. One of the library raises TypeError where something is wrong
        with it, as the name may never be asked for, and where it stands nowhere in the program: there are many."""
        if not found.is_open and not is_library(found.names.get(name)):
            return self.apart(make)
        text = f"'{name}' is found by its name, which stands nowhere in the program: write it out"
        if found.is_open and not self.program.mentions(name):
            return self.thrown("TypeError", text, span)
        text = f"'{name}', which is found by its name here, does not take this"
        return self.possible(make, None) or self.thrown("TypeError", text, span)

    def read_one(self, whole: TExpr, name: str, method: TExpr | None, other: TExpr | None, span: Span) -> TExpr:
        def found(item: TExpr) -> TExpr:
            one = self.as_having(item, name)
            return method or self.by_member(one, lambda part: self.attribute(part, name, span, span), span)

        return self.if_there(whole, name, found, lambda: other, span)

    def get_from_module(self, module: ModuleDecl, source: tree.Expr, said: tree.Expr, span: Span) -> TExpr:
        """`getattr(module, name)`: what is under a name that stands in the program, of the library; of a module of the
        program, whatever it has."""

        def read(name: str) -> TExpr:
            return self.as_any(self.expression(tree.Attribute(span, source, name, span)))

        def missing() -> TExpr:
            if module.library:
                text = "this name of something in a module stands nowhere in the program: write it out"
                return self.thrown("TypeError", text, span)
            before = self.str_const(f"module '{module.name}' has no attribute '", span)
            self.throw("AttributeError", self.concatenated([before, word, self.str_const("'", span)], span), span)
            return Const(NEVER, span, None)

        with self.block() as made:
            word = self.kept(self.coerce(self.expression(said), self.core("str")))
            names = [name for name in module.names if not module.library or self.program.mentions(name)]
            branches = [(name, self.apart(partial(read, name))) for name in names if name[0] != "_"]
            result = by_name(self, word, [*branches, ("", self.apart(missing))], span)
        return self.wrapped(made, result)

    def if_there(
        self, whole: TExpr, name: str, act: Callable[[TExpr], TExpr], otherwise: Callable[[], TExpr | None], span: Span
    ) -> TExpr:
        """`act` with a value that has the attribute; else what `otherwise` gives, or AttributeError."""

        def choose(item: TExpr) -> TExpr:
            absent = partial(self.apart, lambda: otherwise() or self.missing(item, self.str_const(name, span), span))
            if isinstance(item.type, ClassType) and self.lookup(item.type, name) is None and self.able(item.type, name):
                return self.rescued(lambda: act(item), absent, "AttributeError", span)  # its `__getattr__` is asked
            if isinstance(item.type, AnyType):
                return self.rescued(lambda: act(item), absent, "AttributeError", span)
            has = self.has_one(name, item)
            if isinstance(has, Const):
                return act(item) if has.value else absent()
            return self.chosen(has, self.apart(lambda: act(item)), absent(), span)

        return choose(whole) if whole.type is ANY else self.by_member(whole, choose, span)

    def as_having(self, item: TExpr, name: str) -> TExpr:
        """`item`, which has the attribute, as one of the classes that have it."""
        kind = item.type
        if not isinstance(kind, ClassType) or relations.is_class(kind) or self.lookup(kind, name) is not None:
            return item
        below = self.classes_with(kind.decl, name)
        for one in below:
            self.program.layout(one)
        return self.narrowed(item, relations.union(below)) if below else item

    def put_in_dict(self, source: tree.Expr, said: tree.Expr, value: TExpr, span: Span) -> None:
        """`x.__dict__[name] = value`."""
        stored = self.kept(value)
        whole, word = self.kept(self.expression(source)), self.kept(self.expression(said, self.core("str")))
        self.set_in_dict(whole, word, self.pattern(said), stored, span)

    def set_in_dict(self, whole: TExpr, word: TExpr, said: str, value: TExpr, span: Span) -> None:
        """`whole.__dict__[word] = value`: not by a property, and whatever `__setattr__` there is."""
        names = self.names_of(whole.type, said)
        names = {name: member for name, member in names.items() if isinstance(member, FieldDecl)}
        self.emit(Do(span, self.set_named(Named(whole, word, said, names), value, span)))

    def update_dict(self, source: tree.Expr, node: tree.Call) -> TExpr:
        span = node.span
        with self.block() as made:
            whole = self.kept(self.expression(source))

            def each(pair: TExpr) -> None:
                if not isinstance(pair.type, TupleType):
                    self.bad(span)
                    return
                word, value = map(self.kept, self.tuple_items(self.kept(pair)))
                self.set_in_dict(whole, word, OPEN, value, span)

            for given in node.args:
                self.iterate(self.need_method(self.expression(given), "items", [], span), span, each)
            for item in node.keywords:
                if item.arg is None:
                    self.iterate(self.need_method(self.expression(item.value), "items", [], span), span, each)
                else:
                    value = self.kept(self.expression(item.value))
                    self.set_in_dict(whole, self.str_const(item.arg, span), re.escape(item.arg), value, span)
        return self.wrapped(made, self.none(span))

    def _call(self, node: tree.Call, expected: Type | None) -> TExpr:
        match node.func:
            case tree.Attribute(value=tree.Attribute(value=source, attr="__dict__"), attr="update"):
                return self.update_dict(source, node)
            case tree.Attribute(value=tree.Call(func=tree.Name(id="vars"), args=(source,)), attr="update"):
                return self.update_dict(source, node)
        if isinstance(node.func, tree.Call) and id(node) not in self.named_calls:
            with self.block() as made:
                callee = self.kept(self.expression(node.func))
                if id(node) not in self.named_calls:
                    site = CallSite(node.span, node.args, words_of(node.keywords))
                    return self.wrapped(made, self.call_value(callee, site))
                return self.wrapped(made, self.call_named(node, self.named_calls[id(node)]))
        found = self.named_calls.get(id(node))
        return super()._call(node, expected) if found is None else self.call_named(node, found)

    def call_named(self, node: tree.Call, found: Named) -> TExpr:
        """The call of the method that `getattr` found by its name, or of what it was given for none."""
        span, default = node.span, found.default

        def otherwise() -> TExpr | None:
            match default:
                case None:
                    return None
                case tree.NoneLiteral():
                    return self.thrown("TypeError", "'NoneType' object is not callable", span)
                case _:
                    return self.expression(tree.Call(span, default, node.args, node.keywords))

        def one(name: str) -> TExpr:
            made = self.if_there(found.whole, name, partial(self.call_one, name, site), otherwise, span)
            return self.as_any(made) if found.is_open else made

        with self.block() as made:
            site = CallSite(span, self.once(node.args), words_of(node.keywords))
            branches = [(name, self.as_far_as_known(found, name, partial(one, name), span)) for name in found.names]
            last = self.apart(lambda: otherwise() or self.missing(found.whole, found.word, span))
            result = by_name(self, found.word, [*branches, ("", last)], span)
        return self.wrapped(made, result)

    def call_one(self, name: str, site: CallSite, item: TExpr) -> TExpr:
        """`item.name(...)`. In annotated code the method is of type Any: it tests for what it wants."""
        one = self.as_having(item, name)

        def act(part: TExpr) -> TExpr:
            made = self.method(part, name, given)
            return self.no_method(part.type, name, span) if made is None else made

        given, span = site, site.span
        made, complaints = self.tried(lambda: self.by_member(one, act, span))
        if complaints and not site.is_starred:
            given = site.with_args([self.as_any(self.argument(arg, None)) for arg in site.args])
            made, others = self.tried(lambda: self.by_member(one, act, span))
            complaints = complaints if others else []
        raised = complaints[0].raising if complaints else ()
        self.task.diagnostics.extend(() if raised else complaints)
        return self.thrown(*raised, span) if raised else self.bad(span) if made is None else made

    def method_named(self, found: Named, methods: list[str], span: Span) -> TExpr:
        held = [self.stored(value) for value in (found.whole, found.word)]

        def call(body: Functions, site: CallSite) -> TExpr:
            for var in held:
                body.capture(self, var)
            assert isinstance(body, Reflection)
            whole, word = (GetVar(var.type, span, var) for var in held)

            def one(name: str) -> TExpr:
                return body.if_there(whole, name, partial(body.call_one, name, site), lambda: None, span)

            branches = [(name, body.apart(partial(one, name))) for name in methods]
            return by_name(body, word, branches, span)

        return self.function_of(call, None, "getattr", span)

    def set_named(self, found: Named, value: TExpr, span: Span) -> TExpr:
        def act(name: str, item: TExpr) -> TExpr:
            _, complaints = self.tried(lambda: self.set_attribute(item, name, value, span, span))
            if complaints and complaints[0].raising:
                self.emit(Do(span, self.thrown(*complaints[0].raising, span)))
            elif complaints:
                self.set_attribute(item, name, self.as_any(value), span, span)
            return self.none(span)

        def one(name: str) -> TExpr:
            return self.by_member(found.whole, lambda item: act(name, self.as_having(item, name)), span)

        able = [name for name, member in found.names.items() if isinstance(member, DATA)]
        branches = [(name, self.apart(partial(one, name))) for name in able]
        last = self.apart(lambda: self.by_member(found.whole, partial(self.set_extra, found.word, value, span), span))
        return by_name(self, found.word, [*branches, ("", last)], span)

    def set_extra(self, word: TExpr, value: TExpr, span: Span, item: TExpr) -> TExpr:
        """An attribute that nothing names: the object keeps it in a dict."""
        kind, members = item.type, self.program.members
        own = isinstance(kind, ClassType) and not (kind.decl.module.library or kind.decl.is_enum or kind.decl.dataclass)
        if not isinstance(kind, ClassType) or not own or members.fixed_attributes(kind.decl, ""):
            return self.missing_at_all(item, word, span)
        if not self.has_extra(kind):
            (empty,) = quoted("dict[str, anything]()", kind.decl.span, anything=ANYTHING)
            assert isinstance(empty, tree.ExprStmt) and isinstance(empty.value, tree.Call)
            for name, member in list(kind.decl.members.items()):
                if isinstance(member, FieldDecl) and member.outside:
                    del kind.decl.members[name]
            kind.decl.members[EXTRA] = FieldDecl(EXTRA, kind.decl.span, empty.value.func, empty.value, False)
            raise Restart(None)
        self.put(self.attribute(item, EXTRA, span, span), word, self.as_any(value), span)
        return self.none(span)

    def missing(self, whole: TExpr, word: TExpr, span: Span, other: TExpr | None = None) -> TExpr:
        """One of the attributes that only the running program knows, or what `__getattr__` gives; else `other`, or what
        CPython raises for an attribute that is not there."""
        if isinstance(whole.type, UnionType) and any(map(self.has_extra, whole.type.members)):
            return self.by_member(whole, lambda item: self.missing(item, word, span, other), span)
        if self.has_extra(whole.type):
            extra = self.kept(self.attribute(whole, EXTRA, span, span))
            found = self.apart(lambda: self.need_method(extra, "__getitem__", [word], span))
            absent = other or self.apart(lambda: self.missing_at_all(whole, word, span))
            return self.chosen(self.compare(word, "in", extra, span), found, absent, span)
        return other or self.missing_at_all(whole, word, span)

    def has_extra(self, kind: Type) -> bool:
        return isinstance(kind, ClassType) and self.lookup(kind, EXTRA) is not None

    def missing_at_all(self, whole: TExpr, word: TExpr, span: Span) -> TExpr:
        if isinstance(whole.type, ClassType) and self.lookup(whole.type, "__getattr__") is not None:
            return self.apart(lambda: self.need_method(whole, "__getattr__", [word], span))

        def fail() -> TExpr:
            parts = [
                self.str_const("'", span),
                self.type_name(whole, span),
                self.str_const("' object has no attribute '", span),
            ]
            self.throw("AttributeError", self.concatenated([*parts, word, self.str_const("'", span)], span), span)
            return Const(NEVER, span, None)

        return self.apart(fail)

    # --- all of them ---------------------------------------------------------------------------------------------

    def fields_of(self, source: tree.Expr, node: tree.Expr) -> TExpr:
        """`vars(x)`: a dict of the fields, in the order in which `__init__` sets them."""
        span = node.span
        if not self.is_looked_at(node):
            return self.unsupported(span, "the dict of an object's attributes, kept or changed,", KEPT)

        def taken(item: TExpr) -> TExpr:
            kind = item.type
            if not isinstance(kind, ClassType) or kind.decl.module.library or relations.is_class(kind):
                return self.unsupported(span, f"`vars` of a `{kind}`", "name the attributes")
            below = self.classes_below(kind)
            for one in below:
                self.program.layout(one)
            branches = [(one, self.apart(partial(self.fields_in, item, one, span))) for one in reversed(below)]
            joined = self.joined([made.type for _, made in branches], span)
            made = self.by_tests(branches, lambda one: self.is_a(item, (one,), span), joined, span)
            return self.bad(span) if made is None else made

        return self.by_member(self.kept(self.expression(source)), taken, span)

    def fields_in(self, item: TExpr, kind: ClassType, span: Span) -> TExpr:
        names = setting_order(self.program.members, kind.decl)
        later = [] if names is None else [name for name, sure in names.items() if not sure]
        if names is None or len(later) > 1 - self.has_extra(kind) or later != [*names][len(names) - len(later) :]:
            what = f"the attributes of `{kind}`, which may be set in another order or not at all, as a dict,"
            return self.unsupported(span, what, "set all of them in `__init__`, or name them")
        whole, text = self.narrowed(item, kind), self.core("str")
        with self.block() as made:
            values = [self.kept(self.attribute(whole, name, span, span)) for name, sure in names.items() if sure]
            with self.block() as more:
                values += [self.attribute(whole, name, span, span) for name in later]
            kinds = {value.type for value in values}
            inner = kinds.pop() if len(kinds) == 1 else relations.union(kinds) if self.gradual and kinds else ANY
            pairs = [(self.str_const(name, span), value) for name, value in zip(names, values, strict=True)]
            inner = ANY if self.has_extra(kind) else inner
            result = self.kept(self.dict_of(pairs[: len(pairs) - len(later)], (text, inner), span))
            if self.has_extra(kind):
                self.emit(
                    Do(span, self.need_method(result, "update", [self.attribute(whole, EXTRA, span, span)], span))
                )
            for name in later:
                with self.block() as put:
                    self.put(result, pairs[-1][0], self.coerce(values[-1], inner), span)
                has = self.attribute(whole, own_name(name, "set"), span, span)
                self.emit(TIf(span, has, [*more, *put], []))
        return self.wrapped(made, result)

    def is_looked_at(self, node: tree.Expr) -> bool:
        """Is the dict read where it is made, so that nobody sees whether it is the object's own?"""
        for item in walk(self.decl.node):
            match item:
                case tree.Attribute(value=value, attr=name) if value is node:
                    return name in READ
                case tree.Call(func=func, args=args) if any(arg is node for arg in args):
                    entity = self.static(func)
                    known = entity.forms[0] if isinstance(entity, FunctionDecl | OverloadDecl) else entity
                    module = getattr(known, "module", None)
                    return module.library if module is not None else isinstance(known, SpecialForm | ClassType)
                case tree.AugAssign(target=tree.Subscript(value=value)) if value is node:
                    return False
                case tree.Delete(targets=several) | tree.Assign(targets=several) if any(
                    getattr(part, "value", None) is node for part in several
                ):
                    return False
                case tree.Subscript(value=value) if value is node:
                    return True
                case (
                    tree.FormattedValue(value=value) | tree.For(iter=value) | tree.Comprehension(iter=value)
                    | tree.Keyword(arg=None, value=value)
                ) if value is node:  # fmt: skip
                    return True
                case tree.Compare(left=left, comparators=rest) if any(part is node for part in (left, *rest)):
                    return True
                case tree.Dict(values=values) if any(part is node for part in values):
                    return any(part is node and key is None for key, part in zip(item.keys, values, strict=True))
        return False


def is_library(member: Member | None) -> bool:
    return isinstance(member, FunctionDecl | OverloadDecl) and member.forms[0].module.library


def by_name(body: Functions, word: TExpr, branches: list[tuple[str, TExpr]], span: Span) -> TExpr:
    """The value of the branch whose name `word` is; the last one's if none is."""
    if isinstance(word, Const):
        return next((value for name, value in branches if name == word.value), branches[-1][1])
    joined = body.joined([value.type for _, value in branches], span)
    if isinstance(joined, UnionType | ErrorType) and not body.gradual:
        joined = ANY

    def test(name: str) -> TExpr:
        return body.compare(word, "==", body.str_const(name, span), span)

    made = body.by_tests(branches, test, joined, span)
    return body.bad(span) if made is None else made


def setting_order(members: Members, decl: ClassDecl) -> dict[str, bool] | None:
    """The fields of an object in the order in which `__init__` sets them, then others; with whether it surely has them.
    None where it has others than these."""
    names: dict[str, bool] = {}
    described: list[int] = []
    seen: set[int] = set()

    def follow(member: Member | None) -> None:
        for form in (member,) if isinstance(member, FunctionDecl) else ():
            arguments = form.node.args.plain
            if id(form) not in seen and arguments and isinstance(form.node, tree.FunctionDef):
                seen.add(id(form))
                visit(form.node.body, arguments[0].arg, form.owner)

    def visit(body: Iterable[tree.Stmt], me: str, owner: ClassDecl | None) -> None:
        for node in body:
            inner = blocks(node)
            for item in () if inner else walk(node):
                match item:
                    case tree.Call(func=tree.Attribute(value=tree.Name(id=found), attr=name)) if found == me:
                        follow(members.find_member(decl, name))
                    case tree.Call(func=tree.Attribute(value=tree.Call() | tree.Name(), attr="__init__")):
                        if owner is not None and owner.base is not None:
                            follow(members.find_member(owner.base.decl, "__init__"))
            for target in targets(node):
                match target:
                    case tree.Attribute(value=tree.Name(id=found), attr=name) if found == me:
                        member = members.find_member(decl, name)
                        if isinstance(member, PropertyDecl):
                            follow(member.setter)
                        elif isinstance(member, GlobalDecl) and not member.shadowed:
                            described.append(len(names))
                        else:
                            names.setdefault(name, not (isinstance(member, FieldDecl) and member.unsure))
            ways = [set_in(block, me) for block in inner]
            for first, second in pairwise(way for way in ways if way):
                if [name for name in first if name in second] != [name for name in second if name in first]:
                    described.append(-1)  # it depends on the way that is taken
            for block in inner:
                visit(block, me, owner)

    follow(members.find_member(decl, "__init__"))
    if described and described[0] < len(names):
        return None
    for above in reversed([*relations.ancestors(ClassType(decl, decl.type_params))]):
        for name, member in above.decl.members.items():
            if name == EXTRA and not names_first(members.find_member(decl, "__init__")):
                return None
            if isinstance(member, FieldDecl) and name not in names and not name.endswith((" (set)", " (own)", EXTRA)):
                if not name.isidentifier() or not member.unsure:
                    return None
                names[name] = False
            elif isinstance(member, GlobalDecl) and member.shadowed:
                names.setdefault(name, False)
    return None if decl.is_named_tuple or decl.is_enum or decl.slotted else names


def set_in(body: Iterable[tree.Stmt], me: str) -> list[str]:
    """The attributes of `me` that statements set, in the order in which they stand."""
    found = [
        target.attr
        for node in body for item in walk(node) if isinstance(item, tree.Stmt) for target in targets(item)
        if isinstance(target, tree.Attribute) and isinstance(target.value, tree.Name) and target.value.id == me
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def names_first(init: Member | None) -> bool:
    """Does it set the attributes that it names before it sets others?"""
    places: tuple[list[int], list[int]] = [], []
    for item in walk(init.node) if isinstance(init, FunctionDecl) else ():
        match item:
            case tree.Call(func=tree.Name(id="setattr")) | tree.Attribute(attr="__dict__"):
                places[1].append(item.span.start)
            case tree.Assign() | tree.AnnAssign() if any(isinstance(part, tree.Attribute) for part in targets(item)):
                places[0].append(item.span.start)
    return not places[0] or not places[1] or max(places[0]) < min(places[1])


__all__ = ["Reflection"]
