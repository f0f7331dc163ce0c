"""Decorators of functions in functions, functions that are defined on a condition, and managers above functions.

In: the tree of a user's module, and a way to ask whether a module has a name. Out: the same tree in which `@d def f` in
a function is `f = d(f)`, a function that is defined on a condition is a variable that holds it, a manager above a
function stands inside of it; what can be decided is (`choices`), and `shorthands` and `flags` have been at each class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain

from ..syntax import tree
from ..syntax.node import changed, field_names, walk
from ..syntax.parts import bindings, blocks, bound, is_literal, last_name
from .choices import Body, Has, decided
from .flags import FLAGS, flag
from .shorthands import cached, dispatched, function_of, ordering, properties

KEPT_DECORATORS = frozenset(("wraps", "contextmanager", "override", "final", "overload"))
DECLARATIONS = (tree.FunctionDef, tree.ClassDef, tree.Import, tree.ImportFrom)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: in a function or at module level, below a condition or not; `again`: the names of
    functions there that are to become variables."""

    in_function: bool = False
    conditional: bool = False
    again: frozenset[str] = frozenset()


def formed(module: tree.Module, has: Has) -> tree.Module:
    asked = frozenset(last_name(item) for item in walk(module) if isinstance(item, tree.Attribute | tree.Name))
    former = _Former(has, dict(_managers(module.body)), asked)
    body = tuple(decided(dispatched(tuple(_self_calling(module))), has))
    assigned = {name for name, node in bound(body) if not isinstance(node, DECLARATIONS)}
    again = {*_conditional(body), *(name for name in _functions(body) if name in assigned)}
    return changed(module, body=former.block(body, Place(again=frozenset(again))))


def _self_calling(module: tree.Module) -> Iterator[tree.Stmt]:
    """The statements of a module; `f = lambda n: ... f(n - 1)` is a `def f`, where nothing can tell them apart."""
    made = any(isinstance(node, tree.Assign) and isinstance(node.value, tree.Lambda) for node in module.body)
    named = Counter(bindings(module) if made else ())
    told = made and any(isinstance(item, tree.Attribute) and item.attr == "__name__" for item in walk(module))
    for node in module.body:
        match node:
            case tree.Assign(targets=(tree.Name(id=name, span=place),), value=tree.Lambda(args=args, body=value)) if (
                not told and named[name] == 1 and any(isinstance(x, tree.Name) and x.id == name for x in walk(value))
            ):
                body = (tree.Return(value.span, value),)
                yield tree.FunctionDef(node.span, name, place, (), args, None, body, (), False)
            case _:
                yield node


class _Former:
    def __init__(self, has: Has, managers: dict[str, bool], asked: frozenset[str]) -> None:
        self.has = has
        self.asked = asked
        self.managers = managers
        """What gives context managers that can stand above a function: is it a function, called anew each time?"""

    def block(self, body: Iterable[tree.Stmt], place: Place) -> Body:
        body = updated(tuple(decided(body, self.has)), self.asked)
        return tuple(item for node in body for item in self.statement(node, place))

    def statement(self, node: tree.Stmt, place: Place) -> Body:
        match node:
            case tree.FunctionDef():
                return self.function(node, place)
            case tree.ClassDef(bases=(*_, base)) if last_name(base) in FLAGS and (made := flag(node)):
                return made
            case tree.ClassDef():
                return (self.class_(node),)
            case tree.If() | tree.For() | tree.While() | tree.Try() | tree.With() | tree.Match():
                return (self.compound(node, place),)
            case _:
                return (node,)

    def compound(self, node: tree.Stmt, place: Place) -> tree.Stmt:
        is_main = isinstance(node, tree.If) and _is_main(node.test)
        inner = Place(place.in_function, place.conditional or not (is_main or isinstance(node, tree.With)), place.again)

        def part(value: object) -> object:
            if isinstance(value, tuple) and value and isinstance(value[0], tree.Stmt):
                return self.block(value, inner)
            if isinstance(value, tuple) and value and isinstance(value[0], tree.ExceptHandler | tree.MatchCase):
                return tuple(changed(item, body=self.block(item.body, inner)) for item in value)
            return value

        return changed(node, **{name: part(getattr(node, name)) for name in field_names(node)})

    def function(self, node: tree.FunctionDef, place: Place, is_method: bool = False) -> Body:
        body = tuple(decided(node.body, self.has))
        node = changed(node, body=self.block(body, Place(True, False, frozenset(_several(body)))))
        before, managed = self.managed(node)
        if before and not is_method:
            return *before, *self.function(managed, place)
        node = node if before else managed
        if is_method:
            return (node,)
        others = [item for item in node.decorators if last_name(function_of(item)) not in KEPT_DECORATORS]
        if not (place.in_function and others) and node.name not in place.again:
            return (node,)
        if not place.in_function and node.decorators:
            return (node,)
        hidden = f"{node.name} (at {node.span.start})"
        kept = tuple(item for item in node.decorators if item not in others)
        value: tree.Expr = tree.Name(node.name_span, hidden)
        for decorator in reversed(others):
            value = tree.Call(decorator.span, decorator, (value,), ())
        function = changed(node, name=hidden, decorators=kept)
        return function, tree.Assign(node.name_span, (tree.Name(node.name_span, node.name),), value)

    def managed(self, node: tree.FunctionDef) -> tuple[Body, tree.FunctionDef]:
        """`@manager(...) def f` as `def f` whose body stands in a `with manager(...)`; what the manager is given is
        evaluated before, once."""
        before: list[tree.Stmt] = []

        def once(value: tree.Expr) -> tree.Expr:
            if is_literal(value):
                return value
            name = tree.Name(value.span, f"{node.name} (given at {value.span.start})")
            before.append(tree.Assign(value.span, (name,), value))
            return name

        while node.decorators and not any(isinstance(item, tree.Yield | tree.YieldFrom) for item in walk(node)):
            call = node.decorators[-1]
            is_function = self.managers.get(last_name(function_of(call)))
            if node.is_async or is_function is None or not isinstance(call, tree.Call):
                break
            if any(isinstance(item, tree.Starred) for item in call.args):
                break
            if is_function:
                words = tuple(changed(item, value=once(item.value)) for item in call.keywords)
                manager: tree.Expr = changed(call, args=tuple(map(once, call.args)), keywords=words)
            else:
                manager = once(call)
            inside = tree.With(call.span, (tree.WithItem(call.span, manager, None),), node.body, False)
            node = changed(node, body=(inside,), decorators=node.decorators[:-1])
        return tuple(before), node

    def class_(self, node: tree.ClassDef) -> tree.ClassDef:
        orders = ordering(node)
        decorators = tuple(item for item in node.decorators if last_name(item) != "total_ordering" or orders is None)
        body: list[tree.Stmt] = []
        for item in decided(node.body, self.has):
            if not isinstance(item, tree.FunctionDef):
                body += properties(item, node.name) or (self.class_(item) if isinstance(item, tree.ClassDef) else item,)
                continue
            (method,) = self.function(item, Place(), True)
            assert isinstance(method, tree.FunctionDef)
            body += cached(method) if "cached_property" in map(last_name, method.decorators) else (method,)
        if len(decorators) < len(node.decorators):
            body += orders or ()
        return changed(node, body=tuple(body), decorators=decorators)


def updated(body: Body, asked: frozenset[str]) -> Body:
    """`update_wrapper(f, g)` of a function that stands in `body` as `@wraps(g)` above it; of an object as setting what
    the program asks for of it."""
    if "update_wrapper" not in asked:
        return body
    wrapped: dict[str, tree.Call] = {}
    made: list[tree.Stmt] = []
    local = {item.name for item in body if isinstance(item, tree.FunctionDef)}
    for node in body:
        call = node.value if isinstance(node, tree.ExprStmt | tree.Return) else None
        match call:
            case tree.Call(func=func, args=(tree.Name(id=name) as target, value), keywords=()) if (
                last_name(func) == "update_wrapper"
            ):
                if name in local:
                    wraps = changed(func, **{"id" if isinstance(func, tree.Name) else "attr": "wraps"})
                    wrapped[name] = tree.Call(call.span, wraps, (value,), ())
                for fact in ("__name__", "__doc__", "__wrapped__"):
                    if name not in local and fact in asked:
                        told = value if fact == "__wrapped__" else tree.Attribute(value.span, value, fact, value.span)
                        place = tree.Attribute(target.span, target, fact, target.span)
                        made.append(tree.Assign(node.span, (place,), told))
                made += [tree.Return(node.span, target)] if isinstance(node, tree.Return) else []
            case _:
                made.append(node)
    return tuple(
        changed(item, decorators=(wrapped[item.name],))
        if isinstance(item, tree.FunctionDef) and item.name in wrapped and not item.decorators
        else item
        for item in made
    )


def _is_main(node: tree.Expr) -> bool:
    return isinstance(node, tree.Compare) and last_name(node.left) == "__name__"


def _inner(node: tree.Stmt) -> Iterator[tree.Stmt]:
    """The statements directly below a compound statement."""
    return chain.from_iterable(blocks(node))


def _functions(body: Iterable[tree.Stmt]) -> Iterator[str]:
    for node in body:
        if isinstance(node, tree.FunctionDef):
            yield node.name
        elif not isinstance(node, tree.ClassDef):
            yield from _functions(_inner(node))


def _several(body: Body) -> set[str]:
    """Names that are bound more than once, and by a `def` among others."""
    counts = Counter(name for name, _ in bound(body))
    return {name for name in _functions(body) if counts[name] > 1}


def _conditional(body: Body) -> Iterator[str]:
    """Functions that are defined below a condition."""
    for node in body:
        if isinstance(node, tree.With) or (isinstance(node, tree.If) and _is_main(node.test)):
            yield from _conditional(tuple(_inner(node)))
        elif not isinstance(node, tree.FunctionDef | tree.ClassDef):
            yield from _functions(_inner(node))


def _managers(body: Body) -> Iterator[tuple[str, bool]]:
    for node in body:
        match node:
            case tree.FunctionDef(decorators=(_, *_)) if last_name(node.decorators[-1]) == "contextmanager":
                yield node.name, True
            case tree.ClassDef(bases=(base,)) if last_name(base) == "ContextDecorator":
                yield node.name, False
