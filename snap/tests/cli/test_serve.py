"""`pielang serve`, and runs that need the model. These use the default model, pulled once into the cache."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from pielang.client import Client
from tests.cli.conftest import Command, Running

pytestmark = [pytest.mark.model, pytest.mark.timeout(300)]

TALK = """
from pielang import Context

async def main(tokens: int = 100000) -> None:
    context = Context().fill("1, 2, 3,")
    for _ in range(tokens):
        context.append([(await context.next_dist(top_k=1)).argmax()])
        print(".")
"""

HELLO = 'def main(name: str = "you") -> None:\n    print("hello " + name)\n'


def alive(pid: int) -> bool:
    try:
        return (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def serve(pielang: Command, *words: str) -> Running:
    running = pielang.start("serve", "--pages", "300", *words)
    assert running.line().startswith("serving smollm2 (float32) at ")
    return running


def test_runs_use_the_server_that_runs(pielang: Command) -> None:
    pielang.write("talk.pie", TALK)
    pielang.write("hello.pie", HELLO)
    running = serve(pielang)
    with Client.connect(environment=pielang.environment) as client:
        before = client.status()
        assert pielang("run", "talk.pie", "--tokens", "3").out == ".\n" * 3
        assert pielang("run", "hello.pie", "Bob").out == "hello Bob\n"
        after = client.status()
        assert after["launched"] == before["launched"] + 2
        assert after["pages_free"] == before["pages_free"] == after["pages_total"]
    again = pielang("serve")
    assert again.code == 6
    assert "a server runs already" in again.err
    running.process.send_signal(signal.SIGTERM)
    assert running.end().code == 0
    assert not (Path(pielang.environment["PIELANG_RUNTIME"]) / "server.json").exists()
    assert pielang("run", "hello.pie").out == "hello you\n"


def test_a_port_that_is_taken(pielang: Command) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        endpoint = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        ran = pielang("serve", "--endpoint", endpoint)
    assert (ran.code, ran.out) == (6, "")
    assert ran.err == f"pielang: {endpoint} is in use by another program; choose another with --endpoint\n"


def test_what_a_dead_server_left_behind_is_no_hindrance(pielang: Command, children: Callable[[int], list[int]]) -> None:
    pielang.write("hello.pie", HELLO)
    running = serve(pielang)
    (inference,) = children(running.process.pid)
    running.process.kill()
    running.end()
    assert pielang("run", "hello.pie").out == "hello you\n"
    while alive(inference):  # ends by itself; the test's time limit bounds the wait
        os.sched_yield()
    again = serve(pielang)
    again.process.send_signal(signal.SIGINT)
    assert again.end().code == 0


def test_no_server_where_one_is_named(pielang: Command) -> None:
    pielang.write("hello.pie", HELLO)
    ran = pielang("run", "--server", "tcp://127.0.0.1:9", "hello.pie")
    assert ran.code == 6
    assert "no server at tcp://127.0.0.1:9" in ran.err


@pytest.mark.parametrize("served", [False, True])
def test_a_killed_inference_process_is_one_clear_message(
    pielang: Command, children: Callable[[int], list[int]], served: bool
) -> None:
    pielang.write("talk.pie", TALK)
    server = serve(pielang) if served else None
    running = pielang.start("run", "--pages", "300", "talk.pie") if not served else pielang.start("run", "talk.pie")
    assert running.line() == ".\n"
    (inference,) = children((server or running).process.pid)
    os.kill(inference, signal.SIGKILL)
    ran = running.end()
    assert ran.code == 6
    assert "inference process" in ran.err
    assert "killed by signal 9" in ran.err
    if server is not None:
        server.interrupt()
        assert server.end().code == 0


def test_ctrl_c_returns_the_pages_and_leaves_no_process(pielang: Command, children: Callable[[int], list[int]]) -> None:
    pielang.write("talk.pie", TALK)
    running = pielang.start("run", "--pages", "300", "talk.pie")
    assert running.line() == ".\n"
    (inference,) = children(running.process.pid)
    running.interrupt()
    ran = running.end(20)
    assert ran.code == 130
    assert ran.err == "pielang: interrupted\n"
    assert not alive(inference)

    server = serve(pielang)
    running = pielang.start("run", "talk.pie")
    assert running.line() == ".\n"
    running.interrupt()
    assert running.end(20).code == 130
    with Client.connect(environment=pielang.environment) as client:
        while client.status()["instances"]:
            pass
        status = client.status()
        assert status["pages_free"] == status["pages_total"]
    server.interrupt()
    assert server.end().code == 0


def test_a_client_that_is_killed_takes_its_program_with_it(pielang: Command) -> None:
    pielang.write("talk.pie", TALK)
    server = serve(pielang)
    running = pielang.start("run", "talk.pie")
    assert running.line() == ".\n"
    running.process.kill()
    running.end()
    with Client.connect(environment=pielang.environment) as client:
        while client.status()["instances"]:
            pass
        status = client.status()
        assert status["pages_free"] == status["pages_total"]
    server.interrupt()
    assert server.end().code == 0
