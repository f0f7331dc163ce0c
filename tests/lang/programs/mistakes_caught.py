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
