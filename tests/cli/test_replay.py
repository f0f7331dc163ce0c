"""`run --record FILE` and `replay FILE`: the same run once more, with nothing outside."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.cli.conftest import Command

CHANCE = """
import random
import sys
import time

from pielang import gather, receive, send, sleep

async def draw(name: str) -> float:
    await sleep(random.random() / 100)
    print(name, time.time(), random.random(), await receive())
    return random.random()

async def main(rounds: int) -> list[float]:
    print("began", time.time_ns(), file=sys.stderr)
    drawn = []
    for _ in range(rounds):
        drawn += await gather(draw("a"), draw("b"))
    send("sent")
    text = "x" * 100_000
    print(len(text), hash(text))
    return drawn
"""

FAILS = """
from pielang import sleep

async def lookup(key: str) -> int:
    await sleep(0)
    return {"a": 1}[key]

async def main() -> None:
    print(await lookup("a"))
    print(await lookup("b"))
"""

WAITS = """
from pielang import sleep

async def main() -> None:
    print("on")
    await sleep(600)
"""


def test_what_came_from_outside_comes_again(pielang: Command) -> None:
    pielang.write("chance.pie", CHANCE)
    ran = pielang.start("run", "--record", "chance.rec", "chance.pie", "2", typed="one\ntwo\nthree\nfour\n").end()
    assert ran.code == 0, ran.err
    assert {"one", "two", "three", "four", "sent"} <= set(ran.out.split())
    (pielang.folder / "chance.pie").unlink()
    assert pielang("replay", "chance.rec") == ran
    assert pielang("replay", "chance.rec") == ran


def test_an_exception_is_shown_with_its_lines(pielang: Command) -> None:
    pielang.write("fails.pie", FAILS)
    ran = pielang("run", "fails.pie", "--record", "fails.rec")
    assert (ran.code, ran.out) == (1, "1\n")
    assert "line 6, in lookup" in ran.err and ran.err.endswith("KeyError: 'b'\n")
    assert pielang("replay", "fails.rec") == ran
    again = pielang("replay", "--json", "fails.rec")
    assert again.error["error"]["chain"][0]["type"] == "KeyError"


def test_a_run_that_was_interrupted_goes_as_far(pielang: Command) -> None:
    pielang.write("waits.pie", WAITS)
    running = pielang.start("run", "--record", "waits.rec", "waits.pie")
    assert running.line() == "on\n"
    running.interrupt()
    assert running.end().code == 130
    ran = pielang("replay", "waits.rec")
    assert (ran.code, ran.out) == (1, "on\n")
    assert ran.err == "pielang: the recorded run ended here: terminated by the client\n"


def test_what_is_no_whole_record_is_told_apart(pielang: Command) -> None:
    pielang.write("fails.pie", FAILS)
    pielang("run", "--record", "fails.rec", "fails.pie")
    record = (pielang.folder / "fails.rec").read_bytes()
    (pielang.folder / "cut.rec").write_bytes(record[: len(record) - len("KeyError: 'b'") - 60])
    assert "the recorded run ended here: its record breaks off" in pielang("replay", "cut.rec").err
    (pielang.folder / "other.rec").write_bytes(record.replace(b"record\x01", b"record\x63"))
    for name, problem in {
        "fails.pie": "it is no record of a run",
        "other.rec": "it is a record of version 99; this pielang reads 1: record again",
    }.items():
        ran = pielang("replay", name)
        assert (ran.code, ran.err) == (4, f"pielang: {name} cannot be replayed: {problem}\n")
    assert pielang("replay", "none.rec").err == "pielang: there is no file none.rec\n"


def test_another_answer_than_recorded_is_noticed(pielang: Command) -> None:
    """A record whose module asks for something else: here another text is written."""
    pielang.write("fails.pie", FAILS.replace('lookup("a")', "lookup(\"a\"), 'left'"))
    pielang("run", "--record", "fails.rec", "fails.pie")
    path = pielang.folder / "fails.rec"
    path.write_bytes(path.read_bytes().replace(b"left", b"lost"))
    ran = pielang("replay", "fails.rec")
    assert ran.code == 4
    assert "in round 2 the program asks for something else than it did then" in ran.err


def test_where_nothing_can_be_kept_nothing_is_run(pielang: Command) -> None:
    pielang.write("waits.pie", WAITS)
    ran = pielang("run", "--record", "none/waits.rec", "waits.pie")
    assert (ran.code, ran.out) == (4, "")
    assert ran.err == "pielang: cannot write none/waits.rec: No such file or directory\n"
    ran = pielang("run", "--record", "waits.rec", "--server", "ipc:///nowhere", "waits.pie")
    assert ran.code == 2
    assert "--record says how a server is made, and --server names one that runs" in ran.err


@pytest.mark.model
def test_a_model_is_not_asked_again(pielang: Command) -> None:
    pielang.write(
        "ask.pie",
        """
from pielang import Context, Sampling

async def main() -> str:
    root = Context().user("Name a colour.")
    first, second = root.fork(2)
    made = await first.generate(max_tokens=8, sampling=Sampling(temperature=1.0))
    rated = await second.assistant("Blue").generate(max_tokens=4)
    return made.text + "|" + rated.text
""",
    )
    ran = pielang("run", "--record", "ask.rec", "ask.pie")
    assert ran.code == 0, ran.err
    elsewhere = replace(pielang, environment={**pielang.environment, "PIELANG_CACHE": str(pielang.folder / "empty")})
    again = elsewhere("replay", "ask.rec")
    assert (again.code, again.out) == (0, ran.out)
    assert not (pielang.folder / "empty" / "models").exists()


def test_a_replay_that_computes_can_be_interrupted(pielang: Command) -> None:
    pielang.write("spins.pie", WAITS.replace("await sleep(600)", "await sleep(0)\n    while True:\n        pass"))
    for words in (("run", "--record", "spins.rec", "spins.pie"), ("replay", "spins.rec")):
        running = pielang.start(*words)
        assert running.line() == "on\n"
        running.interrupt()
        ran = running.end()
        assert (ran.code, ran.err) == (130, "pielang: interrupted\n")
