"""A GPU's time for each token, against what its memory and its matrix units allow.

    python bench/gpu.py [--shapes 1b,8b] [--batches 1,8,32,128,256] [--context 512] [--json FILE]

Models of the shapes of Llama 3.2 1B and 3.1 8B with random weights in bfloat16. Two ceilings are measured first: the
bandwidth of a large copy and the rate of a large matrix product. Then, for each batch size, a decode step three ways:
through the executor as the server drives it (two batches in flight, tokens passed on the device, greedy sampling);
as a bare loop that replays the same kernels and does nothing else; and the floor, the bytes of weights and KV cache
that a step must read over the bandwidth. Then all rows have the same context, read for each or once for all. Prefill is
FLOP/s against the matrix product. Without a GPU it says so and exits with status 2.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import sys
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np
import torch

from pielang.server.inference.attention import I64, Rows
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.inference.executor import Executor, Pending
from pielang.server.inference.forward import BackEnd
from pielang.server.inference.gpu.back_end import gpu_back_end
from pielang.server.inference.gpu.decode_graphs import DecodeGraphs, DecodeRows
from pielang.server.inference.gpu.flashinfer_attention import FlashInferAttention
from pielang.server.inference.kv import KVCache
from pielang.server.inference.rotary import read_rotary
from pielang.server.inference.weights import LayerWeights, Weights
from pielang.server.wire.batch import Batch

_COPY_BYTES = 4 << 30
_PRODUCT_SIZE = 8192
_WARM_STEPS, _STEPS, _ROUNDS = 8, 64, 5
_PREFILL_TOKENS = 4096
_DTYPE = torch.bfloat16


def shape(hidden: int, inner: int, layers: int, heads: int, tied: bool) -> ModelConfig:
    """A Llama of the 3.x family, but for its size."""
    return ModelConfig(
        architecture="LlamaForCausalLM",
        vocab_size=128_256,
        hidden_size=hidden,
        intermediate_size=inner,
        layers=layers,
        heads=heads,
        kv_heads=8,
        head_dim=hidden // heads,
        context_length=8192,
        norm_epsilon=1e-5,
        rotary=read_rotary({"rope_theta": 500_000.0}, hidden // heads, 8192),
        windows=(0,) * layers,
        qkv_bias=False,
        qk_norm=False,
        tied_head=tied,
        bos_token=None,
        end_tokens=(),
    )


SHAPES = {"1b": shape(2048, 8192, 16, 32, tied=True), "8b": shape(4096, 14336, 32, 32, tied=False)}


def random_weights(config: ModelConfig, dtype: torch.dtype, device: torch.device, seed: int = 0) -> Weights:
    """Weights of a size that keeps activations about 1, as trained ones do."""
    random = torch.Generator(device).manual_seed(seed)

    def matrix(rows: int, columns: int) -> torch.Tensor:
        values = torch.randn(rows, columns, generator=random, device=device, dtype=dtype)
        return values.mul_(1 / math.sqrt(columns))

    hidden, inner = config.hidden_size, config.intermediate_size
    query, key = config.heads * config.head_dim, config.kv_heads * config.head_dim
    ones = torch.ones(hidden, dtype=dtype, device=device)
    embedding = matrix(config.vocab_size, hidden)
    return Weights(
        embedding=embedding,
        layers=tuple(
            LayerWeights(
                attention_norm=ones,
                qkv=matrix(query + 2 * key, hidden),
                output=matrix(hidden, query),
                mlp_norm=ones,
                gate_up=matrix(2 * inner, hidden),
                down=matrix(hidden, inner),
            )
            for _ in range(config.layers)
        ),
        norm=ones,
        head=embedding if config.tied_head else matrix(config.vocab_size, hidden),
    )


@dataclass(frozen=True, slots=True)
class Ceilings:
    """What the device reaches at best: bytes a second of a copy (read and written), FLOP/s of a matrix product."""

    bandwidth: float
    flops: float


@dataclass(frozen=True, slots=True)
class Step:
    """A decode step of `batch` rows at `context` tokens each on average; milliseconds, medians of the rounds."""

    shape: str
    batch: int
    context: int
    step_ms: float  # through the executor
    bare_ms: float  # the same kernels in a bare loop
    floor_ms: float  # the bytes that must be read over the bandwidth
    tokens_per_s: float


@dataclass(frozen=True, slots=True)
class Shared:
    """A decode step of rows that all begin with the same `context` tokens, through the executor."""

    shape: str
    batch: int
    context: int
    apart_ms: float  # each row reads them, by a CUDA graph
    once_ms: float  # they are read once


@dataclass(frozen=True, slots=True)
class Prefill:
    """A prompt of `tokens` through the executor."""

    shape: str
    tokens: int
    ms: float
    flops: float  # a second
    share: float  # of the matrix product's


class Bench:
    """A model on the device, with a sequence of `context` tokens and room for the steps in each row."""

    def __init__(self, name: str, device: torch.device, batch: int, context: int) -> None:
        self.name, self.device, self.context = name, device, context
        self.config = SHAPES[name]
        steps = _WARM_STEPS + _ROUNDS * _STEPS
        self.mean_context = context + steps // 2
        self.row_pages = -(-(context + steps) // PAGE_SIZE)
        self.graphs: DecodeGraphs | None = None
        self.shared = False
        pages = max(batch * self.row_pages, _PREFILL_TOKENS // PAGE_SIZE)
        with torch.inference_mode():
            self.weights = random_weights(self.config, _DTYPE, device)
            self.cache = KVCache(self.config, pages, _DTYPE, device)
            self.back_end: BackEnd = gpu_back_end(self.config, self.weights, self.cache, _DTYPE)
            for layer in range(self.config.layers):
                for side in self.cache.pages(layer):
                    side.normal_()
            watched = replace(self.back_end, graphs=self._graphs)
            self.executor = Executor(watched, self.cache, _DTYPE, batch, batch)

    def _graphs(self, embeds: torch.Tensor, slots: torch.Tensor) -> DecodeGraphs:
        if self.back_end.graphs is None:
            raise SystemExit(f"no CUDA graphs with {self.back_end.name}: install FlashInfer (pip install pielang[gpu])")
        self.graphs = self.back_end.graphs(embeds, slots)
        return self.graphs

    def read_bytes(self, batch: int) -> int:
        """What a decode step can't do without reading: every weight but the other tokens' embeddings, and the KV."""
        kept = [
            self.weights.head,
            *(
                matrix
                for layer in self.weights.layers
                for matrix in (layer.qkv, layer.output, layer.gate_up, layer.down)
            ),
        ]
        kv = batch * self.mean_context * KVCache.page_bytes(self.config, _DTYPE) // PAGE_SIZE
        return sum(int(weight.nbytes) for weight in kept) + int(kv)

    def tables(self, batch: int) -> tuple[I64, I64]:
        """Pages and page starts of rows that share nothing, or all of the context."""
        pages = np.arange(batch * self.row_pages).reshape(batch, -1)
        if self.shared:
            pages[:, : self.context // PAGE_SIZE] = pages[0, : self.context // PAGE_SIZE]
        return pages.reshape(-1), np.arange(batch + 1) * self.row_pages

    def shared_ms(self, batch: int) -> tuple[float, float]:
        """A step of rows with the same context, which each reads, and which is read once."""
        attention = self.back_end.attention
        assert isinstance(attention, FlashInferAttention)
        usual, self.shared = attention.worth_sharing, True
        times = []
        for attention.worth_sharing in (sys.maxsize, 1):
            times.append(self.step_ms(batch))
        attention.worth_sharing, self.shared = usual, False
        return times[0], times[1]

    def step_ms(self, batch: int) -> float:
        """A decode step as the server drives it: the next is prepared while the last runs."""
        place = self.context

        def steps(count: int) -> None:
            nonlocal place
            running: deque[Pending] = deque()
            for _ in range(count):
                running.append(self.executor.launch(self._decode(batch, place)))
                place += 1
                if len(running) > 1:
                    running.popleft().collect()
            while running:
                running.popleft().collect()

        steps(_WARM_STEPS)
        return median_ms(lambda: steps(_STEPS)) / _STEPS

    def bare_ms(self, batch: int) -> float:
        """The graph and the head's kernels alone, planned once."""
        assert self.graphs is not None
        pages, starts = self.tables(batch)
        positions = np.full(batch, self.mean_context)
        rows = Rows(np.arange(batch + 1), positions, pages, starts, positions + 1)
        decode = DecodeRows(np.full(batch, 1, np.int32), rows, np.arange(batch))
        graphs, model = self.graphs, self.back_end.model
        embeds = torch.zeros(batch, self.config.hidden_size, dtype=_DTYPE, device=self.device)
        with torch.inference_mode():
            graphs.run(decode)

            def loop() -> None:
                for _ in range(_STEPS):
                    graphs.replay(batch)
                    model.logits(embeds).argmax(-1)

            loop()
            return median_ms(loop) / _STEPS

    def prefill_ms(self) -> float:
        """A whole prompt in one batch, and the choice of its next token."""
        count = _PREFILL_TOKENS
        batch = Batch(
            id=0,
            tokens=np.arange(count, dtype=np.int32) % self.config.vocab_size,
            positions=np.arange(count, dtype=np.int32),
            row_start=np.array([0, count], np.int32),
            pages=np.arange(count // PAGE_SIZE, dtype=np.int32),
            page_start=np.array([0, count // PAGE_SIZE], np.int32),
            kv_len=np.array([count], np.int32),
            out_token=np.array([count - 1], np.int32),
            out_embed=np.zeros(1, np.int32),
            **greedy(1),
        )
        self.executor.launch(batch).collect()
        return median_ms(lambda: self.executor.launch(batch).collect())

    def prefill_flops(self) -> float:
        """Multiplications and additions of a prompt: products with every weight, and causal attention."""
        count, config = _PREFILL_TOKENS, self.config
        weights = sum(
            matrix.numel()
            for layer in self.weights.layers
            for matrix in (layer.qkv, layer.output, layer.gate_up, layer.down)
        )
        attention = 2 * config.layers * config.heads * config.head_dim * count**2
        return float(2 * count * weights + attention + 2 * self.weights.head.numel())

    def _decode(self, batch: int, place: int) -> Batch:
        pages, starts = self.tables(batch)
        slots = np.arange(batch, dtype=np.int32)
        return Batch(
            id=place,
            tokens=-(slots + 1),
            positions=np.full(batch, place, np.int32),
            row_start=np.arange(batch + 1, dtype=np.int32),
            pages=pages.astype(np.int32),
            page_start=starts.astype(np.int32),
            kv_len=np.full(batch, place + 1, np.int32),
            out_token=slots,
            out_embed=slots,
            **greedy(batch),
        )


def greedy(count: int) -> dict[str, np.ndarray]:
    """Columns of a batch that take the likeliest token of the first `count` embeddings, into as many slots."""
    return {
        "sample_embed": np.arange(count, dtype=np.int32),
        "sample_slot": np.arange(count, dtype=np.int32),
        "temperature": np.zeros(count, np.float32),
        "top_k": np.zeros(count, np.int32),
        "top_p": np.ones(count, np.float32),
        "min_p": np.zeros(count, np.float32),
        "seed": np.zeros(count, np.int64),
        "step": np.zeros(count, np.int64),
    }


def median_ms(work: Callable[[], object]) -> float:
    """Milliseconds of the work by the clock on the wall, the device idle before and after: the median of the rounds."""
    times = []
    for _ in range(_ROUNDS):
        torch.cuda.synchronize()
        begin = time.perf_counter()
        work()
        torch.cuda.synchronize()
        times.append((time.perf_counter() - begin) * 1000)
    return statistics.median(times)


def measure_ceilings(device: torch.device) -> Ceilings:
    """A copy and a matrix product that are large enough to leave everything else behind."""
    source, target = torch.ones(2, _COPY_BYTES, dtype=torch.uint8, device=device)
    left, right = torch.randn(2, _PRODUCT_SIZE, _PRODUCT_SIZE, dtype=_DTYPE, device=device)

    def copies() -> None:
        for _ in range(8):
            target.copy_(source)

    def products() -> None:
        for _ in range(8):
            left @ right

    for warm in (copies, products):
        warm()
    bandwidth = 8 * 2 * _COPY_BYTES / median_ms(copies) * 1000
    return Ceilings(bandwidth, 8 * 2 * _PRODUCT_SIZE**3 / median_ms(products) * 1000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--shapes", default="1b,8b")
    parser.add_argument("--batches", default="1,8,32,128,256")
    parser.add_argument("--context", type=int, default=512, help="tokens before the first step, in each row")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    options = parser.parse_args()
    if not torch.cuda.is_available():
        print("torch finds no CUDA device here: nothing was measured.", file=sys.stderr)
        return 2
    device = torch.device("cuda")
    batches = [int(word) for word in options.batches.split(",")]
    ceilings = measure_ceilings(device)
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}")
    print(f"copy {ceilings.bandwidth / 1e12:.2f} TB/s, bf16 product {ceilings.flops / 1e12:.0f} TFLOP/s")
    steps, shares, prefills = [], [], []
    for name in options.shapes.split(","):
        bench = Bench(name, device, max(batches), options.context)
        print(f"\n{name}: {bench.back_end.name}; {bench.mean_context} tokens in each row on average")
        print(f"{'batch':>6}{'step ms':>10}{'bare ms':>10}{'floor ms':>10}{'/ bare':>8}{'/ floor':>9}{'tokens/s':>11}")
        for batch in batches:
            floor = bench.read_bytes(batch) / ceilings.bandwidth * 1000
            ours, bare = bench.step_ms(batch), bench.bare_ms(batch)
            steps.append(Step(name, batch, bench.mean_context, ours, bare, floor, batch / ours * 1000))
            print(
                f"{batch:>6}{ours:>10.3f}{bare:>10.3f}{floor:>10.3f}{ours / bare:>8.2f}{ours / floor:>9.2f}"
                f"{batch / ours * 1000:>11.0f}"
            )
        for batch in (batch for batch in batches if batch > 1):
            apart, once = bench.shared_ms(batch)
            shares.append(Shared(name, batch, options.context, apart, once))
            print(f"{batch:>6} rows of one context: {apart:.3f} ms, read once {once:.3f} ms ({apart / once:.2f} times)")
        ms = bench.prefill_ms()
        flops = bench.prefill_flops() / ms * 1000
        prefills.append(Prefill(name, _PREFILL_TOKENS, ms, flops, flops / ceilings.flops))
        print(
            f"prefill of {_PREFILL_TOKENS} tokens: {ms:.1f} ms, {flops / 1e12:.0f} TFLOP/s, "
            f"{flops / ceilings.flops:.0%} of the product's"
        )
        del bench
        torch.cuda.empty_cache()
    if options.json:
        figures = {
            "device": torch.cuda.get_device_name(),
            "ceilings": asdict(ceilings),
            "decode": [asdict(step) for step in steps],
            "shared": [asdict(share) for share in shares],
            "prefill": [asdict(prefill) for prefill in prefills],
        }
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
