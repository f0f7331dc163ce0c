"""What is reachable, and what calling it may do.

In: an `ir.Module`. Out: `Program`: the functions, dispatches and heap types that the exports reach, and for each
function (and each signature called indirectly) whether a call of it may collect garbage and may throw.

Each function is simplified when it is reached. A dispatch only reaches the targets of classes that are created
somewhere, so methods of classes that never exist are dropped. Effects spread from callee to caller; the seeds are the
allocator, `Throw`, and functions on a cycle of the call graph, since those check for too deep a recursion and then
allocate and throw a RecursionError.

Collecting has two grades. Most functions that collect do so only to make an exception and never return after that: they
are `collecting_throwing`, and only what a handler needs must survive them. Those in `collecting` may return afterwards.
"""

from __future__ import annotations

from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from ..ir import nodes as ir
from ..ir.parts import everything, parts
from .simplify import simplify

Signature = tuple[tuple[ir.ValType, ...], ir.ValType | None]
Callee = str | Signature  # a function or dispatch symbol, or all functions in the table that have this signature

_NAMES = "pielang.core.frames.type_name[", "pielang.core.frames.class_name["
"""The functions that read display names, by the class they are asked about (`Any`: all of them)."""
_LEAVES = frozenset({ir.Const, ir.Get, ir.LinkValue})


@dataclass(slots=True)
class Summary:
    """What one function names."""

    callees: set[Callee] = field(default_factory=set)
    returning: set[Callee] = field(default_factory=set)  # those of them after which the function may still return
    caught: set[Callee] = field(default_factory=set)  # those whose exceptions a handler turns into a return
    taken: set[str] = field(default_factory=set)  # functions whose table index is used
    types: set[str] = field(default_factory=set)  # heap types whose number is used, so that such objects may exist
    told_apart: set[str] = field(default_factory=set)  # heap types that are tested for, or whose number is a value
    globals: set[str] = field(default_factory=set)
    stores: set[int] = field(default_factory=set)  # offsets of the words it stores to in objects, by reference
    throws: bool = False


@dataclass(slots=True)
class Program:
    """The reachable part of `module`. Symbols in order of discovery, which is the same in every build."""

    module: ir.Module
    functions: dict[str, Summary] = field(default_factory=dict)
    dispatches: dict[str, list[tuple[str, str]]] = field(default_factory=dict)  # targets of types that may exist
    taken: dict[str, None] = field(default_factory=dict)
    types: dict[str, None] = field(default_factory=dict)
    globals: dict[str, None] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)  # classes, as users name them, that are asked for the name of theirs
    collecting: set[Callee] = field(default_factory=set)
    collecting_throwing: set[Callee] = field(default_factory=set)
    endless: set[Callee] = field(default_factory=set)  # functions that never return
    throwing: set[Callee] = field(default_factory=set)
    raising: set[Callee] = field(default_factory=set)  # those that throw something else than being out of memory
    recursive: set[Callee] = field(default_factory=set)  # on a cycle of `graph`
    endings: dict[str, bool] = field(default_factory=dict)  # what `never_returns` found
    graph: dict[Callee, set[Callee]] = field(default_factory=dict)  # the call graph, without the allocator's calls

    def signature(self, symbol: str) -> Signature:
        """Parameter and result types of a function or dispatch."""
        function = self.module.functions.get(symbol)
        if function is not None:
            return tuple(param.type for param in function.params), function.result
        dispatch = self.module.dispatches[symbol]
        return dispatch.params, dispatch.result


def analyse(module: ir.Module, roots: Iterable[str], simple: Container[str] | None = None) -> Program:
    """Find what `roots` (function symbols) reach in `module`, and its effects. Functions are simplified, except those
    in `simple`, if that is given."""
    program = Program(module)
    _reach(program, roots, simple)
    graph = _call_graph(program)
    allocator = module.runtime.get("rt_alloc")
    seeds: set[Callee] = {module.runtime[name] for name in ("rt_alloc", "rt_collect") if name in module.runtime}
    # The allocator's own way out of memory leads back to itself; that is its author's business, not a recursion.
    program.graph = {caller: callees for caller, callees in graph.items() if caller != allocator}
    program.recursive = cycles(program.graph)
    program.collecting_throwing = _spread(seeds | program.recursive, _callers(graph))
    returning = dict(graph)
    for symbol, summary in program.functions.items():
        returning[symbol] = summary.returning
        if not program.collecting_throwing.isdisjoint(summary.caught):
            seeds.add(symbol)
    program.collecting = _spread(seeds, _callers(returning))
    throwing: set[Callee] = {symbol for symbol, summary in program.functions.items() if summary.throws}
    program.throwing = _spread(throwing | program.recursive, _callers(graph))
    quiet = {symbol for name, symbol in module.runtime.items() if name in ("rt_alloc", "rt_trace")}
    heard = {caller: callees - quiet for caller, callees in program.graph.items() if caller not in quiet}
    program.raising = _spread(throwing | program.recursive, _callers(heard))
    return program


def _callers(graph: dict[Callee, set[Callee]]) -> dict[Callee, list[Callee]]:
    callers: dict[Callee, list[Callee]] = {}
    for caller, callees in graph.items():
        for callee in callees:
            callers.setdefault(callee, []).append(caller)
    return callers


def _reach(program: Program, roots: Iterable[str], simple: Container[str] | None) -> None:
    module = program.module
    pending = list(roots)
    while pending:
        while pending:
            symbol = pending.pop()
            if symbol in program.functions or symbol in program.dispatches:
                continue
            function = module.functions.get(symbol)
            if function is None:
                if symbol not in module.dispatches:
                    raise KeyError(f"the program names the function {symbol!r}, which it does not hold")
                program.dispatches[symbol] = []
                continue
            if simple is None or symbol not in simple:
                function.body = simplify(function, module)
            summary = _Summariser(function, program).run()
            program.functions[symbol] = summary
            if symbol.startswith(_NAMES):
                program.shown.add(symbol.partition("[")[2][:-1])
            pending += sorted(callee for callee in summary.callees if isinstance(callee, str))
            pending += sorted(summary.taken)
            program.taken.update(dict.fromkeys(sorted(summary.taken)))
            program.types.update(dict.fromkeys(sorted(summary.types)))
            program.globals.update(dict.fromkeys(sorted(summary.globals)))
            if summary.types and "str" in module.runtime:  # the type table names types by literals
                program.types[module.runtime["str"]] = None
        for symbol, targets in program.dispatches.items():
            targets[:] = [target for target in module.dispatches[symbol].targets if target[0] in program.types]
            pending += [target for _, target in targets if target not in program.functions]


def _call_graph(program: Program) -> dict[Callee, set[Callee]]:
    graph: dict[Callee, set[Callee]] = {symbol: summary.callees for symbol, summary in program.functions.items()}
    for symbol, targets in program.dispatches.items():
        graph[symbol] = {target for _, target in targets}
    for symbol in program.taken:
        graph.setdefault(program.signature(symbol), set()).add(symbol)
    return graph


class _Summariser:
    """Walks a function once, backwards, and notes what it names. `returns` below says of a place whether a return can
    be reached from it; loops count as places from which one can."""

    def __init__(self, function: ir.Function, program: Program) -> None:
        self.function = function
        self.program = program
        self.runtime = program.module.runtime
        self.out = Summary()
        self.labels: dict[str, bool] = {}
        self.handled = False  # inside a Try whose handler can return

    def run(self) -> Summary:
        self.body(self.function.body, self.function.result is None)
        return self.out

    def body(self, statements: list[ir.Stmt], returns: bool) -> bool:
        for node in reversed(statements):
            match node:
                case ir.Set() | ir.Do():
                    if isinstance(node.value, ir.Call) and never_returns(self.program, node.value.symbol):
                        returns = self.handled
                    self.expr(node.value, returns)
                case ir.If():
                    returns = self.body(node.then, returns) | self.body(node.orelse, returns)
                    self.expr(node.test, returns)
                case ir.Block(label):
                    returns = self.labelled(label, node.body, returns, returns)
                case ir.Loop(label):
                    self.labelled(label, node.body, returns, True)
                    returns = True
                case ir.Break(label):
                    returns = self.labels[label]
                case ir.Continue():
                    returns = True
                case ir.Switch():
                    returns = any(self.labels[label] for label in (*node.labels, node.default))
                    self.expr(node.index, returns)
                case ir.Return():
                    returns = True
                    if node.value is not None:
                        self.expr(node.value, True)
                case ir.Throw():
                    self.out.throws = True
                    returns = self.handled
                    self.expr(node.value, returns)
                case ir.Trap():
                    returns = False
                case ir.Try():
                    handler = self.body(node.handler, returns)
                    if self.function.traced and "rt_trace" in self.runtime:
                        self.callee(self.runtime["rt_trace"], handler)
                    outer, self.handled = self.handled, self.handled or handler
                    returns = self.body(node.body, returns) | handler
                    self.handled = outer
                case ir.GlobalSet():
                    self.out.globals.add(node.symbol)
                    self.expr(node.value, returns)
                case ir.Store():
                    if node.address.type is ir.REF:
                        self.out.stores.update(stored_words(node))
                    self.expr(node.address, returns)
                    self.expr(node.value, returns)
                case ir.Line():
                    pass
                case _:
                    raise self.foreign(node)
        return returns

    def labelled(self, label: str, statements: list[ir.Stmt], behind: bool, end: bool) -> bool:
        outer = self.labels.get(label)
        self.labels[label] = behind
        returns = self.body(statements, end)
        if outer is None:
            del self.labels[label]
        else:
            self.labels[label] = outer
        return returns

    def expr(self, root: ir.Expr, returns: bool) -> None:
        out = self.out
        stack: list[Any] = [root]
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind in _LEAVES:
                continue
            if kind is ir.Sequence:
                self.body(node.body, returns)
                if node.value is not None:
                    stack.append(node.value)
                continue
            match node:
                case ir.Op() | ir.Load() | ir.IfElse():
                    pass
                case ir.Call():
                    self.callee(node.symbol, returns)
                case ir.CallIndirect():
                    self.callee((node.params, node.type), returns)
                case ir.Literal():
                    out.types.add(self.runtime["str" if isinstance(node.value, str) else "bytes"])
                case ir.New():
                    out.types.add(node.heap_type)
                    self.callee(self.runtime["rt_alloc"], returns)
                case ir.TypeId():
                    out.types.add(node.heap_type)
                    out.told_apart.add(node.heap_type)
                case ir.IsSubtype():
                    out.told_apart.add(node.heap_type)
                case ir.GlobalGet():
                    out.globals.add(node.symbol)
                case ir.FunctionIndex():
                    out.taken.add(node.symbol)
                case _:
                    raise self.foreign(node)
            stack += parts(node)

    def callee(self, callee: Callee, returns: bool) -> None:
        self.out.callees.add(callee)
        if returns:
            self.out.returning.add(callee)
        if self.handled:
            self.out.caught.add(callee)

    def foreign(self, node: ir.Expr | ir.Stmt) -> TypeError:
        kind = type(node).__name__
        return TypeError(f"{self.function.symbol}: {kind} can't be emitted; run the coroutines pass first")


def stored_words(node: ir.Store) -> tuple[int, ...]:
    """The offsets of the words that a store to a field writes."""
    start = node.offset & -4
    return (start, start + 4) if "64" in node.op else (start,)


def never_returns(program: Program, symbol: str) -> bool:
    """Does the function end by throwing or trapping, without any return on the way?"""
    known = program.endings.get(symbol)
    if known is None:
        program.endings[symbol] = False  # while it is being found out
        function = program.module.functions.get(symbol)
        if function is not None:
            known = _ends_badly(program, function.body) and not _has_return(function.body)
        program.endings[symbol] = bool(known)
        if known:
            program.endless.add(symbol)
    return bool(known)


def _ends_badly(program: Program, body: list[ir.Stmt]) -> bool:
    match body[-1] if body else None:
        case ir.Throw() | ir.Trap() | ir.Do(ir.Op(op="unreachable")):
            return True
        case ir.Do(ir.Call(symbol=symbol)):
            return never_returns(program, symbol)
        case ir.Do(ir.Sequence(body=inner, value=None)):
            return _ends_badly(program, inner)
        case ir.If(_, then, orelse):
            return _ends_badly(program, then) and _ends_badly(program, orelse)
    return False


def _has_return(body: list[ir.Stmt]) -> bool:
    return any(isinstance(node, ir.Return) for node in everything(body))


def _spread(seeds: set[Callee], callers: dict[Callee, list[Callee]]) -> set[Callee]:
    found = set(seeds)
    pending = list(seeds)
    while pending:
        for caller in callers.get(pending.pop(), ()):
            if caller not in found:
                found.add(caller)
                pending.append(caller)
    return found


def cycles(graph: dict[Callee, set[Callee]]) -> set[Callee]:
    """The nodes that lie on some cycle: Tarjan's strongly connected components, without recursion."""
    order: dict[Callee, int] = {}
    low: dict[Callee, int] = {}
    component: list[Callee] = []
    waiting: set[Callee] = set()
    found: set[Callee] = set()
    for root in graph:
        if root in order:
            continue
        order[root] = low[root] = len(order)
        component.append(root)
        waiting.add(root)
        work = [(root, iter(graph[root]))]
        while work:
            node, callees = work[-1]
            for callee in callees:
                if callee not in graph:
                    continue
                if callee not in order:
                    order[callee] = low[callee] = len(order)
                    component.append(callee)
                    waiting.add(callee)
                    work.append((callee, iter(graph[callee])))
                    break
                if callee in waiting:
                    low[node] = min(low[node], order[callee])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    start = component.index(node)
                    members = component[start:]
                    del component[start:]
                    waiting.difference_update(members)
                    if len(members) > 1 or node in graph[node]:
                        found.update(members)
    return found
