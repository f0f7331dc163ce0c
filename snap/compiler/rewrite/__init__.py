"""Rewriting: a user's module in the forms that the checker knows; `rewriting` is the pass, each other file a part."""

from .rewriting import rewritten

__all__ = ["rewritten"]
