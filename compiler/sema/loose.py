"""Functions that take whatever they are given, where nothing tells how they are called.

A function value is specialised by its calls as long as these tell its types. Where they do not (it is never called in
sight, goes where anything may be, or is called with arguments whose number or names are known only when it is run), the
place where it became a value is made *loose* (`Program.loose`) and the program is checked again: the value is then an
object of the core class `function`, which takes a list and a dict of `Any`, deals them to the parameters and gives Any.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from ..syntax import tree
from ..syntax.source import Span
from . import relations
from .body import FACTS
from .callsite import MAPPING, Arg, CallSite, Ready
from .declarations import FunctionDecl, OverloadDecl, Symbol
from .dynamic import Dynamic
from .modules import UNDECORATED
from .typed import Const, GetGlobal, GetVar, GlobalVar, SetGlobal, TExpr, TIf
from .types import ANY, ErrorType, FunctionType, Type
from .wording import problem_of

Calling = Callable[..., TExpr]
"""Makes the call: of a body, its arguments, and those by name."""
MOST = 4
"""How many arguments more than the least a function of several forms is called with."""


class Loose(Dynamic):
    def loosen(self, kind: Type) -> bool:
        """Make the places where these function values were made loose; False when they are not known."""
        places = {place for item in relations.members_of(kind) for place in relations.places_of(item)}
        fresh = places - self.program.loose
        if not fresh or not places <= self.program.places:
            return False
        self.program.loose |= fresh
        self.program.widened = True  # many places may be: they are all found before the next round
        return True

    def loosened(self, value: TExpr) -> TExpr:
        """A function value as one that takes whatever it is given."""
        kind, span = value.type, value.span
        loose = self.core("function")
        if self.loosen(kind):
            return Const(loose, span, None)
        callee = self.kept(value)

        def call(body: Loose, site: CallSite) -> TExpr:
            if isinstance(callee, GetVar):
                body.capture(self, callee.var)
            if relations.is_class(kind):
                return body.call_value(callee, site)
            body.refuse_named(site.keywords, span)
            counts = (len(kind.params),) * 2 if isinstance(kind, FunctionType) else (0, MOST)
            return body.by_count(site.args, counts, lambda items: body.call_value(callee, CallSite(span, items)), span)

        named = isinstance(kind, FunctionType) and self.program.mentions("__name__")
        return self.loose_function(span, self.function_name(callee, span) if named else "<function>", call)

    def loose_function(
        self, span: Span, name: str | TExpr, call: Calling, owner: TExpr | None = None,
        decl: object = None,
    ) -> TExpr:  # fmt: skip
        """A new object of the class `function`; `owner`: what a method is bound to; `decl`: what it calls."""
        takes = FunctionType((self.core("list", ANY), self.core("dict", self.core("str"), ANY)), ANY)

        def deal(body: Loose, args: list[TExpr]) -> TExpr:
            return call(body, dealt(span, args))

        title = self.str_const(name, span) if isinstance(name, str) else name
        made = self.adapted(span, takes, deal, "<function>")
        unbound = owner is None or (relations.is_value(owner.type) and not relations.is_class(owner.type))
        whose = [] if owner is None or unbound else [self.runtime_call("id", [owner], span)]
        made = self.construct(self.core("function"), CallSite(span, [made, title, *whose]))
        asked = sorted(filter(self.program.mentions, FACTS - {"__wrapped__"}))
        if not asked or not isinstance(decl, FunctionDecl):
            return made
        if isinstance(decl.node, tree.Lambda) and decl.name != "<lambda>":  # one that stands for another
            return made
        with self.block() as before:
            made = self.kept(made)
            for fact in asked:
                told, problems = self.tried(partial(self.fact, decl, fact, span))
                if told is not None and not problems:  # else it is said when it is asked for
                    self.set_attribute(made, fact, told, span, span)
        return self.wrapped(before, made)

    def loose_declared(self, symbol: Symbol, span: Span) -> TExpr:
        """The same for a declared function: one object, made when it is first asked for."""
        name = getattr(symbol, "name", "").removesuffix(UNDECORATED)

        def call(body: Loose, site: CallSite) -> TExpr:
            return body.loose_symbol(symbol, site)

        made = partial(self.loose_function, span, name, call, None, symbol)
        if not isinstance(symbol, FunctionDecl) or symbol.module.library:
            return made()
        base = f"{symbol.module.name}.{symbol.qualified}:{symbol.span.start} (function)"
        kept, flag = (
            self.program.globals.setdefault(base + what, GlobalVar(base + what, self.core(kind)))
            for what, kind in (("", "function"), (" is set", "bool"))
        )
        with self.block() as making:
            self.emit(SetGlobal(span, kept, made()))
            self.emit(SetGlobal(span, flag, self.bool_const(True, span)))
        with self.block() as before:
            self.emit(TIf(span, GetGlobal(flag.type, span, flag), [], making))
        return self.wrapped(before, GetGlobal(kept.type, span, kept))

    def loose_symbol(self, symbol: Symbol, site: CallSite) -> TExpr:
        """A call of a declared function or class with a list and a dict of arguments."""
        method = isinstance(symbol, FunctionDecl) and symbol.owner is not None and symbol.kind == "plain"
        if isinstance(symbol, FunctionDecl) and not symbol.module.library and not method:
            return self.call_symbol(symbol, site)
        call = partial(self.call_symbol, symbol)
        return self.counted(site, self.counts_of(symbol), call, isinstance(symbol, FunctionDecl) and not method, ANY)

    def counts_of(self, symbol: Symbol) -> tuple[int, int]:
        """How many arguments by position a function takes, the object of a method among them."""
        if not isinstance(symbol, OverloadDecl):
            return self.counts_of_symbol(symbol)
        every = [self.counts_of_symbol(form) for form in symbol.forms]
        return min(low for low, _ in every), max(high for _, high in every)

    def counted(
        self, site: CallSite, counts: tuple[int, int], call: Callable[[CallSite], TExpr], named: bool,
        result: Type | None = None,
    ) -> TExpr:  # fmt: skip
        """`call`, which gives a `result`, with arguments of which only the run shows how many there are; `named`: it
        can be given a dict of those by name."""
        span = site.span
        mapping = dict(site.keywords).get(MAPPING)
        fixed = [(word, arg) for word, arg in site.keywords if word != MAPPING]
        by_place = partial(CallSite, span, keywords=fixed)
        if mapping is None:
            return self.by_count(site.args, counts, lambda items: call(by_place(items)), span, result)
        given = self.kept(self.argument(mapping, None))
        site = site.given(site.args, [*fixed, (MAPPING, given)])
        by_name = self.possible(lambda: call(site), result) if named else None
        plain = self.by_count(site.args, counts, lambda items: call(by_place(items)), span, result)
        refused = self.thrown("TypeError", "this function takes no arguments by name here", span)
        none = self.compare(self.need_method(given, "__len__", [], span), "==", self.int_const(0, span), span)
        return self.chosen(none, plain, by_name or self.coerce(refused, plain.type), span, result)

    def possible(self, act: Callable[[], TExpr], kind: Type | None = ANY) -> TExpr | None:
        """What `act` makes, as a value of this type, if nothing is wrong with it."""
        made, complaints = self.tried(lambda: self.apart(lambda: act() if kind is None else self.coerce(act(), kind)))
        return None if made is None or complaints or isinstance(made.type, ErrorType) else made

    def by_count(
        self, args: Sequence[Arg], counts: tuple[int, int], act: Callable[[list[TExpr]], TExpr], span: Span,
        result: Type | None = ANY,
    ) -> TExpr:  # fmt: skip
        """`act`, which gives a `result` (None: what it happens to give), with arguments among which is a list: for each
        number that there may be."""
        listed = self.kept(self.list_of(self.starred(args), ANY, span))
        length = self.kept(self.need_method(listed, "__len__", [], span))
        branches: list[tuple[int, TExpr]] = []
        for count in range(counts[0], min(counts[1], counts[0] + MOST) + 1):
            items = [self.item_at(listed, at, span) for at in range(count)]
            made = self.possible(partial(act, items), result)
            branches += [] if made is None else [(count, made)]
        result = result or self.joined([made.type for _, made in branches], span)
        refused = self.coerce(self.thrown("TypeError", "this function takes another number of arguments", span), result)

        def test(count: int) -> TExpr:
            return self.compare(length, "==", self.int_const(count, span), span)

        return self.by_tests([*branches, (-1, refused)], test, result, span) or refused

    def call_any(self, callee: TExpr, site: CallSite) -> TExpr:
        """A call of something that may be anything."""
        span = site.span
        with self.block() as before:
            listed = self.kept(self.list_of(self.starred(site.args), ANY, span))
            words = self.extra_value(site.keywords, (), ANY, span)
            problem = partial(problem_of, "__call__")
            made = self.any_call("()", [callee, listed, words], ANY, partial(called, span), problem, span)
        return self.wrapped(before, made)


def called(span: Span, checker: Loose, item: TExpr, others: list[TExpr]) -> TExpr:
    return checker.call_value(item, dealt(span, others))


def dealt(span: Span, given: list[TExpr]) -> CallSite:
    """A call with a list and a dict of arguments."""
    return CallSite(span, [tree.Starred(span, Ready(span, given[0]))], [(MAPPING, given[1])])
