"""What is refused: the message, and the source text it points at."""

from __future__ import annotations

import textwrap

import pytest

from pielang.compiler.diag import CompileError, Diagnostic
from pielang.compiler.library import Library
from pielang.compiler.sema import check
from pielang.compiler.syntax import Source


def refused(text: str) -> list[tuple[str, str, str]]:
    """Code, message and marked text of every error."""
    source = Source("program.pie", textwrap.dedent(text).strip() + "\n")
    with pytest.raises(CompileError) as caught:
        check(source, Library())

    def marked(item: Diagnostic) -> str:
        return item.source.text[item.span.start : item.span.end]

    return [(item.code, item.message, marked(item)) for item in caught.value.diagnostics if item.severity == "error"]


CASES = {
    "undefined name": ("x = 1\nprint(y)", ("PIE0201", "the name `y` is not defined", "y")),
    "undefined in function": (
        "def f() -> int:\n    return lenght",
        ("PIE0201", "the name `lenght` is not defined", "lenght"),
    ),
    "unbound local": (
        "def f() -> int:\n    print(x)\n    x = 1\n    return x",
        ("PIE0202", "`x` is read before it has a value", "x"),
    ),
    "not a type": ("def f(x: 3) -> int:\n    return 1", ("PIE0203", "`3` is not a type", "3")),
    "defined twice": (
        "def f() -> int:\n    return 1\ndef f() -> int:\n    return 2",
        ("PIE0205", "`f` is defined twice in this module", "f"),
    ),
    "argument type": (
        'def f(x: int) -> int:\n    return x\nf("a")',
        ("PIE0301", "`x` of `f` must be `int`, not `str`", '"a"'),
    ),
    "result type": (
        'def f() -> int:\n    return "a"',
        ("PIE0301", "the result of `f` must be `int`, not `str`", '"a"'),
    ),
    "conflict": (
        'c = len("x")\nif c:\n    x = 1\nelse:\n    x = "a"\nprint(x)',
        ("PIE0302", "`x` is `int` in one place and `str` in another", "x"),
    ),
    "int and text": (
        "x = 0\nfor i in range(3):\n    x = str(x)\nprint(x)",
        ("PIE0302", "`x` is `int` in one place and `str` in another", "x"),
    ),
    "operator": ('print(1 + "a")', ("PIE0303", "`+` does not work on `int` and `str`", '1 + "a"')),
    "len of a class": (
        "class Foo:\n    pass\nprint(len(Foo()))",
        ("PIE0303", "`Foo` has no len()", "len(Foo())"),
    ),
    "not iterable": ("for x in 5:\n    print(x)", ("PIE0303", "`int` cannot be iterated over", "5")),
    "unhashable": ("print({[1]: 2})", ("PIE0303", "`list[int]` cannot be hashed", "{[1]: 2}")),
    "attribute": ('print("a".uper())', ("PIE0304", "`str` has no attribute `uper`", "uper")),
    "field": (
        "class A:\n    def __init__(self) -> None:\n        self.x = 1\nprint(A().y)",
        ("PIE0304", "`A` has no attribute `y`", "y"),
    ),
    "may be none": (
        "def f(x: int | None) -> int:\n    return x + 1",
        ("PIE0305", "the value may be None here: `+` needs a value", "x + 1"),
    ),
    "method of optional": (
        "def f(x: str | None) -> str:\n    return x.upper()",
        ("PIE0305", "the value may be None here: `upper` is not defined for None", "upper"),
    ),
    "too large": (
        "print(9223372036854775808)",
        ("PIE0307", "the number 9223372036854775808 does not fit 64 bits", "9223372036854775808"),
    ),
    "missing return": (
        "def f(x: int) -> int:\n    if x:\n        return 1",
        ("PIE0309", "`f` must return `int` but can reach its end", "f"),
    ),
    "too many arguments": (
        "def f(x: int) -> int:\n    return x\nf(1, 2)",
        ("PIE0401", "`f` takes 1 argument, not 2", "2"),
    ),
    "missing argument": (
        "def f(x: int, y: int) -> int:\n    return x\nf(1)",
        ("PIE0401", "`f` needs `y`", "f(1)"),
    ),
    "unknown keyword": (
        "def f(width: int) -> int:\n    return width\nf(widht=1)",
        ("PIE0401", "`f` has no parameter `widht`", "1"),
    ),
    "not callable": ("x = 1\nx()", ("PIE0403", "`int` cannot be called", "x()")),
    "override": (
        """
        class A:
            def m(self, x: int) -> int:
                return x
        class B(A):
            def m(self, x: str) -> int:
                return 1
        for a in [A(), B()]:
            print(a.m(1))
        """,
        (
            "PIE0501",
            "`B.m` is (str) -> int, but the method of `A` that it overrides is (int) -> int",
            "m",
        ),
    ),
    "frozen": (
        """
        from dataclasses import dataclass
        @dataclass(frozen=True)
        class P:
            x: int
        P(1).x = 2
        """,
        ("PIE0502", "`x` of `P` cannot be assigned: its class is frozen", "x"),
    ),
    "forgotten await": (
        """
        async def work() -> int:
            return 1
        async def main() -> None:
            work()
        """,
        ("PIE0601", "the result of `work` is not awaited", "work()"),
    ),
    "not awaitable": (
        "async def main() -> None:\n    await 5",
        ("PIE0603", "`int` cannot be awaited", "await 5"),
    ),
    "no module": ("import nowhere\nnowhere.f()", ("PIE0701", "there is no module `nowhere`", "nowhere")),
    "no such import": (
        "from math import squirt\nprint(squirt(4))",
        ("PIE0702", "module `math` has no `squirt`", "squirt"),
    ),
    "main from outside": (
        "class A:\n    pass\ndef main(a: A) -> int:\n    return 1",
        ("PIE0704", "`a` of `main` is `A`, which cannot come from outside", "a: A"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_refused(name: str) -> None:
    text, expected = CASES[name]
    assert expected in refused(text)


def test_errors_of_several_functions_are_all_reported() -> None:
    found = refused(
        """
        def f() -> int:
            return missing
        def g(x: str) -> int:
            return x
        class A:
            def m(self) -> int:
                return self.nothing
        """
    )
    assert [code for code, _, _ in found] == ["PIE0201", "PIE0301", "PIE0304"]


def test_a_generic_function_of_the_library_is_blamed_at_the_users_call() -> None:
    found = refused("class Foo:\n    pass\nprint(sorted([Foo(), Foo()]))")
    assert all("core" not in message for _, message, _ in found)
    assert found[0][2].startswith("sorted(")
