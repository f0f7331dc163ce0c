"""The checker of one instance's body, put together from its parts, and the loop that checks all that is asked for."""

from __future__ import annotations

from ..syntax import tree
from ..syntax.source import Source
from . import errors, relations
from .declarations import GlobalDecl
from .pieces import Pieces
from .program import Program, Restart, Task, scope_of
from .typed import Do, GetGlobal, SetVar, TExpr, TFunction, TReturn, Var
from .types import ANY, ERROR, NEVER, NONE, ErrorType, Type

ROUNDS = 60


class Checker(Pieces):
    """Checks the body of one task."""

    def global_for_default(self, decl: GlobalDecl, kind: Type | None) -> TExpr | None:
        if decl.variable is None and kind is not None:
            self.global_variable(decl, kind)
        if decl.variable is None:
            return None
        return self.read_global(decl, decl.span)

    def run(self) -> TFunction:
        """The typed form of the whole function; the task's result is known afterwards."""
        task, decl = self.task, self.decl
        self.begin_catching()
        params = self.parameters()
        if decl.is_generator:
            self.yield_type = task.result
            self.result_type = NONE
        node, outdated = decl.node, False
        if task.build is not None:
            task.build(self)
        elif isinstance(node, tree.FunctionDef):
            outdated = self.is_outdated(node.body)
        else:
            self.guarded(lambda: self.only_expression(node.body, task.wanted_result))
        self.finish_nested()
        self.check_versions()
        self.check_unknown_webs()
        if outdated:
            raise Restart(task)
        if self.reachable:
            self.guarded(self.falls_off)
        result = self.settle_result()
        if not (task.tainted and self.result_type is None):
            self.check_unknown_types()
        if decl.is_generator:
            result = self.yield_type or NONE
        self.program.set_result(task, result)
        task.instance.captures = tuple(self.captures)
        variables = [*params, *self.captures, *(var for var in self.variables if var not in params)]
        source = (
            Source(self.source.name, self.source.text, self.source.module, library=True) if task.build else self.source
        )
        return TFunction(task.instance, source, decl.span, params, variables, self.out, decl.inline)

    def only_expression(self, body: tree.Expr, wanted: Type | None) -> None:
        """The body of a lambda."""
        value = self.expression(body, wanted)
        if wanted is not None:
            self.result_type = wanted
        if wanted == NONE:
            self.emit(Do(body.span, value))
        else:
            self.give_back(value, body.span)
            self.reachable = False

    def parameters(self) -> list[Var]:
        """Variables for `self` and the parameters, with the types of the instance."""
        node, task = self.decl.node, self.task
        arguments = node.args.every
        held = {id(item): var for item, var in task.held}
        kinds = list(task.instance.params)
        if self.decl.owner is not None and self.decl.kind == "class":
            self.class_web = self.scope.defs.get(id(arguments[0]))
            arguments = arguments[1:]
        params: list[Var] = []
        for item in arguments:
            web = self.scope.defs.get(id(item))
            if id(item) in held:
                var = held[id(item)]
                self.captures.append(var)
                if web is not None:
                    self.web_vars[web] = var
                continue
            kind = kinds[len(params)]
            if web is None:
                params.append(Var(item.arg, kind))
                continue
            hint = self.program.hints.get(self.web_key(self, web))
            if hint is not None and hint != kind:
                given = Var(item.arg, kind)
                params.append(given)
                body_var = self.make_variable(self, web, self.program.resolved(hint))
                self.emit(SetVar(item.span, body_var, self.coerce(self.get(given, item.span), body_var.type)))
            else:
                params.append(self.make_variable(self, web, kind))
            if web.unsure:
                self.emit(SetVar(item.span, self.bound_flag(self, web), self.bool_const(True, item.span)))
        if self.decl.owner is not None and self.decl.kind not in ("static", "class") and params:
            self.self_var = params[0]
        elif self.outer is not None:
            self.self_var = None
        return params

    def check_versions(self) -> None:
        """Where a name that is defined several times is used, the definition meant must be the one that holds."""
        span = self.decl.span
        with self.block() as tests:
            for name, number in self.assumed.items():
                glob = self.version_number(name)
                now = GetGlobal(glob.type, span, glob)
                same = self.prim("int_eq", self.core("bool"), span, now, self.int_const(number, span))
                text = f"`{name}` was defined anew before this call of `{self.decl.qualified}`: use a name for each"
                self.throw_if(self.negated(same), "RuntimeError", text, span)
        self.out[:0] = tests

    def falls_off(self) -> None:
        """The end of the body is reached: the result is None."""
        span = self.decl.span
        if self.result_type is None:
            made = TReturn(span, None)
            self.returns.append((made, NONE))
            self.emit(made)
        elif relations.has_none(self.result_type) or self.result_type == ANY:
            self.emit(TReturn(span, self.coerce(self.none(span), self.result_type)))
        elif not isinstance(self.result_type, type(NONE) | ErrorType):
            if self.decl.abstract or self.is_stub():
                return
            if self.result_type is NEVER:
                self.report(errors.MissingReturn(self.source, span, name=self.decl.qualified, expected="Never"))
                return
            problem = errors.MissingReturn(self.source, span, name=self.decl.qualified, expected=str(self.result_type))
            if self.left_out is not None:
                place, patterns = self.left_out
                problem = problem.labelled(self.source, place, f"takes no `{'`, no `'.join(patterns)}`")
                problem = problem.helped(f"add `case {' | '.join(patterns)}:`")
            self.report(problem)

    def is_stub(self) -> bool:
        """A method of a protocol: `...` is its body."""
        owner = self.decl.owner
        return owner is not None and owner.is_protocol

    def settle_result(self) -> Type:
        if self.result_type is not None:
            return self.result_type
        for _, kind in self.returns[1:]:
            relations.same(self.returns[0][1], kind, self.learn)  # what one leaves open another may tell
        known = [kind for _, kind in self.returns if not isinstance(kind, ErrorType)]
        joined = self.joined(known, self.decl.span)
        if joined is NEVER and self.returns:
            joined = ERROR
            self.bad(self.returns[0][0].span)
        joined = self.program.resolved(joined)
        for made, _ in self.returns:
            if made.value is not None:
                made.value = self.coerce(made.value, joined)
            elif joined != NONE:
                made.value = self.coerce(self.none(made.span), joined)
        return joined

    def check_unknown_types(self) -> None:
        unknown = self.unknown_places()
        if unknown:
            self.program.hints |= dict.fromkeys(unknown, ANY)
            raise Restart(self.task)


def without_never(kind: Type) -> Type:
    """A result that was found without inner calls: what stays empty without them may hold anything."""
    members = relations.members_of(kind)
    told = [item for item in members if not relations.mentions(item, NEVER)]
    return relations.substitute(relations.union(told or members), {NEVER: ANY})


def check_body(program: Program, task: Task) -> None:
    """Check the body of an instance, again and again while something is learned about its variables."""
    scope = scope_of(task.decl)
    said = known = program.hints.get(("returns", task.instance.symbol), task.result)
    program.stack.append(task)
    task.state = "running"
    try:
        for _ in range(ROUNDS):
            task.requests, task.dispatches, task.constructs, task.globals, task.diagnostics = [], [], [], [], []
            task.unknown = []
            task.tainted = False
            program.set_result(task, None if known is None else program.resolved(known))
            checker = Checker(program, task, scope)
            try:
                task.function = checker.run()
            except Restart as restart:
                for layout, info in checker.learned_fields:
                    if info in layout.fields:
                        layout.fields.remove(info)
                        program.earlier[layout.type, info.name] = info
                        program.field_cache.clear()
                for decl in checker.fresh_globals:
                    if decl.variable is not None:
                        program.earlier[decl], decl.variable = decl.variable, None
                if restart.owner is task:
                    known = program.hints.get(("returns", task.instance.symbol), said)
                    continue
                raise
            if task.tainted and known is None and task.result is not None:
                if task.within == ERROR and relations.holds(task.result, ErrorType):
                    task.within = NEVER  # `return x + sum(map(f, xs))`: what it gives where no inner call is made
                    continue
                if not isinstance(task.result, ErrorType):
                    known = task.result if task.within is not NEVER else without_never(task.result)
                    continue
            break
        else:
            places = program.places - program.loose
            made_here = {item for item in places if isinstance(item, tuple) and item[0] == task.instance.symbol}
            if made_here:  # functions that its variables hold, each learned from the others
                program.loose |= made_here
                raise Restart(None)
            problem = errors.UnknownType(
                task.decl.module.source, task.decl.span, what=f"the variables of `{task.decl.name}`"
            )
            task.diagnostics.append(problem.helped("annotate them: they do not settle by themselves"))
            task.function = TFunction(task.instance, task.decl.module.source, task.decl.span, [], [], [])
    except Restart:
        task.state = "new"
        raise
    finally:
        program.stack.pop()
        task.within = None
    if task.tainted and program.stack:
        task.state = "new"  # what it calls is still being checked: its result may be known, its body is made later
        found = task.result
        if found is not None and (relations.holds(found, ErrorType) or relations.mentions(found, NEVER)):
            program.set_result(task, None)
        return
    task.state = "done"
    if task.outer is None:
        program.enqueue(task)
