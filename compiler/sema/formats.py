"""F-strings, `"...".format(...)` and `"..." % (...)`: values as text, by `__str__`, `__repr__` and `__format__`.

A template that is written out is read here (`templates`); one that is known only when the program runs is filled in by
the core library (`stdlib/core/fields.pie`), from one object for each value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..syntax import tree
from ..syntax.node import changed
from ..syntax.source import Span
from . import errors, relations
from .callsite import Arg, CallSite
from .declarations import FunctionDecl
from .expressions import Expressions
from .templates import Part, format_parts, percent_parts
from .typed import Const, Do, GetItem, TExpr
from .types import ClassType, TupleType, Type
from .wording import python_name

Values = dict[int | str, TExpr]
NUMBERS = re.compile(rb"(?:[^%]|%%|%[-+ #0]*\d*(?:\.\d+)?[dioxXeEfFgG])*")
"""A `%` template of bytes that has nothing but numbers."""


KINDS = {
    "d": "%{0} format: a real number is required, not {1}", **dict.fromkeys("feEgG", "must be real number, not {1}"),
    **dict.fromkeys("xXo", "%{0} format: an integer is required, not {1}"),
}  # fmt: skip
"""What CPython says where a `%` template gets something else for a number."""
UNNUMBERED = ("str", "bytes", "NoneType", "list", "dict", "set", "tuple")


class Formats(Expressions):
    # --- f-strings -----------------------------------------------------------------------------------------------

    def _joined(self, node: tree.JoinedStr, expected: Type | None) -> TExpr:
        parts: list[TExpr] = []
        for item in node.values:
            if isinstance(item, tree.StringLiteral):
                if item.value:
                    parts.append(self.str_const(item.value, item.span))
                continue
            if item.debug_text:
                parts.append(self.str_const(item.debug_text, item.span))
            parts.append(self._formatted(item))
        return self.concatenated(parts, node.span)

    def concatenated(self, parts: list[TExpr], span: Span) -> TExpr:
        if not parts:
            return self.str_const("", span)
        if len(parts) == 1:
            return parts[0]
        if len(parts) == 2:
            return self.need_method(parts[0], "__add__", [parts[1]], span)
        builder = self.kept(self.construct(self.core("StringBuilder"), CallSite(span)))
        for part in parts:
            self.emit(Do(part.span, self.need_method(builder, "add", [part], part.span)))
        return self.need_method(builder, "finish", [], span)

    def _formatted(self, node: tree.FormattedValue, expected: Type | None = None) -> TExpr:
        value = self.expression(node.value)
        conversion = node.conversion or ("r" if node.debug_text and node.format_spec is None else "")
        written = node.format_spec if node.format_spec is not None and node.format_spec.values else None
        return self.shown(value, conversion, None if written is None else self.expression(written), node.span)

    def shown(self, value: TExpr, conversion: str, spec: TExpr | None, span: Span) -> TExpr:
        """A value as text: `!r` and the like first, then its format."""
        if conversion == "a":
            symbol = self.program.modules.runtime("ascii")
            assert isinstance(symbol, FunctionDecl)
            value = self.call_declaration(symbol, CallSite(span, [value]))
        elif conversion == "r":
            value = self.need_method(value, "__repr__", [], span)
        elif conversion == "s":
            value = self.as_text(value, span)
        if spec is None and any(self.formats_itself(item) for item in relations.members_of(value.type)):
            spec = self.str_const("", span)
        return self.as_text(value, span) if spec is None else self.need_method(value, "__format__", [spec], span)

    def method(self, receiver: TExpr, name: str, site: CallSite) -> TExpr | None:
        kinds = relations.members_of(receiver.type) if name == "__format__" else ()
        if len(site.args) != 1 or all(self.able(kind, name) for kind in kinds):
            return super().method(receiver, name, site)
        whole, spec = self.kept(receiver), self.kept(self.argument(site.args[0], None))
        if isinstance(spec, Const) and spec.value:
            return super().method(whole, name, site.with_args((spec,)))
        if len(kinds) == 1:
            return self.formatted_plainly(whole, spec, site.span)
        return self.by_member(whole, lambda item: self.method(item, name, CallSite(site.span, [spec])), site.span)

    def formatted_plainly(self, item: TExpr, spec: TExpr, span: Span) -> TExpr:
        """What `object.__format__` does."""
        text = self.core("str")
        empty = self.compare(self.coerce(spec, text), "==", self.str_const("", span), span)
        problem = f"unsupported format string passed to {python_name(item.type)}.__format__"
        return self.chosen(
            empty, self.as_text(item, span), self.coerce(self.thrown("TypeError", problem, span), text), span
        )

    def formats_itself(self, kind: Type) -> bool:
        """Does its class say what it looks like where no format is given? Those of the library do as `str` does."""
        if not isinstance(kind, ClassType) or kind.decl.module.library:
            return False
        member = self.program.members.find_member(kind.decl, "__format__")
        self.program.consult(kind.decl, "__format__")
        return isinstance(member, FunctionDecl) or any(
            "__format__" in below.members or self.formats_itself(ClassType(below)) for below in kind.decl.subclasses
        )

    def as_text(self, value: TExpr, span: Span) -> TExpr:
        """`str(value)`."""
        return value if self.is_str(value.type) else self.need_method(value, "__str__", [], span)

    # --- templates -----------------------------------------------------------------------------------------------

    def formatted(self, func: tree.Attribute, site: CallSite) -> TExpr | None:
        """`template.format(...)`, `template.format_map(...)` with a template that is written out; None where only the
        run shows what it is filled with: `str.format` of the core library does that."""
        text = self.written_text(func.value)
        parts = None if text is None else format_parts(text.value)
        if text is None or parts is None:
            return None if text is None else self.unsupported(func.value, "this template", "use an f-string")
        values: Values = {}
        if func.attr == "format_map" and len(site.args) == 1:
            mapping = self.kept(self.argument(site.args[0], None))
            names = [item.value for part in parts for item in (part, *part.inner) if isinstance(item.value, str)]
            for name in dict.fromkeys(names):  # what its own `__getitem__` gives, if it has one
                found = self.need_method(mapping, "__getitem__", [self.str_const(name, func.span)], func.span)
                values[name] = self.kept(found)
            return self.template(func.span, parts, values)
        if site.is_mapped or any(isinstance(arg, tree.Starred) for arg in self.spread(site).args):
            if any(step.startswith(".") for part in parts for step in part.path):
                return self.unsupported(func.value, "this template with `*` or `**`", "use an f-string")
            return None
        values.update(enumerate(value for value, _ in self.evaluated(site.args)))
        values.update({name: self.kept(self.argument(arg, None)) for name, arg in site.keywords})
        return self.template(func.span, parts, values)

    def evaluated(self, args: Iterable[Arg]) -> list[tuple[TExpr, bool]]:
        """The values of arguments by position, each with whether it is starred and as long as only the run shows."""
        found: list[tuple[TExpr, bool]] = []
        for arg in args:
            if not isinstance(arg, tree.Starred):
                found.append((self.kept(self.argument(arg, None)), False))
                continue
            value = self.as_tuple(self.expression(arg.value))
            known = isinstance(value.type, TupleType)
            found += [(self.kept(item), not known) for item in (self.tuple_items(value) if known else [value])]
        return found

    def percent(self, node: tree.BinOp) -> TExpr | None:
        """`template % values` for a template that is written out, in bytes one of numbers; None for anything else."""
        if isinstance(node.left, tree.BytesLiteral) and NUMBERS.fullmatch(node.left.value):
            words = tree.StringLiteral(node.left.span, node.left.value.decode("latin-1"))
            shown = self.percent(changed(node, left=words))
            assert shown is not None, "what stands in bytes is a template in text"
            return self.need_method(shown, "encode", [self.str_const("latin-1", node.span)], node.span)
        text = self.written_text(node.left)
        parts = percent_parts(text.value) if text is not None else None
        if text is None or parts is None:
            return None
        numbers = [part.value for part in parts if part.value is not None]
        names = [item for item in dict.fromkeys(numbers) if isinstance(item, str)]
        if names:
            values: Values = {name: self.kept(value) for name, value in self.named_values(node.right, names).items()}
            return self.percent_shown(node, parts, values)
        unsure = True
        with self.trial():
            unsure = any(starred for _, starred in self.percent_values(node.right))
        if unsure:
            return None
        given = self.percent_values(node.right)
        if len(given) != len(numbers):
            problem = f"the template shows {len(numbers)} values, and gets {len(given)}"
            report = errors.WrongArguments(self.source, node.span, problem=problem)
            few = "not enough arguments for format string"
            text_of = few if len(given) < len(numbers) else "not all arguments converted during string formatting"
            return self.error(report.raised("TypeError", text_of), self.core("str"))
        return self.percent_shown(node, parts, {at: value for at, (value, _) in enumerate(given)})

    def percent_values(self, node: tree.Expr) -> list[tuple[TExpr, bool]]:
        """What a template is given, each with whether it may be several values."""
        if isinstance(node, tree.Tuple):
            return self.evaluated(node.elts)
        right = self.as_tuple(self.expression(node))
        whole = self.tuple_items(right) if isinstance(right.type, TupleType) else [right]
        return [(self.kept(value), relations.is_tuple_of(value.type)) for value in whole]

    def percent_shown(self, node: tree.BinOp, parts: list[Part], values: Values) -> TExpr:
        for part in parts:
            value, kind = values.get(part.value) if part.value is not None else None, part.spec[-1:]
            wanted = KINDS.get(kind)
            if value is not None and wanted is not None and python_name(value.type) in UNNUMBERED:
                problem = f"`%{kind}` shows numbers, not `{value.type}`"
                report = errors.WrongArguments(self.source, node.span, problem=problem)
                says = wanted.format(kind, python_name(value.type))
                return self.error(report.raised("TypeError", says), self.core("str"))
        return self.template(node.left.span, parts, values)

    def named_values(self, node: tree.Expr, names: list[str]) -> dict[str, TExpr]:
        """What `"%(a)s" % d` takes out of d."""
        if isinstance(node, tree.Dict) and all(isinstance(key, tree.StringLiteral) for key in node.keys):
            return {key.value: self.kept(self.expression(value))
                    for key, value in zip(node.keys, node.values, strict=True)
                    if isinstance(key, tree.StringLiteral)}  # fmt: skip
        whole = self.kept(self.expression(node))
        keys = [(name, self.str_const(name, node.span)) for name in names]
        return {name: self.need_method(whole, "__getitem__", [key], node.span) for name, key in keys}

    def template(self, span: Span, parts: list[Part], values: Values) -> TExpr:
        """A template with its values, which have been evaluated: each is shown in its place."""
        return self.concatenated([self.shown_part(item, values, span) for item in parts], span)

    def shown_part(self, part: Part, values: Values, span: Span) -> TExpr:
        if part.value is None:
            return self.str_const(part.text, span)
        value = values.get(part.value)
        if value is None:
            problem = f"the template has no value for `{part.value}`"
            report = errors.WrongArguments(self.source, span, problem=problem)
            lacks = f"Replacement index {part.value} out of range for positional args tuple"
            error = ("IndexError", lacks) if isinstance(part.value, int) else ("KeyError", part.value)
            return self.error(report.raised(*error), self.core("str"))
        for step in part.path:
            value = self.part_below(value, step, span)
        spec = part.inner[-1].text if part.inner else part.spec
        if spec.endswith("d") and isinstance(value.type, ClassType) and value.type.decl.representation == "f64":
            value = self.need_method(value, "__int__", [], span)
        if part.inner:
            whole = self.concatenated([self.shown_part(item, values, span) for item in part.inner], span)
            return self.shown(value, part.conversion, whole, span)
        text = spec[:-1] if spec.endswith("c") and self.is_str(value.type) else spec
        return self.shown(value, part.conversion, self.str_const(text, span) if text else None, span)

    def part_below(self, value: TExpr, step: str, span: Span) -> TExpr:
        """`.name` or `[key]` behind a value of a template."""
        if step.startswith("."):
            return self.attribute(value, step[1:], span, span)
        key = step[1:]
        if isinstance(value.type, TupleType) and key.isdigit() and int(key) < len(value.type.items):
            return GetItem(value.type.items[int(key)], span, value, int(key))
        index = self.int_const(int(key), span) if key.isdigit() else self.str_const(key, span)
        return self.need_method(value, "__getitem__", [index], span)
