"""In fp32, greedy decoding gives the reference tokens, whoever writes the loop and whatever else is in the batch."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end.conftest import System

REFERENCE = Path(__file__).resolve().parent.parent / "reference" / "greedy-smollm2.json"
PROMPTS: list[dict[str, Any]] = json.loads(REFERENCE.read_text(encoding="utf-8"))["prompts"]


def arguments(case: dict[str, Any]) -> dict[str, Any]:
    return {"prompt": case["prompt"], "max_tokens": 64, "raw": case["kind"] == "raw"}


@pytest.fixture(params=["declared", "by hand"])
def program(request: pytest.FixtureRequest, system: System, repository: Path) -> str:
    if request.param == "declared":
        return system.compile(repository / "examples" / "text_completion.pie")
    return system.compile(repository / "tests" / "end_to_end" / "by_hand.pie")


def test_alone(system: System, program: str) -> None:
    for case in PROMPTS:
        assert system.run(program, **arguments(case)) == case["fp32"], case["prompt"]


def test_all_at_once(system: System, program: str) -> None:
    instances = [system.client.launch(program, arguments(case)) for case in PROMPTS]
    for case, instance in zip(PROMPTS, instances, strict=True):
        assert instance.result() == case["fp32"], case["prompt"]
