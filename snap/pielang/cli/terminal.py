"""Where commands write: text for a person or JSON for a program, one way for each.

Results go to standard output, all else to standard error. A reader that left (`| head`) is `BrokenPipeError`, which
`main` makes a quiet exit.
"""

from __future__ import annotations

import codecs
import json
import os
import sys
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Terminal:
    """The standard streams of this process."""

    json: bool = False
    _at_line_start: bool = True
    _decoder: dict[int, codecs.IncrementalDecoder] = field(default_factory=dict)

    @property
    def color(self) -> bool:
        """Whether standard error shows colours."""
        return sys.stderr.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def say(self, text: str) -> None:
        """A line of the result, for a person."""
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    def object(self, value: Any) -> None:
        """One JSON value on a line of its own."""
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """A line beside the result."""
        if text:
            sys.stderr.write(text.rstrip("\n") + "\n")
            sys.stderr.flush()

    def output(self, stream: int, data: bytes) -> None:
        """What an inferlet wrote, as it came."""
        if self.json:
            decoder = self._decoder.setdefault(stream, codecs.getincrementaldecoder("utf-8")("replace"))
            if text := decoder.decode(data):
                self.object({"event": "output", "stream": "stdout" if stream == 1 else "stderr", "text": text})
            return
        target = sys.stdout if stream == 1 else sys.stderr
        target.buffer.write(data)
        target.buffer.flush()
        if stream == 1 and data:
            self._at_line_start = data.endswith(b"\n")

    def result(self, value: Any) -> None:
        """What `main` returned: a text as it is, all else as JSON; nothing for None."""
        if self.json:
            self.object({"event": "result", "value": value})
        elif value is not None:
            text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
            self.say(text if self._at_line_start else "\n" + text)

    def end_line(self) -> None:
        """Before something is said on standard error: what the inferlet left unfinished gets its line end."""
        if not self.json and not self._at_line_start and sys.stdout.isatty():
            self.output(1, b"\n")


def readable_size(size: int) -> str:
    """Bytes as a person reads them."""
    if size < 1000:
        return f"{size} bytes"
    for unit in ("KB", "MB"):
        size_in_unit = size / (1 << 10 if unit == "KB" else 1 << 20)
        if size_in_unit < 1000:
            return f"{size_in_unit:.1f} {unit}"
    return f"{size / (1 << 30):.1f} GB"
