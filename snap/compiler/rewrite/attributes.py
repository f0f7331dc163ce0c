"""Attributes of functions: `f.calls = 0`.

In: the tree of a user's module. Out: the same tree in which a function that is given attributes has an object beside it
that holds them, of a class made for it; `f.calls` is an attribute of that object. What a decorator gives the function
that it returns, the decorated function has.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from ..syntax import tree
from ..syntax.node import Frozen, changed, walk, with_below
from ..syntax.parts import bindings, last_name, targets
from ..syntax.source import Span
from .quoted import plain_arguments
from .shorthands import function_of

Scope = TypeVar("Scope", tree.Module, tree.FunctionDef)
Node = TypeVar("Node", bound=Frozen)

SET = re.compile(r"\b(\w+)\.\w+\s*(?:[-+*/|&%^@]|//|\*\*|<<|>>)?=(?!=)|\bsetattr\(\s*(\w+)")
DEF = re.compile(r"\bdef +(\w+)")
Held = dict[str, tuple[str, frozenset[str]]]
"""By function: the variable that holds its attributes, and their names."""
HELD = " (attributes)"
ASKING = frozenset(("hasattr", "getattr", "setattr"))


def with_attributes(module: tree.Module, text: str) -> tree.Module:
    if not {name for pair in SET.findall(text) for name in pair} & set(DEF.findall(text)):
        return module
    holders = _Holders()
    found = holders.scope(module, "")
    if not holders.classes or any(map(holders.is_left, walk(found))):
        return module
    return changed(found, body=(*holders.classes, *found.body))


@dataclass(slots=True)
class _Holders:
    classes: list[tree.Stmt] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    given: Held = field(default_factory=dict)
    """By decorator: the variable with the attributes of the function that it gave last, and their names."""

    def scope(self, node: Scope, outer: str, gives: bool = True) -> Scope:
        """The functions that stand directly in `node`, which is in the function `outer` of the module; `gives`: a call
        of that one gives nothing but what `node` is or gives."""
        body: list[tree.Stmt] = []
        holders: Held = {}
        count = Counter(bindings(node))
        for item in node.body:
            made = item
            if isinstance(item, tree.FunctionDef):
                made = self.scope(item, outer or item.name, gives and (not outer or _returned(node) == {item.name}))
            elif isinstance(item, tree.ClassDef):
                inside = (
                    self.scope(one, one.name, False) if isinstance(one, tree.FunctionDef) else one for one in item.body
                )
                made = changed(item, body=tuple(inside))
            name, decorator = _decorated(item)
            attributes = frozenset(_stored(node, name)) if isinstance(item, tree.FunctionDef) else frozenset()
            if not name or count[name] > 1:
                body.append(made)
            elif decorator in self.given and count[decorator] == 1:
                body.append(made)
                latest, attributes = self.given[decorator]
                holders[name] = (name + HELD, attributes)
                body.append(_set(name + HELD, tree.Name(item.span, latest)))
            elif attributes:
                kind = self.holder(name, attributes, item.span)
                holders[name] = (name + HELD, attributes)
                body += (_set(name + HELD, kind), made)
                if outer and gives and _returned(node) == {name}:
                    latest = f"{outer} (attributes of what it gives)"
                    self.given[outer] = latest, attributes
                    self.classes.append(_set(latest, kind))
                    body.insert(-1, tree.Global(item.span, (latest,)))
                    body.insert(-1, _set(latest, tree.Name(item.span, name + HELD)))
            else:
                body.append(made)
        return _replaced(changed(node, body=tuple(body)), holders) if holders else changed(node, body=tuple(body))

    def is_left(self, node: Frozen) -> bool:
        """Is it an attribute that a function has, of something else that may be this function under another name?"""
        match node:
            case tree.Attribute(value=tree.Name(id=name)) if name.endswith(HELD) or name == "self":
                return False
            case tree.Attribute(attr=attribute):
                return attribute in self.names
            case _:
                return False

    def holder(self, name: str, attributes: frozenset[str], span: Span) -> tree.Expr:
        """An object for the attributes of a function, which it is without so far."""
        self.names |= attributes
        title = f"function ({name} at {span.start})"
        me = tree.Name(span, "self")
        fields = [tree.Attribute(span, me, item, span) for item in sorted(attributes)]
        body = tuple(tree.Assign(span, (item,), item) for item in fields)
        takes = plain_arguments(span, "self")
        method = tree.FunctionDef(span, "(fields)", span, (), takes, None, body, (), False)
        self.classes.append(tree.ClassDef(span, title, span, (), (), (), (method,), ()))
        return tree.Call(span, tree.Name(span, title), (), ())


def _set(name: str, value: tree.Expr) -> tree.Assign:
    return tree.Assign(value.span, (tree.Name(value.span, name),), value)


def _decorated(node: tree.Stmt) -> tuple[str, str]:
    """The function that a statement defines, and what it is decorated with: `@d`, `@d(...)`, `f = d(g)`."""
    match node:
        case tree.FunctionDef(name=name, decorators=(first, *_)):
            return name, last_name(function_of(first))
        case tree.FunctionDef(name=name):
            return name, ""
        case tree.Assign(targets=(tree.Name(id=name),), value=tree.Call(func=tree.Name(id=decorator))):
            return name, decorator
        case _:
            return "", ""


def _returned(node: tree.Module | tree.FunctionDef) -> set[str]:
    """The names of what a function returns; "" for what has none."""
    inside = walk(node, (tree.FunctionDef, tree.Lambda, tree.ClassDef))
    return {last_name(item.value) if item.value else "" for item in inside if isinstance(item, tree.Return)}


def _stored(node: Frozen, name: str) -> Iterator[str]:
    """The attributes that are given to `name` in `node`, but for those that functions have."""
    for item in walk(node):
        given = list(targets(item)) if isinstance(item, tree.Stmt) else []
        match item:
            case tree.Call(
                func=tree.Name(id="setattr"), args=(tree.Name() as value, tree.StringLiteral(value=attribute), _)
            ):
                given.append(tree.Attribute(value.span, value, attribute, value.span))
        for target in given:
            match target:
                case tree.Attribute(value=tree.Name(id=found), attr=attribute) if found == name:
                    if not attribute.startswith("__"):
                        yield attribute


def _replaced(node: Node, holders: Held) -> Node:
    """`node` with the attributes of functions as those of the objects that hold them."""
    match node:
        case tree.Attribute(value=tree.Name(id=name) as value, attr=attribute) if name in holders:
            holder, attributes = holders[name]
            return changed(node, value=changed(value, id=holder)) if attribute in attributes else node
        case tree.Call(func=tree.Name(id=asked), args=(tree.Name(id=name) as value, tree.StringLiteral() as said, *_)):
            if asked in ASKING and name in holders and said.value in holders[name][1]:
                node = changed(node, args=(changed(value, id=holders[name][0]), *node.args[1:]))
    return with_below(node, lambda item: _replaced(item, holders))
