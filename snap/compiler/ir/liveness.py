"""Backward liveness over the structured IR.

In: the parameters and the body of a function. Out: nothing by itself; subclasses override the `at_...` hooks and are
told which locals are live at each place. A set of locals is an int with bit `index[local]` set, so that union and
difference are one machine operation. Loops are walked until their head is stable, so a hook may see a place several
times; what it is told only grows.

What holds: a local that is live at the entry of the function and no parameter is one that may be read before it is
set (it reads as zero). What is live at the start of a handler is live at everything in its body that may throw.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

from . import nodes as ir
from .parts import KINDS, by_kind, operands


class Liveness:
    """One analysis of one function, by a subclass. `locals[i]` is the local of bit `1 << i`; parameters come first."""

    _walkers: ClassVar[dict[type, Callable[[Any, Any, int], int]]] = {}

    def __init_subclass__(cls) -> None:
        cls._walkers = dict.fromkeys(KINDS, cls._plain) | by_kind(cls)

    def __init__(self, params: Sequence[ir.Local]) -> None:
        self.locals: list[ir.Local] = []
        self.index: dict[ir.Local, int] = {}
        self.throw_live = 0  # live at the innermost handler
        self.used_labels: set[str] = set()  # some Break or Switch goes behind it
        self.used_heads: set[str] = set()  # some Continue goes to its head
        self._labels: dict[str, tuple[int, int]] = {}  # live behind it (Break), live at its head (Continue)
        self._heads: dict[int, int] = {}  # loop node's id -> live at its head, so far
        for local in params:
            self.bit(local)

    # --- for users ------------------------------------------------------------------------------------------------

    def run(self, body: list[ir.Stmt]) -> int:
        """Walk a function's body; returns what is live at its entry."""
        return self.body(body, 0)

    def bit(self, local: ir.Local) -> int:
        number = self.index.get(local)
        if number is None:
            number = self.index[local] = len(self.locals)
            self.locals.append(local)
        return 1 << number

    def members(self, live: int) -> Iterator[ir.Local]:
        """The locals of a set, in order of their numbers."""
        while live:
            lowest = live & -live
            yield self.locals[lowest.bit_length() - 1]
            live ^= lowest

    # --- hooks ----------------------------------------------------------------------------------------------------

    def throws(self, node: ir.Expr) -> bool:
        """May this call or allocation throw?"""
        return True

    def returns(self, node: ir.Expr) -> bool:
        """May this call return?"""
        return True

    def at_call(self, node: ir.Expr, live: int) -> None:
        """`live` is needed after the Call, CallIndirect or New `node` returns; `throw_live` where it may throw to."""

    def at_get(self, node: ir.Get, live: int) -> None:
        """`live` is needed after this read."""

    def at_set(self, node: ir.Set | ir.Try, local: ir.Local, live: int) -> None:
        """`local` is set here (by Set, or as what a Try caught); `live` is needed after, `local` among it if read."""

    def at_handler(self, node: ir.Try, live: int) -> None:
        """`live` is needed where the handler starts, `caught` among it if read."""

    def at_suspend(self, node: ir.Suspend, live: int) -> None:
        """`live` is needed after the suspension."""

    def arguments(self, args: list[ir.Expr], live: int) -> int:
        """Operands evaluated in order; `live` is needed after the last one."""
        for argument in reversed(args):
            live = self.expr(argument, live)
        return live

    # --- walking --------------------------------------------------------------------------------------------------

    def body(self, statements: list[ir.Stmt], live: int) -> int:
        walkers = self._walkers
        for statement in reversed(statements):
            live = walkers[type(statement)](self, statement, live)
        return live

    def expr(self, node: ir.Expr, live: int) -> int:
        return self._walkers[type(node)](self, node, live)

    def _plain(self, node: ir.Expr | ir.Stmt, live: int) -> int:
        """What only evaluates its operands."""
        return self.arguments(operands(node), live)

    def _get(self, node: ir.Get, live: int) -> int:
        self.at_get(node, live)
        number = self.index.get(node.local)
        return live | (self.bit(node.local) if number is None else 1 << number)

    def _called(self, node: ir.Expr, live: int) -> int:
        if not self.returns(node):
            live = 0
        self.at_call(node, live)
        return live | self.throw_live if self.throws(node) else live

    def _call(self, node: ir.Call, live: int) -> int:
        return self.arguments(node.args, self._called(node, live))

    def _call_indirect(self, node: ir.CallIndirect, live: int) -> int:
        return self.arguments([*node.args, node.index], self._called(node, live))

    def _new(self, node: ir.New, live: int) -> int:
        return self._called(node, live)

    def _if_else(self, node: ir.IfElse, live: int) -> int:
        return self.expr(node.test, self.expr(node.then, live) | self.expr(node.orelse, live))

    def _sequence(self, node: ir.Sequence, live: int) -> int:
        if node.value is not None:
            live = self.expr(node.value, live)
        return self.body(node.body, live)

    def _set(self, node: ir.Set, live: int) -> int:
        self.at_set(node, node.local, live)
        return self.expr(node.value, live & ~self.bit(node.local))

    def _if(self, node: ir.If, live: int) -> int:
        return self.expr(node.test, self.body(node.then, live) | self.body(node.orelse, live))

    def _block(self, node: ir.Block, live: int) -> int:
        outer = self._labels.get(node.label)
        self._labels[node.label] = (live, 0)
        live = self.body(node.body, live)
        self._restore(node.label, outer)
        return live

    def _loop(self, node: ir.Loop, live: int) -> int:
        outer = self._labels.get(node.label)
        head = self._heads.get(id(node), 0)
        while True:
            self._labels[node.label] = (live, head)
            entry = self.body(node.body, live) | head
            if entry == head:
                break
            head = entry
        self._heads[id(node)] = head
        self._restore(node.label, outer)
        return head

    def _restore(self, label: str, outer: tuple[int, int] | None) -> None:
        if outer is None:
            del self._labels[label]
        else:
            self._labels[label] = outer

    def _break(self, node: ir.Break, live: int) -> int:
        self.used_labels.add(node.label)
        return self._labels[node.label][0]

    def _continue(self, node: ir.Continue, live: int) -> int:
        self.used_heads.add(node.label)
        return self._labels[node.label][1]

    def _switch(self, node: ir.Switch, live: int) -> int:
        live = 0
        for label in {*node.labels, node.default}:
            self.used_labels.add(label)
            live |= self._labels[label][0]
        return self.expr(node.index, live)

    def _return(self, node: ir.Return, live: int) -> int:
        return 0 if node.value is None else self.expr(node.value, 0)

    def _throw(self, node: ir.Throw, live: int) -> int:
        return self.expr(node.value, self.throw_live)

    def _try(self, node: ir.Try, live: int) -> int:
        handler = self.body(node.handler, live)
        self.at_handler(node, handler)
        self.at_set(node, node.caught, handler)
        outer, self.throw_live = self.throw_live, handler & ~self.bit(node.caught)
        live = self.body(node.body, live)
        self.throw_live = outer
        return live

    def _suspend(self, node: ir.Suspend, live: int) -> int:
        live |= self.throw_live
        self.at_suspend(node, live)
        return live if node.unless is None else self.expr(node.unless, live)

    def _trap(self, node: ir.Trap, live: int) -> int:
        return 0
