"""The cache on disk: whole entries or none, and nothing breaks where it can't be written."""

from __future__ import annotations

from pathlib import Path

import pytest

from pielang.compiler.cache import Cache, cache_dir, content_key


def test_store_and_load(tmp_path: Path) -> None:
    cache = Cache("trees", tmp_path)
    assert cache.load("a") is None
    cache.store("a", b"one")
    cache.store("a", b"two")
    assert cache.load("a") == b"two"
    assert [path.name for path in (tmp_path / "trees").iterdir()] == ["a"]


def test_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    cache = Cache("trees", tmp_path / "file")
    cache.store("a", b"one")
    assert cache.load("a") is None


def test_the_oldest_entries_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache("trees", tmp_path)
    monkeypatch.setattr(Cache, "limit", 4)
    for name in "abcde":
        cache.store(name, b"x")
    left = sorted(path.name for path in cache.folder.iterdir())
    assert len(left) == 3 and "e" in left


def test_folder_of_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PIELANG_CACHE", str(tmp_path))
    assert cache_dir() == tmp_path


def test_keys_tell_parts_apart() -> None:
    assert content_key("ab", "c") != content_key("a", "bc") != content_key("abc")
    assert content_key("a") == content_key(b"a")
    assert content_key("\ud800")  # any str has a key
