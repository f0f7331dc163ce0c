"""What people bring from Python that is not here, and what to write instead."""

from __future__ import annotations

from ..diag import Diagnostic

NO_FILES = "programs run in a sandbox without files: pass text as a parameter of `main`"
FIXED = "attributes are known when the program is compiled: write `x.name`, or keep the values in a dict"
NO_CODE = "the code of a program is fixed when it is compiled: write a function, or a dict of functions"

NAMES = {
    "open": NO_FILES,
    "input": "a parameter of `main` comes from the command line; `await receive()` waits for a message",
    "eval": NO_CODE, "exec": NO_CODE, "compile": NO_CODE, "__import__": NO_CODE,
    "getattr": FIXED, "setattr": FIXED, "hasattr": FIXED, "delattr": FIXED, "vars": FIXED, "dir": FIXED,
    "globals": "names are known when the program is compiled: keep the values in a dict",
    "locals": "names are known when the program is compiled: keep the values in a dict",
    "id": "`is` tells whether two names mean the same object",
    "callable": "whether a value can be called is known when the program is compiled",
    "complex": "keep the two parts in a class or a tuple of floats",
    "memoryview": "slices of `bytes` and `bytearray` are copies",
    "breakpoint": "use `print`",
}  # fmt: skip

SANDBOX = "programs run in a sandbox without files and processes: pass values as parameters of `main`"
NUMBERS = "numbers are kept in lists: `list[float]`; `math` has the functions"
TASKS = "tasks wait side by side: `from pielang import gather`"

MODULES = {
    "os": SANDBOX, "sys": SANDBOX, "pathlib": SANDBOX, "io": SANDBOX, "shutil": SANDBOX, "subprocess": SANDBOX,
    "socket": SANDBOX, "tempfile": SANDBOX, "argparse": "the parameters of `main` are the command line's flags",
    "threading": TASKS, "multiprocessing": TASKS, "concurrent": TASKS, "queue": TASKS,
    "numpy": NUMBERS, "pandas": NUMBERS, "torch": NUMBERS, "scipy": NUMBERS,
    "logging": "use `print`", "decimal": "floats have 53 bits, ints 64", "fractions": "floats have 53 bits, ints 64",
    "copy": "`x.copy()` copies a list, dict or set",
}  # fmt: skip


def explain_name(problem: Diagnostic, name: str) -> Diagnostic:
    return problem.helped(NAMES[name]) if name in NAMES else problem


def explain_module(problem: Diagnostic, module: str) -> Diagnostic:
    first = module.partition(".")[0]
    return problem.helped(MODULES[first]) if first in MODULES else problem
