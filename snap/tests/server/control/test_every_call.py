"""That programs make every call of the table in some test, and those that no technique needs in this one."""

from __future__ import annotations

import re
from pathlib import Path

from pielang.api.table import CALLS
from pielang.server.control.node import Node
from pielang.server.wire.client import Finished
from tests.server.control.test_calls import events, launch
from tests.server.control.test_limits import run

TEXT = """import time

from pielang.raw import (
    Sampler, alloc_kvpage, available_models, create_queue, generate, generate_next, generate_stop, instance_id, log,
    now, random_seed, set_queue_priority, synchronize,
)

async def main() -> list[str]:
    said = [await instance_id(), ",".join(await available_models())]
    log("at work")
    said.append(str(abs(await now() - time.time()) < 60.0))
    said.append(str((await random_seed()) != (await random_seed())))

    queue = await create_queue()
    set_queue_priority(queue, 3)
    pages = await alloc_kvpage(queue, 4)
    loop = await generate(queue, pages, 0, [5, 6, 7], 40, Sampler(), [], [], [], 0, 0)
    tokens, _, _, reason = await generate_next(loop, 2)
    said.append(f"{len(tokens) >= 2} {reason!r}")
    generate_stop(loop)
    await synchronize(queue)
    try:
        while True:
            tokens, _, _, reason = await generate_next(loop, 1)
            if reason:
                said.append(reason)
    except Released as error:
        said.append(str(error))
    return said
"""


def test_calls_that_no_technique_needs() -> None:
    async def scenario(node: Node) -> None:
        (last,) = await events(await launch(node, TEXT))
        assert isinstance(last, Finished), last
        gone = "generate_next(): the generate loop was given back already, or was never there"
        assert last.result == ["t-1", "sim:instant", "True", "True", "True ''", gone]

    run(scenario)


def test_every_call_is_made_by_a_program() -> None:
    here = Path(__file__).parent
    programs = "\n".join(path.read_text() for path in here.glob("test_*.py"))
    assert [call.name for call in CALLS if not call.raw and not re.search(rf"\b{call.name}\(", programs)] == []
