"""What statements of the typed tree become. Each rule takes the function being lowered and a node."""

from __future__ import annotations

from ..ir import build
from ..ir import nodes as ir
from ..sema import typed
from .exceptions import raise_, try_
from .function import FunctionLowering, LoopScope, StatementRule
from .layout import storage_of


def set_var(f: FunctionLowering, node: typed.SetVar) -> list[ir.Stmt]:
    return f.set(node.var, f.value_as(node.value, node.var.type))


def set_global(f: FunctionLowering, node: typed.SetGlobal) -> list[ir.Stmt]:
    value = f.value_as(node.value, node.glob.type)
    if value.type is None:
        return build.do(value)
    return [ir.GlobalSet(f.program.global_(node.glob), value)]


def set_field(f: FunctionLowering, node: typed.SetField) -> list[ir.Stmt]:
    """The value is evaluated first, as Python does it; in memory's order where nobody can tell."""
    storage = storage_of(node.field.type)
    offset = f.layouts.offset(node.owner, node.field)
    obj = node.obj
    while isinstance(obj, typed.Coerce) and obj.kind in ("upcast", "unbox"):
        obj = obj.value  # a reference stays as it is
    if isinstance(obj, typed.GetVar) and not obj.var.captured and not _may_set(node.value):
        value = f.value_as(node.value, node.field.type)
        return build.do(value) if value.type is None else [storage.write(f.value(obj), offset, value)]
    value = f.value_as(node.value, node.field.type)
    if value.type is None:
        return build.do(value) + build.do(f.value(obj))
    before: list[ir.Stmt] = []
    if not isinstance(value, ir.Const | ir.Literal):
        before, value = f.saved([], value)
    return [*before, storage.write(f.value(obj), offset, value)]


def _may_set(node: typed.TExpr) -> bool:
    """May evaluating this expression set a local variable of the function?"""
    match node:
        case typed.Const() | typed.GetVar() | typed.GetGlobal() | typed.Construct() | typed.MakeClosure():
            return False
        case typed.Call() | typed.CallVirtual() | typed.Prim():
            return any(map(_may_set, node.args))
        case typed.GetField() | typed.GetItem():
            return _may_set(node.obj)
        case typed.Coerce() | typed.IsInstance() | typed.Await():
            return _may_set(node.value)
        case typed.MakeTuple():
            return any(map(_may_set, node.items))
        case _:
            return True


def do(f: FunctionLowering, node: typed.Do) -> list[ir.Stmt]:
    return build.do(f.value(node.value))


def if_(f: FunctionLowering, node: typed.TIf) -> list[ir.Stmt]:
    test = f.condition(node.test)
    if isinstance(test, ir.Const):
        return f.body(node.body if test.value else node.orelse)
    then, orelse = f.branches(node.body, node.orelse)
    return build.if_(test, then, orelse)


def loop(f: FunctionLowering, node: typed.TLoop) -> list[ir.Stmt]:
    """A Wasm loop around the test; blocks around it and around its body only where `break` and `continue` need them."""
    head = f.label("loop")
    scope = LoopScope(f.label("break"), f.label("continue"))
    f.forget_line()
    marked = f.line(node.test.span) if node.test else []
    test = f.condition(node.test) if node.test else build.i32(1)
    f.scopes.append(scope)
    body = f.body(node.body)
    if scope.continues:
        body = [ir.Block(scope.continue_label, body)]
        f.forget_line()
    step = f.body(node.step)
    f.scopes.pop()
    f.forget_line()
    round_ = [*body, *step, ir.Continue(head)]
    result: list[ir.Stmt] = [ir.Loop(head, [*marked, *build.if_(test, round_, [])])]
    result += f.body(node.orelse)
    f.forget_line()
    return [ir.Block(scope.break_label, result)] if scope.breaks else result


def break_(f: FunctionLowering, node: typed.TBreak) -> list[ir.Stmt]:
    return f.leave_loop("break")


def continue_(f: FunctionLowering, node: typed.TContinue) -> list[ir.Stmt]:
    return f.leave_loop("continue")


def return_(f: FunctionLowering, node: typed.TReturn) -> list[ir.Stmt]:
    if node.value is None:
        return f.leave_function(build.null() if storage_of(f.result_type).value is ir.REF else None)
    return f.leave_function(f.value_as(node.value, f.result_type))


STATEMENTS: dict[type[typed.TStmt], StatementRule] = {
    typed.SetVar: set_var,
    typed.SetGlobal: set_global,
    typed.SetField: set_field,
    typed.Do: do,
    typed.TIf: if_,
    typed.TLoop: loop,
    typed.TBreak: break_,
    typed.TContinue: continue_,
    typed.TReturn: return_,
    typed.TRaise: raise_,
    typed.TTry: try_,
}
