"""Small models of every family that is known, with weights that a seed decides, and what transformers computes.

`python -m tests.server.inference.families` writes the records (tests/reference/families.json and vision.json) with the
transformers that is installed: logits after a few of the prompt's tokens, and a greedy continuation; what an image
becomes, and logits after it.
"""

from __future__ import annotations

import json
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor

RECORD = Path(__file__).parents[2] / "reference/families.json"
VISION_RECORD = RECORD.with_name("vision.json")
VOCAB, PLACES, NEW = 128, (0, 7, 20, 39), 12  # logits are recorded after these of the prompt's tokens
PROMPT = tuple(int(token) for token in np.random.default_rng(40).integers(0, VOCAB, 40))

_BASE = {
    "vocab_size": VOCAB,
    "hidden_size": 48,
    "intermediate_size": 80,
    "num_hidden_layers": 3,
    "num_attention_heads": 6,
    "num_key_value_heads": 2,
    "max_position_embeddings": 256,
    "rms_norm_eps": 1e-5,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "hidden_act": "silu",
    "tie_word_embeddings": False,
    "torch_dtype": "float32",
}
_LLAMA = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "rope_theta": 10_000.0}
_MISTRAL = {"architectures": ["MistralForCausalLM"], "model_type": "mistral", "rope_theta": 10_000.0}
_QWEN2 = {"architectures": ["Qwen2ForCausalLM"], "model_type": "qwen2", "rope_theta": 1_000_000.0}
_QWEN3 = {"architectures": ["Qwen3ForCausalLM"], "model_type": "qwen3", "rope_theta": 1_000_000.0, "head_dim": 16}
_LLAMA3 = {
    "rope_type": "llama3",
    "factor": 8.0,
    "low_freq_factor": 1.0,
    "high_freq_factor": 4.0,
    "original_max_position_embeddings": 32,
}
_YARN: dict[str, object] = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 64}
_LONG = {"rope_type": "longrope", "short_factor": [1.0, 1.5, 2.0, 4.0], "long_factor": [1.0, 1.5, 2.0, 4.0]}
_UPPER = {"use_sliding_window": True, "sliding_window": 12, "max_window_layers": 1}

CASES: dict[str, dict[str, Any]] = {
    "llama 2": _LLAMA | {"num_key_value_heads": 6},
    "llama 3": _LLAMA | {"rope_theta": 500_000.0, "rope_scaling": _LLAMA3, "tie_word_embeddings": True},
    "linear": _LLAMA | {"rope_scaling": {"rope_type": "linear", "factor": 4.0}},
    "dynamic": _LLAMA | {"rope_scaling": {"rope_type": "dynamic", "factor": 4.0}},
    "yarn": _LLAMA | {"rope_scaling": _YARN},
    "yarn with weights": _LLAMA | {"rope_scaling": _YARN | {"mscale": 0.7, "mscale_all_dim": 1.3, "truncate": False}},
    "longrope": _LLAMA | {"rope_scaling": _LONG | {"factor": 4.0, "original_max_position_embeddings": 64}},
    "smollm2": _LLAMA | {"rope_theta": 100_000.0, "tie_word_embeddings": True, "head_dim": 8},
    "mistral": _MISTRAL | {"sliding_window": 12, "head_dim": 12},
    "mistral without window": _MISTRAL | {"sliding_window": None},
    "qwen2": _QWEN2 | {"tie_word_embeddings": True},
    "qwen2 with windows": _QWEN2 | _UPPER,
    "qwen3": _QWEN3 | {"tie_word_embeddings": True},
    "qwen3 with windows": _QWEN3 | _UPPER,
}


VISION = {
    "hidden_size": 32,
    "intermediate_size": 40,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 24,
    "patch_size": 4,
}
IMAGE, SCALE = 100, 3  # the token that an image's vectors replace; patches a side that become one vector
IMAGE_PROMPT = (7, 8, IMAGE, IMAGE, IMAGE, IMAGE, 9, 11)
VISION_CASES = {
    "idefics3": {"architectures": ["Idefics3ForConditionalGeneration"], "model_type": "idefics3"},
    "smolvlm": {"architectures": ["SmolVLMForConditionalGeneration"], "model_type": "smolvlm"},
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a case computes."""

    logits: Tensor  # [len(PLACES), VOCAB]
    greedy: list[int]  # NEW tokens


def write_model(case: str, folder: Path) -> None:
    """A case as a Hugging Face folder, without a tokenizer, its weights in two files."""
    config = _BASE | CASES[case]
    (folder / "config.json").write_text(json.dumps(config))
    weights = {name: seeded(case, name, *shape) for name, shape in _shapes(config).items()}
    names = sorted(weights)
    files = {name: f"model-{1 + at % 2}.safetensors" for at, name in enumerate(names)}
    for file in sorted(set(files.values())):
        save_file({name: weights[name] for name in names if files[name] == file}, folder / file, {"format": "pt"})
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": files}))


def seeded(case: str, name: str, *shape: int) -> Tensor:
    """Random weights that only the names decide."""
    random = np.random.default_rng(zlib.crc32(f"{case}/{name}".encode()))
    values = random.standard_normal(shape, np.float32)
    if len(shape) > 1:
        return torch.from_numpy(values * np.float32(1.5 / np.prod(shape[1:]) ** 0.5))
    return torch.from_numpy(values * np.float32(0.2) + np.float32(name.endswith("norm.weight")))


def _shapes(config: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    hidden, inner = config["hidden_size"], config["intermediate_size"]
    dim = config.get("head_dim", hidden // config["num_attention_heads"])
    query, key = config["num_attention_heads"] * dim, config["num_key_value_heads"] * dim
    shapes: dict[str, tuple[int, ...]] = {"model.embed_tokens.weight": (VOCAB, hidden), "model.norm.weight": (hidden,)}
    if not config["tie_word_embeddings"]:
        shapes["lm_head.weight"] = (VOCAB, hidden)
    for layer in range(config["num_hidden_layers"]):
        at = f"model.layers.{layer}."
        shapes |= {f"{at}{norm}_layernorm.weight": (hidden,) for norm in ("input", "post_attention")}
        for part, rows in (("q", query), ("k", key), ("v", key)):
            shapes[f"{at}self_attn.{part}_proj.weight"] = (rows, hidden)
            if config["model_type"] == "qwen2":
                shapes[f"{at}self_attn.{part}_proj.bias"] = (rows,)
            if config["model_type"] == "qwen3" and part != "v":
                shapes[f"{at}self_attn.{part}_norm.weight"] = (dim,)
        shapes[f"{at}self_attn.o_proj.weight"] = (hidden, query)
        shapes |= {f"{at}mlp.{part}_proj.weight": (inner, hidden) for part in ("gate", "up")}
        shapes[f"{at}mlp.down_proj.weight"] = (hidden, inner)
    return shapes


def read_record() -> dict[str, Recorded]:
    content = json.loads(RECORD.read_text())
    return {case: Recorded(torch.tensor(entry["logits"]), entry["greedy"]) for case, entry in content.items()}


def by_transformers(case: str) -> Recorded:
    """What transformers computes of a case, in float32."""
    from transformers import AutoModelForCausalLM

    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        write_model(case, Path(folder))
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
        tokens = list(PROMPT)
        logits = model(torch.tensor([tokens]), use_cache=False).logits[0]
        places = logits[list(PLACES)]
        for _ in range(NEW):
            tokens.append(int(logits[-1].argmax()))
            logits = model(torch.tensor([tokens]), use_cache=False).logits[0]
        return Recorded(places, tokens[len(PROMPT) :])


def write_vision_model(case: str, folder: Path) -> None:
    """A model that looks at images, likewise."""
    text = _BASE | _LLAMA
    kind = VISION_CASES[case] | {"scale_factor": SCALE, "image_token_id": IMAGE, "tie_word_embeddings": False}
    config = kind | {"text_config": text, "vision_config": VISION | {"model_type": f"{case}_vision"}}
    shapes = {name.replace("model.", "model.text_model.", 1): shape for name, shape in _shapes(text).items()}
    width, inner = VISION["hidden_size"], VISION["intermediate_size"]
    shapes["model.connector.modality_projection.proj.weight"] = (text["hidden_size"], width * SCALE**2)
    tower: dict[str, tuple[int, ...]] = {"embeddings.patch_embedding": (width, 3, 4, 4), "post_layernorm": (width,)}
    for layer in range(VISION["num_hidden_layers"]):
        at = f"encoder.layers.{layer}."
        tower |= {f"{at}self_attn.{part}": (width, width) for part in ("q_proj", "k_proj", "v_proj", "out_proj")}
        tower |= {f"{at}layer_norm{index}": (width,) for index in (1, 2)}
        tower |= {f"{at}mlp.fc1": (inner, width), f"{at}mlp.fc2": (width, inner)}
    for name, shape in tower.items():
        shapes |= {f"model.vision_model.{name}.weight": shape, f"model.vision_model.{name}.bias": shape[:1]}
    shapes["model.vision_model.embeddings.position_embedding.weight"] = (36, width)
    (folder / "config.json").write_text(json.dumps(config))
    weights = {name: seeded("vision", name, *shape) for name, shape in shapes.items()}
    save_file(weights, folder / "model.safetensors", {"format": "pt"})


def picture() -> Tensor:
    """Normalised pixels [3, 24, 24]."""
    return seeded("vision", "pixels", 3, 24, 24) * 10


def vision_by_transformers(case: str) -> Recorded:
    """The vectors of `picture`, and the logits after `IMAGE_PROMPT` with it."""
    from transformers import AutoModelForImageTextToText

    with tempfile.TemporaryDirectory() as folder, torch.inference_mode():
        write_vision_model(case, Path(folder))
        model = AutoModelForImageTextToText.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager")
        pixels = picture()[None, None]
        vectors = model.model.get_image_features(pixels).pooler_output[0]
        logits = model(input_ids=torch.tensor([IMAGE_PROMPT]), pixel_values=pixels, use_cache=False).logits[0, -1]
        return Recorded(torch.cat((vectors.flatten(), logits)), [])


def main() -> int:
    content = {}
    for case in CASES:
        made = by_transformers(case)
        content[case] = {"greedy": made.greedy, "logits": _rounded(made.logits)}
    _write(RECORD, content)
    _write(VISION_RECORD, {case: _rounded(vision_by_transformers(case).logits) for case in VISION_CASES})
    return 0


def _rounded(values: Tensor) -> Any:
    return (values.double() * 1e6).round().div(1e6).tolist()


def _write(path: Path, content: dict[str, Any]) -> None:
    lines = (f"{json.dumps(case)}: {json.dumps(entry, separators=(',', ':'))}" for case, entry in content.items())
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    sys.exit(main())
