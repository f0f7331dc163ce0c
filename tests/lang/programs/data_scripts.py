# %% trees_as_dicts
tree = {"value": 1, "children": [{"value": 2, "children": []}, {"value": 3, "children": [{"value": 4, "children": []}]}]}
def total(node):
    return node["value"] + sum(total(c) for c in node["children"])
def depth(node):
    if not node["children"]:
        return 1
    return 1 + max(depth(c) for c in node["children"])
def show(node, indent=0):
    print("  " * indent + str(node["value"]))
    for c in node["children"]:
        show(c, indent + 1)
print(total(tree), depth(tree))
show(tree)
fs = {"name": "/", "dirs": {"home": {"name": "home", "dirs": {}, "size": 5}}, "size": 1}
def size(d):
    return d["size"] + sum(size(x) for x in d["dirs"].values())
print(size(fs))

# %% recursion_through_a_generator
class N:
    def __init__(self, v, kids=None):
        self.v = v
        self.kids = kids or []
    def total(self):
        return self.v + sum(c.total() for c in self.kids)
    def depth(self):
        return 1 + max((c.depth() for c in self.kids), default=0)
    def names(self):
        return [self.v] + [x for c in self.kids for x in c.names()]
t = N(1, [N(2), N(3)])
print(t.total(), t.depth(), t.names())
def ev(t):
    if isinstance(t, list):
        return total_of(t)
    return t * 2
def total_of(xs):
    return sum(ev(x) for x in xs)
print(total_of([1, [2, [3.5]], 4]))

# %% recursion_into_itself
def f(n):
    x = [f(k) for k in range(n)]
    return {"n": n, "kids": x}
print(f(3))
def paths(t):
    return [[k] + p for k, v in t.items() for p in paths(v)] or [[]]
print(paths({"a": {"b": {}, "c": {"d": {}}}, "e": {}}))
def perms(xs):
    return [[x] + p for i, x in enumerate(xs) for p in perms(xs[:i] + xs[i + 1:])] or [[]]
print(perms([1, 2, 3]))
def hanoi(n, a, b, c):
    return hanoi(n - 1, a, c, b) + [(a, c)] + hanoi(n - 1, b, a, c) if n else []
print(len(hanoi(4, "a", "b", "c")), hanoi(2, "a", "b", "c"))

# %% recursive_results
def f(n):
    x = [f(k) for k in range(n)]
    return (n, x)
print(f(3))
def to_html(n):
    tag, kids = n
    return f"<{tag}>" + "".join(to_html(k) if isinstance(k, tuple) else k for k in kids) + f"</{tag}>"
print(to_html(("p", ["a", ("b", ["c"]), "d"])))
def size(d):
    return sum(size(v) if isinstance(v, dict) else v for v in d.values())
print(size({"a": 1, "b": {"c": 2, "d": {"e": 3, "f": {}}}}))
def a(n):
    return 1 + sum(b(k) for k in range(n))
def b(n):
    return 1 + sum(a(k) for k in range(n))
print(a(4))

# %% updates_of_records
students = {
    "alice": {"grades": [90, 85, 77], "year": 2},
    "bob": {"grades": [60, 70], "year": 1},
}
students["carol"] = {"grades": [], "year": 3}
students["bob"].update(year=2, nick="bobby")
print(students["bob"])
d = {"a": {"q": 1, "b": 3, "c": []}}
d["a"].update({"year": 2}, z=5)
print(d)

# %% default_tree
from collections import defaultdict
def tree():
    return defaultdict(tree)
t = tree()
t["a"]["b"]["c"] = 1
t["a"]["d"] = 2
def show(t, d=0):
    for k, v in t.items():
        if isinstance(v, dict):
            print(" " * d + k)
            show(v, d + 1)
        else:
            print(" " * d + k, v)
show(t)

# %% any_goes_into_containers
import json
x = json.loads('{"q": "s", "n": 3}')
d = {"a": 1}
d["b"] = x["q"]
print(d)
xs = [1]
xs.append(x["q"])
print(xs)
class A:
    def __init__(self):
        self.v = 1
        self.xs = []
a = A()
a.v = x["q"]
a.xs.append(x["n"])
a.xs.append("z")
print(a.v, a.xs)
def f(p, acc={}):
    acc["k"] = p
    return acc
print(f(1), f(x["q"]))
s = {1}
s.add(x["q"])
print(len(s))
xs = [1, 2]
xs[0] = x["q"]
xs += [x["n"]]
xs.extend([x["q"]])
xs.insert(0, x)
print(xs)

# %% any_goes_into_collections
from collections import deque, defaultdict, Counter
import json
x = json.loads('{"q": "s", "n": 3, "l": ["a", 1]}')
q = deque([1])
q.append(x["q"])
print(q)
c = Counter([1])
c[x["q"]] += 1
print(c)
d = defaultdict(list)
d[1].append(2)
d[x["q"]].append(x["n"])
d[x["q"]].append(x["q"])
print(dict(d))
e = {}
for v in x["l"]:
    e[v] = e.get(v, 0) + 1
e["zz"] = 5
e[3] = "y"
print(e)
m = [[0] * 2 for _ in range(2)]
m[0][1] = x["q"]
print(m, sorted([x["n"], 2]), max(x["n"], 7), min([x["n"], 1]))

# %% joined_unions
def path(g, s):
    prev = {s: None}
    for a in g:
        prev[a] = s
    out = []
    node = "b"
    while node is not None:
        out.append(node)
        node = prev[node]
    return out[::-1]
print("->".join(path(["b"], "a")))
try:
    print(",".join(["a", None, 3]))
except TypeError as e:
    print(e)
print(",".join(x for x in ["a", 1] if isinstance(x, str)))
import json
print(",".join(json.loads('["a", "b"]')))
try:
    print(",".join(json.loads('["a", 1.5]')))
except TypeError as e:
    print(e)
d = {"a": 1, "tags": ["x", "y"]}
print(",".join(d["tags"]), "-".join(sorted(d["tags"])))

# %% tokens_as_tuples
import re
TOKEN = re.compile(r"\s*(?:(\d+\.?\d*)|(.))")
def tokenize(text):
    out = []
    for num, op in TOKEN.findall(text):
        if num:
            out.append(("NUM", float(num) if "." in num else int(num)))
        elif op.strip():
            out.append(("OP", op))
    out.append(("END", None))
    return out
class Parser:
    def __init__(self, tokens):
        self.tokens = tokens
        self.pos = 0
    def peek(self):
        return self.tokens[self.pos]
    def next(self):
        t = self.tokens[self.pos]
        self.pos += 1
        return t
    def expr(self):
        v = self.term()
        while self.peek()[1] in ("+", "-"):
            _, o = self.next()
            r = self.term()
            v = (o, v, r)
        return v
    def term(self):
        v = self.factor()
        while self.peek()[1] in ("*", "/"):
            _, o = self.next()
            v = (o, v, self.factor())
        return v
    def factor(self):
        kind, val = self.next()
        if kind == "NUM":
            return ("num", val)
        if val == "(":
            v = self.expr()
            self.next()
            return v
        if val == "-":
            return ("neg", self.factor())
        raise SyntaxError(f"bad {val!r}")
def ev(t):
    k = t[0]
    if k == "num":
        return t[1]
    if k == "neg":
        return -ev(t[1])
    a, b = ev(t[1]), ev(t[2])
    return {"+": lambda: a + b, "-": lambda: a - b, "*": lambda: a * b, "/": lambda: a / b}[k]()
for s in ["1 + 2 * 3", "(1+2)*3 - -4", "7/2", "2*(3.5+1)"]:
    tree = Parser(tokenize(s)).expr()
    print(tree, ev(tree))

# %% keywords_on_any
import json
x = json.loads('{"a": [3, 1, 2], "b": "q,r", "d": {"x": 1}}')
x["a"].sort(reverse=True)
print(x["a"])
print(x["b"].split(sep=","), x["b"].split(",", maxsplit=1))
x["d"].update(z=1, y=[1])
print(x)
print(x)
print("{a}".format(a=1), x["b"].join(["1", "2"]))
t = "{q}"
print(sorted(x["a"], key=lambda v: -v), x["a"].index(2), x["a"].pop(), x["a"].count(3), x["a"].pop(0))
class A:
    def f(self, a, b=2, *c, k=3):
        return (a, b, c, k)
x["o"] = A()
print(x["o"].f(1, k=5), x["o"].f(b=1, a=2))

# %% recursive_lambda
fact = lambda n: 1 if n < 2 else n * fact(n - 1)
print(fact(5))

# %% recursive_lambda_twice
fib = lambda n: n if n < 2 else fib(n - 1) + fib(n - 2)
print([fib(i) for i in range(5)])

# %% back_references
import re
print(re.search(r"(\w)\1", "hello").group())
print(re.findall(r"\b(\w+) \1\b", "this is is the the end of of it"))
print(re.sub(r"(.)\1+", lambda m: m.group(1) + str(len(m.group())), "aaabccdddd"))
print(re.sub(r"(.)\1*", lambda m: f"{len(m.group())}{m.group(1)}", "aaabccdddd"))
print(re.match(r"(?P<q>['\"])(.*?)(?P=q)", "'it\"s' x").group(2))
print(re.findall(r"<(\w+)>(.*?)</\1>", "<a>x</a><b>y</c></b>"))
print(re.sub(r"(?i)(\w+) \1", r"<\1>", "The the dog Dog x"))
print([m.group() for m in re.finditer(r"(\d)(\d)\2\1", "1221 3443 1234 555555")])
print(re.fullmatch(r"(a*)b\1", "aabaa") is not None, re.fullmatch(r"(a*)b\1", "aaba"))
print(re.search(r"(\w)(?!\1)\w", "aab").group(), re.search(r"(a|b)*\1", "abb").span())
print(re.match(r"^(?:(a)|b)*\1$", "aba"), re.match(r"\x41\101", "AA"))
for bad in [r"\1", r"(\1)", r"(?P=x)", r"(a)\2"]:
    try:
        re.compile(bad)
        print("ok", bad)
    except re.error as e:
        print(e)
print(re.split(r"(['\"]).*?\1", "a'b'c\"d\"e"))
print(bool(re.match(r"^(.+)\1+$", "1" * 12)), bool(re.match(r"^1?$|^(11+?)\1+$", "1" * 13)), bool(re.match(r"^1?$|^(11+?)\1+$", "1" * 15)))

# %% numbers_and_bytes
print(__doc__)
print(b"abcd".hex(":"), b"abcde".hex("-", 2), b"abcde".hex("-", -2), b"".hex(":"), b"abc".hex(sep=" "), b"\x01".hex())
print(pow(2.5, 2), pow(2, 10), pow(2, 0.5), pow(True, 2))
print("{name} {x}".format_map({"name": 1, "x": 2}))

# %% operators_in_a_table
import operator
from typing import Callable
OPS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": pow}
def calc(a: float, op: str, b: float) -> float:
    return OPS[op](a, b)
print(calc(2, "+", 3), calc(2, "/", 4), calc(2.0, "**", 3))

# %% numbers_of_json
import math, json
x = json.loads('{"i": 16, "f": 2.25, "b": true}')
print(math.sqrt(x["i"]), math.sqrt(x["f"]), math.floor(x["f"]), math.pow(x["i"], 0.5), math.hypot(x["i"], x["b"]))
print(round(x["f"], 1), abs(x["f"]), pow(x["i"], 2), divmod(x["i"], 3), float(x["i"]), int(x["f"]), math.gcd(x["i"], 12))
print(math.isclose(x["i"], 16.0), math.ceil(x["i"]), math.factorial(x["i"]))

# %% fractions
from fractions import Fraction
a = Fraction(1, 3)
b = Fraction(3, 6)
print(a + b, a - b, a * b, a / b, a // b, a % b, b ** 2, b ** -2, -a, abs(-a))
print(a + 1, 1 + a, 2 - a, 3 * a, 1 / a, 7 // b, 7 % a, a == b, b == 0.5, a < b, a <= b, a > 0, b >= 0.5, a < 0.4, 1 > a)
print(repr(a), str(b), float(a), int(Fraction(7, 2)), int(Fraction(-7, 2)), bool(Fraction(0)), hash(Fraction(4, 2)) == hash(2))
print(sum([a, b, Fraction(1, 6)]), sum(Fraction(1, k) for k in range(1, 8)))
print(Fraction(0.75), Fraction("3/6") ** 2, Fraction("-1.25"), Fraction("1e-3"), Fraction(" 5 "), Fraction(3), Fraction(a), Fraction(a, b), Fraction(1, b))
print(Fraction(3.141592653589793).limit_denominator(1000), Fraction(0.1).limit_denominator(), Fraction(2, -4))
print(sorted([b, a, Fraction(1, 10)]), max(a, b), [Fraction(x) for x in (1, 2)], {a: 1}[Fraction(2, 6)])
for bad in ["x", "1/0", "1/-2", "--1", ""]:
    try:
        print(Fraction(bad))
    except (ValueError, ZeroDivisionError) as e:
        print(type(e).__name__, e)
try:
    a / 0
except ZeroDivisionError as e:
    print(e)
try:
    Fraction(1, 0)
except ZeroDivisionError as e:
    print(e)
import math
print(math.floor(Fraction(7, 2)), math.ceil(Fraction(7, 2)), a.numerator, a.denominator, f"{a} {b}", a.as_integer_ratio())
m = [[Fraction(x) for x in row] + [Fraction(int(i == 0))] for i, row in enumerate([[1, 2], [3, 4]])]
print(m, [str(x) for x in m[0]], Fraction(1, 2) in [0.5], Fraction(8, 4).is_integer())
x = Fraction(1)
x += Fraction(1, 2)
x *= 2
print(x, x == 3, 3 == x, x != 3)

# %% fractions_solve
from fractions import Fraction
class V:
    def __init__(self, rows): self.rows = rows
    def solve(self, b):
        n = len(self.rows)
        aug = [[Fraction(x) for x in row] + [Fraction(y)] for row, y in zip(self.rows, b)]
        for i in range(n):
            p = next(r for r in range(i, n) if aug[r][i] != 0)
            aug[i], aug[p] = aug[p], aug[i]
            aug[i] = [x / aug[i][i] for x in aug[i]]
            for r in range(n):
                if r != i:
                    f = aug[r][i]
                    aug[r] = [x - f * y for x, y in zip(aug[r], aug[i])]
        return [row[-1] for row in aug]
A = V([[2, 1, -1], [-3, -1, 2], [-2, 1, 2]])
print([str(x) for x in A.solve([8, -11, -3])], A.solve([1, 0, Fraction(1, 3)]))

# %% slices_in_tuples
class M:
    def __init__(self, rows): self.rows = rows
    def __getitem__(self, key):
        if isinstance(key, tuple):
            i, j = key
            if isinstance(i, slice):
                return [row[j] for row in self.rows[i]]
            return self.rows[i][j]
        return self.rows[key]
m = M([[1, 2], [3, 4], [5, 6]])
print(m[:, 0], m[0, 1], m[1], m[1:, 1], m[0:2])

# %% slices_of_unions
def ops(n):
    return ("a", 1, 2) if n else ("b", 2)
x = ops(1)
print(x[1:], x[0], x[:1], ops(0)[1:], x[-1:])
kind, *rest = x
print(kind, rest)
for t in [("a", 1), ("b", 2, 3), ("c",)]:
    print(t[0], t[1:], len(t), t[-1])

# %% chain_map
from collections import ChainMap
d = ChainMap({"a": 1}, {"a": 2, "b": 3})
print(d["a"], d["b"], dict(d), len(d), "b" in d, "z" in d, d.get("z"), d.get("z", 0), list(d), sorted(d.items()))
print(d)
child = d.new_child({"c": 5})
child["a"] = 9
print(child["a"], d["a"], child.parents["a"], child.maps[0], len(child.maps))
del child["a"]
print(child["a"], child == d, bool(ChainMap()), d == {"a": 1, "b": 3}, {"b": 3, "a": 1} == d, d == 5, list(d.keys()), list(d.values()))
try:
    del child["b"]
except KeyError as e:
    print(e)
try:
    d["q"]
except KeyError as e:
    print("missing", e)
for k, v in d.items():
    print(k, v)

# %% chain_map_of_settings
from collections import ChainMap
defaults = {"theme": "light", "size": 10}
user = {"theme": "dark"}
cfg = ChainMap({"debug": True}, user, defaults)
print(cfg["theme"], cfg["size"], cfg["debug"], {**cfg}, dict(cfg.items()))
user["size"] = 12
print(cfg["size"], cfg.maps)

# %% lexer_of_nested_functions
def tokenize(src):
    i = 0
    toks = []
    while i < len(src):
        c = src[i]
        if c.isspace():
            i += 1
        elif c.isdigit():
            j = i
            while j < len(src) and (src[j].isdigit() or src[j] == "."):
                j += 1
            toks.append({"type": "num", "value": float(src[i:j])})
            i = j
        elif c.isalpha():
            j = i
            while j < len(src) and src[j].isalnum():
                j += 1
            toks.append({"type": "name", "value": src[i:j]})
            i = j
        else:
            toks.append({"type": "op", "value": c})
            i += 1
    return toks
def parse(toks):
    pos = 0
    def peek():
        return toks[pos] if pos < len(toks) else None
    def eat(v=None):
        nonlocal pos
        t = peek()
        if t is None or (v is not None and t["value"] != v):
            raise SyntaxError(f"expected {v}, got {t and t['value']}")
        pos += 1
        return t
    def atom():
        t = eat()
        if t["type"] == "num":
            return t["value"]
        if t["type"] == "name":
            if peek() and peek()["value"] == "(":
                eat("(")
                args = [expr()]
                while peek() and peek()["value"] == ",":
                    eat(",")
                    args.append(expr())
                eat(")")
                return ["call", t["value"], args]
            return ["var", t["value"]]
        if t["value"] == "(":
            e = expr()
            eat(")")
            return e
        raise SyntaxError(f"unexpected {t['value']}")
    def term():
        left = atom()
        while peek() and peek()["value"] in "*/":
            op = eat()["value"]
            left = [op, left, atom()]
        return left
    def expr():
        left = term()
        while peek() and peek()["value"] in "+-":
            op = eat()["value"]
            left = [op, left, term()]
        return left
    return expr()
def ev(n, env):
    if isinstance(n, float):
        return n
    if n[0] == "var":
        return env[n[1]]
    if n[0] == "call":
        return {"max": max, "min": min}[n[1]](*[ev(a, env) for a in n[2]])
    a, b = ev(n[1], env), ev(n[2], env)
    return a + b if n[0] == "+" else a - b if n[0] == "-" else a * b if n[0] == "*" else a / b
for s in ["1 + 2 * x", "max(1, x, 3) * (2 - y)"]:
    ast = parse(tokenize(s))
    print(ast, ev(ast, {"x": 4.0, "y": 0.5}))
try:
    parse(tokenize("(1 + "))
except SyntaxError as e:
    print("bad:", e)

# %% nothing_found_is_an_empty_tuple
g = {"a": [("x", 1), ("y", 2)]}
def f(k):
    out = []
    for e in list(g.get(k, ())):
        *_, n = e
        out.append(e[:1])
        out.append(n + 1)
    for name, n in g.get(k, ()):
        out.append(name.upper())
    return out, sorted(g.get(k, ()), key=lambda e: -e[1]), len(g.get(k, ())), [x for x, _ in g.get(k, ())]
print(f("a"), f("b"))
for x in () or []:
    print(x)
deps = {"a": ["b"], "b": []}
print([d.upper() for k in "abc" for d in deps.get(k, ())], sum(len(d) for d in deps.get("a", ())), max(deps.get("a", ()), default=None))

# %% lisp
import operator as op
def tokenize(s):
    return s.replace("(", " ( ").replace(")", " ) ").split()
def parse(tokens):
    tok = tokens.pop(0)
    if tok == "(":
        out = []
        while tokens[0] != ")":
            out.append(parse(tokens))
        tokens.pop(0)
        return out
    try:
        return int(tok)
    except ValueError:
        try:
            return float(tok)
        except ValueError:
            return tok
env = {"+": op.add, "*": op.mul, "-": op.sub, "<": op.lt, "list": lambda *a: list(a), "pi": 3.14}
def evaluate(x, env=env):
    if isinstance(x, str):
        return env[x]
    if not isinstance(x, list):
        return x
    if x[0] == "define":
        env[x[1]] = evaluate(x[2], env)
        return None
    if x[0] == "if":
        _, test, a, b = x
        return evaluate(a if evaluate(test, env) else b, env)
    proc = evaluate(x[0], env)
    args = [evaluate(a, env) for a in x[1:]]
    return proc(*args)
print(parse(tokenize("(+ 1 (* 2 3.5))")))
print(evaluate(parse(tokenize("(+ 1 (* 2 3.5))"))))
evaluate(parse(tokenize("(define r 10)")))
print(evaluate(parse(tokenize("(* pi (* r r))"))))
print(evaluate(parse(tokenize("(if (< 1 2) (list 1 2 3) 0)"))))

# %% classes_with_next_only
import heapq
from functools import reduce
from itertools import accumulate, groupby, islice, zip_longest, pairwise
class Repeat:
    def __init__(self, v, n): self.v, self.n = v, n
    def __iter__(self): return self
    def __next__(self):
        if self.n == 0: raise StopIteration
        self.n -= 1
        return self.v + self.n
class Bag:
    def __init__(self, *xs): self.xs = xs
    def __iter__(self): return iter(self.xs)
class Gen:
    def __iter__(self):
        yield 1
        yield 2
print(list(zip("abc", Repeat(0, 5))), list(zip("ab", Bag(1, 2, 3))), list(zip("ab", Gen())), list(zip("ab", [1, 2], Repeat(1, 3))))
print(reduce(lambda a, b: a + b, Repeat(1, 3)), list(accumulate(Repeat(1, 3))), list(islice(Repeat(1, 9), 1, 4)), list(pairwise(Repeat(0, 3))))
print(list(zip_longest("a", Repeat(1, 3), fillvalue=None)), [(k, len(list(g))) for k, g in groupby(Repeat(0, 2))], list(zip(Gen(), Gen())))
print(list(map(lambda a, b: a + b, [1, 2], Repeat(1, 5))), dict(zip("ab", Repeat(0, 5))), list(heapq.merge([1, 2], [0, 3])), list(enumerate(Repeat(0, 2))))
it = iter([1, 2, 3])
print(list(zip(it, it)), next(Repeat(5, 1)), list(zip(*[Gen(), Bag(3, 4)])))

# %% sets_of_several
hits = [{1, 2, 3}, {2, 3}, {3, 4}]
print(set().union(*hits), sorted({9}.union({1}, {2})), {1, 2}.intersection([1], [1, 5]), {1, 2, 3}.difference({1}, {2}), {1}.union(), hits[0].intersection(*hits[1:]))
a = {1, 2}
b = a.union()
b.add(3)
print(a, b, a.union([5]), a.intersection({2, 7}), a.difference([1]), sorted(frozenset("ab").union("c")), frozenset("ab").intersection("b", "ab"), sorted({"x"}.union("yz", "w")))
a.intersection_update([1])
print(a, sorted(a.union(range(3))), {1, 2.5}.difference({1}), a.isdisjoint([3]))
a = {1, 2}
print(sorted(a.union(["x"]), key=str), a.difference(["x", 1]), a.intersection(["x", 2]))

# %% parts_of_lines
parts = "a,1".split(",")
parts[1] = int(parts[1])
print(parts)
rows = [line.split(",") for line in "a,1\nb,2".splitlines()]
for r in rows:
    r[1] = int(r[1])
print(rows, sum(r[1] for r in rows))
def f(line):
    parts = line.split()
    parts.append(len(parts))
    return parts
print(f("a b"))

# %% what_the_library_made
import re
m = re.match(r"(?P<a>\w+) (?P<b>\w+)?", "x y")
e = m.groupdict()
e["n"] = 1
e["f"] = [1]
print(e, e["a"].upper(), sorted(e))
f = re.findall(r"\d", "a1b2")
f.append(3)
print(f)
for i, v in enumerate(f):
    f[i] = float(v)
print(f, sum(f))
def parse(line):
    cmd, *args = line.split()
    return cmd, [int(a) for a in args]
print(parse("add 1 2"), parse("quit"))
a, b = "1 2".split()
x = "a b".split()
y = x
y.append("c")
print(x, y, x is y, "-".join(x), x[0].upper())
names = sorted({"b": 1, "a": 2})
names[0] = names[0].upper()
print(names, [n.lower() for n in names])

# %% lines_of_a_table
text = "name,qty,price\npen,3,1.5\nink,1,9"
lines = text.splitlines()
head = lines[0].split(",")
rows = []
for line in lines[1:]:
    row = line.split(",")
    row[1] = int(row[1])
    row[2] = float(row[2])
    rows.append(row)
print(head, rows, sum(r[1] * r[2] for r in rows))
rows.sort(key=lambda r: -r[2])
print([r[0].upper() for r in rows], [dict(zip(head, r)) for r in rows])
import re
from collections import Counter
words = re.findall(r"\w+", "the cat the dog")
print(Counter(words).most_common(1), words.index("cat"), {w: len(w) for w in words})
stack = []
for tok in "3 4 + 2 *".split():
    if tok.isdigit():
        stack.append(int(tok))
    else:
        b, a = stack.pop(), stack.pop()
        stack.append(a + b if tok == "+" else a * b)
print(stack)
def norm(s):
    p = s.strip().split("-")
    while len(p) < 3:
        p.append(0)
    return tuple(int(v) for v in p)
print(norm("1-2"), norm("1-2-3"))
