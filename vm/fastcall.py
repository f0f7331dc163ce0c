"""Raw calls into wasmtime's C API: the one place with private names of the wrapper.

In: an engine, a compiled module, a memory cap. Out: `RawInstance`, one store with one instance of a module whose
exports are those of docs/abi.md; a guest call costs under a microsecond this way, against 25 through the wrapper's
objects.

Holds for wasmtime 50 with `memory_may_move=False`: the memory's base address is taken once. Nothing here checks
addresses (that is `guest`'s part) or the types of exports (`engine` did).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import POINTER, byref
from dataclasses import dataclass
from typing import Any

import wasmtime
from wasmtime import _ffi as ffi

_NO_FINALIZER = ctypes.CFUNCTYPE(None, ctypes.c_void_p)
_EPOCH_CALLBACK = ctypes.CFUNCTYPE(
    ctypes.c_size_t,
    POINTER(ffi.wasmtime_context_t),
    ctypes.c_void_p,
    POINTER(ctypes.c_uint64),
    POINTER(ffi.wasmtime_update_deadline_kind_t),
)


@dataclass(frozen=True, slots=True)
class RawFrame:
    function: str | None
    module_offset: int


class RawTrap(Exception):
    """A guest call did not return. `code` is None when the epoch callback ended it or instantiation failed."""

    def __init__(self, code: wasmtime.TrapCode | None, message: str, frames: list[RawFrame]) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.frames = frames


class RawInstance:
    """A store, an instance in it, and the addresses that calls need.

    `on_epoch` is called in the calling thread each time `slice_ticks` epochs have passed within a guest call; when it
    answers False the call ends with a RawTrap whose code is None.
    """

    __slots__ = (
        "_callback", "_context", "_memory", "_resume", "_start", "_store", "_trap", "_values", "base", "rings",
        "slice_ticks",
    )  # fmt: skip

    def __init__(
        self,
        engine: wasmtime.Engine,
        module: wasmtime.Module,
        memory_cap: int,
        slice_ticks: int,
        on_epoch: Callable[[], bool],
    ) -> None:
        self._store: wasmtime.Store | None = wasmtime.Store(engine)
        self._store.set_limits(memory_size=memory_cap, instances=1, memories=1)
        self._context: Any = self._store._context()
        self.slice_ticks = slice_ticks
        self._callback = _epoch_callback(on_epoch, slice_ticks)
        pointer = self._store.ptr()
        ffi.wasmtime_store_epoch_deadline_callback(pointer, self._callback, None, ctypes.cast(0, _NO_FINALIZER))
        self._trap = POINTER(ffi.wasm_trap_t)()
        self._values = (ffi.wasmtime_val_raw_t * 1)()
        ffi.wasmtime_context_set_epoch_deadline(self._context, slice_ticks)
        instance = ffi.wasmtime_instance_t()
        imports = (ffi.wasmtime_extern_t * 0)()
        error = ffi.wasmtime_instance_new(self._context, module.ptr(), imports, 0, byref(instance), byref(self._trap))
        self._raise(error)
        self._start = byref(self._export(instance, "start").func)
        self._resume = byref(self._export(instance, "resume").func)
        self._memory = byref(self._export(instance, "memory").memory)
        self.base: int = ctypes.addressof(ffi.wasmtime_memory_data(self._context, self._memory).contents)
        value = ffi.wasmtime_val_t()
        ffi.wasmtime_global_get(self._context, byref(self._export(instance, "rings").global_), byref(value))
        self.rings: int = value.of.i32 & 0xFFFFFFFF

    def _export(self, instance: Any, name: str) -> Any:
        item = ffi.wasmtime_extern_t()
        text = name.encode()
        if not ffi.wasmtime_instance_export_get(self._context, byref(instance), text, len(text), byref(item)):
            raise RawTrap(None, f"the module does not export '{name}'", [])
        return item.of

    def start(self) -> int:
        """Call `start`: the number of submissions. Raises RawTrap."""
        return self._call(self._start)

    def resume(self, completions: int) -> int:
        """Call `resume`: the number of submissions. Raises RawTrap."""
        self._values[0].i32 = completions
        return self._call(self._resume)

    def _call(self, function: Any) -> int:
        ffi.wasmtime_context_set_epoch_deadline(self._context, self.slice_ticks)
        error = ffi.wasmtime_func_call_unchecked(self._context, function, self._values, 1, byref(self._trap))
        if error or self._trap:
            self._raise(error)
        result: int = self._values[0].i32
        return result

    def _raise(self, error: Any) -> None:
        if error:
            frames = ffi.wasm_frame_vec_t(0, None)
            ffi.wasmtime_error_wasm_trace(error, byref(frames))
            rows = [_raw_frame(frames.data[index]) for index in range(frames.size)]
            ffi.wasm_frame_vec_delete(byref(frames))
            failure = wasmtime.WasmtimeError._from_ptr(error)
            raise RawTrap(None, str(failure), rows)
        if self._trap:
            trap = wasmtime.Trap._from_ptr(self._trap)
            self._trap = POINTER(ffi.wasm_trap_t)()
            raise RawTrap(trap.trap_code, trap.message, [RawFrame(f.func_name, f.module_offset) for f in trap.frames])

    def memory_size(self) -> int:
        """Bytes of linear memory now; it never gets smaller."""
        size: int = ffi.wasmtime_memory_data_size(self._context, self._memory)
        return size

    def close(self) -> None:
        """Give the store back. Twice is fine; no call may be running."""
        store, self._store = self._store, None
        if store is not None:
            self._context = None
            self.base = 0
            store.close()


def _raw_frame(frame: Any) -> RawFrame:
    name = ffi.wasmtime_frame_func_name(frame)
    return RawFrame(ffi.to_str(name.contents) if name else None, ffi.wasm_frame_module_offset(frame))


def _epoch_callback(on_epoch: Callable[[], bool], slice_ticks: int) -> Any:
    def callback(_context: Any, _data: Any, delta: Any, kind: Any) -> int:
        # An exception would be printed and lost by ctypes: anything but a clear "go on" ends the guest.
        go_on = False
        try:
            go_on = on_epoch()
        finally:
            delta[0] = slice_ticks
            kind[0] = 0
        if go_on:
            return 0
        error = ffi.wasmtime_error_new(b"stopped by the host")
        return ctypes.cast(error, ctypes.c_void_p).value or 0

    return _EPOCH_CALLBACK(callback)
