"""Putting functions where they are called, over the whole program.

In: the reachable program. Out: the symbols of the functions whose bodies changed. Put in place are

- functions so small that a call is no shorter,
- functions that are called from one place only,
- inside loops, where it pays most: in a user's function whatever is not big, in the library what is still small.

Callees come first, so what is put in place is already whole. Functions that may call themselves, that never return, or
that appear in tracebacks (of a user's functions those that raise, or have loops to be stopped in) stay calls, and so
does what is computed for a call that never returns.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..ir import build
from ..ir import nodes as ir
from ..ir.arithmetic import CHECKED
from ..ir.parts import PARTS, assigned, everything
from ..ir.transform import BodyCopy, Rewriter
from ..syntax.source import Span
from .constants import with_constants
from .effects import Program

TINY = 4  # nodes; a call with its place among the instructions costs about as much
FIELD = 3  # nodes to store a parameter in a field; without the call the object may not be needed
SMALL = 12  # in a loop of the library
HOT = 70  # in a loop of a user's function
ONCE = 400  # called from one place
DEPTH = 5  # of calls inside what was put in place
LIMIT = 4000  # nodes of a function that takes nothing more in


class Inliner:
    """One run over a program; `run` is the door."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.functions = program.module.functions
        self.sizes: dict[str, int] = {}
        self.calls: Counter[str] = Counter()
        self.bodies: dict[str, _Callee] = {}
        pinned = {*program.module.exports.values(), *program.module.runtime.values(), *program.taken}
        for targets in program.dispatches.values():
            pinned.update(target for _, target in targets)
        for symbol in program.functions:
            self.sizes[symbol] = self._count(self.functions[symbol])
        twins = Counter(map(self._shape, program.functions))
        self.once = {
            symbol
            for symbol, count in self.calls.items()
            if count == 1 and symbol not in pinned and twins[self._shape(symbol)] < 2
        }

    def _shape(self, symbol: str) -> object:
        """Instances of a generic function that agree in this will most likely be folded into one by the linker, if no
        call in them is replaced in one alone."""
        function = self.functions.get(symbol)
        if function is None:
            return symbol
        params = tuple(param.type for param in function.params)
        return symbol.partition("[")[0], params, function.result, self.sizes.get(symbol)

    def _count(self, function: ir.Function) -> int:
        """The function's nodes; notes its calls."""
        count = 0
        stack: list[Any] = list(function.body)
        while stack:
            node = stack.pop()
            count += type(node) is not ir.Line
            inside = PARTS.get(type(node))
            if inside is not None:
                stack += inside(node)
                if type(node) is ir.Call:
                    self.calls[node.symbol] += 1
        return count

    def run(self) -> set[str]:
        changed: set[str] = set()
        for symbol in self._callees_first():
            function = self.functions[symbol]
            if symbol == self.program.module.runtime.get("rt_alloc"):
                continue  # its few instructions are met by all, its long way by few
            callees = self.program.functions[symbol].callees
            wanted = any(isinstance(callee, str) and self._may(callee) for callee in callees)
            if not wanted:
                continue
            place = _Place(self, function)
            body = place.body(function.body)
            if place.taken_in:
                function.body = body
                self.sizes[symbol] = place.size
                changed.add(symbol)
        return changed

    def _callees_first(self) -> list[str]:
        order: list[str] = []
        seen: set[str] = set()
        for root in self.program.functions:
            if root in seen:
                continue
            seen.add(root)
            work = [(root, iter(sorted(map(str, self.program.functions[root].callees))))]
            while work:
                symbol, callees = work[-1]
                for callee in callees:
                    if callee in self.program.functions and callee not in seen:
                        seen.add(callee)
                        work.append((callee, iter(sorted(map(str, self.program.functions[callee].callees)))))
                        break
                else:
                    order.append(symbol)
                    work.pop()
        return order

    def _may(self, symbol: str) -> bool:
        """Could a call of this function be replaced at all?"""
        if symbol not in self.program.functions:
            return False
        if symbol in self.program.endless or symbol in self.program.functions[symbol].callees:
            return False
        function = self.functions.get(symbol)
        if function is None or symbol == self.program.module.runtime.get("rt_alloc"):
            return False
        if function.traced and (symbol in self.program.raising or self.callee(symbol).loops):
            return False
        return self.sizes[symbol] <= HOT or (symbol in self.once and self.sizes[symbol] <= ONCE)

    def wants(self, symbol: str, place: _Place) -> bool:
        library = place.caller.source.library
        if symbol in place.open or not self._may(symbol) or (symbol in CHECKED and not library):
            return False
        size, callee = self.sizes[symbol], self.functions[symbol]
        if size <= TINY + len(callee.params) * (FIELD if callee.traced else 1):
            return True
        if symbol in self.once and (not place.branches or symbol not in self.program.collecting):
            return True  # a rare path with references of its own would give the whole caller a shadow frame
        return place.loops > 0 and not place.endless and size <= (SMALL if library else HOT)

    def callee(self, symbol: str) -> _Callee:
        found = self.bodies.get(symbol)
        if found is None:
            found = self.bodies[symbol] = _Callee(self.functions[symbol])
        return found


class _Callee:
    """A function as it is put into others; its body must not change any more."""

    def __init__(self, function: ir.Function) -> None:
        self.function = function
        self.body = [node for node in function.body if not isinstance(node, ir.Line)]
        self.assigned = set(assigned(self.body))
        self.loops = any(isinstance(node, ir.Loop) for node in everything(self.body))


class _Place(Rewriter):
    """Copies a caller's body, with calls replaced."""

    def __init__(self, inliner: Inliner, caller: ir.Function) -> None:
        self.inliner = inliner
        self.caller = caller
        self.size = inliner.sizes[caller.symbol]
        self.taken_in = 0
        self.loops = 0
        self.branches = 0
        self.endless = 0  # calls around this place that never return
        self.waiting: dict[int, bool] = {}
        self.open = [caller.symbol]  # the functions whose bodies surround this place

    def get(self, node: ir.Get) -> ir.Expr:
        return node

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        self.enter(node, 1)
        found = super().stmt(node)
        self.enter(node, -1)
        return found

    def _waits(self, loop: ir.Loop) -> bool:
        """Does the loop suspend? Then its own steps hardly count beside the waiting."""
        known = self.waiting.get(id(loop))
        if known is None:
            inside = everything(loop.body)
            known = any(isinstance(node, ir.Call) and node.symbol.endswith(".rt_resumed") for node in inside)
            self.waiting[id(loop)] = known
        return known

    def enter(self, node: ir.Stmt, step: int) -> None:
        """Keep count of the loops and branches around a place."""
        if isinstance(node, ir.Loop):
            if not self._waits(node):
                self.loops += step
        elif isinstance(node, (ir.If, ir.Try)):
            self.branches += step

    def expr(self, node: ir.Expr) -> ir.Expr:
        if isinstance(node, ir.Call):
            return self.call(node, self.arguments(node, self), node.span)
        return super().expr(node)

    def arguments(self, node: ir.Call, copier: Rewriter) -> list[ir.Expr]:
        never = node.symbol in self.inliner.program.endless
        self.endless += never
        args = copier.exprs(node.args)
        self.endless -= never
        return args

    def call(self, node: ir.Call, args: list[ir.Expr], span: Span | None) -> ir.Expr:
        """The call with these arguments, or what takes its place."""
        simpler = with_constants(node.symbol, args)
        if simpler is not None:
            self.taken_in += 1
            return simpler
        inliner = self.inliner
        if len(self.open) > DEPTH or self.size >= LIMIT or not inliner.wants(node.symbol, self):
            return ir.Call(node.type, node.symbol, args, span)
        self.taken_in += 1
        self.size += inliner.sizes[node.symbol]
        self.open.append(node.symbol)
        found = _Copy(self, inliner.callee(node.symbol), span, f"{self.taken_in}").at(args)
        self.open.pop()
        return found


class _Copy(BodyCopy):
    """Copies a callee's body for one call."""

    def __init__(self, place: _Place, callee: _Callee, span: Span | None, mark: str) -> None:
        self.place = place
        self.callee = callee
        self.span = span
        self.mark = mark
        super().__init__(callee.function.result)

    def at(self, args: list[ir.Expr]) -> ir.Expr:
        """What the call computes."""
        before: list[ir.Stmt] = []
        changing = set(assigned(args))
        for param, argument in zip(self.callee.function.params, args, strict=True):
            fixed = isinstance(argument, (ir.Const, ir.Literal, ir.TypeId)) or (
                isinstance(argument, ir.Get) and argument.local not in changing
            )
            if fixed and param not in self.callee.assigned and argument.type is param.type:
                self.substitutes[param] = argument
            else:
                before.append(ir.Set(self.local(param), argument))
        statements, last = self.call(before, self.callee.body)
        return ir.Sequence(last.type if last is not None else None, statements, last)

    def label(self, label: str) -> str:
        return f"{label}.{self.mark}"

    def expr(self, node: ir.Expr) -> ir.Expr:
        match node:
            case ir.Call():
                return self.place.call(node, self.place.arguments(node, self), self.span)
            case ir.Op():
                return build.op(node.type, node.op, *(self.expr(argument) for argument in node.args))
            case ir.IfElse():
                test = self.expr(node.test)
                if isinstance(test, ir.Const):
                    return self.expr(node.then if test.value else node.orelse)
                return ir.IfElse(node.type, test, self.expr(node.then), self.expr(node.orelse))
            case ir.CallIndirect():
                args = [self.expr(argument) for argument in node.args]
                return ir.CallIndirect(node.type, node.params, args, self.expr(node.index), self.span)
        return super().expr(node)

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        if isinstance(node, ir.If):
            test = self.expr(node.test)
            if isinstance(test, ir.Const):
                return self.body(node.then if test.value else node.orelse)
            self.place.branches += 1
            then, orelse = self.body(node.then), self.body(node.orelse)
            self.place.branches -= 1
            return [ir.If(test, then, orelse)]
        self.place.enter(node, 1)
        found = super().stmt(node)
        self.place.enter(node, -1)
        return found
