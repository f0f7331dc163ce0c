"""What the benchmarks of the engine share: a node on a simulated device, programs, and how results are printed."""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Aim:
    """What a figure is held against: where the system is to get, and what the paper has."""

    value: float | None = None
    least: bool = False  # the figure is to be at least that, not at most
    paper: str = ""


Measure = Callable[[argparse.Namespace], Awaitable[dict[str, float]]]


def main(title: str, measure: Measure, options: Sequence[str] = (), aims: Mapping[str, Aim] | None = None) -> None:
    """Run a benchmark as a command, several times; a row for each figure. `options` are `name=default` numbers.

    `--json` adds one object as the last line: the medians.
    """
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    for option in [*options, "runs=5"]:
        name, _, default = option.partition("=")
        parser.add_argument(f"--{name}", type=int, default=int(default))
    chosen = parser.parse_args()
    print(title)
    began = time.perf_counter()
    runs = [asyncio.run(measure(chosen)) for _ in range(chosen.runs)]  # type: ignore[arg-type]
    figures = {name: median([run[name] for run in runs]) for name in runs[0]}
    print(f"\n{'':<36}{'median':>10}{'least':>10}{'most':>10}{'aim':>12}{'of it':>8}   paper")
    for name, value in figures.items():
        found, aim = [run[name] for run in runs], (aims or {}).get(name, Aim())
        row = f"{name:<36}{value:>10.3f}{min(found):>10.3f}{max(found):>10.3f}"
        if aim.value is not None:
            row += f"{('>= ' if aim.least else '<= ') + format(aim.value, 'g'):>12}{value / aim.value:>8.2f}"
        print(f"{row:<86}   {aim.paper}".rstrip())
    print(f"({chosen.runs} runs, {time.perf_counter() - began:.0f} s)")
    if chosen.json:
        print(json.dumps({name: round(value, 4) for name, value in figures.items()}))
