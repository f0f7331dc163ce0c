"""What can be wrong with the text of a program, and what Python can say that this language cannot."""

from __future__ import annotations

from ..diag import Diagnostic

# --- text (from tokens and literals) ----------------------------------------------------------------------------


class InvalidCharacter(Diagnostic):
    """A character that is part of no name, number, operator or string. Texts and comments may hold any."""

    code = "PIE0001"
    title = "{character} does not belong in a program"
    wrong = "price = 5 €"
    right = 'price = "5 €"'
    character: str


class UnterminatedString(Diagnostic):
    """A string ends with the quote it began with: on its line, or anywhere below if it is opened by three quotes."""

    code = "PIE0002"
    title = "this {kind} is not closed"
    label = "opened here, `{quote}` is missing"
    wrong = 'print("hello)'
    right = 'print("hello")'
    kind: str
    quote: str


class UnclosedBracket(Diagnostic):
    """The file, or the statement, ends inside a bracket."""

    code = "PIE0003"
    title = "`{bracket}` is never closed"
    label = "opened here"
    wrong = "total = (1 + 2\nprint(total)"
    right = "total = (1 + 2)\nprint(total)"
    bracket: str


class UnmatchedBracket(Diagnostic):
    """A bracket is closed that was not opened."""

    code = "PIE0004"
    title = "`{bracket}` closes nothing"
    wrong = "print(1 + 2))"
    right = "print(1 + 2)"
    bracket: str


class MismatchedBracket(Diagnostic):
    """The bracket that was opened last is closed first, by its own kind."""

    code = "PIE0005"
    title = "`{closing}` cannot close `{opening}`"
    label = "expected `{expected}`"
    wrong = "numbers = [1, 2)"
    right = "numbers = [1, 2]"
    closing: str
    opening: str
    expected: str


class InvalidNumber(Diagnostic):
    """Numbers are written as in Python: `1_000`, `0x1f`, `2.5e-3`."""

    code = "PIE0006"
    title = "this is not a number: {reason}"
    wrong = "print(0b12)"
    right = "print(0b11)"
    reason: str


class InvalidEscape(Diagnostic):
    """An escape in a string that names no character."""

    code = "PIE0007"
    title = "this escape sequence is not valid: {reason}"
    wrong = 'print("\\x5")'
    right = 'print("\\x05")'
    reason: str


class MixedIndentation(Diagnostic):
    """How far a tab goes depends on the editor, so lines of one block that mix tabs and spaces cannot be compared."""

    code = "PIE0008"
    title = "tabs and spaces are mixed so that the indentation has no clear meaning"
    label = "not comparable with the lines before"
    help = "indent every line of the block with spaces only"
    wrong = "if True:\n        print(1)\n\tprint(2)"
    right = "if True:\n    print(1)\n    print(2)"


class UnmatchedUnindent(Diagnostic):
    """A line goes back to the left, but not as far as any block around it begins."""

    code = "PIE0009"
    title = "this line's indentation fits no block around it"
    label = "{found} columns, but the blocks around begin at {levels}"
    wrong = "if True:\n    print(1)\n  print(2)"
    right = "if True:\n    print(1)\nprint(2)"
    found: int
    levels: str


class BadContinuation(Diagnostic):
    """Nothing, not even a blank or a comment, can follow a backslash that continues a line. Brackets need none."""

    code = "PIE0010"
    title = "`\\` continues a line and must be its last character"
    wrong = "total = 1 + \\ # and\n    2"
    right = "total = (1 +  # and\n    2)"


class TooDeep(Diagnostic):
    """Brackets or blocks inside of one another, more than anybody can read."""

    code = "PIE0011"
    title = "{what} are nested more than {limit} deep"
    wrong = "x = " + "(" * 250 + "1" + ")" * 250
    right = "x = ((1))"
    what: str
    limit: int


class MixedLiterals(Diagnostic):
    """Literals side by side are one literal; text and bytes are different types."""

    code = "PIE0012"
    title = "text and bytes literals cannot be joined"
    wrong = "print('a' b'b')"
    right = "print(b'a' b'b')"


class NonAsciiBytes(Diagnostic):
    """Bytes are numbers from 0 to 255; which of them a character beyond ASCII is depends on the encoding."""

    code = "PIE0013"
    title = "a bytes literal can hold ASCII characters only"
    help = 'write the character as `\\x..` escapes, or encode text: `"...".encode()`'
    wrong = "print(b'ä')"
    right = "print('ä'.encode())"


class BadField(Diagnostic):
    """What stands in the braces of an f-string is an expression, with `!r` or `:format` behind it if need be."""

    code = "PIE0014"
    title = "{problem} in an f-string"
    wrong = 'print(f"{}")'
    right = 'print(f"{1 + 1}")'
    problem: str


class NotText(Diagnostic):
    """The file cannot be read as UTF-8. Perhaps it is no program, or it was saved in an old encoding."""

    code = "PIE0015"
    title = "the file is not UTF-8 text"
    help = "save it as UTF-8"


class TooComplex(Diagnostic):
    """The compiler walks a program as deep as it is nested, and that has an end."""

    code = "PIE0016"
    title = "the program is nested too deeply to be compiled"
    help = "split very long expressions and chains of `elif` into parts"


# --- grammar (from explain and builder) -------------------------------------------------------------------------


class Unexpected(Diagnostic):
    """Python's grammar has nothing that goes on like this."""

    code = "PIE0020"
    title = "{found} cannot stand here"
    label = "{hint}"
    wrong = "if 1 > 0:\n    print(1)\nelse if 1 < 0:\n    print(2)"
    right = "if 1 > 0:\n    print(1)\nelif 1 < 0:\n    print(2)"
    found: str
    hint: str


class MissingColon(Diagnostic):
    """A line that a block belongs to ends in a colon."""

    code = "PIE0021"
    title = "`:` is missing after {header}"
    label = "expected `:`"
    wrong = "for i in range(3)\n    print(i)"
    right = "for i in range(3):\n    print(i)"
    header: str


class AssignmentInCondition(Diagnostic):
    """One `=` gives a name a value and is a statement of its own."""

    code = "PIE0022"
    title = "`=` assigns, it does not compare"
    wrong = "x = 3\nif x = 3:\n    print(x)"
    right = "x = 3\nif x == 3:\n    print(x)"


class UnexpectedIndent(Diagnostic):
    """Only the lines of a block are indented, all of them alike."""

    code = "PIE0023"
    title = "this line is indented, but no block begins before it"
    label = "more indented than the line before"
    wrong = "x = 1\n    print(x)"
    right = "x = 1\nprint(x)"


class MissingBlock(Diagnostic):
    """After a line that ends in a colon comes at least one indented line."""

    code = "PIE0024"
    title = "{header} has no block"
    label = "expected an indented line"
    help = "an empty block is written `pass`"
    wrong = "def later():\n\nprint(1)"
    right = "def later():\n    pass\n\nprint(1)"
    header: str


class MissingComma(Diagnostic):
    """Two values stand side by side inside of brackets."""

    code = "PIE0025"
    title = "something is missing between these two values"
    label = "expected `,` or an operator before this"
    wrong = "print([1, 2 3])"
    right = "print([1, 2, 3])"


class KeywordAsName(Diagnostic):
    """The words of Python's grammar cannot be names."""

    code = "PIE0026"
    title = "`{keyword}` is a keyword and cannot be a name"
    help = "by custom the name gets an underscore: `{keyword}_`"
    wrong = "class = 3"
    right = "class_ = 3"
    keyword: str


class CallWithoutParentheses(Diagnostic):
    """Python 2 had a `print` statement; it has long been a function."""

    code = "PIE0027"
    title = "`{name}` is a function: its argument goes in parentheses"
    wrong = 'print "hello"'
    right = 'print("hello")'
    name: str


class OrphanClause(Diagnostic):
    """`else`, `elif`, `except`, `finally` and `case` continue another block and stand exactly below it."""

    code = "PIE0028"
    title = "`{keyword}` belongs to no {partners}"
    label = "nothing at this indentation that it could continue"
    wrong = "if 1 > 0:\n    print(1)\nprint(2)\nelse:\n    print(3)"
    right = "if 1 > 0:\n    print(1)\nelse:\n    print(3)"
    keyword: str
    partners: str


class LonelyTry(Diagnostic):
    """A `try` says what happens when its block fails, or in any case."""

    code = "PIE0029"
    title = "`try` needs an `except` or a `finally` block"
    wrong = "try:\n    print(1)\nprint(2)"
    right = "try:\n    print(1)\nfinally:\n    print(2)"


class InvalidTarget(Diagnostic):
    """Values are stored under names, attributes and items, and in displays of these."""

    code = "PIE0030"
    title = "{what} cannot be {action}"
    wrong = "x = 1\nx + 1 = 3"
    right = "x = 1\nx = x + 1"
    what: str
    action: str


class ArgumentOrder(Diagnostic):
    """In a call, arguments by position come before those by name."""

    code = "PIE0031"
    title = "a positional argument cannot follow a {kind} argument"
    wrong = 'print(sep="-", "a")'
    right = 'print("a", sep="-")'
    kind: str


class ParameterOrder(Diagnostic):
    """Parameters without a default come first, then those with one, then `*args`, keyword-only ones and `**kwargs`."""

    code = "PIE0032"
    title = "{problem}"
    wrong = "def greet(loud: bool = False, name: str):\n    print(name)"
    right = "def greet(name: str, loud: bool = False):\n    print(name)"
    problem: str


class Misplaced(Diagnostic):
    """Some statements and expressions mean something only inside a function, a loop or an `async def`."""

    code = "PIE0033"
    title = "{what} stands outside {place}"
    wrong = "return 5"
    right = "def five() -> int:\n    return 5\n\nprint(five())"
    what: str
    place: str


class ForeignOperator(Diagnostic):
    """An operator of another language."""

    code = "PIE0034"
    title = "`{found}` is not an operator here"
    wrong = "a = 1\nif a > 0 && a < 5:\n    print(a)"
    right = "a = 1\nif a > 0 and a < 5:\n    print(a)"
    found: str


class MissingExpression(Diagnostic):
    """The line, or the bracket, ends where a value or a name must still come."""

    code = "PIE0035"
    title = "{what} is missing after {before}"
    label = "expected here"
    wrong = "x = 3 +"
    right = "x = 3 + 4"
    what: str
    before: str


class Duplicate(Diagnostic):
    """A parameter, an argument or a captured name occurs once."""

    code = "PIE0036"
    title = "{what} `{name}` is given twice"
    wrong = "def add(a: int, a: int) -> int:\n    return a + a"
    right = "def add(a: int, b: int) -> int:\n    return a + b"
    what: str
    name: str


class NeedsParentheses(Diagnostic):
    """Without parentheses it would not be clear where the part ends."""

    code = "PIE0037"
    title = "{what} must be in parentheses here"
    wrong = "print([x, x * x for x in range(3)])"
    right = "print([(x, x * x) for x in range(3)])"
    what: str


class InvalidPattern(Diagnostic):
    """Patterns are literals, dotted names, captures, classes, sequences and mappings of these."""

    code = "PIE0038"
    title = "{problem}"
    wrong = "x = 1\nmatch x:\n    case y:\n        print(y)\n    case 2:\n        print(2)"
    right = "x = 1\nmatch x:\n    case 2:\n        print(2)\n    case y:\n        print(y)"
    problem: str


# --- Python that is not in the language -------------------------------------------------------------------------


class NotInLanguage(Diagnostic):
    """A form of Python that is refused for good. Each has its own code and way out."""

    title = "{what} not in the language"
    what: str


class ComplexNumber(NotInLanguage):
    """There are `int` and `float`."""

    code = "PIE0150"
    help = "keep the two parts in a class or a tuple of floats"
    wrong = "print(abs(3 + 4j))"
    right = "import math\n\nprint(math.hypot(3.0, 4.0))"


class ExceptionGroup(NotInLanguage):
    """Tasks that fail together raise the first of their exceptions, so groups of them never come about."""

    code = "PIE0151"
    help = "write `except`: a failing task group raises the first error itself"
    wrong = "try:\n    print(1)\nexcept* ValueError:\n    print(2)"
    right = "try:\n    print(1)\nexcept ValueError:\n    print(2)"


class DynamicMethod(NotInLanguage):
    """Methods by which CPython makes up attributes or ends objects while a program runs."""

    code = "PIE0153"
    help = "{way_out}"
    wrong = "class Settings:\n    def __getattribute__(self, name: str) -> int:\n        return 1"
    right = "class Settings:\n    def __getitem__(self, name: str) -> int:\n        return 1"
    way_out: str


class Metaclass(NotInLanguage):
    """A class is what its text says."""

    code = "PIE0154"
    help = "classes are fixed when the program is compiled: write a function that builds the objects"
    wrong = "class Point(metaclass=type):\n    pass"
    right = "class Point:\n    pass"


class VariadicTypeParameter(NotInLanguage):
    """A generic function or class has a fixed number of type parameters."""

    code = "PIE0155"
    help = "write the type parameters one by one: `[A, B]`"
    wrong = "def pair[*Types](first: int) -> int:\n    return first"
    right = "def pair[A, B](first: A, second: B) -> tuple[A, B]:\n    return first, second"


class LoneSurrogate(NotInLanguage):
    """Half of a UTF-16 pair is no character."""

    code = "PIE0156"
    help = "text holds whole code points only; write the character itself, or use bytes"
    wrong = 'print("\\ud83d\\ude00")'
    right = 'print("\\U0001f600")'
