"""The emitter: typed IR to a WebAssembly module, directly as bytes.

`emit` goes through effects (what is reachable, what may collect or throw), roots (where locals live), emit (a
function's instructions), fold (equal functions become one) and link (numbers, addresses, sections).
"""

from __future__ import annotations

from .module import emit

__all__ = ["emit"]
