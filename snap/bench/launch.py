"""How long a launch takes: from the call to the first output of the program, as many at once as the row says.

    python -m bench.launch [--most N] [--json]

Warm: the program was uploaded before. Cold: a new node without cached native code, and each launch uploads first. Each
launch is timed from its own call; as one thread makes the calls one after another, "all" says when the last program
gave its first output, from the first call on: it is what a client waits who sends them all in one go.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import time

from bench.engine import Aim, compiled, main, median, node_on, quantile
from pielang.server.control.node import Node

COUNTS = (1, 8, 64, 256, 896)
AIMS = {  # the paper's: figure 9
    "warm_p50_ms_896": Aim(5, paper="10 to 50"),
    "warm_p99_ms_896": Aim(50),
    "cold_p50_ms_896": Aim(35, paper="35 to 81"),
}
PROGRAM = """
from pielang.raw import send

def main() -> int:
    send("hello")
    return 1
"""


async def first_output(node: Node, wasm: bytes, upload: bool, digest: str, ends: list[float]) -> float:
    """Milliseconds from the call to the program's first message; when that came is added to `ends`."""
    began = time.perf_counter()
    if upload:
        digest = await node.upload(wasm)
    handle = await node.launch(digest, {})
    stream = handle.events()
    await anext(stream)
    ended = time.perf_counter()
    ends.append(ended)
    async for _ in stream:
        pass
    return (ended - began) * 1000


async def measure(options: argparse.Namespace) -> dict[str, float]:
    wasm = compiled("hello", PROGRAM)
    figures = {}
    for count in [count for count in COUNTS if count <= options.most]:
        warm: list[float] = []
        ends: list[float] = []
        async with node_on("instant") as node:
            digest = await node.upload(wasm)
            for _ in range(2):  # the first finds out how much memory the process needs
                gc.collect()
                ends.clear()
                began = time.perf_counter()
                warm = await asyncio.gather(*[first_output(node, wasm, False, digest, ends) for _ in range(count)])
            everything = (max(ends) - began) * 1000
        async with node_on("instant") as node:
            gc.collect()
            cold = await asyncio.gather(*[first_output(node, wasm, True, "", ends) for _ in range(count)])
        row = (median(warm), quantile(warm, 0.99), everything, median(cold), quantile(cold, 0.99))
        names = ("warm_p50_ms", "warm_p99_ms", "warm_all_ms", "cold_p50_ms", "cold_p99_ms")
        figures |= {f"{name}_{count}": value for name, value in zip(names, row)}
    return figures


if __name__ == "__main__":
    main(__doc__.splitlines()[0], measure, ["most=896"], AIMS)
