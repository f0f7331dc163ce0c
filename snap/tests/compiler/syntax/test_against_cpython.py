"""The same tree at the same places as CPython's own parser: for every form, for its standard library, for us."""

from __future__ import annotations

import ast
import sys
import sysconfig
import warnings
from pathlib import Path

import pytest

from pielang.compiler.diag import CompileError
from pielang.compiler.syntax import Source, parse
from tests.compiler.syntax.as_ast import first_difference, ours, theirs

ROOT = Path(__file__).parents[3]
FORMS = Path(__file__).with_name("forms.txt").read_text(encoding="utf-8").split("=====\n")


def compare(text: str, name: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        expected = ast.parse(text)
    source = Source(name, text, library=True)
    try:
        module = parse(source)
    except CompileError as error:  # Python that is not in the language; nothing else may be refused
        assert all(item.code >= "PIE0150" for item in error.diagnostics)
        return
    assert first_difference(ours(module, source), theirs(expected, text)) is None


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.replace("\n", "/")[:40])
def test_form(form: str) -> None:
    if form.startswith("# 3.12") and sys.version_info < (3, 12):
        assert parse(Source("form.pie", form)).body
    else:
        compare(form, "form.pie")


@pytest.mark.parametrize("path", sorted((ROOT / "compiler").rglob("*.py")), ids=lambda path: path.stem)
def test_own_sources(path: Path) -> None:
    compare(path.read_text(encoding="utf-8"), path.name)


LIBRARY = "argparse ast contextlib dataclasses difflib enum inspect json/decoder re/_parser statistics textwrap typing"


@pytest.mark.parametrize("name", LIBRARY.split())
def test_standard_library(name: str) -> None:
    text = (Path(sysconfig.get_path("stdlib")) / f"{name}.py").read_text(encoding="utf-8")
    compare(text, name)
