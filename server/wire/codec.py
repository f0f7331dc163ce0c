"""Messages between the serve process and its inference process, to and from ZeroMQ frames.

Comes in: a `Batch`, `BatchResult`, `ModelInfo` or a word. Goes out: two frames, and back again. Frame 0 is a
msgpack array [version, kind, ...], frame 1 all columns of a batch one after another, each from a multiple of 8
bytes. A column is read in place, without a copy. Never pickle: whatever arrives is checked against the sizes it
claims, and bad frames are a `WireError`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgpack
import numpy as np
from numpy.typing import NDArray

from pielang.server.wire.batch import Batch, BatchResult, ModelInfo, RoleFormat

WIRE_VERSION = 1

_READY, _FAILED, _BATCH, _RESULT = range(1, 5)
_COLUMN_LIMIT = 1 << 28  # elements; more is a damaged header, not work

Columns = tuple[tuple[str, np.dtype[Any]], ...]

# the columns of a batch in the order in which they travel
_BATCH_COLUMNS: Columns = tuple(
    (field.name, getattr(Batch(0), field.name).dtype) for field in dataclasses.fields(Batch) if field.name != "id"
)
_RESULT_COLUMNS: Columns = (
    ("dist_ids", np.dtype(np.int32)),
    ("dist_probs", np.dtype(np.float32)),
    ("sampled", np.dtype(np.int32)),
    ("logprob", np.dtype(np.float32)),
)


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
            columns = _flat(message, _BATCH_COLUMNS)
            return _frames([WIRE_VERSION, _BATCH, message.id, [column.size for column in columns]], columns)
        case BatchResult():
            columns = _flat(message, _RESULT_COLUMNS)
            rows, width = message.dist_ids.shape if message.dist_ids.ndim == 2 else (0, 0)
            if columns[1].size != rows * width or columns[2].size != columns[3].size:
                raise WireError("a result's columns have different lengths")
            sizes = [rows, width, columns[2].size]
            header = [WIRE_VERSION, _RESULT, message.id, sizes, message.device_ms, message.error]
            return _frames(header, columns)
        case ModelInfo():
            return _frames([WIRE_VERSION, _READY, dataclasses.asdict(message)], [])
        case Failed():
            return _frames([WIRE_VERSION, _FAILED, message.message], [])


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
            case [_, int(kind), int(id), list(sizes)] if kind == _BATCH and len(sizes) == len(_BATCH_COLUMNS):
                values = _columns(payload, _BATCH_COLUMNS, sizes)
                return Batch(id, **values)
            case [_, int(kind), int(id), [rows, width, samples], float(ms), error] if kind == _RESULT:
                if not (error is None or isinstance(error, str)):
                    raise WireError("a result's error is not a text")
                counts = [_size(rows) * _size(width)] * 2 + [_size(samples)] * 2
                values = _columns(payload, _RESULT_COLUMNS, counts)
                for name in ("dist_ids", "dist_probs"):
                    values[name] = values[name].reshape(rows, width)
                return BatchResult(id, **values, device_ms=ms, error=error)
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


def _flat(message: Batch | BatchResult, columns: Columns) -> list[NDArray[Any]]:
    return [np.ascontiguousarray(getattr(message, name), dtype).reshape(-1) for name, dtype in columns]


def _frames(header: list[Any], columns: list[NDArray[Any]]) -> list[bytes]:
    parts: list[bytes] = []
    for column in columns:
        parts.append(column.tobytes())
        if gap := -column.nbytes % 8:
            parts.append(bytes(gap))
    return [msgpack.packb(header), b"".join(parts)]


def _size(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _COLUMN_LIMIT:
        raise WireError(f"{value!r} is no size of a column")
    return value


def _columns(payload: bytes | memoryview, columns: Columns, counts: list[Any]) -> dict[str, NDArray[Any]]:
    length = len(payload)
    values: dict[str, NDArray[Any]] = {}
    offset = 0
    for (name, dtype), given in zip(columns, counts, strict=True):
        count = _size(given)
        size = count * dtype.itemsize
        if offset + size > length:
            raise WireError(f"column {name} says it has {count} entries and reaches beyond the message")
        values[name] = np.frombuffer(payload, dtype, count, offset)
        offset += size + -size % 8
    if offset != length:
        raise WireError(f"{length - offset} bytes too many after the last column")
    return values


def _model_info(fields: dict[str, Any]) -> ModelInfo:
    roles = {str(role): RoleFormat(str(text["prefix"]), str(text["suffix"])) for role, text in fields["roles"].items()}
    return ModelInfo(
        **{**fields, "roles": roles, "end_tokens": tuple(fields["end_tokens"]), "traits": tuple(fields["traits"])}
    )
