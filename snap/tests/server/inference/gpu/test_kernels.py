"""The Triton kernels: the values by Triton's interpreter on a CPU, or by the device where there is one."""

from __future__ import annotations

import os

import pytest
import torch

if not torch.cuda.is_available():
    os.environ.setdefault("TRITON_INTERPRET", "1")  # read when the kernels are defined, below

pytest.importorskip("triton")

from pielang.server.inference.config import ModelConfig
from pielang.server.inference.gpu.kernels import TritonOperations
from pielang.server.inference.gpu.sampling import redraw
from pielang.server.inference.kv import KVCache
from pielang.server.inference.operations import TorchOperations
from pielang.server.inference.rotary import Rotary

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def make_config(dim: int) -> ModelConfig:
    return ModelConfig(
        architecture="LlamaForCausalLM",
        vocab_size=300,
        hidden_size=96,
        intermediate_size=1100,
        layers=2,
        heads=6,
        kv_heads=2,
        head_dim=dim,
        context_length=64,
        norm_epsilon=1e-5,
        rotary=Rotary((1.0,) * (dim // 2)),
        windows=(0,) * 2,
        qkv_bias=False,
        qk_norm=False,
        tied_head=True,
        bos_token=None,
        end_tokens=(),
    )


def random(*shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.randn(*shape, dtype=torch.float32).to(DEVICE, dtype)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("width", [64, 96])
def test_norms(dtype: torch.dtype, width: int) -> None:
    config = make_config(16)
    x, change, weight = random(5, width, dtype=dtype), random(5, width, dtype=dtype), random(width, dtype=dtype)
    theirs, ours = TorchOperations(config), TritonOperations(config)
    torch.testing.assert_close(ours.norm(x, weight), theirs.norm(x, weight))
    total, normed = ours.add_norm(x, change, weight)
    torch.testing.assert_close(total, x + change, rtol=1e-2, atol=1e-6)  # the interpreter cuts where it should round
    torch.testing.assert_close(normed, theirs.norm(total, weight))


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_gated(dtype: torch.dtype) -> None:
    config = make_config(16)
    gate_up = random(3, 2 * config.intermediate_size, dtype=dtype)
    expected = TorchOperations(config).gated(gate_up.float())
    torch.testing.assert_close(TritonOperations(config).gated(gate_up).float(), expected, rtol=1e-2, atol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("dim", [16, 24])
def test_rotate_and_store(dtype: torch.dtype, dim: int) -> None:
    config = make_config(dim)
    qkv = random(3, 10 * dim, dtype=dtype)
    angle = torch.rand(3, dim // 2, device=DEVICE) * 6
    turn = torch.polar(torch.ones_like(angle), angle)
    cells = torch.tensor([40, 2, 17], device=DEVICE)
    ours, theirs = (KVCache(config, 3, dtype, DEVICE) for _ in range(2))
    queries = TritonOperations(config).rotate_and_store(1, qkv, turn, cells, ours)
    torch.testing.assert_close(queries, TorchOperations(config).rotate_and_store(1, qkv, turn, cells, theirs))
    for layer in (0, 1):
        for our, their in zip(ours.pages(layer), theirs.pages(layer), strict=True):
            torch.testing.assert_close(our, their)
    assert ours.pages(1)[0].count_nonzero() == 3 * 2 * dim


def test_redraw_is_the_draw_from_the_sorted_whole() -> None:
    """A wide, a flat and an all-equal row; what is not short stays."""
    logits = random(4, 300) * torch.tensor([[2.0], [0.2], [0.0], [1.0]], device=DEVICE)
    top_p, min_p = (torch.tensor(column, device=DEVICE) for column in ([0.9, 0.5, 0.7, 0.5], [0.05, 0.0, 0.0, 0.0]))
    uniform = torch.tensor([0.9, 0.4, 0.99, 0.5], dtype=torch.float64, device=DEVICE)
    tokens = torch.full((4,), 7, device=DEVICE)
    redraw(logits, torch.tensor([True, True, True, False], device=DEVICE), top_p, min_p, uniform, tokens)
    expected = []
    for row in range(3):
        share, order = logits[row].double().softmax(-1).sort(descending=True, stable=True)
        kept = (share.cumsum(0) - share < top_p[row].double()) & (share >= min_p[row] * share[0])
        running = (share * kept).cumsum(0)
        expected.append(int(order[torch.searchsorted(running, uniform[row] * running[-1], right=True)]))
    assert tokens.tolist() == [*expected, 7]
