# %% nbody
import math

PI = 3.141592653589793
SOLAR_MASS = 4 * PI * PI
DAYS = 365.24


class Body:
    def __init__(self, x, y, z, vx, vy, vz, mass):
        self.x = x
        self.y = y
        self.z = z
        self.vx = vx
        self.vy = vy
        self.vz = vz
        self.mass = mass


def bodies():
    return [
        Body(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, SOLAR_MASS),
        Body(
            4.84143144246472090e00,
            -1.16032004402742839e00,
            -1.03622044471123109e-01,
            1.66007664274403694e-03 * DAYS,
            7.69901118419740425e-03 * DAYS,
            -6.90460016972063023e-05 * DAYS,
            9.54791938424326609e-04 * SOLAR_MASS,
        ),
        Body(
            8.34336671824457987e00,
            4.12479856412430479e00,
            -4.03523417114321381e-01,
            -2.76742510726411864e-03 * DAYS,
            4.99852801234917238e-03 * DAYS,
            2.30417297573763929e-05 * DAYS,
            2.85885980666130812e-04 * SOLAR_MASS,
        ),
    ]


def advance(system, dt):
    for i in range(len(system)):
        a = system[i]
        for j in range(i + 1, len(system)):
            b = system[j]
            dx = a.x - b.x
            dy = a.y - b.y
            dz = a.z - b.z
            d2 = dx * dx + dy * dy + dz * dz
            mag = dt / (d2 * math.sqrt(d2))
            a.vx -= dx * b.mass * mag
            a.vy -= dy * b.mass * mag
            a.vz -= dz * b.mass * mag
            b.vx += dx * a.mass * mag
            b.vy += dy * a.mass * mag
            b.vz += dz * a.mass * mag
    for b in system:
        b.x += dt * b.vx
        b.y += dt * b.vy
        b.z += dt * b.vz


def energy(system):
    e = 0.0
    for i, a in enumerate(system):
        e += 0.5 * a.mass * (a.vx**2 + a.vy**2 + a.vz**2)
        for b in system[i + 1 :]:
            distance = math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + (a.z - b.z) ** 2)
            e -= (a.mass * b.mass) / distance
    return e


system = bodies()
print("%.9f" % energy(system))
for _ in range(200):
    advance(system, 0.01)
print(f"{energy(system):.9f}")
# %% spectral_norm
from math import sqrt


def eval_a(i, j):
    return 1.0 / ((i + j) * (i + j + 1) // 2 + i + 1)


def times(u, transpose):
    result = []
    for i in range(len(u)):
        total = 0.0
        for j in range(len(u)):
            total += (eval_a(j, i) if transpose else eval_a(i, j)) * u[j]
        result.append(total)
    return result


def main():
    n = 20
    u = [1] * n
    v = []
    for _ in range(10):
        v = times(times(u, False), True)
        u = times(times(v, False), True)
    vbv = vv = 0
    for ue, ve in zip(u, v):
        vbv += ue * ve
        vv += ve * ve
    print("%0.9f" % sqrt(vbv / vv))


main()


# %% fannkuch
def fannkuch(n):
    perm1 = list(range(n))
    count = [0] * n
    max_flips = 0
    checksum = 0
    r = n
    nperm = 0
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        perm = perm1[:]
        flips = 0
        while perm[0] != 0:
            k = perm[0]
            perm[: k + 1] = perm[: k + 1][::-1]
            flips += 1
        max_flips = max(max_flips, flips)
        checksum += flips if nperm % 2 == 0 else -flips
        while True:
            if r == n:
                return checksum, max_flips
            first = perm1[0]
            for i in range(r):
                perm1[i] = perm1[i + 1]
            perm1[r] = first
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        nperm += 1


checksum, flips = fannkuch(7)
print(f"{checksum}\nPfannkuchen(7) = {flips}")


# %% mandelbrot
def mandelbrot(width, height, limit):
    rows = []
    for py in range(height):
        row = ""
        for px in range(width):
            x0 = px / width * 3.5 - 2.5
            y0 = py / height * 2.0 - 1.0
            x = y = 0.0
            i = 0
            while x * x + y * y <= 4.0 and i < limit:
                x, y = x * x - y * y + x0, 2 * x * y + y0
                i += 1
            row += " .:-=+*#%@"[i * 9 // limit]
        rows.append(row)
    return rows


for line in mandelbrot(60, 20, 40):
    print(line.rstrip())


# %% binary_trees
class Node:
    def __init__(self, left=None, right=None):
        self.left = left
        self.right = right

    def check(self):
        if self.left is None:
            return 1
        return 1 + self.left.check() + self.right.check()


def make(depth):
    if depth == 0:
        return Node()
    return Node(make(depth - 1), make(depth - 1))


for depth in range(4, 9, 2):
    print(depth, make(depth).check())


# %% binary_trees_tuples
def bottom_up(depth):
    if depth <= 0:
        return (None, None)
    depth -= 1
    return (bottom_up(depth), bottom_up(depth))


def check(tree):
    left, right = tree
    if left is None:
        return 1
    return 1 + check(left) + check(right)


print(check(bottom_up(6)))


# %% sieve
def primes(n):
    sieve = [True] * (n + 1)
    sieve[0] = sieve[1] = False
    for i in range(2, int(n**0.5) + 1):
        if sieve[i]:
            for j in range(i * i, n + 1, i):
                sieve[j] = False
    return [i for i, p in enumerate(sieve) if p]


print(primes(100))
print(len(primes(10000)), sum(primes(1000)))


# %% sieve_slices
def primes(n):
    flags = [True] * n
    for i in range(3, int(n**0.5) + 1, 2):
        if flags[i]:
            flags[i * i :: 2 * i] = [False] * ((n - i * i - 1) // (2 * i) + 1)
    return [2] + [i for i in range(3, n, 2) if flags[i]]


print(primes(60))


# %% nqueens
def queens(n):
    solutions = []

    def place(row, columns, diagonals, antidiagonals, board):
        if row == n:
            solutions.append(board[:])
            return
        for column in range(n):
            if column in columns or row - column in diagonals or row + column in antidiagonals:
                continue
            columns.add(column)
            diagonals.add(row - column)
            antidiagonals.add(row + column)
            board.append(column)
            place(row + 1, columns, diagonals, antidiagonals, board)
            board.pop()
            columns.remove(column)
            diagonals.remove(row - column)
            antidiagonals.remove(row + column)

    place(0, set(), set(), set(), [])
    return solutions


found = queens(6)
print(len(found), found[0])
for row in found[0]:
    print("." * row + "Q" + "." * (5 - row))


# %% game_of_life
def step(cells):
    counts = {}
    for x, y in cells:
        for dx in (-1, 0, 1):
            for dy in (-1, 0, 1):
                if dx or dy:
                    key = (x + dx, y + dy)
                    counts[key] = counts.get(key, 0) + 1
    return {cell for cell, n in counts.items() if n == 3 or (n == 2 and cell in cells)}


glider = {(1, 0), (2, 1), (0, 2), (1, 2), (2, 2)}
for generation in range(4):
    for y in range(6):
        print("".join("#" if (x, y) in glider else "." for x in range(6)))
    print(generation, sorted(glider))
    glider = step(glider)


# %% bank
class InsufficientFunds(Exception):
    def __init__(self, needed, available):
        super().__init__(f"need {needed}, have {available}")
        self.needed = needed
        self.available = available


class Account:
    interest = 0.02

    def __init__(self, owner, balance=0):
        self.owner = owner
        self.balance = balance
        self.history = []

    def deposit(self, amount):
        if amount <= 0:
            raise ValueError("amount must be positive")
        self.balance += amount
        self.history.append(("deposit", amount))
        return self.balance

    def withdraw(self, amount):
        if amount > self.balance:
            raise InsufficientFunds(amount, self.balance)
        self.balance -= amount
        self.history.append(("withdraw", amount))
        return self.balance

    def __str__(self):
        return f"{self.owner}: {self.balance}"


class Savings(Account):
    def add_interest(self):
        return self.deposit(int(self.balance * self.interest))


a = Savings("ann", 100)
print(a.deposit(50), a.withdraw(30), a.add_interest(), a)
try:
    a.withdraw(1000)
except InsufficientFunds as e:
    print("refused:", e, e.needed - e.available)
try:
    a.deposit(-1)
except ValueError as e:
    print("error:", e)
print(a.history)
a.withdraw(500)


# %% lru_cache
class LRUCache:
    def __init__(self, capacity):
        self.capacity = capacity
        self.items = {}

    def get(self, key):
        if key not in self.items:
            return -1
        value = self.items.pop(key)
        self.items[key] = value
        return value

    def put(self, key, value):
        if key in self.items:
            self.items.pop(key)
        elif len(self.items) >= self.capacity:
            oldest = next(iter(self.items))
            del self.items[oldest]
        self.items[key] = value


cache = LRUCache(2)
cache.put(1, 10)
cache.put(2, 20)
print(cache.get(1))
cache.put(3, 30)
print(cache.get(2), cache.get(3), cache.items)


# %% matrix
def zeros(rows, columns):
    return [[0 for _ in range(columns)] for _ in range(rows)]


def multiply(a, b):
    result = zeros(len(a), len(b[0]))
    for i in range(len(a)):
        for j in range(len(b[0])):
            for k in range(len(b)):
                result[i][j] += a[i][k] * b[k][j]
    return result


def transpose(m):
    return [list(row) for row in zip(*m)]


def power(m, n):
    result = [[int(i == j) for j in range(len(m))] for i in range(len(m))]
    while n:
        if n & 1:
            result = multiply(result, m)
        m = multiply(m, m)
        n >>= 1
    return result


a = [[1, 2], [3, 4]]
print(multiply(a, [[5, 6], [7, 8]]))
print(transpose([[1, 2, 3], [4, 5, 6]]))
print(power([[1, 1], [1, 0]], 30))
# %% graph
from collections import deque

graph = {"a": ["b", "c"], "b": ["d"], "c": ["d", "e"], "d": ["f"], "e": ["f"], "f": []}


def bfs(graph, start, goal):
    queue = deque([[start]])
    seen = {start}
    while queue:
        path = queue.popleft()
        node = path[-1]
        if node == goal:
            return path
        for neighbour in graph[node]:
            if neighbour not in seen:
                seen.add(neighbour)
                queue.append(path + [neighbour])
    return None


def dfs(graph, node, seen=None):
    if seen is None:
        seen = []
    seen.append(node)
    for n in graph[node]:
        if n not in seen:
            dfs(graph, n, seen)
    return seen


print(bfs(graph, "a", "f"))
print(bfs(graph, "f", "a"))
print(dfs(graph, "a"))
# %% dijkstra
import heapq


def dijkstra(graph, start):
    distances = {node: float("inf") for node in graph}
    distances[start] = 0
    queue = [(0, start)]
    while queue:
        d, node = heapq.heappop(queue)
        if d > distances[node]:
            continue
        for neighbour, weight in graph[node].items():
            candidate = d + weight
            if candidate < distances[neighbour]:
                distances[neighbour] = candidate
                heapq.heappush(queue, (candidate, neighbour))
    return distances


print(dijkstra({"A": {"B": 1, "C": 4}, "B": {"C": 2, "D": 5}, "C": {"D": 1}, "D": {}}, "A"))


# %% knapsack
def knapsack(items, capacity):
    best = [[0] * (capacity + 1) for _ in range(len(items) + 1)]
    for i, (name, weight, value) in enumerate(items, 1):
        for c in range(capacity + 1):
            best[i][c] = best[i - 1][c]
            if weight <= c:
                best[i][c] = max(best[i][c], best[i - 1][c - weight] + value)
    chosen = []
    c = capacity
    for i in range(len(items), 0, -1):
        if best[i][c] != best[i - 1][c]:
            name, weight, value = items[i - 1]
            chosen.append(name)
            c -= weight
    return best[-1][capacity], chosen[::-1]


print(
    knapsack(
        [("map", 9, 150), ("compass", 13, 35), ("water", 153, 200), ("sandwich", 50, 160), ("glucose", 15, 60)], 100
    )
)
# %% sudoku
BOARD = [
    "53..7....",
    "6..195...",
    ".98....6.",
    "8...6...3",
    "4..8.3..1",
    "7...2...6",
    ".6....28.",
    "...419..5",
    "....8..79",
]


def solve(grid):
    for r in range(9):
        for c in range(9):
            if grid[r][c] == 0:
                for value in range(1, 10):
                    if fits(grid, r, c, value):
                        grid[r][c] = value
                        if solve(grid):
                            return True
                        grid[r][c] = 0
                return False
    return True


def fits(grid, r, c, value):
    if value in grid[r]:
        return False
    if any(grid[i][c] == value for i in range(9)):
        return False
    br, bc = r // 3 * 3, c // 3 * 3
    return all(grid[i][j] != value for i in range(br, br + 3) for j in range(bc, bc + 3))


grid = [[0 if ch == "." else int(ch) for ch in line] for line in BOARD]
if solve(grid):
    for row in grid:
        print(*row)


# %% calculator
class Parser:
    def __init__(self, text):
        self.tokens = self.tokenize(text)
        self.position = 0

    def tokenize(self, text):
        tokens = []
        i = 0
        while i < len(text):
            c = text[i]
            if c.isspace():
                i += 1
            elif c.isdigit() or c == ".":
                start = i
                while i < len(text) and (text[i].isdigit() or text[i] == "."):
                    i += 1
                tokens.append(("number", text[start:i]))
            elif c in "+-*/()^":
                tokens.append(("operator", c))
                i += 1
            else:
                raise SyntaxError(f"unexpected {c!r} at {i}")
        tokens.append(("end", ""))
        return tokens

    def peek(self):
        return self.tokens[self.position]

    def take(self):
        token = self.tokens[self.position]
        self.position += 1
        return token

    def expression(self):
        value = self.term()
        while self.peek()[1] in ("+", "-"):
            _, op = self.take()
            right = self.term()
            value = value + right if op == "+" else value - right
        return value

    def term(self):
        value = self.factor()
        while self.peek()[1] and self.peek()[1] in "*/":
            _, op = self.take()
            right = self.factor()
            if op == "*":
                value *= right
            else:
                value /= right
        return value

    def factor(self):
        base = self.unary()
        if self.peek()[1] == "^":
            self.take()
            return base ** self.factor()
        return base

    def unary(self):
        kind, text = self.take()
        if kind == "number":
            return float(text)
        if text == "-":
            return -self.unary()
        if text == "(":
            value = self.expression()
            if self.take()[1] != ")":
                raise SyntaxError("expected )")
            return value
        raise SyntaxError(f"unexpected token {text!r}")


for text in ["1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-4 / (2 - 4)", "1 +", "1 $ 2", "(1", "1 / 0"]:
    try:
        print(text, "=", Parser(text).expression())
    except SyntaxError as e:
        print(text, "->", e)
    except ZeroDivisionError as e:
        print(text, "->", type(e).__name__, e)
# %% word_count
text = """The quick brown fox jumps over the lazy dog. The dog sleeps;
the fox runs away. Quick, quick, said the fox!"""
counts = {}
for word in text.lower().split():
    word = word.strip(".,;!")
    counts[word] = counts.get(word, 0) + 1
for word, n in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
    print(f"{word:<8}{n:>3}")
longest = max(counts, key=len)
print(longest, max(counts.values()))


# %% caesar
def caesar(text, shift):
    out = []
    for ch in text:
        if ch.isalpha():
            base = ord("A") if ch.isupper() else ord("a")
            out.append(chr((ord(ch) - base + shift) % 26 + base))
        else:
            out.append(ch)
    return "".join(out)


secret = caesar("Hello, World!", 3)
print(secret, caesar(secret, -3))
# %% fizzbuzz
for i in range(1, 21):
    if i % 15 == 0:
        print("FizzBuzz")
    elif i % 3 == 0:
        print("Fizz")
    elif i % 5 == 0:
        print("Buzz")
    else:
        print(i)
print(["Fizz" * (i % 3 == 0) + "Buzz" * (i % 5 == 0) or i for i in range(1, 16)])


# %% fibonacci
def fib(n):
    if n < 2:
        return n
    return fib(n - 1) + fib(n - 2)


def fib_memo(n, memo={}):
    if n in memo:
        return memo[n]
    if n < 2:
        return n
    memo[n] = fib_memo(n - 1) + fib_memo(n - 2)
    return memo[n]


def fib_generator():
    a, b = 0, 1
    while True:
        yield a
        a, b = b, a + b


print([fib(i) for i in range(15)])
print(fib_memo(80))
for i, value in enumerate(fib_generator()):
    if i > 10:
        break
    print(value, end=" ")
print()


# %% sorting
def quicksort(items):
    if len(items) <= 1:
        return items
    pivot = items[len(items) // 2]
    return (
        quicksort([x for x in items if x < pivot])
        + [x for x in items if x == pivot]
        + quicksort([x for x in items if x > pivot])
    )


def merge_sort(items):
    if len(items) < 2:
        return items
    middle = len(items) // 2
    left, right = merge_sort(items[:middle]), merge_sort(items[middle:])
    merged = []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] <= right[j]:
            merged.append(left[i])
            i += 1
        else:
            merged.append(right[j])
            j += 1
    return merged + left[i:] + right[j:]


def bubble(items):
    items = list(items)
    n = len(items)
    for i in range(n):
        swapped = False
        for j in range(n - i - 1):
            if items[j] > items[j + 1]:
                items[j], items[j + 1] = items[j + 1], items[j]
                swapped = True
        if not swapped:
            break
    return items


numbers = [38, 27, 43, 3, 9, 82, 10, -5, 27]
print(quicksort(numbers), merge_sort(numbers), bubble(numbers), numbers)
print(quicksort(["pear", "apple", "fig"]), bubble("hello"))
print(merge_sort([2.5, -1.0, 3.25]))


# %% hanoi
def hanoi(n, source, target, spare, moves):
    if n == 0:
        return 0
    count = hanoi(n - 1, source, spare, target, moves)
    moves.append(f"{source}->{target}")
    return count + 1 + hanoi(n - 1, spare, target, source, moves)


moves = []
print(hanoi(4, "A", "C", "B", moves), " ".join(moves))


# %% permutations
def permutations(items):
    if not items:
        return [[]]
    result = []
    for i in range(len(items)):
        for rest in permutations(items[:i] + items[i + 1 :]):
            result.append([items[i]] + rest)
    return result


print(permutations([1, 2, 3]))
print(["".join(p) for p in permutations(list("abc"))])


def subsets(items):
    result = [[]]
    for item in items:
        result += [subset + [item] for subset in result]
    return result


print(subsets([1, 2, 3]))


# %% linked_list
class Node:
    def __init__(self, value, next=None):
        self.value = value
        self.next = next


class LinkedList:
    def __init__(self):
        self.head = None
        self.size = 0

    def push(self, value):
        self.head = Node(value, self.head)
        self.size += 1

    def pop(self):
        if self.head is None:
            raise IndexError("pop from empty list")
        value = self.head.value
        self.head = self.head.next
        self.size -= 1
        return value

    def reverse(self):
        previous = None
        node = self.head
        while node:
            node.next, previous, node = previous, node, node.next
        self.head = previous

    def __len__(self):
        return self.size

    def __iter__(self):
        node = self.head
        while node is not None:
            yield node.value
            node = node.next

    def __repr__(self):
        return " -> ".join(str(v) for v in self) + " -> None"


numbers = LinkedList()
for i in range(5):
    numbers.push(i * i)
print(numbers, len(numbers))
numbers.reverse()
print(numbers, list(numbers), 9 in numbers, sum(numbers))
print(numbers.pop(), numbers.pop(), numbers)
while numbers:
    numbers.pop()
numbers.pop()


# %% binary_search_tree
class Tree:
    def __init__(self):
        self.root = None

    def insert(self, key, value):
        if self.root is None:
            self.root = Entry(key, value)
        else:
            self.root.insert(key, value)

    def items(self):
        if self.root is not None:
            yield from self.root.items()

    def height(self):
        return self.root.height() if self.root else 0


class Entry:
    def __init__(self, key, value):
        self.key = key
        self.value = value
        self.left = None
        self.right = None

    def insert(self, key, value):
        if key < self.key:
            if self.left is None:
                self.left = Entry(key, value)
            else:
                self.left.insert(key, value)
        elif key > self.key:
            if self.right is None:
                self.right = Entry(key, value)
            else:
                self.right.insert(key, value)
        else:
            self.value = value

    def items(self):
        if self.left:
            yield from self.left.items()
        yield self.key, self.value
        if self.right:
            yield from self.right.items()

    def height(self):
        left = self.left.height() if self.left else 0
        right = self.right.height() if self.right else 0
        return 1 + max(left, right)


tree = Tree()
for word in "the quick brown fox jumps over the lazy dog".split():
    tree.insert(word, len(word))
print(list(tree.items()), tree.height())


# %% stack_queue
class Stack:
    def __init__(self):
        self._items = []

    def push(self, item):
        self._items.append(item)

    def pop(self):
        return self._items.pop()

    def peek(self):
        return self._items[-1] if self._items else None

    def is_empty(self):
        return not self._items


def balanced(text):
    pairs = {")": "(", "]": "[", "}": "{"}
    stack = Stack()
    for ch in text:
        if ch in pairs.values():
            stack.push(ch)
        elif ch in pairs:
            if stack.is_empty() or stack.pop() != pairs[ch]:
                return False
    return stack.is_empty()


for text in ["()", "([]{})", "([)]", "((", ""]:
    print(repr(text), balanced(text))
s = Stack()
s.pop()


# %% rpn
def rpn(expression):
    stack = []
    ops = {
        "+": lambda a, b: a + b,
        "-": lambda a, b: a - b,
        "*": lambda a, b: a * b,
    }
    for token in expression.split():
        if token in ops:
            b = stack.pop()
            a = stack.pop()
            stack.append(ops[token](a, b))
        else:
            stack.append(int(token))
    return stack[0]


print(rpn("3 4 + 2 *"), rpn("5 1 2 + 4 * + 3 -"))


# %% roman
def to_roman(n):
    result = ""
    for value, numeral in [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ]:
        count, n = divmod(n, value)
        result += numeral * count
    return result


def from_roman(text):
    values = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
    total = 0
    for i, ch in enumerate(text):
        v = values[ch]
        if i + 1 < len(text) and values[text[i + 1]] > v:
            total -= v
        else:
            total += v
    return total


for n in (1, 4, 9, 14, 40, 90, 400, 1994, 2024, 3999):
    print(n, to_roman(n), from_roman(to_roman(n)) == n)


# %% gcd_lcm
def gcd(a, b):
    while b:
        a, b = b, a % b
    return a


def lcm(a, b):
    return a * b // gcd(a, b)


def extended(a, b):
    if b == 0:
        return a, 1, 0
    g, x, y = extended(b, a % b)
    return g, y, x - a // b * y


def is_prime(n):
    if n < 2:
        return False
    i = 2
    while i * i <= n:
        if n % i == 0:
            return False
        i += 1
    return True


def factors(n):
    result = []
    d = 2
    while n > 1:
        while n % d == 0:
            result.append(d)
            n //= d
        d += 1
    return result


print(gcd(48, 18), lcm(4, 6), extended(240, 46))
print([n for n in range(50) if is_prime(n)], factors(360), factors(9973))


# %% json_like
def to_json(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    if isinstance(value, str):
        return '"' + value.replace('"', '\\"') + '"'
    if isinstance(value, list):
        return "[" + ", ".join(to_json(v) for v in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f'"{k}": {to_json(v)}' for k, v in value.items()) + "}"
    raise TypeError("cannot serialise")


print(to_json({"a": 1, "b": 2}))
print(to_json([1, 2, 3]), to_json('hi "there"'), to_json(None), to_json(True), to_json(1.5))


# %% temperatures
def celsius(f):
    return (f - 32) * 5 / 9


readings = {"mon": 71.2, "tue": 68.0, "wed": 75.5, "thu": 80, "fri": 66.6}
print({day: round(celsius(t), 1) for day, t in readings.items()})
average = sum(readings.values()) / len(readings)
print(f"average {average:.2f}, max {max(readings.values())}, hottest {max(readings, key=readings.get)}")
above = [day for day, t in readings.items() if t > average]
print(above)


# %% inventory
class Product:
    def __init__(self, name, price, quantity):
        self.name = name
        self.price = price
        self.quantity = quantity

    def total(self):
        return self.price * self.quantity

    def __repr__(self):
        return f"Product({self.name!r}, {self.price}, {self.quantity})"


class Inventory:
    def __init__(self):
        self.products = {}

    def add(self, product):
        if product.name in self.products:
            self.products[product.name].quantity += product.quantity
        else:
            self.products[product.name] = product

    def remove(self, name, quantity):
        product = self.products.get(name)
        if product is None:
            raise KeyError(name)
        if product.quantity < quantity:
            raise ValueError(f"only {product.quantity} of {name}")
        product.quantity -= quantity
        if not product.quantity:
            del self.products[name]

    def value(self):
        return sum(p.total() for p in self.products.values())


stock = Inventory()
stock.add(Product("nut", 0.25, 100))
stock.add(Product("bolt", 0.5, 40))
stock.add(Product("nut", 0.25, 20))
print(stock.value(), list(stock.products.values()))
for name, quantity in [("nut", 120), ("bolt", 41), ("screw", 1)]:
    try:
        stock.remove(name, quantity)
        print("removed", quantity, name)
    except (KeyError, ValueError) as error:
        print(type(error).__name__, error)
print(sorted(stock.products))
# %% shapes
import math


class Shape:
    def area(self):
        raise NotImplementedError

    def __lt__(self, other):
        return self.area() < other.area()


class Circle(Shape):
    def __init__(self, radius):
        self.radius = radius

    def area(self):
        return math.pi * self.radius**2

    def __str__(self):
        return f"Circle({self.radius})"


class Rectangle(Shape):
    def __init__(self, width, height):
        self.width = width
        self.height = height

    def area(self):
        return self.width * self.height

    def __str__(self):
        return f"Rectangle({self.width}x{self.height})"


shapes = [Circle(1), Rectangle(2, 3), Circle(0.5), Rectangle(1, 1)]
for shape in sorted(shapes):
    print(shape, round(shape.area(), 3))
print(max(shapes, key=lambda s: s.area()))


# %% state_machine
class Light:
    transitions = {"green": "yellow", "yellow": "red", "red": "green"}

    def __init__(self):
        self.state = "red"
        self.log = []

    def next(self):
        self.log.append(self.state)
        self.state = self.transitions[self.state]


light = Light()
for _ in range(5):
    light.next()
print(light.state, light.log, Light.transitions["red"])


# %% levenshtein
def distance(a, b):
    previous = list(range(len(b) + 1))
    for i, ca in enumerate(a):
        current = [i + 1]
        for j, cb in enumerate(b):
            current.append(min(previous[j + 1] + 1, current[j] + 1, previous[j] + (ca != cb)))
        previous = current
    return previous[-1]


for a, b in [("kitten", "sitting"), ("", "abc"), ("flaw", "lawn"), ("same", "same")]:
    print(a, b, distance(a, b))


def lcs(a, b):
    table = [[""] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i in range(len(a)):
        for j in range(len(b)):
            if a[i] == b[j]:
                table[i + 1][j + 1] = table[i][j] + a[i]
            else:
                table[i + 1][j + 1] = max(table[i][j + 1], table[i + 1][j], key=len)
    return table[-1][-1]


print(lcs("AGGTAB", "GXTXAYB"))


# %% two_sum
def two_sum(nums, target):
    seen = {}
    for i, n in enumerate(nums):
        if target - n in seen:
            return [seen[target - n], i]
        seen[n] = i
    return []


def max_subarray(nums):
    best = current = nums[0]
    for n in nums[1:]:
        current = max(n, current + n)
        best = max(best, current)
    return best


def binary_search(items, x):
    low, high = 0, len(items) - 1
    while low <= high:
        mid = (low + high) // 2
        if items[mid] == x:
            return mid
        elif items[mid] < x:
            low = mid + 1
        else:
            high = mid - 1
    return -1


print(two_sum([2, 7, 11, 15], 9), two_sum([3, 2, 4], 6), two_sum([1], 5))
print(max_subarray([-2, 1, -3, 4, -1, 2, 1, -5, 4]))
print(binary_search([1, 3, 5, 7, 9], 7), binary_search([1, 3, 5], 4))


# %% palindromes
def is_palindrome(s):
    cleaned = "".join(c.lower() for c in s if c.isalnum())
    return cleaned == cleaned[::-1]


for s in ["A man, a plan, a canal: Panama", "hello", "", "No 'x' in Nixon"]:
    print(repr(s), is_palindrome(s))


def anagrams(words):
    groups = {}
    for word in words:
        groups.setdefault("".join(sorted(word)), []).append(word)
    return [sorted(g) for g in groups.values() if len(g) > 1]


print(anagrams(["eat", "tea", "tan", "ate", "nat", "bat"]))


# %% run_length
def encode(text):
    result = []
    i = 0
    while i < len(text):
        j = i
        while j < len(text) and text[j] == text[i]:
            j += 1
        result.append((text[i], j - i))
        i = j
    return result


def decode(pairs):
    return "".join(c * n for c, n in pairs)


pairs = encode("aaabbbccd")
print(pairs, decode(pairs), "".join(f"{c}{n}" for c, n in pairs))


# %% pascal
def pascal(n):
    row = [1]
    for _ in range(n):
        yield row
        row = [a + b for a, b in zip([0] + row, row + [0])]


for row in pascal(6):
    print(" ".join(str(x) for x in row).center(20))


# %% collatz
def collatz(n):
    steps = 0
    while n != 1:
        n = n // 2 if n % 2 == 0 else 3 * n + 1
        steps += 1
    return steps


best = max(range(1, 1000), key=collatz)
print(best, collatz(best), [collatz(i) for i in range(1, 12)])


# %% vector_class
class Vector:
    def __init__(self, x, y):
        self.x = x
        self.y = y

    def __add__(self, other):
        return Vector(self.x + other.x, self.y + other.y)

    def __sub__(self, other):
        return Vector(self.x - other.x, self.y - other.y)

    def __mul__(self, k):
        return Vector(self.x * k, self.y * k)

    __rmul__ = __mul__

    def __eq__(self, other):
        return self.x == other.x and self.y == other.y

    def __abs__(self):
        return (self.x**2 + self.y**2) ** 0.5

    def __neg__(self):
        return Vector(-self.x, -self.y)

    def __bool__(self):
        return self.x != 0 or self.y != 0

    def __repr__(self):
        return f"Vector({self.x}, {self.y})"


a = Vector(3, 4)
b = Vector(1, 2)
print(a + b, a - b, a * 2, 3 * a, abs(a), -a, a == Vector(3, 4), a != b, bool(Vector(0, 0)))


# %% luhn
def luhn(number):
    digits = [int(d) for d in str(number)]
    odd = digits[-1::-2]
    even = digits[-2::-2]
    return (sum(odd) + sum(sum(divmod(d * 2, 10)) for d in even)) % 10 == 0


print(luhn(4539578763621486), luhn(8273123273520569))
# %% event_queue
import heapq


class Event:
    def __init__(self, time, name):
        self.time = time
        self.name = name

    def __lt__(self, other):
        return self.time < other.time


events = []
for t, n in [(5, "e"), (1, "a"), (3, "c"), (2, "b"), (4, "d")]:
    heapq.heappush(events, Event(t, n))
while events:
    e = heapq.heappop(events)
    print(e.time, e.name)
# %% text_table
rows = [("name", "qty", "price"), ("apple", 3, 1.5), ("banana", 12, 0.25)]
for name, qty, price in rows:
    print(f"{name:<10}|{qty:>5}|{price:>8}")


# %% tic_tac_toe
def winner(board):
    lines = [(0, 1, 2), (3, 4, 5), (6, 7, 8), (0, 3, 6), (1, 4, 7), (2, 5, 8), (0, 4, 8), (2, 4, 6)]
    for a, b, c in lines:
        if board[a] != " " and board[a] == board[b] == board[c]:
            return board[a]
    if " " not in board:
        return "draw"
    return None


def minimax(board, player):
    result = winner(board)
    if result == "X":
        return 1, None
    if result == "O":
        return -1, None
    if result == "draw":
        return 0, None
    best = None
    best_score = -2 if player == "X" else 2
    for i in range(9):
        if board[i] == " ":
            board[i] = player
            score, _ = minimax(board, "O" if player == "X" else "X")
            board[i] = " "
            if (player == "X" and score > best_score) or (player == "O" and score < best_score):
                best_score = score
                best = i
    return best_score, best


board = list("XO X O   ")
print(minimax(board, "X"))
# %% number_words
ONES = [
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def words(n):
    if n == 0:
        return "zero"
    if n < 20:
        return ONES[n]
    if n < 100:
        return TENS[n // 10] + ("-" + ONES[n % 10] if n % 10 else "")
    if n < 1000:
        return ONES[n // 100] + " hundred" + (" and " + words(n % 100) if n % 100 else "")
    return words(n // 1000) + " thousand" + (" " + words(n % 1000) if n % 1000 else "")


for n in (0, 7, 13, 42, 100, 115, 999, 12345):
    print(n, words(n))


# %% monte_carlo_lcg
class Random:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state * 1103515245 + 12345) % 2147483648
        return self.state / 2147483648


r = Random(42)
inside = 0
for _ in range(1000):
    x, y = r.next(), r.next()
    if x * x + y * y < 1:
        inside += 1
print(inside, 4 * inside / 1000)
