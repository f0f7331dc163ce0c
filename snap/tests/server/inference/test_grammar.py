"""Masks of tokens against a reference that needs no parser: a pattern of so many characters, each one of some."""

from __future__ import annotations

import numpy as np
import pytest

from pielang.server.control.tokenizer import Tokenizer
from pielang.server.inference.grammar import Tokens
from tests.server.control.harness import default_model

END = 2
DIGITS, LETTERS = b"0123456789", b"abcdef"
FORMS = {
    "regex": r"[0-9]{3}-[a-f]{4}",
    "lark": 'start: DIGIT DIGIT DIGIT "-" (LETTER){4}\nDIGIT: /[0-9]/\nLETTER: /[a-f]/',
    "ebnf": 'root ::= d d d "-" l l l l\nd ::= [0-9]\nl ::= [a-f]',
    "json": '{"type": "string", "pattern": "^[0-9]{3}-[a-f]{4}$"}',
}


@pytest.mark.model
@pytest.mark.parametrize("kind", FORMS)
def test_a_mask_has_the_tokens_that_may_follow(kind: str) -> None:
    places = [DIGITS] * 3 + [b"-"] + [LETTERS] * 4
    if kind == "json":
        places = [b'"', *places, b'"']
    tokenizer = Tokenizer(default_model())
    tokens = Tokens(default_model(), tokenizer.vocab_size, [END])
    _, matcher = tokens.compile(kind, FORMS[kind])
    pieces = [tokenizer.token_bytes(token) for token in range(tokenizer.vocab_size)]
    text = bytes(place[-1] for place in places)
    made = 0
    while made < len(places):
        mask = np.unpackbits(np.frombuffer(tokens.mask(matcher), np.uint8), bitorder="little")
        may = np.flatnonzero(mask[: tokenizer.vocab_size]).tolist()
        assert may == [
            token
            for token, piece in enumerate(pieces)
            if 0 < len(piece) <= len(places) - made and all(a in b for a, b in zip(piece, places[made:]))
        ]
        token = next(token for token in may if text.startswith(pieces[token], made))
        matcher.consume_token(token)
        made += len(pieces[token])
    mask = np.unpackbits(np.frombuffer(tokens.mask(matcher), np.uint8), bitorder="little")
    assert np.flatnonzero(mask).tolist() == [END]
