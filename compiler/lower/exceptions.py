"""`try`, `except`, `else`, `finally` and `raise`.

A `finally` block is there once: every way out of the body says in a local where it wants to go (an exception by lying
in `error`), goes to the block, and behind it the choice is made. What a handler of the user's raises remembers the
exception it was handling (`__context__`).
"""

from __future__ import annotations

from ..ir import build
from ..ir import nodes as ir
from ..sema import typed
from .function import FinallyScope, FunctionLowering
from .layout import Layouts


def raise_(f: FunctionLowering, node: typed.TRaise) -> list[ir.Stmt]:
    if node.exc is None:
        result: list[ir.Stmt] = []
        for handled, certain in reversed(f.handled):
            again: list[ir.Stmt] = [ir.Throw(ir.Get(ir.REF, handled), again=True)]
            if certain:
                return result + again
            result.append(ir.If(ir.Op(ir.I32, "as_i32", [ir.Get(ir.REF, handled)]), again, []))
        if not result:
            raise ValueError("the checker let a bare `raise` through that stands in no handler")
        return result
    return [ir.Throw(f.value(node.exc))]


def try_(f: FunctionLowering, node: typed.TTry) -> list[ir.Stmt]:
    if not node.final:
        return _handlers(f, node)
    scope = FinallyScope(f.label("finally"), f.temporary(ir.I32, "pending"))
    error = f.temporary(ir.REF, "error")
    read = ir.Get(ir.REF, error)
    f.scopes.append(scope)
    body = _handlers(f, node) if node.handlers else f.body(node.body) + f.body(node.orelse)
    f.scopes.pop()
    f.forget_line()
    f.handled.append((error, False))
    final = f.body(node.final)
    f.handled.pop()
    f.forget_line()
    result: list[ir.Stmt] = [ir.Set(error, build.null())]
    if scope.exits:
        result.append(ir.Set(scope.pending, build.i32(0)))
    guarded: list[ir.Stmt] = [ir.Try(body, error, [])]
    result += [ir.Block(scope.label, guarded)] if scope.exits else guarded
    result += _remembering(f, final, error, certain=False)
    result.append(ir.If(ir.Op(ir.I32, "as_i32", [read]), [ir.Throw(read, again=True)], []))
    for number, target in enumerate(scope.exits, 1):
        wanted = build.op(ir.I32, "i32.eq", ir.Get(ir.I32, scope.pending), build.i32(number))
        result.append(ir.If(wanted, f.leave(target), []))
    return result


def _handlers(f: FunctionLowering, node: typed.TTry) -> list[ir.Stmt]:
    """`try`, `except`, `else` without the `finally`. What `else` raises is not for these handlers."""
    caught = f.temporary(ir.REF, "caught")
    body = f.body(node.body)
    f.forget_line()
    handler: list[ir.Stmt] = [ir.Throw(ir.Get(ir.REF, caught), again=True)]
    for clause in reversed(node.handlers):
        handler = _handler(f, clause, caught, handler)
        f.forget_line()
    if not node.orelse:
        return [ir.Try(body, caught, handler)]
    done, orelse = f.label("done"), f.label("else")
    guarded: list[ir.Stmt] = [ir.Try([*body, ir.Break(orelse)], caught, handler), ir.Break(done)]
    after = f.body(node.orelse)
    f.forget_line()
    return [ir.Block(done, [ir.Block(orelse, guarded), *after])]


def _handler(f: FunctionLowering, clause: typed.THandler, caught: ir.Local, otherwise: list[ir.Stmt]) -> list[ir.Stmt]:
    read = ir.Get(ir.REF, caught)
    body = f.set(clause.var, read) if clause.var else []
    if f.handled and not f.library:
        body += _told(f, caught, *f.handled[-1])
    f.handled.append((caught, True))
    body += _remembering(f, f.body(clause.body), caught)
    f.handled.pop()
    return build.if_(_matches(f.layouts, read, clause), body, otherwise)


def _matches(layouts: Layouts, caught: ir.Expr, clause: typed.THandler) -> ir.Expr:
    if not clause.types or any(kind.decl.name == "BaseException" for kind in clause.types):
        return build.i32(1)
    test: ir.Expr = build.i32(0)
    for kind in clause.types:
        layout = layouts.of_class(kind)
        if layout is not None:  # else nothing ever makes one
            one = ir.IsSubtype(ir.I32, caught, layouts.heap_type(layout))
            test = build.branch(test, build.i32(1), one, boolean=True)
    return test


def _remembering(f: FunctionLowering, body: list[ir.Stmt], handled: ir.Local, certain: bool = True) -> list[ir.Stmt]:
    """`body`, and an exception that leaves it is told which one was being handled; unless `certain` it may be none."""
    if f.library or not _raises(body):
        return body
    error = f.temporary(ir.REF, "raised")
    return [ir.Try(body, error, [*_told(f, error, handled, certain), ir.Throw(ir.Get(ir.REF, error), again=True)])]


def _told(f: FunctionLowering, error: ir.Local, handled: ir.Local, certain: bool) -> list[ir.Stmt]:
    read = ir.Get(ir.REF, handled)
    tell: list[ir.Stmt] = [ir.Do(f.runtime("rt_context", None, ir.Get(ir.REF, error), read))]
    return tell if certain else [ir.If(ir.Op(ir.I32, "as_i32", [read]), tell, [])]


def _raises(body: list[ir.Stmt]) -> bool:
    """May this leave with an exception other than the one being handled? Only what is plain to see counts as a no."""
    return not all(isinstance(node, ir.Line | ir.Break | ir.Continue | ir.Throw) for node in body) or any(
        isinstance(node, ir.Throw) and not node.again for node in body
    )
