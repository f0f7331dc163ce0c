"""The syntax tree: what the parser makes and the checker reads.

Nodes carry the names and fields of CPython's `ast` module, so that a reader who knows one knows the other. They are
frozen, slotted, compared by identity and hold no types: the checker builds other classes
(`pielang.compiler.sema.typed`), so no later pass can be run on an unchecked tree by mistake. Every node has the span
of its text.

Differences from `ast`, each to make checking simpler:
- `Constant` is split by what it holds (`IntLiteral`, `FloatLiteral`, `StringLiteral`, ...).
- there is no `ctx`: what may stand as a target is one of `Name | Attribute | Subscript | Tuple | List | Starred`.
- a comparison chain keeps its operators as strings (`"<"`, `"not in"`), as do `BinOp`, `UnaryOp`, `AugAssign`.
- `elif` is a nested `If`, as in `ast`; a decorator list holds expressions.
- f-strings are parsed to `JoinedStr`: literal text and `FormattedValue`s with parsed expressions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .node import Frozen, with_below
from .source import Span

# --- expressions ------------------------------------------------------------------------------------------------


class Node(Frozen):
    span: Span


class Expr(Node):
    pass


class Literal(Expr):
    """What stands for a value of the class `kind` ("" for None)."""

    kind = ""


class IntLiteral(Literal):
    kind = "int"
    value: int  # any size; the checker refuses what does not fit 64 bits


class FloatLiteral(Literal):
    kind = "float"
    value: float


class StringLiteral(Literal):
    kind = "str"
    value: str  # adjacent literals are already joined


class BytesLiteral(Literal):
    kind = "bytes"
    value: bytes


class BoolLiteral(Literal):
    kind = "bool"
    value: bool


class NoneLiteral(Literal):
    pass


class EllipsisLiteral(Expr):
    pass


class Name(Expr):
    id: str


class FormattedValue(Expr):
    value: Expr
    conversion: str  # "", "s", "r" or "a"
    format_spec: JoinedStr | None
    debug_text: str | None  # the source text before `=` in f"{x=}" (with the `=` and blanks), else None


class JoinedStr(Expr):
    values: tuple[StringLiteral | FormattedValue, ...]


class Tuple(Expr):
    elts: tuple[Expr, ...]  # may hold Starred


class List(Expr):
    elts: tuple[Expr, ...]  # may hold Starred


class Set(Expr):
    elts: tuple[Expr, ...]  # may hold Starred


class Dict(Expr):
    keys: tuple[Expr | None, ...]  # None where `**value` stands
    values: tuple[Expr, ...]


class Comprehension(Node):
    target: Expr
    iter: Expr
    ifs: tuple[Expr, ...]
    is_async: bool


class ListComp(Expr):
    elt: Expr
    generators: tuple[Comprehension, ...]


class SetComp(Expr):
    elt: Expr
    generators: tuple[Comprehension, ...]


class DictComp(Expr):
    key: Expr
    value: Expr
    generators: tuple[Comprehension, ...]


class GeneratorExp(Expr):
    elt: Expr
    generators: tuple[Comprehension, ...]


class Starred(Expr):
    value: Expr


class UnaryOp(Expr):
    op: str  # "-", "+", "~", "not"
    operand: Expr


class BinOp(Expr):
    left: Expr
    op: str  # "+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^"
    right: Expr


class BoolOp(Expr):
    op: str  # "and", "or"
    values: tuple[Expr, ...]


class Compare(Expr):
    left: Expr
    ops: tuple[str, ...]  # "==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"
    comparators: tuple[Expr, ...]


class Keyword(Node):
    arg: str | None  # None for `**value`
    value: Expr


class Call(Expr):
    func: Expr
    args: tuple[Expr, ...]  # may hold Starred
    keywords: tuple[Keyword, ...]


class IfExp(Expr):
    test: Expr
    body: Expr
    orelse: Expr


class Attribute(Expr):
    value: Expr
    attr: str
    attr_span: Span  # the name alone


class Subscript(Expr):
    value: Expr
    slice: Expr  # a Slice, or a Tuple for `a[b, c]`


class Slice(Expr):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


class Lambda(Expr):
    args: Arguments
    body: Expr


class NamedExpr(Expr):
    target: Name
    value: Expr


class Await(Expr):
    value: Expr


class Yield(Expr):
    value: Expr | None


class YieldFrom(Expr):
    value: Expr


# --- parameters -------------------------------------------------------------------------------------------------


class Arg(Node):
    arg: str
    annotation: Expr | None
    default: Expr | None


class Arguments(Node):
    posonlyargs: tuple[Arg, ...]
    args: tuple[Arg, ...]
    vararg: Arg | None
    kwonlyargs: tuple[Arg, ...]
    kwarg: Arg | None

    @property
    def plain(self) -> tuple[Arg, ...]:
        """The parameters that take an argument by its place."""
        return (*self.posonlyargs, *self.args)

    @property
    def kinds(self) -> Iterator[tuple[Arg, str]]:
        """All parameters, as they stand in the text: "positional", "normal", "varargs", "keyword" or "kwargs"."""
        names = ("positional", "normal", "varargs", "keyword", "kwargs")
        groups = (self.posonlyargs, self.args, (self.vararg,), self.kwonlyargs, (self.kwarg,))
        return ((item, kind) for kind, group in zip(names, groups, strict=True) for item in group if item is not None)

    @property
    def every(self) -> tuple[Arg, ...]:
        return tuple(item for item, _ in self.kinds)

    def with_each(self, change: Callable[[Arg], Arg]) -> Arguments:
        return with_below(self, lambda item: change(item) if isinstance(item, Arg) else item)


class TypeParam(Node):
    """`name` begins with `**` where it stands for the parameters of a function."""

    name: str
    bound: Expr | None


# --- statements -------------------------------------------------------------------------------------------------


class Stmt(Node):
    pass


class FunctionDef(Stmt, later=("args", "returns", "body")):
    name: str
    name_span: Span
    type_params: tuple[TypeParam, ...]
    args: Arguments
    returns: Expr | None
    body: tuple[Stmt, ...]  # a docstring stays as its first ExprStmt
    decorators: tuple[Expr, ...]
    is_async: bool


class ClassDef(Stmt):
    name: str
    name_span: Span
    type_params: tuple[TypeParam, ...]
    bases: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]
    body: tuple[Stmt, ...]
    decorators: tuple[Expr, ...]


class TypeAlias(Stmt):
    name: str
    type_params: tuple[TypeParam, ...]
    value: Expr


class Return(Stmt):
    value: Expr | None


class Delete(Stmt):
    targets: tuple[Expr, ...]


class Assign(Stmt):
    targets: tuple[Expr, ...]
    value: Expr


class AugAssign(Stmt):
    target: Expr
    op: str  # the operator without its `=`
    value: Expr


class AnnAssign(Stmt):
    target: Expr
    annotation: Expr
    value: Expr | None


class For(Stmt):
    target: Expr
    iter: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    is_async: bool


class While(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class If(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


class WithItem(Node):
    context_expr: Expr
    optional_vars: Expr | None


class With(Stmt):
    items: tuple[WithItem, ...]
    body: tuple[Stmt, ...]
    is_async: bool


class Raise(Stmt):
    exc: Expr | None
    cause: Expr | None


class ExceptHandler(Node):
    type: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


class Try(Stmt):
    body: tuple[Stmt, ...]
    handlers: tuple[ExceptHandler, ...]
    orelse: tuple[Stmt, ...]
    finalbody: tuple[Stmt, ...]


class Assert(Stmt):
    test: Expr
    msg: Expr | None


class Alias(Node):
    name: str  # dotted
    asname: str | None

    @property
    def bound(self) -> str:
        """The name that gets a meaning."""
        return self.asname or self.name.partition(".")[0]


class Import(Stmt):
    names: tuple[Alias, ...]


class ImportFrom(Stmt):
    module: str | None
    names: tuple[Alias, ...]  # a single Alias named "*" for a star import
    level: int


class Global(Stmt):
    names: tuple[str, ...]


class Nonlocal(Stmt):
    names: tuple[str, ...]


class ExprStmt(Stmt):
    value: Expr


class Pass(Stmt):
    pass


class Break(Stmt):
    pass


class Continue(Stmt):
    pass


# --- match ------------------------------------------------------------------------------------------------------


class Pattern(Node):
    pass


class MatchValue(Pattern):
    value: Expr


class MatchSingleton(Pattern):
    value: Expr  # NoneLiteral or BoolLiteral


class MatchSequence(Pattern):
    patterns: tuple[Pattern, ...]


class MatchMapping(Pattern):
    keys: tuple[Expr, ...]
    patterns: tuple[Pattern, ...]
    rest: str | None


class MatchClass(Pattern):
    cls: Expr
    patterns: tuple[Pattern, ...]
    kwd_attrs: tuple[str, ...]
    kwd_patterns: tuple[Pattern, ...]


class MatchStar(Pattern):
    name: str | None


class MatchAs(Pattern):
    pattern: Pattern | None
    name: str | None  # both None is the wildcard


class MatchOr(Pattern):
    patterns: tuple[Pattern, ...]


class MatchCase(Node):
    pattern: Pattern
    guard: Expr | None
    body: tuple[Stmt, ...]


class Match(Stmt):
    subject: Expr
    cases: tuple[MatchCase, ...]


class Module(Node):
    body: tuple[Stmt, ...]
    pragma: str | None  # the text after `# pielang:` in the header comment, if any
