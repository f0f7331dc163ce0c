"""What the control layer is told of a model, by the inference process and by what stands in for it.

Comes in: a model's folder and the options of the process. Goes out: `ModelInfo`; what only the device decides is filled
in by whoever has one. torch is not imported here.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from pielang.server.inference.chat import load_chat_format
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.wire.batch import ModelInfo

TEXT = ("Allocate", "Forward", "InputText", "Tokenize", "OutputText")


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options that `describe` reads."""
    parser.add_argument("--endpoint", required=True, help="ZeroMQ endpoint of the serve process")
    parser.add_argument("--model", required=True, help="a Hugging Face folder")
    parser.add_argument("--name", default="", help="what programs see as the model's name")
    parser.add_argument("--page-count", type=int, help="KV pages; as many as --kv-bytes holds if not given")
    parser.add_argument("--host-pages", type=int, help="places in host memory for KV pages that make room for others")
    parser.add_argument("--embed-count", type=int, default=4096, help="slots of the embedding pool")
    parser.add_argument("--token-slots", type=int, default=4096, help="slots for sampled tokens")
    parser.add_argument("--adapter-slots", type=int, default=16, help="adapters that are loaded at once")


def describe(options: argparse.Namespace, config: ModelConfig, dtype: str) -> ModelInfo:
    """The model, without its device. Raises `ModelRefused` for a chat template that can't be taken apart."""
    folder = Path(options.model)
    chat = load_chat_format(folder)
    return ModelInfo(
        name=options.name or folder.name,
        path=str(folder),
        architecture=config.architecture,
        dtype=dtype,
        vocab_size=config.vocab_size,
        hidden_size=config.hidden_size,
        layers=config.layers,
        context_length=config.context_length,
        page_size=PAGE_SIZE,
        page_count=0,
        embed_count=options.embed_count,
        token_slots=options.token_slots,
        bos_token=config.bos_token,
        end_tokens=config.end_tokens,
        traits=TEXT,
        roles=chat.roles,
        default_system=chat.default_system,
        opening=chat.opening,
        answer_prefix=chat.answer_prefix,
    )
