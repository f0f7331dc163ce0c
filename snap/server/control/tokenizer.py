"""Text to tokens and back, exactly.

Comes in: a Hugging Face folder with tokenizer.json, of byte-level BPE or of SentencePiece's. Goes out: ids of a text,
and the bytes of ids. Bytes, because a token may be part of a character: what is text is decided by whoever joins them.

SentencePiece's tokens say where words begin: a text gets a space before it, and so does what follows a special token,
unless there is one. It stays in the tokens' bytes; what goes on in the middle of a text is to begin with its space.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer as HuggingFaceTokenizer
from tokenizers import pre_tokenizers

_SPACE = "\u2581"
_BYTE = re.compile("<0x([0-9A-F]{2})>")
_SPACES = (
    {"type": "Replace", "pattern": {"String": _SPACE}, "content": " "},
    *({"type": "Metaspace", "replacement": _SPACE, "prepend_scheme": scheme, "split": split}
      for scheme in ("always", "first", "never") for split in (True, False)),
)  # fmt: skip
"""The step by which a piece of SentencePiece tells its spaces; one of these has to be there."""
_PIECES = (
    *_SPACES,
    {"type": "ByteFallback"},
    {"type": "Fuse"},
    {"type": "Strip", "content": " ", "start": 1, "stop": 0},
)
"""All steps by which its tokens become text. The last takes away the space that a text got."""


class TokenizerError(Exception):
    """The folder's tokenizer can't be used; the message says why."""


class Tokenizer:
    """The tokenizer of a model. Raises `TokenizerError` when there is none, or one whose tokens are no exact bytes."""

    def __init__(self, folder: Path) -> None:
        path = folder / "tokenizer.json"
        if not path.is_file():
            raise TokenizerError(f"{folder} has no tokenizer.json; a Hugging Face folder with one is needed.")
        try:
            self._inner = HuggingFaceTokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain Exception
            raise TokenizerError(f"{path} can't be read: {error}") from error
        steps = _steps(self._inner.decoder)
        self._fallback = {"type": "ByteFallback"} in steps
        self._byte_level = [step["type"] for step in steps] == ["ByteLevel"]
        if not self._byte_level:
            if not any(step in _SPACES for step in steps) or any(step not in _PIECES for step in steps):
                names = ", ".join(step["type"] for step in steps) or "none"
                raise TokenizerError(
                    f"{path} makes text of tokens in a way ({names}) that leaves no exact bytes to each: give a model "
                    "with byte-level BPE or SentencePiece's BPE."
                )
            self._space_once()
        added = self._inner.get_added_tokens_decoder()
        self._bytes = {id: token.content.encode() for id, token in added.items()}  # of the tokens met so far
        self._byte_of = _byte_level_alphabet()
        self.vocab_size: int = self._inner.get_vocab_size(with_added_tokens=True)

    def _space_once(self) -> None:
        """No second space before a text that begins with one, as in newer files; older ones just put it there."""
        steps = _steps(self._inner.normalizer)
        replace = {"type": "Replace", "pattern": {"String": " "}, "content": _SPACE}
        if steps == [{"type": "Prepend", "prepend": _SPACE}, replace] and self._inner.pre_tokenizer is None:
            self._inner.normalizer = None
            self._inner.pre_tokenizer = pre_tokenizers.Metaspace(_SPACE, "always", split=False)

    def encode(self, text: str) -> list[int]:
        """The ids of a text. Special tokens written out in it become their ids; none are added.

        A vocabulary may lack single bytes (SmolLM2 has none for U+0004 or plane 4); those are left out, as elsewhere.
        """
        ids: list[int] = self._inner.encode(text, add_special_tokens=False).ids
        return ids

    def decode_bytes(self, tokens: Sequence[int]) -> bytes:
        """The bytes of tokens, one after another. Raises ValueError for an id that is no token."""
        return b"".join([self.token_bytes(token) for token in tokens])

    def token_bytes(self, token: int) -> bytes:
        """The bytes of one token: for a special one its name. Raises ValueError for an id that is no token."""
        known = self._bytes.get(token)
        if known is not None:
            return known
        spelled = self._inner.id_to_token(token) if 0 <= token < 1 << 32 else None
        if spelled is None:
            raise ValueError(f"{token} is no token; ids go from 0 to {self.vocab_size - 1}")
        if self._byte_level:
            known = bytes([self._byte_of[character] for character in spelled])
        elif self._fallback and (byte := _BYTE.fullmatch(spelled)):
            known = bytes.fromhex(byte[1])
        else:
            known = spelled.replace(_SPACE, " ").encode()
        self._bytes[token] = known
        return known


def _steps(part: Any) -> list[dict[str, Any]]:
    """A part of a tokenizer as its file says it, one step after another."""
    if part is None:
        return []
    written: dict[str, Any] = json.loads(part.__getstate__())
    steps: list[dict[str, Any]] = written.get("decoders") or written.get("normalizers") or [written]
    return steps


def _byte_level_alphabet() -> dict[str, int]:
    """Byte-level BPE's spelling: printable Latin-1 stands for itself, the 68 other bytes for U+0100 and on."""
    itself = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in itself]
    return {chr(byte): byte for byte in itself} | {chr(0x100 + place): byte for place, byte in enumerate(others)}
