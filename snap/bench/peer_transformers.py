"""Answers prompts by `transformers`, in an environment that has it: `python peer_transformers.py MODEL DTYPE`.

In: lines of JSON on standard input, [prompts, how many tokens]. Out: a line for each, [seconds to the first token,
seconds in all, tokens of one answer]. The prompts of a line are one batch; nothing is kept between lines.
"""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


class FirstToken:
    """Told of each step of a generation; notes the time of the first."""

    def __init__(self) -> None:
        self.calls = 0
        self.at = 0.0

    def __call__(self, ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        self.calls += 1
        self.at = self.at or time.perf_counter()
        return scores


def main() -> None:
    folder, dtype = sys.argv[1:]
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, dtype)).eval()
    for line in sys.stdin:
        prompts, count = json.loads(line)
        begin, first = time.perf_counter(), FirstToken()
        batch = tokenizer(prompts, return_tensors="pt", padding=True)
        with torch.inference_mode():
            model.generate(
                **batch, do_sample=False, min_new_tokens=count, max_new_tokens=count, logits_processor=[first]
            )
        print(json.dumps([first.at - begin, time.perf_counter() - begin, count]), flush=True)


if __name__ == "__main__":
    main()
