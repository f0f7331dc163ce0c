"""The typed tree: what the checker makes and `lower` reads.

One `TFunction` per *instance*: a function or method with all its type parameters (and, where the source leaves them
out, its parameter types) replaced by concrete types. What holds here:

- every expression has a `type` without type variables; no name is left to resolve;
- operators, `for`, `with`, comprehensions, displays, unpacking, chained comparison, f-strings, augmented assignment,
  default arguments and keyword arguments are gone: they have become calls, `TLoop`, `TTry`, `TBlock` and locals;
- an operation that is not a call of an instance is a `Prim` with a name from `pielang.compiler.ir.primitives`;
- evaluation order is written out: arguments are evaluated left to right, `TBlock` runs its statements first;
- every change of representation (boxing into a union or `Any`, checked unboxing, int to float) is a `Coerce`.

`lower` needs no other knowledge of the language.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from ..syntax.node import Node
from ..syntax.source import Source, Span
from .types import ClassType, FunctionType, Type


class Var(Node):
    """A local variable or parameter of one function. Compared by identity.

    `captured`: a nested function uses it after it can change, so it lives in a heap cell (core class `Cell[T]`);
    closures copy the cell's reference. A variable that is never assigned after capture is captured by value.
    """

    name: str
    type: Type
    captured: bool = False


class GlobalVar(Node):
    """A module-level variable. `symbol` is unique in the program: `module.name`."""

    symbol: str
    type: Type


class FieldInfo(Node):
    """A field of an instantiated class. `lower` decides its offset."""

    name: str
    type: Type


class Instance(Node):
    """A function with concrete types, named before its body is checked. `symbol` is unique and stable between builds.

    `params` are the types of all parameters in order, `self` and (for a closure) no captures included: captures come
    from `captures`, passed in the closure object. `kind`: "plain", "async" (calling it makes a coroutine object of type
    `result` = Coroutine[T]) or "generator" (result = Generator[T]).
    """

    symbol: str
    name: str  # for tracebacks: the qualified name as the user wrote it
    params: tuple[Type, ...]
    result: Type
    kind: str = "plain"
    captures: tuple[Var, ...] = ()
    cleans: bool = False  # a generator to be closed when it is left before its end


@dataclass(eq=False, slots=True)
class ClassLayout:
    """An instantiated class: base first, own fields in order of declaration. One per ClassType that is used.

    `finalizer`: the class is a host resource: when the collector frees an object its first int field is handed to
    core's list of dropped handles. `virtual`: names of methods that are called through dispatch somewhere.
    """

    type: ClassType
    symbol: str
    base: ClassLayout | None
    fields: list[FieldInfo] = field(default_factory=list)
    finalizer: bool = False


# --- expressions ------------------------------------------------------------------------------------------------


class TExpr(Node):
    type: Type
    span: Span


class Const(TExpr):
    """A literal: int, float, bool, str, bytes or None by `type`. Machine integers hold a Python int."""

    value: int | float | bool | str | bytes | None


class GetVar(TExpr):
    var: Var


class GetGlobal(TExpr):
    glob: GlobalVar


class GetField(TExpr):
    obj: TExpr
    owner: ClassLayout
    field: FieldInfo


class Call(TExpr):
    """Direct call. `args` match `instance.params` one to one."""

    instance: Instance
    args: list[TExpr]


class CallVirtual(TExpr):
    """Method call through the dynamic class of `args[0]`; `dispatch.targets` is complete once checking has ended."""

    dispatch: Dispatch
    args: list[TExpr]


class CallValue(TExpr):
    """Call of a function value of type FunctionType."""

    callee: TExpr
    args: list[TExpr]


class MakeClosure(TExpr):
    """A function value of type FunctionType. Captured variables come from `instance.captures` of the current
    function."""

    instance: Instance
    captures: list[Var]


class Construct(TExpr):
    """A new object of `layout`, all fields zero (0, 0.0, False, null). `__init__` is a separate `Call` in a TBlock."""

    layout: ClassLayout


class MakeTuple(TExpr):
    items: list[TExpr]


class GetItem(TExpr):
    """Element `index` (known at compile time) of a TupleType value."""

    obj: TExpr
    index: int


class Prim(TExpr):
    """A primitive operation (see `pielang.compiler.ir.primitives` for names, argument types and meaning)."""

    op: str
    args: list[TExpr]
    type_args: tuple[Type, ...] = ()  # for operations on a type: size_of[T](), array_new[T](n), cast[T](p) ...


class Conditional(TExpr):
    """`body if test else orelse`; `and`, `or` and `not` over non-bools become this with a temporary."""

    test: TExpr  # bool
    body: TExpr
    orelse: TExpr


class TBlock(TExpr):
    """Run `body`, then the value is `value`."""

    body: list[TStmt]
    value: TExpr


class Coerce(TExpr):
    """Change of representation to `type`.

    kind: "upcast" (subclass to base, T to T | None for a reference T: no code), "box" (a value type into a union, `Any`
    or `T | None`), "unbox" (out of a union that is known to hold it: no check), "checked" (out of `Any` or a union,
    raising TypeError with `message` when it does not fit), "int_to_float", "bool_to_int".
    """

    kind: str
    value: TExpr
    message: str = ""


class IsInstance(TExpr):
    """bool: does the union, Any, base-class or optional `value` hold one of `classes` (subclasses count)?"""

    value: TExpr
    classes: tuple[Type, ...]  # ClassType, TupleType, FunctionType or NONE


class Await(TExpr):
    """Await of a Coroutine[T]; other awaitables have been turned into a call of their `__await__` (an async method)."""

    value: TExpr


class Yield(TExpr):
    value: TExpr


# --- statements -------------------------------------------------------------------------------------------------


class TStmt(Node):
    span: Span


class SetVar(TStmt):
    var: Var
    value: TExpr


class SetGlobal(TStmt):
    glob: GlobalVar
    value: TExpr


class SetField(TStmt):
    obj: TExpr
    owner: ClassLayout
    field: FieldInfo
    value: TExpr


class Do(TStmt):
    """Evaluate and drop."""

    value: TExpr


class TIf(TStmt):
    test: TExpr
    body: list[TStmt]
    orelse: list[TStmt]


class TLoop(TStmt):
    """`while test: body; step`, with Python's `else`. `continue` goes to `step`; `test` None means forever."""

    test: TExpr | None
    body: list[TStmt]
    step: list[TStmt]
    orelse: list[TStmt]


class TBreak(TStmt):
    """Leave the innermost TLoop, past its `orelse`; runs the `finally` blocks in between."""


class TContinue(TStmt):
    pass


class TReturn(TStmt):
    value: TExpr | None  # None: the function's result is None


class TRaise(TStmt):
    """Throw `exc` (an exception object); `cause` already stored in it. None re-raises what the innermost handler
    caught."""

    exc: TExpr | None


class THandler(Node):
    span: Span
    types: tuple[ClassType, ...]  # empty: catches everything
    var: Var | None
    body: list[TStmt]


class TTry(TStmt):
    body: list[TStmt]
    handlers: list[THandler]
    orelse: list[TStmt]
    final: list[TStmt]


# --- the whole program ------------------------------------------------------------------------------------------


@dataclass(eq=False, slots=True)
class Dispatch:
    """A virtual method as called through class `layout`; becomes one dispatching function. Complete after checking."""

    symbol: str
    params: tuple[Type, ...]
    result: Type
    targets: list[tuple[ClassLayout, Instance]] = field(default_factory=list)  # every concrete class below `layout`


class TFunction(Node):
    """The checked body of one instance. `variables` holds parameters first, then captures, then locals."""

    instance: Instance
    source: Source
    span: Span
    params: list[Var]
    variables: list[Var]
    body: list[TStmt]
    inline: bool = False  # small core helper, marked @inline: the caller gets its body


@dataclass(eq=False, slots=True)
class TProgram:
    """Everything reachable from the entry points.

    `start` runs module-level code of all modules in import order and starts `main`; `resume` and the other entry points
    are core functions. `interface` is what the manifest and the command line are made of.
    """

    functions: dict[str, TFunction]
    layouts: dict[str, ClassLayout]
    globals: dict[str, GlobalVar]
    dispatches: dict[str, Dispatch]
    entry_points: dict[str, Instance]  # export name -> instance
    function_types: set[FunctionType] = field(default_factory=set)
    runtime: dict[str, Instance] = field(default_factory=dict)  # "rt_alloc", ...: see docs/internals.md
