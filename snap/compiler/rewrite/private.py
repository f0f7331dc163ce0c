"""Private names: inside a class `__name` means `_Class__name`, as CPython's compiler has it.

In: a module's tree. Out: the tree with those names replaced; places in the text stay what they are.
"""

from __future__ import annotations

import re
from typing import Any

from ..syntax import tree
from ..syntax.node import Frozen, field_names

IDENTIFIERS = frozenset(("id", "attr", "arg", "name", "asname", "rest"))
PRIVATE = re.compile(r"\b__\w*[^\W_]_?\b")
"""A text without a match has no such name; one with it may have."""


def mangled(node: Any, owner: str = "") -> Any:
    """`node`, which stands in the class `owner` (without underscores in front; "" outside of classes)."""
    if isinstance(node, str):
        return f"_{owner}{node}" if owner and node.startswith("__") and not node.endswith("__") else node
    if type(node) is tuple:
        return tuple(mangled(item, owner) for item in node)
    if not isinstance(node, Frozen):
        return node
    values = []
    for name in field_names(node):
        value = getattr(node, name)
        if isinstance(node, tree.ClassDef) and name == "body":
            value = mangled(value, node.name.lstrip("_"))
        elif not isinstance(value, str) or name in IDENTIFIERS:
            value = mangled(value, owner)
        values.append(value)
    return type(node)(*values)
