"""Sampling follows its distributions and cuts, and depends on (seed, step) alone."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from pielang.server.inference.heads import Sampling, sample, top_distribution, uniform


def draw(logits: torch.Tensor, count: int, temperature: float = 1, top_k: int = 0, top_p: float = 1, min_p: float = 0):
    """Tokens of `count` steps from one row of logits."""
    how = Sampling(
        np.full(count, temperature, np.float32),
        np.full(count, top_k, np.int32),
        np.full(count, top_p, np.float32),
        np.full(count, min_p, np.float32),
        uniform(np.full(count, 3, np.int64), np.arange(count)),
    )
    tokens, logprob = sample(logits.expand(count, -1).contiguous(), how)
    np.testing.assert_allclose(logprob.numpy(), logits.log_softmax(-1)[tokens].numpy(), rtol=1e-4, atol=1e-5)
    return tokens.numpy()


PROBABILITIES = np.array([0.05, 0.4, 0.1, 0.25, 0.15, 0.05])
LOGITS = torch.tensor(np.log(PROBABILITIES), dtype=torch.float32)


@pytest.mark.parametrize(
    ("cuts", "kept"),
    [
        ({}, [0, 1, 2, 3, 4, 5]),
        ({"top_k": 1}, [1]),
        ({"top_k": 3}, [1, 3, 4]),
        ({"top_p": 0.6}, [1, 3]),
        ({"top_p": 0.7}, [1, 3, 4]),
        ({"top_p": 1e-6}, [1]),
        ({"min_p": 0.3}, [1, 3, 4]),
        ({"min_p": 1.0}, [1]),
        ({"top_k": 3, "top_p": 0.8}, [1, 3]),  # of what top-k left, 0.5 and 0.31 make up 0.8
        ({"top_k": 4, "min_p": 0.5}, [1, 3]),
    ],
)
def test_draws_follow_the_cut_distribution(cuts: dict[str, float], kept: list[int]) -> None:
    count = 20_000
    tokens = draw(LOGITS, count, **cuts)
    expected = np.zeros(len(PROBABILITIES))
    expected[kept] = PROBABILITIES[kept] / PROBABILITIES[kept].sum()
    np.testing.assert_allclose(np.bincount(tokens, minlength=6) / count, expected, atol=0.012)
    assert set(tokens) == set(kept)


def test_temperature_sharpens() -> None:
    tokens = draw(LOGITS, 20_000, temperature=0.5)
    expected = PROBABILITIES**2 / (PROBABILITIES**2).sum()
    np.testing.assert_allclose(np.bincount(tokens, minlength=6) / 20_000, expected, atol=0.012)


def test_temperature_zero_is_the_likeliest() -> None:
    assert set(draw(LOGITS, 50, temperature=0, top_k=3, top_p=0.5)) == {1}


@pytest.mark.parametrize("cuts", [{"top_p": 0.5}, {"min_p": 0.9}])
def test_a_flat_distribution_is_cut_beyond_the_first_candidates(cuts: dict[str, float]) -> None:
    """The cut lies below the 1,024 likeliest: all tokens must be looked at."""
    logits = torch.linspace(0, 0.01, 5000)
    tokens = draw(logits, 4000, **cuts)
    assert tokens.min() < 2600 and tokens.max() > 4900
    if "top_p" in cuts:
        assert tokens.min() > 2450


def test_ties_do_not_let_more_than_k_in() -> None:
    assert len(set(draw(torch.zeros(100), 2000, top_k=5))) == 5


def test_mixed_rows_are_rows_one_at_a_time() -> None:
    random = np.random.default_rng(1)
    logits = torch.tensor(random.normal(size=(12, 400)) * 3, dtype=torch.float32)
    how = Sampling(
        np.array([0, 1, 0.7, 1.5] * 3, np.float32),
        np.array([0, 0, 10, 0, 5, 0] * 2, np.int32),
        np.array([1, 0.9, 1, 0.5] * 3, np.float32),
        np.array([0, 0, 0.1] * 4, np.float32),
        uniform(np.arange(12), np.arange(12) * 7),
    )
    together, _ = sample(logits, how)
    for row in range(12):
        one = Sampling(*(getattr(how, name)[row : row + 1] for name in Sampling.__slots__))
        assert sample(logits[row : row + 1], one)[0].item() == together[row].item()


def test_numbers_depend_on_seed_and_step_alone() -> None:
    seeds, steps = np.array([5, -5, 5, 2**62]), np.array([0, 0, 1, 0])
    numbers = uniform(seeds, steps)
    assert len(set(numbers)) == 4 and ((numbers >= 0) & (numbers < 1)).all()
    assert uniform(seeds[2:3], steps[2:3])[0] == numbers[2]
    many = uniform(np.arange(100_000) % 317, np.arange(100_000) // 317)
    np.testing.assert_allclose(np.histogram(many, 10, (0, 1))[0], 10_000, rtol=0.05)


def test_distribution_is_over_the_whole_vocabulary() -> None:
    ids, probabilities = top_distribution(LOGITS[None], 2)
    assert ids.tolist() == [[1, 3]]
    np.testing.assert_allclose(probabilities.numpy(), [[0.4, 0.25]], rtol=1e-5)
