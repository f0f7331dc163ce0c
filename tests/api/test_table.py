"""The API table, its codec and what is generated from it."""

from __future__ import annotations

import struct
import subprocess
import sys
from array import array
from pathlib import Path

import msgpack
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pielang.api import codec, generate
from pielang.api.errors import EXCEPTIONS, CallError, Status
from pielang.api.table import CALLS, SUPERTRAITS, Call, Field, Kind, ListOf, Record, by_opcode, with_supertraits

ROOT = Path(__file__).parents[2]


def named(name: str) -> Call:
    (call,) = [call for call in CALLS if call.name == name]
    return call


def test_opcodes_and_names_are_unique_and_the_small_ones_fixed() -> None:
    assert len(by_opcode()) == len({call.name for call in CALLS}) == len(CALLS)
    fixed = {1: "exit", 2: "fail", 3: "write", 4: "fetch", 5: "get_arg", 6: "release"}
    assert {call.opcode: call.name for call in CALLS if call.raw} == fixed
    assert all(0 < call.opcode < 1 << 16 for call in CALLS)


def test_declarations_hold_together() -> None:
    for call in CALLS:
        handles = [field for field in call.arguments if field.kind is Kind.HANDLE]
        assert len(handles) <= 1 and call.doc and call.trait in SUPERTRAITS
        assert not call.queue or handles[0].name == "queue"
        assert not call.posted or call.result == ()
        assert call.trait == "Runtime" or call.model


def test_supertraits() -> None:
    everything = ("Runtime", "Allocate", "Forward", "InputText", "Tokenize", "OutputText")
    assert with_supertraits(("OutputText",)) == everything
    assert with_supertraits(("Forward",)) == ("Runtime", "Allocate", "Forward")
    assert with_supertraits(("Later", "Tokenize")) == ("Runtime", "Tokenize", "Later")


def test_every_status_has_an_exception_and_core_raises_it() -> None:
    assert set(EXCEPTIONS) == set(Status) - {Status.OK}
    errors = (ROOT / "stdlib/core/errors.pie").read_text()
    raising = (ROOT / generate.ERRORS).read_text()
    for status, (name, _) in EXCEPTIONS.items():
        assert f"class {name}(" in errors
        assert status is Status.PIE_ERROR or f"status == {status.value}:\n        raise {name}(" in raising


def test_the_generated_file_is_current() -> None:
    assert (ROOT / generate.TARGET).read_text() == generate.source()
    assert (ROOT / generate.ERRORS).read_text() == generate.raising()
    assert (ROOT / generate.REFERENCE).read_text() == generate.reference()
    command = [sys.executable, "-m", "pielang.api.generate", "--check"]
    assert subprocess.run(command, cwd=ROOT, timeout=60).returncode == 0


def test_the_check_sees_an_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert generate.main(["--check"]) == 1
    generate.TARGET.parent.mkdir(parents=True)
    generate.REFERENCE.parent.mkdir()
    assert generate.main([]) == 0 and generate.main(["--check"]) == 0
    generate.TARGET.write_text("old")
    assert generate.main(["--check"]) == 1


def test_arguments_are_decoded_by_the_declaration() -> None:
    packed = msgpack.packb([struct.pack("<3I", 1, 2, 0xFFFFFFFF), 5])
    embeds, top_k = codec.decoder(named("get_next_dist"))(packed)
    assert list(embeds) == [1, 2, 0xFFFFFFFF] and top_k == 5
    (seconds,) = codec.decoder(named("sleep"))(msgpack.packb([3]))
    assert seconds == 3.0 and type(seconds) is float
    assert codec.decoder(named("create_queue"))(b"") == []


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("sleep", b""),
        ("sleep", b"\xc1"),
        ("sleep", msgpack.packb([])),
        ("sleep", msgpack.packb([1.0, 2.0])),
        ("sleep", msgpack.packb(["1"])),
        ("sleep", msgpack.packb([True])),
        ("sleep", msgpack.packb([1.0]) + b"\0"),
        ("send", msgpack.packb([b"bytes"])),
        ("send", b"\x91\xa2\xff\xff"),
        ("detokenize", msgpack.packb([b"12345"])),
        ("detokenize", msgpack.packb([[1, 2]])),
        ("alloc_emb", msgpack.packb([1 << 63])),
        ("create_queue", msgpack.packb([])),
        ("get_next_dist", b"\xdd\xff\xff\xff\xff"),
    ],
)
def test_arguments_that_do_not_fit_are_errors(name: str, data: bytes) -> None:
    with pytest.raises(CallError, match=name) as caught:
        codec.decoder(named(name))(data)
    assert caught.value.status is Status.VALUE_ERROR


@given(st.binary(max_size=60), st.sampled_from([call for call in CALLS if not call.raw]))
def test_any_bytes_are_values_or_an_error(data: bytes, call: Call) -> None:
    try:
        values = codec.decoder(call)(data)
    except CallError as error:
        assert error.status is Status.VALUE_ERROR
    else:
        assert len(values) == sum(field.kind is not Kind.HANDLE for field in call.arguments)


def test_results() -> None:
    assert codec.encoder(named("create_queue"))(None) == b""
    assert codec.encoder(named("sleep"))(None) == b""
    assert msgpack.unpackb(codec.encoder(named("receive"))("hi")) == "hi"
    ids, probabilities = np.array([[3, 4]], np.int32), np.array([[0.5, 0.25]], np.float32)
    packed = msgpack.unpackb(codec.encoder(named("get_next_dist"))((ids, probabilities)))
    assert packed == [struct.pack("<2I", 3, 4), struct.pack("<2f", 0.5, 0.25)]
    made = codec.encoder(named("generate_next"))(([1], [-0.5], b"\xff", ""))
    assert msgpack.unpackb(made) == [struct.pack("<I", 1), struct.pack("<f", -0.5), b"\xff", ""]
    assert codec.words(array("I", [7]), "I") == struct.pack("<I", 7)
    with pytest.raises(TypeError):
        codec.words(np.array([1], np.int64), "I")


def test_records() -> None:
    role = Record("Role", "", (Field("name", Kind.STR), Field("tokens", Kind.U32S)))
    record = Record("Info", "", (Field("size", Kind.OPTIONAL_INT), Field("roles", ListOf(role))))
    packed = codec.encoder(Call("info", 999, "", result=record))((None, [("user", [1])]))
    assert msgpack.unpackb(packed) == [None, [["user", struct.pack("<I", 1)]]]
    assert msgpack.unpackb(codec.encode_error(CallError(Status.RELEASED, "gone"))) == ["gone"]
