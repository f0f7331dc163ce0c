"""The weights of a Hugging Face folder, in the shapes the model computes with.

Comes in: safetensors files (mapped, not read twice). Goes out: `Weights`, with q, k and v joined in one matrix,
gate and up in another, in the asked dtype and on the asked device.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor

from pielang.server.inference.config import ModelConfig, ModelRefused

_LARGE_PAGE = 2 << 20  # bytes
_LINE = 64  # bytes of the processor's cache
_DTYPES = (torch.float32, torch.float16, torch.bfloat16)


@dataclass(frozen=True, slots=True)
class LayerWeights:
    """One transformer layer. H hidden size, Q = heads * head_dim, K = kv_heads * head_dim, I intermediate size.

    On a CPU all of it lies in one piece of memory, in large pages where the system has them.
    """

    attention_norm: Tensor  # [H]
    qkv: Tensor  # [Q + 2K, H]
    output: Tensor  # [H, Q]
    mlp_norm: Tensor  # [H]
    gate_up: Tensor  # [2I, H]
    down: Tensor  # [H, I]
    qkv_bias: Tensor | None = None  # [Q + 2K]
    query_norm: Tensor | None = None  # [head_dim]
    key_norm: Tensor | None = None  # [head_dim]


@dataclass(frozen=True, slots=True)
class Weights:
    """A whole model. V vocabulary size."""

    embedding: Tensor  # [V, H]
    layers: tuple[LayerWeights, ...]
    norm: Tensor  # [H]
    head: Tensor  # [V, H]; the embedding itself where the two are tied


@contextmanager
def open_tensors(folder: Path, dtype: torch.dtype, device: torch.device) -> Iterator[Callable[..., Tensor]]:
    """A function that reads a tensor by its name, which has to have the shape given.

    It raises `ModelRefused` for a missing, misshapen, quantised or unreadable one.
    """
    with ExitStack() as stack:
        files = _open_files(folder, stack)

        def tensor(name: str, *shape: int) -> Tensor:
            try:
                raw: Tensor = files[name].get_tensor(name)
            except KeyError:
                raise ModelRefused(f"{folder}: the weights lack {name}.") from None
            except SafetensorError as error:
                raise ModelRefused(f"{folder}: can't read {name}: {error}") from error
            if raw.dtype not in _DTYPES:
                raise ModelRefused(f"{folder}: {name} is quantised ({raw.dtype}); known: float32, float16, bfloat16.")
            if tuple(raw.shape) != shape:
                raise ModelRefused(f"{folder}: {name} has shape {list(raw.shape)}; config.json asks for {list(shape)}.")
            return raw.to(device=device, dtype=dtype)

        yield tensor


def load_weights(folder: Path, config: ModelConfig, dtype: torch.dtype, device: torch.device) -> Weights:
    """Load the model. Raises `ModelRefused`, as `open_tensors` does."""
    text = "model" if config.vision is None else "model.text_model"
    with open_tensors(folder, dtype, device) as tensor:
        hidden, vocab, inner = config.hidden_size, config.vocab_size, config.intermediate_size
        query, key = config.heads * config.head_dim, config.kv_heads * config.head_dim

        def heads(at: str, kind: str, count: int, *columns: int) -> Tensor:
            return pairs(tensor(at + kind, count * config.head_dim, *columns), count)

        def joined(at: str, kind: str, *columns: int) -> Tensor:
            q = heads(at, f"q_proj.{kind}", config.heads, *columns)
            k = heads(at, f"k_proj.{kind}", config.kv_heads, *columns)
            return torch.cat((q, k, tensor(f"{at}v_proj.{kind}", key, *columns)))

        def layer(index: int) -> LayerWeights:
            at = f"{text}.layers.{index}."
            attention = f"{at}self_attn."
            gate = tensor(f"{at}mlp.gate_proj.weight", inner, hidden)
            up = tensor(f"{at}mlp.up_proj.weight", inner, hidden)
            return LayerWeights(
                attention_norm=tensor(f"{at}input_layernorm.weight", hidden),
                qkv=joined(attention, "weight", hidden),
                output=tensor(f"{attention}o_proj.weight", hidden, query),
                mlp_norm=tensor(f"{at}post_attention_layernorm.weight", hidden),
                gate_up=torch.cat((gate, up)),
                down=tensor(f"{at}mlp.down_proj.weight", hidden, inner),
                qkv_bias=joined(attention, "bias") if config.qkv_bias else None,
                query_norm=heads(attention, "q_norm.weight", 1) if config.qk_norm else None,
                key_norm=heads(attention, "k_norm.weight", 1) if config.qk_norm else None,
            )

        def in_one_piece(layer: LayerWeights) -> LayerWeights:
            named = [(field.name, getattr(layer, field.name)) for field in fields(layer)]
            parts = {name: value for name, value in named if value is not None}
            return replace(layer, **dict(zip(parts, _in_large_pages(*parts.values()), strict=True)))

        (embedding,) = _in_large_pages(tensor(f"{text}.embed_tokens.weight", vocab, hidden))
        head = embedding if config.tied_head else tensor("lm_head.weight", vocab, hidden)
        return Weights(
            embedding=embedding,
            layers=tuple(in_one_piece(layer(index)) for index in range(config.layers)),
            norm=tensor(f"{text}.norm.weight", hidden),
            head=head if config.tied_head else _in_large_pages(head)[0],
        )


def _in_large_pages(*tensors: Tensor) -> list[Tensor]:
    """The same tensors, one after another in memory of their own.

    numpy asks for large pages for a piece of this size: a decode step reads all weights once, and goes about a fifth
    faster when the processor need not look up a page for each 4 KB.
    """
    if tensors[0].device.type != "cpu":
        return list(tensors)
    room = [-(-tensor.nbytes // _LINE) * _LINE for tensor in tensors]
    memory = torch.from_numpy(np.empty(sum(room) + _LARGE_PAGE, np.uint8))
    start, moved = -memory.data_ptr() % _LARGE_PAGE, []
    for tensor, size in zip(tensors, room, strict=True):
        moved.append(memory[start : start + tensor.nbytes].view(tensor.dtype).view(tensor.shape).copy_(tensor))
        start += size
    return moved


def _open_files(folder: Path, stack: ExitStack) -> dict[str, Any]:
    """The open safetensors file of each tensor's name."""
    index = folder / "model.safetensors.index.json"
    paths = sorted(folder.glob("*.safetensors"))
    if index.is_file():
        try:
            shards = json.loads(index.read_text("utf-8"))["weight_map"].values()
            paths = [folder / name for name in sorted(set(shards))]
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ModelRefused(f"{index} does not say which file holds what: {error}.") from error
    if not paths:
        raise ModelRefused(
            f"{folder} holds no *.safetensors file. Pickled weights (*.bin, *.pt) are not read, since reading them can "
            "run code: save the model again with safetensors."
        )
    files: dict[str, Any] = {}
    for path in paths:
        try:
            file = stack.enter_context(safe_open(path, framework="pt"))
        except (SafetensorError, OSError) as error:
            raise ModelRefused(f"{path} is not a whole safetensors file: {error}. Fetch the model again.") from error
        files.update(dict.fromkeys(file.keys(), file))
    return files


def pairs(weight: Tensor, heads: int) -> Tensor:
    """Put the two dimensions that RoPE rotates together side by side, in the rows of [heads * head_dim, ...].

    Hugging Face's order has dimension i beside i + half. q and k are reordered alike, so their products stay the
    same, and a rotation becomes one multiplication of complex numbers.
    """
    rows, *columns = weight.shape
    return weight.view(heads, 2, rows // heads // 2, *columns).transpose(1, 2).reshape(rows, *columns)
