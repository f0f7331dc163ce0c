"""One real system in fp32 for all tests of this folder: gateway, node, inference process, SmolLM2."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pielang.cli.local import LocalServer
from pielang.client import Client
from pielang.compiler.cache import cache_dir
from pielang.compiler.driver import build, compile_file
from pielang.compiler.library import Library
from pielang.compiler.syntax.source import Source
from pielang.config import ServerOptions
from pielang.models import ModelStore
from pielang.server.wire.client import Output


class System:
    """Runs programs on a connection; after each the page pool must be full again."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def compile(self, path: Path) -> str:
        return self.client.upload(compile_file(path).wasm)

    def compile_text(self, text: str) -> str:
        return self.client.upload(build(Source("test.pie", text), Library()).wasm)

    def run(self, program: str, **arguments: Any) -> Any:
        """What `main` returns."""
        return self.client.launch(program, arguments).result()

    def output(self, program: str, **arguments: Any) -> str:
        """What the program prints."""
        instance = self.client.launch(program, arguments)
        text = b"".join(event.data for event in instance.events() if isinstance(event, Output)).decode()
        instance.result()
        return text

    def batches(self) -> int:
        """Forward batches run so far."""
        count: int = self.client.status()["forward_batches"]
        return count

    def check_pool(self) -> None:
        status = self.client.status()
        assert status["pages_free"] == status["pages_total"]
        assert status["instances"] == 0


@pytest.fixture(scope="session")
def connection() -> Iterator[Client]:
    model = ModelStore().resolve("smollm2")
    options = ServerOptions(dtype="float32", pages=2048)
    with LocalServer(options, model, cache_dir()) as server, server.connect() as client:
        warm = build(
            Source(
                "warm.pie", "from pielang import Model\n\n\nasync def main() -> str:\n    return Model.default().name\n"
            ),
            Library(),
        )
        assert client.launch(client.upload(warm.wasm)).result() == "smollm2"
        yield client


@pytest.fixture
def system(connection: Client) -> Iterator[System]:
    system = System(connection)
    yield system
    system.check_pool()
