"""Instructions, control flow, memory and calls: IR by hand against what wasmtime makes of it."""

from __future__ import annotations

import pytest

from tests.compiler.wasm.harness import (
    F64,
    I32,
    I64,
    REF,
    Instance,
    call,
    const,
    function,
    get,
    instance,
    ir,
    local,
    op,
)


def test_arithmetic() -> None:
    a, b = local("a", I64), local("b", I64)
    run = instance(
        function("add", [a, b], I64, ir.Return(op(I64, "i64.add", get(a), op(I64, "i64.mul", get(b), const(3, I64))))),
        function(
            "half", [a], F64, ir.Return(op(F64, "f64.div", op(F64, "f64.convert_i64_s", get(a)), const(2.0, F64)))
        ),
        function("big", [], I64, ir.Return(const(-(2**63), I64))),
        function("unsigned", [], I32, ir.Return(const(0xFFFFFFFF))),
    )
    assert run("add", 5, -7) == -16
    assert run("half", 5) == 2.5
    assert run("big") == -(2**63)
    assert run("unsigned") == -1


def test_loop_with_break_and_continue() -> None:
    """Sum of the odd numbers below n."""
    n, i, total = local("n", I64), local("i", I64), local("total", I64)
    body = [
        ir.If(op(I32, "i64.ge_s", get(i), get(n)), [ir.Break("out")], []),
        ir.Set(i, op(I64, "i64.add", get(i), const(1, I64))),
        ir.If(op(I32, "i64.eqz", op(I64, "i64.and", get(i), const(1, I64))), [ir.Continue("next")], []),
        ir.Set(total, op(I64, "i64.add", get(total), get(i))),
        ir.Continue("next"),
    ]
    run = instance(
        function("f", [n], I64, ir.Block("out", [ir.Loop("next", body)]), ir.Return(get(total))),
    )
    assert run("f", 10) == 25


def test_loop_falls_off_its_end() -> None:
    n = local("n", I32)
    body: list[ir.Stmt] = [
        ir.Set(n, op(I32, "i32.add", get(n), const(1))),
        ir.If(op(I32, "i32.lt_u", get(n), const(5)), [ir.Continue("l")], []),
        ir.If(op(I32, "i32.eq", get(n), const(7)), [ir.Break("l")], [ir.Set(n, const(50))]),
        ir.Set(n, op(I32, "i32.add", get(n), const(1))),
    ]
    run = instance(function("f", [n], I32, ir.Loop("l", body), ir.Return(get(n))))
    assert run("f", 0) == 51
    assert run("f", 6) == 7


@pytest.mark.parametrize("index, expected", [(0, 10), (1, 11), (2, 10), (3, 99), (-1, 99)])
def test_switch(index: int, expected: int) -> None:
    i = local("i", I32)
    run = instance(
        function(
            "f",
            [i],
            I32,
            ir.Block(
                "default",
                [
                    ir.Block(
                        "one",
                        [
                            ir.Block("zero", [ir.Switch(get(i), ["zero", "one", "zero"], "default")]),
                            ir.Return(const(10)),
                        ],
                    ),
                    ir.Return(const(11)),
                ],
            ),
            ir.Return(const(99)),
        )
    )
    assert run("f", index) == expected


@pytest.mark.parametrize("a", [0, 1, 2])
@pytest.mark.parametrize("b", [0, 1, 5])
def test_conditions(a: int, b: int) -> None:
    x, y = local("x", I32), local("y", I32)
    less = op(I32, "i32.lt_s", get(x), get(y))
    positive = op(I32, "i32.gt_s", get(y), const(0))

    def value(name: str, node: ir.Expr) -> ir.Function:
        return function(name, [x, y], I32, ir.Return(node))

    run = instance(
        value("not", op(I32, "i32.eqz", less)),
        value("not not", op(I32, "i32.eqz", op(I32, "i32.eqz", get(x)))),
        value("and", ir.IfElse(I32, less, positive, const(0))),
        value("or", ir.IfElse(I32, less, const(1), positive)),
        value("pick", ir.IfElse(I32, less, get(x), get(y))),
        value("far", ir.IfElse(I32, less, call(I32, "pick", get(x), get(y)), const(7))),
        value("zero", op(I32, "i32.eq", get(x), const(0))),
        function("void", [x, y], I32, ir.If(op(I32, "i32.eqz", less), [], [ir.Return(const(3))]), ir.Return(const(4))),
        function("both", [x, y], I32, ir.If(less, [ir.Return(get(y))], [ir.Return(get(x))])),
    )
    assert run("not", a, b) == (not a < b)
    assert run("not not", a, b) == (1 if a else 0)
    assert run("and", a, b) == (a < b and b > 0)
    assert run("or", a, b) == (a < b or b > 0)
    assert run("pick", a, b) == (a if a < b else b)
    assert run("far", a, b) == (a if a < b else 7)
    assert run("zero", a, b) == (a == 0)
    assert run("void", a, b) == (3 if a < b else 4)
    assert run("both", a, b) == (b if a < b else a)


def test_memory_and_folded_offsets() -> None:
    p = local("p", I32)
    base = op(I32, "i32.add", get(p), const(8))
    run = instance(
        function(
            "f",
            [p],
            I64,
            ir.Store("i64.store", base, const(77, I64), 8),
            ir.Store("i32.store8", op(I32, "as_i32", base), const(0x1FF), 1),
            ir.Return(
                op(
                    I64,
                    "i64.add",
                    ir.Load(I64, "i64.load", get(p), 16),
                    op(I64, "i64.extend_i32_u", ir.Load(I32, "i32.load8_u", get(p), 9)),
                )
            ),
        )
    )
    assert run("f", 100_000) == 77 + 255


def test_globals_lie_together() -> None:
    a, b = "m.a", "m.b"
    run = instance(
        function(
            "f",
            [],
            I64,
            ir.GlobalSet("m.i", const(2**40, I64)),
            ir.GlobalSet(a, op(REF, "as_ref", const(4096))),
            ir.GlobalSet(b, op(REF, "as_ref", const(8192))),
            ir.Return(ir.GlobalGet(I64, "m.i")),
        ),
        function("count", [], I32, ir.Return(ir.LinkValue(I32, "globals_count"))),
        function("base", [], I32, ir.Return(ir.LinkValue(I32, "globals_base"))),
        globals={a: REF, "m.i": I64, b: REF, "m.unused": REF},
    )
    assert run("f") == 2**40
    assert run("count") == 2
    assert {run.read(run("base") + offset, 4) for offset in (0, 4)} == {b"\0\x10\0\0", b"\0\x20\0\0"}


def test_literals_are_shared_objects() -> None:
    types = {
        "str": ir.HeapType("str", "raw", 1, display="str"),
        "bytes": ir.HeapType("bytes", "raw", 1, display="bytes"),
    }
    run = instance(
        function("a", [], REF, ir.Return(ir.Literal(REF, "grüße"))),
        function("b", [], REF, ir.Return(ir.Literal(REF, "grüße"))),
        function("c", [], REF, ir.Return(ir.Literal(REF, b"\0\1\2"))),
        heap_types=types,
        runtime={"str": "str", "bytes": "bytes"},
    )
    address = run("a")
    assert address == run("b")
    text = "grüße".encode()
    assert run.read(address + 4, 4 + 8 + len(text)) == (
        (8 + len(text)).to_bytes(4, "little") + (5).to_bytes(4, "little") + bytes(4) + text
    )
    assert run.read(run("c") + 4, 7) == b"\3\0\0\0\0\1\2"


def test_indirect_calls_and_their_table() -> None:
    x, f = local("x", I32), local("f", I32)
    run = instance(
        function("double", [x], I32, ir.Return(op(I32, "i32.mul", get(x), const(2)))),
        function("triple", [x], I32, ir.Return(op(I32, "i32.mul", get(x), const(3)))),
        function(
            "pick",
            [x],
            I32,
            ir.Return(ir.IfElse(I32, get(x), ir.FunctionIndex(I32, "double"), ir.FunctionIndex(I32, "triple"))),
        ),
        function("apply", [f, x], I32, ir.Return(ir.CallIndirect(I32, (I32,), [get(x)], get(f)))),
    )
    assert run("apply", run("pick", 1), 7) == 14
    assert run("apply", run("pick", 0), 7) == 21
    assert run("pick", 0) > 0


def test_locals_share_registers_without_mixing() -> None:
    """Many short-lived variables beside some that live long; the copy of one must not change with the other."""
    a, b = local("a", I32), local("b", I32)
    temporaries = [local(f"t{number}", I32) for number in range(20)]
    copy = local("copy", I32)
    body: list[ir.Stmt] = [ir.Set(copy, get(a))]
    for number, temporary in enumerate(temporaries):
        body.append(ir.Set(temporary, op(I32, "i32.add", get(b), const(number + 1))))
        body.append(ir.Set(b, op(I32, "i32.mul", get(temporary), const(3))))
    body += [
        ir.Set(a, op(I32, "i32.add", get(a), const(1))),
        ir.Return(op(I32, "i32.xor", get(b), op(I32, "i32.sub", get(copy), get(a)))),
    ]
    run = instance(function("f", [a, b], I32, *body))
    expected = 5
    for number in range(20):
        expected = (expected + number + 1) * 3 & 0xFFFFFFFF
    assert run("f", 9, 5) & 0xFFFFFFFF == expected ^ 0xFFFFFFFF


def test_a_copied_variable_that_lives_on_keeps_its_value() -> None:
    a, x, y = local("a", I32), local("x", I32), local("y", I32)
    run = instance(
        function(
            "f",
            [a],
            I32,
            ir.Set(x, op(I32, "i32.add", get(a), const(1))),
            ir.Set(y, get(x)),
            ir.GlobalSet("g", get(y)),
            ir.Return(get(x)),
        ),
        globals={"g": I32},
    )
    assert run("f", 4) == 5


def test_variables_read_before_they_are_set_are_zero() -> None:
    n, seen, other = local("n", I32), local("seen", I32), local("other", I32)
    run = instance(
        function(
            "f",
            [n],
            I32,
            ir.If(get(n), [ir.Set(other, get(n)), ir.Set(seen, op(I32, "i32.add", get(other), get(other)))], []),
            ir.Return(get(seen)),
        )
    )
    assert run("f", 0) == 0
    assert run("f", 4) == 8


def test_unreachable_code_is_valid() -> None:
    n = local("n", I32)
    run = instance(
        function("f", [n], I32, ir.If(get(n), [ir.Return(const(1))], [ir.Return(const(2))]), ir.Trap()),
        function("g", [n], I32, ir.Return(ir.IfElse(I32, get(n), const(5), op(I32, "unreachable")))),
        function(
            "h",
            [n],
            I32,
            ir.Block(
                "b",
                [
                    ir.Set(n, ir.Sequence(I32, [ir.If(get(n), [ir.Return(const(9))], []), ir.Break("b")], const(3))),
                    ir.Return(const(4)),
                ],
            ),
            ir.Return(const(6)),
        ),
        function(
            "loop",
            [n],
            I32,
            ir.Loop("l", [ir.If(get(n), [ir.Return(const(1))], []), ir.Set(n, const(1)), ir.Continue("l")]),
        ),
    )
    assert (run("f", 1), run("f", 0)) == (1, 2)
    assert run("g", 1) == 5
    assert (run("h", 0), run("h", 1)) == (6, 9)
    assert run("loop", 0) == 1


def test_what_is_not_reached_is_left_out() -> None:
    module = ir.Module(
        functions={
            "used": function("used", [], I32, ir.Return(const(1))),
            "unused": function("unused", [], I32, ir.Return(const(123456789))),
        }
    )
    run = Instance(module, {"start": "used"})
    assert run("start") == 1
    assert b"unused" not in run.wasm


def test_equal_functions_become_one() -> None:
    a = local("a", I32)
    inner = [function(f"inner{n}", [a], I32, ir.Return(op(I32, "i32.add", get(a), const(7)))) for n in range(2)]
    outer = [
        function(
            f"outer{n}", [a], I32, ir.If(get(a), [ir.Return(call(I32, f"inner{n}", get(a)))], []), ir.Return(const(0))
        )
        for n in range(2)
    ]
    run = instance(*inner, *outer)
    assert (run("outer0", 1), run("outer1", 1), run("outer1", 0)) == (8, 8, 0)
    assert sum(run.wasm.count(name) for name in (b"outer0", b"outer1")) == 3  # two exports, one name
