class Temp:
    def __init__(self, c):
        self._c = c
    @property
    def f(self):
        return self._c * 9 / 5 + 32
    @f.setter
    def f(self, v):
        self._c = (v - 32) * 5 / 9
    @staticmethod
    def zero():
        return Temp(0)
    @classmethod
    def of(cls, v):
        return cls(v)
t = Temp(100)
print(t.f)
t.f = 32
print(t._c, Temp.of(5).f, Temp.zero().f)
class Stack:
    def __init__(self):
        self._items = []
    def push(self, item):
        self._items.append(item)
    def pop(self):
        if not self._items:
            raise IndexError("pop from empty stack")
        return self._items.pop()
    def __len__(self):
        return len(self._items)
    def __bool__(self):
        return bool(self._items)
    def __getitem__(self, i):
        return self._items[i]
    def __iter__(self):
        for x in self._items:
            yield x
    def __contains__(self, x):
        return x in self._items
s = Stack()
s.push(1)
s.push(2)
print(len(s), s[0], list(s), 2 in s, bool(s), [x * 2 for x in s])
try:
    s.pop(); s.pop(); s.pop()
except IndexError as e:
    print("E:", e)
class Graph:
    def __init__(self):
        self.adj = {}
    def edge(self, a, b):
        self.adj.setdefault(a, []).append(b)
        self.adj.setdefault(b, []).append(a)
    def dfs(self, start, seen=None):
        if seen is None:
            seen = set()
        seen.add(start)
        out = [start]
        for n in sorted(self.adj.get(start, [])):
            if n not in seen:
                out += self.dfs(n, seen)
        return out
g = Graph()
g.edge("a", "b"); g.edge("a", "c"); g.edge("b", "d")
print(g.dfs("a"))
class Employee:
    raise_amount = 1.04
    def __init__(self, first, last, pay):
        self.first = first
        self.last = last
        self.pay = pay
    @property
    def email(self):
        return f"{self.first}.{self.last}@x.com".lower()
    def apply_raise(self):
        self.pay = int(self.pay * self.raise_amount)
class Manager(Employee):
    raise_amount = 1.10
    def __init__(self, first, last, pay, reports=None):
        super().__init__(first, last, pay)
        self.reports = reports if reports is not None else []
    def add(self, e):
        if e not in self.reports:
            self.reports.append(e)
dev = Employee("Ann", "Lee", 50000)
boss = Manager("Bob", "Ray", 90000)
boss.add(dev)
for e in [dev, boss]:
    e.apply_raise()
    print(e.email, e.pay)
print(len(boss.reports), isinstance(boss, Employee), isinstance(dev, Manager))
class Money:
    def __init__(self, n):
        self.n = n
    def __add__(self, o):
        return Money(self.n + (o.n if isinstance(o, Money) else o))
    def __radd__(self, o):
        return Money(o + self.n)
    def __eq__(self, o):
        return isinstance(o, Money) and self.n == o.n
    def __hash__(self):
        return hash(self.n)
    def __repr__(self):
        return f"Money({self.n})"
    def __neg__(self):
        return Money(-self.n)
    def __lt__(self, o):
        return self.n < o.n
print(Money(1) + Money(2), sum([Money(1), Money(2)], Money(0)), Money(3) + 4, 5 + Money(1), -Money(2), Money(1) == Money(1), len({Money(1), Money(1)}), max(Money(1), Money(4)))
class Cache:
    _instance = None
    def __init__(self):
        self.data = {}
    def __setitem__(self, k, v):
        self.data[k] = v
    def __getitem__(self, k):
        return self.data[k]
    def __delitem__(self, k):
        del self.data[k]
c = Cache()
c["x"] = 1
print(c["x"])
del c["x"]
print(c.data)
class Point:
    __slots__ = ("x", "y")
    def __init__(self, x=0, y=0):
        self.x = x
        self.y = y
    def move(self, dx=0, dy=0):
        self.x += dx
        self.y += dy
        return self
p = Point(1, 2).move(dx=3).move(dy=-1)
print(p.x, p.y)
words = "the quick brown fox jumps over the lazy dog the end".split()
freq = {}
for w in words:
    freq[w] = freq.get(w, 0) + 1
top = sorted(freq.items(), key=lambda x: x[1], reverse=True)[:2]
print(top, max(freq, key=lambda k: freq[k]))
