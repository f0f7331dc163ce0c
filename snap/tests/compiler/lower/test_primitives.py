"""Every primitive has a lowering, and what it becomes is valid WebAssembly of the right types."""

from __future__ import annotations

import pytest
import wasmtime

from pielang.compiler.ir.primitives import PRIMITIVES
from pielang.compiler.lower import lower
from pielang.compiler.sema import typed as t
from pielang.compiler.sema.types import ANY, NEVER, NONE, ClassType, Type
from pielang.compiler.wasm import emit

from .programs import BOOL, ERROR_BASE, FLOAT, FRAME, I32, INT, SPAN, STR, U32, Program, class_type, const, get, word

NAMED = {
    "int": INT, "float": FLOAT, "bool": BOOL, "u32": U32, "i32": I32, "None": NONE, "Never": NEVER, "Any": ANY,
    "Frame": FRAME, "BaseException": ERROR_BASE,
}  # fmt: skip
ARRAY = class_type("Array", "array").decl
IN_COROUTINES = {"current_frame", "suspend"}


def concrete(name: str, of: Type) -> Type:
    return {"T": of, "Array[T]": ClassType(ARRAY, (of,)), **NAMED}[name]


def program_with(name: str, of: Type) -> Program:
    """A program that does nothing but this operation on its parameters, `T` being `of`."""
    primitive = PRIMITIVES[name]
    program = Program()
    params, args = [], []
    for index, kind in enumerate(primitive.params):
        if name.startswith(("load_", "store_")) and index == 1:
            args.append(word(12))
            continue
        params.append(t.Var(f"p{index}", concrete(kind, of)))
        args.append(get(params[-1]))
    result = concrete(primitive.result, of)
    value = t.Prim(result, SPAN, name, args, (of,))
    ends: list[t.TStmt] = [t.Do(SPAN, value)] if result in (NONE, NEVER) else [t.TReturn(SPAN, value)]
    kind, returned = "plain", NONE if result == NEVER else result
    if name in IN_COROUTINES:
        kind, returned = "async", class_type("Coroutine", args=(result,))
        program.layout(returned, program.frame, [t.FieldInfo("value", result)])
    function = program.function("f", params, returned, ends, kind)
    program.tree.entry_points["start"] = function.instance
    return program


@pytest.mark.parametrize("name", PRIMITIVES)
def test_every_primitive_lowers_to_valid_code(name: str) -> None:
    kinds = [STR, INT, BOOL, FLOAT, U32, NONE] if "T" in str(PRIMITIVES[name]) or name == "size_of" else [STR]
    if name in ("address_of", "cast", "object_at", "same_object", "type_id", "type_id_of", "resume_frame"):
        kinds = [STR]
    engine = wasmtime.Engine()
    for of in kinds:
        wasmtime.Module.validate(engine, emit(lower(program_with(name, of).tree), {}))


@pytest.mark.parametrize(
    ("op", "left", "right", "value"),
    [
        ("checked_add", 2, 3, 5),
        ("checked_sub", 2, 3, -1),
        ("checked_mul", -4, 5, -20),
        ("int_lt", 2, 3, 1),
        ("int_xor", 6, 3, 5),
    ],
)
def test_constants_are_folded(op: str, left: int, right: int, value: int) -> None:
    program = Program()
    result = BOOL if op == "int_lt" else INT
    node = t.Prim(result, SPAN, op, [const(left), const(right)])
    program.tree.entry_points["f"] = program.function("f", [], result, [t.TReturn(SPAN, node)]).instance
    (returned,) = lower(program.tree).functions["f"].body[-1:]
    assert returned.value.value == value


@pytest.mark.parametrize("library", [False, True])
@pytest.mark.parametrize("op", ["checked_add", "checked_sub", "checked_mul"])
@pytest.mark.parametrize("constant", [False, True])
def test_overflow_is_found(op: str, library: bool, constant: bool) -> None:
    """With both operands unknown and with one constant, written out and as a shared function."""
    limit = 1 << 63
    edge = [-limit, -limit + 1, -1 << 32, -2, -1, 0, 1, 2, 3037000499, 3037000500, limit // 2, limit - 2, limit - 1]
    for right in edge:
        program = Program()
        program.tree.runtime["rt_overflow"] = program.function(
            "rt_overflow", [], NEVER, [t.Do(SPAN, t.Prim(NEVER, SPAN, "trap", []))], library=True
        ).instance
        params = [t.Var("left", INT), t.Var("right", INT)]
        node = t.Prim(INT, SPAN, op, [get(params[0]), const(right) if constant else get(params[1])])
        function = program.function("f", params, INT, [t.TReturn(SPAN, node)], library=library)
        program.tree.entry_points["f"] = function.instance
        store = wasmtime.Store()
        instance = wasmtime.Instance(store, wasmtime.Module(store.engine, emit(lower(program.tree), {})), [])
        run = instance.exports(store)["f"]
        for left in edge:
            exact = {"add": left + right, "sub": left - right, "mul": left * right}[op.removeprefix("checked_")]
            if -limit <= exact < limit:
                assert run(store, left, right) == exact
            else:
                with pytest.raises(wasmtime.Trap):
                    run(store, left, right)
