"""Text that grows in place: `s += x` in a loop takes time in proportion to `x`, not to `s`.

In: the user's functions as lowering makes them, before coroutines are split. Out: the same with `rt_append` for the
appends, and `rt_shared` around every other read of such a variable. `rt_append` marks the text that it makes as its
variable's own (a header bit); `rt_shared` takes the mark away, since what was read may now be held elsewhere. So text
with the mark is held by one variable alone, and may change under it.

Variables are locals, and module-level ones that module-level code appends to: that code runs once, so that nothing that
is evaluated for an append is another append to the same variable.
"""

from __future__ import annotations

from collections.abc import Callable

from ..ir import nodes as ir
from ..ir.parts import everything
from ..ir.transform import Rewriter

Place = ir.Local | str  # a local, or the symbol of a module-level variable
Runtime = Callable[[str], str]
_ADD = "pielang.core.strings.str.__add__"


def grow(function: ir.Function, runtime: Runtime) -> set[str]:
    """Rewrites the function's appends; the module-level variables that it appends to."""
    loops = [node for node in everything(function.body) if isinstance(node, ir.Loop)]
    found = {place for node in everything(loops) if (place := _appended(node)) is not None}
    places = {place for place in found if isinstance(place, ir.Local) or function.name == "<module>"}
    if places:
        function.body = _Grown(places, runtime, appends=True).body(function.body)
    return {place for place in places if isinstance(place, str)}


def share(function: ir.Function, symbols: set[str], runtime: Runtime) -> None:
    """Marks what a function reads of module-level variables that another one appends to."""
    if symbols:
        function.body = _Grown(set(symbols), runtime, appends=False).body(function.body)


def _place(node: ir.Expr) -> Place | None:
    return node.local if isinstance(node, ir.Get) else node.symbol if isinstance(node, ir.GlobalGet) else None


def _target(node: ir.Stmt | ir.Expr) -> Place | None:
    return node.local if isinstance(node, ir.Set) else node.symbol if isinstance(node, ir.GlobalSet) else None


def _appended(node: ir.Stmt | ir.Expr) -> Place | None:
    """The variable that a statement appends text to, without setting it in between."""
    match node:
        case ir.Set(value=ir.Call() as call) | ir.GlobalSet(value=ir.Call() as call) if call.symbol == _ADD:
            first, more = call.args
            place = _target(node)
            if place == _place(first) and all(_target(part) != place for part in everything([more])):
                return place
    return None


class _Grown(Rewriter):
    def __init__(self, places: set[Place], runtime: Runtime, appends: bool) -> None:
        self.places = places
        self.appends = appends
        self.append, self.shared = runtime("rt_append"), runtime("rt_shared")

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        if self.appends and isinstance(node, ir.Set | ir.GlobalSet) and _appended(node) in self.places:
            call = node.value
            assert isinstance(call, ir.Call)
            grown = ir.Call(call.type, self.append, [call.args[0], self.expr(call.args[1])], call.span)
            return [ir.Set(node.local, grown) if isinstance(node, ir.Set) else ir.GlobalSet(node.symbol, grown)]
        return super().stmt(node)

    def expr(self, node: ir.Expr) -> ir.Expr:
        if _place(node) in self.places:
            return ir.Call(node.type, self.shared, [node])
        match node:
            case ir.Load(address=address) | ir.Op(op="as_i32", args=[address]) if _place(address) in self.places:
                return node  # reads what is in it, and gives it to nobody
        return super().expr(node)
