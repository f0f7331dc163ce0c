"""The model that a command works with, pulled on first use, with errors as the commands report them."""

from __future__ import annotations

from pielang.models import ModelError, ModelFolder, ModelStore, terminal_progress

from .errors import CliError, Exit


def resolve_model(name: str) -> ModelFolder:
    """The folder of a known model, a Hugging Face folder or a GGUF file; shows progress on standard error."""
    try:
        return ModelStore().resolve(name, terminal_progress())
    except ModelError as error:
        raise CliError(Exit.MODEL, str(error), details={"model": type(error).__name__}) from error
