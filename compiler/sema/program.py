"""The state of one compilation: instances, class layouts, dispatches, globals, and the work still to be done.

A `Task` is one instance whose body is to be checked. What a body asks for (calls, layouts) is recorded on its task,
so that in the end exactly what the entry points reach is taken, with its errors. A body is checked again when
something about its variables is learned that it assumed otherwise (`Restart`); what was learned stays in `hints`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from ..diag import Diagnostic, Diagnostics
from ..rewrite.quoted import quoted
from ..syntax import tree
from ..syntax.source import Source, Span
from . import relations
from .annotations import Annotations
from .declarations import (
    ClassDecl,
    FieldDecl,
    FunctionDecl,
    GlobalDecl,
    ModuleDecl,
    OverloadDecl,
    Parameter,
    PropertyDecl,
    Signature,
)
from .members import Members
from .modules import RUNTIME, Modules, class_declaration
from .scopes import Scope, analyse_function, library_scope
from .typed import ClassLayout, Dispatch, FieldInfo, GlobalVar, Instance, TFunction, Var
from .types import ANY, ERROR, NONE, ClassType, FunctionType, InferType, LambdaType, Shape, Type, TypeVarType
from .versions import declared

if TYPE_CHECKING:
    from .body import Body, Facts


Told = TypeVar("Told", FieldInfo, GlobalVar)
VARYING = "functions of several numbers of arguments"
"""The key of the hint that one of them is a value."""


class Restart(Exception):
    """Something was learned: check again, the body `owner` or (if None) the program. `kind`: a type that variables of
    the body turned out to have, if it is that; `key`: what they have it from, if it is wider than was known."""

    def __init__(self, owner: object, kind: Type | None = None, key: Hashable = None) -> None:
        super().__init__("learned a type")
        self.owner = owner
        self.kind = kind
        self.key = key


class Failed(Exception):
    """What is being checked raises when it is run (see `failing`): because of `diagnostic`, or of a part of it."""

    def __init__(self, diagnostic: Diagnostic | None) -> None:
        super().__init__("raises when it is run")
        self.diagnostic = diagnostic


@dataclass(eq=False, slots=True)
class Task:
    """One instance and its checked body. `result` is what `return` gives: T where `instance.result` is Coroutine[T];
    None while it is not known."""

    instance: Instance
    decl: FunctionDecl
    environment: dict[Type, Type]
    self_type: Type | None
    result: Type | None
    asked_by: Task | None
    asked_at: Span
    outer: Body | None = None
    state: str = "new"  # "new", "queued", "running", "done"
    tainted: bool = False
    within: Type | None = None
    """What it gives to a call of it by its own body, while nothing is known: None where it does not call itself."""
    function: TFunction | None = None
    requests: list[Task] = field(default_factory=list)
    dispatches: list[VirtualCall] = field(default_factory=list)
    constructs: list[ClassLayout] = field(default_factory=list)
    globals: list[GlobalDecl] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    unknown: list[Span] = field(default_factory=list)
    """Expressions that have no type: a complaint about something else must explain them, or they are complained of."""
    facts: Facts = field(default_factory=dict)
    held: list[tuple[tree.Arg, Var]] = field(default_factory=list)
    """Parameters of a lambda that got their default where it was made."""
    wanted_result: Type | None = None
    extras: tuple[str, ...] = ()
    """The names given for an unannotated `**kwargs`."""
    seen: int = -1
    """Of a function of `Any`: how many types could be inside when it was made."""
    loose: bool = False
    """Nothing calls it and its types are not known: only its names are checked."""

    @property
    def user(self) -> Task | None:
        """The body of the program that a body of the library is checked for; its own where it is none."""
        task: Task | None = self
        while task is not None and task.decl.module.library:
            task = task.asked_by
        return task

    @property
    def first(self) -> Task:
        """The body that all of this is checked for in the end."""
        return self if self.asked_by is None else self.asked_by.first

    def place(self, span: Span) -> tuple[Source, Span]:
        """Where the program asks for what stands at `span` in this body, as far as that is known."""
        task = self
        while task.decl.module.library and task.asked_by is not None:
            span, task = task.asked_at, task.asked_by
        return task.decl.module.source, span

    build: Callable[[Any], None] | None = None
    """Makes the body, where there is no source text for it."""


@dataclass(eq=False, slots=True)
class VirtualCall:
    """A method called through the dynamic class: its targets are asked for as classes come to be constructed."""

    dispatch: Dispatch
    owner: ClassType
    name: str
    environment: tuple[Type, ...]
    but: tuple[ClassType, ...] = ()  # classes whose methods take the arguments in another way: tested for before
    looked: int = 0  # classes that it has been asked of, in the order in which they came to be constructed
    seen: set[str] = field(default_factory=set)
    requests: dict[str, Task] = field(default_factory=dict)

    def reaches(self, kind: ClassType) -> bool:
        below = relations.is_subclass
        return below(kind, self.owner) and not any(below(kind, item) for item in self.but)


class Program:
    """Everything known about the program being checked."""

    def __init__(
        self, modules: Modules, diagnostics: Diagnostics, user_only: bool = False, raising: bool = False
    ) -> None:
        """`user_only`: bodies of the library are checked only where the program's types are in them. `raising`: what
        is wrong raises when it is run (`failing`)."""
        self.modules = modules
        self.diagnostics = diagnostics
        self.user_only = user_only
        self.raising = raising
        self.hints: dict[Hashable, Type] = {}
        self.left: dict[str, frozenset[int]] = {}
        """By the name of a source: the lines where what is wrong for some types only is left to the run."""
        self.function_numbers: dict[Hashable, int] | None = None
        self.unsaid: set[Hashable] = set()
        """Where displays and containers are made for a bare `list`, `dict`, `Queue`: they may hold anything."""
        """In a program that compares functions: what tells each apart (`stdlib/core/names.pie`)."""
        self.deep_copies: list[tuple[Type, Source, Span]] | None = None
        """In a program that copies deeply: what, and where (`copying`)."""
        self.opens_items = False
        """Is something that was `Any` taken for a list or dict of `Any`? Then displays that become `Any` are such."""
        self.shapes: dict[Hashable, dict[Shape, tuple[Type, ...]]] = {}
        """Of functions that became values: the ways in which they are called, if there is more than the plain one."""
        self.callees: dict[Hashable, FunctionDecl] = {}
        self.places: set[Hashable] = set()
        """Where functions of the program became values."""
        self.loose: set[Hashable] = set()
        """Those of these places whose values take whatever they are given (`loose`)."""
        self.dealt = False
        """Was a list dealt to the parameters of a function value?"""
        """Which functions these are."""
        self.check_body: Callable[[Task], None] = lambda task: None
        self.is_settled: Callable[[Task], bool] = lambda task: False
        """Is nothing wrong with a body, whatever the program?"""
        self.annotations = Annotations(self, diagnostics)
        self.members = Members(self)
        self._core: dict[str, ClassDecl] = {}
        self.reset()

    def reset(self) -> None:
        """Forget all that depends on hints, and hints of functions that have become loose."""

        def is_stale(kinds: Iterable[Type]) -> bool:
            return any(relations.comes_from(kind, place) for kind in kinds for place in self.loose)

        self.hints = {key: hint for key, hint in self.hints.items() if not is_stale([hint])}
        for place, shapes in self.shapes.items():
            self.shapes[place] = {shape: kinds for shape, kinds in shapes.items() if not is_stale(kinds)}
        self.deep_copies = None if self.deep_copies is None else []
        self.asked_later: set[Task] = set()
        """Bodies of which something is only said when all of the program is known."""
        self.annotations.renew()
        self.widened = False
        """Was it found in this round that fields or annotated numbers are of more types? Then all is checked again."""
        self.tasks: dict[Hashable, Task] = {}
        self.symbols: dict[str, Hashable] = {}
        self.queue: deque[Task] = deque()
        self.library_queue: deque[Task] = deque()
        self.stack: list[Task] = []
        self.layouts: dict[ClassType, ClassLayout] = {}
        self.layout_symbols: dict[str, ClassType] = {}
        self.field_cache: dict[tuple[ClassType, str], tuple[ClassLayout, FieldInfo]] = {}
        self.virtuals: dict[Hashable, VirtualCall] = {}
        self.globals: dict[str, GlobalVar] = {}
        self.function_types: set[FunctionType] = set()
        self.constructed: dict[ClassType, ClassLayout] = {}
        self.boxed: set[Type] = set()
        self.dynamic: dict[str, Task] = {}
        self.early_globals: set[GlobalDecl] = set()
        self.consulted: dict[tuple[ClassDecl, str], dict[Task, None]] = {}
        self.stale: dict[Task, None] = {}
        self.flawless: set[Task] = set()
        """Library functions of which, and of all they call, nothing is complained."""
        self.deliberate: dict[ModuleDecl, dict[str, frozenset[str]]] = {}
        """See `failing.deliberate`."""
        self.seen: dict[FieldInfo | GlobalVar, dict[Task, None]] = {}
        """Which bodies rely on the type of a field or variable."""
        self.earlier: dict[Hashable, FieldInfo | GlobalVar] = {}
        """What bodies that were begun anew had told of fields and variables."""
        self.open_functions: dict[Hashable, int] = {}
        """Functions that are values, by where they became one, with the fewest arguments each takes: until a call
        tells the types of their parameters."""
        self.early_fields: set[tuple[ClassType, str]] = set()
        """Read, in a body that was checked early, before anything was stored in them."""
        self.constructors: dict[object, tuple[Type, Source, Span]] = {}
        self.defaults: dict[tuple[FunctionDecl, str], GlobalDecl] = {}
        for module in self.modules.order:
            for symbol in declared(module):
                if isinstance(symbol, GlobalDecl):
                    symbol.variable = symbol.flag = None
                elif isinstance(symbol, ClassDecl):
                    for member in symbol.members.values():
                        if isinstance(member, GlobalDecl):
                            member.variable = None

    def mentions(self, word: str) -> bool:
        """Stands it in the program's own text?"""
        loaded = self.modules.loaded.values()
        return any(word in module.source.text for module in loaded if module is not None and not module.library)

    def default_of(self, decl: FunctionDecl, param: Parameter, value: tree.Expr) -> GlobalDecl:
        """The variable that keeps a default that is no literal."""
        made = GlobalDecl(f"{decl.qualified}.{param.name}", decl.module, param.span, None, value)
        return self.defaults.setdefault((decl, param.name), made)

    # --- core classes --------------------------------------------------------------------------------------------

    def core_class(self, name: str) -> ClassDecl:
        """A class of the core library that the checker knows by name."""
        decl = self._core.get(name)
        if decl is None:
            builtins = self.modules.builtins
            found = self.modules.runtime(name) if name in RUNTIME else None
            if found is None and builtins is not None:
                found = self.modules.lookup(builtins, name)
            if not isinstance(found, ClassDecl):
                raise LookupError(f"the core library has no class {name}")
            decl = self._core[name] = found
            self.members.complete(decl)
        return decl

    @cached_property
    def abc(self) -> ClassType:
        """The class `abc.ABC`, which has nothing in it."""
        (node,) = quoted("class ABC: pass", Span(0, 0))
        builtins = self.modules.builtins
        assert isinstance(node, tree.ClassDef) and builtins is not None
        made = class_declaration(node, ModuleDecl("pielang.abc", builtins.source, builtins.tree))
        made.completed, made.base = True, self.core_type("object")
        return ClassType(made)

    def core_type(self, name: str, *args: Type) -> ClassType:
        return ClassType(self.core_class(name), args)

    # --- instances -----------------------------------------------------------------------------------------------

    def request(
        self, decl: FunctionDecl, owner: Type | None, environment: dict[Type, Type], kinds: tuple[Type, ...],
        asker: Task | None, span: Span, extras: tuple[str, ...] = (),
    ) -> Task:  # fmt: skip
        """The instance of a function for these types, made when it is new. `kinds` are the types of the arguments,
        `owner`
        the instantiated class that declares the method (for a class method: the class it is called on)."""
        signature = self.annotations.signature(decl)
        owner = owner if decl.owner is not None else None
        own = tuple([environment[item] for item in decl.type_params])
        smaller = signature.annotated and self.takes_smaller(decl, signature, kinds, environment)
        free = kinds if smaller or not signature.annotated else ()
        key = (decl, owner, own, free, extras)
        task = self.tasks.get(key)
        if task is None:
            task = self.tasks[key] = self.new_task(decl, owner, environment, kinds, own, free, asker, span)
            task.extras = extras
        if asker is not None and task not in asker.requests:
            asker.requests.append(task)
        return task

    def takes_smaller(
        self, decl: FunctionDecl, signature: Signature, kinds: tuple[Type, ...], environment: dict[Type, Type]
    ) -> bool:
        """Is an int given where the program declares a float, a list where it declares an Iterable? Then it stays one,
        in an instance of its own."""
        if decl.module.library:
            return False
        return any(
            item.type is not None and relations.stays(kind, relations.substitute(item.type, environment))
            for item, kind in zip(signature.params, kinds, strict=False)
        )

    def new_task(
        self, decl: FunctionDecl, owner: Type | None, environment: dict[Type, Type], kinds: tuple[Type, ...],
        own: tuple[Type, ...], free: tuple[Type, ...], asker: Task | None, span: Span,
    ) -> Task:  # fmt: skip
        signature = self.annotations.signature(decl)
        above = relations.as_base(owner, decl.owner)
        if above is not None:
            environment = {**environment, **relations.environment_of(above)}
        params: list[Type] = []
        if decl.owner is not None and decl.kind not in ("static", "class"):
            assert owner is not None
            params.append(owner)
        for item, kind in zip(signature.params, kinds, strict=True):
            params.append(self.received(decl, item.kind, item.type, environment, kind))
        symbol = function_symbol(decl.module, decl, owner, own)
        if free:
            symbol += f"({names_of(free)})"
        base, number = symbol, 1
        while symbol in self.symbols:
            number += 1
            symbol = f"{base}#{number}"
        self.symbols[symbol] = decl
        scope_of(decl)
        task = Task(Instance(symbol, decl.qualified, tuple(params), ERROR), decl, environment, owner, None, asker, span)
        result = None if signature.result is None else relations.substitute(signature.result, environment)
        if free and signature.annotated and result in (self.core_type("float"), self.core_type("int")):
            result = None  # what comes of an int may be an int
        elif signature.result is not None:
            result = self.hints.get(result_key(decl), result)
        self.declare_result(task, result)
        return task

    def received(
        self, decl: FunctionDecl, how: str, declared: Type | None, environment: dict[Type, Type], given: Type
    ) -> Type:
        """The type that a parameter has inside: that of a list or tuple for `*args`, of a dict for `**kwargs`."""
        if declared is None:
            return given
        kind = relations.substitute(declared, environment)
        if how in ("positional", "normal", "keyword") and not decl.module.library:
            if relations.stays(given, kind):
                return given
        if how == "varargs":
            return self.core_type("list" if decl.module.library else "tuple_of", kind)
        if how == "kwargs":
            return self.core_type("dict", self.core_type("str"), kind)
        return kind

    def declare_result(self, task: Task, result: Type | None) -> None:
        """What the signature says: of a generator, an iterator of what it yields."""
        if task.decl.is_generator and isinstance(result, ClassType) and result.args:
            result = result.args[0]
        self.set_result(task, result)

    def set_result(self, task: Task, result: Type | None) -> None:
        """What `return` gives, and what a call gives: a coroutine or generator where the function makes one."""
        task.result = result
        inner = ERROR if result is None else result
        if task.decl.is_generator:
            task.instance.cleans = task.decl.scope is not None and task.decl.scope.cleans
            name = "AsyncGenerator" if task.decl.is_async else "Generator"
            task.instance.kind, task.instance.result = "generator", self.core_type(name, inner)
        elif task.decl.is_async:
            task.instance.kind, task.instance.result = "async", self.core_type("Coroutine", inner)
        else:
            task.instance.kind, task.instance.result = "plain", inner
        if task.instance.kind != "plain" and not relations.is_open(inner):
            assert isinstance(task.instance.result, ClassType)
            self.layout(task.instance.result)

    def enqueue(self, task: Task) -> None:
        """The body of `task` (and of the functions nested in it) is final: what it asked for is to be checked."""
        inner, seen = [task], {task}
        while inner:
            current = inner.pop()
            for asked in current.requests:
                if asked.outer is not None:
                    if asked not in seen:
                        seen.add(asked)
                        inner.append(asked)
                elif asked.state == "new":
                    asked.state = "queued"
                    (self.library_queue if asked.decl.module.library else self.queue).append(asked)
            for layout in current.constructs:
                self.constructed.setdefault(layout.type, layout)

    def work(self) -> None:
        """Check all that has been asked for: the user's functions first, then what they need of the library."""
        while True:
            while self.queue or self.library_queue:
                if self.widened and not self.queue:
                    raise Restart(None)  # before the library, of which nothing would be kept
                task = self.queue.popleft() if self.queue else self.library_queue.popleft()
                if task.state == "queued" and not self.is_settled(task):
                    self.check_body(task)
            if not self.extend_virtuals() and not self.extend_dynamic() and not self.check_stale():
                return

    def extend_dynamic(self) -> bool:
        """Make the functions of `Any` again when more can be inside; True when there was something to do."""
        changed = False
        for task in list(self.dynamic.values()):
            if task.seen != len(self.boxed):
                task.seen = len(self.boxed)
                task.state = "new"
                self.check_body(task)
                changed = True
        return changed

    # --- classes that become known later ---------------------------------------------------------------------------

    def consult(self, decl: ClassDecl, name: str) -> None:
        """The body in hand relies on it that no class below `decl` has a member of that name (any class, for "")."""
        self.consulted.setdefault((decl, name), {})[self.in_hand()] = None

    def in_hand(self) -> Task:
        """The instance that is being checked, for a nested function that around it."""
        task = self.stack[-1]
        while task.outer is not None:
            task = task.outer.task
        return task

    def subclassed(self, decl: ClassDecl) -> None:
        """The members of `decl` are known: bodies that relied on there being no such class are stale."""
        above = decl.base
        while above is not None:
            for name in ("", *decl.members):
                self.stale |= self.consulted.get((above.decl, name), {})
            above = above.decl.base

    # --- what one body tells others ------------------------------------------------------------------------------

    def see(self, what: FieldInfo | GlobalVar) -> None:
        """The body in hand relies on the type of a field or variable, which another may have told."""
        if self.stack:
            self.seen.setdefault(what, {})[self.in_hand()] = None

    def is_seen(self, what: FieldInfo | GlobalVar) -> bool:
        """Does a body other than that in hand rely on it?"""
        own = self.in_hand()
        return any(task is not own and task.state in ("done", "running") for task in self.seen.get(what, ()))

    def confirmed(self, key: Hashable, made: Told) -> Told:
        """What a body tells of a field or variable; the same object as before when it told that already and was then
        begun anew. If it is of another type now, all that saw it has to be checked again."""
        before = self.earlier.pop(key, None)
        if before is None or type(before) is not type(made):
            return made
        if before.type != made.type and self.is_seen(before):
            raise Restart(None)
        before.type = made.type
        return before

    def check_stale(self) -> bool:
        """Check stale bodies again; True when there were some."""
        stale, self.stale = self.stale, {}
        for task in stale:
            task.state = "new"
            self.check_body(task)
        return bool(stale)

    # --- virtual methods -----------------------------------------------------------------------------------------

    def virtual(
        self, kind: ClassType, decl: FunctionDecl, instance: Instance, result: Type, but: tuple[ClassType, ...] = ()
    ) -> VirtualCall:
        """The dispatch of a method called through `kind`, for objects of none of the classes in `but`."""
        key = (kind, decl.name, instance.params[1:], but)
        found = self.virtuals.get(key)
        if found is None:
            symbol = f"{type_symbol(kind)}.{decl.name}$dispatch"
            if any(
                isinstance(item[0], ClassType) and item[:2] == key[:2]
                for item in self.virtuals
                if isinstance(item, tuple)
            ):
                symbol += f"({', '.join(map(str, key[2]))})" + "".join(f" but {item}" for item in but)
            dispatch = Dispatch(symbol, (kind, *instance.params[1:]), result)
            found = self.virtuals[key] = VirtualCall(dispatch, kind, decl.name, key[2], but)
            self.layout(kind)
        return found

    def extend_virtuals(self) -> bool:
        """Ask for the methods of constructed classes that a dispatch may reach; True when there was something new."""
        changed = False
        for call in list(self.virtuals.values()):
            settled = call.looked if call.owner.decl.conforms is None else 0  # what a class is below stays as it is
            call.looked = len(self.constructed)
            for kind, layout in list(islice(self.constructed.items(), settled, None)):
                if layout.symbol in call.seen or not call.reaches(kind):
                    continue
                call.seen.add(layout.symbol)
                task = self.virtual_target(call, kind)
                if task is not None:
                    call.requests[layout.symbol] = task
                    if task.state == "new":
                        task.state = "queued"
                        (self.library_queue if task.decl.module.library else self.queue).append(task)
                        changed = True
        return changed

    def virtual_target(self, call: VirtualCall, kind: ClassType) -> Task | None:
        found = self.members.lookup(kind, call.name)
        if found is None:
            return None
        owner, member = found
        if isinstance(member, FieldDecl) and call.owner.decl.is_protocol:
            asked = self.members.lookup(call.owner, call.name)
            if asked is not None and isinstance(asked[1], PropertyDecl):
                member = self.members.reader_of(owner.decl, member)
        forms = member.forms if isinstance(member, FunctionDecl | OverloadDecl | PropertyDecl) else []
        for form in forms:
            if form.kind in ("setter", "deleter") or form.type_params:
                continue
            environment: dict[Type, Type] = relations.environment_of(owner)
            signature = self.annotations.signature(form)
            if len(signature.params) != len(call.environment):
                continue
            params = tuple(
                given if item.type is None else relations.substitute(item.type, environment)
                for item, given in zip(signature.params, call.environment, strict=True)
            )  # fmt: skip
            if len(forms) == 1 or params == call.environment:
                return self.request(form, owner, environment, call.environment, None, form.span)
        return None

    # --- learning ------------------------------------------------------------------------------------------------

    def resolved(self, kind: Type) -> Type:
        """`kind` with everything that has been learned put in."""
        if not relations.holds(kind, InferType):
            return kind
        for _ in range(20):
            known: dict[Type, Type] = {
                item: relations.placed(self.hints[item.key], item.key)
                for item in open_parts(kind)
                if item.key in self.hints
            }
            if not known:
                return kind
            kind = relations.substitute(kind, known)
        return ERROR

    # --- layouts -------------------------------------------------------------------------------------------------

    def layout(self, kind: ClassType) -> ClassLayout:
        """The layout of an instantiated class; fields whose types are found from assignments are added when they
        are."""
        known = self.layouts.get(kind)
        if known is not None:
            return known
        self.members.complete(kind.decl)
        base = relations.base_of(kind)
        symbol = type_symbol(kind)
        while symbol in self.layout_symbols:
            symbol += "'"
        layout = ClassLayout(kind, symbol, self.layout(base) if base is not None else None)
        layout.finalizer = kind.decl.finalizer
        self.layouts[kind] = layout
        self.layout_symbols[symbol] = kind
        variables = relations.environment_of(kind)
        for name, member in kind.decl.members.items():
            if isinstance(member, FieldDecl):
                declared = self.declared_field(kind, member, variables)
                if declared is not None:
                    layout.fields.append(FieldInfo(name, declared))
        return layout

    def declared_field(self, kind: ClassType, member: FieldDecl, variables: dict[Type, Type]) -> Type | None:
        """The type of a field: annotated, or learned in an earlier round; None when it is still to be found."""
        if member.annotation is not None:
            names: dict[str, Type] = {item.name: item for item in kind.decl.type_params}
            names["Self"] = ClassType(kind.decl, kind.decl.type_params)
            found = self.annotations.resolve(member.annotation, kind.decl.module, names)
            return relations.substitute(found, variables)
        hint = self.hints.get(("field", kind, member.name))
        return None if hint is None else self.resolved(hint)

    def field(self, kind: ClassType, name: str) -> tuple[ClassLayout, FieldInfo] | None:
        """A field that has a type by now, and the layout that owns it."""
        found = self.field_cache.get((kind, name))
        if found is None:
            current: ClassLayout | None = self.layout(kind)
            while current is not None:
                for item in current.fields:
                    if item.name == name:
                        found = self.field_cache[kind, name] = (current, item)
                        self.see(item)
                        return found
                current = current.base
        else:
            self.see(found[1])
        return found

    def is_field_of(self, kind: ClassType, name: str) -> tuple[ClassType, FieldDecl] | None:
        for above in relations.ancestors(kind):
            member = above.decl.members.get(name)
            if isinstance(member, FieldDecl):
                return above, member
            if member is not None:
                return None
        return None


def scope_of(decl: FunctionDecl) -> Scope:
    if decl.scope is None:
        analyse = library_scope if decl.module.library else analyse_function
        decl.scope = analyse(decl.node, walrus=decl.module.walrus)
        decl.is_generator = decl.scope.is_generator
    return decl.scope


def open_parts(kind: Type) -> list[InferType]:
    if isinstance(kind, InferType):
        return [kind]
    return [item for part in relations.parts(kind) for item in open_parts(part)]


def result_key(decl: FunctionDecl) -> Hashable:
    """Where a result wider than the declared one is noted: for a method and all that override it in one place."""
    if decl.owner is None:
        return "result", decl
    root = decl.owner
    for above in relations.ancestors(ClassType(decl.owner, decl.owner.type_params)):
        if decl.name in above.decl.members and not above.decl.module.library:
            root = above.decl
    return "result", root, decl.name, decl.kind == "setter"


def type_symbol(kind: Type) -> str:
    """A readable and (but for classes of equal names) unique name."""
    match kind:
        case ClassType():
            decl = kind.decl
            name = decl.name if decl.representation else f"{decl.module.name}.{decl.qualified or decl.name}"
            if decl.name in decl.module.versions:
                name += f":{decl.span.start}"
            return f"{name}[{', '.join(map(type_symbol, kind.args))}]" if kind.args else name
        case _:
            return str(kind)


def names_of(kinds: Iterable[Type]) -> str:
    """Types in the name of an instance; a lambda by where it stands, as what is learned in the instance is of it."""
    return ", ".join(":".join(map(str, kind.key)) if isinstance(kind, LambdaType) else str(kind) for kind in kinds)


def function_symbol(module: ModuleDecl, decl: FunctionDecl, self_type: Type | None, args: tuple[Type, ...]) -> str:
    if isinstance(self_type, ClassType) and decl.owner is not None:
        owner = str(self_type) if self_type.args else self_type.decl.qualified or self_type.decl.name
        name = f"{module.name}.{owner}.{decl.name}"
    else:
        name = f"{module.name}.{decl.qualified}"
    if (decl.owner.name if decl.owner is not None else decl.name) in module.versions:
        name += f":{decl.span.start}"
    return f"{name}[{', '.join(map(str, args))}]" if args else name


__all__ = [
    "ANY",
    "NONE",
    "Program",
    "Restart",
    "Task",
    "TypeVarType",
    "VirtualCall",
    "function_symbol",
    "names_of",
    "open_parts",
    "type_symbol",
]
