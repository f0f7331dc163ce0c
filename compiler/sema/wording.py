"""What CPython says of what is wrong: the class and the text of its exceptions."""

from __future__ import annotations

import builtins
import sys
from collections.abc import Iterable, Sequence
from importlib import import_module
from types import FunctionType

from .declarations import FunctionDecl, Parameter, Signature
from .relations import ancestors, parts
from .types import ClassType, NoneType, TupleType, Type, UnionType

PROBLEMS = {
    "__len__": "object of type '{0}' has no len()", "__iter__": "'{0}' object is not iterable",
    "__getitem__": "'{0}' object is not subscriptable", "__hash__": "unhashable type: '{0}'",
    "__setitem__": "'{0}' object does not support item assignment", "__neg__": "bad operand type for unary -: '{0}'",
    "__pos__": "bad operand type for unary +: '{0}'", "__invert__": "bad operand type for unary ~: '{0}'",
    "__contains__": "argument of type '{0}' is not iterable", "__call__": "'{0}' object is not callable",
    "__delitem__": "'{0}' object does not support item deletion", "__getslice__": "'{0}' object is not subscriptable",
    "__getrange__": "'{0}' object is not subscriptable", "__abs__": "bad operand type for abs(): '{0}'",
    "__format__": "unsupported format string passed to {0}.__format__",
    "__round__": "type {0} doesn't define __round__ method", "__trunc__": "type {0} doesn't define __trunc__ method",
    "__floor__": "must be real number, not {0}", "__ceil__": "must be real number, not {0}",
    "__lt__": "'<' not supported between instances of '{0}' and '{0}'",
    "__reversed__": "'{0}' object is not reversible",
    "__enter__": "'{0}' object does not support the context manager protocol",
    "__int__": "int() argument must be a string, a bytes-like object or a real number, not '{0}'",
    "__float__": "float() argument must be a string or a real number, not '{0}'",
    "__await__": "object {0} can't be used in 'await' expression",
    "__step__": "'{0}' object is not an iterator", "__next__": "'{0}' object is not an iterator",
    "__pack__": "Object of type {0} is not JSON serializable", "<unpack>": "cannot unpack non-iterable {0} object",
}  # fmt: skip
"""What CPython says of an operation that a class does not have: TypeErrors, where other attributes are
AttributeErrors."""


Raising = tuple[str, str] | tuple[()]
"""The class and the text of an exception; nothing where they are not known."""
TEXTS = frozenset(("str", "bytes", "bytearray"))
INDEXING = ("__getitem__", "__setitem__", "__delitem__")
COUNTED = ("list", "str", "tuple", "bytes", "bytearray")
"""Classes whose items are counted."""


def python_name(kind: Type) -> str:
    """What CPython calls the class of a value."""
    if isinstance(kind, ClassType):
        return kind.decl.display
    return {NoneType: "NoneType", TupleType: "tuple"}.get(type(kind), "function")


def is_ours(kind: Type, name: str) -> bool:
    """Is it a name that CPython's class does not have, of one that is built in?"""
    known = getattr(builtins, python_name(kind), None)
    is_core = isinstance(kind, ClassType) and kind.decl.module.core and kind.decl.representation != "class"
    lacks = isinstance(known, type) and not hasattr(known, name)
    return is_core and lacks and name not in ("__notes__", "is_integer")  # the latter: of int from 3.12 on


def index_problem(kind: Type, index: Type) -> str:
    """What a TypeError says of an index that a list, tuple or text does not take."""
    owner, found = python_name(kind), python_name(index)
    if owner == "str":
        return f"string indices must be integers, not '{found}'"
    return f"{'byte' if owner == 'bytes' else owner} indices must be integers or slices, not {found}"


def part_problem(text: Type, part: Type) -> tuple[str, str]:
    """What a TypeError says of what is looked for in a text or in bytes."""
    if python_name(text) == "str":
        return "TypeError", f"'in <string>' requires string as left operand, not {python_name(part)}"
    return "TypeError", f"a bytes-like object is required, not '{python_name(part)}'"


def items_problem(decl: FunctionDecl, given: Sequence[Type]) -> Raising:
    """The same of what is in the arguments of a library function, whose body does not take it."""
    match decl.qualified, parts(given[0]) if given else ():
        case "str.join", (item, *_):
            return "TypeError", f"sequence item 0: expected str instance, {python_name(item)} found"
        case "str.join", ():
            return "TypeError", "can only join an iterable"
        case "str.startswith" | "str.endswith", ():
            return "TypeError", f"{decl.name} first arg must be str or a tuple of str, not {python_name(given[0])}"
    return ()


def whole_problem(found: Type) -> tuple[str, str]:
    """The same of what is no int."""
    return "TypeError", f"'{python_name(found)}' object cannot be interpreted as an integer"


def problem_of(name: str, kind: Type) -> tuple[str, str]:
    """The class and text of the error for a value without the attribute `name`."""
    found = PROBLEMS.get(name)
    if found is not None:
        return "TypeError", found.format(python_name(kind))
    return "AttributeError", f"'{python_name(kind)}' object has no attribute '{name}'"


def abstract_problem(name: str, methods: Iterable[str]) -> tuple[str, str]:
    """The same for a call of a class some methods of which are abstract."""
    listed = [f"'{method}'" for method in sorted(methods)]
    method = f"abstract method{'s' * (len(listed) > 1)} {', '.join(listed)}"
    return "TypeError", f"Can't instantiate abstract class {name} without an implementation for {method}"


def operator_problem(op: str, left: Type, right: Type) -> tuple[str, str]:
    """The same for two operands."""
    first, second = python_name(left), python_name(right)
    if op in ("<", "<=", ">", ">="):
        return "TypeError", f"'{op}' not supported between instances of '{first}' and '{second}'"
    if op == "+=" and first == "list":
        return problem_of("__iter__", right)
    if op in ("+", "+=") and first in ("str", "list", "tuple"):
        return "TypeError", f'can only concatenate {first} (not "{second}") to {first}'
    if op in ("+", "+=") and first in ("bytes", "bytearray"):
        return "TypeError", f"can't concat {second} to {first}"
    if op in ("*", "*=") and (first in SEQUENCES or second in SEQUENCES):
        return "TypeError", f"can't multiply sequence by non-int of type '{second if first in SEQUENCES else first}'"
    shown = "** or pow()" if op == "**" else op
    return "TypeError", f"unsupported operand type(s) for {shown}: '{first}' and '{second}'"


def operator_problem_if_known(
    op: str, names: Sequence[str], left: Type, right: Type, declining: tuple[bool, bool] = (False, False)
) -> Raising:
    """The same, where CPython surely says so: where both are of built-in classes between which it has no such operator,
    or of classes of the program without one of these methods, or whose method declines."""
    samples: list[str | None] = []
    for kind, declines in zip((left, right), declining, strict=True):
        own = isinstance(kind, ClassType) and not kind.decl.module.library
        has = isinstance(kind, ClassType) and any(name in one.decl.members for one in ancestors(kind) for name in names)
        samples.append(SAMPLES.get(python_name(kind)) if not own else None if has and not declines else "object()")
    if None in samples or (op == "%" and python_name(left) in SEQUENCES):
        return ()
    plain = op if op in ("<=", ">=") else op.removesuffix("=")
    try:
        eval(f"divmod({samples[0]}, {samples[1]})" if op == "divmod()" else f"{samples[0]} {plain} {samples[1]}")
    except TypeError:
        return operator_problem(op, left, right)
    return ()


SAMPLES = {
    "int": "1", "float": "1.5", "bool": "True", "NoneType": "None", "str": "'a'", "bytes": "b'a'", "list": "[1]",
    "tuple": "(1,)", "dict": "{1: 1}", "set": "{1}",
}  # fmt: skip
"""A value of each built-in class, to see what CPython does with it."""
SEQUENCES = ("str", "list", "tuple", "bytes", "bytearray")


def problem_if_known(name: str, kind: Type) -> Raising:
    """The same, where CPython surely says so: not where the attribute may be one that the library lacks."""
    known = {NoneType: type(None), TupleType: tuple}.get(type(kind)) or getattr(builtins, python_name(kind), None)
    own = isinstance(kind, ClassType) and not kind.decl.module.library
    if isinstance(kind, ClassType) and known is None and not own:
        module = kind.decl.module.name.removeprefix("pielang.")
        known = getattr(import_module(module), kind.decl.name, None) if module in sys.stdlib_module_names else None
        if getattr(known, "__dictoffset__", 1) or getattr(known, name, None) is not None:
            return ()  # its objects may have attributes of their own
        error, text = problem_of(name, kind)
        is_python = any(isinstance(item, FunctionType) for item in vars(known).values())
        return error, text if is_python else text.replace("'", f"'{module}.", 1)
    lacks = isinstance(known, type) and getattr(known, name, None) is None
    return problem_of(name, kind) if own or (lacks and not isinstance(kind, UnionType)) else ()


def count_problem(decl: FunctionDecl, signature: Signature, given: int, words: Iterable[str]) -> str:
    """`given` positional arguments, and `words` by name, are more than the function takes."""
    slots, me = signature.slots, int(decl.owner is not None and decl.kind in ("plain", "class"))
    most, fewest = len(slots) + me, sum(item.default is None for item in slots) + me
    takes = f"{most} positional argument{'s' * (most != 1)}"
    if fewest != most:
        takes = f"from {fewest} to {most} positional arguments"
    found, named = str(given + me), len({item.name for item in signature.params if item.kind == "keyword"} & {*words})
    if named:
        found += f" positional argument{'s' * (found != '1')} (and {named} keyword-only argument{'s' * (named != 1)})"
    return f"{decl.qualname}() takes {takes} but {found} {'was' if found == '1' else 'were'} given"


def missing_problem(decl: FunctionDecl, missing: Sequence[Parameter]) -> str:
    """These parameters get no argument: those by name are spoken of when no other is missing."""
    plain = [item for item in missing if item.kind != "keyword"] or missing
    kind = "keyword-only" if plain[0].kind == "keyword" else "positional"
    names = [f"'{item.name}'" for item in plain]
    listed = names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else (
        ", ".join(names[:-1]) + f", and {names[-1]}"
    )  # fmt: skip
    return f"{decl.qualname}() missing {len(names)} required {kind} argument{'s' * (len(names) > 1)}: {listed}"
