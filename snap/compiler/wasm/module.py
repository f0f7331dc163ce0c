"""From a module of IR to the bytes of a `.wasm` file: the passes in order."""

from __future__ import annotations

from typing import Any

from ..ir import nodes as ir
from ..optimize.effects import Program, analyse, cycles
from ..optimize.inline import Inliner
from ..optimize.ranges import narrowed
from ..optimize.scalars import dissolved
from ..optimize.simplify import simplify
from .emit import Frame, FunctionEmitter
from .link import Linker
from .objects import FunctionObject, Hole
from .roots import Placement, place
from .runtime import enter, enter_with, note, overflow, trace

RECURSIVE_FRAME = 24  # bytes at least for a function that may call itself: the shadow stack ends before Wasm's own
INLINE_FRAME = 48  # bytes at most of a frame that a user's recursive function pushes without a call


def emit(module: ir.Module, manifest: dict[str, Any], all_names: bool = False, optimize: int = 2) -> bytes:
    """The `.wasm` file of a program (docs/abi.md). `manifest` goes in as JSON. Functions of kind "coroutine" must have
    been rewritten; what the exports don't reach is left out. Bodies are simplified in place. `all_names`: library
    functions are in the name section too, which makes it a sixth bigger; traps are placed without them."""
    program = reach(module, optimize)
    return Linker(program, function_objects(program, optimize)).link(manifest, all_names)


def reach(module: ir.Module, optimize: int = 2) -> Program:
    """The reachable part of the module, core's part in recursion and tracing included. `optimize` 0 leaves bodies as
    lowering made them, 2 simplifies, inlines and drops tests whose outcome is known."""
    roots = list(module.exports.values())
    roots += [module.runtime[name] for name in ("rt_recursion", "rt_trace") if name in module.runtime]
    if optimize == 0:
        return analyse(module, roots, simple=module.functions)
    program = analyse(module, roots)
    changed = Inliner(program).run()
    for symbol in program.functions:
        function = module.functions[symbol]
        if not function.source.library:
            function.body = simplify(function, module)
            function.body = dissolved(function, module)
            function.body = narrowed(function, program)
            changed.add(symbol)
    if not changed:
        return program
    inlined = analyse(module, roots, simple=program.functions.keys() - changed)
    inlined.shown |= program.shown
    return inlined


def function_objects(program: Program, optimize: int = 2) -> dict[str, FunctionObject]:
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
        recursive = symbol in program.recursive
        size = _frame_size(placement, recursive, symbol in unchecked)
        traced = function.traced and told is not None and symbol in program.throwing
        inline = optimize > 0 and recursive and function.traced and 0 < size <= INLINE_FRAME
        frame = Frame(size, inline, placement.tries, traced)
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
