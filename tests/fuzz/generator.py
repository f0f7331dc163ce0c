"""Random programs, well typed by construction, for comparing with CPython.

In: seeds. Out: the text of a program that holds a unit for each: definitions, and statements that print what they
compute below a line `=== SEED`. A unit depends on its seed alone. What they are made of is in `rules.txt`. Loops are
bounded and definitions use only earlier ones, so every program ends; exceptions are part of it and are caught.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

WORD = re.compile(r"Error:class|[\w$]+|\.\.\.|[\[\],|]")
PART = re.compile(r"`([^`]*)`|\$(\w+)")
IMPORTS = """\
import math
import re
from abc import ABC, abstractmethod
from collections import Counter, defaultdict, deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum, IntEnum, auto
from functools import cache, reduce, wraps
from itertools import accumulate, chain, combinations, groupby, islice, pairwise, product, zip_longest
from typing import Any, Generator, Iterator, NamedTuple, Protocol

"""
SIMPLE = ("int", "int", "int", "str", "str", "str", "float", "bool", "tuple[int, str]")
VALUES = (
    *SIMPLE, "int", "str", "float", "bytes", "list[int]", "list[int]", "list[str]", "list[str]", "list[float]",
    "dict[str, int]", "dict[str, int]", "dict[int, str]", "list[list[int]]", "list[tuple[int, str]]", "tuple[int, ...]",
    "dict[str, list[int]]", "tuple[str, int, float]",
)  # fmt: skip
POOLS = {
    **dict.fromkeys("TSUPY", VALUES),
    **dict.fromkeys("IJ", SIMPLE),
    **dict.fromkeys("VWX", (*VALUES, "int | None", "int | None", "str | None", "int | str", "list[int] | None")),
    "K": ("int", "int", "str", "str", "tuple[int, str]"),
    "O": ("int", "str", "float", "bool", "tuple[int, str]", "list[int]", "bytes"),
}


class Impossible(Exception):
    """Nothing fits here: another rule is tried."""


@dataclass(frozen=True, slots=True)
class Type:
    """`dict[str, T]` is Type("dict", (Type("str"), Type("T"))); the name of a union is "|"."""

    name: str
    arguments: tuple[Type, ...] = ()

    def __str__(self) -> str:
        if self.name == "|":
            return " | ".join(map(str, self.arguments))
        return self.name + (f"[{', '.join(map(str, self.arguments))}]" if self.arguments else "")

    def within(self, bound: dict[str, Type]) -> Type:
        return bound.get(self.name) or replace(self, arguments=tuple(item.within(bound) for item in self.arguments))

    def variables(self) -> Iterator[str]:
        if self.name in POOLS:
            yield self.name
        for item in self.arguments:
            yield from item.variables()

    def match(self, found: Type, bound: dict[str, Type]) -> bool:
        """Is `found` of this form? Binds type variables on the way."""
        if self.name in POOLS:
            return bound.setdefault(self.name, found) == found
        return (
            self.name == found.name
            and len(self.arguments) == len(found.arguments)
            and all(mine.match(other, bound) for mine, other in zip(self.arguments, found.arguments))
        )


@cache
def parse(text: str) -> Type:
    words = WORD.findall(text)

    def union() -> Type:
        parts = [single()]
        while words and words[0] == "|":
            words.pop(0)
            parts.append(single())
        return parts[0] if len(parts) == 1 else Type("|", tuple(parts))

    def single() -> Type:
        name = words.pop(0)
        arguments = []
        if words and words[0] == "[":
            while words.pop(0) != "]":
                arguments.append(union())
        return Type(name, tuple(arguments))

    return union()


@dataclass(frozen=True, slots=True)
class Rule:
    """`head`: the type it makes, "statement" or "module". `ends`: has no holes that go deeper. `needs`: the place that
    a statement wants, `declares`: its variables."""

    head: Type
    text: str
    ends: bool = False
    needs: tuple[str, ...] = ()
    declares: str = ""


@cache
def rules() -> list[Rule]:
    text = Path(__file__).with_name("rules.txt").read_text(encoding="utf-8")
    found: list[Rule] = []
    for block in text.split("\n\n")[1:] if text.startswith("#") else text.split("\n\n"):
        first, _, rest = block.strip("\n").partition("\n")
        if first.split()[0] in ("statement", "module"):
            head, _, declares = first.partition(" : ")
            found.append(Rule(Type(head.split()[0]), rest, False, tuple(head.split()[1:]), declares))
            continue
        for line in rest.split("\n"):
            weight = re.match(r"(\d)\* ", line)
            ends = line.startswith("! ")
            body = line[2:] if ends else line[weight.end() :] if weight else line
            found += [Rule(parse(first), body, ends)] * (int(weight[1]) if weight else 1)
    return found


@dataclass(slots=True)
class Scope:
    """`variables`: names and types; `frozen`: those that may not be assigned. `places`: loop, body, gen, local."""

    variables: dict[str, Type] = field(default_factory=dict)
    frozen: set[str] = field(default_factory=set)
    places: frozenset[str] = frozenset()
    bound: dict[str, Type] = field(default_factory=dict)  # R and Y
    rules: list[Rule] = field(default_factory=list)

    def inner(self, places: Iterable[str] | None = None, frozen: bool = False) -> Scope:
        kept = set(self.variables) if frozen else set(self.frozen)
        own = self.places if places is None else frozenset(places)
        return Scope(dict(self.variables), kept, own, dict(self.bound), list(self.rules))


class Unit:
    """One seed's part of a program: `lines`."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []
        self.count = seed % 1000 * 1000
        self.rules = list(rules())
        near = random.Random(seed // 40)  # units that are compiled together have few types in all, which is faster
        few = {*SIMPLE, *near.sample(VALUES[len(SIMPLE) + 3 :], 6)}
        self.pools = {
            name: [kind for kind in pool if name in "KO" or "|" in kind or kind in few] for name, pool in POOLS.items()
        }
        self.fitting: dict[Type, list[tuple[Rule, dict[str, Type]]]] = {}

        for _ in range(self.random.choice((0, 0, 1, 1, 2))):
            rule = self.random.choice([rule for rule in self.rules if rule.head.name == "module"])
            self.statement(rule, Scope(), 0, 2)
        local = self.random.random() < 0.85
        self.lines.append(f"print('\\n=== {seed}')")
        self.lines.append(f"def run_{seed}() -> None:" if local else "try:")
        scope = Scope(places=frozenset(["local"] if local else []))
        self.block(scope, 1, self.random.randint(1, 5), self.random.choice((1, 2, 2, 3)))
        for name, kind in scope.variables.items():
            unordered = kind.name == "set" and "str" in str(kind)  # another order in each run of CPython
            self.lines.append(f"    print({name!r}, {f'sorted({name}, key=repr)' if unordered else name})")
        if local:
            self.lines += ["try:", f"    run_{seed}()"]
        self.lines += ["except Exception as error:", "    print('raised', repr(error))"]

    # --- expressions -------------------------------------------------------------------------------------------

    def expression(self, kind: Type, scope: Scope, depth: int) -> str:
        names = [name for name, own in scope.variables.items() if own == kind]
        if names and self.random.random() < (0.65 if depth <= 0 else 0.3):
            return self.random.choice(names)
        fitting = self.fit(kind)
        for rule in scope.rules:
            bound: dict[str, Type] = {}
            if rule.head.match(kind, bound):
                fitting = [*fitting, *[(rule, bound)] * 3]
        ends = [item for item in fitting if item[0].ends]
        if depth <= 0 and ends:
            fitting = ends
        for _ in range(8):
            rule, bound = self.random.choice(fitting)
            try:
                return self.render(rule.text, dict(bound), {}, scope, depth)
            except Impossible:
                continue
        raise Impossible(str(kind))

    def fit(self, kind: Type) -> list[tuple[Rule, dict[str, Type]]]:
        found = self.fitting.get(kind)
        if found is None:
            found = []
            for rule in self.rules:
                bound: dict[str, Type] = {}
                if rule.head.match(kind, bound):
                    found.append((rule, bound))
            self.fitting[kind] = found
        if not found:
            raise Impossible(str(kind))
        return found

    def bind(self, kind: Type, bound: dict[str, Type]) -> Type:
        """The type, with a choice for each type variable that has none yet; P is chosen anew."""
        bound.pop("P", None)
        for name in kind.variables():
            if name not in bound:
                bound[name] = parse(self.random.choice(self.pools[name]))
        return kind.within(bound)

    def render(self, text: str, bound: dict[str, Type], names: dict[str, str], scope: Scope, depth: int) -> str:
        def named(name: str) -> str:
            if name not in names:
                self.count += 1
                names[name] = f"{name if name[0].islower() else name.capitalize()}{self.count}"
            return names[name]

        def words(text: str) -> str:
            return re.sub(r"\$(\w+)", lambda found: named(found[1]), text)

        def fill(found: re.Match[str]) -> str:
            hole = found[1]
            if hole is None:
                return named(found[2])
            if hole.startswith("?"):
                chosen = self.random.choice(hole[1:].split("?"))
                return words(chosen)
            wanted, *binders = words(hole).split(";")
            inner = self.with_variables(scope.inner(), binders, bound) if binders else scope
            match wanted[0]:
                case "@" | "~":
                    return self.variable(parse(wanted[1:]), bound, scope, wanted[0] == "~")
                case "!":
                    return self.expression(self.bind(parse(wanted[1:]), bound), Scope(), 0)
                case ":":
                    return str(self.bind(parse(wanted[1:]), bound))
            return self.expression(self.bind(parse(wanted), bound), inner, depth - 1)

        return PART.sub(fill, text)

    def with_variables(self, scope: Scope, binders: list[str], bound: dict[str, Type]) -> Scope:
        for binder in binders:
            name, _, kind = binder.partition(":")
            scope.variables[name.rstrip("!")] = self.bind(parse(kind), bound)
            scope.frozen -= {name}
            if name.endswith("!"):
                scope.frozen.add(name[:-1])
        return scope

    def variable(self, kind: Type, bound: dict[str, Type], scope: Scope, frozen: bool) -> str:
        able = []
        for name, own in scope.variables.items():
            trial = dict(bound)
            if (frozen or name not in scope.frozen) and kind.match(own, trial) and self.allowed(trial):
                able.append((name, trial))
        if not able:
            raise Impossible(str(kind))
        name, trial = self.random.choice(able)
        bound.update(trial)
        return name

    def allowed(self, bound: dict[str, Type]) -> bool:
        return all(
            name in "RY" or (kind.name != "|" and name in "TSUVWX") or str(kind) in self.pools[name]
            for name, kind in bound.items()
        )

    # --- statements --------------------------------------------------------------------------------------------

    def block(self, scope: Scope, indent: int, size: int, depth: int) -> None:
        able = [
            rule
            for rule in self.rules
            if rule.head.name == "statement"
            and scope.places.issuperset({*rule.needs} - {"try"})
            and (depth > 0 or not re.search("`(block|loop|final|body|gen)", rule.text))
        ]
        while size:
            start = len(self.lines)
            try:
                self.statement(self.random.choice(able), scope, indent, depth)
                size -= 1
            except Impossible:
                del self.lines[start:]

    def statement(self, rule: Rule, scope: Scope, indent: int, depth: int) -> None:
        bound, names = dict(scope.bound), dict[str, str]()
        added = []
        often = 0.8 if "try" in rule.needs else 0.1
        simple = not rule.declares and rule.head.name == "statement" and "break" not in rule.text
        guarded = simple and self.random.random() < often
        if guarded:
            self.lines.append("    " * indent + "try:")
            indent += 1
        for line in rule.text.split("\n"):
            if line.startswith("=> "):
                added.append(line[3:])
                continue
            spaces = len(line) - len(line.lstrip())
            hole = re.fullmatch(r" *`(block|loop|final|body|gen)\b([^`]*)`", line)
            if hole:
                self.nested(rule.text, hole[1], hole[2], bound, names, scope, indent + spaces // 4, depth - 1)
            else:
                self.lines.append(
                    "    " * indent + self.render(line, bound, names, scope, self.random.choice((1, 2, 2, 3)))
                )
        if guarded:
            indent -= 1
            self.lines += ["    " * indent + "except Exception as error:", "    " * indent + "    print(repr(error))"]
        self.add(added, bound, names, scope, rule.head.name == "module")
        if rule.declares:
            declared = re.sub(r"\$(\w+)", lambda found: names[found[1]], rule.declares)
            self.with_variables(
                scope, [":".join(item.split(" ", 1)) for item in re.split(r", (?=\w+ )", declared)], bound
            )

    def nested(
        self,
        text: str,
        place: str,
        rest: str,
        bound: dict[str, Type],
        names: dict[str, str],
        scope: Scope,
        indent: int,
        depth: int,
    ) -> None:
        """The statements of a block hole, in a scope of their own."""
        wanted, *binders = re.sub(r"\$(\w+)", lambda found: names[found[1]], rest).split(";")
        size = self.random.choice((1, 1, 2, 3))
        match place:
            case "body" | "gen":
                inner = scope.inner({"local", place}, frozen=True)
                letter = "R" if place == "body" else "Y"
                inner.bound = {letter: self.bind(parse(wanted[1:] or "Y"), bound)}
            case "loop":
                inner = scope.inner({*scope.places, "loop"})
            case "final":
                inner = scope.inner({*scope.places} & {"local"})
            case _:
                inner = scope.inner()
        if re.search(r"finally:|with ", text):
            inner.places -= {"gen"}
        self.with_variables(inner, binders, bound)
        self.block(inner, indent, size, depth)
        if place == "body":
            self.lines.append("    " * indent + f"return {self.expression(inner.bound['R'], inner, 2)}")
        elif place == "gen":
            self.lines.append("    " * indent + f"yield {self.expression(inner.bound['Y'], inner, 2)}")

    def add(
        self, added: list[str], bound: dict[str, Type], names: dict[str, str], scope: Scope, everywhere: bool
    ) -> None:
        """Rules that a definition brings with it; names and types of it are put in."""
        for line in added:
            line = re.sub(r"\$(\w+)", lambda found: names.get(found[1], found[0]), line)
            if line.startswith("type "):
                _, pools, name = line.split()
                for pool in "TSUPYVWX" if pools == "T" else pools:
                    self.pools[pool] += [name] * 3
                continue
            head, _, text = line.partition(" : ")
            text = re.sub(
                r"`([^?`][^`]*)`",
                lambda found: (
                    "`" + re.sub(r"\b[A-Z]\b", lambda letter: str(bound.get(letter[0], letter[0])), found[1]) + "`"
                ),
                text,
            )
            ends = text.startswith("! ")
            rule = Rule(parse(head).within(bound), (text[2:] if ends else text).replace("||", "\n"), ends)
            (self.rules if everywhere else scope.rules).extend([rule] * (6 if everywhere else 1))
        self.fitting.clear()


@cache
def unit(seed: int) -> str:
    return "\n".join(Unit(seed).lines)


def program(seeds: Iterable[int]) -> str:
    """Ends with a line like those before each unit, so that the last unit's output ends as the others' do."""
    return IMPORTS + "\n".join(unit(seed) for seed in seeds) + "\nprint('\\n=== -1')\n"
