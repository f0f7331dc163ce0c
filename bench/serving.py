"""How fast the server answers, as a client sees it, beside other servers on the same prompts.

    python bench/serving.py [--dtype bfloat16] [--rounds N] [--json] [--peer NAME=BASE_URL]...

Starts our own server, and measures it through the Python client; a peer is any server with OpenAI's completions at
BASE_URL/v1, already running. One stream: 64 tokens in, 128 out. 8 and 32 at once: the same, by wall clock, prefill
included. Prefill: 1,000 tokens in, one out; again: the same prompt a second time. Rounds alternate between the
servers; what is printed are medians, and how many times as good as each peer ours is.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pielang.client import Client, ConnectionFailed
from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.models import ModelStore
from pielang.server.control.tokenizer import Tokenizer
from pielang.server.wire.client import Output

KEYS = ("one_stream_ms", "tok_s_8", "tok_s_32", "prefill_tok_s", "again_ttft_ms", "start_s")
MORE_IS_BETTER = ("tok_s_8", "tok_s_32", "prefill_tok_s")
PROMPT, LONG_PROMPT, NEW = 64, 1000, 128
START_SECONDS = 180.0
WORDS = "river stone morning letter garden engine window colour number winter story silver paper"

PROGRAM = """
from pielang import Context

async def main(prompt: str, max_tokens: int) -> int:
    context = Context()
    context.fill(prompt)
    stream = context.stream(max_tokens=max_tokens)
    while (piece := await stream.next()) is not None:
        print(piece, end="", flush=True)
    return len((await stream.rest()).tokens)
"""


@dataclass(frozen=True, slots=True)
class Answer:
    """One request as its client saw it."""

    first: float  # seconds to the first piece of text, or to the end where there was none
    total: float  # seconds to the end
    tokens: int


Ask = Callable[[list[str], int], list[Answer]]
"""Sends prompts all at once, each for so many tokens; returns when all are answered."""


class OurServer:
    """`pielang serve` in a process of its own."""

    def __init__(self, dtype: str) -> None:
        self._folder = tempfile.TemporaryDirectory()
        endpoint = f"ipc://{self._folder.name}/serve"
        command = [sys.executable, "-m", "pielang", "serve", "--dtype", dtype, "--endpoint", endpoint]
        root = Path(__file__).resolve().parent.parent
        begin = time.perf_counter()
        self._process = subprocess.Popen(command, cwd=root, stdout=subprocess.DEVNULL)
        self._client = self._connect(endpoint)
        self._program = self._client.upload(build(Source("serving.pie", PROGRAM), Library()).wasm)
        self.ask(["Once"], 1)
        self.start_seconds = time.perf_counter() - begin

    def _connect(self, endpoint: str) -> Client:
        deadline = time.monotonic() + START_SECONDS
        while not Path(endpoint.removeprefix("ipc://")).exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ConnectionFailed("our server did not start; its message is above")
            time.sleep(0.02)
        return Client.connect(endpoint, timeout=START_SECONDS)

    def ask(self, prompts: list[str], max_tokens: int) -> list[Answer]:
        begin = time.perf_counter()
        launched = [
            self._client.launch(self._program, {"prompt": prompt, "max_tokens": max_tokens}) for prompt in prompts
        ]
        answers = []
        for instance in launched:
            first = None
            for event in instance.events():
                if first is None and isinstance(event, Output):
                    first = time.perf_counter() - begin
            total = time.perf_counter() - begin
            answers.append(Answer(first or total, total, int(instance.result())))
        return answers

    def close(self) -> None:
        self._client.close()
        self._process.terminate()
        self._process.wait()
        self._folder.cleanup()


def peer(base_url: str) -> Ask:
    """A server that speaks OpenAI's protocol."""

    def one(prompt: str, max_tokens: int) -> Answer:
        body = {"model": model, "prompt": prompt, "max_tokens": max_tokens, "temperature": 0, "stream": True}
        begin, first, tokens = time.perf_counter(), None, 0
        request = urllib.request.Request(
            f"{base_url}/v1/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=600) as reply:
            for line in reply:
                if line.startswith(b"data: {") and json.loads(line[6:])["choices"]:
                    first = first or time.perf_counter() - begin
                    tokens += 1
        total = time.perf_counter() - begin
        return Answer(first or total, total, tokens)

    with urllib.request.urlopen(f"{base_url}/v1/models", timeout=60) as reply:
        model = json.load(reply)["data"][0]["id"]
    return lambda prompts, count: list(ThreadPoolExecutor(len(prompts)).map(lambda p: one(p, count), prompts))


class Prompts:
    """Texts of a length in tokens, none of which begins like another."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._random = random.Random(7)

    def text(self, length: int) -> str:
        words = WORDS.split()
        text = f"Note {self._random.randrange(10**6)}: " + " ".join(self._random.choices(words, k=length))
        tokens = self._tokenizer.encode(text)[:length]
        return self._tokenizer.decode_bytes(tokens).decode("utf-8", "ignore")


def round_of(ask: Ask, prompts: Prompts) -> dict[str, float]:
    """One measurement of each kind but the start."""
    found: dict[str, float] = {}
    [alone] = ask([prompts.text(PROMPT)], NEW)
    found["one_stream_ms"] = (alone.total - alone.first) / max(alone.tokens - 1, 1) * 1000
    for count in (8, 32):
        answers = ask([prompts.text(PROMPT) for _ in range(count)], NEW)
        found[f"tok_s_{count}"] = sum(answer.tokens for answer in answers) / max(answer.total for answer in answers)
    long = prompts.text(LONG_PROMPT)
    found["prefill_tok_s"] = LONG_PROMPT / ask([long], 1)[0].first
    found["again_ttft_ms"] = ask([long], 1)[0].first * 1000
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="the medians of each server as one JSON object")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=BASE_URL")
    options = parser.parse_args()
    prompts = Prompts(Tokenizer(ModelStore().resolve("smollm2").path))
    ours = OurServer(options.dtype)
    try:
        asks: dict[str, Ask] = {"pielang": ours.ask}
        for given in options.peer:
            name, _, url = given.partition("=")
            asks[name] = peer(url.rstrip("/"))
        for ask in asks.values():
            ask([prompts.text(PROMPT)], 8)  # the first request pays for what is made on first use
        rounds: dict[str, list[dict[str, float]]] = {name: [] for name in asks}
        for _ in range(options.rounds):
            for name, ask in asks.items():
                rounds[name].append(round_of(ask, prompts))
        medians: dict[str, dict[str, Any]] = {
            name: {key: statistics.median(one[key] for one in found) for key in found[0]}
            for name, found in rounds.items()
        }
        medians["pielang"]["start_s"] = ours.start_seconds
    finally:
        ours.close()
    print(json.dumps(medians) if options.json else table(medians))
    return 0


def table(medians: dict[str, dict[str, Any]]) -> str:
    """One row a measurement: ours, then each peer's with the ratio, above 1 where ours is better."""
    lines = [f"{'':<16}" + "".join(f"{name:>18}" for name in medians)]
    for key in KEYS:
        mine, cells = medians["pielang"][key], []
        for found in medians.values():
            value = found.get(key)
            if value is None:
                cells.append(f"{'-':>18}")
            elif value == mine:
                cells.append(f"{value:>18.1f}")
            else:
                ratio = mine / value if key in MORE_IS_BETTER else value / mine
                cells.append(f"{value:>10.1f} ({ratio:4.2f}x)")
        lines.append(f"{key:<16}" + "".join(cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
