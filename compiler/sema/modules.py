"""Modules and their names: declarations from the tree, imports followed on demand.

In: parsed modules from a `Library`. Out: `ModuleDecl`s whose `names` lead to declarations. Importing is lazy inside the
core library (whose modules import each other freely); user modules that import each other in a circle are refused.
"""

from __future__ import annotations

import builtins as python
import importlib
import re
import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Protocol

from ..diag import Diagnostic, Diagnostics
from ..ir.primitives import PRIMITIVES
from ..rewrite import rewritten
from ..rewrite.oldstyle import BUILT_IN
from ..syntax import tree
from ..syntax.node import changed, walk
from ..syntax.parts import blocks, bound, captured_names, children, statement_expressions, targets, walrus_targets
from ..syntax.source import Source, Span
from . import errors
from .absent import explain_module, explain_name
from .declarations import (
    AliasDecl,
    ClassDecl,
    FunctionDecl,
    GlobalDecl,
    ImportDecl,
    ModuleDecl,
    OverloadDecl,
    PrimitiveDecl,
    SpecialForm,
    Symbol,
)
from .defaults import written
from .types import Type, TypeVarType
from .versions import add_version, local_classes, pick

SPECIAL_MODULES: dict[str, tuple[str, ...]] = {
    "typing": (
        "Any", "Callable", "Optional", "Union", "Never", "NoReturn", "Self", "Final", "ClassVar", "Literal",
        "Awaitable", "Type",
        "Coroutine", "Iterable", "Iterator", "Sequence", "Mapping", "Generator", "List", "Dict", "Set", "Tuple", "cast",
        "overload", "override", "final", "Protocol", "TYPE_CHECKING", "AsyncIterator", "AsyncIterable",
        "AsyncGenerator", "assert_never", "NamedTuple",
        "Annotated", "AnyStr", "FrozenSet", "Generic", "Hashable", "MutableMapping", "MutableSequence", "NewType",
        "Collection", "Container", "Reversible", "Sized",
        "ParamSpec", "Text", "TypeAlias", "TypeVar", "TypedDict", "runtime_checkable", "Concatenate", "LiteralString",
        "NotRequired", "ReadOnly", "Required", "SupportsIndex", "TypeGuard", "TypeIs", "Unpack",
    ),
    "collections.abc": (
        "Callable", "Awaitable", "Coroutine", "Iterable", "Iterator", "Sequence", "Mapping", "Generator",
        "AsyncIterator", "AsyncIterable", "AsyncGenerator", "Hashable", "MutableMapping", "MutableSequence",
        "Set", "MutableSet", "Collection",
        "Container", "Reversible", "Sized",
    ),
    "dataclasses": (
        "dataclass", "field", "fields", "asdict", "astuple", "replace", "is_dataclass", "FrozenInstanceError",
        "KW_ONLY",
    ),
    "enum": ("Enum", "IntEnum", "StrEnum", "Flag", "IntFlag", "auto", "unique"),
    "numbers": ("Number", "Complex", "Real", "Rational", "Integral"),
    "abc": ("ABC", "ABCMeta", "abstractmethod"),
    "__future__": ("annotations", "division", "print_function", "absolute_import", "unicode_literals"),
}  # fmt: skip
BESIDE = {"pielang.collections": "namedtuple", "pielang.asyncio": "run", "types": "TracebackType"}
"""What the language knows of modules that are written in it."""
COLLECTIONS = {
    "DefaultDict": "defaultdict", "Deque": "deque", "Counter": "Counter", "OrderedDict": "OrderedDict",
}  # fmt: skip
"""Names of `typing` that stand for classes of `collections`."""
SPECIAL_BUILTINS = (
    "isinstance", "issubclass", "super", "property", "staticmethod", "classmethod", "type", "tuple", "callable",
    "hasattr", "getattr", "setattr", "vars", "globals", "dir",
)  # fmt: skip
MISSING = SpecialForm("<missing>")
"""What could not be imported: complained about once, silent wherever it is used."""
MACHINE_FORMS = ("value", "raw", "inline", "overload", "stringify", "same_type", "gradual", "finalizer")

PROTOCOLS = ("Iterable", "Iterator", "Sized", "Container", "Collection", "Hashable", "Callable")
"""What `isinstance` takes any class with their methods for."""
# where the names that the checker and lowering call by themselves live (docs/internals.md)
RUNTIME = {
    "rt_alloc": "memory", "rt_overflow": "errors",
    "zip_star": "iteration", "rt_recursion": "errors", "rt_unbound": "errors", "rt_undefined": "errors",
    "rt_type_error": "errors",
    "rt_trace": "errors", "rt_resumed": "tasks", "Frame": "frames", "Coroutine": "frames", "Generator": "frames",
    "StringBuilder": "strings", "start_main": "tasks",
    "resume": "tasks", "Packer": "msgpack", "Unpacker": "msgpack", "get_arguments": "entry", "finish": "entry",
    "tuple_of": "lists", "object": "frames", "BaseException": "errors", "Exception": "errors",
    "AssertionError": "errors",
    "StopIteration": "errors", "StopAsyncIteration": "errors", "u32": "numbers", "i32": "numbers",
    "rt_checked_mul": "numbers",
    "rt_context": "errors", "rt_await": "tasks", "rt_collect": "memory", "rt_unpack": "errors",
    "rt_unpack_star": "errors", "rt_append": "strings", "rt_shared": "strings",
    "rt_bound": "slices", "slice": "slices", "FrozenInstanceError": "errors",
    "type_name": "frames", "class_name": "frames", "type": "frames", "NoneType": "frames", "function": "loose",
    "code": "loose", "missing_arguments": "loose", "of_any": "loose", "id": "functions",
    "NotImplementedType": "frames", "iter": "iteration", "ascii": "functions",
    "walking": "iteration", "taken": "iteration",
    "AsyncGenerator": "frames", "resume_yield": "frames", "resume_walk": "frames",
    "mixed_lists": "mixed", "mixed_tuples": "mixed", "mixed_sets": "mixed", "mixed_dicts": "mixed", "as_int": "mixed",
    "as_float": "mixed",
    "GeneratorContext": "contexts", "SwallowingContext": "contexts", "AsyncContext": "contexts",
    "rename": "names", "name_of": "names",
    "identified": "names", "identified_as": "names", "same_function": "names", "hash_function": "names",
    "deep_copied": "copies", "shallow_copied": "copies", "single": "copies",
    "sent_value": "frames", "return_value": "frames",
    "DataField": "fields",
    "AbstractSet": "sets", "hash_step": "lists", "hash_end": "lists",
    "DictKeys": "dicts", "DictItems": "dicts", "mappingproxy": "dicts",
    **dict.fromkeys(PROTOCOLS, "abstract"),
}  # fmt: skip

UNDECORATED = " (undecorated)"
"""Ends the name of a function below its decorators."""
STAR = re.compile(r"\bimport\s*\*")
INDENTED_CLASS = re.compile(r"^[ \t]+class\s", re.MULTILINE)


class Library(Protocol):
    """Where modules come from: the standard library and the files beside the main one."""

    def load(self, module: str) -> tuple[Source, tree.Module] | None:
        """The parsed module of this dotted name, or None when there is none; raises `CompileError` when it cannot
        be read."""

    def modules(self) -> dict[str, str]:
        """The texts of the library's modules by the names that programs import them under."""

    def proven(self) -> set[str]:
        """Which of its functions are known to be right (`proven`)."""

    def prove(self, names: set[str]) -> None:
        """These are."""


TELLING = ("this", "antigravity", "__hello__", "__phello__")
"""Modules of CPython that do something when they are imported."""


class Modules:
    """All modules of one compilation, by name."""

    def __init__(self, library: Library, diagnostics: Diagnostics) -> None:
        self.library = library
        self.diagnostics = diagnostics
        self.loaded: dict[str, ModuleDecl | None] = {}
        self.order: list[ModuleDecl] = []
        self.declaring: set[str] = set()
        self.machine = self._special_module("pielang.machine", ())
        self.machine.names.update({name: PrimitiveDecl(name) for name in PRIMITIVES})
        self.machine.names.update({name: SpecialForm(name) for name in MACHINE_FORMS})
        self.array = ClassDecl("Array", self.machine, None, representation="array", completed=True)
        self.array.type_params = (TypeVarType("T", self.array),)
        self.machine.names["Array"] = self.array
        self.item = ClassDecl("Item", self.machine, None, representation="item", completed=True)
        self.item.type_params = (TypeVarType("S", self.item),)
        self.machine.names["Item"] = self.item
        for name in ("u32", "i32"):
            self.machine.names[name] = ImportDecl("pielang.core.numbers", name, self.machine, Span(0, 0))
        self.loaded["pielang.machine"] = self.machine
        self.builtins = self.find("pielang.core.builtins")

    def undefined(self, module: ModuleDecl, node: tree.Name, local: Iterable[str] = ()) -> Diagnostic:
        """A name that means nothing in `module`, nor among the `local` ones around it."""
        problem = errors.UndefinedName(module.source, node.span, name=node.id)
        if not hasattr(python, node.id):
            problem = problem.raised("NameError", f"name '{node.id}' is not defined")
        builtins = self.builtins.names if self.builtins is not None else ()
        return explain_name(problem, node.id, [*local, *module.names], builtins, self.that_define)

    def that_define(self, name: str) -> list[str]:
        """The modules that programs can import which are called `name`, else those that define it."""
        texts = self.library.modules()
        if name in texts or name in SPECIAL_MODULES:
            return [name]
        made = re.compile(rf"^(?:(?:async )?def|class) {name}\b|^{name}\b[^=\n(]*=", re.MULTILINE)
        given = re.search(rf"^from .* import .*\b{name}\b", texts.pop("pielang"), re.MULTILINE)
        found = ["pielang"] if given else [module for module, text in texts.items() if made.search(text)]
        return [*(module for module, names in SPECIAL_MODULES.items() if name in names), *found]

    def _special_module(self, name: str, names: Iterable[str]) -> ModuleDecl:
        source = Source(name, "", name, library=True)
        module = ModuleDecl(name, source, tree.Module(Span(0, 0), (), None))
        module.names.update({item: SpecialForm(item) for item in names})
        if name == "dataclasses":
            error = "FrozenInstanceError"
            module.names[error] = ImportDecl(f"pielang.core.{RUNTIME[error]}", error, module, Span(0, 0))
        if name == "typing":
            for alias, member in COLLECTIONS.items():
                module.names[alias] = ImportDecl("collections", member, module, Span(0, 0))
        return module

    def item_of(self, find: Callable[[Type], Type]) -> None:
        """Give the machine type `Item[S]` its meaning."""
        self.item.item_of = find

    def has(self, importer: Source, name: str, member: str | None, level: int) -> bool:
        """Is there a module of this name, with this member?"""
        name = absolute(importer.module, name, level)
        if name in self.declaring:
            return True
        found = self.find(name)
        return found is not None and (member is None or self.member(found, member) is not None)

    def find(self, name: str) -> ModuleDecl | None:
        """The module of this name, loaded and declared; its own imports are not followed."""
        if name in self.loaded:
            return self.loaded[name]
        if name in SPECIAL_MODULES:
            module = self._special_module(name, SPECIAL_MODULES[name])
            self.loaded[name] = module
            return module
        found = self.library.load(name)
        if found is None:
            other = None if name.startswith("pielang") else self.find(f"pielang.{name}")
            self.loaded[name] = other
            return other
        return self.declare(*found)

    def declare(self, source: Source, module: tree.Module) -> ModuleDecl:
        """Make the declarations of a parsed module."""
        if not source.library:
            self.declaring.add(source.module)
            module = self.starless(module, source) if STAR.search(source.text) else module
            module = rewritten(module, source, partial(self.has, source), partial(self.refuse, source))
        decl = ModuleDecl(source.module, source, module, walrus=":=" in source.text)
        self.loaded[source.module] = decl
        declarer = _Declarer(decl)
        declarer.statements(module.body)
        if not decl.library and INDENTED_CLASS.search(source.text):
            for node, qualified, scope in local_classes(module.body):
                known = pick(decl, node.name, scope.start)
                if known is not None and known.scope == scope:
                    declarer.again.append((node.name_span, node.name, Span(known.start, known.start + len(node.name))))
                local = class_declaration(node, decl, qualified)
                add_version(decl, node.name, node.name_span.start, local, scope)
        if not decl.library:
            mark_unsure(decl)
        for span, name, first in declarer.again:
            self.diagnostics.report(errors.DefinedTwice(source, span, name=name).labelled(source, first, "first here"))
        decl.names.update({name: SpecialForm(form) for name, form in BUILT_IN.items()})
        if decl.name in BESIDE:
            decl.names[BESIDE[decl.name]] = SpecialForm(BESIDE[decl.name])
        self.order.append(decl)
        return decl

    def starless(self, module: tree.Module, source: Source) -> tree.Module:
        """Each `from m import *` with the names that it brings, but for those that the module defines itself."""
        own = {name for name, _ in bound(module.body)}
        body: list[tree.Stmt] = []
        for node in module.body:
            match node:
                case tree.ImportFrom(names=(tree.Alias(name="*", span=span),)):
                    name = absolute(source.module, node.module or "", node.level)
                    found = None if name in self.declaring else self.find(name)
                    names = ["*"] if found is None else [item for item in public(found) if item not in own]
                    aliases = tuple(tree.Alias(span, item, f"* of {name}" if item == "*" else None) for item in names)
                    node = changed(node, names=aliases)
                case _:
                    for inner in walk(node):
                        if isinstance(inner, tree.ImportFrom) and inner.names[0].name == "*":
                            problem = errors.StarImport(source, inner.names[0].span, module=inner.module or "")
                            self.diagnostics.report(problem)
            body.append(node)
        return changed(module, body=tuple(body))

    def refuse(self, source: Source, span: Span, what: str, help: str) -> None:
        self.diagnostics.report(errors.Unsupported(source, span, what=what).helped(help))

    def lookup(self, module: ModuleDecl, name: str, at: int = -1) -> Symbol | None:
        """What a name means at module level (or at place `at`): the module's own, else built-in."""
        version = pick(module, name, at) if at >= 0 and name in module.versions else None
        symbol = version.symbol if version is not None else module.names.get(name)
        if symbol is None:
            if self.builtins is not None and not name.startswith("_"):
                symbol = self.builtins.names.get(name)
                if symbol is not None:
                    return self.resolve(symbol, self.builtins, name)
            return SpecialForm(name) if name in SPECIAL_BUILTINS else None
        return self.resolve(symbol, module, name)

    def member(self, module: ModuleDecl, name: str) -> Symbol | None:
        """`module.name`: a name of the module, or a module below it."""
        symbol = module.names.get(name)
        if symbol is not None:
            return self.resolve(symbol, module, name)
        below = f"{module.name}.{name}"
        return self.find(below) or self.find(below.removeprefix("pielang."))

    def runtime(self, name: str) -> Symbol | None:
        """A name of the core library that the checker uses by itself."""
        module = self.find(f"pielang.core.{RUNTIME[name]}")
        return None if module is None else self.lookup(module, name)

    def resolve(self, symbol: Symbol, module: ModuleDecl, name: str) -> Symbol | None:
        """Follow an import to what it brings."""
        if not isinstance(symbol, ImportDecl):
            return symbol
        if symbol.resolving:
            self.diagnostics.report(errors.ImportCycle(symbol.importer.source, symbol.span, chain=f"`{symbol.module}`"))
            return None
        symbol.resolving = True
        found = self._follow(symbol, name)
        symbol.resolving = False
        if found is not None:
            module.names[name] = found
        else:
            found = module.names[name] = MISSING
        return found

    def _follow(self, symbol: ImportDecl, name: str) -> Symbol | None:
        target = self.find(symbol.module)
        source = symbol.importer.source
        if target is None:
            top = symbol.module.partition(".")[0]
            uses = (item for item in walk(symbol.importer.tree) if isinstance(item, tree.Name) and item.id == name)
            if top in sys.stdlib_module_names and top not in TELLING and not any(uses):
                return None  # CPython's, and nothing is asked of it: that it is unused is said (`lint`)
            missing = errors.ModuleNotFound(source, symbol.span, module=symbol.module)
            self.diagnostics.report(explain_module(missing, symbol.module, [*self.library.modules(), *SPECIAL_MODULES]))
            return None
        if symbol.name is None:
            return target
        found = self.member(target, symbol.name)
        if found is None:
            problem = errors.ImportNotFound(source, symbol.span, module=symbol.module, name=symbol.name)
            self.diagnostics.report(problem.suggesting(symbol.name, target.names))
        return found

    def import_order(self, main: ModuleDecl) -> list[ModuleDecl]:
        """The user's modules, imported ones first; a circle is reported."""
        ordered: list[ModuleDecl] = []
        active: list[str] = []

        def visit(module: ModuleDecl) -> None:
            if module in ordered or module.library:
                return
            active.append(module.name)
            for name, span in module.imports:
                other = self.find(name)
                if other is None or other.library:
                    continue
                if other.name in active:
                    chain = " -> ".join(f"`{item}`" for item in (*active[active.index(other.name) :], other.name))
                    self.diagnostics.report(errors.ImportCycle(module.source, span, chain=chain))
                    continue
                visit(other)
            active.pop()
            ordered.append(module)

        visit(main)
        return ordered


def public(module: ModuleDecl) -> list[str]:
    """What `from module import *` brings: for a module of the library what it brings in CPython."""
    said, names = module.names.get("__all__"), [name for name in module.names if not name.startswith("_")]
    if isinstance(said, GlobalDecl) and isinstance(said.value, tree.List | tree.Tuple):
        return [item.value for item in said.value.elts if isinstance(item, tree.StringLiteral)]
    real = module.name.removeprefix("pielang.")
    if not module.source.library or real.partition(".")[0] not in sys.stdlib_module_names:
        return names
    theirs = importlib.import_module(real)
    given = getattr(theirs, "__all__", vars(theirs))
    return [name for name in names if name in given]


def mark_unsure(module: ModuleDecl) -> None:
    """Find the module-level variables that a function might read before they have a value.

    Sure is what a statement at the top level assigns before anything is called that could run a function of the module.
    """
    for symbol in module.names.values():
        if isinstance(symbol, GlobalDecl):
            symbol.sure = False
    has_classes = any(isinstance(item, ClassDecl) for item in module.names.values())

    def calls(node: tree.Expr) -> bool:
        if isinstance(node, tree.Call):
            name = node.func.id if isinstance(node.func, tree.Name) else ""
            own = not name or isinstance(module.names.get(name), FunctionDecl | ClassDecl | GlobalDecl | ImportDecl)
            return own or has_classes or any(map(calls, children(node)))
        return not isinstance(node, tree.Lambda) and any(map(calls, children(node)))

    for node in module.tree.body:
        if isinstance(node, tree.FunctionDef | tree.ClassDef | tree.Import | tree.ImportFrom | tree.TypeAlias):
            continue
        if any(map(calls, statement_expressions(node))) or blocks(node):
            return
        for target in node.targets if isinstance(node, tree.Assign) else (getattr(node, "target", None),):
            known = module.names.get(target.id) if isinstance(target, tree.Name) else None
            if isinstance(known, GlobalDecl) and not (isinstance(node, tree.AnnAssign) and node.value is None):
                known.sure = True


class _Declarer:
    """Fills the names of one module."""

    def __init__(self, module: ModuleDecl) -> None:
        self.module = module
        self.again: list[tuple[Span, str, Span]] = []
        self.depth = self.conditional = 0

    def bind(self, name: str, symbol: FunctionDecl | ClassDecl | GlobalDecl, span: Span) -> None:
        """A function or class: one more version of what was one already, else the only thing of its name."""
        module, known = self.module, self.module.names.get(name)
        if module.library or known is None or isinstance(known, ImportDecl):
            pass
        elif isinstance(known, FunctionDecl) and known.overload:
            pass
        elif isinstance(known, FunctionDecl | ClassDecl) or (isinstance(known, GlobalDecl) and known.original):
            original = known.original if isinstance(known, GlobalDecl) else known
            node = None if original is None else original.node
            if self.depth or (name not in module.versions and node not in module.tree.body):
                self.again.append((span, name, known.span))
            elif name not in module.versions:
                add_version(module, name, known.span.start, known)
        elif isinstance(known, GlobalDecl):
            self.again.append((span, name, known.span))
        if name in module.versions:
            add_version(module, name, span.start, symbol)
        module.names[name] = symbol

    def statements(self, body: Iterable[tree.Stmt]) -> None:
        for node in body:
            self.statement(node)

    def statement(self, node: tree.Stmt) -> None:
        names = self.module.names
        match node:
            case tree.FunctionDef():
                decl = function_declaration(node, self.module, node.name)
                if decl.decorated and not decl.module.library:
                    made, hidden = decorated(decl)
                    self.bind(hidden.name, hidden, node.name_span)
                    self.bind(made.name, made, node.name_span)
                elif decl.overload or self.module.library:
                    add_form(names, decl)
                else:
                    self.bind(node.name, decl, node.name_span)
            case tree.ClassDef() if self.conditional:
                names.setdefault(node.name, MISSING)
            case tree.ClassDef():
                self.bind(node.name, class_declaration(node, self.module), node.name_span)
            case tree.TypeAlias():
                alias = AliasDecl(node.name, self.module, node)
                alias.type_params = tuple(TypeVarType(item.name, alias) for item in node.type_params)
                names[node.name] = alias
            case tree.Import() | tree.ImportFrom():
                for item in node.names:
                    names[item.bound] = brought = import_declaration(node, item, self.module)
                    self.module.imports.append(
                        (item.name if isinstance(node, tree.Import) else brought.module, item.span)
                    )
            case tree.Assign(targets=(tree.Name() as variable,)):
                self.variable(variable, None, node.value)
            case tree.AnnAssign(target=tree.Name() as variable):
                self.variable(variable, written(node.annotation), node.value)
            case tree.Match():
                for case in node.cases:
                    for name in captured_names(case.pattern):
                        self.variable(tree.Name(case.pattern.span, name))
            case _:
                for target in targets(node):
                    self.variable(target)
        if self.module.walrus:
            for expression in statement_expressions(node):
                for target in walrus_targets(expression):
                    self.variable(target)
        self.depth += 1
        for at, block in enumerate(blocks(node)):
            conditional = at > 0 or not isinstance(node, tree.With | tree.Try)
            self.conditional += conditional
            self.statements(block)
            self.conditional -= conditional
        self.depth -= 1

    def variable(self, node: tree.Expr, annotation: tree.Expr | None = None, value: tree.Expr | None = None) -> None:
        if not isinstance(node, tree.Name):
            return
        known = self.module.names.get(node.id)
        if isinstance(known, ImportDecl | FunctionDecl | ClassDecl) and not self.module.library:
            self.again.append((node.span, node.id, known.span))
        elif isinstance(known, GlobalDecl):
            known.annotation = known.annotation or annotation
            known.value = known.value if self.module.library else None
        else:
            self.module.names[node.id] = GlobalDecl(node.id, self.module, node.span, annotation, value)


def decorated(decl: FunctionDecl) -> tuple[GlobalDecl, FunctionDecl]:
    """`@a` above `def f`: f is a variable that holds `a(f)`; the function itself has a name nobody can write."""
    name, decl.name = decl.name, f"{decl.name}{UNDECORATED}"
    value: tree.Expr = tree.Name(decl.span, decl.name)
    for decorator in reversed(decl.decorated):
        value = tree.Call(decorator.span, decorator, (value,), ())
    return GlobalDecl(name, decl.module, decl.span, None, value, decl.owner, original=decl), decl


def import_declaration(node: tree.Import | tree.ImportFrom, alias: tree.Alias, module: ModuleDecl) -> ImportDecl:
    """What one name of an import statement brings."""
    if isinstance(node, tree.Import):
        return ImportDecl(alias.name if alias.asname else alias.bound, None, module, alias.span)
    return ImportDecl(absolute(module.name, node.module or "", node.level), alias.name, module, alias.span)


def absolute(importer: str, name: str, level: int) -> str:
    """The module that an import in the module `importer` means by a name with `level` dots in front."""
    above = importer.split(".")[:-level] if level else []
    return ".".join([*above, name] if name else above)


def add_form(names: dict[str, Symbol], decl: FunctionDecl) -> None:
    """Declare a function; further `@overload` forms of the name join the first."""
    known = names.get(decl.name)
    if decl.overload and isinstance(known, OverloadDecl):
        known.forms.append(decl)
    elif decl.overload and isinstance(known, FunctionDecl) and known.overload:
        names[decl.name] = OverloadDecl(decl.name, [known, decl])
    else:
        names[decl.name] = decl


def function_declaration(
    node: tree.FunctionDef, module: ModuleDecl, qualified: str, owner: ClassDecl | None = None
) -> FunctionDecl:
    """The declaration of a function; decorators known by name are taken in, others stay in `decorated`."""
    decl = FunctionDecl(node.name, qualified, module, node, owner, is_async=node.is_async)
    decl.kind = (
        "class" if node.name == "__init_subclass__" or (node.name == "__new__" and not module.library) else "plain"
    )
    if node.type_params:
        decl.type_params = tuple(TypeVarType(item.name, decl) for item in node.type_params)
    others = []
    for decorator in node.decorators:
        match decorator:
            case tree.Name(id="inline") if module.library:
                decl.inline = True
            case tree.Name(id="overload"):
                decl.overload = True
            case tree.Name(id="stringify") if module.library:
                decl.stringify = True
            case tree.Name(id="staticmethod") if owner is not None:
                decl.kind = "static"
            case tree.Name(id="classmethod") if owner is not None:
                decl.kind = "class"
            case tree.Name(id="property") if owner is not None:
                decl.kind = "getter"
            case tree.Attribute(attr=("setter" | "deleter") as kind) if owner is not None:
                decl.kind = kind
            case tree.Name(id="abstractmethod"):
                decl.abstract = True
            case tree.Name(id="override" | "final"):
                pass
            case tree.Name(id=("contextmanager" | "asynccontextmanager") as name) if isinstance(
                module.names.get(name), ImportDecl
            ):
                decl.manages = managing(node)
            case tree.Attribute(attr="contextmanager" | "asynccontextmanager"):
                decl.manages = managing(node)
            case _:
                others.append(decorator)
    decl.decorated = tuple(others)
    return decl


def managing(node: tree.FunctionDef) -> str:
    """The class for a context manager that is a generator: nothing is swallowed where nothing could catch it."""
    if node.is_async:
        return "AsyncContext"
    catching = (tree.With, tree.ExceptHandler)
    return "SwallowingContext" if any(isinstance(item, catching) for item in walk(node)) else "GeneratorContext"


def class_declaration(node: tree.ClassDef, module: ModuleDecl, qualified: str = "") -> ClassDecl:
    decl = ClassDecl(node.name, module, node, qualified=qualified or node.name)
    decl.type_params = tuple(TypeVarType(item.name, decl) for item in node.type_params)
    others = []
    for decorator in node.decorators:
        match decorator:
            case tree.Call(func=tree.Name(id="value"), args=(tree.StringLiteral(value=machine),)) if module.library:
                decl.representation = machine
            case tree.Name(id="raw") if module.library:
                decl.representation = "raw"
            case tree.Name(id="finalizer") if module.library:
                decl.finalizer = True
            case tree.Name(id="final"):
                pass
            case _:
                others.append(decorator)
    decl.decorators = tuple(others)
    return decl
