"""A Hugging Face tokenizer.json out of the vocabulary that a GGUF file carries.

Comes in: tokens, their types, merges and the name of the pre-tokenizer. Goes out: the JSON value of tokenizer.json
for the `tokenizers` library. Only byte-level BPE ("gpt2" in GGUF's words).
"""

from __future__ import annotations

from collections.abc import Sequence

from pielang.models.errors import UnsupportedModel

Json = dict[str, object]

# SentencePiece's, and so llama.cpp's, token types that stand for themselves in a text
UNKNOWN, CONTROL, USER_DEFINED = 2, 3, 4

# Llama 3's split of a text into words, before bytes are paired
_LLAMA3_WORDS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def tokenizer_json(tokens: Sequence[str], types: Sequence[int], merges: Sequence[str], pre: str) -> Json:
    """Build the content of tokenizer.json.

    `tokens[i]` is token i in byte-level spelling, `types[i]` its llama.cpp type, `merges` the pairs "a b" in order
    of rank, `pre` the value of `tokenizer.ggml.pre`. Raises `UnsupportedModel` for a pre-tokenizer that is not
    known: guessing one gives ids that are wrong only now and then, which is worse than none.
    """
    decoder: Json = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    model: Json = {
        "fuse_unk": False,
        "byte_fallback": False,
        "ignore_merges": pre == "llama-bpe",
        "merges": list(merges),
    }
    normalizer = {"type": "NFC"} if pre == "qwen2" else None
    return document(tokens, types, model, normalizer=normalizer, pre_tokenizer=_pre_tokenizer(pre), decoder=decoder)


def document(tokens: Sequence[str], types: Sequence[int], model: Json, **parts: object) -> Json:
    """tokenizer.json with what a BPE model and the parts around it have; what is not given there is null."""
    unset = ("dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix")
    vocabulary = {token: index for index, token in enumerate(tokens)}
    return {
        **dict.fromkeys(("truncation", "padding", "normalizer", "post_processor")),
        "version": "1.0",
        "added_tokens": _added_tokens(tokens, types),
        **parts,
        "model": {"type": "BPE", **dict.fromkeys(unset), "vocab": vocabulary, **model},
    }


def _added_tokens(tokens: Sequence[str], types: Sequence[int]) -> list[Json]:
    """Those that stand for themselves; all but what a user defined are special."""
    flags: Json = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return [
        {"id": index, "content": token, **flags, "special": kind != USER_DEFINED}
        for index, (token, kind) in enumerate(zip(tokens, types, strict=True))
        if kind in (UNKNOWN, CONTROL, USER_DEFINED)
    ]


def _pre_tokenizer(pre: str) -> Json:
    match pre:
        case "smollm":
            return _sequence({"type": "Digits", "individual_digits": True}, _byte_level(use_regex=True))
        case "gpt-2":
            return _byte_level(use_regex=True)
        case "llama-bpe" | "qwen2":
            words = _LLAMA3_WORDS if pre == "llama-bpe" else _LLAMA3_WORDS.replace(r"\p{N}{1,3}", r"\p{N}")
            split = {"type": "Split", "pattern": {"Regex": words}, "behavior": "Isolated", "invert": False}
            return _sequence(split, _byte_level(use_regex=False))
        case _:
            raise UnsupportedModel(
                f"the GGUF file's tokenizer splits text the {pre!r} way; known: smollm, gpt-2, llama-bpe, qwen2. "
                "Give the model as a Hugging Face folder (with tokenizer.json) instead."
            )


def _sequence(*parts: Json) -> Json:
    return {"type": "Sequence", "pretokenizers": list(parts)}


def _byte_level(use_regex: bool) -> Json:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": use_regex}
