"""The Llama forward pass over a ragged batch.

Comes in: token ids and positions of N tokens in any mixture of prefill and decode rows, and an attention back end
that has planned the batch. Goes out: the final hidden states. Nothing here knows of requests.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn.functional import linear, rms_norm, silu

from pielang.server.inference.attention import AttentionBackend
from pielang.server.inference.config import ModelConfig
from pielang.server.inference.kv import KVCache
from pielang.server.inference.weights import Weights


class LlamaModel:
    """Computes with `weights`; holds no state of its own but the table of rotations."""

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        self.config = config
        self._weights = weights
        self._rotations = rotations(config).to(weights.norm.device)  # [context, D / 2] complex

    def forward(
        self, tokens: Tensor, positions: Tensor, cells: Tensor, cache: KVCache, attention: AttentionBackend
    ) -> Tensor:
        """Hidden states [N, H] after the last layer, before the final norm.

        `tokens`, `positions`, `cells` [N]; `cells` says where each token's keys and values go in `cache`.
        """
        config = self.config
        turn = self._rotations[positions][:, None]  # [N, 1, D / 2]
        rotated, query = config.heads + config.kv_heads, config.heads
        x = self._weights.embedding[tokens]  # [N, H]
        for index, layer in enumerate(self._weights.layers):
            h = self._norm(x, layer.attention_norm)
            qkv = matmul(h, layer.qkv).view(-1, rotated + config.kv_heads, config.head_dim)  # [N, heads + 2 kv, D]
            qk = _rotate(qkv[:, :rotated], turn)
            cache.write(index, cells, qk[:, query:], qkv[:, rotated:])
            x = x + matmul(attention.run(index, qk[:, :query]), layer.output)
            gate, up = matmul(self._norm(x, layer.mlp_norm), layer.gate_up).chunk(2, dim=-1)  # [N, I] each
            x = x + matmul(silu(gate) * up, layer.down)
        return x

    def finish(self, hidden: Tensor) -> Tensor:
        """Output embeddings [M, H] of final hidden states [M, H]."""
        return self._norm(hidden, self._weights.norm)

    def logits(self, embeddings: Tensor) -> Tensor:
        """Scores over the vocabulary, float32 [M, V], of output embeddings [M, H]."""
        return matmul(embeddings, self._weights.head).float()

    def _norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return rms_norm(x, (x.shape[-1],), weight, self.config.norm_epsilon)


def matmul(x: Tensor, weight: Tensor) -> Tensor:
    """x [N, in] times weight [out, in], transposed: [N, out].

    One row in bfloat16 on a CPU goes through matrix-vector code, which reads the weights 1.5 times as fast as
    oneDNN does.
    """
    if x.shape[0] == 1 and x.dtype == torch.bfloat16 and x.device.type == "cpu":
        return torch.mv(weight, x[0])[None]
    return linear(x, weight)


def rotations(config: ModelConfig) -> Tensor:
    """RoPE as complex numbers of length 1: [context, D / 2], by position and pair of dimensions."""
    exponent = torch.arange(0, config.head_dim, 2, dtype=torch.float32) / config.head_dim
    frequency = 1.0 / (config.rope_theta**exponent)
    if scaling := config.rope_scaling:
        turns = scaling.original_context * frequency / (2 * math.pi)  # over the context first trained on
        share = (turns - scaling.low_freq_factor) / (scaling.high_freq_factor - scaling.low_freq_factor)
        share = share.clamp(0, 1)  # 0: slow pairs, stretched; 1: fast pairs, left alone
        frequency = frequency * ((1 - share) / scaling.factor + share)
    angle = torch.outer(torch.arange(config.context_length, dtype=torch.float32), frequency)
    return torch.polar(torch.ones_like(angle), angle)


def _rotate(x: Tensor, turn: Tensor) -> Tensor:
    """Rotate each neighbouring pair of x [N, heads, D] by turn [N, 1, D / 2]."""
    pairs = torch.view_as_complex(x.float().view(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * turn).flatten(-2).to(x.dtype)
