"""Every family says in float32 what transformers says: logits to 1e-4, and the same greedy tokens."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from pielang.server.inference.attention import TorchAttention
from pielang.server.inference.config import load_config
from pielang.server.inference.executor import Executor
from pielang.server.inference.forward import BackEnd
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import LlamaModel
from pielang.server.inference.native.build import load_library
from pielang.server.inference.native.model import NativeAttention, NativeModel
from pielang.server.inference.weights import load_weights
from tests.server.inference import families
from tests.server.inference.batches import Row, forward, with_dist, with_samples
from tests.server.inference.families import CASES, NEW, PLACES, PROMPT, VOCAB

RECORD = families.read_record()
PAGES = [3, 0, 5, 1]


def make_executor(folder: Path, native: bool) -> Executor:
    config, device = load_config(folder), torch.device("cpu")
    with torch.inference_mode():
        weights, cache = load_weights(folder, config, torch.float32, device), KVCache(config, 6, torch.float32, device)
        if native:
            model = NativeModel(config, weights, cache, load_library(), 2)
            attention = NativeAttention(model)
            return Executor(BackEnd(model, attention), cache, torch.float32, len(PLACES), 1)
        attention = TorchAttention(config, cache, torch.float32)
        return Executor(BackEnd(LlamaModel(config, weights), attention), cache, torch.float32, len(PLACES), 1)


@pytest.mark.parametrize("native", [False, True], ids=["torch", "native"])
@pytest.mark.parametrize("case", CASES)
def test_as_recorded(tmp_path: Path, case: str, native: bool) -> None:
    families.write_model(case, tmp_path)
    check_record(make_executor(tmp_path, native), RECORD[case])


def check_record(executor: Executor, recorded: families.Recorded) -> None:
    """Logits and greedy tokens of the prompt."""
    batch = forward(1, [Row(PROMPT, 0, PAGES)])
    batch.out_token, batch.out_embed = np.array(PLACES, np.int32), np.arange(len(PLACES), dtype=np.int32)
    last = len(PLACES) - 1
    result = executor.launch(with_samples(with_dist(batch, range(len(PLACES)), VOCAB), [last])).collect()
    wanted = recorded.logits.log_softmax(-1)
    for row in range(len(PLACES)):
        found = torch.from_numpy(np.log(result.dist_probs[row]))
        torch.testing.assert_close(found, wanted[row, torch.from_numpy(result.dist_ids[row])], rtol=0, atol=1e-4)
    tokens = [int(result.sampled[0])]
    for step in range(NEW - 1):
        batch = with_samples(forward(2 + step, [Row(tokens[-1:], len(PROMPT) + step, PAGES)]), [0])
        tokens.append(int(executor.launch(batch).collect().sampled[0]))
    assert tokens == recorded.greedy


@pytest.mark.parametrize("case", CASES)
def test_the_record_is_what_transformers_says(case: str) -> None:
    pytest.importorskip("transformers")
    made = families.by_transformers(case)
    torch.testing.assert_close(made.logits, RECORD[case].logits, rtol=0, atol=2e-5)
    assert made.greedy == RECORD[case].greedy
