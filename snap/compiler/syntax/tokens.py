"""Cuts source text into tokens for the grammar.

In: a `Source` and the parser's `Tables` (which number the kinds of token). Out: `Tokens`: the list, closed by `$END`,
and what stopped it, if anything did. Three jobs go beyond cutting:

- lines and blocks: `_NEWLINE`, `_INDENT`, `_DEDENT`; none inside brackets, none for blank lines. They have no width and
  lie at the end of the token before, so that a statement ends where its last word does;
- f-strings: text and fields come as tokens (`FSTRING_START`, `FSTRING_MIDDLE`, `FIELD_OPEN`, ...), nested to any depth;
- words that are keywords only in places: `match`, `case` and `type` are told apart by their whole line, and so is a
  parenthesis after `with` that holds `as` items.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import NamedTuple

from ..diag import CompileError, Diagnostic
from . import errors
from .literals import string_value
from .source import Source, Span
from .tables import Tables


class Token(NamedTuple):
    kind: int
    text: str  # for FSTRING_MIDDLE the text meant, with escapes replaced
    start: int
    end: int

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Tokens:
    items: list[Token]
    real: int  # how many of them stand in the text; the rest only closes the line, the blocks and the file
    failure: Diagnostic | None  # the text could not be read beyond the last token


MAX_BRACKETS = 200
MAX_INDENTS = 100

_STRING = (
    r"(?:[bBuU]|[bB]?[rR]|[rR][bB])?(?:"
    r"'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'(?!'')[^'\\\r\n]*(?:\\(?:\r\n|.)[^'\\\r\n]*)*'"
    r'|"(?!"")[^"\\\r\n]*(?:\\(?:\r\n|.)[^"\\\r\n]*)*")'
)
_NUMBER = (
    r"0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+"
    r"|(?:(?:[0-9](?:_?[0-9])*)?\.[0-9](?:_?[0-9])*|[0-9](?:_?[0-9])*\.?)(?:[eE][+-]?[0-9](?:_?[0-9])*)?[jJ]?"
)
_TOKEN = re.compile(
    r"(?:[ \t\f]++|\\(?:\r\n|\r|\n))*+(?:"
    rf"(?P<fstring>(?:[fF][rR]?|[rR][fF])(?:'''|\"\"\"|'|\"))|(?P<string>{_STRING})"
    r"|(?P<unterminated>(?:[bBuU]|[bB]?[rR]|[rR][bB])?(?:'''|\"\"\"|'|\"))"
    rf"|(?P<name>(?:[^\W\d]|[^\x00-\x7f])(?:\w|[^\x00-\x7f])*)|(?P<number>{_NUMBER})"
    r"|(?P<operator>\*\*=|//=|>>=|<<=|\.\.\.|[-+*/%&|^@]=|!=|==|<=|>=|->|:=|\*\*|//|<<|>>|[-+*/%&|^~@()\[\]{},:.;=<>!])"
    r"|(?P<newline>\r\n|\n|\r)|(?P<comment>\#[^\r\n]*))",
    re.DOTALL,
)
_BLANK = re.compile(r"[ \t\f]*(?:\#[^\r\n]*)?(?:\r\n|\n|\r|\Z)")
_PLAIN = re.compile(r"[^{}\\'\"\r\n]+")
_CONTINUED = re.compile(r"(?:[ \t\f]+|\\(?:\r\n|\r|\n))*")
_WORD = re.compile(r"[\w.]+")
_INDENTATION = re.compile(r"[ \t\f]*")
_NUMBER_MAY_TOUCH = re.compile(r"and|else|for|if|in|is|not|or")
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_OPENING = {")": "(", "]": "[", "}": "{"}
_LOOKALIKES = {
    "\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2212": "-", "\u2013": "-", "\u2014": "-",
    "\xd7": "*", "\xf7": "/", "\u2026": "...",
    "\u2264": "<=", "\u2265": ">=", "\u2260": "!=",
    "\uff08": "(", "\uff09": ")", "\uff0c": ",", "\uff1a": ":", "\xa0": " ", "\u3000": " ", "\u2192": "->",
}  # fmt: skip
_AFTER_SOFT_NAME = frozenset(["=", ".", ",", ")", "]", "}", ":", ";", ":=", "->"])


@dataclass(slots=True)
class _FString:
    """An f-string being read."""

    start: int
    quote: str
    raw: bool


@dataclass(slots=True)
class _Bracket:
    text: str
    offset: int
    fstring: _FString | None = None  # this bracket is a field of it
    in_format: bool = False  # ... and its format spec is being read


def tokenize(source: Source, tables: Tables) -> Tokens:
    """Never raises: what is wrong with the text is in `failure`."""
    reader = _Reader(source, tables)
    failure: Diagnostic | None = None
    try:
        reader.read()
    except CompileError as error:
        failure = error.diagnostics[0]
    real = len(reader.tokens)
    reader.finish()
    return Tokens(reader.tokens, real, failure)


@dataclass(slots=True)
class _Reader:
    source: Source
    tables: Tables
    text: str = ""
    position: int = 0
    tokens: list[Token] = field(default_factory=list)
    line_begin: int = 0  # index of the first token of the logical line
    brackets: list[_Bracket] = field(default_factory=list)
    indents: list[tuple[int, int]] = field(default_factory=lambda: [(0, 0)])  # columns with tabs of 8 and of 1
    of_match: list[bool] = field(default_factory=lambda: [False])  # by block: it holds the cases of a `match`
    after_match: bool = False  # the line before was a `match` header
    kinds: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.text = self.source.text
        self.kinds = {name: index for index, name in enumerate(self.tables.symbols[: self.tables.terminals])}

    # --- the main loop

    def read(self) -> None:
        text, tokens, brackets = self.text, self.tokens, self.brackets
        keywords = {word: kind for word, kind in self.tables.literals.items() if word not in ("match", "case", "type")}
        name_kind, number_kind, string_kind = self.kinds["NAME"], self.kinds["NUMBER"], self.kinds["STRING"]
        augment = self.kinds["AUGMENT"]
        match_token = _TOKEN.match
        length = len(text)
        self.position = 1 if text.startswith("\ufeff") else 0
        at_line_start = True
        while True:
            if at_line_start:
                self.indentation()
                at_line_start = False
            found = match_token(text, self.position)
            if found is None:
                if self.at_end(length):
                    return
                raise self.stray()
            group = found.lastgroup
            end = found.end()
            start = found.start(found.lastindex or 0)
            word = text[start:end]
            if group == "name":
                if not word.isascii():
                    word = self.identifier(word, start)
                tokens.append(Token(keywords.get(word, name_kind), word, start, end))
            elif group == "operator":
                self.position = end
                if word in _CLOSING:
                    self.open(word, start)
                elif word in _OPENING:
                    self.close(word, start)
                    continue
                elif word in (":", ":=", "!") and self.field_mark(word, start):
                    continue
                kind = augment if word[-1] == "=" and word not in keywords else keywords[word]
                tokens.append(Token(kind, word, start, end))
            elif group == "newline":
                if not brackets:
                    self.end_line()
                    at_line_start = True
            elif group == "string":
                tokens.append(Token(string_kind, word, start, end))
            elif group == "number":
                if (
                    end < length
                    and (text[end].isalnum() or text[end] == "_")
                    and not _NUMBER_MAY_TOUCH.match(text, end)
                ):
                    raise self.bad_number(start)
                tokens.append(Token(number_kind, word, start, end))
            elif group == "fstring":
                quote = word.lstrip("fFrR")
                tokens.append(Token(self.kinds["FSTRING_START"], word, start, end))
                self.position = end
                self.literal_text(_FString(start, quote, "r" in word or "R" in word))
                continue
            elif group == "unterminated":
                raise self.unterminated("string", start, word.lstrip("bBuUrR"))
            self.position = end

    def at_end(self, length: int) -> bool:
        rest = _INDENTATION.match(self.text, self.position)
        if rest is None or rest.end() < length:
            return False
        if self.brackets:
            bracket = self.brackets[-1]
            if bracket.fstring:
                raise self.unterminated("f-string", bracket.fstring.start, bracket.fstring.quote)
            raise CompileError.of(errors.UnclosedBracket(self.source, self.span(bracket.offset), bracket=bracket.text))
        return True

    def finish(self) -> None:
        """Closes the line and the blocks that are open, whatever happened."""
        if len(self.tokens) > self.line_begin:
            self.end_line()
        while len(self.indents) > 1:
            self.dedent()
        self.mark("$END")

    def mark(self, name: str) -> None:
        end = self.tokens[-1].end if self.tokens else 0
        self.tokens.append(Token(self.kinds[name], "", end, end))

    # --- lines and blocks

    def indentation(self) -> None:
        """Skips blank lines and compares the next one's indentation with the blocks that are open."""
        text = self.text
        while self.position < len(text) and (blank := _BLANK.match(text, self.position)):
            self.position = blank.end()
        if self.position >= len(text):
            return
        found = _INDENTATION.match(text, self.position)
        spaces = found.group() if found else ""
        spaces = spaces[spaces.rfind("\f") + 1 :]
        column = alternative = len(spaces)
        if "\t" in spaces:
            column = 0
            for character in spaces:
                column = column // 8 * 8 + 8 if character == "\t" else column + 1
        begin = self.position
        self.position = begin + (found.end() - begin if found else 0)
        span = Span(begin, max(self.position, begin + 1))
        here, here_alternative = self.indents[-1]
        if column == here and alternative == here_alternative:
            return
        if column > here:
            if alternative <= here_alternative:
                raise CompileError.of(errors.MixedIndentation(self.source, span))
            if len(self.indents) > MAX_INDENTS:
                raise CompileError.of(errors.TooDeep(self.source, span, what="blocks", limit=MAX_INDENTS))
            self.indents.append((column, alternative))
            self.of_match.append(self.after_match)
            self.after_match = False
            self.mark("_INDENT")
        else:
            levels = ", ".join(str(level) for level, _ in self.indents)
            while self.indents[-1][0] > column:
                self.dedent()
            if self.indents[-1][0] != column:
                raise CompileError.of(errors.UnmatchedUnindent(self.source, span, found=column, levels=levels))
            if self.indents[-1][1] != alternative:
                raise CompileError.of(errors.MixedIndentation(self.source, span))
        self.line_begin = len(self.tokens)

    def dedent(self) -> None:
        self.indents.pop()
        self.of_match.pop()
        self.mark("_DEDENT")
        self.line_begin = len(self.tokens)

    def end_line(self) -> None:
        if len(self.tokens) == self.line_begin:
            return
        self.after_match = False
        self.soft_keywords()
        self.mark("_NEWLINE")
        self.line_begin = len(self.tokens)

    def soft_keywords(self) -> None:
        """Gives the words that are keywords only in places their kind, now that the whole line is known."""
        tokens, begin = self.tokens, self.line_begin
        first = tokens[begin]
        name = self.kinds["NAME"]
        following = tokens[begin + 1].text if len(tokens) > begin + 1 else ""
        if first.kind == name and first.text == "match":
            if tokens[-1].text == ":" and len(tokens) > begin + 2 and following not in _AFTER_SOFT_NAME:
                self.turn(begin, "match")
                self.after_match = True
        elif first.kind == name and first.text == "case":
            if self.of_match[-1] and following not in _AFTER_SOFT_NAME:
                self.turn(begin, "case")
        elif first.text in ("with", "async"):
            self.with_group(begin + (first.text == "async"))
        for index in range(begin, len(tokens) - 1):
            token = tokens[index]
            if token.text == "type" and token.kind == name and tokens[index + 1].kind == name:
                if index == begin or tokens[index - 1].text in (";", ":"):
                    self.turn(index, "type")

    def turn(self, index: int, keyword: str) -> None:
        self.tokens[index] = self.tokens[index]._replace(kind=self.tables.literals[keyword])

    def with_group(self, index: int) -> None:
        """`with (a as b, c as d):` holds a group of items; `with (a, b):` and `with (a).b:` do not."""
        tokens = self.tokens
        if len(tokens) <= index + 1 or tokens[index].text != "with" or tokens[index + 1].text != "(":
            return
        depth = 0
        names_items = False
        for place in range(index + 1, len(tokens)):
            word = tokens[place].text
            if word in _CLOSING:
                depth += 1
            elif word in _OPENING:
                depth -= 1
                if depth == 0:
                    if names_items and place + 1 < len(tokens) and tokens[place + 1].text == ":":
                        tokens[index] = tokens[index]._replace(kind=self.kinds["WITH_GROUP"])
                    return
            elif depth == 1 and word == "as" and tokens[place].kind != self.kinds["STRING"]:
                names_items = True

    # --- brackets and f-strings

    def open(self, word: str, start: int) -> None:
        if len(self.brackets) >= MAX_BRACKETS:
            raise CompileError.of(errors.TooDeep(self.source, self.span(start), what="brackets", limit=MAX_BRACKETS))
        self.brackets.append(_Bracket(word, start))

    def close(self, word: str, start: int) -> None:
        if not self.brackets:
            raise CompileError.of(errors.UnmatchedBracket(self.source, self.span(start), bracket=word))
        bracket = self.brackets.pop()
        if _CLOSING[bracket.text] != word:
            error = errors.MismatchedBracket(
                self.source, self.span(start), closing=word, opening=bracket.text, expected=_CLOSING[bracket.text]
            )
            raise CompileError.of(error.labelled(self.source, self.span(bracket.offset), "opened here"))
        if bracket.fstring:
            self.tokens.append(Token(self.kinds["_FIELD_CLOSE"], word, start, start + 1))
            self.literal_text(bracket.fstring)
        else:
            self.tokens.append(Token(self.tables.literals[word], word, start, start + 1))

    def field_mark(self, word: str, start: int) -> bool:
        """`:` directly in a field of an f-string begins its format spec, even as part of `:=`; `!` its conversion."""
        bracket = self.brackets[-1] if self.brackets else None
        if bracket is None or bracket.fstring is None:
            if word == "!":
                raise self.invalid(start)
            return False
        if word == "!":
            self.tokens.append(Token(self.kinds["_FIELD_BANG"], word, start, start + 1))
            return True
        bracket.in_format = True
        self.tokens.append(Token(self.kinds["_FIELD_COLON"], ":", start, start + 1))
        self.position = start + 1
        self.literal_text(bracket.fstring)
        return True

    def literal_text(self, fstring: _FString) -> None:
        """Reads an f-string's own text up to its next field or its end; in a format spec, up to the field's end."""
        text, quote = self.text, fstring.quote
        in_format = bool(self.brackets) and self.brackets[-1].fstring is fstring and self.brackets[-1].in_format
        pieces: list[str] = []
        begin = chunk = position = self.position
        while True:
            if position >= len(text) or (len(quote) == 1 and text[position] in "\r\n"):
                raise self.unterminated("f-string", fstring.start, quote)
            character = text[position]
            if character == "\\":
                if not fstring.raw and text.startswith("N{", position + 1):
                    closing = text.find("}", position)
                    position = closing + 1 if closing >= 0 else len(text)
                else:
                    position += (
                        3
                        if text.startswith("\r\n", position + 1)
                        else 2
                        if text[position + 1 : position + 2] not in "{}"
                        else 1
                    )
            elif not in_format and character in "{}" and text.startswith(character, position + 1):
                pieces.append(self.plain(fstring, chunk, position + 1))
                position += 2
                chunk = position
            elif character in "{}" or text.startswith(quote, position):
                break
            else:
                plain = _PLAIN.match(text, position)
                position = plain.end() if plain else position + 1
        pieces.append(self.plain(fstring, chunk, position))
        if position > begin:
            self.tokens.append(Token(self.kinds["FSTRING_MIDDLE"], "".join(pieces), begin, position))
        if character == "{":
            self.open("{", position)
            self.brackets[-1].fstring = fstring
            self.tokens.append(Token(self.kinds["FIELD_OPEN"], "{", position, position + 1))
            self.position = position + 1
        elif character == "}":
            if not in_format:
                error = errors.BadField(self.source, self.span(position), problem="a single `}`")
                raise CompileError.of(error.helped("a brace that is meant as text is doubled: `}}`"))
            self.position = position + 1
            self.close("}", position)
        elif in_format:
            error = errors.BadField(
                self.source, self.span(self.brackets[-1].offset), problem="a field that is never closed"
            )
            raise CompileError.of(error)
        else:
            self.tokens.append(Token(self.kinds["FSTRING_END"], quote, position, position + len(quote)))
            self.position = position + len(quote)

    def plain(self, fstring: _FString, start: int, end: int) -> str:
        text = self.text[start:end]
        if fstring.raw:
            return text.replace("\r\n", "\n").replace("\r", "\n")
        return string_value(self.source, text, start)

    # --- names and what is no token at all

    def identifier(self, word: str, start: int) -> str:
        if not word.isidentifier():
            place = next(index for index in range(1, len(word) + 1) if not word[:index].isidentifier()) - 1
            raise self.invalid(start + place)
        return unicodedata.normalize("NFKC", word)

    def stray(self) -> CompileError:
        """What stands here is no token."""
        text = self.text
        skipped = _CONTINUED.match(text, self.position)
        begin = skipped.end() if skipped else self.position
        character = text[begin : begin + 1]
        if character == "\\" or not character:
            offset = begin if character else len(text) - 1
            return CompileError.of(errors.BadContinuation(self.source, self.span(offset)))
        return self.invalid(begin)

    def invalid(self, offset: int) -> CompileError:
        character = self.text[offset]
        shown = f"`{character}`" if character.isprintable() else "a character that cannot be seen"
        if not character.isascii() or not character.isprintable():
            shown += f" (U+{ord(character):04X})"
        error = errors.InvalidCharacter(self.source, self.span(offset), character=shown)
        if character in _LOOKALIKES:
            error = error.helped(f"it looks like `{_LOOKALIKES[character]}`, which is another character")
        elif character == "!":
            error = error.helped("`not x` negates; `!=` compares")
        elif character == "?":
            error = error.helped("a choice is written `a if condition else b`")
        return CompileError.of(error)

    def bad_number(self, start: int) -> CompileError:
        found = _WORD.match(self.text, start)
        end = found.end() if found else start + 1
        word = self.text[start:end]
        reasons = {"0x": "it is not hexadecimal", "0o": "it is not octal", "0b": "it is not binary"}
        reason = reasons.get(word[:2].lower(), "a letter or `_` follows it")
        return CompileError.of(errors.InvalidNumber(self.source, Span(start, end), reason=reason))

    def unterminated(self, kind: str, start: int, quote: str) -> CompileError:
        bracket = self.brackets[-1] if self.brackets else None
        if kind == "string" and bracket and bracket.fstring and bracket.fstring.quote == quote:
            return CompileError.of(
                errors.BadField(self.source, self.span(bracket.offset), problem="a field that is never closed")
            )
        head = self.text.find(quote, start) + len(quote)
        return CompileError.of(errors.UnterminatedString(self.source, Span(start, head), kind=kind, quote=quote))

    def span(self, offset: int) -> Span:
        return Span(offset, offset + 1)
