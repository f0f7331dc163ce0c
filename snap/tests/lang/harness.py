"""Runs a program of the language without a server: compile it, run it in a bare guest, collect what it prints.

`run_pie` and `run_python` give the same kind of `Outcome`, so that CPython is the oracle for what compiles.
"""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections import deque
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgpack

from pielang.compiler.driver import build
from pielang.compiler.library import Library
from pielang.compiler.syntax.source import Source
from pielang.vm.engine import Engine, Program
from pielang.vm.guest import Completion, Guest, Limits

EXIT, FAIL, WRITE, GET_ARG = 1, 2, 3, 5


@dataclass(frozen=True)
class Outcome:
    """What a program printed, and the exception that ended it ("" when none did), as in a traceback's last line."""

    output: str
    error: str


@cache
def engine() -> Engine:
    """One for all programs of a test run; its clock's thread ends with the process."""
    return Engine(None)


def run_wasm(wasm: bytes, limits: Limits | None = None) -> Outcome:
    """Runs a module that makes no calls but those about itself. Raises GuestTrap."""
    return run_program(engine().load(wasm), limits)


def run_program(program: Program, limits: Limits | None = None) -> Outcome:
    guest = Guest(engine(), program, limits or Limits(resume_seconds=60))
    try:
        engine().running()
        output: list[bytes] = []
        inbox: deque[Completion] = deque()
        now = 0.0
        sleepers: list[tuple[float, int, int]] = []
        for _ in range(10_000):
            for call in guest.run(inbox):
                match call.opcode:
                    case 1:  # exit
                        return Outcome(b"".join(output).decode(), "")
                    case 2:  # fail
                        kind, message, *_ = msgpack.unpackb(call.data)[-1]
                        return Outcome(b"".join(output).decode(), f"{kind}: {message}" if message else kind)
                    case 3:  # write
                        output.append(call.data)
                    case 5:  # get_arg
                        inbox.append(Completion(call.ticket, 0, msgpack.packb({})))
                    case 13:  # sleep: who has least to wait is woken when nobody else can go on
                        sleepers.append((now + msgpack.unpackb(call.data)[0], len(sleepers), call.ticket))
                    case 15:  # random_seed
                        inbox.append(Completion(call.ticket, 0, msgpack.packb(12345)))
                    case other:
                        raise AssertionError(f"the program made call {other}")
            if sleepers and not inbox and not guest.has_more:
                first = min(sleepers)
                sleepers.remove(first)
                now = first[0]
                inbox.append(Completion(first[2], 0))
            assert inbox or guest.has_more, "the program waits for nothing"
        raise AssertionError("the program does not end")
    finally:
        guest.close()


def run_pie(text: str, name: str = "program.pie", folder: Path | None = None) -> Outcome:
    return run_wasm(build(Source(name, text), Library(folder)).wasm)


@cache
def oracle() -> str:
    """A CPython that knows the language's grammar: this one from 3.12 on, else one that can be found, else this one."""
    if sys.version_info >= (3, 12):
        return sys.executable
    candidates = [shutil.which(f"python3.{minor}") for minor in (13, 12)]
    candidates += [str(path) for path in sorted(Path.home().glob(".pyenv/versions/3.1[23]*/bin/python"))]
    for candidate in candidates:
        if candidate is not None:
            asked = [candidate, "-c", "import sys; print(sys.version_info >= (3, 12))"]
            if subprocess.run(asked, capture_output=True, text=True, timeout=60).stdout.strip() == "True":
                return candidate
    return sys.executable


def oracle_knows(text: str) -> bool:
    """Can the oracle read the program? One older than 3.12 does not know all of the grammar."""
    if oracle() != sys.executable or sys.version_info >= (3, 12):
        return True
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def run_python(path: Path) -> Outcome:
    done = subprocess.run([oracle(), str(path)], capture_output=True, text=True, timeout=60, encoding="utf-8")
    lines = done.stderr.strip().splitlines()
    return Outcome(done.stdout, lines[-1] if done.returncode and lines else "")


def run_python_on(programs: list[tuple[str, str]]) -> list[Outcome]:
    """Outcomes of (file name, text) under the oracle, all in one process of it."""
    script = Path(__file__).with_name("oracle.py")
    done = subprocess.run(
        [oracle(), str(script)], input=json.dumps(programs), capture_output=True, text=True, timeout=600, check=True
    )
    return [Outcome(output, error) for output, error in json.loads(done.stdout)]
