"""Lowering: from the typed tree to the typed IR.

In: `sema.typed.TProgram`. Out: `ir.nodes.Module` with plain functions only. The topics are one file each:
`layout` (memory), `expressions`, `statements`, `exceptions`, `boxing`, `closures`, `primitives`, `inline` and
`coroutines`; `function` is the state for one function, `program` that for the whole.
"""

from .program import lower

__all__ = ["lower"]
