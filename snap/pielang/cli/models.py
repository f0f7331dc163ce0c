"""The model that a command works with, pulled on first use, with errors as the commands report them."""

from __future__ import annotations

from dataclasses import replace

from pielang.config import SIMULATED
from pielang.models import ModelError, ModelFolder, ModelStore, terminal_progress

from .errors import CliError, Exit


def resolve_model(name: str) -> ModelFolder:
    """The folder of a known model, a Hugging Face folder or a GGUF file; shows progress on standard error.

    A simulated model has the folder of the default one, for its tokenizer and chat template.
    """
    if name.startswith(SIMULATED):
        from pielang.server.simulation.device import HARDWARE

        if name.removeprefix(SIMULATED) not in HARDWARE:
            known = ", ".join(SIMULATED + device for device in HARDWARE)
            raise CliError(Exit.MODEL, f"there is no simulated model {name}; there are {known}")
    try:
        if name.startswith(SIMULATED):
            return replace(ModelStore().resolve(progress=terminal_progress()), name=name)
        return ModelStore().resolve(name, terminal_progress())
    except ModelError as error:
        raise CliError(Exit.MODEL, str(error), details={"model": type(error).__name__}) from error
