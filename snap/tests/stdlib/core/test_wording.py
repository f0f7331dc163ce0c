"""Where versions of CPython differ we do as 3.12 does."""

from __future__ import annotations

from tests.lang.harness import run_pie

PROGRAM = """
print(sum([0.1] * 10), sum([1e16, 1.0, -1e16]), sum([0.1, 0.2, 0.3]), (5).is_integer())
empty: list[int] = []
for kind in range(3):
    try:
        if kind == 0:
            print(max(empty))
        elif kind == 1:
            print(min(empty))
        else:
            print(1.0 % len(empty))
    except (ValueError, ZeroDivisionError) as error:
        print(error)
"""
EXPECTED = """1.0 1.0 0.6 True
max() iterable argument is empty
min() iterable argument is empty
float modulo
"""


def test_wording_of_3_12() -> None:
    assert run_pie(PROGRAM).output == EXPECTED
