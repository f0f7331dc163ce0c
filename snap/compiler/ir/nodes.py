"""The typed IR: structured code over four value types, one step above WebAssembly.

`lower` makes it, `coroutines` rewrites the functions that suspend, `wasm` emits it. Control flow stays structured
(blocks, loops, try): there is no graph to rebuild, because WebAssembly wants structure too.

What holds: `Expr.type` is the value type (None for no value); every `Break`/`Continue` names an enclosing label; locals
belong to one function; symbols name functions of the same `Module`. The fields of a node stand in the order in which
they are evaluated, and their annotations say what they are: `parts` and `transform` are made from them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from ..syntax.node import Node
from ..syntax.source import Source, Span


class ValType(Enum):
    """I32 also holds bool and machine integers; REF is the address of a collected object, or 0 for None."""

    I32 = "i32"
    I64 = "i64"
    F64 = "f64"
    REF = "ref"


Label = str

I32, I64, F64, REF = ValType.I32, ValType.I64, ValType.F64, ValType.REF


class Local(Node):
    name: str
    type: ValType


# --- expressions ------------------------------------------------------------------------------------------------


class Expr(Node):
    type: ValType | None


class Const(Expr):
    value: int | float


class Get(Expr):
    local: Local


class GlobalGet(Expr):
    """Read a module-level variable (a fixed place in memory; references lie together, so the collector finds them)."""

    symbol: str


class Load(Expr):
    op: str  # a Wasm load: "i32.load", "i32.load8_u", "i64.load", "f64.load", ...
    address: Expr
    offset: int = 0


class Op(Expr):
    """A Wasm instruction by its name ("i64.add", "f64.lt", "i32.wrap_i64", "select", "memory.copy", ...); never traps,
    except integer division and remainder, the memory instructions and "unreachable" (which stands for a value of any
    type). "as_ref" and "as_i32" emit nothing: they say that an address is, or is no longer, known to the collector."""

    op: str
    args: list[Expr]


class Call(Expr):
    """`span` is the place of the call when it is not that of the last `Line`."""

    symbol: str
    args: list[Expr]
    span: Span | None = None


class CallIndirect(Expr):
    params: tuple[ValType, ...]
    args: list[Expr]
    index: Expr  # I32
    span: Span | None = None


class Literal(Expr):
    """REF of a `str` or `bytes` object in the data segment; equal literals share one."""

    value: str | bytes


class FunctionIndex(Expr):
    """I32: the function's index in the table, for CallIndirect."""

    symbol: str


class TypeId(Expr):
    """I32: the number of a heap type, as stored in object headers; fixed at link time."""

    heap_type: str


class LinkValue(Expr):
    """I32 that only the linker knows: "heap_base", "stack_base", "globals_base", "globals_count", "type_table",
    "rings_base"; and "stack_pointer", which is read at that moment."""

    name: str


class IsSubtype(Expr):
    """I32 0 or 1: is the object at `value` (REF) of heap type `heap_type` or of one below it? 0 for null, whose type id
    reads as 0 and is nobody's."""

    value: Expr
    heap_type: str


class New(Expr):
    """REF of a new zeroed object of a fixed-size heap type. May collect."""

    heap_type: str


class IfElse(Expr):
    test: Expr
    then: Expr
    orelse: Expr


class Sequence(Expr):
    """Run `body`, then the value is `value` (its type is this node's); None only where the type is None."""

    body: list[Stmt]
    value: Expr | None


class SelfFrame(Expr):
    """REF of the running coroutine's own frame; only in a function of kind "coroutine"."""


# --- statements -------------------------------------------------------------------------------------------------


class Stmt(Node):
    pass


class Line(Stmt):
    """What follows belongs to this place, until the next Line."""

    span: Span


class Set(Stmt):
    local: Local
    value: Expr


class GlobalSet(Stmt):
    symbol: str
    value: Expr


class Store(Stmt):
    op: str
    address: Expr
    value: Expr
    offset: int = 0


class Do(Stmt):
    value: Expr


class If(Stmt):
    test: Expr
    then: list[Stmt]
    orelse: list[Stmt]


class Block(Stmt):
    """`Break(label)` goes behind it."""

    label: Label
    body: list[Stmt]


class Loop(Stmt):
    """Falling off the end leaves the loop; `Continue(label)` goes to its head, `Break(label)` behind it."""

    label: Label
    body: list[Stmt]


class Break(Stmt):
    label: Label


class Continue(Stmt):
    label: Label


class Switch(Stmt):
    """Go to `labels[index]` as `Break` does, to `default` when the unsigned `index` is not among them."""

    index: Expr
    labels: list[Label]
    default: Label


class Return(Stmt):
    value: Expr | None


class Throw(Stmt):
    """Throw an exception object (REF) as a Wasm exception. `again`: a Try of this function has caught it, and it has
    been told this function's place then."""

    value: Expr
    again: bool = False


class Try(Stmt):
    """Run `body`; an exception thrown in it is put into `caught` (a REF local) and `handler` runs. In a traced function
    the exception is told the place where it was thrown or came in."""

    body: list[Stmt]
    caught: Local
    handler: list[Stmt]


class Suspend(Stmt):
    """Save the state and return `status` from the resume function (0 waiting, 2 yielded a value); the next resume goes
    on behind this statement. `unless` is evaluated first: when it is not 0 the function goes on at once. Only in a
    function of kind "coroutine"."""

    status: int
    unless: Expr | None = None


class Trap(Stmt):
    pass


# --- functions and modules --------------------------------------------------------------------------------------


class HeapType(Node):
    """How one kind of object lies in memory.

    Every object starts with a 4-byte header word: the type id in the low 24 bits, collector bits above.
    kind "object": `size` bytes in all, references at `ref_offsets`. kind "refs": element count at offset 4, then
    `size`-byte REF elements from offset 8. kind "raw": no references; size in bytes at offset 4 counts what follows
    offset 8 (str has its own header fields inside that count).
    `parent` gives the subtype order (single inheritance). `display` is the name a user sees in `type(x).__name__`.
    """

    symbol: str
    kind: str
    size: int
    ref_offsets: tuple[int, ...] = ()
    parent: str | None = None
    display: str = ""
    finalizer: bool = False


class Function(Node):
    """kind "plain", or "coroutine" before the `coroutines` pass: then `result` is None, `Return(None)` ends it (its
    value has been stored in the frame) and `frame_base` is the heap type that its frame extends.
    `inline` functions have been put into their callers; they stay for calls by value."""

    symbol: str
    name: str  # for tracebacks and the name section
    params: list[Local]
    result: ValType | None
    body: list[Stmt]
    source: Source
    span: Span
    kind: str = "plain"
    frame_base: str = ""
    inline: bool = False
    traced: bool = False  # appears in tracebacks: an exception that leaves it is told the place


class DispatchFunction(Node):
    """A function whose body the linker writes: call the target for the dynamic heap type of the first argument."""

    symbol: str
    params: tuple[ValType, ...]
    result: ValType | None
    targets: list[tuple[str, str]]  # (heap type, function symbol)


@dataclass(eq=False, slots=True)
class Module:
    """`runtime` names what the later passes need of core: "rt_alloc", "rt_recursion", "rt_trace", ... give function
    symbols, "str" and "bytes" the heap types of literals. `place` is the variable that calls in the user's functions
    tell their line to, if any."""

    functions: dict[str, Function] = field(default_factory=dict)
    dispatches: dict[str, DispatchFunction] = field(default_factory=dict)
    heap_types: dict[str, HeapType] = field(default_factory=dict)
    globals: dict[str, ValType] = field(default_factory=dict)
    exports: dict[str, str] = field(default_factory=dict)  # export name -> function symbol
    runtime: dict[str, str] = field(default_factory=dict)
    place: str = ""
