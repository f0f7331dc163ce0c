"""Between lowering and emission: what is reachable, what calls may do, and bodies that do the same with less.

`effects.analyse` finds the reachable part of a module and simplifies it on the way (`simplify`); `inline` puts small
functions where they are called; `scalars` makes locals of objects that never leave their function; `ranges` drops the
tests whose outcome is known. All of it works on the IR and leaves the meaning alone.
"""
