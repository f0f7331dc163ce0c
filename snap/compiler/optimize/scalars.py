"""Objects that never leave the function that makes them become locals, one for each field.

In: a simplified body. Out: the same without those objects. An object stays inside when its reference is only ever held
by locals that are used for nothing but reading and writing its fields, and for being handed on to each other. Where
several locals may hold one object at a time, a write through one would have to be seen through the others; so there all
writes must come right behind the making, as those of a tuple's items or of a short `__init__` do.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import pairwise

from ..ir import build
from ..ir import nodes as ir
from ..ir.parts import everything, parts
from ..ir.transform import Rewriter

_WIDTHS = {"i64.load": 8, "f64.load": 8, "i32.load": 4, "i32.load8_u": 1}
_WIDTHS |= {"i64.store": 8, "f64.store": 8, "i32.store": 4, "i32.store8": 1}


@dataclass(slots=True)
class _Holder:
    """A local that may hold an object that stays inside. `links`: locals that it is set to or that are set to it;
    `shared`: one of them may hold the object at the same time."""

    heap_type: str = ""
    fields: dict[int, tuple[int, ir.ValType]] = field(default_factory=dict)  # offset -> width, type
    links: set[ir.Local] = field(default_factory=set)
    shared: bool = False
    late: bool = False  # written to elsewhere than right behind the making
    leaves: bool = False


def dissolved(function: ir.Function, module: ir.Module) -> list[ir.Stmt]:
    """The new body."""
    if not any(type(node) is ir.New for node in everything(function.body)):
        return function.body
    inside = _Holders(function, module).found()
    return _Dissolved(inside).body(function.body) if inside else function.body


class _Holders:
    def __init__(self, function: ir.Function, module: ir.Module) -> None:
        self.module = module
        self.known: dict[ir.Local, _Holder] = {}
        self.reads: Counter[ir.Local] = Counter()
        self.writes: Counter[ir.Local] = Counter()
        for node in everything(function.body):
            if type(node) is ir.Get:
                self.reads[node.local] += 1
            elif type(node) is ir.Set:
                self.writes[node.local] += 1
        for param in function.params:
            self.holder(param).leaves = True
        self.body(function.body)

    def holder(self, local: ir.Local) -> _Holder:
        found = self.known.get(local)
        if found is None:
            found = self.known[local] = _Holder()
        return found

    def found(self) -> dict[ir.Local, dict[int, ir.Local]]:
        """The locals that hold objects that stay inside, each with its field's locals by offset."""
        result = {}
        for group in self.groups():
            holders = [self.known[local] for local in group]
            kinds = {holder.heap_type for holder in holders if holder.heap_type}
            fields: dict[int, tuple[int, ir.ValType]] = {}
            fits = len(kinds) == 1 and not any(holder.leaves for holder in holders)
            fits = fits and not (any(holder.late for holder in holders) and any(holder.shared for holder in holders))
            for holder in holders:
                fits = fits and all(fields.setdefault(at, kind) == kind for at, kind in holder.fields.items())
            ends = sorted((at, at + width) for at, (width, _) in fields.items())
            fits = fits and all(end <= start for (_, end), (start, _) in pairwise(ends))
            if fits:
                for local in group:
                    result[local] = {at: ir.Local(local.name, kind) for at, (_, kind) in sorted(fields.items())}
        return result

    def groups(self) -> Iterable[list[ir.Local]]:
        seen: set[ir.Local] = set()
        for local in self.known:
            if local not in seen:
                group, pending = list[ir.Local](), [local]
                while pending:
                    current = pending.pop()
                    if current not in seen:
                        seen.add(current)
                        group.append(current)
                        pending += self.known[current].links
                yield group

    def body(self, statements: list[ir.Stmt]) -> None:
        made: set[ir.Local] = set()  # in these statements
        fresh: set[ir.Local] = set()  # made in these statements, and nothing but written to since
        for node in statements:
            match node:
                case ir.Set(local=local, value=ir.New(heap_type=kind)) if self.plain(kind):
                    holder = self.holder(local)
                    holder.leaves = holder.leaves or holder.heap_type not in ("", kind)
                    holder.heap_type = kind
                    made.add(local)
                    fresh.add(local)
                case ir.Set(local=local, value=ir.Get(local=source)) if local.type is ir.REF:
                    self.holder(local).links.add(source)
                    self.holder(source).links.add(local)
                    self.reads[source] -= 1
                    fresh -= {local, source}
                    if self.reads[source] or self.writes[source] > 1 or source not in made:
                        self.holder(source).shared = True
                case ir.Store(address=ir.Get(local=local), value=value) if local in fresh:
                    self.access(local, node, value.type)
                    self.inside([value], fresh)
                case ir.Block(body=body) | ir.Loop(body=body):
                    self.body(body)
                    fresh.clear()
                case ir.If(test=test, then=then, orelse=orelse):
                    self.inside([test], fresh)
                    self.body(then)
                    self.body(orelse)
                    fresh.clear()
                case ir.Try(body=body, caught=caught, handler=handler):
                    self.holder(caught).leaves = True
                    self.body(body)
                    self.body(handler)
                    fresh.clear()
                case _:
                    self.inside([node], fresh)

    def inside(self, nodes: Iterable[ir.Expr | ir.Stmt], fresh: set[ir.Local]) -> None:
        """Walk what may hold anything."""
        for node in nodes:
            match node:
                case ir.Get(local=local):
                    if local.type is ir.REF:
                        self.holder(local).leaves = True
                        fresh.discard(local)
                case ir.Load(address=ir.Get(local=local)) if local.type is ir.REF:
                    self.access(local, node, node.type)
                case ir.Store(address=ir.Get(local=local), value=value) if local.type is ir.REF:
                    self.access(local, node, value.type)
                    self.holder(local).late = True
                    self.inside([value], fresh)
                case ir.Set(local=local, value=value):
                    if local.type is ir.REF:
                        self.holder(local).leaves = True
                    self.inside([value], fresh)
                case ir.Sequence(body=body, value=last):
                    self.body(body)
                    fresh.clear()
                    self.inside([last] if last is not None else [], fresh)
                case ir.If() | ir.Block() | ir.Loop() | ir.Try():
                    self.body([node])
                case _:
                    self.inside(parts(node), fresh)

    def access(self, local: ir.Local, node: ir.Load | ir.Store, type: ir.ValType | None) -> None:
        self.reads[local] -= 1
        holder = self.holder(local)
        width = _WIDTHS.get(node.op)
        if width is None or type is None or node.offset < 4:
            holder.leaves = True
        elif holder.fields.setdefault(node.offset, (width, type)) != (width, type):
            holder.leaves = True

    def plain(self, heap_type: str) -> bool:
        kind = self.module.heap_types[heap_type]
        return kind.kind == "object" and not kind.finalizer


class _Dissolved(Rewriter):
    def __init__(self, inside: dict[ir.Local, dict[int, ir.Local]]) -> None:
        self.inside = inside

    def get(self, node: ir.Get) -> ir.Expr:
        return node

    def set(self, node: ir.Set) -> list[ir.Stmt]:
        fields = self.inside.get(node.local)
        if fields is None:
            return super().set(node)
        if isinstance(node.value, ir.Get):
            source = self.inside[node.value.local]
            return [ir.Set(local, ir.Get(local.type, source[at])) for at, local in fields.items()]
        return [ir.Set(local, build.zero(local.type)) for local in fields.values()]

    def expr(self, node: ir.Expr) -> ir.Expr:
        match node:
            case ir.Load(address=ir.Get(local=local), offset=offset) if local in self.inside:
                part = self.inside[local][offset]
                return ir.Get(part.type, part)
        return super().expr(node)

    def stmt(self, node: ir.Stmt) -> list[ir.Stmt]:
        match node:
            case ir.Store(address=ir.Get(local=local), offset=offset) if local in self.inside:
                return [ir.Set(self.inside[local][offset], self.expr(node.value))]
        return super().stmt(node)
