# %% recursive_deepmerge2
def deep_merge(base, override):
    result = base.copy()
    for key, value in override.items():
        if key in result and isinstance(result[key], dict) and isinstance(value, dict):
            result[key] = deep_merge(result[key], value)
        else:
            result[key] = value
    return result
config = deep_merge({"db": {"host": "x", "port": 1}, "debug": False}, {"db": {"port": 2}, "debug": True})
print(config)
# %% recursive_setpath
def set_path(d, path, value):
    keys = path.split(".")
    for k in keys[:-1]:
        d = d.setdefault(k, {})
    d[keys[-1]] = value
cfg = {}
set_path(cfg, "a.b.c", 1)
set_path(cfg, "a.x", "y")
print(cfg)
def get_path(d, path, default=None):
    cur = d
    for k in path.split("."):
        if not isinstance(cur, dict) or k not in cur:
            return default
        cur = cur[k]
    return cur
print(get_path(cfg, "a.b.c"), get_path(cfg, "a.q"), get_path({"a": {"b": [1]}}, "a.b"))
# %% recursive_parse
def parse(tokens):
    token = tokens.pop(0)
    if token == "(":
        out = []
        while tokens[0] != ")":
            out.append(parse(tokens))
        tokens.pop(0)
        return out
    try:
        return int(token)
    except ValueError:
        return token
ast = parse("( + 1 ( * 2 3 ) )".split())
print(ast)
def evaluate(x):
    if isinstance(x, list):
        op = x[0]
        args = [evaluate(y) for y in x[1:]]
        if op == "+":
            return sum(args)
        r = 1
        for a in args: r *= a
        return r
    return x
print(evaluate(ast))
# %% recursive_count
def count(x):
    if isinstance(x, list):
        return sum(count(i) for i in x)
    if isinstance(x, dict):
        return sum(count(v) for v in x.values())
    return 1
print(count([1, [2, {"a": 3, "b": [4, 5]}], "x"]))
def show(x, indent=0):
    if isinstance(x, dict):
        for k, v in x.items():
            print(" " * indent + str(k))
            show(v, indent + 2)
    elif isinstance(x, list):
        for i in x:
            show(i, indent + 2)
    else:
        print(" " * indent + str(x))
show({"a": 1, "b": {"c": [1, 2, {"d": None}]}})
# %% recursive_tree
def make(depth):
    if depth == 0:
        return None
    return {"left": make(depth - 1), "right": make(depth - 1), "v": depth}
def total(t):
    if t is None:
        return 0
    return t["v"] + total(t["left"]) + total(t["right"])
print(total(make(3)), make(1))
# %% empty_dict_as_any
from typing import Any
d: dict[Any, Any] = {}
d["a"] = 1
d[2] = "x"
print(d, d["a"])
def g(x: Any) -> Any:
    return x
e: Any = g({})
e["k"] = 1
print(e)
# %% pairs_of_pairs_on_a_heap
import heapq
def codes(freqs):
    heap = [(n, i, ch) for i, (ch, n) in enumerate(sorted(freqs.items()))]
    heapq.heapify(heap)
    tick = len(heap)
    while len(heap) > 1:
        a, b = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (a[0] + b[0], tick, (a[2], b[2])))
        tick += 1
    found = {}
    def walk(node, code):
        if isinstance(node, tuple):
            walk(node[0], code + "0")
            walk(node[1], code + "1")
        else:
            found[node] = code or "0"
    walk(heap[0][2], "")
    return found
print(codes({"a": 5, "b": 1, "c": 2, "d": 9}))
