"""The control layer with the real model behind it: what comes out, in how many batches, and that all is given back."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from typing import Any

import pytest

from pielang.api.errors import CallError, Status
from pielang.server.control.model import Model
from pielang.server.control.queues import Cuts
from pielang.server.control.resources import Kind
from pielang.server.control.scheduler import BatchSettings
from pielang.server.control.tokenizer import Tokenizer
from pielang.server.wire.link import InferenceLink, InferenceOptions
from tests.server.control.harness import Background, Program, default_model, everything_is_back, played

pytestmark = pytest.mark.model
Scenario = Callable[[Model], Coroutine[Any, Any, Any]]
Run = Callable[[Scenario], Any]


@pytest.fixture(scope="module")
def link(background: Background) -> Iterator[InferenceLink]:
    options = InferenceOptions(default_model(), page_count=256, embed_count=512, token_slots=64)
    made = background.run(InferenceLink.start(options))
    yield made
    background.run(made.close())


@pytest.fixture
def run(background: Background, link: InferenceLink) -> Run:
    """Runs a scenario with a fresh scheduler over the process, and sees that everything was given back."""

    def running(scenario: Scenario, settings: BatchSettings | None = None) -> Any:
        async def whole() -> Any:
            model = Model(link, Tokenizer(default_model()), settings or BatchSettings(), lambda: (0, 0.0))
            model.scheduler.next_batch = link._latest + 1
            return await played(scenario, model)

        return background.run(whole())

    return running


def reference() -> list[dict[str, Any]]:
    path = Path(__file__).parents[2] / "reference" / "greedy-smollm2.json"
    return list(json.loads(path.read_text())["prompts"])


TEXT = "The capital of France is"


async def by_hand(program: Program, prompt: list[int], count: int, stop: int) -> list[int]:
    """Greedy, token by token over get_next_dist."""
    pages = await program.pages((len(prompt) + count + 15) // 16)
    inputs = await program.embeds(len(prompt))
    (output,) = await program.embeds(1)
    found: list[int] = []
    new, length = prompt, 0
    while len(found) < count and stop not in found:
        program.forward(pages, length, new, inputs[: len(new)], [output])
        ids, probabilities = await program.next_dist([output], 4)
        assert list(probabilities[0]) == sorted(probabilities[0], reverse=True)
        length += len(new)
        new = [int(ids[0, 0])]
        found += new
    program.free(Kind.PAGE, pages)
    program.free(Kind.EMBED, [*inputs, output])
    await program.synchronize()
    assert len(program.handles) == 0
    return found


def test_loops_and_hand_written_loops_give_the_reference(run: Run) -> None:
    prompts = [(item["prompt_ids"], item["fp32"][:24]) for item in reference()]

    async def scenario(model: Model) -> None:
        async def loop(prompt: list[int], wanted: list[int]) -> None:
            program = Program(model)
            tokens, logprobs, text, reason = await program.generate(prompt, len(wanted), stop_tokens=(2,))
            assert (tokens, reason) == (wanted, "end" if wanted[-1] == 2 else "length")
            assert len(logprobs) == len(tokens) and max(logprobs) <= 0
            shown = wanted[:-1] if wanted[-1] == 2 else wanted
            assert text == b"".join(model.token_bytes(token) for token in shown)
            assert len(program.handles) == 0

        async def hand(prompt: list[int], wanted: list[int]) -> None:
            assert await by_hand(Program(model), prompt, len(wanted), 2) == wanted

        await asyncio.gather(*[loop(*prompt) for prompt in prompts], *[hand(*prompt) for prompt in prompts[:2]])

    run(scenario)


def test_eight_forks_take_as_many_batches_as_one(run: Run) -> None:
    async def scenario(model: Model) -> None:
        prompt = model.tokenizer.encode(TEXT)
        used, outcomes = [], []
        for width in (1, 8):
            before = model.scheduler.counters.forward_batches
            programs = [Program(model) for _ in range(width)]
            outcomes += await asyncio.gather(*[program.generate(prompt, 12) for program in programs])
            used.append(model.scheduler.counters.forward_batches - before)
        assert used == [12, 11]  # the state after a prompt that is known needs none
        assert {tuple(tokens) for tokens, *_ in outcomes} == {tuple(outcomes[0][0])}
        assert model.scheduler.counters.largest_rows == 8

    run(scenario)


def test_a_call_chain_is_one_batch(run: Run) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        pages, embeds = await program.pages(2), await program.embeds(9)
        tokens = model.tokenizer.encode(TEXT)
        program.forward(pages, 0, tokens, embeds[: len(tokens)], embeds[7:9])
        ids, _ = await program.next_dist(embeds[7:9], 3)
        assert ids.shape == (2, 3)
        assert model.scheduler.counters.batches == 1
        sampled, logprobs = await program.sample([embeds[8]])
        assert sampled[0] == ids[1, 0] and logprobs[0] < 0
        program.end()

    run(scenario)


def test_forks_share_full_pages_and_copy_the_last(run: Run) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        prompt = model.tokenizer.encode(TEXT + ". The capital of Spain is Madrid. The capital of Italy is")
        assert 16 < len(prompt) < 32
        alone, *_ = await program.generate(prompt, 8)
        root, inputs = await program.pages(2), await program.embeds(len(prompt))
        program.forward(root, 0, prompt[:-1], inputs[: len(prompt) - 1], [])
        loops = []
        for _ in range(3):  # all in one queue, nothing is waited for but the handles
            own = await program.pages(2)
            program.copy(root[1], own[0], len(prompt) - 1 - 16)
            loops.append(await program.loop([root[0], *own], len(prompt) - 1, prompt[-1:], 8))
        program.free(Kind.PAGE, root)  # the loops still hold what they read
        outcomes = await asyncio.gather(*[program.next(loop) for loop in loops])
        assert [tokens for tokens, *_ in outcomes] == [alone] * 3
        program.end()

    run(scenario)


def test_long_prompts_are_cut_and_mixed_with_decoding(run: Run) -> None:
    async def scenario(model: Model) -> None:
        short, prompt = Program(model), Program(model)
        long = model.tokenizer.encode("one two three four five six seven eight nine ten " * 20)
        assert len(long) > 190
        wanted, *_ = await prompt.generate(long, 5)
        whole = model.scheduler.counters.forward_batches
        pages = await short.pages(4)
        going = await short.loop(pages, 0, long[:10], 40)
        first, *_ = await short.next(going, 3)
        assert len(first) >= 3
        model.scheduler.settings = BatchSettings(max_tokens=64)
        cut, *_ = await prompt.generate(long, 5)
        assert cut == wanted
        assert model.scheduler.counters.forward_batches - whole > 8
        rest, _, _, reason = await short.next(going)
        assert (len(first) + len(rest), reason) == (40, "length")
        short.end()

    run(scenario)


def test_the_same_seed_draws_the_same_whatever_else_runs(run: Run) -> None:
    async def scenario(model: Model) -> None:
        prompt = model.tokenizer.encode("Once upon a time")
        cuts = [Cuts(0.9, 50, 0.95, 0.01, seed) for seed in range(4)]
        alone, *_ = await Program(model).generate(prompt, 10, cuts=cuts[1])
        together = await asyncio.gather(*[Program(model).generate(prompt, 10, cuts=cut) for cut in cuts])
        assert together[1][0] == alone
        assert len({tuple(tokens) for tokens, *_ in together}) > 1

    run(scenario)


def test_stop_strings_end_the_text_before_them(run: Run) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        prompt = model.tokenizer.encode("1, 2, 3, 4, 5,")
        free, _, text, _ = await program.generate(prompt, 16)
        assert b" 8" in text
        tokens, _, cut, reason = await program.generate(prompt, 16, stop_strings=("", " 8, 9", "nothing"))
        assert reason == "stop" and cut == text[: text.index(b" 8, 9")]
        assert tokens == free[: len(tokens)] and len(tokens) < 16
        # what may be the beginning of a stop string is held back until it is known
        pages = await program.pages(4)
        going = await program.loop(pages, 0, prompt, 16, stop_strings=("8, X",))
        seen = b""
        reason = ""
        while not reason:
            _, _, piece, reason = await program.next(going, 1)
            assert reason or not (seen + piece).endswith((b"8", b"8,", b"8, "))
            seen += piece
        assert (seen, reason) == (text, "length")
        program.end()

    run(scenario)


def test_a_stopped_loop_gives_its_places_back(run: Run) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        prompt = model.tokenizer.encode(TEXT)
        pages = await program.pages(4)
        going = await program.loop(pages, 0, prompt, 50)
        tokens, _, _, reason = await program.next(going, 3)
        assert reason == ""
        program.handles.get(going, Kind.LOOP).stop()
        model.scheduler.settle(program.handles.get(going, Kind.LOOP))
        # the pages are as if only what was asked for had been made
        (last,) = await program.embeds(1)
        inputs = await program.embeds(1)
        program.forward(pages, len(prompt) + len(tokens) - 1, tokens[-1:], inputs, [last])
        ids, _ = await program.next_dist([last], 1)
        whole, *_ = await program.generate(prompt, len(tokens) + 1)
        assert whole == [*tokens, int(ids[0, 0])]
        program.end()

    run(scenario)


def test_ending_a_program_in_the_middle_returns_everything(run: Run) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        prompt = model.tokenizer.encode(TEXT)
        for _ in range(5):
            pages, embeds = await program.pages(8), await program.embeds(len(prompt))
            program.forward(pages, 0, prompt, embeds, embeds[-1:])
            waiting = program.next_dist(embeds[-1:], 5)
            await program.loop(await program.pages(8), 0, prompt, 100)
        program.end()
        everything_is_back(model)
        assert not waiting.done()
        other, *_ = await Program(model).generate(prompt, 4)  # its pages were somebody's just now
        assert other == (await Program(model).generate(prompt, 4))[0]

    run(scenario)


def test_errors_say_what_is_wrong_and_stay_with_their_queue(run: Run) -> None:
    async def scenario(model: Model) -> None:
        program = Program(model)
        pages, embeds = await program.pages(1), await program.embeds(3)

        async def fails(future: Any, status: Status, words: str) -> None:
            with pytest.raises(CallError) as caught:
                await future
            assert caught.value.status is status and words in caught.value.message, caught.value.message

        await fails(program.next_dist(embeds[:1], 5), Status.VALUE_ERROR, "what forward() left")
        program.forward(pages, 15, [5, 6], embeds[:2], embeds[2:])
        await fails(program.next_dist(embeds[2:], 5), Status.VALUE_ERROR, "do not fit 1 pages (16 tokens)")
        program.forward(pages, 0, [49152], embeds[:1], [])
        await fails(program.synchronize(), Status.VALUE_ERROR, "49152 is no token")
        program.forward(pages, 0, [7], embeds[:1], embeds[2:])
        ids, _ = await program.next_dist(embeds[2:], 1)  # the queue goes on
        assert ids.shape == (1, 1)
        await fails(program.pages(10_000), Status.POOL_EXHAUSTED, "10000 KV pages were asked for, 255 of 256 are free")
        program.free(Kind.PAGE, pages)
        program.forward(pages, 0, [7], embeds[:1], embeds[2:])
        await fails(program.next_dist(embeds[2:], 1), Status.RELEASED, "KV page was given back")
        for cuts in (Cuts(-1, 0, 1, 0, 0), Cuts(1, -1, 1, 0, 0), Cuts(1, 0, 0, 0, 0), Cuts(1, 0, 1, 2, 0)):
            await fails(program.sample(embeds[2:], cuts), Status.VALUE_ERROR, "must be")
        big = await program.pages(200)
        await fails(program.loop(big, 0, [1], 9000), Status.LIMIT_REACHED, "8192 tokens")
        await fails(program.loop(big, 0, [], 5), Status.VALUE_ERROR, "at least one token")
        stranger = Program(model)
        stranger.forward(big[:1], 0, [7], await stranger.embeds(1), [])
        await fails(stranger.synchronize(), Status.RELEASED, "KV page")
        program.end()
        stranger.end()

    run(scenario)


def test_a_killed_process_fails_every_waiting_call(background: Background) -> None:
    async def scenario() -> None:
        lost: list[Exception] = []
        link = await InferenceLink.start(InferenceOptions(default_model(), page_count=64), lost.append)
        model = Model(link, Tokenizer(default_model()), BatchSettings(), lambda: (0, 0.0))
        program = Program(model)
        prompt = model.tokenizer.encode(TEXT)
        waiting = asyncio.ensure_future(program.generate(prompt, 900))
        while not model.scheduler.counters.batches:
            await asyncio.sleep(0.001)
        os.kill(link.process_id, 9)
        with pytest.raises(CallError, match="killed by signal 9") as caught:
            await waiting
        assert caught.value.status is Status.MODEL_ERROR
        with pytest.raises(CallError, match="killed by signal 9"):
            await program.pages(1)
        program.end()
        everything_is_back(model)
        await link.close()

    background.run(scenario())
