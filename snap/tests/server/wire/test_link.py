"""The inference process seen from the serve process: it starts, answers, dies and is ended, and never outlives us."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import select
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Awaitable, Callable
from pathlib import Path

import numpy as np
import pytest

from pielang.server.wire.batch import BatchResult
from pielang.server.wire.codec import encode
from pielang.server.wire.endpoint import InferenceEndpoint
from pielang.server.wire.link import InferenceDied, InferenceLink, InferenceOptions, InferenceStartFailed
from tests.server.inference.batches import Row, forward, submit, with_dist, with_samples
from tests.server.inference.tiny_model import VOCAB, make_tiny_model
from tests.server.wire.test_codec import INFO


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> InferenceOptions:
    folder = tmp_path_factory.mktemp("tiny")
    make_tiny_model(folder)
    return InferenceOptions(folder, name="tiny", threads=1, page_count=64, embed_count=16, token_slots=8)


def with_link(options: InferenceOptions, work: Callable[[InferenceLink], Awaitable[None]]) -> int:
    """Run `work` with a link that is closed at the end, and give the id of the process that was."""

    async def run() -> int:
        link = await InferenceLink.start(options)
        try:
            await asyncio.wait_for(work(link), 60)
        finally:
            await link.close()
            await link.close()
        return link.process_id

    return asyncio.run(run())


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def step(id: int) -> object:
    return with_samples(forward(id, [Row([1, 2, 3], 0, [0])]), [0])


def test_a_batch_goes_and_comes_and_nothing_stays(options: InferenceOptions) -> None:
    async def work(link: InferenceLink) -> None:
        assert link.alive
        assert (link.info.name, link.info.page_count, link.info.vocab_size) == ("tiny", 64, VOCAB)
        assert link.info.roles["user"].prefix == "<|im_start|>user\n"
        batch = with_samples(with_dist(forward(7, [Row([1, 2, 3], 0, [5])]), [0], 4), [0])
        result = await submit(link, batch)
        assert (result.id, result.error, result.dist_ids.shape) == (7, None, (1, 4))
        assert result.sampled[0] == result.dist_ids[0, 0]

    assert not is_running(with_link(options, work))


def test_batches_in_flight_are_answered_in_order(options: InferenceOptions) -> None:
    async def work(link: InferenceLink) -> None:
        done: list[int] = []
        futures = [submit(link, step(id)) for id in range(50)]
        for future in futures:
            future.add_done_callback(lambda done_one: done.append(done_one.result().id))
        results = await asyncio.gather(*futures)
        assert done == list(range(50))
        assert len({int(result.sampled[0]) for result in results}) == 1
        with pytest.raises(ValueError, match="comes after 99"):
            submit(link, step(99))
            submit(link, step(99))

    with_link(options, work)


def test_a_bad_batch_fails_alone(options: InferenceOptions) -> None:
    async def work(link: InferenceLink) -> None:
        bad = step(1)
        bad.pages[0] = 64
        refused, good = await asyncio.gather(submit(link, bad), submit(link, step(2)))
        assert refused.error is not None and "pages" in refused.error
        assert good.error is None

    with_link(options, work)


def test_two_loops_with_the_same_seed_are_equal(options: InferenceOptions) -> None:
    """Whatever else is in their batches."""

    async def loop(link: InferenceLink, pages: list[int], others: int, id: int) -> list[int]:
        tokens, start, out = [5, 6, 7], 0, []
        for number in range(20):
            beside = [Row([9 + other], number, [40 + 2 * other, 41 + 2 * other]) for other in range(others)]
            rows = [Row(tokens, start, pages), *beside]
            count = len(rows)
            seeds = np.array([123, *range(count - 1)], np.int64)
            batch = with_samples(
                forward(id + number, rows), range(count), temperature=1.2, top_p=0.95, seed=seeds, step=number
            )
            out.append(int((await submit(link, batch)).sampled[0]))
            start, tokens = start + len(tokens), [out[-1]]
        return out

    async def work(link: InferenceLink) -> None:
        first = await loop(link, [1, 2], 0, 100)
        second = await loop(link, [3, 4], 5, 200)
        assert first == second and len(set(first)) > 3

    with_link(options, work)


def test_a_killed_process_fails_whoever_waits(options: InferenceOptions) -> None:
    lost: list[InferenceDied] = []

    async def run() -> None:
        link = await InferenceLink.start(options, lost.append)
        try:
            os.kill(link.process_id, signal.SIGSTOP)
            future = submit(link, step(1))
            os.kill(link.process_id, signal.SIGKILL)
            with pytest.raises(InferenceDied, match="signal 9") as died:
                await asyncio.wait_for(future, 30)
            assert died.value.exit_code == -9
            assert not link.alive
            with pytest.raises(InferenceDied):
                submit(link, step(2))
        finally:
            await link.close()

    asyncio.run(run())
    assert len(lost) == 1


def test_a_process_that_hangs_is_ended(options: InferenceOptions) -> None:
    async def run() -> None:
        link = await InferenceLink.start(dataclasses.replace(options, stall_seconds=0.5))
        try:
            os.kill(link.process_id, signal.SIGSTOP)
            with pytest.raises(InferenceDied, match=r"more than 0\.5 s"):
                await asyncio.wait_for(submit(link, step(1)), 30)
        finally:
            await link.close()
        assert not is_running(link.process_id)

    asyncio.run(run())


def test_closing_fails_what_is_in_flight(options: InferenceOptions) -> None:
    async def run() -> None:
        link = await InferenceLink.start(options)
        os.kill(link.process_id, signal.SIGSTOP)
        future = submit(link, step(1))
        await asyncio.wait_for(link.close(), 30)
        with pytest.raises(InferenceDied, match="closed"):
            await future

    asyncio.run(run())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda folder: (folder / "config.json").write_text("{}"), "LlamaForCausalLM"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b"nothing"), "safetensors"),
        (lambda folder: (folder / "config.json").unlink(), "config.json"),
    ],
)
def test_a_model_that_does_not_load_says_why(
    options: InferenceOptions, tmp_path: Path, change: Callable[[Path], object], words: str
) -> None:
    make_tiny_model(tmp_path)
    change(tmp_path)

    async def run() -> None:
        with pytest.raises(InferenceStartFailed, match=words):
            await InferenceLink.start(dataclasses.replace(options, model=tmp_path))

    asyncio.run(run())


def test_a_process_that_dies_early_says_its_last_line(options: InferenceOptions) -> None:
    async def run() -> None:
        with pytest.raises(InferenceStartFailed, match="float7") as failed:
            await InferenceLink.start(dataclasses.replace(options, dtype="float7"))
        assert failed.value.exit_code == 1

    asyncio.run(run())


def test_a_process_that_is_never_ready_is_given_up(options: InferenceOptions) -> None:
    async def run() -> None:
        with pytest.raises(InferenceStartFailed, match="not ready"):
            await InferenceLink.start(dataclasses.replace(options, start_seconds=0.01))

    asyncio.run(run())


def test_it_ends_with_its_parent(options: InferenceOptions) -> None:
    """Also when the parent is killed and can't say goodbye."""
    script = textwrap.dedent(f"""
        import asyncio
        from pathlib import Path
        from pielang.server.wire.link import InferenceLink, InferenceOptions

        async def main():
            link = await InferenceLink.start(InferenceOptions(Path({str(options.model)!r}), threads=1, page_count=8))
            print(link.process_id, link._folder, flush=True)
            await asyncio.sleep(1000)

        asyncio.run(main())
    """)
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child, folder = parent.stdout.readline().split()
        # a pidfd becomes readable when the process ends, though it is not our child
        descriptor = os.pidfd_open(int(child))
        parent.kill()
    try:
        assert select.select([descriptor], [], [], 20)[0], "the inference process outlived its parent"
        assert not Path(folder).exists()
    finally:
        os.close(descriptor)


def test_frames_that_come_twice_count_once(options: InferenceOptions, tmp_path: Path) -> None:
    """Both ends of the wire without a process: batches are run once, results taken once, a second hello is the end."""

    async def run() -> None:
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        link = InferenceLink(options, folder)
        endpoint = InferenceEndpoint(link._endpoint)
        took: list[object] = []
        try:
            for id in (5, 5, 4, 6, 5, 6):
                link._socket.send_multipart(encode(step(id)))
            link.send(step(7), took.append)
            received = [endpoint.receive(wait=True) for _ in range(3)]
            assert [batch.id for batch in received if batch is not None] == [5, 6, 7]
            assert endpoint.receive(wait=False) is None
            for id in (7, 7, 6):
                endpoint.send(BatchResult(id))
            await until(lambda: bool(took))
            endpoint.send(INFO)
            await until(link._ready.done)
            assert [result.id for result in took if isinstance(result, BatchResult)] == [7] and link.alive
            endpoint.send(INFO)
            await until(lambda: not link.alive)
            with pytest.raises(InferenceDied, match="not its to send"):
                link.send(step(8), took.append)
            assert len(took) == 1
        finally:
            endpoint.close()
            await link.close()

    asyncio.run(asyncio.wait_for(run(), 30))


async def until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.001)
