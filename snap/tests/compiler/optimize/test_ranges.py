"""Range facts: what they drop, and that they never change what a program does.

Random functions of ints and lists, full of numbers at the ends of 64 bits, do the same with and without optimisation.
`PIELANG_RANGES=N` runs N programs of them.
"""

from __future__ import annotations

import os
import random

import pytest

from pielang.compiler.driver import build
from pielang.compiler.ir import nodes as ir
from pielang.compiler.ir.parts import everything
from pielang.compiler.library import Library
from pielang.compiler.lower import lower
from pielang.compiler.sema import check
from pielang.compiler.syntax.source import Source
from pielang.compiler.wasm.module import reach
from tests.lang.harness import run_wasm

PROGRAMS = int(os.environ.get("PIELANG_RANGES", "3"))
FUNCTIONS = 8  # of one program
MOST, LEAST = "9223372036854775807", "(-9223372036854775807 - 1)"
NUMBERS = ["0", "1", "2", "3", "5", "7", "-1", "-2", "-3", "255", "4294967295", "4294967296", MOST, LEAST]


def optimised(text: str, name: str) -> list[ir.Expr | ir.Stmt]:
    """All nodes of a function behind the passes."""
    module = lower(check(Source("program.pie", text), Library()).program)
    reach(module)
    return list(everything(module.functions[f"__main__.{name}"].body))


def checks(text: str, name: str = "f") -> tuple[int, int]:
    """How many tests for overflow, and how many places that raise something else, are left in a function."""
    calls = [node.symbol for node in optimised(text, name) if isinstance(node, ir.Call)]
    overflows = sum(symbol.endswith((".rt_overflow", "checked_mul")) for symbol in calls)
    return overflows, sum("$raise" in symbol for symbol in calls)


@pytest.mark.parametrize(
    ("body", "overflows", "raises"),
    [
        ("for i in range(len(xs)):\n  xs[i] = i + 1", 0, 0),
        ("for i in range(len(xs) - 1):\n  xs[i] = xs[i + 1] & 255", 0, 0),
        ("for i in range(1, len(xs)):\n  xs[i] = xs[i - 1] % 10 * 3", 0, 0),
        ("i = 0\n while i < n:\n  i += 1", 0, 0),
        ("if 0 <= n < len(xs):\n  xs[n] = 1", 0, 0),
        ("for i in range(n):\n  xs[i] = 2 * i // 3", 1, 1),
        ("x = 1\n for i in range(n):\n  x = (x * 1103515245 + 12345) % 2147483648", 0, 0),
        ("for i in range(len(xs)):\n  xs.append(xs[i])\n  xs[i] = 1", 0, 2),
        ("for i in range(len(xs)):\n  xs.pop()\n  xs[i] = 1", 0, 2),
        ("m = n\n for i in range(m):\n  xs[i] = 1", 0, 1),
        ("xs[n] = n + 1", 1, 1),
    ],
)
def test_what_is_left(body: str, overflows: int, raises: int) -> None:
    assert checks(f"def f(xs: list[int], n: int) -> None:\n {body}\nf([1, 2, 3], 2)\n") == (overflows, raises)


class Generator:
    """Makes one function from a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.names = ["a", "b"]
        self.loops = 0

    def function(self, name: str) -> str:
        lines = [f"def {name}(a: int, b: int, xs: list[int]) -> int:", " c = 0", " ys = xs", " fuel = 0"]
        self.names = ["a", "b", "c"]
        for _ in range(self.random.randint(3, 6)):
            lines += self.statement(1, 3)
        return "\n".join([*lines, " return a ^ b ^ c"])

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def number(self, depth: int = 2) -> str:
        if depth == 0 or self.random.random() < 0.3:
            return self.pick(*self.names, *self.names, self.random.choice(NUMBERS), "len(xs)", "len(ys)")
        left, right = self.number(depth - 1), self.number(depth - 1)
        small = self.pick("1", "2", "3", "8", "10", "1000003")
        items = self.pick("xs", "ys")
        return self.pick(
            *[f"({left} + {right})", f"({left} - {right})"] * 2,
            *[f"({left} + {small})", f"({left} - {small})"] * 2,
            f"({left} * {right})",
            f"({left} * {small})",
            f"({left} // {small})",
            f"({left} % {small})",
            f"({left} % {right})",
            f"({left} & {self.pick('255', '1023', '-8', right)})",
            f"({left} | {right})",
            f"({left} ^ {right})",
            f"({left} >> {self.pick('1', '3', '40', '63')})",
            f"{items}[{left}]",
            f"{items}[{self.pick(*self.names)}]",
            f"min({left}, {right})",
            f"abs({left})",
            f"({left} if {self.test(0)} else {right})",
        )

    def test(self, depth: int = 1) -> str:
        relation = self.pick("<", "<=", ">", ">=", "==", "!=")
        name, other = self.pick(*self.names), self.number(depth)
        return self.pick(
            *[f"{name} {relation} {other}"] * 3,
            f"{name} {relation} len({self.pick('xs', 'ys')})",
            f"0 <= {name} < {self.pick('len(xs)', other)}",
            f"{name} >= 0 and {name} {relation} {other}",
            f"{name} < 0 or {name} {relation} {other}",
            f"not {name} {relation} {other}",
            "xs",
        )

    def statement(self, indent: int, depth: int) -> list[str]:
        pad, name = " " * indent, self.random.choice(self.names)
        if depth == 0 or self.random.random() < 0.45:
            items = self.pick("xs", "ys")
            simple = self.pick(
                *[f"{self.pick('a', 'b', 'c')} = {self.number()}"] * 3,
                f"{self.pick('a', 'b', 'c')} {self.pick('+=', '-=', '*=')} {self.number(1)}",
                *[f"{items}[{self.pick(name, self.number(1))}] = {self.number(1)}"] * 2,
                f"{items}.append({name})",
                f"{items}.pop()",
                f"{items}[{name}] += {self.pick('1', name)}",
                f"ys = {self.pick('xs', 'xs[1:]', '[a, b]')}",
                *(["break", "continue"] if self.loops else []),
            )
            return [pad + simple]
        match self.random.randint(0, 6):
            case 0 | 1:
                lines = [f"{pad}if {self.test()}:", *self.body(indent, depth)]
                return lines + ([f"{pad}else:", *self.body(indent, depth)] if self.random.random() < 0.5 else [])
            case 2:
                caught = self.pick("IndexError", "OverflowError", "Exception")
                return [f"{pad}try:", *self.body(indent, depth), f"{pad}except {caught}:", *self.body(indent, depth)]
            case 3:
                return self.loop(indent, depth, f"while {self.test()}:", None)
            case _:
                index = f"i{indent}"
                least, most = self.pick("0", "1", name, self.number(1)), self.pick("len(xs)", "len(ys)", self.number(1))
                span = self.pick(
                    *[f"len({self.pick('xs', 'ys')})", f"len(xs) - {self.pick('1', '2', name)}"] * 2,
                    f"{least}, {most}",
                    f"{least}, {most}, {self.pick('2', '3', '9223372036854775807', '-1', '-2')}",
                    "len(xs) - 1, -1, -1",
                )
                return self.loop(indent, depth, f"for {index} in range({span}):", index)

    def loop(self, indent: int, depth: int, head: str, index: str | None) -> list[str]:
        pad = " " * (indent + 1)
        known = list(self.names)
        self.names += [index] if index else []
        self.loops += 1
        body = self.body(indent, depth)
        self.loops -= 1
        self.names = known
        return [" " * indent + head, f"{pad}fuel += 1", f"{pad}if fuel > 40:", f"{pad} break", *body]

    def body(self, indent: int, depth: int) -> list[str]:
        known, lines = list(self.names), list[str]()
        for _ in range(self.random.randint(1, 3)):
            lines += self.statement(indent + 1, depth - 1)
        self.names = known
        return lines


def program(seed: int) -> str:
    generator = Generator(seed)
    lines = [generator.function(f"f{number}") for number in range(FUNCTIONS)]
    lines += ["def show(f: Callable[[int, int, list[int]], int], a: int, b: int, xs: list[int]) -> None:", " try:"]
    lines += ["  print(f(a, b, xs), xs)", " except Exception as error:", "  print(type(error).__name__, xs)"]
    lines += [f"for a in [0, 1, 2, 3, -1, {MOST}, {LEAST}]:", f" for b in [0, 2, -2, {MOST}, {LEAST}]:"]
    lines += [f"  show(f{number}, a, b, {items})" for number in range(FUNCTIONS) for items in ("[]", "[4, 5, 6, 7]")]
    return "\n".join(["from typing import Callable", *lines]) + "\n"


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_functions_do_the_same_as_unoptimised_ones(seed: int) -> None:
    source = Source("program.pie", program(seed))
    plain, fast = (run_wasm(build(source, Library(), optimize=level).wasm) for level in (0, 2))
    assert plain == fast
    assert plain.output.count("\n") == 7 * 5 * 2 * FUNCTIONS
