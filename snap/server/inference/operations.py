"""What the model computes with between its matrix products.

`Operations` is what a set of kernels has to offer; `TorchOperations` does it with torch alone, on any device, one
kernel after another. Other sets fuse: each method is one pass over memory where the hardware allows it.
"""

from __future__ import annotations

from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import linear, rms_norm, silu

from pielang.server.inference.config import ModelConfig
from pielang.server.inference.kv import KVCache


class Operations(Protocol):
    """The steps of a layer. N tokens, H hidden size, D head dim, I intermediate size."""

    def matmul(self, x: Tensor, weight: Tensor) -> Tensor:
        """x [N, in] times weight [out, in], transposed: [N, out]."""

    def norm(self, x: Tensor, weight: Tensor) -> Tensor:
        """RMS norm of x [N, H]."""

    def add_norm(self, x: Tensor, change: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
        """x + change [N, H], and the RMS norm of that."""

    def rotate_and_store(self, layer: int, qkv: Tensor, turn: Tensor, cells: Tensor, cache: KVCache) -> Tensor:
        """Rotate queries and keys, and store keys and values in the `cells` [N] of a layer.

        `qkv` [N, (heads + 2 kv heads) * D], `turn` [N, D / 2] complex. Returns the queries [N, heads, D].
        """

    def gated(self, gate_up: Tensor) -> Tensor:
        """silu(gate) * up [N, I] of `gate_up` [N, 2 I]."""


class TorchOperations:
    """The steps with torch alone."""

    def __init__(self, config: ModelConfig) -> None:
        self._heads = config.heads
        self._kv_heads = config.kv_heads
        self._dim = config.head_dim
        self._epsilon = config.norm_epsilon

    def matmul(self, x: Tensor, weight: Tensor) -> Tensor:
        # one row in bfloat16 on a CPU: matrix-vector code reads the weights 1.5 times as fast as oneDNN does
        if x.shape[0] == 1 and x.dtype == torch.bfloat16 and x.device.type == "cpu":
            return torch.mv(weight, x[0])[None]
        return linear(x, weight)

    def norm(self, x: Tensor, weight: Tensor) -> Tensor:
        return rms_norm(x, (x.shape[-1],), weight, self._epsilon)

    def add_norm(self, x: Tensor, change: Tensor, weight: Tensor) -> tuple[Tensor, Tensor]:
        total = x + change
        return total, self.norm(total, weight)

    def rotate_and_store(self, layer: int, qkv: Tensor, turn: Tensor, cells: Tensor, cache: KVCache) -> Tensor:
        heads = qkv.view(len(qkv), -1, self._dim)
        rotated = self._heads + self._kv_heads
        qk = _rotate(heads[:, :rotated], turn[:, None])
        cache.write(layer, cells, qk[:, self._heads :], heads[:, rotated:])
        return qk[:, : self._heads]

    def gated(self, gate_up: Tensor) -> Tensor:
        gate, up = gate_up.chunk(2, dim=-1)
        return silu(gate) * up


def _rotate(x: Tensor, turn: Tensor) -> Tensor:
    """Rotate each neighbouring pair of x [N, heads, D] by turn [N, 1, D / 2]."""
    pairs = torch.view_as_complex(x.float().view(*x.shape[:-1], -1, 2))
    return torch.view_as_real(pairs * turn).flatten(-2).to(x.dtype)
