"""What classes below those of `collections.abc` get: methods that follow from the few that they must have.

In: the name of the class of `collections.abc`. Out: what it asks for, and the source of what it gives. After the
documentation of `collections.abc`.
"""

from __future__ import annotations

WALK = """
def __iter__(self):
    at = 0
    while True:
        try:
            item = self[at]
        except IndexError:
            return
        yield item
        at += 1
"""
"""Walks over what has only `__getitem__`."""
SEQUENCE = f"""{WALK}
def __contains__(self, value):
    for item in self:
        if item == value:
            return True
    return False

def __reversed__(self):
    for at in range(len(self) - 1, -1, -1):
        yield self[at]

def index(self, value):
    at = 0
    for item in self:
        if item == value:
            return at
        at += 1
    raise ValueError()

def count(self, value):
    found = 0
    for item in self:
        if item == value:
            found += 1
    return found
"""
MAPPING = """
def __contains__(self, key):
    try:
        self[key]
    except KeyError:
        return False
    return True

def get(self, key, default=None):
    try:
        return self[key]
    except KeyError:
        return default

def keys(self):
    return {key: None for key in self}.keys()

def values(self):
    return {key: self[key] for key in self}.values()

def items(self):
    return {key: self[key] for key in self}.items()

def __eq__(self, other):
    if isinstance(other, dict):
        return {key: self[key] for key in self} == other
    if isinstance(other, Self):
        return {key: self[key] for key in self} == {key: other[key] for key in other}
    return False
"""
MUTABLE_MAPPING = """
def pop(self, key, *default):
    try:
        value = self[key]
    except KeyError:
        if not default:
            raise
        return default[0]
    del self[key]
    return value

def clear(self):
    for key in list(self):
        del self[key]

def update(self, other=(), **others):
    for key, value in dict(other).items():
        self[key] = value
    for key, value in others.items():
        self[key] = value

def setdefault(self, key, default=None):
    try:
        return self[key]
    except KeyError:
        self[key] = default
    return default
"""
ITERATOR = """
def __iter__(self):
    return self
"""
KEYED = ("__getitem__", "__iter__", "__len__")
MIXINS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "Iterable": (("__iter__",), "", ()),
    "Iterator": (("__next__",), ITERATOR, ()),
    "Sized": (("__len__",), "", ()),
    "Container": (("__contains__",), "", ()),
    "Hashable": (("__hash__",), "", ()),
    "Callable": (("__call__",), "", ()),
    "Collection": (("__len__", "__iter__", "__contains__"), "", ()),
    "Sequence": (("__getitem__", "__len__"), SEQUENCE, ()),
    "Mapping": (KEYED, MAPPING, ()),
    "MutableMapping": ((*KEYED, "__setitem__", "__delitem__"), MAPPING + MUTABLE_MAPPING, ("Mapping",)),
}
"""By class: the methods that it asks for, those that it gives, and the classes above it that `isinstance` may name."""
