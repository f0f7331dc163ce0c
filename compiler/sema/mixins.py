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
MUTABLE_SEQUENCE = """
def append(self, value):
    self.insert(len(self), value)

def clear(self):
    while len(self):
        self.pop()

def reverse(self):
    count = len(self)
    for at in range(count // 2):
        self[at], self[count - at - 1] = self[count - at - 1], self[at]

def extend(self, values):
    for value in list(values) if values is self else values:
        self.append(value)

def pop(self, index=-1):
    value = self[index]
    del self[index]
    return value

def remove(self, value):
    del self[self.index(value)]

def __iadd__(self, values):
    self.extend(values)
    return self
"""
SET = """
def __le__(self, other):
    if not hasattr(other, "isdisjoint"):
        return NotImplemented
    return len(self) <= len(other) and all(item in other for item in self)

def __ge__(self, other):
    if not hasattr(other, "isdisjoint"):
        return NotImplemented
    return len(self) >= len(other) and all(item in self for item in other)

def __lt__(self, other):
    if not hasattr(other, "isdisjoint"):
        return NotImplemented
    return len(self) < len(other) and all(item in other for item in self)

def __gt__(self, other):
    if not hasattr(other, "isdisjoint"):
        return NotImplemented
    return len(self) > len(other) and all(item in self for item in other)

def __eq__(self, other):
    if not hasattr(other, "isdisjoint"):
        return NotImplemented
    return len(self) == len(other) and all(item in other for item in self)

@classmethod
def _from_iterable(cls, items):
    return cls(items)

def isdisjoint(self, other):
    return not any(item in self for item in other)

def __and__(self, other):
    return self._from_iterable([item for item in other if item in self])

def __rand__(self, other):
    return self._from_iterable([item for item in other if item in self])

def __or__(self, other):
    return self._from_iterable([*self, *other])

def __ror__(self, other):
    return self._from_iterable([*self, *other])

def __sub__(self, other):
    taken = other if hasattr(other, "isdisjoint") else self._from_iterable(other)
    return self._from_iterable([item for item in self if item not in taken])

def __rsub__(self, other):
    return self._from_iterable([item for item in other if item not in self])

def __xor__(self, other):
    others = other if hasattr(other, "isdisjoint") else self._from_iterable(other)
    only = [item for item in self if item not in others]
    return self._from_iterable(only + [item for item in others if item not in self])

def __rxor__(self, other):
    return self ^ other
"""
MUTABLE_SET = """
def remove(self, value):
    if value not in self:
        raise KeyError(value)
    self.discard(value)

def pop(self):
    for value in self:
        break
    else:
        raise KeyError()
    self.discard(value)
    return value

def clear(self):
    while len(self):
        self.pop()

def __ior__(self, other):
    for value in other:
        self.add(value)
    return self

def __iand__(self, other):
    for value in self - other:
        self.discard(value)
    return self

def __isub__(self, other):
    for value in list(other):
        self.discard(value)
    return self

def __ixor__(self, other):
    for value in list(other):
        if value in self:
            self.discard(value)
        else:
            self.add(value)
    return self
"""
ITERATOR = """
def __iter__(self):
    return self
"""
CONTAINED = ("__contains__", "__iter__", "__len__")
KEYED = ("__getitem__", "__iter__", "__len__")
MIXINS: dict[str, tuple[tuple[str, ...], str, tuple[str, ...]]] = {
    "ABC": ((), "", ()),
    "Iterable": (("__iter__",), "", ()),
    "Iterator": (("__next__",), ITERATOR, ()),
    "Sized": (("__len__",), "", ()),
    "Container": (("__contains__",), "", ()),
    "Hashable": (("__hash__",), "", ()),
    "Callable": (("__call__",), "", ()),
    "Collection": (("__len__", "__iter__", "__contains__"), "", ()),
    "Sequence": (("__getitem__", "__len__"), SEQUENCE, ()),
    "MutableSequence": (
        ("__getitem__", "__setitem__", "__delitem__", "__len__", "insert"),
        SEQUENCE + MUTABLE_SEQUENCE,
        ("Sequence",),
    ),
    "Set": (CONTAINED, SET, ()),
    "MutableSet": ((*CONTAINED, "add", "discard"), SET + MUTABLE_SET, ("Set",)),
    "Mapping": (KEYED, MAPPING, ()),
    "MutableMapping": ((*KEYED, "__setitem__", "__delitem__"), MAPPING + MUTABLE_MAPPING, ("Mapping",)),
}
"""By class: the methods that it asks for, those that it gives, and the classes above it that `isinstance` may name."""
