"""Batches over a small random model: right numbers, whatever shares a batch, and refusals of what makes no sense."""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np
import pytest
import torch

from pielang.server.inference.attention import TorchAttention
from pielang.server.inference.checks import BatchRefused
from pielang.server.inference.config import load_config
from pielang.server.inference.executor import Executor
from pielang.server.inference.forward import BackEnd
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import LlamaModel
from pielang.server.inference.weights import load_weights
from pielang.server.wire.batch import Batch, BatchResult
from tests.server.inference.batches import PAGE, Row, forward, with_dist, with_samples
from tests.server.inference.tiny_model import CONTEXT, VOCAB, TinyModel, make_tiny_model

PAGES = 200


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def executor(tiny: TinyModel) -> Executor:
    return make_executor(tiny, torch.float32)


def make_executor(tiny: TinyModel, dtype: torch.dtype) -> Executor:
    config, device = load_config(tiny.folder), torch.device("cpu")
    with torch.inference_mode():
        model = LlamaModel(config, load_weights(tiny.folder, config, dtype, device))
        cache = KVCache(config, PAGES, dtype, device)
        return Executor(
            BackEnd(model, TorchAttention(config, cache, dtype)), cache, dtype, embed_count=64, token_slots=32
        )


def run(executor: Executor, batch: Batch) -> BatchResult:
    return executor.launch(batch).collect()


def full_distribution(result: BatchResult, row: int) -> np.ndarray:
    """Probabilities by token id."""
    by_id = np.zeros(VOCAB, np.float32)
    by_id[result.dist_ids[row]] = result.dist_probs[row]
    return by_id


def expected(tiny: TinyModel, tokens: list[int]) -> np.ndarray:
    return torch.softmax(tiny.logits(tokens)[-1], 0).numpy()


def test_prefill_is_the_dense_computation(tiny: TinyModel, executor: Executor) -> None:
    tokens = random.Random(1).choices(range(VOCAB), k=37)
    result = run(executor, with_dist(forward(1, [Row(tokens, 0, [5, 3, 8])]), [0], VOCAB))
    np.testing.assert_allclose(full_distribution(result, 0), expected(tiny, tokens), rtol=2e-4, atol=1e-6)
    assert (np.diff(result.dist_probs[0]) <= 0).all()


@pytest.mark.parametrize("pieces", [[1] * 40, [16, 16, 8], [15, 2, 23], [39, 1], [7, 33]])
def test_a_sequence_in_pieces_is_the_same(tiny: TinyModel, executor: Executor, pieces: list[int]) -> None:
    tokens = random.Random(2).choices(range(VOCAB), k=40)
    start = 0
    for id, size in enumerate(pieces):
        batch = forward(id, [Row(tokens[start : start + size], start, [11, 2, 7])])
        result = run(executor, with_dist(batch, [0], VOCAB))
        start += size
    np.testing.assert_allclose(full_distribution(result, 0), expected(tiny, tokens), rtol=2e-4, atol=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_ragged_batches_are_rows_one_at_a_time(tiny: TinyModel, seed: int) -> None:
    """Many sequences advance by random numbers of tokens, in batches of random rows, on scattered pages."""
    choose = random.Random(seed)
    free = list(range(PAGES))
    choose.shuffle(free)
    sequences = []
    for _ in range(7):
        length = choose.choice([3, 20, 65, 130, 200])
        pages = [free.pop() for _ in range(-(-length // PAGE) + choose.randrange(2))]
        sequences.append((choose.choices(range(VOCAB), k=length), pages))
    mixed, alone = make_executor(tiny, torch.float32), make_executor(tiny, torch.float32)
    done = [0] * len(sequences)
    id = 0
    while any(at < len(tokens) for at, (tokens, _) in zip(done, sequences, strict=True)):
        rows, members = [], []
        for index, (tokens, pages) in enumerate(sequences):
            size = min(choose.choice([0, 1, 1, 1, 5, 17, 90]), len(tokens) - done[index])
            if size:
                rows.append(Row(tokens[done[index] : done[index] + size], done[index], pages))
                members.append(index)
                done[index] += size
        if not rows:
            continue
        id += 1
        together = run(mixed, with_dist(forward(id, rows), range(len(rows)), VOCAB))
        for place, row in enumerate(rows):
            single = run(alone, with_dist(forward(id, [row]), [0], VOCAB))
            np.testing.assert_allclose(
                full_distribution(together, place), full_distribution(single, 0), rtol=1e-3, atol=1e-6
            )


def test_a_row_reads_what_another_row_of_the_batch_writes(tiny: TinyModel, executor: Executor) -> None:
    """Consecutive calls of one queue are joined in a batch: the second sees the first's keys and values."""
    tokens = random.Random(3).choices(range(VOCAB), k=30)
    rows = [Row(tokens[:20], 0, [4, 9]), Row(tokens[20:], 20, [4, 9])]
    result = run(executor, with_dist(forward(1, rows), [1], VOCAB))
    np.testing.assert_allclose(full_distribution(result, 0), expected(tiny, tokens), rtol=2e-4, atol=1e-6)


def test_a_fork_copies_its_last_page(tiny: TinyModel, executor: Executor) -> None:
    tokens = random.Random(4).choices(range(VOCAB), k=21)
    run(executor, forward(1, [Row(tokens, 0, [0, 1])]))
    rows = [Row([17, 18], 21, [0, 1]), Row([250, 3], 21, [0, 2])]
    batch = with_dist(forward(2, rows), [0, 1], VOCAB)
    batch.copy_from, batch.copy_to, batch.copy_tokens = (np.array([value], np.int32) for value in (1, 2, 5))
    result = run(executor, batch)
    for row, more in enumerate(([17, 18], [250, 3])):
        np.testing.assert_allclose(full_distribution(result, row), expected(tiny, tokens + more), rtol=2e-4, atol=1e-6)


def test_a_loop_on_the_device_is_the_loop_on_the_host(executor: Executor) -> None:
    """Batches that name the token last sampled into a slot go out before that token is known here."""
    prompt = [1, 2, 3, 4, 5]
    how = {"temperature": 0.8, "seed": 7}
    host: list[int] = []
    tokens, start = prompt, 0
    for step in range(12):
        batch = with_samples(forward(step, [Row(tokens, start, [6, 7])]), [0], step=step, **how)
        host.append(int(run(executor, batch).sampled[0]))
        start += len(tokens)
        tokens = [host[-1]]
    first = with_samples(forward(0, [Row(prompt, 0, [8, 9])]), [0], [3], **how)
    pending = [executor.launch(first)]
    for step in range(1, 12):
        batch = forward(step, [Row([-(3 + 1)], len(prompt) + step - 1, [8, 9])])
        pending.append(executor.launch(with_samples(batch, [0], [3], step=step, **how)))
    assert [int(one.collect().sampled[0]) for one in pending] == host


def test_narrower_distributions_are_filled_up(executor: Executor) -> None:
    result = run(executor, with_dist(forward(1, [Row([1], 0, [0]), Row([2], 0, [1])]), [0, 1], [2, 5]))
    assert result.dist_ids.shape == (2, 5)
    assert (result.dist_ids[0, 2:] == -1).all() and (result.dist_probs[0, 2:] == 0).all()
    assert (result.dist_ids[1] >= 0).all()


def test_bfloat16_is_near_float32(tiny: TinyModel) -> None:
    executor = make_executor(tiny, torch.bfloat16)
    tokens = random.Random(5).choices(range(VOCAB), k=30)
    run(executor, forward(1, [Row(tokens[:29], 0, [0, 1])]))
    result = run(executor, with_dist(forward(2, [Row(tokens[29:], 29, [0, 1])]), [0], VOCAB))
    assert np.abs(full_distribution(result, 0) - expected(tiny, tokens)).sum() < 0.1


def test_an_empty_batch_is_fine(executor: Executor) -> None:
    result = run(executor, Batch(9))
    assert (result.id, result.error, len(result.sampled)) == (9, None, 0)


def good() -> Batch:
    batch = forward(1, [Row([1, 2, 3], 0, [0]), Row([4], 17, [1, 2])])
    return with_samples(with_dist(batch, [0, 1], 4), [0], [1])


def change(name: str, index: int, value: float) -> Callable[[Batch], None]:
    def apply(batch: Batch) -> None:
        getattr(batch, name)[index] = value

    return apply


def shorten(name: str) -> Callable[[Batch], None]:
    return lambda batch: setattr(batch, name, getattr(batch, name)[:-1])


BAD = {
    "token too large": change("tokens", 0, VOCAB),
    "token of no slot": change("tokens", 0, -33),
    "page of no pool": change("pages", 0, PAGES),
    "negative page": change("pages", 2, -1),
    "position beyond the context": change("positions", 0, CONTEXT),
    "negative position": change("positions", 0, -1),
    "length beyond the pages": change("kv_len", 0, 17),
    "length less than the tokens": change("kv_len", 0, 2),
    "length zero": change("kv_len", 0, 0),
    "length beyond the context": change("kv_len", 1, CONTEXT + 1),
    "rows not rising": change("row_start", 1, 0),
    "rows beyond the tokens": change("row_start", 2, 5),
    "pages of a row missing": change("page_start", 1, 0),
    "output of no token": change("out_token", 0, 4),
    "embedding of no slot": change("out_embed", 0, 64),
    "distribution of no slot": change("dist_embed", 0, -1),
    "no candidates": change("dist_top_k", 0, 0),
    "too many candidates": change("dist_top_k", 0, VOCAB + 1),
    "sample of no slot": change("sample_embed", 0, 64),
    "token slot of no pool": change("sample_slot", 0, 32),
    "negative temperature": change("temperature", 0, -1),
    "temperature not a number": change("temperature", 0, float("nan")),
    "top_p zero": change("top_p", 0, 0),
    "top_p not a number": change("top_p", 0, float("nan")),
    "min_p above one": change("min_p", 0, 1.5),
    "negative top_k": change("top_k", 0, -1),
    "fewer positions than tokens": shorten("positions"),
    "fewer lengths than rows": shorten("kv_len"),
    "fewer seeds than samples": shorten("seed"),
    "fewer slots than outputs": shorten("out_embed"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_makes_no_sense_is_refused(executor: Executor, case: str) -> None:
    batch = good()
    BAD[case](batch)
    with pytest.raises(BatchRefused):
        executor.launch(batch)
    assert run(executor, good()).error is None


BAD_COPIES = [("copy_from", PAGES), ("copy_to", -1), ("copy_tokens", 0), ("copy_tokens", 17)]


@pytest.mark.parametrize(("name", "value"), BAD_COPIES)
def test_copies_stay_within_the_pool(executor: Executor, name: str, value: int) -> None:
    one = np.ones(1, np.int32)
    batch = Batch(1, **({other: one.copy() for other, _ in BAD_COPIES} | {name: np.array([value], np.int32)}))
    with pytest.raises(BatchRefused, match=name):
        executor.launch(batch)
