"""Requests a second with each scheduling policy, 128 programs at once on a simulated device.

    python -m bench.batching [--programs N] [--tokens N] [--json]

Each program asks for the next token by hand (get_next_dist, then the token is appended), as the text completion of the
paper's table 5 does.

Two bounds. "device" is the simulated device alone: all programs in every step, and our own work takes no time. No
schedule reaches it, as a program's next call cannot be there before the program has seen its last result. The oracle
is the best schedule for somebody who knows when each call will come: between two steps of a program lies the work of
the host for it, as measured on a device that takes no time, and the programs may go in one group, or in several of
which one is on the device while the host works for the others.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from bench.engine import Aim, compiled, main, node_on, result_of
from pielang.server.control.scheduler import BatchSettings
from pielang.server.simulation.device import HARDWARE

DEVICE = "llama-1b"
PROMPT_TOKENS = 32
BESIDE = ("t_only", "eager", "oracle")
AIMS = {
    "eager_rps": Aim(paper="5.61"),
    "k_only_rps": Aim(paper="30.09"),
    "t_only_rps": Aim(paper="78.11"),
    "adaptive_rps": Aim(paper="84.85"),
    "adaptive_over_t_only": Aim(1.1, least=True, paper="1.09"),
    "adaptive_over_eager": Aim(15, least=True, paper="15.1"),
    "adaptive_over_oracle": Aim(0.95, least=True),
}
PROGRAM = """
import pielang.raw as raw

async def main(prompt: int, count: int) -> int:
    queue = await raw.create_queue()
    pages = await raw.alloc_kvpage(queue, (prompt + count) // 16 + 1)
    places = await raw.alloc_emb(queue, prompt + 1)
    tokens = [100 + i for i in range(prompt)]
    filled = 0
    for step in range(count):
        inputs = places[: len(tokens)]
        raw.embed_txt(queue, tokens, [filled + i for i in range(len(tokens))], inputs)
        raw.forward(queue, pages, filled, inputs, places[prompt:])
        filled += len(tokens)
        ids, probs = await raw.get_next_dist(queue, places[prompt:], 8)
        tokens = [ids[0]]
    return count
"""


async def seconds(device: str, settings: BatchSettings, programs: int, tokens: int, wasm: bytes) -> float:
    """From the first launch to the last end."""
    async with node_on(device, settings) as node:
        digest = await node.upload(wasm)
        await node.load_model()
        await result_of(await node.launch(digest, {"prompt": PROMPT_TOKENS, "count": 2}))
        arguments = {"prompt": PROMPT_TOKENS, "count": tokens}
        began = time.perf_counter()
        await asyncio.gather(*[result_of(await node.launch(digest, arguments)) for _ in range(programs)])
        return time.perf_counter() - began


def best(programs: int, tokens: int, host: float) -> float:
    """Seconds of the best schedule, when each step of a program costs the host so many seconds."""
    device, found = HARDWARE[DEVICE], []
    for groups in (1, 2, 4):
        rows, total = programs // groups, 0.0
        for step in range(tokens):
            new = rows if step else rows * PROMPT_TOKENS
            busy = device.seconds(new, rows * (PROMPT_TOKENS + step))
            # while a group is on the device the host works for the others
            total += max(groups * busy, busy + rows * host)
        found.append(total)
    return min(found)


async def measure(options: argparse.Namespace) -> dict[str, float]:
    wasm, programs = compiled("completion", PROGRAM), options.programs
    figures = {}
    for policy in ("eager", "k-only", "t-only", "adaptive"):
        tokens = max(2, options.tokens // 8) if policy == "eager" else options.tokens
        settings = BatchSettings(policy, k_calls=programs // 2, t_seconds=0.01)
        took = await seconds(DEVICE, settings, programs, tokens, wasm)
        figures[f"{policy.replace('-', '_')}_rps"] = programs / took * tokens / options.tokens
    # all programs in every batch, so that nothing but the host's work for each is in this
    whole = BatchSettings("k-only", max_tokens=programs * PROMPT_TOKENS, k_calls=programs)
    host = await seconds("instant", whole, programs, options.tokens, wasm) / programs / options.tokens
    figures["oracle_rps"] = programs / best(programs, options.tokens, host)
    figures["device_rps"] = programs / best(programs, options.tokens, 0.0)
    over = {f"adaptive_over_{other}": figures["adaptive_rps"] / figures[f"{other}_rps"] for other in BESIDE}
    return figures | over | {"host_us_per_step": host * 1e6}


if __name__ == "__main__":
    main(__doc__.splitlines()[0], measure, ["programs=128", "tokens=64"], AIMS)
