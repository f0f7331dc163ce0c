"""A small Llama with random weights, and the plainest possible computation of it to compare with."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

HIDDEN, INNER, LAYERS, HEADS, KV_HEADS, DIM, VOCAB, CONTEXT = 48, 80, 3, 6, 2, 8, 300, 512
THETA, EPSILON = 10_000.0, 1e-5

TEMPLATE = (
    "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)


@dataclass(frozen=True, slots=True)
class Computed:
    """What comes of N tokens."""

    logits: Tensor  # [N, VOCAB]
    hidden: Tensor  # [N, HIDDEN] after the last norm
    shares: Tensor  # [N, N] of each token's attention, mean over layers and heads


@dataclass(frozen=True, slots=True)
class TinyModel:
    """A folder, and its weights by their Hugging Face names."""

    folder: Path
    weights: dict[str, Tensor]

    def logits(self, tokens: list[int]) -> Tensor:
        """[len(tokens), VOCAB] float32."""
        return self.compute(tokens).logits

    def compute(
        self, tokens: list[int], positions: Sequence[int] | None = None, seen: NDArray[np.bool_] | None = None
    ) -> Computed:
        """By dense attention over the whole sequence with explicit loops; `seen` [len(tokens), len(tokens)]."""
        w = {name: weight.double() for name, weight in self.weights.items()}
        places = range(len(tokens)) if positions is None else positions
        shown = torch.from_numpy(np.tri(len(tokens), dtype=bool) if seen is None else seen)
        x = w["model.embed_tokens.weight"][tokens]
        received = torch.zeros(len(tokens), len(tokens), dtype=torch.float64)
        for layer in range(LAYERS):
            at = f"model.layers.{layer}."
            h = _norm(x, w[at + "input_layernorm.weight"])
            q, k, v = (
                (h @ w[f"{at}self_attn.{part}_proj.weight"].T).view(len(tokens), -1, DIM) for part in ("q", "k", "v")
            )
            attended = torch.zeros(len(tokens), HEADS, DIM, dtype=torch.float64)
            for head in range(HEADS):
                shared = head // (HEADS // KV_HEADS)
                keys = torch.stack([_turn(k[row, shared], place) for row, place in enumerate(places)])
                for row, place in enumerate(places):
                    scores = keys @ _turn(q[row, head], place) / math.sqrt(DIM)
                    share = torch.softmax(scores.masked_fill(~shown[row], -math.inf), 0)
                    received[row] += share / (HEADS * LAYERS)
                    attended[row, head] = share @ v[:, shared]
            x = x + attended.flatten(1) @ w[at + "self_attn.o_proj.weight"].T
            h = _norm(x, w[at + "post_attention_layernorm.weight"])
            gate = h @ w[at + "mlp.gate_proj.weight"].T
            inner = gate * torch.sigmoid(gate) * (h @ w[at + "mlp.up_proj.weight"].T)
            x = x + inner @ w[at + "mlp.down_proj.weight"].T
        hidden = _norm(x, w["model.norm.weight"])
        return Computed((hidden @ w["model.embed_tokens.weight"].T).float(), hidden.float(), received.float())


def make_tiny_model(folder: Path, seed: int = 0) -> TinyModel:
    """Write a whole Hugging Face folder: config, weights, tokenizer (single bytes) and chat template."""
    weights = tiny_weights(seed)
    folder.mkdir(parents=True, exist_ok=True)
    save_file(weights, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(tiny_config()))
    (folder / "tokenizer.json").write_text(json.dumps(_tokenizer()))
    (folder / "tokenizer_config.json").write_text(json.dumps({"bos_token": "<|im_start|>", "chat_template": TEMPLATE}))
    return TinyModel(folder, weights)


def tiny_config() -> dict[str, object]:
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": DIM,
        "vocab_size": VOCAB,
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": EPSILON,
        "rope_theta": THETA,
        "tie_word_embeddings": True,
        "bos_token_id": 256,
        "eos_token_id": 257,
    }


def tiny_weights(seed: int) -> dict[str, Tensor]:
    random = torch.Generator().manual_seed(seed)

    def matrix(rows: int, columns: int) -> Tensor:
        return torch.randn(rows, columns, generator=random) / math.sqrt(columns) * 1.5

    weights = {"model.embed_tokens.weight": matrix(VOCAB, HIDDEN), "model.norm.weight": torch.ones(HIDDEN)}
    for layer in range(LAYERS):
        at = f"model.layers.{layer}."
        weights |= {
            at + "input_layernorm.weight": 1 + 0.1 * torch.randn(HIDDEN, generator=random),
            at + "post_attention_layernorm.weight": 1 + 0.1 * torch.randn(HIDDEN, generator=random),
            at + "self_attn.q_proj.weight": matrix(HEADS * DIM, HIDDEN),
            at + "self_attn.k_proj.weight": matrix(KV_HEADS * DIM, HIDDEN),
            at + "self_attn.v_proj.weight": matrix(KV_HEADS * DIM, HIDDEN),
            at + "self_attn.o_proj.weight": matrix(HIDDEN, HEADS * DIM),
            at + "mlp.gate_proj.weight": matrix(INNER, HIDDEN),
            at + "mlp.up_proj.weight": matrix(INNER, HIDDEN),
            at + "mlp.down_proj.weight": matrix(HIDDEN, INNER),
        }
    return weights


def byte_tokens() -> list[str]:
    """The vocabulary: 256 bytes in byte-level spelling, two special tokens, one pair, then names nobody writes."""
    itself = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = (chr(0x100 + place) for place in range(68))
    letters = [chr(byte) if byte in itself else next(others) for byte in range(256)]
    return [*letters, "<|im_start|>", "<|im_end|>", "ab", *(f"<unused{index}>" for index in range(VOCAB - 259))]


def _tokenizer() -> dict[str, object]:
    tokens = byte_tokens()
    special = [{"id": id, "content": tokens[id], "special": True} for id in (256, 257)]
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "added_tokens": [entry | flags for entry in special],
        "pre_tokenizer": byte_level,
        "decoder": byte_level,
        "model": {"type": "BPE", "vocab": {token: id for id, token in enumerate(tokens)}, "merges": ["a b"]},
    }


def _norm(x: Tensor, weight: Tensor) -> Tensor:
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + EPSILON) * weight


def _turn(vector: Tensor, place: int) -> Tensor:
    half = DIM // 2
    turned = torch.empty_like(vector)
    for pair in range(half):
        angle = place * THETA ** (-2 * pair / DIM)
        first, second = vector[pair], vector[pair + half]
        turned[pair] = first * math.cos(angle) - second * math.sin(angle)
        turned[pair + half] = second * math.cos(angle) + first * math.sin(angle)
    return turned
