"""The pass between parsing and checking: what stands for something else becomes what it stands for.

In: the tree of a user's module, and a way to ask what other modules have. Out: the same tree without

| rewritten | becomes | by |
| --- | --- | --- |
| `__name` in a class | `_Class__name` | `private` |
| `f.calls = 0` of a function `f` | an attribute of an object beside `f` | `attributes` |
| `if TYPE_CHECKING`, `if sys.version_info ...`, `try: import m` | the branch that is taken | `choices` |
| `@d def f` in a function, a `def` on a condition | a variable that holds the function | `definitions` |
| `@manager() def f` | a body that stands in `with manager()` | `definitions` |
| `@cached_property`, `@total_ordering`, `@singledispatch` | the methods and tests that they stand for | `shorthands` |
| `x = property(...)` in a class | its methods | `shorthands` |
| `class P(Flag)` | an Enum with the operators of flags | `flags` |
| `TypeVar`, `NewType`, `namedtuple`, `TypedDict`, aliases without `type` | today's syntax for them | `oldstyle` |
| `x: Stack` of a `Stack[T]`, `list[dict]`, an alias of `Callable[..., R]` | `list`, which says nothing | `vague` |
| `@dynamic async def f` | a call that has MicroPython run its text | `embedded` |

Nothing here knows a type. Each part looks at the text first, where that can tell that it has nothing to do; what a part
adds to a program is written as source (`quoted`) at the place that it stands for.
"""

from __future__ import annotations

from ..syntax import tree
from ..syntax.source import Source
from .attributes import with_attributes
from .choices import Has
from .definitions import formed
from .embedded import Refuse, with_dynamic
from .oldstyle import modernised
from .private import PRIVATE, mangled
from .vague import without_vague


def rewritten(module: tree.Module, source: Source, has: Has, refuse: Refuse) -> tree.Module:
    """`has(module, name, level)`: does importing this (a module, for None) succeed? `refuse(span, what, help)` reports
    what a part cannot do."""
    module = mangled(module) if PRIVATE.search(source.text) else module
    module = with_attributes(module, source.text)
    module = formed(module, has)
    module = without_vague(modernised(module, source), source.text)
    return with_dynamic(module, source, refuse)
