# %% primes_sieve
def sieve(limit):
    is_prime = [True] * (limit + 1)
    is_prime[0] = is_prime[1] = False
    for i in range(2, int(limit ** 0.5) + 1):
        if is_prime[i]:
            for j in range(i * i, limit + 1, i):
                is_prime[j] = False
    return [i for i, p in enumerate(is_prime) if p]

primes = sieve(100)
print("Primes up to 100:", primes)
print(f"Found {len(primes)} primes, sum = {sum(primes)}")

def prime_factors(n):
    factors = []
    d = 2
    while d * d <= n:
        while n % d == 0:
            factors.append(d)
            n //= d
        d += 1
    if n > 1:
        factors.append(n)
    return factors

for n in [12, 97, 360, 1001, 123456]:
    print(n, "=", " x ".join(map(str, prime_factors(n))))
# %% lru_cache_class
from collections import OrderedDict

class LRUCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.cache = OrderedDict()

    def get(self, key):
        if key not in self.cache:
            return -1
        self.cache.move_to_end(key)
        return self.cache[key]

    def put(self, key, value):
        if key in self.cache:
            self.cache.move_to_end(key)
        self.cache[key] = value
        if len(self.cache) > self.capacity:
            self.cache.popitem(last=False)

cache = LRUCache(2)
cache.put(1, 1)
cache.put(2, 2)
print(cache.get(1))
cache.put(3, 3)
print(cache.get(2))
cache.put(4, 4)
print(cache.get(1), cache.get(3), cache.get(4))
print(list(cache.cache.items()))
# %% bank_account
class InsufficientFundsError(Exception):
    def __init__(self, balance, amount):
        super().__init__(f"Cannot withdraw ${amount:.2f}: balance is ${balance:.2f}")
        self.balance = balance
        self.amount = amount

class BankAccount:
    interest_rate = 0.02

    def __init__(self, owner, balance=0):
        self.owner = owner
        self._balance = balance
        self.transactions = []

    @property
    def balance(self):
        return self._balance

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("Deposit amount must be positive")
        self._balance += amount
        self.transactions.append(("deposit", amount))

    def withdraw(self, amount):
        if amount > self._balance:
            raise InsufficientFundsError(self._balance, amount)
        self._balance -= amount
        self.transactions.append(("withdraw", amount))

    def add_interest(self):
        interest = self._balance * self.interest_rate
        self.deposit(interest)

    def __str__(self):
        return f"Account({self.owner}, ${self._balance:.2f})"

    def __repr__(self):
        return f"BankAccount({self.owner!r}, {self._balance!r})"

class SavingsAccount(BankAccount):
    interest_rate = 0.05

    def __str__(self):
        return "Savings" + super().__str__()

accounts = [BankAccount("Alice", 100), SavingsAccount("Bob", 200), BankAccount("Carol")]
for account in accounts:
    account.deposit(50)
    account.add_interest()
    print(account)
try:
    accounts[2].withdraw(1000)
except InsufficientFundsError as e:
    print("Error:", e)
    print("Short by", e.amount - e.balance)
try:
    accounts[0].deposit(-5)
except ValueError as e:
    print("Error:", e)
print(accounts)
print(accounts[0].transactions)
total = sum(a.balance for a in accounts)
print(f"Total: {total:,.2f}")
# %% matrix_ops
class Matrix:
    def __init__(self, rows):
        self.rows = [list(r) for r in rows]
        self.n = len(self.rows)
        self.m = len(self.rows[0])

    @classmethod
    def identity(cls, n):
        return cls([[1 if i == j else 0 for j in range(n)] for i in range(n)])

    def __add__(self, other):
        return Matrix([[a + b for a, b in zip(r1, r2)] for r1, r2 in zip(self.rows, other.rows)])

    def __mul__(self, other):
        if isinstance(other, (int, float)):
            return Matrix([[a * other for a in r] for r in self.rows])
        if self.m != other.n:
            raise ValueError(f"shape mismatch: {self.n}x{self.m} and {other.n}x{other.m}")
        return Matrix([[sum(self.rows[i][k] * other.rows[k][j] for k in range(self.m)) for j in range(other.m)] for i in range(self.n)])

    def __rmul__(self, k):
        return self * k

    def __pow__(self, k):
        result = Matrix.identity(self.n)
        base = self
        while k:
            if k & 1:
                result = result * base
            base = base * base
            k >>= 1
        return result

    def __eq__(self, other):
        return isinstance(other, Matrix) and self.rows == other.rows

    def __getitem__(self, ij):
        i, j = ij
        return self.rows[i][j]

    def transpose(self):
        return Matrix(zip(*self.rows))

    def __str__(self):
        return "\n".join(" ".join(f"{x:4}" for x in r) for r in self.rows)

a = Matrix([[1, 2], [3, 4]])
b = Matrix([[5, 6], [7, 8]])
print(a + b)
print(a * b)
print(a * 3)
print(2 * a)
print(a ** 5)
print(a.transpose())
print(a == Matrix([[1, 2], [3, 4]]), a == b)
print(a[1, 0])
try:
    a * Matrix([[1, 2, 3]])
except ValueError as e:
    print(e)
fib = Matrix([[1, 1], [1, 0]])
print([(fib ** n)[0, 1] for n in range(15)])
# %% huffman
import heapq
from collections import Counter

class Node:
    def __init__(self, freq, char=None, left=None, right=None):
        self.freq = freq
        self.char = char
        self.left = left
        self.right = right

    def __lt__(self, other):
        return self.freq < other.freq

def build_tree(text):
    heap = [Node(f, c) for c, f in sorted(Counter(text).items())]
    heapq.heapify(heap)
    while len(heap) > 1:
        a = heapq.heappop(heap)
        b = heapq.heappop(heap)
        heapq.heappush(heap, Node(a.freq + b.freq, None, a, b))
    return heap[0]

def codes(node, prefix="", table=None):
    if table is None:
        table = {}
    if node.char is not None:
        table[node.char] = prefix or "0"
    else:
        codes(node.left, prefix + "0", table)
        codes(node.right, prefix + "1", table)
    return table

def decode(bits, root):
    out = []
    node = root
    for bit in bits:
        node = node.left if bit == "0" else node.right
        if node.char is not None:
            out.append(node.char)
            node = root
    return "".join(out)

text = "this is an example of huffman encoding"
root = build_tree(text)
table = codes(root)
for ch in sorted(table, key=lambda c: (len(table[c]), c)):
    print(repr(ch), table[ch])
encoded = "".join(table[c] for c in text)
print(encoded)
print(len(encoded), "bits instead of", len(text) * 8)
print(decode(encoded, root) == text)
# %% trie
class TrieNode:
    def __init__(self):
        self.children = {}
        self.is_end = False

class Trie:
    def __init__(self):
        self.root = TrieNode()

    def insert(self, word):
        node = self.root
        for ch in word:
            if ch not in node.children:
                node.children[ch] = TrieNode()
            node = node.children[ch]
        node.is_end = True

    def search(self, word):
        node = self._find(word)
        return node is not None and node.is_end

    def starts_with(self, prefix):
        return self._find(prefix) is not None

    def _find(self, prefix):
        node = self.root
        for ch in prefix:
            if ch not in node.children:
                return None
            node = node.children[ch]
        return node

    def words_with_prefix(self, prefix):
        node = self._find(prefix)
        results = []
        if node:
            self._collect(node, prefix, results)
        return results

    def _collect(self, node, path, results):
        if node.is_end:
            results.append(path)
        for ch, child in sorted(node.children.items()):
            self._collect(child, path + ch, results)

trie = Trie()
for w in ["apple", "app", "application", "banana", "band", "bandana"]:
    trie.insert(w)
print(trie.search("app"), trie.search("appl"), trie.starts_with("ban"))
print(trie.words_with_prefix("app"))
print(trie.words_with_prefix("band"))
print(trie.words_with_prefix("x"))
# %% linked_list_iter
class Node:
    def __init__(self, data):
        self.data = data
        self.next = None

class LinkedList:
    def __init__(self, items=()):
        self.head = None
        self.size = 0
        for item in items:
            self.append(item)

    def append(self, data):
        node = Node(data)
        if self.head is None:
            self.head = node
        else:
            cur = self.head
            while cur.next:
                cur = cur.next
            cur.next = node
        self.size += 1

    def prepend(self, data):
        node = Node(data)
        node.next = self.head
        self.head = node
        self.size += 1

    def remove(self, data):
        cur, prev = self.head, None
        while cur:
            if cur.data == data:
                if prev:
                    prev.next = cur.next
                else:
                    self.head = cur.next
                self.size -= 1
                return True
            prev, cur = cur, cur.next
        return False

    def reverse(self):
        prev = None
        cur = self.head
        while cur:
            cur.next, prev, cur = prev, cur, cur.next
        self.head = prev

    def __iter__(self):
        cur = self.head
        while cur:
            yield cur.data
            cur = cur.next

    def __len__(self):
        return self.size

    def __repr__(self):
        return " -> ".join(str(x) for x in self) + " -> None"

    def __contains__(self, x):
        return any(x == y for y in self)

ll = LinkedList([1, 2, 3])
ll.append(4)
ll.prepend(0)
print(ll, len(ll))
print(ll.remove(2), ll.remove(42))
ll.reverse()
print(ll)
print(3 in ll, 99 in ll)
print(list(ll), max(ll), sum(ll))
# %% bst
class Node:
    def __init__(self, key):
        self.key = key
        self.left = None
        self.right = None

class BST:
    def __init__(self):
        self.root = None

    def insert(self, key):
        self.root = self._insert(self.root, key)

    def _insert(self, node, key):
        if node is None:
            return Node(key)
        if key < node.key:
            node.left = self._insert(node.left, key)
        elif key > node.key:
            node.right = self._insert(node.right, key)
        return node

    def inorder(self):
        def walk(node):
            if node:
                yield from walk(node.left)
                yield node.key
                yield from walk(node.right)
        return list(walk(self.root))

    def height(self):
        def h(node):
            if node is None:
                return 0
            return 1 + max(h(node.left), h(node.right))
        return h(self.root)

    def delete(self, key):
        self.root = self._delete(self.root, key)

    def _delete(self, node, key):
        if node is None:
            return None
        if key < node.key:
            node.left = self._delete(node.left, key)
        elif key > node.key:
            node.right = self._delete(node.right, key)
        else:
            if node.left is None:
                return node.right
            if node.right is None:
                return node.left
            m = node.right
            while m.left:
                m = m.left
            node.key = m.key
            node.right = self._delete(node.right, m.key)
        return node

    def bfs(self):
        if not self.root:
            return []
        out, queue = [], [self.root]
        while queue:
            node = queue.pop(0)
            out.append(node.key)
            if node.left:
                queue.append(node.left)
            if node.right:
                queue.append(node.right)
        return out

t = BST()
for k in [50, 30, 70, 20, 40, 60, 80, 30]:
    t.insert(k)
print(t.inorder(), t.height(), t.bfs())
t.delete(50)
t.delete(20)
print(t.inorder(), t.height(), t.bfs())
# %% word_frequency
import re
from collections import Counter, defaultdict
text = """The quick brown fox jumps over the lazy dog. The dog barks;
the fox runs away. "Quick, quick!" said the fox."""
words = re.findall(r"[a-z']+", text.lower())
counts = Counter(words)
for word, n in counts.most_common(3):
    print(f"{word:<10}{n:>5}")
by_len = defaultdict(set)
for w in words:
    by_len[len(w)].add(w)
for k in sorted(by_len):
    print(k, sorted(by_len[k]))
print(sum(counts.values()), len(counts))
longest = max(words, key=len)
print(longest)
sentences = [s.strip() for s in re.split(r"[.!?;]", text) if s.strip()]
print(len(sentences))
letters = Counter(c for c in text.lower() if c.isalpha())
print(letters.most_common(5))
print(counts["nothing"], "the" in counts)
counts.update(["fox", "fox"])
print(counts["fox"])
# %% state_machine_traffic
class TrafficLight:
    TRANSITIONS = {"red": "green", "green": "yellow", "yellow": "red"}
    DURATIONS = {"red": 30, "green": 25, "yellow": 5}

    def __init__(self, state="red"):
        self.state = state
        self.elapsed = 0

    def tick(self, seconds):
        self.elapsed += seconds
        while self.elapsed >= self.DURATIONS[self.state]:
            self.elapsed -= self.DURATIONS[self.state]
            old = self.state
            self.state = self.TRANSITIONS[self.state]
            print(f"{old} -> {self.state}")

light = TrafficLight()
for step in (10, 20, 25, 3, 40):
    light.tick(step)
    print("state:", light.state, "elapsed:", light.elapsed)
# %% decorators_timing_memo
import functools
import time

def timer(func):
    @functools.wraps(func)
    def wrapper(*args, **kwargs):
        start = time.perf_counter()
        result = func(*args, **kwargs)
        elapsed = time.perf_counter() - start
        print(f"{func.__name__} took {'some' if elapsed >= 0 else 'negative'} time")
        return result
    return wrapper

def memoize(func):
    cache = {}
    def wrapper(n):
        if n not in cache:
            cache[n] = func(n)
        return cache[n]
    return wrapper

@memoize
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)

@timer
def compute(n):
    """Compute."""
    return sum(i * i for i in range(n))

@timer
def greet(name, greeting="Hello"):
    return f"{greeting}, {name}!"

print(fib(50))
print(compute(1000))
print(greet("World"))
print(greet("World", greeting="Hi"))
print(compute.__name__)
# %% closures
def make_counter():
    count = 0
    def counter():
        nonlocal count
        count += 1
        return count
    return counter

c1, c2 = make_counter(), make_counter()
print(c1(), c1(), c2(), c1())

def make_adders():
    return [lambda x, i=i: x + i for i in range(3)]
print([f(10) for f in make_adders()])

def make_bad():
    return [lambda x: x + i for i in range(3)]
print([f(10) for f in make_bad()])

def accumulator(total=0):
    def add(x):
        nonlocal total
        total += x
        return total
    return add
acc = accumulator(10)
print(acc(5), acc(7))

def compose(*funcs):
    def composed(x):
        for f in reversed(funcs):
            x = f(x)
        return x
    return composed
print(compose(lambda x: x + 1, lambda x: x * 2)(5))
# %% context_managers
class ManagedFile:
    def __init__(self, name):
        self.name = name
    def __enter__(self):
        print("open", self.name)
        return self
    def __exit__(self, exc_type, exc, tb):
        print("close", self.name)
        if exc_type is ValueError:
            print("suppressed", exc)
            return True
        return False
    def read(self):
        return "data"

with ManagedFile("a.txt") as f:
    print(f.read())
with ManagedFile("b.txt") as f, ManagedFile("c.txt") as g:
    print(f.name, g.name)
    raise ValueError("oops")
try:
    with ManagedFile("d.txt"):
        raise KeyError("k")
except KeyError as e:
    print("caught", e)
# %% contextmanager_decorator
from contextlib import contextmanager

@contextmanager
def section(name):
    print(f"<{name}>")
    try:
        yield name.upper()
    finally:
        print(f"</{name}>")

with section("a") as s:
    print(s)
    with section("b"):
        print("inner")
try:
    with section("c"):
        raise RuntimeError("boom")
except RuntimeError as e:
    print("caught", e)
# %% dataclass_inventory
from dataclasses import dataclass, field

@dataclass
class Item:
    name: str
    price: float
    quantity: int = 0

    @property
    def total(self):
        return self.price * self.quantity

@dataclass
class Inventory:
    items: list[Item] = field(default_factory=list)

    def add(self, item):
        self.items.append(item)

    def total_value(self):
        return sum(i.total for i in self.items)

    def find(self, name):
        for i in self.items:
            if i.name == name:
                return i
        return None

inv = Inventory()
inv.add(Item("widget", 2.50, 10))
inv.add(Item("gadget", 10.0, 3))
inv.add(Item("doohickey", 0.99))
print(inv)
print(f"Total: ${inv.total_value():.2f}")
found = inv.find("gadget")
if found:
    found.quantity -= 1
    print(found, found.total)
print(inv.find("nope"))
for it in sorted(inv.items, key=lambda i: i.price, reverse=True):
    print(f"{it.name:>12} {it.price:8.2f} x {it.quantity:<3}|")
print(Item("a", 1.0) == Item("a", 1.0), Item("a", 1.0) != Item("a", 2.0))
# %% enum_usage
from enum import Enum, auto, IntEnum

class Color(Enum):
    RED = 1
    GREEN = 2
    BLUE = 3

class Weekday(IntEnum):
    MON = 0
    TUE = 1
    WED = 2

class Shape(Enum):
    CIRCLE = auto()
    SQUARE = auto()

    def describe(self):
        return f"{self.name.lower()} ({self.value})"

print(Color.RED, Color.RED.name, Color.RED.value, repr(Color.GREEN))
for c in Color:
    print(c.name, c.value)
print(Color(2), Color["BLUE"])
print(Color.RED is Color.RED, Color.RED == Color.BLUE)
print(Weekday.TUE + 1, Weekday.WED > Weekday.MON)
print([s.describe() for s in Shape])
print(len(Color), list(Color))
try:
    Color(9)
except ValueError as e:
    print(e)
d = {Color.RED: "stop", Color.GREEN: "go"}
print(d[Color.RED])
# %% exceptions_hierarchy
class AppError(Exception):
    """Base."""
class NotFound(AppError):
    pass
class Invalid(AppError):
    def __init__(self, field, msg):
        self.field = field
        super().__init__(f"{field}: {msg}")

def work(n):
    if n == 0:
        raise NotFound("nothing here")
    if n == 1:
        raise Invalid("name", "too short")
    if n == 2:
        return 1 / 0
    if n == 3:
        return [1, 2][5]
    if n == 4:
        return {"a": 1}["b"]
    if n == 5:
        return int("abc")
    if n == 6:
        raise AppError
    return "fine"

for i in range(8):
    try:
        print(work(i))
    except NotFound as e:
        print("NotFound:", e)
    except AppError as e:
        print(type(e).__name__, e, e.args)
    except (ZeroDivisionError, IndexError) as e:
        print("arith/index:", type(e).__name__, e)
    except Exception as e:
        print("other:", repr(e))
    else:
        print("no error")
    finally:
        print("done", i)
# %% args_kwargs
def show(*args, **kwargs):
    print(args, kwargs)
    for k, v in kwargs.items():
        print(k, "=", v)
    return len(args) + len(kwargs)

print(show(1, 2, 3))
print(show(a=1, b=2))
print(show(1, "x", c=3.5))
def greet(greeting, *names, punct="!"):
    for n in names:
        print(f"{greeting} {n}{punct}")
greet("Hello", "Ann", "Bob")
greet("Hi", *["X", "Y"], punct="?")
opts = {"sep": "-", "end": ".\n"}
print(1, 2, 3, **opts)
def total(*nums):
    return sum(nums)
print(total(*range(5)), total())
# %% sort_keys
people = [("Alice", 30), ("Bob", 25), ("Carol", 35), ("Dave", 25)]
print(sorted(people, key=lambda p: p[1]))
print(sorted(people, key=lambda p: (-p[1], p[0])))
people.sort(key=lambda p: p[0], reverse=True)
print(people)
records = [{"name": "x", "score": 3.5}, {"name": "y", "score": 1.25}, {"name": "z", "score": 9}]
for r in sorted(records, key=lambda r: r["score"], reverse=True):
    print(r["name"], r["score"])
words = ["banana", "Apple", "cherry", "apple"]
print(sorted(words), sorted(words, key=str.lower), sorted(words, key=len))
print(max(people, key=lambda p: p[1]), min(people, key=lambda p: p[1]))
from operator import itemgetter, attrgetter
print(sorted(people, key=itemgetter(1)), sorted(people, key=itemgetter(1, 0)))
class P:
    def __init__(self, n, a):
        self.n = n
        self.a = a
    def __repr__(self):
        return f"P({self.n},{self.a})"
ps = [P(*p) for p in people]
print(sorted(ps, key=attrgetter("a")))
# %% roman
def to_roman(n):
    vals = [(1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")]
    out = ""
    for v, s in vals:
        while n >= v:
            out += s
            n -= v
    return out
def from_roman(s):
    m = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    prev = 0
    for ch in reversed(s):
        v = m[ch]
        if v < prev:
            total -= v
        else:
            total += v
            prev = v
    return total
for n in (1, 4, 9, 14, 40, 90, 400, 1994, 2024, 3999):
    r = to_roman(n)
    print(n, r, from_roman(r))
assert all(from_roman(to_roman(i)) == i for i in range(1, 4000))
# %% caesar_vigenere
import string
def caesar(text, shift):
    result = ""
    for ch in text:
        if ch.isupper():
            result += chr((ord(ch) - 65 + shift) % 26 + 65)
        elif ch.islower():
            result += chr((ord(ch) - ord("a") + shift) % 26 + ord("a"))
        else:
            result += ch
    return result
msg = "Hello, World!"
enc = caesar(msg, 3)
print(enc, caesar(enc, -3))
def caesar2(s, k):
    lower = string.ascii_lowercase
    table = str.maketrans(lower + lower.upper(), lower[k:] + lower[:k] + lower[k:].upper() + lower[:k].upper())
    return s.translate(table)
print(caesar2(msg, 13), caesar2(caesar2(msg, 13), 13))
def vigenere(text, key, decrypt=False):
    out = []
    ki = 0
    for c in text:
        if c.isalpha():
            k = ord(key[ki % len(key)].lower()) - 97
            if decrypt:
                k = -k
            base = ord("A") if c.isupper() else ord("a")
            out.append(chr((ord(c) - base + k) % 26 + base))
            ki += 1
        else:
            out.append(c)
    return "".join(out)
e = vigenere("Attack at Dawn", "Lemon")
print(e, vigenere(e, "Lemon", decrypt=True))
# %% rle
from itertools import groupby
def encode(s):
    return [(k, len(list(g))) for k, g in groupby(s)]
def decode(pairs):
    return "".join(c * n for c, n in pairs)
s = "WWWWWWWWWWWWBWWWWWWWWWWWWBBBWWWW"
e = encode(s)
print(e)
print("".join(f"{n}{c}" for c, n in e))
print(decode(e) == s)
def rle(s):
    if not s:
        return ""
    out = ""
    prev = s[0]
    n = 1
    for c in s[1:]:
        if c == prev:
            n += 1
        else:
            out += f"{n}{prev}"
            prev, n = c, 1
    return out + f"{n}{prev}"
print(rle(s), rle(""), rle("a"))
# %% nqueens
def solve(n):
    solutions = []
    def place(row, cols, d1, d2, board):
        if row == n:
            solutions.append(board[:])
            return
        for c in range(n):
            if c in cols or row - c in d1 or row + c in d2:
                continue
            cols.add(c); d1.add(row - c); d2.add(row + c)
            board.append(c)
            place(row + 1, cols, d1, d2, board)
            board.pop()
            cols.remove(c); d1.remove(row - c); d2.remove(row + c)
    place(0, set(), set(), set(), [])
    return solutions
for n in range(1, 8):
    print(n, len(solve(n)))
s = solve(6)[0]
for c in s:
    print("." * c + "Q" + "." * (5 - c))
# %% sudoku
def find_empty(b):
    for r in range(9):
        for c in range(9):
            if b[r][c] == 0:
                return r, c
    return None
def ok(b, r, c, v):
    if v in b[r]:
        return False
    if any(b[i][c] == v for i in range(9)):
        return False
    br, bc = 3 * (r // 3), 3 * (c // 3)
    for i in range(br, br + 3):
        for j in range(bc, bc + 3):
            if b[i][j] == v:
                return False
    return True
def solve(b):
    spot = find_empty(b)
    if not spot:
        return True
    r, c = spot
    for v in range(1, 10):
        if ok(b, r, c, v):
            b[r][c] = v
            if solve(b):
                return True
            b[r][c] = 0
    return False
puzzle = "530070000600195000098000060800060003400803001700020006060000280000419005000080079"
board = [[int(puzzle[9 * i + j]) for j in range(9)] for i in range(9)]
print(solve(board))
for i, row in enumerate(board):
    if i % 3 == 0 and i:
        print("------+-------+------")
    print(" | ".join(" ".join(str(x) for x in row[k:k + 3]) for k in (0, 3, 6)))
# %% graph_bfs_dfs
from collections import deque, defaultdict
graph = {"A": ["B", "C"], "B": ["D", "E"], "C": ["F"], "D": [], "E": ["F"], "F": []}
def bfs(g, start):
    seen = {start}
    q = deque([start])
    order = []
    while q:
        v = q.popleft()
        order.append(v)
        for w in g[v]:
            if w not in seen:
                seen.add(w)
                q.append(w)
    return order
def dfs(g, v, seen=None):
    if seen is None:
        seen = set()
    seen.add(v)
    out = [v]
    for w in g[v]:
        if w not in seen:
            out += dfs(g, w, seen)
    return out
def shortest(g, a, b):
    prev = {a: None}
    q = deque([a])
    while q:
        v = q.popleft()
        if v == b:
            path = []
            while v is not None:
                path.append(v)
                v = prev[v]
            return path[::-1]
        for w in g[v]:
            if w not in prev:
                prev[w] = v
                q.append(w)
    return None
print(bfs(graph, "A"), dfs(graph, "A"), shortest(graph, "A", "F"), shortest(graph, "F", "A"))
class Graph:
    def __init__(self):
        self.adj = defaultdict(list)
    def add_edge(self, u, v):
        self.adj[u].append(v)
        self.adj[v].append(u)
    def components(self):
        seen = set()
        comps = []
        for v in list(self.adj):
            if v in seen:
                continue
            comp = []
            stack = [v]
            while stack:
                x = stack.pop()
                if x in seen:
                    continue
                seen.add(x)
                comp.append(x)
                stack.extend(self.adj[x])
            comps.append(sorted(comp))
        return comps
g = Graph()
for u, v in [(1, 2), (2, 3), (4, 5), (6, 6)]:
    g.add_edge(u, v)
print(g.components())
# %% dijkstra_heap
import heapq
def dijkstra(graph, start):
    dist = {node: float("inf") for node in graph}
    dist[start] = 0
    prev = {}
    pq = [(0, start)]
    while pq:
        d, u = heapq.heappop(pq)
        if d > dist[u]:
            continue
        for v, w in graph[u].items():
            nd = d + w
            if nd < dist[v]:
                dist[v] = nd
                prev[v] = u
                heapq.heappush(pq, (nd, v))
    return dist, prev
graph = {"A": {"B": 1, "C": 4}, "B": {"C": 2, "D": 5}, "C": {"D": 1}, "D": {}, "E": {"A": 1}}
dist, prev = dijkstra(graph, "A")
print(dist)
print(prev)
def path(prev, t):
    p = [t]
    while t in prev:
        t = prev[t]
        p.append(t)
    return list(reversed(p))
print(" -> ".join(path(prev, "D")))
# %% knapsack_lcs_edit
def knapsack(items, cap):
    n = len(items)
    dp = [[0] * (cap + 1) for _ in range(n + 1)]
    for i in range(1, n + 1):
        w, v = items[i - 1]
        for c in range(cap + 1):
            dp[i][c] = dp[i - 1][c]
            if c >= w:
                dp[i][c] = max(dp[i][c], dp[i - 1][c - w] + v)
    chosen = []
    c = cap
    for i in range(n, 0, -1):
        if dp[i][c] != dp[i - 1][c]:
            chosen.append(i - 1)
            c -= items[i - 1][0]
    return dp[n][cap], chosen[::-1]
print(knapsack([(1, 1), (3, 4), (4, 5), (5, 7)], 7))
def lcs(a, b):
    dp = [["" for _ in range(len(b) + 1)] for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] == b[j]:
                dp[i + 1][j + 1] = dp[i][j] + a[i]
            else:
                dp[i + 1][j + 1] = max(dp[i][j + 1], dp[i + 1][j], key=len)
    return dp[-1][-1]
print(lcs("AGGTAB", "GXTXAYB"), lcs("kitten", "sitting"))
def edit(a, b):
    prev = list(range(len(b) + 1))
    for i, ca in enumerate(a, 1):
        cur = [i]
        for j, cb in enumerate(b, 1):
            cur.append(min(prev[j] + 1, cur[j - 1] + 1, prev[j - 1] + (ca != cb)))
        prev = cur
    return prev[-1]
print(edit("kitten", "sitting"), edit("", "abc"), edit("flaw", "lawn"))
def coins(amount, cs):
    ways = [1] + [0] * amount
    for c in cs:
        for a in range(c, amount + 1):
            ways[a] += ways[a - c]
    return ways[amount]
print(coins(100, [1, 5, 10, 25, 50]))
def lis(xs):
    best = [1] * len(xs)
    for i in range(len(xs)):
        for j in range(i):
            if xs[j] < xs[i]:
                best[i] = max(best[i], best[j] + 1)
    return max(best, default=0)
print(lis([10, 9, 2, 5, 3, 7, 101, 18]), lis([]))
# %% json_roundtrip
import json
data = {"name": "Widget", "price": 9.99, "tags": ["a", "b"], "dims": {"w": 1, "h": 2}, "active": True, "parent": None}
s = json.dumps(data)
print(s)
back = json.loads(s)
print(back == data)
print(back["dims"]["w"] + 1, back["tags"][0].upper())
print(json.dumps(data, indent=2, sort_keys=True))
for k, v in back.items():
    print(k, type(v).__name__, v)
try:
    json.loads("{bad}")
except json.JSONDecodeError as e:
    print("bad json:", e)
print(json.dumps([1, "two", 3.0, None, True, {"k": []}]))
# %% string_formatting
name, age, pi = "Bob", 42, 3.14159265
print("%s is %d years old" % (name, age))
print("{} is {} years".format(name, age))
print("{0} {1} {0}".format("a", "b"))
print("{name} {age:05d}".format(name=name, age=age))
print(f"{pi:.2f} {pi:10.3f}| {pi:<10.1f}| {pi:^10.2f}| {pi:+.1e}")
print(f"{age:b} {age:x} {age:o} {age:#x} {age:#b} {age:08b} {age:c}")
print(f"{1234567:,} {1234567.891:,.2f} {0.256:.1%} {1e10:g}")
print(f"{name!r:>10} {name:*^9} {name:>6}|{name:<6}|")
w = 12
print(f"{name:{w}}|{pi:{w}.{3}}|")
print(f"{age=} {name=} {age + 1=}")
print("%5.2f|%-8s|%+d|%x|%%" % (pi, name, age, 255))
print("abc".center(11, "-"), "7".zfill(3), "x".ljust(3) + "|", "x".rjust(3))
for i in range(1, 4):
    print(f"{i:2d} {i * i:3d} {i ** 3:4d}")
print("Name: {:<10} Age: {:>3}".format(name, age))
table = [("apple", 1.5, 3), ("kiwi", 0.25, 12)]
print(f"{'item':<10}|{'price':>8}|{'qty':^5}")
print("-" * 25)
for item, price, qty in table:
    print(f"{item:<10}|{price:>8.2f}|{qty:^5}")
# %% date_by_hand
def is_leap(y):
    return y % 4 == 0 and (y % 100 != 0 or y % 400 == 0)
DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
def days_in_month(y, m):
    return 29 if m == 2 and is_leap(y) else DAYS[m - 1]
def day_of_year(y, m, d):
    return sum(days_in_month(y, k) for k in range(1, m)) + d
def days_since_epoch(y, m, d):
    days = 0
    for yy in range(1970, y):
        days += 366 if is_leap(yy) else 365
    return days + day_of_year(y, m, d) - 1
def weekday(y, m, d):
    return NAMES[(days_since_epoch(y, m, d) + 3) % 7]
for date in [(1970, 1, 1), (2000, 2, 29), (2024, 12, 25)]:
    y, m, d = date
    print("%04d-%02d-%02d" % date, weekday(*date), day_of_year(y, m, d), days_since_epoch(*date))
def calendar(y, m):
    first = (days_since_epoch(y, m, 1) + 3) % 7
    print(f"{y}-{m:02}".center(20))
    print("Mo Tu We Th Fr Sa Su")
    line = "   " * first
    for d in range(1, days_in_month(y, m) + 1):
        line += f"{d:2} "
        if (first + d) % 7 == 0:
            print(line.rstrip())
            line = ""
    if line:
        print(line.rstrip())
calendar(2024, 2)
# %% generators_pipeline
def numbers():
    n = 0
    while True:
        yield n
        n += 1
def take(it, n):
    out = []
    for x in it:
        if len(out) == n:
            break
        out.append(x)
    return out
def squares(it):
    for x in it:
        yield x * x
def evens(it):
    return (x for x in it if x % 2 == 0)
print(take(squares(evens(numbers())), 5))
def fib():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b
for i, f in enumerate(fib()):
    if i >= 10:
        break
    print(f, end=" ")
print()
def chunks(xs, n):
    for i in range(0, len(xs), n):
        yield xs[i:i + n]
print(list(chunks(list(range(7)), 3)))
def flatten(xs):
    for x in xs:
        if isinstance(x, list):
            yield from flatten(x)
        else:
            yield x
print(list(flatten([1, [2, [3, [4]], 5]])))
g = numbers()
print(next(g), next(g), next(g))
it = iter([1, 2])
print(next(it), next(it), next(it, "end"))
# %% event_queue
import heapq
import itertools
class Event:
    _ids = itertools.count()
    def __init__(self, time, name, action):
        self.time = time
        self.name = name
        self.action = action
        self.id = next(Event._ids)
    def __lt__(self, other):
        return (self.time, self.id) < (other.time, other.id)
class Simulator:
    def __init__(self):
        self.queue = []
        self.now = 0
        self.log = []
    def schedule(self, delay, name, action=None):
        heapq.heappush(self.queue, Event(self.now + delay, name, action))
    def run(self, until=100):
        while self.queue and self.queue[0].time <= until:
            ev = heapq.heappop(self.queue)
            self.now = ev.time
            self.log.append((ev.time, ev.name))
            if ev.action:
                ev.action(self)
sim = Simulator()
def ping(s):
    if s.now < 20:
        s.schedule(5, "pong", pong)
def pong(s):
    s.schedule(3, "ping", ping)
sim.schedule(1, "ping", ping)
sim.schedule(10, "stop")
sim.run()
for t, n in sim.log:
    print(t, n)
# %% permutations_etc
def permutations(xs):
    if len(xs) <= 1:
        return [xs]
    out = []
    for i in range(len(xs)):
        for p in permutations(xs[:i] + xs[i + 1:]):
            out.append([xs[i]] + p)
    return out
print(permutations([1, 2, 3]))
print(permutations("abc") if False else len(permutations(list("abcd"))))
def powerset(s):
    if not s:
        return [[]]
    rest = powerset(s[1:])
    return rest + [[s[0]] + r for r in rest]
print(powerset([1, 2, 3]))
def combos(xs, k):
    if k == 0:
        return [()]
    if not xs:
        return []
    return [(xs[0],) + c for c in combos(xs[1:], k - 1)] + combos(xs[1:], k)
print(combos([1, 2, 3, 4], 2))
from itertools import permutations as perms, combinations, product
print(["".join(p) for p in perms("abc")])
print(list(combinations(range(4), 3)))
print(list(product([0, 1], repeat=2)))
def binary_strings(n):
    return [format(i, f"0{n}b") for i in range(2 ** n)]
print(binary_strings(3))
# %% game_of_life
def step(cells):
    counts = {}
    for (x, y) in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    k = (x + dx, y + dy)
                    counts[k] = counts.get(k, 0) + 1
    return {p for p, n in counts.items() if n == 3 or (n == 2 and p in cells)}
glider = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
for gen in range(4):
    print(f"gen {gen}:")
    for y in range(5):
        print("".join("#" if (x, y) in glider else "." for x in range(5)))
    glider = step(glider)
print(sorted(glider))
