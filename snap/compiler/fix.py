"""Makes the edits that messages suggest, as far as they help.

In: a source and what finds its problems. Out: the text as it is then, and how many edits it took. An edit stays only if
afterwards there is less wrong with the program than before, so a suggestion that does not compile changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from .diag import Diagnostic, Fix, Severity
from .syntax import Source

ROUNDS = 100
"""More edits one after the other than a file with `Diagnostics.limit` errors at a time is likely to need."""

Check = Callable[[Source], Sequence[Diagnostic]]


def repaired(source: Source, problems: Check) -> tuple[str, int]:
    """The text with all edits that help, and their number."""
    count = 0
    found = problems(source)
    for _ in range(ROUNDS):
        fixes = _fixes(source, found)
        for chosen in (fixes, *([item] for item in fixes)) if fixes else ():
            changed = replace(source, text=edited(source.text, chosen))
            left = problems(changed)
            if wrong(changed, left) < wrong(source, found):
                source, found, count = changed, left, count + len(chosen)
                break
        else:
            break
    return source.text, count


def _fixes(source: Source, found: Iterable[Diagnostic]) -> list[Fix]:
    """The first edit of each message, of those that touch one another the first; in the order of their places."""
    chosen: list[Fix] = []
    every = [help.fix for item in found for help in item.all_helps if help.fix is not None]
    for fix in sorted((fix for fix in every if fix.source.name == source.name), key=lambda fix: fix.span):
        if not chosen or chosen[-1].span.end < fix.span.start:
            chosen.append(fix)
    return chosen


def edited(text: str, fixes: Iterable[Fix]) -> str:
    """The text with all of the edits, which do not touch one another."""
    for fix in sorted(fixes, key=lambda fix: fix.span, reverse=True):
        text = text[: fix.span.start] + fix.replacement + text[fix.span.end :]
    return text


def wrong(source: Source, found: Iterable[Diagnostic]) -> tuple[int, ...]:
    """How much is wrong. What keeps the text from being read counts most, and how much comes after it: the parser says
    one thing about a statement and cannot see the rest of it. Then imports, whose names may be wrong elsewhere as well;
    then all errors, then warnings."""
    items = list(found)
    errors = [item for item in items if item.severity is Severity.ERROR]
    unread = [item for item in errors if item.code < "PIE0100" or "PIE0150" <= item.code < "PIE0200"]
    hidden = max((len(source.text) - item.span.start for item in unread), default=0)
    imports = sum(item.code.startswith("PIE07") for item in errors)
    return len(unread), hidden, imports, len(errors), len(items)
