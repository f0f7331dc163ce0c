# %% manager_as_decorator
from contextlib import contextmanager
@contextmanager
def tag(name):
    print("<" + name + ">")
    yield
    print("</" + name + ">")
@tag("p")
def hello(who):
    print("hello", who)
    return 3
print(hello("bob"))
print(hello(who="amy"))
# %% manager_class_as_decorator
from contextlib import ContextDecorator
class timed(ContextDecorator):
    def __init__(self, label):
        self.label = label
    def __enter__(self):
        print("enter", self.label)
        return self
    def __exit__(self, *exc):
        print("exit", self.label)
        return False
@timed("x")
def f(a, b=2):
    return a + b
print(f(1), f(1, b=5))
# %% managers_as_decorators
from contextlib import contextmanager, ContextDecorator
@contextmanager
def section(name, mark="-"):
    print(mark, name)
    try:
        yield name
    finally:
        print("end", name)
def label():
    print("asked")
    return "late"
class guard(ContextDecorator):
    def __init__(self):
        self.n = 0
    def __enter__(self):
        self.n += 1
        print("in", self.n)
        return self
    def __exit__(self, kind, error, trace):
        print("out", kind is None)
        return kind is ValueError
class Box:
    @section("method")
    def run(self, x):
        return x + 1
@section(label(), mark="*")
def one(x):
    if x < 0:
        raise ValueError("neg")
    return x
@guard()
def two(x=1):
    "doc"
    if x > 1:
        raise ValueError(x)
    return "two"
def outer(n):
    @section(n)
    def inner(a, *rest):
        return a, rest
    return inner(1, 2, 3)
print(one(1), one(2))
try:
    one(-1)
except ValueError as e:
    print(e)
print(two(), two(5), two(1))
print(Box().run(2), outer("nested"))
with section("plain") as s:
    print(s)
with guard():
    print("x")
# %% deleter
class Temp:
    def __init__(self):
        self._v = 3
    @property
    def v(self):
        return self._v
    @v.setter
    def v(self, x):
        self._v = x
    @v.deleter
    def v(self):
        print("deleting")
        self._v = None
t = Temp()
t.v = 5
print(t.v)
del t.v
print(t.v)
# %% deleted_attributes
class A:
    def __init__(self):
        self.x = 1
        self.y = 2
a = A()
del a.x
try:
    print(a.x)
except AttributeError as e:
    print("AttributeError", e)
print(hasattr(a, "x"), hasattr(a, "y"))
a.x = 5
print(a.x)
# %% star_import
from math import *
print(sqrt(16), pi, floor(2.5))
# %% star_import_of_classes
from collections import *
print(Counter("aab"), deque([1]))
# %% function_attributes
def f(x):
    f.calls += 1
    return x * 2
f.calls = 0
f(1); f(2)
print(f.calls)
def counter(func):
    def wrapper(*args):
        wrapper.count += 1
        return func(*args)
    wrapper.count = 0
    return wrapper
@counter
def g(x): return x
g(1); g(2); g(3)
print(g.count)
# %% function_attributes_as_memo
def memo(n):
    if n in memo.cache:
        return memo.cache[n]
    r = n if n < 2 else memo(n-1) + memo(n-2)
    memo.cache[n] = r
    return r
memo.cache = {}
print(memo(50), len(memo.cache))
def once():
    if not hasattr(once, "done"):
        once.done = True
        return "first"
    return "again"
print(once(), once())
# %% function_attributes_by_decorators
from functools import wraps
def count_calls(func):
    @wraps(func)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return func(*args, **kwargs)
    wrapper.calls = 0
    return wrapper
@count_calls
def say(x): return x + 1
@count_calls
def other(a, b=2): return [a, b]
say(1); say(2); other(1)
print(say.calls, other.calls, say.__name__)
def tagged(name):
    def deco(f):
        f.tag = name
        return f
    return deco
def limited(n):
    def deco(f):
        def inner(*a):
            inner.left -= 1
            if inner.left < 0:
                return None
            return f(*a)
        inner.left = n
        return inner
    return deco
@limited(2)
def hey(x): return x * 2
print(hey(1), hey(2), hey(3), hey.left)
def fib(n):
    fib.calls += 1
    return n if n < 2 else fib(n - 1) + fib(n - 2)
fib.calls = 0
fib(10)
print(fib.calls)
def state():
    state.n = getattr(state, "n", 0) + 1
    return state.n
print(state(), state(), hasattr(state, "n"))
def late(): return late.value
try:
    late()
except AttributeError as e:
    print(e)
late.value = "x"
print(late(), late.__name__)
def outer():
    def inner():
        inner.n += 1
        return inner.n
    inner.n = 10
    inner()
    return inner()
print(outer(), outer())
# %% update_with_other_types
def unflatten(flat):
    out = {}
    for key, value in flat.items():
        parts = key.split(".")
        d = out
        for p in parts[:-1]:
            d = d.setdefault(p, {})
        d[parts[-1]] = value
    return out
print(unflatten({"a.b": 1, "a.c.d": "x", "e": [1]}))
def flatd(d, prefix=""):
    out = {}
    for k, v in d.items():
        key = f"{prefix}.{k}" if prefix else k
        if isinstance(v, dict):
            out.update(flatd(v, key))
        else:
            out[key] = v
    return out
print(flatd({"a": {"b": 1, "c": {"d": "x"}}, "e": [1]}))
# %% function_attributes_shared
def f(x):
    f.n = f.n + 1
    return x
f.n = 0
def other():
    g = f
    return g(3)
other()
print(f.n)
del f.n
print(hasattr(f, "n"))
try:
    f(1)
except AttributeError as e:
    print(e)
setattr(f, "n", 5)
f(2)
print(getattr(f, "n"))
# %% deleted_fields
class Node:
    def __init__(self, v):
        self.v = v
        self.cache = None
    def reset(self):
        del self.cache
    def get(self):
        try:
            return self.cache
        except AttributeError:
            self.cache = self.v * 2
            return self.cache
n = Node(4)
n.reset()
print(n.get(), n.cache)
from dataclasses import dataclass
@dataclass
class D:
    x: int
    y: int = 3
d = D(1)
del d.x
try:
    print(d)
except AttributeError as e:
    print(e)
d.x = 7
print(d, d == D(7))
class S(Node):
    pass
s = S(1)
del s.v
print(hasattr(s, "v"), hasattr(n, "v"))
try:
    del s.v
except AttributeError as e:
    print(e)
# %% conditions_known_in_part
def f(x, flag):
    if flag and isinstance(x, str) and x.upper():
        return "s"
    if not isinstance(x, str) or flag:
        return "n"
    return "e"
print(f("a", True), f(1, True), f("a", False), f(2, False))
def log(m):
    print("log", m)
    return True
def g(x):
    if log(1) and isinstance(x, int) and log(2):
        return "int"
    elif log(3) or isinstance(x, int):
        return "other"
print(g(1), g("a"))
def h(x):
    r = "yes" if log("t") and isinstance(x, list) else "no"
    while log("w") and isinstance(x, int):
        break
    return r
print(h([1]), h(2))
# %% flags_in_sets
from enum import Flag, IntFlag
class P(Flag):
    A = 4
    B = 2
    C = 1
print(sorted({P.A.value, P.C.value}), {P.B: 1, P.A: 2}, frozenset([P.C, P.A]) == {P.A, P.C})
print(P.A | P.C, list(P), list(P.A | P.C | P.B), P(7), repr(P(3)))
seen = set()
for p in [P.A, P.A | P.B, P.B | P.A, P.C]:
    seen.add(p)
print(len(seen))
class Q(IntFlag):
    X = 1
    Y = 2
    def label(self):
        return self.name.lower()
print(Q.X.label(), [Q.X, Q.X | Q.Y], (Q.X, Q.Y), {"q": Q.Y})
def allowed(p: Q) -> bool:
    return bool(p & Q.Y)
print(allowed(Q.X), allowed(Q.X | Q.Y), Q.X.value | 4, Q.X < Q.Y, Q(3) is (Q.X | Q.Y), Q.X in Q.X | Q.Y)
# %% function_attributes_in_methods
def outer():
    def helper(x):
        helper.log.append(x)
        return x
    helper.log = []
    for i in range(3): helper(i)
    return helper.log
print(outer(), outer())
class K:
    def m(self):
        def inner(): inner.n += 1; return inner.n
        inner.n = 0
        inner(); inner()
        return inner.n
print(K().m())
# %% star_import_and_own_names
from math import *
def area(r): return pi * r ** 2
e = 5
print(round(area(1), 3), e, sqrt(4), pow(2, 3), floor(2.7))
# %% function_attributes_tested
x = 5
def g():
    return g.cache if hasattr(g, "cache") else None
print(g())
g.cache = {"a": 1}
print(g(), g.cache["a"])
for g.i in range(3): pass
print(g.i)
# %% ordered_dict_by_names
from collections import OrderedDict
print(OrderedDict(a=1, b=2), OrderedDict(), OrderedDict([("x", 1)]), OrderedDict({"q": 2}))
d = OrderedDict()
d["z"] = 1
d.move_to_end("z")
print(d, d == OrderedDict(z=1), OrderedDict(zip("ab", [1, 2])))
# %% timers_as_decorators
from contextlib import contextmanager
import time
@contextmanager
def timer(label):
    start = time.perf_counter()
    try:
        yield
    except ValueError as e:
        print("swallowed", e)
    finally:
        print(label, time.perf_counter() - start >= 0)
@timer("work")
def work(n):
    total = 0
    for i in range(n):
        if i == 3:
            return total
        total += i
    return total
@timer("bad")
def bad():
    raise ValueError("oops")
@timer("rec")
def rec(n):
    return 0 if n == 0 else 1 + rec(n - 1)
print(work(10), work(2), bad(), rec(2))
class Svc:
    @timer("meth")
    def run(self, *args, **kw):
        return args, kw
    @staticmethod
    @timer("st")
    def st(x):
        return x
print(Svc().run(1, a=2), Svc.st(3))
# %% dates_by_class
import datetime
now = datetime.datetime(2020, 1, 1, 0, 0)
print(now.strftime("%Y"), datetime.date(2020, 1, 1).isoformat(), datetime.timedelta(days=3), datetime.datetime.strptime("2020", "%Y").year)
def fmt(d):
    if isinstance(d, datetime.datetime):
        return "dt " + d.isoformat()
    if isinstance(d, datetime.date):
        return "d " + d.isoformat()
    return str(d)
print([fmt(x) for x in [datetime.date(2020, 1, 2), now, 5, datetime.timedelta(1)]])
# %% memo_with_statistics
from functools import wraps
def memoize(f):
    cache = {}
    @wraps(f)
    def inner(*args):
        if args in cache:
            inner.hits += 1
            return cache[args]
        inner.misses += 1
        cache[args] = f(*args)
        return cache[args]
    inner.hits = 0
    inner.misses = 0
    return inner
@memoize
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(20), fib.hits, fib.misses, fib.__name__)
# %% limits_by_attributes
def rate_limited(max_calls):
    def deco(func):
        def wrapper(*args, **kwargs):
            if wrapper.count >= max_calls:
                raise RuntimeError(f"{func.__name__} called too often")
            wrapper.count += 1
            return func(*args, **kwargs)
        wrapper.count = 0
        return wrapper
    return deco
@rate_limited(2)
def ping(): return "pong"
print(ping(), ping())
try:
    ping()
except RuntimeError as e:
    print(e, ping.count)
# %% views_of_dicts_compared
d = {"a": 1, "b": 2}
e = {"b": "x", "a": "y"}
print("a" in d.keys(), ("a", 1) in d.items(), 1 in d.values(), 3 in d.values(), "a" in d, 1 in d if False else None)
print(("a", 2) in d.items(), d.keys() & {"a"}, d.keys() == {"a", "b"}, {"a", "b"} == d.keys(), d.keys() == e.keys(), d.keys() != {"a"})
print(d.keys() == {"a"}, d.keys() == ["a", "b"], {"a"} == d.keys(), frozenset("ab") == d.keys(), d.keys() == frozenset("ab"))
print(1 in [1, 2], "a" in [1, 2], "a" in {1, 2}, 1 in {"a": 2}, "x" in (1, 2), 2.0 in [2], 3 in range(5), "a" in range(3))
from collections import Counter, deque, OrderedDict, defaultdict
c = Counter("abca")
print("a" in c, 2 in c.values(), 1 in c, deque([1]).count(1), 1 in deque([1]), "a" in OrderedDict(a=1), "q" in defaultdict(int))
print(d.items() == {("a", 1), ("b", 2)}, d.items() == d.copy().items())
print({"a": [1]}.items() == {"a": [1]}.items(), {"a": [1]}.items() == {"a": [2]}.items(), {"a": 1}.items() == {"a": 1.0}.items(), {"a": 1}.items() != {"a": "x"}.items())
print({("a", 1)} == {"a": 1}.items(), {"a": 1}.items() == [("a", 1)], d.items() == {("a", 1)})
# %% functions_that_compare_as_keys
from functools import cmp_to_key
def by_concat(a, b):
    return -1 if a + b > b + a else 1 if a + b < b + a else 0
def by_len(a: str, b: str) -> int:
    return len(a) - len(b)
texts = ["3", "30", "34", "5", "9"]
print("".join(sorted(texts, key=cmp_to_key(by_concat))), sorted([5, 3, 9, 1], key=cmp_to_key(lambda a, b: b - a)))
print(sorted(["ccc", "a", "bb"], key=cmp_to_key(by_len)), max(texts, key=cmp_to_key(by_len)), min([2.5, 1.5], key=cmp_to_key(lambda a, b: a - b)))
xs = [(1, "b"), (0, "a"), (1, "a")]
xs.sort(key=cmp_to_key(lambda x, y: (x > y) - (x < y)))
print(xs, xs[0][0] + 1)
k = cmp_to_key(by_len)
print(sorted(["zz", "y"], key=k), k("a") < k("bb"), k("a") == k("b"))

# %% imports_that_fail_by_name
try:
    from yaml import safe_load
except (ImportError, ModuleNotFoundError) as e:
    print("no yaml", type(e).__name__, e)
    safe_load = None
print(safe_load)
def load():
    try:
        import pandas
        return pandas
    except ImportError as e:
        print(e)
        return None
print(load())
try:
    import numpy as np
    from math import sqrt
except ImportError as err:
    print("fallback:", err, type(err).__name__)
    np = None
else:
    print("else")
finally:
    print("fin")
print(np)
class Loader:
    def load(self):
        try:
            import xyz.abc
        except Exception as e:
            print("Error", e)
            return False
        return True
print(Loader().load())
try:
    import json
    import nothere
except ModuleNotFoundError as e:
    print(repr(e))
print(json.dumps({}))
