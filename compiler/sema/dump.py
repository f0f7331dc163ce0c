"""The typed program printed back as source with its types, for `pielang dump --stage typed`.

In: a `TProgram`. Out: the user's functions, one for each instance, in the order of their places. What the checker made
of the source shows as it is: operators and loops are calls and `loop`s, `{...; => value}` runs statements for a value,
`(x as T)` changes a representation, and variables without a name of their own are called `t1`, `t2`, ...
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from .typed import (
    Await,
    Call,
    CallValue,
    CallVirtual,
    Coerce,
    Conditional,
    Const,
    Construct,
    Do,
    GetField,
    GetGlobal,
    GetItem,
    GetVar,
    IsInstance,
    MakeClosure,
    MakeTuple,
    Prim,
    SetField,
    SetGlobal,
    SetVar,
    TBlock,
    TBreak,
    TContinue,
    TExpr,
    TFunction,
    TIf,
    TLoop,
    TProgram,
    TRaise,
    TReturn,
    TStmt,
    TTry,
    Var,
    Yield,
)

INDENT = "    "
BINARY = {
    "add": "+", "sub": "-", "mul": "*", "truediv": "/", "floordiv": "//", "mod": "%", "pow": "**", "lshift": "<<",
    "rshift": ">>", "and": "&", "or": "|", "xor": "^", "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">",
    "ge": ">=",
}  # fmt: skip


def dump(program: TProgram) -> Iterator[str]:
    """The lines of the classes and functions that the user wrote."""
    for layout in program.layouts.values():
        if not layout.type.decl.module.library:
            base = f"({layout.base.type})" if layout.base is not None else ""
            yield f"class {layout.type}{base}:"
            yield from (f"{INDENT}{info.name}: {info.type}" for info in layout.fields)
            yield ""
    functions = [function for function in program.functions.values() if not function.source.library]
    for function in sorted(functions, key=lambda function: (function.source.name, function.span)):
        yield from _Printer(function).function()
        yield ""


class _Printer:
    def __init__(self, function: TFunction) -> None:
        self.shown = function
        self.names: dict[Var, str] = {}
        self.declared = {*function.params, *function.instance.captures}

    def function(self) -> Iterator[str]:
        shown, instance = self.shown, self.shown.instance
        line = shown.source.position(shown.span.start).line
        params = ", ".join(f"{self.variable(var)}: {var.type}" for var in shown.params)
        yield f"# {instance.symbol}  {shown.source.name}:{line}"
        if instance.captures:
            yield f"# captures {', '.join(f'{self.variable(var)}: {var.type}' for var in instance.captures)}"
        word = "async def" if instance.kind == "async" else "def"
        yield f"{word} {instance.name}({params}) -> {instance.result}:"
        yield from self.block(shown.body)

    def variable(self, var: Var) -> str:
        name = self.names.get(var)
        if name is None:
            taken = set(self.names.values())
            stem = var.name or "t"
            numbers = range(0 if var.name else 1, len(taken) + 2)
            name = next(item for n in numbers if (item := f"{stem}{n or ''}") not in taken)
            self.names[var] = name
        return name

    # --- statements ----------------------------------------------------------------------------------------------

    def block(self, body: Iterable[TStmt]) -> Iterator[str]:
        lines = [line for node in body for line in self.statement(node)]
        yield from (INDENT + line for line in lines or ["pass"])

    def statement(self, node: TStmt) -> Iterator[str]:
        match node:
            case SetVar():
                kind = "" if node.var in self.declared else f": {node.var.type}"
                value = self.expression(node.value)
                self.declared.add(node.var)
                yield from f"{self.variable(node.var)}{kind} = {value}".split("\n")
            case SetGlobal():
                yield from f"{node.glob.symbol} = {self.expression(node.value)}".split("\n")
            case SetField():
                target = f"{self.expression(node.obj)}.{node.field.name}"
                yield from f"{target} = {self.expression(node.value)}".split("\n")
            case Do():
                yield from self.expression(node.value).split("\n")
            case TIf():
                yield from f"if {self.expression(node.test)}:".split("\n")
                yield from self.block(node.body)
                yield from self.part("else:", node.orelse)
            case TLoop():
                yield from f"loop while {'True' if node.test is None else self.expression(node.test)}:".split("\n")
                yield from self.block(node.body)
                yield from self.part("step:", node.step)
                yield from self.part("else:", node.orelse)
            case TBreak():
                yield "break"
            case TContinue():
                yield "continue"
            case TReturn():
                yield from ("return" if node.value is None else f"return {self.expression(node.value)}").split("\n")
            case TRaise():
                yield from ("raise" if node.exc is None else f"raise {self.expression(node.exc)}").split("\n")
            case TTry():
                yield "try:"
                yield from self.block(node.body)
                for handler in node.handlers:
                    kinds = " | ".join(map(str, handler.types))
                    name = "" if handler.var is None else f" as {self.variable(handler.var)}"
                    yield from self.part(f"except {kinds or 'BaseException'}{name}:", handler.body, always=True)
                yield from self.part("else:", node.orelse)
                yield from self.part("finally:", node.final)
            case _:
                raise TypeError(f"no statement: {node}")

    def part(self, head: str, body: list[TStmt], always: bool = False) -> Iterator[str]:
        if body or always:
            yield head
            yield from self.block(body)

    # --- expressions ---------------------------------------------------------------------------------------------

    def expression(self, node: TExpr) -> str:
        match node:
            case Const():
                return repr(node.value)
            case GetVar():
                return self.variable(node.var)
            case GetGlobal():
                return node.glob.symbol
            case GetField():
                return f"{self.expression(node.obj)}.{node.field.name}"
            case GetItem():
                return f"{self.expression(node.obj)}[{node.index}]"
            case Call():
                owner, _, method = node.instance.name.rpartition(".")
                taken = node.instance.params
                is_method = bool(owner and taken) and str(taken[0]).partition("[")[0] == owner
                return self.call(method if is_method else node.instance.name, node.args, is_method)
            case CallVirtual():
                return self.call(node.dispatch.symbol.rpartition(".")[2], node.args, True)
            case CallValue():
                return f"{self.expression(node.callee)}({self.several(node.args)})"
            case MakeClosure():
                held = ", ".join(map(self.variable, node.captures))
                return f"closure {node.instance.symbol}" + (f" of {held}" if held else "")
            case Construct():
                return f"new {node.layout.type}"
            case MakeTuple():
                return f"({self.several(node.items)}{',' if len(node.items) == 1 else ''})"
            case Prim():
                kinds = f"[{', '.join(map(str, node.type_args))}]" if node.type_args else ""
                return f"{node.op}{kinds}({self.several(node.args)})"
            case Conditional():
                parts = (self.expression(part) for part in (node.body, node.test, node.orelse))
                return "({} if {} else {})".format(*parts)
            case TBlock():
                lines = [line for item in node.body for line in self.statement(item)]
                lines.append(f"=> {self.expression(node.value)}")
                if len(lines) < 4 and not any("\n" in line or line.endswith((":", "{")) for line in lines):
                    return "{" + "; ".join(lines) + "}"
                inside = "\n".join(lines).replace("\n", f"\n{INDENT}")
                return f"{{\n{INDENT}{inside}\n}}"
            case Coerce():
                return f"({self.expression(node.value)} as {node.type})"
            case IsInstance():
                return f"({self.expression(node.value)} is {' | '.join(map(str, node.classes))})"
            case Await():
                return f"await {self.expression(node.value)}"
            case Yield():
                return f"yield {self.expression(node.value)}"
            case _:
                raise TypeError(f"no expression: {node}")

    def several(self, items: Iterable[TExpr]) -> str:
        return ", ".join(map(self.expression, items))

    def call(self, name: str, args: list[TExpr], is_method: bool) -> str:
        """A call as its source has it: a method after its object, an operator between its operands."""
        if not is_method:
            return f"{name}({self.several(args)})"
        operator = BINARY.get(name.strip("_")) if name.startswith("__") and len(args) == 2 else None
        if operator is not None:
            return f"({self.expression(args[0])} {operator} {self.expression(args[1])})"
        return f"{self.expression(args[0])}.{name}({self.several(args[1:])})"
