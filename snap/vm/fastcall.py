"""Raw calls into wasmtime's C API: the one place with private names of the wrapper.

In: an engine, a compiled module, a memory cap. Out: `RawInstance`, one store with one instance of a module whose
exports are those of docs/abi.md. A guest runs on a stack of its own: a call that is not over after a slice of time is
left where it stands, and any thread may go on with it. Starting and ending a call costs about a microsecond this way.

Addresses are plain numbers here, because what ctypes does for pointers costs more than the calls. Holds for wasmtime 50
with `memory_may_move=False`: the memory's base address is taken once. Nothing here checks addresses (that is `guest`'s
part) or the types of exports (`engine` did).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import POINTER, addressof, byref
from dataclasses import dataclass
from typing import Any

import wasmtime
from wasmtime import _ffi as ffi

SLICE_TICKS = 1
"""A call is left at the next tick of the epoch."""
_VALUE_BYTES = ctypes.sizeof(ffi.wasmtime_val_t)
_EPOCH_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_size_t, ctypes.c_void_p, ctypes.c_size_t, POINTER(ctypes.c_uint64), POINTER(ctypes.c_uint8)
)
_YIELD = 1  # wasmtime_update_deadline_kind_t


@dataclass(frozen=True, slots=True)
class RawFrame:
    function: str | None
    module_offset: int


class RawTrap(Exception):
    """A guest call did not return. `code` is None when the host stopped it or instantiation failed."""

    def __init__(self, code: wasmtime.TrapCode | None, message: str, frames: list[RawFrame]) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.frames = frames


class _Block(ctypes.Structure):
    """What the calls of one instance read and write."""

    _fields_ = [
        ("kind", ctypes.c_uint64),  # of the argument: 0, an i32
        ("argument", ctypes.c_int32),
        ("_rest", ctypes.c_uint8 * (_VALUE_BYTES - 12)),
        ("result_kind", ctypes.c_uint64),
        ("result", ctypes.c_int32),
        ("_rest2", ctypes.c_uint8 * (_VALUE_BYTES - 12)),
        ("trap", ctypes.c_void_p),
        ("error", ctypes.c_void_p),
        ("instance", ffi.wasmtime_instance_t),
        ("start", ffi.wasmtime_extern_t),
        ("resume", ffi.wasmtime_extern_t),
        ("memory", ffi.wasmtime_extern_t),
        ("rings", ffi.wasmtime_extern_t),
    ]


_IN_UNION = ffi.wasmtime_extern_t.of.offset


class Native:
    """The C functions, for one engine. What takes but a moment is called without letting go of the interpreter."""

    def __init__(self, engine: wasmtime.Engine) -> None:
        address, size, nothing = ctypes.c_void_p, ctypes.c_size_t, None
        short, long = ctypes.PyDLL(ffi.dll._name), ctypes.CDLL(ffi.dll._name)

        def function(library: Any, name: str, result: Any, *arguments: Any) -> Any:
            found = library[f"wasmtime_{name}"]
            found.restype, found.argtypes = result, arguments
            return found

        self._engine = engine  # lives as long as its address is used
        self.engine: Any = ctypes.cast(engine.ptr(), address).value
        self.stopped: set[int] = set()
        """Numbers of instances whose calls are to end at their next slice."""
        self.epoch = 0
        """Ticks so far: a deadline holds until the next one."""
        self._numbers = 0
        self._callback = _EPOCH_CALLBACK(self._on_epoch)  # one for all stores: making one costs as much as ten calls
        self.callback: Any = ctypes.cast(self._callback, address).value
        self.tick = function(short, "engine_increment_epoch", nothing, address)
        self.store_new = function(short, "store_new", address, address, address, address)
        self.store_context = function(short, "store_context", address, address)
        self.store_limiter = function(short, "store_limiter", nothing, address, *[ctypes.c_int64] * 5)
        self.store_callback = function(short, "store_epoch_deadline_callback", nothing, address, address, size, address)
        self.store_delete = function(long, "store_delete", nothing, address)
        self.instance_new = function(short, "instance_new", address, address, address, address, size, address, address)
        self.export_get = function(
            short, "instance_export_get", ctypes.c_bool, address, address, ctypes.c_char_p, size, address
        )
        self.global_get = function(short, "global_get", nothing, address, address, address)
        self.memory_data = function(short, "memory_data", address, address, address)
        self.memory_size = function(short, "memory_data_size", size, address, address)
        self.set_deadline = function(short, "context_set_epoch_deadline", nothing, address, ctypes.c_uint64)
        self.call = function(
            short, "func_call_async", address, address, address, address, size, address, size, address, address
        )
        self.poll = function(long, "call_future_poll", ctypes.c_bool, address)
        self.end_call = function(short, "call_future_delete", nothing, address)

    def number(self) -> int:
        self._numbers += 1
        return self._numbers

    def _on_epoch(self, _context: Any, number: int, delta: Any, kind: Any) -> int:
        if number in self.stopped:
            return ctypes.cast(ffi.wasmtime_error_new(b"stopped by the host"), ctypes.c_void_p).value or 0
        delta[0] = SLICE_TICKS
        kind[0] = _YIELD
        return 0


class RawInstance:
    """A store, an instance in it, and the addresses that calls need. One call at a time, by one thread at a time."""

    __slots__ = (
        "_arguments", "_block", "_context", "_epoch", "_future", "_memory", "_native", "_number", "_outcome", "_resume",
        "_start", "_store", "base", "rings",
    )  # fmt: skip

    def __init__(self, native: Native, module: wasmtime.Module, memory_cap: int) -> None:
        self._native = native
        self._number = native.number()
        self._future: int | None = None
        block = self._block = _Block()
        at = addressof(block)
        self._store: int | None = native.store_new(native.engine, None, None)
        context = self._context = native.store_context(self._store)
        native.store_limiter(self._store, memory_cap, -1, 1, -1, 1)
        native.store_callback(self._store, native.callback, self._number, None)
        native.set_deadline(context, SLICE_TICKS)
        self._epoch = native.epoch
        instance = at + _Block.instance.offset
        error = native.instance_new(
            context, ctypes.cast(module.ptr(), ctypes.c_void_p), None, 0, instance, at + _Block.trap.offset
        )
        try:
            if error or block.trap:
                block.error = error
                self._raise()
            for name in ("start", "resume", "memory", "rings"):
                place = at + getattr(_Block, name).offset
                if not native.export_get(context, instance, name.encode(), len(name), place):
                    raise RawTrap(None, f"the module does not export '{name}'", [])
        except RawTrap:
            self.close()
            raise
        self._start = at + _Block.start.offset + _IN_UNION
        self._resume = at + _Block.resume.offset + _IN_UNION
        self._memory = at + _Block.memory.offset + _IN_UNION
        self._arguments = at
        self._outcome = at + _Block.result_kind.offset
        self.base: int = native.memory_data(context, self._memory)
        native.global_get(context, at + _Block.rings.offset + _IN_UNION, self._outcome)
        self.rings: int = block.result & 0xFFFFFFFF

    def start(self) -> int | None:
        """Call `start`: the number of submissions, or None when the slice is over before it. Raises RawTrap."""
        return self._call(self._start, 0, 0)

    def resume(self, completions: int) -> int | None:
        """Call `resume`, likewise."""
        return self._call(self._resume, 1, completions)

    def say_last(self) -> int | None:
        """After a trap or a stop, have `resume` hand out what is written: within one slice, or None. Raises RawTrap."""
        if self._future is not None:
            self._native.end_call(self._future)
            self._future = None
        self._native.stopped.discard(self._number)
        return self.resume(-1)

    def _call(self, function: int, arguments: int, completions: int) -> int | None:
        native, block, context, outcome = self._native, self._block, self._context, self._outcome
        block.argument = completions
        if self._epoch != native.epoch:
            self._epoch = native.epoch
            native.set_deadline(context, SLICE_TICKS)
        trap, error = outcome + _VALUE_BYTES, outcome + _VALUE_BYTES + 8
        future = native.call(context, function, self._arguments, arguments, outcome, 1, trap, error)
        if not native.poll(future):
            self._future = future
            return None
        native.end_call(future)
        if block.error or block.trap:
            self._raise()
        result: int = block.result
        return result

    def go_on(self) -> int | None:
        """Run the call that was left for another slice, likewise."""
        native, block = self._native, self._block
        if not native.poll(self._future):
            return None
        native.end_call(self._future)
        self._future = None
        if block.error or block.trap:
            self._raise()
        result: int = block.result
        return result

    def stop(self) -> None:
        """End the call that is running, or the next one, when its slice is over. From any thread."""
        self._native.stopped.add(self._number)

    def _raise(self) -> None:
        block = self._block
        if block.error:
            error = ctypes.cast(block.error, POINTER(ffi.wasmtime_error_t))
            block.error = None
            frames = ffi.wasm_frame_vec_t(0, None)
            ffi.wasmtime_error_wasm_trace(error, byref(frames))
            rows = [_raw_frame(frames.data[index]) for index in range(frames.size)]
            ffi.wasm_frame_vec_delete(byref(frames))
            raise RawTrap(None, str(wasmtime.WasmtimeError._from_ptr(error)), rows)
        trap = wasmtime.Trap._from_ptr(ctypes.cast(block.trap, POINTER(ffi.wasm_trap_t)))
        block.trap = None
        raise RawTrap(trap.trap_code, trap.message, [RawFrame(f.func_name, f.module_offset) for f in trap.frames])

    def memory_size(self) -> int:
        """Bytes of linear memory now; it never gets smaller."""
        size: int = self._native.memory_size(self._context, self._memory)
        return size

    def close(self) -> None:
        """Give the store back, with a call that was left in the middle. Twice is fine; no thread may be in a call."""
        store, self._store = self._store, None
        if store is None:
            return
        native = self._native
        if self._future is not None:
            native.end_call(self._future)
        native.store_delete(store)
        native.stopped.discard(self._number)
        self._context = self.base = 0

    def __del__(self) -> None:
        self.close()


def set_stack_size(config: wasmtime.Config, size: int) -> None:
    """Bytes of the stack on which a guest's call runs."""
    ffi.wasmtime_config_async_stack_size_set(config.ptr(), size)


def _raw_frame(frame: Any) -> RawFrame:
    name = ffi.wasmtime_frame_func_name(frame)
    return RawFrame(ffi.to_str(name.contents) if name else None, ffi.wasm_frame_module_offset(frame))


def watch_epochs(store: wasmtime.Store, ticks: int, on_epoch: Callable[[], bool]) -> object:
    """Ask `on_epoch` each time a call has run for so many epochs; False ends it. Keep the result while it may run."""

    def callback(_context: Any, _data: int, delta: Any, kind: Any) -> int:
        # an exception would be printed and lost by ctypes: anything but a clear "go on" ends the call
        delta[0], kind[0] = ticks, 0
        go_on = False
        try:
            go_on = on_epoch()
        finally:
            stopped = 0 if go_on else ctypes.cast(ffi.wasmtime_error_new(b"stopped"), ctypes.c_void_p).value or 0
        return stopped

    made = _EPOCH_CALLBACK(callback)
    register = ctypes.PyDLL(ffi.dll._name)["wasmtime_store_epoch_deadline_callback"]
    register.restype, register.argtypes = None, [ctypes.c_void_p] * 4
    register(ctypes.cast(store.ptr(), ctypes.c_void_p), ctypes.cast(made, ctypes.c_void_p), None, None)
    return made
