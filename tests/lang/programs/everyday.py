import math
def parse(text: str) -> dict[str, int]:
    out = {}
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        key, _, value = line.partition("=")
        out[key.strip()] = int(value)
    return out

print(parse("a = 1\n# no\n\nb=2"))
def word_count(s):
    counts = {}
    for w in s.lower().split():
        counts[w] = counts.get(w, 0) + 1
    return sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
print(word_count("the cat The dog the end"))
def primes(n):
    sieve = [True] * (n + 1)
    sieve[0] = sieve[1] = False
    for i in range(2, int(n ** 0.5) + 1):
        if sieve[i]:
            for j in range(i * i, n + 1, i):
                sieve[j] = False
    return [i for i, p in enumerate(sieve) if p]
print(primes(50))
matrix = [[i * j for j in range(3)] for i in range(3)]
print(matrix, [list(r) for r in zip(*matrix)] if False else "skip")
print(", ".join(str(x) for x in range(5)), "-".join(["a", "b"]))
def fact(n):
    return 1 if n < 2 else n * fact(n - 1)
print(fact(20))
try:
    raise OverflowError()
except OverflowError as e:
    print("overflow")
def safe_div(a, b):
    try:
        return a / b
    except ZeroDivisionError:
        return None
    finally:
        print("div")
r = safe_div(1, 2)
print(r, safe_div(1, 0))
if r is not None:
    print(r + 1)
def find(xs, target):
    for i, x in enumerate(xs):
        if x == target:
            break
    else:
        return -1
    return i
print(find([1, 2, 3], 2), find([1], 9))
a, b = 1, 2
a, b = b, a
print(a, b)
x = 5
x = str(x)
print(x + "!")
data = [("b", 2), ("a", 1)]
data.sort()
print(data, max(data), min(d[1] for d in data))
seen = set()
for c in "hello":
    if c in seen:
        print("dup", c)
    seen.add(c)
print(len(seen), math.sqrt(16), math.pi)
total = 0
while True:
    total += 1
    if total > 3:
        break
print(total)
s = "abc"
print(s[::-1], s[1:], s[-1], s * 2, "b" in s, s.upper(), s.find("c"), f"{s!r:>6}|{total:03d}|{1/3:.3f}")
nested = {"a": [1, 2], "b": [3]}
for k, vs in nested.items():
    for v in vs:
        print(k, v)
print([y for x in nested.values() for y in x if y != 2])
def make_counter():
    n = 0
    def inc():
        nonlocal n
        n += 1
        return n
    return inc
c = make_counter()
c()
print(c())
funcs = [lambda x: x + 1, lambda x: x * 2]
print([f(3) for f in funcs])
t = (1, 2, 3)
print(t[0], t[-1], len(t), t + (4,), sum(t), 2 in t)
q, *rest = t
print(q, rest)
assert q == 1, "bad"
del nested["a"]
print(nested)
i = 10
while i > 0:
    i -= 3
    if i % 2 == 0:
        continue
    print(i)
print(any(x > 2 for x in t), all(x > 0 for x in t), divmod(7, 3), abs(-3), round(2.567, 2), pow(2, 5))
print(int("42") + int(3.9), float("1.5"), str(None), bool([]), list("ab"), tuple([1, 2]), dict([("a", 1)]))
print(" ".join(reversed(["x", "y"])), list(reversed([1, 2])), sorted([3, 1], reverse=True))
print(None is None, not None, 1 if [] else 2, [] or "x", 0 or 5, "a" and "b")
# %% iter_until_a_sentinel
import functools
from typing import Any
vals = [3, 2, 1, 0, 9]
print(list(iter(lambda: vals.pop(0), 0)), vals)
def nxt():
    return vals.pop()
for v in iter(nxt, None):
    print(v)
    break
class Dice:
    def __init__(self):
        self.n = 0
    def roll(self):
        self.n += 1
        return self.n
    def __call__(self):
        return self.roll()
d = Dice()
print(list(iter(d.roll, 4)), sum(iter(d, 9)))
it = iter("abcde")
print(list(iter(functools.partial(next, it), "c")), list(iter(lambda: next(it), "z")))
text = "ab;cd;"
pos = 0
def read():
    global pos
    pos += 2
    return text[pos - 2:pos]
print("|".join(iter(read, "")))
def drain(f, stop):
    return [x for x in iter(f, stop)]
xs = ["b", "a", None]
print(drain(xs.pop, "b"), drain(lambda: 5, 5))
def anys(f: Any) -> list[Any]:
    return list(iter(f, 3))
e = Dice()
print(anys(e.roll))
