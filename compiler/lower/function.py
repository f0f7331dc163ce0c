"""The state while one function is lowered, and what every part of lowering asks of it.

`FunctionLowering` owns the locals and labels of the function and knows the scopes that `break`, `continue` and `return`
have to leave. What each node of the typed tree becomes stands in the modules beside this one, by topic; their functions
take the `FunctionLowering` first and are found through the two tables handed to it.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..ir import build
from ..ir import nodes as ir
from ..sema import typed
from ..sema.types import NEVER, NONE, ClassType, Type
from ..syntax.source import Span
from .layout import storage_of, storage_of_value

if TYPE_CHECKING:
    from .program import ProgramLowering

ExpressionRule = Callable[["FunctionLowering", Any], ir.Expr]
StatementRule = Callable[["FunctionLowering", Any], list[ir.Stmt]]


@dataclass(eq=False, slots=True)
class LoopScope:
    """A loop being lowered. `breaks`, `continues`: was the label used?"""

    break_label: str
    continue_label: str
    breaks: bool = False
    continues: bool = False


@dataclass(eq=False, slots=True)
class FinallyScope:
    """The body of a try with `finally`: who wants to leave it says where to in `pending` and goes to `label`."""

    label: str
    pending: ir.Local
    exits: list[LoopExit | None] = field(default_factory=list)  # number i + 1 stands for exits[i]; None: return


@dataclass(frozen=True, slots=True)
class LoopExit:
    loop: LoopScope
    kind: str  # "break" or "continue"


class FunctionLowering:
    """One function on its way to IR. `library`: errors in it are not the user's, so no places are kept."""

    def __init__(
        self,
        program: ProgramLowering,
        function: typed.TFunction,
        expressions: Mapping[type[typed.TExpr], ExpressionRule],
        statements: Mapping[type[typed.TStmt], StatementRule],
    ) -> None:
        self.program = program
        self.layouts = program.layouts
        self.function = function
        self.library = function.source.library
        self.suspends = function.instance.kind != "plain"
        self.result_type = _result_type(program, function.instance)
        self.scopes: list[LoopScope | FinallyScope] = []
        self.handled: list[
            tuple[ir.Local, bool]
        ] = []  # what handlers and `finally` here have caught; surely something?
        self._expressions = expressions
        self._statements = statements
        self._locals: dict[typed.Var, ir.Local] = {}
        self._parameters: dict[typed.Var, ir.Local] = {}
        self._label_count = 0
        self._returned: ir.Local | None = None
        self.current_line = 0
        self._line_starts = () if self.library else function.source.line_starts

    # --- locals and labels ------------------------------------------------------------------------------------------

    def temporary(self, type: ir.ValType, name: str = "") -> ir.Local:
        return ir.Local(name, type)

    def local(self, var: typed.Var) -> ir.Local:
        """The local of a variable: its value, or its cell when it is captured."""
        local = self._locals.get(var)
        if local is None:
            value = storage_of(var.type).value
            assert value is not None, "a variable of type None has no local"
            local = self._locals[var] = ir.Local(var.name, ir.REF if var.captured else value)
        return local

    def parameter(self, var: typed.Var) -> ir.Local:
        """The local in which a parameter arrives: its own, unless a cell takes its place."""
        value = storage_of(var.type).value
        assert value is not None, "a parameter of type None is not passed"
        return self._parameters.setdefault(var, ir.Local(var.name, value)) if var.captured else self.local(var)

    def label(self, name: str) -> str:
        self._label_count += 1
        return f"{name}{self._label_count}"

    # --- expressions ------------------------------------------------------------------------------------------------

    def value(self, node: typed.TExpr) -> ir.Expr:
        return self._expressions[type(node)](self, node)

    def value_as(self, node: typed.TExpr, type: Type) -> ir.Expr:
        """`value`, where a value of `type` is wanted though the expression may be one that never comes back."""
        value = self.value(node)
        wanted = storage_of(type).value
        if wanted is None and value.type is not None:  # a None that is written out
            return build.sequence(build.do(value), build.nothing())
        if wanted is None or node.type != NEVER:
            return value
        return build.sequence(build.do(value), build.unreachable(wanted))

    def condition(self, node: typed.TExpr) -> ir.Expr:
        """`value` of a test: I32, also where the expression never comes back."""
        value = self.value(node)
        return value if node.type != NEVER else build.sequence(build.do(value), build.unreachable(ir.I32))

    def apply(
        self, nodes: Sequence[typed.TExpr], types: Sequence[Type], make: Callable[[list[ir.Expr]], ir.Expr]
    ) -> ir.Expr:
        """`make` of the values, evaluated left to right. Expressions of type None are run, but give no value."""
        values: list[ir.Expr] = []
        waiting: list[ir.Stmt] = []
        for node, type in zip(nodes, types, strict=True):
            value = self.value_as(node, type)
            if value.type is None:
                waiting += build.do(value)
                continue
            values.append(build.sequence(waiting, value))
            waiting = []
        if not waiting:
            return make(values)
        before: list[ir.Stmt] = []
        for index, value in enumerate(values):
            if not build.is_fixed(value):
                before, values[index] = self.saved(before, value)
        return build.sequence(before + waiting, make(values))

    def saved(self, before: list[ir.Stmt], value: ir.Expr) -> tuple[list[ir.Stmt], ir.Expr]:
        """`value` evaluated behind `before` and kept: the statements, and how to read it."""
        assert value.type is not None
        local = self.temporary(value.type)
        return [*before, ir.Set(local, value)], ir.Get(value.type, local)

    def reusable(self, value: ir.Expr, make: Callable[[ir.Expr], ir.Expr]) -> ir.Expr:
        """`make` of something that stands for `value` and may be used several times."""
        if isinstance(value, ir.Get | ir.Const):
            return make(value)
        before, again = self.saved([], value)
        return build.sequence(before, make(again))

    def runtime(self, name: str, type: ir.ValType | None, *args: ir.Expr) -> ir.Expr:
        """Call of a function of core that the compiler knows by name."""
        return ir.Call(type, self.program.runtime(name), list(args))

    # --- statements -------------------------------------------------------------------------------------------------

    def body(self, nodes: Sequence[typed.TStmt]) -> list[ir.Stmt]:
        result: list[ir.Stmt] = []
        for node in nodes:
            result += self.line(node.span)
            result += self._statements[type(node)](self, node)
        return result

    def branches(self, *bodies: Sequence[typed.TStmt]) -> list[list[ir.Stmt]]:
        """Bodies of which one is run; behind them the current line is not known."""
        line = self.current_line
        result = []
        for body in bodies:
            self.current_line = line
            result.append(self.body(body))
        self.forget_line()
        return result

    def line(self, span: Span) -> list[ir.Stmt]:
        """Mark that the code for `span` begins, if that is on another line than what was last run."""
        if self.library:
            return []
        number = bisect_right(self._line_starts, span.start)
        if number == self.current_line:
            return []
        self.current_line = number
        return [ir.Line(span)]

    def forget_line(self) -> None:
        """The paths that meet here come from different lines."""
        self.current_line = 0

    def place(self, span: Span) -> Span | None:
        """The place of a call, if it stands on another line than what was last marked."""
        if self.library or bisect_right(self._line_starts, span.start) == self.current_line:
            return None
        return span

    # --- leaving ----------------------------------------------------------------------------------------------------

    def leave_loop(self, kind: str) -> list[ir.Stmt]:
        loop = next(scope for scope in reversed(self.scopes) if isinstance(scope, LoopScope))
        return self.leave(LoopExit(loop, kind))

    def leave_function(self, value: ir.Expr | None) -> list[ir.Stmt]:
        """`return value`: at once, or behind the `finally` blocks around."""
        guarded = any(isinstance(scope, FinallyScope) for scope in self.scopes)
        if value is None or value.type is None:
            return (build.do(value) if value else []) + self.leave(None)
        if not guarded:
            return self.end(value)
        if self._returned is None:
            self._returned = ir.Local("returned", value.type)
        return [ir.Set(self._returned, value), *self.leave(None)]

    def end(self, value: ir.Expr | None) -> list[ir.Stmt]:
        """Return from the function; a coroutine puts its value into its frame."""
        if not self.suspends or value is None:
            return [ir.Return(value)]
        return [self.set_frame_value(value), ir.Return(None)]

    def leave(self, target: LoopExit | None) -> list[ir.Stmt]:
        """Go to the end or the step of a loop, or return; by way of the innermost `finally` in between."""
        for scope in reversed(self.scopes):
            if isinstance(scope, FinallyScope):
                if target not in scope.exits:
                    scope.exits.append(target)
                number = scope.exits.index(target) + 1
                return [ir.Set(scope.pending, build.i32(number)), ir.Break(scope.label)]
            if target is not None and scope is target.loop:
                if target.kind == "break":
                    scope.breaks = True
                    return [ir.Break(scope.break_label)]
                scope.continues = True
                return [ir.Break(scope.continue_label)]
        returned = self._returned
        return self.end(ir.Get(returned.type, returned) if returned else None)

    # --- coroutines -------------------------------------------------------------------------------------------------

    def set_frame_value(self, value: ir.Expr) -> ir.Stmt:
        """Store a coroutine's result, or what a generator yields, where the caller reads it."""
        frame = self.function.instance.result
        storage, offset = self.program.frame_value(frame)
        return storage.write(ir.SelfFrame(ir.REF), offset, value)

    # --- captured variables -----------------------------------------------------------------------------------------

    def cell_of(self, type: Type) -> tuple[str, int]:
        return self.layouts.cell(storage_of(type))

    def get(self, var: typed.Var) -> ir.Expr:
        storage = storage_of(var.type)
        if storage.value is None:
            return build.nothing()
        local = self.local(var)
        if not var.captured:
            return ir.Get(storage.value, local)
        return storage_of_value(storage.value).read(ir.Get(ir.REF, local), self.cell_of(var.type)[1])

    def set(self, var: typed.Var, value: ir.Expr) -> list[ir.Stmt]:
        storage = storage_of(var.type)
        if storage.value is None or value.type is None:
            return build.do(value)
        local = self.local(var)
        if not var.captured:
            return [ir.Set(local, value)]
        return [storage_of_value(storage.value).write(ir.Get(ir.REF, local), self.cell_of(var.type)[1], value)]


def _result_type(program: ProgramLowering, instance: typed.Instance) -> Type:
    """The type that `return` gives: of an async function what is awaited, of a generator nothing."""
    match instance.kind:
        case "plain":
            return instance.result
        case "generator":
            return NONE
        case _:
            assert isinstance(instance.result, ClassType)
            return program.layouts.value_field(instance.result).type
