"""Function values: closure objects, and the entries that are called through them.

A closure object holds the table index of its function and what it captures; the function's first parameter is the
closure object itself. A function that captures nothing is called directly elsewhere and has no such parameter, so as a
value it is entered through a small function that drops it.
"""

from __future__ import annotations

from ..ir import build
from ..ir import nodes as ir
from ..sema import typed
from .function import FunctionLowering
from .layout import CLOSURE_INDEX, REFERENCE, WORD, Storage, storage_of


def capture_storage(var: typed.Var) -> Storage:
    """How a captured variable lies in the closure object: by its cell, or by value when it no longer changes."""
    storage = storage_of(var.type)
    return REFERENCE if var.captured and storage.value else storage


def make_closure(f: FunctionLowering, node: typed.MakeClosure) -> ir.Expr:
    storages = [capture_storage(var) for var in node.captures]
    heap_type, offsets = f.layouts.closure(node.instance, storages)
    entry = f.program.need_value(node.instance)
    before, new = f.saved([], ir.New(ir.REF, heap_type))
    before.append(WORD.write(new, CLOSURE_INDEX, ir.FunctionIndex(ir.I32, entry)))
    for var, storage, offset in zip(node.captures, storages, offsets, strict=True):
        if storage.value is not None:
            local = f.local(var)
            before.append(storage.write(new, offset, ir.Get(local.type, local)))
    return build.sequence(before, new)


def load_captures(f: FunctionLowering, instance: typed.Instance, closure: ir.Local) -> list[ir.Stmt]:
    """The head of a nested function: its captured variables out of the closure object."""
    storages = [capture_storage(var) for var in instance.captures]
    offsets = f.layouts.closure(instance, storages)[1]
    return [
        ir.Set(f.local(var), storage.read(ir.Get(ir.REF, closure), offset))
        for var, storage, offset in zip(instance.captures, storages, offsets, strict=True)
        if storage.value is not None
    ]


def make_cells(f: FunctionLowering) -> list[ir.Stmt]:
    """The head of a function whose variables are captured by functions inside it: a cell for each."""
    result: list[ir.Stmt] = []
    captures = f.function.instance.captures
    for var in f.function.variables:
        if not var.captured or storage_of(var.type).value is None or var in captures:
            continue
        heap_type = f.cell_of(var.type)[0]
        cell = f.local(var)
        result.append(ir.Set(cell, ir.New(ir.REF, heap_type)))
        if var in f.function.params:
            local = f.parameter(var)
            result += f.set(var, ir.Get(local.type, local))
    return result


def value_entry(symbol: str, target: str, instance: typed.Instance, function: typed.TFunction) -> ir.Function:
    """The function `symbol` that is called through closures of `instance`, which captures nothing."""
    params = [ir.Local(f"p{i}", value) for i, type in enumerate(instance.params) if (value := storage_of(type).value)]
    result = storage_of(instance.result).value
    call = ir.Call(result, target, [ir.Get(param.type, param) for param in params])
    body: list[ir.Stmt] = [ir.Return(call)] if result else [ir.Do(call)]
    closure = ir.Local("closure", ir.REF)
    return ir.Function(symbol, instance.name, [closure, *params], result, body, function.source, function.span)
