# %% loose1
from typing import Any
class Box:
    def __init__(self): self.items = []
    def add(self, *a, **k): self.items.append((a, k)); return self
    def get(self, i=0, *, last=False): return self.items[-1] if last else self.items[i]
def plain(a, b=2, *rest, c=3, **kw): return (a, b, rest, c, kw)
def gen(n):
    for i in range(n): yield i
def raiser(x): raise ValueError(x)
b = Box()
table: dict[str, Any] = {"plain": plain, "add": b.add, "get": b.get, "gen": gen, "len": len, "int": int, "str": str.upper, "raiser": raiser, "lam": lambda *xs, k=1: (xs, k), "box": Box, "sum": sum, "print": print, "sorted": sorted, "none": lambda: None}
print(table["plain"](1), table["plain"](1, 5, 6, 7, c=8, z=9), table["plain"](a=4), table["plain"](*[1, 2], **{"c": 5}))
table["add"](1, k=2).add(3)
print(table["get"](), table["get"](1), table["get"](last=True), b.items)
print(list(table["gen"](3)), table["len"]("abc"), table["int"]("12") + 1, table["int"]("ff", 16), table["str"]("x"), table["lam"](1, 2, k=3), table["lam"]())
try:
    table["raiser"]("boom")
except ValueError as e:
    print("caught", e)
print(table["box"]().add(9).items, table["sum"]([1, 2]), table["sorted"]([3, 1]), table["none"]())
table["print"]("a", 1, sep="-")
for args in [(), (1, 2, 3), (1,)]:
    try:
        print(table["get"](*args))
    except TypeError as e:
        print("TypeError")
try:
    table["plain"]()
except TypeError as e:
    print(e)
try:
    table["none"](1)
except TypeError as e:
    print("TE")
for k in ("nope",):
    try:
        table[k]()
    except KeyError as e:
        print("key", e)


# %% loose_identity
def f(x): return x
def g(x): return x + 1
hooks: list = [f, g]
reg: dict = {"f": f}
extra: list = [f, 1, "a", None, lambda: 2]
print(hooks[0] == f, hooks[0] is f, reg["f"] is hooks[0], hooks[0] == hooks[1], f in hooks, hooks.index(g))
print([callable(x) for x in extra], bool(f), type(f).__name__)
hooks.remove(f)
print(len(hooks), {f: 1, g: 2}[g])


# %% loose_closure
from typing import Any
def make(n):
    total = n
    def add(k=1):
        nonlocal total
        total += k
        return total
    def show(): return f"total={total}"
    ops: dict[str, Any] = {"add": add, "show": show, "mul": lambda m: total * m}
    return ops
o = make(10)
o["add"](); o["add"](5)
print(o["show"](), o["mul"](2))
p = make(1)
p["add"](k=4)
print(p["show"](), o["show"]())


# %% varied_table
def area_circle(r): return round(3.14159 * r * r, 2)
def area_rect(w, h): return w * h
def area_tri(a, b, c):
    s = (a + b + c) / 2
    return round((s * (s - a) * (s - b) * (s - c)) ** 0.5, 2)
shapes = [("circle", area_circle, (2,)), ("rect", area_rect, (3, 4)), ("tri", area_tri, (3, 4, 5))]
for name, fn, args in shapes:
    print(name, fn(*args), fn.__name__)
COMMANDS = {"push": lambda st, x: st.append(x), "pop": lambda st: st.pop(), "dup": lambda st: st.append(st[-1])}
st = []
for line in ["push 3", "dup", "push 5", "pop"]:
    cmd, *rest = line.split()
    r = COMMANDS[cmd](st, *map(int, rest))
    print(cmd, st, r)


# %% validators
def required(v): return None if v else "required"
def min_len(n): return lambda v: None if len(v) >= n else f"min {n}"
def between(lo, hi):
    def check(v): return None if lo <= v <= hi else f"{lo}..{hi}"
    return check
rules = {"name": [required, min_len(3)], "age": [between(0, 150)]}
def validate(d): return {k: [m for r in rs if (m := r(d[k]))] for k, rs in rules.items()}
print(validate({"name": "ab", "age": 200}), validate({"name": "", "age": 3}), validate({"name": "bobby", "age": 3}))


# %% plugin
PLUGINS = {}
def register(name=None, **meta):
    def deco(f):
        PLUGINS[name or f.__name__] = (f, meta)
        return f
    return deco
@register()
def greet(who): return f"hi {who}"
@register("sum", version=2)
def add_all(*xs): return sum(xs)
@register(author="me")
def nothing(): return None
for n, (f, meta) in PLUGINS.items(): print(n, meta, f.__name__)
print(PLUGINS["greet"][0]("bob"), PLUGINS["sum"][0](1, 2, 3), PLUGINS["nothing"][0]())


# %% retry_timing
import functools
def retry(times=3, exceptions=(ValueError,)):
    def deco(f):
        @functools.wraps(f)
        def w(*args, **kwargs):
            last = None
            for i in range(times):
                try:
                    return f(*args, **kwargs)
                except exceptions as e:
                    last = e
                    print(f"{f.__name__} try {i + 1}: {e}")
            raise last
        return w
    return deco
calls = {"n": 0}
@retry(times=2)
def flaky(x, y=1):
    calls["n"] += 1
    if calls["n"] < 2: raise ValueError("flake")
    return x + y
@retry(exceptions=(KeyError, IndexError))
def bad(d): return d["k"]
print(flaky(1, y=5))
try:
    bad({})
except KeyError as e:
    print("gave up", e)


# %% async_loose
import asyncio
from typing import Any
async def a(x): await asyncio.sleep(0); return x + 1
async def b(x, y=2): return x * y
handlers: dict[str, Any] = {"a": a, "b": b}
async def main():
    print(await handlers["a"](1), await handlers["b"](3, y=4))
    print(await asyncio.gather(*[h(5) for h in handlers.values()]))
asyncio.run(main())


# %% state_machine
class Machine:
    def __init__(self):
        self.state = "idle"
        self.table = {("idle", "go"): ("run", self.on_go), ("run", "stop"): ("idle", self.on_stop), ("run", "tick"): ("run", None)}
        self.log = []
    def on_go(self, speed=1): self.log.append(f"go {speed}")
    def on_stop(self): self.log.append("stop")
    def fire(self, ev, *args):
        nxt, act = self.table[(self.state, ev)]
        if act: act(*args)
        self.state = nxt
m = Machine()
for ev in [("go", 5), ("tick",), ("stop",)]: m.fire(*ev)
print(m.state, m.log)


# %% compose
from functools import reduce
def compose(*fs):
    return reduce(lambda f, g: lambda x: f(g(x)), fs)
print(compose(lambda x: x + 1, lambda x: x * 2)(5))


# %% growing_tuples
def walk(n, path=()):
    if n == 0:
        return [path]
    out = []
    for d in range(2):
        out += walk(n - 1, path + (d,))
    return out
print(walk(2), len(walk(5)))


# %% growing_types
def outer(n):
    def rec(k, acc):
        if k == 0:
            return acc
        return rec(k - 1, (k, acc))
    return rec(n, None)
print(outer(3))


# %% table_of_library
import math
FUNCS = {"sqrt": math.sqrt, "abs": abs, "max": max, "pow": math.pow, "hyp": math.hypot, "round": round}
def call(name, *args):
    return FUNCS[name](*args)
print(call("sqrt", 16), call("abs", -3), call("max", 1, 2), call("pow", 2, 3), call("hyp", 3, 4), call("round", 2.567, 1))
stack = [2, 9]
print(FUNCS["sqrt"](*stack[1:]))
try:
    call("sqrt", "x")
except TypeError as e:
    print("TE")


# %% attributes
def deco(f):
    def wrapper(*args):
        wrapper.calls += 1
        return f(*args)
    wrapper.calls = 0
    return wrapper
@deco
def sq(x): return x * x
@deco
def up(s): return s.upper()
print(sq(2), sq(3), up("a"), sq.calls, up.calls)
for f in [sq, up]:
    print(f.calls)
def log(msg):
    log.lines.append(msg)
log.lines = []
def use(fn):
    fn("x")
    fn("y")
    return fn.lines
print(use(log), log.lines, log is use.__class__ if False else 1)
fs = []
for i in range(3):
    def g(x, n=i * 10):
        return x + n
    fs.append(g)
print([h(1) for h in fs])


# %% dealt_and_named
def f(a, b=2, c=3, *r, d=4, **k): return (a, b, c, r, d, k)
def g(a, b, c): return (a, b, c)
class M:
    def fire(self, ev, *args): return (ev, args)
    def two(self, a, b=0): return (a, b)
def tri(*xs, **m):
    out = []
    for fn in (f, g):
        try:
            out.append(fn(*xs, **m))
        except TypeError as e:
            out.append(str(e))
    return out
xs = [1, 2]
m = {"c": 9}
print(f(*xs), f(*xs, **m), f(0, *xs, **m), g(*xs, **m), g(*xs, c=5))
for ev in [("go", 5), ("tick",), ("stop", 1, 2)]:
    print(M().fire(*ev))
print(M().two(*[1]), M().two(*xs))
for args, kw in [([1, 2, 3], {}), ([1], {"b": 2, "c": 3}), ([], {}), ([1, 2, 3, 4], {}), ([1], {"a": 1}), ([1, 2], {"c": 1, "zz": 2}), ([], {"c": 1}), ([1], {})]:
    try:
        print(g(*args, **kw))
    except TypeError as e:
        print(e)
    try:
        print(f(*args, **kw))
    except TypeError as e:
        print(e)
try:
    print(g(*xs, b=1))
except TypeError as e:
    print(e)
try:
    print(f(*xs, a=1))
except TypeError as e:
    print(e)


# %% events_of_other_counts
class E:
    def __init__(self):
        self.hs = {}
    def on(self, ev, h):
        self.hs.setdefault(ev, []).append(h)
    def emit(self, ev, *args, **kwargs):
        return [h(*args, **kwargs) for h in self.hs.get(ev, [])]
e = E()
e.on("greet", lambda name: f"hi {name}")
e.on("add", lambda a, b=2: a + b)
print(e.emit("greet", "bob"))
print(e.emit("add", 1), e.emit("add", 1, b=5))
print(e.emit("none"))


# %% counted_by_a_class
class CountCalls:
    def __init__(self, func):
        self.func = func
        self.count = 0
    def __call__(self, *args, **kwargs):
        self.count += 1
        return self.func(*args, **kwargs)
@CountCalls
def sq(x): return x * x
@CountCalls
def hi(a, b="z"): return a + b
print(sq(2), sq(3), sq.count, hi("a"), hi("a", b="q"), hi.count)


# %% event_emitter
class EventEmitter:
    def __init__(self):
        self._handlers = {}
    def on(self, event, handler=None):
        if handler is None:
            def decorator(f):
                self._handlers.setdefault(event, []).append(f)
                return f
            return decorator
        self._handlers.setdefault(event, []).append(handler)
        return handler
    def emit(self, event, *args, **kwargs):
        return [h(*args, **kwargs) for h in self._handlers.get(event, [])]
e = EventEmitter()
e.on("greet", lambda name: f"hi {name}")
@e.on("greet")
def loud(name):
    return f"HELLO {name.upper()}"
@e.on("add")
def add(a, b=10):
    return a + b
print(e.emit("greet", "bob"))
print(e.emit("add", 1), e.emit("add", 1, b=2))
print(e.emit("none"))


# %% recursive_types
def nest(n, x):
    return x if n == 0 else nest(n - 1, [x])
print(nest(12, 1))


# %% method_callers
from operator import methodcaller, attrgetter, itemgetter
import operator
print(list(map(methodcaller("upper"), ["a", "b"])), sorted(["b:1", "a:2"], key=methodcaller("split", ":")), list(map(operator.methodcaller("replace", "a", "z"), ["banana"])))
up = methodcaller("upper")
print(up("x"))


# %% church
zero = lambda f: lambda x: x
succ = lambda n: lambda f: lambda x: f(n(f)(x))
add = lambda m: lambda n: lambda f: lambda x: m(f)(n(f)(x))
to_int = lambda n: n(lambda x: x + 1)(0)
one = succ(zero); two = succ(one)
print(to_int(two), to_int(add(two)(one)))


# %% reduced_to_anything
from functools import reduce
print(reduce(lambda acc, f: f(acc), [lambda x: x + 1, lambda x: x * 10, str], 4))
# %% given_function_called
def make_counter(start=0, step=1):
    value = start
    def nxt():
        nonlocal value
        current = value
        value += step
        return current
    def reset(to=start):
        nonlocal value
        value = to
    nxt.reset = reset
    return nxt
c1, c2 = make_counter(), make_counter(10, -2)
print([c1() for _ in range(3)], [c2() for _ in range(3)], c1())
c1.reset(); c2.reset(1)
print(c1(), c2())
# %% given_lambda_called
import functools
def count(f):
    @functools.wraps(f)
    def wrapper(*a, **k):
        wrapper.calls += 1
        return f(*a, **k)
    wrapper.calls = 0
    wrapper.clear = lambda: setattr(wrapper, "calls", 0)
    return wrapper
@count
def hello(n): return n + 1
@count
def bye(n): return n - 1
hello(1); hello(2); bye(3)
fs = [hello, bye]
print(hello.calls, [f.calls for f in fs], hello.__name__)
hello.clear()
print(hello.calls)
# %% functions_out_of_any
from typing import Any, Callable
def f(x: Any) -> None:
    return x
def g(h: Any) -> Callable[[int], None]:
    return h
def k(x: int) -> None:
    print("k", x)
g(k)(3)
print(f(None))
# %% functions_or_none_out_of_any
from typing import Any, Callable, Optional
class C:
    def __init__(self, **kw: Any) -> None:
        self.f: Callable[[int, int], int] = kw["f"]
        self.g: Optional[Callable[[int], int]] = kw.get("g")
def add(a: int, b: int) -> int: return a + b
c = C(f=add)
print(c.f(1, 2), c.g)
c = C(f=lambda a, b: a * b, g=lambda x: -x)
print(c.f(4, 2))
if c.g is not None:
    print(c.g(2))
def table(d: dict[str, Any]) -> Callable[[int], Any]:
    return d["f"]
print(table({"f": abs, "g": 3})(-4), table({"f": str})(-4))
# %% functions_that_become_loose_late
# A small publish/subscribe event system with priorities and one-shot handlers
from collections import defaultdict
from functools import partial


class Event:
    def __init__(self, name, **data):
        self.name = name
        self.data = data
        self.stopped = False

    def stop(self):
        self.stopped = True

    def __getattr__(self, attr):
        try:
            return self.data[attr]
        except KeyError:
            raise AttributeError(f"event {self.name!r} has no field {attr!r}") from None


class EventBus:
    def __init__(self):
        self._handlers = defaultdict(list)
        self._counter = 0

    def subscribe(self, name, handler, priority=0, once=False):
        self._counter += 1
        entry = (-priority, self._counter, handler, once)
        self._handlers[name].append(entry)
        self._handlers[name].sort(key=lambda e: e[:2])

        def unsubscribe():
            if entry in self._handlers[name]:
                self._handlers[name].remove(entry)
                return True
            return False
        return unsubscribe

    def on(self, *names, **options):
        def decorator(func):
            for name in names:
                self.subscribe(name, func, **options)
            return func
        return decorator

    def emit(self, name, /, **data):
        event = Event(name, **data)
        called = 0
        for entry in list(self._handlers.get(name, ())):
            *_, handler, once = entry
            handler(event)
            called += 1
            if once:
                self._handlers[name].remove(entry)
            if event.stopped:
                break
        if name != "*":
            for *_, handler, _once in self._handlers.get("*", []):
                handler(event)
        return called


bus = EventBus()


@bus.on("login", "logout")
def audit(event):
    print(f"[audit] {event.name}: {event.user}")


@bus.on("login", priority=10)
def block_guests(event):
    if event.user == "guest":
        print("[block] guests may not log in")
        event.stop()


@bus.on("login", once=True)
def welcome(event):
    print(f"[welcome] first user today is {event.user.title()}")


def shout(prefix, event):
    print(prefix, event.name.upper(), sorted(event.data))


everything = bus.subscribe("*", partial(shout, ">>"))

for user in ["anna", "guest", "ben"]:
    n = bus.emit("login", user=user, ip="10.0.0.1")
    print(f"   {n} handler(s) ran")

print("unsubscribed:", everything())
print("again:", everything())
bus.emit("logout", user="anna")
print("nobody listening:", bus.emit("shutdown"))

try:
    bus.emit("logout", who="ben")
except AttributeError as e:
    print("error:", e)

totals = {}
bus.subscribe("sale", lambda e: totals.update({e.item: totals.get(e.item, 0) + e.amount}))
for item, amount in [("tea", 3), ("coffee", 2), ("tea", 4)]:
    bus.emit("sale", item=item, amount=amount)
print(totals)
