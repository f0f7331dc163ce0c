"""pielang: programmable LLM serving for people who write Python.

In a checkout the parts of the system are folders at the top (`compiler/`, `vm/`, `server/`, `stdlib/`); an installed
copy holds them inside this package. Both are imported as `pielang.compiler` and so on: where this file lies in a
checkout, the folder above it is searched as well.
"""

from pathlib import Path

_above = Path(__file__).resolve().parent.parent
if (_above / "pyproject.toml").is_file() and (_above / "compiler").is_dir():
    __path__.append(str(_above))

__version__ = "0.1.0"
