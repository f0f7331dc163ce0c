"""Ctrl-C and SIGTERM, for all commands."""

from __future__ import annotations

import os
import signal
from types import FrameType

from .errors import Exit


class Interrupts:
    """What Ctrl-C and SIGTERM do: the first ends the work in order, the next ends the process at once."""

    def __init__(self) -> None:
        self.code: Exit | None = None  # set by the first one
        self.deferred = False  # a command looks at `code` itself, instead of being interrupted where it is

    def install(self) -> None:
        signal.signal(signal.SIGINT, self._on_signal)
        signal.signal(signal.SIGTERM, self._on_signal)

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if self.code is not None:
            os._exit(self.code)
        self.code = Exit.INTERRUPTED if number == signal.SIGINT else Exit.TERMINATED
        if not self.deferred:
            raise KeyboardInterrupt
