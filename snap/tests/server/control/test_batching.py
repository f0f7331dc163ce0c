"""Whatever programs ask for in whatever order, batches give what one call after the other would have given.

The device is a model of one: a KV entry is a token and its place, a hidden state is all that its token could see.
Batches are run by the rules of server/wire/batch.py: copies read all before they write, rows write all before they
read, then come the heads.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pielang.api.errors import CallError
from pielang.server.control.model import Model
from pielang.server.control.queues import Export, Import, hold
from pielang.server.control.resources import Kind
from pielang.server.control.scheduler import BatchSettings
from pielang.server.wire.batch import Batch, BatchResult, Done, ModelInfo
from tests.server.control.harness import Program, everything_is_back

PAGE = 4
VOCABULARY = 1 << 30


def digest(*parts: Any) -> int:
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:4], "little") % VOCABULARY


class Device:
    """Runs batches in order, each a moment after it was sent; answers what was computed as token ids."""

    def __init__(self, pages: int = 1024, host_pages: int = 0) -> None:
        self.info = ModelInfo(
            name="test", path="", architecture="", dtype="float32", vocab_size=VOCABULARY, hidden_size=1, layers=1,
            context_length=4096, page_size=PAGE, page_count=pages, host_pages=host_pages, embed_count=64, token_slots=8,
            bos_token=None,
            end_tokens=(), traits=("OutputText",), roles={}, default_system=None, opening="", answer_prefix="",
        )  # fmt: skip
        self.memory: dict[tuple[int, int], Any] = {}
        self.host: dict[int, list[Any]] = {}
        self.states: dict[int, Any] = {}
        self.slots: dict[int, int] = {}
        self.sizes: list[int] = []

    def send(self, batch: Batch, done: Done) -> None:
        result = self.run(batch)  # in order of sending, as the wire keeps it
        asyncio.get_running_loop().call_later(0.0001, done, result)

    async def close(self) -> None:
        pass

    def run(self, batch: Batch) -> BatchResult:
        for page, place in zip(batch.save_page.tolist(), batch.save_host.tolist()):
            self.host[place] = [self.memory.pop((page, offset), None) for offset in range(PAGE)]
        for place, page in zip(batch.load_host.tolist(), batch.load_page.tolist()):
            self.memory.update({(page, offset): entry for offset, entry in enumerate(self.host.pop(place))})
        copied = {}
        for source, target, count in zip(batch.copy_from, batch.copy_to, batch.copy_tokens):
            for offset in range(count):
                assert (target, offset) not in copied
                copied[int(target), offset] = self.memory.get((int(source), offset))
        self.memory.update(copied)
        rows = []
        written = set()
        for row in range(len(batch.kv_len)):
            table = batch.pages[batch.page_start[row] : batch.page_start[row + 1]]
            places = range(batch.row_start[row], batch.row_start[row + 1])
            for index in places:
                token, position = int(batch.tokens[index]), int(batch.positions[index])
                token = self.slots[-token - 1] if token < 0 else token
                place = (int(table[position // PAGE]), position % PAGE)
                assert place not in written, "two rows write one place"
                written.add(place)
                self.memory[place] = (token, position)
                rows.append((index, table, position))
        self.sizes.append(len(batch.kv_len))
        seen = {
            index: tuple(self.memory.get((int(table[p // PAGE]), p % PAGE)) for p in range(position + 1))
            for index, table, position in rows
        }
        for index, slot in zip(batch.out_token, batch.out_embed):
            self.states[int(slot)] = seen[int(index)]
        width = int(batch.dist_top_k.max()) if len(batch.dist_top_k) else 0
        ids = [[digest(self.states[int(slot)], k) for k in range(width)] for slot in batch.dist_embed]
        drawn = []
        for index, slot in enumerate(batch.sample_embed):
            drawn.append(digest(self.states[int(slot)], 0))
            if batch.sample_slot[index] >= 0:
                self.slots[int(batch.sample_slot[index])] = drawn[-1]
        return BatchResult(
            batch.id,
            np.array(ids, np.int32).reshape(len(ids), width),
            np.zeros((len(ids), width), np.float32),
            np.array(drawn, np.int32),
            np.zeros(len(drawn), np.float32),
        )


class Bytes:
    """Stands for the tokenizer; no text is looked at here."""

    vocab_size = 0

    def token_bytes(self, token: int) -> bytes:
        raise AssertionError("no token has text here")


def wanted(tokens: list[int]) -> int:
    """What the device answers for the last of these tokens."""
    return digest(tuple((token, place) for place, token in enumerate(tokens)), 0)


async def sequence(program: Program, plan: list[tuple[str, int]], seed: int) -> None:
    """Grows, cuts, forks and reads sequences; many calls are posted before one is waited for."""
    pages, spare = await program.pages(8), await program.pages(8 * len(plan))
    inputs, (output,) = await program.embeds(32), await program.embeds(1)
    tokens: list[int] = []
    checks = []
    for step, (action, size) in enumerate(plan):
        new = [digest(seed, step, place) for place in range(min(size, 32 - len(tokens)))]
        match action:
            case "grow" if new:
                program.forward(pages, len(tokens), new, inputs[: len(new)], [output])
                tokens += new
                checks.append((program.next_dist([output], 1), wanted(tokens)))
            case "cut":
                tokens = tokens[: max(0, len(tokens) - size)]
            case "fork" if tokens:
                full, rest = divmod(len(tokens), PAGE)
                fresh = [spare.pop() for _ in range(8 - full)]
                if rest:
                    program.copy(pages[full], fresh[0], rest)
                program.free(Kind.PAGE, pages[full:])  # at once: the copy still holds what it reads
                pages = [*pages[:full], *fresh]
            case "loop" if len(new) > 1:
                asked = len(new) - 1
                loop = await program.loop(pages, len(tokens), new[:1], asked)
                made, *_, reason = await program.next(loop)
                expected = [*tokens, new[0]]
                for _ in range(asked):
                    expected.append(wanted(expected))
                assert (made, reason) == (expected[len(tokens) + 1 :], "length")
                tokens = expected[:-1]
            case "wait":
                await program.synchronize()
            case _:
                pass
    for future, value in checks:
        ids, _ = await future
        assert int(ids[0, 0]) == value
    program.end()
    program.model.scheduler.poke()  # as the node does


ACTIONS = st.tuples(st.sampled_from(["grow", "grow", "grow", "cut", "fork", "loop", "wait"]), st.integers(1, 9))


@pytest.mark.parametrize(("max_tokens", "pages"), [(64, 1024), (1024, 1024), (1024, 90)])
@given(
    plans=st.lists(st.lists(ACTIONS, max_size=10), min_size=1, max_size=5),
    in_flight=st.integers(1, 3),
    policy=st.sampled_from(["adaptive", "adaptive", "eager", "k-only", "t-only"]),
)
@settings(max_examples=60, deadline=None)
def test_batches_give_what_calls_one_by_one_give(
    max_tokens: int, pages: int, plans: list[list[tuple[str, int]]], in_flight: int, policy: str
) -> None:
    """With 90 pages, of which one program may want 88, they also take turns in host memory."""

    async def scenario() -> None:
        device = Device(pages, 1000)
        settings = BatchSettings(
            policy, max_tokens, 64, 4 if max_tokens == 64 else 64, in_flight, k_calls=1, t_seconds=0.0002
        )
        model = Model(device, Bytes(), settings, lambda: (0, 0.0))  # type: ignore[arg-type]
        await asyncio.gather(*[sequence(Program(model), plan, seed) for seed, plan in enumerate(plans)])
        while model.scheduler.in_flight:
            await asyncio.sleep(0)
        model.scheduler.poke()
        everything_is_back(model)
        assert max(device.sizes, default=0) <= settings.max_rows
        status = model.status()
        assert status["gave_up"] == status["suspended"] == 0 and status["host_pages_free"] == 1000
        if pages == 1024:
            assert status["saved_pages"] == 0

    asyncio.run(asyncio.wait_for(scenario(), 30))


def scheduled(
    scenario: Callable[[Model, Device], Coroutine[Any, Any, None]],
    running: list[bool],
    settings: BatchSettings,
    host_pages: int = 0,
) -> None:
    async def whole() -> None:
        device = Device(host_pages=host_pages)
        await scenario(Model(device, Bytes(), settings, lambda: (int(running[0]), 0.0)), device)  # type: ignore[arg-type]

    asyncio.run(asyncio.wait_for(whole(), 30))


async def ask(program: Program, answered: list[str], name: str) -> None:
    pages, (embed,) = await program.pages(1), await program.embeds(1)
    program.forward(pages, 0, [1], [embed], [embed])
    await program.next_dist([embed], 1)
    answered.append(name)


def test_a_higher_priority_goes_first_and_the_longest_waiting_next() -> None:
    async def scenario(model: Model, device: Device) -> None:
        answered: list[str] = []
        programs = {name: Program(model) for name in ("first", "second", "urgent", "late")}
        programs["urgent"].queue.priority = 1
        programs["late"].queue.priority = -1
        order = ["late", "first", "second", "urgent"]
        await asyncio.gather(*[ask(programs[name], answered, name) for name in order])
        # all of them were there when the first batch was formed
        assert answered == ["urgent", "first", "second", "late"]
        assert device.sizes == [1, 1, 1, 1]

    scheduled(scenario, [False], BatchSettings(max_rows=1))


def test_an_idle_device_waits_a_moment_for_guests_that_run() -> None:
    running = [True]

    async def scenario(model: Model, device: Device) -> None:
        answered: list[str] = []
        early = asyncio.ensure_future(ask(Program(model), answered, "early"))
        for _ in range(20):
            await asyncio.sleep(0)
        assert device.sizes == []
        late = asyncio.ensure_future(ask(Program(model), answered, "late"))
        for _ in range(20):
            await asyncio.sleep(0)
        running[0] = False
        model.scheduler.poke()
        await asyncio.gather(early, late)
        assert device.sizes == [2]
        running[0] = True  # one that never stops holds nobody up for long
        await ask(Program(model), answered, "alone")
        assert device.sizes == [2, 1]

    scheduled(scenario, running, BatchSettings(gather_seconds=0.02))


def test_programs_wait_for_pages_and_the_newest_gives_up_when_nobody_can_go_on() -> None:
    async def scenario(model: Model, device: Device) -> None:
        old, new = Program(model), Program(model)
        await old.pages(500)
        second = await new.pages(500)
        waiting = asyncio.ensure_future(old.pages(100))
        await asyncio.sleep(0)
        assert not waiting.done()
        new.free(Kind.PAGE, second[:100])
        model.scheduler.poke()
        assert len(await waiting) == 100  # somebody gave some back
        blocked = [asyncio.ensure_future(old.pages(100)), asyncio.ensure_future(new.pages(100))]
        with pytest.raises(CallError, match=r"100 KV pages were asked for, 24 of 1024 are free.*held: test 600"):
            await blocked[1]
        assert not blocked[0].done() and model.status()["gave_up"] == 1
        new.end()
        model.scheduler.poke()
        assert len(await blocked[0]) == 100
        with pytest.raises(CallError, match="held: test 700"):  # alone there is nobody to wait for
            await old.pages(1000)
        old.end()
        everything_is_back(model)

    scheduled(scenario, [False], BatchSettings())


def test_who_ranks_higher_gets_the_pages_of_others_and_these_come_back() -> None:
    async def scenario(model: Model, device: Device) -> None:
        oldest, middle, newest = Program(model), Program(model), Program(model)
        newest.queue.priority = 1
        first = await oldest.pages(400)
        await middle.pages(400)
        taken = await newest.pages(200)
        waiting = asyncio.ensure_future(middle.pages(100))  # nobody is below it
        assert len(await oldest.pages(100)) == 100 and not waiting.done()
        status = model.status()
        assert (status["suspended"], status["saved_pages"], status["host_pages_free"]) == (1, 400, 100)
        more = asyncio.ensure_future(newest.pages(600))  # the oldest has the rest, and not all of it has room
        await asyncio.sleep(0.01)
        assert not more.done() and model.status()["suspended"] == 1
        newest.free(Kind.PAGE, taken)
        more.cancel()
        newest.end()
        model.scheduler.poke()
        assert len(await waiting) == 100
        status = model.status()
        assert (status["suspended"], status["loaded_pages"], status["host_pages_free"]) == (0, 400, 500)
        oldest.free(Kind.PAGE, first)
        oldest.end()
        middle.end()
        everything_is_back(model)

    scheduled(scenario, [False], BatchSettings(), 500)


def test_who_makes_room_again_before_the_pages_are_back_loses_nothing() -> None:
    async def scenario(model: Model, device: Device) -> None:
        oldest, newest = Program(model), Program(model)
        (page,), embeds = await oldest.pages(1), await oldest.embeds(4)
        held, (output,), tokens = await newest.pages(2), await newest.embeds(1), [5, 6, 7, 8, 9]
        inputs = await newest.embeds(6)
        newest.forward(held, 0, tokens, inputs[:5], [output])
        assert int((await newest.next_dist([output], 1))[0][0, 0]) == wanted(tokens)
        for place in range(3):
            everything = await oldest.pages(model.info.page_count - 1)
            assert model.status()["suspended"] == 1
            if place != 1:  # the second time no batch has brought the pages back
                oldest.forward([page], 0, [1], embeds[:1], embeds[1:2])
                await oldest.next_dist(embeds[1:2], 1)
            oldest.free(Kind.PAGE, everything)
            model.scheduler.poke()
            assert model.status()["suspended"] == 0
        newest.forward(held, 5, [10], inputs[5:], [output])
        assert int((await newest.next_dist([output], 1))[0][0, 0]) == wanted([*tokens, 10])
        oldest.end()
        newest.end()
        model.scheduler.poke()
        everything_is_back(model)

    scheduled(scenario, [False], BatchSettings(), 500)


def test_exports_that_nobody_uses_make_room_oldest_first() -> None:
    async def scenario(model: Model, device: Device) -> None:
        program = Program(model)
        for name in ("a", "b", "c"):
            pages = await program.pages(300)
            command = Export(1000, name, b"")
            hold(command, program, pages, model.scheduler)
            program.post(command)
            program.free(Kind.PAGE, pages)
        exports = model.scheduler.exports
        assert exports.names == ["a", "b", "c"]
        used, _ = await program.call(Import, "a")
        kept = await program.pages(200)
        assert exports.names == ["a", "c"] and len(kept) == 200 and len(used) == 300
        program.end()
        exports.release("a")
        exports.release("c")
        everything_is_back(model)

    scheduled(scenario, [False], BatchSettings())
