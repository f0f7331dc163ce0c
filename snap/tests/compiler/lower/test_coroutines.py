"""A coroutine split in two does what it did in one piece: random bodies, run both ways."""

from __future__ import annotations

import random
from typing import Any

import pytest
import wasmtime

from pielang.compiler.ir import nodes as ir
from pielang.compiler.ir.dump import dump_function
from pielang.compiler.ir.nodes import I32, I64, REF
from pielang.compiler.lower.coroutines import split
from pielang.compiler.lower.layout import Layouts
from pielang.compiler.sema.typed import TProgram
from pielang.compiler.syntax.source import Source, Span
from pielang.compiler.wasm import emit

from .interpreter import Interpreter, Object, OutOfSteps, Thrown, wrap

SOURCE, SPAN = Source("test.pie", ""), Span(0, 0)
LIMIT = 100  # suspensions, and
STEPS = 2000  # statements, so that a loop without end is no hang

NUMBERS = [ir.Local(f"n{i}", I64) for i in range(4)]
PARAMS = NUMBERS[:2]
CAUGHT = [ir.Local(f"e{i}", REF) for i in range(2)]


def number(value: int) -> ir.Expr:
    return ir.Const(I64, value)


def log(*args: ir.Expr) -> ir.Expr:
    return ir.Call(I64, f"log{len(args)}", list(args))


class Bodies:
    """Random bodies. Depths keep them small; every loop counts a variable down, though others may set it as well."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def number_local(self) -> ir.Local:
        return self.random.choice(NUMBERS)

    def maybe(self) -> bool:
        return self.random.random() < 0.5

    def expression(self, depth: int = 0) -> ir.Expr:
        match self.random.randint(0, 7 if depth < 3 else 1):
            case 0:
                return number(self.random.randint(-2, 5))
            case 1:
                return ir.Get(I64, self.number_local())
            case 2 | 3:
                name = self.random.choice(["i64.add", "i64.sub"])
                return ir.Op(I64, name, [self.expression(depth + 1), self.expression(depth + 1)])
            case 4:
                return log(*[self.expression(depth + 1) for _ in range(self.random.randint(1, 3))])
            case 5:
                return ir.IfElse(I64, self.test(depth + 1), self.expression(depth + 1), self.expression(depth + 1))
            case _:
                body: list[ir.Stmt] = [ir.Suspend(self.random.choice([0, 2]))]
                if self.maybe():
                    body.insert(0, ir.Set(self.number_local(), self.expression(depth + 1)))
                if self.maybe():
                    body.append(ir.Set(self.number_local(), self.expression(depth + 1)))
                return ir.Sequence(I64, body, self.expression(depth + 1))

    def test(self, depth: int) -> ir.Expr:
        name = self.random.choice(["i64.lt_s", "i64.eq"])
        return ir.Op(I32, name, [self.expression(depth + 1), self.expression(depth + 1)])

    def body(self, depth: int = 0, labels: tuple[str, ...] = (), loops: tuple[str, ...] = ()) -> list[ir.Stmt]:
        return [self.statement(depth, labels, loops) for _ in range(self.random.randint(0, 4))]

    def statement(self, depth: int, labels: tuple[str, ...], loops: tuple[str, ...]) -> ir.Stmt:
        fresh = f"l{depth}"
        match self.random.randint(0, 12 if depth < 4 else 5):
            case 0 | 1:
                return ir.Set(self.number_local(), self.expression())
            case 2:
                return ir.Do(log(self.expression()))
            case 3:
                return ir.Suspend(0, self.test(2) if self.maybe() else None)
            case 4:
                leave: ir.Stmt = ir.Return(None)
                if loops and self.maybe():
                    leave = ir.Continue(self.random.choice(loops))
                elif labels:
                    leave = ir.Break(self.random.choice(labels))
                return ir.If(self.test(2), [leave], [])
            case 5:
                return ir.If(self.test(2), [ir.Throw(ir.Call(REF, "error", [self.expression(2)]))], [])
            case 6 | 7:
                then, orelse = self.body(depth + 1, labels, loops), self.body(depth + 1, labels, loops)
                return ir.If(self.test(1), then, orelse)
            case 8:
                return ir.Block(fresh, self.body(depth + 1, (*labels, fresh), loops))
            case 9 | 10:
                inside = self.body(depth + 1, (*labels, fresh), (*loops, fresh))
                count = self.number_local()
                step: list[ir.Stmt] = [
                    ir.Set(count, ir.Op(I64, "i64.sub", [ir.Get(I64, count), number(1)])),
                    ir.If(ir.Op(I32, "i64.gt_s", [ir.Get(I64, count), number(0)]), [ir.Continue(fresh)], []),
                ]
                return ir.Loop(fresh, [*inside, *step])
            case _:
                caught = self.random.choice(CAUGHT)
                seen: list[ir.Stmt] = [ir.Do(log(ir.Load(I64, "i64.load", ir.Get(REF, caught), 8)))]
                handler = seen + self.body(depth + 1, labels, loops) + seen
                return ir.Try(self.body(depth + 1, labels, loops), caught, handler)


class World:
    """What the functions that are called see, in order."""

    def __init__(self) -> None:
        self.seen: list[Any] = []

    def externals(self) -> dict[str, Any]:
        def log(*args: int) -> int:
            self.seen.append(args)
            return args[0]

        return {"log1": log, "log2": log, "log3": log, "error": lambda value: Object("error", {8: value})}


def coroutine(body: list[ir.Stmt]) -> ir.Function:
    return ir.Function("f", "f", list(PARAMS), None, body, SOURCE, SPAN, kind="coroutine", frame_base="Coroutine")


def module_of(*functions: ir.Function) -> ir.Module:
    frame = ir.HeapType("Coroutine", "object", 16, (12,))
    return ir.Module({function.symbol: function for function in functions}, heap_types={"Coroutine": frame})


def whole(function: ir.Function) -> tuple[list[Any], bool]:
    """What is seen of the function run in one piece, and whether it came to an end."""
    world = World()
    steps = Interpreter(module_of(function), world.externals(), STEPS).start("f", 3, 7)
    try:
        for _ in range(LIMIT):
            world.seen.append(f"suspended {next(steps)}")
    except StopIteration:
        world.seen.append("ended")
        return world.seen, True
    except Thrown as error:
        world.seen.append(("thrown", error.value.fields[8]))
        return world.seen, True
    except OutOfSteps:
        pass
    return world.seen, False


def in_two(function: ir.Function) -> tuple[list[Any], bool]:
    """The same of the split function."""
    world = World()
    module = module_of()
    parts = split(function, Layouts(TProgram({}, {}, {}, {}, {}), module), module)
    module.functions = {part.symbol: part for part in parts}
    assert all(part.kind == "plain" for part in parts)
    interpreter = Interpreter(module, world.externals(), 10 * STEPS)
    frame = interpreter.call("f", 3, 7)
    try:
        for _ in range(LIMIT):
            status = interpreter.call("f$resume", frame)
            if status == 1:
                world.seen.append("ended")
                assert frame.fields[8] == -1
                return world.seen, True
            assert frame.fields[8] > 0
            world.seen.append(f"suspended {status}")
    except Thrown as error:
        assert frame.fields[8] == -1, "a frame that an exception has left must not be resumed again"
        world.seen.append(("thrown", error.value.fields[8]))
        return world.seen, True
    except OutOfSteps:
        pass
    return world.seen, False


@pytest.mark.parametrize("block", range(10))
def test_split_does_the_same(block: int) -> None:
    for seed in range(block * 60, block * 60 + 60):
        function = coroutine(Bodies(seed).body())
        (expected, ends), (found, also_ends) = whole(function), in_two(function)
        length = None if ends and also_ends else min(len(expected), len(found))
        assert expected[:length] == found[:length], f"seed {seed}\n{dump_function(function)}"
        assert also_ends or not ends, f"seed {seed}"


def wasm_module(function: ir.Function) -> ir.Module:
    """The split function with the functions it calls: `log` folds what it gets into the global `seen`."""
    module = module_of()
    module.heap_types["error"] = ir.HeapType("error", "object", 16)
    module.heap_types["str"] = ir.HeapType("str", "raw", 1)
    module.globals = {"seen": I64, "top": I32}
    module.runtime = {"rt_alloc": "rt_alloc", "str": "str"}
    parts = split(function, Layouts(TProgram({}, {}, {}, {}, {}), module), module)

    def define(symbol: str, params: list[ir.Local], result: ir.ValType | None, *body: ir.Stmt) -> None:
        parts.append(ir.Function(symbol, symbol, params, result, list(body), SOURCE, SPAN))

    def folded(local: ir.Local) -> ir.Stmt:
        more = ir.Op(I64, "i64.mul", [ir.GlobalGet(I64, "seen"), number(31)])
        return ir.GlobalSet("seen", ir.Op(I64, "i64.add", [more, ir.Get(I64, local)]))

    for count in (1, 2, 3):
        args = [ir.Local(f"a{i}", I64) for i in range(count)]
        define(f"log{count}", args, I64, *map(folded, args), ir.Return(ir.Get(I64, args[0])))
    value, made = ir.Local("value", I64), ir.Local("made", REF)
    stored = ir.Store("i64.store", ir.Get(REF, made), ir.Get(I64, value), 8)
    define("error", [value], REF, ir.Set(made, ir.New(REF, "error")), stored, ir.Return(ir.Get(REF, made)))
    define("seen", [], I64, ir.Return(ir.GlobalGet(I64, "seen")))
    kind, size, new = ir.Local("kind", I32), ir.Local("size", I32), ir.Local("new", I32)
    top = ir.GlobalGet(I32, "top")
    first = ir.If(ir.Op(I32, "i32.eqz", [top]), [ir.GlobalSet("top", ir.LinkValue(I32, "heap_base"))], [])
    grown = ir.Op(I32, "i32.add", [ir.Get(I32, new), ir.Const(I32, 64)])
    header = ir.Store("i32.store", ir.Get(I32, new), ir.Get(I32, kind))
    define("rt_alloc", [kind, size], I32, first, ir.Set(new, top), ir.GlobalSet("top", grown), header,
           ir.Return(ir.Get(I32, new)))  # fmt: skip
    module.functions = {part.symbol: part for part in parts}
    module.exports = {"f": "f", "resume": "f$resume", "seen": "seen"}
    return module


def in_wasm(engine: wasmtime.Engine, module: ir.Module) -> list[Any]:
    """What is seen of the emitted module: each suspension and end, and all that was logged before it, as one number."""
    store = wasmtime.Store(engine)
    store.set_fuel(1_000_000)
    exports = wasmtime.Instance(store, wasmtime.Module(engine, emit(module, {})), []).exports(store)
    make, resume, logged = exports["f"], exports["resume"], exports["seen"]
    assert isinstance(make, wasmtime.Func) and isinstance(resume, wasmtime.Func) and isinstance(logged, wasmtime.Func)
    frame = make(store, 3, 7)
    seen: list[Any] = []
    for _ in range(LIMIT):
        try:
            status = resume(store, frame)
        except wasmtime.Trap as error:
            assert "thrown Wasm exception" in str(error)
            return [*seen, ("thrown", logged(store))]
        seen.append((status, logged(store)))
        if status == 1:
            break
    return seen


def summary(seen: list[Any]) -> list[Any]:
    """What `in_wasm` gives for what `whole` saw."""
    result: list[Any] = []
    number = 0
    for event in seen:
        match event:
            case "ended":
                result.append((1, number))
            case str():
                result.append((int(event.split()[1]), number))
            case ("thrown", _):
                result.append(("thrown", number))
            case _:
                for value in event:
                    number = wrap(number * 31 + value, 64)
    return result


def test_split_does_the_same_in_webassembly() -> None:
    config = wasmtime.Config()
    config.consume_fuel = True
    engine = wasmtime.Engine(config)
    for seed in range(100):
        function = coroutine(Bodies(seed).body())
        expected, ends = whole(function)
        if ends:
            found = in_wasm(engine, wasm_module(function))
            assert summary(expected) == found, f"seed {seed}\n{dump_function(function)}"


def test_only_what_is_needed_later_is_in_the_frame() -> None:
    early, late = NUMBERS[2], NUMBERS[3]
    function = coroutine(
        [
            ir.Set(early, ir.Get(I64, PARAMS[0])),
            ir.Set(late, ir.Op(I64, "i64.add", [ir.Get(I64, early), number(1)])),
            ir.Suspend(0),
            ir.Do(log(ir.Get(I64, late))),
        ]
    )
    module = module_of()
    split(function, Layouts(TProgram({}, {}, {}, {}, {}), module), module)
    assert module.heap_types["f$frame"].size == 16 + 2 * 8  # the parameter and `late`
