"""Which variable a name means: one analysis of a function body, before any type is known.

In: a function, lambda or module from the syntax tree. Out: a `Scope`. A local name is split into *webs*: definitions
that reach a common use belong together and become one variable; `x = input()` and, below it, `x = int(x)` are two. So
re-binding in a straight line may change the type, and whether a use can meet an unbound variable is known as well.
Definitions are bits of an integer; the state is the mask of definitions that reach the present place, bit 0 for
"unbound".
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from ..rewrite.quoted import plain_arguments
from ..syntax import tree
from ..syntax.parts import (
    CHILDREN,
    blocks,
    captured_names,
    children,
    flat,
    names_in,
    statement_expressions,
    subpatterns,
    targets,
    walrus_targets,
)
from ..syntax.source import Span
from .defaults import written

UNBOUND = 1
State = dict[str, int]


@dataclass(eq=False, slots=True)
class Web:
    """One variable: `cell` when a nested function captures it and it may change afterwards."""

    name: str
    span: Span
    definitions: int = 1
    captured: bool = False
    cell: bool = False
    unsure: bool = False
    annotation: tree.Expr | None = None


@dataclass(eq=False, slots=True)
class Scope:
    """Names of one function body. `uses` and `defs` are keyed by `id` of the tree node that names the variable."""

    uses: dict[int, Web] = field(default_factory=dict)
    defs: dict[int, Web] = field(default_factory=dict)
    unsure_uses: set[int] = field(default_factory=set)
    unbound_uses: set[int] = field(default_factory=set)
    captured: dict[str, Web] = field(default_factory=dict)
    free: dict[str, bool] = field(default_factory=dict)
    """Names used here that belong to an outer scope, and whether they are assigned here."""
    children: dict[int, Scope] = field(default_factory=dict)
    child_names: dict[int, dict[str, str]] = field(default_factory=dict)
    """For each nested function: its free name to the key in `captured`, where a comprehension renamed it."""
    parent: Scope | None = None
    node: tree.Node | None = None
    is_generator: bool = False
    cleans: bool = False
    """A generator that may have something to do when it is left before its end."""
    generators: dict[int, tree.FunctionDef] = field(default_factory=dict)
    """For each generator expression that stays lazy: the generator function that it is."""
    global_names: set[str] = field(default_factory=set)
    declared: set[str] = field(default_factory=set)
    """Names that a `global` statement in here speaks of; `declared_inside`: also those of nested functions."""
    declared_inside: set[str] = field(default_factory=set)
    assigned_in: dict[int, list[Web]] = field(default_factory=dict)
    """For each loop: the variables assigned inside it."""


@dataclass(slots=True)
class _Loop:
    breaks: list[State]
    continues: list[State]


@dataclass(slots=True)
class _Definition:
    key: str
    node: int
    span: Span
    in_loop: bool


def analyse_function(node: tree.FunctionDef | tree.Lambda, parent: Scope | None = None, walrus: bool = True) -> Scope:
    """The scope of one function; nested functions are found in its `children`. `walrus`: its module has a `:=`."""
    walker = _Walker(parent, node, walrus)
    body = node.body if isinstance(node, tree.FunctionDef) else ()
    walker.declare(
        [item.arg for item in node.args.every], body, () if isinstance(node, tree.FunctionDef) else (node.body,)
    )
    for item in node.args.every:
        walker.define(item, item.arg, item.span)
    walker.statements(body)
    if isinstance(node, tree.Lambda):
        walker.expression(node.body)
    return walker.finish()


library_scope = lru_cache(4_096)(analyse_function)
"""For functions of the library, whose trees serve all programs of a process."""


def analyse_module(module: tree.Module, shared: bool) -> Scope:
    """The scope of module-level code. `shared`: other modules can import it, so that all its names are global."""
    walker = _Walker(None, module)
    walker.declare([], module.body, ())
    if shared:
        walker.make_global(walker.locals)
    else:
        finder = _Walker(None, module)
        finder.declare([], module.body, ())
        finder.statements(module.body)
        shared_names = finder.captures.keys() | finder.scope.declared_inside
        walker.make_global({key for key in shared_names if key in walker.locals})
        walker.make_global({
            item.name for item in module.body if isinstance(item, tree.FunctionDef | tree.ClassDef | tree.TypeAlias)
        })  # fmt: skip
    walker.statements(module.body)
    return walker.finish()


def _join(first: State, second: State) -> State:
    joined = dict(first)
    for key, mask in second.items():
        joined[key] = joined.get(key, UNBOUND) | mask
    for key in first.keys() - second.keys():
        joined[key] |= UNBOUND
    return joined


class _Walker:
    def __init__(self, parent: Scope | None, node: tree.Node | None, walrus: bool = True) -> None:
        self.walrus = walrus
        self.scope = Scope(parent=parent, node=node)
        self.locals: set[str] = set()
        self.hidden: set[str] = set()  # locals that a class body has names of its own for, but in comprehensions
        self.annotations: dict[str, tree.Expr] = {}
        self.state: State = {}
        self.dead = False
        self.definitions: list[_Definition] = []
        self.bit_of: dict[int, int] = {}
        self.links: list[int] = [0]
        self.use_masks: dict[int, tuple[str, int]] = {}
        self.captures: dict[str, list[tuple[int, int]]] = {}  # key -> (mask at capture, position)
        self.assigned_elsewhere: set[str] = set()
        self.loops: list[_Loop] = []
        self.tries: list[State] = []
        self.rename: dict[str, str] = {}
        self.loop_depth = 0
        self.walked: tuple[tree.Expr, ...] = ()  # by the `for` loops around this place
        self.loop_defs: list[set[int]] = []
        self.loop_nodes: dict[int, set[int]] = {}

    # --- which names are local -----------------------------------------------------------------------------------

    def declare(self, parameters: list[str], body: Iterable[tree.Stmt], expressions: Iterable[tree.Expr]) -> None:
        self.locals.update(parameters)
        outer: dict[str, bool] = {}
        for statement in body:
            self._bindings(statement, outer)
        if self.walrus:
            for expression in expressions:
                self.locals.update(item.id for item in walrus_targets(expression))
        for name, is_global in outer.items():
            self.locals.discard(name)
            if is_global:
                self.scope.global_names.add(name)
                self.scope.declared.add(name)
                self.scope.declared_inside.add(name)
            else:
                self.scope.free[name] = True

    def make_global(self, names: Iterable[str]) -> None:
        for name in list(names):
            self.locals.discard(name)
            self.scope.global_names.add(name)

    def _bindings(self, node: tree.Stmt, outer: dict[str, bool]) -> None:
        self.locals.update(names_in(targets(node)))
        match node:
            case tree.AnnAssign(target=tree.Name(id=name)):
                said = written(node.annotation)
                if said is not None:
                    self.annotations[name] = said
            case tree.FunctionDef() | tree.TypeAlias():
                self.locals.add(node.name)
            case tree.Global():
                outer.update(dict.fromkeys(node.names, True))
            case tree.Nonlocal():
                outer.update(dict.fromkeys(node.names, False))
            case tree.Try():
                self.locals.update(handler.name for handler in node.handlers if handler.name is not None)
            case tree.Delete():
                self.locals.update(names_in(item for part in node.targets for item in flat(part)))
            case tree.Match():
                for case in node.cases:
                    self.locals.update(captured_names(case.pattern))
        for block in blocks(node):
            for statement in block:
                self._bindings(statement, outer)
        if self.walrus and not isinstance(node, tree.FunctionDef | tree.ClassDef):
            for expression in statement_expressions(node):
                self.locals.update(item.id for item in walrus_targets(expression))

    # --- definitions and uses ------------------------------------------------------------------------------------

    def define(self, node: tree.Node, name: str, span: Span) -> None:
        key = self.rename.get(name, name)
        if key not in self.locals:
            if name in self.scope.free or name not in self.scope.global_names:
                self.scope.free[name] = True
            return
        bit = self.bit_of.get(id(node))
        if bit is None:
            self.definitions.append(_Definition(key, id(node), span, self.loop_depth > 0))
            bit = self.bit_of[id(node)] = len(self.definitions)
            self.links.append(bit)
        mask = 1 << bit
        self.state[key] = mask
        for reached in self.tries:
            reached[key] = reached.get(key, UNBOUND) | mask
        for inside in self.loop_defs:
            inside.add(bit)

    def use(self, node: tree.Name) -> None:
        key = self.rename.get(node.id, node.id)
        if key not in self.locals:
            if node.id not in self.scope.declared:
                self.scope.free.setdefault(node.id, False)
            return
        before = self.use_masks.get(id(node))
        mask = self.state.get(key, UNBOUND)
        self.use_masks[id(node)] = (key, mask | before[1] if before else mask)

    def nested(self, node: tree.FunctionDef | tree.Lambda) -> None:
        """A function defined here: what it takes from this scope is captured."""
        scope = self.scope.children.get(id(node))
        if scope is None:
            scope = self.scope.children[id(node)] = analyse_function(node, self.scope, self.walrus)
        self.scope.declared_inside |= scope.declared_inside
        names = self.scope.child_names.setdefault(id(node), {})
        for name, assigned in scope.free.items():
            key = self.rename.get(name, name)
            if key in self.locals:
                names[name] = key
                mask = self.state.get(key, UNBOUND)
                self.captures.setdefault(key, []).append((mask, node.span.start))
                if assigned:
                    self.assigned_elsewhere.add(key)
            elif name in self.scope.global_names:
                continue
            else:
                self.scope.free[name] = self.scope.free.get(name, False) or assigned

    def finish(self) -> Scope:
        def root(bit: int) -> int:
            while self.links[bit] != bit:
                self.links[bit] = self.links[self.links[bit]]
                bit = self.links[bit]
            return bit

        def unite(bits: list[int]) -> None:
            for bit in bits[1:]:
                first, second = root(bits[0]), root(bit)
                self.links[max(first, second)] = min(first, second)

        by_key: dict[str, list[int]] = {}
        for number, definition in enumerate(self.definitions, 1):
            by_key.setdefault(definition.key, []).append(number)
        for key, bits in by_key.items():
            if key in self.captures or key in self.annotations or key in self.assigned_elsewhere:
                unite(bits)
        for _, mask in self.use_masks.values():
            unite(_bits(mask))
        scope = self.scope
        webs: dict[int, Web] = {}
        for number, definition in enumerate(self.definitions, 1):
            top = root(number)
            web = webs.get(top)
            if web is None:
                name = definition.key.partition("@")[0]
                web = webs[top] = Web(name, definition.span, annotation=self.annotations.get(definition.key))
            else:
                web.definitions += 1
            scope.defs[definition.node] = web
        for node, (key, mask) in self.use_masks.items():
            bits = _bits(mask)
            if bits:
                web = scope.uses[node] = webs[root(bits[0])]
                if mask & UNBOUND:
                    scope.unsure_uses.add(node)
                    web.unsure = True
            elif key in by_key and key in self.captures:
                web = scope.uses[node] = webs[root(by_key[key][0])]
                scope.unsure_uses.add(node)
                web.unsure = True
            else:
                scope.unbound_uses.add(node)
        for key, places in self.captures.items():
            bits = by_key.get(key, [])
            if not bits:
                continue
            web = webs[root(bits[0])]
            web.captured = True
            scope.captured[key] = web
            only = self.definitions[bits[0] - 1]
            settled = len(bits) == 1 and not only.in_loop and key not in self.assigned_elsewhere
            web.cell = not settled or any(mask != 1 << bits[0] for mask, _ in places)
            web.unsure = web.unsure or any(mask & UNBOUND for mask, _ in places)
        for loop, inside in self.loop_nodes.items():
            scope.assigned_in[loop] = list({id(web): web for web in (webs[root(bit)] for bit in inside)}.values())
        return scope

    # --- statements ----------------------------------------------------------------------------------------------

    def statements(self, body: Iterable[tree.Stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: tree.Stmt) -> None:
        match node:
            case tree.ExprStmt():
                self.expression(node.value)
            case tree.Assign():
                self.expression(node.value)
                for target in node.targets:
                    self.target(target)
            case tree.If():
                self.expression(node.test)
                before, was_dead = dict(self.state), self.dead
                self.statements(node.body)
                after, after_dead = self.state, self.dead
                self.state, self.dead = before, was_dead
                self.statements(node.orelse)
                self._merge(after, after_dead)
            case tree.Return():
                if node.value is not None:
                    self.expression(node.value)
                self.dead = True
            case tree.For():
                self.expression(node.iter)
                self._loop(node, (node.iter,))
            case tree.While():
                endless = isinstance(node.test, tree.BoolLiteral | tree.IntLiteral) and bool(node.test.value)
                self._loop(node, (), endless)
            case tree.AugAssign():
                if isinstance(node.target, tree.Name):
                    self.use(node.target)
                else:
                    self.expression(node.target)
                self.expression(node.value)
                if isinstance(node.target, tree.Name):
                    self.define(node.target, node.target.id, node.target.span)
            case tree.AnnAssign():
                if node.value is not None:
                    self.expression(node.value)
                    self.target(node.target)
                elif not isinstance(node.target, tree.Name):
                    self.target(node.target)
            case tree.FunctionDef():
                self._function(node)
                self.define(node, node.name, node.name_span)
                self._late_self_capture(node)
            case tree.ClassDef():
                self._class(node)
            case tree.Raise():
                for part in (node.exc, node.cause):
                    if part is not None:
                        self.expression(part)
                self.dead = True
            case tree.Try():
                self._try(node)
            case tree.With():
                self._with(node)
            case tree.Break() | tree.Continue():
                if self.loops and not self.dead:
                    loop = self.loops[-1]
                    (loop.breaks if isinstance(node, tree.Break) else loop.continues).append(dict(self.state))
                self.dead = True
            case tree.Assert():
                self.expression(node.test)
                if node.msg is not None:
                    self.expression(node.msg)
            case tree.Delete():
                for target in node.targets:
                    if isinstance(target, tree.Name):
                        self.use(target)
                        self.state[self.rename.get(target.id, target.id)] = UNBOUND
                    else:
                        self.target(target)
            case tree.Match():
                self._match(node)
            case tree.TypeAlias():
                self.define(node, node.name, node.span)

    def _merge(self, other: State, other_dead: bool) -> None:
        if self.dead and not other_dead:
            self.state, self.dead = other, False
        elif not other_dead:
            self.state = _join(self.state, other)

    def _function(self, node: tree.FunctionDef) -> None:
        for decorator in node.decorators:
            self.expression(decorator)
        self._defaults(node.args)
        self.nested(node)

    def _late_self_capture(self, node: tree.FunctionDef) -> None:
        """A function that calls itself captures itself before it is bound, but is bound when it runs."""
        key = self.rename.get(node.name, node.name)
        places = self.captures.get(key)
        if places:
            mask = self.state.get(key, UNBOUND)
            start = node.span.start
            places[:] = [(mask if at == start else before, at) for before, at in places]
            if key in self.scope.children[id(node)].free:
                self.assigned_elsewhere.add(key)

    def _class(self, node: tree.ClassDef) -> None:
        for expression in (*node.decorators, *node.bases, *(item.value for item in node.keywords)):
            self.expression(expression)
        assigned = [{item.id for item in targets(part) if isinstance(item, tree.Name)} for part in node.body]
        # what the class has set is its own; what it sets later is never that of a function around it
        own: set[str] = set() if isinstance(self.scope.node, tree.Module) else set().union(*assigned)
        for statement, names in zip(node.body, assigned, strict=True):
            around, value = (self.locals, self.hidden), getattr(statement, "value", None)
            match statement:
                case tree.FunctionDef():
                    self._function(statement)
                case tree.AnnAssign() | tree.Assign() | tree.ExprStmt() if value is not None:
                    self.locals, self.hidden = self.locals - own, self.locals & own
                    self.expression(value)
                    self.locals, self.hidden = around
            own |= names
        if node.name in self.locals:
            self.define(node, node.name, node.name_span)

    def _defaults(self, arguments: tree.Arguments) -> None:
        for item in arguments.every:
            if item.default is not None:
                self.expression(item.default)

    def _loop(self, node: tree.For | tree.While, walked: tuple[tree.Expr, ...], endless: bool = False) -> None:
        """Walk the loop body until its head state is stable, and go on with the states at the head and at `break`."""
        self.loop_depth += 1
        state, was_dead, outside = dict(self.state), self.dead, self.walked
        self.walked = (*outside, *walked)
        self.loop_defs.append(self.loop_nodes.setdefault(id(node), set()))
        for _ in range(2):
            self.state, self.dead = dict(state), was_dead
            if isinstance(node, tree.While):
                self.expression(node.test)
            else:
                self.target(node.target)
            loop = _Loop([], [])
            self.loops.append(loop)
            self.statements(node.body)
            self.loops.pop()
            back = loop.continues if self.dead else [*loop.continues, self.state]
            for other in back:
                state = _join(state, other)
        self.loop_defs.pop()
        self.loop_depth -= 1
        self.walked = outside
        self.state, self.dead = dict(state), was_dead
        if isinstance(node, tree.While):
            self.expression(node.test)
        self.dead = was_dead or endless
        self.statements(node.orelse)
        for state in loop.breaks:
            self._merge(state, False)

    def _try(self, node: tree.Try) -> None:
        outer: State = dict(self.state)
        if node.finalbody:
            self.tries.append(outer)
        jumps = [(len(loop.breaks), len(loop.continues)) for loop in self.loops]
        caught: State = dict(self.state)
        self.tries.append(caught)
        was_dead = self.dead
        self.statements(node.body)
        self.tries.pop()
        self.statements(node.orelse)
        state, dead = self.state, self.dead
        for handler in node.handlers:
            self.state, self.dead = dict(caught), was_dead
            if handler.type is not None:
                self.expression(handler.type)
            if handler.name is not None:
                self.define(handler, handler.name, handler.span)
            self.statements(handler.body)
            if handler.name is not None:
                self.state[self.rename.get(handler.name, handler.name)] = UNBOUND
            after, after_dead = self.state, self.dead
            self.state, self.dead = state, dead
            self._merge(after, after_dead)
            state, dead = self.state, self.dead
        self.state, self.dead = state, dead
        if node.finalbody:
            self.tries.pop()
            state, dead = self.state, self.dead
            self.state, self.dead = outer, was_dead
            before = dict(outer)
            self.statements(node.finalbody)
            made = {key: mask for key, mask in self.state.items() if mask != before.get(key)}
            for loop, (breaks, continues) in zip(self.loops, jumps, strict=True):
                for jumped in (*loop.breaks[breaks:], *loop.continues[continues:]):
                    for key, mask in made.items():
                        jumped[key] = jumped.get(key, UNBOUND) | mask
            self.state, self.dead = state, dead
            self.statements(node.finalbody)

    def _with(self, node: tree.With) -> None:
        for item in node.items:
            self.expression(item.context_expr)
            if item.optional_vars is not None:
                self.target(item.optional_vars)
        caught: State = dict(self.state)  # __exit__ may swallow an exception: the block may end anywhere
        self.tries.append(caught)
        self.statements(node.body)
        self.tries.pop()
        self._merge(caught, False)

    def _match(self, node: tree.Match) -> None:
        self.expression(node.subject)
        left: State | None = None
        was_dead = self.dead
        covered = False
        for case in node.cases:
            before = dict(self.state)
            self._pattern(case.pattern)
            if case.guard is not None:
                self.expression(case.guard)
            failed = dict(before)
            self.statements(case.body)
            if not self.dead:
                left = self.state if left is None else _join(left, self.state)
            self.state, self.dead = failed, was_dead
            irrefutable = isinstance(case.pattern, tree.MatchAs) and case.pattern.pattern is None and case.guard is None
            covered = covered or irrefutable
        if left is None:
            self.dead = self.dead or covered
        elif covered:
            self.state = left
        else:
            self._merge(left, False)

    def _pattern(self, node: tree.Pattern) -> None:
        match node:
            case tree.MatchValue():
                self.expression(node.value)
            case tree.MatchClass():
                self.expression(node.cls)
            case tree.MatchMapping():
                for key in node.keys:
                    self.expression(key)
        for child in subpatterns(node):
            self._pattern(child)
        if isinstance(node, tree.MatchAs | tree.MatchStar) and node.name is not None:
            self.define(node, node.name, node.span)
        elif isinstance(node, tree.MatchMapping) and node.rest is not None:
            self.define(node, node.rest, node.span)

    # --- expressions ---------------------------------------------------------------------------------------------

    def target(self, node: tree.Expr) -> None:
        for item in flat(node):
            if isinstance(item, tree.Name):
                self.define(item, item.id, item.span)
            else:
                for child in children(item):
                    self.expression(child)

    def expression(self, node: tree.Expr) -> None:
        special = _EXPRESSIONS.get(type(node))
        if special is not None:
            special(self, node)
        else:
            for child in CHILDREN[type(node)](node):
                self.expression(child)

    def _lambda(self, node: tree.Lambda) -> None:
        self._defaults(node.args)
        self.nested(node)

    def _named(self, node: tree.NamedExpr) -> None:
        self.expression(node.value)
        rename, self.rename = self.rename, {}
        self.define(node.target, node.target.id, node.target.span)
        self.rename = rename

    def _chain(self, node: tree.BoolOp) -> None:
        self.expression(node.values[0])
        state = self.state
        for value in node.values[1:]:
            self.state = dict(state)
            self.expression(value)
            state = _join(state, self.state)
        self.state = state

    def _choice(self, node: tree.IfExp) -> None:
        self.expression(node.test)
        before = dict(self.state)
        self.expression(node.body)
        after, self.state = self.state, before
        self.expression(node.orelse)
        self.state = _join(self.state, after)

    def _yield(self, node: tree.Yield | tree.YieldFrom) -> None:
        self.scope.is_generator = True
        calls = any(isinstance(item, tree.Call) for item in self.walked)
        self.scope.cleans = self.scope.cleans or calls or bool(self.tries) or isinstance(node, tree.YieldFrom)
        if node.value is not None:
            self.expression(node.value)

    def _call(self, node: tree.Call) -> None:
        self.expression(node.func)
        for item in node.args:
            if isinstance(item, tree.GeneratorExp) and takes_all(node.func):
                self._items(item)
            else:
                self.expression(item)
        for keyword in node.keywords:
            self.expression(keyword.value)

    def _lazy(self, node: tree.GeneratorExp) -> None:
        made = self.scope.generators.get(id(node))
        if made is None:
            made = self.scope.generators[id(node)] = generator_function(node)
        self.expression(node.generators[0].iter)
        self.nested(made)

    def _items(self, node: tree.ListComp | tree.SetComp | tree.GeneratorExp) -> None:
        self._comprehension(node.generators, (node.elt,))

    def _pairs(self, node: tree.DictComp) -> None:
        self._comprehension(node.generators, (node.key, node.value))

    def _comprehension(self, generators: tuple[tree.Comprehension, ...], results: tuple[tree.Expr, ...]) -> None:
        rename, before = self.rename, dict(self.state)
        for _ in range(2):  # again with what the end of a turn leaves to the next, where a walrus sets something
            self._turn(generators, results)
            self.rename, after = rename, self.state
            self.state = _join(before, after)
            if all(after.get(key) == mask for key, mask in before.items()):
                break

    def _turn(self, generators: tuple[tree.Comprehension, ...], results: tuple[tree.Expr, ...]) -> None:
        hidden = self.hidden
        for number, generator in enumerate(generators):
            self.expression(generator.iter)
            if number == 0:
                self.rename = dict(self.rename)
                self.locals, self.hidden = self.locals | hidden, set()
            self.loop_depth += 1
            for name in set(names_in(flat(generator.target))):
                key = f"{name}@{generator.span.start}"
                self.rename[name] = key
                self.locals.add(key)
            self.loop_defs.append(self.loop_nodes.setdefault(id(generator), set()))
            self.target(generator.target)
            for test in generator.ifs:
                self.expression(test)
        for result in results:
            self.expression(result)
        self.locals, self.hidden = self.locals - hidden, hidden
        for _ in generators:
            self.loop_defs.pop()
            self.loop_depth -= 1


_EXPRESSIONS: dict[type[tree.Expr], Callable[[_Walker, Any], None]] = {
    tree.Name: _Walker.use,
    tree.Lambda: _Walker._lambda,
    tree.NamedExpr: _Walker._named,
    tree.BoolOp: _Walker._chain,
    tree.IfExp: _Walker._choice,
    tree.Yield: _Walker._yield,
    tree.YieldFrom: _Walker._yield,
    tree.ListComp: _Walker._items,
    tree.SetComp: _Walker._items,
    tree.GeneratorExp: _Walker._lazy,
    tree.Call: _Walker._call,
    tree.DictComp: _Walker._pairs,
}


TAKES_ALL = frozenset(("list", "tuple", "set", "frozenset", "dict", "sorted", "sum", "min", "max", "any", "all"))


def takes_all(func: tree.Expr) -> bool:
    """A function that runs through its argument at once, so that nobody can tell whether it is lazy."""
    match func:
        case tree.Name(id=name):
            return name in TAKES_ALL
        case tree.Attribute(attr="join"):
            return True
        case _:
            return False


def generator_function(node: tree.GeneratorExp) -> tree.FunctionDef:
    """`(e for x in s if c)` as the generator function that CPython makes of it; `s` is its argument `.0`."""
    span = node.span
    body: tuple[tree.Stmt, ...] = (tree.ExprStmt(span, tree.Yield(span, node.elt)),)
    for number, item in reversed(list(enumerate(node.generators))):
        for test in reversed(item.ifs):
            body = (tree.If(test.span, test, body, ()),)
        source = item.iter if number else tree.Name(item.iter.span, ".0")
        body = (tree.For(item.span, item.target, source, body, (), item.is_async),)
    return tree.FunctionDef(span, "<genexpr>", span, (), plain_arguments(span, ".0"), None, body, (), False)


def _bits(mask: int) -> list[int]:
    """Numbers of the definitions in a mask."""
    found = []
    mask >>= 1
    number = 1
    while mask:
        if mask & 1:
            found.append(number)
        mask >>= 1
        number += 1
    return found
