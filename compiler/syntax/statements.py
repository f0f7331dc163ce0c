"""Builds the tree's statements: one method for each action that the grammar names (see `expressions`).

What belongs to a function or loop around it (`return`, `break`, `await`, ...) is kept as loose when it is met, and
taken up when the rule of its function or loop is complete; what is still loose at the end of the module stands
outside.
"""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from ..diag import CompileError
from . import errors, tree
from .expressions import CallArguments, describe, no_parameters
from .node import field_names
from .patterns import PatternBuilder
from .source import Span
from .tokens import Token

_PRAGMA = re.compile(r"#[ \t]*pielang:[ \t]*(.*)")
_HEADER_LINE = re.compile(r"[ \t]*(#.*)?(?:\r\n|\n|\r|\Z)")

_DYNAMIC_METHODS = {
    "__del__": "objects go when the collector finds them; give back what they hold in `__exit__` or `release()`",
    "__getattribute__": "attributes are known when the program is compiled: declare them, or keep the values in a dict",
    "__setattr__": "a property with a setter sees assignments to one attribute",
    "__delattr__": "attributes cannot be deleted: set them to None",
    "__class_getitem__": "write type parameters: `class Name[T]`",
    **dict.fromkeys(
        ("__getstate__", "__setstate__", "__reduce__", "__reduce_ex__"),
        "`copy` copies attributes: say what else there is to do in `__copy__` or `__deepcopy__`",
    ),
    "__prepare__": "classes are fixed when the program is compiled",
}


class Block(NamedTuple):
    start: int
    body: tuple[tree.Stmt, ...]


def _body(block: Block | None) -> tuple[tree.Stmt, ...]:
    return block.body if block else ()


class StatementBuilder(PatternBuilder):
    def module(self, span: Span, *body: tree.Stmt) -> tree.Module:
        for loose in self.take(0):
            if loose.kind == "await" and self.source.library:
                continue  # the library's module-level code runs inside the entry coroutine
            if loose.kind in ("break", "continue"):
                raise self.misplaced(loose, "a loop")
            raise self.misplaced(
                loose, "a function" if loose.kind in ("return", "yield", "yield from") else "an `async def` function"
            )
        return tree.Module(Span(0, len(self.source.text)), body, pragma(self.source.text))

    def block(self, span: Span, *body: tree.Stmt) -> Block:
        return Block(span.start, body)

    # --- simple statements

    def expression_statement(self, span: Span, value: tree.Expr) -> tree.Stmt:
        self.no_star(value)
        return tree.ExprStmt(span, value)

    def assign(self, span: Span, *sides: tree.Expr) -> tree.Stmt:
        for target in sides[:-1]:
            self.check_target(target)
        self.no_star(sides[-1])
        return tree.Assign(span, sides[:-1], sides[-1])

    def augmented_assign(self, span: Span, target: tree.Expr, operator: Token, value: tree.Expr) -> tree.Stmt:
        self.single_target(target, f"changed with `{operator.text}`")
        self.no_star(value)
        return tree.AugAssign(span, target, operator.text[:-1], value)

    def annotated_assign(
        self, span: Span, target: tree.Expr, annotation: tree.Expr, value: tree.Expr | None
    ) -> tree.Stmt:
        self.single_target(target, "annotated")
        self.no_star(value)
        return tree.AnnAssign(span, target, annotation, value)

    def single_target(self, target: tree.Expr, action: str) -> None:
        if not isinstance(target, tree.Name | tree.Attribute | tree.Subscript):
            what = "several targets at once" if isinstance(target, tree.Tuple | tree.List) else describe(target)
            raise CompileError.of(errors.InvalidTarget(self.source, target.span, what=what, action=action))

    def return_(self, span: Span, value: tree.Expr | None) -> tree.Stmt:
        self.no_star(value)
        self.leave_loose("return", span)
        return tree.Return(span, value)

    def delete(self, span: Span, targets: tree.Expr) -> tree.Stmt:
        several = isinstance(targets, tree.Tuple) and id(targets) not in self.enclosed
        items = targets.elts if several and isinstance(targets, tree.Tuple) else (targets,)
        for item in items:
            self.check_target(item, "deleted")
        return tree.Delete(span, items)

    def global_(self, span: Span, *names: Token) -> tree.Stmt:
        return tree.Global(span, tuple(name.text for name in names))

    def nonlocal_(self, span: Span, *names: Token) -> tree.Stmt:
        return tree.Nonlocal(span, tuple(name.text for name in names))

    def break_(self, span: Span) -> tree.Stmt:
        self.leave_loose("break", span)
        return tree.Break(span)

    def continue_(self, span: Span) -> tree.Stmt:
        self.leave_loose("continue", span)
        return tree.Continue(span)

    def type_alias(
        self, span: Span, name: Token, params: tuple[tree.TypeParam, ...] | None, value: tree.Expr
    ) -> tree.Stmt:
        return tree.TypeAlias(span, name.text, params or (), value)

    # --- imports

    def dotted_name(self, span: Span, *names: Token) -> str:
        return ".".join(name.text for name in names)

    def dotted_alias(self, span: Span, name: str, asname: Token | None) -> tree.Alias:
        return tree.Alias(span, name, asname.text if asname else None)

    def alias(self, span: Span, name: Token, asname: Token | None) -> tree.Alias:
        return tree.Alias(span, name.text, asname.text if asname else None)

    def all_names(self, span: Span, _star: Token) -> tree.Alias:
        return tree.Alias(span, "*", None)

    def from_module(self, span: Span, *parts: Token | str) -> tuple[int, str | None]:
        level = sum(len(part.text) for part in parts if isinstance(part, Token))
        return level, parts[-1] if isinstance(parts[-1], str) else None

    def import_from(self, span: Span, origin: tuple[int, str | None], *names: tree.Alias) -> tree.Stmt:
        level, module = origin
        return tree.ImportFrom(span, module, names, level)

    # --- functions and classes

    def decorated(self, span: Span, *parts: Any) -> tree.Stmt:
        definition: tree.FunctionDef | tree.ClassDef = parts[-1]
        values = {name: getattr(definition, name) for name in field_names(definition)}
        return type(definition)(**{**values, "decorators": parts[:-1]})

    def function(
        self,
        span: Span,
        is_async: Token | None,
        name: Token,
        type_params: tuple[tree.TypeParam, ...] | None,
        parameters: tree.Arguments | None,
        returns: tree.Expr | None,
        block: Block,
    ) -> tree.Stmt:
        inside = self.take(block.start)
        for loose in inside:
            if loose.kind in ("break", "continue"):
                raise self.misplaced(loose, "a loop")
            if loose.kind.startswith(("await", "async")) and not is_async:
                error = errors.Misplaced(
                    self.source, loose.span, what=f"`{loose.kind}`", place="an `async def` function"
                )
                error = error.labelled(self.source, name.span, "this function is not async")
                raise CompileError.of(error.helped(f"declare it `async def {name.text}`"))
            if loose.kind == "yield from" and is_async:
                hint = "not possible in an async function"
                error_ = errors.Unexpected(self.source, loose.span, found="`yield from`", hint=hint)
                raise CompileError.of(error_.helped("write `async for item in ...: yield item`"))
        return tree.FunctionDef(
            span,
            name.text,
            name.span,
            type_params or (),
            parameters or no_parameters(name.end),
            returns,
            block.body,
            (),
            is_async is not None,
        )

    def class_(
        self,
        span: Span,
        name: Token,
        type_params: tuple[tree.TypeParam, ...] | None,
        arguments: CallArguments | None,
        block: Block,
    ) -> tree.Stmt:
        for loose in self.take(block.start):
            raise self.misplaced(loose, "a loop" if loose.kind in ("break", "continue") else "a function")
        for statement in block.body:
            if (
                isinstance(statement, tree.FunctionDef)
                and statement.name in _DYNAMIC_METHODS
                and not self.source.library
            ):
                what = f"the method `{statement.name}` is"
                way_out = _DYNAMIC_METHODS[statement.name]
                raise CompileError.of(
                    errors.DynamicMethod(self.source, statement.name_span, what=what, way_out=way_out)
                )
        bases, keywords = arguments or CallArguments((), ())
        for keyword in keywords:
            match keyword.value:
                case tree.Name(id="ABCMeta") | tree.Attribute(attr="ABCMeta"):
                    continue
            if keyword.arg == "metaclass":
                raise CompileError.of(errors.Metaclass(self.source, keyword.span, what="metaclasses are"))
        return tree.ClassDef(span, name.text, name.span, type_params or (), bases, keywords, block.body, ())

    def type_params(self, span: Span, *params: tree.TypeParam) -> tuple[tree.TypeParam, ...]:
        return params

    def type_param(self, span: Span, name: Token, bound: tree.Expr | None) -> tree.TypeParam:
        return tree.TypeParam(span, name.text, bound)

    def type_param_tuple(self, span: Span, name: Token) -> tree.TypeParam:
        raise CompileError.of(errors.VariadicTypeParameter(self.source, span, what="variadic type parameters are"))

    def type_param_spec(self, span: Span, name: Token) -> tree.TypeParam:
        return tree.TypeParam(span, f"**{name.text}", None)

    # --- compound statements

    def if_(self, span: Span, test: tree.Expr, block: Block, orelse: Block | None) -> tree.Stmt:
        return tree.If(span, test, block.body, _body(orelse))

    def elif_(self, span: Span, test: tree.Expr, block: Block, orelse: Block | None) -> Block:
        return Block(span.start, (tree.If(span, test, block.body, _body(orelse)),))

    def close_loop(self, block: Block, end: int) -> None:
        """The `break`s and `continue`s from the loop's body (not from its `else`) have found their loop."""
        kept = [x for x in self.take(block.start) if x.kind not in ("break", "continue") or x.span.start >= end]
        self.loose += kept

    def while_(self, span: Span, test: tree.Expr, block: Block, orelse: Block | None) -> tree.Stmt:
        self.close_loop(block, orelse.start if orelse else span.end)
        return tree.While(span, test, block.body, _body(orelse))

    def for_(
        self,
        span: Span,
        is_async: Token | None,
        target: tree.Expr,
        iterable: tree.Expr,
        block: Block,
        orelse: Block | None,
    ) -> tree.Stmt:
        self.check_target(target)
        self.no_star(iterable)
        self.close_loop(block, orelse.start if orelse else span.end)
        self.note_async(is_async, "for")
        return tree.For(span, target, iterable, block.body, _body(orelse), is_async is not None)

    def note_async(self, is_async: Token | None, word: str) -> None:
        if is_async:
            self.leave_loose(f"async {word}", is_async.span)

    def try_(self, span: Span, block: Block, *rest: Any) -> tree.Stmt:
        handlers: tuple[tree.ExceptHandler, ...] = rest[:-2]
        for handler in handlers[:-1]:
            if handler.type is None:
                bare = Span(handler.span.start, handler.span.start + 6)
                error = errors.Unexpected(
                    self.source, bare, found="`except` without a type", hint="catches all that comes after it"
                )
                raise CompileError.of(error.helped("make it the last `except`"))
        return tree.Try(span, block.body, handlers, _body(rest[-2]), _body(rest[-1]))

    def try_finally(self, span: Span, block: Block, finalbody: Block) -> tree.Stmt:
        return tree.Try(span, block.body, (), (), finalbody.body)

    def except_(self, span: Span, *rest: Any) -> tree.ExceptHandler:
        kind, name, block = rest if len(rest) == 3 else (None, None, rest[-1])
        return tree.ExceptHandler(span, kind, name.text if name else None, block.body)

    def except_star(self, span: Span, star: Token, *_rest: Any) -> tree.ExceptHandler:
        raise CompileError.of(
            errors.ExceptionGroup(self.source, Span(span.start, star.end), what="exception groups (`except*`) are")
        )

    def with_(self, span: Span, is_async: Token | None, *rest: Any) -> tree.Stmt:
        items: tuple[tree.WithItem, ...] = rest[:-1]
        block: Block = rest[-1]
        if len(items) == 1 and items[0].optional_vars is None and id(items[0].context_expr) in self.enclosed:
            inner = items[0].context_expr
            if (
                isinstance(inner, tree.Tuple)
                and inner.elts
                and not any(isinstance(x, tree.Starred) for x in inner.elts)
            ):
                items = tuple(tree.WithItem(item.span, item, None) for item in inner.elts)
        self.note_async(is_async, "with")
        return tree.With(span, items, block.body, is_async is not None)

    def with_group(self, span: Span, is_async: Token | None, _with: Token, *rest: Any) -> tree.Stmt:
        return self.with_(span, is_async, *rest)

    def with_item(self, span: Span, value: tree.Expr, target: tree.Expr | None) -> tree.WithItem:
        if target is not None:
            self.check_target(target)
        return tree.WithItem(span, value, target)


def pragma(text: str) -> str | None:
    """What the comment `# pielang: ...` at the head of a file says; None when there is none."""
    position = 1 if text.startswith("\ufeff") else 0
    while position < len(text) and (line := _HEADER_LINE.match(text, position)):
        found = _PRAGMA.match(line.group(1) or "")
        if found:
            return found.group(1).strip()
        position = line.end()
    return None
