"""Errors of the control layer that its callers meet.

LaunchRefused    an upload or a launch could not be done; nothing was started
"""

from __future__ import annotations


class LaunchRefused(Exception):
    """An upload or launch was refused. `str(error)` is the whole message.

    Kinds: "arguments" (they do not fit the program's parameters), "program" (not a module that can run, or not there),
    "model" (it lacks what the program needs), "inference" (its process could not be started), "closing".
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind
        self.message = message
