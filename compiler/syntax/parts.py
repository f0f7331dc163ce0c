"""What the nodes of a tree are made of: targets, blocks, expressions, in the order in which Python looks at them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from . import tree
from .node import Frozen, walk

CONTAINERS = frozenset(("list", "dict", "set", "tuple", "frozenset", "deque", "defaultdict", "Counter"))
OF_TYPING = frozenset(("List", "Dict", "Set", "Tuple"))
"""Their older names."""


def walrus_targets(node: tree.Expr) -> Iterator[tree.Name]:
    """The names that `:=` in an expression gives a value, but for those inside a lambda."""
    if isinstance(node, tree.NamedExpr):
        yield node.target
    if not isinstance(node, tree.Lambda | tree.Name):
        for child in children(node):
            yield from walrus_targets(child)


def captured_names(node: tree.Pattern) -> Iterator[str]:
    """The names that a pattern gives a value."""
    name = node.rest if isinstance(node, tree.MatchMapping) else getattr(node, "name", None)
    if isinstance(name, str):
        yield name
    for child in subpatterns(node):
        yield from captured_names(child)


def flat(target: tree.Expr) -> Iterator[tree.Expr]:
    """What a target is made of: names, attributes, items."""
    match target:
        case tree.Tuple() | tree.List():
            for item in target.elts:
                yield from flat(item)
        case tree.Starred():
            yield from flat(target.value)
        case _:
            yield target


def names_in(parts: Iterable[tree.Expr]) -> Iterator[str]:
    return (item.id for item in parts if isinstance(item, tree.Name))


def targets(node: tree.Stmt) -> Iterator[tree.Expr]:
    """What a statement gives a value, but for what the blocks in it do."""
    found: Iterable[tree.Expr | None] = ()
    match node:
        case tree.Assign():
            found = node.targets
        case tree.AugAssign() | tree.AnnAssign() | tree.For():
            found = (node.target,)
        case tree.With():
            found = (item.optional_vars for item in node.items)
    for target in found:
        yield from flat(target) if target is not None else ()


def bindings(node: Frozen) -> Iterator[str]:
    """The names that are bound anywhere in a node, parameters included, each as often as it is."""
    for item in walk(node):
        match item:
            case tree.FunctionDef() | tree.ClassDef() | tree.TypeAlias():
                yield item.name
            case tree.Alias():
                yield item.bound
            case tree.Arg():
                yield item.arg
            case tree.Global():
                yield from item.names
            case tree.NamedExpr() | tree.Comprehension():
                yield from names_in(flat(item.target))
            case tree.ExceptHandler(name=str(name)) | tree.MatchAs(name=str(name)) | tree.MatchStar(name=str(name)):
                yield name
            case tree.MatchMapping(rest=str(name)):
                yield name
            case tree.Stmt():
                yield from names_in(targets(item))


def bound(body: Iterable[tree.Stmt]) -> Iterator[tuple[str, tree.Stmt]]:
    """The names that statements bind, inner blocks included, each time with the statement."""
    for node in body:
        match node:
            case tree.FunctionDef() | tree.ClassDef():
                yield node.name, node
            case tree.Import() | tree.ImportFrom():
                yield from ((item.bound, node) for item in node.names)
            case _:
                yield from ((name, node) for name in names_in(targets(node)))
        yield from bound(item for block in blocks(node) for item in block)


def last_name(node: tree.Expr) -> str:
    """`C` of `C` and of `module.C`."""
    match node:
        case tree.Name(id=name) | tree.Attribute(attr=name):
            return name
        case _:
            return ""


def is_literal(node: tree.Expr) -> bool:
    """Evaluating it again gives the same value, so it may be written in place."""
    match node:
        case tree.Literal():
            return True
        case tree.UnaryOp():
            return is_literal(node.operand)
        case tree.Tuple():
            return all(is_literal(item) for item in node.elts)
        case _:
            return False


def unplaced(node: tree.Expr) -> object:
    """What a literal says, wherever it stands."""
    match node:
        case tree.Tuple(elts=items):
            return tuple(map(unplaced, items))
        case tree.UnaryOp(op=op, operand=inner):
            return op, unplaced(inner)
        case _:
            return getattr(node, "value", None)


def blocks(node: tree.Stmt) -> Iterable[tuple[tree.Stmt, ...]]:
    match node:
        case tree.If() | tree.For() | tree.While():
            return (node.body, node.orelse)
        case tree.With():
            return (node.body,)
        case tree.Try():
            return (node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody)
        case tree.Match():
            return tuple(case.body for case in node.cases)
        case _:
            return ()


def statement_expressions(node: tree.Stmt) -> Iterable[tree.Expr]:
    found: list[tree.Expr | None] = []
    match node:
        case tree.ExprStmt() | tree.Return():
            found = [node.value]
        case tree.Assign():
            found = [node.value, *node.targets]
        case tree.AugAssign() | tree.AnnAssign():
            found = [node.value, node.target]
        case tree.If() | tree.While():
            found = [node.test]
        case tree.For():
            found = [node.iter]
        case tree.With():
            found = [item.context_expr for item in node.items]
        case tree.Raise():
            found = [node.exc, node.cause]
        case tree.Assert():
            found = [node.test, node.msg]
        case tree.Match():
            found = [node.subject, *(case.guard for case in node.cases)]
    return [item for item in found if item is not None]


def surely_set(body: Iterable[tree.Stmt], me: str) -> set[str]:
    """Attributes of `me` that have a value wherever the end of these statements is reached."""
    found: set[str] = set()
    for statement in body:
        match statement:
            case tree.Assign() | tree.AnnAssign(value=tree.Expr()):
                for item in targets(statement):
                    if isinstance(item, tree.Attribute) and isinstance(item.value, tree.Name) and item.value.id == me:
                        found.add(item.attr)
            case tree.If():
                found |= _set_on_all((statement.body, statement.orelse), me)
            case tree.With():
                found |= surely_set(statement.body, me)
            case tree.Try():
                ways = [(*statement.body, *statement.orelse), *(handler.body for handler in statement.handlers)]
                found |= _set_on_all(ways, me) | surely_set(statement.finalbody, me)
            case tree.Return():
                return found
    return found


def _set_on_all(ways: Iterable[tuple[tree.Stmt, ...]], me: str) -> set[str]:
    """As `surely_set`, of branches of which one is taken; one that ends with `raise` does not count."""
    found = [surely_set(way, me) for way in ways if not (way and isinstance(way[-1], tree.Raise))]
    return set.intersection(*found) if found else set()


def subpatterns(node: tree.Pattern) -> tuple[tree.Pattern, ...]:
    match node:
        case tree.MatchSequence() | tree.MatchMapping() | tree.MatchOr():
            return node.patterns
        case tree.MatchClass():
            return (*node.patterns, *node.kwd_patterns)
        case tree.MatchAs():
            return (node.pattern,) if node.pattern is not None else ()
        case _:
            return ()


def children(node: tree.Expr) -> Iterable[tree.Expr]:
    """Direct parts of an expression, in order of evaluation."""
    return CHILDREN[type(node)](node)


def _dict_parts(node: tree.Dict) -> Iterable[tree.Expr]:
    return tuple(item for pair in zip(node.keys, node.values, strict=True) for item in pair if item is not None)


def _generator_parts(node: tree.ListComp | tree.SetComp | tree.GeneratorExp | tree.DictComp) -> Iterable[tree.Expr]:
    results = (node.key, node.value) if isinstance(node, tree.DictComp) else (node.elt,)
    return (*results, *(part for item in node.generators for part in (item.iter, *item.ifs)))


CHILDREN: dict[type[tree.Expr], Callable[[Any], Iterable[tree.Expr]]] = {
    **dict.fromkeys((*tree.Literal.__subclasses__(), tree.Name, tree.EllipsisLiteral, tree.Lambda), lambda node: ()),
    **dict.fromkeys((tree.Attribute, tree.Starred, tree.Await, tree.NamedExpr), lambda node: (node.value,)),
    **dict.fromkeys((tree.Tuple, tree.List, tree.Set), lambda node: node.elts),
    **dict.fromkeys((tree.ListComp, tree.SetComp, tree.GeneratorExp, tree.DictComp), _generator_parts),
    tree.Call: lambda node: (node.func, *node.args, *[item.value for item in node.keywords]),
    tree.BinOp: lambda node: (node.left, node.right),
    tree.Compare: lambda node: (node.left, *node.comparators),
    tree.Subscript: lambda node: (node.value, node.slice),
    tree.UnaryOp: lambda node: (node.operand,),
    tree.BoolOp: lambda node: node.values,
    tree.IfExp: lambda node: (node.test, node.body, node.orelse),
    tree.Slice: lambda node: [item for item in (node.lower, node.upper, node.step) if item is not None],
    tree.JoinedStr: lambda node: node.values,
    tree.FormattedValue: lambda node: (node.value,) if node.format_spec is None else (node.value, node.format_spec),
    tree.Dict: _dict_parts,
    tree.Yield: lambda node: () if node.value is None else (node.value,),
    tree.YieldFrom: lambda node: (node.value,),
}  # fmt: skip


def holds_any_callable(annotation: tree.Expr | None) -> bool:
    """Does `Callable[..., T]`, or `Callable` alone, stand in it?"""
    match annotation:
        case tree.Name(id="Callable") | tree.Attribute(attr="Callable"):
            return True
        case tree.Subscript(value=tree.Name(id="Callable"), slice=tree.Tuple(elts=(tree.EllipsisLiteral(), *_))):
            return True
        case tree.Subscript(slice=inner):
            return holds_any_callable(inner)
        case tree.Tuple(elts=inner) | tree.List(elts=inner):
            return any(map(holds_any_callable, inner))
        case _:
            return False
