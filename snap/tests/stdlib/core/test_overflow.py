"""Where an int would pass 64 bits an OverflowError says so; nothing wraps. A listed difference: CPython's are wide."""

from __future__ import annotations

from tests.lang.harness import run_pie

BIG, SMALL = 2**63 - 1, -(2**63)
REFUSED = """
BIG + 1; SMALL - 1; SMALL + -1; 0 - SMALL; BIG * 2; SMALL * -1; -1 * SMALL; 4294967296 * 2147483648
-4294967296 * 2147483649; SMALL // -1; 2 ** 63; -2 ** 64; 10 ** 19; 1 << 63; 3 << 62; -1 << 64; 1 << 200
"""
TAKEN = """
BIG + 0; SMALL + BIG; BIG - BIG; -1 - BIG; 2147483648 * 2147483648; -4294967296 * 2147483648; SMALL * 1; SMALL // 1
SMALL % -1; BIG // -1; 2 ** 62; -2 ** 63; 1 << 62; -1 << 63; 0 << 500; SMALL >> 63; SMALL // 3
"""
WIDE = "integer is wider than 64 bits"


def cases(text: str) -> list[list[str]]:
    filled = text.replace("BIG", str(BIG)).replace("SMALL", str(SMALL))
    return [case.split() for line in filled.strip().splitlines() for case in line.split(";")]


def guarded(name: str, parameters: str, expression: str) -> str:
    return f"""
def {name}({parameters}) -> None:
    try:
        print({expression})
    except OverflowError as error:
        print(error)
"""


def test_operators() -> None:
    text = ""
    for number, (left, operation, right) in enumerate(cases(REFUSED) + cases(TAKEN)):
        text += guarded(f"f{number}", "a: int, b: int", f"a {operation} b") + f"f{number}({left}, {right})\n"
    expected = [WIDE] * len(cases(REFUSED)) + [str(eval(f"({a}) {op} ({b})")) for a, op, b in cases(TAKEN)]
    assert run_pie(text).output.splitlines() == expected


def test_functions() -> None:
    text = guarded("negate", "a: int", "-a") + f"negate({BIG})\nnegate({SMALL})\n"
    text += guarded("size", "a: int", "abs(a)") + f"size({SMALL + 1})\nsize({SMALL})\n"
    text += guarded("read", "a: str", "int(a)")
    text += "".join(f"read('{number}')\n" for number in (BIG, BIG + 1, SMALL, SMALL - 1, "1" * 30))
    text += guarded("whole", "a: float", "int(a)") + "whole(9.2e18)\nwhole(9.3e18)\nwhole(-9223372036854775808.0)\n"
    numbers = [-BIG, None, BIG, None, BIG, None, SMALL, None, None, int(9.2e18), None, SMALL]
    assert run_pie(text).output.splitlines() == [WIDE if number is None else str(number) for number in numbers]
