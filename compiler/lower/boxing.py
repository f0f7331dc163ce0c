"""Values in unions and `Any`: boxing, unboxing and the tests that tell what is inside.

A reference stands for itself and None is address 0; numbers and bools are put into boxes, whose heap types tell them
apart (docs/abi.md).
"""

from __future__ import annotations

from collections.abc import Sequence

from ..ir import build
from ..ir import nodes as ir
from ..sema import typed
from ..sema.types import ANY, NONE, ClassType, Type, UnionType
from .function import FunctionLowering
from .layout import INT, Layouts, storage_of


def coerce(f: FunctionLowering, node: typed.Coerce) -> ir.Expr:
    source, target = node.value.type, node.type
    value = f.value(node.value) if target == NONE else f.value_as(node.value, target)
    match node.kind:
        case "int_to_float":
            return build.op(ir.F64, "f64.convert_i64_s", value)
        case "bool_to_int":
            return build.op(ir.I64, "i64.extend_i32_u", value)
        case "upcast" | "box":
            return boxed(f, value, source)
        case "unbox":
            return unboxed(f, value, target)
        case "checked":
            return checked(f, value, source, target, node.message)
        case _:
            raise ValueError(f"lowering knows no coercion of kind {node.kind!r}")


def boxed(f: FunctionLowering, value: ir.Expr, source: Type) -> ir.Expr:
    if source == NONE:
        return build.sequence(build.do(value), build.null())
    if value.type is ir.REF:
        return value
    assert isinstance(source, ClassType)
    return ir.Call(ir.REF, f.program.box_function(source), [value])


def unboxed(f: FunctionLowering, value: ir.Expr, target: Type) -> ir.Expr:
    storage = storage_of(target)
    if storage.value is None:
        return build.sequence(build.do(value), build.nothing())
    if storage.value is ir.REF:
        return value
    assert isinstance(target, ClassType)
    offset = f.layouts.box(target)[1]
    return ir.Load(storage.value, "i32.load" if storage.size < 4 else storage.load, value, offset)


def checked(f: FunctionLowering, value: ir.Expr, source: Type, target: Type, message: str) -> ir.Expr:
    classes = target.members if isinstance(target, UnionType) else (target,)
    if target == ANY:
        return boxed(f, value, source)

    def make(again: ir.Expr) -> ir.Expr:
        fits = holds(f.layouts, again, source, classes)
        fails = f.runtime("rt_type_error", None, ir.Literal(ir.REF, message))
        return build.sequence(build.if_(fits, [], [ir.Do(fails)]), unboxed(f, again, target))

    return f.reusable(boxed(f, value, source), make)


def is_instance(f: FunctionLowering, node: typed.IsInstance) -> ir.Expr:
    value, source = f.value(node.value), node.value.type
    if value.type is not ir.REF:
        fits = any(_below(f.layouts, source, wanted) for wanted in node.classes)
        return build.sequence(build.do(value), build.i32(fits))
    return f.reusable(value, lambda again: holds(f.layouts, again, source, node.classes))


def holds(layouts: Layouts, value: ir.Expr, source: Type, classes: Sequence[Type]) -> ir.Expr:
    """I32: is the reference `value`, of static type `source`, one of `classes`? What `source` leaves open decides how
    little has to be tested."""
    members = source.members if isinstance(source, UnionType) else (source,)
    if source != ANY:
        surely = [any(_below(layouts, member, wanted) for wanted in classes) for member in members]
        if all(surely):
            return build.i32(1)
        if all(sure != (member == NONE) for member, sure in zip(members, surely, strict=True)):
            return build.negate(_is_null(value))  # only None is left out
    test: ir.Expr = build.i32(0)
    for wanted in classes:
        if wanted == NONE:
            one = _is_null(value)
        else:
            heap_type = layouts.test_type(wanted)
            if heap_type is None:
                continue
            one = ir.IsSubtype(ir.I32, value, heap_type)
        test = build.branch(test, build.i32(1), one, boolean=True)
    return test


def _is_null(value: ir.Expr) -> ir.Expr:
    return build.op(ir.I32, "i32.eqz", build.op(ir.I32, "as_i32", value))


def _below(layouts: Layouts, type: Type, wanted: Type) -> bool:
    """Is every value of `type` one of `wanted`, by the class tree alone?"""
    if type == wanted:
        return True
    if not isinstance(type, ClassType) or not isinstance(wanted, ClassType):
        return False
    if type.decl.representation == "bool" and wanted.decl.representation == "i64":
        return True
    layout = layouts.of_class(type)
    while layout is not None:
        if layout.type == wanted:
            return True
        layout = layout.base
    return False


def box_function(layouts: Layouts, type: ClassType, symbol: str, function: typed.TFunction) -> ir.Function:
    """The function that puts a value of class `type` into a box; `function` lends its source and place."""
    heap_type, offset = layouts.box(type)
    storage = storage_of(type)
    assert storage.value is not None
    value, box = ir.Local("value", storage.value), ir.Local("box", ir.REF)
    content: ir.Expr = ir.Get(storage.value, value)
    if heap_type == "box.bool":
        storage, content = INT, build.op(ir.I64, "i64.extend_i32_u", content)
    body: list[ir.Stmt] = [
        ir.Set(box, ir.New(ir.REF, heap_type)),
        storage.write(ir.Get(ir.REF, box), offset, content),
        ir.Return(ir.Get(ir.REF, box)),
    ]
    return ir.Function(symbol, symbol, [value], ir.REF, body, function.source, function.span)
