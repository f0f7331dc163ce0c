"""A GGUF file becomes a Hugging Face folder.

Comes in: the path of a GGUF file of a known family with a vocabulary of byte-level BPE or SentencePiece's. Goes out:
config.json, generation_config.json, model.safetensors, tokenizer.json and tokenizer_config.json in a folder that exists
and is empty.

Quantised tensors are written as float32, which holds their values exactly; float16 and bfloat16 ones stay as they are.
Tensors are dequantised and written one by one, so a model needs no more memory than its largest tensor.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from pielang.models.errors import BrokenModel, UnsupportedModel
from pielang.models.progress import Progress
from pielang.models.sentencepiece import sentencepiece_json
from pielang.models.tokenizer_json import tokenizer_json

if TYPE_CHECKING:
    from gguf import GGUFReader, ReaderTensor

_OUTSIDE_LAYERS = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
_IN_LAYER = {
    "attn_norm.weight": "input_layernorm.weight",
    "attn_q.weight": "self_attn.q_proj.weight",
    "attn_k.weight": "self_attn.k_proj.weight",
    "attn_v.weight": "self_attn.v_proj.weight",
    "attn_output.weight": "self_attn.o_proj.weight",
    "ffn_norm.weight": "post_attention_layernorm.weight",
    "ffn_gate.weight": "mlp.gate_proj.weight",
    "ffn_up.weight": "mlp.up_proj.weight",
    "ffn_down.weight": "mlp.down_proj.weight",
}
_BIASES = {f"attn_{part}.bias": f"self_attn.{part}_proj.bias" for part in "qkv"}
_HEAD_NORMS = {f"attn_{part}_norm.weight": f"self_attn.{part}_norm.weight" for part in "qk"}
_DIVISORS = "rope_freqs.weight"  # of RoPE's frequencies: Llama 3's stretching, written out


@dataclass(frozen=True, slots=True)
class _Family:
    """How an architecture of GGUF is called by Hugging Face, and the tensors that it has besides."""

    architecture: str
    model_type: str
    tensors: dict[str, str]
    interleaved: bool = False  # the rows of q and k are in llama.cpp's order


_FAMILIES = {
    "llama": _Family("LlamaForCausalLM", "llama", {}, interleaved=True),
    "qwen2": _Family("Qwen2ForCausalLM", "qwen2", _BIASES),
    "qwen3": _Family("Qwen3ForCausalLM", "qwen3", _HEAD_NORMS),
}


@dataclass(frozen=True, slots=True)
class _Tensor:
    """One tensor on its way: its new name, its place in the GGUF file, dtype and shape in the safetensors file."""

    name: str
    source: ReaderTensor
    dtype: str  # "F32", "F16" or "BF16"
    shape: tuple[int, ...]
    heads: int  # rows of q and k are to be put back in order for so many heads; 0: nothing to do

    @property
    def size(self) -> int:
        """Bytes in the safetensors file."""
        return math.prod(self.shape) * (4 if self.dtype == "F32" else 2)


class GGUFModel:
    """An opened GGUF file, checked as far as its head goes.

    Raises `BrokenModel` when the file is damaged, `UnsupportedModel` when it is of a kind that is not read.
    """

    def __init__(self, path: Path) -> None:
        from gguf import GGUFReader

        self.path = path
        with self._reading():
            self._reader: GGUFReader = GGUFReader(path)
            self.architecture = str(self._need("general.architecture"))
            if self.architecture not in _FAMILIES:
                known = ", ".join(_FAMILIES)
                raise UnsupportedModel(
                    f"{path} holds a model of architecture {self.architecture!r}; GGUF files are read for: {known}."
                )
            self._family = _FAMILIES[self.architecture]
            self._heads = self._number("attention.head_count")
            self._kv_heads = self._number("attention.head_count_kv", self._heads)
            self._divisors = next((tensor for tensor in self._reader.tensors if tensor.name == _DIVISORS), None)
            self._tensors = [self._plan(tensor) for tensor in self._reader.tensors if tensor.name != _DIVISORS]
            if not any(tensor.name == "model.embed_tokens.weight" for tensor in self._tensors):
                raise BrokenModel(f"{path} has no token_embd.weight: it is not a whole model. Fetch it again.")
            self._head_dim = self._number("attention.key_length", self._number("embedding_length") // self._heads)

    @property
    def size(self) -> int:
        """Bytes of weights that `write` will write."""
        return sum(tensor.size for tensor in self._tensors)

    def write(self, folder: Path, progress: Progress) -> None:
        """Write the model's folder. Raises the errors of the class; OSError passes through."""
        with self._reading():
            _write_json(folder / "config.json", self._config())
            _write_json(folder / "generation_config.json", self._generation_config())
            self._write_tokenizer(folder)
            self._write_weights(folder / "model.safetensors", progress)

    @contextmanager
    def _reading(self) -> Iterator[None]:
        """What damage makes of a file's fields, which may then be of any kind, is an error that names the file."""
        try:
            yield
        except (
            ValueError,
            TypeError,
            LookupError,
            ArithmeticError,
            AttributeError,
            MemoryError,
            struct.error,
        ) as error:
            raise BrokenModel(f"{self.path} is not a whole GGUF file ({error}). Fetch it again.") from error

    # ---- head of the file

    def _get(self, key: str) -> Any:
        field = self._reader.get_field(key)
        return None if field is None else field.contents()

    def _need(self, key: str) -> Any:
        value = self._get(key)
        if value is None:
            raise BrokenModel(f"{self.path} lacks the field {key}: it is not a whole model. Fetch it again.")
        return value

    def _number(self, key: str, usual: int | None = None) -> int:
        """A whole number that is said for the architecture. Raises `BrokenModel`."""
        value = self._get(f"{self.architecture}.{key}")
        if value is None and usual is not None:
            return usual
        value = self._need(f"{self.architecture}.{key}")
        if not isinstance(value, int) or not 0 < value < 1 << 31:
            raise BrokenModel(f"{self.path}: {key} is {value!r}, no number that a model has.")
        return value

    def _config(self) -> dict[str, object]:
        names = {tensor.name for tensor in self._tensors}
        window = self._get(f"{self.architecture}.attention.sliding_window")
        kind: dict[str, object] = {"architectures": [self._family.architecture], "model_type": self._family.model_type}
        if window and self.architecture == "llama":  # Mistral goes by Llama's name there
            kind = {"architectures": ["MistralForCausalLM"], "model_type": "mistral", "sliding_window": int(window)}
        return kind | {
            "vocab_size": next(t.shape[0] for t in self._tensors if t.name == "model.embed_tokens.weight"),
            "hidden_size": self._number("embedding_length"),
            "intermediate_size": self._number("feed_forward_length"),
            "num_hidden_layers": self._number("block_count"),
            "num_attention_heads": self._heads,
            "num_key_value_heads": self._kv_heads,
            "head_dim": self._head_dim,
            "hidden_act": "silu",
            "max_position_embeddings": self._number("context_length"),
            "rms_norm_eps": _shortest(self._need(f"{self.architecture}.attention.layer_norm_rms_epsilon")),
            "rope_theta": _shortest(self._get(f"{self.architecture}.rope.freq_base") or 10000.0),
            "rope_scaling": self._scaling(),
            "attention_bias": False,
            "mlp_bias": False,
            "tie_word_embeddings": "lm_head.weight" not in names,
            "bos_token_id": self._get("tokenizer.ggml.bos_token_id"),
            "eos_token_id": self._get("tokenizer.ggml.eos_token_id"),
            "torch_dtype": "float32",
        }

    def _scaling(self) -> dict[str, object] | None:
        """How RoPE is stretched, in config.json's words."""

        def said(key: str) -> Any:
            return self._get(f"{self.architecture}.rope.{key}")

        context = self._number("context_length")
        if said("dimension_count") not in (None, self._head_dim):
            raise UnsupportedModel(f"{self.path} turns only a part of each head (rope.dimension_count).")
        kind = said("scaling.type") or "none"
        if self._divisors is not None and kind == "none":
            factors = [_shortest(value) for value in np.asarray(self._divisors.data, np.float32).reshape(-1).tolist()]
            if len(factors) != self._head_dim // 2:
                raise BrokenModel(
                    f"{self.path}: {_DIVISORS} has {len(factors)} entries for {self._head_dim} dimensions."
                )
            long: dict[str, object] = {"rope_type": "longrope", "short_factor": factors, "long_factor": factors}
            return long | {"factor": 1.0, "attention_factor": 1.0, "original_max_position_embeddings": context}
        odd = [key for key in ("attn_factor", "yarn_log_multiplier", "yarn_attn_factor") if said(f"scaling.{key}")]
        if kind == "none" and not odd:
            return None
        if kind not in ("linear", "yarn") or odd or self._divisors is not None:
            raise UnsupportedModel(f"{self.path} scales RoPE the {kind!r} way{' with ' + odd[0] if odd else ''}.")
        scaling: dict[str, object] = {"rope_type": kind, "factor": _shortest(said("scaling.factor") or 1.0)}
        if kind == "yarn":
            scaling["original_max_position_embeddings"] = said("scaling.original_context_length") or context
            for name in ("beta_fast", "beta_slow"):
                if (value := said(f"scaling.yarn_{name}")) is not None:
                    scaling[name] = _shortest(value)
        return scaling

    def _generation_config(self) -> dict[str, object]:
        ends = (self._get(f"tokenizer.ggml.{name}_token_id") for name in ("eos", "eot", "eom"))
        return {
            "bos_token_id": self._get("tokenizer.ggml.bos_token_id"),
            "eos_token_id": sorted({int(end) for end in ends if end is not None}),
        }

    # ---- tokenizer

    def _write_tokenizer(self, folder: Path) -> None:
        tokens = self._need("tokenizer.ggml.tokens")
        types = self._need("tokenizer.ggml.token_type")
        match self._need("tokenizer.ggml.model"):
            case "gpt2":
                merges, pre = self._need("tokenizer.ggml.merges"), str(self._need("tokenizer.ggml.pre"))
                content = tokenizer_json(tokens, types, merges, pre)
            case "llama":
                prefix = "never" if self._get("tokenizer.ggml.add_space_prefix") is False else "always"
                content = sentencepiece_json(tokens, self._need("tokenizer.ggml.scores"), types, prefix)
            case kind:
                raise UnsupportedModel(
                    f"{self.path} has a tokenizer of kind {kind!r}; of GGUF files byte-level BPE ('gpt2') and "
                    "SentencePiece's BPE ('llama') are read. Give a Hugging Face folder with tokenizer.json instead."
                )
        _write_json(folder / "tokenizer.json", content)

        def named(name: str) -> str | None:
            index = self._get(f"tokenizer.ggml.{name}_token_id")
            return None if index is None else str(tokens[index])

        _write_json(
            folder / "tokenizer_config.json",
            {
                "tokenizer_class": "PreTrainedTokenizerFast",
                "add_bos_token": bool(self._get("tokenizer.ggml.add_bos_token")),
                "add_prefix_space": False,
                "clean_up_tokenization_spaces": False,
                "model_max_length": self._number("context_length"),
                "bos_token": named("bos"),
                "eos_token": named("eos"),
                "unk_token": named("unknown"),
                "pad_token": named("padding"),
                "chat_template": self._get("tokenizer.chat_template"),
            },
        )

    # ---- weights

    def _plan(self, tensor: ReaderTensor) -> _Tensor:
        name = _OUTSIDE_LAYERS.get(tensor.name)
        if name is None:
            match tensor.name.split(".", 2):
                case ["blk", layer, rest] if rest in (known := _IN_LAYER | self._family.tensors):
                    name = f"model.layers.{layer}.{known[rest]}"
                case _:
                    raise UnsupportedModel(
                        f"{self.path} has a tensor {tensor.name!r} that the architecture {self.architecture} does not "
                        "know. Give the model as a Hugging Face folder instead."
                    )
        kind = tensor.tensor_type.name
        dtype = kind if kind in ("F16", "BF16") else "F32"
        shape = tuple(int(size) for size in reversed(tensor.shape.tolist()))
        order = {"attn_q.weight": self._heads, "attn_k.weight": self._kv_heads} if self._family.interleaved else {}
        heads = order.get(tensor.name.split(".", 2)[-1], 0)
        if heads and (len(shape) != 2 or shape[0] % (2 * heads)):
            raise BrokenModel(f"{self.path}: {tensor.name} has shape {list(shape)}, and there are {heads} heads.")
        return _Tensor(name, tensor, dtype, shape, heads)

    def _write_weights(self, path: Path, progress: Progress) -> None:
        header: dict[str, object] = {"__metadata__": {"format": "pt"}}
        offset = 0
        for tensor in self._tensors:
            header[tensor.name] = {
                "dtype": tensor.dtype,
                "shape": list(tensor.shape),
                "data_offsets": [offset, offset + tensor.size],
            }
            offset += tensor.size
        text = json.dumps(header, separators=(",", ":")).encode()
        text += b" " * (-(len(text) + 8) % 64)  # so that every tensor lies on its natural boundary when mapped
        with path.open("wb") as file:
            file.write(struct.pack("<Q", len(text)))
            file.write(text)
            done = 0
            for tensor, values in self._values():
                file.write(values.data)
                done += tensor.size
                progress("converting the weights", done, offset)

    def _values(self) -> Iterator[tuple[_Tensor, np.ndarray[Any, Any]]]:
        from gguf.quants import dequantize

        for tensor in self._tensors:
            data = tensor.source.data
            try:
                if tensor.dtype == "F32":
                    values = dequantize(data, tensor.source.tensor_type).astype(np.float32, copy=False)
                else:
                    values = data.view(np.uint16)
                values = values.reshape(tensor.shape)
            except (NotImplementedError, ValueError, KeyError) as error:
                raise UnsupportedModel(
                    f"{self.path}: can't read tensor {tensor.source.name!r} "
                    f"of type {tensor.source.tensor_type.name} ({error})."
                ) from error
            if tensor.heads:
                values = _halves_from_pairs(values, tensor.heads)
            yield tensor, np.ascontiguousarray(values)


def _halves_from_pairs(weight: np.ndarray[Any, Any], heads: int) -> np.ndarray[Any, Any]:
    """Undo llama.cpp's row order of q and k.

    Hugging Face rotates dimension i of a head with i + half; llama.cpp rotates neighbours 2i and 2i + 1 and has the
    rows of [heads * dim, in] interleaved for it.
    """
    rows, columns = weight.shape
    return weight.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def _shortest(value: float) -> float:
    """The shortest decimal that is this float32: 1e-05, where GGUF's float32 read as a double says 9.999999747e-06."""
    return float(str(np.float32(value)))


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(
        json.dumps(content, ensure_ascii=False, indent=None if path.name == "tokenizer.json" else 1), "utf-8"
    )
