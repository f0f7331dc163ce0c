"""Boxes, tuples, closures, dispatch, inlining and the order of evaluation, run in wasmtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
import wasmtime

from pielang.compiler.ir import nodes as ir
from pielang.compiler.ir.parts import everything
from pielang.compiler.lower import lower
from pielang.compiler.sema import typed as t
from pielang.compiler.sema.types import ANY, NEVER, NONE, FunctionType, TupleType, Type, UnionType
from pielang.compiler.wasm import emit

from .programs import BOOL, ERROR_BASE, FLOAT, INT, SPAN, STR, Program, call, class_type, const, get, prim


def run(program: Program, *body: t.TStmt, result: Type = INT, variables: Sequence[t.Var] = ()) -> Any:
    """What a function with this body returns."""
    function = program.function("main", [], result, list(body))
    function.variables.extend(variables)
    program.tree.entry_points["main"] = function.instance
    store = wasmtime.Store()
    instance = wasmtime.Instance(store, wasmtime.Module(store.engine, emit(lower(program.tree), {})), [])
    main = instance.exports(store)["main"]
    assert isinstance(main, wasmtime.Func)
    return main(store)


def returned(value: t.TExpr) -> t.TReturn:
    return t.TReturn(SPAN, value)


def set_(var: t.Var, value: t.TExpr) -> t.SetVar:
    return t.SetVar(SPAN, var, value)


def add(left: t.TExpr, right: t.TExpr) -> t.TExpr:
    return prim("wrap_add", INT, left, right)


def logger(program: Program) -> t.Instance:
    """`log(digit)` appends a digit to the global `seen` and returns it."""
    seen, digit = t.GlobalVar("seen", INT), t.Var("digit", INT)
    program.tree.globals["seen"] = seen
    longer = add(prim("wrap_mul", INT, t.GetGlobal(INT, SPAN, seen), const(10)), get(digit))
    return program.function("log", [digit], INT, [t.SetGlobal(SPAN, seen, longer), returned(get(digit))]).instance


def seen() -> t.TExpr:
    return t.GetGlobal(INT, SPAN, t.GlobalVar("seen", INT))


def boxed(value: t.TExpr) -> t.TExpr:
    return t.Coerce(ANY, SPAN, "box", value)


TESTED = (INT, BOOL, FLOAT, STR, NONE)


@pytest.mark.parametrize(
    ("value", "kinds"),
    [(const(5), {INT}), (const(True), {INT, BOOL}), (t.Const(FLOAT, SPAN, 2.5), {FLOAT}), (const("x"), {STR}),
     (const(None), {NONE})],
)  # fmt: skip
@pytest.mark.parametrize("wanted", TESTED)
def test_what_a_box_holds(value: t.TExpr, kinds: set[Type], wanted: Type) -> None:
    var = t.Var("x", ANY)
    test = t.IsInstance(BOOL, SPAN, get(var), (wanted,))
    assert run(Program(), set_(var, boxed(value)), returned(test), result=BOOL) == (wanted in kinds)


def test_a_bool_in_a_box_passes_for_an_int() -> None:
    var = t.Var("x", ANY)
    value = t.Coerce(INT, SPAN, "unbox", get(var))
    assert run(Program(), set_(var, boxed(const(True))), returned(add(value, const(1)))) == 2
    back = t.Coerce(BOOL, SPAN, "unbox", get(var))
    assert run(Program(), set_(var, boxed(const(True))), returned(back), result=BOOL) == 1


@pytest.mark.parametrize("fits", [True, False])
def test_checked_unboxing(fits: bool) -> None:
    program = Program()
    message = t.Var("message", STR)
    program.tree.runtime["rt_type_error"] = program.function(
        "rt_type_error", [message], NEVER, [t.Do(SPAN, t.Prim(NEVER, SPAN, "trap", []))]
    ).instance
    var = t.Var("x", ANY)
    value = t.Coerce(INT, SPAN, "checked", get(var), "no int")
    body = [set_(var, boxed(const(7) if fits else const("seven"))), returned(value)]
    if fits:
        assert run(program, *body) == 7
    else:
        with pytest.raises(wasmtime.Trap):
            run(program, *body)


def test_an_optional_is_told_by_its_address_alone() -> None:
    union = UnionType((STR, NONE))
    var = t.Var("x", union)
    program = Program()
    test = t.IsInstance(BOOL, SPAN, get(var), (STR,))
    function = program.function("main", [var], BOOL, [returned(test)])
    program.tree.entry_points["main"] = function.instance
    lowered = lower(program.tree).functions["main"]
    assert not any(isinstance(node, ir.IsSubtype) for node in everything(lowered.body))


def test_tuples_of_mixed_kinds() -> None:
    kind = TupleType((BOOL, INT, NONE, FLOAT, STR))
    items = [const(True), const(1 << 40), const(None), t.Const(FLOAT, SPAN, 0.5), const("x")]
    var = t.Var("pair", kind)
    number = t.GetItem(INT, SPAN, get(var), 1)
    half = t.GetItem(FLOAT, SPAN, get(var), 3)
    truth = prim("int_from_bool", INT, t.GetItem(BOOL, SPAN, get(var), 0))
    twice = prim("float_to_int", INT, prim("float_add", FLOAT, half, half))
    value = add(number, add(truth, twice))
    assert run(Program(), set_(var, t.MakeTuple(kind, SPAN, items)), returned(value)) == (1 << 40) + 2


def closure_program(captured: bool) -> int:
    """def main(): n = 5; def step(by): nonlocal n; n = n + by; return n; step(10); return step(100) + n"""
    program = Program()
    outer = t.Var("n", INT, captured)
    by = t.Var("by", INT)
    kind = FunctionType((INT,), INT)
    step = program.function("step", [by], INT, [])
    step.instance.captures = (outer,)
    step.variables.append(outer)
    grown = add(get(outer), get(by))
    step.body += [set_(outer, grown), returned(get(outer))] if captured else [returned(grown)]
    f = t.Var("step", kind)

    def invoke(value: int) -> t.TExpr:
        return t.CallValue(INT, SPAN, get(f), [const(value)])

    result: int = run(
        program,
        set_(outer, const(5)),
        set_(f, t.MakeClosure(kind, SPAN, step.instance, [outer])),
        t.Do(SPAN, invoke(10)),
        returned(add(invoke(100), get(outer))),
        variables=[outer],
    )
    return result


def test_a_captured_variable_is_shared() -> None:
    assert closure_program(captured=True) == 115 + 115


def test_a_variable_that_no_longer_changes_is_captured_by_value() -> None:
    assert closure_program(captured=False) == 105 + 5


def test_a_plain_function_as_a_value() -> None:
    program = Program()
    by = t.Var("by", INT)
    plain = program.function("plain", [by], INT, [returned(add(get(by), const(1)))]).instance
    made = t.MakeClosure(FunctionType((INT,), INT), SPAN, plain, [])
    by_value = t.CallValue(INT, SPAN, made, [const(1)])
    assert run(program, returned(add(by_value, call(plain, const(10))))) == 2 + 11


def test_a_captured_parameter_moves_to_its_cell() -> None:
    program = Program()
    param = t.Var("n", INT, captured=True)
    inner = program.function("inner", [], INT, [returned(get(param))])
    inner.instance.captures = (param,)
    kind = FunctionType((), INT)
    made = t.CallValue(INT, SPAN, t.MakeClosure(kind, SPAN, inner.instance, [param]), [])
    outer = program.function("outer", [param], INT, [set_(param, add(get(param), const(1))), returned(made)]).instance
    assert run(program, returned(call(outer, const(41)))) == 42


def test_dispatch_by_class() -> None:
    program = Program()
    animal = program.layout(class_type("Animal"), None, [])
    targets = []
    for number, name in enumerate(["Cat", "Dog"]):
        layout = program.layout(class_type(name), animal, [])
        self = t.Var("self", layout.type)
        targets.append((layout, program.function(f"{name}.legs", [self], INT, [returned(const(number + 4))]).instance))
    dispatch = t.Dispatch("Animal.legs", (animal.type,), INT, targets)
    program.tree.dispatches[dispatch.symbol] = dispatch
    cat, dog = (t.CallVirtual(INT, SPAN, dispatch, [t.Construct(layout.type, SPAN, layout)]) for layout, _ in targets)
    assert run(program, returned(add(prim("wrap_mul", INT, cat, const(10)), dog))) == 45


def inline(program: Program, names: str, value: Any, **more: Any) -> t.Instance:
    params = {name: t.Var(name, INT) for name in names}
    body = value({name: get(var) for name, var in params.items()}, params)
    nodes = body if isinstance(body, list) else [returned(body)]
    return program.function("inline", list(params.values()), INT, nodes, library=True, inline=True).instance


@pytest.mark.parametrize(
    "body",
    [
        lambda v, _: add(v["b"], v["a"]),  # used out of order
        lambda v, _: add(v["a"], v["b"]),
        lambda v, _: add(v["a"], v["a"]),  # once twice, once not at all
        lambda v, p: [set_(p["a"], add(v["a"], v["b"])), returned(v["a"])],  # assigned
        lambda v, _: [t.TIf(SPAN, prim("int_lt", BOOL, v["a"], const(9)), [returned(v["b"])], []), returned(v["a"])],
    ],
)
def test_inlining_keeps_the_order_of_arguments(body: Any) -> None:
    program = Program()
    log = logger(program)
    target = inline(program, "ab", body)
    value = call(target, call(log, const(1)), call(log, const(2)))
    assert run(program, t.Do(SPAN, value), returned(seen())) == 12


def test_an_inline_function_with_several_returns() -> None:
    program = Program()
    target = inline(
        program,
        "ab",
        lambda v, _: [t.TIf(SPAN, prim("int_lt", BOOL, v["a"], v["b"]), [returned(v["b"])], []), returned(v["a"])],
    )
    both = add(prim("wrap_mul", INT, call(target, const(3), const(4)), const(10)), call(target, const(8), const(7)))
    assert run(program, returned(both)) == 48


def test_an_argument_read_before_a_later_one_sets_it() -> None:
    program = Program()
    target = inline(program, "ab", lambda v, _: add(prim("wrap_mul", INT, v["a"], const(10)), v["b"]))
    x = t.Var("x", INT)
    walrus = t.TBlock(INT, SPAN, [set_(x, const(7))], get(x))
    assert run(program, set_(x, const(1)), returned(call(target, get(x), walrus))) == 17


def test_a_field_is_set_after_its_value_is_known() -> None:
    program = Program()
    log = logger(program)
    layout = program.error
    target = program.function(
        "target", [], ERROR_BASE,
        [t.Do(SPAN, call(log, const(2))), returned(t.Construct(ERROR_BASE, SPAN, layout))],
    ).instance  # fmt: skip
    store = t.SetField(SPAN, call(target), layout, layout.fields[0], call(log, const(1)))
    assert run(program, store, returned(seen())) == 12
