"""Names and types: from parsed modules to the typed program."""

from .check import Checked, advise, check

__all__ = ["Checked", "advise", "check"]
