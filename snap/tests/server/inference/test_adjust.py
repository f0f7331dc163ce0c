"""Penalties, bias and masks against a plain computation, token by token."""

from __future__ import annotations

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pielang.server.control.batching import BatchBuilder, SampleOptions
from pielang.server.inference.adjust import adjusted, changes_logits

VOCABULARY = 21


def reference(logits: list[float], options: SampleOptions, slots: list[int], allowed: list[bool]) -> list[float]:
    changed = list(logits)
    made = [token if token >= 0 else slots[-token - 1] for token in options.made]
    for token in {*options.before, *made}:
        changed[token] = (
            changed[token] / options.repetition if changed[token] > 0 else changed[token] * options.repetition
        )
    for token in set(made):
        changed[token] -= options.presence + options.frequency * made.count(token)
    for token, value in zip(options.bias_tokens, options.bias):
        changed[token] += value
    return [value if good else float("-inf") for value, good in zip(changed, allowed)]


TOKENS = st.lists(st.integers(0, VOCABULARY - 1), max_size=6)
PENALTY = st.sampled_from([0.0, 0.5, -0.25])


@st.composite
def options(draw: st.DrawFn) -> SampleOptions:
    bias = draw(TOKENS)
    values = draw(st.lists(st.sampled_from([1.5, -2.0, float("-inf")]), min_size=len(bias), max_size=len(bias)))
    return SampleOptions(
        draw(st.sampled_from([1.0, 1.3, 0.5])), draw(PENALTY), draw(PENALTY), bias, values,
        draw(TOKENS), draw(st.lists(st.integers(-3, VOCABULARY - 1), max_size=6)),
    )  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(options(), min_size=1, max_size=4), st.booleans(), st.integers(0, 2**32 - 1))
def test_logits_are_changed_as_the_definitions_say(chosen: list[SampleOptions], masked: bool, seed: int) -> None:
    random = np.random.default_rng(seed)
    builder = BatchBuilder(16, 64, 64)
    for number, how in enumerate(chosen):
        builder.add_sample(number, -1, 1.0, 0, 1.0, 0.0, 0, 0, how)
    batch = builder.build(1)
    logits = random.normal(size=(len(chosen), VOCABULARY)).astype(np.float32)
    slots = [4, 7, 7]
    allowed = random.random((len(chosen), VOCABULARY)) < 0.5 if masked else np.ones((len(chosen), VOCABULARY), bool)
    bits = np.packbits(allowed, axis=1, bitorder="little") if masked else None
    if not changes_logits(batch) and not masked:
        return
    for start in range(len(chosen)):  # any part of the batch by itself
        part = slice(start, start + 2)
        found = adjusted(
            torch.from_numpy(logits[part]), batch, part, torch.tensor(slots), None if bits is None else bits[part]
        )
        for row, given_logits, how, good in zip(found.numpy(), logits[part], chosen[part], allowed[part]):
            np.testing.assert_allclose(
                row, reference(given_logits.tolist(), how, slots, good.tolist()), rtol=1e-5, atol=1e-6
            )
