"""The typed program printed back as source with its types, for `pielang dump --stage typed`.

In: a `TProgram`. Out: the user's functions, one for each instance, in the order of their places. What the checker made
of the source shows as it is: operators and loops are calls and `loop`s, `{...; => value}` runs statements for a value,
`(x as T)` changes a representation, and variables without a name of their own are called `t1`, `t2`, ...
"""

from __future__ import annotations

from collections.abc import Iterator

from ..syntax.node import Node
from ..syntax.printing import Printer
from . import typed
from .typed import TFunction, TProgram, Var

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
            yield from (f"    {info.name}: {info.type}" for info in layout.fields)
            yield ""
    functions = [function for function in program.functions.values() if not function.source.library]
    for function in sorted(functions, key=lambda function: (function.source.name, function.span)):
        yield from _Printer(function).function()
        yield ""


class _Printer(Printer):
    nothing = ("pass",)
    forms = {
        typed.SetGlobal: "{glob.symbol} = {value}", typed.SetField: "{obj}.{field.name} = {value}", typed.Do: "{value}",
        typed.TIf: "if {test}:", typed.TBreak: "break", typed.TContinue: "continue", typed.TReturn: "return {value}",
        typed.TRaise: "raise {exc}", typed.TTry: "try:",
        typed.GetVar: "{var}", typed.GetGlobal: "{glob.symbol}", typed.GetField: "{obj}.{field.name}",
        typed.GetItem: "{obj}[{index}]", typed.CallValue: "{callee}({args})", typed.Construct: "new {layout.type}",
        typed.Conditional: "({body} if {test} else {orelse})", typed.Coerce: "({value} as {type})",
        typed.Await: "await {value}", typed.Yield: "yield {value}",
    }  # fmt: skip
    blocks = {
        typed.TIf: (("", "body"), ("else:", "orelse")),
        typed.TLoop: (("", "body"), ("step:", "step"), ("else:", "orelse")),
        typed.TTry: (("", "body"), (None, "handlers"), ("else:", "orelse"), ("finally:", "final")),
        typed.THandler: (("", "body"),),
    }

    def __init__(self, function: TFunction) -> None:
        self.checked = function
        self.names: dict[Var, str] = {}
        self.declared = {*function.params, *function.instance.captures}

    def function(self) -> Iterator[str]:
        shown, instance = self.checked, self.checked.instance
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

    def shown(self, value: object) -> object:
        match value:
            case Var():
                return self.variable(value)
            case typed.TExpr():
                return self.text(value)
            case _:
                return super().shown(value)

    def text(self, node: Node) -> str:
        match node:
            case typed.SetVar(var=var):
                value, kind = self.text(node.value), "" if var in self.declared else f": {var.type}"
                self.declared.add(var)
                return f"{self.variable(var)}{kind} = {value}"
            case typed.TLoop():
                return f"loop while {'True' if node.test is None else self.text(node.test)}:"
            case typed.THandler():
                name = "" if node.var is None else f" as {self.variable(node.var)}"
                return f"except {' | '.join(map(str, node.types)) or 'BaseException'}{name}:"
            case typed.Const():
                return repr(node.value)
            case typed.Call():
                owner, _, method = node.instance.name.rpartition(".")
                taken = node.instance.params
                is_method = bool(owner and taken) and str(taken[0]).partition("[")[0] == owner
                return self.call(method if is_method else node.instance.name, node.args, is_method)
            case typed.CallVirtual():
                return self.call(node.dispatch.symbol.rpartition(".")[2], node.args, True)
            case typed.MakeClosure():
                held = self.shown(node.captures)
                return f"closure {node.instance.symbol}" + (f" of {held}" if held else "")
            case typed.MakeTuple():
                return f"({self.shown(node.items)}{',' if len(node.items) == 1 else ''})"
            case typed.Prim():
                kinds = f"[{self.shown(node.type_args)}]" if node.type_args else ""
                return f"{node.op}{kinds}({self.shown(node.args)})"
            case typed.TBlock():
                lines = [line for item in node.body for line in self.lines(item)]
                lines.append(f"=> {self.text(node.value)}")
                if len(lines) < 4 and not any("\n" in line or line.endswith((":", "{")) for line in lines):
                    return "{" + "; ".join(lines) + "}"
                inside = "\n".join(lines).replace("\n", f"\n{self.indent}")
                return f"{{\n{self.indent}{inside}\n}}"
            case typed.IsInstance():
                return f"({self.text(node.value)} is {' | '.join(map(str, node.classes))})"
            case _:
                return super().text(node)

    def call(self, name: str, args: list[typed.TExpr], is_method: bool) -> str:
        """A call as its source has it: a method after its object, an operator between its operands."""
        if not is_method:
            return f"{name}({self.shown(args)})"
        operator = BINARY.get(name.strip("_")) if name.startswith("__") and len(args) == 2 else None
        if operator is not None:
            return f"({self.text(args[0])} {operator} {self.text(args[1])})"
        return f"{self.text(args[0])}.{name}({self.shown(args[1:])})"
