"""GGUF files of each family say what transformers says of the same weights; damaged files are refused, and no more."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
import torch
from gguf import GGUFWriter, RopeScalingType, TokenType
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file

from pielang.models.errors import BrokenModel, ModelError, UnsupportedModel
from pielang.models.gguf_folder import GGUFModel
from pielang.models.progress import silent
from pielang.server.inference.config import ModelRefused, load_config
from pielang.server.inference.rotary import read_rotary
from pielang.server.inference.weights import load_weights
from tests.models.tiny_gguf import NAMES, write_gguf
from tests.server.inference import families
from tests.server.inference.test_families import RECORD, check_record, make_executor
from tests.server.inference.tiny_model import byte_tokens, make_tiny_model

CASES = ("llama 2", "llama 3", "linear", "yarn", "mistral", "qwen2", "qwen3")
NAMES = NAMES | {"self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm"}
OUTSIDE = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output"}


def write_case(case: str, folder: Path) -> Path:
    """A case of `families` as llama.cpp's converter writes it."""
    families.write_model(case, folder)
    config = json.loads((folder / "config.json").read_text())
    family = {"mistral": "llama"}.get(config["model_type"], config["model_type"])
    heads, kv_heads = config["num_attention_heads"], config["num_key_value_heads"]
    dim = config.get("head_dim", config["hidden_size"] // heads)
    writer = GGUFWriter(folder / "model.gguf", family)
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_key_length(dim)
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    if config.get("sliding_window"):
        writer.add_sliding_window(config["sliding_window"])
    scaling = config.get("rope_scaling") or {}
    if scaling.get("rope_type") in ("linear", "yarn"):
        writer.add_rope_scaling_type(RopeScalingType(scaling["rope_type"]))
        writer.add_rope_scaling_factor(scaling["factor"])
        writer.add_rope_scaling_orig_ctx_len(scaling.get("original_max_position_embeddings", 0))
    if scaling.get("rope_type") == "llama3":
        context = config["max_position_embeddings"]
        plain = read_rotary({"rope_theta": config["rope_theta"]}, dim, context).frequencies
        divisors = np.array(plain) / np.array(read_rotary(config, dim, context).frequencies)
        writer.add_tensor("rope_freqs.weight", divisors.astype(np.float32))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2" if "qwen" in family else "llama-bpe")
    writer.add_token_list([*byte_tokens()[: families.VOCAB - 1], "ab"])
    writer.add_token_types([TokenType.NORMAL] * families.VOCAB)
    writer.add_token_merges(["a b"])
    for file in sorted(folder.glob("*.safetensors")):
        for name, weight in load_file(file).items():
            stem, kind = name.rsplit(".", 1)
            values = weight.numpy()
            if stem in OUTSIDE:
                target = OUTSIDE[stem]
            else:
                layer, part = stem.removeprefix("model.layers.").split(".", 1)
                target = f"blk.{layer}.{NAMES[part]}"
                count = {"self_attn.q_proj": heads, "self_attn.k_proj": kv_heads}.get(part, 0)
                if count and family == "llama":  # the two halves of a head are interleaved
                    values = values.reshape(count, 2, dim // 2, -1).swapaxes(1, 2).reshape(values.shape)
            writer.add_tensor(f"{target}.{kind}", np.ascontiguousarray(values))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return folder / "model.gguf"


@pytest.mark.parametrize("case", CASES)
def test_as_recorded(tmp_path: Path, case: str) -> None:
    path, folder = write_case(case, tmp_path), tmp_path / "converted"
    folder.mkdir()
    GGUFModel(path).write(folder, silent)
    assert load_config(folder).architecture == families.CASES[case]["architectures"][0]
    check_record(make_executor(folder, native=False), RECORD[case])


def test_what_gguf_says_of_rope_and_is_not_known(tmp_path: Path) -> None:
    path = tmp_path / "tiny.gguf"
    for add, words in (
        (lambda writer: writer.add_rope_dimension_count(4), "part of each head"),
        (lambda writer: writer.add_rope_scaling_type(RopeScalingType.LONGROPE), "'longrope' way"),
        (lambda writer: writer.add_rope_scaling_yarn_log_mul(0.1), "yarn_log_multiplier"),
    ):
        write_gguf(path, more=add)
        with pytest.raises(UnsupportedModel, match=words):
            GGUFModel(path).write(tmp_path, silent)
    write_gguf(path, extra_tensor="rope_freqs.weight", more=lambda writer: writer.add_key_length(12))
    with pytest.raises(BrokenModel, match="rope_freqs"):
        GGUFModel(path).write(tmp_path, silent)


# ---- damaged files: an error of ours, whatever the damage


@dataclass(frozen=True, slots=True, repr=False)
class Whole:
    """Files by name; so many bytes are not to be printed."""

    files: dict[str, bytes]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    make_tiny_model(folder)
    files = {name: (folder / name).read_bytes() for name in ("config.json", "model.safetensors")}
    return Whole(files | {"tiny.gguf": write_gguf(folder / "tiny.gguf").read_bytes()})


def damaged(data: st.DataObject, content: bytes) -> bytes:
    """Some bytes changed, most of them near the beginning, where a file says what is in it; and maybe cut."""
    changed = bytearray(content)
    for _ in range(data.draw(st.integers(0, 6))):
        near = int(math.exp(data.draw(st.floats(0, math.log(len(changed) - 1)))))
        changed[near] = data.draw(st.integers(0, 255))
    return bytes(changed[: data.draw(st.one_of(st.just(len(changed)), st.integers(0, len(changed))))])


SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@SETTINGS
@given(st.data())
def test_damaged_safetensors(tmp_path: Path, whole: Whole, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(["config.json", "model.safetensors"]))
    for other, content in whole.files.items():
        (tmp_path / other).write_bytes(damaged(data, content) if other == name else content)
    try:
        config = load_config(tmp_path)
        load_weights(tmp_path, config, torch.float32, torch.device("cpu"))
    except ModelRefused as error:
        assert str(tmp_path) in str(error)


@SETTINGS
@given(st.data())
def test_damaged_gguf(tmp_path: Path, whole: Whole, data: st.DataObject) -> None:
    path = tmp_path / "tiny.gguf"
    path.write_bytes(damaged(data, whole.files["tiny.gguf"]))
    try:
        model = GGUFModel(path)
        assert model.size < 1 << 31
        model.write(tmp_path, silent)
    except ModelError as error:
        assert "tiny.gguf" in str(error)
