"""Chooses what computes on a CUDA device, and makes sure of it.

Comes in: a loaded model and its empty cache. Goes out: the fastest back end that runs here and agrees with torch on a
small random batch. What is missing, fails or disagrees is said once, and torch takes its place.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from types import ModuleType
from typing import TypeVar

import numpy as np
import torch
from torch import Tensor

from pielang.server.inference.attention import AttentionBackend, Rows, TorchAttention
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.inference.forward import BackEnd
from pielang.server.inference.gpu.decode_graphs import Capture, DecodeGraphs
from pielang.server.inference.gpu.flashinfer_attention import WORTH_SHARING, FlashInferAttention, unsupported
from pielang.server.inference.heads import Redraw, Sampling, sample
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import LlamaModel
from pielang.server.inference.operations import Operations, TorchOperations
from pielang.server.inference.weights import Weights

_TOLERANCE = 0.02  # of the norm of what torch computes; bfloat16 rounds by 0.004

Load = Callable[[str], ModuleType]
Found = TypeVar("Found")


class Disagreement(Exception):
    """Kernels compute something else than torch does."""


def gpu_back_end(
    config: ModelConfig,
    weights: Weights,
    cache: KVCache,
    dtype: torch.dtype,
    load: Load = importlib.import_module,
    capture: Capture | None = None,
) -> BackEnd:
    """The fastest back end that runs here. `cache` is still all zeros, and is again afterwards.

    `load` imports a module by name, and `capture` captures device work as a graph.
    """
    operations, redraw = _triton(config, cache, dtype, load) or (TorchOperations(config), None)
    attention = _flashinfer(config, cache, dtype, load)
    model = LlamaModel(config, weights, operations)
    names = ("flashinfer" if attention else "torch attention", "triton" if redraw else "torch")
    if attention is None:
        return BackEnd(model, TorchAttention(config, cache, dtype), ", ".join(names), redraw=redraw)
    kept = attention

    def graphs(embeds: Tensor, slots: Tensor) -> DecodeGraphs:
        return DecodeGraphs(model, cache, kept, embeds, slots, capture)

    return BackEnd(model, attention, ", ".join(names), graphs, redraw)


def _flashinfer(config: ModelConfig, cache: KVCache, dtype: torch.dtype, load: Load) -> FlashInferAttention | None:
    if reason := unsupported(config, dtype):
        _say(f"attention runs on torch, without FlashInfer: {reason}")
        return None

    def checked() -> FlashInferAttention:
        attention = FlashInferAttention(config, cache, dtype, load("flashinfer"))
        for attention.worth_sharing in (1, WORTH_SHARING):
            _compare_attention(attention, TorchAttention(config, cache, dtype), config, cache, dtype)
        return attention

    return _if_it_works("attention runs on torch", "FlashInfer", checked)


def _triton(config: ModelConfig, cache: KVCache, dtype: torch.dtype, load: Load) -> tuple[Operations, Redraw] | None:
    def checked() -> tuple[Operations, Redraw]:
        operations: Operations = load("pielang.server.inference.gpu.kernels").TritonOperations(config)
        redraw: Redraw = load("pielang.server.inference.gpu.sampling").redraw
        _compare_operations(operations, TorchOperations(config), config, cache, dtype)
        _compare_draws(redraw, config.vocab_size, cache.device)
        return operations, redraw

    return _if_it_works("no fused kernels", "Triton", checked)


def _if_it_works(without: str, library: str, make: Callable[[], Found]) -> Found | None:
    """What `make` makes; where the library is missing or wrong, that is said and how it goes on `without`."""
    try:
        return make()
    except ImportError as error:
        _say(f"{without}, without {library}: {error}. Install pielang[gpu] for more speed.")
    except Exception as error:  # noqa: BLE001 - compilers and loaders may raise anything; all of it is said
        _say(f"{without}; {library} fails here: {type(error).__name__}: {error}")
    return None


def _compare_attention(
    ours: AttentionBackend, theirs: AttentionBackend, config: ModelConfig, cache: KVCache, dtype: torch.dtype
) -> None:
    """One batch of decode rows and one of prefill rows, all over the first pages of the first layer."""
    pages = min(2, cache.page_count)
    length = pages * PAGE_SIZE - 3
    used = [side[:pages] for side in cache.pages(0)]
    for side in used:
        side.normal_()
    try:
        for counts in ((1, 1), (length, 5)):
            rows = Rows(
                start=np.cumsum([0, *counts]),
                positions=np.concatenate([np.arange(length - count, length) for count in counts]),
                pages=np.tile(np.arange(pages), len(counts)),
                page_start=np.arange(len(counts) + 1) * pages,
                length=np.full(len(counts), length),
            )
            queries = torch.randn(sum(counts), config.heads, config.head_dim, device=cache.device, dtype=dtype)
            results = []
            for attention in (ours, theirs):
                attention.plan(rows)
                results.append(attention.run(0, queries))
            _agree("attention", *results)
    finally:
        for side in used:
            side.zero_()


def _compare_operations(
    ours: Operations, theirs: Operations, config: ModelConfig, cache: KVCache, dtype: torch.dtype
) -> None:
    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, device=cache.device, dtype=dtype)

    x, change, weight = random(3, config.hidden_size), random(3, config.hidden_size), random(config.hidden_size)
    gate_up = random(3, 2 * config.intermediate_size)
    qkv = random(3, (config.heads + 2 * config.kv_heads) * config.head_dim)
    angle = torch.rand(3, config.head_dim // 2, device=cache.device) * 6
    turn = torch.polar(torch.ones_like(angle), angle)
    cells = torch.arange(3, device=cache.device)
    stored = []
    for operations in (ours, theirs):
        queries = operations.rotate_and_store(0, qkv, turn, cells, cache)
        sides = [side[0].clone() for side in cache.pages(0)]
        stored.append(torch.cat((queries.flatten(), *sides)))
        for side in cache.pages(0):
            side[0].zero_()
    _agree("rotation", *stored)
    _agree("norm", ours.norm(x, weight), theirs.norm(x, weight))
    for our, their in zip(ours.add_norm(x, change, weight), theirs.add_norm(x, change, weight), strict=True):
        _agree("norm of a sum", our, their)
    _agree("gate", ours.gated(gate_up), theirs.gated(gate_up))


def _compare_draws(redraw: Redraw, size: int, device: torch.device) -> None:
    """Flat logits, so that the candidates never reach to the cut."""
    logits = torch.rand(4, size, device=device) * 2
    how = Sampling(
        temperature=np.ones(4, np.float32),
        top_k=np.zeros(4, np.int32),
        top_p=np.array([0.9, 0.6, 0.99, 1.0], np.float32),
        min_p=np.array([0.0, 0.0, 0.5, 0.95], np.float32),
        uniform=np.array([0.1, 0.5, 0.9, 0.3]),
    )
    ours, theirs = sample(logits, how, redraw)[0], sample(logits, how)[0]
    # the two add up in other orders: a neighbour in the order of the logits is as right
    _agree("sampling", logits.gather(1, ours[:, None]).exp(), logits.gather(1, theirs[:, None]).exp())


def _agree(what: str, ours: Tensor, theirs: Tensor) -> None:
    error = float((ours.float() - theirs.float()).norm() / theirs.float().norm())
    if not error <= _TOLERANCE:
        raise Disagreement(f"{what} is off by {error:.3f} of what torch computes")


def _say(text: str) -> None:
    print(f"note: {text}", file=sys.stderr, flush=True)
