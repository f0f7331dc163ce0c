"""Splitting a function that suspends into two plain ones: one that makes its frame, one that runs it.

In: an `ir.Function` of kind "coroutine". Out: the constructor, under the function's own symbol, and `SYMBOL$resume`,
which takes the frame and returns 1 when the function has ended, else the status of the suspension (docs/abi.md).

1. `_Flatten` moves suspensions out of expressions, so that each is a statement of its own; what was evaluated before
   it is kept in locals.
2. Locals that are needed behind some suspension become fields of the frame, for good; all others stay Wasm locals.
3. `_Split` numbers the suspensions and lets the body be entered again at each: a statement list that holds some begins
   with a jump over what comes before the wanted one, `if` takes the branch it is in, loops, blocks and `try` are
   entered through their head. The local `state` holds the wanted number and is 0 on the normal way, so the structure
   stays as it was; at a suspension it takes the number of that.

The frame's state reads "ended" while the function runs, so an exception that leaves it needs no care.
"""

from __future__ import annotations

from ..ir import build
from ..ir import nodes as ir
from ..ir.liveness import Liveness
from ..ir.parts import assigned, everything, operands
from ..ir.transform import Rewriter, with_operands
from .layout import FRAME_AWAITED, FRAME_PARENT, FRAME_RESUME, FRAME_STATE, REFERENCE, WORD, Layouts, storage_of_value

ENDED = 0xFFFFFFFF


def resume_symbol(symbol: str) -> str:
    return f"{symbol}$resume"


def split(function: ir.Function, layouts: Layouts, module: ir.Module) -> list[ir.Function]:
    """The two functions that take the place of `function`; its frame's heap type is put into `module`."""
    body = _Flatten().body(function.body)
    liveness = _Needed(function.params)
    at_entry = set(liveness.members(liveness.run(body)))
    kept = list(liveness.members(liveness.needed))
    passed = [param for param in function.params if param in at_entry]
    fields = sorted({*kept, *passed}, key=lambda local: (storage_of_value(local.type).size, liveness.index[local]))

    symbol = resume_symbol(function.symbol)
    frame_type = f"{function.symbol}$frame"
    storages = [storage_of_value(local.type) for local in fields]
    display = module.heap_types[function.frame_base].display
    offsets = dict(zip(fields, layouts.extend(frame_type, function.frame_base, storages, display), strict=True))

    frame = ir.Local("frame", ir.REF)
    read = ir.Get(ir.REF, frame)
    load_params: list[ir.Stmt] = [
        ir.Set(param, storage_of_value(param.type).read(read, offsets[param])) for param in passed if param not in kept
    ]
    splitter = _Split(frame, {local: offsets[local] for local in kept})
    run = splitter.with_exits([*splitter.body(load_params + body), ir.Return(build.i32(1))])
    head: list[ir.Stmt] = [WORD.write(read, FRAME_STATE, build.i32(ENDED))]
    if splitter.count:
        head.insert(0, ir.Set(splitter.state, WORD.read(read, FRAME_STATE)))
    resume = ir.Function(
        symbol,
        function.name,
        [frame],
        ir.I32,
        [*head, *run],
        function.source,
        function.span,
        traced=function.traced,
    )

    own = {param: ir.Local(param.name, param.type) for param in function.params}
    made = ir.Local("frame", ir.REF)
    read = ir.Get(ir.REF, made)
    make: list[ir.Stmt] = [ir.Set(made, ir.New(ir.REF, frame_type))]
    make.append(WORD.write(read, FRAME_RESUME, ir.FunctionIndex(ir.I32, symbol)))
    for param in passed:
        make.append(storage_of_value(param.type).write(read, offsets[param], ir.Get(param.type, own[param])))
    make.append(ir.Return(read))
    constructor = ir.Function(
        function.symbol, function.name, list(own.values()), ir.REF, make, function.source, function.span
    )
    return [constructor, resume]


def link_body(params: list[ir.Local]) -> list[ir.Stmt]:
    """The body of the shared function (child, parent) -> child that notes who awaits whom."""
    child, parent = (ir.Get(ir.REF, param) for param in params)
    return [
        REFERENCE.write(parent, FRAME_AWAITED, child),
        REFERENCE.write(child, FRAME_PARENT, parent),
        ir.Return(child),
    ]


class _Needed(Liveness):
    """Collects the locals that are read behind a suspension without having been set there."""

    needed = 0

    def at_suspend(self, node: ir.Suspend, live: int) -> None:
        self.needed |= live


def _suspends(node: ir.Expr | ir.Stmt) -> bool:
    return any(isinstance(inner, ir.Suspend) for inner in everything([node]))


class _Flatten(Rewriter):
    """Suspensions out of expressions; evaluation order is kept."""

    def expr(self, node: ir.Expr) -> ir.Expr:
        return node

    def body(self, nodes: list[ir.Stmt]) -> list[ir.Stmt]:
        result: list[ir.Stmt] = []
        for node in nodes:
            if not _suspends(node):
                result.append(node)
                continue
            node = self.copy(node)
            values = operands(node)
            if any(map(_suspends, values)):
                node = with_operands(node, self._in_order(values, result))
            if isinstance(node, ir.Do):
                result += build.do(node.value)
            else:
                result.append(node)
        return result

    def _in_order(self, values: list[ir.Expr], before: list[ir.Stmt]) -> list[ir.Expr]:
        """Expressions without suspensions that give what `values` gave one after the other; what has to run first goes
        to `before`."""
        last = max(index for index, value in enumerate(values) if _suspends(value))
        result = []
        for index, value in enumerate(values):
            if index <= last and _suspends(value):
                value = self._flat(value, before)
            if index < last and value.type is not None and not _is_kept(value, values[index + 1 : last + 1]):
                local = ir.Local("kept", value.type)
                before.append(ir.Set(local, value))
                value = ir.Get(value.type, local)
            result.append(value)
        return result

    def _flat(self, node: ir.Expr, before: list[ir.Stmt]) -> ir.Expr:
        if isinstance(node, ir.Sequence):
            before += self.body(node.body)
            if node.value is None:
                return node if not node.body else build.nothing()
            return self._flat(node.value, before) if _suspends(node.value) else node.value
        if isinstance(node, ir.IfElse):
            test = self._flat(node.test, before) if _suspends(node.test) else node.test
            if not _suspends(node.then) and not _suspends(node.orelse):
                return ir.IfElse(node.type, test, node.then, node.orelse)
            assert node.type is not None
            chosen = ir.Local("chosen", node.type)
            then: list[ir.Stmt] = [ir.Set(chosen, node.then)]
            orelse: list[ir.Stmt] = [ir.Set(chosen, node.orelse)]
            before.append(ir.If(test, self.body(then), self.body(orelse)))
            return ir.Get(node.type, chosen)
        return with_operands(node, self._in_order(operands(node), before))


def _is_kept(value: ir.Expr, later: list[ir.Expr]) -> bool:
    """Does `value` give the same when it is evaluated behind `later`?"""
    if not build.is_fixed(value):
        return False
    read = {part.local for part in everything([value]) if isinstance(part, ir.Get)}
    return read.isdisjoint(assigned(later))


class _Split(Rewriter):
    """The body with frame fields for kept locals, and ways back in. `count`: the suspensions numbered so far."""

    def __init__(self, frame: ir.Local, offsets: dict[ir.Local, int]) -> None:
        self.count = 0
        self.state = ir.Local("state", ir.I32)
        self._frame = ir.Get(ir.REF, frame)
        self._offsets = offsets
        self._labels = 0
        self._exits: dict[int, str] = {}  # status of suspensions -> label
        self._line: ir.Line | None = None

    def get(self, node: ir.Get) -> ir.Expr:
        offset = self._offsets.get(node.local)
        return node if offset is None else storage_of_value(node.local.type).read(self._frame, offset)

    def set(self, node: ir.Set) -> list[ir.Stmt]:
        value = self.expr(node.value)
        offset = self._offsets.get(node.local)
        if offset is None:
            return [ir.Set(node.local, value)]
        return [storage_of_value(node.local.type).write(self._frame, offset, value)]

    def expr(self, node: ir.Expr) -> ir.Expr:
        return self._frame if isinstance(node, ir.SelfFrame) else super().expr(node)

    def body(self, nodes: list[ir.Stmt]) -> list[ir.Stmt]:
        """The statements, reached from the head of the list on the normal way, and by `state` at each suspension."""
        parts: list[list[ir.Stmt]] = [[]]  # cut where a way back in arrives
        states: list[range] = []  # of the suspensions that each way in is for
        for node in nodes:
            before = self.count
            if isinstance(node, ir.Suspend):
                parts[-1] += self._suspend(node)
                states.append(range(self.count, self.count + 1))
                parts.append([ir.Set(self.state, build.i32(0))])
                if self._line:
                    parts[-1].append(self._line)
                continue
            new = self.stmt(node)
            if self.count > before:
                states.append(range(before + 1, self.count + 1))
                parts.append(new)
            else:
                parts[-1] += new
        if not states:
            return parts[0]
        if all(isinstance(node, ir.Line) for node in parts[0]):  # the first way in is the head itself
            parts[:2] = [parts[0] + parts[1]]
            states.pop(0)
            if not states:
                return parts[0]
        labels = [self._label("at") for _ in states]
        result = self._jump(states, labels) + parts[0]
        for label, part in zip(labels, parts[1:], strict=True):
            result = [ir.Block(label, result), *part]
        return result

    def _label(self, name: str) -> str:
        self._labels += 1
        return f"{name}.{self._labels}"

    def _state(self) -> ir.Expr:
        return ir.Get(ir.I32, self.state)

    def _jump(self, states: list[range], labels: list[str]) -> list[ir.Stmt]:
        """To the label for the wanted state; on when that is 0, or one before the first."""
        first = states[0].start
        if len(states) == 1:
            test = self._state() if first == 1 else ir.Op(ir.I32, "i32.ge_u", [self._state(), build.i32(first)])
            return [ir.If(test, [ir.Break(labels[0])], [])]
        on = self._label("on")
        targets = [label for label, numbers in zip(labels, states, strict=True) for _ in numbers]
        index = self._state()
        if first == 1:
            targets.insert(0, on)
        else:
            index = ir.Op(ir.I32, "i32.sub", [index, build.i32(first)])
        return [ir.Block(on, [ir.Switch(index, targets, on)])]

    def _suspend(self, node: ir.Suspend) -> list[ir.Stmt]:
        self.count += 1
        label = self._exits.setdefault(node.status, f"wait.{node.status}")
        wait: ir.Stmt = ir.Break(label)
        if node.unless is not None:
            wait = ir.If(build.negate(self.expr(node.unless)), [wait], [])
        return [ir.Set(self.state, build.i32(self.count)), wait]

    def with_exits(self, body: list[ir.Stmt]) -> list[ir.Stmt]:
        """`body`, and behind it the ways out of the function for all its suspensions."""
        for status, label in self._exits.items():
            keep = WORD.write(self._frame, FRAME_STATE, self._state())
            body = [ir.Block(label, body), keep, ir.Return(build.i32(status))]
        return body

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        match node:
            case ir.Line():
                self._line = node
                return [node]
            case ir.Return():
                return [ir.Return(build.i32(1))]
            case ir.If():
                return self._if(node)
            case ir.Try():
                return self._try(node)
            case _:
                return super().stmt(node)

    def _if(self, node: ir.If) -> list[ir.Stmt]:
        test = self.expr(node.test)
        first = self.count
        then = self.body(node.then)
        middle = self.count
        orelse = self.body(node.orelse)
        again: ir.Expr
        if self.count == first:
            return [ir.If(test, then, orelse)]
        if self.count > middle > first:
            again = ir.Op(ir.I32, "i32.le_u", [self._state(), build.i32(middle)])
        else:
            again = build.i32(middle > first)
            if build.is_pure(test) and middle > first:
                return [ir.If(ir.Op(ir.I32, "i32.or", [self._state(), test]), then, orelse)]
        return [ir.If(ir.IfElse(ir.I32, self._state(), again, test), then, orelse)]

    def _try(self, node: ir.Try) -> list[ir.Stmt]:
        if any(map(_suspends, node.handler)):
            # a handler can't be jumped into: it moves behind the try
            done = self._label("done")
            guarded = ir.Try([*node.body, ir.Break(done)], node.caught, [])
            return self.stmt(ir.Block(done, [guarded, *node.handler]))
        before = self.count
        body = self.body(node.body)
        handler: list[ir.Stmt] = []
        if self.count > before:  # what is awaited may have thrown at once, when `state` was already set
            handler.append(ir.Set(self.state, build.i32(0)))
        offset = self._offsets.get(node.caught)
        if offset is None:
            return [ir.Try(body, node.caught, handler + self.body(node.handler))]
        caught = ir.Local(node.caught.name, ir.REF)
        keep = storage_of_value(ir.REF).write(self._frame, offset, ir.Get(ir.REF, caught))
        return [ir.Try(body, caught, [*handler, keep, *self.body(node.handler)])]
