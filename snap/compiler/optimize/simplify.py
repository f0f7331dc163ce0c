"""Rewrites of one function's IR that make its code shorter, mostly what inlining leaves behind.

In: an `ir.Function`. Out: a body that does the same, in the same order:

- a `Break` to where control goes anyway is dropped, `if c: ...; break` before the rest of a block becomes `if`/`else`,
  a block that nothing breaks out of is dissolved;
- two branches that end by setting the same local become one `Set` of a conditional expression;
- a local that is set once and read once, by the next thing evaluated, gives way to its value;
- making an exception and throwing it becomes a call of one function for all exceptions that are made alike.

Nodes may be shared between places, so what depends on the place makes new nodes; what does not changes them.
"""

from __future__ import annotations

from collections import Counter
from enum import Enum
from typing import Any

from ..ir import nodes as ir
from ..ir.parts import PARTS, SINGLE, assigned, everything
from ..syntax.source import Source, Span

_RETURN = ""  # among labels that are fallen to: the end of a function without result
_NOWHERE: frozenset[str] = frozenset()
_FIXED = (ir.Const, ir.Literal, ir.TypeId, ir.FunctionIndex)
_ENDS = (ir.Break, ir.Continue, ir.Switch, ir.Return, ir.Throw, ir.Trap)
_TRAPPING = ("div_s", "div_u", "rem_s", "rem_u", "unreachable")


class _Found(Enum):
    """What looking for the one read of a local gave: it was replaced; not here, and nothing here minds if the value is
    computed afterwards; the value may not move past this."""

    HERE = 1
    NOT_HERE = 2
    BLOCKED = 3


def simplify(function: ir.Function, module: ir.Module) -> list[ir.Stmt]:
    """The new body. Nodes of the old one are in it, changed, so that is not to be used any more. Functions that throw
    are added to `module`."""
    return _Simplifier(function, module).run()


class _Effects:
    """What computing a value does, for deciding what it may be moved past."""

    def __init__(self, value: ir.Expr) -> None:
        self.assigned: set[ir.Local] = set()
        self.writes = False  # memory, or anything a call may do
        for node in everything([value]):
            if isinstance(node, ir.Set):
                self.assigned.add(node.local)
            elif isinstance(node, ir.Try):
                self.assigned.add(node.caught)
            if isinstance(node, (ir.Call, ir.CallIndirect, ir.New, ir.Store, ir.GlobalSet, *_ENDS)) or (
                isinstance(node, ir.Op) and (node.type is None or node.op.endswith((*_TRAPPING, "memory.grow")))
            ):
                self.writes = True


class _Simplifier:
    def __init__(self, function: ir.Function, module: ir.Module) -> None:
        self.function = function
        self.module = module
        self.tries = 0  # around this place; what is thrown inside one is a branch to its handler, if it is thrown here
        self.reads: Counter[ir.Local] = Counter()
        self.writes: Counter[ir.Local] = Counter(function.params)
        reads, writes = self.reads, self.writes
        stack: list[Any] = list(function.body)
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ir.Get:
                reads[node.local] += 1
                continue
            inside = PARTS.get(kind)
            if inside is not None:
                stack += inside(node)
                if kind is ir.Set:
                    writes[node.local] += 1
                elif kind is ir.Try:
                    writes[node.caught] += 1

    def run(self) -> list[ir.Stmt]:
        falls = frozenset({_RETURN}) if self.function.result is None else _NOWHERE
        return self.body(self.function.body, falls)

    # --- statements -----------------------------------------------------------------------------------------------

    def body(self, statements: list[ir.Stmt], falls: frozenset[str]) -> list[ir.Stmt]:
        """`falls`: the labels behind which control goes when it runs off the end of these statements."""
        out: list[ir.Stmt] = []
        pending = list(reversed(statements))
        while pending:
            node = pending.pop()
            inner = _NOWHERE if pending else falls
            kind = type(node)
            if kind is ir.Set or kind is ir.Do:  # most statements, told apart quickly
                plain: Any = node
                if type(plain.value) is not ir.Sequence:
                    plain.value = self.expr(plain.value)
                    self._add(out, plain)
                    continue
            match node:
                case ir.Line() if not self.function.traced:
                    continue
                case ir.Break(label) if label in falls:
                    return out
                case ir.Return(None) if _RETURN in falls:
                    return out
                case ir.Do(ir.Sequence(body=body, value=value)):
                    if value is not None:
                        pending.append(ir.Do(value))
                    pending += reversed(body)
                    continue
                case ir.Set(local, ir.Sequence(body=body, value=ir.Expr() as value)):
                    pending.append(ir.Set(local, value))
                    pending += reversed(body)
                    continue
                case ir.Return(ir.Sequence(body=body, value=ir.Expr() as value)):
                    pending.append(ir.Return(value))
                    pending += reversed(body)
                    continue
                case ir.If():
                    rest = pending[::-1]
                    if rest and (isinstance(rest[0], ir.Line) or not self.function.traced):
                        if self._leaves(node.then, falls):
                            node, pending = ir.If(node.test, node.then, [*node.orelse, *rest]), []
                        elif self._leaves(node.orelse, falls):
                            node, pending = ir.If(node.test, [*node.then, *rest], node.orelse), []
                    inner = _NOWHERE if pending else falls
                    self._if(ir.If(node.test, node.then, node.orelse), inner, out)
                    if out and isinstance(out[-1], _ENDS):
                        return out
                    continue
                case ir.Block(label):
                    body = self.body(node.body, inner | {label})
                    if not _names(body, label):
                        for statement in body:
                            self._add(out, statement)
                        if body and isinstance(body[-1], _ENDS):
                            return out
                        continue
                    node = ir.Block(label, body)
                case ir.Loop(label):
                    node = ir.Loop(label, self.body(node.body, inner | {label}))
                case ir.Try():
                    self.tries += 1
                    body = self.body(node.body, inner)
                    self.tries -= 1
                    node = ir.Try(body, node.caught, self.body(node.handler, inner))
                case ir.Throw():
                    node.value = self.expr(node.value)
                    self._add(out, self._thrown(node))
                    return out
                case _:
                    self._inside(node)
            self._add(out, node)
            if isinstance(node, _ENDS):
                return out
        return out

    def _leaves(self, statements: list[ir.Stmt], falls: frozenset[str]) -> bool:
        """Do something, and then go where control falls to? (If that is all, a conditional branch is shortest.)"""
        if len(statements) < 2 or all(isinstance(statement, ir.Line) for statement in statements[:-1]):
            return False
        last = statements[-1]
        return (isinstance(last, ir.Break) and last.label in falls) or (
            isinstance(last, ir.Return) and last.value is None and _RETURN in falls
        )

    def _if(self, node: ir.If, falls: frozenset[str], out: list[ir.Stmt]) -> None:
        node.test = self.expr(node.test)
        if isinstance(node.test, ir.Sequence) and node.test.value is not None:
            for statement in node.test.body:
                self._add(out, statement)
            node.test = node.test.value
        node.then, node.orelse = self.body(node.then, falls), self.body(node.orelse, falls)
        then, orelse = (branch[-1] if branch else None for branch in (node.then, node.orelse))
        if isinstance(then, ir.Set) and isinstance(orelse, ir.Set) and then.local is orelse.local:
            values = (_sequence(node.then[:-1], then.value), _sequence(node.orelse[:-1], orelse.value))
            value = ir.IfElse(then.local.type, node.test, *values)
            self.writes[then.local] -= 1
            self._add(out, ir.Set(then.local, value))
        else:
            self._add(out, node)

    def _add(self, out: list[ir.Stmt], node: ir.Stmt) -> None:
        """Append, with the locals set right before given way to their values."""
        while out and self._forward(out[-1], node):
            out.pop()
        if not (isinstance(node, ir.Store) and _writes_zero_again(node, out)):
            out.append(node)

    def _thrown(self, node: ir.Throw) -> ir.Stmt:
        """A call of the function that makes and throws an exception, if `node` does just that."""
        match node.value:
            case ir.Sequence(
                body=[
                    ir.Set(made, ir.New(heap_type=kind)),
                    ir.Do(ir.Call(symbol=init, args=[ir.Get(local=first), *args], span=span)),
                ],
                value=ir.Get(local=last),
            ) if first is made and last is made:
                size = self.module.heap_types[kind].size
                symbol = f"$raise.{init}.{size}"
                if symbol != self.function.symbol and not self.tries:
                    if symbol not in self.module.functions:
                        self._add_raise(symbol, init, size, args)
                    return ir.Do(ir.Call(None, symbol, [ir.TypeId(ir.I32, kind), *args], span))
        return node

    def _add_raise(self, symbol: str, init: str, size: int, args: list[ir.Expr]) -> None:
        kind, made = ir.Local("kind", ir.I32), ir.Local("made", ir.REF)
        given = [ir.Local("argument", argument.type) for argument in args if argument.type is not None]
        new = ir.Call(ir.I32, self.module.runtime["rt_alloc"], [ir.Get(ir.I32, kind), ir.Const(ir.I32, size)])
        body: list[ir.Stmt] = [
            ir.Set(made, ir.Op(ir.REF, "as_ref", [new])),
            ir.Do(ir.Call(None, init, [ir.Get(ir.REF, made), *(ir.Get(local.type, local) for local in given)])),
            ir.Throw(ir.Get(ir.REF, made)),
        ]
        source = Source("", "", library=True)
        self.module.functions[symbol] = ir.Function(symbol, "raise", [kind, *given], None, body, source, Span(0, 0))

    # --- expressions ----------------------------------------------------------------------------------------------

    def expr(self, node: ir.Expr) -> ir.Expr:
        if type(node) not in PARTS:
            return node
        match node:
            case ir.Op() | ir.Call() | ir.CallIndirect():
                args = node.args
                for index, argument in enumerate(args):
                    args[index] = self.expr(argument)
            case ir.Sequence():
                return self._sequence(node)
        self._inside(node)
        return node

    def _inside(self, node: ir.Expr | ir.Stmt) -> None:
        for name in SINGLE[type(node)]:
            value = getattr(node, name)
            if value is not None:
                setattr(node, name, self.expr(value))

    def _sequence(self, node: ir.Sequence) -> ir.Expr:
        body = self.body(node.body, _NOWHERE)
        if node.value is None:
            return ir.Sequence(node.type, body, None)
        if body and isinstance(body[-1], _ENDS):
            return ir.Sequence(node.type, body, node.value)
        holder = ir.Do(self.expr(node.value))
        while body and self._forward(body[-1], holder):
            body.pop()
        return _sequence(body, holder.value)

    # --- locals that are set once and read once ----------------------------------------------------------------------

    def _forward(self, before: ir.Stmt, node: ir.Stmt) -> bool:
        """Put the value that `before` sets where `node` reads it, if that is all that is ever done with the local."""
        if not isinstance(before, ir.Set) or self.reads[before.local] != 1 or self.writes[before.local] != 1:
            return False
        if before.value.type is not before.local.type:
            return False
        return self._statement(node, before.local, before.value, _Effects(before.value)) is _Found.HERE

    def _statement(self, node: ir.Stmt, local: ir.Local, value: ir.Expr, effects: _Effects) -> _Found:
        found = _Found.BLOCKED
        for name in SINGLE[type(node)]:
            inner = getattr(node, name)
            if inner is not None:
                found, inner = self._replace(inner, local, value, effects)
                setattr(node, name, inner)
                if found is not _Found.NOT_HERE:
                    break
        return found

    def _replace(self, node: ir.Expr, local: ir.Local, value: ir.Expr, effects: _Effects) -> tuple[_Found, ir.Expr]:
        """Look for the read of `local` in evaluation order."""
        match node:
            case ir.Get():
                if node.local is local:
                    return _Found.HERE, value
                return _Found.BLOCKED if node.local in effects.assigned else _Found.NOT_HERE, node
            case ir.Op() | ir.Call() | ir.CallIndirect():
                for index, argument in enumerate(node.args):
                    found, argument = self._replace(argument, local, value, effects)
                    if found is not _Found.NOT_HERE:
                        node.args[index] = argument
                        return found, node
                if isinstance(node, ir.CallIndirect):
                    found, node.index = self._replace(node.index, local, value, effects)
                    return _Found.HERE if found is _Found.HERE else _Found.BLOCKED, node
                if isinstance(node, ir.Op) and not node.op.endswith(_TRAPPING) and not node.op.startswith("memory"):
                    return _Found.NOT_HERE, node
                return _Found.BLOCKED, node
            case ir.Load():
                found, node.address = self._replace(node.address, local, value, effects)
            case ir.IsSubtype():
                found, node.value = self._replace(node.value, local, value, effects)
            case ir.GlobalGet() | ir.LinkValue():
                found = _Found.NOT_HERE
            case ir.IfElse():
                found, node.test = self._replace(node.test, local, value, effects)
                return _Found.HERE if found is _Found.HERE else _Found.BLOCKED, node
            case ir.Sequence(body=[first, *_]):
                found = self._statement(first, local, value, effects)
                return _Found.HERE if found is _Found.HERE else _Found.BLOCKED, node
            case _:
                return _Found.NOT_HERE if isinstance(node, _FIXED) else _Found.BLOCKED, node
        # Reading memory: the value may only be computed afterwards if that writes nothing.
        if found is _Found.NOT_HERE and effects.writes:
            found = _Found.BLOCKED
        return found, node


def _writes_zero_again(node: ir.Store, before: list[ir.Stmt]) -> bool:
    """Does it write 0 into a field of an object that was made just before? All its fields are 0 then."""
    value = node.value.value if isinstance(node.value, ir.Const) else 1
    if not isinstance(node.address, ir.Get) or repr(value) not in ("0", "0.0"):
        return False
    made = node.address.local
    for statement in reversed(before):
        match statement:
            case ir.Set(local, ir.New()) if local is made:
                return True
            case ir.Store(address=ir.Get(local=local), value=stored, offset=offset) if local is made:
                if offset == node.offset or _mentions(stored, made):
                    return False
            case _ if _mentions(statement, made):
                return False
    return False


def _mentions(root: ir.Expr | ir.Stmt, local: ir.Local) -> bool:
    return local in assigned([root]) or any(
        isinstance(node, ir.Get) and node.local is local for node in everything([root])
    )


def _sequence(body: list[ir.Stmt], value: ir.Expr) -> ir.Expr:
    return ir.Sequence(value.type, body, value) if body else value


def _names(statements: list[ir.Stmt], label: str) -> bool:
    """Does anything in here go behind the label?"""
    for node in everything(statements):
        match node:
            case ir.Break(label=target) if target == label:
                return True
            case ir.Switch(labels=targets, default=default) if label in targets or label == default:
                return True
    return False
