"""Did you mean ...? The name a writer most likely had in mind, or nothing."""

from __future__ import annotations

from collections.abc import Iterable


def closest(name: str, candidates: Iterable[str]) -> str | None:
    """The one candidate that `name` is a likely slip for.

    One slip (a letter too many, too few, wrong, or two swapped) is allowed for every three letters. When several
    candidates are equally near there is no evidence for any of them, and the answer is None.
    """
    allowed = max(1, len(name) // 3)
    best: list[str] = []
    best_distance = allowed + 1
    for candidate in dict.fromkeys(candidates):
        if candidate == name or candidate.startswith("__") != name.startswith("__"):
            continue
        if len(name) == 1 or len(candidate) == 1:  # a letter is near to every other letter: only its case is evidence
            distance = 0 if candidate.lower() == name.lower() else best_distance + 1
        else:
            distance = slips(name, candidate, min(allowed, best_distance))
        if distance < best_distance:
            best, best_distance = [candidate], distance
        elif distance == best_distance <= allowed:
            best.append(candidate)
    return best[0] if len(best) == 1 else None


def slips(left: str, right: str, limit: int) -> int:
    """Edit distance; swapping two neighbours is one slip, a difference in case none. Over `limit`: limit + 1."""
    left, right = left.lower(), right.lower()
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row = row, [i]
        for j, b in enumerate(right, 1):
            distance = min(previous[j] + 1, row[j - 1] + 1, previous[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and b == left[i - 2]:
                distance = min(distance, before[j - 2] + 1)
            row.append(distance)
        if min(row) > limit:
            return limit + 1
        before = previous
    return min(row[-1], limit + 1)
