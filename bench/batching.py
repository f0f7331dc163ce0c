"""Requests a second with each scheduling policy, 128 programs at once on a simulated device.

    python -m bench.batching [--programs N] [--tokens N] [--json]

Each program asks for the next token by hand (get_next_dist, then the token is appended), as the text completion of the
paper's table 5 does. The oracle is the device's time alone for the best schedule there is: all programs in every step.
Paper: eager 5.61, k-only 30.09, t-only 78.11, adaptive 84.85 requests a second.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from bench.engine import compiled, main, node_on, result_of
from pielang.server.control.scheduler import BatchSettings
from pielang.server.simulation.device import HARDWARE

DEVICE = "llama-1b"
PROMPT_TOKENS = 32
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


async def requests_per_second(policy: str, programs: int, tokens: int, wasm: bytes) -> float:
    settings = BatchSettings(policy, k_calls=programs // 2, t_seconds=0.01)
    async with node_on(DEVICE, settings) as node:
        digest = await node.upload(wasm)
        await node.load_model()
        arguments = {"prompt": PROMPT_TOKENS, "count": tokens}
        await result_of(await node.launch(digest, {"prompt": PROMPT_TOKENS, "count": 2}))
        began = time.perf_counter()
        await asyncio.gather(*[result_of(await node.launch(digest, arguments)) for _ in range(programs)])
        return programs / (time.perf_counter() - began)


def oracle(programs: int, tokens: int) -> float:
    """Requests a second if every step held all programs and our own work took no time."""
    device = HARDWARE[DEVICE]
    seconds = device.seconds(programs * PROMPT_TOKENS, programs * PROMPT_TOKENS)
    for step in range(1, tokens):
        seconds += device.seconds(programs, programs * (PROMPT_TOKENS + step))
    return programs / seconds


async def measure(options: argparse.Namespace) -> dict[str, float]:
    wasm = compiled("completion", PROGRAM)
    figures = {}
    print(f"{options.programs} programs, {PROMPT_TOKENS} + {options.tokens} tokens each, on a simulated {DEVICE}")
    print(f"{'policy':<12}{'requests/s':>12}")
    for policy in ("eager", "k-only", "t-only", "adaptive"):
        tokens = max(2, options.tokens // 8) if policy == "eager" else options.tokens
        rate = await requests_per_second(policy, options.programs, tokens, wasm) * tokens / options.tokens
        figures[f"{policy.replace('-', '_')}_rps"] = rate
        print(f"{policy:<12}{rate:>12.2f}")
    figures["oracle_rps"] = oracle(options.programs, options.tokens)
    print(f"{'oracle':<12}{figures['oracle_rps']:>12.2f}")
    return figures


if __name__ == "__main__":
    main(__doc__.splitlines()[0], measure, ["programs=128", "tokens=64"])
