"""Rewriting leaves alone what stands for nothing else, and what it makes is what the same program in other words is."""

from __future__ import annotations

import pytest

from pielang.compiler.rewrite import rewritten
from pielang.compiler.syntax import Source, Span, parse, tree
from pielang.compiler.syntax.node import field_names


def rewrite(text: str, *missing: str) -> tree.Module:
    source = Source("program.pie", text, "program")

    def refuse(span: Span, what: str, help: str) -> None:
        raise AssertionError(what)

    return rewritten(parse(source), source, lambda module, name, level: module not in missing, refuse)


def shown(value: object) -> object:
    """A tree without its places."""
    match value:
        case Span():
            return None
        case tuple():
            return tuple(map(shown, value))
        case tree.Node():
            return type(value).__name__, *(shown(getattr(value, name)) for name in field_names(value))
        case _:
            return value


def test_what_stands_for_nothing_else_is_the_same_tree() -> None:
    text = "class A:\n    x: int = 1\n    def f(self):\n        return [y for y in (1,)]\n\nif A().x:\n    print(A())\n"
    source = Source("program.pie", text, "program")
    module = parse(source)
    assert rewritten(module, source, lambda *_: True, lambda *_: None) is module


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("class A:\n    def f(self): return self.__x", "class A:\n    def f(self): return self._A__x"),
        ("try:\n    import fast as m\nexcept ImportError:\n    import slow as m", "import slow as m"),
        ("import sys\nif (3, 8) < sys.version_info: pass\nif sys.version_info >= (3, 8):\n    x = 1\nelse:\n    x = 2",
         "import sys\nif (3, 8) < sys.version_info: pass\nx = 1"),
        ("import sys\nif sys.version_info[0] == 2:\n    x = 1", "import sys"),
        ("import sys\nif sys.version_info > 3:\n    x = 1", "import sys\nif sys.version_info > 3:\n    x = 1"),
        ("T = TypeVar('T')\ndef f(x: T) -> T: return x", "def f[T](x: T) -> T: return x"),
        ("@contextmanager\ndef m():\n    yield\n\n@m()\ndef f(): return 1",
         "@contextmanager\ndef m():\n    yield\n\ndef f():\n    with m(): return 1"),
    ],
)  # fmt: skip
def test_a_program_becomes_what_it_says_in_other_words(said: str, meant: str) -> None:
    assert shown(rewrite(said, "fast")) == shown(parse(Source("program.pie", meant, "program")))
