"""The forward pass of Llama and its kin over a ragged batch.

Comes in: token ids and positions of N tokens in any mixture of prefill and decode rows, and an attention back end
that has planned the batch. Goes out: the final hidden states. Nothing here knows of requests.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pielang.server.inference.attention import AttentionBackend
from pielang.server.inference.config import ModelConfig
from pielang.server.inference.heads import Redraw, Sampling, sample, top_distribution
from pielang.server.inference.kv import KVCache
from pielang.server.inference.operations import Operations, TorchOperations
from pielang.server.inference.weights import LayerWeights, Weights


class LlamaModel:
    """Computes with `weights`; holds no state of its own but the table of rotations."""

    def __init__(self, config: ModelConfig, weights: Weights, operations: Operations | None = None) -> None:
        self.config = config
        self._weights = weights
        self._operations = operations or TorchOperations(config)
        self._rotations = rotations(config).to(weights.norm.device)  # [context, D / 2] complex

    def forward(
        self, tokens: Tensor, positions: Tensor, cells: Tensor, cache: KVCache, attention: AttentionBackend
    ) -> Tensor:
        """Hidden states [N, H] after the last layer, before the final norm.

        `tokens`, `positions`, `cells` [N]; `cells` says where each token's keys and values go in `cache`.
        """
        do, layers = self._operations, self._weights.layers
        turn = self._rotations[positions]  # [N, D / 2]
        x = self._weights.embedding[tokens]  # [N, H]
        h = do.norm(x, layers[0].attention_norm)
        for index, layer in enumerate(layers):
            queries = do.rotate_and_store(index, self._qkv(h, layer), turn, cells, cache)  # [N, heads, D]
            x, h = do.add_norm(x, do.matmul(attention.run(index, queries), layer.output), layer.mlp_norm)
            change = do.matmul(do.gated(do.matmul(h, layer.gate_up)), layer.down)
            if index + 1 < len(layers):
                x, h = do.add_norm(x, change, layers[index + 1].attention_norm)
            else:
                x = x + change
        return x

    def _qkv(self, h: Tensor, layer: LayerWeights) -> Tensor:
        """Queries, keys and values [N, (heads + 2 kv heads) * D], not yet turned."""
        qkv = self._operations.matmul(h, layer.qkv)
        if layer.qkv_bias is not None:
            qkv += layer.qkv_bias
        if layer.query_norm is not None and layer.key_norm is not None:
            heads = qkv.view(len(qkv), -1, self.config.head_dim)
            turned = self.config.heads + self.config.kv_heads
            parts = ((layer.query_norm, slice(self.config.heads)), (layer.key_norm, slice(self.config.heads, turned)))
            for weight, part in parts:
                heads[:, part] = self._operations.norm(heads[:, part].flatten(0, 1), weight).view_as(heads[:, part])
        return qkv

    def finish(self, hidden: Tensor) -> Tensor:
        """Output embeddings [M, H] of final hidden states [M, H]."""
        return self._operations.norm(hidden, self._weights.norm)

    def logits(self, embeddings: Tensor) -> Tensor:
        """Scores over the vocabulary, float32 [M, V], of output embeddings [M, H]."""
        return self._operations.matmul(embeddings, self._weights.head).float()

    def top(self, logits: Tensor, width: int) -> tuple[Tensor, Tensor]:
        """As `heads.top_distribution`."""
        return top_distribution(logits, width)

    def sample(self, logits: Tensor, how: Sampling, redraw: Redraw | None = None) -> tuple[Tensor, Tensor]:
        """As `heads.sample`."""
        return sample(logits, how, redraw)


def rotations(config: ModelConfig) -> Tensor:
    """RoPE as complex numbers: [context, D / 2], by position and pair of dimensions."""
    frequencies = torch.tensor(config.rotary.frequencies, dtype=torch.float32)
    angle = torch.outer(torch.arange(config.context_length, dtype=torch.float32), frequencies)
    return torch.polar(torch.full_like(angle, config.rotary.gain), angle)
