# What random programs have found.
# %% nested_generator_annotated
from typing import Iterator


def run() -> None:
    def lists(n: int) -> Iterator[list[str]]:
        yield ["a"] * n

    print(list(lists(2)))


run()
# %% nested_star_parameters
def run() -> None:
    def show(*numbers: int, **words: str) -> None:
        print(numbers, words, len(numbers))

    show(1, 2, x="y")


run()
# %% module_level_captures_in_closures
if (first := [3]):
    print(sorted([1, 2], key=lambda x: first[0] - x))
match (1, 2):
    case (n, y) if n > 5:
        print(n)
    case (n, y):
        add = lambda q: n + q  # noqa: E731
        inside = 5
        print(add(3))


def read() -> int:
    return n + y + inside + len(first)


print(read())
# %% dict_fromkeys
print(dict.fromkeys(["a", "b"], "x"), dict.fromkeys([(1, "a")], 3), dict.fromkeys(range(2), 0.5))
# %% stop_iteration_leaves_a_generator
from typing import Iterator


def two(values: list[int]) -> Iterator[int]:
    it = iter(values)
    yield next(it)
    yield next(it)


try:
    print(list(two([1])))
except RuntimeError as error:
    print(repr(error), repr(error.__cause__))
# %% format_without_a_spec
class Meters:
    def __init__(self, value: int) -> None:
        self.value = value

    def __repr__(self) -> str:
        return f"<{self.value}>"

    def __format__(self, spec: str) -> str:
        return format(self.value, spec) + "m"


class Miles(Meters):
    pass


m = Meters(3)
print(f"{m}", f"{m} a", f"{m!s}", f"{m:>4}", f"{m!r:>5}", "{}".format(m), "{0} {x}".format(m, x=m), f"{m=}", "%s" % m)
print(f"{Miles(2)} {[m]}")
# %% counter_as_dict
from collections import Counter


def same(a: dict[str, int], b: dict[str, int]) -> bool:
    return a == b


counts, others = Counter("aab"), Counter("aab")
others["c"] = 0
print(counts == others, counts == {"a": 2, "b": 1}, others == {"a": 2, "b": 1}, same(counts, others), same(others, dict(counts)))
print(counts | others, {"z": 3} | dict(counts), dict(counts) == dict(others))
# %% name_of_a_caught_error
try:
    print([1][4])
except LookupError as error:
    print(type(error).__name__, error)
# %% search_over_eight_bytes
text = "ab\x00cd\x01ef\xffgh\x80ijklmnop" * 3 + "xyz"
for part in ("a", "\x00", "\x01", "\xff", "\x80", "p", "px", "z", "xyz", "zz", "ab\x00", "opab"):
    print([text.find(part, at) for at in range(0, len(text), 5)], text.count(part), len(text.replace(part, "--")), text.split(part)[-1] == "")
for size in (0, 1, 7, 8, 9, 15, 16, 17, 63, 64, 65, 200):
    word = "".join(chr(97 + at % 26) for at in range(size))
    print(word[:size // 2] + word[size // 2:] == word, ("<" + word + ">").split(), [len(part) for part in (word + " " + word).split()])
# %% chr_out_of_range
for point in (-1, 0x110000, 2**31 - 1):
    try:
        print(chr(point))
    except ValueError as error:
        print(repr(error))

# %% match_impossible_part
def first(a: str, b: bool) -> None:
    match (a, b):
        case (int(x), True):
            y = x
            print(y)
        case ("a" | "b" as z, _):
            print(z)
        case (z, False):
            print("other", z)
        case _:
            print("none")

first("a", True)
first("c", False)
first("c", True)
# %% inherited_post_init
from dataclasses import dataclass, field

@dataclass
class Base:
    size: int
    seen: list[int] = field(default_factory=list)
    def __post_init__(self) -> None:
        self.seen.append(self.size)

@dataclass
class Below(Base):
    name: str = "b"

@dataclass
class Last(Below):
    def __post_init__(self) -> None:
        super().__post_init__()
        self.seen.append(-1)

print(Base(1), Below(2, name="x"), Below(3, [7]), Last(4))
# %% text_pattern_of_union
from collections import Counter

def kind(x: int | str | None, y: int) -> str:
    match (x, y):
        case ("a" | "b" as text, _):
            return text.upper()
        case ("", 0) | (None, 0):
            return "nothing"
        case ("c" as text, 1 | 2):
            return text + "!"
        case (int(n), "x"):
            return "never"
        case (n, _):
            return repr(n)

def plain(x: int) -> str:
    match x:
        case "a":
            return "text"
        case 1:
            return "one"
    return "rest"

def one(x: int | str) -> str:
    match x:
        case "yes" as said:
            return said.title()
        case 3 | "no":
            return "three or no"
        case int():
            return str(x + 1)
        case _:
            return x[::-1]

for pair in [("a", 1), ("b", 2), ("", 0), (None, 0), ("c", 2), ("c", 3), (3, 4), (None, 1)]:
    print(kind(*pair))
print(plain(1), plain(2), one("yes"), one(3), one("no"), one(4), one("abc"))

def grown(a: dict[str, int], b: dict[str, int]) -> None:
    a |= b
    print(a)

grown(Counter("abb"), {"a": 5})
# %% list_is_empty_while_sorted
words = ["b", "a", "b", "c", "a", "b"]
words.sort(key=words.count)
print(words)
words.sort(key=lambda w: (len(words), w))
print(words)

def weigh(word: str) -> int:
    if word == "c":
        raise KeyError(word)
    return len(words)

try:
    words.sort(key=weigh)
except KeyError as error:
    print(repr(error), words)

def grow(word: str) -> str:
    words.append(word)
    return word

try:
    words.sort(key=grow)
except ValueError as error:
    print(error, words)
print(sorted(words, key=words.count, reverse=True))
# %% slice_bounds_at_the_ends
import sys

xs = [1, 2, 3]
big, small, back = sys.maxsize, -sys.maxsize - 1, -1
print(xs[:big:-1], xs[small::-1], xs[big::-1], xs[:small:-1], xs[small:big], xs[small:big:2], xs[:9223372036854775807:-1])
print("abc"[:big:back], "abc"[small::back], b"abc"[:big:-2], (1, 2, 3)[:9223372036854775807:-1])
del xs[:big:-1]
print(xs)
ends = tuple([*xs, 2, 3])
print([(ends[at::-2], ends[:at:-2], ends[at::-1]) for at in range(-5, 5)], ends[:big:-1], ends[small::back])
# %% written_ints_with_wide_parts
print((2**62 << (-2 % 70)) % 5 - 2, 2**200 % 1000, [b"\x00"].index(b"\x00", (2**62 << 68) % 5 - 4))
# %% seen_before_all_is_told
items = []
others = []


def show():
    print(items, len(items))


def get():
    return others


class Holder:
    def __init__(self):
        self.held = []
        self.same = self.get()
        self.held.append("a")

    def get(self):
        return self.held


show()
items.append(1)
show()
both = get()
others.append(2)
holder = Holder()
print(both, get(), holder.held, holder.same)

# %% code_of_system_exit
import sys

for given in (None, 3, "a message"):
    try:
        sys.exit(given)
    except SystemExit as left:
        print(left.code, left.code is None, left.code == 3, left.args, str(left))
try:
    raise SystemExit
except SystemExit as left:
    print(left.code, left.args)

# %% neighbours_that_have_no_byte
for text in ("a\u0391\u03a3b\u0391", "\u20ac", "x\xe9\xe8"):
    for encoding in ("ascii", "latin-1"):
        try:
            print(text.encode(encoding))
        except UnicodeEncodeError as error:
            print(error)

# %% arguments_left_out
import bisect, contextlib, heapq, itertools, math, random, re, statistics

print(bisect.bisect([1, 3], 3), bisect.bisect_left(["a", "bbb"], 2, key=len), heapq.nlargest(2, ["a", "ccc", "bb"], key=len))
print(list(heapq.merge([1, 4], [2])), list(heapq.merge(["bb"], ["a"], key=len)), list(itertools.starmap(pow, [(2, 3)])))
print(list(itertools.accumulate([1, 2, 3])), list(itertools.accumulate([1, 2], lambda text, n: text + str(n), initial="")))
print(list(itertools.zip_longest([1, 2], "a")), list(itertools.zip_longest([1], "ab", fillvalue=0)), {"a": 1}.get("b"))
print(dict.fromkeys("ab"), dict.fromkeys("ab", 0), sorted("bA", key=str.lower), max(["a", "bb"], key=len, default=""))
print(math.log(8, 2), math.log(1), math.perm(4), math.perm(4, 2), round(2.5), round(2.567, 2), "a b".split(), "a-b".split("-", 1))
print(statistics.variance([1, 2, 3]), statistics.variance([1.5, 2.5]), statistics.pvariance(range(5)))
print(re.sub("a", "b", "aa"), re.sub("a", lambda found: found.group() + "!", "aa"), sum([0.5], 1), sum([(1,), (2, 3)], ()))
found = re.match("(a)(b)?", "a")
if found is not None:
    print(found.groups(), found.groups("-"), random.Random(1).choices([1, 2], weights=[0, 1], k=2))
with contextlib.nullcontext() as nothing, contextlib.nullcontext(3) as three:
    print(nothing, three + 1)

# %% methods_with_defaults_as_values
class Scale:
    def rank(self, value: int, factor: int = 2) -> int:
        return -value * factor

    def handlers(self):
        return {"rank": self.rank}


scale = Scale()
order = [3, 1, 2]
print(sorted([1, 2, 3], key=order.index), max("abc", key="cab".index), sorted([1, 2], key=scale.rank))
print(list(map(scale.rank, [1, 2])), list(filter("abc".startswith, ["a", "z"])), scale.handlers()["rank"](5))
rank = scale.rank
print(rank(3))
# %% types_that_are_bound_again
Kind = int
print(Kind)
Kind, other = 3, 4
print(Kind, other)

Alias = int
text = """
Alias = 5
"""


def more(x: Alias) -> Alias:
    return x + len(text)


print(more(2))
# %% iterators_are_their_own
def part_a_iter():
    it = iter([1, 2])
    it2 = iter(it)
    print(it is it2)
    g = (x for x in [1])
    print(iter(g) is g)
    e = enumerate([1])
    print(iter(e) is e)
    m = map(str, [1])
    print(iter(m) is m)


part_a_iter()

def part_a_sink():
    a = list(range(5))
    b = iter(a)
    print(list(b), list(b))
    a.extend(range(5, 10))
    print(list(b))


part_a_sink()

def part_a_sink2():
    a = [1]
    b = iter(a)
    for x in b: print(x)
    a.append(2)
    for x in b: print(x)
    print(next(b, "none"))


part_a_sink2()

def part_b_useriter():
    class A:
        def __iter__(self):
            print("iter called")
            return iter([1, 2])
    it = iter(A())
    print("made")
    print(next(it), list(it))
    class B:
        def __init__(self): self.n = 0
        def __iter__(self): return self
        def __next__(self):
            self.n += 1
            if self.n > 3: raise StopIteration
            return self.n
    b = B()
    print(iter(b) is b)
    i = iter(b); next(i); print(b.n)
    for q in i: print(q)


part_b_useriter()

def part_b_revu():
    for s in ([1, 2], "ab", (3, 4), range(2), {1: 2}):
        print(list(reversed(s)))


part_b_revu()

def part_b_iters():
    for s in ([1, 2], "ab", (3, 4), range(2), {1: 2}, {5}, b"ab", bytearray(b"c"), frozenset([1])):
        it = iter(s)
        print(next(it), list(it))
        print(iter(it) is it)
    d = {1: 2}
    print(next(iter(d.items())), next(iter(d.values())), next(iter(d.keys())), next(iter(d)))
    def g():
        x = yield 1
        print("got", x)
        yield 2
    it = iter(g())
    print(next(it), it.send(5))


part_b_iters()

def part_d_yf():
    def g():
        try:
            yield from range(3)
        finally:
            print("fin")
    x = g()
    print(next(x), next(x))
    try:
        x.send(5)
    except AttributeError as e:
        print(e)
    def h():
        yield from [1, 2]
        yield from "ab"
        yield from (3, 4)
        yield from {5: 6}
    print(list(h()))


part_d_yf()
its = iter(iter("abc"))
print(next(its))
# %% contexts_of_exceptions
def part_d_c1():
    def f():
        class A(Exception): pass
        class B(Exception): pass
        class C(Exception): pass
        try:
            try:
                raise A
            except A as a_:
                a = a_
                try:
                    raise B
                except B as b_:
                    b = b_
                    try:
                        raise C
                    except C as c_:
                        c = c_
                        print(a.__context__ is None, b.__context__ is a, c.__context__ is b)
                        raise a
        except A as e:
            exc = e
        print(exc is a, a.__context__ is c, c.__context__ is b, b.__context__ is None)
    f()


part_d_c1()

def part_d_c3():
    try:
        try:
            {}["x"]
        except KeyError as a:
            try:
                1 / 0
            except ZeroDivisionError:
                raise a
    except KeyError as e:
        print(repr(e.__context__), e.__context__.__context__ is None)


part_d_c3()

def part_d_c4():
    for i in range(3):
        try:
            raise ValueError(i)
        except ValueError as e:
            try:
                raise e
            except ValueError as f:
                print(f is e, f.__context__)
            try:
                raise KeyError from e
            except KeyError as g:
                print(repr(g.__cause__), repr(g.__context__), g.__suppress_context__)


part_d_c4()

def part_a_raisefrom():
    try:
        raise IndexError from 5
    except TypeError as e:
        print(e)


part_a_raisefrom()
context = Exception('context')
try:
    raise context
except Exception:
    try:
        raise Exception('caught')
    except Exception:
        pass
    try:
        raise Exception('new')
    except Exception as exc:
        raised = exc
print(raised.__context__ is context)
# %% misuse_that_raises
print(callable(callable), callable(print), callable(len), callable(int), callable(str.upper))
from collections import deque
d = deque([1,2])
d.__init__([3])
print(d)
class P:
    def __eq__(self, o): return True
class Q(P):
    def __hash__(self): return 5
try:
    print({P()})
except TypeError as e:
    print(e)
class R:
    __hash__ = None
try:
    print({R()})
except TypeError as e:
    print(e)
class A(object):
    x = 1
class C(A, object):
    y = 2
print(C().x)
import statistics
print(statistics.mean([8.98846567431158e+307, 8.98846567431158e+307]))
print(statistics.mean([1e308, 1e308, -1e308]), statistics.fmean([1.0, 2.0]))
inf = float("inf")
print(statistics.mean([inf, 1.0]), statistics.mean([inf, -inf]))
import functools
try:
    @functools.total_ordering
    class Plain:
        pass
except ValueError as error:
    print(error)
# %% looked_up_by_another_type
def part_g_g1():
    for k in (1, "a", None, 2.0): print(k in [1, 2])


part_g_g1()

def part_f_f2():
    d = {1: "a", 2: "b"}
    print(2.0 in d)


part_f_f2()

def part_f_f3():
    d = {1: "a", 2: "b"}
    print(d[2.0])


part_f_f3()

def part_f_f6():
    s = 4 / 2
    m = {i: i * i for i in range(5)}
    for k in [1, s, 2.5]:
        if k in m: print(k, m[k])


part_f_f6()

def part_f_f7():
    def f(a, b): return [x for x in a if x in b]
    print(f([1, 2.0, 3.5], {1: 2, 2: 3}), f([1, 2.0, 3.5], [1, 2]), f([1, 2.0, 3.5], {1, 2}), f([1, 2.0], (1, 2)), f([1, 2.0], range(3)))


part_f_f7()

def part_f_f9():
    print(2.0 in range(3), 2.5 in range(3))


part_f_f9()

def part_g_g8():
    for k in (1, 2.0): print(k in range(4))


part_g_g8()

def part_h_h3():
    k = 1
    if len("abc") > 2: k = "a"
    print(k in [1, 2], k in {1: 2})


part_h_h3()

def part_h_h6():
    d = {1: "a"}
    for k in (1, "a"):
        try: print(d[k])
        except KeyError as e: print("no", e)


part_h_h6()

def part_f_g3():
    d = {1: "a"}
    for k in (1, 1.0, 2.5):
        print(d.get(k), d.pop(k, None)); d[1] = "b"


part_f_g3()
# %% default_that_is_a_generic_function
from bisect import bisect
def solve(n, solutions, bisect=bisect):
    s = "".join(map(str, [n]))
    solutions.insert(bisect(solutions, s), s)
    if n > 0:
        solve(n - 1, solutions)
s = []
solve(3, s)
print(s)
# %% looked_for_by_another_type
def part_k_k1():
    xs = [1, 2, 3]
    for k in (1, "a", None, 2.0):
        try: print(xs.index(k))
        except ValueError as e: print("ve", e)
        print(xs.count(k))


part_k_k1()

def part_k_k4():
    xs = [1, 2, 3]
    for k in (1, "a"):
        try:
            xs.remove(k)
        except ValueError as e: print("ve", e)
    print(xs)


part_k_k4()

def part_k_k5():
    d = {"a": 1}
    for k in ("a", 1, None):
        try:
            del d[k]
        except KeyError as e: print("ke", e)
    print(d)


part_k_k5()

def part_k_k8():
    from collections import deque, Counter, defaultdict
    dq = deque([1, 2]); c = Counter([1, 2]); dd = defaultdict(int, {1: 2})
    for k in (1, "a", None):
        print(k in dq, k in c, k in dd, c[k], dq.count(k), dd.get(k))


part_k_k8()

def part_k_k9():
    t = (1, "a", None)
    for k in (1, "b", 2.5): print(k in t, t.count(k), k in list(t), k in set(t))


part_k_k9()

def part_k_l6():
    for x in [1, "2", None]:
        try: print("abc".find(x))
        except TypeError as e: print(type(e).__name__)
        try: print(x in "a2c")
        except TypeError as e: print(type(e).__name__)
        try: print("-".join(["a", x]))
        except TypeError as e: print(e)


part_k_l6()

def part_m_m3():
    t = (1, "a", None)
    print(t.count(2.5), t.count(1.0), 2.5 in t)


part_m_m3()
# %% classes_below_tuple_and_set
class mytuple(tuple):
    pass
t = mytuple((1, 2, 3))
print(t)
print(t == (1, 2, 3))
print((1, 2, 3) == t)
print(t < (1, 2, 3), t < (1, 2, 4))
print((1, 2, 3) <= t, (1, 2, 4) < t)
class S(set):
    pass
s = S([1])
print(s == {1}, {1} == s, s | {2})
# %% free_variable_without_value
def f(flag):
    def g():
        return value + 1
    try:
        print(g())
    except NameError as e:
        print(repr(e))
    if flag:
        value = 3
    try:
        print(g())
    except NameError as e:
        print(repr(e))
f(False)
f(True)
# %% unpacked_before_it_is_assigned
xs = [1, 2]
xs[1], xs[0] = xs
print(xs)
xs = [1, 2, 3]
xs[2], *xs[0:1], xs[1] = xs
print(xs)
class A: pass
a = A()
a.x, a.y = [3, 4]
a.x, a.y = a.y, a.x
print(a.x, a.y)
d = {}
d["a"], (d["b"], c) = [1, (2, 3)]
print(d, c)
grid = [[1, 2], [3, 4]]
grid[0][0], grid[1][1] = grid[1]
print(grid)
n = [0, 1, 2]
i = 0
i, n[i] = [1, 9]
print(i, n)
n, m = n[:2], n
print(n, m)
# %% unpacked_any
def make(d):
    if d > 0: return (make(d - 1), make(d - 1))
    return (None, None)
def check(n):
    (l, r) = n
    return 1 if l is None else 1 + check(l) + check(r)
print(check(make(4)))
def f(v):
    a, *b = v
    return a, b
print(f("abc"), f([1, 2]), f({1: 2, 3: 4}), f(range(3)))
import json
v = json.loads("[1, [2, 3]]")
p, (q, r) = v
print(p, q, r)
v[0], v[1] = v
print(v)
try:
    x, y, z = v
except ValueError as e: print(e)
m, n = json.loads('{"a": 1, "b": 2}')
print(m, n)
# %% starred_that_are_no_iterables
try: print((*5,))
except TypeError as e: print(e)
try: print({*5})
except TypeError as e: print(e)
try: print([1, *5, 2])
except TypeError as e: print(e)
print([*"ab", *[1, 2], *range(2), *{3: 4}], (*"ab", 1), {*[1, 1]})
def f(*xs): return [*xs, *xs]
print(f(1, 2), f())
def g(x): return [*x] if x else []
print(g([1]), g(None))
print([*()], [*[]], (*[],), [*zip("ab", [1, 2])])
e = []
print([*e, 1])
