"""Runs IR in Python, for tests: what the IR means, written down a second time and as plainly as possible.

References are `Object`s with a dictionary of fields by offset (0 is null); functions that the module does not hold are
Python callables. A coroutine before it is split runs as a Python generator that yields the status of each suspension.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from pielang.compiler.ir import nodes as ir


@dataclass(eq=False)
class Object:
    heap_type: str
    fields: dict[int, Any] = field(default_factory=dict)


class Thrown(Exception):
    def __init__(self, value: Any) -> None:
        super().__init__(value)
        self.value = value


class Trapped(Exception):
    pass


class OutOfSteps(Exception):
    pass


@dataclass(frozen=True)
class Jump:
    kind: str  # "break", "continue" or "return"
    label: str = ""
    value: Any = None


Steps = Generator[int, None, Any]


def wrap(value: int, bits: int) -> int:
    value &= (1 << bits) - 1
    return value - (1 << bits) if value >> (bits - 1) else value


class Interpreter:
    def __init__(self, module: ir.Module, externals: dict[str, Callable[..., Any]], steps: int = 100_000) -> None:
        self.module = module
        self.externals = externals
        self.globals: dict[str, Any] = {}
        self.steps = steps
        self.literals: dict[str | bytes, Object] = {}

    def call(self, symbol: str, *args: Any) -> Any:
        """Call a function that does not suspend."""
        steps = self.start(symbol, *args)
        try:
            next(steps)
        except StopIteration as end:
            return end.value
        raise AssertionError(f"{symbol} suspended")

    def start(self, symbol: str, *args: Any) -> Steps:
        if symbol in self.externals:
            return self.externals[symbol](*args)
        if symbol in self.module.dispatches:
            dispatch = self.module.dispatches[symbol]
            symbol = dict(dispatch.targets)[args[0].heap_type]
        function = self.module.functions[symbol]
        values: dict[ir.Local, Any] = dict(zip(function.params, args, strict=True))
        signal = yield from self.body(function.body, values)
        return signal.value if signal else None

    def below(self, heap_type: str | None, wanted: str) -> bool:
        while heap_type is not None:
            if heap_type == wanted:
                return True
            heap_type = self.module.heap_types[heap_type].parent
        return False

    def body(self, nodes: list[ir.Stmt], values: dict[ir.Local, Any]) -> Steps:
        for node in nodes:
            signal = yield from self.statement(node, values)
            if signal is not None:
                return signal
        return None

    def statement(self, node: ir.Stmt, values: dict[ir.Local, Any]) -> Steps:
        self.steps -= 1
        if self.steps < 0:
            raise OutOfSteps
        match node:
            case ir.Line():
                pass
            case ir.Set():
                values[node.local] = yield from self.expr(node.value, values)
            case ir.GlobalSet():
                self.globals[node.symbol] = yield from self.expr(node.value, values)
            case ir.Store():
                address = yield from self.expr(node.address, values)
                address.fields[node.offset] = yield from self.expr(node.value, values)
            case ir.Do():
                yield from self.expr(node.value, values)
            case ir.If():
                test = yield from self.expr(node.test, values)
                return (yield from self.body(node.then if test else node.orelse, values))
            case ir.Block():
                signal = yield from self.body(node.body, values)
                return None if signal and signal.label == node.label else signal
            case ir.Loop():
                while True:
                    signal = yield from self.body(node.body, values)
                    if signal is None or (signal.kind == "break" and signal.label == node.label):
                        return None
                    if signal.label != node.label:
                        return signal
                    self.steps -= 1
            case ir.Break():
                return Jump("break", node.label)
            case ir.Continue():
                return Jump("continue", node.label)
            case ir.Switch():
                index = (yield from self.expr(node.index, values)) & 0xFFFFFFFF
                return Jump("break", node.labels[index] if index < len(node.labels) else node.default)
            case ir.Return():
                value = (yield from self.expr(node.value, values)) if node.value else None
                return Jump("return", value=value)
            case ir.Throw():
                raise Thrown((yield from self.expr(node.value, values)))
            case ir.Try():
                try:
                    return (yield from self.body(node.body, values))
                except Thrown as error:
                    values[node.caught] = error.value
                return (yield from self.body(node.handler, values))
            case ir.Suspend():
                if node.unless is None or not (yield from self.expr(node.unless, values)):
                    yield node.status
            case ir.Trap():
                raise Trapped
            case _:
                raise AssertionError(node)
        return None

    def expr(self, node: ir.Expr, values: dict[ir.Local, Any]) -> Steps:
        match node:
            case ir.Const():
                return node.value
            case ir.Get():
                return values.get(node.local, 0)
            case ir.GlobalGet():
                return self.globals.get(node.symbol, 0)
            case ir.Load():
                address = yield from self.expr(node.address, values)
                return address.fields.get(node.offset, 0) if address else 0
            case ir.Op():
                args = []
                for argument in node.args:
                    args.append((yield from self.expr(argument, values)))
                return operation(node.op, args)
            case ir.Call():
                args = []
                for argument in node.args:
                    args.append((yield from self.expr(argument, values)))
                return (yield from self.invoke(node.symbol, args))
            case ir.CallIndirect():
                args = []
                for argument in node.args:
                    args.append((yield from self.expr(argument, values)))
                index = yield from self.expr(node.index, values)
                return (yield from self.invoke(index, args))
            case ir.Literal():
                return self.literals.setdefault(node.value, Object("literal", {0: node.value}))
            case ir.FunctionIndex():
                return node.symbol
            case ir.TypeId():
                return node.heap_type
            case ir.IsSubtype():
                value = yield from self.expr(node.value, values)
                return int(bool(value) and self.below(value.heap_type, node.heap_type))
            case ir.New():
                return Object(node.heap_type)
            case ir.IfElse():
                test = yield from self.expr(node.test, values)
                return (yield from self.expr(node.then if test else node.orelse, values))
            case ir.Sequence():
                signal = yield from self.body(node.body, values)
                assert signal is None, "no jump out of an expression in tests"
                return (yield from self.expr(node.value, values)) if node.value else None
            case ir.SelfFrame():
                return values.setdefault(FRAME, Object("frame"))
            case _:
                raise AssertionError(node)

    def invoke(self, symbol: str, args: list[Any]) -> Steps:
        if symbol in self.externals:
            return self.externals[symbol](*args)
        return (yield from self.start(symbol, *args))


FRAME = ir.Local("self frame", ir.REF)


def operation(name: str, args: list[Any]) -> Any:
    """The instructions that the tests meet."""
    if name in ("as_ref", "as_i32"):
        return args[0]
    kind, _, what = name.partition(".")
    bits = 64 if kind == "i64" else 32
    if any(isinstance(argument, Object) for argument in args):
        if what == "eqz":
            return 0
        return int({"eq": args[0] is args[1], "ne": args[0] is not args[1]}[what])
    unsigned = [argument & ((1 << bits) - 1) for argument in args if isinstance(argument, int)]
    match what:
        case "add" | "sub" | "mul" | "and" | "or" | "xor":
            left, right = args
            exact = {
                "add": lambda: left + right,
                "sub": lambda: left - right,
                "mul": lambda: left * right,
                "and": lambda: left & right,
                "or": lambda: left | right,
                "xor": lambda: left ^ right,
            }[what]()
            return exact if kind == "f64" else wrap(exact, bits)
        case "eqz":
            return int(args[0] == 0)
        case "eq" | "ne" | "lt_s" | "le_s" | "gt_s" | "ge_s" | "lt" | "le" | "gt" | "ge":
            left, right = args
            return int(
                {"eq": left == right, "ne": left != right, "lt": left < right, "le": left <= right, "gt": left > right}[
                    what[:2]
                ]
                if what[:2] != "ge"
                else left >= right
            )
        case "lt_u" | "le_u" | "gt_u" | "ge_u":
            left, right = unsigned
            return int({"lt_u": left < right, "le_u": left <= right, "gt_u": left > right, "ge_u": left >= right}[what])
        case "shl":
            return wrap(args[0] << (args[1] % bits), bits)
        case "extend_i32_u":
            return args[0] & 0xFFFFFFFF
        case "extend_i32_s":
            return args[0]
        case "wrap_i64":
            return wrap(args[0], 32)
        case "convert_i64_s":
            return float(args[0])
        case "unreachable" | "":
            raise Trapped
        case _:
            raise AssertionError(name)
