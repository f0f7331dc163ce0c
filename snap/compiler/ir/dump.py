"""IR as text, for people and tests.

In: a module or a function. Out: one statement a line, indented by structure; expressions in prefix form. Locals that
share a name are told apart by a number.
"""

from __future__ import annotations

from ..syntax.node import Node
from ..syntax.printing import Printer
from . import nodes as ir


def dump(module: ir.Module) -> str:
    """The whole module: heap types, variables, dispatches, functions, exports; each kind in order of symbols."""
    lines = [
        f"type {item.symbol} {item.kind} {item.size}"
        + (f" refs {','.join(map(str, item.ref_offsets))}" if item.ref_offsets else "")
        + (f" below {item.parent}" if item.parent else "")
        for _, item in sorted(module.heap_types.items())
    ]
    lines += [f"global {symbol}: {type.value}" for symbol, type in sorted(module.globals.items())]
    for _, dispatch in sorted(module.dispatches.items()):
        targets = ", ".join(f"{heap_type}: {symbol}" for heap_type, symbol in dispatch.targets)
        lines.append(f"dispatch {dispatch.symbol} {{{targets}}}")
    parts = ["\n".join(lines)] if lines else []
    parts += [dump_function(function) for _, function in sorted(module.functions.items())]
    parts += [f"export {name} = {symbol}" for name, symbol in module.exports.items()]
    return "\n\n".join(parts) + "\n"


def dump_function(function: ir.Function) -> str:
    writer = _Printer()
    params = ", ".join(f"{writer.name(param)}: {param.type.value}" for param in function.params)
    result = f" -> {function.result.value}" if function.result else ""
    head = f"{'' if function.kind == 'plain' else function.kind + ' '}function {function.symbol}({params}){result}"
    return "\n".join([head, *writer.block(function.body)])


class _Printer(Printer):
    indent = "  "
    forms = {
        ir.Line: "line {span.start}", ir.Set: "{local} = {value}", ir.GlobalSet: "@{symbol} = {value}",
        ir.Store: "{op} [{address} + {offset}] = {value}", ir.Do: "do {value}", ir.If: "if {test}",
        ir.Block: "block {label}", ir.Loop: "loop {label}", ir.Break: "break {label}", ir.Continue: "continue {label}",
        ir.Return: "return {value}", ir.Throw: "throw {value}", ir.Try: "try", ir.Trap: "trap",
        ir.Get: "{local}", ir.GlobalGet: "@{symbol}", ir.Load: "{op}[{address} + {offset}]", ir.Op: "{op}({args})",
        ir.Call: "call {symbol}({args})", ir.CallIndirect: "call [{index}]({args})", ir.Literal: "{value!r}",
        ir.FunctionIndex: "&{symbol}", ir.TypeId: "type_id {heap_type}", ir.LinkValue: "link {name}",
        ir.IsSubtype: "({value} is {heap_type})", ir.New: "new {heap_type}",
        ir.IfElse: "({then} if {test} else {orelse})", ir.SelfFrame: "self_frame",
    }  # fmt: skip
    blocks = {
        ir.If: (("", "then"), ("else", "orelse")), ir.Block: (("", "body"),), ir.Loop: (("", "body"),),
        ir.Try: (("", "body"), ("catch {caught}", "handler")),
    }  # fmt: skip

    def __init__(self) -> None:
        self._names: dict[ir.Local, str] = {}
        self._counts: dict[str, int] = {}

    def name(self, local: ir.Local) -> str:
        known = self._names.get(local)
        if known is None:
            base = local.name or "t"
            count = self._counts.get(base, 0)
            self._counts[base] = count + 1
            known = self._names[local] = f"{base}.{count}" if count or not local.name else base
        return known

    def shown(self, value: object) -> object:
        match value:
            case ir.Local():
                return self.name(value)
            case ir.Expr():
                return self.text(value)
            case _:
                return super().shown(value)

    def text(self, node: Node) -> str:
        match node:
            case ir.Const():
                return "null" if node.type is ir.REF else repr(node.value)
            case ir.Switch():
                return f"switch {self.text(node.index)} ({' '.join(node.labels)}) else {node.default}"
            case ir.Suspend():
                return f"suspend {node.status}" + (f" unless {self.text(node.unless)}" if node.unless else "")
            case ir.Sequence():
                lines = [line for item in node.body for line in self.lines(item)]
                lines += self.text(node.value).split("\n") if node.value else []
                return "\n".join(["{", *(f"    {line}" for line in lines), "}"])
            case _:
                return super().text(node)
