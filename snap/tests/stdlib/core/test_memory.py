"""The heap under pressure: what dies is reused, what lives stays, and the end of memory is a MemoryError."""

from __future__ import annotations

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.vm.guest import Limits
from tests.lang.harness import Outcome, run_wasm


def run(text: str, megabytes: int) -> Outcome:
    wasm = build(Source("program.pie", text), Library()).wasm
    return run_wasm(wasm, Limits(memory_bytes=megabytes << 20, resume_seconds=60))


def test_garbage_is_reused() -> None:
    text = """
kept: list[str] = []
for i in range(200000):
    made = ["item", str(i)]
    if i % 20000 == 0:
        kept.append("-".join(made))
print(kept)
"""
    assert run(text, 2).output == f"{[f'item-{i}' for i in range(0, 200000, 20000)]}\n"


def test_cycles_are_collected() -> None:
    text = """
class Node:
    other: "Node | None"
    def __init__(self, payload: str) -> None:
        self.payload = payload
        self.other = None

last = Node("")
for i in range(100000):
    a = Node(str(i) * 3)
    b = Node("b")
    a.other = b
    b.other = a
    last = a
print(last.payload)
""".replace('"Node | None"', "Node | None")
    assert run(text, 2) == Outcome("999999999999999\n", "")


def test_long_chains_are_marked_without_recursion() -> None:
    text = """
from pielang.core.memory import rt_collect

class Link:
    def __init__(self, value: int, rest: Link | None) -> None:
        self.value = value
        self.rest = rest

chain: Link | None = None
for i in range(60000):
    chain = Link(i, chain)
wide = [str(i) for i in range(60000)]
rt_collect()
total = 0
walk = chain
while walk is not None:
    total += walk.value
    walk = walk.rest
print(total, sum(len(s) for s in wide))
"""
    assert run(text, 16) == Outcome(f"{sum(range(60000))} {sum(len(str(i)) for i in range(60000))}\n", "")


def test_end_of_memory_can_be_caught_and_survived() -> None:
    text = """
def fill() -> int:
    rows: list[list[int]] = []
    try:
        while True:
            rows.append([1] * 1000)
    except MemoryError as error:
        count = len(rows)
        rows.clear()
        return count

first = fill()
second = fill()
print(first > 200, abs(first - second) < 20)
try:
    big = [0] * 300000000
except MemoryError:
    print("too big")
print(len("x" * 100000))
"""
    assert run(text, 4) == Outcome("True True\ntoo big\n100000\n", "")


def test_an_uncaught_end_of_memory_is_reported() -> None:
    text = """
rows: list[str] = []
while True:
    rows.append("x" * 100 + str(len(rows)))
"""
    assert run(text, 2) == Outcome("", "MemoryError")


def test_a_size_beyond_32_bits_is_out_of_memory() -> None:
    text = """
for size in (4294967301, 2**62):
    try:
        print(len(bytes(size)))
    except MemoryError:
        print("too many")
"""
    assert run(text, 2).output == "too many\n" * 2
