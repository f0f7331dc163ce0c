"""Why the parser could not go on, in the user's words.

In: the tokens, the one that no rule takes, and the parser's states there. Out: one diagnostic. What could stand at
the place is asked of the parser's own tables; what the writer may have meant is read from the words around. The rules
are tried in order, the ones that know most first.
"""

from __future__ import annotations

from itertools import pairwise
from keyword import iskeyword, kwlist

from ..diag import Diagnostic, closest
from . import errors
from .engine import Engine
from .source import Source, Span
from .tokens import Token

_HEADERS = frozenset(
    ["if", "elif", "else", "while", "for", "def", "class", "try", "except", "finally", "with", "async", "match", "case"]
)
_COMPOUND = frozenset(["if", "while", "for", "def", "class", "try", "with", "async", "@"])
_CLAUSES = {
    "else": "`if`, `for`, `while` or `try`",
    "elif": "`if`",
    "except": "`try`",
    "finally": "`try`",
    "case": "`match`",
}
_STATEMENTS = tuple(
    word for word in kwlist if word.islower() and word not in ("in", "is", "and", "or", "not", "as", "lambda")
)
_DEFINES = frozenset(["function", "func", "fn", "fun", "sub", "proc"])
_FOREIGN = {  # what it means, and what stands for it if that is all there is to say
    "&&": ("`and` joins two conditions", " and "),
    "||": ("`or` joins two conditions", " or "),
    "===": ("`==` compares values, `is` compares identity", "=="),
    "!==": ("`!=` compares values, `is not` compares identity", "!="),
    "<>": ("`!=` compares", "!="),
    "=>": ("`>=` is greater or equal; a small function is written `lambda x: ...`", ">="),
    "=<": ("`<=` is less or equal", "<="),
    "++": ("write `name += 1`", " += 1"),
    "--": ("write `name -= 1`", " -= 1"),
}


def explain(
    engine: Engine, source: Source, tokens: list[Token], index: int, states: list[int], failure: Diagnostic | None
) -> Diagnostic:
    return _Scene(engine, source, tokens, index, states, failure).diagnosis()


class _Scene:
    def __init__(
        self,
        engine: Engine,
        source: Source,
        tokens: list[Token],
        index: int,
        states: list[int],
        failure: Diagnostic | None,
    ) -> None:
        self.engine = engine
        self.source = source
        self.tokens = tokens
        self.index = index
        self.states = states
        self.failure = failure
        self.symbols = engine.tables.symbols
        self.token = tokens[index]
        self.previous = tokens[index - 1] if index else None
        self.line_begin = index
        while self.line_begin and self.kind(self.line_begin - 1) not in ("_NEWLINE", "_INDENT", "_DEDENT"):
            self.line_begin -= 1
        self.first = tokens[self.line_begin]
        self.opened = self.open_brackets()

    # --- what is known about the place

    def kind(self, index: int) -> str:
        return self.symbols[self.tokens[index].kind]

    @property
    def here(self) -> str:
        return self.symbols[self.token.kind]

    def takes(self, *names: str) -> bool:
        """Could each of these stand here? Keywords and operators go by their text, other tokens by their kind."""
        tables = self.engine.tables
        return all(self.engine.takes(self.states, tables.literals.get(name) or tables.terminal(name)) for name in names)

    @property
    def wants_value(self) -> bool:
        return self.takes("NUMBER")

    @property
    def begins_value(self) -> bool:
        return self.here in ("NAME", "NUMBER", "STRING", "FSTRING_START") or self.token.text in (
            "None",
            "True",
            "False",
            "lambda",
        )

    @property
    def line_ends(self) -> bool:
        return self.here in ("_NEWLINE", "_DEDENT", "$END")

    def open_brackets(self) -> list[Token]:
        opened: list[Token] = []
        for token in self.tokens[self.line_begin : self.index]:
            if self.symbols[token.kind] in ("STRING", "FSTRING_MIDDLE"):
                continue
            if token.text in ("(", "[", "{"):
                opened.append(token)
            elif token.text in (")", "]", "}") and opened:
                opened.pop()
        return opened

    def begins_call(self, bracket: Token) -> bool:
        index = self.tokens.index(bracket)
        return index > 0 and (self.kind(index - 1) == "NAME" or self.tokens[index - 1].text in (")", "]"))

    def whole_line(self) -> list[Token]:
        end = self.index
        while self.kind(end) not in ("_NEWLINE", "$END"):
            end += 1
        return self.tokens[self.line_begin : end]

    def place(self) -> Span:
        """The token that stands here; where the line just ends, the place after its last word."""
        if self.token.end > self.token.start:
            return self.token.span
        if self.here != "_NEWLINE":
            for token in self.tokens[self.index :]:
                if token.end > token.start:
                    return token.span
        return self.after_previous()

    def after_previous(self) -> Span:
        end = self.previous.end if self.previous else 0
        return Span(end, end)

    def shown(self) -> str:
        match self.here:
            case "_NEWLINE":
                return "the end of the line"
            case "$END" | "_DEDENT":
                return "the end of the block" if self.here == "_DEDENT" else "the end of the file"
            case "STRING" | "FSTRING_START":
                return "a string"
            case "NUMBER":
                return f"the number `{self.token.text}`"
            case _:
                return f"`{self.token.text}`"

    def unexpected(self, hint: str = "") -> Diagnostic:
        return errors.Unexpected(self.source, self.place(), found=self.shown(), hint=hint)

    # --- the rules

    def diagnosis(self) -> Diagnostic:
        rules = (
            self.layout,
            self.clause,
            self.bracket,
            self.other_languages,
            self.fields,
            self.missing_call,
            self.equals,
            self.commas_and_words,
            self.colon,
            self.keyword,
            self.missing_value,
            self.neighbours,
        )
        for rule in rules:
            found = rule()
            if found is not None:
                return found
        return self.anything_else()

    def layout(self) -> Diagnostic | None:
        """Blocks: one that nobody announced, or one that was announced and isn't there."""
        if self.takes("_INDENT"):
            header = self.header_before(self.index - 1)
            missing = errors.MissingBlock(
                self.source, self.after_previous() if self.line_ends else self.place(), header=f"`{header.text}`"
            )
            return missing.labelled(self.source, header.span, "its block should follow this line")
        if self.here == "_INDENT":
            return errors.UnexpectedIndent(self.source, self.place())
        if self.index == self.line_begin and self.takes("case") and self.here != "$END":
            return self.unexpected("only `case` blocks can stand in `match`")
        return None

    def header_before(self, index: int) -> Token:
        while index and self.kind(index - 1) not in ("_NEWLINE", "_INDENT", "_DEDENT"):
            index -= 1
        token = self.tokens[index]
        return self.tokens[index + 1] if token.text == "async" else token

    def clause(self) -> Diagnostic | None:
        if self.takes("except", "finally") and not self.takes("pass") and self.token.text not in ("else", "elif"):
            for index in range(self.index - 1, -1, -1):
                if self.tokens[index].text == "try" and iskeyword(self.tokens[index].text):
                    lonely = errors.LonelyTry(self.source, self.tokens[index].span)
                    return (
                        lonely
                        if self.line_ends
                        else lonely.labelled(self.source, self.place(), "expected `except` here")
                    )
        if self.token.text in _CLAUSES and self.index == self.line_begin:
            return errors.OrphanClause(
                self.source, self.token.span, keyword=self.token.text, partners=_CLAUSES[self.token.text]
            )
        if self.first.text == "case" and self.kind(self.line_begin) == "NAME" and self.whole_line()[-1].text == ":":
            return errors.OrphanClause(self.source, self.first.span, keyword="case", partners=_CLAUSES["case"])
        if self.previous and self.previous.text == "else" and self.token.text == "if":
            span = self.previous.span.to(self.token.span)
            return errors.Unexpected(self.source, span, found="`else if`", hint="").replacing(
                "it is one word: `elif`", "elif"
            )
        return None

    def bracket(self) -> Diagnostic | None:
        failure = self.failure
        if isinstance(failure, errors.UnclosedBracket) and any(
            token.start == failure.span.start for token in self.opened
        ):
            return failure.labelled(self.source, self.place(), "this cannot stand inside it any more")
        return None

    def other_languages(self) -> Diagnostic | None:
        previous = self.previous
        if previous is None:
            return None
        if previous.end == self.token.start and (operator := previous.text + self.token.text) in _FOREIGN:
            return self.foreign(operator, previous.span.to(self.token.span))
        before = self.tokens[self.index - 2] if self.index > 1 else previous
        if (
            self.line_ends
            and previous.text in ("+", "-")
            and before.text == previous.text
            and before.end == previous.start
        ):
            return self.foreign(before.text + previous.text, before.span.to(previous.span))
        if self.token.text == "{" and self.first.text in _HEADERS and self.takes(":"):
            error = self.unexpected("expected `:`")
            return error.helped("a block is marked by `:` and by its indentation")
        return None

    def foreign(self, operator: str, span: Span) -> Diagnostic:
        help, replacement = _FOREIGN[operator]
        text = self.source.text
        begin, end = span
        if replacement != replacement.strip():  # a word: no blank twice
            begin = len(text[:begin].rstrip(" "))
            end += len(text[end:]) - len(text[end:].lstrip(" "))
        problem = errors.ForeignOperator(self.source, span, found=operator)
        return problem.replacing(help, replacement, Span(begin, end))

    def fields(self) -> Diagnostic | None:
        if self.here in ("_FIELD_CLOSE", "_FIELD_COLON", "_FIELD_BANG") and self.kind(self.index - 1) == "FIELD_OPEN":
            opening = self.tokens[self.index - 1]
            error = errors.BadField(
                self.source, opening.span.to(self.token.span), problem="a field without an expression"
            )
            return error.helped("braces that are meant as text are doubled: `{{}}`")
        if self.here == "_FIELD_COLON" and any(
            token.text == "lambda" for token in self.tokens[self.line_begin : self.index]
        ):
            return errors.NeedsParentheses(self.source, self.token.span, what="a lambda in an f-string")
        return None

    def missing_call(self) -> Diagnostic | None:
        previous = self.previous
        if previous and previous.text in ("print", "exec") and self.index - 1 == self.line_begin and self.begins_value:
            end = self.whole_line()[-1].end
            text = f"{previous.text}({self.source.text[self.token.start : end]})"
            problem = errors.CallWithoutParentheses(self.source, previous.span, name=previous.text)
            return problem.replacing(f"write `{previous.text}(...)`", text, Span(previous.start, end))
        return None

    def equals(self) -> Diagnostic | None:
        if self.token.text == ":=":
            if self.opened:
                return self.unexpected("it assigns to a plain name only")
            if self.index == self.line_begin + 1:
                return self.unexpected().helped("a statement assigns with `=`")
            return errors.NeedsParentheses(self.source, self.token.span, what="a `:=` assignment")
        if self.token.text != "=":
            return None
        if self.previous and iskeyword(self.previous.text) and self.index - 1 == self.line_begin:
            return errors.KeywordAsName(self.source, self.previous.span, keyword=self.previous.text)
        if self.wants_value:
            return None
        if self.opened and self.opened[-1].text == "{":
            return self.unexpected("between key and value stands `:`")
        if self.first.text in ("def", "async") and len(self.opened) == 1:
            return self.unexpected("this parameter cannot have a default")
        if self.opened and self.opened[-1].text == "(" and self.begins_call(self.opened[-1]):
            error = self.unexpected("what is before it is not a parameter's name")
            return error.helped("`==` compares")
        problem = errors.AssignmentInCondition(self.source, self.token.span)
        return problem.replacing("`==` compares; `:=` assigns inside an expression", "==")

    def commas_and_words(self) -> Diagnostic | None:
        """Forms that other languages, or Python 2, write differently."""
        text, first = self.token.text, self.first.text
        if text == "," and first == "except":
            return errors.NeedsParentheses(self.source, self.token.span, what="a list of exception types")
        if text == "," and first == "raise":
            error = self.unexpected()
            return error.helped("the message is an argument: `raise ValueError(message)`")
        if text == "from" and first == "import":
            error = self.unexpected()
            return error.helped("the module comes first: `from module import name`")
        if text in _COMPOUND and self.previous and self.previous.text == ":" and self.takes("pass"):
            hint = "a block cannot begin on the line of another one"
            return self.unexpected(hint)
        if self.takes("def", "class", "@") and not self.takes("pass"):
            return self.unexpected("expected a function or a class to decorate")
        if text == "for" and self.opened:
            words = [token.text for token in self.tokens[self.tokens.index(self.opened[-1]) : self.index]]
            unpacks = any(right in ("*", "**") and left in ("(", "[", "{", ",") for left, right in pairwise(words))
            if "," in words and not unpacks:
                return errors.NeedsParentheses(
                    self.source, self.token.span, what="a tuple that a comprehension collects"
                )
            return self.unexpected("a comprehension cannot unpack with `*` or `**`")
        if first == "for" and not self.opened and self.takes("in") and not self.wants_value:
            return self.unexpected("expected `in`")
        return None

    def colon(self) -> Diagnostic | None:
        header = self.first.text
        if self.opened or header not in _HEADERS:
            return None
        if header == "async":
            header = self.tokens[self.line_begin + 1].text
        if self.kind(self.line_begin) == "NAME":  # `match` or `case` that were not taken for keywords
            announces = self.begins_value and self.index == self.line_begin + 1
            line = self.whole_line()
            if announces and header == "match" and line[-1].text != ":":
                return self.missing_colon(Span(line[-1].end, line[-1].end), "match")
            return None
        if self.takes(":") and (self.here == "_NEWLINE" or self.whole_line()[-1].text != ":"):
            return self.missing_colon(self.after_previous(), header)
        return None

    def missing_colon(self, place: Span, header: str) -> Diagnostic:
        return errors.MissingColon(self.source, place, header=f"`{header}`").replacing("", ":", place)

    def keyword(self) -> Diagnostic | None:
        if self.takes("NAME") and not self.wants_value and iskeyword(self.token.text):
            return errors.KeywordAsName(self.source, self.token.span, keyword=self.token.text)
        previous = self.previous
        if (
            previous
            and self.index - 1 == self.line_begin
            and iskeyword(previous.text)
            and self.token.text in (".", ",", ":")
        ):
            if previous.text not in _HEADERS and previous.text != "lambda":
                return errors.KeywordAsName(self.source, previous.span, keyword=previous.text)
        return None

    def missing_value(self) -> Diagnostic | None:
        previous = self.previous
        ends = (
            self.line_ends or self.token.text in (")", "]", "}", ",", ":", ";", "=") or self.here.startswith("_FIELD")
        )
        if previous is None or not ends:
            return None
        before = f"`{previous.text}`"
        if self.wants_value:
            return errors.MissingExpression(self.source, self.place(), what="a value", before=before)
        if self.takes("NAME") and not self.takes("_NEWLINE"):
            return errors.MissingExpression(self.source, self.place(), what="a name", before=before)
        if self.takes("else") and not self.opened and not self.takes("_NEWLINE"):
            error = self.unexpected("expected `else`")
            return error.helped("a choice has two values: `a if condition else b`")
        return None

    def neighbours(self) -> Diagnostic | None:
        previous = self.previous
        if previous is None or not self.begins_value or self.wants_value:
            return None
        if self.kind(self.index - 1) == "NAME" and self.index - 1 == self.line_begin:
            word = errors.Unexpected(self.source, previous.span, found=f"`{previous.text}`", hint="")
            if self.here == "NAME" and self.tokens[self.index + 1].text == "=":
                name = self.token.text
                return word.helped(
                    f"a variable needs no declaration: `{name} = ...`, or with its type `{name}: int = ...`"
                )
            if previous.text in _DEFINES:
                return word.helped("a function is defined with `def`")
            meant = closest(previous.text, _STATEMENTS)
            if meant:
                return word.helped(f"did you mean `{meant}`?")
        if self.opened and self.takes(","):
            return errors.MissingComma(self.source, self.token.span)
        return None

    def anything_else(self) -> Diagnostic:
        kinds = sorted(self.engine.expected(self.states))
        expected = [self.symbols[kind] for kind in kinds if self.symbols[kind] != "WITH_GROUP"]
        texts = {number: text for text, number in self.engine.tables.literals.items()}
        words = [texts[kind] for kind in kinds if kind in texts]
        hint = ""
        if "NUMBER" in expected:
            hint = "expected a value"
        elif "NAME" in expected and len(words) <= 4:
            hint = "expected a name"
        elif len(expected) == len(words) <= 3:
            hint = "expected " + " or ".join(f"`{word}`" for word in words)
        elif "_NEWLINE" in expected:
            hint = "expected an operator or the end of the line"
        elif self.opened:
            hint = f"expected an operator, `,` or the end of the `{self.opened[-1].text}`"
        return self.unexpected(hint)
