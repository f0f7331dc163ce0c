import json, io
from datetime import date
class P:
    def __init__(self, x): self.x = x
class Enc(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, P):
            return {"p": o.x}
        if isinstance(o, (set, frozenset)):
            return sorted(o)
        return super().default(o)
print(json.dumps({"a": P(1), "s": {3, 1, 2}, "n": (None, True, 1.5, "é\n")}, cls=Enc))
print(json.dumps({"b": P([P(2)]), "a": {}}, cls=Enc, indent=2, sort_keys=True))
print(json.dumps([date(2024, 5, 6), "x"], default=str), json.dumps({"d": date(2024, 1, 2)}, default=lambda d: d.isoformat(), ensure_ascii=False))
try:
    print(json.dumps([P(1), date(2024, 1, 1)], cls=Enc))
except TypeError as e:
    print("TypeError:", e)
def fallback(o):
    if isinstance(o, P):
        return dict(vars(o))
    raise TypeError(f"cannot encode {type(o).__name__}")
print(json.dumps({"k": (P(1), P("two"))}, default=fallback, separators=(",", ":")))
try:
    json.dumps({1, 2}, default=fallback)
except TypeError as e:
    print(e)
print(Enc().encode([P(1)]), json.JSONEncoder().encode({"a": [1, 2, {"b": None}]}), Enc(indent=1).encode({1: P(0), None: 2, True: 3, 2.5: 4}))
def as_pair(d):
    if "x" in d:
        return (d["x"], d["y"])
    return d
print(json.loads('[{"x": 1, "y": 2}, "z", {"q": [{"x": 3, "y": -4.5e1}]}]', object_hook=as_pair))
print(json.loads('{"a": 1, "b": {"c": 2, "a": 3}, "a": 4}', object_pairs_hook=list))
print(json.loads('{"price": 19.90, "n": 3, "e": [1e3, -2]}', parse_float=str), json.loads("[1, 2]", parse_int=float))

buf = io.StringIO()
json.dump({"a": [1, 2], "b": None}, buf, indent=2)
print(buf.getvalue()); buf.seek(0); print(json.load(buf)["a"][1])
class User:
    def __init__(self, name, age): self.name, self.age = name, age
    def __repr__(self): return f"User({self.name!r}, {self.age})"
users = json.loads('[{"name": "A", "age": 3}, {"name": "B", "age": 4}]', object_hook=lambda d: User(**d))
print(users, users[0].age + users[1].age)
