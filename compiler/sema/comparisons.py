"""Comparisons, `in`, the truth of values, and what a test tells of the types of variables (narrowing).

In: the operands and tests. Out: typed expressions that are bools, and facts.
"""

from __future__ import annotations

from functools import partial
from typing import TypeGuard

from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .body import Facts
from .callsite import CallSite
from .declarations import SpecialForm
from .operators import Operators, machine, telling
from .program import Restart
from .typed import Conditional, Const, Do, TBlock, TExpr
from .types import (
    ANY,
    NEVER,
    NONE,
    AnyType,
    ClassType,
    ErrorType,
    FunctionType,
    InferType,
    NeverType,
    NoneType,
    TupleType,
    Type,
    UnionType,
)
from .wording import TEXTS, operator_problem, operator_problem_if_known, part_problem, problem_of, python_name

ORDER = {"<": ("__lt__", "__gt__"), ">": ("__gt__", "__lt__"), "<=": ("__le__", "__ge__"), ">=": ("__ge__", "__le__")}
MIXED = {"list": "mixed_lists", "tuple_of": "mixed_tuples", "AbstractSet": "mixed_sets", "dict": "mixed_dicts"}
"""Functions of the core library that compare containers whose items are of different types."""
KEYED = frozenset(("dict", "defaultdict", "OrderedDict", "Counter"))
"""Classes of two types whose items are looked for by the first."""


class Comparisons(Operators):
    def _compare(self, node: tree.Compare, expected: Type | None) -> TExpr:
        value, _, _ = self.test(node)
        return value

    def compare(self, left: TExpr, op: str, right: TExpr, span: Span) -> TExpr:
        kind, other = left.type, right.type
        if isinstance(kind, ErrorType | NeverType) or isinstance(other, ErrorType | NeverType):
            if not isinstance(kind, ErrorType) and not isinstance(other, ErrorType):
                return self.in_order(left, right, span)
            self.bad(span)
            return Const(self.core("bool"), span, None)
        match op:
            case "==":
                return self.equal(left, right, span)
            case "!=":
                return self.unequal(left, right, span)
            case "is":
                return self.identical(left, right, span)
            case "is not":
                return self.negated(self.identical(left, right, span))
            case "in":
                return self.contains(left, right, span)
            case "not in":
                return self.negated(self.contains(left, right, span))
            case _:
                return self.ordered(left, op, right, span)

    def in_order(self, left: TExpr, right: TExpr, span: Span) -> TExpr:
        return TBlock(self.core("bool"), span, [Do(span, left), Do(span, right)], self.bool_const(False, span))

    def ordered(self, left: TExpr, op: str, right: TExpr, span: Span) -> TExpr:
        if is_open_pair(left.type, right.type):
            return self.any_compare(left, op, right, span)
        of_items = self.source.library and self.decl.name in ORDER[op]  # some lists differ in length
        mixed = isinstance(left.type, UnionType) or isinstance(right.type, UnionType)
        if not (of_items and mixed) and not self.need_values(op, left, right, span):
            return Const(self.core("bool"), span, None)
        if mixed:
            return self.for_members(
                [left, right], lambda item, other: self.ordered(item, op, other, span), span,
                partial(operator_problem, op), late=of_items,
            )  # fmt: skip
        left, right = self.alike(left, right, *ORDER[op])
        found = self.operated(
            left, ORDER[op][0], right, ORDER[op][1], partial(self.no_operator, op, left, right, span), span
        )
        if found is None and of_items:
            return self.thrown(*operator_problem(op, left.type, right.type), span)
        if found is None:
            message = f"`{op}` does not work on `{left.type}` and `{right.type}`"
            raising = operator_problem_if_known(op, ORDER[op], left.type, right.type)
            problem = errors.MissingOperation(self.source, span, message_text=message, raising=raising)
            return self.error(problem, self.core("bool"))
        return self.answer(found, span)

    def equal(self, left: TExpr, right: TExpr, span: Span) -> TExpr:
        """`==`; values of unrelated types are unequal, as in Python."""
        kind, other = left.type, right.type
        if is_open_pair(kind, other):
            return self.any_compare(left, "==", right, span)
        if relations.is_class(kind) and relations.is_class(other):
            return self.same_class(left, right, span)
        if isinstance(kind, FunctionType) and isinstance(other, FunctionType):
            return self.same_function(left, right, True, span)
        lost = self.function_lost(left, right, "==", span)
        if lost is not None:
            return lost
        if kind == NONE or other == NONE:
            if not self.comparing(other if kind == NONE else kind):
                return self.identical(left, right, span)
        if isinstance(kind, UnionType) or isinstance(other, UnionType):
            return self.for_members([left, right], lambda item, second: self.equal(item, second, span), span)
        if kind != other or (isinstance(kind, ClassType) and kind.decl.plain and not kind.decl.is_enum):
            left, right = self.alike(self.as_tuple(left), self.as_tuple(right), "__eq__", "__eq__")
            kind, other = left.type, right.type
        if isinstance(kind, TupleType) or isinstance(other, TupleType):
            if relations.is_tuple_of(kind) or relations.is_tuple_of(other):
                fixed = kind if isinstance(kind, TupleType) else other
                wide = self.core("tuple_of", self.joined(relations.parts(fixed), span))
                sides = [self.coerce(side, wide) if side.type == fixed else side for side in (left, right)]
                return self.equal(sides[0], sides[1], span)
            is_tuple, site = isinstance(kind, TupleType), CallSite(span, [right])
            found = self.structural_method(left, "__eq__", site) if is_tuple else None
            return self.in_order(left, right, span) if found is None else found
        found = self.mixed(left, right, span)
        found = found or self.compared_below(left, right, span) or self.compared_below(right, left, span)
        if found is not None:
            return found
        if self.is_identity(kind) and not self.is_identity(other):
            found = self.try_operator(right, "__eq__", left, span, reflected=True)
            found = found or self.try_operator(left, "__eq__", right, span)
        else:
            either = relations.is_value(kind) or relations.is_value(other)
            found = self.operated(
                left, "__eq__", right, "__eq__",
                lambda: self.bool_const(False, span) if either else self.identical(left, right, span), span,
            )  # fmt: skip
        if found is None:
            if isinstance(kind, FunctionType) or isinstance(other, FunctionType):
                return self.identical(left, right, span)
            return self.in_order(left, right, span)
        return self.answer(found, span)

    def compared_below(self, value: TExpr, other: TExpr, span: Span) -> TExpr | None:
        """`value == other` where only classes below that of `value` know more than identity, and `other` is no
        object."""
        below = self.comparing(value.type) if self.is_identity(value.type) else []
        if not below or value.type in below or relations.conversion(other.type, self.core("object")) is not None:
            return None
        with self.block() as made:
            value, other = self.kept(value), self.kept(other)
            asked = self.apart(lambda: self.equal(self.narrowed(value, relations.union(below)), other, span))
            test = self.is_a(value, below, span)
        return self.wrapped(made, self.both(test, asked))

    def answer(self, found: TExpr, span: Span) -> TExpr:
        """What a comparison says; a method of the program that gives no bool makes of it something else."""
        kinds = relations.members_of(found.type)
        if not all(isinstance(kind, ClassType) and not self.is_bool(kind) for kind in kinds):
            return self.truth(found)
        what = f"a comparison that gives `{found.type}`"
        return self.unsupported(span, what, "let its method return a bool, or give the method a name")

    def mixed(self, left: TExpr, right: TExpr, span: Span) -> TExpr | None:
        """`==` of two containers of one kind with items of different types."""
        if not isinstance(left.type, ClassType) or not isinstance(right.type, ClassType):
            return None
        sides = [{item.decl: item for item in relations.ancestors(kind)} for kind in (left.type, right.type)]
        for decl, above in sides[0].items():
            name = MIXED.get(decl.name) if decl.module.core else None
            below = sides[1].get(decl)
            if name is None or below is None:
                continue
            if above == below or any(relations.holds(kind, InferType) for kind in (above, below)):
                return None
            return self.runtime_call(name, [self.coerce(left, above), self.coerce(right, below)], span)
        return None

    def says_itself(self, kind: Type, name: str) -> TypeGuard[ClassType]:
        """Is the type one below `int` or `str` that has a method of its own for the operator?"""
        found = self.lookup(kind, name) if isinstance(kind, ClassType) and kind.decl.plain is not None else None
        if found is None or found[0].decl.module.core:
            return False
        return found[0].decl.is_enum or getattr(found[1], "span", None) != found[0].decl.span

    def alike(self, left: TExpr, right: TExpr, name: str, reflected: str) -> tuple[TExpr, TExpr]:
        """A tuple of known length beside one of any length becomes one of any length, where its items fit; members of
        an IntEnum are numbers, unless they say themselves what the operator does."""
        if not self.says_itself(left.type, name) and not self.says_itself(right.type, reflected):
            left, right = self.as_plain(left), self.as_plain(right)
            if isinstance(left.type, TupleType) or isinstance(right.type, TupleType):
                left, right = self.as_whole_tuple(left), self.as_whole_tuple(right)
        if isinstance(left.type, TupleType) and relations.is_tuple_of(right.type):
            fits = relations.conversion(left.type, right.type) is not None
            return (self.coerce(left, right.type) if fits else left), right
        if isinstance(right.type, TupleType) and relations.is_tuple_of(left.type):
            fits = relations.conversion(right.type, left.type) is not None
            return left, self.coerce(right, left.type) if fits else right
        return left, right

    def as_whole_tuple(self, value: TExpr) -> TExpr:
        """An object of a class below tuple as the tuple that it is."""
        above = relations.ancestors(value.type) if isinstance(value.type, ClassType) else ()
        return self.coerce(value, next(filter(relations.is_tuple_of, above), value.type))

    def is_identity(self, kind: Type) -> bool:
        """Does `==` of this type compare by identity only (nothing overrides the method of `object`)?"""
        if not isinstance(kind, ClassType):
            return False
        found = self.lookup(kind, "__eq__")
        return found is not None and found[0].decl.name == "object" and found[0].decl.module.core

    def unequal(self, left: TExpr, right: TExpr, span: Span) -> TExpr:
        kind = left.type
        if isinstance(kind, ClassType) and not isinstance(right.type, UnionType | AnyType):
            found = self.lookup(kind, "__ne__")
            if found is not None:
                made = self.try_operator(left, "__ne__", right, span)
                if made is not None:
                    return self.truth(made)
        return self.negated(self.equal(left, right, span))

    def identical(self, left: TExpr, right: TExpr, span: Span) -> TExpr:
        left, right = self.as_stored(left), self.as_stored(right)
        kind, other = left.type, right.type
        if isinstance(kind, ErrorType) or isinstance(other, ErrorType):
            self.bad(span)
            return Const(self.core("bool"), span, None)
        if other == NONE or kind == NONE:
            value = left if other == NONE else right
            if value.type == NONE:
                return self.settled_as(True, [left, right], span)
            if not relations.has_none(value.type) and not isinstance(value.type, AnyType):
                if self.source.library and isinstance(value.type, ClassType) and not relations.is_value(value.type):
                    return self.is_none(value, span)
                return self.settled_as(False, [value], span)
            return self.is_none(value, span)
        if relations.is_class(kind) and relations.is_class(other):
            return self.same_class(left, right, span)
        for same in (self.is_bool, relations.is_class):
            if (isinstance(kind, UnionType) and same(other)) or (isinstance(other, UnionType) and same(kind)):
                return self.for_members(
                    [left, right],
                    lambda a, b, same=same: self.identical(a, b, span) if same(a.type) and same(b.type)
                    else self.bool_const(False, span),
                    span,
                )  # fmt: skip
        if any(isinstance(item, AnyType) for item in (kind, other)) and any(map(relations.is_class, (kind, other))):
            return self.any_compare(left, "==", right, span)
        if self.is_bool(kind) and self.is_bool(other):
            return self.prim("bool_eq", self.core("bool"), span, left, right)
        if relations.is_value(kind) or relations.is_value(other):
            alike = relations.conversion(kind, other) or relations.conversion(other, kind) or kind == other
            if not alike and not any(isinstance(it, Const) or isinstance(it.type, UnionType) for it in (left, right)):
                return self.settled_as(False, [left, right], span)
            message = f"`is` does not work on `{kind}` and `{other}`"
            shown = errors.MissingOperation(self.source, span, message_text=message)
            return self.error(shown.helped("compare values with `==`"), self.core("bool"))
        if isinstance(kind, FunctionType) and isinstance(other, FunctionType):
            return self.same_function(left, right, False, span)
        lost = self.function_lost(left, right, "is", span)
        if lost is not None:
            return lost
        if kind == other == TupleType(()):
            return self.settled_as(True, [left, right], span)  # there is only one
        return self.prim("same_object", self.core("bool"), span, left, right)

    def function_lost(self, left: TExpr, right: TExpr, op: str, span: Span) -> TExpr | None:
        """An object of the class `function` beside a function value that is none: whether they are the same function is
        told when both are such objects."""
        sides = [relations.members_of(side.type) for side in (left, right)]
        held = [any(isinstance(item, FunctionType) for item in side) for side in sides]
        loose = [any(map(relations.is_loose, side)) for side in sides]
        if not (held[0] and loose[1]) and not (held[1] and loose[0]):
            return None
        if self.loosen(left.type) or self.loosen(right.type):
            return Const(self.core("bool"), span, None)
        message = f"`{op}` does not work on `{left.type}` and `{right.type}`"
        return self.error(errors.MissingOperation(self.source, span, message_text=message), self.core("bool"))

    def same_function(self, left: TExpr, right: TExpr, bound: bool, span: Span) -> TExpr:
        """Two values of one function are the same; with `bound`, two bindings of a method to one object are as well."""
        self.compares_functions()
        return self.runtime_call("same_function", [left, right, self.bool_const(bound, span)], span)

    def compares_functions(self) -> None:
        """Function values have to be told apart: what makes them is checked again if that is new."""
        if self.program.function_numbers is None:
            self.program.function_numbers = {}
            raise Restart(None)

    def contains(self, item: TExpr, container: TExpr, span: Span) -> TExpr:
        with self.block() as made:
            first = self.kept(item)  # evaluated before the container
            kind = container.type
            of_any = isinstance(kind, AnyType) or (isinstance(kind, ClassType) and ANY in kind.args[:1])
            typed = isinstance(item.type, AnyType) and not of_any
            by_kind = isinstance(item.type, UnionType) or self.gradual or not relations.has_none(kind)
            if isinstance(kind, UnionType) and by_kind:

                def leaf(one: TExpr) -> TExpr:
                    if self.gradual and self.is_str(one.type) and relations.never_equal(first.type, one.type):
                        return self.thrown(*part_problem(one.type, first.type), span)
                    return self.contains(first, one, span)

                found = self.by_member(container, leaf, span, partial(problem_of, "__contains__"))
                return self.wrapped(made, found)
            held: Type | None = None
            if isinstance(kind, ClassType) and kind.decl.module.library:
                holds = kind.args[:1] if len(kind.args) == 1 or kind.decl.name in KEYED else ()
                held = next(iter(holds), self.core("int") if kind.decl.name == "range" else None)
            if (
                held
                and isinstance(first.type, UnionType)
                and relations.conversion(first.type, held) in (None, "checked")
            ):
                whole = self.kept(container)
                return self.wrapped(made, self.by_member(first, lambda one: self.contains(one, whole, span), span))
            if held and relations.never_equal(first.type, held):
                return self.wrapped(made, self.settled_as(False, [container], span))
            if python_name(kind) in TEXTS and not isinstance(first.type, UnionType):
                return self.wrapped(made, self.in_text(first, container, span))
            own = None if typed else self.method(container, "__contains__", CallSite(span, [first]))
            found = own or self.contains_by_iteration(first, container, span)
        return self.wrapped(made, self.truth(found))

    def in_text(self, part: TExpr, text: TExpr, span: Span) -> TExpr:
        """`part in text`, where few types do."""
        if isinstance(part.type, AnyType):
            return self.any_in_text(part, text, span)
        found, complaints = self.tried(lambda: self.need_method(text, "__contains__", [part], span))
        if complaints or found is None:
            return self.error(complaints[0].changed(raising=part_problem(text.type, part.type)), self.core("bool"))
        return self.truth(found)

    # --- truth ---------------------------------------------------------------------------------------------------

    def truth(self, value: TExpr) -> TExpr:
        """`bool(value)`."""
        kind = value.type
        span = value.span
        if self.is_bool(kind):
            return value
        match kind:
            case ErrorType() | NeverType():
                return value
            case NoneType():
                return self.settled_as(False, [value], span)
            case AnyType():
                return self.any_truth(value, span)
            case UnionType() if len(kind.members) == 2 and relations.has_none(kind):
                inner = relations.without_none(kind)
                with self.block() as made:
                    whole = self.kept(value)
                    there = self.negated(self.is_none(whole, span))
                    rest = self.truth(self.narrowed(whole, inner))
                    result = there if isinstance(rest, Const) and rest.value is True else self.both(there, rest)
                return self.wrapped(made, result)
            case UnionType():
                return self.by_member(value, self.truth, span)
            case TupleType():
                return self.settled_as(bool(kind.items), [value], span)
            case FunctionType():
                return TBlock(self.core("bool"), span, [Do(span, value)], self.bool_const(True, span))
            case InferType():
                return self.error(errors.UnknownType(self.source, span, what="this value"))
        below = self.judged_below(kind)
        if below:
            with self.block() as made:
                whole = self.kept(value)
                own = self.apart(lambda: self.truth(self.narrowed(whole, relations.union(below))))
                test = self.is_a(whole, below, span)
                with self.block() as outside:
                    sized = self.has(kind, "__len__")
                    length = self.need_method(whole, "__len__", [], span) if sized else self.int_const(1, span)
                    rest = self.prim("int_ne", self.core("bool"), span, length, self.int_const(0, span))
                chosen = Conditional(own.type, span, test, own, self.wrapped(outside, rest))
            return self.wrapped(made, chosen)
        found = self.method(value, "__bool__", CallSite(span))
        if found is not None:
            return self.coerce(found, self.core("bool"), "the result of `__bool__`")
        found = self.method(value, "__len__", CallSite(span))
        if found is not None:
            zero = self.int_const(0, span)
            return self.prim(
                "int_ne", self.core("bool"), span, self.coerce(found, self.core("int"), becomes=True), zero
            )
        return TBlock(self.core("bool"), span, [Do(span, value)], self.bool_const(True, span))

    def judged_below(self, kind: Type) -> list[ClassType]:
        """The classes below that say what their truth is where `kind` does not."""
        if not isinstance(kind, ClassType) or kind.decl.module.library or self.lookup(kind, "__bool__") is not None:
            return []
        names = ("__bool__", "__len__") if self.lookup(kind, "__len__") is None else ("__bool__",)
        for name in names:
            self.program.consult(kind.decl, name)
        return list(dict.fromkeys(item for name in names for item in self.classes_with(kind.decl, name)))

    def _bool_op(self, node: tree.BoolOp, expected: Type | None) -> TExpr:
        value = self.expression(node.values[0], expected)
        before = self.facts
        for part in node.values[1:]:
            value = self._and_or(value, node.op, part, node, expected)
        self.facts = before
        return value

    def _and_or(self, left: TExpr, op: str, part: tree.Expr, node: tree.BoolOp, expected: Type | None) -> TExpr:
        """`left and part`, `left or part`, as values."""
        if self.decides(left, op):
            return left
        position = node.values.index(part)
        if_true, if_false = self.facts_of(node.values[position - 1])
        self.facts = {**self.facts, **(if_true if op == "and" else if_false)}
        span = node.span
        if left.type == NONE and op == "and":
            return left
        right = self.expression(part, expected)
        if left.type == NONE:
            return TBlock(right.type, span, [Do(span, left)], right)
        if self.is_bool(left.type) and self.is_bool(right.type):
            if op == "and":
                return Conditional(left.type, span, left, right, self.bool_const(False, span))
            return Conditional(left.type, span, left, self.bool_const(True, span), right)
        with self.block() as made:
            first = self.kept(left)
            test = self.truth(first)
            kept = first
            if op == "or" and relations.has_none(first.type):
                kept = self.narrowed(first, relations.without_none(first.type))
            if (
                op == "and"
                and not relations.has_none(first.type)
                and isinstance(first.type, ClassType)
                and self.always_true(first.type)
            ):
                result = right
                self.emit(Do(span, first))
                return self.wrapped(made, result)
            if op == "and" and relations.has_none(first.type) and self.always_true(relations.without_none(first.type)):
                kept = self.narrowed(first, NONE)
            result = (
                self.chosen(test, right, kept, span, expected)
                if op == "and"
                else self.chosen(test, kept, right, span, expected)
            )
        return self.wrapped(made, result)

    def decides(self, left: TExpr, op: str) -> bool:
        """Is what follows `left and`, `left or` never evaluated, for the types that the arguments have here?"""
        return self.gradual and isinstance(left, Const) and left.value is (op == "or")

    def always_true(self, kind: Type) -> bool:
        return (
            isinstance(kind, ClassType)
            and kind.decl.plain is None
            and not self.has(kind, "__bool__")
            and not self.has(kind, "__len__")
            and not self.judged_below(kind)
        )

    # --- tests and narrowing -------------------------------------------------------------------------------------

    def test(self, node: tree.Expr) -> tuple[TExpr, Facts, Facts]:
        """A condition: a bool, what holds when it is true, and what when it is false."""
        if_true: Facts = {}
        if_false: Facts = {}

        def check() -> TExpr:
            nonlocal if_true, if_false
            value, if_true, if_false = self._test(node)
            return value

        if self.raising:
            return self.framed(node, check), if_true, if_false
        with self.block() as made:
            value = check()
        return self.wrapped(made, value), if_true, if_false

    def _test(self, node: tree.Expr) -> tuple[TExpr, Facts, Facts]:
        match node:
            case tree.UnaryOp(op="not"):
                value, if_true, if_false = self.test(node.operand)
                return self.negated(value), if_false, if_true
            case tree.BoolOp():
                return self._test_chain(node)
            case tree.Compare(ops=("is" | "is not" | "==" | "!=",), comparators=(tree.NoneLiteral(),)):
                return self._test_none(node)
            case tree.Compare(
                left=tree.Call(func=tree.Name(id="type") as asked, args=(subject,)), ops=(op,), comparators=(classes,)
            ) if op in ("is", "is not", "==", "!=", "in", "not in") and self.static(asked) == SpecialForm("type"):
                return self._test_type(subject, op, classes, node)
            case tree.Compare():
                return self._compare_chain(node), {}, {}
            case tree.Call(func=tree.Name(id="isinstance"), args=(_, _)) if isinstance(
                self.static(node.func), SpecialForm
            ):
                return self._test_isinstance(node)
            case tree.Call(func=tree.Name(id="hasattr"), args=(subject, tree.StringLiteral(value=name))) if isinstance(
                self.static(node.func), SpecialForm
            ) and not isinstance(subject, tree.Call):
                has = partial(self.has_attribute, name=name, span=node.span)
                return self._test_attribute(subject, name, self.expression(node), has)
            case tree.Call(func=tree.Name(id="callable"), args=(tree.Name() as subject,)) if isinstance(
                self.static(node.func), SpecialForm
            ):
                calls = partial(self.is_callable, span=node.span)
                return self._test_attribute(subject, "__call__", self.expression(node), calls)
            case tree.NamedExpr():
                value = self.expression(node)
                return self._test_truth(node.target, value)
            case _:
                value = self.expression(node)
                return self._test_truth(node, value)

    def _test_truth(self, node: tree.Expr, value: TExpr) -> tuple[TExpr, Facts, Facts]:
        value = self.as_stored(value)
        path = self.path_named(value, node)
        if_true: Facts = {}
        if_false: Facts = {}
        for known, said in self.facts.items() if path is not None else ():
            if known[0] is True and known[1:2] == path:  # it holds the answer of a test
                if_true[known[2:]] = said
            elif known[0] is False and known[1:2] == path:
                if_false[known[2:]] = said
        if path is not None and relations.has_none(value.type):
            inner = relations.without_none(value.type)
            if_true[path] = inner
            if self.always_true(inner):
                if_false[path] = NONE
        for result in (True, False):
            if path is not None and self.facts.get((not result, *path)) is NEVER:
                return self.settled_as(result, [value], node.span), {}, {}
        return self.truth(value), if_true, if_false

    def facts_of(self, node: tree.Expr) -> tuple[Facts, Facts]:
        """What a condition that has been evaluated tells: found again without keeping what is made."""
        if_true: Facts = {}
        if_false: Facts = {}
        with self.trial():
            _, if_true, if_false = self.test(node)
        return if_true, if_false

    def _test_chain(self, node: tree.BoolOp) -> tuple[TExpr, Facts, Facts]:
        before = self.facts
        conjunction = node.op == "and"
        result, if_true, if_false = self.test(node.values[0])
        for part in node.values[1:]:
            if self.decides(result, node.op):
                break
            self.facts = {**before, **(if_true if conjunction else if_false)}
            value, then_true, then_false = self.test(part)
            if isinstance(value, Const) and value.value is not conjunction and isinstance(value.value, bool):
                self.facts = before  # what follows is never asked
                return self.settled_as(not conjunction, [result], node.span), {}, {}
            if isinstance(result, Const) and isinstance(result.value, bool):
                result = value if result.value is conjunction else result
            elif conjunction:
                result = self.both(result, value)
            else:
                result = Conditional(self.core("bool"), node.span, result, self.bool_const(True, node.span), value)
            if conjunction:
                if_true = {**if_true, **then_true}
                if_false = self._either(if_false, then_false)
            else:
                if_false = {**if_false, **then_false}
                if_true = self._either(if_true, then_true)
        self.facts = before
        return result, if_true, if_false

    def _either(self, first: Facts, second: Facts) -> Facts:
        return {path: relations.union([kind, second[path]]) for path, kind in first.items() if path in second}

    def _test_none(self, node: tree.Compare) -> tuple[TExpr, Facts, Facts]:
        value = self.as_stored(self.expression(node.left))
        path = self.path_named(value, node.left)
        if node.ops[0] in ("==", "!=") and self.comparing(value.type):
            return self.compare(value, node.ops[0], self.none(node.span), node.span), {}, {}
        is_none = self.identical(value, self.none(node.span), node.span)
        facts: tuple[Facts, Facts] = ({}, {})
        if path is not None and relations.has_none(value.type):
            facts = ({path: NONE}, {path: relations.without_none(value.type)})
        if node.ops[0] in ("is", "=="):
            return is_none, facts[0], facts[1]
        return self.negated(is_none), facts[1], facts[0]

    def _compare_chain(self, node: tree.Compare) -> TExpr:
        op, span, right_node = node.ops[0], node.span, node.comparators[0]
        if len(node.ops) > 1:
            return self._chain(self.expression(node.left), (node.left, *node.comparators), node.ops, 0, span)
        if isinstance(node.left, tree.IntLiteral | tree.UnaryOp):
            right = self.expression(right_node)
            return self.compare(self.expression(node.left, machine(right.type)), op, right, span)
        left = self.expression(node.left)
        guide = None if op in ("in", "not in", "is", "is not") else telling(left.type)
        return self.compare(left, op, self.expression(right_node, guide), span)

    def _chain(self, left: TExpr, operands: tuple[tree.Expr, ...], ops: tuple[str, ...], at: int, span: Span) -> TExpr:
        """`a < b < c`: each operand is evaluated once, and only as far as the chain holds."""
        right = self.expression(operands[at + 1])
        if at == len(ops) - 1:
            return self.compare(left, ops[at], right, span)
        with self.block() as made:
            first = self.kept(left)
            second = self.kept(right)
            test = self.compare(first, ops[at], second, span)
            result = self.both(test, self.apart(lambda: self._chain(second, operands, ops, at + 1, span)))
        return self.wrapped(made, result)


def is_open_pair(left: Type, right: Type) -> bool:
    """Does a comparison need to look what is inside an `Any`?"""
    return AnyType in (type(left), type(right)) and NONE not in (left, right)
