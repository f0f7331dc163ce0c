# %% fannkuch
def fannkuch(n):
    perm1 = list(range(n))
    count = [0] * n
    max_flips = 0
    checksum = 0
    r = n
    sign = 1
    permcount = 0
    while True:
        while r != 1:
            count[r - 1] = r
            r -= 1
        perm = perm1[:]
        flips = 0
        k = perm[0]
        while k:
            perm[:k + 1] = reversed(perm[:k + 1])
            flips += 1
            k = perm[0]
        max_flips = max(max_flips, flips)
        checksum += flips if permcount % 2 == 0 else -flips
        while True:
            if r == n:
                return checksum, max_flips
            perm0 = perm1[0]
            for i in range(r):
                perm1[i] = perm1[i + 1]
            perm1[r] = perm0
            count[r] -= 1
            if count[r] > 0:
                break
            r += 1
        permcount += 1
c, m = fannkuch(6)
print(f"{c}\nPfannkuchen(6) = {m}")
# %% spectral
from math import sqrt
def A(i, j):
    return 1.0 / ((i + j) * (i + j + 1) / 2 + i + 1)
def mulAv(v):
    return [sum(A(i, j) * x for j, x in enumerate(v)) for i in range(len(v))]
def mulAtv(v):
    return [sum(A(j, i) * x for j, x in enumerate(v)) for i in range(len(v))]
n = 20
u = [1] * n
for _ in range(10):
    v = mulAtv(mulAv(u))
    u = mulAtv(mulAv(v))
vBv = vv = 0
for ue, ve in zip(u, v):
    vBv += ue * ve
    vv += ve * ve
print("%0.9f" % sqrt(vBv / vv))
# %% mandel
def mandelbrot(w, h, it):
    for y in range(h):
        row = ""
        for x in range(w):
            cr = 3.0 * x / w - 2.0
            ci = 2.0 * y / h - 1.0
            zr = zi = 0
            i = 0
            while zr * zr + zi * zi < 4 and i < it:
                zr, zi = zr * zr - zi * zi + cr, 2 * zr * zi + ci
                i += 1
            row += " .:-=+*#%@"[i * 9 // it]
        print(row)
mandelbrot(40, 12, 30)
# %% nbody_dict
from math import sqrt
PI = 3.14159265358979323
SOLAR_MASS = 4 * PI * PI
DAYS = 365.24
BODIES = {
    "sun": ([0.0, 0.0, 0.0], [0.0, 0.0, 0.0], SOLAR_MASS),
    "jupiter": ([4.84143144246472090e+00, -1.16032004402742839e+00, -1.03622044471123109e-01],
                [1.66007664274403694e-03 * DAYS, 7.69901118419740425e-03 * DAYS, -6.90460016972063023e-05 * DAYS],
                9.54791938424326609e-04 * SOLAR_MASS),
}
def combinations(l):
    result = []
    for x in range(len(l) - 1):
        ls = l[x + 1:]
        for y in ls:
            result.append((l[x], y))
    return result
SYSTEM = list(BODIES.values())
PAIRS = combinations(SYSTEM)
def advance(dt, n, bodies=SYSTEM, pairs=PAIRS):
    for i in range(n):
        for (([x1, y1, z1], v1, m1), ([x2, y2, z2], v2, m2)) in pairs:
            dx = x1 - x2
            dy = y1 - y2
            dz = z1 - z2
            mag = dt * ((dx * dx + dy * dy + dz * dz) ** (-1.5))
            b1m = m1 * mag
            b2m = m2 * mag
            v1[0] -= dx * b2m
            v1[1] -= dy * b2m
            v1[2] -= dz * b2m
            v2[0] += dx * b1m
            v2[1] += dy * b1m
            v2[2] += dz * b1m
        for (r, [vx, vy, vz], m) in bodies:
            r[0] += dt * vx
            r[1] += dt * vy
            r[2] += dt * vz
def report_energy(bodies=SYSTEM, pairs=PAIRS, e=0.0):
    for (((x1, y1, z1), v1, m1), ((x2, y2, z2), v2, m2)) in pairs:
        dx = x1 - x2
        dy = y1 - y2
        dz = z1 - z2
        e -= (m1 * m2) / ((dx * dx + dy * dy + dz * dz) ** 0.5)
    for (r, [vx, vy, vz], m) in bodies:
        e += m * (vx * vx + vy * vy + vz * vz) / 2.
    print("%.9f" % e)
def offset_momentum(ref, bodies=SYSTEM, px=0.0, py=0.0, pz=0.0):
    for (r, [vx, vy, vz], m) in bodies:
        px -= vx * m
        py -= vy * m
        pz -= vz * m
    (r, v, m) = ref
    v[0] = px / m
    v[1] = py / m
    v[2] = pz / m
offset_momentum(BODIES["sun"])
report_energy()
advance(0.01, 100)
report_energy()
# %% richards_like
IDLE, WORKER, DEVICE = 1, 2, 3
class Packet:
    def __init__(self, link, ident, kind):
        self.link = link
        self.ident = ident
        self.kind = kind
        self.datum = 0
        self.data = [0] * 4
    def append_to(self, lst):
        self.link = None
        if lst is None:
            return self
        p = lst
        nxt = p.link
        while nxt is not None:
            p = nxt
            nxt = p.link
        p.link = self
        return lst
class Task:
    def __init__(self, ident, priority, queue):
        self.ident = ident
        self.priority = priority
        self.queue = queue
        self.count = 0
    def run(self, pkt):
        raise NotImplementedError
class IdleTask(Task):
    def __init__(self, ident, pri, n):
        Task.__init__(self, ident, pri, None)
        self.control = 1
        self.n = n
    def run(self, pkt):
        self.n -= 1
        if self.n == 0:
            return None
        if self.control & 1 == 0:
            self.control //= 2
        else:
            self.control = self.control // 2 ^ 0xd008
        return self
class WorkTask(Task):
    def __init__(self, ident, pri, queue):
        Task.__init__(self, ident, pri, queue)
        self.dest = DEVICE
    def run(self, pkt):
        if pkt is None:
            return self
        self.dest = IDLE if self.dest == DEVICE else DEVICE
        for i in range(4):
            self.count += 1
            if self.count > 26:
                self.count = 1
            pkt.data[i] = ord("A") + self.count - 1
        return self
queue = Packet(None, 1, "k")
queue = Packet(queue, 2, "d")
tasks = [IdleTask(1, 0, 50), WorkTask(2, 10, queue)]
steps = 0
active = True
while active:
    active = False
    for t in tasks:
        pkt = t.queue
        if pkt is not None:
            t.queue = pkt.link
        r = t.run(pkt)
        if r is not None and isinstance(t, IdleTask):
            active = True
        steps += 1
print(steps, tasks[0].control, tasks[1].count, chr(queue.data[0]))
lst = None
for i in range(4):
    lst = Packet(None, i, "x").append_to(lst)
p = lst
while p:
    print(p.ident, end=" ")
    p = p.link
print()
# %% hash_table_class
class HashTable:
    def __init__(self, size=8):
        self.size = size
        self.count = 0
        self.buckets = [[] for _ in range(size)]
    def _hash(self, key):
        h = 0
        for ch in str(key):
            h = (h * 31 + ord(ch)) % self.size
        return h
    def put(self, key, value):
        bucket = self.buckets[self._hash(key)]
        for i, (k, v) in enumerate(bucket):
            if k == key:
                bucket[i] = (key, value)
                return
        bucket.append((key, value))
        self.count += 1
        if self.count > self.size * 2:
            self._resize()
    def get(self, key, default=None):
        for k, v in self.buckets[self._hash(key)]:
            if k == key:
                return v
        return default
    def _resize(self):
        old = self.buckets
        self.size *= 2
        self.buckets = [[] for _ in range(self.size)]
        self.count = 0
        for b in old:
            for k, v in b:
                self.put(k, v)
    def __setitem__(self, k, v): self.put(k, v)
    def __getitem__(self, k):
        v = self.get(k)
        if v is None:
            raise KeyError(k)
        return v
    def __contains__(self, k): return self.get(k) is not None
    def __len__(self): return self.count
    def items(self):
        for b in self.buckets:
            yield from b
t = HashTable()
for i in range(20):
    t[f"key{i}"] = i * i
t["key3"] = 1000
print(len(t), t["key3"], t.get("nope"), "key5" in t, "x" in t, t.size)
try:
    t["zzz"]
except KeyError as e:
    print("KeyError", e)
print(sorted(t.items())[:3])
# %% union_find_kruskal
class DSU:
    def __init__(self, n):
        self.parent = list(range(n))
        self.rank = [0] * n
    def find(self, x):
        if self.parent[x] != x:
            self.parent[x] = self.find(self.parent[x])
        return self.parent[x]
    def union(self, a, b):
        a, b = self.find(a), self.find(b)
        if a == b:
            return False
        if self.rank[a] < self.rank[b]:
            a, b = b, a
        self.parent[b] = a
        if self.rank[a] == self.rank[b]:
            self.rank[a] += 1
        return True
edges = [(7, 0, 1), (5, 1, 2), (8, 0, 2), (9, 1, 3), (7, 2, 4), (5, 1, 4), (15, 3, 4), (6, 3, 5), (8, 4, 5)]
dsu = DSU(6)
mst, total = [], 0
for w, u, v in sorted(edges):
    if dsu.union(u, v):
        mst.append((u, v, w))
        total += w
print(mst, total)
# %% prim_bellman_floyd
import heapq
INF = float("inf")
graph = {0: [(1, 4), (2, 1)], 1: [(3, 1)], 2: [(1, 2), (3, 5)], 3: []}
def bellman(g, src):
    dist = {v: INF for v in g}
    dist[src] = 0
    for _ in range(len(g) - 1):
        for u in g:
            for v, w in g[u]:
                if dist[u] + w < dist[v]:
                    dist[v] = dist[u] + w
    return dist
print(bellman(graph, 0))
def floyd(g):
    n = len(g)
    d = [[INF] * n for _ in range(n)]
    for i in range(n):
        d[i][i] = 0
    for u in g:
        for v, w in g[u]:
            d[u][v] = w
    for k in range(n):
        for i in range(n):
            for j in range(n):
                if d[i][k] + d[k][j] < d[i][j]:
                    d[i][j] = d[i][k] + d[k][j]
    return d
for row in floyd(graph):
    print(row)
def prim(g):
    seen = set()
    heap = [(0, 0)]
    total = 0
    while heap:
        w, u = heapq.heappop(heap)
        if u in seen:
            continue
        seen.add(u)
        total += w
        for v, c in g[u]:
            if v not in seen:
                heapq.heappush(heap, (c, v))
    return total
print(prim(graph))
# %% topo_cycle
def topo(deps):
    indeg = {}
    for n, ds in deps.items():
        indeg.setdefault(n, 0)
        for d in ds:
            indeg.setdefault(d, 0)
            indeg[n] += 1
    order = []
    ready = sorted(n for n in indeg if indeg[n] == 0)
    while ready:
        n = ready.pop(0)
        order.append(n)
        for m in deps:
            if n in deps[m]:
                indeg[m] -= 1
                if indeg[m] == 0:
                    ready.append(m)
    if len(order) != len(indeg):
        raise ValueError("cycle detected")
    return order
print(topo({"app": ["db", "web"], "web": ["net"], "db": ["net", "disk"]}))
try:
    topo({"a": ["b"], "b": ["a"]})
except ValueError as e:
    print("Error:", e)
# %% a_star_maze
import heapq
maze = """#########
#S..#...#
#.#.#.#.#
#.#...#G#
#########""".split("\n")
def find(ch):
    for r, row in enumerate(maze):
        c = row.find(ch)
        if c >= 0:
            return (r, c)
start, goal = find("S"), find("G")
def h(p):
    return abs(p[0] - goal[0]) + abs(p[1] - goal[1])
frontier = [(h(start), 0, start)]
came = {start: None}
cost = {start: 0}
while frontier:
    _, g, cur = heapq.heappop(frontier)
    if cur == goal:
        break
    r, c = cur
    for dr, dc in ((0, 1), (1, 0), (0, -1), (-1, 0)):
        nxt = (r + dr, c + dc)
        if maze[nxt[0]][nxt[1]] == "#":
            continue
        ng = g + 1
        if nxt not in cost or ng < cost[nxt]:
            cost[nxt] = ng
            came[nxt] = cur
            heapq.heappush(frontier, (ng + h(nxt), ng, nxt))
path = []
p = goal
while p is not None:
    path.append(p)
    p = came[p]
path.reverse()
print(len(path), path[0], path[-1])
for r, row in enumerate(maze):
    print("".join("*" if (r, c) in path and ch == "." else ch for c, ch in enumerate(row)))
# %% turing_machine
def run_tm(rules, tape, state="q0", blank="_", limit=100):
    cells = dict(enumerate(tape))
    pos = 0
    steps = 0
    while state != "halt" and steps < limit:
        sym = cells.get(pos, blank)
        write, move, state = rules[(state, sym)]
        cells[pos] = write
        pos += {"R": 1, "L": -1}[move]
        steps += 1
    lo, hi = min(cells), max(cells)
    return "".join(cells.get(i, blank) for i in range(lo, hi + 1)).strip(blank), steps
rules = {("q0", "0"): ("1", "R", "q0"), ("q0", "1"): ("0", "R", "q0"), ("q0", "_"): ("_", "R", "halt")}
print(run_tm(rules, "010011"))
# %% brainfuck
def bf(src, inp=""):
    stack, jump = [], {}
    for i, ch in enumerate(src):
        if ch == "[":
            stack.append(i)
        elif ch == "]":
            j = stack.pop()
            jump[i], jump[j] = j, i
    tape = [0] * 300
    ptr = pc = 0
    out = []
    it = iter(inp)
    while pc < len(src):
        c = src[pc]
        if c == ">": ptr += 1
        elif c == "<": ptr -= 1
        elif c == "+": tape[ptr] = (tape[ptr] + 1) % 256
        elif c == "-": tape[ptr] = (tape[ptr] - 1) % 256
        elif c == ".": out.append(chr(tape[ptr]))
        elif c == ",": tape[ptr] = ord(next(it, "\0"))
        elif c == "[" and tape[ptr] == 0: pc = jump[pc]
        elif c == "]" and tape[ptr] != 0: pc = jump[pc]
        pc += 1
    return "".join(out)
print(bf("++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+."))
print(bf(",[.,]", "echo"))
# %% stack_vm
class VM:
    def __init__(self, code):
        self.code = code
        self.stack = []
        self.vars = {}
        self.pc = 0
        self.output = []
    def push(self, v): self.stack.append(v)
    def pop(self): return self.stack.pop()
    def run(self):
        while self.pc < len(self.code):
            op, *args = self.code[self.pc]
            self.pc += 1
            getattr_name = "op_" + op.lower()
            if op == "PUSH":
                self.push(args[0])
            elif op == "ADD":
                self.push(self.pop() + self.pop())
            elif op == "MUL":
                self.push(self.pop() * self.pop())
            elif op == "STORE":
                self.vars[args[0]] = self.pop()
            elif op == "LOAD":
                self.push(self.vars[args[0]])
            elif op == "JLT":
                b, a = self.pop(), self.pop()
                if a < b:
                    self.pc = args[0]
            elif op == "PRINT":
                self.output.append(str(self.pop()))
            else:
                raise ValueError("bad op " + op)
        return " ".join(self.output)
prog = [("PUSH", 0), ("STORE", "i"), ("LOAD", "i"), ("PRINT",), ("LOAD", "i"), ("PUSH", 1), ("ADD",), ("STORE", "i"),
        ("LOAD", "i"), ("PUSH", 5), ("JLT", 2)]
print(VM(prog).run())
# %% lisp_interpreter
def tokenize(s):
    return s.replace("(", " ( ").replace(")", " ) ").split()
def parse(tokens):
    tok = tokens.pop(0)
    if tok == "(":
        lst = []
        while tokens[0] != ")":
            lst.append(parse(tokens))
        tokens.pop(0)
        return lst
    try:
        return int(tok)
    except ValueError:
        try:
            return float(tok)
        except ValueError:
            return tok
print(parse(tokenize("(+ 1 (* 2 3.5) x)")))
# %% markdown_to_html
import re
def inline(s):
    s = re.sub(r"\*\*(.+?)\*\*", r"<b>\1</b>", s)
    s = re.sub(r"\*(.+?)\*", r"<i>\1</i>", s)
    s = re.sub(r"`(.+?)`", r"<code>\1</code>", s)
    return re.sub(r"\[(.+?)\]\((.+?)\)", r'<a href="\2">\1</a>', s)
def convert(md):
    out, in_list = [], False
    for line in md.strip().split("\n"):
        m = re.match(r"(#{1,6})\s+(.*)", line)
        if line.startswith("- "):
            if not in_list:
                out.append("<ul>")
                in_list = True
            out.append(f"  <li>{inline(line[2:])}</li>")
            continue
        if in_list:
            out.append("</ul>")
            in_list = False
        if m:
            level = len(m.group(1))
            out.append(f"<h{level}>{inline(m.group(2))}</h{level}>")
        elif line.strip():
            out.append(f"<p>{inline(line)}</p>")
    if in_list:
        out.append("</ul>")
    return "\n".join(out)
print(convert("""
# Title
Some **bold** and *it* and `code`.
- one
- [two](http://x.y)
## End
"""))
# %% csv_parse
data = """name,age,city
Alice,30,NYC
Bob,25,LA
Carol,35,"San Jose, CA"
"""
def parse_line(line):
    fields, cur, quoted = [], "", False
    for ch in line:
        if ch == '"':
            quoted = not quoted
        elif ch == "," and not quoted:
            fields.append(cur)
            cur = ""
        else:
            cur += ch
    fields.append(cur)
    return fields
lines = data.strip().splitlines()
header = parse_line(lines[0])
rows = [dict(zip(header, parse_line(l))) for l in lines[1:]]
print(rows)
print(sum(int(r["age"]) for r in rows) / len(rows))
widths = [max(len(h), *(len(r[h]) for r in rows)) for h in header]
print(" | ".join(h.ljust(w) for h, w in zip(header, widths)))
for r in rows:
    print(" | ".join(r[h].ljust(w) for h, w in zip(header, widths)))
# %% ini_parse
text = """
[server]
host = localhost
port = 8080
debug = true
# comment
[db]
name = test
"""
def parse_value(v):
    if v.isdigit():
        return int(v)
    if v.lower() in ("true", "false"):
        return v.lower() == "true"
    return v
config = {}
section = None
for line in text.splitlines():
    line = line.strip()
    if not line or line.startswith("#"):
        continue
    if line.startswith("[") and line.endswith("]"):
        section = line[1:-1]
        config[section] = {}
    else:
        key, _, value = line.partition("=")
        config[section][key.strip()] = parse_value(value.strip())
print(config)
print(config["server"]["port"] + 1, config["server"]["debug"] is True)
for s, kv in config.items():
    for k, v in kv.items():
        print(f"{s}.{k} = {v!r} ({type(v).__name__})")
# %% simulation_random
import random
random.seed(7)
rolls = [random.randint(1, 6) for _ in range(20)]
print(rolls, sum(rolls))
print(random.choice(["a", "b", "c"]), random.sample(range(100), 5), round(random.random(), 6))
deck = [f"{r}{s}" for s in "SHDC" for r in ["A", *map(str, range(2, 11)), "J", "Q", "K"]]
random.shuffle(deck)
print(deck[:5], len(deck))
print(random.choices([1, 2, 3], weights=[1, 1, 8], k=5), random.uniform(1, 2) < 2)
inside = sum(1 for _ in range(1000) if random.random() ** 2 + random.random() ** 2 <= 1)
print(4 * inside / 1000)
r = random.Random(1)
print([r.randrange(10) for _ in range(5)], r.gauss(0, 1) != 0)
# %% statistics_use
import statistics as st
import math
data = [2, 4, 4, 4, 5, 5, 7, 9]
print(st.mean(data), st.median(data), st.mode(data), round(st.stdev(data), 4), st.pstdev(data), st.variance(data))
print(math.sqrt(16), math.floor(2.7), math.ceil(2.1), math.factorial(10), math.gcd(12, 18), math.pi, math.e, math.isclose(0.1 + 0.2, 0.3), math.comb(5, 2), math.perm(5, 2))
print(round(2.5), round(3.5), round(2.675, 2), round(-1.5), round(1234.5678, -2), abs(-5), divmod(17, 5), divmod(-17, 5), pow(2, 10), pow(3, 4, 5))
print(7 // 2, -7 // 2, 7 % 3, -7 % 3, 7.5 // 2, 2 ** -1, 1e3, 1e16, 1e-5, 0.1 + 0.2, 1 / 3, 10 / 2, 3.0, float("inf"), -float("inf"), float("nan"))
print(int("42"), int(3.9), int(-3.9), float("2.5"), str(1.0), bool(""), int("0b101", 0), int("z", 36), 0xff, 0o17, 1_000)
print(math.log(math.e), math.log2(8), math.log10(1000), math.sin(0), math.cos(0), math.degrees(math.pi), math.hypot(3, 4), math.trunc(-2.5), math.isqrt(17), math.inf > 1e308)
print(sum([0.1] * 10), math.fsum([0.1] * 10), max(1, 2.5), min([3, 1.5]), 5 == 5.0, True + True, 3 > 2 > 1)
# %% bits
print(5 & 3, 5 | 3, 5 ^ 3, ~5, 5 << 2, 20 >> 2, bin(10), bin(-5), f"{10:08b}", (255).bit_length(), int("1011", 2), bin(7).count("1"), (10).bit_count())
def popcount(n):
    c = 0
    while n:
        n &= n - 1
        c += 1
    return c
print([popcount(i) for i in range(9)])
def gray(n): return n ^ (n >> 1)
print([f"{gray(i):03b}" for i in range(8)])
flags = 0
READ, WRITE, EXEC = 1, 2, 4
flags |= READ | EXEC
print(flags & WRITE == 0, bool(flags & EXEC), flags & ~READ)
def reverse_bits(n, w=8):
    r = 0
    for _ in range(w):
        r = r << 1 | n & 1
        n >>= 1
    return r
print(reverse_bits(0b00010110), hex(0xdeadbeef >> 16))
# %% walrus_comprehension
data = [1, 5, 2, 8, 3]
print([y for x in data if (y := x * 2) > 5])
while (n := len(data)) > 3:
    data.pop()
print(n, data)
if (m := max(data)) > 4:
    print("big", m)
total = 0
print([total := total + x for x in [1, 2, 3]], total)
print({k: v for k, v in zip("abc", range(3)) if v}, {c.upper() for c in "aab"} == {"A", "B"}, sum(x * y for x in range(3) for y in range(3)))
print([[j for j in range(i)] for i in range(4)], [(i, j) for i in range(3) for j in range(i)], list(map(lambda t: t[0] + t[1], [(1, 2), (3, 4)])))
# %% match_commands
def handle(cmd):
    match cmd.split():
        case ["go", direction]:
            return f"going {direction}"
        case ["pick", "up", item]:
            return f"picked {item}"
        case ["drop", *items]:
            return f"dropped {', '.join(items)}"
        case ["quit" | "exit"]:
            return "bye"
        case []:
            return "empty"
        case _:
            return f"unknown: {cmd}"
for c in ["go north", "pick up sword", "drop a b c", "exit", "", "sing loudly now"]:
    print(handle(c))
def kind(x):
    match x:
        case 0: return "zero"
        case int() if x < 0: return "negative"
        case int(): return "int"
        case float(): return "float"
        case str() as s: return "str " + s
        case [a, b]: return f"pair {a} {b}"
        case None: return "none"
        case _: return "other"
print([kind(v) for v in (0, -3, 7, 2.5, "hi", None)])
# %% try_flow
def f(x):
    try:
        print("try", x)
        if x == 0:
            raise ValueError("zero")
        if x == 1:
            return "one"
        if x == 2:
            raise TypeError("two")
    except ValueError as e:
        print("except", e)
        return "handled"
    else:
        print("else")
    finally:
        print("finally")
    return "end"
for i in range(4):
    try:
        print(f(i))
    except TypeError as e:
        print("outer", e)
def g():
    for i in range(3):
        try:
            if i == 1:
                continue
            if i == 2:
                break
            print("body", i)
        finally:
            print("fin", i)
g()
try:
    try:
        raise KeyError("k")
    except KeyError as e:
        raise RuntimeError("wrapped") from e
except RuntimeError as e:
    print(e, repr(e.__cause__))
class Retry(Exception): pass
attempts = 0
while True:
    try:
        attempts += 1
        if attempts < 3:
            raise Retry(f"attempt {attempts}")
        break
    except Retry as e:
        print("retrying:", e)
print(attempts)
def validate(age):
    if not isinstance(age, int):
        raise TypeError("age must be int")
    if age < 0:
        raise ValueError(f"invalid age: {age}")
    return age
for v in (5, -1, "x"):
    try:
        print(validate(v))
    except (TypeError, ValueError) as e:
        print(type(e).__name__, e)
