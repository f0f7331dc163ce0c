"""`run --trace FILE`: what is written is what viewers of Chrome traces read."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise
from typing import Any

import pytest

from tests.cli.conftest import Command

PROGRAM = """
import pielang.raw as raw

async def main() -> None:
    queue = await raw.create_queue()
    pages = await raw.alloc_kvpage(queue, 1)
    embeds = await raw.alloc_emb(queue, 1)
    for place in range(3):
        raw.embed_txt(queue, [9], [place], embeds)
        raw.forward(queue, pages, place, embeds, embeds)
        await raw.get_next_dist(queue, embeds, 4)
"""


@pytest.mark.model
def test_a_trace_can_be_read(pielang: Command) -> None:
    pielang.write("traced.pie", PROGRAM)
    ran = pielang("run", "--model", "sim:instant", "--trace", "trace.json", "traced.pie")
    assert ran.code == 0, ran.err
    events: list[dict[str, Any]] = json.loads((pielang.folder / "trace.json").read_text())["traceEvents"]
    names = {(event["pid"], event["tid"]): event["args"]["name"] for event in events if event["name"] == "thread_name"}
    tracks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    open_spans: Counter[int] = Counter()
    for event in events:
        match event["ph"]:
            case "M":
                continue
            case "X":
                assert event["ts"] >= 0 and event["dur"] >= 0
            case "b" | "e":
                open_spans[event["id"]] += 1 if event["ph"] == "b" else -1
                assert event["cat"] == "call"
            case other:
                raise AssertionError(other)
        tracks[names[event["pid"], event["tid"]]].append(event)
    assert not +open_spans and not -open_spans
    for track in tracks.values():  # slices of one track follow each other
        slices = sorted((event["ts"], event["ts"] + event["dur"]) for event in track if event["ph"] == "X")
        assert all(end <= start + 0.01 for (_, end), (start, _) in pairwise(slices))
    queue = next(track for name, track in tracks.items() if " queue " in name)
    assert [event["name"] for event in queue if event["ph"] == "b"] == ["alloc_kvpage", "alloc_emb"] + [
        "get_next_dist"
    ] * 3
    batches = [event for name, track in tracks.items() if name.startswith("in flight") for event in track]
    assert [event["args"]["rows"] for event in batches] == [1, 1, 1]
