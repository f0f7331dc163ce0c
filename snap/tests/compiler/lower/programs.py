"""Typed trees by hand: the classes and helpers that tests of lowering build programs from."""

from __future__ import annotations

from dataclasses import dataclass, field

from pielang.compiler.sema import typed as t
from pielang.compiler.sema.declarations import ClassDecl, ModuleDecl
from pielang.compiler.sema.types import NEVER, NONE, ClassType, Type
from pielang.compiler.syntax import tree
from pielang.compiler.syntax.source import Source, Span

SPAN = Span(0, 0)
SOURCE = Source("test.pie", "")  # of the user's
LIBRARY = Source("core.pie", "", "pielang.core.test", library=True)
MODULE = ModuleDecl("test", SOURCE, tree.Module(SPAN, (), None))


def class_type(name: str, representation: str = "", args: tuple[Type, ...] = ()) -> ClassType:
    return ClassType(ClassDecl(name, MODULE, None, representation=representation), args)


INT = class_type("int", "i64")
U32 = class_type("u32", "u32")
I32 = class_type("i32", "i32")
FLOAT = class_type("float", "f64")
BOOL = class_type("bool", "bool")
STR = class_type("str", "raw")
FRAME = class_type("Frame")
ERROR_BASE = class_type("BaseException")


def const(value: int | bool | str | None) -> t.Const:
    kinds: dict[type, Type] = {bool: BOOL, int: INT, str: STR, type(None): NONE}
    return t.Const(kinds[type(value)], SPAN, value)


def word(value: int) -> t.Const:
    return t.Const(U32, SPAN, value)


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
        self.tree.runtime["rt_type_error"] = self.external("rt_type_error", (STR,), NEVER)
        frame = [t.FieldInfo("resume", U32), t.FieldInfo("state", U32)]
        self.tree.runtime["rt_alloc"] = self.allocator()
        self.layout(STR, None, [])
        self.frame = self.layout(FRAME, None, [*frame, t.FieldInfo("parent", FRAME), t.FieldInfo("awaited", FRAME)])
        self.error = self.layout(ERROR_BASE, None, [t.FieldInfo("number", INT)])

    def allocator(self) -> t.Instance:
        """`rt_alloc` that never frees: objects of multiples of 8 bytes one after the other."""
        type_id, size, new = t.Var("type_id", U32), t.Var("size", U32), t.Var("new", U32)
        top = t.GlobalVar("top", U32)
        self.tree.globals[top.symbol] = top
        read = t.GetGlobal(U32, SPAN, top)
        rounded = prim("u32_and", U32, prim("u32_add", U32, get(size), word(7)), word(0xFFFFFFF8))
        body: list[t.TStmt] = [
            t.TIf(
                SPAN,
                prim("u32_eq", BOOL, read, word(0)),
                [t.SetGlobal(SPAN, top, prim("heap_base", U32))],
                [],
            ),
            t.SetVar(SPAN, new, read),
            t.SetGlobal(SPAN, top, prim("u32_add", U32, get(new), rounded)),
            t.Do(SPAN, prim("store_u32", NONE, get(new), word(0), get(type_id))),
            t.TReturn(SPAN, get(new)),
        ]
        return self.function("rt_alloc", [type_id, size], U32, body).instance

    def layout(self, type: ClassType, base: t.ClassLayout | None, fields: list[t.FieldInfo]) -> t.ClassLayout:
        layout = t.ClassLayout(type, type.decl.name, base, fields)
        self.tree.layouts[layout.symbol] = layout
        return layout

    def external(self, symbol: str, params: tuple[Type, ...], result: Type) -> t.Instance:
        return self.function(symbol, [t.Var(f"p{i}", kind) for i, kind in enumerate(params)], result, []).instance

    def function(
        self,
        symbol: str,
        params: list[t.Var],
        result: Type,
        body: list[t.TStmt],
        kind: str = "plain",
        *,
        library: bool = False,
        inline: bool = False,
    ) -> t.TFunction:
        instance = t.Instance(symbol, symbol, tuple(var.type for var in params), result, kind)
        function = t.TFunction(instance, LIBRARY if library else SOURCE, SPAN, params, list(params), body, inline)
        self.tree.functions[symbol] = function
        return function
