"""What people bring from Python, or from other languages, that is not here, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from ..diag import Diagnostic, Fix, closest
from ..syntax.source import Source, Span

NO_FILES = "programs run in a sandbox without files: pass text as a parameter of `main`"
FIXED = "attributes are known when the program is compiled: write `x.name`, or keep the values in a dict"
NO_CODE = "the code of a program is fixed when it is compiled: write a function, or a dict of functions"

NAMES = {
    "open": NO_FILES,
    "input": "a parameter of `main` comes from the command line; `await receive()` waits for a message",
    "raw_input": "a parameter of `main` comes from the command line; `await receive()` waits for a message",
    "eval": NO_CODE, "exec": NO_CODE, "compile": NO_CODE, "__import__": NO_CODE,
    "delattr": FIXED,
    "locals": "names are known when the program is compiled: keep the values in a dict",
    "id": "`is` tells whether two names mean the same object",
    "complex": "keep the two parts in a class or a tuple of floats",
    "memoryview": "slices of `bytes` and `bytearray` are copies",
    "breakpoint": "use `print`", "help": "`pielang run FILE --help` shows a program's flags", "console": "use `print`",
    "self": "a method names the object itself as its first parameter: `def method(self):`",
    "__file__": "programs run in a sandbox without files", "__builtins__": NO_CODE,
    "WeakRef": "nothing is weakly referenced: the collector frees what nobody holds",
}  # fmt: skip

RENAMED = {
    "true": "True", "TRUE": "True", "false": "False", "FALSE": "False", "none": "None", "null": "None",
    "NULL": "None", "nil": "None", "undefined": "None", "xrange": "range", "unicode": "str",
    "basestring": "str", "long": "int", "unichr": "chr", "this": "self", "println": "print", "printf": "print",
    "puts": "print", "echo": "print", "String": "str", "string": "str", "Integer": "int", "integer": "int",
    "boolean": "bool", "double": "float", "Array": "list", "Object": "object",
}  # fmt: skip

METHODS: dict[str, tuple[str, ...]] = {
    "push": ("append", "add"), "push_back": ("append",), "add": ("append",), "append": ("add",), "addAll": ("extend",),
    "concat": ("extend",), "indexOf": ("find", "index"), "trim": ("strip",), "toUpperCase": ("upper",),
    "toLowerCase": ("lower",), "to_upper": ("upper",), "to_lower": ("lower",), "iteritems": ("items",),
    "iterkeys": ("keys",), "itervalues": ("values",), "entries": ("items",), "shift": ("popleft",),
    "delete": ("remove", "discard"), "replaceAll": ("replace",), "merge": ("update",), "empty": ("clear",),
}  # fmt: skip

LENGTH = "`len(x)` tells how many there are"
CONTAINED = "`item in x` tells whether it is there"
FORMS = {
    "length": LENGTH, "size": LENGTH, "len": LENGTH, "count": LENGTH, "has_key": CONTAINED, "contains": CONTAINED,
    "includes": CONTAINED, "has": CONTAINED, "toString": "`str(x)` makes a text of it",
    "substring": "a part is a slice: `x[begin:end]`", "substr": "a part is a slice: `x[begin:end]`",
    "slice": "a part is a slice: `x[begin:end]`", "charAt": "`x[i]` is one character",
    "map": "write a comprehension: `[f(item) for item in x]`", "forEach": "write a loop: `for item in x:`",
    "filter": "write a comprehension: `[item for item in x if ...]`", "sorted": "`sorted(x)` gives a sorted list",
    "reversed": "`reversed(x)` goes backwards", "put": "write `x[key] = value`", "set": "write `x[key] = value`",
    "append": "`x + y` joins two of them", "decode": "it is text already: `encode()` makes bytes of it",
    "encode": "these are bytes already: `decode()` makes text of them", "contents": "write `list(x)`",
    "next": "write `next(x)`", "sum": "write `sum(x)`", "max": "write `max(x)`", "min": "write `min(x)`",
    "join": "the separator comes first: `', '.join(x)`", "nonzero": "write `bool(x)`",
}  # fmt: skip

SANDBOX = "programs run in a sandbox without files and processes: pass values as parameters of `main`"
NUMBERS = "numbers are kept in lists: `list[float]`; `math` has the functions"
TASKS = "tasks wait side by side: `from pielang import gather`"
HTTP = "the host fetches for a program: `from pielang import http`"
MODEL = "the model is there already: `from pielang import Context`"

MODULES = {
    "os": SANDBOX, "pathlib": SANDBOX, "shutil": SANDBOX, "subprocess": SANDBOX, "glob": SANDBOX,
    "socket": SANDBOX, "tempfile": SANDBOX, "pickle": SANDBOX,
    "argparse": "the parameters of `main` are the command line's flags",
    "threading": TASKS, "multiprocessing": TASKS, "concurrent": TASKS, "queue": TASKS,
    "numpy": NUMBERS, "pandas": NUMBERS, "torch": NUMBERS, "scipy": NUMBERS, "array": NUMBERS,
    "logging": "use `print`", "pprint": "use `print`",
    "requests": HTTP, "urllib": HTTP, "httpx": HTTP, "aiohttp": HTTP,
    "openai": MODEL, "anthropic": MODEL, "transformers": MODEL, "vllm": MODEL, "langchain": MODEL,
    "weakref": "nothing is weakly referenced: the collector frees what nobody holds",
    "ctypes": SANDBOX, "inspect": FIXED, "importlib": NO_CODE, "gc": "the collector runs by itself",
    "uuid": "`random.getrandbits(62)` makes a number",
    "unittest": "write a program that asserts", "pytest": "write a program that asserts",
}  # fmt: skip


def explain_name(
    problem: Diagnostic, name: str, own: Collection[str], builtins: Iterable[str], defining: Callable[[str], list[str]]
) -> Diagnostic:
    """What may be meant by a name that is not defined: one that is not in the language, one of another language, one
    that a module of the library has (`defining` tells which), or one that is written much alike: of the user's `own`
    (but a class of the library rather than a variable), else of the built-in ones.
    """
    if name in NAMES:
        return problem.helped(NAMES[name])
    if name in RENAMED and (name != "this" or "self" in own):
        return problem.replacing(f"it is called `{RENAMED[name]}` here", RENAMED[name])
    modules = defining(name)
    if modules and (name[0].isupper() or closest(name, own) is None):
        line = f"import {name}" if name in modules else f"from {modules[0]} import {name}"
        return problem.helped(f"import it first: `{line}`", Fix(problem.source, _top(problem.source), f"{line}\n"))
    return problem.suggesting(name, [*own, *builtins])


def explain_attribute(problem: Diagnostic, name: str, members: Collection[str], library: bool) -> Diagnostic:
    """What may be meant by an attribute that the type does not have. `library`: the type is one of the library's."""
    for other in METHODS.get(name, ()):
        if other in members:
            return problem.replacing(f"it is called `{other}` here", other)
    if library and name in FORMS:
        return problem.helped(FORMS[name])
    return problem.suggesting(name, members)


def explain_module(problem: Diagnostic, module: str, known: Collection[str]) -> Diagnostic:
    first = module.partition(".")[0]
    return problem.helped(MODULES[first]) if first in MODULES else problem.suggesting(module, known)


def _top(source: Source) -> Span:
    """Where an import can be put: before the first one, else below the comments and the text at the beginning."""
    first = re.search(r"^(?:import|from(?! __future__)) ", source.text, re.MULTILINE)
    if first is None:
        first = re.compile(r'(?:#.*\n|\s*\n)*(?:("""|\'\'\')(?:.|\n)*?\1\s*?\n)?\n*').match(source.text)
    at = 0 if first is None else first.start() if first.re.pattern.startswith("^") else first.end()
    return Span(at, at)
