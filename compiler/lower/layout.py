"""Where things lie in memory: the value type, size and offset of everything that has one.

In: types and class layouts of the typed program. Out: `Storage` of a type, field offsets, and the `HeapType`s of the
module, which are registered as they are first asked for (a base before what is below it).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..ir.nodes import F64, I32, I64, REF, Expr, HeapType, Load, Module, Stmt, Store, ValType
from ..sema.typed import ClassLayout, FieldInfo, Instance, TProgram
from ..sema.types import NEVER, NONE, ClassType, FunctionType, TupleType, Type

HEADER = 4  # bytes: the word with the type id that every object begins with
ARRAY_LENGTH = 4  # offset of the count of an array or raw object
ARRAY_DATA = 8  # offset of its elements
CLOSURE_INDEX = 4  # offsets of docs/abi.md: closures and coroutine frames
FRAME_RESUME = 4
FRAME_STATE = 8
FRAME_PARENT = 12
FRAME_AWAITED = 16


@dataclass(frozen=True, slots=True)
class Storage:
    """How a value of a type is held: `value` in a local (None: there is no value), `size` bytes in memory."""

    value: ValType | None
    size: int
    load: str
    store: str

    def read(self, address: Expr, offset: int) -> Load:
        return Load(self.value, self.load, address, offset)

    def write(self, address: Expr, offset: int, value: Expr) -> Stmt:
        return Store(self.store, address, value, offset)


NOTHING = Storage(None, 0, "", "")
REFERENCE = Storage(REF, 4, "i32.load", "i32.store")
INT = Storage(I64, 8, "i64.load", "i64.store")
FLOAT = Storage(F64, 8, "f64.load", "f64.store")
WORD = Storage(I32, 4, "i32.load", "i32.store")
BOOL = Storage(I32, 1, "i32.load8_u", "i32.store8")

_REPRESENTATIONS = {"i64": INT, "f64": FLOAT, "i32": WORD, "u32": WORD, "bool": BOOL, "class": WORD}
_OF_VALUE = {I64: INT, F64: FLOAT, I32: WORD, REF: REFERENCE}
_BOXES = {"i64": "int", "f64": "float", "bool": "bool"}


def storage_of(type: Type) -> Storage:
    if isinstance(type, ClassType):
        return _REPRESENTATIONS.get(type.decl.representation, REFERENCE)
    return NOTHING if type in (NONE, NEVER) else REFERENCE


def storage_of_value(value: ValType) -> Storage:
    return _OF_VALUE[value]


def place(start: int, storages: Sequence[Storage]) -> tuple[list[int], int]:
    """Offsets of fields of these storages behind `start`, each aligned to its size, and the end."""
    offsets = []
    for storage in storages:
        align = storage.size or 1
        start = (start + align - 1) // align * align
        offsets.append(start)
        start += storage.size
    return offsets, start


class Layouts:
    """All layouts of one program."""

    def __init__(self, program: TProgram, module: Module) -> None:
        self._module = module
        self._by_type = {layout.type: layout for layout in program.layouts.values()}
        self._offsets: dict[FieldInfo, int] = {}
        asking = "pielang.core.frames.type_name[Callable"
        self._names_functions = any(symbol.startswith(asking) for symbol in program.functions)
        compares = any(symbol.startswith("pielang.core.names.identified") for symbol in program.functions)
        self._closure_fields = [WORD, WORD, REFERENCE] if compares else [WORD]

    def of_class(self, type: ClassType) -> ClassLayout | None:
        """The layout of an instantiated class; None when the program makes no object of it."""
        return self._by_type.get(type)

    def value_field(self, type: ClassType) -> FieldInfo:
        """The field `value` of the coroutine or generator class `type`."""
        layout: ClassLayout | None = self._by_type[type]
        while layout is not None:
            for info in layout.fields:
                if info.name == "value":
                    return info
            layout = layout.base
        raise ValueError(f"class `{type}` has no field `value`, which docs/abi.md asks of it")

    def offset(self, owner: ClassLayout, info: FieldInfo) -> int:
        if info not in self._offsets:
            self.heap_type(owner)
        return self._offsets[info]

    # Heap types, by what they hold

    def _register(self, heap_type: HeapType) -> str:
        self._module.heap_types.setdefault(heap_type.symbol, heap_type)
        return heap_type.symbol

    def extend(
        self, symbol: str, parent: str | None, storages: Sequence[Storage], display: str, finalizer: bool = False
    ) -> list[int]:
        """Register an object type with these fields behind those of `parent`; their offsets."""
        base = self._module.heap_types[parent] if parent else None
        offsets, end = place(base.size if base else HEADER, storages)
        references = [offset for offset, storage in zip(offsets, storages, strict=True) if storage is REFERENCE]
        inherited = base.ref_offsets if base else ()
        self._register(HeapType(symbol, "object", end, inherited + tuple(references), parent, display, finalizer))
        return offsets

    def heap_type(self, layout: ClassLayout) -> str:
        symbol = layout.symbol
        if symbol not in self._module.heap_types:
            parent = self.heap_type(layout.base) if layout.base else None
            decl = layout.type.decl
            if decl.representation == "raw":
                self._register(HeapType(symbol, "raw", 1, (), parent, decl.display))
            else:
                storages = [storage_of(info.type) for info in layout.fields]
                offsets = self.extend(symbol, parent, storages, decl.display, layout.finalizer)
                self._offsets.update(zip(layout.fields, offsets, strict=True))
        return symbol

    def box(self, type: ClassType) -> tuple[str, int]:
        """Heap type and value offset of the box of a value class. A bool's box is below an int's and laid out alike, so
        that a bool in a union or `Any` passes for an int."""
        name = _BOXES.get(type.decl.representation, type.decl.name)
        symbol = f"box.{name}"
        if symbol not in self._module.heap_types:
            if name == "bool":
                self._box("int", INT, None)
                self._register(HeapType(symbol, "object", 16, (), "box.int", name))
            else:
                self._box(name, storage_of(type), None)
        return symbol, 4 if storage_of(type) is WORD else 8

    def _box(self, name: str, storage: Storage, parent: str | None) -> None:
        if f"box.{name}" not in self._module.heap_types:
            self.extend(f"box.{name}", parent, [storage], name)

    def cell(self, storage: Storage) -> tuple[str, int]:
        """Heap type and value offset of the cell of a captured variable."""
        assert storage.value is not None
        symbol = f"cell.{storage.value.value}"
        if symbol not in self._module.heap_types:
            self.extend(symbol, None, [storage_of_value(storage.value)], "cell")
        return symbol, 8 if storage.size == 8 else 4

    def tuple_type(self, type: TupleType) -> tuple[str, list[int]]:
        """Heap type of a tuple, one for each sequence of ways to hold a value, and the offsets of its items."""
        storages = [storage_of(item) for item in type.items]
        kinds = ("bool" if item is BOOL else item.value.value if item.value else "none" for item in storages)
        symbol = f"tuple({','.join(kinds)})"
        if symbol not in self._module.heap_types:
            return symbol, self.extend(symbol, None, storages, "tuple")
        return symbol, place(HEADER, storages)[0]

    def array(self, element: Type) -> str:
        """Heap type of `Array[element]`: one for each way to hold an element."""
        storage = storage_of(element)
        if storage is REFERENCE:
            return self._register(HeapType("Array(ref)", "refs", 4, (), None, "Array"))
        return self._register(HeapType(f"Array({storage.size})", "raw", storage.size, (), None, "Array"))

    def closure(self, instance: Instance, storages: Sequence[Storage]) -> tuple[str, list[int]]:
        """Heap type of the closure objects of a function, and the offsets of what they capture. When the program asks
        for names of functions, each function has a type of its own, which has the name."""
        base = self.closure_base(len(instance.params))
        name = f"{instance.symbol}$closure" if storages or self._names_functions else base
        if name in self._module.heap_types:
            return name, place(self._module.heap_types[base].size, storages)[0]
        return name, self.extend(name, base, storages, instance.name.rpartition(".")[2].removesuffix(" (undecorated)"))

    def closure_base(self, count: int) -> str:
        """Heap type above those of all closures that take `count` arguments: so they are told apart in a union. Which
        function each is stands in it where the program asks (`stdlib/core/names.pie`)."""
        name = f"Closure{count}"
        if name not in self._module.heap_types:
            self.extend(name, None, self._closure_fields, "function")
        return name

    def test_type(self, type: Type) -> str | None:
        """The heap type whose objects are the values of `type` in a union or `Any`; None when there can be no such
        object in this program."""
        match type:
            case TupleType():
                return self.tuple_type(type)[0]
            case FunctionType():
                return self.closure_base(len(type.params))
            case ClassType():
                if type.decl.representation == "array":
                    return self.array(type.args[0])
                if type.decl.representation in _REPRESENTATIONS:
                    return self.box(type)[0]
                layout = self._by_type.get(type)
                return self.heap_type(layout) if layout else None
            case _:
                raise ValueError(f"there is no test for values of type `{type}`")
