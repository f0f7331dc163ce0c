# %% mapping
def act(event):
    match event:
        case {"type": "click", "x": x, "y": y}:
            return f"click {x} {y}"
        case {"type": "key", **rest}:
            return f"key {rest}"
        case {}:
            return "other"
print(act({"type": "click", "x": 1, "y": 2}))
print(act({"type": "key", "code": 5}))
print(act({"foo": 1}))
# %% mapping_typed
def total(d: dict[str, int]) -> int:
    match d:
        case {"a": a, "b": b}:
            return a + b
        case {"a": a}:
            return a
        case _:
            return -1
print(total({"a": 1, "b": 2}), total({"a": 5}), total({"c": 1}))
# %% json
import json
def show(v):
    match v:
        case {"name": str(name), "age": int(age)}:
            return f"{name} is {age}"
        case {"items": [first, *rest]}:
            return f"first {first}, {len(rest)} more"
        case [x, y]:
            return f"pair {x} {y}"
        case [x, *_]:
            return f"list from {x}"
        case str(s):
            return "text " + s
        case bool(b):
            return f"bool {b}"
        case int(n) | float(n):
            return f"number {n}"
        case None:
            return "null"
        case _:
            return "?"
for text in ['{"name": "Al", "age": 3}', '{"items": [1, 2, 3]}', '[1, 2]', '[1, 2, 3]', '"hi"', 'true', '5', '2.5', 'null', '{}', '[]']:
    print(show(json.loads(text)))
# %% or_bind
def f(p):
    match p:
        case (0, x) | (x, 0):
            return f"axis {x}"
        case (x, y):
            return f"{x},{y}"
print(f((0, 3)), f((4, 0)), f((1, 2)))
def g(cmd):
    match cmd.split():
        case ["go", d] | ["move", d]:
            return "to " + d
        case ["say", *words] | ["tell", _, *words]:
            return " ".join(words)
        case ["quit" | "exit" as w]:
            return "bye " + w
        case _:
            return "what"
print(g("go north"), g("move up"), g("say a b"), g("tell bob c d"), g("exit"), g("x y"))
# %% match_args
class Point:
    __match_args__ = ("x", "y")
    def __init__(self, x, y):
        self.x = x
        self.y = y
def where(p):
    match p:
        case Point(0, 0):
            return "origin"
        case Point(0, y):
            return f"y={y}"
        case Point(x, y=0):
            return f"x={x}"
        case Point(x, y) if x == y:
            return f"diag {x}"
        case Point():
            return "else"
        case _:
            return "not a point"
for p in [Point(0, 0), Point(0, 5), Point(5, 0), Point(2, 2), Point(1, 2), 7]:
    print(where(p))
# %% dataclasses
from dataclasses import dataclass
@dataclass
class Num:
    value: float
@dataclass
class Add:
    left: "Num | Add | Mul"
    right: "Num | Add | Mul"
@dataclass
class Mul:
    left: "Num | Add | Mul"
    right: "Num | Add | Mul"
def ev(e: Num | Add | Mul) -> float:
    match e:
        case Num(v):
            return v
        case Add(Num(0.0), r) | Mul(Num(1.0), r):
            return ev(r)
        case Add(l, r):
            return ev(l) + ev(r)
        case Mul(l, r):
            return ev(l) * ev(r)
print(ev(Add(Num(1.0), Mul(Num(2.0), Num(3.0)))), ev(Add(Num(0.0), Num(9.0))))
# %% star
def s(xs):
    match xs:
        case [a, *mid, b]:
            return (a, mid, b)
        case [a]:
            return a
        case []:
            return None
print(s([1, 2, 3, 4]), s([1, 2]), s([9]), s([]))
# %% any_mixed
def kind(x):
    match x:
        case int() | float() if x > 10:
            return "big"
        case int():
            return "int"
        case str() as t if len(t) > 3:
            return "long " + t
        case (a, b):
            return f"two {a} {b}"
        case {"k": [p, {"q": q}]}:
            return f"deep {p} {q}"
        case _:
            return "none"
for x in [1, 20, 20.5, "abcd", "a", (1, 2), [3, 4], {"k": [1, {"q": 2}]}, None]:
    print(kind(x))
# %% constants
class Http:
    OK = 200
    NOT_FOUND = 404
def name(code):
    match code:
        case Http.OK: return "ok"
        case Http.NOT_FOUND: return "nf"
        case 500 | 501: return "server"
        case -1: return "neg"
        case _: return "?"
print(name(200), name(404), name(501), name(-1), name(3))
# %% walrus_after
def last(v):
    match v:
        case [x, _]:
            pass
        case x:
            pass
    return x
print(last([1, 2]), last("a"))
# %% singletons
import json
def f(x):
    match x:
        case True: return "T"
        case False: return "F"
        case None: return "N"
        case 1: return "one"
        case _: return "?"
print(f(True), f(False), f(None), f(1), f(0), f("a"))
print([f(v) for v in json.loads("[true, false, null, 1, 0, 1.0]")])
