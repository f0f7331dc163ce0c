"""Virtual methods: what a dispatch calls for each class, adapted where an override has other types than the method."""

from __future__ import annotations

from . import errors, relations
from .checker import Checker
from .declarations import FunctionDecl
from .program import Program, Restart, Task, VirtualCall, result_key
from .scopes import Scope
from .typed import Call, ClassLayout, Do, GetVar, Instance, TExpr, TFunction, TReturn, Var
from .types import NONE, ErrorType, NeverType, Type


def is_same(source: Type, target: Type) -> bool:
    """Needs no code: the same machine value."""
    if isinstance(source, NeverType) or (source == NONE) != (target == NONE):
        return source == target
    return relations.conversion(source, target) in ("", "upcast")


def fits(call: VirtualCall, instance: Instance) -> bool:
    """Does the override take what the method takes and give what it gives, with conversions where needed?"""
    pairs = list(zip(call.dispatch.params[1:], instance.params[1:], strict=True))
    pairs.append((instance.result, call.dispatch.result))
    return all(relations.conversion(source, target) is not None for source, target in pairs)


def check_overrides(program: Program, calls: list[VirtualCall], constructed: dict[str, ClassLayout]) -> None:
    """Complain of overrides that cannot stand for the method they override."""
    for call in calls:
        equalities = [task.decl for task in call.requests.values() if call.name == "__eq__" and task.decl.owner]
        declines = len({item.is_given for item in equalities if not item.module.core}) > 1
        for symbol, layout in constructed.items():
            if not call.reaches(layout.type):
                continue
            task = call.requests.get(symbol)
            decl = layout.type.decl
            if task is None:
                what = f"`{call.name}` of `{decl.name}` cannot stand for the method of `{call.owner}`"
                member = decl.members.get(call.name)
                span = member.span if isinstance(member, FunctionDecl) else decl.span
                problem = errors.ClassProblem(decl.module.source, span, problem=what)
                program.diagnostics.report(problem.helped("define it as a method with the same parameters"))
            elif isinstance(task.instance.result, ErrorType | NeverType):
                continue
            elif not fits(call, task.instance) or (declines and task.decl.is_given):  # the other would be asked then
                asked = call.owner.decl.members.get(call.name)
                kinds = task.instance.result, call.dispatch.result
                if (
                    call.owner.decl.is_protocol
                    and isinstance(asked, FunctionDecl)
                    and all(map(relations.is_number, kinds))
                ):
                    program.hints[result_key(asked)] = relations.union(kinds)
                    raise Restart(None)
                shown = ", ".join(map(str, call.dispatch.params[1:]))
                own = decl.name if task.decl.is_given else ", ".join(map(str, task.instance.params[1:]))
                what = (
                    f"`{task.decl.qualified}` is ({own}) -> {task.instance.result}, but the method of `{call.owner}` "
                    f"that it overrides is ({shown}) -> {call.dispatch.result}"
                )
                problem = errors.ClassProblem(task.decl.module.source, task.decl.span, problem=what)
                program.diagnostics.report(problem.helped("give both the same types"))


def target(program: Program, call: VirtualCall, task: Task, functions: dict[str, TFunction]) -> Instance:
    """The instance that the dispatch calls: the override itself, or a function around it that converts."""
    instance, dispatch = task.instance, call.dispatch
    same = all(map(is_same, dispatch.params[1:], instance.params[1:])) and is_same(instance.result, dispatch.result)
    if same:
        return instance
    symbol = f"{instance.symbol}$as {dispatch.symbol}"
    made = Instance(symbol, instance.name, (instance.params[0], *dispatch.params[1:]), dispatch.result)
    if symbol not in functions:
        functions[symbol] = _adapter(program, task, made)
    return made


def _adapter(program: Program, task: Task, made: Instance) -> TFunction:
    decl: FunctionDecl = task.decl
    span = decl.span
    checker = Checker(program, Task(made, decl, {}, None, made.result, None, span), Scope())
    params = [Var(f"a{index}", kind) for index, kind in enumerate(made.params)]
    args = [
        checker.coerce(GetVar(var.type, span, var), kind)
        for var, kind in zip(params, task.instance.params, strict=True)
    ]  # fmt: skip
    value: TExpr = Call(task.instance.result, span, task.instance, args)
    given = task.instance.result
    if isinstance(given, NeverType) or NONE in (given, made.result):
        checker.emit(Do(span, value))
        value = checker.none(span)
    if not isinstance(given, NeverType):
        checker.emit(TReturn(span, None if made.result == NONE else checker.coerce(value, made.result)))
    return TFunction(made, decl.module.source, span, params, [*params, *checker.variables], checker.out)
