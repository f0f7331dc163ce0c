"""What a client and a serve process say to each other.

In: message objects; out: one ZeroMQ frame each, a msgpack array [protocol, kind, field...] in the order of the fields.
Decoding is strict: another protocol version, an unknown kind, a missing field or one of another type is a
`ProtocolError`, never a guess.

A client begins with `Hello` and is answered by `Welcome`. Requests that have an answer carry a number from 1 on.
Events of an instance arrive in the order in which they happened; `Finished` or `Failed` is the last one.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass, fields
from typing import Any, get_args

import msgpack

PROTOCOL = 1
MAX_MESSAGE = 64 << 20
"""Bytes a peer accepts in one message: programs and their arguments and results are smaller."""


class ProtocolError(Exception):
    """A frame that is no message of this protocol; says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class TraceFrame:
    """A line of a traceback: `column` counts from 1."""

    file: str
    function: str
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Raised:
    """One exception of a chain. `relation`: "" for the first; else the one before is its "cause" or its "context"."""

    type: str
    message: str
    frames: tuple[TraceFrame, ...]  # outermost call first
    relation: str


# From the client


@dataclass(frozen=True, slots=True)
class Hello:
    client: str  # who asks, for the server's log


@dataclass(frozen=True, slots=True)
class Upload:
    request: int
    wasm: bytes


@dataclass(frozen=True, slots=True)
class Launch:
    request: int
    program: str  # what `Uploaded` said
    arguments: dict[str, Any]
    name: str | None


@dataclass(frozen=True, slots=True)
class Send:
    instance: str
    message: str


@dataclass(frozen=True, slots=True)
class EndMessages:
    """The client sends this instance nothing more."""

    instance: str


@dataclass(frozen=True, slots=True)
class Terminate:
    instance: str


@dataclass(frozen=True, slots=True)
class AskStatus:
    request: int


# From the server


@dataclass(frozen=True, slots=True)
class Welcome:
    version: str
    pid: int


@dataclass(frozen=True, slots=True)
class Uploaded:
    request: int
    program: str  # sha256 of the module


@dataclass(frozen=True, slots=True)
class Launched:
    request: int
    instance: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A request could not be done; request 0 is the connection itself.

    Kinds: "arguments", "program", "model", "inference", "protocol", "closing", "internal".
    """

    request: int
    kind: str
    message: str


@dataclass(frozen=True, slots=True)
class Status:
    request: int
    values: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Output:
    instance: str
    stream: int  # 1 standard output, 2 standard error
    data: bytes


@dataclass(frozen=True, slots=True)
class Message:
    instance: str
    message: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The program returned, or left by SystemExit with `status`."""

    instance: str
    result: Any
    status: int = 0


@dataclass(frozen=True, slots=True)
class Failed:
    """Kinds: "exception", "trap", "limit", "cancelled", "inference", "internal". `chain`: first cause first."""

    instance: str
    kind: str
    message: str
    chain: tuple[Raised, ...]


@dataclass(frozen=True, slots=True)
class Ping:
    """Sent now and then, so that the server notices a client that is gone. Not answered."""


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The server ends; nothing follows."""

    reason: str


# In the order of their numbers: new ones go to the end.
ClientMessage = Hello | Upload | Launch | Send | Terminate | AskStatus | EndMessages
ServerMessage = Welcome | Uploaded | Launched | Refused | Status | Output | Message | Finished | Failed | Ping | Goodbye

_FROM_CLIENT: dict[int, type[Any]] = dict(enumerate(get_args(ClientMessage), 1))
_FROM_SERVER: dict[int, type[Any]] = dict(enumerate(get_args(ServerMessage), 64))
_KINDS = {kind: code for code, kind in (_FROM_CLIENT | _FROM_SERVER).items()}
_TYPES: dict[str, tuple[type, ...]] = {
    "int": (int,),
    "str": (str,),
    "bytes": (bytes,),
    "str | None": (str, type(None)),
    "dict[str, Any]": (dict,),
}


def encode(message: ClientMessage | ServerMessage) -> bytes:
    """The frame of a message. A value in it that msgpack can't hold is a `ProtocolError`."""
    try:
        values = [getattr(message, field.name) for field in fields(message)]
        return bytes(msgpack.packb([PROTOCOL, _KINDS[type(message)], *values], default=_rows))
    except (TypeError, ValueError, OverflowError) as error:
        raise ProtocolError(f"{type(message).__name__} cannot be sent: {error}") from error


def _rows(value: object) -> tuple[Any, ...]:
    if isinstance(value, Raised | TraceFrame):
        return astuple(value)
    raise TypeError(f"a {type(value).__name__} is no JSON value")


def decode_client(frame: bytes) -> ClientMessage:
    """A message from a client, or `ProtocolError`."""
    return _decode(frame, _FROM_CLIENT)  # type: ignore[no-any-return]


def decode_server(frame: bytes) -> ServerMessage:
    """A message from a server, or `ProtocolError`."""
    return _decode(frame, _FROM_SERVER)  # type: ignore[no-any-return]


def _decode(frame: bytes, kinds: dict[int, type[Any]]) -> Any:
    try:
        values = msgpack.unpackb(frame, strict_map_key=False)
    except (ValueError, msgpack.exceptions.UnpackException) as error:
        raise ProtocolError(f"not a msgpack message: {error}") from error
    if not isinstance(values, list) or len(values) < 2:
        raise ProtocolError("not an array of protocol version, kind and fields")
    if values[0] != PROTOCOL:
        raise ProtocolError(
            f"it speaks version {values[0]!r} of the protocol, this side {PROTOCOL}: use the same pielang"
        )
    kind = kinds.get(values[1]) if isinstance(values[1], int) else None
    if kind is None:
        raise ProtocolError(f"unknown kind of message {values[1]!r}")
    wanted = fields(kind)
    if len(values) - 2 != len(wanted):
        raise ProtocolError(f"{kind.__name__} has {len(wanted)} fields, not {len(values) - 2}")
    for field, value in zip(wanted, values[2:]):
        types = _TYPES.get(str(field.type))
        if types is not None and (not isinstance(value, types) or isinstance(value, bool)):
            raise ProtocolError(f"{kind.__name__}.{field.name} is {type(value).__name__}, not {field.type}")
    if kind is Launch and not all(isinstance(name, str) for name in values[4]):
        raise ProtocolError("Launch.arguments has a name that is not a str")
    return kind(*values[2:]) if kind is not Failed else Failed(values[2], values[3], values[4], _chain(values[5]))


def _chain(rows: object) -> tuple[Raised, ...]:
    match rows:
        case list() if all(_is_raised(row) for row in rows):
            return tuple(
                Raised(kind, text, tuple(TraceFrame(*frame) for frame in frames), link)
                for kind, text, frames, link in rows
            )
        case _:
            raise ProtocolError("Failed.chain is not a list of exceptions with their frames")


def _is_raised(row: object) -> bool:
    match row:
        case [str(), str(), [*frames], str()]:
            return all(isinstance(f, list) and [type(part) for part in f] == [str, str, int, int] for f in frames)
        case _:
            return False
