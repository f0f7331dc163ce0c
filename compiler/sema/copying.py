"""`copy.deepcopy` of what has no method of its own for it: may objects of a type be copied as they lie in memory?

In, at the end of a check: the types that are copied and where. Out: a complaint about each that reaches something that
CPython does not copy, or that would not be found again in its copy.
"""

from __future__ import annotations

from . import errors, relations
from .program import Program
from .types import AnyType, ClassType, FunctionType, NoneType, TupleType, Type, UnionType

CONTAINERS = frozenset(("list", "dict", "set", "frozenset", "tuple_of", "deque", "Counter", "OrderedDict"))
PLAIN = frozenset(("int", "float", "bool", "str", "bytes", "bytearray", "range", "slice"))
KEYED = frozenset(("dict", "set", "frozenset", "Counter", "OrderedDict"))
OWN = ("__deepcopy__", "__getstate__", "__reduce__", "__reduce_ex__")


def check_copies(program: Program) -> None:
    for kind, source, span in program.deep_copies or ():
        found = _Walk(program).problem(kind)
        if found is not None:
            what = f"`deepcopy` of a `{kind}`, in which there is {found},"
            report = errors.Unsupported(source, span, what=what)
            program.diagnostics.report(report.helped("write a function that makes the copy you need"))


class _Walk:
    def __init__(self, program: Program) -> None:
        self.program = program
        self.seen: set[Type] = set()

    def problem(self, kind: Type) -> str | None:
        """What cannot be copied among the values of a type and all that they hold; None when there is nothing."""
        if kind in self.seen:
            return None
        self.seen.add(kind)
        match kind:
            case NoneType():
                return None
            case AnyType():
                return self.first(tuple(self.program.boxed))
            case UnionType() | TupleType():
                return self.first(relations.parts(kind))
            case FunctionType():
                return "a function"
            case ClassType() if kind.decl.module.library:
                if kind.decl.name not in CONTAINERS | PLAIN:
                    return f"a `{kind}`"
                unfit = kind.decl.name in KEYED and not self.by_value(kind.args[0])
                return f"a key `{kind.args[0]}` that is found by what it is" if unfit else self.first(kind.args)
            case ClassType():
                return self.of_class(kind)
            case _:
                return f"a `{kind}`"

    def first(self, kinds: tuple[Type, ...]) -> str | None:
        return next(filter(None, map(self.problem, kinds)), None)

    def of_class(self, kind: ClassType) -> str | None:
        if kind.decl.is_enum:
            return None
        own = [name for name in OWN if self.program.members.find_member(kind.decl, name) is not None]
        if own:
            return f"a `{kind}`, which has a `{own[0]}`"
        for above in relations.ancestors(kind):
            if above.decl.module.library and above.decl.name != "object":
                return f"a `{above}`"
        below = tuple(found for found in self.program.constructed if kind in tuple(relations.ancestors(found))[1:])
        return self.first((*(info.type for info in self.program.layout(kind).fields), *below))

    def by_value(self, key: Type) -> bool:
        """Has a key the same hash wherever it lies?"""
        if isinstance(key, UnionType | TupleType):
            return all(map(self.by_value, relations.parts(key)))
        if isinstance(key, ClassType) and not key.decl.module.library and not key.decl.is_enum:
            found = self.program.members.lookup(key, "__hash__")
            return found is not None and not found[0].decl.module.core
        if isinstance(key, ClassType) and key.decl.name in ("tuple_of", "frozenset"):
            return self.by_value(key.args[0])
        return isinstance(key, NoneType) or (isinstance(key, ClassType) and key.decl.name in PLAIN)
