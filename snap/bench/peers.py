"""Other serving systems, for comparisons: how each is started, and asked.

In: the folder that holds an environment for each. Out: a `Peer` that is running, or the reason why there is none. All
get the same model folder and all cores, and keep prefixes where they can. A peer's packages never mix with ours: it is
a process of its own, reached by OpenAI's completions on the loopback or by lines of JSON. While another one is measured
it is stopped with all its children, so that what it does without requests costs nobody anything.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any

START_SECONDS = 600.0
END_SECONDS = 10.0


class NotRun(Exception):
    """Why a peer is not in the table."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One request as its client saw it."""

    first: float  # seconds to the first piece of text; to the end of an answer that comes whole
    total: float  # seconds to the end
    tokens: int


Ask = Callable[[Sequence[str], int, bool], list[Answer]]
"""Sends prompts all at once, each for so many tokens, streamed or not; returns when all are answered."""


@dataclass(frozen=True, slots=True)
class Peer:
    ask: Ask
    start_seconds: float | None  # from its start to the first token of an answer
    process: subprocess.Popen[Any] | None = None  # none: it is not ours to stop

    @contextmanager
    def awake(self) -> Iterator[None]:
        """It runs within, and is stopped after. Raises `NotRun` for what goes wrong with it."""
        try:
            self._signal(signal.SIGCONT)
            yield
        except (OSError, HTTPException, ValueError) as error:
            raise NotRun(f"{type(error).__name__}: {error}") from error
        finally:
            self._signal(signal.SIGSTOP)

    def close(self) -> None:
        self._signal(signal.SIGCONT)
        if self.process is not None:
            end(self.process)

    def _signal(self, number: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            for process in tree(self.process.pid):
                with suppress(ProcessLookupError):
                    os.kill(process, number)


def tree(process: int) -> list[int]:
    """A process and those below it."""
    found = [process]
    for at in found:
        with suppress(OSError):  # it has just ended
            for task in Path(f"/proc/{at}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
    return found


def end(process: subprocess.Popen[Any]) -> None:
    """End a process and those below it; they get some seconds to do so themselves. Twice is fine."""
    if process.poll() is not None:
        return
    below = tree(process.pid)
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(END_SECONDS)
    for each in below:
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    process.wait()


def openai(base_url: str) -> Ask:
    """A server that speaks OpenAI's completions at BASE_URL/v1; `ignore_eos` is not OpenAI's, but known to most."""
    with urllib.request.urlopen(f"{base_url}/v1/models", timeout=60) as reply:
        model = json.load(reply)["data"][0]["id"]

    def one(prompt: str, max_tokens: int, stream: bool) -> Answer:
        body = {"model": model, "prompt": prompt, "max_tokens": max_tokens, "temperature": 0, "ignore_eos": True}
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        begin, first, tokens = time.perf_counter(), None, 0
        request = urllib.request.Request(
            f"{base_url}/v1/completions", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        with urllib.request.urlopen(request, timeout=600) as reply:
            for line in reply:
                text = line.removeprefix(b"data: ")
                if not text.startswith(b"{"):
                    continue
                part = json.loads(text)
                if part.get("choices") and stream:
                    first = first or time.perf_counter() - begin
                    tokens += 1
                if part.get("usage"):
                    tokens = part["usage"]["completion_tokens"]
        total = time.perf_counter() - begin
        return Answer(first or total, total, tokens)

    def ask(prompts: Sequence[str], max_tokens: int, stream: bool) -> list[Answer]:
        with ThreadPoolExecutor(len(prompts)) as threads:
            return list(threads.map(lambda prompt: one(prompt, max_tokens, stream), prompts))

    return ask


def start(name: str, folder: Path, model: Path, dtype: str) -> Peer:
    """Start a peer out of its environment FOLDER/NAME. Raises `NotRun`."""
    home = folder / name
    match name:
        case "vllm":
            return _start_server(home / "bin" / "vllm", _vllm_options(model, dtype), _vllm_variables(home))
        case "llama.cpp":
            weights = home / f"{model.name}-{dtype}.gguf"
            if not weights.is_file():
                raise NotRun(f"there is no {weights}")
            threads = str(len(os.sched_getaffinity(0)))
            options = ["-m", str(weights), "-np", "32", "-c", "32768", "--kv-unified", "-t", threads, "-tb", threads]
            return _start_server(home / "llama-server", options, {})
        case "transformers":
            return _start_script(home / "bin" / "python", model, dtype)
    raise NotRun("nothing is known of how it is started; give --peer NAME=BASE_URL of one that runs")


def _vllm_options(model: Path, dtype: str) -> list[str]:
    return [
        "serve", str(model), "--dtype", dtype, "--max-model-len", "4096", "--max-num-seqs", "64",
        "--served-model-name", "peer", "--enable-prefix-caching",
    ]  # fmt: skip


def _vllm_variables(home: Path) -> dict[str, str]:
    cores = sorted(os.sched_getaffinity(0))
    variables = {
        "VLLM_CPU_KVCACHE_SPACE": "2",  # GB
        "VLLM_CPU_OMP_THREADS_BIND": f"{cores[0]}-{cores[-1]}",  # by itself it leaves a core free
        "VLLM_NO_USAGE_STATS": "1",
    }
    if found := next(home.glob("lib/python*/**/libiomp5.so"), None):
        variables["LD_PRELOAD"] = str(found)
    return variables


def _start_server(program: Path, options: list[str], variables: dict[str, str]) -> Peer:
    if not program.is_file():
        raise NotRun(f"there is no {program}")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    begin = time.perf_counter()
    command = [str(program), *options, "--host", "127.0.0.1", "--port", str(port)]
    with tempfile.NamedTemporaryFile(delete=False) as log:
        process = subprocess.Popen(
            command, stdout=log, stderr=log, env=os.environ | {"HF_HUB_OFFLINE": "1"} | variables
        )

    while not _healthy(url):
        if process.poll() is not None or time.perf_counter() - begin > START_SECONDS:
            end(process)
            raise NotRun(f"it did not start: {_last_line(Path(log.name))}")
        time.sleep(0.1)
    ask = openai(url)
    ask(["Once"], 1, True)
    return Peer(ask, time.perf_counter() - begin, process)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5):
            return True
    except (urllib.error.URLError, OSError):
        return False


def _last_line(log: Path) -> str:
    """Of a log that is not needed any more."""
    lines = [line for line in log.read_text(errors="replace").splitlines() if line.strip()]
    log.unlink()
    return lines[-1] if lines else "it said nothing"


def _start_script(python: Path, model: Path, dtype: str) -> Peer:
    """`transformers` in a process of its own: a server that batches what comes together, and no more."""
    if not python.is_file():
        raise NotRun(f"there is no {python}")
    begin = time.perf_counter()
    command = [str(python), str(Path(__file__).with_name("peer_transformers.py")), str(model), dtype]
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"} | {"HF_HUB_OFFLINE": "1"}
    with tempfile.NamedTemporaryFile(delete=False) as log:
        process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True, env=variables
        )
    assert process.stdin is not None and process.stdout is not None
    requests, replies = process.stdin, process.stdout

    def ask(prompts: Sequence[str], max_tokens: int, stream: bool) -> list[Answer]:
        try:
            print(json.dumps([list(prompts), max_tokens]), file=requests, flush=True)
            line = replies.readline()
        except BrokenPipeError:
            line = ""
        if not line:
            raise NotRun(f"it ended: {_last_line(Path(log.name))}")
        first, total, tokens = json.loads(line)
        return [Answer(first, total, tokens)] * len(prompts)

    ask(["Once"], 1, True)
    return Peer(ask, time.perf_counter() - begin, process)
