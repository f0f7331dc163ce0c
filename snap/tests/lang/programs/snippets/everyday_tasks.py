# %% operator_overloading_vector
import math
class Vector:
    def __init__(self, x=0, y=0):
        self.x = x
        self.y = y
    def __add__(self, o): return Vector(self.x + o.x, self.y + o.y)
    def __sub__(self, o): return Vector(self.x - o.x, self.y - o.y)
    def __mul__(self, k): return Vector(self.x * k, self.y * k)
    __rmul__ = __mul__
    def __neg__(self): return Vector(-self.x, -self.y)
    def __eq__(self, o): return self.x == o.x and self.y == o.y
    def __abs__(self): return math.hypot(self.x, self.y)
    def __bool__(self): return bool(self.x or self.y)
    def __repr__(self): return f"Vector({self.x}, {self.y})"
    def __iter__(self):
        yield self.x
        yield self.y
    def __getitem__(self, i): return (self.x, self.y)[i]
    def __len__(self): return 2
    def __hash__(self): return hash((self.x, self.y))
    def dot(self, o): return self.x * o.x + self.y * o.y
a, b = Vector(3, 4), Vector(1, 2)
print(a + b, a - b, a * 2, 2 * a, -a, abs(a), a == b, a == Vector(3, 4), bool(Vector()), a.dot(b))
print(list(a), a[0], len(a), {a, b, Vector(3, 4)} == {a, b})
x, y = a
print(x, y, sum(a))
print(sorted([a, b], key=abs))
print(Vector(1.5, 2) + b)
# %% stack_queue_classes
class Stack:
    def __init__(self):
        self._items = []
    def push(self, item): self._items.append(item)
    def pop(self):
        if not self._items:
            raise IndexError("pop from empty stack")
        return self._items.pop()
    def peek(self): return self._items[-1] if self._items else None
    def is_empty(self): return len(self._items) == 0
    def __len__(self): return len(self._items)
    def __str__(self): return "Stack(" + ", ".join(map(str, self._items)) + ")"
s = Stack()
for i in range(3):
    s.push(i)
print(s, len(s), s.peek())
print(s.pop(), s.pop(), s.pop(), s.is_empty(), s.peek())
try:
    s.pop()
except IndexError as e:
    print("Error:", e)
class Queue:
    def __init__(self):
        self.inbox, self.outbox = [], []
    def enqueue(self, x):
        self.inbox.append(x)
    def dequeue(self):
        if not self.outbox:
            while self.inbox:
                self.outbox.append(self.inbox.pop())
        return self.outbox.pop() if self.outbox else None
q = Queue()
q.enqueue("a"); q.enqueue("b")
print(q.dequeue(), q.dequeue(), q.dequeue())
def balanced(text):
    pairs = {")": "(", "]": "[", "}": "{"}
    stack = []
    for ch in text:
        if ch in "([{":
            stack.append(ch)
        elif ch in pairs:
            if not stack or stack.pop() != pairs[ch]:
                return False
    return not stack
print([balanced(t) for t in ["()", "([)]", "{[()]}", "((", ""]])
# %% calculator_rpn
import operator
OPS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow}
def rpn(expr):
    stack = []
    for tok in expr.split():
        if tok in OPS:
            b = stack.pop()
            a = stack.pop()
            stack.append(OPS[tok](a, b))
        else:
            stack.append(float(tok))
    return stack[0]
for e in ["3 4 +", "5 1 2 + 4 * + 3 -", "2 3 ** 4 /"]:
    print(e, "=", rpn(e))
def shunting(expr):
    prec = {"+": 1, "-": 1, "*": 2, "/": 2, "^": 3}
    out, ops = [], []
    for tok in expr.split():
        if tok.isdigit():
            out.append(tok)
        elif tok == "(":
            ops.append(tok)
        elif tok == ")":
            while ops[-1] != "(":
                out.append(ops.pop())
            ops.pop()
        else:
            while ops and ops[-1] != "(" and prec[ops[-1]] >= prec[tok] and tok != "^":
                out.append(ops.pop())
            ops.append(tok)
    while ops:
        out.append(ops.pop())
    return " ".join(out)
print(shunting("3 + 4 * 2 / ( 1 - 5 ) ^ 2 ^ 3"))
# %% calculator_lambda_dict
ops = {
    "add": lambda a, b: a + b,
    "sub": lambda a, b: a - b,
    "mul": lambda a, b: a * b,
    "div": lambda a, b: a / b if b != 0 else None,
}
for name, fn in ops.items():
    print(name, fn(6, 3), fn(1, 0))
def apply(op, *args):
    try:
        return ops[op](*args)
    except KeyError:
        return f"unknown op {op}"
print(apply("add", 2, 3), apply("mod", 2, 3))
# %% text_adventure_state
class Room:
    def __init__(self, name, description):
        self.name = name
        self.description = description
        self.exits = {}
        self.items = []
    def connect(self, direction, other):
        self.exits[direction] = other
class Player:
    def __init__(self, room):
        self.room = room
        self.inventory = []
        self.moves = 0
    def go(self, d):
        nxt = self.room.exits.get(d)
        if nxt is None:
            print("You can't go", d)
            return
        self.room = nxt
        self.moves += 1
        print("You enter the", nxt.name)
    def take(self, item):
        if item in self.room.items:
            self.room.items.remove(item)
            self.inventory.append(item)
            print("Taken:", item)
        else:
            print("No", item, "here")
hall, kitchen = Room("Hall", "A big hall"), Room("Kitchen", "Smells good")
hall.connect("north", kitchen); kitchen.connect("south", hall)
kitchen.items += ["knife", "bread"]
p = Player(hall)
for cmd in ["go west", "go north", "take bread", "take gold", "go south", "look", "dance"]:
    parts = cmd.split()
    if parts[0] == "go":
        p.go(parts[1])
    elif parts[0] == "take":
        p.take(parts[1])
    elif cmd == "look":
        print(p.room.description, p.room.items, list(p.room.exits))
    else:
        print(f"I don't understand {cmd!r}")
print(p.moves, p.inventory)
# %% matrix_functions
def zeros(n, m):
    return [[0] * m for _ in range(n)]
def matmul(a, b):
    n, m, p = len(a), len(b), len(b[0])
    c = zeros(n, p)
    for i in range(n):
        for j in range(p):
            for k in range(m):
                c[i][j] += a[i][k] * b[k][j]
    return c
def det(m):
    if len(m) == 1:
        return m[0][0]
    if len(m) == 2:
        return m[0][0] * m[1][1] - m[0][1] * m[1][0]
    total = 0
    for c in range(len(m)):
        minor = [row[:c] + row[c + 1:] for row in m[1:]]
        total += (-1) ** c * m[0][c] * det(minor)
    return total
def transpose(m):
    return [list(r) for r in zip(*m)]
def gauss(a, b):
    n = len(a)
    m = [row[:] + [b[i]] for i, row in enumerate(a)]
    for i in range(n):
        pivot = max(range(i, n), key=lambda r: abs(m[r][i]))
        m[i], m[pivot] = m[pivot], m[i]
        for r in range(i + 1, n):
            f = m[r][i] / m[i][i]
            for c in range(i, n + 1):
                m[r][c] -= f * m[i][c]
    x = [0] * n
    for i in range(n - 1, -1, -1):
        x[i] = (m[i][n] - sum(m[i][j] * x[j] for j in range(i + 1, n))) / m[i][i]
    return x
a = [[1, 2], [3, 4]]
print(matmul(a, [[0, 1], [1, 0]]), det([[2, 0, 1], [1, 3, 2], [1, 1, 1]]), transpose([[1, 2, 3], [4, 5, 6]]))
print([round(v, 6) for v in gauss([[2, 1, -1], [-3, -1, 2], [-2, 1, 2]], [8, -11, -3])])
for row in matmul(a, a):
    print(" ".join(f"{v:3d}" for v in row))
# %% inheritance_shapes
from abc import ABC, abstractmethod
import math
class Shape(ABC):
    def __init__(self, name):
        self.name = name
    @abstractmethod
    def area(self):
        pass
    @abstractmethod
    def perimeter(self):
        ...
    def describe(self):
        return f"{self.name}: area={self.area():.2f}, perimeter={self.perimeter():.2f}"
class Circle(Shape):
    def __init__(self, r):
        super().__init__("Circle")
        self.r = r
    def area(self):
        return math.pi * self.r ** 2
    def perimeter(self):
        return 2 * math.pi * self.r
class Rect(Shape):
    def __init__(self, w, h):
        super().__init__("Rect")
        self.w, self.h = w, h
    def area(self):
        return self.w * self.h
    def perimeter(self):
        return 2 * (self.w + self.h)
class Square(Rect):
    def __init__(self, s):
        super().__init__(s, s)
        self.name = "Square"
shapes = [Circle(1), Rect(2, 3), Square(4)]
for s in shapes:
    print(s.describe())
print(sum(s.area() for s in shapes))
print(max(shapes, key=lambda s: s.area()).name)
print(isinstance(shapes[2], Rect), isinstance(shapes[0], Rect), type(shapes[2]).__name__)
try:
    Shape("x")
except TypeError as e:
    print("TypeError")
# %% animals_polymorphism
class Animal:
    count = 0
    def __init__(self, name):
        self.name = name
        Animal.count += 1
    def speak(self):
        return "..."
    def __str__(self):
        return f"{self.__class__.__name__} {self.name} says {self.speak()}"
class Dog(Animal):
    def speak(self):
        return "Woof"
class Cat(Animal):
    def __init__(self, name, lives=9):
        super().__init__(name)
        self.lives = lives
    def speak(self):
        return "Meow" * 2
class Puppy(Dog):
    def speak(self):
        return super().speak().lower() + "!"
for a in [Dog("Rex"), Cat("Tom"), Puppy("Bit"), Animal("Thing")]:
    print(a)
print(Animal.count)
zoo = {"d": Dog, "c": Cat}
print(zoo["d"]("Z").speak())
# %% iterators_custom
class Countdown:
    def __init__(self, start):
        self.start = start
    def __iter__(self):
        return CountdownIterator(self.start)
class CountdownIterator:
    def __init__(self, n):
        self.n = n
    def __iter__(self):
        return self
    def __next__(self):
        if self.n <= 0:
            raise StopIteration
        self.n -= 1
        return self.n + 1
print(list(Countdown(3)))
for i in Countdown(2):
    for j in Countdown(2):
        print(i, j)
class Fib:
    def __init__(self, limit):
        self.limit = limit
        self.a, self.b = 0, 1
    def __iter__(self):
        return self
    def __next__(self):
        if self.a > self.limit:
            raise StopIteration
        v = self.a
        self.a, self.b = self.b, self.a + self.b
        return v
print(list(Fib(50)), sum(Fib(10)), max(Fib(100)))
it = iter(Countdown(1))
print(next(it))
try:
    next(it)
except StopIteration:
    print("stop")
print(*Countdown(3), sep=", ")
a, *rest = Countdown(4)
print(a, rest)
# %% binary_search_sorts
import random
def bubble(xs):
    xs = xs[:]
    n = len(xs)
    for i in range(n):
        swapped = False
        for j in range(n - 1 - i):
            if xs[j] > xs[j + 1]:
                xs[j], xs[j + 1] = xs[j + 1], xs[j]
                swapped = True
        if not swapped:
            break
    return xs
def insertion(xs):
    xs = list(xs)
    for i in range(1, len(xs)):
        key = xs[i]
        j = i - 1
        while j >= 0 and xs[j] > key:
            xs[j + 1] = xs[j]
            j -= 1
        xs[j + 1] = key
    return xs
def quick(xs):
    if len(xs) <= 1:
        return xs
    p = xs[len(xs) // 2]
    return quick([x for x in xs if x < p]) + [x for x in xs if x == p] + quick([x for x in xs if x > p])
def merge_sort(xs):
    if len(xs) < 2:
        return xs
    mid = len(xs) // 2
    l, r = merge_sort(xs[:mid]), merge_sort(xs[mid:])
    out = []
    i = j = 0
    while i < len(l) and j < len(r):
        if l[i] <= r[j]:
            out.append(l[i]); i += 1
        else:
            out.append(r[j]); j += 1
    out.extend(l[i:])
    out.extend(r[j:])
    return out
def heap_sort(xs):
    import heapq
    h = []
    for x in xs:
        heapq.heappush(h, x)
    return [heapq.heappop(h) for _ in range(len(h))]
def counting(xs):
    c = [0] * (max(xs) + 1)
    for x in xs:
        c[x] += 1
    out = []
    for v, n in enumerate(c):
        out.extend([v] * n)
    return out
random.seed(42)
data = [random.randint(0, 99) for _ in range(15)]
print(data)
for f in (bubble, insertion, quick, merge_sort, heap_sort, counting):
    print(f.__name__, f(data) == sorted(data))
def bsearch(xs, t):
    lo, hi = 0, len(xs) - 1
    while lo <= hi:
        mid = (lo + hi) // 2
        if xs[mid] == t:
            return mid
        if xs[mid] < t:
            lo = mid + 1
        else:
            hi = mid - 1
    return -1
s = sorted(set(data))
print(bsearch(s, s[3]), bsearch(s, 1000))
# %% student_grades
students = {
    "Alice": [90, 85, 77],
    "Bob": [60, 70, 80],
    "Carol": [100, 95],
}
def average(xs):
    return sum(xs) / len(xs)
def grade(avg):
    if avg >= 90: return "A"
    elif avg >= 80: return "B"
    elif avg >= 70: return "C"
    else: return "F"
report = []
for name, scores in students.items():
    avg = average(scores)
    report.append({"name": name, "avg": avg, "grade": grade(avg)})
for r in sorted(report, key=lambda r: r["avg"], reverse=True):
    print(f"{r['name']:<8} {r['avg']:6.2f} {r['grade']}")
best = max(report, key=lambda r: r["avg"])
print("Best:", best["name"])
by_grade = {}
for r in report:
    by_grade.setdefault(r["grade"], []).append(r["name"])
print(by_grade)
print({k: len(v) for k, v in by_grade.items()})
# %% inventory_dicts
inventory = [
    {"name": "apple", "price": 0.5, "qty": 100},
    {"name": "banana", "price": 0.25, "qty": 150},
    {"name": "cherry", "price": 3, "qty": 20},
]
total = 0
for item in inventory:
    value = item["price"] * item["qty"]
    total += value
    print(f"{item['name']:10} {value:>8.2f}")
print("Total", total)
low = [i["name"] for i in inventory if i["qty"] < 50]
print(low)
for item in inventory:
    item["qty"] -= 10
    item["on_sale"] = item["price"] > 1
print(inventory[2])
names = sorted(i["name"].upper() for i in inventory)
print(names)
index = {i["name"]: i for i in inventory}
print(index["banana"]["qty"])
# %% countdown_timer_format
def fmt(seconds):
    h, rem = divmod(seconds, 3600)
    m, s = divmod(rem, 60)
    return f"{h:02d}:{m:02d}:{s:02d}"
for s in (0, 59, 60, 3599, 3600, 86399):
    print(fmt(s))
def human(n):
    for unit in ["B", "KB", "MB", "GB"]:
        if n < 1024:
            return f"{n:.1f} {unit}"
        n /= 1024
    return f"{n:.1f} TB"
print(human(500), human(2048), human(5 * 1024 ** 3), human(3e15))
# %% password_checker
import string
def check(pw):
    problems = []
    if len(pw) < 8:
        problems.append("too short")
    if not any(c.isdigit() for c in pw):
        problems.append("no digit")
    if not any(c.isupper() for c in pw):
        problems.append("no uppercase")
    if not any(c in string.punctuation for c in pw):
        problems.append("no symbol")
    return problems or ["ok"]
for p in ["abc", "Password1", "Str0ng!Pass"]:
    print(p, check(p))
# %% email_regex
import re
pattern = re.compile(r"^[\w.+-]+@[\w-]+\.[\w.]+$")
for e in ["a@b.com", "bad", "x.y+z@q-w.org", "@no.com"]:
    print(e, bool(pattern.match(e)))
m = re.search(r"(\d{4})-(\d{2})-(\d{2})", "Date: 2024-03-15.")
if m:
    year, month, day = m.groups()
    print(year, month, day, m.group(0), m.start(), m.end())
print(re.sub(r"\s+", " ", "a   b \n c"))
print(re.findall(r"#(\w+)", "hello #world and #python"))
log = "2024-01-01 ERROR disk full\n2024-01-02 INFO ok\n2024-01-03 ERROR net down"
for line in log.splitlines():
    m = re.match(r"(\S+) (\w+) (.*)", line)
    if m.group(2) == "ERROR":
        print(m.group(1), m.group(3))
print(re.sub(r"(\w+)@(\w+)", lambda m: m.group(2) + " at " + m.group(1), "joe@site"))
print(re.split(r"[,;]\s*", "a, b;c,d"))
# %% collatz_perfect_etc
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps
print([(n, collatz(n)) for n in range(1, 11)], max(range(1, 1000), key=collatz))
def is_perfect(n): return n > 1 and sum(d for d in range(1, n) if n % d == 0) == n
print([n for n in range(1, 500) if is_perfect(n)])
def is_armstrong(n):
    s = str(n)
    return sum(int(d) ** len(s) for d in s) == n
print([n for n in range(100, 1000) if is_armstrong(n)])
def digital_root(n):
    while n > 9:
        n = sum(map(int, str(n)))
    return n
print(digital_root(987654321))
def gcd(a, b): return a if b == 0 else gcd(b, a % b)
def lcm(*xs):
    r = 1
    for x in xs: r = r * x // gcd(r, x)
    return r
print(gcd(48, 18), lcm(4, 6, 10))
def fib_gen(n):
    a, b = 0, 1
    for _ in range(n):
        yield a
        a, b = b, a + b
print(list(fib_gen(10)), " ".join(str(f) for f in fib_gen(15)))
def to_base(n, b):
    digits = "0123456789ABCDEF"
    if n == 0: return "0"
    out = ""
    while n:
        n, r = divmod(n, b)
        out = digits[r] + out
    return out
print(to_base(255, 16), to_base(10, 2), int("ff", 16), int("1010", 2), bin(10), hex(255), oct(8))
# %% fizzbuzz_variants
for i in range(1, 16):
    print("Fizz" * (i % 3 == 0) + "Buzz" * (i % 5 == 0) or i)
print(", ".join("FizzBuzz" if i % 15 == 0 else "Fizz" if i % 3 == 0 else "Buzz" if i % 5 == 0 else str(i) for i in range(1, 16)))
rules = {3: "Fizz", 5: "Buzz", 7: "Bazz"}
def fb(n):
    s = "".join(w for d, w in rules.items() if n % d == 0)
    return s or n
print([fb(i) for i in range(1, 22)])
# %% observer_pattern
class EventEmitter:
    def __init__(self):
        self.handlers = {}
    def on(self, event, handler):
        self.handlers.setdefault(event, []).append(handler)
    def emit(self, event, *args):
        for h in self.handlers.get(event, []):
            h(*args)
log = []
em = EventEmitter()
em.on("greet", lambda name: log.append(f"hello {name}"))
em.on("greet", lambda name: print("greeting", name))
em.on("bye", lambda name: print("bye", name))
em.emit("greet", "Ann")
em.emit("bye", "Bob")
em.emit("nothing", "x")
print(log)
# %% singleton_factory
class Config:
    _instance = None
    def __init__(self):
        self.settings = {}
    @classmethod
    def instance(cls):
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance
    def set(self, k, v): self.settings[k] = v
    def get(self, k, default=None): return self.settings.get(k, default)
a, b = Config.instance(), Config.instance()
print(a is b)
a.set("debug", True)
a.set("name", "app")
a.set("level", 3)
print(b.get("debug"), b.get("name"), b.get("missing"), b.get("missing", "dflt"))
def make_shape(kind, *args):
    if kind == "circle":
        return Circle(*args)
    elif kind == "square":
        return Square(*args)
    raise ValueError(f"unknown shape: {kind}")
class Circle:
    def __init__(self, r): self.r = r
    def area(self): return 3.14 * self.r ** 2
class Square:
    def __init__(self, s): self.s = s
    def area(self): return self.s ** 2
for k, v in [("circle", 2), ("square", 3)]:
    print(k, make_shape(k, v).area())
try:
    make_shape("hexagon", 1)
except ValueError as e:
    print(e)
# %% functional_tools
from functools import reduce, partial, lru_cache
from itertools import accumulate, chain, count, cycle, islice, takewhile, dropwhile, zip_longest, starmap
nums = [1, 2, 3, 4, 5]
print(reduce(lambda a, b: a * b, nums), reduce(lambda a, b: a + b, nums, 100))
print(list(map(lambda x: x ** 2, nums)), list(filter(lambda x: x % 2, nums)))
print(list(accumulate(nums)), list(chain([1], [2, 3], (4,))))
print(list(islice(count(10, 5), 4)), list(islice(cycle("ab"), 5)))
print(list(takewhile(lambda x: x < 3, nums)), list(dropwhile(lambda x: x < 3, nums)))
print(list(zip_longest([1, 2], "abc", fillvalue="-")))
print(list(starmap(pow, [(2, 3), (3, 2)])))
double = partial(lambda a, b: a * b, 2)
print(double(21))
@lru_cache(maxsize=None)
def fib(n):
    return n if n < 2 else fib(n - 1) + fib(n - 2)
print(fib(60))
print(any(x > 4 for x in nums), all(x > 0 for x in nums))
print(dict(zip("abc", nums)), list(enumerate("xy", start=1)))
print(sorted("hello"), list(reversed(nums)), min(nums), max("hello"))
compose = lambda f, g: lambda x: f(g(x))
inc = lambda x: x + 1
dbl = lambda x: x * 2
print(compose(inc, dbl)(5), compose(dbl, inc)(5))
# %% set_operations
a, b = {1, 2, 3, 4}, {3, 4, 5}
print(sorted(a | b), sorted(a & b), sorted(a - b), sorted(a ^ b))
print(a.issubset({1, 2, 3, 4, 5}), a.isdisjoint({9}), {1, 2} < a, a >= {1})
s = set()
for w in "the cat the dog".split():
    if w in s:
        print("dup", w)
    s.add(w)
s.discard("nope"); s.remove("cat")
print(sorted(s), len(s))
f = frozenset([1, 2])
print({f: "x"}[frozenset([2, 1])])
print(sorted({x % 3 for x in range(10)}), set() == set([]))
a |= {10}; a -= {1}
print(sorted(a))
def unique(xs):
    seen = set()
    return [x for x in xs if not (x in seen or seen.add(x))]
print(unique([3, 1, 3, 2, 1]))
# %% dict_tricks
d = {"a": 1, "b": 2}
d.update({"c": 3}, )
d.update(d=4)
print(d, d.get("z"), d.get("z", 0), d.pop("a"), d.pop("q", None), list(d), "b" in d)
print({v: k for k, v in d.items()}, sorted(d.items(), key=lambda kv: -kv[1]))
print({**d, "e": 5}, d | {"f": 6}, dict(x=1, y=2), dict([("k", "v")]))
e = dict.fromkeys("abc", 0)
e["a"] += 1
print(e, e.setdefault("z", 9), e.popitem())
for k in list(e):
    if e[k] == 0:
        del e[k]
print(e, len(e), bool({}))
nested = {"x": {"y": {"z": 1}}}
print(nested["x"]["y"]["z"], nested.get("q", {}).get("r", "none"))
counts = {}
for ch in "mississippi":
    counts[ch] = counts.get(ch, 0) + 1
print(counts, max(counts, key=counts.get))
inv = {}
for k, v in counts.items():
    inv.setdefault(v, []).append(k)
print(inv)
del d["b"]
try:
    d["b"]
except KeyError as err:
    print("KeyError:", err)
print(list(d.keys()), list(d.values()), d == {"c": 3, "d": 4})
# %% list_tricks
xs = list(range(10))
print(xs[::2], xs[::-1], xs[-3:], xs[2:5], xs[:-7])
xs[2:4] = [20, 30, 40]
print(xs)
del xs[::3]
print(xs, xs.index(20) if 20 in xs else -1, xs.count(5))
xs.insert(1, 99); xs.remove(40) if 40 in xs else None
xs.reverse()
print(xs, xs.pop(), xs.pop(0), len(xs))
m = [[i * j for j in range(4)] for i in range(3)]
print(m, [row[1] for row in m], sum(sum(r) for r in m))
flat = [x for row in m for x in row if x]
print(flat, [x if x % 2 else -x for x in flat])
a = [1, 2]; b = a; b.append(3); c = a[:]; c.append(4)
print(a, b, c, a is b, a == c, [1, 2] < [1, 3], [1] * 3, [1] + [2])
print([None] * 3, [[]] * 2, list("abc"), [*range(3), *"xy"])
first, *middle, last = [1, 2, 3, 4]
print(first, middle, last)
print(sorted([3, 1, 2], reverse=True), [3, 1, 2].sort(), max([[1, 2], [3]], key=len))
stack = [1]; stack.extend([2, 3]); stack += [4]
print(stack, any([]), all([]), sum([]), 3 in stack)
print(list(zip([1, 2, 3], ["a", "b", "c"])), [a for a, b in zip([1, 2], [3, 4]) if b > 3])
# %% string_methods
s = "  Hello, World  "
print(repr(s.strip()), repr(s.lstrip()), repr(s.rstrip()), s.strip().lower(), s.upper().strip(), s.strip().swapcase(), s.title().strip())
t = "hello world"
print(t.capitalize(), t.split(), t.split("o"), t.replace("l", "L", 2), t.find("o"), t.rfind("o"), t.find("z"), t.index("w"), t.count("l"))
print(t.startswith("he"), t.endswith(("ld", "x")), t[::-1], t[1:5], t.partition(" "), t.rpartition("o"), "-".join("abc"), t * 2)
print("abc".isalpha(), "12".isdigit(), "a1".isalnum(), " ".isspace(), "Ab".isupper(), "ab".islower(), "Hello World".istitle(), "a_b".isidentifier())
print("a,b,,c".split(","), "a b  c".split(None, 1), "x=1=2".split("=", 1), "a\nb\r\nc".splitlines(), "a,b,c".rsplit(",", 1))
print(t.encode(), b"hi".decode(), ord("a"), chr(98), "a" < "b", "abc" in "xabcx", "é".upper(), len("héllo"))
print("%s-%s" % ("a", "b"), "tab\there", 'quote"s', "it's", repr("it's"), repr('a"b'), repr("a\n\t\\"))
print("abc".ljust(5) + "|", "abc".rjust(5), "abc".center(7, "*"), "5".zfill(3), "-5".zfill(4), "xxabcxx".strip("x"), "prefix_x".removeprefix("prefix_"), "a.py".removesuffix(".py"))
print("Hello".casefold(), "a-b_c".translate({ord("-"): "+", ord("_"): None}), "x".join(["1"]), "".join(reversed("abc")), "abcabc".rindex("b"), "a\tb".expandtabs(4))
try:
    "abc".index("z")
except ValueError as e:
    print(e)
print(sorted("banana"), list(enumerate("ab")), min("hello"), set("aab") == {"a", "b"}, "".join(sorted(set("banana"))))
words = "the quick brown fox".split()
print(" ".join(w.capitalize() for w in words), [len(w) for w in words], max(words, key=len), "{:>10}|{:<10}|{:^10}".format("r", "l", "c"))
def is_pal(s):
    s = "".join(c.lower() for c in s if c.isalnum())
    return s == s[::-1]
print(is_pal("A man, a plan, a canal: Panama"), is_pal("nope"))
vowels = sum(1 for c in "programming language" if c in "aeiou")
print(vowels, "z" > "a", "Z" > "a", "10" < "9")
