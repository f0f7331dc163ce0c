"""Calls of functions and methods: which one is meant, overloads and virtual methods."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from functools import partial

from ..diag import Diagnostic
from ..syntax import tree
from ..syntax.parts import is_literal
from ..syntax.source import Span
from . import errors, relations
from .absent import explain_attribute
from .arguments import Arguments, extra_names
from .body import FACTS
from .callsite import MAPPING, Arg, CallSite
from .declarations import (
    EXTRA,
    ClassDecl,
    FunctionDecl,
    GlobalDecl,
    Member,
    OverloadDecl,
    Parameter,
    PropertyDecl,
    Signature,
)
from .program import Restart, Task
from .records import init_fields, record_fields
from .typed import Call, CallVirtual, Const, Do, IsInstance, TExpr
from .types import (
    ANY,
    ERROR,
    NEVER,
    NONE,
    AnyType,
    BundleType,
    ClassType,
    ErrorType,
    FunctionType,
    InferType,
    LambdaType,
    NeverType,
    NoneType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
)
from .wording import PROBLEMS, problem_if_known, problem_of, python_name

DUNDER_WORDS = {
    "__len__": "`{0}` has no len()", "__iter__": "`{0}` cannot be iterated over", "__hash__": "`{0}` cannot be hashed",
    "<unpack>": "`{0}` cannot be iterated over",
    "__getitem__": "`{0}` cannot be subscripted", "__setitem__": "items of `{0}` cannot be assigned",
    "__delitem__": "items of `{0}` cannot be deleted", "__contains__": "`in` does not work on `{0}`",
    "__getslice__": "`{0}` cannot be sliced", "__setslice__": "slices of `{0}` cannot be assigned",
    "__delslice__": "slices of `{0}` cannot be deleted", "__enter__": "`{0}` cannot be used in `with`",
    "__exit__": "`{0}` cannot be used in `with`", "__aenter__": "`{0}` cannot be used in `async with`",
    "__aexit__": "`{0}` cannot be used in `async with`", "__aiter__": "`{0}` cannot be iterated over by `async for`",
    "__int__": "`{0}` cannot be made an int", "__float__": "`{0}` cannot be made a float",
    "__neg__": "`-` does not work on `{0}`",
    "__invert__": "`~` does not work on `{0}`", "__pos__": "unary `+` does not work on `{0}`",
    "__abs__": "abs() does not work on `{0}`", "__round__": "round() does not work on `{0}`",
    "__floor__": "floor() does not work on `{0}`", "__ceil__": "ceil() does not work on `{0}`",
    "__trunc__": "trunc() does not work on `{0}`",
    "__await__": "`{0}` cannot be awaited", "__pack__": "`{0}` cannot leave the program",
    "__lt__": "`{0}` cannot be ordered",
    "__unpack__": "`{0}` cannot come into the program", "__add__": "`{0}` cannot be added",
    "__format__": "`{0}` cannot be formatted", "__step__": "`{0}` cannot be iterated over",
}  # fmt: skip


NESTED = 8
"""How many calls of one function, each with other types, may lead to one another."""
FRESH = frozenset(("split", "rsplit", "splitlines", "findall", "groupdict", "sorted"))
"""Functions of the library that make a list or dict of texts, or of values that know no place where they were put."""
WAIT = "wait for it first: `await ...`"


class Calls(Arguments):
    # --- methods -------------------------------------------------------------------------------------------------

    def need_method(
        self, receiver: TExpr, name: str, args: Sequence[Arg], span: Span, expected: Type | None = None
    ) -> TExpr:
        """`receiver.name(args)`; the complaint, when the class has no such method, is in the user's words."""
        found = self.method(receiver, name, CallSite(span, args, (), expected))
        return self.no_method(receiver.type, name, span) if found is None else found

    def no_method(self, kind: Type, name: str, span: Span) -> TExpr:
        if isinstance(kind, InferType):
            return self.error(errors.UnknownType(self.source, span, what="this value"))
        words = DUNDER_WORDS.get(name)
        if relations.has_none(kind):
            operation = words.format(kind) if words else f"`{name}` is not defined for None"
            return self.may_be_none(operation, kind, span, raising=problem_of(name, NONE) if kind == NONE else ())
        if words is not None:
            missing = errors.MissingOperation(self.source, span, message_text=words.format(kind))
            if name in PROBLEMS:
                missing = missing.raised(*problem_of(name, kind))
            return self.error(self.other_operation(missing, kind, name))
        problem = errors.NoAttribute(self.source, span, type_name=str(kind), attribute=name)
        problem = problem.changed(raising=problem_if_known(name, kind))
        if isinstance(kind, ClassType) and kind.decl is self.program.core_class("Coroutine"):
            return self.error(problem.helped(WAIT))
        if isinstance(kind, FunctionType | LambdaType | BundleType):
            way_out = "a function holds no values: keep them in a variable (`nonlocal`), or in a class with `__call__`"
            return self.error(problem.helped(way_out))
        return self.error(explain_attribute(problem, name, self.member_names(kind), self.has(kind, "__len__")))

    def other_operation(self, problem: Diagnostic, kind: Type, name: str) -> Diagnostic:
        """What does what was wanted, where something does."""
        text = problem.source.text[problem.span.start : problem.span.end]
        match name:
            case _ if isinstance(kind, ClassType) and kind.decl is self.program.core_class("Coroutine"):
                return problem.helped(WAIT)
            case _ if isinstance(kind, FunctionType | LambdaType):
                return problem.helped("it is a function: call it first, with parentheses")
            case "__iter__" if self.is_int(kind) and text.isalnum():
                return problem.replacing(f"`range({text})` counts to it", f"range({text})")
            case "__aenter__" if self.has(kind, "__enter__"):
                return problem.helped("nothing has to be awaited: write `with`")
            case "__hash__" if str(kind).startswith("list["):
                return problem.helped("tuples can be hashed: `tuple(x)`")
            case "__hash__" if isinstance(kind, ClassType) and not kind.decl.module.library:
                return problem.helped("a class with `__eq__` needs `__hash__`; `@dataclass(frozen=True)` gives both")
            case "__getitem__" if isinstance(kind, ClassType) and self.element_type(Const(kind, problem.span, None)):
                return problem.helped("it has no order to count in: `list(x)` makes a list of it")
            case _:
                return problem

    def member_names(self, kind: Type) -> list[str]:
        if not isinstance(kind, ClassType):
            return []
        return [name for above in relations.ancestors(kind) for name in above.decl.members if not name.startswith("_")]

    def method(self, receiver: TExpr, name: str, site: CallSite) -> TExpr | None:
        span = site.span
        if name == "__class__":
            return self.call_value(self.type_of(receiver, span), site)
        receiver = self.having(receiver, name, span)
        kind = receiver.type
        if relations.is_class(kind):
            made = self.class_method(receiver, name, site)
            if made is not None:
                return made
        if isinstance(kind, ClassType):
            found = self.lookup(kind, name)
            if name == "__hash__" and found is not None and self.lost_hash(kind):
                return None
            if found is None and kind.decl.is_named_tuple and name in ("_replace", "_asdict"):
                return self.named_tuple_method(receiver, name, site)
            if found is None and kind.decl.is_named_tuple:
                return self.method(self.as_tuple(receiver), name, site)
            if found is None and kind.decl.plain is not None:
                return self.method(self.as_plain(receiver), name, site)
            counted = found is None and name == "__iter__" and not kind.decl.module.library
            if counted and self.lookup(kind, "__getitem__"):
                return self.method(receiver, self.program.members.walk_of(kind.decl), site)
            if found is None:
                holds = relations.is_loose(kind) or self.lookup(kind, "__getattr__") is not None
                if holds and (name in FACTS or not name.startswith("__")):
                    return self.call_value(self.attribute(receiver, name, span, span), site)
                if self.is_bool(kind):
                    return self.method(self.coerce(receiver, self.core("int"), becomes=True), name, site)
                return self.copy_of(receiver, name, span)
            if (
                name == "__str__"
                and found[0].decl.name == "object"
                and found[0].decl.module.core
                and kind.decl.name != "object"
            ):
                member = found[1]
                if isinstance(member, FunctionDecl) and not self.overridden(kind.decl, member):
                    name = "__repr__"  # what it does, without asking every class of the program
                    found = self.lookup(kind, name) or found
            return self.call_member(receiver, *found, site)
        if isinstance(kind, NeverType):
            return receiver
        if isinstance(kind, ErrorType):
            for arg in site.values:
                self.argument(arg, None)
            return self.bad(span)
        if relations.is_function(kind) and self.may_hold(name):
            return self.call_value(self.attribute(receiver, name, span, span), site)
        return self.structural_method(receiver, name, site) or self.copy_of(receiver, name, span)

    def copy_of(self, value: TExpr, name: str, span: Span) -> TExpr | None:
        """`__copy__` and `__deepcopy__` of what does not define them."""
        kind = value.type
        if name == "__copy__":
            own = isinstance(kind, ClassType) and not kind.decl.module.library and not kind.decl.is_enum
            fixed = isinstance(kind, NoneType | FunctionType | TupleType | ClassType)
            if isinstance(kind, ClassType) and kind.decl.module.library:
                fixed = relations.is_value(kind) or kind.decl.name in ("str", "bytes", "tuple_of", "frozenset")
            if own and isinstance(kind, ClassType) and any(self.lookup(one, EXTRA) for one in self.classes_below(kind)):
                return self.copied_with_extra(value, kind, span)
            return self.runtime_call("shallow_copied", [value], span) if own else value if fixed else None
        if name != "__deepcopy__":
            return None
        if self.program.deep_copies is None:
            self.program.deep_copies = []
            raise Restart(None)
        self.program.deep_copies.append((kind, *self.task.place(span)))
        self.program.asked_later.add(self.program.in_hand())
        return self.runtime_call("deep_copied", [value], span)

    def copied_with_extra(self, value: TExpr, kind: ClassType, span: Span) -> TExpr:
        """A copy of an object that keeps some of its attributes in a dict: it has a dict of its own."""
        if self.lookup(kind, EXTRA) is None:
            return self.unsupported(span, f"a copy of a `{kind}`, which may be one of a class below,", "make a new one")
        with self.block() as made:
            whole = self.kept(self.runtime_call("shallow_copied", [value], span))
            extra = self.need_method(self.attribute(whole, EXTRA, span, span), "copy", [], span)
            self.set_attribute(whole, EXTRA, extra, span, span)
        return self.wrapped(made, whole)

    def named_tuple_method(self, receiver: TExpr, name: str, site: CallSite) -> TExpr:
        """`x._replace(name=value)`: a new one with other items; `x._asdict()`."""
        assert isinstance(receiver.type, ClassType)
        decl, span = receiver.type.decl, site.span
        names = [item.name for item in (record_fields if name == "_asdict" else init_fields)(decl)]
        unknown = next((word for word, _ in site.keywords if word not in names), None)
        if unknown is not None:
            problem = f"`{decl.name}` has no field `{unknown}`"
            return self.error(errors.WrongArguments(self.source, span, problem=problem).suggesting(unknown, names))
        whole, given = self.kept(receiver), {word: self.kept(self.argument(arg, None)) for word, arg in site.keywords}
        items = [given.get(item) or self.attribute(whole, item, span, span) for item in names]
        if name == "_asdict":
            kinds = self.core("str"), self.held(self.joined([item.type for item in items], span), span, "value")
            return self.dict_of([(self.str_const(n, span), v) for n, v in zip(names, items, strict=True)], kinds, span)
        named = CallSite(span, [], list(zip(names, items, strict=True)))
        return self.construct(ClassType(decl, decl.type_params), named)

    def as_tuple(self, value: TExpr) -> TExpr:
        """The items of a NamedTuple as a plain tuple; any other value as it is."""
        kind = value.type
        if not isinstance(kind, ClassType) or not kind.decl.is_named_tuple:
            return value
        with self.block() as made:
            whole = self.kept(value)
            items = [self.attribute(whole, item.name, value.span, value.span) for item in record_fields(kind.decl)]
        return self.wrapped(made, self.tuple_made(items, value.span))

    def lost_hash(self, kind: ClassType) -> bool:
        """A class that defines `__eq__` and no `__hash__` cannot be hashed."""
        for above in relations.ancestors(kind):
            if own := above.decl.members.get("__hash__"):
                return isinstance(own, GlobalDecl) and isinstance(own.value, tree.NoneLiteral)
            if "__eq__" in above.decl.members:
                return True
        return False

    def call_member(
        self, receiver: TExpr, owner: ClassType, member: Member, site: CallSite, *, direct: bool = False
    ) -> TExpr:
        """Call a member found on the receiver's class. `direct`: not through the dynamic class (`super().m()`)."""
        span = site.span
        match member:
            case FunctionDecl() | OverloadDecl():
                site = self.spread(site) if member.forms[0].module.library else site
                if self.is_counted(member, site):
                    whole = self.kept(receiver)
                    one = partial(self.call_member, whole, owner, member, direct=direct)
                    counts, me = self.counts_of(member), member.forms[0].kind == "plain"
                    return self.counted(site, (counts[0] - me, counts[1] - me), one, False)
                form, site = self.choose(member, owner, site)
                return self.bad(span) if form is None else self.call_form(receiver, owner, form, site, direct=direct)
            case ClassDecl():
                self.emit(Do(receiver.span, receiver))
                return self.construct(ClassType(member, member.type_params), site)
            case GlobalDecl(original=FunctionDecl() as method) if method.kind == "plain":
                whole = self.kept(receiver)
                site = self.by_position(method, site)
                given = self.once(site.args)

                def call(variable: GlobalDecl) -> TExpr:
                    assert variable.owner is not None
                    me = self.narrowed(whole, ClassType(variable.owner))
                    return self.call_value(self.read_global(variable, span), site.with_args([me, *given]))

                return call(member) if direct else self.class_variable(whole, member, span, call)
            case _:
                value = self.attribute(receiver, member.name, span, span)
                return self.call_value(value, site)

    def is_counted(self, member: FunctionDecl | OverloadDecl, site: CallSite) -> bool:
        """Is it a function of the library called with as many arguments as only the run shows, none of whose forms
        takes any number?"""
        only = isinstance(member, FunctionDecl)  # `Arguments.dealt` gives it what is in a dict
        if not member.forms[0].module.library or not (not only if site.is_mapped else site.is_starred):
            return False
        return not any(self.program.annotations.signature(form).rest for form in member.forms)

    def call_form(
        self, receiver: TExpr, owner: ClassType, decl: FunctionDecl, site: CallSite, *, direct: bool = False
    ) -> TExpr:
        if decl.kind in ("static", "class"):
            kind = receiver.type
            if isinstance(kind, ClassType) and not decl.module.library:
                self.program.consult(kind.decl, "")
                if kind.decl.subclasses and (decl.kind == "class" or self.overridden(kind.decl, decl)):
                    made = self.class_method(self.type_of(receiver, site.span), decl.name, site)
                    return self.bad(site.span) if made is None else made
            self.emit(Do(receiver.span, receiver))
            return self.call_declaration(decl, site, owner=owner if decl.kind == "static" else kind)
        others: list[ClassType] = []
        if not direct and isinstance(receiver.type, ClassType) and decl.name not in ("__init__", "__new__"):
            others = self.bound_otherwise(receiver.type.decl, decl, site)
        if not others:
            return self.call_own(receiver, owner, decl, site, direct)
        with self.block() as before:
            whole = self.kept(receiver)
            site = self.evaluated_once(site)

            def one(me: TExpr) -> TExpr:
                return self.method(me, decl.name, site) or self.bad(site.span)

            made = self.apart(lambda: self.call_own(whole, owner, decl, site, direct, tuple(others)))
            for kind in others:
                self.program.layout(kind)
                done = self.apart(partial(one, self.narrowed(whole, kind)))
                test = IsInstance(self.core("bool"), site.span, whole, (kind,))
                made = self.chosen(test, done, made, site.span)
        return self.wrapped(before, made)

    def bound_otherwise(self, above: ClassDecl, method: FunctionDecl, site: CallSite) -> list[ClassType]:
        """The topmost classes below whose override gives its parameters other arguments or defaults in such a call."""
        found: list[ClassType] = []
        self.program.consult(above, method.name)
        for below in above.subclasses:
            own = below.members.get(method.name)
            if method.module.library or below.type_params:
                continue
            if isinstance(own, FunctionDecl) and self.binding(own, site) != self.binding(method, site):
                found.append(ClassType(below))
            else:
                found += self.bound_otherwise(below, method, site)
        return found

    def binding(self, decl: FunctionDecl, site: CallSite) -> list[Hashable]:
        """What each parameter gets in a call: equal for two methods that may be called through one dispatch."""
        found: list[Hashable] = []
        names = {name for name, _ in site.keywords}
        loose = site.is_mapped or site.is_starred
        for at, param in enumerate(self.program.annotations.signature(decl).params):
            if param.kind in ("positional", "normal") and at < len(site.args) and not loose:
                found.append(at)
            elif param.kind in ("varargs", "kwargs") or (param.name in names and not loose):
                found.append((param.kind, param.name in names and param.name))
            elif param.default is None or is_literal(param.default):
                span = param.default and param.default.span
                found.append((param.name * loose, span and decl.module.source.text[span.start : span.end]))
            else:
                found.append((param.name, decl))
        return found

    def call_own(
        self, receiver: TExpr, owner: ClassType, decl: FunctionDecl, site: CallSite, direct: bool,
        but: tuple[ClassType, ...] = (),
    ) -> TExpr:  # fmt: skip
        """The method, or through the dynamic class the one of a class that is not in `but`."""
        made = self.call_declaration(decl, site, owner=owner, receiver=receiver)
        if isinstance(made, Call) and not direct and isinstance(receiver.type, ClassType):
            made = self.maybe_virtual(made, receiver.type, decl, but)
        return self.managed(decl, made, site.span)

    def maybe_virtual(self, call: Call, kind: ClassType, decl: FunctionDecl, but: tuple[ClassType, ...] = ()) -> TExpr:
        """The call through the dynamic class when a class below overrides the method."""
        if decl.name.startswith("__") and decl.name in ("__init__", "__new__"):
            return call
        overridden = kind.decl.subclasses and self.overridden(kind.decl, decl, kind.args)
        if relations.is_value(kind):
            return call
        if not overridden and not kind.decl.is_protocol:
            self.program.consult(kind.decl, decl.name)
            return call
        result = call.type
        if self.program.annotations.signature(decl).result is None and not decl.is_async and not decl.is_generator:
            result = self.joined_result(kind.decl, decl, call)
        found = self.program.virtual(kind, decl, call.instance, result, but)
        if found not in self.task.dispatches:
            self.task.dispatches.append(found)
        return CallVirtual(found.dispatch.result, call.span, found.dispatch, call.args)

    def joined_result(self, above: ClassDecl, method: FunctionDecl, call: Call) -> Type:
        """What a method without annotation gives, whichever class's it is."""
        joined = NEVER if method.abstract else call.type
        for below in above.subclasses:
            member = below.members.get(method.name)
            member = member.getter if isinstance(member, PropertyDecl) else member
            own = isinstance(member, FunctionDecl) and not member.type_params and not below.type_params
            kinds = call.instance.params[1:]
            if (
                own
                and isinstance(member, FunctionDecl)
                and len(self.program.annotations.signature(member).params) == len(kinds)
            ):
                task = self.program.request(member, ClassType(below), {}, kinds, None, call.span)
                joined = relations.join(joined, self.result_of(task)) or ERROR
            if not method.abstract or below.subclasses:
                joined = relations.join(joined, self.joined_result(below, method, call)) or ERROR
        return call.type if joined is NEVER else joined

    def overridden(self, decl: ClassDecl, method: FunctionDecl, args: tuple[Type, ...] = ()) -> bool:
        """By a class that is below `decl`, with these type arguments if any are said?"""
        return any(
            method.name in below.members or self.overridden(below, method)
            for below in decl.subclasses
            if below.base is None or all(map(may_be, below.base.args, args))
        )

    def call_overload(self, decl: OverloadDecl, site: CallSite, explicit: tuple[Type, ...] = ()) -> TExpr:
        """A call of a function with several forms; for `int | float`, and for what is to be walked,
        the form of each member is called."""
        if site.args and decl.forms[0].module.library and not self.is_untyped(site.args[0]):
            first, rest = self.argument(site.args[0], None), site.args[1:]
            walks = decl.forms[0].module.core and decl.name in ("iter", "reversed") and not rest
            backwards = decl.name == "reversed"
            if walks and not backwards:
                first = self.having(first, "__iter__", site.span)
            if walks and isinstance(first.type, AnyType):
                span = site.span
                listed = (
                    self.any_reversed(first, decl, span) if backwards else self.need_method(first, "__iter__", [], span)
                )
                return self.runtime_call("iter", [listed], span)
            if walks and isinstance(first.type, TupleType):
                kind = self.joined(first.type.items, site.span)
                first = self.coerce(first, self.core("tuple_of", self.core("int") if kind is NEVER else kind))

            def call(item: TExpr) -> TExpr:
                return self.call_overload(decl, site.with_args([item, *rest]), explicit)

            if isinstance(first.type, UnionType) and (walks or relations.is_number(first.type)):
                return self.by_member(
                    first, call, site.span, partial(problem_of, "__reversed__") if backwards else None
                )
            site = site.with_args([first, *rest])
        if self.is_counted(decl, self.spread(site)):
            return self.counted(site, self.counts_of(decl), partial(self.call_overload, decl, explicit=explicit), False)
        form, site = self.choose(decl, None, site)
        return self.bad(site.span) if form is None else self.call_declaration(form, site, explicit=explicit)

    # --- functions -----------------------------------------------------------------------------------------------

    def call_declaration(
        self, decl: FunctionDecl, site: CallSite, *, owner: Type | None = None, receiver: TExpr | None = None,
        explicit: tuple[Type, ...] = (),
    ) -> TExpr:  # fmt: skip
        """A call of a known function or method: `owner` is the instantiated class that declares it."""
        span = site.span
        site = self.spread(site) if decl.module.library else site
        if receiver is None and self.is_counted(decl, site):
            call = partial(self.call_declaration, decl, owner=owner, explicit=explicit)
            return self.counted(site, self.counts_of(decl), call, False)
        above = relations.as_base(owner, decl.owner)
        declaring, environment = above or owner, {} if above is None else relations.environment_of(above)
        if explicit:
            environment.update(zip(decl.type_params, explicit, strict=False))
        wanted = frozenset(item for item in decl.type_params if item not in environment)
        signature = self.program.annotations.signature(decl)
        if decl.module.library and decl.name != "chain" and python_name(signature.result or ANY) == "generator":
            site = site.with_args([self.iterable_now(decl, *given) for given in enumerate(site.args)])
        if receiver is not None and site.keywords:
            receiver = self.kept(receiver)
        values = self.arguments(decl, signature, site, environment, wanted)
        if values is None:
            return self.bad(span)
        self_type = owner if decl.kind == "class" else declaring
        self.bound_types(decl, signature, values)
        task = self.request(decl, self_type, environment, values, span, extra_names(signature, site.keywords))
        if task is None:
            unknown = [value for value in values if isinstance(value.type, LambdaType)]
            if unknown and decl.module.name == "pielang.functools" and decl.name != "partial":
                return Const(unknown[0].type, span, None)  # the first call of what it makes tells
            result = ERROR if signature.result is None else relations.substitute(signature.result, environment)
            if decl.is_async:
                result = self.core("Coroutine", result)
            return Const(result, span, None)
        given = owner
        if receiver is not None:
            given, receiver = receiver.type, self.coerce(receiver, task.instance.params[0], becomes=True)
            values = [receiver, *values]
        made = self.call_instance(task, values, span)
        if decl.module.library and signature.result is not None:
            own = relations.substitute(signature.result, environment)
            made.type = own if own == made.type else made.type  # what it holds may be widened: that of this call
            made = self.refreshed(made, span) if decl.name in FRESH and self.gradual else made
        made = self.as_self(decl, given, made)
        return made if receiver is not None else self.managed(decl, made, span)

    def iterable_now(self, decl: FunctionDecl, at: int, arg: Arg) -> Arg:
        """An argument that a generator of the library walks: one in an `Any` that cannot be walked raises at once."""
        signature = self.program.annotations.signature(decl)
        params = signature.params
        if at >= len(params) or params[at].type not in decl.type_params or self.is_untyped(arg):
            return arg
        if f"Item[{params[at].type}]" not in f"{signature.result} {[str(param.type) for param in params]}":
            return arg  # of which nothing is said that it gives
        value = self.argument(arg, None)
        return self.need_method(value, "__iter__", [], value.span) if isinstance(value.type, AnyType) else value

    def refreshed(self, made: TExpr, span: Span) -> TExpr:
        """A list or dict that the library has just made, as one that holds what is put in later as well."""
        kind = made.type
        if self.source.library or not isinstance(kind, ClassType) or any(map(relations.origin_of, kind.args)):
            return made
        kinds = [self.held(item, span, f"made {at}") for at, item in enumerate(kind.args)]
        wider = self.core(kind.decl.name, *kinds)
        if wider != kind and kind.decl.name == "list":
            return self.list_of([(made, True)], kinds[0], span)
        if wider != kind:
            return self.construct(wider, CallSite(span, [made]))
        made.type = wider
        return made

    def bound_types(self, decl: FunctionDecl, signature: Signature, values: list[TExpr]) -> None:
        """A function that calls itself with ever longer tuples, or ever deeper types, is called with tuples of any
        length, or with anything."""
        asking, calls = self.task if values and not decl.module.library else None, list[Task]()
        while asking is not None:
            calls += [asking] if asking.decl is decl else []
            asking = asking.asked_by
        if len(calls) < NESTED:
            return
        before = calls[0].instance.params[-len(values) :]
        for at, (param, value, known) in enumerate(zip(signature.params, values, before, strict=False)):
            if param.type is not None or value.type == known or isinstance(value.type, BundleType):
                continue
            if relations.depth(value.type) > relations.depth(known):
                values[at] = self.coerce(value, ANY)
            elif isinstance(value.type, TupleType):
                whole = self.joined(value.type.items, value.span) if value.type.items else ANY
                values[at] = self.coerce(value, self.core("tuple_of", whole))

    def as_self(self, decl: FunctionDecl, given: Type | None, made: TExpr) -> TExpr:
        """What a method says to be `Self` is of the class that it was called on."""
        node = decl.node
        says = isinstance(node, tree.FunctionDef) and isinstance(node.returns, tree.Name) and node.returns.id == "Self"
        if says and isinstance(given, ClassType) and given != made.type and relations.is_subclass(given, made.type):
            known = decl.module.library  # which makes no objects of the user's classes: a set, of one below it
            own = next(kind for kind in relations.ancestors(given) if kind.decl.module.library or not known)
            return self.narrowed(made, own, checked=True)
        return made

    def request(
        self, decl: FunctionDecl, owner: Type | None, environment: dict[Type, Type], values: list[TExpr], span: Span,
        extras: tuple[str, ...] = (),
    ) -> Task | None:  # fmt: skip
        """The instance for these types; None while one of them is not known."""
        signature = self.program.annotations.signature(decl)
        kinds = tuple([value.type for value in values])
        concrete = [] if signature.annotated else [kind for kind in kinds if not isinstance(kind, LambdaType)]
        if any(relations.is_open(item) for item in environment.values()) or (
            owner is not None and relations.is_open(owner)
        ):
            return None
        if any(relations.is_open(item) for item in concrete):
            if not decl.module.library and not any(relations.holds(item, ErrorType) for item in concrete):
                probe = self.program.request(
                    decl, owner, environment, kinds, None, span
                )  # its body may tell what is open
                if probe.state == "new":
                    self.program.check_body(probe)
            return None
        return self.program.request(decl, owner, environment, kinds, self.task, span, extras)

    # --- overloads -----------------------------------------------------------------------------------------------

    def choose(self, overload: Member, owner: Type | None, site: CallSite) -> tuple[FunctionDecl | None, CallSite]:
        """The form that takes the arguments as they are, else the first that takes them by conversion, else the one
        for which the fewest have to come out of `Any`."""
        if not isinstance(overload, OverloadDecl):
            return (overload if isinstance(overload, FunctionDecl) else None), site
        shaped = [form for form in overload.forms if self.takes_shape(form, site)]
        if len(shaped) == 1:
            return shaped[0], site
        if not shaped:
            shaped = overload.forms
        values: list[Arg] = [arg if self.is_untyped(arg) else self.argument(arg, None) for arg in site.args]
        named = [(name, arg if self.is_untyped(arg) else self.argument(arg, None)) for name, arg in site.keywords]
        written, site = site.keywords, site.given(values, named)
        best: FunctionDecl | None = None
        for form in shaped:
            level = self.fit(form, owner, site)
            if level == 2:
                return form, site
            if level == 1 and best is None:
                best = form
        if best is None:
            best = self.choose_by_tests(shaped, owner, site)
        if best is None and self.gradual:
            for form in shaped:
                self.widen_arguments(form, owner, site)
        if best is None:
            kinds = [value.type for value in values if isinstance(value, TExpr)]
            if not any(isinstance(kind, ErrorType | NeverType) for kind in kinds):
                signatures = map(self.program.annotations.signature, overload.forms)
                known = {item.name for signature in signatures for item in signature.params}
                unknown = next(((name, arg) for name, arg in written if name not in known), None)
                if unknown is not None:
                    place = self.keyword_span(*unknown)
                    text = f"`{overload.name}` has no parameter `{unknown[0]}`"
                    problem = errors.WrongArguments(self.source, place, problem=text)
                    self.report(problem.suggesting(unknown[0], known))
                    return best, site
                found = ", ".join(str(value.type) if isinstance(value, TExpr) else "..." for value in values)
                self.report(errors.NoOverload(self.source, site.span, name=overload.name, found=found))
        return best, site

    def choose_by_tests(self, forms: Sequence[FunctionDecl], owner: Type | None, site: CallSite) -> FunctionDecl | None:
        """The form for which the fewest arguments of type `Any` are tested, the first of those with the same tests;
        None where some have other tests."""
        found: list[tuple[list[Type], FunctionDecl]] = []
        for form in forms:
            tested: list[Type] = []
            if self.fit(form, owner, site, tested):
                found.append((tested, form))
        fewest = min((len(tested) for tested, _ in found), default=0)
        least = [(tested, form) for tested, form in found if len(tested) == fewest]
        return least[0][1] if least and all(tested == least[0][0] for tested, _ in least) else None

    def widen_arguments(self, form: FunctionDecl, owner: Type | None, site: CallSite) -> None:
        """Nothing takes the arguments: what holds things of other types may be made to hold theirs as well."""
        environment = relations.environment_of(owner) if isinstance(owner, ClassType) else {}
        for param, value in zip(self.program.annotations.signature(form).params, site.args, strict=False):
            if param.type is not None and isinstance(value, TExpr):
                self.widen(value.type, relations.substitute(param.type, environment), site.span)

    def is_untyped(self, arg: Arg) -> bool:
        if isinstance(arg, tree.GeneratorExp):
            return id(arg) not in self.scope.generators
        return isinstance(arg, tree.Starred | tree.Lambda) or (
            isinstance(arg, tree.Name | tree.Attribute | tree.Call) and self.needs_types(arg)
        )

    def takes_shape(self, form: FunctionDecl, site: CallSite) -> bool:
        signature = self.program.annotations.signature(form)
        slots, endless = signature.slots, signature.rest is not None
        if not endless and (len(site.args) > len(slots) or site.is_starred):
            return False
        given = {name for name, _ in site.keywords if name != MAPPING}
        taken = {item.name for item in slots[: len(site.args)]}
        if taken & given or (given - signature.named.keys() and signature.extra is None):
            return False
        return signature.needed <= given | taken

    def fit(
        self, form: FunctionDecl, owner: Type | None, site: CallSite, tested: list[Type] | None = None
    ) -> int:  # fmt: skip
        """2: takes the arguments as they are; 1: by conversion; 0: not. With `tested`, which gets what is
        asked for, arguments may also come out of `Any`."""
        signature = self.program.annotations.signature(form)
        above = relations.as_base(owner, form.owner)
        known = {} if above is None else relations.environment_of(above)
        environment = {item: value for item, value in known.items() if item != value}  # the rest is to be found
        slots, rest = signature.slots, signature.rest
        by_name = {item.name: item for item in signature.params}
        pairs: list[tuple[Parameter | None, Arg]] = [
            (slots[index] if index < len(slots) else rest, arg) for index, arg in enumerate(site.args)
        ]
        pairs += [(by_name.get(name), arg) for name, arg in site.keywords]
        unknown = [] if form.owner is None else [item for item in form.owner.type_params if item not in environment]
        wanted: frozenset[Type] = frozenset([*form.type_params, *unknown])
        level = 2
        for param, arg in pairs:
            if param is None:
                return 0
            if (
                isinstance(arg, tree.GeneratorExp)
                and isinstance(param.type, ClassType)
                and param.type.decl.name != "list"
            ):
                return 0
            if param.type is None or not isinstance(arg, TExpr):
                if param.type is not None and isinstance(arg, tree.Lambda | tree.Name):
                    kind = relations.substitute(param.type, environment)
                    takers = FunctionType | TypeVarType | AnyType
                    if not any(isinstance(item, takers) for item in relations.members_of(kind)):
                        return 0
                if param.type == NONE or not self.fits_arity(arg, param.type):
                    return 0
                continue
            pattern = relations.substitute(param.type, environment)
            if isinstance(arg.type, LambdaType) and isinstance(pattern, FunctionType):
                if not arg.type.takes(len(pattern.params)):
                    return 0
                continue
            if relations.holds(pattern, TypeVarType):
                relations.unify(pattern, arg.type, environment, wanted)
                pattern = relations.substitute(param.type, environment)
                if isinstance(param.type, TypeVarType):
                    continue
                if relations.holds(pattern, TypeVarType):
                    level = min(level, 1) if type(pattern) is type(arg.type) or isinstance(pattern, UnionType) else 0
                    if isinstance(pattern, ClassType) and isinstance(arg.type, ClassType) and not pattern.decl.conforms:
                        level = level if relations.as_base(arg.type, pattern.decl) else 0
                    if level == 0:
                        return 0
                    continue
            if isinstance(arg, Const) and type(arg.value) is int and isinstance(pattern, ClassType):
                if pattern.decl.representation in ("u32", "i32"):
                    level = min(level, 1)
                    continue
            how = relations.conversion(arg.type, pattern)
            if how == "checked" and tested is not None and isinstance(arg.type, AnyType):
                tested.append(pattern)
            elif how is None and not form.module.library and relations.leaves_open(pattern, arg.type):
                level = 1
            elif how is None or how == "checked":
                return 0
            below = how == "upcast" and isinstance(pattern, ClassType) and isinstance(arg.type, ClassType)
            if how != "" and arg.type != pattern and not below:
                level = 1
        return level

    def fits_arity(self, arg: Arg, kind: Type | None) -> bool:
        """Can a lambda or a function given by name be called with as many arguments as `kind` says?"""
        if not isinstance(kind, FunctionType):
            return True
        if isinstance(arg, tree.Lambda):
            names = arg.args.plain
            fewest = sum(item.default is None for item in names)
            return fewest <= len(kind.params) and (arg.args.vararg is not None or len(kind.params) <= len(names))
        symbol = self.static(arg) if isinstance(arg, tree.Name) else None
        if not isinstance(symbol, FunctionDecl):
            return True
        if symbol.owner is not None:
            fewest, most = self.counts_of_symbol(symbol)
            return fewest <= len(kind.params) <= most
        awaited = isinstance(kind.result, ClassType) and kind.result.decl.name == "Coroutine"
        if awaited and not symbol.is_async:
            return False
        signature = self.program.annotations.signature(symbol)
        needed = sum(item.default is None and not item.collects for item in signature.params)
        return needed <= len(kind.params) <= signature.counts[1]


def may_be(own: Type, given: Type) -> bool:
    """Can the type argument of a base class be this one?"""
    return own == given or relations.is_open(own) or relations.is_open(given)
