"""What goes through the codec comes back; what is damaged is an error, never a wrong batch."""

from __future__ import annotations

import dataclasses
from typing import Any

import msgpack
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pielang.server.wire.batch import Batch, BatchResult, ModelInfo, RoleFormat
from pielang.server.wire.codec import Failed, WireError, decode, encode

INFO = ModelInfo(
    name="m", path="/p", architecture="LlamaForCausalLM", dtype="float32", vocab_size=9, hidden_size=4, layers=1,
    context_length=8, page_size=16, page_count=3, embed_count=2, token_slots=2, bos_token=None, end_tokens=(1, 2),
    traits=("Forward",), roles={"user": RoleFormat("<u>", "</u>")}, default_system="", opening="", answer_prefix="<a>",
)  # fmt: skip

COLUMNS = {field.name: getattr(Batch(0), field.name).dtype for field in dataclasses.fields(Batch) if field.name != "id"}


@st.composite
def batches(draw: st.DrawFn) -> Batch:
    columns = {name: draw(arrays.arrays(dtype, st.integers(0, 6))) for name, dtype in COLUMNS.items()}
    return Batch(draw(st.integers(0, 2**60)), **columns)


def same(first: Any, second: Any) -> None:
    assert type(first) is type(second)
    for field in dataclasses.fields(first):
        one, other = getattr(first, field.name), getattr(second, field.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype and one.shape == other.shape
            np.testing.assert_array_equal(one, other)
        else:
            assert one == other


@settings(max_examples=60, deadline=None)
@given(batches())
def test_batches_come_back(batch: Batch) -> None:
    same(decode(encode(batch)), batch)


def test_results_come_back() -> None:
    ids = np.arange(6, dtype=np.int32).reshape(2, 3)
    result = BatchResult(
        4, ids, ids.astype(np.float32) / 7, np.array([1], np.int32), np.array([-2.5], np.float32), 1.5, None
    )
    same(decode(encode(result)), result)
    ragged = BatchResult(4, hidden=np.ones((2, 5), np.float32), scores=np.ones(3, np.float32))
    same(decode(encode(ragged)), ragged)
    failed = decode(encode(BatchResult(5, error="no such page")))
    assert isinstance(failed, BatchResult) and failed.error == "no such page" and failed.sampled.size == 0


@pytest.mark.parametrize("message", [INFO, Failed("no model")])
def test_words_come_back(message: ModelInfo | Failed) -> None:
    assert decode(encode(message)) == message


def test_a_column_that_is_a_view_or_of_another_type_is_sent_right() -> None:
    batch = Batch(1, tokens=np.arange(10, dtype=np.int32)[::2], seed=np.array([3, 4], np.int32).astype(np.int64))
    again = decode(encode(batch))
    assert isinstance(again, Batch) and again.tokens.tolist() == [0, 2, 4, 6, 8]


BATCH = Batch(1, tokens=np.arange(5, dtype=np.int32), positions=np.arange(5, dtype=np.int32))


def header(change: Any) -> list[bytes]:
    frames = encode(BATCH)
    fields = msgpack.unpackb(frames[0])
    change(fields)
    return [msgpack.packb(fields), frames[1]]


@pytest.mark.parametrize(
    "frames",
    [
        [],
        encode(BATCH)[:1],
        [*encode(BATCH), b""],
        [b"", b""],
        [b"\xc1", b""],
        [msgpack.packb(7), b""],
        [msgpack.packb([1]), b""],
        [msgpack.packb([2, 1, {"name": "x"}]), b""],
        [encode(BATCH)[0], encode(BATCH)[1][:-1]],
        [encode(BATCH)[0], encode(BATCH)[1] + bytes(8)],
        header(lambda fields: fields.__setitem__(0, 1)),
        header(lambda fields: fields.__setitem__(1, 99)),
        header(lambda fields: fields.__setitem__(2, "x")),
        header(lambda fields: fields[3][1].__setitem__(1, 9)),
        header(lambda fields: fields[3][1].__setitem__(1, 0)),
        header(lambda fields: fields[3][1].__setitem__(1, -1)),
        header(lambda fields: fields[3][1].__setitem__(1, 2**40)),
        header(lambda fields: fields[3][1].__setitem__(1, True)),
        header(lambda fields: fields[3][1].__setitem__(0, 999)),
        header(lambda fields: fields[3][1].append(1)),
        header(lambda fields: fields[3].__setitem__(0, [])),
        header(lambda fields: fields[3].__setitem__(0, 7)),
        header(lambda fields: fields[3].reverse()),
        header(lambda fields: fields[3].append(fields[3][1])),
        header(lambda fields: fields[3].pop()),
    ],
)
def test_damaged_frames_are_errors(frames: list[bytes]) -> None:
    with pytest.raises(WireError):
        decode(frames)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_flipped_bytes_never_escape_as_something_else(data: st.DataObject) -> None:
    frames = [bytearray(frame) for frame in encode(BATCH)]
    frame = data.draw(st.sampled_from(frames))
    frame[data.draw(st.integers(0, len(frame) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        message = decode([bytes(frame) for frame in frames])
    except WireError:
        return
    assert isinstance(message, Batch)
