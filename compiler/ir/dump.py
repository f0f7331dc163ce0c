"""IR as text, for people and tests.

In: a module or a function. Out: one statement a line, indented by structure; expressions in prefix form. Locals that
share a name are told apart by a number.
"""

from __future__ import annotations

from collections.abc import Iterator

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
    writer = _Writer()
    params = ", ".join(f"{writer.name(param)}: {param.type.value}" for param in function.params)
    result = f" -> {function.result.value}" if function.result else ""
    head = f"{'' if function.kind == 'plain' else function.kind + ' '}function {function.symbol}({params}){result}"
    return "\n".join([head, *writer.body(function.body, "  ")])


class _Writer:
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

    def body(self, nodes: list[ir.Stmt], indent: str) -> Iterator[str]:
        for node in nodes:
            yield from self.statement(node, indent)

    def statement(self, node: ir.Stmt, indent: str) -> Iterator[str]:
        inner = indent + "  "
        match node:
            case ir.Line():
                yield f"{indent}line {node.span.start}"
            case ir.Set():
                yield f"{indent}{self.name(node.local)} = {self.expr(node.value, indent)}"
            case ir.GlobalSet():
                yield f"{indent}@{node.symbol} = {self.expr(node.value, indent)}"
            case ir.Store():
                address = self.expr(node.address, indent)
                yield f"{indent}{node.op} [{address} + {node.offset}] = {self.expr(node.value, indent)}"
            case ir.Do():
                yield f"{indent}do {self.expr(node.value, indent)}"
            case ir.If():
                yield f"{indent}if {self.expr(node.test, indent)}"
                yield from self.body(node.then, inner)
                if node.orelse:
                    yield f"{indent}else"
                    yield from self.body(node.orelse, inner)
            case ir.Block() | ir.Loop():
                yield f"{indent}{type(node).__name__.lower()} {node.label}"
                yield from self.body(node.body, inner)
            case ir.Break() | ir.Continue():
                yield f"{indent}{type(node).__name__.lower()} {node.label}"
            case ir.Switch():
                labels = " ".join(node.labels)
                yield f"{indent}switch {self.expr(node.index, indent)} ({labels}) else {node.default}"
            case ir.Return():
                yield f"{indent}return {self.expr(node.value, indent)}" if node.value else f"{indent}return"
            case ir.Throw():
                yield f"{indent}throw {self.expr(node.value, indent)}"
            case ir.Try():
                yield f"{indent}try"
                yield from self.body(node.body, inner)
                yield f"{indent}catch {self.name(node.caught)}"
                yield from self.body(node.handler, inner)
            case ir.Suspend():
                unless = f" unless {self.expr(node.unless, indent)}" if node.unless else ""
                yield f"{indent}suspend {node.status}{unless}"
            case ir.Trap():
                yield f"{indent}trap"
            case _:
                raise AssertionError(f"no text for {type(node).__name__}")

    def expr(self, node: ir.Expr, indent: str) -> str:
        match node:
            case ir.Const():
                return "null" if node.type is ir.REF else repr(node.value)
            case ir.Get():
                return self.name(node.local)
            case ir.GlobalGet():
                return f"@{node.symbol}"
            case ir.Load():
                return f"{node.op}[{self.expr(node.address, indent)} + {node.offset}]"
            case ir.Op():
                return self._applied(node.op, node.args, indent)
            case ir.Call():
                return self._applied(f"call {node.symbol}", node.args, indent)
            case ir.CallIndirect():
                return self._applied(f"call [{self.expr(node.index, indent)}]", node.args, indent)
            case ir.Literal():
                return repr(node.value)
            case ir.FunctionIndex():
                return f"&{node.symbol}"
            case ir.TypeId():
                return f"type_id {node.heap_type}"
            case ir.LinkValue():
                return f"link {node.name}"
            case ir.IsSubtype():
                return f"({self.expr(node.value, indent)} is {node.heap_type})"
            case ir.New():
                return f"new {node.heap_type}"
            case ir.IfElse():
                parts = [self.expr(part, indent) for part in (node.then, node.test, node.orelse)]
                return "({} if {} else {})".format(*parts)
            case ir.Sequence():
                lines = "\n".join(self.body(node.body, indent + "    "))
                value = f"\n{indent}    {self.expr(node.value, indent + '    ')}" if node.value else ""
                return f"{{\n{lines}{value}\n{indent}}}"
            case ir.SelfFrame():
                return "self_frame"
            case _:
                raise AssertionError(f"no text for {type(node).__name__}")

    def _applied(self, name: str, args: list[ir.Expr], indent: str) -> str:
        return f"{name}({', '.join(self.expr(argument, indent) for argument in args)})"
