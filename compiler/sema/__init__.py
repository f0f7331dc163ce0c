"""Names and types: from parsed modules to the typed program."""

from .check import Checked, check

__all__ = ["Checked", "check"]
