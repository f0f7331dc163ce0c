"""Annotations to types, and declared functions to signatures.

Types made here may hold the type variables of the declaration; they are cached on it and replaced per instance.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..diag import CompileError, Diagnostic, Diagnostics
from ..syntax import parse, tree
from ..syntax.node import walk
from ..syntax.source import Source
from . import bases, errors, relations
from .declarations import (
    AliasDecl,
    ClassDecl,
    FunctionDecl,
    ModuleDecl,
    Parameter,
    Signature,
    SpecialForm,
    Symbol,
)
from .defaults import is_abstract, written
from .modules import Modules
from .types import ANY, ERROR, NEVER, NONE, ClassType, FunctionType, TupleType, Type, TypeVarType

if TYPE_CHECKING:
    from .program import Program


class NumberPlace(NamedTuple):
    """Where an annotation says `float` or `int`: the key of the hint that more kinds of numbers come there."""

    name: str
    module: str
    start: int


ENUMS = {"Enum": "", "IntEnum": "int", "StrEnum": "str", "Flag": "", "IntFlag": "int"}
NAMED_FORMS = {
    "List": "list", "Dict": "dict", "Set": "set", "Sequence": "list", "Mapping": "dict", "FrozenSet": "frozenset",
    "MutableMapping": "dict", "MutableSet": "set", "Number": "float", "Complex": "float", "Real": "float",
    "Rational": "int", "Integral": "int", "MutableSequence": "list", "AnyStr": "str", "Text": "str",
    "LiteralString": "str",
}  # fmt: skip


class Annotations:
    """Resolves annotations of any module of the program."""

    def __init__(self, program: Program, diagnostics: Diagnostics) -> None:
        self.program = program
        self.modules: Modules = program.modules
        self.diagnostics = diagnostics
        self.dated: list[FunctionDecl | AliasDecl] = []
        """What was resolved with the hints known so far."""
        self.loose: set[TypeVarType] = set()
        """Type variables that are named where nothing is said by it: see `is_loose`."""

    # --- types ---------------------------------------------------------------------------------------------------

    def resolve(self, node: tree.Expr, module: ModuleDecl, variables: Mapping[str, Type]) -> Type:
        """The type that an annotation names; complains and gives ERROR when it names none."""
        match node:
            case tree.Name():
                if node.id in variables:
                    return variables[node.id]
                symbol = self.modules.lookup(module, node.id, node.span.start)
                if symbol is None:
                    self.diagnostics.report(self.modules.undefined(module, node))
                    return ERROR
                return self.number(self.from_symbol(symbol, (), node, module), node, module)
            case tree.NoneLiteral():
                return NONE
            case tree.Attribute():
                symbol = self.qualified(node, module)
                return self.not_a_type(node, module) if symbol is None else self.from_symbol(symbol, (), node, module)
            case tree.Subscript():
                return self._subscript(node, module, variables)
            case tree.BinOp(op="|"):
                return relations.union(
                    [self.resolve(node.left, module, variables), self.resolve(node.right, module, variables)]
                )
            case tree.StringLiteral():
                return self._quoted(node, module, variables)
            case _:
                return self.not_a_type(node, module)

    def number(self, kind: Type, node: tree.Expr, module: ModuleDecl) -> Type:
        """A `float` that a program says takes ints as well, which stay ints, and an `int` bools: the place says so when
        one comes there."""
        if module.library or not isinstance(kind, ClassType) or not relations.is_number(kind):
            return kind
        key = NumberPlace(kind.decl.name, module.name, node.span.start)
        return relations.placed(self.program.hints.get(key, kind), key)

    def _quoted(self, node: tree.StringLiteral, module: ModuleDecl, variables: Mapping[str, Type]) -> Type:
        """`"Name | None"`, as people write it for a class declared further down; the quotes are not needed here."""
        if node.value.isidentifier():
            return self.resolve(tree.Name(node.span, node.value), module, variables)
        lead = " " * (node.span.start + 1)  # so that places in the text are places in the file, for simple literals
        try:
            body = parse(Source(module.source.name, f"({lead[1:]}{node.value})", module.name)).body
        except CompileError:
            return self.not_a_type(node, module)
        if len(body) == 1 and isinstance(body[0], tree.ExprStmt):
            return self.resolve(body[0].value, module, variables)
        return self.not_a_type(node, module)

    def not_a_type(self, node: tree.Expr, module: ModuleDecl) -> Type:
        text = module.source.text[node.span.start : node.span.end]
        problem: Diagnostic = errors.NotAType(module.source, node.span, text=text)
        meant = ""
        match node:
            case tree.Call(func=tree.Name(id=name), args=args, keywords=()) if args:
                meant = f"{name}[{text.partition('(')[2].rpartition(')')[0]}]"
            case tree.List(elts=(_,)):
                meant = f"list{text}"
            case tree.Tuple(elts=(_, *_)) if text.startswith("("):
                meant = f"tuple[{text[1:-1]}]"
        self.diagnostics.report(problem.replacing(f"write `{meant}`", meant) if meant else problem)
        return ERROR

    def qualified(self, node: tree.Expr, module: ModuleDecl) -> Symbol | None:
        if isinstance(node, tree.Name):
            return self.modules.lookup(module, node.id, node.span.start)
        if isinstance(node, tree.Attribute):
            owner = self.qualified(node.value, module)
            if isinstance(owner, ModuleDecl):
                return self.modules.member(owner, node.attr)
            inner = self.program.members.find_member(owner, node.attr) if isinstance(owner, ClassDecl) else None
            return inner if isinstance(inner, ClassDecl) else None
        return None

    def from_symbol(self, symbol: Symbol, args: tuple[Type, ...], node: tree.Expr, module: ModuleDecl) -> Type:
        match symbol:
            case ClassDecl():
                kind = self.class_named(symbol, args, node, module)
                return bases.meant(kind) if isinstance(kind, ClassType) else kind
            case AliasDecl():
                return self._alias(symbol, args, node, module)
            case TypeVarType():
                return symbol
            case SpecialForm(name="<missing>"):
                return ERROR
            case SpecialForm():
                return self._special(symbol.name, args, node, module)
            case _:
                return self.not_a_type(node, module)

    def class_named(self, symbol: ClassDecl, args: tuple[Type, ...], node: tree.Expr, module: ModuleDecl) -> Type:
        """The class itself, where a name of it stands."""
        self.program.members.complete(symbol)
        if symbol.name == "object" and symbol.module.core and not module.library:
            return ANY  # whatever there is, numbers and None included
        if symbol.name in ("Pattern", "Match") and symbol.module.library and len(args) == 1:
            return ClassType(symbol)  # of `re`: of texts, as there are no others
        if len(args) == len(symbol.type_params):
            return self.as_function(symbol) or ClassType(symbol, args)
        wanted = len(symbol.type_params)
        if not args and symbol.name == "tuple_of":
            return ClassType(symbol, (ANY,))
        problem = f"`{symbol.name}` takes {wanted} type argument{'s' * (wanted != 1)}, not {len(args)}"
        report = errors.WrongArguments(module.source, node.span, problem=problem)
        names = ", ".join(["..."] * wanted)
        self.diagnostics.report(report.helped(f"write `{symbol.name}[{names}]`") if wanted else report)
        return ERROR

    def as_function(self, decl: ClassDecl) -> FunctionType | None:
        """What a Protocol asks for that only names `__call__`: a function."""
        call = decl.members.get("__call__") if decl.is_protocol and len(decl.members) == 1 else None
        if not isinstance(call, FunctionDecl) or decl.type_params or call.is_async or decl.module.library:
            return None
        signature = self.signature(call)
        plain = len(signature.slots) == len(signature.params) and signature.annotated
        return FunctionType(signature.kinds(), signature.result) if plain and signature.result is not None else None

    def _special(self, name: str, args: tuple[Type, ...], node: tree.Expr, module: ModuleDecl) -> Type:
        program = self.program
        match name, args:
            case (("Any" | "type" | "Type" | "Hashable" | "Sized"), ()) | ("Unpack", _):
                return ANY
            case (("TypeGuard" | "TypeIs"), (_,)) | ("SupportsIndex", ()):
                return program.core_type("int" if name == "SupportsIndex" else "bool")
            case "TracebackType", ():
                return program.core_type("BaseException")  # what `__exit__` gets in its place
            case (("Never" | "NoReturn"), ()):
                return NEVER
            case "Optional", (inner,):
                return relations.union([inner, NONE])
            case "Union", _:
                return relations.union(args)
            case (("Final" | "ClassVar" | "Required" | "NotRequired" | "ReadOnly"), (inner,)):
                return inner
            case ("Awaitable", (inner,)) | ("Coroutine", (_, _, inner)):
                return program.core_type("Coroutine", inner)
            case (("Iterable" | "Collection" | "Container" | "Reversible"), (inner,)):
                return relations.placed(program.core_type("Generator", inner), None if module.library else "Iterable")
            case "Iterator", (inner,):
                return program.core_type("Generator", inner)
            case "Generator", (inner, *_):
                return program.core_type("Generator", inner)
            case (("AsyncGenerator" | "AsyncIterator" | "AsyncIterable"), (inner, *_)):
                return program.core_type("AsyncGenerator", inner)
            case "tuple", _:
                return TupleType(args) if args else program.core_type("tuple_of", ANY)
            case _ if name in NAMED_FORMS and (bool(args) or NAMED_FORMS[name] == "str"):
                own = name if name in relations.WALKED and not module.library else None
                return relations.placed(program.core_type(NAMED_FORMS[name], *args), own)
            case _:
                return self.not_a_type(node, module)

    def alias(self, alias: AliasDecl) -> Type:
        """The type that an alias without parameters names."""
        return self._alias(alias, (), alias.node.value, alias.module)

    def _alias(self, alias: AliasDecl, args: tuple[Type, ...], node: tree.Expr, module: ModuleDecl) -> Type:
        if alias.resolving:  # what is made of itself may be anything
            alias.value = ANY
        if alias.value is None and isinstance(alias.node.value, tree.Call):
            alias.value = self.resolve(alias.node.value.args[1], alias.module, {})  # `NewType`
        if alias.value is None:
            alias.resolving = True
            variables = {item.name: item for item in alias.type_params}
            found = self.resolve(alias.node.value, alias.module, variables)
            alias.value, alias.resolving = alias.value or found, False
            self.dated.append(alias)
        if len(args) != len(alias.type_params):
            return self.not_a_type(node, module)
        return relations.substitute(alias.value, dict(zip(alias.type_params, args, strict=True)))

    def _subscript(self, node: tree.Subscript, module: ModuleDecl, variables: Mapping[str, Type]) -> Type:
        inner = node.slice.elts if isinstance(node.slice, tree.Tuple) else (node.slice,)
        symbol = self.qualified(node.value, module)
        if isinstance(node.value, tree.Name) and node.value.id in variables:
            symbol = None
        if isinstance(symbol, SpecialForm):
            if symbol.name == "Callable" and len(inner) == 2:
                if not isinstance(inner[0], tree.List):
                    return self.not_a_type(inner[0], module)
                params = tuple(self.resolve(item, module, variables) for item in inner[0].elts)
                return FunctionType(params, self.resolve(inner[1], module, variables))
            if symbol.name in ("tuple", "Tuple"):
                if len(inner) == 2 and isinstance(inner[1], tree.EllipsisLiteral):
                    return self.program.core_type("tuple_of", self.resolve(inner[0], module, variables))
                if len(inner) == 1 and isinstance(inner[0], tree.Tuple) and not inner[0].elts:
                    return TupleType(())
                return TupleType(tuple(self.resolve(item, module, variables) for item in inner))
            if symbol.name in ("type", "Type"):
                bound = self.resolve(inner[0], module, variables)
                return bound if bound in (ANY, ERROR) else self.program.core_type("type", bound)
            if symbol.name == "Literal":
                return self._literal(inner, node, module)
            if symbol.name == "Annotated":
                inner, symbol = inner[:1], SpecialForm("Final")
            if symbol.name in ("Generator", "AsyncGenerator"):
                inner = inner[:1]
        if symbol is None:
            if isinstance(node.value, tree.Name) and node.value.id not in variables:
                return self.resolve(node.value, module, variables)
            return self.not_a_type(node, module)
        args = tuple(self.resolve(item, module, variables) for item in inner)
        if any(item is ERROR for item in args):
            return ERROR
        return self.from_symbol(symbol, args, node, module)

    def _literal(self, inner: tuple[tree.Expr, ...], node: tree.Expr, module: ModuleDecl) -> Type:
        """`Literal["a", "b"]` is checked as the type of its values."""
        names = {tree.StringLiteral: "str", tree.BoolLiteral: "bool", tree.IntLiteral: "int"}
        wrong = next((item for item in inner if type(item) not in (*names, tree.NoneLiteral)), None)
        if wrong is not None:
            return self.not_a_type(wrong, module)
        known = (names.get(type(item)) for item in inner)
        return relations.union(NONE if name is None else self.program.core_type(name) for name in known)

    # --- signatures ----------------------------------------------------------------------------------------------

    def variables_of(self, decl: FunctionDecl) -> dict[str, Type]:
        """The type variables (and `Self`) that may stand in the annotations of a function."""
        found: dict[str, Type] = {}
        if decl.owner is not None:
            found.update({item.name: item for item in decl.owner.type_params})
            found["Self"] = ClassType(decl.owner, decl.owner.type_params)
        found.update({item.name: item for item in decl.type_params})
        return found

    def signature(self, decl: FunctionDecl, outer: Mapping[str, Type] | None = None) -> Signature:
        """The parameters and result as declared. `self` and `cls` are left out."""
        if decl.signature is not None:
            return decl.signature
        variables = {**(outer or {}), **self.variables_of(decl)}
        params: list[Parameter] = []
        unsaid: set[str] = set()  # names that stand in annotations which say nothing here

        def add(item: tree.Arg, kind: str) -> None:
            open_kind = decl.module.library or is_abstract(item.annotation)
            said = item.annotation if open_kind else written(item.annotation)
            annotated = None if said is None else self.resolve(said, decl.module, variables)
            may_be_none = isinstance(item.default, tree.NoneLiteral) and annotated not in (ERROR, *decl.type_params)
            if may_be_none and annotated is not None:
                annotated = relations.union([annotated, NONE])  # `x: str = None`, as people write it
            if item.annotation is not None and annotated is None:
                unsaid.update(name.id for name in walk(item.annotation) if isinstance(name, tree.Name))
            if annotated is not None and self.is_loose(annotated):
                annotated = None
            if annotated == ANY and kind in ("varargs", "kwargs") and _hands_on(decl.node, item.arg):
                annotated = None  # as `*args: P.args`: what is called with them tells
            params.append(Parameter(item.arg, annotated, item.default, kind, item.span))

        for item, kind in decl.node.args.kinds:
            add(item, kind)
        if decl.owner is not None and decl.kind != "static":
            if params and params[0].kind in ("positional", "normal"):
                params.pop(0)
            else:
                first = "cls" if decl.kind == "class" else "self"
                text = f"the method `{decl.qualified}` has no `{first}` parameter"
                problem = errors.ClassProblem(decl.module.source, decl.span, problem=text)
                self.diagnostics.report(
                    problem.helped(f"write `def {decl.name}({first})`, or put `@staticmethod` above")
                )
        returns = decl.node.returns if isinstance(decl.node, tree.FunctionDef) else None
        if not decl.module.library and not (is_abstract(returns) and yields(decl.node)):
            returns = written(returns)
        result = None if returns is None else self.resolve(returns, decl.module, variables)
        kinds = [item.type for item in params if item.type is not None]
        for param in decl.type_params:
            if param.name in unsaid and not any(relations.mentions(kind, param) for kind in kinds):
                self.loose.add(param)
        if result is not None and self.is_loose(result):
            result = None
        if result is None and decl.name in ("__init__", "__setitem__", "__delitem__"):
            result = NONE
        decl.signature = Signature(tuple(params), result)
        if not decl.module.library:
            self.dated.append(decl)
        return decl.signature

    def is_loose(self, kind: Type) -> bool:
        """Does it name a type variable that no argument tells, as R of `fn: Callable[..., R]`?"""
        return any(relations.mentions(kind, param) for param in self.loose)

    def renew(self) -> None:
        """Forget what hints tell."""
        for decl in self.dated:
            if isinstance(decl, FunctionDecl):
                decl.signature = None
            else:
                decl.value = None
        self.dated.clear()


def yields(node: tree.FunctionDef | tree.Lambda) -> bool:
    """Is it a generator function?"""
    return any(isinstance(item, tree.Yield | tree.YieldFrom) for item in walk(node))


def _hands_on(node: tree.FunctionDef | tree.Lambda, name: str) -> bool:
    """Does a function call something with its own `*name` or `**name`?"""
    return any(
        isinstance(item, tree.Starred | tree.Keyword)
        and (isinstance(item, tree.Starred) or item.arg is None)
        and isinstance(item.value, tree.Name)
        and item.value.id == name
        for item in walk(node)
    )
