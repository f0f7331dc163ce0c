"""What a forward pass may have besides tokens in order: masks, positions, adapters, scores, vectors; and page moves.

Each against a dense computation in float64, by torch's layers and by native code.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor

from pielang.server.inference.attention import Rows, TorchAttention
from pielang.server.inference.checks import BatchRefused
from pielang.server.inference.config import load_config
from pielang.server.inference.executor import Executor
from pielang.server.inference.forward import BackEnd
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import Extras, LlamaModel
from pielang.server.inference.native.build import load_library
from pielang.server.inference.native.model import NativeAttention, NativeModel
from pielang.server.inference.weights import load_weights
from pielang.server.wire.batch import Batch, BatchResult
from tests.server.inference.batches import PAGE, Row, forward, with_dist, with_samples
from tests.server.inference.tiny_model import HIDDEN, LAYERS, VOCAB, TinyModel, make_tiny_model

PAGES, EMBEDS, HOST_PAGES, ADAPTERS = 40, 64, 5, 3
RANDOM = random.Random(11)
TOKENS = RANDOM.choices(range(VOCAB), k=40)

Model = LlamaModel | NativeModel


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyModel:
    return make_tiny_model(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(params=["torch", "native"])
def executor(tiny: TinyModel, request: pytest.FixtureRequest) -> Executor:
    return make_executor(tiny, native=request.param == "native")


def make_executor(tiny: TinyModel, native: bool, model_class: type[LlamaModel] = LlamaModel) -> Executor:
    config, dtype = load_config(tiny.folder), torch.float32
    with torch.inference_mode():
        weights = load_weights(tiny.folder, config, dtype, torch.device("cpu"))
        cache = KVCache(config, PAGES, dtype, torch.device("cpu"), HOST_PAGES)
        if native:
            model: LlamaModel = NativeModel(config, weights, cache, load_library(), 2)
            assert isinstance(model, NativeModel)
            return Executor(BackEnd(model, NativeAttention(model)), cache, dtype, EMBEDS, 4, adapter_slots=ADAPTERS)
        attention = TorchAttention(config, cache, dtype)
        return Executor(
            BackEnd(model_class(config, weights), attention), cache, dtype, EMBEDS, 4, adapter_slots=ADAPTERS
        )


def run(executor: Executor, batch: Batch) -> BatchResult:
    return executor.launch(batch).collect()


def check(result: BatchResult, row: int, logits: Tensor) -> None:
    """A distribution over all tokens against the logits that it should be of."""
    found = torch.from_numpy(np.log(result.dist_probs[row]))
    wanted = logits.log_softmax(-1)[torch.from_numpy(result.dist_ids[row])]
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-4)


def ints(*values: int) -> NDArray[np.int32]:
    return np.array(values, np.int32)


def everything(batch: Batch) -> Batch:
    """The batch, with the distribution after each of its tokens."""
    count = len(batch.tokens)
    batch.out_token = batch.out_embed = np.arange(count, dtype=np.int32)
    return with_dist(batch, range(count), VOCAB)


def test_a_tree_of_tokens(tiny: TinyModel, executor: Executor) -> None:
    """Two branches after a common prefix in one row: each sees the prefix and itself, at positions of its own."""
    prefix, branches = TOKENS[:18], [TOKENS[18:22], TOKENS[22:25]]
    run(executor, forward(1, [Row(prefix, 0, [3, 9])]))
    batch = everything(forward(2, [Row(branches[0] + branches[1], 18, [3, 9])]))
    batch.positions = ints(18, 19, 20, 21, 18, 19, 20)
    seen = np.ones((7, 25), bool)
    seen[:, 18:] = np.tri(7, dtype=bool)
    seen[4:, 18:22] = False
    batch.mask = np.packbits(seen, axis=1, bitorder="little").reshape(-1)
    batch.mask_start = ints(0, len(batch.mask))
    result = run(executor, batch)
    for first, branch in zip((0, 4), branches, strict=True):
        logits = tiny.logits(prefix + branch)
        for at in range(len(branch)):
            check(result, first + at, logits[18 + at])


@pytest.mark.parametrize("count", [40, 1])
def test_hidden_entries_and_a_random_mask(tiny: TinyModel, executor: Executor, count: int) -> None:
    """The last `count` of 40 tokens are one row, beside a row without masks."""
    source = np.random.default_rng(count)
    seen = source.random((40, 40)) < 0.5
    hidden = source.integers(0, 1 << 16, 3).astype(np.int32)
    visible = np.unpackbits(hidden.astype("<u2").view(np.uint8), bitorder="little")[:40] == 0
    whole = np.tri(40, dtype=bool)
    whole[40 - count :] = seen[40 - count :] & visible
    whole[range(40), range(40)] |= ~whole.any(1)  # what is left with nothing sees itself
    start = 40 - count
    if start:
        run(executor, forward(1, [Row(TOKENS[:start], 0, [1, 2, 5])]))
    batch = forward(2, [Row(TOKENS[start:], start, [1, 2, 5]), Row(TOKENS[:20], 0, [7, 8])])
    batch.hidden = np.concatenate((hidden, ints(0, 0)))
    batch.mask = np.packbits(seen[start:], axis=1, bitorder="little").reshape(-1)
    batch.mask_start = ints(0, len(batch.mask), len(batch.mask))
    result = run(executor, with_dist(batch, [0, 1], VOCAB))
    check(result, 0, tiny.compute(TOKENS, seen=whole).logits[-1])
    check(result, 1, tiny.logits(TOKENS[:20])[-1])


def test_what_positions_say(tiny: TinyModel, executor: Executor) -> None:
    """Tokens in another order than their positions see what stands at positions up to theirs."""
    positions = [0, 1, 2, 7, 4, 5, 6, 3]
    seen = np.array(positions)[None] <= np.array(positions)[:, None]
    batch = everything(forward(1, [Row(TOKENS[:8], 0, [4])]))
    batch.positions = ints(*positions)
    result = run(executor, batch)
    wanted = tiny.compute(TOKENS[:8], positions, seen).logits
    for row in range(8):
        check(result, row, wanted[row])


def test_scores_are_shares_of_attention(tiny: TinyModel, executor: Executor) -> None:
    run(executor, forward(1, [Row(TOKENS[:30], 0, [0, 6])]))
    batch = forward(2, [Row(TOKENS[:5], 0, [9]), Row(TOKENS[30:], 30, [0, 6, 2]), Row(TOKENS[:3], 0, [8])])
    batch.score_row = ints(2, 1)
    batch.hidden = ints(0, 0, 1 << 4, 0, 0)
    result = run(executor, with_dist(batch, [0, 1, 2], VOCAB))
    seen = np.tri(40, dtype=bool)
    seen[30:, 16 + 4] = False
    wanted = tiny.compute(TOKENS, seen=seen)
    np.testing.assert_allclose(result.scores[:3], tiny.compute(TOKENS[:3]).shares.mean(0), atol=1e-5)
    np.testing.assert_allclose(result.scores[3:], wanted.shares[30:].mean(0), atol=1e-5)
    check(result, 1, wanted.logits[-1])
    check(result, 0, tiny.logits(TOKENS[:5])[-1])


def test_hidden_states_come_out_and_go_in(tiny: TinyModel, executor: Executor) -> None:
    batch = forward(1, [Row(TOKENS[:10], 0, [4])])
    batch.out_token, batch.out_embed, batch.read_embed = ints(2, 9), ints(5, 6), ints(6, 5)
    result = run(executor, batch)
    np.testing.assert_allclose(result.hidden, tiny.compute(TOKENS[:10]).hidden[[9, 2]], atol=1e-4)
    # a row whose second token has one of them in place of its embedding
    batch = forward(2, [Row([7, 0, 8], 0, [9])])
    batch.in_token, batch.in_embed = ints(1), ints(6)
    weights = dict(tiny.weights)
    table = weights["model.embed_tokens.weight"].clone()
    table[0] = tiny.compute(TOKENS[:10]).hidden[9]
    found = run(executor, with_dist(batch, [0], VOCAB))
    hidden = TinyModel(tiny.folder, weights | {"model.embed_tokens.weight": table}).compute([7, 0, 8]).hidden[-1]
    check(found, 0, hidden @ tiny.weights["model.embed_tokens.weight"].T)


def test_pages_go_to_host_memory_and_come_back(tiny: TinyModel, executor: Executor) -> None:
    run(executor, forward(1, [Row(TOKENS[:30], 0, [0, 6])]))
    batch = forward(2, [Row(TOKENS[::-1], 0, [0, 6, 7])])  # another sequence, on the pages that were saved first
    batch.save_page, batch.save_host = ints(6, 0), ints(4, 1)
    run(executor, batch)
    batch = forward(3, [Row(TOKENS[30:33], 30, [11, 12, 13])])
    batch.load_host, batch.load_page = ints(1, 4), ints(11, 12)
    check(run(executor, with_dist(batch, [0], VOCAB)), 0, tiny.logits(TOKENS[:33])[-1])


# ---- adapters


def lora(folder: Path, seed: int, modules: dict[str, int], **changes: object) -> dict[str, Tensor]:
    """Write an adapter as PEFT does; gives what it adds to each matrix of the model."""
    source = torch.Generator().manual_seed(seed)
    config = {"peft_type": "LORA", "r": 4, "lora_alpha": 6, "bias": "none", "target_modules": sorted(modules)} | changes
    weights = dict(make_shapes())
    factors, added = {}, {}
    for layer in range(LAYERS):
        for module, rank in modules.items():
            name = f"model.layers.{layer}.{module}"
            rows, columns = weights[f"{name}.weight"]
            down, up = torch.randn(rank, columns, generator=source) / 7, torch.randn(rows, rank, generator=source) / 2
            factors |= {
                f"base_model.model.{name}.lora_A.weight": down,
                f"base_model.model.{name}.lora_B.weight": up,
            }
            scale = 6 / 4**0.5 if changes.get("use_rslora") else 6 / 4
            added[f"{name}.weight"] = scale * (up @ down)
    folder.mkdir(exist_ok=True)
    (folder / "adapter_config.json").write_text(json.dumps(config))
    save_file(factors, folder / "adapter_model.safetensors")
    return added


def make_shapes() -> Sequence[tuple[str, tuple[int, ...]]]:
    from tests.server.inference.tiny_model import tiny_weights

    return [(name, tuple(weight.shape)) for name, weight in tiny_weights(0).items()]


def merged(tiny: TinyModel, added: dict[str, Tensor]) -> TinyModel:
    return TinyModel(tiny.folder, {name: weight + added.get(name, 0) for name, weight in tiny.weights.items()})


def load(slot: int, folder: Path | str) -> Batch:
    path = np.frombuffer(str(folder).encode(), np.uint8)
    return Batch(90 + slot, load_adapter=ints(slot), adapter_path=path, adapter_start=ints(0, len(path)))


ALL = dict.fromkeys((f"self_attn.{part}_proj" for part in "qkvo"), 4)
ALL |= dict.fromkeys((f"mlp.{part}_proj" for part in ("gate", "up", "down")), 4)


def test_several_adapters_in_one_batch(tiny: TinyModel, executor: Executor, tmp_path: Path) -> None:
    """Each row is as if its adapter had been added to the weights: W + B A scale."""
    changes = [
        lora(tmp_path / "all", 1, ALL),
        lora(tmp_path / "some", 2, {"self_attn.k_proj": 4, "self_attn.v_proj": 4, "mlp.up_proj": 4}, use_rslora=True),
    ]
    assert run(executor, load(2, tmp_path / "all")).error is None
    run(executor, load(0, tmp_path / "some"))
    rows = [
        Row(TOKENS[:20], 0, [0, 1]),
        Row(TOKENS[:20], 0, [2, 3]),
        Row(TOKENS[5:9], 0, [4]),
        Row(TOKENS, 0, [5, 6, 7]),
    ]
    batch = forward(1, rows)
    batch.adapter = ints(2, -1, 0, 2)
    result = run(executor, with_dist(batch, range(4), VOCAB))
    models = [merged(tiny, changes[0]), tiny, merged(tiny, changes[1]), merged(tiny, changes[0])]
    for at, (row, model) in enumerate(zip(rows, models, strict=True)):
        check(result, at, model.logits(list(row.tokens))[-1])
    # the entries in the cache are the adapter's too
    batch = forward(2, [Row([5, 6], 4, [4])])
    batch.adapter = ints(0)
    check(run(executor, with_dist(batch, [0], VOCAB)), 0, models[2].logits([*TOKENS[5:9], 5, 6])[-1])


def test_an_adapter_is_what_peft_says(tiny: TinyModel, tmp_path: Path) -> None:
    peft, transformers = pytest.importorskip("peft"), pytest.importorskip("transformers")
    lora(tmp_path / "made", 5, ALL)
    model = transformers.AutoModelForCausalLM.from_pretrained(tiny.folder, dtype=torch.float32)
    model = peft.PeftModel.from_pretrained(model, tmp_path / "made")
    model.save_pretrained(tmp_path / "saved")
    executor = make_executor(tiny, native=False)
    run(executor, load(1, tmp_path / "saved"))
    batch = forward(1, [Row(TOKENS, 0, [5, 6, 7])])
    batch.adapter = ints(1)
    with torch.inference_mode():
        wanted = model(torch.tensor([TOKENS])).logits[0, -1]
    check(run(executor, with_dist(batch, [0], VOCAB)), 0, wanted)


BAD_ADAPTERS: dict[str, tuple[Callable[[Path], object], str]] = {
    "no folder": (lambda folder: (folder / "adapter_config.json").unlink(), "can't read"),
    "no JSON": (lambda folder: (folder / "adapter_config.json").write_text("{"), "can't be used"),
    "another kind": (lambda folder: lora(folder, 1, ALL, peft_type="IA3"), "not of a LoRA"),
    "DoRA": (lambda folder: lora(folder, 1, ALL, use_dora=True), "use_dora"),
    "biases": (lambda folder: lora(folder, 1, ALL, bias="all"), "bias"),
    "no rank": (lambda folder: lora(folder, 1, ALL, r=0), "can't be used"),
    "cut short": (lambda folder: cut(folder / "adapter_model.safetensors"), "whole safetensors"),
    "another size": (
        lambda folder: rewrite(folder, lambda name, value: value[:, :7] if "q_proj.lora_A" in name else value),
        rf"layer \d's q_proj is \[48, {HIDDEN}\] here",
    ),
    "more layers": (lambda folder: rename(folder, "layers.2.", f"layers.{LAYERS}."), f"layers.{LAYERS}"),
    "an embedding": (lambda folder: rename(folder, "mlp.down_proj", "mlp.odd_proj"), "odd_proj"),
    "half a pair": (
        lambda folder: rewrite(folder, lambda name, value: None if "up_proj.lora_B" in name else value),
        "one",
    ),
    "not a number": (lambda folder: rewrite(folder, lambda name, value: value * np.nan), "not a number"),
}


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-10])


def rewrite(folder: Path, change: Callable[[str, Tensor], Tensor | None]) -> None:
    from safetensors.torch import load_file

    path = folder / "adapter_model.safetensors"
    changed = {name: change(name, value) for name, value in load_file(path).items()}
    save_file({name: value.contiguous() for name, value in changed.items() if value is not None}, path)


def rename(folder: Path, old: str, new: str) -> None:
    from safetensors.torch import load_file

    path = folder / "adapter_model.safetensors"
    save_file({name.replace(old, new): value for name, value in load_file(path).items()}, path)


@pytest.mark.parametrize("case", BAD_ADAPTERS)
def test_adapters_that_can_not_be_loaded(tiny: TinyModel, tmp_path: Path, case: str) -> None:
    executor = make_executor(tiny, native=False)
    lora(tmp_path / "good", 1, ALL)
    run(executor, load(1, tmp_path / "good"))
    lora(tmp_path / "bad", 1, ALL)
    damage, words = BAD_ADAPTERS[case]
    damage(tmp_path / "bad")
    with pytest.raises(BatchRefused, match=words):
        executor.launch(load(0, tmp_path / "bad"))
    batch = with_dist(forward(1, [Row([1, 2], 0, [0])]), [0], 1)
    batch.adapter = ints(0)
    with pytest.raises(BatchRefused, match="holds none"):
        executor.launch(batch)
    batch.adapter = ints(1)
    assert run(executor, batch).error is None


# ---- what goes wrong


def test_logits_that_are_no_numbers(tiny: TinyModel, executor: Executor) -> None:
    """Only the heads that read them have no answer."""
    batch = forward(1, [Row([1, 2, 3], 0, [0]), Row([4, 5], 0, [1])])
    run(executor, batch)
    with torch.inference_mode():
        executor._embeds[0, 3] = torch.nan
    result = run(executor, with_samples(with_dist(Batch(2), [0, 1], 3), [0, 1], temperature=[0.7, 0.7]))
    assert result.dist_ids[0].tolist() == [-1, -1, -1] and (result.dist_ids[1] >= 0).all()
    assert result.sampled[0] == -1 and result.sampled[1] >= 0


class Narrow(LlamaModel):
    """A model that has memory for no more than 20 tokens at once."""

    def forward(self, tokens: Tensor, *others: object, extras: Extras | None = None) -> Tensor:
        if len(tokens) > 20:
            raise RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory")
        return super().forward(tokens, *others)  # type: ignore[arg-type]


def test_rows_go_on_when_memory_is_short(tiny: TinyModel) -> None:
    """A batch too large is run in parts; the row that is too large alone has no answer, and the reason is told."""
    executor = make_executor(tiny, native=False, model_class=Narrow)
    rows = [Row(TOKENS[:12], 0, [0]), Row(TOKENS[:30], 0, [1, 2]), Row(TOKENS[12:20], 12, [0, 3]), Row([4], 0, [4])]
    batch = with_samples(with_dist(forward(1, rows), range(4), VOCAB), [1])
    batch.score_row = ints(3, 0)
    result = run(executor, batch)
    assert "no memory to run 30 tokens" in result.trouble and result.error is None
    assert (result.dist_ids[1] == -1).all() and result.sampled[0] == -1
    for at, tokens in ((0, TOKENS[:12]), (2, TOKENS[:20]), (3, [4])):
        check(result, at, tiny.logits(tokens)[-1])
    np.testing.assert_allclose(result.scores[0], 1.0, rtol=1e-5)
    np.testing.assert_allclose(result.scores[1:], tiny.compute(TOKENS[:12]).shares.mean(0), atol=1e-5)


def good() -> Batch:
    batch = with_dist(forward(1, [Row([1, 2, 3], 0, [0]), Row([4], 17, [1, 2])]), [0, 1], 4)
    batch.mask, batch.mask_start = np.array([1, 3, 7], np.uint8), ints(0, 3, 3)
    batch.hidden, batch.adapter, batch.score_row = ints(0, 1, 0), ints(-1, -1), ints(1)
    batch.in_token, batch.in_embed, batch.read_embed = ints(1), ints(0), ints(0)
    batch.save_page, batch.save_host, batch.load_page, batch.load_host = ints(5), ints(0), ints(6), ints(0)
    return batch


BAD: dict[str, tuple[str, int, int]] = {
    "mask too short": ("mask_start", 1, 2),
    "mask beyond its end": ("mask_start", 2, 4),
    "adapter that is not loaded": ("adapter", 0, 1),
    "adapter of no slot": ("adapter", 0, ADAPTERS),
    "scores of no row": ("score_row", 0, 2),
    "vector for no token": ("in_token", 0, 4),
    "vector of no slot": ("in_embed", 0, EMBEDS),
    "hidden state of no slot": ("read_embed", 0, -1),
    "saved page of no pool": ("save_page", 0, PAGES),
    "saved to no place": ("save_host", 0, HOST_PAGES),
    "loaded page of no pool": ("load_page", 0, -1),
    "loaded from no place": ("load_host", 0, HOST_PAGES),
}


@pytest.mark.parametrize("case", [*BAD, "hidden of too few pages", "adapter of too few rows"])
def test_what_makes_no_sense_is_refused(executor: Executor, case: str) -> None:
    batch = good()
    if case in BAD:
        name, index, value = BAD[case]
        getattr(batch, name)[index] = value
    else:
        name = case.split()[0]
        setattr(batch, name, getattr(batch, name)[:-1])
    with pytest.raises(BatchRefused, match=name):
        executor.launch(batch)
    assert run(executor, good()).error is None


def test_what_a_row_sees() -> None:
    """Against the sentence in `Rows`, place by place."""
    source = np.random.default_rng(4)
    for _ in range(50):
        count, length = int(source.integers(1, 6)), int(source.integers(6, 40))
        pages, window = -(-length // PAGE), int(source.choice([0, 1, 3, 17]))
        positions = source.integers(0, 50, count)
        mask = source.integers(0, 2, (count, length)).astype(bool) if source.random() < 0.5 else None
        hidden = source.integers(0, 1 << 16, pages).astype(np.int32)
        bits = np.zeros(0, np.uint8) if mask is None else np.packbits(mask, axis=1, bitorder="little").reshape(-1)
        rows = Rows(
            start=np.array([0, count]),
            positions=positions,
            pages=np.arange(pages),
            page_start=np.array([0, pages]),
            length=np.array([length]),
            hidden=hidden,
            mask=bits,
            mask_start=ints(0, len(bits)),
        )
        for token in range(count):
            place = length - count + token
            seen = []
            for key in range(length):
                own = key - (length - count)
                before = own < 0 or positions[own] <= positions[token]
                allowed = before if mask is None else mask[token, key]
                shown = not hidden[key // PAGE] >> key % PAGE & 1
                seen.append(bool(allowed and shown and (not window or key > place - window)))
            if not any(seen):
                seen[place] = True
            assert rows.seen(0, window)[token].tolist() == seen
