"""What a token costs beside the device's own time: the declared loop and a loop by hand, 32 programs at once.

    python -m bench.overhead [--programs N] [--tokens N] [--json]

The bare device loop is the time that the simulated device is busy in the same steps.
"""

from __future__ import annotations

import argparse
import asyncio
import time

from bench.batching import PROGRAM as BY_HAND
from bench.batching import PROMPT_TOKENS
from bench.engine import compiled, main, node_on, result_of
from pielang.server.simulation.device import HARDWARE

DEVICE = "llama-1b"
DECLARED = """
import pielang.raw as raw

async def main(prompt: int, count: int) -> int:
    queue = await raw.create_queue()
    pages = await raw.alloc_kvpage(queue, (prompt + count) // 16 + 1)
    tokens = [100 + i for i in range(prompt)]
    loop = await raw.generate(queue, pages, 0, tokens, count, raw.Sampler(), [], [], [], 0, 0)
    made, logprobs, text, reason = await raw.generate_next(loop, count)
    return len(made)
"""


async def measure(options: argparse.Namespace) -> dict[str, float]:
    arguments = {"prompt": PROMPT_TOKENS, "count": options.tokens}
    device = HARDWARE[DEVICE]
    steps = [device.seconds(options.programs * PROMPT_TOKENS, options.programs * PROMPT_TOKENS)]
    steps += [
        device.seconds(options.programs, options.programs * (PROMPT_TOKENS + step)) for step in range(1, options.tokens)
    ]
    figures = {"device_loop_ms": sum(steps) / options.tokens * 1000}
    print(f"{options.programs} programs, {options.tokens} tokens each, simulated {DEVICE}; ms for one token of each")
    print(f"{'bare device loop':<20}{figures['device_loop_ms']:>8.2f}")
    for name, text in (("declared", DECLARED), ("handwritten", BY_HAND)):
        async with node_on(DEVICE) as node:
            await node.load_model()
            digest = await node.upload(compiled(name, text))
            await result_of(await node.launch(digest, {"prompt": PROMPT_TOKENS, "count": 4}))
            began = time.perf_counter()
            launched = [await node.launch(digest, arguments) for _ in range(options.programs)]
            await asyncio.gather(*[result_of(handle) for handle in launched])
            figures[f"{name}_ms"] = (time.perf_counter() - began) / options.tokens * 1000
            extra = figures[f"{name}_ms"] - figures["device_loop_ms"]
            print(f"{name:<20}{figures[f'{name}_ms']:>8.2f}   {extra:+.2f}, {extra / options.programs:+.3f} a program")
    return figures


if __name__ == "__main__":
    main(__doc__.splitlines()[0], measure, ["programs=32", "tokens=100"])
