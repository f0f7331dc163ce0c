"""`@dataclass`, Enum, core's `@value`: the methods they give a class, as source, so that they are checked like any."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..diag import Diagnostic
from ..ir.primitives import PRIMITIVES
from ..rewrite.quoted import quoted, quoted_function
from ..syntax import tree
from ..syntax.node import changed
from ..syntax.parts import last_name
from . import errors, relations
from .declarations import ClassDecl, Dataclass, FieldDecl, FunctionDecl, Member, Parameter, PrimitiveDecl, Signature
from .defaults import default_factory, field_argument, has_default, plain_default
from .types import ClassType, Type

DERIVED = (
    ("__lt__", "def __gt__(self, other): return other < self"),
    ("__le__", "def __ge__(self, other): return other <= self"),
    ("__current__", "def __iter__(self) -> Self: return self"),
    ("__current__", """
def __next__(self):
    if not self.__step__():
        raise StopIteration()
    return self.__current__()
"""),
)  # fmt: skip
"""Methods of the library's classes, behind that which they follow from; parameters and result are as there."""
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


def init_fields(decl: ClassDecl) -> list[FieldDecl]:
    """Those that `__init__` takes."""
    return [item for item in record_fields(decl) if not _is_left_out(item, "init")]


def _note_keywords(decl: ClassDecl, by_name: bool) -> None:
    """Which fields `__init__` takes by keyword only: as the class says, or `field(kw_only=...)`, or `KW_ONLY` above."""
    for name, item in [*decl.members.items()]:
        if isinstance(item, FieldDecl) and item.in_header:
            if item.annotation is not None and last_name(item.annotation) == "KW_ONLY":
                by_name = True
                del decl.members[name]
                continue
            said = None if item.default is None else field_argument(item.default, "kw_only")
            item.by_name = said.value if isinstance(said, tree.BoolLiteral) else by_name


def add_methods(decl: ClassDecl, record: Dataclass, find: Find, report: Callable[[Diagnostic], None]) -> None:
    """Give a dataclass the methods that it does not define itself."""
    _note_keywords(decl, record.kw_only)
    fields = record_fields(decl)
    for item in fields:
        item.in_header = True
    with_default: FieldDecl | None = None
    for item in init_fields(decl) if record.init else ():
        if item.by_name:
            continue
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
    methods: dict[str, str] = {}
    compared = [item.name for item in fields if not _is_left_out(item, "compare")]
    me, other = (f"({''.join(f'{of}.{name}, ' for name in compared)})" for of in ("self", "other"))
    if record.repr:
        shown = ", ".join(f"{item.name}={{self.{item.name}!r}}" for item in fields if not _is_left_out(item, "repr"))
        methods["__repr__(self)"] = f'f"{{type(self).__qualname__}}({shown})"'
    if record.eq:
        methods["__eq__(self, other)"] = f"type(self) is type(other) and {me} == {other}"
    if record.eq and record.frozen and "__eq__" not in decl.members:
        methods["__hash__(self)"] = f"hash({me})"
    if record.order:
        alike = "type(self) is type(other) and isinstance(other, Self)"
        methods |= {
            f"{name}(self, other)": f"{me} {op} {other} if {alike} else NotImplemented" for name, op in ORDER.items()
        }
    if record.init and "__init__" not in decl.members:
        decl.members["__init__"] = _init(decl, fields, find(decl, "__post_init__") is not None)
    for head, value in methods.items():
        name = head.partition("(")[0]
        if name not in decl.members:
            own = ClassType(decl, decl.type_params)
            *_, top = relations.ancestors(own)
            above = None if decl.base is None or name not in ORDER else find(decl.base.decl, name)
            if isinstance(above, FunctionDecl) and above.is_given and above.signature is not None:
                _add(decl, head, value, above.signature.params[0].type)
                continue
            if name == "__eq__" and decl.base != top and not own.args:  # that of a class above may be handed any object
                _add(decl, head, f"isinstance(other, Self) and {value}", top)
            else:
                _add(decl, head, value, own)


def add_enum_members(decl: ClassDecl) -> None:
    """The fields `name` and `value`, and how a member is shown: where the program does not say it, in the class or in
    an Enum above it."""
    span, members = decl.span, decl.members
    base = decl.base.decl if decl.base is not None and decl.base.decl.is_enum else None
    if base is None:
        text: tree.Expr = tree.Name(span, "str")
        text = tree.BinOp(span, text, "|", tree.NoneLiteral(span)) if decl.is_flag else text
        members.setdefault("name", FieldDecl("name", span, text, None))
        members.setdefault("value", FieldDecl("value", span, None, None, False))
    shown = f"{decl.name}.{{self.name}}"
    methods = {"__str__(self)": f'f"{shown}"' if decl.shows_name else "str(self.value)"}
    methods["__repr__(self)"] = f'f"<{shown}: {{self.value!r}}>"'
    if decl.plain is not None:
        methods["__format__(self, spec)"] = f"format({'str(self)' if decl.shows_name else 'self.value'}, spec)"
        methods["__hash__(self)"] = "hash(self.value)"
    for head, value in methods.items():
        name = head.partition("(")[0]
        above = None if base is None else base.members.get(name)
        said = base is not None and isinstance(above, FunctionDecl) and above.node.span != base.span
        if name not in members and not said:
            _add(decl, head, value, None)


def add_plain_members(decl: ClassDecl, slot: str, above: Member | None) -> None:
    """A class below `int`, `float` or `str`: its objects hold the value that they are made of."""
    assert decl.plain is not None
    span, kind = decl.span, decl.plain.decl.name
    parts: dict[str, tree.Expr | str] = {"slot": slot, "plain": tree.Name(span, kind)}
    init = decl.members.get("__init__")
    if isinstance(init, FunctionDecl) and isinstance(init.node, tree.FunctionDef) and "__new__" not in decl.members:
        me, *rest = init.node.args.plain
        given = f"me.slot = plain({rest[0].arg if rest else ''})"
        (first,) = quoted(given, span, **parts, me=tree.Name(span, me.arg))
        init.node = changed(init.node, body=(first, *init.node.body))
    elif above is None and init is None and "__new__" not in decl.members:
        node = quoted_function("def __init__(self, given=plain()): self.slot = plain(given)", span, **parts)
        decl.members["__init__"] = FunctionDecl("__init__", f"{decl.name}.__init__", decl.module, node, decl)
    if decl.base is not None and decl.base.decl.plain is not None:
        return
    methods = {"__repr__(self)": "repr(self.slot)", "__hash__(self)": "hash(self.slot)"}
    methods["__format__(self, spec)"] = "format(self.slot, spec) if spec else str(self)"
    if kind == "str":
        methods["__str__(self)"] = "self.slot"
    methods["__eq__(self, other)"] = "isinstance(other, Self) and self.slot == other.slot"
    *_, top = relations.ancestors(ClassType(decl))
    own = {
        name for item in relations.ancestors(ClassType(decl)) if not item.decl.module.core for name in item.decl.members
    }
    for head, value in methods.items():
        if head.partition("(")[0] not in own:
            _add(decl, head, value, top if head.startswith("__eq") else None, **parts)


def _add(decl: ClassDecl, head: str, value: str, kind: Type | None, **parts: tree.Expr | str) -> None:
    """Give a class the method `def HEAD: return VALUE`; `kind`: the type of its other parameter."""
    node = quoted_function(f"def {head}: return {value}", decl.span, **parts)
    made = FunctionDecl(node.name, f"{decl.name}.{node.name}", decl.module, node, decl)
    params = (Parameter(item.arg, kind, None, "normal", decl.span) for item in node.args.args[1:])
    made.signature = Signature(tuple(params), None)
    decl.members[node.name] = made


def _init(decl: ClassDecl, fields: list[FieldDecl], has_more: bool) -> FunctionDecl:
    """`__init__(self, a: A, b: B = ...)`: the parameters are annotated as the fields are."""
    span, lines, factories = decl.span, list[str](), dict[str, tree.Expr]()
    arguments, by_name = [tree.Arg(span, "self", None, None)], list[tree.Arg]()
    for item in fields:
        factory = None if item.default is None else default_factory(item.default)
        if not _is_left_out(item, "init"):
            default = item.default if has_default(item.default) else None
            plain = None if default is None else plain_default(default)
            into = by_name if item.by_name else arguments
            into.append(tree.Arg(item.span, item.name, item.annotation, plain or default))
            lines.append(f"self.{item.name} = {item.name}")
        elif factory is not None:
            factories[f"new_{item.name}"] = factory
            lines.append(f"self.{item.name} = new_{item.name}()")
    if has_more:
        lines.append("self.__post_init__()")
    learned = bool(fields) and all(item.annotation is None for item in fields)  # a `namedtuple`: nothing is annotated
    text = "\n    ".join([f"def __init__(self){'' if learned else ' -> None'}:", *(lines or ["pass"])])
    node = quoted_function(f"{text}\n", span, **factories)
    node = changed(node, args=changed(node.args, args=tuple(arguments), kwonlyargs=tuple(by_name)))
    return FunctionDecl("__init__", f"{decl.name}.__init__", decl.module, node, decl)


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
    """What a class of the library need not write: see `DERIVED`."""
    written = {name: item.node for name, item in decl.members.items() if isinstance(item, FunctionDecl)}
    for like, text in DERIVED:
        if like in written:
            made, last = quoted_function(text, decl.span), written[like]
            if made.name not in decl.members and isinstance(last, tree.FunctionDef):
                yield changed(made, args=last.args, returns=made.returns or last.returns)


def _is_left_out(item: FieldDecl, of: str) -> bool:
    """`field(init=False)`, and so on."""
    said = None if item.default is None else field_argument(item.default, of)
    return isinstance(said, tree.BoolLiteral) and not said.value


__all__ = ["add_enum_members", "add_methods", "derived", "init_fields", "machine_operators", "record_fields"]
