"""The command line itself: help, versions, wrong words. No program is compiled here."""

from __future__ import annotations

import pytest

import pielang as package
from tests.cli.conftest import Command


def test_help_lists_commands_and_exit_codes(pielang: Command) -> None:
    ran = pielang("--help")
    assert (ran.code, ran.err) == (0, "")
    for word in ("run", "build", "check", "serve", "model", "exit codes:", "130", "141"):
        assert word in ran.out


def test_version(pielang: Command) -> None:
    assert pielang("--version").out == f"pielang {package.__version__}\n"
    assert pielang("--json", "--version").object == {"version": package.__version__}


@pytest.mark.parametrize("command", ["run", "build", "check", "serve", "model"])
def test_each_command_has_help(pielang: Command, command: str) -> None:
    ran = pielang(command, "--help")
    assert ran.code == 0
    assert ran.out.startswith(f"usage: pielang {command}")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "usage: pielang"),
        (("bild",), "no command `bild`"),
        (("hello.pie",), "pielang run hello.pie"),
        (("run",), "which program?"),
        (("run", "--fast", "x.pie"), "no option `--fast`"),
        (("run", "--dtype", "int8", "x.pie"), "--dtype is float32 or bfloat16"),
        (("run", "--pages", "none", "x.pie"), "--pages takes a number above 0"),
        (("run", "--model"), "which program?"),
        (("build",), "required: FILE.pie"),
        (("check",), "required: FILE.pie"),
        (("model",), "pull|list|path|remove"),
        (("model", "fetch"), "invalid choice"),
        (("serve", "--pages", "-3"), "above 0"),
        (("serve", "now"), "unrecognized arguments"),
    ],
)
def test_wrong_words_are_usage_errors(pielang: Command, words: tuple[str, ...], message: str) -> None:
    ran = pielang(*words)
    assert ran.code == 2
    assert ran.out == ""
    assert message in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.parametrize("command", ["run", "build", "check"])
def test_files_that_cannot_be_read(pielang: Command, command: str) -> None:
    pielang.write("notes.txt", "x")
    (pielang.folder / "folder.pie").mkdir()
    assert pielang(command, "missing.pie").err == "pielang: there is no file missing.pie\n"
    for name in ("missing.pie", "folder.pie"):
        assert pielang(command, name).code == 4
    ran = pielang(command, "missing.pie", "--json")
    assert ran.error == {"error": {"kind": "file", "message": "there is no file missing.pie"}, "exit": 4}


def test_files_of_another_kind(pielang: Command) -> None:
    pielang.write("broken.wasm", "x")
    for words in (("run", "broken.wasm"), ("build", "broken.wasm")):
        ran = pielang(*words)
        assert ran.code == 4
        assert len(ran.err.splitlines()) == 1


def test_a_source_may_have_any_name(pielang: Command) -> None:
    pielang.write("script.py", "print(6 * 7)\n")
    assert pielang("run", "script.py").out == "42\n"
    pielang.write("notes.txt", "remember the milk")
    ran = pielang("run", "notes.txt")
    assert ran.code == 3
    assert "notes.txt:1:" in ran.err


def test_unknown_models(pielang: Command) -> None:
    for words in (("model", "pull", "gpt-9"), ("model", "path", "gpt-9"), ("serve", "--model", "gpt-9")):
        ran = pielang(*words)
        assert ran.code == 5
        assert "gpt-9" in ran.err and "smollm2" in ran.err
    assert pielang("model", "pull", "gpt-9", "--json").error["exit"] == 5


def test_a_broken_model_file(pielang: Command) -> None:
    pielang.write("broken.gguf", "GGUF but not really")
    ran = pielang("serve", "--model", "broken.gguf")
    assert ran.code == 5
    assert "broken.gguf" in ran.err
    assert "Traceback" not in ran.err


def test_endpoints_that_cannot_be_served(pielang: Command) -> None:
    for endpoint in ("tcp://0.0.0.0:5000", "nonsense", "tcp://127.0.0.1"):
        ran = pielang("serve", "--endpoint", endpoint)
        assert ran.code == 6
        assert endpoint in ran.err
