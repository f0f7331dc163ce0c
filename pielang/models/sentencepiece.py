"""A Hugging Face tokenizer.json out of a SentencePiece vocabulary, as Llama 2 and the first Mistrals have it.

Comes in: a `tokenizer.model` file, or the same lists as a GGUF file carries them. Goes out: the JSON value of
tokenizer.json for the `tokenizers` library. Only BPE that leaves the text as it is; all else is refused by name.

The layout of the file is that of sentencepiece_model.proto: a message of pieces (1), of how it was trained (2) and of
how it changes texts (3).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

from pielang.models.errors import BrokenModel, UnsupportedModel
from pielang.models.tokenizer_json import UNKNOWN, Json, document

_NORMAL, _BYTE = 1, 6
_BPE = 2
_SPACE = "\u2581"


def sentencepiece_json(pieces: Sequence[str], scores: Sequence[float], types: Sequence[int], prefix: str) -> Json:
    """Build the content of tokenizer.json.

    `scores` say which piece is merged first (the highest), `types` are SentencePiece's. `prefix`: what begins with a
    space unless it has one: "always" a text and what comes after a special token, "first" a text, "never" nothing.
    """
    ids = {piece: index for index, piece in enumerate(pieces)}
    merges: list[tuple[float, int, int, int]] = []  # by score, then as the library ranks those of one piece
    for index, (piece, score, kind) in enumerate(zip(pieces, scores, types, strict=True)):
        if kind != _NORMAL:
            continue
        for cut in range(1, len(piece)):
            left, right = ids.get(piece[:cut], -1), ids.get(piece[cut:], -1)
            if left >= 0 and right >= 0:
                merges.append((-score, index, left, right))
    merges.sort()
    unknown = next((piece for piece, kind in zip(pieces, types, strict=True) if kind == UNKNOWN), None)
    space: Json = {"type": "Metaspace", "replacement": _SPACE, "prepend_scheme": prefix, "split": False}
    decoders: list[Json] = [{"type": "Replace", "pattern": {"String": _SPACE}, "content": " "}]
    decoders += [{"type": "ByteFallback"}, {"type": "Fuse"}]
    if prefix != "never":
        decoders.append({"type": "Strip", "content": " ", "start": 1, "stop": 0})
    model: Json = {"unk_token": unknown, "fuse_unk": True, "byte_fallback": _BYTE in types, "ignore_merges": False}
    model["merges"] = [[pieces[left], pieces[right]] for _, _, left, right in merges]
    return document(pieces, types, model, pre_tokenizer=space, decoder={"type": "Sequence", "decoders": decoders})


def read_sentencepiece(folder: Path) -> Json:
    """The content of tokenizer.json for a folder with `tokenizer.model`. Raises `BrokenModel`, `UnsupportedModel`."""
    path = folder / "tokenizer.model"
    if (folder / "added_tokens.json").is_file():
        raise UnsupportedModel(f"{folder} adds tokens to its SentencePiece vocabulary, which is not read. {_GIVE}")
    pieces: list[str] = []
    scores: list[float] = []
    types: list[int] = []
    kind, prefix, odd = 1, True, ""
    try:
        for number, value in _fields(path.read_bytes()):
            entry = dict(_fields(value)) if number in (1, 2, 3) and isinstance(value, bytes) else {}
            match number:
                case 1:
                    pieces.append(_bytes(entry.get(1, b"")).decode())
                    scores.append(struct.unpack("<f", _bytes(entry.get(2, bytes(4))))[0])
                    types.append(_integer(entry.get(3, _NORMAL)))
                case 2:
                    kind = _integer(entry.get(3, 1))
                case 3:
                    prefix = bool(entry.get(3, 1))
                    odd = "spaces left out" * bool(entry.get(4, 1)) or "letters replaced" * bool(entry.get(2, b""))
                case _:
                    pass  # tests of its own, and how it is to be used elsewhere
    except (ValueError, IndexError, struct.error) as error:
        raise BrokenModel(f"{path} is no SentencePiece vocabulary: {error}. Fetch it again.") from error
    if not pieces:
        raise BrokenModel(f"{path} holds no pieces: it is no SentencePiece vocabulary. Fetch it again.")
    if kind != _BPE or odd:
        why = odd or "which is no BPE"
        raise UnsupportedModel(f"{path} is a SentencePiece vocabulary of a kind that is not read, {why}. {_GIVE}")
    return sentencepiece_json(pieces, scores, types, "never" if not prefix else "first" if _newer(folder) else "always")


_GIVE = "Give a folder with tokenizer.json."


def _newer(folder: Path) -> bool:
    """Whether what comes after a special token begins as it is, by the folder's own word (`legacy`)."""
    try:
        config = json.loads((folder / "tokenizer_config.json").read_text("utf-8"))
    except FileNotFoundError:
        return False
    except ValueError as error:
        raise BrokenModel(f"{folder / 'tokenizer_config.json'} is not JSON: {error}. Fetch it again.") from error
    return isinstance(config, dict) and config.get("legacy") is False


def _fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The numbered values of a protobuf message. Raises ValueError or IndexError where it is none."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        match key & 7:
            case 0:
                value, at = _varint(data, at)
                yield key >> 3, value
                continue
            case 1:
                size = 8
            case 2:
                size, at = _varint(data, at)
            case 5:
                size = 4
            case wire:
                raise ValueError(f"wire type {wire} at byte {at}")
        if at + size > len(data):
            raise ValueError(f"it is cut short at byte {len(data)}")
        yield key >> 3, data[at : at + size]
        at += size


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift += 7
        at += 1
        if data[at - 1] < 0x80:
            return value, at


def _bytes(value: int | bytes) -> bytes:
    if isinstance(value, int):
        raise ValueError("a number stands where text should be")
    return value


def _integer(value: int | bytes) -> int:
    if isinstance(value, bytes):
        raise ValueError("text stands where a number should be")
    return value
