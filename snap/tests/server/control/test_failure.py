"""A batch that fails, while others that were formed to follow it are on their way already."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pielang.api.errors import CallError
from pielang.server.control.batching import BatchBuilder
from pielang.server.control.failure import sound_places
from pielang.server.control.model import Model
from pielang.server.control.resources import Pool
from pielang.server.control.scheduler import BatchSettings
from pielang.server.control.tokenizer import Tokenizer
from pielang.server.wire.batch import Batch, BatchResult, Done
from pielang.server.wire.link import InferenceLink, InferenceOptions
from tests.server.control.harness import Background, Program, played
from tests.server.inference.tiny_model import make_tiny_model

TOKENS = list(range(20, 36))
FAULT = "a fault of the test"
Scenario = Callable[[Model], Awaitable[Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Any]]:
    """Runs a scenario in which each call is a batch of its own and two are in flight; the first may never happen."""
    folder = tmp_path_factory.mktemp("tiny")
    make_tiny_model(folder)
    background = Background()
    link = background.run(InferenceLink.start(InferenceOptions(Path(folder), page_count=24, embed_count=64)))

    def running(scenario: Scenario, fails: bool = True) -> Any:
        async def whole() -> Any:
            model = Model(link, Tokenizer(Path(folder)), BatchSettings(policy="eager"), lambda: (0, 0.0))
            scheduler = model.scheduler
            scheduler.next_batch = link._latest + 1
            send = scheduler._submit

            def failing(batch: Batch, done: Done) -> None:
                scheduler._submit = send
                asyncio.get_running_loop().call_soon(done, BatchResult(batch.id, error=FAULT))

            if fails:
                scheduler._submit = failing
            return await played(scenario, model)

        return background.run(whole())

    yield running
    background.run(link.close())
    background.close()


async def dist_after(program: Program, pages: list[int], embeds: list[int]) -> Any:
    program.forward(pages, 0, TOKENS, embeds, embeds[-1:])
    return await program.next_dist(embeds[-1:], 4)


def test_what_follows_a_failed_forward_in_its_queue_fails_with_it(run: Callable[..., Any]) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        pages, embeds = await program.pages(3), await program.embeds(16)
        program.forward(pages, 0, TOKENS, embeds, embeds[-1:])
        dist = program.next_dist(embeds[-1:], 4)  # sent while the forward is not known to have failed
        with pytest.raises(CallError, match=FAULT):
            await dist
        with pytest.raises(CallError, match="needs embeddings that hold"):
            await program.next_dist(embeds[-1:], 4)
        program.end()

    run(scenario)


def test_nothing_that_a_failed_forward_should_have_written_can_be_read(run: Callable[..., Any]) -> None:
    async def scenario(model: Model) -> Any:
        program = Program(model)
        pages, embeds = await program.pages(3), await program.embeds(16)
        program.forward(pages, 0, TOKENS, embeds, embeds[-1:])
        program.forward(pages, 16, TOKENS, embeds, embeds[-1:])  # sent behind it
        program.copy(pages[0], pages[2], 16)
        with pytest.raises(CallError, match=FAULT):
            await program.synchronize()
        for row, start in ((pages, 32), (pages[1:], 16), (pages[2:], 8)):
            program.forward(row, start, TOKENS[:8], embeds[:8], [])
            with pytest.raises(CallError, match="never written"):
                await program.synchronize()
        again = await dist_after(program, pages, embeds)
        program.end()
        return again

    async def alone(model: Model) -> Any:
        program = Program(model)
        answer = await dist_after(program, await program.pages(1), await program.embeds(16))
        program.end()
        return answer

    wanted = run(alone, fails=False)
    for got, right in zip(run(scenario), wanted):
        assert got == pytest.approx(right, abs=1e-4)


def test_a_loop_that_goes_on_from_a_failed_forward_ends(run: Callable[..., Any]) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        pages, embeds = await program.pages(3), await program.embeds(16)
        program.forward(pages, 0, TOKENS, embeds, [])
        with pytest.raises(CallError, match=FAULT):
            await program.next(await program.loop(pages, 16, TOKENS[:8], 8))
        program.end()

    run(scenario)


def test_other_programs_do_not_notice(run: Callable[..., Any]) -> None:
    async def scenario(model: Model) -> Any:
        unlucky, other = Program(model), Program(model)
        pages, embeds = await other.pages(1), await other.embeds(16)
        mine, my_embeds = await unlucky.pages(1), await unlucky.embeds(16)
        unlucky.forward(mine, 0, TOKENS, my_embeds, [])
        answer = asyncio.ensure_future(dist_after(other, pages, embeds))
        with pytest.raises(CallError, match=FAULT):
            await unlucky.synchronize()
        assert len((await answer)[0]) == 1
        unlucky.end()
        other.end()

    run(scenario)


SIZE, PAGES = 4, 5
ROWS = st.tuples(st.permutations(range(PAGES)), st.integers(0, 2 * SIZE), st.integers(1, SIZE))
COPIES = st.tuples(st.integers(0, PAGES - 1), st.integers(0, PAGES - 1), st.integers(1, SIZE))
BATCHES = st.tuples(st.lists(COPIES, max_size=2), st.lists(ROWS, max_size=3))


@given(st.lists(BATCHES, min_size=1, max_size=3))
@settings(max_examples=300, deadline=None)
def test_sound_places_are_as_if_nothing_had_failed(
    plan: list[tuple[list[tuple[int, int, int]], list[tuple[list[int], int, int]]]],
) -> None:
    """What is said to be sound is what a run without the failure has there, where an entry knows all it was made of."""
    builders, hoped, happened = [], *({(page, at): "old" for page in range(PAGES) for at in range(SIZE)} for _ in "ab")
    pool = Pool("pages", PAGES)
    serial = 0
    for number, (copies, rows) in enumerate(plan):
        builder = BatchBuilder(SIZE, 64, 64)
        steps: list[Callable[[dict[tuple[int, int], str]], None]] = []
        for source, target, tokens in copies:
            if source != target and builder.add_copy(source, target, tokens):
                steps.append(lambda memory, s=source, t=target, n=tokens: [  # type: ignore[misc, func-returns-value]
                    memory.__setitem__((t, at), memory[s, at]) for at in range(n)])  # fmt: skip
        for order, start, count in rows:
            pages = order[: (start + count + SIZE - 1) // SIZE]
            row = pool_row(pool, pages)
            if not builder.fits(row, start, count):
                continue
            builder.add_row(row, start, [7] * count, [])
            serial += 1

            def write(
                memory: dict[tuple[int, int], str],
                pages: list[int] = pages,
                start: int = start,
                count: int = count,
                name: int = serial,
            ) -> None:
                read = [memory[pages[at // SIZE], at % SIZE] for at in range(start)]
                for at in range(start, start + count):
                    memory[pages[at // SIZE], at % SIZE] = f"{name}:{at} of {hash(tuple(read))}"

            steps.append(write)
        builders.append(builder)
        for step in steps:
            step(hoped)
            if number:
                step(happened)
    sound = sound_places(builders[0], builders[1:], PAGES)
    for page in range(PAGES):
        for at in range(sound.get(page, SIZE)):
            assert hoped[page, at] == happened[page, at], (page, at, sound)


def pool_row(pool: Pool, pages: list[int]) -> Any:
    for page in pages:
        pool._references[page] += 1
    return pool.row(list(pages))
