"""A small SentencePiece vocabulary, and what SentencePiece and transformers make of texts with it.

`python -m tests.models.sentencepiece_record` trains it (tests/reference/tokenizer.model) and records both
(sentencepiece.json beside it) with the `sentencepiece`, `protobuf` and `transformers` that are installed.
"""

from __future__ import annotations

import io
import json
import random
import shutil
import tempfile
from pathlib import Path

REFERENCE = Path(__file__).parents[1] / "reference"
MODEL, RECORD = REFERENCE / "tokenizer.model", REFERENCE / "sentencepiece.json"
WORDS = (
    "the river runs to the sea and the stone stays where it is; morning letters, garden engines, window colours: "
    "numbers of winter stories. def main(x): return x + 1 été übermäßig naïve"
)
TEXTS = (
    "the river", "The garden é 🎉 x\n y", "a", "", "numbers 123", "\n\n", "tab\there", "été übermäßig", "  two  spaces",
    " ", " </s>", "</s>hello <s> there", "<s>[x] the </s><s> river\n", "x" * 50, "▁", "the ▁ stone",
    "\u0000\u2581\ud7ff",
)  # fmt: skip


def main() -> None:
    import sentencepiece
    from transformers import LlamaTokenizer

    chosen, made = random.Random(3), io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter([" ".join(chosen.choices(WORDS.split(), k=12)) for _ in range(300)]),
        model_writer=made, vocab_size=400, model_type="bpe", byte_fallback=True, normalization_rule_name="identity",
        remove_extra_whitespaces=False, split_digits=True, allow_whitespace_only_pieces=True, minloglevel=2,
    )  # fmt: skip
    MODEL.write_bytes(made.getvalue())
    original = sentencepiece.SentencePieceProcessor(model_proto=made.getvalue())
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(MODEL, folder)
        later = [LlamaTokenizer.from_pretrained(folder, legacy=legacy) for legacy in (True, False)]
    record = [
        {
            "text": text,
            "sentencepiece": original.encode(text),
            "transformers": [tokenizer.encode(text, add_special_tokens=False) for tokenizer in later],
            "decoded": original.decode(original.encode(text)),
        }
        for text in TEXTS
    ]
    RECORD.write_text(json.dumps(record, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
