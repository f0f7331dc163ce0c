"""Loops over things, displays, comprehensions and unpacking: all become loops, calls and temporaries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from ..syntax import tree
from ..syntax.parts import is_literal
from ..syntax.source import Span
from . import errors, relations
from .body import Facts, IterationBody
from .callsite import CallSite
from .comparisons import Comparisons
from .declarations import ClassDecl, FunctionDecl, OverloadDecl
from .program import Failed
from .scopes import Web
from .subscripts import literal_int
from .typed import (
    Call,
    Conditional,
    Const,
    Do,
    GetItem,
    GetVar,
    MakeTuple,
    SetVar,
    TBreak,
    TExpr,
    THandler,
    TIf,
    TLoop,
    TStmt,
    TTry,
    Var,
)
from .types import ERROR, NEVER, AnyType, ClassType, ErrorType, InferType, NeverType, TupleType, Type, UnionType
from .wording import python_name, whole_problem


@dataclass(frozen=True, slots=True)
class Loop:
    """What a loop does: `each` for every element, and `orelse` when it ends by itself. `head`: the node that it is."""

    span: Span
    each: IterationBody
    orelse: tuple[tree.Stmt, ...] = ()
    head: tree.Node | None = None


class Iteration(Comparisons):
    # --- loops ---------------------------------------------------------------------------------------------------

    def element_type(self, value: TExpr) -> Type | None:
        """What iterating over a value gives; None when it cannot be iterated over."""
        if value.type == TupleType(()):
            return self.core("int")  # any type will do
        found: list[Type] = []
        with self.trial() as trial:
            self.iterate(value, value.span, lambda element: found.append(element.type))
        return None if trial.failed or not found else found[0]

    def contains_by_iteration(self, item: TExpr, container: TExpr, span: Span) -> TExpr:
        if self.element_type(container) is None:
            return self.no_method(container.type, "__contains__", span)
        result = self.stored(self.bool_const(False, span))

        def each(element: TExpr) -> None:
            hit: list[TStmt] = [SetVar(span, result, self.bool_const(True, span)), TBreak(span)]
            self.emit(TIf(span, self.compare(item, "==", element, span), hit, []))

        self.iterate(container, span, each)
        return self.get(result, span)

    def iterate(
        self, node: tree.Expr | TExpr, span: Span, each: IterationBody, orelse: tuple[tree.Stmt, ...] = (),
        head: tree.Node | None = None,
    ) -> None:  # fmt: skip
        """Emit a loop that runs `each` for every element, and `orelse` when it ends by itself."""
        loop = Loop(span, each, orelse, head)
        self.counts(node, head)
        if isinstance(node, tree.Call) and self.is_range(node):
            self.count(node, loop)
        elif isinstance(node, tree.Call) and self.is_core_call(node, "enumerate") and 1 <= len(node.args) <= 2:
            self.enumerated(node, loop)
        elif isinstance(node, tree.Call) and self.is_core_call(node, "zip") and len(node.args) > 1 and not orelse:
            self.zipped(node, loop)
        elif isinstance(node, tree.Set):
            self.walked(self.display("set", node.elts, None, node), loop)
        else:
            self.walked(node if isinstance(node, TExpr) else self.expression(node), loop)

    def counts(self, node: tree.Expr | TExpr, head: tree.Node | None) -> None:
        """Remember the variable of a `range` or `enumerate` that begins at 0 or above and counts upwards."""
        match head, node:
            case tree.For(target=name) | tree.Comprehension(target=name), tree.Call(args=(*before, _)) if (
                self.is_core_call(node, "range") and len(before) < 2
            ):
                start = before
            case (
                tree.For(target=tree.Tuple(elts=(name, _))) | tree.Comprehension(target=tree.Tuple(elts=(name, _))),
                tree.Call(args=(_, *start)),
            ) if self.is_core_call(node, "enumerate"):
                pass
            case _:
                return
        web = self.scope.defs.get(id(name))
        told = map(literal_int, start)
        if web is not None and web.definitions == 1 and all(number is not None and number >= 0 for number in told):
            self.counters.add(web)

    def walked(self, value: TExpr, loop: Loop) -> None:
        """The loop over what a value gives: by index, by steps, or by what its `__iter__` makes."""
        span = loop.span
        enum = value.type.args[0] if relations.is_class(value.type) else None
        if isinstance(enum, ClassType) and enum.decl.is_enum:
            value = self.enum_list(enum.decl, span)
        value = self.as_tuple(self.having(value, "__iter__", span))
        kind = value.type
        if isinstance(kind, ErrorType | NeverType):
            self.emit(Do(span, value))
            if isinstance(kind, NeverType) and self.raising:
                raise Failed(None)
            self.repeat(None, lambda: value if value.type is NEVER else self.bad(span), [], loop)
            return
        if kind == TupleType(()) and self.source.library:
            self.emit(Do(span, value))  # its items have no type that the body could be checked with
            return
        if isinstance(kind, TupleType):
            joined = self.joined(kind.items, span)
            value = self.list_from(self.tuple_items(value, span), self.core("int") if joined is NEVER else joined, span)
            kind = value.type
        if self.has(kind, "__at__"):
            self.by_index(value, loop)
            return
        if self.has(kind, "__step__"):
            iterator: TExpr | None = value
        elif isinstance(kind, UnionType) and not relations.has_none(kind):
            told = [self.items_of(item) or ERROR for item in kind.members if item != TupleType(())]
            nothing = self.list_from((), self.joined(told, span), span) if TupleType(()) in kind.members else None

            def walker(item: TExpr) -> TExpr:
                empty = nothing if item.type == TupleType(()) else None  # `d.get(key, ())`: items as the others have
                return self.runtime_call("iter", [empty or item], span)

            iterator = self.by_member(value, walker, span)
        else:
            iterator = self.method(value, "__iter__", CallSite(span))
        if iterator is None:
            self.no_method(kind, "__iter__", span)
        if iterator is None or isinstance(iterator.type, ErrorType):
            self.repeat(None, lambda: self.bad(span), [], loop)
        elif iterator.type != kind and self.has(iterator.type, "__at__"):
            self.by_index(iterator, loop)
        elif isinstance(iterator, Call) and iterator.instance.cleans:  # nobody else has it: it ends with the loop
            whole = self.kept(iterator)
            with self.block() as body:
                self.by_steps(whole, loop)
            self.emit(TTry(span, body, [], [], [Do(span, self.need_method(whole, "close", [], span))]))
        else:
            self.by_steps(self.kept(iterator), loop)

    def is_core_call(self, node: tree.Call, name: str) -> bool:
        """Is it a call of the built-in function or class, with plain arguments only?"""
        if not isinstance(node.func, tree.Name) or node.func.id != name:
            return False
        if node.keywords or any(isinstance(arg, tree.Starred) for arg in node.args):
            return False
        entity = self.static(node.func)
        entity = entity.forms[0] if isinstance(entity, OverloadDecl) else entity
        return isinstance(entity, FunctionDecl | ClassDecl) and entity.module.core

    def following(self, counter: Var, span: Span, step: int = 1) -> TExpr:
        return self.prim("wrap_add", counter.type, span, self.get(counter, span), self.int_const(step, span))

    def enumerated(self, node: tree.Call, loop: Loop) -> None:
        """`for i, x in enumerate(e)`: the loop over e with a counter, and no pair where it is unpacked at once."""
        whole, span = self.core("int"), loop.span
        source: tree.Expr | TExpr = node.args[0]
        start: TExpr = self.int_const(0, span)
        if len(node.args) == 2:
            source = self.kept(self.expression(node.args[0]))
            start = self.coerce(self.expression(node.args[1], whole), whole, "the start of enumerate()")
        counter = self.stored(start, span)

        def numbered(element: TExpr) -> None:
            number = self.stored(self.get(counter, span))
            self.emit(SetVar(span, counter, self.following(counter, span)))
            loop.each(self.tuple_made([self.get(number, span), element], span))

        self.iterate(source, span, numbered, loop.orelse, loop.head)

    def zipped(self, node: tree.Call, loop: Loop) -> None:
        """`for x, y in zip(a, b)`: the loop over a that takes the next of the others itself, until one ends."""
        span = loop.span
        sources = [self.kept(self.having(self.expression(arg), "__iter__", span)) for arg in node.args]
        walks: list[tuple[TExpr, Var | None]] = []
        for source in sources[1:]:
            if self.has(source.type, "__at__"):
                walks.append((source, self.stored(self.int_const(0, span))))
                continue
            if not self.has(source.type, "__step__") and self.has(source.type, "__iter__"):
                source = self.kept(self.need_method(source, "__iter__", [], span))
            if not self.has(source.type, "__step__"):
                entity = self.static(node.func)
                assert isinstance(entity, OverloadDecl)
                self.walked(self.call_overload(entity, CallSite(span, sources)), loop)
                return
            walks.append((source, None))

        def stepped(element: TExpr) -> None:
            items = [self.kept(element)]
            for source, counter in walks:
                if counter is None:
                    more = self.need_method(source, "__step__", [], span)
                else:
                    length = self.need_method(source, "__len__", [], span)
                    more = self.prim("int_lt", self.core("bool"), span, self.get(counter, span), length)
                self.emit(TIf(span, more, [], [TBreak(span)]))
                if counter is None:
                    items.append(self.kept(self.need_method(source, "__current__", [], span)))
                else:
                    items.append(self.kept(self.need_method(source, "__at__", [self.get(counter, span)], span)))
                    self.emit(SetVar(span, counter, self.following(counter, span)))
            loop.each(self.tuple_made(items, span))

        self.walked(sources[0], replace(loop, each=stepped))

    def is_range(self, node: tree.Call) -> bool:
        """Is it `range` with a step that is known?"""
        if not self.is_core_call(node, "range") or not 1 <= len(node.args) <= 3:
            return False
        return len(node.args) < 3 or bool(literal_int(node.args[2]))

    def count(self, node: tree.Call, loop: Loop) -> None:
        """`for i in range(...)`: a counter that never overflows."""
        whole, boolean, span = self.core("int"), self.core("bool"), loop.span
        values = [
            self.coerce(value, whole, "the argument of range()", becomes=True, raising=whole_problem(value.type))
            for value in [self.expression(arg, whole) for arg in node.args[:2]]
        ]
        start, stop = (self.int_const(0, span), values[0]) if len(values) == 1 else (values[0], values[1])
        step = (literal_int(node.args[2]) or 1) if len(node.args) == 3 else 1
        counter = self.stored(start, span)
        limit, at = self.kept(stop), self.get(counter, span)
        test = self.prim("int_lt" if step > 0 else "int_gt", boolean, span, at, limit)
        following = self.following(counter, span, step)
        if abs(step) > 1:
            near, far = (limit, at) if step > 0 else (at, limit)
            left = self.prim("wrap_sub", whole, span, near, far)
            more = self.prim("int_gt_u", boolean, span, left, self.int_const(abs(step), span))
            following = Conditional(whole, span, more, following, limit)
        self.repeat(test, lambda: self.get(counter, span), [SetVar(span, counter, following)], loop)

    def by_index(self, value: TExpr, loop: Loop) -> None:
        span, items = loop.span, self.kept(value)
        counter = self.stored(self.int_const(0, span))
        at = self.get(counter, span)
        test = self.prim("int_lt", self.core("bool"), span, at, self.need_method(items, "__len__", [], span))
        step: list[TStmt] = [SetVar(span, counter, self.following(counter, span))]
        self.repeat(test, lambda: self.need_method(items, "__at__", [at], span), step, loop)

    def iterate_async(
        self, node: tree.Expr | TExpr, span: Span, each: IterationBody, orelse: tuple[tree.Stmt, ...] = (),
        head: tree.Node | None = None,
    ) -> None:  # fmt: skip
        """`async for`: `__aiter__`, then `__anext__` awaited until StopAsyncIteration."""
        if not self.decl.is_async:
            self.report(errors.AwaitOutside(self.source, span, what="async for"))
            return
        source = node if isinstance(node, TExpr) else self.expression(node)
        iterator = self.kept(self.need_method(source, "__aiter__", [], span))
        loop = Loop(span, each, orelse, head)
        self.until(
            lambda: self.awaited(self.need_method(iterator, "__anext__", [], span), span), "StopAsyncIteration", loop
        )

    def until(self, following: Callable[[], TExpr], stop: str, loop: Loop) -> None:
        """A loop over what `following` gives until it raises `stop`."""
        span = loop.span
        with self.block() as attempt:
            element = self.stored(following(), span)
        ended = self.temporary(self.core("bool"))
        stopped: list[TStmt] = [SetVar(span, ended, self.bool_const(True, span))]
        with self.block() as made:
            self.emit(SetVar(span, ended, self.bool_const(False, span)))
            self.emit(TTry(span, attempt, [THandler(span, (self.core(stop),), None, stopped)], [], []))
            going = self.negated(self.get(ended, span))
        self.repeat(self.wrapped(made, going), lambda: self.get(element, span), [], loop)

    def by_steps(self, iterator: TExpr, loop: Loop) -> None:
        span = loop.span
        stepping = self.method(iterator, "__step__", CallSite(span))
        if stepping is not None:
            self.repeat(stepping, lambda: self.need_method(iterator, "__current__", [], span), [], loop)
        elif self.has(iterator.type, "__next__"):
            self.until(lambda: self.need_method(iterator, "__next__", [], span), "StopIteration", loop)
        else:
            self.no_method(iterator.type, "__iter__", span)

    def repeat(self, test: TExpr | None, element: Callable[[], TExpr], step: list[TStmt], loop: Loop) -> None:
        """The loop, whose test is made already; flow and narrowing are kept."""
        self.enter_loop(loop.head)
        before = dict(self.facts)
        self.loop_facts.append([])
        with self.block() as inside:
            self.guarded(lambda: loop.each(element()))
        breaks = self.loop_facts.pop()
        self.facts, self.reachable = dict(before), True
        with self.block() as otherwise:
            self.statements(loop.orelse)
        self.merge((self.facts, self.reachable), *((facts, True) for facts in breaks))
        self.emit(TLoop(loop.span, test, inside, step, otherwise))

    def enter_loop(self, head: tree.Node | None) -> None:
        """What is assigned in the loop is not known at its head any more."""
        webs: list[Web] = self.scope.assigned_in.get(id(head), []) if head is not None else []
        for web in webs:
            var = self.web_vars.get(web)
            if var is not None:
                self.forget(var)
        for path in [path for path in self.facts if len(path) > 1 or not isinstance(path[0], Var)]:
            del self.facts[path]
        self.forget_shared()

    # --- displays ------------------------------------------------------------------------------------------------

    def _tuple(self, node: tree.Tuple, expected: Type | None) -> TExpr:
        if any(isinstance(item, tree.Starred) for item in node.elts):
            return self.starred_tuple(node)
        wanted = expected.items if isinstance(expected, TupleType) and len(expected.items) == len(node.elts) else None
        if isinstance(expected, ClassType) and expected.decl.name == "tuple_of" and expected.decl.module.core:
            items = [(self.expression(item, expected.args[0]), False) for item in node.elts]
            return self.as_tuple_of(self.list_of(items, expected.args[0], node.span), node.span)
        values = [self.expression(item, wanted[at] if wanted else None) for at, item in enumerate(node.elts)]
        if wanted:
            values = [
                self.coerce(value, kind) if relations.conversion(value.type, kind) is not None else value
                for value, kind in zip(values, wanted, strict=True)
            ]
        return self.tuple_made(values, node.span)

    def starred_tuple(self, node: tree.Tuple) -> TExpr:
        parts: list[TExpr] = []
        for item in node.elts:
            if not isinstance(item, tree.Starred):
                parts.append(self.kept(self.expression(item)))
                continue
            value = self.kept(self.expression(item.value))
            if not isinstance(value.type, TupleType):
                return self.as_tuple_of(self.display("list", node.elts, None, node), node.span)
            parts.extend(self.tuple_items(value, item.span))
        return self.tuple_made(parts, node.span)

    def as_tuple_of(self, items: TExpr, span: Span) -> TExpr:
        if not isinstance(items.type, ClassType):
            return items  # something in it was refused, or raises
        owner = self.core("tuple_of", *items.type.args)
        return self.call_on_class(owner, "from_list", span, CallSite(span, [items]))

    def wanted_args(self, expected: Type | None, name: str, node: tree.Expr) -> tuple[Type, ...]:
        """The types of the items when a `list` (`set`, `dict`) is wanted; of several, that which the items have."""
        decl = self.program.core_class(name)
        members = relations.members_of(expected) if expected is not None else ()
        found = [
            member for member in members
            if isinstance(member, ClassType) and member.decl is decl and not relations.is_open(member)
        ]  # fmt: skip
        for member in found if len(found) > 1 else ():
            _, complaints = self.tried(partial(self.apart, partial(self.expression, node, member)))
            if not complaints:
                return member.args
        return found[0].args if found else ()

    def element_of(self, expected: Type | None, name: str, node: tree.Expr) -> Type | None:
        return next(iter(self.wanted_args(expected, name, node)), None)

    def _list_or_set(self, node: tree.List | tree.Set, expected: Type | None) -> TExpr:
        name = "list" if isinstance(node, tree.List) else "set"
        made = self.display(name, node.elts, self.element_of(expected, name, node), node)
        constant = name == "set" and all(map(is_literal, node.elts))
        if constant and len(node.elts) > 4 and isinstance(made.type, ClassType):
            # CPython copies a constant, which closes up the table: the order is another (but not where a loop goes
            # through it), if there are more than fit into the smallest table
            return self.need_method(made, "copy", [], node.span)
        return made

    def display(self, name: str, elements: tuple[tree.Expr, ...], wanted: Type | None, node: tree.Expr) -> TExpr:
        items: list[tuple[TExpr, bool]] = []
        for item in elements:
            if not isinstance(item, tree.Starred):
                items.append((self.expression(item, wanted), False))
                continue
            value = self.expression(item.value)
            if not isinstance(value.type, ErrorType) and self.element_type(value) is None:
                problem = errors.MissingOperation(
                    self.source, item.span, message_text=f"`{value.type}` cannot be iterated over"
                )
                found = python_name(value.type)
                text = f"Value after * must be an iterable, not {found}" if name == "list" else ""
                return self.error(problem.raised("TypeError", text or f"'{found}' object is not iterable"))
            items.append((value, True))
        kind = wanted
        if kind is None and items:
            kinds = [self.element_type(value) or ERROR if starred else value.type for value, starred in items]
            kind = self.held(self.joined(kinds, node.span), node.span, "item")
        if kind is None:
            kind = self.unknown(node.span, "item", "the items of this list")
        return self.list_of(items, kind, node.span, name)

    def list_of(self, items: list[tuple[TExpr, bool]], kind: Type, span: Span, name: str = "list") -> TExpr:
        """A new list (or set) of these values; a starred one gives all its elements."""
        owner = self.core(name, kind)
        if relations.is_open(owner):
            for value, starred in items:
                if not starred:
                    self.coerce(value, kind, "the item")
            return Const(owner, span, None)
        with self.block() as made:
            result = self.new_list(owner, sum(not starred for _, starred in items), span)
            for value, starred in items:
                if starred and name == "set" and self.element_type(value) == kind:
                    self.emit(Do(span, self.need_method(result, "include_all", [value], span)))
                elif starred:
                    self.iterate(
                        value, span, lambda element: self.add_item(result, self.coerce(element, kind, "the item"))
                    )
                else:
                    self.add_item(result, self.coerce(value, kind, "the item"))
        return self.wrapped(made, result)

    def list_from(self, items: Iterable[TExpr], kind: Type, span: Span) -> TExpr:
        return self.list_of([(item, False) for item in items], kind, span)

    def new_list(self, owner: ClassType, capacity: int, span: Span) -> TExpr:
        if owner.decl.name == "list":
            made = self.call_on_class(owner, "with_capacity", span, CallSite(span, [self.int_const(capacity, span)]))
        else:
            made = self.construct(owner, CallSite(span))
        return self.get(self.stored(made, span), span)

    def add_item(self, target: TExpr, value: TExpr) -> None:
        assert isinstance(target.type, ClassType)
        name = "append" if target.type.decl.name == "list" else "add"
        self.emit(Do(value.span, self.need_method(target, name, [value], value.span)))

    def _dict(self, node: tree.Dict, expected: Type | None) -> TExpr:
        wanted, span = self.wanted_args(expected, "dict", node), node.span
        pairs: list[tuple[TExpr | None, TExpr]] = []
        kinds: list[tuple[Type, ...]] = []
        for key, value in zip(node.keys, node.values, strict=True):
            if key is None:
                inner = self.expression(value, expected)
                pairs.append((None, inner))
                kinds += [inner.type.args] if isinstance(inner.type, ClassType) and len(inner.type.args) == 2 else []
                continue
            made_key = self.expression(key, wanted[0] if wanted else None)
            made_value = self.expression(value, wanted[1] if wanted else None)
            pairs.append((made_key, made_value))
            kinds.append((made_key.type, made_value.type))
        if not wanted and kinds:
            wanted = tuple([
                self.held(self.joined(found, span), span, label)
                for found, label in zip(zip(*kinds, strict=True), ("key", "value"), strict=True)
            ])  # fmt: skip
        elif not wanted:
            wanted = tuple([self.unknown(span, label, f"the {label}s of this dict") for label in ("key", "value")])
        return self.dict_of(pairs, wanted, span)

    def dict_of(self, pairs: Sequence[tuple[TExpr | None, TExpr]], kinds: tuple[Type, ...], span: Span) -> TExpr:
        """A new dict of these keys and values; a value without a key is a dict whose items go in."""
        owner = self.core("dict", *kinds)
        if relations.is_open(owner):
            return Const(owner, span, None)
        with self.block() as made:
            result = self.kept(self.construct(owner, CallSite(span)))
            for key, value in pairs:
                if key is None:
                    self.emit(Do(span, self.need_method(result, "update", [value], span)))
                else:
                    first = self.coerce(key, kinds[0], "the key")
                    self.put(result, first, self.coerce(value, kinds[1], "the value"), span)
        return self.wrapped(made, result)

    # --- comprehensions ------------------------------------------------------------------------------------------

    def comprehend(
        self, generators: tuple[tree.Comprehension, ...], innermost: Callable[[], None],
        after: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """The nested loops of a comprehension; `after` is done at the end of each round of each of them. Only what the
        first one walks over sees the names of a class body."""
        if not generators:
            innermost()
            return
        generator = generators[0]

        def each(element: TExpr) -> None:
            before, body = self.facts, self.class_body
            self.class_body = None
            self.assign(generator.target, element)
            self._filter(generator.ifs, lambda: self.comprehend(generators[1:], innermost, after))
            after()
            self.facts, self.class_body = before, body

        walk = self.iterate_async if generator.is_async else self.iterate
        walk(generator.iter, generator.span, each, (), generator)

    def _filter(self, tests: tuple[tree.Expr, ...], then: Callable[[], None]) -> None:
        if not tests:
            then()
            return
        test, if_true, _ = self.test(tests[0])
        before = self.facts
        self.facts = {**before, **if_true}
        with self.block() as inside:
            self.guarded(lambda: self._filter(tests[1:], then))
        self.facts = before
        self.emit(TIf(tests[0].span, test, inside, []))

    def _comprehension(self, node: tree.ListComp | tree.SetComp, expected: Type | None) -> TExpr:
        name = "list" if isinstance(node, tree.ListComp) else "set"
        return self.collect(name, node.elt, node.generators, self.element_of(expected, name, node), node)

    def _generator(self, node: tree.GeneratorExp, expected: Type | None) -> TExpr:
        """A generator expression: a generator, or (given directly to a function that takes all its values) a list."""
        if id(node) in self.scope.generators:
            return self.lazy_generator(node)
        wanted = self.element_of(expected, "list", node)
        if isinstance(expected, ClassType) and wanted is None and expected.args and not relations.is_open(expected):
            wanted = expected.args[0]
        return self.collect("list", node.elt, node.generators, wanted, node)

    def collect(
        self, name: str, element: tree.Expr, generators: tuple[tree.Comprehension, ...], wanted: Type | None,
        node: tree.Expr,
    ) -> TExpr:  # fmt: skip
        def item() -> tuple[ClassType, tuple[TExpr, ...]]:
            value = self.expression(element, wanted)
            kind = self.held(value.type, node.span, "item") if wanted is None else wanted
            return self.core(name, kind), (self.coerce(value, kind, "the item"),)

        return self.gathered(node.span, generators, item, self.core(name, self.core("int")))

    def _dict_comp(self, node: tree.DictComp, expected: Type | None) -> TExpr:
        wanted, span = self.wanted_args(expected, "dict", node), node.span

        def item() -> tuple[ClassType, tuple[TExpr, ...]]:
            key = self.expression(node.key, wanted[0] if wanted else None)
            value = self.expression(node.value, wanted[1] if wanted else None)
            kinds = wanted or (self.held(key.type, span, "key"), self.held(value.type, span, "value"))
            pair = self.coerce(key, kinds[0], "the key"), self.coerce(value, kinds[1], "the value")
            return self.core("dict", *kinds), pair

        return self.gathered(span, node.generators, item, self.core("dict", self.core("int"), self.core("int")))

    def gathered(
        self, span: Span, generators: tuple[tree.Comprehension, ...],
        item: Callable[[], tuple[ClassType, tuple[TExpr, ...]]], empty: ClassType,
    ) -> TExpr:  # fmt: skip
        """A new collection: `item` gives its type and what is put in (for a dict a key and a value) in each round.
        `empty`: its type when each round raises."""
        found: list[TExpr] = []

        def innermost() -> None:
            owner, parts = item()
            if relations.is_open(owner):
                found.append(Const(owner, span, None))
                return
            found.append(self.get(self.temporary(owner), span))
            if len(parts) == 1:
                self.add_item(found[-1], parts[0])
            else:
                self.put(found[-1], parts[0], parts[1], span)

        with self.block() as loops:
            self.comprehend(generators, innermost)
        if not found and self.raising:
            found.append(self.get(self.temporary(empty), span))
        if not found or isinstance(found[0], Const):
            return found[0] if found else self.bad(span)
        result = found[0]
        assert isinstance(result, GetVar) and isinstance(result.type, ClassType)
        with self.block() as made:
            is_dict = result.type.decl.name == "dict"
            new = self.construct(result.type, CallSite(span)) if is_dict else self.new_list(result.type, 0, span)
            self.emit(SetVar(span, result.var, new))
            self.out.extend(loops)
        return self.wrapped(made, result)

    def any_or_all(self, node: tree.GeneratorExp, name: str, span: Span) -> TExpr:
        """`any(... for ...)` and `all(...)`: stops at the first element that decides."""
        decided = self.stored(self.bool_const(False, span))

        def innermost() -> None:
            test, _, _ = self.test(node.elt)
            hit: list[TStmt] = [SetVar(span, decided, self.bool_const(True, span))]
            self.emit(TIf(span, test if name == "any" else self.negated(test), hit, []))

        def leave() -> None:
            self.emit(TIf(span, self.get(decided, span), [TBreak(span)], []))

        self.comprehend(node.generators, innermost, leave)
        result = self.get(decided, span)
        return result if name == "any" else self.negated(result)

    # --- unpacking -----------------------------------------------------------------------------------------------

    def unpack(self, targets: tuple[tree.Expr, ...], value: TExpr, span: Span) -> None:
        """`a, b = value`, `a, *rest = value`."""
        value = self.as_tuple(self.having(value, "<unpack>", span))
        kind = value.type
        star = next((at for at, item in enumerate(targets) if isinstance(item, tree.Starred)), -1)
        if isinstance(kind, ErrorType | InferType | NeverType):
            self.emit(Do(span, value))
            self.assign_all(targets, lambda: self.bad(span))
            return
        if isinstance(value, MakeTuple) and star < 0 and len(targets) == len(value.items):
            for target, item in zip(targets, [self.kept(item) for item in value.items], strict=True):
                self.assign(target, item)
            return
        whole = self.kept(value)
        if isinstance(kind, TupleType):
            self.unpack_tuple(targets, star, whole, kind, span)
            return
        if not self.has(kind, "__at__"):
            element = self.element_type(whole)
            if element is None:
                failed = self.no_method(kind, "<unpack>", value.span)
                self.assign_all(targets, lambda: failed)
                return
            whole = self.kept(self.any_method(whole, "<unpack>", [], span)) if isinstance(kind, AnyType) else whole
            if star < 0:
                whole = self.kept(self.runtime_call("taken", [whole, self.int_const(len(targets) + 1, span)], span))
            else:
                whole = self.kept(self.list_of([(whole, True)], element, span))
        length = self.need_method(whole, "__len__", [], span)
        count = self.int_const(len(targets) - (star >= 0), span)
        name = "rt_unpack" if star < 0 else "rt_unpack_star"
        self.emit(Do(span, self.runtime_call(name, [length, count], span)))
        size = self.kept(length) if star >= 0 else length
        plain = all(isinstance(target, tree.Name) for target in targets)

        def part(at: int) -> TExpr:
            if at == star:
                return self.middle(whole, size, star, len(targets) - 1 - star, span)
            return self.item_at(whole, at if star < 0 or at < star else at - len(targets), span)

        read = [] if plain else [self.kept(part(at)) for at in range(len(targets))]  # `xs[1], xs[0] = xs`
        for at, target in enumerate(targets):
            self.assign(target.value if isinstance(target, tree.Starred) else target, part(at) if plain else read[at])

    def assign_all(self, targets: tuple[tree.Expr, ...], value: Callable[[], TExpr]) -> None:
        for target in targets:
            self.assign(target.value if isinstance(target, tree.Starred) else target, value())

    def middle(self, whole: TExpr, size: TExpr, first: int, behind: int, span: Span) -> TExpr:
        """A list of what is left of a sequence of this size without the `first` in front and those `behind`."""
        end = self.prim("wrap_sub", self.core("int"), span, size, self.int_const(behind, span))
        bounds = [self.int_const(first, span), end, self.int_const(1, span)]
        part = self.need_method(whole, "__getslice__", bounds, span)
        if isinstance(part.type, ClassType) and part.type.decl.name == "list":
            return part
        return self.list_of([(part, True)], self.element_type(part) or ERROR, span)

    def unpack_tuple(
        self, targets: tuple[tree.Expr, ...], star: int, whole: TExpr, kind: TupleType, span: Span
    ) -> None:
        count = len(kind.items)
        if len(targets) != count if star < 0 else len(targets) - 1 > count:
            wanted = len(targets) - (star >= 0)
            problem = f"{count} values cannot be unpacked into {'at least ' if star >= 0 else ''}{wanted} names"
            most = f"too many values to unpack (expected {wanted})"
            least = f"not enough values to unpack (expected {'at least ' * (star >= 0)}{wanted}, got {count})"
            report = errors.WrongArguments(self.source, span, problem=problem)
            self.report(report.raised("ValueError", most if count > wanted else least))
            return
        behind = len(targets) - 1 - star
        for at, target in enumerate(targets):
            if isinstance(target, tree.Starred):
                middle = self.tuple_items(whole, span)[star : count - behind]
                unknown = self.unknown(target.span, "item", "the items") if not middle else None
                held = unknown or self.held(self.joined([item.type for item in middle], span), target.span, "item")
                self.assign(target.value, self.list_from(middle, held, span))
            else:
                index = at if star < 0 or at < star else count - (len(targets) - at)
                self.assign(target, GetItem(kind.items[index], target.span, whole, index))


__all__ = ["Facts", "Iteration"]
