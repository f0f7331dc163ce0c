"""Throwing, catching, telling the place, deep recursion."""

from __future__ import annotations

import pytest
import wasmtime

from tests.compiler.wasm.harness import I32, REF, call, const, function, get, instance, ir, local, op, span


def ref(node: ir.Expr) -> ir.Expr:
    return op(REF, "as_ref", node)


def number(node: ir.Expr) -> ir.Expr:
    return op(I32, "as_i32", node)


def thrower() -> ir.Function:
    """Throws its argument, as if it were an object, unless it is 0."""
    n = local("n", I32)
    return function("thrower", [n], None, ir.If(get(n), [ir.Throw(ref(get(n)))], []))


def test_catch_from_a_call() -> None:
    n, error, x = local("n", I32), local("error", REF), local("x", I32)
    run = instance(
        thrower(),
        function(
            "f",
            [n],
            I32,
            ir.Set(x, const(1)),
            ir.Try(
                [
                    ir.Set(x, const(2)),
                    ir.Do(call(None, "thrower", get(n))),
                    ir.Set(x, const(3)),
                ],
                error,
                [ir.Set(x, op(I32, "i32.add", get(x), number(get(error))))],
            ),
            ir.Return(get(x)),
        ),
    )
    assert run("f", 0) == 3
    assert run("f", 4000) == 4002


def test_catch_what_is_thrown_here_and_rethrow() -> None:
    n, error, outer = local("n", I32), local("error", REF), local("outer", REF)
    run = instance(
        function(
            "f",
            [n],
            I32,
            ir.Try(
                [
                    ir.Try(
                        [
                            ir.If(get(n), [ir.Throw(ref(const(10)))], []),
                            ir.Return(const(1)),
                        ],
                        error,
                        [ir.Throw(ref(op(I32, "i32.add", number(get(error)), get(n))))],
                    )
                ],
                outer,
                [ir.Return(number(get(outer)))],
            ),
            ir.Trap(),
        )
    )
    assert run("f", 0) == 1
    assert run("f", 5) == 15


def test_uncaught_exception_leaves_the_module() -> None:
    run = instance(thrower())
    run("thrower", 0)
    with pytest.raises(wasmtime.Trap):
        run("thrower", 1)


def test_traced_functions_tell_each_place() -> None:
    """`rt_trace` keeps the last two rows in globals; the inner function's place comes first."""
    n, error, row = local("n", I32), local("error", REF), local("row", I32)
    inner = function(
        "inner",
        [n],
        I32,
        ir.Line(span(5)),
        ir.Do(call(None, "thrower", const(0))),
        ir.Line(span(6)),
        ir.Do(call(None, "thrower", get(n))),
        ir.Line(span(7)),
        ir.Do(call(None, "thrower", const(0))),
        ir.Return(const(1)),
        traced=True,
    )
    outer = function(
        "outer",
        [n],
        I32,
        ir.Line(span(20)),
        ir.Return(op(I32, "i32.add", call(I32, "inner", get(n)), ir.Call(I32, "inner", [const(0)], span(21)))),
        traced=True,
    )
    told = function(
        "told",
        [error, row],
        None,
        ir.GlobalSet("before", ir.GlobalGet(I32, "last")),
        ir.GlobalSet("last", get(row)),
    )
    catch = function(
        "catch",
        [n],
        I32,
        ir.Try([ir.Return(call(I32, "outer", get(n)))], error, [ir.Return(number(get(error)))]),
        ir.Trap(),
    )
    rows = [function(name, [], I32, ir.Return(ir.GlobalGet(I32, name))) for name in ("before", "last")]
    run = instance(
        thrower(), inner, outer, told, catch, *rows, globals={"before": I32, "last": I32}, runtime={"rt_trace": "told"}
    )
    assert run("catch", 0) == 2
    assert run("catch", 9000) == 9000
    locations = run.locations()
    assert locations[run("before")] == ("program.pie", "inner", 6, 1)
    assert locations[run("last")] == ("program.pie", "outer", 20, 1)


def test_traps_map_to_lines() -> None:
    n = local("n", I32)
    library = function("library", [n], I32, ir.Return(op(I32, "i32.div_u", const(1), get(n))))
    user = function(
        "user",
        [n],
        I32,
        ir.Line(span(3)),
        ir.Do(call(I32, "library", const(1))),
        ir.Line(span(4)),
        ir.Return(call(I32, "library", get(n))),
        traced=True,
    )
    run = instance(library, user, optimize=0)
    with pytest.raises(wasmtime.Trap) as trap:
        run("user", 0)
    places = [run.place(frame.module_offset) for frame in trap.value.frames]
    assert places == [None, ("program.pie", "user", 4, 1)]


def test_endless_recursion_is_an_exception() -> None:
    """rt_recursion throws 7; the stack pointer is back where it was, so it can be done again."""
    n, error = local("n", I32), local("error", REF)
    descend = function(
        "descend",
        [n],
        I32,
        ir.GlobalSet("depth", op(I32, "i32.add", ir.GlobalGet(I32, "depth"), const(1))),
        ir.Return(op(I32, "i32.add", call(I32, "descend", op(I32, "i32.add", get(n), const(1))), const(1))),
    )
    run = instance(
        descend,
        function("too_deep", [], None, ir.Throw(ref(const(7)))),
        function(
            "f",
            [],
            I32,
            ir.GlobalSet("depth", const(0)),
            ir.Try([ir.Return(call(I32, "descend", const(0)))], error, [ir.Return(number(get(error)))]),
            ir.Trap(),
        ),
        function("depth", [], I32, ir.Return(ir.GlobalGet(I32, "depth"))),
        function("pointer", [], I32, ir.Return(ir.LinkValue(I32, "stack_pointer"))),
        globals={"depth": I32},
        runtime={"rt_recursion": "too_deep"},
    )
    before = run("pointer")
    for _ in range(3):
        assert run("f") == 7
        assert 1000 <= run("depth") <= 2730
        assert run("pointer") == before


def test_making_the_recursion_error_may_use_the_reserve() -> None:
    """rt_recursion calls a function with a frame of its own, which must not overflow again."""
    n, error = local("n", I32), local("error", REF)
    types = {"T": ir.HeapType("T", "object", 16)}
    keep, other = local("keep", REF), local("other", REF)
    run = instance(
        function("descend", [n], I32, ir.Return(op(I32, "i32.add", call(I32, "descend", get(n)), const(1)))),
        function(
            "make", [], REF, ir.Set(keep, ir.New(REF, "T")), ir.Set(other, ir.New(REF, "T")), ir.Return(get(keep))
        ),
        function("too_deep", [], None, ir.Throw(call(REF, "make"))),
        function(
            "f",
            [],
            I32,
            ir.Try(
                [ir.Return(call(I32, "descend", const(0)))],
                error,
                [ir.Return(ir.IsSubtype(I32, get(error), "T"))],
            ),
            ir.Trap(),
        ),
        alloc=True,
        heap_types=types,
        runtime={"rt_recursion": "too_deep"},
    )
    assert run("f") == 1
    assert run("f") == 1


def test_what_a_traced_function_catches_is_told_its_place_once() -> None:
    """The place of the call is told at the catch, and not again when the handler throws it on."""
    n, error, row, final = local("n", I32), local("error", REF), local("row", I32), local("final", REF)
    rethrow = ir.Throw(get(error), again=True)
    traced = function(
        "traced",
        [n],
        I32,
        ir.Try(
            [ir.Line(span(5)), ir.Do(call(None, "thrower", get(n))), ir.Return(const(0))],
            error,
            [
                ir.Line(span(6)),
                ir.Do(call(None, "thrower", const(0))),
                ir.If(op(I32, "i32.eq", get(n), const(2)), [ir.Return(const(2))], []),
                rethrow,
            ],
        ),
        ir.Trap(),
        traced=True,
    )
    told = function(
        "told",
        [error, row],
        None,
        ir.GlobalSet("count", op(I32, "i32.add", ir.GlobalGet(I32, "count"), const(1))),
        ir.GlobalSet("last", get(row)),
    )
    catch = function(
        "catch", [n], I32, ir.Try([ir.Return(call(I32, "traced", get(n)))], final, [ir.Return(const(9))]), ir.Trap()
    )
    reads = [function(name, [], I32, ir.Return(ir.GlobalGet(I32, name))) for name in ("count", "last")]
    run = instance(
        thrower(), traced, told, catch, *reads, globals={"count": I32, "last": I32}, runtime={"rt_trace": "told"}
    )
    assert [run("catch", 0), run("count")] == [0, 0]
    assert [run("catch", 2), run("count")] == [2, 1]
    assert run.locations()[run("last")][2] == 5
    assert [run("catch", 3), run("count")] == [9, 2]
