"""`@dataclass`, Enum, core's `@value`: the methods they give a class, written as syntax trees, so that they are checked
like any others."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..diag import Diagnostic
from ..ir.primitives import PRIMITIVES
from ..syntax import tree
from ..syntax.source import Span
from . import errors
from .declarations import ClassDecl, Dataclass, FieldDecl, FunctionDecl, Member, Parameter, PrimitiveDecl, Signature
from .defaults import default_factory, field_argument, has_default
from .types import ClassType

ORDER = {"__lt__": "<", "__le__": "<=", "__gt__": ">", "__ge__": ">="}
OPERATORS = {name: name for name in ("add", "sub", "mul", "and", "or", "xor", "eq", "ne", "lt", "le", "gt", "ge")}
OPERATORS |= {"div": "floordiv", "rem": "mod", "shl": "lshift", "shr": "rshift"}
Find = Callable[[ClassDecl, str], Member | None]


def record_fields(decl: ClassDecl) -> list[FieldDecl]:
    """The fields of a dataclass, those of its base classes first; a field said again keeps its place."""
    found: dict[str, FieldDecl] = {}
    above: list[ClassDecl] = []
    current: ClassDecl | None = decl
    while current is not None:
        above.append(current)
        current = current.base.decl if current.base is not None else None
    for item in reversed(above):
        if item.dataclass is not None:
            for name, member in item.members.items():
                if isinstance(member, FieldDecl) and member.in_header:
                    found[name] = member
    return list(found.values())


def add_methods(decl: ClassDecl, record: Dataclass, find: Find, report: Callable[[Diagnostic], None]) -> None:
    """Give a dataclass the methods that it does not define itself."""
    fields = record_fields(decl)
    span = decl.span
    for item in fields:
        item.in_header = True
    with_default: FieldDecl | None = None
    for item in fields if record.init else ():
        if not has_default(item.default) and with_default is not None:
            text = f"`{item.name}` has no default, but `{with_default.name}` before it has one"
            problem = errors.ClassProblem(decl.module.source, item.span, problem=text)
            report(problem.helped("give it one, or put it first"))
        elif has_default(item.default):
            with_default = item
            if isinstance(item.default, tree.List | tree.Dict | tree.Set) and item.name in decl.members:
                text = f"all objects would share the default of `{item.name}`"
                problem = errors.ClassProblem(decl.module.source, item.default.span, problem=text)
                kind = type(item.default).__name__.lower()
                factory = f"field(default_factory={kind})"
                empty = not (item.default.keys if isinstance(item.default, tree.Dict) else item.default.elts)
                help = f"write `{factory}`" if empty else "write `field(default_factory=lambda: ...)`"
                report(problem.replacing(help, factory) if empty else problem.helped(help))
    maker = Maker(decl, span)
    members = decl.members
    compared = [item for item in fields if not _is_left_out(item, "compare")]
    shown = [item for item in fields if not _is_left_out(item, "repr")]
    if record.init and "__init__" not in members:
        members["__init__"] = maker.init(fields, find(decl, "__post_init__") is not None)
    if record.repr and "__repr__" not in members:
        members["__repr__"] = maker.method("__repr__", (), tree.Return(span, maker.shown(shown)))
    if record.eq and "__eq__" not in members:
        same = maker.compared("==", compared)
        members["__eq__"] = maker.method("__eq__", ("other",), tree.Return(span, same))
        if record.frozen and "__hash__" not in members:
            hashed = tree.Call(span, tree.Name(span, "hash"), (maker.tuple_of("self", compared),), ())
            members["__hash__"] = maker.method("__hash__", (), tree.Return(span, hashed))
    if record.order:
        for name, op in ORDER.items():
            if name not in members:
                members[name] = maker.method(name, ("other",), tree.Return(span, maker.compared(op, compared)))


def add_enum_members(decl: ClassDecl) -> None:
    """The fields `name` and `value`, and how a member is shown."""
    span, members = decl.span, decl.members
    maker = Maker(decl, span)
    base = decl.base.decl if decl.base is not None and decl.base.decl.is_enum else None
    if base is None:
        members.setdefault("name", FieldDecl("name", span, tree.Name(span, "str"), None))
        members.setdefault("value", FieldDecl("value", span, None, None, False))
    me = tree.Name(span, "self")
    name, own = (tree.Attribute(span, me, word, span) for word in ("name", "value"))
    name_shown = tree.FormattedValue(span, name, "", None, None)

    def add(method: str, params: tuple[str, ...], result: tree.Expr) -> None:
        """Where the program does not say it, in the class or in an Enum above it."""
        above = None if base is None else base.members.get(method)
        if method not in members and not (isinstance(above, FunctionDecl) and above.node.span != base_span):
            members[method] = maker.method(method, params, tree.Return(span, result), typed=False)

    def text(start: str, *rest: tree.StringLiteral | tree.FormattedValue) -> tree.Expr:
        return tree.JoinedStr(span, (tree.StringLiteral(span, f"{start}{decl.name}."), name_shown, *rest))

    def call(function: str, *args: tree.Expr) -> tree.Expr:
        return tree.Call(span, tree.Name(span, function), args, ())

    base_span = None if base is None else base.span
    add("__str__", (), text("") if decl.shows_name else call("str", own))
    value = tree.FormattedValue(span, own, "r", None, None)
    add("__repr__", (), text("<", tree.StringLiteral(span, ": "), value, tree.StringLiteral(span, ">")))
    if decl.plain is not None:
        add(
            "__format__",
            ("spec",),
            call("format", call("str", me) if decl.shows_name else own, tree.Name(span, "spec")),
        )
        add("__hash__", (), call("hash", own))


def machine_operators(decl: ClassDecl) -> Iterator[tree.FunctionDef]:
    """The operators of a class of machine values that are one primitive (`u32_add` is the `__add__` of `u32`), as they
    would stand in its body: further `@overload` forms there join them, other definitions take their place."""
    span = decl.span
    for word, operator in OPERATORS.items():
        name = f"{decl.name}_{word}"
        primitive = PRIMITIVES.get(name)
        if primitive is None:
            continue
        decl.module.names.setdefault(name, PrimitiveDecl(name))
        other = tree.Arg(span, "other", tree.Name(span, primitive.params[1]), None)
        params = tree.Arguments(span, (), (tree.Arg(span, "self", None, None), other), None, (), None)
        call = tree.Call(span, tree.Name(span, name), (tree.Name(span, "self"), tree.Name(span, "other")), ())
        result, decorators = tree.Name(span, primitive.result), (tree.Name(span, "overload"), tree.Name(span, "inline"))
        body = (tree.Return(span, call),)
        yield tree.FunctionDef(span, f"__{operator}__", span, (), params, result, body, decorators, False)


def derived(decl: ClassDecl) -> Iterator[tree.FunctionDef]:
    """What a class of the library need not write: `__gt__` beside `__lt__` and `__ge__` beside `__le__`, `__iter__` and
    `__next__` beside `__step__` and `__current__`."""
    span = decl.span
    me, other = tree.Name(span, "self"), tree.Name(span, "other")

    def call(*path: str) -> tree.Expr:
        name: tree.Expr = tree.Name(span, path[0])
        for attribute in path[1:]:
            name = tree.Attribute(span, name, attribute, span)
        return tree.Call(span, name, (), ())

    def method(name: str, like: tree.FunctionDef, returns: tree.Expr | None, *body: tree.Stmt) -> tree.FunctionDef:
        return tree.FunctionDef(span, name, span, (), like.args, returns, body, (), False)

    written = {name: item.node for name, item in decl.members.items() if isinstance(item, FunctionDecl)}
    for name, made, op in (("__lt__", "__gt__", "<"), ("__le__", "__ge__", "<=")):
        node = written.get(name)
        if isinstance(node, tree.FunctionDef) and made not in decl.members:
            yield method(made, node, node.returns, tree.Return(span, tree.Compare(span, other, (op,), (me,))))
    node, current = written.get("__step__"), written.get("__current__")
    if isinstance(node, tree.FunctionDef) and isinstance(current, tree.FunctionDef):
        if "__iter__" not in decl.members:
            yield method("__iter__", node, tree.Name(span, "Self"), tree.Return(span, me))
        if "__next__" not in decl.members:
            ended = tree.UnaryOp(span, "not", call("self", "__step__"))
            stop = tree.If(span, ended, (tree.Raise(span, call("StopIteration"), None),), ())
            yield method("__next__", current, current.returns, stop, tree.Return(span, call("self", "__current__")))


class Maker:
    def __init__(self, decl: ClassDecl, span: Span) -> None:
        self.decl = decl
        self.span = span

    def read(self, of: str, field: FieldDecl) -> tree.Expr:
        return tree.Attribute(self.span, tree.Name(self.span, of), field.name, self.span)

    def tuple_of(self, of: str, fields: list[FieldDecl]) -> tree.Expr:
        return tree.Tuple(self.span, tuple(self.read(of, item) for item in fields))

    def compared(self, op: str, fields: list[FieldDecl]) -> tree.Expr:
        return tree.Compare(self.span, self.tuple_of("self", fields), (op,), (self.tuple_of("other", fields),))

    def shown(self, fields: list[FieldDecl]) -> tree.Expr:
        parts: list[tree.StringLiteral | tree.FormattedValue] = []
        text = f"{self.decl.qualified}("
        for index, item in enumerate(fields):
            text += f"{', ' if index else ''}{item.name}="
            parts.append(tree.StringLiteral(self.span, text))
            parts.append(tree.FormattedValue(self.span, self.read("self", item), "r", None, None))
            text = ""
        parts.append(tree.StringLiteral(self.span, text + ")"))
        return tree.JoinedStr(self.span, tuple(parts))

    def method(self, name: str, params: tuple[str, ...], *body: tree.Stmt, typed: bool = True) -> FunctionDecl:
        span = self.span
        arguments = tuple(tree.Arg(span, item, None, None) for item in ("self", *params))
        node = tree.FunctionDef(
            span, name, span, (), tree.Arguments(span, (), arguments, None, (), None), None, body, (), False
        )
        made = FunctionDecl(name, f"{self.decl.name}.{name}", self.decl.module, node, self.decl)
        own = ClassType(self.decl, self.decl.type_params) if typed else None
        made.signature = Signature(tuple(Parameter(item, own, None, "normal", span) for item in params), None)
        return made

    def init(self, fields: list[FieldDecl], has_more: bool) -> FunctionDecl:
        """`__init__(self, a: A, b: B = ...)`: the parameters are annotated as the fields are."""
        span = self.span
        arguments = [tree.Arg(span, "self", None, None)]
        body: list[tree.Stmt] = []
        for item in fields:
            wanted = not _is_left_out(item, "init")
            if wanted:
                arguments.append(tree.Arg(item.span, item.name, item.annotation, item.default))
            value: tree.Expr = tree.Name(span, item.name)
            if not wanted:
                factory = None if item.default is None else default_factory(item.default)
                if factory is None:
                    continue
                value = tree.Call(span, factory, (), ())
            target = tree.Attribute(span, tree.Name(span, "self"), item.name, span)
            body.append(tree.Assign(span, (target,), value))
        if has_more:
            after = tree.Attribute(span, tree.Name(span, "self"), "__post_init__", span)
            body.append(tree.ExprStmt(span, tree.Call(span, after, (), ())))
        if not body:
            body.append(tree.Pass(span))
        rest = tree.Arguments(span, (), tuple(arguments), None, (), None)
        node = tree.FunctionDef(span, "__init__", span, (), rest, tree.NoneLiteral(span), tuple(body), (), False)
        return FunctionDecl("__init__", f"{self.decl.name}.__init__", self.decl.module, node, self.decl)


def _is_left_out(item: FieldDecl, of: str) -> bool:
    """`field(init=False)`, and so on."""
    said = None if item.default is None else field_argument(item.default, of)
    return isinstance(said, tree.BoolLiteral) and not said.value


__all__ = ["add_enum_members", "add_methods", "derived", "machine_operators", "record_fields"]
