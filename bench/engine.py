"""What the benchmarks of the engine share: a node on a simulated device, programs, and how results are printed."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.server.control.node import InstanceHandle, Node, NodeConfig
from pielang.server.control.scheduler import BatchSettings
from pielang.server.wire.client import Failed


def compiled(name: str, text: str) -> bytes:
    """The module of a program."""
    return build(Source(f"{name}.pie", text), Library()).wasm


@asynccontextmanager
async def node_on(
    device: str, batches: BatchSettings | None = None, cache: Path | None = None, pages: int | None = None
) -> AsyncIterator[Node]:
    """A node whose model is a simulated device (`server/simulation/device.py`), loaded when first needed."""

    async def inference(lost: Any) -> Any:
        from pielang.models import ModelStore
        from pielang.server.wire.link import InferenceLink, InferenceOptions

        folder = ModelStore().resolve("smollm2").path
        options = InferenceOptions(folder, simulate=device, page_count=pages, embed_count=16384, token_slots=4096)
        return await InferenceLink.start(options, lost)

    node = Node(NodeConfig(cache=cache, memory_mb=16, time_limit=60, batches=batches), inference)
    try:
        yield node
    finally:
        await node.close()


async def result_of(handle: InstanceHandle) -> Any:
    """What a program answers; its failure ends the benchmark."""
    async for event in handle.events():
        last = event
    if isinstance(last, Failed):
        raise RuntimeError(f"{last.instance} failed: {last.message}")
    return last.result  # type: ignore[union-attr]


def quantile(values: Sequence[float], share: float) -> float:
    """The value that `share` of all are not above."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median(values: Sequence[float]) -> float:
    return statistics.median(values)


def main(
    title: str, measure: Callable[[argparse.Namespace], Awaitable[dict[str, float]]], options: Sequence[str] = ()
) -> None:
    """Run a benchmark as a command; `options` are `name=default` numbers. `--json` adds one object as the last line."""
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    for option in options:
        name, _, default = option.partition("=")
        parser.add_argument(f"--{name}", type=int, default=int(default))
    chosen = parser.parse_args()
    print(title)
    began = time.perf_counter()
    figures = asyncio.run(measure(chosen))  # type: ignore[arg-type]
    print(f"({time.perf_counter() - began:.0f} s)")
    if chosen.json:
        print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
