"""What can be wrong with the text of a program, and what Python can say that this language cannot."""

from __future__ import annotations

from ..diag import Diagnostic

# --- text (from tokens and literals) ----------------------------------------------------------------------------


class InvalidCharacter(Diagnostic):
    code = "PIE0001"
    title = "{character} does not belong in a program"
    character: str


class UnterminatedString(Diagnostic):
    code = "PIE0002"
    title = "this {kind} is not closed"
    label = "opened here, `{quote}` is missing"
    kind: str
    quote: str


class UnclosedBracket(Diagnostic):
    code = "PIE0003"
    title = "`{bracket}` is never closed"
    label = "opened here"
    bracket: str


class UnmatchedBracket(Diagnostic):
    code = "PIE0004"
    title = "`{bracket}` closes nothing"
    bracket: str


class MismatchedBracket(Diagnostic):
    code = "PIE0005"
    title = "`{closing}` cannot close `{opening}`"
    label = "expected `{expected}`"
    closing: str
    opening: str
    expected: str


class InvalidNumber(Diagnostic):
    code = "PIE0006"
    title = "this is not a number: {reason}"
    reason: str


class InvalidEscape(Diagnostic):
    code = "PIE0007"
    title = "this escape sequence is not valid: {reason}"
    reason: str


class MixedIndentation(Diagnostic):
    code = "PIE0008"
    title = "tabs and spaces are mixed so that the indentation has no clear meaning"
    label = "not comparable with the lines before"
    help = "indent every line of the block with spaces only"


class UnmatchedUnindent(Diagnostic):
    code = "PIE0009"
    title = "this line's indentation fits no block around it"
    label = "{found} columns, but the blocks around begin at {levels}"
    found: int
    levels: str


class BadContinuation(Diagnostic):
    code = "PIE0010"
    title = "`\\` continues a line and must be its last character"


class TooDeep(Diagnostic):
    code = "PIE0011"
    title = "{what} are nested more than {limit} deep"
    what: str
    limit: int


class MixedLiterals(Diagnostic):
    code = "PIE0012"
    title = "text and bytes literals cannot be joined"


class NonAsciiBytes(Diagnostic):
    code = "PIE0013"
    title = "a bytes literal can hold ASCII characters only"
    help = 'write the character as `\\x..` escapes, or encode text: `"...".encode()`'


class BadField(Diagnostic):
    code = "PIE0014"
    title = "{problem} in an f-string"
    problem: str


# --- grammar (from explain and builder) -------------------------------------------------------------------------


class Unexpected(Diagnostic):
    code = "PIE0020"
    title = "{found} cannot stand here"
    label = "{hint}"
    found: str
    hint: str


class MissingColon(Diagnostic):
    code = "PIE0021"
    title = "`:` is missing after {header}"
    label = "expected `:`"
    header: str


class AssignmentInCondition(Diagnostic):
    code = "PIE0022"
    title = "`=` assigns, it does not compare"
    help = "`==` compares; `:=` assigns inside an expression"


class UnexpectedIndent(Diagnostic):
    code = "PIE0023"
    title = "this line is indented, but no block begins before it"
    label = "more indented than the line before"


class MissingBlock(Diagnostic):
    code = "PIE0024"
    title = "{header} has no block"
    label = "expected an indented line"
    help = "an empty block is written `pass`"
    header: str


class MissingComma(Diagnostic):
    code = "PIE0025"
    title = "something is missing between these two values"
    label = "expected `,` or an operator before this"


class KeywordAsName(Diagnostic):
    code = "PIE0026"
    title = "`{keyword}` is a keyword and cannot be a name"
    help = "by custom the name gets an underscore: `{keyword}_`"
    keyword: str


class CallWithoutParentheses(Diagnostic):
    code = "PIE0027"
    title = "`{name}` is a function: its argument goes in parentheses"
    help = "write `{name}(...)`"
    name: str


class OrphanClause(Diagnostic):
    code = "PIE0028"
    title = "`{keyword}` belongs to no {partners}"
    label = "nothing at this indentation that it could continue"
    keyword: str
    partners: str


class LonelyTry(Diagnostic):
    code = "PIE0029"
    title = "`try` needs an `except` or a `finally` block"


class InvalidTarget(Diagnostic):
    code = "PIE0030"
    title = "{what} cannot be {action}"
    what: str
    action: str


class ArgumentOrder(Diagnostic):
    code = "PIE0031"
    title = "a positional argument cannot follow a {kind} argument"
    kind: str


class ParameterOrder(Diagnostic):
    code = "PIE0032"
    title = "{problem}"
    problem: str


class Misplaced(Diagnostic):
    code = "PIE0033"
    title = "{what} stands outside {place}"
    what: str
    place: str


class ForeignOperator(Diagnostic):
    code = "PIE0034"
    title = "`{found}` is not an operator here"
    found: str


class MissingExpression(Diagnostic):
    code = "PIE0035"
    title = "{what} is missing after {before}"
    label = "expected here"
    what: str
    before: str


class Duplicate(Diagnostic):
    code = "PIE0036"
    title = "{what} `{name}` is given twice"
    what: str
    name: str


class NeedsParentheses(Diagnostic):
    code = "PIE0037"
    title = "{what} must be in parentheses here"
    what: str


class InvalidPattern(Diagnostic):
    code = "PIE0038"
    title = "{problem}"
    problem: str


# --- Python that is not in the language -------------------------------------------------------------------------


class NotInLanguage(Diagnostic):
    """A form of Python that is refused for good. Each has its own code and way out; see `REFUSALS`."""

    title = "{what} not in the language"
    what: str


class ComplexNumber(NotInLanguage):
    code = "PIE0150"
    help = "keep the two parts in a class or a tuple of floats"


class ExceptionGroup(NotInLanguage):
    code = "PIE0151"
    help = "write `except`: a failing task group raises the first error itself"


class StarImport(NotInLanguage):
    code = "PIE0152"
    help = "name what you use: `from {module} import first, second`"
    module: str


class DynamicMethod(NotInLanguage):
    code = "PIE0153"
    help = "{way_out}"
    way_out: str


class Metaclass(NotInLanguage):
    code = "PIE0154"
    help = "classes are fixed when the program is compiled: write a function that builds the objects"


class VariadicTypeParameter(NotInLanguage):
    code = "PIE0155"
    help = "write the type parameters one by one: `[A, B]`"


class LoneSurrogate(NotInLanguage):
    code = "PIE0156"
    help = "text holds whole code points only; write the character itself, or use bytes"
