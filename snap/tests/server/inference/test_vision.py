"""Models that look at images: the tower as transformers computes it, images as files, and what is no image."""

from __future__ import annotations

import io
import json
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from pielang.server.inference.attention import TorchAttention
from pielang.server.inference.checks import BatchRefused
from pielang.server.inference.config import ModelRefused, load_config
from pielang.server.inference.executor import Executor
from pielang.server.inference.forward import BackEnd
from pielang.server.inference.kv import KVCache
from pielang.server.inference.model import LlamaModel
from pielang.server.inference.vision import ImageRefused, Vision
from pielang.server.inference.weights import load_weights
from pielang.server.wire.batch import Batch
from tests.server.inference import families
from tests.server.inference.batches import Row, forward, with_dist
from tests.server.inference.families import IMAGE, IMAGE_PROMPT, VISION_CASES, VOCAB

pillow = pytest.importorskip("PIL.Image")
CPU = torch.device("cpu")


@pytest.fixture(scope="module", params=VISION_CASES)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp(request.param)
    families.write_vision_model(request.param, folder)
    return folder


def recorded(folder: Path) -> Tensor:
    kind = json.loads((folder / "config.json").read_text())["model_type"]
    return torch.tensor(json.loads(families.VISION_RECORD.read_text())[kind])


@pytest.fixture(scope="module")
def vision(folder: Path) -> Vision:
    with torch.inference_mode():
        return Vision(folder, load_config(folder), torch.float32, CPU)


def make_executor(folder: Path, vision: Vision) -> Executor:
    config = load_config(folder)
    with torch.inference_mode():
        cache = KVCache(config, 2, torch.float32, CPU)
        model = LlamaModel(config, load_weights(folder, config, torch.float32, CPU))
        attention = TorchAttention(config, cache, torch.float32)
        return Executor(BackEnd(model, attention), cache, torch.float32, 16, 1, vision=vision)


def test_the_tower_and_what_comes_after(folder: Path, vision: Vision) -> None:
    wanted = recorded(folder)
    with torch.inference_mode():
        vectors = vision.forward(families.picture())
    assert vectors.shape == (vision.config.embeds, 48) == (4, 48)
    torch.testing.assert_close(vectors.flatten(), wanted[: 4 * 48], rtol=0, atol=1e-4)
    executor = make_executor(folder, vision)
    with torch.inference_mode():
        executor._embeds[2:6] = vectors
    batch = forward(1, [Row([0 if token == IMAGE else token for token in IMAGE_PROMPT], 0, [0])])
    batch.in_token, batch.in_embed = np.arange(2, 6, dtype=np.int32), np.arange(2, 6, dtype=np.int32)
    result = executor.launch(with_dist(batch, [0], VOCAB)).collect()
    logits = wanted[4 * 48 :].log_softmax(-1)[torch.from_numpy(result.dist_ids[0])]
    torch.testing.assert_close(torch.from_numpy(np.log(result.dist_probs[0])), logits, rtol=0, atol=1e-4)


@pytest.mark.parametrize("case", VISION_CASES)
def test_the_record_is_what_transformers_says(case: str) -> None:
    pytest.importorskip("transformers")
    wanted = torch.tensor(json.loads(families.VISION_RECORD.read_text())[case])
    torch.testing.assert_close(families.vision_by_transformers(case).logits, wanted, rtol=0, atol=2e-5)


def png(*size: int, mode: str = "RGB", kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    channels = {"RGB": 3, "RGBA": 4, "L": 1}[mode]
    values = np.random.default_rng(1).integers(0, 256, (size[1], size[0], channels)).astype(np.uint8)
    pillow.fromarray(values[:, :, 0] if mode == "L" else values).save(out, kind)
    return out.getvalue()


def image_batch(file: bytes, slots: list[int]) -> Batch:
    data, filled = np.frombuffer(file, np.uint8), np.array(slots, np.int32)
    bounds = [np.array([0, len(column)], np.int32) for column in (data, filled)]
    return Batch(3, image=data, image_start=bounds[0], image_embed=filled, image_embed_start=bounds[1])


def test_files_become_embeddings(folder: Path, vision: Vision) -> None:
    executor, file = make_executor(folder, vision), png(24, 24)
    batch = image_batch(file, [4, 3, 2, 1])
    batch.read_embed = np.array([4, 3, 2, 1], np.int32)
    found = executor.launch(batch).collect().hidden
    with pillow.open(io.BytesIO(file)) as image:
        pixels = torch.from_numpy(np.asarray(image, np.float32)).permute(2, 0, 1) / 127.5 - 1
    with torch.inference_mode():
        np.testing.assert_allclose(found, vision.forward(pixels).numpy(), atol=1e-4)
        for other in (png(100, 7), png(5, 60, mode="L"), png(30, 30, mode="RGBA"), png(40, 40, kind="JPEG")):
            assert vision.embed(other).isfinite().all()


def test_what_is_no_image_is_an_error_of_one_batch(folder: Path, vision: Vision) -> None:
    executor = make_executor(folder, vision)
    with pytest.raises(BatchRefused, match="can't be read"):
        executor.launch(image_batch(b"no image", [1, 2, 3, 4]))
    with pytest.raises(BatchRefused, match="fills 4"):
        executor.launch(image_batch(png(8, 8), [1, 2, 3]))
    assert executor.launch(image_batch(png(8, 8), [1, 2, 3, 4])).collect().error is None


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damaged_files(vision: Vision, data: st.DataObject) -> None:
    file = bytearray(png(20, 20, kind=data.draw(st.sampled_from(["PNG", "JPEG", "GIF", "BMP", "WEBP"]))))
    for _ in range(data.draw(st.integers(0, 4))):
        file[data.draw(st.integers(0, len(file) - 1))] = data.draw(st.integers(0, 255))
    cut = file[: data.draw(st.integers(0, len(file)))]
    try:
        with torch.inference_mode():
            assert vision.embed(bytes(cut)).isfinite().all()
    except ImageRefused as error:
        assert str(error)


def test_a_bomb_is_not_unpacked(vision: Vision) -> None:
    header = png(4, 4)
    large = header[:16] + (60_000).to_bytes(4, "big") * 2 + header[24:]
    with pytest.raises(ImageRefused, match=r"60000|can't be read"):
        vision.embed(large)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"text_config": {"model_type": "mistral"}}, "text_config"),
        ({"vision_config": families.VISION | {"patch_size": 5}}, "must divide"),
        ({"vision_config": families.VISION | {"hidden_act": "relu"}}, "gelu_pytorch_tanh"),
        ({"scale_factor": 4}, "must divide"),
    ],
)
def test_towers_that_are_not_known(folder: Path, tmp_path: Path, changes: dict[str, object], words: str) -> None:
    config = json.loads((folder / "config.json").read_text()) | changes
    (tmp_path / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelRefused, match=words):
        load_config(tmp_path)
