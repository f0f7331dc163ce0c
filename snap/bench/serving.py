"""How fast the server answers, as a client sees it, beside other systems on the same model and prompts.

    python -m bench.serving [--dtype bfloat16] [--rounds 5] [--json] [--peers FOLDER] [--only NAME]...

Our own server is started and measured through the Python client. So is every peer that has an environment in FOLDER
(or $PIELANG_PEERS): `vllm/bin/vllm`, `transformers/bin/python`, `llama.cpp/llama-server` with `MODEL-DTYPE.gguf` beside
it; the others, and those that fail on the way, are named with the reason. `--peer` adds a server that runs already and
speaks OpenAI's completions. Each starts once, one after another; peers that are not being measured are stopped.

One stream: 64 tokens in, 128 out, streamed. 8 and 32 at once: the same, answered whole, by wall clock with prefill.
Prefill: 1,000 tokens in, one out; again: the same prompt a second time. Start: from the command to the first token,
with the model on disk. All answers have all their tokens: none ends early. Rounds alternate between the systems; what
is printed are medians, and how many times as good as each peer ours is.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from bench.peers import Answer, Ask, NotRun, Peer, end, openai, start
from pielang.client import Client, ConnectionFailed
from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax import Source
from pielang.models import ModelStore
from pielang.server.control.tokenizer import Tokenizer
from pielang.server.wire.client import Output

OURS = "pielang"
PEERS = ("vllm", "llama.cpp", "transformers")
KEYS = ("one_stream_ms", "tok_s_8", "tok_s_32", "prefill_tok_s", "again_ttft_ms", "start_s")
MORE_IS_BETTER = ("tok_s_8", "tok_s_32", "prefill_tok_s")
TARGETS = {"one_stream_ms": 16, "again_ttft_ms": 30, "start_s": 5}
"""What ours is to reach; of the others, more than any peer."""
PROMPT, LONG_PROMPT, NEW, TOGETHER = 64, 1000, 128, (8, 32)
START_SECONDS = 180.0
WORDS = "river stone morning letter garden engine window colour number winter story silver paper"

PROGRAM = """
from pielang import Context, Sampling

async def main(prompt: str, max_tokens: int, streamed: bool) -> int:
    context = Context()
    context.model.end_tokens.clear()
    context.fill(prompt)
    greedy = Sampling(temperature=0.0)
    if not streamed:
        answer = await context.generate(max_tokens=max_tokens, sampling=greedy)
        print(answer.text)
        return len(answer.tokens)
    stream = context.stream(max_tokens=max_tokens, sampling=greedy)
    while (piece := await stream.next()) is not None:
        print(piece, end="", flush=True)
    return len((await stream.rest()).tokens)
"""


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
        self.ask(["Once"], 1, True)
        # never stopped: its connection to the client would not outlive that, and without requests it does nothing
        self.peer = Peer(self.ask, time.perf_counter() - begin)

    def _connect(self, endpoint: str) -> Client:
        deadline = time.monotonic() + START_SECONDS
        while not Path(endpoint.removeprefix("ipc://")).exists():
            if self._process.poll() is not None or time.monotonic() > deadline:
                raise ConnectionFailed("our server did not start; its message is above")
            time.sleep(0.02)
        return Client.connect(endpoint, timeout=START_SECONDS)

    def ask(self, prompts: Sequence[str], max_tokens: int, streamed: bool) -> list[Answer]:
        begin = time.perf_counter()
        launched = [
            self._client.launch(self._program, {"prompt": prompt, "max_tokens": max_tokens, "streamed": streamed})
            for prompt in prompts
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
        end(self._process)
        self._folder.cleanup()


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


@dataclass(frozen=True, slots=True)
class Round:
    """The prompts of one round, the same for all."""

    alone: str
    groups: tuple[list[str], ...]
    long: str

    @classmethod
    def make(cls, prompts: Prompts) -> Round:
        groups = tuple([prompts.text(PROMPT) for _ in range(count)] for count in TOGETHER)
        return cls(prompts.text(PROMPT), groups, prompts.text(LONG_PROMPT))

    def run(self, ask: Ask) -> dict[str, float]:
        """One measurement of each kind but the start. Raises `NotRun` for an answer that is not whole."""
        found: dict[str, float] = {}
        [alone] = _whole(ask([self.alone], NEW, True))
        found["one_stream_ms"] = (alone.total - alone.first) / (NEW - 1) * 1000
        for group in self.groups:
            answers = _whole(ask(group, NEW, False))
            found[f"tok_s_{len(group)}"] = len(group) * NEW / max(answer.total for answer in answers)
        found["prefill_tok_s"] = LONG_PROMPT / ask([self.long], 1, True)[0].first
        found["again_ttft_ms"] = ask([self.long], 1, True)[0].first * 1000
        return found


def _whole(answers: list[Answer]) -> list[Answer]:
    for answer in answers:
        if answer.tokens != NEW:
            raise NotRun(f"an answer has {answer.tokens} tokens, and {NEW} were asked for")
    return answers


class Contest:
    """The systems that take part, and what was found of each. One that fails leaves; what was found of it stays."""

    def __init__(self) -> None:
        self.systems: dict[str, Peer] = {}
        self.found: dict[str, list[dict[str, float]]] = {}

    def try_each(self, work: Callable[[str, Peer], None]) -> None:
        """Do something with each, one at a time."""
        for name, system in list(self.systems.items()):
            try:
                with system.awake():
                    work(name, system)
            except NotRun as reason:
                print(f"not run: {name}: {reason}", file=sys.stderr)
                self.systems.pop(name).close()

    def close(self) -> None:
        for system in self.systems.values():
            system.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dtype", choices=("float32", "bfloat16"), default="bfloat16")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true", help="the medians of each system as one JSON object")
    parser.add_argument("--peers", type=Path, default=os.environ.get("PIELANG_PEERS"), metavar="FOLDER")
    parser.add_argument("--only", action="append", choices=PEERS, help="of the peers this one, and others given so")
    parser.add_argument("--peer", action="append", default=[], metavar="NAME=BASE_URL")
    options = parser.parse_args()
    model = ModelStore().resolve("smollm2").path
    prompts, contest, starts = Prompts(Tokenizer(model)), Contest(), dict[str, float | None]()

    def join(name: str, begin: Callable[[], Peer]) -> None:
        """Start one more, while the others are stopped."""
        try:
            peer = begin()
            contest.systems[name], starts[name] = peer, peer.start_seconds
            with peer.awake():  # the first request of a size pays for what is made on first use
                for count in (1, *TOGETHER):
                    peer.ask([prompts.text(PROMPT) for _ in range(count)], 8, count == 1)
        except NotRun as reason:
            print(f"not run: {name}: {reason}", file=sys.stderr)
            if name in contest.systems:
                contest.systems.pop(name).close()

    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(1))  # so that nothing of what is started stays
    with ExitStack() as stack:
        stack.callback(contest.close)
        ours = OurServer(options.dtype)
        stack.callback(ours.close)
        join(OURS, lambda: ours.peer)
        for given in options.peer:
            name, _, url = given.partition("=")
            join(name, partial(_running, url.rstrip("/")))
        for name in PEERS:
            if name not in contest.systems and name in (options.only or PEERS):
                join(name, partial(start, name, Path(options.peers or "peers"), model, options.dtype))
        for number in range(options.rounds):
            began, these = time.monotonic(), Round.make(prompts)

            def once(name: str, system: Peer, these: Round = these) -> None:
                contest.found.setdefault(name, []).append(these.run(system.ask))

            contest.try_each(once)
            print(f"round {number + 1} of {options.rounds}: {time.monotonic() - began:.0f} s", file=sys.stderr)
    medians: dict[str, dict[str, Any]] = {
        name: {key: statistics.median(one[key] for one in found) for key in found[0]}
        | {"start_s": starts[name], "rounds": len(found)}
        for name, found in contest.found.items()
    }
    if OURS not in medians:
        return 1
    print(json.dumps(medians) if options.json else table(medians))
    return 0


def _running(url: str) -> Peer:
    """A server that somebody else has started. Raises `NotRun`."""
    try:
        return Peer(openai(url), None)
    except OSError as error:
        raise NotRun(f"{url}: {error}") from error


def table(medians: dict[str, dict[str, Any]]) -> str:
    """One row a measurement: our target, ours, then each peer's with the ratio, above 1 where ours is better."""
    lines = [f"{'':<16}{'target':>8}" + "".join(f"{name:>18}" for name in medians)]
    for key in KEYS:
        mine, cells = medians[OURS][key], [f"{TARGETS.get(key, ''):>8}"]
        for name, found in medians.items():
            value = found[key]
            if value is None:
                cells.append(f"{'-':>18}")
            elif name == OURS:
                cells.append(f"{value:>18.1f}")
            else:
                ratio = mine / value if key in MORE_IS_BETTER else value / mine
                cells.append(f"{value:>10.1f} ({ratio:4.2f}x)")
        lines.append(f"{key:<16}" + "".join(cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
