"""Compiles the native kernels for this machine, once, and keeps them.

Comes in: the C++ sources beside this file and the system's compiler. Goes out: a loaded library, or the reason why
there is none: then the model runs on torch alone.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import platform
import subprocess
import tempfile
from pathlib import Path
from shutil import which

COMPILE_SECONDS = 120
FLAGS = ("-std=c++17", "-O3", "-fPIC", "-shared", "-pthread", "-w")
# what PIELANG_KERNELS may ask for, and the instructions that the compiler may then use
LEVELS = {
    "native": ("-march=native",),
    "avx2": ("-march=haswell",),
    "portable": (),
    "torch": (),
}


class NoKernels(Exception):
    """There is no native library; the message says why."""


def load_library(level: str | None = None, cache: Path | None = None) -> ctypes.CDLL:
    """The kernels for this machine. Raises `NoKernels`.

    `level` (else the environment's PIELANG_KERNELS, else "native") is a key of `LEVELS`; "torch" asks for none.
    """
    level = level or os.environ.get("PIELANG_KERNELS") or "native"
    if level == "torch":
        raise NoKernels("PIELANG_KERNELS=torch asks for none")
    if level not in LEVELS:
        raise NoKernels(f"PIELANG_KERNELS is {level!r}; known: {', '.join(LEVELS)}")
    compiler = next(
        (found for name in (os.environ.get("CXX"), "c++", "g++", "clang++") if name and (found := which(name))), None
    )
    if compiler is None:
        raise NoKernels("there is no C++ compiler (c++, g++ or clang++)")
    folder = cache or _cache_folder()
    path = folder / f"kernels-{level}-{_key(compiler, level)}.so"
    try:
        if not path.is_file():
            _compile(compiler, level, path)
        return ctypes.CDLL(str(path))
    except OSError as error:
        raise NoKernels(f"the kernels can't be kept in {folder} or loaded from there: {error}") from error


def _compile(compiler: str, level: str, path: Path) -> None:
    """Write the library whole or not at all: several processes may be at it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        made = Path(folder) / path.name
        command = [compiler, *FLAGS, *LEVELS[level], str(_source_folder() / "kernels.cpp"), "-o", str(made)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=COMPILE_SECONDS)
        except subprocess.TimeoutExpired:
            raise NoKernels(f"{compiler} took more than {COMPILE_SECONDS} s") from None
        if done.returncode:
            lines = done.stderr.strip().splitlines() or ["(it said nothing)"]
            raise NoKernels(f"{compiler} failed: {lines[0]}")
        made.replace(path)


def _key(compiler: str, level: str) -> str:
    """What the library depends on: sources, compiler, and the processor it is tuned for."""
    digest = hashlib.sha256()
    for source in sorted(_source_folder().glob("*.[ch]pp")):
        digest.update(source.read_bytes())
    stat = os.stat(compiler)
    digest.update(repr((compiler, stat.st_size, stat.st_mtime_ns, FLAGS, LEVELS[level], _processor())).encode())
    return digest.hexdigest()[:16]


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.machine() + platform.processor()
    return next((line for line in lines if line.startswith(("flags", "Features"))), platform.machine())


def _source_folder() -> Path:
    return Path(__file__).parent


def _cache_folder() -> Path:
    if chosen := os.environ.get("PIELANG_CACHE"):
        return Path(chosen) / "kernels"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pielang" / "kernels"
