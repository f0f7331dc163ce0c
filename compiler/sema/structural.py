"""Operations on types that are not classes (None, tuples, unions), and calls that the checker knows by name."""

from __future__ import annotations

import builtins
from collections.abc import Sequence
from functools import partial

from ..rewrite.choices import COMPARE
from ..rewrite.oldstyle import ANYTHING
from ..rewrite.quoted import quoted_function
from ..syntax import tree
from ..syntax.source import Span
from . import errors, relations
from .absent import FIXED
from .callsite import Arg, CallSite
from .declarations import (
    EXTRA,
    ClassDecl,
    FieldDecl,
    FunctionDecl,
    GlobalDecl,
    ModuleDecl,
    OverloadDecl,
    PropertyDecl,
    own_name,
)
from .gradual import FOR_NONE
from .iteration import Iteration
from .records import ORDER, record_fields
from .typed import Coerce, Conditional, Const, Do, MakeTuple, TBlock, TExpr
from .types import (
    ANY,
    NEVER,
    NONE,
    AnyType,
    ClassType,
    ErrorType,
    FunctionType,
    NeverType,
    NoneType,
    TupleType,
    Type,
    UnionType,
)
from .wording import COUNTED, INDEXING, PROBLEMS, index_problem, operator_problem, python_name

NONE_HASH = 0xFCA86420
HASH_START = 2870177450012600261
KEYS = ("float", "NoneType", "str", "tuple")
"""Classes of indices that these do not take."""
CLASS_ATTRIBUTES = (ClassDecl, FunctionDecl, GlobalDecl, OverloadDecl, PropertyDecl)
PLAIN = ("int", "float", "bool", "str", "bytes")
"""Classes whose objects stay what they are where a dataclass is taken apart."""


class Structural(Iteration):
    def structural_method(self, receiver: TExpr, name: str, site: CallSite) -> TExpr | None:
        kind, span = receiver.type, site.span
        match kind:
            case _ if site.keywords and not isinstance(kind, UnionType):
                return None
            case NoneType():
                return self._none_method(receiver, name, site.args, span)
            case UnionType():
                if relations.has_none(kind) and name not in FOR_NONE:
                    return None
                with self.block() as made:
                    whole = self.kept(receiver)
                    values = [self.checked(arg) for arg in site.args]
                    named = [(word, self.checked(arg)) for word, arg in site.keywords]
                    if name in INDEXING and self.gradual and values:
                        whole = self.with_index(whole, values[0], span)
                    saved, each = len(self.task.diagnostics), CallSite(span, values, named)
                    result = self.by_member(whole, self.seen(name, lambda item: self.method(item, name, each)), span)
                if isinstance(result.type, ErrorType) and len(self.task.diagnostics) == saved:
                    return None
                return self.wrapped(made, result)
            case TupleType():
                return self._tuple_method(receiver, name, site.args, span)
            case FunctionType() if name == "__hash__":
                self.compares_functions()
                return self.runtime_call("hash_function", [receiver], span)
            case FunctionType() if name in ("__str__", "__repr__"):
                return TBlock(self.core("str"), span, [Do(span, receiver)], self.str_const("<function>", span))
            case _:
                return None

    def checked(self, arg: Arg) -> Arg:
        """An argument that several members of a union are given."""
        return arg if isinstance(arg, tree.Starred) else self.kept(self.argument(arg, None))

    def with_index(self, whole: TExpr, index: Arg, span: Span) -> TExpr:
        """`whole` without the members that are counted through, where the index is no number: they raise."""
        members = relations.members_of(whole.type)
        counted = [item for item in members if python_name(item) in COUNTED]
        if not isinstance(index, TExpr) or python_name(index.type) not in KEYS or len(counted) in (0, len(members)):
            return whole
        for item in counted:
            self.throw_if(self.is_a(whole, (item,), span), "TypeError", index_problem(item, index.type), span)
        return self.narrowed(whole, relations.union([item for item in members if item not in counted]))

    def _none_method(self, receiver: TExpr, name: str, args: Sequence[Arg], span: Span) -> TExpr | None:
        first = Do(span, receiver)
        match name, args:
            case (("__str__" | "__repr__"), []):
                return TBlock(self.core("str"), span, [first], self.str_const("None", span))
            case "__hash__", []:
                return TBlock(self.core("int"), span, [first], self.int_const(NONE_HASH, span))
            case "__bool__", []:
                return TBlock(self.core("bool"), span, [first], self.bool_const(False, span))
            case "__eq__", [other]:
                return self.identical(receiver, self.argument(other, None), span)
            case "__pack__", [out]:
                self.emit(first)
                return self.need_method(self.argument(out, None), "write_none", [], span)
            case _:
                return None

    # --- tuples --------------------------------------------------------------------------------------------------

    def _tuple_method(self, receiver: TExpr, name: str, args: Sequence[Arg], span: Span) -> TExpr | None:
        with self.block() as made:
            items = self.tuple_items(receiver, span)
            values = [self.argument(arg, None) for arg in args]
            result = self._tuple_result(items, name, values, span)
        return None if result is None else self.wrapped(made, result)

    def _tuple_result(self, items: list[TExpr], name: str, values: list[TExpr], span: Span) -> TExpr | None:
        match name, values:
            case "__len__", []:
                return self.int_const(len(items), span)
            case (("__str__" | "__repr__"), []):
                parts: list[TExpr] = [self.str_const("(", span)]
                for index, item in enumerate(items):
                    if index:
                        parts.append(self.str_const(", ", span))
                    parts.append(self.need_method(item, "__repr__", [], span))
                parts.append(self.str_const(",)" if len(items) == 1 else ")", span))
                return self.concatenated(parts, span)
            case "__hash__", []:
                return self._hash(items, span)
            case (("__eq__" | "__lt__" | "__le__" | "__gt__" | "__ge__"), [other]) if isinstance(other.type, TupleType):
                others = self.tuple_items(other, span)
                equal = name == "__eq__"
                return self._equal_items(items, others, span) if equal else self._ordered(items, others, name, span)
            case "__add__", [other] if isinstance(other.type, TupleType):
                return self.tuple_made([*items, *self.tuple_items(other, span)], span)
            case "__contains__", [wanted]:
                needle = self.kept(wanted)
                found: TExpr = self.bool_const(False, span)
                for item in reversed(items):
                    test = self._same_item(item, needle, span)
                    found = Conditional(self.core("bool"), span, test, self.bool_const(True, span), found)
                return found
            case "__pack__", [out]:
                packer = self.kept(out)
                self.emit(Do(span, self.need_method(packer, "write_array", [self.int_const(len(items), span)], span)))
                for item in items:
                    self.emit(Do(span, self.need_method(item, "__pack__", [packer], span)))
                return self.none(span)
            case (
                (("count" | "__getitem__" | "__mul__" | "__rmul__"), [_])
                | ("index", [_, *_])
                | ("__reversed__", [])
                | ("__getrange__", [_, _])
                | ("__getslice__", [_, _, _])
            ):
                joined = self.joined([item.type for item in items], span) if items else ANY
                listed = self.as_tuple_of(self.list_from(items, joined, span), span)
                return self.need_method(listed, name, list(values), span)
            case _:
                return None

    def _hash(self, items: list[TExpr], span: Span) -> TExpr:
        result: TExpr = self.int_const(HASH_START, span)
        for item in items:
            result = self.runtime_call("hash_step", [result, self.need_method(item, "__hash__", [], span)], span)
        return self.runtime_call("hash_end", [result, self.int_const(len(items), span)], span)

    def _same_item(self, first: TExpr, second: TExpr, span: Span) -> TExpr:
        """Equality as containers see it: an object is equal to itself, and its `__eq__` is not asked."""
        asked = self.apart(partial(self.equal, first, second, span))
        if not (self.comparing(first.type) and self.comparing(second.type)):
            return asked
        return self.chosen(self.identical(first, second, span), self.bool_const(True, span), asked, span)

    def _equal_items(self, items: list[TExpr], others: list[TExpr], span: Span) -> TExpr:
        if len(items) != len(others):
            return self.bool_const(False, span)
        result: TExpr | None = None
        for first, second in reversed(list(zip(items, others, strict=True))):
            test = self._same_item(first, second, span)
            result = test if result is None else self.both(test, result)
        return self.bool_const(True, span) if result is None else result

    def _ordered(self, items: list[TExpr], others: list[TExpr], name: str, span: Span) -> TExpr:
        """The first items that differ decide; when one tuple is the start of the other, the lengths do."""
        symbol = ORDER[name]
        result: TExpr = self.bool_const(COMPARE[symbol](len(items), len(others)), span)
        for index in reversed(range(min(len(items), len(others)))):
            first, second = items[index], others[index]
            same = self._same_item(first, second, span)
            with self.block() as other:
                decides = self.for_members(
                    [first, second], lambda a, b: self.ordered(a, symbol, b, span), span,
                    partial(operator_problem, symbol), late=True,
                )  # fmt: skip
            decides = self.coerce(decides, result.type)
            result = Conditional(self.core("bool"), span, same, result, self.wrapped(other, decides))
        return result

    # --- static methods of types that are not classes ------------------------------------------------------------

    def structural_static(self, owner: Type, name: str, args: Sequence[Arg], span: Span) -> TExpr | None:
        """`T.__unpack__(reader)` where T is None, optional or a tuple."""
        if name != "__unpack__" or len(args) != 1:
            return None
        with self.block() as made:
            reader = self.kept(self.argument(args[0], None))
            result = self.unpacked(owner, reader, span)
        return None if result is None else self.wrapped(made, result)

    def unpacked(self, kind: Type, reader: TExpr, span: Span) -> TExpr | None:
        match kind:
            case ClassType():
                return self.call_on_class(kind, "__unpack__", span, CallSite(span, [reader]))
            case NoneType():
                self.emit(Do(span, self.need_method(reader, "read_none", [], span)))
                return self.none(span)
            case AnyType():
                return self.need_method(reader, "read_any", [], span)
            case UnionType() if relations.has_none(kind) and len(kind.members) == 2:
                test = self.need_method(reader, "is_none", [], span)
                with self.block() as absent:
                    self.emit(Do(span, self.need_method(reader, "read_none", [], span)))
                with self.block() as present:
                    inner = self.unpacked(relations.without_none(kind), reader, span)
                if inner is None:
                    return None
                nothing = TBlock(kind, span, absent, self.coerce(self.none(span), kind))
                return Conditional(kind, span, test, nothing, self.wrapped(present, self.coerce(inner, kind)))
            case TupleType():
                self.emit(Do(span, self.need_method(reader, "read_array", [], span)))
                items: list[TExpr] = []
                for item in kind.items:
                    value = self.unpacked(item, reader, span)
                    if value is None:
                        return None
                    items.append(self.kept(value))
                return MakeTuple(kind, span, items)
            case _:
                return self.error(
                    errors.MissingOperation(self.source, span, message_text=f"`{kind}` cannot come into the program")
                )

    def has_attribute(self, value: TExpr, name: str, span: Span) -> TExpr:
        """`hasattr(value, name)`; a field that `__init__` may leave out is asked for."""
        kind = value.type
        if isinstance(kind, ErrorType | NeverType):
            return self.bad(span)
        if isinstance(kind, AnyType):
            return self.any_has(value, name, span)
        if relations.is_function(kind) or relations.is_loose(kind):
            answers = {hasattr(example, name) for example in (print, self.has_attribute, lambda: None)}
            if len(answers) == 1 and not (self.gives(name) and not name.startswith("__")):
                return self.settled_as(answers == {True}, [value], span)
        known = {NoneType: type(None), TupleType: tuple}.get(type(kind)) or getattr(builtins, python_name(kind), None)
        is_own = isinstance(kind, ClassType) and not kind.decl.module.library
        if isinstance(known, type) and not is_own and not relations.is_class(kind):
            if isinstance(kind, ClassType) and name not in dir(known):
                self.program.consult(kind.decl, name)
                if below := self.classes_with(kind.decl, name):
                    return self.is_a(value, below, span)
            later = name == "is_integer" and issubclass(known, int)  # from 3.12 on, whatever runs us
            return self.settled_as(later or name in dir(known), [value], span)
        if relations.is_class(kind):
            find = self.program.members.find_member

            def there(one: ClassType) -> TExpr:
                member = find(one.decl, name)
                above = None if one.decl.base is None else find(one.decl.base.decl, name)
                if isinstance(member, GlobalDecl) and not member.sure and above is None:
                    return self.is_given(member, span)
                return self.bool_const(isinstance(member, CLASS_ATTRIBUTES) or hasattr(type, name), span)

            return self.by_class(value, there, span)
        if isinstance(kind, ClassType) and not is_own and (kind.decl.module.core or self.able(kind, name)):
            steps = name == "__next__" and self.able(kind, "__step__")
            return self.settled_as(steps or self.able(kind, name), [value], span)
        if not isinstance(kind, ClassType) or not is_own:
            return self.unsupported(span, f"`hasattr` of a `{kind}`", FIXED)
        found = self.lookup(kind, name)
        if found is not None and isinstance(found[1], FieldDecl) and found[1].unsure:
            return self.attribute(value, own_name(name, "set"), span, span)
        if found is None and self.lookup(kind, EXTRA) is not None and self.lookup(kind, "__getattr__") is None:
            return self.compare(self.str_const(name, span), "in", self.attribute(value, EXTRA, span, span), span)
        if found is None and not name.startswith("__") and self.lookup(kind, "__getattr__") is not None:
            return self.asked_for(value, name, span)
        self.program.consult(kind.decl, name)
        below = self.classes_with(kind.decl, name) if found is None else []
        if below:
            return self.is_a(value, below, span)
        usual = any(hasattr(item, name) for item in (object, list, dict, str, int, float, print, iter(()), memoryview))
        if found is None and name.startswith("__") and not usual:
            return self.unsupported(span, f"`hasattr` of `{name}`", FIXED)
        given = name in ("__dict__", "__weakref__") and not kind.decl.slotted
        return self.settled_as(found is not None or given or name in (*dir(object), "__module__"), [value], span)

    def asked_for(self, value: TExpr, name: str, span: Span) -> TExpr:
        """Does asking for the attribute give anything?"""

        def ask() -> TExpr:
            self.emit(Do(span, self.attribute(value, name, span, span)))
            return self.bool_const(True, span)

        error = "TypeError" if name in PROBLEMS else "AttributeError"
        return self.rescued(ask, lambda: self.bool_const(False, span), error, span)

    # --- dataclasses ---------------------------------------------------------------------------------------------

    def record_of(self, value: TExpr, name: str) -> ClassDecl | None:
        """The dataclass of a value that `name` of `dataclasses` is given."""
        kind, span = value.type, value.span
        if isinstance(kind, ErrorType | NeverType):
            return None
        if not isinstance(kind, ClassType) or kind.decl.dataclass is None:
            problem = errors.MissingOperation(self.source, span, message_text=f"{name}() does not work on `{kind}`")
            says = f"{name}() should be called on dataclass instances"
            self.error(problem.raised("TypeError", says).helped("give it an object of a dataclass"))
            return None
        self.program.consult(kind.decl, "")
        if kind.decl.subclasses:
            what = f"{name}() of a `{kind}`, which may be one of a class below,"
            self.unsupported(span, what, "write a method in each class")
            return None
        return kind.decl

    def taken_apart(self, value: TExpr, name: str, inside: tuple[ClassDecl, ...]) -> TExpr:
        """What `asdict` and `astuple` make of a value: dicts or tuples of dataclasses, also in lists and tuples, which
        are copied."""
        kind, span = value.type, value.span
        if isinstance(kind, UnionType):
            return self.by_member(value, lambda item: self.coerce(self.taken_apart(item, name, inside), ANY), span)
        if isinstance(kind, TupleType):
            parts = [self.taken_apart(item, name, inside) for item in self.tuple_items(value, span)]
            return self.tuple_made(parts, span)
        if not isinstance(kind, ClassType) or kind.decl.is_enum or kind.decl.name in PLAIN:
            return value
        if kind.decl.dataclass is not None:
            if kind.decl in inside:  # it holds itself: a method of its own does it
                method = f"({name})"
                if method not in kind.decl.members:
                    text = "def method(self) -> anything: return apart(self)"
                    node = quoted_function(text, kind.decl.span, method=method, apart=method, anything=ANYTHING)
                    kind.decl.members[method] = FunctionDecl(method, method, kind.decl.module, node, kind.decl)
                return self.need_method(value, method, [], span)
            if self.record_of(value, name) is None:
                return self.bad(span)
            with self.block() as made:
                whole = self.kept(value)
                pairs: list[tuple[str, TExpr]] = []
                for item in record_fields(kind.decl):
                    field = self.attribute(whole, item.name, span, span)
                    pairs.append((item.name, self.kept(self.taken_apart(field, name, (*inside, kind.decl)))))
                if name == "astuple":
                    result = self.tuple_made([part for _, part in pairs], span)
                else:
                    named = [(self.str_const(word, span), part) for word, part in pairs]
                    result = self.dict_of(named, (self.core("str"), ANY), span)
            return self.wrapped(made, result)
        if kind.decl.name in ("list", "dict") and kind.decl.module.core:
            is_dict = kind.decl.name == "dict"
            with self.block() as made:
                listed: TExpr | None = None

                def each(element: TExpr) -> None:
                    nonlocal listed
                    part = self.taken_apart(self.kept(element), name, inside)
                    with self.block() as first:
                        if is_dict:
                            listed = self.kept(self.dict_of([], relations.parts(part.type), span))
                        else:
                            listed = self.new_list(self.core("list", part.type), 0, span)
                    before.extend(first)
                    if is_dict:
                        self.emit(Do(span, self.need_method(listed, "__setitem__", self.tuple_items(part), span)))
                    else:
                        self.add_item(listed, part)

                before = self.out
                with self.block() as loop:
                    self.iterate(self.need_method(value, "items", [], span) if is_dict else value, span, each)
                before.extend(loop)
            return self.bad(span) if listed is None else self.wrapped(made, listed)
        return self.unsupported(span, f"{name}() of what holds a `{kind}`", "write a method that makes the dict")

    # --- calls known by name -------------------------------------------------------------------------------------

    def special_call(self, name: str, node: tree.Call, site: CallSite, explicit: tuple[Type, ...]) -> TExpr:
        span, keywords = site.span, site.keywords
        match name, node.args:
            case "<missing>", _:
                for arg in site.args:
                    if not isinstance(arg, tree.Starred):
                        self.argument(arg, None)
                return self.bad(span)
            case "same_type", ():
                return self.bool_const(len(explicit) == 2 and explicit[0] == explicit[1], span)
            case "gradual", ():
                return self.bool_const(self.gradual, span)
            case "isinstance", (_, _):
                value, _, _ = self.test(node)
                return value
            case "tuple", () if not keywords:
                return MakeTuple(TupleType(()), span, [])
            case "tuple", (source,):
                value = self.expression(source)
                if isinstance(value.type, TupleType):
                    return value
                with self.block() as made:
                    whole = self.kept(value)
                    element = self.element_type(whole)
                    if element is None:
                        return self.no_method(value.type, "__iter__", span)
                    result = self.as_tuple_of(self.list_of([(whole, True)], element, span), span)
                return self.wrapped(made, result)
            case "cast", (wanted, source):
                kind = self.annotation(wanted)
                value = self.expression(source, kind)
                if isinstance(value.type, UnionType | AnyType) and value.type != kind:
                    return Coerce(kind, span, "checked", value, f"expected `{kind}`")
                return self.coerce(value, kind)
            case "assert_never", (source,):
                return Const(NEVER, span, None) if self.expression(source) else self.bad(span)
            case "run", (source,) if self.decl.name == "<module>" and self.decl.is_async:
                return self.awaited(self.expression(source), span)
            case "run", _:
                return self.unsupported(
                    node,
                    "`asyncio.run` here",
                    "call it at the top level of the main file, or write an `async def main`",
                )
            case "super", _:
                return self.unsupported(node, "`super()` here", "call a method on it: `super().name(...)`")
            case "issubclass", (first, second):
                classes = self.class_list(second)
                return self.bad(span) if classes is None else self.is_below(self.expression(first), classes, span)
            case "type", (source,):
                return self.type_of(self.expression(source), span)
            case "type", (_, _, _):
                return self.unsupported(node, "a class made by `type(...)`", "write it as a class statement")
            case "callable", (source,) if self.static(source) is not None:
                return self.bool_const(not isinstance(self.static(source), ModuleDecl), span)
            case "callable", (source,):
                return self.by_member(self.expression(source), lambda item: self.is_callable(item, span), span)
            case "replace", (source, *rest) if not rest:
                value = self.expression(source)
                known = self.record_of(value, name)
                return self.bad(span) if known is None else self.named_tuple_method(value, "_replace", site)
            case (("asdict" | "astuple"), (source,)) if not keywords:
                value = self.expression(source)
                return self.bad(span) if self.record_of(value, name) is None else self.taken_apart(value, name, ())
            case "fields", (source,):
                found = self.static(source)
                known = found if isinstance(found, ClassDecl) else self.record_of(self.expression(source), name)
                items = [] if known is None else record_fields(known)
                field = self.core("DataField")
                return self.tuple_made(
                    [self.construct(field, CallSite(span, [self.str_const(item.name, span)])) for item in items], span
                )
            case "is_dataclass", (source,):
                found = self.static(source)
                kind = ClassType(found) if isinstance(found, ClassDecl) else self.expression(source).type
                return self.bool_const(isinstance(kind, ClassType) and kind.decl.dataclass is not None, span)
            case "callable", _:
                return self.unsupported(node, f"`{name}`", "types are known when the program is compiled")
            case _:
                problem = f"`{name}` cannot be called like this"
                return self.error(errors.WrongArguments(self.source, span, problem=problem))

    def is_callable(self, value: TExpr, span: Span) -> TExpr:
        """`callable(value)`: its type tells, if no class below has another answer."""
        kind = value.type
        if isinstance(kind, ClassType) and self.lookup(kind, "__call__") is None and not relations.is_class(kind):
            self.program.consult(kind.decl, "__call__")
            below = self.classes_with(kind.decl, "__call__")
            for item in below:
                self.program.layout(item)
            return self.is_a(value, below, span) if below else self.settled_as(False, [value], span)
        if isinstance(kind, AnyType):
            return self.any_callable(value, span)
        return self.settled_as(not isinstance(kind, NoneType) and type(kind) is not TupleType, [value], span)

    def type_name(self, value: TExpr, span: Span) -> TExpr:
        """`type(value).__name__`."""
        kind = value.type
        if isinstance(kind, ClassType) and not relations.is_value(kind):
            if kind.decl.subclasses:
                return self.runtime_call("type_name", [value], span)
            self.program.consult(kind.decl, "")
        if isinstance(kind, UnionType):
            return self.by_member(value, lambda item: self.type_name(item, span), span)
        if isinstance(kind, AnyType):
            return self.any_type_name(value, span)
        return TBlock(self.core("str"), span, [Do(span, value)], self.str_const(python_name(kind), span))


__all__ = ["NONE", "Structural"]
