# %% dealt_to_function_values_1
def add(a, b): return a + b
f = add
xs = [1, 2]
print(f(*xs))
def call(f, args): return f(*args)
print(call(add, [3, 4]), call(add, ["a", "b"]))
g = lambda a, b: a * b
print(call(g, [3, 4]))
try:
    print(call(add, [1]))
except TypeError as e:
    print(e)
try:
    print(call(add, [1, 2, 3]))
except TypeError as e:
    print(e)
class C:
    def m(self, x, y): return x - y
print(call(C().m, [5, 2]))
def timed(func, *args):
    return func(*args)
print(timed(add, 1, 2), timed(len, "abc"))
def repeat(func, n, args):
    return [func(*args) for _ in range(n)]
print(repeat(add, 2, [1, 2]))
# %% dealt_to_function_values_2
def add(a, b): return a + b
def sub(a, b): return a - b
ops = {"add": add, "sub": sub}
for line in ["add 1 2", "sub 5 3"]:
    name, *args = line.split()
    print(ops[name](*[int(x) for x in args]))
    print(ops[name](*map(int, args)))
cases = [(add, [1, 2]), (sub, [3, 4])]
for f, a in cases:
    print(f(*a))
# %% dealt_to_function_values_3
class Calc:
    def __init__(self):
        self.table = {"push": self.push, "pop": self.pop, "add": self.add}
        self.stack = []
    def push(self, x): self.stack.append(x)
    def pop(self): return self.stack.pop()
    def add(self):
        self.stack.append(self.pop() + self.pop())
    def run(self, lines):
        for line in lines:
            name, *args = line.split()
            self.table[name](*[int(a) for a in args])
c = Calc()
c.run(["push 3", "push 4", "add"])
print(c.stack)
# %% dealt_to_function_values_4
def add(a, b): return a + b
def neg(a): return -a
ops = {"+": (add, 2), "neg": (neg, 1)}
def run(op, args):
    f, n = ops[op]
    return f(*args)
print(run("+", [1, 2]), run("neg", [3]))
try:
    run("neg", [1, 2])
except TypeError as e:
    print(e)
stack = [1, 2, 3]
for op in ["+", "neg"]:
    f, n = ops[op]
    args = [stack.pop() for _ in range(n)]
    stack.append(f(*args))
print(stack)
# %% dealt_to_operators_of_a_class
class RPN:
    OPS = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "neg": lambda a: -a}
    ARITY = {"+": 2, "-": 2, "neg": 1}
    def run(self, text):
        stack = []
        for tok in text.split():
            if tok in self.OPS:
                n = self.ARITY[tok]
                args = stack[-n:]
                del stack[-n:]
                stack.append(self.OPS[tok](*args))
            else:
                stack.append(int(tok))
        return stack.pop()
print(RPN().run("1 2 + 5 - neg"))


# %% dicts of arguments that get more
import json


def more(**words):
    words.setdefault("q", "w")
    words["n"] = 1.5
    words["read"] = json.loads("[1]")
    return words


print(more(a="x"), more())
print(more(b=1, c=[1])["read"])


class Options:
    def __init__(self, **options):
        self.options = options

    def set(self, name, value):
        self.options[name] = value


options = Options(x=1)
options.set("y", "z")
options.set("w", None)
print(options.options)
# %% star_library
def f(text, *args):
    return text.replace(*args)
print(f("banana", "a", "o"), f("banana", "a", "o", 1))
args = ["a", "b"]
print("banana".replace(*args), "a-b".split(*["-"]), "a b".split(*[]), [3, 1].index(*[1]))
pos = [1, "x"]
xs = [5]
xs.insert(*pos)
print(xs, {"a": 1}.get(*["b", 3]))
try:
    print("x".replace(*[]))
except TypeError:
    print("TE")
import math
args = [4, 2]
print(math.gcd(*args), pow(*args), divmod(*args), round(*[2.567, 1]), isinstance(*[1, int]) if False else "")
print(abs(*[-1]), len(*[[1, 2]]), sorted(*[[2, 1]]), math.sqrt(*[4.0]))
kw = {"reverse": True}
def call(f, *a, **k): return f(*a, **k)
print(call(sorted, [1, 3, 2], reverse=True), call(max, [1, 2]), call(len, "abc"), call(int, "12"), call(round, 2.5678, 2), call(print, "x", sep=""))
print(call(str.upper, "a"), call("a b".split), call("a-b".split, "-"), call("{}-{}".format, 1, 2) if False else "", call(str.replace, "aa", "a", "b"))
# %% bound_in_tables
xs = [1, 2]
cmds = {"add": xs.append, "pop": xs.pop, "show": lambda: print(xs), "clear": xs.clear}
cmds["add"](5); cmds["show"](); cmds["pop"](); cmds["show"](); cmds["clear"](); cmds["show"]()
# %% bound_in_several_ways
j = ", ".join
print(j(["a", "b"]), j(map(str, [1, 2])), j("abc"))
get = {"a": 1}.get
print(get("a"), get("z", 0), get("z"))
sp = "a b c".split
print(sp(), sp(" ", 1), sp("b"), sp(maxsplit=1))
xs = [3, 1, 2]
so = xs.sort
so(); print(xs); so(reverse=True); print(xs); so(key=lambda v: -v); print(xs)
pop = xs.pop
print(pop(), pop(0), xs)
up = {1}.union
print(up({2}), up([3], [4]), up())
print(list(map("{:>3}".format, [1, 2])), list(map({"a": 1}.get, "ab")), list(map({"a": 1}.get, "ab", [5, 6])))
rep = "banana".replace
print(rep("a", "o"), rep("a", "o", 1))
d = {}
sd = d.setdefault
sd("a", []).append(1); sd("a", []).append(2); print(d)
from collections import defaultdict, Counter, deque
c = Counter("hello"); mc = c.most_common
print(mc(1), len(mc()))
q = deque([1, 2]); pl = q.popleft; ap = q.append
ap(5); print(pl(), q)
print(sorted("bca", key="abc".index), max(["a", "bb"], key=len), list(filter("abc".__contains__, "xayb")))
print(list(filter(None, [1, None, 2])), list(filter((2).__lt__, [1, 2, 3])), list(map((10).__add__, [1, 2])))
def run(text):
    ops = {"up": text.upper, "sp": text.split, "cnt": text.count}
    print(ops["up"](), ops["sp"](), ops["cnt"]("a"))
run("a banana")
tests = {"alpha": str.isalpha, "num": str.isdigit, "sp": str.isspace}
for ch in "a1 ": print(ch, [n for n, f in tests.items() if f(ch)])
conv = {"int": int, "float": float, "str": str, "list": list, "bool": bool}
for k, v in [("int", "3"), ("float", "2.5"), ("str", 4), ("list", "ab"), ("bool", "")]:
    print(k, conv[k](v))
# %% handed_on
print(list(map(isinstance, [1, "a"], [int, int])), list(map(type, [1, "a"])) == [int, str], sorted([2, "b", 1.5], key=lambda v: str(type(v))), {t.__name__ for t in set(map(type, [1, 2]))})
from functools import reduce
class A:
    def __init__(self): self.b = self; self.n = 1
print(all(map(callable, [len, print])), [t.__name__ for t in map(type, (1, None, "x"))], list(map(hasattr, [A(), A()], ["n", "z"])))
from itertools import groupby
print([(t.__name__, list(g)) for t, g in groupby([1, 2, "a", 3], key=type)])
xs = []
list.append(xs, 3); list.extend(xs, [1, 2]); print(xs, dict.fromkeys("ab", 0), str.join("-", ["a", "b"]), int.__add__(1, 2), dict.get({"a": 1}, "a"), list.sort(xs), xs, set.union({1}, {2}), str.count("banana", "a"))
print(list(map(dict.items, [{"a": 1}])), [*map(dict.copy, [{"a": 1}])], list(map(set.union, [{1}], [{2}])))
import operator
print(set.union(*[{1}, {2}, {3}]), sorted(set.intersection(*map(set, ["abc", "bcd"]))), set().union(*[[1], [2]]))
from functools import reduce
print(reduce(set.union, [{1}, {2}]), reduce(operator.or_, [{1}, {2}]), reduce(int.__mul__, [1, 2, 3]), reduce(str.__add__, "abc"))
try:
    set.union(*[{1}][1:])
except TypeError:
    print('no set')
# %% from_modules_and_dir
import math
for f in ("sqrt", "floor"):
    print(f, getattr(math, f)(4.0))
import operator
ops = {"+": "add", "-": "sub"}
for s, n in ops.items():
    print(getattr(operator, n)(5, 3))
class T:
    size = 3
    def __init__(self): self.x = 1
    def test_a(self): return 1
    def test_b(self): return 2
t = T()
print([n for n in dir(t) if callable(getattr(t, n)) and not n.startswith("__")])
print([n for n in dir(t) if not callable(getattr(t, n)) and not n.startswith("_")])
for name in sorted(n for n in dir(T) if n.startswith("test_")): print(name, getattr(t, name)())
from typing import Any
def tr(s: Any, t: Any) -> Any: return s.translate(t)
print(tr("hi", {104: "H"}), tr("hi", str.maketrans("hi", "HI")), tr("hi", {105: None}), "abc".translate({97: 65, 98: None}), "abc".translate(str.maketrans("", "", "b")))
def tr2(s, t): return s.translate(t)
print(tr2("hi", {104: "H"}), tr2("hi", {ord("h"): "x", ord("i"): None}))
