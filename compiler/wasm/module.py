"""From a module of IR to the bytes of a `.wasm` file: the passes in order."""

from __future__ import annotations

from typing import Any

from ..ir import nodes as ir
from .effects import Program, analyse, cycles
from .emit import Frame, FunctionEmitter
from .link import Linker
from .objects import FunctionObject, Hole
from .roots import Placement, place
from .runtime import enter, enter_with, note, overflow, trace

RECURSIVE_FRAME = 32  # bytes at least for a function that may call itself: the shadow stack ends before Wasm's own


def emit(module: ir.Module, manifest: dict[str, Any], all_names: bool = False) -> bytes:
    """The `.wasm` file of a program (docs/abi.md). `manifest` goes in as JSON. Functions of kind "coroutine" must have
    been rewritten; what the exports don't reach is left out. Bodies are simplified in place. `all_names`: library
    functions are in the name section too, which makes it a sixth bigger; traps are placed without them."""
    program = reach(module)
    return Linker(program, function_objects(program)).link(manifest, all_names)


def reach(module: ir.Module) -> Program:
    """The reachable part of the module, core's part in recursion and tracing included."""
    roots = list(module.exports.values())
    roots += [module.runtime[name] for name in ("rt_recursion", "rt_trace") if name in module.runtime]
    return analyse(module, roots)


def function_objects(program: Program) -> dict[str, FunctionObject]:
    """The code of every reachable function, and of the helpers."""
    module = program.module
    functions = {symbol: module.functions[symbol] for symbol in program.functions}
    placements = {symbol: place(function, program) for symbol, function in functions.items()}
    # A function with slots checks the shadow stack anyway. On a cycle of functions without any, each must.
    unchecked = cycles({
        caller: callees
        for caller, callees in program.graph.items()
        if not isinstance(caller, str) or caller not in placements or not placements[caller].slot_count
    })  # fmt: skip
    told = module.runtime.get("rt_trace")
    objects: dict[str, FunctionObject] = {}
    for symbol, placement in placements.items():
        function = functions[symbol]
        size = _frame_size(placement, symbol in program.recursive, symbol in unchecked)
        traced = function.traced and told is not None and symbol in program.throwing
        frame = Frame(size, placement.tries, traced)
        objects[symbol] = FunctionEmitter(function, placement, frame, program).emit()
    # Each helper may call those that come after it.
    helpers = [enter_with(1), enter_with(2), enter(), overflow(module.runtime.get("rt_recursion"))]
    if told is not None:
        helpers[:0] = [trace(), note(told)]
    called = {target for item in objects.values() for _, hole, target in item.holes if hole is Hole.CALL}
    for helper in helpers:
        if helper.symbol in called:
            objects[helper.symbol] = helper
            called.update(target for _, hole, target in helper.holes if hole is Hole.CALL)
    return objects


def _frame_size(placement: Placement, recursive: bool, unchecked: bool) -> int:
    size = 4 * placement.slot_count
    if recursive and (size or unchecked):
        size = max(size, RECURSIVE_FRAME)
    return size + -size % 8
