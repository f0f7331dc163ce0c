"""What functions and classes tell of themselves: `f.__doc__`, `f.__annotations__`, `f.__defaults__`, `f.__code__`.

In: the attribute. Out: what is written in the definition, where it is known which one is meant; else the function is
made loose (`loose`), and its object is given, when it is made, what the program asks of any function.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..syntax import tree
from ..syntax.source import Span
from . import relations
from .body import FACTS
from .callsite import CallSite
from .classes import Classes
from .declarations import ClassDecl, FunctionDecl, ModuleDecl, OverloadDecl
from .scopes import analyse_function
from .typed import Do, TExpr
from .types import ANY, ClassType, Type

COPIED = frozenset(("__doc__", "__annotations__", "__qualname__", "__module__"))
"""What `functools.wraps` gives to a wrapper, besides the name."""
KEEP = "keep what is asked for in a variable"


class Told(Classes):
    def told_of(self, node: tree.Attribute) -> TExpr | None:
        """`f.__doc__` and the like, of what is known to be one function, and `__doc__` of all; None for others."""
        name, span, source = node.attr, node.span, node.value
        if name not in FACTS and not (name == "__name__" and isinstance(source, tree.Attribute)):
            return None
        held = self.global_of(source) if isinstance(source, tree.Name) else None
        owner = self.static(source)
        if held is not None and held.original is not None and all(map(self.keeps_docstring, held.original.decorated)):
            if name == "__wrapped__":
                return self.coerce(self.function_value(span, held.original, None), self.core("function"))
            owner = held.original if name in COPIED else None
        elif isinstance(source, tree.Attribute) and isinstance(above := self.static(source.value), ClassDecl):
            found = self.program.members.find_member(above, source.attr)
            owner = found if isinstance(found, FunctionDecl) else owner
        elif isinstance(source, tree.Attribute) and owner is None:
            with self.block():
                whole, _ = self.tried(lambda: self.expression(source.value))
            if whole is not None and isinstance(whole.type, ClassType) and not relations.is_class(whole.type):
                member = self.lookup(whole.type, source.attr)
                if member is not None and isinstance(member[1], FunctionDecl):
                    self.program.consult(whole.type.decl, source.attr)
                    if not self.overridden(whole.type.decl, member[1]):
                        self.emit(Do(span, self.expression(source.value)))
                        owner = member[1]
        if isinstance(owner, FunctionDecl) and not self.gives(name):
            return self.fact(owner, name, span)
        if name != "__doc__":
            return None
        if owner is not None:
            return self.docstring(owner.decl if isinstance(owner, ClassType) else owner, span)
        value = self.expression(source)
        if isinstance(value.type, ClassType) and (self.lookup(value.type, name) or relations.is_loose(value.type)):
            return self.attribute(value, name, span, node.attr_span)
        kinds = [relations.is_function(item) or item == ANY for item in relations.members_of(value.type)]
        if any(kinds):
            return self.attribute(value, name, span, node.attr_span)
        value = value if relations.is_class(value.type) else self.type_of(value, span)
        if relations.is_class(value.type):
            return self.by_class(value, lambda kind: self.docstring(kind.decl, span), span)
        return self.docstring(None, span)

    def fact(self, decl: FunctionDecl, name: str, span: Span) -> TExpr:
        """What the definition says: one of `FACTS`."""
        node, args = decl.node, decl.node.args
        if decl.module.library and name != "__wrapped__":
            return self.unsupported(span, f"`{name}` of a function of the library", KEEP)
        match name:
            case "__name__":
                return self.str_const(decl.name, span)
            case "__doc__":
                return self.none(span) if isinstance(node, tree.Lambda) else self.docstring(decl, span)
            case "__module__":
                return self.str_const(decl.module.name, span)
            case "__qualname__":
                return self.str_const(decl.qualname, span)
            case "__annotations__":
                order = (*args.args, *args.posonlyargs, args.vararg, *args.kwonlyargs, args.kwarg)
                said = [(item.arg, item.annotation) for item in order if item is not None]
                return self.annotations_of([*said, ("return", getattr(node, "returns", None))], decl.module, span)
            case "__defaults__" | "__kwdefaults__":
                signature = self.program.annotations.signature(decl)
                kinds = ("keyword",) if name == "__kwdefaults__" else ("positional", "normal")
                given = [item for item in signature.params if item.default is not None and item.kind in kinds]
                values = [self.default_value(decl, item, None, span) for item in given]
                if not given:
                    return self.none(span)
                if name == "__defaults__":
                    return self.tuple_made(values, span)
                return self.dict_of_values([item.name for item in given], values, span)
            case "__code__":
                every = [*args.plain, *args.kwonlyargs, *(item for item in (args.vararg, args.kwarg) if item)]
                names = [self.str_const(item.arg, span) for item in every]
                local = {web.name for web in (decl.scope or analyse_function(node)).defs.values()}
                if local - {item.arg for item in every} and self.program.mentions("co_varnames"):
                    return self.unsupported(span, "`co_varnames` of a function with other variables", KEEP)
                counts = (len(args.plain), len(args.posonlyargs), len(args.kwonlyargs))
                told = [self.str_const(decl.name, span), *(self.int_const(count, span) for count in counts)]
                listed = self.as_tuple_of(self.list_from(names, self.core("str"), span), span)
                return self.construct(self.core("code"), CallSite(span, [*told, listed]))
        text = f"'function' object has no attribute '{name}'"
        return self.thrown("AttributeError", text, span)

    def annotations_of(
        self, said: Iterable[tuple[str, tree.Expr | None]], module: ModuleDecl, span: Span
    ) -> TExpr:  # fmt: skip
        """`__annotations__`: the classes, None and texts that are written there, by name."""
        names, values = list[str](), list[TExpr]()
        as_text = "from __future__ import annotations" in module.source.text
        for name, node in said:
            if node is None:
                continue
            text = module.source.text[node.span.start : node.span.end]
            plain = re.fullmatch(r"[\w.]+", text)
            with self.elsewhere(module):
                is_value = isinstance(node, tree.NoneLiteral | tree.StringLiteral)
                if as_text and plain:
                    values.append(self.str_const(text, span))
                elif is_value or (plain and isinstance(self.static(node), ClassDecl)):
                    values.append(self.expression(node))
                else:
                    what = f"`__annotations__` with `{text}`, which is no class,"
                    values.append(self.unsupported(span, what, KEEP))
            names.append(name)
        return self.dict_of_values(names, values, span)

    def dict_of_values(self, names: list[str], values: list[TExpr], span: Span) -> TExpr:
        joined: Type = self.joined([value.type for value in values], span) if values else ANY
        pairs = [(self.str_const(name, span), value) for name, value in zip(names, values, strict=True)]
        return self.dict_of(pairs, (self.core("str"), joined), span)

    def keeps_docstring(self, decorator: tree.Expr) -> bool:
        """Has what this decorator gives the name and docstring of the function below it?"""
        maker = self.static(decorator.func if isinstance(decorator, tree.Call) else decorator)
        maker = maker.forms[0] if isinstance(maker, OverloadDecl) else maker
        if not isinstance(maker, FunctionDecl):
            return False
        span = maker.node.span
        return maker.module.library or "wraps(" in maker.module.source.text[span.start : span.end]

    def docstring(self, owner: object, span: Span) -> TExpr:
        made = isinstance(owner, ClassDecl) and (owner.dataclass is not None or owner.is_named_tuple or owner.is_enum)
        module = owner.module if isinstance(owner, FunctionDecl | ClassDecl) else owner
        node = owner.node if isinstance(owner, FunctionDecl | ClassDecl) else getattr(owner, "tree", None)
        if isinstance(module, ModuleDecl) and not module.library and not isinstance(node, tree.Lambda | None):
            match node.body:
                case (tree.ExprStmt(value=tree.StringLiteral(value=text)), *_):
                    if not text.startswith((" ", "\t")) and has_no_margin(text.split("\n")[1:]):
                        return self.str_const(text, span)
                    instead = "Python 3.13 takes the margin away; keep the text in a variable"
                    return self.unsupported(span, "`__doc__` of several lines", instead)
                case _ if not made:
                    return self.none(span)
        return self.unsupported(span, "`__doc__` of this", "keep the text in a variable")


def has_no_margin(lines: list[str]) -> bool:
    """Stay these lines of a docstring as they are?"""
    written = [line for line in lines if line]
    return all(map(str.strip, written)) and (not written or any(not line[0].isspace() for line in written))


__all__ = ["Told"]
