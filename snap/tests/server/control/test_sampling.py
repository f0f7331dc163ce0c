"""Sampling and grammars as programs use them: declared loops and loops by hand draw the same tokens."""

from __future__ import annotations

import json
import re

import pytest
from llguidance import LLParserLimits

from pielang.server.control.node import Node
from pielang.server.inference.grammar import GrammarRefused, Tokens
from tests.server.control.harness import Background, default_model
from tests.server.control.test_programs import finish

pytestmark = pytest.mark.model

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 12}, "age": {"type": "integer"}, "kind": {"enum": ["alpha", "beta"]},
    },
    "required": ["name", "age", "kind"], "additionalProperties": False,
}  # fmt: skip


GRAMMARS = """
from pielang import Context, Grammar, Sampling
from pielang.context import Generation
import pielang.raw as raw

async def show(root: Context, grammar: Grammar, seed: int | None = None) -> None:
    sampling = Sampling(temperature=0.0) if seed is None else Sampling(seed=seed)
    answer = await root.fork().generate(max_tokens=40, sampling=sampling, grammar=grammar)
    print(answer.finish_reason, answer.text)

async def refused(kind: str, source: str) -> None:
    try:
        await raw.compile_grammar(kind, source)
        print("taken")
    except GrammarError as error:
        print("GrammarError", str(error).split("\\n")[0])
    except LimitReached as error:
        print("LimitReached", error)

async def main(schema: str) -> None:
    root = Context().user("Describe a person named Bob, aged 42, as JSON.")
    shape = Grammar.json(schema)
    await show(root, shape)
    await show(root, shape, 4)
    await show(root, Grammar.choice(["yes (+)", "no."]), 1)
    await show(root, Grammar.regex("[0-9]{3}-[a-f]{4}"), 2)
    await show(root, Grammar.ebnf('root ::= "x" ("=" [0-9] ";") "end"'))
    await show(root, Grammar.lark('start: "(" start ")" | "leaf"'))
    matcher = await Grammar.regex("ab+c").matcher()
    for text in ["a", "b", "c"]:
        tokens = await raw.tokenize(text)
        print(tokens[0] in await matcher.allowed(), await matcher.accept(tokens), matcher.done)
    print(await matcher.accept(await raw.tokenize("d")))
    await refused("regex", "([")
    await refused("json", '{"type": "strin"}')
    await refused("json", '{"type":')
    await refused("lark", "start: foo")
    await refused("ebnf", "root ::= (")
    await refused("html", "<p>")
    await refused("regex", "a" * 300000)
"""


def test_answers_follow_their_grammars(background: Background, node: Node) -> None:
    _, printed = background.run(finish(node, GRAMMARS, schema=json.dumps(SCHEMA)))
    lines = printed.splitlines()
    for line in lines[:2]:
        reason, _, text = line.partition(" ")
        value = json.loads(text)
        assert reason == "end" and list(value) == ["name", "age", "kind"] and value["kind"] in ("alpha", "beta")
    assert lines[2] in ("end yes (+)", "end no.")
    assert re.fullmatch("end [0-9]{3}-[a-f]{4}", lines[3])
    assert re.fullmatch("end x=[0-9];end", lines[4])
    assert re.fullmatch(r"end (\(*)leaf(\)*)|length \(+", lines[5])
    assert lines[6:9] == ["True True False", "True True False", "True True True"] and lines[9] == "False"
    kinds = [line.split()[0] for line in lines[10:]]
    assert kinds == ["GrammarError"] * 6 + ["LimitReached"], lines[10:]
    assert "there is no kind of grammar 'html'" in lines[15] and "grammar_bytes" in lines[16]


@pytest.mark.parametrize("limits", [LLParserLimits(initial_lexer_fuel=20), LLParserLimits(max_grammar_size=3)])
def test_a_grammar_that_takes_too_long_is_refused(limits: LLParserLimits) -> None:
    tokens = Tokens(default_model(), 49152, [2], limits)
    with pytest.raises(GrammarRefused, match=r"fuel|too"):
        _, matcher = tokens.compile("lark", 'start: (a | b | c)+ \na: /x+[yz]{1,40}/ \nb: "x" a \nc: a "y"')
        tokens.mask(matcher)


FORCED = """
from pielang import Context, Grammar

async def main() -> int:
    shape = Grammar.regex("the quick brown fox [0-9] jumps over a lazy dog and then runs away into the wood")
    return len((await Context().fill("Say:").generate(grammar=shape)).tokens)
"""


def test_forced_tokens_are_no_steps(background: Background, node: Node) -> None:
    background.run(node.load_model())
    before = node.status()["forward_batches"]
    tokens, _ = background.run(finish(node, FORCED))
    assert tokens > 10 and node.status()["forward_batches"] - before <= tokens // 2


BY_HAND = """
from pielang import Context, Grammar, LogitBias, Sampling
import pielang.raw as raw

async def by_hand(tokens: list[int], how: raw.Sampler, count: int, grammar: int) -> list[int]:
    queue = await raw.create_queue()
    pages = await raw.alloc_kvpage(queue, 8)
    embeds = await raw.alloc_emb(queue, len(tokens))
    made: list[int] = []
    row = tokens[:]
    place = 0
    while len(made) < count:
        inputs = embeds[: len(row)]
        raw.embed_txt(queue, row, [place + i for i in range(len(row))], inputs)
        raw.forward(queue, pages, place, inputs, inputs[-1:])
        allowed = await raw.next_mask(grammar) if grammar != 0 else b""
        drawn, logprobs = await raw.sample(queue, inputs[-1:], how, len(made), tokens, made, allowed)
        place += len(row)
        row = drawn
        made.extend(drawn)
        if grammar != 0:
            taken, complete, forced = await raw.accept(grammar, drawn)
            if complete and not forced:
                break
    raw.dealloc_kvpage(queue, pages)
    raw.dealloc_emb(queue, embeds)
    return made

async def declared(tokens: list[int], how: raw.Sampler, count: int, grammar: int) -> list[int]:
    queue = await raw.create_queue()
    pages = await raw.alloc_kvpage(queue, 8)
    loop = await raw.generate(queue, pages, 0, tokens, count, how, [], [2], [], grammar, 0)
    made, logprobs, text, reason = await raw.generate_next(loop, count)
    raw.dealloc_kvpage(queue, pages)
    return made

async def main(pattern: str) -> None:
    tokens = await raw.tokenize("The cat and the dog and the bird and the")
    plain = await declared(tokens, raw.Sampler(), 24, 0)
    for how in [
        raw.Sampler(repetition=1.4),
        raw.Sampler(presence=1.5, frequency=0.7),
        raw.Sampler(temperature=0.9, top_p=0.9, seed=5, repetition=1.2, frequency=-0.3),
        raw.Sampler(bias_tokens=plain[:2], bias=[float("-inf"), 4.0]),
    ]:
        ahead = await declared(tokens, how, 24, 0)
        print(ahead == (await by_hand(tokens, how, 24, 0))[: len(ahead)], ahead != plain, plain[0] in ahead)
    for how in [raw.Sampler(), raw.Sampler(temperature=1.0, seed=3)]:
        ahead = await declared(tokens, how, 40, await raw.compile_grammar("regex", pattern))
        hand = await by_hand(tokens, how, 40, await raw.compile_grammar("regex", pattern))
        print(hand == ahead[: len(hand)], len(ahead) - len(hand), ahead[-1] == 2)
    far = raw.Sampler(bias_tokens=[60000], bias=[1.0])
    for wrong in [raw.Sampler(repetition=0.0), raw.Sampler(bias_tokens=[1]), far]:
        try:
            await declared(tokens, wrong, 4, 0)
        except ValueError as error:
            print(error)
"""


def test_loops_by_hand_draw_what_declared_loops_draw(background: Background, node: Node) -> None:
    """Also with what a grammar forces: the declared loop runs those tokens in one row."""
    _, printed = background.run(finish(node, BY_HAND, pattern="(the|a) quick brown fox [0-9]{2} jumps over it"))
    lines = printed.splitlines()
    assert [line.split()[:2] for line in lines[:4]] == [["True", "True"]] * 4, lines
    assert lines[3].endswith("False")
    assert lines[4:6] == ["True 1 True"] * 2
    assert "repetition must be above 0" in lines[6] and "one length" in lines[7] and "below 49152" in lines[8]
