"""Identical code folding, and the functions that choose a method by class.

In: function objects, and for each dispatch its (type id, target symbol) pairs. Out: which symbols mean another one, and
objects for the dispatches that are left. Functions with equal code whose holes mean the same are one function; that
makes their callers equal, so this goes on until nothing changes. A dispatch with one target is that target.

Traced functions are never folded: their code names their place.
"""

from __future__ import annotations

from itertools import groupby

from . import encode
from .objects import FunctionObject, Hole, Target

Aliases = dict[str, str]
_SYMBOLIC = (Hole.CALL, Hole.TABLE_INDEX)


def fold(
    objects: dict[str, FunctionObject], dispatches: dict[str, list[tuple[int, str]]], types: dict[str, str]
) -> Aliases:
    """Symbols that mean another symbol, which itself is none of them. `types`: what stands for each heap type."""
    aliases: Aliases = {}
    buckets: dict[tuple[bytes, bytes, bytes], list[FunctionObject]] = {}
    for item in objects.values():
        if not item.rows:
            buckets.setdefault((item.params, item.result, item.code), []).append(item)
    candidates = [bucket for bucket in buckets.values() if len(bucket) > 1]
    changed = True
    while changed:
        changed = False
        for symbol, targets in dispatches.items():
            distinct = {resolve(aliases, target) for _, target in targets}
            if symbol not in aliases and len(distinct) == 1:
                aliases[symbol] = distinct.pop()
                changed = True
        for bucket in candidates:
            first: dict[tuple[tuple[int, Hole, Target], ...], str] = {}
            for item in bucket:
                if item.symbol in aliases:
                    continue
                known = first.setdefault(_meaning(item, aliases, types), item.symbol)
                if known != item.symbol:
                    aliases[item.symbol] = known
                    changed = True
    return {symbol: resolve(aliases, symbol) for symbol in aliases}


def resolve(aliases: Aliases, symbol: str) -> str:
    while symbol in aliases:
        symbol = aliases[symbol]
    return symbol


def _meaning(item: FunctionObject, aliases: Aliases, types: dict[str, str]) -> tuple[tuple[int, Hole, Target], ...]:
    """The holes with aliases resolved; a call of itself reads the same in every function."""
    found: list[tuple[int, Hole, Target]] = []
    for position, hole, target in item.holes:
        if hole in _SYMBOLIC:
            target = "" if target == item.symbol else resolve(aliases, str(target))
        elif hole is Hole.TYPE_ID:
            target = types[str(target)]
        found.append((position, hole, target))
    return tuple(found)


def dispatch_object(symbol: str, params: bytes, result: bytes, targets: list[tuple[int, str]]) -> FunctionObject:
    """Call the target of the first argument's type id. Ids that are not listed don't occur, so a run of ids with one
    target reaches to the next run."""
    item = FunctionObject(symbol, symbol, params, result)
    runs = [(ids[-1], target) for target, ids in _runs(targets)]
    code = bytearray()
    if not runs:
        item.code = bytes((0, encode.UNREACHABLE, encode.END))
        return item

    def call(target: str) -> None:
        for register in range(len(params)):
            code.extend((encode.LOCAL_GET, register))
        code.append(encode.CALL)
        item.holes.append((len(code), Hole.CALL, target))

    read = bytes((encode.LOCAL_GET, 0, *encode.MEMORY["i32.load16_u"], 0))
    names = list(dict.fromkeys(target for _, target in runs))
    low, high = min(targets)[0], max(targets)[0]
    if len(runs) > 3 and high - low + 4 * len(names) < 8 * len(runs) + (3 + 2 * len(params)) * (len(runs) - len(names)):
        code += b"\x00" + bytes((encode.BLOCK, encode.VOID)) * len(names) + read
        code += encode.i32_const(low) + encode.PLAIN["i32.sub"]
        code.append(encode.BR_TABLE)
        code += encode.unsigned(high - low)
        position = 0
        for number in range(low, high + 1):
            while runs[position][0] < number:
                position += 1
            code += encode.unsigned(names.index(runs[position][1]))
        for name in names:
            code.append(encode.END)
            call(name)
            code.append(encode.RETURN)
        del code[-1:]
    else:
        number = len(params)
        code += encode.vector([bytes((1, encode.I32))]) + read + bytes((encode.LOCAL_SET, number))
        for last, target in runs[:-1]:
            code += bytes((encode.LOCAL_GET, number)) + encode.i32_const(last) + encode.PLAIN["i32.le_u"]
            code += bytes((encode.IF, result[0] if result else encode.VOID))
            call(target)
            code.append(encode.ELSE)
        call(runs[-1][1])
        code += encode.PLAIN["end"] * (len(runs) - 1)
    code.append(encode.END)
    item.code = bytes(code)
    return item


def _runs(targets: list[tuple[int, str]]) -> list[tuple[str, list[int]]]:
    return [(name, [number for number, _ in run]) for name, run in groupby(sorted(targets), key=lambda pair: pair[1])]
