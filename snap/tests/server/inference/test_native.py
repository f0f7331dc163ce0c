"""Native kernels against the plainest computation in float64, at each level of instructions, and what stands in when
there is no compiler."""

from __future__ import annotations

import dataclasses
import math
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from pielang.server.inference.attention import Rows, TorchAttention
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.inference.heads import Sampling, sample, top_distribution
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import Extras, LlamaModel
from pielang.server.inference.native.build import LEVELS, NoKernels, load_library
from pielang.server.inference.native.model import NativeAttention, NativeModel
from pielang.server.inference.rotary import Rotary
from pielang.server.inference.scores import Scores
from pielang.server.inference.sharing import shared_beginnings
from pielang.server.inference.weights import LayerWeights, Weights

PAGES = 120
BUILT = tuple(level for level in LEVELS if level != "torch")
TOLERANCE = {torch.float32: 3e-5, torch.bfloat16: 2e-2}  # of the norm of what is compared


def config(**changes: object) -> ModelConfig:
    """Sizes that fill AMX tiles (all multiples of 32)."""
    sizes: dict[str, object] = {
        "architecture": "LlamaForCausalLM",
        "vocab_size": 320,
        "hidden_size": 192,
        "intermediate_size": 224,
        "layers": 2,
        "heads": 6,
        "kv_heads": 2,
        "head_dim": 32,
        "context_length": 1024,
        "norm_epsilon": 1e-5,
        "windows": (0, 0),
        "qkv_bias": False,
        "qk_norm": False,
        "tied_head": True,
        "bos_token": None,
        "end_tokens": (),
    }
    sizes |= changes
    frequencies = 10_000.0 ** (-np.arange(0, 1, 2 / int(sizes["head_dim"])))
    return ModelConfig(rotary=Rotary(tuple(frequencies.tolist())), **sizes)  # type: ignore[arg-type]


SIZES = {
    "tiles": config(),
    "odd": config(hidden_size=54, intermediate_size=90, heads=3, kv_heads=3, head_dim=18, vocab_size=301),
    "wide_heads": config(heads=2, kv_heads=1, head_dim=128),
    "qwen": config(windows=(0, 40), qkv_bias=True, qk_norm=True),
}


def random_weights(config: ModelConfig, dtype: torch.dtype) -> Weights:
    source = torch.Generator().manual_seed(3)

    def matrix(rows: int, columns: int) -> Tensor:
        return (torch.randn(rows, columns, generator=source) / math.sqrt(columns)).to(dtype)

    def norm(size: int = config.hidden_size) -> Tensor:
        return (1 + 0.1 * torch.randn(size, generator=source)).to(dtype)

    hidden, inner, width = config.hidden_size, config.intermediate_size, config.heads * config.head_dim
    qkv = width + 2 * config.kv_heads * config.head_dim
    layers = tuple(
        LayerWeights(
            attention_norm=norm(),
            qkv=matrix(qkv, hidden),
            output=matrix(hidden, width),
            mlp_norm=norm(),
            gate_up=matrix(2 * inner, hidden),
            down=matrix(hidden, inner),
            qkv_bias=matrix(1, qkv)[0] * 10 if config.qkv_bias else None,
            query_norm=norm(config.head_dim) if config.qk_norm else None,
            key_norm=norm(config.head_dim) if config.qk_norm else None,
        )
        for _ in range(config.layers)
    )
    embedding = matrix(config.vocab_size, hidden) * 4
    return Weights(embedding, layers, norm(), embedding)


def ragged(shapes: list[tuple[int, int]], seed: int = 0) -> Rows:
    """Rows of (entries in the cache, new tokens) on scattered pages."""
    lengths = np.array([cached + new for cached, new in shapes], np.int64)
    counts = -(-lengths // PAGE_SIZE)
    pages = np.random.default_rng(seed).permutation(PAGES)[: counts.sum()]
    return Rows(
        start=np.cumsum([0, *(new for _, new in shapes)], dtype=np.int64),
        positions=np.concatenate([np.arange(cached, cached + new, dtype=np.int64) for cached, new in shapes]),
        pages=pages.astype(np.int64),
        page_start=np.cumsum([0, *counts], dtype=np.int64),
        length=lengths,
    )


def alike(rows: Rows, *which: tuple[int, int, int]) -> Rows:
    """The rows with (row, other, pages): so many pages of `row` are the first ones of `other`."""
    pages = rows.pages.copy()
    for row, other, count in which:
        first, from_ = rows.page_start[row], rows.page_start[other]
        pages[first : first + count] = pages[from_ : from_ + count]
    return dataclasses.replace(rows, pages=pages)


def masked(rows: Rows) -> Rows:
    """Masks for the second and fourth row, and entries of pages that nobody sees."""
    source = np.random.default_rng(1)
    sizes = np.diff(rows.start) * -(-rows.length // 8) * (np.arange(len(rows.length)) % 2)
    return dataclasses.replace(
        rows,
        mask=source.integers(0, 256, sizes.sum()).astype(np.uint8),
        mask_start=np.cumsum([0, *sizes]).astype(np.int32),
        hidden=np.where(source.random(len(rows.pages)) < 0.2, source.integers(0, 1 << 16, len(rows.pages)), 0).astype(
            np.int32
        ),
    )


def native(config: ModelConfig, dtype: torch.dtype, level: str, threads: int = 2) -> tuple[NativeModel, KVCache]:
    cache = KVCache(config, PAGES, dtype, torch.device("cpu"))
    library = load_library(level)
    return NativeModel(config, random_weights(config, dtype), cache, library, threads), cache


BATCHES = {
    "one": [(37, 1)],
    "prefill": [(0, 150)],
    "decode": [(3, 1), (40, 1), (127, 1), (128, 1), (0, 1)],
    "mixed": [(0, 40), (33, 1), (100, 5), (16, 70), (300, 23)],
    "many": [(random.Random(7).randrange(40), 1) for _ in range(35)],
}


@pytest.mark.parametrize("level", BUILT)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("size", SIZES)
def test_a_step_is_what_torch_computes(level: str, dtype: torch.dtype, size: str) -> None:
    with torch.inference_mode():
        model, cache = native(SIZES[size], dtype, level)
        weights = random_weights(SIZES[size], dtype)
        exact = LlamaModel(SIZES[size], _cast(weights, torch.float32))
        exact_cache = KVCache(SIZES[size], PAGES, torch.float32, torch.device("cpu"))
        for seed, (name, shapes) in enumerate((BATCHES | {"masked": BATCHES["mixed"]}).items()):
            rows = ragged(shapes, seed)
            if name == "masked":
                rows = masked(rows)
            tokens = torch.randint(0, SIZES[size].vocab_size, (len(rows.positions),))
            cache.write(0, torch.arange(PAGES * PAGE_SIZE), *_entries(SIZES[size], dtype, seed))
            cache.write(1, torch.arange(PAGES * PAGE_SIZE), *_entries(SIZES[size], dtype, seed + 100))
            exact_cache._data.copy_(cache._data)
            positions, cells = torch.from_numpy(rows.positions), torch.from_numpy(rows.cells())
            attention = NativeAttention(model)
            attention.plan(rows)
            asked = np.arange(0, len(rows.length), 2)
            scores = Scores(SIZES[size], cache, rows, asked)
            found = model.forward(tokens, positions, cells, cache, attention, Extras(scores=scores))
            plain = TorchAttention(SIZES[size], exact_cache, torch.float32)
            plain.plan(rows)
            exact_scores = Scores(SIZES[size], exact_cache, rows, asked)
            wanted = exact.forward(tokens, positions, cells, exact_cache, plain, Extras(scores=exact_scores))
            assert _distance(found, wanted) < TOLERANCE[dtype]
            for ours, theirs in zip(scores.result(), exact_scores.result(), strict=True):
                assert _distance(ours, theirs) < TOLERANCE[dtype] and abs(float(ours.sum()) - 1) < 1e-4
            assert _distance(cache._data, exact_cache._data) < TOLERANCE[dtype]
            embeddings = model.finish(found)
            assert embeddings.dtype == dtype
            assert _distance(model.logits(embeddings), embeddings.double() @ weights.head.double().T) < 1e-5


@pytest.mark.parametrize("level", BUILT)
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("size", SIZES)
def test_attention_is_a_softmax_over_what_came_before(level: str, dtype: torch.dtype, size: str) -> None:
    """Query by query in float64, with large scores, so that sums go over many powers of two."""
    sizes = SIZES[size]
    model, cache = native(sizes, dtype, level)
    keys, values = _entries(sizes, dtype, 5)
    cache.write(1, torch.arange(PAGES * PAGE_SIZE), keys, values)
    shapes = [(300, 1), (290, 1), (180, 23), (300, 2), (60, 1), (200, 40), (33, 1)]
    forked = alike(ragged(shapes), (1, 0, 11), (2, 0, 11), (3, 0, 18), (5, 4, 3))
    assert (sharing := shared_beginnings(forked, forked.irregular())) and sorted(sharing.pages.tolist()) == [3, 11]
    for rows in (*map(ragged, BATCHES.values()), forked):
        queries = (4 * torch.randn(len(rows.positions), sizes.heads, sizes.head_dim)).to(dtype)
        attention = NativeAttention(model)
        attention.plan(rows)
        found = attention.run(1, queries).view(queries.shape)
        for row in range(len(rows.length)):
            table = rows.pages[rows.page_start[row] : rows.page_start[row + 1]]
            place = np.arange(rows.length[row])
            cells = torch.from_numpy(table[place // PAGE_SIZE] * PAGE_SIZE + place % PAGE_SIZE)
            shared = torch.arange(sizes.heads) // (sizes.heads // sizes.kv_heads)
            k, v = keys[cells][:, shared].double(), values[cells][:, shared].double()  # [keys, heads, D]
            tokens = slice(rows.start[row], rows.start[row + 1])
            scores = torch.einsum("qhd,khd->qhk", queries[tokens].double(), k) / math.sqrt(sizes.head_dim)
            back = rows.positions[tokens, None] - place
            unseen = torch.from_numpy((back < 0) | (back >= (sizes.windows[1] or math.inf)))
            scores.masked_fill_(unseen[:, None], -math.inf)
            assert _distance(found[tokens], torch.einsum("qhk,khd->qhd", scores.softmax(-1), v)) < TOLERANCE[dtype]


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("threads", [1, 3])
def test_products_of_any_size(dtype: torch.dtype, threads: int) -> None:
    model, _ = native(SIZES["tiles"], dtype, "native", threads)
    for rows, depth, count in [(16, 32, 1), (17, 32, 3), (300, 34, 16), (64, 96, 33), (1, 2, 5), (96, 1536, 500)]:
        weight, x = torch.randn(rows, depth).to(dtype), torch.randn(count, depth).to(dtype)
        assert _distance(model.linear(x, weight), x.double() @ weight.double().T) < 1e-5


@pytest.mark.parametrize("level", BUILT)
@pytest.mark.parametrize(("size", "spread"), [(301, 3.0), (5000, 2.0), (5000, 0.01), (7, 1.0)])
def test_tokens_are_drawn_as_by_torch(level: str, size: int, spread: float) -> None:
    model, _ = native(SIZES["odd"], torch.float32, level)
    random, count = np.random.default_rng(size), 200
    logits = torch.from_numpy(random.normal(size=(count, size)).astype(np.float32) * spread)
    logits[:, 3] = -math.inf
    how = Sampling(
        random.choice([0, 0.3, 1, 1.7], count).astype(np.float32),
        random.choice([0, 0, 1, 5, min(size, 900)], count).astype(np.int32),
        random.choice([1, 1, 0.9, 0.3], count).astype(np.float32),
        random.choice([0, 0, 0.05, 0.5], count).astype(np.float32),
        random.random(count),
    )
    tokens, logprobs = model.sample(logits, how)
    wanted, wanted_logprobs = sample(logits, how)
    assert tokens.tolist() == wanted.tolist()
    torch.testing.assert_close(logprobs, wanted_logprobs, rtol=1e-5, atol=1e-5)
    for width in (1, min(256, size), size):
        ids, probabilities = model.top(logits, width)
        wanted_ids, wanted_probabilities = top_distribution(logits, width)
        assert (logits.gather(1, ids) == logits.gather(1, wanted_ids)).all()
        assert len(set(ids[0].tolist())) == width
        torch.testing.assert_close(probabilities, wanted_probabilities, rtol=1e-5, atol=1e-8)


def test_logits_that_are_no_numbers_give_no_token() -> None:
    model, _ = native(SIZES["odd"], torch.float32, "native")
    logits = torch.zeros(4, 40)
    logits[0, 39] = math.nan
    logits[1] = -math.inf
    logits[2, 5] = math.inf
    ones = np.ones(4, np.float32)
    tokens, _ = model.sample(logits, Sampling(ones, np.zeros(4, np.int32), ones, 0 * ones, np.full(4, 0.999)))
    assert tokens.tolist() == [-1, -1, -1, 39]
    assert model.top(logits, 2)[0].tolist() == [[-1, -1]] * 3 + [[0, 1]]


def test_a_step_over_no_more_than_one_thread_is_the_same() -> None:
    found = []
    for threads in (1, 2, 4):
        with torch.inference_mode():
            model, cache = native(SIZES["tiles"], torch.float32, "native", threads)
            rows = ragged(BATCHES["mixed"])
            attention = NativeAttention(model)
            attention.plan(rows)
            tokens = torch.arange(len(rows.positions)) % 300
            positions, cells = torch.from_numpy(rows.positions), torch.from_numpy(rows.cells())
            found.append(model.forward(tokens, positions, cells, cache, attention))
    assert torch.equal(found[0], found[1]) and torch.equal(found[0], found[2])


def test_without_a_compiler_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("CXX", raising=False)
    with pytest.raises(NoKernels, match="no C\\+\\+ compiler"):
        load_library("native", tmp_path)


def test_a_compiler_that_fails_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    compiler = tmp_path / "broken"
    compiler.write_text("#!/bin/sh\necho 'no such header' >&2\nexit 1\n")
    compiler.chmod(0o755)
    monkeypatch.setenv("CXX", str(compiler))
    with pytest.raises(NoKernels, match="no such header"):
        load_library("native", tmp_path / "cache")
    assert not list((tmp_path / "cache").iterdir())


def test_kernels_can_be_turned_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIELANG_KERNELS", "torch")
    with pytest.raises(NoKernels, match="PIELANG_KERNELS"):
        load_library()
    with pytest.raises(NoKernels, match="known: native"):
        load_library("fast")


def test_a_library_is_compiled_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By a compiler that takes no time: it hands out what the real one has made for the other tests."""
    compiler, calls, cache = tmp_path / "c++", tmp_path / "calls", tmp_path / "cache"
    compiler.write_text(f"""#!/bin/sh
echo "$@" >> {calls}
for last; do :; done
cp {load_library("portable")._name} "$last"
""")
    compiler.chmod(0o755)
    monkeypatch.setenv("CXX", str(compiler))
    for _ in range(2):
        assert load_library("portable", cache).pie_kernels
    assert len(calls.read_text().splitlines()) == len(list(cache.iterdir())) == 1


def _cast(weights: Weights, dtype: torch.dtype) -> Weights:
    def cast(layer: LayerWeights) -> LayerWeights:
        values = (getattr(layer, name) for name in layer.__slots__)
        return LayerWeights(*(None if value is None else value.to(dtype) for value in values))

    layers = tuple(cast(layer) for layer in weights.layers)
    return Weights(weights.embedding.to(dtype), layers, weights.norm.to(dtype), weights.head.to(dtype))


def _entries(config: ModelConfig, dtype: torch.dtype, seed: int) -> tuple[Tensor, Tensor]:
    source = torch.Generator().manual_seed(seed)
    shape = (2, PAGES * PAGE_SIZE, config.kv_heads, config.head_dim)
    keys, values = torch.randn(shape, generator=source).to(dtype)
    return keys, values


def _distance(found: Tensor, wanted: Tensor) -> float:
    return float((found.double() - wanted.double()).norm() / wanted.double().norm())
