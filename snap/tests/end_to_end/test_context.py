"""What `Context` promises, on the real model."""

from __future__ import annotations

from tests.end_to_end.conftest import System

FORKS = """
from pielang import Context, Sampling, gather

async def main(width: int) -> list[str]:
    root = Context().user("Name three colours.")
    await root.prefill()
    branches = root.fork(width)
    made = await gather(*[branch.generate(max_tokens=24, sampling=Sampling(temperature=0.0)) for branch in branches])
    return [generation.text for generation in made]
"""


def test_forks_share_batches(system: System) -> None:
    """Eight branches that generate together take the forward batches of one."""
    program = system.compile_text(FORKS)
    counts = []
    texts = []
    for width in (1, 8):
        before = system.batches()
        texts.append(system.run(program, width=width))
        counts.append(system.batches() - before)
    assert counts[0] == counts[1]
    assert texts[1] == texts[0] * 8


def test_unfilled_fork_runs_the_beginning_once(system: System) -> None:
    program = system.compile_text(
        FORKS.replace("    await root.prefill()\n", "").replace("Name three colours.", "Name three colours. " * 60)
    )
    before = system.client.status()["tokens"]
    texts = system.run(program, width=8)
    tokens = system.client.status()["tokens"] - before
    assert len(set(texts)) == 1
    assert tokens < 2 * 400 + 8 * 32


def test_fork_of_an_empty_context(system: System) -> None:
    program = system.compile_text("""
from pielang import Context, Sampling

async def main() -> list[str]:
    out: list[str] = []
    for branch in Context().fork(2):
        branch.user("Say hello.")
        out.append((await branch.generate(max_tokens=8, sampling=Sampling(temperature=0.0))).text)
    return out
""")
    first, second = system.run(program)
    assert first == second != ""


def test_branches_do_not_disturb_each_other(system: System) -> None:
    """Branches that share a half-full page go different ways; each continues as a context of its own would."""
    program = system.compile_text("""
from pielang import Context, Sampling, gather

greedy = Sampling(temperature=0.0)

async def alone(word: str) -> str:
    context = Context().fill("The capital of France is Paris. The capital of").fill(word)
    return (await context.generate(max_tokens=12, sampling=greedy)).text

async def main() -> list[str]:
    root = Context().fill("The capital of France is Paris. The capital of")
    await root.prefill()
    words = [" Italy", " Spain", " Japan"]
    branches = root.fork(3)
    for branch, word in zip(branches, words):
        branch.fill(word)
    made = await gather(*[branch.generate(max_tokens=12, sampling=greedy) for branch in branches])
    for branch in branches:
        branch.release()
    root.release()
    expected = await gather(*[alone(word) for word in words])
    return [generation.text for generation in made] + expected
""")
    texts = system.run(program)
    assert texts[:3] == texts[3:]
    assert len(set(texts)) == 3


def test_conversation(system: System) -> None:
    """A second question goes on from the answer, with the template's closing in between."""
    program = system.compile_text("""
from pielang import Context, Sampling

async def main() -> list[int]:
    context = Context().user("What is the capital of France?")
    await context.generate(max_tokens=32, sampling=Sampling(temperature=0.0))
    context.user("And of Italy?")
    await context.generate(max_tokens=32, sampling=Sampling(temperature=0.0))
    return context.tokens
""")
    written = system.compile_text("""
from pielang import Model

async def main(tokens: list[int]) -> str:
    return await Model.default().tokenizer.decode(tokens)
""")
    text = system.run(written, tokens=system.run(program))
    assert text.startswith("<|im_start|>system\nYou are a helpful AI assistant named SmolLM")
    middle = (
        "<|im_start|>assistant\nThe capital of France is Paris.<|im_end|>\n<|im_start|>user\nAnd of Italy?<|im_end|>\n"
    )
    assert middle + "<|im_start|>assistant\n" in text


def test_stops(system: System) -> None:
    program = system.compile_text("""
from pielang import Context, Sampling

async def main(stop: list[str], max_tokens: int) -> list[str]:
    context = Context().fill("one two three four five six")
    made = await context.generate(max_tokens=max_tokens, sampling=Sampling(temperature=0.0), stop=stop)
    return [made.text, made.finish_reason]
""")
    text, reason = system.run(program, stop=[], max_tokens=8)
    assert reason == "length"
    word = text.split()[1]
    assert system.run(program, stop=[word], max_tokens=8) == [text[: text.index(word)], "stop"]


def test_released_context(system: System) -> None:
    program = system.compile_text("""
from pielang import Context

async def main() -> str:
    with Context().fill("abc") as context:
        await context.prefill()
    try:
        context.user("more")
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return ""
""")
    assert system.run(program).startswith("Released: this context was released")


def test_forgotten_contexts_give_their_pages_back(system: System) -> None:
    """A program that never releases anything still fits, because the collector finds what it forgot."""
    program = system.compile_text("""
from pielang import Context

async def main(rounds: int) -> int:
    total = 0
    for i in range(rounds):
        context = Context().fill("word " * 600 + str(i))
        await context.prefill()
        total += context.pages
    return total
""")
    assert system.run(program, rounds=4) > 100


def test_same_seed_same_text(system: System) -> None:
    program = system.compile_text("""
from pielang import Context, Sampling

async def main(seed: int) -> str:
    return (await Context().user("Tell me a story.").generate(max_tokens=24, sampling=Sampling(seed=seed))).text
""")
    assert system.run(program, seed=1) == system.run(program, seed=1) != system.run(program, seed=2)
