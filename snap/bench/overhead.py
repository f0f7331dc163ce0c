"""What a token costs beside the device's own time: the declared loop and a loop by hand, 32 programs at once.

    python -m bench.overhead [--programs N] [--tokens N] [--json]

Each loop runs for N tokens and for three times as many; what the longer run takes more is the time of 2 N tokens, so
that launches and prompts are not in it. The bare device loop is the time that the simulated device is busy with the
same steps. After that where the engine's thread was, seen every half millisecond in a further run (the paper's table
3): shares of its time, in milliseconds for one token of each program. Most of a declared loop's work is done while the
device is busy.
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from bench.batching import PROGRAM as BY_HAND
from bench.batching import PROMPT_TOKENS
from bench.engine import Aim, compiled, main, node_on, result_of
from pielang.server.control.node import Node
from pielang.server.simulation.device import HARDWARE

DEVICE = "llama-1b"
AIMS = {"handwritten_extra_ms": Aim(0.3)}
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
EVERY_SECONDS = 0.0005
EVENT_LOOP = "event loop"
PLACES = {  # what a function or a file belongs to: the innermost that is named here counts
    "_call": "Wasm",
    "embed_text": "embedding",
    "answer_dists": "distribution",
    "receive": "sampling",
    "answer": "sampling",
    **dict.fromkeys(("scheduler.py", "queues.py", "batching.py", "policies.py", "loops.py"), "scheduling"),
    **dict.fromkeys(("guest.py", "fastcall.py", "pump.py"), "boundary crossings"),
    **dict.fromkeys(("calls.py", "model_calls.py", "lifecycle.py", "codec.py", "resources.py"), "calls"),
    **dict.fromkeys(("link.py", "socket.py"), "wire"),
    "select": "waiting",
}


@contextmanager
def seen(counts: Counter[str]) -> Iterator[None]:
    """Count where the main thread is, every so often."""

    def look(_: int, frame: FrameType | None) -> None:
        place = None
        while frame is not None and place is None:
            code = frame.f_code
            place = PLACES.get(code.co_name) or PLACES.get(code.co_filename.rsplit("/", 1)[-1])
            frame = frame.f_back
        counts[place or EVENT_LOOP] += 1

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, EVERY_SECONDS, EVERY_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


async def seconds(node: Node, digest: str, programs: int, tokens: int) -> float:
    """From the first launch to the last end."""
    began = time.perf_counter()
    launched = [await node.launch(digest, {"prompt": PROMPT_TOKENS, "count": tokens}) for _ in range(programs)]
    await asyncio.gather(*[result_of(handle) for handle in launched])
    return time.perf_counter() - began


async def measure(options: argparse.Namespace) -> dict[str, float]:
    programs, short, long = options.programs, options.tokens, 3 * options.tokens
    steps = [HARDWARE[DEVICE].seconds(programs, programs * (PROMPT_TOKENS + step)) for step in range(short, long)]
    figures = {"device_loop_ms": sum(steps) / len(steps) * 1000}
    shares: dict[str, Counter[str]] = {}
    for name, text in (("declared", DECLARED), ("handwritten", BY_HAND)):
        async with node_on(DEVICE) as node:
            await node.load_model()
            digest = await node.upload(compiled(name, text))
            await seconds(node, digest, 1, 4)
            took = -await seconds(node, digest, programs, short)
            took += await seconds(node, digest, programs, long)
            figures[f"{name}_ms"] = took / (long - short) * 1000
            figures[f"{name}_extra_ms"] = figures[f"{name}_ms"] - figures["device_loop_ms"]
            with seen(shares.setdefault(name, Counter())):
                await seconds(node, digest, programs, short)
    for place in dict.fromkeys([*PLACES.values(), EVENT_LOOP]):
        for name in shares:
            share = shares[name][place] * EVERY_SECONDS * 1000 / short
            figures[f"{name}_at_{place.replace(' ', '_')}"] = share
    return figures


if __name__ == "__main__":
    main(__doc__.splitlines()[0], measure, ["programs=32", "tokens=50"], AIMS)
