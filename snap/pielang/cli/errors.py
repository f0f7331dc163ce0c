"""Exit codes, and the one error that commands raise for what a user did or met.

In: what went wrong, in the user's words. Out: a message on standard error (with --json an object) and the exit code.
"""

from __future__ import annotations

from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """What the exit status says."""

    OK = 0
    FAILED = 1
    USAGE = 2
    COMPILE = 3
    FILE = 4
    MODEL = 5
    SERVER = 6
    INTERNAL = 70
    INTERRUPTED = 130
    PIPE = 141
    TERMINATED = 143


EXIT_CODES = """\
exit codes:
  0    all went well
  1    the inferlet failed: an exception nobody caught, or a limit; doctor: something is broken
  2    wrong usage: an unknown or missing option, flag or argument
  3    the program does not compile
  4    a file is missing or cannot be read or written
  5    the model is unknown, broken, or cannot be fetched
  6    the server, its endpoint or its inference process failed
  70   a fault of pielang itself
  130  interrupted (Ctrl-C)      141  the reader of the output left      143  terminated"""


class CliError(Exception):
    """Ends the command with a message and an exit code; `usage` is printed before it, `details` are for --json."""

    def __init__(self, code: Exit, message: str, *, usage: str = "", details: dict[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.usage = usage
        self.details = details or {}

    def as_json(self) -> dict[str, Any]:
        return {
            "error": {"kind": self.code.name.lower(), "message": self.message, **self.details},
            "exit": int(self.code),
        }
