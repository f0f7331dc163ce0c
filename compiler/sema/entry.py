"""The way in: the start of the program as functions, and what `main` looks like from outside (`Interface`)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from ..rewrite.quoted import plain_arguments
from ..syntax import tree
from ..syntax.parts import is_literal
from ..syntax.source import Span
from . import errors, relations
from .callsite import Arg, CallSite
from .checker import Checker
from .declarations import FunctionDecl, GlobalDecl, ModuleDecl, Parameter
from .program import Program, Task
from .typed import Call, Do, GetVar, SetVar, TIf, TReturn
from .types import ERROR, NONE, AnyType, ClassType, ErrorType, NoneType, TupleType, Type, UnionType


@dataclass(slots=True)
class InterfaceParameter:
    name: str
    schema: dict[str, Any]
    doc: str
    required: bool
    default: Any = None


@dataclass(slots=True)
class Interface:
    """What a program shows of itself: ends up in the manifest. `header` is the text of the `# pielang:` comment."""

    doc: str = ""
    parameters: list[InterfaceParameter] = field(default_factory=list)
    result: dict[str, Any] = field(default_factory=lambda: {"type": "null"})
    needs_model: bool = False
    traits: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)  # names of the API calls that it may make
    header: dict[str, str] = field(default_factory=dict)

    def manifest(self) -> dict[str, Any]:
        parameters = []
        for item in self.parameters:
            entry = {"name": item.name, "type": item.schema, "doc": item.doc, "required": item.required}
            if not item.required:
                entry["default"] = item.default
            parameters.append(entry)
        permissions = {key: value.split(",") for key, value in self.header.items() if key not in ("model", "limits")}
        return {
            "doc": self.doc, "parameters": parameters, "result": self.result, "traits": self.traits,
            "limits": dict(item.split(":", 1) for item in self.header.get("limits", "").split(",") if ":" in item),
            "calls": self.calls,
            "permissions": permissions, "needs_model": self.needs_model, "model": self.header.get("model"),
        }  # fmt: skip


def header_of(module: ModuleDecl) -> dict[str, str]:
    """`net=api.example.com model=smollm2` of the header comment as a mapping."""
    pairs = (item.partition("=") for item in (module.tree.pragma or "").split())
    return {key: value for key, _, value in pairs}


def schema_of(kind: Type) -> dict[str, Any] | None:
    """The JSON schema of a type that can come in or go out; None when it cannot be said in JSON."""
    match kind:
        case NoneType():
            return {"type": "null"}
        case AnyType():
            return {}
        case UnionType():
            parts = [schema_of(item) for item in kind.members]
            return None if any(part is None for part in parts) else {"anyOf": parts}
        case TupleType():
            parts = [schema_of(item) for item in kind.items]
            return (
                None if any(part is None for part in parts) else {"type": "array", "prefixItems": parts, "items": False}
            )
        case ClassType():
            simple = {"int": "integer", "float": "number", "bool": "boolean", "str": "string"}.get(kind.decl.name)
            if simple is not None and kind.decl.module.core:
                return {"type": simple}
            inner = [schema_of(item) for item in kind.args]
            if kind.decl.module.core and kind.decl.name in ("list", "tuple_of", "set", "frozenset"):
                return None if inner[0] is None else {"type": "array", "items": inner[0]}
            if kind.decl.module.core and kind.decl.name == "dict":
                return None if inner[1] is None else {"type": "object", "additionalProperties": inner[1]}
            return {"type": "string", "contentEncoding": "base64"} if kind.decl.name == "bytes" else None
        case _:
            return None


def docstring(node: tree.FunctionDef | tree.Module) -> str:
    body = node.body
    if body and isinstance(body[0], tree.ExprStmt) and isinstance(body[0].value, tree.StringLiteral):
        lines = body[0].value.value.strip().expandtabs().splitlines()
        return "\n".join(
            line.strip() if index == 0 else line.removeprefix("    ").rstrip() for index, line in enumerate(lines)
        )
    return ""


def parameter_docs(doc: str, names: list[str]) -> tuple[str, dict[str, str]]:
    """The text of a docstring without its lines about parameters (`name: text`), and those."""
    found: dict[str, str] = {}
    kept: list[str] = []
    current = ""
    for line in doc.splitlines():
        match = re.match(r"\s*(\w+)\s*(?:\([^)]*\))?\s*:\s*(.*)", line)
        if match and match[1] in names:
            current = match[1]
            found[current] = match[2].strip()
        elif current and line.startswith((" ", "\t")) and line.strip():
            found[current] += " " + line.strip()
        elif line.strip() not in ("Args:", "Arguments:", "Parameters:"):
            current = ""
            kept.append(line)
    return "\n".join(kept).strip(), found


def literal_value(node: tree.Expr) -> Any:
    match node:
        case tree.IntLiteral() | tree.FloatLiteral() | tree.StringLiteral() | tree.BoolLiteral():
            return node.value
        case tree.UnaryOp(op="-"):
            return -literal_value(node.operand)
        case tree.Tuple() | tree.List():
            return [literal_value(item) for item in node.elts]
        case _:
            return None


def synthetic(
    name: str, module: ModuleDecl, body: tuple[tree.Stmt, ...] = (), *, is_async: bool = False
) -> FunctionDecl:
    """A function without parameters that no source text declares."""
    span = Span(0, 0)
    node = tree.FunctionDef(span, name, span, (), plain_arguments(span), tree.NoneLiteral(span), body, (), is_async)
    return FunctionDecl(name, name, module, node, is_async=is_async)


class Entry:
    """Makes the entry points of a program whose main module is `main`."""

    def __init__(self, program: Program, main: ModuleDecl, modules: list[Task]) -> None:
        self.program = program
        self.main = main
        self.modules = modules
        symbol = main.names.get("main")
        called = modules and modules[-1].decl.scope is not None and "main" in modules[-1].decl.scope.free
        self.function = symbol if isinstance(symbol, FunctionDecl) and not called else None
        self.interface = Interface(doc=docstring(main.tree), header=header_of(main))

    def tasks(self) -> tuple[Task, Task]:
        """The coroutine that is the program, and the exported `start`."""
        entry = self.program.request(synthetic("__entry__", self.main, is_async=True), None, {}, (), None, Span(0, 0))
        entry.build = self.build_entry
        start = synthetic("__start__", self.main)
        start.node = tree.FunctionDef(Span(0, 0), "__start__", Span(0, 0), (), start.node.args, None, (), (), False)
        begin = self.program.request(start, None, {}, (), None, Span(0, 0))

        def build(checker: Checker) -> None:
            span = Span(0, 0)
            self.program.request(entry.decl, None, {}, (), checker.task, span)
            coroutine = Call(entry.instance.result, span, entry.instance, [])
            value = checker.runtime_call("start_main", [coroutine], span)
            made = TReturn(span, value)
            checker.emit(made)
            checker.returns.append((made, value.type))
            checker.reachable = False

        begin.build = build
        return entry, begin

    def build_entry(self, checker: Checker) -> None:
        span = Span(0, 0)
        for module in self.modules:
            checker.task.requests.append(module)
            made = Call(module.instance.result, span, module.instance, [])
            checker.emit(Do(span, checker.awaited(made, span) if module.instance.kind == "async" else made))
        result = None if self.function is None else self.call_main(checker, self.function)
        if result is None or result == NONE:
            checker.emit(Do(span, checker.runtime_call("finish", [checker.none(span)], span)))

    def call_main(self, checker: Checker, main: FunctionDecl) -> Type | None:
        """`main` with its arguments from outside; its result goes out."""
        span = main.span
        program = self.program
        signature = program.annotations.signature(main)
        if main.type_params:
            return self.refuse(checker, "`main` cannot have type parameters", span)
        values: list[Arg] = []
        if signature.params:
            reply = checker.kept(checker.awaited(checker.runtime_call("get_arguments", [], span), span))
            for param in signature.params:
                if param.type is None:
                    return self.refuse(checker, f"`{param.name}` of `main` needs a type", param.span)
                if param.collects:
                    return self.refuse(checker, "`main` cannot have starred parameters", param.span)
                if isinstance(param.type, ErrorType):
                    return None
                if schema_of(param.type) is None:
                    return self.refuse(
                        checker,
                        f"`{param.name}` of `main` is `{param.type}`, which cannot come from outside",
                        param.span,
                    )
                values.append(self.argument(checker, reply, param, main))
        given = list(zip(signature.params, values, strict=True))
        positional = [value for param, value in given if param.kind == "positional"]
        keywords = [(param.name, value) for param, value in given if param.kind != "positional"]
        value = checker.call_declaration(main, CallSite(span, positional, keywords))
        if main.is_async:
            value = checker.awaited(value, span)
        kind = value.type
        self.describe(main, signature.params, kind)
        if isinstance(kind, ErrorType):
            return None
        if kind == NONE:
            checker.emit(Do(span, value))
            return NONE
        if schema_of(kind) is None and not checker.has(kind, "__pack__"):
            return self.refuse(checker, f"`main` gives `{kind}`, which cannot leave the program", span)
        kept = checker.kept(value)
        packer = checker.kept(checker.construct(checker.core("Packer"), CallSite(span)))
        checker.emit(Do(span, checker.need_method(kept, "__pack__", [packer], span)))
        checker.emit(Do(span, checker.runtime_call("finish", [packer], span)))
        return kind

    def refuse(self, checker: Checker, text: str, span: Span) -> Type | None:
        checker.task.diagnostics.append(errors.EntryProblem(self.main.source, span, problem=text))
        return ERROR

    def argument(self, checker: Checker, reply: Arg, param: Parameter, main: FunctionDecl) -> Arg:
        """A variable that holds the argument, or its default."""
        kind = param.type
        assert kind is not None and not isinstance(reply, tree.Expr)
        span = param.span
        held = checker.temporary(kind, param.name)
        reader = checker.kept(checker.need_method(reply, "take", [checker.str_const(param.name, span)], span))
        inner = relations.without_none(reader.type)
        with checker.block() as given:
            value = checker.unpacked(kind, checker.narrowed(reader, inner), span)
            if value is not None:
                checker.emit(SetVar(span, held, checker.coerce(value, kind)))
        with checker.block() as absent:
            if param.default is not None:
                default = checker.default_value(main, param, kind, span)
                checker.emit(SetVar(span, held, checker.coerce(default, kind, f"the default of `{param.name}`")))
            else:
                checker.throw("TypeError", f"main() needs `{param.name}`", span)
        checker.emit(TIf(span, checker.is_none(reader, span), absent, given))
        return GetVar(kind, span, held)

    def describe(self, main: FunctionDecl, params: tuple[Parameter, ...], result: Type) -> None:
        assert isinstance(main.node, tree.FunctionDef)
        doc, about = parameter_docs(docstring(main.node), [item.name for item in params])
        self.interface.doc = doc or self.interface.doc
        self.interface.parameters = [
            InterfaceParameter(
                item.name, schema_of(item.type or ERROR) or {}, about.get(item.name, ""), item.default is None,
                None if item.default is None else literal_value(item.default),
            )
            for item in params
        ]  # fmt: skip
        self.interface.result = schema_of(result) or {}


def initial_value(decl: GlobalDecl) -> tree.Expr | None:
    """What a module-level variable of the library starts with, unless that is zero."""
    match decl.value:
        case None | tree.NoneLiteral() | tree.IntLiteral(value=0) | tree.BoolLiteral(value=False):
            return None
        case value:
            return value


__all__ = ["Entry", "Interface", "header_of", "initial_value", "is_literal", "synthetic"]
