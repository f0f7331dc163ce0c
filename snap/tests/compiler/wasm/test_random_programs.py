"""Random IR, interpreted in Python and run in wasmtime with an allocator that destroys what no slot holds.

What a program does with its variables, operands, branches, loops, exceptions and objects is arbitrary; both executions
must give the same result. This is what checks register sharing, slots and the small rewrites against each other.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import pytest

from tests.compiler.wasm.harness import I32, I64, REF, call, const, function, get, instance, ir, local, op

TYPES = {"T": ir.HeapType("T", "object", 16)}


class _Break(Exception):
    pass


class _Continue(Exception):
    pass


class _Return(Exception):
    pass


class _Thrown(Exception):
    pass


def wrap(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> bits - 1 else value


@dataclass
class Cell:
    """An object: one i32 at 4."""

    value: int = 0


class Interpreter:
    """Runs the generated function; the helpers that it calls are written in Python here and in IR below."""

    def __init__(self) -> None:
        self.values: dict[ir.Local, Any] = {}

    def run(self, body: list[ir.Stmt]) -> int:
        try:
            self.body(body)
        except _Return as result:
            return int(result.args[0])
        except _Thrown as thrown:
            return int(thrown.args[0].value ^ 0x5555)
        raise AssertionError("fell off the end")

    def body(self, statements: list[ir.Stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, node: ir.Stmt) -> None:
        match node:
            case ir.Set(variable, value):
                self.values[variable] = self.value(value)
            case ir.Do(value):
                self.value(value)
            case ir.Store(_, address, value):
                cell = self.value(address)
                cell.value = self.value(value)
            case ir.If(test, then, orelse):
                self.body(then if self.value(test) else orelse)
            case ir.Block(label, body):
                try:
                    self.body(body)
                except _Break as target:
                    if target.args[0] != label:
                        raise
            case ir.Loop(label, body):
                while True:
                    try:
                        self.body(body)
                        return
                    except _Continue as target:
                        if target.args[0] != label:
                            raise
                    except _Break as target:
                        if target.args[0] != label:
                            raise
                        return
            case ir.Break(label):
                raise _Break(label)
            case ir.Continue(label):
                raise _Continue(label)
            case ir.Switch(index, labels, default):
                number = self.value(index) & 0xFFFFFFFF
                raise _Break(labels[number] if number < len(labels) else default)
            case ir.Return(value):
                raise _Return(self.value(value)) if value is not None else AssertionError
            case ir.Throw(value):
                raise _Thrown(self.value(value))
            case ir.Try(body, caught, handler):
                try:
                    self.body(body)
                except _Thrown as thrown:
                    self.values[caught] = thrown.args[0]
                    self.body(handler)
            case _:
                raise AssertionError(node)

    def value(self, node: ir.Expr) -> Any:
        match node:
            case ir.Const(_, value):
                return value
            case ir.Get(_, variable):
                return self.values.get(variable, 0)
            case ir.Load(_, _, address):
                return self.value(address).value
            case ir.IfElse(_, test, then, orelse):
                return self.value(then if self.value(test) else orelse)
            case ir.Sequence(_, body, value):
                self.body(body)
                return self.value(value) if value is not None else None
            case ir.Call(_, "make", args):
                return Cell(self.value(args[0]))
            case ir.Call(_, "choose", args):
                values = [self.value(argument) for argument in args]
                return values[0] if values[2] & 1 else values[1]
            case ir.Call(_, "mix", args):
                values = [self.value(argument) for argument in args]
                return wrap(values[0].value * 3 + values[1] + values[2].value, 32)
            case ir.Call(_, "risky", args):
                values = [self.value(argument) for argument in args]
                if values[0] & 1:
                    raise _Thrown(values[1])
                return wrap(values[0] + 5, 32)
            case ir.Op(kind, name, args):
                return self.operation(kind, name, [self.value(argument) for argument in args])
        raise AssertionError(node)

    def operation(self, kind: ir.ValType | None, name: str, args: list[int]) -> int:
        operand, _, action = name.partition(".")
        bits = 64 if kind is I64 else 32
        match action:
            case "add":
                return wrap(args[0] + args[1], bits)
            case "sub":
                return wrap(args[0] - args[1], bits)
            case "mul":
                return wrap(args[0] * args[1], bits)
            case "and":
                return args[0] & args[1]
            case "xor":
                return args[0] ^ args[1]
            case "eqz":
                return int(args[0] == 0)
            case "eq":
                return int(args[0] == args[1])
            case "ne":
                return int(args[0] != args[1])
            case "lt_s":
                return int(args[0] < args[1])
            case "ge_u":
                mask = (1 << (64 if operand == "i64" else 32)) - 1
                return int(args[0] & mask >= args[1] & mask)
            case "wrap_i64":
                return wrap(args[0], 32)
            case "extend_i32_s":
                return args[0]
            case "extend_i32_u":
                return args[0] & 0xFFFFFFFF
        raise AssertionError(name)


class Generator:
    """A random function of no parameters that returns an i32."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.numbers = [local(f"n{index}", I32) for index in range(4)]
        self.longs = [local(f"l{index}", I64) for index in range(3)]
        self.references = [local(f"r{index}", REF) for index in range(4)]
        self.labels: list[str] = []
        self.fresh = 0
        self.budget = 120

    def function(self) -> ir.Function:
        body: list[ir.Stmt] = [
            ir.Set(reference, call(REF, "make", const(index))) for index, reference in enumerate(self.references)
        ]
        for _ in range(self.random.randint(3, 8)):
            body.append(self.statement(3))
        total = self.number(2)
        for reference in self.references:
            total = op(I32, "i32.add", op(I32, "i32.mul", total, const(31)), self.field(get(reference)))
        for number in self.numbers:
            total = op(I32, "i32.xor", op(I32, "i32.mul", total, const(17)), get(number))
        for long in self.longs:
            total = op(I32, "i32.add", total, op(I32, "i32.wrap_i64", get(long)))
        body.append(ir.Return(total))
        return function("f", [], I32, *body)

    def field(self, node: ir.Expr) -> ir.Expr:
        return ir.Load(I32, "i32.load", node, 4)

    def label(self) -> str:
        self.fresh += 1
        return f"label{self.fresh}"

    def statements(self, depth: int) -> list[ir.Stmt]:
        return [self.statement(depth) for _ in range(self.random.randint(1, 3))]

    def statement(self, depth: int) -> ir.Stmt:
        self.budget -= 1
        choice = self.random.randint(0, 13 if depth > 0 and self.budget > 0 else 6)
        match choice:
            case 0 | 1:
                return ir.Set(self.random.choice(self.numbers), self.number(2))
            case 2:
                return ir.Set(self.random.choice(self.longs), self.long(2))
            case 3 | 4:
                return ir.Set(self.random.choice(self.references), self.reference(2))
            case 5:
                return ir.Store("i32.store", self.reference(1), self.number(2), 4)
            case 6:
                return ir.Do(call(I32, "risky", op(I32, "i32.and", self.number(1), const(2)), self.reference(1)))
            case 7 | 8:
                orelse = self.statements(depth - 1) if self.random.random() < 0.5 else []
                return ir.If(self.number(2), self.statements(depth - 1), orelse)
            case 9:
                label = self.label()
                self.labels.append(label)
                body = self.statements(depth - 1)
                body.append(ir.If(self.number(1), [ir.Break(self.random.choice(self.labels))], []))
                body += self.statements(depth - 1)
                self.labels.pop()
                return ir.Block(label, body)
            case 10:
                return self.loop(depth)
            case 11:
                outer, inner = self.label(), self.label()
                body = [
                    ir.Block(inner, [ir.Switch(op(I32, "i32.and", self.number(1), const(3)), [inner, outer], inner)]),
                    *self.statements(depth - 1),
                ]
                return ir.Block(outer, body)
            case 12:
                caught = self.random.choice(self.references)
                body = self.statements(depth - 1)
                if self.random.random() < 0.5:
                    body.append(ir.If(self.number(1), [ir.Throw(self.reference(1))], []))
                body.append(ir.Do(call(I32, "risky", self.number(1), self.reference(1))))
                return ir.Try(body, caught, self.statements(depth - 1))
            case _:
                variable = self.random.choice(self.references)
                return ir.If(self.number(1), [ir.Set(variable, get(self.random.choice(self.references)))], [])

    def loop(self, depth: int) -> ir.Stmt:
        outer, head = self.label(), self.label()
        counter = local("counter", I32)
        self.labels.append(outer)
        body = [
            ir.If(op(I32, "i32.ge_u", get(counter), const(3)), [ir.Break(outer)], []),
            ir.Set(counter, op(I32, "i32.add", get(counter), const(1))),
            *self.statements(depth - 1),
        ]
        if self.random.random() < 0.5:
            body.append(ir.If(self.number(1), [ir.Continue(head)], []))
            body += self.statements(depth - 1)
        if self.random.random() < 0.9:
            body.append(ir.Continue(head))
        self.labels.pop()
        return ir.Block(outer, [ir.Set(counter, const(0)), ir.Loop(head, body)])

    def number(self, depth: int) -> ir.Expr:
        choice = self.random.randint(0, 13 if depth > 0 else 2)
        match choice:
            case 0:
                return const(self.random.choice([0, 1, 2, 7, -1, 1000, -70000]))
            case 1 | 2:
                return get(self.random.choice(self.numbers))
            case 3 | 4:
                name = self.random.choice(["i32.add", "i32.sub", "i32.mul", "i32.and", "i32.xor"])
                return op(I32, name, self.number(depth - 1), self.number(depth - 1))
            case 5:
                name = self.random.choice(["i32.eq", "i32.ne", "i32.lt_s", "i32.ge_u"])
                return op(I32, name, self.number(depth - 1), self.number(depth - 1))
            case 6:
                return op(I32, "i32.eqz", self.number(depth - 1))
            case 7:
                return ir.IfElse(I32, self.number(depth - 1), self.number(depth - 1), self.number(depth - 1))
            case 8:
                return self.field(self.reference(depth - 1))
            case 9:
                return op(I32, "i32.wrap_i64", self.long(depth - 1))
            case 10:
                args = (self.reference(depth - 1), self.number(depth - 1), self.reference(depth - 1))
                return call(I32, "mix", *args)
            case 11:
                variable = self.random.choice(self.numbers)
                return ir.Sequence(I32, [ir.Set(variable, self.number(depth - 1))], self.number(depth - 1))
            case _:
                return self.inlined(depth)

    def inlined(self, depth: int) -> ir.Expr:
        """What inlining makes: arguments in locals read once, returns as breaks that set the result."""
        first, second, kept = local("first", I32), local("second", I32), local("kept", REF)
        end, result = self.label(), local("result", I32)
        reads = [op(I32, self.random.choice(["i32.sub", "i32.mul"]), get(first), get(second)), self.field(get(kept))]
        self.random.shuffle(reads)
        body: list[ir.Stmt] = [
            ir.Set(first, self.number(depth - 1)),
            ir.Set(second, self.number(depth - 1)),
            ir.Set(kept, self.reference(depth - 1)),
        ]
        self.random.shuffle(body)
        value = op(I32, "i32.add", *reads)
        if self.random.random() < 0.5:
            return ir.Sequence(I32, body, value)
        then: list[ir.Stmt] = [ir.Set(result, self.number(depth - 1)), ir.Break(end)]
        body.append(ir.If(self.number(depth - 1), then, []))
        if self.random.random() < 0.5:
            body.append(ir.Do(call(I32, "mix", self.reference(0), self.number(0), self.reference(0))))
        body += [ir.Set(result, value), ir.Break(end)]
        return ir.Sequence(I32, [ir.Block(end, body)], get(result))

    def long(self, depth: int) -> ir.Expr:
        choice = self.random.randint(0, 5 if depth > 0 else 1)
        match choice:
            case 0:
                return const(self.random.choice([0, 1, -1, 2**40, -(2**63)]), I64)
            case 1:
                return get(self.random.choice(self.longs))
            case 2:
                name = self.random.choice(["i64.add", "i64.sub", "i64.mul"])
                return op(I64, name, self.long(depth - 1), self.long(depth - 1))
            case 3:
                return op(I64, self.random.choice(["i64.extend_i32_s", "i64.extend_i32_u"]), self.number(depth - 1))
            case 4:
                return ir.IfElse(I64, self.number(depth - 1), self.long(depth - 1), self.long(depth - 1))
            case _:
                return op(I64, "i64.extend_i32_u", op(I32, "i64.eq", self.long(depth - 1), self.long(depth - 1)))

    def reference(self, depth: int) -> ir.Expr:
        choice = self.random.randint(0, 6 if depth > 0 else 2)
        match choice:
            case 0 | 1:
                return get(self.random.choice(self.references))
            case 2 | 3:
                return call(REF, "make", self.number(depth - 1))
            case 4:
                return ir.IfElse(REF, self.number(depth - 1), self.reference(depth - 1), self.reference(depth - 1))
            case 5:
                args = (self.reference(depth - 1), self.reference(depth - 1), self.number(depth - 1))
                return call(REF, "choose", *args)
            case _:
                variable = self.random.choice(self.references)
                return ir.Sequence(REF, [ir.Set(variable, self.reference(depth - 1))], self.reference(depth - 1))


def helpers() -> list[ir.Function]:
    """`make` allocates; `choose` and `mix` allocate and throw away; `risky` throws its reference if `n` is odd."""
    n, made, a, b, error = local("n", I32), local("made", REF), local("a", REF), local("b", REF), local("error", REF)

    def field(node: ir.Expr) -> ir.Expr:
        return ir.Load(I32, "i32.load", node, 4)

    total = op(I32, "i32.add", op(I32, "i32.mul", field(get(a)), const(3)), get(n))
    return [
        function(
            "make",
            [n],
            REF,
            ir.Set(made, ir.New(REF, "T")),
            ir.Store("i32.store", get(made), get(n), 4),
            ir.Return(get(made)),
        ),
        function(
            "choose",
            [a, b, n],
            REF,
            ir.Do(ir.New(REF, "T")),
            ir.Return(ir.IfElse(REF, op(I32, "i32.and", get(n), const(1)), get(a), get(b))),
        ),
        function(
            "mix",
            [a, n, b],
            I32,
            ir.Do(ir.New(REF, "T")),
            ir.Return(op(I32, "i32.add", total, field(get(b)))),
        ),
        function(
            "risky",
            [n, a],
            I32,
            ir.If(op(I32, "i32.and", get(n), const(1)), [ir.Throw(get(a))], []),
            ir.Do(ir.New(REF, "T")),
            ir.Return(op(I32, "i32.add", get(n), const(5))),
        ),
        function(
            "main",
            [],
            I32,
            ir.Try(
                [ir.Return(call(I32, "f"))],
                error,
                [ir.Return(op(I32, "i32.xor", field(get(error)), const(0x5555)))],
            ),
            ir.Trap(),
        ),
        function("pointer", [], I32, ir.Return(ir.LinkValue(I32, "stack_pointer"))),
    ]


@pytest.mark.parametrize("optimize", [0, 2])
@pytest.mark.parametrize("batch", range(4))
def test_random_programs(batch: int, optimize: int) -> None:
    for seed in range(40 * batch, 40 * batch + 40):
        program = Generator(seed).function()
        expected = Interpreter().run(program.body)
        run = instance(program, *helpers(), collect=True, optimize=optimize, heap_types=TYPES)
        before = run("pointer")
        assert run("main") == expected, f"seed {seed}"
        assert run("pointer") == before, f"seed {seed}"
