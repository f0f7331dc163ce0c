"""The forward pass by native code: one call for a whole batch.

Comes in: the same weights, cache and batches as for torch. Goes out: the same numbers, up to rounding. The
structures mirror those of `arguments.hpp`.
"""

from __future__ import annotations

import ctypes
import weakref
from ctypes import POINTER, Array, Structure, c_float, c_int32, c_int64, c_void_p
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from pielang.server.inference.adapters import Adapter
from pielang.server.inference.attention import AttentionBackend, Rows
from pielang.server.inference.config import PAGE_SIZE, ModelConfig
from pielang.server.inference.heads import Redraw, Sampling
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import Extras, LlamaModel
from pielang.server.inference.native.build import NoKernels
from pielang.server.inference.sharing import shared_beginnings
from pielang.server.inference.weights import Weights


class _Shape(Structure):
    _fields_ = [
        *((name, c_int32) for name in ("layers", "hidden", "inner", "heads", "kv_heads", "head_dim")),
        *((name, c_int32) for name in ("page_size", "bfloat16")),
        ("epsilon", c_float),
        ("embedding", c_void_p),
        ("turns", c_void_p),
        ("page", c_int64),
    ]


class _Layer(Structure):
    _fields_ = [
        *((name, c_void_p) for name in ("attention_norm", "mlp_norm", "qkv", "output", "gate_up", "down")),
        *((name, c_void_p) for name in ("qkv_bias", "query_norm", "key_norm", "keys", "values")),
        ("window", c_int32),
    ]


class _Rows(Structure):
    _fields_ = [
        ("count", c_int64),
        *((name, c_void_p) for name in ("start", "pages", "page_start", "length")),
        ("seen", c_void_p * 2),
        ("seen_start", c_void_p),
        ("groups", c_int64),
        *((name, c_void_p) for name in ("member", "member_start", "shared")),
    ]


class _LowRank(Structure):
    _fields_ = [("down", c_void_p), ("up", c_void_p), ("rank", c_int32)]


_PARTS = ("qkv", "output", "gate_up", "down")


class _Step(Structure):
    _fields_ = [
        ("count", c_int64),
        *((name, c_void_p) for name in ("tokens", "positions", "cells")),
        ("rows", _Rows),
        *((name, c_void_p) for name in ("hidden", "inputs")),
        ("adapter_count", c_int64),
        *((name, c_void_p) for name in ("adapters", "adapter")),
        ("scored_count", c_int64),
        *((name, c_void_p) for name in ("scored", "score_start", "scores")),
    ]


_DRAWS = ("temperature", "top_k", "top_p", "min_p", "uniform")


class _Draws(Structure):
    _fields_ = [(name, c_void_p) for name in _DRAWS]


class NativeModel(LlamaModel):
    """`LlamaModel` by native code; hidden states are float32 whatever the weights are.

    Everything that the code points to is kept here.
    """

    def __init__(
        self, config: ModelConfig, weights: Weights, cache: KVCache, library: ctypes.CDLL, threads: int
    ) -> None:
        """Raises `NoKernels` for a shape that the kernels don't do."""
        super().__init__(config, weights)
        if config.hidden_size % 2 or config.intermediate_size % 2 or PAGE_SIZE != 16:
            raise NoKernels("they need even sizes and pages of 16")
        _declare(library)
        self.kernels: str = library.pie_kernels().decode()
        self._library = library
        self._kept: list[Tensor] = []
        self._tables: WeakKeyDictionary[Adapter, Array[_LowRank]] = WeakKeyDictionary()
        layers = (_Layer * config.layers)()
        for index, (layer, made) in enumerate(zip(weights.layers, layers, strict=True)):
            keys, values = cache.pages(index)
            made.attention_norm = self._keep(layer.attention_norm.float())
            made.mlp_norm = self._keep(layer.mlp_norm.float())
            made.qkv, made.output = self._keep(layer.qkv), self._keep(layer.output)
            made.gate_up, made.down = self._keep(layer.gate_up), self._keep(layer.down)
            made.keys, made.values = keys.data_ptr(), values.data_ptr()
            made.window = config.windows[index]
            for name in ("qkv_bias", "query_norm", "key_norm"):
                if (weight := getattr(layer, name)) is not None:
                    setattr(made, name, self._keep(weight.float()))
        self._cache = cache
        shape = _Shape(
            layers=config.layers,
            hidden=config.hidden_size,
            inner=config.intermediate_size,
            heads=config.heads,
            kv_heads=config.kv_heads,
            head_dim=config.head_dim,
            page_size=PAGE_SIZE,
            bfloat16=weights.embedding.dtype == torch.bfloat16,
            epsilon=config.norm_epsilon,
            embedding=self._keep(weights.embedding),
            turns=self._keep(torch.view_as_real(self._rotations)),
            page=cache.pages(0)[0].stride(0),
        )
        self._engine = library.pie_new(ctypes.byref(shape), layers, threads)
        if not self._engine:
            raise NoKernels("their threads could not be started")
        weakref.finalize(self, library.pie_free, self._engine)

    def forward(
        self,
        tokens: Tensor,
        positions: Tensor,
        cells: Tensor,
        cache: KVCache,
        attention: AttentionBackend,
        extras: Extras | None = None,
    ) -> Tensor:
        if not isinstance(attention, NativeAttention):
            raise TypeError("native code goes with native attention")
        extras = extras or Extras()
        inputs = None if extras.vectors is None else self.inputs(tokens, extras)
        hidden, scores = torch.empty(len(tokens), self.config.hidden_size), extras.scores
        given = (tokens.data_ptr(), positions.data_ptr(), cells.data_ptr(), attention.rows, hidden.data_ptr())
        step = _Step(len(tokens), *given, None if inputs is None else inputs.data_ptr())
        if adapters := extras.adapters:
            which = np.full(len(tokens), -1)
            for index, (_, members) in enumerate(adapters):
                which[members.numpy()] = index
            tables = (c_void_p * len(adapters))(*(ctypes.addressof(self._table(adapter)) for adapter, _ in adapters))
            step.adapter_count, step.adapters, step.adapter = len(adapters), ctypes.addressof(tables), _address(which)
        if scores is not None:
            sums = torch.zeros(self.config.kv_heads, len(scores.sums))
            step.scored_count, step.scores = len(scores.members), sums.data_ptr()
            step.scored, step.score_start = _address(scores.members), _address(scores.start)
        _checked(self._library.pie_forward(self._engine, ctypes.byref(step)))
        if scores is not None:
            torch.sum(sums, 0, out=scores.sums)
        return hidden

    def finish(self, hidden: Tensor) -> Tensor:
        weight = self._weights.norm
        return torch.nn.functional.rms_norm(hidden, (hidden.shape[-1],), weight.float(), self.config.norm_epsilon).to(
            weight.dtype
        )

    def attention(self, layer: int, queries: Tensor, rows: _Rows) -> Tensor:
        """What `AttentionBackend.run` does."""
        queries = queries.contiguous()
        out = queries.new_empty(queries.shape[0], queries[0].numel())
        pointers = (queries.data_ptr(), out.data_ptr(), ctypes.byref(rows))
        _checked(self._library.pie_attention(self._engine, layer, *pointers))
        return out

    def logits(self, embeddings: Tensor) -> Tensor:
        return self.linear(embeddings, self._weights.head)

    def linear(self, x: Tensor, weight: Tensor) -> Tensor:
        """x [N, in] times weight [out, in], transposed: float32 [N, out]."""
        x = x.to(weight.dtype).contiguous()
        y = torch.empty(x.shape[0], weight.shape[0])
        matrix = (weight.data_ptr(), *weight.shape)
        _checked(self._library.pie_linear(self._engine, *matrix, x.data_ptr(), x.shape[0], y.data_ptr()))
        return y

    def top(self, logits: Tensor, width: int) -> tuple[Tensor, Tensor]:
        """As `heads.top_distribution`; id -1 where the logits of a row are not numbers."""
        logits, (count, size) = logits.contiguous(), logits.shape
        ids, probabilities = torch.empty(count, width, dtype=torch.int64), torch.zeros(count, width)
        to = ids.data_ptr(), probabilities.data_ptr()
        _checked(self._library.pie_top(self._engine, logits.data_ptr(), count, size, width, *to))
        return ids, probabilities

    def sample(self, logits: Tensor, how: Sampling, redraw: Redraw | None = None) -> tuple[Tensor, Tensor]:
        """As `heads.sample`; token -1 where the logits of a row are not numbers."""
        logits, (count, size) = logits.contiguous(), logits.shape
        tokens, logprobs = torch.empty(count, dtype=torch.int64), torch.empty(count)
        columns = [np.ascontiguousarray(getattr(how, name)) for name in _DRAWS]
        draws = _Draws(*(column.ctypes.data for column in columns))
        to = tokens.data_ptr(), logprobs.data_ptr()
        _checked(self._library.pie_sample(self._engine, logits.data_ptr(), count, size, ctypes.byref(draws), *to))
        return tokens, logprobs

    def _table(self, adapter: Adapter) -> Array[_LowRank]:
        """An adapter as the kernels want it; made once."""
        table = self._tables.get(adapter)
        if table is None:
            table = (_LowRank * (len(adapter.layers) * len(_PARTS)))()
            for layer, low_ranks in enumerate(adapter.layers):
                for part, low in low_ranks.items():
                    place = table[layer * len(_PARTS) + _PARTS.index(part)]
                    place.down, place.up, place.rank = low.down.data_ptr(), low.up.data_ptr(), len(low.down)
            self._tables[adapter] = table
        return table

    def _keep(self, tensor: Tensor) -> int:
        tensor = tensor.contiguous()
        self._kept.append(tensor)
        return tensor.data_ptr()


class NativeAttention:
    """Keeps the rows of a batch for the kernels, which need no other plan."""

    def __init__(self, model: NativeModel) -> None:
        self._model = model
        self._window = max(model.config.windows)
        self._kept: list[object] = []  # what the pointers point to
        self.rows = _Rows()

    def plan(self, rows: Rows) -> None:
        self._kept = [rows]
        self.rows = _Rows(len(rows.length), *(_address(column) for column in (rows.start, rows.pages)))
        self.rows.page_start, self.rows.length = _address(rows.page_start), _address(rows.length)
        irregular = rows.irregular()
        if irregular.any():
            words = np.where(irregular, np.diff(rows.start) * -(-rows.length // PAGE_SIZE), 0)
            start = np.where(irregular, np.cumsum(words) - words, -1)
            bits = [_bits(rows, np.flatnonzero(irregular), window) for window in (0, self._window)]
            self._kept += [start, *bits]
            self.rows.seen_start, self.rows.seen[:] = _address(start), [_address(column) for column in bits]
        if sharing := shared_beginnings(rows, irregular):
            keys = sharing.keys(len(rows.length))
            self._kept += [sharing, keys]
            self.rows.groups, self.rows.shared = len(sharing.pages), _address(keys)
            self.rows.member, self.rows.member_start = _address(sharing.member), _address(sharing.start)

    def run(self, layer: int, queries: Tensor) -> Tensor:
        return self._model.attention(layer, queries, self.rows)


def _address(column: NDArray[Any]) -> int:
    return int(column.ctypes.data)


def _bits(rows: Rows, members: NDArray[np.int64], window: int) -> NDArray[np.uint8]:
    """What tokens of these rows see: for each a bit a place, in words of 16."""
    packed = []
    for row in members:
        seen = rows.seen(int(row), window)
        whole = np.pad(seen, ((0, 0), (0, -seen.shape[1] % 16)))
        packed.append(np.packbits(whole, axis=1, bitorder="little").reshape(-1))
    return np.concatenate(packed)


def _checked(status: int) -> None:
    if status:
        raise MemoryError("no memory for a batch of this size")


def _declare(library: ctypes.CDLL) -> None:
    library.pie_kernels.restype = ctypes.c_char_p
    library.pie_new.restype = c_void_p
    library.pie_new.argtypes = [POINTER(_Shape), POINTER(_Layer), ctypes.c_int]
    library.pie_free.argtypes = [c_void_p]
    library.pie_free.restype = None
    library.pie_forward.argtypes = [c_void_p, POINTER(_Step)]
    library.pie_attention.argtypes = [c_void_p, ctypes.c_int, c_void_p, c_void_p, POINTER(_Rows)]
    library.pie_top.argtypes = [c_void_p, c_void_p, *[ctypes.c_int] * 3, c_void_p, c_void_p]
    library.pie_sample.argtypes = [c_void_p, c_void_p, ctypes.c_int, ctypes.c_int, POINTER(_Draws), c_void_p, c_void_p]
    library.pie_linear.argtypes = [c_void_p, c_void_p, ctypes.c_int, ctypes.c_int, c_void_p, ctypes.c_int, c_void_p]
