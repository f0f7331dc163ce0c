"""Objects that never leave their function: which ones become locals, and that this changes nothing else.

Random functions over a few objects and tuples do the same with and without optimisation. `PIELANG_SCALARS=N` runs N
programs of them.
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

PROGRAMS = int(os.environ.get("PIELANG_SCALARS", "2"))
FUNCTIONS = 12
POINT = """class P:
    def __init__(self, x: float, y: float) -> None:
        self.x = x
        self.y = y

    def moved(self, by: float) -> "P":
        return P(self.x + by, self.y)

"""


@pytest.mark.parametrize(
    ("body", "made"),
    [
        ("a = P(x, 1.0)\n for i in range(n):\n  a = a.moved(x).moved(2.0)\n return a.x", 0),
        ("a = P(x, 1.0)\n b = a\n return b.y", 0),
        ("a = P(x, 1.0)\n b = a\n a.x = 5.0\n return b.x", 1),
        ("a = P(x, 1.0)\n a.x = 5.0\n return a.x", 0),
        ("t = (x, n)\n for i in range(n):\n  t = (t[0] + t[1], i)\n return t[0]", 0),
        ("total = 0.0\n for k, v in {1: x, n: 2.0}.items():\n  total += v * k\n return total", 1),
        ("ps = [P(x, 1.0)]\n return ps[0].x", 1),
        ("a: P | None = P(x, 1.0)\n if n > 5:\n  a = None\n return 0.0 if a is None else a.x", 1),
    ],
)
def test_what_is_made(body: str, made: int) -> None:
    text = f"{POINT}def f(x: float, n: int) -> float:\n {body}\nprint([f(0.5 * k, k) for k in range(9)])\n"
    source = Source("program.pie", text)
    module = lower(check(source, Library()).program)
    reach(module)
    nodes = everything(module.functions["__main__.f"].body)
    assert sum(isinstance(node, ir.New) for node in nodes) == made
    assert run_wasm(build(source, Library(), optimize=0).wasm) == run_wasm(build(source, Library()).wasm)


class Generator:
    """Makes functions over the objects p, q, r and the pairs t, u."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def number(self) -> str:
        field = f"{self.pick('p', 'q', 'r')}.{self.pick('x', 'y')}"
        item = f"{self.pick('t', 'u')}[{self.pick('0', '1')}]"
        return self.pick(field, field, item, "a", f"({field} + {item})", f"({field} * 0.5)", f"({item} - 1.0)", "2.5")

    def simple(self) -> str:
        thing, other = self.pick("p", "q", "r"), self.pick("p", "q", "r")
        return self.pick(
            f"{thing} = P({self.number()}, {self.number()})",
            f"{thing} = {other}",
            f"{thing} = {other}.moved({self.number()})",
            f"{thing}.{self.pick('x', 'y')} = {self.number()}",
            f"{thing}.x, {thing}.y = {thing}.y, {other}.x",
            f"{self.pick('t', 'u')} = ({self.number()}, {self.number()})",
            self.pick("t, u = u, t", f"kept.append({self.pick('p', 't[0]')})"),
            f"{thing} = {other} if {self.number()} < {self.number()} else P(a, {self.number()})",
        )

    def statements(self, indent: int, depth: int) -> list[str]:
        pad, lines = " " * indent, list[str]()
        for _ in range(self.random.randint(1, 4)):
            test = f"{self.number()} < {self.number()}"
            match self.random.randint(0, 9) if depth else 9:
                case 0:
                    lines += [f"{pad}if {test}:", *self.inner(indent, depth), f"{pad}else:", *self.inner(indent, depth)]
                case 1:
                    lines += [f"{pad}for i{indent} in range(3):", *self.inner(indent, depth)]
                case 2:
                    lines += [f"{pad}try:", *self.inner(indent, depth), f"{pad} check({self.number()})"]
                    lines += [f"{pad}except ValueError:", *self.inner(indent, depth)]
                case 3:
                    lines += [f"{pad}while {test} and fuel > 0:", f"{pad} fuel -= 1", *self.inner(indent, depth)]
                case _:
                    lines.append(pad + self.simple())
        return lines

    def inner(self, indent: int, depth: int) -> list[str]:
        return self.statements(indent + 1, depth - 1)

    def function(self, name: str) -> list[str]:
        lines = [f"def {name}(a: float) -> str:", " fuel = 20", " kept: list[P | float] = []"]
        lines += [" p = P(a, 1.0)", f" q = {self.pick('p', 'P(2.0, a)')}", " r = P(3.0, 4.0)"]
        lines += [" t = (a, 5.0)", " u = (6.0, a)", *self.statements(1, 3)]
        escaping = self.pick("", "[z.x if isinstance(z, P) else z for z in kept]", "")
        return [
            *lines,
            f' return f"{{p.x}} {{p.y}} {{q.x}} {{q.y}} {{r.x}} {{t[0]}} {{u[1]}} {{{escaping or "fuel"}}}"',
        ]


def program(seed: int) -> str:
    generator = Generator(seed)
    lines = ["def check(a: float) -> None:", " if a > 3.0:", "  raise ValueError()"]
    for number in range(FUNCTIONS):
        lines += generator.function(f"f{number}")
    lines += [f"print([f{number}(a * 0.75) for a in range(-2, 6)])" for number in range(FUNCTIONS)]
    return POINT + "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", range(PROGRAMS))
def test_random_functions_do_the_same_as_unoptimised_ones(seed: int) -> None:
    source = Source("program.pie", program(seed))
    plain, fast = (run_wasm(build(source, Library(), optimize=level).wasm) for level in (0, 2))
    assert plain == fast
    assert plain.output.count("\n") == FUNCTIONS
