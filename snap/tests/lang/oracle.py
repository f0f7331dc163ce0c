"""Runs many programs under CPython in one process; started by harness.py with the interpreter that is the oracle.

In, on stdin: a JSON list of [file name, program]. Out, on stdout: a JSON list of [what it printed, last line of the
traceback or ""]. Each program has a process of its own (forked, so that no time goes into starting the interpreter).
"""

import json
import os
import signal
import sys
import tempfile
import traceback

SECONDS = 60


def run(name, text):
    """In the child: the exit status is 0, or 1 when the program ended with an exception."""
    module = type(sys)("__main__")
    module.__file__ = name
    sys.modules["__main__"] = module
    sys.path.insert(0, os.path.dirname(name) or ".")
    try:
        exec(compile(text, name, "exec", dont_inherit=True), module.__dict__)
    except BaseException as error:  # noqa: BLE001 - whatever ends the program is its outcome
        sys.stderr.write("".join(traceback.format_exception_only(type(error), error)))
        return 1
    return 0


def outcome(name, text):
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        child = os.fork()
        if not child:
            signal.alarm(SECONDS)
            os.dup2(output.fileno(), 1)
            os.dup2(errors.fileno(), 2)
            sys.stdout = open(1, "w", encoding="utf-8", newline="\n", closefd=False)
            status = run(name, text)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        output.seek(0)
        errors.seek(0)
        lines = errors.read().decode().rstrip("\n").split("\n")
        return [output.read().decode(), lines[-1] if status and lines[-1] else "" if not status else f"exit {status}"]


if __name__ == "__main__":
    json.dump([outcome(name, text) for name, text in json.load(sys.stdin)], sys.stdout)
