"""Several base classes, made of single inheritance.

In: a class with more than one base class. Out: its one base. CPython's order of the class and those above it (C3) ends
with what some class has above it anyway: that class stays as it is. Each one before it is made again, as a class
between (a *view*, from the same source), so that overriding and `super()` are what they are in that order. The name of
a class that has views means any of them.
"""

from __future__ import annotations

import builtins
import collections
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..syntax import tree
from ..syntax.node import Frozen, changed, walk
from ..syntax.parts import last_name
from . import errors, relations
from .declarations import ClassDecl, FieldDecl, FunctionDecl, ModuleDecl, Symbol
from .modules import class_declaration
from .types import ANY, ClassType, Type

if TYPE_CHECKING:
    from .members import Members

IN_FIELD = "keep an object of the other class in a field"


def order_of(kind: ClassType) -> list[ClassType] | None:
    """The class and all above it but `object`, in the order in which CPython looks for attributes (C3: always the first
    class that is not behind another one in any row); None where there is no such order."""
    environment = relations.environment_of(kind)
    named = [relations.substitute(item, environment) for item in kind.decl.named]
    bases = [item for item in named if isinstance(item, ClassType)]
    rows = [order_of(item) or [] for item in bases] + [bases]
    found = [kind]
    while rows := [row for row in rows if row]:
        behind = {item.decl for row in rows for item in row[1:]}
        head = next((row[0] for row in rows if row[0].decl not in behind), None)
        if head is None:
            return None
        found.append(head)
        rows = [[item for item in row if item.decl is not head.decl] for row in rows]
    return found


def single(members: Members, decl: ClassDecl, bases: list[ClassType]) -> list[ClassType]:
    """The one base of a class that names several; none where it is refused."""
    assert decl.node is not None
    source, span = decl.module.source, decl.node.bases[1].span
    for kind in bases:
        members.complete(kind.decl)
    whole = order_of(ClassType(decl, decl.type_params))
    if whole is None:
        names = ", ".join(item.decl.name for item in bases)
        what = f"the bases {names} stand in no order that fits all of them"
        members.report(
            errors.ClassProblem(source, span, problem=what).helped("put a class before those that it is below")
        )
        return []
    order = [item for item in whole[1:] if item != members.program.abc and not item.decl.representation]
    chains = [[*map(_named, relations.ancestors(item))] for item in order]
    kept = next(at for at in range(len(order) + 1) if at == len(order) or chains[at][:-1] == [*map(_named, order[at:])])
    error = members.program.core_class("BaseException")
    fixed = [at for at, item in enumerate(order) if item.decl.module.library]
    value = next((item.decl for item in bases if item.decl.representation), None)
    if value is not None:
        what = f"`{value.display}` before another base class"
        members.report(errors.Unsupported(source, span, what=what).helped("put it last"))
        return []
    if fixed and fixed[0] < kept:
        first = fixed[0]
        other = next((order[at].decl for at in fixed if order[at].decl not in chains[first]), None)
        if other is None:
            kept = first
        elif kept == len(order) or error not in chains[kept]:  # else the first is an exception that can be made again
            what = f"`{order[first].decl.display}` beside `{other.display}`"
            members.report(errors.Unsupported(source, span, what=what).helped(IN_FIELD))
            return []
    if kept == len(order):
        base, held = members.program.core_type("object"), list[ClassDecl]()
    else:
        base, held = order[kept], chains[kept]
    for at in reversed([at for at, item in enumerate(order) if item.decl not in held]):
        above = order[at].decl
        if above.is_enum or above.is_named_tuple or above.plain is not None:
            what = f"another base class beside `{above}`"
            members.report(errors.Unsupported(source, span, what=what).helped(IN_FIELD))
            return []
        base = _view(members, order[at], base, decl)
        before = [item.decl for item in order[:at] if item.decl.module.library]
        for name in [name for name in base.decl.members if any(_has(item, name) for item in before)]:
            del base.decl.members[name]  # that of a class of the library goes first
            for item in list(base.decl.members.values()) if name == "__init__" else ():
                if isinstance(item, FieldDecl) and item.default is None and not item.unsure:
                    members.make_unsure(base.decl, item)
    return [base]


def _has(decl: ClassDecl, name: str) -> bool:
    """Has a class of the library a member, here or in CPython?"""
    known = getattr(builtins, decl.display, getattr(collections, decl.display, None))
    return name in decl.members or (isinstance(known, type) and name in vars(known))


def _named(kind: ClassType) -> ClassDecl:
    return kind.decl.original or kind.decl


def _view(members: Members, kind: ClassType, below: ClassType, of: ClassDecl) -> ClassType:
    """The class `kind` made again, with `below` as its base, for objects of the class `of`."""
    original = kind.decl
    assert original.node is not None
    node = changed(original.node, bases=())
    made = class_declaration(node, original.module, f"{original.qualified} ({of.qualified})")
    made.original, made.base, made.mixes = original, below, original.mixes
    made.type_params = (*of.type_params, *original.type_params)
    made.finalizer, made.plain = below.decl.finalizer, below.decl.plain
    below.decl.subclasses.append(made)
    if not original.is_protocol:  # which asks for no more than the methods
        original.views.append(made)
    members.complete(made)
    return ClassType(made, (*of.type_params, *kind.args))


# --- what the name of such a class means -----------------------------------------------------------------------------


def meant(kind: ClassType) -> Type:
    """What a class means as a type: it, and what stands for it in classes with several bases."""
    views = (ClassType(item, (ANY,) * (len(item.type_params) - len(kind.args)) + kind.args) for item in kind.decl.views)
    return relations.union(views if kind.decl.idle else (kind, *views)) if kind.decl.views else kind


def view_of(kind: Type, decl: ClassDecl) -> ClassType | None:
    """What stands for the class `decl` in the class `kind`."""
    above: Iterable[ClassType] = relations.ancestors(kind) if isinstance(kind, ClassType) else ()
    return next((item for item in above if item.decl.original is decl), None)


def settle(modules: list[ModuleDecl], symbols: Iterable[Symbol]) -> None:
    """Find the classes with views that have no objects of their own: nothing is below them but views and classes of
    which that is true, and all that names them only asks for them."""
    viewed = [item for item in symbols if isinstance(item, ClassDecl) and item.views]
    for decl in reversed([item for item in viewed if not any(_makes(module.tree, item) for module in modules)]):
        decl.idle = all(item.idle for item in decl.subclasses)


def _makes(root: tree.Module, decl: ClassDecl) -> bool:
    """May an object of the class come of its name in this module?"""
    harmless: set[int] = set()

    def asks(nodes: Iterable[Frozen | None]) -> None:
        harmless.update(id(item) for node in nodes if node is not None for item in walk(node))

    for node in walk(root):
        match node:
            case tree.ClassDef(bases=bases):
                asks(bases)
            case tree.Arg(annotation=said) | tree.FunctionDef(returns=said) | tree.AnnAssign(annotation=said):
                asks((said,))
            case tree.Call(func=tree.Name(id="isinstance" | "issubclass"), args=(_, classes)):
                asks((classes,))
            case tree.ExceptHandler(type=caught):
                asks((caught,))
            case tree.MatchClass(cls=named):
                asks((named,))
            case tree.Attribute(value=tree.Name() as owner, attr=name):
                member = decl.members.get(name)
                if not (isinstance(member, FunctionDecl) and member.kind == "class"):
                    asks((owner,))
    return any(
        isinstance(item, tree.Name | tree.Attribute) and last_name(item) == decl.name and id(item) not in harmless
        for item in walk(root)
    )


__all__ = ["meant", "order_of", "settle", "single", "view_of"]
