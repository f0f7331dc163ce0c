"""What is chosen on a device: the fast way where it runs and is right, torch with a note where not."""

from __future__ import annotations

import importlib
from types import ModuleType

import pytest
import torch

from bench.gpu import random_weights
from pielang.server.inference.attention import TorchAttention
from pielang.server.inference.executor import BackEnd
from pielang.server.inference.gpu.back_end import gpu_back_end
from pielang.server.inference.gpu.flashinfer_attention import FlashInferAttention
from pielang.server.inference.kv import KVCache
from pielang.server.inference.operations import TorchOperations
from tests.server.inference.gpu.flashinfer_double import BatchPrefillWithPagedKVCacheWrapper, make_flashinfer
from tests.server.inference.gpu.test_flashinfer_attention import make_config

CPU = torch.device("cpu")


def redraw_by_torch(scaled: torch.Tensor, short: torch.Tensor, *rest: torch.Tensor) -> None:
    """The vocabulary is so small here that the candidates are all of it."""
    assert not short.any()


def choose(flashinfer: ModuleType | Exception, operations: type = TorchOperations, pages: int = 3) -> BackEnd:
    """The choice, where importing FlashInfer gives a module or raises, and `operations` pass for Triton's."""
    triton = ModuleType("kernels")
    setattr(triton, "TritonOperations", operations)
    setattr(triton, "redraw", redraw_by_torch)

    def load(name: str) -> ModuleType:
        found = flashinfer if name == "flashinfer" else triton
        if isinstance(found, Exception):
            raise found
        return found

    config = make_config()
    cache = KVCache(config, pages, torch.bfloat16, CPU)
    chosen = gpu_back_end(config, random_weights(config, torch.bfloat16, CPU), cache, torch.bfloat16, load)
    assert all(not side.any() for side in cache.pages(0)), "the check leaves nothing behind"
    return chosen


@pytest.mark.parametrize("pages", [1, 3])
def test_all_there(pages: int, capsys: pytest.CaptureFixture[str]) -> None:
    chosen = choose(make_flashinfer(), pages=pages)
    assert isinstance(chosen.attention, FlashInferAttention) and chosen.graphs is not None
    assert chosen.name == "flashinfer, triton"
    assert capsys.readouterr().err == ""


def test_without_flashinfer(capsys: pytest.CaptureFixture[str]) -> None:
    chosen = choose(ImportError("No module named 'flashinfer'"))
    assert isinstance(chosen.attention, TorchAttention) and chosen.graphs is None
    assert chosen.name == "torch attention, triton"
    error = capsys.readouterr().err
    assert error.startswith("note: ") and "pielang[gpu]" in error and error.count("\n") == 1


def test_flashinfer_that_does_not_compile(capsys: pytest.CaptureFixture[str]) -> None:
    library = make_flashinfer()

    class Broken(BatchPrefillWithPagedKVCacheWrapper):
        def plan(self, *args: object, **options: object) -> None:
            raise FileNotFoundError("nvcc")

    setattr(library, "BatchPrefillWithPagedKVCacheWrapper", Broken)
    assert choose(library).graphs is None
    assert "FlashInfer fails here: FileNotFoundError: nvcc" in capsys.readouterr().err


def test_flashinfer_that_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    library = make_flashinfer()

    class Wrong(BatchPrefillWithPagedKVCacheWrapper):
        def run(self, *given: object, return_lse: bool = False) -> object:
            attended, sums = super().run(*given, return_lse=True)
            return (attended * 1.1, sums) if return_lse else attended * 1.1

    setattr(library, "BatchPrefillWithPagedKVCacheWrapper", Wrong)
    assert isinstance(choose(library).attention, TorchAttention)
    assert "attention is off by 0." in capsys.readouterr().err


def test_fused_kernels_that_are_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    class Wrong(TorchOperations):
        def gated(self, gate_up: torch.Tensor) -> torch.Tensor:
            return super().gated(gate_up) * torch.nan

    assert choose(make_flashinfer(), Wrong).name == "flashinfer, torch"
    assert "gate is off by nan" in capsys.readouterr().err


@pytest.mark.gpu
def test_on_device(capsys: pytest.CaptureFixture[str]) -> None:
    device, config = torch.device("cuda"), make_config()
    cache = KVCache(config, 3, torch.bfloat16, device)
    weights = random_weights(config, torch.bfloat16, device)
    chosen = gpu_back_end(config, weights, cache, torch.bfloat16, importlib.import_module)
    assert chosen.name == "flashinfer, triton", capsys.readouterr().err
