"""Typed trees by hand: the classes and helpers that tests of lowering build programs from."""

from __future__ import annotations

from dataclasses import dataclass, field

from pielang.compiler.sema import typed as t
from pielang.compiler.sema.declarations import ClassDecl, ModuleDecl
from pielang.compiler.sema.types import NONE, ClassType, Type
from pielang.compiler.syntax import tree
from pielang.compiler.syntax.source import Source, Span

SPAN = Span(0, 0)
SOURCE = Source("test.pie", "")
MODULE = ModuleDecl("test", SOURCE, tree.Module(SPAN, (), None))


def class_type(name: str, representation: str = "", args: tuple[Type, ...] = ()) -> ClassType:
    return ClassType(ClassDecl(name, MODULE, None, representation=representation), args)


INT = class_type("int", "i64")
FLOAT = class_type("float", "f64")
BOOL = class_type("bool", "bool")
STR = class_type("str", "raw")
FRAME = class_type("Frame")
ERROR_BASE = class_type("BaseException")


def const(value: int | bool | str | None) -> t.Const:
    kinds: dict[type, Type] = {bool: BOOL, int: INT, str: STR, type(None): NONE}
    return t.Const(kinds[type(value)], SPAN, value)


def get(var: t.Var) -> t.GetVar:
    return t.GetVar(var.type, SPAN, var)


def prim(op: str, result: Type, *args: t.TExpr) -> t.Prim:
    return t.Prim(result, SPAN, op, list(args))


def call(instance: t.Instance, *args: t.TExpr) -> t.Call:
    return t.Call(instance.result, SPAN, instance, list(args))


@dataclass
class Program:
    """A program being put together. `external` functions have no body of their own: the test supplies them."""

    tree: t.TProgram = field(default_factory=lambda: t.TProgram({}, {}, {}, {}, {}))

    def __post_init__(self) -> None:
        for name, params in (("rt_context", 2), ("rt_overflow", 0), ("rt_resumed", 0)):
            self.tree.runtime[name] = self.external(name, (ERROR_BASE,) * params, NONE)
        frame = [t.FieldInfo("resume", class_type("u32", "u32")), t.FieldInfo("state", class_type("u32", "u32"))]
        self.frame = self.layout(FRAME, None, [*frame, t.FieldInfo("parent", FRAME)])
        self.error = self.layout(ERROR_BASE, None, [t.FieldInfo("number", INT)])

    def layout(self, type: ClassType, base: t.ClassLayout | None, fields: list[t.FieldInfo]) -> t.ClassLayout:
        layout = t.ClassLayout(type, type.decl.name, base, fields)
        self.tree.layouts[layout.symbol] = layout
        return layout

    def external(self, symbol: str, params: tuple[Type, ...], result: Type) -> t.Instance:
        return self.function(symbol, [t.Var(f"p{i}", kind) for i, kind in enumerate(params)], result, []).instance

    def function(
        self, symbol: str, params: list[t.Var], result: Type, body: list[t.TStmt], kind: str = "plain", **more: bool
    ) -> t.TFunction:
        instance = t.Instance(symbol, symbol, tuple(var.type for var in params), result, kind)
        function = t.TFunction(instance, SOURCE, SPAN, params, list(params), body, **more)
        self.tree.functions[symbol] = function
        return function
