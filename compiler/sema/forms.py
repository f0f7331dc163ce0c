"""Forms that say what others say: decorators of nested functions, functions defined on a condition, imports that may
fail.

In: the tree of a user's module, and a way to ask whether a module has a name. Out: the same tree in forms that the
checker knows: what the compiler can decide (`TYPE_CHECKING`, `sys.version_info`, whether an import fails) is decided,
`@d def f` in a function is `f = d(f)`, a function that is defined on a condition is a variable that holds it, and
`cached_property`, `singledispatch` and `total_ordering` are the methods and tests that they stand for.
"""

from __future__ import annotations

import builtins
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TypeGuard

from ..syntax import tree
from ..syntax.node import field_names, walk
from ..syntax.parts import blocks
from .defaults import is_literal
from .flags import FLAGS, flag
from .oldstyle import ANYTHING, changed, last_name
from .quoted import quoted, quoted_function

VERSION = (3, 12)
"""What `sys.version_info` says."""
IMPORT_ERRORS = frozenset(("ImportError", "ModuleNotFoundError", "Exception", ""))
KEPT_DECORATORS = frozenset(("wraps", "contextmanager", "override", "final", "overload"))
COMPARE = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip
ORDERS = {
    "__lt__": ("<", "__gt__", "__le__", "__ge__"), "__le__": ("<=", "__ge__", "__lt__", "__gt__"),
    "__gt__": (">", "__lt__", "__ge__", "__le__"), "__ge__": (">=", "__le__", "__gt__", "__lt__"),
}  # fmt: skip
"""`total_ordering`: for the method that is there, its operator, and those the other way round, with or without
equality, and for the opposite."""
CACHED = """
@property
def get(self):
    try:
        return self.kept
    except AttributeError:
        self.kept = self.computed()
        return self.kept
"""

DECLARATIONS = (tree.FunctionDef, tree.ClassDef, tree.Import, tree.ImportFrom)

Has = Callable[[str, str | None, int], bool]
Body = tuple[tree.Stmt, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a statement stands: in a function or at module level, below a condition or not; `again`: the names of
    functions there that are to become variables."""

    in_function: bool = False
    conditional: bool = False
    again: frozenset[str] = frozenset()


def formed(module: tree.Module, has: Has) -> tree.Module:
    """`has(module, name, level)`: does importing this (a module, for None) succeed?"""
    former = _Former(has, dict(_managers(module.body)))
    body = tuple(former.decided(_dispatched(module.body)))
    assigned = {name for name, node in bound(body) if not isinstance(node, DECLARATIONS)}
    again = {*_conditional(body), *(name for name in _functions(body) if name in assigned)}
    body = former.block(body, Place(again=frozenset(again)))
    return module if body == module.body else tree.Module(module.span, body, module.pragma)


class _Former:
    def __init__(self, has: Has, managers: dict[str, bool]) -> None:
        self.has = has
        self.managers = managers
        """What gives context managers that can stand above a function: is it a function, called anew each time?"""

    # --- what is known before the program runs -------------------------------------------------------------------

    def decided(self, body: Iterable[tree.Stmt]) -> Iterator[tree.Stmt]:
        """The statements, with those that a decided condition chooses in its place."""
        for node in body:
            chosen = self.choice(node)
            yield from (node,) if chosen is None else self.decided(chosen)

    def choice(self, node: tree.Stmt) -> Body | None:
        match node:
            case tree.If(test=tree.UnaryOp(op="not", operand=test)) if last_name(test) == "TYPE_CHECKING":
                return self.for_types(node.orelse, node.body)
            case tree.If(test=test) if last_name(test) == "TYPE_CHECKING":
                return self.for_types(node.body, node.orelse)
            case tree.If(test=tree.Compare(ops=(op,), comparators=(wanted,)) as test):
                known = _version(test.left)
                numbers = _numbers(wanted)
                if known is None or numbers is None or op not in COMPARE:
                    return None
                return node.body if COMPARE[op](known, numbers) else node.orelse
            case tree.Try() if any(isinstance(item, tree.Import | tree.ImportFrom) for item in node.body):
                return self.attempt(node)
            case _:
                return None

    def for_types(self, body: Body, otherwise: Body) -> Body:
        """Only the imports are of use: for annotations. What cannot be imported may be anything."""
        taken = {name for name, _ in bound(otherwise)}
        made: list[tree.Stmt] = []
        for node in body:
            if not isinstance(node, tree.Import | tree.ImportFrom):
                continue
            for item in node.names:
                name = item.asname or item.name.partition(".")[0]
                if name in taken:
                    continue
                if self.succeeds(node, item):
                    made.append(changed(node, names=(item,)))
                else:
                    made.append(tree.TypeAlias(item.span, name, (), tree.Name(item.span, ANYTHING)))
        return (*made, *otherwise)

    def succeeds(self, node: tree.Import | tree.ImportFrom, item: tree.Alias) -> bool:
        if isinstance(node, tree.Import):
            return self.has(item.name, None, 0)
        return self.has(node.module or "", item.name, node.level)

    def attempt(self, node: tree.Try) -> Body | None:
        """`try: import a` with what is done when there is no `a`."""
        catching = next((item for item in node.handlers if _catches_import(item.type)), None)
        if catching is None:
            return None
        for at, part in enumerate(node.body):
            if not isinstance(part, tree.Import | tree.ImportFrom) or all(
                self.succeeds(part, item) for item in part.names
            ):
                continue
            if catching.name is not None:
                return None
            known = {name for name, _ in bound((*catching.body, *node.orelse))}
            missing = [item.asname or item.name.partition(".")[0] for item in part.names]
            unset = [_anything(tree.Name(part.span, name)) for name in missing if name not in known]
            caught = (_anything(item) if _gives_none(item, missing) else item for item in catching.body)
            return (*node.body[:at], *unset, *caught, *node.finalbody)
        simple: tuple[type[tree.Stmt], ...] = (tree.Import, tree.ImportFrom, tree.Pass)
        if catching.type is not None and last_name(catching.type) in ("ImportError", "ModuleNotFoundError"):
            simple = (*simple, tree.Assign, tree.AnnAssign)  # what they may raise is not caught here
        return (*node.body, *node.orelse, *node.finalbody) if all(isinstance(i, simple) for i in node.body) else None

    # --- definitions ---------------------------------------------------------------------------------------------

    def block(self, body: Body, place: Place) -> Body:
        made = tuple(item for node in self.decided(body) for item in self.statement(node, place))
        return body if len(made) == len(body) and all(map(operator.is_, made, body)) else made

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

        parts = {name: part(getattr(node, name)) for name in field_names(node)}
        return node if all(parts[name] is getattr(node, name) for name in parts) else changed(node, **parts)

    def function(self, node: tree.FunctionDef, place: Place, is_method: bool = False) -> Body:
        decided = tuple(self.decided(node.body))
        inside = Place(True, False, frozenset(_several(decided)))
        body = self.block(decided if len(decided) != len(node.body) else node.body, inside)
        if body is not node.body:
            node = changed(node, body=body)
        before, managed = self.managed(node)
        if before and not is_method:
            return *before, *self.function(managed, place)
        node = node if before else managed
        if is_method:
            return (node,)
        others = [item for item in node.decorators if last_name(_function_of(item)) not in KEPT_DECORATORS]
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
            is_function = self.managers.get(last_name(_function_of(call)))
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
        decorators = tuple(item for item in node.decorators if last_name(item) != "total_ordering")
        body: list[tree.Stmt] = []
        for item in self.decided(node.body):
            if not isinstance(item, tree.FunctionDef):
                body.append(self.class_(item) if isinstance(item, tree.ClassDef) else item)
                continue
            (method,) = self.function(item, Place(), True)
            assert isinstance(method, tree.FunctionDef)
            cached = [at for at, found in enumerate(method.decorators) if last_name(found) == "cached_property"]
            body += _cached(method) if cached else (method,)
        if len(decorators) < len(node.decorators):
            body += _ordering(node)
        same = len(body) == len(node.body) and all(map(operator.is_, body, node.body))
        return node if same and len(decorators) == len(node.decorators) else changed(
            node, body=tuple(body), decorators=decorators
        )  # fmt: skip


def _gives_none(node: tree.Stmt, names: list[str]) -> TypeGuard[tree.Assign]:
    """`np = None`, for one of the names."""
    match node:
        case tree.Assign(targets=(tree.Name(id=name),), value=tree.NoneLiteral()):
            return name in names
        case _:
            return False


def _anything(node: tree.Assign | tree.Name) -> tree.Stmt:
    """The variable may hold anything: what would have been imported is asked for what only it has."""
    target, value = (node, None) if isinstance(node, tree.Name) else (node.targets[0], node.value)
    return tree.AnnAssign(node.span, target, tree.Name(node.span, ANYTHING), value)


def _function_of(decorator: tree.Expr) -> tree.Expr:
    return decorator.func if isinstance(decorator, tree.Call) else decorator


def _version(node: tree.Expr) -> tuple[int, ...] | int | None:
    """`sys.version_info`, and its first two numbers."""
    match node:
        case tree.Attribute(attr="version_info"):
            return VERSION
        case tree.Subscript(value=tree.Attribute(attr="version_info"), slice=tree.IntLiteral(value=at)) if at < 2:
            return VERSION[at]
        case tree.Subscript(
            value=tree.Attribute(attr="version_info"),
            slice=tree.Slice(lower=None, upper=tree.IntLiteral(value=2), step=None),
        ):
            return VERSION
        case tree.Attribute(value=tree.Attribute(attr="version_info"), attr="major" | "minor" as name):
            return VERSION[name == "minor"]
        case _:
            return None


def _numbers(node: tree.Expr) -> tuple[int, ...] | int | None:
    match node:
        case tree.IntLiteral(value=number):
            return number
        case tree.Tuple(elts=items):
            found = [item.value for item in items if isinstance(item, tree.IntLiteral)]
            return tuple(found) if len(found) == len(items) else None
        case _:
            return None


def _is_main(node: tree.Expr) -> bool:
    return isinstance(node, tree.Compare) and last_name(node.left) == "__name__"


def _catches_import(node: tree.Expr | None) -> bool:
    items = node.elts if isinstance(node, tree.Tuple) else (node,)
    return any(item is None or last_name(item) in IMPORT_ERRORS for item in items)


def bound(body: Iterable[tree.Stmt]) -> Iterator[tuple[str, tree.Stmt]]:
    """Names that the statements bind, inner blocks included, each time with the statement."""
    for node in body:
        match node:
            case tree.FunctionDef() | tree.ClassDef():
                yield node.name, node
                continue
            case tree.Assign(targets=targets):
                yield from ((item.id, node) for item in targets if isinstance(item, tree.Name))
            case tree.AnnAssign(target=tree.Name(id=name)) | tree.AugAssign(target=tree.Name(id=name)):
                yield name, node
            case tree.Import() | tree.ImportFrom():
                yield from ((item.asname or item.name.partition(".")[0], node) for item in node.names)
        yield from bound(_inner(node))


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


def _cached(node: tree.FunctionDef) -> Body:
    """`@cached_property`: a property that keeps what the method gave when it was first asked."""
    me = node.args.posonlyargs[0] if node.args.posonlyargs else node.args.args[0]
    computed = f"{node.name} (computed)"
    getter = quoted_function(CACHED, node.span, self=me.arg, kept=f"{node.name} (kept)", computed=computed)
    return changed(node, name=computed, decorators=()), changed(node, body=getter.body, decorators=getter.decorators)


def _ordering(node: tree.ClassDef) -> Body:
    """The methods that `@total_ordering` adds."""
    there = {item.name for item in node.body if isinstance(item, tree.FunctionDef)}
    root = next((name for name in ORDERS if name in there), None)
    if root is None:
        return ()
    op, turned, nearly, opposite = ORDERS[root]
    less, more = ("and self !=", "or self ==") if len(op) == 1 else ("or self ==", "and self !=")
    given = {turned: f"not self {op} other {less}", nearly: f"self {op} other {more}", opposite: f"not self {op}"}
    lacking = (f"def {name}(self, other): return {value} other\n" for name, value in given.items() if name not in there)
    return quoted("".join(lacking), node.name_span)


def _dispatched(body: Body) -> Body:
    """`@singledispatch`: the function asks for the type of its first argument, the class farthest down first."""
    generic = {
        node.name: node for node in body
        if isinstance(node, tree.FunctionDef) and any(last_name(item) == "singledispatch" for item in node.decorators)
    }  # fmt: skip
    if not generic:
        return body
    classes = [node.name for node in body if isinstance(node, tree.ClassDef)]
    forms: dict[str, list[tuple[tree.Expr, str]]] = {name: [] for name in generic}
    made: list[tree.Stmt] = []
    for node in body:
        if not isinstance(node, tree.FunctionDef) or node.name in generic:
            made.append(node)
            continue
        registered = [item for item in node.decorators if _registers(item) in generic]
        name = f"{node.name} (at {node.span.start})" if registered and node.name == "_" else node.name
        first = next(iter((*node.args.posonlyargs, *node.args.args)), None)
        for item in registered:
            given = first.annotation if first is not None else None
            given = item.args[0] if isinstance(item, tree.Call) and item.args else given
            if given is not None:
                forms[_registers(item)].append((given, name))
        rest = tuple(item for item in node.decorators if item not in registered)
        made.append(changed(node, name=name, decorators=rest) if registered else node)

    def depth(form: tuple[tree.Expr, str]) -> tuple[int, int]:
        name = last_name(form[0])
        kind = getattr(builtins, name, None)
        return (1, classes.index(name)) if name in classes else (0, len(kind.__mro__) if isinstance(kind, type) else 0)

    return tuple(
        item for node in made
        for item in (
            _dispatcher(node, sorted(forms[node.name], key=depth, reverse=True))
            if isinstance(node, tree.FunctionDef) and node.name in generic else (node,)
        )
    )  # fmt: skip


def _registers(node: tree.Expr) -> str:
    """The function that `@f.register` and `@f.register(C)` speak of."""
    match _function_of(node):
        case tree.Attribute(value=tree.Name(id=name), attr="register"):
            return name
        case _:
            return ""


def _dispatcher(node: tree.FunctionDef, forms: list[tuple[tree.Expr, str]]) -> Body:
    span, default = node.span, f"{node.name} (default)"
    plain = (*node.args.posonlyargs, *node.args.args)
    values: tuple[tree.Expr, ...] = tuple(tree.Name(span, item.arg) for item in plain)
    if node.args.vararg is not None:
        values = (*values, tree.Starred(span, tree.Name(span, node.args.vararg.arg)))
    words = [tree.Keyword(span, item.arg, tree.Name(span, item.arg)) for item in node.args.kwonlyargs]
    if node.args.kwarg is not None:
        words.append(tree.Keyword(span, None, tree.Name(span, node.args.kwarg.arg)))

    def call(name: str) -> tree.Return:
        return tree.Return(span, tree.Call(span, tree.Name(span, name), values, tuple(words)))

    def bare(items: tuple[tree.Arg, ...]) -> tuple[tree.Arg, ...]:
        return tuple(changed(item, annotation=None) for item in items)

    body: list[tree.Stmt] = []
    for kind, name in forms:
        test = tree.Call(span, tree.Name(span, "isinstance"), (values[0], kind), ())
        body.append(tree.If(span, test, (call(name),), ()))
    arguments = changed(
        node.args, posonlyargs=bare(node.args.posonlyargs), args=bare(node.args.args),
        kwonlyargs=bare(node.args.kwonlyargs),
    )  # fmt: skip
    rest = tuple(item for item in node.decorators if last_name(item) != "singledispatch")
    general = changed(node, args=arguments, returns=None, body=(*body, call(default)), decorators=rest)
    return changed(node, name=default, decorators=()), general
