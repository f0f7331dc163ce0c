"""The FlashInfer back end against torch's: on a CPU through a stand-in for the library, on a GPU through itself."""

from __future__ import annotations

import ast
import dataclasses
import importlib.util
import inspect
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import torch

from pielang.server.inference.attention import AttentionBackend, Rows, TorchAttention
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.inference.gpu.flashinfer_attention import (
    FlashInferAttention,
    FlashInferDecode,
    PageTables,
    unsupported,
)
from pielang.server.inference.kv import KVCache
from pielang.server.inference.rotary import Rotary
from tests.server.inference.gpu import flashinfer_double

PAGES = 40


def make_config(heads: int = 6, kv_heads: int = 2, dim: int = 64, windows: tuple[int, ...] = (0, 0)) -> ModelConfig:
    return ModelConfig(
        architecture="LlamaForCausalLM",
        vocab_size=300,
        hidden_size=heads * dim,
        intermediate_size=64,
        layers=2,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=dim,
        context_length=512,
        norm_epsilon=1e-5,
        rotary=Rotary((1.0,) * (dim // 2)),
        windows=windows,
        qkv_bias=False,
        qk_norm=False,
        tied_head=True,
        bos_token=None,
        end_tokens=(),
    )


def make_cache(config: ModelConfig, dtype: torch.dtype, device: str, seed: int = 0) -> KVCache:
    cache = KVCache(config, PAGES, dtype, torch.device(device))
    random = torch.Generator().manual_seed(seed)
    for layer in range(config.layers):
        for side in cache.pages(layer):
            side.copy_(torch.randn(side.shape, generator=random))
    return cache


def make_rows(*rows: tuple[list[int], int], seed: int = 0) -> Rows:
    """Rows of (positions, length of the sequence), each on pages of its own in no order, with a page to spare."""
    free = iter(np.random.default_rng(seed).permutation(PAGES))
    tables = [[next(free) for _ in range(-(-length // PAGE_SIZE) + 1)] for _, length in rows]
    return Rows(
        start=np.cumsum([0, *(len(positions) for positions, _ in rows)]),
        positions=np.concatenate([positions for positions, _ in rows]).astype(np.int64),
        pages=np.concatenate(tables).astype(np.int64),
        page_start=np.cumsum([0, *map(len, tables)]),
        length=np.array([length for _, length in rows]),
    )


def with_mask(rows: Rows, row: int) -> Rows:
    """A random mask for one of the rows."""
    count, length = np.diff(rows.start)[row], rows.length[row]
    mask = np.random.default_rng(2).integers(0, 256, count * -(-length // 8)).astype(np.uint8)
    start = np.where(np.arange(len(rows.length) + 1) > row, len(mask), 0).astype(np.int32)
    return dataclasses.replace(rows, mask=mask, mask_start=start)


def with_hidden(rows: Rows) -> Rows:
    """Random entries of all pages hidden."""
    return dataclasses.replace(
        rows, hidden=np.random.default_rng(3).integers(0, 1 << 16, len(rows.pages)).astype(np.int32)
    )


def forked(rows: Rows, *forks: tuple[int, int]) -> Rows:
    """The rows with (row, pages): so many of its pages are the first ones of the row before."""
    pages = rows.pages.copy()
    for row, count in forks:
        first, before = rows.page_start[row], rows.page_start[row - 1]
        pages[first : first + count] = pages[before : before + count]
    return dataclasses.replace(rows, pages=pages)


FORKED = forked(
    make_rows(([70], 71), ([48], 49), (list(range(64, 69)), 69), ([40], 41), ([33], 34)), (1, 3), (2, 3), (4, 2)
)

BATCHES = {
    "one row": make_rows(([4], 5)),
    "decode": make_rows(([0], 1), ([15], 16), ([16], 17), ([99], 100)),
    "decode by other positions": make_rows(([3], 40), ([20], 21)),
    "prefill": make_rows((list(range(33)), 33)),
    "appended": make_rows((list(range(20, 45)), 45), (list(range(16)), 16)),
    "mixed": make_rows(([7], 8), (list(range(5, 50)), 50), ([64], 65)),
    "positions that fall": make_rows(([9, 2, 4], 12), ([31], 32), ([0, 5, 6, 7], 8)),
    "masked": with_mask(make_rows(([9, 2, 4], 12), ([31], 32), ([17, 18], 19)), 1),
    "forks that decode": forked(make_rows(([70], 71), ([48], 49), ([90], 91), ([5], 6)), (1, 3), (2, 3)),
    "forks": FORKED,
    "forks beside a mask": with_mask(FORKED, 3),
    "hidden": with_hidden(make_rows(([31], 32), ([5], 40))),
}


def check(attention: AttentionBackend, cache: KVCache, config: ModelConfig, rows: Rows, dtype: torch.dtype) -> None:
    expected = TorchAttention(config, cache, dtype)
    attention.plan(rows)
    expected.plan(rows)
    random = torch.Generator().manual_seed(1)
    for layer in range(config.layers):
        queries = torch.randn(len(rows.positions), config.heads, config.head_dim, generator=random)
        queries = queries.to(cache.device, dtype)
        torch.testing.assert_close(attention.run(layer, queries), expected.run(layer, queries), rtol=2e-2, atol=2e-2)


@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize("kv_heads", [1, 2, 6])
def test_as_torch(name: str, kv_heads: int) -> None:
    config = make_config(kv_heads=kv_heads)
    cache = make_cache(config, torch.bfloat16, "cpu")
    attention = FlashInferAttention(config, cache, torch.bfloat16, flashinfer_double.make_flashinfer(), worth_sharing=1)
    check(attention, cache, config, BATCHES[name], torch.bfloat16)


@pytest.mark.parametrize("name", BATCHES)
def test_windows_as_torch(name: str) -> None:
    config = make_config(windows=(20, 20))
    cache = make_cache(config, torch.bfloat16, "cpu")
    attention = FlashInferAttention(config, cache, torch.bfloat16, flashinfer_double.make_flashinfer(), worth_sharing=1)
    check(attention, cache, config, BATCHES[name], torch.bfloat16)


@pytest.mark.gpu
@pytest.mark.parametrize("name", BATCHES)
@pytest.mark.parametrize(
    ("heads", "kv_heads", "dim"), [(9, 3, 64), (32, 8, 64), (32, 8, 128), (14, 2, 64), (8, 8, 128)]
)
def test_as_torch_on_device(name: str, heads: int, kv_heads: int, dim: int) -> None:
    config = make_config(heads, kv_heads, dim)
    cache = make_cache(config, torch.bfloat16, "cuda")
    attention = FlashInferAttention(
        config, cache, torch.bfloat16, importlib.import_module("flashinfer"), worth_sharing=1
    )
    check(attention, cache, config, BATCHES[name], torch.bfloat16)


def check_decode(library: ModuleType, device: str) -> None:
    config = make_config()
    cache = make_cache(config, torch.bfloat16, device)
    attention = FlashInferAttention(config, cache, torch.bfloat16, library)
    pages = torch.zeros(PAGES, dtype=torch.int32, device=device)
    decode = [FlashInferDecode(attention, size, pages) for size in (4, 2)]
    check(decode[0], cache, config, BATCHES["decode"], torch.bfloat16)
    check(decode[1], cache, config, BATCHES["decode by other positions"], torch.bfloat16)
    check(decode[0], cache, config, make_rows(([40], 41), ([2], 3), ([1], 2), ([17], 18)), torch.bfloat16)


def test_fixed_size() -> None:
    check_decode(flashinfer_double.make_flashinfer(), "cpu")


@pytest.mark.gpu
def test_fixed_size_on_device() -> None:
    check_decode(importlib.import_module("flashinfer"), "cuda")


def test_page_tables_end_with_the_last_key() -> None:
    rows = make_rows(([15], 16), ([16], 17))
    tables = PageTables.of(rows)
    assert tables.start.tolist() == [0, 1, 3]
    assert tables.last.tolist() == [16, 1]
    assert tables.pages.tolist() == [rows.pages[0], *rows.pages[2:4]]


def test_sharing_is_used_where_it_is_worth_it() -> None:
    config = make_config()
    cache = make_cache(config, torch.bfloat16, "cpu")
    saved = 8 * KVCache.page_bytes(config, torch.bfloat16)  # three pages are read twice less, two pages once
    library = flashinfer_double.make_flashinfer()
    for worth, groups in ((1, 2), (saved, 2), (saved + 1, None)):
        found = FlashInferAttention(config, cache, torch.bfloat16, library, worth).sharing(FORKED)
        assert (None if found is None else len(found.pages)) == groups
    assert FlashInferAttention(make_config(windows=(20, 20)), cache, torch.bfloat16, library, 1).sharing(FORKED) is None


def test_what_is_not_supported() -> None:
    assert unsupported(make_config(), torch.bfloat16) is None
    assert "not float32" in str(unsupported(make_config(), torch.float32))
    assert "one window" in str(unsupported(make_config(windows=(0, 20)), torch.bfloat16))
    assert "not 48" in str(unsupported(make_config(dim=48), torch.bfloat16))


@pytest.mark.parametrize(
    ("file", "name", "method"),
    [
        *[("decode.py", "BatchDecodeWithPagedKVCacheWrapper", method) for method in ("__init__", "plan", "run")],
        *[("prefill.py", "BatchPrefillWithPagedKVCacheWrapper", method) for method in ("__init__", "plan", "run")],
        ("cascade.py", "", "merge_state"),
    ],
)
def test_stand_in_takes_what_the_library_takes(file: str, name: str, method: str) -> None:
    """By the library's text, which can be read where it cannot be imported."""
    spec = importlib.util.find_spec("flashinfer")
    if spec is None or spec.origin is None:
        pytest.skip("flashinfer is not installed")
    body = ast.parse((Path(spec.origin).parent / file).read_text("utf-8")).body
    if name:
        body = next(node for node in body if isinstance(node, ast.ClassDef) and node.name == name).body
    functions = {node.name: node.args for node in body if isinstance(node, ast.FunctionDef)}  # of overloads the last
    theirs = functions[method]
    if theirs.kwarg is not None:
        theirs = functions["_plan_impl"]
    positional = [argument.arg for argument in theirs.args]
    defaults = dict(zip(reversed(positional), reversed(theirs.defaults)))
    defaults |= {a.arg: default for a, default in zip(theirs.kwonlyargs, theirs.kw_defaults) if default is not None}
    ours = inspect.signature(getattr(getattr(flashinfer_double, name) if name else flashinfer_double, method))
    mine = [p.name for p in ours.parameters.values() if p.kind == p.POSITIONAL_OR_KEYWORD]
    assert positional[: len(mine)] == mine
    for parameter in ours.parameters.values():
        assert parameter.name in {*positional, *(argument.arg for argument in theirs.kwonlyargs)}
        if parameter.default is not parameter.empty:
            assert ast.unparse(defaults[parameter.name]) == repr(parameter.default)
