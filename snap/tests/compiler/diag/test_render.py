"""Diagnostics as they are shown: several places, several lines, other files, tabs, wide characters, colours."""

from __future__ import annotations

from pielang.compiler.diag import Diagnostic, Fix, Severity, render, to_json
from pielang.compiler.syntax import Source, Span


class UsedAfterRelease(Diagnostic):
    code = "PIE0214"
    title = "context `{name}` is used after it was released"
    label = "no longer owns pages"
    help = "keep a copy before the release: `spare = {name}.fork()`"
    name: str


class Strange(Diagnostic):
    code = "PIE0901"
    severity = Severity.WARNING
    title = "strange"


TEXT = "\n" * 15 + "    left.release()\n\n    text = await left.generate(max_tokens=64)\n"
SOURCE = Source("tot.pie", TEXT)


def span(source: Source, text: str, start: int = 0) -> Span:
    offset = source.text.index(text, start)
    return Span(offset, offset + len(text))


def released() -> UsedAfterRelease:
    use = SOURCE.text.index("left.generate")
    diagnostic = UsedAfterRelease(SOURCE, Span(use, use + 4), name="left")
    return diagnostic.labelled(SOURCE, span(SOURCE, "left.release()"), "released here")


def test_as_in_the_language_description() -> None:
    assert render([released()]) == (
        "error[PIE0214]: context `left` is used after it was released\n"
        "  --> tot.pie:18:18\n"
        "   |\n"
        "16 |     left.release()\n"
        "   |     -------------- released here\n"
        "18 |     text = await left.generate(max_tokens=64)\n"
        "   |                  ^^^^ no longer owns pages\n"
        "   = help: keep a copy before the release: `spare = left.fork()`\n"
    )


def test_several_places_on_a_line() -> None:
    shown = render(
        [
            released()
            .labelled(SOURCE, span(SOURCE, "text"), "the result")
            .labelled(SOURCE, span(SOURCE, "generate"), "needs pages")
        ]
    )
    assert (
        "18 |     text = await left.generate(max_tokens=64)\n"
        "   |     ----         ^^^^ -------- needs pages\n"
        "   |     |            no longer owns pages\n"
        "   |     the result\n"
    ) in shown


def test_text_of_several_lines() -> None:
    source = Source("a.pie", "x = f(\n    1,\n    2)\n")
    assert render([Strange(source, span(source, "f(\n    1,\n    2)"))]) == (
        "warning[PIE0901]: strange\n"
        " --> a.pie:1:5\n"
        "  |\n"
        "1 | x = f(\n"
        "  |     ^^ from here\n"
        "3 |     2)\n"
        "  |     ^^ to here\n"
    )


def test_other_file_notes_and_long_help() -> None:
    other = Source("lib.pie", "def f(): pass\n")
    source = Source("a.pie", "f(1)\n")
    shown = render([Strange(source, Span(0, 1)).labelled(other, Span(4, 5), "defined here").noted("n").helped("a\nb")])
    assert shown == (
        "warning[PIE0901]: strange\n"
        " --> a.pie:1:1\n"
        "  |\n"
        "1 | f(1)\n"
        "  | ^\n"
        " ::: lib.pie:1:5\n"
        "  |\n"
        "1 | def f(): pass\n"
        "  |     - defined here\n"
        "  = note: n\n"
        "  = help: a\n"
        "          b\n"
    )


def test_tabs_wide_and_invisible_characters() -> None:
    source = Source("a.pie", "\tx = '日本' + e\u0301 + y\x01\n")
    shown = render([Strange(source, span(source, "y"))])
    line, marks = shown.split("\n")[3:5]
    assert line == "1 |     x = '日本' + e\u0301 + y\N{REPLACEMENT CHARACTER}"
    assert marks == "  |" + " " * (1 + 4 + 4 + 6 + 3 + 1 + 3) + "^"


def test_empty_file_and_end_of_file() -> None:
    assert render([Strange(Source("a.pie", ""), Span(0, 0))]) == "warning[PIE0901]: strange\n --> a.pie:1:1\n"
    assert render([Strange(Source("a.pie", "x"), Span(1, 1))]).endswith("1 | x\n  |  ^\n")


def test_colours_change_nothing_else() -> None:
    import re

    plain = re.sub("\x1b\\[[0-9;]*m", "", render([released()], color=True))
    assert plain == render([released()])


def test_json() -> None:
    use = SOURCE.text.index("left.generate")
    fixed = released().helped("do this", Fix(SOURCE, Span(use, use + 4), "spare"))
    (value,) = to_json([fixed])
    assert (value["code"], value["severity"], value["file"]) == ("PIE0214", "error", "tot.pie")
    assert value["message"] == "context `left` is used after it was released"
    assert value["range"] == {"start": {"line": 18, "column": 18}, "end": {"line": 18, "column": 22}}
    assert value["related"][0]["label"] == "released here"
    assert value["helps"][1]["fix"]["replacement"] == "spare"
