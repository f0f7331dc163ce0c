"""`match`: patterns become tests and assignments, cases a chain of `if`."""

from __future__ import annotations

from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .body import Facts
from .declarations import ClassDecl
from .enums import Enums
from .records import record_fields
from .typed import Conditional, Const, Do, GetItem, IsInstance, SetVar, TBlock, TExpr, TIf, Var
from .types import NEVER, NONE, AnyType, ClassType, ErrorType, FunctionType, NoneType, TupleType, Type, UnionType

Bindings = list[tuple[tree.Node, str, TExpr]]


class Patterns(Enums):
    def _match(self, node: tree.Match) -> None:
        value = self.expression(node.subject)
        path = self.path_of(value) if isinstance(node.subject, tree.Name) else None
        subject = self.kept(value)
        states: list[tuple[Facts, bool]] = []
        self._cases(node.cases, subject, value.type, path, states, frozenset())
        if self.left_out is not None and self.left_out[0].start < 0:
            self.left_out = Span(node.span.start, node.span.start + len("match")), self.left_out[1]
        self.merge(*states)

    def _cases(
        self, cases: tuple[tree.MatchCase, ...], subject: TExpr, rest: Type, path: tuple[object, ...] | None,
        states: list[tuple[Facts, bool]],
        seen: frozenset[str],
    ) -> None:  # fmt: skip
        """The first case, and the others where it does not match; `rest` is what the subject can still be."""
        if not cases or rest is NEVER:
            states.append((self.facts, rest is not NEVER))
            if rest is not NEVER and (lacking := self._lacking(subject.type, rest, seen)):
                self.left_out = Span(-1, -1), lacking
            return
        case, span = cases[0], cases[0].span
        before = dict(self.facts)
        bindings: Bindings = []
        known = self.narrowed(subject, rest)
        test, matched = self._pattern(case.pattern, known, bindings)
        if matched is NEVER and not relations.is_open(rest):
            self.emit(Do(span, test))
            self._cases(cases[1:], subject, rest, path, states, seen)
            return
        left = rest if case.guard is not None else self._left(case.pattern, rest, matched, test)
        if case.guard is None and isinstance(rest, ClassType) and (rest.decl.is_enum or self.is_bool(rest)):
            seen |= self._values(case.pattern)
            if seen >= (set(rest.decl.enum_members) if rest.decl.is_enum else {"True", "False"}):
                left = NEVER
        elif case.guard is None and isinstance(rest, UnionType):
            enums = [item for item in rest.members if isinstance(item, ClassType) and item.decl.is_enum]
            if len(enums) == 1:  # of two, a name alone would not tell which is meant
                seen |= self._values(case.pattern)
                if seen >= set(enums[0].decl.enum_members):
                    left = relations.union([item for item in relations.members_of(left) if item != enums[0]])
        done: Var | None = None
        if path is not None and matched is not NEVER and matched != subject.type:
            self.facts[path] = matched
        with self.block() as body:
            for target, name, found in bindings:
                self.define(target, name, found, target.span)
            if case.guard is not None:
                guard, if_true, _ = self.test(case.guard)
                done = self.temporary(self.core("bool"))
                self.facts = {**self.facts, **if_true}
                with self.block() as inner:
                    self.emit(SetVar(span, done, self.bool_const(True, span)))
                    self.statements(case.body)
                self.emit(TIf(span, guard, inner, []))
            else:
                self.statements(case.body)
        states.append((self.facts, self.reachable))
        self.facts, self.reachable = before, True
        if path is not None and left is not NEVER and left != subject.type:
            self.facts[path] = left
        always = isinstance(test, Const) and test.value is True
        with self.block() as others:
            self._cases(cases[1:], subject, NEVER if always and case.guard is None else left, path, states, seen)
        if done is None:
            self.if_statement(test, body, others, span)
            return
        self.emit(SetVar(span, done, self.bool_const(False, span)))
        self.if_statement(test, body, [], span)
        self.emit(TIf(span, self.negated(self.get(done, span)), others, []))

    def _left(self, pattern: tree.Pattern, rest: Type, matched: Type, test: TExpr) -> Type:
        """What the subject can still be when an unguarded case did not match."""
        if isinstance(test, Const) and test.value is True:
            return NEVER
        if not self._is_whole(pattern):
            return rest
        left = [item for item in relations.members_of(rest) if item not in relations.members_of(matched)]
        return relations.union(left) if left else NEVER

    def _lacking(self, whole: Type, rest: Type, seen: frozenset[str]) -> list[str]:
        """Patterns for what no case takes, if they can be counted."""
        found: list[str] = []
        for item in relations.members_of(rest):
            if isinstance(item, ClassType) and item.decl.is_enum:
                found += [f"{item.decl.name}.{name}" for name in item.decl.enum_members if name not in seen]
            elif self.is_bool(item):
                found += [name for name in ("True", "False") if name not in seen]
            elif item == NONE:
                found.append("None")
            elif isinstance(item, ClassType) and isinstance(whole, UnionType):
                found.append(f"{str(item).partition('[')[0]}()")
            else:
                return []
        return found

    def _values(self, pattern: tree.Pattern) -> frozenset[str]:
        """Names of the Enum members (or truth values) that a pattern takes."""
        match pattern:
            case tree.MatchValue(value=tree.Attribute(attr=name)):
                return frozenset((name,))
            case tree.MatchSingleton(value=tree.BoolLiteral(value=value)):
                return frozenset((str(value),))
            case tree.MatchOr(patterns=parts):
                return frozenset().union(*map(self._values, parts))
            case _:
                return frozenset()

    def _is_whole(self, pattern: tree.Pattern) -> bool:
        """Does the pattern take every value of the type it matches?"""
        match pattern:
            case tree.MatchSingleton(value=tree.NoneLiteral()):
                return True
            case tree.MatchClass(patterns=patterns, kwd_patterns=others):
                return all(isinstance(item, tree.MatchAs) and item.pattern is None for item in (*patterns, *others))
            case tree.MatchAs(pattern=None):
                return True
            case tree.MatchAs(pattern=inner) if inner is not None:
                return self._is_whole(inner)
            case tree.MatchOr(patterns=parts):
                return all(self._is_whole(item) for item in parts)
            case _:
                return False

    def _pattern(self, node: tree.Pattern, value: TExpr, bindings: Bindings) -> tuple[TExpr, Type]:
        """The test of a pattern, and the type of what passes it."""
        span = node.span
        always = self.bool_const(True, span)
        kind = value.type
        match node:
            case tree.MatchAs():
                test, matched = (always, kind) if node.pattern is None else self._pattern(node.pattern, value, bindings)
                if node.name is not None:
                    bindings.append((node, node.name, self.narrowed(value, matched)))
                return test, matched
            case tree.MatchSingleton(value=tree.NoneLiteral()):
                return self.identical(value, self.none(span), span), NONE if relations.has_none(
                    kind
                ) or kind == NONE else NEVER
            case tree.MatchSingleton(value=literal) | tree.MatchValue(value=literal):
                with self.block() as made:
                    test = self.compare(value, "==", self.expression(literal, kind), span)
                return self.wrapped(made, test), kind
            case tree.MatchOr():
                tests: list[TExpr] = []
                kinds: list[Type] = []
                for item in node.patterns:
                    own: Bindings = []
                    test, matched = self._pattern(item, value, own)
                    if own:
                        self.unsupported(item, "a name inside `|` in a pattern", "write the cases one by one")
                    tests.append(test)
                    kinds.append(matched)
                joined = tests[-1]
                for test in reversed(tests[:-1]):
                    joined = Conditional(self.core("bool"), span, test, self.bool_const(True, span), joined)
                return joined, relations.union(kinds)
            case tree.MatchClass():
                return self._class_pattern(node, value, bindings)
            case tree.MatchSequence():
                return self._sequence_pattern(node, value, bindings)
            case _:
                self.unsupported(node, "this pattern", "test with `if`")
                return Const(self.core("bool"), span, None), kind

    def _class_pattern(self, node: tree.MatchClass, value: TExpr, bindings: Bindings) -> tuple[TExpr, Type]:
        wanted = self.class_list(node.cls)
        span = node.span
        if wanted is None or isinstance(value.type, ErrorType):
            return Const(self.core("bool"), span, None), value.type
        inside: list[Type] = []
        for member in relations.members_of(value.type):
            found = self.matching(member, wanted[0])
            if found is not None:
                inside.append(found)
        if not inside:
            return self.bool_const(False, span), NEVER
        kind = relations.union(inside)
        whole = set(relations.members_of(value.type)) <= set(relations.members_of(kind))
        test: TExpr = (
            self.bool_const(True, span)
            if whole
            else IsInstance(self.core("bool"), span, value, relations.members_of(kind))
        )
        narrow = self.narrowed(value, kind)
        names = list(node.kwd_attrs)
        positional = node.patterns
        if (
            positional
            and isinstance(kind, ClassType)
            and (relations.is_value(kind) or kind.decl.representation == "raw")
            and len(positional) == 1
        ):
            inner, _ = self._pattern(positional[0], narrow, bindings)
            return self._and(test, inner), kind
        if positional:
            decl = kind.decl if isinstance(kind, ClassType) else None
            fields = [item.name for item in record_fields(decl)] if isinstance(decl, ClassDecl) else []
            if len(fields) < len(positional):
                problem = f"`{kind}` has {len(fields)} positional parts for patterns, not {len(positional)}"
                self.report(errors.ClassProblem(self.source, span, problem=problem))
                return test, kind
            names = [*fields[: len(positional)], *names]
        for name, pattern in zip(names, (*positional, *node.kwd_patterns), strict=True):
            part = self.attribute(narrow, name, pattern.span, pattern.span)
            inner, _ = self._pattern(pattern, part, bindings)
            test = self._and(test, inner)
        return test, kind

    def _sequence_pattern(self, node: tree.MatchSequence, value: TExpr, bindings: Bindings) -> tuple[TExpr, Type]:
        span, kind = node.span, value.type
        star = next((at for at, item in enumerate(node.patterns) if isinstance(item, tree.MatchStar)), -1)
        if isinstance(kind, UnionType):
            parts = [
                item
                for item in kind.members
                if isinstance(item, TupleType) or (isinstance(item, ClassType) and self._is_sequence(item))
            ]
            if len(parts) != 1:
                self.unsupported(node, "a sequence pattern on this union", "test with `isinstance` first")
                return Const(self.core("bool"), span, None), kind
            test, matched = self._sequence_pattern(node, self.narrowed(value, parts[0]), bindings)
            return self._and(IsInstance(self.core("bool"), span, value, (parts[0],)), test), matched
        if isinstance(kind, TupleType):
            count = len(kind.items)
            if count != len(node.patterns) if star < 0 else count < len(node.patterns) - 1:
                return self.bool_const(False, span), NEVER
            test = self.bool_const(True, span)
            for index, pattern in enumerate(node.patterns):
                at = index if star < 0 or index <= star else index - len(node.patterns) + count
                if not isinstance(pattern, tree.MatchStar):
                    inner, _ = self._pattern(pattern, GetItem(kind.items[at], span, value, at), bindings)
                    test = self._and(test, inner)
                elif pattern.name is not None:
                    middle = range(star, star + count - len(node.patterns) + 1)
                    kinds = [kind.items[place] for place in middle]
                    held = self.joined(kinds, span) if kinds else self.core("int")
                    items: list[tuple[TExpr, bool]] = [
                        (GetItem(kind.items[place], span, value, place), False) for place in middle
                    ]
                    bindings.append((pattern, pattern.name, self.list_of(items, held, span)))
            return test, kind
        if isinstance(kind, AnyType):
            self.unsupported(node, "a sequence pattern on `Any`", "test with `isinstance` first")
            return Const(self.core("bool"), span, None), kind
        if isinstance(kind, FunctionType | NoneType) or not (isinstance(kind, ClassType) and self._is_sequence(kind)):
            return TBlock(self.core("bool"), span, [Do(span, value)], self.bool_const(False, span)), NEVER
        length = self.need_method(value, "__len__", [], span)
        fixed = len(node.patterns) - (star >= 0)
        test = self.prim(
            "int_ge" if star >= 0 else "int_eq", self.core("bool"), span, length, self.int_const(fixed, span)
        )
        for index, pattern in enumerate(node.patterns):
            if isinstance(pattern, tree.MatchStar):
                if pattern.name is not None:
                    stop = self.prim(
                        "wrap_sub", self.core("int"), span, length, self.int_const(len(node.patterns) - 1 - index, span)
                    )
                    part = self.need_method(
                        value, "__getslice__", [self.int_const(index, span), stop, self.int_const(1, span)], span
                    )
                    bindings.append((pattern, pattern.name, part))
                continue
            at = index if star < 0 or index < star else index - len(node.patterns)
            item = self.need_method(value, "__getitem__", [self.int_const(at, span)], span)
            inner, _ = self._pattern(pattern, item, bindings)
            test = self._and(test, inner)
        return test, kind

    def _is_sequence(self, kind: ClassType) -> bool:
        return kind.decl.module.core and kind.decl.name in ("list", "tuple_of")

    def _and(self, first: TExpr, second: TExpr) -> TExpr:
        if isinstance(second, Const) and second.value is True:
            return first
        if isinstance(first, Const) and first.value is True:
            return second
        return self.both(first, second)


__all__ = ["Patterns", "Span"]
