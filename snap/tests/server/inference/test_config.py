"""Models that are not computed right here are refused by name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from pielang.server.inference.config import ModelRefused, load_config
from pielang.server.inference.model import rotations
from pielang.server.inference.weights import load_weights
from tests.server.inference.tiny_model import make_tiny_model, tiny_config

LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 64,
}

LONG = {"rope_type": "longrope", "short_factor": [1.0] * 4, "original_max_position_embeddings": 64}


def write(folder: Path, **changes: object) -> Path:
    (folder / "config.json").write_text(json.dumps(tiny_config() | changes))
    return folder


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"architectures": ["GemmaForCausalLM"]}, "GemmaForCausalLM"),
        ({"attention_bias": True}, "attention_bias"),
        ({"hidden_act": "gelu"}, "gelu"),
        ({"rope_scaling": {"rope_type": "spiral"}}, "'spiral' way; known: default, linear"),
        ({"rope_scaling": {"rope_type": "yarn"}}, "lacks 'factor'"),
        ({"rope_scaling": LONG | {"long_factor": [2.0] * 4}}, "'longrope' way"),
        ({"rope_scaling": {"type": "dynamic", "factor": 2, "original_max_position_embeddings": 64}}, "'dynamic' way"),
        ({"partial_rotary_factor": 0.5}, "partial_rotary_factor"),
        ({"quantization_config": {"bits": 4}}, "quantization_config"),
        ({"num_key_value_heads": 4}, "6 heads"),
        ({"hidden_size": "wide"}, "can't be used"),
        ({"num_hidden_layers": -1}, "num_hidden_layers is -1"),
        (
            {"architectures": ["Qwen3ForCausalLM"], "use_sliding_window": True, "layer_types": ["odd"] * 3},
            "layer_types",
        ),
    ],
)
def test_refusals(tmp_path: Path, changes: dict[str, object], words: str) -> None:
    with pytest.raises(ModelRefused, match=words):
        load_config(write(tmp_path, **changes))


def test_missing_and_broken_files(tmp_path: Path) -> None:
    with pytest.raises(ModelRefused, match=r"config\.json"):
        load_config(tmp_path)
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelRefused, match=r"config\.json"):
        load_config(tmp_path)


def test_end_tokens_of_both_files(tmp_path: Path) -> None:
    (tmp_path / "generation_config.json").write_text(json.dumps({"eos_token_id": [257, 260]}))
    assert load_config(write(tmp_path)).end_tokens == (257, 260)


def test_windows_of_the_families(tmp_path: Path) -> None:
    def windows(family: str, **changes: object) -> tuple[int, ...]:
        return load_config(write(tmp_path, architectures=[f"{family}ForCausalLM"], **changes)).windows

    assert windows("Llama", sliding_window=16) == (0, 0, 0)
    assert windows("Mistral", sliding_window=16) == (16, 16, 16)
    assert windows("Mistral", sliding_window=None) == windows("Mistral") == (0, 0, 0)  # 4,096 is beyond the context
    assert windows("Qwen2", sliding_window=16) == (0, 0, 0)
    assert windows("Qwen2", sliding_window=16, use_sliding_window=True, max_window_layers=2) == (0, 0, 16)
    kinds = ["sliding_attention", "full_attention", "full_attention"]
    assert windows("Qwen3", sliding_window=16, use_sliding_window=True, layer_types=kinds) == (16, 0, 0)


def test_llama3_scaling_stretches_slow_pairs_only(tmp_path: Path) -> None:
    config = load_config(write(tmp_path, rope_scaling=LLAMA3, max_position_embeddings=4))
    angle = rotations(config)[1].angle()
    # 64 / wavelength: 10.2 turns for pair 0 (kept), 1.02 for pair 1 (nearly all stretched), less for the others
    expected = [1.0, 0.1 * (0.9938 / 8 + 0.0062), 0.01 / 8, 0.001 / 8]
    torch.testing.assert_close(angle, torch.tensor(expected), rtol=1e-3, atol=1e-8)


@pytest.mark.parametrize("fault", ["missing", "misshapen", "cut"])
def test_weights_that_do_not_fit(tmp_path: Path, fault: str) -> None:
    tiny = make_tiny_model(tmp_path)
    weights, path = dict(tiny.weights), tmp_path / "model.safetensors"
    match fault:
        case "missing":
            del weights["model.norm.weight"]
            save_file(weights, path)
        case "misshapen":
            weights["model.norm.weight"] = torch.ones(7)
            save_file(weights, path)
        case "cut":
            path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(ModelRefused, match="model"):
        load_weights(tmp_path, load_config(tmp_path), torch.float32, torch.device("cpu"))


def test_weights_in_several_files_and_a_head_of_its_own(tmp_path: Path) -> None:
    tiny = make_tiny_model(tmp_path)
    write(tmp_path, tie_word_embeddings=False)
    (tmp_path / "model.safetensors").unlink()
    head = {"lm_head.weight": tiny.weights["model.embed_tokens.weight"] * 2}
    save_file(tiny.weights, tmp_path / "model-1.safetensors")
    save_file(head, tmp_path / "model-2.safetensors")
    loaded = load_weights(tmp_path, load_config(tmp_path), torch.float32, torch.device("cpu"))
    torch.testing.assert_close(loaded.head, loaded.embedding * 2)
