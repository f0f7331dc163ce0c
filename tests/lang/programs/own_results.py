# %% results_made_of_themselves
def convert(text):
    lowered = text.lower()
    if lowered in ("yes", "on", "true"):
        return True
    if lowered in ("no", "off", "false"):
        return False
    if "," in text:
        return [convert(t.strip()) for t in text.split(",")]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            pass
    return text
print(convert("yes"), convert("1,2.5,x,on"), convert("7"), convert("abc"), convert("2.5"))
print([convert(x) for x in "1,a,no".split(",")])
# %% lists_of_their_own_results
def parse(tokens):
    token = tokens.pop(0)
    if token == "(":
        out = []
        while tokens[0] != ")":
            out.append(parse(tokens))
        tokens.pop(0)
        return out
    try:
        return int(token)
    except ValueError:
        return token
print(parse("( + 1 ( * 2 3 ) x )".split()))
# %% a_reader_of_lists
def atom(text):
    try:
        return int(text)
    except ValueError:
        try:
            return float(text)
        except ValueError:
            return text
def read(tokens):
    match tokens.pop(0):
        case "(":
            out = []
            while tokens[0] != ")":
                out.append(read(tokens))
            tokens.pop(0)
            return out
        case "'":
            return ["quote", read(tokens)]
        case token:
            return atom(token)
print(read("( + 1 ( * 2.5 3 ) x ' y )".split()))
# %% names_of_groups_in_annotated_code
import re
from typing import Iterator
def tokens(text: str) -> Iterator[tuple[str, str]]:
    for m in re.finditer(r"(?P<num>\d+)|(?P<op>[-+])|(?P<name>\w+)", text):
        yield m.lastgroup, m.group(m.lastgroup)
for kind, value in tokens("a+12"):
    print(kind, value)
# %% merging_lists_made_of_themselves
import heapq
def merge_sort(items, key=lambda x: x):
    if len(items) < 2:
        return items[:]
    mid = len(items) // 2
    return list(heapq.merge(merge_sort(items[:mid], key), merge_sort(items[mid:], key), key=key))
print(merge_sort([3, 1, 2]), merge_sort(["bb", "a", "ccc", "dd"], key=len))
# %% rows_that_are_changed_by_rows
from fractions import Fraction
class Matrix:
    def __init__(self, rows):
        self.rows = [list(row) for row in rows]
    def inverse(self):
        n = len(self.rows)
        a = [[Fraction(x) for x in row] + [Fraction(int(i == j)) for j in range(n)] for i, row in enumerate(self.rows)]
        for c in range(n):
            pivot = next((r for r in range(c, n) if a[r][c]), None)
            if pivot is None:
                raise ZeroDivisionError("matrix is singular")
            a[c], a[pivot] = a[pivot], a[c]
            a[c] = [x / a[c][c] for x in a[c]]
            for r in range(n):
                if r != c and a[r][c]:
                    a[r] = [x - a[r][c] * y for x, y in zip(a[r], a[c])]
        return Matrix([row[n:] for row in a])
print([[str(x) for x in row] for row in Matrix([[2, 1], [1, 3]]).inverse().rows])
