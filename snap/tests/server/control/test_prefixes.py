"""Sequences that begin alike share pages, and nobody notices but by the time it takes."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pielang.api.errors import CallError
from pielang.server.control.loops import Loop
from pielang.server.control.model import Model
from pielang.server.control.resources import Kind, Pool
from pielang.server.control.scheduler import BatchSettings
from pielang.server.control.tokenizer import Tokenizer
from pielang.server.wire.batch import Batch, BatchResult, Done
from pielang.server.wire.link import InferenceLink, InferenceOptions
from tests.server.control.harness import Background, Program, played
from tests.server.inference.tiny_model import make_tiny_model

PAGES = 24
Scenario = Callable[[Model], Awaitable[Any]]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Scenario], Any]]:
    """Runs a scenario with a fresh scheduler over one process, and sees that everything was given back."""
    folder = tmp_path_factory.mktemp("tiny")
    make_tiny_model(folder)
    background = Background()
    link = background.run(InferenceLink.start(InferenceOptions(Path(folder), page_count=PAGES, embed_count=256)))

    def running(scenario: Scenario) -> Any:
        async def whole() -> Any:
            model = Model(link, Tokenizer(Path(folder)), BatchSettings(max_tokens=64), lambda: (0, 0.0))
            model.scheduler.next_batch = link._latest + 1
            return await played(scenario, model)

        return background.run(whole())

    yield running
    background.run(link.close())
    background.close()


def prompt(length: int, seed: int = 0) -> list[int]:
    return random.Random(seed).choices(range(256), k=length)


async def answer(model: Model, tokens: list[int], count: int = 6) -> tuple[list[int], list[float]]:
    """What a program of its own gets."""
    program = Program(model)
    try:
        found, logprobs, _, _ = await program.generate(tokens, count)
    finally:
        program.end()
    return list(found), list(logprobs)


def alone(run: Callable[[Scenario], Any], tokens: list[int], count: int = 6) -> tuple[list[int], list[float]]:
    """The same where nothing is known yet."""
    return run(lambda model: answer(model, tokens, count))


def same(found: tuple[list[int], list[float]], wanted: tuple[list[int], list[float]]) -> None:
    assert found[0] == wanted[0]
    assert found[1] == pytest.approx(wanted[1], abs=1e-4)


def test_what_was_run_is_not_run_again(run: Callable[[Scenario], Any]) -> None:
    begun, other = prompt(70), prompt(70)[:40] + prompt(30, seed=5)

    async def scenario(model: Model) -> None:
        first = await answer(model, begun)
        counters, status = model.scheduler.counters, model.status()
        assert status["pages_free"] == status["pages_total"] and status["tokens_reused"] == 0
        before = counters.tokens
        same(await answer(model, begun), first)
        assert counters.tokens - before <= 70 - 64 + 7 and model.status()["tokens_reused"] == 64
        same(await answer(model, other), wanted)  # the first two pages are the same
        assert model.status()["tokens_reused"] == 64 + 32
        # the answer is known as well: a conversation goes on where it was
        same(await answer(model, begun + first[0] + begun[:10]), longer)
        assert model.status()["tokens_reused"] == 64 + 32 + 64

    wanted, answered = alone(run, other), alone(run, begun)[0]
    longer = alone(run, begun + answered + begun[:10])
    run(scenario)


def test_at_least_one_token_is_run(run: Callable[[Scenario], Any]) -> None:
    async def scenario(model: Model) -> None:
        for reused in (0, 16, 32):
            same(await answer(model, prompt(32)), wanted)
            assert model.status()["tokens_reused"] == reused

    wanted = alone(run, prompt(32))
    run(scenario)


def test_shared_pages_are_copied_before_they_are_written(run: Callable[[Scenario], Any]) -> None:
    """Two programs hold the same pages; one writes to them by each of the calls that can."""
    tokens, others = prompt(60), prompt(16, seed=9)

    async def scenario(model: Model) -> None:
        await answer(model, tokens)
        reader, writer = Program(model), Program(model)
        mine, theirs = await reader.pages(5), await writer.pages(5)
        await reader.next(await reader.loop(mine, 0, tokens, 6))
        await writer.next(await writer.loop(theirs, 0, tokens, 6))
        physical = [[program.handles.get(page, Kind.PAGE) for page in pages[:3]]
                    for program, pages in ((reader, mine), (writer, theirs))]  # fmt: skip
        assert physical[0] == physical[1]
        embeds = await writer.embeds(16)
        writer.forward(theirs, 0, others, embeds, [])
        writer.copy(theirs[0], theirs[1], 16)
        await writer.synchronize()
        found = await writer.next(await writer.loop(theirs, 40, others, 6))  # a loop writes to the third page
        assert not {writer.handles.get(page, Kind.PAGE) for page in theirs[:3]} & set(physical[0])
        again = await reader.next(await reader.loop(mine, 59, tokens[59:], 6))
        same((list(again[0]), list(again[1])), wanted)
        same(await answer(model, tokens), wanted)
        # what the writer has is what it would have had without anybody else
        fresh = Program(model)
        pages = await fresh.pages(5)
        inputs = await fresh.embeds(60)
        fresh.forward(pages, 0, tokens, inputs, [])
        fresh.forward(pages, 0, others, inputs[:16], [])
        fresh.copy(pages[0], pages[1], 16)
        expected = await fresh.next(await fresh.loop(pages, 40, others, 6))
        same((list(found[0]), list(found[1])), (list(expected[0]), list(expected[1])))
        for program in (reader, writer, fresh):
            program.end()

    wanted = alone(run, tokens)
    run(scenario)


def test_pages_that_somebody_may_still_write_to_do_not_become_known(run: Callable[[Scenario], Any]) -> None:
    """A call that stands in another queue names the pages that a loop fills: it runs when the loop is over."""
    tokens = prompt(60)

    async def scenario(model: Model) -> None:
        program = Program(model)
        pages, embeds = await program.pages(5), await program.embeds(16)
        first = program.queue
        program.queue = program.new_queue()
        blocked = program.pages(PAGES - 4)  # waits for pages that the program itself holds
        waiting = asyncio.ensure_future(blocked)
        await asyncio.sleep(0)
        program.forward(pages, 0, prompt(16, seed=9), embeds, [])
        program.queue, second = first, program.queue
        await program.next(await program.loop(pages, 0, tokens, 6))
        assert model.status()["pages_cached"] == 0
        program.free(Kind.PAGE, pages[:1])
        with pytest.raises(CallError):
            await waiting
        program.queue = second
        await program.synchronize()
        same(await answer(model, tokens), wanted)
        program.end()

    wanted = alone(run, tokens)
    run(scenario)


def test_known_pages_make_room_for_others(run: Callable[[Scenario], Any]) -> None:
    async def scenario(model: Model) -> None:
        for seed in range(12):
            await answer(model, prompt(70, seed))
            await answer(model, prompt(70))  # used all the time, so it stays
        assert model.status()["tokens_reused"] == 12 * 64
        program = Program(model)
        assert len(await program.pages(PAGES)) == PAGES
        assert model.status()["pages_cached"] == 0
        program.end()
        await answer(model, prompt(70))
        assert model.status()["tokens_reused"] == 12 * 64

    run(scenario)


def test_a_prompt_of_which_a_part_failed_is_an_error_and_not_known(run: Callable[[Scenario], Any]) -> None:
    async def scenario(model: Model) -> None:
        send, scheduler = model.scheduler._submit, model.scheduler

        def failing(batch: Batch, done: Done) -> None:
            scheduler._submit = send
            asyncio.get_running_loop().call_soon(done, BatchResult(batch.id, error="a fault of the test"))

        scheduler._submit = failing
        with pytest.raises(CallError, match="a fault of the test"):
            await answer(model, prompt(100))  # two batches, of which the first fails
        assert model.status()["pages_cached"] == 0
        same(await answer(model, prompt(100)), wanted)

    wanted = alone(run, prompt(100))
    run(scenario)


@pytest.mark.parametrize("length", [5, 32, 70])
def test_the_first_token_of_a_known_prompt_is_drawn_without_a_forward(
    run: Callable[[Scenario], Any], length: int
) -> None:
    async def scenario(model: Model) -> None:
        same(await answer(model, prompt(length)), wanted)
        sent = spy(model)
        same(await answer(model, prompt(length)), wanted)
        assert [len(batch.tokens) for batch in sent[:2]] == [0, length - (length - 1) // 16 * 16 + 1]
        # a slot that something else is left in is not taken for it
        model.scheduler.embeds.give(model.scheduler.embeds.take(model.scheduler.embeds.size))
        sent.clear()
        same(await answer(model, prompt(length)), wanted)
        assert len(sent[0].tokens)

    wanted = alone(run, prompt(length))
    run(scenario)


@pytest.mark.parametrize("how", ["length", "stop token", "generate_stop"])
def test_a_loop_that_ends_with_its_first_token_leaves_its_prompt_in_the_pages(
    run: Callable[[Scenario], Any], how: str
) -> None:
    tokens = prompt(72)

    async def scenario(model: Model) -> None:
        first = (await answer(model, tokens))[0][0]
        sent, program = spy(model), Program(model)
        pages = await program.pages(6)
        stops = (first,) if how == "stop token" else ()
        handle = await program.loop(pages, 0, tokens, 1 if how == "length" else 9, stop_tokens=stops)
        if how == "generate_stop":
            while not sent:
                await asyncio.sleep(0)
            loop = program.handles.remove(handle, Kind.LOOP)
            loop.stop()
            model.scheduler.settle(loop)
        else:
            assert list((await program.next(handle))[0]) == [first]
        found = await program.next(await program.loop(pages, len(tokens), [first, *prompt(9, seed=3)], 6))
        same((list(found[0]), list(found[1])), wanted)
        assert not len(sent[0].tokens)
        program.end()

    begun = alone(run, tokens)[0][0]
    wanted = alone(run, [*tokens, begun, *prompt(9, seed=3)])
    run(scenario)


def test_what_fails_after_the_end_of_a_loop_is_told_to_the_next_call(run: Callable[[Scenario], Any]) -> None:
    async def scenario(model: Model) -> None:
        await answer(model, prompt(70))
        scheduler, send = model.scheduler, model.scheduler._submit

        def failing(batch: Batch, done: Done) -> None:
            fault = BatchResult(batch.id, error="a fault of the test")
            send(batch, (lambda _: done(fault)) if len(batch.tokens) else done)

        scheduler._submit = failing
        program = Program(model)
        handle = await program.loop(await program.pages(5), 0, prompt(70), 1)
        assert len((await program.next(handle))[0]) == 1
        with pytest.raises(CallError, match="a fault of the test"):
            await program.synchronize()
        program.end()

    run(scenario)


def test_a_loop_that_was_stopped_before_it_ran_leaves_nothing_known(run: Callable[[Scenario], Any]) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        handle = await program.loop(await program.pages(5), 0, prompt(60), 6)  # no batch has been formed since
        program.handles.get(handle, Kind.LOOP).stop()
        program.end()
        assert model.status()["pages_cached"] == 0
        same(await answer(model, prompt(60)), wanted)

    wanted = alone(run, prompt(60))
    run(scenario)


def test_a_loop_may_be_asked_long_after_its_end(run: Callable[[Scenario], Any]) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        pages = await program.pages(5)
        handle = await program.loop(pages, 0, prompt(60), 1)
        while not program.handles.get(handle, Kind.LOOP).retired:
            await asyncio.sleep(0.001)
        program.free(Kind.PAGE, pages)
        model.scheduler.pages.give(model.scheduler.pages.take(PAGES))  # what was in the pages is gone
        tokens, _, _, reason = await program.next(handle)
        assert list(tokens) == wanted[0] and reason == "length"
        program.end()

    wanted = alone(run, prompt(60), 1)
    run(scenario)


@pytest.mark.parametrize("seed", range(12))
def test_programs_that_share_prompts_get_what_each_gets_alone(run: Callable[[Scenario], Any], seed: int) -> None:
    """Loops end in all ways, some before they ran, and others go on from their pages."""

    async def story(model: Model, source: random.Random) -> None:
        program = Program(model)
        pages, filled, text = await program.pages(8), 0, prompt(source.choice([3, 16, 17, 32, 50]), source.randrange(3))
        for _ in range(source.randrange(1, 4)):
            handle = await program.loop(pages, filled, text[filled:], source.choice([1, 2, 5]))
            if source.random() < 0.2:
                await asyncio.sleep(source.choice([0, 0.005]))
                loop: Loop = program.handles.get(handle, Kind.LOOP)
                loop.stop()
                model.scheduler.settle(loop)
                break
            made, reason = [], ""
            while not reason:
                tokens, _, _, reason = await program.next(handle, source.choice([1, 5]))
                made += tokens
            seen.append((text, made))
            text = text + made + prompt(source.choice([0, 9]), source.randrange(2))
            filled = len(seen[-1][0]) + len(made) - 1
        program.end()

    async def scenario(model: Model) -> None:
        source = random.Random(seed)
        for _ in range(3):
            await asyncio.gather(*[story(model, random.Random(source.random())) for _ in range(3)])

    seen: list[tuple[list[int], list[int]]] = []
    run(scenario)
    for text, made in seen:
        assert alone(run, text, len(made))[0] == made


def spy(model: Model) -> list[Batch]:
    """The batches that are sent from now on."""
    sent: list[Batch] = []
    send = model.scheduler._submit

    def noting(batch: Batch, done: Done) -> None:
        sent.append(batch)
        send(batch, done)

    model.scheduler._submit = noting
    return sent


@given(st.lists(st.tuples(st.sampled_from(["take", "keep", "give", "find"]), st.integers(0, 7)), max_size=60))
@settings(max_examples=60, deadline=None)
def test_a_pool_with_kept_ones_counts_exactly(steps: list[tuple[str, int]]) -> None:
    pool, held, kept = Pool("things", 8), [], set()  # type: ignore[var-annotated]
    pool.lost = kept.remove
    for what, number in steps:
        if what == "take" and number <= pool.free:
            taken = pool.take(number)
            assert not set(taken) & (kept | set(held)) and len(set(taken)) == number
            held += taken
        elif what == "keep" and held:
            pool.kept[held[number % len(held)]] = number
            kept.add(held[number % len(held)])
        elif what == "give" and held:
            pool.give([held.pop(number % len(held))])
        elif what == "find" and kept:
            index = sorted(kept)[number % len(kept)]
            pool.revive([index])
            held.append(index)
        assert pool.free == pool.size - len(set(held))
    pool.give(held)
    assert pool.free == pool.size and sorted(pool.take(8)) == list(range(8)) and not kept
