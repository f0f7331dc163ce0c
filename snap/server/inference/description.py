"""What the control layer is told of a model, by the inference process and by what stands in for it.

Comes in: the options of the process. Goes out: `ModelInfo`; what only the device decides is filled in by whoever has
one. torch is not imported here.
"""

from __future__ import annotations

from pielang.server.inference.chat import load_chat_format
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.wire.batch import ModelInfo
from pielang.server.wire.link import InferenceOptions

TEXT = ("Allocate", "Forward", "InputText", "Tokenize", "OutputText")


def describe(options: InferenceOptions, config: ModelConfig, dtype: str) -> ModelInfo:
    """The model, without its device. Raises `ModelRefused` for a chat template that can't be taken apart."""
    chat = load_chat_format(options.model)
    return ModelInfo(
        name=options.name or options.model.name,
        path=str(options.model),
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
