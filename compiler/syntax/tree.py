"""The syntax tree: what the parser makes and the checker reads.

Nodes carry the names and fields of CPython's `ast` module, so that a reader who knows one knows the other. They are
frozen, slotted and hold no types: the checker builds other classes (`pielang.compiler.sema.typed`), so no later pass
can be run on an unchecked tree by mistake. Every node has the span of its text.

Differences from `ast`, each to make checking simpler:
- `Constant` is split by what it holds (`IntLiteral`, `FloatLiteral`, `StringLiteral`, ...).
- there is no `ctx`: what may stand as a target is one of `Name | Attribute | Subscript | Tuple | List | Starred`.
- a comparison chain keeps its operators as strings (`"<"`, `"not in"`), as do `BinOp`, `UnaryOp`, `AugAssign`.
- `elif` is a nested `If`, as in `ast`; a decorator list holds expressions.
- f-strings are parsed to `JoinedStr`: literal text and `FormattedValue`s with parsed expressions.
"""

from __future__ import annotations

from dataclasses import dataclass

from .source import Span

# --- expressions ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Node:
    span: Span


@dataclass(frozen=True, slots=True)
class Expr(Node):
    pass


@dataclass(frozen=True, slots=True)
class IntLiteral(Expr):
    value: int  # any size; the checker refuses what does not fit 64 bits


@dataclass(frozen=True, slots=True)
class FloatLiteral(Expr):
    value: float


@dataclass(frozen=True, slots=True)
class StringLiteral(Expr):
    value: str  # adjacent literals are already joined


@dataclass(frozen=True, slots=True)
class BytesLiteral(Expr):
    value: bytes


@dataclass(frozen=True, slots=True)
class BoolLiteral(Expr):
    value: bool


@dataclass(frozen=True, slots=True)
class NoneLiteral(Expr):
    pass


@dataclass(frozen=True, slots=True)
class EllipsisLiteral(Expr):
    pass


@dataclass(frozen=True, slots=True)
class Name(Expr):
    id: str


@dataclass(frozen=True, slots=True)
class FormattedValue(Expr):
    value: Expr
    conversion: str  # "", "s", "r" or "a"
    format_spec: JoinedStr | None
    debug_text: str | None  # the source text before `=` in f"{x=}" (with the `=` and blanks), else None


@dataclass(frozen=True, slots=True)
class JoinedStr(Expr):
    values: tuple[StringLiteral | FormattedValue, ...]


@dataclass(frozen=True, slots=True)
class Tuple(Expr):
    elts: tuple[Expr, ...]  # may hold Starred


@dataclass(frozen=True, slots=True)
class List(Expr):
    elts: tuple[Expr, ...]  # may hold Starred


@dataclass(frozen=True, slots=True)
class Set(Expr):
    elts: tuple[Expr, ...]  # may hold Starred


@dataclass(frozen=True, slots=True)
class Dict(Expr):
    keys: tuple[Expr | None, ...]  # None where `**value` stands
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Comprehension(Node):
    target: Expr
    iter: Expr
    ifs: tuple[Expr, ...]
    is_async: bool


@dataclass(frozen=True, slots=True)
class ListComp(Expr):
    elt: Expr
    generators: tuple[Comprehension, ...]


@dataclass(frozen=True, slots=True)
class SetComp(Expr):
    elt: Expr
    generators: tuple[Comprehension, ...]


@dataclass(frozen=True, slots=True)
class DictComp(Expr):
    key: Expr
    value: Expr
    generators: tuple[Comprehension, ...]


@dataclass(frozen=True, slots=True)
class GeneratorExp(Expr):
    elt: Expr
    generators: tuple[Comprehension, ...]


@dataclass(frozen=True, slots=True)
class Starred(Expr):
    value: Expr


@dataclass(frozen=True, slots=True)
class UnaryOp(Expr):
    op: str  # "-", "+", "~", "not"
    operand: Expr


@dataclass(frozen=True, slots=True)
class BinOp(Expr):
    left: Expr
    op: str  # "+", "-", "*", "/", "//", "%", "**", "@", "<<", ">>", "&", "|", "^"
    right: Expr


@dataclass(frozen=True, slots=True)
class BoolOp(Expr):
    op: str  # "and", "or"
    values: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Compare(Expr):
    left: Expr
    ops: tuple[str, ...]  # "==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"
    comparators: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Keyword(Node):
    arg: str | None  # None for `**value`
    value: Expr


@dataclass(frozen=True, slots=True)
class Call(Expr):
    func: Expr
    args: tuple[Expr, ...]  # may hold Starred
    keywords: tuple[Keyword, ...]


@dataclass(frozen=True, slots=True)
class IfExp(Expr):
    test: Expr
    body: Expr
    orelse: Expr


@dataclass(frozen=True, slots=True)
class Attribute(Expr):
    value: Expr
    attr: str
    attr_span: Span  # the name alone


@dataclass(frozen=True, slots=True)
class Subscript(Expr):
    value: Expr
    slice: Expr  # a Slice, or a Tuple for `a[b, c]`


@dataclass(frozen=True, slots=True)
class Slice(Expr):
    lower: Expr | None
    upper: Expr | None
    step: Expr | None


@dataclass(frozen=True, slots=True)
class Lambda(Expr):
    args: Arguments
    body: Expr


@dataclass(frozen=True, slots=True)
class NamedExpr(Expr):
    target: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class Await(Expr):
    value: Expr


@dataclass(frozen=True, slots=True)
class Yield(Expr):
    value: Expr | None


@dataclass(frozen=True, slots=True)
class YieldFrom(Expr):
    value: Expr


# --- parameters -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Arg(Node):
    arg: str
    annotation: Expr | None
    default: Expr | None


@dataclass(frozen=True, slots=True)
class Arguments(Node):
    posonlyargs: tuple[Arg, ...]
    args: tuple[Arg, ...]
    vararg: Arg | None
    kwonlyargs: tuple[Arg, ...]
    kwarg: Arg | None


@dataclass(frozen=True, slots=True)
class TypeParam(Node):
    name: str
    bound: Expr | None


# --- statements -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stmt(Node):
    pass


@dataclass(frozen=True, slots=True)
class FunctionDef(Stmt):
    name: str
    name_span: Span
    type_params: tuple[TypeParam, ...]
    args: Arguments
    returns: Expr | None
    body: tuple[Stmt, ...]  # a docstring stays as its first ExprStmt
    decorators: tuple[Expr, ...]
    is_async: bool


@dataclass(frozen=True, slots=True)
class ClassDef(Stmt):
    name: str
    name_span: Span
    type_params: tuple[TypeParam, ...]
    bases: tuple[Expr, ...]
    keywords: tuple[Keyword, ...]
    body: tuple[Stmt, ...]
    decorators: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class TypeAlias(Stmt):
    name: str
    type_params: tuple[TypeParam, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class Return(Stmt):
    value: Expr | None


@dataclass(frozen=True, slots=True)
class Delete(Stmt):
    targets: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Assign(Stmt):
    targets: tuple[Expr, ...]
    value: Expr


@dataclass(frozen=True, slots=True)
class AugAssign(Stmt):
    target: Expr
    op: str  # the operator without its `=`
    value: Expr


@dataclass(frozen=True, slots=True)
class AnnAssign(Stmt):
    target: Expr
    annotation: Expr
    value: Expr | None


@dataclass(frozen=True, slots=True)
class For(Stmt):
    target: Expr
    iter: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]
    is_async: bool


@dataclass(frozen=True, slots=True)
class While(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class If(Stmt):
    test: Expr
    body: tuple[Stmt, ...]
    orelse: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class WithItem(Node):
    context_expr: Expr
    optional_vars: Expr | None


@dataclass(frozen=True, slots=True)
class With(Stmt):
    items: tuple[WithItem, ...]
    body: tuple[Stmt, ...]
    is_async: bool


@dataclass(frozen=True, slots=True)
class Raise(Stmt):
    exc: Expr | None
    cause: Expr | None


@dataclass(frozen=True, slots=True)
class ExceptHandler(Node):
    type: Expr | None
    name: str | None
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Try(Stmt):
    body: tuple[Stmt, ...]
    handlers: tuple[ExceptHandler, ...]
    orelse: tuple[Stmt, ...]
    finalbody: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Assert(Stmt):
    test: Expr
    msg: Expr | None


@dataclass(frozen=True, slots=True)
class Alias(Node):
    name: str  # dotted
    asname: str | None


@dataclass(frozen=True, slots=True)
class Import(Stmt):
    names: tuple[Alias, ...]


@dataclass(frozen=True, slots=True)
class ImportFrom(Stmt):
    module: str | None
    names: tuple[Alias, ...]  # a single Alias named "*" for a star import
    level: int


@dataclass(frozen=True, slots=True)
class Global(Stmt):
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Nonlocal(Stmt):
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExprStmt(Stmt):
    value: Expr


@dataclass(frozen=True, slots=True)
class Pass(Stmt):
    pass


@dataclass(frozen=True, slots=True)
class Break(Stmt):
    pass


@dataclass(frozen=True, slots=True)
class Continue(Stmt):
    pass


# --- match ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Pattern(Node):
    pass


@dataclass(frozen=True, slots=True)
class MatchValue(Pattern):
    value: Expr


@dataclass(frozen=True, slots=True)
class MatchSingleton(Pattern):
    value: Expr  # NoneLiteral or BoolLiteral


@dataclass(frozen=True, slots=True)
class MatchSequence(Pattern):
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class MatchMapping(Pattern):
    keys: tuple[Expr, ...]
    patterns: tuple[Pattern, ...]
    rest: str | None


@dataclass(frozen=True, slots=True)
class MatchClass(Pattern):
    cls: Expr
    patterns: tuple[Pattern, ...]
    kwd_attrs: tuple[str, ...]
    kwd_patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class MatchStar(Pattern):
    name: str | None


@dataclass(frozen=True, slots=True)
class MatchAs(Pattern):
    pattern: Pattern | None
    name: str | None  # both None is the wildcard


@dataclass(frozen=True, slots=True)
class MatchOr(Pattern):
    patterns: tuple[Pattern, ...]


@dataclass(frozen=True, slots=True)
class MatchCase(Node):
    pattern: Pattern
    guard: Expr | None
    body: tuple[Stmt, ...]


@dataclass(frozen=True, slots=True)
class Match(Stmt):
    subject: Expr
    cases: tuple[MatchCase, ...]


@dataclass(frozen=True, slots=True)
class Module(Node):
    body: tuple[Stmt, ...]
    pragma: str | None  # the text after `# pielang:` in the header comment, if any
