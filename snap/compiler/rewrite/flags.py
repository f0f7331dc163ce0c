"""`Flag` and `IntFlag`: Enums whose members combine.

In: a class of a user's module below one of them. Out: the class with the values of its members as numbers, the
operators of flags as methods, and a `_missing_` that makes the members that are combinations: one object for each
value, named as in CPython.
"""

from __future__ import annotations

from collections.abc import Mapping

from ..syntax import tree
from ..syntax.node import changed
from ..syntax.parts import last_name
from .quoted import quoted

FLAGS = frozenset(("Flag", "IntFlag"))
OPERATIONS = {
    "or": "self.value | OTHER", "and": "self.value & OTHER", "xor": "self.value ^ OTHER",
}  # fmt: skip
BOTH = """
def __contains__(self, other): return other.value & self.value == other.value
def __bool__(self): return self.value != 0
def __len__(self): return self.value.bit_count()
def __iter__(self):
    for member in FLAG:
        if member.value & self.value: yield member
def __repr__(self): return f"<NAME.{self.name}: {self.value}>" if self.name is not None else f"<NAME: {self.value}>"
@staticmethod
def _combined(value):
    found = MADE.get(value)
    if found is None:
        found = MADE[value] = FLAG()
        found.value, rest = value, value & ~ALL
        names = [str(member.name) for member in FLAG if member.value & value]
        found.name = "|".join(names + [str(rest)] if rest else names) if names else None
    return found
"""
STRICT = """
def __str__(self): return f"NAME.{self.name}" if self.name is not None else f"NAME({self.value})"
def __invert__(self): return FLAG(ALL & ~self.value)
@classmethod
def _missing_(cls, value):
    if ~ALL <= value < 0: return FLAG(value + ALL + 1)
    if value < 0 or value & ~ALL:
        bits = max(value.bit_length(), ALL.bit_length())
        given, allowed = f"{value & (1 << bits) - 1:b}".zfill(bits), f"{ALL:b}".zfill(bits)
        sign = 1 if value < 0 else 0
        raise ValueError(f"<flag 'NAME'> invalid value {value}\\n    given 0b{sign} {given}\\n  allowed 0b0 {allowed}")
    return FLAG._combined(value)
"""
KEEPING = """
def __invert__(self): return FLAG(~self.value)
def __ror__(self, other): return self | other
def __rand__(self, other): return self & other
def __rxor__(self, other): return self ^ other
@classmethod
def _missing_(cls, value):
    if value < 0: return FLAG(value + max(ALL + 1, 1 << value.bit_length()))
    return FLAG._combined(value)
"""


def flag(node: tree.ClassDef) -> tuple[tree.Stmt, ...] | None:
    """The class, behind the variable that holds its combinations; None when the values cannot be told."""
    known: dict[str, int] = {}
    body: list[tree.Stmt] = []
    for item in node.body:
        match item:
            case tree.Assign(targets=(tree.Name(id=name),)) if not name.startswith("_"):
                value = _number(item.value, known)
                if value is None:
                    return None
                known[name] = value
                item = changed(item, value=tree.IntLiteral(item.value.span, value))
        body.append(item)
    whole = 0
    for value in known.values():
        whole |= value
    if whole != sum({value for value in known.values() if value.bit_count() == 1}):
        return None
    span, made, keeps = node.name_span, f"{node.name} (made)", last_name(node.bases[-1]) == "IntFlag"
    other = "int(other)" if keeps else "other.value"
    text = "".join(f"def __{name}__(self, other): return FLAG({how})\n" for name, how in OPERATIONS.items())
    text = text.replace("OTHER", other) + BOTH + (KEEPING if keeps else STRICT)
    own = {item.name for item in node.body if isinstance(item, tree.FunctionDef)}
    methods = quoted(text.replace("NAME", node.name), span, FLAG=node.name, MADE=made, ALL=tree.IntLiteral(span, whole))
    body += (item for item in methods if isinstance(item, tree.FunctionDef) and item.name not in own)
    return tree.Assign(span, (tree.Name(span, made),), tree.Dict(span, (), ())), changed(node, body=tuple(body))


def _number(node: tree.Expr, known: Mapping[str, int]) -> int | None:
    match node:
        case tree.IntLiteral(value=value):
            return value
        case tree.Name(id=name):
            return known.get(name)
        case tree.Call(args=()) if last_name(node.func) == "auto":
            return 1 << max(known.values(), default=0).bit_length()
        case tree.BinOp(left=left, op=("|" | "&" | "^" | "<<" | "+" | "-") as op, right=right):
            first, second = _number(left, known), _number(right, known)
            if first is None or second is None or not 0 <= second < 1 << 62 or (op == "<<" and second > 62):
                return None
            return {
                "|": first | second, "&": first & second, "^": first ^ second, "<<": first << min(second, 62),
                "+": first + second, "-": first - second,
            }[op]  # fmt: skip
        case _:
            return None
