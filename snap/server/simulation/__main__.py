"""`python -m pielang.server.simulation`: stands in for the inference process, behind the same messages.

In: an endpoint, and `InferenceOptions` that name a row of `device.HARDWARE` and a model for its tokenizer and texts.
Out: a `ModelInfo`, then a `BatchResult` for each batch, when the device would have been done with it.
"""

from __future__ import annotations

import sys
import time
from collections import deque
from dataclasses import replace

import numpy as np

from pielang.server.control.tokenizer import Tokenizer
from pielang.server.inference.config import ModelRefused, load_config
from pielang.server.inference.description import TEXT, describe
from pielang.server.inference.grammar import Tokens
from pielang.server.inference.process import run
from pielang.server.simulation.device import HARDWARE, Simulated
from pielang.server.wire.batch import Batch, ModelInfo
from pielang.server.wire.endpoint import InferenceEndpoint
from pielang.server.wire.link import InferenceOptions

SPIN_SECONDS = 0.0005


def main(arguments: list[str]) -> int:
    """Run the process; returns its exit code."""
    endpoint, options = arguments
    return run(endpoint, lambda: load(InferenceOptions.read(options)), serve)


def serve(endpoint: InferenceEndpoint, device: Simulated) -> None:
    """Run batches one after another for ever; a batch that came while the device was busy begins when it is free."""
    free_at = time.perf_counter()
    ahead: deque[Batch] = deque()  # came while the device was busy
    while True:
        if ahead:
            begins, batch = free_at, ahead.popleft()
        else:
            received = endpoint.receive(wait=True)
            if received is None:
                continue
            begins, batch = max(free_at, time.perf_counter()), received
        result, seconds = device.run(batch)
        free_at = begins + seconds
        while (left := free_at - time.perf_counter()) > 0:
            if left > SPIN_SECONDS:
                time.sleep(left - SPIN_SECONDS)
            if (received := endpoint.receive(wait=False)) is not None:
                ahead.append(received)
        endpoint.send(result)


def load(options: InferenceOptions) -> tuple[Simulated, ModelInfo]:
    """Raises `ModelRefused`."""
    hardware = HARDWARE.get(options.simulate)
    if hardware is None:
        raise ModelRefused(f"there is no simulated device '{options.simulate}'; there are: {', '.join(HARDWARE)}")
    folder = options.model
    config, tokenizer = load_config(folder), Tokenizer(folder)
    words = [token for token in range(tokenizer.vocab_size) if _is_word(tokenizer.token_bytes(token))]
    page_count, host_pages = options.page_count or hardware.page_count, options.host_pages or 0
    device = Simulated(
        hardware, np.array(words, np.int64), config.end_tokens[0], page_count, options.embed_count,
        options.token_slots, host_pages, Tokens(folder, config.vocab_size, config.end_tokens),
    )  # fmt: skip
    info = replace(
        describe(options, config, "bfloat16"),
        name=options.name or f"sim:{options.simulate}",
        architecture=f"simulated {options.simulate}",
        context_length=hardware.context_length,
        page_count=page_count,
        host_pages=host_pages,
        traits=(*TEXT, "Introspect", "Grammar"),
    )
    return device, info


def _is_word(text: bytes) -> bool:
    return text.startswith(b" ") and len(text) > 3 and text[1:].isalpha()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
