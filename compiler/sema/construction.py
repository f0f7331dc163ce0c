"""Making objects, and calling values: what else than a function can be called."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from functools import partial

from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .arguments import extra_names
from .calls import Calls
from .callsite import MAPPING, Arg, CallSite, Keywords
from .declarations import PLAIN_VALUE, ClassDecl, FieldDecl, FunctionDecl, Member, Parameter, PropertyDecl, Signature
from .gradual import is_annotated
from .program import VARYING, Restart
from .typed import (
    CallValue,
    Const,
    Construct,
    Do,
    GetGlobal,
    GetItem,
    GetVar,
    Prim,
    SetField,
    SetVar,
    TBlock,
    TExpr,
    TIf,
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
    LambdaType,
    NeverType,
    Shape,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
)
from .wording import abstract_problem, count_problem, missing_problem, problem_of


class Construction(Calls):
    # --- construction --------------------------------------------------------------------------------------------

    def construct(self, kind: Type, site: CallSite) -> TExpr:
        """`C(args)`. A class type whose arguments are its own type variables has them found from the arguments."""
        span = site.span
        if not isinstance(kind, ClassType):
            if isinstance(kind, ErrorType):
                return self.bad(span)
            return self.error(errors.NotCallable(self.source, span, found=str(kind)))
        decl = kind.decl
        if decl.module.library and not kind.args:
            site = self.spread(site)
            if site.is_starred and not decl.type_params and all(word == MAPPING for word, _ in site.keywords):
                self.refuse_named(site.keywords, span)
                make = partial(self.construct, kind)
                return self.by_count(site.args, (0, 4), lambda items: make(CallSite(span, items)), span, kind)
        self.program.members.complete(decl)
        if decl.is_enum and len(site.args) == 1:
            return self.enum_of(decl, site.args[0], span)
        if decl.is_enum and not (decl.is_flag and self.decl.owner is decl):  # a Flag's methods make its combinations
            problem = f"`{decl.name}(...)` finds the member with the value that it is given"
            return self.error(errors.WrongArguments(self.source, span, problem=problem))
        abstract = self.abstract_methods(decl)
        if decl.is_protocol or abstract:
            names = ", ".join(f"`{name}`" for name in abstract)
            problem = f"`{decl.name}` is abstract" + (f": {names} must be overridden" if names else "")
            refused = errors.ClassProblem(self.source, span, problem=problem)
            refused = refused.raised(*abstract_problem(decl.name, abstract))
            if not decl.is_protocol and (self.gradual or self.left_to_run(refused)):
                return self.refuse_abstract(decl, site.values, span)
            return self.error(refused)
        init = self.lookup(kind, "__init__")
        new = self.lookup(kind, "__new__")
        if new is not None and not new[0].decl.module.library:
            return self.made_by_new(kind, new, site)
        if new is not None and (init is None or init[0] != kind or new[0] == kind):
            return self.call_new(kind, new, site)
        wanted: frozenset[Type] = frozenset(
            item for item in kind.args if isinstance(item, TypeVarType) and item.owner is decl
        )
        environment: dict[Type, Type] = {}
        if init is None:
            handed_on: list[Arg] = [arg.value for arg in site.args if isinstance(arg, tree.Starred)]
            handed_on += [arg for name, arg in site.keywords if name == MAPPING]
            if len(handed_on) == len(site.values):
                self.refuse_items(handed_on, f"{decl.name}() takes no arguments", span)
            elif site.values:
                problem = f"`{decl.name}` takes no arguments"
                report = errors.WrongArguments(self.source, site.values[0].span, problem=problem)
                return self.error(report.raised("TypeError", f"{decl.name}() takes no arguments"))
            self.settle_class(kind, environment, wanted, site)
            return self.new_object(self.filled(kind, environment), span)
        owner = init[0]
        self.expected_class(kind, site.expected, environment, wanted)
        told = {item: self.held_later(span, str(item)) or item for item in wanted if decl.module.core} | environment
        member, site = self.choose(init[1], self.filled(owner, told), site)
        if member is None or member.owner is None:
            return self.bad(span)
        inherited = relations.environment_of(owner)
        signature = self.program.annotations.signature(member)
        params = tuple(
            Parameter(
                item.name, None if item.type is None else relations.substitute(item.type, inherited), item.default,
                item.kind, item.span,
            )
            for item in signature.params
        )  # fmt: skip
        own: frozenset[Type] = frozenset(member.type_params)
        pattern = Signature(params, kind if wanted else NONE)
        is_written = member.node.span != member.owner.span
        values = self.arguments(member, pattern, site, environment, wanted | own, adapts=is_written)
        if values is None:
            return self.bad(span)
        kind = self.filled(kind, environment)
        if relations.is_open(kind):
            return Const(kind, span, None)
        made = self.new_object(kind, span)
        var = self.temporary(kind)
        declaring = relations.as_base(kind, member.owner)
        assert declaring is not None
        own_environment: dict[Type, Type] = {item: environment[item] for item in member.type_params}
        own_environment |= relations.environment_of(declaring)
        task = self.request(member, declaring, own_environment, values, span, extra_names(signature, site.keywords))
        if task is None:
            return Const(kind, span, None)
        if not signature.annotated:
            given = TupleType(tuple([value.type for value in values]))  # it tells the types of the fields
            self.program.constructors.setdefault(("constructor", member), (given, self.source, span))
            if task.state in ("new", "queued"):
                self.program.check_body(task)
        receiver: TExpr = self.coerce(GetVar(kind, span, var), declaring)
        with self.block() as inside:
            self.emit(SetVar(span, var, made))
            if relations.is_subclass(kind, self.core("BaseException")) and not chains_up(member):
                values = [self.kept(value) for value in values]
                self.keep_arguments(kind, GetVar(kind, span, var), values[: len(site.args)], span)
            self.emit(Do(span, self.call_instance(task, [receiver, *values], span)))
        return self.wrapped(inside, GetVar(kind, span, var))

    def refuse_abstract(self, decl: ClassDecl, args: list[Arg], span: Span) -> TExpr:
        """An abstract class is called: TypeError."""
        with self.block() as failing:
            for arg in args:
                self.emit(Do(span, self.argument(arg, None)))
            self.throw(*abstract_problem(decl.name, self.abstract_methods(decl)), span)
        return TBlock(NEVER, span, failing, Const(NEVER, span, None))

    def keep_arguments(self, kind: ClassType, made: TExpr, given: list[TExpr], span: Span) -> None:
        """An exception has its arguments, and by them its text, also when its `__init__` does not hand them on."""
        base = next(above for above in relations.ancestors(kind) if above.decl.module.library)
        found = self.lookup(base, "__init__")
        if found is not None:
            self.emit(Do(span, self.call_member(self.coerce(made, base), *found, CallSite(span, given), direct=True)))

    def filled(self, kind: ClassType, environment: dict[Type, Type]) -> ClassType:
        found = relations.substitute(kind, environment)
        assert isinstance(found, ClassType)
        return found

    def expected_class(
        self, kind: ClassType, expected: Type | None, environment: dict[Type, Type], wanted: frozenset[Type]
    ) -> None:
        """Type arguments from the type that is wanted here."""
        for member in () if expected is None or not wanted else relations.members_of(expected):
            above = relations.as_base(kind, member.decl) if isinstance(member, ClassType) else None
            if above is not None and not relations.is_open(member):
                relations.unify(above, member, environment, wanted)
                return

    def settle_class(
        self, kind: ClassType, environment: dict[Type, Type], wanted: frozenset[Type], site: CallSite
    ) -> None:
        self.expected_class(kind, site.expected, environment, wanted)
        for item in wanted:
            if item not in environment:
                environment[item] = self.unknown(site.span, str(item), f"`{item}` of `{kind.decl.name}`")

    def call_new(self, kind: ClassType, new: tuple[ClassType, Member], site: CallSite) -> TExpr:
        """Classes whose values are not plain objects are made by their static method `__new__`."""
        member, site = self.choose(new[1], new[0], site)
        if member is None:
            return self.bad(site.span)
        open_params: frozenset[Type] = frozenset(
            item for item in kind.args if isinstance(item, TypeVarType) and item.owner is kind.decl
        )
        if not open_params:
            return self.call_declaration(member, site, owner=new[0])
        environment: dict[Type, Type] = {}
        self.expected_class(kind, site.expected, environment, open_params)
        signature = self.program.annotations.signature(member)
        wanted = open_params | frozenset(member.type_params)
        values = self.arguments(member, signature, site, environment, wanted)
        if values is None:
            return self.bad(site.span)
        kind = self.filled(kind, environment)
        task = self.request(member, kind, environment, values, site.span)
        return Const(kind, site.span, None) if task is None else self.call_instance(task, values, site.span)

    def made_by_new(self, kind: ClassType, new: tuple[ClassType, Member], site: CallSite) -> TExpr:
        """What the program's own `__new__` gives; `__init__` is called for an object of the class."""
        span = site.span
        if not isinstance(new[1], FunctionDecl) or kind.args:
            return self.unsupported(span, "this `__new__`", "write a class method that gives the object")
        with self.block() as made:
            site = replace(self.evaluated_once(site), expected=None)
            whole = self.kept(self.call_declaration(new[1], site, owner=kind))
            init = self.lookup(kind, "__init__")
            if init is not None and isinstance(init[1], FunctionDecl):
                given = TupleType(tuple([arg.type for arg in site.args if isinstance(arg, TExpr)]))
                self.program.constructors.setdefault(("constructor", init[1]), (given, self.source, span))
                with self.block() as more:
                    me = whole if relations.is_subclass(whole.type, kind) else self.narrowed(whole, kind)
                    self.emit(Do(span, self.call_member(me, *init, site, direct=True)))
                is_one = self.bool_const(True, span) if me is whole else self.is_a(whole, (kind,), span)
                self.emit(TIf(span, is_one, more, []))
        return self.wrapped(made, whole)

    def blank(self, args: Sequence[Arg], span: Span) -> TExpr:
        """`object.__new__(cls)`: an object whose `__init__` has not been called; of a class below `int` or `str` with
        its value."""
        wanted = self.argument(args[0], None)
        kind = wanted.type.args[0] if isinstance(wanted.type, ClassType) and relations.is_class(wanted.type) else None
        told = kind == self.task.self_type or (isinstance(kind, ClassType) and isinstance(wanted, Prim))
        if not isinstance(kind, ClassType) or not told or kind.decl.module.library:
            return self.unsupported(span, "`__new__` of a class that is found when the program runs", "name the class")
        made = self.new_object(kind, span)
        plain = kind.decl.plain
        if plain is None:
            return made
        with self.block() as inside:
            whole = self.kept(made)
            value = self.construct(plain, CallSite(span, args[1:]))
            self.set_attribute(whole, PLAIN_VALUE, self.coerce(value, plain), span, span)
        return self.wrapped(inside, whole)

    def new_object(self, kind: ClassType, span: Span) -> TExpr:
        """A new object, its fields with a default in the class body set."""
        if relations.is_open(kind):
            return Const(kind, span, None)
        made: TExpr = Construct(kind, span, self.constructed(kind))
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

    def refuse_named(self, keywords: Keywords, span: Span) -> None:
        """Raise where the dicts handed on by `**` are not empty."""
        self.refuse_items([words for _, words in keywords], "this function takes no arguments by name here", span)

    def refuse_items(self, handed_on: Iterable[Arg], problem: str, span: Span) -> None:
        """Raise TypeError where what is handed on by `*` or `**` is not empty."""
        for given in handed_on:
            count = self.need_method(self.argument(given, None), "__len__", [], span)
            some = self.compare(count, "!=", self.int_const(0, span), span)
            self.throw_if(some, "TypeError", problem, span)

    def abstract_methods(self, decl: ClassDecl) -> list[str]:
        found: dict[str, bool] = {}
        current: ClassDecl | None = decl
        while current is not None:
            self.program.members.complete(current)
            for name, member in current.members.items():
                if isinstance(member, FunctionDecl):
                    found.setdefault(name, member.abstract)
                elif isinstance(member, PropertyDecl):
                    found.setdefault(name, member.getter.abstract)
                else:
                    found.setdefault(name, False)
            current = current.base.decl if current.base is not None else None
        return [name for name, abstract in found.items() if abstract]

    def learn_lambda(self, kind: LambdaType, kinds: tuple[Type, ...], span: Span) -> TExpr:
        """The first call of a lambda says the types of its parameters: what makes it is checked again."""
        if any(relations.is_open(item) and not isinstance(item, LambdaType) for item in kinds):
            return self.bad(span)
        if kind.key not in self.program.hints:
            stale = [key for key, hint in self.program.hints.items() if relations.mentions(hint, kind)]
            for key in stale:
                del self.program.hints[key]  # said of it while it was not known; to be learned anew
            self.program.hints[kind.key] = TupleType(kinds)
            raise Restart(None if stale else self.maker(kind.key), kind)
        return self.bad(span)

    def learn_shape(self, place: Hashable, shape: Shape, values: list[TExpr], plain: FunctionType | None) -> bool:
        """A function value is called in a new way: what makes it is checked again. False when the function, if it is
        known, does not take that."""
        decl = self.program.callees.get(place)
        if decl is None or MAPPING in shape[1]:
            return False
        kinds = tuple(value.type for value in values)
        me = decl.owner is not None and decl.kind == "plain"
        named = list(zip(shape[1], values[shape[0] :], strict=True))
        if not self.takes_shape(decl, CallSite(decl.span, values[me : shape[0]], named)):
            return False
        if not any(relations.is_open(kind) and not isinstance(kind, LambdaType) for kind in kinds):
            shapes = self.program.shapes.setdefault(place, {})
            if plain is not None:
                known = tuple(map(relations.place_of, plain.params))
                shapes.setdefault((len(plain.params), (), known), plain.params)
            if shapes.get(shape) == kinds and place in self.program.places - self.program.loose:
                self.program.loose.add(place)  # the value that is called does not come with what is known of it
            shapes[shape] = kinds
            for key in [key for key, hint in self.program.hints.items() if relations.comes_from(hint, place)]:
                del self.program.hints[key]
            raise Restart(None)
        return True

    def call_shaped(
        self, callee: TExpr, kind: BundleType | LambdaType | FunctionType, site: CallSite
    ) -> TExpr | CallSite:
        """A call of a function that is called in several ways; for any other the arguments, as far as they were
        checked to see that."""
        count, span = len(site.args), site.span
        if site.is_starred:
            return site
        if not site.keywords and not isinstance(kind, BundleType):
            if isinstance(kind, LambdaType) or kind.place not in self.program.callees:
                return site
            if count == len(kind.params) and not any(isinstance(item, FunctionType) for item in kind.params):
                return site
        given = [self.argument(arg, None) for arg in site.values]
        words = tuple(word for word, _ in site.keywords)
        shape = (count, words, tuple(relations.place_of(value.type) for value in given))
        if isinstance(kind, BundleType):
            for at, (own, known) in enumerate(zip(kind.items, kind.shapes, strict=True)):
                if known[:2] == shape[:2] and isinstance(own, FunctionType) and fit_functions(given, own.params):
                    return self.call_value(GetItem(own, span, self.kept(callee), at), CallSite(span, given))
        elif isinstance(kind, FunctionType) and count == len(kind.params) and not words:
            if fit_functions(given, kind.params):
                return site.given(given, ())
        place = kind.key if isinstance(kind, LambdaType) else kind.place
        if self.learn_shape(place, shape, given, kind if isinstance(kind, FunctionType) else None):
            return self.bad(span)
        return site.with_args(given[:count])

    def refused_when_run(self, decl: FunctionDecl, given: int, span: Span) -> TExpr:
        """A call by position with so many arguments, which the function does not take."""
        signature = self.program.annotations.signature(decl)
        missing = [item for item in signature.slots[given:] if item.default is None]
        text = missing_problem(decl, missing) if missing else count_problem(decl, signature, given, ())
        return self.thrown("TypeError", text, span)

    def dealt_to(self, kind: Type, site: CallSite) -> CallSite:
        """`f(a, *xs)` of a function value: xs has to be as long as there is room for, which is seen when it is run."""
        last, span = site.args[-1] if site.args else None, site.span
        if not isinstance(last, tree.Starred) or VARYING in self.program.hints:
            return site
        self.program.dealt = True
        decl = self.program.callees.get(relations.place_of(kind))
        if decl is not None:
            signature = self.program.annotations.signature(decl)
            if any(item.default is not None for item in signature.slots):
                return site
            dealt = self.dealt(decl, signature, CallSite(span, site.args))
            return site if dealt is None else site.with_args(dealt.args)
        fewest, most = kind.counts if isinstance(kind, LambdaType) else (0, 1)
        if isinstance(kind, FunctionType):
            fewest = most = len(kind.params)
        room, value = most - len(site.args) + 1, self.expression(last.value)
        element = self.element_type(value)
        if fewest != most or room < 0 or element is None or relations.is_open(element):
            return site
        first = self.once(site.args[:-1])
        given = self.kept(self.list_of([(value, True)], element, span))
        differs = self.compare(self.need_method(given, "__len__", [], span), "!=", self.int_const(room, span), span)
        self.throw_if(differs, "TypeError", "this function takes another number of arguments", span)
        return site.with_args([*first, *(self.item_at(given, at, span) for at in range(room))])

    # --- function values -----------------------------------------------------------------------------------------

    def call_value(self, callee: TExpr, site: CallSite) -> TExpr:
        """Call of a function value."""
        span = site.span
        callee = self.having(callee, "__call__", span)
        kind = callee.type
        self.forget_shared()
        if isinstance(kind, ErrorType | NeverType):
            for arg in site.args:
                if not isinstance(arg, tree.Starred):
                    self.argument(arg, None)
            return self.bad(span)
        is_dealt = site.is_starred
        if is_dealt:
            site = self.dealt_to(kind, self.spread(site))
        if site.is_starred and relations.is_function(kind):
            if any(relations.is_open(value.type) for value, _ in self.starred(site.args)):
                return self.bad(span)
            if self.loosen(kind):
                return Const(ANY, span, None)
        if isinstance(kind, BundleType | LambdaType | FunctionType):
            made = self.call_shaped(callee, kind, site)
            if isinstance(made, TExpr):
                return made
            site = made
        args = site.args
        if relations.is_function(kind) and (site.keywords or site.is_starred):
            if self.loosen(kind):
                return Const(ANY, span, None)
            what = "a keyword or starred argument for a function value"
            return self.unsupported(span, what, "pass the arguments by position")
        if isinstance(kind, LambdaType):
            given = tuple(self.argument(arg, None).type for arg in args if not isinstance(arg, tree.Starred))
            if not kind.takes(len(given)):
                if (is_dealt or not isinstance(callee, GetVar | GetGlobal)) and self.loosen(kind):
                    return Const(ANY, span, None)
                problem = f"this function does not take {len(given)} argument{'s' * (len(given) != 1)}"
                return self.error(errors.WrongArguments(self.source, span, problem=problem))
            return self.learn_lambda(kind, given, span)
        if isinstance(kind, FunctionType):
            if len(args) != len(kind.params):
                decl = self.program.callees.get(kind.place)
                if is_dealt and self.gradual and decl is not None:  # a wrapper hands on what it was called with
                    return self.refused_when_run(decl, len(args), span)
                if (is_dealt or not isinstance(callee, GetVar | GetGlobal)) and self.loosen(kind):
                    return Const(ANY, span, None)  # which of several functions it is may be known when it is run
                count = len(kind.params)
                problem = f"this function takes {count} argument{'s' * (count != 1)}, not {len(args)}"
                return self.error(errors.WrongArguments(self.source, span, problem=problem))
            given_values = [self.argument(arg, want) for arg, want in zip(args, kind.params, strict=True)]
            decl = self.program.callees.get(kind.place)
            open_to_all = not self.gradual and decl is not None and not is_annotated(decl)
            if open_to_all and not fit(given_values, kind.params) and self.loosen(kind):
                return Const(ANY, span, None)  # its first call told the types of its parameters
            values = [
                self.coerce(value, want, "the argument") for value, want in zip(given_values, kind.params, strict=True)
            ]
            self.function_type(kind)
            return CallValue(kind.result, span, callee, values)
        if isinstance(kind, UnionType):
            open_one = next(
                (item for item in kind.members if isinstance(item, LambdaType) and (is_dealt or item.takes(len(args)))),
                None,
            )
            if open_one is not None:
                return self.call_value(Const(open_one, span, None), site)
            if not relations.has_none(kind):
                kept = [arg if isinstance(arg, tree.Starred) else self.kept(self.argument(arg, None)) for arg in args]
                return self.by_member(
                    callee, lambda item: self.call_value(item, site.with_args(kept)), span,
                    lambda item: ("TypeError", "this function takes another number of arguments"),
                )  # fmt: skip
            if relations.has_none(kind):
                return self.may_be_none("it is called", kind, span)
        if isinstance(kind, AnyType):
            return self.call_any(callee, site)
        found = self.method(callee, "__call__", site)
        if found is None:
            return self.error(
                errors.NotCallable(self.source, span, found=str(kind)).raised(*problem_of("__call__", kind))
            )
        return found


def fit_functions(values: list[TExpr], wanted: tuple[Type, ...]) -> bool:
    """Are those of the values that are functions taken where these types are wanted?"""
    for value, want in zip(values, wanted, strict=True):
        if isinstance(value.type, LambdaType) and isinstance(want, FunctionType):
            if not value.type.takes(len(want.params)):
                return False
        elif isinstance(value.type, FunctionType | BundleType) and relations.conversion(value.type, want) is None:
            return False
    return True


def fit(values: list[TExpr], wanted: tuple[Type, ...]) -> bool:
    return all(
        relations.is_open(value.type) or relations.conversion(value.type, want) is not None
        for value, want in zip(values, wanted, strict=True)
    )


def chains_up(init: FunctionDecl) -> bool:
    """Is it a library's `__init__`, or does it call that of a base class?"""
    text = init.module.source.text[init.node.span.start : init.node.span.end]
    return init.module.library or ".__init__(" in text
