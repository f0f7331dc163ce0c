"""Arguments: bound to parameters, converted, their types telling type parameters; defaults and what `*` collects."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from ..syntax import tree
from ..syntax.node import walk
from ..syntax.parts import is_literal
from ..syntax.source import Span
from . import errors, relations
from .callsite import MAPPING, Arg, CallSite, Keywords, Ready
from .declarations import ClassDecl, FunctionDecl, ModuleDecl, OverloadDecl, Parameter, Signature, SpecialForm, Symbol
from .defaults import default_factory, plain_default
from .program import Failed
from .scopes import Scope
from .typed import Coerce, Const, Do, GetField, GetGlobal, GetVar, Prim, TBlock, TContinue, TExpr, TIf
from .types import (
    ANY,
    ERROR,
    NEVER,
    NONE,
    AnyType,
    ClassType,
    ErrorType,
    FunctionType,
    InferType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
)
from .variables import FUNCTIONS, Variables
from .wording import (
    COUNTED,
    INDEXING,
    SEQUENCES,
    Raising,
    count_problem,
    index_problem,
    missing_problem,
    python_name,
    whole_problem,
)

BY_DEFAULT: dict[tuple[str, str], tuple[Type, Type]] = {
    ("pielang.json", "loads"): (ANY, ANY), ("pielang.dynamic", "eval"): (ANY, ANY),
    ("pielang.dynamic", "run_dynamic"): (ANY, ANY), ("pielang.re", "group"): (NONE, NEVER),
    ("pielang.re", "__getitem__"): (NONE, NEVER),
    ("pielang.re", "groups"): (NONE, ANY), ("pielang.re", "groupdict"): (NONE, ANY),
}  # fmt: skip
"""What a type parameter is that neither an argument nor the place of the result tells: in code without annotations,
and in annotated code."""
ADDING = frozenset((
    "extend", "extendleft", "update", "symmetric_difference_update", "__iadd__", "__ior__", "__setrange__",
    "__setslice__", "union", "symmetric_difference",
))  # fmt: skip
"""Methods of containers that put in what is in an argument."""
LOOKUPS = frozenset(("__contains__", "count", "index", "remove", "__getitem__"))
"""Methods of the library that only compare what they are given: 1 does for 1.0."""

FROZEN = frozenset(("__contains__", "remove", "discard"))
"""Methods of sets that look for a set as the frozenset with its items."""


@dataclass(eq=False, slots=True)
class Bound:
    """Arguments by parameter: one expression, several for `*args`, pairs for `**kwargs`, None for the default."""

    positional: list[Arg | None]
    rest: list[Arg]
    rest_at: int
    extra: list[tuple[str, Arg]]
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


def argument_problem(decl: FunctionDecl, wanted: Type, found: Type) -> Raising:
    """The error for an argument that a function of the library does not take, where it is known."""
    owner = None if decl.owner is None else ClassType(decl.owner)
    if owner is not None and decl.name in INDEXING and python_name(owner) in COUNTED:
        return "TypeError", index_problem(owner, found)
    text = TAKES.get(decl.qualified) if decl.module.core else None
    if text is None and decl.module.core and str(wanted) == "int":
        return whole_problem(found)
    if decl.module.name == "pielang.math" and str(wanted) == "float":
        text = "must be real number, not {0}"
    return ("TypeError", text.format(python_name(found))) if text is not None else ()


TAKES = {
    "ord": "ord() expected string of length 1, but {0} found",
    "str.strip": "strip arg must be None or str", "str.lstrip": "lstrip arg must be None or str",
    "str.rstrip": "rstrip arg must be None or str",
}  # fmt: skip
"""What a TypeError says of an argument of another type, by function."""
WALKED = (*SEQUENCES, "range")


class Arguments(Variables):
    def arguments(
        self, decl: FunctionDecl, signature: Signature, site: CallSite, environment: dict[Type, Type],
        wanted: frozenset[Type], *, adapts: bool = True,
    ) -> list[TExpr] | None:  # fmt: skip
        """Values for all parameters, converted; `environment` is completed. None after a complaint.

        `adapts`: the function gets an instance for an int where a float is declared.
        """
        endless, span = signature.rest is not None, site.span
        if not (endless and decl.module.library):
            site = self.spread(site)
        try:
            if (site.is_mapped and (signature.named or not endless)) or (
                site.is_starred and (site.first_starred < len(signature.slots) or not endless)
                and not decl.module.library
            ):  # fmt: skip
                dealt = self.dealt(decl, signature, site)
                if dealt is None:
                    return None
                site = dealt
            bound = self.bind(decl, signature, site)
        except Failed:
            self.evaluate_all(site)
            raise
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
                if isinstance(known, FunctionType) and relations.is_class(value.type) and wanted:
                    values[index] = value
                    later.append(index)
                    continue
                if pattern is not None and wanted:
                    free = pattern if pattern in wanted else relations.substitute(pattern, environment)
                    relations.unify(free, self.as_walked(value.type, free), environment, wanted)
                    self.open_variable(decl, free, value.type, environment)
                if reordered:
                    value = self.kept(value)
                values[index] = value
            rest = self.collect_rest(decl, signature, bound, environment, wanted)
            if later and isinstance(site.expected, FunctionType) and signature.result is not None:
                told: dict[Type, Type] = {}
                open_ones = frozenset(item for item in wanted if item not in environment)
                relations.unify(signature.result, site.expected, told, open_ones)
                environment.update(
                    {item: kind for item, kind in told.items() if not relations.holds(kind, (TypeVarType, InferType))}
                )
            for index in later:
                arg = bound.positional[index]
                assert arg is not None
                pattern = params[index].type
                assert pattern is not None
                known = relations.substitute(pattern, environment)
                if isinstance(pattern, FunctionType) and pattern.result in environment and isinstance(arg, tree.Lambda):
                    assert isinstance(known, FunctionType)
                    with self.trial():  # `reduce(f, xs, 0)`: what f gives may be anything
                        given = self.argument(arg, FunctionType(known.params, ERROR)).type
                    if isinstance(given, FunctionType) and isinstance(given.result, AnyType):
                        environment[pattern.result] = ANY
                        known = relations.substitute(pattern, environment)
                ready = values[index]
                if ready is not None and isinstance(known, FunctionType):
                    value = self.adapted_value(ready, known)
                else:
                    value = self.argument(arg, known)
                relations.unify(relations.substitute(pattern, environment), value.type, environment, wanted)
                values[index] = value
            if decl.name in ("__init__", "__new__") and decl.module.source.library and values:
                self.settle_from_items(values[0], environment, wanted - frozenset(decl.type_params))
            self.settle(decl, signature, environment, wanted, site.expected, span)
            if decl.name in ("__init__", "__new__", "fromkeys") and decl.module.library:
                for item in wanted - frozenset(decl.type_params if decl.name != "fromkeys" else ()):
                    environment[item] = self.held(environment[item], span, str(item))
            result: list[TExpr] = []
            for index, param in enumerate(params):
                kind = None if param.type is None else relations.substitute(param.type, environment)
                value_or_none = values[index]
                if param.kind == "varargs":
                    value = self.rest_value(decl, rest, kind, span)
                elif param.kind == "kwargs":
                    value = self.extra_value(bound.extra, signature.named, kind, span)
                elif value_or_none is None:
                    value = self.default_value(decl, param, kind, span)
                else:
                    value = value_or_none
                if decl.name in ADDING and decl.module.library and not self.source.library:
                    several = param.kind == "varargs"
                    for given in relations.parts(value.type) if several else [value.type]:
                        self.adds(given, decl, environment, value.span)
                if kind is not None and not param.collects:
                    looks = decl.owner is not None and decl.owner.name in ("AbstractSet", "set")
                    if looks and decl.name in FROZEN and python_name(value.type) == "set":
                        frozen = self.core("frozenset", *relations.parts(value.type))
                        value = self.construct(frozen, CallSite(span, [value]))
                    becomes = decl.module.library and (kind == param.type or decl.name in LOOKUPS)
                    own = adapts and not decl.module.library
                    if becomes and decl.module.library and isinstance(value.type, UnionType):
                        value = self.fitting_members(value, kind, decl)
                    if not (own and relations.is_smaller_number(value.type, kind)):
                        role = role_of(decl, param)
                        says = argument_problem(decl, kind, value.type) if decl.module.library else ()
                        keeps = decl.name == "__init__" and relations.leaves_open(kind, value.type)  # in a field
                        taking = self.taken if own and not keeps else self.coerce
                        value = taking(value, kind, role, becomes=becomes, raising=says)
                result.append(value)
        if made and result:
            # temporaries hold what was evaluated first, so they may run ahead of the whole call
            self.out.extend(made)
        return result

    def adds(self, given: Type, decl: FunctionDecl, environment: dict[Type, Type], span: Span) -> None:
        """A container takes up what is in a value of the type `given`: an int among floats stays one."""
        held = [environment[item] for item in decl.owner.type_params if item in environment] if decl.owner else []
        items = self.items_of(given)
        if items is None:
            return
        pairs = items.items if isinstance(items, TupleType) else relations.parts(given)
        for one, wanted in zip([items] if len(held) == 1 else pairs, held, strict=False):
            if self.changes(one, wanted):
                self.widen(one, wanted, span)
                told = errors.TypeMismatch(self.source, span, role="the item", expected=str(wanted), found=str(one))
                self.error(told)

    def items_of(self, kind: Type) -> Type | None:
        kinds = [item for item in relations.members_of(kind) if item != NONE]
        return self.element_type(Const(relations.union(kinds), Span(0, 0), None)) if kinds else None

    def as_walked(self, kind: Type, pattern: Type) -> Type:
        """`kind`; where an Iterable or Sequence is wanted, that of one with its items."""
        declared = relations.walked(pattern)
        items = None if declared is None else self.items_of(kind)
        return kind if declared is None or items is None else self.core(declared.decl.name, items)

    def walks(self, given: Type, kind: Type) -> bool:
        """Is it one of the Iterables or Sequences that a parameter takes, and not of the type that they have where
        nothing says which?"""
        declared, kinds = relations.walked(kind), relations.members_of(given)
        if declared is None or declared in kinds or (NONE in kinds and not relations.has_none(kind)):
            return False
        if declared.origin == "Sequence" and any(python_name(item) not in WALKED for item in kinds if item != NONE):
            return False
        items, wanted = self.items_of(given), declared.args[0]
        if items is None or isinstance(items, ErrorType):
            return False
        fits = relations.conversion(items, wanted, self.learn) in ("", "upcast", "box")
        smaller = relations.is_smaller_number(items, wanted)
        return fits or smaller or given == TupleType(()) or self.walks(items, wanted)

    def taken(self, value: TExpr, kind: Type, role: str, *, becomes: bool = False, raising: Raising = ()) -> TExpr:
        """`value` as a parameter declared as `kind` takes it."""
        if relations.leaves_open(kind, value.type):
            self.widen(value.type, kind, value.span)
            return value
        if not self.walks(value.type, kind):
            return self.coerce(value, kind, role, becomes=becomes, raising=raising)
        declared = relations.walked(kind)
        if declared is not None and value.type == TupleType(()):
            return self.coerce(value, self.core("tuple_of", declared.args[0]), role)
        return value

    def counts_of_symbol(self, symbol: Symbol) -> tuple[int, int]:
        if not isinstance(symbol, FunctionDecl):
            return 0, 99
        low, high = self.program.annotations.signature(symbol).counts
        method = symbol.owner is not None and symbol.kind == "plain"
        return low + method, high + method

    def evaluate_all(self, site: CallSite) -> None:
        """The arguments of a call that is refused."""
        for arg in site.values:
            self.argument(arg.value if isinstance(arg, tree.Starred) else arg, None)

    def once(self, args: Sequence[Arg]) -> list[Arg]:
        """Arguments that several calls are checked with."""
        return [arg if self.is_untyped(arg) else self.kept(self.argument(arg, None)) for arg in args]

    def evaluated_once(self, site: CallSite) -> CallSite:
        named = zip((word for word, _ in site.keywords), self.once([arg for _, arg in site.keywords]), strict=True)
        return site.given(self.once(site.args), list(named))

    def by_position(self, decl: FunctionDecl, site: CallSite) -> CallSite:
        """The arguments of a decorated function as its wrapper gets them: all of them, in order; as they are
        written where a wrapper does more with its `*args` than hand them on."""
        signature = self.program.annotations.signature(decl)
        params = signature.params
        if len(signature.slots) < len(params) or site.is_starred or not (
            site.keywords or len(site.args) < len(params)
        ):  # fmt: skip
            return site
        if not all(self.hands_on(item) for item in decl.decorated):
            return site
        bound = self.bind(decl, signature, site)
        if bound is None:
            return site.given(site.args, ())
        for at in bound.order:
            arg = bound.positional[at]
            if bound.order != sorted(bound.order) and arg is not None and not self.needs_types(arg):
                bound.positional[at] = self.kept(self.argument(arg, None))
        filled = [
            self.default_value(decl, param, param.type, site.span) if arg is None else arg
            for param, arg in zip(params, bound.positional, strict=True)
        ]
        return site.given(filled, ())

    def hands_on(self, decorator: tree.Expr) -> bool:
        """Do the functions in a decorator use their `*args` and `**kwargs` only to call with them?"""
        symbol = self.static(decorator.func if isinstance(decorator, tree.Call) else decorator)
        return not isinstance(symbol, FunctionDecl) or symbol.module.library or only_hands_on(symbol.node)

    def fitting_members(self, value: TExpr, wanted: Type, decl: FunctionDecl) -> TExpr:
        """An argument of a union type for the library, which takes some of its members: the others raise."""
        assert isinstance(value.type, UnionType)
        indexes = decl.owner is not None and decl.name in INDEXING and python_name(ClassType(decl.owner)) in COUNTED
        if decl.name in LOOKUPS and decl.owner is not None and decl.owner.type_params and not indexes:
            return value  # what holds the items is made to hold these as well
        fit = [item for item in value.type.members if relations.conversion(item, wanted) not in (None, "checked")]
        if not self.gradual or not fit or len(fit) == len(value.type.members):
            return value
        span, whole = value.span, self.kept(value)
        for member in value.type.members:
            if member not in fit:
                other = "TypeError", f"{decl.name}() takes '{wanted}' here, not '{python_name(member)}'"
                error = argument_problem(decl, wanted, member) or other
                self.throw_if(self.is_a(whole, (member,), span), *error, span)
        return self.narrowed(whole, relations.union(fit))

    def spread(self, site: CallSite) -> CallSite:
        """`f(*t)` where t is a tuple of known length: its items."""
        if not site.is_starred:
            return site
        found: list[Arg] = []
        for arg in site.args:
            value = self.expression(arg.value) if isinstance(arg, tree.Starred) else None
            if value is None or not isinstance(value.type, TupleType):
                found.append(arg)
            else:
                found.extend(self.tuple_items(value))
        return site.with_args(found)

    def lacking(self, owner: Type, method: FunctionDecl, site: CallSite) -> str:
        """What is said of `C.method()`, which has no object; nothing where that may be given otherwise."""
        if method.module.library:
            return f"unbound method {python_name(owner)}.{method.name}() needs an argument"
        needed, given = self.program.annotations.signature(method).params, dict(site.keywords)
        first = next((item.arg for item in method.node.args.plain), MAPPING)
        if first in (*given, MAPPING) or MAPPING in given:
            return ""
        me = Parameter(first, None, None, "normal", site.span)
        return missing_problem(method, [me, *(item for item in needed if item.needed and item.name not in given)])

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
                owner = getattr(owner, "decl", owner) if (owner := self.static(arg.value)) else None
                if isinstance(owner, ClassDecl):
                    return self.program.members.find_member(owner, arg.attr) is not None
                return self.is_method(arg)
            special = isinstance(symbol, SpecialForm) and symbol.name in FUNCTIONS
            return special or isinstance(symbol, FunctionDecl | OverloadDecl | ClassDecl)
        if isinstance(arg, tree.Call) and any(map(self.needs_types, arg.args)):
            # a function that makes a function of one: cmp_to_key(lambda a, b: ...)
            made_by = self.static(arg.func) if isinstance(arg.func, tree.Name | tree.Attribute) else None
            if isinstance(made_by, FunctionDecl) and made_by.type_params:
                return isinstance(self.program.annotations.signature(made_by).result, FunctionType)
        return False

    def is_method(self, node: tree.Attribute) -> bool:
        """`obj.method`, not called."""
        kind: Type = ERROR
        with self.trial():
            kind = self.expression(node.value).type
        found = self.lookup(kind, node.attr) if isinstance(kind, ClassType) else None
        return found is not None and isinstance(found[1], FunctionDecl | OverloadDecl)

    def settle_from_items(self, source: TExpr | None, environment: dict[Type, Type], wanted: frozenset[Type]) -> None:
        """`list(x)`, `dict(x)`: the class's type parameters are what iterating over x gives, or over the pairs in x."""
        missing = [item for item in wanted if item not in environment]
        if source is None or not missing:
            return
        paired = len(wanted) == 2 and self.has(source.type, "keys") and self.has(source.type, "items")
        element = self.element_type(self.need_method(source, "items", [], source.span) if paired else source)
        parts: tuple[Type | None, ...] = (element,)
        if len(wanted) == 2 and element is not None:
            parts = element.items if isinstance(element, TupleType) else (self.items_of(element),) * 2
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
        default = BY_DEFAULT.get((decl.module.name, decl.name))
        if default is not None:
            environment.update({item: default[not self.gradual] for item in missing if item not in environment})
        for item in missing:
            if item in environment:
                continue
            if any(param.type == item and isinstance(param.default, tree.NoneLiteral) for param in signature.params):
                environment[item] = NONE  # `default: D = None`
            else:
                environment[item] = self.unknown(span, str(item), f"`{item}` of `{decl.qualified}`")

    def unknown(self, span: Span, label: str, place: str) -> Type:
        """A type to be found out by the first use; what was learned of it before, if so."""
        key = (self.task.instance.symbol, span.start, label)
        hint = self.program.hints.get(key)
        if hint is not None:
            return relations.placed(self.program.resolved(hint), key)
        found = InferType(key, place)
        self.open_places[key] = span
        return found

    def keyword_span(self, name: str, value: Arg) -> Span:
        """Where the `name` of an argument `name=value` stands."""
        before = self.source.text[: value.span.start].rstrip().removesuffix("=").rstrip()
        return Span(len(before) - len(name), len(before)) if before.endswith(name) else value.span

    def bind(self, decl: FunctionDecl, signature: Signature, site: CallSite) -> Bound | None:
        params = signature.params
        slots = [index for index, item in enumerate(params) if item.kind in ("positional", "normal")]
        rest_at = next((index for index, item in enumerate(params) if item.kind == "varargs"), -1)
        has_extra = signature.extra is not None
        bound = Bound([None] * len(params), [], rest_at, [], [])
        name = decl.qualified.removesuffix(".__init__")
        for position, arg in enumerate(site.args):
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
                problem = f"`{name}` takes {count} argument{'s' * (count != 1)}, not {len(site.args)}"
                text = count_problem(decl, signature, len(site.args), (word for word, _ in site.keywords))
                self.report(self.argument_problem(decl, arg.span, problem, text))
                return None
        by_name = {item.name: index for index, item in enumerate(params) if item.kind in ("normal", "keyword")}
        for key, arg in site.keywords:
            if key == MAPPING:
                bound.extra.append((key, arg))
                continue
            index = by_name.get(key)
            first = decl.node.args.args[:1] if decl.owner is not None and decl.kind in ("plain", "class") else ()
            itself = any(item.arg == key for item in first)  # what the call stands on has that name
            if index is None and not itself:
                if has_extra:
                    bound.extra.append((key, arg))
                    continue
                problem = f"`{name}` has no parameter `{key}`"
                unexpected = f"{decl.qualname}() got an unexpected keyword argument '{key}'"
                report = self.argument_problem(decl, self.keyword_span(key, arg), problem, unexpected)
                self.report(report.suggesting(key, by_name))
                return None
            if index is None or bound.positional[index] is not None:
                problem = f"`{key}` of `{name}` is given twice"
                twice = f"{decl.qualname}() got multiple values for argument '{key}'"
                self.report(self.argument_problem(decl, self.keyword_span(key, arg), problem, twice))
                return None
            bound.positional[index] = arg
            bound.order.append(index)
        missing = [
            item for index, item in enumerate(params)
            if item.default is None and bound.positional[index] is None and not item.collects
        ]  # fmt: skip
        if missing:
            names = ", ".join(f"`{item.name}`" for item in missing)
            text = missing_problem(decl, missing)
            self.report(self.argument_problem(decl, site.span, f"`{name}` needs {names}", text))
            return None
        return bound

    def dealt(self, decl: FunctionDecl, signature: Signature, site: CallSite) -> CallSite | None:
        """`f(a, *xs, b=1, **m)`: each parameter gets what there is for it in xs or m, which is seen when it is run; the
        rest goes to `*args` and `**kwargs`."""
        span, at = site.span, site.first_starred
        known: dict[str, Arg] = {word: arg for word, arg in site.keywords if word != MAPPING}
        mappings = [self.argument(arg, None) for word, arg in site.keywords if word == MAPPING]
        anything = (self.core("str"), ANY)
        mappings = [self.dict_of([(None, item)], anything, span) if item.type is ANY else item for item in mappings]
        for whole in mappings:
            is_dict = isinstance(whole.type, ClassType) and whole.type.decl is self.program.core_class("dict")
            if not is_dict or len(mappings) > 1:
                what = f"`**` with a value of type `{whole.type}`" if not is_dict else "`**` twice"
                self.report(errors.Unsupported(self.source, span, what=what).helped("make one `dict` of it"))
                return None
        boolean, no = self.core("bool"), self.bool_const(False, span)
        first = self.once(site.args[:at])
        count, listed = self.int_const(at, span), None
        if site.is_starred:
            values = self.starred(site.args[at:])
            kinds = [self.element_type(value) or ERROR if many else value.type for value, many in values]
            if any(map(relations.is_open, kinds)):
                return None
            listed = self.kept(self.list_of(values, self.joined(kinds, span), span))
            more_of_them = self.need_method(listed, "__len__", [], span)
            count = self.kept(self.prim("wrap_add", count.type, span, count, more_of_them))
        words = [self.kept(self.need_method(self.kept(whole), "copy", [], span)) for whole in mappings]
        name, slots = decl.qualname, signature.slots
        rest, extra = signature.rest, signature.extra
        if rest is None and listed is not None:
            self.refuse_more(decl, signature, count, known, span)
        made: dict[str, TExpr] = {}
        for place, param in enumerate(signature.params):
            if param.collects:
                continue
            word, in_list, there = self.str_const(param.name, span), no, no
            twice = f"{name}() got multiple values for argument '{param.name}'"
            if listed is not None and param in slots:
                in_list = self.kept(self.prim("int_gt", boolean, span, count, self.int_const(place, span)))
            placed = param in slots and place < at
            if param.kind != "positional" and words:
                there = self.kept(self.need_method(words[0], "__contains__", [word], span))
                doubled = there if placed or param.name in known else self.both(in_list, there)
                self.throw_if(doubled, "TypeError", twice, span)
            if placed:
                continue
            if param.name in known:
                self.throw_if(in_list, "TypeError", twice, span)
                continue
            if param.default is not None:
                value = self.apart(partial(self.default_value, decl, param, param.type, span))
            else:
                with self.block() as failing:
                    needed = [item for item in slots if item.name not in known]
                    text = self.missing_text(name, param, needed, count, words, span)
                    self.throw("TypeError", text, span)
                value = TBlock(NEVER, span, failing, Const(NEVER, span, None))
            if words and param.kind != "positional":
                found = self.apart(partial(self.need_method, words[0], "pop", [word], span))
                value = self.chosen(there, found, value, span)
            if listed is not None and param in slots:
                value = self.chosen(in_list, self.apart(partial(self.item_at, listed, place - at, span)), value, span)
            made[param.name] = self.kept(value)
        if extra is None and words:

            def each(key: TExpr) -> None:
                parts = [self.str_const(f"{name}() got an unexpected keyword argument '", span), key]
                self.throw("TypeError", self.concatenated([*parts, self.str_const("'", span)], span), span)

            self.iterate(words[0], span, each)
        by_name = next((place for place, item in enumerate(slots) if item.name in known), len(slots))
        given: list[Arg] = [*first, *(made.pop(item.name) for item in slots[at:by_name])]
        if rest is not None and listed is not None and by_name == len(slots):
            bounds = [self.int_const(bound, span) for bound in (max(len(slots) - at, 0), 2**63 - 1)]
            given.append(tree.Starred(span, Ready(span, self.need_method(listed, "__getrange__", [*bounds], span))))
        left = [(MAPPING, item) for item in words if extra is not None]
        return site.given(given, [*known.items(), *made.items(), *left])

    def starred(self, args: Sequence[Arg]) -> list[tuple[TExpr, bool]]:
        """Arguments by position, each with whether it is starred."""
        return [
            (self.argument(arg.value if isinstance(arg, tree.Starred) else arg, None), isinstance(arg, tree.Starred))
            for arg in args
        ]

    def first_of(self, site: CallSite, lacking: str) -> tuple[TExpr, CallSite]:
        """The first argument of a call, and the call with the others; `lacking`: what is said where there is none."""
        first, span = site.args[0], site.span
        if not isinstance(first, tree.Starred):
            return self.argument(first, None), site.with_args(site.args[1:])
        values = self.starred(site.args)
        kinds = [self.element_type(value) if many else value.type for value, many in values]
        listed = self.kept(self.list_of(values, self.joined([kind or ERROR for kind in kinds], span), span))
        some = self.need_method(listed, "__len__", [], span)
        none = self.compare(some, "==", self.int_const(0, span), span)
        self.throw_if(none, "TypeError", lacking, span)
        bounds = [self.int_const(1, span), self.int_const(2**63 - 1, span)]
        others = Ready(span, self.need_method(listed, "__getrange__", bounds, span))
        return self.item_at(listed, 0, span), site.with_args([tree.Starred(span, others)])

    def missing_text(
        self, name: str, param: Parameter, slots: Sequence[Parameter], count: TExpr, words: list[TExpr], span: Span
    ) -> TExpr:
        if param not in slots:
            return self.str_const(f"{name}() missing 1 required keyword-only argument: '{param.name}'", span)
        needed = [self.str_const(item.name, span) for item in slots if item.default is None]
        found = self.list_of([(word, True) for word in words], self.core("str"), span)
        names = self.list_from(needed, self.core("str"), span)
        return self.runtime_call("missing_arguments", [self.str_const(name, span), names, count, found], span)

    def refuse_more(
        self, decl: FunctionDecl, signature: Signature, count: TExpr, words: Collection[str], span: Span
    ) -> None:
        """Raise where there are more arguments by position than the function takes."""
        mark = 10**9  # a number that stands for the one that is known when it is run
        me = int(decl.owner is not None and decl.kind in ("plain", "class"))
        before, _, after = count_problem(decl, signature, mark, words).partition(str(mark + me))

        def text() -> TExpr:
            given = self.prim("wrap_add", self.core("int"), span, count, self.int_const(me, span))
            parts = [self.str_const(before, span), self.as_text(given, span), self.str_const(after, span)]
            return self.concatenated(parts, span)

        most = self.int_const(len(signature.slots), span)
        test = self.prim("int_gt", self.core("bool"), span, count, most)
        self.throw_if(test, "TypeError", partial(self.apart, text), span)

    def argument_problem(self, decl: FunctionDecl, span: Span, problem: str, text: str) -> errors.WrongArguments:
        report = errors.WrongArguments(self.source, span, problem=problem)
        if not decl.module.library:
            return report.raised("TypeError", text).labelled(decl.module.source, decl.span, "declared here")
        return report

    def open_variable(self, decl: FunctionDecl, pattern: Type, kind: Type, environment: dict[Type, Type]) -> None:
        """`max(2.5, x)` in a program where x is `Any`: then so are all that have the same type."""
        called = decl.module.library and not self.source.library
        if called and kind == ANY and pattern in environment and isinstance(pattern, TypeVarType):
            environment[pattern] = ANY

    def collect_rest(
        self, decl: FunctionDecl, signature: Signature, bound: Bound, environment: dict[Type, Type],
        wanted: frozenset[Type],
    ) -> list[tuple[TExpr, bool]]:  # fmt: skip
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
                self.open_variable(decl, pattern, value.type, environment)
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
        if isinstance(value, TBlock):
            return self.is_plain(value.value) and all(isinstance(s, Do) and self.is_plain(s.value) for s in value.body)
        return isinstance(value, Const | GetVar | GetGlobal) or (
            isinstance(value, Prim) and all(map(self.is_plain, value.args))
        )

    def is_immutable(self, kind: Type) -> bool:
        return isinstance(kind, ClassType) and kind.decl.representation not in ("", "array")

    def rest_value(self, decl: FunctionDecl, rest: list[tuple[TExpr, bool]], kind: Type | None, span: Span) -> TExpr:
        """The list (in user code: tuple) that `*args` receives."""
        if kind is None and not decl.module.library:
            items = [arg for value, starred in rest for arg in (self.tuple_items(value) if starred else [value])]
            if all(not starred or isinstance(value.type, TupleType) for value, starred in rest):
                return self.tuple_made(items, span)
        if kind is None:
            kinds = [self.element_type(value) or ERROR if starred else value.type for value, starred in rest]
            kind = self.joined(kinds, span) if kinds else TupleType(())  # of what may be walked over
        listed = self.list_of(rest, kind, span)
        return listed if decl.module.library else self.as_tuple_of(listed, span)

    def texts_of(self, value: TExpr) -> TExpr:
        """A list of `str(item)` for what a starred argument gives."""
        span = value.span
        with self.block() as made:
            texts = self.new_list(self.core("list", self.core("str")), 0, span)
            self.iterate(value, span, lambda item: self.add_item(texts, self.as_text(item, span)))
        return self.wrapped(made, texts)

    def add_rest(self, result: TExpr, mapping: TExpr, names: Collection[str], kind: Type, span: Span) -> None:
        """Put what `mapping` holds under other names than those of parameters into the dict for `**kwargs`."""

        def each(key: TExpr) -> None:
            key = self.kept(key)
            for word in names:
                self.emit(TIf(span, self.compare(key, "==", self.str_const(word, span), span), [TContinue(span)], []))
            value = self.coerce(self.need_method(mapping, "__getitem__", [key], span), kind, "an item of `**`")
            self.put(result, key, value, span)

        self.iterate(mapping, span, each)

    def extra_value(self, extra: Keywords, names: Collection[str], kind: Type | None, span: Span) -> TExpr:
        """The dict that `**kwargs` receives."""
        values = [(name, self.argument(arg, None if name == MAPPING else kind)) for name, arg in extra]
        if kind is None:
            kinds = [relations.parts(value.type)[-1] if name == MAPPING else value.type for name, value in values]
            kind = self.held(self.joined(kinds, span) if kinds else self.core("int"), span, "**")
        item_type = kind
        owner = self.core("dict", self.core("str"), kind)
        with self.block() as inside:
            result = self.kept(self.construct(owner, CallSite(span)))
            for name, value in values:
                if name == MAPPING:
                    self.add_rest(result, value, names, item_type, span)
                    continue
                self.put(result, self.str_const(name, span), self.coerce(value, kind), span)
        return self.wrapped(inside, result)

    # --- defaults ------------------------------------------------------------------------------------------------

    def default_value(self, decl: FunctionDecl, param: Parameter, kind: Type | None, span: Span) -> TExpr:
        """What a parameter gets when no argument is given: a literal in place, else what the `def` evaluated."""
        default = param.default
        assert default is not None
        if param.name in decl.held:
            return decl.held[param.name](self, span)
        if is_literal(default):
            with self.elsewhere(decl.module):
                return self.expression(default, kind)
        factory = default_factory(default)
        if factory is not None:
            if not isinstance(factory, tree.Lambda) and any(isinstance(part, tree.Call) for part in walk(factory)):
                return self.unsupported(
                    span, "a `default_factory` that a call makes", "keep it in a variable, or use a lambda"
                )
            with self.elsewhere(decl.module):
                return self.expression(tree.Call(default.span, factory, (), ()), kind)
        inner = plain_default(default)
        if inner is not None and is_literal(inner):
            with self.elsewhere(decl.module):
                return self.expression(inner, kind)
        glob = self.program.default_of(decl, param, inner or default)
        open_kind = kind is not None and relations.walked(kind) is not None
        variable = self.global_for_default(glob, None if open_kind else kind)
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


def only_hands_on(decorator: tree.Node) -> bool:
    """Are the `*args` and `**kwargs` of all functions in here only used to call others with them?"""
    nodes = list(walk(decorator))
    arguments = [node for node in nodes if isinstance(node, tree.Arguments)]
    starred = [item.arg for node in arguments for item in (node.vararg, node.kwarg) if item is not None]
    handed = {id(node.value) for node in nodes if isinstance(node, tree.Starred)}
    handed |= {id(node.value) for node in nodes if isinstance(node, tree.Keyword) and node.arg is None}
    return all(id(node) in handed for node in nodes if isinstance(node, tree.Name) and node.id in starred)


def extra_names(signature: Signature, keywords: Keywords) -> tuple[str, ...]:
    """The names that an unannotated `**kwargs` receives: its instance knows them."""
    extra = signature.extra
    if extra is None or extra.type is not None:
        return ()
    return tuple(name for name, _ in keywords if name not in signature.named)
