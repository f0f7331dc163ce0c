"""SentencePiece vocabularies give the tokens that SentencePiece and transformers give, in each form they come in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from gguf import GGUFReader, GGUFWriter
from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher

from pielang.models import BrokenModel, ModelStore, UnsupportedModel
from pielang.models.gguf_folder import GGUFModel
from pielang.models.progress import silent
from pielang.models.sentencepiece import read_sentencepiece
from pielang.server.control.tokenizer import Tokenizer
from pielang.server.inference.grammar import Tokens
from tests.models.sentencepiece_record import MODEL, RECORD
from tests.models.tiny_gguf import write_gguf
from tests.server.inference.tiny_model import VOCAB, make_tiny_model

ENTRIES: list[dict[str, Any]] = json.loads(RECORD.read_text("utf-8"))
LETTERS = set(b" abcdefghijklmnopqrstuvwxyz")
SPECIAL = ("<s>", "</s>", "<unk>")


def folder_of(folder: Path, vocabulary: bytes | None = None, config: str | None = None) -> Path:
    """A model's folder whose tokenizer is in SentencePiece's own form."""
    make_tiny_model(folder)
    (folder / "tokenizer.json").unlink()
    (folder / "tokenizer.model").write_bytes(MODEL.read_bytes() if vocabulary is None else vocabulary)
    (folder / "tokenizer_config.json").write_text(config or "{}")
    return folder


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    return ModelStore(folder / "cache").resolve(str(folder_of(folder / "llama"))).path


@pytest.fixture(scope="module")
def tokenizer(converted: Path) -> Tokenizer:
    return Tokenizer(converted)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: repr(entry["text"])[:20])
def test_as_recorded(tokenizer: Tokenizer, entry: dict[str, Any]) -> None:
    text = entry["text"]
    tokens = tokenizer.encode(text)
    assert tokens == entry["transformers"][0]
    if text[:1] not in (" ", "\u2581") and not any(token in text for token in SPECIAL):
        assert tokens == entry["sentencepiece"]
        assert tokenizer.decode_bytes(tokens).decode().removeprefix(" ") == entry["decoded"]


def test_newer_folders_leave_what_comes_after_a_special_token(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "llama", config='{"legacy": false}')
    newer = Tokenizer(ModelStore(tmp_path / "cache").resolve(str(folder)).path)
    assert [newer.encode(entry["text"]) for entry in ENTRIES] == [entry["transformers"][1] for entry in ENTRIES]


def test_older_files_put_no_second_space_before_a_text(tmp_path: Path, converted: Path, tokenizer: Tokenizer) -> None:
    content = json.loads((converted / "tokenizer.json").read_text("utf-8"))
    replace = {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}
    prepend = {"type": "Prepend", "prepend": "\u2581"}
    content |= {"normalizer": {"type": "Sequence", "normalizers": [prepend, replace]}, "pre_tokenizer": None}
    (tmp_path / "tokenizer.json").write_text(json.dumps(content))
    older = Tokenizer(tmp_path)
    for entry in ENTRIES:
        assert older.encode(entry["text"]) == tokenizer.encode(entry["text"])


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.sampled_from("the river \n") | st.characters(exclude_characters="\u2581", codec="utf-8")))
def test_bytes_come_back_one_token_at_a_time(tokenizer: Tokenizer, text: str) -> None:
    """With the space before it; characters without a token of their own as their bytes."""
    tokens = tokenizer.encode(text)
    assert b"".join(map(tokenizer.token_bytes, tokens)).decode() == (text if text[:1] in ("", " ") else " " + text)


def test_a_grammar_sees_the_same_bytes(converted: Path, tokenizer: Tokenizer) -> None:
    tokens, pieces = Tokens(converted, tokenizer.vocab_size, [2]), range(3, tokenizer.vocab_size)

    def allowed(matcher: LLMatcher) -> list[int]:
        mask = tokens.mask(matcher)
        return [token for token in pieces if mask[token // 8] >> token % 8 & 1]

    _, letters = tokens.compile("regex", "[ a-z]+")
    assert allowed(letters) == [token for token in pieces if set(tokenizer.token_bytes(token)) <= LETTERS]
    rest = " the river\n🎉".encode()
    _, matcher = tokens.compile("regex", rest.decode())
    while rest:
        *_, token = allowed(matcher)
        piece = tokenizer.token_bytes(token)
        assert matcher.consume_token(token) and rest.startswith(piece)
        rest = rest.removeprefix(piece)


def test_out_of_a_gguf_file(tmp_path: Path, converted: Path) -> None:
    content = json.loads((converted / "tokenizer.json").read_text("utf-8"))
    pieces = sorted(content["model"]["vocab"], key=content["model"]["vocab"].__getitem__)
    pieces = [*pieces[:259], *pieces[259 - VOCAB :]]  # bytes and letters
    special = {token["content"]: 2 if token["content"] == "<unk>" else 3 for token in content["added_tokens"]}
    rank = {"".join(pair): at for at, pair in reversed(list(enumerate(content["model"]["merges"])))}

    def with_pieces(writer: GGUFWriter) -> None:
        for name in ("model", "tokens", "token_type"):
            del writer.kv_data[0][f"tokenizer.ggml.{name}"]
        writer.add_tokenizer_model("llama")
        writer.add_token_list(pieces)
        writer.add_token_scores([float(-rank.get(piece, 0)) for piece in pieces])
        writer.add_token_types([6 if piece.startswith("<0x") else special.get(piece, 1) for piece in pieces])

    path = write_gguf(tmp_path / "tiny.gguf", more=with_pieces)
    assert GGUFReader(path).get_field("tokenizer.ggml.scores") is not None
    GGUFModel(path).write(tmp_path, silent)
    tokenizer = Tokenizer(tmp_path)
    tokens = tokenizer.encode("the é</s>the")
    assert tokenizer.decode_bytes(tokens) == " the é</s> the".encode() and 2 in tokens


def test_the_store_makes_a_folder_once_and_leaves_the_model_alone(tmp_path: Path) -> None:
    folder, store = folder_of(tmp_path / "llama"), ModelStore(tmp_path / "cache")
    before = sorted(folder.iterdir())
    model = store.resolve(str(folder))
    assert store.resolve(str(folder)) == model and sorted(folder.iterdir()) == before
    assert (model.path / "model.safetensors").resolve() == folder / "model.safetensors"
    store.remove(model.name)
    assert sorted(folder.iterdir()) == before


def varint_field(number: int, value: int) -> bytes:
    return bytes([number << 3, value])


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (lambda whole: whole[:1000], BrokenModel, "cut short"),
        (lambda whole: b"", BrokenModel, "no pieces"),
        (lambda whole: b"version https://git-lfs", BrokenModel, "no SentencePiece vocabulary"),
        (lambda whole: whole + b"\x12\x02" + varint_field(3, 1), UnsupportedModel, "no BPE"),
        (lambda whole: whole + b"\x1a\x02" + varint_field(4, 1), UnsupportedModel, "spaces left out"),
        (lambda whole: whole + b"\x1a\x05" + b"\x12\x01x" + varint_field(4, 0), UnsupportedModel, "letters replaced"),
    ],
)
def test_what_is_not_read(tmp_path: Path, change: Any, error: type[Exception], words: str) -> None:
    folder = folder_of(tmp_path / "llama", change(MODEL.read_bytes()))
    with pytest.raises(error, match=words):
        read_sentencepiece(folder)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 6235), value=st.integers(0, 255))
def test_a_damaged_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, at: int, value: int) -> None:
    content = bytearray(MODEL.read_bytes())
    content[at] = value
    folder = tmp_path_factory.mktemp("damaged")
    (folder / "tokenizer.model").write_bytes(content)
    try:
        (folder / "tokenizer.json").write_text(json.dumps(read_sentencepiece(folder)))
    except (BrokenModel, UnsupportedModel):
        pass


def test_added_tokens_are_refused(tmp_path: Path) -> None:
    folder = folder_of(tmp_path / "llama")
    (folder / "added_tokens.json").write_text('{"<pad>": 400}')
    with pytest.raises(UnsupportedModel, match="adds tokens"):
        ModelStore(tmp_path / "cache").resolve(str(folder))
