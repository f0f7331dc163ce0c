from types import SimpleNamespace, TracebackType
import types
s = SimpleNamespace(a=1, b="x")
print(s.a, s.b, s)
s.c = [4]
print(s.c, s, s == SimpleNamespace(a=1, b="x", c=[4]), s != SimpleNamespace())
print(types.SimpleNamespace(x=2.5).x + 1, vars(s), hasattr(s, "q"), getattr(s, "zz", 5))
def section(d, p):
    return SimpleNamespace(**{k[len(p):]: d[k] for k in sorted(d) if k.startswith(p)})
q = section({"s.a": 1, "s.b": [1, 2, 3], "t": 0}, "s.")
print(q.a, sum(q.b), hasattr(q, "a"), hasattr(q, "z"), q)
