"""What a call costs: one that the control layer answers, and one that a (simulated, instant) device answers.

    python -m bench.calls [--most N] [--calls N] [--json]

So many programs at once make calls, each one after another; the figure is wall time by number of all calls.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from bench.engine import Aim, compiled, main, node_on, result_of
from pielang.server.control.node import Node

COUNTS = (1, 8, 64, 256, 896)
AIMS = {"control_us_896": Aim(10, paper="under 30"), "inference_us_896": Aim(30, paper="10 to 300")}  # figure 10
CONTROL = """
from pielang.raw import now

async def main(count: int) -> int:
    for step in range(count):
        await now()
    return count
"""
INFERENCE = """
import pielang.raw as raw

async def main(count: int) -> int:
    queue = await raw.create_queue()
    pages = await raw.alloc_kvpage(queue, 1)
    places = await raw.alloc_emb(queue, 2)
    raw.embed_txt(queue, [100], [0], places[:1])
    raw.forward(queue, pages, 0, places[:1], places[1:])
    for step in range(count):
        await raw.get_next_dist(queue, places[1:], 8)
    return count
"""


async def per_call(node: Node, digest: str, programs: int, calls: int) -> float:
    """Microseconds a call; the time that the programs take without calls is taken off."""
    times = []
    for count in (0, calls):
        began = time.perf_counter()
        await asyncio.gather(*[result_of(await node.launch(digest, {"count": count})) for _ in range(programs)])
        times.append(time.perf_counter() - began)
    return (times[1] - times[0]) / programs / calls * 1e6


async def measure(options: argparse.Namespace) -> dict[str, float]:
    figures = {}
    async with node_on("instant", pages=4096) as node:
        await node.load_model()
        digests = [await node.upload(compiled(name, text)) for name, text in (("a", CONTROL), ("b", INFERENCE))]
        for programs in [count for count in COUNTS if count <= options.most]:
            calls = max(options.calls, 3200 // programs)  # the time of launches is taken off, so it must not be most
            control, inference = [await per_call(node, digest, programs, calls) for digest in digests]
            figures |= {f"control_us_{programs}": control, f"inference_us_{programs}": inference}
    return figures


if __name__ == "__main__":
    main(__doc__.splitlines()[0], measure, ["most=896", "calls=50"], AIMS)
