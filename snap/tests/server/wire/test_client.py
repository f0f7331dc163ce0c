"""The client protocol's codec: what is packed comes back, and nothing else is taken."""

from __future__ import annotations

import msgpack
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pielang.server.wire.client import (
    PROTOCOL,
    AskStatus,
    Failed,
    Finished,
    Goodbye,
    Hello,
    Launch,
    Launched,
    Message,
    Output,
    Ping,
    ProtocolError,
    Raised,
    Refused,
    Send,
    Status,
    Terminate,
    TraceFrame,
    Upload,
    Uploaded,
    Welcome,
    decode_client,
    decode_server,
    encode,
)

FROM_CLIENT = [
    Hello("a test"),
    Upload(1, b"\0asm"),
    Launch(2, "program", {"n": 1, "words": ["a", None, 1.5, True]}, None),
    Launch(3, "program", {}, "name"),
    Send("i", "text"),
    Terminate("i"),
    AskStatus(4),
]
FROM_SERVER = [
    Welcome("0.1.0", 7),
    Uploaded(1, "hash"),
    Launched(2, "i"),
    Refused(0, "protocol", "no"),
    Status(4, {"pages_free": 3}),
    Output("i", 1, b"\xff"),
    Message("i", "text"),
    Finished("i", {"k": [1, None]}),
    Failed("i", "trap", "out of time", (Raised("", "", (TraceFrame("a.pie", "main", 3, 5),), ""),)),
    Failed("i", "cancelled", "it was ended", ()),
    Ping(),
    Goodbye("over"),
]


@pytest.mark.parametrize("message", FROM_CLIENT)
def test_messages_of_clients_come_back(message: Hello) -> None:
    assert decode_client(encode(message)) == message
    with pytest.raises(ProtocolError, match="unknown kind"):
        decode_server(encode(message))


@pytest.mark.parametrize("message", FROM_SERVER)
def test_messages_of_servers_come_back(message: Ping) -> None:
    assert decode_server(encode(message)) == message
    with pytest.raises(ProtocolError, match="unknown kind"):
        decode_client(encode(message))


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ([PROTOCOL + 1, 1, "x"], "version"),
        ([PROTOCOL, 99], "unknown kind"),
        ([PROTOCOL, "1", "x"], "unknown kind"),
        ([PROTOCOL, 1], "1 fields"),
        ([PROTOCOL, 1, "x", "y"], "1 fields"),
        ([PROTOCOL, 1, 5], "Hello.client is int"),
        ([PROTOCOL, 2, True, b""], "Upload.request is bool"),
        ([PROTOCOL, 2, 1, "text"], "Upload.wasm is str"),
        ([PROTOCOL, 3, 1, "p", {1: 2}, None], "not a str"),
        ({"a": 1}, "not an array"),
        ([], "not an array"),
    ],
)
def test_other_frames_are_refused(values: object, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        decode_client(msgpack.packb(values))


@pytest.mark.parametrize("chain", ["x", [1], [["T", "m", [["f", "g", 1]], ""]], [["T", "m", [["f", "g", "1", 2]], ""]]])
def test_a_chain_that_is_none_is_refused(chain: object) -> None:
    with pytest.raises(ProtocolError, match=r"Failed\.chain"):
        decode_server(msgpack.packb([PROTOCOL, 72, "i", "exception", "m", chain]))


@given(st.binary(max_size=64))
def test_any_bytes_are_a_message_or_an_error(frame: bytes) -> None:
    for decode in (decode_client, decode_server):
        try:
            decode(frame)
        except ProtocolError:
            pass


def test_a_value_that_cannot_be_sent_is_an_error() -> None:
    with pytest.raises(ProtocolError, match="Finished cannot be sent"):
        encode(Finished("i", object()))
