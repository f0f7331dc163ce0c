"""What the checker complains about: one class per kind of mistake, words as class text, data as fields."""

from __future__ import annotations

from ..diag import Diagnostic, Severity


class Unsupported(Diagnostic):
    """Python that the language does not have. It always has a place and says what to write instead."""

    code = "PIE0101"
    title = "{what} is not supported"
    label = "not in the language"
    wrong = 'class A:\n    pass\n\nB = type("B", (A,), {})'
    right = "class A:\n    pass\n\nclass B(A):\n    pass"
    what: str


class UndefinedName(Diagnostic):
    """Nothing of this name is defined here, imported or built in."""

    code = "PIE0201"
    title = "the name `{name}` is not defined"
    label = "not found in this scope"
    wrong = "length = 3\nprint(lenght)"
    right = "length = 3\nprint(length)"
    name: str


class UnboundVariable(Diagnostic):
    """A function's variable is read where no assignment has been made on any way. CPython raises UnboundLocalError."""

    code = "PIE0202"
    title = "`{name}` is read before it has a value"
    label = "no value reaches this place"
    wrong = "def show() -> None:\n    print(x)\n    x = 1\n\nshow()"
    right = "def show() -> None:\n    x = 1\n    print(x)\n\nshow()"
    name: str


class NotAType(Diagnostic):
    """Annotations, and the second argument of `isinstance`, name types: classes, `list[int]`, `str | None`."""

    code = "PIE0203"
    title = "`{text}` is not a type"
    label = "a type is expected here"
    wrong = "def double(x: 2) -> int:\n    return 2 * x"
    right = "def double(x: int) -> int:\n    return 2 * x"
    text: str


class NotAValue(Diagnostic):
    """A module, a type or a special form is named where a value is needed."""

    code = "PIE0204"
    title = "{what} cannot be used as a value"
    label = "a value is expected here"
    wrong = "import math\n\nprint(math)"
    right = "import math\n\nprint(math.pi)"
    what: str


class DefinedTwice(Diagnostic):
    """Two definitions of one name, and the program does not say which one its uses mean."""

    code = "PIE0205"
    title = "`{name}` is defined twice in this module"
    label = "defined again here"
    help = "give each a name of its own: which one is meant must be known before the program runs"
    wrong = "import math\n\nmath = 3\nprint(math)"
    right = "import math\n\nnumber = 3\nprint(math.pi, number)"
    name: str


class TypeMismatch(Diagnostic):
    """A value has another type than the place it goes to. An `int` is no `float` either: in CPython it would stay an
    int, and print as one."""

    code = "PIE0301"
    title = "{role} must be `{expected}`, not `{found}`"
    label = "this is `{found}`"
    wrong = "def double(x: int) -> int:\n    return 2 * x\n\nprint(double('4'))"
    right = "def double(x: int) -> int:\n    return 2 * x\n\nprint(double(int('4')))"
    raises = "TypeError"
    role: str
    expected: str
    found: str


class VariableConflict(Diagnostic):
    """One variable holds values of types that have nothing to do with one another. A union must be asked for by an
    annotation; on a straight line a second assignment makes a new variable."""

    code = "PIE0302"
    title = "`{name}` is `{first}` in one place and `{second}` in another"
    label = "here it is `{second}`"
    wrong = "def show(x: int) -> None:\n    text = x\n    if x > 0:\n        text = 'one'\n    print(text)"
    right = "def show(x: int) -> None:\n    text = str(x)\n    if x > 0:\n        text = 'one'\n    print(text)"
    name: str
    first: str
    second: str


class MissingOperation(Diagnostic):
    """The type has no such operator, length, iteration or conversion. CPython raises TypeError."""

    code = "PIE0303"
    title = "{message_text}"
    wrong = "print('a' + 1)"
    right = "print('a' + str(1))"
    message_text: str


class NoAttribute(Diagnostic):
    """The type has no field, property or method of this name."""

    code = "PIE0304"
    title = "`{type_name}` has no attribute `{attribute}`"
    label = "not found"
    wrong = "names = ['a']\nnames.push('b')"
    right = "names = ['a']\nnames.append('b')"
    type_name: str
    attribute: str


class MayBeNone(Diagnostic):
    """The value is of a type `T | None`, and None cannot do this. After a test the value is known to be a `T`."""

    code = "PIE0305"
    title = "the value may be None here: {operation}"
    label = "this is `{found}`"
    help = "test it first: `if {subject} is not None:`"
    wrong = "def shout(name: str | None) -> str:\n    return name.upper()\n\nprint(shout('a'))"
    right = (
        "def shout(name: str | None) -> str:\n    if name is None:\n        return ''\n    return name.upper()\n\n"
        "print(shout('a'))"
    )
    operation: str
    found: str
    subject: str


class UnknownType(Diagnostic):
    """Nothing in the program says what type this has."""

    code = "PIE0306"
    title = "the type of {what} cannot be found out"
    label = "please say it"
    wrong = "class Node:\n    def __init__(self):\n        self.next = self.next\n\nprint(Node().next)"
    right = (
        "class Node:\n    next: Node | None\n\n    def __init__(self):\n        self.next = None\n\nprint(Node().next)"
    )
    what: str


class NumberTooLarge(Diagnostic):
    """An `int` has 64 bits. Larger results raise OverflowError; a larger literal is refused at once."""

    code = "PIE0307"
    title = "the number {text} does not fit 64 bits"
    label = "int holds -2**63 to 2**63 - 1"
    wrong = "print(99_999_999_999_999_999_999)"
    right = "print(99_999_999_999_999_999_999.0)"
    text: str


class NoValue(Diagnostic):
    """A function whose result is `Never` ends in an exception on every way."""

    code = "PIE0308"
    title = "{what} never has a value"
    label = "this does not come back"
    wrong = "from typing import Never\n\ndef stop() -> Never:\n    return"
    right = "from typing import Never\n\ndef stop() -> Never:\n    raise ValueError('stop')"
    what: str


class MissingReturn(Diagnostic):
    """The function says what it returns, and one way through it ends without a `return`. If that way cannot be gone,
    say so with `assert_never` or a `raise`."""

    code = "PIE0309"
    title = "`{name}` must return `{expected}` but can reach its end"
    label = "without a `return` it gives None"
    wrong = "def sign(x: int) -> str:\n    if x < 0:\n        return '-'\n\nprint(sign(1))"
    right = "def sign(x: int) -> str:\n    if x < 0:\n        return '-'\n    return '+'\n\nprint(sign(1))"
    raises = "TypeError"
    name: str
    expected: str


class NotAnException(Diagnostic):
    """Texts and numbers cannot be raised."""

    code = "PIE0310"
    title = "{found} is not an exception"
    label = "only exceptions are raised and caught"
    help = "use one of the built-in classes, `raise ValueError(...)`, or a class that inherits from `Exception`"
    wrong = "raise 'too many'"
    right = "def check(n: int) -> None:\n    if n > 3:\n        raise ValueError('too many')\n\ncheck(1)"
    found: str


class WrongArguments(Diagnostic):
    """The arguments do not match the parameters in number or in name."""

    code = "PIE0401"
    title = "{problem}"
    wrong = "def add(a: int, b: int) -> int:\n    return a + b\n\nprint(add(1))"
    right = "def add(a: int, b: int) -> int:\n    return a + b\n\nprint(add(1, 2))"
    problem: str


class NoOverload(Diagnostic):
    """The function can be called in several ways, and none of them takes these types."""

    code = "PIE0402"
    title = "`{name}` cannot be called with ({found})"
    label = "no form of it takes these arguments"
    wrong = "print(round(3.14159, '2'))"
    right = "print(round(3.14159, 2))"
    name: str
    found: str


class NotCallable(Diagnostic):
    """Parentheses after a value call it; only functions, classes and objects with `__call__` can be called."""

    code = "PIE0403"
    title = "`{found}` cannot be called"
    label = "not a function"
    wrong = "total = 3\nprint(total())"
    right = "total = 3\nprint(total)"
    found: str


class ClassProblem(Diagnostic):
    """A class does not fit together with its base, its decorators or its own members."""

    code = "PIE0501"
    title = "{problem}"
    wrong = "class Counter:\n    def add():\n        print(1)\n\nCounter().add()"
    right = "class Counter:\n    def add(self) -> None:\n        print(1)\n\nCounter().add()"
    problem: str


class FrozenField(Diagnostic):
    """The attribute cannot be assigned: its class is frozen, it is a property without setter, or it is a method."""

    code = "PIE0502"
    title = "`{attribute}` of `{class_name}` cannot be assigned: {reason}"
    label = "assigned here"
    wrong = (
        "from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Point:\n    x: int\n\n"
        "point = Point(1)\npoint.x = 2"
    )
    right = (
        "from dataclasses import dataclass\n\n@dataclass(frozen=True)\nclass Point:\n    x: int\n\n"
        "point = Point(1)\npoint = Point(2)\nprint(point)"
    )
    class_name: str
    attribute: str
    reason: str


class ForgottenAwait(Diagnostic):
    """Calling an `async def` makes a coroutine; it runs when it is awaited, or given to `gather` or a task group."""

    code = "PIE0601"
    title = "the result of `{name}` is not awaited"
    label = "this makes a coroutine and never runs it"
    wrong = "async def work() -> None:\n    print(1)\n\nasync def main() -> None:\n    work()"
    right = "async def work() -> None:\n    print(1)\n\nasync def main() -> None:\n    await work()"
    name: str


class AwaitOutside(Diagnostic):
    """A lazy generator expression is run by whoever iterates, who cannot wait."""

    code = "PIE0602"
    title = "`{what}` outside an `async def`"
    label = "only an `async def` can wait"
    wrong = (
        "async def work(x: int) -> int:\n    return x\n\nasync def main() -> None:\n"
        "    numbers = (await work(x) for x in range(3))\n    for number in numbers:\n        print(number)"
    )
    right = (
        "async def work(x: int) -> int:\n    return x\n\nasync def main() -> None:\n"
        "    numbers = [await work(x) for x in range(3)]\n    for number in numbers:\n        print(number)"
    )
    what: str


class NotAwaitable(Diagnostic):
    """Only coroutines, tasks and objects with `__await__` can be awaited."""

    code = "PIE0603"
    title = "`{found}` cannot be awaited"
    label = "not a coroutine"
    wrong = "def work() -> int:\n    return 1\n\nasync def main() -> None:\n    print(await work())"
    right = "async def work() -> int:\n    return 1\n\nasync def main() -> None:\n    print(await work())"
    found: str


class ModuleNotFound(Diagnostic):
    """There is neither a `.pie` file of this name beside the program nor a module of the library."""

    code = "PIE0701"
    title = "there is no module `{module}`"
    label = "not found"
    wrong = "import numpy"
    right = "import math\n\nprint(math.pi)"
    module: str


class ImportNotFound(Diagnostic):
    """The module is there, but it has nothing of this name."""

    code = "PIE0702"
    title = "module `{module}` has no `{name}`"
    label = "not found there"
    wrong = "from math import sqroot\n\nprint(sqroot(2.0))"
    right = "from math import sqrt\n\nprint(sqrt(2.0))"
    module: str
    name: str


class ImportCycle(Diagnostic):
    """Two files of the program import each other, so neither can be run first."""

    code = "PIE0703"
    title = "modules import each other: {chain}"
    label = "this import closes the circle"
    help = "move what both need into a third module"
    wrong = "import shapes\n# file: shapes.pie\nimport colors\n# file: colors.pie\nimport shapes"
    right = (
        "import shapes\n\nprint(shapes.FILL)\n# file: shapes.pie\nimport colors\n\nFILL = colors.RED\n"
        "# file: colors.pie\nRED = 1"
    )
    chain: str


class StarImport(Diagnostic):
    """Star imports stand at the top level of a file, outside of functions and conditions: what a name means does not
    depend on what was run."""

    code = "PIE0705"
    title = "a star import stands at the top level"
    label = "only part of the program may run this"
    help = "name what you use: `from {module} import first, second`"
    wrong = "def half() -> float:\n    from math import *\n    return 0.5\n\nprint(half())"
    right = "from math import *\n\nprint(sqrt(2.0))"
    module: str


class EntryProblem(Diagnostic):
    """The parameters of `main` come from outside and its result goes there, so their types must be ones that JSON can
    hold."""

    code = "PIE0704"
    title = "{problem}"
    wrong = "class Shape:\n    pass\n\ndef main() -> Shape:\n    return Shape()"
    right = "class Shape:\n    pass\n\ndef main() -> list[float]:\n    Shape()\n    return [1.0, 2.0]"
    problem: str


class TooDeep(Diagnostic):
    """A class is below itself, or a type grows with each call."""

    code = "PIE0801"
    title = "{what} has no end"
    label = "asked for here"
    wrong = "class Tree(Tree):\n    pass\n\nprint(Tree())"
    right = "class Node:\n    pass\n\nclass Tree(Node):\n    pass\n\nprint(isinstance(Tree(), Node))"
    what: str


class Advice(Diagnostic):
    """The program is right, but perhaps not what was meant."""

    severity = Severity.WARNING


class NothingKnown(Advice):
    """A function without annotations is checked for the types it is called with; this one is never called."""

    code = "PIE0901"
    title = "`{name}` is never called and has no annotations, so its body is hardly checked"
    label = "annotate its parameters"
    wrong = "def double(x):\n    return 2 * x"
    right = "def double(x: int) -> int:\n    return 2 * x"
    name: str


class UnusedVariable(Advice):
    """A function's variable gets a value that nobody reads. A name that begins with `_` says that this is meant."""

    code = "PIE0902"
    title = "the variable `{name}` is never used"
    label = "gets a value here"
    wrong = "def total(numbers: list[int]) -> int:\n    count = len(numbers)\n    return sum(numbers)"
    right = "def total(numbers: list[int]) -> int:\n    return sum(numbers)"
    name: str


class UnusedImport(Advice):
    """What is imported is not used in this file."""

    code = "PIE0903"
    title = "`{name}` is imported and never used"
    label = "imported here"
    wrong = "import math\nimport re\n\nprint(math.pi)"
    right = "import math\n\nprint(math.pi)"
    name: str


class Unreachable(Advice):
    """The statement before it never goes on to this one."""

    code = "PIE0904"
    title = "this is never reached"
    label = "nothing leads here"
    wrong = "def first(numbers: list[int]) -> int:\n    return numbers[0]\n    print('done')"
    right = "def first(numbers: list[int]) -> int:\n    print('done')\n    return numbers[0]"


class ShadowedBuiltin(Advice):
    """From here on the name no longer means what is built in."""

    code = "PIE0905"
    title = "this `{name}` hides the built-in one"
    label = "defined here"
    wrong = "list = [1, 2]\nprint(list)"
    right = "numbers = [1, 2]\nprint(numbers)"
    name: str


class NothingGiven(Advice):
    """Methods that change their object give None; the object is under its old name."""

    code = "PIE0908"
    title = "`{method}` changes the object and gives None"
    label = "this is None"
    wrong = "numbers = [3, 1, 2]\nresult = numbers.sort()\nprint(result)"
    right = "numbers = [3, 1, 2]\nnumbers.sort()\nprint(numbers)"
    method: str


class RaisesHere(Advice):
    """What is wrong with types, names and arguments is no error of the program but raises when it is run: where a `try`
    catches just that by name, around it or around a call that leads to it (by way of lambdas and functions in variables
    too), and everywhere with `--errors=raise`, or `errors=raise` in the header comment."""

    code = "PIE0909"
    title = "{problem}"
    label = "raises {error}"
    wrong = "# pielang: errors=raise\ntry:\n    print('a' + 1)\nexcept TypeError as error:\n    print(error)"
    right = "print('a' + str(1))"
    problem: str
    error: str


class UnreleasedContext(Advice):
    """A context of a loop's body holds its KV pages until the collector finds that it is gone, so those of many rounds
    add up. `with` gives them back at the end of each round."""

    code = "PIE0906"
    title = "`{name}` is made anew in each round and never released"
    label = "holds its pages until the collector finds it"
    wrong = (
        "from pielang import Context\n\nasync def main(questions: list[str]) -> None:\n"
        "    for question in questions:\n        chat = Context().user(question)\n"
        "        print(await chat.generate(max_tokens=9))"
    )
    right = (
        "from pielang import Context\n\nasync def main(questions: list[str]) -> None:\n"
        "    for question in questions:\n        with Context().user(question) as chat:\n"
        "            print(await chat.generate(max_tokens=9))"
    )
    name: str


class UsedAfterRelease(Advice):
    """A context that was released has no pages any more; what is called on it raises `Released`."""

    code = "PIE0907"
    title = "context `{name}` is used after it was released"
    label = "no longer owns pages"
    help = "keep a copy before the release: `spare = {name}.fork()`"
    wrong = (
        "from pielang import Context\n\nasync def main() -> None:\n    chat = Context().user('Hi')\n"
        "    chat.release()\n    print(await chat.generate(max_tokens=9))"
    )
    right = (
        "from pielang import Context\n\nasync def main() -> None:\n    chat = Context().user('Hi')\n"
        "    print(await chat.generate(max_tokens=9))\n    chat.release()"
    )
    name: str
