"""Exceptions and `with`: raising, what a handler catches, what is done on the way out."""

from __future__ import annotations

from ..syntax import tree
from . import errors, relations
from .body import Facts
from .callsite import CallSite
from .declarations import ClassDecl
from .failing import mistakes_caught, nodes
from .instances import CLASS_VALUES
from .patterns import Patterns
from .typed import Do, GetVar, SetVar, TExpr, THandler, TIf, TRaise, TStmt, TTry, Var
from .types import ERROR, NONE, ClassType, ErrorType, NeverType, TupleType, Type


class Handlers(Patterns):
    # --- exceptions ----------------------------------------------------------------------------------------------

    def _raise(self, node: tree.Raise) -> None:
        self.reachable = False
        if node.exc is None:
            if not self.handling:
                self.unsupported(node, "`raise` without an exception outside `except`", "name the exception")
                return
            self.emit(TRaise(node.span, None))
            if self.handling == "finally":
                self.throw("RuntimeError", "No active exception to reraise", node.span)
            return
        error = self.exception(node.exc)
        if isinstance(error.type, ErrorType):
            return
        if node.cause is not None:
            error = self.kept(error)
            base = self.core("BaseException")
            if not isinstance(node.cause, tree.NoneLiteral):
                cause = self.exception(node.cause, "exception causes")
                self.set_attribute(
                    self.coerce(error, base), "__cause__", self.coerce(cause, base), node.span, node.span
                )
            self.set_attribute(
                self.coerce(error, base), "__suppress_context__", self.bool_const(True, node.span), node.span, node.span
            )
            self.facts = {path: kind for path, kind in self.facts.items() if "__cause__" not in path}
        self.emit(TRaise(node.span, error))

    def exception(self, node: tree.Expr, what: str = "exceptions") -> TExpr:
        """An exception object: a class alone is called without arguments. `what` it is, as an error calls it."""
        entity = self.static(node)
        if isinstance(entity, ClassDecl):
            value = self.construct(ClassType(entity, entity.type_params), CallSite(node.span))
        else:
            value = self.expression(node)
        if relations.is_class(value.type):
            value = self.call_value(value, CallSite(node.span))
        kind, base = value.type, self.core("BaseException")
        members = relations.members_of(kind)
        errors_of = [item for item in members if relations.is_subclass(item, base)]
        if 0 < len(errors_of) < len(members):  # the others raise another one
            value = self.kept(value)
            is_error, text = self.is_a(value, errors_of, node.span), f"{what} must derive from BaseException"
            self.throw_if(is_error, "TypeError", text, node.span, unless=True)
            return self.narrowed(value, relations.union(errors_of))
        if not isinstance(kind, ErrorType | NeverType) and not relations.is_subclass(kind, base):
            problem = errors.NotAnException(self.source, node.span, found=f"a value of type `{kind}`")
            return self.error(problem.raised("TypeError", f"{what} must derive from BaseException"))
        return value

    def _try(self, node: tree.Try) -> None:
        before = dict(self.facts)
        caught, self.catching = self.catching, self.catching | mistakes_caught(node)
        with self.block() as body:
            self.statements(node.body)
        self.catching = caught
        after_body = (self.facts, self.reachable)
        raised = {path: kind for path, kind in before.items() if self.facts.get(path) == kind} if self.reachable else {}
        raised = self._still(raised, body)
        with self.block() as orelse:
            if self.reachable:
                self.statements(node.orelse)
        states = [(self.facts, self.reachable)] if node.orelse else [after_body]
        handlers: list[THandler] = []
        for handler in node.handlers:
            self.facts, self.reachable = dict(raised), True
            handlers.append(self._handler(handler, handler is node.handlers[-1]))
            states.append((self.facts, self.reachable))
        with self.block() as final:
            self.merge(*states)
            normal, reachable = self.facts, self.reachable
            if node.finalbody:
                self.facts, self.reachable = dict(raised), True
                outside, self.handling = self.handling, self.handling or "finally"
                self.statements(node.finalbody)
                self.handling = outside
                if not self.reachable:
                    reachable = False
                normal = self._still(normal, self.out)
        self.facts, self.reachable = normal, reachable
        self.emit(TTry(node.span, body, handlers, orelse, final))

    def _still(self, facts: Facts, body: list[TStmt]) -> Facts:
        """What is known of variables that no statement of `body`, which may have run, assigns."""
        assigned = {item.var for item in nodes(body) if isinstance(item, SetVar)}
        return {path: kind for path, kind in facts.items() if len(path) == 1 and path[0] not in assigned}

    def _handler(self, node: tree.ExceptHandler, last: bool) -> THandler:
        var: Var | None = None
        with self.block() as body:
            kinds, classes = self._caught(node)
            if classes and node.type is not None and not last:
                what = "`except` with classes known only when the program runs, before another `except`,"
                self.unsupported(node.type.span, what, "put it last, or name the classes")
            if classes:
                var = self.temporary(self._common(kinds))
                test = self.dynamic_isinstance(self.get(var, node.span), classes, node.span)
                self.emit(TIf(node.span, test, [], [TRaise(node.span, None)]))
            if node.name is not None:
                caught: Type = (
                    kinds[0] if len(kinds) == 1 else self.core("BaseException") if not kinds else self._common(kinds)
                )
                var = var or self.temporary(caught, node.name)
                web = self.scope.defs.get(id(node))
                if (
                    web is not None
                    and web.definitions == 1
                    and not web.cell
                    and web not in self.web_vars
                    and not web.unsure
                ):
                    self.web_vars[web] = var
                else:
                    var.name = ""
                    self.define(node, node.name, GetVar(caught, node.span, var), node.span)
            outside, self.handling = self.handling, "except"
            self.statements(node.body)
            self.handling = outside
        return THandler(node.span, kinds, var, body)

    def _common(self, kinds: tuple[ClassType, ...]) -> Type:
        joined: Type = kinds[0]
        for kind in kinds[1:]:
            joined = relations.join(joined, kind, widen=False) or self.core("BaseException")
        own = not any(kind.decl.module.library for kind in kinds)  # what all of them have, the class above may lack
        if own and not (isinstance(joined, ClassType) and joined in kinds):
            return relations.union(kinds)
        return joined if isinstance(joined, ClassType) else self.core("BaseException")

    def _caught(self, node: tree.ExceptHandler) -> tuple[tuple[ClassType, ...], TExpr | None]:
        """The classes that a handler names, and where only a value says them, that value: it is to be tested."""
        if node.type is None:
            return (), None
        found, dynamic = self.constant_classes(node.type), None
        if found is None and isinstance(node.type, tree.Tuple):
            found = [
                kind for item in node.type.elts for kind in self.constant_classes(item) or [self._not_caught(item)]
            ]
        elif found is None and isinstance(node.type, CLASS_VALUES):
            dynamic = self.kept(self.expression(node.type))
            parts = dynamic.type.items if isinstance(dynamic.type, TupleType) else (dynamic.type,)
            parts = relations.parts(dynamic.type) if relations.is_tuple_of(dynamic.type) else parts
            found = [kind for part in parts for kind in self._bounds(part)] or [self._not_caught(node.type)]
        base, kinds = self.core("BaseException"), list[ClassType]()
        for kind in found if found is not None else [self._not_caught(node.type)]:
            named = ClassType(kind.decl.original) if isinstance(kind, ClassType) and kind.decl.original else kind
            if isinstance(kind, ClassType) and relations.is_subclass(named, base):
                kinds.append(kind)
            else:
                dynamic = None
                if not isinstance(kind, ErrorType):
                    self._not_caught(node.type)
        return tuple(kinds) or (base,), dynamic

    def _bounds(self, kind: Type) -> tuple[Type, ...]:
        named = relations.members_of(kind.args[0]) if relations.is_class(kind) else ()
        return tuple(one for item in named for one in (item.decl.seen_as if isinstance(item, ClassType) else (item,)))

    def _not_caught(self, node: tree.Expr) -> Type:
        text = self.source.text[node.span.start : node.span.end]
        known = not isinstance(node, tree.Name) or self.program.modules.lookup(self.module, node.id) is not None
        if known or id(node) in self.scope.uses:
            self.report(errors.NotAnException(self.source, node.span, found=f"`{text}`"))
        else:
            assert isinstance(node, tree.Name)
            self.undefined(node)
        return ERROR

    # --- with ----------------------------------------------------------------------------------------------------

    def _with(self, node: tree.With) -> None:
        if node.is_async and not self.decl.is_async:
            self.report(errors.AwaitOutside(self.source, node.span, what="async with"))
            return
        self._with_item(node, 0)

    def _with_item(self, node: tree.With, at: int) -> None:
        """enter; try: body; except: if not exit(error): raise; and exit(None) on every other way out."""
        if at == len(node.items):
            self.statements(node.body)
            return
        item, span = node.items[at], node.items[at].span
        if isinstance(item.context_expr, tree.Call) and item.optional_vars is None and not node.is_async:
            maker = self.static(item.context_expr.func)
            if isinstance(maker, ClassDecl) and maker.name == "suppress" and maker.module.name == "pielang.contextlib":
                self._suppressing(node, item.context_expr, at)
                return
        manager = self.kept(self.expression(item.context_expr))
        names = ("__aenter__", "__aexit__") if node.is_async else ("__enter__", "__exit__")
        if isinstance(manager.type, ErrorType):
            self._with_item(node, at + 1)
            return
        entered = self.need_method(manager, names[0], [], span)
        entered = self.awaited(entered, span) if node.is_async else entered
        if item.optional_vars is not None:
            self.assign(item.optional_vars, entered)
        else:
            self.emit(Do(span, entered))

        exits = self.lookup(manager.type, names[1]) if isinstance(manager.type, ClassType) else None
        own = exits is not None and exits[0].decl.module.library  # they do not look at the class

        def leave(error: TExpr) -> TExpr:
            args: list[tree.Expr | TExpr] = [
                error if own or error.type == NONE else self.type_of(error, span),
                error,
                error,
            ]
            left = self.need_method(manager, names[1], args, span)
            return self.awaited(left, span) if node.is_async else left

        base = self.core("BaseException")
        failed = self.temporary(self.core("bool"))
        self.emit(SetVar(span, failed, self.bool_const(False, span)))
        before = dict(self.facts)
        with self.block() as body:
            self.guarded(lambda: self._with_item(node, at + 1))
        after = (self.facts, self.reachable)
        caught = self.temporary(base)
        self.facts, self.reachable = self._still(before, body), True
        with self.block() as handler:
            self.emit(SetVar(span, failed, self.bool_const(True, span)))
            swallowed = leave(GetVar(base, span, caught))
            swallows = swallowed.type != NONE and not isinstance(swallowed.type, NeverType | ErrorType)
            if swallows:
                self.emit(TIf(span, self.negated(self.truth(swallowed)), [TRaise(span, None)], []))
            else:
                self.emit(Do(span, swallowed))
                self.emit(TRaise(span, None))
        handled: tuple[Facts, bool] = (self.facts, swallows)
        self.merge(after, handled)
        state = self.facts, self.reachable
        with self.block() as final:
            with self.block() as normal:
                self.emit(Do(span, leave(self.none(span))))
            self.emit(TIf(span, self.negated(self.get(failed, span)), normal, []))
        self.facts, self.reachable = state
        inner = TTry(span, body, [THandler(span, (), caught, handler)], [], [])
        self.emit(TTry(span, [inner], [], [], final))

    def _suppressing(self, node: tree.With, kinds: tree.Call, at: int) -> None:
        """`with suppress(A, B)`: a `try` around the rest."""
        rest = tree.With(node.span, node.items[at + 1 :], node.body, False)
        caught = tree.ExceptHandler(kinds.span, tree.Tuple(kinds.span, kinds.args), None, ())
        self._try(tree.Try(node.span, (rest,), (caught,), (), ()))
