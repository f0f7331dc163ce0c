"""What the checker complains about: one class per kind of mistake, words as class text, data as fields."""

from __future__ import annotations

from ..diag import Diagnostic, Severity


class Unsupported(Diagnostic):
    """Python that the language does not have (yet): always a place, the same words and what to write instead."""

    code = "PIE0101"
    title = "{what} is not supported"
    label = "not in the language"
    what: str


class UndefinedName(Diagnostic):
    code = "PIE0201"
    title = "the name `{name}` is not defined"
    label = "not found in this scope"
    name: str


class UnboundVariable(Diagnostic):
    code = "PIE0202"
    title = "`{name}` is read before it has a value"
    label = "no value reaches this place"
    name: str


class NotAType(Diagnostic):
    code = "PIE0203"
    title = "`{text}` is not a type"
    label = "a type is expected here"
    text: str


class NotAValue(Diagnostic):
    code = "PIE0204"
    title = "{what} cannot be used as a value"
    label = "a value is expected here"
    what: str


class DefinedTwice(Diagnostic):
    code = "PIE0205"
    title = "`{name}` is defined twice in this module"
    label = "defined again here"
    help = "give each a name of its own: which one is meant must be known before the program runs"
    name: str


class TypeMismatch(Diagnostic):
    code = "PIE0301"
    title = "{role} must be `{expected}`, not `{found}`"
    label = "this is `{found}`"
    role: str
    expected: str
    found: str


class VariableConflict(Diagnostic):
    code = "PIE0302"
    title = "`{name}` is `{first}` in one place and `{second}` in another"
    label = "here it is `{second}`"
    name: str
    first: str
    second: str


class MissingOperation(Diagnostic):
    """`message` is the whole sentence, in the user's words: "`Foo` has no len()"."""

    code = "PIE0303"
    title = "{message_text}"
    message_text: str


class NoAttribute(Diagnostic):
    code = "PIE0304"
    title = "`{type_name}` has no attribute `{attribute}`"
    label = "not found"
    type_name: str
    attribute: str


class MayBeNone(Diagnostic):
    code = "PIE0305"
    title = "the value may be None here: {operation}"
    label = "this is `{found}`"
    help = "test it first: `if x is not None:`"
    operation: str
    found: str


class UnknownType(Diagnostic):
    code = "PIE0306"
    title = "the type of {what} cannot be found out"
    label = "please say it"
    what: str


class NumberTooLarge(Diagnostic):
    code = "PIE0307"
    title = "the number {text} does not fit 64 bits"
    label = "int holds -2**63 to 2**63 - 1"
    text: str


class NoValue(Diagnostic):
    code = "PIE0308"
    title = "{what} never has a value"
    label = "this does not come back"
    what: str


class MissingReturn(Diagnostic):
    code = "PIE0309"
    title = "`{name}` must return `{expected}` but can reach its end"
    label = "without a `return` it gives None"
    name: str
    expected: str


class NotAnException(Diagnostic):
    code = "PIE0310"
    title = "{found} is not an exception"
    label = "only exceptions are raised and caught"
    help = "use one of the built-in classes, `raise ValueError(...)`, or a class that inherits from `Exception`"
    found: str


class WrongArguments(Diagnostic):
    code = "PIE0401"
    title = "{problem}"
    problem: str


class NoOverload(Diagnostic):
    code = "PIE0402"
    title = "`{name}` cannot be called with ({found})"
    label = "no form of it takes these arguments"
    name: str
    found: str


class NotCallable(Diagnostic):
    code = "PIE0403"
    title = "`{found}` cannot be called"
    label = "not a function"
    found: str


class ClassProblem(Diagnostic):
    code = "PIE0501"
    title = "{problem}"
    problem: str


class FrozenField(Diagnostic):
    code = "PIE0502"
    title = "`{attribute}` of `{class_name}` cannot be assigned: {reason}"
    label = "assigned here"
    class_name: str
    attribute: str
    reason: str


class ForgottenAwait(Diagnostic):
    code = "PIE0601"
    title = "the result of `{name}` is not awaited"
    label = "this makes a coroutine and never runs it"
    name: str


class AwaitOutside(Diagnostic):
    code = "PIE0602"
    title = "`{what}` outside an `async def`"
    label = "only an `async def` can wait"
    what: str


class NotAwaitable(Diagnostic):
    code = "PIE0603"
    title = "`{found}` cannot be awaited"
    label = "not a coroutine"
    found: str


class ModuleNotFound(Diagnostic):
    code = "PIE0701"
    title = "there is no module `{module}`"
    label = "not found"
    module: str


class ImportNotFound(Diagnostic):
    code = "PIE0702"
    title = "module `{module}` has no `{name}`"
    label = "not found there"
    module: str
    name: str


class ImportCycle(Diagnostic):
    code = "PIE0703"
    title = "modules import each other: {chain}"
    label = "this import closes the circle"
    help = "move what both need into a third module"
    chain: str


class EntryProblem(Diagnostic):
    code = "PIE0704"
    title = "{problem}"
    problem: str


class TooDeep(Diagnostic):
    code = "PIE0801"
    title = "{what} has no end"
    label = "asked for here"
    what: str


class NothingKnown(Diagnostic):
    code = "PIE0901"
    severity = Severity.WARNING
    title = "`{name}` is never called and has no annotations, so its body is hardly checked"
    label = "annotate its parameters"
    name: str
