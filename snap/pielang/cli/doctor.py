"""`pielang doctor`: what this machine has of what pielang needs, what was chosen for it, and why.

In: nothing but the machine. Out: one finding for each thing that is looked at; the exit status is 1 when one of them
is needed and broken. Nothing is downloaded and no server is started.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from .errors import Exit
from .interrupts import Interrupts
from .options import Options
from .terminal import Terminal, readable_size

PYTHONS = ((3, 11), (3, 14))
REQUIRED = (
    "wasmtime", "lark", "pyzmq", "msgpack", "numpy", "tokenizers", "safetensors", "torch", "gguf", "jinja2", "aiohttp",
)  # fmt: skip
SOCKET_PATH_BYTES = 107  # what fits into sockaddr_un.sun_path on Linux
FREE_BYTES = 1 << 30


@dataclass(frozen=True, slots=True)
class Finding:
    """`state`: "ok", "note" (it goes on, perhaps slower or with less) or "broken" (it does not)."""

    topic: str
    state: str
    text: str


def doctor(words: list[str], terminal: Terminal, interrupts: Interrupts) -> int:
    """Looks at everything and says what it found."""
    options = Options("doctor", "Show what this machine has of what pielang needs, and what was chosen for it.")
    options.read(words, terminal)
    found: list[Finding] = []
    for look in (_python, _packages, _programs, _kernels, _gpu, _cache, _models, _server):
        for finding in look():
            found.append(finding)
            if not terminal.json:
                terminal.say(f"{finding.state:<6}  {finding.topic:<10}  {finding.text}")
    broken = sum(finding.state == "broken" for finding in found)
    if terminal.json:
        terminal.object({"ok": not broken, "findings": [asdict(finding) for finding in found]})
    elif broken:
        terminal.note(
            f"pielang: {broken} thing{'s' * (broken != 1)} that it needs {'is' if broken == 1 else 'are'} broken"
        )
    return Exit.FAILED if broken else Exit.OK


def _python() -> Iterator[Finding]:
    low, high = PYTHONS
    fits = low <= sys.version_info[:2] < high
    wanted = "" if fits else f": {low[0]}.{low[1]} to {high[0]}.{high[1] - 1} is needed"
    text = f"{sys.version.split()[0]} ({sys.executable}){wanted}"
    yield Finding("python", "ok" if fits else "broken", text)


def _packages() -> Iterator[Finding]:
    found, missing = [], []
    for name in REQUIRED:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            missing.append(name)
    if missing:
        yield Finding("packages", "broken", f"missing: {', '.join(missing)}; run pip install pielang")
    yield Finding("packages", "ok", ", ".join(found))


def _programs() -> Iterator[Finding]:
    """The whole way of a program but its run: compiled, checked by wasmtime, made native code."""

    def compile_one() -> str:
        from pielang.compiler.driver import build
        from pielang.compiler.library import Library
        from pielang.compiler.syntax import Source
        from pielang.vm.engine import Engine

        program = build(Source("doctor.pie", "print(6 * 7)\n"), Library())
        engine = Engine(None)
        try:
            engine.load(program.wasm)
        finally:
            engine.close()
        return f"a program compiles ({readable_size(len(program.wasm))}) and loads"

    yield _tried("compiler", compile_one)


def _kernels() -> Iterator[Finding]:
    from pielang.server.inference.native.build import NoKernels, load_library

    try:
        path = Path(load_library()._name)
    except NoKernels as error:
        yield Finding("kernels", "note", f"torch computes the model, which is slower: {error}")
    else:
        chosen = os.environ.get("PIELANG_KERNELS")
        why = f"PIELANG_KERNELS={chosen}" if chosen else "a C++ compiler is here, and PIELANG_KERNELS says nothing else"
        yield Finding("kernels", "ok", f"native: {path} ({why})")


def _gpu() -> Iterator[Finding]:
    if not Path("/dev/nvidia0").exists():
        yield Finding("gpu", "note", "none: models run on the CPU")
        return
    try:
        yield Finding("gpu", "ok", f"CUDA device, flashinfer-python {version('flashinfer-python')}")
    except PackageNotFoundError:
        yield Finding("gpu", "note", "CUDA device without FlashInfer: pip install 'pielang[gpu]' makes it faster")


def _cache() -> Iterator[Finding]:
    from pielang.models.store import default_cache

    def look() -> str:
        folder = default_cache()
        folder.mkdir(parents=True, exist_ok=True)
        probe = folder / f".doctor-{os.getpid()}"
        probe.write_bytes(b"")
        probe.unlink()
        free = shutil.disk_usage(folder).free
        if free < FREE_BYTES:
            raise OSError(f"{folder}: {readable_size(free)} free; set PIELANG_CACHE to a folder on another disk")
        return f"{folder}, {readable_size(free)} free"

    yield _tried("cache", look)


def _models() -> Iterator[Finding]:
    from pielang.models.store import DEFAULT_MODEL, ModelStore

    held = ModelStore().list()
    if held:
        yield Finding("models", "ok", ", ".join(f"{model.name} ({readable_size(model.size)})" for model in held))
    if DEFAULT_MODEL not in {model.name for model in held}:
        yield Finding("models", "note", f"{DEFAULT_MODEL} is pulled when first used, or by pielang model pull")


def _server() -> Iterator[Finding]:
    from pielang.config import default_endpoint, find_server, runtime_folder

    def look() -> str:
        folder = runtime_folder(os.environ)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not os.access(folder, os.W_OK):
            raise OSError(f"{folder} cannot be written to; set PIELANG_RUNTIME to a folder of yours")
        endpoint = default_endpoint(os.environ)
        if len(os.fsencode(endpoint.removeprefix("ipc://"))) > SOCKET_PATH_BYTES:
            raise OSError(f"{endpoint} is too long for a socket; set PIELANG_RUNTIME to a shorter path")
        server = find_server(os.environ)
        if server is None:
            return f"none runs; one would listen at {endpoint}"
        return f"process {server.pid} serves {server.model} at {server.endpoint}"

    yield _tried("server", look)


def _tried(topic: str, look: Callable[[], str]) -> Finding:
    """What looking gives; an error is what it finds, whatever it is: saying so is all this command is for."""
    try:
        return Finding(topic, "ok", look())
    except Exception as error:  # noqa: BLE001 - reported as a finding
        return Finding(topic, "broken", f"{type(error).__name__}: {error}")
