"""Modules that were not made by our compiler: whatever stands in their rings, they alone are ended, with a reason.

The device behind the node is a double: what is tested is that nothing of a hostile program gets as far as that.
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import msgpack
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pielang.api.table import CALLS
from pielang.server.control.node import Node, NodeConfig
from pielang.server.wire.client import Failed, Finished
from tests.server.control.harness import Background, default_model
from tests.server.control.test_batching import Device
from tests.server.control.test_node import data, program

ODD = [0, 1, 64, 1024, 16384, 20000, 65535, 65536, 1 << 31, (1 << 32) - 1]
WILD = st.sampled_from(ODD) | st.integers(0, (1 << 32) - 1)
LIKELY = [0, 1, (1 << 20) | 0, (1 << 20) | 1, (2 << 20) | 0, (1 << 64) - 1]
HANDLES = st.sampled_from(LIKELY) | st.integers(0, (1 << 64) - 1)
OPCODES = st.sampled_from([call.opcode for call in CALLS]) | st.integers(0, 65535)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 63), (1 << 63) - 1) | st.floats() | st.text(max_size=5)
    | st.binary(max_size=12) | st.sampled_from([struct.pack("<2I", (1 << 20) | 1, (1 << 20) | 2)]),
    lambda inner: st.lists(inner, max_size=12),
    max_leaves=14,
)  # fmt: skip


@st.composite
def entries(draw: Any) -> tuple[bytes, bytes]:
    """A submission that may be half right, and the payload it may name (at 20000 + 256 times its place)."""
    payload = draw(
        st.binary(max_size=40) | VALUES.map(msgpack.packb) | st.lists(VALUES, max_size=11).map(msgpack.packb)
    )
    payload = payload[:256]
    place = draw(st.sampled_from(["right", "right", "right", "wild"]))
    address, size = (-1, len(payload)) if place == "right" else (draw(WILD), draw(WILD))
    buffer, capacity = draw(st.sampled_from([(0, 0), (40000, 64), (16384, 1 << 14)]) | st.tuples(WILD, WILD))
    ticket, flags = draw(st.integers(0, 4) | WILD), draw(st.integers(0, 3))
    head = struct.pack("<HHI", draw(OPCODES), flags, ticket)
    return head + struct.pack("<IIIIQ", address & 0xFFFFFFFF, size, buffer, capacity, draw(HANDLES)), payload


def module_of(rounds: list[list[tuple[bytes, bytes]]], counts: list[int]) -> bytes:
    """Fills its ring from static data, round after round, whatever the completions say."""
    rings, more = b"", ""
    for index, round in enumerate(rounds):
        ring = b""
        for place, (entry, payload) in enumerate(round):
            address = 20000 + 4096 * index + 256 * place
            if entry[8:12] == b"\xff\xff\xff\xff":
                entry = entry[:8] + struct.pack("<I", address) + entry[12:]
            ring += entry
            more += data(address, payload) if payload else ""
        rings += ring.ljust(512, b"\0")
    more += data(8192, rings) + "(global $round (mut i32) (i32.const 0))"
    table = "".join(f"(if (i32.eq (global.get $round) (i32.const {n + 1})) (then (return (i32.const {counts[n]}))))"
                    for n in range(len(rounds)))  # fmt: skip
    body = f"""(memory.copy (i32.const 1024)
        (i32.add (i32.const 8192) (i32.mul (global.get $round) (i32.const 512))) (i32.const 512))
      (global.set $round (i32.add (global.get $round) (i32.const 1))) {table} unreachable"""
    return program(body, body, more, needs_model=True)


@dataclass
class Served:
    """One node for all examples: what one leaves behind, the next would see."""

    background: Background
    node: Node
    unhandled: list[Any]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    device = Device()
    device.info = replace(device.info, path=str(default_model()), vocab_size=49152)  # get_vocabs gives all of them
    unhandled: list[Any] = []

    async def inference(lost: Any) -> Any:
        return device

    async def start() -> Node:
        asyncio.get_running_loop().set_exception_handler(lambda _, context: unhandled.append(context))
        node = Node(NodeConfig(memory_mb=1, time_limit=2.0), inference)
        await node.load_model()
        return node

    background = Background()
    node = background.run(start())
    yield Served(background, node, unhandled)
    background.run(node.close())
    background.close()


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_hostile_rings_end_the_program_alone(served: Served, data: Any) -> None:
    rounds = data.draw(st.lists(st.lists(entries(), min_size=1, max_size=8), min_size=1, max_size=3))
    counts = [data.draw(st.sampled_from([len(round)] * 6 + [0, 64, 65, -1])) for round in rounds]
    wasm, node = module_of(rounds, counts), served.node

    async def scenario() -> None:
        hostile = await node.launch(await node.upload(wasm), {})
        other = await node.launch(await node.upload(GOOD), {})
        assert [event async for event in other.events()] == [Finished(other.id, 7)]
        hostile.terminate()
        last = [event async for event in hostile.events()][-1]
        assert isinstance(last, Finished | Failed)
        assert not (isinstance(last, Failed) and "fault of pielang" in last.message), last.message
        scheduler = node._model.scheduler  # type: ignore[union-attr]
        while scheduler.in_flight:
            await asyncio.sleep(0)
        status = node.status()
        assert status["pages_free"] == status["pages_total"] and status["embeds_free"] == status["embeds_total"]
        assert status["loops_free"] == status["loops_total"] and status["instances"] == 0
        assert scheduler.dead is None and not served.unhandled, served.unhandled

    served.background.run(scenario(), 30)


GOOD = program(
    """(i32.store8 (i32.const 20000) (i32.const 7))
    (call $submit (i32.const 0) (i32.const 1) (i32.const 0) (i32.const 20000) (i32.const 1) (i32.const 0) (i32.const 0)
      (i64.const 0)) (i32.const 1)"""
)
