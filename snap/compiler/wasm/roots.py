"""Where each local of a function lives: its Wasm local, and its slot in the shadow frame if the collector must see it.

In: an `ir.Function` and the effects of what it calls. Out: `Placement`. A REF local needs a slot when it is needed
after a call that may collect. Locals that are never needed at the same time share Wasm locals and slots; a copy whose
source ends with it gets the same place, so that the copy disappears.

Operands that wait on Wasm's stack while a later operand collects are roots as well: a local that was read stays live
until the last such operand, and any other reference is put into a local of its own first (`spills`). An address inside
an object keeps the object alive: on the stack, in a local made from it, and as an argument while the callee runs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from ..ir import nodes as ir
from ..ir.liveness import Liveness
from ..ir.parts import PARTS, assigned
from ..optimize.effects import Callee, Program

_CLASS = {ir.ValType.I64: 0, ir.ValType.F64: 1, ir.ValType.I32: 2, ir.ValType.REF: 2}
_ADDRESS = ("as_i32", "i32.add", "i32.sub", "i32.and", "select")  # what addresses are computed with
_NO_CALLS = (ir.Get, ir.Const, ir.GlobalGet, ir.Literal, ir.TypeId, ir.FunctionIndex, ir.LinkValue)


@dataclass(slots=True)
class Placement:
    """`registers` numbers Wasm locals: parameters first, then i64, f64 and i32 locals, as many as `counts` says."""

    registers: dict[ir.Local, int]
    counts: tuple[int, int, int]
    slots: dict[ir.Local, int]
    slot_count: int
    spills: dict[int, ir.Local]  # id of an operand -> local that keeps it for the collector
    kept: set[int]  # ids of Get and Set nodes whose local is needed afterwards
    used_labels: set[str]
    used_heads: set[str]
    returns: int  # how many Return statements there are
    tries: bool
    entry: set[ir.Local]  # needed at the entry


class Roots(Liveness):
    """The analysis behind `place`."""

    def __init__(self, function: ir.Function, program: Program) -> None:
        super().__init__(function.params)
        self.function = function
        self.collecting: Container[Callee] = program.collecting
        self.throwing: Container[Callee] = program.throwing
        self.endless: Container[Callee] = program.endless
        self.collecting_throwing: Container[Callee] = program.collecting_throwing
        self.allocator = program.module.runtime.get("rt_alloc", "")
        self.noted = function.traced and program.module.runtime.get("rt_trace") in program.collecting
        self.rooted = 0
        self.kept: set[int] = set()
        self.return_ids: set[int] = set()
        self.tries = False
        self.spills: dict[int, ir.Local] = {}
        self.spilled: list[ir.Expr] = []
        self.conflicts: dict[int, int] = {}  # number of a local -> locals needed where it is set
        self.moves: dict[int, int] = {}  # number of a local -> locals that are copied to or from it
        self.bases: dict[ir.Local, int] = {}  # an address -> the references it was made from

    def find_bases(self) -> None:
        """Note of which references the locals that hold addresses depend."""
        writes: Counter[ir.Local] = Counter(self.function.params)
        addresses: list[ir.Set] = []
        stack: list[Any] = list(self.function.body)
        while stack:
            node = stack.pop()
            inside = PARTS.get(type(node))
            if inside is None:
                continue
            stack += inside(node)
            if isinstance(node, ir.Set):
                writes[node.local] += 1
                if node.local.type is ir.I32 and isinstance(node.value, (ir.Op, ir.Get, ir.Sequence, ir.IfElse)):
                    addresses.append(node)
            elif isinstance(node, ir.Try):
                writes[node.caught] += 1
        changing = sum_bits([self.bit(local) for local, count in writes.items() if count > 1])
        found = True
        while found:
            found = False
            for node in addresses:
                bases = self._hold(node.value, changing)
                if bases & ~self.bases.get(node.local, 0):
                    self.bases[node.local] = self.bases.get(node.local, 0) | bases
                    found = True

    # --- hooks ----------------------------------------------------------------------------------------------------

    def _callee(self, node: ir.Expr) -> Callee:
        if isinstance(node, ir.Call):
            return node.symbol
        if isinstance(node, ir.CallIndirect):
            return node.params, node.type
        return self.allocator

    def throws(self, node: ir.Expr) -> bool:
        return self._callee(node) in self.throwing

    def returns(self, node: ir.Expr) -> bool:
        return self._callee(node) not in self.endless

    def at_call(self, node: ir.Expr, live: int) -> None:
        callee = self._callee(node)
        if callee in self.collecting:
            self.rooted |= live
        if callee in self.collecting_throwing:
            self.rooted |= self.throw_live

    def at_get(self, node: ir.Get, live: int) -> None:
        if live & self.bit(node.local):
            self.kept.add(id(node))

    def at_set(self, node: ir.Set | ir.Try, local: ir.Local, live: int) -> None:
        bit = self.bit(local)
        if not live & bit:
            return
        self.kept.add(id(node))
        number = self.index[local]
        if isinstance(node, ir.Set) and isinstance(node.value, ir.Get):
            source = self.bit(node.value.local)
            source_number = self.index[node.value.local]
            self.moves[number] = self.moves.get(number, 0) | source
            self.moves[source_number] = self.moves.get(source_number, 0) | bit
        self.conflicts[number] = self.conflicts.get(number, 0) | live & ~bit

    def at_handler(self, node: ir.Try, live: int) -> None:
        if self.noted:  # telling the place of what was caught may collect
            self.rooted |= live & ~self.bit(node.caught)

    def _get(self, node: ir.Get, live: int) -> int:
        return super()._get(node, live) | self.bases.get(node.local, 0)

    def _call(self, node: ir.Call, live: int) -> int:
        live = self._called(node, live)
        if node.symbol in self.collecting:
            # The callee gets addresses that it can't keep alive itself.
            for argument in node.args:
                if argument.type is ir.I32 and not isinstance(argument, ir.Const):
                    held = self._hold(argument, 0)
                    self.rooted |= held
                    live |= held
        return self.arguments(node.args, live)

    def _return(self, node: ir.Return, live: int) -> int:
        self.return_ids.add(id(node))
        return super()._return(node, live)

    def _try(self, node: ir.Try, live: int) -> int:
        self.tries = True
        return super()._try(node, live)

    def arguments(self, args: list[ir.Expr], live: int) -> int:
        last = len(args) - 1
        while last > 0 and not self._collects(args[last]):
            last -= 1
        if last <= 0:
            for argument in reversed(args):
                live = self.expr(argument, live)
            return live
        assigned = 0
        holds = [0] * len(args)
        for position in range(last, -1, -1):
            if position < last:
                holds[position] = self._hold(args[position], assigned)
            assigned |= self._assigned(args[position])
        for position in range(len(args) - 1, -1, -1):
            if position <= last:
                live |= sum_bits(holds[:position])
            live = self.expr(args[position], live)
        return live

    def _hold(self, node: ir.Expr, assigned: int) -> int:
        """The locals that keep alive what the operand `node` refers to while later ones, which set `assigned`, run."""
        if isinstance(node, ir.Get):
            if node.type is not ir.REF:
                return self.bases.get(node.local, 0)
            bit = self.bit(node.local)
            return self._spill(node) if assigned & bit else bit
        if isinstance(node, (ir.Const, ir.Literal, ir.TypeId, ir.FunctionIndex, ir.LinkValue)):
            return 0
        if node.type is ir.REF:
            return self._spill(node)
        if isinstance(node, ir.Op):
            if node.op not in _ADDRESS:
                return 0
            return sum_bits([self._hold(argument, assigned) for argument in node.args])
        if isinstance(node, ir.Sequence) and node.value is not None:
            return self._hold(node.value, assigned)
        if isinstance(node, ir.IfElse):
            return self._hold(node.then, assigned) | self._hold(node.orelse, assigned)
        return 0

    def _spill(self, node: ir.Expr) -> int:
        spill = self.spills.get(id(node))
        if spill is None:
            spill = self.spills[id(node)] = ir.Local("", ir.REF)
            self.spilled.append(node)
        return self.bit(spill)

    def expr(self, node: ir.Expr, live: int) -> int:
        if self.spills:
            spill = self.spills.get(id(node))
            if spill is not None:
                bit = self.bit(spill)
                number = self.index[spill]
                live &= ~bit
                self.conflicts[number] = self.conflicts.get(number, 0) | live
        return self._walkers[type(node)](self, node, live)

    def _collects(self, node: ir.Expr | ir.Stmt) -> bool:
        """May evaluating this expression collect?"""
        if isinstance(node, _NO_CALLS):
            return False
        if isinstance(node, (ir.New, ir.Sequence)):  # of statements nothing is known
            return True
        if isinstance(node, (ir.Call, ir.CallIndirect)) and self._callee(node) in self.collecting:
            return True
        return any(self._collects(part) for part in PARTS[type(node)](node))

    def _assigned(self, node: ir.Expr) -> int:
        """The locals that evaluating this operand sets."""
        if isinstance(node, _NO_CALLS):
            return 0
        return sum_bits([self.bit(local) for local in assigned([node])])


def sum_bits(masks: list[int]) -> int:
    """The union of several sets."""
    out = 0
    for mask in masks:
        out |= mask
    return out


def place(function: ir.Function, program: Program) -> Placement:
    """Analyse one function and give each of its locals a place."""
    roots = Roots(function, program)
    if not program.collecting.isdisjoint(program.functions[function.symbol].returning):
        roots.find_bases()
    entry = roots.run(function.body)
    if any(isinstance(node, ir.Get) for node in roots.spilled):
        # A read may be shared by several places; those seen before it was known to be kept are seen again.
        entry = roots.run(function.body)
    locals_, conflicts = roots.locals, roots.conflicts
    params = len(function.params)
    # What is live at the entry holds a value there: parameters, and locals that may be read before they are set.
    for number in range(len(locals_)):
        if number < params or entry >> number & 1:
            conflicts[number] = conflicts.get(number, 0) | (entry | (1 << params) - 1) & ~(1 << number)
    mutual = [0] * len(locals_)
    for number, mask in conflicts.items():
        mutual[number] |= mask
        while mask:
            lowest = mask & -mask
            mutual[lowest.bit_length() - 1] |= 1 << number
            mask ^= lowest

    kinds = [_CLASS[local.type] for local in locals_]
    colors: list[list[int]] = [[], [], []]  # per class and color: the locals that have it
    chosen = [0] * len(locals_)
    parameter_colors: list[tuple[int, int]] = []
    for number in range(len(locals_)):
        masks = colors[kinds[number]]
        color = len(masks)
        if number >= params:
            conflict = mutual[number]
            friends = roots.moves.get(number, 0)
            free = [candidate for candidate, mask in enumerate(masks) if not mask & conflict]
            if free:
                color = next((candidate for candidate in free if masks[candidate] & friends), free[0])
        else:
            parameter_colors.append((kinds[number], color))
        if color == len(masks):
            masks.append(0)
        masks[color] |= 1 << number
        chosen[number] = color

    # Wasm numbers parameters first, in their own order, then the other locals type by type.
    numbers = {key: position for position, key in enumerate(parameter_colors)}
    counts = [0, 0, 0]
    for kind in range(3):
        for color in range(len(colors[kind])):
            if (kind, color) not in numbers:
                numbers[kind, color] = len(numbers)
                counts[kind] += 1
    registers = {local: numbers[kinds[number], chosen[number]] for number, local in enumerate(locals_)}

    slots: dict[ir.Local, int] = {}
    slot_masks: list[int] = []
    for number, local in enumerate(locals_):
        if local.type is ir.REF and roots.rooted >> number & 1:
            conflict, friends = mutual[number], roots.moves.get(number, 0)
            open_ = [slot for slot, mask in enumerate(slot_masks) if not mask & conflict]
            slot = next((candidate for candidate in open_ if slot_masks[candidate] & friends), -1)
            if slot < 0:
                slot = open_[0] if open_ else len(slot_masks)
            if slot == len(slot_masks):
                slot_masks.append(0)
            slot_masks[slot] |= 1 << number
            slots[local] = slot
    return Placement(
        registers=registers,
        counts=(counts[0], counts[1], counts[2]),
        slots=slots,
        slot_count=len(slot_masks),
        spills=roots.spills,
        kept=roots.kept,
        used_labels=roots.used_labels,
        used_heads=roots.used_heads,
        returns=len(roots.return_ids),
        tries=roots.tries,
        entry=set(roots.members(entry)),
    )
