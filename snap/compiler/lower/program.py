"""The program while it is lowered: which functions are wanted, and the module they end up in.

Functions are lowered when something that is lowered uses them, beginning from the entry points, so what only dead
branches call is left out. Besides the program's own functions there are small shared ones made here: checked arithmetic
for the library, boxes, the allocation of arrays, and the entries behind function values.
"""

from __future__ import annotations

from collections.abc import Callable

from ..ir import nodes as ir
from ..ir.arithmetic import checked_body
from ..sema import typed
from ..sema.types import ClassType, Type
from . import appending, boxing
from .closures import load_captures, make_cells, value_entry
from .coroutines import link_body, resume_symbol, split
from .expressions import EXPRESSIONS
from .function import FunctionLowering
from .inline import InlineBody
from .layout import Layouts, Storage, storage_of
from .primitives import array_body
from .statements import STATEMENTS

LINKER_NEEDS = ("rt_alloc", "rt_collect", "rt_recursion", "rt_trace")  # called by code that only the linker writes


PLACE = "pielang.core.tasks.place"
"""The variable that knows, in a program that is traced, which line of its own the running task is at."""


class ProgramLowering:
    def __init__(self, program: typed.TProgram, tracing: bool) -> None:
        self.module: ir.Module = ir.Module(place=PLACE if tracing else "")
        self.layouts = Layouts(program, self.module)
        self._program = program
        self._wanted: list[str] = []
        self._seen: set[str] = set()
        self._inline: dict[str, InlineBody | None] = {}
        self._aliases: dict[str, typed.Prim | None] = {}

    def run(self) -> ir.Module:
        module, program = self.module, self._program
        for name in LINKER_NEEDS:
            if name in program.runtime:
                self.runtime(name)
        for layout in program.layouts.values():
            if layout.type.decl.representation == "raw":
                module.runtime[layout.type.decl.name] = self.layouts.heap_type(layout)
        for export, instance in program.entry_points.items():
            module.exports[export] = self.need(instance)
        grown: dict[str, str] = {}  # module-level text that grows in place -> the function that appends to it
        while self._wanted:
            symbol = self._wanted.pop()
            function = self._lower(program.functions[symbol])
            if not function.source.library:
                grown |= dict.fromkeys(appending.grow(function, self.runtime), symbol)
            for part in split(function, self.layouts, module) if function.kind == "coroutine" else [function]:
                module.functions[part.symbol] = part
        if grown:
            for function in module.functions.values():
                owner = function.symbol.removesuffix("$resume")
                if not function.source.library:
                    appending.share(function, {name for name in grown if grown[name] != owner}, self.runtime)
        return module

    # --- what functions being lowered ask for ---------------------------------------------------------------------

    def need(self, instance: typed.Instance) -> str:
        """The symbol of a function that is called."""
        symbol = instance.symbol
        if symbol not in self._seen:
            if symbol not in self._program.functions:
                raise ValueError(f"`{symbol}` is called, but the checker has made no body for it")
            self._seen.add(symbol)
            self._wanted.append(symbol)
        return symbol

    def need_dispatch(self, dispatch: typed.Dispatch) -> str:
        if dispatch.symbol not in self.module.dispatches:
            params = tuple(value for type in dispatch.params if (value := storage_of(type).value))
            targets = [(self.layouts.heap_type(layout), self.need(item)) for layout, item in dispatch.targets]
            self.module.dispatches[dispatch.symbol] = ir.DispatchFunction(
                dispatch.symbol, params, storage_of(dispatch.result).value, targets
            )
        return dispatch.symbol

    def need_value(self, instance: typed.Instance) -> str:
        """The symbol of the function that closures of `instance` hold."""
        target = self.need(instance)
        if instance.captures:
            return target
        symbol = f"{target}$value"
        if symbol not in self.module.functions:
            function = self._program.functions[target]
            self.module.functions[symbol] = value_entry(symbol, target, instance, function)
        return symbol

    def resume_symbol(self, instance: typed.Instance) -> str:
        return resume_symbol(self.need(instance))

    def runtime(self, name: str) -> str:
        """The symbol of a function of core that the compiler knows by name."""
        instance = self._program.runtime.get(name)
        if instance is None:
            raise ValueError(f"the core library has no function `{name}`, which lowering calls")
        self.module.runtime[name] = instance.symbol
        return self.need(instance)

    def global_(self, glob: typed.GlobalVar) -> str:
        value = storage_of(glob.type).value
        assert value is not None, "a variable of type None has no place"
        self.module.globals[glob.symbol] = value
        return glob.symbol

    def frame_value(self, type: Type) -> tuple[Storage, int]:
        """How and where a coroutine or generator object of `type` holds its value."""
        assert isinstance(type, ClassType)
        layout = self.layouts.of_class(type)
        if layout is None:
            raise ValueError(f"the checker has made no layout for `{type}`")
        info = self.layouts.value_field(type)
        return storage_of(info.type), self.layouts.offset(layout, info)

    # --- shared functions -----------------------------------------------------------------------------------------

    def _home(self) -> typed.TFunction:
        """A library function to lend its source to what has none."""
        return self._program.functions[self.runtime("rt_overflow")]

    def box_function(self, type: ClassType) -> str:
        symbol = self.layouts.box(type)[0]
        if symbol not in self.module.functions:
            self.module.functions[symbol] = boxing.box_function(self.layouts, type, symbol, self._home())
        return symbol

    def _share(
        self, symbol: str, params: list[ir.Local], result: ir.ValType, make: Callable[[list[ir.Local]], list[ir.Stmt]]
    ) -> str:
        if symbol not in self.module.functions:
            home = self._home()
            body = make(params)
            self.module.functions[symbol] = ir.Function(symbol, symbol, params, result, body, home.source, home.span)
        return symbol

    def checked_function(self, name: str) -> str:
        """(left, right) -> sum, difference or product."""
        params = [ir.Local("left", ir.I64), ir.Local("right", ir.I64)]
        fail = ir.Call(None, self.runtime("rt_overflow"), [])
        return self._share(f"checked_{name}", params, ir.I64, lambda params: checked_body(name, params, fail))

    def link_function(self) -> str:
        """(coroutine, frame) -> coroutine: the frame is about to await the coroutine."""
        return self._share("link_frames", [ir.Local("child", ir.REF), ir.Local("parent", ir.REF)], ir.REF, link_body)

    def array_function(self) -> str:
        """(type id, count, log2 of the element size) -> a new array."""
        params = [ir.Local(name, ir.I32) for name in ("type_id", "count", "shift")]
        allocator = self.runtime("rt_alloc")
        return self._share("new_array", params, ir.REF, lambda params: array_body(params, allocator))

    # --- functions ------------------------------------------------------------------------------------------------

    def primitive_alias(self, symbol: str) -> typed.Prim | None:
        """The primitive that an inline function hands its parameters on to, if that is all it does."""
        if symbol not in self._aliases:
            self._aliases[symbol] = _alias(self._program.functions.get(symbol))
        return self._aliases[symbol]

    def inline_body(self, symbol: str) -> InlineBody | None:
        """The body of a function that is put into its callers; None when it is called, as is one that calls itself."""
        if symbol not in self._inline:
            function = self._program.functions.get(symbol)
            self._inline[symbol] = None
            if function and function.inline and function.instance.kind == "plain" and not function.instance.captures:
                self._inline[symbol] = InlineBody(self._lower(function))
        return self._inline[symbol]

    def _lower(self, function: typed.TFunction) -> ir.Function:
        instance = function.instance
        f = FunctionLowering(self, function, EXPRESSIONS, STATEMENTS)
        head: list[ir.Stmt] = []
        params = [f.parameter(var) for var in function.params if storage_of(var.type).value]
        if instance.captures:
            closure = ir.Local("closure", ir.REF)
            params.insert(0, closure)
            head += load_captures(f, instance, closure)
        head += make_cells(f)
        body = head + f.body(function.body)
        result = None if f.suspends else storage_of(f.result_type).value
        if result and not (body and isinstance(body[-1], ir.Return | ir.Throw | ir.Trap)):
            body.append(ir.Trap())
        lowered = ir.Function(
            instance.symbol,
            instance.name,
            params,
            result,
            body,
            function.source,
            function.span,
            inline=function.inline,
            traced=not function.source.library,
        )
        if f.suspends:
            assert isinstance(instance.result, ClassType)
            layout = self.layouts.of_class(instance.result)
            assert layout is not None, f"the checker has made no layout for `{instance.result}`"
            lowered.kind, lowered.frame_base = "coroutine", self.layouts.heap_type(layout)
        return lowered


def _alias(function: typed.TFunction | None) -> typed.Prim | None:
    match function:
        case typed.TFunction(inline=True, body=[typed.TReturn(value=typed.Prim() as primitive)]):
            given = [node.var if isinstance(node, typed.GetVar) else None for node in primitive.args]
            if given == function.params and all(storage_of(var.type).value for var in function.params):
                return primitive
    return None


def lower(program: typed.TProgram, tracing: bool = False) -> ir.Module:
    """The IR of a checked program: plain functions only, coroutines already split. `tracing`: calls of the host tell
    which line of the program they come from."""
    return ProgramLowering(program, tracing).run()
