"""What writes methods and functions: `cached_property`, `total_ordering`, `singledispatch`, `property(...)` as a call.

In: what stands below one of them, or in it. Out: the methods, or the tests, that it stands for.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterator

from ..syntax import tree
from ..syntax.node import changed
from ..syntax.parts import last_name
from .quoted import quoted, quoted_function

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

GETTER = "@property\ndef name(self): return owner.method(self)\n"
SETTER = "@name.setter\ndef name(self, value): owner.method(self, value)\n"

Body = tuple[tree.Stmt, ...]


def function_of(decorator: tree.Expr) -> tree.Expr:
    """`d` of `@d` and of `@d(...)`."""
    return decorator.func if isinstance(decorator, tree.Call) else decorator


def cached(node: tree.FunctionDef) -> Body:
    """`@cached_property`: a property that keeps what the method gave when it was first asked."""
    me = node.args.plain[0]
    computed = f"{node.name} (computed)"
    getter = quoted_function(CACHED, node.span, self=me.arg, kept=f"{node.name} (kept)", computed=computed)
    return changed(node, name=computed, decorators=()), changed(node, body=getter.body, decorators=getter.decorators)


def properties(node: tree.Stmt, owner: str) -> Body | None:
    """`x = property(get)`, `x = property(get, set)` in a class, of methods or lambdas; None when it is none."""
    match node:
        case tree.Assign(
            targets=(tree.Name(id=name),),
            value=tree.Call(func=tree.Name(id="property"), args=(_, *_) as given, keywords=()),
        ) if len(given) <= 2 and all(isinstance(item, tree.Name | tree.Lambda) for item in given):
            made: list[tree.Stmt] = []
            for text, item in zip((GETTER, SETTER), given, strict=False):
                method = item.id if isinstance(item, tree.Name) else ""
                part = quoted_function(text, node.span, name=name, owner=owner, method=method)
                if isinstance(item, tree.Lambda):
                    part = changed(part, args=item.args, body=(tree.Return(item.body.span, item.body),))
                made.append(part)
            return tuple(made)
        case _:
            return None


def ordering(node: tree.ClassDef) -> Body | None:
    """The methods that `@total_ordering` adds; None where nothing says how to order."""
    there = {item.name for item in node.body if isinstance(item, tree.FunctionDef)}
    root = next((name for name in ORDERS if name in there), None)
    if root is None:
        return () if node.bases else None
    op, turned, nearly, opposite = ORDERS[root]
    less, more = ("and self !=", "or self ==") if len(op) == 1 else ("or self ==", "and self !=")
    given = {turned: f"not self {op} other {less}", nearly: f"self {op} other {more}", opposite: f"not self {op}"}
    lacking = (f"def {name}(self, other): return {value} other\n" for name, value in given.items() if name not in there)
    return quoted("".join(lacking), node.name_span)


def dispatched(body: Body) -> Iterator[tree.Stmt]:
    """`@singledispatch`: the function asks for the type of its first argument, the class farthest down first."""
    functions = [node for node in body if isinstance(node, tree.FunctionDef)]
    generic = {node.name for node in functions if "singledispatch" in map(last_name, node.decorators)}
    classes = [node.name for node in body if isinstance(node, tree.ClassDef)]
    forms: dict[str, list[tuple[tree.Expr, str]]] = {name: [] for name in generic}

    def depth(form: tuple[tree.Expr, str]) -> tuple[int, int]:
        name = last_name(form[0])
        kind = getattr(builtins, name, None)
        return (1, classes.index(name)) if name in classes else (0, len(kind.__mro__) if isinstance(kind, type) else 0)

    named: dict[tree.Stmt, tree.Stmt] = {}
    for form in functions if generic else ():
        registered = [item for item in form.decorators if _registers(item) in generic]
        if not registered or form.name in generic:
            continue
        name = f"{form.name} (at {form.span.start})" if form.name == "_" else form.name
        first = next(iter(form.args.plain), None)
        for item in registered:
            given = first.annotation if first is not None else None
            given = item.args[0] if isinstance(item, tree.Call) and item.args else given
            if given is not None:
                forms[_registers(item)].append((given, name))
        rest = tuple(item for item in form.decorators if item not in registered)
        named[form] = changed(form, name=name, decorators=rest)
    for node in body:
        if isinstance(node, tree.FunctionDef) and node.name in generic:
            yield from _dispatcher(node, sorted(forms[node.name], key=depth, reverse=True))
        else:
            yield named.get(node, node)


def _registers(node: tree.Expr) -> str:
    """The function that `@f.register` and `@f.register(C)` speak of."""
    match function_of(node):
        case tree.Attribute(value=tree.Name(id=name), attr="register"):
            return name
        case _:
            return ""


def _dispatcher(node: tree.FunctionDef, forms: list[tuple[tree.Expr, str]]) -> Body:
    span, default = node.span, f"{node.name} (default)"
    values: tuple[tree.Expr, ...] = tuple(tree.Name(span, item.arg) for item in node.args.plain)
    if node.args.vararg is not None:
        values = (*values, tree.Starred(span, tree.Name(span, node.args.vararg.arg)))
    words = [tree.Keyword(span, item.arg, tree.Name(span, item.arg)) for item in node.args.kwonlyargs]
    if node.args.kwarg is not None:
        words.append(tree.Keyword(span, None, tree.Name(span, node.args.kwarg.arg)))

    def call(name: str) -> tree.Return:
        return tree.Return(span, tree.Call(span, tree.Name(span, name), values, tuple(words)))

    tests = [
        (tree.Call(span, tree.Name(span, "isinstance"), (values[0], kind), ()), call(name)) for kind, name in forms
    ]
    body = (*(tree.If(span, test, (calling,), ()) for test, calling in tests), call(default))
    bare = node.args.with_each(lambda item: changed(item, annotation=None))
    rest = tuple(item for item in node.decorators if last_name(item) != "singledispatch")
    general = changed(node, args=bare, returns=None, body=body, decorators=rest)
    return changed(node, name=default, decorators=()), general
