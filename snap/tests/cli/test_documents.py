"""The documents are true: code compiles, tables say what is, files that are named exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.cli.conftest import Command

DOCUMENTS = ("README.md", "CONTRIBUTING.md", "docs/structure.md")


def test_the_program_in_the_readme_compiles(pielang: Command, repository: Path) -> None:
    (program,) = re.findall(r"```python\n(.*?)```", (repository / "README.md").read_text(), re.DOTALL)
    pielang.write("ask.pie", program)
    ran = pielang("check", "ask.pie")
    assert (ran.code, ran.err) == (0, "")
    assert "QUESTION" in pielang("run", "ask.pie", "--help").out


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_documents_name_exist(repository: Path, document: str) -> None:
    path = repository / document
    text = path.read_text()
    links = [path.parent / link for link in re.findall(r"\]\((?!http)([^)#]+)\)", text)]
    named = [repository / name for name in re.findall(r"`((?:[\w.]+/)+[\w.]*)`", text) if "*" not in name]
    missing = [str(place) for place in links + named if not place.exists()]
    assert not missing


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_that_documents_name_exist(pielang: Command, repository: Path, document: str) -> None:
    for command in set(re.findall(r"(?:`|&& )pielang ([a-z]+)", (repository / document).read_text())):
        assert pielang(command, "--help").code == 0


def test_the_structure_page_names_every_package(repository: Path) -> None:
    text = (repository / "docs/structure.md").read_text()
    for part in ("compiler", "vm", "server", "pielang"):
        for package in sorted((repository / part).glob("*/__init__.py")):
            assert f"`{part}/{package.parent.name}/`" in text, package
