"""`match`: patterns become tests and assignments, cases a chain of `if`."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .body import Facts
from .callsite import CallSite
from .declarations import ClassDecl, GlobalDecl
from .enums import Enums
from .records import init_fields
from .typed import Conditional, Const, Do, GetItem, SetVar, TBlock, TExpr, TIf, Var
from .types import ANY, ERROR, NEVER, NONE, AnyType, ClassType, ErrorType, NoneType, TupleType, Type, UnionType
from .wording import TEXTS

Bindings = list[tuple[tree.Node, str, TExpr]]
Alternative = Callable[[Bindings], tuple[TExpr, Type]]


THEMSELVES = frozenset(
    ["bool", "bytearray", "bytes", "dict", "float", "frozenset", "int", "list", "set", "str", "tuple"]
)
"""Classes whose one positional part in a pattern is the value itself, as in `int(n)`."""


class Patterns(Enums):
    def _match(self, node: tree.Match) -> None:
        value = self.expression(node.subject)
        path = self.path_of(value) if isinstance(node.subject, tree.Name) else None
        names = node.subject.elts if isinstance(node.subject, tree.Tuple) else ()
        subject = self.kept(value)
        states: list[tuple[Facts, bool]] = []
        self._cases(node.cases, subject, value.type, path, states, frozenset(), names)
        if self.left_out is not None and self.left_out[0].start < 0:
            self.left_out = Span(node.span.start, node.span.start + len("match")), self.left_out[1]
        self.merge(*states)

    def _cases(
        self, cases: tuple[tree.MatchCase, ...], subject: TExpr, rest: Type, path: tuple[object, ...] | None,
        states: list[tuple[Facts, bool]],
        seen: frozenset[str], names: tuple[tree.Expr, ...],
    ) -> None:  # fmt: skip
        """The first case, and the others where it does not match; `rest` is what the subject can still be, `names`
        what it is made of where it is a tuple that stands there."""
        if not cases or rest is NEVER:
            states.append((self.facts, rest is not NEVER))
            if rest is not NEVER and (lacking := self._lacking(subject.type, rest, seen)):
                self.left_out = Span(-1, -1), lacking
            return
        case, span = cases[0], cases[0].span
        before = dict(self.facts)
        bindings: Bindings = []
        known = self.narrowed(subject, rest)
        with self.block() as asking:
            test, matched = self._pattern(case.pattern, known, bindings)
        test = self.wrapped(asking, test)
        if matched is NEVER and not relations.is_open(rest):
            self.emit(Do(span, test))
            self._cases(cases[1:], subject, rest, path, states, seen, names)
            return
        left = rest if case.guard is not None else self._left(case.pattern, rest, matched, test)
        if case.guard is None and isinstance(rest, ClassType) and (rest.decl.is_closed or self.is_bool(rest)):
            seen |= self._values(case.pattern)
            if seen >= (set(rest.decl.enum_members) if rest.decl.is_enum else {"True", "False"}):
                left = NEVER
        elif case.guard is None and isinstance(rest, UnionType):
            enums = [
                item
                for item in rest.members
                if isinstance(item, ClassType) and item.decl.is_enum and not item.decl.is_flag
            ]
            if len(enums) == 1:  # of two, a name alone would not tell which is meant
                seen |= self._values(case.pattern)
                if seen >= set(enums[0].decl.enum_members):
                    left = relations.union([item for item in relations.members_of(left) if item != enums[0]])
        elif case.guard is None and isinstance(rest, ClassType) and rest.decl.name in ("list", "tuple_of"):
            seen |= self._values(case.pattern)
            least = [int(item[1:]) for item in seen if item.startswith("*")]
            if least and seen >= {str(count) for count in range(min(least))}:
                left = NEVER
        done: Var | None = None
        if path is not None and matched is not NEVER and matched != subject.type:
            self.facts[path] = matched
        if isinstance(case.pattern, tree.MatchSequence) and isinstance(known.type, TupleType):
            self._items_matched(case.pattern.patterns, known, names)
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
            self._cases(cases[1:], subject, NEVER if always and case.guard is None else left, path, states, seen, names)
        if done is None:
            self.if_statement(test, body, others, span)
            return
        self.emit(SetVar(span, done, self.bool_const(False, span)))
        self.if_statement(test, body, [], span)
        self.emit(TIf(span, self.negated(self.get(done, span)), others, []))

    def _items_matched(self, patterns: tuple[tree.Pattern, ...], subject: TExpr, names: tuple[tree.Expr, ...]) -> None:
        """What is known of `a` and `b` where a pattern takes the tuple `a, b`."""
        kinds = relations.parts(subject.type)
        if len(patterns) != len(kinds) or any(isinstance(item, tree.MatchStar) for item in patterns):
            return
        found: Facts = {}
        for at, (name, pattern, kind) in enumerate(zip(names, patterns, kinds, strict=False)):
            with self.trial():
                path = self.path_of(self.expression(name)) if isinstance(name, tree.Name) else None
                _, matched = self._pattern(pattern, GetItem(kind, name.span, subject, at), [])
                if path is not None and matched not in (NEVER, kind):
                    found[path] = matched
        self.facts |= found

    def _left(self, pattern: tree.Pattern, rest: Type, matched: Type, test: TExpr) -> Type:
        """What the subject can still be when an unguarded case did not match."""
        if isinstance(test, Const) and test.value is True:
            return NEVER
        if not self._is_whole(pattern):
            return rest
        taken = [item for item in relations.members_of(matched) if item != ANY]  # what is in an Any is never used up
        left = [item for item in relations.members_of(rest) if item not in taken]
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
        """Names of the Enum members (or truth values) that a pattern takes; of sequences their lengths, the least one
        behind `*` where there may be more."""
        match pattern:
            case tree.MatchSequence(patterns=parts):
                count = sum(not isinstance(item, tree.MatchStar) for item in parts)
                inner = (item.pattern if isinstance(item, tree.MatchAs) else item for item in parts)
                whole = all(item is None or isinstance(item, tree.MatchStar) for item in inner)
                return frozenset((str(count) if count == len(parts) else f"*{count}",) if whole else ())
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
                able = relations.has_none(kind) or kind == NONE or isinstance(kind, AnyType)
                return self.identical(value, self.none(span), span), NONE if able else NEVER
            case tree.MatchSingleton(value=literal) if not self.is_bool(kind):
                boolean = self.core("bool")
                if not isinstance(kind, AnyType) and boolean not in relations.members_of(kind):
                    return self.bool_const(False, span), NEVER  # 1 equals True, but it is not True
                narrow = self.narrowed(value, boolean)
                test = self.apart(lambda: self.compare(narrow, "==", self.expression(literal), span))
                return self.both(self.is_a(value, (boolean,), span), test), boolean
            case tree.MatchValue(value=tree.StringLiteral()) if left := self._but_numbers(kind):
                if left is NEVER:
                    return self.bool_const(False, span), NEVER
                is_it = self.is_a(value, relations.members_of(left), span)
                test, _ = self._pattern(node, self.narrowed(value, left), bindings)
                return self._and(is_it, test), left
            case tree.MatchSingleton(value=literal) | tree.MatchValue(value=literal):
                return self.apart(lambda: self.compare(value, "==", self.expression(literal, kind), span)), kind
            case tree.MatchOr():
                return self._one_of([partial(self._pattern, item, value) for item in node.patterns], bindings, span)
            case tree.MatchClass():
                return self._class_pattern(node, value, bindings)
            case tree.MatchSequence():
                return self._sequence_pattern(node, value, bindings)
            case tree.MatchMapping():
                return self._mapping_pattern(node, value, bindings)
            case _:
                self.unsupported(node, "this pattern", "test with `if`")
                return Const(self.core("bool"), span, None), kind

    def _but_numbers(self, kind: Type) -> Type | None:
        """What of a type could equal a text, where there are numbers, None or tuples in it, which never do."""
        members = relations.members_of(kind)
        able = [item for item in members if not (relations.is_number(item) or isinstance(item, NoneType | TupleType))]
        return None if len(able) == len(members) else relations.union(able) if able else NEVER

    def _one_of(self, patterns: list[Alternative], bindings: Bindings, span: Span) -> tuple[TExpr, Type]:
        """Alternatives: the first that matches binds the names, which are those of the last."""
        found: list[tuple[TExpr, Type, Bindings]] = []
        for pattern in patterns:
            own: Bindings = []
            with self.block() as asking:
                test, matched = pattern(own)
            if matched is not NEVER:
                found.append((self.wrapped(asking, test), matched, own))
            elif asking:
                found.append((self.wrapped(asking, test), matched, []))
        able = [item for item in found if item[1] is not NEVER]
        if not able:
            return self.bool_const(False, span), NEVER
        which = self.temporary(self.core("int")) if len(able) > 1 and able[0][2] else None
        joined: TExpr | None = None
        for test, _, own in reversed(found):
            if which is not None and own:
                number = self.int_const(next(at for at, item in enumerate(able) if item[2] is own), span)
                test = self._and(
                    test, TBlock(test.type, span, [SetVar(span, which, number)], self.bool_const(True, span))
                )
            always = isinstance(test, Const) and test.value is True
            joined = test if joined is None or always else (
                Conditional(self.core("bool"), span, test, self.bool_const(True, span), joined)
            )  # fmt: skip
        assert joined is not None
        for node, name, value in able[-1][2]:
            for at, (_, _, own) in reversed(list(enumerate(able[:-1]))):
                assert which is not None
                other = next(item for _, known, item in own if known == name)
                is_it = self.prim("int_eq", self.core("bool"), span, self.get(which, span), self.int_const(at, span))
                value = self.chosen(is_it, other, value, span)
            bindings.append((node, name, value))
        return joined, relations.union([matched for _, matched, _ in able])

    def _part(self, pattern: tree.Pattern, make: Callable[[], TExpr], bindings: Bindings) -> TExpr:
        """The test of a part of the subject, which is only looked at when all before it was right."""
        with self.block() as asking:
            part = self._held(make())
            test, matched = self._pattern(pattern, part, bindings)
        if matched is NEVER and not relations.is_open(part.type):
            return self.bool_const(False, pattern.span)
        return self.wrapped(asking, test)

    def _held(self, part: TExpr) -> TExpr:
        """A part of the subject that is read once, as reading it may do something."""
        return part if self.is_plain(part) or isinstance(part, GetItem) else self.kept(part)

    def _settled(self, test: TExpr, kind: Type) -> tuple[TExpr, Type]:
        """The test, and what passes it: nothing, where one of its parts never does."""
        return test, NEVER if isinstance(test, Const) and test.value is False else kind

    def _mapping_pattern(self, node: tree.MatchMapping, value: TExpr, bindings: Bindings) -> tuple[TExpr, Type]:
        span, kind = node.span, value.type
        decl = self.program.core_class("dict")
        if isinstance(kind, UnionType):
            return self._by_member(node, value, bindings)
        if isinstance(kind, AnyType):
            test = self.any_isinstance(value, [decl], span)
        elif relations.as_base(kind, decl) is not None:
            test = self.bool_const(True, span)
        else:
            return self.bool_const(False, span), NEVER
        keys: list[TExpr] = []
        for key_node, pattern in zip(node.keys, node.patterns, strict=True):
            key = self.expression(key_node)
            if isinstance(kind, ClassType) and self.fits(key.type, kind.args[0]) is None:
                return self.bool_const(False, span), NEVER
            keys.append(key)
            test = self._and(test, self.apart(partial(self.contains, key, value, span)))
            item = partial(self.need_method, value, "__getitem__", [key], span)
            test = self._and(test, self._part(pattern, item, bindings))
        if node.rest is not None:
            with self.block() as made:
                plain = isinstance(kind, ClassType) and relations.as_base(kind, self.program.core_class("dict"))
                copied = self.construct(plain, CallSite(span, [value])) if plain else None
                left = self.kept(copied or self.need_method(value, "copy", [], span))
                for key in keys:
                    self.emit(Do(span, self.need_method(left, "pop", [key], span)))
            bindings.append((node, node.rest, self.wrapped(made, left)))
        return self._settled(test, kind)

    def _by_member(self, node: tree.Pattern, value: TExpr, bindings: Bindings) -> tuple[TExpr, Type]:
        """A pattern tried on each member of a union."""

        def tried(member: Type, own: Bindings) -> tuple[TExpr, Type]:
            test, matched = self._pattern(node, self.narrowed(value, member), own)
            is_it = self.is_a(value, (member,), node.span)
            return (test if matched is NEVER else self._and(is_it, test)), matched

        return self._one_of([partial(tried, item) for item in relations.members_of(value.type)], bindings, node.span)

    def _class_pattern(self, node: tree.MatchClass, value: TExpr, bindings: Bindings) -> tuple[TExpr, Type]:
        wanted = self.class_list(node.cls)
        span = node.span
        if wanted is None or isinstance(value.type, ErrorType):
            return Const(self.core("bool"), span, None), value.type
        open_class = wanted[0] if isinstance(wanted[0], ClassType) and wanted[0].args else None
        if isinstance(value.type, AnyType) and open_class is not None:
            test = self.any_isinstance(value, [open_class.decl], span)
            if len(node.patterns) == 1:
                test = self._and(test, self._part(node.patterns[0], lambda: value, bindings))
            return test, value.type
        inside: list[Type] = []
        for member in relations.members_of(value.type):
            inside += [kind for kind in (self.matching(member, item) for item in wanted) if kind is not None]
            if isinstance(member, AnyType) and self.is_int(wanted[0]):
                inside.append(self.core("bool"))
        if not inside:
            return self.bool_const(False, span), NEVER
        kind = relations.union(inside)
        whole = set(relations.members_of(value.type)) <= set(relations.members_of(kind))
        test = self.bool_const(True, span) if whole else self.is_a(value, relations.members_of(kind), span)
        narrow = self.narrowed(value, kind)
        names = list(node.kwd_attrs)
        positional = node.patterns
        if len(positional) == 1 and all(map(self._is_itself, relations.members_of(kind))):
            return self._and(test, self._part(positional[0], lambda: narrow, bindings)), kind
        if positional:
            fields = self._match_args(kind.decl) if isinstance(kind, ClassType) else []
            if len(fields) < len(positional):
                problem = f"`{kind}` has {len(fields)} positional parts for patterns, not {len(positional)}"
                report = errors.ClassProblem(self.source, span, problem=problem)
                way_out = (
                    "name the attributes, `C(x=...)`, or say their order in the class: `__match_args__ = ('x', ...)`"
                )
                own = isinstance(kind, ClassType) and not kind.decl.module.library
                self.report(report.helped(way_out) if own else report)
                return test, kind
            names = [*fields[: len(positional)], *names]
            twice = next((name for at, name in enumerate(names) if name in names[:at]), None)
            if twice is not None:
                problem = f"this pattern asks for `{twice}` twice"
                self.report(errors.ClassProblem(self.source, span, problem=problem))
                return test, kind
        with self.block() as asking:
            named = list(zip(names, (*positional, *node.kwd_patterns), strict=True))
            parts = [self._held(self.attribute(narrow, name, item.span, item.span)) for name, item in named]
            inner: TExpr = self.bool_const(True, span)
            for (_, pattern), part in zip(named, parts, strict=True):
                inner = self._and(inner, self._part(pattern, partial(self._held, part), bindings))
        test = self._and(test, inner if isinstance(inner, Const) and not asking else self.wrapped(asking, inner))
        return self._settled(test, kind)

    def _is_itself(self, kind: Type) -> bool:
        """Is the one positional part of its class pattern the value itself, as in `int(n)`?"""
        core = isinstance(kind, ClassType) and kind.decl.module.core
        return isinstance(kind, TupleType) or (core and str(kind).partition("[")[0] in THEMSELVES)

    def _match_args(self, decl: ClassDecl) -> list[str]:
        """The names of the positional parts: `__match_args__`, else what a dataclass is made of by position."""
        said = self.program.members.find_member(decl, "__match_args__")
        if isinstance(said, GlobalDecl) and isinstance(said.value, tree.Tuple):
            return [item.value for item in said.value.elts if isinstance(item, tree.StringLiteral)]
        return [item.name for item in init_fields(decl) if not item.by_name]

    def _sequence_pattern(self, node: tree.MatchSequence, value: TExpr, bindings: Bindings) -> tuple[TExpr, Type]:
        span, kind = node.span, value.type
        star = next((at for at, item in enumerate(node.patterns) if isinstance(item, tree.MatchStar)), -1)
        if isinstance(kind, UnionType):
            return self._by_member(node, value, bindings)
        known = isinstance(kind, ClassType) and kind.decl.module.core and kind.decl.name in ("list", "tuple_of")
        if not known and not isinstance(kind, TupleType):
            named = isinstance(kind, ClassType) and kind.decl.is_named_tuple
            classes = [item.decl for item in self.classes_like("Sequence") if str(item) not in TEXTS]
            if isinstance(kind, AnyType):
                is_one = self.any_isinstance(value, classes, span)
            elif named or any(relations.as_base(kind, decl) is not None for decl in classes):
                is_one = self.bool_const(True, span)
            else:
                return TBlock(self.core("bool"), span, [Do(span, value)], self.bool_const(False, span)), NEVER
            with self.block() as asking:
                items = self.as_tuple(value)
                if not named:
                    items = self.list_of([(value, True)], self.element_type(value) or ERROR, span)
                test, matched = self._sequence_pattern(node, self.kept(items), bindings)
            return self._and(is_one, self.wrapped(asking, test)), NEVER if matched is NEVER else kind
        behind, fixed = len(node.patterns) - 1 - star, len(node.patterns) - (star >= 0)
        if isinstance(kind, TupleType):
            kinds, count = kind.items, len(kind.items)
            if count < fixed or (star < 0 and count > fixed):
                return self.bool_const(False, span), NEVER
            test = self.bool_const(True, span)

            def item(at: int) -> TExpr:
                return GetItem(kinds[at], span, value, at % count)

            def middle() -> TExpr:
                held = self.joined(kinds[star : count - behind], span) if count > fixed else self.core("int")
                return self.list_from(map(item, range(star, count - behind)), held, span)

        else:
            length = self.need_method(value, "__len__", [], span)
            enough = "int_ge" if star >= 0 else "int_eq"
            test = self.prim(enough, self.core("bool"), span, length, self.int_const(fixed, span))

            def item(at: int) -> TExpr:
                return self.item_at(value, at, span)

            def middle() -> TExpr:
                return self.middle(value, length, star, behind, span)

        for index, pattern in enumerate(node.patterns):
            at = index if star < 0 or index < star else index - len(node.patterns)
            if not isinstance(pattern, tree.MatchStar):
                test = self._and(test, self._part(pattern, partial(item, at), bindings))
            elif pattern.name is not None:
                bindings.append((pattern, pattern.name, middle()))
        return self._settled(test, kind)

    def _and(self, first: TExpr, second: TExpr) -> TExpr:
        for one, other in ((first, second), (second, first)):
            if isinstance(one, Const) and isinstance(one.value, bool):
                return other if one.value else one
        return self.both(first, second)


__all__ = ["Patterns", "Span"]
