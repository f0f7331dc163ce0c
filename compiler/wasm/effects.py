"""What is reachable, and what calling it may do.

In: an `ir.Module`. Out: `Program`: the functions, dispatches and heap types that the exports reach, and for each
function (and each signature called indirectly) whether a call of it may collect garbage and may throw.

A dispatch only reaches the targets of classes that are created somewhere, so methods of classes that never exist are
dropped. Both effects spread from callee to caller; the seeds are the allocator, `Throw`, and functions on a cycle of
the call graph, since those check for too deep a recursion and then allocate and throw a RecursionError.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from ..ir import nodes as ir

Signature = tuple[tuple[ir.ValType, ...], ir.ValType | None]
Callee = str | Signature  # a function or dispatch symbol, or all functions in the table that have this signature

_LEAVES = frozenset({ir.Const, ir.Get, ir.Line, ir.Break, ir.Continue, ir.Trap, ir.LinkValue})


@dataclass(slots=True)
class Summary:
    """What one function names."""

    callees: set[Callee] = field(default_factory=set)
    taken: set[str] = field(default_factory=set)  # functions whose table index is used
    types: set[str] = field(default_factory=set)  # heap types whose number is used, so that such objects may exist
    globals: set[str] = field(default_factory=set)
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
    collecting: set[Callee] = field(default_factory=set)
    throwing: set[Callee] = field(default_factory=set)
    recursive: set[Callee] = field(default_factory=set)  # on a cycle of `graph`
    graph: dict[Callee, set[Callee]] = field(default_factory=dict)  # the call graph, without the allocator's calls

    def signature(self, symbol: str) -> Signature:
        """Parameter and result types of a function or dispatch."""
        function = self.module.functions.get(symbol)
        if function is not None:
            return tuple(param.type for param in function.params), function.result
        dispatch = self.module.dispatches[symbol]
        return dispatch.params, dispatch.result


def analyse(module: ir.Module, roots: Iterable[str]) -> Program:
    """Find what `roots` (function symbols) reach in `module`, and its effects."""
    program = Program(module)
    _reach(program, roots)
    graph = _call_graph(program)
    allocator = module.runtime.get("rt_alloc")
    seeds: set[Callee] = {module.runtime[name] for name in ("rt_alloc", "rt_collect") if name in module.runtime}
    # The allocator's own way out of memory leads back to itself; that is its author's business, not a recursion.
    program.graph = {caller: callees for caller, callees in graph.items() if caller != allocator}
    program.recursive = cycles(program.graph)
    callers: dict[Callee, list[Callee]] = {}
    for caller, callees in graph.items():
        for callee in callees:
            callers.setdefault(callee, []).append(caller)
    program.collecting = _spread(seeds | program.recursive, callers)
    throwing: set[Callee] = {symbol for symbol, summary in program.functions.items() if summary.throws}
    program.throwing = _spread(throwing | program.recursive, callers)
    return program


def _reach(program: Program, roots: Iterable[str]) -> None:
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
            summary = summarise(function, module.runtime)
            program.functions[symbol] = summary
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


def summarise(function: ir.Function, runtime: dict[str, str]) -> Summary:
    """Walk a function once and note what it names."""
    out = Summary()
    stack: list[ir.Stmt | ir.Expr] = list(function.body)
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind in _LEAVES:
            continue
        if isinstance(node, ir.Op):
            stack += node.args
        elif isinstance(node, (ir.Set, ir.Do)):
            stack.append(node.value)
        elif isinstance(node, ir.Call):
            out.callees.add(node.symbol)
            stack += node.args
        elif isinstance(node, ir.Load):
            stack.append(node.address)
        elif isinstance(node, (ir.If, ir.IfElse)):
            stack.append(node.test)
            if isinstance(node, ir.If):
                stack += node.then
                stack += node.orelse
            else:
                stack += (node.then, node.orelse)
        elif isinstance(node, ir.Sequence):
            stack += node.body
            if node.value is not None:
                stack.append(node.value)
        elif isinstance(node, ir.Store):
            stack += (node.address, node.value)
        elif isinstance(node, (ir.Block, ir.Loop)):
            stack += node.body
        elif isinstance(node, ir.Return):
            if node.value is not None:
                stack.append(node.value)
        elif isinstance(node, ir.Literal):
            out.types.add(runtime["str" if isinstance(node.value, str) else "bytes"])
        elif isinstance(node, ir.New):
            out.types.add(node.heap_type)
            out.callees.add(runtime["rt_alloc"])
        elif isinstance(node, ir.TypeId):
            out.types.add(node.heap_type)
        elif isinstance(node, ir.IsSubtype):
            stack.append(node.value)
        elif isinstance(node, ir.GlobalGet):
            out.globals.add(node.symbol)
        elif isinstance(node, ir.GlobalSet):
            out.globals.add(node.symbol)
            stack.append(node.value)
        elif isinstance(node, ir.Throw):
            out.throws = True
            stack.append(node.value)
        elif isinstance(node, ir.Try):
            stack += node.body
            stack += node.handler
        elif isinstance(node, ir.FunctionIndex):
            out.taken.add(node.symbol)
        elif isinstance(node, ir.CallIndirect):
            out.callees.add((node.params, node.type))
            stack += node.args
            stack.append(node.index)
        elif isinstance(node, ir.Switch):
            stack.append(node.index)
        else:
            raise TypeError(f"{function.symbol}: {kind.__name__} can't be emitted; run the coroutines pass first")
    return out


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
