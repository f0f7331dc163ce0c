"""What expressions of the typed tree become.

Each rule takes the function being lowered and a node, and gives an IR expression whose type is the value type of the
node's type (None where that has no value).
"""

from __future__ import annotations

from ..diag import CompileError
from ..ir import build
from ..ir import nodes as ir
from ..sema import typed
from ..sema.errors import UnknownType
from ..sema.types import NEVER, NONE, ClassType, ErrorType, FunctionType, InferType, LambdaType, TupleType, Type
from . import primitives
from .boxing import coerce, is_instance
from .closures import make_closure
from .function import ExpressionRule, FunctionLowering
from .inline import inlined
from .layout import CLOSURE_INDEX, FRAME_AWAITED, FRAME_RESUME, REFERENCE, WORD, storage_of


def constant(f: FunctionLowering, node: typed.Const) -> ir.Expr:
    match node.value:
        case None:
            lost = storage_of(node.type).value not in (ir.REF, None)
            if lost or isinstance(node.type, ErrorType | LambdaType | InferType):  # its code would be missing
                raise CompileError.of(UnknownType(f.function.source, node.span, what="this"))
            return build.nothing() if node.type == NONE else build.null()
        case str() | bytes():
            return ir.Literal(ir.REF, node.value)
    match storage_of(node.type).value:
        case ir.ValType.F64:
            return ir.Const(ir.F64, float(node.value))
        case ir.ValType.I64:
            return build.i64(int(node.value))
        case _:
            return build.i32(int(node.value))


def get_var(f: FunctionLowering, node: typed.GetVar) -> ir.Expr:
    return f.get(node.var)


def get_global(f: FunctionLowering, node: typed.GetGlobal) -> ir.Expr:
    value = storage_of(node.glob.type).value
    return ir.GlobalGet(value, f.program.global_(node.glob)) if value else build.nothing()


def get_field(f: FunctionLowering, node: typed.GetField) -> ir.Expr:
    return _read(f, node.obj, node.field.type, f.layouts.offset(node.owner, node.field))


def _read(f: FunctionLowering, node: typed.TExpr, kind: Type, offset: int) -> ir.Expr:
    storage, obj = storage_of(kind), f.value(node)
    if storage.value is None:
        return build.sequence(build.do(obj), build.nothing())
    return storage.read(obj, offset)


def call(f: FunctionLowering, node: typed.Call) -> ir.Expr:
    return f.apply(node.args, node.instance.params, lambda args: invoke(f, node.instance, args, node))


def invoke(f: FunctionLowering, instance: typed.Instance, args: list[ir.Expr], node: typed.TExpr) -> ir.Expr:
    """Direct call, or the body of an inline function."""
    alias = f.program.primitive_alias(instance.symbol)
    if alias is not None:
        return primitives.primitive(f, alias.op, alias.type_args, args, instance.result)
    body = f.program.inline_body(instance.symbol)
    if body is not None:
        return inlined(f, body, args)
    return ir.Call(storage_of(instance.result).value, f.program.need(instance), args, f.place(node.span))


def call_virtual(f: FunctionLowering, node: typed.CallVirtual) -> ir.Expr:
    dispatch = node.dispatch
    targets = {instance.symbol: instance for _, instance in dispatch.targets}

    def make(args: list[ir.Expr]) -> ir.Expr:
        if len(targets) == 1:
            (instance,) = targets.values()
            return invoke(f, instance, args, node)
        symbol = f.program.need_dispatch(dispatch)
        return ir.Call(storage_of(dispatch.result).value, symbol, args, f.place(node.span))

    return f.apply(node.args, dispatch.params, make)


def call_value(f: FunctionLowering, node: typed.CallValue) -> ir.Expr:
    kind = node.callee.type
    assert isinstance(kind, FunctionType)
    params = (ir.REF, *(value for param in kind.params if (value := storage_of(param).value)))

    def make(callee: ir.Expr) -> ir.Expr:
        def indirect(args: list[ir.Expr]) -> ir.Expr:
            index = WORD.read(callee, CLOSURE_INDEX)
            return ir.CallIndirect(storage_of(kind.result).value, params, [callee, *args], index, f.place(node.span))

        return f.apply(node.args, kind.params, indirect)

    before, callee = f.saved([], f.value(node.callee))
    return build.sequence(before, make(callee))


def construct(f: FunctionLowering, node: typed.Construct) -> ir.Expr:
    return ir.New(ir.REF, f.layouts.heap_type(node.layout))


def make_tuple(f: FunctionLowering, node: typed.MakeTuple) -> ir.Expr:
    kind = node.type
    assert isinstance(kind, TupleType)
    heap_type, offsets = f.layouts.tuple_type(kind)
    if not node.items:
        return ir.New(ir.REF, heap_type)
    before, new = f.saved([], ir.New(ir.REF, heap_type))
    for item, type, offset in zip(node.items, kind.items, offsets, strict=True):
        value = f.value_as(item, type)
        before += build.do(value) if value.type is None else [storage_of(type).write(new, offset, value)]
    return build.sequence(before, new)


def get_item(f: FunctionLowering, node: typed.GetItem) -> ir.Expr:
    kind = node.obj.type
    assert isinstance(kind, TupleType)
    return _read(f, node.obj, kind.items[node.index], f.layouts.tuple_type(kind)[1][node.index])


def primitive(f: FunctionLowering, node: typed.Prim) -> ir.Expr:
    for count, argument in enumerate(node.args, 1):
        if argument.type == NEVER:  # it is never reached: what comes before it still happens
            before = [statement for done in node.args[:count] for statement in build.do(f.value(done))]
            return build.sequence(before, build.unreachable(storage_of(node.type).value))
    return f.apply(
        node.args,
        [argument.type for argument in node.args],
        lambda args: primitives.primitive(f, node.op, node.type_args, args, node.type),
    )


def conditional(f: FunctionLowering, node: typed.Conditional) -> ir.Expr:
    test = f.condition(node.test)
    if isinstance(test, ir.Const):
        return f.value_as(node.body if test.value else node.orelse, node.type)
    boolean = isinstance(node.type, ClassType) and node.type.decl.representation == "bool"
    line = f.current_line
    body = f.value_as(node.body, node.type)
    after, f.current_line = f.current_line, line
    orelse = f.value_as(node.orelse, node.type)
    if after != f.current_line:
        f.current_line = 0
    return build.branch(test, body, orelse, boolean)


def block(f: FunctionLowering, node: typed.TBlock) -> ir.Expr:
    body = f.body(node.body)
    return build.sequence(body, f.value_as(node.value, node.type))


def await_(f: FunctionLowering, node: typed.Await) -> ir.Expr:
    """Run the coroutine; if it has to wait, so do we, and whoever ends it resumes us. A coroutine that was made on the
    spot is resumed at once, any other may have been awaited before, which core finds out."""
    frame = ir.SelfFrame(ir.REF)
    awaited = REFERENCE.read(frame, FRAME_AWAITED)
    made, place = node.value, f.place(node.span)
    child = f.value(made)
    ended: ir.Expr
    if isinstance(made, typed.Call) and made.instance.kind == "async":
        linked = ir.Call(ir.REF, f.program.link_function(), [child, frame])
        ended = ir.Call(ir.I32, f.program.resume_symbol(made.instance), [linked], place)
    elif isinstance(made, typed.CallVirtual) and all(target.kind == "async" for _, target in made.dispatch.targets):
        linked = ir.Call(ir.REF, f.program.link_function(), [child, frame])
        ended = ir.CallIndirect(ir.I32, (ir.REF,), [linked], WORD.read(awaited, FRAME_RESUME), place)
    else:
        ended = ir.Call(ir.I32, f.program.runtime("rt_await"), [child, frame], place)
    storage, offset = f.program.frame_value(made.type)
    value = storage.read(awaited, offset) if storage.value else build.nothing()
    return build.sequence(suspension(f, 0, ended), value)


def suspension(f: FunctionLowering, status: int, unless: ir.Expr | None = None) -> list[ir.Stmt]:
    """Wait, then throw what was handed to us meanwhile."""
    return [ir.Suspend(status, unless), ir.Do(f.runtime("rt_resumed", None))]


def yield_(f: FunctionLowering, node: typed.Yield) -> ir.Expr:
    value = f.value(node.value)
    before = build.do(value) if value.type is None else [f.set_frame_value(value)]
    return build.sequence([*before, ir.Suspend(2)], build.nothing())


EXPRESSIONS: dict[type[typed.TExpr], ExpressionRule] = {
    typed.Const: constant,
    typed.GetVar: get_var,
    typed.GetGlobal: get_global,
    typed.GetField: get_field,
    typed.Call: call,
    typed.CallVirtual: call_virtual,
    typed.CallValue: call_value,
    typed.MakeClosure: make_closure,
    typed.Construct: construct,
    typed.MakeTuple: make_tuple,
    typed.GetItem: get_item,
    typed.Prim: primitive,
    typed.Conditional: conditional,
    typed.TBlock: block,
    typed.Coerce: coerce,
    typed.IsInstance: is_instance,
    typed.Await: await_,
    typed.Yield: yield_,
}
