"""What functions and classes tell of themselves: `f.__doc__`, `f.__annotations__`, `f.__defaults__`, `f.__code__`.

In: the attribute. Out: what is written in the definition, where it is known which one is meant; else the function is
made loose (`loose`), and its object is given, when it is made, what the program asks of any function.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Callable, Iterable

from ..syntax import tree
from ..syntax.node import walk
from ..syntax.source import Span
from . import relations
from .body import FACTS
from .callsite import CallSite
from .classes import Classes
from .declarations import EXTRA, ClassDecl, FieldDecl, FunctionDecl, GlobalDecl, ModuleDecl, OverloadDecl
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
                known = is_value or (plain and isinstance(self.static(node), ClassDecl))
                value = self.expression(node) if known and not as_text else None
            if as_text and plain:
                value = self.str_const(text, span)
            elif value is None:
                value = self.unsupported(span, f"`__annotations__` with `{text}`, which is no class,", KEEP)
            values.append(value)
            names.append(name)
        return self.dict_of_values(names, values, span)

    def dict_of_values(self, names: list[str], values: list[TExpr], span: Span) -> TExpr:
        joined: Type = self.joined([value.type for value in values], span) if values else ANY
        pairs = [(self.str_const(name, span), value) for name, value in zip(names, values, strict=True)]
        return self.dict_of(pairs, (self.core("str"), joined), span)

    # --- names that are listed -----------------------------------------------------------------------------------

    def defined_names(self, node: tree.Call) -> TExpr:
        """`globals()`, walked over for the names that begin or end with some text: these functions, classes and values
        that are defined above."""
        wanted, span = wanted_names(self.decl.node, node), node.span
        refused = "`globals()` but to walk over its items, `if name.startswith(...)`,"
        if wanted is None:
            return self.unsupported(span, refused, "keep the values in a dict")
        own = self.decl.span.start if self.decl.name != "<module>" else span.start
        found: dict[str, int] = {}
        for name, symbol in self.module.names.items():
            if name.isidentifier() and wanted(name):
                is_value = isinstance(symbol, FunctionDecl | ClassDecl) or (
                    isinstance(symbol, GlobalDecl) and (symbol.sure or symbol.original is not None)
                )
                if not is_value or getattr(symbol, "module", None) is not self.module or name in self.module.versions:
                    return self.unsupported(span, f"`globals()` with `{name}` in it", "keep the values in a dict")
                at = symbol.span.start if isinstance(symbol, FunctionDecl | ClassDecl | GlobalDecl) else 0
                if at < own:
                    found[name] = at
                elif self.decl.name != "<module>":
                    what = f"`globals()` above the definition of `{name}`"
                    return self.unsupported(span, what, "put this function below it")
        names = sorted(found, key=found.__getitem__)
        keys = tuple(tree.StringLiteral(span, name) for name in names)
        return self.expression(tree.Dict(span, keys, tuple(tree.Name(span, name) for name in names)))

    def attribute_names(self, value: TExpr, node: tree.Call) -> TExpr:
        """`dir(x)`, walked over for the names that begin or end with some text."""
        wanted, span = wanted_names(self.decl.node, node), node.span
        if wanted is None:
            what = "`dir(...)` but to walk over it, `if name.startswith(...)`,"
            return self.unsupported(span, what, "name the attributes")

        def names_in(kind: ClassType, of_class: bool) -> TExpr:
            found: set[str] = set()
            for above in relations.ancestors(kind):
                if above.decl.module.library:
                    known = dir(getattr(builtins, above.decl.name, int))
                    if kind.decl.is_enum or kind.decl.is_named_tuple or any(map(wanted, known)):
                        return self.unsupported(span, f"`dir` below `{above.decl.name}`", "name the attributes")
                    continue
                for name, member in above.decl.members.items():
                    if name == EXTRA:
                        return self.unsupported(span, f"`dir` of a `{kind}`, which keeps others", "use a dict")
                    if not name.isidentifier() or not wanted(name):
                        continue
                    if isinstance(member, FieldDecl) and (of_class or member.unsure):
                        return self.unsupported(span, f"`dir(...)` with `{name}` in it", "name the attributes")
                    found.add(name)
            return self.list_from([self.str_const(name, span) for name in sorted(found)], self.core("str"), span)

        def of(item: TExpr) -> TExpr:
            is_class = relations.is_class(item.type)
            kind = item.type
            if not is_class and (not isinstance(kind, ClassType) or kind.decl.module.library):
                return self.unsupported(span, f"`dir` of a `{kind}`", "name the attributes")
            known = item if is_class else self.type_of(item, span)
            return self.by_class(known, lambda one: names_in(one, is_class), span)

        return self.by_member(value, of, span)

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


def wanted_names(body: tree.Node, call: tree.Call) -> Callable[[str], bool] | None:
    """Which of the names that `call` gives are looked at: those of one beginning or ending. None where it is not said:
    what CPython has besides those that the program defines begins and ends with `__`."""
    for item in walk(body):
        match item:
            case tree.Comprehension(target=target, iter=walked, ifs=tests):
                pass
            case tree.For(target=target, iter=walked, body=(tree.If(test=test, orelse=()),), orelse=()):
                tests = (test,)
            case _:
                continue
        names = target.elts[0] if isinstance(target, tree.Tuple) else target
        if not isinstance(names, tree.Name) or not any(part is call for part in walk(walked)):
            continue
        while tests:
            first, *rest = tests
            match first:
                case tree.BoolOp(op="and", values=values):
                    rest = [*values, *rest]
                case tree.Call(
                    func=tree.Attribute(value=tree.Name(id=name), attr="startswith" | "endswith" as side),
                    args=(tree.StringLiteral(value=text),),
                ) if name == names.id and text.strip("_"):
                    return lambda found: getattr(found, side)(text)
                case tree.UnaryOp(
                    op="not",
                    operand=tree.Call(
                        func=tree.Attribute(value=tree.Name(id=name), attr="startswith"),
                        args=(tree.StringLiteral(value="_" | "__" as text),),
                    ),
                ) if name == names.id:
                    return lambda found: not found.startswith(text)
            tests = tuple(rest)
    return None


def has_no_margin(lines: list[str]) -> bool:
    """Stay these lines of a docstring as they are?"""
    written = [line for line in lines if line]
    return all(map(str.strip, written)) and (not written or any(not line[0].isspace() for line in written))


__all__ = ["Told"]
