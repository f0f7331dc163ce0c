"""`pielang check` and `pielang explain`: formats, warnings and how they are silenced, edits, explanations; `doctor`."""

from __future__ import annotations

import json

from tests.cli.conftest import Command

WRONG = "import re\n\nlength = 3\nprint(lenght)\n"


def test_formats(pielang: Command) -> None:
    pielang.write("a.pie", WRONG)
    concise = pielang("check", "a.pie", "--format", "concise")
    assert (concise.code, concise.err) == (3, "")
    assert concise.out == "a.pie:4:7: error[PIE0201] the name `lenght` is not defined\n"
    full = pielang("check", "a.pie")
    assert "did you mean `length`?" in full.err
    (report,) = pielang("check", "a.pie", "--format", "json").object["files"]
    fix = report["diagnostics"][0]["helps"][0]["fix"]
    assert (report["ok"], fix["replacement"], fix["range"]["start"]) == (False, "length", {"line": 4, "column": 7})
    sarif = pielang("check", "a.pie", "--format", "sarif").object
    (run,) = sarif["runs"]
    (result,) = run["results"]
    assert (sarif["version"], run["tool"]["driver"]["rules"][0]["id"], result["level"]) == ("2.1.0", "PIE0201", "error")
    region = result["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 4, "startColumn": 7, "endLine": 4, "endColumn": 13}
    assert result["fixes"][0]["artifactChanges"][0]["replacements"][0]["insertedContent"] == {"text": "length"}


def test_edits_are_made_until_nothing_more_helps(pielang: Command) -> None:
    end = "elif x = 4 && x > 1:\n    print(math.pi, x or nonsense)\n"
    pielang.write("a.pie", f'import re\nx: float = 3\nif x == 3\n    print "x", lenght\n{end}')
    ran = pielang("check", "a.pie", "--fix")
    assert ran.code == 3
    assert ran.err.endswith("a.pie: 2 errors: does not compile\na.pie: 5 problems fixed\n")
    assert (pielang.folder / "a.pie").read_text() == (
        "import math\nimport re\nx: float = 3\nif x == 3:\n"
        '    print("x", lenght)\nelif x == 4 and x > 1:\n    print(math.pi, x or nonsense)\n'
    )


def test_an_edit_keeps_line_ends_and_a_file_that_needs_none_its_text(pielang: Command) -> None:
    path = pielang.folder / "a.pie"
    path.write_bytes(b"import re\r\nimport math\r\nprint(math.pi)\r\n")
    assert pielang("check", "a.pie", "--fix").code == 0
    assert path.read_bytes() == b"import math\r\nprint(math.pi)\r\n"
    before = path.stat().st_mtime_ns
    assert pielang("check", "a.pie", "--fix").out == "a.pie: fine\n"
    assert path.stat().st_mtime_ns == before


def test_warnings_are_silenced_by_code(pielang: Command) -> None:
    pielang.write("a.pie", "import re\nimport math  # pie: ignore[PIE0903]\nimport json  # pie: ignore[PIE0902]\n")
    assert [line.split()[1] for line in pielang("check", "a.pie", "--format", "concise").out.splitlines()] == [
        "warning[PIE0903]",
        "warning[PIE0903]",
    ]
    assert pielang("check", "a.pie", "--ignore", "PIE0903").err == ""
    assert pielang("check", "a.pie", "--ignore", "pie09").err == ""
    pielang.write("b.pie", "# pielang: ignore=PIE0903\nimport re\nprint(1)  # pie: ignore\n")
    assert pielang("check", "b.pie").out == "b.pie: fine\n"
    pielang.write("c.pie", "print(x)  # pie: ignore\n")
    assert pielang("check", "c.pie").code == 3  # an error is none the less one


def test_explain(pielang: Command) -> None:
    shown = pielang("explain", "PIE0201")
    assert shown.code == 0
    assert "Wrong:\n\n    length = 3\n    print(lenght)\n" in shown.out
    assert pielang("explain", "pie0201").out == pielang("explain", "201").out == shown.out
    assert json.loads(pielang("explain", "PIE0201", "--json").out)["right"] == "length = 3\nprint(length)"
    assert "PIE0903  `...` is imported and never used\n" in pielang("explain").out
    unknown = pielang("explain", "PIE9999")
    assert (unknown.code, unknown.err) == (
        2,
        "pielang: there is no message PIE9999; `pielang explain` lists them all\n",
    )


def test_doctor(pielang: Command) -> None:
    ran = pielang("doctor")
    assert ran.code == 0, ran.out
    assert "a program compiles" in ran.out
    pielang.environment["PIELANG_CACHE"] = "/dev/null/cache"
    pielang.environment["PIELANG_RUNTIME"] = "/tmp/" + "long/" * 40
    findings = {item["topic"]: item["state"] for item in pielang("doctor", "--json").object["findings"]}
    assert (findings["cache"], findings["server"], findings["compiler"]) == ("broken", "broken", "ok")
    assert pielang("doctor").code == 1


def test_mistakes_may_raise_instead(pielang: Command) -> None:
    pielang.write("a.pie", 'print("before")\nprint("a" + 1)\n')
    assert pielang("check", "a.pie").code == 3
    checked = pielang("check", "--errors=raise", "a.pie")
    assert (checked.code, "PIE0909" in checked.err) == (0, True)
    ran = pielang("run", "--errors", "raise", "a.pie")
    assert (ran.code, ran.out) == (1, "before\n")
    assert 'TypeError: can only concatenate str (not "int") to str' in ran.err
