"""Text to tokens and back, exactly.

Comes in: a Hugging Face folder with tokenizer.json. Goes out: ids of a text, and the bytes of ids. Bytes, because a
token of byte-level BPE may be a part of a character: what is text is decided by whoever joins them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer as HuggingFaceTokenizer


class TokenizerError(Exception):
    """The folder's tokenizer can't be used; the message says why."""


class Tokenizer:
    """The tokenizer of a model. Raises `TokenizerError` when there is none, or one that is not byte-level BPE."""

    def __init__(self, folder: Path) -> None:
        path = folder / "tokenizer.json"
        if not path.is_file():
            raise TokenizerError(f"{folder} has no tokenizer.json; a Hugging Face folder with one is needed.")
        try:
            self._inner = HuggingFaceTokenizer.from_file(str(path))
        except Exception as error:  # the library raises plain Exception
            raise TokenizerError(f"{path} can't be read: {error}") from error
        if type(self._inner.decoder).__name__ != "ByteLevel":
            raise TokenizerError(f"{path} is not byte-level BPE, the only kind whose tokens stand for exact bytes.")
        added = self._inner.get_added_tokens_decoder()
        self.special_ids: frozenset[int] = frozenset(id for id, token in added.items() if token.special)
        self._bytes = {id: token.content.encode() for id, token in added.items()}  # of the tokens met so far
        self._byte_of = _byte_level_alphabet()
        self.vocab_size: int = self._inner.get_vocab_size(with_added_tokens=True)

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
        known = bytes([self._byte_of[character] for character in spelled])
        self._bytes[token] = known
        return known


def _byte_level_alphabet() -> dict[str, int]:
    """Byte-level BPE's spelling: printable Latin-1 stands for itself, the 68 other bytes for U+0100 and on."""
    itself = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [byte for byte in range(256) if byte not in itself]
    return {chr(byte): byte for byte in itself} | {chr(0x100 + place): byte for place, byte in enumerate(others)}
