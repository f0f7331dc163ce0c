"""Images become embeddings: the vision tower and connector of Idefics3 and SmolVLM.

Comes in: an image file. Goes out: a fixed number of vectors that stand in place of tokens' embeddings. The image is
squared to the size that the tower was made for; who wants more detail cuts it in pieces and embeds each. Follows
transformers' `modeling_idefics3` (a SigLIP tower with positions by fractions of the side, pixels shuffled into depth,
one projection).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d, gelu, layer_norm, linear, scaled_dot_product_attention

from pielang.server.inference.config import ModelConfig, ModelRefused, read_json
from pielang.server.inference.weights import open_tensors

if TYPE_CHECKING:
    from PIL import Image

_MOST_PIXELS = 50_000_000  # of a file: more is refused before it is unpacked

_FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP")

Linear = tuple[Tensor, Tensor]  # weight [out, in] and bias [out]


class ImageRefused(Exception):
    """The file can't be read as an image; the message says why."""


@dataclass(frozen=True, slots=True)
class _Layer:
    first_norm: Linear
    qkv: Linear
    output: Linear
    second_norm: Linear
    up: Linear
    down: Linear


class Vision:
    """The tower of a model."""

    def __init__(self, folder: Path, config: ModelConfig, dtype: torch.dtype, device: torch.device) -> None:
        """Raises `ModelRefused`: weights that are missing or misshapen, or no library that reads images."""
        if config.vision is None:
            raise ModelRefused(f"{folder} has no vision tower.")
        try:
            from PIL import Image
        except ImportError as error:
            raise ModelRefused(f"{folder} looks at images, which takes Pillow: install pielang[images].") from error
        self._open: Callable[[io.BytesIO], Image.Image] = partial(Image.open, formats=_FORMATS)
        self._filter = Image.Resampling.LANCZOS
        self.config = sizes = config.vision
        self._mean, self._deviation = _colours(folder)
        width = sizes.hidden_size
        with open_tensors(folder, dtype, device) as tensor:

            def linear_of(name: str, rows: int, *columns: int) -> Linear:
                at = f"model.vision_model.{name}."
                return tensor(at + "weight", rows, *columns), tensor(at + "bias", rows)

            def layer(index: int) -> _Layer:
                at = f"encoder.layers.{index}."
                parts = [linear_of(f"{at}self_attn.{part}_proj", width, width) for part in "qkv"]
                return _Layer(
                    first_norm=linear_of(f"{at}layer_norm1", width),
                    qkv=(torch.cat([part[0] for part in parts]), torch.cat([part[1] for part in parts])),
                    output=linear_of(f"{at}self_attn.out_proj", width, width),
                    second_norm=linear_of(f"{at}layer_norm2", width),
                    up=linear_of(f"{at}mlp.fc1", sizes.intermediate_size, width),
                    down=linear_of(f"{at}mlp.fc2", width, sizes.intermediate_size),
                )

            self._patches = linear_of("embeddings.patch_embedding", width, 3, sizes.patch_size, sizes.patch_size)
            places = tensor("model.vision_model.embeddings.position_embedding.weight", sizes.side**2, width)
            self._layers = [layer(index) for index in range(sizes.layers)]
            self._norm = linear_of("post_layernorm", width)
            depth = width * sizes.scale_factor**2
            self._projection = tensor("model.connector.modality_projection.proj.weight", config.hidden_size, depth)
        self._places = places[_positions(sizes.side).to(device)]

    def embed(self, file: bytes) -> Tensor:
        """The embeddings [`image_embeds`, H] of an image file. Raises `ImageRefused`."""
        pixels = self._pixels(file).to(self._places.device, self._places.dtype)
        return self.forward(pixels)

    def forward(self, pixels: Tensor) -> Tensor:
        """The embeddings of normalised pixels [3, image size, image size]."""
        sizes = self.config
        x = conv2d(pixels[None], *self._patches, stride=sizes.patch_size)[0].flatten(1).T + self._places  # [P, width]
        for layer in self._layers:
            qkv = linear(self._normed(x, layer.first_norm), *layer.qkv)
            q, k, v = qkv.view(len(x), 3, sizes.heads, -1).permute(1, 2, 0, 3)  # each [heads, P, D]
            attended = scaled_dot_product_attention(q[None], k[None], v[None])[0].transpose(0, 1).flatten(1)
            x = x + linear(attended, *layer.output)
            h = gelu(linear(self._normed(x, layer.second_norm), *layer.up), approximate="tanh")
            x = x + linear(h, *layer.down)
        x = self._normed(x, self._norm)
        side, factor = sizes.side // sizes.scale_factor, sizes.scale_factor
        blocks = x.view(side, factor, side, factor, -1).transpose(1, 2)  # each block of patches becomes one vector
        return linear(blocks.reshape(side * side, -1), self._projection)

    def _normed(self, x: Tensor, norm: Linear) -> Tensor:
        return layer_norm(x, x.shape[-1:], *norm, self.config.norm_epsilon)

    def _pixels(self, file: bytes) -> Tensor:
        size = self.config.image_size
        try:
            with self._open(io.BytesIO(file)) as image:
                if image.width * image.height > _MOST_PIXELS:
                    raise ImageRefused(f"the image has {image.width} x {image.height} pixels; {_MOST_PIXELS} are read")
                squared = image.convert("RGB").resize((size, size), self._filter)
        except (OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error, MemoryError) as error:
            raise ImageRefused(f"the image can't be read: {error}") from error
        except Exception as error:
            if type(error).__module__.startswith("PIL"):  # what it calls a bomb
                raise ImageRefused(f"the image can't be read: {error}") from error
            raise
        values = torch.from_numpy(np.asarray(squared, np.float32)) / 255
        return ((values - self._mean) / self._deviation).permute(2, 0, 1)


def _colours(folder: Path) -> tuple[Tensor, Tensor]:
    """Mean and standard deviation [3] that pixels are normalised by."""
    path = folder / "preprocessor_config.json"
    raw = read_json(path, missing={})
    try:
        mean, deviation = (torch.tensor(raw.get(f"image_{name}") or [0.5] * 3) for name in ("mean", "std"))
    except (ValueError, TypeError) as error:
        raise ModelRefused(f"{path} can't be used: {error}.") from error
    if mean.shape != (3,) or deviation.shape != (3,) or not bool((deviation > 0).all()):
        raise ModelRefused(f"{path}: image_mean and image_std must be 3 numbers each.")
    return mean, deviation


def _positions(side: int) -> Tensor:
    """Which learned position each patch of a whole square has, [side * side]: the model looks it up by fractions."""
    bounds = torch.arange(1 / side, 1.0, 1 / side)
    fractions = (torch.arange(side, dtype=torch.float32) * (1.0 / torch.tensor(side))).clamp(max=1.0 - 1e-6)
    bucket = torch.bucketize(fractions, bounds, right=True)
    return (bucket[:, None] * side + bucket).flatten()
