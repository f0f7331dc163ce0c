"""One IR function to WebAssembly instructions.

In: an `ir.Function`, its `Placement` and `Frame`. Out: a `FunctionObject`.

The shadow stack: a function with references that must survive a collection has a frame of 4-byte slots there. The
helper `$enter` pushes it (zeroed) and gives its address, which stays in a Wasm local; the value of a local with a slot
is in both places, so that only assignments cost a store. Wasm global 0 is the stack pointer: pushed by `$enter`, put
back before a return and at the start of a handler.

A traced function keeps the number of its current location in a Wasm local, set only ahead of calls that may throw. What
leaves it goes through `$trace`, which adds the location to the exception and throws it again; what it catches itself
is told the location by `$note`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..ir import nodes as ir
from ..ir.build import is_pure
from ..ir.parts import by_kind
from ..optimize.effects import Callee, Program
from ..syntax.source import Span
from . import encode
from .objects import FunctionObject, Hole, Target
from .roots import Placement

# Helper functions, see `runtime.py`.
ENTER, NOTE, OVERFLOW, TRACE = "$enter", "$note", "$overflow", "$trace"
ENTER_WITH = {1: "$enter1", 2: "$enter2"}
SHARED_EXIT = 3  # this many returns with an epilogue are worth a block around the body

VALUE_TYPE = {ir.ValType.I32: 0x7F, ir.ValType.REF: 0x7F, ir.ValType.I64: 0x7E, ir.ValType.F64: 0x7C}
_MEMORY_TYPE = {ir.ValType.I32: "i32", ir.ValType.REF: "i32", ir.ValType.I64: "i64", ir.ValType.F64: "f64", None: ""}
_INVERSE = {
    name: inverse
    for left, right in (("eq", "ne"), ("lt_s", "ge_s"), ("lt_u", "ge_u"), ("gt_s", "le_s"), ("gt_u", "le_u"))
    for kind in ("i32.", "i64.")
    for name, inverse in ((kind + left, kind + right), (kind + right, kind + left))
} | {"f64.eq": "f64.ne", "f64.ne": "f64.eq"}
_BOOLEAN = frozenset(_INVERSE) | {"i32.eqz", "i64.eqz", "f64.lt", "f64.gt", "f64.le", "f64.ge"}
_TRANSPARENT = ("as_ref", "as_i32")
_UNDONE = {"i32.wrap_i64": ("i64.extend_i32_u", "i64.extend_i32_s")}
_ENDS = {
    2**63 - 1: encode.i64_const(-1) + encode.i64_const(1) + encode.PLAIN["i64.shr_u"],
    -(2**63): encode.i64_const(1) + encode.i64_const(63) + encode.PLAIN["i64.shl"],
}
_ZERO = encode.i64_const(0) + encode.PLAIN["f64.reinterpret_i64"]
_ZERO_TESTS = ("i32.eq", "i32.ne", "i64.eq", "i64.ne")
_FIELDS = 1000  # fields up to here may be read ahead of a test for the class that has them
_FOLDED_OFFSET = 1 << 16  # constants up to here are added into load and store offsets


@dataclass(frozen=True, slots=True)
class Frame:
    """How a function treats the shadow stack. `size`: bytes of its frame, 0 for none; `inline`: it pushes that itself;
    `saved`: it needs the stack pointer of its entry, to put it back; `traced`: an exception may leave it and must be
    told the place."""

    size: int
    inline: bool
    saved: bool
    traced: bool


def block_type(value: ir.ValType | None) -> int:
    return encode.VOID if value is None else VALUE_TYPE[value]


def is_boolean(node: ir.Expr) -> bool:
    """Is the value certainly 0 or 1?"""
    if isinstance(node, ir.Op):
        if node.op in ("i32.and", "i32.or"):
            return is_boolean(node.args[0]) and is_boolean(node.args[1])
        return node.op in _BOOLEAN
    return isinstance(node, ir.IsSubtype) or (isinstance(node, ir.Const) and node.value in (0, 1))


def is_cheap(node: ir.Expr, limit: int = 2) -> bool:
    """Free of effects and traps, and hardly dearer than the branch around it? `limit` is how deep to look.

    A field of a local may be read although a branch guards it: null reads the empty start of memory, and behind any
    object lie 1,024 bytes more. What a field refers to may not, since without the guard it may be no reference, nor an
    element, since its address depends on an index."""
    if isinstance(node, (ir.Get, ir.Const)):
        return True
    if limit == 0:
        return False
    if isinstance(node, ir.Load):
        return node.offset < _FIELDS and isinstance(node.address, ir.Get) and node.address.type is ir.REF
    if isinstance(node, ir.Op) and (node.op in _BOOLEAN or node.op in _TRANSPARENT):
        return all(is_cheap(argument, limit - (len(node.args) > 1)) for argument in node.args)
    return False


class FunctionEmitter:
    """Writes one function; `emit` is the door."""

    def __init__(self, function: ir.Function, placement: Placement, frame: Frame, program: Program) -> None:
        self.function = function
        self.placement = placement
        self.frame = frame
        self.throwing = program.throwing
        self.endless = program.endless
        self.allocator = program.module.runtime.get("rt_alloc", "")
        self.heap_types = program.module.heap_types
        self.told_place = program.module.place
        self.code = bytearray()
        self.holes: list[tuple[int, Hole, Target]] = []
        self.rows: dict[tuple[int, int], int] = {}
        self.dead = False  # control can't reach what comes next
        self.dead_at = -1  # the code's length when the validator knew that
        self.depth = 0  # open blocks
        self.labels: dict[str, list[int]] = {}  # label -> depth behind, depth of the head, 1 if something goes behind
        self.handlers: list[int] = []  # depths of the blocks behind which a handler starts
        self.set_at = (-1, -1)  # where the code ended behind the last `local.set`, and its register
        self.row = -1  # location of the current statement
        self.known_row = -1  # what the location local holds here, if that is certain
        self.marked_row = -1
        first_free = len(function.params) + sum(placement.counts)
        self.has_pointer = frame.size > 0 or frame.saved or frame.traced
        self.pointer = first_free
        self.location = first_free + self.has_pointer
        self.exit_depth: int | None = None

    # --- the function ---------------------------------------------------------------------------------------------

    def emit(self) -> FunctionObject:
        function, code = self.function, self.code
        if function.traced:
            self._line(ir.Line(function.span))
        self._declare_locals()
        self._prologue()
        if self.frame.size and self.placement.returns >= SHARED_EXIT:
            self._open(encode.BLOCK, block_type(function.result))
            self.exit_depth = self.depth
        if self.frame.traced:
            self._traced_body()
        else:
            self._plain_body()
        if self.exit_depth is not None:
            self._close()
            self._restore_pointer()
        code.append(encode.END)
        return FunctionObject(
            symbol=function.symbol,
            name=function.name,
            params=bytes(VALUE_TYPE[param.type] for param in function.params),
            result=b"" if function.result is None else bytes((VALUE_TYPE[function.result],)),
            code=bytes(code),
            holes=self.holes,
            rows=list(self.rows),
            file=function.source.name,
            named=not function.source.library,
        )

    def _declare_locals(self) -> None:
        i64s, f64s, i32s = self.placement.counts
        i32s += self.has_pointer + self.frame.traced
        groups = [(i64s, encode.I64), (f64s, encode.F64), (i32s, encode.I32)]
        self.code += encode.vector(encode.unsigned(count) + bytes((kind,)) for count, kind in groups if count)

    def _prologue(self) -> None:
        placement, code = self.placement, self.code
        given = {
            placement.slots[param]: placement.registers[param]
            for param in self.function.params
            if param in placement.slots and param in placement.entry
        }
        if self.frame.size == 8 and not self.frame.inline:
            count = 2 if 1 in given else 1
            for slot in range(count):
                if slot in given:
                    self._local(encode.LOCAL_GET, given[slot])
                else:
                    code += encode.i32_const(0)
            self._hole_after(encode.CALL, Hole.CALL, ENTER_WITH[count])
            given = {}
        elif self.frame.inline:
            self._enter_here()
        elif self.frame.size:
            code += encode.i32_const(self.frame.size)
            self._hole_after(encode.CALL, Hole.CALL, ENTER)
        elif self.has_pointer:
            code += bytes((encode.GLOBAL_GET, 0))
        else:
            return
        if not self.frame.inline:
            self._local(encode.LOCAL_SET, self.pointer)
            self.set_at = (len(code), self.pointer)
        for slot, register in given.items():
            self._store_slot(register, slot)

    def _enter_here(self) -> None:
        """What `$enter` does, without a call: for functions that call themselves much."""
        self.code += bytes((encode.GLOBAL_GET, 0))
        self._local(encode.LOCAL_TEE, self.pointer)
        self.code += encode.i32_const(self.frame.size) + encode.PLAIN["i32.add"] + bytes((encode.GLOBAL_SET, 0))
        self.code += bytes((encode.GLOBAL_GET, 0))
        self._hole_after(encode.I32_CONST, Hole.LINK_VALUE, "stack_limit")
        self.code += encode.PLAIN["i32.gt_u"] + bytes((encode.IF, encode.VOID))
        self._local(encode.LOCAL_GET, self.pointer)
        self._hole_after(encode.CALL, Hole.CALL, OVERFLOW)
        self.code.append(encode.END)
        for offset in range(0, self.frame.size, 8):
            self._local(encode.LOCAL_GET, self.pointer)
            self.code += encode.i64_const(0)
            self._memory("i64.store", offset)

    def _plain_body(self) -> None:
        """The body with its last `return` left out, since the end of the function returns as well."""
        body = self.function.body
        last = body[-1] if body else None
        if isinstance(last, ir.Return):
            self.body(body[:-1])
            if not self.dead:
                if last.value is not None:
                    self.expr(last.value)
                if self.exit_depth is None:
                    self._restore_pointer()
                return
        else:
            self.body(body)
        if self.dead:
            if self.function.result is not None:
                self._mend()
        elif self.exit_depth is None:
            self._restore_pointer()

    def _traced_body(self) -> None:
        self._open(encode.BLOCK, encode.I32)
        self.handlers.append(self.depth)
        self._open_try()
        self.body(self.function.body)
        self._close()
        if self.dead:
            self.code.append(encode.UNREACHABLE)
        else:
            self._leave()
        self.handlers.pop()
        self._close()
        # Behind the block lies the exception. The frame is given up before `$trace`, which needs room as well.
        self.code += bytes((encode.LOCAL_GET, *encode.unsigned(self.pointer), encode.GLOBAL_SET, 0))
        self._local(encode.LOCAL_GET, self.location)
        self._hole_after(encode.CALL, Hole.CALL, TRACE)
        self.code.append(encode.UNREACHABLE)

    # --- pieces ---------------------------------------------------------------------------------------------------

    def _local(self, opcode: int, register: int) -> None:
        code = self.code
        if opcode == encode.LOCAL_GET and self.set_at == (len(code), register):
            code[-1 - len(encode.unsigned(register))] = encode.LOCAL_TEE
            self.set_at = (-1, -1)
            return
        code.append(opcode)
        if register < 0x80:
            code.append(register)
        else:
            code += encode.unsigned(register)

    def _hole(self, hole: Hole, target: Target) -> None:
        self.holes.append((len(self.code), hole, target))

    def _hole_after(self, opcode: int, hole: Hole, target: Target) -> None:
        self.code.append(opcode)
        self.holes.append((len(self.code), hole, target))

    def _open(self, opcode: int, result: int) -> None:
        self.code += bytes((opcode, result))
        self.depth += 1

    def _open_try(self) -> None:
        """A try_table that catches everything and goes behind the block around it."""
        self.code += bytes((encode.TRY_TABLE, encode.VOID, 1, encode.CATCH, 0, 0))
        self.depth += 1

    def _close(self) -> None:
        self.code.append(encode.END)
        self.depth -= 1

    def _jump(self, opcode: int, depth: int) -> None:
        self.code.append(opcode)
        self.code += encode.unsigned(self.depth - depth)

    def _terminate(self) -> None:
        """Nothing goes on behind the instruction just written."""
        self.dead = True
        self.dead_at = len(self.code)

    def _mend(self) -> None:
        """Control can't get here, but the validator, which sees the end of a block, does not know."""
        if self.dead_at != len(self.code):
            self.code.append(encode.UNREACHABLE)

    def _restore_pointer(self) -> None:
        if self.frame.size:
            self._local(encode.LOCAL_GET, self.pointer)
            self.code += bytes((encode.GLOBAL_SET, 0))

    def _store_slot(self, register: int, slot: int) -> None:
        self._local(encode.LOCAL_GET, self.pointer)
        self._local(encode.LOCAL_GET, register)
        self._memory("i32.store", 4 * slot)

    def _memory(self, op: str, offset: int) -> None:
        self.code += bytes(encode.MEMORY[op])
        self.code += encode.unsigned(offset)

    def _row(self, span: Span) -> int:
        position = self.function.source.position(span.start)
        return self.rows.setdefault((position.line, position.column), len(self.rows))

    def _mark(self, row: int) -> None:
        if row != self.marked_row:
            self._hole(Hole.MARK, row)
            self.marked_row = row

    def _place(self, callee: Callee, span: Span | None) -> None:
        """Ahead of a call: tell the location, if it matters and is not told yet."""
        if not self.function.traced:
            return
        row = self.row if span is None else self._row(span)
        if callee in self.throwing:
            self._tell(row)
        if self.told_place:
            self.code += encode.i32_const(0)
            self._hole_after(encode.I32_CONST, Hole.PLACE, row)
            self.code += bytes(encode.MEMORY["i32.store"])
            self._hole(Hole.GLOBAL, self.told_place)
        self._mark(row)

    def _tell(self, row: int) -> None:
        if self.frame.traced and row != self.known_row:
            self._hole_after(encode.I32_CONST, Hole.ROW, row)
            self._local(encode.LOCAL_SET, self.location)
            self.known_row = row

    # --- expressions ----------------------------------------------------------------------------------------------

    def expr(self, node: ir.Expr) -> None:
        """Leave the value on the stack."""
        if self.placement.spills:
            spill = self.placement.spills.get(id(node))
            if spill is not None:
                register, slot = self.placement.registers[spill], self.placement.slots.get(spill)
                if slot is None:  # nothing collects here after all
                    _WRITERS[type(node)](self, node)
                    return
                self._local(encode.LOCAL_GET, self.pointer)
                _WRITERS[type(node)](self, node)
                self._local(encode.LOCAL_TEE, register)
                self._memory("i32.store", 4 * slot)
                self._local(encode.LOCAL_GET, register)
                return
        _WRITERS[type(node)](self, node)

    def _const(self, node: ir.Const) -> None:
        if node.type is ir.I64:
            # the ends of the range take ten bytes as they are; the engine computes what has constant operands itself
            self.code += _ENDS.get(int(node.value)) or encode.i64_const(int(node.value))
        elif node.type is ir.F64:
            self.code += _ZERO if repr(node.value) == "0.0" else encode.f64_const(node.value)
        else:
            self.code += encode.i32_const(int(node.value))

    def _get(self, node: ir.Get) -> None:
        register = self.placement.registers[node.local]
        if self.set_at == (len(self.code), register):
            # The value has just been put there: keep a copy on the stack, or all of it if nobody else wants it.
            if id(node) not in self.placement.kept:
                del self.code[-1 - len(encode.unsigned(register)) :]
                self.set_at = (-1, -1)
                for position in range(len(self.holes) - 1, -1, -1):  # marks that stood behind it
                    place, hole, target = self.holes[position]
                    if place <= len(self.code):
                        break
                    self.holes[position] = (len(self.code), hole, target)
                return
        self._local(encode.LOCAL_GET, register)

    def _global_get(self, node: ir.GlobalGet) -> None:
        self.code += encode.i32_const(0)
        self.code += bytes(encode.MEMORY[f"{_MEMORY_TYPE[node.type]}.load"])
        self._hole(Hole.GLOBAL, node.symbol)

    def _address(self, node: ir.Expr, offset: int) -> int:
        """Write the address; returns the offset with constants of the address added."""
        while isinstance(node, ir.Op) and id(node) not in self.placement.spills:
            if node.op in _TRANSPARENT:
                node = node.args[0]
                continue
            if node.op == "i32.add":
                last = node.args[1]
                if isinstance(last, ir.Const) and 0 <= last.value < _FOLDED_OFFSET:
                    node, offset = node.args[0], offset + int(last.value)
                    continue
            break
        self.expr(node)
        return offset

    def _load(self, node: ir.Load) -> None:
        self._memory(node.op, self._address(node.address, node.offset))

    def _op(self, node: ir.Op) -> None:
        op, args = node.op, node.args
        if op in _TRANSPARENT:
            self.expr(args[0])
            return
        if op == "i32.eqz":
            self.condition(node, negate=False, exact=True)
            return
        if op == "unreachable":
            self.code.append(encode.UNREACHABLE)
            self._terminate()
            return
        if len(args) == 2:
            right = args[1]
            if isinstance(right, ir.Const) and right.value == 0 and op[0] == "i":
                if op.endswith((".add", ".sub", ".or", ".xor", ".shl", ".shr_u", ".shr_s")):
                    self.expr(args[0])
                    return
                if op.endswith(".eq"):
                    self.expr(args[0])
                    self.code += encode.PLAIN[op + "z"]
                    return
            if isinstance(right, ir.Const) and op.endswith(".mul") and op[0] == "i":
                factor = int(right.value)
                if factor > 0 and factor & (factor - 1) == 0:
                    self.expr(args[0])
                    if factor > 1:
                        self._const(ir.Const(right.type, factor.bit_length() - 1))
                        self.code += encode.PLAIN[op[:3] + ".shl"]
                    return
        elif len(args) == 1 and op in _UNDONE:
            inner = args[0]
            if isinstance(inner, ir.Op) and inner.op in _UNDONE[op]:
                self.expr(inner.args[0])
                return
        for argument in args:
            self.expr(argument)
        self.code += encode.PLAIN[op]

    def condition(self, node: ir.Expr, negate: bool, exact: bool = False) -> None:
        """Leave 0 where the i32 `node` is 0 (where it is not, if `negate`), else something else; `exact`: else 1."""
        while isinstance(node, ir.Op):
            if node.op == "i32.eqz":
                node, negate = node.args[0], not negate
            elif node.op in _TRANSPARENT:
                node = node.args[0]
            elif node.op in _ZERO_TESTS and isinstance(node.args[1], ir.Const) and node.args[1].value == 0:
                tested = node.args[0]
                if node.op[0:3] == "i64":
                    if not (isinstance(tested, ir.Op) and tested.op == "i64.extend_i32_u"):
                        break
                    tested = tested.args[0]
                negate = negate != node.op.endswith("eq")
                node = tested
            else:
                break
        if isinstance(node, ir.IfElse) and not exact and self._either(node):
            if negate:
                self.code += encode.PLAIN["i32.eqz"]
            return
        if negate:
            if isinstance(node, ir.Op) and node.op in _INVERSE:
                for argument in node.args:
                    self.expr(argument)
                self.code += encode.PLAIN[_INVERSE[node.op]]
                return
            self.expr(node)
            self.code += encode.PLAIN["i32.eqz"]
            return
        self.expr(node)
        if exact and not is_boolean(node):
            self.code += encode.PLAIN["i32.eqz"] * 2

    def _either(self, node: ir.IfElse) -> bool:
        """`a or b` where only 0 or not 0 matters and `b` may as well be computed always: no branch."""
        if not (isinstance(node.then, ir.Const) and node.then.value and is_cheap(node.orelse, 3)):
            return False
        self.condition(node.test, negate=False)
        self.condition(node.orelse, negate=False)
        self.code += encode.PLAIN["i32.or"]
        return True

    def _call(self, node: ir.Call) -> None:
        for argument in node.args:
            self.expr(argument)
        self._place(node.symbol, node.span)
        self._hole_after(encode.CALL, Hole.CALL, node.symbol)
        if node.symbol in self.endless:
            self.dead = True  # the validator doesn't know: see `_mend`

    def _call_indirect(self, node: ir.CallIndirect) -> None:
        for argument in node.args:
            self.expr(argument)
        self.expr(node.index)
        self._place((node.params, node.type), node.span)
        result = b"" if node.type is None else bytes((VALUE_TYPE[node.type],))
        self._hole_after(
            encode.CALL_INDIRECT, Hole.SIGNATURE, (bytes(VALUE_TYPE[kind] for kind in node.params), result)
        )
        self.code.append(0)

    def _literal(self, node: ir.Literal) -> None:
        self._hole_after(encode.I32_CONST, Hole.LITERAL, node.value)

    def _function_index(self, node: ir.FunctionIndex) -> None:
        self._hole_after(encode.I32_CONST, Hole.TABLE_INDEX, node.symbol)

    def _type_id(self, node: ir.TypeId) -> None:
        self._hole_after(encode.I32_CONST, Hole.TYPE_ID, node.heap_type)

    def _link_value(self, node: ir.LinkValue) -> None:
        if node.name == "stack_pointer":
            self.code += bytes((encode.GLOBAL_GET, 0))
        else:
            self._hole_after(encode.I32_CONST, Hole.LINK_VALUE, node.name)

    def _is_subtype(self, node: ir.IsSubtype) -> None:
        self._memory("i32.load16_u", self._address(node.value, 0))
        self._hole(Hole.SUBTYPE_TEST, node.heap_type)

    def _new(self, node: ir.New) -> None:
        self._hole_after(encode.I32_CONST, Hole.TYPE_ID, node.heap_type)
        self.code += encode.i32_const(self.heap_types[node.heap_type].size)
        self._place(self.allocator, None)
        self._hole_after(encode.CALL, Hole.CALL, self.allocator)

    def _if_else(self, node: ir.IfElse) -> None:
        test, then, orelse = node.test, node.then, node.orelse
        if node.type is ir.I32 and is_boolean(test):
            if isinstance(orelse, ir.Const) and orelse.value == 0 and is_boolean(then) and is_cheap(then):
                self.condition(test, negate=False, exact=True)
                if not (isinstance(then, ir.Const) and then.value == 1):
                    self.expr(then)
                    self.code += encode.PLAIN["i32.and"]
                return
            if isinstance(then, ir.Const) and then.value == 1 and is_boolean(orelse) and is_cheap(orelse):
                self.condition(test, negate=False, exact=True)
                self.expr(orelse)
                self.code += encode.PLAIN["i32.or"]
                return
        if is_cheap(then) and is_cheap(orelse) and is_pure(test):
            self.set_at = (-1, -1)  # what the test reads must stay where it is, since the test comes last
            self.expr(then)
            self.expr(orelse)
            self.condition(test, negate=False)
            self.code += encode.PLAIN["select"]
            return
        self.condition(test, negate=False)
        self._branches(block_type(node.type), lambda: self.expr(then), lambda: self.expr(orelse))

    def _branches(self, result: int, then: Callable[[], None], orelse: Callable[[], None] | None) -> None:
        """`if` and `else` behind a condition."""
        known, dead = self.known_row, self.dead
        self._open(encode.IF, result)
        then()
        if result != encode.VOID and self.dead:
            self._mend()
        then_known, then_dead = self.known_row, self.dead
        self.known_row, self.dead = known, dead
        if orelse is not None:
            self.code.append(encode.ELSE)
            orelse()
            if result != encode.VOID and self.dead:
                self._mend()
        self._close()
        if not then_dead and (self.dead or self.known_row != then_known):
            self.known_row = then_known if self.dead else -1
        self.dead = self.dead and then_dead

    def _sequence(self, node: ir.Sequence) -> None:
        self.body(node.body)
        if self.dead:
            if node.type is not None:
                self._mend()
        elif node.value is not None:
            self.expr(node.value)

    # --- statements -----------------------------------------------------------------------------------------------

    def body(self, statements: list[ir.Stmt]) -> None:
        """Statements in order, up to the first that control can't leave."""
        for statement in statements:
            if self.dead:
                return
            _WRITERS[type(statement)](self, statement)

    def _line(self, node: ir.Line) -> None:
        if self.function.traced:
            self.row = self._row(node.span)
            self._mark(self.row)

    def _set(self, node: ir.Set) -> None:
        value = node.value
        if id(node) not in self.placement.kept:
            self._drop(value)
            return
        register = self.placement.registers[node.local]
        slot = self.placement.slots.get(node.local)
        if isinstance(value, ir.Get) and self.placement.registers[value.local] == register:
            if slot is not None and self.placement.slots.get(value.local) != slot:
                self._store_slot(register, slot)
            return
        if slot is None:
            self.expr(value)
            self._local(encode.LOCAL_SET, register)
            self.set_at = (len(self.code), register)
        else:
            self._local(encode.LOCAL_GET, self.pointer)
            self.expr(value)
            self._local(encode.LOCAL_TEE, register)
            self._memory("i32.store", 4 * slot)

    def _drop(self, value: ir.Expr) -> None:
        """Evaluate for the effects only."""
        if is_pure(value):
            return
        self.expr(value)
        if value.type is not None and not (self.dead and self.dead_at == len(self.code)):
            self.code.append(encode.DROP)

    def _global_set(self, node: ir.GlobalSet) -> None:
        kind = node.value.type
        self.code += encode.i32_const(0)
        self.expr(node.value)
        self.code += bytes(
            encode.MEMORY["f64.store" if kind is ir.F64 else "i64.store" if kind is ir.I64 else "i32.store"]
        )
        self._hole(Hole.GLOBAL, node.symbol)

    def _store(self, node: ir.Store) -> None:
        offset = self._address(node.address, node.offset)
        self.expr(node.value)
        self._memory(node.op, offset)

    def _do(self, node: ir.Do) -> None:
        self._drop(node.value)

    def _target(self, statements: list[ir.Stmt]) -> int | None:
        """The depth to branch to, when all that the statements do is to go somewhere that needs nothing else."""
        rest = [statement for statement in statements if not isinstance(statement, ir.Line)]
        if len(rest) != 1:
            return None
        match rest[0]:
            case ir.Break(label):
                self.labels[label][2] = 1
                return self.labels[label][0]
            case ir.Continue(label):
                return self.labels[label][1]
            case ir.Return(None):
                return self.exit_depth if self.exit_depth is not None else None if self.frame.size else 0
        return None

    def _if(self, node: ir.If) -> None:
        then, orelse = node.then, node.orelse
        if not then and not orelse:
            self._drop(node.test)
            return
        target = self._target(then)
        if target is not None:
            self.condition(node.test, negate=False)
            self._jump(encode.BR_IF, target)
            self.body(orelse)
            return
        target = self._target(orelse)
        if target is not None:
            self.condition(node.test, negate=True)
            self._jump(encode.BR_IF, target)
            self.body(then)
            return
        self.condition(node.test, negate=not then)
        if not then:
            then, orelse = orelse, then
        self._branches(encode.VOID, lambda: self.body(then), (lambda: self.body(orelse)) if orelse else None)

    def _block(self, node: ir.Block) -> None:
        if node.label not in self.placement.used_labels:
            self.body(node.body)
            return
        statements = node.body
        if statements and isinstance(statements[-1], ir.Break) and statements[-1].label == node.label:
            statements = statements[:-1]
        self._labelled(node.label, statements, behind=True, head=False)

    def _loop(self, node: ir.Loop) -> None:
        behind, head = node.label in self.placement.used_labels, node.label in self.placement.used_heads
        self._labelled(node.label, node.body, behind, head)

    def _labelled(self, label: str, statements: list[ir.Stmt], behind: bool, head: bool) -> None:
        outer = self.labels.get(label)
        entry = self.labels[label] = [self.depth + 1, self.depth + 1 + behind, 0]
        if behind:
            self._open(encode.BLOCK, encode.VOID)
        if head:
            self._open(encode.LOOP, encode.VOID)
            self.known_row = -1
        self.body(statements)
        if head:
            self._close()
        if behind:
            self._close()
        if outer is None:
            del self.labels[label]
        else:
            self.labels[label] = outer
        if entry[2]:
            self.dead = False
            self.known_row = -1

    def _break(self, node: ir.Break) -> None:
        entry = self.labels[node.label]
        entry[2] = 1
        self._jump(encode.BR, entry[0])
        self._terminate()

    def _continue(self, node: ir.Continue) -> None:
        self._jump(encode.BR, self.labels[node.label][1])
        self._terminate()

    def _switch(self, node: ir.Switch) -> None:
        self.expr(node.index)
        self.code.append(encode.BR_TABLE)
        self.code += encode.unsigned(len(node.labels))
        for label in (*node.labels, node.default):
            entry = self.labels[label]
            entry[2] = 1
            self.code += encode.unsigned(self.depth - entry[0])
        self._terminate()

    def _return(self, node: ir.Return) -> None:
        if node.value is not None:
            self.expr(node.value)
        self._leave()
        self._terminate()

    def _leave(self) -> None:
        """Go to the end of the function; what it gives lies on the stack."""
        if self.exit_depth is not None:
            self._jump(encode.BR, self.exit_depth)
        else:
            self._restore_pointer()
            self.code.append(encode.RETURN)

    def _throw(self, node: ir.Throw) -> None:
        self.expr(node.value)
        if node.again and self.frame.traced:
            self._hole_after(encode.I32_CONST, Hole.LINK_VALUE, "nowhere")
            self._local(encode.LOCAL_SET, self.location)
        else:
            self._tell(self.row)
        if self.handlers:
            self._jump(encode.BR, self.handlers[-1])
        else:
            self.code += bytes((encode.THROW, 0))
        self._terminate()

    def _try(self, node: ir.Try) -> None:
        self._open(encode.BLOCK, encode.VOID)
        self._open(encode.BLOCK, encode.I32)
        self.handlers.append(self.depth)
        self._open_try()
        self.body(node.body)
        self._close()
        self.handlers.pop()
        body_dead = self.dead
        if body_dead:
            self.code.append(encode.UNREACHABLE)
        else:
            self._jump(encode.BR, self.depth - 1)
        self._close()
        self.dead, self.known_row = False, -1
        # Behind the block lies the exception. Calls that it left may have had frames.
        self._local(encode.LOCAL_GET, self.pointer)
        if self.frame.size:
            self.code += encode.i32_const(self.frame.size) + encode.PLAIN["i32.add"]
        self.code += bytes((encode.GLOBAL_SET, 0))
        if id(node) in self.placement.kept:
            if self.frame.traced:
                self._local(encode.LOCAL_GET, self.location)
                self._hole_after(encode.CALL, Hole.CALL, NOTE)
            register, slot = self.placement.registers[node.caught], self.placement.slots.get(node.caught)
            self._local(encode.LOCAL_SET, register)
            if slot is not None:
                self._store_slot(register, slot)
        else:
            self.code.append(encode.DROP)
        self.body(node.handler)
        self._close()
        self.dead = self.dead and body_dead
        self.known_row = -1

    def _trap(self, node: ir.Trap) -> None:
        self.code.append(encode.UNREACHABLE)
        self._terminate()


_WRITERS: dict[type, Callable[[FunctionEmitter, Any], None]] = by_kind(FunctionEmitter)
