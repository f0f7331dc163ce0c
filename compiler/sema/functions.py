"""Nested functions, lambdas and functions as values: closures, and the instances they are made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TypeGuard

from ..rewrite.quoted import plain_arguments, quoted_lambda
from ..syntax import tree
from ..syntax.parts import is_literal
from ..syntax.source import Span
from . import errors, relations
from .arguments import extra_names
from .body import FACTS, Body, Facts, LocalFunction
from .callsite import Arg, CallSite
from .declarations import ClassDecl, FunctionDecl, OverloadDecl, PrimitiveDecl, Signature, Symbol
from .loose import Loose
from .modules import UNDECORATED, function_declaration
from .program import VARYING, Restart, Task, names_of
from .scopes import Scope, Web, analyse_function
from .typed import (
    Call,
    CallValue,
    Const,
    Do,
    GetVar,
    Instance,
    MakeClosure,
    MakeTuple,
    SetVar,
    TBlock,
    TExpr,
    TFunction,
    TReturn,
    Var,
)
from .types import (
    ANY,
    ERROR,
    NONE,
    BundleType,
    ClassType,
    ErrorType,
    FunctionType,
    LambdaType,
    NeverType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
)


class Functions(Loose):
    # --- nested functions ----------------------------------------------------------------------------------------

    def nested_definition(self, node: tree.FunctionDef) -> None:
        """`def` inside a function: checked when it is first used, or at the end of the function around it."""
        web = self.scope.defs[id(node)]
        decl = function_declaration(node, self.module, f"{self.decl.qualified}.{node.name}")
        named_as: tree.Expr | None = None
        for decorator in decl.decorated:
            if not is_wraps(decorator):
                self.unsupported(decorator, "a decorator on a nested function", "call it below the function")
            elif ".__name__" in self.source.text:
                named_as = decorator.args[0]
        if web.definitions > 1:
            self.unsupported(node, f"defining `{node.name}` more than once", "give each function a name of its own")
            return
        local = LocalFunction(decl, self.stable_facts(), named_as=named_as)
        self.functions[web] = local
        if self.program.function_numbers is not None:
            local.token = self.temporary(self.core("object"))
            self.emit(SetVar(node.span, local.token, self.construct(local.token.type, CallSite(node.span))))
        signature = self.program.annotations.signature(decl, self.names_of_types())
        for param in signature.params:
            if param.default is not None and not is_literal(param.default):
                decl.held[param.name] = self.held_default(param.default, param.type)
        if place_of(self, decl) in self.program.loose:
            local.made = Var(node.name, self.core("function"), True)
            self.variables.append(local.made)
            name = self.str_const(node.name, node.span)
            if named_as is not None:
                name = self.attribute(self.expression(named_as), "__name__", node.span, node.span)

            def call(body: Functions, site: CallSite) -> TExpr:
                return body.call_local(self, local, web, False, site)

            self.emit(SetVar(node.span, local.made, self.loose_function(node.span, name, call, None, decl)))
            if named_as is not None and any(map(self.program.mentions, FACTS)):
                original = self.coerce(self.expression(named_as), ANY)
                made = self.get(local.made, node.span)
                self.emit(Do(node.span, self.need_method(made, "_adopt", [original], node.span)))
        if signature.annotated and not decl.type_params:
            task = self.nested_task(self, local, self.declared_kinds(local))
            var = Var(node.name, ERROR, web.cell)
            self.variables.append(var)
            local.variable = var
            local.captures = []
            made = MakeClosure(ERROR, node.span, task.instance, local.captures)
            statement = SetVar(node.span, var, made)
            self.emit(statement)
            self.pending.append((local, task, self.out, statement))
            if web.unsure:
                self.emit(SetVar(node.span, self.bound_flag(self, web), self.bool_const(True, node.span)))

    def held_default(self, default: tree.Expr, kind: Type | None) -> Callable[[Body, Span], TExpr]:
        """A default that is computed when the `def` of a nested function is run, read in a body inside."""
        var = self.stored(self.expression(default, kind))

        def read(body: Body, span: Span) -> TExpr:
            body.capture(self, var)
            return body.get(var, span)

        return read

    def stable_facts(self) -> Facts:
        """What is known of variables that can't change any more once a nested function uses them."""
        return {
            path: kind
            for path, kind in self.facts.items()
            if len(path) == 1 and isinstance(path[0], Var) and not path[0].captured
        }

    def nested_task(
        self, owner: Body, local: LocalFunction, kinds: tuple[Type, ...], extras: tuple[str, ...] = ()
    ) -> Task:
        task = local.tasks.get((kinds, extras))
        if task is None:
            decl = local.decl
            signature = self.program.annotations.signature(decl)
            symbol = f"{owner.task.instance.symbol}.{decl.name}:{decl.span.start}"
            if not signature.annotated:
                symbol += f"({', '.join([names_of(kinds), *extras])})"
            result = None if signature.result is None else relations.substitute(signature.result, owner.environment)
            task = self.make_task(owner, decl, symbol, kinds, result)
            local.tasks[kinds, extras] = task
            task.extras = extras
            task.facts = local.facts
        return task

    def make_task(
        self, owner: Body, decl: FunctionDecl, symbol: str, kinds: tuple[Type, ...], result: Type | None
    ) -> Task:
        scope = owner.scope.children.get(id(decl.node))
        if scope is None:
            scope = owner.scope.children[id(decl.node)] = analyse_function(decl.node, owner.scope)
        decl.scope = scope
        decl.is_generator = scope.is_generator
        instance = Instance(symbol, decl.qualified, kinds, ERROR)
        task = Task(instance, decl, dict(owner.environment), None, None, self.task, decl.span, owner)
        self.program.declare_result(task, result)
        return task

    def finish_nested(self) -> None:
        """Check nested functions that nothing has used yet; drop closures that nothing needs."""
        for local, task, block, statement in self.pending:
            self.use_nested(task)
            if not local.used_as_value and statement in block:
                block.remove(statement)
                self.variables.remove(statement.var)
            elif local.captures is not None:
                self.fill_closure(local, task)
        for local in self.functions.values():
            if not local.tasks:
                # never called and says no types: only what needs none is checked
                self.use_nested(self.nested_task(self, local, self.declared_kinds(local)))

    def lazy_generator(self, node: tree.GeneratorExp) -> TExpr:
        made = self.scope.generators[id(node)]
        source = self.expression(node.generators[0].iter)
        if relations.is_open(source.type):
            return self.bad(node.span)
        decl = FunctionDecl("<genexpr>", f"{self.decl.qualified}.<genexpr>", self.module, made)
        task = self.nested_task(self, LocalFunction(decl, self.stable_facts()), (source.type,))
        self.use_nested(task)
        result = self.result_of(task)
        if not task.instance.captures:
            return Call(result, node.span, task.instance, [source])
        return CallValue(result, node.span, self.closure(task.instance, node.span), [source])

    def declared_kinds(self, local: LocalFunction) -> tuple[Type, ...]:
        """The types that the parameters have inside, as far as they are written."""
        params = self.program.annotations.signature(local.decl, self.names_of_types()).params
        kinds = (self.program.received(local.decl, item.kind, item.type, {}, ERROR) for item in params)
        return tuple(map(self.concrete, kinds))

    def use_nested(self, task: Task) -> None:
        if task.state == "new":
            self.program.check_body(task)
        if task not in self.task.requests:
            self.task.requests.append(task)

    def fill_closure(self, local: LocalFunction, task: Task) -> None:
        assert local.variable is not None and local.captures is not None
        kind = self.function_type(FunctionType(task.instance.params, task.instance.result))
        local.variable.type = kind
        local.captures[:] = task.instance.captures
        for owner_local, _, _, statement in self.pending:
            if owner_local is local:
                statement.value.type = kind

    def local_function(self, node: tree.Name) -> tuple[Body, LocalFunction, Web, bool] | None:
        """The nested function that a name means here."""
        web = self.scope.uses.get(id(node))
        owner: Body = self
        unsure = id(node) in self.scope.unsure_uses
        if web is None:
            found = self.captured_web(node.id)
            if found is None:
                return None
            owner, web = found
            unsure = web.unsure
        local = owner.functions.get(web)
        return None if local is None else (owner, local, web, unsure)

    def call_local(self, owner: Body, local: LocalFunction, web: Web, unsure: bool, site: CallSite) -> TExpr:
        decl, span = local.decl, site.span
        signature = self.program.annotations.signature(decl, owner.names_of_types())
        environment: dict[Type, Type] = dict(owner.environment)
        values = self.arguments(decl, signature, site, environment, frozenset(decl.type_params), adapts=False)
        if values is None:
            return self.bad(span)
        self.bound_types(decl, signature, values)
        kinds = tuple(value.type for value in values)
        if any(relations.is_open(kind) and not isinstance(kind, LambdaType) for kind in kinds):
            return self.bad(span)
        task = self.nested_task(owner, local, kinds, extra_names(signature, site.keywords))
        running = task.state == "running"
        if not running:
            self.use_nested(task)
        result = self.result_of(task)
        self.forget_shared()
        if not running and not task.instance.captures:
            return self.managed(decl, Call(result, span, task.instance, values), span)
        callee = self.closure_of(owner, local, web, task, span)
        return self.managed(decl, CallValue(result, span, callee, values), span)

    def closure_of(self, owner: Body, local: LocalFunction, web: Web, task: Task, span: Span) -> TExpr:
        """The closure object: the one made by the `def`, or a new one."""
        kind = self.function_type(FunctionType(task.instance.params, task.instance.result))
        if local.variable is not None:
            local.used_as_value = True
            local.variable.type = kind
            if owner is not self:
                local.variable.captured = local.variable.captured or task.state == "running" or web.cell
            self.capture(owner, local.variable)
            return GetVar(kind, span, local.variable)
        if task.state == "running":
            var = local.recursive.get(task)
            if var is None:
                var = local.recursive[task] = Var(local.decl.name, kind, True)
                owner.variables.append(var)
            self.capture(owner, var)
            return GetVar(kind, span, var)
        for captured in task.instance.captures:
            self.capture(owner, captured)
        made: TExpr = MakeClosure(kind, span, task.instance, list(task.instance.captures))
        itself = local.recursive.get(task)
        if itself is not None:
            itself.type = kind
            self.emit(SetVar(span, itself, made))
            return GetVar(kind, span, itself)
        return made

    def nested_value(self, owner: Body, local: LocalFunction, span: Span, expected: Type | None) -> TExpr:
        """A nested function where a value is wanted."""
        web = next(web for web, item in owner.functions.items() if item is local)
        signature = self.program.annotations.signature(local.decl, owner.names_of_types())
        self.note_counts(signature.counts)
        key = place_of(owner, local.decl)
        if local.made is not None:
            self.capture(owner, local.made)
            return self.get(local.made, span)
        value = self.bundle(key, local.decl, span, lambda body, site: body.call_local(owner, local, web, False, site))
        if value is None:
            value = self.plain_nested(owner, local, web, signature, key, span, expected)
            if local.token is not None:
                self.capture(owner, local.token)
                value = self.identified(value, local.decl, self.get(local.token, span))
            value = self.known_as(key, value)
        if local.named_as is None or owner is not self or relations.is_open(value.type):
            return value
        named = self.attribute(self.expression(local.named_as), "__name__", span, span)
        if isinstance(value, MakeTuple):
            items = [self.runtime_call("rename", [item, self.kept(named)], span) for item in value.items]
            return MakeTuple(value.type, span, items)
        return self.known_as(key, self.runtime_call("rename", [value, named], span))

    def plain_nested(
        self, owner: Body, local: LocalFunction, web: Web, signature: Signature, key: tuple[object, ...], span: Span,
        expected: Type | None,
    ) -> TExpr:  # fmt: skip
        """A nested function that is called with arguments by position, always as many."""
        plain = len(signature.slots) == len(signature.params)
        if plain and signature.annotated and not local.decl.type_params:
            kinds = signature.kinds(owner.environment)
        elif isinstance(expected, FunctionType) and not any(
            relations.holds(kind, TypeVarType) for kind in expected.params
        ):
            kinds = expected.params
        else:
            hint = self.program.hints.get(key)
            if not isinstance(hint, TupleType):
                return self.open_function(key, signature.counts, span)
            kinds = self.told(hint, span)
        wanted = len(expected.params) if isinstance(expected, FunctionType) else len(kinds)
        if not plain or local.decl.manages or wanted != len(signature.params):
            shape = expected if isinstance(expected, FunctionType) else FunctionType(kinds, ERROR)

            def call(body: Functions, args: list[TExpr]) -> TExpr:
                return body.call_local(owner, local, web, False, CallSite(span, args))

            return self.adapted(span, shape, call, local.decl.name)
        task = self.nested_task(owner, local, kinds)
        if task.state != "running":
            self.use_nested(task)
        self.result_of(task)
        return self.closure_of(owner, local, web, task, span)

    # --- lambdas -------------------------------------------------------------------------------------------------

    def _lambda(self, node: tree.Lambda, expected: Type | None) -> TExpr:
        key = (self.task.instance.symbol, node.span.start, "lambda")
        self.program.places.add(key)
        if node.args.vararg or node.args.kwarg or node.args.kwonlyargs or key in self.program.loose:
            decl = FunctionDecl("<lambda>", f"{self.decl.qualified}.<lambda>", self.module, node)
            local = LocalFunction(decl, self.stable_facts())
            self.functions[Web("<lambda>", node.span)] = local
            return self.nested_value(self, local, node.span, expected)
        arguments = node.args.plain
        free = [item for item in arguments if item.default is None]
        self.note_counts((len(free), len(arguments)))
        wanted = wanted_function(expected, (len(free), len(arguments)))
        if wanted is not None and any(relations.holds(kind, TypeVarType) for kind in wanted.params):
            wanted = None
        kinds: tuple[Type, ...] = ()
        if wanted is not None and len(free) <= len(wanted.params) <= len(arguments):
            kinds = wanted.params
        elif wanted is not None:
            count = len(wanted.params)
            problem = f"a function of {count} parameter{'s' * (count != 1)} is wanted here, this lambda has {len(free)}"
            return self.error(errors.WrongArguments(self.source, node.span, problem=problem))
        elif free:
            hint = self.program.hints.get(key)
            if not isinstance(hint, TupleType) or not len(free) <= len(hint.items) <= len(arguments):
                return self.open_function(key, (len(free), len(arguments)), node.span)
            kinds = self.told(hint, node.span)
        if any(relations.is_open(kind) and not isinstance(kind, LambdaType) for kind in kinds):
            return self.bad(node.span)
        decl = FunctionDecl("<lambda>", f"{self.decl.qualified}.<lambda>", self.module, node)
        symbol = f"{self.task.instance.symbol}.<lambda>:{node.span.start}"
        if kinds:
            symbol += f"({', '.join(map(str, kinds))})"
        task = self.make_task(self, decl, symbol, kinds, None)
        task.facts = self.stable_facts()
        for item in arguments[len(kinds) :]:
            assert item.default is not None
            held = self.temporary(ERROR, item.arg)
            value = self.expression(item.default)
            held.type = value.type
            self.emit(SetVar(item.span, held, value))
            task.held.append((item, held))
        if wanted is not None and not relations.is_open(wanted.result):
            task.wanted_result = wanted.result
        self.program.check_body(task)
        self.task.requests.append(task)
        self.program.open_functions.pop(key, None)  # the body may have been checked before its types were known
        return self.known_as(key, self.closure(task.instance, node.span))

    def told(self, hint: TupleType, span: Span) -> tuple[Type, ...]:
        """What the first call of a function value said of its parameters, and what later ones added."""
        return tuple(self.held(kind, span, f"parameter {at}") for at, kind in enumerate(hint.items))

    # --- functions called in several ways ------------------------------------------------------------------------

    def bundle(
        self, key: Hashable, decl: FunctionDecl, span: Span, call: Callable[[Functions, CallSite], TExpr]
    ) -> TExpr | None:
        """A function value for each way in which the function that is a value at `key` is called; None while there is
        only the plain way."""
        self.program.callees[key] = decl
        self.program.places.add(key)
        if key in self.program.loose:
            return self.loose_function(span, decl.name.removesuffix(UNDECORATED), call, None, decl)
        made: list[TExpr] = []
        shapes = self.program.shapes.get(key, {})
        for (count, names, _), kinds in shapes.items():
            if any(isinstance(kind, LambdaType) for kind in kinds):  # known when it is called in there
                values = [Const(kind, span, None) for kind in kinds]
                with self.block():
                    named = list(zip(names, values[count:], strict=True))
                    given = call(self, CallSite(span, values[:count], named))
                made.append(Const(FunctionType(kinds, given.type), span, None))
                continue

            def act(body: Functions, args: list[TExpr], count: int = count, names: tuple[str, ...] = names) -> TExpr:
                return call(body, CallSite(span, args[:count], list(zip(names, args[count:], strict=True))))

            told = tuple(self.held(kind, span, f"{names} {count} {at}") for at, kind in enumerate(kinds))
            made.append(self.adapted(span, FunctionType(told, ERROR), act, decl.name.removesuffix(UNDECORATED)))
        if not made:
            return None
        return MakeTuple(BundleType(tuple(item.type for item in made), shapes=tuple(shapes), place=key), span, made)

    def note_counts(self, counts: tuple[int, int]) -> None:
        """A function that takes so many arguments is a value: where one of them takes several numbers of them, a list
        is dealt to none (`dealt_to`), as values of one type may be any of them."""
        if counts[0] != counts[1] and not self.source.library and VARYING not in self.program.hints:
            self.program.hints[VARYING] = NONE
            if self.program.dealt:
                raise Restart(None)

    def open_function(self, key: tuple[object, ...], counts: tuple[int, int], span: Span) -> TExpr:
        """A function whose parameter types are told by its first call."""
        self.program.open_functions[key] = counts[0]
        return Const(LambdaType(key, counts), span, None)

    def known_as(self, key: Hashable, value: TExpr) -> TExpr:
        """A function value, with where it came from."""
        if isinstance(value.type, FunctionType):
            value.type = replace(value.type, place=key)
        return value

    def closure(self, instance: Instance, span: Span) -> TExpr:
        """The value of a function that stands in this one; what it captures of functions further out is captured here
        as well."""
        for var in instance.captures:
            if self.outer is not None and var not in self.variables and var not in self.captures:
                self.captures.append(var)
        kind = self.function_type(FunctionType(instance.params, instance.result))
        return MakeClosure(kind, span, instance, list(instance.captures))

    # --- functions as values -------------------------------------------------------------------------------------

    def function_value(self, span: Span, symbol: Symbol, expected: Type | None) -> TExpr:
        """A declared function (or class) where a function value is wanted."""
        counts = self.counts_of_symbol(symbol)
        wanted = wanted_function(expected, counts)
        if wanted is None:
            self.note_counts(counts)
        key = (self.task.instance.symbol, span.start, "function")
        if isinstance(symbol, FunctionDecl) and not symbol.module.library and key not in self.program.loose and (
            symbol.owner is None or bool(symbol.decorated)
        ):  # fmt: skip

            def call(body: Functions, site: CallSite) -> TExpr:
                owner = None if symbol.owner is None else ClassType(symbol.owner)
                me = site.args[0] if owner is not None and symbol.kind == "plain" and site.args else None
                receiver = me if isinstance(me, TExpr) else None
                site = site if me is None else site.with_args(site.args[1:])
                return body.call_declaration(symbol, site, owner=owner, receiver=receiver)

            bundle = self.bundle(key, symbol, span, call)
            if bundle is not None:
                return bundle
        self.program.places.add(key)
        if key in self.program.loose:
            return self.loose_declared(symbol, span)
        return self.known_as(key, self.identified(self.plain_function(span, symbol, wanted, counts, key), symbol))

    def identified(self, made: TExpr, number: Hashable, owner: TExpr | None = None, *, bound: bool = False) -> TExpr:
        """A new function value, with what tells which function it is where the program asks for that."""
        numbers = self.program.function_numbers
        if numbers is None or not isinstance(made.type, FunctionType):
            return made
        told = self.int_const(2 * numbers.setdefault(number, len(numbers) + 2) + bound, made.span)
        return self.runtime_call("identified", [made, told, owner or self.str_const("", made.span)], made.span)

    def plain_function(
        self, span: Span, symbol: Symbol, wanted: FunctionType | None, counts: tuple[int, int],
        key: tuple[object, ...],
    ) -> TExpr:  # fmt: skip
        """A declared function that is called with arguments by position, always as many."""
        if (
            isinstance(symbol, FunctionDecl)
            and symbol.kind in ("plain", "static")
            and not symbol.type_params
            and not symbol.inline
            and not symbol.manages
        ):
            signature = self.program.annotations.signature(symbol)
            plain = len(signature.slots) == len(signature.params) and not symbol.stringify
            fits = wanted is None or len(wanted.params) == len(signature.params)
            method = symbol.owner is not None and (symbol.kind == "plain" or bool(symbol.owner.type_params))
            if signature.annotated and plain and fits and not method:
                task = self.program.request(symbol, None, {}, signature.kinds(), self.task, span)
                result = self.result_of(task)
                kind = self.function_type(FunctionType(task.instance.params, result))
                same = (
                    wanted is None
                    or relations.conversion(kind, wanted) is not None
                    or relations.holds(wanted, TypeVarType)
                )
                if same and (wanted is None or wanted.params == kind.params or relations.holds(wanted, TypeVarType)):
                    return MakeClosure(kind, span, task.instance, [])
        if wanted is None or any(relations.holds(item, TypeVarType) for item in wanted.params):
            hint = self.program.hints.get(key)
            if not isinstance(hint, TupleType):
                return self.open_function(key, counts, span)
            wanted = FunctionType(self.told(hint, span), ERROR)

        def call(body: Functions, args: list[TExpr]) -> TExpr:
            return body.call_symbol(symbol, CallSite(span, args))

        return self.adapted(span, wanted, call, getattr(symbol, "name", ""))

    def call_symbol(self, symbol: Symbol, site: CallSite) -> TExpr:
        """A call of a declared function or class; of a method with the object as the first argument."""
        span = site.span
        first = symbol.forms[0] if isinstance(symbol, FunctionDecl | OverloadDecl) else symbol
        if isinstance(symbol, FunctionDecl) and symbol.owner is not None:
            if not symbol.decorated and not symbol.module.library:
                return self.call_on_class(ClassType(symbol.owner), symbol.name, span, site)
        me = None
        if isinstance(first, FunctionDecl) and first.owner is not None and first.kind == "plain":
            me, site = self.argument(site.args[0], None), site.with_args(site.args[1:])
        match symbol:
            case FunctionDecl(owner=ClassDecl() as owner) if symbol.decorated or me is None:
                if owner.type_params:
                    what = f"`{owner.display}.{symbol.name}` as a value"
                    return self.unsupported(span, what, f"write `lambda x: {owner.display}.{symbol.name}(x)`")
                return self.call_declaration(symbol, site, owner=ClassType(owner), receiver=me)
            case FunctionDecl() | OverloadDecl() if me is not None:
                found = self.method(me, symbol.name, site)
                return self.no_method(me.type, symbol.name, span) if found is None else found
            case FunctionDecl():
                return self.call_declaration(symbol, site)
            case OverloadDecl():
                return self.call_overload(symbol, site)
            case ClassDecl():
                return self.construct(ClassType(symbol, symbol.type_params), site)
            case PrimitiveDecl():
                return self.primitive(symbol.name, site.args, (), span)
            case _:
                return self.bad(span)

    def partial(self, node: tree.Call, expected: Type | None) -> TExpr:
        """`functools.partial(f, ...)`: the function with some of its arguments given."""
        span = node.span
        if not node.args or any(isinstance(item, tree.Starred) for item in node.args):
            return self.unsupported(node, "`partial` with starred arguments", "name the arguments")
        target, *rest = node.args
        local = self.local_function(target) if isinstance(target, tree.Name) else None
        symbol = None if local is not None else self.static(target)
        known = local is not None or isinstance(symbol, FunctionDecl | OverloadDecl | ClassDecl)
        callee = None if known else self.kept(self.expression(target))
        fixed = [self.kept(self.expression(item)) for item in rest]
        words = [(item.arg, self.kept(self.expression(item.value))) for item in node.keywords if item.arg is not None]
        if len(words) < len(node.keywords) or isinstance(getattr(callee, "type", None), ErrorType):
            return self.unsupported(node, "`partial` with `**`", "name the arguments") if callee is None else callee

        def call(body: Functions, site: CallSite) -> TExpr:
            for value in (callee, *fixed, *(value for _, value in words)):
                if isinstance(value, GetVar):
                    body.capture(self, value.var)
            site = site.given([*fixed, *site.args], list({**dict[str, Arg](words), **dict(site.keywords)}.items()))
            if local is not None:
                return body.call_local(*local, site)
            if callee is None:
                assert isinstance(symbol, FunctionDecl | OverloadDecl | ClassDecl)
                return (body.loose_symbol if site.is_starred else body.call_symbol)(symbol, site)
            return body.call_value(callee, site)

        made = self.function_of(call, expected, "partial", span)
        if not relations.is_loose(made.type) or not any(map(self.program.mentions, (".func", ".args", ".keywords"))):
            return made
        made = self.kept(made)
        self.set_attribute(made, "func", self.expression(target), span, span)
        self.set_attribute(made, "args", self.tuple_made(fixed, span), span, span)
        given = self.dict_of_values([word for word, _ in words], [value for _, value in words], span)
        self.set_attribute(made, "keywords", given, span, span)
        return made

    def function_of(
        self, call: Callable[[Functions, CallSite], TExpr], expected: Type | None, name: str, span: Span
    ) -> TExpr:
        """A function value whose body `call` makes, of whatever it is called with."""
        decl = FunctionDecl(name, name, self.module, quoted_lambda("lambda *args, **kwargs: None", span))
        self.note_counts((0, 99))
        key = (self.task.instance.symbol, span.start, name)
        bundle = self.bundle(key, decl, span, call)
        if bundle is not None:
            return bundle
        wanted, hint = wanted_function(expected, (0, 99)), self.program.hints.get(key)
        if wanted is None or any(relations.holds(item, TypeVarType) for item in wanted.params):
            if not isinstance(hint, TupleType):
                return self.open_function(key, (0, 99), span)
            wanted = FunctionType(self.told(hint, span), ERROR)
        return self.known_as(key, self.adapted(span, wanted, lambda body, args: call(body, CallSite(span, args)), name))

    def bound_method(self, value: TExpr, name: str, span: Span, expected: Type | None) -> TExpr:
        """`obj.method` as a value: a closure over the object."""
        wanted = wanted_function(expected, (0, 99))
        key = (self.task.instance.symbol, span.start, "method")
        self.program.places.add(key)
        receiver = self.temporary(value.type)
        self.emit(SetVar(span, receiver, value))

        def call(body: Functions, site: CallSite) -> TExpr:
            body.capture(self, receiver)
            result = body.method(GetVar(receiver.type, span, receiver), name, site)
            return body.no_method(receiver.type, name, span) if result is None else result

        found = self.lookup(value.type, name) if isinstance(value.type, ClassType) else None
        above, one = found or (self.core("object"), None)
        method = one if isinstance(one, FunctionDecl) else None
        if key in self.program.loose:
            owner = self.get(receiver, span)
            if method is not None and method.kind == "class" and not relations.is_class(owner.type):
                owner = self.type_of(owner, span)
            return self.loose_function(span, name, call, owner, one)
        signature = None if method is None else self.program.annotations.signature(method)
        fewest, most = (0, 99) if signature is None else signature.counts
        if wanted is None:
            self.note_counts((fewest, most))
            fixed = method is not None and not method.type_params and fewest == most
            if signature is not None and signature.annotated and fixed:
                wanted = FunctionType(signature.kinds(relations.environment_of(above)), ERROR)
        library = isinstance(one, FunctionDecl | OverloadDecl) and one.forms[0].module.library
        if wanted is None and library:
            return self.function_of(call, expected, name, span)
        if wanted is None:  # with a default among them it is the call that says how many it takes
            hint = self.program.hints.get(key)
            if not isinstance(hint, TupleType):
                return self.open_function(key, (fewest, 99), span)
            wanted = FunctionType(hint.items, ERROR)
        made = self.known_as(key, self.adapted(span, wanted, lambda body, args: call(body, CallSite(span, args)), name))
        if method is not None and method.kind != "plain":
            of_class = value.type.args[0] if relations.is_class(value.type) else value.type
            bound = method.kind == "class"
            return self.identified(made, (method, of_class) if bound else method, bound=bound)
        if relations.is_value(value.type):
            return made
        return self.identified(made, name, self.get(receiver, span), bound=True)

    def adapted_value(self, value: TExpr, wanted: FunctionType) -> TExpr:
        """A function value as one of another type: its arguments and result are converted."""
        callee = self.temporary(value.type)
        self.emit(SetVar(value.span, callee, value))

        def call(body: Functions, args: list[TExpr]) -> TExpr:
            body.capture(self, callee)
            return body.call_value(GetVar(callee.type, value.span, callee), CallSite(value.span, args))

        made = self.adapted(value.span, wanted, call, "<adapter>")
        if self.program.function_numbers is None or not isinstance(value.type, FunctionType):
            return made
        return self.runtime_call("identified_as", [made, self.get(callee, value.span)], value.span)

    def function_name(self, value: TExpr, span: Span) -> TExpr:
        """`value.__name__`; a closure's first capture lies behind what every closure has (`Layouts.closure_base`)."""
        if isinstance(value.type, FunctionType):
            self.function_type(value.type)
        captured = 8 if self.program.function_numbers is None else 16
        return self.runtime_call("name_of", [value, self.int_const(captured, span)], span)

    def adapted(
        self, span: Span, wanted: FunctionType, call: Callable[[Functions, list[TExpr]], TExpr], name: str
    ) -> TExpr:
        """A closure with the parameters wanted here whose body is made by `call`; `name`: its `__name__`."""
        if any(relations.is_open(kind) for kind in wanted.params):
            return self.bad(span)
        node = tree.Lambda(span, plain_arguments(span), tree.NoneLiteral(span))
        decl = FunctionDecl("<function>", f"{self.decl.qualified}.<function>", self.module, node)
        symbol = f"{self.task.instance.symbol}.<function>:{span.start}({', '.join(map(str, wanted.params))})"
        while any(asked.instance.symbol == symbol for asked in self.task.requests):
            symbol += "'"  # one place may need several
        instance = Instance(symbol, name, wanted.params, ERROR)
        task = Task(instance, decl, dict(self.environment), None, None, self.task, span, self)
        body = self.fresh(task, Scope())
        params = [Var(f"a{index}", kind) for index, kind in enumerate(wanted.params)]
        try:
            value = call(body, [GetVar(var.type, span, var) for var in params])
            if not relations.is_open(wanted.result) and not isinstance(value.type, type(ERROR)):
                value = body.coerce(value, wanted.result, "the result of this function")
                if isinstance(value.type, NeverType):
                    value = TBlock(
                        wanted.result, span, [Do(span, value)], body.get(body.temporary(wanted.result), span)
                    )
        except Restart as restart:  # this body is made anew with the one around it
            raise Restart(self.task if restart.owner is task else restart.owner, restart.kind, restart.key) from None
        body.emit(TReturn(span, value))
        instance.result = value.type
        instance.captures = tuple(body.captures)
        variables = [*params, *body.captures, *body.variables]
        task.function = TFunction(instance, self.source, span, params, variables, body.out)
        task.result, task.state = value.type, "done"
        self.open_places |= body.open_places
        self.task.requests.append(task)
        self.task.diagnostics.extend(task.diagnostics)
        task.diagnostics.clear()
        return self.closure(instance, span)

    def fresh(self, task: Task, scope: Scope) -> Functions:
        return type(self)(self.program, task, scope)


def place_of(owner: Body, decl: FunctionDecl) -> tuple[object, ...]:
    """Where a nested function becomes a value."""
    return owner.task.instance.symbol, decl.span.start, "lambda" if isinstance(decl.node, tree.Lambda) else "def"


def wanted_function(expected: Type | None, counts: tuple[int, int]) -> FunctionType | None:
    """The function type wanted where a function stands that takes so many arguments."""
    members = relations.members_of(expected) if expected is not None else ()
    found = [item for item in members if isinstance(item, FunctionType)]
    fitting = [item for item in found if counts[0] <= len(item.params) <= counts[1]]
    return fitting[0] if fitting else found[0] if len(found) == 1 and not isinstance(expected, UnionType) else None


def is_wraps(node: tree.Expr) -> TypeGuard[tree.Call]:
    """`@functools.wraps(f)`: changes only the name of a function."""
    match node:
        case tree.Call(func=tree.Name(id="wraps") | tree.Attribute(attr="wraps")):
            return True
        case _:
            return False


__all__ = ["Const", "Functions"]
