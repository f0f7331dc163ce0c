"""Where things lie and what a server is made of: from the environment and the command line to one record.

| variable | what | default |
| --- | --- | --- |
| PIELANG_CACHE | models, compiled programs, parser tables | $XDG_CACHE_HOME/pielang or ~/.cache/pielang |
| PIELANG_RUNTIME | the running server's address and socket | $XDG_RUNTIME_DIR/pielang or the cache's `run` |
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

DTYPES = ("float32", "bfloat16")
POLICIES = ("adaptive", "eager", "k-only", "t-only")
SIMULATED = "sim:"  # a model name that begins so is a simulated device: no weights, made-up tokens


@dataclass(frozen=True, slots=True)
class ServerOptions:
    """What `serve`, and a `run` that brings its own system up, can be told."""

    model: str = "smollm2"  # a known name, a Hugging Face folder, a GGUF file, or sim:NAME
    dtype: str = "float32"
    pages: int | None = None  # KV pages; None: by the free memory
    memory_mb: int = 256  # most linear memory an inferlet may have
    time_limit: float = 10.0  # seconds of computing without a pause after which an inferlet is ended
    limits: tuple[tuple[str, float], ...] = ()  # of `server.control.limits`, where they are not the defaults
    user_limits: tuple[tuple[str, float], ...] = ()  # likewise, for all programs of one client together
    adapters: str | None = None  # folder of LoRA adapters that programs may load by name
    host_pages: int | None = None  # places in host memory for KV pages; None: twice as many as there are pages
    trace: str | None = None  # file that gets what happened, for Perfetto
    record: str | None = None  # file that gets the run of the first program, for `pielang replay`
    policy: str = "adaptive"  # how batches are formed: one of POLICIES
    allow_net: tuple[str, ...] = ()  # hosts that programs may reach by HTTP, if they ask for it
    allow_private: bool = False  # also loopback, link-local and private addresses


@dataclass(frozen=True, slots=True)
class RunningServer:
    """What a server writes down for clients to find it."""

    endpoint: str
    pid: int
    protocol: int
    model: str
    dtype: str


def runtime_folder(environment: Mapping[str, str]) -> Path:
    """The folder of this user's running server."""
    if chosen := environment.get("PIELANG_RUNTIME"):
        return Path(chosen)
    if session := environment.get("XDG_RUNTIME_DIR"):
        return Path(session) / "pielang"
    if chosen := environment.get("PIELANG_CACHE"):
        return Path(chosen) / "run"
    return Path(environment.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pielang" / "run"


def default_endpoint(environment: Mapping[str, str]) -> str:
    return f"ipc://{runtime_folder(environment) / 'server.sock'}"


def find_server(environment: Mapping[str, str]) -> RunningServer | None:
    """The server that runs now, if there is one. What a server that is gone left behind is taken away."""
    path = runtime_folder(environment) / "server.json"
    try:
        found = RunningServer(**json.loads(path.read_text()))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError):
        path.unlink(missing_ok=True)  # half written, or by another version
        return None
    if not is_alive(found.pid):
        path.unlink(missing_ok=True)
        return None
    return found


def announce_server(server: RunningServer, environment: Mapping[str, str]) -> Path:
    """Writes down where the server is, in one step."""
    folder = runtime_folder(environment)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / "server.json"
    partial = folder / f"server.json.{server.pid}"
    partial.write_text(json.dumps(asdict(server)))
    partial.replace(path)
    return path


def is_alive(pid: int) -> bool:
    """Whether a process of that number exists."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
