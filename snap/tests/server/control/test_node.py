"""Programs in a node, hand-made modules: launch, events, messages, limits, ends. No model is started."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgpack
import pytest

from pielang.api.errors import CallError, Status
from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control.errors import LaunchRefused
from pielang.server.control.node import InstanceHandle, Node, NodeConfig
from pielang.server.wire.client import Failed, Finished, Message, Output, Raised, TraceFrame
from tests.vm.harness import module


def section(name: str, content: bytes) -> bytes:
    body = bytes([len(name)]) + name.encode() + content
    size = len(body)
    return b"\0" + bytes([size & 0x7F | 0x80, size >> 7 & 0x7F | 0x80, size >> 14]) + body


LOCATIONS = (
    bytes([1]) + b"\x05t.pie" + bytes([1]) + b"\x04main" + bytes([2]) + bytes([0, 0, 3, 5]) + bytes([0, 0, 0x7F, 9])
)


def program(
    start: str = "(i32.const 0)",
    resume: str = "(i32.const 0)",
    more: str = "",
    lines: bytes = b"\0",
    **described: Any,
) -> bytes:
    """A module with the sections that the compiler writes."""
    manifest = {"abi": 1, "name": "t", "parameters": [], "needs_model": False, "traits": []} | described
    sections = section("pielang.manifest", json.dumps(manifest).encode()) + section("pielang.locations", LOCATIONS)
    return module(start, resume, more) + sections + section("pielang.lines", lines)


def submit(index: int, opcode: int, ticket: int = 0, data: tuple[int, int] = (0, 0), scalar: int = 0) -> str:
    address, size = data
    return (
        f"(call $submit (i32.const {index}) (i32.const {opcode}) (i32.const {ticket}) (i32.const {address}) "
        f"(i32.const {size}) (i32.const 16384) (i32.const 1024) (i64.const {scalar}))"
    )


def data(address: int, content: bytes) -> str:
    text = "".join("\\" + f"{byte:02x}" for byte in content)
    return f'(data (i32.const {address}) "{text}")'


# exit with what the last call answered: the buffer, as long as the completion entry says
ECHO_RESULT = """(call $submit (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 16384)
                   (i32.load offset=8 (i32.const 3072)) (i32.const 0) (i32.const 0) (i64.const 0)) (i32.const 1)"""
WAITS = program(start=submit(0, 11, 1) + "(i32.const 1)", resume=ECHO_RESULT)


async def no_model(lost: Any) -> Any:
    raise AssertionError("no program here needs a model")


def run(scenario: Callable[[Node], Awaitable[None]], inference: Any = no_model, **config: Any) -> None:
    async def whole() -> None:
        node = Node(NodeConfig(**config), inference)
        try:
            await scenario(node)
        finally:
            await node.close()
            await node.close()
        assert node.status()["instances"] == 0

    asyncio.run(asyncio.wait_for(whole(), 60))


async def launch(node: Node, wasm: bytes, **arguments: Any) -> InstanceHandle:
    return await node.launch(await node.upload(wasm), arguments)


async def events(handle: InstanceHandle) -> list[Any]:
    return [event async for event in handle.events()]


def test_output_messages_and_result_in_order() -> None:
    wasm = program(
        start=submit(0, 3, 0, (20000, 3), 1) + submit(1, 3, 0, (20003, 3), 2) + submit(2, 10, 0, (20010, 4))
        + submit(3, 1, 0, (20020, 2)) + submit(4, 3, 0, (20000, 3), 1) + "(i32.const 5)",
        more=data(20000, b"outerr") + data(20010, msgpack.packb(["hm"])) + data(20020, msgpack.packb([7])),
    )  # fmt: skip

    async def scenario(node: Node) -> None:
        handle = await launch(node, wasm)
        assert handle.id == "t-1"
        assert await events(handle) == [
            Output("t-1", 1, b"out"), Output("t-1", 2, b"err"), Message("t-1", "hm"), Finished("t-1", [7]),
        ]  # fmt: skip
        assert (node.status()["instances"], node.status()["launched"]) == (0, 1)
        handle.send("too late")
        handle.terminate()

    run(scenario)


def test_messages_of_the_client_before_and_after_receive() -> None:
    async def scenario(node: Node) -> None:
        first, second = await launch(node, WAITS), await launch(node, WAITS)
        first.send("at once")
        while not node._instances[second._instance.guest].receiving:  # type: ignore[index]
            await asyncio.sleep(0)
        second.send("later")
        assert await events(first) == [Finished(first.id, "at once")]
        assert await events(second) == [Finished(second.id, "later")]

    run(scenario)


@pytest.mark.parametrize(("opcode", "check"), [(14, float), (15, int), (16, str)])
def test_calls_without_arguments(opcode: int, check: type) -> None:
    async def scenario(node: Node) -> None:
        (event,) = await events(await launch(node, program(submit(0, opcode, 1) + "(i32.const 1)", ECHO_RESULT)))
        assert isinstance(event, Finished) and type(event.result) is check

    run(scenario)


def test_arguments_arrive_and_are_checked() -> None:
    parameters = [
        {"name": "question", "type": {"type": "string"}, "required": True},
        {"name": "width", "type": {"type": "integer"}, "required": False},
        {"name": "heat", "type": {"anyOf": [{"type": "number"}, {"type": "null"}]}, "required": False},
        {"name": "names", "type": {"type": "array", "items": {"type": "string"}}, "required": False},
    ]
    wasm = program(submit(0, 5, 1) + "(i32.const 1)", ECHO_RESULT, parameters=parameters)

    async def scenario(node: Node) -> None:
        for given, arrives in (
            ({"question": "?"}, {"question": "?"}),
            ({"question": "?", "heat": 1, "width": -3}, {"question": "?", "heat": 1.0, "width": -3}),
            ({"question": "", "heat": None, "names": ["a"]}, {"question": "", "heat": None, "names": ["a"]}),
        ):
            (event,) = await events(await launch(node, wasm, **given))
            assert isinstance(event, Finished) and event.result == arrives
            assert type(event.result.get("heat")) in (float, type(None))
        for given, problem in (
            ({}, "'question' is missing"),
            ({"question": 3}, "'question' must be text, got 3"),
            ({"question": "", "width": True}, "'width' must be an int, got True"),
            ({"question": "", "width": 1 << 63}, "'width' must fit 64 bits"),
            ({"question": "", "heat": "x"}, "'heat' must be a number or None, got 'x'"),
            ({"question": "", "names": ["a", 1]}, r"'names'\[1\] must be text"),
            ({"question": "", "nmaes": []}, "no parameter 'nmaes'; the program's parameters: question, width"),
        ):
            with pytest.raises(LaunchRefused, match=problem) as caught:
                await launch(node, wasm, **given)
            assert caught.value.kind == "arguments"

    run(scenario)


def test_a_call_is_answered_once() -> None:
    async def scenario(node: Node) -> None:
        wasm = build(Source("t.pie", TWO_MESSAGES), Library()).wasm
        handle = await launch(node, wasm)
        (instance,) = node._instances.values()
        ticket = instance.receiving.popleft()
        for text in ("first", "again"):
            instance.complete(ticket, text)
        instance.fail(ticket, CallError(Status.VALUE_ERROR, "late"))
        handle.send("second")
        assert (await events(handle))[-1] == Finished(handle.id, ["first", "second"])

    run(scenario)


TWO_MESSAGES = """
from pielang import receive

async def main() -> list[str]:
    return [await receive(), await receive()]
"""


def test_sleep_and_its_errors() -> None:
    for seconds, wanted in ((0.001, 0), (-1.0, 7), (float("nan"), 7)):
        wasm = program(
            start=submit(0, 13, 1, (20000, 10)) + "(i32.const 1)",
            resume="(i32.store8 (i32.const 16384) (i32.load offset=4 (i32.const 3072)))"
            + submit(0, 1, 0, (16384, 1)) + "(i32.const 1)",
            more=data(20000, msgpack.packb([seconds])),
        )  # fmt: skip

        async def scenario(node: Node, wasm: bytes = wasm, wanted: int = wanted) -> None:
            assert [event.result for event in await events(await launch(node, wasm))] == [wanted]

        run(scenario)


def test_an_uncaught_exception_shows_its_places() -> None:
    report = msgpack.packb([["KeyError", "'a'", 0, [0]], ["ValueError", "bad", 1, [99, 0, 1]]])
    wasm = program(start=submit(0, 2, 0, (20000, len(report))) + "(i32.const 1)", more=data(20000, report))
    outer, inner = TraceFrame("t.pie", "main", 3, 5), TraceFrame("t.pie", "main", 2, 9)

    async def scenario(node: Node) -> None:
        assert await events(await launch(node, wasm)) == [
            Failed("t-1", "exception", "ValueError: bad", (
                Raised("KeyError", "'a'", (outer,), ""),
                Raised("ValueError", "bad", (inner, outer), "cause"),
            ))
        ]  # fmt: skip

    run(scenario)


@pytest.mark.parametrize(
    "report", [b"", b"\xc1", msgpack.packb([]), msgpack.packb([1]), msgpack.packb([["a", "b", 9, []]])]
)
def test_a_report_that_cannot_be_read(report: bytes) -> None:
    wasm = program(start=submit(0, 2, 0, (20000, len(report))) + "(i32.const 1)", more=data(20000, report))

    async def scenario(node: Node) -> None:
        (event,) = await events(await launch(node, wasm))
        assert isinstance(event, Failed) and event.kind == "internal"

    run(scenario)


def test_an_endless_loop_ends_with_its_place_and_alone() -> None:
    lines = bytes([1, 8, 1])  # from offset 8 on: row 1

    async def scenario(node: Node) -> None:
        runaway = await launch(node, program(start="(loop $l (br $l)) (i32.const 0)", lines=lines))
        other = await launch(node, WAITS)
        other.send("still here")
        assert await events(other) == [Finished(other.id, "still here")]
        (event,) = await events(runaway)
        assert isinstance(event, Failed) and event.kind == "limit" and "0.3 s" in event.message
        assert event.chain[0].frames == (TraceFrame("t.pie", "main", 2, 9),)

    run(scenario, time_limit=0.3)


def test_termination_while_it_waits_and_while_it_computes() -> None:
    async def scenario(node: Node) -> None:
        for wasm in (WAITS, program(start="(loop $l (br $l)) (i32.const 0)")):
            handle = await launch(node, wasm)
            handle.terminate()
            assert await events(handle) == [Failed(handle.id, "cancelled", "terminated by the client", ())]
        left = await launch(node, program(start="(loop $l (br $l)) (i32.const 0)"))
        await node.close()
        assert await events(left) == [Failed(left.id, "cancelled", "the server is ending", ())]
        with pytest.raises(LaunchRefused) as caught:
            await node.upload(WAITS)
        assert caught.value.kind == "closing"

    run(scenario)


@pytest.mark.parametrize(
    "start",
    [
        "unreachable",
        submit(0, 999, 1) + "(i32.const 1)",
        submit(0, 10, 0, (20000, 3)) + "(i32.const 1)",  # `send` of what is no msgpack
        "(i32.const 65)",
    ],
)
def test_broken_programs_end_with_a_reason(start: str) -> None:
    async def scenario(node: Node) -> None:
        (event,) = await events(await launch(node, program(start=start)))
        assert isinstance(event, Failed) and event.kind in ("trap", "internal") and event.message

    run(scenario)


def test_model_calls_without_a_model_are_errors_in_the_program() -> None:
    wasm = program(submit(0, 20, 1) + "(i32.const 1)", ECHO_RESULT)

    async def scenario(node: Node) -> None:
        (event,) = await events(await launch(node, wasm))
        assert isinstance(event, Finished) and "launched without a model" in event.result[0]

    run(scenario)


def test_refused_programs_and_models() -> None:
    class Broken(Exception):
        pass

    async def inference(lost: Any) -> Any:
        raise Broken("no such weights")

    async def scenario(node: Node) -> None:
        for wasm, problem in (
            (b"hello", "not a WebAssembly module"),
            (module(), "no section 'pielang.manifest'"),
            (program(abi=2), "guest boundary 2"),
            (module() + section("pielang.manifest", b"{"), "not JSON"),
        ):
            with pytest.raises(LaunchRefused, match=problem) as caught:
                await node.upload(wasm)
            assert caught.value.kind == "program"
        with pytest.raises(LaunchRefused, match="no program"):
            await node.launch("0" * 64, {})
        needs = await node.upload(program(needs_model=True))
        for _ in range(2):  # each launch tries again
            with pytest.raises(LaunchRefused, match="no such weights") as caught:
                await node.launch(needs, {})
            assert caught.value.kind == "inference"

    run(scenario, inference)


def test_a_trace_has_runs_calls_and_batches() -> None:
    async def scenario(node: Node) -> None:
        for _ in range(2):
            await events(await launch(node, program(submit(0, 16, 1) + "(i32.const 1)", ECHO_RESULT)))
        document = json.loads(json.dumps(node.trace()))
        events_of = [event for event in document["traceEvents"] if event["ph"] != "M"]
        names = [event["args"]["name"] for event in document["traceEvents"] if event["ph"] == "M"]
        assert {"programs", "calls", "batches", "t-1", "t-2"} <= set(names)
        runs = [event for event in events_of if event["ph"] == "X"]
        assert [event["args"]["calls"] for event in runs] == [["instance_id"], ["exit"]] * 2
        assert all(event["dur"] >= 0 and event["ts"] >= 0 for event in runs)
        assert [event["ph"] for event in events_of if event.get("cat") == "call"] == ["b", "e"] * 2

    run(scenario, trace=True)


def test_a_model_without_a_trait_that_is_needed() -> None:
    from tests.server.control.harness import default_model
    from tests.server.control.test_batching import Device

    async def inference(lost: Any) -> Any:
        device = Device()
        device.info = replace(device.info, path=str(default_model()), traits=("Tokenize", "Forward"))
        return device

    async def scenario(node: Node) -> None:
        for described in ({"traits": ["OutputText"]}, {"calls": ["tokenize", "get_next_dist"]}):
            with pytest.raises(
                LaunchRefused, match="needs the trait OutputText, which the model test does not"
            ) as caught:
                await launch(node, program(needs_model=True, **described))
            assert caught.value.kind == "model"
        (await launch(node, program(needs_model=True, calls=["tokenize", "forward", "sleep"]))).terminate()

    run(scenario, inference)


def test_closing_while_the_model_is_loading() -> None:
    async def scenario(node: Node) -> None:
        needs = await node.upload(program(needs_model=True))
        launching = asyncio.ensure_future(node.launch(needs, {}))
        await started.wait()
        await node.close()
        with pytest.raises(LaunchRefused) as caught:
            await launching
        assert caught.value.kind == "closing" and ended == [True]

    started, ended = asyncio.Event(), []

    async def inference(lost: Any) -> Any:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append(True)

    run(scenario, inference)


def test_native_code_is_cached(tmp_path: Path) -> None:
    async def scenario(node: Node) -> None:
        await node.upload(WAITS)
        assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1

    run(scenario, cache=tmp_path)
