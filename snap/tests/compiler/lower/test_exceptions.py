"""Control flow through `try`, loops and functions: random programs do what CPython does, also as generators."""

from __future__ import annotations

import random
from typing import Any

import pytest

from pielang.compiler.ir import nodes as ir
from pielang.compiler.ir.dump import dump
from pielang.compiler.lower import lower
from pielang.compiler.sema import typed as t
from pielang.compiler.sema.types import NONE

from .interpreter import Interpreter, Object, Thrown
from .programs import BOOL, INT, SPAN, Program, call, class_type, const, get, prim

Both = tuple[list[str], list[t.TStmt]]  # a piece of program as Python and as a typed tree


class Programs:
    """Random statements. Loops count to 2; what is logged, raised and returned are fresh numbers."""

    def __init__(self, seed: int, generator: bool) -> None:
        self.random = random.Random(seed)
        self.generator = generator
        self.program = Program()
        self.kinds = {name: self.program.layout(class_type(name), self.program.error, []) for name in ("A", "B")}
        self.log = self.program.external("log", (INT,), NONE)
        self.flip = self.program.external("flip", (), BOOL)
        self.count = 0

    def fresh(self) -> int:
        self.count += 1
        return self.count

    def body(self, depth: int, loop: bool, handler: bool) -> Both:
        lines: list[str] = []
        nodes: list[t.TStmt] = []
        for _ in range(self.random.randint(1, 3)):
            more_lines, more_nodes = self.statement(depth, loop, handler)
            lines += more_lines
            nodes += more_nodes
        return lines, nodes

    def inner(self, depth: int, loop: bool, handler: bool) -> Both:
        lines, nodes = self.body(depth + 1, loop, handler)
        return ["    " + line for line in lines], nodes

    def statement(self, depth: int, loop: bool, handler: bool) -> Both:
        number = self.fresh()
        logged: t.TStmt = t.Do(SPAN, call(self.log, const(number)))
        match self.random.randint(0, 11 if depth < 4 else 5):
            case 0 | 1:
                if self.generator:
                    return [f"yield {number}"], [t.Do(SPAN, t.Yield(NONE, SPAN, const(number)))]
                return [f"log({number})"], [logged]
            case 2:
                kind = self.random.choice(["A", "B"])
                return self.guarded([f"raise {kind}({number})"], [t.TRaise(SPAN, self.make(kind, number))])
            case 3:
                if handler and self.random.random() < 0.4:
                    return self.guarded(["raise"], [t.TRaise(SPAN, None)])
                if loop and self.random.random() < 0.7:
                    if self.random.random() < 0.5:
                        return self.guarded(["break"], [t.TBreak(SPAN)])
                    return self.guarded(["continue"], [t.TContinue(SPAN)])
                if self.generator:
                    return self.guarded(["return"], [t.TReturn(SPAN, None)])
                return self.guarded([f"return {number}"], [t.TReturn(SPAN, const(number))])
            case 4 | 5:
                return [f"log({number})"], [logged]
            case 6 | 7:
                return self.loop(depth, handler)
            case _:
                return self.try_(depth, loop, handler)

    def guarded(self, lines: list[str], nodes: list[t.TStmt]) -> Both:
        return ["if flip():", *("    " + line for line in lines)], [t.TIf(SPAN, call(self.flip), nodes, [])]

    def make(self, kind: str, number: int) -> t.TExpr:
        layout = self.kinds[kind]
        new = t.Var("new", layout.type)
        base = self.program.error
        body: list[t.TStmt] = [
            t.SetVar(SPAN, new, t.Construct(layout.type, SPAN, layout)),
            t.SetField(SPAN, get(new), base, base.fields[0], const(number)),
        ]
        return t.TBlock(layout.type, SPAN, body, get(new))

    def loop(self, depth: int, handler: bool) -> Both:
        count = t.Var("count", INT)
        lines, nodes = self.inner(depth, True, handler)
        name = f"i{self.fresh()}"
        else_lines, else_nodes = self.inner(depth, False, handler) if self.random.random() < 0.4 else ([], [])
        test = prim("int_lt", BOOL, get(count), const(2))
        step: list[t.TStmt] = [t.SetVar(SPAN, count, prim("wrap_add", INT, get(count), const(1)))]
        return (
            [f"for {name} in range(2):", *lines, *(["else:", *else_lines] if else_lines else [])],
            [t.SetVar(SPAN, count, const(0)), t.TLoop(SPAN, test, nodes, step, else_nodes)],
        )

    def try_(self, depth: int, loop: bool, handler: bool) -> Both:
        lines, nodes = self.inner(depth, loop, handler)
        lines.insert(0, "try:")
        clauses: list[t.THandler] = []
        for kinds in self.random.choice([[], ["A"], ["B"], ["A", "B"], ["B", ""], ["AB"], [""]]):
            head = {"AB": "except (A, B) as e:", "": "except BaseException as e:"}.get(kinds, f"except {kinds} as e:")
            inner_lines, inner_nodes = self.inner(depth, loop, True)
            caught = t.Var("e", self.program.error.type)
            number = t.GetField(INT, SPAN, get(caught), self.program.error, self.program.error.fields[0])
            inner_nodes = [t.Do(SPAN, call(self.log, number)), *inner_nodes]
            lines += [head, "    log(e.args[0])", *inner_lines]
            types = tuple(self.kinds[kind].type for kind in kinds)
            clauses.append(t.THandler(SPAN, types, caught, inner_nodes))
        else_nodes: list[t.TStmt] = []
        if clauses and self.random.random() < 0.4:
            else_lines, else_nodes = self.inner(depth, loop, handler)
            lines += ["else:", *else_lines]
        final: list[t.TStmt] = []
        if not clauses or self.random.random() < 0.4:
            final_lines, final = self.inner(depth, loop, False)
            lines += ["finally:", *final_lines]
        return lines, [t.TTry(SPAN, nodes, clauses, else_nodes, final)]

    def build(self) -> tuple[str, ir.Module]:
        lines, nodes = self.inner(0, False, False)
        if self.generator:
            lines.append("    yield 0")
            nodes.append(t.Do(SPAN, t.Yield(NONE, SPAN, const(0))))
            result = class_type("Generator", args=(INT,))
            self.program.layout(result, self.program.frame, [t.FieldInfo("value", INT)])
            function = self.program.function("f", [], result, nodes, "generator")
        else:
            lines.append("    return 0")
            nodes.append(t.TReturn(SPAN, const(0)))
            function = self.program.function("f", [], INT, nodes)
        self.program.tree.entry_points["start"] = function.instance
        module = lower(self.program.tree)
        return "\n".join(["def f():", *lines]), module


class Flips:
    """The same coin for both runs; it comes down less often as time goes on, so that all runs end."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.count = 0

    def __call__(self) -> bool:
        self.count += 1
        return self.random.random() < 0.3


def chain(error: BaseException) -> list[Any]:
    """An exception and its contexts."""
    result: list[Any] = []
    current: BaseException | None = error
    while current is not None:
        result.append((type(current).__name__, current.args[0]))
        current = current.__context__
    return result


def in_python(text: str, seed: int, generator: bool) -> list[Any]:
    seen: list[Any] = []
    kinds = {name: type(name, (Exception,), {}) for name in ("A", "B")}
    scope: dict[str, Any] = {"log": seen.append, "flip": Flips(seed), **kinds}
    exec(text, scope)
    try:
        if generator:
            seen.extend(("yielded", value) for value in scope["f"]())
        else:
            seen.append(("returned", scope["f"]()))
    except tuple(kinds.values()) as error:
        seen.append(chain(error))
    return seen


CONTEXT = -1  # where the interpreter's exceptions keep their context


def remember(error: Object, handled: Object) -> None:
    """rt_context, as docs/internals.md has it."""
    last = error
    while last is not handled and last.fields.get(CONTEXT):
        last = last.fields[CONTEXT]
    if last is not handled:
        last.fields[CONTEXT] = handled


def in_ir(module: ir.Module, seed: int, generator: bool) -> list[Any]:
    seen: list[Any] = []
    flips = Flips(seed)
    externals = {"log": seen.append, "flip": lambda: int(flips()), "rt_context": remember}
    interpreter = Interpreter(module, externals)
    try:
        if generator:
            frame = interpreter.call("f")
            while interpreter.call("f$resume", frame) == 2:
                seen.append(("yielded", frame.fields[24]))
        else:
            seen.append(("returned", interpreter.call("f")))
    except Thrown as error:
        current, contexts = error.value, []
        while current:
            contexts.append((current.heap_type, current.fields[8]))
            current = current.fields.get(CONTEXT)
        seen.append(contexts)
    return seen


@pytest.mark.parametrize("generator", [False, True])
@pytest.mark.parametrize("block", range(10))
def test_control_flow_is_pythons(block: int, generator: bool) -> None:
    for seed in range(block * 40, block * 40 + 40):
        text, module = Programs(seed, generator).build()
        for coin in range(4):
            expected, found = in_python(text, coin, generator), in_ir(module, coin, generator)
            assert expected == found, f"seed {seed}, coin {coin}\n{text}\n\n{dump(module)}"
