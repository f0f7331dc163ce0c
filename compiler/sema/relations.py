"""How types relate: substitution, assignability, join, and finding type parameters from arguments.

All functions are pure; what is learned about an `InferType` is handed to a callback by the caller (`Learn`).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeGuard

from .types import (
    ANY,
    ERROR,
    NEVER,
    NONE,
    AnyType,
    BundleType,
    ClassType,
    ErrorType,
    FunctionType,
    InferType,
    LambdaType,
    NeverType,
    NoneType,
    TupleType,
    Type,
    TypeVarType,
    UnionType,
)

if TYPE_CHECKING:
    from .declarations import ClassDecl

Environment = Mapping[Type, Type]
Learn = Callable[[InferType, Type], None]
PLACED = (ClassType, TupleType, FunctionType, UnionType, NoneType)


def environment_of(kind: ClassType) -> dict[Type, Type]:
    """What the type parameters of an instantiated class stand for."""
    return dict(zip(kind.decl.type_params, kind.args, strict=True))


def substitute(kind: Type, environment: Environment) -> Type:
    """`kind` with type variables (and known `InferType`s) replaced."""
    if not environment:
        return kind
    return _substitute(kind, environment)


def _substitute(kind: Type, environment: Environment) -> Type:
    which = type(kind)
    if which is ClassType:
        assert isinstance(kind, ClassType)
        if not kind.args:
            return kind
        args = tuple([_substitute(item, environment) for item in kind.args])
        if kind.decl.item_of is not None and not holds(args[0], TypeVarType):
            return ERROR if is_open(args[0]) else kind.decl.item_of(args[0])
        return ClassType(kind.decl, args, kind.origin)
    if isinstance(kind, TypeVarType | InferType):
        return environment.get(kind, kind)
    if isinstance(kind, TupleType):
        items = tuple([_substitute(item, environment) for item in kind.items])
        return TupleType(items, kind.origin) if type(kind) is TupleType else replace(kind, items=items)
    if isinstance(kind, FunctionType):
        params = tuple([_substitute(item, environment) for item in kind.params])
        return FunctionType(params, _substitute(kind.result, environment), place=kind.place)
    if isinstance(kind, UnionType):
        return placed(union([_substitute(item, environment) for item in kind.members]), kind.origin)
    return kind


def placed(kind: Type, origin: Hashable) -> Type:
    """`kind`, which the hint of `origin` may widen."""
    return replace(kind, origin=origin) if isinstance(kind, PLACED) else kind


def rewidened(kind: Type, known: Mapping[Hashable, Type]) -> Type:
    """`kind` with what came from the origins that are `known` as it is by now."""
    origin = origin_of(kind)
    if origin is not None and origin in known:
        return placed(known[origin], origin)
    inside = parts(kind)
    made = tuple([rewidened(item, known) for item in inside])
    if all(one is other for one, other in zip(inside, made, strict=True)):
        return kind
    match kind:
        case ClassType():
            return replace(kind, args=made)
        case TupleType():
            return replace(kind, items=made)
        case FunctionType():
            return replace(kind, params=made[:-1], result=made[-1])
        case _:
            return placed(union(made), origin_of(kind))


def origin_of(kind: Type) -> Hashable:
    return kind.origin if isinstance(kind, PLACED) else None


def parts(kind: Type) -> tuple[Type, ...]:
    """The types that a type is made of, one level down."""
    match kind:
        case ClassType():
            return kind.args
        case TupleType():
            return kind.items
        case FunctionType():
            return (*kind.params, kind.result)
        case UnionType():
            return kind.members
        case _:
            return ()


def holds(kind: Type, which: type[Type] | tuple[type[Type], ...]) -> bool:
    """Does a type of class `which` stand anywhere in `kind`?"""
    return isinstance(kind, which) or any(holds(item, which) for item in parts(kind))


def mentions(kind: Type, wanted: Type) -> bool:
    """Does the type `wanted` stand anywhere in `kind`?"""
    return kind == wanted or any(mentions(item, wanted) for item in parts(kind))


def place_of(kind: Type) -> Hashable:
    """Where a function became this value, if it is one whose place is known."""
    return kind.key if isinstance(kind, LambdaType) else getattr(kind, "place", None)


def places_of(kind: Type) -> frozenset[Hashable]:
    """Where each of the functions that may be this value became one, as far as it is known."""
    place = place_of(kind)
    return place if isinstance(place, frozenset) else frozenset(() if place is None else (place,))


def comes_from(kind: Type, place: Hashable) -> bool:
    """Does a function value that was made at `place` stand anywhere in `kind`?"""
    return place in places_of(kind) or any(comes_from(item, place) for item in parts(kind))


def depth(kind: Type) -> int:
    """How deep types are nested in it."""
    return 1 + max(map(depth, parts(kind)), default=0)


def is_open(kind: Type) -> bool:
    """Not concrete: something in it is unknown, so no instance can be made for it."""
    if type(kind) is ClassType and not kind.args:
        return False
    return holds(kind, (InferType, ErrorType, TypeVarType, LambdaType))


def union(members: Iterable[Type]) -> Type:
    """The canonical union: flat, no doubles, no member below another, sorted by name, None last."""
    flat: list[Type] = []
    for member in members:
        for item in member.members if isinstance(member, UnionType) else (member,):
            if isinstance(item, AnyType):
                return ANY
            if isinstance(item, ErrorType):
                return ERROR
            if not isinstance(item, NeverType) and item not in flat:
                flat.append(item)
    if any(map(is_loose, flat)):
        flat = [item for item in flat if not is_function(item)]
    classes = [item for item in flat if is_class(item)]
    if len(classes) > 1:
        whole = ClassType(classes[0].decl, (union(item.args[0] for item in classes),))
        flat = [*(item for item in flat if item not in classes), whole]
    flat = _told_apart(flat)
    kept = [item for item in flat if not any(item is not other and is_subclass(item, other) for other in flat)]
    if not kept:
        return NEVER
    if len(kept) == 1:
        return kept[0]
    kept.sort(key=lambda item: (item == NONE, str(item)))
    return UnionType(tuple(kept))


def _told_apart(members: list[Type]) -> list[Type]:
    """The members of a union, tuples that lie in memory alike as one: no test when the program runs knows one from
    the other."""
    told: list[Type] = []
    for item in members:
        at = next((at for at, other in enumerate(told) if _held_alike(item, other)), None)
        whole = None if at is None else join(told[at], item)
        if at is None or whole is None:
            told.append(item)
        else:
            told[at] = whole
    return told


def _held_alike(first: Type, second: Type) -> bool:
    if not (type(first) is type(second) is TupleType) or len(first.items) != len(second.items):
        return False
    pairs = zip(first.items, second.items, strict=True)
    return all(a == b or (is_reference(a) and is_reference(b) and not holds(a, InferType)) for a, b in pairs)


def members_of(kind: Type) -> tuple[Type, ...]:
    return kind.members if isinstance(kind, UnionType) else (kind,)


def without_none(kind: Type) -> Type:
    if isinstance(kind, UnionType):
        return union(item for item in kind.members if not isinstance(item, NoneType))
    return kind


def has_none(kind: Type) -> bool:
    return isinstance(kind, UnionType) and isinstance(kind.members[-1], NoneType)


def base_of(kind: ClassType) -> ClassType | None:
    """The base class of an instantiated class, with its type arguments."""
    base = kind.decl.base
    if base is None or not base.args:
        return base
    found = substitute(base, environment_of(kind))
    assert isinstance(found, ClassType)
    return found


def ancestors(kind: ClassType) -> Iterable[ClassType]:
    """The class and all above it, nearest first."""
    current: ClassType | None = kind
    while current is not None:
        yield current
        current = base_of(current)


def as_base(kind: Type | None, decl: ClassDecl | None) -> ClassType | None:
    """The class `decl` as `kind` is one or is below one, with its type arguments."""
    above = ancestors(kind) if isinstance(kind, ClassType) else ()
    return next((item for item in above if item.decl is decl), None)


def is_subclass(source: Type, target: Type) -> bool:
    """Is `source` the class `target` or below it? References only: `bool` is not below `int` here."""
    if source == target:
        return True
    if not isinstance(source, ClassType) or not isinstance(target, ClassType) or is_value(source):
        return False
    if target.decl.conforms is not None:
        return target.decl.conforms(source, target)
    return any(item == target for item in ancestors(source))


def is_value(kind: Type) -> bool:
    """Has no object: a machine number or truth value."""
    return isinstance(kind, ClassType) and kind.decl.representation not in ("", "raw", "array")


def is_class(kind: Type) -> TypeGuard[ClassType]:
    """`type[C]`: a class as a value."""
    return isinstance(kind, ClassType) and kind.decl.representation == "class"


def is_function(kind: Type) -> bool:
    return isinstance(kind, LambdaType | FunctionType | BundleType)


def is_coroutine(kind: Type) -> bool:
    return isinstance(kind, ClassType) and kind.decl.name == "Coroutine" and kind.decl.module.core


def is_loose(kind: Type) -> bool:
    """A function that takes whatever it is given?"""
    return isinstance(kind, ClassType) and kind.decl.name == "function" and kind.decl.module.core


def is_callable(kind: Type) -> bool:
    """An object that is called like a function?"""
    return isinstance(kind, ClassType) and any("__call__" in item.decl.members for item in ancestors(kind))


def is_below(source: Type, target: Type) -> bool:
    """Is the class `source` the class `target` or one below it, as `issubclass` sees it, by name alone?"""
    if not isinstance(source, ClassType) or not isinstance(target, ClassType):
        return source == target or isinstance(target, AnyType)
    named = (source.decl.name, target.decl.name)
    if target.decl.module.core and (named[1] == "object" or named == ("bool", "int")):
        return True
    return as_base(source, target.decl) is not None


def is_smaller_number(source: Type, target: Type) -> bool:
    """An int where a float is declared, a bool where an int or float is: CPython leaves it what it is."""
    if not isinstance(target, ClassType) or source == target:
        return False
    if all(isinstance(item, ClassType) and item.decl.plain == target for item in members_of(source)):
        return True
    smaller = {"f64": ("i64", "bool", "f64"), "i64": ("bool", "i64")}.get(target.decl.representation, ())
    return all(isinstance(item, ClassType) and item.decl.representation in smaller for item in members_of(source))


WALKED = ("Iterable", "Sequence")
"""Where a parameter is annotated with one of these, its type has that as its origin."""


def walked(declared: Type) -> ClassType | None:
    """What `Iterable[T]` or `Sequence[T]` means where nothing else is given, if a parameter is declared as that."""
    found = [item for item in members_of(declared) if isinstance(item, ClassType) and item.origin in WALKED]
    return found[0] if found else None


def stays(given: Type, declared: Type) -> bool:
    """Has a parameter the type of what it is given, in an instance of its own?"""
    walks = given != declared and walked(declared) is not None
    return is_smaller_number(given, declared) or walks or leaves_open(declared, given)


def leaves_open(declared: Type, given: Type) -> bool:
    """Is it a class that holds something where the other is declared to hold `Any`: `dict[str, int]` for
    `Mapping[str, Any]`?"""

    def matches(pattern: Type, own: Type) -> bool:
        above = as_base(own, pattern.decl) if isinstance(pattern, ClassType) and pattern.args else None
        return pattern in (own, ANY) or (above is not None and all(map(matches, parts(pattern), above.args)))

    wanted = members_of(declared)
    if is_open(given) or ANY in wanted or all(item in wanted for item in members_of(given)):
        return False
    return all(any(matches(item, own) for item in wanted) for own in members_of(given))


def is_tuple_of(kind: Type) -> bool:
    """A tuple of any length?"""
    return isinstance(kind, ClassType) and kind.decl.name == "tuple_of" and kind.decl.module.core


def is_reference(kind: Type) -> bool:
    """Values are addresses of collected objects (or 0), so `T | None` needs no box."""
    return not is_value(kind) and not isinstance(kind, NoneType | NeverType)


PLAIN_KINDS = {"int": "number", "float": "number", "bool": "number", "str": "str", "bytes": "bytes", "None": "None"}


def never_equal(first: Type, second: Type) -> bool:
    """Is no value of the one equal to one of the other? Only built-in classes without items are known to be so."""
    kinds = [{PLAIN_KINDS.get(str(item)) for item in members_of(kind)} for kind in (first, second)]
    return None not in kinds[0] | kinds[1] and not kinds[0] & kinds[1]


def conversion(source: Type, target: Type, learn: Learn | None = None) -> str | None:
    """How a value of `source` becomes one of `target`: "" when nothing is to be done, a kind of `typed.Coerce`,
    "tuple" when
    a tuple is rebuilt item by item, or None when it does not fit. Without `learn` unknown element types fit
    anything."""
    if source == target:
        return ""
    if isinstance(target, InferType):
        if learn is not None:
            learn(target, source)
        return ""
    if isinstance(source, InferType):
        if learn is not None:
            learn(source, target)
        return ""
    if isinstance(source, ErrorType | NeverType) or isinstance(target, ErrorType):
        return ""
    if isinstance(target, AnyType) or is_loose(target):
        if is_function(source) or (is_class(source) and is_loose(target)):
            return "loose"
        if isinstance(source, UnionType) and any(map(is_function, source.members)):
            return "each"
    if isinstance(source, LambdaType):
        return None if isinstance(target, ClassType | TupleType) else ""
    if isinstance(target, AnyType):
        if type(source) is TupleType or (is_tuple_of(source) and parts(source) != (ANY,)):
            return "items"
        return "box"
    if isinstance(source, AnyType):
        return "checked"
    if isinstance(source, UnionType) and any(map(is_function, source.members)) and source != target:
        if any(map(is_function, members_of(target))):
            return None if None in [conversion(item, target) for item in source.members] else "each"
    if isinstance(target, UnionType):
        return _into_union(source, target, learn)
    if isinstance(source, ClassType) and isinstance(target, ClassType):
        if is_class(source) and is_class(target) and not holds(target, (InferType, TypeVarType)):
            own, wanted = members_of(source.args[0]), members_of(target.args[0])
            return "" if all(any(is_below(item, other) for other in wanted) for item in own) else None
        if source.decl is target.decl:
            if _same_parts(source.args, target.args, learn):
                return ""
            wider = is_tuple_of(source) and conversion(source.args[0], target.args[0]) in ("", "upcast", "box")
            return "tuple of" if wider else None
        if source.decl.plain is not None and conversion(source.decl.plain, target) is not None:
            return "plain"
        if source.decl.representation and target.decl.representation:
            pair = (source.decl.name, target.decl.name)
            return {
                ("bool", "int"): "bool_to_int",
                ("int", "float"): "int_to_float",
                ("bool", "float"): "bool_to_float",
            }.get(pair)
        if target.decl.conforms is not None:
            return "upcast" if is_subclass(source, target) else None
        above = as_base(source, target.decl)
        return "upcast" if above is not None and _same_parts(above.args, target.args, learn) else None
    if isinstance(source, UnionType) and isinstance(target, ClassType) and not target.decl.representation:
        return "upcast" if all(is_subclass(item, target) for item in source.members) else None
    if isinstance(target, FunctionType) and (is_class(source) or is_callable(source)):
        return "function"
    if isinstance(source, BundleType):
        return "" if source == target else "function" if isinstance(target, FunctionType) else None
    if isinstance(source, TupleType) and isinstance(target, ClassType):
        if not is_tuple_of(target):
            return None
        fits = all(conversion(item, target.args[0], learn) in ("", "upcast", "box") for item in source.items)
        return "tuple of" if fits else None
    if isinstance(source, TupleType) and type(target) is TupleType:
        if len(source.items) != len(target.items):
            return None
        kinds = [conversion(a, b, learn) for a, b in zip(source.items, target.items, strict=True)]
        if any(kind is None for kind in kinds):
            return None
        return "upcast" if all(kind in ("", "upcast") for kind in kinds) else "tuple"
    if isinstance(source, FunctionType) and isinstance(target, FunctionType):
        if len(source.params) != len(target.params):
            return None
        pairs = [(b, a) for a, b in zip(source.params, target.params, strict=True)] + [(source.result, target.result)]
        hows = {conversion(a, b, learn) for a, b in pairs}
        if isinstance(source.result, NeverType) and source.result != target.result:
            return "function" if hows <= {"", "upcast", "box"} else None  # a result where the function leaves none
        return "upcast" if hows <= {"", "upcast"} else "function" if hows <= {"", "upcast", "box", "items"} else None
    return None


def _same_parts(first: tuple[Type, ...], second: tuple[Type, ...], learn: Learn | None) -> bool:
    return all(same(a, b, learn) for a, b in zip(first, second, strict=True))


def same(first: Type, second: Type, learn: Learn | None = None) -> bool:
    """Equal, where an unknown part may become whatever makes it so."""
    if first == second:
        return True
    if isinstance(first, InferType | ErrorType) or isinstance(second, InferType | ErrorType):
        if learn is not None and isinstance(first, InferType):
            learn(first, second)
        elif learn is not None and isinstance(second, InferType):
            learn(second, first)
        return True
    if type(first) is not type(second):
        return False
    if isinstance(first, ClassType) and isinstance(second, ClassType) and first.decl is not second.decl:
        return False
    own, other = parts(first), parts(second)
    return bool(own) and len(own) == len(other) and _same_parts(own, other, learn)


def _into_union(source: Type, target: UnionType, learn: Learn | None) -> str | None:
    if isinstance(source, UnionType):
        left = [item for item in source.members if _into_union(item, target, None) not in ("upcast", "box")]
        rebuilt = all(type(item) is TupleType and _into_union(item, target, None) == "member" for item in left)
        return "upcast" if not left else "each" if rebuilt else None
    if source in target.members:
        return "box" if is_value(source) or source == NONE else "upcast"
    for member in target.members:
        if isinstance(member, ClassType) and not member.decl.representation and is_subclass(source, member):
            return "upcast"
    for member in target.members:
        if conversion(source, member) in ("", "upcast") and conversion(source, member, learn) is not None:
            return "upcast"
    for member in target.members:
        how = conversion(source, member)
        if how is not None and how != "checked":
            return "member"  # first to the member, then into the union
    return None


def member_for(source: Type, target: UnionType) -> Type:
    """The member that a value of `source` is converted to before it goes into the union."""
    for member in target.members:
        if conversion(source, member) in ("", "upcast"):
            return member
    for member in target.members:
        if conversion(source, member) is not None:
            return member
    return source


def join(first: Type, second: Type, *, widen: bool = True) -> Type | None:
    """The type that both have without any change of value; a union when `widen`, else None when they have nothing
    in common
    but `None` or a class of the program."""
    for least in (NeverType, ErrorType):  # a value of unknown type is more than none
        if first == second or isinstance(second, least):
            return first
        if isinstance(first, least):
            return second
    if isinstance(first, InferType) or isinstance(second, InferType):
        return second if isinstance(first, InferType) else first
    if isinstance(first, AnyType) or isinstance(second, AnyType):
        return ANY
    if holds(first, InferType) or holds(second, InferType):
        if same(first, second):
            return second if holds(first, InferType) else first
    if type(first) is type(second) is TupleType and len(first.items) == len(second.items):
        joined = [join(a, b, widen=widen) for a, b in zip(first.items, second.items, strict=True)]
        if all(item is not None for item in joined):
            return TupleType(tuple(item for item in joined if item is not None))
    if isinstance(first, FunctionType) and isinstance(second, FunctionType) and len(first.params) == len(second.params):
        result = join(first.result, second.result) if first.params == second.params else None
        return (
            None if result is None else FunctionType(first.params, result, place=places_of(first) | places_of(second))
        )
    plain_first, plain_second = without_none(first), without_none(second)
    optional = has_none(first) or has_none(second) or first == NONE or second == NONE
    if optional:
        if first == NONE or second == NONE:
            return union([first, second])
        inner = join(plain_first, plain_second, widen=widen)
        return None if inner is None else union([inner, NONE])
    if is_class(first) and is_class(second):
        return union([first, second])
    if isinstance(first, ClassType) and isinstance(second, ClassType):
        common = _common_class(first, second)
        if common is not None:
            return common
    if isinstance(first, UnionType) and conversion(second, first) in ("", "upcast", "box"):
        return first
    if isinstance(second, UnionType) and conversion(first, second) in ("", "upcast", "box"):
        return second
    if not widen and not (is_number(first) and is_number(second)):
        return None
    return _with_functions(members_of(first), members_of(second))


def _with_functions(first: tuple[Type, ...], second: tuple[Type, ...]) -> Type | None:
    """The union; functions, which are told apart by how many parameters they have, are joined."""
    found = list(first)
    for item in second:
        for at, other in enumerate(found):
            if isinstance(item, FunctionType) and isinstance(other, FunctionType) and item != other:
                if len(item.params) == len(other.params):
                    joined = join(other, item)
                    if joined is None:
                        return None
                    found[at] = joined
                    break
        else:
            found.append(item)
    return union(found)


def is_number(kind: Type) -> bool:
    """int, float, bool, or a union of them."""
    return all(
        isinstance(item, ClassType) and item.decl.representation in ("i64", "f64", "bool") for item in members_of(kind)
    )


def _common_class(first: ClassType, second: ClassType) -> ClassType | None:
    """The nearest class above both; `object` and what frames have in common left out."""
    if is_value(first) or is_value(second):
        return None
    above = list(ancestors(second))
    for item in ancestors(first):
        if item in above and not (item.decl.module.core and (item.args or item.decl.module.name.endswith(".frames"))):
            return item
    return None


def unify(pattern: Type, actual: Type, found: dict[Type, Type], wanted: frozenset[Type]) -> None:
    """Find type variables of `wanted` in `pattern` from `actual`; what is found first stays, an unknown gives way."""
    if isinstance(pattern, TypeVarType):
        if pattern in wanted and not isinstance(actual, ErrorType):
            before = found.get(pattern)
            if before is None or isinstance(before, InferType | NeverType):
                found[pattern] = actual
            elif before != actual:
                if same(before, actual) and holds(before, InferType):
                    found[pattern] = actual
                elif isinstance(before, NoneType) or isinstance(actual, NoneType):
                    found[pattern] = union([before, actual])
                elif is_number(before) and is_number(actual):
                    found[pattern] = union([before, actual])
                elif conversion(before, actual) == "upcast" and not holds(actual, InferType):
                    found[pattern] = actual
        return
    if isinstance(pattern, UnionType):
        rest = [item for item in members_of(actual) if item not in pattern.members]
        variables = [item for item in pattern.members if holds(item, TypeVarType)]
        if len(variables) == 1 and rest:
            unify(variables[0], union(rest), found, wanted)
        return
    if isinstance(pattern, ClassType) and isinstance(actual, ClassType):
        above = as_base(actual, pattern.decl)
        for inner, outer in zip(pattern.args, above.args, strict=True) if above is not None else ():
            unify(inner, outer, found, wanted)
    elif isinstance(pattern, TupleType) and isinstance(actual, TupleType):
        if len(pattern.items) == len(actual.items):
            for inner, outer in zip(pattern.items, actual.items, strict=True):
                unify(inner, outer, found, wanted)
    elif isinstance(pattern, FunctionType) and isinstance(actual, FunctionType):
        if len(pattern.params) == len(actual.params):
            for inner, outer in zip(pattern.params, actual.params, strict=True):
                unify(inner, outer, found, wanted)
            unify(pattern.result, actual.result, found, wanted)
