"""What the compiler has to say about a program: diagnostics, their collection, their rendering."""

from .diagnostic import CompileError, Diagnostic, Diagnostics, Fix, Help, Label, Severity
from .render import render
from .serialise import to_json, to_sarif
from .suggest import closest

__all__ = [
    "CompileError",
    "Diagnostic",
    "Diagnostics",
    "Fix",
    "Help",
    "Label",
    "Severity",
    "closest",
    "render",
    "to_json",
    "to_sarif",
]
