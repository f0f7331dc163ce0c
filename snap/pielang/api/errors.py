"""Status codes of calls, and the exception that the core library raises in the program for each.

In: a status code of a completion entry. Out: the name of an exception class of `stdlib/core/errors.pie`.
"""

from __future__ import annotations

from enum import IntEnum


class Status(IntEnum):
    """What became of a call. Numbers are part of the guest boundary: they are never given to something else."""

    OK = 0
    PIE_ERROR = 1
    MODEL_ERROR = 2
    POOL_EXHAUSTED = 3
    LIMIT_REACHED = 4
    PERMISSION_DENIED = 5
    RELEASED = 6
    VALUE_ERROR = 7
    CANCELLED = 8
    NO_MORE_MESSAGES = 9
    GRAMMAR_ERROR = 10


# the exception that the program gets, and when
EXCEPTIONS: dict[Status, tuple[str, str]] = {
    Status.PIE_ERROR: ("PieError", "anything that has no error of its own"),
    Status.MODEL_ERROR: ("ModelError", "the model or its process failed, or there is no such model"),
    Status.POOL_EXHAUSTED: (
        "PoolExhausted",
        "no pages or embeddings are left; the message says how many were asked for and are free",
    ),
    Status.LIMIT_REACHED: (
        "LimitReached",
        "a limit of the program, the model or the server; the message says which and how to raise it",
    ),
    Status.PERMISSION_DENIED: (
        "PermissionDenied",
        "the program may not do this: the message says what it has to declare",
    ),
    Status.RELEASED: ("Released", "a handle or name of something that was given back, or never was there"),
    Status.VALUE_ERROR: ("ValueError", "an argument that cannot be right"),
    Status.CANCELLED: ("Cancelled", "the call was given up because what it waited for has ended"),
    Status.NO_MORE_MESSAGES: ("EOFError", "`receive` after the client's last message"),
    Status.GRAMMAR_ERROR: ("GrammarError", "a grammar that is wrong, or takes too much time or memory to follow"),
}


class CallError(Exception):
    """A call failed in a way that the program is told: `status` picks the exception, `message` is its text."""

    def __init__(self, status: Status, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


def no_more_messages() -> CallError:
    """What `receive` says after the client's last message."""
    return CallError(Status.NO_MORE_MESSAGES, "the client sends no more messages")
