"""Operations on `Any`: one function of the program for each, which looks at what the value is and does it.

What can be inside is known: every static type that is converted to `Any` somewhere (`Program.boxed`). A function made
here tests for each of them; it is made again when a new type turns up. What a type cannot do raises what CPython
raises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from ..rewrite.quoted import plain_arguments
from ..syntax import tree
from ..syntax.source import Span
from . import relations
from .callsite import CallSite
from .declarations import ClassDecl, FunctionDecl, OverloadDecl
from .gradual import Problem
from .program import Restart, Task
from .structural import Structural
from .typed import Call, Coerce, GetVar, Instance, MakeTuple, TExpr, Var
from .types import ANY, NEVER, NONE, AnyType, ClassType, ErrorType, TupleType, Type
from .wording import (
    COUNTED,
    INDEXING,
    TEXTS,
    index_problem,
    is_ours,
    operator_problem,
    part_problem,
    problem_of,
    python_name,
)

Branch = Callable[[TExpr], TExpr | None]
FIXED = {
    "__str__": "str", "__repr__": "str", "__format__": "str", "__hash__": "int", "__len__": "int",
    "__contains__": "bool",
}  # fmt: skip
WALKING = ("__iter__", "<unpack>")
STORED = {"__setitem__": 1, "append": 0, "add": 0, "insert": 1, "setdefault": 1}
"""Methods that put one of their arguments into what they are called on."""
LOOKED_UP = {
    "__contains__": (0,), "__getitem__": (0,), "get": (0, 1), "pop": (1,), "discard": (0,), "count": (0,),
    "index": (0, 1, 2), "remove": (0,),
}  # fmt: skip
"""Methods of containers that look for their first argument, whatever it is; with how many others."""
LOOKING = {"dict": 0, "AbstractSet": 0, "list": 0, "tuple_of": 0, "deque": 0, "DictKeys": 0, "DictValues": 1}
"""By container of the library: which of its type's arguments that is compared with."""


class Dynamic(Structural):
    def structural_method(self, receiver: TExpr, name: str, site: CallSite) -> TExpr | None:
        if isinstance(receiver.type, AnyType):
            values = [self.as_any(self.argument(arg, None)) for arg in site.values]
            return self.any_method(receiver, name, values, site.span, [word for word, _ in site.keywords])
        return super().structural_method(receiver, name, site)

    def as_any(self, value: TExpr) -> TExpr:
        return self.coerce(value, ANY)

    def any_method(self, receiver: TExpr, name: str, args: list[TExpr], span: Span, words: Sequence[str] = ()) -> TExpr:
        """`receiver.name(*args)`, whatever the receiver is; the last arguments are given by the names `words`."""
        result: Type = self.core(FIXED[name]) if name in FIXED else ANY
        if name in WALKING:
            result = self.core("Generator", ANY)

        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            if name in WALKING:
                return None if checker.element_type(item) is None else checker.runtime_call("walking", [item], span)
            if not name.startswith("_") and is_ours(item.type, name):
                return None
            walked = python_name(item.type) in (*TEXTS, "range") or not checker.able(item.type, name)
            if name == "__contains__" and walked:
                return checker.contains(others[0], item, span)
            if name in ("extend", "update"):
                checker.open_items(relations.parts(item.type))
            if name == "setdefault" and len(others) == 1:
                others = [*others, checker.as_any(checker.none(span))]
            looks = len(others) - 1 in LOOKED_UP.get(name, ()) and not words
            inside = checker.kinds_inside(item.type, name) if looks else []
            sought = others
            numbers = [number for number in ("int", "float") if checker.core(number) in inside]
            if len(numbers) == 1:  # 1.0 is looked for as 1 among ints
                others = [checker.kept(checker.runtime_call(f"as_{numbers[0]}", others[:1], span)), *others[1:]]
            first = len(others) - len(words)
            given = [checker.fitting(item.type, name, at, other) for at, other in enumerate(others[:first])]
            named = zip(words, others[first:], strict=True)
            keywords = [(word, checker.fitting(item.type, name, word, other)) for word, other in named]

            def asked() -> TExpr | None:
                return checker.method(item, name, CallSite(span, given, keywords))

            if not inside:
                return asked()
            there = checker.apart(lambda: checker.coerce(asked() or checker.none(span), result))
            absent = checker.coerce(checker.not_found(name, python_name(item.type), sought, span), result)
            return checker.chosen(checker.is_a(others[0], inside, span), there, absent, span)

        call = f"{name}/{len(args)} {' '.join(words)}"
        return self.any_call(call, [receiver, *args], result, act, partial(problem_of, name), span)

    def kinds_inside(self, kind: Type, name: str) -> list[Type]:
        """The kinds of values that may be equal to what a container of the library looks for; none where they are not
        known."""
        if not isinstance(kind, ClassType) or not kind.decl.module.library:
            return []
        base = next((item for item in relations.ancestors(kind) if item.decl.name in LOOKING), None)
        if base is None:
            return []
        if name == "__getitem__" and kind.decl is not self.program.core_class("dict"):  # a defaultdict makes one
            return []
        held = relations.members_of(base.args[LOOKING[base.decl.name]])
        simple = [self.core(item) for item in ("str", "bytes", "int", "float", "bool")]
        if not all(item in simple or item == NONE for item in held):
            return []
        if (simple[2] in held) != (simple[3] in held):
            return [*held, simple[4]]
        return [*held, *simple[2:]] if any(item in simple[2:] for item in held) else [*held]

    def not_found(self, name: str, owner: str, args: list[TExpr], span: Span) -> TExpr:
        """What one of `LOOKED_UP` of the class `owner` gives when its first argument is not there."""
        match name:
            case "remove" if owner != "set":
                return self.thrown("ValueError", f"{owner}.remove(x): x not in {owner}", span)
            case "index":
                found = self.need_method(args[0], "__repr__", [], span)
                whole = self.concatenated([found, self.str_const(f" is not in {owner}", span)], span)
                return self.thrown("ValueError", whole, span)
            case "__contains__":
                return self.bool_const(False, span)
            case "__getitem__" | "remove":
                return self.thrown("KeyError", args[0], span)
            case "count":
                return self.int_const(0, span)
            case _:
                return args[1] if len(args) > 1 else self.none(span)

    def fitting(self, kind: Type, name: str, place: int | str, arg: TExpr) -> TExpr:
        """An argument of type Any as what the method takes there, where it says one type."""
        found = self.lookup(kind, name) if isinstance(kind, ClassType) else None
        if found is None or not isinstance(found[1], FunctionDecl):
            return arg
        params = self.program.annotations.signature(found[1]).params
        at = next((at for at, item in enumerate(params) if place in (at, item.name)), None)
        if at is None or params[at].type is None or found[1].type_params:
            return arg
        wanted = relations.substitute(params[at].type or ANY, relations.environment_of(found[0]))
        if isinstance(wanted, AnyType) or params[at].collects:
            return arg
        if STORED.get(name) == at:
            self.open_items([wanted])
        elif name.startswith("__") and wanted == self.core("float"):
            return self.coerce(arg, wanted, becomes=True)
        if name in INDEXING and python_name(kind) in COUNTED and wanted == self.core("int"):
            before, _, behind = index_problem(kind, ANY).partition(python_name(ANY))

            def text() -> TExpr:
                parts = self.str_const(before, arg.span), self.any_type_name(arg, arg.span)
                return self.concatenated([*parts, self.str_const(behind, arg.span)], arg.span)

            test = self.is_a(arg, (wanted, self.core("bool")), arg.span)
            self.throw_if(test, "TypeError", text, arg.span, unless=True)
        return Coerce(wanted, arg.span, "checked", arg, f"expected `{wanted}`")

    def open_items(self, kinds: Iterable[Type]) -> None:
        """What a display holds may be anything: whoever has it as Any may put anything in."""
        for item in kinds:
            origin = relations.origin_of(item)
            if isinstance(origin, tuple) and self.program.hints.get(origin) != ANY:
                self.program.hints[origin] = ANY
                raise Restart(None)

    def any_attribute(self, value: TExpr, name: str, span: Span) -> TExpr:
        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            if not isinstance(item.type, ClassType) or is_ours(item.type, name) or not checker.able(item.type, name):
                return None
            return checker.attribute(item, name, span, span)

        return self.any_call(f".{name}", [value], ANY, act, partial(problem_of, name), span)

    def any_has(self, value: TExpr, name: str, span: Span) -> TExpr:
        """`hasattr(value, name)`."""

        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr:
            return checker.has_attribute(item, name, span)

        def problem(kind: Type) -> tuple[str, str]:
            return "TypeError", f"whether a '{python_name(kind)}' object has '{name}' is not known here"

        return self.any_call(f"hasattr {name}", [value], self.core("bool"), act, problem, span)

    def any_store(self, value: TExpr, name: str, stored: TExpr, span: Span) -> TExpr:
        """`value.name = stored`, of the classes that name the attribute."""

        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            if not isinstance(item.type, ClassType) or checker.lookup(item.type, name) is None:
                return None
            checker.set_attribute(item, name, others[0], span, span)
            return checker.as_any(checker.none(span))

        return self.any_call(f".{name} =", [value, self.as_any(stored)], ANY, act, partial(problem_of, name), span)

    def any_truth(self, value: TExpr, span: Span) -> TExpr:
        problem = partial(problem_of, "__bool__")
        return self.any_call(
            "truth", [value], self.core("bool"), lambda checker, item, _: checker.truth(item), problem, span
        )

    def any_binary(self, left: TExpr, op: str, right: TExpr, span: Span) -> TExpr:
        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            problem = partial(operator_problem, op, item.type)
            if op.endswith("=") and checker.updates(item.type, op[:-1]):
                checker.open_items(relations.parts(item.type))
                return checker.in_place(item, op[:-1], others[0], span)
            plain = op.removesuffix("=")

            def both(other: TExpr) -> TExpr | None:
                left = item
                if plain in ("&", "|", "-", "^") and (is_view(item.type) or is_view(other.type)):
                    left, other = checker.any_set(left, span), checker.any_set(other, span)
                return checker.binary(left, plain, other, span)

            return checker.by_kind(others[0], both, ANY, problem, span)

        return self.any_call(op, [self.as_any(left), self.as_any(right)], ANY, act, partial(problem_of, op), span)

    def any_set(self, value: TExpr, span: Span) -> TExpr:
        """What is beside a view of a dict becomes a set, as the view does."""
        if not self.able(value.type, "__iter__"):
            return self.thrown(*problem_of("__iter__", value.type), span)
        return self.list_of([(value, True)], ANY, span, "set")

    def any_compare(self, left: TExpr, op: str, right: TExpr, span: Span) -> TExpr:
        boolean = self.core("bool")

        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            problem = partial(operator_problem, op, item.type)
            return checker.by_kind(
                others[0], lambda other: checker.compare(item, op, other, span), boolean, problem, span
            )

        return self.any_call(op, [self.as_any(left), self.as_any(right)], boolean, act, partial(problem_of, op), span)

    def any_isinstance_of(self, value: TExpr, classes: TExpr, span: Span) -> TExpr:
        """`isinstance(value, classes)` of what may be anything."""

        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            kind = item.type
            is_classes = relations.is_class(kind) or relations.is_tuple_of(kind) or isinstance(kind, TupleType)
            return checker.dynamic_isinstance(others[0], item, span) if is_classes else None

        def problem(*_: Type) -> tuple[str, str]:
            return "TypeError", "isinstance() arg 2 must be a type, a tuple of types, or a union"

        return self.any_call("isinstance", [classes, self.as_any(value)], self.core("bool"), act, problem, span)

    def any_in_text(self, part: TExpr, text: TExpr, span: Span) -> TExpr:
        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            return checker.in_text(item, others[0], span)

        problem = partial(part_problem, text.type)
        return self.any_call(f"in {text.type}", [part, text], self.core("bool"), act, problem, span)

    def any_callable(self, value: TExpr, span: Span) -> TExpr:
        return self.any_call(
            "callable", [value], self.core("bool"), lambda checker, item, _: checker.is_callable(item, span),
            partial(problem_of, "__call__"), span,
        )  # fmt: skip

    def any_reversed(self, value: TExpr, walk: OverloadDecl, span: Span) -> TExpr:
        """The items of what is in `value`, last first; `walk` is `reversed`."""

        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            kind, able = item.type, isinstance(item.type, TupleType)
            if isinstance(kind, ClassType):
                able = any(checker.lookup(kind, name) is not None for name in ("__reversed__", "__getitem__"))
            if not able:
                return None
            return checker.list_of([(checker.call_overload(walk, CallSite(span, [item])), True)], ANY, span)

        return self.any_call(
            "reversed", [value], self.core("list", ANY), act, partial(problem_of, "__reversed__"), span
        )

    def any_isinstance(self, value: TExpr, decls: list[ClassDecl], span: Span) -> TExpr:
        """`isinstance(x, list)`, whatever the items are."""

        def act(checker: Dynamic, item: TExpr, others: list[TExpr]) -> TExpr | None:
            kind = item.type
            above = [item.decl for item in relations.ancestors(kind)] if isinstance(kind, ClassType) else []
            if checker.is_bool(kind):
                above.append(checker.core("int").decl)
            if isinstance(kind, TupleType) or (isinstance(kind, ClassType) and kind.decl.is_named_tuple):
                above.append(checker.program.core_class("tuple_of"))
            able = any(decl.is_protocol and checker.having_all(kind, decl) == kind for decl in decls)
            below = [ClassType(decl) for decl in decls if isinstance(kind, ClassType) and is_below(decl, kind.decl)]
            if below and not able and not any(decl in above for decl in decls):
                for one in below:
                    checker.program.layout(one)
                return checker.is_a(item, below, span)
            return checker.bool_const(able or any(decl in above for decl in decls), span)

        names = ", ".join(sorted(decl.name for decl in decls))
        problem = partial(problem_of, "isinstance")
        return self.any_call(f"isinstance {names}", [value], self.core("bool"), act, problem, span)

    def any_type_name(self, value: TExpr, span: Span) -> TExpr:
        problem, text = partial(problem_of, "__class__"), self.core("str")
        return self.any_call(
            "type name", [value], text, lambda checker, item, _: checker.type_name(item, span), problem, span
        )

    def any_type(self, value: TExpr, span: Span) -> TExpr:
        problem, kind = partial(problem_of, "__class__"), self.core("type", ANY)
        return self.any_call("type", [value], kind, lambda checker, item, _: checker.type_of(item, span), problem, span)

    def tuple_of(self, value: TExpr, wanted: Type) -> TExpr:
        """A tuple as one of any length: inside `Any` tuples have items of any type."""
        assert isinstance(wanted, ClassType)
        with self.block() as made:
            items = [(item, False) for item in self.tuple_items(value)]
            items = items if isinstance(value.type, TupleType) else [(self.kept(value), True)]
            result = self.as_tuple_of(self.list_of(items, wanted.args[0], value.span), value.span)
        return self.wrapped(made, result)

    def tuple_from_any(self, value: TExpr, wanted: Type) -> TExpr:
        """The tuple in an `Any`, its items checked one by one."""
        span = value.span
        with self.block() as made:
            whole = self.kept(Coerce(self.core("tuple_of", ANY), span, "checked", value, f"expected `{wanted}`"))
            if isinstance(wanted, TupleType):
                length = self.int_const(len(wanted.items), span)
                differs = self.compare(self.need_method(whole, "__len__", [], span), "!=", length, span)
                self.throw_if(differs, "TypeError", f"expected `{wanted}`", span)
                items = [self.coerce(self.item_at(whole, at, span), kind) for at, kind in enumerate(wanted.items)]
                return self.wrapped(made, MakeTuple(wanted, span, items))
        return self.wrapped(made, self.tuple_of(whole, wanted))

    # --- the functions -------------------------------------------------------------------------------------------

    def any_call(
        self, name: str, args: list[TExpr], result: Type,
        act: Callable[[Dynamic, TExpr, list[TExpr]], TExpr | None], problem: Problem, span: Span,
    ) -> TExpr:  # fmt: skip
        """Call the program's function for this operation."""
        task = self.program.dynamic.get(name)
        if task is None:
            task = self.program.dynamic[name] = self.any_task(name, [arg.type for arg in args], result, act, problem)
        if task not in self.task.requests:
            self.task.requests.append(task)
        return Call(result, span, task.instance, args)

    def any_task(
        self, name: str, kinds: list[Type], result: Type, act: Callable[[Dynamic, TExpr, list[TExpr]], TExpr | None],
        problem: Problem,
    ) -> Task:  # fmt: skip
        span = Span(0, 0)
        builtins = self.program.modules.builtins
        assert builtins is not None
        arguments = plain_arguments(span, *(f"a{at}" for at in range(len(kinds))))
        node = tree.FunctionDef(span, f"any {name}", span, (), arguments, None, (), (), False)
        decl = FunctionDecl(f"any {name}", f"any {name}", builtins, node)
        instance = Instance(f"any {name}", f"any {name}", tuple(kinds), result)
        task = Task(instance, decl, {}, None, result, None, span)

        def build(checker: Dynamic) -> None:
            params = (checker.web_vars[checker.scope.defs[id(item)]] for item in arguments.args)
            values: list[TExpr] = [GetVar(var.type, span, var) for var in params]

            def branch(item: TExpr) -> TExpr | None:
                return act(checker, item, values[1:])

            made = checker.by_kind(values[0], branch, result, problem, span)
            checker.give_back(made, span)
            checker.reachable = False

        task.build = build
        return task

    def by_kind(self, value: TExpr, act: Branch, result: Type, problem: Problem, span: Span) -> TExpr:
        """A chain of tests over all that may be inside `value`; raises where `act` cannot do it."""
        classes = relations.union(filter(relations.is_class, self.program.boxed))  # one number holds any of them
        others = (kind for kind in self.program.boxed if not relations.is_class(kind))

        def order(kind: Type) -> tuple[int, str]:
            """Classes below others come first; bool before int."""
            return (-len([*relations.ancestors(kind)]) if isinstance(kind, ClassType) else 0, str(kind))

        kinds = sorted({*self.with_below(others), *relations.members_of(classes)} - {NEVER}, key=order)
        branches: list[tuple[Type, TExpr]] = []
        for kind in reversed(kinds):
            saved, unknown = len(self.task.diagnostics), list(self.task.unknown)
            with self.block() as made:
                item = self.narrowed(value, kind)
                self.frames.append(None)
                done = act(item)
                self.frames.pop()
                failed = done is None or len(self.task.diagnostics) > saved or isinstance(done.type, ErrorType)
                if done is not None and not failed:
                    done = self.coerce(done, result)
            del self.task.diagnostics[saved:]
            self.task.unknown = unknown
            failure = partial(self.failure, *problem(kind), result, span)
            branches.append((kind, self.apart(failure) if failed or done is None else self.wrapped(made, done)))
        branches.reverse()
        chosen = self.by_tests(branches, lambda kind: self.is_a(value, (kind,), span), result, span)
        return self.failure("TypeError", "nothing is inside", result, span) if chosen is None else chosen

    def with_below(self, kinds: Iterable[Type]) -> Iterator[Type]:
        """These, and the program's classes below them: a value of a class may be one of any of these."""
        for kind in kinds:
            yield kind
            if isinstance(kind, ClassType):
                self.program.consult(kind.decl, "")
                below = [
                    ClassType(item) for item in kind.decl.subclasses if not (item.type_params or item.module.library)
                ]
                for item in below:
                    self.program.layout(item)
                yield from self.with_below(below)

    def failure(self, error: str, message: str, result: Type, span: Span) -> TExpr:
        self.throw(error, message, span)
        empty = Var("", result)
        self.variables.append(empty)
        return GetVar(result, span, empty)


def is_below(decl: ClassDecl, above: ClassDecl) -> bool:
    """Is it another class, below `above`, and not a generic one?"""
    bases = [item.decl for item in relations.ancestors(ClassType(decl))][1:] if not decl.type_params else []
    return above in bases


def is_view(kind: Type) -> bool:
    """A dict's `keys()` or `items()`?"""
    return isinstance(kind, ClassType) and any(item.decl.name == "SetView" for item in relations.ancestors(kind))
