"""Arithmetic operators, also in place; numbers that are written out are computed here."""

from __future__ import annotations

import operator
from collections.abc import Callable
from functools import partial

from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .callsite import Arg, CallSite
from .declarations import FunctionDecl, OverloadDecl
from .gradual import inner_differences
from .instances import Instances
from .subscripts import INT_LIMIT
from .typed import Const, Do, TBlock, TExpr
from .types import (
    NEVER,
    NONE,
    AnyType,
    ClassType,
    ErrorType,
    NeverType,
    TupleType,
    Type,
    UnionType,
)
from .wording import operator_problem, operator_problem_if_known, python_name

BINARY = {
    "+": "add", "-": "sub", "*": "mul", "/": "truediv", "//": "floordiv", "%": "mod", "**": "pow", "@": "matmul",
    "<<": "lshift", ">>": "rshift", "&": "and", "|": "or", "^": "xor", "divmod()": "divmod",
}  # fmt: skip
UNARY = {"-": "__neg__", "+": "__pos__", "~": "__invert__"}
WIDEST = 1024  # bits of what is computed of int literals
WRITTEN: dict[str, Callable[[int, int], int]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "//": operator.floordiv, "%": operator.mod,
    "**": operator.pow, "<<": operator.lshift, "&": operator.and_, "|": operator.or_, "^": operator.xor,
}  # fmt: skip


class Operators(Instances):
    def _unary(self, node: tree.UnaryOp, expected: Type | None) -> TExpr:
        if narrow := narrow_again(node):
            return self.number(narrow[0], node.span, expected)
        if node.op == "not":
            value, _, _ = self.test(node.operand)
            return self.negated(value)
        if node.op == "-" and isinstance(node.operand, tree.IntLiteral):
            return self.number(-node.operand.value, node.span, expected)
        value = self.expression(node.operand, expected)
        if node.op == "-" and isinstance(value, Const) and isinstance(value.value, float):
            return Const(value.type, node.span, -value.value)
        return self.need_method(value, UNARY[node.op], [], node.span)

    def _binary(self, node: tree.BinOp, expected: Type | None) -> TExpr:
        if narrow := narrow_again(node):
            return self.number(narrow[0], node.span, expected)
        counts = isinstance(node.right, tree.Name) and self.scope.uses.get(id(node.right)) in self.counters
        if isinstance(node.left, tree.IntLiteral) and not isinstance(node.right, tree.IntLiteral):
            right = self.expression(node.right)
            left = self.expression(node.left, machine(right.type))
            return self.binary(left, node.op, right, node.span, counts=counts)
        shown = self.percent(node) if node.op == "%" else None
        if shown is not None:
            return shown
        left = self.expression(
            node.left, telling(expected) if isinstance(node.left, tree.List | tree.IntLiteral) else None
        )
        return self.binary(left, node.op, node.right, node.span, counts=counts)

    def need_values(self, op: str, left: TExpr, right: TExpr, span: Span) -> bool:
        """Complain of an operand that is None, or in annotated code may be; False when there was one."""
        for side in (left,) if op == "%" and self.is_str(left.type) else (left, right):
            if side.type == NONE or (relations.has_none(side.type) and not self.gradual):
                raising = operator_problem(op, left.type, right.type) if side.type == NONE else ()
                self.may_be_none(f"`{op}` needs a value", side.type, side.span, raising=raising)
                return False
        return True

    def binary(
        self, left: TExpr, op: str, right: Arg, span: Span, shown: str = "", counts: bool = False
    ) -> TExpr:  # fmt: skip
        """`left op right`: the method of the left operand, else the reflected one of the right. `shown`: the operator
        as errors at run time name it; `counts`: the right one is known not to be negative."""
        kind = left.type
        value = self.argument(right, telling(kind))
        if isinstance(kind, NeverType):
            return left
        if isinstance(kind, ErrorType) or isinstance(value.type, ErrorType):
            return self.bad(span)
        if isinstance(kind, AnyType) or isinstance(value.type, AnyType):
            return self.any_binary(left, op, value, span)
        if isinstance(value.type, NeverType):
            return TBlock(value.type, span, [Do(span, left)], value)
        if not self.need_values(op, left, value, span):
            return self.bad(span)
        if isinstance(kind, UnionType) or isinstance(value.type, UnionType):
            return self.for_members(
                [left, value], lambda item, other: self.binary(item, op, other, span), span,
                partial(operator_problem, shown or op),
            )  # fmt: skip
        if op == "**" and all(map(self.is_whole, (kind, value.type))):
            given = self.source.library and not self.task.environment
            declared = self.task.build is None and (given or not self.gradual)
            if not isinstance(value, Const) and not declared and not counts:
                return self.power(left, value, span)
            if isinstance(value, Const) and isinstance(value.value, int) and value.value < 0:
                left, value = (self.coerce(item, self.core("float"), becomes=True) for item in (left, value))
        if op == "*" and isinstance(kind, TupleType) and isinstance(value, Const) and type(value.value) is int:
            with self.block() as made:
                repeated = self.tuple_items(left, span) * value.value
            return self.wrapped(made, self.tuple_made(repeated, span))
        name = BINARY[op]
        if self.says_itself(value.type, f"__r{name}__") and value.type.decl.plain == kind:
            found = self.try_operator(value, f"__r{name}__", left, span, reflected=True)  # a class below goes first
            if found is not None and not self.may_decline(found.type):
                return found
        left, value = self.alike(left, value, f"__{name}__", f"__r{name}__")
        to = value.type
        if isinstance(to, ClassType) and to.decl.representation == "f64" and self.lookup(to, f"__{name}__") is not None:
            left = self.coerce(left, to, becomes=True) if relations.is_number(left.type) else left
        kind = left.type
        found = self.operated(
            left, f"__{name}__", value, f"__r{name}__", partial(self.no_operator, shown or op, left, value, span), span
        )
        if found is None and self.gradual:
            self.widen_all(inner_differences(value.type, kind, exact=True), span)
        if found is None:
            problem = f"`{op}` does not work on `{kind}` and `{value.type}`"
            report = errors.MissingOperation(self.source, span, message_text=problem)
            names = (f"__{name}__", f"__r{name}__", f"__i{name}__")
            declining = self.declines(left, names[0], value), self.declines(value, names[1], left)
            report = report.changed(raising=operator_problem_if_known(shown or op, names, kind, value.type, declining))
            if "Coroutine" in (getattr(getattr(side, "decl", None), "name", "") for side in (kind, value.type)):
                report = report.helped("wait for it first: `await ...`")
            elif (op == "+" and str(kind) == "str") or (str(value.type) == "str" and relations.is_number(kind)):
                report = report.helped("make it text first: `str(...)` or an f-string")
            return self.error(report)
        return found

    def power(self, left: TExpr, right: TExpr, span: Span) -> TExpr:
        """`int ** int` in code that declares no types: a float where the exponent is negative."""

        def raised(kind: str) -> TExpr:
            base, exponent = (self.coerce(item, self.core(kind), becomes=True) for item in sides)
            return self.need_method(base, "__pow__", [exponent], span)

        with self.block() as made:
            sides = self.kept(left), self.kept(right)
            negative = self.compare(sides[1], "<", self.int_const(0, span), span)
            result = self.chosen(negative, self.apart(lambda: raised("float")), self.apart(lambda: raised("int")), span)
        return self.wrapped(made, result)

    def declines(self, receiver: TExpr, name: str, arg: TExpr) -> bool:
        """Does the program's method answer NotImplemented to every operand of that type?"""
        if not isinstance(receiver.type, ClassType) or receiver.type.decl.module.library:
            return False
        asked, _ = self.tried(lambda: self.method(receiver, name, CallSite(receiver.span, [arg])))
        return asked is not None and self.is_not_implemented(asked)

    def try_operator(
        self, receiver: TExpr, name: str, arg: TExpr, span: Span, *, reflected: bool = False
    ) -> TExpr | None:
        """The operator method if the class has it and it takes the operand."""
        kind = receiver.type
        if isinstance(kind, TupleType):
            if reflected and name != "__rmul__":
                return None
            return self.structural_method(receiver, name, CallSite(span, [arg]))
        if not isinstance(kind, ClassType):
            return None
        found = self.lookup(kind, name)
        if found is None:
            if self.is_bool(kind):
                return self.try_operator(
                    self.coerce(receiver, self.core("int"), becomes=True), name, arg, span, reflected=reflected
                )
            return None
        (owner, member), site = found, CallSite(span, [arg])
        best: FunctionDecl | None = None
        for form in member.forms if isinstance(member, FunctionDecl | OverloadDecl) else ():
            if not self.takes_shape(form, site):
                continue
            level = self.fit(form, owner, site)
            if level == 2:
                best = form
                break
            if level == 1 and best is None:
                best = form
        if best is None and self.is_bool(kind):  # `True & 1`
            whole = self.coerce(receiver, self.core("int"), becomes=True)
            return self.try_operator(whole, name, arg, span, reflected=reflected)
        if best is None or (best.is_given and not relations.is_subclass(arg.type, owner)):
            return None
        if reflected and not isinstance(arg, Const):
            with self.block() as made:
                first = self.kept(arg)  # the left operand is evaluated first
                result = self.call_form(receiver, owner, best, CallSite(span, [first]))
            return None if self.is_not_implemented(result) else self.wrapped(made, result)
        result = self.call_form(receiver, owner, best, site)
        return None if self.is_not_implemented(result) else result

    def operated(
        self, left: TExpr, name: str, right: TExpr, reflected: str, neither: Callable[[], TExpr], span: Span
    ) -> TExpr | None:
        """The method of the left operand, else the reflected one of the right. A method that may answer NotImplemented
        is asked when the program runs; `neither` is what is done when both do."""
        with self.block() as made:
            first, second = left, right
            found = self.try_operator(first, name, second, span)
            if found is not None and self.may_decline(found.type):
                first, second = self.kept(left), self.kept(right)
                found = self.try_operator(first, name, second, span)
            if found is not None and not self.may_decline(found.type):
                return self.wrapped(made, found)
            with self.block() as other_way:
                other = self.try_operator(second, reflected, first, span, reflected=True)
                if other is not None and self.may_decline(other.type):
                    other = self.unless_declined(other, neither, span)
                other = None if other is None else self.wrapped(other_way, other)
            if found is not None:
                found = self.unless_declined(found, lambda: neither() if other is None else other, span)
            elif other is not None and self.would_take(left, name, right):
                return self.need_method(left, name, [right], span)  # which says what it was told to take
        found = other if found is None else found
        return None if found is None else self.wrapped(made, found)

    def would_take(self, left: TExpr, name: str, right: TExpr) -> bool:
        """Does the program's arithmetic method of the left operand, annotated for other types, run in CPython?"""
        found = self.lookup(left.type, name) if isinstance(left.type, ClassType) else None
        method = None if found is None else found[1]
        if not isinstance(method, FunctionDecl) or method.module.library or name.strip("_") not in BINARY.values():
            return False
        text = method.module.source.text[method.node.span.start : method.node.span.end]
        return "NotImplemented" not in text and self.takes_shape(method, CallSite(right.span, [right]))

    def may_decline(self, kind: Type) -> bool:
        return isinstance(kind, UnionType) and self.program.core_type("NotImplementedType") in kind.members

    def unless_declined(self, found: TExpr, otherwise: Callable[[], TExpr], span: Span) -> TExpr:
        answer, kind = self.kept(found), self.core("NotImplementedType")
        other = self.apart(otherwise)
        rest = relations.union(item for item in relations.members_of(found.type) if item != kind)
        return self.chosen(self.is_a(answer, (kind,), span), other, self.narrowed(answer, rest), span)

    def no_operator(self, op: str, left: TExpr, right: TExpr, span: Span) -> TExpr:
        """Neither operand knows the operator: TypeError."""
        self.throw(*operator_problem(op, left.type, right.type), span)
        return Const(NEVER, span, None)

    def is_not_implemented(self, value: TExpr) -> bool:
        """Does the method, for operands of these types, always answer that it cannot do it?"""
        return isinstance(value.type, ClassType) and value.type.decl.name == "NotImplementedType"

    def updates(self, kind: Type, op: str) -> bool:
        """Does `op=` change the object itself?"""
        return isinstance(kind, ClassType) and self.lookup(kind, f"__i{BINARY[op]}__") is not None

    def in_place(self, current: TExpr, op: str, value: Arg, span: Span) -> TExpr:
        """What `current op= value` gives: `current` itself where its class changes it."""
        kind, name = current.type, f"__i{BINARY[op]}__"
        if self.updates(kind, op):
            given = self.argument(value, kind if isinstance(value, tree.List | tree.ListComp | tree.Dict) else None)
            if name == "__iadd__" and python_name(kind) == "list" and self.element_type(given) is None:
                return self.no_method(given.type, "__iter__", span)
            with self.block() as made:
                first, second = self.kept(current), self.kept(given)
                found = self.need_method(first, name, [second], span)
                if self.may_decline(found.type) or self.is_not_implemented(found):
                    found = self.unless_declined(found, lambda: self.binary(first, op, second, span, f"{op}="), span)
            return self.wrapped(made, found)
        if isinstance(kind, UnionType) and any(self.updates(item, op) for item in kind.members):
            return self.for_members(
                [current, self.argument(value, None)], lambda item, other: self.in_place(item, op, other, span), span,
                partial(operator_problem, f"{op}="),
            )  # fmt: skip
        if isinstance(kind, AnyType):
            return self.any_binary(current, f"{op}=", self.argument(value, None), span)
        return self.binary(current, op, value, span, f"{op}=")


def machine(kind: Type) -> ClassType | None:
    """The type, if it is a machine integer, which a literal beside it is then as well."""
    return kind if isinstance(kind, ClassType) and kind.decl.representation in ("u32", "i32") else None


def telling(kind: Type | None) -> ClassType | None:
    """The type, if it says what a literal or display beside a value of it is."""
    return kind if isinstance(kind, ClassType) and (kind.args or machine(kind)) else None


def narrow_again(node: tree.Expr) -> tuple[int] | None:
    """The value of `2**63 - 1` and the like: what is written out and fits an int, though a part of it does not."""
    parts: list[int] = []
    value = written_int(node, parts)
    fits = value is not None and -INT_LIMIT <= value < INT_LIMIT
    wide = not all(-INT_LIMIT <= part < INT_LIMIT for part in parts)
    return (value,) if value is not None and fits and wide else None


def written_int(node: tree.Expr, parts: list[int]) -> int | None:
    """The value of operators on int literals, as CPython has it; `parts` gets that of every part."""
    match node:
        case tree.IntLiteral():
            found = node.value
        case tree.UnaryOp(op="-" | "~"):
            inside = written_int(node.operand, parts)
            if inside is None:
                return None
            found = -inside if node.op == "-" else ~inside
        case tree.BinOp(op=op) if op in WRITTEN:
            left, right = written_int(node.left, parts), written_int(node.right, parts)
            if left is None or right is None or max(left.bit_length(), right.bit_length()) > WIDEST:
                return None
            if (op in ("**", "<<") and not 0 <= right <= WIDEST) or (op in ("//", "%") and not right):
                return None
            found = WRITTEN[op](left, right)
        case _:
            return None
    parts.append(found)
    return found
