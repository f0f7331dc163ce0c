"""What the guest packs is what msgpack says, and it reads all that msgpack writes."""

from __future__ import annotations

import struct

import msgpack

from tests.lang.harness import run_pie

INTS = [
    0,
    1,
    127,
    128,
    255,
    256,
    65535,
    65536,
    2**31,
    2**32,
    2**63 - 1,
    -1,
    -32,
    -33,
    -128,
    -129,
    -32769,
    -(2**31) - 1,
    -(2**63),
]
FLOATS = [0.0, -1.5, 1e300, 3.14]
TEXTS = ["", "a", "é" * 10, "x" * 31, "x" * 32, "y" * 300, "z" * 70000]


def test_packing() -> None:
    text = f"""
from pielang.core.msgpack import Packer
for n in {INTS!r}:
    p = Packer()
    p.write_int(n)
    print(p.finish().hex())
for x in {FLOATS!r}:
    p = Packer()
    p.write_float(x)
    print(p.finish().hex())
for t in {TEXTS!r}:
    p = Packer()
    p.write_str(t)
    p.write_bytes(t.encode())
    print(p.finish().hex())
p = Packer()
p.write_none()
p.write_bool(True)
p.write_bool(False)
for n in [0, 15, 16, 65535, 65536]:
    p.write_array(n)
    p.write_map(n)
p.write_u32s([1, 4294967295])
p.write_f32s([0.5, -2.0])
print(p.finish().hex())
p = Packer()
try:
    p.write_u32s([-1])
except OverflowError as error:
    print(error)
"""
    outcome = run_pie(text)
    assert outcome.error == ""
    lines = outcome.output.splitlines()
    packed = [bytes.fromhex(line) for line in lines[:-1]]
    assert [msgpack.unpackb(data) for data in packed[: len(INTS) + len(FLOATS)]] == [*INTS, *FLOATS]
    for text, data in zip(TEXTS, packed[len(INTS) + len(FLOATS) :], strict=False):
        unpacker = msgpack.Unpacker(raw=False)
        unpacker.feed(data)
        assert list(unpacker) == [text, text.encode()]
    packer = msgpack.Packer(autoreset=False)
    for value in (None, True, False):
        packer.pack(value)
    for count in (0, 15, 16, 65535, 65536):
        packer.pack_array_header(count)
        packer.pack_map_header(count)
    numbers = b"\xc5\x00\x08" + struct.pack("<II", 1, 2**32 - 1) + b"\xc5\x00\x08" + struct.pack("<ff", 0.5, -2.0)
    assert packed[-1] == packer.bytes() + numbers
    assert lines[-1] == "not a 32-bit number: -1"


def test_unpacking() -> None:
    values = [*INTS, 200, 60000, -100, -30000, 2**40]
    deep = {
        "a": [1, -70000, 2.5, None, True],
        "b": {"c": b"xyz", "d": "é" * 40},
        "e": list(range(20)),
        "f": {i: i for i in range(20)},
    }
    data = b"".join(msgpack.packb(v) for v in [values, FLOATS, 7, TEXTS, b"ab", b"c" * 300, deep, "end"])
    data += msgpack.packb(0.5, use_single_float=True) + msgpack.packb(struct.pack("<II", 5, 2**32 - 1))
    data += (
        msgpack.packb(struct.pack("<ff", 0.5, -2.0)) + msgpack.packb(msgpack.ExtType(1, b"abcd")) + msgpack.packb(None)
    )
    text = f"""
from pielang.core.msgpack import Unpacker
r = Unpacker(bytes.fromhex("{data.hex()}"))
print([r.read_int() for _ in range(r.read_array())])
print([r.read_float() for _ in range(r.read_array())], r.read_float())
print([r.read_str() for _ in range(r.read_array())])
print(r.read_bytes(), r.read_bytes())
r.skip()
print(r.read_str(), r.read_float(), r.read_u32s(), r.read_f32s())
r.skip()
print(r.is_none())
r.read_none()
for kind in range(7):
    try:
        q = Unpacker(bytes.fromhex("{"c1" * 1}"))
        if kind == 0:
            q.read_int()
        elif kind == 1:
            q.read_str()
        elif kind == 2:
            q.read_bytes()
        elif kind == 3:
            q.read_array()
        elif kind == 4:
            q.read_map()
        elif kind == 5:
            q.read_bool()
        else:
            r.read_int()
    except ValueError as error:
        print(error)
try:
    Unpacker(bytes.fromhex("{msgpack.packb(2**63).hex()}")).read_int()
except OverflowError as error:
    print(error)
"""
    outcome = run_pie(text)
    assert outcome.error == ""
    expected = [
        str(values),
        f"{FLOATS} 7.0",
        str(TEXTS),
        f"{b'ab'} {b'c' * 300}",
        "end 0.5 [5, 4294967295] [0.5, -2.0]",
        "True",
        *(f"msgpack: expected {what}" for what in ("an int", "a string", "binary data", "an array", "a map", "a bool")),
        "msgpack: the data ends too early",
        "integer is wider than 64 bits",
    ]
    assert outcome.output.splitlines() == expected


def test_text_in_pieces() -> None:
    text = """
from pielang.core.encodings import Utf8Decoder
data = "héllo € 😀 end".encode() + b"\\xff\\xe2\\x82"
for size in [1, 2, 3, 5, 100]:
    decoder = Utf8Decoder()
    parts = [decoder.feed(data[i : i + size]) for i in range(0, len(data), size)]
    print(repr("".join(parts) + decoder.finish()))
"""
    shown = repr("héllo € 😀 end\ufffd\ufffd")
    assert run_pie(text).output == f"{shown}\n" * 5
