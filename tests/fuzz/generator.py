"""Random programs, well typed by construction, for comparing with CPython.

In: a seed. Out: the text of a program that prints what it computes. Values stay small (every sum is reduced), loops are
bounded and each function calls only earlier ones, so every program ends; exceptions are part of it and are caught.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field

INT, FLOAT, STR, BOOL = "int", "float", "str", "bool"
SIMPLE = (INT, FLOAT, STR, BOOL)
TYPES = (*SIMPLE, "list[int]", "list[str]", "dict[str, int]", "tuple[int, str]", "set[int]", "list[float]")
SHOWN = tuple(kind for kind in TYPES if not kind.startswith("set"))  # a set has no order to compare
WORDS = ("", "a", "b", "pie", "x y", "Zed", "é", "0", "12", "ß", "日本", " pad ", "tab\\t")
ERRORS = ("ValueError", "KeyError", "IndexError", "ZeroDivisionError", "TypeError", "RuntimeError")
INT_METHODS = ("bit_length()", "bit_count()")
STR_METHODS = (
    "upper()", "lower()", "strip()", "title()", "swapcase()", "capitalize()", "zfill(5)", "center(7, '*')",
    "ljust(4)", "rjust(4, '.')", "replace('a', 'bb')", "lstrip('x ')", "removeprefix('p')", "casefold()",
    "expandtabs(3)",
)  # fmt: skip
STR_TESTS = ("isdigit()", "isalpha()", "isspace()", "islower()", "isupper()", "startswith('p')", "endswith('e')")


@dataclass
class Function:
    name: str
    params: list[str]
    result: str


@dataclass
class Scope:
    """Variables by type. `loops`: how deep in loops this is. `frozen`: names a loop counts on."""

    variables: dict[str, str] = field(default_factory=dict)
    loops: int = 0
    result: str | None = None
    frozen: set[str] = field(default_factory=set)

    def of(self, kind: str) -> list[str]:
        return [name for name, own in self.variables.items() if own == kind]

    def inner(self) -> Scope:
        return Scope(dict(self.variables), self.loops, self.result, set(self.frozen))


class Generator:
    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.annotated = self.random.random() < 0.5
        self.functions: list[Function] = []
        self.classes: list[str] = []
        self.lines: list[str] = []
        self.count = 0

    def fresh(self, prefix: str) -> str:
        self.count += 1
        return f"{prefix}{self.count}"

    def pick(self, *options: str) -> str:
        return self.random.choice(options)

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    # --- expressions -------------------------------------------------------------------------------------------

    def expression(self, kind: str, scope: Scope, depth: int = 3) -> str:
        names = scope.of(kind)
        if depth <= 0 or self.chance(0.25):
            return self.random.choice(names) if names and self.chance(0.7) else self.literal(kind)
        able = [item for item in self.functions if item.result == kind]
        if able and self.chance(0.2):
            return self.call(self.random.choice(able), scope, depth)
        if self.chance(0.08):
            test, first, second = (self.expression(item, scope, depth - 1) for item in (BOOL, kind, kind))
            return f"({first} if {test} else {second})"
        make = getattr(self, "make_" + kind.split("[")[0] + ("_of_" + kind[5:-1] if kind.startswith("list") else ""))
        return str(make(scope, depth - 1))

    def call(self, function: Function, scope: Scope, depth: int) -> str:
        arguments = [self.expression(kind, scope, depth - 2) for kind in function.params]
        if arguments and self.chance(0.2):
            return f"{function.name}({', '.join([*arguments[:-1], f'p{len(arguments) - 1}={arguments[-1]}'])})"
        return f"{function.name}({', '.join(arguments)})"

    def literal(self, kind: str) -> str:
        match kind:
            case "int":
                return str(self.random.choice([0, 1, 2, 3, 7, 10, -1, -5, 100, 2**31, -(2**40)]))
            case "float":
                return self.pick("0.0", "1.5", "-2.25", "1e10", "0.1", "3.0", "-0.0", "1e-7", "123456.789")
            case "str":
                return f'"{self.random.choice(WORDS)}"'
            case "bool":
                return self.pick("True", "False")
            case "list[int]":
                return "[" + ", ".join(self.literal(INT) for _ in range(self.random.randint(1, 4))) + "]"
            case "list[str]":
                return "[" + ", ".join(self.literal(STR) for _ in range(self.random.randint(1, 4))) + "]"
            case "list[float]":
                return "[" + ", ".join(self.literal(FLOAT) for _ in range(self.random.randint(1, 3))) + "]"
            case "dict[str, int]":
                return "{" + ", ".join(f"{self.literal(STR)}: {self.literal(INT)}" for _ in range(2)) + "}"
            case "tuple[int, str]":
                return f"({self.literal(INT)}, {self.literal(STR)})"
            case "set[int]":
                return "{" + ", ".join(self.literal(INT) for _ in range(self.random.randint(1, 4))) + "}"
            case _:
                raise ValueError(kind)

    def make_int(self, scope: Scope, depth: int) -> str:
        def some(kind: str = INT) -> str:
            return self.expression(kind, scope, depth)

        match self.random.randint(0, 15):
            case 0 | 1 | 2:
                return f"(({some()} {self.pick('+', '-', '*')} {some()}) % 1000003)"
            case 3:
                return f"({some()} {self.pick('//', '%')} {some()})"
            case 4:
                return f"({some()} {self.pick('&', '|', '^')} {some()})"
            case 5:
                return f"len({some(self.pick(STR, 'list[int]', 'dict[str, int]', 'set[int]', 'list[str]'))})"
            case 6:
                return f"{some('list[int]')}[{some()} % 3]"
            case 7:
                return f"{some('dict[str, int]')}{self.pick(f'[{some(STR)}]', f'.get({some(STR)}, {some()})')}"
            case 8:
                return f"(-{some()})"
            case 9:
                return f"{self.pick('min', 'max')}({some()}, {some()})"
            case 10:
                return f"(sum({some('list[int]')}) % 9973)"
            case 11:
                return f"int({some(FLOAT)})"
            case 12:
                return f"{some('tuple[int, str]')}[0]"
            case 13:
                return f"({some()} {self.pick('<<', '>>')} ({some()} % 8))"
            case 14:
                return f"abs({some()})"
            case _:
                return f"{some(STR)}.{self.pick('find', 'count', 'index', 'rfind')}({some(STR)})"

    def make_float(self, scope: Scope, depth: int) -> str:
        def some(kind: str = FLOAT) -> str:
            return self.expression(kind, scope, depth)

        match self.random.randint(0, 8):
            case 0 | 1:
                return f"({some()} {self.pick('+', '-', '*')} {some()})"
            case 2:
                return f"({some()} {self.pick('/', '//', '%')} {some(self.pick(FLOAT, INT))})"
            case 3:
                return f"({some(INT)} / {some(INT)})"
            case 4:
                return f"float({some(INT)})"
            case 5:
                return f"round({some()}, {self.random.randint(0, 4)})"
            case 6:
                return f"abs({some()})"
            case 7:
                return f"{some('list[float]')}[{some(INT)} % 2]"
            case _:
                return f"({some(INT)} * {some()})"

    def make_str(self, scope: Scope, depth: int) -> str:
        def some(kind: str = STR) -> str:
            return self.expression(kind, scope, depth)

        match self.random.randint(0, 11):
            case 0:
                return f"({some()} + {some()})"
            case 1:
                return f"({some()} * ({some(INT)} % 4))"
            case 2 | 3:
                return f"{some()}.{self.pick(*STR_METHODS)}"
            case 4:
                return f"{some()}[{self.slice(scope, depth)}]"
            case 5:
                return f"str({some(self.random.choice(SHOWN))})"
            case 6:
                return f"repr({some(self.random.choice(SHOWN))})"
            case 7:
                spec = self.pick(":>6", ":<4", ":^8", ":05", ":x", ":+", ":,", "")
                floats = self.pick(":.2f", ":8.3f", ":g", ":e", "")
                return f"f'{{{self.atom(INT, scope)}{spec}}}|{{{self.atom(FLOAT, scope)}{floats}}}'"
            case 8:
                return f"'{self.pick(',', '', '--')}'.join({some('list[str]')})"
            case 9:
                return f"{some('list[str]')}[{some(INT)} % 2]"
            case 10:
                return f"{some('tuple[int, str]')}[1]"
            case _:
                return f"f'{{{self.atom(STR, scope)}{self.pick('!r', '', ':>5', ':.2')}}}'"

    def atom(self, kind: str, scope: Scope) -> str:
        names = scope.of(kind)
        if names:
            return self.random.choice(names)
        return {INT: "42", FLOAT: "2.5", STR: "str(7)"}[kind]

    def slice(self, scope: Scope, depth: int) -> str:
        parts = [self.expression(INT, scope, 0) if self.chance(0.6) else "" for _ in range(2)]
        return ":".join(parts) + self.pick("", "", ":2", ":-1")

    def make_bool(self, scope: Scope, depth: int) -> str:
        def some(kind: str) -> str:
            return self.expression(kind, scope, depth)

        match self.random.randint(0, 8):
            case 0 | 1:
                kind = self.pick(INT, FLOAT, STR, "list[int]", "tuple[int, str]")
                return f"({some(kind)} {self.pick('<', '<=', '>', '>=', '==', '!=')} {some(kind)})"
            case 2:
                return f"(not {some(BOOL)})"
            case 3:
                return f"({some(BOOL)} {self.pick('and', 'or')} {some(BOOL)})"
            case 4:
                return f"({some(INT)} in {some(self.pick('list[int]', 'set[int]'))})"
            case 5:
                return (
                    f"({some(STR)} {self.pick('in', 'not in')} {some(self.pick(STR, 'dict[str, int]', 'list[str]'))})"
                )
            case 6:
                return f"{some(STR)}.{self.pick(*STR_TESTS)}"
            case 7:
                return f"({some(INT)} < {some(INT)} <= {some(INT)})"
            case _:
                return f"bool({some(self.random.choice(TYPES))})"

    def make_list_of_int(self, scope: Scope, depth: int) -> str:
        def some(kind: str) -> str:
            return self.expression(kind, scope, depth)

        x = self.fresh("x")
        inner = scope.inner()
        inner.variables[x] = INT
        match self.random.randint(0, 7):
            case 0:
                return f"[{self.expression(INT, inner, depth)} for {x} in range({self.random.randint(0, 5)})]"
            case 1:
                test = self.expression(BOOL, inner, depth)
                return f"[{x} for {x} in {some('list[int]')} if {test}]"
            case 2:
                return f"sorted({some(self.pick('list[int]', 'set[int]'))}, reverse={self.pick('True', 'False')})"
            case 3:
                return f"({some('list[int]')} + {some('list[int]')})"
            case 4:
                return f"{some('list[int]')}[{self.slice(scope, depth)}]"
            case 5:
                return f"list({some('dict[str, int]')}.values())"
            case 6:
                return f"list(range({some(INT)} % 5, {some(INT)} % 9, {self.pick('1', '2', '-1', '-2')}))"
            case _:
                return f"list(map(lambda {x}: {self.expression(INT, inner, depth)}, {some('list[int]')}))"

    def make_list_of_float(self, scope: Scope, depth: int) -> str:
        x = self.fresh("x")
        inner = scope.inner()
        inner.variables[x] = INT
        if self.chance(0.5):
            return f"[{self.expression(FLOAT, inner, depth)} for {x} in {self.expression('list[int]', scope, depth)}]"
        return f"sorted({self.expression('list[float]', scope, depth)})"

    def make_list_of_str(self, scope: Scope, depth: int) -> str:
        def some(kind: str) -> str:
            return self.expression(kind, scope, depth)

        match self.random.randint(0, 4):
            case 0:
                return f"{some(STR)}.split({self.pick('', chr(39) + 'a' + chr(39), chr(39) + ' ' + chr(39))})"
            case 1:
                x = self.fresh("x")
                inner = scope.inner()
                inner.variables[x] = self.pick(STR)
                return f"[{self.expression(STR, inner, depth)} for {x} in {some('list[str]')}]"
            case 2:
                return f"sorted({some('list[str]')}{self.pick('', ', key=len', ', key=lambda s: s[::-1]')})"
            case 3:
                return f"list({some('dict[str, int]')})"
            case _:
                return f"list({some(STR)})"

    def make_dict(self, scope: Scope, depth: int) -> str:
        def some(kind: str) -> str:
            return self.expression(kind, scope, depth)

        x = self.fresh("x")
        inner = scope.inner()
        if self.chance(0.5):
            inner.variables[x] = STR
            return f"{{{x}: {self.expression(INT, inner, depth)} for {x} in {some('list[str]')}}}"
        return f"{{**{some('dict[str, int]')}, {some(STR)}: {some(INT)}}}"

    def make_tuple(self, scope: Scope, depth: int) -> str:
        return f"({self.expression(INT, scope, depth)}, {self.expression(STR, scope, depth)})"

    def make_set(self, scope: Scope, depth: int) -> str:
        first, second = (self.expression("set[int]", scope, depth) for _ in range(2))
        if self.chance(0.5):
            return f"({first} {self.pick('|', '&', '-', '^')} {second})"
        return f"set({self.expression('list[int]', scope, depth)})"

    # --- statements --------------------------------------------------------------------------------------------

    def block(self, scope: Scope, indent: int, size: int, depth: int) -> None:
        for _ in range(size):
            self.statement(scope, indent, depth)

    def emit(self, indent: int, text: str) -> None:
        self.lines.append("    " * indent + text)

    def statement(self, scope: Scope, indent: int, depth: int) -> None:
        choice = self.random.randint(0, 15 if depth > 0 else 7)
        match choice:
            case 0 | 1 | 2:
                kind = self.random.choice(TYPES)
                value = self.expression(kind, scope)
                name = self.fresh("v")
                self.emit(indent, f"{name} = {value}")
                scope.variables[name] = kind
            case 3:
                kind = self.random.choice(TYPES)
                names = [name for name in scope.of(kind) if name not in scope.frozen]
                if names:
                    self.emit(indent, f"{self.random.choice(names)} = {self.expression(kind, scope)}")
            case 4:
                values = ", ".join(
                    self.shown(self.random.choice(TYPES), scope) for _ in range(self.random.randint(1, 3))
                )
                self.emit(indent, f"print({values})")
            case 5 | 6:
                self.mutation(scope, indent)
            case 7:
                if scope.loops and self.chance(0.3):
                    self.emit(indent, f"if {self.expression(BOOL, scope, 2)}:")
                    self.emit(indent + 1, self.pick("break", "continue"))
                elif scope.result is not None and self.chance(0.3):
                    self.emit(indent, f"if {self.expression(BOOL, scope, 2)}:")
                    self.emit(indent + 1, f"return {self.expression(scope.result, scope)}")
                elif self.chance(0.3):
                    self.emit(indent, f"if {self.expression(BOOL, scope, 2)}:")
                    self.emit(indent + 1, f"raise {self.pick(*ERRORS)}({self.expression(STR, scope, 1)})")
            case 8 | 9:
                self.emit(indent, f"if {self.expression(BOOL, scope)}:")
                self.nested(scope, indent, depth)
                if self.chance(0.5):
                    self.emit(indent, "else:")
                    self.nested(scope, indent, depth)
            case 10 | 11:
                self.loop(scope, indent, depth)
            case 12:
                inner = scope.inner()
                counter = self.fresh("n")
                self.emit(indent, f"{counter} = {self.random.randint(0, 6)}")
                scope.variables[counter] = inner.variables[counter] = INT
                scope.frozen.add(counter)
                inner.frozen.add(counter)
                self.emit(indent, f"while {counter} > 0:")
                self.emit(indent + 1, f"{counter} -= 1")
                inner.loops += 1
                self.block(inner, indent + 1, 2, depth - 1)
            case 13 | 14:
                self.attempt(scope, indent, depth)
            case _:
                self.unpacking(scope, indent)

    def shown(self, kind: str, scope: Scope) -> str:
        text = self.expression(kind, scope)
        return f"sorted({text})" if kind == "set[int]" else text

    def nested(self, scope: Scope, indent: int, depth: int) -> None:
        inner = scope.inner()
        self.emit(indent + 1, f"print({self.expression(self.random.choice(SIMPLE), inner, 1)})")
        self.block(inner, indent + 1, self.random.randint(1, 3), depth - 1)

    def loop(self, scope: Scope, indent: int, depth: int) -> None:
        inner = scope.inner()
        inner.loops += 1
        name = self.fresh("i")
        match self.random.randint(0, 4):
            case 0:
                source, kinds = f"range({self.random.randint(0, 6)})", [(name, INT)]
            case 1:
                source, kinds = f"list({self.expression('list[int]', scope)})", [(name, INT)]
            case 2:
                source, kinds = self.expression(STR, scope), [(name, STR)]
            case 3:
                value = self.fresh("w")
                source, kinds = f"enumerate({self.expression('list[str]', scope)})", [(name, INT), (value, STR)]
            case _:
                value = self.fresh("w")
                source = f"list({self.expression('dict[str, int]', scope)}.items())"
                kinds = [(name, STR), (value, INT)]
        self.emit(indent, f"for {', '.join(item for item, _ in kinds)} in {source}:")
        inner.variables.update(kinds)
        self.block(inner, indent + 1, self.random.randint(1, 3), depth - 1)
        self.emit(indent + 1, f"print({name})")
        if self.chance(0.2):
            self.emit(indent, "else:")
            self.emit(indent + 1, f"print({self.expression(STR, scope, 1)})")

    def attempt(self, scope: Scope, indent: int, depth: int) -> None:
        self.emit(indent, "try:")
        self.nested(scope, indent, depth)
        error = self.fresh("e")
        self.emit(indent, f"except {self.pick(*ERRORS)} as {error}:")
        self.emit(indent + 1, f"print('caught', {error})")
        if self.chance(0.5):
            self.emit(indent, f"except Exception as {error}:")
            self.emit(indent + 1, f"print(type({error}).__name__, {error})")
        if self.chance(0.3):
            self.emit(indent, "else:")
            self.emit(indent + 1, f"print({self.expression(STR, scope, 1)})")
        if self.chance(0.4):
            self.emit(indent, "finally:")
            self.nested(scope.inner() if not scope.loops else Scope(dict(scope.variables)), indent, 0)

    def mutation(self, scope: Scope, indent: int) -> None:
        able = [(name, kind) for name, kind in scope.variables.items() if kind.startswith(("list", "dict", "set"))]
        numbers = [name for name in scope.of(INT) if name not in scope.frozen]
        if numbers and (not able or self.chance(0.4)):
            name = self.random.choice(numbers)
            self.emit(
                indent, f"{name} {self.pick('+=', '-=', '//=', '%=', '&=', '|=')} {self.expression(INT, scope, 2)}"
            )
            self.emit(indent, f"{name} %= 1000003")
            return
        if not able:
            return
        name, kind = self.random.choice(able)
        if kind.startswith("list"):
            item = kind[5:-1]
            value = self.expression(item, scope, 2)
            place = self.expression(INT, scope, 1)
            self.emit(indent, self.pick(
                f"{name}.append({value})", f"{name}.insert({place} % 5, {value})", f"{name}[{place} % 4] = {value}",
                f"{name}.pop()", f"{name}.reverse()", f"{name}.sort()", f"{name} += [{value}]",
                f"{name}.remove({value})",
                f"del {name}[{place} % 3]", f"{name}[1:2] = [{value}, {value}]", f"{name}.extend({name}[:3])",
            ))  # fmt: skip
            self.emit(indent, f"del {name}[50:]")
        elif kind.startswith("dict"):
            key, value = self.expression(STR, scope, 1), self.expression(INT, scope, 2)
            self.emit(indent, self.pick(
                f"{name}[{key}] = {value}", f"{name}.pop({key}, {value})", f"{name}.setdefault({key}, {value})",
                f"del {name}[{key}]", f"{name}.update({self.expression(kind, scope, 1)})",
                f"{name}[{key}] += {value} % 100",
            ))  # fmt: skip
        else:
            value = self.expression(INT, scope, 2)
            self.emit(indent, f"{name}.{self.pick('add', 'discard', 'remove')}({value})")

    def unpacking(self, scope: Scope, indent: int) -> None:
        a, b = self.fresh("v"), self.fresh("v")
        self.emit(indent, f"{a}, {b} = {self.expression('tuple[int, str]', scope)}")
        scope.variables[a] = INT
        scope.variables[b] = STR

    # --- definitions -------------------------------------------------------------------------------------------

    def function(self) -> None:
        name = self.fresh("f")
        params = [self.random.choice(TYPES) for _ in range(self.random.randint(0, 3))]
        result = self.random.choice(TYPES)
        scope = Scope({f"p{index}": kind for index, kind in enumerate(params)}, result=result)
        names = [f"p{index}: {kind}" if self.annotated else f"p{index}" for index, kind in enumerate(params)]
        arrow = f" -> {result}" if self.annotated else ""
        self.emit(0, f"def {name}({', '.join(names)}){arrow}:")
        self.block(scope, 1, self.random.randint(1, 4), 2)
        self.emit(1, f"return {self.expression(result, scope)}")
        self.lines += ["", ""]
        self.functions.append(Function(name, params, result))

    def class_definition(self) -> None:
        name = self.fresh("C")
        kinds = [self.random.choice(TYPES) for _ in range(2)]
        base = self.random.choice(self.classes) if self.classes and self.chance(0.4) else ""
        self.emit(0, f"class {name}{f'({base})' if base else ''}:")
        first, second = (f"{'abcdef'[index]}: {kind}" for index, kind in enumerate(kinds))
        self.emit(1, f"def __init__(self, {first}, {second}) -> None:")
        if base:
            arguments = ", ".join(self.expression(kind, Scope(), 1) for kind in self.class_kinds[base])
            self.emit(2, f"super().__init__({arguments})")
        self.emit(2, f"self.{name}a = a")
        self.emit(2, f"self.{name}b = b")
        self.lines.append("")
        scope = Scope({f"self.{name}a": kinds[0], f"self.{name}b": kinds[1], "n": INT}, result=STR)
        scope.frozen.update(scope.variables)
        self.emit(1, "def show(self, n: int) -> str:")
        self.block(scope, 2, 2, 1)
        self.emit(2, f"return {self.expression(STR, scope)}")
        self.lines += ["", ""]
        self.classes.append(name)
        self.class_kinds[name] = kinds

    class_kinds: dict[str, list[str]]

    def program(self) -> str:
        self.class_kinds = {}
        for _ in range(self.random.randint(0, 2)):
            self.class_definition()
        for _ in range(self.random.randint(0, 3)):
            self.function()
        scope = Scope()
        start = len(self.lines)
        for name in self.classes:
            kinds = self.class_kinds[name]
            arguments = ", ".join(self.expression(kind, scope, 1) for kind in kinds)
            variable = self.fresh("o")
            self.emit(1, f"{variable} = {name}({arguments})")
            self.emit(1, f"print({variable}.show({self.expression(INT, scope, 1)}))")
        self.block(scope, 1, self.random.randint(3, 10), 3)
        for variable, kind in scope.variables.items():
            self.emit(1, f"print({f'sorted({variable})' if kind == 'set[int]' else variable})")
        body = self.lines[start:]
        if self.chance(0.5):
            main = ["def main():", *body, "", "", "main()"]
        else:
            main = ["try:", *body, "except OverflowError:", "    print('overflow')"]
        return "\n".join([*self.lines[:start], *main]) + "\n"


def program(seed: int) -> str:
    return Generator(seed).program()
