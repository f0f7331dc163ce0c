"""Types as they were said before Python had syntax for them.

In: the tree of a user's module. Out: the same tree with `type` statements for aliases and `NewType`, type parameters
for `TypeVar` and `Generic`, and a class for what `namedtuple` makes; a `TypedDict` is a dict of `Any`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from ..syntax import tree
from ..syntax.node import changed, walk
from ..syntax.parts import bindings, last_name
from ..syntax.source import Source, Span
from .quoted import quoted

NAMED_TUPLE, ANYTHING = "NamedTuple (built in)", "Any (built in)"
BUILT_IN = {NAMED_TUPLE: "NamedTuple", ANYTHING: "Any", "(asdict)": "asdict", "(astuple)": "astuple"}
"""Names that no program can say, and what they mean."""
CONTAINERS = {**dict.fromkeys(("list", "set", "frozenset"), ("item",)), "dict": ("key", "value")}
"""Classes whose items' types are not said where a class is put below them."""
COLLECTIONS = {
    "deque": ("item",),
    "Counter": ("key",),
    **dict.fromkeys(("OrderedDict", "defaultdict"), ("key", "value")),
}
"""Such ones of the module `collections`."""
OLD = re.compile(
    r"class \w+\([^)]*\b(?:list|set|frozenset|dict)\b|from collections import|"
    r"TypeVar|Enum\(|[\[,] *\*\*\w+ *[],]|ParamSpec|NewType|TypedDict|namedtuple|TypeAlias|^\w+ *= *[A-Za-z_]",
    re.MULTILINE,
)
PLAIN = frozenset(re.findall(r"\w+", "int float bool str bytes list dict set tuple frozenset object Any"))
GENERIC = PLAIN | frozenset(re.findall(r"\w+", """
    List Dict Set FrozenSet Tuple Type Optional Union Callable Literal Sequence Mapping Iterable Iterator Generator
    Awaitable Coroutine MutableMapping MutableSequence Annotated type deque defaultdict Deque DefaultDict Counter
    OrderedDict
"""))  # fmt: skip


def modernised(module: tree.Module, source: Source) -> tree.Module:
    if OLD.search(source.text) is None:
        return module
    rewriter = _Rewriter(module)
    body = [made for node in module.body for made in rewriter.statement(node)]
    return changed(module, body=tuple(body))


class _Rewriter:
    def __init__(self, module: tree.Module) -> None:
        self.module = module
        self.bound: Counter[str] = Counter()
        self.variables: list[str] = []
        self.signatures: set[str] = set()
        """Names of `ParamSpec`s and of variables for functions: what is said by them is left to be found out."""
        self.containers = {**CONTAINERS}
        self.named = {node.name for node in module.body if isinstance(node, tree.ClassDef)}
        for node in module.body:
            match node:
                case tree.ImportFrom(module="collections", names=names):
                    self.containers.update({item.bound: COLLECTIONS.get(item.name, ()) for item in names})
                case tree.Assign(targets=(tree.Name(id=name),), value=tree.Call() as call):
                    match last_name(call.func):
                        case "TypeVar" if not _of_functions(call):
                            self.variables.append(name)
                        case "TypeVar" | "ParamSpec":
                            self.signatures.add(name)

    def statement(self, node: tree.Stmt) -> tuple[tree.Stmt, ...]:
        match node:
            case tree.Assign(targets=(tree.Name(id=name),), value=tree.Call() as call):
                match last_name(call.func):
                    case "TypeVar" | "ParamSpec":
                        return ()
                    case "Enum" | "IntEnum" if (
                        len(call.args) == 2 and not call.keywords and (names := _names(call.args[1]))
                    ):
                        members = "".join(f"    {item} = {at}\n" for at, item in enumerate(names, 1))
                        return quoted(f"class {name}(base):\n{members}", node.span, base=call.func)
                    case "NewType" if len(call.args) == 2:
                        return (tree.TypeAlias(node.span, name, (), call),)
                return (_named_tuple(node) or node,)
            case tree.Assign(targets=(tree.Name(id=name),)) if self.is_type(node.value) and self.is_only(name):
                self.named.add(name)
                return (tree.TypeAlias(node.span, name, self.params_of([node.value]), node.value),)
            case tree.AnnAssign(target=tree.Name(id=name), annotation=said, value=tree.Expr() as value):
                if last_name(said) == "TypeAlias":
                    self.named.add(name)
                    return (tree.TypeAlias(node.span, name, self.params_of([value]), value),)
            case tree.ClassDef(bases=(base,)) if last_name(base) == "TypedDict":
                return quoted(f"type {node.name} = dict[str, anything]", node.span, anything=ANYTHING)
            case tree.ClassDef(bases=bases, type_params=()) if any(map(self.items_of, bases)):
                params = tuple(tree.TypeParam(base.span, name, None) for base in bases for name in self.items_of(base))
                self.containers[node.name] = tuple(item.name for item in params)
                return (changed(node, type_params=params, bases=tuple(map(self.filled, bases))),)
            case tree.ClassDef(bases=(tree.Call() as base,)) if last_name(base.func) == "namedtuple" and base.args:
                title = getattr(base.args[0], "value", "")
                made = _named_tuple(tree.Assign(base.span, (tree.Name(base.span, title),), base))
                if made is not None:
                    return (changed(node, bases=made.bases, body=(*made.body, *node.body)),)
            case tree.ClassDef() if self.variables or self.signatures or self.has_spec(node):
                return (self.class_(node),)
            case tree.FunctionDef() if self.variables or self.signatures or self.has_spec(node):
                return (self.function(node, ()),)
        return (node,)

    def items_of(self, base: tree.Expr) -> list[str]:
        """The type parameters of a class below a container, of whose items the program says no more."""
        name = base.id if isinstance(base, tree.Name) else ""
        return [f"{item} of {name}" for item in self.containers.get(name, ())]

    def filled(self, base: tree.Expr) -> tree.Expr:
        items = tuple(tree.Name(base.span, name) for name in self.items_of(base))
        held = items[0] if len(items) == 1 else tree.Tuple(base.span, items)
        return tree.Subscript(base.span, base, held) if items else base

    def is_type(self, node: tree.Expr) -> bool:
        """Does it say a type, and can it be nothing else?"""
        match node:
            case tree.Subscript(value=tree.Name(id=name)):
                return name in GENERIC or name in self.named
            case tree.Subscript(value=tree.Attribute(value=tree.Name(id="typing"))):
                return True
            case tree.BinOp(op="|", left=left, right=right):
                return all(isinstance(item, tree.NoneLiteral) or self.is_type(item) for item in (left, right))
            case tree.Name(id=name):
                return name in PLAIN or name in self.named
            case _:
                return False

    def is_only(self, name: str) -> bool:
        """Is the name bound in one place of the module?"""
        if not self.bound:
            self.bound.update(bindings(self.module))
        return self.bound[name] == 1

    def mentioned(self, nodes: Iterable[tree.Expr | None]) -> list[str]:
        """The type variables that annotations name, in order."""
        found: dict[str, None] = {}
        for node in nodes:
            for item in walk(node) if node is not None else ():
                match item:
                    case tree.Name(id=name):
                        found[name] = None
                    case tree.StringLiteral(value=text):
                        found.update(dict.fromkeys(re.findall(r"\w+", text)))
        return [name for name in found if name in self.variables]

    def params_of(self, nodes: Iterable[tree.Expr | None], known: Iterable[str] = ()) -> tuple[tree.TypeParam, ...]:
        return tuple(tree.TypeParam(Span(0, 0), name, None) for name in self.mentioned(nodes) if name not in set(known))

    def has_spec(self, node: tree.ClassDef | tree.FunctionDef) -> bool:
        """Is one of its type parameters, or of its methods', a `**P`?"""
        inside = [item for item in node.body if isinstance(item, tree.FunctionDef)]
        return bool(self.plain_params(node)[1]) or (isinstance(node, tree.ClassDef) and any(map(self.has_spec, inside)))

    def plain_params(self, node: tree.ClassDef | tree.FunctionDef) -> tuple[tuple[tree.TypeParam, ...], set[str]]:
        """Its type parameters that are types, and the names of the others."""
        specs = {item.name.removeprefix("**") for item in node.type_params if item.name.startswith("**")}
        self.signatures |= specs
        return tuple(item for item in node.type_params if not item.name.startswith("**")), specs

    def class_(self, node: tree.ClassDef) -> tree.ClassDef:
        """`class C(Generic[T])` as `class C[T]`."""
        listed = [base for base in node.bases if isinstance(base, tree.Subscript)]
        declaring = [base for base in listed if last_name(base.value) in ("Generic", "Protocol")] or listed
        params = self.plain_params(node)[0] or self.params_of(declaring)
        names = [item.name for item in params]
        bases = tuple(
            base.value if isinstance(base, tree.Subscript) and last_name(base.value) == "Protocol" else base
            for base in node.bases
            if not (isinstance(base, tree.Subscript) and last_name(base.value) == "Generic")
        )
        body = tuple(
            self.function(item, names, True) if isinstance(item, tree.FunctionDef) else item for item in node.body
        )
        return changed(node, type_params=params, bases=bases, body=body)

    def function(self, node: tree.FunctionDef, known: Iterable[str], is_method: bool = False) -> tree.FunctionDef:
        """`def f(x: T)` as `def f[T](x: T)`; a type variable that stands for the class of `self` is `Self`."""
        plain = self.plain_params(node)[0]
        first = node.args.plain[:1] if is_method else ()
        own = self.mentioned([first[0].annotation]) if first else []
        said = [item.annotation for item in node.args.every if item not in first]
        params = self.params_of([*said, node.returns], [*known, *own])
        if not params and not own and not self.signatures:
            return node

        def argument(item: tree.Arg) -> tree.Arg:
            return changed(item, annotation=None if item in first else self.known(item.annotation))

        made = node.args.with_each(argument)
        returns = self.known(node.returns)
        if isinstance(returns, tree.Name) and returns.id in own:
            returns = tree.Name(returns.span, "Self")
        inside = [*known, *(item.name for item in params)]
        body = tuple(self.function(item, inside) if isinstance(item, tree.FunctionDef) else item for item in node.body)
        return changed(node, type_params=(*plain, *params), args=made, returns=returns, body=body)

    def known(self, annotation: tree.Expr | None) -> tree.Expr | None:
        if annotation is None or not self.signatures:
            return annotation
        match annotation:
            case tree.Subscript(slice=tree.Tuple(elts=(tree.Name(id=name), result))) if name in self.signatures:
                any_of = tree.Tuple(annotation.slice.span, (tree.EllipsisLiteral(annotation.span), result))
                return changed(annotation, slice=any_of)  # `Callable[P, R]`: R is told by nothing else
        named = {item.id for item in walk(annotation) if isinstance(item, tree.Name)}
        return None if named & self.signatures else annotation


def _of_functions(node: tree.Call) -> bool:
    """`TypeVar("F", bound=Callable[..., Any])`."""
    bounds = [item.value for item in node.keywords if item.arg == "bound"]
    return any(last_name(item.value if isinstance(item, tree.Subscript) else item) == "Callable" for item in bounds)


LEARNED = "<learned>"
"""The annotation of a field whose type is that of what is put there."""


def _named_tuple(node: tree.Stmt) -> tree.ClassDef | None:
    match node:
        case tree.Assign(
            targets=(tree.Name(id=name) as target,),
            value=tree.Call(
                func=tree.Name(id="namedtuple") | tree.Attribute(attr="namedtuple"),
                args=(tree.StringLiteral(value=title), fields),
                keywords=keywords,
            ),
        ) if title == name:
            pass
        case _:
            return None
    names = _names(fields)
    if not names:
        return None
    span, defaults = node.span, list[tree.Expr | None]()
    match keywords:
        case ():
            pass
        case (tree.Keyword(arg="defaults", value=tree.List(elts=given) | tree.Tuple(elts=given)),):
            defaults = [*given]
        case _:
            return None
    defaults = [*[None] * (len(names) - len(defaults)), *defaults]
    body = tuple(
        tree.AnnAssign(span, tree.Name(span, item), tree.Name(span, LEARNED), default)
        for item, default in zip(names, defaults, strict=True)
    )
    return tree.ClassDef(span, name, target.span, (), (tree.Name(span, NAMED_TUPLE),), (), body, ())


def _names(fields: tree.Expr) -> list[str]:
    """The names in `"x y"` and in `["x", "y"]`."""
    match fields:
        case tree.StringLiteral(value=text):
            return text.replace(",", " ").split()
        case tree.List(elts=items) | tree.Tuple(elts=items):
            found = [item.value for item in items if isinstance(item, tree.StringLiteral)]
            return found if len(found) == len(items) else []
        case _:
            return []
