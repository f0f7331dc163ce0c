"""The wasmtime engine: its settings, its clock, and modules made ready to run.

In: the bytes of a `.wasm`. Out: a `Program`, native code that any number of guests share.
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import wasmtime

from pielang.vm.code_cache import CodeCache
from pielang.vm.fastcall import Native, set_stack_size

TICK_SECONDS = 0.005
"""Each tick takes the interpreter from the thread that runs guests, which costs it a tenth of a millisecond or two."""
WASM_STACK_BYTES = 2 << 20
STACK_BYTES = WASM_STACK_BYTES + (1 << 20)
"""Of a guest's call: its own frames, and what the host runs on top of them when a slice is over."""
IDLE_TICKS = 10
EXPORTS = {
    "memory": "memory",
    "start": "function () -> (i32)",
    "resume": "function (i32) -> (i32)",
    "rings": "constant i32",
}


class BadModule(Exception):
    """Bytes that are no module, or not one that this version can run."""


@dataclass(frozen=True, slots=True)
class Program:
    """Native code, and the bytes it was made of (custom sections are read from them when needed)."""

    digest: str  # SHA-256 of the bytes, hexadecimal
    wasm: bytes
    module: wasmtime.Module


class Engine:
    """One per process. The epoch, by which guests are timed, moves on every few milliseconds while a guest runs."""

    def __init__(self, cache_folder: Path | None) -> None:
        config = wasmtime.Config()
        config.wasm_exceptions = True
        config.memory_may_move = False
        config.epoch_interruption = True
        config.max_wasm_stack = WASM_STACK_BYTES
        set_stack_size(config, STACK_BYTES)
        self._engine = wasmtime.Engine(config)
        self.native = Native(self._engine)
        self._cache = CodeCache(cache_folder)
        self._running = threading.Event()
        self._ran = True  # since the last tick
        self._closed = False
        self._ticker = threading.Thread(target=self._tick, name="pie-epoch", daemon=True)
        self._ticker.start()

    def load(self, wasm: bytes) -> Program:
        """Compile, or take from the cache. Safe from any thread. Raises BadModule."""
        digest = hashlib.sha256(wasm).hexdigest()
        try:
            module = self._cache.module(self._engine, wasm, digest, _check)
        except wasmtime.WasmtimeError as error:
            raise BadModule(f"not a WebAssembly module that can run here: {str(error).strip()}") from error
        return Program(digest, wasm, module)

    def running(self) -> None:
        """A guest is about to run: the clock must tick."""
        self._ran = True
        if not self._running.is_set():
            self._running.set()

    def _tick(self) -> None:
        idle = 0
        while not self._closed:
            if idle >= IDLE_TICKS:
                self._running.clear()
                self._running.wait()
                idle = 0
            time.sleep(TICK_SECONDS)
            self.native.tick(self.native.engine)
            self.native.epoch += 1
            idle = 0 if self._ran else idle + 1
            self._ran = False

    def close(self) -> None:
        self._closed = True
        self._running.set()
        self._ticker.join()


def _check(module: wasmtime.Module) -> None:
    """Raw calls trust the types of the exports, so they are looked at once. Raises BadModule."""
    if module.imports:
        names = ", ".join(f"{item.module}.{item.name}" for item in module.imports)
        raise BadModule(f"an inferlet imports nothing, but this module wants {names}: it was not made by pielang")
    found = {item.name: _signature(item.type) for item in module.exports}
    for name, wanted in EXPORTS.items():
        if found.get(name) != wanted:
            raise BadModule(f"the module does not export '{name}' ({wanted}): it was not made by pielang")


def _signature(kind: object) -> str:
    match kind:
        case wasmtime.FuncType():
            parameters, results = (" ".join(str(item) for item in items) for items in (kind.params, kind.results))
            return f"function ({parameters}) -> ({results})"
        case wasmtime.MemoryType():
            return "64-bit memory" if kind.is_64 else "memory"
        case wasmtime.GlobalType():
            return f"{'mutable' if kind.mutable else 'constant'} {kind.content}"
        case _:
            return type(kind).__name__
