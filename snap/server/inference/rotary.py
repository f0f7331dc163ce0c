"""How far RoPE turns each pair of dimensions at each position.

Comes in: the part of config.json that says so. Goes out: `Rotary`. The ways of stretching follow transformers'
`modeling_rope_utils`; one that depends on the length of the text is accepted where it makes no difference within the
context, and refused by name otherwise.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

F32 = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rotary:
    """Pair i of a head turns by `frequencies[i]` radians a position; `gain` multiplies what was turned."""

    frequencies: tuple[float, ...]  # [D / 2]
    gain: float = 1.0


def read_rotary(raw: Mapping[str, Any], head_dim: int, context: int) -> Rotary:
    """The rotation that a config.json asks for. Raises KeyError, TypeError and ValueError, which says what is known."""
    scaling: Mapping[str, Any] = raw.get("rope_parameters") or raw.get("rope_scaling") or {}
    theta = float(raw.get("rope_theta") or scaling.get("rope_theta") or 10000.0)
    if float(scaling.get("partial_rotary_factor") or raw.get("partial_rotary_factor") or 1.0) != 1.0:
        raise ValueError("partial_rotary_factor: only whole heads are turned")
    exponents = np.arange(0, head_dim, 2, dtype=np.float32) / np.float32(head_dim)
    plain: F32 = np.float32(1) / np.power(np.float32(theta), exponents)
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    original = int(scaling.get("original_max_position_embeddings") or raw.get("original_max_position_embeddings") or 0)
    match kind:
        case "default":
            return _rotary(plain)
        case "linear":
            return _rotary(plain / np.float32(scaling["factor"]))
        case "dynamic" if (original or context) >= context:  # it stretches only beyond that
            return _rotary(plain)
        case "llama3":
            return _rotary(_llama3(plain, scaling, original))
        case "yarn":
            return _yarn(plain, scaling, theta, head_dim, original or context)
        case "longrope" if scaling["short_factor"] == scaling["long_factor"] or original >= context:
            gain = scaling.get("attention_factor")
            if gain is None:
                factor = float(scaling.get("factor") or context / original)
                gain = 1.0 if factor <= 1 else math.sqrt(1 + math.log(factor) / math.log(original))
            slower: F32 = np.asarray(scaling["short_factor"], np.float32)
            return _rotary(plain / slower, float(gain))
    known = "default, linear, llama3, yarn; dynamic and longrope where they are the same at all lengths"
    raise ValueError(f"RoPE scaled the {kind!r} way; known: {known}")


def _llama3(plain: F32, scaling: Mapping[str, Any], original: int) -> F32:
    """Slow pairs are stretched, fast ones left alone, and those between go over from one to the other."""
    low, high = float(scaling["low_freq_factor"]), float(scaling["high_freq_factor"])
    turns = original * plain / (2 * math.pi)  # over the context first trained on
    return _mixed(plain, float(scaling["factor"]), ((turns - low) / (high - low)).clip(0, 1))


def _yarn(plain: F32, scaling: Mapping[str, Any], theta: float, head_dim: int, original: int) -> Rotary:
    """YaRN (Peng et al. 2023): as llama3, but over pairs counted evenly, and what was turned is made larger."""
    factor = float(scaling["factor"])

    def pair(turns: float) -> float:  # which pair makes so many turns over the original context
        return head_dim * math.log(original / (turns * 2 * math.pi)) / (2 * math.log(theta))

    def gain(weight: float) -> float:
        return 1.0 if factor <= 1 else 0.1 * weight * math.log(factor) + 1.0

    first, last = pair(float(scaling.get("beta_fast") or 32)), pair(float(scaling.get("beta_slow") or 1))
    if scaling.get("truncate", True):
        first, last = math.floor(first), math.ceil(last)
    first, last = max(first, 0), min(last, head_dim - 1)
    share = 1 - ((np.arange(head_dim // 2, dtype=np.float32) - first) / max(last - first, 0.001)).clip(0, 1)
    over, under = scaling.get("mscale"), scaling.get("mscale_all_dim")
    made = gain(float(over)) / gain(float(under)) if over and under else gain(1.0)
    given = scaling.get("attention_factor")
    return _rotary(_mixed(plain, factor, share), made if given is None else float(given))


def _mixed(plain: F32, factor: float, share: F32) -> F32:
    """`share` 1: as it was; 0: slower by `factor`."""
    mixed: F32 = (plain * (share + (1 - share) / factor)).astype(np.float32)
    return mixed


def _rotary(frequencies: F32, gain: float = 1.0) -> Rotary:
    return Rotary(tuple(float(frequency) for frequency in frequencies), gain)
