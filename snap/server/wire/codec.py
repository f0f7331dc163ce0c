"""Messages between the serve process and its inference process, to and from ZeroMQ frames.

Comes in: a `Batch`, `BatchResult`, `ModelInfo` or a word. Goes out: two frames, and back again. Frame 0 is a
msgpack array [version, kind, ...], frame 1 the columns of a batch that are not empty, one after another, each from a
multiple of 8 bytes. A column is read in place, without a copy. Never pickle: whatever arrives is checked against the
sizes it claims, and bad frames are a `WireError`.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

from pielang.server.wire.batch import Batch, BatchResult, ModelInfo, RoleFormat

WIRE_VERSION = 2

_READY, _FAILED, _BATCH, _RESULT = range(1, 5)
_COLUMN_LIMIT = 1 << 28  # elements; more is a damaged header, not work

Columns = tuple[tuple[str, np.dtype[Any], int], ...]


def _columns_of(message: Batch | BatchResult) -> Columns:
    """Name, item type and dimensions of its columns, in the order in which they travel."""
    columns = [(field.name, getattr(message, field.name)) for field in dataclasses.fields(message)]
    return tuple((name, column.dtype, column.ndim) for name, column in columns if isinstance(column, np.ndarray))


_BATCH_COLUMNS = _columns_of(Batch(0))
_RESULT_COLUMNS = _columns_of(BatchResult(0))
_batch_values = attrgetter(*[name for name, _, _ in _BATCH_COLUMNS])
_result_values = attrgetter(*[name for name, _, _ in _RESULT_COLUMNS])


class WireError(Exception):
    """A message that is not what our two processes say to each other (damaged, or of another version)."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The inference process could not start; `message` is for the user."""

    message: str


Message = ModelInfo | Failed | Batch | BatchResult


def encode(message: Message) -> list[bytes]:
    """The two frames of a message."""
    match message:
        case Batch():
            shapes, payload = _flat(message, _BATCH_COLUMNS)
            return [msgpack.packb([WIRE_VERSION, _BATCH, message.id, shapes]), payload]
        case BatchResult():
            shapes, payload = _flat(message, _RESULT_COLUMNS)
            header = [WIRE_VERSION, _RESULT, message.id, shapes, message.device_ms, message.error, message.trouble]
            return [msgpack.packb(header), payload]
        case ModelInfo():
            return [msgpack.packb([WIRE_VERSION, _READY, dataclasses.asdict(message)]), b""]
        case Failed():
            return [msgpack.packb([WIRE_VERSION, _FAILED, message.message]), b""]


def decode(frames: Sequence[bytes | memoryview]) -> Message:
    """The message in two frames; the columns of a batch are read-only views into frame 1. Raises `WireError`."""
    if len(frames) != 2:
        raise WireError(f"a message has 2 frames, not {len(frames)}")
    header = _header(frames[0])
    payload = frames[1]
    try:
        match header:
            case [_, _, *_] if header[0] != WIRE_VERSION:
                raise WireError(f"the other process speaks version {header[0]!r} of the wire, this one {WIRE_VERSION}")
            case [_, int(kind), int(id), list(shapes)] if kind == _BATCH:
                return Batch(id, **_columns(payload, _BATCH_COLUMNS, shapes))
            case [_, int(kind), int(id), list(shapes), float(ms), error, str(trouble)] if kind == _RESULT:
                if not (error is None or isinstance(error, str)):
                    raise WireError("a result's error is not a text")
                values = _columns(payload, _RESULT_COLUMNS, shapes)
                return BatchResult(id, **values, device_ms=ms, error=error, trouble=trouble)
            case [_, int(kind), dict(fields)] if kind == _READY:
                return _model_info(fields)
            case [_, int(kind), str(text)] if kind == _FAILED:
                return Failed(text)
    except (TypeError, ValueError, KeyError) as error:
        raise WireError(f"a damaged message: {error}") from error
    raise WireError("a message of no known kind")


def _header(frame: bytes | memoryview) -> list[Any]:
    try:
        header = msgpack.unpackb(frame)
    except (ValueError, msgpack.UnpackException) as error:
        raise WireError(f"a damaged header: {error}") from error
    if not isinstance(header, list):
        raise WireError("a header is an array")
    return header


def _flat(message: Batch | BatchResult, columns: Columns) -> tuple[list[list[int]], bytes]:
    """The columns that are not empty: [number, length of each dimension] of each, and their bytes in a row."""
    shapes: list[list[int]] = []
    parts: list[bytes] = []
    values = _batch_values(message) if isinstance(message, Batch) else _result_values(message)
    for number, column in enumerate(values):
        if not column.size:
            continue
        name, dtype, dimensions = columns[number]
        if column.dtype != dtype or column.ndim != dimensions:
            raise WireError(f"column {name} is {column.ndim}-dimensional {column.dtype}, not {dimensions} of {dtype}")
        shapes.append([number, *column.shape])
        parts.append(column.tobytes())
        if gap := -column.nbytes % 8:
            parts.append(bytes(gap))
    return shapes, b"".join(parts)


def _columns(payload: bytes | memoryview, columns: Columns, shapes: list[Any]) -> dict[str, NDArray[Any]]:
    length = len(payload)
    values: dict[str, NDArray[Any]] = {}
    offset, before = 0, -1
    for shape in shapes:
        sound = isinstance(shape, list) and all(type(size) is int and 0 <= size <= _COLUMN_LIMIT for size in shape)
        if not sound or not shape:
            raise WireError(f"{shape!r} is no column's number and shape")
        number, sizes = shape[0], shape[1:]
        if not before < number < len(columns) or len(sizes) != columns[number][2]:
            raise WireError(f"{shape!r} is no column that may come here")
        name, dtype, _ = columns[number]
        count = math.prod(sizes)
        size = count * dtype.itemsize
        if not count or offset + size > length:
            raise WireError(f"column {name} says that it is {sizes}, which is not in the message")
        values[name] = np.frombuffer(payload, dtype, count, offset).reshape(sizes)
        before, offset = number, offset + size + -size % 8
    if offset != length:
        raise WireError(f"{length - offset} bytes too many after the last column")
    return values


def _model_info(fields: dict[str, Any]) -> ModelInfo:
    roles = {str(role): RoleFormat(str(text["prefix"]), str(text["suffix"])) for role, text in fields["roles"].items()}
    return ModelInfo(
        **{**fields, "roles": roles, "end_tokens": tuple(fields["end_tokens"]), "traits": tuple(fields["traits"])}
    )
