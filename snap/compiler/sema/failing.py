"""`--errors=raise`: what is wrong raises, where it stands, what CPython raises there; without that option, nothing.

In: a diagnostic that says what it `raises`, reported while a statement or expression is checked. Out: a warning, and in
place of the statement or expression the evaluation of what stands before the mistake, then the `raise`.

What is being checked has a `Frame`: an expression, a statement, the body of a loop. `Failed` ends the checking of the
innermost one. All that is evaluated in any case goes down with it; `and`, `or`, `if ... else` and chained comparisons
go on with an expression that raises. A statement that has parts of its own (`try`, `match`) has no frame: a mistake of
its head stays an error.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from ..diag import Diagnostic
from ..syntax import tree
from ..syntax.node import field_names
from . import errors
from .body import Body
from .program import Failed
from .typed import Call, CallValue, CallVirtual, Const, Do, MakeClosure, TExpr, THandler, TStmt
from .types import NEVER, NeverType

BY_PARTS = (tree.BoolOp, tree.IfExp, tree.Lambda)
"""Expressions of which a part may not be evaluated."""


@dataclass(eq=False, slots=True)
class Frame:
    """`done`: its parts checked so far, by node: the block that was being made, how far it was, the part's value."""

    whole: bool = True
    done: dict[int, tuple[list[TStmt], int, TExpr]] = field(default_factory=dict)


class Failing(Body):
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
        before, value = self.out, Const(NEVER, node.span, None)
        found: list[TExpr] = [value]

        def keep() -> None:
            found[0] = check()

        with self.block() as made:
            self.attempt(keep, Frame(not is_chain and not isinstance(node, BY_PARTS)))
        return self.part(node, before, self.wrapped(made, found[0]))

    def guarded(self, check: Callable[[], None]) -> None:
        """A statement, or the body of a loop: what comes behind it is not reached when it is wrong."""
        if not self.raising:
            check()
        elif not self.attempt(check, Frame()):
            self.reachable = False

    def attempt(self, check: Callable[[], None], frame: Frame | None) -> bool:
        """Was there nothing wrong? Else what was evaluated before it and the `raise` are in the block."""
        block, kept = self.out, (self.handler_depth, self.class_body, len(self.loop_facts))
        self.frames.append(frame)
        try:
            check()
        except Failed as failure:
            self.out = block
            self.handler_depth, self.class_body = kept[:2]
            del self.loop_facts[kept[2] :]
            self.flush(block)
            if failure.diagnostic is not None:
                self.warn(failure.diagnostic)
            return False
        finally:
            self.frames.pop()
        return True

    def warn(self, problem: Diagnostic) -> None:
        """Say that it raises, and raise it."""
        error, text = problem.raising or (problem.raises, problem.message.replace("`", "'"))
        warning = errors.RaisesHere(problem.source, problem.span, problem=problem.message, error=error)
        self.task.diagnostics.append(warning.changed(labels=problem.labels, notes=problem.notes, helps=problem.helps))
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
