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


MEANINGS: dict[Status, str] = {
    Status.PIE_ERROR: "anything that has no error of its own",
    Status.MODEL_ERROR: "the model or its process failed, or there is no such model",
    Status.POOL_EXHAUSTED: "no pages or embeddings are left; the message says how many were asked for and are free",
    Status.LIMIT_REACHED: "a limit of the program, the model or the server; the message says which and how to raise it",
    Status.PERMISSION_DENIED: "the program may not do this: the message says what it has to declare",
    Status.RELEASED: "a handle or name of something that was given back, or never was there",
    Status.VALUE_ERROR: "an argument that cannot be right",
    Status.CANCELLED: "the call was given up because what it waited for has ended",
    Status.NO_MORE_MESSAGES: "`receive` after the client's last message",
    Status.GRAMMAR_ERROR: "a grammar that is wrong, or takes too much time or memory to follow",
}

EXCEPTIONS: dict[Status, str] = {
    Status.PIE_ERROR: "PieError",
    Status.MODEL_ERROR: "ModelError",
    Status.POOL_EXHAUSTED: "PoolExhausted",
    Status.LIMIT_REACHED: "LimitReached",
    Status.PERMISSION_DENIED: "PermissionDenied",
    Status.RELEASED: "Released",
    Status.VALUE_ERROR: "ValueError",
    Status.CANCELLED: "Cancelled",
    Status.NO_MORE_MESSAGES: "EOFError",
    Status.GRAMMAR_ERROR: "GrammarError",
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
