"""Fixtures that run the real command."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

LIMIT_SECONDS = 100


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str

    @property
    def object(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        return json.loads(self.err)


class Running:
    """A command under way."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def line(self) -> str:
        """Its next line on standard output; the test's time limit bounds the wait."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, self.end()
        return line

    def interrupt(self) -> None:
        """What Ctrl-C in a terminal does: the signal goes to the whole process group."""
        os.killpg(self.process.pid, signal.SIGINT)

    def end(self, limit: float = LIMIT_SECONDS) -> Ran:
        out, err = self.process.communicate(timeout=limit)
        return Ran(self.process.returncode, out, err)


@dataclass(frozen=True)
class Command:
    """`pielang`, in a folder of the test's own and with a runtime folder of its own, so that no other server is met."""

    folder: Path
    environment: dict[str, str]
    started: list[subprocess.Popen[str]]

    def write(self, name: str, text: str) -> str:
        """A file in the folder; returns its name, to be given to the command."""
        (self.folder / name).write_text(text)
        return name

    def start(self, *words: str, typed: str = "") -> Running:
        source, target = os.pipe()
        os.write(target, typed.encode())
        os.close(target)
        process = subprocess.Popen(
            [sys.executable, "-m", "pielang", *words],
            cwd=self.folder,
            env=self.environment,
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        os.close(source)
        self.started.append(process)
        return Running(process)

    def __call__(self, *words: str) -> Ran:
        return self.start(*words).end()


@pytest.fixture
def pielang(tmp_path: Path, repository: Path) -> Iterator[Command]:
    folder = tmp_path / "work"
    folder.mkdir()
    environment = {**os.environ, "PIELANG_RUNTIME": str(tmp_path / "run"), "PYTHONPATH": str(repository)}
    command = Command(folder, environment, [])
    yield command
    for process in command.started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture
def children() -> Callable[[int], list[int]]:
    """The processes that a process has started."""

    def find(parent: int) -> list[int]:
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if int(fields[1]) == parent:
                    found.append(int(entry.name))
        return found

    return find
