"""Adapters that programs have loaded: each once, for as long as a program holds it.

In: names. Out: slots of the device. A name is a folder within the server's folder of adapters, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pielang.api.errors import CallError, Status
from pielang.server.control.batching import ragged
from pielang.server.control.queues import Alone, Command, Owner
from pielang.server.control.resources import Kind, Pool


@dataclass(slots=True, eq=False)
class Adapter:
    name: str
    slot: int
    loaded: bool = False


class Adapters:
    """One per model. `folder`: None when the server has no adapters."""

    def __init__(self, folder: Path | None, slots: int) -> None:
        self._folder = folder
        self._slots = Pool("adapters", slots)
        self._names: dict[str, Adapter] = {}

    def load(self, ticket: int, owner: Owner, name: str) -> Command:
        """The command that answers with a handle of the adapter. Raises CallError."""
        if self._folder is None:
            raise CallError(Status.PERMISSION_DENIED, "this server has no adapters (--adapters FOLDER gives it some)")
        path = self._folder / name
        if Path(name).name != name or not path.is_dir():
            raise CallError(Status.VALUE_ERROR, f"there is no adapter '{name}' in the server's folder of adapters")
        adapter = self._names.get(name)
        if adapter is None:
            (slot,) = self._slots.take(1)
            self._names[name] = adapter = Adapter(name, slot)
        else:
            self._slots.share([adapter.slot])
        try:
            handle = owner.handles.add(Kind.ADAPTER, adapter)
        except CallError:
            self.give_back(adapter)
            raise
        kept = adapter

        def done() -> None:
            kept.loaded = True
            owner.complete(ticket, scalar=handle)

        columns: dict[str, NDArray[Any]] = {}
        if not adapter.loaded:  # two programs may load it at once: the second time changes nothing
            columns["load_adapter"] = np.array([adapter.slot], np.int32)
            columns["adapter_path"], columns["adapter_start"] = ragged([str(path).encode()], np.uint8)

        def failed() -> None:
            if owner.handles.kind(handle) is Kind.ADAPTER:
                self.give_back(owner.handles.remove(handle, Kind.ADAPTER))

        return Alone(ticket, columns, done, failed)

    def give_back(self, adapter: Adapter) -> None:
        """One program less has it."""
        self._slots.give([adapter.slot])
        if not self._slots.references(adapter.slot):
            self._names.pop(adapter.name, None)
