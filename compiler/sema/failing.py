"""`--errors=raise`: what is wrong raises, where it stands, what CPython raises there; without that option, only what
the program itself catches by name, in a `try` around it or around what leads to it (`deliberate`), what it says
`# type: ignore` of, and what is right for other types.

In: a diagnostic that says what it `raises`, reported while a statement or expression is checked. Out: a warning, and in
place of the statement or expression the evaluation of what stands before the mistake, then the `raise`.

What is being checked has a `Frame`: an expression, a statement, the body of a loop. `Failed` ends the checking of the
innermost one. All that is evaluated in any case goes down with it; `and`, `or`, `if ... else` and chained comparisons
go on with an expression that raises. A statement that has parts of its own (`try`, `match`) has no frame: a mistake of
its head stays an error.
"""

from __future__ import annotations

import builtins
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..diag import Diagnostic
from ..syntax import tree
from ..syntax.node import field_names, walk
from ..syntax.parts import last_name
from . import errors
from .body import Body
from .program import Failed
from .typed import Call, CallValue, CallVirtual, Const, Do, MakeClosure, TExpr, THandler, TStmt
from .types import NEVER, NeverType

FROZEN = "FrozenInstanceError"
BELOW = {"NameError": "UnboundLocalError", "AttributeError": FROZEN, "Exception": FROZEN}
MISTAKES = {"TypeError", "NameError", "AttributeError", *BELOW.values(), "IndexError", "KeyError", "ValueError"}
BY_PARTS = (tree.BoolOp, tree.IfExp, tree.Lambda)
"""Expressions of which a part may not be evaluated."""


@dataclass(eq=False, slots=True)
class Frame:
    """`done`: its parts checked so far, by node: the block that was being made, how far it was, the part's value. Those
    of a call are evaluated even if the block is given up (`is_call`)."""

    whole: bool = True
    is_call: bool = False
    done: dict[int, tuple[list[TStmt], int, TExpr]] = field(default_factory=dict)


class Failing(Body):
    def begin_catching(self) -> None:
        """What this body does wrong may be meant: of a lambda too where it stands."""
        node, known = self.decl.node, self.program.deliberate
        if self.source.library or self.program.raising:
            return
        if self.module not in known:
            known[self.module] = deliberate(self.module.tree)
        self.catching = known[self.module].get(node.name if isinstance(node, tree.FunctionDef) else "", frozenset())
        if self.outer is not None and not isinstance(node, tree.FunctionDef):
            self.catching |= self.outer.catching

    def apart(self, make: Callable[[], TExpr]) -> TExpr:
        """It need not be evaluated: what is wrong in it raises there."""
        if not self.raising or not self.frames or self.frames[-1] is None:
            return super().apart(make)
        found: list[TExpr] = []
        with self.block() as made:
            if not self.attempt(lambda: found.append(make()), Frame(False)):
                found.append(Const(NEVER, made[-1].span, None))
        return self.wrapped(made, found[-1])

    def part(self, node: tree.Expr, before: list[TStmt], value: TExpr) -> TExpr:
        """A part of what is being checked has been checked; `before` is the block that it is evaluated in."""
        if self.frames and self.frames[-1] is not None:
            self.frames[-1].done[id(node)] = (before, len(before), value)
            if isinstance(value.type, NeverType) and self.frames[-1].whole:
                raise Failed(None)
        return value

    def framed(self, node: tree.Expr, check: Callable[[], TExpr]) -> TExpr:
        """An expression checked by `check` in a frame of its own; one that raises when it is wrong."""
        is_chain = isinstance(node, tree.Compare) and len(node.ops) > 1
        before = self.out
        frame = Frame(not is_chain and not isinstance(node, BY_PARTS), isinstance(node, tree.Call))
        return self.part(node, before, self.conditional(check, frame))

    def conditional(self, make: Callable[[], TExpr], frame: Frame | None = None) -> TExpr:
        """What `make` gives, or an expression that raises."""
        found: list[TExpr] = [Const(NEVER, self.decl.span, None)]

        def keep() -> None:
            found[0] = make()

        with self.block() as made:
            self.attempt(keep, frame or Frame(whole=False))
        return self.wrapped(made, found[0])

    def guarded(self, check: Callable[[], None]) -> None:
        """A statement, or the body of a loop: what comes behind it is not reached when it is wrong."""
        if not self.raising:
            check()
        elif not self.attempt(check, Frame()):
            self.reachable = False

    def attempt(self, check: Callable[[], None], frame: Frame | None) -> bool:
        """Was there nothing wrong? Else what was evaluated before it and the `raise` are in the block."""
        block, kept = self.out, (self.handling, self.class_body, len(self.loop_facts))
        self.frames.append(frame)
        try:
            check()
        except Failed as failure:
            self.out = block
            self.handling, self.class_body = kept[:2]
            del self.loop_facts[kept[2] :]
            self.flush(block)
            while frame is not None and frame.is_call and frame.done:
                key, (given_up, _, value) = next(iter(frame.done.items()))
                if any(item is value for item in nodes(block)):
                    del frame.done[key]
                else:
                    self.flush(given_up)
                    block += given_up
            if failure.diagnostic is not None:
                self.warn(failure.diagnostic)
            return False
        finally:
            self.frames.pop()
        return True

    def warn(self, problem: Diagnostic) -> None:
        """Raise it, and say that it raises, unless the program says that it is known."""
        error, text = problem.raising or (problem.raises, problem.message.replace("`", "'"))
        if problem.source.position(problem.span.start).line not in problem.source.ignored_lines:
            warning = errors.RaisesHere(problem.source, problem.span, problem=problem.message, error=error)
            warning = warning.changed(labels=problem.labels, notes=problem.notes, helps=problem.helps)
            self.task.diagnostics.append(warning)
        self.throw(error, text, problem.span)

    def give_up(self, known: int) -> None:
        """What a part without a frame was refused for, beyond the first `known` diagnostics, is wrong here."""
        found = self.task.diagnostics[known:]
        if found and self.left_to_run(found[0]):
            del self.task.diagnostics[known:]
            raise Failed(found[0])

    def flush(self, block: list[TStmt]) -> None:
        """Evaluate, in their places, the parts whose values have not been used yet."""
        frame = self.frames[-1]
        if frame is None:
            return
        for key, (place, position, value) in reversed(list(frame.done.items())):
            if place is block:
                del frame.done[key]
                acts = {id(item) for item in nodes(value) if isinstance(item, Call | CallVirtual | CallValue)}
                ends = isinstance(value.type, NeverType)
                if (acts or ends) and not any(id(item) in acts or item is value for item in nodes(block)):
                    block.insert(position, Do(value.span, value))

    def unwound(self, outer: list[TStmt], inner: list[TStmt]) -> None:
        """The checking of a block that is run in any case was ended: what it had so far is run."""
        self.flush(inner)
        outer.extend(inner)

    @contextmanager
    def trial(self) -> Iterator[Trial]:
        """Check something only to learn of it: it leaves no trace."""
        task, trial = self.task, Trial()
        saved = self.variables[:], self.facts, task.diagnostics[:], task.requests[:], task.unknown[:]
        self.frames.append(Frame(whole=False))
        try:
            with self.block():
                yield trial
        except Failed:
            trial.failed = True
        finally:
            trial.failed = trial.failed or len(task.diagnostics) > len(saved[2])
            self.frames.pop()
            self.variables[:], self.facts, task.diagnostics[:], task.requests[:], task.unknown[:] = saved


@dataclass(eq=False, slots=True)
class Trial:
    """`failed`, known afterwards: was something wrong?"""

    failed: bool = False


def mistakes_caught(node: tree.Try) -> frozenset[str]:
    """The exceptions of what may be wrong with a program that a `try` names."""
    named: set[str] = set()
    for handler in node.handlers:
        kinds = handler.type.elts if isinstance(handler.type, tree.Tuple) else (handler.type,)
        named.update(last_name(kind) for kind in kinds if kind is not None)
    named.update([BELOW[name] for name in named if name in BELOW])
    return frozenset(named & MISTAKES)


def deliberate(module: tree.Module) -> dict[str, frozenset[str]]:
    """By name of a function (\"\": lambdas) the mistakes that a `try` catches which calls it, or what leads to it. What
    is in a variable may be any lambda, and any function that is named without being called; operators call methods."""
    functions: dict[str, list[tree.Node]] = {"": []}
    tries: list[tree.Try] = []
    called, classes, mentioned = set[int](), set[str](), set[str]()
    for item in walk(module):
        match item:
            case tree.FunctionDef(name=name):
                functions.setdefault(name, []).append(item)
            case tree.Lambda():
                functions[""].append(item)
            case tree.Try():
                tries.append(item)
            case tree.ClassDef(name=name):
                classes.add(name)
            case tree.Call(func=func):
                called.add(id(func))
            case tree.Name(id=name) | tree.Attribute(attr=name) if id(item) not in called:
                mentioned.add(name)
    values = {"", *(mentioned & functions.keys())}
    found: dict[str, frozenset[str]] = {}
    for item in tries:
        errors_caught = mistakes_caught(item)
        waiting: list[tree.Node] = [*item.body] if errors_caught else []
        while waiting:
            for node in walk(waiting.pop()):
                reached: set[str] = set()
                match node:
                    case tree.BinOp() | tree.Compare() | tree.Subscript() | tree.UnaryOp():
                        reached = {name for name in functions if name.startswith("__")}
                    case tree.Call(func=tree.Name(id=name)) if name in classes:
                        reached = {"__init__", "__new__", "__post_init__"} & functions.keys()
                    case tree.Call(func=tree.Name(id=name)) if name not in functions and not hasattr(builtins, name):
                        reached = values
                    case tree.Name(id=name) | tree.Attribute(attr=name) if name in functions:
                        reached = {name}
                for name in reached:
                    if not errors_caught <= found.get(name, frozenset()):
                        found[name] = found.get(name, frozenset()) | errors_caught
                        waiting += functions[name]
    return found


def nodes(item: object) -> Iterator[object]:
    """All typed statements and expressions in something, itself included."""
    waiting = [item]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list):
            waiting.extend(one)
        elif isinstance(one, TExpr | TStmt | THandler):
            yield one
            if not isinstance(one, MakeClosure):
                waiting.extend(getattr(one, name) for name in field_names(one) if name not in ("type", "span"))
