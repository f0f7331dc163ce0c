"""The state of checking one body, and what every part of the checker needs: variables, narrowing facts,
conversions, reports.

`Body` is completed by the mixins `Expressions`, `Calls`, `Operators`, `Iteration` and `Statements` (see `checker`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeVar

from ..diag import Diagnostic
from ..syntax import tree
from ..syntax.source import Source, Span
from . import errors, relations
from .callsite import Arg, CallSite
from .declarations import ClassDecl, FunctionDecl, GlobalDecl, Member, ModuleDecl, OverloadDecl
from .parts import Parts
from .program import Failed, Program, Restart, Task, open_parts
from .scopes import Scope, Web
from .typed import (
    Call,
    ClassLayout,
    Coerce,
    Conditional,
    Const,
    Do,
    FieldInfo,
    GetItem,
    GetVar,
    IsInstance,
    MakeTuple,
    Prim,
    SetVar,
    TBlock,
    TExpr,
    THandler,
    TIf,
    TRaise,
    TReturn,
    TStmt,
    TTry,
    Var,
)
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
    TupleType,
    Type,
    UnionType,
)
from .wording import Raising, items_problem, python_name

Key = TypeVar("Key")

Path = tuple[object, ...]
Facts = dict[Path, Type]
if TYPE_CHECKING:
    from .failing import Frame

DEPTH = 12
CHANGED = "a value that was tested before has changed since"
FACTS = frozenset(
    f"__{name}__" for name in ["doc", "annotations", "defaults", "kwdefaults", "code", "qualname", "module", "wrapped"]
)
"""What a function tells of itself, besides its name."""
Acting = Callable[[TExpr], TExpr | None]
UseVariable = Callable[[GlobalDecl], TExpr]
IterationBody = Callable[[TExpr], None]


@dataclass(eq=False, slots=True)
class LocalFunction:
    """A nested function: `facts` are what was known of variables where it is defined."""

    decl: FunctionDecl
    facts: Facts
    tasks: dict[tuple[tuple[Type, ...], tuple[str, ...]], Task] = field(default_factory=dict)
    variable: Var | None = None
    captures: list[Var] | None = None
    used_as_value: bool = False
    named_as: tree.Expr | None = None
    """The function whose name `wraps` gives it."""
    made: Var | None = None
    """The object that it is where it takes whatever it is given."""
    token: Var | None = None
    """Of a program that compares functions: an object that is new each time the `def` is run."""
    recursive: dict[Task, Var] = field(default_factory=dict)


class Block:
    """See `Body.block`; there are thousands in a check, so it is no generator."""

    __slots__ = ("before", "body", "made")

    def __init__(self, body: Body) -> None:
        self.body = body
        self.made: list[TStmt] = []

    def __enter__(self) -> list[TStmt]:
        self.before, self.body.out = self.body.out, self.made
        return self.made

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, Failed):
            self.body.unwound(self.before, self.made)
        self.body.out = self.before


class Body(Parts):
    """One body being checked for one instance."""

    def __init__(self, program: Program, task: Task, scope: Scope) -> None:
        self.program = program
        self.task = task
        self.decl = task.decl
        self.module: ModuleDecl = task.decl.module
        self.source: Source = task.decl.module.source
        self.environment = task.environment
        self.scope = scope
        self.outer = task.outer
        self.facts: Facts = dict(task.facts)
        self.reachable = True
        self.out: list[TStmt] = []
        self.variables: list[Var] = []
        self.web_vars: dict[Web, Var] = {}
        self.counters: set[Web] = set()
        """Of loops that count: they are never below 0."""
        self.bound_flags: dict[Web, Var] = {}
        self.captures: list[Var] = []
        self.functions: dict[Web, LocalFunction] = {}
        self.returns: list[tuple[TReturn, Type]] = []
        self.open_places: dict[tuple[object, ...], Span] = {}
        self.fresh_globals: list[GlobalDecl] = []
        self.learned_fields: list[tuple[ClassLayout, FieldInfo]] = []
        self.pending: list[tuple[LocalFunction, Task, list[TStmt], SetVar]] = []
        self.self_var: Var | None = None if task.outer is None else task.outer.self_var
        self.result_type: Type | None = task.result
        self.loop_facts: list[list[Facts]] = []
        """For each loop around this place what is known at each `break`."""
        self.class_body: ClassDecl | None = None
        self.class_web: Web | None = None
        self.unknown_webs: dict[Web, Span] = {}
        self.handling: Literal["", "finally", "except"] = ""
        """In a handler, or only in a `finally`?"""
        self.yield_type: Type | None = None
        self.type_names: dict[str, Type] | None = None
        self.assumed: dict[str, int] = {}
        """Which version of a module-level name that has several is meant here."""
        self.left_out: tuple[Span, list[str]] | None = None
        """The last `match` that does not take all there is: where, and the patterns that it lacks."""

        self.frames: list[Frame | None] = []
        """What is being checked, outermost first: kept while mistakes are to raise (`failing`)."""
        self.catching: frozenset[str] = frozenset()
        """The exceptions that a `try` around this place catches by name: it may mean them to be raised."""
        self.ignoring = self.is_ignored(self.decl.span)
        """Is what is wrong in the statement in hand left to the run?"""
        self._gradual: bool | None = None

    # --- reports -------------------------------------------------------------------------------------------------

    def report(self, diagnostic: Diagnostic) -> None:
        """Record a mistake. One that a library body makes because of the user's types is reported at the user's
        call."""
        task: Task | None = self.task
        called, span = self.task, self.decl.span
        while task is not None and task.decl.module.library and task.asked_by is not None:
            span, called, task = task.asked_at, task, task.asked_by
        if self.source.library and task is not None and not task.decl.module.library:
            source = task.decl.module.source
            is_method = called.decl.owner is not None and called.decl.kind == "plain"
            given = called.instance.params[is_method:]
            raising = items_problem(called.decl, given) or diagnostic.raising
            if isinstance(
                diagnostic, errors.MissingOperation | errors.NoAttribute | errors.MayBeNone | errors.NotCallable
            ):
                diagnostic = diagnostic.changed(source=source, span=span, raising=raising)
            else:  # in the library's own words it would speak of what the user has never seen
                found = ", ".join(map(str, given))
                diagnostic = errors.NoOverload(source, span, name=called.decl.qualified, found=found, raising=raising)
        if self.left_to_run(diagnostic):
            raise Failed(diagnostic)
        self.task.diagnostics.append(diagnostic)

    @property
    def raising(self) -> bool:
        """May what is wrong here be left to the run?"""
        return self.program.raising or self.ignoring or bool(self.catching)

    def is_ignored(self, span: Span, inner: Iterable[tuple[tree.Stmt, ...]] = ()) -> bool:
        """Says a line of it `# type: ignore`, or is it right for other types that the body is checked for? The
        statements `inner` are for themselves."""
        if not self.source.ignored_lines and not self.program.left:
            return False
        end = next((block[0].span.start - 1 for block in inner if block), span.end)
        first, last = self.source.position(span.start).line, self.source.position(end).line
        lines = self.source.ignored_lines | self.program.left.get(self.source.name, frozenset())
        return any(first <= line <= last for line in lines)

    def left_to_run(self, diagnostic: Diagnostic) -> bool:
        """Does what is wrong raise when it is run? With `--errors=raise`, where the program catches just that, and
        where it is known (`is_ignored`)."""
        if not self.frames or self.frames[-1] is None:
            return False
        caught = next(iter(diagnostic.raising), "") in self.catching
        return diagnostic.may_raise if self.program.raising else caught or (self.ignoring and bool(diagnostic.raising))

    def mistake_in(self, called: Task) -> Diagnostic | None:
        """What the library complains of when it is called so, if that is left to the run."""
        program, waiting, seen, doubtful = self.program, [called], set[Task](), False
        while waiting:
            task = waiting.pop()
            if not task.decl.module.library or task in program.flawless or task in seen or program.is_settled(task):
                continue
            seen.add(task)
            if task.state in ("new", "queued"):
                program.check_body(task)
            if task.diagnostics and self.left_to_run(task.diagnostics[0]):
                return task.diagnostics[0]
            doubtful = doubtful or bool(task.diagnostics) or task.state != "done"
            waiting.extend(reversed(task.requests))
        program.flawless |= set() if doubtful else seen
        return None

    def error(self, diagnostic: Diagnostic, kind: Type = ERROR) -> TExpr:
        """Report and give an expression that silences what follows from it."""
        self.report(diagnostic)
        return Const(kind, diagnostic.span, None)

    def unsupported(self, node: tree.Node | Span, what: str, instead: str) -> TExpr:
        """The one place for Python that the language does not have."""
        span = node.span if isinstance(node, tree.Node) else node
        return self.error(errors.Unsupported(self.source, span, what=what).helped(instead))

    def bad(self, span: Span) -> TExpr:
        """An expression without a type, because of something else that has none."""
        self.task.unknown.append(span)
        return Const(ERROR, span, None)

    # --- types ---------------------------------------------------------------------------------------------------

    def core(self, name: str, *args: Type) -> ClassType:
        return self.program.core_type(name, *args)

    def concrete(self, kind: Type) -> Type:
        return relations.substitute(kind, self.environment)

    def names_of_types(self) -> dict[str, Type]:
        """Type variables (and `Self`) that annotations in this body may name."""
        if self.type_names is None:
            outer = self.outer.names_of_types() if self.outer is not None else {}
            self.type_names = {**outer, **self.program.annotations.variables_of(self.decl)}
        return self.type_names

    def annotation(self, node: tree.Expr) -> Type:
        return self.concrete(self.program.annotations.resolve(node, self.module, self.names_of_types()))

    def learn(self, unknown: InferType, kind: Type) -> None:
        """What an unknown element type is; the body (or, for a field's, the program) is checked again with it."""
        kind = self.program.resolved(kind)
        if kind == unknown or isinstance(kind, NeverType) or relations.holds(kind, ErrorType):
            return
        if relations.holds(kind, InferType) and unknown in open_parts(kind):
            if not self.gradual:
                return
            kind = ANY  # what holds itself
        told, self.program.hints[unknown.key] = self.program.hints.get(unknown.key), kind
        if told == kind:
            raise Restart(None)  # it is in a type that is kept outside of the body
        raise Restart(self.maker(unknown.key), kind)

    def maker(self, key: Hashable) -> Task | None:
        """The body that made what `key` stands for: one around this, or one that waits for this."""
        symbol = key[0] if isinstance(key, tuple) else None
        body: Body | None = self
        while body is not None and body.task.instance.symbol != symbol:
            body = body.outer
        if body is not None or self.decl.is_async:  # which others may have started with what is not known yet
            return None if body is None else body.task
        return next((task for task in self.program.stack if task.instance.symbol == symbol), None)

    def hint(self, key: Hashable, kind: Type, owner: Task | None, name: str, span: Span) -> None:
        """A variable turns out to be of a wider type: check again, with it. A type that grows for ever is refused."""
        known = self.note_wider(key, kind, name, span)
        if known is not None:
            raise Restart(owner, known, key)

    def note_wider(self, key: Hashable, kind: Type, name: str, span: Span) -> Type | None:
        """What is known from now on of a variable that turns out to be wider; None if that is refused."""
        inner = [item for member in relations.members_of(kind) for item in relations.parts(member)]
        is_own = any(relations.rewidened(item, {key: ANY}) != item for item in inner)
        if self.gradual and (is_own or relations.depth(kind) > DEPTH // 2):
            kind = ANY  # what holds itself
        if relations.depth(kind) > DEPTH:
            problem = errors.TooDeep(self.source, span, what=f"the type of `{name}`")
            self.report(problem.helped("use a class with annotated fields for what holds itself"))
            return None
        self.program.hints[key] = kind
        for other, known in self.program.hints.items():
            if other != key:
                self.program.hints[other] = relations.rewidened(known, {key: kind})
        return kind

    def lookup(self, kind: ClassType, name: str) -> tuple[ClassType, Member] | None:
        return self.program.members.lookup(kind, name)

    def has(self, kind: Type, name: str) -> bool:
        """Is it of a class that has the member?"""
        return isinstance(kind, ClassType) and self.lookup(kind, name) is not None

    def is_int(self, kind: Type) -> bool:
        return isinstance(kind, ClassType) and kind.decl.representation == "i64"

    def is_whole(self, kind: Type) -> bool:
        return self.is_int(kind) or self.is_bool(kind)

    def is_bool(self, kind: Type) -> bool:
        return isinstance(kind, ClassType) and kind.decl.representation == "bool"

    def is_str(self, kind: Type) -> bool:
        return kind == self.core("str")

    # --- small typed trees ---------------------------------------------------------------------------------------

    def int_const(self, value: int, span: Span) -> TExpr:
        return Const(self.core("int"), span, value)

    def bool_const(self, value: bool, span: Span) -> TExpr:
        return Const(self.core("bool"), span, value)

    def str_const(self, value: str, span: Span) -> TExpr:
        return Const(self.core("str"), span, value)

    def none(self, span: Span) -> TExpr:
        return Const(NONE, span, None)

    def prim(self, op: str, kind: Type, span: Span, *args: TExpr, types: tuple[Type, ...] = ()) -> TExpr:
        return Prim(kind, span, op, list(args), types)

    def negated(self, value: TExpr) -> TExpr:
        if isinstance(value, Const) and isinstance(value.value, bool):
            return self.bool_const(not value.value, value.span)
        return self.prim("bool_not", self.core("bool"), value.span, value)

    def both(self, first: TExpr, second: TExpr) -> TExpr:
        return Conditional(self.core("bool"), first.span, first, second, self.bool_const(False, first.span))

    def temporary(self, kind: Type, name: str = "") -> Var:
        var = Var(name, kind)
        self.variables.append(var)
        return var

    def get(self, var: Var, span: Span) -> TExpr:
        return GetVar(var.type, span, var)

    def emit(self, statement: TStmt) -> None:
        self.out.append(statement)

    def block(self) -> Block:
        """Statements made inside go to the list given instead of the current block."""
        return Block(self)

    def kept(self, value: TExpr) -> TExpr:
        """`value` in a form that may stand twice: as it is, or stored to a temporary in the current block."""
        if isinstance(value, Const) or (isinstance(value, GetVar) and not value.var.captured and not value.var.name):
            return value
        if isinstance(value, Coerce) and isinstance(value.value, Const):
            return value
        return self.get(self.stored(value), value.span)

    def stored(self, value: TExpr, span: Span | None = None) -> Var:
        """A new variable that holds `value`."""
        var = self.temporary(value.type)
        self.emit(SetVar(span or value.span, var, value))
        return var

    def tuple_items(self, value: TExpr, span: Span | None = None) -> list[TExpr]:
        """The items of a tuple of known length."""
        if not isinstance(value.type, TupleType):
            return []
        whole = self.kept(value)
        return [GetItem(kind, span or value.span, whole, at) for at, kind in enumerate(value.type.items)]

    def tuple_made(self, items: Sequence[TExpr], span: Span) -> TExpr:
        return MakeTuple(TupleType(tuple([item.type for item in items])), span, list(items))

    def item_at(self, value: TExpr, at: int, span: Span) -> TExpr:
        """`value[at]`."""
        return self.need_method(value, "__getitem__", [self.int_const(at, span)], span)

    def put(self, target: TExpr, key: Arg, value: Arg, span: Span) -> None:
        """`target[key] = value`."""
        self.emit(Do(span, self.need_method(target, "__setitem__", [key, value], span)))

    def apart(self, make: Callable[[], TExpr]) -> TExpr:
        """What `make` gives, with what has to be done for it inside it: a part that may not be evaluated."""
        if self.raising and self.frames and self.frames[-1] is not None:
            return self.conditional(make)
        with self.block() as made:
            value = make()
        return self.wrapped(made, value)

    def by_tests(
        self, branches: Sequence[tuple[Key, TExpr]], test: Callable[[Key], TExpr], kind: Type, span: Span
    ) -> TExpr | None:
        """The value of the first branch whose test holds, as a `kind`; the last needs no test. None without any."""
        result: TExpr | None = None
        for key, value in reversed(branches):
            made = self.coerce(value, kind)
            result = made if result is None else Conditional(kind, span, test(key), made, result)
        return result

    def throw(self, error: str, message: str | TExpr, span: Span) -> None:
        """Raise an exception of the built-in class."""
        self.emit(TRaise(span, self.builtin_error(error, message, span)))

    def throw_if(
        self, test: TExpr, error: str, message: str | Callable[[], TExpr], span: Span, *, unless: bool = False
    ) -> None:
        with self.block() as failing:
            self.throw(error, message if isinstance(message, str) else message(), span)
        self.emit(TIf(span, test, [] if unless else failing, failing if unless else []))

    def thrown(self, error: str, message: str | TExpr, span: Span) -> TExpr:
        """An expression that raises."""
        with self.block() as failing:
            self.throw(error, message, span)
        return TBlock(NEVER, span, failing, Const(NEVER, span, None))

    def rescued(self, act: Callable[[], TExpr], otherwise: Callable[[], TExpr], error: str, span: Span) -> TExpr:
        """What `act` gives, or what `otherwise` does where that raises `error`."""
        first, second = self.apart(act), self.apart(otherwise)
        kind = self.joined([first.type, second.type], span)
        result = self.temporary(kind)
        attempt: list[TStmt] = [SetVar(span, result, self.coerce(first, kind))]
        handler = THandler(span, (self.core(error),), None, [SetVar(span, result, self.coerce(second, kind))])
        return TBlock(kind, span, [TTry(span, attempt, [handler], [], [])], self.get(result, span))

    def is_a(self, value: TExpr, kinds: Sequence[Type], span: Span) -> TExpr:
        return IsInstance(self.core("bool"), span, value, tuple(kinds))

    def wrapped(self, made: list[TStmt], value: TExpr) -> TExpr:
        return TBlock(value.type, value.span, made, value) if made else value

    # --- conversions ---------------------------------------------------------------------------------------------

    def fits(self, source: Type, target: Type) -> str | None:
        return relations.conversion(source, target)

    def learn_lambdas(self, source: Type, target: Type, span: Span) -> None:
        """The place where lambdas go, or a container of them, says what they take."""
        if not relations.holds(source, LambdaType):
            return
        for item in relations.members_of(source):
            for wanted in relations.members_of(target):
                if isinstance(item, LambdaType) and isinstance(wanted, FunctionType) and item.takes(len(wanted.params)):
                    self.learn_lambda(item, wanted.params, span)
                elif isinstance(item, ClassType) and isinstance(wanted, ClassType) and item.decl is wanted.decl:
                    for inside, kind in zip(item.args, wanted.args, strict=True):
                        self.learn_lambdas(inside, kind, span)

    def coerce(
        self, value: TExpr, target: Type, role: str = "the value", span: Span | None = None, *, becomes: bool = False,
        raising: Raising = (),
    ) -> TExpr:  # fmt: skip
        """`value` as a `target`; a mistake is reported with `role` as its subject, and `raising` as what CPython does.

        An int where a float is declared stays an int in CPython and prints as one, so it is refused in programs;
        `becomes` says that the place is a parameter of the library, which makes a float of it in CPython as well.
        """
        source = value.type
        if source is target or source == target:
            return value
        if not becomes and not self.source.library and self.changes(source, target):
            self.widen(source, target, span or value.span)
            return self.keeps_no_value(value, target, role, span or value.span)
        if becomes and isinstance(source, AnyType) and target == self.core("float"):
            number = relations.union([self.core("bool"), self.core("int"), target])
            return self.coerce(self.coerce(value, number), target, role, span, becomes=True)
        if becomes and isinstance(source, UnionType) and relations.is_smaller_number(source, target):
            return self.by_member(value, lambda item: self.coerce(item, target, role, span, becomes=True), value.span)
        if isinstance(value, Const) and type(value.value) is int and isinstance(target, ClassType):
            if target.decl.representation == "f64":
                return Const(target, value.span, float(value.value))
            if target.decl.representation in ("u32", "i32") and self.is_int(source):
                return Const(target, value.span, value.value)
        self.learn_lambdas(source, target, value.span)
        how = relations.conversion(source, target, self.learn)
        if how is None:
            where = span or value.span
            if relations.is_function(target) and (relations.is_function(source) or relations.is_loose(source)):
                if self.loosen(target):
                    return Const(target, where, None)
            self.widen(source, target, where)
            if self.gradual and isinstance(source, UnionType) and target in source.members:
                return self.convert(self.coerce(value, ANY), target, "checked")  # as what is in `Any`
            if relations.has_none(source) and relations.conversion(relations.without_none(source), target) is not None:
                return self.may_be_none(f"{role} must be `{target}`", source, where, target, raising)
            if isinstance(source, NeverType):
                return value
            problem = errors.TypeMismatch(self.source, where, role=role, expected=str(target), found=str(source))
            return self.error(self.with_way_out(problem.changed(raising=raising), value, target), target)
        return self.convert(value, target, how)

    def may_be_none(self, operation: str, kind: Type, span: Span, target: Type = ERROR, raising: Raising = ()) -> TExpr:
        """Complain that what stands at `span`, or whose attribute does, is tested for None nowhere."""
        before = self.source.text[: span.start]
        receiver = re.search(r"[^\s(,=]+(?=\.$)", before)  # the span is an attribute's: None may be what it is asked of
        text = receiver[0] if receiver else self.source.text[span.start : span.end]
        subject = text if re.fullmatch(r"[A-Za-z_][\w.]*", text) else "x"
        problem = errors.MayBeNone(self.source, span, operation=operation, found=str(kind), subject=subject)
        problem = problem.changed(raising=raising)
        return self.error(problem, target)

    def with_way_out(self, problem: Diagnostic, value: TExpr, target: Type) -> Diagnostic:
        """What makes a `target` of the value, where one thing does."""
        kind = value.type
        if kind == NONE and isinstance(value, Const):
            return problem.helped(f"annotate it `{target} | None` to allow None")
        if not isinstance(kind, ClassType):
            return problem
        if kind.decl is self.program.core_class("Coroutine"):
            if kind.args and self.fits(kind.args[0], target) is not None:
                return problem.replacing(
                    "wait for it first: `await ...`", "await ", Span(value.span.start, value.span.start)
                )
            return problem.helped("wait for it first: `await ...`")
        if isinstance(target, FunctionType) and self.has(kind, "__call__") and not relations.is_class(kind):
            end = Span(value.span.end, value.span.end)
            return problem.replacing("hand on what a call of it does: `x.__call__`", ".__call__", end)
        if isinstance(target, ClassType) and target.decl.is_protocol:
            have = {name for above in relations.ancestors(kind) for name in above.decl.members}
            lacking = [f"`{name}`" for name in target.decl.members if name not in have]
            return problem.noted(f"`{target}` needs {', '.join(lacking)}") if lacking else problem
        if target == self.core("str"):
            return problem.helped("`str(...)` makes a text of it")
        layout = self.program.layout(kind)
        giving = [info.name for info in layout.fields if info.type == target and not info.name.startswith("_")]
        return problem.helped(f"its `.{giving[0]}` is a `{target}`") if len(giving) == 1 else problem

    def changes(self, source: Type, target: Type) -> bool:
        """Would the value become one that prints otherwise (1 and 1.0, True and 1)?"""
        if isinstance(target, UnionType) and isinstance(source, ClassType):
            return self.fits(source, target) == "member" and self.changes(source, relations.member_for(source, target))
        return relations.is_smaller_number(source, target)

    def keeps_no_value(self, value: TExpr, target: Type, role: str, span: Span) -> TExpr:
        wanted = relations.member_for(value.type, target) if isinstance(target, UnionType) else target
        problem = errors.TypeMismatch(self.source, span, role=role, expected=str(target), found=str(value.type))
        if isinstance(value, Const) and type(value.value) is int and str(wanted) == "float":
            return self.error(problem.replacing(f"write `{value.value}.0`", f"{value.value}.0", value.span), target)
        text = self.source.text[value.span.start : value.span.end]
        shown = text if text.isidentifier() else "..."
        return self.error(problem.replacing(f"write `{wanted}({shown})`", f"{wanted}({text})", value.span), target)

    def constructed(self, kind: ClassType) -> ClassLayout:
        """The layout of a class that there may be objects of: calls through classes above it reach its methods."""
        layout = self.program.layout(kind)
        if layout not in self.task.constructs:
            self.task.constructs.append(layout)
        return layout

    def convert(self, value: TExpr, target: Type, how: str) -> TExpr:
        if how == "upcast":
            for kind in relations.members_of(value.type):
                if isinstance(kind, ClassType) and kind.decl.representation == "raw":
                    self.constructed(kind)  # it may be a literal
        match how:
            case "":
                return value
            case "tuple":
                return self._rebuild(value, target)
            case "tuple of":
                return self.tuple_of(value, target)
            case "items":
                return self.coerce(self.tuple_of(value, self.core("tuple_of", ANY)), target)
            case "each":
                return self.by_member(value, lambda item: self.coerce(item, target), value.span)
            case "member":
                assert isinstance(target, UnionType)
                return self.coerce(self.coerce(value, relations.member_for(value.type, target)), target)
            case "bool_to_float":
                whole = Coerce(self.core("int"), value.span, "bool_to_int", value)
                return Coerce(target, value.span, "int_to_float", whole)
            case "plain":
                return self.coerce(self.as_plain(value), target, becomes=True)
            case "loose":
                return self.coerce(self.loosened(value), target)
            case "function":
                assert isinstance(target, FunctionType)
                return self.adapted_value(value, target)
            case "checked":
                self.may_be_smaller(target, value.span)
                self.widen(value.type, target, value.span)
                if not self.program.opens_items and not self.source.library and ANY in relations.parts(target):
                    self.program.opens_items = True
                    raise Restart(None)
                callables = [item for item in relations.members_of(target) if isinstance(item, FunctionType)]
                if value.type == ANY and callables:  # it is called as what it is
                    return self.callable_from_any(value, target, callables[0])
                is_whole = isinstance(target, TupleType) or relations.is_tuple_of(target)
                if is_whole and value.type == ANY and target != self.core("tuple_of", ANY):
                    return self.tuple_from_any(value, target)
                made = Coerce(target, value.span, how, value, f"expected `{target}`")
                return self.checked_class(made) if relations.is_class(target) else made
            case _ if target is ANY:
                if self.program.opens_items:
                    for kind in relations.members_of(value.type):
                        self.open_items(relations.parts(kind)[-1:] if python_name(kind) in ("list", "dict") else ())
                if relations.is_coroutine(value.type) and relations.parts(value.type) != (ANY,):
                    value = self.runtime_call("of_any", [value], value.span)
                for unknown in open_parts(value.type):  # whoever has it as Any may put anything in
                    self.learn(unknown, ANY)
                self.program.boxed.update(
                    item for item in relations.members_of(value.type) if not relations.holds(item, ErrorType)
                )
                return Coerce(target, value.span, "box", value)
            case _:
                return Coerce(target, value.span, how, value)

    def callable_from_any(self, value: TExpr, target: Type, wanted: FunctionType) -> TExpr:
        if target == wanted:
            return self.adapted_value(value, wanted)
        with self.block() as made:
            whole, rest = self.kept(value), [item for item in relations.members_of(target) if item != wanted]
            other = self.apart(lambda: self.coerce(self.convert(whole, relations.union(rest), "checked"), target))
            function = self.apart(lambda: self.coerce(self.adapted_value(whole, wanted), target))
            result = self.chosen(self.is_a(whole, rest, value.span), other, function, value.span)
        return self.wrapped(made, result)

    def _rebuild(self, value: TExpr, target: Type) -> TExpr:
        assert isinstance(target, TupleType)
        if isinstance(value, MakeTuple):
            items = [self.coerce(item, kind) for item, kind in zip(value.items, target.items, strict=True)]
            return MakeTuple(target, value.span, items)
        with self.block() as made:
            owned = zip(self.tuple_items(value), target.items, strict=True)
            items = [self.coerce(item, kind) for item, kind in owned]
        return self.wrapped(made, MakeTuple(target, value.span, items))

    def narrowed(self, value: TExpr, kind: Type, *, checked: bool = False, what: str = "") -> TExpr:
        """`value` known to be of the narrower `kind`."""
        if value.type == kind or isinstance(value.type, ErrorType):
            return value
        if kind == NONE:
            return TBlock(NONE, value.span, [Do(value.span, value)], self.none(value.span))
        if checked:
            return Coerce(kind, value.span, "checked", value, what or f"expected `{kind}`")
        return Coerce(kind, value.span, "unbox", value)

    def is_none(self, value: TExpr, span: Span) -> TExpr:
        return self.is_a(value, (NONE,), span)

    def builtin_error(self, name: str, message: str | TExpr, span: Span) -> TExpr:
        """A new exception of a built-in class."""
        text = self.str_const(message, span) if isinstance(message, str) else message
        return self.construct(self.core(name), CallSite(span, [text]))

    # --- instances -----------------------------------------------------------------------------------------------

    def call_instance(self, task: Task, args: list[TExpr], span: Span) -> TExpr:
        """A direct call; finds out the result first when nothing says it."""
        problem = self.mistake_in(task) if self.catching or self.ignoring else None
        if problem is not None:
            self.task.requests[:] = [asked for asked in self.task.requests if asked is not task]
            raise Failed(problem)
        result = self.result_of(task)
        if not task.decl.module.library or any(map(runs_code, args)):
            self.forget_shared()
        return Call(result, span, task.instance, args)

    def managed(self, decl: FunctionDecl, made: TExpr, span: Span) -> TExpr:
        """What a call gives, as the context manager that `@contextmanager` makes of it."""
        if not decl.manages or not isinstance(made.type, ClassType) or not made.type.args:
            return made
        return self.construct(self.core(decl.manages, made.type.args[0]), CallSite(span, [made]))

    def result_of(self, task: Task) -> Type:
        """What calling the instance gives (a coroutine for an `async def`)."""
        program = self.program
        if task.state == "new" and any(relations.holds(kind, LambdaType) for kind in task.instance.params):
            program.check_body(task)  # it tells what the function takes while what made that is at hand
        if task.result is None:
            if task.state == "running":
                position = program.stack.index(task)
                for inner in program.stack[position:]:
                    inner.tainted = True
                task.within = task.within or ERROR
                return task.within
            program.check_body(task)
            if task.result is None:
                return ERROR
        return task.instance.result

    def is_inferred(self) -> bool:
        """Does the source not say what the function gives?"""
        inferred = self.task.wanted_result is None and self.task.build is None
        return inferred and self.program.annotations.signature(self.decl).result is None

    def function_type(self, kind: FunctionType) -> FunctionType:
        if not relations.is_open(kind):
            self.program.function_types.add(kind)
        return kind

    def runtime_call(self, name: str, args: Sequence[Arg], span: Span) -> TExpr:
        """A call of a core function that the checker knows by name."""
        symbol = self.program.modules.runtime(name)
        if isinstance(symbol, OverloadDecl):
            return self.call_overload(symbol, CallSite(span, args))
        if not isinstance(symbol, FunctionDecl):
            raise LookupError(f"the core library has no function {name}")
        return self.call_declaration(symbol, CallSite(span, args))

    # --- flow ----------------------------------------------------------------------------------------------------

    def merge(self, *states: tuple[Facts, bool]) -> None:
        """Go on with what holds on every path that comes here; each state is (facts, reachable)."""
        alive = [facts for facts, reachable in states if reachable]
        self.reachable = bool(alive)
        if not alive:
            self.facts = dict(states[0][0]) if states else {}
            return
        first = alive[0]
        if len(alive) == 1:
            self.facts = dict(first)
            return
        merged: Facts = {}
        for path, kind in first.items():
            kinds = [facts.get(path) for facts in alive[1:]]
            if all(item is not None for item in kinds):
                merged[path] = relations.union([kind, *(item for item in kinds if item is not None)])
        self.facts = merged

    def forget(self, root: object) -> None:
        """The variable (or field name) was assigned: nothing is known of it any more."""
        for path in [path for path in self.facts if root in path]:
            del self.facts[path]

    def if_statement(self, test: TExpr, body: list[TStmt], orelse: list[TStmt], span: Span) -> None:
        if isinstance(test, Const) and isinstance(test.value, bool):
            self.out.extend(body if test.value else orelse)
        else:
            self.emit(TIf(span, test, body, orelse))


def runs_code(value: TExpr) -> bool:
    """Can the library run code of the program through this argument: a function, or a generator?"""
    if isinstance(value.type, ClassType):
        return value.type.decl.name == "Generator" and value.type.decl.module.core
    return isinstance(value.type, FunctionType | LambdaType | BundleType)
