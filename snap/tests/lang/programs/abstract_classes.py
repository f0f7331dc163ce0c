# %% abstract_classes
from collections.abc import Iterable, Mapping, Sequence, Callable, Sized, Hashable, Iterator, Set, MutableMapping, MutableSequence, Container, Collection
from numbers import Number, Real, Integral
from collections import deque, OrderedDict, Counter
def kind(x):
    if isinstance(x, str): return "str"
    if isinstance(x, Mapping): return "mapping"
    if isinstance(x, Sequence): return "sequence"
    if isinstance(x, Set): return "set"
    if isinstance(x, Iterable): return "iterable"
    if isinstance(x, Number): return "number"
    if isinstance(x, Callable): return "callable"
    return "other"
class It:
    def __iter__(self): return iter([1])
class Get:
    def __getitem__(self, i): return i
class Fn:
    def __call__(self): return 1
class NoHash:
    def __eq__(self, o): return True
def gen(): yield 1
for v in ["a", {1: 2}, [1], (1, 2), {1}, 3, 2.5, None, True, range(3), deque([1]), Counter("a"), It(), Get(), Fn(), b"x", frozenset([1]), gen(), iter([1]), {1: 2}.keys(), {1:2}.values()]:
    print(kind(v), isinstance(v, Hashable), isinstance(v, Sized), isinstance(v, Iterator), isinstance(v, Container), isinstance(v, Collection), isinstance(v, (MutableSequence, MutableMapping)), isinstance(v, Real), isinstance(v, Integral))
print(isinstance(kind, Callable), isinstance(len, Callable), isinstance(kind, Iterable), isinstance(lambda: 1, Hashable), isinstance(NoHash(), Hashable), isinstance(It, Callable), isinstance(It, Iterable))
# %% abstract_classes_narrow
from collections.abc import Iterable, Sequence
from typing import Any
import json
def flat1(x: Any) -> list[Any]:
    if isinstance(x, Sequence) and not isinstance(x, str):
        return [z for y in x for z in flat1(y)]
    return [x]
print(flat1(json.loads("[1, [2, [\"ab\", 3]], {\"a\": 1}]")))
def total(x):
    if isinstance(x, Iterable):
        return sum(x)
    return x
print(total([1, 2]), total((3, 4)), total(5), total(range(3)))
def scale(v, k):
    from numbers import Number
    if not isinstance(v, Number):
        raise TypeError("not a number")
    return v * k
print(scale(2, 3), scale(1.5, 2))
try:
    scale("a", 2)
except TypeError as e:
    print(e)
def as_list(x):
    return list(x) if isinstance(x, Iterable) and not isinstance(x, (str, bytes)) else [x]
print(as_list("ab"), as_list((1, 2)), as_list(3), as_list({4: 5}))
import collections.abc
import typing
print(isinstance([1], collections.abc.Iterable), isinstance({}, typing.Mapping), isinstance(1, collections.abc.Hashable))
class Vec:
    def __init__(self, *xs): self.xs = xs
    def __len__(self): return len(self.xs)
    def __iter__(self): return iter(self.xs)
    def __add__(self, other):
        if isinstance(other, Iterable):
            return Vec(*[a + b for a, b in zip(self, other)])
        return Vec(*[a + other for a in self])
print(list(Vec(1, 2) + Vec(3, 4)), list(Vec(1, 2) + [5, 6]), list(Vec(1, 2) + 7))
