"""Calls: binding arguments, finding type parameters, overloads, methods and virtual methods, construction of
objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from ..diag import closest
from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .body import Arg, Body, Keywords
from .declarations import (
    ClassDecl,
    FieldDecl,
    FunctionDecl,
    GlobalDecl,
    Member,
    ModuleDecl,
    OverloadDecl,
    Parameter,
    PropertyDecl,
    Signature,
)
from .defaults import default_factory, is_literal, plain_default
from .program import Restart, Task
from .scopes import Scope
from .typed import (
    Call,
    CallValue,
    CallVirtual,
    Coerce,
    Const,
    Construct,
    Do,
    GetField,
    GetGlobal,
    GetItem,
    GetVar,
    MakeTuple,
    Prim,
    SetField,
    SetVar,
    TExpr,
)
from .types import (
    ANY,
    ERROR,
    NONE,
    ClassType,
    ErrorType,
    FunctionType,
    InferType,
    LambdaType,
    NeverType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
)

DUNDER_WORDS = {
    "__len__": "`{0}` has no len()", "__iter__": "`{0}` cannot be iterated over", "__hash__": "`{0}` cannot be hashed",
    "__getitem__": "`{0}` cannot be subscripted", "__setitem__": "items of `{0}` cannot be assigned",
    "__delitem__": "items of `{0}` cannot be deleted", "__contains__": "`in` does not work on `{0}`",
    "__getslice__": "`{0}` cannot be sliced", "__setslice__": "slices of `{0}` cannot be assigned",
    "__delslice__": "slices of `{0}` cannot be deleted", "__enter__": "`{0}` cannot be used in `with`",
    "__int__": "`{0}` cannot be made an int", "__float__": "`{0}` cannot be made a float",
    "__neg__": "`-` does not work on `{0}`",
    "__invert__": "`~` does not work on `{0}`", "__pos__": "unary `+` does not work on `{0}`",
    "__abs__": "abs() does not work on `{0}`",
    "__await__": "`{0}` cannot be awaited", "__pack__": "`{0}` cannot leave the program",
    "__lt__": "`{0}` cannot be ordered",
    "__unpack__": "`{0}` cannot come into the program", "__add__": "`{0}` cannot be added",
    "__format__": "`{0}` cannot be formatted", "__step__": "`{0}` cannot be iterated over",
}  # fmt: skip


LOOKUPS = frozenset(("__contains__", "count", "index", "remove", "__getitem__"))
"""Methods of the library that only compare what they are given: 1 does for 1.0."""


@dataclass(eq=False, slots=True)
class Bound:
    """Arguments by parameter: one expression, several for `*args`, pairs for `**kwargs`, None for the default."""

    positional: list[Arg | None]
    rest: list[Arg]
    rest_at: int
    extra: Keywords
    order: list[int]
    """Indices of parameters in the order in which their arguments are evaluated."""


def role_of(decl: FunctionDecl, param: Parameter) -> str:
    """A parameter in the user's words: not all methods are called by their names."""
    owner = decl.owner.name if decl.owner is not None else ""
    if decl.name in ("__init__", "__new__"):
        return f"`{param.name}` of `{owner}`"
    if decl.name.startswith("__") and decl.module.library:
        return f"the {param.name} in a `{owner}`"
    return f"`{param.name}` of `{decl.qualified}`"


class Calls(Body):
    # --- methods -------------------------------------------------------------------------------------------------

    def call_method(
        self, receiver: TExpr, name: str, args: list[Arg], span: Span, expected: Type | None = None
    ) -> TExpr | None:
        """`receiver.name(args)` of a method the class has; None when there is no such method."""
        return self.method(receiver, name, args, [], span, expected)

    def need_method(
        self, receiver: TExpr, name: str, args: list[Arg], span: Span, expected: Type | None = None
    ) -> TExpr:
        """As `call_method`, complaining in the user's words when there is none."""
        found = self.method(receiver, name, args, [], span, expected)
        return self.no_method(receiver.type, name, span) if found is None else found

    def no_method(self, kind: Type, name: str, span: Span) -> TExpr:
        if isinstance(kind, InferType):
            return self.error(errors.UnknownType(self.source, span, what="this value"))
        words = DUNDER_WORDS.get(name)
        if relations.has_none(kind):
            operation = words.format(kind) if words else f"`{name}` is not defined for None"
            return self.error(errors.MayBeNone(self.source, span, operation=operation, found=str(kind)))
        if words is not None:
            return self.error(errors.MissingOperation(self.source, span, message_text=words.format(kind)))
        problem = errors.NoAttribute(self.source, span, type_name=str(kind), attribute=name)
        near = closest(name, self.member_names(kind))
        return self.error(problem.helped(f"did you mean `{near}`?") if near else problem)

    def member_names(self, kind: Type) -> list[str]:
        if not isinstance(kind, ClassType):
            return []
        return [name for above in relations.ancestors(kind) for name in above.decl.members if not name.startswith("_")]

    def method(
        self, receiver: TExpr, name: str, args: list[Arg], keywords: Keywords, span: Span,
        expected: Type | None = None,
    ) -> TExpr | None:  # fmt: skip
        kind = receiver.type
        if isinstance(kind, ClassType):
            found = self.lookup(kind, name)
            if name == "__hash__" and found is not None and self.lost_hash(kind):
                return None
            if found is None:
                if self.is_bool(kind):
                    return self.method(
                        self.coerce(receiver, self.core("int"), becomes=True), name, args, keywords, span, expected
                    )
                return None
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
            return self.call_member(receiver, *found, args, keywords, span, expected)
        if isinstance(kind, NeverType):
            return receiver
        if isinstance(kind, ErrorType):
            for arg in (*args, *(value for _, value in keywords)):
                self.argument(arg, None)
            return self.bad(span)
        return self.structural_method(receiver, name, args, span)

    def lost_hash(self, kind: ClassType) -> bool:
        """A class that defines `__eq__` and no `__hash__` cannot be hashed."""
        for above in relations.ancestors(kind):
            if "__hash__" in above.decl.members:
                return False
            if "__eq__" in above.decl.members:
                return True
        return False

    def call_member(
        self, receiver: TExpr, owner: ClassType, member: Member, args: list[Arg], keywords: Keywords,
        span: Span,
        expected: Type | None = None, *, direct: bool = False,
    ) -> TExpr:  # fmt: skip
        """Call a member found on the receiver's class. `direct`: not through the dynamic class (`super().m()`)."""
        match member:
            case FunctionDecl():
                return self.call_form(receiver, owner, member, args, keywords, span, expected, direct)
            case OverloadDecl():
                form, args, keywords = self.choose(member, owner, args, keywords, span)
                if form is None:
                    return self.bad(span)
                return self.call_form(receiver, owner, form, args, keywords, span, expected, direct)
            case _:
                value = self.attribute(receiver, member.name, span, span)
                return self.call_value(value, args, keywords, span)

    def call_form(
        self, receiver: TExpr, owner: ClassType, decl: FunctionDecl, args: list[Arg], keywords: Keywords,
        span: Span, expected: Type | None, direct: bool,
    ) -> TExpr:  # fmt: skip
        if decl.kind == "static":
            self.emit(Do(receiver.span, receiver))
            return self.call_declaration(decl, args, keywords, span, expected, owner=owner)
        if decl.kind == "class":
            self.emit(Do(receiver.span, receiver))
            return self.call_declaration(decl, args, keywords, span, expected, owner=receiver.type)
        made = self.call_declaration(decl, args, keywords, span, expected, owner=owner, receiver=receiver)
        if isinstance(made, Call) and not direct and isinstance(receiver.type, ClassType):
            return self.maybe_virtual(made, receiver.type, decl)
        return made

    def maybe_virtual(self, call: Call, kind: ClassType, decl: FunctionDecl) -> TExpr:
        """The call through the dynamic class when a class below overrides the method."""
        if decl.name.startswith("__") and decl.name in ("__init__", "__new__"):
            return call
        overridden = kind.decl.subclasses and self.overridden(kind.decl, decl)
        if relations.is_value(kind) or not (overridden or kind.decl.is_protocol):
            return call
        result = call.type
        if self.program.annotations.signature(decl).result is None and not decl.is_async and not decl.is_generator:
            result = self.joined_result(kind.decl, decl, call)
        found = self.program.virtual(kind, decl, call.instance, result)
        if found not in self.task.dispatches:
            self.task.dispatches.append(found)
        return CallVirtual(found.dispatch.result, call.span, found.dispatch, call.args)

    def joined_result(self, above: ClassDecl, method: FunctionDecl, call: Call) -> Type:
        """What a method without annotation gives, whichever class's it is."""
        joined = call.type
        for below in above.subclasses:
            member = below.members.get(method.name)
            own = isinstance(member, FunctionDecl) and not member.type_params and not below.type_params
            if own and isinstance(member, FunctionDecl) and len(member.node.args.args) == len(method.node.args.args):
                kinds = call.instance.params[1:]
                task = self.program.request(member, ClassType(below), {}, kinds, None, call.span)
                joined = relations.join(joined, self.result_of(task)) or ERROR
            joined = relations.join(joined, self.joined_result(below, method, call)) or ERROR
        return joined

    def overridden(self, decl: ClassDecl, method: FunctionDecl) -> bool:
        return any(method.name in below.members or self.overridden(below, method) for below in decl.subclasses)

    def call_overload(
        self, decl: OverloadDecl, args: list[Arg], keywords: Keywords, span: Span, expected: Type | None,
        explicit: tuple[Type, ...] = (),
    ) -> TExpr:  # fmt: skip
        """A call of a function with several forms; for `int | float` the form of each is called."""
        if args and decl.forms[0].module.library and not self.is_untyped(args[0]):
            first = self.argument(args[0], None)
            args = [first, *args[1:]]
            if isinstance(first.type, UnionType) and relations.is_number(first.type):
                return self.by_member(
                    first, lambda item: self.call_overload(decl, [item, *args[1:]], keywords, span, expected, explicit),
                    span,
                )  # fmt: skip
        form, args, keywords = self.choose(decl, None, args, keywords, span)
        if form is None:
            return self.bad(span)
        return self.call_declaration(form, args, keywords, span, expected, explicit=explicit)

    # --- functions -----------------------------------------------------------------------------------------------

    def call_declaration(
        self, decl: FunctionDecl, args: list[Arg], keywords: Keywords, span: Span,
        expected: Type | None = None,
        *, owner: Type | None = None, receiver: TExpr | None = None, explicit: tuple[Type, ...] = (),
    ) -> TExpr:  # fmt: skip
        """A call of a known function or method: `owner` is the instantiated class that declares it."""
        environment: dict[Type, Type] = {}
        declaring = owner
        if decl.owner is not None and isinstance(owner, ClassType):
            for above in relations.ancestors(owner):
                if above.decl is decl.owner:
                    declaring = above
                    environment = dict(zip(decl.owner.type_params, above.args, strict=True))
                    break
        if explicit:
            environment.update(zip(decl.type_params, explicit, strict=False))
        wanted = frozenset(item for item in decl.type_params if item not in environment)
        signature = self.program.annotations.signature(decl)
        if receiver is not None and keywords:
            receiver = self.kept(receiver)
        values = self.arguments(decl, signature, args, keywords, span, environment, wanted, expected)
        if values is None:
            return self.bad(span)
        self_type = owner if decl.kind == "class" else declaring
        task = self.request(decl, self_type, environment, values, span, extra_names(signature, keywords))
        if task is None:
            result = ERROR if signature.result is None else relations.substitute(signature.result, environment)
            if decl.is_async:
                result = self.core("Coroutine", result)
            return Const(result, span, None)
        if receiver is not None:
            receiver = self.coerce(receiver, task.instance.params[0], becomes=True)
            values = [receiver, *values]
        return self.call_instance(task, values, span)

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

    def arguments(
        self, decl: FunctionDecl, signature: Signature, args: Sequence[Arg], keywords: Sequence[tuple[str, Arg]],
        span: Span,
        environment: dict[Type, Type], wanted: frozenset[Type], expected: Type | None, *, adapts: bool = True,
    ) -> list[TExpr] | None:  # fmt: skip
        """Values for all parameters, converted; `environment` is completed. None after a complaint.

        `adapts`: the function gets an instance for an int where a float is declared.
        """
        if any(isinstance(arg, tree.Starred) for arg in args) and all(
            item.kind != "varargs" for item in signature.params
        ):
            args = self.spread(args)
        bound = self.bind(decl, signature, args, keywords, span)
        if bound is None:
            return None
        params = signature.params
        values: list[TExpr | None] = [None] * len(params)
        with self.block() as made:
            reordered = bound.order != sorted(bound.order)
            later: list[int] = []
            for index in bound.order:
                arg = bound.positional[index]
                assert arg is not None
                pattern = params[index].type
                known = None if pattern is None else relations.substitute(pattern, environment)
                if known is not None and relations.holds(known, TypeVarType) and self.needs_types(arg):
                    later.append(index)
                    continue
                value = self.argument(arg, known)
                if pattern is not None and wanted:
                    free = pattern if pattern in wanted else relations.substitute(pattern, environment)
                    relations.unify(free, value.type, environment, wanted)
                if reordered:
                    value = self.kept(value)
                values[index] = value
            rest = self.collect_rest(decl, signature, bound, environment, wanted)
            if later and isinstance(expected, FunctionType) and signature.result is not None:
                told: dict[Type, Type] = {}
                open_ones = frozenset(item for item in wanted if item not in environment)
                relations.unify(signature.result, expected, told, open_ones)
                environment.update(
                    {item: kind for item, kind in told.items() if not relations.holds(kind, (TypeVarType, InferType))}
                )
            for index in later:
                arg = bound.positional[index]
                assert arg is not None
                pattern = params[index].type
                assert pattern is not None
                value = self.argument(arg, relations.substitute(pattern, environment))
                relations.unify(relations.substitute(pattern, environment), value.type, environment, wanted)
                values[index] = value
            if decl.name in ("__init__", "__new__") and decl.module.source.library and values:
                self.settle_from_items(values[0], environment, wanted - frozenset(decl.type_params))
            self.settle(decl, signature, environment, wanted, expected, span)
            result: list[TExpr] = []
            for index, param in enumerate(params):
                kind = None if param.type is None else relations.substitute(param.type, environment)
                value_or_none = values[index]
                if param.kind == "varargs":
                    value = self.rest_value(decl, rest, kind, span)
                elif param.kind == "kwargs":
                    value = self.extra_value(bound.extra, kind, span)
                elif value_or_none is None:
                    value = self.default_value(decl, param, kind, span)
                else:
                    value = value_or_none
                if kind is not None and param.kind not in ("varargs", "kwargs"):
                    becomes = decl.module.library and (kind == param.type or decl.name in LOOKUPS)
                    adapted = adapts and not decl.module.library and relations.is_smaller_number(value.type, kind)
                    if not adapted:
                        value = self.coerce(value, kind, role_of(decl, param), becomes=becomes)
                result.append(value)
        if made and result:
            # temporaries hold what was evaluated first, so they may run ahead of the whole call
            self.out.extend(made)
        return result

    def spread(self, args: Sequence[Arg]) -> list[Arg]:
        """`f(*t)` where t is a tuple of known length: its items."""
        found: list[Arg] = []
        for arg in args:
            value = self.expression(arg.value) if isinstance(arg, tree.Starred) else None
            if value is None or not isinstance(value.type, TupleType):
                found.append(arg)
            else:
                found.extend(self.spread_value(value))
        return found

    def spread_value(self, value: TExpr) -> list[TExpr]:
        """The items of a tuple of known length."""
        if not isinstance(value.type, TupleType):
            return []
        whole = self.kept(value)
        return [GetItem(kind, value.span, whole, at) for at, kind in enumerate(value.type.items)]

    def argument(self, arg: Arg, expected: Type | None) -> TExpr:
        if isinstance(arg, TExpr):
            return arg
        if expected is not None and relations.holds(expected, TypeVarType) and not isinstance(arg, tree.Lambda):
            expected = expected if isinstance(expected, FunctionType) else None
        return self.expression(arg, expected)

    def needs_types(self, arg: Arg) -> bool:
        """A lambda or function whose parameter types come from the other arguments."""
        if isinstance(arg, tree.Lambda):
            return True
        if isinstance(arg, tree.Name | tree.Attribute):
            symbol = self.static(arg)
            if isinstance(arg, tree.Attribute) and symbol is None:
                return isinstance(self.static(arg.value), ClassDecl | ClassType) or self.is_method(arg)
            return isinstance(symbol, FunctionDecl | OverloadDecl | ClassDecl)
        if isinstance(arg, tree.Call) and any(isinstance(item, tree.Lambda) for item in arg.args):
            # a function that makes a function of a lambda: cmp_to_key(lambda a, b: ...)
            made_by = self.static(arg.func) if isinstance(arg.func, tree.Name | tree.Attribute) else None
            if isinstance(made_by, FunctionDecl) and made_by.type_params:
                return isinstance(self.program.annotations.signature(made_by).result, FunctionType)
        return False

    def is_method(self, node: tree.Attribute) -> bool:
        """`obj.method`, not called."""
        saved = self.task.diagnostics[:], self.variables[:], self.task.requests[:]
        with self.block():
            kind = self.expression(node.value).type
        self.task.diagnostics[:], self.variables[:], self.task.requests[:] = saved
        found = self.lookup(kind, node.attr) if isinstance(kind, ClassType) else None
        return found is not None and isinstance(found[1], FunctionDecl | OverloadDecl)

    def settle_from_items(self, source: TExpr | None, environment: dict[Type, Type], wanted: frozenset[Type]) -> None:
        """`list(x)`, `dict(x)`: the class's type parameters are what iterating over x gives."""
        missing = [item for item in wanted if item not in environment]
        if source is None or not missing:
            return
        element = self.element_type(source)
        parts = element.items if isinstance(element, TupleType) and len(wanted) == 2 else (element,)
        order = sorted(
            missing,
            key=lambda item: (
                item.owner.type_params.index(item)
                if isinstance(item, TypeVarType) and isinstance(item.owner, ClassDecl)
                else 0
            ),
        )
        for item, part in zip(order, parts, strict=False):
            if part is not None:
                environment[item] = part

    def settle(
        self, decl: FunctionDecl, signature: Signature, environment: dict[Type, Type], wanted: frozenset[Type],
        expected: Type | None, span: Span,
    ) -> None:  # fmt: skip
        """Type parameters that no argument told: from the expected result, else unknown until first use."""
        missing = [item for item in wanted if item not in environment or isinstance(environment[item], InferType)]
        if missing and expected is not None and signature.result is not None:
            result: Type = signature.result
            if decl.is_async:
                result = self.core("Coroutine", result)
            found: dict[Type, Type] = {}
            relations.unify(relations.substitute(result, environment), expected, found, frozenset(missing))
            environment.update(found)
        if decl.module.name == "pielang.json" and decl.name == "loads":
            environment.update({item: ANY for item in missing if item not in environment})  # no type is declared
        for item in missing:
            if item not in environment:
                environment[item] = self.unknown(span, str(item), f"`{item}` of `{decl.qualified}`")

    def unknown(self, span: Span, label: str, place: str) -> Type:
        """A type to be found out by the first use; what was learned of it before, if so."""
        key = (self.task.instance.symbol, span.start, label)
        hint = self.program.hints.get(key)
        if hint is not None:
            return self.program.resolved(hint)
        found = InferType(key, place)
        self.open_places[key] = span
        return found

    def bind(
        self,
        decl: FunctionDecl,
        signature: Signature,
        args: Sequence[Arg],
        keywords: Sequence[tuple[str, Arg]],
        span: Span,
    ) -> Bound | None:
        params = signature.params
        slots = [index for index, item in enumerate(params) if item.kind in ("positional", "normal")]
        rest_at = next((index for index, item in enumerate(params) if item.kind == "varargs"), -1)
        has_extra = any(item.kind == "kwargs" for item in params)
        bound = Bound([None] * len(params), [], rest_at, [], [])
        name = decl.qualified
        for position, arg in enumerate(args):
            if isinstance(arg, tree.Starred) and rest_at < 0:
                self.unsupported(
                    arg, "a starred argument for a function without `*` parameter", "pass the items one by one"
                )
                return None
            if position < len(slots) and not isinstance(arg, tree.Starred):
                bound.positional[slots[position]] = arg
                bound.order.append(slots[position])
            elif rest_at >= 0:
                bound.rest.append(arg)
            else:
                count = len(slots)
                problem = f"`{name}` takes {count} argument{'s' * (count != 1)}, not {len(args)}"
                self.report(self.argument_problem(decl, arg.span, problem))
                return None
        by_name = {item.name: index for index, item in enumerate(params) if item.kind in ("normal", "keyword")}
        for key, arg in keywords:
            index = by_name.get(key)
            if index is None:
                if has_extra:
                    bound.extra.append((key, arg))
                    continue
                report = self.argument_problem(decl, arg.span, f"`{name}` has no parameter `{key}`")
                near = closest(key, by_name)
                self.report(report.helped(f"did you mean `{near}`?") if near else report)
                return None
            if bound.positional[index] is not None:
                self.report(self.argument_problem(decl, arg.span, f"`{key}` of `{name}` is given twice"))
                return None
            bound.positional[index] = arg
            bound.order.append(index)
        missing = [
            item.name for index, item in enumerate(params)
            if item.default is None and bound.positional[index] is None and item.kind not in ("varargs", "kwargs")
        ]  # fmt: skip
        if missing:
            names = ", ".join(f"`{item}`" for item in missing)
            self.report(self.argument_problem(decl, span, f"`{name}` needs {names}"))
            return None
        return bound

    def argument_problem(self, decl: FunctionDecl, span: Span, problem: str) -> errors.WrongArguments:
        report = errors.WrongArguments(self.source, span, problem=problem)
        if not decl.module.library:
            return report.labelled(decl.module.source, decl.span, "declared here")
        return report

    def collect_rest(
        self,
        decl: FunctionDecl,
        signature: Signature,
        bound: Bound,
        environment: dict[Type, Type],
        wanted: frozenset[Type],
    ) -> list[tuple[TExpr, bool]]:
        """Values for `*args`, each with whether it is starred."""
        found: list[tuple[TExpr, bool]] = []
        if bound.rest_at < 0:
            return found
        pattern = signature.params[bound.rest_at].type
        for arg in bound.rest:
            known = None if pattern is None else relations.substitute(pattern, environment)
            if isinstance(arg, tree.Starred):
                plain = decl.stringify or known is None or relations.holds(known, TypeVarType)
                value = self.expression(arg.value, None if plain or known is None else self.core("list", known))
                element = self.element_type(value)
                if pattern is not None and element is not None and not decl.stringify:
                    relations.unify(relations.substitute(pattern, environment), element, environment, wanted)
                found.append((value, True))
                continue
            value = self.argument(arg, None if decl.stringify else known)
            if pattern is not None and not decl.stringify:
                relations.unify(relations.substitute(pattern, environment), value.type, environment, wanted)
            found.append((value, False))
        return (
            [
                (self.texts_of(value) if starred else self.as_text(value, value.span), starred)
                for value, starred in self.settled(found)
            ]
            if decl.stringify
            else found
        )

    def settled(self, values: list[tuple[TExpr, bool]]) -> list[tuple[TExpr, bool]]:
        """All values evaluated before any of them is turned into text, where that can make a difference."""
        last = max((at for at, (value, _) in enumerate(values) if not self.is_plain(value)), default=0)
        if all(self.is_immutable(value.type) for value, _ in values[:last]):
            return values
        return [(self.kept(value) if at <= last else value, starred) for at, (value, starred) in enumerate(values)]

    def is_plain(self, value: TExpr) -> bool:
        """Evaluating it changes nothing."""
        if isinstance(value, Coerce):
            return self.is_plain(value.value)
        if isinstance(value, GetField):
            return self.is_plain(value.obj)
        return isinstance(value, Const | GetVar | GetGlobal) or (
            isinstance(value, Prim) and all(map(self.is_plain, value.args))
        )

    def is_immutable(self, kind: Type) -> bool:
        return isinstance(kind, ClassType) and kind.decl.representation not in ("", "array")

    def rest_value(self, decl: FunctionDecl, rest: list[tuple[TExpr, bool]], kind: Type | None, span: Span) -> TExpr:
        """The list (in user code: tuple) that `*args` receives."""
        if kind is None and not decl.module.library:
            items = [arg for value, starred in rest for arg in (self.spread_value(value) if starred else [value])]
            if all(not starred or isinstance(value.type, TupleType) for value, starred in rest):
                return MakeTuple(TupleType(tuple(item.type for item in items)), span, items)
        if kind is None:
            joined: Type = self.core("int")
            for number, (value, starred) in enumerate(rest):
                own = self.element_type(value) if starred else value.type
                joined = (own or ERROR) if number == 0 else relations.join(joined, own or ERROR) or ERROR
            kind = joined
        listed = self.list_of(rest, kind, span)
        if decl.module.library:
            return listed
        owner = self.core("tuple_of", kind)
        found = self.lookup(owner, "from_list")
        assert found is not None and isinstance(found[1], FunctionDecl)
        return self.call_declaration(found[1], [listed], [], span, owner=owner)

    def texts_of(self, value: TExpr) -> TExpr:
        """A list of `str(item)` for what a starred argument gives."""
        span = value.span
        with self.block() as made:
            texts = self.new_list(self.core("list", self.core("str")), 0, span)
            self.iterate(value, span, lambda item: self.add_item(texts, self.as_text(item, span)))
        return self.wrapped(made, texts)

    def extra_value(self, extra: Keywords, kind: Type | None, span: Span) -> TExpr:
        """The dict that `**kwargs` receives."""
        values = [(name, self.argument(arg, kind)) for name, arg in extra]
        if kind is None:
            kind = values[0][1].type if values else self.core("int")
            for _, value in values[1:]:
                kind = relations.join(kind, value.type) or ERROR
        owner = self.core("dict", self.core("str"), kind)
        with self.block() as inside:
            result = self.kept(self.construct(owner, [], [], span))
            for name, value in values:
                made = self.need_method(
                    result, "__setitem__", [self.str_const(name, span), self.coerce(value, kind)], span
                )
                self.emit(Do(span, made))
        return self.wrapped(inside, result)

    # --- defaults ------------------------------------------------------------------------------------------------

    def default_value(self, decl: FunctionDecl, param: Parameter, kind: Type | None, span: Span) -> TExpr:
        """What a parameter gets when no argument is given: a literal in place, else what the `def` evaluated."""
        default = param.default
        assert default is not None
        if is_literal(default):
            with self.elsewhere(decl.module):
                return self.expression(default, kind)
        factory = default_factory(default)
        if factory is not None:
            with self.elsewhere(decl.module):
                return self.expression(tree.Call(default.span, factory, (), ()), kind)
        inner = plain_default(default)
        if inner is not None and is_literal(inner):
            with self.elsewhere(decl.module):
                return self.expression(inner, kind)
        glob = decl.defaults.get(param.name)
        if glob is None:
            glob = GlobalDecl(f"{decl.qualified}.{param.name}", decl.module, param.span, None, inner or default)
            decl.defaults[param.name] = glob
        variable = self.global_for_default(glob, kind)
        return variable if variable is not None else self.bad(span)

    @contextmanager
    def elsewhere(self, module: ModuleDecl) -> Iterator[None]:
        """Evaluate an expression written at the top level of another module."""
        before = (self.module, self.source, self.scope, self.outer, self.type_names)
        self.module, self.source, self.scope, self.outer, self.type_names = module, module.source, Scope(), None, {}
        try:
            yield
        finally:
            self.module, self.source, self.scope, self.outer, self.type_names = before

    # --- overloads -----------------------------------------------------------------------------------------------

    def choose(
        self, overload: OverloadDecl, owner: Type | None, args: list[Arg], keywords: Keywords, span: Span
    ) -> tuple[FunctionDecl | None, list[Arg], Keywords]:
        """The form that takes the arguments as they are, else the first that takes them by conversion."""
        shaped = [form for form in overload.forms if self.takes_shape(form, args, keywords)]
        if len(shaped) == 1:
            return shaped[0], args, keywords
        if not shaped:
            shaped = overload.forms
        values: list[Arg] = [arg if self.is_untyped(arg) else self.argument(arg, None) for arg in args]
        named = [(name, arg if self.is_untyped(arg) else self.argument(arg, None)) for name, arg in keywords]
        best: FunctionDecl | None = None
        for form in shaped:
            level = self.fit(form, owner, values, named)
            if level == 2:
                return form, values, named
            if level == 1 and best is None:
                best = form
        if best is None:
            kinds = [value.type for value in values if isinstance(value, TExpr)]
            if not any(isinstance(kind, ErrorType | NeverType) for kind in kinds):
                found = ", ".join(str(value.type) if isinstance(value, TExpr) else "..." for value in values)
                self.report(errors.NoOverload(self.source, span, name=overload.name, found=found))
        return best, values, named

    def is_untyped(self, arg: Arg) -> bool:
        if isinstance(arg, tree.GeneratorExp):
            return id(arg) not in self.scope.generators
        return isinstance(arg, tree.Starred | tree.Lambda) or (
            isinstance(arg, tree.Name | tree.Attribute | tree.Call) and self.needs_types(arg)
        )

    def takes_shape(self, form: FunctionDecl, args: Sequence[Arg], keywords: Sequence[tuple[str, Arg]]) -> bool:
        params = self.program.annotations.signature(form).params
        slots = [item for item in params if item.kind in ("positional", "normal")]
        kinds = {item.kind for item in params}
        if len(args) > len(slots) and "varargs" not in kinds:
            return False
        if any(isinstance(arg, tree.Starred) for arg in args) and "varargs" not in kinds:
            return False
        given = {name for name, _ in keywords}
        known = {item.name for item in params if item.kind in ("normal", "keyword")}
        if given - known and "kwargs" not in kinds:
            return False
        taken = {item.name for item in slots[: len(args)]}
        if taken & given:
            return False
        return all(
            item.default is not None or item.name in given or item.name in taken or item.kind in ("varargs", "kwargs")
            for item in params
        )

    def fit(
        self, form: FunctionDecl, owner: Type | None, args: Sequence[Arg], keywords: Sequence[tuple[str, Arg]]
    ) -> int:
        """2: takes the arguments as they are; 1: by conversion; 0: not."""
        signature = self.program.annotations.signature(form)
        environment: dict[Type, Type] = {}
        if form.owner is not None and isinstance(owner, ClassType):
            for above in relations.ancestors(owner):
                if above.decl is form.owner:
                    known = zip(form.owner.type_params, above.args, strict=True)
                    environment = {item: value for item, value in known if item != value}  # the rest is to be found
        slots = [item for item in signature.params if item.kind in ("positional", "normal")]
        by_name = {item.name: item for item in signature.params}
        rest = next((item for item in signature.params if item.kind == "varargs"), None)
        pairs: list[tuple[Parameter | None, Arg]] = [
            (slots[index] if index < len(slots) else rest, arg) for index, arg in enumerate(args)
        ]
        pairs += [(by_name.get(name), arg) for name, arg in keywords]
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
                if param.type is not None and isinstance(arg, tree.Lambda):
                    kind = relations.substitute(param.type, environment)
                    if not any(isinstance(item, FunctionType | TypeVarType) for item in relations.members_of(kind)):
                        return 0
                if param.type == NONE or not self.fits_arity(arg, param.type):
                    return 0
                continue
            pattern = relations.substitute(param.type, environment)
            if relations.holds(pattern, TypeVarType):
                relations.unify(pattern, arg.type, environment, wanted)
                pattern = relations.substitute(param.type, environment)
                if isinstance(param.type, TypeVarType):
                    continue
                if relations.holds(pattern, TypeVarType):
                    level = min(level, 1) if type(pattern) is type(arg.type) or isinstance(pattern, UnionType) else 0
                    if level == 0:
                        return 0
                    continue
            if isinstance(arg, Const) and type(arg.value) is int and isinstance(pattern, ClassType):
                if pattern.decl.representation in ("u32", "i32"):
                    level = min(level, 1)
                    continue
            how = relations.conversion(arg.type, pattern)
            if how is None or how == "checked":
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
            names = (*arg.args.posonlyargs, *arg.args.args)
            fewest = sum(item.default is None for item in names)
            return fewest <= len(kind.params) and (arg.args.vararg is not None or len(kind.params) <= len(names))
        symbol = self.static(arg) if isinstance(arg, tree.Name) else None
        if not isinstance(symbol, FunctionDecl) or symbol.owner is not None:
            return True
        params = self.program.annotations.signature(symbol).params
        slots = [item for item in params if item.kind in ("positional", "normal")]
        needed = [item for item in params if item.kind in ("positional", "normal", "keyword") and item.default is None]
        endless = any(item.kind == "varargs" for item in params)
        return len(needed) <= len(kind.params) and (endless or len(kind.params) <= len(slots))

    # --- construction --------------------------------------------------------------------------------------------

    def construct(
        self, kind: Type, args: list[Arg], keywords: Keywords, span: Span, expected: Type | None = None
    ) -> TExpr:
        """`C(args)`. A class type whose arguments are its own type variables has them found from the arguments."""
        if not isinstance(kind, ClassType):
            if isinstance(kind, ErrorType):
                return self.bad(span)
            return self.error(errors.NotCallable(self.source, span, found=str(kind)))
        decl = kind.decl
        self.program.annotations.complete(decl)
        if decl.is_enum and len(args) == 1:
            return self.enum_of(decl, args, span)
        if decl.is_protocol or self.abstract_methods(decl):
            names = ", ".join(f"`{name}`" for name in self.abstract_methods(decl))
            problem = f"`{decl.name}` is abstract" + (f": {names} must be overridden" if names else "")
            return self.error(errors.ClassProblem(self.source, span, problem=problem))
        init = self.lookup(kind, "__init__")
        new = self.lookup(kind, "__new__")
        if new is not None and (init is None or init[0] != kind or new[0] == kind):
            return self.call_new(kind, new, args, keywords, span, expected)
        wanted: frozenset[Type] = frozenset(
            item for item in kind.args if isinstance(item, TypeVarType) and item.owner is decl
        )
        environment: dict[Type, Type] = {}
        if init is None:
            if args or keywords:
                first = args[0] if args else keywords[0][1]
                problem = f"`{decl.name}` takes no arguments"
                return self.error(errors.WrongArguments(self.source, first.span, problem=problem))
            self.settle_class(kind, environment, wanted, expected, span)
            return self.new_object(self.filled(kind, environment), span)
        owner, member = init
        if isinstance(member, OverloadDecl):
            form, args, keywords = self.choose(member, owner, args, keywords, span)
            if form is None:
                return self.bad(span)
            member = form
        assert isinstance(member, FunctionDecl) and member.owner is not None
        inherited: dict[Type, Type] = dict(zip(member.owner.type_params, owner.args, strict=True))
        signature = self.program.annotations.signature(member)
        params = tuple(
            Parameter(
                item.name, None if item.type is None else relations.substitute(item.type, inherited), item.default,
                item.kind, item.span,
            )
            for item in signature.params
        )  # fmt: skip
        if expected is not None and wanted:
            self.expected_class(kind, expected, environment, wanted)
        own: frozenset[Type] = frozenset(member.type_params)
        pattern = Signature(params, kind if wanted else NONE)
        values = self.arguments(
            member,
            pattern,
            args,
            keywords,
            span,
            environment,
            wanted | own,
            expected,
            adapts=member.node.span != member.owner.span,
        )
        if values is None:
            return self.bad(span)
        kind = self.filled(kind, environment)
        if relations.is_open(kind):
            return Const(kind, span, None)
        made = self.new_object(kind, span)
        var = self.temporary(kind)
        declaring = next(above for above in relations.ancestors(kind) if above.decl is member.owner)
        own_environment: dict[Type, Type] = {item: environment[item] for item in member.type_params}
        own_environment.update(zip(member.owner.type_params, declaring.args, strict=True))
        task = self.request(member, declaring, own_environment, values, span)
        if task is None:
            return Const(kind, span, None)
        if not signature.annotated:
            self.learn_constructor(member, values, span)
            if task.state in ("new", "queued"):
                self.program.check_body(task)
        receiver: TExpr = self.coerce(GetVar(kind, span, var), declaring)
        with self.block() as inside:
            self.emit(SetVar(span, var, made))
            if relations.is_subclass(kind, self.core("BaseException")) and not chains_up(member):
                values = [self.kept(value) for value in values]
                self.keep_arguments(kind, GetVar(kind, span, var), values[: len(args)], span)
            self.emit(Do(span, self.call_instance(task, [receiver, *values], span)))
        return self.wrapped(inside, GetVar(kind, span, var))

    def keep_arguments(self, kind: ClassType, made: TExpr, given: list[TExpr], span: Span) -> None:
        """An exception has its arguments, and by them its text, also when its `__init__` does not hand them on."""
        base = next(above for above in relations.ancestors(kind) if above.decl.module.library)
        found = self.lookup(base, "__init__")
        if found is not None:
            self.emit(Do(span, self.call_member(self.coerce(made, base), *found, [*given], [], span, direct=True)))

    def learn_constructor(self, member: FunctionDecl, values: list[TExpr], span: Span) -> None:
        """An unannotated `__init__` has one set of parameter types: those of its first call."""
        assert member.owner is not None
        key = ("constructor", member)
        kinds = TupleType(tuple(value.type for value in values))
        before = self.program.constructors.get(key)
        if before is None:
            self.program.constructors[key] = (kinds, self.source, span)
        elif before[0] != kinds:
            shown, other = (str(item).removeprefix("tuple") for item in (kinds, before[0]))
            problem = f"`{member.owner.name}` is made from {shown} here and from {other} elsewhere"
            report = errors.ClassProblem(self.source, span, problem=problem).labelled(
                before[1], before[2], "the other place"
            )
            self.report(report.helped("annotate the parameters of its `__init__`"))

    def filled(self, kind: ClassType, environment: dict[Type, Type]) -> ClassType:
        found = relations.substitute(kind, environment)
        assert isinstance(found, ClassType)
        return found

    def expected_class(
        self, kind: ClassType, expected: Type, environment: dict[Type, Type], wanted: frozenset[Type]
    ) -> None:
        """Type arguments from the type that is wanted here."""
        for member in relations.members_of(expected):
            if isinstance(member, ClassType) and not relations.is_open(member):
                for above in relations.ancestors(kind):
                    if above.decl is member.decl:
                        relations.unify(above, member, environment, wanted)
                        return

    def settle_class(
        self, kind: ClassType, environment: dict[Type, Type], wanted: frozenset[Type], expected: Type | None, span: Span
    ) -> None:
        if expected is not None and wanted:
            self.expected_class(kind, expected, environment, wanted)
        for item in wanted:
            if item not in environment:
                environment[item] = self.unknown(span, str(item), f"`{item}` of `{kind.decl.name}`")

    def call_new(
        self, kind: ClassType, new: tuple[ClassType, Member], args: list[Arg], keywords: Keywords,
        span: Span,
        expected: Type | None,
    ) -> TExpr:  # fmt: skip
        """Classes whose values are not plain objects are made by their static method `__new__`."""
        owner, member = new
        if isinstance(member, OverloadDecl):
            form, args, keywords = self.choose(member, owner, args, keywords, span)
            if form is None:
                return self.bad(span)
            member = form
        assert isinstance(member, FunctionDecl)
        open_params: frozenset[Type] = frozenset(
            item for item in kind.args if isinstance(item, TypeVarType) and item.owner is kind.decl
        )
        if not open_params:
            return self.call_declaration(member, args, keywords, span, expected, owner=owner)
        environment: dict[Type, Type] = {}
        if expected is not None:
            self.expected_class(kind, expected, environment, open_params)
        signature = self.program.annotations.signature(member)
        wanted = open_params | frozenset(member.type_params)
        values = self.arguments(member, signature, args, keywords, span, environment, wanted, expected)
        if values is None:
            return self.bad(span)
        kind = self.filled(kind, environment)
        task = self.request(member, kind, environment, values, span)
        if task is None:
            return Const(kind, span, None)
        return self.call_instance(task, values, span)

    def new_object(self, kind: ClassType, span: Span) -> TExpr:
        """A new object, its fields with a default in the class body set."""
        if relations.is_open(kind):
            return Const(kind, span, None)
        layout = self.program.layout(kind)
        if layout not in self.task.constructs:
            self.task.constructs.append(layout)
        made: TExpr = Construct(kind, span, layout)
        with_defaults = [
            (above, name, member.default)
            for above in relations.ancestors(kind) if above.decl.dataclass is None
            for name, member in above.decl.members.items()
            if isinstance(member, FieldDecl) and member.default is not None
        ]  # fmt: skip
        if not with_defaults:
            return made
        with self.block() as inside:
            var = self.temporary(kind)
            self.emit(SetVar(span, var, made))
            for above, name, default in with_defaults:
                assert default is not None
                found = self.program.field(above, name)
                with self.elsewhere(above.decl.module):
                    value = self.expression(default, found[1].type if found is not None else None)
                if found is None:
                    found = self.learn_field(above, name, value.type)
                stored = self.coerce(value, found[1].type)
                self.emit(SetField(span, self.coerce(GetVar(kind, span, var), above), found[0], found[1], stored))
        return self.wrapped(inside, GetVar(kind, span, var))

    def abstract_methods(self, decl: ClassDecl) -> list[str]:
        found: dict[str, bool] = {}
        current: ClassDecl | None = decl
        while current is not None:
            self.program.annotations.complete(current)
            for name, member in current.members.items():
                if isinstance(member, FunctionDecl):
                    found.setdefault(name, member.abstract)
                elif isinstance(member, PropertyDecl):
                    found.setdefault(name, member.getter.abstract)
                else:
                    found.setdefault(name, False)
            current = current.base.decl if current.base is not None else None
        return [name for name, abstract in found.items() if abstract]

    def learn_lambda(self, kind: LambdaType, values: list[TExpr], span: Span) -> TExpr:
        """The first call of a lambda says the types of its parameters: what makes it is checked again."""
        kinds = tuple(value.type for value in values)
        if any(relations.is_open(item) and not isinstance(item, LambdaType) for item in kinds):
            return self.bad(span)
        if kind.key not in self.program.hints:
            for key, hint in list(self.program.hints.items()):
                if isinstance(hint, TupleType) and kind in hint.items:
                    del self.program.hints[key]  # said of it while it was not known; to be learned anew
            self.program.hints[kind.key] = TupleType(kinds)
            owner = next((task for task in self.program.stack if task.instance.symbol == kind.key[0]), None)
            raise Restart(owner)
        return self.bad(span)

    # --- function values -----------------------------------------------------------------------------------------

    def call_value(self, callee: TExpr, args: list[Arg], keywords: Keywords, span: Span) -> TExpr:
        """Call of a function value."""
        kind = callee.type
        if isinstance(kind, ErrorType | NeverType):
            for arg in args:
                if not isinstance(arg, tree.Starred):
                    self.argument(arg, None)
            return self.bad(span)
        if any(isinstance(arg, tree.Starred) for arg in args):
            args = self.spread(args)
        if isinstance(kind, LambdaType) and any(isinstance(arg, tree.Starred) for arg in args):
            return self.bad(span)
        if isinstance(kind, LambdaType) and keywords:
            return self.unsupported(span, "a keyword argument for a function value", "pass the arguments by position")
        if isinstance(kind, LambdaType):
            return self.learn_lambda(
                kind, [self.argument(arg, None) for arg in args if not isinstance(arg, tree.Starred)], span
            )
        if isinstance(kind, FunctionType):
            if keywords or any(isinstance(arg, tree.Starred) for arg in args):
                return self.unsupported(
                    span, "a keyword or starred argument for a function value", "pass the arguments by position"
                )
            if len(args) != len(kind.params):
                count = len(kind.params)
                problem = f"this function takes {count} argument{'s' * (count != 1)}, not {len(args)}"
                return self.error(errors.WrongArguments(self.source, span, problem=problem))
            values = [
                self.coerce(self.argument(arg, want), want, "the argument")
                for arg, want in zip(args, kind.params, strict=True)
            ]
            self.function_type(kind)
            return CallValue(kind.result, span, callee, values)
        if isinstance(kind, UnionType):
            open_one = next((item for item in kind.members if isinstance(item, LambdaType)), None)
            if open_one is not None:
                return self.call_value(Const(open_one, span, None), args, keywords, span)
            if not relations.has_none(kind):
                kept: list[Arg] = [self.kept(self.argument(arg, None)) for arg in args]
                return self.by_member(callee, lambda item: self.call_value(item, kept, keywords, span), span)
            if relations.has_none(kind):
                return self.error(errors.MayBeNone(self.source, span, operation="it is called", found=str(kind)))
        found = self.method(callee, "__call__", args, keywords, span)
        return self.error(errors.NotCallable(self.source, span, found=str(kind))) if found is None else found


def extra_names(signature: Signature, keywords: Keywords) -> tuple[str, ...]:
    """The names that an unannotated `**kwargs` receives: its instance knows them."""
    if not any(item.kind == "kwargs" and item.type is None for item in signature.params):
        return ()
    known = {item.name for item in signature.params if item.kind in ("normal", "keyword")}
    return tuple(name for name, _ in keywords if name not in known)


__all__ = ["ANY", "Calls", "Construct"]


def chains_up(init: FunctionDecl) -> bool:
    """Is it a library's `__init__`, or does it call that of a base class?"""
    text = init.module.source.text[init.node.span.start : init.node.span.end]
    return init.module.library or ".__init__(" in text
