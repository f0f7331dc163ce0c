"""`run --trace FILE`: what is written is what viewers of Chrome traces read."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import pairwise
from typing import Any

import pytest

from tests.cli.conftest import Command

PROGRAM = """
import asyncio
import pielang.raw as raw
from pielang import Context

async def story(topic: str) -> int:
    made = await Context().user(topic).generate(2)  # 7
    return len(made.tokens)

async def main() -> None:
    queue = await raw.create_queue()  # 11
    pages = await raw.alloc_kvpage(queue, 1)  # 12
    embeds = await raw.alloc_emb(queue, 1)  # 13
    for place in range(3):
        raw.embed_txt(queue, [9], [place], embeds)  # 15
        raw.forward(queue, pages, place, embeds, embeds)  # 16
        await raw.get_next_dist(queue, embeds, 4)  # 17
    await asyncio.gather(story("a"), story("b"))
    print("done")
"""

KEYS = {
    "M": {"pid", "tid", "name", "args"},
    "X": {"pid", "tid", "name", "ts", "dur", "args"},
    "b": {"pid", "tid", "name", "ts", "cat", "id", "args"},
    "e": {"pid", "tid", "name", "ts", "cat", "id"},
}
"""What the Chrome trace format asks for in an event of each phase, and what we add (`args`)."""


def valid(document: Any) -> list[dict[str, Any]]:
    """The events of a document that keeps the rules of the format."""
    assert set(document) == {"traceEvents", "otherData"} and document["otherData"] == {"dropped_events": 0}
    events: list[dict[str, Any]] = document["traceEvents"]
    begun: dict[tuple[int, str, int], dict[str, Any]] = {}
    named = set()
    for event in events:
        assert set(event) == KEYS[event["ph"]] | {"ph"}, event
        assert all(isinstance(event[key], int) and event[key] >= 0 for key in ("pid", "tid"))
        assert isinstance(event["name"], str) and all(event.get(key, 0) >= 0 for key in ("ts", "dur"))
        if event["ph"] == "M":
            assert event["name"] in ("process_name", "thread_name") and set(event["args"]) == {"name"}
            named.add((event["pid"], event["tid"]))
            continue
        assert (event["pid"], event["tid"]) in named and (event["pid"], 0) in named  # a track of a group, both named
        if event["ph"] in "be":  # asynchronous events belong together by group, category and id
            key = event["pid"], event["cat"], event["id"]
            if event["ph"] == "b":
                assert key not in begun
                begun[key] = event
            else:
                before = begun.pop(key)
                assert (before["name"], before["tid"]) == (event["name"], event["tid"]) and before["ts"] <= event["ts"]
    assert not begun
    return events


@pytest.mark.model
def test_a_trace_keeps_the_rules_and_names_lines(pielang: Command) -> None:
    pielang.write("traced.pie", PROGRAM)
    ran = pielang("run", "--model", "sim:instant", "traced.pie", "--trace", "trace.json")
    assert ran.code == 0, ran.err
    events = valid(json.loads((pielang.folder / "trace.json").read_text()))
    names = {(event["pid"], event["tid"]): event["args"]["name"] for event in events if event["name"] == "thread_name"}
    tracks: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for event in events:
        if event["ph"] != "M":
            tracks[names[event["pid"], event["tid"]]].append(event)
    for track in tracks.values():  # slices of one track follow each other
        slices = sorted((event["ts"], event["ts"] + event["dur"]) for event in track if event["ph"] == "X")
        assert all(end <= start + 0.01 for (_, end), (start, _) in pairwise(slices))
    assert [(event["name"], event["args"]["line"]) for event in tracks["traced-1 queue 0"] if event["ph"] == "b"] == [
        ("alloc_kvpage", "traced.pie:12"), ("alloc_emb", "traced.pie:13"), *[("get_next_dist", "traced.pie:17")] * 3,
    ]  # fmt: skip
    asked = [event["args"] for event in tracks["traced-1"] if event["ph"] == "X"]
    assert asked[-1]["calls"] == ["write", "exit traced.pie:19"]
    told = [call for event in asked for call in event["calls"]]
    assert told.count("embed_txt traced.pie:15") == told.count("forward traced.pie:16") == 3
    assert told.count("generate traced.pie:7") == 2
    batches = [event["args"] for name, track in tracks.items() if name.startswith("in flight") for event in track]
    by_hand = [batch["lines"] for batch in batches if "forward traced.pie:16" in batch["lines"]]
    assert by_hand == [{"forward traced.pie:16": 1, "get_next_dist traced.pie:17": 1}] * 3
    loops = [batch["lines"] for batch in batches if batch["lines"] not in by_hand]
    assert loops and all(set(lines) == {"generate traced.pie:7"} for lines in loops)
