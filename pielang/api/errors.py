"""Status codes of calls, and the exception that the core library raises in the program for each.

In: a status code of a completion entry. Out: the name of an exception class of `stdlib/core/errors.pie`.
"""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What became of a call. Numbers are part of the guest boundary: they are never given to something else."""

    OK = 0
    PIE_ERROR = 1
    """Anything that has no code of its own."""
    MODEL_ERROR = 2
    """The model or its process failed, or there is no such model."""
    POOL_EXHAUSTED = 3
    """No pages or embeddings left; the message says how many were asked for, are free and are held."""
    LIMIT_REACHED = 4
    """A limit of the inferlet, the model or the server; the message says which, its value and how to raise it."""
    PERMISSION_DENIED = 5
    """The program did not declare that it does this."""
    RELEASED = 6
    """A handle of something that was given back, or never was the program's."""
    VALUE_ERROR = 7
    """An argument that cannot be right."""
    CANCELLED = 8
    """The call was given up because its queue, loop or inferlet ended."""


EXCEPTIONS: dict[Status, str] = {
    Status.PIE_ERROR: "PieError",
    Status.MODEL_ERROR: "ModelError",
    Status.POOL_EXHAUSTED: "PoolExhausted",
    Status.LIMIT_REACHED: "LimitReached",
    Status.PERMISSION_DENIED: "PermissionDenied",
    Status.RELEASED: "Released",
    Status.VALUE_ERROR: "ValueError",
    Status.CANCELLED: "Cancelled",
}


class CallError(Exception):
    """A call failed in a way that the program is told: `status` picks the exception, `message` is its text."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
