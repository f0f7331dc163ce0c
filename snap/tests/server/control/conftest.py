"""One inference process for a module's tests: it starts in seconds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pielang.server.control.node import Node
from tests.server.control.harness import Background, new_node


@pytest.fixture(scope="module")
def background() -> Iterator[Background]:
    made = Background()
    yield made
    made.close()


@pytest.fixture(scope="module")
def node(background: Background) -> Iterator[Node]:
    made = background.run(new_node())
    yield made
    background.run(made.close())
