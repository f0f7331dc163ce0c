# %% mistakes_caught_by_name
class A(object):
    def __init__(self, x):
        self.x = x

try:
    print("5" + 5)
except TypeError as e:
    print("TypeError:", e)
try:
    print(undefined_thing)
except NameError as e:
    print("NameError:", e)
try:
    a = A(3)
    print(a.x)
    print(a.y)
except AttributeError as e:
    print("AttributeError:", e)
try:
    len(5)
except TypeError as e:
    print(e)
try:
    A()
except TypeError as e:
    print(e)
try:
    "abc".foo()
except AttributeError as e:
    print(e)
try:
    x, y = 1, 2, 3
except ValueError as e:
    print(e)
try:
    for q in 5:
        print(q)
except TypeError as e:
    print(e)
def f(a, b=2):
    return a + b
try:
    f(1, 2, 3)
except TypeError as e:
    print(e)
try:
    f()
except (TypeError, ValueError) as e:
    print(type(e).__name__, e)
try:
    t = (1, 2)
    t[0] = 5
except TypeError as e:
    print(e)
try:
    s = "abc"
    s[0] = "x"
except TypeError as e:
    print(e)
try:
    {[1, 2]: 3}
except TypeError as e:
    print(e)
try:
    d = None
    d["x"]
except TypeError as e:
    print(e)
try:
    print([1, 2] + (3,))
except TypeError as e:
    print(e)
try:
    print(1 < "a")
except TypeError as e:
    print(e)
try:
    sorted([1, "a", 2])
except TypeError as e:
    print(e)
try:
    int([1])
except TypeError as e:
    print(e)
try:
    print(sum(["a", "b"]))
except TypeError as e:
    print(e)
def g():
    try:
        print(zz)
        zz = 1
    except UnboundLocalError as e:
        print(e)
g()
def outer():
    try:
        return 1 + "a"
    except TypeError:
        return "caught"
    finally:
        print("fin")
print(outer())
class B:
    pass
try:
    B() + 1
except TypeError as e:
    print(e)
try:
    B() < B()
except TypeError as e:
    print(e)
try:
    B()()
except TypeError as e:
    print(e)
try:
    print(B().name)
except AttributeError:
    print("no name")
for item in [1, 2]:
    try:
        if item == 2:
            print(item.upper())
        else:
            print("fine", item)
    except AttributeError as e:
        print("item:", e)
def safe_div(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        return None
    except TypeError:
        return "type"
print(safe_div(4, 2), safe_div(1, 0), safe_div("a", 2))

# %% frozen_fields
import dataclasses


@dataclasses.dataclass(frozen=True)
class Fixed:
    at: int


fixed = Fixed(1)
try:
    fixed.at = 2
except dataclasses.FrozenInstanceError as error:
    print(type(error).__name__, error, isinstance(error, AttributeError))
try:
    fixed.at = 2
except AttributeError as error:
    print(repr(error), fixed)
# %% in_lambdas
class Vec:
    def __init__(self, x, y): self.x, self.y = x, y
    def __add__(self, o):
        if not isinstance(o, Vec): return NotImplemented
        return Vec(self.x + o.x, self.y + o.y)
v, w = Vec(3, 4), Vec(1, 2)
for bad in (lambda: v + 1, lambda: "a" * v, lambda: v < w, lambda: v.zap):
    try:
        bad()
    except (TypeError, ValueError, AttributeError) as e:
        print(type(e).__name__ + ":", e)
# %% in_a_function_called_there
counter = 0
def broken():
    print(counter)
    counter = 1
try:
    broken()
except UnboundLocalError as e:
    print(type(e).__name__)
# %% through_lambdas
def swap(pair):
    a, b = pair
    return b, a
def everything(a, b=2, /, c=3, *args, d, e=5, **kwargs):
    return a, b, c, args, d, e, kwargs
def only_kw(*, name, greeting="hello"):
    return f"{greeting}, {name}"
for call in (lambda: everything(1), lambda: only_kw("Al"), lambda: everything(d=1), lambda: only_kw(name=1, zzz=2),
             lambda: swap((1, 2, 3)), lambda: swap([1])):
    try:
        print(call())
    except (TypeError, ValueError) as err:
        print(type(err).__name__, "-", str(err).split(' (')[0].replace("__main__.", ""))
# %% handed_on
def attempt(label, f):
    try:
        print(label, f())
    except (TypeError, AttributeError, NameError) as e:
        print(label, type(e).__name__, e)
def wrong():
    return len(5)
attempt("len", wrong)
attempt("add", lambda: 1 + "a")
attempt("attr", lambda: "x".foo)
attempt("name", lambda: nope)
attempt("call", lambda: (5)())
# %% in_a_method
class P:
    def __init__(self, x): self.x = x
    def area(self):
        return self.width * 2
def use(p):
    return p.area()
def main():
    try:
        use(P(1))
    except AttributeError as e:
        print(e)
main()
# %% mistake_of_a_class_among_others
class A:
    def go(self): return 1
class B:
    def went(self): return 2
def f(x):
    try:
        return x.go()
    except AttributeError as e:
        return str(e)
print(f(A()), f(B()))
for item in [A(), B(), A()]:
    try:
        print(item.went())
    except AttributeError as e:
        print(e)
# %% mistake_of_an_overriding_method
class Base:
    def run(self, n):
        raise NotImplementedError
class Two(Base):
    def run(self, n):
        return n * 2
class Str(Base):
    def run(self, n):
        return n + "a"
class Bad(Base):
    def run(self):
        return 3
for b in [Two(), Str(), Bad(), Base()]:
    try:
        print(b.run(4))
    except (TypeError, NotImplementedError) as e:
        print(type(e).__name__, e)
# %% mistake_of_a_method_by_name
class V:
    def visit(self, n):
        return getattr(self, "v_" + type(n).__name__, self.gen)(n)
    def gen(self, n):
        raise TypeError("no " + type(n).__name__)
class W(V):
    def v_int(self, n): return n + 1
    def v_str(self, n): return n + 1
for x in (1, "a", 2.0):
    try:
        print(W().visit(x))
    except TypeError as e:
        print(e)
# %% mistake_behind_what_is_evaluated
log = []
def say(x):
    log.append(x)
    return x
def f():
    return say(1) + len(say(5)) + say(3)
try:
    f()
except TypeError as e:
    print(e, log)
d = {}
try:
    d[say("k")] = say(1) + "a"
except TypeError as e:
    print(e, log, d)
def never():
    raise ValueError("x")
try:
    print(say(1) if say(0) else never())
except ValueError as e:
    print(e, log)

# %% divmod_of_others
def f(a, b):
    try:
        print(divmod(a, b))
    except TypeError as e:
        print(type(e).__name__, e)
f(7, 2); f("a", 2); f(1, "b"); f(None, [1]); f(7.5, 2)
try:
    divmod("a", "b")
except TypeError as e:
    print(e)
print(list(map(divmod, [7, 8], [2, 3])))
a, b = divmod(-7, 2)
print(a + b, divmod(7, -2.0))
class M:
    def __init__(self, v): self.v = v
    def __divmod__(self, o): return (self.v, o)
    def __rdivmod__(self, o): return ("r", o)
print(divmod(M(3), 4), divmod(5, M(1)))

# %% part_of_text
def g(x, y):
    try:
        print(x in y)
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
g(97, b"abc"); g(1, b"abc"); g(b"a", b"abc"); g("a", b"abc"); g(300, b"abc"); g(b"bc", bytearray(b"abc")); g(1.5, b"abc"); g(True, b"\x01")
g(b"a", "abc"); g(1, "abc"); g(None, "abc"); g(None, b"abc"); g([1], {1}); g({1}, {1: 2}); g([1], {1: 2})

# %% raised_again_in_finally
def f():
    try:
        raise ValueError("x")
    finally:
        raise
try:
    f()
except Exception as e:
    print(type(e).__name__, e, repr(e.__context__))
def g():
    try:
        pass
    finally:
        try:
            raise
        except RuntimeError as e:
            print(e)
g()
def k():
    try:
        raise ValueError("a")
    finally:
        try:
            raise KeyError("b")
        except KeyError as e:
            print(repr(e.__context__))
try:
    k()
except ValueError as e:
    print(repr(e), repr(e.__context__))
def m():
    try:
        raise ValueError("a")
    except ValueError:
        try:
            pass
        finally:
            raise
try:
    m()
except ValueError as e:
    print(repr(e), repr(e.__context__))
def n():
    for i in range(3):
        try:
            try:
                if i == 1: raise KeyError(i)
            finally:
                try:
                    raise
                except KeyError:
                    print("key")
                    raise
                except RuntimeError as e:
                    print(e, repr(e.__context__))
        except KeyError as e:
            print("outer", e)
n()
def h(n):
    try:
        if n: return 1
        raise ValueError("x")
    finally:
        print("fin")
        if not n:
            raise
print(h(1))
try:
    h(0)
except ValueError as e:
    print(e)
for i in range(2):
    try:
        try:
            if i: raise KeyError(i)
        finally:
            raise
    except Exception as e:
        print(type(e).__name__, e)

# %% power_of_unknown_sign
from functools import reduce
import operator
def p(a, b): return a ** b
def digits(n):
    total = 0
    for i, c in enumerate(reversed(str(n))):
        total += int(c) * 10 ** i
    return total
print(digits(123))
def subsets(items):
    n = len(items)
    out = []
    for mask in range(2 ** n):
        out.append([items[i] for i in range(n) if mask & (1 << i)])
    return out
print(subsets([1, 2, 3]))
def det(m):
    if len(m) == 1: return m[0][0]
    return sum((-1) ** j * m[0][j] * det([r[:j] + r[j+1:] for r in m[1:]]) for j in range(len(m)))
print(det([[1, 2], [3, 4]]))
print(p(2, 10), p(2, -2), p(2.0, 3), p(-8, 2), p(True, 2))
print(pow(2, -2), pow(2, 5), pow(2, 5, 7), list(map(pow, [2, 3], [3, 2])))
k = 3
k **= 2
print(k, reduce(operator.pow, [2, 3, 2]))
ops = {"+": lambda a, b: a + b, "**": lambda a, b: a ** b}
print(ops["**"](2, 3), ops["+"](2, 3), ops["**"](2, -1))
def isarm(n):
    s = str(n)
    return sum(int(d) ** len(s) for d in s) == n
print([n for n in range(1000) if isarm(n)])
x = 2 ** k
print(x // 2, x % 7, [0] * x if x < 10 else "big", hex(x), x << 1, f"{x:d}", "a"[x - 512])
def h(n):
    size = 2 ** n
    grid = [0] * size
    grid[size - 1] = size & 5
    for i in range(size): grid[i] += i
    return grid, size >> 1, size ^ 3, ~size, bin(size), chr(size), size.bit_length()
print(h(3))
def powmod(b, e, m):
    return b ** e % m
print(powmod(3, 4, 5))
def inv(p):
    return 1 / (10 ** p), round(1.2345, p), int(10 ** p)
print(inv(2))
try:
    print(p(0, -1))
except ZeroDivisionError as e:
    print(e)

# %% arguments_of_the_library
def show(f):
    try:
        print(f())
    except (TypeError, IndexError, KeyError) as e:
        print(type(e).__name__, "|", e)
show(lambda: [1][None]); show(lambda: [1]["a"]); show(lambda: "a"[1.5]); show(lambda: "".join([1])); show(lambda: ",".join([1, 2, 3])); show(lambda: ",".join((None, "a")));show(lambda: range("a")); show(lambda: range(1.5)); show(lambda: chr("a")); show(lambda: ord(5)); show(lambda: "a".startswith(1)); show(lambda: " a".strip(3)); show(lambda: [1].insert("a", 2)); show(lambda: "ab".center("x"))
show(lambda: "{} {}".format(1)); show(lambda: "{a}".format(b=1)); show(lambda: b"a" + "a"); show(lambda: (1, 2)["x"])
import math
show(lambda: math.sqrt("x")); show(lambda: math.floor("x")); show(lambda: [1, 2].pop("a")); show(lambda: "a" * 1.5); show(lambda: [1] * "a"); show(lambda: "a".join(5))
try:
    for i in range("5"): print(i)
except TypeError as e:
    print(e)
try:
    for i in range(2.0): print(i)
except TypeError as e:
    print(e)
def unpack2(x):
    a, b = x
    return a, b
for v in ([1, 2], 5, None, "ab", "abc", [1]):
    try:
        print(unpack2(v))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)

# %% no_numbers_in_templates
def show(f):
    try:
        print(f())
    except TypeError as e:
        print(e)
show(lambda: "%d" % "x"); show(lambda: "%5.2f" % "x"); show(lambda: "%x" % "a"); show(lambda: "%d %s" % (None, 1)); show(lambda: "%(a)d" % {"a": "b"}); show(lambda: "%d" % 3.7); show(lambda: "%s %r" % ("a", None)); show(lambda: "%c" % "x"); show(lambda: "%5d|%-5s|" % (3, "x")); show(lambda: "%e" % []); show(lambda: "%d" % True)

# %% unpacked_by_count
def show(f, *args):
    try:
        print(f(*args))
    except (ValueError, TypeError, IndexError, KeyError, OverflowError, LookupError) as e:
        print(type(e).__name__, "|", e, "|", e.args)
def unpack2(x):
    a, b = x
    return a, b
def unpack_star(x):
    a, b, *c = x
    return a, b, c
show(unpack2, [1]); show(unpack2, [1, 2, 3]); show(unpack2, "abc"); show(unpack2, (1,)); show(unpack_star, [1]); show(unpack_star, [1, 2, 3])
show(unpack2, {}); show(unpack2, 5); show(unpack2, None)

# %% thrown_by_class
def g():
    try:
        yield 1
    finally:
        print("f")
x = g()
next(x)
try:
    x.throw(ValueError)
except ValueError as e:
    print(repr(e), repr(e.with_traceback(None)))
class My(Exception):
    def __init__(self, a=3):
        super().__init__(f"my {a}")
x = g()
next(x)
try:
    x.throw(My)
except My as e:
    print(repr(e), e.args)
kinds = [My, KeyError]
for k in kinds:
    x = g()
    next(x)
    try:
        x.throw(k)
    except (My, KeyError) as e:
        print(repr(e))

# %% arguments_of_exceptions
for make in (lambda: FileNotFoundError(2, "No such file"), lambda: PermissionError(13, "Denied"), lambda: FileNotFoundError("plain"), lambda: ConnectionError(), lambda: TimeoutError(110, "late")):
    try:
        raise make()
    except OSError as e:
        print(e, "|", e.errno, e.strerror, e.filename, repr(e), e.args)
e = KeyError("a", "b")
print(e, e.args, repr(e))
class NoKey(KeyError):
    def __init__(self, a, b):
        super().__init__(a, b)
print(NoKey(1, "x"), repr(NoKey(1, None)))
try:
    assert 1 > 2, ("tuple", 1)
except AssertionError as e:
    print(repr(e), e.args)
try:
    assert [], f"empty {1 + 1}"
except AssertionError as e:
    print(repr(e))
try:
    assert None, 5
except AssertionError as e:
    print(repr(e), e)
try:
    exit(2)
except SystemExit as e:
    print(e.code)
try:
    quit()
except SystemExit as e:
    print(e.code)
import sys
try:
    sys.exit("x")
except SystemExit as e:
    print(e.code)
print(str(FileNotFoundError(2, "No such file", "f.txt")))

# %% records_and_json
from collections import namedtuple, defaultdict
import json
P = namedtuple("P", "x y")
try:
    P(1)
except TypeError as e:
    print(e)
try:
    P(1, 2, 3)
except TypeError as e:
    print(e)
p = P(1, 2)
try:
    p.x = 3
except AttributeError as e:
    print(type(e).__name__, e)
try:
    p.z
except AttributeError as e:
    print(e)
try:
    json.dumps({1, 2})
except TypeError as e:
    print(e)
try:
    json.dumps({"a": {1}})
except TypeError as e:
    print(e)
class K: pass
try:
    json.dumps(K())
except TypeError as e:
    print(e)
try:
    json.dumps({"a": [K()]})
except TypeError as e:
    print(e)
try:
    json.dumps({(1, 2): 3})
except TypeError as e:
    print(e)
dd = defaultdict(list)
try:
    del dd["x"]
except KeyError as e:
    print(e)
from typing import NamedTuple
class Q(NamedTuple):
    a: int
    b: str = "x"
try:
    Q()
except TypeError as e:
    print(e)
try:
    Q(1).a = 5
except AttributeError as e:
    print(e)

# %% lacks_an_attribute_at_times
from typing import Optional
class Node:
    def __init__(self, v: int, nxt: "Optional[Node]" = None) -> None:
        self.v = v
        self.nxt = nxt
def third(n: Optional[Node]) -> int:
    try:
        return n.nxt.nxt.v
    except AttributeError as e:
        print("attr", e)
        return -1
print(third(Node(1, Node(2, Node(3)))))
print(third(Node(1)))
print(third(None))
def up(x: int | str) -> str:
    try:
        return x.upper()
    except AttributeError:
        return str(x)
print(up("a"), up(3))

# %% errors_of_tasks
import asyncio
async def fail(n):
    await asyncio.sleep(0.01 * n)
    raise ValueError(f"f{n}")
async def ok(n):
    await asyncio.sleep(0.01)
    return n
async def main():
    try:
        await fail(1)
    except ValueError as e:
        print("caught", e)
    r = await asyncio.gather(ok(1), fail(1), ok(2), return_exceptions=True)
    print([x if isinstance(x, int) else repr(x) for x in r])
    try:
        await asyncio.wait_for(asyncio.sleep(5), 0.01)
    except asyncio.TimeoutError as e:
        print("timeout", type(e).__name__)
    t = asyncio.create_task(ok(3))
    try:
        t.result()
    except asyncio.InvalidStateError as e:
        print(type(e).__name__, e)
    print(await t, t.done(), t.result(), t.exception())
    t2 = asyncio.create_task(fail(1))
    try:
        await t2
    except ValueError as e:
        print(e, repr(t2.exception()))
    t3 = asyncio.create_task(asyncio.sleep(10))
    await asyncio.sleep(0)
    t3.cancel()
    try:
        await t3
    except asyncio.CancelledError as e:
        print("cancelled", t3.cancelled(), repr(e))
    try:
        async with asyncio.timeout(0.01):
            await asyncio.sleep(1)
    except TimeoutError:
        print("timed out")
asyncio.run(main())
# %% power_of_counters
def a(n):
    return [2 ** i for i in range(n)], sum((-1) ** j * x for j, x in enumerate([3, 4, 5]))
def b(n):
    out = []
    for i in range(1, n):
        out.append(10 ** i)
    for i in range(n, -3, -1):
        out.append(2 ** i)
    for i in range(-2, 2):
        out.append(3 ** i)
    for k, v in enumerate("ab", -1):
        out.append(2 ** k)
    for m in range(3):
        m -= 2
        out.append(2 ** m)
    return out
print(a(4), b(3))
# %% starts_with_a_list
def starts(text, what):
    try:
        return text.startswith(what), text.endswith(what)
    except TypeError as error:
        return str(error)
print(starts("abc", "a"), starts("abc", ("x", "a")), starts("abc", ()), starts("abc", ["a"]))
try:
    "abc".endswith(["c"])
except TypeError as error:
    print(error)
