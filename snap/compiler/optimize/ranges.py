"""Which values whole numbers can have, and the tests that this answers.

In: a user's function behind inlining. Out: a body that does the same, in which

- `checked_add`, `checked_sub` and `checked_mul` are plain instructions where no operands that can come overflow, and
  elsewhere the shortest test before a call;
- a comparison with one possible outcome is that outcome, and the branch that is never taken is gone: the test of an
  index against the length of its list, the second look at an index that is not negative, the rounding of `//` and `%`.

An abstract interpretation forward over the structured code: each local has an interval, which comparisons on the way
narrow. Loops are walked until the state at their head holds for every round; bounds that keep moving are widened to the
next constant of the function, then to the end of the 64 bits. What is answered is recorded at each visit of a node, and
taken back when another visit disagrees.

Beside its interval a value knows lengths: a *length* is the number that an `i32.load` of an object's field gave last
(the load's id names it). A value may be at most a length and a number more, and, as an unsigned number, at least a
length. A field keeps its length while nothing is stored to that place of any object: stores by reference count, also
those that a callee may do; stores to computed addresses are elements of arrays, which are objects of their own.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from ..ir import build
from ..ir import nodes as ir
from ..ir.arithmetic import CHECKED, checked_code
from ..ir.parts import KINDS, assigned, by_kind, everything, operands
from ..ir.transform import Rewriter
from .effects import Callee, Program, never_returns, stored_words

LOW, HIGH = -(1 << 63), (1 << 63) - 1
WORD = (1 << 32) - 1
ROUNDS = 3  # of a loop before a bound that still moves is given up


@dataclass(frozen=True, slots=True)
class Value:
    """`low` to `high`, both included: signed of an I64, unsigned of an I32. `below`: a length -> the value is at most
    that much more. `above`: as an unsigned number the value is at least these lengths."""

    low: int = LOW
    high: int = HIGH
    below: dict[int, int] = field(default_factory=dict)
    above: frozenset[int] = frozenset()

    def without(self, length: int) -> Value:
        if length not in self.below and length not in self.above:
            return self
        below = {name: more for name, more in self.below.items() if name != length}
        return Value(self.low, self.high, below, self.above - {length})

    def or_(self, other: Value) -> Value:
        """What holds of a value that is one of the two."""
        if self is other or self == other:
            return self
        common = {name: max(more, other.below[name]) for name, more in self.below.items() if name in other.below}
        return Value(min(self.low, other.low), max(self.high, other.high), common, self.above & other.above)


ANY, ANY_WORD, BIT = Value(), Value(0, WORD), Value(0, 1)


@dataclass(slots=True)
class State:
    """What holds at a place. `lengths`: (a local, an offset) -> the length that the field there has now. `copies`: a
    local -> the local that it was set to, neither changed since."""

    values: dict[ir.Local, Value] = field(default_factory=dict)
    lengths: dict[tuple[ir.Local, int], int] = field(default_factory=dict)
    copies: dict[ir.Local, ir.Local] = field(default_factory=dict)

    def copy(self) -> State:
        return State(dict(self.values), dict(self.lengths), dict(self.copies))


def _both(left: State | None, right: State | None) -> State | None:
    """What holds where two ways meet; None is a way that is never gone."""
    if left is None or right is None:
        return right if left is None else left
    values = {}
    for local, value in left.values.items():
        other = right.values.get(local)
        if other is not None:
            values[local] = value.or_(other)
    return State(
        values,
        {place: length for place, length in left.lengths.items() if right.lengths.get(place) == length},
        {local: source for local, source in left.copies.items() if right.copies.get(local) is source},
    )


def narrowed(function: ir.Function, program: Program) -> list[ir.Stmt]:
    """The new body."""
    analysis = _Ranges(function, program)
    analysis.body(function.body)
    return _Answered(analysis, ir.Call(None, program.module.runtime.get("rt_overflow", ""), [])).body(function.body)


class _Ranges:
    """One analysis of one function. `state` is what holds at the place that the walk is at."""

    _walkers: ClassVar[dict[type, Callable[[Any, Any], Any]]] = {}

    def __init__(self, function: ir.Function, program: Program) -> None:
        self.program = program
        self.state: State | None = State()
        self.known: dict[int, int | None] = {}  # id of an expression -> the one value it has, or None
        self.safe: dict[int, bool] = {}  # id of a checked call -> it never overflows
        self.behind: dict[str, State | None] = {}  # label -> what holds behind it, of the ways seen so far
        self.again: dict[str, State | None] = {}  # label -> what holds where its loop goes on
        self.heads: dict[int, State] = {}  # id of a loop -> what holds at its head
        self.looking = False  # at what has been evaluated before
        self.stored: dict[Callee, set[int]] = {}
        constants = {0, LOW, HIGH, WORD}
        for node in everything(function.body):
            if type(node) is ir.Const and node.type is ir.I64:
                constants.update((int(node.value) - 1, int(node.value)))
        self.steps = sorted(constants)

    # --- statements -----------------------------------------------------------------------------------------------

    def body(self, statements: list[ir.Stmt]) -> None:
        walkers = self._walkers
        for statement in statements:
            if self.state is None:
                return
            walkers[type(statement)](self, statement)

    def _line(self, node: ir.Line) -> None:
        pass

    def _set(self, node: ir.Set) -> None:
        value = self.expr(node.value)
        if self.state is None:
            return
        self.changed(node.local)
        if value != ANY and node.local.type in (ir.I64, ir.I32):
            self.state.values[node.local] = value
        if isinstance(node.value, ir.Get) and node.value.local is not node.local:
            source = node.value.local
            self.state.copies[node.local] = self.state.copies.get(source, source)

    def changed(self, local: ir.Local) -> None:
        state = self.state
        assert state is not None
        state.values.pop(local, None)
        if local.type is ir.REF:
            state.lengths = {place: length for place, length in state.lengths.items() if place[0] is not local}
        if state.copies:
            copies = state.copies.items()
            state.copies = {copy: source for copy, source in copies if copy is not local and source is not local}

    def _do(self, node: ir.Do) -> None:
        self.expr(node.value)

    def _global_set(self, node: ir.GlobalSet) -> None:
        self.expr(node.value)

    def _store(self, node: ir.Store) -> None:
        self.expr(node.address)
        self.expr(node.value)
        if node.address.type is ir.REF:
            self.forget(stored_words(node))

    def forget(self, offsets: Iterable[int]) -> None:
        state = self.state
        if state is not None and state.lengths:
            gone = set(offsets)
            state.lengths = {place: length for place, length in state.lengths.items() if place[1] not in gone}

    def _if(self, node: ir.If) -> None:
        self.state, other = self.condition(node.test)
        self.body(node.then)
        self.state, first = other, self.state
        self.body(node.orelse)
        self.state = _both(first, self.state)

    def condition(self, test: ir.Expr) -> tuple[State | None, State | None]:
        """What holds where a test is not 0, and where it is."""
        match test:
            case ir.Op(op="i32.eqz", args=[inner]):
                true, false = self.condition(inner)
                return false, true
            case ir.Sequence(body=body, value=ir.Expr() as last):
                self.body(body)
                return self.condition(last)
            case ir.IfElse(test=first, then=then, orelse=ir.Const(value=0)):
                self.state, false = self.condition(first)
                true, other = self.condition(then)
                return true, _both(false, other)
            case ir.IfElse(test=first, then=ir.Const(value=1), orelse=orelse):
                true, self.state = self.condition(first)
                other, false = self.condition(orelse)
                return _both(true, other), false
        outcome = self.expr(test)
        before = self.state
        if before is None:
            return None, None
        ways: list[State | None] = []
        for truth, never in ((True, outcome.high == 0), (False, outcome.low > 0)):
            self.state = None if never else before.copy()
            self.assume(test, truth)
            ways.append(self.state)
        return ways[0], ways[1]

    def _block(self, node: ir.Block) -> None:
        outer = self.behind.get(node.label)
        self.behind[node.label] = None
        self.body(node.body)
        self.state = _both(self.state, self.behind[node.label])
        self.behind[node.label] = outer

    def _loop(self, node: ir.Loop) -> None:
        assert self.state is not None
        outer, outer_again = self.behind.get(node.label), self.again.get(node.label)
        known = self.heads.get(id(node))
        head = self.state if known is None else _both(known, self.state)
        count = 0
        while True:
            assert head is not None
            self.behind[node.label] = self.again[node.label] = None
            self.state = head.copy()
            self.body(node.body)
            again = _both(head, self.again[node.label])
            assert again is not None
            if again == head:
                break
            count += 1
            head = self.widened(head, again, count > ROUNDS)
        self.heads[id(node)] = head
        self.state = _both(self.state, self.behind[node.label])
        self.behind[node.label], self.again[node.label] = outer, outer_again

    def widened(self, old: State, new: State, far: bool) -> State:
        """`new`, with the bounds that have moved moved further."""
        for local, value in new.values.items():
            before = old.values[local]
            low, high = value.low, value.high
            if low < before.low:
                low = LOW if far else self.steps[bisect_right(self.steps, low) - 1]
            if high > before.high:
                high = HIGH if far else self.steps[bisect_left(self.steps, high)]
            below = {name: more for name, more in value.below.items() if more == before.below.get(name)}
            new.values[local] = Value(low, high, below, value.above)
        return new

    def _break(self, node: ir.Break) -> None:
        self.behind[node.label] = _both(self.behind[node.label], self.state)
        self.state = None

    def _continue(self, node: ir.Continue) -> None:
        self.again[node.label] = _both(self.again[node.label], self.state)
        self.state = None

    def _switch(self, node: ir.Switch) -> None:
        self.expr(node.index)
        if self.state is not None:
            for label in {*node.labels, node.default}:
                self.behind[label] = _both(self.behind[label], self.state.copy())
        self.state = None

    def _return(self, node: ir.Return) -> None:
        if node.value is not None:
            self.expr(node.value)
        self.state = None

    def _throw(self, node: ir.Throw) -> None:
        self.expr(node.value)
        self.state = None

    def _trap(self, node: ir.Trap) -> None:
        self.state = None

    def _try(self, node: ir.Try) -> None:
        """The handler may begin in the middle of anything: it knows what the body does not set, and no lengths."""
        assert self.state is not None
        gone = {node.caught, *assigned(node.body)}
        values = self.state.values.items()
        kept = {local: Value(value.low, value.high) for local, value in values if local not in gone}
        self.body(node.body)
        after = self.state
        self.state = State(kept)
        self.body(node.handler)
        self.state = _both(after, self.state)

    # --- expressions ----------------------------------------------------------------------------------------------

    def expr(self, node: ir.Expr) -> Value:
        if self.state is None:
            return ANY
        found: Value | None = self._walkers[type(node)](self, node)
        return found if found is not None else ANY_WORD if node.type is ir.I32 else ANY

    def operands(self, nodes: list[ir.Expr]) -> list[Value]:
        """Their values. A length that is measured anew while a later one is evaluated is not what it was before."""
        values: list[Value] = []
        for node in nodes:
            value = self.expr(node)
            if values and type(node) not in (ir.Get, ir.Const):
                for inner in everything([node]):
                    if type(inner) is ir.Load:
                        values = [before.without(id(inner)) for before in values]
            values.append(value)
        return values

    def _other(self, node: ir.Expr) -> None:
        """What is only walked for what is inside."""
        for part in operands(node):
            self.expr(part)

    def _const(self, node: ir.Const) -> Value | None:
        if node.type is ir.I64:
            return Value(int(node.value), int(node.value))
        if node.type is ir.I32:
            return Value(int(node.value) & WORD, int(node.value) & WORD)
        return None

    def _get(self, node: ir.Get) -> Value | None:
        assert self.state is not None
        return self.state.values.get(node.local)

    def _load(self, node: ir.Load) -> Value | None:
        address = node.address
        if node.type is not ir.I32 or not isinstance(address, ir.Get) or address.type is not ir.REF:
            self.expr(address)
            return _LOADS.get(node.op)
        state = self.state
        assert state is not None
        if node.op != "i32.load":
            return _LOADS.get(node.op)
        place = address.local, node.offset
        length = state.lengths.get(place)
        if length is None:
            if self.looking:
                return None
            length = id(node)
            state.lengths = {other: name for other, name in state.lengths.items() if name != length}
            for local, value in state.values.items():
                state.values[local] = value.without(length)
            state.lengths[place] = length
        return Value(0, WORD, {length: 0}, frozenset({length}))

    def _call(self, node: ir.Call) -> Value | None:
        values = self.operands(node.args)
        name = CHECKED.get(node.symbol)
        if name is not None:
            low, high, value = _exact(name, *values)
            safe = low >= LOW and high <= HIGH
            self.safe[id(node)] = self.safe.get(id(node), True) and safe
            return value if safe else Value(max(low, LOW), min(high, HIGH), value.below)
        if never_returns(self.program, node.symbol):
            self.state = None
        else:
            self.forget(self.stores(node.symbol))
        return None

    def _call_indirect(self, node: ir.CallIndirect) -> None:
        self.operands([*node.args, node.index])
        self.forget(self.stores((node.params, node.type)))

    def stores(self, callee: Callee) -> set[int]:
        """The offsets of fields that a call may store to."""
        found = self.stored.get(callee)
        if found is None:
            found = self.stored[callee] = set()
            seen, pending = {callee}, [callee]
            while pending:
                current = pending.pop()
                summary = self.program.functions.get(current) if isinstance(current, str) else None
                found |= summary.stores if summary is not None else set()
                more = self.program.graph.get(current, set()) - seen
                seen |= more
                pending += more
        return found

    def _if_else(self, node: ir.IfElse) -> Value | None:
        self.state, other = self.condition(node.test)
        one = self.expr(node.then)
        self.state, first = other, self.state
        two = self.expr(node.orelse)
        self.state, second = _both(first, self.state), self.state
        return two if first is None else one if second is None else one.or_(two)

    def _sequence(self, node: ir.Sequence) -> Value | None:
        self.body(node.body)
        return None if node.value is None else self.expr(node.value)

    def _op(self, node: ir.Op) -> Value | None:
        values = self.operands(node.args)
        if node.op == "unreachable":
            self.state = None
        if self.state is None:
            return None
        value = _result(node, values)
        if not self.looking:
            only = value.low if value is not None and value.low == value.high else None
            self.known[id(node)] = only if self.known.get(id(node), only) == only else None
        return value

    # --- what a test says -----------------------------------------------------------------------------------------

    def assume(self, test: ir.Expr, truth: bool) -> None:
        """Narrow the locals that a test, which has just been evaluated, compares."""
        if self.state is None or not build.is_pure(test):
            return
        match test:
            case ir.Op(op="i32.eqz", args=[inner]):
                self.assume(inner, not truth)
            case ir.Op(op="i32.and", args=[left, right]) if truth:
                self.assume(left, True)
                self.assume(right, True)
            case ir.Op(op="i32.or", args=[left, right]) if not truth:
                self.assume(left, False)
                self.assume(right, False)
            case ir.Op(op=name, args=[left, right]) if name[:4] == "i64." and name[4:] in _ORDER:
                self.looking = True
                values = self.operands(test.args)
                self.looking = False
                relation, unsigned = _ORDER[name[4:]]
                self.compared(relation if truth else _NEGATED[relation], unsigned, [left, right], values)

    def compared(self, relation: str, unsigned: bool, sides: list[ir.Expr], values: list[Value]) -> None:
        """Narrow both sides of a comparison that holds."""
        (left, right), (a, b) = sides, values
        match relation:
            case "gt" | "ge":
                self.compared("lt" if relation == "gt" else "le", unsigned, [right, left], [b, a])
            case "lt" | "le":
                apart = int(relation == "lt")
                below = {name: more - apart for name, more in b.below.items()}
                if not unsigned:
                    self.limit(left, LOW, b.high - apart, below)
                    self.limit(right, a.low + apart, HIGH, {})
                elif b.low >= 0:
                    self.limit(left, 0, b.high - apart, below)
                    self.limit(right, max(a.low, 0) + apart, HIGH, {})
            case "eq":
                self.limit(left, b.low, b.high, b.below)
                self.limit(right, a.low, a.high, a.below)
            case "ne":
                for side, one, other in ((left, a, b), (right, b, a)):
                    if other.low == other.high:
                        self.limit(side, LOW if one.low != other.low else one.low + 1, HIGH, {})
                        self.limit(side, LOW, HIGH if one.high != other.high else one.high - 1, {})

    def limit(self, side: ir.Expr, low: int, high: int, below: dict[int, int]) -> None:
        state = self.state
        if state is None or not isinstance(side, ir.Get):
            return
        source = state.copies.get(side.local, side.local)
        for local in (source, *(copy for copy, original in state.copies.items() if original is source)):
            value = state.values.get(local, ANY)
            least = dict(value.below)
            for name, more in below.items():
                least[name] = min(more, least.get(name, more))
            value = Value(max(low, value.low), min(high, value.high), least, value.above)
            if value.low > value.high:
                self.state = None
                return
            state.values[local] = value


_Ranges._walkers = dict.fromkeys(KINDS, _Ranges._other) | by_kind(_Ranges)
_LOADS = {"i32.load8_u": Value(0, 255), "i32.load16_u": Value(0, 65535)}
_ORDER = {name + suffix: (name, suffix == "_u") for name in ("lt", "le", "gt", "ge") for suffix in ("_s", "_u")} | {
    "eq": ("eq", False),
    "ne": ("ne", False),
}
_NEGATED = {"lt": "ge", "ge": "lt", "gt": "le", "le": "gt", "eq": "ne", "ne": "eq"}


def _exact(name: str, a: Value, b: Value) -> tuple[int, int, Value]:
    """The interval of a sum, difference or product as if there were no end to numbers, and all that is known of it if
    it ends within 64 bits."""
    below: dict[int, int] = {}
    above: frozenset[int] = frozenset()
    if name == "add":
        low, high = a.low + b.low, a.high + b.high
        for one, other in ((a, b), (b, a)):
            below |= {length: more + other.high for length, more in one.below.items() if other.high <= WORD}
        if a.low >= 0 and b.low >= 0:
            above = a.above | b.above
    elif name == "sub":
        low, high = a.low - b.high, a.high - b.low
        below = {length: more - b.low for length, more in a.below.items() if b.low >= -WORD}
    else:
        ends = [x * y for x in (a.low, a.high) for y in (b.low, b.high)]
        low, high = min(ends), max(ends)
    return low, high, Value(max(low, LOW), min(high, HIGH), below, above)


def _result(node: ir.Op, values: list[Value]) -> Value | None:
    """What an instruction makes of its operands; None for one that is not known here."""
    kind, _, name = node.op.partition(".")
    wide = kind == "i64"
    if kind not in ("i64", "i32"):
        return values[0].or_(values[1]) if kind == "select" and node.type in (ir.I32, ir.I64) else None
    if name == "eqz":
        return _bit(values[0].low == values[0].high == 0, values[0].low > 0 or values[0].high < 0)
    if len(values) == 1:
        return _unary(name, values[0])
    a, b = values
    if name in _ORDER and node.args[0].type in (ir.I32, ir.I64):
        relation, unsigned = _ORDER[name]
        return _ordered(relation, unsigned or not wide, a, b, wide or name[-2:] != "_s")
    if name in ("add", "sub", "mul"):
        low, high, value = _exact(name, a, b)
        if (LOW, 0)[not wide] <= low and high <= (HIGH if wide else WORD):
            return value
        return (
            Value(above=value.above) if wide else None
        )  # the sum of two that are not negative has 64 bits without a sign
    if a.low < 0 or b.low < 0:
        return _signed(name, a, b)
    match name:
        case "and":
            return Value(0, min(a.high, b.high), {**a.below, **b.below})
        case "or" | "xor":
            return Value(0, (1 << max(a.high, b.high).bit_length()) - 1)
        case "shl" if b.low == b.high < 64 and a.high << b.high <= (HIGH if wide else WORD):
            return Value(a.low << b.low, a.high << b.high)
        case "shr_u" | "shr_s" if b.low == b.high < (64 if wide else 32) and (wide or name == "shr_u"):
            return Value(a.low >> b.low, a.high >> b.low, a.below)
        case "div_s" | "div_u" if b.low > 0 and (wide or name == "div_u"):
            return Value(a.low // b.high, a.high // b.low, a.below)
        case "rem_s" | "rem_u" if b.low > 0 and (wide or name == "rem_u"):
            below = {length: more - 1 for length, more in b.below.items()}
            return Value(0, min(a.high, b.high - 1), a.below | below)
    return None


ZERO = Value(0, 0)


def _signed(name: str, a: Value, b: Value) -> Value | None:
    """As `_result`, of two I64 of which one may be negative."""
    match name:
        case "and" if a.low >= 0 or b.low >= 0:
            kept = a if a.low >= 0 else b
            return Value(0, kept.high, kept.below)
        case "shr_s" if b.low == b.high and 0 <= b.low < 64:
            return Value(a.low >> b.low, a.high >> b.low)
        case "shr_u" if b.low == b.high and 0 < b.low < 64:
            return Value(0, (1 << (64 - b.low)) - 1)
        case "rem_s" if b.low > 0:
            return Value(max(a.low, 1 - b.high), min(max(a.high, 0), b.high - 1))
        case "div_s" if b.low > 0:
            return Value(-(-a.low // b.low), max(a.high, 0) // b.low)
    return None


def _unary(name: str, a: Value) -> Value | None:
    match name:
        case "extend_i32_u":
            return a
        case "extend_i32_s":
            return a if a.high < 1 << 31 else Value(-(1 << 31), (1 << 31) - 1)
        case "wrap_i64":
            return a if a.low >= 0 and a.high <= WORD else None
        case "clz" | "ctz" | "popcnt":
            return Value(0, 64)
    return None


def _bit(true: bool, false: bool) -> Value:
    return Value(1, 1) if true else ZERO if false else BIT


def _ordered(relation: str, unsigned: bool, a: Value, b: Value, plain: bool) -> Value:
    """The outcome of a comparison. `plain`: intervals are in its order as they stand (not a signed one of I32)."""
    match relation:
        case "gt" | "le":
            outcome = _ordered("lt", unsigned, b, a, plain)
        case "ge":
            outcome = _ordered("lt", unsigned, a, b, plain)
        case "ne":
            outcome = _ordered("eq", unsigned, a, b, plain)
        case "eq":
            return _bit(a.low == a.high == b.low == b.high, a.high < b.low or b.high < a.low)
        case _:
            if not plain and (a.high > HIGH >> 32 or b.high > HIGH >> 32):
                return BIT
            if unsigned and (a.low < 0 or b.low < 0):
                return _bit(False, b.low >= 0 and (a.high < 0 or any(b.below.get(name, 1) <= 0 for name in a.above)))
            less = b.low >= 0 and any(a.below.get(name, 0) < 0 for name in b.above)
            more = a.low >= 0 and any(b.below.get(name, 1) <= 0 for name in a.above)
            return _bit(a.high < b.low or less, a.low >= b.high or more)
    return outcome if relation == "gt" else Value(1 - outcome.high, 1 - outcome.low)


class _Answered(Rewriter):
    """Puts in what the analysis found."""

    def __init__(self, analysis: _Ranges, fail: ir.Expr) -> None:
        self.known = analysis.known
        self.fail = fail
        self.safe = analysis.safe
        self.loops = 0

    def get(self, node: ir.Get) -> ir.Expr:
        return node

    def expr(self, node: ir.Expr) -> ir.Expr:
        known = self.known.get(id(node))
        if known is not None and build.is_pure(node):
            return build.i64(known) if node.type is ir.I64 else build.i32(known)
        match node:
            case ir.Call(symbol=symbol, args=[_, _]) if symbol in CHECKED:
                safe = self.safe.get(id(node), False)
                return checked_code(node, self.exprs(node.args), safe, self.loops > 0, self.fail)
            case ir.Op():
                return build.op(node.type, node.op, *self.exprs(node.args))
            case ir.IfElse():
                test = self.expr(node.test)
                if isinstance(test, ir.Const):
                    return self.expr(node.then if test.value else node.orelse)
                return ir.IfElse(node.type, test, self.expr(node.then), self.expr(node.orelse))
        return super().expr(node)

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        if isinstance(node, ir.If):
            test = self.expr(node.test)
            if isinstance(test, ir.Const):
                return self.body(node.then if test.value else node.orelse)
            return [ir.If(test, self.body(node.then), self.body(node.orelse))]
        self.loops += isinstance(node, ir.Loop)
        found = super().stmt(node)
        self.loops -= isinstance(node, ir.Loop)
        return found
