"""What a model's config.json says, checked.

Comes in: a Hugging Face folder. Goes out: `ModelConfig`. An architecture or option that is not computed right here
is refused by name, before any weights are read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from pielang.server.inference.rotary import Rotary, read_rotary

PAGE_SIZE = 16  # tokens a KV page holds


class ModelRefused(Exception):
    """The model can't be loaded; the message says why and what would be accepted."""


def _everywhere(raw: Mapping[str, Any], layers: int) -> list[int]:
    return [int(raw.get("sliding_window", 4096) or 0)] * layers  # what is not written is 4,096; null is none


def _upper_layers(raw: Mapping[str, Any], layers: int) -> list[int]:
    if not raw.get("use_sliding_window"):
        return [0] * layers
    first = int(raw.get("max_window_layers", 28))
    usual = ["full_attention"] * min(first, layers) + ["sliding_attention"] * (layers - first)
    kinds = {"full_attention": 0, "sliding_attention": _everywhere(raw, 1)[0]}
    given = raw.get("layer_types") or usual
    if len(given) != layers or not kinds.keys() >= set(given):
        raise ValueError(f"layer_types must name {' or '.join(kinds)} for each of {layers} layers")
    return [kinds[kind] for kind in given]


@dataclass(frozen=True, slots=True)
class Family:
    """What an architecture has that plain Llama layers have not."""

    qkv_bias: bool = False
    qk_norm: bool = False
    vision: bool = False  # Llama's layers behind a tower that looks at images
    windows: Callable[[Mapping[str, Any], int], list[int]] = lambda raw, layers: [0] * layers


FAMILIES = {
    "LlamaForCausalLM": Family(),
    "MistralForCausalLM": Family(windows=_everywhere),
    "Qwen2ForCausalLM": Family(qkv_bias=True, windows=_upper_layers),
    "Qwen3ForCausalLM": Family(qk_norm=True, windows=_upper_layers),
    "Idefics3ForConditionalGeneration": Family(vision=True),
    "SmolVLMForConditionalGeneration": Family(vision=True),
}


@dataclass(frozen=True, slots=True)
class VisionConfig:
    """Shapes of the tower that looks at images."""

    hidden_size: int
    intermediate_size: int
    layers: int
    heads: int
    image_size: int  # pixels a side
    patch_size: int
    scale_factor: int  # patches a side that become one embedding
    norm_epsilon: float

    @property
    def side(self) -> int:
        """Patches a side."""
        return self.image_size // self.patch_size

    @property
    def embeds(self) -> int:
        """Embeddings that an image becomes."""
        return (self.side // self.scale_factor) ** 2


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Shapes and constants of a decoder: Llama's layers, and what families have on top of them."""

    architecture: str
    vocab_size: int
    hidden_size: int
    intermediate_size: int
    layers: int
    heads: int
    kv_heads: int
    head_dim: int
    context_length: int
    norm_epsilon: float
    rotary: Rotary
    windows: tuple[int, ...]  # [layers] positions that a query sees, itself included; 0: all
    qkv_bias: bool  # queries, keys and values have a bias
    qk_norm: bool  # each head of the queries and keys is normed before it is turned
    tied_head: bool
    bos_token: int | None
    end_tokens: tuple[int, ...]
    vision: VisionConfig | None = None


def load_config(folder: Path) -> ModelConfig:
    """Read and check config.json (and generation_config.json for the end tokens). Raises `ModelRefused`."""
    raw = read_json(folder / "config.json")
    architecture = next(iter(raw.get("architectures") or []), "unknown")
    if architecture not in FAMILIES:
        raise ModelRefused(f"{folder} is of architecture {architecture}; known: {', '.join(FAMILIES)}.")
    whole = raw
    if FAMILIES[architecture].vision:
        raw = _text_config(folder, whole)
    for option in ("attention_bias", "mlp_bias", "quantization_config"):
        if raw.get(option):
            raise ModelRefused(f"{folder}: config.json sets {option}, which is not computed for {architecture}.")
    if raw.get("hidden_act", "silu") != "silu":
        raise ModelRefused(f"{folder}: config.json asks for the activation {raw['hidden_act']!r}; known: 'silu'.")
    try:
        config = _read_config(folder, raw, architecture)
        return replace(config, vision=_vision(whole)) if FAMILIES[architecture].vision else config
    except KeyError as error:
        raise ModelRefused(f"{folder}: config.json lacks {error}.") from error
    except (TypeError, ValueError, AttributeError, OverflowError, ZeroDivisionError) as error:
        raise ModelRefused(f"{folder}: config.json has a value that can't be used: {error}.") from error


def _read_config(folder: Path, raw: dict[str, Any], architecture: str) -> ModelConfig:
    family = FAMILIES[architecture]
    layers, heads, hidden = (_count(raw, name) for name in ("num_hidden_layers", "num_attention_heads", "hidden_size"))
    kv_heads = _count(raw, "num_key_value_heads") if raw.get("num_key_value_heads") else heads
    head_dim = _count(raw, "head_dim") if raw.get("head_dim") else hidden // heads
    context = _count(raw, "max_position_embeddings")
    if heads % kv_heads or head_dim % 2:
        raise ValueError(f"{heads} heads can't share {kv_heads} KV heads of {head_dim} dimensions")
    return ModelConfig(
        architecture=architecture,
        vocab_size=_count(raw, "vocab_size"),
        hidden_size=hidden,
        intermediate_size=_count(raw, "intermediate_size"),
        layers=layers,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=head_dim,
        context_length=context,
        norm_epsilon=float(raw.get("rms_norm_eps", 1e-6)),
        rotary=read_rotary(raw, head_dim, context),
        windows=tuple(size if size < context else 0 for size in family.windows(raw, layers)),
        qkv_bias=family.qkv_bias,
        qk_norm=family.qk_norm,
        tied_head=bool(raw.get("tie_word_embeddings", False)),
        bos_token=next(iter(_tokens(raw.get("bos_token_id"))), None),
        end_tokens=_end_tokens(folder, raw),
    )


_VISION_DEFAULTS = {
    "hidden_size": 1152,
    "intermediate_size": 3072,
    "num_hidden_layers": 12,
    "num_attention_heads": 16,
    "image_size": 224,
    "patch_size": 32,
}


def _text_config(folder: Path, whole: dict[str, Any]) -> dict[str, Any]:
    """The part about the text model, with what stands outside of it."""
    text = whole.get("text_config")
    if not isinstance(text, dict) or text.get("model_type", "llama") != "llama":
        raise ModelRefused(f"{folder}: config.json's text_config is not of a Llama model; no other is known there.")
    outside = ("tie_word_embeddings", "quantization_config", "bos_token_id", "eos_token_id")
    return {"rms_norm_eps": 1e-5} | text | {name: whole[name] for name in outside if name in whole}


def _vision(whole: dict[str, Any]) -> VisionConfig:
    raw = _VISION_DEFAULTS | whole["vision_config"]  # what is as usual may not be written
    if raw.get("hidden_act", "gelu_pytorch_tanh") != "gelu_pytorch_tanh" or raw.get("num_channels", 3) != 3:
        raise ValueError("vision_config: known are 'gelu_pytorch_tanh' and 3 channels")
    config = VisionConfig(
        hidden_size=_count(raw, "hidden_size"),
        intermediate_size=_count(raw, "intermediate_size"),
        layers=_count(raw, "num_hidden_layers"),
        heads=_count(raw, "num_attention_heads"),
        image_size=_count(raw, "image_size"),
        patch_size=_count(raw, "patch_size"),
        scale_factor=_count({"scale_factor": 2} | whole, "scale_factor"),
        norm_epsilon=float(raw.get("layer_norm_eps", 1e-6)),
    )
    if config.hidden_size % config.heads or config.image_size % config.patch_size or config.side % config.scale_factor:
        raise ValueError("vision_config: heads, patches and the scale factor must divide what they are parts of")
    return config


def _count(raw: dict[str, Any], name: str) -> int:
    value = int(raw[name])
    if not 0 < value < 1 << 31:
        raise ValueError(f"{name} is {value}")
    return value


def _end_tokens(folder: Path, raw: dict[str, Any]) -> tuple[int, ...]:
    path = folder / "generation_config.json"
    generation = read_json(path, missing={})
    found = _tokens(raw.get("eos_token_id")) + _tokens(generation.get("eos_token_id"))
    return tuple(sorted(set(found)))


def _tokens(value: object) -> list[int]:
    match value:
        case int(token):
            return [token]
        case list(tokens):
            return [int(token) for token in tokens]
        case _:
            return []


def read_json(path: Path, missing: dict[str, Any] | None = None) -> dict[str, Any]:
    """An object from a file of a model, or `missing` where there is none. Raises `ModelRefused`."""
    if missing is not None and not path.exists():
        return missing
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelRefused(f"can't read {path}: {error}") from error
    if not isinstance(content, dict):
        raise ModelRefused(f"{path} is not a JSON object")
    return content
