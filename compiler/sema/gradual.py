"""Code without annotations: what its types do not promise is looked at when it runs, as CPython does.

In a body whose function has no annotations (*gradual*; the code of a module counts when nothing in the module is
annotated) two things are not refused:

- a value put where another type was found before: what was found (the items of a display, a variable, a field) becomes
  a union, and the body or program is checked again with it (`widen`);
- an operation that only some members of a union have: the others raise what CPython raises (`having`, and
  `by_member` with a `problem`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from ..diag import Diagnostic
from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .annotations import NumberPlace
from .body import FACTS, Acting, Body, Path
from .declarations import EXTRA, ClassDecl, FunctionDecl, OverloadDecl
from .defaults import is_bare
from .failing import Failing
from .program import Task
from .typed import Const, TExpr, Var
from .types import (
    ERROR,
    NEVER,
    NONE,
    BundleType,
    ClassType,
    FunctionType,
    InferType,
    LambdaType,
    NoneType,
    TupleType,
    Type,
    UnionType,
)
from .wording import is_ours, problem_of, python_name

FOR_NONE = ("__str__", "__repr__", "__eq__", "__hash__", "__pack__", "__bool__")
ITERABLE = ("__iter__", "__at__", "__step__", "__next__", "__getitem__")
Problem = Callable[..., tuple[str, str]]


Difference = tuple[Hashable, Type, Type, bool]


def differences(source: Type, target: Type, *, exact: bool = False) -> Iterator[Difference]:
    """Origins whose types would have to hold more for `source` to be a `target` (`exact`: the same type): the origin,
    what it holds, what it is to hold as well, and whether that must be the same on both sides."""
    if source == target:
        return
    if relations.origin_of(target) is not None:
        yield relations.origin_of(target), target, source, exact
    if exact and relations.origin_of(source) is not None:
        yield relations.origin_of(source), source, target, exact
    yield from inner_differences(source, target, exact=exact)


def inner_differences(source: Type, target: Type, *, exact: bool) -> Iterator[Difference]:
    """The same for what the types are made of."""
    if isinstance(target, UnionType) or isinstance(source, UnionType):
        for one in relations.members_of(source):
            for member in relations.members_of(target):
                alike = isinstance(one, ClassType) and isinstance(member, ClassType) and one.decl is member.decl
                if alike or relations.is_smaller_number(one, member):
                    yield from differences(one, member, exact=exact)
    elif isinstance(source, ClassType) and isinstance(target, ClassType):
        above = relations.as_base(source, target.decl)
        for own, other in zip(above.args, target.args, strict=True) if above is not None else ():
            yield from differences(own, other, exact=True)
    elif isinstance(source, FunctionType) and isinstance(target, FunctionType):
        for own, other in zip(source.params, target.params, strict=False):
            yield from differences(own, other, exact=True)
    elif isinstance(source, TupleType) and isinstance(target, TupleType) and len(source.items) == len(target.items):
        for own, other in zip(source.items, target.items, strict=True):
            yield from differences(own, other, exact=exact)


ITEM = "<item>"
"""The function that is made up to find what iterating over a type gives."""


class Gradual(Failing):
    @property
    def gradual(self) -> bool:
        """Is this body free of annotations? That of a library function is when the code that calls it is, or where an
        operation on `Any` needs it."""
        if self._gradual is None:
            task = self.task.user
            known = self.task.first.build is not None if task is None else self.program.raising or unannotated(task)
            self._gradual = known or self.decl.name == ITEM
        return self._gradual or self.ignoring

    # --- wider types ---------------------------------------------------------------------------------------------

    def held(self, kind: Type, span: Span, label: str) -> Type:
        """What a display or new container holds: `kind`, and what was put in later."""
        if self.source.library or relations.holds(kind, (InferType, LambdaType)):
            return kind
        more = self.held_later(span, label)
        kind = kind if more is None else self.join(kind, more) or ERROR
        return relations.placed(kind, (self.task.instance.symbol, span.start, label))

    def held_later(self, span: Span, label: str) -> Type | None:
        """What a display or new container was found to hold besides what it is made of."""
        hint = self.program.hints.get((self.task.instance.symbol, span.start, label))
        return None if hint is None or self.source.library else self.program.resolved(hint)

    def widen(self, source: Type, target: Type, span: Span) -> None:
        """Something of type `source` goes where `target` was found: check again with a type for both, if a display or
        container can be made to hold it."""
        if not relations.is_open(source):
            self.widen_all(differences(source, target), span)

    @property
    def is_idle(self) -> bool:
        """Is this checked for a function that nothing calls? What it would do tells nothing of others."""
        return bool(self.program.stack) and self.program.stack[0].loose

    def widen_all(self, found: Iterable[Difference], span: Span) -> None:
        if self.is_idle:
            return
        for origin, held, other, exact in found:
            wider = self.join(held, other) if origin not in relations.WALKED else None
            if wider is not None and wider != held and self.may_become(origin, held, other, exact):
                if isinstance(origin, NumberPlace):
                    self.program.hints[origin] = wider
                    self.program.widened = True  # many places may be: they are all found before the next round
                    continue
                owner: Body | None = self
                while owner is not None and owner.task.instance.symbol != _symbol(origin):
                    owner = owner.outer
                self.hint(origin, wider, None if owner is None else owner.task, "this", span)

    def may_be_smaller(self, kind: Type, span: Span) -> None:
        """A value of `Any` goes where a float is annotated: an int in it stays one."""
        places = [(relations.origin_of(item), item) for item in relations.members_of(kind)]
        whole = self.core("int")
        self.widen_all(
            ((place, item, whole, False) for place, item in places if isinstance(place, NumberPlace) and item != whole),
            span,
        )

    def may_become(self, origin: Hashable, held: Type, other: Type, exact: bool) -> bool:
        """Where something is annotated, a number may be of another kind, and what a display holds may be of the wider
        type that the place has where it goes. Elsewhere it may become anything."""
        if isinstance(origin, NumberPlace):
            numbers = relations.is_number(other) and isinstance(other, UnionType)
            smaller = relations.is_smaller_number(other, self.core(origin.name))
            return self.program.hints.get(origin, held) == held and (numbers or smaller)
        if exact and relations.conversion(held, other) in ("upcast", "box", "items"):
            return True
        if relations.is_number(held) and relations.is_number(other):
            return True
        return self.gradual or origin in self.program.unsaid

    def joined(self, kinds: Iterable[Type], span: Span) -> Type:
        """The type of values of all these types. Containers and functions of different types become alike before they
        become a union, where what they hold may be widened."""
        found: Type = NEVER
        for kind in kinds:
            wider = self.join(found, kind)
            if wider is None or (isinstance(wider, UnionType) and wider != found):
                for member in relations.members_of(found):
                    self.widen_all(inner_differences(kind, member, exact=True), span)
            found = wider or ERROR
        return found

    def join(self, first: Type, second: Type) -> Type | None:
        """As `relations.join`; in gradual code tuples of different lengths have any length together."""
        wholes = [kind for kind in (first, second) if isinstance(kind, TupleType) or relations.is_tuple_of(kind)]
        if not self.gradual or len(wholes) < 2 or first == second:
            return relations.join(first, second)
        if isinstance(first, TupleType) and isinstance(second, TupleType) and len(first.items) == len(second.items):
            return relations.join(first, second)
        return self.core(
            "tuple_of", self.joined([item for kind in wholes for item in relations.parts(kind)], Span(0, 0))
        )

    # --- unions --------------------------------------------------------------------------------------------------

    def hides(self, kind: Type, name: str) -> bool:
        return is_ours(kind, name) and not self.source.library

    def seen(self, name: str, act: Acting) -> Acting:
        """`act`, but not where the attribute is hidden."""
        return lambda item: None if not name.startswith("_") and self.hides(item.type, name) else act(item)

    def able(self, kind: Type, name: str) -> bool:
        """Has a value of this type the attribute, or for an operation its method?"""
        match kind:
            case NoneType():
                return name in FOR_NONE
            case FunctionType() | LambdaType() | BundleType():
                return name in FOR_NONE or name in FACTS or name in ("__call__", "__name__")
            case TupleType():
                return self.able(self.core("tuple_of", ERROR), name)
            case ClassType() if relations.is_class(kind):
                bounds = [item.decl for item in relations.members_of(kind.args[0]) if isinstance(item, ClassType)]
                has = any(self.program.members.find_member(item, name) is not None for item in bounds)
                return has or name in (*FOR_NONE, "__call__", "__name__", "__qualname__")
            case ClassType() if name in ("__iter__", "<unpack>"):
                return kind.decl.is_named_tuple or any(self.lookup(kind, item) is not None for item in ITERABLE)
            case ClassType() if not name.startswith("_") and self.hides(kind, name):
                return False
            case ClassType():
                if relations.is_loose(kind) and (name in FACTS or not name.startswith("__")):
                    return True
                if self.lookup(kind, name) is not None:
                    return not (name == "__hash__" and self.lost_hash(kind))
                if kind.decl.is_named_tuple:
                    return self.able(self.core("tuple_of", ERROR), name)
                if kind.decl.plain is not None:
                    return self.able(kind.decl.plain, name)
                if name == "__getrange__":
                    return self.able(kind, "__getslice__")
                if not name.startswith("__") and any(self.lookup(kind, item) for item in ("__getattr__", EXTRA)):
                    return True
                return self.is_bool(kind) and self.lookup(self.core("int"), name) is not None
            case _:
                return True

    def having(self, value: TExpr, name: str, span: Span) -> TExpr:
        """`value` without the members of its union that lack the attribute `name`: they raise before anything else is
        done. As it is when none has it, or when the code is annotated and catches no such error."""
        kind = value.type
        if isinstance(kind, ClassType) and not self.able(kind, name):
            mixed = self.gradual or any(item.decl.original for item in self.classes_with(kind.decl, name))
            return self.below(value, kind, name, span) if mixed else value
        meant = self.gradual or (problem_of(name, kind)[0] == "AttributeError" and "AttributeError" in self.catching)
        if not isinstance(kind, UnionType) or not meant:
            return value
        left = [member for member in kind.members if self.able(member, name)]
        if not left or len(left) == len(kind.members):
            return value
        path, rest = self.path_of(value) if self.is_plain(value) else None, relations.union(left)
        whole = self.kept(value) if path is None else value
        for member in kind.members:
            if member not in left:
                self.throw_if(self.is_a(whole, (member,), span), *problem_of(name, member), span)
        if path is not None:
            self.facts = {**self.facts, path: rest}
        return self.narrowed(whole, rest)

    def by_member(self, value: TExpr, act: Acting, span: Span, problem: Problem | None = None) -> TExpr:
        """An operation on a value of union type: tried for each member, chosen at run time."""
        return self.for_members([value], act, span, problem)

    def for_members(
        self, values: list[TExpr], act: Callable[..., TExpr | None], span: Span, problem: Problem | None = None,
        *, late: bool = False,
    ) -> TExpr:  # fmt: skip
        """`act` for each combination of members of the values. In gradual code a combination that is refused raises
        the error that `problem` makes of its types, if there is one that is not; with `late` in all code, and always.
        """
        refused: list[Diagnostic] = []
        done: list[TExpr] = []

        def leaf(items: list[TExpr]) -> TExpr | None:
            known = len(self.task.diagnostics)
            made, complaints = self.tried(lambda: act(*items))
            if problem is None or not (late or self.gradual) or not complaints or not all(map(is_missing, complaints)):
                if complaints and made is not None and self.left_to_run(complaints[0]):
                    with self.block() as raised:
                        self.warn(complaints[0])
                    return self.wrapped(raised, Const(NEVER, span, None))
                self.task.diagnostics.extend(complaints)
                self.give_up(known)
                done.extend([] if made is None else [made])
                return made
            refused.extend(complaints)
            return self.thrown(*problem(*(item.type for item in items)), span)

        def choose(items: list[TExpr]) -> TExpr | None:
            if len(items) == len(values):
                return leaf(items)
            whole = values[len(items)]
            branches: list[tuple[Type, TExpr]] = []
            for member in relations.members_of(whole.type):
                with self.block() as inside:
                    made = choose([*items, self.narrowed(whole, member)])
                if made is None:
                    return None
                branches.append((member, self.wrapped(inside, made)))
            joined = self.joined([made.type for _, made in branches], span)
            return self.by_tests(branches, lambda member: self.is_a(whole, (member,), span), joined, span)

        with self.block() as before:
            values = [self.kept(value) for value in values]
            result = choose([])
        if result is None or (refused and not done and not late):
            self.task.diagnostics.extend(refused[:1])
            self.give_up(len(self.task.diagnostics) - 1)
            return self.bad(span)
        return self.wrapped(before, result)

    def tried(self, act: Callable[[], TExpr | None]) -> tuple[TExpr | None, list[Diagnostic]]:
        """What `act` gives, and what it complained of, which is not reported."""
        saved, unknown = len(self.task.diagnostics), list(self.task.unknown)
        self.frames.append(None)
        made = act()
        self.frames.pop()
        complaints = self.task.diagnostics[saved:]
        if complaints:
            del self.task.diagnostics[saved:]
            self.task.unknown = unknown
        return made, complaints

    def below(self, value: TExpr, kind: ClassType, name: str, span: Span) -> TExpr:
        """`value`, whose class lacks the attribute, as one of the classes below that have it; others raise."""
        found = self.classes_with(kind.decl, name)
        if not found or kind.args:
            return value
        whole, wanted = self.kept(value), relations.union(found)
        for item in found:
            self.program.layout(item)
        error, text = problem_of(name, kind)
        before, _, behind = text.partition(python_name(kind))
        start, ending = self.str_const(before, span), self.str_const(behind, span)
        self.throw_if(
            self.is_a(whole, relations.members_of(wanted), span), error,
            lambda: self.concatenated([start, self.type_name(whole, span), ending], span), span, unless=True,
        )  # fmt: skip
        return self.narrowed(whole, wanted)

    def classes_with(self, decl: ClassDecl, name: str) -> list[ClassType]:
        """The topmost classes below a class of the program, or an exception, that have an attribute."""
        found: list[ClassType] = []
        if decl.module.library and not relations.is_subclass(
            ClassType(decl, decl.type_params), self.core("BaseException")
        ):
            return found
        for item in decl.subclasses:
            if not item.type_params:
                self.program.members.complete(item)
                own = ClassType(item)
                found += [own] if self.lookup(own, name) is not None else self.classes_with(item, name)
        return found

    def comparing(self, kind: Type) -> list[ClassType]:
        """The topmost classes, at or below a class of the program, for which the program writes `==` itself."""
        if isinstance(kind, UnionType):
            return [item for member in kind.members for item in self.comparing(member)]
        if not isinstance(kind, ClassType) or kind.decl.module.library:
            return []
        self.program.consult(kind.decl, "__eq__")
        for above in relations.ancestors(kind):
            body = above.decl.node.body if above.decl.node is not None and not above.decl.module.library else ()
            if any(isinstance(item, tree.FunctionDef) and item.name in ("__eq__", "__ne__") for item in body):
                return [kind]
        return [item for decl in kind.decl.subclasses for item in self.comparing(ClassType(decl, decl.type_params))]

    def forget_shared(self) -> None:
        """The user's code ran: what is known of fields and of variables that others see may have changed. In annotated
        code it is looked at again where it is used, but for what was None."""
        if not self.source.library:
            self.facts = {
                path: kind for path, kind in self.facts.items()
                if is_private(path) or not (self.gradual or kind == NONE)
            }  # fmt: skip


def is_private(path: Path) -> bool:
    """A variable that nothing but this body changes, or the answer of a test of one."""
    path = path[2:] if isinstance(path[0], bool) else path
    return len(path) == 1 and isinstance(path[0], Var) and not path[0].captured


def is_missing(problem: Diagnostic) -> bool:
    """Is it said that a type does not have what is asked of it?"""
    return isinstance(
        problem,
        errors.MissingOperation | errors.MayBeNone | errors.NoAttribute | errors.NotCallable | errors.WrongArguments,
    )


def unannotated(task: Task) -> bool:
    """Says the source of a function (that of a module: of all its functions) nothing about types?"""
    node = task.decl.node
    if task.decl.name == "<module>":
        return not any(map(is_annotated, functions_of(task)))
    if task.outer is not None and (isinstance(node, tree.Lambda) or node.name.startswith("<")):
        return unannotated(task.outer.task)
    return not is_annotated(task.decl)


def is_annotated(decl: FunctionDecl) -> bool:
    """Are types said, and of all that something is said of? A bare `list` or `dict` leaves open what is in it."""
    given = (item.annotation for item in decl.node.args.every)
    said = [item for item in (*given, getattr(decl.node, "returns", None)) if item is not None]
    return bool(said) and not any(map(is_bare, said))


def functions_of(task: Task) -> Iterator[FunctionDecl]:
    """All functions and methods that are written in a module."""
    for symbol in task.decl.module.names.values():
        members = symbol.members.values() if isinstance(symbol, ClassDecl) else (symbol,)
        for member in members:
            forms = member.forms if isinstance(member, FunctionDecl | OverloadDecl) else ()
            yield from (form for form in forms if form.module is task.decl.module and not form.is_given)


def _symbol(origin: Hashable) -> object:
    return origin[0] if isinstance(origin, tuple) else None
