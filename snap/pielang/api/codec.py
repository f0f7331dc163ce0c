"""Arguments and results of calls as msgpack, checked against the declaration.

In: a `Call` and bytes from a guest, or values from the control layer. Out: checked values, or bytes for the guest.
Bytes that do not fit the declaration are a `CallError`: the guest is not trusted to be what our compiler made.
"""

from __future__ import annotations

import sys
from array import array
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Literal

import msgpack

from pielang.api.errors import CallError, Status
from pielang.api.table import Call, Field, Kind, ListOf, Record

_LITTLE = sys.byteorder == "little"
DECODED_KEPT, DECODED_BYTES = 1024, 128
INT_MAX = (1 << 63) - 1


def decoder(call: Call) -> Callable[[bytes], list[Any]]:
    """What makes the values of a call's arguments, without the handle, of its bytes. They are not to be changed.

    u32s and f32s come as memoryviews of that item type. It raises CallError (VALUE_ERROR) when count or types differ
    from the declaration. Made once for a call: everything about it is looked up here.
    """
    checks = [(field.kind, *_TYPES[field.kind]) for field in call.packed if isinstance(field.kind, Kind)]
    assert len(checks) == len(call.packed), "records are arguments one by one"
    if call.raw:
        return lambda data: []

    def problem(place: int, value: Any) -> CallError:
        field = call.packed[place]
        wanted = field.kind.value if isinstance(field.kind, Kind) else ""
        text = f"{call.name}(): argument '{field.name}' must be {wanted}, got {type(value).__name__}"
        return CallError(Status.VALUE_ERROR, text)

    def decode(data: bytes) -> list[Any]:
        if not checks:
            if data:
                raise CallError(Status.VALUE_ERROR, f"{call.name}() takes no arguments, got {len(data)} bytes")
            return []
        values: Any = unpack(data, call.name)
        if type(values) is not list or len(values) != len(checks):
            raise CallError(Status.VALUE_ERROR, f"{call.name}() takes an array of {len(checks)} arguments")
        for place, (kind, wanted, item) in enumerate(checks):
            value = values[place]
            found = type(value)
            if found is not wanted:
                if kind is not Kind.FLOAT or found is not int:
                    raise problem(place, value)
                values[place] = float(value)
            elif item is not None:
                if len(value) % 4:
                    raise problem(place, value)
                values[place] = memoryview(value if _LITTLE else _swapped(value)).cast(item)
            elif wanted is int:
                if value > INT_MAX:  # what msgpack holds beyond it; it holds nothing below -(1 << 63)
                    raise problem(place, value)
            elif wanted is list and not all(type(text) is str for text in value):
                raise problem(place, value)
        return values

    again = lru_cache(DECODED_KEPT)(decode)  # step after step, and in many programs, a call has the same arguments
    return lambda data: again(data) if len(data) <= DECODED_BYTES else decode(data)


def unpack(data: bytes, what: str) -> Any:
    """One msgpack value. Raises CallError (VALUE_ERROR) when the bytes are not one."""
    try:
        return msgpack.unpackb(data, raw=False, strict_map_key=False)
    except (ValueError, TypeError, msgpack.exceptions.UnpackException) as error:
        raise CallError(Status.VALUE_ERROR, f"{what}: not a msgpack value: {error}") from error


def pack(value: Any) -> bytes:
    data: bytes = msgpack.packb(value, use_bin_type=True)
    return data


_TYPES: dict[Kind, tuple[type, Literal["I", "f"] | None]] = {
    Kind.INT: (int, None), Kind.FLOAT: (float, None), Kind.BOOL: (bool, None), Kind.STR: (str, None),
    Kind.BYTES: (bytes, None), Kind.U32S: (bytes, "I"), Kind.F32S: (bytes, "f"), Kind.STRS: (list, None),
}  # fmt: skip
"""For each kind of argument the type that msgpack gives it, and of packed numbers their format."""


def _swapped(data: bytes) -> bytes:
    words = array("I", data)
    words.byteswap()
    return words.tobytes()


def encoder(call: Call) -> Callable[[Any], bytes]:
    """What makes one msgpack value of a result: a record's fields (a sequence), one value or a tuple of several.

    Made once for a call, for one thread: its packer keeps its buffer.
    """
    packed = msgpack.Packer(use_bin_type=True).pack
    match call.result:
        case _ if call.raw:
            return lambda value: b"" if value is None else packed(value)
        case Record() as record:
            return lambda value: packed(_packable(record.fields, value))
        case () | (Field(kind=Kind.HANDLE),):
            return lambda value: b""
        case (field,):
            convert = _converter(field)
            return packed if convert is None else lambda value: packed(convert(value))
        case fields:
            converters = [_converter(field) or _as_is for field in fields]
            return lambda value: packed([f(item) for f, item in zip(converters, value, strict=True)])


def _converter(field: Field) -> Callable[[Any], Any] | None:
    """What makes a value that msgpack takes of a field's; None where it is one."""
    match field.kind:
        case ListOf(record):
            return lambda items: [_packable(record.fields, item) for item in items]
        case Kind.U32S:
            return lambda values: words(values, "I")
        case Kind.F32S:
            return lambda values: words(values, "f")
    return None


def _as_is(value: Any) -> Any:
    return value


def _packable(fields: Sequence[Field], values: Sequence[Any]) -> list[Any]:
    return [(_converter(field) or _as_is)(value) for field, value in zip(fields, values, strict=True)]


def words(values: Any, code: str) -> bytes:
    """Numbers as packed little-endian u32 ("I") or f32 ("f"): of a sequence, or of a column of 4-byte items; bytes are
    taken to be that already."""
    if type(values) is bytes:
        return values
    column = values if hasattr(values, "tobytes") else array(code, values)
    if column.itemsize != 4:
        raise TypeError(f"a column of {column.itemsize}-byte items cannot be sent as 4-byte ones")
    data: bytes = column.tobytes()
    return data if _LITTLE else _swapped(data)


def encode_error(error: CallError) -> bytes:
    """A failed call's result: [message]."""
    return pack([error.message])
