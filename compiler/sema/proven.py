"""Functions of the library that were right for the same types in another program, and need no second look.

In: the names that such instances have in all programs, as `Library.proven` keeps them. Out: of a program that has been
checked, the names that can be added.
"""

from __future__ import annotations

from collections.abc import Iterator

from . import relations
from .gradual import unannotated
from .program import Program, Task
from .types import AnyType, ClassType, FunctionType, NoneType, TupleType, Type, UnionType


class Proven:
    def __init__(self, program: Program, names: set[str]) -> None:
        self.program = program
        self.names = names
        self.gradual: dict[Task, bool] = {}

    def is_settled(self, task: Task) -> bool:
        """Is it a function of the library that takes no types, or types that it was right for before?"""
        return self.is_told(task) and (not task.environment or self.name(task) in self.names)

    def is_told(self, task: Task) -> bool:
        """Does the source of a library function say all that its callers need to know?"""
        known = task.decl.module.library and task.outer is None and task.result is not None
        return known and self.program.annotations.signature(task.decl).result is not None

    def name(self, task: Task) -> str:
        """What names a library function and its types in all programs; "" when there are types of this one in it, but
        for one class."""
        kinds = (*task.environment.values(), *task.instance.params, *((task.self_type,) if task.self_type else ()))
        if self.program.raising or not self.is_told(task) or not all(map(is_common, kinds)):
            return ""
        own = set[ClassType]()
        types = (*map(str, task.environment), *(spelled(kind, own) for kind in kinds), *task.extras)
        if len(own) > 1:
            return ""
        asking = task.user
        if asking is not None and asking not in self.gradual:
            self.gradual[asking] = unannotated(asking)  # which decides what is refused in it
        how = "" if asking is None else "gradual" if self.gradual[asking] else "annotated"
        return f"{task.decl.module.name} {task.decl.span.start} {how} {' '.join(types)}"

    def found(self) -> set[str]:
        """The names of what is right now: nothing is said about it nor about what it calls, nor will be, and none of it
        calls a method that a class of a program may redefine."""
        names = {
            task: name for task in self.program.tasks.values() if task.state == "done" and (name := self.name(task))
        }
        consulted = ((decl, tasks) for (decl, _), tasks in self.program.consulted.items())
        looked = {task for decl, tasks in consulted if not decl.module.library for task in tasks}
        looked |= self.program.asked_later
        right = {task for task in names.keys() - looked if not any(map(is_doubtful, whole(task)))}
        asked = {
            task: [other for part in whole(task) for other in part.requests if other.outer is None] for task in right
        }
        while wrong := {
            task for task in right if any(other not in right and not self.is_settled(other) for other in asked[task])
        }:
            right -= wrong
        return {names[task] for task in right}


def whole(task: Task) -> Iterator[Task]:
    """An instance and those of the functions in it."""
    yield task
    for inner in task.requests:
        if inner.outer is not None and inner.outer.task is task:
            yield from whole(inner)


def is_doubtful(task: Task) -> bool:
    return bool(task.diagnostics or task.unknown or task.dispatches)


def is_common(kind: Type) -> bool:
    """Is it a type of the library that is the same thing everywhere, or a class like any other?"""
    if isinstance(kind, ClassType) and not kind.decl.module.library:
        decl = kind.decl
        plain = not (decl.type_params or decl.is_enum or decl.is_protocol or decl.is_named_tuple)
        above = (item.decl for item in relations.ancestors(kind))
        return plain and all(item.name == "object" for item in above if item.module.library)
    own = isinstance(kind, AnyType | ClassType | NoneType | UnionType | FunctionType) or type(kind) is TupleType
    return own and all(map(is_common, relations.parts(kind)))


def spelled(kind: Type, own: set[ClassType]) -> str:
    """A name for the type that is the same in every program; a class of this one is added to `own`."""
    if isinstance(kind, ClassType) and not kind.decl.module.library:
        own.add(kind)
        return "$"
    head = f"{kind.decl.module.name}.{kind.decl.name}" if isinstance(kind, ClassType) else type(kind).__name__
    inner = [spelled(item, own) for item in relations.parts(kind)]
    return f"{head}[{', '.join(inner)}]" if inner else head
