"""A body is checked by its statements (*pieces*); what one tells of variables those above it may not have known.

Such a body is checked once more in the end, whatever it learned; where no code is wanted (`pielang check`), only the
pieces that have to do with what was learned are.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any

from ..diag import Diagnostic
from ..syntax import tree
from ..syntax.node import field_names, walk
from ..syntax.source import Span
from . import relations
from .body import Facts
from .declarations import GlobalDecl
from .program import Restart, Task, VirtualCall, open_parts
from .statements import Statements
from .typed import ClassLayout, FieldInfo, GlobalVar, TReturn, Var
from .types import ANY, FunctionType, LambdaType, Type

PASSES, TRIES = 3, 10
Left = tuple[
    list[Task], list[VirtualCall], list[ClassLayout], list[GlobalDecl], list[Diagnostic], list[Span],
    list[tuple[TReturn, Any]],
]  # fmt: skip
"""What a check leaves behind in the task, and the results."""
Learned = set[str | int]
"""Names of variables and fields, and places (offsets in the text) of which more is known now."""


@dataclass(slots=True)
class Piece:
    """A statement that was checked: what was known before it, and what its check left behind."""

    node: tree.Stmt
    facts: Facts
    reachable: bool
    left: Left


class Pieces(Statements):
    def is_outdated(self, body: Iterable[tree.Stmt]) -> bool:
        """Check the statements of the body. Must it be checked once more with what was learned?"""
        pieces: list[Piece] = []
        learned: Learned = set()
        before = self.take_left()
        self.wider: dict[Hashable, Type] = {}
        outdated = [node for node in body if self.learns_from(node, pieces, learned)]
        if self.program.user_only and not self.decl.is_generator:
            self.settle_places(pieces, learned)
            outdated = outdated if learned and not self.are_renewed(pieces, learned) else []
        self.put_left([before, *(piece.left for piece in pieces)])
        return bool(outdated)

    def take_left(self) -> Left:
        """What was left behind so far; what comes is apart from it."""
        task = self.task
        asked = task.requests, task.dispatches, task.constructs, task.globals
        left = *asked, task.diagnostics, task.unknown, self.returns
        task.requests, task.dispatches, task.constructs, task.globals = [], [], [], []
        task.diagnostics, task.unknown, self.returns = [], [], []
        return left

    def put_left(self, parts: list[Left]) -> None:
        task = self.task
        requests, dispatches, constructs, shared, diagnostics, unknown, returns = zip(*parts, strict=True)
        task.requests, task.dispatches = once(requests), once(dispatches)
        task.constructs, task.globals = once(constructs), once(shared)
        task.diagnostics, task.unknown, self.returns = (list(chain(*item)) for item in (diagnostics, unknown, returns))

    def learns_from(self, node: tree.Stmt, pieces: list[Piece], learned: Learned) -> bool:
        """Check a statement, which becomes one of the pieces. True when it told more than what is above knows."""
        facts, out, depth = dict(self.facts), self.out, self.handling
        piece = Piece(node, facts, self.reachable, ([], [], [], [], [], [], []))
        for attempt in range(TRIES):
            try:
                self.statements((node,))
            except Restart as restart:
                if restart.owner is not self.task or self.raising or restart.kind is None:
                    raise
                names = self.made_anew(restart.kind)
                if restart.key is not None:
                    self.wider[restart.key] = restart.kind
                if names is None or (names and not pieces):
                    raise
            else:
                piece.left = self.take_left()
                pieces.append(piece)
                return attempt > 0
            self.out, self.reachable, self.handling, self.class_body = out, True, depth, None
            self.loop_facts.clear()
            self.frames.clear()
            self.take_left()
            self.put_in(learned)
            self.facts = self.known_now(facts)
            if names and not self.are_renewed(pieces, names):
                break
        raise Restart(self.task)

    def made_anew(self, told: Type) -> Learned | None:
        """Variables that hold a function of which it is known by now what it takes. None when more may change with what
        is known of functions."""
        if not isinstance(told, LambdaType) or told.key not in self.program.hints:
            return None if relations.holds(told, (FunctionType, LambdaType)) else set()
        shared = [item.variable.type for item in self.fresh_globals if item.variable is not None]
        if any(relations.mentions(item, told) for item in (*shared, *(info.type for _, info in self.learned_fields))):
            return None
        webs = [web for web, var in self.web_vars.items() if relations.mentions(var.type, told)]
        for web in webs:
            del self.web_vars[web]
        return {web.name for web in webs}

    def put_in(self, learned: Learned) -> None:
        """What was learned becomes the type of variables and fields that this body has told."""
        shared = [item.variable for item in self.fresh_globals if item.variable is not None]
        typed: list[Var | GlobalVar | FieldInfo] = [*self.variables, *shared]
        typed += [info for _, info in self.learned_fields]
        for what in typed:
            kind = self.known(what.type)
            if kind != what.type:
                learned.add(what.symbol if isinstance(what, GlobalVar) else what.name)
                if not isinstance(what, Var) and self.program.is_seen(what):
                    raise Restart(None)
            what.type = kind
        for web, var in self.web_vars.items():
            wider = self.program.hints.get(self.web_key(self, web))
            if wider is not None and web.annotation is None and wider != var.type:
                var.type = self.program.resolved(wider)
                learned.add(web.name)

    def settle_places(self, pieces: list[Piece], learned: Learned) -> None:
        """Displays into which nothing is ever put hold anything, if nothing but these statements could tell."""
        if self.functions or self.task.tainted or any(piece.left[-1] for piece in pieces):
            return
        unknown = self.unknown_places()
        if unknown:
            self.program.hints |= dict.fromkeys(unknown, ANY)
            learned.update(key[1] for key in unknown if isinstance(key[1], int))
            self.put_in(learned)

    def unknown_places(self) -> list[tuple[object, ...]]:
        """Element types that nothing has told: nothing is ever put in, so any type does."""
        fields = {item.key for _, info in self.learned_fields for item in open_parts(info.type)}
        return [key for key in self.open_places if key not in self.program.hints and key not in fields]

    def known_now(self, facts: Facts) -> Facts:
        return {path: self.known(kind) for path, kind in facts.items()}

    def known(self, kind: Type) -> Type:
        return relations.rewidened(self.program.resolved(kind), self.wider)

    def are_renewed(self, pieces: list[Piece], learned: Learned) -> bool:
        """Check the pieces again that have to do with what was learned. False when only the whole body can be:
        functions in it saw what is outdated, or more and more is learned."""
        last = self.facts, self.reachable
        for _ in range(PASSES):
            names = {item.rpartition(".")[2].partition(":")[0] for item in learned if isinstance(item, str)} - {""}
            places = [item for item in learned if isinstance(item, int)]
            if any(names & words_in(local.decl.node) for local in self.functions.values()):
                return False
            learned.clear()
            current: tuple[Facts, bool] | None = None
            for at, piece in enumerate(pieces):
                span = piece.node.span
                concerned = any(span.start <= place < span.end for place in places) or names & words_in(piece.node)
                if current is None and not concerned:
                    continue
                self.facts, self.reachable = current or (self.known_now(piece.facts), piece.reachable)
                made: list[Piece] = []
                self.learns_from(piece.node, made, learned)
                pieces[at], current = made[0], (self.facts, self.reachable)
                if at + 1 < len(pieces):
                    below = pieces[at + 1]
                    current = None if current == (self.known_now(below.facts), below.reachable) else current
            last = current or (self.known_now(last[0]), last[1])
            self.facts, self.reachable = last
            if not learned:
                return True
        return False


def once(lists: Iterable[list[Any]]) -> list[Any]:
    return list(dict.fromkeys(chain(*lists)))


def words_in(node: tree.Node) -> set[str]:
    """All the words that stand in a part of a program: names and attributes among them."""
    words: set[str] = set()
    for part in walk(node):
        words.update(item for name in field_names(part) if isinstance(item := getattr(part, name), str))
    return words
