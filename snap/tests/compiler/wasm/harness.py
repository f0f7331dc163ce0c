"""IR by hand, run in wasmtime: short constructors, an allocator in IR, and an instance to call into."""

from __future__ import annotations

from typing import Any

import wasmtime

from pielang.compiler.ir import nodes as ir
from pielang.compiler.ir.nodes import F64, I32, I64, REF
from pielang.compiler.syntax.source import Source, Span
from pielang.compiler.wasm import emit
from pielang.compiler.wasm.decode import Reader, custom_sections

SOURCE = Source("program.pie", "\n".join(f"line {number}" for number in range(1, 100)))


def span(line: int) -> Span:
    start = SOURCE.line_starts[line - 1]
    return Span(start, start + 4)


def const(value: int | float, kind: ir.ValType = I32) -> ir.Const:
    return ir.Const(kind, value)


def get(local: ir.Local) -> ir.Get:
    return ir.Get(local.type, local)


def op(kind: ir.ValType | None, name: str, *args: ir.Expr) -> ir.Op:
    return ir.Op(kind, name, list(args))


def call(kind: ir.ValType | None, symbol: str, *args: ir.Expr) -> ir.Call:
    return ir.Call(kind, symbol, list(args))


def function(
    symbol: str, params: list[ir.Local], result: ir.ValType | None, *body: ir.Stmt, traced: bool = False
) -> ir.Function:
    return ir.Function(symbol, symbol, params, result, list(body), SOURCE, span(1), traced=traced)


def local(name: str, kind: ir.ValType) -> ir.Local:
    return ir.Local(name, kind)


def allocator(module: ir.Module, collect: bool = False) -> None:
    """A bump allocator whose every call overwrites all objects that no slot of the shadow stack holds with 0xFF, as a
    collector would free them: at `bump` the next free address, objects of 16 bytes."""
    module.globals["bump"] = I32
    type_id, size = local("type_id", I32), local("size", I32)
    address, cursor, slot = local("address", I32), local("cursor", I32), local("slot", I32)
    heap = ir.LinkValue(I32, "heap_base")
    sweep: list[ir.Stmt] = [
        ir.Set(cursor, heap),
        ir.Block(
            "swept",
            [
                ir.Loop(
                    "objects",
                    [
                        ir.If(op(I32, "i32.ge_u", get(cursor), get(address)), [ir.Break("swept")], []),
                        ir.Set(slot, ir.LinkValue(I32, "stack_base")),
                        ir.Block(
                            "marked",
                            [
                                ir.Loop(
                                    "slots",
                                    [
                                        ir.If(
                                            op(I32, "i32.lt_u", get(slot), ir.LinkValue(I32, "stack_pointer")),
                                            [
                                                ir.If(
                                                    op(I32, "i32.eq", ir.Load(I32, "i32.load", get(slot)), get(cursor)),
                                                    [ir.Break("marked")],
                                                    [],
                                                ),
                                                ir.Set(slot, op(I32, "i32.add", get(slot), const(4))),
                                                ir.Continue("slots"),
                                            ],
                                            [],
                                        ),
                                        ir.Do(op(None, "memory.fill", get(cursor), const(0xFF), const(16))),
                                    ],
                                )
                            ],
                        ),
                        ir.Set(cursor, op(I32, "i32.add", get(cursor), const(16))),
                        ir.Continue("objects"),
                    ],
                )
            ],
        ),
    ]
    module.functions["alloc"] = function(
        "alloc",
        [type_id, size],
        I32,
        ir.Set(address, ir.GlobalGet(I32, "bump")),
        ir.If(op(I32, "i32.eqz", get(address)), [ir.Set(address, ir.LinkValue(I32, "heap_base"))], []),
        *(sweep if collect else []),
        ir.GlobalSet("bump", op(I32, "i32.add", get(address), const(16))),
        ir.Do(op(None, "memory.fill", get(address), const(0), const(16))),
        ir.Store("i32.store", get(address), get(type_id)),
        ir.Return(get(address)),
    )
    module.runtime["rt_alloc"] = "alloc"


class Instance:
    """A module of functions, compiled and instantiated; every function is exported under its symbol."""

    def __init__(self, module: ir.Module, exports: dict[str, str] | None = None, optimize: int = 2) -> None:
        module.exports = exports if exports is not None else {name: name for name in module.functions}
        self.wasm = emit(module, {"abi": 1}, all_names=True, optimize=optimize)
        config = wasmtime.Config()
        config.wasm_exceptions = True
        config.max_wasm_stack = 2 << 20
        engine = wasmtime.Engine(config)
        self.store = wasmtime.Store(engine)
        self.instance = wasmtime.Instance(self.store, wasmtime.Module(engine, self.wasm), [])
        self.exports: Any = self.instance.exports(self.store)

    def __call__(self, name: str, *args: int | float) -> Any:
        return self.exports[name](self.store, *args)

    def section(self, title: str) -> bytes:
        """The content of a custom section."""
        return custom_sections(self.wasm)[title]

    def locations(self) -> list[tuple[str, str, int, int]]:
        """The rows of pielang.locations: file, function, line, column."""
        reader = Reader(self.section("pielang.locations"))
        files = [reader.name() for _ in range(reader.unsigned())]
        functions = [reader.name() for _ in range(reader.unsigned())]
        rows, line = [], 0
        for _ in range(reader.unsigned()):
            file, function, delta, column = reader.unsigned(), reader.unsigned(), reader.signed(), reader.unsigned()
            line += delta
            rows.append((files[file], functions[function], line, column))
        return rows

    def place(self, offset: int) -> tuple[str, str, int, int] | None:
        """The location of a code offset, by pielang.lines."""
        reader = Reader(self.section("pielang.lines"))
        at, found = 0, -1
        for _ in range(reader.unsigned()):
            at += reader.unsigned()
            row = reader.unsigned()
            if at <= offset:
                found = row
        rows = self.locations()
        return rows[found] if 0 <= found < len(rows) else None

    def read(self, address: int, size: int) -> bytes:
        return bytes(self.exports["memory"].read(self.store, address, address + size))


def instance(
    *functions: ir.Function, alloc: bool = False, collect: bool = False, optimize: int = 2, **fields: Any
) -> Instance:
    module = ir.Module(functions={item.symbol: item for item in functions})
    if alloc or collect:
        allocator(module, collect)
    for name, value in fields.items():
        getattr(module, name).update(value)
    return Instance(module, optimize=optimize)


__all__ = [
    "F64",
    "I32",
    "I64",
    "REF",
    "SOURCE",
    "Instance",
    "allocator",
    "call",
    "const",
    "function",
    "get",
    "instance",
]
__all__ += ["ir", "local", "op", "span"]
