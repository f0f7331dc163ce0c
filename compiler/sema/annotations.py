"""Annotations to types, signatures, and the completion of classes: everything that resolves declared names.

Types made here may hold the type variables of the declaration; they are cached on it and replaced per instance.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from ..diag import CompileError, Diagnostic, Diagnostics
from ..rewrite.flags import FLAGS
from ..rewrite.oldstyle import LEARNED
from ..rewrite.quoted import quoted, quoted_function
from ..syntax import parse, tree
from ..syntax.node import Frozen, changed, walk, with_below
from ..syntax.parts import bindings, blocks, is_literal, surely_set, targets, unplaced
from ..syntax.source import Source, Span
from . import bases as several
from . import errors, records, relations
from .declarations import (
    PLAIN_VALUE,
    AliasDecl,
    ClassDecl,
    Dataclass,
    FieldDecl,
    FunctionDecl,
    GlobalDecl,
    Member,
    ModuleDecl,
    OverloadDecl,
    Parameter,
    PropertyDecl,
    Signature,
    SpecialForm,
    Symbol,
    own_name,
)
from .defaults import is_abstract, written
from .mixins import MIXINS, WALK
from .modules import Modules, add_form, class_declaration, decorated, function_declaration
from .types import ANY, ERROR, NEVER, NONE, ClassType, FunctionType, TupleType, Type, TypeVarType

if TYPE_CHECKING:
    from .program import Program


class NumberPlace(NamedTuple):
    """Where an annotation says `float` or `int`: the key of the hint that more kinds of numbers come there."""

    name: str
    module: str
    start: int


ENUMS = {"Enum": "", "IntEnum": "int", "StrEnum": "str", "Flag": "", "IntFlag": "int"}
REDEFINED = {
    "dict": (
        "__getitem__",
        "__setitem__",
        "__delitem__",
        "__contains__",
        "__missing__",
        "get",
        "pop",
        "setdefault",
        "update",
    ),
    "list": ("append", "extend", "insert", "pop", "remove"),
}
"""Methods of built-in classes that a class below may have its own for."""
WITH_MISSING = """
def __getitem__(self, key):
    if key in self.keys():
        return super().__getitem__(key)
    return self.__missing__(key)
"""
PLAIN = ("int", "float", "str")
"""Classes of values that a class may be below: its objects hold the value."""
NAMED_FORMS = {
    "List": "list", "Dict": "dict", "Set": "set", "Sequence": "list", "Mapping": "dict", "FrozenSet": "frozenset",
    "MutableMapping": "dict", "MutableSet": "set", "Number": "float", "Complex": "float", "Real": "float",
    "Rational": "int", "Integral": "int", "MutableSequence": "list", "AnyStr": "str", "Text": "str",
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
                symbol = self._qualified(node, module)
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

    def _qualified(self, node: tree.Expr, module: ModuleDecl) -> Symbol | None:
        if isinstance(node, tree.Name):
            return self.modules.lookup(module, node.id, node.span.start)
        if isinstance(node, tree.Attribute):
            owner = self._qualified(node.value, module)
            if isinstance(owner, ModuleDecl):
                return self.modules.member(owner, node.attr)
            inner = self.find_member(owner, node.attr) if isinstance(owner, ClassDecl) else None
            return inner if isinstance(inner, ClassDecl) else None
        return None

    def from_symbol(self, symbol: Symbol, args: tuple[Type, ...], node: tree.Expr, module: ModuleDecl) -> Type:
        match symbol:
            case ClassDecl():
                kind = self.class_named(symbol, args, node, module)
                return several.meant(kind) if isinstance(kind, ClassType) else kind
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
        self.complete(symbol)
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
            case (("Any" | "type" | "Type" | "Hashable" | "Sized"), ()):
                return ANY
            case "TracebackType", ():
                return program.core_type("BaseException")  # what `__exit__` gets in its place
            case (("Never" | "NoReturn"), ()):
                return NEVER
            case "Optional", (inner,):
                return relations.union([inner, NONE])
            case "Union", _:
                return relations.union(args)
            case (("Final" | "ClassVar"), (inner,)):
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
        if alias.resolving:
            self.diagnostics.report(errors.TooDeep(module.source, node.span, what=f"the type `{alias.name}`"))
            return ERROR
        if alias.value is None and isinstance(alias.node.value, tree.Call):
            alias.value = self.resolve(alias.node.value.args[1], alias.module, {})  # `NewType`
        if alias.value is None:
            alias.resolving = True
            variables = {item.name: item for item in alias.type_params}
            alias.value = self.resolve(alias.node.value, alias.module, variables)
            alias.resolving = False
            self.dated.append(alias)
        if len(args) != len(alias.type_params):
            return self.not_a_type(node, module)
        return relations.substitute(alias.value, dict(zip(alias.type_params, args, strict=True)))

    def _subscript(self, node: tree.Subscript, module: ModuleDecl, variables: Mapping[str, Type]) -> Type:
        inner = node.slice.elts if isinstance(node.slice, tree.Tuple) else (node.slice,)
        symbol = self._qualified(node.value, module)
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

    # --- classes -------------------------------------------------------------------------------------------------

    def complete(self, decl: ClassDecl) -> None:
        """Find the base and the members of a class."""
        if decl.completed:
            return
        decl.completed = True
        node = decl.node
        assert node is not None
        if decl.original is None:
            self._base(decl, node)
        self._decorators(decl)
        for statement in (*records.machine_operators(decl), *node.body) if decl.representation else node.body:
            if decl.original is None or not self._shared(decl, decl.original, statement):
                self._member(decl, statement)
        for statement in list(records.derived(decl)) if decl.module.library else ():
            self._member(decl, statement)
        if decl.is_protocol:
            decl.conforms = self.conforms
            for member in decl.members.values():
                if isinstance(member, FieldDecl | GlobalDecl):
                    self._refuse(member.span, decl.module, "a field in a Protocol", "ask for a method or property")
        for name in decl.mixes:
            self._mix_in(decl, name)
        if decl.dataclass is not None:
            records.add_methods(decl, decl.dataclass, self.find_member, self.diagnostics.report)
        if decl.is_enum:
            records.add_enum_members(decl)
        elif decl.plain is not None:
            above = None if decl.base is None else self.find_member(decl.base.decl, "__init__")
            beside = decl.base is not None and decl.base.decl.plain is None  # a mixin
            if above is not None and (beside or "__init__" in decl.members) and "__new__" not in decl.members:
                what = f"an `__init__` below one of a class below `{decl.plain}`"
                self._refuse(decl.span, decl.module, what, "write a `__new__`, or leave one out")
            for name in {"__eq__", "__ne__", *records.ORDER} & decl.members.keys():
                what = f"`{name}` in a class below `{decl.plain}`"
                self._refuse(decl.span, decl.module, what, "give the method a name, or keep the value in a field")
            records.add_plain_members(decl, PLAIN_VALUE, above)
        for member in () if decl.module.library else list(decl.members.values()):  # the library's classes name theirs
            for form in member.forms if isinstance(member, FunctionDecl | OverloadDecl | PropertyDecl) else ():
                if form.kind not in ("static", "class"):
                    self._assigned_fields(decl, form)
        if decl.base is not None and decl.base.decl.module.core and decl.base.args and not decl.module.library:
            self._keeps_methods(decl, decl.base.decl)
        self.program.subclassed(decl)

        if not (decl.module.library or decl.dataclass or decl.is_enum or decl.is_protocol):
            self._unsure_fields(decl)

    def _shared(self, decl: ClassDecl, original: ClassDecl, node: tree.Stmt) -> bool:
        """Class variables and inner classes of a class that is made again are those of the class itself."""
        if isinstance(node, tree.FunctionDef):
            if isinstance(held := original.members.get(node.name), GlobalDecl):
                what = f"the decorator of `{node.name}` in a class that stands beside other base classes"
                self._refuse(held.span, decl.module, what, "call the function inside the method")
            return isinstance(held, GlobalDecl)
        names = [node.name] if isinstance(node, tree.ClassDef) else [getattr(item, "id", "") for item in targets(node)]
        for name in names:
            known = original.members.get(name)
            if isinstance(known, FieldDecl) and known.default is not None and original.dataclass is None:
                self.shadow(original, name)
            known = original.members.get(name)
            if isinstance(known, GlobalDecl | ClassDecl):
                decl.members[name] = known
                for field in (own_name(name), own_name(name, "set")):
                    if field in original.members:
                        decl.members[field] = original.members[field]
        return any(name in decl.members for name in names)

    def _mix_in(self, decl: ClassDecl, name: str) -> None:
        """The methods that follow from those that the program writes."""
        asked, given, _ = MIXINS[name]
        methods = [node for node in quoted(given, decl.span) if isinstance(node, tree.FunctionDef)]
        for item in asked:
            if self.find_member(decl, item) is None and item != "__hash__":
                what = f"a class below `{name}` without `{item}`"
                self._refuse(decl.span, decl.module, what, "write the method, or leave the base class out")
        for node in methods:
            if node.name not in decl.members:
                self._member(decl, node)

    def _keeps_methods(self, decl: ClassDecl, base: ClassDecl) -> None:
        """Methods of `list` and the like use one another here, as they do not in CPython: only those that none uses may
        be redefined."""
        if base.name == "dict" and "__missing__" in decl.members and "__getitem__" not in decl.members:
            self._member(decl, quoted_function(WITH_MISSING, decl.span))
        for name, member in decl.members.items():
            redefined = name in ("__missing__", "__iter__", "__reversed__") or (
                name not in ("__init__", "__repr__", "__str__", "__hash__") and self.find_member(base, name) is not None
            )
            if name in REDEFINED.get(base.name, ()) and isinstance(member, FunctionDecl):
                continue
            if isinstance(self.find_member(base, name), FieldDecl):
                continue  # a name that is only used inside
            if redefined and isinstance(member, FunctionDecl | PropertyDecl):
                what = f"the method `{name}` in a class below `{base.name}`"
                self._refuse(member.forms[0].span, decl.module, what, f"keep the `{base.name}` in a field of the class")

    def _unsure_fields(self, decl: ClassDecl) -> None:
        """Find the fields that an object may be asked for before it has them."""
        init = decl.members.get("__init__")
        sure: set[str] = set()
        if isinstance(init, FunctionDecl) and isinstance(init.node, tree.FunctionDef):
            arguments = init.node.args.plain
            sure = surely_set(init.node.body, arguments[0].arg) if arguments else sure
        for name, member in list(decl.members.items()):
            shared = decl.original is not None and decl.original.members.get(name) is member
            if isinstance(member, FieldDecl) and member.default is None and name not in sure and not shared:
                self.make_unsure(decl, member)

    def make_unsure(self, decl: ClassDecl, member: FieldDecl) -> None:
        """An object may be without the field: it keeps whether it has it."""
        member.unsure = True
        flag = own_name(member.name, "set")
        decl.members[flag] = FieldDecl(flag, member.span, tree.Name(member.span, "bool"), None, False)

    def fixed_attributes(self, decl: ClassDecl, name: str) -> tuple[str, str] | None:
        """What CPython raises where an object of the class is given an attribute that its class does not name."""
        above = [item.decl for item in relations.ancestors(ClassType(decl, decl.type_params))]
        if any(item.dataclass is not None and item.dataclass.frozen and not item.is_named_tuple for item in above):
            return "FrozenInstanceError", f"cannot assign to field '{name}'"
        slotted = (item.is_named_tuple or item.slotted for item in above if not item.module.core)
        ending = "and no __dict__ for setting new attributes"
        return ("AttributeError", f"'{decl.name}' object has no attribute '{name}' {ending}") if all(slotted) else None

    def extend(self, decl: ClassDecl, name: str, span: Span) -> None:
        """Objects of the class are given the attribute `name` from outside: a field that they may be without."""
        for below in self.all_below(decl):
            if isinstance(below.members.get(name), FieldDecl):
                del below.members[name]
        decl.members[name] = member = FieldDecl(name, span, None, None, False, True)
        self.make_unsure(decl, member)

    def getter_of(self, decl: ClassDecl, name: str) -> FunctionDecl | None:
        """The `__getattr__` of a class, made for one name that is known: what it does with it tells its type."""
        found = self.lookup(ClassType(decl, decl.type_params), "__getattr__")
        if (
            found is None
            or not isinstance(form := found[1], FunctionDecl)
            or not isinstance(form.node, tree.FunctionDef)
        ):
            return None
        arguments, owner = form.node.args.args, found[0].decl
        if len(arguments) != 2 or sum(item == arguments[1].arg for item in bindings(form.node)) > 1:
            return form
        own = f"__getattr__ ({name})"

        def told(node: Frozen) -> Frozen:
            if isinstance(node, tree.Name) and node.id == arguments[1].arg:
                return tree.StringLiteral(node.span, name)
            return with_below(node, told)

        if own not in owner.members:
            body = told(changed(form.node, name=own, args=changed(form.node.args, args=arguments[:1])))
            assert isinstance(body, tree.FunctionDef)
            owner.members[own] = FunctionDecl(own, form.qualified, form.module, body, owner)
        made = owner.members[own]
        assert isinstance(made, FunctionDecl)
        return made

    def walk_of(self, decl: ClassDecl) -> str:
        """The method that walks over what only has `__getitem__`, and needs no `__iter__` for it."""
        owner = next(item.decl for item in relations.ancestors(ClassType(decl)) if "__getitem__" in item.decl.members)
        if "(items)" not in owner.members:
            self._member(owner, quoted_function(WALK, owner.span, __iter__="(items)"))
        return "(items)"

    def all_below(self, decl: ClassDecl) -> Iterator[ClassDecl]:
        for below in decl.subclasses:
            yield below
            yield from self.all_below(below)

    def _base(self, decl: ClassDecl, node: tree.ClassDef) -> None:
        source = decl.module.source
        variables: dict[str, Type] = {item.name: item for item in decl.type_params}
        bases: list[ClassType] = []
        for named in node.bases:
            symbol = self._qualified(named.value if isinstance(named, tree.Subscript) else named, decl.module)
            if isinstance(symbol, SpecialForm):
                if symbol.name in ENUMS:
                    decl.is_enum, plain = True, ENUMS[symbol.name]
                    decl.is_flag = symbol.name in FLAGS
                    if decl.is_flag and "_missing_" not in {getattr(item, "name", "") for item in node.body}:
                        what = "a Flag with values that are no plain numbers, or with bits that are no member's alone,"
                        self._refuse(named.span, decl.module, what, "give each bit a member: `READ = 1`")
                    decl.plain, decl.shows_name = (self.program.core_type(plain), False) if plain else (None, True)
                    continue
                if symbol.name == "Protocol":
                    decl.is_protocol = True
                    continue
                if symbol.name == "NamedTuple":
                    decl.is_named_tuple = True
                    decl.dataclass = Dataclass(frozen=True, order=True)
                    continue
                if symbol.name in ("ABC", "Generic"):
                    continue
                if symbol.name in MIXINS:
                    decl.mixes += (symbol.name, *MIXINS[symbol.name][2])
                    continue
            if isinstance(symbol, ClassDecl) and symbol.name == "object" and symbol.module.core:
                if node.type_params or named is not node.bases[-1]:
                    self._refuse(named.span, decl.module, "`object` before another base class", "leave it out")
                continue
            if isinstance(symbol, ClassDecl) and isinstance(named, tree.Name | tree.Attribute):
                found = self.class_named(symbol, (), named, decl.module)
            else:
                found = self.resolve(named, decl.module, variables)
            if isinstance(found, ClassType):
                bases.append(found)
            elif found is not ERROR:
                self.diagnostics.report(
                    errors.ClassProblem(source, named.span, problem=f"`{found}` cannot be a named class")
                )
        if decl.is_enum and bases and bases[0].decl.module.core and bases[0].decl.name in ("int", "str"):
            decl.plain = bases.pop(0)  # `class C(str, Enum)`
        elif bases and bases[0].decl.is_enum:
            above = bases[0].decl
            decl.is_enum, decl.plain, decl.shows_name = True, above.plain, above.shows_name
        value = None
        if bases and bases[-1].decl.name in PLAIN and bases[-1].decl.module.core and not decl.module.library:
            value = bases.pop()
        if len(bases) > 1:
            bases = several.single(self, decl, bases)
        if bases and relations.as_base(bases[0], decl) is not None:
            self.diagnostics.report(errors.TooDeep(source, node.bases[0].span, what=f"the base of `{decl.name}`"))
            bases = []
        built_in = next(
            (item for item in bases for item in [*relations.ancestors(item)][:-1] if item.decl.module.core), None
        )
        if value is not None and built_in is not None:
            self._refuse(decl.span, decl.module, f"`{value}` beside `{built_in.decl.display}`", several.IN_FIELD)
        elif value is not None:
            decl.plain = value
            decl.members[PLAIN_VALUE] = FieldDecl(
                PLAIN_VALUE, decl.span, tree.Name(decl.span, decl.plain.decl.name), None, False
            )
        elif bases and bases[0].decl.plain is not None and not decl.is_enum:
            decl.plain = bases[0].decl.plain
        if bases and bases[0].decl.representation and not decl.module.core:
            self._refuse(node.bases[0].span, decl.module, f"a class below `{bases[0]}`", "keep the value in a field")
            bases = []
        if bases:
            decl.base = bases[0]
        elif decl.representation in ("", "raw") and decl.name != "object":
            decl.base = self.program.core_type("object")
        if decl.base is not None:
            decl.base.decl.subclasses.append(decl)
            decl.finalizer = decl.finalizer or decl.base.decl.finalizer
        takes = None if decl.base is None else self.find_member(decl.base.decl, "__init_subclass__")
        for keyword in node.keywords:
            if not (takes or (keyword.arg == "metaclass" and self._is_form(keyword.value, decl.module, "ABCMeta"))):
                self._refuse(keyword.span, decl.module, "an argument in a class header", "leave it out")

    def _decorators(self, decl: ClassDecl) -> None:
        others: list[tree.Expr] = []
        for decorator in decl.decorators:
            if self._is_form(decorator, decl.module, "runtime_checkable"):
                decl.checkable = True
                continue
            if self._is_form(decorator, decl.module, "unique"):
                continue
            call = decorator if isinstance(decorator, tree.Call) else None
            symbol = self._qualified(call.func if call is not None else decorator, decl.module)
            if isinstance(symbol, SpecialForm) and symbol.name == "dataclass":
                record = Dataclass()
                for keyword in call.keywords if call is not None else ():
                    value = keyword.value.value if isinstance(keyword.value, tree.BoolLiteral) else None
                    if keyword.arg in ("frozen", "order", "eq", "init", "repr") and value is not None:
                        setattr(record, keyword.arg, value)
                    elif keyword.arg == "slots":
                        decl.slotted = value is True
                    elif keyword.arg != "kw_only" or value:
                        are = "frozen, order, eq, init, repr and slots are"
                        self._refuse(keyword.span, decl.module, f"`{keyword.arg}` of dataclass", are)
                decl.dataclass = record
            else:
                others.append(decorator)
        decl.decorators = tuple(others)

    def _member(self, decl: ClassDecl, node: tree.Stmt) -> None:
        module = decl.module
        match node:
            case tree.FunctionDef():
                form = function_declaration(node, module, f"{decl.name}.{node.name}", decl)
                if form.decorated and not module.library:
                    self._decorated_method(decl, form)
                elif form.kind == "getter":
                    decl.members[node.name] = PropertyDecl(node.name, form)
                elif form.kind in ("setter", "deleter"):
                    if isinstance(known := decl.members.get(node.name), PropertyDecl):
                        setattr(known, form.kind, form)
                else:
                    names: dict[str, Symbol] = {}
                    before = decl.members.get(node.name)
                    if isinstance(before, FunctionDecl | OverloadDecl):
                        names[node.name] = before
                    add_form(names, form)
                    made = names[node.name]
                    assert isinstance(made, FunctionDecl | OverloadDecl)
                    decl.members[node.name] = made
            case tree.AnnAssign(target=tree.Name()):
                assert isinstance(node.target, tree.Name)
                name = node.target.id
                annotation = node.annotation if module.library else written(node.annotation)
                is_class_variable = isinstance(annotation, tree.Subscript) and self._is_form(
                    annotation.value, module, "ClassVar"
                )
                inherited = None if decl.base is None else self.find_member(decl.base.decl, name)
                if isinstance(inherited, FieldDecl) and not is_class_variable and decl.dataclass is None:
                    self._same_field(decl, node, inherited)
                elif is_class_variable or (node.value is not None and decl.dataclass is None):
                    decl.members[name] = GlobalDecl(name, module, node.target.span, annotation, node.value, decl)
                else:
                    learned = isinstance(annotation, tree.Name) and annotation.id == LEARNED
                    said = None if learned else annotation
                    decl.members[name] = FieldDecl(name, node.target.span, said, node.value)
            case tree.Assign(targets=(tree.Tuple(elts=into),), value=tree.Tuple(elts=values)) if len(into) == len(
                values
            ) and all(isinstance(item, tree.Name) for item in into):
                for target, value in zip(into, values, strict=True):
                    self._member(decl, tree.Assign(node.span, (target,), value))
            case tree.Assign():
                for target in node.targets:
                    if isinstance(target, tree.Name):
                        if target.id == "__slots__":
                            decl.slotted = True
                            continue
                        special = target.id.startswith("__") and target.id.endswith("__")
                        if special and isinstance(node.value, tree.NoneLiteral) and target.id != "__hash__":
                            what = f"`{target.id} = None`"
                            self._refuse(node.span, module, what, "define it, and raise TypeError in it")
                            continue
                        known = decl.members.get(node.value.id) if isinstance(node.value, tree.Name) else None
                        if isinstance(known, FunctionDecl | OverloadDecl | PropertyDecl):
                            decl.members[target.id] = known  # `__radd__ = __add__`
                            continue
                        above = None if decl.base is None else self.find_member(decl.base.decl, target.id)
                        if isinstance(above, FieldDecl) and above.default is not None and decl.base is not None:
                            owner = next(k.decl for k in relations.ancestors(decl.base) if target.id in k.decl.members)
                            if owner.dataclass is None and owner.node is not None:
                                self.shadow(owner, target.id)
                        elif isinstance(above, FieldDecl):
                            what = f"a class variable `{target.id}` where the base class has a field of that name"
                            self._refuse(target.span, module, what, "set it in `__init__`")
                            continue
                        value = node.value
                        if decl.is_enum and not special:
                            value = self._enum_value(decl, target.id, value)
                        decl.members[target.id] = GlobalDecl(target.id, module, target.span, None, value, decl)
                    else:
                        self._refuse(target.span, module, "this assignment in a class body", "one name on the left")
            case tree.ClassDef() if not module.library:
                decl.members[node.name] = class_declaration(node, module, f"{decl.qualified}.{node.name}")
            case tree.Pass() | tree.ExprStmt(value=tree.StringLiteral() | tree.EllipsisLiteral()):
                pass
            case _:
                self._refuse(
                    node.span, module, "this statement in a class body", "methods, fields and constants can stand here"
                )

    def _enum_value(self, decl: ClassDecl, name: str, value: tree.Expr) -> tree.Expr:
        """The value of a member; a second name of one that has the same value is that member."""
        for other in decl.enum_members:
            known = decl.members[other]
            if isinstance(known, GlobalDecl) and known.value is not None and is_literal(value):
                if repr(unplaced(known.value)) == repr(unplaced(value)):
                    decorators = decl.node.decorators if decl.node is not None else ()
                    if any(self._is_form(decorator, decl.module, "unique") for decorator in decorators):
                        what = f"a second name for the value of `{other}` in an Enum that is `@unique`"
                        self._refuse(value.span, decl.module, what, "leave `@unique` out, or give it another value")
                    return tree.Name(value.span, other)
        if name in ("name", "value"):
            self._refuse(value.span, decl.module, f"`{name}` as a member of an Enum", "use another name")
        decl.enum_members.append(name)
        return value

    def _decorated_method(self, decl: ClassDecl, form: FunctionDecl) -> None:
        """`@a` above a method `f`: a class variable that holds `a(f)`, called with the object as first argument."""
        if form.kind in ("class", "setter", "deleter") or decl.type_params:
            what = "this decorator on a class method, a setter or a method of a generic class"
            self._refuse(form.decorated[0].span, decl.module, what, "call the function inside the method")
            return
        if form.kind == "getter":
            form.kind, span, name = "plain", form.span, form.name
            form.name = f"{name} (decorated)"
            node = quoted_function("def get(self): return self.method()", span, get=name, method=form.name)
            getter = FunctionDecl(name, form.qualified, decl.module, node, decl, kind="getter")
            decl.members[name] = PropertyDecl(name, getter)
        made, hidden = decorated(form)
        decl.members[hidden.name] = hidden
        decl.members[made.name] = made

    def _same_field(self, decl: ClassDecl, node: tree.AnnAssign, inherited: FieldDecl) -> None:
        """A field of the base class said again: the same field; another type would make it two."""
        own = self.resolve(node.annotation, decl.module, {item.name: item for item in decl.type_params})
        before = (
            None
            if inherited.annotation is None
            else decl.base and self.resolve(inherited.annotation, decl.base.decl.module, {})
        )
        if node.value is not None or own != before:
            what = f"the field `{inherited.name}`, which the base class has as well,"
            self._refuse(node.span, decl.module, what, "leave the annotation out here, and set the value in `__init__`")

    def _is_form(self, node: tree.Expr, module: ModuleDecl, name: str) -> bool:
        symbol = self._qualified(node, module)
        return isinstance(symbol, SpecialForm) and symbol.name == name

    def _refuse(self, span: Span, module: ModuleDecl, what: str, instead: str) -> None:
        self.diagnostics.report(errors.Unsupported(module.source, span, what=what).helped(instead))

    def _assigned_fields(self, decl: ClassDecl, method: FunctionDecl) -> None:
        """Fields that a method makes by `self.name = value`."""
        arguments = method.node.args.plain
        if not arguments or not isinstance(method.node, tree.FunctionDef):
            return
        me = arguments[0].arg

        def visit(body: Iterable[tree.Stmt]) -> None:
            for node in body:
                said = written(node.annotation) if isinstance(node, tree.AnnAssign) else None
                for target in targets(node):
                    if isinstance(target, tree.Attribute) and isinstance(target.value, tree.Name):
                        if target.value.id == me:
                            self._field_target(decl, target, said)
                for block in blocks(node):
                    visit(block)

        visit(method.node.body)

    def _field_target(self, decl: ClassDecl, target: tree.Attribute, annotation: tree.Expr | None) -> None:
        name, known = target.attr, decl.members.get(target.attr)
        if isinstance(known, GlobalDecl) and self.is_descriptor(known):
            known.annotation = None  # it says of what type the attribute is
        elif isinstance(known, GlobalDecl) and known.owner is decl and not decl.is_enum:
            # a class variable that methods set on `self` is a field with a default
            decl.members[name] = FieldDecl(name, known.span, known.annotation, known.value)
        elif isinstance(known, FieldDecl):
            known.annotation = known.annotation or annotation
        elif known is None and self.find_member(decl, name) is None:
            decl.members[name] = FieldDecl(name, target.attr_span, annotation, None, False)

    def is_descriptor(self, decl: GlobalDecl) -> bool:
        """Is it given an object of a class with a `__set__`?"""
        kind = self._qualified(decl.value.func, decl.module) if isinstance(decl.value, tree.Call) else None
        return isinstance(kind, ClassDecl) and not kind.module.library and self.find_member(kind, "__set__") is not None

    def conforms(self, source: ClassType, target: ClassType) -> bool:
        """Has the class `source` all methods of the Protocol `target`, with the same types?"""
        if source.decl.is_protocol:
            return any(above == target for above in relations.ancestors(source))
        for above in relations.ancestors(target):
            for name, wanted in above.decl.members.items():
                if not isinstance(wanted, FunctionDecl) or not above.decl.is_protocol:
                    continue
                found = self.lookup(source, name)
                if found is None or not isinstance(found[1], FunctionDecl) or found[1].is_async != wanted.is_async:
                    return False
                if not self._same_signature(found[1], found[0], wanted, above):
                    return False
        return True

    def _same_signature(self, own: FunctionDecl, owner: ClassType, wanted: FunctionDecl, above: ClassType) -> bool:
        first, second = self.signature(own), self.signature(wanted)
        inside, outside = relations.environment_of(owner), relations.environment_of(above)
        if len(first.params) != len(second.params):
            return False
        pairs = [(b.type, a.type) for a, b in zip(first.params, second.params, strict=True)]
        pairs.append((first.result, second.result))
        for at, (source, target) in enumerate(pairs):
            if source is None or target is None:
                continue
            environments = (inside, outside) if at == len(pairs) - 1 else (outside, inside)
            given, taken = relations.substitute(source, environments[0]), relations.substitute(target, environments[1])
            if given == taken or relations.conversion(given, taken) in ("", "upcast", "box"):
                continue
            if not (relations.is_number(given) and relations.is_number(taken)):
                return False
            place, wider = relations.origin_of(taken), relations.union((given, taken))
            if wider != taken and isinstance(place, NumberPlace):
                self.program.hints[place] = wider
                self.program.widened = True
        return True

    def shadows(self, decl: ClassDecl, name: str) -> bool:
        """May an object of the class have a value for itself where its classes have a variable?"""
        owner = self._declares_first(decl, name).members.get(name)
        return isinstance(owner, GlobalDecl) and owner.shadowed

    def _declares_first(self, decl: ClassDecl, name: str) -> ClassDecl:
        above = [item.decl for item in relations.ancestors(ClassType(decl, decl.type_params))]
        return next((item for item in reversed(above) if name in item.members), decl)

    def shadow(self, decl: ClassDecl, name: str) -> None:
        """A class variable that an object of the class is given for itself: the object's goes first."""
        decl = self._declares_first(decl, name)
        known = decl.members[name]
        if isinstance(known, FieldDecl):  # until now a field whose default is the class's value
            known = GlobalDecl(name, decl.module, known.span, known.annotation, known.default, decl)
        assert isinstance(known, GlobalDecl)
        known.shadowed, span = True, known.span
        decl.members[name] = known
        decl.members[own_name(name)] = FieldDecl(own_name(name), span, known.annotation, None, False)
        boolean = tree.Name(span, "bool")
        decl.members[own_name(name, "set")] = FieldDecl(own_name(name, "set"), span, boolean, None, False)

    def find_member(self, decl: ClassDecl, name: str) -> Member | None:
        """A member of the class or of one above it."""
        found = self.lookup(ClassType(decl, decl.type_params), name)
        return None if found is None else found[1]

    def lookup(self, kind: ClassType, name: str) -> tuple[ClassType, Member] | None:
        """A member by name, and the instantiated class that declares it."""
        current: ClassType | None = kind
        while current is not None:
            if not current.decl.completed:
                self.complete(current.decl)
            member = current.decl.members.get(name)
            if member is not None:
                return current, member
            current = relations.base_of(current)
        return None


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
