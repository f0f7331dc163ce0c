"""Runs LALR(1) tables over tokens.

In: tokens (kind, text, start, end) and an object with one method per action of the grammar. Out: what the method of the
start rule returned. An action is called with the span of its text, then the rule's children.

Chains of rules that only pass their child on (a name is an atom is a primary ... is an expression) are not walked:
where such a chain ends depends only on the state before it, the symbol and the next token, and is remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .source import Span
from .tables import NONE, SPLICE, Rule, Tables
from .tokens import Token


class Stuck(Exception):
    """No rule takes the token at `index`. `states` are the states of the unfinished rules, innermost last."""

    def __init__(self, index: int, states: list[int]) -> None:
        super().__init__(index)
        self.index = index
        self.states = states


class Engine:
    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        self._landings: dict[tuple[int, int, int], int] = {}

    def run(self, tokens: Sequence[Token], actions: dict[str, Callable[..., Any]]) -> Any:
        """Raises Stuck where the grammar ends, and whatever the actions raise. `tokens` end with `$END`."""
        tables = self.tables
        table, rules, accept = tables.actions, tables.rules, tables.accept
        landings = self._landings
        calls = [actions.get(rule.action) for rule in rules]
        states, values, starts, ends = [tables.start], [None], [0], [0]
        state = tables.start
        for index, token in enumerate(tokens):
            kind = token[0]
            while True:
                action = table[state].get(kind)
                if action is None:
                    raise Stuck(index, states)
                if action > 0:
                    state = action - 1
                    states.append(state)
                    values.append(token)  # type: ignore[arg-type]
                    starts.append(token[2])
                    ends.append(token[3])
                    break
                rule = rules[-action - 1]
                size = rule.size
                if size:
                    children = values[-size:]
                    start, end = starts[-size], ends[-1]
                    del values[-size:], states[-size:], starts[-size:], ends[-size:]
                else:
                    children = []
                    start = end = ends[-1]
                call = calls[-action - 1]
                if call is None:
                    value = _plain(rule, children)
                else:
                    value = call(Span(start, end), *_arguments(rule.template, children))
                before = states[-1]
                key = (before, rule.origin, kind)
                landing = landings.get(key)
                if landing is None:
                    landing = landings[key] = self._land(*key)
                state = landing
                if state == accept and kind == tokens[-1][0]:
                    return value
                states.append(state)
                values.append(value)
                starts.append(start)
                ends.append(end)
        raise AssertionError("tokens do not end with $END")

    def expected(self, states: Sequence[int]) -> set[int]:
        """The terminals that could come next."""
        return {kind for kind in range(self.tables.terminals) if self.takes(states, kind)}

    def takes(self, states: Sequence[int], kind: int) -> bool:
        stack = list(states)
        while True:
            action = self.tables.actions[stack[-1]].get(kind)
            if action is None:
                return False
            if action > 0:
                return True
            rule = self.tables.rules[-action - 1]
            del stack[len(stack) - rule.size :]
            stack.append(self.tables.gotos[stack[-1]][rule.origin])
            if stack[-1] == self.tables.accept:
                return True

    def _land(self, before: int, symbol: int, kind: int) -> int:
        tables = self.tables
        state = tables.gotos[before][symbol]
        action = tables.actions[state].get(kind, 0)
        while action < 0 and tables.rules[-action - 1].unit:
            state = tables.gotos[before][tables.rules[-action - 1].origin]
            action = tables.actions[state].get(kind, 0)
        return state


def _arguments(template: tuple[int, ...], children: list[Any]) -> list[Any]:
    arguments: list[Any] = []
    for place in template:
        if place >= SPLICE:
            arguments += children[place - SPLICE]
        else:
            arguments.append(None if place == NONE else children[place])
    return arguments


def _plain(rule: Rule, children: list[Any]) -> Any:
    """A rule without an action: its only child, or the list of items that its parent splices in."""
    template = rule.template
    if rule.action == "":
        return children[template[0]]
    if template and template[0] >= SPLICE:  # a list that goes on: the list so far belongs to nobody else
        items: list[Any] = children[template[0] - SPLICE]
        items += _arguments(template[1:], children)
        return items
    return _arguments(template, children)
