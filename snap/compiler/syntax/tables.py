"""The parser's tables, made from `python.lark` by Lark and kept on disk.

In: the grammar's text. Out: `Tables`, plain dictionaries of numbers that `engine` runs on. Lark is imported only when
the tables have to be made, which is once for each version of the grammar; loading them takes a few
milliseconds.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..cache import Cache, content_key

GRAMMAR = Path(__file__).with_name("python.lark")
START = "module"

NONE = -1  # in a rule's template: an optional part that is not there
SPLICE = 1000  # in a rule's template: added to the index of a child whose items become items of this rule


@dataclass(frozen=True, slots=True)
class Rule:
    """One production. `template` says what the action gets: child indices, NONE, or SPLICE + child index.

    `action` is the name to call, "" for a rule that is its only child, "_" for one that is spliced into its parent.
    """

    origin: int
    size: int
    action: str
    template: tuple[int, ...]

    @property
    def unit(self) -> bool:
        return self.action == "" and self.size == 1


@dataclass(frozen=True, slots=True)
class Tables:
    """LALR(1) tables. Symbols are numbers, terminals first.

    An action n > 0 shifts and goes to state n - 1; an action n < 0 reduces by rule -n - 1.
    """

    symbols: tuple[str, ...]
    terminals: int  # how many of the symbols are terminals
    literals: dict[str, int]  # text of keywords and operators -> terminal
    actions: list[dict[int, int]]  # by state: terminal -> action
    gotos: list[dict[int, int]]  # by state: nonterminal -> state
    rules: tuple[Rule, ...]
    start: int
    accept: int  # the state in which the text is complete

    def terminal(self, name: str) -> int:
        return self.symbols.index(name, 0, self.terminals)


def load_tables() -> Tables:
    """The tables of the grammar that lies beside this file."""
    grammar = GRAMMAR.read_text(encoding="utf-8")
    cache = Cache("grammar")
    key = content_key(grammar, Path(__file__).read_bytes(), str(marshal.version))
    data = cache.load(key)
    if data is None:
        data = marshal.dumps(_build(grammar))
        cache.store(key, data)
    symbols, terminals, literals, actions, gotos, rules, start, accept = marshal.loads(data)
    return Tables(symbols, terminals, literals, actions, gotos, tuple(Rule(*rule) for rule in rules), start, accept)


def _build(grammar: str) -> tuple[Any, ...]:
    from lark import Lark
    from lark.lexer import Lexer, Token
    from lark.parsers.lalr_analysis import Shift

    class NoLexer(Lexer):
        """Lark is only asked for its tables; the text is cut up by `tokens`."""

        def __init__(self, _configuration: object) -> None:
            pass

        def lex(self, _state: object) -> Iterator[Token]:  # type: ignore[override]
            return iter(())

    made: Any = Lark(grammar, parser="lalr", lexer=NoLexer, start=START, maybe_placeholders=True)
    table = made.parser.parser._parse_table
    terminals = sorted({str(name) for row in table.states.values() for name in row if name.isupper() or name == "$END"})
    nonterminals = sorted({str(rule.origin.name) for rule in made.rules})
    symbols = (*terminals, *nonterminals)
    number = {name: index for index, name in enumerate(symbols)}
    literals = {
        str(term.pattern.value): number[term.name] for term in made.terminals if term.pattern and term.name in number
    }
    rule_numbers = {rule: index for index, rule in enumerate(made.rules)}
    states = {state: index for index, state in enumerate(table.states)}
    actions: list[dict[int, int]] = []
    gotos: list[dict[int, int]] = []
    for row in table.states.values():
        here: dict[int, int] = {}
        onward: dict[int, int] = {}
        for name, (action, target) in row.items():
            if number[name] >= len(terminals):
                onward[number[name]] = states[target]
            else:
                here[number[name]] = states[target] + 1 if action is Shift else -rule_numbers[target] - 1
        actions.append(here)
        gotos.append(onward)
    rules = [_rule(rule, number) for rule in made.rules]
    start, accept = table.start_states[START], table.end_states[START]
    return symbols, len(terminals), literals, actions, gotos, rules, states[start], states[accept]


def _rule(rule: Any, number: dict[str, int]) -> tuple[int, int, str, tuple[int, ...]]:
    """Lark's account of a production (which children are kept, where an optional part is missing) as a `Rule`."""
    missing = "".join(str(int(flag)) for flag in rule.options.empty_indices) or "0" * len(rule.expansion)
    template: list[int] = []
    for index, absent in enumerate(missing.split("0")):
        template += [NONE] * len(absent)
        if index < len(rule.expansion):
            symbol = rule.expansion[index]
            if not symbol.is_term:
                template.append(index + SPLICE if symbol.name.startswith("_") else index)
            elif rule.options.keep_all_tokens or not symbol.filter_out:
                template.append(index)
    action = str(rule.alias or rule.origin.name)
    if rule.origin.name.startswith("_"):
        action = "_"
    elif rule.options.expand1 and not rule.alias and len(template) == 1 and 0 <= template[0] < SPLICE:
        action = ""
    return number[rule.origin.name], len(rule.expansion), action, tuple(template)
