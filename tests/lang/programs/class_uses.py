# %% stack
class Stack(list):
    """A stack."""
    def push(self, x):
        self.append(x)
    def peek(self):
        return self[-1]
    def is_empty(self):
        return len(self) == 0
s = Stack()
s.push(1)
s.push(2)
print(s.peek(), len(s), s, s.is_empty(), s.pop(), s)
t = Stack("abc")
print(t)
class Bag(dict):
    def more(self, k):
        self[k] = self.get(k, 0) + 1
b = Bag()
b.more("x"); b.more("x"); b.more("y")
print(b, dict(b), len(b))
# %% g1
class Stack[T](list[T]):
    def push(self, x: T) -> None:
        self.append(x)
    def peek(self) -> T:
        return self[-1]
s = Stack[int]()
s.push(1)
s.push(2)
print(s.peek(), len(s), s, s[0], [x for x in s], sum(s), s == [1, 2], isinstance(s, list))
s.extend([5, 6])
print(s, s + [1], s[1:], sorted(s, reverse=True))
# %% g2
class Stack[T](list[T]):
    def push(self, x):
        self.append(x)
s = Stack()
s.push("a")
print(s, len(s))
t = Stack([1, 2, 3])
print(t, t.pop())
# %% obs2
class Bus:
    def __init__(self):
        self.handlers = {}
    def on(self, kind, fn):
        self.handlers.setdefault(kind, []).append(fn)
    def emit(self, kind, event):
        for fn in self.handlers.get(kind, []):
            fn(event)
bus = Bus()
bus.on("a", lambda e: print("click", e))
bus.on("b", lambda e: print("key", e))
bus.emit("a", 3)
bus.emit("b", 4)
# %% d1
class D[K, V](dict[K, V]):
    def total(self):
        return sum(self.values())
d = D()
d["a"] = 1
d["b"] = 2
print(d.total(), d, "a" in d, d.get("z", 0), sorted(d.items()))
# %% stacklist
class Stack(list):
    def push(self, x):
        self.append(x)
    def peek(self):
        return self[-1]
s = Stack()
s.push(1)
s.push(2)
print(s.peek(), len(s), s)
# %% exccls
class AppError(Exception):
    code = 1
    def __init__(self, msg, code=5):
        super().__init__(msg)
        self.code = code
class NotFound(AppError): pass
class Denied(AppError):
    code = 9
def go(kind):
    raise kind("bad")
for kind in (NotFound, Denied, AppError):
    try:
        go(kind)
    except AppError as e:
        print(type(e).__name__, e, e.code, kind.code, isinstance(e, NotFound))
HANDLERS = {NotFound: "nf", Denied: "d"}
for e in [NotFound("x"), Denied("y"), AppError("z")]:
    print(HANDLERS.get(type(e), "?"))
def classify(e):
    for kind, name in HANDLERS.items():
        if isinstance(e, kind):
            return name
    return "none"
print(classify(NotFound("a")), classify(AppError("b")))
# %% ifacedefault
class A:
    def __init__(self, kind=int):
        self.kind = kind
    def conv(self, t):
        return self.kind(t)
print(A().conv("3"), A(float).conv("2.5"))
class Field:
    def __init__(self, name, kind, default=None):
        self.name = name
        self.kind = kind
        self.default = default
fields = [Field("a", int, 1), Field("b", str), Field("c", float)]
for f in fields:
    v = f.kind("3")
    print(f.name, f.kind.__name__, repr(v))
# %% singleton
class Config:
    _instance = None
    @classmethod
    def get(cls):
        if cls._instance is None:
            cls._instance = cls()
        return cls._instance
    def __init__(self):
        self.v = 1
print(Config.get() is Config.get(), Config.get().v)
# %% typestr
def describe(x):
    return f"{type(x)} {type(x).__name__}"
for v in [1, "a", 2.0, None, [1], (1,), {"a": 1}, {1}, True, b"x", describe, ValueError("x"), range(3)]:
    print(describe(v))
