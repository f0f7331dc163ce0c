"""The pass as a whole: modules in, typed program out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from pielang.api.table import CALLS

from ..diag import Diagnostic, Diagnostics
from ..syntax import parse, tree
from ..syntax.parts import blocks, children, statement_expressions
from ..syntax.source import Source, Span
from . import bases, errors, relations
from .annotations import Annotations
from .checker import Checker, check_body
from .copying import check_copies
from .declarations import ClassDecl, FunctionDecl, GlobalDecl, ModuleDecl, OverloadDecl, PropertyDecl
from .entry import Entry, Interface, header_of, initial_value, synthetic
from .gradual import ITEM, unannotated
from .modules import RUNTIME, SPECIAL_BUILTINS, Library, Modules
from .overrides import check_overrides, target
from .program import Program, Restart, Task, VirtualCall, open_parts
from .proven import Proven
from .scopes import Scope, analyse_module
from .typed import Await, Call, ClassLayout, Const, Do, Instance, TExpr, TFunction, TProgram, TStmt
from .types import ANY, ERROR, NONE, ClassType, ErrorType, InferType, Type
from .versions import declared

ROUNDS = 100


@dataclass(frozen=True, slots=True)
class Checked:
    """A program that is right. `interface` is what its manifest is made of."""

    program: TProgram
    interface: Interface
    warnings: tuple[Diagnostic, ...] = ()


def check(main: Source, library: Library, raising: bool = False) -> Checked:
    """Check a program: its main module and all that it imports. Raises CompileError with every mistake found;
    `raising`: but for those that can raise when the program is run, which are warnings then (`failing`)."""
    program, checked = _settled(main, parse(main), library, raising)
    assert checked is not None
    return replace(checked, warnings=tuple(program.diagnostics.warnings()))


def advise(main: Source, library: Library, raising: bool = False) -> tuple[Diagnostic, ...]:
    """The warnings of `check`, and those about what is right but perhaps not meant (`lint`). Raises as `check` does.

    Bodies of the library of which it is known that they are right are left out (`proven`), so nothing is made.
    """
    from .lint import lint  # running a program does without it

    parsed = parse(main)
    program, _ = _settled(main, parsed, library, raising, library.proven())
    builtins = program.modules.builtins
    assert builtins is not None
    for warning in lint(main, parsed, {*builtins.names, *SPECIAL_BUILTINS}):
        program.diagnostics.report(warning)
    return tuple(program.diagnostics.warnings())


def _settled(
    main: Source, parsed: tree.Module, library: Library, raising: bool, known: set[str] | None = None
) -> tuple[Program, Checked | None]:
    diagnostics = Diagnostics()
    modules = Modules(library, diagnostics)
    decl = modules.declare(main, parsed)
    ordered = modules.import_order(decl)
    program = Program(modules, diagnostics, known is not None, raising or header_of(decl).get("errors") == "raise")
    program.check_body = lambda task: check_body(program, task)
    if known is not None:
        program.is_settled = Proven(program, known).is_settled
    modules.item_of(lambda kind: item_type(program, kind))
    for fewest in (2, 0):  # a class that stands for another is there before the other is named
        for module in ordered:
            for symbol in declared(module):
                if isinstance(symbol, ClassDecl) and symbol.node is not None and len(symbol.node.bases) >= fewest:
                    program.members.complete(symbol)
    bases.settle(ordered, (item for module in ordered for item in declared(module)))
    try:
        for _ in range(ROUNDS):
            try:
                return program, _Round(program, decl, ordered).run()
            except Restart:
                program.reset()
    finally:  # also of a program that is refused
        if known is not None and (more := Proven(program, known).found() - known):
            library.prove(known | more)
    raise RecursionError("the types of the program do not settle")


def item_type(program: Program, kind: Type) -> Type:
    """What iterating over a `kind` gives; of a union, over those members that can be iterated over: whether the others
    may come is asked where it is done."""
    if isinstance(kind, ErrorType):
        return ERROR
    builtins = program.modules.builtins
    assert builtins is not None
    task = Task(Instance(ITEM, ITEM, (), NONE), synthetic(ITEM, builtins), {}, None, NONE, None, Span(0, 0))
    checker = Checker(program, task, Scope())
    return checker.element_type(Const(kind, Span(0, 0), None)) or ERROR


class _Round:
    """One attempt with the hints known so far."""

    def __init__(self, program: Program, main: ModuleDecl, ordered: list[ModuleDecl]) -> None:
        self.program = program
        self.main = main
        self.ordered = ordered
        self.annotations: Annotations = program.annotations
        self.unknown: list[Diagnostic] = []

    def run(self) -> Checked | None:
        """The program, or None when only the user's part of it was to be looked at."""
        program = self.program
        module_tasks = [self.module_task(module) for module in self.ordered]
        for task in module_tasks:
            program.check_body(task)
        entry = Entry(program, self.main, module_tasks)
        body, start = entry.tasks()
        program.check_body(body)
        program.check_body(start)
        runtime = {} if program.user_only else self.runtime()
        roots = [start, *runtime.values()]
        program.work()
        self.settle_fields()
        initialisers = self.globals(roots)
        users = self.user_functions()
        program.work()
        initialisers.update(self.globals([*roots, *users, *initialisers.values()]))
        if program.widened:
            raise Restart(None)
        self.collect([*roots, *users, *module_tasks, body, *initialisers.values()])
        if not program.diagnostics.has_errors:
            self.settle_functions()
            check_copies(program)
            self.explain_unknown(self.reach([*roots, *module_tasks, body, *initialisers.values()]))
        program.diagnostics.raise_errors()
        for warning in self.unknown:
            program.diagnostics.report(warning)
        if program.user_only:
            return None
        reached = self.reach([*roots, *initialisers.values()])
        assert body.function is not None
        order = self.ordered_initialisers(initialisers, reached)
        before: list[TStmt] = [Do(Span(0, 0), run_initialiser(task)) for task in order]
        body.function.body[:0] = before
        typed = self.typed(self.reach([*roots, *order]))
        typed.runtime = {name: task.instance for name, task in runtime.items()}
        typed.entry_points = {"start": start.instance, "resume": typed.runtime.pop("resume")}
        names = {task.decl.name for task in reached if task.decl.module.name.endswith("_generated_calls")}
        calls = [call for call in CALLS if call.name in names]
        entry.interface.calls = [call.name for call in calls]
        entry.interface.needs_model = any(call.model for call in calls)
        entry.interface.traits = sorted({call.trait for call in calls} - {"Runtime"})
        return Checked(typed, entry.interface)

    # --- what is checked -----------------------------------------------------------------------------------------

    def module_task(self, module: ModuleDecl) -> Task:
        decl = synthetic(
            "<module>", module, module.tree.body, is_async=module is self.main and runs_tasks(module.tree.body)
        )
        decl.scope = analyse_module(module.tree, shared=module is not self.main)
        return self.program.request(decl, None, {}, (), None, Span(0, 0))

    def ask(self, decl: FunctionDecl) -> Task:
        signature = self.annotations.signature(decl)
        task = self.program.request(decl, None, {}, signature.kinds(), None, decl.span)
        if task.state == "new":
            self.program.check_body(task)
        return task

    def runtime(self) -> dict[str, Task]:
        """The functions that lowering and the host call by name."""
        found: dict[str, Task] = {}
        for name in RUNTIME:
            if name.startswith("rt_") or name == "resume":
                symbol = self.program.modules.runtime(name)
                if isinstance(symbol, FunctionDecl):
                    found[name] = self.ask(symbol)
        return found

    def user_functions(self) -> list[Task]:
        """Every function that the user's modules write, called or not."""
        found: list[Task] = []
        for module in self.ordered:
            for symbol in declared(module):
                if isinstance(symbol, FunctionDecl | OverloadDecl) and symbol.forms[0].module is module:
                    found.extend(self.whole(form, None) for form in symbol.forms)
                elif isinstance(symbol, ClassDecl) and symbol.module is module:
                    found.extend(self.methods(symbol.seen_as[0].decl))
        return found

    def methods(self, decl: ClassDecl) -> list[Task]:
        kind = real = ClassType(decl, tuple(ERROR for _ in decl.type_params))
        while real.decl.original is not None:  # has no objects of its own
            real = ClassType(real.decl.subclasses[0], kind.args[: len(real.decl.subclasses[0].type_params)])
        found: list[Task] = []
        for member in [*decl.members.values()]:  # looking at one may find another
            if isinstance(member, FunctionDecl | OverloadDecl | PropertyDecl):
                written = (form for form in member.forms if form.name == "__init__" or not form.is_given)
                found.extend(self.whole(form, real if form.kind == "class" else kind) for form in written)
        return found

    def whole(self, decl: FunctionDecl, owner: ClassType | None) -> Task:
        """The body checked for its own sake: unknown types where nothing says them."""
        program = self.program
        signature = self.annotations.signature(decl)
        environment: dict[Type, Type] = dict.fromkeys(decl.type_params, ERROR)
        if owner is not None:
            environment.update(relations.environment_of(owner))
        is_known = signature.annotated and not environment
        kinds = tuple(
            ERROR if item.type is None else relations.substitute(item.type, environment) for item in signature.params
        )
        if not is_known:
            used = [task for task in program.tasks.values() if task.decl is decl and task.state == "done"]
            if used:
                return used[0]
            if (
                not signature.annotated
                and signature.params
                and not decl.module.library
                and not decl.name.startswith("__")
            ):
                self.unknown.append(errors.NothingKnown(decl.module.source, decl.span, name=decl.qualified))
        task = program.request(decl, owner, environment, kinds, None, decl.span)
        task.loose = not is_known
        if task.state in ("new", "queued"):
            program.check_body(task)
        return task

    def settle_fields(self) -> None:
        """Fields that start as `[]` and that nothing is ever put into: any element type does."""
        kinds = [info.type for layout in self.program.layouts.values() for info in layout.fields]
        unknown = {item.key for kind in kinds for item in open_parts(kind)} - self.program.hints.keys()
        if unknown:
            self.program.hints |= dict.fromkeys(unknown, ANY)
            raise Restart(None)

    def globals(self, roots: list[Task]) -> dict[GlobalDecl, Task]:
        """Module-level variables of the library that are used and do not start as zero: functions that set them."""
        found: dict[GlobalDecl, Task] = {}
        waiting = self.reach(roots)
        seen: set[Task] = set()
        while waiting:
            task = waiting.pop()
            if task in seen:
                continue
            seen.add(task)
            for decl in task.globals:
                if decl in found or not decl.module.library or initial_value(decl) is None:
                    continue
                made = found[decl] = self.initialiser(decl)
                self.program.work()
                waiting.extend(self.reach([made]))
        return found

    def initialiser(self, decl: GlobalDecl) -> Task:
        value = decl.value
        assert value is not None
        function = synthetic(
            f"<{decl.owner.name + '.' if decl.owner else ''}{decl.name}>", decl.module, is_async=awaits(value)
        )
        task = self.program.request(function, None, {}, (), None, decl.span)

        def build(checker: Checker) -> None:
            kind = None if decl.annotation is None else checker.annotation(decl.annotation)
            with checker.elsewhere(decl.module):
                made = checker.expression(value, kind)
            checker.write_global(decl, made, decl.span)

        task.build = build
        self.program.check_body(task)
        return task

    def ordered_initialisers(self, found: dict[GlobalDecl, Task], reached: list[Task]) -> list[Task]:
        """What a value is computed from is set before it."""
        order: list[Task] = []
        wanted = {decl for task in reached for decl in task.globals}

        def visit(decl: GlobalDecl, task: Task, active: tuple[GlobalDecl, ...]) -> None:
            if task in order or decl in active:
                return
            for inner in self.reach([task]):
                for other in inner.globals:
                    if other is not decl and other in found:
                        visit(other, found[other], (*active, decl))
            order.append(task)

        for decl, task in found.items():
            if decl in wanted:
                visit(decl, task, ())
        return order

    # --- what is taken -------------------------------------------------------------------------------------------

    def reach(self, roots: list[Task]) -> list[Task]:
        """All tasks that the roots lead to; a dispatch leads to the methods of classes constructed on the way."""
        seen: dict[Task, None] = {}
        constructed: dict[str, ClassLayout] = {}
        calls: dict[VirtualCall, None] = {}
        waiting = list(roots)
        while waiting:
            while waiting:
                task = waiting.pop()
                if task in seen:
                    continue
                seen[task] = None
                waiting.extend(task.requests)
                for layout in task.constructs:
                    constructed[layout.symbol] = layout
                calls.update(dict.fromkeys(task.dispatches))
            for call in calls:
                for symbol in constructed:
                    target = call.requests.get(symbol)
                    if target is not None and target not in seen:
                        waiting.append(target)
        return list(seen)

    def collect(self, roots: list[Task]) -> None:
        loose = [task for task in roots if task.loose]
        for task in loose:
            for diagnostic in task.diagnostics:
                if diagnostic.code < "PIE03":
                    self.program.diagnostics.report(diagnostic)
        reached = self.reach([task for task in roots if not task.loose])
        self.leave_to_run(reached)
        for task in reached:
            for diagnostic in task.diagnostics:
                self.program.diagnostics.report(diagnostic)
        constructed = {layout.symbol: layout for task in reached for layout in task.constructs}
        calls = {call: None for task in reached for call in task.dispatches}
        check_overrides(self.program, list(calls), constructed)

    def leave_to_run(self, reached: list[Task]) -> None:
        """What is wrong in code without annotations for some of the types it is checked for, and right for others, is
        as a union of them would be: it raises where CPython does."""
        bodies: dict[int, set[Task]] = {}
        wrong: dict[tuple[int, Source, int], set[Task]] = {}
        for task in reached:
            user = task.user
            if user is None or user.decl.name == "<module>" or not unannotated(user):
                continue
            bodies.setdefault(id(user.decl.node), set()).add(user)
            for diagnostic in task.diagnostics:
                if diagnostic.raising:
                    line = diagnostic.source.position(diagnostic.span.start).line
                    wrong.setdefault((id(user.decl.node), diagnostic.source, line), set()).add(user)
        left = dict(self.program.left)
        for (node, source, line), tasks in wrong.items():
            if tasks < bodies[node]:
                left[source.name] = left.get(source.name, frozenset()) | {line}
        if left != self.program.left:
            self.program.left = left
            raise Restart(None)

    def settle_functions(self) -> None:
        """Functions that are values and that nothing calls take anything."""
        program = self.program
        known = {*program.hints, *program.shapes, *program.loose}
        uncalled = {key: count for key, count in program.open_functions.items() if key not in known}
        if uncalled:
            program.loose |= uncalled.keys()
            raise Restart(None)

    def explain_unknown(self, reached: list[Task]) -> None:
        """Nothing that runs may lack a type without a complaint: its code would be missing."""
        for task in reached:
            own = set(task.function.variables) - set(task.instance.captures) if task.function is not None else set()
            kinds = {item.type for item in own} - {ERROR}  # which a nested function has that is only called
            if task.unknown or any(relations.holds(kind, (ErrorType, InferType)) for kind in kinds):
                source, span = task.place(task.unknown[0] if task.unknown else task.decl.span)
                if source.library:  # an operation on `Any`, which is made once for all that use it
                    whole = task if task.outer is None else task.outer.task
                    users = (user for user in reached if whole in user.requests and not user.decl.module.library)
                    source, span = next(((user.decl.module.source, user.decl.span) for user in users), (source, span))
                self.program.diagnostics.report(
                    errors.UnknownType(source, span, what="this").helped("annotate what it is made of")
                )

    def typed(self, reached: list[Task]) -> TProgram:
        program = self.program
        functions: dict[str, TFunction] = {}
        constructed: dict[str, ClassLayout] = {}
        calls: dict[VirtualCall, None] = {}
        for task in reached:
            assert task.function is not None, task.instance.symbol
            functions[task.instance.symbol] = task.function
            constructed.update({layout.symbol: layout for layout in task.constructs})
            calls.update(dict.fromkeys(task.dispatches))
        dispatches = {}
        for call in calls:
            call.dispatch.targets = [
                (constructed[symbol], target(program, call, task, functions))
                for symbol, task in call.requests.items()
                if symbol in constructed
            ]
            dispatches[call.dispatch.symbol] = call.dispatch
        for name in ("str", "bytes"):
            program.layout(program.core_type(name))
        layouts = {layout.symbol: layout for layout in program.layouts.values() if not relations.is_open(layout.type)}
        return TProgram(functions, layouts, dict(program.globals), dispatches, {}, set(program.function_types))


def awaits(node: tree.Expr) -> bool:
    """Library modules may wait for what they start with: their code runs in a coroutine."""
    return isinstance(node, tree.Await) or any(awaits(item) for item in children(node))


def runs_tasks(body: Iterable[tree.Stmt]) -> bool:
    """Does module-level code call `asyncio.run(...)`? Then it waits for what it gives."""

    def inside(node: tree.Expr) -> bool:
        if isinstance(node, tree.Call) and isinstance(node.func, tree.Attribute | tree.Name):
            name = node.func.attr if isinstance(node.func, tree.Attribute) else node.func.id
            if name == "run":
                return True
        return any(inside(item) for item in children(node))

    return any(
        any(inside(item) for item in statement_expressions(node)) or any(runs_tasks(block) for block in blocks(node))
        for node in body if not isinstance(node, tree.FunctionDef | tree.ClassDef)
    )  # fmt: skip


def run_initialiser(task: Task) -> TExpr:
    made = Call(task.instance.result, Span(0, 0), task.instance, [])
    return Await(NONE, Span(0, 0), made) if task.instance.kind == "async" else made


__all__ = ["Checked", "check"]
