"""What the tree says beyond CPython's: pragma, names' places, text before `=` in fields."""

from __future__ import annotations

import pytest

from pielang.compiler.syntax import Source, parse, tree


@pytest.mark.parametrize(
    ("text", "pragma"),
    [
        ("# pielang: net=api.example.com model=smollm2\nx = 1\n", "net=api.example.com model=smollm2"),
        ("#!/usr/bin/env pielang\n\n#pielang:  a  \n", "a"),
        ("x = 1\n# pielang: late\n", None),
        ("", None),
        ("\ufeff# pielang: bom", "bom"),
    ],
)
def test_pragma(text: str, pragma: str | None) -> None:
    assert parse(Source("t.pie", text)).pragma == pragma


def test_places_of_names() -> None:
    text = "class Point[T](Base):\n    async def far(self): return self.x . y\n"
    module = parse(Source("t.pie", text))
    match module.body:
        case (tree.ClassDef() as cls,):
            assert text[slice(*cls.name_span)] == "Point"
            assert text[slice(*cls.type_params[0].span)] == "T"
        case _:
            raise AssertionError(module)
    match cls.body:
        case (tree.FunctionDef(body=(tree.Return(value=tree.Attribute() as attribute),)) as function,):
            assert text[slice(*function.name_span)] == "far"
            assert text[slice(*attribute.attr_span)] == "y"
            assert text[slice(*function.args.args[0].span)] == "self"
        case _:
            raise AssertionError(cls)


def field(text: str) -> tree.FormattedValue:
    match parse(Source("t.pie", text)).body:
        case (tree.ExprStmt(value=tree.JoinedStr(values=(tree.FormattedValue() as value,))),):
            return value
        case other:
            raise AssertionError(other)


def test_fields() -> None:
    assert field('f"{a + b = }"').debug_text == "a + b = "
    assert field('f"{a=}"').conversion == "r"
    assert field('f"{a=:>5}"').conversion == ""
    assert field('f"{a=!s}"').conversion == "s"
    assert field('f"{a}"').debug_text is None
    inner = field('f"{a:>{width}}"').format_spec
    assert inner is not None and [type(x) for x in inner.values] == [tree.StringLiteral, tree.FormattedValue]


def test_line_ends_and_byte_order_mark() -> None:
    source = Source("t.pie", "\ufeffif x:\r\n    y = '''a\r\nb'''\r\n")
    match parse(source).body:
        case (tree.If(body=(tree.Assign(value=tree.StringLiteral(value=value)),)),):
            assert value == "a\nb"
        case other:
            raise AssertionError(other)
