"""Builds the patterns of `match`: one method for each action that the grammar names (see `expressions`)."""

from __future__ import annotations

from collections.abc import Iterator

from ..diag import CompileError
from . import tree
from .errors import Duplicate, InvalidPattern
from .expressions import ExpressionBuilder
from .source import Span
from .tokens import Token


class KeywordPattern(tuple[Token, tree.Pattern]):
    """`name=pattern` inside a class pattern."""


class MappingPair(tuple[tree.Expr, tree.Pattern]):
    """`key: pattern` inside a mapping pattern."""


class PatternBuilder(ExpressionBuilder):
    def negative_number(self, span: Span, token: Token) -> tree.Expr:
        return tree.UnaryOp(span, "-", self.number(token.span, token))

    def literal_pattern(self, span: Span, value: tree.Expr) -> tree.Pattern:
        if isinstance(value, tree.NoneLiteral | tree.BoolLiteral):
            return tree.MatchSingleton(span, value)
        if isinstance(value, tree.JoinedStr):
            raise self.pattern_error(value.span, "an f-string cannot be a pattern")
        return tree.MatchValue(span, value)

    def name_pattern(self, span: Span, value: tree.Expr) -> tree.Pattern:
        if isinstance(value, tree.Name):
            return tree.MatchAs(span, None, None if value.id == "_" else value.id)
        return tree.MatchValue(span, value)

    def as_pattern(self, span: Span, pattern: tree.Pattern, name: Token) -> tree.Pattern:
        if name.text == "_":
            raise self.pattern_error(name.span, "`_` matches anything and names nothing, so it cannot follow `as`")
        return tree.MatchAs(span, pattern, name.text)

    def alternatives(self, span: Span, *patterns: tree.Pattern) -> tree.Pattern:
        names = {name for name, _ in bindings(patterns[0])}
        for pattern in patterns:
            if {name for name, _ in bindings(pattern)} != names:
                raise self.pattern_error(pattern.span, "all alternatives of a pattern must bind the same names")
        for pattern in patterns[:-1]:
            if always_matches(pattern):
                raise self.pattern_error(
                    pattern.span, "this matches anything, so the alternatives after it never count"
                )
        return tree.MatchOr(span, patterns)

    def star_pattern(self, span: Span, name: Token) -> tree.Pattern:
        return tree.MatchStar(span, None if name.text == "_" else name.text)

    def sequence_pattern(self, span: Span, *patterns: tree.Pattern) -> tree.Pattern:
        stars = [pattern for pattern in patterns if isinstance(pattern, tree.MatchStar)]
        if len(stars) > 1:
            raise self.pattern_error(stars[1].span, "a sequence pattern can hold one `*` only")
        return tree.MatchSequence(span, patterns)

    sequence_in_brackets = sequence_pattern

    def mapping_pair(self, span: Span, key: tree.Expr, pattern: tree.Pattern) -> MappingPair:
        if isinstance(key, tree.Name):
            raise self.pattern_error(key.span, "the key of a mapping pattern is a literal or a dotted name")
        return MappingPair((key, pattern))

    def mapping_rest(self, span: Span, name: Token) -> Token:
        if name.text == "_":
            raise self.pattern_error(name.span, "`**_` says nothing: a mapping pattern ignores other keys anyway")
        return name

    def mapping_pattern(self, span: Span, *items: MappingPair | Token) -> tree.Pattern:
        rest: str | None = None
        pairs: list[MappingPair] = []
        for index, item in enumerate(items):
            if isinstance(item, MappingPair):
                pairs.append(item)
            elif index + 1 < len(items):
                raise self.pattern_error(item.span, "`**` takes the rest, so it stands last in a mapping pattern")
            else:
                rest = item.text
        keys, patterns = tuple(key for key, _ in pairs), tuple(pattern for _, pattern in pairs)
        return tree.MatchMapping(span, keys, patterns, rest)

    def keyword_pattern(self, span: Span, name: Token, pattern: tree.Pattern) -> KeywordPattern:
        return KeywordPattern((name, pattern))

    def class_pattern(self, span: Span, cls: tree.Expr, *items: tree.Pattern | KeywordPattern) -> tree.Pattern:
        positional: list[tree.Pattern] = []
        named: dict[str, tree.Pattern] = {}
        for item in items:
            if isinstance(item, KeywordPattern):
                name, pattern = item
                if name.text in named:
                    raise CompileError.of(Duplicate(self.source, name.span, what="the attribute", name=name.text))
                named[name.text] = pattern
            elif named:
                raise self.pattern_error(item.span, "a positional pattern cannot follow a keyword pattern")
            else:
                positional.append(item)
        return tree.MatchClass(span, cls, tuple(positional), tuple(named), tuple(named.values()))

    def case(
        self, span: Span, pattern: tree.Pattern, guard: tree.Expr | None, block: tuple[int, tuple[tree.Stmt, ...]]
    ) -> tree.MatchCase:
        seen: set[str] = set()
        for name, place in bindings(pattern):
            if name in seen:
                raise CompileError.of(Duplicate(self.source, place, what="the captured name", name=name))
            seen.add(name)
        return tree.MatchCase(span, pattern, guard, block[1])

    def match(self, span: Span, subject: tree.Expr, *cases: tree.MatchCase) -> tree.Stmt:
        for case in cases[:-1]:
            if case.guard is None and always_matches(case.pattern):
                raise self.pattern_error(
                    case.pattern.span, "this matches anything, so the cases after it are never reached"
                )
        return tree.Match(span, subject, cases)

    def pattern_error(self, span: Span, problem: str) -> CompileError:
        return CompileError.of(InvalidPattern(self.source, span, problem=problem))


def always_matches(pattern: tree.Pattern) -> bool:
    match pattern:
        case tree.MatchAs(pattern=None):
            return True
        case tree.MatchAs(pattern=tree.Pattern() as inner):
            return always_matches(inner)
        case tree.MatchOr(patterns=patterns):
            return always_matches(patterns[-1])
        case _:
            return False


def bindings(pattern: tree.Pattern) -> Iterator[tuple[str, Span]]:
    """The names that a pattern binds, with the part that binds each."""
    match pattern:
        case tree.MatchAs(pattern=inner, name=name):
            if inner:
                yield from bindings(inner)
            if name:
                yield name, pattern.span
        case tree.MatchStar(name=str() as name):
            yield name, pattern.span
        case tree.MatchOr(patterns=patterns):
            yield from bindings(patterns[0])
        case tree.MatchSequence(patterns=patterns):
            for item in patterns:
                yield from bindings(item)
        case tree.MatchMapping(patterns=patterns, rest=rest):
            for item in patterns:
                yield from bindings(item)
            if rest:
                yield rest, pattern.span
        case tree.MatchClass(patterns=patterns, kwd_patterns=named):
            for item in (*patterns, *named):
                yield from bindings(item)
        case _:
            return
