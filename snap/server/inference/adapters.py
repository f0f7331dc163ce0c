"""LoRA adapters (Hu et al. 2021): small changes to a model's matrices, a row of a batch at a time.

Comes in: a folder as PEFT saves it (adapter_config.json, adapter_model.safetensors). Goes out: `Adapter`, whose
products fit the joined matrices. What would change the result and is not computed is refused by name.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import Tensor
from torch.nn.functional import pad

from pielang.server.inference.config import ModelConfig
from pielang.server.inference.weights import pairs

_NAME = re.compile(
    r"base_model\.model\.model\.(?:text_model\.)?layers\.(\d+)\.(?:self_attn|mlp)\.(\w+_proj)\.lora_([AB])\.weight"
)
_PARTS = {
    "qkv": ("q_proj", "k_proj", "v_proj"),
    "output": ("o_proj",),
    "gate_up": ("gate_proj", "up_proj"),
    "down": ("down_proj",),
}
_RANK = 32  # ranks are multiples of this
_NOT_COMPUTED = (
    "use_dora",
    "use_qalora",
    "fan_in_fan_out",
    "lora_bias",
    "alpha_pattern",
    "rank_pattern",
    "modules_to_save",
    "target_parameters",
    "trainable_token_indices",
)


class AdapterRefused(Exception):
    """The adapter can't be loaded; the message says why."""


@dataclass(frozen=True, slots=True)
class LowRank:
    """What is added to one product: x [N, in] times `down` transposed, times `up` transposed.

    The rank r is filled up with zeros to whole tiles of the kernels.
    """

    down: Tensor  # [r, in]
    up: Tensor  # [out, r], with the adapter's scale in it


@dataclass(frozen=True, slots=True, eq=False, weakref_slot=True)
class Adapter:
    """A loaded adapter: for each layer what it adds, by the matrix's name in `LayerWeights`."""

    layers: tuple[dict[str, LowRank], ...]


def load_adapter(folder: Path, config: ModelConfig, dtype: torch.dtype, device: torch.device) -> Adapter:
    """Read and check an adapter for a model. Raises `AdapterRefused`."""
    scale = _scale(folder)
    factors = _read(folder, config)
    sizes = _sizes(config)
    layers: list[dict[str, LowRank]] = [{} for _ in range(config.layers)]
    for index, layer in enumerate(layers):
        for part, modules in _PARTS.items():
            there = [module for module in modules if (index, module, "A") in factors]
            if not there:
                continue
            down = torch.cat([factors[index, module, "A"] for module in there])
            up = torch.zeros(sum(sizes[module][0] for module in modules), len(down))
            row = column = 0
            for module in modules:
                if module in there:
                    change = factors[index, module, "B"] * scale
                    if module in ("q_proj", "k_proj"):  # in the order of the model's own rows
                        change = pairs(change, len(change) // config.head_dim)
                    up[row : row + len(change), column : column + change.shape[1]] = change
                    column += change.shape[1]
                row += sizes[module][0]
            fill = -len(down) % _RANK
            down, up = pad(down, (0, 0, 0, fill)), pad(up, (0, fill))
            layer[part] = LowRank(down.to(device, dtype), up.to(device, dtype))
    return Adapter(tuple(layers))


def _scale(folder: Path) -> float:
    path = folder / "adapter_config.json"
    try:
        raw = json.loads(path.read_text("utf-8"))
        if not isinstance(raw, dict) or raw.get("peft_type") != "LORA":
            raise AdapterRefused(f"{path} is not of a LoRA adapter; other kinds are not computed.")
        odd = [name for name in _NOT_COMPUTED if raw.get(name)]
        if raw.get("bias", "none") != "none":
            odd.append("bias")
        if odd:
            raise AdapterRefused(f"{path} sets {', '.join(odd)}, which is not computed.")
        rank = int(raw["r"])
        return float(raw["lora_alpha"]) / (rank**0.5 if raw.get("use_rslora") else rank)
    except OSError as error:
        raise AdapterRefused(f"can't read {path}: {error.strerror}.") from error
    except (ValueError, TypeError, KeyError, ZeroDivisionError) as error:
        raise AdapterRefused(f"{path} can't be used: {error}.") from error


def _read(folder: Path, config: ModelConfig) -> dict[tuple[int, str, str], Tensor]:
    """The factors by layer, module and "A" or "B", float32, checked against the model's shapes."""
    path, sizes = folder / "adapter_model.safetensors", _sizes(config)
    factors: dict[tuple[int, str, str], Tensor] = {}
    try:
        with safe_open(path, framework="pt") as file:
            for name in file.keys():  # noqa: SIM118  no mapping
                match = _NAME.fullmatch(name)
                if match is None or match[2] not in sizes:
                    raise AdapterRefused(f"{path} changes {name}, which is no matrix of this model's layers.")
                if int(match[1]) >= config.layers:
                    raise AdapterRefused(f"{path} is for another model: {name}, and {config.layers} layers here.")
                factors[int(match[1]), match[2], match[3]] = file.get_tensor(name).float()
    except (SafetensorError, OSError) as error:
        raise AdapterRefused(f"{path} is not a whole safetensors file: {error}.") from error
    for (layer, module, _), factor in factors.items():
        rows, columns = sizes[module]
        down, up = factors.get((layer, module, "A")), factors.get((layer, module, "B"))
        if down is None or up is None:
            raise AdapterRefused(f"{path} has only one of the two factors of layer {layer}'s {module}.")
        if down.ndim != 2 or up.ndim != 2 or (up.shape[0], up.shape[1], down.shape[1]) != (rows, len(down), columns):
            raise AdapterRefused(
                f"{path} is for another model: layer {layer}'s {module} is [{rows}, {columns}] here, and its factors "
                f"are {list(up.shape)} and {list(down.shape)}."
            )
        if not factor.isfinite().all():
            raise AdapterRefused(f"{path}: layer {layer}'s {module} holds what is not a number.")
    if not factors:
        raise AdapterRefused(f"{path} changes nothing.")
    return factors


def _sizes(config: ModelConfig) -> dict[str, tuple[int, int]]:
    """[out, in] of each matrix."""
    hidden, inner = config.hidden_size, config.intermediate_size
    query, key = config.heads * config.head_dim, config.kv_heads * config.head_dim
    sizes = {"q_proj": (query, hidden), "k_proj": (key, hidden), "v_proj": (key, hidden), "o_proj": (hidden, query)}
    return sizes | {"gate_proj": (inner, hidden), "up_proj": (inner, hidden), "down_proj": (hidden, inner)}
