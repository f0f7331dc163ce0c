"""Calls a program makes for one output token, by technique (the paper's figure 11).

python -m bench.counts [--tokens N] [--json]
"""

from __future__ import annotations

import argparse

from bench.engine import compiled, main, node_on, result_of

TECHNIQUES = {
    "declared loop": """
from pielang import Context, Sampling
async def main(count: int) -> int:
    answer = await Context().user("Tell me a story.").generate(count, Sampling(temperature=0.0))
    return len(answer.tokens)
""",
    "loop by hand": """
from pielang import Context
async def main(count: int) -> int:
    context = Context().user("Tell me a story.")
    for step in range(count):
        context.append([(await context.next_dist(top_k=16)).argmax()])
    return count
""",
    "four branches": """
from pielang import Context, Sampling, gather
async def main(count: int) -> int:
    branches = Context().user("Tell me a story.").fork(4)
    answers = await gather(*[branch.generate(count // 4, Sampling(temperature=0.0)) for branch in branches])
    return sum([len(answer.tokens) for answer in answers])
""",
    "streamed": """
from pielang import Context, Sampling
from pielang.raw import send
async def main(count: int) -> int:
    stream = Context().user("Tell me a story.").stream(count, Sampling(temperature=0.0))
    while (piece := await stream.next()) is not None:
        send(piece)
    return len((await stream.rest()).tokens)
""",
}


async def measure(options: argparse.Namespace) -> dict[str, float]:
    figures = {}
    for name, text in TECHNIQUES.items():
        async with node_on("instant") as node:
            digest = await node.upload(compiled("technique", text))
            tokens = await result_of(await node.launch(digest, {"count": options.tokens}))
            counts = node.call_counts()
        figures[f"{name.replace(' ', '_')}_calls_per_token"] = sum(counts.values()) / tokens
    return figures


if __name__ == "__main__":
    main(__doc__.splitlines()[0], measure, ["tokens=64"])
