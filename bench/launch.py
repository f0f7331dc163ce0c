"""How long a launch takes: from the call to the first output of the program, as many at once as the row says.

    python -m bench.launch [--most N] [--json]

Warm: the program was uploaded before. Cold: a new node without cached native code, and each launch uploads first. Each
launch is timed from its own call; as one thread makes the calls one after another, "all" says when the last program
gave its first output, from the first call on: it is what a client waits who sends them all in one go.
Paper (figure 9): 10 to 50 ms warm, 35 to 81 ms cold at 896.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import time

from bench.engine import compiled, main, median, node_on, quantile
from pielang.server.control.node import Node

COUNTS = (1, 8, 64, 256, 896)
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
    print(f"{'at once':>8}{'warm median':>14}{'warm p99':>12}{'all':>10}{'cold median':>14}{'cold p99':>12}   ms")
    for count in [count for count in COUNTS if count <= options.most]:
        warm: list[float] = []
        cold: list[float] = []
        ends: list[float] = []
        async with node_on("instant") as node:
            digest = await node.upload(wasm)
            for _ in range(3):
                gc.collect()
                ends.clear()
                began = time.perf_counter()
                warm = await asyncio.gather(*[first_output(node, wasm, False, digest, ends) for _ in range(count)])
            everything = (max(ends) - began) * 1000
        for _ in range(3):
            async with node_on("instant") as node:
                gc.collect()
                cold += await asyncio.gather(*[first_output(node, wasm, True, "", ends) for _ in range(count)])
        row = (median(warm), quantile(warm, 0.99), everything, median(cold), quantile(cold, 0.99))
        print(f"{count:>8}{row[0]:>14.2f}{row[1]:>12.2f}{row[2]:>10.1f}{row[3]:>14.2f}{row[4]:>12.2f}")
        names = ("warm_p50_ms", "warm_p99_ms", "warm_all_ms", "cold_p50_ms", "cold_p99_ms")
        figures |= {f"{name}_{count}": value for name, value in zip(names, row)}
    return figures


if __name__ == "__main__":
    main(__doc__.splitlines()[0], measure, ["most=896"])
