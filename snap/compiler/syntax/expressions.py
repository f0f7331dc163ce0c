"""Builds the tree's expressions: one method for each action that the grammar names.

A method gets the span of the rule's text and the rule's children: nodes, tokens, or None for a missing optional part.
Checks that the grammar leaves open are made here: targets, the order of arguments and parameters, what an f-string
field may say.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from ..diag import CompileError
from . import errors, tree
from .literals import bytes_value, number_value, string_value
from .source import Source, Span
from .tokens import Token


class Parameter(NamedTuple):
    """One entry between the parentheses of a definition. `kind`: "plain", "star", "double", "slash" or "bare"."""

    kind: str
    arg: tree.Arg | None
    span: Span


class BareGenerator(NamedTuple):
    """A generator expression that borrows the parentheses of a call."""

    elt: tree.Expr
    generators: tuple[tree.Comprehension, ...]
    span: Span


class CallArguments(NamedTuple):
    args: tuple[tree.Expr, ...]
    keywords: tuple[tree.Keyword, ...]


class FString(NamedTuple):
    """One f-string literal, before it is joined with its neighbours."""

    values: tuple[tree.StringLiteral | tree.FormattedValue, ...]


@dataclass(frozen=True, slots=True)
class Loose:
    """A `return`, `break`, `await` ... that has not found its function or loop yet. `kind` is its keyword."""

    kind: str
    span: Span


class ExpressionBuilder:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.enclosed: dict[int, tree.Expr] = {}  # by id: expressions that stand in parentheses of their own
        self.loose: list[Loose] = []

    # --- names and literals

    def name(self, span: Span, token: Token) -> tree.Expr:
        return tree.Name(span, token.text)

    def number(self, span: Span, token: Token) -> tree.Expr:
        value = number_value(self.source, token.text, span.start)
        return tree.IntLiteral(span, value) if isinstance(value, int) else tree.FloatLiteral(span, value)

    def constant(self, span: Span, token: Token) -> tree.Expr:
        if token.text == "None":
            return tree.NoneLiteral(span)
        return tree.BoolLiteral(span, token.text == "True")

    def strings(self, span: Span, *parts: Token | FString) -> tree.Expr:
        """Adjacent literals: one string, one bytes, or one f-string."""
        values: list[tree.StringLiteral | tree.FormattedValue] = []
        data: list[bytes] = []
        formatted = False
        for part in parts:
            if isinstance(part, FString):
                values += part.values
                formatted = True
                continue
            quote = part.text[-1]
            prefix = part.text[: part.text.index(quote)].lower()
            width = 3 if part.text.startswith(quote * 3, len(prefix)) else 1
            body = part.text[len(prefix) + width : -width]
            offset = part.start + len(prefix) + width
            if "b" in prefix:
                data.append(bytes_value(self.source, body, offset, "r" in prefix))
            else:
                raw = "r" in prefix
                text = (
                    body.replace("\r\n", "\n").replace("\r", "\n") if raw else string_value(self.source, body, offset)
                )
                values.append(tree.StringLiteral(part.span, text))
        if data and (values or formatted):
            raise CompileError.of(errors.MixedLiterals(self.source, span))
        if data:
            return tree.BytesLiteral(span, b"".join(data))
        if formatted:
            return tree.JoinedStr(span, _merged(values))
        return tree.StringLiteral(span, "".join(v.value for v in values if isinstance(v, tree.StringLiteral)))

    def fstring(self, span: Span, *parts: Token | tree.FormattedValue) -> FString:
        raw = isinstance(parts[0], Token) and "r" in parts[0].text.lower()
        return FString(_pieces(parts[1:-1] if raw else tuple(map(self.spelled, parts[1:-1]))))

    def spelled(self, part: Token | tree.FormattedValue) -> Token | tree.FormattedValue:
        """CPython takes the source text of a field with `=` for a part of the literal, escapes and all."""
        text = None if isinstance(part, Token) else part.debug_text
        if isinstance(part, Token) or text is None or "\\" not in text:
            return part
        text = string_value(self.source, text, part.span.start + 1)
        return tree.FormattedValue(part.span, part.value, part.conversion, part.format_spec, text)

    def format_spec(self, span: Span, *parts: Token | tree.FormattedValue) -> tree.Expr:
        return tree.JoinedStr(span, _merged(list(_pieces(parts))))

    def conversion(self, span: Span, token: Token) -> Token:
        if token.text not in ("s", "r", "a"):
            error = errors.BadField(self.source, token.span, problem=f"the conversion `!{token.text}`")
            raise CompileError.of(error.helped("conversions are `!s`, `!r` and `!a`"))
        return token

    def field(
        self,
        span: Span,
        opening: Token,
        value: tree.Expr,
        equal: Token | None,
        conversion: Token | None,
        spec: tree.JoinedStr | None,
    ) -> tree.Expr:
        self.no_star(value)
        how = conversion.text if conversion else ""
        debug = None
        if equal:
            stop = equal.end
            while self.source.text[stop].isspace():
                stop += 1
            debug = self.source.text[opening.end : stop]
            if self.source.text[stop] == "#" or ("#" in debug and "\n" in debug):
                raise CompileError.of(
                    errors.BadField(self.source, Span(span.start, stop + 1), problem="a comment in a field with `=`")
                )
            how = how or ("" if spec else "r")
        return tree.FormattedValue(span, value, how, spec, debug)

    # --- displays and comprehensions

    def group(self, span: Span, inner: tree.Expr) -> tree.Expr:
        self.enclosed[id(inner)] = inner
        return inner

    def enclosed_tuple(self, span: Span, *items: tree.Expr) -> tree.Expr:
        return self.group(span, tree.Tuple(span, items))

    def dict_display(self, span: Span, *items: tuple[tree.Expr | None, tree.Expr]) -> tree.Expr:
        return tree.Dict(span, tuple(key for key, _ in items), tuple(value for _, value in items))

    def dict_pair(self, span: Span, key: tree.Expr, value: tree.Expr) -> tuple[tree.Expr, tree.Expr]:
        return key, value

    def dict_unpacking(self, span: Span, value: tree.Expr) -> tuple[None, tree.Expr]:
        return None, value

    def comprehension(
        self, span: Span, is_async: Token | None, target: tree.Expr, iterable: tree.Expr, *conditions: tree.Expr
    ) -> tree.Comprehension:
        self.check_target(target)
        if is_async:
            self.leave_loose("async for", is_async.span)
        return tree.Comprehension(span, target, iterable, conditions, is_async is not None)

    def generator(self, span: Span, elt: tree.Expr, *generators: tree.Comprehension) -> tree.Expr:
        self.no_yield(span, "a generator expression")
        self.lazy(generators)
        return tree.GeneratorExp(span, elt, generators)

    def list_comprehension(self, span: Span, elt: tree.Expr, *generators: tree.Comprehension) -> tree.Expr:
        self.no_yield(span, "a comprehension")
        return tree.ListComp(span, elt, generators)

    def set_comprehension(self, span: Span, elt: tree.Expr, *generators: tree.Comprehension) -> tree.Expr:
        self.no_yield(span, "a comprehension")
        return tree.SetComp(span, elt, generators)

    def dict_comprehension(
        self, span: Span, key: tree.Expr, value: tree.Expr, *generators: tree.Comprehension
    ) -> tree.Expr:
        self.no_yield(span, "a comprehension")
        return tree.DictComp(span, key, value, generators)

    # --- operators

    def binary(self, span: Span, left: tree.Expr, operator: Token, right: tree.Expr) -> tree.Expr:
        return tree.BinOp(span, left, operator.text, right)

    def unary(self, span: Span, operator: Token, operand: tree.Expr) -> tree.Expr:
        return tree.UnaryOp(span, operator.text, operand)

    def negation(self, span: Span, operand: tree.Expr) -> tree.Expr:
        return tree.UnaryOp(span, "not", operand)

    def any_of(self, span: Span, *values: tree.Expr) -> tree.Expr:
        return tree.BoolOp(span, "or", values)

    def all_of(self, span: Span, *values: tree.Expr) -> tree.Expr:
        return tree.BoolOp(span, "and", values)

    def comparison_operator(self, span: Span, *words: Token) -> str:
        return " ".join(word.text for word in words)

    def compare(self, span: Span, left: tree.Expr, *rest: Any) -> tree.Expr:
        return tree.Compare(span, left, rest[0::2], rest[1::2])

    def conditional(self, span: Span, body: tree.Expr, test: tree.Expr, orelse: tree.Expr) -> tree.Expr:
        return tree.IfExp(span, test, body, orelse)

    def walrus(self, span: Span, target: Token, value: tree.Expr) -> tree.Expr:
        return tree.NamedExpr(span, tree.Name(target.span, target.text), value)

    def await_(self, span: Span, value: tree.Expr) -> tree.Expr:
        self.leave_loose("await", span)
        return tree.Await(span, value)

    def yield_(self, span: Span, value: tree.Expr | None) -> tree.Expr:
        self.no_star(value)
        self.leave_loose("yield", span)
        return tree.Yield(span, value)

    def yield_from(self, span: Span, value: tree.Expr) -> tree.Expr:
        self.leave_loose("yield from", span)
        return tree.YieldFrom(span, value)

    # --- attributes, calls, subscripts

    def attribute(self, span: Span, value: tree.Expr, name: Token) -> tree.Expr:
        return tree.Attribute(span, value, name.text, name.span)

    def subscript(self, span: Span, value: tree.Expr, index: tree.Expr) -> tree.Expr:
        if isinstance(index, tree.Starred):
            index = tree.Tuple(index.span, (index,))
        return tree.Subscript(span, value, index)

    def call(self, span: Span, func: tree.Expr, arguments: CallArguments) -> tree.Expr:
        return tree.Call(span, func, arguments.args, arguments.keywords)

    def generator_argument(self, span: Span, elt: tree.Expr, *generators: tree.Comprehension) -> BareGenerator:
        self.no_yield(span, "a generator expression")
        self.lazy(generators)
        return BareGenerator(elt, generators, span)

    def keyword_argument(self, span: Span, name: Token, value: tree.Expr) -> tree.Keyword:
        return tree.Keyword(span, name.text, value)

    def double_starred_argument(self, span: Span, value: tree.Expr) -> tree.Keyword:
        return tree.Keyword(span, None, value)

    def arguments(self, span: Span, *items: tree.Expr | tree.Keyword | BareGenerator) -> CallArguments:
        args: list[tree.Expr] = []
        keywords: list[tree.Keyword] = []
        for item in items:
            if isinstance(item, tree.Keyword):
                for other in keywords:
                    if item.arg is not None and other.arg == item.arg:
                        twice = errors.Duplicate(self.source, item.span, what="the argument", name=item.arg)
                        raise CompileError.of(twice.labelled(self.source, other.span, "first given here"))
                keywords.append(item)
            elif isinstance(item, BareGenerator):
                if len(items) > 1 or "," in self.source.text[item.span.end : span.end]:
                    raise CompileError.of(
                        errors.NeedsParentheses(self.source, item.span, what="a generator expression")
                    )
                args.append(tree.GeneratorExp(span, item.elt, item.generators))
            else:
                unpacked = next((other for other in keywords if other.arg is None), None)
                if keywords and (unpacked or not isinstance(item, tree.Starred)):
                    kind = "`**`" if unpacked else "keyword"
                    error = errors.ArgumentOrder(self.source, item.span, kind=kind)
                    raise CompileError.of(
                        error.labelled(self.source, (unpacked or keywords[0]).span, f"the {kind} argument")
                    )
                args.append(item)
        return CallArguments(tuple(args), tuple(keywords))

    # --- parameters and lambda

    def parameter(
        self, span: Span, name: Token, annotation: tree.Expr | None = None, default: tree.Expr | None = None
    ) -> Parameter:
        return Parameter("plain", tree.Arg(span, name.text, annotation, default), name.span)

    def lambda_parameter(self, span: Span, name: Token, default: tree.Expr | None) -> Parameter:
        return self.parameter(span, name, None, default)

    def star_parameter(self, span: Span, name: Token, annotation: tree.Expr | None = None) -> Parameter:
        return Parameter("star", tree.Arg(Span(name.start, span.end), name.text, annotation, None), name.span)

    lambda_star_parameter = star_parameter

    def double_star_parameter(self, span: Span, name: Token, annotation: tree.Expr | None = None) -> Parameter:
        return Parameter("double", tree.Arg(Span(name.start, span.end), name.text, annotation, None), name.span)

    lambda_double_star_parameter = double_star_parameter

    def slash(self, span: Span) -> Parameter:
        return Parameter("slash", None, span)

    def bare_star(self, span: Span) -> Parameter:
        return Parameter("bare", None, span)

    def parameters(self, span: Span, *items: Parameter) -> tree.Arguments:
        """Sorts parameters into their groups; Python's rules about their order are checked here."""
        positional_only: tuple[tree.Arg, ...] = ()
        plain: list[tree.Arg] = []
        keyword_only: list[tree.Arg] = []
        star: Parameter | None = None
        vararg = kwarg = None
        slash_seen = False
        names: dict[str, Span] = {}
        for index, item in enumerate(items):
            if kwarg is not None:
                raise self.parameter_error(item, f"nothing can follow `**{kwarg.arg}`")
            if item.arg is not None:
                if item.arg.arg in names:
                    twice = errors.Duplicate(self.source, item.span, what="the parameter", name=item.arg.arg)
                    raise CompileError.of(twice.labelled(self.source, names[item.arg.arg], "first given here"))
                names[item.arg.arg] = item.span
            match item.kind, item.arg:
                case "slash", _:
                    if slash_seen or star:
                        raise self.parameter_error(item, "`/` stands once, before `*`")
                    if not plain:
                        raise self.parameter_error(item, "`/` needs a parameter before it")
                    slash_seen = True
                    positional_only, plain = tuple(plain), []
                case (("star" | "bare"), arg):
                    if star:
                        raise self.parameter_error(item, "`*` can stand only once among the parameters")
                    if arg is None and (index + 1 == len(items) or items[index + 1].kind != "plain"):
                        raise self.parameter_error(item, "`*` needs a named parameter after it")
                    star, vararg = item, arg
                case "double", arg:
                    kwarg = arg
                case _, tree.Arg() as arg:
                    before = [*positional_only, *plain]
                    if star is None and arg.default is None and before and before[-1].default is not None:
                        problem = f"the parameter `{arg.arg}` needs a default, because one before it has one"
                        raise self.parameter_error(item, problem)
                    (keyword_only if star else plain).append(arg)
        return tree.Arguments(span, positional_only, tuple(plain), vararg, tuple(keyword_only), kwarg)

    def parameter_error(self, item: Parameter, problem: str) -> CompileError:
        return CompileError.of(errors.ParameterOrder(self.source, item.span, problem=problem))

    def lambda_(self, span: Span, parameters: tree.Arguments | None, body: tree.Expr) -> tree.Expr:
        for loose in self.take(body.span.start):
            if not loose.kind.startswith("yield"):
                raise self.misplaced(loose, "an `async def` function")
        return tree.Lambda(span, parameters or no_parameters(span.start + 6), body)

    # --- checks

    def no_star(self, value: tree.Expr | None) -> None:
        if isinstance(value, tree.Starred):
            error = errors.Unexpected(
                self.source, value.span, found="an unpacking `*`", hint="there is nothing to unpack it into"
            )
            raise CompileError.of(error.helped("it can stand in a call, a list, a set, or a tuple: `(*a,)`"))

    def no_yield(self, span: Span, place: str) -> None:
        for loose in reversed(self.loose):
            if loose.span.start < span.start:
                return
            if loose.kind.startswith("yield"):
                raise CompileError.of(
                    errors.Unexpected(self.source, loose.span, found=f"`{loose.kind}`", hint=f"inside {place}")
                )

    def lazy(self, generators: tuple[tree.Comprehension, ...]) -> None:
        """A generator expression may hold an `async for` anywhere: it only runs where it is consumed."""
        places = {generator.span.start for generator in generators if generator.is_async}
        self.loose = (
            [x for x in self.loose if x.kind != "async for" or x.span.start not in places] if places else self.loose
        )

    def leave_loose(self, kind: str, span: Span) -> None:
        """`kind`, with whose first word the text at `span` begins, looks for its function or loop."""
        self.loose.append(Loose(kind, Span(span.start, span.start + len(kind.split()[0]))))

    def take(self, start: int) -> list[Loose]:
        """Removes and returns what is loose from `start` on; everything there was met after everything before it."""
        index = len(self.loose)
        while index and self.loose[index - 1].span.start >= start:
            index -= 1
        taken = self.loose[index:]
        del self.loose[index:]
        return taken

    def misplaced(self, loose: Loose, place: str) -> CompileError:
        return CompileError.of(errors.Misplaced(self.source, loose.span, what=f"`{loose.kind}`", place=place))

    def check_target(self, target: tree.Expr, action: str = "assigned to", inside: bool = False) -> None:
        """Only names, attributes, subscripts and displays of these can be assigned to (or deleted)."""
        match target:
            case tree.Name() | tree.Attribute() | tree.Subscript():
                return
            case tree.Tuple(elts=items) | tree.List(elts=items):
                stars = [item for item in items if isinstance(item, tree.Starred)]
                if len(stars) > 1:
                    error = errors.InvalidTarget(self.source, stars[1].span, what="a second `*` target", action=action)
                    raise CompileError.of(error.labelled(self.source, stars[0].span, "this one takes all that is left"))
                for item in items:
                    self.check_target(item, action, inside=True)
            case tree.Starred(value=value) if inside and action == "assigned to":
                self.check_target(value, action)
            case tree.Starred():
                error = errors.InvalidTarget(self.source, target.span, what="a lone `*` target", action=action)
                raise CompileError.of(error)
            case _:
                raise CompileError.of(
                    errors.InvalidTarget(self.source, target.span, what=describe(target), action=action)
                )


def no_parameters(offset: int) -> tree.Arguments:
    return tree.Arguments(Span(offset, offset), (), (), None, (), None)


def describe(expression: tree.Expr) -> str:
    """What kind of thing an expression is, in the user's words."""
    match expression:
        case tree.NoneLiteral():
            return "`None`"
        case tree.BoolLiteral(value=value):
            return f"`{value}`"
        case tree.IntLiteral() | tree.FloatLiteral() | tree.StringLiteral() | tree.BytesLiteral():
            return "a literal"
        case tree.EllipsisLiteral():
            return "`...`"
        case tree.JoinedStr():
            return "an f-string"
        case tree.Call():
            return "a call's result"
        case tree.Compare():
            return "a comparison"
        case tree.BinOp() | tree.UnaryOp() | tree.BoolOp():
            return "an operation's result"
        case tree.IfExp():
            return "a conditional expression"
        case tree.Lambda():
            return "a lambda"
        case tree.Await() | tree.Yield() | tree.YieldFrom():
            return "a result that is waited for"
        case tree.ListComp() | tree.SetComp() | tree.DictComp() | tree.GeneratorExp():
            return "a comprehension"
        case tree.Dict() | tree.Set():
            return "a display in braces"
        case tree.NamedExpr():
            return "a `:=` assignment"
        case _:
            return "this expression"


Piece = tree.StringLiteral | tree.FormattedValue


def _pieces(parts: tuple[Token | tree.FormattedValue, ...]) -> tuple[Piece, ...]:
    return tuple(tree.StringLiteral(part.span, part.text) if isinstance(part, Token) else part for part in parts)


def _merged(values: list[Piece]) -> tuple[Piece, ...]:
    """Neighbouring texts as one, empty ones dropped."""
    merged: list[Piece] = []
    for value in values:
        last = merged[-1] if merged else None
        if isinstance(value, tree.StringLiteral) and isinstance(last, tree.StringLiteral):
            merged[-1] = tree.StringLiteral(last.span.to(value.span), last.value + value.value)
        elif not isinstance(value, tree.StringLiteral) or value.value:
            merged.append(value)
    return tuple(merged)
