"""References that must survive a collection: the allocator destroys whatever the shadow stack does not hold."""

from __future__ import annotations

import pytest

from pielang.compiler.wasm.dump import dump
from tests.compiler.wasm.harness import I32, REF, Instance, call, const, function, get, instance, ir, local, op

TYPES = {"T": ir.HeapType("T", "object", 16), "U": ir.HeapType("U", "object", 16, parent="T")}


def new(value: ir.Expr) -> ir.Expr:
    """A new T with `value` at 4."""
    return call(REF, "make", value)


def field(node: ir.Expr) -> ir.Expr:
    return ir.Load(I32, "i32.load", node, 4)


def run_with(*functions: ir.Function) -> Instance:
    value, made = local("value", I32), local("made", REF)
    make = function(
        "make",
        [value],
        REF,
        ir.Set(made, ir.New(REF, "T")),
        ir.Store("i32.store", get(made), get(value), 4),
        ir.Return(get(made)),
    )
    return instance(make, *functions, collect=True, heap_types=TYPES)


def test_a_variable_across_an_allocation() -> None:
    a, b = local("a", REF), local("b", REF)
    run = run_with(
        function(
            "f",
            [],
            I32,
            ir.Set(a, new(const(20))),
            ir.Set(b, new(const(3))),
            ir.Do(new(const(0))),
            ir.Return(op(I32, "i32.add", field(get(a)), field(get(b)))),
        )
    )
    assert run("f") == 23


def test_parameters_and_temporaries() -> None:
    a, b, c = local("a", REF), local("b", REF), local("c", REF)
    total = op(I32, "i32.add", op(I32, "i32.add", field(get(a)), field(get(b))), field(get(c)))
    run = run_with(
        function("sum", [a, b, c], I32, ir.Do(new(const(9))), ir.Return(total)),
        function("f", [], I32, ir.Return(call(I32, "sum", new(const(1)), new(const(20)), new(const(300))))),
    )
    assert run("f") == 321


def test_an_operand_whose_last_use_is_the_call() -> None:
    a, b = local("a", REF), local("b", REF)
    run = run_with(
        function("sum", [a, b], I32, ir.Return(op(I32, "i32.add", field(get(a)), field(get(b))))),
        function("f", [], I32, ir.Set(a, new(const(5))), ir.Return(call(I32, "sum", get(a), new(const(6))))),
    )
    assert run("f") == 11


def test_an_operand_that_a_later_one_assigns() -> None:
    a, b, x = local("a", REF), local("b", REF), local("x", REF)
    run = run_with(
        function("sum", [a, b], I32, ir.Return(op(I32, "i32.add", field(get(a)), field(get(b))))),
        function(
            "f",
            [],
            I32,
            ir.Set(x, new(const(5))),
            ir.Return(
                call(
                    I32,
                    "sum",
                    get(x),
                    ir.Sequence(REF, [ir.Set(x, new(const(6))), ir.Do(new(const(0)))], get(x)),
                )
            ),
        ),
    )
    assert run("f") == 11


def test_a_reference_inside_an_address() -> None:
    """`place + 4` waits on the stack while the value to store there is made."""
    a = local("a", REF)
    address = op(I32, "i32.add", op(I32, "as_i32", get(a)), op(I32, "i32.mul", const(2), const(2)))
    run = run_with(
        function(
            "f",
            [],
            I32,
            ir.Set(a, new(const(5))),
            ir.Store("i32.store", address, field(new(const(8)))),
            ir.Do(new(const(0))),
            ir.Return(const(0)),
        ),
        function(
            "g",
            [],
            I32,
            ir.Store("i32.store", new(const(5)), field(ir.Sequence(REF, [ir.Do(new(const(1)))], new(const(8)))), 4),
            ir.Return(const(3)),
        ),
    )
    assert run("f") == 0
    assert run("g") == 3


def test_loops_and_branches() -> None:
    kept, fresh, i, total = local("kept", REF), local("fresh", REF), local("i", I32), local("total", I32)
    body: list[ir.Stmt] = [
        ir.If(op(I32, "i32.ge_u", get(i), const(10)), [ir.Break("done")], []),
        ir.Set(fresh, new(get(i))),
        ir.If(op(I32, "i32.and", get(i), const(1)), [ir.Set(kept, get(fresh))], [ir.Do(new(const(77)))]),
        ir.Set(total, op(I32, "i32.add", get(total), op(I32, "i32.add", field(get(kept)), field(get(fresh))))),
        ir.Set(i, op(I32, "i32.add", get(i), const(1))),
        ir.Continue("next"),
    ]
    run = run_with(
        function(
            "f", [], I32, ir.Set(kept, new(const(0))), ir.Block("done", [ir.Loop("next", body)]), ir.Return(get(total))
        )
    )
    kept_value = total_value = 0
    for number in range(10):
        kept_value = number if number & 1 else kept_value
        total_value += kept_value + number
    assert run("f") == total_value


def test_what_a_handler_needs() -> None:
    a, error, thrown = local("a", REF), local("error", REF), local("thrown", REF)
    run = run_with(
        function("fail", [], None, ir.Set(thrown, new(const(30))), ir.Do(new(const(0))), ir.Throw(get(thrown))),
        function(
            "f",
            [],
            I32,
            ir.Set(a, new(const(5))),
            ir.Try(
                [ir.Do(call(None, "fail"))],
                error,
                [
                    ir.Do(new(const(0))),
                    ir.Return(op(I32, "i32.add", field(get(a)), field(get(error)))),
                ],
            ),
            ir.Return(const(0)),
        ),
    )
    assert run("f") == 35


def test_subtypes_and_dispatch() -> None:
    """Five classes A(B(C), D), E; a method that only B and E define differently."""
    tree = {"A": None, "B": "A", "C": "B", "D": "A", "E": None, "Never": "A"}
    types = {name: ir.HeapType(name, "object", 16, parent=parent) for name, parent in tree.items()}
    x = local("x", REF)
    makers = [function(f"new{name}", [], REF, ir.Return(ir.New(REF, name))) for name in tree if name != "Never"]
    tests = [function(f"is{name}", [x], I32, ir.Return(ir.IsSubtype(I32, get(x), name))) for name in tree]
    methods = [function(f"m{number}", [x], I32, ir.Return(const(number))) for number in range(3)]
    dispatch = ir.DispatchFunction(
        "method", (REF,), I32, [("A", "m0"), ("B", "m1"), ("C", "m1"), ("D", "m0"), ("E", "m2"), ("Never", "m2")]
    )
    single = ir.DispatchFunction("single", (REF,), I32, [("A", "m0"), ("D", "m0"), ("Never", "m2")])
    callers = [
        function("call", [x], I32, ir.Return(call(I32, "method", get(x)))),
        function("call_single", [x], I32, ir.Return(call(I32, "single", get(x)))),
    ]
    run = instance(
        *makers,
        *tests,
        *methods,
        *callers,
        alloc=True,
        heap_types=types,
        dispatches={"method": dispatch, "single": single},
    )
    objects = {name: run(f"new{name}") for name in tree if name != "Never"}
    below = {"A": "ABCD", "B": "BC", "C": "C", "D": "D", "E": "E", "Never": ""}
    for name, address in objects.items():
        for base, members in below.items():
            assert run(f"is{base}", address) == (name in members)
    assert [run("call", objects[name]) for name in "ABCDE"] == [0, 1, 1, 0, 2]
    assert run("call_single", objects["D"]) == 0
    assert run("isA", 0) == 0


def test_many_classes_dispatch_by_table() -> None:
    types = {f"C{n}": ir.HeapType(f"C{n}", "object", 16) for n in range(40)}
    x = local("x", REF)
    makers = [function(f"new{n}", [], REF, ir.Return(ir.New(REF, f"C{n}"))) for n in range(40)]
    methods = [function(f"m{n}", [x], I32, ir.Return(const(n))) for n in range(5)]
    dispatch = ir.DispatchFunction("method", (REF,), I32, [(f"C{n}", f"m{n * n % 5}") for n in range(40)])
    run = instance(
        *makers,
        *methods,
        function("call", [x], I32, ir.Return(call(I32, "method", get(x)))),
        alloc=True,
        heap_types=types,
        dispatches={"method": dispatch},
    )
    for n in range(40):
        assert run("call", run(f"new{n}")) == n * n % 5


def test_type_table() -> None:
    far = (8, *range(140, 180, 4))
    types = {
        "str": ir.HeapType("str", "raw", 1, display="str"),
        "P": ir.HeapType("P", "object", 24, ref_offsets=(4, 12), display="Point"),
        "Q": ir.HeapType("Q", "object", 32, ref_offsets=(4, 8, 12), parent="P", display="Quad", finalizer=True),
        "A": ir.HeapType("A", "refs", 4, display=""),
        "Far": ir.HeapType("Far", "object", 180, ref_offsets=far, display="Far"),
    }
    run = instance(
        *(function(f"id{name}", [], I32, ir.Return(ir.TypeId(I32, name))) for name in types),
        function("table", [], I32, ir.Return(ir.LinkValue(I32, "type_table"))),
        function("name", [], REF, ir.Return(ir.Literal(REF, "Quad"))),
        function("pielang.core.frames.type_name[Point]", [], REF, ir.Return(ir.Literal(REF, "any"))),
        heap_types=types,
        runtime={"str": "str", "rt_alloc": "idP"},
    )

    def words(address: int, count: int, size: int = 4) -> list[int]:
        data = run.read(address, count * size)
        return [int.from_bytes(data[at : at + size], "little") for at in range(0, count * size, size)]

    def row(name: str) -> list[int]:
        return words(run("table") + 8 * run(f"id{name}"), 2)

    assert row("Q") == [0b111, run("name") | 1]
    assert row("P")[0] == 0b101
    assert row("P")[1] != 0
    assert row("Far")[1] == 2  # no name: only Point and what is below it is asked for its name
    assert row("A") == [0xFFFFFFFF, 0]
    assert row("str")[0] == 0
    references, name = row("Far")
    assert name == 2
    assert words(references, 1 + len(far), 2) == [len(far), *far]


def test_collecting_only_to_throw_costs_no_frame() -> None:
    """`checked` allocates on its way out only, so what its callers hold need not be rooted, except for a handler."""
    a, n, error = local("a", REF), local("n", I32), local("error", REF)
    run = run_with(
        function("fail", [], None, ir.Throw(new(const(70)))),
        function("checked", [n], I32, ir.If(get(n), [ir.Do(call(None, "fail"))], []), ir.Return(const(2))),
        function("plain", [a], I32, ir.Return(op(I32, "i32.add", call(I32, "checked", const(0)), field(get(a))))),
        function(
            "handled",
            [n],
            I32,
            ir.Set(a, new(const(5))),
            ir.Try(
                [ir.Return(op(I32, "i32.add", call(I32, "checked", get(n)), field(get(a))))],
                error,
                [ir.Return(op(I32, "i32.add", field(get(error)), field(get(a))))],
            ),
            ir.Trap(),
        ),
        function(
            "deeper", [], I32, ir.Set(a, new(const(9))), ir.Do(call(I32, "handled", const(1))), ir.Return(field(get(a)))
        ),
    )
    assert "call $enter" not in "\n".join(dump(run.wasm, "plain"))
    assert run("handled", 0) == 7
    assert run("handled", 1) == 75
    assert run("deeper") == 9


def test_types_that_nothing_tells_apart_share_a_number() -> None:
    """Lists of two element types are one type and their constructors one function; a tested one stays by itself."""
    names = ["list[A]", "list[B]", "list[C]", "other[A]"]
    types = {name: ir.HeapType(name, "object", 16, (4,), display=name.partition("[")[0]) for name in names}
    x = local("x", REF)
    run = instance(
        *(function(f"new {name}", [], REF, ir.Return(ir.New(REF, name))) for name in names),
        function("is C", [x], I32, ir.Return(ir.IsSubtype(I32, get(x), "list[C]"))),
        function("kind", [x], I32, ir.Return(ir.Load(I32, "i32.load", get(x)))),
        function("id", [], I32, ir.Return(const(0))),
        alloc=True,
        heap_types=types | {"str": ir.HeapType("str", "raw", 1)},
        runtime={"str": "str"},
    )
    kinds = {name: run("kind", run(f"new {name}")) for name in names}
    assert kinds["list[A]"] == kinds["list[B]"]
    assert len(set(kinds.values())) == 3
    assert [run("is C", run(f"new {name}")) for name in names] == [0, 0, 1, 0]


def test_raising_alike_is_one_function() -> None:
    """`raise E(n)` at several places: the object is made and thrown by a function that they share."""
    n, made, error = local("n", I32), local("made", REF), local("error", REF)

    def throw(kind: str, value: int) -> ir.Stmt:
        temporary = local("temporary", REF)
        init = ir.Do(call(None, "init", get(temporary), const(value)))
        return ir.Throw(ir.Sequence(REF, [ir.Set(temporary, ir.New(REF, kind)), init], get(temporary)))

    caught = [
        ir.If(ir.IsSubtype(I32, get(error), "U"), [ir.Return(op(I32, "i32.add", field(get(error)), const(1000)))], []),
        ir.Return(field(get(error))),
    ]
    run = instance(
        function("init", [made, n], None, ir.Store("i32.store", get(made), get(n), 4)),
        function(
            "f",
            [n],
            I32,
            ir.If(op(I32, "i32.eq", get(n), const(1)), [throw("T", 10)], []),
            ir.If(op(I32, "i32.eq", get(n), const(2)), [throw("U", 20)], []),
            ir.Return(const(0)),
        ),
        function("catch", [n], I32, ir.Try([ir.Return(call(I32, "f", get(n)))], error, caught), ir.Trap()),
        collect=True,
        heap_types=TYPES,
    )
    assert [run("catch", value) for value in (0, 1, 2)] == [0, 10, 1020]
    assert "\n".join(dump(run.wasm, "f")).count("call raise") == 2


@pytest.mark.parametrize("optimize", [0, 2])
def test_addresses_keep_their_objects(optimize: int) -> None:
    """In a local, moved along in a loop, and handed to a function that allocates before it reads there."""
    a, at, made, i, total = local("a", REF), local("at", I32), local("made", REF), local("i", I32), local("total", I32)
    value, address = local("value", I32), local("address", I32)

    def inside() -> ir.Expr:
        return op(I32, "i32.add", op(I32, "as_i32", get(a)), const(4))

    make = function(
        "make",
        [value],
        REF,
        ir.Set(made, ir.New(REF, "T")),
        ir.Store("i32.store", get(made), get(value), 4),
        ir.Return(get(made)),
    )
    body: list[ir.Stmt] = [
        ir.Set(at, op(I32, "i32.add", get(at), const(1))),
        ir.Do(new(const(0))),
        ir.Set(i, op(I32, "i32.add", get(i), const(1))),
        ir.If(op(I32, "i32.lt_u", get(i), const(4)), [ir.Continue("next")], []),
    ]
    run = instance(
        make,
        function("read", [address], I32, ir.Do(new(const(0))), ir.Return(ir.Load(I32, "i32.load", get(address)))),
        function("passed", [], I32, ir.Set(a, new(const(7))), ir.Return(call(I32, "read", inside()))),
        function(
            "fresh",
            [],
            I32,
            ir.Return(call(I32, "read", op(I32, "i32.add", op(I32, "as_i32", new(const(8))), const(4)))),
        ),
        function(
            "moved",
            [],
            I32,
            ir.Set(a, new(const(9))),
            ir.Set(at, op(I32, "as_i32", get(a))),
            ir.Loop("next", body),
            ir.Set(total, ir.Load(I32, "i32.load", get(at))),
            ir.Return(get(total)),
        ),
        function(
            "replaced",
            [],
            I32,
            ir.Set(a, new(const(10))),
            ir.Set(at, inside()),
            ir.Set(a, new(const(11))),
            ir.Do(new(const(0))),
            ir.Return(op(I32, "i32.add", ir.Load(I32, "i32.load", get(at)), field(get(a)))),
        ),
        collect=True,
        optimize=optimize,
        heap_types=TYPES,
    )
    assert [run(name) for name in ("passed", "fresh", "moved", "replaced")] == [7, 8, 9, 21]
