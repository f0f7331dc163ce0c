# %% augmented_once
log = []


def index(n):
    log.append(n)
    return n


a = [1, 2, 3]
a[index(1)] += 10
print(a, log)


class Box:
    def __init__(self):
        self.items = [1]


def box(b):
    log.append("box")
    return b


b = Box()
box(b).items += [2]
box(b).items[index(0)] *= 5
print(b.items, log)
d = {"k": 1}
d["k"] -= 3
d["n"] = d.get("n", 0) + 1
print(d)
# %% aliasing
x = y = []
x.append(1)
print(y, x is y)
a = [[0] * 2] * 2
a[0][0] = 5
print(a)


def change(items, number):
    items.append(number)
    number += 1
    items = [100]
    return items


original = [1]
n = 5
print(change(original, n), original, n)
t = ([1], [2])
t[0].append(9)
print(t)
c = original[:]
c.append(0)
print(original, c, original == c)
# %% finally_return
def f():
    try:
        return "try"
    finally:
        print("cleanup")


def g():
    for i in range(3):
        try:
            if i == 1:
                return i
        finally:
            print("finally", i)
    return -1


def h():
    try:
        raise ValueError("lost")
    except ValueError:
        return "handler"
    finally:
        print("last")


def k():
    x = 1
    try:
        return x
    finally:
        x = 2


def nested():
    try:
        try:
            raise KeyError("inner")
        finally:
            print("a")
    except KeyError as e:
        print("b", e)
        try:
            return "c"
        finally:
            print("d")


print(f(), g(), h(), k(), nested())
# %% exception_in_finally
def f():
    try:
        raise ValueError("first")
    finally:
        raise KeyError("second")


try:
    f()
except KeyError as e:
    print(repr(e), repr(e.__context__))


def g():
    try:
        1 // 0
    except ZeroDivisionError as e:
        raise RuntimeError("wrapped") from e


try:
    g()
except RuntimeError as e:
    print(e, "|", e.__cause__)
# %% sort_stability
people = [("bob", 30), ("ann", 25), ("cid", 30), ("dan", 25)]
print(sorted(people, key=lambda p: p[1]))
print(sorted(people, key=lambda p: p[1], reverse=True))
print(sorted(people, key=lambda p: (-p[1], p[0])))
people.sort(key=lambda p: p[0][-1])
print(people, sorted("banana"), sorted([True, False, True]), sorted([[2, 1], [1, 5], [1]]))


class Item:
    def __init__(self, n):
        self.n = n

    def __lt__(self, other):
        return self.n < other.n

    def __repr__(self):
        return f"I{self.n}"


items = [Item(3), Item(1), Item(2)]
print(sorted(items), min(items), max(items), sorted(items, reverse=True))
# %% dict_views_live
d = {"a": 1}
keys = d.keys()
values = d.values()
d["b"] = 2
print(list(keys), list(values), len(keys), "b" in keys)
print({"a": 1, "b": 2} == {"b": 2, "a": 1}, list({"b": 1, "a": 2}), [*{"z": 0, "y": 1}])
d["a"] = 100
del d["a"]
d["a"] = 5
print(d)
# %% comprehension_capture
fs = [lambda x=i: x * 10 for i in range(3)]
print([f() for f in fs])
gs = []
for i in range(3):
    gs.append(lambda: i)
print([g() for g in gs])
i = 50
print([g() for g in gs])
matrix = [[i * j for j in range(3)] for i in range(3)]
print(matrix, [row[i - 50] for row in matrix])
# %% string_building
parts = []
for i, ch in enumerate("héllo"):
    parts.append(f"{i}{ch}")
s = "".join(parts)
print(s, len(s), s[1], s[-1], s[2:6], "é" in s, s.find("é"), s.index("l"), s.upper(), s.encode().hex())
acc = ""
for i in range(5):
    acc += str(i) + ","
print(acc[:-1], acc.rstrip(","), acc * 2)
# %% nested_functions_recursive
def outer(n):
    def fact(k):
        return 1 if k <= 1 else k * fact(k - 1)

    def even(k):
        return True if k == 0 else odd(k - 1)

    def odd(k):
        return False if k == 0 else even(k - 1)

    return fact(n), even(n), odd(n)


print(outer(5), outer(10))


def make_accumulator():
    total = 0

    def add(n):
        nonlocal total
        total += n
        return total

    return add


acc = make_accumulator()
print(acc(1), acc(2), acc(3))
# %% class_mutable_shared
class Shared:
    items = []

    def add(self, x):
        self.items.append(x)
        return self


class Own:
    def __init__(self):
        self.items = []

    def add(self, x):
        self.items.append(x)
        return self


print(Shared().add(1).items, Shared().add(2).items, Shared.items)
print(Own().add(1).items, Own().add(2).items)
# %% inheritance_super_chain
class A:
    def __init__(self, name):
        self.name = name
        self.log = []

    def run(self):
        self.log.append("A")
        return self.step() + 1

    def step(self):
        return 1

    @property
    def label(self):
        return f"<{self.name}>"

    def __str__(self):
        return f"{type(self).__name__}:{self.label}"


class B(A):
    def step(self):
        self.log.append("B")
        return super().step() + 10

    @property
    def label(self):
        return super().label + "b"


class C(B):
    def __init__(self, name, extra):
        super().__init__(name.upper())
        self.extra = extra

    def step(self):
        self.log.append("C")
        return super().step() + self.extra


for thing in [A("x"), B("y"), C("z", 100)]:
    print(thing.run(), thing.log, thing, thing.label, isinstance(thing, B))
# %% operators_reflected
class V:
    def __init__(self, n):
        self.n = n

    def __add__(self, other):
        if isinstance(other, V):
            return V(self.n + other.n)
        return V(self.n + other)

    def __radd__(self, other):
        return V(other + self.n)

    def __mul__(self, k):
        return V(self.n * k)

    def __rmul__(self, k):
        return V(k * self.n)

    def __neg__(self):
        return V(-self.n)

    def __getitem__(self, i):
        return self.n + i

    def __repr__(self):
        return f"V({self.n})"


v = V(3)
print(v + v, v + 1, 1 + v, v * 2, 2 * v, -v, v[10], sum([V(1), V(2)], V(0)))
# %% iteration_protocols
class Countdown:
    def __init__(self, n):
        self.n = n

    def __iter__(self):
        n = self.n
        while n > 0:
            yield n
            n -= 1

    def __len__(self):
        return self.n

    def __contains__(self, x):
        return 0 < x <= self.n


c = Countdown(4)
print(list(c), len(c), 3 in c, 9 in c, sum(c), max(c), sorted(c), [x * 2 for x in c], dict(zip("abcd", c)))
a, *rest = c
print(a, rest, *c, bool(c), bool(Countdown(0)), list(enumerate(c)), list(map(str, c)), ",".join(str(x) for x in c))
for x in c:
    for y in c:
        if x * y == 6:
            print(x, y)
# %% while_patterns
n = 27
steps = 0
while True:
    if n == 1:
        break
    if n % 2:
        n = 3 * n + 1
    else:
        n //= 2
    steps += 1
print(steps)
i = 0
while i < 10:
    i += 1
    if i % 2:
        continue
    if i > 6:
        break
    print(i)
else:
    print("not reached")
while i > 0:
    i -= 3
else:
    print("done", i)
# %% numbers_edge
print(7 // -2, 7 % -2, -7 // 2, -7 % 2, 7.5 // 2, -7.5 // 2, -7.5 % 2, 1e16 + 1, 2**62, -(2**62) * 2)
print(0.1 + 0.2, 1 / 3, 100 * 1.1, 1e-7, 1e16, 123456789.0, 1.0, 1e22, float(10**15), 3.0 * 2, 7 / 7)
print(round(2.5), round(-2.5), round(3.14159, 3), round(1e10), int(-2.9), int(2.9), abs(-0.0), -0.0, 0.0 == -0.0)
print(True + True, True * 5, sum([True, False, True]), int(True), str(True), True == 1, True and 5, False or "x")
print(10 % 3.5, 2**-1, 4**0.5, (-2) ** 2, -(2**2), 10**-2, 0**0, 0.0**0)
print(max(1, 2.5), min(3, 1.5), max([1, 2, 3]), sum([0.5, 1]), divmod(17, 5), divmod(-17, 5), divmod(17.5, 5))
print(hex(-1), bin(0), oct(7), int("-0x1f", 16), int("101", 2), float("1e3"), str(1e5), str(10.0**20))
inf = float("inf")
nan = float("nan")
print(inf > 10**18, -inf < 0, nan == nan, nan != nan, inf - inf, inf == inf, max(1.0, inf))
# %% shadowing
def max_of(values):
    max = values[0]
    for v in values:
        if v > max:
            max = v
    return max


list_ = [3, 1, 2]
sum = 0
for x in list_:
    sum += x
print(max_of(list_), sum)
id = 7
type = "kind"
print(id, type)
# %% swap_and_chain
a, b, c = 1, 2, 3
a, b, c = c, a, b
print(a, b, c)
items = [1, 2, 3]
items[0], items[-1] = items[-1], items[0]
print(items)
i = 0
i, items[i] = 2, 99
print(i, items)
x = [0, 1, 2]
j = 0
j = x[j] = 2
print(j, x)
(p, q), [r, s] = (1, 2), [3, 4]
print(p, q, r, s)
# %% bool_short_circuit
calls = []


def yes(n):
    calls.append(n)
    return True


def no(n):
    calls.append(n)
    return False


print(yes(1) or yes(2), no(3) and yes(4), yes(5) and no(6) or yes(7), not no(8), calls)
print([] or {} or "last", 1 and [] and 2, None or 0, "a" and "" or "b", 0 if [] else 1)
print(1 < 2 < 3 < 2, 1 == 1 != 2, 3 > 2 >= 2 > 1)
# %% text_wrap
def wrap(text, width):
    lines = []
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = line + " " + word if line else word
    if line:
        lines.append(line)
    return lines


for line in wrap("the quick brown fox jumps over the lazy dog and runs away", 16):
    print(f"|{line:<16}|{line:>16}|{line:^16}|")
# %% matrix_determinant
def minor(m, i, j):
    return [row[:j] + row[j + 1 :] for row in m[:i] + m[i + 1 :]]


def det(m):
    if len(m) == 1:
        return m[0][0]
    if len(m) == 2:
        return m[0][0] * m[1][1] - m[0][1] * m[1][0]
    return sum((-1) ** j * m[0][j] * det(minor(m, 0, j)) for j in range(len(m)))


print(det([[2, 0, 1], [1, 3, 2], [1, 1, 1]]), det([[1, 2], [3, 4]]), det([[7]]))
# %% priority_scheduler
class Task:
    def __init__(self, name, priority, duration):
        self.name = name
        self.priority = priority
        self.duration = duration
        self.done = False

    def __repr__(self):
        return f"{self.name}({self.priority})"


class Scheduler:
    def __init__(self):
        self.tasks = []
        self.clock = 0

    def add(self, *tasks):
        for task in tasks:
            self.tasks.append(task)
        return self

    def pending(self):
        return [t for t in self.tasks if not t.done]

    def run(self):
        order = []
        while self.pending():
            task = min(self.pending(), key=lambda t: (t.priority, t.duration, t.name))
            self.clock += task.duration
            task.done = True
            order.append((task.name, self.clock))
        return order


s = Scheduler().add(Task("a", 2, 5), Task("b", 1, 3), Task("c", 1, 2))
print(s.pending(), s.run(), s.clock, s.pending())
# %% tokenizer_generator
def tokens(text):
    number = ""
    for ch in text + " ":
        if ch.isdigit():
            number += ch
            continue
        if number:
            yield ("num", int(number))
            number = ""
        if ch in "+-*/()":
            yield ("op", ord(ch))


print(list(tokens("12+3*(45-6)")))
# %% spiral
def spiral(matrix):
    result = []
    while matrix:
        result += matrix.pop(0)
        matrix = [list(row) for row in zip(*matrix)][::-1]
    return result


print(spiral([[1, 2, 3], [4, 5, 6], [7, 8, 9]]))
# %% prefix_trie
class TrieNode:
    def __init__(self):
        self.children = {}
        self.end = False


class Trie:
    def __init__(self):
        self.root = TrieNode()

    def insert(self, word):
        node = self.root
        for ch in word:
            if ch not in node.children:
                node.children[ch] = TrieNode()
            node = node.children[ch]
        node.end = True

    def words(self, prefix):
        node = self.root
        for ch in prefix:
            if ch not in node.children:
                return []
            node = node.children[ch]
        found = []
        self.collect(node, prefix, found)
        return found

    def collect(self, node, prefix, found):
        if node.end:
            found.append(prefix)
        for ch in sorted(node.children):
            self.collect(node.children[ch], prefix + ch, found)


t = Trie()
for w in ["car", "card", "care", "cat", "dog"]:
    t.insert(w)
print(t.words("car"), t.words("ca"), t.words("x"), t.words(""))
# %% topological
def topological(graph):
    order = []
    state = {}

    def visit(node):
        if state.get(node) == "done":
            return
        if state.get(node) == "active":
            raise ValueError(f"cycle at {node}")
        state[node] = "active"
        for other in graph.get(node, []):
            visit(other)
        state[node] = "done"
        order.append(node)

    for node in graph:
        visit(node)
    return order[::-1]


print(topological({"shirt": ["tie"], "tie": ["jacket"], "pants": ["shoes"], "jacket": [], "shoes": []}))
try:
    topological({"a": ["b"], "b": ["a"]})
except ValueError as e:
    print(e)
# %% union_find
class UnionFind:
    def __init__(self, n):
        self.parent = list(range(n))
        self.size = [1] * n

    def find(self, x):
        while self.parent[x] != x:
            self.parent[x] = self.parent[self.parent[x]]
            x = self.parent[x]
        return x

    def union(self, a, b):
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        if self.size[a] < self.size[b]:
            a, b = b, a
        self.parent[b] = a
        self.size[a] += self.size[b]
        return True


u = UnionFind(6)
print([u.union(a, b) for a, b in [(0, 1), (2, 3), (1, 3), (0, 2), (4, 5)]], u.parent, len({u.find(i) for i in range(6)}))
# %% edit_grid
def flood(grid, r, c, new):
    old = grid[r][c]
    if old == new:
        return 0
    stack = [(r, c)]
    count = 0
    while stack:
        y, x = stack.pop()
        if 0 <= y < len(grid) and 0 <= x < len(grid[0]) and grid[y][x] == old:
            grid[y][x] = new
            count += 1
            for dy, dx in ((1, 0), (-1, 0), (0, 1), (0, -1)):
                stack.append((y + dy, x + dx))
    return count


grid = [list(row) for row in ["..#", ".##", "..."]]
print(flood(grid, 0, 0, "o"))
for row in grid:
    print("".join(row))
# %% histogram
data = [3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5]
counts = {}
for x in data:
    counts[x] = counts.get(x, 0) + 1
for value in sorted(counts):
    print(f"{value:2d} | {'*' * counts[value]:<5} {counts[value] / len(data):6.1%}")
mean = sum(data) / len(data)
variance = sum((x - mean) ** 2 for x in data) / len(data)
ordered = sorted(data)
median = ordered[len(ordered) // 2] if len(ordered) % 2 else (ordered[len(ordered) // 2 - 1] + ordered[len(ordered) // 2]) / 2
print(f"mean={mean:.3f} var={variance:.3f} sd={variance ** 0.5:.3f} median={median} mode={max(counts, key=counts.get)}")
# %% base_conversion
DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def to_base(n, base):
    if n == 0:
        return "0"
    sign = "-" if n < 0 else ""
    n = abs(n)
    out = []
    while n:
        n, digit = divmod(n, base)
        out.append(DIGITS[digit])
    return sign + "".join(reversed(out))


for n in (0, 10, 255, -42, 123456):
    print(n, [to_base(n, b) for b in (2, 8, 16, 36)], int(to_base(n, 36), 36) == n)
# %% observer
class Subject:
    def __init__(self):
        self.listeners = []

    def on(self, listener):
        self.listeners.append(listener)

    def emit(self, event):
        return [listener(event) for listener in self.listeners]


seen = []
subject = Subject()
subject.on(lambda e: e.upper())
subject.on(lambda e: e + "!" * len(seen))
print(subject.emit("hi"))
seen.append(1)
print(subject.emit("yo"))
# %% context_timer
class Indent:
    level = 0

    def __enter__(self):
        Indent.level += 1
        return self

    def __exit__(self, kind, value, trace):
        Indent.level -= 1
        return False

    def say(self, text):
        print("  " * Indent.level + text)


with Indent() as one:
    one.say("one")
    with Indent() as two:
        two.say("two")
        one.say("also two")
    one.say("one again")
print(Indent.level)
# %% polynomials
class Poly:
    def __init__(self, *coefficients):
        self.c = list(coefficients)

    def __call__(self, x):
        total = 0
        for c in reversed(self.c):
            total = total * x + c
        return total

    def __add__(self, other):
        n = max(len(self.c), len(other.c))
        a = self.c + [0] * (n - len(self.c))
        b = other.c + [0] * (n - len(other.c))
        return Poly(*[x + y for x, y in zip(a, b)])

    def __mul__(self, other):
        result = [0] * (len(self.c) + len(other.c) - 1)
        for i, a in enumerate(self.c):
            for j, b in enumerate(other.c):
                result[i + j] += a * b
        return Poly(*result)

    def __str__(self):
        terms = [f"{c}x^{i}" if i else str(c) for i, c in enumerate(self.c) if c]
        return " + ".join(terms) or "0"


p = Poly(1, 2)
q = Poly(0, 1, 3)
print(p, "|", q, "|", p + q, "|", p * q, "|", p(2), (p * q)(2), Poly(0))
