"""The inference process: loads a model, then runs batches until its parent is gone.

Comes in: an endpoint and `InferenceOptions` on the command line, then `Batch` messages. Goes out: one `ModelInfo` or
`Failed`, then a `BatchResult` for each batch, in order. A batch that makes no sense is answered with an error; the
process goes on.
"""

from __future__ import annotations

import os
import sys
import traceback
from collections import deque
from dataclasses import replace
from pathlib import Path

import torch

from pielang.server.inference.attention import TorchAttention
from pielang.server.inference.checks import BatchRefused
from pielang.server.inference.config import ModelConfig, ModelRefused, load_config
from pielang.server.inference.description import TEXT, describe
from pielang.server.inference.executor import Executor, Pending
from pielang.server.inference.forward import BackEnd
from pielang.server.inference.gpu.back_end import gpu_back_end
from pielang.server.inference.grammar import Matchers, Tokens
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import LlamaModel
from pielang.server.inference.native.build import NoKernels, load_library
from pielang.server.inference.native.model import NativeAttention, NativeModel
from pielang.server.inference.process import run
from pielang.server.inference.vision import Vision
from pielang.server.inference.weights import Weights, load_weights
from pielang.server.wire.batch import Batch, BatchResult, ModelInfo
from pielang.server.wire.endpoint import InferenceEndpoint
from pielang.server.wire.link import InferenceOptions

_CPU_KV_LIMIT = 4 << 30  # bytes of KV cache that a CPU back end takes by itself, at most
_CPU_KV_SHARE = 0.25  # of the available memory
_GPU_KV_SHARE = 0.85  # of what the weights leave free
_DTYPES = {"float32": torch.float32, "bfloat16": torch.bfloat16}


def main(arguments: list[str]) -> int:
    """Run the process; returns its exit code."""
    endpoint, options = arguments
    return run(endpoint, lambda: load(InferenceOptions.read(options)), serve)


def serve(endpoint: InferenceEndpoint, executor: Executor) -> None:
    """Run batches for ever. On a GPU one stays on the device while the next is prepared. Raises `WireError`."""
    depth = 0 if executor.device.type == "cpu" else 1
    running: deque[Pending] = deque()
    while True:
        batch = endpoint.receive(wait=not running)
        if batch is not None:
            try:
                running.append(executor.launch(batch))
            except BatchRefused as error:
                _drain(endpoint, running, 0)
                endpoint.send(BatchResult(batch.id, error=str(error)))
            except Exception as error:  # noqa: BLE001  no memory, a failed kernel, a fault of ours: told, and gone on
                traceback.print_exc()
                _drain(endpoint, running, 0)
                endpoint.send(BatchResult(batch.id, error=f"the device failed: {error}"))
        _drain(endpoint, running, depth)


def _drain(endpoint: InferenceEndpoint, running: deque[Pending], left: int) -> None:
    """Send what the device is done with; wait for it until no more than `left` batches are there."""
    while running:
        pending = running[0]
        try:
            if len(running) <= left and not pending.finished():
                return
            result = pending.collect()
        except RuntimeError as error:  # a kernel of this batch that failed late
            traceback.print_exc()
            result = BatchResult(pending.id, error=f"the device failed: {error}")
        running.popleft()
        endpoint.send(result)


def load(options: InferenceOptions) -> tuple[Executor, ModelInfo]:
    """Everything that must stand before the first batch. Raises `ModelRefused`."""
    folder, device = options.model, _device(options.device)
    threads = options.threads or len(os.sched_getaffinity(0))
    if device.type == "cpu":
        torch.set_num_threads(threads)
    dtype = _DTYPES[options.dtype]
    config = load_config(folder)
    info = describe(options, config, options.dtype)
    try:
        with torch.inference_mode():
            weights = load_weights(folder, config, dtype, device)
            vision = None if config.vision is None else Vision(folder, config, dtype, device)
            page_count, host_pages = _page_counts(config, dtype, device, options)
            cache = KVCache(config, page_count, dtype, device, host_pages)
            if device.type == "cuda":
                chosen = gpu_back_end(config, weights, cache, dtype)
            else:
                chosen = _cpu_back_end(config, weights, cache, dtype, threads)
            matchers = Matchers(Tokens(folder, config.vocab_size, config.end_tokens))
            sizes = (options.embed_count, options.token_slots)
            executor = Executor(chosen, cache, dtype, *sizes, matchers, options.adapter_slots, vision)
    except (RuntimeError, MemoryError) as error:  # what torch and numpy raise when there is no memory
        raise ModelRefused(f"{folder} can't be loaded on {device}: {error}") from error
    info = replace(
        info,
        page_count=page_count,
        host_pages=host_pages,
        traits=(
            *(*TEXT, "Introspect", "Grammar"),
            *(("Adapter",) if options.adapter_slots else ()),
            *(("InputImage",) if config.vision else ()),
        ),
        adapter_slots=options.adapter_slots,
        image_embeds=config.vision.embeds if config.vision else 0,
        kernels=chosen.name,
    )
    _warm_up(executor)
    return executor, info


def _cpu_back_end(config: ModelConfig, weights: Weights, cache: KVCache, dtype: torch.dtype, threads: int) -> BackEnd:
    """The fastest that runs here, and its name. What stands in the way of native code is said once."""
    try:
        native = NativeModel(config, weights, cache, load_library(), threads)
        return BackEnd(native, NativeAttention(native), native.kernels)
    except NoKernels as error:
        print(f"note: the model runs on torch alone, without native kernels: {error}", file=sys.stderr, flush=True)
    return BackEnd(LlamaModel(config, weights), TorchAttention(config, cache, dtype))


def _warm_up(executor: Executor) -> None:
    """One small prefill and one decode step: the first use of each kernel costs extra. Leaves only page 0 dirty."""
    import numpy as np

    def step(start: int, count: int) -> Batch:
        def column(*values: int) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
            return np.array(values, np.int32)

        return Batch(
            id=0,
            tokens=np.zeros(count, np.int32),
            positions=np.arange(start, start + count, dtype=np.int32),
            row_start=column(0, count),
            pages=column(0),
            page_start=column(0, 1),
            kv_len=column(start + count),
            out_token=column(count - 1),
            out_embed=column(0),
            dist_embed=column(0),
            dist_top_k=column(1),
        )

    for batch in (step(0, 8), step(8, 1)):
        executor.launch(batch).collect()


def _page_counts(
    config: ModelConfig, dtype: torch.dtype, device: torch.device, options: InferenceOptions
) -> tuple[int, int]:
    """KV pages on the device, and places for them in host memory: what is asked for, or what there is room for."""
    spare, size = int(_available_memory() * _CPU_KV_SHARE), KVCache.page_bytes(config, dtype)
    if options.kv_bytes is not None:
        room = options.kv_bytes
    elif device.type == "cuda":
        room = int(torch.cuda.mem_get_info(device)[0] * _GPU_KV_SHARE)
    else:
        room = min(spare, _CPU_KV_LIMIT)
    count = options.page_count or room // size
    if count < 1:
        raise ModelRefused(f"{room} bytes do not hold one page of KV cache; give more memory or a page count.")
    return count, min(count, spare // size) if options.host_pages is None else options.host_pages


def _available_memory() -> int:
    """Bytes that can be had without swapping; the kernel's own estimate where it gives one."""
    try:
        lines = Path("/proc/meminfo").read_text().splitlines()
    except FileNotFoundError:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:"))


def _device(name: str) -> torch.device:
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    if name == "cuda" and not torch.cuda.is_available():
        raise ModelRefused("the device cuda is asked for, and torch finds none. Use --device cpu.")
    return torch.device(name)
