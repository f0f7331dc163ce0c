"""What a model's config.json says, checked.

Comes in: a Hugging Face folder. Goes out: `ModelConfig`. An architecture or option that is not computed right here
is refused by name, before any weights are read.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any


class ModelRefused(Exception):
    """The model can't be loaded; the message says why and what would be accepted."""


@dataclass(frozen=True, slots=True)
class RopeScaling:
    """Llama 3's stretching of the low RoPE frequencies, for contexts longer than those first trained on."""

    factor: float
    low_freq_factor: float
    high_freq_factor: float
    original_context: int


@dataclass(frozen=True, slots=True)
class ModelConfig:
    """Shapes and constants of a Llama model."""

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
    rope_theta: float
    rope_scaling: RopeScaling | None
    tied_head: bool
    bos_token: int | None
    end_tokens: tuple[int, ...]


def load_config(folder: Path) -> ModelConfig:
    """Read and check config.json (and generation_config.json for the end tokens). Raises `ModelRefused`."""
    raw = _read_json(folder / "config.json")
    architecture = next(iter(raw.get("architectures") or []), "unknown")
    if architecture != "LlamaForCausalLM":
        raise ModelRefused(
            f"{folder} is of architecture {architecture}; this version runs LlamaForCausalLM. "
            "Choose a Llama-family model."
        )
    for option in ("attention_bias", "mlp_bias"):
        if raw.get(option):
            raise ModelRefused(f"{folder}: config.json sets {option}, which plain Llama layers do not have.")
    if raw.get("hidden_act", "silu") != "silu":
        raise ModelRefused(
            f"{folder}: config.json asks for the activation {raw['hidden_act']!r}; Llama layers have 'silu'."
        )
    try:
        heads = int(raw["num_attention_heads"])
        hidden = int(raw["hidden_size"])
        rope = raw.get("rope_parameters") or {}  # the newer place of theta and scaling
        config = ModelConfig(
            architecture=architecture,
            vocab_size=int(raw["vocab_size"]),
            hidden_size=hidden,
            intermediate_size=int(raw["intermediate_size"]),
            layers=int(raw["num_hidden_layers"]),
            heads=heads,
            kv_heads=int(raw.get("num_key_value_heads") or heads),
            head_dim=int(raw.get("head_dim") or hidden // heads),
            context_length=int(raw["max_position_embeddings"]),
            norm_epsilon=float(raw["rms_norm_eps"]),
            rope_theta=float(raw.get("rope_theta") or rope.get("rope_theta") or 10000.0),
            rope_scaling=_rope_scaling(folder, raw.get("rope_scaling") or rope),
            tied_head=bool(raw.get("tie_word_embeddings", False)),
            bos_token=_tokens(raw.get("bos_token_id"))[0] if raw.get("bos_token_id") is not None else None,
            end_tokens=_end_tokens(folder, raw),
        )
    except KeyError as error:
        raise ModelRefused(f"{folder}: config.json lacks {error}.") from error
    except (TypeError, ValueError) as error:
        raise ModelRefused(f"{folder}: config.json has a value of a wrong kind: {error}.") from error
    if config.heads % config.kv_heads or config.head_dim % 2:
        raise ModelRefused(
            f"{folder}: {config.heads} heads can't share {config.kv_heads} KV heads of {config.head_dim} dimensions."
        )
    return config


def _rope_scaling(folder: Path, raw: dict[str, Any]) -> RopeScaling | None:
    match raw.get("rope_type", raw.get("type", "default")):
        case "default":
            return None
        case "llama3":
            return RopeScaling(
                factor=float(raw["factor"]),
                low_freq_factor=float(raw["low_freq_factor"]),
                high_freq_factor=float(raw["high_freq_factor"]),
                original_context=int(raw["original_max_position_embeddings"]),
            )
        case other:
            raise ModelRefused(f"{folder}: config.json scales RoPE the {other!r} way; known: default, llama3.")


def _end_tokens(folder: Path, raw: dict[str, Any]) -> tuple[int, ...]:
    path = folder / "generation_config.json"
    generation = _read_json(path) if path.is_file() else {}
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


def _read_json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ModelRefused(f"can't read {path}: {error}") from error
    if not isinstance(content, dict):
        raise ModelRefused(f"{path} is not a JSON object")
    return content
