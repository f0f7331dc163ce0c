"""Tokens stand for exact bytes; special tokens are read where they are written out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pielang.models import ModelStore
from pielang.server.control.tokenizer import Tokenizer, TokenizerError
from tests.server.inference.tiny_model import VOCAB, make_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Tokenizer:
    folder = tmp_path_factory.mktemp("tiny")
    make_tiny_model(folder)
    return Tokenizer(folder)


@pytest.fixture(scope="module")
def real() -> Tokenizer:
    return Tokenizer(ModelStore().resolve().path)


def test_every_byte_has_a_token(tiny: Tokenizer) -> None:
    assert [tiny.token_bytes(id) for id in range(256)] == [bytes([byte]) for byte in range(256)]
    assert tiny.vocab_size == VOCAB


def test_special_tokens(tiny: Tokenizer) -> None:
    assert tiny.encode("ab<|im_end|>é") == [258, 257, 0xC3, 0xA9]
    assert tiny.decode_bytes([256, 258]) == b"<|im_start|>ab"


@pytest.mark.parametrize("token", [-1, VOCAB, 2**40])
def test_no_such_token(tiny: Tokenizer, token: int) -> None:
    with pytest.raises(ValueError, match="no token"):
        tiny.decode_bytes([1, token])


@pytest.mark.model
@settings(max_examples=100, deadline=None)
@given(text=st.text(st.characters(max_codepoint=0x1FFFF, exclude_categories=["Cs", "Cc"])))
def test_text_comes_back(real: Tokenizer, text: str) -> None:
    """All but what the model's vocabulary can't spell: a few control characters and the planes above 3."""
    assert real.decode_bytes(real.encode(text)).decode() == text


@pytest.mark.model
def test_a_character_cut_in_two(real: Tokenizer) -> None:
    parts = [real.token_bytes(token) for token in real.encode("🎉")]
    assert len(parts) > 1 and b"".join(parts) == "🎉".encode()


def test_folders_without_a_usable_tokenizer(tmp_path: Path) -> None:
    with pytest.raises(TokenizerError, match=r"no tokenizer\.json"):
        Tokenizer(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(TokenizerError, match="can't be read"):
        Tokenizer(tmp_path)
    make_tiny_model(tmp_path)
    content = json.loads((tmp_path / "tokenizer.json").read_text())
    for decoder in ({"type": "Fuse"}, {"type": "WordPiece", "prefix": "##", "cleanup": True}, None):
        content["decoder"] = decoder
        (tmp_path / "tokenizer.json").write_text(json.dumps(content))
        with pytest.raises(TokenizerError, match="no exact bytes"):
            Tokenizer(tmp_path)
