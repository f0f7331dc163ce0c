"""The forward pass of Llama and its kin over a ragged batch.

Comes in: token ids and positions of N tokens in any mixture of prefill and decode rows, and an attention back end
that has planned the batch. Goes out: the final hidden states. Nothing here knows of requests.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn.functional import linear

from pielang.server.inference.adapters import Adapter
from pielang.server.inference.attention import AttentionBackend
from pielang.server.inference.config import ModelConfig
from pielang.server.inference.heads import Redraw, Sampling, sample, top_distribution
from pielang.server.inference.kv import KVCache
from pielang.server.inference.operations import Operations, TorchOperations
from pielang.server.inference.scores import Scores
from pielang.server.inference.weights import LayerWeights, Weights


@dataclass(frozen=True, slots=True)
class Extras:
    """What a forward pass may have besides tokens."""

    vectors: tuple[Tensor, Tensor] | None = None  # tokens [K], and what they have in place of an embedding [K, H]
    adapters: Sequence[tuple[Adapter, Tensor]] = ()  # each with the tokens [n] that it is for
    scores: Scores | None = None


class LlamaModel:
    """Computes with `weights`; holds no state of its own but the table of rotations."""

    def __init__(self, config: ModelConfig, weights: Weights, operations: Operations | None = None) -> None:
        self.config = config
        self._weights = weights
        self._operations = operations or TorchOperations(config)
        self._rotations = rotations(config).to(weights.norm.device)  # [context, D / 2] complex

    def forward(
        self,
        tokens: Tensor,
        positions: Tensor,
        cells: Tensor,
        cache: KVCache,
        attention: AttentionBackend,
        extras: Extras | None = None,
    ) -> Tensor:
        """Hidden states [N, H] after the last layer, before the final norm.

        `tokens`, `positions`, `cells` [N]; `cells` says where each token's keys and values go in `cache`.
        """
        do, layers = self._operations, self._weights.layers
        extras = extras or Extras()
        turn = self._rotations[positions]  # [N, D / 2]
        x = self.inputs(tokens, extras)  # [N, H]
        h = do.norm(x, layers[0].attention_norm)
        for index, layer in enumerate(layers):
            qkv = self._qkv(self._times(h, index, "qkv", extras), layer)
            queries = do.rotate_and_store(index, qkv, turn, cells, cache)  # [N, heads, D]
            if extras.scores is not None:
                extras.scores.add(index, queries)
            attended = attention.run(index, queries)
            x, h = do.add_norm(x, self._times(attended, index, "output", extras), layer.mlp_norm)
            change = self._times(do.gated(self._times(h, index, "gate_up", extras)), index, "down", extras)
            if index + 1 < len(layers):
                x, h = do.add_norm(x, change, layers[index + 1].attention_norm)
            else:
                x = x + change
        return x

    def inputs(self, tokens: Tensor, extras: Extras) -> Tensor:
        """What goes into the first layer, [N, H]."""
        x = self._weights.embedding[tokens]
        if extras.vectors is not None:
            x.index_copy_(0, *extras.vectors)
        return x

    def _times(self, x: Tensor, layer: int, part: str, extras: Extras) -> Tensor:
        """x [N, in] times a matrix of a layer, and what adapters add to that: [N, out]."""
        product = self._operations.matmul(x, getattr(self._weights.layers[layer], part))
        for adapter, tokens in extras.adapters:
            if (low := adapter.layers[layer].get(part)) is not None:
                product.index_add_(0, tokens, linear(linear(x[tokens], low.down), low.up))
        return product

    def _qkv(self, qkv: Tensor, layer: LayerWeights) -> Tensor:
        """Queries, keys and values [N, (heads + 2 kv heads) * D] with biases and norms, not yet turned."""
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
